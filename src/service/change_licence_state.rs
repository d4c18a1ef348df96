//! Changing the state of a licence: suspended, resumed, revoked, withdrawn, cancelled. The register, the status list
//! and the event change together.

use crate::credential::status::Status;
use crate::licence::identifier::Identifier;
use crate::licence::state::{LicenceState, Role, Transition};
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issue_licence::licence_key;
use crate::service::licences::{LicenceDetail, state_of};
use crate::service::{Service, events};
use crate::store::{Change, LicenceTransition, StatusUpdate};

impl Service {
    /// Moves a licence to another state.
    ///
    /// # Errors
    /// Where the actor has no right to it, the licence is not known, the transition does not lead on from its state, or
    /// a reason is needed and none is given.
    pub async fn change_licence_state(
        &self,
        actor: &Actor,
        identifier: &Identifier,
        transition: Transition,
        reason: Option<&str>,
    ) -> ServiceResult<LicenceDetail> {
        let stored = self.visible_licence(actor, Scope::Revoke, identifier).await?;
        let from = state_of(&stored)?;
        let to = from
            .apply(transition, Role::DepartmentSystem, reason)
            .map_err(ServiceError::explained)?;
        let now = self.now();
        let mut change = Change::new();
        change.move_licence(LicenceTransition {
            key: licence_key(identifier),
            from: from.name().to_owned(),
            to: to.name().to_owned(),
            at: now,
            reason: reason.map(str::to_owned),
        });
        if let Some(at) = stored.licence.status_index {
            change.set_status(StatusUpdate {
                at,
                status: status(to).value(),
            });
        }
        let detail = serde_json::json!({ "from": from.name(), "to": to.name(), "reason": reason });
        let action = format!("licence.{}", transition.name());
        change.record(events::entry(now, actor, &action, &identifier.to_string(), &detail)?);
        self.store().commit(change).await?;
        self.detail(&self.visible_licence(actor, Scope::Revoke, identifier).await?)
    }
}

/// What the status list says of a licence in this state.
fn status(state: LicenceState) -> Status {
    match state {
        LicenceState::Suspended => Status::Suspended,
        LicenceState::Superseded
        | LicenceState::Expired
        | LicenceState::Revoked
        | LicenceState::Withdrawn
        | LicenceState::Cancelled => Status::Revoked,
        LicenceState::Draft | LicenceState::Submitted | LicenceState::Approved | LicenceState::Issued => Status::Valid,
    }
}
