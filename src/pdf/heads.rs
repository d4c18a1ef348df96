//! Where an object or a trailer begins for a reader that does not follow the cross-reference sections but searches the
//! bytes of a file, as many do where they cannot take a section: `N G obj`, and `trailer` with its dictionary.
//!
//! However much white space and however many comments may stand between the words. What stands inside strings and the
//! data of streams is found as well: such a reader does not know where it is. Readers take more for a number than the
//! standard does (ISO 32000-2, 7.3.3), and not all of it; every number that one of them reads there is one here.

use std::borrow::Cow;
use std::ops::Range;

use super::characters::is_white;
use super::error::{PdfError, unless_stopped};
use super::file::PdfFile;
use super::object::Reference;
use super::parser::Fault;
use super::reader::Reader;

/// What ends a head.
const WORD: &[u8] = b"obj";
/// White space before an object that an entry may lead to in its place, in bytes. Some writers count the line end
/// before an object to it, and readers pass over that.
const BLANK: u64 = 16;
/// Bytes that are held at once around what is looked at of a head: half of them serve the heads that follow.
const WINDOW: u64 = 64 << 10;
/// Bytes of a number that readers hold, beyond which they go by what they have.
const HELD_DIGITS: [usize; 2] = [255, 256];

impl PdfFile<'_> {
    /// Where `N G obj` stands that ends in a range of the bytes, rising, except where `is_known` says so, of its
    /// first byte or the white space right before it.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn heads(
        &self,
        range: Range<u64>,
        is_known: impl Fn(u64, Reference) -> bool,
    ) -> Result<Vec<(u64, Reference)>, PdfError> {
        let (mut heads, mut stopped) = (Vec::new(), Ok(()));
        let (mut passed, mut behind) = (range.start, Behind::new(&self.reader));
        self.reader
            .pieces(range.clone(), WORD.len() as u64 + 1, |start, piece| {
                for at in memchr::memmem::find_iter(piece, WORD) {
                    let (word, next) = (start + at as u64, piece.get(at + WORD.len()));
                    // What the piece does not show whole stands in the next one.
                    let is_cut = next.is_none() && word + (WORD.len() as u64) < range.end;
                    let goes_on = next.is_some_and(u8::is_ascii_alphanumeric);
                    let before = at.checked_sub(1).map(|before| piece[before]);
                    let follows = before.is_none_or(|before| is_numeric(before) || is_gap(before));
                    if word >= passed && !is_cut && !goes_on && follows && stopped.is_ok() {
                        passed = word + WORD.len() as u64;
                        stopped = behind.each_head(word, &mut |mut from, reference| {
                            let start = from.end - 1;
                            if !from.any(|from| is_known(from, reference)) {
                                self.count_step()?;
                                heads.push((start, reference));
                            }
                            Ok(())
                        });
                    }
                }
            })?;
        stopped?;
        heads.sort_unstable();
        heads.dedup();
        Ok(heads)
    }

    /// Where `trailer` stands before a dictionary in a range of the bytes, rising.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn trailers(&self, range: Range<u64>) -> Result<Vec<u64>, PdfError> {
        const WORD: &[u8] = b"trailer";
        let (mut found, mut stopped) = (Vec::<u64>::new(), Ok(()));
        self.reader.pieces(range.clone(), WORD.len() as u64, |start, piece| {
            for at in memchr::memmem::find_iter(piece, WORD) {
                let offset = start + at as u64;
                let is_new = found.last().is_none_or(|last| *last < offset);
                if is_new && stopped.is_ok() {
                    stopped = self
                        .is_before_dictionary(offset + WORD.len() as u64)
                        .and_then(|is_trailer| {
                            self.count_step()?;
                            found.extend(is_trailer.then_some(offset));
                            Ok(())
                        });
                }
            }
        })?;
        stopped?;
        Ok(found)
    }

    /// Whether a dictionary begins at an offset, behind white space and comments.
    fn is_before_dictionary(&self, offset: u64) -> Result<bool, PdfError> {
        let begins = |found| match found {
            Err(Fault::Syntax { .. }) => Ok(false),
            found => found.map(|()| true),
        };
        let read = self.reader.parse(offset..self.length(), |parser| {
            parser.skip_space()?;
            begins(parser.literal(b"<<", "a dictionary"))
        });
        Ok(unless_stopped(read)?.unwrap_or(false))
    }
}

/// The bytes before a place, from there to the beginning of the file.
struct Behind<'r, 's> {
    reader: &'r Reader<'s>,
    window: Cow<'s, [u8]>,
    /// Offset of the window.
    start: u64,
    /// Bytes that were looked at since they were counted.
    examined: u64,
}

/// Is shown a head: where the white space before it begins, up to its first byte.
type Visit<'v, 'b> = &'v mut (dyn FnMut(Range<u64>, Reference) -> Result<(), PdfError> + 'b);

impl<'r, 's> Behind<'r, 's> {
    fn new(reader: &'r Reader<'s>) -> Self {
        Self {
            reader,
            window: Cow::Borrowed(&[]),
            start: 0,
            examined: 0,
        }
    }

    /// Shows every head that ends before the word at an offset. Between two such words no byte is looked at more than a
    /// few times, wherever comments may begin; what is looked at counts.
    fn each_head(&mut self, word: u64, visit: Visit<'_, '_>) -> Result<(), PdfError> {
        self.each_end(word, &mut |behind, end| {
            let (start, digits) = behind.number(end)?;
            let generation = numbers(&digits).next().map(u16::try_from);
            let generation = generation.and_then(Result::ok).unwrap_or(u16::MAX);
            behind.each_end(start, &mut |behind, end| {
                let (start, digits) = behind.number(end)?;
                let start = start + (digits.len() - trailing_digits(&digits).len()) as u64;
                let mut blank = start;
                while start - blank < BLANK && behind.before(blank)?.is_some_and(is_white) {
                    blank -= 1;
                }
                numbers(&digits).try_for_each(|number| visit(blank..start + 1, Reference { number, generation }))
            })
        })?;
        let examined = std::mem::take(&mut self.examined);
        Ok(self.reader.usage.lexed(&self.reader.limits, examined)?)
    }

    /// Shows where a number may end from which nothing but white space and comments leads to an offset: whether a line
    /// holds a comment, and from where on, nobody can say who has not read from the beginning.
    fn each_end(
        &mut self,
        offset: u64,
        visit: &mut dyn FnMut(&mut Self, u64) -> Result<(), PdfError>,
    ) -> Result<(), PdfError> {
        let mut end = offset;
        loop {
            let (text, is_line) = self.white_before(end)?;
            if self.before(text)?.is_some_and(is_numeric) {
                visit(self, text)?;
            }
            if !is_line {
                return Ok(());
            }
            let mut place = text;
            end = loop {
                match self.before(place)? {
                    None | Some(b'\r' | b'\n') => return Ok(()),
                    Some(b'%') => {
                        let (text, begins_line) = self.white_before(place - 1)?;
                        if begins_line {
                            break place - 1;
                        }
                        if self.before(text)?.is_some_and(is_numeric) {
                            visit(self, text)?;
                        }
                    }
                    Some(_) => {}
                }
                place -= 1;
            };
        }
    }

    /// Where the white space begins that ends at an offset, and whether a line ends in it.
    fn white_before(&mut self, offset: u64) -> Result<(u64, bool), PdfError> {
        let (mut start, mut is_line) = (offset, false);
        while let Some(byte) = self.before(start)?.filter(|byte| is_gap(*byte)) {
            is_line |= matches!(byte, b'\r' | b'\n');
            start -= 1;
        }
        Ok((start, is_line))
    }

    /// Where the number begins that ends at an offset, and its characters.
    fn number(&mut self, end: u64) -> Result<(u64, Cow<'s, [u8]>), PdfError> {
        let mut start = end;
        while self.before(start)?.is_some_and(is_numeric) {
            start -= 1;
        }
        let held = start
            .checked_sub(self.start)
            .map(|from| from as usize..(end - self.start) as usize);
        match held.and_then(|held| self.window.get(held)) {
            Some(held) => Ok((start, Cow::Owned(held.to_vec()))),
            None => Ok((start, self.reader.bytes(start..end)?)),
        }
    }

    /// The byte that ends at an offset.
    fn before(&mut self, offset: u64) -> Result<Option<u8>, PdfError> {
        let Some(place) = offset.checked_sub(1) else {
            return Ok(None);
        };
        self.examined += 1;
        let held = self.start..self.start + self.window.len() as u64;
        if !held.contains(&place) {
            self.start = offset.saturating_sub(WINDOW / 2);
            let end = (offset + WINDOW / 2).min(self.reader.len());
            self.window = self.reader.bytes(self.start..end)?;
        }
        Ok(self.window.get((place - self.start) as usize).copied())
    }
}

/// White space, to one reader at least.
fn is_gap(byte: u8) -> bool {
    is_white(byte) || matches!(byte, 0x80 | 0xff)
}

/// A digit, a sign or a point.
fn is_numeric(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.')
}

/// The numbers of objects that readers take for what these characters say: its last digits, or its first, or as many of
/// them as they hold.
fn numbers(characters: &[u8]) -> impl Iterator<Item = u32> {
    let unsigned = characters.iter().take_while(|byte| matches!(byte, b'+' | b'-'));
    let first = &characters[unsigned.count()..];
    let digits = first.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = &first[..digits];
    let last = trailing_digits(characters);
    let cut = HELD_DIGITS.map(|held| &characters[..held.min(characters.len())]);
    [last, first, cut[0], cut[1]].into_iter().filter_map(value)
}

/// The digits that end these characters.
fn trailing_digits(characters: &[u8]) -> &[u8] {
    let before = characters.iter().rposition(|byte| !byte.is_ascii_digit());
    &characters[before.map_or(0, |before| before + 1)..]
}

fn value(digits: &[u8]) -> Option<u32> {
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    match std::str::from_utf8(&digits[leading..]).ok()? {
        "" if leading > 0 => Some(0),
        digits => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::{LimitReached, Limits};
    use crate::pdf::source::{PIECE, ReadAt};
    use crate::pdf::testing::{Slow, document, id, open, stream};

    /// A document with something behind its end, where it is read from, and where that begins.
    fn with(text: &str) -> (Vec<u8>, u64) {
        // What closes it has a number, which a comment follows.
        let bytes = [&document(SectionKind::Stream, &["<</Type/Catalog>>"])[..], b"x\n"].concat();
        let end = bytes.len() as u64;
        ([&bytes, text.as_bytes()].concat(), end)
    }

    fn heads(text: &str) -> Vec<(u64, Reference)> {
        let (bytes, end) = with(text);
        let heads = open(&bytes).heads(end..bytes.len() as u64, |_, _| false).unwrap();
        heads.into_iter().map(|(offset, of)| (offset - end, of)).collect()
    }

    #[test]
    fn numbers_before_obj_are_found_across_white_space_and_comments() {
        for (text, place) in [
            ("4 0 obj", 0),
            ("endobj4 0obj<<", 6),
            ("x 4\r\n\t0\0obj ", 2),
            ("4 %of the page\n0 %9\r %again\nobj", 0),
            ("4%\n0%\nobj", 0),
            ("%4 0 obj", 1),
            ("% 4 %a\n\n%b\n 0 obj", 2),
        ] {
            assert_eq!(heads(text), [(place, id(4))], "{text}");
        }
        for text in ["4 0 %obj", "40 obj", "4 R obj", "4 0 object", "4 0\nx obj", "obj"] {
            assert_eq!(heads(text), [], "{text}");
        }
        assert_eq!(heads("4 %5\n0 obj"), [(0, id(4)), (3, id(5))], "a comment, or none");
    }

    #[test]
    fn numbers_before_obj_are_found_however_far_they_stand() {
        let blanks = " ".repeat(200_000);
        let comments = format!("%{}\n", "%9 x".repeat(10)).repeat(3_000);
        for gap in [blanks, comments] {
            assert_eq!(heads(&format!("4 {gap}0 {gap}obj")), [(0, id(4))]);
        }
    }

    #[test]
    fn a_head_is_that_of_every_number_that_a_reader_takes_it_for() {
        let numbers = |text: &str| {
            let mut found: Vec<u32> = heads(text).iter().map(|(_, of)| of.number).collect();
            found.sort_unstable();
            found
        };
        assert_eq!(numbers("+4 0 obj"), [4]);
        assert_eq!(numbers("4.7 0 obj"), [4, 7]);
        assert_eq!(numbers("4. +0. obj"), [4]);
        assert_eq!(numbers(&format!("{:0256}5 0 obj", 4)), [0, 4, 45]);
        assert_eq!(
            numbers("4\u{80}0 obj"),
            [0; 0],
            "two bytes of UTF-8 are more than white space"
        );
    }

    #[test]
    fn a_head_is_found_once_wherever_the_pieces_end_that_are_read() {
        let count = 2 * PIECE as usize / 8;
        for blanks in 0..8 {
            let filling = format!("x{}{}", " ".repeat(blanks), "4 0 obj\n".repeat(count));
            let source = Slow(document(
                SectionKind::Table,
                &["<</Type/Catalog>>", &stream("", &filling)],
            ));
            let file = PdfFile::open(&source, &Limits::UPLOAD).unwrap();
            let heads = file.heads(0..source.len(), |_, _| false).unwrap();
            assert_eq!(heads.iter().filter(|(_, of)| *of == id(4)).count(), count);
            assert_eq!(heads.len(), count + 2);
        }
    }

    #[test]
    fn an_object_is_known_by_the_white_space_before_it_wherever_pieces_end() {
        for place in [
            PIECE as usize - 20,
            PIECE as usize - 9,
            PIECE as usize + 7,
            3 * WINDOW as usize,
        ] {
            let (mut bytes, start) = with(&".".repeat(place));
            bytes.extend_from_slice(b"\r\n 4 0 obj null endobj");
            bytes.resize(start as usize + 2 * PIECE as usize, b'.');
            let source = Slow(bytes);
            let file = PdfFile::open(&source, &Limits::UPLOAD).unwrap();
            let at = start + place as u64;
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
    fn bytes_before_many_ends_of_heads_are_looked_at_a_few_times() {
        let examined = |text: &str, count: usize| {
            let (bytes, end) = with(&text.repeat(count));
            let lexed_bytes = 12 * (bytes.len() as u64);
            let limits = Limits {
                lexed_bytes,
                ..Limits::UPLOAD
            };
            let file = PdfFile::open(&bytes, &limits).unwrap();
            file.heads(end..bytes.len() as u64, |_, _| false)
                .map(|found| found.len())
        };
        for text in [
            "obj",
            " 0obj",
            "%a\n \nobj",
            "%\nobj%\n",
            "% obj\n",
            " 0%\n",
            "1%",
            "obj 0%9\n",
        ] {
            assert!(examined(text, 100_000).is_ok(), "{text}");
        }
        let reached = LimitReached {
            unit: "bytes read as objects",
            allowed: 100,
        };
        let (bytes, end) = with(&format!("4{}0 obj", " ".repeat(1_000)));
        let file = open(&bytes);
        let limits = Limits {
            lexed_bytes: 100,
            ..Limits::UPLOAD
        };
        let reader = Reader::new(&bytes, limits);
        let counted = Behind::new(&reader).each_head(bytes.len() as u64 - 3, &mut |_, _| Ok(()));
        assert_eq!(counted, Err(reached.into()));
        assert_eq!(file.heads(end..bytes.len() as u64, |_, _| false).unwrap().len(), 1);
    }

    #[test]
    fn the_source_is_read_a_few_times_however_many_heads_may_end_there() {
        struct Counted(Vec<u8>, AtomicU64);

        impl ReadAt for Counted {
            fn len(&self) -> u64 {
                self.0.len() as u64
            }

            fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
                self.1.fetch_add(buffer.len() as u64, Ordering::Relaxed);
                self.0.as_slice().read_at(offset, buffer)
            }
        }

        for text in [" 0obj", "%a\n \nobj", "4 0 obj\n"] {
            let filling = stream("", &text.repeat(100_000));
            let bytes = document(SectionKind::Table, &["<</Type/Catalog>>", &filling]);
            let source = Counted(bytes, AtomicU64::new(0));
            let file = PdfFile::open(&source, &Limits::UPLOAD).unwrap();
            file.heads(0..source.len(), |_, _| false).unwrap();
            let read = source.1.load(Ordering::Relaxed);
            assert!(read < 4 * source.len(), "{text}: {read} of {}", source.len());
        }
    }

    #[test]
    fn a_trailer_is_found_where_a_dictionary_follows() {
        let trailers = |text: &str| {
            let (bytes, end) = with(text);
            let found = open(&bytes).trailers(end..bytes.len() as u64).unwrap();
            found.iter().map(|offset| offset - end).collect::<Vec<_>>()
        };
        assert_eq!(trailers(" trailer<<>>"), [1]);
        assert_eq!(trailers("trailer \0%a\n\n<<>>trailer\r<<"), [0, 17]);
        assert_eq!(trailers(&format!("trailer{}<<", " %\n".repeat(1_000))), [0]);
        assert_eq!(trailers("http://trailer.example/ trailer (<<)"), [0; 0]);
    }
}
