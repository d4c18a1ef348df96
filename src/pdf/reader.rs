//! Reads windows of the source and parses in them, within the budgets of the file.

use std::borrow::Cow;
use std::ops::Range;

use super::error::PdfError;
use super::limits::{Limits, Usage};
use super::parser::{Fault, Parser};
use super::source::{ReadAt, overlapping};

/// First window on a source that is not in memory, in bytes: most objects fit.
const FIRST_WINDOW: u64 = 4096;
/// How much larger each further window is.
const WINDOW_GROWTH: u64 = 4;

/// The source with its budgets.
pub(super) struct Reader<'s> {
    source: &'s dyn ReadAt,
    pub(super) limits: Limits,
    pub(super) usage: Usage,
    /// Whether it knows cross-reference streams, and with them the objects that a hybrid file hides from those that do not
    /// (ISO 32000-2, 7.5.8.4).
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

    /// Gives all bytes of a range to `take`, a piece after the other, each with its offset; a piece begins with the last `overlap`
    /// bytes of the one before it.
    pub(super) fn pieces(&self, range: Range<u64>, overlap: u64, take: impl FnMut(u64, &[u8])) -> Result<(), PdfError> {
        Ok(overlapping(self.source, range, overlap, take)?)
    }

    /// Parses at the start of a range and no further than its end. The closure runs again, from the start, when a window was
    /// too small.
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
        let mut window = if self.source.in_memory() {
            available
        } else {
            FIRST_WINDOW
        };
        loop {
            let length = window.min(available);
            let complete = length == available;
            let bytes = self.bytes(start..start + length)?;
            let mut parser = Parser::new(&bytes, start, complete, &self.limits, &self.usage);
            let result = parse(&mut parser);
            self.usage.lexed(&self.limits, parser.position() as u64)?;
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
                Err(Fault::End) => window = window.saturating_mul(WINDOW_GROWTH),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::pdf::source::PIECE;

    /// A source that must be read, as a file must.
    struct Slow(Vec<u8>);

    impl ReadAt for Slow {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
            self.0.as_slice().read_at(offset, buffer)
        }
    }

    #[test]
    fn an_object_larger_than_the_first_window_is_read() {
        let text = [b"(".as_slice(), &[b'a'; 40_000], b") "].concat();
        let source = Slow(text);
        let reader = Reader::new(&source, Limits::UPLOAD);
        let object = reader.parse(0..source.len(), |parser| parser.object()).unwrap();
        assert_eq!(object.as_string().map(<[u8]>::len), Some(40_000));
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
