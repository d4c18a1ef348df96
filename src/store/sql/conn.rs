//! A connection, and how statements are run on it.

use std::fmt::Write as _;

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, PgConnection, SqlSafeStr, SqlStr, SqliteConnection};

use crate::store::error::StoreError;
use crate::store::sql::arg::{Arg, Step, bind, bound};
use crate::store::sql::row::{FromRow, Rows};

/// Takes back what an operation wrote in SQLite; the savepoint that it runs in stays.
pub(in crate::store) const TAKE_BACK: &str = "ROLLBACK TO operation";

/// A connection to either database.
pub(in crate::store) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// Runs a statement; gives the number of rows that it wrote.
    pub(in crate::store) async fn execute(&mut self, sql: &'static str, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(c) => {
                let query = sqlx::query_with(sql, bound::<SqliteArguments>(args)?);
                query.execute(&mut **c).await?.rows_affected()
            }
            Self::Postgres(c) => {
                let query = sqlx::query_with(sql, bound::<PgArguments>(args)?);
                query.execute(&mut **c).await?.rows_affected()
            }
        })
    }

    /// Runs steps in one go, where the database can: SQLite takes several statements at once, which saves a change of
    /// threads for each. Tells whether it did, and each wrote its row; if not, none of them is left and they are to be
    /// run one by one.
    pub(in crate::store) async fn run_together(&mut self, steps: &[&Step<'_>]) -> Result<bool, StoreError> {
        let Self::Sqlite(c) = self else { return Ok(false) };
        let mut arguments = SqliteArguments::default();
        for step in steps {
            bind(&step.args, &mut arguments)?;
        }
        let query = sqlx::query_with(AssertSqlSafe(join(steps)), arguments);
        if let Ok(done) = query.execute(&mut **c).await
            && done.rows_affected() == steps.len() as u64
        {
            return Ok(true);
        }
        self.execute(TAKE_BACK, &[]).await?;
        Ok(false)
    }

    /// The first row of a statement, if there is one.
    pub(in crate::store) async fn optional<T: FromRow>(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<Option<T>, StoreError> {
        self.rows(sql.into_sql_str(), args).await?.first()
    }

    /// The first row of a statement that always gives one.
    pub(in crate::store) async fn one<T: FromRow>(
        &mut self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<T, StoreError> {
        self.rows(sql.into_sql_str(), args).await?.one()
    }

    /// All rows of a statement. Not generic: what sqlx makes of a query is large, and is compiled once.
    pub(in crate::store) async fn rows(&mut self, sql: SqlStr, args: &[Arg<'_>]) -> Result<Rows, StoreError> {
        Ok(match self {
            Self::Sqlite(c) => {
                let query = sqlx::query_with(sql, bound::<SqliteArguments>(args)?);
                Rows::Sqlite(query.fetch_all(&mut **c).await?)
            }
            Self::Postgres(c) => {
                let query = sqlx::query_with(sql, bound::<PgArguments>(args)?);
                Rows::Postgres(query.fetch_all(&mut **c).await?)
            }
        })
    }
}

/// The statements of steps as one text, whose markers go through.
fn join(steps: &[&Step<'_>]) -> String {
    let mut text = String::with_capacity(steps.iter().map(|step| step.sql.len() + 2 * step.args.len() + 1).sum());
    let mut offset = 0;
    for step in steps {
        let mut pieces = step.sql.split('$');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (number, rest) = piece.split_at(piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len()));
            // A marker is a number; SQLite would refuse the text if it were not.
            let number: usize = number.parse().unwrap_or_default();
            // Writing to a String does not fail.
            let _ = write!(text, "${}{rest}", number + offset);
        }
        text.push(';');
        offset += step.args.len();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sql::step;

    #[test]
    fn joined_statements_keep_their_own_arguments() {
        let first = step!("UPDATE a SET x = $2, y = $2 WHERE k = $1", 1i64, 2i64);
        let second = step!("DELETE FROM b",);
        let third = step!("INSERT INTO c VALUES ($1)", 3i64);
        assert_eq!(
            join(&[&first, &second, &third]),
            "UPDATE a SET x = $2, y = $2 WHERE k = $1;DELETE FROM b;INSERT INTO c VALUES ($3);"
        );
    }
}
