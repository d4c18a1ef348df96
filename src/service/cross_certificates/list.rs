//! The cross-certificates, as anyone may see them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::ca::cross::CertificatePair;
use crate::service::Service;
use crate::service::cross_certificates::standing::Authority;
use crate::service::error::{ServiceError, ServiceResult};
use crate::store;
use crate::trust::list::RecognitionList;
use crate::x509::{Certificate, SerialNumber};

/// Whether a cross-certificate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CrossState {
    /// It does.
    InForce,
    /// It has ended.
    Expired,
    /// It does not for now.
    OnHold,
    /// It was revoked.
    Revoked,
}

impl CrossState {
    /// Its name: `in-force`, `expired`, `on-hold`, `revoked`.
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Expired => "expired",
            Self::OnHold => "on-hold",
            Self::Revoked => "revoked",
        }
    }
}

/// A cross-certificate.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CrossCertificateView {
    /// The authority of ours that issued it.
    pub ca: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// Short name of the partner.
    pub partner: String,
    /// Name of the partner's authority.
    pub subject: String,
    /// Whether it counts.
    pub state: CrossState,
    /// Entities of the recognition list that the authority belongs to: what the list decides about them holds here,
    /// too.
    pub entities: Vec<String>,
    /// First second of its validity.
    pub not_before: DateTime<Utc>,
    /// Last second of its validity.
    pub not_after: DateTime<Utc>,
    /// What was agreed on.
    #[schema(value_type = Object)]
    pub terms: serde_json::Value,
    /// Whether the partner certified our authority in return.
    pub mutual: bool,
    /// `crossCertificatePair` (RFC 4523), DER in base64: what the partner issued to our authority, and ours to it.
    pub pair: String,
}

impl Service {
    /// The cross-certificates of an authority, the oldest first.
    ///
    /// # Errors
    /// Where the authority is not known.
    pub async fn cross_certificates(&self, ca: &str) -> ServiceResult<Vec<CrossCertificateView>> {
        self.authority_certificate(ca).await?;
        let list = self.recognition_list().await?;
        let rows = self.store().cross_certificates().await?;
        let rows = rows.into_iter().filter(|row| row.ca == ca);
        rows.map(|row| self.cross_view(row, list.as_ref())).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// Where it is not known.
    pub async fn cross_certificate(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<CrossCertificateView> {
        let row = self.cross_certificate_row(ca, serial).await?;
        let list = self.recognition_list().await?;
        self.cross_view(row, list.as_ref())
    }

    pub(super) async fn cross_certificate_row(
        &self,
        ca: &str,
        serial: &SerialNumber,
    ) -> ServiceResult<store::CrossCertificate> {
        let rows = self.store().cross_certificates().await?;
        let mut rows = rows.into_iter();
        let found = rows.find(|row| row.ca == ca && row.serial == serial.as_bytes());
        found.ok_or_else(|| ServiceError::not_found("cross-certificate", serial.to_string()))
    }

    fn cross_view(
        &self,
        row: store::CrossCertificate,
        list: Option<&RecognitionList>,
    ) -> ServiceResult<CrossCertificateView> {
        let certificate = Certificate::from_der(&row.der).map_err(ServiceError::internal)?;
        let authority = Authority::of(&certificate);
        let entities = list.into_iter().flat_map(|list| &list.entities);
        let entities = entities
            .filter(|entity| authority.is_of(entity))
            .map(|entity| entity.id.clone());
        let entities = entities.collect();
        let issued_to = row.issued_to.as_deref().map(Certificate::from_der).transpose();
        let issued_to = issued_to.map_err(ServiceError::internal)?;
        let validity = certificate.validity();
        let (serial, subject) = (certificate.serial().to_string(), certificate.subject().to_string());
        let mutual = issued_to.is_some();
        let pair = CertificatePair::new(issued_to, Some(certificate)).map_err(ServiceError::internal)?;
        Ok(CrossCertificateView {
            state: match row.revocation {
                Some(_) if row.is_held() => CrossState::OnHold,
                Some(_) => CrossState::Revoked,
                None if validity.ends_before(self.now()) => CrossState::Expired,
                None => CrossState::InForce,
            },
            entities,
            ca: row.ca,
            serial,
            partner: row.partner,
            subject,
            not_before: validity.not_before,
            not_after: validity.not_after,
            terms: serde_json::from_str(&row.terms).map_err(ServiceError::internal)?,
            mutual,
            pair: STANDARD.encode(pair.to_der()),
        })
    }
}
