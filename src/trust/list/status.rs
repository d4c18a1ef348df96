//! The status of a service over time: every decision stays, and the last one that reaches back to a time counts for it.
//!
//! A decision is dated twice: when it was made and from when on it holds. The two differ where the key of an authority
//! was in other hands before anybody knew (as `invalidityDate` of RFC 5280 section 5.3.2 for one certificate), and
//! where recognition reaches back to licences that exist already. Decisions are only ever added: what a list said stays
//! readable in each later one (ETSI TS 119 602 `ServiceHistory`).

use chrono::{DateTime, Utc};

use super::ListError;
use crate::trust::{Doubt, Loss, Recognition, Service};

/// Decisions that a service may have: one a week for five years.
pub(super) const MAX_DECISIONS: usize = 260;

/// How an authority stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is relied on.
    Granted,
    /// It is not relied on for now.
    Suspended,
    /// It is relied on no more. What is proved to exist from before keeps its value.
    Withdrawn,
}

/// Why a status was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusReason {
    /// Recognised by agreement.
    Agreement,
    /// It gave up its service.
    Ceased,
    /// What it was suspended for turned out well.
    Cleared,
    /// Its key was or may have been in other hands. The only reason for which a loss of recognition may date back.
    Compromise,
    /// Something about it is being looked into.
    Investigation,
    /// It broke the rules under which it was recognised.
    RulesBroken,
    /// None is given.
    Unspecified,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The status given.
    pub status: Status,
    /// From when on it holds, in whole seconds.
    pub since: DateTime<Utc>,
    /// When it was decided, in whole seconds.
    pub decided: DateTime<Utc>,
    /// Why.
    pub reason: StatusReason,
    /// The same for people; may be empty.
    pub note: String,
}

/// All decisions about one service, in the order in which they were made; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History(Vec<Decision>);

impl Status {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Granted, Self::Suspended, Self::Withdrawn];

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl StatusReason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Agreement,
        Self::Ceased,
        Self::Cleared,
        Self::Compromise,
        Self::Investigation,
        Self::RulesBroken,
        Self::Unspecified,
    ];

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Ceased => "ceased",
            Self::Cleared => "cleared",
            Self::Compromise => "compromise",
            Self::Investigation => "investigation",
            Self::RulesBroken => "rules-broken",
            Self::Unspecified => "unspecified",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// Whether a service that lost its status for this is no more believed about the past, such as by its time stamps.
    /// Who leaves in good standing still is.
    fn leaves_doubt(self) -> bool {
        match self {
            Self::Agreement | Self::Ceased | Self::Cleared => false,
            Self::Compromise | Self::Investigation | Self::RulesBroken | Self::Unspecified => true,
        }
    }
}

impl Decision {
    /// The doubt that is left by taking recognition away at `time`, after one that was there `before`: that is set
    /// aside by nothing but clearing it, and begins where it began.
    fn doubt(&self, time: DateTime<Utc>, before: Option<Doubt>) -> Option<Doubt> {
        let status = self.status;
        match (self.reason, before) {
            (StatusReason::Cleared, _) => None,
            (reason, before) if reason.leaves_doubt() => Some(Doubt {
                since: before.map_or(time, |before| before.since),
                status,
                reason,
            }),
            (_, before) => before.map(|before| Doubt { status, ..before }),
        }
    }
}

impl History {
    /// A history that begins with this decision.
    ///
    /// # Errors
    /// As [`Self::from_decisions`].
    pub fn new(first: Decision) -> Result<Self, ListError> {
        Self::from_decisions(vec![first])
    }

    /// The decisions in the order in which they were made.
    ///
    /// # Errors
    /// None, too many, one made before the one in front of it, or one that takes recognition away for a time before it
    /// was made for another reason than compromise.
    pub fn from_decisions(decisions: Vec<Decision>) -> Result<Self, ListError> {
        if decisions.is_empty() || decisions.len() > MAX_DECISIONS {
            return Err(ListError::Count {
                what: "decisions about a service",
                found: decisions.len(),
                limit: MAX_DECISIONS,
            });
        }
        for pair in decisions.windows(2) {
            if let [earlier, later] = pair
                && later.decided < earlier.decided
            {
                return Err(ListError::DecisionOrder { decided: later.decided });
            }
        }
        let backdated = |decision: &&Decision| {
            decision.status != Status::Granted
                && decision.since < decision.decided
                && decision.reason != StatusReason::Compromise
        };
        match decisions.iter().find(backdated) {
            Some(decision) => Err(ListError::Backdated {
                status: decision.status,
                since: decision.since,
                decided: decision.decided,
            }),
            None => Ok(Self(decisions)),
        }
    }

    /// With one decision more.
    ///
    /// # Errors
    /// As [`Self::from_decisions`].
    pub fn with(&self, decision: Decision) -> Result<Self, ListError> {
        let mut decisions = self.0.clone();
        decisions.push(decision);
        Self::from_decisions(decisions)
    }

    /// The decisions in the order in which they were made.
    pub fn decisions(&self) -> &[Decision] {
        &self.0
    }

    /// The decision made last.
    pub fn latest(&self) -> Option<&Decision> {
        self.0.last()
    }

    /// The decision that counts for `time`: the last one made that reaches back to it; `None` before the first holds.
    pub fn at(&self, time: DateTime<Utc>) -> Option<&Decision> {
        self.0.iter().rev().find(|decision| decision.since <= time)
    }

    /// The decision that counts for `time`, where it says that the key is known or suspected to be in other hands.
    fn compromise(&self, time: DateTime<Utc>) -> Option<&Decision> {
        self.at(time)
            .filter(|decision| decision.status != Status::Granted && decision.reason == StatusReason::Compromise)
    }

    /// Whether all that `earlier` says stands here too, in front.
    pub fn continues(&self, earlier: &Self) -> bool {
        self.0.starts_with(&earlier.0)
    }

    /// The times over which the service was or is granted. `of_key` are the histories of all services with the same
    /// key: while any of them says that the key is compromised, none is granted, whichever service it was found in.
    pub fn recognitions(&self, service: Service, of_key: &[&Self]) -> Vec<Recognition> {
        let mut found: Vec<Recognition> = Vec::new();
        for (time, decision) in self.standings(of_key) {
            let last = found.last_mut().filter(|last| last.until.is_none());
            match (decision.status, last) {
                (Status::Granted, None) => found.push(Recognition {
                    service,
                    since: time,
                    until: None,
                }),
                (Status::Suspended | Status::Withdrawn, Some(last)) => last.until = Some(time),
                _ => {}
            }
        }
        found
    }

    /// The times over which the service is suspended or withdrawn, be it after it was granted or instead; `of_key` as
    /// above.
    pub fn losses(&self, service: Service, of_key: &[&Self]) -> Vec<Loss> {
        let mut found: Vec<Loss> = Vec::new();
        for (time, decision) in self.standings(of_key) {
            let last = found.last_mut().filter(|last| last.until.is_none());
            match (decision.status, last) {
                (Status::Granted, Some(last)) => last.until = Some(time),
                (Status::Suspended | Status::Withdrawn, Some(last)) => last.doubt = decision.doubt(time, last.doubt),
                (Status::Suspended | Status::Withdrawn, None) => found.push(Loss {
                    service: Some(service),
                    since: time,
                    until: None,
                    doubt: decision.doubt(time, None),
                }),
                (Status::Granted, None) => {}
            }
        }
        found
    }

    /// The times over which the key of all these services is known or suspected to be in other hands: it is relied on
    /// for nothing.
    pub fn compromises(of_key: &[&Self]) -> Vec<Loss> {
        let mut found: Vec<Loss> = Vec::new();
        for time in times(of_key) {
            let compromise = of_key.iter().find_map(|history| history.compromise(time));
            let last = found.last_mut().filter(|last| last.until.is_none());
            match (compromise, last) {
                (Some(decision), None) => found.push(Loss {
                    service: None,
                    since: time,
                    until: None,
                    doubt: decision.doubt(time, None),
                }),
                (None, Some(last)) => last.until = Some(time),
                _ => {}
            }
        }
        found
    }

    /// The decision that counts from each time on at which it may change.
    fn standings<'a>(&'a self, of_key: &[&'a Self]) -> Vec<(DateTime<Utc>, &'a Decision)> {
        let all: Vec<_> = of_key.iter().copied().chain([self]).collect();
        let counts = |time: DateTime<Utc>| {
            let compromise = of_key.iter().find_map(|history| history.compromise(time));
            compromise.or_else(|| self.at(time))
        };
        let times = times(&all).into_iter();
        times.filter_map(|time| Some((time, counts(time)?))).collect()
    }
}

/// The times at which anything that these say begins to hold, in their order.
fn times(histories: &[&History]) -> Vec<DateTime<Utc>> {
    let decisions = histories.iter().flat_map(|history| &history.0);
    let mut times: Vec<_> = decisions.map(|decision| decision.since).collect();
    times.sort_unstable();
    times.dedup();
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateTime<Utc> {
        format!("{text}T00:00:00Z").parse().unwrap()
    }

    fn decision(status: Status, since: &str, decided: &str, reason: StatusReason) -> Decision {
        Decision {
            status,
            since: time(since),
            decided: time(decided),
            reason,
            note: String::new(),
        }
    }

    /// Granted, suspended for a month, granted again.
    fn suspended_once() -> History {
        let granted = decision(Status::Granted, "2025-01-01", "2025-01-01", StatusReason::Agreement);
        let suspended = decision(
            Status::Suspended,
            "2026-03-01",
            "2026-03-01",
            StatusReason::Investigation,
        );
        let cleared = decision(Status::Granted, "2026-04-01", "2026-04-01", StatusReason::Cleared);
        History::from_decisions(vec![granted, suspended, cleared]).unwrap()
    }

    fn spans(history: &History) -> Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> {
        let found = history.recognitions(Service::TimeStamping, &[]);
        found.iter().map(|one| (one.since, one.until)).collect()
    }

    #[test]
    fn recognition_ends_with_a_suspension_and_begins_again_after_it() {
        let expected = vec![
            (time("2025-01-01"), Some(time("2026-03-01"))),
            (time("2026-04-01"), None),
        ];
        assert_eq!(spans(&suspended_once()), expected);
        let at = |text| suspended_once().at(time(text)).map(|decision| decision.status);
        assert_eq!(at("2024-12-31"), None);
        assert_eq!(at("2026-03-15"), Some(Status::Suspended));
        assert_eq!(at("2026-04-15"), Some(Status::Granted));
    }

    #[test]
    fn a_key_that_is_compromised_in_one_service_is_granted_for_none() {
        let granted = decision(Status::Granted, "2025-01-01", "2025-01-01", StatusReason::Agreement);
        let stamping = History::new(granted).unwrap();
        let lost = decision(Status::Withdrawn, "2026-02-01", "2026-05-01", StatusReason::Compromise);
        let ceased = decision(Status::Withdrawn, "2026-05-01", "2026-05-01", StatusReason::Ceased);
        let until = |seals: Decision| {
            let seals = stamping.with(seals).unwrap();
            stamping.recognitions(Service::TimeStamping, &[&seals])[0].until
        };
        assert_eq!(until(lost), Some(time("2026-02-01")));
        assert_eq!(until(ceased), None);
    }

    #[test]
    fn a_key_is_lost_for_everything_from_when_any_service_says_so_until_it_is_cleared() {
        let granted = decision(Status::Granted, "2026-03-01", "2026-03-01", StatusReason::Agreement);
        let lost = decision(Status::Withdrawn, "2026-02-01", "2026-05-01", StatusReason::Compromise);
        let ceased = decision(Status::Withdrawn, "2026-05-01", "2026-05-01", StatusReason::Ceased);
        let spans = |history: &History| {
            let found = History::compromises(&[history]);
            let doubted = |loss: &Loss| loss.doubt.is_some_and(|doubt| doubt.since == loss.since);
            assert!(found.iter().all(|loss| loss.service.is_none() && doubted(loss)));
            found.iter().map(|loss| (loss.since, loss.until)).collect::<Vec<_>>()
        };
        let history = History::new(granted).unwrap();
        assert_eq!(spans(&history.with(ceased).unwrap()), []);
        // Before it was ever recognised.
        let history = history.with(lost).unwrap();
        assert_eq!(spans(&history), [(time("2026-02-01"), None)]);
        assert_eq!(history.recognitions(Service::GovernmentSeals, &[&history]), []);
        let cleared = decision(Status::Granted, "2026-06-01", "2026-06-01", StatusReason::Cleared);
        let history = history.with(cleared).unwrap();
        assert_eq!(spans(&history), [(time("2026-02-01"), Some(time("2026-06-01")))]);
    }

    #[test]
    fn who_leaves_in_good_standing_is_believed_about_the_past_and_nobody_else_until_cleared() {
        let granted = decision(Status::Granted, "2025-01-01", "2025-01-01", StatusReason::Agreement);
        let after = |lost: &[(Status, &str, StatusReason)]| {
            let lost = lost
                .iter()
                .map(|(status, day, reason)| decision(*status, day, day, *reason));
            let history = History::from_decisions([granted.clone()].into_iter().chain(lost).collect()).unwrap();
            let found = history.losses(Service::TimeStamping, &[]);
            let present = found.last().filter(|loss| loss.until.is_none()).unwrap();
            present.doubt.map(|doubt| (doubt.since, doubt.status, doubt.reason))
        };
        let (suspended, withdrawn) = (Status::Suspended, Status::Withdrawn);
        for reason in StatusReason::ALL {
            let expected = reason.leaves_doubt().then_some((time("2026-03-01"), withdrawn, reason));
            assert_eq!(after(&[(withdrawn, "2026-03-01", reason)]), expected, "{reason:?}");
        }
        let investigated = (suspended, "2026-03-01", StatusReason::Investigation);
        let since = time("2026-03-01");
        assert_eq!(
            after(&[investigated, (withdrawn, "2026-04-01", StatusReason::RulesBroken)]),
            Some((since, withdrawn, StatusReason::RulesBroken))
        );
        assert_eq!(
            after(&[investigated, (withdrawn, "2026-04-01", StatusReason::Ceased)]),
            Some((since, withdrawn, StatusReason::Investigation)),
            "an investigation is not escaped by giving up"
        );
        let cleared = (withdrawn, "2026-04-01", StatusReason::Cleared);
        assert_eq!(after(&[investigated, cleared]), None);
        let granted_again = (Status::Granted, "2026-04-01", StatusReason::Cleared);
        let left = (withdrawn, "2026-05-01", StatusReason::Ceased);
        assert_eq!(after(&[investigated, granted_again, left]), None);
    }

    #[test]
    fn a_compromise_dates_back_over_what_was_decided_since() {
        let lost = decision(Status::Withdrawn, "2026-02-01", "2026-05-01", StatusReason::Compromise);
        let history = suspended_once().with(lost).unwrap();
        assert_eq!(spans(&history), vec![(time("2025-01-01"), Some(time("2026-02-01")))]);
    }

    #[test]
    fn recognition_is_not_taken_away_for_the_past_without_a_compromise() {
        let late = decision(Status::Withdrawn, "2026-02-01", "2026-05-01", StatusReason::Ceased);
        assert!(matches!(suspended_once().with(late), Err(ListError::Backdated { .. })));
    }

    #[test]
    fn a_suspension_that_turned_out_well_may_be_lifted_from_its_beginning() {
        let cleared = decision(Status::Granted, "2026-03-01", "2026-05-01", StatusReason::Cleared);
        let history = suspended_once().with(cleared).unwrap();
        assert_eq!(spans(&history), vec![(time("2025-01-01"), None)]);
    }

    #[test]
    fn decisions_stand_in_the_order_in_which_they_were_made() {
        let early = decision(Status::Granted, "2026-01-01", "2026-01-01", StatusReason::Agreement);
        assert!(matches!(
            suspended_once().with(early),
            Err(ListError::DecisionOrder { .. })
        ));
        assert!(matches!(
            History::from_decisions(Vec::new()),
            Err(ListError::Count { .. })
        ));
        let many = vec![suspended_once().decisions()[0].clone(); MAX_DECISIONS + 1];
        assert!(matches!(
            History::from_decisions(many),
            Err(ListError::Count { found, .. }) if found == MAX_DECISIONS + 1
        ));
    }

    #[test]
    fn a_history_continues_another_where_it_adds_to_it() {
        let long = suspended_once();
        let short = History::new(long.decisions()[0].clone()).unwrap();
        assert!(long.continues(&short) && long.continues(&long) && !short.continues(&long));
    }
}
