//! Certificates, revocation lists, status responses and certification requests: read and written, without policy (RFC
//! 5280, RFC 6960, RFC 2986, GB/T 20518).
//!
//! Reading goes through `x509-parser` and ends in owned, normalised types, so that nothing above this module touches a
//! type of a parser; writing ([`build`]) goes through `der` and `x509-cert`. The two stacks share no code, and the
//! authority reads back with the one what it wrote with the other before it signs.
//!
//! Whether a signature is right, a path holds or an extension is acceptable is asked elsewhere (`trust`); here an
//! encoding is either understood whole or refused. Trailing data is refused everywhere. Left out: attribute
//! certificates.

pub mod build;
mod certificate;
mod crl;
mod digests;
mod error;
mod extension;
mod general_name;
mod key_usage;
mod name;
mod ocsp;
mod ocsp_request;
mod read;
mod request;
mod revocation;
mod serial;
mod signed;
mod validity;

pub use certificate::{CREDIT_CODE_PREFIX, Certificate, MAX_CERTIFICATE_BYTES};
pub use crl::{Crl, MAX_CRL_BYTES, RevokedEntry};
pub use error::ReadError;
pub use extension::{
    AccessDescription, AuthorityKeyIdentifier, BasicConstraints, Extension, Extensions, NameConstraints,
    PolicyConstraints, PolicyMapping, UnknownExtension,
};
pub use general_name::GeneralName;
pub use key_usage::KeyUsage;
pub use name::{Attribute, AttributeValue, Name, NormalName};
pub use ocsp::{CertId, MAX_OCSP_RESPONSE_BYTES, OcspAnswer, OcspResponse, OcspStatus, ResponderId};
pub use ocsp_request::{MAX_NONCE_BYTES, MAX_OCSP_REQUEST_BYTES, MAX_OCSP_REQUEST_IDS, OcspRequest};
pub use request::{CertificationRequest, MAX_REQUEST_BYTES};
pub use revocation::{
    DistributionPoint, DistributionPointName, IssuingDistributionPoint, NoRevocationReason, ReasonFlags,
    RevocationReason,
};
pub use serial::{NoSerialNumber, SerialNumber};
pub use signed::SignatureError;
pub(crate) use signed::Signed;
pub use validity::Validity;

#[cfg(test)]
mod tests;
