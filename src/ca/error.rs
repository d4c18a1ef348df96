//! What can go wrong while certificates are issued and revoked.

use chrono::{DateTime, Utc};

use super::lint::Finding;
use crate::clock::rfc3339;
use crate::crypto::RandomError;
use crate::crypto::key::SigningError;
use crate::problem::{Explain, Problem};
use crate::x509::build::BuildError;
use crate::x509::{ReadError, RevocationReason, SignatureError};

/// A profile that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, an unknown key, or a key missing.
    #[error("certificate profile \"{profile}\" cannot be read: {reason}")]
    Syntax {
        /// The profile.
        profile: String,
        /// What the TOML reader says, with line and column.
        reason: String,
    },
    /// A name that none of the tables has.
    #[error("certificate profile \"{profile}\" names the unknown {kind} \"{name}\"")]
    UnknownName {
        /// The profile.
        profile: String,
        /// `key usage`, `purpose`, `policy`, `network` and so on.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A field that certificates of this kind cannot have.
    #[error("certificate profile \"{profile}\" says {field}, which its certificates cannot have")]
    Misplaced {
        /// The profile.
        profile: String,
        /// The field.
        field: &'static str,
    },
    /// Certificates that would never, or for longer than thirty years, be valid.
    #[error("certificate profile \"{profile}\" has a validity of {days} days, not 1 to {limit}")]
    Validity {
        /// The profile.
        profile: String,
        /// What it says.
        days: u32,
        /// The longest that is allowed, in days.
        limit: u32,
    },
}

/// A certificate that was not issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// The profile asks for a part of the subject that the order does not have.
    #[error("profile \"{profile}\" needs the subject's {part}")]
    SubjectPart {
        /// The profile.
        profile: String,
        /// The part, as in the profile.
        part: &'static str,
    },
    /// A name of the subject, in `subjectAltName`, of a form that the profile has not.
    #[error("profile \"{profile}\" has no alternative name such as {name}")]
    AlternativeName {
        /// The profile.
        profile: String,
        /// The name.
        name: String,
    },
    /// A certificate that starts outside of its issuer's validity.
    #[error(
        "the certificate would start at {not_before}, outside of its issuer's validity that ends {issuer_not_after}"
    )]
    OutsideIssuerValidity {
        /// Its start.
        not_before: DateTime<Utc>,
        /// The end of the issuer's certificate.
        issuer_not_after: DateTime<Utc>,
    },
    /// A self-signed profile with an issuer, or another without one.
    #[error("profile \"{profile}\" does not fit the issuer: self-signed must be {self_signed}")]
    IssuerKind {
        /// The profile.
        profile: String,
        /// What the profile says.
        self_signed: bool,
    },
    /// The profile cannot be read.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A name or value that cannot be written.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// What was written cannot be read by the other parser.
    #[error("the prepared certificate cannot be read back: {0}")]
    ReadBack(ReadError),
    /// What was read back is not what was meant.
    #[error("the prepared certificate reads back with another {part}")]
    Differs {
        /// The field.
        part: &'static str,
    },
    /// Rules of the profile or the standard that the certificate would break.
    #[error("the prepared certificate breaks {} rules, first {}", .0.len(), .0.first().map_or("none", |finding| finding.rule))]
    Lint(Vec<Finding>),
    /// The key offered for signing is not the one that the certificate was prepared for.
    #[error("the key offered for signing is not the issuer's")]
    WrongKey,
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// The signature just made does not verify.
    #[error("the signature just made does not verify: {0}")]
    OwnSignature(SignatureError),
    /// The request or key of the subject is not acceptable.
    #[error("the subject's key is not accepted: {0}")]
    SubjectKey(SignatureError),
    /// The key in the issuer's own certificate cannot be used.
    #[error("the key in the issuer's certificate cannot be used: {0}")]
    IssuerKey(SignatureError),
    /// No random serial number.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl Explain for IssueError {
    fn problems(&self) -> Vec<Problem> {
        let problem = match self {
            Self::SubjectPart { profile, part } => Problem::new("certificate-subject-part")
                .field(*part)
                .param("profile", profile),
            Self::AlternativeName { profile, name } => Problem::new("certificate-alternative-name")
                .field("alternative-name")
                .param("profile", profile)
                .param("value", name),
            Self::OutsideIssuerValidity {
                not_before,
                issuer_not_after,
            } => Problem::new("certificate-outside-issuer-validity")
                .param("not_before", rfc3339(*not_before))
                .param("issuer_not_after", rfc3339(*issuer_not_after)),
            Self::Build(error) => Problem::new("certificate-subject-unwritable").param("reason", error),
            Self::SubjectKey(error) => Problem::new("certificate-key-refused").param("reason", error),
            Self::Lint(findings) => {
                return findings
                    .iter()
                    .map(|finding| {
                        Problem::new("certificate-rule")
                            .param("rule", finding.rule)
                            .param("clause", finding.clause)
                            .param("value", &finding.value)
                    })
                    .collect();
            }
            other => Problem::new("certificate-not-issued").param("reason", other),
        };
        vec![problem]
    }
}

/// A revocation that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevokeError {
    /// A reason that this kind of certificate cannot be revoked for.
    #[error("a certificate of this kind is not revoked for {}", .0.name())]
    Reason(RevocationReason),
    /// An invalidity date after the revocation.
    #[error("the certificate would have become invalid at {invalidity_date}, after its revocation at {revoked_at}")]
    InvalidityDate {
        /// When it is said to have become invalid.
        invalidity_date: DateTime<Utc>,
        /// When it is revoked.
        revoked_at: DateTime<Utc>,
    },
}

impl Explain for RevokeError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Reason(reason) => Problem::new("revocation-reason")
                .field("reason")
                .param("value", reason.name()),
            Self::InvalidityDate {
                invalidity_date,
                revoked_at,
            } => Problem::new("revocation-invalidity-date")
                .field("invalidity_date")
                .param("value", rfc3339(*invalidity_date))
                .param("revoked_at", rfc3339(*revoked_at)),
        }]
    }
}
