//! Until when an algorithm or a length of key may be relied on (ETSI EN 319 102-1 section 5.1.4.3, cryptographic
//! constraints): data, not code. What was signed with it and is proved to have existed before its end stays good.

use chrono::{DateTime, Utc};

use crate::crypto::{DigestAlgorithm, KeyKind, SignatureAlgorithm};

/// 2013-12-31T23:59:59Z. NIST SP 800-131A (2011): "disallowed after 2013" for signatures with SHA-1 (section 9) and for
/// keys of less than 112 bits of security (section 3).
const END_OF_2013: DateTime<Utc> = DateTime::from_timestamp_nanos(1_388_534_399_000_000_000);

/// 2011-03-31T23:59:59Z. RFC 6151 (March 2011) section 2: MD5 "is no longer acceptable" for digital signatures.
const END_OF_MARCH_2011: DateTime<Utc> = DateTime::from_timestamp_nanos(1_301_615_999_000_000_000);

/// RSA moduli below this have less than 112 bits of security (NIST SP 800-57 part 1, table 2).
const RSA_112_BITS_OF_SECURITY: usize = 2048;

/// Something that a signature rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// A digest, wherever it is signed.
    Digest(DigestAlgorithm),
    /// Keys of exactly this kind.
    Key(KeyKind),
    /// RSA keys with a modulus of fewer bits.
    RsaBelow(usize),
}

impl std::fmt::Display for Primitive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Digest(digest) => f.write_str(digest.name()),
            Self::Key(kind) => write!(f, "{kind}"),
            Self::RsaBelow(bits) => write!(f, "RSA below {bits} bits"),
        }
    }
}

/// What ends when. Whatever is not named has no end yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgorithmPolicy {
    ends: Vec<(Primitive, DateTime<Utc>)>,
}

impl Default for AlgorithmPolicy {
    /// MD5 at the date of RFC 6151; SHA-1 and short RSA keys at those of NIST.
    fn default() -> Self {
        let ends = vec![
            (Primitive::Digest(DigestAlgorithm::Md5), END_OF_MARCH_2011),
            (Primitive::Digest(DigestAlgorithm::Sha1), END_OF_2013),
            (Primitive::RsaBelow(RSA_112_BITS_OF_SECURITY), END_OF_2013),
        ];
        Self { ends }
    }
}

impl AlgorithmPolicy {
    /// With one more end; the earliest counts.
    #[must_use]
    pub fn ending(mut self, primitive: Primitive, at: DateTime<Utc>) -> Self {
        self.ends.push((primitive, at));
        self
    }

    /// All ends, each with its last moment.
    pub fn ends(&self) -> &[(Primitive, DateTime<Utc>)] {
        &self.ends
    }

    /// The last moment of a digest.
    pub fn end_of_digest(&self, digest: DigestAlgorithm) -> Option<DateTime<Utc>> {
        self.end(|primitive| primitive == Primitive::Digest(digest))
    }

    /// The last moment of an algorithm of signatures.
    pub fn end_of_algorithm(&self, algorithm: SignatureAlgorithm) -> Option<DateTime<Utc>> {
        algorithm.digest().and_then(|digest| self.end_of_digest(digest))
    }

    /// The last moment of keys of a kind.
    pub fn end_of_key(&self, kind: KeyKind) -> Option<DateTime<Utc>> {
        self.end(|primitive| match (primitive, kind) {
            (Primitive::RsaBelow(limit), KeyKind::Rsa { bits }) => bits < limit,
            (Primitive::Key(ended), kind) => ended == kind,
            _ => false,
        })
    }

    fn end(&self, is_named: impl Fn(Primitive) -> bool) -> Option<DateTime<Utc>> {
        let named = self.ends.iter().filter(|(primitive, _)| is_named(*primitive));
        named.map(|(_, end)| *end).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_trusted_has_an_end_and_what_is_has_none() {
        let policy = AlgorithmPolicy::default();
        assert_eq!(END_OF_2013.to_rfc3339(), "2013-12-31T23:59:59+00:00");
        assert_eq!(END_OF_MARCH_2011.to_rfc3339(), "2011-03-31T23:59:59+00:00");
        for algorithm in [
            SignatureAlgorithm::RsaPkcs1Md5,
            SignatureAlgorithm::RsaPkcs1Sha1,
            SignatureAlgorithm::EcdsaSha1,
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureAlgorithm::EcdsaSha384,
            SignatureAlgorithm::Ed25519,
            SignatureAlgorithm::Sm2Sm3,
        ] {
            let ended = policy.end_of_algorithm(algorithm).is_some();
            assert_eq!(ended, !algorithm.is_trusted(), "{}", algorithm.name());
        }
        let rsa = |bits| KeyKind::Rsa { bits };
        for kind in [rsa(1024), rsa(2047), rsa(2048), KeyKind::P256, KeyKind::Sm2] {
            assert_eq!(policy.end_of_key(kind).is_some(), !kind.is_trusted(), "{kind:?}");
        }
    }

    #[test]
    fn of_several_ends_the_earliest_counts() {
        let later = END_OF_2013 + chrono::TimeDelta::days(1);
        let policy = AlgorithmPolicy::default()
            .ending(Primitive::Digest(DigestAlgorithm::Sha1), later)
            .ending(Primitive::Key(KeyKind::Sm2), later);
        assert_eq!(policy.end_of_digest(DigestAlgorithm::Sha1), Some(END_OF_2013));
        assert_eq!(policy.end_of_key(KeyKind::Sm2), Some(later));
    }
}
