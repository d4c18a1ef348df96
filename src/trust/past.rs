//! Validation time sliding (ETSI EN 319 102-1 section 5.6.2.2): the control time begins at the present and moves back,
//! from the anchor down, to the last moment at which everything above could still be relied on.
//!
//! A signature whose existence is proved at or before the control time that is left stays good, whatever came later.
//! Where nothing is proved, its time is the present, and the same walk is the basic validation of section 5.3.
//!
//! One departure, by our policy on freshness (section 5.2.5 leaves it to the policy): data that are no longer fresh
//! move the control time to the end of the time for which they were issued, not to its beginning. Licences are complete
//! at birth, so that the newest list they can carry is the one that was in force when they were signed.
//!
//! An authority that has ended needs no rule of its own: lists of today do not speak of it, those of its time move the
//! control time, and what it signed must be proved to be older than that.

use chrono::{DateTime, TimeDelta, Utc};

use super::SubIndication;

/// The control time of one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Control {
    present: DateTime<Utc>,
    at: DateTime<Utc>,
    proven: DateTime<Utc>,
    /// The status at the present, by what moved the control time last.
    status: SubIndication,
}

impl Control {
    /// Begins at the present, for a signature that is proved to have existed at `proven`.
    pub(super) fn new(present: DateTime<Utc>, proven: DateTime<Utc>) -> Self {
        Self {
            present,
            at: present,
            proven: proven.min(present),
            status: SubIndication::TryLater,
        }
    }

    /// The control time.
    pub(super) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// What the certificate would come to at the present.
    pub(super) fn status(&self) -> SubIndication {
        self.status
    }

    /// Moves it back to `limit`, the last moment at which all was well. Where the signature is not proved to be that
    /// old, it stays, and the answer is `false`: then what asks to move it is why the signature cannot be relied on.
    pub(super) fn slide(&mut self, limit: DateTime<Utc>, status: SubIndication) -> bool {
        if limit < self.proven {
            return false;
        }
        if limit < self.at {
            self.at = limit;
            self.status = status;
        }
        true
    }

    /// As [`Self::slide`], to just before `end`.
    pub(super) fn slide_before(&mut self, end: DateTime<Utc>, status: SubIndication) -> bool {
        self.slide(end - TICK, status)
    }

    /// Whether it could move back to `limit`.
    pub(super) fn reaches(&self, limit: DateTime<Utc>) -> bool {
        limit >= self.proven
    }

    /// As [`Self::reaches`], to just before `end`.
    pub(super) fn reaches_before(&self, end: DateTime<Utc>) -> bool {
        self.reaches(end - TICK)
    }

    /// Whether an object with this proof of existence existed at the control time; one without is proved for the
    /// present alone, and a proof from the future proves no more.
    pub(super) fn admits(&self, proof: Option<DateTime<Utc>>) -> bool {
        proof.unwrap_or(self.present).min(self.present) <= self.at
    }
}

/// The smallest step of time that is told apart.
const TICK: TimeDelta = TimeDelta::microseconds(1);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn it_moves_back_only_and_never_before_the_signature() {
        let mut control = Control::new(at(100), at(50));
        assert!(control.slide(at(70), SubIndication::RevokedCaNoPoe));
        assert!(control.slide(at(90), SubIndication::TryLater));
        assert_eq!(
            (control.at(), control.status()),
            (at(70), SubIndication::RevokedCaNoPoe)
        );
        assert!(
            !control.slide(at(49), SubIndication::TryLater) && !control.slide_before(at(50), SubIndication::TryLater)
        );
        assert_eq!(control.at(), at(70));
        assert!(control.slide(at(50), SubIndication::TryLater) && control.at() == at(50));
    }

    #[test]
    fn without_proof_an_object_is_there_at_the_present_alone() {
        let mut control = Control::new(at(100), at(50));
        assert!(control.admits(None) && control.admits(Some(at(200))));
        control.slide(at(70), SubIndication::TryLater);
        assert!(!control.admits(None) && !control.admits(Some(at(71))) && control.admits(Some(at(70))));
    }

    #[test]
    fn a_signature_from_the_future_is_one_of_the_present() {
        let mut control = Control::new(at(100), at(200));
        assert!(control.slide(at(100), SubIndication::TryLater));
        assert!(!control.slide(at(99), SubIndication::TryLater));
    }

    /// Whether all limits admit a signature of that age.
    fn passes(proven: i64, limits: &[i64]) -> bool {
        let mut control = Control::new(at(1_000), at(proven));
        limits
            .iter()
            .all(|limit| control.slide(at(*limit), SubIndication::TryLater))
    }

    proptest! {
        #[test]
        fn a_later_proof_and_a_further_limit_never_help(
            limits in prop::collection::vec(0..1_000_i64, 0..6),
            more in 0..1_000_i64,
            proven in 0..1_000_i64,
            later in 0..500_i64,
        ) {
            prop_assert!(passes(proven, &limits) || !passes(proven + later, &limits));
            let further: Vec<i64> = limits.iter().copied().chain([more]).collect();
            prop_assert!(passes(proven, &limits) || !passes(proven, &further));
        }

        #[test]
        fn it_ends_at_the_earliest_limit_in_whatever_order(limits in prop::collection::vec(500..1_000_i64, 1..6)) {
            let mut control = Control::new(at(1_000), at(500));
            for limit in &limits {
                control.slide(at(*limit), SubIndication::TryLater);
            }
            prop_assert_eq!(Some(control.at()), limits.iter().min().map(|limit| at(*limit)));
        }
    }
}
