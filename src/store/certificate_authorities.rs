//! Certificate authorities of ours.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A certificate authority of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateAuthority {
    /// Its name, as in addresses: `city-issuing-sm2`.
    pub name: String,
    /// Its suite of cryptography, by name.
    pub suite: String,
    /// The name of its key; [`OFFLINE`] where that is not here.
    pub key: String,
    /// Its subject, as people read it.
    pub subject: String,
    /// Its own certificate, DER.
    pub certificate: Vec<u8>,
    /// The name of the authority that issued its certificate; `None` for a root.
    pub parent: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// In place of the name of its key: the key is kept offline.
pub const OFFLINE: &str = "";

impl CertificateAuthority {
    /// Whether its key is kept offline, so that nothing here can sign in its name.
    pub fn is_offline(&self) -> bool {
        self.key == OFFLINE
    }
}

impl FromRow for CertificateAuthority {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.get("name")?,
            suite: row.get("suite")?,
            key: row.get("key_name")?,
            subject: row.get("subject")?,
            certificate: row.get("certificate")?,
            parent: row.get("parent")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Write for CertificateAuthority {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str =
            "INSERT INTO certificate_authority (name, suite, key_name, subject, certificate, parent, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            &self.name,
            &self.suite,
            &self.key,
            &self.subject,
            &self.certificate,
            &self.parent,
            self.created_at
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("certificate authority", &self.name))
    }
}

impl Store {
    /// The certificate authority of a name.
    pub async fn certificate_authority(&self, name: &str) -> Result<Option<CertificateAuthority>, StoreError> {
        const SQL: &str = "SELECT name, suite, key_name, subject, certificate, parent, created_at
            FROM certificate_authority WHERE name = $1";
        self.optional(SQL, args![name]).await
    }

    /// All certificate authorities, by name.
    pub async fn certificate_authorities(&self) -> Result<Vec<CertificateAuthority>, StoreError> {
        const SQL: &str = "SELECT name, suite, key_name, subject, certificate, parent, created_at
            FROM certificate_authority ORDER BY name";
        self.all(SQL, args![]).await
    }
}
