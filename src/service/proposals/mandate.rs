//! The proof that an act may be carried out.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::id::ProposalId;
use crate::service::actor::{Actor, Denied};
use crate::service::error::ServiceResult;
use crate::service::proposals::{Act, Quorum};
use crate::service::{Service, events};
use crate::store::Change;

/// A proposal that was approved. Made nowhere but in this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approved(ProposalId);

impl Approved {
    /// The proposal.
    pub fn proposal(self) -> ProposalId {
        self.0
    }
}

/// The right to carry out one act that needs two people. Use cases take it in place of an [`Actor`], so that none can be
/// called without it.
#[derive(Debug)]
pub struct Mandate {
    actor: Actor,
    /// What makes the approval durable; it goes into the change that has the act's effect.
    grounds: Mutex<Option<Change>>,
}

impl Mandate {
    /// The mandate of an approved proposal; `grounds` records the approval and ends the proposal.
    pub(super) fn approved(proposal: ProposalId, grounds: Change) -> Self {
        Self {
            actor: Actor::Officers(Approved(proposal)),
            grounds: Mutex::new(Some(grounds)),
        }
    }

    fn founding(actor: &Actor) -> Self {
        Self {
            actor: actor.clone(),
            grounds: Mutex::default(),
        }
    }

    /// In whose name the act is done.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// How it is named in the event record: `proposal:ID`, or `operator` while no officer is enrolled.
    pub fn name(&self) -> String {
        self.actor.name()
    }

    /// The change that has the act's effect, with the event that records it. What the mandate rests on becomes durable in
    /// it, so that neither is there without the other: an act begins its one deciding change here.
    ///
    /// # Errors
    /// Where the random source fails.
    pub fn change(&self, now: DateTime<Utc>, action: &str, subject: &str, detail: &Value) -> ServiceResult<Change> {
        let event = events::entry(now, &self.actor, action, subject, detail)?;
        let mut change = self.begin();
        change.record(event);
        Ok(change)
    }

    /// The same change without an event, where what it does records its own.
    pub(in crate::service) fn begin(&self) -> Change {
        let grounds = self.grounds.lock().unwrap_or_else(PoisonError::into_inner).take();
        grounds.unwrap_or_default()
    }
}

impl Service {
    /// The mandate of an operator who founds the house, while no officer is enrolled.
    ///
    /// # Errors
    /// Where the actor is no operator, or an officer is enrolled.
    pub async fn founding_mandate(&self, actor: &Actor) -> ServiceResult<Mandate> {
        self.operators_mandate(actor, 1).await
    }

    /// The mandate of an operator who enrols the first two officers.
    ///
    /// # Errors
    /// Where the actor is no operator, or two officers are enrolled.
    pub async fn enrolment_mandate(&self, actor: &Actor) -> ServiceResult<Mandate> {
        self.operators_mandate(actor, 2).await
    }

    /// The mandate of an operator for this act, as far as an operator decides it: to found the house, to enrol the first two
    /// officers, and what one officer may do alone.
    ///
    /// # Errors
    /// Where the actor is no operator, or officers decide it.
    pub async fn mandate_for(&self, actor: &Actor, act: &Act) -> ServiceResult<Mandate> {
        match act {
            Act::EnrolOfficer(_) => self.enrolment_mandate(actor).await,
            act => match self.quorum_of(act).await? {
                Quorum::One => self.operators_mandate(actor, u32::MAX).await,
                Quorum::Two => self.founding_mandate(actor).await,
            },
        }
    }

    async fn operators_mandate(&self, actor: &Actor, below: u32) -> ServiceResult<Mandate> {
        actor.must_be_operator()?;
        match self.store().officer_count().await? < below {
            true => Ok(Mandate::founding(actor)),
            false => Err(Denied::TwoOfficers.into()),
        }
    }
}
