//! Why a document is not signed.

use chrono::{DateTime, Utc};

use super::{DocumentFault, SignatureForm};
use crate::ca::timestamp::TimeStampError;
use crate::cms::CmsError;
use crate::cms::build::BuildError;
use crate::crypto::key::SigningError;
use crate::pdf::PdfError;
use crate::pdf::append::WriteError;
use crate::problem::{Explain, Problem};
use crate::seal::{SealError, SealFault};

/// A document that is not signed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// A certificate is not valid at the time of signing.
    #[error("the certificate of {subject} is valid from {not_before} to {not_after}, not at {at}")]
    CertificateNotValid {
        /// Common name of its subject.
        subject: String,
        /// First moment.
        not_before: DateTime<Utc>,
        /// Last moment.
        not_after: DateTime<Utc>,
        /// Time of signing.
        at: DateTime<Utc>,
    },
    /// A certificate's key may not sign documents (RFC 5280 section 4.2.1.3).
    #[error("the certificate of {0} does not allow digitalSignature or nonRepudiation")]
    KeyUsage(String),
    /// The form of signature that was asked for is for keys of another kind.
    #[error("a signature of the form {} needs an SM2 key, and this one signs by {algorithm}", .form.name())]
    FormOfOtherKeys {
        /// What was asked for.
        form: SignatureForm,
        /// Algorithm of the key.
        algorithm: &'static str,
    },
    /// Signer and seal are not of the same organisation.
    #[error("the signer is {signer}, the seal's signer {sealer}, the seal of {owner}")]
    OwnersDiffer {
        /// Credit code in the certificate of the document signature.
        signer: String,
        /// Credit code in the certificate of the seal signature.
        sealer: String,
        /// Credit code in the seal.
        owner: String,
    },
    /// The seal may not be used.
    #[error(transparent)]
    SealNotUsable(#[from] SealFault),
    /// The signature with the seal cannot be made.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The signature cannot be made.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The time stamp was refused.
    #[error(transparent)]
    TimeStamp(#[from] TimeStampError),
    /// The time stamp cannot be read.
    #[error("the time stamp: {0}")]
    TimeStampUnreadable(#[from] CmsError),
    /// The time stamp is of something else.
    #[error("the time stamp is not of this signature")]
    TimeStampOfAnother,
    /// The document cannot be read.
    #[error(transparent)]
    Unreadable(#[from] PdfError),
    /// The document may not be signed, or not as it was asked for.
    #[error(transparent)]
    Document(#[from] DocumentFault),
    /// An entry of the document to which a signature is added is of another kind than it should be.
    #[error("the document has no usable /{0}")]
    Structure(&'static str),
    /// The revision cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The random source failed.
    #[error(transparent)]
    Random(#[from] crate::crypto::RandomError),
}

impl SignError {
    /// What kept a key from signing, where that is why.
    pub fn key_failure(&self) -> Option<&SigningError> {
        match self {
            Self::Seal(SealError::Signing(error))
            | Self::Build(BuildError::Signing(error))
            | Self::TimeStamp(TimeStampError::Build(BuildError::Signing(error))) => Some(error),
            _ => None,
        }
    }
}

impl Explain for SignError {
    fn problems(&self) -> Vec<Problem> {
        let problem = match self {
            Self::CertificateNotValid {
                subject,
                not_before,
                not_after,
                at,
            } => Problem::new("signer-certificate-not-valid")
                .param("subject", subject)
                .param("not_before", not_before)
                .param("not_after", not_after)
                .param("at", at),
            Self::KeyUsage(subject) => Problem::new("signer-key-usage").param("subject", subject),
            Self::FormOfOtherKeys { form, algorithm } => Problem::new("signature-form-of-other-keys")
                .field("form")
                .param("form", form.name())
                .param("algorithm", algorithm),
            Self::OwnersDiffer { signer, sealer, owner } => Problem::new("seal-of-another-organisation")
                .param("signer", signer)
                .param("sealer", sealer)
                .param("owner", owner),
            Self::SealNotUsable(fault) => seal_problem(fault),
            Self::Seal(error) => return error.problems(),
            Self::Build(_) | Self::Random(_) => Problem::new("signing-failed"),
            Self::TimeStamp(_) | Self::TimeStampUnreadable(_) | Self::TimeStampOfAnother => {
                Problem::new("time-stamp-failed")
            }
            Self::Unreadable(error) => return error.problems(),
            Self::Document(fault) => return fault.problems(),
            Self::Structure(entry) => Problem::new("document-structure").param("entry", entry),
            Self::Write(_) => Problem::new("document-not-extendable"),
        };
        vec![problem.param("detail", self)]
    }
}

/// What keeps a seal from being used before a signature is made with it.
fn seal_problem(fault: &SealFault) -> Problem {
    match fault {
        SealFault::NotYetValid { valid_from, .. } => Problem::new("seal-not-yet-valid").param("valid_from", valid_from),
        SealFault::Expired { valid_until, .. } => Problem::new("seal-expired").param("valid_until", valid_until),
        SealFault::SignerNotListed => Problem::new("seal-signer-not-listed"),
        _ => Problem::new("seal-not-usable"),
    }
}
