//! Signature dictionaries that no field of the form leads to: left behind by an update that took a field away, or put there to
//! be found by another reader. They are searched by the text of their `ByteRange` key, which has to stand in the file itself.

use std::collections::BTreeMap;

use crate::pdf::error::PdfError;
use crate::pdf::file::PdfFile;
use crate::pdf::object::{Object, Reference};
use crate::pdf::xref::Entry;

const KEY: &[u8] = b"/ByteRange";
/// How much of the file is searched at once, in bytes.
const WINDOW: u64 = 1 << 20;

/// An object that looks like a signature dictionary, and the number (from 1) of the revision that lists it.
pub(super) struct Orphan {
    pub(super) object: Reference,
    pub(super) revision: usize,
}

/// Signature dictionaries other than the `known` ones, each object number once, last revision first.
pub(super) fn search(file: &PdfFile<'_>, known: &[Reference]) -> Result<Vec<Orphan>, PdfError> {
    let hits = hits(file)?;
    let mut orphans: Vec<Orphan> = Vec::new();
    if hits.is_empty() {
        return Ok(orphans);
    }
    let places = places(file);
    for hit in hits {
        let Some((_, (object, revision))) = places.range(..=hit).next_back() else {
            continue;
        };
        let is_known = known.iter().any(|known| known.number == object.number);
        if is_known || orphans.iter().any(|orphan| orphan.object.number == object.number) {
            continue;
        }
        let view = file.at_revision(*revision).unwrap_or(file.latest());
        // An object that cannot be read is no signature dictionary of any reader; whoever needs it gets the error.
        let Ok(read) = view.object(*object) else { continue };
        let Object::Dictionary(dictionary) = &read.value else {
            continue;
        };
        let inside = read.extent.as_ref().is_some_and(|extent| extent.contains(&hit));
        if inside && dictionary.get("ByteRange").is_some() && dictionary.get("Contents").is_some() {
            orphans.push(Orphan {
                object: *object,
                revision: *revision,
            });
        }
    }
    Ok(orphans)
}

/// Every offset that an entry of any revision names, with its object.
fn places(file: &PdfFile<'_>) -> BTreeMap<u64, (Reference, usize)> {
    let mut places = BTreeMap::new();
    for (index, revision) in file.revisions().iter().enumerate() {
        for (number, entry) in revision.entries() {
            if let Entry::InFile { offset, generation } = entry {
                places.insert(offset, (Reference { number, generation }, index + 1));
            }
        }
    }
    places
}

/// Offsets of the key, last first.
fn hits(file: &PdfFile<'_>) -> Result<Vec<u64>, PdfError> {
    let mut hits = Vec::new();
    let mut start = 0;
    while start < file.length() {
        let end = (start + WINDOW + KEY.len() as u64 - 1).min(file.length());
        let window = file.bytes(start..end)?;
        hits.extend(memchr::memmem::find_iter(&window, KEY).map(|index| start + index as u64));
        start += WINDOW;
    }
    hits.reverse();
    Ok(hits)
}
