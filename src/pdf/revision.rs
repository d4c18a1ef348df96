//! Finds the revisions of a file from its end (ISO 32000-2, 7.5.6): each cross-reference section in the chain of `Prev`
//! makes one, except that the two sections of a linearised file (Annex F) make one together.
//!
//! What follows the last revision that can be followed is the tail: bytes that no cross-reference section accounts for.
//! Nothing is rebuilt by searching for objects.

use std::ops::Range;

use super::append::SectionKind;
use super::error::PdfError;
use super::limits::LimitReached;
use super::object::{Dictionary, Object, Reference};
use super::reader::Reader;
use super::xref::{self, Closing, Entry, Parting, Section};

/// How many `startxref` are tried from the end, so that a broken tail does not hide the revisions before it.
const CANDIDATES: usize = 16;
/// How many `startxref` without an offset and an end mark are passed over on the way; writers leave none.
const MISTAKEN: usize = 1_000;

/// One revision: what was written at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Its place in the file, in bytes; begins where the one before it ends, and ends after the line end that follows
    /// `%%EOF`.
    pub range: Range<u64>,
    /// Offset after `%%EOF` itself, in bytes: some signers cover no more.
    pub marker_end: u64,
    /// Offset of its cross-reference section, in bytes.
    pub startxref: u64,
    /// The form of that section.
    pub section: SectionKind,
    /// Its trailer, or the dictionary of its cross-reference stream.
    pub trailer: Dictionary,
    /// Sorted by object number, each number once.
    pub(super) entries: Vec<(u32, Entry)>,
    /// What of its section not every reader takes as it is taken here.
    pub(super) parting: Option<Parting>,
}

impl Revision {
    /// What its section says of an object; `None` when it lists it not at all.
    pub fn entry(&self, number: u32) -> Option<Entry> {
        let index = self.entries.binary_search_by_key(&number, |(listed, _)| *listed).ok()?;
        Some(self.entries[index].1)
    }

    /// All entries, by rising object number.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (u32, Entry)> {
        self.entries.iter().copied()
    }

    /// Whether its table hides objects from readers that know no cross-reference streams (ISO 32000-2, 7.5.8.4).
    pub fn is_hybrid(&self) -> bool {
        self.section == SectionKind::Table && self.trailer.get("XRefStm").is_some()
    }

    /// The document catalogue that its trailer names.
    pub fn root(&self) -> Option<Reference> {
        self.trailer.get("Root").and_then(Object::as_reference)
    }

    /// The `Size` that its trailer states, more than the highest object number (table 15); 0 where it states none.
    pub fn size(&self) -> u64 {
        self.trailer.get("Size").and_then(Object::as_unsigned).unwrap_or(0)
    }
}

/// The largest `Size` that one of these states.
pub(super) fn largest_size(revisions: &[Revision]) -> u64 {
    revisions.iter().map(Revision::size).max().unwrap_or(0)
}

/// What was found of a file's revisions.
pub(super) struct Scan {
    /// Oldest first, at least one; what follows the last is the tail.
    pub(super) revisions: Vec<Revision>,
    /// Why the last `startxref` of the file could not be followed, if it could not.
    pub(super) tail_fault: Option<PdfError>,
}

/// Finds the revisions of a file.
pub(super) fn scan(reader: &Reader<'_>) -> Result<Scan, PdfError> {
    let mut first_error = None;
    for closing in closings_from_end(reader)? {
        match chain(reader, closing.startxref) {
            Ok(revisions) => {
                return Ok(Scan {
                    revisions,
                    tail_fault: first_error,
                });
            }
            Err(error @ (PdfError::Encrypted | PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    Err(first_error.unwrap_or(PdfError::NoStartxref {
        searched: reader.limits.tail_bytes.min(reader.len()),
    }))
}

/// Every `startxref N %%EOF` in the last bytes of the file, last first.
fn closings_from_end(reader: &Reader<'_>) -> Result<Vec<Closing>, PdfError> {
    const WORD: &[u8] = b"startxref";
    const STEP: u64 = 1024;
    let earliest = reader.len().saturating_sub(reader.limits.tail_bytes);
    let mut found: Vec<Closing> = Vec::new();
    let mut mistaken = 0;
    let mut from = reader.len();
    while from > earliest && found.len() < CANDIDATES {
        let until = (from + WORD.len() as u64 - 1).min(reader.len());
        from = from.saturating_sub(STEP).max(earliest);
        let window = reader.bytes(from..until)?;
        for index in memchr::memmem::rfind_iter(&window, WORD) {
            if found.len() == CANDIDATES {
                break;
            }
            let at = from + index as u64;
            match reader.parse(at..reader.len(), xref::parse_closing) {
                Ok(closing) => found.push(closing),
                Err(PdfError::Syntax { .. }) if mistaken < MISTAKEN => mistaken += 1,
                Err(PdfError::Syntax { .. }) => {
                    let (unit, allowed) = ("startxref without an offset", MISTAKEN as u64);
                    return Err(LimitReached { unit, allowed }.into());
                }
                Err(other) => return Err(other),
            }
        }
    }
    Ok(found)
}

/// Follows `Prev` from the last section to the first.
fn chain(reader: &Reader<'_>, last: u64) -> Result<Vec<Revision>, PdfError> {
    let mut revisions = Vec::new();
    let mut entries_left = reader.limits.xref_entries;
    let mut offset = last;
    loop {
        if revisions.len() == reader.limits.revisions {
            let allowed = reader.limits.revisions as u64;
            return Err(LimitReached {
                unit: "revisions",
                allowed,
            }
            .into());
        }
        let section = xref::read(reader, offset, entries_left)?;
        let trailer = section.trailer.held_bytes();
        reader.usage.hold(&reader.limits, trailer)?;
        entries_left = entries_left.saturating_sub(section.entries.len());
        let previous = previous(&section)?;
        match previous {
            Some(previous) if previous > offset => {
                let main = xref::read(reader, previous, entries_left)?;
                revisions.push(linearised(section, main)?);
                break;
            }
            Some(previous) if previous == offset => return Err(PdfError::PreviousNotBefore { offset, previous }),
            Some(previous) => {
                revisions.push(single(section)?);
                offset = previous;
            }
            None => {
                revisions.push(single(section)?);
                break;
            }
        }
    }
    revisions.reverse();
    number(&mut revisions)?;
    Ok(revisions)
}

fn previous(section: &Section) -> Result<Option<u64>, PdfError> {
    let Some(previous) = section.trailer.get("Prev") else {
        return Ok(None);
    };
    let rule = "its Prev is not an offset";
    previous.as_unsigned().map(Some).ok_or(PdfError::Section {
        offset: section.offset,
        rule,
    })
}

/// A section that is closed by its own offset.
fn single(section: Section) -> Result<Revision, PdfError> {
    let closing = closing_of(&section)?;
    if closing.startxref != section.offset {
        let rule = "the startxref that follows names another section";
        return Err(PdfError::Section {
            offset: section.offset,
            rule,
        });
    }
    Ok(revision(section, closing))
}

fn closing_of(section: &Section) -> Result<Closing, PdfError> {
    section.closing.ok_or(PdfError::Section {
        offset: section.offset,
        rule: "startxref and %%EOF do not follow it",
    })
}

fn revision(section: Section, closing: Closing) -> Revision {
    let Section {
        offset,
        kind,
        trailer,
        entries,
        parting,
        ..
    } = section;
    let Closing { marker_end, end, .. } = closing;
    Revision {
        range: 0..end,
        marker_end,
        startxref: offset,
        section: kind,
        trailer,
        entries,
        parting,
    }
}

/// Annex F: the section of the first page stands at the beginning and names the main one at the end as the one before
/// it; the main one has none before it and is closed by an offset that leads back to the first. Which of the two
/// trailers names the catalogue readers do not agree on, so that both must name the same.
fn linearised(first: Section, main: Section) -> Result<Revision, PdfError> {
    let closing = closing_of(&main)?;
    if main.trailer.get("Prev").is_some() || closing.startxref != first.offset {
        return Err(PdfError::PreviousNotBefore {
            offset: first.offset,
            previous: main.offset,
        });
    }
    if main
        .trailer
        .get("Root")
        .is_some_and(|root| first.trailer.get("Root") != Some(root))
    {
        let (offset, rule) = (main.offset, "it names another Root than that of the first page");
        return Err(PdfError::Section { offset, rule });
    }
    let parting = first.parting.or(main.parting);
    let mut entries = first.entries;
    entries.extend(main.entries);
    entries.sort_unstable_by_key(|(number, _)| *number);
    if let Some(pair) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(PdfError::EntryTwice {
            offset: main.offset,
            number: pair[0].0,
        });
    }
    Ok(revision(
        Section {
            entries,
            parting,
            ..first
        },
        closing,
    ))
}

/// Lets each revision begin where the one before it ends, and checks that they follow one another in the file.
fn number(revisions: &mut [Revision]) -> Result<(), PdfError> {
    let mut start = 0;
    for revision in revisions {
        if revision.startxref < start {
            let rule = "it lies inside the revision before its own";
            return Err(PdfError::Section {
                offset: revision.startxref,
                rule,
            });
        }
        revision.range.start = start;
        start = revision.range.end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::file::PdfFile;
    use crate::pdf::limits::Limits;
    use crate::pdf::testing::document;

    #[test]
    fn startxref_without_an_offset_are_passed_over_up_to_a_number() {
        let with_mistaken = |count: usize| {
            let whole = document(SectionKind::Table, &["<</Type/Catalog>>"]);
            let bytes = [whole, b"startxref".repeat(count)].concat();
            PdfFile::open(&bytes, &Limits::UPLOAD).map(|file| file.revisions().len())
        };
        assert_eq!(with_mistaken(MISTAKEN), Ok(1));
        let reached = LimitReached {
            unit: "startxref without an offset",
            allowed: MISTAKEN as u64,
        };
        assert_eq!(with_mistaken(MISTAKEN + 1), Err(reached.into()));
    }

    #[test]
    fn the_revisions_before_many_broken_ends_are_found_up_to_a_number() {
        let with_broken = |count: usize| {
            let whole = document(SectionKind::Table, &["<</Type/Catalog>>"]);
            let bytes = [whole, b"startxref\n9\n%%EOF\n".repeat(count)].concat();
            PdfFile::open(&bytes, &Limits::UPLOAD).map(|file| file.revisions().len())
        };
        assert_eq!(with_broken(CANDIDATES - 1), Ok(1));
        assert!(with_broken(CANDIDATES).is_err());
    }
}
