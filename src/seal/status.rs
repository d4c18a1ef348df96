//! The status list of seals: which are frozen or revoked, since when; JSON signed by the seal maker in CMS.
//!
//! GB/T 38540 leaves the form to the business. A seal that is not in the list is in use; one that is, counts from its
//! date, so that what was sealed before stays good. What it was before that date stands beside it: a seal that was
//! frozen and then revoked was not in use in between, one that was frozen and released was not for a while. The list is
//! small (a city has thousands of seals, few of them withdrawn) and has a number and an end, like a revocation list
//! (RFC 5280 section 5).

use std::collections::BTreeMap;

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use super::SealState;
use crate::asn1::oid;
use crate::cms::build::{BuildError, Content, SigningIdentity};
use crate::cms::verify::{Profile, SignerFault};
use crate::cms::{CmsError, Form, SignedData};
use crate::x509::Certificate;

/// The state of one seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealStatus {
    /// Where it stands.
    pub state: SealState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The states that it was in before, the oldest first. Before the first it was in use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<SealChange>,
}

/// A change of state that another one followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealChange {
    /// The state that it came into.
    pub state: SealState,
    /// When.
    pub since: DateTime<Utc>,
}

impl SealStatus {
    /// The status after these changes, in the order of their dates; `None` where there is none.
    pub fn of(mut changes: Vec<SealChange>) -> Option<Self> {
        changes.sort_by_key(|change| change.since);
        let SealChange { state, since } = changes.pop()?;
        Some(Self {
            state,
            since,
            earlier: changes,
        })
    }

    /// The state at a time.
    fn at(&self, time: DateTime<Utc>) -> SealState {
        if self.since <= time {
            return self.state;
        }
        let earlier = self.earlier.iter().filter(|change| change.since <= time);
        earlier
            .max_by_key(|change| change.since)
            .map_or(SealState::Active, |change| change.state)
    }
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealStatusList {
    /// Rises with every list.
    pub number: u64,
    /// When it was made.
    pub issued: DateTime<Utc>,
    /// When the next one is due. What this one says was withdrawn stays so; of what came after it says nothing.
    pub next_update: DateTime<Utc>,
    /// The seals that are or were withdrawn, by identifier (`esID`).
    pub seals: BTreeMap<String, SealStatus>,
}

/// Why a list is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusListError {
    /// Not a signed message.
    #[error("the seal status list: {0}")]
    Message(#[from] CmsError),
    /// Its signature does not hold.
    #[error("the seal status list: {0}")]
    Signer(#[from] SignerFault),
    /// Signed by somebody else.
    #[error("the seal status list is not signed by the seal maker {0}")]
    OtherMaker(String),
    /// The content is not a list.
    #[error("the seal status list at line {line} column {column} is not what it should be")]
    Content {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
}

impl SealStatusList {
    /// Signs the list.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn sign(&self, maker: &SigningIdentity) -> Result<Vec<u8>, BuildError> {
        let content = self.to_json();
        let message = maker.sign(Form::Pkcs7, Content::Attached(oid::ID_DATA, &content), &[])?;
        Ok(message.finish(&[]))
    }

    /// Reads a list and checks that `maker` signed it. Whether the maker is trusted is `trust`'s.
    ///
    /// # Errors
    /// When it is not a signed list, or signed by somebody else.
    pub fn open(message: &[u8], maker: &Certificate) -> Result<Self, StatusListError> {
        let message = SignedData::parse(message)?;
        let signer = message.only_signer()?;
        if message.signer_certificate(signer, Profile::Cades)? != maker.der() {
            let name = maker.subject().common_name().unwrap_or_default();
            return Err(StatusListError::OtherMaker(name.to_owned()));
        }
        let content = message.content.as_deref().unwrap_or_default();
        message.verify(maker, signer.digest()?.digest(content), Profile::Cades)?;
        parsed(content)
    }

    /// Reads a list of whoever asks, who signed it and kept it: that is not checked again.
    ///
    /// # Errors
    /// When it is not a signed list.
    pub fn read_own(message: &[u8]) -> Result<Self, StatusListError> {
        let message = SignedData::parse(message)?;
        parsed(message.content.as_deref().unwrap_or_default())
    }

    /// The state of a seal at a time.
    pub fn state_at(&self, seal: &str, at: DateTime<Utc>) -> SealState {
        self.seals.get(seal).map_or(SealState::Active, |status| status.at(at))
    }

    /// The list as JSON, times to the second.
    /// What is signed: JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut list = self.clone();
        list.issued = list.issued.trunc_subsecs(0);
        list.next_update = list.next_update.trunc_subsecs(0);
        // A struct of numbers, texts and a map with text keys always serialises.
        serde_json::to_vec(&list).unwrap_or_default()
    }
}

fn parsed(content: &[u8]) -> Result<SealStatusList, StatusListError> {
    serde_json::from_slice(content).map_err(|error| StatusListError::Content {
        line: error.line(),
        column: error.column(),
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::cms::testing::{identity, now};
    use crate::crypto::key::Suite;

    fn list() -> SealStatusList {
        let status = SealStatus {
            state: SealState::Revoked,
            since: now(),
            earlier: Vec::new(),
        };
        SealStatusList {
            number: 7,
            issued: now(),
            next_update: now() + TimeDelta::days(1),
            seals: [("45010000000001".to_owned(), status)].into(),
        }
    }

    #[test]
    fn a_signed_list_opens_with_its_makers_certificate_alone() {
        for suite in Suite::ALL {
            let maker = identity(suite, "maker", None);
            let message = list().sign(&maker).unwrap();
            assert_eq!(SealStatusList::open(&message, maker.certificate()), Ok(list()));
            let other = identity(suite, "maker", None);
            let refused = SealStatusList::open(&message, other.certificate());
            assert_eq!(refused, Err(StatusListError::OtherMaker("maker".to_owned())));
        }
    }

    #[test]
    fn a_seal_counts_as_revoked_from_its_date_on() {
        let before = now() - TimeDelta::seconds(1);
        assert_eq!(list().state_at("45010000000001", before), SealState::Active);
        assert_eq!(list().state_at("45010000000001", now()), SealState::Revoked);
        assert_eq!(list().state_at("another", now()), SealState::Active);
    }

    #[test]
    fn a_seal_that_was_frozen_before_it_was_revoked_was_not_in_use_in_between() {
        let day = |count| now() + TimeDelta::days(count);
        let change = |state, count| SealChange {
            state,
            since: day(count),
        };
        let changes = vec![
            change(SealState::Revoked, 9),
            change(SealState::Frozen, 1),
            change(SealState::Active, 3),
            change(SealState::Frozen, 5),
        ];
        let mut list = list();
        list.seals.insert("1".to_owned(), SealStatus::of(changes).unwrap());
        let maker = identity(Suite::National, "maker", None);
        let list = SealStatusList::open(&list.sign(&maker).unwrap(), maker.certificate()).unwrap();
        let states = [0, 1, 2, 3, 4, 5, 8, 9].map(|count| list.state_at("1", day(count)).name());
        let expected = [
            "active", "frozen", "frozen", "active", "active", "frozen", "frozen", "revoked",
        ];
        assert_eq!(states, expected);
        assert_eq!(SealStatus::of(Vec::new()), None);
    }

    #[test]
    fn a_changed_list_is_refused() {
        let maker = identity(Suite::National, "maker", None);
        let mut message = list().sign(&maker).unwrap();
        let at = message.windows(7).position(|window| window == b"revoked").unwrap();
        message[at] = b'R';
        let refused = SealStatusList::open(&message, maker.certificate());
        assert_eq!(refused, Err(StatusListError::Signer(SignerFault::MessageDigest)));
    }

    #[test]
    fn signed_content_that_is_no_list_is_refused() {
        let maker = identity(Suite::National, "maker", None);
        let content = Content::Attached(oid::ID_DATA, b"{\"number\":1,\"more\":2}");
        let message = maker.sign(Form::Pkcs7, content, &[]).unwrap().finish(&[]);
        let refused = SealStatusList::open(&message, maker.certificate());
        assert!(matches!(refused, Err(StatusListError::Content { line: 1, .. })));
    }
}
