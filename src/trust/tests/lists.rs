//! Revocation lists of every kind: delta, for some reasons, of a point, indirect, and signed by others than the issuer.

use super::world::*;
use super::{indeterminate, outcome, sealing};
use crate::crypto::key::Suite;
use crate::trust::*;
use crate::x509::*;

/// The first reason's code for the signer of a world with these lists of its authority, and these further certificates.
fn asked(world: &World, lists: Vec<Crl>, certificates: &[Certificate]) -> Validation {
    let lists = lists
        .into_iter()
        .chain([crl(&world.root, noon() - days(1), &[])])
        .collect();
    let query = sealing(&world.signer.certificate).with(certificates, &[]);
    validate(&query, &world.snapshot_with(lists))
}

fn code(validation: &Validation) -> &'static str {
    outcome(validation).1
}

fn numbered(number: u8, base: Option<u8>) -> Extensions {
    Extensions {
        crl_number: present(false, vec![number]),
        delta_crl_indicator: base.and_then(|base| present(true, vec![base])),
        ..Default::default()
    }
}

fn revoked_signer(world: &World, reason: RevocationReason) -> RevokedEntry {
    revoked(&world.signer, noon() - days(2), reason)
}

#[test]
fn a_delta_list_adds_and_takes_off_and_renews() {
    let world = World::new(Suite::International);
    let (old, new) = (noon() - days(20), noon() - days(1));
    let delta =
        |number, base, entries: &[RevokedEntry]| crl_with(&world.issuing, new, entries, numbered(number, Some(base)));
    let complete = |at, entries: &[RevokedEntry]| crl_with(&world.issuing, at, entries, numbered(3, None));
    let held = revoked_signer(&world, RevocationReason::CertificateHold);
    let lifted = revoked_signer(&world, RevocationReason::RemoveFromCrl);
    let lost = revoked_signer(&world, RevocationReason::KeyCompromise);
    // The complete list is long due; the delta that continues it is not.
    assert_eq!(
        code(&asked(&world, vec![complete(old, &[])], &[])),
        "stale-revocation-data"
    );
    assert_eq!(
        code(&asked(&world, vec![complete(old, &[]), delta(5, 2, &[])], &[])),
        ""
    );
    assert_eq!(
        code(&asked(&world, vec![complete(new, &[]), delta(5, 2, &[lost])], &[])),
        "certificate-revoked"
    );
    assert_eq!(
        code(&asked(&world, vec![complete(new, std::slice::from_ref(&held))], &[])),
        "certificate-on-hold"
    );
    assert_eq!(
        code(&asked(
            &world,
            vec![
                complete(new, std::slice::from_ref(&held)),
                delta(5, 3, std::slice::from_ref(&lifted))
            ],
            &[]
        )),
        ""
    );
    // One that begins after the complete list, or ends before it, does not continue it.
    for (number, base) in [(5, 4), (3, 1)] {
        let lists = vec![
            complete(new, std::slice::from_ref(&held)),
            delta(number, base, std::slice::from_ref(&lifted)),
        ];
        assert_eq!(
            code(&asked(&world, lists, &[])),
            "certificate-on-hold",
            "{number} {base}"
        );
    }
}

#[test]
fn a_revocation_is_never_taken_back_by_a_newer_list_and_a_hold_is() {
    let world = World::new(Suite::International);
    let list = |age, number, base, entries: &[RevokedEntry]| {
        crl_with(&world.issuing, noon() - days(age), entries, numbered(number, base))
    };
    let newer = list(1, 4, None, &[]);
    for (reason, expected) in [
        (RevocationReason::KeyCompromise, "certificate-revoked"),
        (RevocationReason::Superseded, "certificate-revoked"),
        (RevocationReason::CertificateHold, ""),
    ] {
        let older = list(3, 3, None, &[revoked_signer(&world, reason)]);
        let taken_off = list(
            2,
            5,
            Some(3),
            &[revoked_signer(&world, RevocationReason::RemoveFromCrl)],
        );
        for lists in [
            vec![older.clone(), newer.clone()],
            vec![newer.clone(), older.clone()],
            vec![older, taken_off],
        ] {
            assert_eq!(code(&asked(&world, lists, &[])), expected, "{reason:?}");
        }
    }
    // Of two entries one revokes, whichever stands first.
    let lost = revoked_signer(&world, RevocationReason::KeyCompromise);
    let lifted = revoked_signer(&world, RevocationReason::RemoveFromCrl);
    for entries in [[lost.clone(), lifted.clone()], [lifted, lost]] {
        assert_eq!(
            code(&asked(&world, vec![list(1, 3, None, &entries)], &[])),
            "certificate-revoked"
        );
    }
}

#[test]
fn an_authority_that_another_one_certified_under_the_name_of_the_issuer_speaks_for_nobody() {
    let world = World::new(Suite::International);
    let other = Draft::authority("另一签发", Suite::International).issued_by(&world.root);
    let alike = Draft::authority("签发", Suite::International).issued_by(&other);
    let lists = vec![crl(&alike, noon() - days(1), &[]), crl(&other, noon() - days(1), &[])];
    let certificates = [other.certificate.clone(), alike.certificate.clone()];
    assert_eq!(code(&asked(&world, lists, &certificates)), "no-revocation-data");
}

#[test]
fn lists_for_some_reasons_answer_together() {
    let world = World::new(Suite::International);
    let partial = |flags: u16| {
        let point = IssuingDistributionPoint {
            only_some_reasons: Some(ReasonFlags(flags)),
            ..Default::default()
        };
        let extensions = Extensions {
            issuing_distribution_point: present(true, point),
            ..numbered(1, None)
        };
        crl_with(&world.issuing, noon() - days(1), &[], extensions)
    };
    let one = asked(&world, vec![partial(0b110)], &[]);
    assert_eq!(
        outcome(&one),
        (indeterminate(SubIndication::TryLater), "no-revocation-data")
    );
    assert!(
        one.reasons[0].to_string().contains("some reasons"),
        "{}",
        one.reasons[0]
    );
    assert_eq!(code(&asked(&world, vec![partial(0b110), partial(0x1f8)], &[])), "");
}

/// A party that signs lists, issued by `issuer`, under the issuer's own name or another.
fn list_signer(name: &str, issuer: &Party) -> Party {
    let draft = Draft::signer(name, Suite::International);
    let sign_lists = |draft: &mut Draft| {
        draft.extensions.key_usage = present(true, KeyUsage::CRL_SIGN);
        draft.extensions.ext_key_usage = None;
    };
    draft.change(sign_lists).issued_by(issuer)
}

#[test]
fn another_key_of_the_issuer_signs_lists_when_a_path_leads_to_it() {
    let world = World::new(Suite::International);
    // Named as the issuing authority, certified by the root.
    let other = list_signer("签发", &world.root);
    let lists = vec![crl(&other, noon() - days(1), &[])];
    let certificates = [other.certificate.clone()];
    assert_eq!(code(&asked(&world, lists.clone(), &certificates)), "");
    assert_eq!(
        code(&asked(&world, lists.clone(), &[])),
        "no-revocation-data",
        "its certificate is not at hand"
    );
    let stranger = World::new(Suite::International);
    let forged = list_signer("签发", &stranger.root);
    let lists = vec![crl(&forged, noon() - days(1), &[])];
    let refused = asked(&world, lists, std::slice::from_ref(&forged.certificate));
    assert!(
        refused.reasons[0].to_string().contains("no path of its own"),
        "{}",
        refused.reasons[0]
    );
    // Revoked itself, it vouches for nobody.
    let entry = revoked(&other, noon() - days(3), RevocationReason::KeyCompromise);
    let lists = vec![
        crl(&other, noon() - days(1), &[]),
        crl(&world.root, noon() - days(1), &[entry]),
    ];
    let query = sealing(&world.signer.certificate).with(&certificates, &[]);
    assert_eq!(
        code(&validate(&query, &world.snapshot_with(lists))),
        "no-revocation-data"
    );
}

#[test]
fn an_indirect_list_counts_where_the_certificate_names_its_signer_and_an_entry_its_issuer() {
    let signer_name = named("代发");
    let point = DistributionPoint {
        name: None,
        reasons: None,
        crl_issuer: vec![GeneralName::Directory(signer_name.clone())],
    };
    let delegating = |draft: &mut Draft| draft.extensions.crl_distribution_points = present(false, vec![point]);
    let world = World::with(Suite::International, |_| (), delegating);
    let delegate = list_signer("代发", &world.root);
    let certificates = [delegate.certificate.clone()];
    let list = |indirect| {
        let point = IssuingDistributionPoint {
            indirect,
            ..Default::default()
        };
        let extensions = Extensions {
            issuing_distribution_point: present(true, point),
            ..numbered(1, None)
        };
        // The entry names no issuer, so it is one of the delegate's own certificates.
        let entry = revoked_signer(&world, RevocationReason::KeyCompromise);
        crl_with(&delegate, noon() - days(1), &[entry], extensions)
    };
    assert_eq!(code(&asked(&world, vec![list(true)], &certificates)), "");
    let direct = asked(&world, vec![list(false)], &certificates);
    assert_eq!(code(&direct), "no-revocation-data");
}

#[test]
fn a_list_of_another_distribution_point_says_nothing() {
    let place = |text: &str| Some(DistributionPointName::Full(vec![GeneralName::Uri(text.to_owned())]));
    let point = DistributionPoint {
        name: place("http://example.org/1.crl"),
        reasons: None,
        crl_issuer: Vec::new(),
    };
    let sharded = |draft: &mut Draft| draft.extensions.crl_distribution_points = present(false, vec![point]);
    let world = World::with(Suite::International, |_| (), sharded);
    let list = |text: &str| {
        let point = IssuingDistributionPoint {
            name: place(text),
            ..Default::default()
        };
        let extensions = Extensions {
            issuing_distribution_point: present(true, point),
            ..numbered(1, None)
        };
        crl_with(&world.issuing, noon() - days(1), &[], extensions)
    };
    assert_eq!(code(&asked(&world, vec![list("http://example.org/1.crl")], &[])), "");
    let other = asked(&world, vec![list("http://example.org/2.crl")], &[]);
    assert!(
        other.reasons[0].to_string().contains("another distribution point"),
        "{}",
        other.reasons[0]
    );
}
