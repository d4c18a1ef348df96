//! Keeping documents of any size: a small one in the transaction that names it, a large one ahead of it in parts, so that neither
//! memory nor those who wait for the database have to hold all of it at once.

use chrono::TimeDelta;

use crate::pdf::ReadAt;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::spool::Source;
use crate::store::{CHUNK_SIZE, Change, CompletedDocument, Document, DocumentPart, DocumentReader};

/// Bytes of one part: four chunks.
const PART: u64 = 4 * CHUNK_SIZE as u64;

/// How long parts wait for the next, and for what names the document: all documents of a batch come before it.
const HOLD: TimeDelta = TimeDelta::hours(1);

impl Service {
    /// Keeps a document with this SHA-256 together with `change`, which names it. Where that never becomes durable, what was kept
    /// ahead of it is removed by [`Self::remove_abandoned_documents`].
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
        if size <= PART {
            change.put_document(Document::new(self.part(document, 0).await?));
            return Ok(());
        }
        let intake = self.store().begin_document(sha256, size, self.now() + HOLD).await?;
        for number in 1..size.div_ceil(PART) {
            let bytes = self.part(Source::clone(&document), number).await?;
            let mut ahead = Change::new();
            ahead.put_document_part(DocumentPart {
                intake: intake.clone(),
                first: number * PART / CHUNK_SIZE as u64,
                bytes,
                held_until: self.now() + HOLD,
            });
            self.store().commit(ahead).await?;
        }
        let bytes = self.part(document, 0).await?;
        change.complete_document(CompletedDocument { intake, bytes });
        Ok(())
    }

    /// The part of this number, from 0.
    async fn part(&self, document: Source, number: u64) -> ServiceResult<Vec<u8>> {
        let offset = number * PART;
        let length = usize::try_from(PART.min(document.len() - offset)).map_err(ServiceError::internal)?;
        let read = move || document.window(offset, length).map(|bytes| bytes.into_owned());
        self.work(move || read().map_err(ServiceError::internal)).await
    }

    /// Removes what was kept of large documents that nothing came to name: their request was refused, or the program that took
    /// them in was ended.
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
        let mut spooling = self.spool().begin();
        while let Some(chunk) = document.next().await? {
            spooling.take(&chunk).await?;
        }
        spooling.finish().await
    }
}
