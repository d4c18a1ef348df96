//! The right to carry out an act.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::id::ProposalId;
use crate::service::actor::{Actor, Denied};
use crate::service::error::ServiceResult;
use crate::service::proposals::{Act, Content, Quorum};
use crate::service::{Service, events};
use crate::store::Change;

/// Officers that an operator enrols; from then on they enrol one another.
const FIRST_OFFICERS: u32 = 2;

/// A proposal that as many officers stand behind as its act takes. Made nowhere but in this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement(ProposalId);

impl Agreement {
    /// The proposal.
    pub fn proposal(self) -> ProposalId {
        self.0
    }
}

/// The right to carry out one act, which it holds: a proposal that as many officers stand behind as the act takes, or
/// an operator where no officer is needed. The use case of an act takes it, and only [`Service::carry_out`] leads
/// there, so that none is done without it, another than was agreed on, or one twice.
#[derive(Debug)]
pub struct Mandate {
    actor: Actor,
    act: Act,
    /// What makes the agreement durable; it goes into the change that has the act's effect.
    grounds: Mutex<Option<Change>>,
}

impl Mandate {
    /// The mandate of a proposal; `grounds` records what was agreed on and ends the proposal.
    pub(super) fn agreed(content: &Content, grounds: Change) -> Self {
        Self {
            actor: Actor::Agreed(Agreement(content.id)),
            act: content.act.clone(),
            grounds: Mutex::new(Some(grounds)),
        }
    }

    /// In whose name the act is done.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The act.
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// How it is named in the event record: `proposal:ID`, or `operator` where no officer is needed.
    pub(in crate::service) fn name(&self) -> String {
        self.actor.name()
    }

    /// The change that has the act's effect, with the event that records it. What the mandate rests on becomes durable
    /// in it, so that neither is there without the other: an act begins its one deciding change here.
    ///
    /// # Errors
    /// Where the random source fails.
    pub(in crate::service) fn change(
        &self,
        now: DateTime<Utc>,
        action: &str,
        subject: &str,
        detail: &Value,
    ) -> ServiceResult<Change> {
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
    /// The mandate of an operator for this act: what one officer may do an operator may, too; whatever else there is
    /// until officers are enrolled, and the enrolment of the first two.
    ///
    /// # Errors
    /// Where the actor is no operator, officers decide it, or it is nothing that such an act may be about.
    pub async fn mandate_for(&self, actor: &Actor, act: Act) -> ServiceResult<Mandate> {
        actor.must_be_operator()?;
        match (self.quorum_of(&act).await?, &act) {
            (Quorum::One, _) => {}
            (Quorum::Two, Act::EnrolOfficer(_)) => self.must_be_fewer_officers(FIRST_OFFICERS).await?,
            (Quorum::Two, _) => self.must_found(actor).await?,
        }
        Ok(Mandate {
            actor: actor.clone(),
            act,
            grounds: Mutex::default(),
        })
    }

    /// Asks for an operator who founds the house, which ends with the first officer.
    pub(in crate::service) async fn must_found(&self, actor: &Actor) -> ServiceResult<()> {
        actor.must_be_operator()?;
        self.must_be_fewer_officers(1).await
    }

    async fn must_be_fewer_officers(&self, than: u32) -> ServiceResult<()> {
        match self.store().officer_count().await? < than {
            true => Ok(()),
            false => Err(Denied::TwoOfficers.into()),
        }
    }
}
