//! What all validations for one document may cost together: a stranger chooses how many there are.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::budget::Budget;
use super::cache::Links;
use crate::crypto::KeyKind;

/// Work for the signatures of one document, which each message, and each validation, takes its part of. Signatures that
/// did not hold are remembered from one validation to the next.
#[derive(Debug)]
pub struct Allowance(Mutex<Links>);

impl Default for Allowance {
    fn default() -> Self {
        Self(Mutex::new(Links::with_budget(Budget::of_document())))
    }
}

impl Allowance {
    /// Counts a message, a time stamp or a seal that is looked at. Whether there is so much left.
    pub fn message(&self) -> bool {
        self.left().budget.message().is_ok()
    }

    /// Counts the check of its signature, with a key of this kind. Whether there is so much left.
    pub fn signature_check(&self, kind: KeyKind) -> bool {
        self.left().budget.signature_check(kind).is_ok()
    }

    /// Counts answers that are looked through for a certificate outside any validation. Whether there is so much left.
    pub fn comparisons(&self, count: usize) -> bool {
        self.left().budget.name_comparisons(count).is_ok()
    }

    /// Hands out what one validation may use, with the memory of those before it.
    pub(super) fn lend(&self, to: &mut Links) {
        let mut left = self.left();
        to.budget = left.budget.portion();
        to.failed = std::mem::take(&mut left.failed);
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
