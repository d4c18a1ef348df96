//! Questions and responses about the status of certificates, written (RFC 6960 section 4).

use chrono::{DateTime, Utc};

use super::BuildError;
use crate::asn1::oid;
use crate::asn1::write::{self, Writer, context, context_primitive};
use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use crate::x509::{CertId, Certificate, OcspAnswer, OcspStatus, ResponderId, RevocationReason};

/// Everything that a response says.
#[derive(Debug, Clone)]
pub struct OcspFields<'a> {
    /// Who signs.
    pub responder: &'a ResponderId,
    /// When it is signed.
    pub produced_at: DateTime<Utc>,
    /// What it says.
    pub answers: &'a [OcspAnswer],
    /// The nonce of the request, where there was one: the content of its extension's OCTET STRING.
    pub nonce: Option<&'a [u8]>,
}

impl CertId {
    /// Names `certificate`, issued by `issuer`, with this digest.
    pub fn new(algorithm: DigestAlgorithm, certificate: &Certificate, issuer: &Certificate) -> Self {
        Self {
            algorithm: Some(algorithm),
            issuer_name_hash: algorithm.digest(certificate.issuer().der()).as_ref().to_vec(),
            issuer_key_hash: algorithm.digest(issuer.public_key_bits()).as_ref().to_vec(),
            serial: certificate.serial().clone(),
        }
    }
}

/// Writes an `OCSPRequest` about one certificate, without a nonce: an answer that was signed beforehand will do (RFC
/// 6960 section 4.1.1; RFC 5019 section 2.1.1).
///
/// # Errors
/// The certificate is named with a digest that is none of ours.
pub fn ocsp_request(id: &CertId) -> Result<Vec<u8>, BuildError> {
    let mut result = Ok(());
    let request = write::encode(|w| {
        w.sequence(|w| w.sequence(|w| w.sequence(|w| w.sequence(|w| result = certificate_id(w, id)))));
    });
    result.map(|()| request)
}

/// Writes a `ResponseData`: what is signed.
///
/// # Errors
/// A certificate is named with a digest that is none of ours.
pub fn ocsp_data(fields: &OcspFields<'_>) -> Result<Vec<u8>, BuildError> {
    let mut result = Ok(());
    let data = write::encode(|w| {
        w.sequence(|w| {
            match fields.responder {
                ResponderId::Name(name) => w.constructed(context(1), |w| w.raw(name.der())),
                ResponderId::KeyHash(hash) => w.constructed(context(2), |w| w.octet_string(hash)),
            }
            w.generalized_time(fields.produced_at);
            w.sequence(|w| result = fields.answers.iter().try_for_each(|single| answer(w, single)));
            if let Some(nonce) = fields.nonce {
                w.constructed(context(1), |w| {
                    w.sequence(|w| extension(w, oid::OCSP_NONCE, |w| w.octet_string(nonce)));
                });
            }
        });
    });
    result.map(|()| data)
}

/// An `OCSPResponse` that only says why there is no answer (RFC 6960 section 4.2.1): malformedRequest (1),
/// internalError (2), tryLater (3), sigRequired (5), unauthorized (6).
pub fn ocsp_failure(status: u8) -> Vec<u8> {
    write::encode(|w| w.sequence(|w| w.primitive(write::ENUMERATED, &[status])))
}

/// Puts the signature to a `ResponseData`: a successful `OCSPResponse` with these certificates.
pub fn ocsp_response(
    data: &[u8],
    algorithm: SignatureAlgorithm,
    signature: &[u8],
    certificates: &[&Certificate],
) -> Vec<u8> {
    write::encode(|w| {
        w.sequence(|w| {
            // successful (RFC 6960 section 4.2.1).
            w.primitive(write::ENUMERATED, &[0]);
            w.constructed(context(0), |w| {
                w.sequence(|w| {
                    w.oid(oid::OCSP_BASIC);
                    w.constructed(write::OCTET_STRING, |w| {
                        w.sequence(|w| {
                            w.raw(data);
                            w.raw(&algorithm.identifier_der());
                            w.bit_string(signature);
                            if !certificates.is_empty() {
                                w.constructed(context(0), |w| {
                                    w.sequence(|w| {
                                        certificates.iter().for_each(|certificate| w.raw(certificate.der()))
                                    });
                                });
                            }
                        });
                    });
                });
            });
        });
    })
}

fn certificate_id(writer: &mut Writer, id: &CertId) -> Result<(), BuildError> {
    let algorithm = id.algorithm.ok_or(BuildError::CertificateId)?;
    writer.sequence(|w| {
        w.sequence(|w| {
            w.oid(algorithm.oid());
            w.primitive(write::NULL, &[]);
        });
        w.octet_string(&id.issuer_name_hash);
        w.octet_string(&id.issuer_key_hash);
        w.primitive(write::INTEGER, id.serial.as_bytes());
    });
    Ok(())
}

fn answer(writer: &mut Writer, answer: &OcspAnswer) -> Result<(), BuildError> {
    let mut named = Ok(());
    writer.sequence(|w| {
        named = certificate_id(w, &answer.id);
        match answer.status {
            OcspStatus::Good => w.primitive(context_primitive(0), &[]),
            OcspStatus::Unknown => w.primitive(context_primitive(2), &[]),
            OcspStatus::Revoked { at, reason } => w.constructed(context(1), |w| {
                w.generalized_time(at);
                if reason != RevocationReason::Unspecified {
                    w.constructed(context(0), |w| w.primitive(write::ENUMERATED, &[reason.code()]));
                }
            }),
        }
        w.generalized_time(answer.this_update);
        if let Some(next) = answer.next_update {
            w.constructed(context(0), |w| w.generalized_time(next));
        }
        if let Some(date) = answer.invalidity_date {
            w.constructed(context(1), |w| {
                w.sequence(|w| extension(w, oid::INVALIDITY_DATE, |w| w.generalized_time(date)));
            });
        }
    });
    named
}

fn extension(writer: &mut Writer, oid: der::asn1::ObjectIdentifier, value: impl FnOnce(&mut Writer)) {
    writer.sequence(|w| {
        w.oid(oid);
        w.constructed(write::OCTET_STRING, value);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::{OcspRequest, SerialNumber};

    #[test]
    fn a_question_is_read_back_as_it_was_asked() {
        let id = CertId {
            algorithm: Some(DigestAlgorithm::Sha1),
            issuer_name_hash: vec![1; 20],
            issuer_key_hash: vec![2; 20],
            serial: SerialNumber::from_content(&[3, 4]),
        };
        let asked = OcspRequest::from_der(&ocsp_request(&id).unwrap()).unwrap();
        assert_eq!((asked.ids, asked.nonce), (vec![id], None));
    }
}
