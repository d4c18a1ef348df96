//! Certificates, read (RFC 5280 section 4.1).

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::digests::Digests;
use super::read::{Frame, extensions};
use super::signed::{SignatureError, Signed, SignedDer, range_within};
use super::validity::from_asn1;
use super::{Extensions, KeyUsage, Name, ReadError, SerialNumber, Validity};
use crate::asn1::{oid, walk};
use crate::crypto::{Digest, DigestAlgorithm, KeyError, KeyIdentity, PublicKey};

const WHAT: &str = "certificate";

/// Largest certificate that is read, in bytes. Those in use have one or two thousand; the largest of the public test
/// suites for path building, with thousands of name constraints, stay below this.
pub const MAX_CERTIFICATE_BYTES: usize = 256 * 1024;

/// One certificate: its bytes and everything they say. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Certificate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    signed: SignedDer,
    public_key_info: Range<usize>,
    version: u32,
    serial: SerialNumber,
    issuer: Name,
    subject: Name,
    validity: Validity,
    extensions: Extensions,
    public_key: OnceLock<Result<PublicKey, KeyError>>,
    digests: Digests,
    key_digests: Digests,
    issuer_digests: Digests,
}

impl Certificate {
    /// Reads a certificate, which must be the whole of `der`.
    ///
    /// # Errors
    /// What is malformed, or which extension cannot be read.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadError> {
        let frame = Frame::read(der, WHAT, MAX_CERTIFICATE_BYTES)?;
        let structure = |part| ReadError::Structure { what: WHAT, part };
        let (_, parsed) = X509Certificate::from_der(der).map_err(|error| structure(super::read::part(&error)))?;
        let tbs = &parsed.tbs_certificate;
        // version is tagged and DEFAULT v1, so it counts as a part only when it is present.
        let parts_before_algorithm = if tbs.version.0 == 0 { 1 } else { 2 };
        frame.check_inner_algorithm(der, parts_before_algorithm)?;
        let date = |time| from_asn1(time).ok_or(structure("validity"));
        Ok(Self(Arc::new(Inner {
            signed: frame.signed_der(der),
            public_key_info: range_within(der, tbs.subject_pki.raw),
            version: tbs.version.0 + 1,
            serial: SerialNumber::from_content(tbs.raw_serial()),
            issuer: Name::from_parser(&tbs.issuer)?,
            subject: Name::from_parser(&tbs.subject)?,
            validity: Validity {
                not_before: date(tbs.validity.not_before)?,
                not_after: date(tbs.validity.not_after)?,
            },
            extensions: extensions(tbs.extensions())?,
            public_key: OnceLock::new(),
            digests: Digests::default(),
            key_digests: Digests::default(),
            issuer_digests: Digests::default(),
        })))
    }

    /// The whole encoding.
    pub fn der(&self) -> &[u8] {
        self.0.signed.der()
    }

    /// The `tbsCertificate`: what the signature covers.
    pub fn signed_part(&self) -> &[u8] {
        self.0.signed.signed_part()
    }

    /// The `AlgorithmIdentifier` of the signature.
    pub fn signature_algorithm(&self) -> &[u8] {
        self.0.signed.algorithm()
    }

    /// The signature's octets.
    pub fn signature(&self) -> &[u8] {
        self.0.signed.signature()
    }

    /// The `SubjectPublicKeyInfo`.
    pub fn public_key_info(&self) -> &[u8] {
        &self.der()[self.0.public_key_info.clone()]
    }

    /// The content of the key's BIT STRING without the count of unused bits: what key identifiers are digests of
    /// (RFC 5280 section 4.2.1.2).
    pub fn public_key_bits(&self) -> &[u8] {
        let info = self.public_key_info();
        let root = walk::element(info, 0, info.len()).ok();
        let bits = root.and_then(|root| walk::children(info, root).nth(1));
        bits.and_then(|bits| bits.value(info).get(1..)).unwrap_or_default()
    }

    /// The subject's public key, read on first use.
    ///
    /// # Errors
    /// Where its algorithm is not supported or its bytes are no such key.
    pub fn public_key(&self) -> Result<&PublicKey, KeyError> {
        let read = || PublicKey::from_spki(self.public_key_info());
        self.0.public_key.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// Which key it is, however it is encoded.
    pub fn key_identity(&self) -> KeyIdentity {
        match self.public_key() {
            Ok(key) => key.identity(),
            Err(_) => KeyIdentity::of_spki(self.public_key_info()),
        }
    }

    /// 1, 2 or 3.
    pub fn version(&self) -> u32 {
        self.0.version
    }

    /// The serial number, unique for its issuer.
    pub fn serial(&self) -> &SerialNumber {
        &self.0.serial
    }

    /// Who signed it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// Whom it is about.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// When it is valid.
    pub fn validity(&self) -> Validity {
        self.0.validity
    }

    /// Its extensions.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// SHA-256 of the whole encoding.
    pub fn fingerprint(&self) -> &[u8; 32] {
        self.0.signed.fingerprint()
    }

    /// The digest of the whole encoding: how an ESSCertID names it (RFC 5035 section 4).
    pub fn digest(&self, algorithm: DigestAlgorithm) -> &Digest {
        self.0.digests.of(self.der(), algorithm)
    }

    /// The digest of [`Self::public_key_bits`]: how status responses name a responder, and the issuer of a certificate
    /// (RFC 6960 sections 4.1.1 and 4.2.1).
    pub fn key_digest(&self, algorithm: DigestAlgorithm) -> &Digest {
        self.0.key_digests.of(self.public_key_bits(), algorithm)
    }

    /// The digest of the encoded name of its issuer (RFC 6960 section 4.1.1).
    pub fn issuer_digest(&self, algorithm: DigestAlgorithm) -> &Digest {
        self.0.issuer_digests.of(self.issuer().der(), algorithm)
    }

    /// Whether subject and issuer are the same name (RFC 5280 section 3.2).
    pub fn is_self_issued(&self) -> bool {
        self.subject() == self.issuer()
    }

    /// Whether it is about the same subject with the same key (RFC 4158 section 2.4.2), whoever issued it.
    pub fn is_of_same_authority(&self, other: &Self) -> bool {
        self.key_identity() == other.key_identity() && self.subject() == other.subject()
    }

    /// Whether it is that of an authority, issued by one of another organisation.
    pub fn crosses_organisations(&self) -> bool {
        self.is_ca() && !self.subject().is_of_same_organisation(self.issuer())
    }

    /// Whether `basicConstraints` says that the subject is a certification authority.
    pub fn is_ca(&self) -> bool {
        self.extensions()
            .basic_constraints
            .as_ref()
            .is_some_and(|constraints| constraints.value.ca)
    }

    /// Whether the key may be used so: `keyUsage` contains all of `usage`, or is absent.
    pub fn allows(&self, usage: KeyUsage) -> bool {
        self.extensions()
            .key_usage
            .as_ref()
            .is_none_or(|allowed| allowed.value.contains(usage))
    }

    /// Whether its issuer says that nobody is to ask for its status: `id-pkix-ocsp-nocheck` (RFC 6960 section
    /// 4.2.2.2.1).
    pub fn is_exempt_from_status(&self) -> bool {
        let no_check = oid::OCSP_NOCHECK.to_string();
        let mut unknown = self.extensions().unknown.iter();
        unknown.any(|extension| extension.oid == no_check)
    }

    /// `subjectKeyIdentifier`.
    pub fn key_identifier(&self) -> Option<&[u8]> {
        self.extensions()
            .subject_key_identifier
            .as_ref()
            .map(|identifier| identifier.value.as_slice())
    }

    /// The unified social credit code of the organisation that is the subject: from its extension (GM/T 0015), else
    /// from an organizationIdentifier of the form `NTRCN-…` (ETSI EN 319 412-1 section 5.1.4).
    pub fn credit_code(&self) -> Option<&str> {
        match &self.extensions().credit_code {
            Some(code) => Some(&code.value),
            None => self
                .subject()
                .text(&oid::ORGANIZATION_IDENTIFIER)?
                .strip_prefix(CREDIT_CODE_PREFIX),
        }
    }

    /// Every credit code that it names: of its extension, and of each organizationIdentifier of that form.
    pub fn credit_codes(&self) -> impl Iterator<Item = &str> {
        let extension = self.extensions().credit_code.as_ref().map(|code| code.value.as_str());
        let attributes = self.subject().attributes();
        let named = attributes.filter(|attribute| attribute.oid == oid::ORGANIZATION_IDENTIFIER);
        let named = named.filter_map(|attribute| attribute.text()?.strip_prefix(CREDIT_CODE_PREFIX));
        extension.into_iter().chain(named)
    }

    /// Type codes (GB/T 36904) of the licences that the subject may issue; empty where the certificate names none.
    pub fn licence_types(&self) -> &[String] {
        self.extensions()
            .licence_types
            .as_ref()
            .map_or(&[], |types| &types.value)
    }

    /// Checks that `issuer` made this certificate's signature.
    ///
    /// # Errors
    /// The algorithm is not known, does not fit the key, or the signature does not match.
    pub fn verify_signed_by(&self, issuer: &PublicKey) -> Result<(), SignatureError> {
        self.0.signed.verify(issuer)
    }
}

impl Signed for Certificate {
    fn parts(&self) -> &SignedDer {
        &self.0.signed
    }
}

/// Certificates are equal when their bytes are.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Certificate {}

/// Scheme, country and hyphen in front of a credit code in `organizationIdentifier` (ETSI EN 319 412-1 section 5.1.4).
pub const CREDIT_CODE_PREFIX: &str = "NTRCN-";
