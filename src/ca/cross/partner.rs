//! What a partner hands over about its authority: its certificate, or a request.

use chrono::{DateTime, Utc};

use super::CrossError;
use crate::asn1::oid;
use crate::ca::key_identifier;
use crate::crypto::PublicKey;
use crate::x509::{Certificate, CertificationRequest, Extensions, GeneralName, KeyUsage, Name, ReadError};

/// An authority of somebody else, checked by itself: it is one, its key is strong, and it holds the key where that can
/// be seen.
#[derive(Debug, Clone)]
pub struct Partner {
    subject: Name,
    key: PublicKey,
    key_identifier: Vec<u8>,
    repository: Option<String>,
    not_after: Option<DateTime<Utc>>,
}

impl Partner {
    /// Reads a certificate or a request in DER, whichever it is.
    ///
    /// # Errors
    /// It is neither, or the authority in it cannot be certified.
    pub fn from_der(der: &[u8], now: DateTime<Utc>) -> Result<Self, CrossError> {
        match Certificate::from_der(der) {
            Ok(certificate) => Self::from_certificate(&certificate, now),
            Err(of_certificate) => match CertificationRequest::from_der(der) {
                Ok(request) => Self::from_request(&request),
                Err(of_request) => Err(CrossError::Unreadable(Self::more_telling(of_certificate, of_request))),
            },
        }
    }

    /// An authority by its certificate. That a root holds its key is seen from its own signature; of others their
    /// issuer saw it.
    ///
    /// # Errors
    /// It is no authority, is not valid now, has a weak key, or its own signature does not hold.
    pub fn from_certificate(certificate: &Certificate, now: DateTime<Utc>) -> Result<Self, CrossError> {
        let subject = || certificate.subject().to_string();
        // RFC 5280 sections 4.2.1.3 and 4.2.1.9.
        if certificate.version() != 3 || !certificate.is_ca() || !certificate.allows(KeyUsage::KEY_CERT_SIGN) {
            return Err(CrossError::NotAuthority(subject()));
        }
        let validity = certificate.validity();
        if !validity.contains(now) {
            return Err(CrossError::NotValidNow {
                subject: subject(),
                not_before: validity.not_before,
                not_after: validity.not_after,
            });
        }
        let key = strong(certificate.public_key().cloned(), &subject())?;
        if certificate.is_self_issued() {
            certificate.verify_signed_by(&key).map_err(CrossError::Possession)?;
        }
        let identifier = certificate.key_identifier().map(<[u8]>::to_vec);
        let made = || key_identifier(certificate.public_key_info());
        Ok(Self {
            subject: named(certificate.subject())?,
            key_identifier: identifier.unwrap_or_else(made),
            repository: repository(certificate.extensions()),
            not_after: Some(validity.not_after),
            key,
        })
    }

    /// An authority by its request (RFC 2986), which proves that it holds the key.
    ///
    /// # Errors
    /// The proof does not hold, the key is weak, the name is empty, or the request says that it is no authority.
    pub fn from_request(request: &CertificationRequest) -> Result<Self, CrossError> {
        let subject = request.subject().to_string();
        let key = request.prove_possession().map_err(CrossError::Possession)?;
        let key = strong(Ok(key), &subject)?;
        let extensions = request.extensions();
        let denies = extensions
            .basic_constraints
            .as_ref()
            .is_some_and(|found| !found.value.ca);
        let usage = extensions.key_usage.as_ref();
        if denies || usage.is_some_and(|usage| !usage.value.contains(KeyUsage::KEY_CERT_SIGN)) {
            return Err(CrossError::NotAuthority(subject));
        }
        let identifier = extensions.subject_key_identifier.as_ref();
        let made = || key_identifier(request.public_key_info());
        Ok(Self {
            subject: named(request.subject())?,
            key_identifier: identifier.map_or_else(made, |identifier| identifier.value.clone()),
            repository: repository(extensions),
            not_after: None,
            key,
        })
    }

    /// Its name, byte for byte.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// Its key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// `subjectKeyIdentifier` by which its certificates name it (RFC 5280 section 4.2.1.2).
    pub(super) fn key_identifier(&self) -> &[u8] {
        &self.key_identifier
    }

    /// Where it publishes certificates, as it says itself.
    pub(super) fn repository(&self) -> Option<&str> {
        self.repository.as_deref()
    }

    /// When its own certificate ends, where it handed over one.
    pub(super) fn not_after(&self) -> Option<DateTime<Utc>> {
        self.not_after
    }

    /// A request begins with a version, a certificate with a tagged one: where the reader of certificates came no
    /// further than that, it is the other reader that says what is wrong.
    fn more_telling(of_certificate: ReadError, of_request: ReadError) -> ReadError {
        match of_certificate {
            ReadError::Structure {
                part: "version" | "an element is of another type than defined",
                ..
            } => of_request,
            other => other,
        }
    }
}

fn strong(key: Result<PublicKey, crate::crypto::KeyError>, subject: &str) -> Result<PublicKey, CrossError> {
    let weak = |reason: String| CrossError::WeakKey {
        subject: subject.to_owned(),
        reason,
    };
    let key = key.map_err(|error| weak(error.to_string()))?;
    match key.kind().is_trusted() {
        true => Ok(key),
        false => Err(weak(format!("a key of kind {} is too short", key.kind()))),
    }
}

fn named(name: &Name) -> Result<Name, CrossError> {
    if name.is_empty() {
        Err(CrossError::NoName)
    } else {
        Ok(name.clone())
    }
}

/// `id-ad-caRepository` (RFC 5280 section 4.2.2.2).
fn repository(extensions: &Extensions) -> Option<String> {
    let access = extensions.subject_info_access.as_ref()?;
    access.value.iter().find_map(|access| match &access.location {
        GeneralName::Uri(uri) if access.method == oid::AD_CA_REPOSITORY => Some(uri.clone()),
        _ => None,
    })
}
