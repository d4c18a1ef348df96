//! The work on certificates as acts of officers, by signatures over exactly what is to be done: issuing to end entities, renewing,
//! suspending, releasing, revoking. How many officers each takes is said in `proposals::quorum`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ca::Subject;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::service::signed_text::unbase64;
use crate::x509::{Certificate, RevocationReason, SerialNumber};

/// A certificate that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestedCertificate {
    /// Short name of the authority that issues it.
    pub ca: String,
    /// Name of its profile, which makes no authorities.
    pub profile: String,
    /// PKCS#10 request, DER in base64.
    pub request: String,
    /// Name of the organisation, in place of the request's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Its unified social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
}

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedCertificate {
    /// Short name of the authority that issued it.
    pub ca: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
}

/// A new key for the subject of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSubjectKey {
    /// Short name of the authority that issued the certificate.
    pub ca: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
    /// PKCS#10 request for the new key, DER in base64.
    pub request: String,
}

/// A certificate that is to be revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormerCertificate {
    /// Short name of the authority that issued it.
    pub ca: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
    /// Reason, as RFC 5280 section 5.3.1 names it.
    pub reason: String,
    /// When its key was or may have been lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_since: Option<DateTime<Utc>>,
}

impl Service {
    /// Issues what an officer asks for.
    ///
    /// # Errors
    /// As [`Self::issue_requested_certificate`].
    pub async fn issue_by_mandate(&self, mandate: &Mandate, new: &RequestedCertificate) -> ServiceResult<Certificate> {
        let subject = match (&new.organisation, &new.credit_code) {
            (Some(name), Some(code)) => Some(
                Subject::organisation(name, code)
                    .map_err(|error| ServiceError::refused_because("subject-unusable", error))?,
            ),
            (None, None) => None,
            _ => {
                let problem = Problem::new("organisation-without-code").field("creditCode");
                return Err(ServiceError::refused(problem));
            }
        };
        let request = unbase64_request(&new.request)?;
        self.issue_requested_certificate(mandate, &new.ca, &new.profile, subject.as_ref(), &request)
            .await
    }

    /// Renews a certificate for an officer.
    ///
    /// # Errors
    /// As [`Self::renew_certificate`].
    pub async fn renew_by_mandate(&self, mandate: &Mandate, named: &NamedCertificate) -> ServiceResult<Certificate> {
        let serial = serial(&named.serial)?;
        self.renew_certificate(mandate, &named.ca, &serial).await
    }

    /// Certifies a new key for an officer.
    ///
    /// # Errors
    /// As [`Self::rekey_certificate`].
    pub async fn rekey_by_mandate(&self, mandate: &Mandate, new: &NewSubjectKey) -> ServiceResult<Certificate> {
        let (serial, request) = (serial(&new.serial)?, unbase64_request(&new.request)?);
        self.rekey_certificate(mandate, &new.ca, &serial, &request).await
    }

    /// Suspends a certificate for an officer.
    ///
    /// # Errors
    /// As [`Self::hold_certificate`].
    pub async fn hold_by_mandate(&self, mandate: &Mandate, named: &NamedCertificate) -> ServiceResult<()> {
        let serial = serial(&named.serial)?;
        self.hold_certificate(mandate, &named.ca, &serial).await
    }

    /// Takes a certificate off its hold for an officer.
    ///
    /// # Errors
    /// As [`Self::release_certificate`].
    pub async fn release_by_mandate(&self, mandate: &Mandate, named: &NamedCertificate) -> ServiceResult<()> {
        let serial = serial(&named.serial)?;
        self.release_certificate(mandate, &named.ca, &serial).await
    }

    /// Revokes the certificate of an end entity, or that of an authority.
    ///
    /// # Errors
    /// As [`Self::revoke_certificate`], and where the certificate is of the other kind.
    pub async fn revoke_by_mandate(
        &self,
        mandate: &Mandate,
        former: &FormerCertificate,
        of_authority: bool,
    ) -> ServiceResult<()> {
        let serial = self.certificate_to_revoke(former, of_authority).await?;
        let reason = RevocationReason::from_name(&former.reason);
        let reason = reason.ok_or_else(|| {
            let problem = Problem::new("value-unknown").field("reason");
            ServiceError::refused(problem.param("value", &former.reason))
        })?;
        self.revoke_certificate(mandate, &former.ca, &serial, reason, former.invalid_since)
            .await
    }

    /// The serial number of a certificate to revoke, which is of the kind that is meant.
    ///
    /// # Errors
    /// Where it is not known, or of the other kind.
    pub(super) async fn certificate_to_revoke(
        &self,
        former: &FormerCertificate,
        of_authority: bool,
    ) -> ServiceResult<SerialNumber> {
        let serial = serial(&former.serial)?;
        if self.issued_certificate(&former.ca, &serial).await?.is_ca() != of_authority {
            let code = match of_authority {
                true => Problem::new("certificate-of-no-authority"),
                false => Problem::new("certificate-of-authority"),
            };
            return Err(ServiceError::Conflict(code.param("serial", &serial)));
        }
        Ok(serial)
    }
}

pub(super) fn serial(text: &str) -> ServiceResult<SerialNumber> {
    SerialNumber::from_hex(text).ok_or_else(|| ServiceError::not_found("certificate", text))
}

pub(super) fn unbase64_request(text: &str) -> ServiceResult<Vec<u8>> {
    unbase64(text).ok_or_else(|| {
        let problem = Problem::new("request-unreadable").field("request");
        ServiceError::refused(problem.param("reason", "it is not base64"))
    })
}
