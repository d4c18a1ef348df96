//! `CMSAlgorithmProtection` (RFC 6211): a signed copy of the algorithms, which stand in the message where nothing
//! covers them.

use super::{SignerFault, single};
use crate::asn1::oid;
use crate::asn1::read::{Reader, context};
use crate::asn1::write::SEQUENCE;
use crate::cms::parse::algorithm;
use crate::cms::{AlgorithmIdentifier, CmsError, SignerInfo};

/// The attribute's name in faults.
const NAME: &str = "CMSAlgorithmProtection";

impl SignerInfo {
    /// Where the attribute is there, it says the same as the signer (section 3).
    pub(super) fn check_protection(&self) -> Result<(), SignerFault> {
        let Some(value) = single(self.signed(oid::CMS_ALGORITHM_PROTECTION), NAME)? else {
            return Ok(());
        };
        let (digest, signature) = read(value).map_err(|source| SignerFault::Unreadable {
            attribute: NAME,
            source,
        })?;
        // Without the signature's, the attribute is that of an authenticated message (section 2).
        let is_same = is_same(&digest, &self.digest_algorithm)
            && signature.is_some_and(|signature| is_same(&signature, &self.signature_algorithm));
        if is_same {
            Ok(())
        } else {
            Err(SignerFault::AlgorithmProtection)
        }
    }
}

/// The digest algorithm, and that of the signature, which has the tag [1].
fn read(value: &[u8]) -> Result<(AlgorithmIdentifier, Option<AlgorithmIdentifier>), CmsError> {
    crate::asn1::read::sequence(value, |r| {
        let digest = algorithm(r)?;
        let mut signature = None;
        if r.next_is(context(1, true)) {
            let mut der = r.raw()?.to_vec();
            if let Some(tag) = der.first_mut() {
                *tag = SEQUENCE;
            }
            signature = Some(algorithm(&mut Reader::new(&der)?)?);
        }
        if r.next_is(context(2, true)) {
            r.raw()?;
        }
        Ok((digest, signature))
    })
}

/// Whether both are the same algorithm: absent parameters and NULL mean the same (RFC 5754 section 2).
fn is_same(one: &AlgorithmIdentifier, other: &AlgorithmIdentifier) -> bool {
    let bare = |algorithm: &AlgorithmIdentifier| {
        let der = algorithm.der.as_slice();
        der.strip_suffix(&[0x05, 0])
            .filter(|_| der.len() == algorithm.oid.as_bytes().len() + 6)
            .and_then(|without| without.get(2..))
            .unwrap_or_else(|| der.get(2..).unwrap_or_default())
            .to_vec()
    };
    one.oid == other.oid && bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::encode;

    #[test]
    fn null_and_absent_parameters_are_the_same_and_others_are_not() {
        let identifier = |parameters: &[u8]| AlgorithmIdentifier {
            oid: oid::SHA256_WITH_RSA,
            der: encode(|w| {
                w.sequence(|w| {
                    w.oid(oid::SHA256_WITH_RSA);
                    w.raw(parameters);
                });
            }),
        };
        assert!(is_same(&identifier(&[]), &identifier(&[0x05, 0])));
        assert!(is_same(&identifier(&[0x04, 2, 5, 0]), &identifier(&[0x04, 2, 5, 0])));
        assert!(!is_same(&identifier(&[0x04, 2, 5, 0]), &identifier(&[])));
    }
}
