//! What is put into a document for a verifier is all read by one: a verifier reads so much of one document and no more,
//! and what was there before comes first.

use super::evidence::too_much;
use crate::crypto::DigestAlgorithm;
use crate::pdf::Extended;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::spool::Source;
use crate::sign::document::{DocumentValidation, ValidationData};
use crate::verify::{MAX_EVIDENCE_BYTES, read_of_store};

impl Service {
    /// The document, where all these data that were put into it are read.
    ///
    /// # Errors
    /// Where some are beyond what is read of one document.
    pub(super) async fn must_be_read_whole(
        &self,
        document: Extended<Source>,
        validation: DocumentValidation,
    ) -> ServiceResult<Extended<Source>> {
        self.work(move || {
            let read = read_of_store(&document).map_err(ServiceError::explained)?;
            let is_read = |der: &[u8]| read.contains(&DigestAlgorithm::Sha256.digest(der).first_32());
            match validation.parts().flat_map(ValidationData::all).all(is_read) {
                true => Ok(document),
                false => Err(too_much("validation-data-beyond-limit", MAX_EVIDENCE_BYTES)),
            }
        })
        .await
    }
}
