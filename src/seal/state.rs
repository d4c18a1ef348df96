//! The life of a seal: in use, frozen for a while (冻结), or cancelled for good (注销). Expiry is a matter of its
//! dates.

use std::fmt;

/// Where a seal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SealState {
    /// May be used within its dates.
    Active,
    /// May not be used until it is released.
    Frozen,
    /// May never be used again.
    Revoked,
}

/// What is done to a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealAction {
    /// Stops its use for a while; one person may, for speed.
    Freeze,
    /// Ends a freeze.
    Release,
    /// Ends its use for good.
    Revoke,
}

/// An action that is not due in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seal that is {state} cannot be {}", .action.done())]
pub struct StateError {
    /// Where the seal stands.
    pub state: SealState,
    /// What was asked.
    pub action: SealAction,
}

impl SealState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Active, Self::Frozen, Self::Revoked];

    /// The state after `action`.
    ///
    /// # Errors
    /// When the action is not due: a freeze twice, a release without freeze, anything after the end.
    pub fn after(self, action: SealAction) -> Result<Self, StateError> {
        match (self, action) {
            (Self::Active, SealAction::Freeze) => Ok(Self::Frozen),
            (Self::Frozen, SealAction::Release) => Ok(Self::Active),
            (Self::Active | Self::Frozen, SealAction::Revoke) => Ok(Self::Revoked),
            (state, action) => Err(StateError { state, action }),
        }
    }

    /// Its name in lists and the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Revoked => "revoked",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl fmt::Display for SealState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl SealAction {
    fn done(self) -> &'static str {
        match self {
            Self::Freeze => "frozen",
            Self::Release => "released",
            Self::Revoke => "revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_follows_revocation() {
        for action in [SealAction::Freeze, SealAction::Release, SealAction::Revoke] {
            assert_eq!(
                SealState::Revoked.after(action),
                Err(StateError {
                    state: SealState::Revoked,
                    action
                })
            );
        }
    }

    #[test]
    fn a_frozen_seal_is_released_or_revoked_but_not_frozen_again() {
        assert_eq!(SealState::Frozen.after(SealAction::Release), Ok(SealState::Active));
        assert_eq!(SealState::Frozen.after(SealAction::Revoke), Ok(SealState::Revoked));
        let error = SealState::Frozen.after(SealAction::Freeze).unwrap_err();
        assert_eq!(error.to_string(), "a seal that is frozen cannot be frozen");
    }

    #[test]
    fn every_state_has_a_name_of_its_own() {
        assert!(
            SealState::ALL
                .iter()
                .all(|state| SealState::from_name(state.name()) == Some(*state))
        );
    }
}
