//! Reserves room for a signature and fills it (ISO 32000-2, 12.8.1 and 12.8.3.3.1).
//!
//! The room is exact: `Contents` has two digits for each reserved byte, and the numbers of `ByteRange` are followed by
//! spaces, so that filling moves nothing. What is hashed is everything but the `Contents` string with its brackets.

use std::ops::Range;

use crate::pdf::append::{Update, WriteError};
use crate::pdf::object::{Dictionary, Reference};
use crate::pdf::serialize;

/// `[0 ` and three numbers of ten digits with two spaces and `]`: right up to the ten digits of a cross-reference
/// table.
const BYTE_RANGE_WIDTH: usize = 3 + 3 * 10 + 2 + 1;

/// Ends an update with a signature dictionary: its `entries` without `ByteRange` and `Contents`, and room for a
/// signature of `contents_bytes` bytes. `changing_id` is the new second half of the file identifier.
pub fn reserve(
    mut update: Update,
    signature: Reference,
    entries: &Dictionary,
    contents_bytes: usize,
    changing_id: &[u8],
) -> Result<Reserved, WriteError> {
    for key in ["ByteRange", "Contents"] {
        if entries.get(key).is_some() {
            return Err(WriteError::EntryReserved(key));
        }
    }
    let base = update.base_length();
    update.enter(signature)?;
    let out = update.output();
    serialize::begin_indirect(out, signature);
    out.extend_from_slice(b"<<");
    serialize::entries(out, entries)?;
    out.extend_from_slice(b"/ByteRange ");
    let numbers = out.len();
    out.resize(numbers + BYTE_RANGE_WIDTH, b' ');
    out.extend_from_slice(b"/Contents ");
    let start = out.len();
    out.push(b'<');
    out.resize(start + 1 + 2 * contents_bytes, b'0');
    out.push(b'>');
    let gap = start..out.len();
    out.extend_from_slice(b">>\nendobj\n");
    let appended = update.finish(changing_id)?;
    let mut reserved = Reserved { base, appended, gap };
    reserved.write_byte_range(numbers)?;
    Ok(reserved)
}

/// A document whose signature dictionary waits for its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// Length of the document before the appended revision, in bytes.
    base: u64,
    appended: Vec<u8>,
    /// The `Contents` string with its brackets, as a range of `appended`.
    gap: Range<usize>,
}

impl Reserved {
    /// The two ranges of the whole document that the signature covers, in bytes.
    pub fn signed_ranges(&self) -> [Range<u64>; 2] {
        let total = self.base + self.appended.len() as u64;
        [
            0..self.base + self.gap.start as u64,
            self.base + self.gap.end as u64..total,
        ]
    }

    /// The bytes of the appended revision to hash, in order, after those of the document before it.
    pub fn signed_bytes(&self) -> [&[u8]; 2] {
        [&self.appended[..self.gap.start], &self.appended[self.gap.end..]]
    }

    /// Room for the signature, in bytes.
    pub fn capacity(&self) -> usize {
        (self.gap.len() - 2) / 2
    }

    /// The bytes to append, as they would be with a signature: an empty value of DER stands for it.
    pub fn preview(&self) -> Result<Vec<u8>, WriteError> {
        self.clone().fill(&[0x30, 0])
    }

    /// Puts the signature in place and gives the bytes to append to the document. One that does not fit is an error,
    /// never cut.
    pub fn fill(mut self, signature: &[u8]) -> Result<Vec<u8>, WriteError> {
        let reserved = self.capacity();
        if signature.len() > reserved {
            return Err(WriteError::SignatureTooLarge {
                length: signature.len(),
                reserved,
            });
        }
        let mut digits = Vec::new();
        serialize::hexadecimal(&mut digits, signature);
        let start = self.gap.start + 1;
        self.appended[start..start + digits.len()].copy_from_slice(&digits);
        Ok(self.appended)
    }

    fn write_byte_range(&mut self, at: usize) -> Result<(), WriteError> {
        let [first, second] = self.signed_ranges();
        let text = format!("[0 {} {} {}]", first.end, second.start, second.end - second.start);
        if text.len() > BYTE_RANGE_WIDTH {
            return Err(WriteError::TooLarge { bytes: second.end });
        }
        self.appended[at..at + text.len()].copy_from_slice(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::{Known, SectionKind};
    use crate::pdf::object::Object;

    fn reserved(length: u64, contents_bytes: usize) -> Result<Reserved, WriteError> {
        let known = Known::new(length, 9, SectionKind::Table, 5, Reference::new(1));
        let entries = Dictionary::new().with("Type", Object::name("Sig"));
        reserve(
            Update::known(known).unwrap(),
            Reference::new(5),
            &entries,
            contents_bytes,
            &[7; 16],
        )
    }

    #[test]
    fn the_gap_is_the_contents_with_brackets() {
        let reserved = reserved(100, 4).unwrap();
        let [first, second] = reserved.signed_ranges();
        let text = String::from_utf8(reserved.clone().fill(&[0xab, 0xcd]).unwrap()).unwrap();
        let gap = &text[(first.end - 100) as usize..(second.start - 100) as usize];
        assert_eq!(gap, "<abcd0000>");
        assert!(text.contains(&format!(
            "/ByteRange [0 {} {} {}]",
            first.end,
            second.start,
            second.end - second.start
        )));
        assert_eq!(second.end, 100 + text.len() as u64);
        assert_eq!(reserved.signed_bytes().concat().len(), text.len() - gap.len());
    }

    #[test]
    fn numbers_of_ten_digits_have_room() {
        let text = String::from_utf8(reserved(9_999_990_000, 4).unwrap().fill(&[]).unwrap()).unwrap();
        assert!(text.contains("/ByteRange [0 99999"), "{text}");
    }

    #[test]
    fn a_signature_that_does_not_fit_is_refused() {
        let error = reserved(100, 4).unwrap().fill(&[0; 5]).unwrap_err();
        assert_eq!(error, WriteError::SignatureTooLarge { length: 5, reserved: 4 });
    }

    #[test]
    fn entries_of_the_reservation_are_not_the_callers() {
        let known = Known::new(100, 9, SectionKind::Table, 5, Reference::new(1));
        let entries = Dictionary::new().with("Contents", Object::String(vec![]));
        let error = reserve(Update::known(known).unwrap(), Reference::new(5), &entries, 4, &[]).unwrap_err();
        assert_eq!(error, WriteError::EntryReserved("Contents"));
    }
}
