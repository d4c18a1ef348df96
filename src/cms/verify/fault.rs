//! Why a signer is not accepted: one variant a condition.

use der::asn1::ObjectIdentifier;

use crate::cms::CmsError;
use crate::crypto::{AlgorithmError, DigestAlgorithm, KeyError, SignatureAlgorithm, VerificationError, unverified};

/// Why a signer is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerFault {
    /// Not exactly one SignerInfo (ETSI EN 319 142-1 section 6.2.1).
    #[error("{0} signers where exactly one is required")]
    SignerCount(usize),
    /// No signed attributes (EN 319 142-1 section 6.3).
    #[error("the signer has no signed attributes")]
    NoSignedAttributes,
    /// A required attribute is not there.
    #[error("signed attribute {0} is missing")]
    Missing(&'static str),
    /// An attribute or its value is there more than once, or without value (RFC 5652 section 11).
    #[error("signed attribute {0} does not have exactly one value")]
    NotSingle(&'static str),
    /// An attribute's value is not of its type.
    #[error("signed attribute {attribute} cannot be read: {source}")]
    Unreadable {
        /// The attribute, as the standard names it.
        attribute: &'static str,
        /// Why.
        source: CmsError,
    },
    /// `contentType` is not the type of the content (RFC 5652 section 11.1).
    #[error("content type {found} is signed where the message says {expected}")]
    ContentType {
        /// What the attribute says.
        found: ObjectIdentifier,
        /// What the message says.
        expected: ObjectIdentifier,
    },
    /// The message holds no certificate that the signer names.
    #[error("the signer's certificate is not in the message")]
    CertificateMissing,
    /// The certificate is not the one that the signer named (RFC 5035 section 4).
    #[error("the certificate is not the one that the signer named")]
    CertificateDiffers,
    /// Digest algorithm that is not known: nothing can be said.
    #[error("digest algorithm {} is not supported", unverified::describe(.0))]
    UnknownDigest(ObjectIdentifier),
    /// Signature algorithm that is not known: nothing can be said.
    #[error(transparent)]
    UnknownAlgorithm(#[from] AlgorithmError),
    /// Without signed attributes, the signature algorithm digests otherwise than is said.
    #[error("signature algorithm {} does not go with digest algorithm {}", signature.name(), digest.name())]
    AlgorithmsDisagree {
        /// The signer's digest algorithm.
        digest: DigestAlgorithm,
        /// The signer's signature algorithm.
        signature: SignatureAlgorithm,
    },
    /// `CMSAlgorithmProtection` names other algorithms than the signer (RFC 6211 section 3).
    #[error("the algorithms are not those that CMSAlgorithmProtection signs")]
    AlgorithmProtection,
    /// The key in the certificate cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// `messageDigest` is not the digest of the content: the content was changed.
    #[error("the digest of the content is not the signed one")]
    MessageDigest,
    /// Whoever judges allows no more checks.
    #[error("the signature was not checked")]
    Unchecked,
    /// The signature value does not fit, or cannot be checked with this key.
    #[error(transparent)]
    Signature(#[from] VerificationError),
}
