//! Officers: people with keys of their own, who propose and approve.

use chrono::{DateTime, Utc};

use crate::id::OfficerId;
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// An officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Its identifier, which the event record names.
    pub id: OfficerId,
    /// The person's name.
    pub name: String,
    /// The organisation that the person belongs to.
    pub organisation: String,
    /// The person's public key: SubjectPublicKeyInfo, DER (RFC 5280 section 4.1.2.7).
    pub public_key: Vec<u8>,
    /// SHA-256 of that.
    pub key_sha256: [u8; 32],
    /// When the person was enrolled.
    pub enrolled_at: DateTime<Utc>,
    /// When the person ceased to be one.
    pub removed_at: Option<DateTime<Utc>>,
}

impl FromRow for Officer {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed("id")?,
            name: row.get("name")?,
            organisation: row.get("organisation")?,
            public_key: row.get("public_key")?,
            key_sha256: row.bytes("key_sha256")?,
            enrolled_at: row.time("enrolled_at")?,
            removed_at: row.time_option("removed_at")?,
        })
    }
}

impl Write for Officer {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO officer (id, name, organisation, public_key, key_sha256, enrolled_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            self.id.to_string(),
            &self.name,
            &self.organisation,
            &self.public_key,
            &self.key_sha256,
            self.enrolled_at
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("officer", &self.name))
    }
}

/// The end of an officer's rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerRemoval {
    /// Which officer.
    pub id: OfficerId,
    /// From when on.
    pub removed_at: DateTime<Utc>,
    /// How many officers must be left.
    pub keep: u32,
}

impl Write for OfficerRemoval {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE officer SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL
            AND (SELECT COUNT(*) FROM officer WHERE removed_at IS NULL) > $3";
        vec![step!(SQL, self.id.to_string(), self.removed_at, self.keep)]
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        const SQL: &str = "SELECT CASE WHEN removed_at IS NULL THEN 'needed' ELSE 'removed' END AS value
            FROM officer WHERE id = $1";
        let found: Option<String> = conn.optional(SQL, args![self.id.to_string()]).await?;
        Ok(Conflict::state("officer", self.id, "enrolled", found))
    }
}

impl Store {
    /// The officer of an identifier, present or former.
    pub async fn officer(&self, id: OfficerId) -> Result<Option<Officer>, StoreError> {
        const SQL: &str = "SELECT id, name, organisation, public_key, key_sha256, enrolled_at, removed_at FROM officer
            WHERE id = $1";
        self.optional(SQL, args![id.to_string()]).await
    }

    /// The officer with a key, present or former.
    pub async fn officer_by_key(&self, key_sha256: &[u8; 32]) -> Result<Option<Officer>, StoreError> {
        const SQL: &str = "SELECT id, name, organisation, public_key, key_sha256, enrolled_at, removed_at FROM officer
            WHERE key_sha256 = $1";
        self.optional(SQL, args![key_sha256]).await
    }

    /// All officers, present and former, in the order of their enrolment.
    pub async fn officers(&self) -> Result<Vec<Officer>, StoreError> {
        const SQL: &str = "SELECT id, name, organisation, public_key, key_sha256, enrolled_at, removed_at FROM officer
            ORDER BY id";
        self.all(SQL, args![]).await
    }

    /// How many officers there are at present.
    pub async fn officer_count(&self) -> Result<u32, StoreError> {
        const SQL: &str = "SELECT COUNT(*) AS value FROM officer WHERE removed_at IS NULL";
        let count: i64 = self.one(SQL, args![]).await?;
        u32::try_from(count).map_err(|_| StoreError::corrupt("officer", format!("{count} rows")))
    }
}
