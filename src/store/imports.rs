//! Imports: what became of each row of a file, so that an import goes on where it stopped and issues no row twice.

use chrono::{DateTime, Utc};

use crate::id::ImportId;
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::operation::Operation;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// An import to be begun, or gone on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// Its identifier, if it is new.
    pub id: ImportId,
    /// Credit code of the authority in whose name it is made.
    pub authority: String,
    /// What makes it the same import again: a key that the client chose, or the digest of the file.
    pub key: String,
    /// SHA-256 of the file.
    pub file_sha256: [u8; 32],
    /// The present time.
    pub created_at: DateTime<Utc>,
}

/// An import as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its identifier.
    pub id: ImportId,
    /// Credit code of the authority in whose name it is made.
    pub authority: String,
    /// What makes it the same import again.
    pub key: String,
    /// SHA-256 of the file.
    pub file_sha256: [u8; 32],
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Rows issued so far.
    pub issued: u64,
    /// Rows refused so far.
    pub refused: u64,
}

impl FromRow for Import {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed("id")?,
            authority: row.get("authority")?,
            key: row.get("key")?,
            file_sha256: row.bytes("file_sha256")?,
            created_at: row.time("created_at")?,
            issued: row.count("issued")?,
            refused: row.count("refused")?,
        })
    }
}

impl Operation for NewImport {
    type Output = Import;

    async fn run(&self, conn: &mut Conn<'_>) -> Result<Import, StoreError> {
        const INSERT: &str =
            "INSERT INTO import (id, authority, key, file_sha256, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING";
        const SELECT: &str = "SELECT id, authority, key, file_sha256, created_at,
                (SELECT COUNT(*) FROM import_row WHERE import = id AND identifier IS NOT NULL) AS issued,
                (SELECT COUNT(*) FROM import_row WHERE import = id AND identifier IS NULL) AS refused
            FROM import WHERE authority = $1 AND key = $2";
        let args = args![
            self.id.to_string(),
            &self.authority,
            &self.key,
            &self.file_sha256,
            self.created_at
        ];
        conn.execute(INSERT, args).await?;
        let import: Import = conn.one(SELECT, args![&self.authority, &self.key]).await?;
        if import.file_sha256 != self.file_sha256 {
            let (what, key) = ("import", self.key.clone());
            return Err(Conflict::OtherContent { what, key }.into());
        }
        Ok(import)
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// The licence with this identifier was issued.
    Issued(String),
    /// It was refused for these problems, as JSON text.
    Refused(String),
}

/// A row of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Which import.
    pub import: ImportId,
    /// The row in the file, from 1.
    pub row: u32,
    /// What became of it.
    pub outcome: RowOutcome,
}

impl FromRow for ImportRow {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let identifier: Option<String> = row.get("identifier")?;
        Ok(Self {
            import: row.parsed("import")?,
            row: row.count("number")?,
            outcome: match identifier {
                Some(identifier) => RowOutcome::Issued(identifier),
                None => RowOutcome::Refused(row.get("problems")?),
            },
        })
    }
}

impl Write for ImportRow {
    /// A row that was refused before may be tried again; one that was issued never.
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO import_row (import, number, identifier, problems) VALUES ($1, $2, $3, $4)
            ON CONFLICT (import, number) DO UPDATE SET identifier = excluded.identifier, problems = excluded.problems
            WHERE import_row.identifier IS NULL";
        let (identifier, problems) = match &self.outcome {
            RowOutcome::Issued(identifier) => (Some(identifier.as_str()), None),
            RowOutcome::Refused(problems) => (None, Some(problems.as_str())),
        };
        vec![step!(SQL, self.import.to_string(), self.row, identifier, problems)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("issued import row", self.row))
    }
}

impl Store {
    /// Begins an import, or gives the one that was begun with the same authority and key. Refused:
    /// [`Conflict::OtherContent`] when that one was of another file.
    pub async fn begin_import(&self, import: NewImport) -> Result<Import, StoreError> {
        self.apply(import).await
    }

    /// What became of rows of an import, in their order: at most `limit`, those after a row (0 for the first).
    pub async fn import_rows(&self, import: ImportId, after: u32, limit: u32) -> Result<Vec<ImportRow>, StoreError> {
        const SQL: &str = "SELECT import, number, identifier, problems FROM import_row
            WHERE import = $1 AND number > $2 ORDER BY number LIMIT $3";
        self.all(SQL, args![import.to_string(), after, limit]).await
    }
}
