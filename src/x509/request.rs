//! Certification requests, read (PKCS#10, RFC 2986).

use std::ops::Range;

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::cri_attributes::ParsedCriAttribute;
use x509_parser::prelude::FromDer;

use super::read::{Frame, extensions, part};
use super::signed::{SignatureError, SignedDer, range_within};
use super::{Extensions, Name, ReadError};
use crate::crypto::{KeyIdentity, PublicKey};

const WHAT: &str = "certification request";

/// Largest request that is read, in bytes: as a certificate.
pub const MAX_REQUEST_BYTES: usize = super::certificate::MAX_CERTIFICATE_BYTES;

/// One request: its bytes and everything they say.
#[derive(Debug, Clone)]
pub struct CertificationRequest {
    signed: SignedDer,
    public_key_info: Range<usize>,
    subject: Name,
    extensions: Extensions,
}

impl CertificationRequest {
    /// Reads a request, which must be the whole of `der`.
    ///
    /// # Errors
    /// What is malformed, or which requested extension cannot be read.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadError> {
        let frame = Frame::read(der, WHAT, MAX_REQUEST_BYTES)?;
        let structure = |part| ReadError::Structure { what: WHAT, part };
        let (_, parsed) = X509CertificationRequest::from_der(der).map_err(|error| structure(part(&error)))?;
        let info = &parsed.certification_request_info;
        let mut requested = Extensions::default();
        for attribute in info.attributes() {
            if let ParsedCriAttribute::ExtensionRequest(request) = attribute.parsed_attribute() {
                // RFC 2985 section 5.4.2: extensionRequest is SINGLE VALUE.
                if requested != Extensions::default() {
                    return Err(structure("extensionRequest occurs twice"));
                }
                requested = extensions(&request.extensions)?;
            }
        }
        Ok(Self {
            signed: frame.signed_der(der),
            public_key_info: range_within(der, info.subject_pki.raw),
            subject: Name::from_parser(&info.subject)?,
            extensions: requested,
        })
    }

    /// The whole encoding.
    pub fn der(&self) -> &[u8] {
        self.signed.der()
    }

    /// The name that the requester asks for.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// The `SubjectPublicKeyInfo` to be certified.
    pub fn public_key_info(&self) -> &[u8] {
        &self.der()[self.public_key_info.clone()]
    }

    /// The extensions that the requester asks for.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Which key it is for, however it is encoded.
    pub fn key_identity(&self) -> KeyIdentity {
        KeyIdentity::of_spki(self.public_key_info())
    }

    /// Checks that the requester holds the private key (RFC 2986 section 3): the request is signed with it. Gives the
    /// key.
    ///
    /// # Errors
    /// The key or algorithm is not supported, or the signature does not match.
    pub fn prove_possession(&self) -> Result<PublicKey, SignatureError> {
        let key = PublicKey::from_spki(self.public_key_info())?;
        self.signed.verify(&key)?;
        Ok(key)
    }
}
