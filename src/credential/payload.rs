//! What a printed code says: a CBOR Web Token (RFC 8392) whose claims are as short as they can be.
//!
//! | claim | content |
//! |---|---|
//! | 4 `exp` | when the code itself ends, where it does |
//! | 6 `iat` | when it was made: proves nothing, the key set and the ledger do |
//! | 7 `cti` | 8 bytes that name the code |
//! | -65537 | `[version, identifier, holder, last day, record, list, index]` |
//!
//! The private claim is one array, because each claim of its own would cost five bytes. Never in it: an identity
//! number.

use std::borrow::Cow;

use chrono::{DateTime, Days, NaiveDate, Utc};
use ciborium::Value;

use super::cbor::{self, CborError, Fields};
use super::packed;
use super::status::{STATUS_LIST_ENTRIES, StatusIndex};
use crate::clock::beijing;
use crate::crypto::DigestAlgorithm;
use crate::licence::identifier::Identifier;

/// Layout of the private claim; another layout is another number.
const VERSION: u64 = 1;

/// CWT claims (RFC 8392 section 4), and ours: the first private-use number (section 9.1.1).
const CLAIM_EXPIRES: i64 = 4;
const CLAIM_ISSUED: i64 = 6;
const CLAIM_ID: i64 = 7;
const CLAIM_LICENCE: i64 = -65_537;

/// Bytes of UTF-8 that a holder's name may take: 27 Chinese characters and the mark of shortening. With the longest
/// identifier that we issue the code stays within version 13.
pub const MAX_HOLDER_BYTES: usize = 84;

/// Ends a name that was shortened.
const ELLIPSIS: char = '…';

/// What a printed code says of one licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Names the code; random.
    pub id: [u8; 8],
    /// When it was made, in whole seconds.
    pub issued: DateTime<Utc>,
    /// When the code itself ends, in whole seconds; the licence may end earlier.
    pub expires: Option<DateTime<Utc>>,
    /// The licence's identifier; issuer and type are in it.
    pub identifier: Identifier,
    /// The holder as the secrecy rule of the type lets a stranger see it; at most [`MAX_HOLDER_BYTES`].
    pub holder: String,
    /// The licence's last day of validity in Beijing; none when it has no end.
    pub valid_until: Option<NaiveDate>,
    /// The beginning of the digest of the licence's record, as [`record_digest`] gives it.
    pub record: [u8; 16],
    /// Where its status stands.
    pub status: StatusIndex,
}

/// Why claims are not those of a printed code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// Not the CBOR of our claims.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// A layout that came after this program, or none.
    #[error("layout version {version} is not supported")]
    Version {
        /// The version named.
        version: u64,
    },
    /// A time or a day that no calendar has.
    #[error("{claim} is outside the calendar")]
    Calendar {
        /// The claim's name.
        claim: &'static str,
    },
    /// The identifier has a character that cannot be packed.
    #[error("identifier has the character \"{character}\", which a code cannot hold")]
    IdentifierCharacter {
        /// The character.
        character: char,
    },
    /// The packed identifier is none.
    #[error("packed identifier is not an identifier")]
    Identifier,
    /// The holder's name is too long to be printed.
    #[error("holder of {bytes} bytes exceeds the limit of {MAX_HOLDER_BYTES} bytes")]
    HolderTooLong {
        /// Bytes of the name in UTF-8.
        bytes: usize,
    },
    /// The place is outside every list.
    #[error("status index {index} is outside its list")]
    StatusIndex {
        /// The index named.
        index: u32,
    },
}

/// The first 16 bytes of SHA-256 of a licence's record in canonical JSON (RFC 8785).
pub fn record_digest(canonical_json: &[u8]) -> [u8; 16] {
    let mut record = [0; 16];
    record.copy_from_slice(&DigestAlgorithm::Sha256.digest(canonical_json).as_ref()[..16]);
    record
}

/// The name as a code can hold it: whole, or its beginning with `…` where it is longer than [`MAX_HOLDER_BYTES`].
pub fn shortened_holder(name: &str) -> Cow<'_, str> {
    if name.len() <= MAX_HOLDER_BYTES {
        return Cow::Borrowed(name);
    }
    let end = name.floor_char_boundary(MAX_HOLDER_BYTES - ELLIPSIS.len_utf8());
    Cow::Owned(format!("{}{ELLIPSIS}", &name[..end]))
}

impl Payload {
    /// Whether the licence's last day is over in Beijing, or the code's own time.
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        let day_over = self.valid_until.is_some_and(|last| beijing(now).date_naive() > last);
        day_over || self.expires.is_some_and(|expires| expires <= now)
    }

    /// Its claims in the deterministic encoding.
    ///
    /// # Errors
    /// A part that a code cannot hold.
    pub(super) fn encode(&self) -> Result<Vec<u8>, PayloadError> {
        if self.holder.len() > MAX_HOLDER_BYTES {
            return Err(PayloadError::HolderTooLong {
                bytes: self.holder.len(),
            });
        }
        let identifier = packed::pack(&parts_of(&self.identifier))
            .map_err(|character| PayloadError::IdentifierCharacter { character })?;
        let licence = [
            VERSION.into(),
            Value::Bytes(identifier),
            self.holder.as_str().into(),
            self.valid_until
                .map_or(Ok(Value::Null), |day| days_since_epoch(day).map(Value::from))?,
            Value::Bytes(self.record.to_vec()),
            self.status.list.into(),
            self.status.index.into(),
        ];
        let mut claims = vec![
            (CLAIM_ISSUED, self.issued.timestamp().into()),
            (CLAIM_ID, Value::Bytes(self.id.to_vec())),
            (CLAIM_LICENCE, Value::Array(licence.to_vec())),
        ];
        claims.extend(self.expires.map(|expires| (CLAIM_EXPIRES, expires.timestamp().into())));
        Ok(cbor::encode(&cbor::map(claims)))
    }

    /// Reads claims, of which only the deterministic encoding is accepted.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, PayloadError> {
        // The version comes first: what another one means by the rest, and how it writes it, is not known.
        let mut claims = Fields::of("claims", cbor::decode(bytes)?)?;
        let licence = cbor::array(claims.required(CLAIM_LICENCE, "licence")?, "licence")?;
        let version = licence
            .first()
            .cloned()
            .ok_or(CborError::Missing { field: "version" })?;
        let version = cbor::unsigned(version, "version")?;
        if version != VERSION {
            return Err(PayloadError::Version { version });
        }
        let expected = "an array of seven";
        let licence: [Value; 7] = licence.try_into().map_err(|_| CborError::Unexpected {
            field: "licence",
            expected,
        })?;
        let [_, identifier, holder, last_day, record, list, index] = licence;
        let payload = Self {
            id: cbor::byte_array(claims.required(CLAIM_ID, "cti")?, "cti")?,
            issued: time(claims.required(CLAIM_ISSUED, "iat")?, "iat")?,
            expires: claims
                .optional(CLAIM_EXPIRES)
                .map(|value| time(value, "exp"))
                .transpose()?,
            identifier: packed::unpack(&cbor::bytes(identifier, "identifier")?)
                .and_then(|parts| identifier_of(&parts))
                .ok_or(PayloadError::Identifier)?,
            holder: cbor::text(holder, "holder")?,
            valid_until: if last_day.is_null() { None } else { Some(day(last_day)?) },
            record: cbor::byte_array(record, "record")?,
            status: StatusIndex {
                list: cbor::unsigned(list, "list")?,
                index: cbor::unsigned(index, "index")?,
            },
        };
        claims.finish()?;
        if payload.status.index >= STATUS_LIST_ENTRIES {
            return Err(PayloadError::StatusIndex {
                index: payload.status.index,
            });
        }
        if payload.encode()? == bytes {
            Ok(payload)
        } else {
            Err(CborError::NotCanonical.into())
        }
    }
}

/// What is packed of an identifier: root and check character are left out.
fn parts_of(
    Identifier {
        type_code,
        issuer,
        serial,
        version,
    }: &Identifier,
) -> String {
    format!("{type_code}.{issuer}.{serial}.{version}")
}

fn identifier_of(parts: &str) -> Option<Identifier> {
    let mut parts = parts.split('.');
    let identifier = Identifier {
        type_code: parts.next()?.parse().ok()?,
        issuer: parts.next()?.parse().ok()?,
        serial: parts.next()?.parse().ok()?,
        version: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(identifier)
}

fn time(value: Value, claim: &'static str) -> Result<DateTime<Utc>, PayloadError> {
    DateTime::from_timestamp(cbor::unsigned(value, claim)?, 0).ok_or(PayloadError::Calendar { claim })
}

fn day(value: Value) -> Result<NaiveDate, PayloadError> {
    let days = Days::new(cbor::unsigned(value, "last day")?);
    NaiveDate::default()
        .checked_add_days(days)
        .ok_or(PayloadError::Calendar { claim: "last day" })
}

/// Days from 1970-01-01, which chrono's default date is.
fn days_since_epoch(day: NaiveDate) -> Result<u64, PayloadError> {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    u64::try_from(days).map_err(|_| PayloadError::Calendar { claim: "last day" })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A licence of a made-up city, as its codes say it.
    pub(in crate::credential) fn sample() -> Payload {
        Payload {
            id: *b"\x01\x23\x45\x67\x89\xab\xcd\xef",
            issued: "2026-03-05T01:30:00Z".parse().unwrap(),
            expires: None,
            identifier: "1.2.156.3005.2.11150100MB1234562R001.11150100MB1234562R.2026000001.001.8"
                .parse()
                .unwrap(),
            holder: "呼和浩特市示例商贸有限公司".into(),
            valid_until: "2031-03-04".parse().ok(),
            record: record_digest(b"{}"),
            status: StatusIndex {
                list: 4,
                index: 100_000,
            },
        }
    }

    /// The same claims with one field of the private claim replaced.
    fn with_field(place: usize, value: Value) -> Vec<u8> {
        let mut claims = cbor::decode(&sample().encode().unwrap()).unwrap();
        for (key, claim) in claims.as_map_mut().unwrap() {
            if *key == Value::from(CLAIM_LICENCE) {
                claim.as_array_mut().unwrap()[place] = value.clone();
            }
        }
        cbor::encode(&claims)
    }

    #[test]
    fn claims_come_back_with_or_without_an_end() {
        let open = Payload {
            valid_until: None,
            expires: Some(sample().issued),
            ..sample()
        };
        for payload in [sample(), open] {
            assert_eq!(Payload::decode(&payload.encode().unwrap()), Ok(payload));
        }
    }

    #[test]
    fn another_layout_says_its_number_whatever_follows() {
        assert_eq!(
            Payload::decode(&with_field(0, 2.into())),
            Err(PayloadError::Version { version: 2 })
        );
    }

    #[test]
    fn each_field_out_of_order_has_its_own_error() {
        assert_eq!(
            Payload::decode(&with_field(1, Value::Bytes(vec![0, 0]))),
            Err(PayloadError::Identifier)
        );
        let index = STATUS_LIST_ENTRIES;
        assert_eq!(
            Payload::decode(&with_field(6, index.into())),
            Err(PayloadError::StatusIndex { index })
        );
        let claim = "last day";
        assert_eq!(
            Payload::decode(&with_field(3, u64::MAX.into())),
            Err(PayloadError::Calendar { claim })
        );
        let long = "长".repeat(29);
        assert_eq!(
            Payload::decode(&with_field(2, long.into())),
            Err(PayloadError::HolderTooLong { bytes: 87 })
        );
    }

    #[test]
    fn a_claim_that_is_not_defined_is_refused() {
        let mut claims = cbor::decode(&sample().encode().unwrap()).unwrap().into_map().unwrap();
        claims.push((5.into(), 0.into()));
        let error = Payload::decode(&cbor::encode(&cbor::map(claims)));
        assert_eq!(
            error,
            Err(CborError::UnknownFields {
                object: "claims",
                count: 1
            }
            .into())
        );
    }

    #[test]
    fn claims_in_another_order_are_not_canonical() {
        let mut claims = cbor::decode(&sample().encode().unwrap()).unwrap();
        claims.as_map_mut().unwrap().reverse();
        assert_eq!(
            Payload::decode(&cbor::encode(&claims)),
            Err(CborError::NotCanonical.into())
        );
    }

    #[test]
    fn a_long_name_is_shortened_at_a_character_and_says_so() {
        let name = "内蒙古自治区呼和浩特市".repeat(4);
        let short = shortened_holder(&name);
        assert!(short.len() <= MAX_HOLDER_BYTES);
        assert!(name.starts_with(short.strip_suffix(ELLIPSIS).unwrap()));
        assert_eq!(short.chars().count(), 28);
        assert_eq!(shortened_holder("张*"), "张*");
    }

    #[test]
    fn a_licence_is_expired_after_its_last_day_in_beijing() {
        let payload = sample();
        assert!(!payload.is_expired("2031-03-04T15:59:59Z".parse().unwrap()));
        assert!(payload.is_expired("2031-03-04T16:00:00Z".parse().unwrap()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bytes_that_are_accepted_are_the_only_ones_of_their_payload(place in 0..140_usize, flip in 1..=255_u8) {
            let mut bytes = sample().encode().unwrap();
            let place = place % bytes.len();
            bytes[place] ^= flip;
            if let Ok(payload) = Payload::decode(&bytes) {
                prop_assert_eq!(payload.encode(), Ok(bytes));
            }
        }
    }
}
