//! Whether an object that an update replaces belongs to a form field alone: to its appearance, or as its value.
//!
//! Some writers fill in a form by replacing the appearance stream in place. That is a change of the field only while
//! nothing else shows the same stream.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::pdf::error::PdfError;
use crate::pdf::object::{Object, Reference};

use super::audit::{Audit, KnownField};
use super::change::ChangeKind;
use super::references::{User, collect_references};

/// Objects between a field and what belongs to it: the appearance dictionary, its states, a stream, its resources.
const CLIMB: usize = 8;

/// Gives a replaced object its role as part of a form field, and what it newly leads to; `false` where it is none.
pub(super) fn explains(audit: &mut Audit<'_, '_, '_>, object: Reference) -> Result<bool, PdfError> {
    let (before, after) = (audit.before.object(object)?, audit.after.object(object)?);
    if before.value.kind() != after.value.kind() {
        return Ok(false);
    }
    let is_value = matches!(before.value, Object::String(_) | Object::Name(_));
    let Some(field) = field_above(audit, object, is_value)? else {
        return Ok(false);
    };
    if field.is_signature && !audit.signs(&field.name) {
        return Ok(false);
    }
    audit.role(Some(object), Some(object));
    audit.fresh_below(&after.value)?;
    audit.filled.insert(Rc::clone(&field.name));
    if !field.is_signature {
        let field = audit.told(&field.name)?;
        audit.change(ChangeKind::FieldFilled { field });
    }
    Ok(true)
}

/// The one field, no signature field that was signed before, that all uses of an object lead up to by its appearance or
/// value.
fn field_above(audit: &Audit<'_, '_, '_>, object: Reference, is_value: bool) -> Result<Option<KnownField>, PdfError> {
    let mut field: Option<KnownField> = None;
    let mut seen = BTreeSet::from([object.number]);
    let mut open = vec![object.number];
    while let Some(number) = open.pop() {
        for user in audit.references.users(number, audit.before.number()) {
            audit.count()?;
            let User::Object(user) = user else { return Ok(None) };
            let Some(above) = audit.known_field(user) else {
                if seen.len() > CLIMB {
                    return Ok(None);
                }
                if seen.insert(user) {
                    open.push(user);
                }
                continue;
            };
            let other = field.as_ref().is_some_and(|field| field.name != above.name);
            if other || above.is_signed || !hangs_on(audit, user, number, is_value)? {
                return Ok(None);
            }
            field = Some(above.clone());
        }
    }
    Ok(field)
}

/// Whether a field refers to an object in its appearance alone, or in its value where that is asked for.
fn hangs_on(audit: &Audit<'_, '_, '_>, field: u32, number: u32, is_value: bool) -> Result<bool, PdfError> {
    let read = audit.before.object(Reference::new(field))?;
    let Some(dictionary) = read.value.as_dictionary() else {
        return Ok(false);
    };
    let mut is_elsewhere = false;
    for (key, value) in dictionary.iter() {
        let mut references = Vec::new();
        collect_references(value, &mut references);
        let is_here = references.iter().any(|reference| reference.number == number);
        is_elsewhere |= is_here && key != "AP" && !(is_value && key == "V");
    }
    Ok(!is_elsewhere)
}
