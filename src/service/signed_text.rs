//! Texts that are hashed and signed: canonical JSON (RFC 8785) and SHA-256.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::licence::canonical_json;

/// The canonical text of a value. What is signed here are structs of texts and whole numbers: `to_value` does not fail
/// on them.
pub(super) fn canonical(value: &impl Serialize) -> String {
    canonical_json::write(&serde_json::to_value(value).unwrap_or_default())
}

/// SHA-256 in hexadecimal.
pub(super) fn hash(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(&digest(bytes.as_ref()))
}

/// SHA-256.
pub(super) fn digest(bytes: &[u8]) -> [u8; 32] {
    DigestAlgorithm::Sha256.digest(bytes).first_32()
}

/// Base64 with padding (RFC 4648 section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads what [`base64`] wrote.
pub(super) fn unbase64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Octets that stand in such texts in base64, for `#[serde(with = …)]`.
pub(super) mod in_base64 {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::{base64, unbase64};

    pub(in crate::service) fn serialize<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64(octets))
    }

    pub(in crate::service) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        unbase64(&text).ok_or_else(|| D::Error::custom("not base64"))
    }
}
