//! Keeping documents of any size: a small one in the transaction that names it, a large one ahead of it in parts, so that neither
//! memory nor those who wait for the database have to hold all of it at once.

use crate::pdf::ReadAt;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::spool::Source;
use crate::store::{CHUNK_SIZE, Change, Document, DocumentReader};

/// Chunks of one part.
const PART: u64 = 4;

impl Service {
    /// Keeps a document with this SHA-256 together with `change`, which names it. What could not be named in the end stays as
    /// parts that nothing leads to.
    ///
    /// # Errors
    /// Where it cannot be read or the store does not answer.
    pub(super) async fn keep_document(
        &self,
        change: &mut Change,
        document: Source,
        sha256: [u8; 32],
    ) -> ServiceResult<()> {
        let (size, part) = (document.len(), PART * CHUNK_SIZE as u64);
        let mut offset = 0;
        loop {
            let source = Source::clone(&document);
            let length = usize::try_from(part.min(size - offset)).map_err(ServiceError::internal)?;
            let read = move || source.window(offset, length).map(|bytes| bytes.into_owned());
            let bytes = self.work(move || read().map_err(ServiceError::internal)).await?;
            let kept = Document::part(sha256, size, offset / CHUNK_SIZE as u64, bytes);
            offset += length as u64;
            if offset == size {
                change.put_document(kept);
                return Ok(());
            }
            let mut ahead = Change::new();
            ahead.put_document(kept);
            self.store().commit(ahead).await?;
        }
    }

    /// A kept document, to be worked on.
    ///
    /// # Errors
    /// Where the store does not have all of it, or it cannot be spooled.
    pub(super) async fn spooled(&self, mut document: DocumentReader) -> ServiceResult<Source> {
        let mut spooling = self.spool().begin();
        while let Some(chunk) = document.next().await? {
            spooling.take(&chunk).await?;
        }
        spooling.finish().await
    }
}
