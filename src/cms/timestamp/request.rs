//! TimeStampReq (RFC 3161 section 2.4.1).

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::{Imprint, bounded_integer, version_1};
use crate::asn1::read::{self, context};
use crate::asn1::write::{self, encode};
use crate::cms::CmsError;

/// What a client asks of a time-stamping authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampRequest {
    /// What is to be stamped.
    pub imprint: Imprint,
    /// The policy under which the stamp is wanted.
    pub policy: Option<ObjectIdentifier>,
    /// Content octets of the INTEGER that the answer must repeat.
    pub nonce: Option<Vec<u8>>,
    /// Whether the answer is to carry the authority's certificate.
    pub cert_req: bool,
    /// Whether extensions were asked for; none is supported.
    pub has_extensions: bool,
}

impl TimeStampRequest {
    /// A request with its certificate, under any policy.
    pub fn new(imprint: Imprint, nonce: Option<[u8; 8]>) -> Self {
        // A first octet below 0x40 and above zero keeps the INTEGER positive and minimal.
        let nonce = nonce.map(|[first, rest @ ..]| [&[first & 0x3f | 0x01][..], &rest].concat());
        Self {
            imprint,
            policy: None,
            nonce,
            cert_req: true,
            has_extensions: false,
        }
    }

    /// Reads a request.
    ///
    /// # Errors
    /// When it is not a TimeStampReq of version 1, or has data after its end.
    pub fn parse(der: &[u8]) -> Result<Self, CmsError> {
        read::sequence(der, |r| {
            version_1(r, "TimeStampReq.version")?;
            let imprint = Imprint::read(r)?;
            let policy = r.next_is(Tag::ObjectIdentifier).then(|| r.oid()).transpose()?;
            let nonce = r
                .next_is(Tag::Integer)
                .then(|| bounded_integer(r, "nonce in octets"))
                .transpose()?;
            let cert_req = r.next_is(Tag::Boolean) && r.boolean()?;
            let has_extensions = r.next_is(context(0, true));
            if has_extensions {
                r.raw()?;
            }
            Ok(Self {
                imprint,
                policy,
                nonce,
                cert_req,
                has_extensions,
            })
        })
        .map_err(|error: CmsError| error.named("TimeStampReq"))
    }

    /// Its DER, without extensions.
    pub fn to_der(&self) -> Vec<u8> {
        encode(|w| {
            w.sequence(|w| {
                w.unsigned(1);
                w.raw(self.imprint.der());
                if let Some(policy) = self.policy {
                    w.oid(policy);
                }
                if let Some(nonce) = &self.nonce {
                    w.primitive(write::INTEGER, nonce);
                }
                if self.cert_req {
                    w.boolean_true();
                }
            });
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::DigestAlgorithm;

    #[test]
    fn a_request_reads_back_as_it_was_made() {
        let imprint = Imprint::of(DigestAlgorithm::Sm3, b"abc");
        let request = TimeStampRequest::new(imprint, Some([0xff; 8]));
        assert_eq!(TimeStampRequest::parse(&request.to_der()), Ok(request));
    }

    #[test]
    fn a_request_of_another_version_is_refused() {
        let mut der = TimeStampRequest::new(Imprint::of(DigestAlgorithm::Sha256, b""), None).to_der();
        der[4] = 2;
        assert!(matches!(TimeStampRequest::parse(&der), Err(CmsError::Value { .. })));
    }
}
