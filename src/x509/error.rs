//! Why bytes could not be read as a certificate, revocation list or certification request.

use crate::asn1::walk::WalkError;

/// An encoding that is not understood whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not well-formed DER, or data trail it.
    #[error("{what} is not well-formed: {cause}")]
    Malformed {
        /// What was read: `certificate`, `revocation list`, `certification request`.
        what: &'static str,
        /// Where and how.
        cause: WalkError,
    },
    /// Larger than what is read at all.
    #[error("{what} has {size} bytes, more than {limit}")]
    TooLarge {
        /// What was read.
        what: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// DER, but not the structure that the standard defines.
    #[error("{what} does not have the structure that its standard defines: {part}")]
    Structure {
        /// What was read.
        what: &'static str,
        /// The part that is wrong, in the standard's words.
        part: &'static str,
    },
    /// An extension whose value does not have its defined syntax.
    #[error("extension {oid} cannot be read")]
    Extension {
        /// The extension's identifier in dotted form.
        oid: String,
    },
    /// The same extension twice (RFC 5280 section 4.2).
    #[error("extension {oid} occurs twice")]
    DuplicateExtension {
        /// The extension's identifier in dotted form.
        oid: String,
    },
    /// An object identifier that is larger than any in use: over 39 bytes or with an arc over 32 bits.
    #[error("object identifier {oid} is too large")]
    ObjectIdentifier {
        /// The identifier in dotted form, or its bytes in hex.
        oid: String,
    },
    /// The algorithm inside the signed part is another than the one beside the signature (RFC 5280 section 4.1.1.2).
    #[error("the signature algorithm inside and outside the signed part differ")]
    AlgorithmMismatch,
}
