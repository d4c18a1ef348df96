//! Private keys: the [`Signer`] trait, and software keys from bytes. What opens key files and tokens is `keystore`.

use der::asn1::{AnyRef, BitStringRef};
use der::{Decode, Encode};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::sm2::Sm2PrivateKey;
use super::{DigestAlgorithm, KeyError, PublicKey, SignatureAlgorithm};
use crate::asn1::oid;

/// Whatever can sign with one private key: a software key, a token.
pub trait Signer: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// The public key that verifies its signatures.
    fn public_key(&self) -> &PublicKey;

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
}

/// A private key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrivateKeyError {
    /// The bytes are no PKCS#8 `PrivateKeyInfo`.
    #[error("the private key is not PKCS#8")]
    Malformed,
    /// The algorithm or curve is none that we sign with.
    #[error("private key algorithm {0} is not supported")]
    Unsupported(der::asn1::ObjectIdentifier),
    /// The key is damaged: its parts do not belong together.
    #[error("the private key is damaged")]
    Damaged,
    /// The public half could not be formed.
    #[error(transparent)]
    Public(#[from] KeyError),
    /// The operating system's random source failed.
    #[error(transparent)]
    Random(#[from] super::RandomError),
}

/// The two families of algorithms that we sign with, equal everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// ECDSA on P-256 with SHA-256.
    International,
    /// SM2 with SM3.
    National,
}

impl Suite {
    /// Both, international first.
    pub const ALL: [Self; 2] = [Self::International, Self::National];

    /// How its keys sign.
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::International => SignatureAlgorithm::EcdsaSha256,
            Self::National => SignatureAlgorithm::Sm2Sm3,
        }
    }

    /// Its digest.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::International => DigestAlgorithm::Sha256,
            Self::National => DigestAlgorithm::Sm3,
        }
    }

    /// Its name in commands, files and the store: `international`, `national`.
    pub fn name(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::National => "national",
        }
    }

    /// The suite of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }
}

/// A private key held in memory.
pub struct SoftwareKey {
    suite: Suite,
    public_key: PublicKey,
    pkcs8: Zeroizing<Vec<u8>>,
    material: Material,
}

enum Material {
    P256(Box<EcdsaKeyPair>),
    Sm2(Box<Sm2PrivateKey>),
}

impl SoftwareKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// Where the random source fails.
    pub fn generate(suite: Suite) -> Result<Self, PrivateKeyError> {
        let pkcs8 = match suite {
            Suite::International => {
                let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
                    .map_err(|_| super::RandomError)?;
                Zeroizing::new(document.as_ref().to_vec())
            }
            Suite::National => Sm2PrivateKey::generate().ok_or(super::RandomError)?.1,
        };
        Self::from_pkcs8(&pkcs8)
    }

    /// Reads a PKCS#8 `PrivateKeyInfo` (RFC 5958).
    ///
    /// # Errors
    /// Where it is no PKCS#8, of another algorithm, or damaged.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, PrivateKeyError> {
        let info = pkcs8::PrivateKeyInfoRef::try_from(der).map_err(|_| PrivateKeyError::Malformed)?;
        let curve = info
            .algorithm
            .parameters_oid()
            .map_err(|_| PrivateKeyError::Unsupported(info.algorithm.oid))?;
        let (suite, material, point) = match (info.algorithm.oid, curve) {
            (oid::ID_EC_PUBLIC_KEY, oid::SECP256R1) => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der, &SystemRandom::new())
                    .map_err(|_| PrivateKeyError::Damaged)?;
                let point = pair.public_key().as_ref().to_vec();
                (Suite::International, Material::P256(Box::new(pair)), point)
            }
            (oid::ID_EC_PUBLIC_KEY, oid::SM2_CURVE) => {
                let key = Sm2PrivateKey::from_pkcs8(der).ok_or(PrivateKeyError::Damaged)?;
                let point = key.point();
                (Suite::National, Material::Sm2(Box::new(key)), point)
            }
            (oid::ID_EC_PUBLIC_KEY, other) | (other, _) => return Err(PrivateKeyError::Unsupported(other)),
        };
        let public_key = PublicKey::from_spki(&ec_spki(curve, &point).ok_or(PrivateKeyError::Damaged)?)?;
        Ok(Self {
            suite,
            public_key,
            pkcs8: Zeroizing::new(der.to_vec()),
            material,
        })
    }

    /// Its PKCS#8 form, unencrypted: for sealing it in a key file, never for a log.
    pub fn to_pkcs8(&self) -> &Zeroizing<Vec<u8>> {
        &self.pkcs8
    }

    /// The family it belongs to.
    pub fn suite(&self) -> Suite {
        self.suite
    }
}

impl Signer for SoftwareKey {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.suite.signature_algorithm()
    }

    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        match &self.material {
            Material::P256(pair) => pair
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SigningError::Failed),
            Material::Sm2(key) => key.sign(message).ok_or(SigningError::Failed),
        }
    }
}

impl std::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SoftwareKey")
            .field("suite", &self.suite)
            .finish_non_exhaustive()
    }
}

/// `SubjectPublicKeyInfo` of a point on a named curve (RFC 5480 section 2).
fn ec_spki(curve: der::asn1::ObjectIdentifier, point: &[u8]) -> Option<Vec<u8>> {
    let parameters = curve.to_der().ok()?;
    SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef {
            oid: oid::ID_EC_PUBLIC_KEY,
            parameters: Some(AnyRef::from_der(&parameters).ok()?),
        },
        subject_public_key: BitStringRef::from_bytes(point).ok()?,
    }
    .to_der()
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::VerificationError;

    #[test]
    fn a_signature_of_each_suite_verifies_and_one_over_another_message_does_not() {
        for suite in Suite::ALL {
            let key = SoftwareKey::generate(suite).unwrap();
            let signature = key.sign(b"message").unwrap();
            assert_eq!(key.public_key().verify(key.algorithm(), b"message", &signature), Ok(()));
            assert_eq!(
                key.public_key().verify(key.algorithm(), b"another", &signature),
                Err(VerificationError::Mismatch)
            );
        }
    }

    #[test]
    fn a_key_read_back_from_pkcs8_is_the_same_key() {
        for suite in Suite::ALL {
            let key = SoftwareKey::generate(suite).unwrap();
            let again = SoftwareKey::from_pkcs8(key.to_pkcs8()).unwrap();
            assert_eq!((again.suite(), again.public_key()), (suite, key.public_key()));
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
        for suite in Suite::ALL {
            let good = SoftwareKey::generate(suite).unwrap();
            for index in 0..good.to_pkcs8().len() {
                let mut bytes = good.to_pkcs8().to_vec();
                bytes[index] ^= 0x55;
                let _ = SoftwareKey::from_pkcs8(&bytes);
            }
        }
    }
}
