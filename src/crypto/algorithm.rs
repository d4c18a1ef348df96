//! Signature algorithms and their `AlgorithmIdentifier`s (RFC 5280 section 4.1.1.2, RFC 8017, RFC 8410, GB/T 33560).

use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use spki::AlgorithmIdentifierRef;

use super::DigestAlgorithm;
use crate::asn1::oid;

/// How a signature is made. The curve or length of the key belongs to the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA with SHA-256; the signature is a DER `SEQUENCE { r, s }`.
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// ECDSA with SHA-512.
    EcdsaSha512,
    /// RSASSA-PKCS1-v1_5 with SHA-1: read, never trusted.
    RsaPkcs1Sha1,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RsaPkcs1Sha384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaPkcs1Sha512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, 32 bytes of salt.
    RsaPssSha256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384, 48 bytes of salt.
    RsaPssSha384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512, 64 bytes of salt.
    RsaPssSha512,
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
    EcdsaSha256 "ECDSA with SHA-256" ECDSA_WITH_SHA256 Absent Some(DigestAlgorithm::Sha256);
    EcdsaSha384 "ECDSA with SHA-384" ECDSA_WITH_SHA384 Absent Some(DigestAlgorithm::Sha384);
    EcdsaSha512 "ECDSA with SHA-512" ECDSA_WITH_SHA512 Absent Some(DigestAlgorithm::Sha512);
    RsaPkcs1Sha1 "RSA with SHA-1" SHA1_WITH_RSA Null Some(DigestAlgorithm::Sha1);
    RsaPkcs1Sha256 "RSA with SHA-256" SHA256_WITH_RSA Null Some(DigestAlgorithm::Sha256);
    RsaPkcs1Sha384 "RSA with SHA-384" SHA384_WITH_RSA Null Some(DigestAlgorithm::Sha384);
    RsaPkcs1Sha512 "RSA with SHA-512" SHA512_WITH_RSA Null Some(DigestAlgorithm::Sha512);
    RsaPssSha256 "RSA-PSS with SHA-256" RSASSA_PSS Pss Some(DigestAlgorithm::Sha256);
    RsaPssSha384 "RSA-PSS with SHA-384" RSASSA_PSS Pss Some(DigestAlgorithm::Sha384);
    RsaPssSha512 "RSA-PSS with SHA-512" RSASSA_PSS Pss Some(DigestAlgorithm::Sha512);
    Ed25519 "Ed25519" ED25519 Absent None;
    Sm2Sm3 "SM2 with SM3" SM2_WITH_SM3 AbsentOrNull Some(DigestAlgorithm::Sm3);
};

/// Algorithms that `SignerInfo` may name by the key alone; the digest then stands beside it (RFC 5754 section 3, GB/T 35275).
const NAMED_BY_KEY: &[(ObjectIdentifier, &[SignatureAlgorithm])] = {
    use SignatureAlgorithm as A;
    &[
        (
            oid::RSA_ENCRYPTION,
            &[A::RsaPkcs1Sha1, A::RsaPkcs1Sha256, A::RsaPkcs1Sha384, A::RsaPkcs1Sha512],
        ),
        (oid::ID_EC_PUBLIC_KEY, &[A::EcdsaSha256, A::EcdsaSha384, A::EcdsaSha512]),
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
    #[error("signature algorithm {} is not supported", oid::describe(.0))]
    Unsupported(ObjectIdentifier),
    /// The algorithm is known, its parameters are not those that it may have here.
    #[error("parameters of signature algorithm {0} are not supported")]
    UnsupportedParameters(ObjectIdentifier),
}

impl SignatureAlgorithm {
    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Its name as people write it: `ECDSA with SHA-256`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Its object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        self.row().oid
    }

    /// The digest that it signs; `None` where it digests by itself.
    pub fn digest(self) -> Option<DigestAlgorithm> {
        self.row().digest
    }

    /// The digest of the content that goes with it in a signed message: the one that it signs, and SHA-512 beside Ed25519
    /// (RFC 8419 section 3.1).
    pub fn message_digest(self) -> DigestAlgorithm {
        self.digest().unwrap_or(DigestAlgorithm::Sha512)
    }

    /// Whether a signature may still rest on it.
    pub fn is_trusted(self) -> bool {
        self.digest().is_none_or(DigestAlgorithm::is_trusted)
    }

    /// Its `AlgorithmIdentifier` in DER.
    pub fn identifier_der(self) -> Vec<u8> {
        let row = self.row();
        let mut out = vec![0x30, 0];
        // An object identifier of the table always encodes: it came from the same type.
        out.extend(row.oid.to_der().unwrap_or_default());
        match (row.parameters, row.digest) {
            (Parameters::Null, _) => out.extend([0x05, 0]),
            (Parameters::Pss, Some(digest)) => out.extend(pss_parameters(digest)),
            _ => {}
        }
        // The longest identifier (RSASSA-PSS) stays below 128 bytes, so the length fits one octet.
        out[1] = (out.len() - 2) as u8;
        out
    }

    /// Reads an `AlgorithmIdentifier`.
    ///
    /// # Errors
    /// Where it is no DER, or names an algorithm or parameters that are not in the table.
    pub fn from_identifier(der: &[u8]) -> Result<Self, AlgorithmError> {
        let identifier = AlgorithmIdentifierRef::from_der(der).map_err(|_| AlgorithmError::Malformed)?;
        let mut candidates = ROWS.iter().filter(|row| row.oid == identifier.oid).peekable();
        if candidates.peek().is_none() {
            return Err(AlgorithmError::Unsupported(identifier.oid));
        }
        candidates
            .find(|row| parameters_fit(row, identifier.parameters))
            .map(|row| row.algorithm)
            .ok_or(AlgorithmError::UnsupportedParameters(identifier.oid))
    }

    /// Reads the `signatureAlgorithm` of a `SignerInfo`, which may name the key's algorithm alone and leave the digest to
    /// its own field (RFC 5652 section 5.3).
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
        Parameters::Absent => parameters.is_none(),
        Parameters::Null | Parameters::AbsentOrNull => null_or_nothing,
        Parameters::Pss => row
            .digest
            .zip(parameters)
            .is_some_and(|(digest, any)| pss_fits(digest, any).unwrap_or(false)),
    }
}

/// Whether `RSASSA-PSS-params` say: this digest, MGF1 with the same, salt as long as the digest, trailer field 1.
fn pss_fits(digest: DigestAlgorithm, parameters: AnyRef<'_>) -> der::Result<bool> {
    if parameters.tag() != Tag::Sequence {
        return Ok(false);
    }
    let mut reader = SliceReader::new(parameters.value())?;
    let (mut hash, mut mask, mut salt, mut trailer) = (false, false, false, true);
    while !reader.is_finished() {
        let field = AnyRef::decode(&mut reader)?;
        let Tag::ContextSpecific {
            constructed: true,
            number,
        } = field.tag()
        else {
            return Ok(false);
        };
        match number {
            TagNumber(0) => hash = AlgorithmIdentifierRef::from_der(field.value())?.oid == digest.oid(),
            TagNumber(1) => {
                let function = AlgorithmIdentifierRef::from_der(field.value())?;
                let inner = function
                    .parameters
                    .map(|any| any.to_der())
                    .transpose()?
                    .unwrap_or_default();
                mask = function.oid == oid::MGF1 && AlgorithmIdentifierRef::from_der(&inner)?.oid == digest.oid();
            }
            TagNumber(2) => salt = UintRef::from_der(field.value())?.as_bytes() == [digest.len() as u8],
            TagNumber(3) => trailer = UintRef::from_der(field.value())?.as_bytes() == [1],
            _ => return Ok(false),
        }
    }
    Ok(hash && mask && salt && trailer)
}

/// `RSASSA-PSS-params` for a digest, MGF1 with the same and a salt of its length.
fn pss_parameters(digest: DigestAlgorithm) -> Vec<u8> {
    let wrap = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
    let oid_der = |oid: ObjectIdentifier| oid.to_der().unwrap_or_default();
    let hash = wrap(0x30, &[oid_der(digest.oid()), vec![0x05, 0]].concat());
    let mask = wrap(0x30, &[oid_der(oid::MGF1), hash.clone()].concat());
    let salt = [0x02, 1, digest.len() as u8];
    wrap(
        0x30,
        &[wrap(0xa0, &hash), wrap(0xa1, &mask), wrap(0xa2, &salt)].concat(),
    )
}

#[cfg(test)]
mod tests {
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
    fn a_pss_salt_of_another_length_is_not_supported() {
        let mut der = SignatureAlgorithm::RsaPssSha256.identifier_der();
        *der.last_mut().unwrap() = 20;
        assert_eq!(
            SignatureAlgorithm::from_identifier(&der),
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
        assert!(SignatureAlgorithm::from_signer_info(&rsa, DigestAlgorithm::Sm3).is_err());
    }
}
