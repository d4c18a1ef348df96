//! What is brought, kept while it is worked on: a little in memory, more in a file without a name, so that what is held
//! does not grow with what is sent. The file goes with the last who reads it, also when the program is killed.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;

use crate::pdf::{FileSource, ReadAt};
use crate::service::error::{ServiceError, ServiceResult};

/// A document that may be of any size.
pub type Source = Arc<dyn ReadAt + Send + Sync>;

/// Bytes of a document that are held: most have fewer, and cost no file.
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

    /// Begins to keep a document.
    pub fn begin(&self) -> Spooling {
        Spooling {
            spool: self.clone(),
            held: Vec::new(),
            file: None,
        }
    }

    async fn file(self) -> io::Result<tokio::fs::File> {
        let open = move || match self.folder {
            Some(folder) => tempfile::tempfile_in(folder),
            None => tempfile::tempfile(),
        };
        let opened = tokio::task::spawn_blocking(open).await;
        Ok(tokio::fs::File::from_std(opened.map_err(io::Error::other)??))
    }
}

/// A document that is being brought, a piece after the other.
#[derive(Debug)]
pub struct Spooling {
    spool: Spool,
    held: Vec<u8>,
    file: Option<tokio::fs::File>,
}

impl Spooling {
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
        let Some(mut file) = self.file else {
            return Ok(Arc::new(self.held));
        };
        file.flush().await.map_err(unkept)?;
        let source = FileSource::new(file.into_std().await);
        Ok(Arc::new(source.map_err(unkept)?))
    }

    async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None if self.held.len() + piece.len() <= HELD => {
                self.held.extend_from_slice(piece);
                return Ok(());
            }
            None => {
                let mut file = self.spool.clone().file().await?;
                file.write_all(&std::mem::take(&mut self.held)).await?;
                self.file.insert(file)
            }
        };
        file.write_all(piece).await
    }
}

fn unkept(error: io::Error) -> ServiceError {
    ServiceError::Unavailable(format!("what was brought could not be kept: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept of so many bytes that come in pieces of uneven length, and whether a file was needed.
    async fn kept(length: usize) -> (Source, Vec<u8>, bool) {
        let bytes: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
        let mut spooling = Spool::default().begin();
        for piece in bytes.chunks(60_007) {
            spooling.take(piece).await.unwrap();
            assert!(spooling.held.capacity() <= 2 * HELD);
        }
        let in_file = spooling.file.is_some();
        (spooling.finish().await.unwrap(), bytes, in_file)
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
            let (source, bytes, in_file) = kept(length).await;
            assert_eq!((source.len(), in_file), (length as u64, file));
            assert_eq!(source.window(0, length).unwrap().as_ref(), bytes);
            assert!(source.window(1, length).is_err());
        }
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_said_to_be_so() {
        let mut spooling = Spool::new(Some("/nowhere".into())).begin();
        spooling.take(&vec![0; HELD]).await.unwrap();
        assert!(matches!(spooling.take(&[0]).await, Err(ServiceError::Unavailable(_))));
    }
}
