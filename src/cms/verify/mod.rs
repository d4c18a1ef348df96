//! Judges one SignerInfo (RFC 5652 section 5.6, ETSI EN 319 142-1 section 6.3) against a certificate and the digest of
//! what was signed, both given by the caller. Each condition that fails has its own [`SignerFault`], each departure
//! that decides nothing its [`SignerNote`]; whom to trust is another question.
//!
//! First the form is judged, by [`SignedData::judging`]; what comes of that says how the content is to be digested, and
//! takes the digest for its answer.

mod certificate;
mod fault;
mod note;
mod protection;

pub use fault::SignerFault;
pub use note::SignerNote;

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use super::{Attribute, SignedAttributes, SignedData, SignerInfo};
use crate::asn1::oid;
use crate::asn1::read::Reader;
use crate::crypto::{Digest, DigestAlgorithm, Hasher, KeyKind, PublicKey, SignatureAlgorithm, VerificationError, pair};
use crate::x509::Certificate;

/// Length of each integer of an SM2 signature, in bytes.
const SM2_SCALAR_LEN: usize = 32;

/// Asked before each check of a signature whether one more may be made with a key of this kind.
pub type MayCheck<'a> = &'a dyn Fn(KeyKind) -> bool;

/// Any number of checks, of messages that are counted elsewhere.
pub const UNCOUNTED: MayCheck<'static> = &|_| true;

/// What is asked of the signed attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// `adbe.pkcs7.*`, GB/T 35275 and OFD: they may be absent, and so may the identifier of the certificate.
    Basic,
    /// CAdES and PAdES, and time stamps (RFC 5816): both are required.
    Cades,
}

/// A signer whose signature fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSigner {
    /// Digest algorithm of the content.
    pub digest: DigestAlgorithm,
    /// Algorithm of the signature.
    pub algorithm: SignatureAlgorithm,
    /// Whether the signature algorithm goes with the digest algorithm (RFC 5754 section 3; RFC 8419 section 3.1 for
    /// Ed25519).
    pub algorithms_agree: bool,
    /// What is odd about it.
    pub notes: Vec<SignerNote>,
}

/// A signer whose form is right, waiting for the digest of the content.
#[derive(Debug)]
pub struct Judging<'m> {
    key: &'m PublicKey,
    digest: DigestAlgorithm,
    algorithm: SignatureAlgorithm,
    /// DER where the algorithm asks for it.
    signature: Cow<'m, [u8]>,
    /// The signed attributes with the digest in them.
    signed: Option<(&'m SignedAttributes, &'m [u8])>,
    notes: Vec<SignerNote>,
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

    /// The certificate of `signer` among those of the message, chosen by the signed digest; only where the profile
    /// allows that to be absent, by issuer and serial number.
    ///
    /// # Errors
    /// When the signer names none, names it wrongly, or names one that is not there.
    pub fn signer_certificate(&self, signer: &SignerInfo, profile: Profile) -> Result<&[u8], SignerFault> {
        signer.choose_certificate(self.certificates.iter().map(Vec::as_slice), profile)
    }

    /// Judges the only signer against its certificate and the digest of the content, by [`SignerInfo::digest`] where
    /// there are signed attributes, as those of ours all have.
    ///
    /// # Errors
    /// The first condition that fails: form, then algorithms, then the digest, then the signature value.
    pub fn verify(
        &self,
        certificate: &Certificate,
        content_digest: Digest,
        profile: Profile,
    ) -> Result<VerifiedSigner, SignerFault> {
        self.judging(certificate, profile)?.finish(content_digest, UNCOUNTED)
    }

    /// Judges the form of the only signer against its certificate.
    ///
    /// # Errors
    /// The first condition that fails.
    pub fn judging<'m>(&'m self, certificate: &'m Certificate, profile: Profile) -> Result<Judging<'m>, SignerFault> {
        let signer = self.only_signer()?;
        let mut notes = self.form_notes(signer, certificate, profile);
        let signed = match &signer.signed_attributes {
            Some(attributes) => {
                notes.extend(signer.check_content_type(self.content_type)?);
                Some((attributes, signer.message_digest()?))
            }
            None if profile == Profile::Basic => None,
            None => return Err(SignerFault::NoSignedAttributes),
        };
        notes.extend(signer.check_certificate(certificate, profile)?);
        let digest = signer.digest()?;
        let algorithm = SignatureAlgorithm::from_signer_info(&signer.signature_algorithm.der, digest)?;
        signer.check_protection()?;
        if signed.is_none() && algorithm.message_digest() != digest {
            return Err(SignerFault::AlgorithmsDisagree {
                digest,
                signature: algorithm,
            });
        }
        let is_sm2 = algorithm == SignatureAlgorithm::Sm2Sm3;
        let raw = is_sm2
            .then(|| pair::der_of_raw(&signer.signature, SM2_SCALAR_LEN))
            .flatten();
        notes.extend(raw.as_ref().map(|_| SignerNote::RawSignature));
        Ok(Judging {
            key: certificate.public_key()?,
            digest,
            algorithm,
            signature: raw.map_or(Cow::Borrowed(&signer.signature), Cow::Owned),
            signed,
            notes,
        })
    }

    /// Departures in what no signature covers, and in how the rest is written.
    fn form_notes(&self, signer: &SignerInfo, certificate: &Certificate, profile: Profile) -> Vec<SignerNote> {
        let plain = [oid::ID_DATA, oid::GM_DATA].contains(&self.content_type);
        let by_name = signer.identifier.is_by_name();
        // RFC 5652 section 5.1, without the kinds of certificates that ask for versions 4 and 5.
        let version = match (self.ocsp_responses.is_empty(), plain && by_name) {
            (false, _) => 5,
            (true, true) => 1,
            (true, false) => 3,
        };
        let announced: Vec<_> = self.digest_algorithms.iter().map(|algorithm| algorithm.oid).collect();
        let attributes = signer.signed_attributes.as_ref();
        let notes = [
            (self.is_ber, SignerNote::Ber),
            (
                self.version != version || signer.version != if by_name { 1 } else { 3 },
                SignerNote::Version,
            ),
            (announced != [signer.digest_algorithm.oid], SignerNote::AnnouncedDigests),
            (
                plain && self.content_type != self.form.data(),
                SignerNote::MixedContentTypes,
            ),
            (!signer.identifier.names(certificate), SignerNote::Identifier),
            (
                signer.digest_algorithm.oid == oid::SM3_KEYED,
                SignerNote::KeyedDigestName,
            ),
            (attributes.is_none(), SignerNote::NoSignedAttributes),
            (
                attributes.is_some_and(|attributes| attributes.in_order().is_some()),
                SignerNote::AttributeOrder,
            ),
            (
                profile == Profile::Cades && plain && signer.signed(oid::SIGNING_TIME).next().is_some(),
                SignerNote::SigningTime,
            ),
        ];
        let notes = notes.into_iter().filter_map(|(departs, note)| departs.then_some(note));
        let unsigned = signer.unsigned_attributes.iter();
        notes
            .chain(unsigned.filter_map(|attribute| note::of_unsigned(attribute.kind)))
            .collect()
    }
}

impl Judging<'_> {
    /// The algorithm of the signature.
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// A running digest that is to take the content. `None` where the key signs content itself and not its digest
    /// (Ed25519 without signed attributes), which is not judged.
    pub fn hasher(&self) -> Option<Hasher> {
        match self.signed {
            Some(_) => Some(self.digest.hasher()),
            None => self.key.hasher(self.algorithm),
        }
    }

    /// The digest algorithm of the content.
    pub fn digest(&self) -> DigestAlgorithm {
        self.digest
    }

    /// The same where signed attributes hold the digest, which is then that of the content alone; `None` where the key
    /// signs the content itself, and may begin its digest with something of its own (SM2).
    pub fn attributes_digest(&self) -> Option<DigestAlgorithm> {
        self.signed.is_some().then_some(self.digest)
    }

    /// Judges with the digest of the content, by [`Self::hasher`].
    ///
    /// # Errors
    /// [`SignerFault::MessageDigest`], [`SignerFault::Signature`], [`SignerFault::Unchecked`].
    pub fn finish(self, content: Digest, may_check: MayCheck<'_>) -> Result<VerifiedSigner, SignerFault> {
        match self.signed {
            None if !may_check(self.key.kind()) => return Err(SignerFault::Unchecked),
            None => self.key.verify_digest(self.algorithm, &content, &self.signature)?,
            Some((_, signed)) if signed != content.as_ref() => return Err(SignerFault::MessageDigest),
            Some((attributes, _)) => {
                let made_by = self.verify_attributes(attributes, may_check)?;
                if made_by != self.algorithm {
                    // Two names disagree, and the other one is right: nobody knows what was meant.
                    return Ok(self.verified(made_by, false));
                }
            }
        }
        let algorithms_agree = self.algorithm.message_digest() == self.digest;
        let algorithm = self.algorithm;
        Ok(self.verified(algorithm, algorithms_agree))
    }

    fn verified(mut self, algorithm: SignatureAlgorithm, algorithms_agree: bool) -> VerifiedSigner {
        self.notes.dedup();
        VerifiedSigner {
            digest: self.digest,
            algorithm,
            algorithms_agree,
            notes: self.notes,
        }
    }

    /// By which algorithm the signature is over the attributes, in DER (RFC 5652 section 5.4): the named one. Where
    /// they are not in the order of DER, some producers signed them as they stand and others as they should; where the
    /// named algorithm disagrees with the digest algorithm, some signed by the one of the same key that agrees. Both at
    /// once is nobody's way.
    fn verify_attributes(
        &self,
        attributes: &SignedAttributes,
        may_check: MayCheck<'_>,
    ) -> Result<SignatureAlgorithm, SignerFault> {
        let fits = |algorithm, signed: &[u8]| {
            if !may_check(self.key.kind()) {
                return Err(SignerFault::Unchecked);
            }
            match self.key.verify(algorithm, signed, &self.signature) {
                Err(VerificationError::Mismatch) => Ok(false),
                judged => Ok(judged.map(|()| true)?),
            }
        };
        if fits(self.algorithm, &attributes.signed)? {
            return Ok(self.algorithm);
        }
        if let Some(in_order) = attributes.in_order()
            && fits(self.algorithm, &in_order)?
        {
            return Ok(self.algorithm);
        }
        let other = self.algorithm.with_digest(self.digest);
        match other.filter(|other| *other != self.algorithm) {
            Some(other) if fits(other, &attributes.signed)? => Ok(other),
            _ => Err(VerificationError::Mismatch.into()),
        }
    }
}

impl SignedAttributes {
    /// What the signature would cover if they were in the order of DER; `None` where they are.
    fn in_order(&self) -> Option<Vec<u8>> {
        let mut reader = Reader::new(&self.signed).ok()?;
        let mut members = Vec::with_capacity(self.attributes.len());
        let mut contents = Reader::new(reader.contents(der::Tag::Set).ok()?).ok()?;
        while !contents.is_empty() {
            members.push(contents.raw().ok()?);
        }
        (!members.is_sorted()).then(|| crate::asn1::write::encode(|w| w.set_of(crate::asn1::write::SET, &members)))
    }
}

impl SignerInfo {
    /// The digest algorithm. SM3 is known by the names of its forms with and without a key too, which real files mix
    /// up.
    ///
    /// # Errors
    /// [`SignerFault::UnknownDigest`].
    pub fn digest(&self) -> Result<DigestAlgorithm, SignerFault> {
        match self.digest_algorithm.oid {
            oid::SM3_UNKEYED | oid::SM3_KEYED => Ok(DigestAlgorithm::Sm3),
            oid => DigestAlgorithm::from_oid(&oid).ok_or(SignerFault::UnknownDigest(oid)),
        }
    }

    /// The one value of a signed attribute.
    ///
    /// # Errors
    /// When the attribute or its value is missing or repeated.
    pub fn single(&self, kind: ObjectIdentifier, name: &'static str) -> Result<&[u8], SignerFault> {
        single(self.signed(kind), name)?.ok_or(SignerFault::Missing(name))
    }

    /// The signed digest of the content (RFC 5652 section 11.2).
    ///
    /// # Errors
    /// Where it is missing, stands there twice, or is no OCTET STRING.
    pub fn message_digest(&self) -> Result<&[u8], SignerFault> {
        let name = "messageDigest";
        let value = self.single(oid::MESSAGE_DIGEST, name)?;
        read_value(value, name, |r| r.octet_string())
    }

    /// contentType must be that of the content (RFC 5652 section 11.1); GB/T 35275 files mix both identifiers of plain
    /// data.
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
mod tests;
