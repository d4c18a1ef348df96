//! Certificates and revocation lists of others, which help to find paths.

use chrono::{DateTime, Utc};

use crate::crypto::DigestAlgorithm;
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{FromRow, Row, Step, args, step};

/// A certificate or revocation list of somebody else, DER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidationData {
    /// A certificate.
    Certificate(Vec<u8>),
    /// A certificate revocation list.
    Crl(Vec<u8>),
}

impl ValidationData {
    fn kind(&self) -> &'static str {
        match self {
            Self::Certificate(_) => "certificate",
            Self::Crl(_) => "crl",
        }
    }

    fn der(&self) -> &Vec<u8> {
        match self {
            Self::Certificate(der) | Self::Crl(der) => der,
        }
    }
}

impl FromRow for ValidationData {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let (kind, der): (String, Vec<u8>) = (row.get("kind")?, row.get("der")?);
        match kind.as_str() {
            "certificate" => Ok(Self::Certificate(der)),
            "crl" => Ok(Self::Crl(der)),
            other => Err(StoreError::corrupt("validation_data", format!("{other:?} is no kind"))),
        }
    }
}

/// Keeping one, from a time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptValidationData {
    /// What is kept.
    pub data: ValidationData,
    /// When it came.
    pub added_at: DateTime<Utc>,
    sha256: [u8; 32],
}

impl KeptValidationData {
    /// Keeps `data` from `added_at` on.
    pub fn new(data: ValidationData, added_at: DateTime<Utc>) -> Self {
        Self {
            sha256: DigestAlgorithm::Sha256.digest(data.der()).first_32(),
            data,
            added_at,
        }
    }
}

impl Write for KeptValidationData {
    fn steps(&self) -> Vec<Step<'_>> {
        // The same once more is written over by itself.
        const SQL: &str = "INSERT INTO validation_data (sha256, kind, der, added_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (sha256) DO UPDATE SET kind = excluded.kind";
        vec![step!(
            SQL,
            &self.sha256,
            self.data.kind(),
            self.data.der(),
            self.added_at
        )]
    }
}

impl Store {
    /// All that is kept, in the order in which it came.
    pub async fn validation_data(&self) -> Result<Vec<ValidationData>, StoreError> {
        const SQL: &str = "SELECT kind, der FROM validation_data ORDER BY added_at, sha256";
        self.all(SQL, args![]).await
    }
}
