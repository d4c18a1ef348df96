//! Private keys: the [`Signer`] trait, what keys are made here ([`KeyAlgorithm`]), and software keys from bytes
//! ([`SoftwareKey`], PKCS#8 by RFC 5958). What opens key files and tokens is `keystore`.

mod algorithm;
mod bare;
mod software;

pub use algorithm::{KeyAlgorithm, Suite};
pub use bare::{bare_input, from_bare};
pub use software::{PrivateKeyError, SoftwareKey};

use super::{KeyKind, PublicKey, SignatureAlgorithm};

/// Whatever can sign with one private key: a software key, a token.
pub trait Signer: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The public key that verifies its signatures.
    fn public_key(&self) -> &PublicKey;

    /// What kind of key it is.
    fn kind(&self) -> KeyKind {
        self.public_key().kind()
    }

    /// Signs `message` (not its digest).
    ///
    /// # Errors
    /// [`SigningError`] where the key or the token behind it does not answer.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError>;
}

/// A key that did not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The signature could not be computed.
    #[error("the key gave no signature")]
    Failed,
    /// The token that holds the key did not sign.
    #[error("{reason}")]
    Token {
        /// It has gone, and may come back.
        absent: bool,
        /// What it says.
        reason: String,
    },
}
