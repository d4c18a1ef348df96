//! Signature dictionaries that no field of the form leads to: left behind by an update that took a field away, or put there to
//! be found by another reader. They are searched by the text of their `ByteRange` key, which has to stand in the file itself.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::pdf::error::PdfError;
use crate::pdf::file::PdfFile;
use crate::pdf::limits::LimitReached;
use crate::pdf::object::{Object, Reference};
use crate::pdf::xref::Entry;

const KEY: &[u8] = b"/ByteRange";
/// Places of the key that are looked at: a signed file has a few for each signature.
const PLACES: usize = 100_000;

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
    let mut seen: HashSet<u32> = known.iter().map(|known| known.number).collect();
    // Of the place that was looked at last: where a signature dictionary stands there.
    let mut looked: Option<(u64, Option<Range<u64>>)> = None;
    for hit in hits {
        let Some((offset, (object, revision))) = places.range(..=hit).next_back() else {
            continue;
        };
        if seen.contains(&object.number) {
            continue;
        }
        let extent = match looked.take() {
            Some((at, extent)) if at == *offset => extent,
            _ => extent_of_signature(file, *object, *revision)?,
        };
        if extent.as_ref().is_some_and(|extent| extent.contains(&hit)) {
            seen.insert(object.number);
            orphans.push(Orphan {
                object: *object,
                revision: *revision,
            });
        }
        looked = Some((*offset, extent));
    }
    Ok(orphans)
}

/// Where an object stands that looks like a signature dictionary; `None` if it looks like none.
fn extent_of_signature(file: &PdfFile<'_>, object: Reference, revision: usize) -> Result<Option<Range<u64>>, PdfError> {
    let view = file.at_revision(revision).unwrap_or(file.latest());
    let read = match view.object(object) {
        Ok(read) => read,
        Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
        // An object that cannot be read is no signature dictionary of any reader; whoever needs it gets the error.
        Err(_) => return Ok(None),
    };
    let Object::Dictionary(dictionary) = &read.value else {
        return Ok(None);
    };
    let is_signature = dictionary.get("ByteRange").is_some() && dictionary.get("Contents").is_some();
    Ok(read.extent.clone().filter(|_| is_signature))
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
    let finder = memchr::memmem::Finder::new(KEY);
    let mut hits = Vec::new();
    file.reader
        .pieces(0..file.length(), KEY.len() as u64 - 1, |start, piece| {
            let found = finder.find_iter(piece).map(|index| start + index as u64);
            hits.extend(found.take(PLACES + 1 - hits.len()));
        })?;
    if hits.len() > PLACES {
        let (unit, allowed) = ("places that look like a signature", PLACES as u64);
        return Err(LimitReached { unit, allowed }.into());
    }
    hits.reverse();
    Ok(hits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, open, stream};

    #[test]
    fn places_that_look_like_a_signature_are_looked_at_up_to_a_number() {
        let search_among = |count: usize| {
            let content = stream("", &"/ByteRange".repeat(count));
            let bytes = document(SectionKind::Table, &["<</Type/Catalog>>", &content]);
            search(&open(&bytes), &[]).map(|orphans| orphans.len())
        };
        assert_eq!(search_among(PLACES), Ok(0));
        let reached = LimitReached {
            unit: "places that look like a signature",
            allowed: PLACES as u64,
        };
        assert_eq!(search_among(PLACES + 1), Err(reached.into()));
    }
}
