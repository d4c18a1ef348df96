//! What makes a document look one way to its signer and another to its reader without any change: shown on paper
//! otherwise than on a screen, changed by an action, drawn from somewhere else, or by a condition (ISO 32000-2,
//! 8.9.5.4, 8.10.4, 8.11, 12.5 and 12.6).
//!
//! Each object is judged by itself with all that is written inside it, whether anything leads to it or not: an update
//! may make it be led to. Left out: whether two readers paint the same content alike.

use super::annotation_flags::{HIDDEN, NO_VIEW, PRINT, TOGGLE_NO_VIEW};
use super::annotation_form::{is_annotation, is_drawn_alike};
use super::error::{PdfError, unless_stopped};
use super::object::{Dictionary, Object, Reference, Stream};
use super::view::View;

/// Actions that change what is shown (12.6.4.11, 12.6.4.13, 12.7.6.3 and 12.7.6.4).
const CHANGING: [&str; 4] = ["Hide", "SetOCGState", "ResetForm", "ImportData"];
/// Actions that lead out of the document and do more than show another one (12.6.4.6 and 12.7.6.2).
const LEADING_OUT: [&str; 2] = ["Launch", "SubmitForm"];
/// Entries of a layer's usage that switch it off on a screen or on paper (table 100): some readers follow them whether
/// the configuration says so or not.
const USES: [&str; 2] = ["ViewState", "PrintState"];
/// Annotations that draw nothing of their own, or only what is opened.
const UNDRAWN: [&str; 2] = ["Link", "Popup"];

/// A way in which a document may look otherwise than it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unsteady {
    /// A script.
    Script,
    /// Something is seen on a screen alone, or on paper alone.
    OnPaper,
    /// An action or the mouse changes what is shown.
    InUse,
    /// Content is shown where a layer is off, or by an expression over layers.
    Layer,
    /// A stream or a page of another file, or an action that leads out of the document.
    Outside,
    /// An annotation that readers show in several ways, or only some of them show.
    ToSome,
}

impl Unsteady {
    /// Its word: `on-paper`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::OnPaper => "on-paper",
            Self::InUse => "in-use",
            Self::Layer => "layer",
            Self::Outside => "outside",
            Self::ToSome => "to-some",
        }
    }

    /// What an object has of it, the first that is found.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub fn of(view: &View<'_, '_>, reference: Reference, object: &Object) -> Result<Option<Self>, PdfError> {
        Ok(match by_itself(object) {
            None => is_shown_to_some(view, Some(reference), object)?.then_some(Self::ToSome),
            found => found,
        })
    }
}

/// What an object has of it wherever its references lead.
fn by_itself(object: &Object) -> Option<Unsteady> {
    match object {
        Object::Dictionary(dictionary) => of_dictionary(dictionary),
        Object::Stream(stream) => of_stream(stream),
        Object::Array(elements) => elements.iter().find_map(by_itself),
        _ => None,
    }
}

/// Whether an object is an annotation, or holds one, that readers draw in several ways. What stands inside another one
/// has no number of its own.
fn is_shown_to_some(view: &View<'_, '_>, reference: Option<Reference>, object: &Object) -> Result<bool, PdfError> {
    if let Object::Array(elements) = object {
        return any_is_shown_to_some(view, elements.iter());
    }
    let Some(dictionary) = object.as_dictionary() else {
        return Ok(false);
    };
    // 12.5.2: an annotation is a dictionary; some readers draw a stream that has the entries of one.
    let is_dictionary = object.as_stream().is_none();
    if is_annotation(view, dictionary)? && !(is_dictionary && is_drawn_alike(view, reference, dictionary)?) {
        return Ok(true);
    }
    Ok(lists_otherwise(view, dictionary)? || any_is_shown_to_some(view, dictionary.iter().map(|(_, value)| value))?)
}

/// Whether annotations are listed in another way than in an array of a page (table 31, Annots): by what is no array, or
/// by a node above the pages, from which some readers have the list of each.
fn lists_otherwise(view: &View<'_, '_>, dictionary: &Dictionary) -> Result<bool, PdfError> {
    let Some(list) = dictionary.get("Annots") else {
        return Ok(false);
    };
    if dictionary.is("Type", "Pages") || dictionary.get("Kids").is_some() {
        return Ok(true);
    }
    let list = unless_stopped(view.glance(list))?;
    Ok(!matches!(list, Some(Object::Array(_) | Object::Null)))
}

fn any_is_shown_to_some<'o>(
    view: &View<'_, '_>,
    mut objects: impl Iterator<Item = &'o Object>,
) -> Result<bool, PdfError> {
    objects.try_fold(
        false,
        |found, object| Ok(found || is_shown_to_some(view, None, object)?),
    )
}

/// Whether a form leaves values to be drawn by whoever shows it (table 224, NeedAppearances), whatever it shows; one
/// that says so elsewhere leaves it to some readers alone, values or not.
///
/// # Errors
/// When the form cannot be read, or a budget is used up.
pub fn has_undrawn_values(view: &View<'_, '_>, form: &Dictionary) -> Result<bool, PdfError> {
    if view.get(form, "NeedAppearances")? != Object::Boolean(true) {
        return Ok(false);
    }
    if form
        .get("NeedAppearances")
        .is_some_and(|need| need.as_reference().is_some())
    {
        return Ok(true);
    }
    let filled = view.find_object(|_, object| object.as_dictionary().filter(|field| is_filled(field)).map(|_| ()))?;
    Ok(filled.is_some())
}

fn of_dictionary(dictionary: &Dictionary) -> Option<Unsteady> {
    let is_any = |actions: &[&str]| actions.iter().any(|action| may_be(dictionary, "S", action));
    let is_action = !dictionary.is("Type", "StructElem");
    if dictionary.is("S", "JavaScript") || dictionary.get("JS").is_some() {
        Some(Unsteady::Script)
    } else if is_action && is_any(&CHANGING) {
        Some(Unsteady::InUse)
    } else if is_action && is_any(&LEADING_OUT) {
        Some(Unsteady::Outside)
    } else if is_condition(dictionary) {
        Some(Unsteady::Layer)
    } else if USES.iter().any(|state| may_be(dictionary, state, "OFF")) {
        Some(Unsteady::OnPaper)
    } else {
        let own = of_annotation(dictionary);
        own.or_else(|| dictionary.iter().find_map(|(_, value)| by_itself(value)))
    }
}

/// Whether an entry has that name, or one that stands elsewhere, as no honest writer puts it.
fn may_be(dictionary: &Dictionary, key: &str, name: &str) -> bool {
    dictionary.is(key, name) || dictionary.get(key).is_some_and(|value| value.as_reference().is_some())
}

/// 7.3.8.2: the data of a stream with F stand in another file; 8.9.5.4 and 8.10.4 name other pictures and pages of
/// other files.
fn of_stream(stream: &Stream) -> Option<Unsteady> {
    let dictionary = &stream.dictionary;
    if dictionary.get("F").is_some() || (dictionary.is("Subtype", "Form") && dictionary.get("Ref").is_some()) {
        Some(Unsteady::Outside)
    } else if dictionary.get("Alternates").is_some() {
        Some(Unsteady::OnPaper)
    } else {
        of_dictionary(dictionary)
    }
}

/// 8.11.2.2, table 97: a membership that shows its content where layers are off, or by an expression, which makes it
/// one to some readers whatever type it has.
fn is_condition(dictionary: &Dictionary) -> bool {
    let off = ["AllOff", "AnyOff"]
        .iter()
        .any(|policy| may_be(dictionary, "P", policy));
    (may_be(dictionary, "Type", "OCMD") && off) || dictionary.get("VE").is_some()
}

fn of_annotation(dictionary: &Dictionary) -> Option<Unsteady> {
    let appearance = dictionary.get("AP")?;
    let is_drawn = dictionary.get("Rect").is_some() && !UNDRAWN.iter().any(|subtype| dictionary.is("Subtype", subtype));
    if !is_drawn {
        return None;
    }
    let flags = dictionary.get("F").and_then(Object::as_integer).unwrap_or(0);
    let differs = (flags & NO_VIEW == 0) != (flags & PRINT != 0) || flags & TOGGLE_NO_VIEW != 0;
    if flags & HIDDEN == 0 && differs {
        return Some(Unsteady::OnPaper);
    }
    // The controls of a form look otherwise while they are pointed at or pressed; elsewhere that is not needed
    // (12.5.5).
    let states = appearance.as_dictionary()?;
    let is_moved = states.get("R").is_some() || states.get("D").is_some();
    (is_moved && !dictionary.is("Subtype", "Widget")).then_some(Unsteady::InUse)
}

/// A field with a value that is no signature.
fn is_filled(field: &Dictionary) -> bool {
    let is_field = field.get("T").is_some() || field.get("FT").is_some();
    is_field && field.get("V").is_some() && !field.is("FT", "Sig")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, id, open, stream};

    fn of(body: &str) -> Option<Unsteady> {
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]>>>>",
            "<</Type/Pages/Count 0/Kids[]>>",
            body,
            &stream("/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f"),
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let file = open(&bytes);
        let view = file.latest();
        let object = view.object(id(3)).unwrap();
        Unsteady::of(&view, id(3), &object.value).unwrap()
    }

    fn stamp(entries: &str) -> Option<Unsteady> {
        of(&format!(
            "<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/AP<</N 4 0 R>>{entries}>>"
        ))
    }

    #[test]
    fn what_is_on_paper_alone_or_on_the_screen_alone_is_unsteady() {
        assert_eq!(stamp("/F 36"), Some(Unsteady::OnPaper), "NoView and Print");
        assert_eq!(stamp("/F 0"), Some(Unsteady::OnPaper), "no Print");
        assert_eq!(stamp("/F 260"), Some(Unsteady::OnPaper), "ToggleNoView");
        assert_eq!(stamp("/F 4"), None);
        assert_eq!(stamp("/F 2"), None, "hidden everywhere");
        assert_eq!(
            of("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>"),
            None,
            "draws nothing of its own"
        );
        let alternates = stream(
            "/Subtype/Image/Alternates[<</Image 4 0 R/DefaultForPrinting true>>]",
            "x",
        );
        assert_eq!(of(&alternates), Some(Unsteady::OnPaper));
    }

    #[test]
    fn what_readers_draw_in_several_ways_is_unsteady_wherever_it_is_written() {
        let annotation = |entries: &str| format!("<</Type/Annot/Rect[0 0 9 9]/F 4/AP<</N 4 0 R>>{entries}>>");
        let (alike, other) = (annotation("/Subtype/Stamp"), annotation("/Subtype(Stamp)"));
        assert_eq!(of(&alike), None);
        assert_eq!(of(&other), Some(Unsteady::ToSome));
        assert_eq!(of(&format!("[{alike} null {other}]")), Some(Unsteady::ToSome));
        let page = |annotation: &str| of(&format!("<</Type/Page/Annots[{annotation}]>>"));
        assert_eq!((page(&alike), page(&other)), (None, Some(Unsteady::ToSome)));
        let listed = stream("/Subtype/Stamp/Rect[0 0 9 9]", "");
        assert_eq!(of(&listed), Some(Unsteady::ToSome), "a stream");
        for list in [
            "<</Type/Pages/Kids[]/Annots[]>>",
            "<</Kids[]/Annots[]>>",
            "<</Type/Page/Annots(a)>>",
        ] {
            assert_eq!(of(list), Some(Unsteady::ToSome), "{list}");
        }
        assert_eq!(of("<</Type/Page/Annots 9 0 R>>"), None, "lists none");
        assert_eq!(of("<</AP<</N 4 0 R>>>>"), Some(Unsteady::ToSome), "of no type");
        assert_eq!(of("<</AP<</Names[(a) 4 0 R]>>>>"), None, "appearances by name");
    }

    #[test]
    fn what_changes_in_use_is_unsteady() {
        let with = |appearance: &str, subtype: &str| {
            of(&format!(
                "<</Subtype/{subtype}/FT/Tx/T(a)/Rect[0 0 9 9]/F 4/AP<<{appearance}>>>>"
            ))
        };
        assert_eq!(with("/N 4 0 R/R 4 0 R", "Stamp"), Some(Unsteady::InUse));
        assert_eq!(with("/N 4 0 R/D 4 0 R", "Stamp"), Some(Unsteady::InUse));
        assert_eq!(with("/N 4 0 R/D 4 0 R", "Widget"), None, "a box to tick");
        for (action, expected) in [
            ("/S/Hide/T 8 0 R", Some(Unsteady::InUse)),
            ("/S/SetOCGState/State[/OFF 8 0 R]", Some(Unsteady::InUse)),
            ("/S/GoTo/D[5 0 R/Fit]/Next<</S/Hide/T 8 0 R>>", Some(Unsteady::InUse)),
            ("/S/Launch/F(a)", Some(Unsteady::Outside)),
            ("/S/SubmitForm/F(a)", Some(Unsteady::Outside)),
            ("/S 4 0 R/T 8 0 R", Some(Unsteady::InUse)),
            ("/S/Rendition/JS(a)", Some(Unsteady::Script)),
            ("/S/GoTo/D[5 0 R/Fit]", None),
            ("/S/URI/URI(a)", None),
        ] {
            assert_eq!(of(&format!("<<{action}>>")), expected, "{action}");
        }
    }

    #[test]
    fn layers_by_condition_and_content_of_other_files_are_unsteady() {
        assert_eq!(of("<</Type/OCMD/OCGs 8 0 R/P/AllOff>>"), Some(Unsteady::Layer));
        assert_eq!(of("<</Type/OCMD/OCGs 8 0 R/VE[/Not 8 0 R]>>"), Some(Unsteady::Layer));
        assert_eq!(of("<</Type/OCMD/OCGs 8 0 R/P/AllOn>>"), None);
        let used = |states: &str| of(&format!("<</Type/OCG/Name(a)/Usage<<{states}>>>>"));
        assert_eq!(used("/View<</ViewState/OFF>>"), Some(Unsteady::OnPaper));
        assert_eq!(
            used("/View<</ViewState/ON>>/Print<</PrintState/OFF>>"),
            Some(Unsteady::OnPaper)
        );
        assert_eq!(
            used("/View<</ViewState/ON>>/Print<</PrintState/ON>>/Export<</ExportState/OFF>>"),
            None,
            "shown on both"
        );
        assert_eq!(of(&stream("/Subtype/Image/F(x.bin)", "")), Some(Unsteady::Outside));
        assert_eq!(
            of(&stream("/Subtype/Form/Ref<</F(x.pdf)/Page 0>>", "")),
            Some(Unsteady::Outside)
        );
        assert_eq!(of(&stream("/Subtype/Form", "")), None);
    }

    #[test]
    fn values_that_readers_draw_by_themselves_are_unsteady() {
        let of = |need: &str, field: &str| {
            let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]/NeedAppearances {need}>>>>");
            let bodies = [&catalog, "<</Type/Pages/Count 0/Kids[]>>", field, "true"];
            let bytes = document(SectionKind::Table, &bodies);
            let file = open(&bytes);
            let view = file.latest();
            let Object::Dictionary(form) = view.get(&view.catalog().unwrap(), "AcroForm").unwrap() else {
                panic!()
            };
            has_undrawn_values(&view, &form).unwrap()
        };
        assert!(of("true", "<</FT/Tx/T(a)/V(1)>>"));
        assert!(!of("false", "<</FT/Tx/T(a)/V(1)>>"));
        assert!(!of("true", "<</FT/Tx/T(a)>>"), "nothing to draw");
        assert!(of("4 0 R", "<</FT/Tx/T(a)>>"), "to some readers alone");
    }
}
