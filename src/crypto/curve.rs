//! Verification of ECDSA signatures (FIPS 186-5) over digests, on the curves and with the digests that `ring` does not
//! take: P-521, the brainpool curves of 256 and 384 bits (RFC 5639), and any digest on P-256 and P-384. Signing is not
//! here.

use bp256::BrainpoolP256r1;
use bp384::BrainpoolP384r1;
use ecdsa::VerifyingKey;
use ecdsa::signature::hazmat::PrehashVerifier as _;

use super::Digest;

/// A public point.
#[derive(Clone, Debug)]
pub(super) enum CurveKey {
    BrainpoolP256(VerifyingKey<BrainpoolP256r1>),
    BrainpoolP384(VerifyingKey<BrainpoolP384r1>),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
}

impl CurveKey {
    /// From an uncompressed point of brainpoolP256r1.
    pub(super) fn brainpool_p256(point: &[u8]) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(point).ok().map(Self::BrainpoolP256)
    }

    /// From one of brainpoolP384r1.
    pub(super) fn brainpool_p384(point: &[u8]) -> Option<Self> {
        VerifyingKey::from_sec1_bytes(point).ok().map(Self::BrainpoolP384)
    }

    /// From an uncompressed point of P-256 (SEC 1 section 2.3.4); `None` where it is not on the curve.
    pub(super) fn p256(point: &[u8]) -> Option<Self> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P256)
    }

    /// From one of P-384.
    pub(super) fn p384(point: &[u8]) -> Option<Self> {
        p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P384)
    }

    /// From one of P-521.
    pub(super) fn p521(point: &[u8]) -> Option<Self> {
        p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P521)
    }

    /// Whether `signature`, a DER `SEQUENCE { r, s }`, is this key's over a message of this digest.
    pub(super) fn verify(&self, digest: &Digest, signature: &[u8]) -> bool {
        let digest = digest.as_ref();
        match self {
            Self::BrainpoolP256(key) => bp256::r1::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::BrainpoolP384(key) => bp384::r1::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P521(key) => p521::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
        }
    }
}
