//! Documents that were brought together to be sealed: what became of each. Whoever works on one holds it by a claim
//! that ends on its own, so that a crash does not block it; its outcome is written with the sealing, by whoever holds
//! it still.

use chrono::{DateTime, TimeDelta, Utc};

use crate::crypto;
use crate::id::{SealingBatchId, SealingId, TokenId};
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::operation::Operation;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// How long a file is held before another may take it, where whoever works on it does not renew the hold.
pub const SEALING_HOLD: TimeDelta = TimeDelta::seconds(180);

/// Bytes of the mark of a claim.
const MARK_LENGTH: usize = 16;

/// A batch to be worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSealingBatch {
    /// What is kept of it.
    pub batch: SealingBatch,
    /// Its files: the encrypted name and the SHA-256 of each, in their order.
    pub files: Vec<(Vec<u8>, [u8; 32])>,
}

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingBatch {
    /// Its number.
    pub id: SealingBatchId,
    /// Credit code of the organisation whose seal is applied.
    pub authority: String,
    /// Token of whoever brought it; none for an operator.
    pub token: Option<TokenId>,
    /// How its files are to be sealed, encrypted.
    pub task: Vec<u8>,
    /// When it was brought.
    pub created_at: DateTime<Utc>,
}

/// A file of a batch as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingBatchFile {
    /// Its place, from 1.
    pub number: u32,
    /// Its name, encrypted.
    pub name: Vec<u8>,
    /// SHA-256 of the document.
    pub source_sha256: [u8; 32],
    /// What became of it; none while it waits.
    pub outcome: Option<FileOutcome>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOutcome {
    /// It was sealed.
    Sealed(SealingId),
    /// It was refused for these problems, encrypted.
    Refused(Vec<u8>),
}

/// A file that somebody works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedFile {
    /// Its batch.
    pub batch: SealingBatchId,
    /// Its place in it, from 1.
    pub number: u32,
    /// SHA-256 of the document.
    pub source_sha256: [u8; 32],
    /// How often it was worked on, this time too.
    pub attempts: u32,
    mark: [u8; MARK_LENGTH],
}

/// The end of a file, by whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingBatchOutcome {
    /// The file.
    pub file: ClaimedFile,
    /// What became of it.
    pub outcome: FileOutcome,
}

impl FromRow for SealingBatch {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let token: Option<String> = row.get("token")?;
        Ok(Self {
            id: row.parsed("id")?,
            authority: row.get("authority")?,
            token: token.map(|_| row.parsed("token")).transpose()?,
            task: row.get("task")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl FromRow for SealingBatchFile {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let sealing: Option<String> = row.get("sealing")?;
        let problems: Option<Vec<u8>> = row.get("problems")?;
        Ok(Self {
            number: row.count("number")?,
            name: row.get("name")?,
            source_sha256: row.bytes("source_sha256")?,
            outcome: match sealing {
                Some(_) => Some(FileOutcome::Sealed(row.parsed("sealing")?)),
                None => problems.map(FileOutcome::Refused),
            },
        })
    }
}

impl FromRow for ClaimedFile {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            batch: row.parsed("batch")?,
            number: row.count("number")?,
            source_sha256: row.bytes("source_sha256")?,
            attempts: row.count("attempts")?,
            mark: row.bytes("claim")?,
        })
    }
}

impl ClaimedFile {
    fn taken_over(&self) -> StoreError {
        Conflict::KeyTakenOver(format!("{}/{}", self.batch, self.number)).into()
    }
}

impl Write for NewSealingBatch {
    fn steps(&self) -> Vec<Step<'_>> {
        const BATCH: &str =
            "INSERT INTO sealing_batch (id, authority, token, task, created_at) VALUES ($1, $2, $3, $4, $5)";
        const FILE: &str =
            "INSERT INTO sealing_batch_file (batch, number, name, source_sha256) VALUES ($1, $2, $3, $4)";
        let batch = &self.batch;
        let token = batch.token.map(|token| token.to_string());
        let first = step!(
            BATCH,
            batch.id.to_string(),
            &batch.authority,
            token,
            &batch.task,
            batch.created_at
        );
        let files = (1u64..).zip(&self.files);
        let files = files.map(|(number, (name, sha256))| step!(FILE, batch.id.to_string(), number, name, sha256));
        std::iter::once(first).chain(files).collect()
    }
}

impl Write for SealingBatchOutcome {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE sealing_batch_file SET sealing = $4, problems = $5
            WHERE batch = $1 AND number = $2 AND claim = $3 AND sealing IS NULL AND problems IS NULL";
        let (sealing, problems) = match &self.outcome {
            FileOutcome::Sealed(sealing) => (Some(sealing.to_string()), None),
            FileOutcome::Refused(problems) => (None, Some(problems.as_slice())),
        };
        let ClaimedFile {
            batch, number, mark, ..
        } = &self.file;
        vec![step!(SQL, batch.to_string(), *number, mark, sealing, problems)]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(self.file.taken_over())
    }
}

/// Takes hold of the next file that waits and that nobody works on.
struct Claim {
    now: DateTime<Utc>,
    mark: [u8; MARK_LENGTH],
}

impl Operation for Claim {
    type Output = Option<ClaimedFile>;

    /// Batches take turns: the first file of each, then the second. The conditions stand outside again, as another may
    /// have taken the file meanwhile.
    async fn run(&self, conn: &mut Conn<'_>) -> Result<Option<ClaimedFile>, StoreError> {
        const SQL: &str = "UPDATE sealing_batch_file SET claim = $1, claimed_until = $2, attempts = attempts + 1
            WHERE (batch, number) IN (SELECT batch, number FROM sealing_batch_file
                WHERE sealing IS NULL AND problems IS NULL AND claimed_until <= $3 ORDER BY number, batch LIMIT 1)
            AND sealing IS NULL AND problems IS NULL AND claimed_until <= $3
            RETURNING batch, number, source_sha256, attempts, claim";
        conn.optional(SQL, args![&self.mark, self.now + SEALING_HOLD, self.now])
            .await
    }
}

/// Holds a file until another time: longer, while it is worked on, or so that it is taken again once some time is over.
struct Hold {
    file: ClaimedFile,
    until: DateTime<Utc>,
}

impl Operation for Hold {
    type Output = ();

    async fn run(&self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE sealing_batch_file SET claimed_until = $4 WHERE batch = $1 AND number = $2 AND claim = $3";
        let ClaimedFile {
            batch, number, mark, ..
        } = &self.file;
        let args = args![batch.to_string(), *number, mark, self.until];
        match conn.execute(SQL, args).await? {
            0 => Err(self.file.taken_over()),
            _ => Ok(()),
        }
    }
}

impl Store {
    /// A batch by its number.
    pub async fn sealing_batch(&self, id: SealingBatchId) -> Result<Option<SealingBatch>, StoreError> {
        const SQL: &str = "SELECT id, authority, token, task, created_at FROM sealing_batch WHERE id = $1";
        self.optional(SQL, args![id.to_string()]).await
    }

    /// The files of a batch, in their order.
    pub async fn sealing_batch_files(&self, id: SealingBatchId) -> Result<Vec<SealingBatchFile>, StoreError> {
        const SQL: &str = "SELECT number, name, source_sha256, sealing, problems FROM sealing_batch_file
            WHERE batch = $1 ORDER BY number";
        self.all(SQL, args![id.to_string()]).await
    }

    /// Takes hold of the next file that waits; none where none does. The hold ends by itself.
    pub async fn claim_sealing(&self, now: DateTime<Utc>) -> Result<Option<ClaimedFile>, StoreError> {
        let mut mark = [0; MARK_LENGTH];
        crypto::random(&mut mark)?;
        self.apply(Claim { now, mark }).await
    }

    /// Holds a file for the whole time again. Refused: `KeyTakenOver` where the hold ended and another has taken the
    /// file.
    pub async fn renew_sealing(&self, file: ClaimedFile, now: DateTime<Utc>) -> Result<(), StoreError> {
        let until = now + SEALING_HOLD;
        self.apply(Hold { file, until }).await
    }

    /// Gives a file back that came to no outcome; nobody takes it before a time. Refused: `KeyTakenOver`.
    pub async fn delay_sealing(&self, file: ClaimedFile, until: DateTime<Utc>) -> Result<(), StoreError> {
        self.apply(Hold { file, until }).await
    }
}
