//! Where an object or a trailer begins for a reader that does not follow the cross-reference sections but searches the
//! bytes of a file, as many do where they cannot take a section: `N G obj`, and `trailer` with its dictionary.
//!
//! White space and comments may stand between the words. What stands inside strings and the data of streams is found as
//! well: such a reader does not know where it is.

use std::ops::Range;

use super::characters::is_white;
use super::error::PdfError;
use super::file::PdfFile;
use super::object::Reference;

/// Longest `N G obj`, or `trailer` up to its dictionary, that is searched for, in bytes.
const HEAD: usize = 256;
/// White space before an object that an entry may lead to in its place, in bytes. Some writers count the line end
/// before an object to it, and readers pass over that.
const BLANK: usize = 16;

impl PdfFile<'_> {
    /// Where `N G obj` stands in a range of the bytes, rising, except where `is_known` says so, of its first byte or
    /// the white space right before it.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn heads(
        &self,
        range: Range<u64>,
        is_known: impl Fn(u64, Reference) -> bool,
    ) -> Result<Vec<(u64, Reference)>, PdfError> {
        let (mut heads, mut stopped) = (Vec::<(u64, Reference)>::new(), Ok(()));
        let overlap = (HEAD + BLANK) as u64;
        self.reader.pieces(range.clone(), overlap, |start, piece| {
            for at in memchr::memmem::find_iter(piece, b"obj") {
                let is_last = start + piece.len() as u64 == range.end;
                let goes_on = piece.get(at + 3).map_or(!is_last, u8::is_ascii_alphanumeric);
                // What begins a piece was seen in the one before it, with the white space before it.
                let Some((first, reference)) =
                    head_before(&piece[..at]).filter(|(first, _)| start == range.start || *first > BLANK)
                else {
                    continue;
                };
                let offset = start + first as u64;
                let is_new = heads.last().is_none_or(|(last, _)| *last < offset);
                let before = piece[..first].iter().rev().take(BLANK);
                let blank = before.take_while(|byte| is_white(**byte)).count() as u64;
                let is_led_to = |mut from: Range<u64>| from.any(|from| is_known(from, reference));
                if !goes_on && is_new && stopped.is_ok() && !is_led_to(offset - blank..offset + 1) {
                    stopped = self.count_step();
                    heads.push((offset, reference));
                }
            }
        })?;
        stopped?;
        Ok(heads)
    }

    /// Where `trailer` stands before a dictionary in a range of the bytes, rising.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn trailers(&self, range: Range<u64>) -> Result<Vec<u64>, PdfError> {
        const WORD: &[u8] = b"trailer";
        let (mut found, mut stopped) = (Vec::<u64>::new(), Ok(()));
        self.reader.pieces(range, HEAD as u64, |start, piece| {
            for at in memchr::memmem::find_iter(piece, WORD) {
                let offset = start + at as u64;
                let is_new = found.last().is_none_or(|last| *last < offset);
                if is_new && stopped.is_ok() && is_before_dictionary(&piece[at + WORD.len()..]) {
                    stopped = self.count_step();
                    found.push(offset);
                }
            }
        })?;
        stopped?;
        Ok(found)
    }
}

/// Whether a dictionary begins here, behind white space and comments.
fn is_before_dictionary(mut bytes: &[u8]) -> bool {
    loop {
        bytes = bytes.trim_ascii_start();
        match bytes.first() {
            Some(0) => bytes = &bytes[1..],
            Some(b'%') => match bytes.iter().position(|byte| is_line_end(*byte)) {
                Some(end) => bytes = &bytes[end..],
                None => return false,
            },
            _ => return bytes.starts_with(b"<<"),
        }
    }
}

/// The numbers that stand before the word `obj`, and where they begin.
fn head_before(bytes: &[u8]) -> Option<(usize, Reference)> {
    let bytes_from = bytes.len().saturating_sub(HEAD - 4);
    let bytes = &bytes[bytes_from..];
    ends_before(bytes).find_map(|end| {
        let (start, generation) = number_before(&bytes[..end])?;
        let generation = u16::try_from(generation).ok()?;
        let gap = &bytes[..start];
        let mut ends = ends_before(gap).filter(|end| *end < gap.len());
        let (start, number) = ends.find_map(|end| number_before(&gap[..end]))?;
        Some((bytes_from + start, Reference { number, generation }))
    })
}

/// The number that ends these bytes, and where it begins.
fn number_before(bytes: &[u8]) -> Option<(usize, u32)> {
    let before = bytes.iter().rposition(|byte| !byte.is_ascii_digit());
    let start = before.map_or(0, |before| before + 1);
    let digits = std::str::from_utf8(&bytes[start..]).ok()?;
    Some((start, digits.parse().ok()?))
}

/// Where a word may end before the end of these bytes: before white space, and before the comments that may follow it.
/// Whether a line is a comment nobody can say who has not read from the beginning.
fn ends_before(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut next = Some(bytes.len());
    std::iter::from_fn(move || {
        let until = next?;
        let end = bytes[..until]
            .iter()
            .rposition(|byte| !is_white(*byte))
            .map_or(0, |last| last + 1);
        let is_line = bytes[end..until].iter().any(|byte| is_line_end(*byte));
        let line = bytes[..end].iter().rposition(|byte| is_line_end(*byte));
        let line = line.map_or(0, |before| before + 1);
        let comment = bytes[line..end].iter().position(|byte| *byte == b'%');
        next = comment.filter(|_| is_line).map(|comment| line + comment);
        Some(end)
    })
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, id, open};
    use crate::pdf::{Limits, ReadAt};

    /// A source that is not in memory.
    struct Slow(Vec<u8>);

    impl ReadAt for Slow {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
            self.0.read_at(offset, buffer)
        }
    }

    #[test]
    fn an_object_is_known_by_the_white_space_before_it_wherever_pieces_end() {
        const PIECE: usize = 128 << 10;
        for place in PIECE - 300..PIECE + 20 {
            let mut bytes = document(SectionKind::Table, &["<</Type/Catalog>>"]);
            let start = bytes.len();
            bytes.resize(start + place, b'.');
            bytes.extend_from_slice(b"\r\n 4 0 obj null endobj");
            bytes.resize(start + 2 * PIECE, b'.');
            let source = Slow(bytes);
            let file = PdfFile::open(&source, &Limits::UPLOAD).unwrap();
            let (start, at) = (start as u64, (start + place) as u64);
            let heads = |known: u64| {
                let known = |offset, reference| (offset, reference) == (known, id(4));
                file.heads(start..source.len(), known).unwrap()
            };
            for known in at..=at + 3 {
                assert_eq!(heads(known), [], "{place}");
            }
            assert_eq!(heads(at - 1), [(at + 3, id(4))], "{place}");
        }
    }

    #[test]
    fn numbers_before_obj_are_found_across_white_space_and_comments() {
        let is = |text: &str, expected: Option<usize>| {
            let found = head_before(text.as_bytes());
            assert_eq!(found, expected.map(|start| (start, id(4))), "{text}");
        };
        is("4 0 ", Some(0));
        is("endobj4 0", Some(6));
        is("x 4\r\n\t0\0", Some(2));
        is("4 %of the page\n0 %9\r %again\n", Some(0));
        is("4%\n0%\n", Some(0));
        is("4 0 %", None);
        is("40 ", None);
        is("4 R ", None);
    }

    #[test]
    fn a_trailer_is_found_where_a_dictionary_follows() {
        let with = |text: &str| {
            let mut bytes = document(SectionKind::Stream, &["<</Type/Catalog>>"]);
            let end = bytes.len() as u64;
            bytes.extend_from_slice(text.as_bytes());
            let file = open(&bytes);
            let found = file.trailers(end..bytes.len() as u64).unwrap();
            found.iter().map(|offset| offset - end).collect::<Vec<_>>()
        };
        assert_eq!(with(" trailer<<>>"), [1]);
        assert_eq!(with("trailer \0%a\n\n<<>>trailer\r<<"), [0, 17]);
        assert_eq!(with("http://trailer.example/ trailer (<<)"), [0; 0]);
    }
}
