//! One SignerInfo: what is accepted, what is noted, what is refused.

use std::cell::Cell;

use super::*;
use crate::asn1::write::{self, encode};
use crate::cms::Form;
use crate::cms::attribute::signing_certificate_v2;
use crate::cms::build::{Content, SigningIdentity};
use crate::cms::testing::identity;
use crate::crypto::key::{KeyAlgorithm, Suite};

const CONTENT: &[u8] = b"the signed content";

fn message(identity: &SigningIdentity, form: Form) -> SignedData {
    let digest = identity.digest().digest(CONTENT);
    let message = identity.sign(form, Content::Detached(&digest), &[]).unwrap();
    SignedData::parse(&message.finish(&[])).unwrap()
}

fn judge(message: &SignedData, content: &[u8], profile: Profile) -> Result<VerifiedSigner, SignerFault> {
    let signer = message.only_signer()?;
    let certificate = Certificate::from_der(message.signer_certificate(signer, profile)?).unwrap();
    message.verify(&certificate, signer.digest()?.digest(content), profile)
}

/// What becomes of a message whose signer was changed.
fn altered(alter: impl FnOnce(&mut SignerInfo, &mut Vec<Attribute>)) -> SignerFault {
    let mut message = message(&identity(Suite::International, "signer", None), Form::Pkcs7);
    let mut attributes = message.signers[0].signed_attributes.take().unwrap();
    alter(&mut message.signers[0], &mut attributes.attributes);
    message.signers[0].signed_attributes = Some(attributes);
    judge(&message, CONTENT, Profile::Cades).unwrap_err()
}

#[test]
fn what_we_make_verifies_by_each_algorithm_and_in_both_forms() {
    for algorithm in KeyAlgorithm::ALL {
        for form in [Form::Pkcs7, Form::Gm] {
            let message = message(&identity(algorithm, "signer", None), form);
            let verified = judge(&message, CONTENT, Profile::Cades).unwrap();
            assert_eq!(
                (verified.algorithm, verified.notes),
                (algorithm.kind().signature_algorithm(), vec![])
            );
            assert_eq!(
                judge(&message, b"another", Profile::Cades),
                Err(SignerFault::MessageDigest)
            );
        }
    }
}

#[test]
fn a_changed_signed_attribute_breaks_the_signature_value() {
    let mut message = message(&identity(Suite::National, "signer", None), Form::Pkcs7);
    message.signers[0].signed_attributes.as_mut().unwrap().signed[6] ^= 1;
    assert_eq!(
        judge(&message, CONTENT, Profile::Cades),
        Err(SignerFault::Signature(VerificationError::Mismatch))
    );
}

#[test]
fn no_signer_and_two_signers_are_faults() {
    let mut message = message(&identity(Suite::International, "signer", None), Form::Pkcs7);
    message.signers.push(message.signers[0].clone());
    assert_eq!(
        judge(&message, CONTENT, Profile::Cades),
        Err(SignerFault::SignerCount(2))
    );
    message.signers.clear();
    assert_eq!(
        judge(&message, CONTENT, Profile::Cades),
        Err(SignerFault::SignerCount(0))
    );
}

#[test]
fn a_required_attribute_is_there_once_with_one_value() {
    for (kind, name) in [
        (oid::CONTENT_TYPE, "contentType"),
        (oid::MESSAGE_DIGEST, "messageDigest"),
        (oid::SIGNING_CERTIFICATE_V2, "signingCertificateV2"),
    ] {
        let missing = altered(|_, attributes| attributes.retain(|attribute| attribute.kind != kind));
        assert_eq!(missing, SignerFault::Missing(name));
        let repeated = altered(|_, attributes| {
            let again = attributes.iter().find(|attribute| attribute.kind == kind).cloned();
            attributes.extend(again);
        });
        assert_eq!(repeated, SignerFault::NotSingle(name));
        let two_values = altered(|_, attributes| {
            for attribute in attributes.iter_mut().filter(|attribute| attribute.kind == kind) {
                attribute.values.push(attribute.values[0].clone());
            }
        });
        assert_eq!(two_values, SignerFault::NotSingle(name));
    }
}

#[test]
fn a_certificate_that_the_signer_did_not_name_is_refused() {
    let signing = identity(Suite::International, "signer", None);
    let other = identity(Suite::International, "signer", None);
    let mut message = message(&signing, Form::Pkcs7);
    let judged = message.verify(other.certificate(), signing.digest().digest(CONTENT), Profile::Cades);
    assert_eq!(judged, Err(SignerFault::CertificateDiffers));
    message.certificates = vec![other.certificate().der().to_vec()];
    assert_eq!(
        judge(&message, CONTENT, Profile::Cades),
        Err(SignerFault::CertificateMissing)
    );
}

#[test]
fn an_unknown_digest_algorithm_has_its_own_fault() {
    let unknown = altered(|signer, _| signer.digest_algorithm.oid = oid::ID_DATA);
    assert_eq!(unknown, SignerFault::UnknownDigest(oid::ID_DATA));
}

#[test]
fn the_basic_profile_takes_a_certificate_by_its_name_and_says_so() {
    let mut message = message(&identity(Suite::International, "signer", None), Form::Pkcs7);
    let attributes = message.signers[0].signed_attributes.as_mut().unwrap();
    attributes
        .attributes
        .retain(|attribute| attribute.kind != oid::SIGNING_CERTIFICATE_V2);
    let verified = judge(&message, CONTENT, Profile::Basic).unwrap();
    assert_eq!(verified.notes, [SignerNote::NoCertificateId]);
}

#[test]
fn mixed_identifiers_of_plain_data_are_only_noted() {
    let mut message = message(&identity(Suite::National, "signer", None), Form::Gm);
    message.content_type = oid::ID_DATA;
    let verified = judge(&message, CONTENT, Profile::Cades).unwrap();
    assert_eq!(verified.notes, [SignerNote::MixedContentTypes]);
    message.content_type = oid::CT_TST_INFO;
    assert!(matches!(
        judge(&message, CONTENT, Profile::Cades),
        Err(SignerFault::ContentType { .. })
    ));
}

#[test]
fn no_flipped_byte_of_a_message_goes_unnoticed() {
    let signing = identity(Suite::International, "signer", None);
    let digest = signing.digest().digest(CONTENT);
    let good = signing
        .sign(Form::Pkcs7, Content::Detached(&digest), &[])
        .unwrap()
        .finish(&[]);
    for index in 0..good.len() {
        let mut bytes = good.clone();
        bytes[index] ^= 0x41;
        let Ok(message) = SignedData::parse(&bytes) else {
            continue;
        };
        let Ok(signer) = message.only_signer() else { continue };
        let Ok(certificate) = message.signer_certificate(signer, Profile::Cades) else {
            continue;
        };
        let certificate = Certificate::from_der(certificate).unwrap();
        let verified = message.verify(&certificate, digest, Profile::Cades);
        assert!(
            !verified.is_ok_and(|verified| verified.notes.is_empty()),
            "byte {index}"
        );
    }
}

/// A message of ours with further signed and unsigned attributes.
fn with(signed: &[Attribute], unsigned: &[Attribute]) -> SignedData {
    let identity = identity(Suite::International, "signer", None);
    let extra: Vec<Vec<u8>> = signed.iter().map(Attribute::to_der).collect();
    let digest = identity.digest().digest(CONTENT);
    let message = identity.sign(Form::Pkcs7, Content::Detached(&digest), &extra).unwrap();
    SignedData::parse(&message.finish(unsigned)).unwrap()
}

/// `CMSAlgorithmProtection` of these algorithms.
fn protection(digest: &[u8], signature: &[u8]) -> Attribute {
    let value = encode(|w| {
        w.sequence(|w| {
            w.raw(digest);
            w.constructed(write::context(1), |w| w.raw(&signature[2..]));
        });
    });
    Attribute::single(oid::CMS_ALGORITHM_PROTECTION, value)
}

#[test]
fn algorithms_that_are_protected_must_be_those_of_the_signer() {
    let sha256 = |parameters: &[u8]| {
        encode(|w| {
            w.sequence(|w| {
                w.oid(oid::SHA256);
                w.raw(parameters);
            });
        })
    };
    let ecdsa = SignatureAlgorithm::EcdsaSha256.identifier_der();
    for digest in [sha256(&[]), sha256(&[0x05, 0])] {
        let verified = judge(&with(&[protection(&digest, &ecdsa)], &[]), CONTENT, Profile::Cades);
        assert_eq!(verified.unwrap().notes, []);
    }
    let sha384 = encode(|w| w.sequence(|w| w.oid(oid::SHA384)));
    let other = SignatureAlgorithm::EcdsaSha384.identifier_der();
    let without_signature = Attribute::single(
        oid::CMS_ALGORITHM_PROTECTION,
        encode(|w| w.sequence(|w| w.raw(&sha256(&[])))),
    );
    for bad in [
        protection(&sha384, &ecdsa),
        protection(&sha256(&[]), &other),
        without_signature,
    ] {
        let judged = judge(&with(&[bad], &[]), CONTENT, Profile::Cades);
        assert_eq!(judged, Err(SignerFault::AlgorithmProtection));
    }
    let twice = [protection(&sha256(&[]), &ecdsa), protection(&sha256(&[]), &ecdsa)];
    let judged = judge(&with(&twice, &[]), CONTENT, Profile::Cades);
    assert_eq!(judged, Err(SignerFault::NotSingle("CMSAlgorithmProtection")));
}

/// A message whose attributes were signed in the order of DER and stand in another.
fn out_of_order(identity: &SigningIdentity) -> SignedData {
    let mut message = message(identity, Form::Pkcs7);
    let attributes = message.signers[0].signed_attributes.as_mut().unwrap();
    let members: Vec<Vec<u8>> = attributes.attributes.iter().map(Attribute::to_der).collect();
    attributes.signed = encode(|w| {
        w.constructed(write::SET, |w| members.iter().rev().for_each(|member| w.raw(member)));
    });
    message
}

#[test]
fn each_check_of_a_signature_is_asked_for_and_none_is_made_that_an_earlier_one_decides() {
    let identity = identity(Suite::International, "signer", None);
    let judged = |message: &SignedData, allowed: usize| {
        let asked = Cell::new(0);
        let judging = message.judging(identity.certificate(), Profile::Cades).unwrap();
        let verified = judging.finish(identity.digest().digest(CONTENT), &|_| {
            asked.set(asked.get() + 1);
            asked.get() <= allowed
        });
        (verified.map(|verified| verified.algorithms_agree), asked.get())
    };
    let mismatch = Err(SignerFault::Signature(VerificationError::Mismatch));
    let good = message(&identity, Form::Pkcs7);
    assert_eq!(judged(&good, 9), (Ok(true), 1));
    assert_eq!(judged(&good, 0), (Err(SignerFault::Unchecked), 1));
    assert_eq!(judged(&out_of_order(&identity), 9), (Ok(true), 2));
    assert_eq!(judged(&out_of_order(&identity), 1), (Err(SignerFault::Unchecked), 2));

    // Another algorithm than the one that the key signed by.
    let renamed = |mut message: SignedData| {
        message.signers[0].signature_algorithm.der = SignatureAlgorithm::EcdsaSha384.identifier_der();
        message
    };
    assert_eq!(judged(&renamed(good.clone()), 9), (Ok(false), 2));

    let spoiled = |mut message: SignedData| {
        let last = message.signers[0].signature.last_mut().unwrap();
        *last ^= 1;
        message
    };
    assert_eq!(judged(&spoiled(good.clone()), 9), (mismatch.clone(), 1));
    assert_eq!(judged(&spoiled(renamed(good)), 9), (mismatch.clone(), 2));
    assert_eq!(judged(&spoiled(renamed(out_of_order(&identity))), 9), (mismatch, 3));
}

#[test]
fn unsigned_attributes_of_archives_are_told_from_others() {
    let attribute = |kind| Attribute::single(kind, encode(|w| w.sequence(|_| {})));
    let message = with(&[], &[attribute(oid::ARCHIVE_TIME_STAMP_V3), attribute(oid::ID_DATA)]);
    let mut notes = judge(&message, CONTENT, Profile::Cades).unwrap().notes;
    notes.sort_by_key(|note| matches!(note, SignerNote::ArchiveAttribute(_)));
    assert_eq!(
        notes,
        [
            SignerNote::UnsignedAttribute(oid::ID_DATA),
            SignerNote::ArchiveAttribute(oid::ARCHIVE_TIME_STAMP_V3)
        ]
    );
}

#[test]
fn a_time_of_signing_in_the_message_is_noted_in_cades_alone() {
    let time = Attribute::single(oid::SIGNING_TIME, encode(|w| w.primitive(0x17, b"260528083015Z")));
    let message = with(&[time], &[]);
    let noted = |profile| judge(&message, CONTENT, profile).unwrap().notes;
    assert_eq!(noted(Profile::Cades), [SignerNote::SigningTime]);
    assert_eq!(noted(Profile::Basic), []);
}

#[test]
fn a_message_in_ber_is_noted() {
    let message = SignedData {
        is_ber: true,
        ..with(&[], &[])
    };
    assert_eq!(
        judge(&message, CONTENT, Profile::Cades).unwrap().notes,
        [SignerNote::Ber]
    );
}

#[test]
fn a_certificate_that_is_named_in_both_attributes_has_to_be_meant_by_both() {
    let identity = identity(Suite::International, "signer", None);
    let digest = identity.digest().digest(CONTENT);
    let judged_with = |value: Vec<u8>| {
        let older = Attribute::single(oid::SIGNING_CERTIFICATE, value).to_der();
        let message = identity
            .sign(Form::Pkcs7, Content::Detached(&digest), &[older])
            .unwrap();
        let message = SignedData::parse(&message.finish(&[])).unwrap();
        judge(&message, CONTENT, Profile::Cades)
    };
    let judged = |named: &[u8]| {
        let hash = DigestAlgorithm::Sha1.digest(named);
        let id = encode(|w| w.sequence(|w| w.octet_string(hash.as_ref())));
        judged_with(encode(|w| w.sequence(|w| w.sequence(|w| w.raw(&id)))))
    };
    assert_eq!(judged(identity.certificate().der()).unwrap().notes, []);
    assert_eq!(judged(b"another certificate"), Err(SignerFault::CertificateDiffers));
    let unread = judged_with(encode(|w| w.octet_string(b"a certificate")));
    assert!(
        matches!(&unread, Err(SignerFault::Unreadable { attribute, .. }) if *attribute == "signingCertificate"),
        "{unread:?}"
    );
}

#[test]
fn a_certificate_that_is_named_by_sha_1_is_noted_and_by_md5_not_known() {
    let identity = identity(Suite::International, "signer", None);
    let judged = |digest: DigestAlgorithm| {
        let mut message = message(&identity, Form::Pkcs7);
        let attributes = message.signers[0].signed_attributes.as_mut().unwrap();
        let kind = oid::SIGNING_CERTIFICATE_V2;
        let place = attributes
            .attributes
            .iter()
            .position(|attribute| attribute.kind == kind);
        let der = identity.certificate().der();
        attributes.attributes[place.unwrap()] = signing_certificate_v2(digest, [der].into_iter());
        judge(&message, CONTENT, Profile::Cades)
    };
    assert_eq!(
        judged(DigestAlgorithm::Sha1).unwrap().notes,
        [SignerNote::CertificateIdV1]
    );
    assert_eq!(judged(DigestAlgorithm::Md5), Err(SignerFault::UnknownDigest(oid::MD5)));
}
