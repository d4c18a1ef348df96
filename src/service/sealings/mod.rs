//! Documents that are brought and sealed, and signed documents whose signatures are given a higher level or whose
//! archive time stamps are renewed. Everything that can be refused is refused before a key is used; what was done is
//! recorded with the digests of what came and of what was made.
//!
//! The document stays where it is and is read in pieces: what is made is what has to be appended.

mod answers;
pub mod batch;
mod bounds;
mod brought;
mod evidence;
mod extend;
mod seal;
mod whole;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::id::SealingId;
use crate::licence::credit_code::CreditCode;
use crate::pdf::{Extended, PdfError, ReadAt, in_pieces};
use crate::problem::Problem;
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::spool::Source;
use crate::service::{Service, events};
use crate::sign::SignatureForm;
use crate::sign::document::{Act, Place};
use crate::store::{
    self, Attempt, Change, ClaimedFile, DocumentReader, FileOutcome, IdempotentAnswer, SealingBatchOutcome,
};

pub use crate::verify::Level;

/// The reason in a signature where the order gives none.
pub const REASON: &str = "签章";

/// How a document is to be sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SealingOrder {
    /// Credit code of the organisation whose seal it is.
    pub authority: CreditCode,
    /// Level of the signature.
    pub level: Level,
    /// What the signature means.
    pub act: Act,
    /// The form of the signature.
    #[serde(default)]
    pub form: SignatureForm,
    /// Name of the signature field: one that waits, or, with places, a new one.
    pub field: Option<String>,
    /// Where the seal is shown.
    pub places: Vec<Place>,
    /// Why, in the signature dictionary.
    pub reason: String,
    /// Where, in the signature dictionary.
    pub location: Option<String>,
}

/// What is to be done with a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealingTask {
    /// It is sealed.
    Seal(SealingOrder),
    /// Its signatures are given a level, or its archive time stamp is renewed.
    Extend {
        /// Credit code of the organisation that has it done.
        authority: CreditCode,
        /// The level.
        level: Level,
    },
}

/// What was made of a document.
#[derive(Debug)]
pub struct SealedDocument {
    /// What is kept of it.
    pub record: store::Sealing,
    /// The document as it came.
    pub source: Source,
    /// What has to be put at its end.
    pub appended: Vec<u8>,
    /// Whether it had the level before, and its revocation data or archive time stamp were renewed.
    pub renewed: bool,
    /// What whoever had it sealed is to know: that its time stamps prove nothing here, or that no seal shows.
    pub warnings: Vec<Problem>,
}

/// Writes what has to be put at the end of a document.
pub type Keep = Box<dyn FnOnce(&[u8]) -> ServiceResult<()> + Send>;

/// For whom a document is kept: the service keeps it for a request or a batch, durable together with the
/// record of the sealing; or the caller keeps it.
pub enum Kept {
    /// For a request.
    Asked {
        /// The hold on its key, where it may be sent again.
        attempt: Option<Attempt>,
        /// Makes its answer.
        answer: fn(&store::Sealing, &[Problem]) -> IdempotentAnswer,
    },
    /// For a batch, as the result of this file.
    OfBatch(ClaimedFile),
    /// For nobody here: whoever asks keeps it. It is written before the sealing is recorded: the register is not to
    /// hold one whose document nobody has, and where this fails, nothing was done.
    ByCaller(Keep),
}

impl Level {
    /// Its name in a form of signatures: `PAdES-B-LT`, `GM-B-LT`.
    fn within(self, form: SignatureForm) -> String {
        let family = match form {
            SignatureForm::Pades => "PAdES",
            SignatureForm::Gm => "GM",
        };
        format!("{family}-{}", self.name().to_ascii_uppercase())
    }
}

impl SealedDocument {
    /// The whole document.
    ///
    /// # Errors
    /// Where what came cannot be read any more.
    pub fn to_bytes(&self) -> ServiceResult<Vec<u8>> {
        let length = usize::try_from(self.source.len()).map_err(ServiceError::internal)?;
        let base = self.source.window(0, length).map_err(ServiceError::internal)?;
        Ok([&base, self.appended.as_slice()].concat())
    }
}

impl Service {
    /// Does with a document what is to be done.
    ///
    /// # Errors
    /// As [`Self::seal_document`] and [`Self::extend_document`].
    pub async fn treat_document(
        &self,
        actor: &Actor,
        task: &SealingTask,
        document: Source,
        kept: Option<Kept>,
    ) -> ServiceResult<SealedDocument> {
        match task {
            SealingTask::Seal(order) => self.seal_document(actor, order, document, kept).await,
            SealingTask::Extend { authority, level } => {
                self.extend_document(actor, (authority, *level), document, kept).await
            }
        }
    }

    /// A document that was sealed and kept: what is recorded of it, and it, to be read in pieces.
    ///
    /// # Errors
    /// Where the actor may not see it, it is not known, or it was not kept.
    pub async fn sealed_document(
        &self,
        actor: &Actor,
        id: SealingId,
    ) -> ServiceResult<(store::Sealing, DocumentReader)> {
        let own = actor.may_in_own(Scope::Seal)?;
        let unknown = || ServiceError::not_found("sealing", id);
        let sealing = self.store().sealing(id).await?.ok_or_else(unknown)?;
        // Another's is answered like one that is not there.
        if own.is_some_and(|own| own.as_str() != sealing.authority) {
            return Err(unknown());
        }
        let document = self
            .store()
            .document(&sealing.document_sha256)
            .await?
            .ok_or_else(unknown)?;
        Ok((sealing, document))
    }

    /// Records what was made of a document, and keeps it where that is wished.
    async fn record_sealing(
        &self,
        actor: &Actor,
        (action, authority, level): (&str, &str, String),
        document: Extended<Source>,
        (detail, warnings): (serde_json::Value, Vec<Problem>),
        kept: Option<Kept>,
    ) -> ServiceResult<SealedDocument> {
        let now = self.now();
        let (source, appended) = document.into_parts();
        let (keep, kept) = match kept {
            Some(Kept::ByCaller(keep)) => (Some(keep), None),
            kept => (None, kept),
        };
        let digests = {
            let source = Arc::clone(&source);
            self.work(move || {
                let digests = digests(&source, &appended)?;
                keep.map_or(Ok(()), |keep| keep(&appended))?;
                Ok((digests, appended))
            })
        };
        let ((source_sha256, document_sha256), appended) = digests.await?;
        let record = store::Sealing {
            id: SealingId::new(now),
            authority: authority.to_owned(),
            level,
            source_sha256,
            document_sha256,
            document_bytes: source.len() + appended.len() as u64,
            sealed_at: now,
        };
        let sealed = SealedDocument {
            record,
            source,
            appended,
            renewed: false,
            warnings,
        };
        let record = &sealed.record;
        let mut told = serde_json::json!({
            "authority": authority,
            "level": record.level,
            "source": hex::encode(&source_sha256),
            "document": hex::encode(&document_sha256),
        });
        if let (Some(told), serde_json::Value::Object(detail)) = (told.as_object_mut(), detail) {
            told.extend(detail);
        }
        let mut change = Change::new();
        change.add_sealing(record.clone());
        change.record(events::entry(now, actor, action, &record.id.to_string(), &told)?);
        if kept.is_some() {
            let document = Arc::new(Extended::of(Arc::clone(&sealed.source), sealed.appended.clone()));
            self.keep_document(&mut change, document, record.document_sha256)
                .await?;
        }
        match kept {
            Some(Kept::Asked {
                attempt: Some(attempt),
                answer,
            }) => {
                change.complete_request(self.completion(attempt, &answer(record, &sealed.warnings))?);
            }
            Some(Kept::OfBatch(file)) => {
                let outcome = FileOutcome::Sealed(record.id);
                change.end_sealing_of_batch(SealingBatchOutcome { file, outcome });
            }
            Some(Kept::Asked { attempt: None, .. } | Kept::ByCaller(_)) | None => {}
        }
        self.store().commit(change).await?;
        Ok(sealed)
    }
}

/// SHA-256 of what came and of what was made of it, in one reading.
fn digests(source: &Source, appended: &[u8]) -> ServiceResult<([u8; 32], [u8; 32])> {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    let read = in_pieces(source, 0..source.len(), |piece| hasher.update(piece)).map_err(PdfError::from);
    read.map_err(ServiceError::explained)?;
    let source = hasher.clone().finish().first_32();
    hasher.update(appended);
    Ok((source, hasher.finish().first_32()))
}
