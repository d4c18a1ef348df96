//! Attributes of a signer (RFC 5652 section 11) and the identifier of its certificate (RFC 5035 section 4).

use der::Tag;
use der::asn1::ObjectIdentifier;

use super::parse::algorithm;
use super::{CmsError, SignerInfo};
use crate::asn1::oid;
use crate::asn1::read::{self, Reader, context};
use crate::asn1::write::{self, Writer, encode};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::x509::Certificate;

/// One attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its kind.
    pub kind: ObjectIdentifier,
    /// Its values, each a whole DER value.
    pub values: Vec<Vec<u8>>,
}

impl Attribute {
    /// An attribute with one value, given in DER.
    pub fn single(kind: ObjectIdentifier, value: Vec<u8>) -> Self {
        Self {
            kind,
            values: vec![value],
        }
    }

    /// Its DER.
    pub fn to_der(&self) -> Vec<u8> {
        let capacity = 32 + self.values.iter().map(Vec::len).sum::<usize>();
        let mut writer = Writer::with_capacity(capacity);
        writer.sequence(|w| {
            w.oid(self.kind);
            w.set_of(write::SET, &self.values);
        });
        writer.into_bytes()
    }
}

/// `contentType` (RFC 5652 section 11.1).
pub fn content_type(kind: ObjectIdentifier) -> Attribute {
    Attribute::single(oid::CONTENT_TYPE, encode(|w| w.oid(kind)))
}

/// `messageDigest` (RFC 5652 section 11.2).
pub fn message_digest(digest: &Digest) -> Attribute {
    Attribute::single(oid::MESSAGE_DIGEST, encode(|w| w.octet_string(digest.as_ref())))
}

/// `signingCertificateV2` (RFC 5035 section 3) that names certificates by their digests alone: the signer's, then those
/// above it, so that a proof of the signature proves them too.
pub fn signing_certificate_v2<'c>(digest: DigestAlgorithm, certificates: impl Iterator<Item = &'c [u8]>) -> Attribute {
    let value = encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                for certificate in certificates {
                    w.sequence(|w| {
                        // SHA-256 is the default, which DER leaves out (X.690 section 11.5).
                        if digest != DigestAlgorithm::Sha256 {
                            w.sequence(|w| w.oid(digest.oid()));
                        }
                        w.octet_string(digest.digest(certificate).as_ref());
                    });
                }
            });
        });
    });
    Attribute::single(oid::SIGNING_CERTIFICATE_V2, value)
}

/// Most certificates above the signer's that are read of one signature: a path has at most sixteen.
const MAX_CERTIFICATE_IDS: usize = 16;

/// What a signer says of a certificate in a signed attribute: an ESSCertID or ESSCertIDv2. The first is of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateId {
    /// Algorithm of the digest.
    pub digest: ObjectIdentifier,
    /// Digest of the whole certificate.
    pub hash: Vec<u8>,
    /// Issuer's Name (DER) and serial number (content octets), where the attribute repeats them.
    pub issuer_serial: Option<(Vec<u8>, Vec<u8>)>,
}

impl CertificateId {
    /// Reads the first of the value of `signingCertificate` (RFC 2634 section 5.4: SHA-1, implied) or of
    /// `signingCertificateV2`.
    ///
    /// # Errors
    /// When the value is not of that type, or names no certificate.
    pub fn parse(kind: ObjectIdentifier, value: &[u8]) -> Result<Self, CmsError> {
        Ok(Self::parse_all(kind, value)?.0)
    }

    /// Reads the first and those that follow it.
    ///
    /// # Errors
    /// As [`Self::parse`], and when more than [`MAX_CERTIFICATE_IDS`] follow.
    pub fn parse_all(kind: ObjectIdentifier, value: &[u8]) -> Result<(Self, Vec<Self>), CmsError> {
        let (implied, name) = if kind == oid::SIGNING_CERTIFICATE {
            (oid::SHA1, "SigningCertificate")
        } else {
            (oid::SHA256, "SigningCertificateV2")
        };
        read::sequence(value, |r| {
            let first = r.sequence(|r| {
                let first = r.sequence(|r| cert_id(r, implied))?;
                let mut others = Vec::new();
                while !r.is_empty() {
                    CmsError::budget("certificate identifiers", others.len() + 1, MAX_CERTIFICATE_IDS)?;
                    others.push(r.sequence(|r| cert_id(r, implied))?);
                }
                Ok::<_, CmsError>((first, others))
            })?;
            if !r.is_empty() {
                r.raw_of(Tag::Sequence)?;
            }
            Ok(first)
        })
        .map_err(|error: CmsError| error.named(name))
    }

    /// Whether it means this certificate, by digest and, where repeated, by name; `None` when its digest algorithm is
    /// not known.
    pub fn names(&self, certificate: &[u8]) -> Option<bool> {
        let digest = DigestAlgorithm::from_oid(&self.digest)?;
        // Read only where the digest is right: strangers choose how many certificates there are.
        let same_digest = digest.digest(certificate).as_ref() == self.hash;
        let read = || Certificate::from_der(certificate);
        Some(same_digest && (self.issuer_serial.is_none() || read().is_ok_and(|own| self.repeats_name(&own))))
    }

    /// The same of a certificate that was read, whose digests are kept; whether its digest algorithm is known too.
    fn means(&self, certificate: &Certificate) -> bool {
        let digest = DigestAlgorithm::from_oid(&self.digest);
        digest.is_some_and(|digest| certificate.digest(digest).as_ref() == self.hash) && self.repeats_name(certificate)
    }

    /// Whether issuer and serial number are those of the certificate, where they are repeated.
    fn repeats_name(&self, certificate: &Certificate) -> bool {
        self.issuer_serial.as_ref().is_none_or(|(issuer, serial)| {
            certificate.issuer().der() == issuer && certificate.serial().as_bytes() == serial
        })
    }
}

impl SignerInfo {
    /// Those of `certificates` that the signed attributes name, the signer's own among them.
    pub fn named<'c>(&self, certificates: &'c [Certificate]) -> Vec<&'c Certificate> {
        let ids = self.certificate_ids().flat_map(|attribute| {
            let read = |value: &Vec<u8>| CertificateId::parse_all(attribute.kind, value).ok();
            attribute.values.iter().filter_map(read)
        });
        let ids = ids.flat_map(|(first, others)| [vec![first], others].concat());
        let ids: Vec<CertificateId> = ids.take(1 + MAX_CERTIFICATE_IDS).collect();
        let is_named = |certificate: &&Certificate| ids.iter().any(|id| id.means(certificate));
        certificates.iter().filter(is_named).collect()
    }

    /// The certificate identifiers among the signed attributes, version 2 first; more than one breaks RFC 5035 section
    /// 3.
    pub(super) fn certificate_ids(&self) -> impl Iterator<Item = &Attribute> {
        self.signed(oid::SIGNING_CERTIFICATE_V2)
            .chain(self.signed(oid::SIGNING_CERTIFICATE))
    }
}

/// ESSCertIDv2 (RFC 5035 section 4), and ESSCertID, which has no algorithm.
fn cert_id(r: &mut Reader<'_>, implied: ObjectIdentifier) -> Result<CertificateId, CmsError> {
    let digest = if r.next_is(Tag::Sequence) {
        algorithm(r)?.oid
    } else {
        implied
    };
    let hash = r.octet_string()?.to_vec();
    let issuer_serial = match r.is_empty() {
        true => None,
        false => Some(r.sequence(|r| {
            // GeneralNames with one directoryName (RFC 5035 section 4).
            let issuer = r.sequence(|r| r.nested(context(4, true), |r| r.raw_of(Tag::Sequence)))?;
            Ok::<_, der::Error>((issuer.to_vec(), r.integer_bytes()?.to_vec()))
        })?),
    };
    Ok(CertificateId {
        digest,
        hash,
        issuer_serial,
    })
}
