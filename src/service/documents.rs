//! Keeping documents of any size and number: a small one in the transaction that names it, a large one, or one of many,
//! ahead of it in parts, so that neither memory nor those who wait for the database have to hold more than a part at
//! once.

use chrono::TimeDelta;

use crate::pdf::ReadAt;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::spool::Source;
use crate::store::{CHUNK_SIZE, Change, CompletedDocument, Document, DocumentPart, DocumentReader, FirstChunk};

/// Bytes of one part, and most that a transaction holds of all documents that it names: four chunks.
const PART: u64 = 4 * CHUNK;
const CHUNK: u64 = CHUNK_SIZE as u64;

/// How long parts wait for the next, and for what names the document: all documents of a batch come before it.
const HOLD: TimeDelta = TimeDelta::hours(1);

impl Service {
    /// Keeps a document with this SHA-256 together with `change`, which names it. Where that never becomes durable,
    /// what was kept ahead of it is removed by [`Self::remove_abandoned_documents`].
    ///
    /// # Errors
    /// Where it cannot be read or the store does not answer.
    pub(super) async fn keep_document(
        &self,
        change: &mut Change,
        document: Source,
        sha256: [u8; 32],
    ) -> ServiceResult<()> {
        let size = document.len();
        if size <= PART.saturating_sub(change.document_bytes()) {
            change.put_document(Document::new(self.part(&document, 0, PART).await?));
            return Ok(());
        }
        let intake = self.store().begin_document(sha256, size, self.now() + HOLD).await?;
        let mut offset = CHUNK;
        while offset < size {
            let bytes = self.part(&document, offset, PART).await?;
            let mut ahead = Change::new();
            ahead.put_document_part(DocumentPart {
                intake: intake.clone(),
                first: offset / CHUNK,
                bytes,
                held_until: self.now() + HOLD,
            });
            self.store().commit(ahead).await?;
            offset += PART;
        }
        let mut ahead = Change::new();
        ahead.put_first_chunk(FirstChunk {
            intake: intake.clone(),
            bytes: self.part(&document, 0, CHUNK).await?,
            held_until: self.now() + HOLD,
        });
        self.store().commit(ahead).await?;
        change.complete_document(CompletedDocument { intake });
        Ok(())
    }

    /// What stands from `offset` on, so many bytes at most.
    async fn part(&self, document: &Source, offset: u64, most: u64) -> ServiceResult<Vec<u8>> {
        let length = usize::try_from(most.min(document.len() - offset)).map_err(ServiceError::internal)?;
        let document = Source::clone(document);
        let read = move || document.window(offset, length).map(|bytes| bytes.into_owned());
        self.work(move || read().map_err(ServiceError::internal)).await
    }

    /// Removes what was kept of documents that nothing came to name: their request was refused, or the program that
    /// took them in was ended.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn remove_abandoned_documents(&self) -> ServiceResult<()> {
        while self.store().give_up_document_intake(self.now()).await? {
            tracing::info!("removed what was kept of a document that nothing names");
        }
        Ok(())
    }

    /// A kept document, to be worked on.
    ///
    /// # Errors
    /// Where the store does not have all of it, or it cannot be spooled.
    pub(super) async fn spooled(&self, mut document: DocumentReader) -> ServiceResult<Source> {
        let mut room = self.spool().room();
        let mut spooling = room.begin();
        while let Some(chunk) = document.next().await? {
            spooling.take(&chunk).await?;
        }
        spooling.finish().await
    }
}
