//! The issuer key set: which keys printed codes and status lists are signed with, published so that a checker without
//! network turns the name of a key into the key.
//!
//! A COSE_Sign1 over CBOR in the deterministic encoding, with the certificates of its own signer beside it; whoever
//! reads it checks that chain (`trust`) before believing the keys. A JSON view shows the same to people. A compromise
//! date says from when on a key may have been in other hands: signing times prove nothing then, only the ledger does.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ciborium::Value;
use serde_json::json;

use super::cbor::{self, CborError, Fields};
use super::cose::{self, CoseError, KeyId, Labels, Sign1};
use super::status::{SignedStatusList, StatusListToken, StatusTokenError};
use crate::clock::rfc3339;
use crate::crypto::key::Signer;
use crate::crypto::{KeyError, PublicKey};
use crate::hex;

/// What the signed message says it is.
pub const KEY_SET_MEDIA_TYPE: &str = "application/vnd.yinxin.key-set+cbor";

/// Layout of the set; another layout is another number.
const VERSION: u64 = 1;

/// Keys that a set may have: a city has a few; a region that gathers its cities' has hundreds.
const MAX_KEYS: usize = 1_000;

/// Bytes that a signed set may have: 1,000 keys of 512 bytes, and a chain of certificates.
const MAX_KEY_SET_BYTES: usize = 1_000 * 512 + 16_384;

/// A key that printed codes and status lists are signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerKey {
    /// Who signs with it, as people know the body.
    pub authority: String,
    /// Its unified social credit code (GB 32100).
    pub authority_code: String,
    /// The key.
    pub public_key: PublicKey,
    /// From when on codes are signed with it.
    pub not_before: DateTime<Utc>,
    /// Until when.
    pub not_after: DateTime<Utc>,
    /// From when on it may have been in other hands.
    pub compromised: Option<DateTime<Utc>>,
}

impl IssuerKey {
    /// The name by which codes and lists call it.
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.public_key)
    }

    /// Whether codes were signed with it at `time`.
    pub fn covers(&self, time: DateTime<Utc>) -> bool {
        (self.not_before..=self.not_after).contains(&time)
    }
}

/// The keys, of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// Rises with each set; an older one does not replace a newer one.
    pub sequence: u64,
    /// When it was made, in whole seconds.
    pub issued: DateTime<Utc>,
    /// Until when it is believed.
    pub expires: DateTime<Utc>,
    /// Address of the status lists; the number of the list is added to it.
    pub status_lists: String,
    keys: BTreeMap<KeyId, IssuerKey>,
}

/// Why a key set was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Longer than any set.
    #[error("key set of {bytes} bytes exceeds the limit of {MAX_KEY_SET_BYTES} bytes")]
    TooLong {
        /// Bytes found.
        bytes: usize,
    },
    /// More keys than any set has.
    #[error("key set of {keys} keys exceeds the limit of {MAX_KEYS} keys")]
    TooManyKeys {
        /// Keys found.
        keys: usize,
    },
    /// No signed message, or the signature does not match.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// A signed message of another kind.
    #[error("message is not of the type {KEY_SET_MEDIA_TYPE}")]
    Kind,
    /// Not the CBOR of a key set.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A layout that came after this program.
    #[error("key set layout {version} is not supported")]
    Version {
        /// The version named.
        version: u64,
    },
    /// A key that cannot be read.
    #[error("key {id} of the key set: {reason}")]
    Key {
        /// Its name in the set.
        id: KeyId,
        /// What is wrong with it.
        reason: KeyError,
    },
    /// A key under a name that is not its own, or two keys of one name.
    #[error("key {id} of the key set does not have that name alone")]
    KeyId {
        /// The name.
        id: KeyId,
    },
    /// A time that no calendar has.
    #[error("{field} of the key set is outside the calendar")]
    Time {
        /// The field.
        field: &'static str,
    },
}

impl KeySet {
    /// A set of keys.
    ///
    /// # Errors
    /// [`KeySetError::TooManyKeys`], or [`KeySetError::KeyId`] where two keys have one name.
    pub fn new(
        sequence: u64,
        (issued, expires): (DateTime<Utc>, DateTime<Utc>),
        status_lists: String,
        keys: impl IntoIterator<Item = IssuerKey>,
    ) -> Result<Self, KeySetError> {
        let mut by_id = BTreeMap::new();
        for key in keys {
            let id = key.id();
            if by_id.insert(id, key).is_some() {
                return Err(KeySetError::KeyId { id });
            }
        }
        match by_id.len() {
            0..=MAX_KEYS => Ok(Self {
                sequence,
                issued,
                expires,
                status_lists,
                keys: by_id,
            }),
            keys => Err(KeySetError::TooManyKeys { keys }),
        }
    }

    /// The key of that name.
    pub fn key(&self, id: &[u8]) -> Option<&IssuerKey> {
        self.keys.get(&KeyId(id.try_into().ok()?))
    }

    /// All keys, in the order of their names.
    pub fn keys(&self) -> impl Iterator<Item = &IssuerKey> {
        self.keys.values()
    }

    /// Address of one status list.
    pub fn status_list_address(&self, list: u32) -> String {
        format!("{}{list}", self.status_lists)
    }

    /// Reads a status list and verifies it with the key that it names.
    ///
    /// # Errors
    /// No such list, a key that the set does not have or that was in other hands, a signature that does not match.
    pub fn verify_status_list(&self, bytes: &[u8]) -> Result<StatusListToken, StatusTokenError> {
        let signed = SignedStatusList::parse(bytes)?;
        match self.key(signed.key_id()) {
            Some(key) if key.compromised.is_none() => signed.verify(&key.public_key),
            _ => Err(StatusTokenError::Key),
        }
    }

    /// Whether it is not believed any more at `now`.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires <= now
    }

    /// Signs it; `certificates` are the signer's own and its chain, in DER.
    ///
    /// # Errors
    /// Those of [`cose::sign`].
    pub fn sign(&self, signer: &dyn Signer, certificates: &[Vec<u8>]) -> Result<Vec<u8>, CoseError> {
        cose::sign(
            self.encode(),
            Labels {
                kind: Some(KEY_SET_MEDIA_TYPE),
                certificates,
            },
            signer,
        )
    }

    /// The same for people: times in RFC 3339, keys in hexadecimal.
    pub fn to_json(&self) -> serde_json::Value {
        let keys: Vec<_> = self.keys.iter().map(|(id, key)| key_to_json(*id, key)).collect();
        json!({
            "version": VERSION,
            "sequence": self.sequence,
            "issued": rfc3339(self.issued),
            "expires": rfc3339(self.expires),
            "status_lists": self.status_lists,
            "keys": keys,
        })
    }

    fn encode(&self) -> Vec<u8> {
        cbor::encode(&cbor::map([
            ("version", VERSION.into()),
            ("sequence", self.sequence.into()),
            ("issued", self.issued.timestamp().into()),
            ("expires", self.expires.timestamp().into()),
            ("status_lists", self.status_lists.as_str().into()),
            (
                "keys",
                Value::Array(self.keys.iter().map(|(id, key)| key_to_cbor(*id, key)).collect()),
            ),
        ]))
    }

    fn decode(bytes: &[u8]) -> Result<Self, KeySetError> {
        let mut fields = Fields::of("key set", cbor::decode_canonical(bytes)?)?;
        let version = cbor::unsigned(fields.required("version", "version")?, "version")?;
        if version != VERSION {
            return Err(KeySetError::Version { version });
        }
        let sequence = cbor::unsigned(fields.required("sequence", "sequence")?, "sequence")?;
        let dates = (take_time(&mut fields, "issued")?, take_time(&mut fields, "expires")?);
        let status_lists = cbor::text(fields.required("status_lists", "status_lists")?, "status_lists")?;
        let keys = cbor::array(fields.required("keys", "keys")?, "keys")?;
        fields.finish()?;
        if keys.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys { keys: keys.len() });
        }
        let keys = keys.into_iter().map(key_from_cbor).collect::<Result<Vec<_>, _>>()?;
        Self::new(sequence, dates, status_lists, keys)
    }
}

/// A key set whose signature has not been verified.
#[derive(Debug, Clone)]
pub struct SignedKeySet(Sign1);

impl SignedKeySet {
    /// Reads a signed set.
    ///
    /// # Errors
    /// Too long, no signed message, or one of another kind.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeySetError> {
        if bytes.len() > MAX_KEY_SET_BYTES {
            return Err(KeySetError::TooLong { bytes: bytes.len() });
        }
        let message = Sign1::parse(bytes)?;
        if message.kind() == Some(KEY_SET_MEDIA_TYPE) {
            Ok(Self(message))
        } else {
            Err(KeySetError::Kind)
        }
    }

    /// The certificates beside it, the signer's own first: their chain is the caller's to check.
    pub fn certificates(&self) -> Vec<&[u8]> {
        self.0.certificates()
    }

    /// Verifies the signature with the key of the checked certificate and gives the set. Its dates are left to the
    /// caller.
    ///
    /// # Errors
    /// The signature does not match, or what is signed is no key set.
    pub fn verify(&self, key: &PublicKey) -> Result<KeySet, KeySetError> {
        KeySet::decode(self.0.verify(key)?)
    }
}

fn key_to_cbor(id: KeyId, key: &IssuerKey) -> Value {
    let mut entries = vec![
        ("kid", Value::Bytes(id.0.to_vec())),
        ("authority", key.authority.as_str().into()),
        ("authority_code", key.authority_code.as_str().into()),
        ("spki", Value::Bytes(key.public_key.spki().to_vec())),
        ("not_before", key.not_before.timestamp().into()),
        ("not_after", key.not_after.timestamp().into()),
    ];
    entries.extend(key.compromised.map(|time| ("compromised", time.timestamp().into())));
    cbor::map(entries)
}

fn key_from_cbor(value: Value) -> Result<IssuerKey, KeySetError> {
    let mut fields = Fields::of("issuer key", value)?;
    let id = KeyId(cbor::byte_array(fields.required("kid", "kid")?, "kid")?);
    let spki = cbor::bytes(fields.required("spki", "spki")?, "spki")?;
    let public_key = PublicKey::from_spki(&spki).map_err(|reason| KeySetError::Key { id, reason })?;
    let key = IssuerKey {
        authority: cbor::text(fields.required("authority", "authority")?, "authority")?,
        authority_code: cbor::text(fields.required("authority_code", "authority_code")?, "authority_code")?,
        public_key,
        not_before: take_time(&mut fields, "not_before")?,
        not_after: take_time(&mut fields, "not_after")?,
        compromised: fields
            .optional("compromised")
            .map(|value| time(value, "compromised"))
            .transpose()?,
    };
    fields.finish()?;
    if key.id() == id {
        Ok(key)
    } else {
        Err(KeySetError::KeyId { id })
    }
}

fn key_to_json(id: KeyId, key: &IssuerKey) -> serde_json::Value {
    json!({
        "kid": id.to_string(),
        "authority": key.authority,
        "authority_code": key.authority_code,
        "spki": hex::encode(key.public_key.spki()),
        "not_before": rfc3339(key.not_before),
        "not_after": rfc3339(key.not_after),
        "compromised": key.compromised.map(rfc3339),
    })
}

fn take_time(fields: &mut Fields, field: &'static str) -> Result<DateTime<Utc>, KeySetError> {
    time(fields.required(field, field)?, field)
}

fn time(value: Value, field: &'static str) -> Result<DateTime<Utc>, KeySetError> {
    DateTime::from_timestamp(cbor::unsigned(value, field)?, 0).ok_or(KeySetError::Time { field })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{SoftwareKey, Suite};

    fn time_of(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn issuer_key(suite: Suite, compromised: Option<&str>) -> IssuerKey {
        IssuerKey {
            authority: "示例市数据局".into(),
            authority_code: "11150100MB1234562R".into(),
            public_key: SoftwareKey::generate(suite).unwrap().public_key().clone(),
            not_before: time_of("2026-01-01T00:00:00Z"),
            not_after: time_of("2028-12-31T23:59:59Z"),
            compromised: compromised.map(time_of),
        }
    }

    fn key_set() -> KeySet {
        let keys = [
            issuer_key(Suite::International, None),
            issuer_key(Suite::National, Some("2026-06-01T00:00:00Z")),
        ];
        let dates = (time_of("2026-07-01T00:00:00Z"), time_of("2026-07-08T00:00:00Z"));
        KeySet::new(7, dates, "https://city.example/status/".into(), keys).unwrap()
    }

    #[test]
    fn a_signed_set_comes_back_with_its_certificates() {
        let set = key_set();
        for suite in Suite::ALL {
            let signer = SoftwareKey::generate(suite).unwrap();
            let signed = SignedKeySet::parse(&set.sign(&signer, &[vec![1], vec![2]]).unwrap()).unwrap();
            assert_eq!(signed.certificates(), [[1], [2]]);
            assert_eq!(signed.verify(signer.public_key()).as_ref(), Ok(&set));
            let stranger = SoftwareKey::generate(suite).unwrap();
            assert_eq!(
                signed.verify(stranger.public_key()),
                Err(KeySetError::Cose(CoseError::Mismatch))
            );
        }
    }

    #[test]
    fn a_key_is_found_by_its_name_alone() {
        let set = key_set();
        let key = set.keys().next().unwrap();
        assert_eq!(set.key(&key.id().0), Some(key));
        assert_eq!(set.key(&[0; 8]), None);
        assert_eq!(set.key(&key.id().0[..7]), None);
    }

    #[test]
    fn a_status_list_is_believed_from_a_sound_key_of_the_set_alone() {
        let (sound, lost, stranger) = (Suite::International, Suite::National, Suite::International);
        let [sound, lost, stranger] = [sound, lost, stranger].map(|suite| SoftwareKey::generate(suite).unwrap());
        let mut keys = [
            issuer_key(Suite::International, None),
            issuer_key(Suite::National, Some("2026-06-01T00:00:00Z")),
        ];
        keys[0].public_key = sound.public_key().clone();
        keys[1].public_key = lost.public_key().clone();
        let now = time_of("2026-07-01T00:00:00Z");
        let set = KeySet::new(1, (now, now), String::new(), keys).unwrap();
        let token = StatusListToken::publish(set.status_list_address(0), [], now).unwrap();
        assert_eq!(set.verify_status_list(&token.sign(&sound).unwrap()), Ok(token.clone()));
        for other in [lost, stranger] {
            assert_eq!(
                set.verify_status_list(&token.sign(&other).unwrap()),
                Err(StatusTokenError::Key)
            );
        }
    }

    #[test]
    fn a_key_under_another_name_is_refused() {
        let set = key_set();
        let (id, key) = set.keys.iter().next().unwrap();
        let mut other = id.0;
        other[0] ^= 1;
        assert_eq!(
            key_from_cbor(key_to_cbor(KeyId(other), key)),
            Err(KeySetError::KeyId { id: KeyId(other) })
        );
        let twice = KeySet::new(1, (set.issued, set.expires), String::new(), [key.clone(), key.clone()]);
        assert_eq!(twice, Err(KeySetError::KeyId { id: *id }));
    }

    #[test]
    fn another_layout_says_its_number() {
        let bytes = cbor::encode(&cbor::map([("version", Value::from(2))]));
        assert_eq!(KeySet::decode(&bytes), Err(KeySetError::Version { version: 2 }));
    }

    #[test]
    fn an_unknown_field_and_an_unsorted_map_are_refused() {
        let mut value = cbor::decode(&key_set().encode()).unwrap();
        value.as_map_mut().unwrap().reverse();
        assert_eq!(
            KeySet::decode(&cbor::encode(&value)),
            Err(CborError::NotCanonical.into())
        );
        value.as_map_mut().unwrap().push(("zzzzzzzzzzzzz".into(), 1.into()));
        let sorted = cbor::encode(&cbor::map(value.into_map().unwrap()));
        let unknown = CborError::UnknownFields {
            object: "key set",
            count: 1,
        };
        assert_eq!(KeySet::decode(&sorted), Err(unknown.into()));
    }

    #[test]
    fn budgets_of_bytes_and_keys_are_reached() {
        let bytes = MAX_KEY_SET_BYTES + 1;
        assert_eq!(
            SignedKeySet::parse(&vec![0; bytes]).err(),
            Some(KeySetError::TooLong { bytes })
        );
        let mut value = cbor::decode(&key_set().encode()).unwrap();
        for (name, field) in value.as_map_mut().unwrap() {
            if name.as_text() == Some("keys") {
                *field = Value::Array(vec![0.into(); MAX_KEYS + 1]);
            }
        }
        assert_eq!(
            KeySet::decode(&cbor::encode(&value)),
            Err(KeySetError::TooManyKeys { keys: MAX_KEYS + 1 })
        );
    }

    #[test]
    fn the_view_for_people_names_every_key() {
        let view = key_set().to_json();
        assert_eq!(view["sequence"], 7);
        assert_eq!(view["keys"].as_array().unwrap().len(), 2);
        assert_eq!(view["keys"][0]["authority_code"], "11150100MB1234562R");
        assert!(view["keys"][0]["spki"].as_str().unwrap().starts_with("3059"));
    }
}
