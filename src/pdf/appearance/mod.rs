//! How far the appearance of an annotation reaches, whoever draws it (ISO 32000-2, 12.5.5 and 8.10): fitted with its
//! BBox into the annotation's rectangle and clipped to it, or, where it is not what the standard asks for, wherever one
//! reader or another lets it draw.
//!
//! Without a BBox some neither fit nor clip. With a `Q` too many some clip no more, in a form inside it as well. Data
//! behind their end some draw where others draw nothing. Only what has nothing of this stays in its place, in each of
//! its states and in all that it draws with.

mod content;

use std::collections::{BTreeMap, BTreeSet};

use super::error::{PdfError, unless_stopped};
use super::object::{Dictionary, Object, Reference, Stream};
use super::page_box::Rectangle;
use super::view::View;

use content::Content;

/// Forms inside one another. Real files stay below five.
const MAX_FORMS: usize = 12;
/// Encoded bytes of a stream that decodes to nothing: zlib takes eleven. Some readers draw the encoded bytes then.
const MAX_NOTHING_BYTES: u64 = 16;
/// The largest coordinate, in units of user space, and the largest entry of a matrix: readers count in numbers of
/// 24 bits.
const LARGEST: f64 = 1_000_000.0;
/// The least by which a matrix may multiply areas: beyond it readers take it for one that draws nothing, or do not.
const LEAST_SCALE: f64 = 1e-6;
/// Bytes of content that count as one step.
const BYTES_IN_A_STEP: usize = 16;

/// How far an appearance reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// There is none, or it draws nothing.
    Nothing,
    /// Within the rectangle of the annotation.
    Rectangle,
    /// Anywhere on the page, in one reader or another.
    Anywhere,
}

/// How far all appearances of an annotation reach.
///
/// # Errors
/// When a budget is used up, or the source fails.
pub(super) fn extent(view: &View<'_, '_>, annotation: &Dictionary) -> Result<Extent, PdfError> {
    Ok(unless_stopped(Walk::new(view).annotation(annotation))?.unwrap_or(Extent::Anywhere))
}

/// Whether none of an annotation's appearances draws anything.
///
/// # Errors
/// As for [`extent`].
pub(super) fn draws_nothing(view: &View<'_, '_>, annotation: &Dictionary) -> Result<bool, PdfError> {
    Ok(extent(view, annotation)? == Extent::Nothing)
}

/// Whether every reader fits a form into a rectangle alike, whatever it draws (12.5.5, algorithm 8).
///
/// # Errors
/// When an entry of it cannot be read, or a budget is used up.
pub(super) fn is_fitted(view: &View<'_, '_>, form: &Dictionary) -> Result<bool, PdfError> {
    Walk::new(view).is_fitted(form)
}

/// One walk through an annotation's appearances and what they draw with.
struct Walk<'v, 'f, 's> {
    view: &'v View<'f, 's>,
    /// What was looked through, by the kind of resource that it is.
    judged: BTreeSet<(&'static str, Reference)>,
    /// Whether a form paints anything.
    painting: BTreeMap<Reference, bool>,
}

impl<'v, 'f, 's> Walk<'v, 'f, 's> {
    fn new(view: &'v View<'f, 's>) -> Self {
        Self {
            view,
            judged: BTreeSet::new(),
            painting: BTreeMap::new(),
        }
    }

    fn annotation(&mut self, annotation: &Dictionary) -> Result<Extent, PdfError> {
        let mut extent = Extent::Nothing;
        match self.view.get(annotation, "AP")? {
            Object::Null => {}
            Object::Dictionary(appearances) if appearances.duplicates().is_empty() => {
                for (_, appearance) in appearances.iter() {
                    extent = extent.max(self.appearance(appearance, true)?);
                }
            }
            _ => return Ok(Extent::Anywhere),
        }
        let place = annotation.get("Rect");
        let place = place.map(|place| Rectangle::read(self.view, place)).transpose()?;
        // Of a rectangle that is none, the whole page is taken for the place.
        let has_place = place.is_some_and(|place| place.is_none_or(Rectangle::has_area));
        Ok(match extent {
            Extent::Rectangle if !has_place => Extent::Anywhere,
            extent => extent,
        })
    }

    /// An appearance, or a dictionary of them by the annotation's state.
    fn appearance(&mut self, appearance: &Object, may_have_states: bool) -> Result<Extent, PdfError> {
        self.view.file().count_step()?;
        match self.view.resolve(appearance)? {
            Object::Null => Ok(Extent::Nothing),
            Object::Stream(form) if !self.paints(&form, 0)? => Ok(Extent::Nothing),
            Object::Stream(form) => {
                let is_fitted = self.is_fitted(&form.dictionary)? && self.is_bounded(&form, 0)?;
                Ok(if is_fitted { Extent::Rectangle } else { Extent::Anywhere })
            }
            Object::Dictionary(states) if may_have_states && states.duplicates().is_empty() => {
                let mut extent = Extent::Nothing;
                for (_, state) in states.iter() {
                    extent = extent.max(self.appearance(state, false)?);
                }
                Ok(extent)
            }
            _ => Ok(Extent::Anywhere),
        }
    }

    /// Whether a form draws anything, by itself or by forms inside it.
    fn paints(&mut self, form: &Stream, depth: usize) -> Result<bool, PdfError> {
        let Some(data) = self.data(form)?.filter(|_| depth < MAX_FORMS) else {
            return Ok(true);
        };
        let Some(Content::Forms(names)) = content::read(&data) else {
            return Ok(true);
        };
        if names.is_empty() {
            return Ok(false);
        }
        let Object::Dictionary(resources) = self.view.get(&form.dictionary, "Resources")? else {
            return Ok(true);
        };
        let Object::Dictionary(forms) = self.view.get(&resources, "XObject")? else {
            return Ok(true);
        };
        for name in names {
            // What is missing here some readers look up among the resources of the page.
            let named = std::str::from_utf8(name).ok().and_then(|name| forms.get(name));
            let Some(named) = named.and_then(Object::as_reference) else {
                return Ok(true);
            };
            if self.named_paints(named, depth + 1)? {
                return Ok(true);
            }
        }
        Ok(!resources.duplicates().is_empty() || !forms.duplicates().is_empty())
    }

    fn named_paints(&mut self, named: Reference, depth: usize) -> Result<bool, PdfError> {
        if let Some(known) = self.painting.get(&named) {
            return Ok(*known);
        }
        // One that draws itself counts as one that paints.
        self.painting.insert(named, true);
        let paints = match self.view.resolve(&Object::Reference(named))? {
            Object::Stream(form) if form.dictionary.is("Subtype", "Form") => self.paints(&form, depth)?,
            _ => true,
        };
        self.painting.insert(named, paints);
        Ok(paints)
    }

    /// Whether a form can be fitted into a rectangle (12.5.5, algorithm 8).
    fn is_fitted(&self, form: &Dictionary) -> Result<bool, PdfError> {
        let Some((bounds, matrix)) = self.bounds(form)? else {
            return Ok(false);
        };
        let is_small = |numbers: &[f64]| numbers.iter().all(|number| number.abs() <= LARGEST);
        let [a, b, c, d, ..] = matrix;
        let scale = (a * d - b * c).abs();
        Ok(bounds.has_area() && is_small(&bounds.0) && is_small(&matrix) && scale >= LEAST_SCALE)
    }

    /// The BBox and the matrix of a form (table 93) that has no content elsewhere; `None` where it is no form.
    fn bounds(&self, form: &Dictionary) -> Result<Option<(Rectangle, [f64; 6])>, PdfError> {
        let is_elsewhere = ["F", "Ref"].iter().any(|key| form.get(key).is_some());
        if is_elsewhere || !form.is("Subtype", "Form") || !form.duplicates().is_empty() {
            return Ok(None);
        }
        let Some(bounds) = form.get("BBox") else {
            return Ok(None);
        };
        let bounds = Rectangle::read(self.view, bounds)?;
        let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        match self.view.get(form, "Matrix")? {
            Object::Null => {}
            Object::Array(numbers) if numbers.len() == matrix.len() => {
                for (entry, number) in matrix.iter_mut().zip(&numbers) {
                    let number = self.view.resolve(number)?.as_number();
                    let Some(number) = number.filter(|number| number.is_finite()) else {
                        return Ok(None);
                    };
                    *entry = number;
                }
            }
            _ => return Ok(None),
        }
        Ok(bounds.map(|bounds| (bounds, matrix)))
    }

    /// Whether a content, and all that it may draw with, leaves its clipping in force.
    fn is_bounded(&mut self, stream: &Stream, depth: usize) -> Result<bool, PdfError> {
        let is_clear = self.data(stream)?.is_some_and(|data| content::read(&data).is_some());
        Ok(is_clear && self.resources(&stream.dictionary, depth)?)
    }

    fn resources(&mut self, holder: &Dictionary, depth: usize) -> Result<bool, PdfError> {
        let resources = match self.view.get(holder, "Resources")? {
            Object::Null => return Ok(true),
            Object::Dictionary(resources) if resources.duplicates().is_empty() && depth < MAX_FORMS => resources,
            _ => return Ok(false),
        };
        for kind in ["XObject", "Pattern", "Font", "ExtGState"] {
            let named = match self.view.get(&resources, kind)? {
                Object::Null => continue,
                Object::Dictionary(named) if named.duplicates().is_empty() => named,
                _ => return Ok(false),
            };
            for (_, value) in named.iter() {
                if !self.resource(kind, value, depth + 1)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn resource(&mut self, kind: &'static str, value: &Object, depth: usize) -> Result<bool, PdfError> {
        self.view.file().count_step()?;
        if let Some(reference) = value.as_reference()
            && !self.judged.insert((kind, reference))
        {
            return Ok(true);
        }
        let value = self.view.resolve(value)?;
        match (kind, &value) {
            ("XObject", Object::Null) => Ok(true),
            ("XObject", Object::Stream(object)) if object.dictionary.is("Subtype", "Image") => Ok(true),
            ("XObject", Object::Stream(form)) => self.is_form(form, depth),
            ("XObject", _) => Ok(false),
            ("Pattern", Object::Stream(tile)) => self.is_bounded(tile, depth),
            ("Pattern", Object::Dictionary(shading)) => match shading.get("ExtGState") {
                Some(state) => self.resource("ExtGState", state, depth),
                None => Ok(true),
            },
            ("Font", Object::Dictionary(font)) if font.get("CharProcs").is_some() => self.glyphs(font, depth),
            ("ExtGState", Object::Dictionary(state)) => self.state(state, depth),
            _ => Ok(true),
        }
    }

    fn is_form(&mut self, form: &Stream, depth: usize) -> Result<bool, PdfError> {
        Ok(self.bounds(&form.dictionary)?.is_some() && self.is_bounded(form, depth)?)
    }

    /// The glyphs of a Type 3 font (9.6.4), each a content of its own.
    fn glyphs(&mut self, font: &Dictionary, depth: usize) -> Result<bool, PdfError> {
        let Object::Dictionary(glyphs) = self.view.get(font, "CharProcs")? else {
            return Ok(false);
        };
        for (_, glyph) in glyphs.iter() {
            self.view.file().count_step()?;
            match self.view.resolve(glyph)? {
                Object::Stream(glyph) if self.is_bounded(&glyph, depth)? => {}
                Object::Null => {}
                _ => return Ok(false),
            }
        }
        self.resources(font, depth)
    }

    /// A graphics state parameter dictionary (8.4.5): its soft mask is a form, and it may set a font.
    fn state(&mut self, state: &Dictionary, depth: usize) -> Result<bool, PdfError> {
        if let Object::Dictionary(mask) = self.view.get(state, "SMask")? {
            let group = match mask.get("G") {
                Some(group) => self.resource("XObject", group, depth)?,
                None => true,
            };
            if !group {
                return Ok(false);
            }
        }
        match self.view.get(state, "Font")? {
            Object::Array(font) => match font.first() {
                Some(font) => self.resource("Font", font, depth),
                None => Ok(true),
            },
            _ => Ok(true),
        }
    }

    /// The content of a stream; `None` where readers take other bytes for it.
    fn data(&self, stream: &Stream) -> Result<Option<Vec<u8>>, PdfError> {
        let Some(data) = unless_stopped(self.view.decoded_whole(stream))? else {
            return Ok(None);
        };
        self.view
            .file()
            .count_steps(1 + (data.len() / BYTES_IN_A_STEP) as u64)?;
        let is_hidden = data.is_empty() && stream.data.encoded_bytes() > MAX_NOTHING_BYTES;
        Ok((!is_hidden).then_some(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, id, open, stream};

    const FORM: &str = "/Subtype/Form/BBox[0 0 9 9]";
    const PAINTING: &str = "0 0 9 9 re f";

    /// How far an annotation with these entries, object 2, reaches; the others follow it.
    fn reaches(annotation: &str, others: &[&str]) -> Extent {
        let annotation = format!("<<{annotation}>>");
        let bodies = [&["<</Type/Catalog>>", annotation.as_str()], others].concat();
        let bytes = document(SectionKind::Table, &bodies);
        let (file, annotation) = (open(&bytes), id(2));
        let view = file.latest();
        extent(&view, view.object(annotation).unwrap().value.as_dictionary().unwrap()).unwrap()
    }

    /// The same of one with a place and one appearance, object 3; a resource of it may be object 4.
    fn of_form(entries: &str, content: &str, resource: &str) -> Extent {
        reaches(
            "/Rect[9 9 90 90]/AP<</N 3 0 R>>",
            &[&stream(entries, content), resource],
        )
    }

    #[test]
    fn a_form_with_its_bounds_stays_in_its_rectangle() {
        for entries in [
            "/BBox[0 0 9 9]",
            "/BBox[9 9 0 0]/Matrix[0 1 -1 0 0 0]",
            "/BBox 4 0 R/Matrix null",
        ] {
            let found = of_form(&format!("/Subtype/Form{entries}"), PAINTING, "[0 0 9 9]");
            assert_eq!(found, Extent::Rectangle, "{entries}");
        }
    }

    #[test]
    fn a_form_without_bounds_draws_anywhere() {
        for entries in [
            "/Subtype/Form",
            "/Subtype/Form/BBox null",
            "/Subtype/Form/BBox 7 0 R",
            "/Subtype/Form/BBox[0 0 9]",
            "/Subtype/Form/BBox[0 0 9 9 9]",
            "/Subtype/Form/BBox[0 0(9)9]",
            "/Subtype/Form/BBox[0 0 9 0]",
            "/Subtype/Form/BBox[0 0 9 9999999]",
            "/Subtype/Form/BBox[0 0 9 9]/BBox[0 0 9 9]",
            "/BBox[0 0 9 9]",
            "/Subtype/Image/BBox[0 0 9 9]",
            "/Subtype/Form/BBox[0 0 9 9]/F(a.pdf)",
            "/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0 1]",
            "/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0 0 0 0]",
            "/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0(1)0 0]",
        ] {
            assert_eq!(of_form(entries, PAINTING, "null"), Extent::Anywhere, "{entries}");
        }
    }

    #[test]
    fn what_takes_its_clipping_away_draws_anywhere_however_deep_it_lies() {
        let away = format!("Q {PAINTING}");
        assert_eq!(of_form(FORM, &away, "null"), Extent::Anywhere);
        let within = stream(FORM, &away);
        let with = |resources: &str, resource: &str| {
            of_form(
                &format!("{FORM}/Resources<<{resources}>>"),
                "/X Do 0 0 9 9 re f",
                resource,
            )
        };
        for resources in [
            "/XObject<</X 4 0 R>>",
            "/Pattern<</X 4 0 R>>",
            "/Font<</X<</Subtype/Type3/CharProcs<</a 4 0 R>>>>>>",
            "/ExtGState<</X<</SMask<</S/Alpha/G 4 0 R>>>>>>",
            "/ExtGState<</X<</Font[<</CharProcs<</a 4 0 R>>>> 9]>>>>",
            "/Pattern<</X<</PatternType 2/ExtGState<</SMask<</G 4 0 R>>>>>>>>",
        ] {
            assert_eq!(with(resources, &within), Extent::Anywhere, "{resources}");
            assert_eq!(
                with(resources, &stream(FORM, PAINTING)),
                Extent::Rectangle,
                "{resources}"
            );
        }
        let named = "/XObject<</X 4 0 R>>";
        assert_eq!(with(named, &stream("/Subtype/Form", PAINTING)), Extent::Anywhere);
        assert_eq!(with(named, &stream("/Subtype/Image", "\x01")), Extent::Rectangle);
        let itself = stream(&format!("{FORM}/Resources<</XObject<</X 4 0 R>>>>"), PAINTING);
        assert_eq!(with(named, &itself), Extent::Rectangle);
    }

    #[test]
    fn what_draws_nothing_needs_no_bounds() {
        assert_eq!(reaches("/Rect[0 0 0 0]", &[]), Extent::Nothing);
        assert_eq!(reaches("/AP<<>>", &[]), Extent::Nothing);
        assert_eq!(
            reaches("/Rect[0 0 0 0]/AP<</N 3 0 R>>", &[&stream("", "% DSBlank")]),
            Extent::Nothing
        );
        let layers = format!("{FORM}/Resources<</XObject<</n0 4 0 R>>>>");
        assert_eq!(
            of_form(&layers, "q /n0 Do Q", &stream("/Subtype/Form", "q Q")),
            Extent::Nothing
        );
        assert_eq!(
            of_form(&layers, "q /n0 Do Q", &stream(FORM, PAINTING)),
            Extent::Rectangle
        );
        assert_eq!(
            of_form(&layers, "/n1 Do", "null"),
            Extent::Rectangle,
            "it may be the page's"
        );
        assert_eq!(of_form("", "/n1 Do", "null"), Extent::Anywhere);
        let itself = stream(&format!("{FORM}/Resources<</XObject<</n0 4 0 R>>>>"), "/n0 Do");
        assert_eq!(of_form(&layers, "/n0 Do", &itself), Extent::Rectangle);
    }

    #[test]
    fn data_behind_the_end_of_nothing_are_drawn_by_some() {
        let of = |filter: &str, data: &str| of_form(&format!("{FORM}/Filter/{filter}"), data, "null");
        for (filter, data) in [
            ("ASCIIHexDecode", "> n 0 0 9 9 re f"),
            ("ASCII85Decode", "~> n 0 0 9 9 re f"),
            ("RunLengthDecode", "0 0 9 9 re f"),
            ("ASCIIHexDecode", "                 >"),
        ] {
            assert_eq!(of(filter, data), Extent::Anywhere, "{filter}");
        }
        assert_eq!(of("ASCIIHexDecode", ">"), Extent::Nothing);
        assert_eq!(of("ASCIIHexDecode", "3020302039203920726520660a>"), Extent::Rectangle);
    }

    #[test]
    fn each_state_counts() {
        let [bounded, anywhere] = [stream(FORM, PAINTING), stream("/Subtype/Form", PAINTING)];
        let of = |states: &str| reaches(&format!("/Rect[9 9 90 90]/AP{states}"), &[&bounded, &anywhere]);
        assert_eq!(of("<</N<</On 3 0 R/Off 9 0 R>>>>"), Extent::Rectangle);
        for states in [
            "<</N<</On 3 0 R/Off 4 0 R>>>>",
            "<</N 3 0 R/D 4 0 R>>",
            "<</N 3 0 R/N 3 0 R>>",
            "<</N<</On<</A 3 0 R>>>>>>",
            "<</N[3 0 R]>>",
            " 3 0 R",
        ] {
            assert_eq!(of(states), Extent::Anywhere, "{states}");
        }
    }

    #[test]
    fn what_is_drawn_without_a_place_is_drawn_anywhere() {
        let drawn = stream(FORM, PAINTING);
        for place in ["", "/Rect[0 0 0 0]", "/Rect[9 9 9 90]", "/Rect null"] {
            let found = reaches(&format!("{place}/AP<</N 3 0 R>>"), &[&drawn]);
            assert_eq!(found, Extent::Anywhere, "{place}");
        }
        for place in ["/Rect[90 90 9 9]", "/Rect(no)"] {
            let found = reaches(&format!("{place}/AP<</N 3 0 R>>"), &[&drawn]);
            assert_eq!(found, Extent::Rectangle, "{place}");
        }
    }
}
