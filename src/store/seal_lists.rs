//! Status lists of seals as they were signed. None is ever given up: a report names the one that it rests on.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A status list of our seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedSealList {
    /// Its number, from [`Counter::SealStatusList`](crate::store::Counter::SealStatusList).
    pub number: u64,
    /// The list with its signature, DER.
    pub signed: Vec<u8>,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
}

impl FromRow for SignedSealList {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.count("version")?,
            signed: row.get("der")?,
            issued_at: row.time("issued_at")?,
        })
    }
}

impl Write for SignedSealList {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO seal_status_list (version, der, issued_at) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING";
        vec![step!(SQL, self.number, &self.signed, self.issued_at)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("seal status list", self.number))
    }
}

impl Store {
    /// The status list of seals with the highest number of those made until a time.
    pub async fn seal_list_at(&self, time: DateTime<Utc>) -> Result<Option<SignedSealList>, StoreError> {
        const SQL: &str = "SELECT version, der, issued_at FROM seal_status_list
            WHERE issued_at <= $1 ORDER BY version DESC LIMIT 1";
        self.optional(SQL, args![time]).await
    }
}
