//! SM2 signatures (GB/T 32918.2) with SM3 and the default identifier of GM/T 0009.

mod multiples;

use std::sync::Arc;

use sm2::dsa::signature::Signer as _;
use sm2::dsa::{Signature, SigningKey};
use sm2::elliptic_curve::Group as _;
use sm2::elliptic_curve::ops::Reduce as _;
use sm2::elliptic_curve::point::AffineCoordinates as _;
use sm2::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use sm2::{FieldBytes, ProjectivePoint, PublicKey, Scalar};
use zeroize::Zeroizing;

use self::multiples::Multiples;

use super::{Digest, DigestAlgorithm, Hasher};

/// The signer's identifier that everybody uses (GM/T 0009 section 10).
const IDENTIFIER: &str = "1234567812345678";

/// Coefficients and base point of the curve, a‖b‖x‖y (GB/T 32918.5 section 2).
const CURVE: [u8; 128] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc, 0x28, 0xe9, 0xfa, 0x9e, 0x9d, 0x9f,
    0x5e, 0x34, 0x4d, 0x5a, 0x9e, 0x4b, 0xcf, 0x65, 0x09, 0xa7, 0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab, 0x8f, 0x92, 0xdd,
    0xbc, 0xbd, 0x41, 0x4d, 0x94, 0x0e, 0x93, 0x32, 0xc4, 0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19, 0x5f, 0x99, 0x04, 0x46,
    0x6a, 0x39, 0xc9, 0x94, 0x8f, 0xe3, 0x0b, 0xbf, 0xf2, 0x66, 0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74,
    0xc7, 0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd, 0xce, 0xe3, 0x6b, 0x69, 0x21, 0x53, 0xd0, 0xa9,
    0x87, 0x7c, 0xc6, 0x2a, 0x47, 0x40, 0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39, 0xf0, 0xa0,
];

/// A public key. Clones share what was made of it to verify faster.
#[derive(Clone, Debug)]
pub(super) struct Sm2PublicKey {
    /// Its uncompressed point.
    point: Box<[u8]>,
    multiples: Arc<Multiples>,
}

impl Sm2PublicKey {
    /// From an uncompressed or compressed point (SEC 1 section 2.3.3); `None` where it is not on the curve.
    pub(super) fn from_point(point: &[u8]) -> Option<Self> {
        let key = PublicKey::from_sec1_bytes(point).ok()?;
        Some(Self {
            point: key.to_sec1_bytes(),
            multiples: Arc::new(Multiples::of(ProjectivePoint::from(&key))),
        })
    }

    /// Its uncompressed point.
    pub(super) fn point(&self) -> Vec<u8> {
        self.point.to_vec()
    }

    /// Whether `signature`, a DER `SEQUENCE { r, s }`, is this key's over `message`.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_digest(&self.digest(message), signature)
    }

    /// Whether `signature` is this key's over the message whose [`Self::hasher`] gave `digest`.
    pub(super) fn verify_digest(&self, digest: &Digest, signature: &[u8]) -> bool {
        let e = <[u8; 32]>::try_from(digest.as_ref()).map(FieldBytes::from);
        let signature = Signature::from_der(signature);
        e.is_ok_and(|e| signature.is_ok_and(|signature| self.satisfies(&Scalar::reduce(&e), &signature)))
    }

    /// The equation of GB/T 32918.2 section 7.1, steps B5 to B7; that `r` and `s` are from 1 to n − 1 (B1, B2) is part
    /// of a signature that was read.
    fn satisfies(&self, e: &Scalar, signature: &Signature) -> bool {
        let (r, s) = (*signature.r(), *signature.s());
        let t = r + s;
        if t == Scalar::ZERO {
            return false;
        }
        let point = self.multiples.combined(&s, &t);
        !bool::from(point.is_identity()) && r == *e + Scalar::reduce(&point.to_affine().x())
    }

    /// What is signed in place of `message`: SM3 over `ZA` and the message (GB/T 32918.2 sections 5.5 and 6.1).
    pub(super) fn digest(&self, message: &[u8]) -> Digest {
        let mut hasher = self.hasher();
        hasher.update(message);
        hasher.finish()
    }

    /// The same, begun with `ZA`, for a message that comes in pieces.
    pub(super) fn hasher(&self) -> Hasher {
        let bits = u16::try_from(IDENTIFIER.len() * 8).unwrap_or(u16::MAX).to_be_bytes();
        let point = &self.point;
        let za = DigestAlgorithm::Sm3.digest(&[&bits, IDENTIFIER.as_bytes(), &CURVE, &point[1..]].concat());
        let mut hasher = DigestAlgorithm::Sm3.hasher();
        hasher.update(za.as_ref());
        hasher
    }
}

/// A private key; wiped when dropped.
pub(super) struct Sm2PrivateKey(SigningKey);

impl Sm2PrivateKey {
    /// Generates a key and returns it with its PKCS#8 form.
    pub(super) fn generate() -> Option<(Self, Zeroizing<Vec<u8>>)> {
        loop {
            let mut bytes = Zeroizing::new([0u8; 32]);
            super::random(bytes.as_mut()).ok()?;
            // A value of zero or above the order of the curve is drawn again (GB/T 32918.1 section 6.1).
            if let Ok(secret) = sm2::SecretKey::from_slice(bytes.as_ref()) {
                let pkcs8 = secret.to_pkcs8_der().ok()?;
                return Some((Self::new(&secret)?, Zeroizing::new(pkcs8.as_bytes().to_vec())));
            }
        }
    }

    /// Reads PKCS#8.
    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        Self::new(&sm2::SecretKey::from_pkcs8_der(der).ok()?)
    }

    fn new(secret: &sm2::SecretKey) -> Option<Self> {
        SigningKey::new(IDENTIFIER, secret).ok().map(Self)
    }

    /// The public point, uncompressed: 65 bytes.
    pub(super) fn point(&self) -> Vec<u8> {
        self.0.verifying_key().to_sec1_bytes().into_vec()
    }

    /// The signature over `message` as DER `SEQUENCE { r, s }`.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let signature: Signature = self.0.try_sign(message).ok()?;
        Some(signature.to_der().as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
            .collect()
    }

    /// The signature example of the draft of the standard, recomputed with other programs.
    #[test]
    fn the_published_signature_verifies_and_a_changed_one_does_not() {
        let point = hex("0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020\
             CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");
        let r = hex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3");
        let s = hex("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
        let key = Sm2PublicKey::from_point(&point).unwrap();
        let signature = Signature::from_slice(&[r, s].concat()).unwrap().to_der();
        assert!(key.verify(b"message digest", signature.as_bytes()));
        assert!(!key.verify(b"message digests", signature.as_bytes()));
        assert!(!key.verify(b"message digest", &signature.as_bytes()[1..]));
    }

    #[test]
    fn verdicts_are_those_of_the_library_however_often_a_key_is_asked() {
        use sm2::dsa::VerifyingKey;
        use sm2::dsa::signature::Verifier as _;
        let (key, _) = Sm2PrivateKey::generate().unwrap();
        let public = Sm2PublicKey::from_point(&key.point()).unwrap();
        let library = VerifyingKey::from_sec1_bytes(IDENTIFIER, &key.point()).unwrap();
        for round in 0..3_u8 {
            let signature = key.sign(&[round]).unwrap();
            for at in 4..signature.len() {
                let mut flipped = signature.clone();
                flipped[at] ^= 1 << (at % 8);
                let read = Signature::from_der(&flipped);
                let expected = read.is_ok_and(|read| library.verify(&[round], &read).is_ok());
                assert_eq!((public.verify(&[round], &flipped), expected), (false, false));
            }
            assert!(public.verify(&[round], &signature) && !public.verify(b"other", &signature));
        }
    }

    #[test]
    fn a_signature_whose_parts_cancel_out_is_none() {
        let (key, _) = Sm2PrivateKey::generate().unwrap();
        let public = Sm2PublicKey::from_point(&key.point()).unwrap();
        let r = Scalar::from(5_u64);
        let signature = Signature::from_scalars(r, -r).unwrap();
        assert!(!public.verify(b"message", signature.to_der().as_bytes()));
    }

    #[test]
    fn what_is_signed_is_the_digest_over_the_signers_identity_and_the_message() {
        let (key, _) = Sm2PrivateKey::generate().unwrap();
        let signature = key.sign(b"message").unwrap();
        let public = Sm2PublicKey::from_point(&key.point()).unwrap();
        let digest = public.digest(b"message");
        assert!(public.verify_digest(&digest, &signature));
        assert!(!public.verify_digest(&public.digest(b"another"), &signature));
    }

    #[test]
    fn the_published_private_key_has_the_published_point() {
        let secret =
            sm2::SecretKey::from_slice(&hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"));
        let key = Sm2PrivateKey::new(&secret.unwrap()).unwrap();
        assert_eq!(
            key.point()[1..33],
            hex("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020")
        );
    }
}
