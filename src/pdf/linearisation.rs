//! Objects that readers take for the first of a file, and that say of it that it is linearised and how long it is (ISO
//! 32000-2, Annex F.3.3).

use super::characters::is_white;
use super::error::{PdfError, unless_stopped};
use super::file::PdfFile;
use super::object::Object;
use super::source::PIECE;

/// Bytes at the beginning of a file in which such an object is looked for wherever it stands. One that follows the
/// header and nothing but space and comments is found however long they are.
const BEGINNING: u64 = 1024;
/// Length of the header, `%PDF-1.7` (7.5.2): some readers begin behind it, on its line, which is a comment to others.
const HEADER: u64 = 8;

/// Such an object.
pub(super) struct Linearisation {
    pub(super) number: u32,
    /// What it says the length of the file is, in bytes; several where its key is there more than once. `None` where it
    /// may say anything: it cannot be read here, but perhaps elsewhere.
    pub(super) lengths: Option<Vec<u64>>,
    /// Offset after its value.
    pub(super) end: u64,
}

impl Linearisation {
    /// Whether it may say that the file is longer than this.
    pub(super) fn may_exceed(&self, end: u64) -> bool {
        let lengths = self.lengths.as_ref();
        lengths.is_none_or(|lengths| lengths.iter().any(|length| *length > end))
    }
}

impl PdfFile<'_> {
    /// All of them.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn linearisations(&self) -> Result<Vec<Linearisation>, PdfError> {
        let beginning = 0..self.length().min(BEGINNING);
        let heads = self.heads(beginning, |_, _| false)?.into_iter();
        let heads = heads.map(|(offset, reference)| (offset, reference.number));
        let first = [(self.past_space(0)?, 0), (self.past_space(HEADER)?, 0)];
        let mut places: Vec<(u64, u32)> = heads.chain(first).collect();
        // Of one place the number that was read there.
        places.sort_unstable_by_key(|(offset, number)| (*offset, *number == 0));
        places.dedup_by_key(|(offset, _)| *offset);
        let mut found = Vec::new();
        for (place, number) in places {
            // All of it is counted in bytes.
            let read = self.reader.usage.with_values_apart(|| {
                self.reader.parse(place..self.length(), |parser| {
                    parser.skip_space()?;
                    let reference = parser.header()?;
                    let value = parser.object()?;
                    Ok((reference.number, value, parser.offset()))
                })
            });
            let Some((number, value, end)) = unless_stopped(read)? else {
                if self.may_be_linearisation(place)? {
                    let (lengths, end) = (None, place);
                    found.push(Linearisation { number, lengths, end });
                }
                continue;
            };
            let Object::Dictionary(dictionary) = value else {
                continue;
            };
            if dictionary.get("Linearized").is_some() {
                let replaced = dictionary.duplicates().iter().filter(|(key, _)| *key == *"L");
                let lengths = replaced.map(|(_, value)| value).chain(dictionary.get("L"));
                let lengths = lengths.filter_map(Object::as_number).map(|length| length as u64);
                found.push(Linearisation {
                    number,
                    lengths: Some(lengths.collect()),
                    end,
                });
            }
        }
        Ok(found)
    }

    /// Where that ends from there on which to one reader or another is white space or a comment.
    fn past_space(&self, from: u64) -> Result<u64, PdfError> {
        let (mut place, mut in_comment) = (from.min(self.length()), false);
        while place < self.length() {
            let end = place.saturating_add(PIECE).min(self.length());
            for byte in self.reader.bytes(place..end)?.iter() {
                match byte {
                    b'\r' | b'\n' => in_comment = false,
                    b'%' => in_comment = true,
                    byte if in_comment || is_white(*byte) || matches!(byte, 0x80 | 0xff) => {}
                    _ => return Ok(place),
                }
                place += 1;
            }
        }
        Ok(place)
    }

    /// Whether what cannot be read from there on begins with a number and has the key, which may be written in signs.
    fn may_be_linearisation(&self, place: u64) -> Result<bool, PdfError> {
        let end = place.saturating_add(BEGINNING).min(self.length());
        let bytes = self.reader.bytes(place..end)?;
        let has_key = memchr::memchr(b'#', &bytes).is_some() || memchr::memmem::find(&bytes, b"Linearized").is_some();
        Ok(has_key
            && bytes
                .first()
                .is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(byte)))
    }
}
