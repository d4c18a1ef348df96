//! Judges one SignerInfo (RFC 5652 section 5.6, ETSI EN 319 142-1 section 6.3) against a certificate and the digest of what
//! was signed, both given by the caller. Each condition that fails has its own fault; whom to trust is another question.

use der::asn1::ObjectIdentifier;

use super::attribute::CertificateId;
use super::{Attribute, CmsError, SignedData, SignerIdentifier, SignerInfo};
use crate::asn1::oid;
use crate::asn1::read::Reader;
use crate::crypto::{AlgorithmError, Digest, DigestAlgorithm, KeyError, SignatureAlgorithm, VerificationError};
use crate::x509::Certificate;

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
    /// The key in the certificate cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// `messageDigest` is not the digest of the content: the content was changed.
    #[error("the digest of the content is not the signed one")]
    MessageDigest,
    /// The signature value does not fit, or cannot be checked with this key.
    #[error(transparent)]
    Signature(#[from] VerificationError),
}

/// A departure that is reported but does not break the signature. Messages of ours have none: every byte of theirs that no
/// signature covers is pinned by one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignerNote {
    /// The certificate is identified by SHA-1 (RFC 2634).
    CertificateIdV1,
    /// The certificate is not identified in a signed attribute.
    NoCertificateId,
    /// The content type is named once in the way of PKCS#7 and once in that of GB/T 35275.
    MixedContentTypes,
    /// The version of the message or of the signer is not the one that its contents ask for (RFC 5652 sections 5.1, 5.3).
    Version,
    /// The digest algorithm is not announced at the head of the message, or others are (RFC 5652 section 5.1).
    AnnouncedDigests,
    /// Issuer and serial number are not those of the certificate that the signed digest names.
    Identifier,
    /// An unsigned attribute is there that is not a signature time stamp.
    UnsignedAttribute,
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

    /// Judges the only signer against its certificate and the digest of the content, by [`SignerInfo::digest`].
    ///
    /// # Errors
    /// The first condition that fails: form, then algorithms, then the digest, then the signature value.
    pub fn verify(
        &self,
        certificate: &Certificate,
        content_digest: Digest,
        profile: Profile,
    ) -> Result<VerifiedSigner, SignerFault> {
        let signer = self.only_signer()?;
        let attributes = signer
            .signed_attributes
            .as_ref()
            .ok_or(SignerFault::NoSignedAttributes)?;
        let mut notes = self.form_notes(signer, certificate);
        notes.extend(signer.check_content_type(self.content_type)?);
        let signed_digest = signer.message_digest()?;
        notes.extend(signer.check_certificate(certificate, profile)?);
        let digest = signer.digest()?;
        let algorithm = signer.algorithm()?;
        if signed_digest != content_digest.as_ref() {
            return Err(SignerFault::MessageDigest);
        }
        certificate
            .public_key()?
            .verify(algorithm, &attributes.signed, &signer.signature)?;
        Ok(VerifiedSigner {
            digest,
            algorithm,
            notes,
        })
    }

    /// Departures in what no signature covers.
    fn form_notes(&self, signer: &SignerInfo, certificate: &Certificate) -> Vec<SignerNote> {
        let plain = [oid::ID_DATA, oid::GM_DATA].contains(&self.content_type);
        let by_name = matches!(signer.identifier, SignerIdentifier::IssuerAndSerial { .. });
        // RFC 5652 section 5.1, without the kinds of certificates that ask for versions 4 and 5.
        let version = if plain && by_name { 1 } else { 3 };
        let announced: Vec<_> = self.digest_algorithms.iter().map(|algorithm| algorithm.oid).collect();
        let stamps = signer.unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN).count();
        [
            (
                self.version != version || signer.version != if by_name { 1 } else { 3 },
                SignerNote::Version,
            ),
            (announced != [signer.digest_algorithm.oid], SignerNote::AnnouncedDigests),
            (by_name && !signer.identifier.names(certificate), SignerNote::Identifier),
            (
                stamps != signer.unsigned_attributes.len(),
                SignerNote::UnsignedAttribute,
            ),
        ]
        .into_iter()
        .filter_map(|(departs, note)| departs.then_some(note))
        .collect()
    }
}

impl SignerIdentifier {
    /// Whether it names this certificate by issuer and serial number. Key identifiers are not followed: any certificate
    /// may claim one.
    fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                certificate.issuer().der() == issuer && certificate.serial().as_bytes() == serial
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
        // RFC 5754 section 3; RFC 8419 section 3.1 for Ed25519, whose digest beside signed attributes is SHA-512 alone.
        if signature.message_digest() == digest {
            Ok(signature)
        } else {
            Err(SignerFault::AlgorithmsDisagree { digest, signature })
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
            None => candidates
                .find(|certificate| Certificate::from_der(certificate).is_ok_and(|own| self.identifier.names(&own))),
        };
        found.map(Vec::as_slice).ok_or(SignerFault::CertificateMissing)
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
    fn check_content_type(&self, expected: ObjectIdentifier) -> Result<Option<SignerNote>, SignerFault> {
        let name = "contentType";
        let found = read_value(self.single(oid::CONTENT_TYPE, name)?, name, Reader::oid)?;
        let data = [oid::ID_DATA, oid::GM_DATA];
        if found == expected {
            Ok(None)
        } else if data.contains(&found) && data.contains(&expected) {
            Ok(Some(SignerNote::MixedContentTypes))
        } else {
            Err(SignerFault::ContentType { found, expected })
        }
    }

    /// The certificate must be the one that the signed attributes name (RFC 5035 section 4).
    fn check_certificate(
        &self,
        certificate: &Certificate,
        profile: Profile,
    ) -> Result<Option<SignerNote>, SignerFault> {
        let Some((id, kind)) = self.certificate_id(profile)? else {
            return Ok(Some(SignerNote::NoCertificateId));
        };
        match id.names(certificate.der()) {
            Some(true) => Ok((kind == oid::SIGNING_CERTIFICATE).then_some(SignerNote::CertificateIdV1)),
            Some(false) => Err(SignerFault::CertificateDiffers),
            None => Err(SignerFault::UnknownDigest(id.digest)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::encode;
    use crate::cms::Form;
    use crate::cms::build::{Content, SigningIdentity};
    use crate::cms::testing::identity;
    use crate::crypto::key::{KeyAlgorithm, Suite};

    const CONTENT: &[u8] = b"the signed content";

    fn message(identity: &SigningIdentity, form: Form) -> SignedData {
        let digest = identity.digest().digest(CONTENT);
        let message = identity.sign(form, Content::Detached(&digest), &[]).unwrap();
        SignedData::parse(&message.finish(&[])).unwrap()
    }

    fn judge(message: &SignedData, content: &[u8], profile: Profile) -> Result<VerifiedSigner, SignerFault> {
        let signer = message.only_signer()?;
        let certificate = Certificate::from_der(message.signer_certificate(signer, profile)?).unwrap();
        message.verify(&certificate, signer.digest()?.digest(content), profile)
    }

    /// What becomes of a message whose signer was changed.
    fn altered(alter: impl FnOnce(&mut SignerInfo, &mut Vec<Attribute>)) -> SignerFault {
        let mut message = message(&identity(Suite::International, "signer", None), Form::Pkcs7);
        let mut attributes = message.signers[0].signed_attributes.take().unwrap();
        alter(&mut message.signers[0], &mut attributes.attributes);
        message.signers[0].signed_attributes = Some(attributes);
        judge(&message, CONTENT, Profile::Cades).unwrap_err()
    }

    #[test]
    fn what_we_make_verifies_by_each_algorithm_and_in_both_forms() {
        for algorithm in KeyAlgorithm::ALL {
            for form in [Form::Pkcs7, Form::Gm] {
                let message = message(&identity(algorithm, "signer", None), form);
                let verified = judge(&message, CONTENT, Profile::Cades).unwrap();
                assert_eq!(
                    (verified.algorithm, verified.notes),
                    (algorithm.kind().signature_algorithm(), vec![])
                );
                assert_eq!(
                    judge(&message, b"another", Profile::Cades),
                    Err(SignerFault::MessageDigest)
                );
            }
        }
    }

    #[test]
    fn a_changed_signed_attribute_breaks_the_signature_value() {
        let mut message = message(&identity(Suite::National, "signer", None), Form::Pkcs7);
        message.signers[0].signed_attributes.as_mut().unwrap().signed[6] ^= 1;
        assert_eq!(
            judge(&message, CONTENT, Profile::Cades),
            Err(SignerFault::Signature(VerificationError::Mismatch))
        );
    }

    #[test]
    fn no_signer_and_two_signers_are_faults() {
        let mut message = message(&identity(Suite::International, "signer", None), Form::Pkcs7);
        message.signers.push(message.signers[0].clone());
        assert_eq!(
            judge(&message, CONTENT, Profile::Cades),
            Err(SignerFault::SignerCount(2))
        );
        message.signers.clear();
        assert_eq!(
            judge(&message, CONTENT, Profile::Cades),
            Err(SignerFault::SignerCount(0))
        );
    }

    #[test]
    fn a_required_attribute_is_there_once_with_one_value() {
        for (kind, name) in [
            (oid::CONTENT_TYPE, "contentType"),
            (oid::MESSAGE_DIGEST, "messageDigest"),
            (oid::SIGNING_CERTIFICATE_V2, "signingCertificateV2"),
        ] {
            let missing = altered(|_, attributes| attributes.retain(|attribute| attribute.kind != kind));
            assert_eq!(missing, SignerFault::Missing(name));
            let repeated = altered(|_, attributes| {
                let again = attributes.iter().find(|attribute| attribute.kind == kind).cloned();
                attributes.extend(again);
            });
            assert_eq!(repeated, SignerFault::NotSingle(name));
            let two_values = altered(|_, attributes| {
                for attribute in attributes.iter_mut().filter(|attribute| attribute.kind == kind) {
                    attribute.values.push(attribute.values[0].clone());
                }
            });
            assert_eq!(two_values, SignerFault::NotSingle(name));
        }
    }

    #[test]
    fn a_certificate_that_the_signer_did_not_name_is_refused() {
        let signing = identity(Suite::International, "signer", None);
        let other = identity(Suite::International, "signer", None);
        let mut message = message(&signing, Form::Pkcs7);
        let judged = message.verify(other.certificate(), signing.digest().digest(CONTENT), Profile::Cades);
        assert_eq!(judged, Err(SignerFault::CertificateDiffers));
        message.certificates = vec![other.certificate().der().to_vec()];
        assert_eq!(
            judge(&message, CONTENT, Profile::Cades),
            Err(SignerFault::CertificateMissing)
        );
    }

    #[test]
    fn algorithms_that_disagree_or_are_unknown_have_their_own_faults() {
        let sm3 = encode(|w| w.sequence(|w| w.oid(oid::SM3)));
        let disagree = altered(|signer, _| {
            signer.digest_algorithm = crate::cms::AlgorithmIdentifier {
                oid: oid::SM3,
                der: sm3,
            };
        });
        assert!(matches!(disagree, SignerFault::AlgorithmsDisagree { .. }), "{disagree}");
        let unknown = altered(|signer, _| signer.digest_algorithm.oid = oid::ID_DATA);
        assert_eq!(unknown, SignerFault::UnknownDigest(oid::ID_DATA));
    }

    #[test]
    fn the_basic_profile_takes_a_certificate_by_its_name_and_says_so() {
        let mut message = message(&identity(Suite::International, "signer", None), Form::Pkcs7);
        let attributes = message.signers[0].signed_attributes.as_mut().unwrap();
        attributes
            .attributes
            .retain(|attribute| attribute.kind != oid::SIGNING_CERTIFICATE_V2);
        let verified = judge(&message, CONTENT, Profile::Basic).unwrap();
        assert_eq!(verified.notes, [SignerNote::NoCertificateId]);
    }

    #[test]
    fn mixed_identifiers_of_plain_data_are_only_noted() {
        let mut message = message(&identity(Suite::National, "signer", None), Form::Gm);
        message.content_type = oid::ID_DATA;
        let verified = judge(&message, CONTENT, Profile::Cades).unwrap();
        assert_eq!(verified.notes, [SignerNote::MixedContentTypes]);
        message.content_type = oid::CT_TST_INFO;
        assert!(matches!(
            judge(&message, CONTENT, Profile::Cades),
            Err(SignerFault::ContentType { .. })
        ));
    }

    #[test]
    fn no_flipped_byte_of_a_message_goes_unnoticed() {
        let signing = identity(Suite::International, "signer", None);
        let digest = signing.digest().digest(CONTENT);
        let good = signing
            .sign(Form::Pkcs7, Content::Detached(&digest), &[])
            .unwrap()
            .finish(&[]);
        for index in 0..good.len() {
            let mut bytes = good.clone();
            bytes[index] ^= 0x41;
            let Ok(message) = SignedData::parse(&bytes) else {
                continue;
            };
            let Ok(signer) = message.only_signer() else { continue };
            let Ok(certificate) = message.signer_certificate(signer, Profile::Cades) else {
                continue;
            };
            let certificate = Certificate::from_der(certificate).unwrap();
            let verified = message.verify(&certificate, digest, Profile::Cades);
            assert!(
                !verified.is_ok_and(|verified| verified.notes.is_empty()),
                "byte {index}"
            );
        }
    }
}
