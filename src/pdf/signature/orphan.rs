//! Signatures that no field of the form leads to as the document is now: left behind by an update that took a field
//! away, gave the number of the dictionary to something else, or followed an earlier revision; or put there to be found
//! by another reader. They are searched by the text of their `ByteRange` key, which has to stand in the file itself.
//!
//! What is told apart is places and not numbers: an object number says nothing of what stood under it in another
//! revision.

use std::collections::{BTreeMap, HashMap, HashSet, hash_map};
use std::ops::Range;

use super::contents::ContentsFault;
use super::coverage::{self, ByteRange};
use super::read::{self, DictionaryHistory, SignatureField, SignatureKind};
use crate::pdf::error::PdfError;
use crate::pdf::file::PdfFile;
use crate::pdf::limits::LimitReached;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::xref::Entry;

const KEY: &[u8] = b"/ByteRange";
/// Places of the key that are looked at: a signed file has a few for each signature.
const PLACES: usize = 100_000;

/// How far an array is read that follows the key, in bytes: four numbers of ten digits with the blanks that were left
/// for them.
const MAX_ARRAY_BYTES: u64 = 256;

/// A signature that no field leads to.
pub(super) enum Orphan {
    /// An object that looks like a signature dictionary, and the number (from 1) of the revision that lists it.
    Listed { object: Reference, revision: usize },
    /// One whose numbers lead to its own `Contents`, and no revision to it.
    Unlisted(ByteRange),
}

/// The signatures that fields lead to.
struct Known {
    /// Offsets of their dictionaries.
    places: HashSet<u64>,
    /// What those without faults leave out: their own `Contents`, so that none is another's.
    gaps: HashMap<(u64, u64), SignatureKind>,
    /// Object numbers of those that fail by their form: such a one stands for whatever had its number before.
    failed: HashSet<u32>,
}

impl Known {
    fn of(file: &PdfFile<'_>, signatures: &[SignatureField]) -> Self {
        let latest = file.latest();
        let objects = || signatures.iter().filter_map(|signature| signature.object);
        let place = |object: Reference| match latest.place(object.number) {
            Some((_, Entry::InFile { offset, .. })) => Some(offset),
            _ => None,
        };
        let failed = signatures.iter().filter(|signature| {
            let replaced = [DictionaryHistory::Replaced, DictionaryHistory::NotInItsRevision];
            let fails = !signature.faults.is_empty() || replaced.contains(&signature.history);
            fails && signature.kind == SignatureKind::Signature
        });
        let sound = signatures.iter().filter(|signature| signature.faults.is_empty());
        Self {
            places: objects().filter_map(place).collect(),
            gaps: sound
                .filter_map(|one| Some((gap(one.byte_range.as_ref()?), one.kind)))
                .collect(),
            failed: failed
                .filter_map(|signature| signature.object)
                .map(|object| object.number)
                .collect(),
        }
    }
}

fn gap(byte_range: &ByteRange) -> (u64, u64) {
    let gap = byte_range.gap();
    (gap.start, gap.end)
}

/// Signatures other than those that fields lead to, each place once, last in the file first.
pub(super) fn search(file: &PdfFile<'_>, signatures: &[SignatureField]) -> Result<Vec<Orphan>, PdfError> {
    let hits = hits(file)?;
    let mut orphans: Vec<Orphan> = Vec::new();
    if hits.is_empty() {
        return Ok(orphans);
    }
    let places = places(file);
    let mut known = Known::of(file, signatures);
    // Of the place that was looked at last: the signature dictionary that stands there.
    let mut looked: Option<(u64, Option<Seen>)> = None;
    for hit in hits {
        if let Some((offset, (object, revision))) = places.range(..=hit).next_back() {
            let seen = match looked.take() {
                Some((at, seen)) if at == *offset => seen,
                _ => seen(file, *object, *revision)?,
            };
            let within = seen.as_ref().filter(|seen| seen.extent.contains(&hit));
            if let Some(within) = within {
                let is_same = within.gap.is_some_and(|gap| known.gaps.get(&gap) == Some(&within.kind));
                let is_fresh = known.places.insert(*offset) && !is_same && !known.failed.contains(&object.number);
                if is_fresh {
                    orphans.push(Orphan::Listed {
                        object: *object,
                        revision: *revision,
                    });
                }
                looked = Some((*offset, seen));
                continue;
            }
            looked = Some((*offset, seen));
        }
        if let Some(byte_range) = of_itself(file, hit)?
            && let hash_map::Entry::Vacant(gap) = known.gaps.entry(gap(&byte_range))
        {
            gap.insert(SignatureKind::Signature);
            orphans.push(Orphan::Unlisted(byte_range));
        }
    }
    Ok(orphans)
}

/// A signature dictionary where an entry says that an object is.
struct Seen {
    extent: Range<u64>,
    /// What it says that it leaves out.
    gap: Option<(u64, u64)>,
    kind: SignatureKind,
}

/// `None` for an object that looks like no signature dictionary.
fn seen(file: &PdfFile<'_>, object: Reference, revision: usize) -> Result<Option<Seen>, PdfError> {
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
    let extent = read.extent.clone().filter(|_| is_signature);
    let (byte_range, _) = coverage::byte_range(dictionary, file.length());
    let (gap, kind) = (byte_range.as_ref().map(gap), read::kind(dictionary));
    Ok(extent.map(|extent| Seen { extent, gap, kind }))
}

/// What the array after the key says, where it leads to a string with a signature: then it is of this file and none
/// that lies in it, and somebody signed the bytes around that string, whatever the revisions make of them.
fn of_itself(file: &PdfFile<'_>, hit: u64) -> Result<Option<ByteRange>, PdfError> {
    let start = hit + KEY.len() as u64;
    let array = start..(start + MAX_ARRAY_BYTES).min(file.length());
    let value = match file.reader.parse(array, |parser| parser.object()) {
        Ok(value) => value,
        Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
        Err(_) => return Ok(None),
    };
    let dictionary = Dictionary::new().with("ByteRange", value);
    let (byte_range, faults) = coverage::byte_range(&dictionary, file.length());
    let Some(byte_range) = byte_range.filter(|_| faults.is_empty()) else {
        return Ok(None);
    };
    let gap = byte_range.gap();
    if gap.end - gap.start < OPENING.len() as u64 + 1 {
        return Ok(None);
    }
    let opening = file.bytes(gap.start..gap.start + OPENING.len() as u64)?;
    let closing = file.bytes(gap.end - 1..gap.end)?;
    Ok((opening.as_ref() == OPENING && closing.as_ref() == b">").then_some(byte_range))
}

/// A hexadecimal string that begins with a SEQUENCE, as every signature does.
const OPENING: &[u8] = b"<30";

/// Whether a signature dictionary that a later revision put something else in the place of was ever filled: room that
/// was made for a signature and never used is nobody's.
pub(super) fn was_filled(signature: &SignatureField) -> bool {
    signature.signature != Err(ContentsFault::Empty)
}

/// Every offset that an entry of any revision names, with its object: the first that did, who wrote it there.
fn places(file: &PdfFile<'_>) -> BTreeMap<u64, (Reference, usize)> {
    let mut places = BTreeMap::new();
    for (index, revision) in file.revisions().iter().enumerate() {
        for (number, entry) in revision.entries() {
            if let Entry::InFile { offset, generation } = entry {
                places
                    .entry(offset)
                    .or_insert((Reference { number, generation }, index + 1));
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
