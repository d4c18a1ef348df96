//! Electronic seals (GB/T 38540) and the versions of their status list.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// esID, the identifier inside the seal object.
    pub es_id: String,
    /// Credit code of its owner.
    pub owner: String,
    /// Its name, as in the seal object.
    pub name: String,
    /// The seal object (SESeal), DER.
    pub der: Vec<u8>,
    /// SHA-256 of the certificate that signs with it.
    pub signer_sha256: [u8; 32],
    /// First second of its validity.
    pub valid_from: DateTime<Utc>,
    /// Last second of its validity.
    pub valid_until: DateTime<Utc>,
    /// Whether it may be applied.
    pub state: SealState,
    /// Since when it is in that state.
    pub state_at: DateTime<Utc>,
}

/// Whether a seal may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealState {
    /// It may.
    Active,
    /// Not for now.
    Suspended,
    /// Never again.
    Revoked,
}

impl SealState {
    const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Revoked];

    /// The word that is kept and shown in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }
}

impl fmt::Display for SealState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SealState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("\"{text}\" is no state of a seal"))
    }
}

impl FromRow for Seal {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            es_id: row.get("es_id")?,
            owner: row.get("owner")?,
            name: row.get("name")?,
            der: row.get("der")?,
            signer_sha256: row.bytes("signer_sha256")?,
            valid_from: row.time("valid_from")?,
            valid_until: row.time("valid_until")?,
            state: row.parsed("state")?,
            state_at: row.time("state_at")?,
        })
    }
}

impl Write for Seal {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO seal
            (es_id, owner, name, der, signer_sha256, valid_from, valid_until, state, state_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            &self.es_id,
            &self.owner,
            &self.name,
            &self.der,
            &self.signer_sha256,
            self.valid_from,
            self.valid_until,
            self.state.as_str(),
            self.state_at
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("seal", &self.es_id))
    }
}

/// A change of state of a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealTransition {
    /// esID of the seal.
    pub es_id: String,
    /// The state that it must be in.
    pub from: SealState,
    /// The state that it comes into.
    pub to: SealState,
    /// When.
    pub at: DateTime<Utc>,
}

impl Write for SealTransition {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE seal SET state = $3, state_at = $4 WHERE es_id = $1 AND state = $2";
        const CHANGE: &str = "INSERT INTO seal_change (es_id, since, state) VALUES ($1, $2, $3)";
        vec![
            step!(SQL, &self.es_id, self.from.as_str(), self.to.as_str(), self.at),
            step!(CHANGE, &self.es_id, self.at, self.to.as_str()),
        ]
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        const SQL: &str = "SELECT state AS value FROM seal WHERE es_id = $1";
        let found: Option<String> = conn.optional(SQL, args![&self.es_id]).await?;
        Ok(Conflict::state("seal", &self.es_id, self.from.as_str(), found))
    }
}

/// A state that a seal came into after it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealChange {
    /// esID of the seal.
    pub es_id: String,
    /// When.
    pub since: DateTime<Utc>,
    /// The state.
    pub state: SealState,
}

impl FromRow for SealChange {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            es_id: row.get("es_id")?,
            since: row.time("since")?,
            state: row.parsed("state")?,
        })
    }
}

impl Store {
    /// The seal of an esID.
    pub async fn seal(&self, es_id: &str) -> Result<Option<Seal>, StoreError> {
        const SQL: &str = "SELECT es_id, owner, name, der, signer_sha256, valid_from, valid_until, state, state_at
            FROM seal WHERE es_id = $1";
        self.optional(SQL, args![es_id]).await
    }

    /// Every change of state of every seal, by esID and time.
    pub async fn seal_changes(&self) -> Result<Vec<SealChange>, StoreError> {
        const SQL: &str = "SELECT es_id, since, state FROM seal_change ORDER BY es_id, since";
        self.all(SQL, args![]).await
    }

    /// All seals, by esID.
    pub async fn seals(&self) -> Result<Vec<Seal>, StoreError> {
        const SQL: &str = "SELECT es_id, owner, name, der, signer_sha256, valid_from, valid_until, state, state_at
            FROM seal ORDER BY es_id";
        self.all(SQL, args![]).await
    }

    /// The seals of an owner, by esID.
    pub async fn seals_of(&self, owner: &str) -> Result<Vec<Seal>, StoreError> {
        const SQL: &str = "SELECT es_id, owner, name, der, signer_sha256, valid_from, valid_until, state, state_at
            FROM seal WHERE owner = $1 ORDER BY es_id";
        self.all(SQL, args![owner]).await
    }
}
