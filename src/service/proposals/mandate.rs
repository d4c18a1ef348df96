//! The proof that an act may be carried out.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::id::ProposalId;
use crate::service::actor::Actor;
use crate::service::error::ServiceResult;
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
}

impl Mandate {
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
        let mut change = Change::new();
        change.record(events::entry(now, &self.actor, action, subject, detail)?);
        Ok(change)
    }
}

impl Service {
    /// The mandate of an operator who founds the house.
    ///
    /// # Errors
    /// Where the actor is no operator.
    pub async fn founding_mandate(&self, actor: &Actor) -> ServiceResult<Mandate> {
        actor.must_be_operator()?;
        Ok(Mandate { actor: actor.clone() })
    }
}
