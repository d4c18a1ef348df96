//! Verification of RSA signatures in the forms that `ring` does not take: short moduli, digests other than SHA-2, any
//! salt (RFC 8017 sections 8.1.2 and 8.2.2). Keys and signatures are public, so that nothing here needs to run in
//! constant time. Signing is not here.

use std::ops::RangeInclusive;

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd, Resize};
use der::asn1::{AnyRef, UintRef};
use der::{Decode, Reader, SliceReader};

use super::pss::PssParameters;
use super::{Digest, DigestAlgorithm};
use crate::asn1::write::encode;

/// Lengths of moduli, in bits, that `ring` takes with every algorithm that it knows.
pub(super) const TAKEN_BY_RING: RangeInclusive<usize> = 2048..=MAX_MODULUS_BITS;
/// Longest modulus in bits: as `ring`.
const MAX_MODULUS_BITS: usize = 8192;
/// Longest exponent in bits: as `ring`. Each bit costs a multiplication.
const MAX_EXPONENT_BITS: usize = 33;

/// `RSAPublicKey` (RFC 8017 appendix A.1.1): magnitudes of modulus and exponent.
pub(super) fn numbers(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let sequence = AnyRef::from_der(key).ok()?;
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let modulus = UintRef::decode(&mut reader).ok()?;
    let exponent = UintRef::decode(&mut reader).ok()?;
    reader.is_finished().then(|| (modulus.as_bytes(), exponent.as_bytes()))
}

/// Length of a magnitude in bits.
pub(super) fn bits(magnitude: &[u8]) -> Option<usize> {
    let top = magnitude.first()?;
    Some(magnitude.len() * 8 - top.leading_zeros() as usize)
}

/// Whether modulus and exponent of an `RSAPublicKey` are no longer than what is reckoned with.
pub(super) fn is_within_limits(key: &[u8]) -> bool {
    numbers(key).is_some_and(|(modulus, exponent)| {
        bits(modulus).is_some_and(|length| length <= MAX_MODULUS_BITS)
            && bits(exponent).is_some_and(|length| length <= MAX_EXPONENT_BITS)
    })
}

/// Whether `signature` is that of `key`, an `RSAPublicKey`, over a message of this digest by RSASSA-PKCS1-v1_5.
pub(super) fn verify_pkcs1(key: &[u8], algorithm: DigestAlgorithm, digest: &Digest, signature: &[u8]) -> bool {
    let info = encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(algorithm.oid());
                w.raw(&[0x05, 0]);
            });
            w.octet_string(digest.as_ref());
        });
    });
    // EMSA-PKCS1-v1_5 (section 9.2) is made anew and compared: nothing of what was recovered is parsed.
    recovered(key, signature).is_some_and(|(message, _)| {
        let Some(padding) = message.len().checked_sub(info.len() + 3).filter(|length| *length >= 8) else {
            return false;
        };
        [&[0, 1], vec![0xff; padding].as_slice(), &[0], &info].concat() == message
    })
}

/// Whether `signature` is that of `key` over a message of this digest by RSASSA-PSS.
pub(super) fn verify_pss(key: &[u8], parameters: PssParameters, digest: &Digest, signature: &[u8]) -> bool {
    recovered(key, signature)
        .is_some_and(|(message, bits)| is_pss(&message, bits - 1, parameters, digest.as_ref()).unwrap_or(false))
}

/// RSAVP1 (section 5.2.2): the encoded message in as many octets as the modulus has, and the bits of the modulus.
fn recovered(key: &[u8], signature: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (modulus, exponent) = numbers(key)?;
    let (length, exponent_bits) = (bits(modulus)?, bits(exponent)?);
    if !is_within_limits(key) || exponent_bits < 2 || signature.len() != modulus.len() {
        return None;
    }
    let modulus_number = Odd::new(BoxedUint::from_be_slice_vartime(modulus)).into_option()?;
    let precision = modulus_number.bits_precision();
    let signature = BoxedUint::from_be_slice(signature, precision).ok()?;
    if signature >= *modulus_number.as_ref() {
        return None;
    }
    let exponent = BoxedUint::from_be_slice_vartime(exponent).resize(precision);
    let parameters = BoxedMontyParams::new_vartime(modulus_number);
    let power = BoxedMontyForm::new(signature, &parameters).pow_bounded_exp(&exponent, exponent_bits as u32);
    let octets = power.retrieve().to_be_bytes();
    let start = octets.len().checked_sub(modulus.len())?;
    Some((octets[start..].to_vec(), length))
}

/// EMSA-PSS-VERIFY (section 9.1.2), its steps numbered; `None` where a length does not fit.
fn is_pss(encoded: &[u8], bits: usize, parameters: PssParameters, digest: &[u8]) -> Option<bool> {
    let (algorithm, salt) = (parameters.digest, usize::from(parameters.salt));
    let length = bits.div_ceil(8);
    let (above, encoded) = encoded.split_at_checked(encoded.len().checked_sub(length)?)?;
    // 3, 4: room for digest and salt, and the trailer.
    let masked = length.checked_sub(algorithm.len() + 1)?;
    let zeros = masked.checked_sub(salt + 1)?;
    let (database, rest) = encoded.split_at_checked(masked)?;
    let (hash, trailer) = rest.split_at_checked(algorithm.len())?;
    if trailer != [0xbc] || above.iter().any(|octet| *octet != 0) {
        return Some(false);
    }
    // 6: the bits above the length are zero.
    let spare = 0xff_u8.checked_shr(u32::try_from(8 * length - bits).ok()?).unwrap_or(0);
    if database.first()? & !spare != 0 {
        return Some(false);
    }
    // 7 to 9: the mask is taken off.
    let mask = mgf1(parameters.mask, hash, masked);
    let mut database: Vec<u8> = database.iter().zip(mask).map(|(octet, mask)| octet ^ mask).collect();
    *database.first_mut()? &= spare;
    // 10, 11: zeros, a one, the salt.
    let (padding, found) = database.split_at_checked(zeros + 1)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|octet| *octet != 0) {
        return Some(false);
    }
    // 12 to 14.
    Some(algorithm.digest(&[&[0; 8], digest, found].concat()).as_ref() == hash)
}

/// MGF1 (appendix B.2.1).
fn mgf1(algorithm: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + algorithm.len());
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend_from_slice(algorithm.digest(&[seed, &counter.to_be_bytes()].concat()).as_ref());
        counter += 1;
    }
    mask.truncate(length);
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key of these lengths in bits; whose it could be is not asked.
    fn key(modulus: usize, exponent: usize) -> Vec<u8> {
        let number = |bits: usize| {
            let mut octets = vec![0xff; bits.div_ceil(8)];
            octets[0] = 0xff >> (octets.len() * 8 - bits);
            octets
        };
        encode(|w| {
            w.sequence(|w| {
                w.unsigned_bytes(&number(modulus));
                w.unsigned_bytes(&number(exponent));
            });
        })
    }

    #[test]
    fn the_limits_of_modulus_and_exponent_are_reached() {
        assert!(is_within_limits(&key(MAX_MODULUS_BITS, MAX_EXPONENT_BITS)));
        assert!(!is_within_limits(&key(MAX_MODULUS_BITS + 1, 17)));
        assert!(!is_within_limits(&key(2048, MAX_EXPONENT_BITS + 1)));
    }

    #[test]
    fn a_signature_not_below_the_modulus_and_an_exponent_of_one_are_refused() {
        let digest = DigestAlgorithm::Sha256.digest(b"");
        for (key, signature) in [(key(512, 17), [0xff; 64]), (key(512, 1), [1; 64])] {
            assert!(!verify_pkcs1(&key, DigestAlgorithm::Sha256, &digest, &signature));
        }
        assert!(!verify_pkcs1(b"no key", DigestAlgorithm::Sha256, &digest, &[]));
    }
}
