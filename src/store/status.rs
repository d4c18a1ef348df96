//! Status lists: what each licence's place in a Token Status List says. Places that say 0, valid, are not stored.

use crate::credential::StatusIndex;
use crate::credential::status::STATUS_LIST_ENTRIES;
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{FromRow, Row, Step, args, step};

/// What a place is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusUpdate {
    /// The place.
    pub at: StatusIndex,
    /// The status, as the status list writes it: 0 valid, 1 invalid, 2 suspended.
    pub status: u8,
}

impl FromRow for (u32, u8) {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok((row.count("place")?, row.count("status")?))
    }
}

impl Write for StatusUpdate {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO status_entry (list, place, status) VALUES ($1, $2, $3)
            ON CONFLICT (list, place) DO UPDATE SET status = excluded.status";
        vec![step!(SQL, self.at.list, self.at.index, u32::from(self.status))]
    }
}

impl Store {
    /// What a list says: the places, ascending, with their status. Places that are not named say 0, valid.
    pub async fn status_list(&self, list: u32) -> Result<Vec<(u32, u8)>, StoreError> {
        const SQL: &str = "SELECT place, status FROM status_entry WHERE list = $1 ORDER BY place";
        self.all(SQL, args![list]).await
    }

    /// What one place says.
    pub async fn status(&self, at: StatusIndex) -> Result<u8, StoreError> {
        const SQL: &str = "SELECT place, status FROM status_entry WHERE list = $1 AND place = $2";
        let found: Option<(u32, u8)> = self.optional(SQL, args![at.list, at.index]).await?;
        Ok(found.map_or(0, |(_, status)| status))
    }

    /// How many lists have been begun: those numbered below this are to be published.
    pub async fn status_list_count(&self) -> Result<u32, StoreError> {
        const SQL: &str = "SELECT next AS value FROM counter WHERE name = 'status-index'";
        let next: i64 = self.optional(SQL, args![]).await?.unwrap_or(0);
        let next = u64::try_from(next).map_err(|_| StoreError::corrupt("counter", format!("{next} is negative")))?;
        u32::try_from(next.div_ceil(u64::from(STATUS_LIST_ENTRIES)))
            .map_err(|_| StoreError::corrupt("counter", format!("{next} status indexes")))
    }
}
