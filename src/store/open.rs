//! Opening either database, and reading from it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool, SqlSafeStr, SqlStr, SqlitePool};

use crate::store::error::StoreError;
use crate::store::operation::{self, Operation};
use crate::store::sql::{Arg, Conn, FromRow, Rows};
use crate::store::writer::Writer;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/postgres");

/// How long a request waits for a connection, or for another process to leave the SQLite file, before it is refused.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of a page of a new SQLite file: a 40 KiB licence takes few overflow pages, a changed index entry writes
/// little.
const SQLITE_PAGE_BYTES: u32 = 8192;

/// Pages of the write-ahead log after which it is copied into the file: 64 MiB, so that a page that many commits change
/// is copied once.
const SQLITE_CHECKPOINT_PAGES: &str = "8192";

/// Memory that each SQLite connection may use for pages, as SQLite writes it: negative, in KiB.
const SQLITE_CACHE: &str = "-8192";

/// The same for those that read documents alone.
const SQLITE_DOCUMENT_CACHE: &str = "-512";

/// Where the data are kept.
#[derive(Clone, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// `sqlite:FILE`, or a PostgreSQL address (`postgres://user@host/database`). May hold a password: it is never
    /// logged.
    pub location: String,
    /// Connections kept open: readers of SQLite, all of PostgreSQL.
    pub connections: u32,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            location: "sqlite:yinxin.db".to_owned(),
            connections: 8,
        }
    }
}

impl StoreSettings {
    /// The default settings at another location.
    pub fn at(location: impl Into<String>) -> Self {
        Self {
            location: location.into(),
            ..Self::default()
        }
    }
}

impl fmt::Debug for StoreSettings {
    /// Leaves out the location's password, by leaving out the location.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreSettings")
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

/// The open database; clones are the same one.
#[derive(Clone)]
pub struct Store(Arc<Backend>);

enum Backend {
    Sqlite {
        readers: SqlitePool,
        /// Read documents alone: their pages would drive all others out of the memory of the readers, and are wanted
        /// once.
        document_readers: SqlitePool,
        writer: Writer,
    },
    Postgres(PgPool),
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self.0 {
            Backend::Sqlite { .. } => "Store(SQLite)",
            Backend::Postgres(_) => "Store(PostgreSQL)",
        })
    }
}

impl Store {
    /// Opens the database, makes it where it is a file that is not there yet, and brings its tables to this program's
    /// version. Must be called inside a tokio runtime.
    pub async fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        let location = settings.location.as_str();
        let backend = match location.split_once(':') {
            Some(("sqlite", file)) => open_sqlite(file, settings.connections).await?,
            Some(("postgres" | "postgresql", _)) => open_postgres(location, settings.connections).await?,
            _ => return Err(StoreError::Location(location.to_owned())),
        };
        Ok(Self(Arc::new(backend)))
    }

    /// Finishes what was accepted and closes the database. Later calls on any clone fail.
    pub async fn close(&self) {
        match &*self.0 {
            Backend::Sqlite {
                readers,
                document_readers,
                writer,
            } => {
                writer.close().await;
                readers.close().await;
                document_readers.close().await;
            }
            Backend::Postgres(pool) => pool.close().await,
        }
    }

    /// Answers whether the database can be read now.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.one::<i64>("SELECT CAST(1 AS BIGINT) AS value", &[])
            .await
            .map(|_| ())
    }

    /// Makes an operation durable, and gives what it answered.
    pub(super) async fn apply<O: Operation>(&self, operation: O) -> Result<O::Output, StoreError> {
        match &*self.0 {
            Backend::Sqlite { writer, .. } => writer.apply(operation).await,
            Backend::Postgres(pool) => operation::apply_in_postgres(pool, &operation).await,
        }
    }

    /// The first row of a query, if there is one.
    pub(super) async fn optional<T: FromRow>(
        &self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<Option<T>, StoreError> {
        self.rows(sql.into_sql_str(), args).await?.first()
    }

    /// The first row of a query for a part of a document, if there is one.
    pub(super) async fn optional_of_document<T: FromRow>(
        &self,
        sql: &'static str,
        args: &[Arg<'_>],
    ) -> Result<Option<T>, StoreError> {
        match &*self.0 {
            Backend::Sqlite { document_readers, .. } => {
                let mut reader = document_readers.acquire().await?;
                Conn::Sqlite(&mut reader).rows(sql.into_sql_str(), args).await?.first()
            }
            Backend::Postgres(_) => self.optional(sql, args).await,
        }
    }

    /// The first row of a query that always gives one.
    pub(super) async fn one<T: FromRow>(&self, sql: &'static str, args: &[Arg<'_>]) -> Result<T, StoreError> {
        self.rows(sql.into_sql_str(), args).await?.one()
    }

    /// All rows of a query.
    pub(super) async fn all<T: FromRow>(&self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<Vec<T>, StoreError> {
        self.rows(sql.into_sql_str(), args).await?.all()
    }

    async fn rows(&self, sql: SqlStr, args: &[Arg<'_>]) -> Result<Rows, StoreError> {
        match &*self.0 {
            Backend::Sqlite { readers, .. } => Conn::Sqlite(&mut *readers.acquire().await?).rows(sql, args).await,
            Backend::Postgres(pool) => Conn::Postgres(&mut *pool.acquire().await?).rows(sql, args).await,
        }
    }
}

async fn open_sqlite(file: &str, readers: u32) -> Result<Backend, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(file.strip_prefix("//").unwrap_or(file))
        .create_if_missing(true)
        .page_size(SQLITE_PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("cache_size", SQLITE_CACHE)
        // What a savepoint may have to take back stays in memory, not in a file.
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", SQLITE_CHECKPOINT_PAGES)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    // Not `run`, whose future cannot be sent between threads.
    SQLITE_MIGRATIONS.run_direct(None, &mut connection, false).await?;
    let pool = SqlitePoolOptions::new()
        .max_connections(readers)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false);
    let reading = options.clone().pragma("query_only", "ON");
    let reading_documents = reading.clone().pragma("cache_size", SQLITE_DOCUMENT_CACHE);
    Ok(Backend::Sqlite {
        readers: pool.clone().connect_with(reading).await?,
        document_readers: pool.connect_lazy_with(reading_documents),
        writer: Writer::start(options, connection),
    })
}

async fn open_postgres(address: &str, connections: u32) -> Result<Backend, StoreError> {
    let options = PgConnectOptions::from_str(address)?
        .application_name("yinxin")
        .options([("synchronous_commit", "on")])
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    POSTGRES_MIGRATIONS.run_direct(None, &mut connection, false).await?;
    connection.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    Ok(Backend::Postgres(pool))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Level;

    impl Operation for Level {
        type Output = (i64, String);

        async fn run(&self, conn: &mut Conn<'_>) -> Result<Self::Output, StoreError> {
            let level = conn
                .one("SELECT synchronous AS value FROM pragma_synchronous", &[])
                .await?;
            let mode = conn
                .one("SELECT journal_mode AS value FROM pragma_journal_mode", &[])
                .await?;
            Ok((level, mode))
        }
    }

    #[tokio::test]
    async fn the_writer_of_a_file_waits_for_the_disk() {
        let file = std::env::temp_dir().join(format!("yinxin-store-level-{}.db", std::process::id()));
        let _ = std::fs::remove_file(&file);
        let store = Store::open(&StoreSettings::at(format!("sqlite:{}", file.display())))
            .await
            .unwrap();
        // 2 is FULL: what is committed survives a loss of power.
        assert_eq!(store.apply(Level).await.unwrap(), (2, "wal".to_owned()));
        store.close().await;
        std::fs::remove_file(file).unwrap();
    }

    #[test]
    fn settings_do_not_tell_their_password() {
        let settings = StoreSettings::at("postgres://user:secret@host/database");
        assert!(!format!("{settings:?}").contains("secret"));
    }
}
