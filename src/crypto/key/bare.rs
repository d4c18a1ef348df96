//! What goes into a device that computes bare signatures, and what its answer is as a signature: devices differ least
//! there (PKCS#11 `CKM_ECDSA` and `CKM_RSA_PKCS`).

use crate::asn1::write;
use crate::crypto::{DigestAlgorithm, KeyKind, PublicKey};

/// `DigestInfo` of SHA-256 up to the digest (RFC 8017 section 9.2, note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/// What a device signs in place of `message`: the digest for ECDSA, the `DigestInfo` for RSA, the digest over `ZA` and
/// the message for SM2 (GB/T 32918.2 section 6.1). `None` for Ed25519, which signs messages, and for keys that are not
/// made here.
pub fn bare_input(key: &PublicKey, message: &[u8]) -> Option<Vec<u8>> {
    match key.kind() {
        KeyKind::P256 => Some(DigestAlgorithm::Sha256.digest(message).as_ref().to_vec()),
        KeyKind::P384 => Some(DigestAlgorithm::Sha384.digest(message).as_ref().to_vec()),
        KeyKind::Rsa { .. } => Some([&SHA256_DIGEST_INFO, DigestAlgorithm::Sha256.digest(message).as_ref()].concat()),
        KeyKind::Sm2 => key.sm2_digest(message).map(|digest| digest.as_ref().to_vec()),
        KeyKind::P521 | KeyKind::BrainpoolP256 | KeyKind::BrainpoolP384 | KeyKind::Ed25519 => None,
    }
}

/// The signature that a device's answer is: r‖s becomes a DER `SEQUENCE { r, s }`, one of RSA stays as it is. `None`
/// where its length is not that of the key.
pub fn from_bare(kind: KeyKind, answer: Vec<u8>) -> Option<Vec<u8>> {
    let order = match kind {
        KeyKind::P256 | KeyKind::Sm2 => 32,
        KeyKind::P384 => 48,
        KeyKind::Rsa { bits } => return (answer.len() == bits.div_ceil(8)).then_some(answer),
        KeyKind::P521 | KeyKind::BrainpoolP256 | KeyKind::BrainpoolP384 | KeyKind::Ed25519 => return None,
    };
    if answer.len() != 2 * order {
        return None;
    }
    let (r, s) = answer.split_at(order);
    Some(write::encode(|w| {
        w.sequence(|w| {
            w.unsigned_bytes(r);
            w.unsigned_bytes(s);
        });
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey};

    #[test]
    fn a_pair_becomes_the_shortest_integers_and_other_lengths_are_refused() {
        let mut answer = vec![0; 64];
        (answer[0], answer[63]) = (0x80, 1);
        let der = from_bare(KeyKind::P256, answer).unwrap();
        assert_eq!(der[..5], [0x30, 38, 0x02, 33, 0x00]);
        assert_eq!(der[37..], [0x02, 1, 1]);
        assert_eq!(from_bare(KeyKind::P384, vec![1; 64]), None);
        assert_eq!(from_bare(KeyKind::Rsa { bits: 2048 }, vec![1; 255]), None);
        assert_eq!(from_bare(KeyKind::Ed25519, vec![1; 64]), None);
    }

    #[test]
    fn ed25519_has_no_bare_input_and_the_others_have_one_of_their_length() {
        for (algorithm, length) in [
            (KeyAlgorithm::P256, Some(32)),
            (KeyAlgorithm::P384, Some(48)),
            (KeyAlgorithm::Sm2, Some(32)),
            (KeyAlgorithm::Ed25519, None),
        ] {
            let key = SoftwareKey::generate(algorithm).unwrap();
            let input = bare_input(key.public_key(), b"message");
            assert_eq!(input.map(|input| input.len()), length);
        }
    }
}
