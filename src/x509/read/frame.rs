//! The outer structure that certificates, lists and requests share: SEQUENCE { signed part, algorithm, BIT STRING }
//! (RFC 5280 section 4.1.1).

use crate::asn1::walk::{self, Element};
use crate::x509::ReadError;
use crate::x509::signed::SignedDer;

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;

/// Refuses input that is larger than `limit` bytes or not one whole element of DER; gives that element.
pub(in crate::x509) fn whole(der: &[u8], what: &'static str, limit: usize) -> Result<Element, ReadError> {
    if der.len() > limit {
        return Err(ReadError::TooLarge {
            what,
            size: der.len(),
            limit,
        });
    }
    walk::check(der).map_err(|cause| ReadError::Malformed { what, cause })
}

/// Where the three parts lie in the input.
pub(in crate::x509) struct Frame {
    /// The signed part.
    pub(in crate::x509) signed: Element,
    /// The `AlgorithmIdentifier` beside the signature.
    algorithm: Element,
    /// The signature's octets, without the count of unused bits.
    signature: (usize, usize),
}

impl Frame {
    /// Walks the whole input and finds the parts.
    pub(in crate::x509) fn read(der: &[u8], what: &'static str, limit: usize) -> Result<Self, ReadError> {
        let root = whole(der, what, limit)?;
        let parts: Vec<Element> = walk::children(der, root).take(4).collect();
        let [signed, algorithm, signature] = parts[..] else {
            return Err(ReadError::Structure {
                what,
                part: "it does not have three parts",
            });
        };
        if root.tag != SEQUENCE || signed.tag != SEQUENCE || algorithm.tag != SEQUENCE || signature.tag != BIT_STRING {
            return Err(ReadError::Structure {
                what,
                part: "its parts are of the wrong types",
            });
        }
        // A signature is a whole number of octets: the first content octet counts unused bits.
        if signature.value(der).first() != Some(&0) {
            return Err(ReadError::Structure {
                what,
                part: "signatureValue has unused bits",
            });
        }
        Ok(Self {
            signed,
            algorithm,
            signature: (signature.content + 1, signature.end),
        })
    }

    /// The encoding `der`, which is the one that was read, with its parts.
    pub(in crate::x509) fn signed_der(&self, der: &[u8]) -> SignedDer {
        let signature = &der[self.signature.0..self.signature.1];
        SignedDer::new(der, self.signed.bytes(der), self.algorithm.bytes(der), signature)
    }

    /// Refuses another algorithm in the signed part than outside (RFC 5280 sections 4.1.1.2 and 5.1.1.2).
    /// `before` counts the parts in front of it.
    pub(in crate::x509) fn check_inner_algorithm(&self, der: &[u8], before: usize) -> Result<(), ReadError> {
        match walk::children(der, self.signed).nth(before) {
            Some(inner) if inner.bytes(der) == self.algorithm.bytes(der) => Ok(()),
            _ => Err(ReadError::AlgorithmMismatch),
        }
    }
}
