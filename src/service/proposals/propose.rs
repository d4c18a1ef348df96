//! Proposing: an officer writes what is to be done and why, and signs it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::rfc3339;
use crate::crypto::PublicKey;
use crate::hex;
use crate::id::ProposalId;
use crate::problem::Problem;
use crate::service::actor::{Actor, Denied};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::idempotency::RequestEnd;
use crate::service::proposals::content::Content;
use crate::service::proposals::statement::{Decision, SignedStatement, Statement, StatementError, Step, Target};
use crate::service::proposals::{Decided, Mandate};
use crate::service::signed_text::{base64, digest};
use crate::service::{Service, events};
use crate::store::{Change, Officer, Proposal, ProposalOutcome, ProposalState, ProposalStatement, Setting};

/// How far an officer's clock may be ahead of ours.
pub(super) const CLOCK_AHEAD: TimeDelta = TimeDelta::minutes(5);

/// How old a statement may be that decides something: signed on a machine without a network, brought the same day.
const DECISION_AGE: TimeDelta = TimeDelta::hours(24);

/// How old a statement may be that only asks to see: it can be sent again by whoever overhears it.
const READING_AGE: TimeDelta = TimeDelta::minutes(5);

/// Name of the setting with the identifier of the instance.
const INSTANCE: &str = "instance";

impl Service {
    /// The identifier of this instance, which every statement names; drawn where there is none yet.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn instance(&self) -> ServiceResult<String> {
        if let Some(instance) = self.store().setting(INSTANCE).await? {
            return Ok(instance);
        }
        let mut bytes = [0; 16];
        crate::crypto::random(&mut bytes)?;
        let mut change = Change::new();
        change.put_setting(Setting {
            name: INSTANCE.to_owned(),
            value: hex::encode(&bytes),
            set_at: self.now(),
        });
        self.store().commit(change).await?;
        let instance = self.store().setting(INSTANCE).await?;
        instance.ok_or_else(|| ServiceError::internal("the identifier of the instance was not kept"))
    }

    /// Enters a proposal: the canonical text of its content, and the proposer's statement over its hash. An act that
    /// takes one officer is done at once, unless it is to wait for another.
    ///
    /// # Errors
    /// Where the statement is not an enrolled officer's over this content, the content breaks a rule, or an act that is
    /// done at once is refused.
    pub async fn propose(
        &self,
        content: &str,
        signed: &SignedStatement,
        request: Option<RequestEnd>,
    ) -> ServiceResult<Decided> {
        let (officer, statement) = self.officer_behind(signed).await?;
        let parsed = Content::parse(content).map_err(ServiceError::explained)?;
        let Decision::About(Step::Propose, target) = &statement.decision else {
            return Err(other_decision(Step::Propose.name(), &statement.decision));
        };
        check_target(target, &parsed, &parsed.hash())?;
        let now = self.now();
        if parsed.instance != statement.instance || parsed.proposer != statement.key {
            return Err(ServiceError::refused(Problem::new("proposal-of-another")));
        }
        if parsed.proposed > now + CLOCK_AHEAD {
            let problem = Problem::new("proposal-dated-ahead").field("proposed");
            return Err(ServiceError::refused(
                problem.param("proposed", rfc3339(parsed.proposed)),
            ));
        }
        if parsed.expires <= now {
            return Err(ServiceError::Conflict(
                Problem::new("proposal-expired").param("expires", rfc3339(parsed.expires)),
            ));
        }
        if parsed.officers < self.quorum_of(&parsed.act).await? {
            return Err(ServiceError::refused(
                Problem::new("proposal-officers")
                    .field("officers")
                    .param("officers", u8::from(parsed.officers))
                    .param("act", parsed.act.name()),
            ));
        }
        let state = parsed.officers.state_when_proposed();
        let at_once = state != ProposalState::Open;
        let proposal = Proposal {
            id: parsed.id,
            act: parsed.act.name().to_owned(),
            content: content.to_owned(),
            sha256: digest(content.as_bytes()),
            proposer: officer.id,
            state,
            proposed_at: now,
            expires_at: parsed.expires,
            decided_at: at_once.then_some(now),
            outcome: None,
        };
        let decided = Decided::new(&proposal, proposal.state);
        let mut change = Change::new();
        change.add_proposal(proposal);
        self.state_in(&mut change, (parsed.id, Step::Propose), &officer, signed, Some(content))?;
        self.end_in(&mut change, request)?;
        if at_once {
            self.carry_out_once(&parsed, change).await?;
        } else {
            self.store().commit(change).await?;
        }
        Ok(decided)
    }

    /// Who made a statement, and what is stated: the key is an enrolled officer's, the signature is that key's, the
    /// instance is this one, and the time is the present, as far as clocks go.
    pub(super) async fn officer_behind(&self, signed: &SignedStatement) -> ServiceResult<(Officer, Statement)> {
        let statement = Statement::parse(&signed.text).map_err(ServiceError::explained)?;
        let key = hex::decode_array(&statement.key).ok_or(ServiceError::explained(StatementError::Unreadable))?;
        let officer = self.store().officer_by_key(&key).await?;
        let officer = officer.ok_or_else(|| Denied::UnknownOfficer(statement.key.clone()))?;
        let public_key = PublicKey::from_spki(&officer.public_key).map_err(ServiceError::internal)?;
        let statement = signed.verify(&public_key).map_err(|_| Denied::OfficerSignature)?;
        if officer.removed_at.is_some() {
            return Err(Denied::RemovedOfficer(officer.id).into());
        }
        if statement.instance != self.instance().await? {
            return Err(ServiceError::refused(Problem::new("statement-other-instance")));
        }
        check_time(&statement, self.now())?;
        Ok((officer, statement))
    }

    /// Who made a statement, as an actor, and what is stated.
    ///
    /// # Errors
    /// Where it is not that of an enrolled officer, for this instance and of the present.
    pub async fn officer_stating(&self, signed: &SignedStatement) -> ServiceResult<(Actor, Statement)> {
        let (officer, statement) = self.officer_behind(signed).await?;
        Ok((Actor::Officer(officer.id), statement))
    }

    /// The officer who asks to see the proposals.
    ///
    /// # Errors
    /// Where the statement is not an officer's, or not one for this.
    pub async fn officer_reading(&self, signed: &SignedStatement) -> ServiceResult<Actor> {
        let (officer, statement) = self.officer_behind(signed).await?;
        match statement.decision {
            Decision::Read => Ok(Actor::Officer(officer.id)),
            other => Err(other_decision("read", &other)),
        }
    }

    /// Adds a statement and its event to a change. The event holds all that is needed to check it without us.
    pub(super) fn state_in(
        &self,
        change: &mut Change,
        (proposal, step): (ProposalId, Step),
        officer: &Officer,
        signed: &SignedStatement,
        content: Option<&str>,
    ) -> ServiceResult<()> {
        let now = self.now();
        change.add_statement(ProposalStatement {
            proposal,
            decision: step.name().to_owned(),
            officer: officer.id,
            statement: signed.text.clone(),
            signature: signed.signature.clone(),
            received_at: now,
        });
        let detail = serde_json::json!({
            "content": content,
            "statement": signed.text,
            "signature": base64(&signed.signature),
            "publicKey": base64(&officer.public_key),
        });
        let actor = Actor::Officer(officer.id);
        let action = format!("proposal.{step}");
        change.record(events::entry(now, &actor, &action, &proposal.to_string(), &detail)?);
        Ok(())
    }

    /// Adds the end of an idempotent request to a change.
    pub(super) fn end_in(&self, change: &mut Change, request: Option<RequestEnd>) -> ServiceResult<()> {
        if let Some(RequestEnd { attempt, answer }) = request {
            change.complete_request(self.completion(attempt, &answer)?);
        }
        Ok(())
    }

    /// Does the act of a proposal that `grounds` end, and keeps what came of it: a note for whoever looks the
    /// proposal up, without which the act is done all the same.
    pub(super) async fn carry_out_once(&self, content: &Content, grounds: Change) -> ServiceResult<()> {
        let outcome = self.carry_out(Mandate::agreed(content, grounds)).await?;
        let mut change = Change::new();
        change.put_outcome(ProposalOutcome {
            id: content.id,
            outcome: outcome.to_string(),
        });
        if let Err(error) = self.store().commit(change).await {
            tracing::warn!(%error, proposal = %content.id, "what came of the act was not kept");
        }
        Ok(())
    }
}

/// Whether a statement means this proposal and this hash.
pub(super) fn check_target(target: &Target, content: &Content, hash: &str) -> ServiceResult<()> {
    if target.proposal != content.id {
        let problem = Problem::new("statement-other-proposal").param("proposal", target.proposal);
        return Err(ServiceError::refused(problem));
    }
    match target.hash == hash {
        true => Ok(()),
        false => Err(ServiceError::refused(
            Problem::new("statement-other-hash")
                .param("stated", &target.hash)
                .param("hash", hash),
        )),
    }
}

/// A statement that decides something else than what is asked for.
pub(super) fn other_decision(expected: &str, found: &Decision) -> ServiceError {
    ServiceError::refused(
        Problem::new("statement-other-decision")
            .param("expected", expected)
            .param("found", found.name()),
    )
}

fn check_time(statement: &Statement, now: DateTime<Utc>) -> ServiceResult<()> {
    let age = match statement.decision {
        Decision::Read => READING_AGE,
        _ => DECISION_AGE,
    };
    match statement.time > now + CLOCK_AHEAD || statement.time < now - age {
        true => Err(ServiceError::refused(
            Problem::new("statement-time").param("time", rfc3339(statement.time)),
        )),
        false => Ok(()),
    }
}
