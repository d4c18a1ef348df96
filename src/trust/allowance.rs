//! What all validations for one document may cost together: a stranger chooses how many there are.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::budget::Budget;
use super::cache::Links;

/// Work for the signatures of one document, which each validation takes its part of. Signatures that did not hold are
/// remembered from one validation to the next.
#[derive(Debug)]
pub struct Allowance(Mutex<Links>);

impl Default for Allowance {
    fn default() -> Self {
        Self(Mutex::new(Links::with_budget(Budget::of_document())))
    }
}

impl Allowance {
    /// Hands out what one validation may use, with the memory of those before it.
    pub(super) fn lend(&self, to: &mut Links) {
        let left = self.left();
        to.budget = left.budget.portion();
        to.failed.clone_from(&left.failed);
    }

    /// Takes back what a validation did not use, and what it found out.
    pub(super) fn settle(&self, from: &mut Links) {
        let mut left = self.left();
        left.budget.charge(&from.budget);
        left.failed = std::mem::take(&mut from.failed);
    }

    fn left(&self) -> MutexGuard<'_, Links> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
