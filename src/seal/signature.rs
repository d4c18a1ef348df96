//! A signature with a seal: `SES_Signature` (GB/T 38540), made, read and verified. Those of GM/T 0031 are read and
//! verified too.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use der::Tag;

use super::info::{check_critical, optional_extensions};
use super::object::{SealSigner, first_field, signature_fields, signature_value, time_stamp};
use super::read::{SealNote, octets, parse_time};
use super::{Seal, SealError, SealExtension, SealFault, SealVersion, VerifiedSeal};
use crate::asn1::read::{self, Reader};
use crate::asn1::write::{self, Writer};
use crate::cms::timestamp::TimeStampToken;
use crate::crypto::key::Signer;
use crate::crypto::{Digest, KeyKind, SignatureAlgorithm};
use crate::x509::Certificate;

/// Most bytes of one signature: a seal and as much again for certificate and time stamp.
pub const MAX_SIGNATURE_BYTES: usize = 4 << 20;

/// How far a signer's clock may be from that of a seal's maker or of a time-stamping authority.
pub const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// One signature, as received or made, with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SesSignature {
    der: Vec<u8>,
    signed_range: Range<usize>,
    /// The seal, byte for byte as it was made.
    pub seal: Seal,
    /// The edition that it says it follows.
    pub version: SealVersion,
    /// When it was signed, by the signer's clock; `None` where a signature of GM/T 0031-2014 has a time that cannot be
    /// read.
    pub time: Option<DateTime<Utc>>,
    /// Digest of the document, by SM3.
    pub data_hash: Vec<u8>,
    /// What of the document is protected, ASCII.
    pub property: String,
    /// Further data.
    pub extensions: Vec<SealExtension>,
    /// Certificate of the signer, DER.
    pub signer_certificate: Vec<u8>,
    signature: Vec<u8>,
    /// The signature value as it was written, which a time stamp covers.
    written_signature: Vec<u8>,
    /// A time stamp over the signature value, DER.
    pub time_stamp: Option<Vec<u8>>,
    /// What is odd about how it and its seal are written.
    pub notes: Vec<SealNote>,
}

/// Who signs with a seal (签章者): an SM2 key with its certificate, and a seal that lists it.
#[derive(Clone)]
pub struct SealHolder {
    signer: SealSigner,
    seal: Seal,
}

impl SealHolder {
    /// A holder of a seal.
    ///
    /// # Errors
    /// When the key is not SM2, or the certificate of another key.
    pub fn new(signer: Arc<dyn Signer>, certificate: Certificate, seal: Seal) -> Result<Self, SealError> {
        Ok(Self {
            signer: SealSigner::new(signer, certificate)?,
            seal,
        })
    }

    /// Its seal.
    pub fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        self.signer.certificate()
    }

    /// Checks that the seal may be used at a time by this holder (GB/T 38540, signing).
    ///
    /// # Errors
    /// When the seal is not valid then, does not list the certificate, or has what no verifier accepts.
    pub fn check(&self, at: DateTime<Utc>) -> Result<(), SealFault> {
        self.seal.check_validity(at)?;
        self.seal.info.check_extensions()?;
        self.seal.info.signers.check(self.certificate().der())
    }

    /// Signs the digest of a document, by SM3; `property` says what of the document it covers. The caller has asked
    /// [`Self::check`]; here only the form is kept.
    ///
    /// # Errors
    /// When `property` is not visible ASCII, or the key does not sign.
    pub fn sign(&self, data_hash: &Digest, property: &str, at: DateTime<Utc>) -> Result<Vec<u8>, SealError> {
        if property.is_empty() || !property.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            let rule = "is not made of ASCII characters";
            return Err(SealError::Text {
                field: "propertyInfo",
                value: property.to_owned(),
                rule,
            });
        }
        let signed = self.to_sign(data_hash.as_ref(), property, at);
        let mut w = Writer::with_capacity(signed.len() + self.certificate().der().len() + 128);
        self.signer.complete(&mut w, &signed)?;
        Ok(w.into_bytes())
    }

    /// Most bytes that [`Self::sign`] makes with a `property` of that length.
    pub fn max_len(&self, property_len: usize) -> usize {
        let signed = self.to_sign(&[0; 32], &"x".repeat(property_len), DateTime::UNIX_EPOCH);
        let mut w = Writer::with_capacity(signed.len() + self.certificate().der().len() + 128);
        self.signer
            .write(&mut w, &signed, &vec![0; KeyKind::Sm2.max_signature_len()]);
        w.into_bytes().len()
    }

    /// `TBS_Sign` (GB/T 38540), without extensions.
    fn to_sign(&self, data_hash: &[u8], property: &str, at: DateTime<Utc>) -> Vec<u8> {
        let mut w = Writer::with_capacity(self.seal.der().len() + property.len() + 96);
        w.sequence(|w| {
            w.unsigned(self.seal.info.version.number().into());
            w.raw(self.seal.der());
            w.generalized_time(at.trunc_subsecs(0));
            w.bit_string(data_hash);
            w.primitive(write::IA5_STRING, property.as_bytes());
        });
        w.into_bytes()
    }
}

impl SesSignature {
    /// Reads a signature.
    ///
    /// # Errors
    /// When it is not an `SES_Signature` of a known version, has data after its end, or exceeds a budget.
    pub fn parse(der: &[u8]) -> Result<Self, SealError> {
        SealError::budget("seal signature in bytes", der.len(), MAX_SIGNATURE_BYTES)?;
        read::sequence(der, |r| {
            let mut notes = Vec::new();
            let tbs = r.sequence(|r| ToSign::read(r, &mut notes))?;
            // In GM/T 0031-2014 the signer signs its certificate too, and the signature value alone follows.
            let (signer_certificate, written_signature) = match tbs.signer_certificate {
                Some(certificate) => (certificate, octets(r, "signature", &mut notes)?.to_vec()),
                None => signature_fields(r, &mut notes)?,
            };
            let time_stamp = time_stamp(r)?;
            let signature = signature_value(written_signature.clone(), "SES_Signature", &mut notes);
            Ok(Self {
                der: der.to_vec(),
                signed_range: first_field(der)?,
                seal: tbs.seal,
                version: tbs.version,
                time: tbs.time,
                data_hash: tbs.data_hash,
                property: tbs.property,
                extensions: tbs.extensions,
                signer_certificate,
                signature,
                written_signature,
                time_stamp,
                notes,
            })
        })
        .map_err(|error: SealError| error.named("SES_Signature"))
    }

    /// Its bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The bytes that the signer signed: DER of `TBS_Sign` alone.
    pub fn signed_bytes(&self) -> &[u8] {
        &self.der[self.signed_range.clone()]
    }

    /// The signature value, DER `SEQUENCE { r, s }`.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The signature value as it was written: what a time stamp covers.
    pub fn stamped_bytes(&self) -> &[u8] {
        &self.written_signature
    }

    /// Verifies in the order of GB/T 38540: signature value, signer in the list, the seal with its dates at
    /// [`Self::time`] and at `at` (the proven time, else the present), digest and range of the document; then what its
    /// extensions ask. Both certificates' paths are `trust`'s.
    ///
    /// # Errors
    /// The first condition that does not hold.
    pub fn verify(
        &self,
        signer: &Certificate,
        seal: &VerifiedSeal,
        document: &SealedDocument<'_>,
        at: DateTime<Utc>,
    ) -> Result<(), SealFault> {
        if signer.der() != self.signer_certificate {
            return Err(SealFault::OtherSigner);
        }
        let key = signer.public_key().map_err(SealFault::SignerKey)?;
        key.verify(SignatureAlgorithm::Sm2Sm3, self.signed_bytes(), &self.signature)
            .map_err(SealFault::Signature)?;
        self.seal.info.signers.check(&self.signer_certificate)?;
        if !seal.is_of(&self.seal) {
            return Err(SealFault::OtherSeal);
        }
        self.check_stated_time()?;
        self.seal.check_validity(at)?;
        if self.data_hash != document.digest.as_ref() {
            return Err(SealFault::DataHash);
        }
        if self.property != document.property {
            let (found, expected) = (self.property.clone(), document.property.to_owned());
            return Err(SealFault::Property { found, expected });
        }
        check_critical(&self.extensions, &[])?;
        self.seal.info.check_extensions()
    }

    /// Checks that the signer states a time in the validity of the seal, as far as clocks agree: whatever proves
    /// another, this is the time of signing that verifiers of GB/T 38540 compare.
    fn check_stated_time(&self) -> Result<(), SealFault> {
        let Some(time) = self.time else { return Ok(()) };
        let info = &self.seal.info;
        if info.valid_from - time > CLOCKS_DIFFER || time - info.valid_until > CLOCKS_DIFFER {
            return self.seal.check_validity(time);
        }
        Ok(())
    }
}

/// What a signature with a seal should be of.
#[derive(Debug, Clone, Copy)]
pub struct SealedDocument<'a> {
    /// Digest of the protected range, by SM3.
    pub digest: Digest,
    /// How that range is stated: see [`byte_range_property`].
    pub property: &'a str,
}

/// `propertyInfo` for a range of a PDF: the numbers of its `ByteRange`.
pub fn byte_range_property(byte_range: [u64; 4]) -> String {
    let [a, b, c, d] = byte_range;
    format!("ByteRange {a} {b} {c} {d}")
}

/// `TBS_Sign`.
struct ToSign {
    version: SealVersion,
    seal: Seal,
    time: Option<DateTime<Utc>>,
    data_hash: Vec<u8>,
    property: String,
    extensions: Vec<SealExtension>,
    /// In GM/T 0031-2014 alone.
    signer_certificate: Option<Vec<u8>>,
}

impl ToSign {
    fn read(r: &mut Reader<'_>, notes: &mut Vec<SealNote>) -> Result<Self, SealError> {
        let number = r.small_unsigned()?;
        let version = SealVersion::from_number(number)?;
        let seal = Seal::parse(r.raw_of(Tag::Sequence)?)?;
        notes.extend(seal.notes.iter().cloned());
        if version != seal.info.version {
            let seal = seal.info.version.number();
            notes.push(SealNote::Versions {
                signature: number,
                seal,
            });
        }
        let time = if [Tag::GeneralizedTime, Tag::UtcTime].iter().any(|tag| r.next_is(*tag)) {
            Some(super::read::time(r)?)
        } else {
            time_info(octets(r, "timeInfo", notes)?)
        };
        if time.is_none() {
            notes.push(SealNote::TimeUnread);
        }
        let data_hash = octets(r, "dataHash", notes)?.to_vec();
        let property = r.string(Tag::Ia5String)?.to_owned();
        let signer_certificate = match r.next_is(Tag::OctetString) {
            true => {
                let certificate = r.octet_string()?.to_vec();
                super::read::algorithm(r)?;
                Some(certificate)
            }
            false => None,
        };
        Ok(Self {
            version,
            seal,
            time,
            data_hash,
            property,
            extensions: optional_extensions(r)?,
            signer_certificate,
        })
    }
}

/// What `timeInfo` of GM/T 0031-2014 says: a time as text, or a time stamp.
fn time_info(bytes: &[u8]) -> Option<DateTime<Utc>> {
    parse_time(bytes).or_else(|| Some(TimeStampToken::parse(bytes).ok()?.info.time))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::cms::testing::{certificate, now};
    use crate::crypto::DigestAlgorithm;
    use crate::crypto::key::{SoftwareKey, Suite};
    use crate::seal::testing::{info, maker};

    const PROPERTY: &str = "ByteRange 0 100 200 50";

    struct Setting {
        holder: SealHolder,
        maker: Certificate,
        digest: Digest,
    }

    impl Setting {
        fn new() -> Self {
            let (maker, maker_certificate) = maker();
            let key = SoftwareKey::generate(Suite::National).unwrap();
            let signer = certificate(&key, "signer", None);
            let seal = maker.make(&info(&[signer.der()])).unwrap();
            let holder = SealHolder::new(Arc::new(key), signer, seal).unwrap();
            Self {
                holder,
                maker: maker_certificate,
                digest: DigestAlgorithm::Sm3.digest(b"document"),
            }
        }

        fn judge(&self, der: &[u8], at: DateTime<Utc>) -> Result<(), SealFault> {
            let signature = SesSignature::parse(der).unwrap();
            let seal = self.holder.seal().verify(&self.maker).unwrap();
            let document = SealedDocument {
                digest: self.digest,
                property: PROPERTY,
            };
            signature.verify(self.holder.certificate(), &seal, &document, at)
        }
    }

    #[test]
    fn a_signature_holds_the_very_bytes_of_the_seal_and_verifies() {
        let setting = Setting::new();
        assert_eq!(setting.holder.check(now()), Ok(()));
        let der = setting.holder.sign(&setting.digest, PROPERTY, now()).unwrap();
        let signature = SesSignature::parse(&der).unwrap();
        assert_eq!(signature.seal.der(), setting.holder.seal().der());
        assert_eq!((signature.time, signature.property.as_str()), (Some(now()), PROPERTY));
        assert_eq!(setting.judge(&der, now()), Ok(()));
    }

    #[test]
    fn each_condition_that_fails_has_its_own_fault() {
        let mut setting = Setting::new();
        let der = setting.holder.sign(&setting.digest, PROPERTY, now()).unwrap();
        let late = now() + TimeDelta::days(4000);
        assert!(matches!(setting.judge(&der, late), Err(SealFault::Expired { .. })));
        let elsewhere = setting
            .holder
            .sign(&setting.digest, "ByteRange 0 1 2 3", now())
            .unwrap();
        assert!(matches!(
            setting.judge(&elsewhere, now()),
            Err(SealFault::Property { .. })
        ));
        let signature = SesSignature::parse(&der).unwrap();
        let document = SealedDocument {
            digest: setting.digest,
            property: PROPERTY,
        };
        let verified = setting.holder.seal().verify(&setting.maker).unwrap();
        let other = signature.verify(&setting.maker, &verified, &document, now());
        assert_eq!(other, Err(SealFault::OtherSigner));
        let foreign = Setting::new();
        let verified = foreign.holder.seal().verify(&foreign.maker).unwrap();
        let other = signature.verify(setting.holder.certificate(), &verified, &document, now());
        assert_eq!(other, Err(SealFault::OtherSeal));
        setting.digest = DigestAlgorithm::Sm3.digest(b"changed");
        assert_eq!(setting.judge(&der, now()), Err(SealFault::DataHash));
    }

    #[test]
    fn a_signer_that_the_seal_does_not_list_is_refused_before_and_after() {
        let mut setting = Setting::new();
        let key = SoftwareKey::generate(Suite::National).unwrap();
        let stranger = certificate(&key, "stranger", None);
        let seal = setting.holder.seal().clone();
        setting.holder = SealHolder::new(Arc::new(key), stranger, seal).unwrap();
        assert_eq!(setting.holder.check(now()), Err(SealFault::SignerNotListed));
        let der = setting.holder.sign(&setting.digest, PROPERTY, now()).unwrap();
        assert_eq!(setting.judge(&der, now()), Err(SealFault::SignerNotListed));
    }

    #[test]
    fn a_signature_takes_at_most_what_is_foretold_and_hardly_less() {
        let setting = Setting::new();
        let foretold = setting.holder.max_len(PROPERTY.len());
        let lengths: Vec<usize> = (0..40)
            .map(|_| setting.holder.sign(&setting.digest, PROPERTY, now()).unwrap().len())
            .collect();
        assert!(
            lengths
                .iter()
                .all(|length| *length <= foretold && length + 8 > foretold),
            "{lengths:?} {foretold}"
        );
    }

    #[test]
    fn no_flipped_byte_of_a_signature_verifies() {
        let setting = Setting::new();
        let good = setting.holder.sign(&setting.digest, PROPERTY, now()).unwrap();
        let verified = setting.holder.seal().verify(&setting.maker).unwrap();
        let document = SealedDocument {
            digest: setting.digest,
            property: PROPERTY,
        };
        for index in 0..good.len() {
            let mut bytes = good.clone();
            bytes[index] ^= 0x11;
            assert!(SesSignature::parse(&bytes[..index]).is_err());
            let Ok(signature) = SesSignature::parse(&bytes) else {
                continue;
            };
            let judged = signature.verify(setting.holder.certificate(), &verified, &document, now());
            assert!(judged.is_err(), "byte {index}");
        }
    }

    #[test]
    fn a_property_outside_ascii_is_refused() {
        let setting = Setting::new();
        let refused = setting.holder.sign(&setting.digest, "第一页", now());
        assert!(matches!(
            refused,
            Err(SealError::Text {
                field: "propertyInfo",
                ..
            })
        ));
    }

    #[test]
    fn a_signature_larger_than_any_is_not_read() {
        let error = SesSignature::parse(&vec![0; MAX_SIGNATURE_BYTES + 1]).unwrap_err();
        assert!(error.to_string().contains("seal signature in bytes"), "{error}");
        let error = SesSignature::parse(&vec![0; MAX_SIGNATURE_BYTES]).unwrap_err();
        assert!(!error.to_string().contains("seal signature in bytes"), "{error}");
    }
}
