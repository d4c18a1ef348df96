//! Certificates of end entities, and the life of all after they were issued: issuing on request, renewing, new keys,
//! holds, releases and revocations, what is seen of them, and the answers about their status (RFC 5280, RFC 6960).
//!
//! Each act takes a mandate and its own data; how many officers it takes is said in `proposals::quorum`.

mod bulk;
mod issue;
mod list;
mod revoke;
mod status;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::store::{self, CertificateRevocation, CertificateState};
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

/// A certificate that was issued, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The profile that it was made by.
    pub profile: String,
    /// The certificate.
    pub certificate: Certificate,
    /// When it was signed.
    pub issued_at: DateTime<Utc>,
    /// Its suspension or revocation; `None` where it is neither.
    pub revocation: Option<CertificateRevocation>,
}

impl Service {
    /// A certificate that an authority issued, with what became of it.
    ///
    /// # Errors
    /// Where it is not known, or its revocation is lost.
    pub async fn issued(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<Issued> {
        let issued = self.find_issued(ca, serial).await?;
        issued.ok_or_else(|| ServiceError::not_found("certificate", serial))
    }

    /// The same; `None` for one that was never issued, as for one that is only prepared.
    async fn find_issued(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<Option<Issued>> {
        // What is read as revoked may be taken off its hold before the revocation is read, and says so when it is read
        // again.
        for _ in 0..2 {
            let row = self.store().certificate(ca, serial.as_bytes()).await?;
            let Some(store::Certificate { profile, state, .. }) = row else {
                return Ok(None);
            };
            let CertificateState::Issued {
                der,
                issued_at,
                revoked,
                ..
            } = state
            else {
                return Ok(None);
            };
            let revocation = match revoked {
                true => self.store().revocation(ca, serial.as_bytes()).await?,
                false => None,
            };
            if revocation.is_some() == revoked {
                return Ok(Some(Issued {
                    profile,
                    certificate: Certificate::from_der(&der).map_err(ServiceError::internal)?,
                    issued_at,
                    revocation,
                }));
            }
        }
        // Its row is lost: that makes nothing good.
        let lost = format!("certificate {ca}/{serial} is revoked, and its revocation is not there");
        Err(ServiceError::Internal(lost))
    }
}
