//! SignedData (RFC 5652; GB/T 35275), its attributes, and time-stamp messages (RFC 3161).
//!
//! [`SignedData::parse`] gives an owned view of a message as it was received; [`verify`] judges one SignerInfo against
//! a certificate and a digest that the caller computed; [`build`] writes messages of ours in strict DER, for both
//! suites; [`timestamp`] has requests, tokens and responses. Both outer forms are read: that of PKCS#7 and that of GB/T
//! 35275, which differ in nothing but identifiers and encoding habits. Left out: encryption, countersignatures, and the
//! question whom to trust, which is `trust`'s.

pub mod attribute;
pub mod build;
mod bundle;
mod claims;
mod error;
mod parse;
mod revocation_info;
#[cfg(test)]
pub(crate) mod testing;
pub mod timestamp;
pub mod verify;

pub use attribute::Attribute;
pub use bundle::certificates_only;
pub use claims::{RevocationValues, SignaturePolicy};
pub use error::CmsError;
pub use parse::{
    AlgorithmIdentifier, Form, MAX_ATTRIBUTES, MAX_CERTIFICATES, MAX_MESSAGE_BYTES, MAX_SIGNERS, SignedAttributes,
    SignedData, SignerIdentifier, SignerInfo,
};
