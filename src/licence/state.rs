//! The life of a licence: its states, and who may move it from one to the next.
//!
//! 吊销 (revoked: a penalty for breaking the law while licensed), 撤销 (withdrawn: it should never have been granted)
//! and 注销 (cancelled: the formal end, on application or when the holder is gone) are different acts in the
//! Administrative Licensing Law (articles 69, 70 and 81) and are never merged. A final state stays: a revoked licence
//! is not cancelled later.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::{Explain, Problem};

/// Where a version of a licence stands, as the register has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceState {
    /// Being written by a clerk.
    Draft,
    /// Handed in for approval.
    Submitted,
    /// Approved, not sealed yet.
    Approved,
    /// Sealed and in the register (现行).
    Issued,
    /// Out of force for a while (暂扣).
    Suspended,
    /// Followed by a newer version (换发).
    Superseded,
    /// Past its last day, as the register closed it (失效).
    Expired,
    /// Taken away as a penalty (吊销).
    Revoked,
    /// Its grant undone (撤销).
    Withdrawn,
    /// Formally ended (注销).
    Cancelled,
}

/// What may be done to a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transition {
    /// A clerk hands a draft in.
    Submit,
    /// The approver gives it back to the clerk.
    Return,
    /// The approver agrees.
    Approve,
    /// It is sealed.
    Issue,
    /// 暂扣.
    Suspend,
    /// 暂扣发还.
    Resume,
    /// A newer version was issued: change, renewal or correction.
    Supersede,
    /// The last day has passed.
    Expire,
    /// 吊销.
    Revoke,
    /// 撤销.
    Withdraw,
    /// 注销.
    Cancel,
}

/// In what capacity somebody acts on licences of an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Writes and hands in.
    Clerk,
    /// Decides.
    Approver,
    /// Seals.
    SealKeeper,
    /// The department's own system, which has done all three before it sends.
    DepartmentSystem,
    /// This service, for what follows from the calendar or from another act.
    Service,
}

/// Why a transition is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// It does not lead on from this state.
    #[error("a licence that is {from} cannot be {}", transition.participle())]
    NotFrom {
        /// The state.
        from: LicenceState,
        /// What was wanted.
        transition: Transition,
    },
    /// Not for this role.
    #[error("{role} may not {transition} a licence")]
    NotEntitled {
        /// Who.
        role: Role,
        /// What was wanted.
        transition: Transition,
    },
    /// It takes something away and no reason is given.
    #[error("to {transition} a licence needs a reason")]
    ReasonRequired {
        /// What was wanted.
        transition: Transition,
    },
    /// The reason is longer than GB/T 36906 exchanges.
    #[error("the reason has {chars} characters, more than {MAX_REASON_CHARS}")]
    ReasonTooLong {
        /// Its length.
        chars: usize,
    },
}

impl LicenceState {
    /// The state after `transition`, made by `role` for `reason`.
    ///
    /// # Errors
    /// Why it is refused: the state first, then the right, then the reason.
    pub fn apply(self, transition: Transition, role: Role, reason: Option<&str>) -> Result<Self, TransitionError> {
        let (sources, target, roles) = transition.rule();
        if !sources.contains(&self) {
            return Err(TransitionError::NotFrom { from: self, transition });
        }
        if !roles.contains(&role) {
            return Err(TransitionError::NotEntitled { role, transition });
        }
        let chars = reason.map_or(0, |reason| reason.trim().chars().count());
        if transition.needs_reason() && chars == 0 {
            return Err(TransitionError::ReasonRequired { transition });
        }
        if chars > MAX_REASON_CHARS {
            return Err(TransitionError::ReasonTooLong { chars });
        }
        Ok(target)
    }

    /// Its word in the interface and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Issued => "issued",
            Self::Suspended => "suspended",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        use LicenceState::{
            Approved, Cancelled, Draft, Expired, Issued, Revoked, Submitted, Superseded, Suspended, Withdrawn,
        };
        [
            Draft, Submitted, Approved, Issued, Suspended, Superseded, Expired, Revoked, Withdrawn, Cancelled,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }
}

impl fmt::Display for LicenceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Transition {
    /// From which states, to which, by whom.
    fn rule(self) -> (&'static [LicenceState], LicenceState, &'static [Role]) {
        use LicenceState::{
            Approved, Cancelled, Draft, Expired, Issued, Revoked, Submitted, Superseded, Suspended, Withdrawn,
        };
        use Role::{Approver, Clerk, DepartmentSystem, SealKeeper, Service};
        match self {
            Self::Submit => (&[Draft], Submitted, &[Clerk, DepartmentSystem]),
            Self::Return => (&[Submitted, Approved], Draft, &[Approver, SealKeeper]),
            Self::Approve => (&[Submitted], Approved, &[Approver, DepartmentSystem]),
            Self::Issue => (&[Approved], Issued, &[SealKeeper, DepartmentSystem]),
            // One person is enough: suspension is for speed, and can be undone.
            Self::Suspend => (&[Issued], Suspended, &[Approver, DepartmentSystem, Service]),
            Self::Resume => (&[Suspended], Issued, &[Approver, DepartmentSystem, Service]),
            Self::Supersede => (&[Issued, Suspended, Expired], Superseded, &[Service]),
            Self::Expire => (&[Issued, Suspended], Expired, &[Service]),
            // Administrative Licensing Law article 81, and 70 (5).
            Self::Revoke => (&[Issued, Suspended], Revoked, &[Approver, DepartmentSystem]),
            // Article 69: also when its days are over, since the grant itself is undone.
            Self::Withdraw => (&[Issued, Suspended, Expired], Withdrawn, &[Approver, DepartmentSystem]),
            // Article 70.
            Self::Cancel => (&[Issued, Suspended, Expired], Cancelled, &[Approver, DepartmentSystem]),
        }
    }

    /// Whether it takes something away from somebody and so must say why.
    pub fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::Return | Self::Suspend | Self::Revoke | Self::Withdraw | Self::Cancel
        )
    }

    /// Its word in the interface.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Return => "return",
            Self::Approve => "approve",
            Self::Issue => "issue",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Supersede => "supersede",
            Self::Expire => "expire",
            Self::Revoke => "revoke",
            Self::Withdraw => "withdraw",
            Self::Cancel => "cancel",
        }
    }

    /// The transition of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        TRANSITIONS.into_iter().find(|transition| transition.name() == name)
    }

    fn participle(self) -> &'static str {
        match self {
            Self::Submit => "submitted",
            Self::Return => "returned",
            Self::Approve => "approved",
            Self::Issue => "issued",
            Self::Suspend => "suspended",
            Self::Resume => "resumed",
            Self::Supersede => "superseded",
            Self::Expire => "expired",
            Self::Revoke => "revoked",
            Self::Withdraw => "withdrawn",
            Self::Cancel => "cancelled",
        }
    }
}

impl fmt::Display for Transition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Clerk => "clerk",
            Self::Approver => "approver",
            Self::SealKeeper => "seal-keeper",
            Self::DepartmentSystem => "department-system",
            Self::Service => "service",
        })
    }
}

impl Explain for TransitionError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::NotFrom { from, transition } => Problem::new("transition-not-from-state")
                .param("state", from)
                .param("transition", transition),
            Self::NotEntitled { role, transition } => Problem::new("transition-not-entitled")
                .param("role", role)
                .param("transition", transition),
            Self::ReasonRequired { transition } => Problem::new("reason-required")
                .field("reason")
                .param("transition", transition),
            Self::ReasonTooLong { chars } => Problem::new("reason-too-long")
                .field("reason")
                .param("count", chars)
                .param("limit", MAX_REASON_CHARS),
        }]
    }
}

/// Every transition.
const TRANSITIONS: [Transition; 11] = [
    Transition::Submit,
    Transition::Return,
    Transition::Approve,
    Transition::Issue,
    Transition::Suspend,
    Transition::Resume,
    Transition::Supersede,
    Transition::Expire,
    Transition::Revoke,
    Transition::Withdraw,
    Transition::Cancel,
];
/// Most characters of a reason; what GB/T 36906 allows for the cause of a use (useCause).
const MAX_REASON_CHARS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    const REASON: Option<&str> = Some("营业期间超范围经营");

    #[test]
    fn a_licence_goes_from_draft_to_issued_by_three_people() {
        let steps = [
            (Transition::Submit, Role::Clerk),
            (Transition::Approve, Role::Approver),
            (Transition::Issue, Role::SealKeeper),
        ];
        let end = steps.iter().try_fold(LicenceState::Draft, |state, (step, role)| {
            state.apply(*step, *role, None)
        });
        assert_eq!(end, Ok(LicenceState::Issued));
    }

    #[test]
    fn taking_away_needs_a_reason_and_giving_back_does_not() {
        let apply = |state: LicenceState, step, reason| state.apply(step, Role::Approver, reason);
        for step in [
            Transition::Suspend,
            Transition::Revoke,
            Transition::Withdraw,
            Transition::Cancel,
        ] {
            let refused = Err(TransitionError::ReasonRequired { transition: step });
            assert_eq!(apply(LicenceState::Issued, step, None), refused);
            assert_eq!(apply(LicenceState::Issued, step, Some("  ")), refused);
            assert!(apply(LicenceState::Issued, step, REASON).is_ok());
        }
        assert_eq!(
            apply(LicenceState::Suspended, Transition::Resume, None),
            Ok(LicenceState::Issued)
        );
        let long = "因".repeat(201);
        let refused = apply(LicenceState::Issued, Transition::Revoke, Some(&long));
        assert_eq!(refused, Err(TransitionError::ReasonTooLong { chars: 201 }));
    }

    #[test]
    fn the_three_ends_stay_apart() {
        let end = |step| LicenceState::Issued.apply(step, Role::Approver, REASON).unwrap();
        let ends = [Transition::Revoke, Transition::Withdraw, Transition::Cancel].map(end);
        assert_eq!(
            ends,
            [LicenceState::Revoked, LicenceState::Withdrawn, LicenceState::Cancelled]
        );
        for state in ends {
            let error = state.apply(Transition::Cancel, Role::Approver, REASON).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("a licence that is {state} cannot be cancelled")
            );
            assert_eq!(error.problems()[0].code, "transition-not-from-state");
        }
    }

    #[test]
    fn a_clerk_neither_issues_nor_revokes() {
        let error = LicenceState::Approved
            .apply(Transition::Issue, Role::Clerk, None)
            .unwrap_err();
        assert_eq!(
            error,
            TransitionError::NotEntitled {
                role: Role::Clerk,
                transition: Transition::Issue
            }
        );
        assert_eq!(error.to_string(), "clerk may not issue a licence");
        assert!(
            LicenceState::Issued
                .apply(Transition::Revoke, Role::Clerk, REASON)
                .is_err()
        );
    }

    #[test]
    fn words_are_read_back() {
        for transition in TRANSITIONS {
            assert_eq!(Transition::from_name(transition.name()), Some(transition));
            let (sources, target, _) = transition.rule();
            for state in sources.iter().chain([&target]) {
                assert_eq!(LicenceState::from_name(state.name()), Some(*state));
                assert_eq!(serde_json::to_value(state).unwrap(), state.name());
            }
        }
    }
}
