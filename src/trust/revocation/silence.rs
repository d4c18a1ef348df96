//! Why nothing is known about the revocation of a certificate: what is wrong with the lists and responses that could
//! have told.

use chrono::{DateTime, Utc};

use crate::clock::rfc3339;
use crate::problem::Problem;
use crate::x509::SignatureError;

/// Why a list, a response, or the want of both tells nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// No list at hand.
    #[error("there is no list of its issuer")]
    NoList,
    /// What is wrong with the last list that was asked.
    #[error(transparent)]
    List(#[from] ListFault),
    /// What is wrong with the last response that was asked.
    #[error("the response does not count: {0}")]
    Response(#[from] ResponseFault),
    /// RFC 6960 section 2.2, `unknown`.
    #[error("the responder does not know the certificate")]
    Unknown,
}

/// Why a revocation list tells nothing about a certificate (RFC 5280 section 6.3.3).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// Only changes are at hand.
    #[error("there is a delta list, and not the complete one that it continues")]
    DeltaAlone,
    /// Entries may be taken off after expiry (RFC 5280 section 5).
    #[error("the list was made after the certificate had expired")]
    AfterExpiry,
    /// Together the lists do not speak for every reason.
    #[error("the lists speak for some reasons of revocation only")]
    SomeReasons,
    /// Made later than now.
    #[error("the list is of {0}, in the future")]
    Future(DateTime<Utc>),
    /// Section 5.2.
    #[error("the list has the critical extension {0}, which is not processed here")]
    Extension(String),
    /// Section 5, for those who issue lists.
    #[error("the list does not conform to RFC 5280 section {clause}: {rule}")]
    Form {
        /// The clause.
        clause: &'static str,
        /// What it asks for.
        rule: &'static str,
    },
    /// (b) (1).
    #[error("the list is not an indirect one")]
    Direct,
    /// (b) (2) (i).
    #[error("the list is of another distribution point")]
    OtherPoint,
    /// (b) (2) (ii) to (iv).
    #[error("the list does not cover certificates of this kind")]
    OtherKind,
    /// (g).
    #[error("the signature of the list does not hold: {0}")]
    Signature(SignatureError),
    /// (f), keyUsage.
    #[error("its signer's key may not sign lists")]
    SignerUsage,
    /// (f), the path.
    #[error("no path of its own leads to its signer, {0}")]
    SignerPath(String),
    /// Nobody is known who could have signed it.
    #[error("there is no certificate of its signer")]
    SignerMissing,
}

/// Why a status response tells nothing about a certificate (RFC 6960 sections 3.2 and 4.2.2.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseFault {
    /// A critical extension.
    #[error("the response has the critical extension {0}, which is not processed here")]
    Extension(String),
    /// Made later than now.
    #[error("the response is of {0}, in the future")]
    Future(DateTime<Utc>),
    /// Nobody is known who could have signed it.
    #[error("its signer is neither the issuer nor known")]
    SignerMissing,
    /// Signed by another key.
    #[error("its signature does not hold")]
    Signature,
    /// `id-kp-OCSPSigning` is missing.
    #[error("its signer is not certified for status responses")]
    SignerPurpose,
    /// keyUsage.
    #[error("its signer's key may not sign responses")]
    SignerUsage,
    /// Delegation cannot be checked.
    #[error("the issuer's key is not supported")]
    IssuerKey,
    /// Delegation by somebody else.
    #[error("its signer was not certified by the issuer")]
    SignerIssuer,
    /// The signer's certificate cannot be relied on, in the words of the path.
    #[error("{0}")]
    SignerUnfit(String),
    /// The signer was revoked, or nothing recent says otherwise.
    #[error("its signer is revoked, or its state out of date")]
    SignerRevoked,
    /// What would clear the signer is not proved, or that the response existed while the signer's certificate was
    /// valid.
    #[error("nothing proves that its signer could be relied on then")]
    SignerUnproven,
    /// Nothing is known about the signer.
    #[error("nothing is known about the revocation of its signer: {0}")]
    SignerSilent(Box<Silence>),
}

impl Silence {
    /// Adds why to a problem: its name, and the value that its text quotes.
    pub(in crate::trust) fn tell(&self, problem: Problem) -> Problem {
        let problem = problem.param("why", self.name());
        match self {
            Self::List(ListFault::Future(time)) | Self::Response(ResponseFault::Future(time)) => {
                problem.param("value", rfc3339(*time))
            }
            Self::List(ListFault::Extension(value) | ListFault::SignerPath(value))
            | Self::Response(ResponseFault::Extension(value)) => problem.param("value", value),
            Self::List(ListFault::Form { clause, .. }) => problem.param("value", clause),
            _ => problem,
        }
    }

    /// The name of its text, behind `why-`.
    fn name(&self) -> &'static str {
        match self {
            Self::NoList => "no-list",
            Self::Unknown => "responder-unknowing",
            Self::List(fault) => match fault {
                ListFault::DeltaAlone => "delta-alone",
                ListFault::AfterExpiry => "list-after-expiry",
                ListFault::SomeReasons => "list-some-reasons",
                ListFault::Future(_) => "list-of-the-future",
                ListFault::Extension(_) => "list-extension",
                ListFault::Form { .. } => "list-form",
                ListFault::Direct => "list-direct",
                ListFault::OtherPoint => "list-other-point",
                ListFault::OtherKind => "list-other-kind",
                ListFault::Signature(_) => "list-signature",
                ListFault::SignerUsage => "list-signer-usage",
                ListFault::SignerPath(_) => "list-signer-path",
                ListFault::SignerMissing => "list-signer-missing",
            },
            Self::Response(fault) => match fault {
                ResponseFault::Extension(_) => "response-extension",
                ResponseFault::Future(_) => "response-of-the-future",
                ResponseFault::SignerMissing => "response-signer-missing",
                ResponseFault::Signature => "response-signature",
                ResponseFault::SignerPurpose => "response-signer-purpose",
                ResponseFault::SignerUsage => "response-signer-usage",
                ResponseFault::IssuerKey => "response-issuer-key",
                ResponseFault::SignerIssuer => "response-signer-issuer",
                ResponseFault::SignerUnfit(_) => "response-signer-unfit",
                ResponseFault::SignerRevoked => "response-signer-revoked",
                ResponseFault::SignerUnproven => "response-signer-unproven",
                ResponseFault::SignerSilent(_) => "response-signer-silent",
            },
        }
    }
}
