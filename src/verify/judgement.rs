//! One judgement: an indication, its sub-indication, and why.

use super::report::{Indication, SubIndication};
use crate::problem::Problem;
use crate::trust::budget::MAX_SIGNATURE_CHECKS_OF_DOCUMENT;
use crate::trust::{self, Validation};

/// What one check came to, with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    pub(super) indication: Indication,
    pub(super) sub_indication: Option<SubIndication>,
    pub(super) reasons: Vec<Problem>,
}

impl Judgement {
    pub(super) fn passed() -> Self {
        Self {
            indication: Indication::TotalPassed,
            sub_indication: None,
            reasons: Vec::new(),
        }
    }

    pub(super) fn failed(sub: SubIndication, reason: Problem) -> Self {
        Self {
            indication: Indication::TotalFailed,
            sub_indication: Some(sub),
            reasons: vec![reason],
        }
    }

    pub(super) fn indeterminate(sub: SubIndication, reason: Problem) -> Self {
        Self {
            indication: Indication::Indeterminate,
            sub_indication: Some(sub),
            reasons: vec![reason],
        }
    }

    /// That the work which one document may cost was used up before this was checked.
    pub(super) fn unchecked() -> Self {
        let problem = Problem::new("signature-checks-beyond-limit").param("limit", MAX_SIGNATURE_CHECKS_OF_DOCUMENT);
        Self::indeterminate(SubIndication::FormatFailure, problem)
    }

    pub(super) fn is_passed(&self) -> bool {
        self.indication == Indication::TotalPassed
    }

    /// Both together: the worse indication counts, the reasons of the worse come first.
    pub(super) fn and(self, other: Self) -> Self {
        let (mut worse, better) = if rank(other.indication) > rank(self.indication) {
            (other, self)
        } else {
            (self, other)
        };
        worse.reasons.extend(better.reasons);
        worse
    }
}

fn rank(indication: Indication) -> u8 {
    match indication {
        Indication::TotalPassed => 0,
        Indication::Indeterminate => 1,
        Indication::TotalFailed => 2,
    }
}

impl From<&Validation> for Judgement {
    fn from(validation: &Validation) -> Self {
        let (indication, sub) = match validation.indication {
            trust::Indication::Passed => (Indication::TotalPassed, None),
            trust::Indication::Indeterminate(sub) => (Indication::Indeterminate, Some(sub)),
            trust::Indication::Failed(sub) => (Indication::TotalFailed, Some(sub)),
        };
        Self {
            indication,
            sub_indication: sub.map(SubIndication::from),
            reasons: validation.reasons.iter().map(trust::Reason::problem).collect(),
        }
    }
}
