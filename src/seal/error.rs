//! Why a seal or a signature with it cannot be made or read.

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use super::SealVersion;
use crate::crypto::key::SigningError;
use crate::problem::{Explain, Problem};

/// A seal object that is not what it should be. What fails on verification is a [`super::SealFault`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not the DER of the named structure.
    #[error("{structure} cannot be read: {source}")]
    Malformed {
        /// The ASN.1 type, as the standard names it.
        structure: &'static str,
        /// Where and how it departs.
        source: der::Error,
    },
    /// A version that is known and not made.
    #[error("seals of version {} are not made", .0.number())]
    Version(SealVersion),
    /// A version that no standard defines.
    #[error("seal version {0} is not defined")]
    UnknownVersion(u32),
    /// A text field that must be ASCII, or not empty, is not.
    #[error("{field} \"{value}\" {rule}")]
    Text {
        /// The field, as the standard names it.
        field: &'static str,
        /// What it holds.
        value: String,
        /// What is asked of it.
        rule: &'static str,
    },
    /// The validity ends before it begins.
    #[error("the seal is valid from {valid_from} to {valid_until}, which is before")]
    Dates {
        /// First moment.
        valid_from: DateTime<Utc>,
        /// Last moment.
        valid_until: DateTime<Utc>,
    },
    /// No certificate may sign with the seal.
    #[error("no certificate may sign with the seal")]
    NoSigners,
    /// A budget is reached.
    #[error("{what} is {found}, more than {limit}")]
    TooMuch {
        /// What was counted, with its unit.
        what: &'static str,
        /// How much there is.
        found: usize,
        /// How much is accepted.
        limit: usize,
    },
    /// The key is not an SM2 key (GB/T 38540: SM2 with SM3).
    #[error("a key of {0} cannot make seals or sign with them")]
    Key(&'static str),
    /// The certificate is of another key.
    #[error("the certificate is not of the signing key")]
    OtherKey,
    /// An algorithm other than SM2 with SM3.
    #[error("seal signature algorithm {0} is not supported")]
    Algorithm(ObjectIdentifier),
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// The structure of an error that does not yet know better.
const SEAL: &str = "seal";

impl SealError {
    pub(super) fn named(self, structure: &'static str) -> Self {
        match self {
            Self::Malformed {
                structure: SEAL,
                source,
            } => Self::Malformed { structure, source },
            other => other,
        }
    }

    pub(super) fn budget(what: &'static str, found: usize, limit: usize) -> Result<(), Self> {
        if found > limit {
            Err(Self::TooMuch { what, found, limit })
        } else {
            Ok(())
        }
    }
}

impl From<der::Error> for SealError {
    fn from(source: der::Error) -> Self {
        Self::Malformed {
            structure: SEAL,
            source,
        }
    }
}

impl Explain for SealError {
    fn problems(&self) -> Vec<Problem> {
        let problem = match self {
            Self::Malformed { structure, .. } => Problem::new("seal-malformed").param("structure", structure),
            Self::Version(version) => Problem::new("seal-version").param("version", version.number()),
            Self::UnknownVersion(version) => Problem::new("seal-version").param("version", version),
            Self::Text { field, value, rule } => Problem::new("seal-text")
                .field(*field)
                .param("value", value)
                .param("rule", rule),
            Self::Dates {
                valid_from,
                valid_until,
            } => Problem::new("seal-dates")
                .field("valid_until")
                .param("valid_from", valid_from)
                .param("valid_until", valid_until),
            Self::NoSigners => Problem::new("seal-without-signers").field("signers"),
            Self::TooMuch { what, found, limit } => Problem::new("seal-too-large")
                .param("what", what)
                .param("found", found)
                .param("limit", limit),
            Self::Key(algorithm) => Problem::new("seal-key").param("algorithm", algorithm),
            Self::OtherKey => Problem::new("seal-certificate-of-other-key"),
            Self::Algorithm(oid) => Problem::new("seal-algorithm").param("algorithm", oid),
            Self::Signing(_) => Problem::new("signing-failed"),
        };
        vec![problem]
    }
}
