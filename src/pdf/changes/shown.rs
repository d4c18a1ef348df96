//! What a signature field newly shows on signed pages: a signature may not take the place of what was signed before it
//! (ISO 32000-2, 12.8.2: later changes are what their signer stands for, and the earlier signer does not).
//!
//! A seal of a seal's size is told with its page. One that covers more of it hides what was signed, and so do several
//! that cover more together, and anything drawn in a field that nobody signed, be it empty or time-stamped: all are
//! content.

use std::collections::BTreeSet;

use crate::pdf::appearance::{Extent, extent};
use crate::pdf::cover::{Patch, larger_than_a_seal};
use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Name, Object, Reference};
use crate::pdf::signature::SignatureKind;
use crate::pdf::widgets::{WidgetPlace, places};

use super::audit::Audit;
use super::references::collect_references;

/// Entries of a widget that decide neither whether it is drawn nor as what, where it has an appearance: the signature,
/// the time, the page that it names and how a text would be drawn. By any other a reader may draw what it did not: a
/// widget that was none, or that was hidden.
const DRAW_NOTHING: [&str; 5] = ["V", "M", "P", "DA", "Q"];

/// A new appearance of a signature field over a signed page. Lengths are whole millimetres.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shown {
    /// Number of the page that is told, from 1: its first with too large a part, or that of which it covers too much
    /// with others, or that of its largest part.
    pub page: usize,
    /// What it stands on, on all its pages.
    pub patches: Vec<Patch>,
    /// Width of its first part that is too large, or of its largest.
    pub width_mm: u64,
    /// Height of that part.
    pub height_mm: u64,
    /// Why it hides what was signed, where it does.
    pub hides: Option<Hiding>,
}

/// Why what a signature field shows takes the place of what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hiding {
    /// It covers more of a page than a seal does.
    Large,
    /// It does so with others that came after the same signature.
    Together,
    /// Nobody signed in it.
    Unsigned,
}

impl Shown {
    /// Takes note of the pages, rising, of which signatures after another cover too much together.
    pub(super) fn lie_on(&mut self, covered: &[usize]) {
        let mut pages = self.patches.iter().map(|patch| patch.page);
        if self.hides.is_none()
            && let Some(page) = pages.find(|page| covered.binary_search(page).is_ok())
        {
            self.hides = Some(Hiding::Together);
            self.page = page;
        }
    }
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
    let large = larger_than_a_seal(&places);
    let hides = match signing {
        Some(SignatureKind::Signature) => large.map(|_| Hiding::Large),
        _ => Some(Hiding::Unsigned),
    };
    Ok(large.or(WidgetPlace::largest(&places)).map(|told| Shown {
        page: told.page,
        patches: places.iter().map(|place| place.patch).collect(),
        width_mm: told.width_mm.ceil() as u64,
        height_mm: told.height_mm.ceil() as u64,
        hides,
    }))
}

/// Whether a reader may draw anything for a widget: an appearance, or the colours of which some make one where there is
/// none (12.5.6.19, table 192).
fn draws(audit: &Audit<'_, '_, '_>, widget: &Dictionary) -> Result<bool, PdfError> {
    if extent(&audit.after, widget)? != Extent::Nothing {
        return Ok(true);
    }
    let has_appearance = match audit.after.get(widget, "AP")? {
        Object::Dictionary(states) => matches!(audit.after.get(&states, "N")?, Object::Stream(_)),
        _ => false,
    };
    match audit.after.get(widget, "MK")? {
        Object::Null => Ok(false),
        Object::Dictionary(colours) => {
            Ok(!has_appearance && (colours.get("BG").is_some() || colours.get("BC").is_some()))
        }
        _ => Ok(true),
    }
}

/// Whether a widget was there and drawn by the same appearance, of which this update touched nothing.
pub(super) fn is_as_before(audit: &Audit<'_, '_, '_>, widget: Reference, after: &Dictionary) -> Result<bool, PdfError> {
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
