//! Certificates alone: the degenerate SignedData without content and without signers (RFC 5652 section 5.1, RFC 8551
//! section 3.2.2), as authorities publish it for `authorityInfoAccess` and `subjectInfoAccess` (RFC 5280 section
//! 4.2.2).

use crate::asn1::oid;
use crate::asn1::write::{self, context, encode};

/// A bundle of certificates, each in DER; nothing vouches for it.
pub fn certificates_only<T: AsRef<[u8]>>(certificates: &[T]) -> Vec<u8> {
    encode(|w| {
        w.sequence(|w| {
            w.oid(oid::ID_SIGNED_DATA);
            w.constructed(context(0), |w| {
                w.sequence(|w| {
                    // Version 1: no other kinds of certificates, and plain data (RFC 5652 section 5.1).
                    w.unsigned(1);
                    w.constructed(write::SET, |_| {});
                    w.sequence(|w| w.oid(oid::ID_DATA));
                    w.set_of(context(0), certificates);
                    w.constructed(write::SET, |_| {});
                });
            });
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::SignedData;
    use crate::cms::testing::certificate;
    use crate::crypto::key::{SoftwareKey, Suite};

    #[test]
    fn a_bundle_reads_back_with_its_certificates_and_without_signers() {
        let made = Suite::ALL.map(|suite| {
            let key = SoftwareKey::generate(suite).unwrap();
            certificate(&key, suite.name(), None).der().to_vec()
        });
        let read = SignedData::parse(&certificates_only(&made)).unwrap();
        assert_eq!((read.certificates.len(), read.signers.len()), (2, 0));
        assert_eq!(read.content, None);
        assert!(made.iter().all(|one| read.certificates.contains(one)));
    }
}
