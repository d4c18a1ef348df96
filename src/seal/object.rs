//! The seal object: `SESeal` (GB/T 38540), made by a seal maker, read and verified. Those of GM/T 0031 are read and
//! verified too.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use der::Tag;

use super::read::{SealNote, octets};
use super::{SealError, SealFault, SealInfo};
use crate::asn1::oid;
use crate::asn1::read::{self, Reader, context};
use crate::asn1::write::{Writer, encode};
use crate::crypto::key::Signer;
use crate::crypto::{DigestAlgorithm, SignatureAlgorithm, pair};
use crate::trust::LinkCache;
use crate::x509::Certificate;

/// Most bytes of one seal. Pictures of 300 dots per inch stay under 1 MiB.
pub const MAX_SEAL_BYTES: usize = 2 << 20;

/// Length of each integer of a signature, in bytes.
const SCALAR_LEN: usize = 32;

/// One seal, as received or made. Its bytes are kept: signatures are over them, never over a second encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    der: Vec<u8>,
    fingerprint: [u8; 32],
    signed: Signed,
    /// What it says.
    pub info: SealInfo,
    /// Certificate of its maker, DER.
    pub maker_certificate: Vec<u8>,
    signature: Vec<u8>,
    /// The signature value as it was written, which its time stamp covers.
    written_signature: Vec<u8>,
    /// A time stamp of its maker's (GM/T 0031-2025), DER.
    pub time_stamp: Option<Vec<u8>>,
    /// What is odd about how it is written.
    pub notes: Vec<SealNote>,
}

/// The bytes that a seal's maker signed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Signed {
    /// `SES_SealInfo` alone, where it stands (GB/T 38540, GM/T 0031-2025).
    Info(Range<usize>),
    /// A SEQUENCE of `SES_SealInfo`, certificate and algorithm (GM/T 0031-2014).
    Sequence(Vec<u8>),
}

/// Proof that a seal's maker signed it; says nothing of the maker's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedSeal {
    fingerprint: [u8; 32],
}

/// A seal maker (制章者): an SM2 key with its certificate.
#[derive(Clone)]
pub struct SealMaker(SealSigner);

/// An SM2 key with its certificate, checked to belong together.
#[derive(Clone)]
pub(super) struct SealSigner {
    signer: Arc<dyn Signer>,
    certificate: Certificate,
}

impl SealSigner {
    pub(super) fn new(signer: Arc<dyn Signer>, certificate: Certificate) -> Result<Self, SealError> {
        if signer.algorithm() != SignatureAlgorithm::Sm2Sm3 {
            return Err(SealError::Key(signer.algorithm().name()));
        }
        if certificate.public_key() != Ok(signer.public_key()) {
            return Err(SealError::OtherKey);
        }
        Ok(Self { signer, certificate })
    }

    pub(super) fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Ends a structure that begins with what is signed: cert, signAlgID, signedValue (GB/T 38540).
    pub(super) fn complete(&self, w: &mut Writer, signed: &[u8]) -> Result<(), SealError> {
        let signature = self.signer.sign(signed)?;
        self.write(w, signed, &signature);
        Ok(())
    }

    pub(super) fn write(&self, w: &mut Writer, signed: &[u8], signature: &[u8]) {
        w.sequence(|w| {
            w.raw(signed);
            w.octet_string(self.certificate.der());
            w.oid(oid::SM2_WITH_SM3);
            w.bit_string(signature);
        });
    }
}

impl SealMaker {
    /// A maker.
    ///
    /// # Errors
    /// When the key is not SM2 or the certificate of another key.
    pub fn new(signer: Arc<dyn Signer>, certificate: Certificate) -> Result<Self, SealError> {
        SealSigner::new(signer, certificate).map(Self)
    }

    /// Makes a seal.
    ///
    /// # Errors
    /// When the information breaks a rule, or the key does not sign.
    pub fn make(&self, info: &SealInfo) -> Result<Seal, SealError> {
        info.check()?;
        let signed = info.to_der();
        let mut w = Writer::with_capacity(signed.len() + self.0.certificate.der().len() + 128);
        self.0.complete(&mut w, &signed)?;
        Seal::parse(&w.into_bytes())
    }
}

impl Seal {
    /// Reads a seal.
    ///
    /// # Errors
    /// When it is not an `SESeal` of a known version, has data after its end, or exceeds a budget.
    pub fn parse(der: &[u8]) -> Result<Self, SealError> {
        SealError::budget("seal in bytes", der.len(), MAX_SEAL_BYTES)?;
        read::sequence(der, |r| {
            let info = r.sequence(SealInfo::read)?;
            let info_range = first_field(der)?;
            let mut notes = Vec::new();
            // SES_SignInfo of GM/T 0031-2014, or the same three fields without a SEQUENCE around them.
            let (signed, fields) = if r.next_is(Tag::Sequence) {
                let covered = |r: &mut Reader<'_>| Ok::<_, SealError>([r.raw()?, r.raw()?].concat());
                let named = r.clone().sequence(|r| {
                    let covered = covered(r)?;
                    r.raw()?;
                    Ok::<_, SealError>(covered)
                })?;
                let signed = encode(|w| {
                    w.sequence(|w| {
                        w.raw(&der[info_range.clone()]);
                        w.raw(&named);
                    });
                });
                (
                    Signed::Sequence(signed),
                    r.sequence(|r| signature_fields(r, &mut notes))?,
                )
            } else {
                (Signed::Info(info_range), signature_fields(r, &mut notes)?)
            };
            let (maker_certificate, written_signature) = fields;
            let signature = signature_value(written_signature.clone(), "SESeal", &mut notes);
            Ok(Self {
                der: der.to_vec(),
                fingerprint: DigestAlgorithm::Sha256.digest(der).first_32(),
                signed,
                info,
                maker_certificate,
                signature,
                written_signature,
                time_stamp: time_stamp(r)?,
                notes,
            })
        })
        .map_err(|error: SealError| error.named("SESeal"))
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The bytes that its maker signed: DER of `SES_SealInfo` alone, in GM/T 0031-2014 with certificate and algorithm.
    pub fn signed_bytes(&self) -> &[u8] {
        match &self.signed {
            Signed::Info(range) => &self.der[range.clone()],
            Signed::Sequence(signed) => signed,
        }
    }

    /// The maker's signature, DER `SEQUENCE { r, s }`.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The maker's signature as it was written: what a time stamp of the maker's covers.
    pub fn stamped_bytes(&self) -> &[u8] {
        &self.written_signature
    }

    /// SHA-256 of its bytes, under which a cache may keep that it was verified.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// Checks the maker's signature (GB/T 38540, verifying a seal, step 2). Its dates are [`Self::check_validity`]'s,
    /// the maker's certificate is `trust`'s.
    ///
    /// # Errors
    /// When the certificate is not the maker's, or the signature does not fit.
    pub fn verify(&self, maker: &Certificate) -> Result<VerifiedSeal, SealFault> {
        self.verify_once(maker, &LinkCache::default())
    }

    /// The same, without the work where the signature is known to have held.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn verify_once(&self, maker: &Certificate, known: &LinkCache) -> Result<VerifiedSeal, SealFault> {
        if maker.der() != self.maker_certificate {
            return Err(SealFault::OtherMaker);
        }
        let key = maker.public_key().map_err(SealFault::MakerKey)?;
        known.check(key, &self.fingerprint, || {
            key.verify(SignatureAlgorithm::Sm2Sm3, self.signed_bytes(), &self.signature)
                .map_err(SealFault::MakerSignature)
        })?;
        Ok(VerifiedSeal {
            fingerprint: self.fingerprint(),
        })
    }

    /// Checks that the seal was valid at a time, its ends included (GB/T 38540, verifying a seal, step 4).
    ///
    /// # Errors
    /// When the time lies before or after its validity.
    pub fn check_validity(&self, at: DateTime<Utc>) -> Result<(), SealFault> {
        let (valid_from, valid_until) = (self.info.valid_from, self.info.valid_until);
        if at < valid_from {
            Err(SealFault::NotYetValid { valid_from, at })
        } else if at > valid_until {
            Err(SealFault::Expired { valid_until, at })
        } else {
            Ok(())
        }
    }
}

impl VerifiedSeal {
    /// Whether it is about this seal.
    pub(super) fn is_of(&self, seal: &Seal) -> bool {
        self.fingerprint == seal.fingerprint()
    }
}

/// cert, algorithm and signature value, with which a seal and a signature end.
pub(super) fn signature_fields(r: &mut Reader<'_>, notes: &mut Vec<SealNote>) -> Result<(Vec<u8>, Vec<u8>), SealError> {
    let certificate = r.octet_string()?.to_vec();
    super::read::algorithm(r)?;
    Ok((certificate, octets(r, "signature", notes)?.to_vec()))
}

/// A signature value as DER `SEQUENCE { r, s }`; one that is r‖s is noted.
pub(super) fn signature_value(signature: Vec<u8>, of: &'static str, notes: &mut Vec<SealNote>) -> Vec<u8> {
    match pair::der_of_raw(&signature, SCALAR_LEN) {
        Some(der) => {
            notes.push(SealNote::RawSignature(of));
            der
        }
        None => signature,
    }
}

/// The time stamp that may end a seal or a signature: tagged by the standard, untagged in some files.
pub(super) fn time_stamp(r: &mut Reader<'_>) -> Result<Option<Vec<u8>>, SealError> {
    let token = match r.is_empty() {
        true => return Ok(None),
        false if r.next_is(context(0, true)) => r.nested(context(0, true), |r| r.bit_string().map(<[u8]>::to_vec))?,
        false => r.bit_string()?.to_vec(),
    };
    Ok(Some(token))
}

/// Where the first field of a SEQUENCE stands, with its header: what is signed of a seal and of a signature.
pub(super) fn first_field(sequence: &[u8]) -> Result<Range<usize>, SealError> {
    let fields = Reader::new(sequence)?.contents(Tag::Sequence)?;
    let start = sequence.len() - fields.len();
    Ok(start..start + Reader::new(fields)?.raw()?.len())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;
    use crate::cms::testing::now;
    use crate::crypto::key::Suite;
    use crate::seal::testing::{info, maker};
    use crate::seal::{SealExtension, SealVersion, SignerList};

    #[test]
    fn a_seal_reads_back_and_verifies_with_its_makers_certificate_alone() {
        let (maker, certificate) = maker();
        let seal = maker.make(&info(&[])).unwrap();
        assert_eq!(seal.info, info(&[]));
        assert_eq!(Seal::parse(seal.der()).unwrap(), seal);
        assert!(seal.verify(&certificate).is_ok());
        let (_, other) = self::maker();
        assert_eq!(seal.verify(&other), Err(SealFault::OtherMaker));
    }

    #[test]
    fn every_list_of_signers_finds_its_own_and_no_other() {
        let own: &[u8] = b"own";
        let sha = (
            "sha256".to_owned(),
            DigestAlgorithm::Sha256.digest(own).as_ref().to_vec(),
        );
        let oid = (
            "1.2.156.10197.1.401".to_owned(),
            DigestAlgorithm::Sm3.digest(own).as_ref().to_vec(),
        );
        for list in [
            SignerList::of([own]),
            SignerList::Certificates(vec![own.to_vec()]),
            SignerList::Digests(vec![sha]),
            SignerList::Digests(vec![oid]),
        ] {
            assert_eq!(list.check(own), Ok(()));
            assert_eq!(list.check(b"other"), Err(SealFault::SignerNotListed));
        }
        let unknown = SignerList::Digests(vec![("MD5".to_owned(), vec![0; 16])]);
        assert_eq!(unknown.check(own), Err(SealFault::UnknownListDigest("MD5".to_owned())));
    }

    #[test]
    fn a_seal_is_valid_from_its_first_to_its_last_moment() {
        let seal = maker().0.make(&info(&[])).unwrap();
        let (from, until) = (seal.info.valid_from, seal.info.valid_until);
        let second = TimeDelta::seconds(1);
        assert!(seal.check_validity(from).is_ok() && seal.check_validity(until).is_ok());
        assert!(matches!(
            seal.check_validity(from - second),
            Err(SealFault::NotYetValid { .. })
        ));
        assert!(matches!(
            seal.check_validity(until + second),
            Err(SealFault::Expired { .. })
        ));
    }

    #[test]
    fn each_rule_of_a_seal_is_kept_before_signing() {
        let (maker, _) = maker();
        let refused = |alter: &dyn Fn(&mut SealInfo)| {
            let mut bad = info(&[]);
            alter(&mut bad);
            maker.make(&bad).unwrap_err()
        };
        assert!(matches!(
            refused(&|i| i.id = "章".to_owned()),
            SealError::Text { field: "esID", .. }
        ));
        assert!(matches!(
            refused(&|i| i.vendor.clear()),
            SealError::Text { field: "vid", .. }
        ));
        assert!(matches!(
            refused(&|i| i.name = " ".to_owned()),
            SealError::Text { field: "name", .. }
        ));
        assert!(matches!(
            refused(&|i| i.valid_until = now() - TimeDelta::days(9)),
            SealError::Dates { .. }
        ));
        assert_eq!(
            refused(&|i| i.signers = SignerList::Certificates(vec![])),
            SealError::NoSigners
        );
        let many = |i: &mut SealInfo| i.signers = SignerList::Certificates(vec![vec![]; crate::seal::MAX_SIGNERS + 1]);
        assert!(matches!(refused(&many), SealError::TooMuch { .. }));
    }

    #[test]
    fn other_versions_are_not_made() {
        let (maker, _) = maker();
        for version in [SealVersion::V1, SealVersion::V5] {
            let other = SealInfo { version, ..info(&[]) };
            assert_eq!(maker.make(&other), Err(SealError::Version(version)));
        }
    }

    #[test]
    fn budgets_of_a_seal_are_reached() {
        assert!(matches!(
            Seal::parse(&vec![0; MAX_SEAL_BYTES + 1]),
            Err(SealError::TooMuch { .. })
        ));
        let extension = SealExtension::credit_code("12450100498500231L");
        let many = SealInfo {
            extensions: vec![extension; crate::seal::MAX_EXTENSIONS + 1],
            ..info(&[])
        };
        assert!(matches!(
            maker().0.make(&many),
            Err(SealError::TooMuch { what: "extensions", .. })
        ));
    }

    #[test]
    fn the_owner_is_named_by_credit_code() {
        let mut info = info(&[]);
        info.extensions = vec![SealExtension::credit_code("12450100498500231L")];
        let seal = maker().0.make(&info).unwrap();
        assert_eq!(seal.info.owner().as_deref(), Some("12450100498500231L"));
    }

    #[test]
    fn a_key_of_the_other_suite_makes_no_seals() {
        let identity = crate::cms::testing::identity(Suite::International, "maker", None);
        let key = crate::crypto::key::SoftwareKey::generate(Suite::International).unwrap();
        let refused = SealMaker::new(Arc::new(key), identity.certificate().clone()).err();
        assert_eq!(refused, Some(SealError::Key("ECDSA with SHA-256")));
    }

    #[test]
    fn no_flipped_byte_of_a_seal_verifies() {
        let (maker, certificate) = maker();
        let good = maker.make(&info(&[b"signer"])).unwrap();
        for index in 0..good.der().len() {
            let mut bytes = good.der().to_vec();
            bytes[index] ^= 0x11;
            assert!(
                Seal::parse(&bytes).map_or(true, |seal| seal.verify(&certificate).is_err()),
                "byte {index}"
            );
            assert!(Seal::parse(&bytes[..index]).is_err());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Seal::parse(&bytes);
        }
    }
}
