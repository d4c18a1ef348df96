//! Time-stamp messages (RFC 3161, RFC 5816): request, the information that is stamped, token and response.
//!
//! Requests and responses are read and made; a token is judged by [`TimeStampToken::verify`] against a certificate that
//! the caller trusts for time stamping. The authority that answers requests is `ca::timestamp`. Left out: the
//! transports of RFC 3161 section 3 other than HTTP, and extensions, which no authority in use asks for.

mod info;
mod request;
mod response;
mod token;

pub use info::{Accuracy, TstInfo};
pub use request::TimeStampRequest;
pub use response::{FailureInfo, Refusal, TimeStampResponse};
pub use token::{TimeStampFault, TimeStampToken, VerifiedStamp};

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::CmsError;
use super::parse::algorithm;
use crate::asn1::read::{self, Reader};
use crate::asn1::write::encode;
use crate::crypto::{Digest, DigestAlgorithm};

/// MessageImprint: the digest of what is stamped (RFC 3161 section 2.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// Algorithm of the digest.
    pub algorithm: ObjectIdentifier,
    /// The digest.
    pub hash: Vec<u8>,
    /// As received or first written: an authority repeats it unchanged.
    der: Vec<u8>,
}

impl Imprint {
    /// The imprint of a digest.
    pub fn new(algorithm: DigestAlgorithm, digest: &Digest) -> Self {
        let der = encode(|w| {
            w.sequence(|w| {
                w.sequence(|w| w.oid(algorithm.oid()));
                w.octet_string(digest.as_ref());
            });
        });
        Self {
            algorithm: algorithm.oid(),
            hash: digest.as_ref().to_vec(),
            der,
        }
    }

    /// The imprint of `data`.
    pub fn of(algorithm: DigestAlgorithm, data: &[u8]) -> Self {
        Self::new(algorithm, &algorithm.digest(data))
    }

    /// Its digest algorithm, where it is known and the digest has its length.
    pub fn known_algorithm(&self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_oid(&self.algorithm).filter(|algorithm| algorithm.len() == self.hash.len())
    }

    /// Whether both are the same digest, however their parameters are written.
    pub fn matches(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.hash == other.hash
    }

    /// Its DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, CmsError> {
        let der = r.raw_of(Tag::Sequence)?;
        read::sequence(der, |r| {
            let algorithm = algorithm(r)?.oid;
            Ok(Self {
                algorithm,
                hash: r.octet_string()?.to_vec(),
                der: der.to_vec(),
            })
        })
    }
}

/// Longest nonce and serial number, in octets, that is read. RFC 3161 section 2.4.2 asks for 20 in serial numbers.
const MAX_INTEGER_LEN: usize = 64;

/// Content octets of an INTEGER within the budget.
fn bounded_integer(r: &mut Reader<'_>, what: &'static str) -> Result<Vec<u8>, CmsError> {
    let bytes = r.integer_bytes()?;
    CmsError::budget(what, bytes.len(), MAX_INTEGER_LEN)?;
    Ok(bytes.to_vec())
}

/// The version of requests and of stamped information, which is 1.
fn version_1(r: &mut Reader<'_>, field: &'static str) -> Result<(), CmsError> {
    match r.small_unsigned()? {
        1 => Ok(()),
        found => Err(CmsError::Value {
            field,
            found: found.to_string(),
            rule: "only version 1 is defined (RFC 3161)",
        }),
    }
}
