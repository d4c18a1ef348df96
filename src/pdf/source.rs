//! Where the bytes of a document come from: memory, or a file that the caller opened.
//!
//! Reading goes through [`ReadAt`], so that a document of any size is read without being held. Memory hands out borrowed
//! windows; a file copies only what is asked for.

use std::borrow::Cow;
use std::io;

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

/// A file that the caller opened for reading. Its length is taken once; a file that shrinks later gives an error.
#[derive(Debug)]
pub struct FileSource {
    file: std::fs::File,
    length: u64,
}

impl FileSource {
    /// Takes an open file; an error if its length cannot be asked.
    pub fn new(file: std::fs::File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file, length })
    }
}

impl ReadAt for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buffer, offset)
    }
}

fn slice(bytes: &[u8], offset: u64, length: usize) -> io::Result<&[u8]> {
    usize::try_from(offset)
        .ok()
        .and_then(|start| bytes.get(start..start.checked_add(length)?))
        .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_file_read_alike() {
        let path = std::env::temp_dir().join(format!("yinxin-source-{}", std::process::id()));
        std::fs::write(&path, b"0123456789").unwrap();
        let file = FileSource::new(std::fs::File::open(&path).unwrap()).unwrap();
        std::fs::remove_file(&path).unwrap();
        let memory = b"0123456789".to_vec();
        for source in [&file as &dyn ReadAt, &memory] {
            assert_eq!(source.len(), 10);
            assert_eq!(source.window(3, 4).unwrap().as_ref(), b"3456");
            assert!(source.window(8, 3).is_err());
            assert!(source.window(u64::MAX, 3).is_err());
        }
    }
}
