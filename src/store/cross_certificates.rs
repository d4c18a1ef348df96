//! Cross-certificates: what stands beside their certificates.

use chrono::{DateTime, Utc};

use crate::store::certificates::CertificateRevocation;
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A cross-certificate as it is issued, beside its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCrossCertificate {
    /// The authority of ours that issued it.
    pub ca: String,
    /// Its serial: the content bytes of its DER INTEGER.
    pub serial: Vec<u8>,
    /// Short name of the partner.
    pub partner: String,
    /// What was agreed on, JSON.
    pub terms: String,
    /// What the partner handed over, DER.
    pub handed_over: Vec<u8>,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
}

impl Write for NewCrossCertificate {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO cross_certificate (ca, serial, partner, terms, handed_over, created_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            &self.ca,
            &self.serial,
            &self.partner,
            &self.terms,
            &self.handed_over,
            self.created_at
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("cross-certificate", &self.partner))
    }
}

/// What a partner issued in return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossCertificateReturned {
    /// The authority of ours.
    pub ca: String,
    /// Serial of the cross-certificate that we issued.
    pub serial: Vec<u8>,
    /// The certificate that the partner issued to the authority, DER.
    pub issued_to: Vec<u8>,
}

impl Write for CrossCertificateReturned {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE cross_certificate SET issued_to = $3 WHERE ca = $1 AND serial = $2";
        vec![step!(SQL, &self.ca, &self.serial, &self.issued_to)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::NotFound {
            what: "cross-certificate",
            key: self.ca.clone(),
        })
    }
}

/// A cross-certificate with its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossCertificate {
    /// The authority of ours that issued it.
    pub ca: String,
    /// Its serial: the content bytes of its DER INTEGER.
    pub serial: Vec<u8>,
    /// Short name of the partner.
    pub partner: String,
    /// What was agreed on, JSON.
    pub terms: String,
    /// What the partner handed over, DER.
    pub handed_over: Vec<u8>,
    /// The certificate that the partner issued to our authority, DER.
    pub issued_to: Option<Vec<u8>>,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Its revocation, which may be a hold.
    pub revocation: Option<CertificateRevocation>,
}

impl CrossCertificate {
    /// Whether it was revoked for good.
    pub fn is_revoked(&self) -> bool {
        self.revocation.is_some() && !self.is_held()
    }

    /// Whether it is on hold.
    pub fn is_held(&self) -> bool {
        self.held_since().is_some()
    }

    /// Since when it is on hold; `None` where it is not.
    pub fn held_since(&self) -> Option<DateTime<Utc>> {
        self.revocation.as_ref().and_then(CertificateRevocation::held_since)
    }
}

impl FromRow for CrossCertificate {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let reason: Option<i64> = row.get("reason")?;
        let revocation = match reason {
            Some(_) => Some(CertificateRevocation::from_row(row)?),
            None => None,
        };
        Ok(Self {
            ca: row.get("ca")?,
            serial: row.get("serial")?,
            partner: row.get("partner")?,
            terms: row.get("terms")?,
            handed_over: row.get("handed_over")?,
            issued_to: row.get("issued_to")?,
            created_at: row.time("created_at")?,
            der: row.get("der")?,
            revocation,
        })
    }
}

impl Store {
    /// All cross-certificates, the oldest first.
    pub async fn cross_certificates(&self) -> Result<Vec<CrossCertificate>, StoreError> {
        const SQL: &str = "SELECT x.ca AS ca, x.serial AS serial, x.partner AS partner, x.terms AS terms,
            x.handed_over AS handed_over, x.issued_to AS issued_to, x.created_at AS created_at, c.der AS der,
            r.reason AS reason, r.revoked_at AS revoked_at, r.invalid_since AS invalid_since
            FROM cross_certificate x JOIN certificate c ON c.ca = x.ca AND c.serial = x.serial
            LEFT JOIN certificate_revocation r ON r.ca = x.ca AND r.serial = x.serial
            WHERE c.der IS NOT NULL ORDER BY x.created_at, x.serial";
        self.all(SQL, args![]).await
    }

    /// Whether a certificate is a cross-certificate.
    pub async fn is_cross_certificate(&self, ca: &str, serial: &[u8]) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT partner AS value FROM cross_certificate WHERE ca = $1 AND serial = $2";
        let found: Option<String> = self.optional(SQL, args![ca, serial]).await?;
        Ok(found.is_some())
    }
}
