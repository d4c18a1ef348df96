//! Events of the ledger: rows with their salts and leaf hashes.

use chrono::{DateTime, Utc};

use crate::id::EventId;
use crate::ledger::{self, Commitment, Event, LeafHash, LedgerEntry, Salt, commit_detail};
use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// An event as it stands: with its detail, or after that was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its row: rises in the order of recording, may have gaps.
    pub row: i64,
    /// Its own identifier.
    pub id: EventId,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// The particulars and their salt; `None` when erased.
    pub detail: Option<(Vec<u8>, Salt)>,
    /// The commitment to the particulars.
    pub detail_commitment: Commitment,
    /// The salt of the event.
    pub salt: Salt,
    /// The leaf in the Merkle log.
    pub leaf: LeafHash,
}

impl StoredEvent {
    /// Whether the row is what was recorded: its detail, where it is there, fits its commitment, and all fits the leaf.
    pub fn is_intact(&self) -> bool {
        let event = Event {
            id: self.id,
            time: self.time,
            actor: self.actor.clone(),
            action: self.action.clone(),
            subject: self.subject.clone(),
            detail: Vec::new(),
        };
        let fits = |(detail, salt): &(Vec<u8>, Salt)| commit_detail(salt, detail) == self.detail_commitment;
        self.detail.as_ref().is_none_or(fits) && ledger::leaf(&event, &self.salt, &self.detail_commitment) == self.leaf
    }
}

impl FromRow for StoredEvent {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let detail: Option<Vec<u8>> = row.get("detail")?;
        Ok(Self {
            row: row.get("seq")?,
            id: row.parsed("id")?,
            time: row.time("time")?,
            actor: row.get("actor")?,
            action: row.get("action")?,
            subject: row.get("subject")?,
            detail: detail.zip(row.bytes_option("detail_salt")?),
            detail_commitment: row.bytes("detail_commitment")?,
            salt: row.bytes("salt")?,
            leaf: LeafHash::from_bytes(row.bytes("leaf")?),
        })
    }
}

impl Write for LedgerEntry {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO event
                (id, time, actor, action, subject, detail, detail_salt, detail_commitment, salt, leaf)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
        let event = self.event();
        vec![step!(
            SQL,
            event.id.to_string(),
            event.time,
            &event.actor,
            &event.action,
            &event.subject,
            &event.detail,
            &self.salts().detail,
            self.detail_commitment(),
            &self.salts().event,
            self.leaf().as_bytes()
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("event", self.event().id))
    }
}

/// The erasure of what an event told in particular.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailErasure {
    /// Which event.
    pub event: EventId,
}

impl Write for DetailErasure {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE event SET detail = NULL, detail_salt = NULL WHERE id = $1";
        vec![step!(SQL, self.event.to_string())]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::not_found("event", self.event))
    }
}

impl Store {
    /// Events in the order of recording: at most `limit`, those after a row (0 for the first).
    ///
    /// On PostgreSQL an event that was recorded by a slower transaction may appear before rows that were read already.
    pub async fn events(&self, after: i64, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
        const SQL: &str =
            "SELECT seq, id, time, actor, action, subject, detail, detail_salt, detail_commitment, salt, leaf
            FROM event WHERE seq > $1 ORDER BY seq LIMIT $2";
        self.all(SQL, args![after, limit]).await
    }

    /// The events of one subject, oldest first.
    pub async fn events_of(&self, subject: &str) -> Result<Vec<StoredEvent>, StoreError> {
        const SQL: &str =
            "SELECT seq, id, time, actor, action, subject, detail, detail_salt, detail_commitment, salt, leaf
            FROM event WHERE subject = $1 ORDER BY seq";
        self.all(SQL, args![subject]).await
    }
}
