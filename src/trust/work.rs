//! What one validation keeps while it works: verified links and the budget.

use std::sync::Arc;

use super::Snapshot;
use super::cache::Links;

/// State of one validation, handed down to whatever it asks on its way.
#[derive(Debug)]
pub(super) struct Work {
    /// Checks signatures, and holds the budget.
    pub(super) links: Links,
}

impl Work {
    /// With the memory of the snapshot and a whole budget.
    pub(super) fn new(snapshot: &Snapshot) -> Self {
        Self {
            links: Links::new(Arc::clone(snapshot.cache())),
        }
    }
}
