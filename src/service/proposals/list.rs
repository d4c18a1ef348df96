//! Seeing proposals: the newest, or one with all that was stated about it.

use std::collections::HashMap;

use crate::hex;
use crate::id::{OfficerId, ProposalId};
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::record::{ProposalRecord, RecordedStatement};
use crate::service::signed_text::base64;
use crate::store::{Officer, Proposal, ProposalState, ProposalStatement};

/// Proposals that a list shows at most, newest first.
const MAX_LISTED: u32 = 200;

/// What an open proposal is called after its time; not kept, since it follows from the time.
const EXPIRED: &str = "expired";

impl Service {
    /// The newest proposals, newest first; those of one state where it is named.
    ///
    /// # Errors
    /// Where the actor is neither operator nor officer.
    pub async fn proposals(&self, actor: &Actor, state: Option<&str>) -> ServiceResult<Vec<ProposalRecord>> {
        actor.must_be_officer()?;
        let officers = self.officers_by_id().await?;
        let mut records = Vec::new();
        for proposal in self.store().proposals(MAX_LISTED).await? {
            if state.is_none_or(|state| state == self.state_name(&proposal)) {
                records.push(self.record_of(proposal, &officers).await?);
            }
        }
        Ok(records)
    }

    /// A proposal with all that was stated about it.
    ///
    /// # Errors
    /// Where the actor is neither operator nor officer, or the proposal is not known.
    pub async fn proposal(&self, actor: &Actor, id: ProposalId) -> ServiceResult<ProposalRecord> {
        actor.must_be_officer()?;
        let proposal = self.store().proposal(id).await?;
        let proposal = proposal.ok_or_else(|| ServiceError::not_found("proposal", id))?;
        self.record_of(proposal, &self.officers_by_id().await?).await
    }

    async fn officers_by_id(&self) -> ServiceResult<HashMap<OfficerId, Officer>> {
        let officers = self.store().officers().await?;
        Ok(officers.into_iter().map(|officer| (officer.id, officer)).collect())
    }

    fn state_name(&self, proposal: &Proposal) -> &'static str {
        match proposal.state {
            ProposalState::Open if proposal.expires_at <= self.now() => EXPIRED,
            state => state.as_str(),
        }
    }

    async fn record_of(
        &self,
        proposal: Proposal,
        officers: &HashMap<OfficerId, Officer>,
    ) -> ServiceResult<ProposalRecord> {
        let state = self.state_name(&proposal).to_owned();
        let statements = self.store().statements_of(proposal.id).await?;
        let outcome = proposal.outcome.as_deref().map(serde_json::from_str);
        Ok(ProposalRecord {
            id: proposal.id,
            state,
            act: proposal.act,
            hash: hex::encode(&proposal.sha256),
            content: proposal.content,
            expires: proposal.expires_at,
            decided: proposal.decided_at,
            outcome: outcome.transpose().map_err(ServiceError::internal)?,
            statements: statements
                .into_iter()
                .map(|statement| recorded(statement, officers))
                .collect::<ServiceResult<_>>()?,
        })
    }
}

fn recorded(statement: ProposalStatement, officers: &HashMap<OfficerId, Officer>) -> ServiceResult<RecordedStatement> {
    let officer = officers.get(&statement.officer);
    let officer = officer.ok_or_else(|| ServiceError::internal("a statement of nobody"))?;
    Ok(RecordedStatement {
        decision: statement.decision,
        officer: officer.id,
        name: officer.name.clone(),
        organisation: officer.organisation.clone(),
        public_key: base64(&officer.public_key),
        statement: statement.statement,
        signature: base64(&statement.signature),
    })
}
