//! The printed code as a whole: signing a payload into its text, and reading a text back until the payload is vouched
//! for.
//!
//! A code is not compressed: seven bytes of eight in it are random or packed already, and a zlib stream of it comes out
//! longer; a test holds that. The order of reading is: text, message, layout version, one form only, key, signature.
//! Until the signature is verified nothing of the payload can be reached.

use super::cbor::CborError;
use super::cose::{self, CoseError, KeyId, Labels, Sign1};
use super::digits;
use super::key_set::{IssuerKey, KeySet};
use super::link::{self, Host, LinkError};
use super::payload::{Payload, PayloadError};
use crate::crypto::key::Signer;
use crate::problem::{Explain, Problem};

/// Bytes that no code is shorter than: its signature alone (RFC 9053 section 2.1). Of fewer nothing can be said, since
/// the digits of a cut group are the digits of another value.
const MIN_MESSAGE_BYTES: usize = 64;

/// How every code begins: the tag of COSE_Sign1 and an array of four (RFC 9052 section 4.2).
const MESSAGE_START: [u8; 2] = [0xd2, 0x84];

/// Why a text is not a genuine code, or no code can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The text itself.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The digits are whole, what they hold is no code of ours.
    #[error("digits hold no signed licence code")]
    NotOurs,
    /// Signed in a way that this program does not know.
    #[error("signature algorithm {algorithm} of the code is not supported")]
    Algorithm {
        /// Its COSE number.
        algorithm: String,
    },
    /// What the code says does not follow the layout, or a payload cannot be written in it.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The same message can be written shorter or in another order: nobody but a forger would.
    #[error("code is not in its one allowed encoding")]
    NotCanonical,
    /// The key set has no key of this name.
    #[error("key {key} of the code is not in the key set")]
    UnknownKey {
        /// The name in hexadecimal.
        key: String,
    },
    /// The signature is not the key's.
    #[error("signature of the code does not match")]
    Signature,
    /// The code says it was made when its key was not in use.
    #[error("code says it was made outside the period of its key")]
    KeyPeriod,
    /// The key did not sign.
    #[error(transparent)]
    Signing(CoseError),
}

impl Explain for CodeError {
    fn problems(&self) -> Vec<Problem> {
        vec![
            match self {
                Self::Link(LinkError::TooLong) => Problem::new("code-too-long").param("limit", link::MAX_DIGITS),
                Self::Link(LinkError::CutShort) => Problem::new("code-cut-short"),
                Self::Link(LinkError::NotOurs) | Self::NotOurs => Problem::new("code-not-ours"),
                Self::Link(LinkError::Digits(_)) => Problem::new("code-damaged"),
                Self::Link(LinkError::Host { value }) => Problem::new("code-host").param("value", value),
                Self::Link(LinkError::TooLarge { bits }) => Problem::new("code-too-large").param("bits", bits),
                Self::Algorithm { algorithm } => Problem::new("code-algorithm-unsupported").param("value", algorithm),
                Self::Payload(PayloadError::Version { version }) => {
                    Problem::new("code-version-unsupported").param("value", version)
                }
                Self::Payload(PayloadError::Cbor(CborError::NotCanonical)) | Self::NotCanonical => {
                    Problem::new("code-not-canonical")
                }
                Self::Payload(_) => Problem::new("code-malformed"),
                Self::UnknownKey { key } => Problem::new("code-issuer-unknown").param("key", key),
                Self::Signature => Problem::new("code-signature-invalid"),
                Self::KeyPeriod => Problem::new("code-key-period"),
                Self::Signing(_) => Problem::new("code-signing-failed"),
            }
            .field("code"),
        ]
    }
}

/// Signs a payload into the text that is printed.
///
/// # Errors
/// A payload that the layout cannot hold, a code above version 13, a key that does not sign.
pub fn print(payload: &Payload, signer: &dyn Signer, host: &Host) -> Result<String, CodeError> {
    let message = cose::sign(payload.encode()?, Labels::default(), signer).map_err(CodeError::Signing)?;
    Ok(link::write(host, &message)?)
}

/// A code whose signature has not been verified.
#[derive(Debug, Clone)]
pub struct PrintedCode {
    host: Option<String>,
    message: Sign1,
    payload: Payload,
}

impl PrintedCode {
    /// Reads a text: a whole address with any host, or its digits alone.
    ///
    /// # Errors
    /// Each way in which it is no code that could be verified.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let (host, bytes) = link::read(text)?;
        if bytes.len() < MIN_MESSAGE_BYTES {
            return Err(LinkError::CutShort.into());
        }
        let message = Sign1::parse(&bytes).map_err(|error| unreadable(error, &bytes))?;
        let payload = Payload::decode(message.payload())?;
        if !message.is_minimal(&bytes) {
            return Err(CodeError::NotCanonical);
        }
        Ok(Self { host, message, payload })
    }

    /// The host that the text leads to, where it names one: to be compared with the official one, never to be trusted.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Verifies the signature with the key that the code names.
    ///
    /// # Errors
    /// The key is not in the set, the signature does not match, or the key was not in use at the time the code names.
    pub fn verify(self, keys: &KeySet) -> Result<Genuine<'_>, CodeError> {
        let named = self.message.key_id();
        let key = keys.key(named).ok_or_else(|| CodeError::UnknownKey {
            key: named
                .try_into()
                .map_or_else(|_| "?".to_owned(), |id| KeyId(id).to_string()),
        })?;
        match self.message.verify(&key.public_key) {
            Ok(_) if !key.covers(self.payload.issued) => Err(CodeError::KeyPeriod),
            Ok(_) => Ok(Genuine {
                payload: self.payload,
                key,
            }),
            Err(CoseError::Algorithm { algorithm }) => Err(CodeError::Algorithm { algorithm }),
            Err(_) => Err(CodeError::Signature),
        }
    }
}

/// Why bytes are not a message. In a code cut inside a group the bytes of that group are others, so that they may look
/// like anything: what the whole groups before them are decides.
fn unreadable(error: CoseError, bytes: &[u8]) -> CodeError {
    let truncated = |error: &CoseError| *error == CoseError::Cbor(CborError::Truncated);
    let whole_groups = &bytes[..bytes.len() / digits::GROUP_BYTES * digits::GROUP_BYTES];
    match error {
        CoseError::Algorithm { algorithm } => CodeError::Algorithm { algorithm },
        _ if !bytes.starts_with(&MESSAGE_START) => CodeError::NotOurs,
        _ if truncated(&error) || Sign1::parse(whole_groups).is_err_and(|error| truncated(&error)) => {
            LinkError::CutShort.into()
        }
        CoseError::Cbor(CborError::Trailing { .. }) => CodeError::NotCanonical,
        _ => CodeError::NotOurs,
    }
}

/// A code that a key of the set vouches for: genuine as issued. What became of the licence since is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genuine<'k> {
    /// What it says.
    pub payload: Payload,
    /// The key that signed it.
    pub key: &'k IssuerKey,
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::credential::cbor;
    use crate::credential::payload::MAX_HOLDER_BYTES;
    use crate::credential::payload::tests::sample;
    use crate::crypto::key::{SoftwareKey, Suite};

    fn host() -> Host {
        "licence.huhhot.example".parse().unwrap()
    }

    fn keys_of(key: &SoftwareKey) -> KeySet {
        let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (not_before, not_after) = (time("2026-01-01T00:00:00Z"), time("2028-12-31T00:00:00Z"));
        let public_key = key.public_key().clone();
        let (authority, authority_code) = ("示例市数据局".into(), "11150100MB1234562R".into());
        let key = IssuerKey {
            authority,
            authority_code,
            public_key,
            not_before,
            not_after,
            compromised: None,
        };
        KeySet::new(1, (not_before, not_after), String::new(), [key]).unwrap()
    }

    #[test]
    fn a_printed_code_verifies_in_either_suite() {
        for suite in Suite::ALL {
            let key = SoftwareKey::generate(suite).unwrap();
            let text = print(&sample(), &key, &host()).unwrap();
            let code = PrintedCode::parse(&text).unwrap();
            assert_eq!(code.host(), Some("licence.huhhot.example"));
            assert_eq!(code.verify(&keys_of(&key)).unwrap().payload, sample());
        }
    }

    #[test]
    fn an_ordinary_licence_makes_version_12_and_the_longest_name_13() {
        let longest = Payload {
            holder: "长".repeat(MAX_HOLDER_BYTES / 3),
            ..sample()
        };
        for suite in Suite::ALL {
            let key = SoftwareKey::generate(suite).unwrap();
            assert!(link::qr_version(&print(&sample(), &key, &host()).unwrap()) <= Ok(12));
            assert!(link::qr_version(&print(&longest, &key, &host()).unwrap()) <= Ok(13));
        }
    }

    #[test]
    fn compression_would_not_make_a_code_shorter() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let message = cose::sign(sample().encode().unwrap(), Labels::default(), &key).unwrap();
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&message).unwrap();
        assert!(encoder.finish().unwrap().len() >= message.len());
    }

    #[test]
    fn a_code_cut_anywhere_is_cut_short() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let text = print(&sample(), &key, &host()).unwrap();
        for end in "https://licence.huhhot.example".len()..text.len() {
            assert_eq!(
                PrintedCode::parse(&text[..end]).err(),
                Some(LinkError::CutShort.into()),
                "{end}"
            );
        }
    }

    #[test]
    fn no_changed_digit_is_accepted() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let text = print(&sample(), &key, &host()).unwrap();
        let keys = keys_of(&key);
        let start = text.find('#').unwrap() + 1;
        for place in start..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = b'0' + (changed[place] - b'0' + 1) % 10;
            let changed = String::from_utf8(changed).unwrap();
            let verified = PrintedCode::parse(&changed).and_then(|code| code.verify(&keys).map(|_| ()));
            assert!(verified.is_err(), "digit {place}");
        }
    }

    #[test]
    fn a_message_with_more_headers_or_bytes_than_needed_is_not_canonical() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let labels = Labels {
            kind: Some("x/y"),
            certificates: &[],
        };
        let message = cose::sign(sample().encode().unwrap(), labels, &key).unwrap();
        assert_eq!(
            PrintedCode::parse(&digits::encode(&message)).err(),
            Some(CodeError::NotCanonical)
        );
        let message = cose::sign(sample().encode().unwrap(), Labels::default(), &key).unwrap();
        assert_eq!(
            PrintedCode::parse(&digits::encode(&message[1..])).err(),
            Some(CodeError::NotCanonical),
            "no tag"
        );
        let longer = [message.as_slice(), &[0; 2 * digits::GROUP_BYTES]].concat();
        assert_eq!(
            PrintedCode::parse(&digits::encode(&longer)).err(),
            Some(CodeError::NotCanonical)
        );
    }

    #[test]
    fn digits_of_something_else_are_not_ours() {
        let other = cbor::encode(&"a text ".repeat(20).into());
        assert_eq!(
            PrintedCode::parse(&digits::encode(&other)).err(),
            Some(CodeError::NotOurs)
        );
    }

    #[test]
    fn every_error_has_a_code_of_its_own_for_people() {
        let errors = [
            LinkError::TooLong.into(),
            LinkError::CutShort.into(),
            CodeError::NotOurs,
            CodeError::NotCanonical,
            CodeError::Payload(PayloadError::Version { version: 2 }),
            CodeError::Payload(PayloadError::Identifier),
            CodeError::UnknownKey { key: "00".into() },
            CodeError::Signature,
            CodeError::KeyPeriod,
        ];
        let codes: std::collections::BTreeSet<_> = errors.iter().map(|error| error.problems()[0].code).collect();
        assert_eq!(codes.len(), errors.len());
    }
}
