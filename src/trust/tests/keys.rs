//! Keys and certificates that stand in for others: another encoding, another certificate of one name and key.

use super::world::*;
use super::{indeterminate, outcome, sealing};
use crate::asn1::{oid, write};
use crate::crypto::key::Suite;
use crate::trust::*;
use crate::x509::*;

/// The key of a party under the identifier of SM2 itself (GM/T 0015), without parameters.
fn under_other_identifier(party: &Party) -> Vec<u8> {
    let point = party.certificate.public_key_bits().to_vec();
    write::encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| w.oid(oid::SM2_CURVE));
            w.bit_string(&point);
        });
    })
}

/// The same authority, certified by another, with its key encoded in that way.
fn encoded_otherwise(authority: &Party, issuer: &Party) -> Certificate {
    let cross = Draft::authority("签发", Suite::National).change(|draft| {
        draft.key = authority.key_copy();
        draft.key_info = Some(under_other_identifier(authority));
    });
    cross.issued_by(issuer).certificate
}

#[test]
fn a_withdrawn_authority_is_not_brought_back_by_another_encoding_of_its_key() {
    let (world, other) = (World::new(Suite::National), World::new(Suite::National));
    let cross = encoded_otherwise(&world.issuing, &other.root);
    assert_ne!(cross.public_key_info(), world.issuing.certificate.public_key_info());
    assert!(cross.is_of_same_authority(&world.issuing.certificate));
    let mut withdrawn = Anchor::new("乙市", world.issuing.certificate.clone(), &[Service::GovernmentSeals]);
    withdrawn.recognised[0].until = Some(noon() - days(30));
    let lists = vec![
        crl(&other.root, noon() - days(1), &[]),
        crl(&world.issuing, noon() - days(1), &[]),
    ];
    let judged = |anchors: Vec<Anchor>| {
        let snapshot = Snapshot::new(anchors, vec![cross.clone()], lists.clone());
        validate(&sealing(&world.signer.certificate), &snapshot)
    };
    assert!(
        judged(vec![other.anchor()]).is_passed(),
        "as long as nobody speaks of it"
    );
    assert!(!judged(vec![other.anchor(), withdrawn]).is_passed());
}

#[test]
fn a_certificate_with_name_and_key_of_an_anchor_is_none_unless_the_anchor_signed_it() {
    let world = World::new(Suite::International);
    let forged = Draft::authority("根", Suite::International).change(|draft| draft.key = world.root.key_copy());
    let stranger = Draft::authority("根", Suite::International).self_signed();
    let judged = |target: &Certificate| {
        let query = Query {
            purpose: Purpose::Any,
            ..sealing(target)
        };
        validate(&query, &world.snapshot())
    };
    assert!(judged(&world.root.certificate).is_passed(), "the anchor itself");
    let by_stranger = forged.issued_by(&stranger).certificate;
    assert_eq!(
        outcome(&judged(&by_stranger)),
        (
            indeterminate(SubIndication::NoCertificateChainFound),
            "certificate-signature-mismatch"
        )
    );
    let renewed = Draft::authority("根", Suite::International).change(|draft| draft.key = world.root.key_copy());
    let renewed = renewed.self_signed().certificate;
    let judged = judged(&renewed);
    assert!(
        judged.is_passed(),
        "issued by the anchor like any other: {:?}",
        judged.reasons
    );
    assert_eq!(judged.path, [renewed, world.root.certificate.clone()]);
}

#[test]
fn a_certificate_that_names_two_bodies_or_one_that_only_looks_so_is_refused() {
    const CODE: &str = "11159900MB0000211R";
    let judged = |extension: Option<&str>, attribute: &str| {
        let world = World::with(
            Suite::International,
            |_| (),
            |draft| {
                draft.extensions.credit_code = extension.and_then(|code| present(false, code.to_owned()));
                let identifier = format!("{CREDIT_CODE_PREFIX}{attribute}");
                let names = [
                    (oid::COMMON_NAME, "机构"),
                    (oid::ORGANIZATION_IDENTIFIER, identifier.as_str()),
                ];
                draft.subject = build::name(&names).unwrap();
            },
        );
        let validation = validate(&sealing(&world.signer.certificate), &world.snapshot());
        validation.reasons.first().map(|_| outcome(&validation).1)
    };
    assert_eq!(judged(Some(CODE), CODE), None);
    assert_eq!(judged(None, CODE), None);
    for (extension, attribute) in [(Some("11150100MB0000111A"), CODE), (None, "１1159900MB0000211R")] {
        assert_eq!(judged(extension, attribute), Some("certificate-credit-codes"));
    }
}
