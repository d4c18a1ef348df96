//! Public keys that are known to be weak, though their form and length are right.
//!
//! RSA: short moduli, exponents that are even, 1 or small, moduli with small factors, and moduli of the structure that
//! one maker's library gave them (CVE-2017-15361, found by the residues modulo small primes). Curves: the generator
//! itself, whose private key is 1, and points of small order. Left out: moduli whose factors lie close together, and
//! lists of keys that leaked.

use der::asn1::{AnyRef, UintRef};
use der::{Decode, SliceReader};
use spki::SubjectPublicKeyInfoRef;

use super::{KeyKind, PublicKey};

/// Why a key is not certified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// An RSA modulus below 2048 bits (GB/T 20518; NIST SP 800-131A).
    #[error("an RSA modulus of {bits} bits is shorter than {RSA_LEAST_BITS}")]
    ShortModulus {
        /// Its length.
        bits: usize,
    },
    /// An RSA exponent that is even or below 65537 (NIST FIPS 186-5 section 5.1).
    #[error("an RSA exponent that is even or below 65537")]
    Exponent,
    /// An RSA modulus that a small prime divides.
    #[error("an RSA modulus that {0} divides")]
    SmallFactor(u32),
    /// An RSA modulus of the structure of CVE-2017-15361.
    #[error("an RSA modulus of the structure of CVE-2017-15361")]
    Structure,
    /// A point whose private key is known to everybody.
    #[error("a point whose private key everybody knows")]
    KnownPoint,
}

/// Shortest RSA modulus, in bits.
const RSA_LEAST_BITS: usize = 2048;

/// Least exponent: 2^16 + 1, in big-endian octets.
const RSA_LEAST_EXPONENT: [u8; 3] = [1, 0, 1];

/// Primes up to this are tried as factors of a modulus: a random one has none of them in all but one of ten cases, a
/// product of two primes never.
const LARGEST_TRIED_FACTOR: u32 = 1000;

/// Primes modulo which a modulus of CVE-2017-15361 is a power of 65537; a random one is so modulo all of them in one of
/// 2^27 cases.
const STRUCTURE_PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/// Abscissas of the generators of P-256, P-384, P-521 (FIPS 186-4 appendix D.1.2), of brainpoolP256r1 and
/// brainpoolP384r1 (RFC 5639 sections 3.4 and 3.6) and SM2 (GB/T 32918.5).
const GENERATORS: [(KeyKind, &[u8]); 6] = [
    (
        KeyKind::P256,
        b"\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96",
    ),
    (
        KeyKind::P384,
        b"\xaa\x87\xca\x22\xbe\x8b\x05\x37\x8e\xb1\xc7\x1e\xf3\x20\xad\x74\x6e\x1d\x3b\x62\x8b\xa7\x9b\x98\x59\xf7\x41\xe0\x82\x54\x2a\x38\x55\x02\xf2\x5d\xbf\x55\x29\x6c\x3a\x54\x5e\x38\x72\x76\x0a\xb7",
    ),
    (
        KeyKind::P521,
        b"\x00\xc6\x85\x8e\x06\xb7\x04\x04\xe9\xcd\x9e\x3e\xcb\x66\x23\x95\xb4\x42\x9c\x64\x81\x39\x05\x3f\xb5\x21\xf8\x28\xaf\x60\x6b\x4d\x3d\xba\xa1\x4b\x5e\x77\xef\xe7\x59\x28\xfe\x1d\xc1\x27\xa2\xff\xa8\xde\x33\x48\xb3\xc1\x85\x6a\x42\x9b\xf9\x7e\x7e\x31\xc2\xe5\xbd\x66",
    ),
    (
        KeyKind::BrainpoolP256,
        b"\x8b\xd2\xae\xb9\xcb\x7e\x57\xcb\x2c\x4b\x48\x2f\xfc\x81\xb7\xaf\xb9\xde\x27\xe1\xe3\xbd\x23\xc2\x3a\x44\x53\xbd\x9a\xce\x32\x62",
    ),
    (
        KeyKind::BrainpoolP384,
        b"\x1d\x1c\x64\xf0\x68\xcf\x45\xff\xa2\xa6\x3a\x81\xb7\xc1\x3f\x6b\x88\x47\xa3\xe7\x7e\xf1\x4f\xe3\xdb\x7f\xca\xfe\x0c\xbd\x10\xe8\xe8\x26\xe0\x34\x36\xd6\x46\xaa\xef\x87\xb2\xe2\x47\xd4\xaf\x1e",
    ),
    (
        KeyKind::Sm2,
        b"\x32\xc4\xae\x2c\x1f\x19\x81\x19\x5f\x99\x04\x46\x6a\x39\xc9\x94\x8f\xe3\x0b\xbf\xf2\x66\x0b\xe1\x71\x5a\x45\x89\x33\x4c\x74\xc7",
    ),
];

/// Ordinates 0 and 1 of Ed25519, little endian without the sign: points of order 1, 2 and 4 (RFC 7748 section 6.1 has
/// the like for X25519).
const ED25519_SMALL: [u8; 2] = [0, 1];

impl PublicKey {
    /// What is weak about it, if anything is known to be.
    pub fn weakness(&self) -> Option<Weakness> {
        let info = SubjectPublicKeyInfoRef::from_der(self.spki()).ok()?;
        let bits = info.subject_public_key.raw_bytes();
        match self.kind() {
            KeyKind::Rsa { bits: length } => rsa(bits, length),
            KeyKind::Ed25519 => {
                let (last, first) = bits.split_last()?;
                let small = |ordinate: &u8| first.split_first() == Some((ordinate, &[0; 30][..])) && last & 0x7f == 0;
                ED25519_SMALL.iter().any(small).then_some(Weakness::KnownPoint)
            }
            kind => {
                let (_, generator) = GENERATORS.iter().find(|(of, _)| *of == kind)?;
                let abscissa = bits.get(1..=generator.len())?;
                (abscissa == *generator).then_some(Weakness::KnownPoint)
            }
        }
    }
}

fn rsa(key: &[u8], bits: usize) -> Option<Weakness> {
    if bits < RSA_LEAST_BITS {
        return Some(Weakness::ShortModulus { bits });
    }
    let sequence = AnyRef::from_der(key).ok()?;
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let modulus = UintRef::decode(&mut reader).ok()?;
    let exponent = UintRef::decode(&mut reader).ok()?;
    let exponent = exponent.as_bytes();
    let is_odd = exponent.last().is_some_and(|last| last & 1 == 1);
    let is_large = exponent.len() > RSA_LEAST_EXPONENT.len()
        || exponent.len() == RSA_LEAST_EXPONENT.len() && exponent >= &RSA_LEAST_EXPONENT[..];
    if !is_odd || !is_large {
        return Some(Weakness::Exponent);
    }
    let modulus = modulus.as_bytes();
    let is_prime = |number: &u32| {
        (2..*number)
            .take_while(|d| d * d <= *number)
            .all(|d| !number.is_multiple_of(d))
    };
    let mut primes = (2..LARGEST_TRIED_FACTOR).filter(is_prime);
    if let Some(factor) = primes.find(|prime| remainder(modulus, *prime) == 0) {
        return Some(Weakness::SmallFactor(factor));
    }
    let of_structure = |prime: &u32| powers_of_65537(*prime).any(|power| power == remainder(modulus, *prime));
    STRUCTURE_PRIMES.iter().all(of_structure).then_some(Weakness::Structure)
}

/// A number in big-endian octets modulo a small one.
fn remainder(number: &[u8], divisor: u32) -> u32 {
    number
        .iter()
        .fold(0, |rest, octet| (rest * 256 + u32::from(*octet)) % divisor)
}

/// Every power of 65537 modulo a prime.
fn powers_of_65537(prime: u32) -> impl Iterator<Item = u32> {
    let step = 65_537 % prime;
    std::iter::successors(Some(1), move |power| {
        Some(power * step % prime).filter(|next| *next != 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::encode;

    /// An RSA key of these numbers, as `RSAPublicKey`.
    fn key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        encode(|w| {
            w.sequence(|w| {
                w.unsigned_bytes(modulus);
                w.unsigned_bytes(exponent);
            });
        })
    }

    /// A number of 2048 bits that leaves these remainders modulo the primes of the structure, and none modulo small
    /// ones.
    fn modulus(wanted: impl Fn(u32) -> u32) -> Vec<u8> {
        // Small primes one after another: a multiple of those before is added until the next remainder is right.
        let mut number = vec![0; 256];
        let mut product = vec![0; 256];
        product[255] = 1;
        let primes = (2..LARGEST_TRIED_FACTOR).filter(|n: &u32| (2..*n).all(|d| !n.is_multiple_of(d)));
        for prime in primes {
            while remainder(&number, prime) != wanted(prime) {
                add(&mut number, &product);
            }
            let once = product.clone();
            (1..prime).for_each(|_| add(&mut product, &once));
        }
        // A multiple of all of them that begins in the highest octet changes no remainder.
        let empty = product.iter().take_while(|octet| **octet == 0).count();
        let mut shifted = product[empty..].to_vec();
        shifted.resize(256, 0);
        while number[0] < 0x80 {
            add(&mut number, &shifted);
        }
        number
    }

    fn add(to: &mut [u8], other: &[u8]) {
        let mut carry = 0;
        for (octet, more) in to.iter_mut().zip(other).rev() {
            let sum = u16::from(*octet) + u16::from(*more) + carry;
            *octet = (sum & 0xff) as u8;
            carry = sum >> 8;
        }
    }

    #[test]
    fn each_weakness_of_an_rsa_key_has_its_name() {
        let sound = modulus(|prime| if prime == 2 { 1 } else { 2 % prime });
        assert_eq!(rsa(&key(&sound, &[1, 0, 1]), 2048), None);
        assert_eq!(
            rsa(&key(&sound, &[1, 0, 1]), 2047),
            Some(Weakness::ShortModulus { bits: 2047 })
        );
        for exponent in [&[1][..], &[3], &[0xff, 0xff], &[1, 0, 2]] {
            assert_eq!(rsa(&key(&sound, exponent), 2048), Some(Weakness::Exponent));
        }
        let even = modulus(|_| 0);
        assert_eq!(rsa(&key(&even, &[1, 0, 1]), 2048), Some(Weakness::SmallFactor(2)));
        let thirds = modulus(|prime| u32::from(prime != 3));
        assert_eq!(rsa(&key(&thirds, &[1, 0, 1]), 2048), Some(Weakness::SmallFactor(3)));
        let structured = modulus(|prime| 65_537 % prime);
        assert_eq!(rsa(&key(&structured, &[1, 0, 1]), 2048), Some(Weakness::Structure));
    }

    #[test]
    fn the_generator_of_a_curve_is_no_key() {
        let generator = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04";
        let ordinate = b"\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
        let spki = [&generator[..], GENERATORS[0].1, ordinate].concat();
        assert_eq!(
            PublicKey::from_spki(&spki).unwrap().weakness(),
            Some(Weakness::KnownPoint)
        );
        let mut zero = vec![0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
        zero.extend([0; 32]);
        assert_eq!(
            PublicKey::from_spki(&zero).unwrap().weakness(),
            Some(Weakness::KnownPoint)
        );
    }
}
