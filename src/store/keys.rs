//! Where keys are kept: names and places, never key bytes in clear.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A named key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its name.
    pub name: String,
    /// Its suite of cryptography, by name.
    pub suite: String,
    /// Where its private part is.
    pub place: KeyPlace,
    /// Its public part: SubjectPublicKeyInfo, DER (RFC 5280 section 4.1.2.7).
    pub public_key: Vec<u8>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Where the private part of a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// In an encrypted PKCS#8 file, by its path.
    File(String),
    /// Here: the encrypted PKCS#8 itself (EncryptedPrivateKeyInfo, DER, RFC 5958 section 3).
    Sealed(Vec<u8>),
    /// In a PKCS#11 token, by its address (RFC 7512).
    Token(String),
}

impl KeyPlace {
    /// Its kind: `file`, `sealed` or `token`.
    pub fn kind(&self) -> &'static str {
        self.columns().0
    }

    /// The three columns: kind, address, sealed key.
    fn columns(&self) -> (&'static str, Option<&str>, Option<&[u8]>) {
        match self {
            Self::File(path) => ("file", Some(path), None),
            Self::Sealed(key) => ("sealed", None, Some(key)),
            Self::Token(address) => ("token", Some(address), None),
        }
    }

    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let kind: String = row.get("place")?;
        Ok(match kind.as_str() {
            "file" => Self::File(row.get("address")?),
            "sealed" => Self::Sealed(row.get("sealed")?),
            "token" => Self::Token(row.get("address")?),
            _ => return Err(StoreError::corrupt("key place", format!("\"{kind}\" is not known"))),
        })
    }
}

impl FromRow for KeyRecord {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.get("name")?,
            suite: row.get("suite")?,
            place: KeyPlace::from_row(row)?,
            public_key: row.get("public_key")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Write for KeyRecord {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO key_record (name, suite, place, address, sealed, public_key, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let (kind, address, sealed) = self.place.columns();
        vec![step!(
            SQL,
            &self.name,
            &self.suite,
            kind,
            address,
            sealed,
            &self.public_key,
            self.created_at
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("key", &self.name))
    }
}

impl Store {
    /// The key of a name.
    pub async fn key(&self, name: &str) -> Result<Option<KeyRecord>, StoreError> {
        const SQL: &str =
            "SELECT name, suite, place, address, sealed, public_key, created_at FROM key_record WHERE name = $1";
        self.optional(SQL, args![name]).await
    }

    /// All keys, by name.
    pub async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        const SQL: &str =
            "SELECT name, suite, place, address, sealed, public_key, created_at FROM key_record ORDER BY name";
        self.all(SQL, args![]).await
    }
}
