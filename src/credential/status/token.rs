//! The status list token in CWT form (draft-ietf-oauth-status-list section 5.2): one list, its address, its dates,
//! signed.
//!
//! What we publish is fetched again after an hour and believed for two days, so that a checker without network can
//! still answer, and says how old the answer is. The key is one of the issuer key set.

use chrono::{DateTime, TimeDelta, Utc};

use super::list::{EntryBits, StatusList, StatusListError};
use super::{STATUS_LIST_ENTRIES, Status};
use crate::credential::cbor::{self, CborError, Fields};
use crate::credential::cose::{self, CoseError, Labels, Sign1};
use crate::crypto::PublicKey;
use crate::crypto::key::Signer;

/// The media type of the token, without which it is none (section 5.2).
pub const STATUS_LIST_MEDIA_TYPE: &str = "application/statuslist+cwt";

/// After how long a reader fetches the list again.
pub const STATUS_LIST_TTL: TimeDelta = TimeDelta::hours(1);

/// How long a list is believed: between 24 and 72 hours, so that a weekend without network is bridged in part only.
pub const STATUS_LIST_LIFETIME: TimeDelta = TimeDelta::hours(48);

/// Bytes that a token may have: a list of random values does not compress, so its budget and its headers.
const MAX_TOKEN_BYTES: usize = (1 << 20) + (1 << 16);

/// CWT claims (RFC 8392 section 4; draft-ietf-oauth-status-list section 14.2).
const CLAIM_SUBJECT: u64 = 2;
const CLAIM_EXPIRES: u64 = 4;
const CLAIM_ISSUED: u64 = 6;
const CLAIM_STATUS_LIST: u64 = 65_533;
const CLAIM_TTL: u64 = 65_534;

/// Why a token was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusTokenError {
    /// Longer than any token of one list.
    #[error("status list token of {bytes} bytes exceeds the limit of {MAX_TOKEN_BYTES} bytes")]
    TooLong {
        /// Bytes found.
        bytes: usize,
    },
    /// No signed message, or the signature does not match.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// The key that it names is not in the key set, or may have been in other hands.
    #[error("key of the status list is not a sound key of the key set")]
    Key,
    /// A signed message of another kind.
    #[error("message is not of the type {STATUS_LIST_MEDIA_TYPE}")]
    Kind,
    /// The claims are not those of a token.
    #[error(transparent)]
    Claims(#[from] CborError),
    /// The list in it is not one.
    #[error(transparent)]
    List(#[from] StatusListError),
    /// A time that no calendar has.
    #[error("{claim} is not a time in seconds")]
    Time {
        /// The claim's name.
        claim: &'static str,
    },
}

/// What a status list token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusListToken {
    /// Address of the list: where it was fetched, or it is another list.
    pub subject: String,
    /// When the states were as the list says.
    pub issued: DateTime<Utc>,
    /// From when on it is not believed any more.
    pub expires: Option<DateTime<Utc>>,
    /// After how long it is worth fetching again.
    pub ttl: Option<TimeDelta>,
    /// The states.
    pub list: StatusList,
}

impl StatusListToken {
    /// What we publish at `now` under the address `subject`; [`STATUS_LIST_ENTRIES`] places, those of `changed` not
    /// valid.
    ///
    /// # Errors
    /// A place outside the list, or a status of more than two bits.
    pub fn publish(
        subject: String,
        changed: impl IntoIterator<Item = (u32, Status)>,
        now: DateTime<Utc>,
    ) -> Result<Self, StatusListError> {
        let mut list = StatusList::new(EntryBits::Two, STATUS_LIST_ENTRIES);
        for (index, status) in changed {
            list.set(index, status.value())?;
        }
        let issued = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
        let expires = Some(issued + STATUS_LIST_LIFETIME);
        Ok(Self {
            subject,
            issued,
            expires,
            ttl: Some(STATUS_LIST_TTL),
            list,
        })
    }

    /// Signs it.
    ///
    /// # Errors
    /// Those of [`cose::sign`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
        let mut claims = vec![
            (CLAIM_SUBJECT, self.subject.as_str().into()),
            (CLAIM_ISSUED, self.issued.timestamp().into()),
            (CLAIM_STATUS_LIST, self.list.to_cbor()),
        ];
        claims.extend(self.expires.map(|expires| (CLAIM_EXPIRES, expires.timestamp().into())));
        claims.extend(self.ttl.map(|ttl| (CLAIM_TTL, ttl.num_seconds().into())));
        let labels = Labels {
            kind: Some(STATUS_LIST_MEDIA_TYPE),
            certificates: &[],
        };
        cose::sign(cbor::encode(&cbor::map(claims)), labels, signer)
    }

    /// The status at a place.
    ///
    /// # Errors
    /// [`StatusListError::Outside`].
    pub fn status(&self, index: u32) -> Result<Status, StatusListError> {
        self.list.value(index).map(Status::from_value)
    }

    /// Whether its time is over at `now`, so that a status other than revoked cannot be taken from it.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    fn from_claims(payload: &[u8]) -> Result<Self, StatusTokenError> {
        let mut fields = Fields::of("status list token", cbor::decode(payload)?)?;
        let time = |value, claim| {
            let seconds = cbor::unsigned(value, claim)?;
            DateTime::from_timestamp(seconds, 0).ok_or(StatusTokenError::Time { claim })
        };
        let ttl = fields
            .optional(CLAIM_TTL)
            .map(|value| cbor::unsigned(value, "ttl"))
            .transpose()?;
        // Claims beside these are allowed (RFC 8392 section 3): what they say is not about the states.
        Ok(Self {
            subject: cbor::text(fields.required(CLAIM_SUBJECT, "sub")?, "sub")?,
            issued: time(fields.required(CLAIM_ISSUED, "iat")?, "iat")?,
            expires: fields
                .optional(CLAIM_EXPIRES)
                .map(|value| time(value, "exp"))
                .transpose()?,
            ttl: ttl.map(|seconds: u32| TimeDelta::seconds(seconds.into())),
            list: StatusList::from_cbor_value(fields.required(CLAIM_STATUS_LIST, "status_list")?)?,
        })
    }
}

/// A token whose signature has not been verified.
#[derive(Debug, Clone)]
pub struct SignedStatusList(Sign1);

impl SignedStatusList {
    /// Reads a token.
    ///
    /// # Errors
    /// Too long, no signed message, or one of another kind.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatusTokenError> {
        if bytes.len() > MAX_TOKEN_BYTES {
            return Err(StatusTokenError::TooLong { bytes: bytes.len() });
        }
        let message = Sign1::parse(bytes)?;
        if message.kind() == Some(STATUS_LIST_MEDIA_TYPE) {
            Ok(Self(message))
        } else {
            Err(StatusTokenError::Kind)
        }
    }

    /// The key that it names.
    pub fn key_id(&self) -> &[u8] {
        self.0.key_id()
    }

    /// Verifies the signature and gives what the token says. Its dates are left to the caller.
    ///
    /// # Errors
    /// The signature does not match, or the claims are not those of a token.
    pub fn verify(&self, key: &PublicKey) -> Result<StatusListToken, StatusTokenError> {
        StatusListToken::from_claims(self.0.verify(key)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{SoftwareKey, Suite};

    fn published(now: DateTime<Utc>) -> StatusListToken {
        let changed = [(3, Status::Revoked), (STATUS_LIST_ENTRIES - 1, Status::Suspended)];
        StatusListToken::publish("https://city.example/status/0".into(), changed, now).unwrap()
    }

    #[test]
    fn a_published_list_comes_back_in_either_suite() {
        let now = "2026-03-05T08:00:00Z".parse().unwrap();
        for suite in Suite::ALL {
            let key = SoftwareKey::generate(suite).unwrap();
            let token = published(now);
            let bytes = token.sign(&key).unwrap();
            assert!(bytes.len() < 1_000, "{} bytes for two states of a million", bytes.len());
            let read = SignedStatusList::parse(&bytes)
                .unwrap()
                .verify(key.public_key())
                .unwrap();
            assert_eq!(read, token);
            assert_eq!(read.status(3), Ok(Status::Revoked));
            assert_eq!(read.status(4), Ok(Status::Valid));
            assert_eq!(read.status(STATUS_LIST_ENTRIES - 1), Ok(Status::Suspended));
            assert!(read.status(STATUS_LIST_ENTRIES).is_err());
        }
    }

    #[test]
    fn a_list_is_believed_until_it_expires() {
        let now: DateTime<Utc> = "2026-03-05T08:00:00Z".parse().unwrap();
        let token = published(now);
        assert!(!token.is_expired(now + STATUS_LIST_LIFETIME - TimeDelta::seconds(1)));
        assert!(token.is_expired(now + STATUS_LIST_LIFETIME));
        assert!((TimeDelta::hours(24)..=TimeDelta::hours(72)).contains(&STATUS_LIST_LIFETIME));
    }

    #[test]
    fn a_message_of_another_kind_or_another_key_is_refused() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let other = cose::sign(vec![0xa0], Labels::default(), &key).unwrap();
        assert_eq!(SignedStatusList::parse(&other).err(), Some(StatusTokenError::Kind));
        let token = published("2026-03-05T08:00:00Z".parse().unwrap()).sign(&key).unwrap();
        let stranger = SoftwareKey::generate(Suite::International).unwrap();
        let verified = SignedStatusList::parse(&token).unwrap().verify(stranger.public_key());
        assert_eq!(verified, Err(StatusTokenError::Cose(CoseError::Mismatch)));
    }

    #[test]
    fn a_token_above_its_budget_is_refused_unread() {
        let bytes = vec![0; MAX_TOKEN_BYTES + 1];
        assert_eq!(
            SignedStatusList::parse(&bytes).err(),
            Some(StatusTokenError::TooLong {
                bytes: MAX_TOKEN_BYTES + 1
            })
        );
    }
}
