//! What certificates, lists, responses and requests are alike in: an encoding of which one part is covered by a
//! signature (RFC 5280 sections 4.1.1 and 5.1.1, RFC 6960 section 4.2.1, RFC 2986 section 4.2).

use std::ops::Range;
use std::sync::OnceLock;

use crate::crypto::{
    AlgorithmError, Digest, DigestAlgorithm, KeyError, PublicKey, SignatureAlgorithm, VerificationError,
};

/// Longest signed part, in bytes, that is digested anew for each key that is tried: that takes no longer than what the
/// key does with the digest.
const DIGESTED_ANEW: usize = 16 << 10;

/// What has a signature that any number of keys may be tried on.
pub(crate) trait Signed {
    /// Its encoding with its parts.
    fn parts(&self) -> &SignedDer;
}

/// A whole encoding and where the three parts of a signed structure lie in it.
#[derive(Debug, Clone)]
pub(crate) struct SignedDer {
    der: Box<[u8]>,
    signed: Range<usize>,
    algorithm: Range<usize>,
    signature: Range<usize>,
    fingerprint: [u8; 32],
    /// That of a long signed part by the algorithm that is named, once it was asked for.
    digest: OnceLock<Digest>,
}

impl SignedDer {
    /// The encoding `der` with its parts, which are slices of it: the signed one, the `AlgorithmIdentifier` and the
    /// signature's octets.
    pub(super) fn new(der: &[u8], signed: &[u8], algorithm: &[u8], signature: &[u8]) -> Self {
        Self {
            signed: range_within(der, signed),
            algorithm: range_within(der, algorithm),
            signature: range_within(der, signature),
            fingerprint: DigestAlgorithm::Sha256.digest(der).first_32(),
            digest: OnceLock::new(),
            der: der.into(),
        }
    }

    /// The whole encoding.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// What the signature covers.
    pub(super) fn signed_part(&self) -> &[u8] {
        &self.der[self.signed.clone()]
    }

    /// The `AlgorithmIdentifier` of the signature.
    pub(super) fn algorithm(&self) -> &[u8] {
        &self.der[self.algorithm.clone()]
    }

    /// The signature's octets.
    pub(super) fn signature(&self) -> &[u8] {
        &self.der[self.signature.clone()]
    }

    /// SHA-256 of the whole encoding.
    pub(crate) fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// Checks that `key` made the signature.
    ///
    /// # Errors
    /// The algorithm is not known, does not fit the key, or the signature does not match.
    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), SignatureError> {
        let algorithm = SignatureAlgorithm::from_identifier(self.algorithm())?;
        let Some(by) = self.digested_once(algorithm) else {
            return Ok(key.verify(algorithm, self.signed_part(), self.signature())?);
        };
        let digest = self.digest.get_or_init(|| by.digest(self.signed_part()));
        Ok(key.verify_digest(algorithm, digest, self.signature())?)
    }

    /// Octets that are digested for each further key that is tried: none where one digest does for all.
    pub(crate) fn octets_of_each_key(&self) -> usize {
        match SignatureAlgorithm::from_identifier(self.algorithm()) {
            Ok(algorithm) if self.digested_once(algorithm).is_none() => self.signed_part().len(),
            _ => 0,
        }
    }

    /// The algorithm by which the signed part is digested once for all keys. `None` where it is short, or a key begins
    /// the digest with something of its own (SM2, Ed25519).
    fn digested_once(&self, algorithm: SignatureAlgorithm) -> Option<DigestAlgorithm> {
        let is_of_keys = algorithm == SignatureAlgorithm::Sm2Sm3;
        let is_once = !is_of_keys && self.signed_part().len() > DIGESTED_ANEW;
        algorithm.digest().filter(|_| is_once)
    }
}

/// A signature on a certificate, list, response or request that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The algorithm identifier names none of ours.
    #[error(transparent)]
    Algorithm(#[from] AlgorithmError),
    /// The key is of no kind that we know.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The signature does not match, or algorithm and key do not fit.
    #[error(transparent)]
    Verification(#[from] VerificationError),
}

impl SignatureError {
    /// Whether the signature was checked and does not match; otherwise it could not be checked.
    pub fn is_mismatch(&self) -> bool {
        matches!(self, Self::Verification(VerificationError::Mismatch))
    }
}

/// Where `part`, a slice of `whole`, lies in it.
pub(super) fn range_within(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = (part.as_ptr() as usize)
        .saturating_sub(whole.as_ptr() as usize)
        .min(whole.len());
    start..(start + part.len()).min(whole.len())
}
