//! Where the bytes of a document come from: memory, or a file that the caller opened.
//!
//! Reading goes through [`ReadAt`], so that a document of any size is read without being held. Memory hands out
//! borrowed windows; a file copies only what is asked for.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a source that is not in memory that are held at a time where all of a range is gone through.
pub(super) const PIECE: u64 = 128 << 10;

/// A source of bytes with a known length that can be read anywhere.
pub trait ReadAt {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// Fills `buffer` from `offset`; an error if the source ends before.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// The `length` bytes at `offset`, borrowed where the source lies in memory.
    fn window(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        let mut buffer = vec![0; length];
        self.read_at(offset, &mut buffer)?;
        Ok(Cow::Owned(buffer))
    }

    /// Whether a window costs nothing, so that a reader may ask for more than it needs.
    fn in_memory(&self) -> bool {
        false
    }

    /// Whether there is no byte.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ReadAt for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        buffer.copy_from_slice(slice(self, offset, buffer.len())?);
        Ok(())
    }

    fn window(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        slice(self, offset, length).map(Cow::Borrowed)
    }

    fn in_memory(&self) -> bool {
        true
    }
}

impl ReadAt for &[u8] {
    fn len(&self) -> u64 {
        ReadAt::len(*self)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, buffer)
    }

    fn window(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        (**self).window(offset, length)
    }

    fn in_memory(&self) -> bool {
        true
    }
}

impl ReadAt for &(dyn ReadAt + '_) {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, buffer)
    }

    fn window(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        (**self).window(offset, length)
    }

    fn in_memory(&self) -> bool {
        (**self).in_memory()
    }
}

impl ReadAt for Vec<u8> {
    fn len(&self) -> u64 {
        ReadAt::len(self.as_slice())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, buffer)
    }

    fn window(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        self.as_slice().window(offset, length)
    }

    fn in_memory(&self) -> bool {
        true
    }
}

impl<S: ReadAt + ?Sized> ReadAt for Arc<S> {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, buffer)
    }

    fn window(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        (**self).window(offset, length)
    }

    fn in_memory(&self) -> bool {
        (**self).in_memory()
    }
}

/// A document with revisions that were made and are not written yet.
#[derive(Debug)]
pub struct Extended<S> {
    base: S,
    appended: Vec<u8>,
}

impl<S: ReadAt> Extended<S> {
    /// A document as it is.
    pub fn new(base: S) -> Self {
        Self {
            base,
            appended: Vec::new(),
        }
    }

    /// A document with revisions at its end.
    pub fn of(base: S, appended: Vec<u8>) -> Self {
        Self { base, appended }
    }

    /// Puts a revision at its end.
    pub fn append(&mut self, revision: &[u8]) {
        self.appended.extend_from_slice(revision);
    }

    /// The document, and what was put at its end.
    pub fn into_parts(self) -> (S, Vec<u8>) {
        (self.base, self.appended)
    }
}

impl<S: ReadAt> ReadAt for Extended<S> {
    fn len(&self) -> u64 {
        self.base.len() + self.appended.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let in_base = self.base.len().saturating_sub(offset).min(buffer.len() as u64);
        let (first, rest) = buffer.split_at_mut(usize::try_from(in_base).unwrap_or(usize::MAX));
        if !first.is_empty() {
            self.base.read_at(offset, first)?;
        }
        let offset = (offset + in_base).saturating_sub(self.base.len());
        rest.copy_from_slice(slice(&self.appended, offset, rest.len())?);
        Ok(())
    }

    fn window(&self, offset: u64, length: usize) -> io::Result<Cow<'_, [u8]>> {
        if offset >= self.base.len() {
            return slice(&self.appended, offset - self.base.len(), length).map(Cow::Borrowed);
        }
        if offset.saturating_add(length as u64) <= self.base.len() {
            return self.base.window(offset, length);
        }
        let mut buffer = vec![0; length];
        self.read_at(offset, &mut buffer)?;
        Ok(Cow::Owned(buffer))
    }
}

/// A file that the caller opened for reading, or a part of one. Its length is taken once; a file that shrinks later
/// gives an error.
#[derive(Debug)]
pub struct FileSource {
    file: Arc<std::fs::File>,
    start: u64,
    length: u64,
}

impl FileSource {
    /// Takes an open file; an error if its length cannot be asked.
    pub fn new(file: std::fs::File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self::part(Arc::new(file), 0..length))
    }

    /// A part of an open file, in which others may be.
    pub fn part(file: Arc<std::fs::File>, Range { start, end }: Range<u64>) -> Self {
        Self {
            file,
            start,
            length: end.saturating_sub(start),
        }
    }
}

impl ReadAt for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(buffer.len() as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        std::os::unix::fs::FileExt::read_exact_at(&*self.file, buffer, self.start + offset)
    }
}

/// Gives all bytes of a range to `take`, a piece after the other, each with its offset; a piece begins with the last
/// `overlap` bytes of the one before it. The whole is one piece where the source lies in memory.
pub(super) fn overlapping(
    source: &dyn ReadAt,
    range: Range<u64>,
    overlap: u64,
    mut take: impl FnMut(u64, &[u8]),
) -> io::Result<()> {
    let length = range.end.saturating_sub(range.start);
    if source.in_memory() {
        let length = usize::try_from(length).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        take(range.start, &source.window(range.start, length)?);
        return Ok(());
    }
    let mut buffer = vec![0; usize::try_from(length.min(PIECE)).unwrap_or_default()];
    let mut start = range.start;
    while start < range.end {
        let count = usize::try_from(range.end - start)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let piece = &mut buffer[..count];
        source.read_at(start, piece)?;
        take(start, piece);
        let end = start + count as u64;
        start = if end < range.end {
            end - overlap.min(PIECE / 2)
        } else {
            end
        };
    }
    Ok(())
}

/// Gives the bytes of a range of a source to `take`, a piece after the other; all at once where it lies in memory.
///
/// # Errors
/// Where it cannot be read to the end of the range.
pub fn in_pieces(source: &dyn ReadAt, range: Range<u64>, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    overlapping(source, range, 0, |_, piece| take(piece))
}

fn slice(bytes: &[u8], offset: u64, length: usize) -> io::Result<&[u8]> {
    usize::try_from(offset)
        .ok()
        .and_then(|start| bytes.get(start..start.checked_add(length)?))
        .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_document_and_what_was_put_at_its_end_read_as_one() {
        let mut extended = Extended::new(b"01234".as_slice());
        extended.append(b"567");
        extended.append(b"89");
        for (offset, length, read) in [(0, 5, "01234"), (3, 4, "3456"), (5, 5, "56789"), (10, 0, "")] {
            assert_eq!(extended.window(offset, length).unwrap().as_ref(), read.as_bytes());
        }
        assert!(extended.window(8, 3).is_err() && extended.window(3, 8).is_err());
        assert_eq!(extended.into_parts().1, b"56789");
    }

    #[test]
    fn memory_file_and_part_of_a_file_read_alike() {
        let opened = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            file
        };
        let file = FileSource::new(opened(b"0123456789")).unwrap();
        let part = FileSource::part(Arc::new(opened(b"before0123456789after")), 6..16);
        let memory = b"0123456789".to_vec();
        for source in [&file as &dyn ReadAt, &part, &memory] {
            assert_eq!(source.len(), 10);
            assert_eq!(source.window(3, 4).unwrap().as_ref(), b"3456");
            assert!(source.window(8, 3).is_err());
            assert!(source.window(u64::MAX, 3).is_err());
        }
    }
}
