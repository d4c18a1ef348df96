//! The two certificates between two authorities as one record: `crossCertificatePair` (RFC 4523 section 4.3, X.509
//! section 13.1.3).

use crate::asn1::read::{self, context};
use crate::asn1::write::{self, encode};
use crate::x509::Certificate;

/// `CertificatePair`: what was issued to an authority of ours by its partner, and by ours to the partner. One may be
/// absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePair {
    issued_to: Option<Certificate>,
    issued_by: Option<Certificate>,
}

/// Why two certificates are no pair.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// The encoding is not that of a pair.
    #[error("not a pair of certificates")]
    Malformed,
    /// Neither certificate is there.
    #[error("a pair holds one certificate at least")]
    Empty,
    /// The subject of each must be the issuer of the other, and its key must have signed it.
    #[error("the two certificates are not between the same two authorities")]
    Unrelated,
}

impl CertificatePair {
    /// A pair of these.
    ///
    /// # Errors
    /// None is there, or they are not between the same two authorities.
    pub fn new(issued_to: Option<Certificate>, issued_by: Option<Certificate>) -> Result<Self, PairError> {
        match (&issued_to, &issued_by) {
            (None, None) => return Err(PairError::Empty),
            (Some(one), Some(other)) if !(is_issued_by(one, other) && is_issued_by(other, one)) => {
                return Err(PairError::Unrelated);
            }
            _ => {}
        }
        Ok(Self { issued_to, issued_by })
    }

    /// Reads a pair, which must be the whole of `der`.
    ///
    /// # Errors
    /// As [`Self::new`], and where it is no pair.
    pub fn from_der(der: &[u8]) -> Result<Self, PairError> {
        let parts = read::sequence::<_, der::Error>(der, |r| {
            let mut part = |number| match r.next_is(context(number, true)) {
                true => r
                    .nested(context(number, true), |r| r.raw().map(<[u8]>::to_vec))
                    .map(Some),
                false => Ok(None),
            };
            Ok([part(0)?, part(1)?])
        });
        let certificate = |der: Option<Vec<u8>>| der.map(|der| Certificate::from_der(&der)).transpose();
        let [issued_to, issued_by] = parts.map_err(|_| PairError::Malformed)?;
        let issued_to = certificate(issued_to).map_err(|_| PairError::Malformed)?;
        Self::new(issued_to, certificate(issued_by).map_err(|_| PairError::Malformed)?)
    }

    /// The pair in DER.
    pub fn to_der(&self) -> Vec<u8> {
        encode(|w| {
            w.sequence(|w| {
                for (number, certificate) in [(0, &self.issued_to), (1, &self.issued_by)] {
                    if let Some(certificate) = certificate {
                        w.constructed(write::context(number), |w| w.raw(certificate.der()));
                    }
                }
            });
        })
    }

    /// `issuedToThisCA`: the partner certifies us.
    pub fn issued_to(&self) -> Option<&Certificate> {
        self.issued_to.as_ref()
    }

    /// `issuedByThisCA`: we certify the partner.
    pub fn issued_by(&self) -> Option<&Certificate> {
        self.issued_by.as_ref()
    }
}

fn is_issued_by(certificate: &Certificate, other: &Certificate) -> bool {
    let key = other.public_key();
    certificate.issuer() == other.subject() && key.is_ok_and(|key| certificate.verify_signed_by(key).is_ok())
}
