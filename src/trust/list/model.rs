//! What a recognition list says: the model of ETSI TS 119 602 with what we add to it.
//!
//! Added are the digest of the list before, a stable identifier of each entity, the regions whose authorities it
//! certifies, bounds for its certificates (RFC 5937), the table of assurance levels, and both dates of each decision.

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use super::History;
use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::licence::region::RegionCode;
use crate::trust::{PolicySettings, Service};
use crate::x509::{Certificate, NameConstraints};

/// SHA-256 of the signed content of a list: names one list in the chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ListDigest(pub [u8; 32]);

/// SHA-256 of a key's `SubjectPublicKeyInfo`: names who signs lists. Of the key and not of a certificate, so that a
/// renewed certificate leaves it as it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SignerId(pub [u8; 32]);

/// A text in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Chinese.
    pub zh: String,
    /// English; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

/// A list of recognised authorities.
#[derive(Debug, Clone, PartialEq)]
pub struct RecognitionList {
    /// Who makes it.
    pub operator: Names,
    /// What it is called.
    pub name: Names,
    /// ISO 3166 code of the territory in which it holds.
    pub territory: String,
    /// Where it is published.
    pub location: String,
    /// Number of the list, from 1, one more with each.
    pub sequence: u64,
    /// The list before; `None` for the first alone.
    pub previous: Option<ListDigest>,
    /// When it was made, in whole seconds.
    pub issued: DateTime<Utc>,
    /// When the next is due at the latest, in whole seconds.
    pub next_update: DateTime<Utc>,
    /// Whose keys may sign the next list: more than one while the signer changes.
    pub signers: Vec<Certificate>,
    /// Lists of others.
    pub pointers: Vec<Pointer>,
    /// The authorities, in the order of their identifiers.
    pub entities: Vec<Entity>,
}

/// A list that somebody else makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Pointer {
    /// Where it is published.
    pub location: String,
    /// Who makes it.
    pub operator: Names,
    /// Who may sign it.
    pub signers: Vec<Certificate>,
}

/// The entity of whoever makes the list.
pub const OWN_ENTITY: &str = "own";

/// An authority that is or was recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Its identifier in the list, which never changes: `chifeng-ca`.
    pub id: String,
    /// What it is called.
    pub names: Names,
    /// What its certificates are held to.
    pub bounds: Bounds,
    /// How its levels of assurance count here.
    pub mappings: Vec<AssuranceMapping>,
    /// What it does.
    pub services: Vec<EntityService>,
}

/// What the certificates of an entity are held to (RFC 5937).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounds {
    /// Regions whose authorities it certifies; all where none is named.
    pub regions: Vec<RegionCode>,
    /// Names below it.
    pub names: Option<NameConstraints>,
    /// How many authorities that are not self-issued may follow.
    pub path_length: Option<u32>,
    /// Policies, in its own terms.
    pub policies: PolicySettings,
}

/// One row of the table of assurance levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssuranceMapping {
    /// Its policy.
    pub from: ObjectIdentifier,
    /// Ours.
    pub to: ObjectIdentifier,
    /// Who approved it.
    pub approved_by: String,
    /// When, in whole seconds.
    pub approved_at: DateTime<Utc>,
}

/// What an entity is recognised for, with which certificates, and since when.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityService {
    /// For what.
    pub service: Service,
    /// The certificate of the authority. One that it had before is a service of its own.
    pub certificate: Certificate,
    /// How it stands and stood.
    pub history: History,
}

impl ListDigest {
    /// The digest of the signed content of a list.
    pub fn of(content: &[u8]) -> Self {
        Self(DigestAlgorithm::Sha256.digest(content).first_32())
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl SignerId {
    /// The name of the key of a certificate.
    pub fn of(certificate: &Certificate) -> Self {
        Self(*certificate.key_identity().as_bytes())
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl TryFrom<String> for SignerId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::from_hex(&text).ok_or_else(|| format!("\"{text}\" is not 64 hexadecimal digits"))
    }
}

impl From<SignerId> for String {
    fn from(id: SignerId) -> Self {
        id.to_string()
    }
}

impl Names {
    /// A text in both languages.
    pub fn new(zh: &str, en: &str) -> Self {
        Self {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}

impl RecognitionList {
    /// The entity of that identifier.
    pub fn entity(&self, id: &str) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.id == id)
    }

    /// Whether its successor is due at `now`.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        self.next_update <= now
    }
}

impl Entity {
    /// The services that the certificate stands for.
    pub fn services_of<'a>(&'a self, certificate: &'a Certificate) -> impl Iterator<Item = &'a EntityService> {
        self.services
            .iter()
            .filter(move |service| service.certificate.fingerprint() == certificate.fingerprint())
    }
}

macro_rules! hexadecimal {
    ($($kind:ty)+) => {$(
        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                hex::write(f, &self.0)
            }
        }

        impl std::fmt::Debug for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
    )+};
}

hexadecimal!(ListDigest SignerId);

/// The octets of the one form in which they stand in lists.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    hex::decode_array(text).filter(|octets| hex::encode(octets) == text)
}
