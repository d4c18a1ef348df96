//! Reads windows of the source and parses in them, within the budgets of the file.

use std::borrow::Cow;
use std::ops::Range;

use super::error::PdfError;
use super::limits::{LimitReached, Limits, Usage};
use super::parser::{Fault, Parser};
use super::source::{PIECE, ReadAt, overlapping};

/// First window on a source that is not in memory, in bytes: most objects fit.
const FIRST_WINDOW: u64 = 4096;
/// How much larger each further window is.
const WINDOW_GROWTH: u64 = 4;

/// The source with its budgets.
pub(super) struct Reader<'s> {
    source: &'s dyn ReadAt,
    pub(super) limits: Limits,
    pub(super) usage: Usage,
    /// Whether it knows cross-reference streams, and with them the objects that a hybrid file hides from those that do
    /// not (ISO 32000-2, 7.5.8.4).
    pub(super) knows_hidden: bool,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s dyn ReadAt, limits: Limits) -> Self {
        Self {
            source,
            limits,
            usage: Usage::default(),
            knows_hidden: true,
        }
    }

    /// Another reader of the same source, that sees nothing of what a hybrid file hides.
    pub(super) fn of_tables_alone(&self) -> Self {
        Self {
            knows_hidden: false,
            ..Self::new(self.source, self.limits)
        }
    }

    /// Length of the source in bytes.
    pub(super) fn len(&self) -> u64 {
        self.source.len()
    }

    /// The bytes of a range.
    pub(super) fn bytes(&self, range: Range<u64>) -> Result<Cow<'s, [u8]>, PdfError> {
        let beyond = PdfError::Source(std::io::ErrorKind::UnexpectedEof);
        let length = range
            .end
            .checked_sub(range.start)
            .filter(|_| range.end <= self.len())
            .ok_or(beyond.clone())?;
        Ok(self
            .source
            .window(range.start, usize::try_from(length).map_err(|_| beyond)?)?)
    }

    /// Gives all bytes of a range to `take`, a piece after the other, each with its offset; a piece begins with the
    /// last `overlap` bytes of the one before it.
    pub(super) fn pieces(&self, range: Range<u64>, overlap: u64, take: impl FnMut(u64, &[u8])) -> Result<(), PdfError> {
        Ok(overlapping(self.source, range, overlap, take)?)
    }

    /// Whether two ranges hold the same bytes. They are compared a piece after the other, and each that was compared
    /// counts.
    pub(super) fn is_same(&self, one: Range<u64>, other: Range<u64>) -> Result<bool, PdfError> {
        if one == other {
            return Ok(true);
        }
        let length = one.end.saturating_sub(one.start);
        if length != other.end.saturating_sub(other.start) {
            return Ok(false);
        }
        let mut passed = 0;
        while passed < length {
            let count = PIECE.min(length - passed);
            self.usage.compared(&self.limits, count)?;
            let piece = |range: &Range<u64>| self.bytes(range.start + passed..range.start + passed + count);
            if piece(&one)? != piece(&other)? {
                return Ok(false);
            }
            passed += count;
        }
        Ok(true)
    }

    /// Parses at the start of a range and no further than its end. The closure runs again, from the start, when a
    /// window was too small. What it looked at counts, whatever came of it.
    pub(super) fn parse<T>(
        &self,
        range: Range<u64>,
        mut parse: impl FnMut(&mut Parser<'_>) -> Result<T, Fault>,
    ) -> Result<T, PdfError> {
        let start = range.start;
        let end = range.end.min(self.len());
        let available = end.checked_sub(start).ok_or(PdfError::Syntax {
            offset: start,
            expected: "more bytes",
        })?;
        let largest = available.min(self.limits.object_bytes);
        let mut window = if self.source.in_memory() { largest } else { FIRST_WINDOW };
        loop {
            let length = window.min(largest);
            let complete = length == available;
            let bytes = self.bytes(start..start + length)?;
            let mut parser = Parser::new(&bytes, start, complete, &self.limits, &self.usage);
            let result = parse(&mut parser);
            self.usage.lexed(&self.limits, parser.examined())?;
            match result {
                Ok(value) => return Ok(value),
                Err(Fault::Limit(reached)) => return Err(reached.into()),
                Err(Fault::Syntax { offset, expected }) => return Err(PdfError::Syntax { offset, expected }),
                Err(Fault::End) if complete => {
                    return Err(PdfError::Syntax {
                        offset: start + length,
                        expected: "more bytes",
                    });
                }
                Err(Fault::End) if length == largest => {
                    let allowed = self.limits.object_bytes;
                    let unit = "bytes in an object";
                    return Err(LimitReached { unit, allowed }.into());
                }
                Err(Fault::End) => window = window.saturating_mul(WINDOW_GROWTH),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::testing::Slow;

    #[test]
    fn an_object_larger_than_the_first_window_is_read() {
        let text = [b"(".as_slice(), &[b'a'; 40_000], b") "].concat();
        let source = Slow(text);
        let reader = Reader::new(&source, Limits::UPLOAD);
        let object = reader.parse(0..source.len(), |parser| parser.object()).unwrap();
        assert_eq!(object.as_string().map(<[u8]>::len), Some(40_000));
    }

    #[test]
    fn of_an_object_without_an_end_no_more_is_read_than_one_may_have() {
        let limits = Limits {
            object_bytes: 50_000,
            ..Limits::UPLOAD
        };
        for begin in [b'<', b'%'] {
            let source = Slow([&[begin][..], &[b'a'; 200_000]].concat());
            let reader = Reader::new(&source, limits);
            let result = reader.parse(0..source.len(), |parser| parser.object());
            assert!(
                matches!(result, Err(PdfError::Limit(reached)) if reached.unit == "bytes in an object"),
                "{result:?}"
            );
            assert_eq!(
                Reader::new(&source.0, limits).parse(0..source.len(), |parser| parser.object()),
                result
            );
        }
    }

    #[test]
    fn ranges_are_compared_as_far_as_they_are_the_same_and_the_budget_goes() {
        let half = vec![b'a'; PIECE as usize * 2];
        let mut source = Slow([half.as_slice(), &half].concat());
        source.0[PIECE as usize] = b'b';
        let middle = half.len() as u64;
        let of = |compared_bytes| {
            let limits = Limits {
                compared_bytes,
                ..Limits::UPLOAD
            };
            Reader::new(&source, limits)
        };
        let whole = [0..middle, middle..2 * middle];
        let compare = |allowed, [one, other]: [Range<u64>; 2]| of(allowed).is_same(one, other);
        assert_eq!(compare(2 * PIECE, whole.clone()), Ok(false));
        assert_eq!(compare(PIECE, [0..PIECE, middle..middle + PIECE]), Ok(true));
        assert_eq!(compare(0, [0..middle, 0..middle]), Ok(true), "one and the same");
        assert_eq!(compare(0, [0..middle, 1..middle]), Ok(false), "not as long");
        let reached = LimitReached {
            unit: "bytes of streams compared",
            allowed: PIECE,
        };
        assert_eq!(compare(PIECE, whole), Err(reached.into()));
        let reader = of(PIECE);
        assert_eq!(reader.is_same(0..PIECE, middle..middle + PIECE), Ok(true));
        assert!(
            reader.is_same(0..1, middle..middle + 1).is_err(),
            "all comparisons together"
        );
    }

    #[test]
    fn pieces_are_all_bytes_in_their_order_and_overlap_as_asked() {
        let text: Vec<u8> = (0..PIECE as usize * 2 + 7).map(|place| (place % 251) as u8).collect();
        let source = Slow(text.clone());
        for (overlap, count) in [(0, 3), (6, 3)] {
            let (mut seen, mut pieces) = (Vec::new(), 0);
            let reader = Reader::new(&source, Limits::UPLOAD);
            let read = reader.pieces(3..source.len() - 1, overlap, |offset, piece| {
                seen.truncate(offset as usize - 3);
                seen.extend_from_slice(piece);
                pieces += 1;
            });
            assert_eq!((read, pieces), (Ok(()), count));
            assert_eq!(seen, text[3..text.len() - 1]);
        }
        let reader = Reader::new(&text, Limits::UPLOAD);
        let mut seen = Vec::new();
        reader.pieces(0..9, 4, |_, piece| seen.push(piece.to_vec())).unwrap();
        assert_eq!(seen, [&text[..9]], "memory is one piece");
        assert!(reader.pieces(0..source.len() + 1, 0, |_, _| {}).is_err());
        assert!(
            Reader::new(&source, Limits::UPLOAD)
                .pieces(0..source.len() + 1, 0, |_, _| {})
                .is_err()
        );
    }

    #[test]
    fn what_is_no_object_counts_as_far_as_it_was_looked_at() {
        let source = b"<no digits, but many characters>".to_vec();
        let reader = Reader::new(
            &source,
            Limits {
                lexed_bytes: 60,
                ..Limits::UPLOAD
            },
        );
        let read = || reader.parse(0..32, |parser| parser.object()).unwrap_err();
        assert!(matches!(read(), PdfError::Syntax { .. }));
        assert!(matches!(read(), PdfError::Limit(reached) if reached.unit == "bytes read as objects"));
    }

    #[test]
    fn the_budget_of_bytes_read_is_reached() {
        let source = b"[1 2 3 4 5 6 7 8 9] ".to_vec();
        let reader = Reader::new(
            &source,
            Limits {
                lexed_bytes: 30,
                ..Limits::UPLOAD
            },
        );
        assert!(reader.parse(0..20, |parser| parser.object()).is_ok());
        let error = reader.parse(0..20, |parser| parser.object()).unwrap_err();
        assert!(matches!(error, PdfError::Limit(reached) if reached.unit == "bytes read as objects"));
    }
}
