//! Public keys (`SubjectPublicKeyInfo`, RFC 5280 section 4.1.2.7) and the verification of signatures with them.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Tag, Tagged};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use spki::SubjectPublicKeyInfoRef;

use super::curve::CurveKey;
use super::rsa;
use super::sm2::Sm2PublicKey;
use super::{Digest, DigestAlgorithm, Hasher, SignatureAlgorithm, unverified};
use crate::asn1::{oid, write};

/// What kind of key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// On the curve P-256 (FIPS 186-5).
    P256,
    /// On the curve P-384.
    P384,
    /// On the curve P-521; such keys verify, and are not made here.
    P521,
    /// On the curve brainpoolP256r1 (RFC 5639); such keys verify, and are not made here.
    BrainpoolP256,
    /// On the curve brainpoolP384r1; such keys verify, and are not made here.
    BrainpoolP384,
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
            Self::P256 | Self::BrainpoolP256 => SignatureAlgorithm::EcdsaSha256,
            Self::P384 | Self::BrainpoolP384 => SignatureAlgorithm::EcdsaSha384,
            Self::P521 => SignatureAlgorithm::EcdsaSha512,
            Self::Rsa { .. } => SignatureAlgorithm::RsaPkcs1Sha256,
            Self::Ed25519 => SignatureAlgorithm::Ed25519,
            Self::Sm2 => SignatureAlgorithm::Sm2Sm3,
        }
    }

    /// Most bytes of one signature. That of ECDSA and SM2 is a DER `SEQUENCE` of two integers, which take an octet more
    /// than the order of the curve where their first bit is set.
    pub fn max_signature_len(self) -> usize {
        let pair = |order: usize| 2 + 2 * (2 + order + 1);
        match self {
            Self::P256 | Self::BrainpoolP256 | Self::Sm2 => pair(32),
            Self::P384 | Self::BrainpoolP384 => pair(48),
            // The order of P-521 leaves the first bits free, and the length of the pair takes an octet more.
            Self::P521 => pair(66) - 1,
            Self::Rsa { bits } => bits.div_ceil(8),
            Self::Ed25519 => 64,
        }
    }

    /// Whether it is a key for ECDSA (`id-ecPublicKey` of RFC 5480).
    pub fn is_elliptic(self) -> bool {
        match self {
            Self::P256 | Self::P384 | Self::P521 | Self::BrainpoolP256 | Self::BrainpoolP384 => true,
            Self::Rsa { .. } | Self::Ed25519 | Self::Sm2 => false,
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
            Self::BrainpoolP256 => f.write_str("brainpoolP256r1"),
            Self::BrainpoolP384 => f.write_str("brainpoolP384r1"),
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
    #[error("public key algorithm {} is not supported", unverified::describe(.0))]
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

/// Which key it is, however it is encoded: SHA-256 of its canonical `SubjectPublicKeyInfo`. What compares keys compares
/// these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyIdentity([u8; 32]);

impl KeyIdentity {
    /// The identity of an encoded key. One of a kind that is not supported has a single encoding here, its own.
    pub fn of_spki(der: &[u8]) -> Self {
        match PublicKey::from_spki(der) {
            Ok(key) => key.identity(),
            Err(_) => Self(DigestAlgorithm::Sha256.digest(der).first_32()),
        }
    }

    /// The digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A public key, checked to fit its algorithm.
#[derive(Clone, Debug)]
pub struct PublicKey {
    spki: Vec<u8>,
    identity: KeyIdentity,
    kind: KeyKind,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    /// What stands in the BIT STRING: a point, an `RSAPublicKey`, or 32 bytes.
    Ring(Vec<u8>),
    /// On a curve that `ring` does not take.
    Curve(Box<CurveKey>),
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
    /// Reads a `SubjectPublicKeyInfo`, in any of the encodings that a key has: the two identifiers of SM2 (GM/T 0015)
    /// and its compressed points, RSA under either of its identifiers, with NULL or, against RFC 3279 section 2.3.1,
    /// without. What is kept of it is the canonical one.
    ///
    /// # Errors
    /// Where it is no DER, its algorithm is not known, its parameters are not those of the algorithm, or its bytes do
    /// not fit.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| KeyError::Malformed)?;
        let bytes = info.subject_public_key.as_bytes().ok_or(KeyError::Malformed)?;
        let algorithm = info.algorithm.oid;
        let parameters = info.algorithm.parameters;
        let curve = parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
        let invalid = KeyError::Invalid(algorithm);
        if !has_parameters(algorithm, parameters, curve) {
            return Err(invalid);
        }
        let (kind, material) = match (algorithm, curve) {
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SM2_CURVE)) | (oid::SM2_CURVE, _) => {
                let key = Sm2PublicKey::from_point(bytes).ok_or(invalid)?;
                (KeyKind::Sm2, Material::Sm2(Box::new(key)))
            }
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP256R1)) => (KeyKind::P256, point(bytes, 32).ok_or(invalid)?),
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP384R1)) => (KeyKind::P384, point(bytes, 48).ok_or(invalid)?),
            (oid::ID_EC_PUBLIC_KEY, Some(oid::SECP521R1)) => {
                let key = point(bytes, 66).and_then(|_| CurveKey::p521(bytes)).ok_or(invalid)?;
                (KeyKind::P521, Material::Curve(Box::new(key)))
            }
            (oid::ID_EC_PUBLIC_KEY, Some(oid::BRAINPOOL_P256R1)) => {
                let key = point(bytes, 32).and_then(|_| CurveKey::brainpool_p256(bytes));
                (KeyKind::BrainpoolP256, Material::Curve(Box::new(key.ok_or(invalid)?)))
            }
            (oid::ID_EC_PUBLIC_KEY, Some(oid::BRAINPOOL_P384R1)) => {
                let key = point(bytes, 48).and_then(|_| CurveKey::brainpool_p384(bytes));
                (KeyKind::BrainpoolP384, Material::Curve(Box::new(key.ok_or(invalid)?)))
            }
            (oid::ID_EC_PUBLIC_KEY, Some(other)) => return Err(KeyError::Unsupported(other)),
            (oid::ED25519, _) if bytes.len() == 32 => (KeyKind::Ed25519, Material::Ring(bytes.to_vec())),
            (oid::ED25519, _) => return Err(invalid),
            (oid::RSA_ENCRYPTION | oid::RSASSA_PSS, _) => {
                let (modulus, exponent) = rsa::numbers(bytes).ok_or_else(|| invalid.clone())?;
                let bits = rsa::bits(modulus).ok_or(invalid)?;
                let key = write::encode(|w| {
                    w.sequence(|w| {
                        w.unsigned_bytes(modulus);
                        w.unsigned_bytes(exponent);
                    });
                });
                (KeyKind::Rsa { bits }, Material::Ring(key))
            }
            _ => return Err(KeyError::Unsupported(algorithm)),
        };
        let spki = canonical(algorithm, curve, &material, bytes);
        Ok(Self {
            identity: KeyIdentity(DigestAlgorithm::Sha256.digest(&spki).first_32()),
            spki,
            kind,
            material,
        })
    }

    /// Its canonical `SubjectPublicKeyInfo` in DER: the one by which it is named, kept and certified.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// What an SM2 key signs in place of `message`; `None` for other keys.
    pub(super) fn sm2_digest(&self, message: &[u8]) -> Option<Digest> {
        match &self.material {
            Material::Sm2(key) => Some(key.digest(message)),
            Material::Ring(_) | Material::Curve(_) => None,
        }
    }

    /// What kind of key it is.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Which key it is.
    pub fn identity(&self) -> KeyIdentity {
        self.identity
    }

    /// The digest of [`Self::identity`]: names the key wherever one is counted or cached.
    pub fn id(&self) -> [u8; 32] {
        self.identity.0
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

    /// A running digest for [`Self::verify_digest`], which takes the message in pieces: that of the algorithm, begun
    /// with what the key adds to it (SM2). `None` where the algorithm signs the message itself (Ed25519) or cannot be
    /// used with this key.
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
            (Material::Curve(key), _, Some(_)) => found(key.verify(digest, signature)),
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
            KeyKind::P521 | KeyKind::BrainpoolP256 | KeyKind::BrainpoolP384 | KeyKind::Sm2 => return None,
        };
        let found = VERIFIERS
            .iter()
            .find(|(known, of, _)| *known == algorithm && *of == family)?;
        Some(found.2)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl Eq for PublicKey {}

/// An uncompressed point with coordinates of so many octets (SEC 1 section 2.3.3).
fn point(bytes: &[u8], coordinate: usize) -> Option<Material> {
    let is_uncompressed = bytes.len() == 1 + 2 * coordinate && bytes.first() == Some(&4);
    is_uncompressed.then(|| Material::Ring(bytes.to_vec()))
}

/// Whether an algorithm has such parameters: NULL or none for RSA (RFC 3279 section 2.3.1; RFC 4055 section 3.1 for
/// PSS), a curve by its name (RFC 5480 section 2.1.1), none for Ed25519 (RFC 8410 section 3).
fn has_parameters(algorithm: ObjectIdentifier, found: Option<AnyRef<'_>>, curve: Option<ObjectIdentifier>) -> bool {
    let tag = found.map(|found| found.tag());
    let is_none_or_null = found.is_none_or(|found| found.is_null());
    match algorithm {
        oid::RSA_ENCRYPTION => is_none_or_null,
        oid::RSASSA_PSS => matches!(tag, None | Some(Tag::Sequence)),
        oid::SM2_CURVE => is_none_or_null || curve == Some(oid::SM2_CURVE),
        oid::ED25519 => found.is_none(),
        _ => true,
    }
}

/// The one encoding of a key among those that are read.
fn canonical(
    algorithm: ObjectIdentifier,
    curve: Option<ObjectIdentifier>,
    material: &Material,
    bits: &[u8],
) -> Vec<u8> {
    let (algorithm, curve, bits) = match (material, algorithm) {
        (Material::Sm2(key), _) => (oid::ID_EC_PUBLIC_KEY, Some(oid::SM2_CURVE), key.point()),
        (Material::Ring(key), oid::RSASSA_PSS) => (oid::RSA_ENCRYPTION, None, key.clone()),
        (Material::Ring(key), _) => (algorithm, curve, key.clone()),
        (Material::Curve(_), _) => (algorithm, curve, bits.to_vec()),
    };
    write::encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(algorithm);
                match curve {
                    Some(curve) => w.oid(curve),
                    None if algorithm == oid::RSA_ENCRYPTION => w.primitive(write::NULL, &[]),
                    None => {}
                }
            });
            w.bit_string(&bits);
        });
    })
}

fn found(matches: bool) -> Result<(), VerificationError> {
    if matches {
        Ok(())
    } else {
        Err(VerificationError::Mismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey};

    /// A key of this algorithm, parameters and bits.
    fn info(algorithm: ObjectIdentifier, parameters: &[u8], bits: &[u8]) -> Vec<u8> {
        write::encode(|w| {
            w.sequence(|w| {
                w.sequence(|w| {
                    w.oid(algorithm);
                    w.raw(parameters);
                });
                w.bit_string(bits);
            });
        })
    }

    fn bits(spki: &[u8]) -> Vec<u8> {
        let info = SubjectPublicKeyInfoRef::from_der(spki).unwrap();
        info.subject_public_key.raw_bytes().to_vec()
    }

    #[test]
    fn an_rsa_key_is_one_key_under_each_of_its_identifiers_and_none_with_foreign_parameters() {
        let key = write::encode(|w| {
            w.sequence(|w| {
                w.unsigned_bytes(&[0xd7; 256]);
                w.unsigned_bytes(&[1, 0, 1]);
            });
        });
        let usual = info(oid::RSA_ENCRYPTION, &[5, 0], &key);
        let read = PublicKey::from_spki(&usual).unwrap();
        assert_eq!(read.spki(), usual, "as it is certified");
        for other in [
            info(oid::RSA_ENCRYPTION, &[], &key),
            info(oid::RSASSA_PSS, &[], &key),
            info(oid::RSASSA_PSS, &[0x30, 0], &key),
        ] {
            assert_eq!(KeyIdentity::of_spki(&other), read.identity());
            assert_eq!(PublicKey::from_spki(&other).unwrap().spki(), usual);
        }
        for parameters in [&[4, 2, 1, 2][..], &[0x30, 0], &[2, 1, 0]] {
            let odd = info(oid::RSA_ENCRYPTION, parameters, &key);
            assert_eq!(PublicKey::from_spki(&odd), Err(KeyError::Invalid(oid::RSA_ENCRYPTION)));
        }
    }

    #[test]
    fn an_sm2_key_is_one_key_by_either_identifier_and_either_form_of_its_point() {
        let key = SoftwareKey::generate(KeyAlgorithm::Sm2).unwrap();
        let usual = key.public_key().spki();
        let point = bits(usual);
        let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
        let curve = write::encode(|w| w.oid(oid::SM2_CURVE));
        for other in [
            info(oid::ID_EC_PUBLIC_KEY, &curve, &compressed),
            info(oid::SM2_CURVE, &[], &point),
            info(oid::SM2_CURVE, &[5, 0], &compressed),
        ] {
            let read = PublicKey::from_spki(&other).unwrap();
            assert_eq!((read.spki(), read.identity()), (usual, key.public_key().identity()));
        }
        let odd = info(oid::SM2_CURVE, &[4, 0], &point);
        assert_eq!(PublicKey::from_spki(&odd), Err(KeyError::Invalid(oid::SM2_CURVE)));
    }

    #[test]
    fn other_keys_have_one_encoding() {
        let p256 = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
        let mut hybrid = bits(p256.public_key().spki());
        hybrid[0] = 6 + (hybrid[64] & 1);
        let curve = write::encode(|w| w.oid(oid::SECP256R1));
        let ed25519 = SoftwareKey::generate(KeyAlgorithm::Ed25519).unwrap();
        for (algorithm, parameters, bits) in [
            (oid::ID_EC_PUBLIC_KEY, curve.as_slice(), hybrid),
            (oid::ED25519, &[5, 0], bits(ed25519.public_key().spki())),
        ] {
            let odd = info(algorithm, parameters, &bits);
            assert_eq!(PublicKey::from_spki(&odd), Err(KeyError::Invalid(algorithm)));
            assert_ne!(KeyIdentity::of_spki(&odd), p256.public_key().identity());
        }
        assert_eq!(
            PublicKey::from_spki(ed25519.public_key().spki()).as_ref(),
            Ok(ed25519.public_key())
        );
    }
}
