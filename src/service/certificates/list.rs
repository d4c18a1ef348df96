//! Seeing the certificates of an authority: a list, and one of them with what became of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::hex;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::signed_text::base64;
use crate::store::{CertificateCursor, CertificateFilter, CertificateStatus, ListedCertificate};
use crate::x509::{Certificate, RevocationReason, SerialNumber};

/// Most certificates of one page of a list.
pub const MAX_PAGE: u32 = 200;

/// A certificate as officers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// Serial number in hexadecimal.
    pub serial: String,
    /// Whom it is about (RFC 4514).
    pub subject: String,
    /// The profile that it was made by.
    pub profile: String,
    /// `good`, `on-hold` or `revoked`; a good one may have expired.
    #[schema(value_type = String, example = "good")]
    pub status: &'static str,
    /// Why it is suspended or revoked, as RFC 5280 section 5.3.1 names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<&'static str>,
    /// When it was suspended or revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub revoked_at: Option<DateTime<Utc>>,
    /// When its key was or may have been lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub invalid_since: Option<DateTime<Utc>>,
    /// First second of its validity.
    #[schema(value_type = String)]
    pub not_before: DateTime<Utc>,
    /// Last second of its validity.
    #[schema(value_type = String)]
    pub not_after: DateTime<Utc>,
    /// When it was signed.
    #[schema(value_type = String)]
    pub issued_at: DateTime<Utc>,
    /// SHA-256 of the certificate in lower-case hexadecimal.
    pub certificate_sha256: String,
    /// The certificate, DER in base64; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateList {
    /// The certificates, newest first.
    pub certificates: Vec<CertificateView>,
    /// Where the next page begins.
    pub next: Option<CertificateCursor>,
}

impl Service {
    /// The certificates of an authority that meet a filter, a page at a time.
    ///
    /// # Errors
    /// Where the actor is neither officer nor operator, or the authority is not known.
    pub async fn list_certificates(
        &self,
        actor: &Actor,
        ca: &str,
        filter: &CertificateFilter,
        after: Option<&CertificateCursor>,
        limit: u32,
    ) -> ServiceResult<CertificateList> {
        actor.must_be_officer()?;
        if self.store().certificate_authority(ca).await?.is_none() {
            return Err(ServiceError::not_found("certificate authority", ca));
        }
        let limit = limit.clamp(1, MAX_PAGE);
        let page = self.store().certificate_page(ca, filter, after, limit).await?;
        Ok(CertificateList {
            certificates: page.certificates.iter().map(view).collect::<ServiceResult<_>>()?,
            next: page.next,
        })
    }

    /// One certificate of an authority, whole.
    ///
    /// # Errors
    /// Where the actor is neither officer nor operator, or the certificate is not known.
    pub async fn certificate_view(
        &self,
        actor: &Actor,
        ca: &str,
        serial: &SerialNumber,
    ) -> ServiceResult<CertificateView> {
        actor.must_be_officer()?;
        let issued = self.issued(ca, serial).await?;
        let revocation = issued.revocation;
        let listed = ListedCertificate {
            serial: serial.as_bytes().to_vec(),
            profile: issued.profile,
            der: issued.certificate.der().to_vec(),
            issued_at: issued.issued_at,
            reason: revocation.as_ref().map(|revocation| revocation.reason),
            revoked_at: revocation.as_ref().map(|revocation| revocation.revoked_at),
            invalid_since: revocation.and_then(|revocation| revocation.invalid_since),
        };
        Ok(CertificateView {
            certificate: Some(base64(&listed.der)),
            ..view(&listed)?
        })
    }
}

fn view(listed: &ListedCertificate) -> ServiceResult<CertificateView> {
    let certificate = Certificate::from_der(&listed.der).map_err(ServiceError::internal)?;
    let reason = listed.reason;
    let status = match reason {
        None => CertificateStatus::Good,
        Some(RevocationReason::CertificateHold) => CertificateStatus::OnHold,
        Some(_) => CertificateStatus::Revoked,
    };
    let validity = certificate.validity();
    Ok(CertificateView {
        serial: certificate.serial().to_string(),
        subject: certificate.subject().to_string(),
        profile: listed.profile.clone(),
        status: status.name(),
        reason: reason.map(RevocationReason::name),
        revoked_at: listed.revoked_at,
        invalid_since: listed.invalid_since,
        not_before: validity.not_before,
        not_after: validity.not_after,
        issued_at: listed.issued_at,
        certificate_sha256: hex::encode(certificate.fingerprint()),
        certificate: None,
    })
}
