//! Judges one SignerInfo (RFC 5652 section 5.6, ETSI EN 319 142-1 section 6.3) against a certificate and the digest of what
//! was signed, both given by the caller. Each condition that fails has its own fault; whom to trust is another question.

use der::asn1::ObjectIdentifier;

use super::attribute::CertificateId;
use super::parse::issuer_and_serial;
use super::{Attribute, CmsError, SignedData, SignerIdentifier, SignerInfo};
use crate::asn1::oid;
use crate::asn1::read::Reader;
use crate::crypto::{AlgorithmError, Digest, DigestAlgorithm, PublicKey, SignatureAlgorithm, VerificationError};

/// What is asked of the signed attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// `adbe.pkcs7.*` and OFD: the identifier of the certificate may be absent.
    Basic,
    /// CAdES and PAdES, and time stamps (RFC 5816): it is required.
    Cades,
}

/// Why a signer is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerFault {
    /// Not exactly one SignerInfo (ETSI EN 319 142-1 section 6.2.1).
    #[error("{0} signers where exactly one is required")]
    SignerCount(usize),
    /// No signed attributes (EN 319 142-1 section 6.3).
    #[error("the signer has no signed attributes")]
    NoSignedAttributes,
    /// A required attribute is not there.
    #[error("signed attribute {0} is missing")]
    Missing(&'static str),
    /// An attribute or its value is there more than once, or without value (RFC 5652 section 11).
    #[error("signed attribute {0} does not have exactly one value")]
    NotSingle(&'static str),
    /// An attribute's value is not of its type.
    #[error("signed attribute {attribute} cannot be read: {source}")]
    Unreadable {
        /// The attribute, as the standard names it.
        attribute: &'static str,
        /// Why.
        source: CmsError,
    },
    /// `contentType` is not the type of the content (RFC 5652 section 11.1).
    #[error("content type {found} is signed where the message says {expected}")]
    ContentType {
        /// What the attribute says.
        found: ObjectIdentifier,
        /// What the message says.
        expected: ObjectIdentifier,
    },
    /// The message holds no certificate that the signer names.
    #[error("the signer's certificate is not in the message")]
    CertificateMissing,
    /// The certificate is not the one that the signer named (RFC 5035 section 4).
    #[error("the certificate is not the one that the signer named")]
    CertificateDiffers,
    /// Digest algorithm that is not known: nothing can be said.
    #[error("digest algorithm {0} is not supported")]
    UnknownDigest(ObjectIdentifier),
    /// Signature algorithm that is not known: nothing can be said.
    #[error(transparent)]
    UnknownAlgorithm(#[from] AlgorithmError),
    /// The signature algorithm digests otherwise than the message digest.
    #[error("signature algorithm {signature:?} does not go with digest algorithm {digest:?}")]
    AlgorithmsDisagree {
        /// The signer's digest algorithm.
        digest: DigestAlgorithm,
        /// The signer's signature algorithm.
        signature: SignatureAlgorithm,
    },
    /// `messageDigest` is not the digest of the content: the content was changed.
    #[error("the digest of the content is not the signed one")]
    MessageDigest,
    /// The signature value does not fit, or cannot be checked with this key.
    #[error(transparent)]
    Signature(#[from] VerificationError),
}

/// A departure that is reported but does not break the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignerNote {
    /// The certificate is identified by SHA-1 (RFC 2634).
    CertificateIdV1,
    /// The certificate is not identified in a signed attribute.
    NoCertificateId,
    /// The content type is named once in the way of PKCS#7 and once in that of GB/T 35275.
    MixedContentTypes,
}

/// A signer whose signature fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSigner {
    /// Digest algorithm of the content.
    pub digest: DigestAlgorithm,
    /// Algorithm of the signature.
    pub algorithm: SignatureAlgorithm,
    /// What is odd about it.
    pub notes: Vec<SignerNote>,
}

/// What a signer is judged against.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The certificate, DER, as [`SignedData::signer_certificate`] finds it.
    pub certificate: &'a [u8],
    /// The key in that certificate.
    pub key: &'a PublicKey,
    /// The type of the content.
    pub content_type: ObjectIdentifier,
    /// Digest of the content, by [`SignerInfo::digest`].
    pub content_digest: Digest,
}

impl SignedData {
    /// The signer, when there is exactly one.
    ///
    /// # Errors
    /// [`SignerFault::SignerCount`].
    pub fn only_signer(&self) -> Result<&SignerInfo, SignerFault> {
        match self.signers.as_slice() {
            [signer] => Ok(signer),
            other => Err(SignerFault::SignerCount(other.len())),
        }
    }

    /// The certificate of `signer` among those of the message, chosen by the signed digest; only where the profile allows
    /// that to be absent, by issuer and serial number.
    ///
    /// # Errors
    /// When the signer names none, names it wrongly, or names one that is not there.
    pub fn signer_certificate(&self, signer: &SignerInfo, profile: Profile) -> Result<&[u8], SignerFault> {
        signer.choose_certificate(&self.certificates, profile)
    }
}

impl SignerIdentifier {
    /// Whether it names this certificate by issuer and serial number. Key identifiers are not followed: any certificate
    /// may claim one.
    fn names(&self, certificate: &[u8]) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                issuer_and_serial(certificate).is_ok_and(|(i, s)| i == issuer && s == serial)
            }
            Self::KeyIdentifier(_) => false,
        }
    }
}

impl SignerInfo {
    /// The digest algorithm.
    ///
    /// # Errors
    /// [`SignerFault::UnknownDigest`].
    pub fn digest(&self) -> Result<DigestAlgorithm, SignerFault> {
        let oid = self.digest_algorithm.oid;
        DigestAlgorithm::from_oid(&oid).ok_or(SignerFault::UnknownDigest(oid))
    }

    /// The signature algorithm, which must go with the digest algorithm.
    ///
    /// # Errors
    /// When either is not known, or they disagree.
    pub fn algorithm(&self) -> Result<SignatureAlgorithm, SignerFault> {
        let digest = self.digest()?;
        let signature = SignatureAlgorithm::from_signer_info(&self.signature_algorithm.der, digest)?;
        match signature.digest() {
            Some(own) if own != digest => Err(SignerFault::AlgorithmsDisagree { digest, signature }),
            _ => Ok(signature),
        }
    }

    /// The signer's certificate among `candidates`, as [`SignedData::signer_certificate`] chooses it.
    ///
    /// # Errors
    /// When the signer names none, names it wrongly, or names one that is not there.
    pub fn choose_certificate<'a>(
        &self,
        candidates: impl IntoIterator<Item = &'a Vec<u8>>,
        profile: Profile,
    ) -> Result<&'a [u8], SignerFault> {
        let mut candidates = candidates.into_iter();
        let found = match self.certificate_id(profile)? {
            Some((id, _)) if DigestAlgorithm::from_oid(&id.digest).is_none() => {
                return Err(SignerFault::UnknownDigest(id.digest));
            }
            Some((id, _)) => candidates.find(|certificate| id.names(certificate) == Some(true)),
            None => candidates.find(|certificate| self.identifier.names(certificate)),
        };
        found.map(Vec::as_slice).ok_or(SignerFault::CertificateMissing)
    }

    /// Judges the signer.
    ///
    /// # Errors
    /// The first condition that fails: form, then algorithms, then the digest, then the signature value.
    pub fn verify(&self, evidence: &Evidence<'_>, profile: Profile) -> Result<VerifiedSigner, SignerFault> {
        let attributes = self.signed_attributes.as_ref().ok_or(SignerFault::NoSignedAttributes)?;
        let mut notes = Vec::new();
        self.check_content_type(evidence.content_type, &mut notes)?;
        let signed_digest = self.message_digest()?;
        match self.certificate_id(profile)? {
            Some((id, kind)) => {
                match id.names(evidence.certificate) {
                    Some(true) => {}
                    Some(false) => return Err(SignerFault::CertificateDiffers),
                    None => return Err(SignerFault::UnknownDigest(id.digest)),
                }
                if kind == oid::SIGNING_CERTIFICATE {
                    notes.push(SignerNote::CertificateIdV1);
                }
            }
            None => notes.push(SignerNote::NoCertificateId),
        }
        let digest = self.digest()?;
        let algorithm = self.algorithm()?;
        if signed_digest != evidence.content_digest.as_ref() {
            return Err(SignerFault::MessageDigest);
        }
        evidence.key.verify(algorithm, &attributes.signed, &self.signature)?;
        Ok(VerifiedSigner {
            digest,
            algorithm,
            notes,
        })
    }

    /// The one value of a signed attribute.
    ///
    /// # Errors
    /// When the attribute or its value is missing or repeated.
    pub fn single(&self, kind: ObjectIdentifier, name: &'static str) -> Result<&[u8], SignerFault> {
        single(self.signed(kind), name)?.ok_or(SignerFault::Missing(name))
    }

    /// The signed digest of the content (RFC 5652 section 11.2).
    fn message_digest(&self) -> Result<&[u8], SignerFault> {
        let name = "messageDigest";
        let value = self.single(oid::MESSAGE_DIGEST, name)?;
        read_value(value, name, |r| r.octet_string())
    }

    /// contentType must be that of the content (RFC 5652 section 11.1); GB/T 35275 files mix both identifiers of plain data.
    fn check_content_type(&self, expected: ObjectIdentifier, notes: &mut Vec<SignerNote>) -> Result<(), SignerFault> {
        let name = "contentType";
        let found = read_value(self.single(oid::CONTENT_TYPE, name)?, name, Reader::oid)?;
        let data = [oid::ID_DATA, oid::GM_DATA];
        if found == expected {
            Ok(())
        } else if data.contains(&found) && data.contains(&expected) {
            notes.push(SignerNote::MixedContentTypes);
            Ok(())
        } else {
            Err(SignerFault::ContentType { found, expected })
        }
    }

    /// What the signed attributes say of the certificate, and in which attribute.
    fn certificate_id(&self, profile: Profile) -> Result<Option<(CertificateId, ObjectIdentifier)>, SignerFault> {
        let name = "signingCertificateV2";
        let Some(attribute) = self.certificate_ids().next() else {
            return match profile {
                Profile::Basic => Ok(None),
                Profile::Cades => Err(SignerFault::Missing(name)),
            };
        };
        let kind = attribute.kind;
        let value = single(self.signed(kind), name)?.ok_or(SignerFault::Missing(name))?;
        let id = CertificateId::parse(kind, value).map_err(|source| SignerFault::Unreadable {
            attribute: name,
            source,
        })?;
        Ok(Some((id, kind)))
    }
}

/// The one value of the one attribute; `None` when there is no attribute.
fn single<'a>(
    mut attributes: impl Iterator<Item = &'a Attribute>,
    name: &'static str,
) -> Result<Option<&'a [u8]>, SignerFault> {
    let Some(first) = attributes.next() else {
        return Ok(None);
    };
    match (first.values.as_slice(), attributes.next()) {
        ([value], None) => Ok(Some(value)),
        _ => Err(SignerFault::NotSingle(name)),
    }
}

/// Reads an attribute's value to its end.
fn read_value<'a, T>(
    value: &'a [u8],
    attribute: &'static str,
    body: impl FnOnce(&mut Reader<'a>) -> der::Result<T>,
) -> Result<T, SignerFault> {
    Reader::new(value)
        .and_then(|mut r| {
            let read = body(&mut r)?;
            r.finish()?;
            Ok(read)
        })
        .map_err(|source| SignerFault::Unreadable {
            attribute,
            source: source.into(),
        })
}
