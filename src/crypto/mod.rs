//! Digests, signature algorithms, verification and (in [`key`]) signing. The only place that names a cryptography
//! crate.
//!
//! Two families stand side by side: the international one (ECDSA, RSA, Ed25519 with SHA-2, through `ring`) and the
//! national one (SM2 with SM3, GB/T 32918 and GB/T 32905). What others sign with beyond `ring` is verified, never made:
//! [`curve`] has P-521, brainpool and the digests that it does not pair with a curve, [`rsa`] short moduli, SHA-3 and
//! other salts; what is not verified at all is [`unverified`]'s to name. Nothing above this module asks which one it
//! holds: an algorithm is a row of the tables in [`digest`] and [`algorithm`], and another one is another row. Personal
//! data at rest are [`secrecy`]'s.

mod algorithm;
mod curve;
mod digest;
pub mod key;
pub mod pair;
mod pss;
mod public_key;
mod rsa;
pub mod secrecy;
mod sm2;
pub mod unverified;
mod weakness;

pub use algorithm::{AlgorithmError, SignatureAlgorithm};
pub use digest::{Digest, DigestAlgorithm, Hasher};
pub use pss::PssParameters;
pub use public_key::{KeyError, KeyIdentity, KeyKind, PublicKey, VerificationError};
pub use weakness::Weakness;

use ring::rand::SecureRandom;

/// The operating system's random source gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system's random source failed")]
pub struct RandomError;

/// Fills `buffer` with random bytes of the operating system.
pub fn random(buffer: &mut [u8]) -> Result<(), RandomError> {
    ring::rand::SystemRandom::new().fill(buffer).map_err(|_| RandomError)
}

/// Compares two secrets in a time that depends on their lengths alone.
pub fn equal_in_constant_time(left: &[u8], right: &[u8]) -> bool {
    let different = left.iter().zip(right).fold(0u8, |acc, (a, b)| acc | (a ^ b));
    left.len() == right.len() && std::hint::black_box(different) == 0
}

/// HMAC-SHA256 (RFC 2104) of `message` under `key`: 32 bytes.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key), message);
    let mut out = [0; 32];
    out.copy_from_slice(tag.as_ref());
    out
}
