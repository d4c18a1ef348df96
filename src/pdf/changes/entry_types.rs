//! Of which type the standard lets the entries of fields and annotations be that an update adds (ISO 32000-2, tables
//! 31, 166, 172, 191, 226, 228, 234 and 235): what has another type is passed over by one reader and taken apart by the
//! next.

use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::object::{Dictionary, Name, Object};
use crate::pdf::view::View;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Array,
    Boolean,
    Dictionary,
    Integer,
    /// Integers alone.
    Integers,
    Name,
    Number,
    /// Numbers alone.
    Numbers,
    String,
    /// A string, or a stream in the place of a long one (7.9.2).
    Text,
}

/// Values (V) are judged by what they are for.
const KINDS: [(&str, Kind); 46] = [
    ("A", Kind::Dictionary),
    ("AA", Kind::Dictionary),
    ("AP", Kind::Dictionary),
    ("AS", Kind::Name),
    ("BE", Kind::Dictionary),
    ("BS", Kind::Dictionary),
    ("Border", Kind::Array),
    ("C", Kind::Array),
    ("CA", Kind::Number),
    ("Contents", Kind::String),
    ("CreationDate", Kind::String),
    ("DA", Kind::String),
    ("DR", Kind::Dictionary),
    ("F", Kind::Integer),
    ("FT", Kind::Name),
    ("Ff", Kind::Integer),
    ("H", Kind::Name),
    ("I", Kind::Integers),
    ("IRT", Kind::Dictionary),
    ("IT", Kind::Name),
    ("Kids", Kind::Array),
    ("Lock", Kind::Dictionary),
    ("M", Kind::String),
    ("MK", Kind::Dictionary),
    ("NM", Kind::String),
    ("Name", Kind::Name),
    ("Open", Kind::Boolean),
    ("P", Kind::Dictionary),
    ("Parent", Kind::Dictionary),
    ("Popup", Kind::Dictionary),
    ("Q", Kind::Integer),
    ("QuadPoints", Kind::Numbers),
    ("RC", Kind::Text),
    ("RT", Kind::Name),
    ("RV", Kind::Text),
    ("Rect", Kind::Numbers),
    ("SV", Kind::Dictionary),
    ("State", Kind::String),
    ("StateModel", Kind::String),
    ("Subj", Kind::String),
    ("Subtype", Kind::Name),
    ("T", Kind::String),
    ("TI", Kind::Integer),
    ("TM", Kind::String),
    ("TU", Kind::String),
    ("Type", Kind::Name),
];

/// The first of these entries that has another type than the standard gives it. Null is no entry (7.3.9).
///
/// # Errors
/// When a budget is used up, or the source fails.
pub(super) fn misfit<'d>(
    view: &View<'_, '_>,
    dictionary: &'d Dictionary,
    mut is_asked: impl FnMut(&Name) -> bool,
) -> Result<Option<&'d Name>, PdfError> {
    for (key, value) in dictionary.iter().filter(|(key, _)| is_asked(key)) {
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| *key == **known) else {
            continue;
        };
        let fits = match value.as_reference() {
            None => is_of(*kind, value),
            Some(reference) => {
                view.file().count_step()?;
                let read = unless_stopped(view.passing(reference))?;
                read.is_some_and(|read| is_of(*kind, &read.value))
            }
        };
        if !fits {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

fn is_of(kind: Kind, value: &Object) -> bool {
    let all = |is: fn(&Object) -> bool| value.as_array().is_some_and(|elements| elements.iter().all(is));
    value.is_null()
        || match kind {
            Kind::Array => value.as_array().is_some(),
            Kind::Boolean => matches!(value, Object::Boolean(_)),
            Kind::Dictionary => matches!(value, Object::Dictionary(_)),
            Kind::Integer => value.as_integer().is_some(),
            Kind::Integers => all(|element| element.as_integer().is_some()),
            Kind::Name => value.as_name().is_some(),
            Kind::Number => value.as_number().is_some(),
            Kind::Numbers => all(|element| element.as_number().is_some()),
            Kind::String => value.as_string().is_some(),
            Kind::Text => value.as_string().is_some() || value.as_stream().is_some(),
        }
}

#[cfg(test)]
mod tests {
    use crate::pdf::append::SectionKind;
    use crate::pdf::changes::ChangeKind;
    use crate::pdf::testing::{document, open, revision, stream};

    /// What an update finds in a document with a text field, object 6, that writes these objects to it, object 5 being
    /// its form.
    fn found(objects: &[(u32, &str)]) -> Vec<ChangeKind> {
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R]>>",
            &stream("", "BT ET"),
            "<</Fields[6 0 R]>>",
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[9 9 90 90]>>",
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let trailer = format!("/Root 1 0 R/Prev {}", open(&bytes).revisions()[0].startxref);
        let bytes = revision(bytes, SectionKind::Table, objects, 12, &trailer);
        open(&bytes).changes_of(2).unwrap()
    }

    const PAGE: &str = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R 8 0 R]>>";

    #[test]
    fn a_new_field_with_an_entry_of_another_type_is_refused() {
        let written = |entries: &str, other: &str| {
            let field = format!("<</FT/Sig/T(b)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132/P 3 0 R{entries}>>");
            let objects = [(3, PAGE), (5, "<</Fields[6 0 R 8 0 R]>>"), (8, &field), (9, other)];
            found(&objects)
        };
        let added = ChangeKind::SignatureField {
            field: "b".into(),
            visible: false,
            shown: None,
        };
        for entries in [
            "/MK<</R 90>>/Lock<</Type/SigFieldLock/Action/All>>/SV 9 0 R/DR<<>>",
            "/Border[0 0 1[3]]/H/N/Q 1/DA(0 g)/M(D:2026)/SV 9 0 R",
            "/MK null/SV 9 0 R",
        ] {
            assert_eq!(written(entries, "<<>>"), std::slice::from_ref(&added), "{entries}");
        }
        for entries in [
            "/MK[[1]/Rect[0 0 9 9]]",
            "/MK 9 0 R",
            "/SV(a)",
            "/Lock[]",
            "/DR/a",
            "/Border<<>>",
            "/TM 1",
            "/H[]",
            "/DA<</Rect[0 0 9 9]>>",
        ] {
            let found = written(entries, "[]");
            assert!(
                matches!(found[0], ChangeKind::FieldAdded { .. }),
                "{entries}: {found:?}"
            );
        }
    }

    #[test]
    fn a_note_with_an_entry_of_another_type_is_refused() {
        let written = |entries: &str| {
            let note = format!("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]{entries}>>");
            found(&[(3, PAGE), (8, &note)])
        };
        let note = ChangeKind::Annotation { what: "Text".into() };
        assert_eq!(
            written("/Contents(a)/C[1 1 0]/CA .5/Open true/P 3 0 R/RC(b)"),
            std::slice::from_ref(&note)
        );
        for entries in ["/Contents[(a)]", "/C<<>>", "/Popup[1]", "/IRT(a)", "/QuadPoints[[1]]"] {
            let found = written(entries);
            assert!(!found.contains(&note), "{entries}: {found:?}");
        }
    }

    #[test]
    fn a_field_that_is_filled_in_with_an_entry_of_another_type_is_refused() {
        let written = |entries: &str| {
            let field = format!("<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[9 9 90 90]/V(1){entries}>>");
            found(&[(6, &field)])
        };
        assert_eq!(
            written("/RV(a)/M(D:2026)"),
            [ChangeKind::FieldFilled { field: "a".into() }]
        );
        for (entries, key) in [("/RV[[1]]", "RV"), ("/M<<>>", "M"), ("/I[(a)]", "I"), ("/AS(On)", "AS")] {
            let (field, key) = ("a".into(), key.into());
            let refused = ChangeKind::FieldEntry { field, key };
            assert!(written(entries).contains(&refused), "{entries}");
        }
    }
}
