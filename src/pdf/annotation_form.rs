//! Whether all readers draw an annotation alike (ISO 32000-2, 12.5): only where everything by which they decide what to
//! draw has the form that the standard gives it. A string in the place of a name, an appearance that is reached in
//! another way, or an annotation that is left to be drawn by whoever shows it, some take for one thing and some for
//! another. What passes is listed here; everything else does not.
//!
//! Left out: what an appearance's content paints, and how finely readers draw the annotations that all of them draw.

use super::annotation_flags::{HIDDEN, INVISIBLE};
use super::appearance::{draws_nothing, is_fitted};
use super::error::{PdfError, unless_stopped};
use super::object::{Dictionary, Object, Reference, Stream};
use super::page_box::Rectangle;
use super::view::View;

/// Marks on text (12.5.6.10).
const MARKS: [&str; 4] = ["Highlight", "Underline", "Squiggly", "StrikeOut"];
/// Numbers in a quadrilateral (table 182, QuadPoints).
const QUADRILATERAL: usize = 8;
/// The largest coordinate, in units of user space, as of an appearance.
const LARGEST: f64 = 1_000_000.0;
/// The widest border, in units of user space, that some readers draw and others do not: twice the one that an
/// annotation has which says nothing of it.
const THIN: f64 = 2.0;
/// How much larger than such a border what it surrounds is at least: else it is no frame but covers.
const FRAMED: f64 = 3.0;
/// The largest side of an icon that some readers draw and others do not, in units of user space.
const ICON: f64 = 50.0;
/// The flag of a push button, which has no states (table 229).
const PUSH_BUTTON: i64 = 1 << 16;

/// Whether a dictionary is an annotation to some reader.
///
/// # Errors
/// When a budget is used up, or the source fails.
pub(super) fn is_annotation(view: &View<'_, '_>, dictionary: &Dictionary) -> Result<bool, PdfError> {
    if dictionary.get("Rect").is_some() || dictionary.is("Type", "Annot") {
        return Ok(true);
    }
    let Some(appearance) = dictionary.get("AP") else {
        return Ok(false);
    };
    // A catalogue names its appearances under the same key.
    let appearance = unless_stopped(view.glance(appearance))?;
    let has_normal = |value: &Object| value.as_dictionary().is_some_and(|value| value.get("N").is_some());
    Ok(appearance.is_none_or(|value| has_normal(&value)))
}

/// Whether every reader draws an annotation as the others do, or none draws it. `object` is the number under which a
/// page may list it.
///
/// # Errors
/// When a budget is used up, or the source fails.
pub(super) fn is_drawn_alike(
    view: &View<'_, '_>,
    object: Option<Reference>,
    annotation: &Dictionary,
) -> Result<bool, PdfError> {
    let annotation = Annotation {
        view,
        object,
        annotation,
    };
    Ok(unless_stopped(annotation.is_drawn_alike())?.unwrap_or(false))
}

struct Annotation<'a, 'f, 's> {
    view: &'a View<'f, 's>,
    object: Option<Reference>,
    annotation: &'a Dictionary,
}

impl Annotation<'_, '_, '_> {
    fn is_drawn_alike(&self) -> Result<bool, PdfError> {
        let appearance = self.annotation.get("AP");
        let Some(subtype) = self.annotation.get("Subtype") else {
            return Ok(appearance.is_none());
        };
        let Some(flags) = self.flags().filter(|_| subtype.as_name().is_some()) else {
            return Ok(false);
        };
        if flags & HIDDEN != 0 {
            return Ok(true);
        }
        // What waits for a signature draws nothing, wherever it has its place.
        if appearance.is_none() && self.is("Widget") && self.field_type()? == Some(FieldType::Signature) {
            return self.is_widget_drawn_alike();
        }
        let Some(place) = self.annotation.get("Rect") else {
            return Ok(appearance.is_none());
        };
        let is_near = |place: &Rectangle| place.0.iter().all(|corner| corner.abs() <= LARGEST);
        let Some(place) = Rectangle::read(self.view, place)?.filter(is_near) else {
            return Ok(false);
        };
        if self.is("Link") {
            return Ok(appearance.is_none() && self.is_colour("C")? && self.has_thin_border(place)?);
        }
        if !place.has_area() {
            return Ok(true);
        }
        if flags & INVISIBLE != 0 {
            return Ok(false);
        }
        match appearance {
            // Of a widget that is none there are copies which no page lists, where others sign.
            Some(_) if self.is("Widget") && !self.is_field()? => Ok(!self.is_listed()?),
            Some(appearance) => Ok(self.shows_appearance()? && self.has_standard_appearance(appearance)?),
            None if self.is("Widget") => self.is_widget_drawn_alike(),
            None => self.is_drawn_without_appearance(place),
        }
    }

    fn is(&self, subtype: &str) -> bool {
        self.annotation.is("Subtype", subtype)
    }

    fn get(&self, key: &str) -> Result<Object, PdfError> {
        self.annotation
            .get(key)
            .map_or(Ok(Object::Null), |value| self.view.glance(value))
    }

    /// Table 166, F: an integer, of which readers know 32 bits.
    fn flags(&self) -> Option<i64> {
        match self.annotation.get("F") {
            None => Some(0),
            Some(Object::Integer(flags)) => i32::try_from(*flags).ok().filter(|flags| *flags >= 0).map(i64::from),
            Some(_) => None,
        }
    }

    /// Whether all readers take an annotation with such entries for one that shows its appearance.
    fn shows_appearance(&self) -> Result<bool, PdfError> {
        let is_mark = MARKS.iter().any(|mark| self.is(mark));
        Ok(if self.is("Popup") {
            false
        } else if is_mark {
            self.has_quadrilaterals()?
        } else if self.is("Polygon") || self.is("PolyLine") {
            matches!(self.get("Vertices")?, Object::Array(_))
        } else if self.is("FileAttachment") {
            matches!(self.get("FS")?, Object::String(_) | Object::Dictionary(_))
        } else if self.is("Movie") {
            matches!(self.get("Movie")?, Object::Dictionary(movie) if movie.get("F").is_some())
        } else if self.is("Sound") {
            let sound = self.get("Sound")?;
            let sound = sound.as_stream().and_then(|sound| sound.dictionary.get("R"));
            sound.and_then(Object::as_number).is_some()
        } else {
            true
        })
    }

    /// Whether all readers take a widget for that of a field.
    fn is_field(&self) -> Result<bool, PdfError> {
        let has_name = matches!(self.inherited("T")?, Object::String(_));
        Ok(has_name && self.field_type()?.is_some() && self.has_form()?)
    }

    /// Whether a page lists it, or it is written where nothing but what holds it says what it is for.
    fn is_listed(&self) -> Result<bool, PdfError> {
        let pages = self
            .object
            .map(|object| self.view.pages_that_list(object))
            .transpose()?;
        Ok(pages.is_none_or(|pages| !pages.is_empty()))
    }

    /// 12.5.5: a normal appearance that is a stream, or one for each state and a name that says which.
    fn has_standard_appearance(&self, appearance: &Object) -> Result<bool, PdfError> {
        let Object::Dictionary(appearance) = self.view.glance(appearance)? else {
            return Ok(false);
        };
        let state = self.annotation.get("AS").map(|state| self.view.glance(state));
        let state = match state.transpose()? {
            None => None,
            Some(Object::Name(state)) if !state.0.is_empty() => Some(state),
            Some(_) => return Ok(false),
        };
        let shown = match appearance.get("N") {
            // Some readers look for states where they are written, and nowhere else.
            Some(Object::Dictionary(states)) => {
                if !self.may_have_states()? {
                    return Ok(false);
                }
                let Some(state) = state else {
                    return Ok(states.is_empty());
                };
                let mut shown = states.iter().filter(|(name, _)| **name == state);
                shown.next().map_or(&Object::Null, |(_, shown)| shown)
            }
            Some(stream @ Object::Reference(_)) if !self.must_have_states()? => stream,
            _ => return Ok(false),
        };
        match self.view.glance(shown)? {
            // Without an appearance for its state it is not drawn.
            Object::Null => Ok(state_may_be_missing(&appearance)),
            Object::Stream(form) => self.is_standard_form(&form),
            _ => Ok(false),
        }
    }

    /// A form that is fitted into the place alike, or one that draws nothing there.
    fn is_standard_form(&self, form: &Stream) -> Result<bool, PdfError> {
        let mut fitted = form.dictionary.clone();
        // What does not say that it is a form all readers take for one here.
        if fitted.get("Subtype").is_none() {
            fitted.set("Subtype", Object::name("Form"));
        }
        let is_standard = is_fitted(self.view, &fitted)? && self.blends(form)?;
        Ok(is_standard || draws_nothing(self.view, self.annotation)?)
    }

    /// Some readers draw a highlight themselves whose appearance says not how it is blended with the text under it.
    fn blends(&self, form: &Stream) -> Result<bool, PdfError> {
        if !self.is("Highlight") {
            return Ok(true);
        }
        let Object::Dictionary(resources) = self.view.get(&form.dictionary, "Resources")? else {
            return Ok(false);
        };
        Ok(matches!(self.view.get(&resources, "ExtGState")?, Object::Dictionary(_)))
    }

    /// Annotations that every reader draws by their other entries, or none.
    fn is_drawn_without_appearance(&self, place: Rectangle) -> Result<bool, PdfError> {
        let is_any = |subtypes: &[&str]| subtypes.iter().any(|subtype| self.is(subtype));
        Ok(if is_any(&["Text", "Popup"]) {
            true
        } else if is_any(&["FileAttachment", "Sound", "Caret"]) {
            place.width() <= ICON && place.height() <= ICON
        } else if is_any(&MARKS) {
            let has_colour = self.annotation.get("C").is_some();
            has_colour && self.is_colour("C")? && self.has_quadrilaterals()?
        } else if is_any(&["Square", "Circle"]) {
            let is_moved = ["RD", "BE"].iter().any(|key| self.annotation.get(key).is_some());
            let has_border = self.annotation.get("C").is_some() || self.has_thin_border(place)?;
            !is_moved && has_border && self.is_colour("C")? && self.is_colour("IC")?
        } else {
            false
        })
    }

    /// Fields that readers draw by their values: all of them do so alike with texts and choices alone.
    fn is_widget_drawn_alike(&self) -> Result<bool, PdfError> {
        let Some(kind) = self.field_type()? else {
            return Ok(self.inherited("FT")?.is_null());
        };
        let colours = match self.get("MK")? {
            Object::Null => Dictionary::new(),
            Object::Dictionary(colours) => colours,
            _ => return Ok(false),
        };
        let is_painted = ["BG", "BC"].iter().any(|key| colours.get(key).is_some());
        let (is_plain, has_value) = match (kind, self.inherited("V")?) {
            (FieldType::Signature, _) => return Ok(!is_painted),
            (_, Object::Null) => (true, false),
            (FieldType::Button, Object::Name(_)) => (true, false),
            (FieldType::Text | FieldType::Choice, Object::String(value)) => (true, !value.is_empty()),
            (FieldType::Choice, Object::Array(_)) => (true, true),
            _ => (false, true),
        };
        let are_colours = self.is_colour_of(&colours, "BG")? && self.is_colour_of(&colours, "BC")?;
        Ok(is_plain && are_colours && (!(is_painted || has_value) || self.has_form()?))
    }

    /// The type of its field; nothing where some reader knows none.
    fn field_type(&self) -> Result<Option<FieldType>, PdfError> {
        let own = self.inherited("FT")?;
        // What a field says otherwise than the one above it some readers pass over.
        let above = match self.view.get(self.annotation, "Parent")? {
            Object::Dictionary(above) => self.inherited_from(above, "FT")?,
            _ => Object::Null,
        };
        if !above.is_null() && above != own {
            return Ok(None);
        }
        Ok(match own {
            Object::Name(name) if name == *"Sig" => Some(FieldType::Signature),
            Object::Name(name) if name == *"Tx" => Some(FieldType::Text),
            Object::Name(name) if name == *"Ch" => Some(FieldType::Choice),
            Object::Name(name) if name == *"Btn" => Some(FieldType::Button),
            _ => None,
        })
    }

    /// Of fields, boxes to tick and radio buttons have states; other annotations may have them.
    fn may_have_states(&self) -> Result<bool, PdfError> {
        Ok(!self.is("Widget") || self.must_have_states()?)
    }

    fn must_have_states(&self) -> Result<bool, PdfError> {
        let is_button = self.is("Widget") && self.field_type()? == Some(FieldType::Button);
        let flags = if is_button { self.inherited("Ff")? } else { Object::Null };
        Ok(is_button && flags.as_integer().unwrap_or(0) & PUSH_BUTTON == 0)
    }

    /// 12.7.4.1: an entry of its own, or of the nearest field above it that has one.
    fn inherited(&self, key: &str) -> Result<Object, PdfError> {
        self.inherited_from(self.annotation.clone(), key)
    }

    fn inherited_from(&self, mut field: Dictionary, key: &str) -> Result<Object, PdfError> {
        for _ in 0..=self.view.file().reader.limits.tree_depth {
            self.view.file().count_step()?;
            if let Some(value) = field.get(key) {
                return self.view.glance(value);
            }
            let Some(parent) = field.get("Parent").and_then(Object::as_reference) else {
                break;
            };
            match &self.view.object(parent)?.value {
                Object::Dictionary(parent) => field = parent.clone(),
                _ => break,
            }
        }
        Ok(Object::Null)
    }

    /// Some readers draw no field of a document without a form.
    fn has_form(&self) -> Result<bool, PdfError> {
        let form = self.view.get(&self.view.catalog()?, "AcroForm")?;
        Ok(matches!(form, Object::Dictionary(_)))
    }

    fn has_quadrilaterals(&self) -> Result<bool, PdfError> {
        let corners = self.get("QuadPoints")?;
        let corners = corners.as_array().unwrap_or_default();
        let is_whole = !corners.is_empty() && corners.len().is_multiple_of(QUADRILATERAL);
        Ok(is_whole && corners.iter().all(|corner| corner.as_number().is_some()))
    }

    /// A colour of none, one, three or four components (table 166, C), or nothing.
    fn is_colour(&self, key: &str) -> Result<bool, PdfError> {
        self.is_colour_of(self.annotation, key)
    }

    fn is_colour_of(&self, dictionary: &Dictionary, key: &str) -> Result<bool, PdfError> {
        let Some(colour) = dictionary.get(key) else {
            return Ok(true);
        };
        let colour = self.view.glance(colour)?;
        let is_component = |component: &Object| component.as_number().is_some_and(|it| (0.0..=1.0).contains(&it));
        Ok(colour
            .as_array()
            .is_some_and(|components| matches!(components.len(), 0 | 1 | 3 | 4) && components.iter().all(is_component)))
    }

    /// Whether its border is none, or a frame so thin that it covers nothing.
    fn has_thin_border(&self, place: Rectangle) -> Result<bool, PdfError> {
        Ok(self.border()?.is_some_and(|width| {
            let is_frame = place.width().min(place.height()) >= width * FRAMED;
            width == 0.0 || (width <= THIN && is_frame)
        }))
    }

    /// The width of its border (12.5.4); nothing where it is not as the standard has it.
    fn border(&self) -> Result<Option<f64>, PdfError> {
        let is_width = |width: &f64| width.is_finite() && *width >= 0.0;
        let numbers = |array: &[Object]| array.iter().all(|number| number.as_number().is_some());
        Ok(match (self.get("BS")?, self.get("Border")?) {
            (Object::Dictionary(style), _) => {
                let is_style = style.get("S").is_none_or(|style| style.as_name().is_some());
                let dashes = style
                    .get("D")
                    .is_none_or(|dashes| dashes.as_array().is_some_and(numbers));
                let width = style.get("W").map_or(Some(1.0), Object::as_number);
                width.filter(|width| is_style && dashes && is_width(width))
            }
            (Object::Null, Object::Null) => Some(1.0),
            (Object::Null, Object::Array(border)) => {
                let [radii @ .., width] = border.get(..3).unwrap_or_default() else {
                    return Ok(None);
                };
                let width = width.as_number().filter(|width| is_width(width) && numbers(radii));
                let is_dashed = match border.get(3..) {
                    None | Some([]) => true,
                    Some([Object::Array(dashes)]) => numbers(dashes),
                    Some(_) => width == Some(0.0),
                };
                width.filter(|_| is_dashed)
            }
            _ => None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldType {
    Signature,
    Text,
    Choice,
    Button,
}

/// Whether an appearance that is not there is that of a state.
fn state_may_be_missing(appearance: &Dictionary) -> bool {
    matches!(appearance.get("N"), Some(Object::Dictionary(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, id, open, stream};

    const FORM: &str = "/Subtype/Form/BBox[0 0 9 9]";

    /// Whether an annotation with these entries, object 2, is drawn alike: object 3 is a form, 4 is null, 5 a
    /// dictionary of states, 6 a field, and 7 is what the test says.
    fn of(annotation: &str, seventh: &str) -> bool {
        of_document("/AcroForm<</Fields[2 0 R]>>", true, annotation, seventh)
    }

    fn of_document(catalog: &str, is_listed: bool, annotation: &str, seventh: &str) -> bool {
        let bodies = [
            &format!("<</Type/Catalog/Pages 8 0 R{catalog}>>"),
            &format!("<<{annotation}>>"),
            &stream(FORM, "0 0 9 9 re f"),
            "null",
            "<</Off 3 0 R>>",
            "<</FT/Tx/T(a)/V(1)/Kids[2 0 R]>>",
            seventh,
            "<</Type/Pages/Kids[9 0 R]/Count 1>>",
            "<</Type/Page/Parent 8 0 R/Annots[2 0 R]>>",
            "null",
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let file = open(&bytes);
        let view = file.latest();
        let read = view.object(id(2)).unwrap();
        let annotation = read.value.as_dictionary().unwrap();
        assert!(is_annotation(&view, annotation).unwrap());
        let object = Some(id(if is_listed { 2 } else { 10 }));
        is_drawn_alike(&view, object, annotation).unwrap()
    }

    fn stamp(entries: &str) -> bool {
        of(&format!("/Subtype/Stamp/F 4/Rect[0 0 9 9]{entries}"), "null")
    }

    fn placed(entries: &str) -> bool {
        of(&format!("/F 4/Rect[0 0 90 90]{entries}"), "null")
    }

    #[test]
    fn a_type_that_is_no_name_is_one_to_some_readers() {
        let typed = |subtype: &str| of(&format!("{subtype}/F 4/Rect[0 0 9 9]/AP<</N 3 0 R>>"), "null");
        assert!(typed("/Subtype/Stamp"));
        for subtype in ["", "/Subtype(Stamp)", "/Subtype 4 0 R", "/Subtype[/Stamp]"] {
            assert!(!typed(subtype), "{subtype}");
        }
        assert!(placed("/Type/Annot"), "draws nothing");
        assert!(!placed("/Subtype(Square)"), "is drawn without an appearance");
    }

    #[test]
    fn an_appearance_is_a_stream_or_states_where_they_are_written() {
        for standard in [
            "/AP<</N 3 0 R>>",
            "/AP<</N 3 0 R>>/AS/Off",
            "/AP<</N<</Off 3 0 R>>>>/AS/Off",
            "/AP<</N<</Off 3 0 R>>>>/AS/On",
            "/AP<</N<</Off 3 0 R/On 4 0 R>>>>/AS/On",
            "/AP<</N<<>>>>",
        ] {
            assert!(stamp(standard), "{standard}");
        }
        for other in [
            "/AP 3 0 R",
            "/AP[<</N 3 0 R>>]",
            "/AP<<>>",
            "/AP<</D 3 0 R>>",
            "/AP<</N 4 0 R>>",
            "/AP<</N[3 0 R]>>",
            "/AP<</N 5 0 R>>",
            "/AP<</N 5 0 R>>/AS/Off",
            "/AP<</N<</Off 5 0 R>>>>/AS/Off",
            "/AP<</N<</Off<</Off 3 0 R>>>>>>/AS/Off",
        ] {
            assert!(!stamp(other), "{other}");
        }
        assert!(of("/Subtype/Stamp/F 4/Rect[0 0 9 9]/AP 7 0 R", "<</N 3 0 R>>"));
        assert!(!of("/Subtype/Stamp/F 4/Rect[0 0 9 9]/AP 7 0 R", "<</N<</Off 3 0 R>>>>"));
    }

    #[test]
    fn a_state_that_is_no_name_is_another_to_some_readers() {
        let states = "/Subtype/Stamp/F 4/Rect[0 0 9 9]/AP<</N<</Off 3 0 R/On 3 0 R>>>>";
        let in_state = |state: &str, seventh: &str| of(&format!("{states}{state}"), seventh);
        assert!(in_state("/AS/On", "null"));
        assert!(in_state("/AS 7 0 R", "/On"));
        for state in ["", "/AS(On)", "/AS/", "/AS()", "/AS null", "/AS 7 0 R", "/AS[/On]"] {
            assert!(!in_state(state, "null"), "{state}");
        }
        assert!(!stamp("/AP<</N 3 0 R>>/AS(On)"));
    }

    #[test]
    fn flags_are_an_integer_and_hide_an_annotation_from_all_readers() {
        let flagged = |flags: &str, rest: &str| of(&format!("/Rect[0 0 9 9]/AP<</N 3 0 R>>{flags}{rest}"), "null");
        for flags in ["", "/F 4", "/F 132", "/F 708"] {
            assert!(flagged(flags, "/Subtype/Stamp"), "{flags}");
        }
        for flags in ["/F 6.0", "/F(6)", "/F 7 0 R", "/F -2", "/F 4294967298", "/F 5"] {
            assert!(!flagged(flags, "/Subtype/Stamp"), "{flags}");
        }
        assert!(flagged("/F 2", "/Subtype/Stamp/AS(On)"), "hidden");
        assert!(flagged("/F 3", "/Subtype/Stamp"), "hidden");
    }

    #[test]
    fn a_place_is_four_numbers() {
        let at = |place: &str| of(&format!("/Subtype/Stamp/F 4/AP<</N 3 0 R>>{place}"), "[0 0 9 9]");
        for place in ["/Rect[0 0 9 9]", "/Rect[9 9 0 0.5]", "/Rect 7 0 R", "/Rect[0 0 0 0]"] {
            assert!(at(place), "{place}");
        }
        for place in [
            "",
            "/Rect[0 0 9]",
            "/Rect[0 0 9 9 9]",
            "/Rect[0 0 9(9)]",
            "/Rect(9)",
            "/Rect[0 0 9 1e9]",
        ] {
            assert!(!at(&place.replace("1e9", "1000000000")), "{place}");
        }
        assert!(of("/Type/Annot/Subtype/Stamp", "null"), "draws nothing");
    }

    #[test]
    fn a_form_that_readers_fit_in_several_ways_is_not_drawn_alike() {
        let with = |entries: &str, content: &str| {
            of(
                "/Subtype/Stamp/F 4/Rect[0 0 9 9]/AP<</N 7 0 R>>",
                &stream(entries, content),
            )
        };
        assert!(with(FORM, "0 0 9 9 re f") && with("/BBox[0 0 9 9]", "0 0 9 9 re f"));
        for form in [
            "/Subtype/Form",
            "/Subtype(Form)/BBox[0 0 9 9]",
            "/Subtype/Form/BBox[0 0 9 9 9]",
            "/Subtype/Form/BBox[0 0 0 0]",
            "/Subtype/Form/BBox[0 0 9 9]/Matrix[0 0 0 0 0 0]",
        ] {
            assert!(!with(form, "0 0 9 9 re f"), "{form}");
            assert!(with(form, "% DSBlank"), "draws nothing: {form}");
        }
    }

    #[test]
    fn types_that_some_readers_know_by_further_entries_have_them() {
        let quadrilateral = "/QuadPoints[0 9 9 9 0 0 9 0]";
        for mark in ["Underline", "Squiggly", "StrikeOut"] {
            let of = |entries: &str| placed(&format!("/Subtype/{mark}/AP<</N 3 0 R>>{entries}"));
            assert!(of(quadrilateral), "{mark}");
            for other in [
                "",
                "/QuadPoints[]",
                "/QuadPoints[0 9 9 9 0 0 9]",
                "/QuadPoints[0 9 9 9 0 0 9(0)]",
            ] {
                assert!(!of(other), "{mark} {other}");
            }
        }
        let highlight = |form: &str| {
            let highlight = format!("/Subtype/Highlight/F 4/Rect[0 0 9 9]/AP<</N 7 0 R>>{quadrilateral}");
            of(&highlight, &stream(&format!("{FORM}{form}"), "0 0 9 9 re f"))
        };
        assert!(highlight("/Resources<</ExtGState<</H<</BM/Multiply>>>>>>"));
        assert!(!highlight("/Resources<<>>"), "drawn anew by some readers");
        for (entries, expected) in [
            ("/Subtype/Polygon/Vertices[0 0 9 9]", true),
            ("/Subtype/Polygon", false),
            ("/Subtype/FileAttachment/FS(a)", true),
            ("/Subtype/FileAttachment", false),
            ("/Subtype/Movie/Movie<</F(a)>>", true),
            ("/Subtype/Movie", false),
            ("/Subtype/Sound", false),
            ("/Subtype/Link", false),
            ("/Subtype/Popup", false),
            ("/Subtype/Text", true),
            ("/Subtype/Square", true),
            ("/Subtype/Screen", true),
        ] {
            assert_eq!(placed(&format!("{entries}/AP<</N 3 0 R>>")), expected, "{entries}");
        }
    }

    #[test]
    fn links_of_honest_producers_are_drawn_alike() {
        let link = |entries: &str| placed(&format!("/Subtype/Link{entries}"));
        for entries in [
            "",
            "/Border[0 0 0]",
            "/Border[0 0 1]/C[1 0 0]/H/I",
            "/Border[0 0 1[3 3]]/C[0 1 1]",
            "/Border[0 0 0 0]",
            "/BS<</W 0>>",
            "/BS<</Type/Border/W 1/S/U>>/C[0 1 1]",
        ] {
            assert!(link(entries), "{entries}");
        }
    }

    #[test]
    fn a_border_that_covers_is_drawn_by_some_readers_alone() {
        let link = |entries: &str| of(&format!("/Subtype/Link/F 4/Rect[0 0 90 30]{entries}"), "[0 0 300]");
        for entries in [
            "/Border[0 0 300]/C[1 1 1]",
            "/Border[0 0 300.0]",
            "/Border 7 0 R",
            "/Border[0 0(1)]",
            "/Border[0 0]",
            "/Border[0 0 -1]",
            "/Border(1)",
            "/Border[0 0 1 1]",
            "/BS<</W 300>>",
            "/BS<</W(1)>>",
            "/BS<</S(U)>>",
            "/BS(1)",
            "/C(1)",
            "/C[1 1]",
        ] {
            assert!(!link(entries), "{entries}");
        }
        assert!(link("/BS<</W 0>>/Border[0 0 300]"), "the style comes first");
        assert!(!of("/Subtype/Link/Rect[0 0 90 2]/Border[0 0 1]", "null"), "no frame");
    }

    #[test]
    fn of_annotations_without_appearance_those_are_drawn_alike_that_all_readers_draw() {
        for alike in [
            "/Subtype/Text/Contents(a)",
            "/Subtype/Popup",
            "/Subtype/Highlight/C[1 1 0]/QuadPoints[0 9 9 9 0 0 9 0]",
            "/Subtype/Square/C[1 0 0]/BS<</W 3>>",
            "/Subtype/Circle/IC[1 0 0]",
        ] {
            assert!(placed(alike), "{alike}");
        }
        for other in [
            "/Subtype/Stamp/Name/Approved",
            "/Subtype/FreeText/DA(/F 9 Tf)/Contents(a)",
            "/Subtype/Line/L[0 0 9 9]",
            "/Subtype/Polygon/Vertices[0 0 9 9]",
            "/Subtype/PolyLine/Vertices[0 0 9 9]",
            "/Subtype/Ink/InkList[[0 0 9 9]]",
            "/Subtype/Highlight/QuadPoints[0 9 9 9 0 0 9 0]",
            "/Subtype/Highlight/C[1 1 0]",
            "/Subtype/Square/C[1 0 0]/RD[9 9 9 9]",
            "/Subtype/Square/BS<</W 9>>",
            "/Subtype/FileAttachment/FS(a)",
            "/Subtype/Own",
        ] {
            assert!(!placed(other), "{other}");
        }
        assert!(of("/Subtype/FileAttachment/FS(a)/Rect[0 0 20 20]", "null"), "an icon");
    }

    #[test]
    fn a_field_has_a_type_a_name_and_the_appearance_that_goes_with_it() {
        let field = |entries: &str| placed(&format!("/Subtype/Widget{entries}"));
        for alike in [
            "/FT/Tx/T(a)/AP<</N 3 0 R>>",
            "/Parent 6 0 R/AP<</N 3 0 R>>",
            "/FT/Sig/T(a)/AP<</N 3 0 R>>",
            "/FT/Btn/T(a)/AP<</N<</On 3 0 R>>>>/AS/Off",
            "/FT/Btn/T(a)/Ff 65536/AP<</N 3 0 R>>",
        ] {
            assert!(field(alike), "{alike}");
        }
        for other in [
            "/AP<</N 3 0 R>>",
            "/FT/Tx/AP<</N 3 0 R>>",
            "/FT(Tx)/T(a)/AP<</N 3 0 R>>",
            "/FT/Foo/T(a)/AP<</N 3 0 R>>",
            "/FT/Tx/T(a)/AP<</N<</On 3 0 R>>>>/AS/On",
            "/Parent 6 0 R/FT/Sig/AP<</N 3 0 R>>",
            "/FT/Btn/T(a)/AP<</N 3 0 R>>",
            "/FT/Btn/T(a)/AP<</N<</On 3 0 R>>>>",
        ] {
            assert!(!field(other), "{other}");
        }
        let text = "/Subtype/Widget/FT/Tx/T(a)/F 4/Rect[0 0 9 9]/AP<</N 3 0 R>>";
        assert!(!of_document("", true, text, "null"), "of no form");
        assert!(of_document("", false, text, "null"), "on no page");
    }

    #[test]
    fn a_field_without_appearance_is_drawn_by_entries_that_all_readers_take() {
        let field = |entries: &str| placed(&format!("/Subtype/Widget{entries}"));
        for alike in [
            "",
            "/FT/Sig/T(a)",
            "/FT/Tx/T(a)/V(1)/DA(/F 9 Tf)/MK<</BC[0]/BG[1 1 1]>>",
            "/Parent 6 0 R",
            "/FT/Ch/T(a)/V[(1)(2)]",
            "/FT/Btn/T(a)/V/Off",
        ] {
            assert!(field(alike), "{alike}");
        }
        for other in [
            "/FT/Sig/T(a)/MK<</BG[1 1 1]>>",
            "/FT/Tx/T(a)/V/1",
            "/FT/Tx/T(a)/MK(1)",
            "/FT/Tx/T(a)/V 3 0 R",
            "/FT/Tx/T(a)/MK<</BG[1 1]>>",
            "/FT(Tx)/T(a)/V(1)",
        ] {
            assert!(!field(other), "{other}");
        }
    }
}
