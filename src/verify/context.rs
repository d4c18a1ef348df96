//! What a document is judged against.

use chrono::{DateTime, Utc};

use super::seal_lists::{SealAuthority, SealLists};
use crate::pdf::Limits;
use crate::seal::status::SealStatusList;
use crate::trust::Snapshot;

/// What a document is judged against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Recognised authorities, their certificates and revocation lists.
    pub snapshot: &'a Snapshot,
    /// The time as of which it is judged.
    pub time: DateTime<Utc>,
    /// States of our seals, where our own list is at hand.
    pub seal_status: Option<&'a SealStatusList>,
    /// Lists of several authorities, each of its own seals.
    pub seal_lists: Option<&'a SealLists>,
    /// What the document may cost.
    pub limits: Limits,
}

impl<'a> Context<'a> {
    /// Judging against this snapshot as of `time`, within the limits of uploads.
    pub fn new(snapshot: &'a Snapshot, time: DateTime<Utc>) -> Self {
        Self {
            snapshot,
            time,
            seal_status: None,
            seal_lists: None,
            limits: Limits::UPLOAD,
        }
    }

    /// With lists of several authorities.
    #[must_use]
    pub fn with_seal_lists(mut self, lists: &'a SealLists) -> Self {
        self.seal_lists = Some(lists);
        self
    }

    /// The list that speaks of the seals of an authority.
    pub(super) fn seal_list(&self, authority: &SealAuthority) -> Option<&'a SealStatusList> {
        self.seal_lists
            .and_then(|lists| lists.of(authority))
            .or_else(|| self.seal_status.filter(|_| !authority.is_recognised()))
    }

    /// When the list of another that speaks of the seals of an authority was to be replaced, where that is past. Our
    /// own is made anew with each change.
    pub(super) fn seal_list_overdue_since(&self, authority: &SealAuthority) -> Option<DateTime<Utc>> {
        let next = self.seal_lists?.of(authority)?.next_update;
        (next < self.time).then_some(next)
    }

    /// With the states of the seals.
    #[must_use]
    pub fn with_seal_status(mut self, list: &'a SealStatusList) -> Self {
        self.seal_status = Some(list);
        self
    }
}
