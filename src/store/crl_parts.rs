//! Parts of revocation lists, and delta lists: the newest of each alone.

use chrono::{DateTime, Utc};

use crate::store::certificates::CertificateRevocation;
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// Which list beside the complete one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartOfCrl {
    /// The certificates that name this part.
    Shard(u64),
    /// What changed since a complete list.
    Delta,
}

impl PartOfCrl {
    fn number(self) -> i64 {
        match self {
            // No number of a part reaches 2^63.
            Self::Shard(number) => i64::try_from(number).unwrap_or(i64::MAX),
            Self::Delta => -1,
        }
    }
}

/// A list beside the complete one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrlPart {
    /// The authority that signed it.
    pub ca: String,
    /// Which one.
    pub part: PartOfCrl,
    /// Its number.
    pub number: u64,
    /// The number of the complete list that a delta list continues.
    pub base: Option<u64>,
    /// The list, DER.
    pub der: Vec<u8>,
    /// When it was made.
    pub this_update: DateTime<Utc>,
    /// When the next is due at the latest.
    pub next_update: DateTime<Utc>,
    /// How often what it tells of had changed.
    pub changes: u64,
}

impl FromRow for CrlPart {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let part: i64 = row.get("part")?;
        Ok(Self {
            ca: row.get("ca")?,
            part: u64::try_from(part).map_or(PartOfCrl::Delta, PartOfCrl::Shard),
            number: row.count("number")?,
            base: row
                .get::<Option<i64>>("base")?
                .and_then(|base| u64::try_from(base).ok()),
            der: row.get("der")?,
            this_update: row.time("this_update")?,
            next_update: row.time("next_update")?,
            changes: row.count("changes")?,
        })
    }
}

impl Write for CrlPart {
    fn steps(&self) -> Vec<Step<'_>> {
        // An older list never takes the place of a newer one.
        const SQL: &str = "INSERT INTO crl_part (ca, part, number, base, der, this_update, next_update, changes)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (ca, part) DO UPDATE
            SET number = excluded.number, base = excluded.base, der = excluded.der, this_update = excluded.this_update,
            next_update = excluded.next_update, changes = excluded.changes WHERE excluded.number > crl_part.number";
        vec![step!(
            SQL,
            &self.ca,
            self.part.number(),
            self.number,
            self.base,
            &self.der,
            self.this_update,
            self.next_update,
            self.changes
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("newer CRL of part", self.part.number()))
    }
}

/// A part with a count, or with the time of its list and the count that it was made at.
impl FromRow for (u64, u64) {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok((row.count("part")?, row.count("changes")?))
    }
}

impl FromRow for (u64, (DateTime<Utc>, u64)) {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok((row.count("part")?, (row.time("this_update")?, row.count("changes")?)))
    }
}

/// The complete list that a delta list continues.
struct Base(u64, DateTime<Utc>);

impl FromRow for Base {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self(row.count("number")?, row.time("this_update")?))
    }
}

impl Store {
    /// The newest list of a part, or the newest delta list.
    pub async fn crl_part(&self, ca: &str, part: PartOfCrl) -> Result<Option<CrlPart>, StoreError> {
        const SQL: &str = "SELECT ca, part, number, base, der, this_update, next_update, changes FROM crl_part
            WHERE ca = $1 AND part = $2";
        self.optional(SQL, args![ca, part.number()]).await
    }

    /// The parts that have a list, with its time and the count of changes that it was made at.
    pub async fn crl_part_states(&self, ca: &str) -> Result<Vec<(u64, (DateTime<Utc>, u64))>, StoreError> {
        const SQL: &str = "SELECT part, this_update, changes FROM crl_part WHERE ca = $1 AND part >= 0";
        self.all(SQL, args![ca]).await
    }

    /// The last part that a certificate of the authority names; `None` where none names any.
    pub async fn last_shard(&self, ca: &str) -> Result<Option<u64>, StoreError> {
        const SQL: &str = "SELECT shard AS value FROM certificate WHERE ca = $1 AND shard IS NOT NULL
            ORDER BY shard DESC LIMIT 1";
        let last: Option<i64> = self.optional(SQL, args![ca]).await?;
        Ok(last.and_then(|last| u64::try_from(last).ok()))
    }

    /// The part that a certificate names.
    pub async fn shard_of(&self, ca: &str, serial: &[u8]) -> Result<Option<u64>, StoreError> {
        const SQL: &str = "SELECT shard AS value FROM certificate WHERE ca = $1 AND serial = $2 AND shard IS NOT NULL";
        let shard: Option<i64> = self.optional(SQL, args![ca, serial]).await?;
        Ok(shard.and_then(|shard| u64::try_from(shard).ok()))
    }

    /// How often what is revoked of a part has changed.
    pub async fn shard_changes(&self, ca: &str, shard: u64) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT changes AS value FROM revocation_count WHERE ca = $1 AND shard = $2";
        let changes: Option<i64> = self.optional(SQL, args![ca, shard]).await?;
        Ok(changes.and_then(|changes| u64::try_from(changes).ok()).unwrap_or(0))
    }

    /// The same of every part that has changed at all.
    pub async fn shard_counts(&self, ca: &str) -> Result<Vec<(u64, u64)>, StoreError> {
        const SQL: &str = "SELECT shard AS part, changes FROM revocation_count WHERE ca = $1 AND shard >= 0";
        self.all(SQL, args![ca]).await
    }

    /// The oldest complete list made since a time: its number and when it was made.
    pub async fn crl_base(&self, ca: &str, since: DateTime<Utc>) -> Result<Option<(u64, DateTime<Utc>)>, StoreError> {
        const SQL: &str = "SELECT number, this_update FROM crl WHERE ca = $1 AND this_update >= $2
            ORDER BY number LIMIT 1";
        let base: Option<Base> = self.optional(SQL, args![ca, since]).await?;
        Ok(base.map(|Base(number, this_update)| (number, this_update)))
    }

    /// The revocations of one part, by serial.
    pub async fn revocations_of_shard(&self, ca: &str, shard: u64) -> Result<Vec<CertificateRevocation>, StoreError> {
        const SQL: &str = "SELECT ca, serial, reason, revoked_at, invalid_since FROM certificate_revocation
            WHERE ca = $1 AND shard = $2 ORDER BY serial";
        self.all(SQL, args![ca, shard]).await
    }

    /// The revocations that came or changed since a time, by serial.
    pub async fn revocations_since(
        &self,
        ca: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<CertificateRevocation>, StoreError> {
        const SQL: &str = "SELECT ca, serial, reason, revoked_at, invalid_since FROM certificate_revocation
            WHERE ca = $1 AND changed_at >= $2 ORDER BY serial";
        self.all(SQL, args![ca, since]).await
    }
}
