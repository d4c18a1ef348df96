//! `TBSCertificate` (RFC 5280 section 4.1.2).

use der::asn1::{AnyRef, UintRef};
use der::{Decode, Encode, Sequence};
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::time::Time;

use super::{BuildError, extension, time};
use crate::crypto::SignatureAlgorithm;
use crate::x509::{Extensions, Name, SerialNumber, Validity};

/// Everything that a certificate says.
#[derive(Debug, Clone)]
pub struct CertificateFields<'a> {
    /// Unique for the issuer, positive.
    pub serial: &'a SerialNumber,
    /// How the issuer will sign.
    pub algorithm: SignatureAlgorithm,
    /// Who signs: the exact bytes of the subject of the issuer's certificate.
    pub issuer: &'a Name,
    /// When it is valid.
    pub validity: Validity,
    /// Whom it is about.
    pub subject: &'a Name,
    /// The subject's `SubjectPublicKeyInfo`.
    pub public_key_info: &'a [u8],
    /// Its extensions.
    pub extensions: &'a Extensions,
}

/// Writes a `TBSCertificate`, version 3.
///
/// # Errors
/// Which value cannot be written.
pub fn certificate(fields: &CertificateFields<'_>) -> Result<Vec<u8>, BuildError> {
    let algorithm = fields.algorithm.identifier_der();
    let certificate = TbsCertificate {
        version: Version::V3,
        serial: UintRef::new(fields.serial.as_bytes())?,
        algorithm: AnyRef::from_der(&algorithm)?,
        issuer: AnyRef::from_der(fields.issuer.der())?,
        validity: Dates {
            not_before: time(fields.validity.not_before)?,
            not_after: time(fields.validity.not_after)?,
        },
        subject: AnyRef::from_der(fields.subject.der())?,
        public_key_info: AnyRef::from_der(fields.public_key_info)?,
        extensions: extension::extensions(fields.extensions)?,
    };
    Ok(certificate.to_der()?)
}

#[derive(Sequence)]
struct TbsCertificate<'a> {
    #[asn1(context_specific = "0")]
    version: Version,
    serial: UintRef<'a>,
    algorithm: AnyRef<'a>,
    issuer: AnyRef<'a>,
    validity: Dates,
    subject: AnyRef<'a>,
    public_key_info: AnyRef<'a>,
    #[asn1(context_specific = "3")]
    extensions: Vec<Extension>,
}

#[derive(Sequence)]
struct Dates {
    not_before: Time,
    not_after: Time,
}
