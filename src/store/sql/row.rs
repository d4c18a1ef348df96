//! Rows, and what is read from them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Row as _, Type};

use crate::store::error::StoreError;

/// The rows that a statement gave.
pub(in crate::store) enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl Rows {
    pub(in crate::store) fn all<T: FromRow>(&self) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(|row| T::from_row(&Row::Sqlite(row))).collect(),
            Self::Postgres(rows) => rows.iter().map(|row| T::from_row(&Row::Postgres(row))).collect(),
        }
    }

    pub(in crate::store) fn first<T: FromRow>(&self) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite(rows) => rows.first().map(|row| T::from_row(&Row::Sqlite(row))).transpose(),
            Self::Postgres(rows) => rows.first().map(|row| T::from_row(&Row::Postgres(row))).transpose(),
        }
    }

    pub(in crate::store) fn one<T: FromRow>(&self) -> Result<T, StoreError> {
        self.first()?.ok_or(StoreError::Unavailable(sqlx::Error::RowNotFound))
    }
}

/// A row of either database.
pub(in crate::store) enum Row<'r> {
    Sqlite(&'r SqliteRow),
    Postgres(&'r PgRow),
}

/// What is read from one row.
pub(in crate::store) trait FromRow: Sized + Send {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError>;
}

impl<'r> Row<'r> {
    /// A column by name.
    pub(in crate::store) fn get<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: Decode<'r, sqlx::Sqlite> + Type<sqlx::Sqlite> + Decode<'r, sqlx::Postgres> + Type<sqlx::Postgres>,
        for<'n> &'n str: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// A count or a size.
    pub(in crate::store) fn count<N: TryFrom<i64>>(&self, column: &str) -> Result<N, StoreError> {
        let value: i64 = self.get(column)?;
        N::try_from(value)
            .map_err(|_| StoreError::corrupt(format!("column {column}"), format!("{value} is out of range")))
    }

    /// A time.
    pub(in crate::store) fn time(&self, column: &str) -> Result<DateTime<Utc>, StoreError> {
        time(column, self.get(column)?)
    }

    /// A time that may be absent.
    pub(in crate::store) fn time_option(&self, column: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.get::<Option<i64>>(column)?
            .map(|micros| time(column, micros))
            .transpose()
    }

    /// A date that may be absent.
    pub(in crate::store) fn date_option(&self, column: &str) -> Result<Option<NaiveDate>, StoreError> {
        self.get::<Option<String>>(column)?
            .map(|text| parse(column, &text))
            .transpose()
    }

    /// A text that is read into a type.
    pub(in crate::store) fn parsed<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        parse(column, &self.get::<String>(column)?)
    }

    /// Bytes of a fixed length.
    pub(in crate::store) fn bytes<const N: usize>(&self, column: &str) -> Result<[u8; N], StoreError> {
        sized(column, self.get(column)?)
    }

    /// Bytes of a fixed length that may be absent.
    pub(in crate::store) fn bytes_option<const N: usize>(&self, column: &str) -> Result<Option<[u8; N]>, StoreError> {
        self.get::<Option<Vec<u8>>>(column)?
            .map(|bytes| sized(column, bytes))
            .transpose()
    }
}

fn time(column: &str, micros: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| StoreError::corrupt(format!("column {column}"), format!("{micros} microseconds is no time")))
}

fn parse<T>(column: &str, text: &str) -> Result<T, StoreError>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    text.parse()
        .map_err(|error| StoreError::corrupt(format!("column {column}"), error))
}

fn sized<const N: usize>(column: &str, bytes: Vec<u8>) -> Result<[u8; N], StoreError> {
    let length = bytes.len();
    bytes
        .try_into()
        .map_err(|_| StoreError::corrupt(format!("column {column}"), format!("{length} bytes instead of {N}")))
}

impl FromRow for i64 {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        row.get("value")
    }
}

impl FromRow for String {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        row.get("value")
    }
}

impl FromRow for Vec<u8> {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        row.get("value")
    }
}
