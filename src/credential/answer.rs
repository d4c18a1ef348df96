//! The answer to a printed code without asking the register: one verdict, and how old the knowledge behind it is.
//!
//! Needed are the code, the key set and the status list of the code's place; nothing else. Each way to fail is a
//! verdict of its own, because a checker does something else after each. Old knowledge is never shown as fresh: a list
//! that is too old still proves a revocation, which is final, and nothing else.

use chrono::{DateTime, TimeDelta, Utc};

use super::payload::PayloadError;
use super::printed::{CodeError, Genuine, PrintedCode};
use super::status::{Status, StatusIndex, StatusListToken};
use super::{IssuerKey, KeySet};
use crate::problem::{Explain, Problem};

/// What a checker without network can be told of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Genuine, and in force when the status list was made.
    Current,
    /// Genuine; its last day is over.
    Expired,
    /// Genuine as issued; revoked, withdrawn, cancelled or superseded since.
    Revoked,
    /// Genuine as issued; out of force until it is resumed.
    Suspended,
    /// Genuine as issued; whether it is still in force cannot be said here.
    CannotSay(Doubt),
    /// Changed or forged.
    BadSignature(CodeError),
    /// Signed with a key that the key set does not have.
    UnknownIssuer(CodeError),
    /// Made in a way that this program does not know yet.
    UnsupportedVersion(CodeError),
    /// No code, or not a whole one.
    Unreadable(CodeError),
}

/// Why it cannot be said whether a genuine code is still in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The key may have been in other hands, so that only a code in the ledger is believed.
    KeyCompromised,
    /// The key set is too old.
    KeysTooOld,
    /// There is no status list for the code's place.
    StatusMissing,
    /// The status list is too old.
    StatusTooOld,
    /// The list has a status without a meaning here.
    StatusUnknown,
}

/// A verdict with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'k> {
    /// The verdict.
    pub verdict: Verdict,
    /// The host that the code leads to, where it names one: to be compared with the official one.
    pub host: Option<String>,
    /// What the code says and who signed it, when it is genuine. Of any other code nothing is to be shown.
    pub genuine: Option<Genuine<'k>>,
    /// When the states were as the status list says, where one was at hand.
    pub status_as_of: Option<DateTime<Utc>>,
}

/// A code whose signature was checked, and whose state is still to be asked: only a genuine one says where.
#[derive(Debug)]
pub struct CheckedCode<'k> {
    keys: &'k KeySet,
    host: Option<String>,
    genuine: Result<Genuine<'k>, CodeError>,
}

impl<'k> CheckedCode<'k> {
    /// Reads a code and checks its signature.
    pub fn of(text: &str, keys: &'k KeySet) -> Self {
        let code = PrintedCode::parse(text);
        Self {
            keys,
            host: code.as_ref().ok().and_then(|code| code.host()).map(str::to_owned),
            genuine: code.and_then(|code| code.verify(keys)),
        }
    }

    /// The place whose status list the answer rests on; nothing for a code that is not genuine.
    pub fn place(&self) -> Option<StatusIndex> {
        self.genuine.as_ref().ok().map(|genuine| genuine.payload.status)
    }

    /// The answer at `now`, with the verified status list of the place where it is at hand.
    pub fn answer(self, list: Option<&StatusListToken>, now: DateTime<Utc>) -> Answer<'k> {
        let Self { keys, host, genuine } = self;
        match genuine {
            Ok(genuine) => {
                // A list of another address says nothing of this place.
                let address = keys.status_list_address(genuine.payload.status.list);
                let list = list.filter(|list| list.subject == address);
                Answer {
                    verdict: judge(&genuine, keys, list, now),
                    host,
                    genuine: Some(genuine),
                    status_as_of: list.map(|list| list.issued),
                }
            }
            Err(error) => Answer {
                verdict: error.into(),
                host,
                genuine: None,
                status_as_of: None,
            },
        }
    }
}

impl<'k> Answer<'k> {
    /// Judges a code at `now`. `list` gives the verified status list of a place, as far as it is at hand.
    pub fn of<'l>(
        text: &str,
        keys: &'k KeySet,
        list: impl FnOnce(StatusIndex) -> Option<&'l StatusListToken>,
        now: DateTime<Utc>,
    ) -> Self {
        let code = CheckedCode::of(text, keys);
        let list = code.place().and_then(list);
        code.answer(list, now)
    }

    /// How old the knowledge of the status is, to be said with every verdict that rests on it.
    pub fn status_age(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.status_as_of.map(|as_of| (now - as_of).max(TimeDelta::zero()))
    }
}

impl Verdict {
    /// Its stable name, under which texts and interfaces have it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::CannotSay(doubt) => doubt.name(),
            Self::BadSignature(_) => "bad-signature",
            Self::UnknownIssuer(_) => "unknown-issuer",
            Self::UnsupportedVersion(_) => "unsupported-version",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Why a code is not genuine; empty for one that is.
    pub fn problems(&self) -> Vec<Problem> {
        match self {
            Self::BadSignature(error)
            | Self::UnknownIssuer(error)
            | Self::UnsupportedVersion(error)
            | Self::Unreadable(error) => error.problems(),
            Self::Current | Self::Expired | Self::Revoked | Self::Suspended | Self::CannotSay(_) => Vec::new(),
        }
    }
}

impl Doubt {
    /// Its stable name, under which texts and interfaces have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::KeyCompromised => "key-compromised",
            Self::KeysTooOld => "keys-too-old",
            Self::StatusMissing => "status-missing",
            Self::StatusTooOld => "status-too-old",
            Self::StatusUnknown => "status-unknown",
        }
    }
}

impl From<CodeError> for Verdict {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Signature | CodeError::KeyPeriod => Self::BadSignature(error),
            CodeError::UnknownKey { .. } => Self::UnknownIssuer(error),
            CodeError::Algorithm { .. } | CodeError::Payload(PayloadError::Version { .. }) => {
                Self::UnsupportedVersion(error)
            }
            _ => Self::Unreadable(error),
        }
    }
}

/// What is certain comes first: a doubt about the key, then what is final, then what needs fresh knowledge.
fn judge(genuine: &Genuine<'_>, keys: &KeySet, list: Option<&StatusListToken>, now: DateTime<Utc>) -> Verdict {
    let IssuerKey { compromised, .. } = genuine.key;
    let status = list.and_then(|list| list.status(genuine.payload.status.index).ok());
    let doubt = match (list, status) {
        _ if keys.is_expired(now) => Some(Doubt::KeysTooOld),
        (Some(list), Some(_)) if list.is_expired(now) => Some(Doubt::StatusTooOld),
        (_, Some(Status::Other(_))) => Some(Doubt::StatusUnknown),
        (_, Some(_)) => None,
        (_, None) => Some(Doubt::StatusMissing),
    };
    match (status, doubt) {
        _ if compromised.is_some() => Verdict::CannotSay(Doubt::KeyCompromised),
        (Some(Status::Revoked), _) => Verdict::Revoked,
        _ if genuine.payload.is_expired(now) => Verdict::Expired,
        (_, Some(doubt)) => Verdict::CannotSay(doubt),
        (Some(Status::Suspended), None) => Verdict::Suspended,
        (_, None) => Verdict::Current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::cose::KeyId;
    use crate::credential::payload::Payload;
    use crate::credential::payload::tests::sample;
    use crate::credential::printed::print;
    use crate::crypto::key::{Signer, SoftwareKey, Suite};

    const LISTS: &str = "https://city.example/status/";

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn key_set(key: &SoftwareKey, compromised: Option<DateTime<Utc>>) -> KeySet {
        let key = IssuerKey {
            authority: "示例市数据局".into(),
            authority_code: "11150100MB1234562R".into(),
            public_key: key.public_key().clone(),
            not_before: time("2026-01-01T00:00:00Z"),
            not_after: time("2028-12-31T00:00:00Z"),
            compromised,
        };
        let dates = (time("2026-07-01T00:00:00Z"), time("2026-07-15T00:00:00Z"));
        KeySet::new(1, dates, LISTS.into(), [key]).unwrap()
    }

    fn list(status: Status) -> StatusListToken {
        let Payload { status: place, .. } = sample();
        let address = format!("{LISTS}{}", place.list);
        StatusListToken::publish(address, [(place.index, status)], time("2026-07-01T00:00:00Z")).unwrap()
    }

    /// The verdict of the sample's code, signed and judged with one key of the international suite.
    fn verdict(payload: &Payload, list: Option<&StatusListToken>, now: &str) -> &'static str {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let text = print(payload, &key, &"city.example".parse().unwrap()).unwrap();
        Answer::of(&text, &key_set(&key, None), |_| list, time(now))
            .verdict
            .name()
    }

    #[test]
    fn a_genuine_code_is_judged_by_its_list_and_its_last_day() {
        let ended = Payload {
            valid_until: "2026-06-30".parse().ok(),
            ..sample()
        };
        let now = "2026-07-01T03:00:00Z";
        assert_eq!(verdict(&sample(), Some(&list(Status::Valid)), now), "current");
        assert_eq!(verdict(&sample(), Some(&list(Status::Suspended)), now), "suspended");
        assert_eq!(verdict(&sample(), Some(&list(Status::Revoked)), now), "revoked");
        assert_eq!(verdict(&sample(), Some(&list(Status::Other(3))), now), "status-unknown");
        assert_eq!(verdict(&ended, Some(&list(Status::Valid)), now), "expired");
        assert_eq!(verdict(&ended, Some(&list(Status::Revoked)), now), "revoked");
    }

    #[test]
    fn an_old_list_proves_a_revocation_and_nothing_else() {
        let now = "2026-07-03T00:00:00Z";
        assert_eq!(verdict(&sample(), Some(&list(Status::Valid)), now), "status-too-old");
        assert_eq!(
            verdict(&sample(), Some(&list(Status::Suspended)), now),
            "status-too-old"
        );
        assert_eq!(verdict(&sample(), Some(&list(Status::Revoked)), now), "revoked");
        assert_eq!(verdict(&sample(), None, now), "status-missing");
        assert_eq!(verdict(&sample(), None, "2026-08-01T00:00:00Z"), "keys-too-old");
    }

    #[test]
    fn a_list_of_another_address_says_nothing() {
        let mut other = list(Status::Valid);
        other.subject.push('0');
        assert_eq!(
            verdict(&sample(), Some(&other), "2026-07-01T03:00:00Z"),
            "status-missing"
        );
    }

    #[test]
    fn the_age_of_the_status_is_told() {
        let key = SoftwareKey::generate(Suite::National).unwrap();
        let text = print(&sample(), &key, &"city.example".parse().unwrap()).unwrap();
        let (keys, list, now) = (key_set(&key, None), list(Status::Valid), time("2026-07-01T03:00:00Z"));
        let answer = Answer::of(&text, &keys, |_| Some(&list), now);
        assert_eq!(answer.status_age(now), Some(TimeDelta::hours(3)));
        assert_eq!(answer.genuine.map(|genuine| genuine.payload), Some(sample()));
        assert_eq!(answer.host.as_deref(), Some("city.example"));
    }

    #[test]
    fn a_code_of_a_key_that_was_in_other_hands_needs_the_ledger() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let text = print(&sample(), &key, &"city.example".parse().unwrap()).unwrap();
        let (keys, list) = (key_set(&key, Some(time("2026-05-01T00:00:00Z"))), list(Status::Valid));
        let answer = Answer::of(&text, &keys, |_| Some(&list), time("2026-07-01T03:00:00Z"));
        assert_eq!(answer.verdict, Verdict::CannotSay(Doubt::KeyCompromised));
    }

    #[test]
    fn what_is_not_genuine_shows_nothing_of_its_content() {
        let (key, stranger) = (
            SoftwareKey::generate(Suite::International).unwrap(),
            SoftwareKey::generate(Suite::International).unwrap(),
        );
        let keys = key_set(&key, None);
        let host = "city.example".parse().unwrap();
        let foreign = print(&sample(), &stranger, &host).unwrap();
        let early = print(
            &Payload {
                issued: time("2025-12-31T23:59:59Z"),
                ..sample()
            },
            &key,
            &host,
        )
        .unwrap();
        let unknown = Verdict::UnknownIssuer(CodeError::UnknownKey {
            key: KeyId::of(stranger.public_key()).to_string(),
        });
        for (text, verdict) in [
            (foreign.as_str(), unknown),
            (&early, Verdict::BadSignature(CodeError::KeyPeriod)),
            (
                &foreign[..100],
                Verdict::Unreadable(crate::credential::link::LinkError::CutShort.into()),
            ),
        ] {
            let answer = Answer::of(text, &keys, |_| None, time("2026-07-01T03:00:00Z"));
            assert_eq!((answer.verdict, answer.genuine), (verdict, None));
        }
    }
}
