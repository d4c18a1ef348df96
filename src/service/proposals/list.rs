//! Seeing proposals: a list, or one of them, with all that was stated about them.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::hex;
use crate::id::{OfficerId, ProposalId};
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Step;
use crate::service::proposals::record::{ProposalRecord, RecordedStatement};
use crate::service::signed_text::base64;
use crate::store::{Officer, Proposal, ProposalCursor, ProposalFilter, ProposalState, ProposalStatement};

/// Most proposals of one page of a list.
pub const MAX_PAGE: u32 = 200;

/// How a proposal stands: its state, and whether its time is over, which is not kept as it follows from the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It waits for another officer.
    Open,
    /// It waited for too long.
    Expired,
    /// Its act was done.
    CarriedOut,
    /// Another officer rejected it.
    Rejected,
    /// Its proposer took it back.
    Withdrawn,
    /// It was approved, and its act was refused.
    Failed,
}

impl Standing {
    /// All.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Expired,
        Self::CarriedOut,
        Self::Rejected,
        Self::Withdrawn,
        Self::Failed,
    ];

    /// Its name: `carried-out`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::CarriedOut => "carried-out",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Failed => "failed",
        }
    }

    /// The standing of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }

    /// How a proposal in this state that expires then stands at `now`.
    fn of(state: ProposalState, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        match state {
            ProposalState::Open if expires_at <= now => Self::Expired,
            ProposalState::Open => Self::Open,
            ProposalState::CarriedOut => Self::CarriedOut,
            ProposalState::Rejected => Self::Rejected,
            ProposalState::Withdrawn => Self::Withdrawn,
            ProposalState::Failed => Self::Failed,
        }
    }

    /// The proposals that stand so at `now`.
    fn filter(self, now: DateTime<Utc>) -> ProposalFilter {
        let state = match self {
            Self::Open | Self::Expired => ProposalState::Open,
            Self::CarriedOut => ProposalState::CarriedOut,
            Self::Rejected => ProposalState::Rejected,
            Self::Withdrawn => ProposalState::Withdrawn,
            Self::Failed => ProposalState::Failed,
        };
        ProposalFilter {
            state: Some(state),
            expires_after: (self == Self::Open).then_some(now),
            expires_until: (self == Self::Expired).then_some(now),
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that says of no proposal how it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is none of open, expired, carried-out, rejected, withdrawn and failed")]
pub struct UnknownStanding(String);

impl FromStr for Standing {
    type Err = UnknownStanding;

    fn from_str(text: &str) -> Result<Self, UnknownStanding> {
        Self::from_name(text).ok_or_else(|| UnknownStanding(text.to_owned()))
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalList {
    /// The proposals, newest first.
    pub proposals: Vec<ProposalRecord>,
    /// Where the next page begins.
    pub next: Option<ProposalCursor>,
}

impl Service {
    /// The proposals, newest first, a page of at most `limit` at a time; those that stand so where that is named.
    ///
    /// # Errors
    /// Where the actor is neither operator nor officer.
    pub async fn proposals(
        &self,
        actor: &Actor,
        standing: Option<Standing>,
        after: Option<&ProposalCursor>,
        limit: u32,
    ) -> ServiceResult<ProposalList> {
        actor.must_be_officer()?;
        let filter = standing.map(|standing| standing.filter(self.now())).unwrap_or_default();
        let limit = limit.clamp(1, MAX_PAGE);
        let page = self.store().proposal_page(filter, after, limit).await?;
        Ok(ProposalList {
            proposals: self.records_of(page.proposals).await?,
            next: page.next,
        })
    }

    /// A proposal with all that was stated about it.
    ///
    /// # Errors
    /// Where the actor is neither operator nor officer, or the proposal is not known.
    pub async fn proposal(&self, actor: &Actor, id: ProposalId) -> ServiceResult<ProposalRecord> {
        actor.must_be_officer()?;
        let proposal = self.store().proposal(id).await?;
        let record = self.records_of(proposal.into_iter().collect()).await?.pop();
        record.ok_or_else(|| ServiceError::not_found("proposal", id))
    }

    async fn records_of(&self, proposals: Vec<Proposal>) -> ServiceResult<Vec<ProposalRecord>> {
        let officers = self.store().officers().await?.into_iter();
        let officers: HashMap<OfficerId, Officer> = officers.map(|officer| (officer.id, officer)).collect();
        let ids: Vec<ProposalId> = proposals.iter().map(|proposal| proposal.id).collect();
        let mut statements: HashMap<ProposalId, Vec<RecordedStatement>> = HashMap::new();
        for statement in self.store().statements_of(&ids).await? {
            let of_proposal = statements.entry(statement.proposal).or_default();
            of_proposal.push(recorded(statement, &officers)?);
        }
        let now = self.now();
        let record = |proposal: Proposal| {
            let outcome = proposal.outcome.as_deref().map(serde_json::from_str);
            Ok(ProposalRecord {
                id: proposal.id,
                state: Standing::of(proposal.state, proposal.expires_at, now),
                act: proposal.act,
                hash: hex::encode(&proposal.sha256),
                content: proposal.content,
                expires: proposal.expires_at,
                decided: proposal.decided_at,
                outcome: outcome.transpose().map_err(ServiceError::internal)?,
                statements: statements.remove(&proposal.id).unwrap_or_default(),
            })
        };
        proposals.into_iter().map(record).collect()
    }
}

fn recorded(statement: ProposalStatement, officers: &HashMap<OfficerId, Officer>) -> ServiceResult<RecordedStatement> {
    let officer = officers.get(&statement.officer);
    let officer = officer.ok_or_else(|| ServiceError::internal("a statement of nobody"))?;
    let step = Step::from_name(&statement.decision);
    let unknown = || ServiceError::internal(format!("a statement that is to {}", statement.decision));
    Ok(RecordedStatement {
        decision: step.ok_or_else(unknown)?,
        officer: officer.id,
        name: officer.name.clone(),
        organisation: officer.organisation.clone(),
        public_key: base64(&officer.public_key),
        statement: statement.statement,
        signature: base64(&statement.signature),
    })
}
