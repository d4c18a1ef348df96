//! A document time stamp as an update adds it (ISO 32000-2, 12.8.5): a fresh signature field at the end of the form, invisible,
//! filled with a time stamp that covers this very revision, its widget perhaps on a page.

use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::signature::{DictionaryHistory, SignatureField, SignatureKind};

use super::ChangeKind;
use super::audit::{Audit, collect_references};
use super::validation_data::is_empty;

/// Entries of a field merged with its widget that draw nothing by themselves.
const FIELD_KEYS: [&str; 11] = ["Type", "Subtype", "FT", "Ff", "T", "V", "F", "P", "Rect", "AP", "Lock"];

/// Compares the form before and after an update, and gives the objects of a time stamp their roles.
pub(super) fn audit(
    audit: &mut Audit<'_, '_, '_>,
    before: Option<&Object>,
    after: Option<&Object>,
) -> Result<(), PdfError> {
    let form_before = match before {
        Some(form) => audit.before.resolve(form)?,
        None => Object::Dictionary(Dictionary::new()),
    };
    let form_after = match after {
        Some(form) => audit.after.resolve(form)?,
        None => Object::Dictionary(Dictionary::new()),
    };
    let (Object::Dictionary(form_before), Object::Dictionary(form_after)) = (form_before, form_after) else {
        audit.change(ChangeKind::Form);
        return Ok(());
    };
    let fields_before = fields(audit.before.get(&form_before, "Fields")?);
    let fields_after = fields(audit.after.get(&form_after, "Fields")?);
    let (Some(fields_before), Some(fields_after)) = (fields_before, fields_after) else {
        audit.change(ChangeKind::Form);
        return Ok(());
    };
    if before == after && form_before == form_after && fields_before == fields_after {
        return Ok(());
    }
    let is_same_form = form_before
        .differing(&form_after)
        .into_iter()
        .all(|key| match key.0.as_slice() {
            b"Fields" => true,
            b"SigFlags" => form_after.get("SigFlags") == Some(&Object::Integer(3)),
            _ => false,
        });
    let fresh = fields_after.strip_prefix(fields_before.as_slice());
    let (Some(fresh), true, true) = (fresh, is_same_form, form_after.duplicates().is_empty()) else {
        audit.change(ChangeKind::Form);
        return Ok(());
    };
    audit.role(
        after.and_then(Object::as_reference),
        before.and_then(Object::as_reference),
    );
    let holder = |form: &Dictionary| form.get("Fields").and_then(Object::as_reference);
    audit.role(holder(&form_after), holder(&form_before));
    let mut widgets = Vec::new();
    for field in fresh {
        match field.as_reference().filter(|field| audit.is_fresh(*field)) {
            Some(field) if is_time_stamp_field(audit, field)? => widgets.push(field),
            _ => audit.change(ChangeKind::Form),
        }
    }
    pages(audit, &widgets)
}

fn fields(value: Object) -> Option<Vec<Object>> {
    match value {
        Object::Array(fields) => Some(fields),
        Object::Null => Some(Vec::new()),
        _ => None,
    }
}

/// Gives a time stamp's field, its value and its empty appearance their roles.
fn is_time_stamp_field(audit: &mut Audit<'_, '_, '_>, field: Reference) -> Result<bool, PdfError> {
    let object = audit.after.object(field)?;
    let Object::Dictionary(dictionary) = &object.value else {
        return Ok(false);
    };
    let known = dictionary
        .iter()
        .all(|(key, _)| FIELD_KEYS.contains(&key.to_text().as_str()));
    let subtype = dictionary.get("Subtype").is_none() || dictionary.is("Subtype", "Widget");
    if !known || !subtype || !dictionary.duplicates().is_empty() || !dictionary.is("FT", "Sig") {
        return Ok(false);
    }
    let value = dictionary
        .get("V")
        .and_then(Object::as_reference)
        .filter(|value| audit.is_fresh(*value));
    let number = audit.after.number();
    let Some(value) = value.filter(|value| {
        audit
            .signatures
            .iter()
            .any(|signature| stamps(signature, *value, number))
    }) else {
        return Ok(false);
    };
    let appearance = match dictionary.get("AP") {
        Some(appearance) => match empty_appearance(audit, appearance)? {
            Some(appearance) => Some(appearance),
            None => return Ok(false),
        },
        None => None,
    };
    if !is_invisible(dictionary.get("Rect")) {
        return Ok(false);
    }
    audit.role(Some(field), None);
    audit.role(Some(value), None);
    audit.role(appearance, None);
    Ok(true)
}

/// Whether a signature is the time stamp in object `value`, sound, covering revision `number`, and free of references.
fn stamps(signature: &SignatureField, value: Reference, number: usize) -> bool {
    let mut references = Vec::new();
    collect_references(&Object::Dictionary(signature.dictionary.clone()), &mut references);
    signature.object == Some(value)
        && signature.kind == SignatureKind::DocumentTimeStamp
        && signature.revision == Some(number)
        && signature.faults.is_empty()
        && signature.signature.is_ok()
        && signature.history == DictionaryHistory::Same
        && references.is_empty()
}

/// An appearance with one normal stream, fresh, empty and without resources.
fn empty_appearance(audit: &Audit<'_, '_, '_>, value: &Object) -> Result<Option<Reference>, PdfError> {
    let Object::Dictionary(appearance) = value else {
        return Ok(None);
    };
    let stream = appearance
        .get("N")
        .and_then(Object::as_reference)
        .filter(|stream| audit.is_fresh(*stream));
    let Some(reference) = stream.filter(|_| appearance.len() == 1) else {
        return Ok(None);
    };
    let object = audit.after.object(reference)?;
    let Some(stream) = object.value.as_stream() else {
        return Ok(None);
    };
    let mut references = Vec::new();
    collect_references(&object.value, &mut references);
    let is_harmless = references.is_empty() && is_empty(&audit.after, stream)?;
    Ok(is_harmless.then_some(reference))
}

/// 12.7.5.5: a field that shall not be visible has a rectangle without width and height.
fn is_invisible(rectangle: Option<&Object>) -> bool {
    let number = |object: &Object| match object {
        Object::Integer(number) => Some(*number as f64),
        Object::Real(number) => Some(*number),
        _ => None,
    };
    match rectangle
        .and_then(Object::as_array)
        .map(|corners| corners.iter().map(number).collect::<Vec<_>>())
    {
        Some(corners) => match corners.as_slice() {
            [Some(left), Some(bottom), Some(right), Some(top)] => left == right && bottom == top,
            _ => false,
        },
        None => rectangle.is_none(),
    }
}

/// The pages of the fresh widgets may have them at the end of their annotations, and may differ in nothing else.
fn pages(audit: &mut Audit<'_, '_, '_>, widgets: &[Reference]) -> Result<(), PdfError> {
    for widget in widgets {
        let widget = audit.after.object(*widget)?;
        let page = widget
            .value
            .as_dictionary()
            .and_then(|widget| widget.get("P"))
            .and_then(Object::as_reference);
        let Some(page) = page else { continue };
        let (before, after) = (audit.before.object(page)?, audit.after.object(page)?);
        let (Object::Dictionary(page_before), Object::Dictionary(page_after)) = (&before.value, &after.value) else {
            continue;
        };
        let before_list = fields(audit.before.get(page_before, "Annots")?);
        let after_list = fields(audit.after.get(page_after, "Annots")?);
        let only_annotations = page_before.differing(page_after).into_iter().all(|key| key == "Annots");
        let (Some(before_list), Some(after_list), true) = (before_list, after_list, only_annotations) else {
            continue;
        };
        let fresh = after_list.strip_prefix(before_list.as_slice());
        let only_widgets = fresh.is_some_and(|fresh| {
            fresh.iter().all(|annotation| {
                annotation
                    .as_reference()
                    .is_some_and(|widget| widgets.contains(&widget))
            })
        });
        if only_widgets && page_before.is("Type", "Page") && page_after.duplicates().is_empty() {
            audit.role(Some(page), Some(page));
            let list = |page: &Dictionary| page.get("Annots").and_then(Object::as_reference);
            audit.role(list(page_after), list(page_before));
        }
    }
    Ok(())
}
