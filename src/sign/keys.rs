//! What an organisation signs with: a document key of either suite, and an SM2 seal key with the seal.

use chrono::{DateTime, Utc};

use super::SignError;
use crate::cms::build::SigningIdentity;
use crate::seal::SealHolder;
use crate::x509::{Certificate, KeyUsage};

/// The two keys of one organisation, checked to be of the same.
#[derive(Clone)]
pub struct SealingKeys {
    /// Signs the document.
    document: SigningIdentity,
    /// Signs with the seal.
    seal: SealHolder,
}

impl SealingKeys {
    /// Joins the keys.
    ///
    /// # Errors
    /// When the certificates and the seal do not name the same credit code, or a certificate does not allow signing.
    pub fn new(document: SigningIdentity, seal: SealHolder) -> Result<Self, SignError> {
        for certificate in [document.certificate(), seal.certificate()] {
            check_usage(certificate)?;
        }
        let signer = document.certificate().credit_code();
        let sealer = seal.certificate().credit_code();
        let owner = seal.seal().info.owner();
        if signer != sealer || signer != owner.as_deref() {
            let word = |code: Option<&str>| code.unwrap_or("nobody").to_owned();
            return Err(SignError::OwnersDiffer {
                signer: word(signer),
                sealer: word(sealer),
                owner: word(owner.as_deref()),
            });
        }
        Ok(Self { document, seal })
    }

    /// The key that signs documents.
    pub fn document(&self) -> &SigningIdentity {
        &self.document
    }

    /// The key that signs with the seal, and the seal.
    pub fn seal(&self) -> &SealHolder {
        &self.seal
    }

    /// Checks that everything may be used at a time.
    ///
    /// # Errors
    /// When a certificate or the seal is not valid then.
    pub(super) fn check(&self, at: DateTime<Utc>) -> Result<(), SignError> {
        check_certificate(self.document.certificate(), at)?;
        check_certificate(self.seal.certificate(), at)?;
        Ok(self.seal.check(at)?)
    }
}

/// A certificate must be valid when it signs.
pub(super) fn check_certificate(certificate: &Certificate, at: DateTime<Utc>) -> Result<(), SignError> {
    let validity = certificate.validity();
    if validity.contains(at) {
        return Ok(());
    }
    Err(SignError::CertificateNotValid {
        subject: common_name(certificate),
        not_before: validity.not_before,
        not_after: validity.not_after,
        at,
    })
}

/// A certificate must allow digitalSignature or nonRepudiation (RFC 5280 section 4.2.1.3).
pub(super) fn check_usage(certificate: &Certificate) -> Result<(), SignError> {
    let usages = [KeyUsage::DIGITAL_SIGNATURE, KeyUsage::NON_REPUDIATION];
    if usages.into_iter().any(|usage| certificate.allows(usage)) {
        Ok(())
    } else {
        Err(SignError::KeyUsage(common_name(certificate)))
    }
}

fn common_name(certificate: &Certificate) -> String {
    certificate.subject().common_name().unwrap_or_default().to_owned()
}
