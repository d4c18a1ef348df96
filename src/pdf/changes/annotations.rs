//! Annotations that an update puts on pages (ISO 32000-2, 12.5): the widgets of new signature fields, and notes and
//! marks that hide nothing.
//!
//! A page may get them at the end of its list and differ in nothing else. Which annotations are notes is decided
//! narrowly: one with an appearance of its own, a text box, a stamp or a filled shape can cover what was signed with
//! something else, and of marks on text those that leave it to be read are notes.

use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object, Reference};

use super::audit::Audit;
use super::change::ChangeKind;
use super::entry_types::misfit;
use super::form::list;
use super::marks::Marks;
use super::references::User;

/// Notes, the windows that show them, and marks on text (12.5.6.4, 12.5.6.10 and 12.5.6.14).
const NOTES: [&str; 6] = ["Text", "Popup", "Highlight", "Underline", "Squiggly", "StrikeOut"];
/// Entries of theirs that neither act nor draw (12.5.2, 12.5.6.2 and those of each subtype).
const KEYS: [&[u8]; 25] = [
    b"Type",
    b"Subtype",
    b"Rect",
    b"Contents",
    b"P",
    b"NM",
    b"M",
    b"F",
    b"C",
    b"T",
    b"Popup",
    b"CA",
    b"RC",
    b"CreationDate",
    b"IRT",
    b"RT",
    b"Subj",
    b"IT",
    b"Name",
    b"State",
    b"StateModel",
    b"Open",
    b"Parent",
    b"QuadPoints",
    b"Border",
];

/// Looks for pages whose list of annotations grows.
pub(super) fn audit(audit: &mut Audit<'_, '_, '_>) -> Result<(), PdfError> {
    for (object, _) in audit.unexplained() {
        let (before, after) = (audit.before.object(object)?, audit.after.object(object)?);
        match (&before.value, &after.value) {
            (Object::Dictionary(earlier), Object::Dictionary(later)) if earlier.is("Type", "Page") => {
                page(audit, object, earlier, later)?;
            }
            (Object::Array(earlier), Object::Array(later)) => list_of_pages(audit, object, earlier, later)?,
            _ => {}
        }
    }
    Ok(())
}

fn list_of_pages(
    audit: &mut Audit<'_, '_, '_>,
    object: Reference,
    earlier: &[Object],
    later: &[Object],
) -> Result<(), PdfError> {
    if is_list_of_pages(audit, object)? && added(audit, earlier, later)? {
        audit.role(Some(object), Some(object));
    }
    Ok(())
}

fn page(
    audit: &mut Audit<'_, '_, '_>,
    object: Reference,
    earlier: &Dictionary,
    later: &Dictionary,
) -> Result<(), PdfError> {
    let is_same = earlier.differing(later).into_iter().all(|key| key == "Annots");
    if !is_same || !later.duplicates().is_empty() {
        return Ok(());
    }
    let lists = (
        list(audit.before.get(earlier, "Annots")?),
        list(audit.after.get(later, "Annots")?),
    );
    let (Some(list_before), Some(list_after)) = lists else {
        return Ok(());
    };
    if added(audit, &list_before, &list_after)? {
        audit.role(Some(object), Some(object));
        let list = |page: &Dictionary| page.get("Annots").and_then(Object::as_reference);
        if let Some(list) = list(later).filter(|after| audit.is_fresh(*after)) {
            audit.role(Some(list), None);
        }
    }
    Ok(())
}

/// Whether every use of an array is as a page's list of annotations.
fn is_list_of_pages(audit: &Audit<'_, '_, '_>, list: Reference) -> Result<bool, PdfError> {
    for user in audit.references.users(list.number, audit.before.number()) {
        audit.count()?;
        let User::Object(page) = user else { return Ok(false) };
        let read = audit.before.object(Reference::new(page))?;
        let is_list = read.value.as_dictionary().is_some_and(|page| {
            let others = page.iter().filter(|(key, _)| **key != *"Annots");
            page.is("Type", "Page")
                && page.get("Annots").and_then(Object::as_reference) == Some(list)
                && others.into_iter().all(|(_, value)| value.as_reference() != Some(list))
        });
        if !is_list {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether a list of annotations only grows, by references to fresh ones. Those that are notes, or widgets of signature
/// fields, get their role; others are left for what they are, but for those that are something else already: a reader
/// may draw a signature or a certificate that says that it is an annotation, too.
fn added(audit: &mut Audit<'_, '_, '_>, before: &[Object], after: &[Object]) -> Result<bool, PdfError> {
    let Some(fresh) = after.strip_prefix(before) else {
        return Ok(false);
    };
    let fresh: Option<Vec<Reference>> = fresh
        .iter()
        .map(|annotation| {
            annotation
                .as_reference()
                .filter(|annotation| audit.is_fresh(*annotation))
        })
        .collect();
    let Some(fresh) = fresh else { return Ok(false) };
    let mut others = fresh;
    others.retain(|annotation| !audit.widgets.contains(annotation));
    if others.is_empty() {
        return Ok(true);
    }
    let marks = Marks::of(audit, after)?;
    let mut has_another_part = false;
    for annotation in others {
        has_another_part |= audit.has_role(annotation);
        note(audit, annotation, &marks)?;
    }
    Ok(!has_another_part)
}

fn note(audit: &mut Audit<'_, '_, '_>, annotation: Reference, marks: &Marks) -> Result<(), PdfError> {
    let object = audit.after.object(annotation)?;
    let Some(dictionary) = object.value.as_dictionary() else {
        return Ok(());
    };
    let what = NOTES.iter().find(|subtype| dictionary.is("Subtype", subtype));
    let is_plain = dictionary.iter().all(|(key, _)| KEYS.contains(&key.0.as_slice()))
        && misfit(&audit.after, dictionary, |_| true)?.is_none();
    if let Some(what) = what.filter(|_| is_plain && dictionary.duplicates().is_empty()) {
        audit.role(Some(annotation), None);
        audit.notes.entry(*what).or_default().push(annotation);
        let blots = marks.blot(audit, annotation)?;
        let what = (*what).to_owned();
        audit.change(match blots {
            true => ChangeKind::Blot { what },
            false => ChangeKind::Annotation { what },
        });
    }
    Ok(())
}
