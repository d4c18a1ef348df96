//! What is brought, kept while it is worked on: a little in memory, more in a file without a name, so that what is held
//! does not grow with what is sent, nor with how many documents it is. The file goes with the last who reads it, also
//! when the program is killed.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;

use crate::pdf::{FileSource, ReadAt};
use crate::service::error::{ServiceError, ServiceResult};

/// A document that may be of any size.
pub type Source = Arc<dyn ReadAt + Send + Sync>;

/// Bytes that are held of the documents that come together: most have fewer, and cost no file.
const HELD: usize = 1 << 20;

impl std::fmt::Debug for dyn ReadAt + Send + Sync {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "document of {} bytes", self.len())
    }
}

/// Where what is brought is kept.
#[derive(Debug, Clone, Default)]
pub struct Spool {
    folder: Option<PathBuf>,
}

impl Spool {
    /// A spool in this folder, or in that of the system for temporary files, which has to be on a disk.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// Room for the documents that come together: those of one request.
    pub fn room(&self) -> Room {
        Room {
            spool: self.clone(),
            left: HELD,
            file: None,
        }
    }

    async fn file(self) -> io::Result<RoomFile> {
        let open = move || {
            let file = match self.folder {
                Some(folder) => tempfile::tempfile_in(folder),
                None => tempfile::tempfile(),
            };
            file.and_then(|file| Ok((file.try_clone()?, file)))
        };
        let opened = tokio::task::spawn_blocking(open).await;
        let (written, read) = opened.map_err(io::Error::other)??;
        Ok(RoomFile {
            written: tokio::fs::File::from_std(written),
            read: Arc::new(read),
            length: 0,
        })
    }
}

/// Room for documents that come together, one after the other.
#[derive(Debug)]
pub struct Room {
    spool: Spool,
    /// Bytes that may still be held.
    left: usize,
    /// Where those documents lie, one behind the other, that are not held.
    file: Option<RoomFile>,
}

#[derive(Debug)]
struct RoomFile {
    written: tokio::fs::File,
    /// The same, for those who read.
    read: Arc<std::fs::File>,
    length: u64,
}

impl Room {
    /// Begins to keep a document.
    pub fn begin(&mut self) -> Spooling<'_> {
        Spooling {
            room: self,
            held: Vec::new(),
            start: None,
        }
    }

    /// Puts bytes behind what lies in the file, and says where they begin. A file that this failed for takes no more.
    async fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.spool.clone().file().await?,
        };
        file.written.write_all(bytes).await?;
        let start = file.length;
        file.length += bytes.len() as u64;
        self.file = Some(file);
        Ok(start)
    }

    /// What lies in the file from there on.
    async fn since(&mut self, start: u64) -> io::Result<FileSource> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.written.flush().await?;
        Ok(FileSource::part(Arc::clone(&file.read), start..file.length))
    }
}

/// A document that is being brought, a piece after the other.
#[derive(Debug)]
pub struct Spooling<'r> {
    room: &'r mut Room,
    held: Vec<u8>,
    /// Where it begins in the file of the room, once it lies there.
    start: Option<u64>,
}

impl Spooling<'_> {
    /// Takes the next piece.
    ///
    /// # Errors
    /// Where it cannot be kept: the disk is full.
    pub async fn take(&mut self, piece: &[u8]) -> ServiceResult<()> {
        self.write(piece).await.map_err(unkept)
    }

    /// The document.
    ///
    /// # Errors
    /// Where it could not be kept.
    pub async fn finish(self) -> ServiceResult<Source> {
        let Some(start) = self.start else {
            return Ok(Arc::new(self.held));
        };
        let document = self.room.since(start).await.map_err(unkept)?;
        Ok(Arc::new(document))
    }

    async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        if self.start.is_none() {
            if piece.len() <= self.room.left {
                self.room.left -= piece.len();
                self.held.extend_from_slice(piece);
                return Ok(());
            }
            self.start = Some(self.room.append(&self.held).await?);
            self.room.left += self.held.len();
            self.held = Vec::new();
        }
        self.room.append(piece).await.map(drop)
    }
}

fn unkept(error: io::Error) -> ServiceError {
    ServiceError::Unavailable(format!("what was brought could not be kept: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many bytes, each as its place says.
    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|place| (place % 251) as u8).collect()
    }

    /// Brings them in pieces of uneven length; gives what is kept, and whether it lies in the file.
    async fn kept(room: &mut Room, bytes: &[u8]) -> (Source, bool) {
        let mut spooling = room.begin();
        for piece in bytes.chunks(60_007) {
            spooling.take(piece).await.unwrap();
            assert!(spooling.held.capacity() <= 2 * HELD);
        }
        let in_file = spooling.start.is_some();
        (spooling.finish().await.unwrap(), in_file)
    }

    #[tokio::test]
    async fn a_little_is_held_and_more_is_kept_in_a_file_alike() {
        for (length, file) in [
            (0, false),
            (1, false),
            (HELD, false),
            (HELD + 1, true),
            (3 * HELD, true),
        ] {
            let bytes = bytes(length);
            let (source, in_file) = kept(&mut Spool::default().room(), &bytes).await;
            assert_eq!((source.len(), in_file), (length as u64, file));
            assert_eq!(source.window(0, length).unwrap().as_ref(), bytes);
            assert!(source.window(1, length).is_err());
        }
    }

    #[tokio::test]
    async fn of_many_documents_as_little_is_held_as_of_one_and_the_others_share_a_file() {
        let mut room = Spool::default().room();
        let mut sources = Vec::new();
        for length in [HELD / 2, 3 * HELD, HELD / 2 + 1, HELD / 2, 7, 0, 2 * HELD] {
            let bytes = bytes(length);
            sources.push((kept(&mut room, &bytes).await, bytes));
        }
        let in_file: Vec<_> = sources.iter().map(|((_, in_file), _)| *in_file).collect();
        assert_eq!(in_file, [false, true, true, false, true, false, true]);
        let file = room.file.as_ref().unwrap();
        assert_eq!(file.length, (5 * HELD + HELD / 2 + 1 + 7) as u64);
        drop(room);
        for ((source, _), bytes) in sources {
            assert_eq!(source.len(), bytes.len() as u64);
            assert_eq!(source.window(0, bytes.len()).unwrap().as_ref(), bytes);
            assert!(source.window(1, bytes.len()).is_err());
        }
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_said_to_be_so() {
        let mut room = Spool::new(Some("/nowhere".into())).room();
        let mut spooling = room.begin();
        spooling.take(&vec![0; HELD]).await.unwrap();
        assert!(matches!(spooling.take(&[0]).await, Err(ServiceError::Unavailable(_))));
    }
}
