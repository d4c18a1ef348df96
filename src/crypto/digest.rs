//! Digest algorithms: SHA-2 (FIPS 180-4), SHA-3 (FIPS 202), SM3 (GB/T 32905), and SHA-1 and MD5 for reading old
//! signatures only.

use der::asn1::ObjectIdentifier;
use sm3::Digest as _;

use crate::asn1::oid;
use crate::hex;

/// A digest algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// MD5 (RFC 1321): read, never trusted.
    Md5,
    /// SHA-1: read, never trusted.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA3-256.
    Sha3_256,
    /// SHA3-384.
    Sha3_384,
    /// SHA3-512.
    Sha3_512,
    /// SM3.
    Sm3,
}

/// One algorithm: its name, identifier, length of the result in bytes, and whether a signature may still rest on it.
struct Row(DigestAlgorithm, &'static str, ObjectIdentifier, usize, bool);

const ROWS: &[Row] = &[
    Row(DigestAlgorithm::Md5, "MD5", oid::MD5, 16, false),
    Row(DigestAlgorithm::Sha1, "SHA-1", oid::SHA1, 20, false),
    Row(DigestAlgorithm::Sha256, "SHA-256", oid::SHA256, 32, true),
    Row(DigestAlgorithm::Sha384, "SHA-384", oid::SHA384, 48, true),
    Row(DigestAlgorithm::Sha512, "SHA-512", oid::SHA512, 64, true),
    Row(DigestAlgorithm::Sha3_256, "SHA3-256", oid::SHA3_256, 32, true),
    Row(DigestAlgorithm::Sha3_384, "SHA3-384", oid::SHA3_384, 48, true),
    Row(DigestAlgorithm::Sha3_512, "SHA3-512", oid::SHA3_512, 64, true),
    Row(DigestAlgorithm::Sm3, "SM3", oid::SM3, 32, true),
];

impl DigestAlgorithm {
    /// All of them, in the order of the table.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::Sha1; ROWS.len()];
        let mut place = 0;
        while place < ROWS.len() {
            all[place] = ROWS[place].0;
            place += 1;
        }
        all
    };

    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The algorithm of an object identifier, where it is known.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        ROWS.iter().find(|row| row.2 == *oid).map(|row| row.0)
    }

    /// Its object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        self.row().2
    }

    /// Its name as people write it: `SHA-256`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Length of its result in bytes.
    #[expect(clippy::len_without_is_empty, reason = "the length of a result, never empty")]
    pub fn len(self) -> usize {
        self.row().3
    }

    /// Whether a signature may still rest on it.
    pub fn is_trusted(self) -> bool {
        self.row().4
    }

    /// The digest of `data`.
    pub fn digest(self, data: &[u8]) -> Digest {
        let mut hasher = self.hasher();
        hasher.update(data);
        hasher.finish()
    }

    /// A running digest, for data that come in pieces.
    pub fn hasher(self) -> Hasher {
        let ring = |algorithm| Hasher(Inner::Ring(ring::digest::Context::new(algorithm)));
        match self {
            Self::Md5 => Hasher(Inner::Md5(md5::Md5::new())),
            Self::Sha1 => ring(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY),
            Self::Sha256 => ring(&ring::digest::SHA256),
            Self::Sha384 => ring(&ring::digest::SHA384),
            Self::Sha512 => ring(&ring::digest::SHA512),
            Self::Sha3_256 => Hasher(Inner::Sha3_256(sha3::Sha3_256::new())),
            Self::Sha3_384 => Hasher(Inner::Sha3_384(sha3::Sha3_384::new())),
            Self::Sha3_512 => Hasher(Inner::Sha3_512(sha3::Sha3_512::new())),
            Self::Sm3 => Hasher(Inner::Sm3(sm3::Sm3::new())),
        }
    }
}

/// Longest result in bytes (SHA-512).
const MAX_LEN: usize = 64;

/// The result of a digest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    bytes: [u8; MAX_LEN],
    len: usize,
}

impl Digest {
    fn new(result: &[u8]) -> Self {
        let mut bytes = [0; MAX_LEN];
        bytes[..result.len()].copy_from_slice(result);
        Self {
            bytes,
            len: result.len(),
        }
    }

    /// The first 32 bytes: the whole of a SHA-256 or SM3 digest.
    pub fn first_32(&self) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(&self.bytes[..32]);
        out
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        hex::write(f, self.as_ref())
    }
}

/// A running digest.
#[derive(Clone)]
pub struct Hasher(Inner);

#[derive(Clone)]
enum Inner {
    Md5(md5::Md5),
    Ring(ring::digest::Context),
    Sha3_256(sha3::Sha3_256),
    Sha3_384(sha3::Sha3_384),
    Sha3_512(sha3::Sha3_512),
    Sm3(sm3::Sm3),
}

impl Hasher {
    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            Inner::Md5(context) => context.update(data),
            Inner::Ring(context) => context.update(data),
            Inner::Sha3_256(context) => context.update(data),
            Inner::Sha3_384(context) => context.update(data),
            Inner::Sha3_512(context) => context.update(data),
            Inner::Sm3(context) => context.update(data),
        }
    }

    /// The digest of all that was taken.
    pub fn finish(self) -> Digest {
        match self.0 {
            Inner::Md5(context) => Digest::new(context.finalize().as_slice()),
            Inner::Ring(context) => Digest::new(context.finish().as_ref()),
            Inner::Sha3_256(context) => Digest::new(context.finalize().as_slice()),
            Inner::Sha3_384(context) => Digest::new(context.finalize().as_slice()),
            Inner::Sha3_512(context) => Digest::new(context.finalize().as_slice()),
            Inner::Sm3(context) => Digest::new(context.finalize().as_slice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_published_messages() {
        let hex = |algorithm: DigestAlgorithm, data: &[u8]| format!("{:?}", algorithm.digest(data));
        assert_eq!(
            hex(DigestAlgorithm::Sm3, b"abc"),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
        assert_eq!(
            hex(DigestAlgorithm::Sm3, b""),
            "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"
        );
        assert_eq!(
            hex(DigestAlgorithm::Sha256, b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(DigestAlgorithm::Sha3_256, b"abc"),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"
        );
        assert_eq!(hex(DigestAlgorithm::Md5, b"abc"), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn every_row_stands_at_its_own_place_and_tells_its_length() {
        for row in ROWS {
            assert_eq!(row.0.row().2, row.2);
            assert_eq!(row.0.digest(b"x").as_ref().len(), row.0.len());
            assert_eq!(DigestAlgorithm::from_oid(&row.2), Some(row.0));
        }
    }

    #[test]
    fn pieces_give_the_digest_of_the_whole() {
        for row in ROWS {
            let mut hasher = row.0.hasher();
            hasher.update(b"mess");
            hasher.update(b"age");
            assert_eq!(hasher.finish(), row.0.digest(b"message"));
        }
    }
}
