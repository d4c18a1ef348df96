//! Bearer tokens of department systems (RFC 6750): only the digest of the secret is kept.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::id::TokenId;
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A token to be given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Its identifier, by which people name it.
    pub id: TokenId,
    /// SHA-256 of the secret. The secret is 256 random bits, so that no slower digest is needed.
    pub secret_sha256: [u8; 32],
    /// Credit code of the authority in whose name it acts.
    pub authority: String,
    /// What it is for, as people read it.
    pub name: String,
    /// What it may do; words without spaces (RFC 6749 section 3.3).
    pub scopes: BTreeSet<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it is refused.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its identifier.
    pub id: TokenId,
    /// Credit code of the authority in whose name it acts.
    pub authority: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it is refused.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Token {
    /// Whether it is accepted at `now`: neither revoked nor expired.
    pub fn is_usable(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none_or(|revoked| now < revoked) && self.expires_at.is_none_or(|expires| now < expires)
    }
}

impl FromRow for Token {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed("id")?,
            authority: row.get("authority")?,
            name: row.get("name")?,
            scopes: row
                .get::<String>("scopes")?
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            created_at: row.time("created_at")?,
            expires_at: row.time_option("expires_at")?,
            revoked_at: row.time_option("revoked_at")?,
        })
    }
}

impl Write for NewToken {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO token (id, secret_sha256, authority, name, scopes, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let scopes = self.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        vec![step!(
            SQL,
            self.id.to_string(),
            &self.secret_sha256,
            &self.authority,
            &self.name,
            scopes,
            self.created_at,
            self.expires_at
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("token", self.id))
    }
}

/// The end of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRevocation {
    /// Which token.
    pub id: TokenId,
    /// From when on it is refused.
    pub revoked_at: DateTime<Utc>,
}

impl Write for TokenRevocation {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE token SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1";
        vec![step!(SQL, self.id.to_string(), self.revoked_at)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::not_found("token", self.id))
    }
}

impl Store {
    /// The token with this secret, whatever its state.
    pub async fn token_by_secret(&self, secret_sha256: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        const SQL: &str = "SELECT id, authority, name, scopes, created_at, expires_at, revoked_at FROM token
            WHERE secret_sha256 = $1";
        self.optional(SQL, args![secret_sha256]).await
    }

    /// A token by its number, whatever its state.
    pub async fn token(&self, id: TokenId) -> Result<Option<Token>, StoreError> {
        const SQL: &str =
            "SELECT id, authority, name, scopes, created_at, expires_at, revoked_at FROM token WHERE id = $1";
        self.optional(SQL, args![id.to_string()]).await
    }
}
