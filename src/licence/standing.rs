//! How a licence stands on a given day: what the register has done to it, and what the calendar says when it did
//! nothing.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::licence::state::LicenceState;

/// How a licence stands on a day: what a verifier is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// In force.
    Current,
    /// Out of force for a while; also when its yearly endorsement has lapsed.
    Suspended,
    /// 吊销.
    Revoked,
    /// 撤销.
    Withdrawn,
    /// 注销.
    Cancelled,
    /// Replaced by a newer version.
    Superseded,
    /// Past its last day.
    Expired,
    /// Before its first day.
    NotYetValid,
    /// Not known: the register did not answer, or the licence was never issued.
    Unknown,
}

/// The days of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub effective: NaiveDate,
    /// Last day; `None` when there is no end.
    pub expiring: Option<NaiveDate>,
    /// Last day for which it is endorsed, where its type wants that.
    pub endorsed_until: Option<NaiveDate>,
}

impl Standing {
    /// How a licence stands on `day` that the register has in `state`. What was done to it outweighs its calendar.
    pub fn on(state: LicenceState, days: &Days, day: NaiveDate) -> Self {
        let past = |last: Option<NaiveDate>| last.is_some_and(|last| last < day);
        match state {
            LicenceState::Draft | LicenceState::Submitted | LicenceState::Approved => Self::Unknown,
            LicenceState::Superseded => Self::Superseded,
            LicenceState::Revoked => Self::Revoked,
            LicenceState::Withdrawn => Self::Withdrawn,
            LicenceState::Cancelled => Self::Cancelled,
            LicenceState::Expired => Self::Expired,
            LicenceState::Issued | LicenceState::Suspended if past(days.expiring) => Self::Expired,
            LicenceState::Suspended => Self::Suspended,
            LicenceState::Issued if day < days.effective => Self::NotYetValid,
            LicenceState::Issued if past(days.endorsed_until) => Self::Suspended,
            LicenceState::Issued => Self::Current,
        }
    }

    /// Its word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days() -> Days {
        Days {
            effective: day("2026-03-05"),
            expiring: Some(day("2031-03-04")),
            endorsed_until: None,
        }
    }

    #[test]
    fn the_calendar_speaks_when_nothing_was_done() {
        let on = |state, text| Standing::on(state, &days(), day(text));
        assert_eq!(on(LicenceState::Issued, "2026-03-04"), Standing::NotYetValid);
        assert_eq!(on(LicenceState::Issued, "2026-03-05"), Standing::Current);
        assert_eq!(on(LicenceState::Issued, "2031-03-04"), Standing::Current);
        assert_eq!(on(LicenceState::Issued, "2031-03-05"), Standing::Expired);
        assert_eq!(on(LicenceState::Suspended, "2030-01-01"), Standing::Suspended);
        assert_eq!(on(LicenceState::Suspended, "2032-01-01"), Standing::Expired);
        assert_eq!(on(LicenceState::Revoked, "2032-01-01"), Standing::Revoked);
        assert_eq!(on(LicenceState::Approved, "2026-03-05"), Standing::Unknown);
    }

    #[test]
    fn a_lapsed_endorsement_suspends() {
        let days = Days {
            expiring: None,
            endorsed_until: Some(day("2027-03-04")),
            ..days()
        };
        assert_eq!(
            Standing::on(LicenceState::Issued, &days, day("2027-03-04")),
            Standing::Current
        );
        assert_eq!(
            Standing::on(LicenceState::Issued, &days, day("2027-03-05")),
            Standing::Suspended
        );
    }

    #[test]
    fn its_word_is_the_one_of_reports() {
        assert_eq!(
            serde_json::to_value(Standing::NotYetValid).unwrap(),
            Standing::NotYetValid.name()
        );
    }
}
