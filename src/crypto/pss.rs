//! `RSASSA-PSS-params` (RFC 8017 appendix A.2.3): which digest, which mask and how much salt a signature of RSA-PSS
//! has.

use der::asn1::{AnyRef, UintRef};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use spki::AlgorithmIdentifierRef;

use super::DigestAlgorithm;
use crate::asn1::oid;
use crate::asn1::write::{context, encode};

/// Longest salt that is read, in bytes: no longer than the longest digest by RFC 8017 section 9.1, notes; some
/// producers take all the room that a modulus of 8192 bits leaves.
const MAX_SALT: u32 = 1024;

/// The parameters of one signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PssParameters {
    /// Digest of the message.
    pub digest: DigestAlgorithm,
    /// Digest of the mask generation function MGF1.
    pub mask: DigestAlgorithm,
    /// Length of the salt in bytes.
    pub salt: u16,
}

impl PssParameters {
    /// As they are usual: the mask by the same digest, a salt as long as it.
    pub fn usual(digest: DigestAlgorithm) -> Self {
        Self {
            digest,
            mask: digest,
            salt: digest.len() as u16,
        }
    }

    /// Reads them; what is left out is SHA-1, MGF1 with SHA-1, and 20 bytes of salt. `None` for digests, masks or
    /// trailers that are not known.
    pub(super) fn read(parameters: AnyRef<'_>) -> Option<Self> {
        if parameters.tag() != Tag::Sequence {
            return None;
        }
        let mut read = Self::usual(DigestAlgorithm::Sha1);
        let mut reader = SliceReader::new(parameters.value()).ok()?;
        let mut last = None;
        while !reader.is_finished() {
            let field = AnyRef::decode(&mut reader).ok()?;
            let Tag::ContextSpecific {
                constructed: true,
                number,
            } = field.tag()
            else {
                return None;
            };
            // Each once, in their order.
            if last.replace(number).is_some_and(|last| last >= number) {
                return None;
            }
            match number {
                TagNumber(0) => read.digest = digest(field.value())?,
                TagNumber(1) => read.mask = mask(field.value())?,
                TagNumber(2) => read.salt = salt(field.value())?,
                TagNumber(3) => (UintRef::from_der(field.value()).ok()?.as_bytes() == [1]).then_some(())?,
                _ => return None,
            }
        }
        Some(read)
    }

    /// Their DER, with nothing left out.
    pub(super) fn to_der(self) -> Vec<u8> {
        let digest = |digest: DigestAlgorithm| {
            encode(|w| {
                w.sequence(|w| {
                    w.oid(digest.oid());
                    w.raw(&[0x05, 0]);
                });
            })
        };
        encode(|w| {
            w.sequence(|w| {
                w.constructed(context(0), |w| w.raw(&digest(self.digest)));
                w.constructed(context(1), |w| {
                    w.sequence(|w| {
                        w.oid(oid::MGF1);
                        w.raw(&digest(self.mask));
                    });
                });
                w.constructed(context(2), |w| w.unsigned(self.salt.into()));
            });
        })
    }
}

fn digest(der: &[u8]) -> Option<DigestAlgorithm> {
    DigestAlgorithm::from_oid(&AlgorithmIdentifierRef::from_der(der).ok()?.oid)
}

fn mask(der: &[u8]) -> Option<DigestAlgorithm> {
    let function = AlgorithmIdentifierRef::from_der(der).ok()?;
    let inner = function.parameters?.to_der().ok()?;
    (function.oid == oid::MGF1).then(|| digest(&inner)).flatten()
}

fn salt(der: &[u8]) -> Option<u16> {
    let length = u32::from_der(der).ok()?;
    (length <= MAX_SALT).then(|| u16::try_from(length).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(der: &[u8]) -> Option<PssParameters> {
        PssParameters::read(AnyRef::from_der(der).unwrap())
    }

    #[test]
    fn parameters_read_back_and_what_is_left_out_is_sha_1() {
        let odd = PssParameters {
            digest: DigestAlgorithm::Sha3_384,
            mask: DigestAlgorithm::Sha256,
            salt: 300,
        };
        assert_eq!(read(&odd.to_der()), Some(odd));
        let left_out = read(&[0x30, 0]).unwrap();
        assert_eq!(left_out, PssParameters::usual(DigestAlgorithm::Sha1));
        assert_eq!(left_out.salt, 20);
    }

    #[test]
    fn a_doubled_field_an_odd_trailer_and_a_salt_beyond_the_limit_are_not_read() {
        let salt = |length: u64| {
            encode(|w| {
                w.sequence(|w| {
                    w.constructed(context(2), |w| w.unsigned(length));
                });
            })
        };
        assert!(read(&salt(u64::from(MAX_SALT))).is_some());
        assert_eq!(read(&salt(u64::from(MAX_SALT) + 1)), None);
        assert_eq!(read(&[0x30, 10, 0xa2, 3, 2, 1, 20, 0xa2, 3, 2, 1, 32]), None);
        assert_eq!(read(&[0x30, 5, 0xa3, 3, 2, 1, 2]), None);
        assert_eq!(read(&[0x05, 0]), None);
    }
}
