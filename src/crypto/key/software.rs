//! Private keys held in memory, from PKCS#8 (RFC 5958): ECDSA (RFC 5915), RSA (RFC 8017), Ed25519 (RFC 8410), SM2.

use der::Encode;
use der::asn1::{BitStringRef, ObjectIdentifier};
use pkcs8::PrivateKeyInfoRef;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::{KeyAlgorithm, Signer, SigningError};
use crate::asn1::oid;
use crate::asn1::read;
use crate::crypto::sm2::Sm2PrivateKey;
use crate::crypto::{KeyError, PublicKey, RandomError, SignatureAlgorithm};

/// A private key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// The bytes are no PKCS#8 `PrivateKeyInfo`.
    #[error("the private key is not PKCS#8")]
    Malformed,
    /// The algorithm or curve is none that we sign with.
    #[error("private key algorithm {0} is not supported")]
    Unsupported(ObjectIdentifier),
    /// An RSA modulus of a length that we do not sign with.
    #[error("the RSA modulus has {bits} bits, not {RSA_MIN_BITS} to {RSA_MAX_BITS}")]
    RsaModulus {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// The key is damaged: its parts do not belong together, or its public half is not with it.
    #[error("the private key is damaged or without its public half")]
    Damaged,
    /// The public half could not be formed.
    #[error(transparent)]
    Public(#[from] KeyError),
    /// The operating system's random source failed.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Shortest and longest RSA modulus, in bits, of a key that signs here (ETSI TS 119 312 clause 5.3; `ring` signs with
/// no longer one).
const RSA_MIN_BITS: usize = 2048;
const RSA_MAX_BITS: usize = 4096;

/// A `PrivateKeyInfo` of Ed25519 up to the 32 octets of the key (RFC 8410 section 7).
const ED25519_PKCS8_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A private key held in memory.
pub struct SoftwareKey {
    public_key: PublicKey,
    pkcs8: Zeroizing<Vec<u8>>,
    material: Material,
}

enum Material {
    Ecdsa(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
    Rsa(Box<RsaKeyPair>),
    Sm2(Box<Sm2PrivateKey>),
}

impl SoftwareKey {
    /// Makes a new key: of an algorithm, or of the usual one of a suite.
    ///
    /// # Errors
    /// Where the random source fails.
    pub fn generate(algorithm: impl Into<KeyAlgorithm>) -> Result<Self, PrivateKeyError> {
        let pkcs8 = match algorithm.into() {
            KeyAlgorithm::P256 => generate_ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING)?,
            KeyAlgorithm::P384 => generate_ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING)?,
            KeyAlgorithm::Ed25519 => generate_ed25519()?,
            KeyAlgorithm::Sm2 => Sm2PrivateKey::generate().ok_or(RandomError)?.1,
        };
        Self::from_pkcs8(&pkcs8)
    }

    /// Reads a PKCS#8 `PrivateKeyInfo` (RFC 5958).
    ///
    /// # Errors
    /// Where it is no PKCS#8, of another algorithm or length, or damaged.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, PrivateKeyError> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| PrivateKeyError::Malformed)?;
        let algorithm = info.algorithm.oid;
        let curve = info
            .algorithm
            .parameters
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        let damaged = |_| PrivateKeyError::Damaged;
        let (material, public) = match (algorithm, curve) {
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP256R1)) => ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING, der)?,
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP384R1)) => ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING, der)?,
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SM2_CURVE)) => {
                let key = Sm2PrivateKey::from_pkcs8(der).ok_or(PrivateKeyError::Damaged)?;
                let point = key.point();
                (Material::Sm2(Box::new(key)), point)
            }
            (oid::ID_EC_PUBLIC_KEY, Some(other)) => return Err(PrivateKeyError::Unsupported(other)),
            (oid::ED25519, None) => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map_err(damaged)?;
                let public = pair.public_key().as_ref().to_vec();
                (Material::Ed25519(Box::new(pair)), public)
            }
            (oid::RSA_ENCRYPTION, _) => {
                let bits = rsa_modulus_bits(info.private_key.as_bytes()).ok_or(PrivateKeyError::Damaged)?;
                if !(RSA_MIN_BITS..=RSA_MAX_BITS).contains(&bits) {
                    return Err(PrivateKeyError::RsaModulus { bits });
                }
                let pair = RsaKeyPair::from_pkcs8(der).map_err(damaged)?;
                let public = pair.public_key().as_ref().to_vec();
                (Material::Rsa(Box::new(pair)), public)
            }
            _ => return Err(PrivateKeyError::Unsupported(algorithm)),
        };
        Ok(Self {
            public_key: PublicKey::from_spki(&spki(info.algorithm, &public).ok_or(PrivateKeyError::Damaged)?)?,
            pkcs8: Zeroizing::new(der.to_vec()),
            material,
        })
    }

    /// Its PKCS#8 form, unencrypted: for sealing it in a key file, never for a log.
    pub fn to_pkcs8(&self) -> &Zeroizing<Vec<u8>> {
        &self.pkcs8
    }
}

impl Signer for SoftwareKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.kind().signature_algorithm()
    }

    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let random = SystemRandom::new();
        match &self.material {
            Material::Ecdsa(pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SigningError::Failed),
            Material::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Material::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| SigningError::Failed)?;
                Ok(signature)
            }
            Material::Sm2(key) => key.sign(message).ok_or(SigningError::Failed),
        }
    }
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoftwareKey")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

fn generate_ecdsa(algorithm: &'static EcdsaSigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, RandomError> {
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).map_err(|_| RandomError)?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

/// Any 32 octets are a key (RFC 8032 section 5.1.5).
fn generate_ed25519() -> Result<Zeroizing<Vec<u8>>, RandomError> {
    let mut pkcs8 = Zeroizing::new([ED25519_PKCS8_HEAD.as_slice(), &[0; 32]].concat());
    crate::crypto::random(&mut pkcs8[ED25519_PKCS8_HEAD.len()..])?;
    Ok(pkcs8)
}

/// The pair in PKCS#8, and its public point.
fn ecdsa(algorithm: &'static EcdsaSigningAlgorithm, der: &[u8]) -> Result<(Material, Vec<u8>), PrivateKeyError> {
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, der, &SystemRandom::new()).map_err(|_| PrivateKeyError::Damaged)?;
    let point = pair.public_key().as_ref().to_vec();
    Ok((Material::Ecdsa(Box::new(pair)), point))
}

/// Length in bits of the modulus, the second field of an `RSAPrivateKey` (RFC 8017 appendix A.1.2).
fn rsa_modulus_bits(der: &[u8]) -> Option<usize> {
    let modulus = read::sequence(der, |r| {
        r.integer_bytes()?;
        let modulus = r.integer_bytes()?;
        while !r.is_empty() {
            r.raw()?;
        }
        Ok::<_, der::Error>(modulus)
    })
    .ok()?;
    let significant = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let top = significant.first()?;
    Some(significant.len() * 8 - top.leading_zeros() as usize)
}

/// `SubjectPublicKeyInfo`, whose algorithm is written as that of the private key is (RFC 5480 section 2, RFC 8017
/// appendix A.1, RFC 8410 section 4).
fn spki(algorithm: AlgorithmIdentifierRef<'_>, public: &[u8]) -> Option<Vec<u8>> {
    SubjectPublicKeyInfoRef {
        algorithm,
        subject_public_key: BitStringRef::from_bytes(public).ok()?,
    }
    .to_der()
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::VerificationError;
    use crate::crypto::key::Suite;

    #[test]
    fn a_signature_of_each_algorithm_verifies_and_one_over_another_message_does_not() {
        for algorithm in KeyAlgorithm::ALL {
            let key = SoftwareKey::generate(algorithm).unwrap();
            let signature = key.sign(b"message").unwrap();
            assert_eq!(key.public_key().verify(key.algorithm(), b"message", &signature), Ok(()));
            assert_eq!(
                key.public_key().verify(key.algorithm(), b"another", &signature),
                Err(VerificationError::Mismatch)
            );
        }
    }

    #[test]
    fn a_signature_is_never_longer_than_its_kind_says() {
        for algorithm in KeyAlgorithm::ALL {
            let key = SoftwareKey::generate(algorithm).unwrap();
            let longest = (0..40u8).map(|message| key.sign(&[message]).unwrap().len()).max();
            assert_eq!(longest, Some(key.kind().max_signature_len()), "{algorithm:?}");
        }
    }

    #[test]
    fn a_key_read_back_from_pkcs8_is_the_same_key() {
        for algorithm in KeyAlgorithm::ALL {
            let key = SoftwareKey::generate(algorithm).unwrap();
            let again = SoftwareKey::from_pkcs8(key.to_pkcs8()).unwrap();
            assert_eq!((again.kind(), again.public_key()), (algorithm.kind(), key.public_key()));
        }
    }

    #[test]
    fn an_algorithm_of_the_other_suite_is_unsupported_rather_than_a_mismatch() {
        let key = SoftwareKey::generate(Suite::National).unwrap();
        let algorithm = SignatureAlgorithm::EcdsaSha256;
        assert_eq!(
            key.public_key().verify(algorithm, b"m", b"s"),
            Err(VerificationError::Unsupported(algorithm))
        );
    }

    #[test]
    fn any_damaged_byte_of_a_key_is_an_error_or_another_key_never_a_panic() {
        for algorithm in KeyAlgorithm::ALL {
            let good = SoftwareKey::generate(algorithm).unwrap();
            for index in 0..good.to_pkcs8().len() {
                let mut bytes = good.to_pkcs8().to_vec();
                bytes[index] ^= 0x55;
                let _ = SoftwareKey::from_pkcs8(&bytes);
            }
        }
    }
}
