//! Writes the parts of certificates, lists and requests that are signed, and puts signatures to them.
//!
//! Values go through `der` and `x509-cert`; what must repeat foreign bytes exactly (names, keys) is copied as it
//! stands. Nothing is decided here: what a certificate says comes from `ca`.

mod certificate;
mod crl;
mod extension;
mod general_name;
mod name;
mod ocsp;
mod request;

pub use certificate::{CertificateFields, certificate};
pub use crl::{CrlFields, crl};
pub use name::{name, upper_bound};
pub use ocsp::{OcspFields, ocsp_data, ocsp_failure, ocsp_request, ocsp_response};
pub use request::request;

use std::time::Duration;

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use x509_cert::time::Time;

use super::ReadError;
use crate::asn1::write;
use crate::crypto::SignatureAlgorithm;

/// What cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Before 1970 or after 9999.
    #[error("date {0} cannot be written")]
    Date(DateTime<Utc>),
    /// Empty, or longer than its upper bound (RFC 5280 appendix A.1).
    #[error("attribute {oid} has {characters} characters, not 1 to {upper_bound}")]
    AttributeLength {
        /// Which attribute.
        oid: ObjectIdentifier,
        /// How many it has.
        characters: usize,
        /// How many it may have.
        upper_bound: usize,
    },
    /// Characters outside of PrintableString, or a country that is not two capital letters.
    #[error("attribute {oid} cannot hold \"{value}\"")]
    AttributeCharacters {
        /// Which attribute.
        oid: ObjectIdentifier,
        /// The text.
        value: String,
    },
    /// A path length over 255.
    #[error("path length {0} is over 255")]
    PathLength(u32),
    /// A general name of a form that is read but not written, or with characters that its form does not have.
    #[error("a general name cannot be written")]
    GeneralName,
    /// A status is to be told of a certificate that is named with a digest that is none of ours.
    #[error("the certificate that a status is about is named with an unknown digest")]
    CertificateId,
    /// A value that its type cannot hold.
    #[error("a value cannot be encoded: {0}")]
    Encoding(der::Error),
    /// A name that was written could not be read again.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<der::Error> for BuildError {
    fn from(error: der::Error) -> Self {
        Self::Encoding(error)
    }
}

/// A signed structure: SEQUENCE { `signed_part`, algorithm, BIT STRING } (RFC 5280 section 4.1.1).
pub fn signed(signed_part: &[u8], algorithm: SignatureAlgorithm, signature: &[u8]) -> Vec<u8> {
    // Room for three headers and an algorithm identifier beside the two large parts.
    let mut writer = write::Writer::with_capacity(signed_part.len() + signature.len() + 64);
    writer.sequence(|w| {
        w.raw(signed_part);
        w.raw(&algorithm.identifier_der());
        w.bit_string(signature);
    });
    writer.into_bytes()
}

/// UTCTime through 2049, GeneralizedTime from 2050 on (RFC 5280 section 4.1.2.5), in whole seconds.
fn time(time: DateTime<Utc>) -> Result<Time, BuildError> {
    let seconds = u64::try_from(time.timestamp()).map_err(|_| BuildError::Date(time))?;
    let date = der::DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(|_| BuildError::Date(time))?;
    Ok(Time::from(date))
}
