//! Responses about the status of certificates, read (RFC 6960 section 4.2).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use der::Tag;

use super::read::whole;
use super::signed::{SignatureError, Signed, SignedDer};
use super::{Certificate, Name, ReadError, RevocationReason, SerialNumber};
use crate::asn1::oid;
use crate::asn1::read::{Reader, context};
use crate::crypto::{DigestAlgorithm, PublicKey};

const WHAT: &str = "status response";

/// Largest response that is read, in bytes: one about a single certificate with its responder's chain has some
/// thousands.
pub const MAX_OCSP_RESPONSE_BYTES: usize = 256 * 1024;

/// Most single responses and certificates in one response. Responders answer what a request asks for; one or two are
/// common.
const MAX_PARTS: usize = 64;

/// A successful `OCSPResponse` with a `BasicOCSPResponse`: its bytes and everything they say. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct OcspResponse(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    signed: SignedDer,
    responder: ResponderId,
    produced_at: DateTime<Utc>,
    answers: Vec<OcspAnswer>,
    unknown_critical: Option<String>,
    certificates: Vec<Certificate>,
}

/// `ResponderID`: who signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponderId {
    /// `byName`.
    Name(Name),
    /// `byKey`: SHA-1 of the content of the key's BIT STRING.
    KeyHash(Vec<u8>),
}

/// `CertID`: which certificate is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertId {
    /// `hashAlgorithm`; `None` where it is not one of ours.
    pub algorithm: Option<DigestAlgorithm>,
    /// Digest of the issuer's encoded name.
    pub issuer_name_hash: Vec<u8>,
    /// Digest of the content of the issuer's key's BIT STRING.
    pub issuer_key_hash: Vec<u8>,
    /// The certificate's serial number.
    pub serial: SerialNumber,
}

/// `CertStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OcspStatus {
    /// Not revoked.
    Good,
    /// Revoked or on hold.
    Revoked {
        /// `revocationTime`.
        at: DateTime<Utc>,
        /// `revocationReason`; [`RevocationReason::Unspecified`] when absent.
        reason: RevocationReason,
    },
    /// The responder knows nothing of it.
    Unknown,
}

/// `SingleResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspAnswer {
    /// Which certificate.
    pub id: CertId,
    /// What is said about it.
    pub status: OcspStatus,
    /// When that was known to be so.
    pub this_update: DateTime<Utc>,
    /// When newer information will be there; any time when absent.
    pub next_update: Option<DateTime<Utc>>,
    /// `invalidityDate`, which a responder may take over from the list (RFC 6960 section 4.4.5).
    pub invalidity_date: Option<DateTime<Utc>>,
}

impl OcspResponse {
    /// Reads a response, which must be the whole of `der`.
    ///
    /// # Errors
    /// What is malformed; a response that is not successful says nothing and is an error too.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadError> {
        whole(der, WHAT, MAX_OCSP_RESPONSE_BYTES)?;
        let basic = basic_response(der).map_err(|part| structure(part.0))?;
        let mut parts = Reader::new(basic)
            .and_then(|mut reader| Reader::new(reader.contents(Tag::Sequence)?))
            .map_err(|_| structure("BasicOCSPResponse"))?;
        let mut signed_part = || -> der::Result<_> {
            let signed = parts.raw_of(Tag::Sequence)?;
            let algorithm = parts.raw_of(Tag::Sequence)?;
            let signature = parts.bit_string()?;
            let certificates = match parts.is_empty() {
                true => Vec::new(),
                false => parts.nested(context(0, true), |explicit| explicit.sequence(elements))?,
            };
            Ok((signed, algorithm, signature, certificates))
        };
        let (signed, algorithm, signature, certificates) = signed_part().map_err(|_| structure("BasicOCSPResponse"))?;
        parts.finish().map_err(|_| structure("BasicOCSPResponse"))?;
        let data = response_data(signed)?;
        Ok(Self(Arc::new(Inner {
            signed: SignedDer::new(der, signed, algorithm, signature),
            responder: data.responder,
            produced_at: data.produced_at,
            answers: data.answers,
            unknown_critical: data.unknown_critical,
            certificates: certificates
                .into_iter()
                .map(Certificate::from_der)
                .collect::<Result<_, _>>()?,
        })))
    }

    /// The whole encoding.
    pub fn der(&self) -> &[u8] {
        self.0.signed.der()
    }

    /// Who signs.
    pub fn responder(&self) -> &ResponderId {
        &self.0.responder
    }

    /// When it was signed.
    pub fn produced_at(&self) -> DateTime<Utc> {
        self.0.produced_at
    }

    /// What it says.
    pub fn answers(&self) -> &[OcspAnswer] {
        &self.0.answers
    }

    /// Certificates that may help to verify it; nothing is believed of them.
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    /// The identifier of a critical extension, of the whole or of a single response, that this program does not know.
    pub fn unknown_critical(&self) -> Option<&str> {
        self.0.unknown_critical.as_deref()
    }

    /// The `AlgorithmIdentifier` of the signature.
    pub fn signature_algorithm(&self) -> &[u8] {
        self.0.signed.algorithm()
    }

    /// SHA-256 of the whole encoding.
    pub fn fingerprint(&self) -> &[u8; 32] {
        self.0.signed.fingerprint()
    }

    /// Checks that `key` made the response's signature.
    ///
    /// # Errors
    /// The algorithm is not known, does not fit the key, or the signature does not match.
    pub fn verify_signed_by(&self, key: &PublicKey) -> Result<(), SignatureError> {
        self.0.signed.verify(key)
    }
}

impl Signed for OcspResponse {
    fn parts(&self) -> &SignedDer {
        &self.0.signed
    }
}

impl CertId {
    /// Whether `certificate`, issued by `issuer`, is meant.
    pub fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        self.serial == *certificate.serial()
            && self.algorithm.is_some_and(|algorithm| {
                certificate.issuer_digest(algorithm).as_ref() == self.issuer_name_hash
                    && issuer.key_digest(algorithm).as_ref() == self.issuer_key_hash
            })
    }
}

impl ResponderId {
    /// Whether `certificate` is the one that it names.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => name == certificate.subject(),
            Self::KeyHash(hash) => certificate.key_digest(DigestAlgorithm::Sha1).as_ref() == hash,
        }
    }
}

fn structure(part: &'static str) -> ReadError {
    ReadError::Structure { what: WHAT, part }
}

/// The part of a structure that is wrong.
struct Part(&'static str);

impl From<der::Error> for Part {
    fn from(_: der::Error) -> Self {
        Self("OCSPResponse")
    }
}

/// The encoded `BasicOCSPResponse` of a successful response.
fn basic_response(der: &[u8]) -> Result<&[u8], Part> {
    crate::asn1::read::sequence(der, |response| {
        // successful is 0; all others are errors without content (RFC 6960 section 4.2.1).
        if response.contents(Tag::Enumerated)? != [0] {
            return Err(Part("responseStatus is not successful"));
        }
        response.nested(context(0, true), |explicit| {
            explicit.sequence(|bytes| {
                if bytes.oid()? != oid::OCSP_BASIC {
                    return Err(Part("responseType is not id-pkix-ocsp-basic"));
                }
                Ok(bytes.octet_string()?)
            })
        })
    })
}

struct Data {
    responder: ResponderId,
    produced_at: DateTime<Utc>,
    answers: Vec<OcspAnswer>,
    unknown_critical: Option<String>,
}

/// `ResponseData`.
fn response_data(der: &[u8]) -> Result<Data, ReadError> {
    let mut unknown_critical = None;
    let mut name = None;
    let data = crate::asn1::read::sequence(der, |data| -> der::Result<_> {
        // version is DEFAULT v1, the only one there is.
        if data.next_is(context(0, true)) {
            data.nested(context(0, true), |version| version.small_unsigned())?;
        }
        let key_hash = if data.next_is(context(1, true)) {
            name = Some(data.nested(context(1, true), |choice| choice.raw())?);
            None
        } else {
            Some(data.nested(context(2, true), |choice| choice.octet_string())?.to_vec())
        };
        let produced_at = data.generalized_time()?;
        let answers = data.sequence(|list| {
            let mut answers = Vec::new();
            while !list.is_empty() && answers.len() < MAX_PARTS {
                answers.push(list.sequence(|single| answer(single, &mut unknown_critical))?);
            }
            Ok::<_, der::Error>(answers)
        })?;
        if data.next_is(context(1, true)) {
            data.nested(context(1, true), |explicit| {
                extensions(explicit, &mut unknown_critical).map(|_| ())
            })?;
        }
        Ok((key_hash, produced_at, answers))
    });
    let (key_hash, produced_at, answers) = data.map_err(|_| structure("ResponseData"))?;
    let responder = match (name, key_hash) {
        (Some(name), _) => ResponderId::Name(Name::from_der(name)?),
        (None, hash) => ResponderId::KeyHash(hash.unwrap_or_default()),
    };
    Ok(Data {
        responder,
        produced_at,
        answers,
        unknown_critical,
    })
}

/// `SingleResponse`.
fn answer(single: &mut Reader<'_>, unknown_critical: &mut Option<String>) -> der::Result<OcspAnswer> {
    let id = single.sequence(cert_id)?;
    let status = status(single)?;
    let this_update = single.generalized_time()?;
    let next_update = match single.next_is(context(0, true)) {
        true => Some(single.nested(context(0, true), |explicit| explicit.generalized_time())?),
        false => None,
    };
    let invalidity_date = match single.next_is(context(1, true)) {
        true => single.nested(context(1, true), |explicit| extensions(explicit, unknown_critical))?,
        false => None,
    };
    Ok(OcspAnswer {
        id,
        status,
        this_update,
        next_update,
        invalidity_date,
    })
}

/// The fields of `CertID`.
pub(super) fn cert_id(id: &mut Reader<'_>) -> der::Result<CertId> {
    let algorithm = id.sequence(|algorithm| -> der::Result<_> {
        let oid = algorithm.oid()?;
        if !algorithm.is_empty() {
            algorithm.raw_of(Tag::Null)?;
        }
        Ok(DigestAlgorithm::from_oid(&oid))
    })?;
    Ok(CertId {
        algorithm,
        issuer_name_hash: id.octet_string()?.to_vec(),
        issuer_key_hash: id.octet_string()?.to_vec(),
        serial: SerialNumber::from_content(id.integer_bytes()?),
    })
}

fn status(single: &mut Reader<'_>) -> der::Result<OcspStatus> {
    if single.next_is(context(1, true)) {
        return single.nested(context(1, true), |revoked| {
            let at = revoked.generalized_time()?;
            let reason = match revoked.is_empty() {
                true => RevocationReason::Unspecified,
                false => revoked.nested(context(0, true), reason)?,
            };
            Ok(OcspStatus::Revoked { at, reason })
        });
    }
    let (status, tag) = match single.next_is(context(0, false)) {
        true => (OcspStatus::Good, context(0, false)),
        false => (OcspStatus::Unknown, context(2, false)),
    };
    match single.contents(tag)? {
        [] => Ok(status),
        _ => Err(Tag::Null.value_error().into()),
    }
}

/// `CRLReason`.
fn reason(explicit: &mut Reader<'_>) -> der::Result<RevocationReason> {
    let code = match explicit.contents(Tag::Enumerated)? {
        [code] => RevocationReason::from_code(*code),
        _ => None,
    };
    code.ok_or_else(|| Tag::Enumerated.value_error().into())
}

/// `Extensions`: gives `invalidityDate`, remembers a critical one that is not known. The nonce is for who asked.
fn extensions(explicit: &mut Reader<'_>, unknown_critical: &mut Option<String>) -> der::Result<Option<DateTime<Utc>>> {
    explicit.sequence(|list| {
        let mut invalidity_date = None;
        while !list.is_empty() {
            list.sequence(|extension| -> der::Result<()> {
                let oid = extension.oid()?;
                let critical = extension.next_is(Tag::Boolean) && extension.boolean()?;
                let value = extension.octet_string()?;
                if oid == oid::INVALIDITY_DATE {
                    let mut reader = Reader::new(value)?;
                    invalidity_date = Some(reader.generalized_time()?);
                    reader.finish()?;
                } else if critical && oid != oid::OCSP_NONCE {
                    unknown_critical.get_or_insert_with(|| oid.to_string());
                }
                Ok(())
            })?;
        }
        Ok(invalidity_date)
    })
}

/// The values of a list, each whole.
fn elements<'a>(list: &mut Reader<'a>) -> der::Result<Vec<&'a [u8]>> {
    let mut elements = Vec::new();
    while !list.is_empty() && elements.len() < MAX_PARTS {
        elements.push(list.raw()?);
    }
    Ok(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_successful_or_not_whole_is_refused_with_its_part() {
        let part = |der: &[u8]| match OcspResponse::from_der(der) {
            Err(ReadError::Structure { part, .. }) => part,
            other => panic!("{other:?}"),
        };
        // tryLater.
        assert_eq!(part(b"\x30\x03\x0a\x01\x03"), "responseStatus is not successful");
        assert_eq!(part(b"\x30\x03\x0a\x01\x00"), "OCSPResponse");
        let trailed = OcspResponse::from_der(b"\x30\x03\x0a\x01\x03\x00");
        assert!(matches!(trailed, Err(ReadError::Malformed { .. })));
        let large = vec![0; MAX_OCSP_RESPONSE_BYTES + 1];
        assert!(matches!(
            OcspResponse::from_der(&large),
            Err(ReadError::TooLarge { .. })
        ));
    }
}
