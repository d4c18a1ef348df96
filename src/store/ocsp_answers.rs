//! Answers to status requests that were signed beforehand, one for each certificate.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::operation::Operation;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// An answer, good for any request about its certificate without a nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspAnswer {
    /// The authority that issued the certificate.
    pub ca: String,
    /// The certificate's serial.
    pub serial: Vec<u8>,
    /// `OCSPResponse`, DER; empty where the last one no longer holds.
    pub der: Vec<u8>,
    /// Since when it is known to be so.
    pub this_update: DateTime<Utc>,
    /// Until when it may be relied on.
    pub next_update: DateTime<Utc>,
    /// The number of [`Store::revocation_changes`] at which the status was read; `None` for a certificate that is not
    /// issued yet. At another number the answer is refused: it may be out of date.
    pub as_of_change: Option<u64>,
}

impl FromRow for OcspAnswer {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            ca: row.get("ca")?,
            serial: row.get("serial")?,
            der: row.get("der")?,
            this_update: row.time("this_update")?,
            next_update: row.time("next_update")?,
            as_of_change: None,
        })
    }
}

/// An authority and a serial.
impl FromRow for (String, Vec<u8>) {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok((row.get("ca")?, row.get("serial")?))
    }
}

impl Write for OcspAnswer {
    fn steps(&self) -> Vec<Step<'_>> {
        // The second condition keeps one out that was signed before a revocation and comes after it.
        const GUARDED: &str = "INSERT INTO ocsp_answer (ca, serial, der, this_update, next_update)
            SELECT $1, $2, $3, $4, $5
            WHERE (SELECT CAST(COALESCE(SUM(changes), 0) AS BIGINT) FROM revocation_count WHERE ca = $1) = $6
            ON CONFLICT (ca, serial) DO UPDATE
            SET der = excluded.der, this_update = excluded.this_update, next_update = excluded.next_update
            WHERE excluded.this_update >= ocsp_answer.this_update";
        const FIRST: &str = "INSERT INTO ocsp_answer (ca, serial, der, this_update, next_update)
            VALUES ($1, $2, $3, $4, $5)";
        vec![match self.as_of_change {
            Some(change) => step!(
                GUARDED,
                &self.ca,
                &self.serial,
                &self.der,
                self.this_update,
                self.next_update,
                change
            ),
            None => step!(
                FIRST,
                &self.ca,
                &self.serial,
                &self.der,
                self.this_update,
                self.next_update
            ),
        }]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("newer status of certificate", &self.ca))
    }
}

/// Forgets answers that no longer hold.
struct Prune {
    before: DateTime<Utc>,
}

impl Operation for Prune {
    type Output = u64;

    async fn run(&self, conn: &mut Conn<'_>) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM ocsp_answer WHERE next_update < $1";
        conn.execute(SQL, args![self.before]).await
    }
}

impl Store {
    /// The answer about a certificate.
    pub async fn ocsp_answer(&self, ca: &str, serial: &[u8]) -> Result<Option<OcspAnswer>, StoreError> {
        const SQL: &str = "SELECT ca, serial, der, this_update, next_update FROM ocsp_answer
            WHERE ca = $1 AND serial = $2";
        self.optional(SQL, args![ca, serial]).await
    }

    /// Serial numbers of the certificates of an authority, valid at `now`, whose answers end before `before`, at most
    /// `limit`.
    pub async fn due_ocsp_answers(
        &self,
        ca: &str,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT a.serial AS value FROM ocsp_answer a
            JOIN certificate c ON c.ca = a.ca AND c.serial = a.serial
            WHERE a.ca = $1 AND a.next_update < $2 AND c.not_after >= $3 ORDER BY a.next_update LIMIT $4";
        self.all(SQL, args![ca, before, now, limit]).await
    }

    /// Forgets the answers that ended before a time; gives how many.
    pub async fn prune_ocsp_answers(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.apply(Prune { before }).await
    }
}
