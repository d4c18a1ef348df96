//! Idempotency keys: a request that is sent again is answered again, not done again.
//!
//! A key is scoped by its caller and route and bound to the digest of its body. A request begins by taking hold of its
//! key; the hold ends on its own, so that a crash does not block the key, and whoever takes over makes the first one's
//! completion fail: it is in the same transaction as the work, so the work is then not done either.

use chrono::{DateTime, TimeDelta, Utc};

use crate::crypto;
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::operation::Operation;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// How long a request holds its key before another may take it over, where whoever works on it does not renew the hold.
pub const REQUEST_HOLD: TimeDelta = TimeDelta::seconds(60);

/// How long an answer is kept.
const KEEP: TimeDelta = TimeDelta::hours(24);

/// Bytes of the mark of a hold.
const ATTEMPT_LENGTH: usize = 16;

/// Expired keys removed at one beginning, so that the table stays small without a task of its own.
const SWEEP: u32 = 4;

/// A request with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRequest {
    /// Who asks, and by which route.
    pub scope: String,
    /// The key that the caller chose.
    pub key: String,
    /// SHA-256 of the body.
    pub body_sha256: [u8; 32],
    /// The present time.
    pub now: DateTime<Utc>,
}

/// The hold of one request on its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    scope: String,
    key: String,
    /// Random, so that no two holds on a key are ever taken for one another.
    mark: [u8; ATTEMPT_LENGTH],
}

impl Attempt {
    /// Who asked, and by which route.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The key that is held.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body of the answer.
    pub body: Vec<u8>,
}

/// How a request stands at its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// It is to be done.
    Fresh(Attempt),
    /// It was done: this was the answer.
    Replay(IdempotentAnswer),
    /// The key was used with another body.
    OtherBody,
    /// It is being done.
    Running,
}

/// The end of a request, in the change that does its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentCompletion {
    /// The hold on the key.
    pub attempt: Attempt,
    /// The answer.
    pub answer: IdempotentAnswer,
}

struct Held {
    body_sha256: [u8; 32],
    status: Option<u16>,
    body: Option<Vec<u8>>,
}

impl FromRow for Held {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            body_sha256: row.bytes("body_sha256")?,
            status: row
                .get::<Option<i64>>("status")?
                .map(|_| row.count("status"))
                .transpose()?,
            body: row.get("body")?,
        })
    }
}

/// The beginning of a request, with the mark of its hold.
struct Begin {
    request: IdempotencyRequest,
    attempt: [u8; ATTEMPT_LENGTH],
}

impl Operation for Begin {
    type Output = Beginning;

    async fn run(&self, conn: &mut Conn<'_>) -> Result<Beginning, StoreError> {
        const SQL: &str = "SELECT body_sha256, status, body FROM idempotency_key WHERE scope = $1 AND key = $2";
        self.sweep(conn).await?;
        let IdempotencyRequest {
            scope,
            key,
            body_sha256,
            ..
        } = &self.request;
        if self.take_hold(conn).await? {
            return Ok(Beginning::Fresh(Attempt {
                scope: scope.clone(),
                key: key.clone(),
                mark: self.attempt,
            }));
        }
        let held: Held = conn.one(SQL, args![scope, key]).await?;
        if held.body_sha256 != *body_sha256 {
            return Ok(Beginning::OtherBody);
        }
        Ok(match (held.status, held.body) {
            (Some(status), Some(body)) => Beginning::Replay(IdempotentAnswer { status, body }),
            _ => Beginning::Running,
        })
    }
}

impl Begin {
    async fn sweep(&self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM idempotency_key WHERE (scope, key) IN
            (SELECT scope, key FROM idempotency_key WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
        conn.execute(SQL, args![self.request.now, SWEEP]).await.map(|_| ())
    }

    /// Takes hold of a key that is new, expired, or held too long by a request with the same body; tells whether it
    /// did.
    async fn take_hold(&self, conn: &mut Conn<'_>) -> Result<bool, StoreError> {
        const SQL: &str = "INSERT INTO idempotency_key (scope, key, attempt, body_sha256, held_until, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (scope, key) DO UPDATE SET attempt = excluded.attempt, body_sha256 = excluded.body_sha256,
                held_until = excluded.held_until, expires_at = excluded.expires_at, status = NULL, body = NULL
            WHERE idempotency_key.expires_at <= $7
                OR (idempotency_key.status IS NULL AND idempotency_key.held_until <= $7
                    AND idempotency_key.body_sha256 = excluded.body_sha256)";
        let IdempotencyRequest {
            scope,
            key,
            body_sha256,
            now,
        } = &self.request;
        let args = args![
            scope,
            key,
            &self.attempt,
            body_sha256,
            *now + REQUEST_HOLD,
            *now + KEEP,
            *now
        ];
        Ok(conn.execute(SQL, args).await? == 1)
    }
}

impl Write for IdempotentCompletion {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE idempotency_key SET status = $4, body = $5
            WHERE scope = $1 AND key = $2 AND attempt = $3 AND status IS NULL";
        let Attempt { scope, key, mark } = &self.attempt;
        vec![step!(
            SQL,
            scope,
            key,
            mark,
            u32::from(self.answer.status),
            &self.answer.body
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(Conflict::KeyTakenOver(self.attempt.key.clone()).into())
    }
}

/// Holds a key for the whole time again.
struct Renew {
    attempt: Attempt,
    now: DateTime<Utc>,
}

impl Operation for Renew {
    type Output = ();

    async fn run(&self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE idempotency_key SET held_until = $4 WHERE scope = $1 AND key = $2 AND attempt = $3";
        let Attempt { scope, key, mark } = &self.attempt;
        match conn
            .execute(SQL, args![scope, key, mark, self.now + REQUEST_HOLD])
            .await?
        {
            0 => Err(Conflict::KeyTakenOver(key.clone()).into()),
            _ => Ok(()),
        }
    }
}

/// Gives a key back without an answer, so that the request may be sent again.
struct Release(Attempt);

impl Operation for Release {
    type Output = ();

    async fn run(&self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM idempotency_key
            WHERE scope = $1 AND key = $2 AND attempt = $3 AND status IS NULL";
        let Attempt { scope, key, mark } = &self.0;
        conn.execute(SQL, args![scope, key, mark]).await.map(|_| ())
    }
}

impl Store {
    /// Begins a request: takes hold of its key, or tells what became of it.
    pub async fn begin_request(&self, request: IdempotencyRequest) -> Result<Beginning, StoreError> {
        let mut attempt = [0; ATTEMPT_LENGTH];
        crypto::random(&mut attempt)?;
        self.apply(Begin { request, attempt }).await
    }

    /// Holds the key of a request for the whole time again. Refused: `KeyTakenOver` where the hold ended and another
    /// has taken it over.
    pub async fn renew_request(&self, attempt: Attempt, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.apply(Renew { attempt, now }).await
    }

    /// Gives up a request that came to no answer worth keeping; its key may be used again, with any body.
    pub async fn release_request(&self, attempt: Attempt) -> Result<(), StoreError> {
        self.apply(Release(attempt)).await
    }
}
