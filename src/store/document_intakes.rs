//! Documents that are brought ahead of the change that names them, in parts that are durable each by itself. Without
//! its first chunk a document is not there, so that nobody reads one that is not whole: that chunk waits beside the
//! others, and the change puts it in its place.
//!
//! Whoever brings one holds an intake. It ends with the change that names the document; where that never comes, be it
//! refused or the program killed, it runs out, and [`Store::give_up_document_intake`] removes what was kept for it.

use chrono::{DateTime, Utc};

use crate::crypto;
use crate::store::change::Write;
use crate::store::documents::{CHUNK_SIZE, chunk_steps};
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::operation::Operation;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// Length of the number of an intake in bytes.
const ID_LENGTH: usize = 16;

/// The hold of whoever brings a document in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentIntake {
    id: [u8; ID_LENGTH],
    sha256: [u8; 32],
    /// Bytes of the whole.
    size: u64,
}

/// A part of a document that is not its first: whole chunks, but for the last of all.
#[derive(Clone)]
pub struct DocumentPart {
    /// Whose it is.
    pub intake: DocumentIntake,
    /// Number of its first chunk.
    pub first: u64,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Until when the next is waited for.
    pub held_until: DateTime<Utc>,
}

/// The first chunk of a document, which waits beside it: it comes last, and once it is in its place the document is
/// there.
#[derive(Clone)]
pub struct FirstChunk {
    /// Whose it is.
    pub intake: DocumentIntake,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Until when what names the document is waited for.
    pub held_until: DateTime<Utc>,
}

/// A document that was brought whole: its first chunk takes its place. What it holds is in the database already.
#[derive(Debug, Clone)]
pub struct CompletedDocument {
    /// Whose it is.
    pub intake: DocumentIntake,
}

impl std::fmt::Debug for DocumentPart {
    /// Leaves out the content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentPart({} bytes)", self.bytes.len())
    }
}

impl std::fmt::Debug for FirstChunk {
    /// Leaves out the content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FirstChunk({} bytes)", self.bytes.len())
    }
}

impl Write for DocumentPart {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE document_intake SET held_until = $2 WHERE id = $1";
        let DocumentIntake { id, sha256, size } = &self.intake;
        let hold = step!(SQL, id, self.held_until);
        std::iter::once(hold)
            .chain(chunk_steps(sha256, *size, self.first, &self.bytes))
            .collect()
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::Interrupted)
    }
}

impl Write for FirstChunk {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE document_intake SET held_until = $2, first = $3 WHERE id = $1";
        vec![step!(SQL, &self.intake.id, self.held_until, &self.bytes)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::Interrupted)
    }
}

impl Write for CompletedDocument {
    fn steps(&self) -> Vec<Step<'_>> {
        // As with other chunks, one that is there already is written again only in name.
        const FIRST: &str = "INSERT INTO document_chunk (sha256, number, size, bytes)
            SELECT sha256, 0, $2, first FROM document_intake WHERE id = $1 AND first IS NOT NULL
            ON CONFLICT (sha256, number) DO UPDATE SET size = excluded.size";
        const DONE: &str = "DELETE FROM document_intake WHERE id = $1
            AND (SELECT COUNT(*) FROM document_chunk WHERE sha256 = $2) = $3";
        let DocumentIntake { id, sha256, size } = &self.intake;
        vec![
            step!(FIRST, id, *size),
            step!(DONE, id, sha256, size.div_ceil(CHUNK_SIZE as u64)),
        ]
    }

    /// The hold ran out, and with it what was kept.
    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::Interrupted)
    }
}

/// The beginning of an intake.
struct Begin {
    intake: DocumentIntake,
    held_until: DateTime<Utc>,
}

impl Operation for Begin {
    type Output = DocumentIntake;

    async fn run(&self, conn: &mut Conn<'_>) -> Result<DocumentIntake, StoreError> {
        const SQL: &str = "INSERT INTO document_intake (id, sha256, held_until) VALUES ($1, $2, $3)";
        let DocumentIntake { id, sha256, .. } = &self.intake;
        conn.execute(SQL, args![id, sha256, self.held_until]).await?;
        Ok(self.intake.clone())
    }
}

/// Gives up the intake that ran out first.
struct GiveUp(DateTime<Utc>);

struct Intake {
    sha256: [u8; 32],
}

impl FromRow for Intake {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            sha256: row.bytes("sha256")?,
        })
    }
}

impl Operation for GiveUp {
    type Output = bool;

    async fn run(&self, conn: &mut Conn<'_>) -> Result<bool, StoreError> {
        const INTAKE: &str = "DELETE FROM document_intake WHERE id IN
            (SELECT id FROM document_intake WHERE held_until <= $1 ORDER BY held_until LIMIT 1) RETURNING sha256";
        // Another may bring the same document, or have brought it.
        const CHUNKS: &str = "DELETE FROM document_chunk WHERE sha256 = $1
            AND NOT EXISTS (SELECT 1 FROM document_chunk AS first WHERE first.sha256 = $1 AND first.number = 0)
            AND NOT EXISTS (SELECT 1 FROM document_intake WHERE sha256 = $1)";
        let Some(Intake { sha256 }) = conn.optional(INTAKE, args![self.0]).await? else {
            return Ok(false);
        };
        conn.execute(CHUNKS, args![&sha256]).await?;
        Ok(true)
    }
}

impl Store {
    /// Begins to bring a document with this SHA-256 and so many bytes, whose first part is waited for until then.
    pub async fn begin_document(
        &self,
        sha256: [u8; 32],
        size: u64,
        held_until: DateTime<Utc>,
    ) -> Result<DocumentIntake, StoreError> {
        let mut id = [0; ID_LENGTH];
        crypto::random(&mut id)?;
        let intake = DocumentIntake { id, sha256, size };
        self.apply(Begin { intake, held_until }).await
    }

    /// Gives up one document whose bringing ran out, with all that was kept of it; tells whether there was one.
    pub async fn give_up_document_intake(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.apply(GiveUp(now)).await
    }
}
