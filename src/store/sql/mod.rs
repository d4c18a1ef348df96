//! One SQL text for two databases: arguments, a connection and rows that do not tell which database they belong to.
//!
//! Columns are TEXT, BIGINT and BLOB or BYTEA; times are microseconds since 1970 UTC, dates are `YYYY-MM-DD`; markers
//! are `$n`. Statements are constants, so each connection prepares each of them once.

mod arg;
mod conn;
mod row;
mod statement;

pub(super) use arg::{Arg, Step, args, step};
pub(super) use conn::{Conn, TAKE_BACK};
pub(super) use row::{FromRow, Row, Rows};
pub(super) use statement::Statement;
