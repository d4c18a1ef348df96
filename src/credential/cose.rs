//! COSE_Sign1 (RFC 9052 section 4.2): one payload, one signature, and the key named by its header.
//!
//! Algorithms are a table (RFC 9053 section 2, RFC 8812); SM2 has no registered number and takes a private-use one. An
//! ECDSA or SM2 signature stands here as `r || s`, where `crypto` takes and gives DER. Left out: several signers
//! (COSE_Sign), countersignatures, detached payloads, external data.

use ciborium::Value;
use coset::iana::{self, EnumI64};
use coset::{AsCborValue, CoseSign1, CoseSign1Builder, HeaderBuilder, Label, RegisteredLabelWithPrivate};
use coset::{TaggedCborSerializable, iana::CborTag};

use super::cbor::{self, CborError};
use crate::crypto::key::{Signer, SigningError};
use crate::crypto::{PublicKey, SignatureAlgorithm, VerificationError, pair};
use crate::hex;

/// SM2 with SM3 (GB/T 32918.2, identifier `1234567812345678`) as a COSE algorithm: the first private-use number
/// (RFC 9053 section 11.1: integers below -65536), as none is registered. The signature is `r || s`, 64 bytes.
pub const COSE_SM2_SM3: i64 = -65_537;

/// Bytes that the headers may take: room for a chain of four certificates of 4 KiB.
const MAX_HEADER_BYTES: usize = 16_384;

/// The header that holds countersignatures (RFC 8152 section 3.1): each holds headers again, without end.
const HEADER_COUNTERSIGNATURES: i64 = 7;

/// The header that names the kind of the payload (RFC 9596).
const HEADER_TYPE: i64 = 16;

/// The header that holds the certificate of the key and its chain (RFC 9360 section 2, `x5chain`).
const HEADER_CERTIFICATES: i64 = 33;

/// A row: number, algorithm, bytes of each of `r` and `s` where the signature is that pair.
type Row = (i64, SignatureAlgorithm, Option<usize>);

/// RFC 9053 table 1, RFC 8812 table 1, and ours.
const ALGORITHMS: [Row; 9] = [
    (iana::Algorithm::ES256 as i64, SignatureAlgorithm::EcdsaSha256, Some(32)),
    (iana::Algorithm::ES384 as i64, SignatureAlgorithm::EcdsaSha384, Some(48)),
    (iana::Algorithm::EdDSA as i64, SignatureAlgorithm::Ed25519, None),
    (iana::Algorithm::PS256 as i64, SignatureAlgorithm::RsaPssSha256, None),
    (iana::Algorithm::PS384 as i64, SignatureAlgorithm::RsaPssSha384, None),
    (iana::Algorithm::PS512 as i64, SignatureAlgorithm::RsaPssSha512, None),
    (iana::Algorithm::RS256 as i64, SignatureAlgorithm::RsaPkcs1Sha256, None),
    (iana::Algorithm::RS384 as i64, SignatureAlgorithm::RsaPkcs1Sha384, None),
    (COSE_SM2_SM3, SignatureAlgorithm::Sm2Sm3, Some(32)),
];

/// Why bytes are not a message that can be verified, or why it does not verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CoseError {
    /// No CBOR, or not in the form asked for.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR, but no COSE_Sign1 with a signature as long as its algorithm makes it.
    #[error("CBOR item is not a COSE_Sign1 message")]
    NotSign1,
    /// Headers above their budget.
    #[error("headers of {bytes} bytes exceed the limit of {MAX_HEADER_BYTES} bytes")]
    HeadersTooLong {
        /// Bytes beside payload and signature.
        bytes: usize,
    },
    /// A header has to be understood and is not (RFC 9052 section 3.1), or holds countersignatures.
    #[error("message has a critical header or a countersignature, which are not supported")]
    Header,
    /// The headers name no algorithm, or one that is not in the table.
    #[error("signature algorithm {algorithm} is not supported")]
    Algorithm {
        /// Its COSE number or name; empty when none is named.
        algorithm: String,
    },
    /// Signed with the same key in another algorithm than the message names, or not with this key at all.
    #[error("signature does not match")]
    Mismatch,
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// The first 8 bytes of SHA-256 of a key's `SubjectPublicKeyInfo` in DER: what our messages name a key by (`kid`).
///
/// Of the key and not of a certificate, so that a renewed certificate leaves printed codes as they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; Self::LEN]);

impl KeyId {
    /// Bytes that it has.
    pub const LEN: usize = 8;

    /// The name of `key`.
    pub fn of(key: &PublicKey) -> Self {
        let digest = key.id();
        let mut id = [0; Self::LEN];
        id.copy_from_slice(&digest[..Self::LEN]);
        Self(id)
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        hex::write(f, &self.0)
    }
}

impl std::fmt::Debug for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// A message whose signature has not been verified.
#[derive(Debug, Clone)]
pub struct Sign1 {
    message: CoseSign1,
    row: Row,
}

impl Sign1 {
    /// Reads a message, with its tag 18 or without.
    ///
    /// # Errors
    /// No CBOR, no COSE_Sign1, headers above their budget, critical headers, an algorithm that is not in the table.
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseError> {
        let value = match cbor::decode(bytes)? {
            Value::Tag(tag, item) if tag == CborTag::CoseSign1 as u64 => *item,
            Value::Tag(..) => return Err(CoseError::NotSign1),
            untagged => untagged,
        };
        let parts = value.as_array().map(Vec::as_slice);
        let Some(
            [
                Value::Bytes(protected),
                unprotected,
                Value::Bytes(payload),
                Value::Bytes(signature),
            ],
        ) = parts
        else {
            return Err(CoseError::NotSign1);
        };
        let header_bytes = bytes.len().saturating_sub(payload.len() + signature.len());
        if header_bytes > MAX_HEADER_BYTES {
            return Err(CoseError::HeadersTooLong { bytes: header_bytes });
        }
        // Without any protected header the byte string is empty (RFC 9052 section 3).
        let protected = if protected.is_empty() {
            None
        } else {
            Some(cbor::decode(protected)?)
        };
        if protected.as_ref().is_some_and(countersigned) || countersigned(unprotected) {
            return Err(CoseError::Header);
        }
        let message = CoseSign1::from_cbor_value(value).map_err(|_| CoseError::NotSign1)?;
        if !message.protected.header.crit.is_empty() || !message.unprotected.crit.is_empty() {
            return Err(CoseError::Header);
        }
        let row = algorithm_row(
            message
                .protected
                .header
                .alg
                .as_ref()
                .or(message.unprotected.alg.as_ref()),
        )?;
        match row.2 {
            Some(scalar_len) if message.signature.len() != 2 * scalar_len => Err(CoseError::NotSign1),
            _ => Ok(Self { message, row }),
        }
    }

    /// Whether `bytes`, from which it was read, are as short as they can be: tagged, algorithm and key the only
    /// headers, both protected, and every byte outside the payload as [`sign`] writes it.
    pub fn is_minimal(&self, bytes: &[u8]) -> bool {
        let protected = protected_header(self.row.0, self.key_id(), None);
        let message = CoseSign1Builder::new()
            .protected(protected)
            .payload(self.payload().to_vec());
        to_bytes(message.signature(self.message.signature.clone()).build()) == bytes
    }

    /// How it says it is signed.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.row.1
    }

    /// The key that it names; the protected header comes first.
    pub fn key_id(&self) -> &[u8] {
        match self.message.protected.header.key_id.as_slice() {
            [] => &self.message.unprotected.key_id,
            protected => protected,
        }
    }

    /// What the payload is, as the protected header says it (RFC 9596).
    pub fn kind(&self) -> Option<&str> {
        let rest = &self.message.protected.header.rest;
        rest.iter()
            .find(|(label, _)| *label == Label::Int(HEADER_TYPE))?
            .1
            .as_text()
    }

    /// The certificates that it carries in DER, the key's own first: hints, to be checked like any others.
    pub fn certificates(&self) -> Vec<&[u8]> {
        let headers = [&self.message.protected.header, &self.message.unprotected];
        let found = headers.into_iter().flat_map(|header| &header.rest);
        match found
            .filter(|(label, _)| *label == Label::Int(HEADER_CERTIFICATES))
            .map(|(_, value)| value)
            .next()
        {
            Some(Value::Bytes(only)) => vec![only],
            Some(Value::Array(chain)) => chain.iter().filter_map(Value::as_bytes).map(Vec::as_slice).collect(),
            _ => Vec::new(),
        }
    }

    /// The payload, which nothing vouches for yet.
    pub fn payload(&self) -> &[u8] {
        self.message.payload.as_deref().unwrap_or_default()
    }

    /// Verifies the signature with `key` and gives the payload, which the key now vouches for.
    ///
    /// # Errors
    /// [`CoseError::Mismatch`], or [`CoseError::Algorithm`] where algorithm and key do not go together.
    pub fn verify(&self, key: &PublicKey) -> Result<&[u8], CoseError> {
        let (number, algorithm, scalar_len) = self.row;
        let der = match scalar_len {
            Some(len) => Some(pair::to_der(&self.message.signature, len).ok_or(CoseError::Mismatch)?),
            None => None,
        };
        let signature = der.as_deref().unwrap_or(&self.message.signature);
        match key.verify(algorithm, &self.message.tbs_data(&[]), signature) {
            Ok(()) => Ok(self.payload()),
            Err(VerificationError::Mismatch) => Err(CoseError::Mismatch),
            Err(VerificationError::Unsupported(_)) => Err(CoseError::Algorithm {
                algorithm: number.to_string(),
            }),
        }
    }
}

/// What a message says beside its payload.
#[derive(Debug, Clone, Copy, Default)]
pub struct Labels<'a> {
    /// The kind of the payload, a media type (RFC 9596).
    pub kind: Option<&'a str>,
    /// Certificates in DER, the signing key's own first.
    pub certificates: &'a [Vec<u8>],
}

/// Signs `payload` into a tagged message whose protected header names algorithm, key and, where given, the kind.
///
/// # Errors
/// [`CoseError::Algorithm`] where the key signs in a way that is not in the table, [`CoseError::Signing`].
pub fn sign(payload: Vec<u8>, labels: Labels<'_>, signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
    let algorithm = signer.algorithm();
    let unsupported = || CoseError::Algorithm {
        algorithm: algorithm.name().to_owned(),
    };
    let (number, _, scalar_len) = ALGORITHMS
        .into_iter()
        .find(|row| row.1 == algorithm)
        .ok_or_else(unsupported)?;
    let message = CoseSign1Builder::new()
        .protected(protected_header(number, &KeyId::of(signer.public_key()).0, labels.kind))
        .unprotected(certificate_header(labels.certificates))
        .payload(payload)
        .try_create_signature(&[], |tbs| {
            let signature = signer.sign(tbs)?;
            match scalar_len {
                Some(len) => pair::from_der(&signature, len).ok_or(SigningError::Failed),
                None => Ok(signature),
            }
        })?;
    Ok(to_bytes(message.build()))
}

fn protected_header(algorithm: i64, key_id: &[u8], kind: Option<&str>) -> coset::Header {
    let label = match iana::Algorithm::from_i64(algorithm) {
        Some(assigned) => RegisteredLabelWithPrivate::Assigned(assigned),
        None => RegisteredLabelWithPrivate::PrivateUse(algorithm),
    };
    let header = HeaderBuilder::new().algorithm_label(label).key_id(key_id.to_vec());
    match kind {
        Some(kind) => header.value(HEADER_TYPE, Value::Text(kind.to_owned())).build(),
        None => header.build(),
    }
}

/// RFC 9360 section 2: one certificate stands alone, several are an array.
fn certificate_header(certificates: &[Vec<u8>]) -> coset::Header {
    let value = match certificates {
        [] => return coset::Header::default(),
        [only] => Value::Bytes(only.clone()),
        chain => Value::Array(chain.iter().cloned().map(Value::Bytes).collect()),
    };
    HeaderBuilder::new().value(HEADER_CERTIFICATES, value).build()
}

fn countersigned(headers: &Value) -> bool {
    let entries = headers.as_map().map(Vec::as_slice).unwrap_or_default();
    entries
        .iter()
        .any(|(label, _)| *label == Value::from(HEADER_COUNTERSIGNATURES))
}

fn algorithm_row(named: Option<&coset::Algorithm>) -> Result<Row, CoseError> {
    let number = match named {
        Some(RegisteredLabelWithPrivate::Assigned(assigned)) => assigned.to_i64(),
        Some(RegisteredLabelWithPrivate::PrivateUse(number)) => *number,
        Some(RegisteredLabelWithPrivate::Text(name)) => {
            return Err(CoseError::Algorithm {
                algorithm: name.clone(),
            });
        }
        None => {
            return Err(CoseError::Algorithm {
                algorithm: String::new(),
            });
        }
    };
    let row = ALGORITHMS.into_iter().find(|row| row.0 == number);
    row.ok_or_else(|| CoseError::Algorithm {
        algorithm: number.to_string(),
    })
}

fn to_bytes(message: CoseSign1) -> Vec<u8> {
    #[expect(
        clippy::expect_used,
        reason = "headers made by `protected_header` hold no label twice, the only failure"
    )]
    message
        .to_tagged_vec()
        .expect("headers without a repeated label encode")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{SoftwareKey, Suite};

    fn signed(suite: Suite) -> (SoftwareKey, Vec<u8>) {
        let key = SoftwareKey::generate(suite).unwrap();
        let message = sign(b"payload".to_vec(), Labels::default(), &key).unwrap();
        (key, message)
    }

    #[test]
    fn a_message_of_either_suite_verifies_and_names_its_key() {
        for suite in Suite::ALL {
            let (key, bytes) = signed(suite);
            let message = Sign1::parse(&bytes).unwrap();
            assert!(message.is_minimal(&bytes));
            assert_eq!(message.algorithm(), key.algorithm());
            assert_eq!(message.key_id(), KeyId::of(key.public_key()).0);
            assert_eq!(message.verify(key.public_key()), Ok(b"payload".as_slice()));
        }
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let (key, bytes) = signed(Suite::International);
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            let verified = Sign1::parse(&changed).and_then(|message| {
                let payload = message.verify(key.public_key())?;
                Ok(payload.to_vec())
            });
            assert!(verified.is_err(), "byte {position}");
        }
    }

    #[test]
    fn a_key_of_the_other_suite_says_that_the_algorithm_does_not_fit() {
        let (_, bytes) = signed(Suite::National);
        let other = SoftwareKey::generate(Suite::International).unwrap();
        let verified = Sign1::parse(&bytes)
            .unwrap()
            .verify(other.public_key())
            .map(<[u8]>::to_vec);
        assert_eq!(
            verified,
            Err(CoseError::Algorithm {
                algorithm: COSE_SM2_SM3.to_string()
            })
        );
    }

    #[test]
    fn certificates_travel_beside_the_payload() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let chain = [vec![1, 2], vec![3]];
        for count in 0..=2 {
            let labels = Labels {
                kind: Some("text/plain"),
                certificates: &chain[..count],
            };
            let bytes = sign(Vec::new(), labels, &key).unwrap();
            let message = Sign1::parse(&bytes).unwrap();
            assert_eq!(message.certificates(), &chain[..count]);
            assert_eq!(message.kind(), Some("text/plain"));
            assert!(message.verify(key.public_key()).is_ok());
            assert!(!message.is_minimal(&bytes));
        }
    }

    #[test]
    fn headers_above_their_budget_are_refused() {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let size = |bytes: usize| {
            let labels = Labels {
                kind: None,
                certificates: &[vec![0; bytes]],
            };
            Sign1::parse(&sign(Vec::new(), labels, &key).unwrap()).err()
        };
        assert_eq!(size(MAX_HEADER_BYTES - 100), None);
        assert!(matches!(size(MAX_HEADER_BYTES), Some(CoseError::HeadersTooLong { .. })));
    }

    #[test]
    fn countersignatures_and_critical_headers_are_refused() {
        let header = |label: i64| cbor::encode(&cbor::map([(1, (-7).into()), (label, Value::Array(vec![99.into()]))]));
        for label in [2, HEADER_COUNTERSIGNATURES] {
            let parts = [
                Value::Bytes(header(label)),
                cbor::map::<i64>([]),
                Value::Bytes(vec![]),
                Value::Bytes(vec![0; 64]),
            ];
            let bytes = cbor::encode(&Value::Array(parts.to_vec()));
            assert!(
                matches!(Sign1::parse(&bytes), Err(CoseError::Header | CoseError::NotSign1)),
                "label {label}"
            );
        }
    }

    #[test]
    fn an_algorithm_outside_the_table_is_named() {
        let header = cbor::encode(&cbor::map([(1, Value::from(-36))]));
        let parts = [
            Value::Bytes(header),
            cbor::map::<i64>([]),
            Value::Bytes(vec![]),
            Value::Bytes(vec![0; 64]),
        ];
        let error = Sign1::parse(&cbor::encode(&Value::Array(parts.to_vec()))).err();
        assert_eq!(
            error,
            Some(CoseError::Algorithm {
                algorithm: "-36".into()
            })
        );
    }
}
