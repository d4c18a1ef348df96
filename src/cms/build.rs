//! Makes SignedData with one signer (RFC 5652 section 5), in strict DER, written directly.
//!
//! What is the same in every message of a signer (its names, the digest of its certificate, the chain) is computed once
//! in a [`SigningIdentity`]; a message is then two digests, one signature and some copying. A message passes through
//! [`Unstamped`], because its time stamp covers its signature.

use std::sync::Arc;

use der::asn1::ObjectIdentifier;

use super::{Attribute, Form, attribute};
use crate::asn1::oid;
use crate::asn1::write::{self, Writer, context, encode};
use crate::crypto::key::{Signer, SigningError};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::x509::Certificate;

/// A signing key with its certificate, prepared for many messages.
#[derive(Clone)]
pub struct SigningIdentity {
    signer: Arc<dyn Signer>,
    digest: DigestAlgorithm,
    certificate: Certificate,
    /// The certificates that messages carry, DER.
    certificates: Vec<Vec<u8>>,
    issuer_and_serial: Vec<u8>,
    certificate_id: Vec<u8>,
}

/// A message cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The certificate is of another key.
    #[error("the certificate of {0} is not of the signing key")]
    OtherKey(String),
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// Content that stays outside the message, given by its digest.
    Detached(&'a Digest),
    /// Content that travels in the message, under its type.
    Attached(ObjectIdentifier, &'a [u8]),
}

/// A signed message to which unsigned attributes can still be added.
#[derive(Debug, Clone)]
pub struct Unstamped {
    /// Everything of SignedData before the signer infos.
    head: Vec<u8>,
    /// The fields of the SignerInfo up to its signature.
    signer: Vec<u8>,
    form: Form,
    signature: Vec<u8>,
}

impl SigningIdentity {
    /// Prepares a key with its certificate, and the further certificates that its messages carry.
    ///
    /// # Errors
    /// When the certificate is of another key.
    pub fn new(signer: Arc<dyn Signer>, certificate: Certificate, chain: &[Certificate]) -> Result<Self, BuildError> {
        let digest = signer.algorithm().message_digest();
        if certificate.public_key() != Ok(signer.public_key()) {
            return Err(BuildError::OtherKey(
                certificate.subject().common_name().unwrap_or_default().to_owned(),
            ));
        }
        let issuer_and_serial = encode(|w| {
            w.sequence(|w| {
                w.raw(certificate.issuer().der());
                w.primitive(write::INTEGER, certificate.serial().as_bytes());
            });
        });
        let others = chain.iter().filter(|other| **other != certificate);
        let certificates = [&certificate].into_iter().chain(others).map(|one| one.der().to_vec());
        let certificates: Vec<_> = certificates.collect();
        let named = certificates.iter().map(Vec::as_slice);
        let certificate_id = attribute::signing_certificate_v2(digest, named).to_der();
        Ok(Self {
            signer,
            digest,
            certificate,
            certificates,
            issuer_and_serial,
            certificate_id,
        })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The same key and certificate, whose messages carry no certificate at all (RFC 3161 section 2.4.1, certReq
    /// false).
    #[must_use]
    pub fn without_certificates(mut self) -> Self {
        self.certificates.clear();
        self
    }

    /// The digest that its signatures rest on.
    pub fn digest(&self) -> DigestAlgorithm {
        self.digest
    }

    /// Its key.
    pub fn signer(&self) -> &dyn Signer {
        self.signer.as_ref()
    }

    /// Signs `content` with further signed attributes, each in DER.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn sign(&self, form: Form, content: Content<'_>, extra: &[Vec<u8>]) -> Result<Unstamped, BuildError> {
        let (head, mut signed) = self.unsigned_parts(form, content, extra);
        let signature = self.signer.sign(&signed)?;
        // The signature covers SET OF, the message carries [0] (RFC 5652 section 5.4).
        if let Some(tag) = signed.first_mut() {
            *tag = context(0);
        }
        Ok(Unstamped {
            head,
            signer: self.signer_info(&signed),
            form,
            signature,
        })
    }

    /// Most bytes that such a message takes, with a time stamp of `stamp` bytes unless that is zero: nothing but the
    /// length of the signature varies.
    pub fn max_len(&self, form: Form, content: Content<'_>, extra: &[Vec<u8>], stamp: usize) -> usize {
        let (head, signed) = self.unsigned_parts(form, content, extra);
        let signer = self.signer_info(&signed);
        let message = Unstamped {
            head,
            signer,
            form,
            signature: vec![0; self.signer.public_key().kind().max_signature_len()],
        };
        match stamp {
            0 => message.finish(&[]).len(),
            _ => message
                .finish(&[Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, vec![0; stamp])])
                .len(),
        }
    }

    /// The head of the message, and its signed attributes as SET OF.
    fn unsigned_parts(&self, form: Form, content: Content<'_>, extra: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
        let attached;
        let (content_type, content_digest) = match content {
            Content::Detached(digest) => (form.data(), digest),
            Content::Attached(kind, bytes) => {
                attached = self.digest.digest(bytes);
                (kind, &attached)
            }
        };
        let mut attributes = vec![
            attribute::content_type(content_type).to_der(),
            attribute::message_digest(content_digest).to_der(),
            self.certificate_id.clone(),
        ];
        attributes.extend_from_slice(extra);
        let signed = encode(|w| w.set_of(write::SET, &attributes));
        (self.head(content_type, content), signed)
    }

    /// version, digestAlgorithms, encapContentInfo, certificates (RFC 5652 section 5.1).
    fn head(&self, content_type: ObjectIdentifier, content: Content<'_>) -> Vec<u8> {
        let mut w = Writer::with_capacity(64 + self.certificates.iter().map(Vec::len).sum::<usize>());
        // Version 1 for plain data, otherwise 3 (RFC 5652 section 5.1).
        let plain = [oid::ID_DATA, oid::GM_DATA].contains(&content_type);
        w.unsigned(if plain { 1 } else { 3 });
        w.constructed(write::SET, |w| self.digest_algorithm(w));
        w.sequence(|w| {
            w.oid(content_type);
            if let Content::Attached(_, bytes) = content {
                w.constructed(context(0), |w| w.octet_string(bytes));
            }
        });
        if !self.certificates.is_empty() {
            w.set_of(context(0), &self.certificates);
        }
        w.into_bytes()
    }

    /// The fields of SignerInfo up to the signature (RFC 5652 section 5.3).
    fn signer_info(&self, signed_attributes: &[u8]) -> Vec<u8> {
        let mut w = Writer::with_capacity(128 + self.issuer_and_serial.len() + signed_attributes.len());
        w.unsigned(1);
        w.raw(&self.issuer_and_serial);
        self.digest_algorithm(&mut w);
        w.raw(signed_attributes);
        w.raw(&self.signer.algorithm().identifier_der());
        w.into_bytes()
    }

    /// Without parameters (RFC 5754 section 2).
    fn digest_algorithm(&self, w: &mut Writer) {
        w.sequence(|w| w.oid(self.digest.oid()));
    }
}

impl Unstamped {
    /// The signature value: what a signature time stamp covers.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The message in DER, with the given unsigned attributes.
    pub fn finish(&self, unsigned: &[Attribute]) -> Vec<u8> {
        let unsigned: Vec<Vec<u8>> = unsigned.iter().map(Attribute::to_der).collect();
        let extra: usize = unsigned.iter().map(Vec::len).sum();
        let mut w = Writer::with_capacity(self.head.len() + self.signer.len() + extra + 192);
        w.sequence(|w| {
            w.oid(self.form.oid());
            w.constructed(context(0), |w| {
                w.sequence(|w| {
                    w.raw(&self.head);
                    w.constructed(write::SET, |w| {
                        w.sequence(|w| {
                            w.raw(&self.signer);
                            w.octet_string(&self.signature);
                            if !unsigned.is_empty() {
                                w.set_of(context(1), &unsigned);
                            }
                        })
                    });
                })
            });
        });
        w.into_bytes()
    }
}

impl Form {
    /// The outer content type.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Gm => oid::GM_SIGNED_DATA,
            Self::Pkcs7 => oid::ID_SIGNED_DATA,
        }
    }

    /// The type of plain data.
    pub fn data(self) -> ObjectIdentifier {
        match self {
            Self::Gm => oid::GM_DATA,
            Self::Pkcs7 => oid::ID_DATA,
        }
    }
}
