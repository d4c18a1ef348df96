//! Certifies a licence: the signature is the only object of the revision that is appended to the finished face.

use chrono::{DateTime, Utc};

use super::dictionary::certification;
use super::steps::Plan;
use super::{Claims, Permission, Prepared, SealingKeys, SignError, SignatureForm};
use crate::ca::timestamp::{StampSerial, TimeStampAuthority};
use crate::pdf::append::{Known, Update};
use crate::pdf::{Object, Reference};

/// The form of a licence's signature.
const FORM: SignatureForm = SignatureForm::Pades;

/// A finished face: revision 1, whose signature field and `/Perms` already point at an object that is not there yet.
#[derive(Debug, Clone)]
pub struct UnsignedLicence {
    /// The bytes of revision 1.
    pub document: Vec<u8>,
    /// Its layout.
    pub known: Known,
    /// The object that the signature becomes.
    pub signature: Reference,
}

/// Reserves room for the certification of a licence, with `stamp_room` bytes for its time stamp.
///
/// # Errors
/// When a certificate or the seal may not be used at the claimed time.
pub fn prepare<'k>(
    licence: &'k UnsignedLicence,
    keys: &'k SealingKeys,
    claims: &Claims<'_>,
    stamp_room: usize,
) -> Result<Prepared<'k>, SignError> {
    keys.check(claims.time)?;
    Prepared::new(Plan {
        update: Update::known(licence.known.clone())?,
        base: &licence.document,
        signature: licence.signature,
        entries: claims
            .dictionary(FORM)
            .with("Reference", Object::Array(vec![certification(Permission::NoChanges)])),
        form: FORM,
        document: keys.document(),
        seal: Some(keys.seal()),
        time: claims.time,
        stamp_room,
        remarks: Vec::new(),
    })
}

/// Certifies a licence whole, with our own time-stamping authority at `now`.
///
/// # Errors
/// When anything may not be used at the time, or a key does not sign.
pub fn certify(
    licence: UnsignedLicence,
    keys: &SealingKeys,
    claims: &Claims<'_>,
    authority: &TimeStampAuthority,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, SignError> {
    let algorithm = keys.document().digest();
    let signed = prepare(&licence, keys, claims, authority.max_token_len(algorithm))?.sign()?;
    let token = authority.stamp(signed.imprint(algorithm), now, StampSerial::random()?)?;
    let revision = signed.stamp(token)?.into_revision();
    let mut document = licence.document;
    document.extend_from_slice(&revision);
    Ok(document)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;

    use super::*;
    use crate::asn1::{oid, walk};
    use crate::ca::timestamp::TimeStampError;
    use crate::cms::SignedData;
    use crate::cms::testing::{certificate, identity, now};
    use crate::cms::timestamp::{Accuracy, TimeStampToken};
    use crate::cms::verify::Profile;
    use crate::crypto::DigestAlgorithm;
    use crate::crypto::key::{KeyAlgorithm, SoftwareKey, Suite};
    use crate::pdf::append::SectionKind;
    use crate::problem::Explain;
    use crate::seal::signature::{SealedDocument, byte_range_property};
    use crate::seal::testing::{info, maker};
    use crate::seal::{SealError, SealExtension, SealFault, SealHolder, SealInfo, SesSignature};
    use crate::x509::Certificate;

    /// A finished face in small: a field whose value is object 5, which is not there.
    fn face() -> UnsignedLicence {
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[4 0 R]>>/Perms<</DocMDP 5 0 R>>>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Annots[4 0 R]>>",
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/Rect[0 0 0 0]/P 3 0 R/V 5 0 R>>",
        ];
        let mut document = b"%PDF-1.7\n".to_vec();
        let mut table = "xref\n0 5\n0000000000 65535 f \n".to_owned();
        for (number, body) in (1..).zip(bodies) {
            table += &format!("{:010} 00000 n \n", document.len());
            document.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        }
        let startxref = document.len() as u64;
        document.extend(format!("{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{startxref}\n%%EOF\n").bytes());
        let known = Known::new(
            document.len() as u64,
            startxref,
            SectionKind::Table,
            5,
            Reference::new(1),
        );
        UnsignedLicence {
            document,
            known,
            signature: Reference::new(5),
        }
    }

    struct Office {
        keys: SealingKeys,
        maker: Certificate,
        authority: TimeStampAuthority,
    }

    fn office(algorithm: impl Into<KeyAlgorithm>) -> Office {
        let algorithm = algorithm.into();
        let (maker, maker_certificate) = maker();
        let key = SoftwareKey::generate(Suite::National).unwrap();
        let sealer = certificate(&key, "seal", None);
        let seal = maker.make(&info(&[sealer.der()])).unwrap();
        let holder = SealHolder::new(Arc::new(key), sealer, seal).unwrap();
        let keys = SealingKeys::new(identity(algorithm, "signer", None), holder).unwrap();
        let key = SoftwareKey::generate(algorithm).unwrap();
        let tsa = certificate(&key, "tsa", Some(oid::KP_TIME_STAMPING));
        let authority = TimeStampAuthority::new(Arc::new(key), tsa, &[], Accuracy { micros: 500_000 }).unwrap();
        Office {
            keys,
            maker: maker_certificate,
            authority,
        }
    }

    fn claims(time: DateTime<Utc>) -> Claims<'static> {
        Claims {
            name: Some("示例市市场监督管理局"),
            reason: "签发电子证照",
            location: None,
            time,
        }
    }

    /// The four numbers of `ByteRange` and the bytes of `Contents`, found by hand.
    fn parts(document: &[u8]) -> ([u64; 4], Vec<u8>) {
        let text = String::from_utf8_lossy(document);
        let (_, rest) = text.split_once("/ByteRange [").unwrap();
        let (numbers, rest) = rest.split_once(']').unwrap();
        let numbers: Vec<u64> = numbers
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect();
        let (_, rest) = rest.split_once("/Contents <").unwrap();
        let (digits, _) = rest.split_once('>').unwrap();
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        (
            numbers.try_into().unwrap(),
            (0..digits.len()).step_by(2).map(byte).collect(),
        )
    }

    #[test]
    fn a_licence_is_signed_sealed_and_stamped_over_the_same_bytes_by_each_algorithm() {
        for algorithm in KeyAlgorithm::ALL {
            let Office { keys, maker, authority } = office(algorithm);
            let document = certify(face(), &keys, &claims(now()), &authority, now()).unwrap();
            let (range, contents) = parts(&document);
            let [_, first, second, length] = range.map(|number| usize::try_from(number).unwrap());
            assert_eq!(second + length, document.len());
            let covered = [&document[..first], &document[second..]].concat();

            let message = SignedData::parse(&contents[..walk::element(&contents, 0, usize::MAX).unwrap().end]).unwrap();
            let signer = message.only_signer().unwrap();
            let digest = signer.digest().unwrap().digest(&covered);
            let verified = message
                .verify(keys.document().certificate(), digest, Profile::Cades)
                .unwrap();
            assert_eq!(
                (verified.algorithm, verified.notes),
                (algorithm.kind().signature_algorithm(), vec![])
            );

            let sealed = SesSignature::parse(signer.single(oid::SES_SIGNATURE, "SES_Signature").unwrap()).unwrap();
            let property = byte_range_property(range);
            let document = SealedDocument {
                digest: DigestAlgorithm::Sm3.digest(&covered),
                property: &property,
            };
            let seal = sealed.seal.verify(&maker).unwrap();
            assert_eq!(
                sealed.verify(keys.seal().certificate(), &seal, &document, now()),
                Ok(())
            );

            let stamp = signer.unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN).next().unwrap();
            let token = TimeStampToken::parse(&stamp.values[0]).unwrap();
            assert_eq!(
                token
                    .verify(authority.certificate(), &signer.signature)
                    .unwrap()
                    .info
                    .time,
                now()
            );
        }
    }

    #[test]
    fn room_is_reserved_for_what_is_needed_and_hardly_more() {
        let Office { keys, authority, .. } = office(Suite::International);
        for _ in 0..20 {
            let document = certify(face(), &keys, &claims(now()), &authority, now()).unwrap();
            let (_, contents) = parts(&document);
            let padding = contents.iter().rev().take_while(|byte| **byte == 0).count();
            assert!(padding < 24, "{padding} bytes");
        }
    }

    #[test]
    fn nothing_is_signed_with_what_may_not_be_used() {
        let Office { keys, authority, .. } = office(Suite::International);
        let at = |time| certify(face(), &keys, &claims(time), &authority, time).unwrap_err();
        let late = at(now() + TimeDelta::days(365));
        assert_eq!(late.problems()[0].code, "signer-certificate-not-valid", "{late}");
        let early = at(now() - TimeDelta::days(8));
        assert!(
            matches!(early, SignError::SealNotUsable(SealFault::NotYetValid { .. })),
            "{early}"
        );
        let stamp_late = certify(face(), &keys, &claims(now()), &authority, now() + TimeDelta::days(365)).unwrap_err();
        assert!(
            matches!(stamp_late, SignError::TimeStamp(TimeStampError::NotValid { .. })),
            "{stamp_late}"
        );
    }

    #[test]
    fn a_seal_of_another_organisation_is_refused() {
        let (maker, _) = maker();
        let key = SoftwareKey::generate(Suite::National).unwrap();
        let sealer = certificate(&key, "seal", None);
        let extensions = vec![SealExtension::credit_code("11450100MB00000013")];
        let seal = maker
            .make(&SealInfo {
                extensions,
                ..info(&[sealer.der()])
            })
            .unwrap();
        let holder = SealHolder::new(Arc::new(key), sealer, seal).unwrap();
        let refused = SealingKeys::new(identity(Suite::International, "signer", None), holder)
            .err()
            .unwrap();
        assert!(matches!(refused, SignError::OwnersDiffer { owner, .. } if owner == "11450100MB00000013"));
    }

    #[test]
    fn a_time_stamp_of_another_signature_or_without_room_is_refused() {
        let Office { keys, authority, .. } = office(Suite::International);
        let face = face();
        let signed = |room| prepare(&face, &keys, &claims(now()), room).unwrap().sign().unwrap();
        let stamp = |imprint| authority.stamp(imprint, now(), StampSerial::random().unwrap()).unwrap();
        let room = authority.max_token_len(DigestAlgorithm::Sha256);
        let other = stamp(signed(room).imprint(DigestAlgorithm::Sha256));
        assert!(matches!(signed(room).stamp(other), Err(SignError::TimeStampOfAnother)));
        assert!(matches!(
            signed(room).stamp(vec![0x30]),
            Err(SignError::TimeStampUnreadable(_))
        ));
        let cramped = signed(room / 2);
        let own = stamp(cramped.imprint(DigestAlgorithm::Sha256));
        assert!(matches!(cramped.stamp(own), Err(SignError::Write(_))));
    }

    #[test]
    fn a_seal_key_of_the_other_suite_is_refused() {
        let seal = maker().0.make(&info(&[])).unwrap();
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let own = certificate(&key, "seal", None);
        assert!(matches!(
            SealHolder::new(Arc::new(key), own, seal),
            Err(SealError::Key(_))
        ));
    }
}
