//! Certificates of end entities, and the life of all after they were issued: issuing on request, renewing, new keys, holds, releases and
//! revocations, what is seen of them, and the answers about their status (RFC 5280, RFC 6960).
//!
//! Each act takes a mandate and its own data; how many officers it takes is said in `proposals::quorum`.

mod bulk;
mod issue;
mod list;
mod revoke;
mod status;

use serde::{Deserialize, Serialize};

use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::store::{self, CertificateState};
use crate::x509::{Certificate, SerialNumber};

pub use bulk::MOST_TOGETHER;
pub use issue::{NewSubjectKey, RequestedCertificate};
pub use list::{CertificateList, CertificateView, MAX_PAGE};
pub use revoke::FormerCertificate;
pub(in crate::service) use revoke::revoke_in;
pub use status::StatusReply;
pub(in crate::service) use status::StatusResponders;

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateId {
    /// Short name of the authority that issued it.
    pub ca: String,
    /// Its serial number.
    pub serial: SerialNumber,
}

impl Service {
    /// A certificate of an authority, with what became of it.
    ///
    /// # Errors
    /// Where it is not known.
    pub async fn certificate(
        &self,
        ca: &str,
        serial: &SerialNumber,
    ) -> ServiceResult<(store::Certificate, Option<store::CertificateRevocation>)> {
        let row = self.store().certificate(ca, serial.as_bytes()).await?;
        let row = row.ok_or_else(|| ServiceError::not_found("certificate", serial))?;
        let revocation = self.revocation_of(&row).await?;
        Ok((row, revocation))
    }

    /// What became of a certificate: `None` only where it is neither suspended nor revoked.
    pub(in crate::service) async fn revocation_of(
        &self,
        row: &store::Certificate,
    ) -> ServiceResult<Option<store::CertificateRevocation>> {
        if !matches!(row.state, CertificateState::Issued { revoked: true, .. }) {
            return Ok(None);
        }
        let revocation = self.store().revocation(&row.ca, &row.serial).await?;
        // It is being taken off its hold at this moment, or the row of its revocation is lost: neither makes it good.
        let missing =
            || ServiceError::Unavailable("a certificate is revoked, and its revocation is not there".to_owned());
        revocation.ok_or_else(missing).map(Some)
    }

    /// A certificate that was issued.
    ///
    /// # Errors
    /// Where it is not known.
    pub async fn issued_certificate(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<Certificate> {
        let row = self.store().certificate(ca, serial.as_bytes()).await?;
        match row.map(|row| row.state) {
            Some(CertificateState::Issued { der, .. }) => Certificate::from_der(&der).map_err(ServiceError::internal),
            _ => Err(ServiceError::not_found("certificate", serial)),
        }
    }
}
