//! Proposals, and what officers stated about them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::id::{OfficerId, ProposalId};
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// What became of a proposal. That it expired is not kept: it follows from the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProposalState {
    /// Nobody decided yet.
    Open,
    /// It was approved, and its act done with it.
    CarriedOut,
    /// An officer rejected it.
    Rejected,
    /// Its proposer took it back.
    Withdrawn,
    /// It was approved, and its act was refused.
    Failed,
}

impl ProposalState {
    const ALL: [Self; 5] = [
        Self::Open,
        Self::CarriedOut,
        Self::Rejected,
        Self::Withdrawn,
        Self::Failed,
    ];

    /// The word that is kept and shown in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::CarriedOut => "carried-out",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for ProposalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProposalState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.as_str() == text);
        known.ok_or_else(|| format!("\"{text}\" is no state of a proposal"))
    }
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its identifier.
    pub id: ProposalId,
    /// Name of the kind of act.
    pub act: String,
    /// What is proposed, as the proposer wrote and signed it.
    pub content: String,
    /// SHA-256 of that.
    pub sha256: [u8; 32],
    /// Who proposed it.
    pub proposer: OfficerId,
    /// What became of it.
    pub state: ProposalState,
    /// When it was received.
    pub proposed_at: DateTime<Utc>,
    /// From when on it can no longer be approved.
    pub expires_at: DateTime<Utc>,
    /// When it left the state `open`.
    pub decided_at: Option<DateTime<Utc>>,
    /// What came of its act, or why the act was refused; JSON.
    pub outcome: Option<String>,
}

impl FromRow for Proposal {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed("id")?,
            act: row.get("act")?,
            content: row.get("content")?,
            sha256: row.bytes("sha256")?,
            proposer: row.parsed("proposer")?,
            state: row.parsed("state")?,
            proposed_at: row.time("proposed_at")?,
            expires_at: row.time("expires_at")?,
            decided_at: row.time_option("decided_at")?,
            outcome: row.get("outcome")?,
        })
    }
}

impl Write for Proposal {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO proposal
                (id, act, content, sha256, proposer, state, proposed_at, expires_at, decided_at, outcome)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            self.id.to_string(),
            &self.act,
            &self.content,
            &self.sha256,
            self.proposer.to_string(),
            self.state.as_str(),
            self.proposed_at,
            self.expires_at,
            self.decided_at,
            &self.outcome
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("proposal", self.id))
    }
}

/// The end of an open proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalDecision {
    /// Which proposal.
    pub id: ProposalId,
    /// What becomes of it.
    pub state: ProposalState,
    /// When.
    pub at: DateTime<Utc>,
    /// Why its act was refused; JSON.
    pub outcome: Option<String>,
}

impl Write for ProposalDecision {
    /// What somebody proposed who is no officer at this moment is not carried out.
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE proposal SET state = $2, decided_at = $3, outcome = $4
            WHERE id = $1 AND state = 'open' AND ($2 <> 'carried-out' OR EXISTS
                (SELECT 1 FROM officer WHERE officer.id = proposal.proposer AND officer.removed_at IS NULL))";
        vec![step!(
            SQL,
            self.id.to_string(),
            self.state.as_str(),
            self.at,
            &self.outcome
        )]
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        const SQL: &str = "SELECT state AS value FROM proposal WHERE id = $1";
        const PROPOSER: &str = "SELECT proposer AS value FROM proposal WHERE id = $1";
        let found: Option<String> = conn.optional(SQL, args![self.id.to_string()]).await?;
        if found.as_deref() == Some(ProposalState::Open.as_str()) {
            let proposer: String = conn.one(PROPOSER, args![self.id.to_string()]).await?;
            return Ok(Conflict::state(
                "officer",
                proposer,
                "enrolled",
                Some("removed".to_owned()),
            ));
        }
        Ok(Conflict::state("proposal", self.id, "open", found))
    }
}

/// What came of the act of a proposal that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalOutcome {
    /// Which proposal.
    pub id: ProposalId,
    /// JSON.
    pub outcome: String,
}

impl Write for ProposalOutcome {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE proposal SET outcome = $2 WHERE id = $1 AND state = 'carried-out'";
        vec![step!(SQL, self.id.to_string(), &self.outcome)]
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        const SQL: &str = "SELECT state AS value FROM proposal WHERE id = $1";
        let found = conn.optional(SQL, args![self.id.to_string()]).await?;
        Ok(Conflict::state("proposal", self.id, "carried-out", found))
    }
}

/// What an officer stated about a proposal, with the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalStatement {
    /// Which proposal.
    pub proposal: ProposalId,
    /// `propose`, `approve`, `reject` or `withdraw`; each comes once.
    pub decision: String,
    /// Who stated it.
    pub officer: OfficerId,
    /// The statement, as it was signed.
    pub statement: String,
    /// The signature with the officer's own key.
    pub signature: Vec<u8>,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

impl FromRow for ProposalStatement {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            proposal: row.parsed("proposal")?,
            decision: row.get("decision")?,
            officer: row.parsed("officer")?,
            statement: row.get("statement")?,
            signature: row.get("signature")?,
            received_at: row.time("received_at")?,
        })
    }
}

impl Write for ProposalStatement {
    /// Only of an officer who is one at this moment.
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str =
            "INSERT INTO proposal_statement (proposal, decision, officer, statement, signature, received_at)
            SELECT $1, $2, officer.id, $4, $5, $6 FROM officer WHERE officer.id = $3 AND removed_at IS NULL
            ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            self.proposal.to_string(),
            &self.decision,
            self.officer.to_string(),
            &self.statement,
            &self.signature,
            self.received_at
        )]
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        const SQL: &str = "SELECT 'removed' AS value FROM officer WHERE id = $1 AND removed_at IS NOT NULL";
        let removed: Option<String> = conn.optional(SQL, args![self.officer.to_string()]).await?;
        Ok(match removed {
            Some(_) => Conflict::state("officer", self.officer, "enrolled", removed),
            None => StoreError::exists("statement", format!("{} {}", self.decision, self.proposal)),
        })
    }
}

impl Store {
    /// The proposal of an identifier.
    pub async fn proposal(&self, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
        const SQL: &str =
            "SELECT id, act, content, sha256, proposer, state, proposed_at, expires_at, decided_at, outcome
            FROM proposal WHERE id = $1";
        self.optional(SQL, args![id.to_string()]).await
    }
}
