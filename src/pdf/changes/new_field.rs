//! A signature field that an update adds (ISO 32000-2, 12.7.5.5): all of it fresh, empty or signed by this very update,
//! with nothing that acts or that a reader could take for more than a signature.

use std::collections::BTreeSet;

use crate::pdf::appearance::{Extent, extent};
use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::signature::SignatureKind;

use super::audit::Audit;
use super::change::ChangeKind;
use super::entry_types::misfit;
use super::form::{Inherited, list};
use super::shown::shown;

/// Entries of a signature field, merged with its widget or not, that lead nowhere and do nothing.
const KEYS: [&str; 25] = [
    "Type", "Subtype", "FT", "Ff", "T", "TU", "TM", "V", "F", "P", "Rect", "AP", "AS", "Lock", "SV", "Kids", "Parent",
    "DA", "MK", "Q", "H", "NM", "M", "Border", "DR",
];

/// What was found of a new field.
#[derive(Default)]
struct Found {
    objects: BTreeSet<Reference>,
    widgets: Vec<Reference>,
    /// What the field leads to by appearance and value.
    below: Vec<Object>,
    value: Option<Object>,
    is_visible: bool,
}

/// Looks at what an update adds to a list of fields below `above`.
pub(super) fn audit(audit: &mut Audit<'_, '_, '_>, field: &Object, above: &Inherited) -> Result<(), PdfError> {
    let mut found = Found::default();
    let reference = field.as_reference().filter(|field| audit.is_fresh(*field));
    let here = match reference {
        Some(reference) => collect(audit, reference, above, &mut found)?,
        None => None,
    };
    let Some(here) = here else {
        let field = audit.told(&above.name)?;
        audit.change(ChangeKind::FieldAdded { field });
        return Ok(());
    };
    let field = audit.told(&here.name)?;
    let is_known = !audit.widgets_of(&field).is_empty();
    let signing = found.value.as_ref().and_then(|value| audit.signature(value));
    let is_other = found.value.is_some() && signing.is_none();
    if !here.is_signature || here.name == above.name || is_known || is_other {
        audit.change(ChangeKind::FieldAdded { field });
        return Ok(());
    }
    for object in &found.objects {
        audit.role(Some(*object), None);
    }
    for value in &found.below {
        audit.fresh_below(value)?;
    }
    let shown = shown(audit, &found.widgets, signing)?;
    audit.widgets.extend(found.widgets);
    let is_time_stamp = signing == Some(SignatureKind::DocumentTimeStamp);
    audit.change(if is_time_stamp && !found.is_visible {
        ChangeKind::TimeStamp { field }
    } else {
        let visible = found.is_visible;
        ChangeKind::SignatureField { field, visible, shown }
    });
    Ok(())
}

/// Goes through a field and its widgets; `None` where anything in it is no part of a signature field.
fn collect(
    audit: &Audit<'_, '_, '_>,
    reference: Reference,
    above: &Inherited,
    found: &mut Found,
) -> Result<Option<Inherited>, PdfError> {
    audit.count()?;
    let is_cycle = found.objects.contains(&reference);
    let object = audit.after.object(reference)?;
    let Object::Dictionary(dictionary) = &object.value else {
        return Ok(None);
    };
    let is_plain = dictionary.iter().all(|(key, _)| KEYS.contains(&key.to_text().as_str()))
        && (dictionary.get("Subtype").is_none() || dictionary.is("Subtype", "Widget"))
        && dictionary.duplicates().is_empty()
        && misfit(&audit.after, dictionary, |_| true)?.is_none();
    let limit = audit.after.file().reader.limits.tree_depth;
    if !is_plain || is_cycle || above.depth > limit || (found.value.is_some() && dictionary.get("V").is_some()) {
        return Ok(None);
    }
    found.objects.insert(reference);
    found.below.extend(
        ["V", "AP", "DR", "Lock", "SV", "MK"]
            .iter()
            .filter_map(|key| dictionary.get(key).cloned()),
    );
    found.value = found.value.take().or(dictionary.get("V").cloned());
    // Readers draw whatever a page lists, be it called a widget or not.
    found.widgets.push(reference);
    found.is_visible |= is_visible(audit, dictionary)?;
    let here = above.below(dictionary, &audit.names)?;
    let Some(kids) = list(audit.after.get(dictionary, "Kids")?) else {
        return Ok(None);
    };
    for kid in &kids {
        // A widget alone: what has a name of its own is another field.
        let Some(kid) = kid.as_reference().filter(|kid| audit.is_fresh(*kid)) else {
            return Ok(None);
        };
        match collect(audit, kid, &here, found)? {
            Some(below) if below.name == here.name => {}
            _ => return Ok(None),
        }
    }
    if let Some(kids) = dictionary.get("Kids").and_then(Object::as_reference) {
        found.objects.insert(kids);
    }
    Ok(Some(here))
}

/// 12.7.5.5: a field that shall not be visible has a rectangle without width and height. Its appearance, if any, draws
/// nothing.
fn is_visible(audit: &Audit<'_, '_, '_>, widget: &Dictionary) -> Result<bool, PdfError> {
    let is_nothing = match audit.after.get(widget, "Rect")? {
        Object::Array(corners) => match corners.iter().map(Object::as_number).collect::<Vec<_>>().as_slice() {
            [Some(left), Some(bottom), Some(right), Some(top)] => left == right && bottom == top,
            _ => false,
        },
        other => other.is_null(),
    };
    if !is_nothing {
        return Ok(true);
    }
    Ok(extent(&audit.after, widget)? != Extent::Nothing)
}
