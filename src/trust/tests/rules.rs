//! Names, policies, bounds of anchors and conformance, each in a path of its own.

use super::world::*;
use super::{indeterminate, outcome, sealing, verdict};
use crate::asn1::oid;
use crate::crypto::key::Suite;
use crate::trust::*;
use crate::x509::{GeneralName, NameConstraints, PolicyMapping};

#[test]
fn names_outside_of_what_an_authority_may_certify_are_refused() {
    let bound = |permitted: Vec<GeneralName>, excluded: Vec<GeneralName>| {
        let constraints = NameConstraints { permitted, excluded };
        let bind = |draft: &mut Draft| draft.extensions.name_constraints = present(true, constraints);
        verdict(&World::with(Suite::International, bind, |_| ()))
    };
    let directory = |name: &str| vec![GeneralName::Directory(named(name))];
    let failure = indeterminate(SubIndication::CertificateChainGeneralFailure);
    assert_eq!(bound(directory("机构"), Vec::new()).0, Indication::Passed);
    assert_eq!(bound(directory("别处"), Vec::new()), (failure, "name-not-permitted"));
    assert_eq!(bound(Vec::new(), directory("机构")), (failure, "name-excluded"));
    // A bound on a form that no name has binds nothing; one that is not of its form is not read for something else.
    let dns = |text: &str| vec![GeneralName::Dns(text.to_owned())];
    assert_eq!(bound(dns("example.com"), Vec::new()).0, Indication::Passed);
    assert_eq!(
        bound(dns("*.example.com"), Vec::new()),
        (failure, "name-constraints-unusable")
    );
}

#[test]
fn an_anchor_is_held_to_the_bounds_it_was_recognised_with() {
    let world = World::new(Suite::International);
    let asked = |constraints: AnchorConstraints| {
        let anchor = world.anchor().within(constraints);
        let snapshot = Snapshot::new(vec![anchor], vec![world.issuing.certificate.clone()], world.lists());
        outcome(&validate(&sealing(&world.signer.certificate), &snapshot)).1
    };
    let names = NameConstraints {
        permitted: vec![GeneralName::Directory(named("别处"))],
        excluded: Vec::new(),
    };
    let bounds = [
        (
            AnchorConstraints {
                names: Some(names),
                ..Default::default()
            },
            "name-not-permitted",
        ),
        (
            AnchorConstraints {
                path_length: Some(0),
                ..Default::default()
            },
            "path-too-long",
        ),
        (
            AnchorConstraints {
                path_length: Some(1),
                ..Default::default()
            },
            "",
        ),
        (
            AnchorConstraints {
                policies: PolicySettings {
                    require_explicit: true,
                    ..Default::default()
                },
                ..Default::default()
            },
            "no-valid-policy",
        ),
    ];
    for (constraints, expected) in bounds {
        assert_eq!(asked(constraints.clone()), expected, "{constraints:?}");
    }
}

#[test]
fn policies_hold_in_the_terms_of_the_anchor_and_the_one_that_is_acceptable_must_be_among_them() {
    let (ours, theirs) = (oid::GOVERNMENT_SEAL_POLICY, oid::TSA_POLICY);
    let mapped = |draft: &mut Draft| {
        draft.extensions.certificate_policies = present(false, vec![ours]);
        draft.extensions.policy_mappings = present(
            true,
            vec![PolicyMapping {
                issuer_domain: ours,
                subject_domain: theirs,
            }],
        );
    };
    let world = World::with(Suite::International, mapped, |signer| {
        signer.extensions.certificate_policies = present(false, vec![theirs]);
    });
    let asked = |settings: PolicySettings| {
        let query = sealing(&world.signer.certificate).policies(settings);
        validate(&query, &world.snapshot())
    };
    let accepting = |policy| PolicySettings {
        acceptable: vec![policy],
        require_explicit: true,
        ..Default::default()
    };
    let held = asked(accepting(ours));
    assert!(held.is_passed() && held.policies == [ours], "{:?}", held.reasons);
    assert_eq!(outcome(&asked(accepting(theirs))).1, "no-valid-policy");
    let unmapped = PolicySettings {
        inhibit_mapping: true,
        ..accepting(ours)
    };
    assert_eq!(outcome(&asked(unmapped)).1, "no-valid-policy");
    assert!(asked(PolicySettings::default()).policies == [ours]);
}

#[test]
fn a_certificate_is_held_to_the_name_that_is_expected_of_it() {
    let world = World::with(
        Suite::International,
        |_| (),
        |signer| {
            let names = vec![
                GeneralName::Dns("*.example.org".into()),
                GeneralName::Rfc822("Seal@example.org".into()),
                GeneralName::Ip(vec![192, 0, 2, 1]),
            ];
            signer.extensions.subject_alt_name = present(false, names);
        },
    );
    let dns = |text: &str| ExpectedName::Dns(text.to_owned());
    let email = |text: &str| ExpectedName::Email(text.to_owned());
    let ip = |text: &str| ExpectedName::Ip(text.parse().unwrap());
    for (expected, fits) in [
        (dns("a.example.org"), true),
        (dns("example.org"), false),
        (dns("机构"), false),
        (email("Seal@EXAMPLE.org"), true),
        (email("seal@example.org"), false),
        (ip("192.0.2.1"), true),
        (ip("192.0.2.2"), false),
    ] {
        let validation = validate(
            &sealing(&world.signer.certificate).expecting(&expected),
            &world.snapshot(),
        );
        assert_eq!(
            outcome(&validation).1,
            if fits { "" } else { "wrong-name" },
            "{expected}"
        );
    }
}

#[test]
fn rules_for_issuers_count_only_where_conformance_is_asked_for() {
    let world = World::new(Suite::International);
    let query = sealing(&world.signer.certificate);
    assert!(validate(&query.clone(), &world.snapshot()).is_passed());
    let strict = validate(&query.conformance(Conformance::Profile), &world.snapshot());
    let expected = indeterminate(SubIndication::CertificateChainGeneralFailure);
    assert_eq!(
        outcome(&strict),
        (expected, "certificate-not-conforming"),
        "no key identifiers here"
    );
}
