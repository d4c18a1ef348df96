//! What readers draw by the entries of the form itself (ISO 32000-2, 12.7.3, table 224): every field anew, where
//! NeedAppearances tells them to, and whatever has no appearance, by the form's DA and DR.
//!
//! A reader goes by what its pages list, so that any object may be one of these, whether the form leads to it or not.
//! Signature fields are none: readers draw nothing where they have no appearance.

use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Name, Object, Reference};

use super::audit::Audit;

/// Annotations that draw a text by a DA (12.5.6.6 and 12.5.6.23).
const TEXTS: [&str; 2] = ["FreeText", "Redact"];
/// Entries that say what something is and looks like: of one that is there twice, readers take either.
const TELLING: [&str; 4] = ["FT", "Subtype", "AP", "Parent"];

/// What of a document readers draw by the entries of its form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DrawnByForm {
    /// There are fields, or widgets of fields, other than signature fields.
    pub(super) fields: bool,
    /// Something of them, or a text, has no appearance.
    pub(super) undrawn: bool,
}

/// Whether anything in an object looks as if it were drawn so.
pub(super) fn may_be_drawn(value: &Object) -> bool {
    match value {
        Object::Array(elements) => elements.iter().any(may_be_drawn),
        _ => value.as_dictionary().is_some_and(|dictionary| {
            let is_here = is_field(dictionary)
                || is_ambiguous(dictionary)
                || is_one_of(dictionary, &TEXTS)
                || (is_one_of(dictionary, &["Widget"]) && dictionary.get("FT").is_none());
            is_here || dictionary.iter().any(|(_, value)| may_be_drawn(value))
        }),
    }
}

impl DrawnByForm {
    /// Looks at the document before an update, whose form was gone through.
    pub(super) fn before(audit: &Audit<'_, '_, '_>) -> Result<Self, PdfError> {
        let mut found = Self::default();
        for reference in audit.references.drawn_by_form(audit.before.number()) {
            let object = audit.before.object(reference)?;
            found.add(audit, Some(reference), &object.value)?;
            if found.fields && found.undrawn {
                break;
            }
        }
        Ok(found)
    }

    /// Adds what is in a value; `object` is the number of a whole object.
    fn add(&mut self, audit: &Audit<'_, '_, '_>, object: Option<Reference>, value: &Object) -> Result<(), PdfError> {
        audit.count()?;
        if let Object::Array(elements) = value {
            return elements.iter().try_for_each(|element| self.add(audit, None, element));
        }
        let Some(dictionary) = value.as_dictionary() else {
            return Ok(());
        };
        let is_ambiguous = is_ambiguous(dictionary);
        let is_widget = is_one_of(dictionary, &["Widget"]) && !is_of_a_signature(audit, object, dictionary)?;
        let is_field = is_field(dictionary);
        self.fields |= is_ambiguous || is_widget || is_field;
        let is_leaf = dictionary.get("Kids").is_none();
        let is_shown = is_widget || (is_field && is_leaf) || is_one_of(dictionary, &TEXTS);
        self.undrawn |= is_ambiguous || (is_shown && !has_appearance(audit, dictionary)?);
        for (_, value) in dictionary.iter() {
            self.add(audit, None, value)?;
        }
        Ok(())
    }
}

/// Whether it says that it is a field, and no signature field.
fn is_field(dictionary: &Dictionary) -> bool {
    dictionary.get("FT").is_some() && !dictionary.is("FT", "Sig")
}

/// Whether its subtype is one of these, or another object, which may be any of them.
fn is_one_of(dictionary: &Dictionary, subtypes: &[&str]) -> bool {
    match dictionary.get("Subtype") {
        Some(Object::Name(subtype)) => subtypes.iter().any(|known| *subtype == **known),
        Some(Object::Reference(_)) => true,
        _ => false,
    }
}

/// Whether a field or an annotation says twice what it is.
fn is_ambiguous(dictionary: &Dictionary) -> bool {
    let is_telling = |key: &Name| TELLING.iter().any(|telling| *key == **telling);
    let is_either = dictionary.get("Rect").is_some() || dictionary.get("FT").is_some();
    is_either && dictionary.duplicates().iter().any(|(key, _)| is_telling(key))
}

/// Whether a widget belongs to a signature field by the way down from the form and by the way up from itself.
fn is_of_a_signature(
    audit: &Audit<'_, '_, '_>,
    object: Option<Reference>,
    widget: &Dictionary,
) -> Result<bool, PdfError> {
    let is_by_form = object
        .and_then(|object| audit.known_field(object.number))
        .is_some_and(|field| field.is_signature);
    Ok(match field_type(audit, widget)? {
        Some(Object::Name(kind)) if kind == *"Sig" => is_by_form || widget.get("FT").is_some(),
        None => is_by_form,
        _ => false,
    })
}

/// The type of field that an annotation has, or the nearest field above it (12.7.4.1, table 226).
fn field_type(audit: &Audit<'_, '_, '_>, annotation: &Dictionary) -> Result<Option<Object>, PdfError> {
    let mut dictionary = annotation.clone();
    for _ in 0..=audit.before.file().reader.limits.tree_depth {
        audit.count()?;
        if let Some(kind) = dictionary.get("FT") {
            return Ok(Some(kind.clone()));
        }
        match audit.before.get(&dictionary, "Parent")? {
            Object::Dictionary(parent) => dictionary = parent,
            _ => return Ok(None),
        }
    }
    // Of so many levels nobody knows.
    Ok(Some(Object::Null))
}

/// Whether readers find an appearance: a stream, or for a button one for a state (12.5.5).
fn has_appearance(audit: &Audit<'_, '_, '_>, annotation: &Dictionary) -> Result<bool, PdfError> {
    let Object::Dictionary(appearance) = audit.before.get(annotation, "AP")? else {
        return Ok(false);
    };
    let states = match audit.before.get(&appearance, "N")? {
        Object::Stream(_) => return Ok(true),
        Object::Dictionary(states) => states,
        _ => return Ok(false),
    };
    if !matches!(field_type(audit, annotation)?, Some(Object::Name(kind)) if kind == *"Btn") {
        return Ok(false);
    }
    for (_, state) in states.iter() {
        audit.count()?;
        if matches!(audit.before.resolve(state)?, Object::Stream(_)) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use crate::pdf::append::SectionKind;
    use crate::pdf::changes::ChangeKind;
    use crate::pdf::testing::{document, open, revision, stream};

    /// What is found where the form of a document becomes another, its catalogue being object 1 and the form object 5.
    /// The page lists objects 6 and 7; object 8 is a picture.
    fn found(forms: [&str; 2], annotations: [&str; 2]) -> Vec<ChangeKind> {
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R 7 0 R]>>",
            &stream("", "BT ET"),
            forms[0],
            annotations[0],
            annotations[1],
            &stream("/Subtype/Form/BBox[0 0 9 9]", "0 0 9 9 re f"),
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let section = open(&bytes).revisions()[0].startxref;
        let trailer = format!("/Root 1 0 R/Prev {section}");
        let bytes = revision(bytes, SectionKind::Table, &[(5, forms[1])], 9, &trailer);
        open(&bytes).changes_of(2).unwrap()
    }

    fn form(key: &str) -> Vec<ChangeKind> {
        vec![ChangeKind::Form { key: key.into() }]
    }

    /// A signature field of which the form speaks, drawn or not.
    const SIGNATURE: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[0 0 9 9]>>";
    const DRAWN: &str = "/Type/Annot/Rect[0 0 9 9]/AP<</N 8 0 R>>";

    #[test]
    fn fields_that_need_not_be_drawn_anew_any_more_look_otherwise() {
        let forms = |fields: &str| {
            let entries = format!("/Fields[{fields}]");
            [format!("<<{entries}/NeedAppearances true>>"), format!("<<{entries}>>")]
        };
        let found = |fields: &str, field: &str| {
            let forms = forms(fields);
            found([&forms[0], &forms[1]], [field, SIGNATURE])
        };
        for (fields, field) in [
            ("6 0 R 7 0 R", format!("<<{DRAWN}/Subtype/Widget/FT/Tx/T(a)/V(1)>>")),
            ("6 0 R 7 0 R", format!("<<{DRAWN}/Subtype/Widget/FT/Ch/T(a)/Opt[(1)]>>")),
            (
                "6 0 R 7 0 R",
                format!("<<{DRAWN}/Subtype/Widget/FT/Btn/T(a)/MK<</CA(1)>>>>"),
            ),
            ("7 0 R", format!("<<{DRAWN}/Subtype/Widget/FT/Tx/T(a)>>")),
            ("7 0 R", format!("<<{DRAWN}/Subtype/Widget/Parent 7 0 R>>")),
            ("7 0 R", format!("<<{DRAWN}/Subtype 8 0 R>>")),
            ("7 0 R", format!("[<<{DRAWN}/Subtype/Widget/FT/Tx>>]")),
            ("7 0 R", format!("<<{DRAWN}/Subtype/Widget/FT/Tx/FT/Sig/T(a)>>")),
        ] {
            assert_eq!(found(fields, &field), form("NeedAppearances"), "{field}");
        }
        for field in [SIGNATURE, "<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]>>"] {
            assert_eq!(found("7 0 R", field), [ChangeKind::Repeated], "{field}");
        }
    }

    #[test]
    fn what_has_no_appearance_is_drawn_otherwise_by_what_the_form_newly_says() {
        let found = |field: &str, added: &str| {
            let later = format!("<</Fields[7 0 R]{added}>>");
            found(["<</Fields[7 0 R]>>", &later], [field, SIGNATURE])
        };
        let both = |field: &str| [found(field, "/DA(/F 9 Tf)"), found(field, "/DR<</Font<<>>>>")];
        let undrawn = "/Type/Annot/Rect[0 0 9 9]";
        for field in [
            format!("<<{undrawn}/Subtype/Widget/FT/Tx/T(a)/V(1)>>"),
            format!("<<{undrawn}/Subtype/Widget/FT/Tx/T(a)/V(1)/AP<<>>>>"),
            format!("<<{undrawn}/Subtype/Widget/FT/Tx/T(a)/V(1)/AP<</N<</Off 8 0 R>>>>>>"),
            format!("<<{undrawn}/Subtype/FreeText/Contents(a)>>"),
            format!("<<{undrawn}/Subtype/Redact/OverlayText(a)>>"),
            format!("<<{DRAWN}/AP<<>>/AP<</N 8 0 R>>/Subtype/FreeText/Contents(a)>>"),
        ] {
            assert_eq!(both(&field), [form("DA"), form("DR")], "{field}");
        }
        for field in [
            format!("<<{DRAWN}/Subtype/Widget/FT/Tx/T(a)/V(1)>>"),
            format!("<<{DRAWN}/Subtype/FreeText/Contents(a)>>"),
            format!("<<{undrawn}/Subtype/Widget/FT/Btn/T(a)/AP<</N<</Yes 8 0 R>>>>>>"),
            format!("<<{undrawn}/Subtype/Popup>>"),
            SIGNATURE.to_owned(),
        ] {
            assert_eq!(
                both(&field),
                [[ChangeKind::Repeated], [ChangeKind::Repeated]],
                "{field}"
            );
        }
    }

    #[test]
    fn a_widget_is_of_a_signature_where_no_other_field_lists_it() {
        let found = |fields: &str, further: &str| {
            let before = format!("<</Fields[{fields}]>>");
            let after = format!("<</Fields[{fields}]/DA(/F 9 Tf)>>");
            let widget = format!("<</Type/Annot/Subtype/Widget/Parent 7 0 R/Rect[0 0 9 9]{further}>>");
            found([&before, &after], [&widget, "<</FT/Sig/T(s)/Kids[6 0 R]>>"])
        };
        assert_eq!(found("7 0 R", ""), [ChangeKind::Repeated]);
        assert_eq!(found("", ""), form("DA"), "nothing leads to it");
        assert_eq!(found("7 0 R 6 0 R", ""), form("DA"), "it is a field of its own, too");
        assert_eq!(found("7 0 R", "/FT/Tx"), form("DA"), "it says that it is another");
    }

    #[test]
    fn a_form_that_is_an_annotation_as_well_stays_as_it_is() {
        let marked = "/Type/Annot/Subtype/Text/Fields[7 0 R]";
        let with_text = |form: &str| [format!("<<{form}>>"), format!("<<{form}/DA(/F 9 Tf)>>")];
        let [before, after] = with_text(marked);
        assert_eq!(found([&before, &after], [SIGNATURE; 2]), form("DA"));
        let [before, after] = with_text("/Fields[7 0 R]");
        assert_eq!(
            found([&before, &after], ["[5 0 R]", SIGNATURE]),
            form("DA"),
            "used elsewhere"
        );
        assert_eq!(found([&before, &after], [SIGNATURE; 2]), [ChangeKind::Repeated]);
        let flags = [before.as_str(), "<</Fields[7 0 R]/SigFlags 3>>"];
        assert_eq!(found(flags, ["[5 0 R]", SIGNATURE]), [ChangeKind::Repeated]);
    }
}
