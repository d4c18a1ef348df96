//! What a use case refuses, or could not do. Each refusal keeps the problem of the layer that found it; the interfaces
//! turn it into a status and a text.

use crate::ca::IssueError;
use crate::ca::cross::CrossError;
use crate::ca::ocsp::OcspError;
use crate::crypto::key::SigningError;
use crate::keystore::KeystoreError;
use crate::problem::{Explain, Problem};
use crate::service::actor::Denied;
use crate::sign::SignError;
use crate::store::{Conflict, StoreError};

/// Why a use case gave no result.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The actor may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Something named in the request is not there.
    #[error("{what} \"{key}\" is not known")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// What it was asked for by.
        key: String,
    },
    /// The request itself is wrong.
    #[error("{}", join(.0))]
    Refused(Vec<Problem>),
    /// The request is right and comes too late: something is already there, or in another state.
    #[error("{}", join(std::slice::from_ref(.0)))]
    Conflict(Problem),
    /// The service cannot do it now; trying again may help.
    #[error("{0}")]
    Unavailable(String),
    /// A device that holds a key is not there now; trying again once it is back will help.
    #[error("{}", join(std::slice::from_ref(.0)))]
    Absent(Problem),
    /// Something inside did not do what it must; the log has the particulars.
    #[error("{0}")]
    Internal(String),
}

/// What use cases return.
pub type ServiceResult<T> = Result<T, ServiceError>;

impl ServiceError {
    /// A refusal for one problem.
    pub fn refused(problem: Problem) -> Self {
        Self::Refused(vec![problem])
    }

    /// Something that is not known.
    pub fn not_found(what: &'static str, key: impl ToString) -> Self {
        Self::NotFound {
            what,
            key: key.to_string(),
        }
    }

    /// A refusal that explains itself.
    pub fn explained(error: impl Explain) -> Self {
        Self::Refused(error.problems())
    }

    /// A refusal under `code`, with the error's own words as its reason.
    pub fn refused_because(code: &'static str, error: impl std::fmt::Display) -> Self {
        Self::refused(Problem::new(code).param("reason", error))
    }

    /// Whether the same may go well another time: nothing is wrong with what was asked for.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Absent(_))
    }

    /// A failure inside.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl Explain for ServiceError {
    fn problems(&self) -> Vec<Problem> {
        match self {
            Self::Denied(denied) => vec![match denied {
                Denied::NotAuthenticated => Problem::new("not-authenticated"),
                Denied::Scope(scope) => Problem::new("denied-scope").param("scope", scope.name()),
                Denied::Authority(authority) => Problem::new("denied-authority").param("authority", authority),
                Denied::OperatorOnly => Problem::new("denied-operator-only"),
                Denied::TwoOfficers => Problem::new("denied-two-officers"),
                Denied::NotAnOfficer => Problem::new("officer-statement-missing"),
                Denied::OfficersOnly => Problem::new("denied-officers-only"),
                Denied::UnknownOfficer(key) => Problem::new("officer-unknown").param("key", key),
                Denied::RemovedOfficer(officer) => Problem::new("officer-removed").param("officer", officer),
                Denied::OfficerSignature => Problem::new("officer-signature"),
                Denied::OwnProposal => Problem::new("proposal-own"),
                Denied::NotProposer => Problem::new("proposal-not-proposer"),
            }],
            Self::NotFound { what, key } => vec![Problem::new("not-found").param("what", what).param("key", key)],
            Self::Refused(problems) => problems.clone(),
            Self::Conflict(problem) | Self::Absent(problem) => vec![problem.clone()],
            Self::Unavailable(_) => vec![Problem::new("unavailable")],
            Self::Internal(_) => vec![Problem::new("internal")],
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what, key } => Self::NotFound { what, key },
            StoreError::Conflict(conflict) => Self::Conflict(match conflict {
                Conflict::IdentifierIssued(identifier) => Problem::new("identifier-already-issued")
                    .field("identifier")
                    .param("value", identifier),
                Conflict::NumberUsed { number, serial } => Problem::new("number-already-used")
                    .field("number")
                    .param("value", number)
                    .param("serial", serial),
                Conflict::StateChanged {
                    what,
                    key,
                    expected,
                    found,
                } => Problem::new("state-changed")
                    .param("what", what)
                    .param("key", key)
                    .param("expected", expected)
                    .param("found", found),
                Conflict::Exists { what, key } => Problem::new("already-exists").param("what", what).param("key", key),
                Conflict::OtherContent { what, key } => {
                    Problem::new("other-content").param("what", what).param("key", key)
                }
                Conflict::KeyTakenOver(key) => Problem::new("idempotency-key-taken-over").param("key", key),
            }),
            StoreError::Unavailable(_) | StoreError::Interrupted => Self::Unavailable(error.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<crate::service::workers::BrokenOff> for ServiceError {
    fn from(error: crate::service::workers::BrokenOff) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<KeystoreError> for ServiceError {
    fn from(error: KeystoreError) -> Self {
        match error {
            KeystoreError::Token(error) if error.is_absence() => {
                Self::Absent(Problem::new("token-absent").param("reason", error))
            }
            other => Self::explained(other),
        }
    }
}

impl From<SigningError> for ServiceError {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::Token { absent: true, reason } => {
                Self::Absent(Problem::new("token-absent").param("reason", reason))
            }
            SigningError::Token { absent: false, reason } => {
                Self::refused(Problem::new("token-unusable").param("reason", reason))
            }
            SigningError::Failed => Self::internal(error),
        }
    }
}

impl From<SignError> for ServiceError {
    /// What a device says of itself counts before what it kept from being signed.
    fn from(error: SignError) -> Self {
        match error.key_failure() {
            Some(failure @ SigningError::Token { .. }) => failure.clone().into(),
            _ => Self::explained(error),
        }
    }
}

impl From<IssueError> for ServiceError {
    /// What whoever asks can mend is refused, the device and the random source have refusals of their own, and what we
    /// prepared or signed wrongly is a fault of ours.
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::SubjectPart { .. }
            | IssueError::AlternativeName { .. }
            | IssueError::OutsideIssuerValidity { .. }
            | IssueError::Build(_)
            | IssueError::Lint(_)
            | IssueError::SubjectKey(_) => Self::explained(error),
            IssueError::Signing(error) => error.into(),
            IssueError::Random(error) => error.into(),
            IssueError::IssuerKind { .. }
            | IssueError::IssuerKey(_)
            | IssueError::Profile(_)
            | IssueError::ReadBack(_)
            | IssueError::Differs { .. }
            | IssueError::WrongKey
            | IssueError::OwnSignature(_) => Self::internal(error),
        }
    }
}

impl From<CrossError> for ServiceError {
    fn from(error: CrossError) -> Self {
        match error {
            CrossError::Issue(error) => error.into(),
            other => Self::explained(other),
        }
    }
}

impl From<OcspError> for ServiceError {
    fn from(error: OcspError) -> Self {
        match error {
            OcspError::Signing(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

impl From<crate::crypto::RandomError> for ServiceError {
    fn from(error: crate::crypto::RandomError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// The codes and values of problems in one line, for logs.
fn join(problems: &[Problem]) -> String {
    let one = |problem: &Problem| {
        let field = problem
            .field
            .as_deref()
            .map(|field| format!("{field}: "))
            .unwrap_or_default();
        let params: Vec<String> = problem
            .params
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{field}{} {}", problem.code, params.join(" "))
            .trim_end()
            .to_owned()
    };
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ca::timestamp::TimeStampError;
    use crate::cms::build::BuildError;
    use crate::crypto::VerificationError;
    use crate::seal::SealError;
    use crate::x509::{ReadError, SignatureError};

    #[test]
    fn what_we_prepared_wrongly_is_no_refusal_of_what_was_asked() {
        for own in [
            IssueError::WrongKey,
            IssueError::IssuerKey(SignatureError::Verification(VerificationError::Mismatch)),
            IssueError::Differs { part: "subject" },
            IssueError::ReadBack(ReadError::TooLarge {
                what: "certificate",
                size: 2,
                limit: 1,
            }),
        ] {
            assert!(matches!(ServiceError::from(own), ServiceError::Internal(_)));
        }
        let asked = IssueError::AlternativeName {
            profile: "person".to_owned(),
            name: "DNS x".to_owned(),
        };
        let ServiceError::Refused(problems) = asked.into() else {
            panic!("whoever asks can mend it");
        };
        assert_eq!(problems[0].field.as_deref(), Some("alternative-name"));
    }

    #[test]
    fn a_device_that_has_gone_is_no_fault_of_the_document_whichever_key_it_holds() {
        let gone = |absent| SigningError::Token {
            absent,
            reason: "removed".to_owned(),
        };
        let signing = |absent| BuildError::Signing(gone(absent));
        for (away, broken) in [
            (SignError::Build(signing(true)), SignError::Build(signing(false))),
            (
                SignError::Seal(SealError::Signing(gone(true))),
                SignError::Seal(SealError::Signing(gone(false))),
            ),
            (
                SignError::TimeStamp(TimeStampError::Build(signing(true))),
                SignError::TimeStamp(TimeStampError::Build(signing(false))),
            ),
        ] {
            let away = ServiceError::from(away);
            assert!(away.is_transient(), "{away:?}");
            assert_eq!(away.problems()[0].code, "token-absent");
            let broken = ServiceError::from(broken);
            assert!(!broken.is_transient(), "{broken:?}");
            assert_eq!(broken.problems()[0].code, "token-unusable");
        }
        let other = ServiceError::from(SignError::Build(BuildError::Signing(SigningError::Failed)));
        assert_eq!(other.problems()[0].code, "signing-failed");
    }
}
