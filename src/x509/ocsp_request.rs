//! Requests for the status of certificates, read (RFC 6960 section 4.1, nonces by RFC 9654).
//!
//! A signature over a request is passed over: who asks makes no difference to an answer.

use der::Tag;

use super::ReadError;
use super::ocsp::{CertId, cert_id};
use super::read::whole;
use crate::asn1::oid;
use crate::asn1::read::{Reader, context, sequence};

const WHAT: &str = "status request";

/// Largest request that is read, in bytes: all certificates that one may name, with a signature and its chain.
pub const MAX_OCSP_REQUEST_BYTES: usize = 16 * 1024;

/// Most certificates in one request. Clients ask about one; a path has fewer than ten.
pub const MAX_OCSP_REQUEST_IDS: usize = 32;

/// Most octets of a nonce (RFC 9654 section 2.1).
pub const MAX_NONCE_BYTES: usize = 128;

/// An `OCSPRequest`: which certificates are asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspRequest {
    /// The certificates, at least one.
    pub ids: Vec<CertId>,
    /// The nonce that the answer must repeat.
    pub nonce: Option<Vec<u8>>,
}

impl OcspRequest {
    /// Reads a request, which must be the whole of `der`.
    ///
    /// # Errors
    /// What is malformed: also a nonce without octets or with more than [`MAX_NONCE_BYTES`] (RFC 9654 section 2.1), a
    /// critical extension that is not known (RFC 6960 section 4.4), and no or too many certificates.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadError> {
        whole(der, WHAT, MAX_OCSP_REQUEST_BYTES)?;
        let mut critical = None;
        let read = sequence(der, |request| -> der::Result<_> {
            let read = request.sequence(|tbs| tbs_request(tbs, &mut critical))?;
            if request.next_is(context(0, true)) {
                request.raw()?;
            }
            Ok(read)
        });
        let (ids, nonce) = read.map_err(|_| structure("OCSPRequest"))?;
        if let Some(oid) = critical {
            return Err(ReadError::Extension { oid });
        }
        if ids.is_empty() || ids.len() > MAX_OCSP_REQUEST_IDS {
            return Err(structure("requestList"));
        }
        match &nonce {
            Some(nonce) if nonce.is_empty() || nonce.len() > MAX_NONCE_BYTES => Err(structure("nonce")),
            _ => Ok(Self { ids, nonce }),
        }
    }
}

fn structure(part: &'static str) -> ReadError {
    ReadError::Structure { what: WHAT, part }
}

/// `TBSRequest`.
fn tbs_request(tbs: &mut Reader<'_>, critical: &mut Option<String>) -> der::Result<(Vec<CertId>, Option<Vec<u8>>)> {
    // version is DEFAULT v1, the only one there is, so that DER leaves it out; some write it all the same.
    if tbs.next_is(context(0, true)) && tbs.nested(context(0, true), Reader::small_unsigned)? != 0 {
        return Err(Tag::Integer.value_error().into());
    }
    if tbs.next_is(context(1, true)) {
        tbs.raw()?;
    }
    let ids = tbs.sequence(|list| {
        let mut ids = Vec::new();
        while !list.is_empty() {
            ids.push(list.sequence(|request| {
                let id = request.sequence(cert_id)?;
                if !request.is_empty() {
                    request.nested(context(0, true), |explicit| extensions(explicit, critical))?;
                }
                Ok::<_, der::Error>(id)
            })?);
        }
        Ok::<_, der::Error>(ids)
    })?;
    let nonce = match tbs.is_empty() {
        true => None,
        false => tbs.nested(context(2, true), |explicit| extensions(explicit, critical))?,
    };
    Ok((ids, nonce))
}

/// `Extensions`: gives the nonce, and notes the first that is critical and not known.
fn extensions(explicit: &mut Reader<'_>, critical: &mut Option<String>) -> der::Result<Option<Vec<u8>>> {
    explicit.sequence(|list| {
        let mut nonce = None;
        while !list.is_empty() {
            list.sequence(|extension| {
                let id = extension.oid()?;
                let is_critical = extension.next_is(Tag::Boolean) && extension.boolean()?;
                let value = extension.octet_string()?;
                if id == oid::OCSP_NONCE {
                    let mut value = Reader::new(value)?;
                    nonce = Some(value.octet_string()?.to_vec());
                    value.finish()?;
                } else if is_critical {
                    critical.get_or_insert_with(|| id.to_string());
                }
                Ok::<_, der::Error>(())
            })?;
        }
        Ok(nonce)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::{self, Writer, context, encode};
    use crate::crypto::DigestAlgorithm;
    use crate::x509::SerialNumber;

    fn id(serial: u8) -> CertId {
        CertId {
            algorithm: Some(DigestAlgorithm::Sha1),
            issuer_name_hash: vec![1; 20],
            issuer_key_hash: vec![2; 20],
            serial: SerialNumber::from_content(&[serial]),
        }
    }

    fn request(ids: usize, extensions: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let one = encode(|w| {
            w.sequence(|w| {
                w.sequence(|w| {
                    w.sequence(|w| {
                        w.oid(oid::SHA1);
                        w.primitive(write::NULL, &[]);
                    });
                    w.octet_string(&[1; 20]);
                    w.octet_string(&[2; 20]);
                    w.unsigned(7);
                });
            });
        });
        encode(|w| {
            w.sequence(|w| {
                w.sequence(|w| {
                    w.sequence(|w| (0..ids).for_each(|_| w.raw(&one)));
                    extensions(w);
                });
            });
        })
    }

    fn with_extension(oid: der::asn1::ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
        request(1, |w| {
            w.constructed(context(2), |w| {
                w.sequence(|w| {
                    w.sequence(|w| {
                        w.oid(oid);
                        if critical {
                            w.boolean_true();
                        }
                        w.constructed(write::OCTET_STRING, |w| w.octet_string(value));
                    });
                });
            });
        })
    }

    fn with_nonce(octets: usize) -> Result<OcspRequest, ReadError> {
        OcspRequest::from_der(&with_extension(oid::OCSP_NONCE, false, &vec![9; octets]))
    }

    #[test]
    fn every_certificate_of_a_request_is_read_in_its_order() {
        let read = OcspRequest::from_der(&request(2, |_| ())).unwrap();
        assert_eq!(read.ids, [id(7), id(7)]);
        assert_eq!(read.nonce, None);
    }

    #[test]
    fn a_nonce_has_one_to_128_octets() {
        assert_eq!(with_nonce(1).unwrap().nonce, Some(vec![9]));
        assert_eq!(with_nonce(128).unwrap().nonce, Some(vec![9; 128]));
        for octets in [0, 129] {
            assert_eq!(with_nonce(octets), Err(structure("nonce")));
        }
    }

    #[test]
    fn an_unknown_extension_is_passed_over_unless_it_is_critical() {
        let unknown = |critical| OcspRequest::from_der(&with_extension(oid::TSA_POLICY, critical, b""));
        assert!(unknown(false).is_ok());
        let oid = oid::TSA_POLICY.to_string();
        assert_eq!(unknown(true), Err(ReadError::Extension { oid }));
    }

    #[test]
    fn no_certificate_and_too_many_are_refused() {
        let read = |ids| OcspRequest::from_der(&request(ids, |_| ()));
        assert_eq!(read(MAX_OCSP_REQUEST_IDS).unwrap().ids.len(), MAX_OCSP_REQUEST_IDS);
        for ids in [0, MAX_OCSP_REQUEST_IDS + 1] {
            assert_eq!(read(ids), Err(structure("requestList")));
        }
        let huge = vec![0x30; MAX_OCSP_REQUEST_BYTES + 1];
        assert!(matches!(OcspRequest::from_der(&huge), Err(ReadError::TooLarge { .. })));
    }

    #[test]
    fn every_cut_and_every_byte_behind_is_refused_and_no_flipped_byte_panics() {
        let good = with_extension(oid::OCSP_NONCE, false, &[9; 16]);
        for length in 0..good.len() {
            assert!(OcspRequest::from_der(&good[..length]).is_err(), "cut at {length}");
        }
        assert!(OcspRequest::from_der(&[&good[..], &[0]].concat()).is_err());
        for at in 0..good.len() {
            let mut bytes = good.clone();
            bytes[at] ^= 0x55;
            let _ = OcspRequest::from_der(&bytes);
        }
    }
}
