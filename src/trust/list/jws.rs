//! Signed JSON: JWS (RFC 7515) in the compact and the flattened serialization, one signature over one payload.
//!
//! Algorithms are a table (RFC 7518 section 3.1, RFC 8037); SM2 has no registered name and takes one of ours that
//! cannot collide (RFC 7515 section 4.1.1). Written is the compact form with the certificate of the key, its digest and
//! the time of signing in the protected header, as JAdES baseline B wants it (ETSI TS 119 182-1). Left out: several
//! signatures, unprotected headers, detached and unencoded payloads; a critical header is refused.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ListError;
use crate::crypto::key::{Signer, SigningError};
use crate::crypto::{DigestAlgorithm, PublicKey, SignatureAlgorithm, VerificationError, pair};
use crate::x509::Certificate;

/// SM2 with SM3 (GB/T 32918.2, identifier `1234567812345678`); the signature is `r || s`, 64 bytes.
pub const JWS_SM2_SM3: &str = "urn:yinxin:jws:SM2-SM3";

/// Bytes that a signed list may have: a thousand entities of 8 KiB.
pub const MAX_LIST_BYTES: usize = 8 * 1024 * 1024;

/// Bytes that the protected header may take in base64: room for a chain of four certificates of 4 KiB.
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// A row: name, algorithm, bytes of each of `r` and `s` where the signature is that pair.
type Row = (&'static str, SignatureAlgorithm, Option<usize>);

/// RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2, and ours. The first row of an algorithm is the one
/// written.
const ALGORITHMS: [Row; 11] = [
    ("ES256", SignatureAlgorithm::EcdsaSha256, Some(32)),
    ("ES384", SignatureAlgorithm::EcdsaSha384, Some(48)),
    ("EdDSA", SignatureAlgorithm::Ed25519, None),
    ("Ed25519", SignatureAlgorithm::Ed25519, None),
    ("PS256", SignatureAlgorithm::RsaPssSha256, None),
    ("PS384", SignatureAlgorithm::RsaPssSha384, None),
    ("PS512", SignatureAlgorithm::RsaPssSha512, None),
    ("RS256", SignatureAlgorithm::RsaPkcs1Sha256, None),
    ("RS384", SignatureAlgorithm::RsaPkcs1Sha384, None),
    ("RS512", SignatureAlgorithm::RsaPkcs1Sha512, None),
    (JWS_SM2_SM3, SignatureAlgorithm::Sm2Sm3, Some(32)),
];

/// The protected header. Others than these say nothing that is needed (RFC 7515 section 4).
#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    x5t: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    x5c: Vec<String>,
    #[serde(default, skip_serializing)]
    crit: Option<serde_json::Value>,
}

/// The flattened serialization (RFC 7515 section 7.2.2).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Flattened {
    payload: String,
    protected: String,
    signature: String,
}

/// A message whose signature has not been verified.
#[derive(Debug, Clone)]
pub(super) struct Jws {
    /// `BASE64URL(header) . BASE64URL(payload)`.
    signing_input: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
    row: Row,
    key_id: Option<String>,
    certificates: Vec<Certificate>,
}

impl Jws {
    /// Reads a message in either serialization; white space around it does not count.
    ///
    /// # Errors
    /// Too long, not of either form, a header that is not supported.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, ListError> {
        if bytes.len() > MAX_LIST_BYTES {
            return Err(ListError::TooLong {
                bytes: bytes.len(),
                limit: MAX_LIST_BYTES,
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| not_signed("not text"))?.trim();
        if text.starts_with('{') {
            let parts: Flattened = serde_json::from_str(text).map_err(not_signed)?;
            return Self::of_parts(&parts.protected, &parts.payload, &parts.signature);
        }
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(protected), Some(payload), Some(signature), None) => Self::of_parts(protected, payload, signature),
            _ => Err(not_signed("not three parts between points")),
        }
    }

    fn of_parts(protected: &str, payload: &str, signature: &str) -> Result<Self, ListError> {
        if protected.len() > MAX_HEADER_BYTES {
            return Err(ListError::TooLong {
                bytes: protected.len(),
                limit: MAX_HEADER_BYTES,
            });
        }
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(not_signed);
        let header: Header = serde_json::from_slice(&decode(protected)?).map_err(not_signed)?;
        // RFC 7515 section 4.1.11: what must be understood and is not.
        if header.crit.is_some() {
            return Err(not_signed("critical headers are not supported"));
        }
        let row = ALGORITHMS
            .into_iter()
            .find(|(name, ..)| *name == header.alg)
            .ok_or_else(|| not_signed(format!("algorithm \"{}\" is not supported", header.alg)))?;
        Ok(Self {
            payload: decode(payload)?,
            signature: decode(signature)?,
            signing_input: format!("{protected}.{payload}"),
            row,
            certificates: header
                .x5c
                .iter()
                .map(|text| certificate(text))
                .collect::<Result<_, _>>()?,
            key_id: header.kid,
        })
    }

    /// The payload, which nothing vouches for yet.
    pub(super) fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The key that it names.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The certificate of the key and its chain, where it carries them: hints alone.
    pub(super) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// How it says it is signed.
    pub(super) fn algorithm(&self) -> SignatureAlgorithm {
        self.row.1
    }

    /// Verifies the signature with `key`.
    ///
    /// # Errors
    /// [`ListError::Signature`], or `NotSigned` where algorithm and key do not go together.
    pub(super) fn verify(&self, key: &PublicKey) -> Result<(), ListError> {
        let (name, algorithm, scalar_len) = self.row;
        let der = match scalar_len {
            Some(len) => Some(pair::to_der(&self.signature, len).ok_or(ListError::Signature)?),
            None => None,
        };
        let signature = der.as_deref().unwrap_or(&self.signature);
        match key.verify(algorithm, self.signing_input.as_bytes(), signature) {
            Ok(()) => Ok(()),
            Err(VerificationError::Mismatch) => Err(ListError::Signature),
            Err(VerificationError::Unsupported(_)) => Err(not_signed(format!(
                "algorithm {name} does not go with the signer's key"
            ))),
        }
    }

    /// The compact serialization.
    pub(super) fn compact(&self) -> String {
        format!(
            "{}.{}",
            self.signing_input,
            BASE64_URL_SAFE_NO_PAD.encode(&self.signature)
        )
    }
}

/// Signs `payload` into the compact form; `certificates` are the signer's own and its chain.
///
/// # Errors
/// A key that signs in a way that is not in the table, or does not answer.
pub(super) fn sign(
    payload: &[u8],
    key_id: String,
    certificates: &[Certificate],
    time: DateTime<Utc>,
    signer: &dyn Signer,
) -> Result<String, SigningError> {
    let algorithm = signer.algorithm();
    let row = ALGORITHMS.into_iter().find(|row| row.1 == algorithm);
    let (name, _, scalar_len) = row.ok_or(SigningError::Failed)?;
    let own = certificates.first();
    let header = Header {
        alg: name.to_owned(),
        typ: Some("JWT".to_owned()),
        kid: Some(key_id),
        iat: Some(time.timestamp()),
        x5t: own.map(|own| BASE64_URL_SAFE_NO_PAD.encode(DigestAlgorithm::Sha256.digest(own.der()).as_ref())),
        x5c: certificates
            .iter()
            .map(|one| BASE64_STANDARD.encode(one.der()))
            .collect(),
        crit: None,
    };
    let header = serde_json::to_vec(&header).map_err(|_| SigningError::Failed)?;
    let signing_input = format!(
        "{}.{}",
        BASE64_URL_SAFE_NO_PAD.encode(header),
        BASE64_URL_SAFE_NO_PAD.encode(payload)
    );
    let signature = signer.sign(signing_input.as_bytes())?;
    let signature = match scalar_len {
        Some(len) => pair::from_der(&signature, len).ok_or(SigningError::Failed)?,
        None => signature,
    };
    Ok(format!("{signing_input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

/// A certificate in base64, as JSON holds it.
pub(super) fn certificate(base64: &str) -> Result<Certificate, ListError> {
    let der = BASE64_STANDARD
        .decode(base64)
        .map_err(|_| ListError::value("certificate", base64))?;
    Certificate::from_der(&der).map_err(|error| ListError::value("certificate", error))
}

fn not_signed(reason: impl ToString) -> ListError {
    ListError::NotSigned {
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{SoftwareKey, Suite};

    fn signed(suite: Suite) -> (SoftwareKey, String) {
        let key = SoftwareKey::generate(suite).unwrap();
        let time = "2026-05-28T12:00:00Z".parse().unwrap();
        let message = sign(b"{\"a\":1}", "key".into(), &[], time, &key).unwrap();
        (key, message)
    }

    fn with_header(message: &str, header: &str) -> String {
        let rest = message.split_once('.').unwrap().1;
        format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header))
    }

    fn reason(message: &str) -> String {
        match Jws::parse(message.as_bytes()) {
            Err(ListError::NotSigned { reason }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_message_of_either_suite_verifies_in_either_form() {
        for suite in Suite::ALL {
            let (key, compact) = signed(suite);
            let message = Jws::parse(format!("{compact}\n").as_bytes()).unwrap();
            assert_eq!(message.verify(key.public_key()), Ok(()));
            assert_eq!((message.payload(), message.key_id()), (&b"{\"a\":1}"[..], Some("key")));
            assert_eq!(message.algorithm(), key.algorithm());
            assert_eq!(message.compact(), compact);
            let parts: Vec<_> = compact.split('.').collect();
            let flattened = serde_json::json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]});
            let flattened = Jws::parse(flattened.to_string().as_bytes()).unwrap();
            assert_eq!(flattened.verify(key.public_key()), Ok(()));
            let stranger = SoftwareKey::generate(suite).unwrap();
            assert_eq!(message.verify(stranger.public_key()), Err(ListError::Signature));
        }
    }

    #[test]
    fn a_key_of_another_algorithm_does_not_go_with_the_message() {
        let (_, message) = signed(Suite::International);
        let national = SoftwareKey::generate(Suite::National).unwrap();
        let message = Jws::parse(message.as_bytes()).unwrap();
        let refused = message.verify(national.public_key());
        assert!(matches!(refused, Err(ListError::NotSigned { .. })), "{refused:?}");
    }

    #[test]
    fn no_algorithm_is_an_unsupported_one() {
        let (_, message) = signed(Suite::International);
        assert!(reason(&with_header(&message, r#"{"alg":"none"}"#)).contains("none"));
        assert!(reason(&with_header(&message, "{}")).contains("alg"));
        assert!(reason(&with_header(&message, r#"{"alg":"ES256","alg":"ES256"}"#)).contains("duplicate"));
    }

    #[test]
    fn a_critical_header_is_refused() {
        let (_, message) = signed(Suite::International);
        let header = r#"{"alg":"ES256","crit":["b64"],"b64":false}"#;
        assert!(reason(&with_header(&message, header)).contains("critical"));
    }

    #[test]
    fn what_is_not_three_parts_of_base64_is_refused() {
        let (_, message) = signed(Suite::International);
        for broken in [
            "",
            "a.b",
            &format!("{message}.x"),
            &format!("{message}="),
            &message.replace('.', ". "),
        ] {
            assert!(Jws::parse(broken.as_bytes()).is_err(), "{broken}");
        }
        assert!(reason(r#"{"payload":"","protected":"","signature":"","header":{}}"#).contains("unknown field"));
    }

    #[test]
    fn budgets_of_message_and_header_are_reached() {
        let bytes = MAX_LIST_BYTES + 1;
        let limit = MAX_LIST_BYTES;
        assert_eq!(
            Jws::parse(&vec![b'a'; bytes]).err(),
            Some(ListError::TooLong { bytes, limit })
        );
        let (bytes, limit) = (MAX_HEADER_BYTES + 1, MAX_HEADER_BYTES);
        let message = format!("{}.a.a", "a".repeat(bytes));
        assert_eq!(
            Jws::parse(message.as_bytes()).err(),
            Some(ListError::TooLong { bytes, limit })
        );
    }
}
