//! Documents that were brought and sealed. The document itself is kept among the others, where it was asked for.

use chrono::{DateTime, Utc};

use crate::id::SealingId;
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{FromRow, Row, Step, args, step};

/// One sealing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// Its number.
    pub id: SealingId,
    /// Credit code of the organisation whose seal was applied, or that had a level raised.
    pub authority: String,
    /// Level of the signature after its form: `PAdES-B-T`.
    pub level: String,
    /// SHA-256 of what was brought.
    pub source_sha256: [u8; 32],
    /// SHA-256 of what was made of it.
    pub document_sha256: [u8; 32],
    /// Bytes of what was made of it.
    pub document_bytes: u64,
    /// When.
    pub sealed_at: DateTime<Utc>,
}

impl FromRow for Sealing {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed("id")?,
            authority: row.get("authority")?,
            level: row.get("level")?,
            source_sha256: row.bytes("source_sha256")?,
            document_sha256: row.bytes("document_sha256")?,
            document_bytes: row.count("document_bytes")?,
            sealed_at: row.time("sealed_at")?,
        })
    }
}

impl Write for Sealing {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str =
            "INSERT INTO sealing (id, authority, level, source_sha256, document_sha256, document_bytes, sealed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        vec![step!(
            SQL,
            self.id.to_string(),
            &self.authority,
            &self.level,
            &self.source_sha256,
            &self.document_sha256,
            i64::try_from(self.document_bytes).unwrap_or(i64::MAX),
            self.sealed_at
        )]
    }
}

impl Store {
    /// A sealing by its number.
    pub async fn sealing(&self, id: SealingId) -> Result<Option<Sealing>, StoreError> {
        const SQL: &str = "SELECT id, authority, level, source_sha256, document_sha256, document_bytes, sealed_at
            FROM sealing WHERE id = $1";
        self.optional(SQL, args![id.to_string()]).await
    }
}
