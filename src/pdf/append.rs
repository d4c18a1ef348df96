//! Appends one revision to a document (ISO 32000-2, 7.5.6): the bytes before stay as they are.
//!
//! The new cross-reference section has the kind of the last one, and its trailer keeps every entry but `Prev` and
//! `XRefStm`. What is written are the appended bytes alone, so a document of any size is extended without being held; a
//! producer that knows the layout of what it just wrote says so in [`Known`] and nothing is parsed.

use std::collections::HashSet;

use thiserror::Error;

use super::object::{Dictionary, Object, Reference, Stream, StreamData};
use super::other_names;
use super::serialize;

/// Why a revision cannot be written.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WriteError {
    /// The cross-reference table has ten digits for an offset (ISO 32000-2, 7.5.4).
    #[error("an offset of {bytes} bytes does not fit the ten digits of a cross-reference entry")]
    TooLarge {
        /// The offset, in bytes.
        bytes: u64,
    },
    /// Infinity and NaN have no form in PDF.
    #[error("the number {value} has no form in PDF")]
    NotFinite {
        /// The number.
        value: f64,
    },
    /// A stream that still lies in the file that it was read from.
    #[error("the data of the stream are not held")]
    StreamNotHeld,
    /// A dictionary that was read with a doubled key.
    #[error("the dictionary has the key /{key} twice")]
    DuplicateKey {
        /// The key, without its solidus.
        key: String,
    },
    /// The same object was put into the revision twice.
    #[error("object {0} is in the revision already")]
    ObjectTwice(Reference),
    /// Object number 0, or one above what ISO 32000-1, C.2 allows.
    #[error("{0} is no object number")]
    ObjectNumber(u32),
    /// The document's trailer has no usable entry of that name.
    #[error("the trailer has no usable /{0}")]
    Trailer(&'static str),
    /// Bytes follow the document's last revision that no cross-reference section accounts for.
    #[error("the document has bytes after its last revision")]
    Tail,
    /// The entry is written by the reservation itself.
    #[error("the entry /{0} of a signature dictionary is not the caller's to set")]
    EntryReserved(&'static str),
    /// The signature needs more room than was reserved.
    #[error("a signature of {length} bytes does not fit the {reserved} bytes reserved")]
    SignatureTooLarge {
        /// Length of the signature, in bytes.
        length: usize,
        /// Reserved room, in bytes.
        reserved: usize,
    },
}

/// The form of a cross-reference section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// A table with a trailer (ISO 32000-2, 7.5.4), hybrid or not.
    Table,
    /// A cross-reference stream (ISO 32000-2, 7.5.8).
    Stream,
}

/// What has to be known of a document to append to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Length of the document, in bytes.
    pub length: u64,
    /// Offset of its last cross-reference section, in bytes.
    pub startxref: u64,
    /// The form of that section.
    pub section: SectionKind,
    /// Whether a line end follows its end-of-file marker. It belongs to the last revision, to which no byte may be
    /// added.
    pub is_line_ended: bool,
    /// Its trailer: `Size`, `Root`, `Info`, `ID` and whatever else; `Prev` and `XRefStm` are ignored.
    pub trailer: Dictionary,
}

impl Known {
    /// What the producer of a first revision knows; `size` is the number of the next free object.
    pub fn new(length: u64, startxref: u64, section: SectionKind, size: u32, root: Reference) -> Self {
        let trailer = Dictionary::new()
            .with("Size", Object::Integer(size.into()))
            .with("Root", Object::Reference(root));
        Self {
            length,
            startxref,
            section,
            is_line_ended: false,
            trailer,
        }
    }

    /// Names the information dictionary.
    #[must_use]
    pub fn info(mut self, info: Reference) -> Self {
        self.trailer.set("Info", Object::Reference(info));
        self
    }

    /// Gives the first half of the file identifier (ISO 32000-2, 14.4).
    #[must_use]
    pub fn id(mut self, permanent: &[u8]) -> Self {
        let half = Object::String(permanent.to_vec());
        self.trailer.set("ID", Object::Array(vec![half.clone(), half]));
        self
    }
}

/// One revision being written.
#[derive(Debug)]
pub struct Update {
    known: Known,
    next: u32,
    out: Vec<u8>,
    /// Objects with their offsets in the whole document.
    places: Vec<(Reference, u64)>,
    /// Their numbers.
    numbers: HashSet<u32>,
}

impl Update {
    /// Begins a revision after a document of known layout; an error if its trailer lacks `Size` or `Root`.
    pub fn known(known: Known) -> Result<Self, WriteError> {
        let size = known.trailer.get("Size").and_then(Object::as_integer);
        let next = size.and_then(|size| u32::try_from(size).ok()).filter(|size| *size > 0);
        known
            .trailer
            .get("Root")
            .and_then(Object::as_reference)
            .ok_or(WriteError::Trailer("Root"))?;
        let next = next.ok_or(WriteError::Trailer("Size"))?;
        let out = if known.is_line_ended { Vec::new() } else { vec![b'\n'] };
        Ok(Self {
            known,
            next,
            out,
            places: Vec::new(),
            numbers: HashSet::new(),
        })
    }

    /// Lets fresh objects have numbers above this one: an object of a number that the document refers to already would
    /// be what is missing there.
    pub fn number_beyond(&mut self, number: u32) {
        self.next = self.next.max(number.saturating_add(1));
    }

    /// A fresh object.
    pub fn allocate(&mut self) -> Reference {
        let reference = Reference::new(self.next);
        self.next = self.next.saturating_add(1);
        reference
    }

    /// Writes an object: a new one, or one that takes the place of an earlier one.
    pub fn put(&mut self, reference: Reference, value: &Object) -> Result<(), WriteError> {
        self.enter(reference)?;
        serialize::indirect(&mut self.out, reference, value)
    }

    /// Writes a fresh object and says which it became.
    pub fn add(&mut self, value: &Object) -> Result<Reference, WriteError> {
        let reference = self.allocate();
        self.put(reference, value)?;
        Ok(reference)
    }

    /// Ends the revision and gives the bytes to append. `changing_id` is the new second half of the file identifier
    /// (ISO 32000-2, 14.4); a document that had none gets it as both halves.
    pub fn finish(mut self, changing_id: &[u8]) -> Result<Vec<u8>, WriteError> {
        self.close(changing_id)?;
        Ok(self.out)
    }

    /// Length of the document before the revision, in bytes.
    pub fn base_length(&self) -> u64 {
        self.known.length
    }

    /// Length of the document with what was written of the revision, in bytes.
    pub fn length(&self) -> u64 {
        self.known.length + self.out.len() as u64
    }

    /// Notes that `reference` begins where the output stands.
    pub(super) fn enter(&mut self, reference: Reference) -> Result<(), WriteError> {
        if reference.number == 0 || reference.number > super::Limits::OBJECT_NUMBER {
            return Err(WriteError::ObjectNumber(reference.number));
        }
        if !self.numbers.insert(reference.number) {
            return Err(WriteError::ObjectTwice(reference));
        }
        let offset = self.length();
        self.places.push((reference, offset));
        self.next = self.next.max(reference.number.saturating_add(1));
        Ok(())
    }

    /// The appended bytes so far.
    pub(super) fn output(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    fn close(&mut self, changing_id: &[u8]) -> Result<(), WriteError> {
        let mut trailer = self.known.trailer.clone();
        trailer.remove("XRefStm");
        let previous = i64::try_from(self.known.startxref);
        trailer.set(
            "Prev",
            Object::Integer(previous.map_err(|_| WriteError::TooLarge {
                bytes: self.known.startxref,
            })?),
        );
        let changing = Object::String(changing_id.to_vec());
        let permanent = match trailer.get("ID").and_then(Object::as_array) {
            Some([permanent @ Object::String(_), ..]) => permanent.clone(),
            _ => changing.clone(),
        };
        trailer.set("ID", Object::Array(vec![permanent, changing]));
        let section = match self.known.section {
            SectionKind::Table => self.close_with_table(trailer)?,
            SectionKind::Stream => self.close_with_stream(trailer)?,
        };
        self.out.extend_from_slice(b"startxref\n");
        serialize::decimal(&mut self.out, section);
        self.out.extend_from_slice(b"\n%%EOF\n");
        Ok(())
    }

    /// ISO 32000-2, 7.5.4: entries of twenty bytes in runs of successive object numbers.
    fn close_with_table(&mut self, mut trailer: Dictionary) -> Result<u64, WriteError> {
        const TEN_DIGITS: u64 = 9_999_999_999;
        let section = self.length();
        self.places.sort_unstable();
        self.out.extend_from_slice(b"xref\n");
        for (first, offsets) in runs(&self.places) {
            self.out
                .extend_from_slice(format!("{first} {}\n", offsets.len()).as_bytes());
            for (reference, offset) in offsets {
                if *offset > TEN_DIGITS {
                    return Err(WriteError::TooLarge { bytes: *offset });
                }
                self.out
                    .extend_from_slice(format!("{offset:010} {:05} n \n", reference.generation).as_bytes());
            }
        }
        trailer.set("Size", Object::Integer(self.next.into()));
        self.out.extend_from_slice(b"trailer\n");
        serialize::object(&mut self.out, &Object::Dictionary(trailer))?;
        self.out.push(b'\n');
        Ok(section)
    }

    /// ISO 32000-2, 7.5.8: the stream lists itself too. Its few bytes are not compressed.
    fn close_with_stream(&mut self, mut trailer: Dictionary) -> Result<u64, WriteError> {
        let reference = self.allocate();
        self.enter(reference)?;
        let section = self.length();
        self.places.sort_unstable();
        let width = (64 - section.leading_zeros() as usize).div_ceil(8).max(1);
        let mut data = Vec::with_capacity(self.places.len() * (3 + width));
        for (reference, offset) in &self.places {
            data.push(1);
            data.extend_from_slice(&offset.to_be_bytes()[8 - width..]);
            data.extend_from_slice(&reference.generation.to_be_bytes());
        }
        let index = runs(&self.places)
            .flat_map(|(first, places)| [Object::Integer(first.into()), Object::Integer(places.len() as i64)])
            .collect();
        let of_data = ["Filter", "DecodeParms", "Length", "DL", other_names::ELSEWHERE];
        for key in of_data.into_iter().chain(other_names::OF_DECODING) {
            trailer.remove(key);
        }
        trailer.set("Type", Object::name("XRef"));
        trailer.set("Size", Object::Integer(self.next.into()));
        trailer.set("W", Object::Array([1, width as i64, 2].map(Object::Integer).to_vec()));
        trailer.set("Index", Object::Array(index));
        let stream = Stream {
            dictionary: trailer,
            data: StreamData::Held(data),
        };
        serialize::indirect(&mut self.out, reference, &Object::Stream(stream))?;
        Ok(section)
    }
}

/// Sorted places in runs of successive object numbers.
fn runs(places: &[(Reference, u64)]) -> impl Iterator<Item = (u32, &[(Reference, u64)])> {
    places
        .chunk_by(|(left, _), (right, _)| left.number + 1 == right.number)
        .filter_map(|run| run.first().map(|(first, _)| (first.number, run)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(section: SectionKind) -> Known {
        Known::new(1000, 900, section, 5, Reference::new(1)).id(&[1; 16])
    }

    #[test]
    fn a_table_has_runs_of_twenty_byte_entries() {
        let mut update = Update::known(known(SectionKind::Table)).unwrap();
        update.put(Reference::new(3), &Object::Integer(1)).unwrap();
        assert_eq!(update.add(&Object::Null).unwrap(), Reference::new(5));
        update.put(Reference::new(2), &Object::Boolean(true)).unwrap();
        let text = String::from_utf8(update.finish(&[2; 16]).unwrap()).unwrap();
        let table = "xref\n2 2\n0000001038 00000 n \n0000001001 00000 n \n5 1\n0000001018 00000 n \ntrailer\n";
        assert!(text.contains(table), "{text}");
        assert!(text.contains("/Prev 900") && text.contains("/Size 6") && text.contains("/Root 1 0 R"));
        let ids = format!("/ID [<{}> <{}>]", "01".repeat(16), "02".repeat(16));
        assert!(text.contains(&ids) && text.ends_with("%%EOF\n"));
    }

    #[test]
    fn a_stream_section_lists_itself() {
        let mut update = Update::known(known(SectionKind::Stream)).unwrap();
        update.add(&Object::Null).unwrap();
        let bytes = update.finish(&[2; 16]).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            text.contains("/Index [5 2]") && text.contains("/W [1 2 2]") && text.contains("/Size 7"),
            "{text}"
        );
        assert!(text.contains("startxref\n1021\n"), "{text}");
    }

    #[test]
    fn a_stream_section_is_decoded_by_nothing_of_the_one_before() {
        let mut known = known(SectionKind::Stream);
        for key in ["Filter", "DecodeParms", "DP", "F", "FFilter", "FDecodeParms", "DL"] {
            known.trailer.set(key, Object::Integer(1));
        }
        let bytes = Update::known(known).unwrap().finish(&[2; 16]).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            text.contains("/Type /XRef") && !text.contains("/DP") && !text.contains("/F"),
            "{text}"
        );
    }

    #[test]
    fn an_object_is_written_once() {
        let mut update = Update::known(known(SectionKind::Table)).unwrap();
        update.put(Reference::new(3), &Object::Null).unwrap();
        assert_eq!(
            update.put(Reference::new(3), &Object::Null),
            Err(WriteError::ObjectTwice(Reference::new(3)))
        );
        assert_eq!(
            update.put(Reference::new(0), &Object::Null),
            Err(WriteError::ObjectNumber(0))
        );
    }

    #[test]
    fn an_offset_beyond_ten_digits_is_refused() {
        let mut update = Update::known(Known {
            length: 9_999_999_999,
            ..known(SectionKind::Table)
        })
        .unwrap();
        update.add(&Object::Null).unwrap();
        assert_eq!(update.finish(&[]), Err(WriteError::TooLarge { bytes: 10_000_000_000 }));
    }

    #[test]
    fn a_trailer_without_size_is_refused() {
        let mut known = known(SectionKind::Table);
        known.trailer.remove("Size");
        assert_eq!(Update::known(known).unwrap_err(), WriteError::Trailer("Size"));
    }
}
