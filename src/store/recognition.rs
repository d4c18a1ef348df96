//! Recognition lists: every one that was published here, and what is kept to follow those of others.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A list that was published here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognitionList {
    /// Its number.
    pub sequence: u64,
    /// SHA-256 of its content.
    pub sha256: [u8; 32],
    /// The signed list.
    pub signed: Vec<u8>,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// When the next is due at the latest.
    pub next_update: DateTime<Utc>,
}

impl FromRow for RecognitionList {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            sequence: row.count("sequence")?,
            sha256: row.bytes("sha256")?,
            signed: row.get("signed")?,
            issued_at: row.time("issued_at")?,
            next_update: row.time("next_update")?,
        })
    }
}

impl FromRow for (u64, DateTime<Utc>) {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok((row.count("sequence")?, row.time("issued_at")?))
    }
}

impl Write for RecognitionList {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO recognition_list (sequence, sha256, signed, issued_at, next_update)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            self.sequence,
            &self.sha256,
            &self.signed,
            self.issued_at,
            self.next_update
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("recognition list", self.sequence))
    }
}

/// A list of somebody else, as it is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerList {
    /// What it is called here.
    pub name: String,
    /// Whose it is and which was seen last, as JSON.
    pub pin: String,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
    /// Where it is looked for; nowhere where it came in a file.
    pub address: Option<String>,
    /// When it was looked for last.
    pub checked_at: Option<DateTime<Utc>>,
    /// Code of the problem for which it was not taken in then.
    pub fault: Option<String>,
}

impl FromRow for PartnerList {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.get("name")?,
            pin: row.get("pin")?,
            imported_at: row.time("imported_at")?,
            address: row.get("address")?,
            checked_at: row.time_option("checked_at")?,
            fault: row.get("fault")?,
        })
    }
}

impl Write for PartnerList {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO partner_list (name, pin, imported_at, address, checked_at, fault)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (name) DO UPDATE SET pin = excluded.pin, imported_at = excluded.imported_at,
            address = excluded.address, checked_at = excluded.checked_at, fault = excluded.fault";
        vec![step!(
            SQL,
            &self.name,
            &self.pin,
            self.imported_at,
            &self.address,
            self.checked_at,
            &self.fault
        )]
    }
}

/// That a list was looked for at its address: what is kept of it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerListCheck {
    /// What it is called here.
    pub name: String,
    /// When.
    pub checked_at: DateTime<Utc>,
    /// Code of the problem for which it was not taken in.
    pub fault: Option<String>,
}

impl Write for PartnerListCheck {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE partner_list SET checked_at = $2, fault = $3 WHERE name = $1";
        vec![step!(SQL, &self.name, self.checked_at, &self.fault)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::NotFound {
            what: "partner list",
            key: self.name.clone(),
        })
    }
}

/// A list of somebody else that is followed no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerPartnerList {
    /// What it was called here.
    pub name: String,
}

impl Write for FormerPartnerList {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "DELETE FROM partner_list WHERE name = $1";
        vec![step!(SQL, &self.name)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::NotFound {
            what: "partner list",
            key: self.name.clone(),
        })
    }
}

impl Store {
    /// The number of the newest recognition list, 0 where there is none.
    pub async fn recognition_list_sequence(&self) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT COALESCE(MAX(sequence), 0) AS value FROM recognition_list";
        let sequence: i64 = self.one(SQL, args![]).await?;
        u64::try_from(sequence).map_err(|_| StoreError::corrupt("sequence", format!("{sequence} is negative")))
    }

    /// A recognition list by its number; the newest where none is given.
    pub async fn recognition_list(&self, sequence: Option<u64>) -> Result<Option<RecognitionList>, StoreError> {
        const NEWEST: &str = "SELECT sequence, sha256, signed, issued_at, next_update FROM recognition_list
            ORDER BY sequence DESC LIMIT 1";
        const NUMBERED: &str = "SELECT sequence, sha256, signed, issued_at, next_update FROM recognition_list
            WHERE sequence = $1";
        match sequence {
            None => self.optional(NEWEST, args![]).await,
            // A number that no column holds is that of no list.
            Some(sequence) if i64::try_from(sequence).is_err() => Ok(None),
            Some(sequence) => self.optional(NUMBERED, args![sequence]).await,
        }
    }

    /// Numbers and times of the newest recognition lists, at most `limit`, the newest first.
    pub async fn recognition_list_times(&self, limit: u32) -> Result<Vec<(u64, DateTime<Utc>)>, StoreError> {
        const SQL: &str = "SELECT sequence, issued_at FROM recognition_list ORDER BY sequence DESC LIMIT $1";
        self.all(SQL, args![limit]).await
    }

    /// The list of somebody else that goes by this name.
    pub async fn partner_list(&self, name: &str) -> Result<Option<PartnerList>, StoreError> {
        const SQL: &str = "SELECT name, pin, imported_at, address, checked_at, fault FROM partner_list WHERE name = $1";
        self.optional(SQL, args![name]).await
    }

    /// The lists of others, by name.
    pub async fn partner_lists(&self) -> Result<Vec<PartnerList>, StoreError> {
        const SQL: &str = "SELECT name, pin, imported_at, address, checked_at, fault FROM partner_list ORDER BY name";
        self.all(SQL, args![]).await
    }
}
