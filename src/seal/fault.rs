//! What fails when a seal or a signature with it is verified: one variant a condition, in the order of GB/T 38540.

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use crate::crypto::{KeyError, VerificationError};

/// A condition of verification that does not hold. Paths of certificates are judged by `trust`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// The certificate given is not the one in the signature.
    #[error("the signer's certificate is not the one in the signature")]
    OtherSigner,
    /// The key in the signer's certificate cannot be used.
    #[error("the signer's key: {0}")]
    SignerKey(KeyError),
    /// The signature value does not fit what was to be signed.
    #[error("the signature with the seal: {0}")]
    Signature(VerificationError),
    /// The signer's certificate is not in the seal's list.
    #[error("the signer's certificate is not in the list of the seal")]
    SignerNotListed,
    /// The list is by digests of an algorithm that is not known.
    #[error("the seal lists its signers by \"{0}\", which is not supported")]
    UnknownListDigest(String),
    /// The seal given as verified is not the one in the signature.
    #[error("the seal in the signature is not the one that was verified")]
    OtherSeal,
    /// The certificate given is not that of the seal's maker.
    #[error("the maker's certificate is not the one in the seal")]
    OtherMaker,
    /// The key in the maker's certificate cannot be used.
    #[error("the seal maker's key: {0}")]
    MakerKey(KeyError),
    /// The maker's signature does not fit the seal.
    #[error("the seal maker's signature: {0}")]
    MakerSignature(VerificationError),
    /// The seal was not valid yet when it was used.
    #[error("the seal is valid from {valid_from}, after {at}")]
    NotYetValid {
        /// First moment.
        valid_from: DateTime<Utc>,
        /// The moment asked about.
        at: DateTime<Utc>,
    },
    /// The seal was no longer valid when it was used.
    #[error("the seal was valid until {valid_until}, before {at}")]
    Expired {
        /// Last moment.
        valid_until: DateTime<Utc>,
        /// The moment asked about.
        at: DateTime<Utc>,
    },
    /// The digest of the document is not the signed one.
    #[error("the digest of the document is not the sealed one")]
    DataHash,
    /// The protected range that is stated is not the one that was digested.
    #[error("the seal protects \"{found}\", not \"{expected}\"")]
    Property {
        /// What the signature states.
        found: String,
        /// What was digested.
        expected: String,
    },
    /// An extension of the seal or of the signature asks of who does not know it that the seal be refused.
    #[error("the critical extension {0} is not known")]
    CriticalExtension(ObjectIdentifier),
    /// The seal names its owner by several codes, or by one of other characters than codes have.
    #[error("the seal does not name its owner by one credit code")]
    Owners,
}
