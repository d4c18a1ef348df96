//! Our recognition list: who is recognised, decided by two people and published as the next list of a chain.
//!
//! The published lists are the only record: each act makes the next list out of the last one and is durable together
//! with it, so that what is relied on, what is published and what was decided are one thing. Our own authorities stand
//! in the list like any other. Every list stays; what it said is in all that follow.

mod acts;
mod decide;
mod import;
mod publish;
mod signer;

pub use acts::{AssuranceRow, AssuranceTable, ListPublication, NewRecognition, SignerStep, StatusChange};
pub use import::{ImportedList, PartnerSigner};

use chrono::{DateTime, Utc};

use crate::asn1::oid::KP_TRUST_LIST_SIGNING;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::publications::Published;
use crate::store::{self, CertificateState};
use crate::trust::list::{ListError, RecognitionList, SignedList};

impl Service {
    /// The newest list; `None` before the first.
    ///
    /// # Errors
    /// Where the store does not answer, or what it holds is not a list that we signed.
    pub async fn recognition_list(&self) -> ServiceResult<Option<RecognitionList>> {
        Ok(self.newest_recognition_list().await?.map(|(_, list)| list))
    }

    /// The newest list with its signature; `None` before the first.
    pub(super) async fn newest_recognition_list(&self) -> ServiceResult<Option<(SignedList, RecognitionList)>> {
        match self.store().recognition_list(None).await? {
            Some(row) => Ok(Some(self.read_list(&row).await?)),
            None => Ok(None),
        }
    }

    /// A list by its number, verified; the newest where none is given.
    ///
    /// # Errors
    /// Where there is none, or it is not a list that we signed.
    pub async fn numbered_recognition_list(
        &self,
        sequence: Option<u64>,
    ) -> ServiceResult<(SignedList, RecognitionList)> {
        let row = self.store().recognition_list(sequence).await?;
        let unknown = || {
            let key = sequence.map_or_else(|| "newest".to_owned(), |sequence| sequence.to_string());
            ServiceError::not_found("recognition list", key)
        };
        self.read_list(&row.ok_or_else(unknown)?).await
    }

    /// A list as it is given out, signed; the newest where no number is given.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn published_recognition_list(&self, sequence: Option<u64>) -> ServiceResult<Published> {
        let (signed, _) = self.numbered_recognition_list(sequence).await?;
        Ok(Published::new(signed.to_compact().into_bytes()))
    }

    /// Its content alone: JSON of ETSI TS 119 602.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn readable_recognition_list(&self, sequence: Option<u64>) -> ServiceResult<Published> {
        let (signed, _) = self.numbered_recognition_list(sequence).await?;
        Ok(Published::new(signed.content().to_vec()))
    }

    /// Numbers and times of the newest lists, at most `limit`, the newest first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn recognition_list_times(&self, limit: u32) -> ServiceResult<Vec<(u64, DateTime<Utc>)>> {
        Ok(self.store().recognition_list_times(limit).await?)
    }

    /// What is wrong with what is relied on: a list that cannot be read, or whose successor is overdue. Empty when all
    /// is well.
    pub fn trust_faults(&self) -> Vec<Problem> {
        self.relied_faults(self.now())
    }

    /// Reads a list of ours: what is not signed by a list signer that we certified is not ours, wherever it lies.
    async fn read_list(&self, row: &store::RecognitionList) -> ServiceResult<(SignedList, RecognitionList)> {
        let signed = SignedList::parse(&row.signed).map_err(ServiceError::explained)?;
        let signer = signed
            .signer(&[])
            .ok_or_else(|| not_ours("somebody who is not named"))?;
        let issued = self.store().certificate_by_sha256(signer.fingerprint()).await?;
        let ours = issued.is_some_and(|issued| matches!(issued.state, CertificateState::Issued { .. }));
        let purposes = signer.extensions().ext_key_usage.as_ref();
        let for_lists = purposes.is_some_and(|purposes| purposes.value.contains(&KP_TRUST_LIST_SIGNING));
        if !ours || !for_lists {
            return Err(not_ours(signer.subject()));
        }
        let list = signed.verify(signer).map_err(ServiceError::explained)?;
        if list.sequence != row.sequence || signed.digest().0 != row.sha256 {
            return Err(ServiceError::explained(ListError::OtherContent {
                sequence: row.sequence,
            }));
        }
        Ok((signed, list))
    }
}

fn not_ours(signer: impl ToString) -> ServiceError {
    ServiceError::explained(ListError::UnknownSigner {
        signer: signer.to_string(),
    })
}
