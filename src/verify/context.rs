//! What a document is judged against.

use chrono::{DateTime, Utc};

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
    /// States of the seals, where a list is at hand.
    pub seal_status: Option<&'a SealStatusList>,
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
            limits: Limits::UPLOAD,
        }
    }

    /// With the states of the seals.
    #[must_use]
    pub fn with_seal_status(mut self, list: &'a SealStatusList) -> Self {
        self.seal_status = Some(list);
        self
    }
}
