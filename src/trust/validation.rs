//! The verdict on a certificate, in the words of ETSI EN 319 102-1.

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use super::{Reason, Recognition, RevocationEvidence};
use crate::x509::Certificate;

/// Main indication (ETSI EN 319 102-1 section 5.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indication {
    /// PASSED.
    Passed,
    /// INDETERMINATE: what is at hand does not suffice for either.
    Indeterminate(SubIndication),
    /// FAILED.
    Failed(SubIndication),
}

impl Indication {
    /// The sub-indication; none when passed.
    pub fn sub_indication(self) -> Option<SubIndication> {
        match self {
            Self::Passed => None,
            Self::Indeterminate(sub) | Self::Failed(sub) => Some(sub),
        }
    }
}

/// Sub-indications that a certificate can have (ETSI EN 319 102-1 tables 5 and 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubIndication {
    /// The path breaks a rule of RFC 5280 section 6.
    CertificateChainGeneralFailure,
    /// The certificate is not for this purpose, or its authority is not recognised for it.
    ChainConstraintsFailure,
    /// An algorithm or key was no longer trusted at the proven time.
    CryptoConstraintsFailure,
    /// An algorithm or key is no longer trusted, and nothing proves that the signature is older.
    CryptoConstraintsFailureNoPoe,
    /// Proved to be signed after the certificate expired.
    Expired,
    /// No path leads to a recognised authority.
    NoCertificateChainFound,
    /// Proved to be signed before the certificate began.
    NotYetValid,
    /// Outside of the certificate's validity, as far as is proved.
    OutOfBoundsNoPoe,
    /// Proved to be signed after the certificate was revoked.
    Revoked,
    /// A certificate of an authority is revoked, and nothing proves that the signature is older.
    RevokedCaNoPoe,
    /// The certificate is revoked, and nothing proves that the signature is older.
    RevokedNoPoe,
    /// Fresh revocation data would decide.
    TryLater,
}

impl SubIndication {
    /// Its spelling in the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CryptoConstraintsFailure => "CRYPTO_CONSTRAINTS_FAILURE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::Expired => "EXPIRED",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::Revoked => "REVOKED",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::TryLater => "TRY_LATER",
        }
    }
}

/// A path that was tried and failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Subjects, the target first, as far as it went.
    pub subjects: Vec<String>,
    /// Its most fundamental failure.
    pub reason: Reason,
}

/// What it cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// Signatures checked, of certificates and lists; those remembered are not counted.
    pub signature_checks: u32,
    /// Certificates looked at as issuers.
    pub candidates: u32,
}

/// The verdict, with everything that led to it.
#[derive(Debug, Clone)]
pub struct Validation {
    /// The verdict.
    pub indication: Indication,
    /// The path that was judged, target first, anchor last; the target alone when none was found.
    pub path: Vec<Certificate>,
    /// Name of the anchor in the recognition list.
    pub anchor: Option<String>,
    /// The recognition that it rests on, at the time that counts for it; `None` where there was none.
    pub recognition: Option<Recognition>,
    /// Whether the path ends in an authority of whoever judges, and every authority on it is one of theirs.
    pub is_own: bool,
    /// Why it is not passed, most fundamental first; empty when passed.
    pub reasons: Vec<Reason>,
    /// What a reader should know although it does not decide.
    pub notes: Vec<Reason>,
    /// Revocation data used, in the order of the path; the anchor has none.
    pub revocation: Vec<RevocationEvidence>,
    /// User-constrained policy set: policies, in the anchor's terms, that hold along the path (RFC 5280 section 6.1.6).
    pub policies: Vec<ObjectIdentifier>,
    /// Other paths that were tried.
    pub attempts: Vec<Attempt>,
    /// The present, as given.
    pub time: DateTime<Utc>,
    /// The time at which the signature is proved to have existed, as given.
    pub proven_at: Option<DateTime<Utc>>,
    /// The last moment at which the whole path could still be relied on (ETSI EN 319 102-1 section 5.6.2.2): the
    /// present, unless something has come since.
    pub control_time: DateTime<Utc>,
    /// Sequence number of the recognition list.
    pub list_sequence: Option<u64>,
    /// What it cost.
    pub effort: Effort,
}

impl Validation {
    /// Whether the certificate can be relied on.
    pub fn is_passed(&self) -> bool {
        self.indication == Indication::Passed
    }

    /// Whether a path was found on which something that counts was said of the revocation of everybody, whatever that
    /// is, and whatever else is wrong with it.
    pub fn is_revocation_known(&self) -> bool {
        let is_unknown = |reason: &Reason| {
            matches!(
                reason,
                Reason::NoRevocationData { .. }
                    | Reason::StaleRevocationData { .. }
                    | Reason::RevocationDataNotProven { .. }
                    | Reason::BudgetExhausted { .. }
            )
        };
        // Of a path that another reason refuses, revocation may not even have been asked.
        let is_asked = self.revocation.len() + 1 >= self.path.len();
        self.anchor.is_some() && is_asked && !self.reasons.iter().any(is_unknown)
    }
}
