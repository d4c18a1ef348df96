//! Which certificate is the signer's: by the digest that the signer signed (RFC 5035 section 4), and only without it by
//! the name that nothing covers (RFC 5652 section 5.3).

use der::asn1::ObjectIdentifier;

use super::{Profile, SignerFault, SignerNote, single};
use crate::asn1::oid;
use crate::cms::attribute::CertificateId;
use crate::cms::{SignerIdentifier, SignerInfo};
use crate::crypto::DigestAlgorithm;
use crate::x509::Certificate;

/// The attribute that names the certificate by SHA-1 alone.
const OLDER: &str = "signingCertificate";
const NEWER: &str = "signingCertificateV2";

impl SignerIdentifier {
    /// Whether it is an issuer with a serial number.
    pub(super) fn is_by_name(&self) -> bool {
        matches!(self, Self::IssuerAndSerial { .. })
    }

    /// Whether it names this certificate by issuer and serial number, or by the key identifier that the certificate
    /// states.
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                certificate.issuer().der() == issuer && certificate.serial().as_bytes() == serial
            }
            Self::KeyIdentifier(identifier) => certificate.key_identifier() == Some(identifier),
        }
    }
}

impl SignerInfo {
    /// The signer's certificate among `candidates`, as [`crate::cms::SignedData::signer_certificate`] chooses it.
    ///
    /// # Errors
    /// When the signer names none, names it wrongly, or names one that is not there.
    pub fn choose_certificate<'a>(
        &self,
        candidates: impl IntoIterator<Item = &'a [u8]>,
        profile: Profile,
    ) -> Result<&'a [u8], SignerFault> {
        let mut candidates = candidates.into_iter();
        let found = match self.certificate_id(profile)? {
            Some((id, _)) if !tells_apart(&id) => {
                return Err(SignerFault::UnknownDigest(id.digest));
            }
            Some((id, _)) => candidates.find(|certificate| id.names(certificate) == Some(true)),
            None => candidates
                .find(|certificate| Certificate::from_der(certificate).is_ok_and(|own| self.identifier.names(&own))),
        };
        found.ok_or(SignerFault::CertificateMissing)
    }

    /// Those of `certificates` among which the signer's can be: named by digest, or where none is, by the identifier.
    pub fn possible<'c>(&self, certificates: &'c [Certificate]) -> Vec<&'c Certificate> {
        match self.certificate_ids().next() {
            Some(_) => self.named(certificates),
            None => certificates.iter().filter(|own| self.identifier.names(own)).collect(),
        }
    }

    /// The certificate must be the one that the signed attributes name (RFC 5035 section 4).
    pub(super) fn check_certificate(
        &self,
        certificate: &Certificate,
        profile: Profile,
    ) -> Result<Option<SignerNote>, SignerFault> {
        let Some((id, kind)) = self.certificate_id(profile)? else {
            return Ok(Some(SignerNote::NoCertificateId));
        };
        if !tells_apart(&id) {
            return Err(SignerFault::UnknownDigest(id.digest));
        }
        if id.names(certificate.der()) != Some(true) {
            return Err(SignerFault::CertificateDiffers);
        }
        // Both attributes may stand side by side, and then both have to mean it (RFC 5035 section 5).
        let older = single(self.signed(oid::SIGNING_CERTIFICATE), OLDER)?;
        if let Some(older) = older.filter(|_| kind != oid::SIGNING_CERTIFICATE)
            && read_id(oid::SIGNING_CERTIFICATE, older, OLDER)?.names(certificate.der()) != Some(true)
        {
            return Err(SignerFault::CertificateDiffers);
        }
        Ok((id.digest == oid::SHA1).then_some(SignerNote::CertificateIdV1))
    }

    /// What the signed attributes say of the certificate, and in which attribute.
    fn certificate_id(&self, profile: Profile) -> Result<Option<(CertificateId, ObjectIdentifier)>, SignerFault> {
        let Some(attribute) = self.certificate_ids().next() else {
            return match profile {
                Profile::Basic => Ok(None),
                Profile::Cades => Err(SignerFault::Missing(NEWER)),
            };
        };
        let kind = attribute.kind;
        let name = if kind == oid::SIGNING_CERTIFICATE { OLDER } else { NEWER };
        let value = single(self.signed(kind), name)?.ok_or(SignerFault::Missing(name))?;
        Ok(Some((read_id(kind, value, name)?, kind)))
    }
}

fn read_id(kind: ObjectIdentifier, value: &[u8], attribute: &'static str) -> Result<CertificateId, SignerFault> {
    CertificateId::parse(kind, value).map_err(|source| SignerFault::Unreadable { attribute, source })
}

/// Whether the digest by which a certificate is named leaves no doubt which: it is known here, and nobody makes two of
/// one digest at will, as for MD5. By SHA-1 the certificate has to be made for it, which is noted.
fn tells_apart(id: &CertificateId) -> bool {
    DigestAlgorithm::from_oid(&id.digest).is_some_and(|digest| digest != DigestAlgorithm::Md5)
}
