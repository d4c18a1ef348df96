//! Why an authority is not certified.

use chrono::{DateTime, Utc};

use crate::ca::ConstraintError;
use crate::ca::IssueError;
use crate::clock::rfc3339;
use crate::problem::{Explain, Problem};
use crate::x509::{ReadError, SignatureError};

/// A cross-certificate that is not made, or not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrossError {
    /// What was handed over is neither a certificate nor a request.
    #[error("neither a certificate nor a certification request: {0}")]
    Unreadable(ReadError),
    /// It may not sign certificates.
    #[error("{0} is no certification authority")]
    NotAuthority(String),
    /// Its certificate has not begun or has ended.
    #[error("the certificate of {subject} is valid from {not_before} to {not_after}, not now")]
    NotValidNow {
        /// Whose.
        subject: String,
        /// Its beginning.
        not_before: DateTime<Utc>,
        /// Its end.
        not_after: DateTime<Utc>,
    },
    /// Its key is too weak, or of no kind that is supported.
    #[error("the key of {subject} is not accepted: {reason}")]
    WeakKey {
        /// Whose.
        subject: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It is not shown that the partner holds the key.
    #[error("the partner does not show that it holds its key: {0}")]
    Possession(SignatureError),
    /// An empty name.
    #[error("the partner's authority has no name")]
    NoName,
    /// The key is one of ours.
    #[error("the key of {0} is one of our own")]
    OwnKey(String),
    /// The name is one of ours, or lies under an organisation of ours.
    #[error("the name {name} lies in our own name space {own}")]
    OwnName {
        /// What is claimed.
        name: String,
        /// What is ours.
        own: String,
    },
    /// The name lies among those of another partner's authorities.
    #[error("the name {name} overlaps {other} of the partner \"{partner}\"")]
    Overlap {
        /// What is claimed.
        name: String,
        /// The other's authority.
        other: String,
        /// The other partner.
        partner: String,
    },
    /// A policy that is no object identifier.
    #[error("policy \"{0}\" is no object identifier")]
    Policy(String),
    /// No policy at all: nothing would be recognised.
    #[error("the terms name no policy")]
    NoPolicy,
    /// anyPolicy as a policy or in a mapping.
    #[error("anyPolicy is neither recognised nor mapped")]
    AnyPolicy,
    /// A mapping of a policy that the certificate does not have.
    #[error("policy {0} is mapped and not among the policies of the terms")]
    MappingOfOther(String),
    /// A name constraint that cannot be read.
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    /// Too many policies, mappings or names.
    #[error("{items} items stand in one list of the terms; at most {limit} are allowed")]
    TooMany {
        /// How many there are.
        items: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A validity of no days or of too many.
    #[error("a cross-certificate is valid for 1 to {limit} days, not {days}")]
    Validity {
        /// What the terms say.
        days: u32,
        /// The longest that is allowed.
        limit: u32,
    },
    /// A path length that the issuer's own certificate, or the format, does not allow.
    #[error("{asked} authorities may not follow: the issuer allows {allowed}")]
    PathLength {
        /// What the terms say.
        asked: u32,
        /// The most that is possible.
        allowed: u32,
    },
    /// A certificate handed over as one for our authority that is none.
    #[error("the certificate is not for {0} with its key")]
    NotForUs(String),
    /// A certificate for our authority that another authority issued.
    #[error("the certificate was not issued by {partner}: {reason}")]
    NotByPartner {
        /// Who should have.
        partner: String,
        /// What is wrong.
        reason: String,
    },
    /// It cannot be issued.
    #[error(transparent)]
    Issue(#[from] IssueError),
}

impl Explain for CrossError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Unreadable(error) => Problem::new("cross-unreadable").param("reason", error),
            Self::NotAuthority(subject) => Problem::new("not-an-authority").param("subject", subject),
            Self::NotValidNow {
                subject,
                not_before,
                not_after,
            } => Problem::new("cross-not-valid-now")
                .param("subject", subject)
                .param("not_before", rfc3339(*not_before))
                .param("not_after", rfc3339(*not_after)),
            Self::WeakKey { subject, reason } => Problem::new("cross-weak-key")
                .param("subject", subject)
                .param("reason", reason),
            Self::Possession(error) => Problem::new("cross-possession").param("reason", error),
            Self::NoName => Problem::new("cross-no-name"),
            Self::OwnKey(subject) => Problem::new("cross-own-key").param("subject", subject),
            Self::OwnName { name, own } => Problem::new("cross-own-name").param("name", name).param("own", own),
            Self::Overlap { name, other, partner } => Problem::new("cross-overlap")
                .param("name", name)
                .param("other", other)
                .param("partner", partner),
            Self::Policy(policy) => Problem::new("cross-policy").field("policies").param("value", policy),
            Self::NoPolicy => Problem::new("cross-no-policy").field("policies"),
            Self::AnyPolicy => Problem::new("cross-any-policy").field("policies"),
            Self::MappingOfOther(policy) => Problem::new("cross-mapping-of-other")
                .field("mappings")
                .param("value", policy),
            Self::Constraint(error) => return error.problems(),
            Self::TooMany { items, limit } => Problem::new("cross-too-many")
                .param("count", items)
                .param("limit", limit),
            Self::Validity { days, limit } => Problem::new("cross-validity")
                .field("validityDays")
                .param("value", days)
                .param("limit", limit),
            Self::PathLength { asked, allowed } => Problem::new("cross-path-length")
                .field("pathLength")
                .param("value", asked)
                .param("limit", allowed),
            Self::NotForUs(subject) => Problem::new("cross-not-for-us").param("subject", subject),
            Self::NotByPartner { partner, reason } => Problem::new("cross-not-by-partner")
                .param("partner", partner)
                .param("reason", reason),
            Self::Issue(error) => return error.problems(),
        }]
    }
}
