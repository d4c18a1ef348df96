//! Arguments of statements, and statements with their arguments.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Arguments, Encode, Type};

use crate::store::error::StoreError;

/// One argument of a statement.
pub(in crate::store) enum Arg<'a> {
    Int(Option<i64>),
    Text(Option<Cow<'a, str>>),
    Blob(Option<&'a [u8]>),
}

/// The arguments of a statement, in the order of its markers.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::store::sql::Arg::from($value)),*] };
}
pub(in crate::store) use args;

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

impl From<Option<String>> for Arg<'_> {
    fn from(value: Option<String>) -> Self {
        Self::Text(value.map(Cow::Owned))
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

/// The arguments as sqlx takes them.
pub(super) fn bound<'a, A>(args: &'a [Arg<'a>]) -> Result<A, StoreError>
where
    A: Arguments + Default,
    Option<i64>: Encode<'a, A::Database> + Type<A::Database>,
    Option<&'a str>: Encode<'a, A::Database> + Type<A::Database>,
    Option<&'a [u8]>: Encode<'a, A::Database> + Type<A::Database>,
{
    let mut arguments = A::default();
    bind(args, &mut arguments)?;
    Ok(arguments)
}

/// Adds arguments to those of another statement.
pub(super) fn bind<'a, A>(args: &'a [Arg<'a>], arguments: &mut A) -> Result<(), StoreError>
where
    A: Arguments,
    Option<i64>: Encode<'a, A::Database> + Type<A::Database>,
    Option<&'a str>: Encode<'a, A::Database> + Type<A::Database>,
    Option<&'a [u8]>: Encode<'a, A::Database> + Type<A::Database>,
{
    for arg in args {
        match arg {
            Arg::Int(value) => arguments.add(*value),
            Arg::Text(value) => arguments.add(value.as_deref()),
            Arg::Blob(value) => arguments.add(*value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(())
}

/// A statement that writes exactly one row, or none when what is in the tables refuses it.
pub(in crate::store) struct Step<'a> {
    pub(in crate::store) sql: &'static str,
    pub(in crate::store) args: Vec<Arg<'a>>,
}

/// A step from its statement and its arguments.
macro_rules! step {
    ($sql:expr, $($value:expr),* $(,)?) => {
        $crate::store::sql::Step { sql: $sql, args: vec![$($crate::store::sql::Arg::from($value)),*] }
    };
}
pub(in crate::store) use step;
