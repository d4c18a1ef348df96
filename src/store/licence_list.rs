//! Lists of licences, newest first, a page at a time.
//!
//! A page starts after the last row of the page before (keyset paging), so that a page far back costs no more than the
//! first.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use crate::store::error::StoreError;
use crate::store::licences::{LookupHash, StoredLicence, licence_columns};
use crate::store::open::Store;
use crate::store::sql::Statement;

/// Which licences are listed: those that meet all that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LicenceFilter {
    /// Of this type.
    pub type_code: Option<String>,
    /// Of this authority.
    pub authority: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// Whose number begins so.
    pub number_prefix: Option<String>,
    /// Issued on this day or later.
    pub issued_from: Option<NaiveDate>,
    /// Issued on this day or before.
    pub issued_until: Option<NaiveDate>,
    /// Whose holder's code has this digest.
    pub holder_code_hash: Option<LookupHash>,
    /// Whose holder's name has this digest.
    pub holder_name_hash: Option<LookupHash>,
}

/// The place in a list after which the next page starts. As text: microseconds and row, joined by a hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenceCursor {
    created_at: DateTime<Utc>,
    row: i64,
}

/// A text that is no place in a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no place in a list")]
pub struct CursorError(String);

impl CursorError {
    pub(in crate::store) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for LicenceCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.created_at.timestamp_micros(), self.row)
    }
}

impl FromStr for LicenceCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let read = || {
            let (micros, row) = text.rsplit_once('-')?;
            Some(Self {
                created_at: DateTime::from_timestamp_micros(micros.parse().ok()?)?,
                row: row.parse().ok()?,
            })
        };
        read().ok_or_else(|| CursorError(text.to_owned()))
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicencePage {
    /// The licences, newest first.
    pub licences: Vec<StoredLicence>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<LicenceCursor>,
}

fn statement<'a>(filter: &'a LicenceFilter, after: Option<LicenceCursor>, limit: u32) -> Statement<'a> {
    let mut statement = Statement::new(concat!("SELECT ", licence_columns!(), " FROM licence"));
    if let Some(value) = &filter.type_code {
        statement.and("type_code = ?", [value.into()]);
    }
    if let Some(value) = &filter.authority {
        statement.and("authority = ?", [value.into()]);
    }
    if let Some(value) = &filter.state {
        statement.and("state = ?", [value.into()]);
    }
    if let Some(prefix) = &filter.number_prefix {
        // U+10FFFF comes after every other character in the order of bytes, in which numbers are compared.
        let end = format!("{prefix}\u{10FFFF}");
        statement.and("number >= ? AND number < ?", [prefix.into(), end.into()]);
    }
    if let Some(date) = filter.issued_from {
        statement.and("issued_on >= ?", [Some(date).into()]);
    }
    if let Some(date) = filter.issued_until {
        statement.and("issued_on <= ?", [Some(date).into()]);
    }
    if let Some(hash) = &filter.holder_code_hash {
        statement.and("holder_code_hash = ?", [hash.into()]);
    }
    if let Some(hash) = &filter.holder_name_hash {
        statement.and("holder_name_hash = ?", [hash.into()]);
    }
    if let Some(after) = after {
        statement.and("(created_at, id) < (?, ?)", [after.created_at.into(), after.row.into()]);
    }
    statement.ending(" ORDER BY created_at DESC, id DESC LIMIT ?", limit.into());
    statement
}

impl Store {
    /// A page of the licences that meet a filter, newest first: at most `limit`, from 1, after a place in the list.
    pub async fn licences(
        &self,
        filter: &LicenceFilter,
        after: Option<LicenceCursor>,
        limit: u32,
    ) -> Result<LicencePage, StoreError> {
        // One more than asked for tells whether there is a next page.
        let Statement { sql, args } = statement(filter, after, limit.saturating_add(1));
        let mut licences: Vec<StoredLicence> = self.all(AssertSqlSafe(sql), &args).await?;
        let is_last = licences.len() <= limit as usize;
        licences.truncate(limit as usize);
        let next = licences.last().filter(|_| !is_last).map(|last| LicenceCursor {
            created_at: last.licence.created_at,
            row: last.row,
        });
        Ok(LicencePage { licences, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_that_is_set_adds_its_condition_and_argument() {
        let filter = LicenceFilter {
            type_code: Some("T".into()),
            number_prefix: Some("N".into()),
            ..LicenceFilter::default()
        };
        let statement = statement(&filter, None, 10);
        let (_, conditions) = statement.sql.split_once(" FROM ").unwrap();
        assert_eq!(
            conditions,
            "licence WHERE type_code = $1 AND number >= $2 AND number < $3 ORDER BY created_at DESC, id DESC LIMIT $4"
        );
        assert_eq!(statement.args.len(), 4);
    }

    #[test]
    fn a_place_in_a_list_is_read_back_from_its_text() {
        let cursor = LicenceCursor {
            created_at: DateTime::from_timestamp_micros(-5).unwrap(),
            row: 7,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert!("".parse::<LicenceCursor>().is_err());
        assert!("5-".parse::<LicenceCursor>().is_err());
    }
}
