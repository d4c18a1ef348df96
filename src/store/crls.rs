//! Certificate revocation lists as they were published.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A CRL (RFC 5280 section 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crl {
    /// The authority that signed it.
    pub ca: String,
    /// Its number (RFC 5280 section 5.2.3), from [`Counter::CrlNumber`](crate::store::Counter::CrlNumber).
    pub number: u64,
    /// The CRL, DER.
    pub der: Vec<u8>,
    /// When it was made.
    pub this_update: DateTime<Utc>,
    /// When the next is due at the latest.
    pub next_update: DateTime<Utc>,
    /// [`Store::revocation_changes`] as it was made; `None` for one of before this was noted.
    pub changes: Option<u64>,
}

impl FromRow for Crl {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            ca: row.get("ca")?,
            number: row.count("number")?,
            der: row.get("der")?,
            this_update: row.time("this_update")?,
            next_update: row.time("next_update")?,
            changes: row
                .get::<Option<i64>>("changes")?
                .and_then(|changes| u64::try_from(changes).ok()),
        })
    }
}

/// An authority and the number of its newest CRL, 0 where it has none.
impl Write for Crl {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO crl (ca, number, der, this_update, next_update, changes)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            &self.ca,
            self.number,
            &self.der,
            self.this_update,
            self.next_update,
            self.changes
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("CRL number", self.number))
    }
}

impl Store {
    /// The CRL of an authority with the highest number.
    pub async fn latest_crl(&self, ca: &str) -> Result<Option<Crl>, StoreError> {
        const SQL: &str = "SELECT ca, number, der, this_update, next_update, changes FROM crl
            WHERE ca = $1 ORDER BY number DESC LIMIT 1";
        self.optional(SQL, args![ca]).await
    }
}
