//! Event rows: every use case that changes something records it with the change, in the same transaction.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::crypto::{RandomError, random};
use crate::id::EventId;
use crate::ledger::{Event, LedgerEntry, Salts};
use crate::service::actor::Actor;

/// The ledger entry for what `actor` did at `now`.
///
/// `action` is `subject.verb`; `subject` names the thing and holds no personal data; `detail` may, and can be erased.
///
/// # Errors
/// Where the random source fails.
pub(super) fn entry(
    now: DateTime<Utc>,
    actor: &Actor,
    action: &str,
    subject: &str,
    detail: &Value,
) -> Result<LedgerEntry, RandomError> {
    let mut salts = Salts {
        event: [0; 16],
        detail: [0; 16],
    };
    random(&mut salts.event)?;
    random(&mut salts.detail)?;
    let event = Event {
        id: EventId::new(now),
        time: now,
        actor: actor.name(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_string().into_bytes(),
    };
    Ok(LedgerEntry::new(event, salts))
}
