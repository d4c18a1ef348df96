//! Public keys (`SubjectPublicKeyInfo`, RFC 5280 section 4.1.2.7) and the verification of signatures with them.

use der::Decode;
use der::asn1::ObjectIdentifier;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use spki::SubjectPublicKeyInfoRef;

use super::curve::CurveKey;
use super::rsa;
use super::sm2::Sm2PublicKey;
use super::{Digest, DigestAlgorithm, Hasher, SignatureAlgorithm};
use crate::asn1::oid;

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// On the curve P-256 (FIPS 186-5).
    P256,
    /// On the curve P-384.
    P384,
    /// On the curve P-521; such keys verify, and are not made here.
    P521,
    /// RSA, with the length of its modulus in bits.
    Rsa {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// Ed25519.
    Ed25519,
    /// On the SM2 curve (GB/T 32918.5).
    Sm2,
}

/// Shortest RSA modulus, in bits, that a signature may still rest on (ETSI TS 119 312 clause 5.3).
const RSA_TRUSTED_BITS: usize = 2048;

impl KeyKind {
    /// How its keys sign here; they verify more ([`PublicKey::verify`]).
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::EcdsaSha256,
            Self::P384 => SignatureAlgorithm::EcdsaSha384,
            Self::P521 => SignatureAlgorithm::EcdsaSha512,
            Self::Rsa { .. } => SignatureAlgorithm::RsaPkcs1Sha256,
            Self::Ed25519 => SignatureAlgorithm::Ed25519,
            Self::Sm2 => SignatureAlgorithm::Sm2Sm3,
        }
    }

    /// Most bytes of one signature. That of ECDSA and SM2 is a DER `SEQUENCE` of two integers, which take an octet more than
    /// the order of the curve where their first bit is set.
    pub fn max_signature_len(self) -> usize {
        let pair = |order: usize| 2 + 2 * (2 + order + 1);
        match self {
            Self::P256 | Self::Sm2 => pair(32),
            Self::P384 => pair(48),
            // The order of P-521 leaves the first bits free, and the length of the pair takes an octet more.
            Self::P521 => pair(66) - 1,
            Self::Rsa { bits } => bits.div_ceil(8),
            Self::Ed25519 => 64,
        }
    }

    /// Whether a signature may still rest on a key of this kind and length.
    pub fn is_trusted(self) -> bool {
        !matches!(self, Self::Rsa { bits } if bits < RSA_TRUSTED_BITS)
    }
}

/// As people write it: `P-256`, `RSA-3072`.
impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::P256 => f.write_str("P-256"),
            Self::P384 => f.write_str("P-384"),
            Self::P521 => f.write_str("P-521"),
            Self::Rsa { bits } => write!(f, "RSA-{bits}"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Sm2 => f.write_str("SM2"),
        }
    }
}

/// A `SubjectPublicKeyInfo` that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no `SubjectPublicKeyInfo`.
    #[error("the public key is not DER")]
    Malformed,
    /// The algorithm or curve is not in the table.
    #[error("public key algorithm {} is not supported", oid::describe(.0))]
    Unsupported(ObjectIdentifier),
    /// The bytes of the key do not fit its algorithm.
    #[error("the public key does not fit its algorithm {0}")]
    Invalid(ObjectIdentifier),
}

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerificationError {
    /// The signature is not this key's over this message.
    #[error("the signature does not match")]
    Mismatch,
    /// The algorithm cannot be used with this kind of key here, so nothing is known of the signature.
    #[error("{} with this kind of key is not supported", .0.name())]
    Unsupported(SignatureAlgorithm),
}

/// A public key, checked to fit its algorithm.
#[derive(Clone, Debug)]
pub struct PublicKey {
    spki: Vec<u8>,
    kind: KeyKind,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    /// What stands in the BIT STRING: a point, an `RSAPublicKey`, or 32 bytes.
    Ring(Vec<u8>),
    P521(Box<CurveKey>),
    Sm2(Box<Sm2PublicKey>),
}

/// Which of `ring`'s algorithms checks which pair.
static VERIFIERS: &[(SignatureAlgorithm, Family, &(dyn VerificationAlgorithm + Sync))] = {
    use SignatureAlgorithm as A;
    &[
        (A::EcdsaSha256, Family::P256, &signature::ECDSA_P256_SHA256_ASN1),
        (A::EcdsaSha384, Family::P256, &signature::ECDSA_P256_SHA384_ASN1),
        (A::EcdsaSha256, Family::P384, &signature::ECDSA_P384_SHA256_ASN1),
        (A::EcdsaSha384, Family::P384, &signature::ECDSA_P384_SHA384_ASN1),
        (
            A::RsaPkcs1Sha1,
            Family::Rsa,
            &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        ),
        (
            A::RsaPkcs1Sha256,
            Family::Rsa,
            &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        ),
        (A::RsaPkcs1Sha384, Family::Rsa, &signature::RSA_PKCS1_2048_8192_SHA384),
        (
            A::RsaPkcs1Sha512,
            Family::Rsa,
            &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        ),
        (A::RsaPssSha256, Family::Rsa, &signature::RSA_PSS_2048_8192_SHA256),
        (A::RsaPssSha384, Family::Rsa, &signature::RSA_PSS_2048_8192_SHA384),
        (A::RsaPssSha512, Family::Rsa, &signature::RSA_PSS_2048_8192_SHA512),
        (A::Ed25519, Family::Ed25519, &signature::ED25519),
    ]
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    P256,
    P384,
    Rsa,
    Ed25519,
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// Where it is no DER, its algorithm is not known, or its bytes do not fit the algorithm.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let bytes = info.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
        let algorithm = info.algorithm.oid;
        let curve = info
            .algorithm
            .parameters
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        let invalid = KeyError::Invalid(algorithm);
        let (kind, material) = match (algorithm, curve) {
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SM2_CURVE)) | (oid::SM2_CURVE, _) => {
                let key = Sm2PublicKey::from_point(bytes).ok_or(invalid)?;
                (KeyKind::Sm2, Material::Sm2(Box::new(key)))
            }
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP256R1)) => (KeyKind::P256, fixed(bytes, 65).ok_or(invalid)?),
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP384R1)) => (KeyKind::P384, fixed(bytes, 97).ok_or(invalid)?),
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP521R1)) => {
                let key = CurveKey::p521(bytes).ok_or(invalid)?;
                (KeyKind::P521, Material::P521(Box::new(key)))
            }
            (oid::ID_EC_PUBLIC_KEY, Some(other)) => return Err(KeyError::Unsupported(other)),
            (oid::ED25519, None) => (KeyKind::Ed25519, fixed(bytes, 32).ok_or(invalid)?),
            (oid::RSA_ENCRYPTION | oid::RSASSA_PSS, _) => {
                let bits = rsa::numbers(bytes)
                    .and_then(|(modulus, _)| rsa::bits(modulus))
                    .ok_or(invalid)?;
                (KeyKind::Rsa { bits }, Material::Ring(bytes.to_vec()))
            }
            _ => return Err(KeyError::Unsupported(algorithm)),
        };
        Ok(Self {
            spki: der.to_vec(),
            kind,
            material,
        })
    }

    /// Its `SubjectPublicKeyInfo` in DER, as it was read.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// What an SM2 key signs in place of `message`; `None` for other keys.
    pub(super) fn sm2_digest(&self, message: &[u8]) -> Option<Digest> {
        match &self.material {
            Material::Sm2(key) => Some(key.digest(message)),
            Material::Ring(_) | Material::P521(_) => None,
        }
    }

    /// What kind of key it is.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// SHA-256 of the `SubjectPublicKeyInfo`: names the key wherever one is counted, cached or compared.
    pub fn id(&self) -> [u8; 32] {
        DigestAlgorithm::Sha256.digest(&self.spki).first_32()
    }

    /// Checks that `signature` is this key's over `message`.
    ///
    /// ECDSA and SM2 signatures are DER `SEQUENCE { r, s }`.
    ///
    /// # Errors
    /// [`VerificationError::Mismatch`], or `Unsupported` where the algorithm cannot be used with this kind of key.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerificationError> {
        match (&self.material, algorithm) {
            (Material::Sm2(key), SignatureAlgorithm::Sm2Sm3) => found(key.verify(message, signature)),
            (Material::Ring(bytes), _) if let Some(verifier) = self.verifier(algorithm) => {
                let key = UnparsedPublicKey::new(verifier, bytes);
                found(key.verify(message, signature).is_ok())
            }
            _ => {
                let hasher = self.hasher(algorithm);
                let mut hasher = hasher.ok_or(VerificationError::Unsupported(algorithm))?;
                hasher.update(message);
                self.verify_digest(algorithm, &hasher.finish(), signature)
            }
        }
    }

    /// A running digest for [`Self::verify_digest`], which takes the message in pieces: that of the algorithm, begun with what the
    /// key adds to it (SM2). `None` where the algorithm signs the message itself (Ed25519) or cannot be used with this key.
    pub fn hasher(&self, algorithm: SignatureAlgorithm) -> Option<Hasher> {
        match (&self.material, algorithm) {
            (Material::Sm2(key), SignatureAlgorithm::Sm2Sm3) => Some(key.hasher()),
            (Material::Sm2(_), _) | (_, SignatureAlgorithm::Sm2Sm3) => None,
            _ if algorithm.is_of_rsa() == matches!(self.kind, KeyKind::Rsa { .. }) => {
                algorithm.digest().map(DigestAlgorithm::hasher)
            }
            _ => None,
        }
    }

    /// Checks that `signature` is this key's over the message that [`Self::hasher`] digested.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn verify_digest(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &Digest,
        signature: &[u8],
    ) -> Result<(), VerificationError> {
        let unsupported = VerificationError::Unsupported(algorithm);
        match (&self.material, self.kind, algorithm.digest()) {
            (Material::Sm2(key), ..) if algorithm == SignatureAlgorithm::Sm2Sm3 => {
                found(key.verify_digest(digest, signature))
            }
            (Material::Ring(bytes), KeyKind::Rsa { .. }, Some(_)) if !rsa::is_within_limits(bytes) => Err(unsupported),
            (Material::Ring(bytes), KeyKind::Rsa { .. }, Some(by)) if algorithm.is_of_rsa() => {
                found(match algorithm.pss() {
                    Some(parameters) => rsa::verify_pss(bytes, parameters, digest, signature),
                    None => rsa::verify_pkcs1(bytes, by, digest, signature),
                })
            }
            (_, _, Some(_)) if algorithm.is_of_rsa() || algorithm == SignatureAlgorithm::Sm2Sm3 => Err(unsupported),
            (Material::P521(key), _, Some(_)) => found(key.verify(digest, signature)),
            (Material::Ring(point), KeyKind::P256, Some(_)) => {
                found(CurveKey::p256(point).is_some_and(|key| key.verify(digest, signature)))
            }
            (Material::Ring(point), KeyKind::P384, Some(_)) => {
                found(CurveKey::p384(point).is_some_and(|key| key.verify(digest, signature)))
            }
            _ => Err(unsupported),
        }
    }

    fn verifier(&self, algorithm: SignatureAlgorithm) -> Option<&'static dyn VerificationAlgorithm> {
        let family = match self.kind {
            KeyKind::P256 => Family::P256,
            KeyKind::P384 => Family::P384,
            KeyKind::Rsa { bits } if rsa::TAKEN_BY_RING.contains(&bits) => Family::Rsa,
            KeyKind::Rsa { .. } => return None,
            KeyKind::Ed25519 => Family::Ed25519,
            KeyKind::P521 | KeyKind::Sm2 => return None,
        };
        let found = VERIFIERS
            .iter()
            .find(|(known, of, _)| *known == algorithm && *of == family)?;
        Some(found.2)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl Eq for PublicKey {}

fn fixed(bytes: &[u8], len: usize) -> Option<Material> {
    (bytes.len() == len).then(|| Material::Ring(bytes.to_vec()))
}

fn found(matches: bool) -> Result<(), VerificationError> {
    if matches {
        Ok(())
    } else {
        Err(VerificationError::Mismatch)
    }
}
