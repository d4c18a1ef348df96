//! What a signature field newly shows on signed pages: a signature may not take the place of what was signed before it
//! (ISO 32000-2, 12.8.2: later changes are what their signer stands for, and the earlier signer does not).
//!
//! A seal of a seal's size is told with its page. One that is larger hides what was signed, and so does anything drawn
//! in a field that nobody signed, be it empty or time-stamped: all are content.

use std::collections::BTreeSet;

use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Name, Object, Reference};
use crate::pdf::signature::SignatureKind;
use crate::pdf::widgets::{WidgetPlace, places};

use super::audit::Audit;
use super::references::collect_references;
use super::validation_data::is_empty;

/// Entries of a widget that decide neither whether it is drawn nor as what, where it has an appearance: the signature,
/// the time, the page that it names and how a text would be drawn. By any other a reader may draw what it did not: a
/// widget that was none, or that was hidden.
const DRAW_NOTHING: [&str; 5] = ["V", "M", "P", "DA", "Q"];

/// A new appearance of a signature field over a signed page. Lengths are whole millimetres.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shown {
    /// Number of the page of its largest part, from 1.
    pub page: usize,
    /// Numbers of all its pages.
    pub pages: Vec<usize>,
    /// Width of its largest part.
    pub width_mm: u64,
    /// Height of that part.
    pub height_mm: u64,
    /// Whether it hides what was signed: it is larger than a seal, or nobody signed in it.
    pub hides: bool,
}

/// What these widgets show as of the update, which fills their field with a signature of that kind or with none; `None`
/// where nothing is drawn that was not before.
pub(super) fn shown(
    audit: &Audit<'_, '_, '_>,
    widgets: &[Reference],
    signing: Option<SignatureKind>,
) -> Result<Option<Shown>, PdfError> {
    let mut drawing = Vec::new();
    for widget in widgets {
        audit.count()?;
        let object = audit.after.object(*widget)?;
        if let Some(dictionary) = object.value.as_dictionary()
            && draws(audit, dictionary)?
            && !is_as_before(audit, *widget, dictionary)?
        {
            drawing.push(*widget);
        }
    }
    let places = places(&audit.after, &drawing)?;
    let largest = places
        .iter()
        .max_by(|one, other| one.area_mm2().total_cmp(&other.area_mm2()));
    Ok(largest.map(|largest| Shown {
        page: largest.page,
        pages: places.iter().map(|place| place.page).collect(),
        width_mm: largest.width_mm.ceil() as u64,
        height_mm: largest.height_mm.ceil() as u64,
        hides: signing != Some(SignatureKind::Signature) || WidgetPlace::exceed_a_seal(&places),
    }))
}

/// Whether a reader may draw anything for a widget: an appearance that is not empty, or the colours of which some make
/// one where there is none (12.5.6.19, table 192). Some readers take a stream for the dictionary that it has.
fn draws(audit: &Audit<'_, '_, '_>, widget: &Dictionary) -> Result<bool, PdfError> {
    let mut has_appearance = false;
    match audit.after.get(widget, "AP")? {
        Object::Null => {}
        Object::Dictionary(states) => {
            for (_, state) in states.iter() {
                audit.count()?;
                match audit.after.resolve(state)? {
                    Object::Null => {}
                    Object::Stream(stream) if is_empty(&audit.after, &stream)? => has_appearance = true,
                    _ => return Ok(true),
                }
            }
        }
        _ => return Ok(true),
    }
    match audit.after.get(widget, "MK")? {
        Object::Null => Ok(false),
        Object::Dictionary(colours) => {
            Ok(!has_appearance && (colours.get("BG").is_some() || colours.get("BC").is_some()))
        }
        _ => Ok(true),
    }
}

/// Whether a widget was there and drawn by the same appearance, of which this update touched nothing.
fn is_as_before(audit: &Audit<'_, '_, '_>, widget: Reference, after: &Dictionary) -> Result<bool, PdfError> {
    if audit.is_fresh(widget) {
        return Ok(false);
    }
    let earlier = audit.before.object(widget)?;
    let is_same = |before: &Dictionary| {
        let draws_nothing = |key: &Name| DRAW_NOTHING.iter().any(|known| *key == **known);
        before.differing(after).into_iter().all(draws_nothing) && before.duplicates() == after.duplicates()
    };
    if !earlier.value.as_dictionary().is_some_and(is_same) {
        return Ok(false);
    }
    let mut open = Vec::new();
    let mut seen = BTreeSet::new();
    after
        .get("AP")
        .into_iter()
        .for_each(|appearance| collect_references(appearance, &mut open));
    while let Some(reference) = open.pop() {
        audit.count()?;
        if audit.is_fresh(reference) || !audit.is_untouched(reference) {
            return Ok(false);
        }
        if seen.insert(reference) {
            collect_references(&audit.after.object(reference)?.value, &mut open);
        }
    }
    Ok(true)
}
