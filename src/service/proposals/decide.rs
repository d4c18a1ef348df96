//! Deciding: another officer approves or rejects the exact hash, the proposer may take it back.
//!
//! The approval, the end of the proposal and the effect of its act become durable in one transaction. So an act is done
//! once or not at all: whoever loses the answer asks again, and finds it done or still open.

use crate::clock::rfc3339;
use crate::id::ProposalId;
use crate::problem::{Explain, Problem};
use crate::service::actor::{Actor, Denied};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::idempotency::RequestEnd;
use crate::service::proposals::Decided;
use crate::service::proposals::content::Content;
use crate::service::proposals::propose::{check_target, other_decision};
use crate::service::proposals::statement::{Decision, SignedStatement, Step, Target};
use crate::service::{Service, events};
use crate::store::{Change, Officer, Proposal, ProposalDecision, ProposalState, StoreError};

/// What an officer may do to an open proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Approve it; its act is done with it.
    Approve,
    /// Reject it.
    Reject,
    /// Take it back.
    Withdraw,
}

impl Verdict {
    /// As statements name it.
    pub fn step(self) -> Step {
        match self {
            Self::Approve => Step::Approve,
            Self::Reject => Step::Reject,
            Self::Withdraw => Step::Withdraw,
        }
    }

    /// The state to which it leads.
    pub fn state(self) -> ProposalState {
        match self {
            Self::Approve => ProposalState::CarriedOut,
            Self::Reject => ProposalState::Rejected,
            Self::Withdraw => ProposalState::Withdrawn,
        }
    }

    /// The decision to sign.
    pub fn of(self, target: Target) -> Decision {
        Decision::About(self.step(), target)
    }
}

impl Service {
    /// Decides an open proposal.
    ///
    /// # Errors
    /// Where the statement is not that of an enrolled officer who may decide this, or over another proposal, hash or
    /// decision; where the proposal is not known, no longer open, or expired; and where its act is refused, which ends
    /// it.
    pub async fn decide_proposal(
        &self,
        id: ProposalId,
        verdict: Verdict,
        signed: &SignedStatement,
        request: Option<RequestEnd>,
    ) -> ServiceResult<Decided> {
        let (officer, statement) = self.officer_behind(signed).await?;
        let proposal = self.store().proposal(id).await?;
        let proposal = proposal.ok_or_else(|| ServiceError::not_found("proposal", id))?;
        let content = Content::parse(&proposal.content).map_err(ServiceError::internal)?;
        let target = match &statement.decision {
            Decision::About(step, target) if *step == verdict.step() => target,
            other => return Err(other_decision(verdict.step().name(), other)),
        };
        check_target(target, &content, &content.hash())?;
        self.check_open(&proposal)?;
        self.check_right(verdict, &officer, &proposal, target).await?;
        let mut change = Change::new();
        self.state_in(&mut change, (id, verdict.step()), &officer, signed, None)?;
        let recorded = change.clone();
        change.decide_proposal(ProposalDecision {
            id,
            state: verdict.state(),
            at: self.now(),
            outcome: None,
        });
        self.end_in(&mut change, request)?;
        if verdict != Verdict::Approve {
            self.store().commit(change).await?;
        } else if let Err(refusal) = self.carry_out_once(&content, change).await {
            return Err(self.record_failure(&proposal, &officer, recorded, refusal).await);
        }
        Ok(Decided::new(&proposal, verdict.state()))
    }

    /// Only what is open and has not expired can be decided.
    fn check_open(&self, proposal: &Proposal) -> ServiceResult<()> {
        if proposal.state != ProposalState::Open {
            let problem = Problem::new("proposal-not-open").param("found", proposal.state);
            return Err(ServiceError::Conflict(problem));
        }
        match proposal.expires_at <= self.now() {
            true => Err(ServiceError::Conflict(
                Problem::new("proposal-expired").param("expires", rfc3339(proposal.expires_at)),
            )),
            false => Ok(()),
        }
    }

    async fn check_right(
        &self,
        verdict: Verdict,
        officer: &Officer,
        proposal: &Proposal,
        target: &Target,
    ) -> ServiceResult<()> {
        let own = officer.id == proposal.proposer;
        match verdict {
            Verdict::Approve | Verdict::Reject if own => return Err(Denied::OwnProposal.into()),
            Verdict::Withdraw if !own => return Err(Denied::NotProposer.into()),
            Verdict::Reject if target.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) => {
                let problem = Problem::new("rejection-without-reason").field("reason");
                return Err(ServiceError::refused(problem));
            }
            Verdict::Reject | Verdict::Withdraw => return Ok(()),
            Verdict::Approve => {}
        }
        let proposer = self.store().officer(proposal.proposer).await?;
        match proposer.is_some_and(|proposer| proposer.removed_at.is_some()) {
            true => Err(ServiceError::Conflict(Problem::new("proposal-proposer-removed"))),
            false => Ok(()),
        }
    }

    /// Ends a proposal whose act was refused, with the approval; gives the refusal. What may go well another time
    /// leaves it open.
    async fn record_failure(
        &self,
        proposal: &Proposal,
        approver: &Officer,
        mut change: Change,
        refusal: ServiceError,
    ) -> ServiceError {
        // Whoever took the request over is deciding it at this moment.
        let is_taken_over =
            matches!(&refusal, ServiceError::Conflict(problem) if problem.code == "idempotency-key-taken-over");
        if refusal.is_transient() || is_taken_over || matches!(refusal, ServiceError::Internal(_)) {
            return refusal;
        }
        let problems = refusal.problems();
        let now = self.now();
        change.decide_proposal(ProposalDecision {
            id: proposal.id,
            state: ProposalState::Failed,
            at: now,
            outcome: Some(serde_json::json!({ "problems": problems }).to_string()),
        });
        let detail = serde_json::json!({ "problems": problems });
        let actor = Actor::Officer(approver.id);
        match events::entry(now, &actor, "proposal.fail", &proposal.id.to_string(), &detail) {
            Ok(event) => change.record(event),
            Err(error) => return error.into(),
        };
        match self.store().commit(change).await {
            // Whoever decided it meanwhile was first: that refusal is the one to tell.
            Ok(()) | Err(StoreError::Conflict(_)) => refusal,
            Err(error) => error.into(),
        }
    }
}
