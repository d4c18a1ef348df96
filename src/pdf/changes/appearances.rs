//! The appearances that an update adds, alters or brings to show, whatever has them: fields that are signed,
//! time-stamped or filled in, widgets or not. Each must keep to its place in every reader; what does not is a change of
//! content, for it may draw over anything that was signed.

use std::collections::BTreeSet;

use crate::pdf::appearance::{Extent, extent};
use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::xref::Entry;

use super::audit::Audit;
use super::change::ChangeKind;
use super::shown::is_as_before;

/// Looks at all that an update writes, and at the widgets of the fields that it fills in.
pub(super) fn audit(audit: &mut Audit<'_, '_, '_>) -> Result<(), PdfError> {
    let mut annotations = BTreeSet::new();
    let in_use = audit
        .after
        .revision()
        .entries()
        .filter(|(_, entry)| *entry != Entry::Free);
    annotations.extend(in_use.map(|(number, entry)| Reference {
        number,
        generation: entry.generation(),
    }));
    for name in &audit.filled {
        annotations.extend(audit.widgets_of(name));
    }
    annotations
        .into_iter()
        .try_for_each(|annotation| look_at(audit, annotation))
}

fn look_at(audit: &mut Audit<'_, '_, '_>, object: Reference) -> Result<(), PdfError> {
    audit.count()?;
    let read = audit.after.object(object)?;
    let Some(annotation) = read.value.as_dictionary().filter(|value| value.get("AP").is_some()) else {
        return Ok(());
    };
    let is_as_before = is_as_before(audit, object, annotation)? && !has_states(audit, annotation)?;
    if !is_as_before && extent(&audit.after, annotation)? == Extent::Anywhere {
        let part = audit.parts(&audit.after)?.of(&audit.after, object)?;
        audit.change(ChangeKind::DrawsAnywhere { part });
    }
    Ok(())
}

/// Whether an annotation has an appearance for each of its states: by a value that its field has elsewhere, another of
/// them may be drawn.
fn has_states(audit: &Audit<'_, '_, '_>, annotation: &Dictionary) -> Result<bool, PdfError> {
    Ok(match audit.after.get(annotation, "AP")? {
        Object::Dictionary(appearances) => appearances.iter().try_fold(false, |found, (_, appearance)| {
            Ok::<_, PdfError>(found || matches!(audit.after.resolve(appearance)?, Object::Dictionary(_)))
        })?,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::pdf::append::SectionKind;
    use crate::pdf::changes::{ChangeKind, Part};
    use crate::pdf::testing::{document, open, revision, stream};

    const PAGE: &str = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[6 0 R]>>";
    const FIELD: &str = "/Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[9 9 90 90]";
    const BOUNDLESS: &str = "/Subtype/Form";
    const BOUNDED: &str = "/Subtype/Form/BBox[0 0 9 9]";

    /// What a form with these entries draws.
    fn drawn(entries: &str) -> String {
        stream(entries, "0 0 9 9 re f")
    }

    /// What an update finds that writes these objects to a page with a field, object 6, whose appearance is object 7;
    /// object 8 is free.
    fn found(appearance: &str, objects: &[(u32, &str)]) -> Vec<ChangeKind> {
        found_of(&format!("<<{FIELD}/AP<</N 7 0 R>>>>"), appearance, objects)
    }

    /// The same of another field.
    fn found_of(field: &str, appearance: &str, objects: &[(u32, &str)]) -> Vec<ChangeKind> {
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            PAGE,
            &stream("", "BT ET"),
            "<</Fields[6 0 R]>>",
            field,
            appearance,
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let section = open(&bytes).revisions()[0].startxref;
        let trailer = format!("/Root 1 0 R/Prev {section}");
        let bytes = revision(bytes, SectionKind::Table, objects, 12, &trailer);
        open(&bytes).changes_of(2).unwrap()
    }

    fn filled() -> ChangeKind {
        ChangeKind::FieldFilled { field: "a".into() }
    }

    fn anywhere(field: &str) -> ChangeKind {
        let part = Part::Field(field.into());
        ChangeKind::DrawsAnywhere { part }
    }

    #[test]
    fn a_field_that_is_filled_in_draws_beyond_its_place() {
        let field = format!("<<{FIELD}/V(1)/AP<</N 8 0 R>>>>");
        let written = |entries: &str| found(&drawn(BOUNDED), &[(6, &field), (8, &drawn(entries))]);
        assert_eq!(written(BOUNDED), [filled()]);
        assert_eq!(written(BOUNDLESS), [filled(), anywhere("a")]);
    }

    #[test]
    fn an_appearance_that_is_written_anew_draws_beyond_its_place() {
        let written = |entries: &str| found(&drawn(BOUNDED), &[(7, &drawn(entries))]);
        assert_eq!(written("/Subtype/Form/BBox[0 0 8 8]"), [filled()]);
        let found = written(BOUNDLESS);
        assert!(found.contains(&anywhere("a")) && found.contains(&filled()), "{found:?}");
    }

    #[test]
    fn what_was_drawn_so_before_is_no_change() {
        let field = format!("<<{FIELD}/V(1)/AP<</N 7 0 R>>>>");
        assert_eq!(found(&drawn(BOUNDLESS), &[(6, &field)]), [filled()]);
    }

    #[test]
    fn a_state_that_is_drawn_now_draws_beyond_its_place() {
        let check = |state: &str| format!("<</Type/Annot/Subtype/Widget/FT/Btn/T(a)/Rect[9 9 90 90]{state}>>");
        let states = "/AP<</N<</On 7 0 R>>>>";
        let written = |form: &str, state: &str| {
            let (before, after) = (check(&format!("{states}/AS/Off")), check(&format!("{states}{state}")));
            found_of(&before, &drawn(form), &[(6, &after)])
        };
        for state in ["/AS/On", "/AS/Off/V/On"] {
            assert_eq!(written(BOUNDED, state), [filled()], "{state}");
            let found = written(BOUNDLESS, state);
            assert!(found.contains(&anywhere("a")) && found.contains(&filled()), "{found:?}");
        }
    }

    #[test]
    fn a_new_field_is_judged_by_its_appearance_be_it_a_widget_or_not() {
        let page = PAGE.replace("6 0 R", "6 0 R 8 0 R");
        let written = |entries: &str, form: &str| {
            let field = format!("<</FT/Sig/T(b)/AP<</N 9 0 R>>{entries}>>");
            let objects = [
                (3, page.as_str()),
                (5, "<</Fields[6 0 R 8 0 R]>>"),
                (8, &field),
                (9, form),
            ];
            found(&drawn(BOUNDED), &objects)
        };
        let added = |visible| ChangeKind::SignatureField {
            field: "b".into(),
            visible,
            shown: None,
        };
        let widget = "/Type/Annot/Subtype/Widget/Rect[0 0 0 0]";
        assert_eq!(written(widget, &stream("", "")), [added(false)]);
        assert_eq!(written("", &stream("", "% DSBlank")), [added(false)]);
        for entries in [widget, "", "/Rect[0 0 0 9]"] {
            for form in [BOUNDED, BOUNDLESS] {
                let found = written(entries, &drawn(form));
                assert_eq!(found, [added(true), anywhere("b")], "{entries} {form}");
            }
        }
    }

    #[test]
    fn what_a_page_lists_is_an_annotation_and_nothing_else() {
        let page = PAGE.replace("6 0 R", "6 0 R 8 0 R");
        let field = format!("<<{FIELD}/AP<</N 8 0 R>>>>");
        let listed = drawn("/Subtype/Form/BBox[0 0 9 9]/Rect[9 9 90 90]");
        let found = found(&drawn(BOUNDED), &[(3, &page), (6, &field), (8, &listed)]);
        let page = Part::Page(1);
        assert!(found.contains(&ChangeKind::Replaced { part: page }), "{found:?}");
    }
}
