//! Signature algorithms and their `AlgorithmIdentifier`s (RFC 5280 section 4.1.1.2, RFC 8017, RFC 8410, GB/T 33560).

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Tag, Tagged};
use spki::AlgorithmIdentifierRef;

use super::pss::PssParameters;
use super::{DigestAlgorithm, unverified};
use crate::asn1::oid;
use crate::asn1::write::encode;

/// How a signature is made. The curve or length of the key belongs to the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA with SHA-1: read, never trusted.
    EcdsaSha1,
    /// ECDSA with SHA-256; the signature is a DER `SEQUENCE { r, s }`.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// ECDSA with SHA-512.
    EcdsaSha512,
    /// ECDSA with SHA3-256.
    EcdsaSha3_256,
    /// ECDSA with SHA3-384.
    EcdsaSha3_384,
    /// ECDSA with SHA3-512.
    EcdsaSha3_512,
    /// RSASSA-PKCS1-v1_5 with MD5: read, never trusted.
    RsaPkcs1Md5,
    /// RSASSA-PKCS1-v1_5 with SHA-1: read, never trusted.
    RsaPkcs1Sha1,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RsaPkcs1Sha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaPkcs1Sha512,
    /// RSASSA-PKCS1-v1_5 with SHA3-256.
    RsaPkcs1Sha3_256,
    /// RSASSA-PKCS1-v1_5 with SHA3-384.
    RsaPkcs1Sha3_384,
    /// RSASSA-PKCS1-v1_5 with SHA3-512.
    RsaPkcs1Sha3_512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, 32 bytes of salt.
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384, 48 bytes of salt.
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512, 64 bytes of salt.
    RsaPssSha512,
    /// RSASSA-PSS with any other digest, mask or salt.
    RsaPss(PssParameters),
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// SM2 with SM3 and the identifier `1234567812345678`; the signature is a DER `SEQUENCE { r, s }`.
    Sm2Sm3,
}

/// What stands in the parameters of the `AlgorithmIdentifier`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parameters {
    /// Nothing.
    Absent,
    /// NULL on writing; NULL or nothing on reading.
    Null,
    /// Nothing on writing; NULL or nothing on reading (met in certificates of national authorities).
    AbsentOrNull,
    /// `RSASSA-PSS-params` (RFC 8017 appendix A.2.3).
    Pss,
}

struct Row {
    algorithm: SignatureAlgorithm,
    name: &'static str,
    oid: ObjectIdentifier,
    parameters: Parameters,
    /// `None`: the algorithm digests by itself (Ed25519).
    digest: Option<DigestAlgorithm>,
}

macro_rules! rows {
    ($($algorithm:ident $name:literal $oid:ident $parameters:ident $digest:expr;)+) => {
        &[$(Row {
            algorithm: SignatureAlgorithm::$algorithm,
            name: $name,
            oid: oid::$oid,
            parameters: Parameters::$parameters,
            digest: $digest,
        }),+]
    };
}

const ROWS: &[Row] = rows! {
    EcdsaSha1 "ECDSA with SHA-1" ECDSA_WITH_SHA1 Absent Some(DigestAlgorithm::Sha1);
    EcdsaSha256 "ECDSA with SHA-256" ECDSA_WITH_SHA256 Absent Some(DigestAlgorithm::Sha256);
    EcdsaSha384 "ECDSA with SHA-384" ECDSA_WITH_SHA384 Absent Some(DigestAlgorithm::Sha384);
    EcdsaSha512 "ECDSA with SHA-512" ECDSA_WITH_SHA512 Absent Some(DigestAlgorithm::Sha512);
    EcdsaSha3_256 "ECDSA with SHA3-256" ECDSA_WITH_SHA3_256 Absent Some(DigestAlgorithm::Sha3_256);
    EcdsaSha3_384 "ECDSA with SHA3-384" ECDSA_WITH_SHA3_384 Absent Some(DigestAlgorithm::Sha3_384);
    EcdsaSha3_512 "ECDSA with SHA3-512" ECDSA_WITH_SHA3_512 Absent Some(DigestAlgorithm::Sha3_512);
    RsaPkcs1Md5 "RSA with MD5" MD5_WITH_RSA Null Some(DigestAlgorithm::Md5);
    RsaPkcs1Sha1 "RSA with SHA-1" SHA1_WITH_RSA Null Some(DigestAlgorithm::Sha1);
    RsaPkcs1Sha256 "RSA with SHA-256" SHA256_WITH_RSA Null Some(DigestAlgorithm::Sha256);
    RsaPkcs1Sha384 "RSA with SHA-384" SHA384_WITH_RSA Null Some(DigestAlgorithm::Sha384);
    RsaPkcs1Sha512 "RSA with SHA-512" SHA512_WITH_RSA Null Some(DigestAlgorithm::Sha512);
    RsaPkcs1Sha3_256 "RSA with SHA3-256" SHA3_256_WITH_RSA Null Some(DigestAlgorithm::Sha3_256);
    RsaPkcs1Sha3_384 "RSA with SHA3-384" SHA3_384_WITH_RSA Null Some(DigestAlgorithm::Sha3_384);
    RsaPkcs1Sha3_512 "RSA with SHA3-512" SHA3_512_WITH_RSA Null Some(DigestAlgorithm::Sha3_512);
    RsaPssSha256 "RSA-PSS with SHA-256" RSASSA_PSS Pss Some(DigestAlgorithm::Sha256);
    RsaPssSha384 "RSA-PSS with SHA-384" RSASSA_PSS Pss Some(DigestAlgorithm::Sha384);
    RsaPssSha512 "RSA-PSS with SHA-512" RSASSA_PSS Pss Some(DigestAlgorithm::Sha512);
    Ed25519 "Ed25519" ED25519 Absent None;
    Sm2Sm3 "SM2 with SM3" SM2_WITH_SM3 AbsentOrNull Some(DigestAlgorithm::Sm3);
};

/// RSA-PSS with other parameters than the usual ones, by its digest.
const OTHER_PSS: &[(DigestAlgorithm, &str)] = &[
    (DigestAlgorithm::Md5, "RSA-PSS with MD5"),
    (DigestAlgorithm::Sha1, "RSA-PSS with SHA-1"),
    (DigestAlgorithm::Sha256, "RSA-PSS with SHA-256"),
    (DigestAlgorithm::Sha384, "RSA-PSS with SHA-384"),
    (DigestAlgorithm::Sha512, "RSA-PSS with SHA-512"),
    (DigestAlgorithm::Sha3_256, "RSA-PSS with SHA3-256"),
    (DigestAlgorithm::Sha3_384, "RSA-PSS with SHA3-384"),
    (DigestAlgorithm::Sha3_512, "RSA-PSS with SHA3-512"),
];

/// Algorithms that `SignerInfo` may name by the key alone; the digest then stands beside it (RFC 5754 section 3, GB/T
/// 35275).
const NAMED_BY_KEY: &[(ObjectIdentifier, &[SignatureAlgorithm])] = {
    use SignatureAlgorithm as A;
    &[
        (
            oid::RSA_ENCRYPTION,
            &[
                A::RsaPkcs1Md5,
                A::RsaPkcs1Sha1,
                A::RsaPkcs1Sha256,
                A::RsaPkcs1Sha384,
                A::RsaPkcs1Sha512,
                A::RsaPkcs1Sha3_256,
                A::RsaPkcs1Sha3_384,
                A::RsaPkcs1Sha3_512,
            ],
        ),
        (
            oid::ID_EC_PUBLIC_KEY,
            &[
                A::EcdsaSha1,
                A::EcdsaSha256,
                A::EcdsaSha384,
                A::EcdsaSha512,
                A::EcdsaSha3_256,
                A::EcdsaSha3_384,
                A::EcdsaSha3_512,
                A::Sm2Sm3,
            ],
        ),
        (oid::SM2_CURVE, &[A::Sm2Sm3]),
        (oid::SM2_SIGN, &[A::Sm2Sm3]),
    ]
};

/// An `AlgorithmIdentifier` that names no signature algorithm of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AlgorithmError {
    /// The bytes are not an `AlgorithmIdentifier`.
    #[error("the algorithm identifier is not DER")]
    Malformed,
    /// The algorithm is not in the table.
    #[error("signature algorithm {} is not supported", unverified::describe(.0))]
    Unsupported(ObjectIdentifier),
    /// The algorithm is known, its parameters are not those that it may have here.
    #[error("parameters of signature algorithm {0} are not supported")]
    UnsupportedParameters(ObjectIdentifier),
}

impl SignatureAlgorithm {
    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.algorithm == self)
    }

    /// Its name as people write it: `ECDSA with SHA-256`.
    pub fn name(self) -> &'static str {
        let other = || {
            let named = OTHER_PSS.iter().find(|(digest, _)| Some(*digest) == self.digest());
            named.map_or("RSA-PSS", |(_, name)| name)
        };
        self.row().map_or_else(other, |row| row.name)
    }

    /// Its object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        self.row().map_or(oid::RSASSA_PSS, |row| row.oid)
    }

    /// The digest that it signs; `None` where it digests by itself.
    pub fn digest(self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPss(parameters) => Some(parameters.digest),
            other => other.row()?.digest,
        }
    }

    /// Whether RSA keys make it.
    pub(super) fn is_of_rsa(self) -> bool {
        use SignatureAlgorithm as A;
        !matches!(
            self,
            A::EcdsaSha1
                | A::EcdsaSha256
                | A::EcdsaSha384
                | A::EcdsaSha512
                | A::EcdsaSha3_256
                | A::EcdsaSha3_384
                | A::EcdsaSha3_512
                | A::Ed25519
                | A::Sm2Sm3
        )
    }

    /// The parameters of RSA-PSS; `None` for other algorithms.
    pub(super) fn pss(self) -> Option<PssParameters> {
        match (self, self.row()) {
            (Self::RsaPss(parameters), _) => Some(parameters),
            (_, Some(row)) if row.parameters == Parameters::Pss => row.digest.map(PssParameters::usual),
            _ => None,
        }
    }

    /// The digest of the content that goes with it in a signed message: the one that it signs, and SHA-512 beside
    /// Ed25519 (RFC 8419 section 3.1).
    pub fn message_digest(self) -> DigestAlgorithm {
        self.digest().unwrap_or(DigestAlgorithm::Sha512)
    }

    /// Whether a signature may still rest on it.
    pub fn is_trusted(self) -> bool {
        self.digest().is_none_or(DigestAlgorithm::is_trusted)
    }

    /// What the same key would have made over `digest`, where keys are named without a digest.
    pub fn with_digest(self, digest: DigestAlgorithm) -> Option<Self> {
        let (_, of_key) = NAMED_BY_KEY.iter().find(|(_, choices)| choices.contains(&self))?;
        of_key.iter().copied().find(|choice| choice.digest() == Some(digest))
    }

    /// Its `AlgorithmIdentifier` in DER.
    pub fn identifier_der(self) -> Vec<u8> {
        let parameters = match (self.pss(), self.row()) {
            (Some(parameters), _) => parameters.to_der(),
            (None, Some(row)) if row.parameters == Parameters::Null => vec![0x05, 0],
            _ => Vec::new(),
        };
        encode(|w| {
            w.sequence(|w| {
                w.oid(self.oid());
                w.raw(&parameters);
            });
        })
    }

    /// Reads an `AlgorithmIdentifier`.
    ///
    /// # Errors
    /// Where it is no DER, or names an algorithm or parameters that are not in the table.
    pub fn from_identifier(der: &[u8]) -> Result<Self, AlgorithmError> {
        let identifier = AlgorithmIdentifierRef::from_der(der).map_err(|_| AlgorithmError::Malformed)?;
        let unsupported = AlgorithmError::UnsupportedParameters(identifier.oid);
        if identifier.oid == oid::RSASSA_PSS {
            let parameters = identifier.parameters.and_then(PssParameters::read);
            return parameters.map(Self::of_pss).ok_or(unsupported);
        }
        let row = ROWS.iter().find(|row| row.oid == identifier.oid);
        let row = row.ok_or(AlgorithmError::Unsupported(identifier.oid))?;
        if parameters_fit(row, identifier.parameters) {
            Ok(row.algorithm)
        } else {
            Err(unsupported)
        }
    }

    /// RSA-PSS with these parameters.
    fn of_pss(parameters: PssParameters) -> Self {
        let usual = [Self::RsaPssSha256, Self::RsaPssSha384, Self::RsaPssSha512];
        let found = usual.into_iter().find(|usual| usual.pss() == Some(parameters));
        found.unwrap_or(Self::RsaPss(parameters))
    }

    /// Reads the `signatureAlgorithm` of a `SignerInfo`, which may name the key's algorithm alone and leave the digest
    /// to its own field (RFC 5652 section 5.3).
    ///
    /// # Errors
    /// As [`Self::from_identifier`].
    pub fn from_signer_info(der: &[u8], digest: DigestAlgorithm) -> Result<Self, AlgorithmError> {
        let identifier = AlgorithmIdentifierRef::from_der(der).map_err(|_| AlgorithmError::Malformed)?;
        match NAMED_BY_KEY.iter().find(|(oid, _)| *oid == identifier.oid) {
            Some((oid, choices)) => choices
                .iter()
                .copied()
                .find(|choice| choice.digest() == Some(digest))
                .ok_or(AlgorithmError::UnsupportedParameters(*oid)),
            None => Self::from_identifier(der),
        }
    }
}

fn parameters_fit(row: &Row, parameters: Option<AnyRef<'_>>) -> bool {
    let null_or_nothing = parameters.is_none_or(|any| any.tag() == Tag::Null && any.value().is_empty());
    match row.parameters {
        Parameters::Absent | Parameters::Pss => parameters.is_none(),
        Parameters::Null | Parameters::AbsentOrNull => null_or_nothing,
    }
}

#[cfg(test)]
mod tests {
    use der::Encode as _;

    use super::*;

    #[test]
    fn every_row_reads_back_what_it_writes() {
        for row in ROWS {
            let der = row.algorithm.identifier_der();
            assert_eq!(
                SignatureAlgorithm::from_identifier(&der),
                Ok(row.algorithm),
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn sm2_with_null_parameters_is_read_as_sm2() {
        let mut der = SignatureAlgorithm::Sm2Sm3.identifier_der();
        der.extend([0x05, 0]);
        der[1] += 2;
        assert_eq!(
            SignatureAlgorithm::from_identifier(&der),
            Ok(SignatureAlgorithm::Sm2Sm3)
        );
    }

    #[test]
    fn a_pss_salt_of_another_length_is_an_algorithm_of_its_own_and_no_parameters_are_none() {
        let mut der = SignatureAlgorithm::RsaPssSha256.identifier_der();
        *der.last_mut().unwrap() = 20;
        let odd = SignatureAlgorithm::RsaPss(PssParameters {
            salt: 20,
            ..PssParameters::usual(DigestAlgorithm::Sha256)
        });
        assert_eq!(SignatureAlgorithm::from_identifier(&der), Ok(odd));
        assert_eq!(odd.identifier_der(), der);
        assert_eq!(
            (odd.name(), odd.digest()),
            ("RSA-PSS with SHA-256", Some(DigestAlgorithm::Sha256))
        );
        let bare = encode(|w| w.sequence(|w| w.oid(oid::RSASSA_PSS)));
        assert_eq!(
            SignatureAlgorithm::from_identifier(&bare),
            Err(AlgorithmError::UnsupportedParameters(oid::RSASSA_PSS))
        );
    }

    #[test]
    fn a_signer_info_may_name_the_key_and_leave_the_digest_to_its_field() {
        let rsa = [
            &[0x30, 0x0d],
            oid::RSA_ENCRYPTION.to_der().unwrap().as_slice(),
            &[0x05, 0],
        ]
        .concat();
        assert_eq!(
            SignatureAlgorithm::from_signer_info(&rsa, DigestAlgorithm::Sha512),
            Ok(SignatureAlgorithm::RsaPkcs1Sha512)
        );
        assert_eq!(
            SignatureAlgorithm::RsaPkcs1Sha3_256.with_digest(DigestAlgorithm::Sha256),
            Some(SignatureAlgorithm::RsaPkcs1Sha256)
        );
        assert_eq!(SignatureAlgorithm::Ed25519.with_digest(DigestAlgorithm::Sha256), None);
        assert!(SignatureAlgorithm::from_signer_info(&rsa, DigestAlgorithm::Sm3).is_err());
        let key = encode(|w| w.sequence(|w| w.oid(oid::ID_EC_PUBLIC_KEY)));
        for (digest, algorithm) in [
            (DigestAlgorithm::Sha3_256, SignatureAlgorithm::EcdsaSha3_256),
            (DigestAlgorithm::Sm3, SignatureAlgorithm::Sm2Sm3),
        ] {
            assert_eq!(SignatureAlgorithm::from_signer_info(&key, digest), Ok(algorithm));
        }
    }
}
