//! One SQL text for two databases: arguments, a connection and rows that do not tell which database they belong to.
//!
//! Columns are TEXT, BIGINT and BLOB or BYTEA; times are microseconds since 1970 UTC, dates are `YYYY-MM-DD`; markers are `$n`.
//! Statements are constants, so each connection prepares each of them once.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Arguments, ColumnIndex, Decode, Encode, PgConnection, Row as _, SqlSafeStr, SqlStr, SqliteConnection, Type,
};

use crate::store::error::StoreError;

/// One argument of a statement.
pub(super) enum Arg<'a> {
    Int(Option<i64>),
    Text(Option<Cow<'a, str>>),
    Blob(Option<&'a [u8]>),
}

/// The arguments of a statement, in the order of its markers.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::store::sql::Arg::from($value)),*] };
}
pub(super) use args;

impl From<i64> for Arg<'_> {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<u32> for Arg<'_> {
    fn from(value: u32) -> Self {
        Self::Int(Some(value.into()))
    }
}

/// Counts and sizes: none that is kept here reaches 2^63.
impl From<u64> for Arg<'_> {
    fn from(value: u64) -> Self {
        Self::Int(Some(i64::try_from(value).unwrap_or(i64::MAX)))
    }
}

impl From<Option<u64>> for Arg<'_> {
    fn from(value: Option<u64>) -> Self {
        value.map_or(Self::Int(None), Self::from)
    }
}

impl From<DateTime<Utc>> for Arg<'_> {
    fn from(value: DateTime<Utc>) -> Self {
        Self::Int(Some(value.timestamp_micros()))
    }
}

impl From<Option<DateTime<Utc>>> for Arg<'_> {
    fn from(value: Option<DateTime<Utc>>) -> Self {
        Self::Int(value.map(|time| time.timestamp_micros()))
    }
}

impl From<Option<NaiveDate>> for Arg<'_> {
    fn from(value: Option<NaiveDate>) -> Self {
        Self::Text(value.map(|date| Cow::Owned(date.to_string())))
    }
}

impl From<String> for Arg<'_> {
    fn from(value: String) -> Self {
        Self::Text(Some(Cow::Owned(value)))
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(value)))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Self::from(value.as_str())
    }
}

impl<'a> From<Option<&'a str>> for Arg<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::Text(value.map(Cow::Borrowed))
    }
}

impl<'a> From<&'a Option<String>> for Arg<'a> {
    fn from(value: &'a Option<String>) -> Self {
        Self::from(value.as_deref())
    }
}

impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(Some(value))
    }
}

impl<'a> From<&'a Vec<u8>> for Arg<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(Some(value))
    }
}

impl<'a> From<Option<&'a [u8]>> for Arg<'a> {
    fn from(value: Option<&'a [u8]>) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a Option<Vec<u8>>> for Arg<'a> {
    fn from(value: &'a Option<Vec<u8>>) -> Self {
        Self::Blob(value.as_deref())
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Arg<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Blob(Some(value))
    }
}

impl<'a, const N: usize> From<&'a Option<[u8; N]>> for Arg<'a> {
    fn from(value: &'a Option<[u8; N]>) -> Self {
        Self::Blob(value.as_ref().map(<[u8; N]>::as_slice))
    }
}

fn bind<'a, A>(args: &'a [Arg<'a>]) -> Result<A, StoreError>
where
    A: Arguments + Default,
    Option<i64>: Encode<'a, A::Database> + Type<A::Database>,
    Option<&'a str>: Encode<'a, A::Database> + Type<A::Database>,
    Option<&'a [u8]>: Encode<'a, A::Database> + Type<A::Database>,
{
    let mut bound = A::default();
    for arg in args {
        match arg {
            Arg::Int(value) => bound.add(*value),
            Arg::Text(value) => bound.add(value.as_deref()),
            Arg::Blob(value) => bound.add(*value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

/// A connection to either database.
pub(super) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// Runs a statement; gives the number of rows that it wrote.
    pub(super) async fn execute(&mut self, sql: &'static str, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(c) => {
                let query = sqlx::query_with(sql, bind::<SqliteArguments>(args)?);
                query.execute(&mut **c).await?.rows_affected()
            }
            Self::Postgres(c) => {
                let query = sqlx::query_with(sql, bind::<PgArguments>(args)?);
                query.execute(&mut **c).await?.rows_affected()
            }
        })
    }

    /// The first row of a statement, if there is one.
    pub(super) async fn optional<T: FromRow>(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<Option<T>, StoreError> {
        self.rows(sql.into_sql_str(), args).await?.first()
    }

    /// The first row of a statement that always gives one.
    pub(super) async fn one<T: FromRow>(&mut self, sql: &'static str, args: &[Arg<'_>]) -> Result<T, StoreError> {
        self.rows(sql.into_sql_str(), args).await?.one()
    }

    /// All rows of a statement. Not generic: what sqlx makes of a query is large, and is compiled once.
    pub(super) async fn rows(&mut self, sql: SqlStr, args: &[Arg<'_>]) -> Result<Rows, StoreError> {
        Ok(match self {
            Self::Sqlite(c) => {
                let query = sqlx::query_with(sql, bind::<SqliteArguments>(args)?);
                Rows::Sqlite(query.fetch_all(&mut **c).await?)
            }
            Self::Postgres(c) => {
                let query = sqlx::query_with(sql, bind::<PgArguments>(args)?);
                Rows::Postgres(query.fetch_all(&mut **c).await?)
            }
        })
    }
}

/// The rows that a statement gave.
pub(super) enum Rows {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl Rows {
    pub(super) fn all<T: FromRow>(&self) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(rows) => rows.iter().map(|row| T::from_row(&Row::Sqlite(row))).collect(),
            Self::Postgres(rows) => rows.iter().map(|row| T::from_row(&Row::Postgres(row))).collect(),
        }
    }

    pub(super) fn first<T: FromRow>(&self) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite(rows) => rows.first().map(|row| T::from_row(&Row::Sqlite(row))).transpose(),
            Self::Postgres(rows) => rows.first().map(|row| T::from_row(&Row::Postgres(row))).transpose(),
        }
    }

    pub(super) fn one<T: FromRow>(&self) -> Result<T, StoreError> {
        self.first()?.ok_or(StoreError::Unavailable(sqlx::Error::RowNotFound))
    }
}

/// A row of either database.
pub(super) enum Row<'r> {
    Sqlite(&'r SqliteRow),
    Postgres(&'r PgRow),
}

/// What is read from one row.
pub(super) trait FromRow: Sized + Send {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError>;
}

impl<'r> Row<'r> {
    /// A column by name.
    pub(super) fn get<T>(&self, column: &str) -> Result<T, StoreError>
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
    pub(super) fn count<N: TryFrom<i64>>(&self, column: &str) -> Result<N, StoreError> {
        let value: i64 = self.get(column)?;
        N::try_from(value)
            .map_err(|_| StoreError::corrupt(format!("column {column}"), format!("{value} is out of range")))
    }

    /// A time.
    pub(super) fn time(&self, column: &str) -> Result<DateTime<Utc>, StoreError> {
        time(column, self.get(column)?)
    }

    /// A time that may be absent.
    pub(super) fn time_option(&self, column: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.get::<Option<i64>>(column)?
            .map(|micros| time(column, micros))
            .transpose()
    }

    /// A date that may be absent.
    pub(super) fn date_option(&self, column: &str) -> Result<Option<NaiveDate>, StoreError> {
        self.get::<Option<String>>(column)?
            .map(|text| parse(column, &text))
            .transpose()
    }

    /// A text that is read into a type.
    pub(super) fn parsed<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        parse(column, &self.get::<String>(column)?)
    }

    /// Bytes of a fixed length.
    pub(super) fn bytes<const N: usize>(&self, column: &str) -> Result<[u8; N], StoreError> {
        sized(column, self.get(column)?)
    }

    /// Bytes of a fixed length that may be absent.
    pub(super) fn bytes_option<const N: usize>(&self, column: &str) -> Result<Option<[u8; N]>, StoreError> {
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
