//! What passes, and each thing that is refused, with the word that the standard has for it.

mod keys;
mod limits;
mod lists;
mod own;
mod past;
mod responses;
mod rules;
pub(super) mod world;

use std::sync::Arc;

use world::*;

use super::budget::MAX_PATH_LENGTH;
use super::*;
use crate::asn1::oid;
use crate::crypto::key::Suite;
use crate::x509::*;

fn sealing(target: &Certificate) -> Query<'_> {
    Query::new(target, Purpose::GovernmentSealing, noon())
}

fn indeterminate(sub: SubIndication) -> Indication {
    Indication::Indeterminate(sub)
}

/// The verdict on the signer of a world as it stands, and the code of its first reason.
fn verdict(world: &World) -> (Indication, &'static str) {
    outcome(&validate(&sealing(&world.signer.certificate), &world.snapshot()))
}

fn outcome(validation: &Validation) -> (Indication, &'static str) {
    (
        validation.indication,
        validation.reasons.first().map_or("", Reason::code),
    )
}

#[test]
fn a_whole_chain_passes_in_both_suites_and_says_how() {
    for suite in Suite::ALL {
        let world = World::new(suite);
        let snapshot = world.snapshot().with_list_sequence(12);
        let validation = validate(&sealing(&world.signer.certificate), &snapshot);
        assert!(validation.is_passed(), "{:?}", validation.reasons);
        let expected = [&world.signer, &world.issuing, &world.root].map(|party| party.certificate.clone());
        assert_eq!(validation.path, expected);
        assert_eq!(
            (validation.anchor.as_deref(), validation.list_sequence),
            (Some("示例市"), Some(12))
        );
        let statuses: Vec<_> = validation.revocation.iter().map(|evidence| evidence.status).collect();
        assert_eq!(statuses, [RevocationStatus::Good; 2]);
        assert_eq!(
            validation.revocation[0].subject,
            world.signer.certificate.subject().to_string()
        );
        assert_eq!(validation.effort.signature_checks, 4, "two links and two lists");
    }
}

#[test]
fn what_verified_once_is_not_verified_again() {
    let world = World::new(Suite::National);
    let snapshot = world.snapshot();
    validate(&sealing(&world.signer.certificate), &snapshot);
    let again = validate(&sealing(&world.signer.certificate), &snapshot);
    assert!(again.is_passed());
    assert_eq!(again.effort.signature_checks, 0);
    let next = world.snapshot().with_cache(Arc::clone(snapshot.cache()));
    assert_eq!(
        validate(&sealing(&world.signer.certificate), &next)
            .effort
            .signature_checks,
        0
    );
}

#[test]
fn certificates_and_lists_of_the_document_serve_as_well() {
    let world = World::new(Suite::International);
    let bare = Snapshot::new(vec![world.anchor()], Vec::new(), Vec::new());
    let (certificates, lists) = ([world.issuing.certificate.clone()], world.lists());
    assert!(validate(&sealing(&world.signer.certificate).with(&certificates, &lists), &bare).is_passed());
    let without = validate(&sealing(&world.signer.certificate), &bare);
    assert_eq!(
        outcome(&without),
        (indeterminate(SubIndication::NoCertificateChainFound), "no-path")
    );
}

#[test]
fn a_stranger_of_the_same_name_is_not_the_authority() {
    let world = World::new(Suite::International);
    let stranger = World::new(Suite::International);
    let validation = validate(&sealing(&stranger.signer.certificate), &world.snapshot());
    let expected = (
        indeterminate(SubIndication::NoCertificateChainFound),
        "certificate-signature-mismatch",
    );
    assert_eq!(outcome(&validation), expected);
    assert!(validation.anchor.is_none());
}

#[test]
fn a_self_signed_signer_is_nobodys() {
    let world = World::new(Suite::International);
    let lonely = Draft::signer("机构", Suite::International).self_signed();
    let validation = validate(&sealing(&lonely.certificate), &world.snapshot());
    assert_eq!(
        outcome(&validation),
        (indeterminate(SubIndication::NoCertificateChainFound), "no-path")
    );
}

#[test]
fn an_end_entity_does_not_issue() {
    let world = World::new(Suite::International);
    let below = Draft::signer("下属", Suite::International).issued_by(&world.signer);
    let certificates = [world.signer.certificate.clone()];
    let query = sealing(&below.certificate)
        .with(&certificates, &[])
        .revocation(Revocation::Off);
    let validation = validate(&query, &world.snapshot());
    assert_eq!(
        outcome(&validation),
        (
            indeterminate(SubIndication::CertificateChainGeneralFailure),
            "not-an-authority"
        )
    );
}

#[test]
fn an_authority_whose_key_may_not_sign_certificates_does_not() {
    let world = World::with(
        Suite::International,
        |issuing| issuing.extensions.key_usage = present(true, KeyUsage::CRL_SIGN),
        |_| (),
    );
    let expected = indeterminate(SubIndication::CertificateChainGeneralFailure);
    assert_eq!(verdict(&world), (expected, "may-not-sign-certificates"));
}

#[test]
fn a_path_longer_than_an_authority_allows_is_refused() {
    let none_below = |draft: &mut Draft| {
        draft.extensions.basic_constraints = present(
            true,
            BasicConstraints {
                ca: true,
                path_length: Some(0),
            },
        );
    };
    let world = World::with(Suite::International, none_below, |_| ());
    assert!(validate(&sealing(&world.signer.certificate), &world.snapshot()).is_passed());
    let lower = Draft::authority("下级", Suite::International).issued_by(&world.issuing);
    let signer = Draft::signer("下属", Suite::International).issued_by(&lower);
    let certificates = [lower.certificate.clone()];
    let query = sealing(&signer.certificate)
        .with(&certificates, &[])
        .revocation(Revocation::Off);
    let validation = validate(&query, &world.snapshot());
    assert_eq!(
        outcome(&validation),
        (
            indeterminate(SubIndication::CertificateChainGeneralFailure),
            "path-too-long"
        )
    );
}

#[test]
fn a_critical_extension_that_is_not_known_is_refused_by_name() {
    let expected = (
        indeterminate(SubIndication::CertificateChainGeneralFailure),
        "critical-extension",
    );
    let unknown = |draft: &mut Draft| {
        let value = vec![5, 0];
        draft.extensions.unknown.push(UnknownExtension {
            oid: oid::TSA_POLICY.to_string(),
            critical: true,
            value,
        });
    };
    let world = World::with(Suite::International, |_| (), unknown);
    assert_eq!(verdict(&world), expected);
    // The same, not critical, is ignored.
    let world = World::with(
        Suite::International,
        |_| (),
        |draft| {
            unknown(draft);
            draft.extensions.unknown[0].critical = false;
        },
    );
    assert_eq!(verdict(&world).0, Indication::Passed);
}

#[test]
fn a_key_for_something_else_does_not_sign() {
    let world = World::with(
        Suite::International,
        |_| (),
        |signer| {
            signer.extensions.key_usage = present(true, KeyUsage::KEY_ENCIPHERMENT);
        },
    );
    assert_eq!(
        verdict(&world),
        (indeterminate(SubIndication::ChainConstraintsFailure), "wrong-key-usage")
    );
}

#[test]
fn each_purpose_wants_its_own_certificate() {
    let world = World::new(Suite::International);
    let services = Service::ALL;
    let anchor = Anchor::new("示例市", world.root.certificate.clone(), &services);
    let snapshot = Snapshot::new(vec![anchor], vec![world.issuing.certificate.clone()], world.lists());
    let purposes = [
        (Purpose::CredentialSigning, vec![oid::KP_CREDENTIAL_SIGNING]),
        (Purpose::GovernmentSealing, vec![oid::KP_DOCUMENT_SIGNING]),
        (Purpose::SealMaking, vec![oid::KP_SEAL_MAKING]),
        (Purpose::TimeStamping, vec![oid::KP_TIME_STAMPING]),
    ];
    for (own, values) in &purposes {
        let signer = Draft::signer("x", Suite::International)
            .change(|draft| draft.extensions.ext_key_usage = present(true, values.clone()))
            .issued_by(&world.issuing);
        for (asked, _) in &purposes {
            let validation = validate(&Query::new(&signer.certificate, *asked, noon()), &snapshot);
            assert_eq!(validation.is_passed(), own == asked, "{own:?} asked for {asked:?}");
        }
    }
}

#[test]
fn a_certificate_without_purposes_seals_and_does_nothing_else() {
    let world = World::with(
        Suite::International,
        |_| (),
        |signer| signer.extensions.ext_key_usage = None,
    );
    let anchor = Anchor::new("示例市", world.root.certificate.clone(), &Service::ALL);
    let snapshot = Snapshot::new(vec![anchor], vec![world.issuing.certificate.clone()], world.lists());
    let passes = |purpose| validate(&Query::new(&world.signer.certificate, purpose, noon()), &snapshot).is_passed();
    assert!(passes(Purpose::GovernmentSealing) && passes(Purpose::EnterpriseSigning));
    let others = [Purpose::SealMaking, Purpose::CredentialSigning, Purpose::TimeStamping];
    assert!(!others.into_iter().any(passes));
}

#[test]
fn a_time_stamping_certificate_must_be_for_that_alone_and_critically() {
    let world = World::new(Suite::International);
    let anchor = Anchor::new("TSA", world.root.certificate.clone(), &[Service::TimeStamping]);
    let snapshot = Snapshot::new(vec![anchor], vec![world.issuing.certificate.clone()], world.lists());
    for (critical, values, passes) in [
        (true, vec![oid::KP_TIME_STAMPING], true),
        (false, vec![oid::KP_TIME_STAMPING], false),
        (true, vec![oid::KP_TIME_STAMPING, oid::KP_DOCUMENT_SIGNING], false),
    ] {
        let tsa = Draft::signer("TSA", Suite::International)
            .change(|draft| draft.extensions.ext_key_usage = present(critical, values.clone()))
            .issued_by(&world.issuing);
        let validation = validate(&Query::new(&tsa.certificate, Purpose::TimeStamping, noon()), &snapshot);
        assert_eq!(validation.is_passed(), passes, "{critical} {values:?}");
    }
}

#[test]
fn an_authority_limited_to_a_purpose_hands_on_no_other() {
    let stamping = |draft: &mut Draft| {
        draft.extensions.ext_key_usage = present(false, vec![oid::KP_TIME_STAMPING]);
    };
    let world = World::with(Suite::International, stamping, |_| ());
    assert_eq!(
        verdict(&world),
        (indeterminate(SubIndication::ChainConstraintsFailure), "wrong-purpose")
    );
}

#[test]
fn an_authority_counts_for_what_it_is_recognised_and_while_it_is() {
    let world = World::new(Suite::International);
    let asked = |anchor: Anchor, query: Query<'_>| {
        let snapshot = Snapshot::new(vec![anchor], vec![world.issuing.certificate.clone()], world.lists());
        outcome(&validate(&query, &snapshot))
    };
    let target = &world.signer.certificate;
    let refused = (
        indeterminate(SubIndication::ChainConstraintsFailure),
        "authority-not-recognised",
    );
    let other = Anchor::new("他市", world.root.certificate.clone(), &[Service::EnterpriseSigning]);
    assert_eq!(asked(other, sealing(target)), refused);
    let mut withdrawn = world.anchor();
    withdrawn.recognised[0].until = Some(noon() - days(10));
    assert_eq!(asked(withdrawn.clone(), sealing(target)), refused);
    // Proved to exist before the withdrawal with all that it rests on, it keeps its value.
    let proven_at = noon() - days(11);
    let lists = [
        crl(&world.root, noon() - days(12), &[]),
        crl(&world.issuing, noon() - days(12), &[]),
    ];
    let mut proofs = Existence::default();
    proofs.prove(*world.issuing.certificate.fingerprint(), proven_at);
    lists
        .iter()
        .for_each(|list| proofs.prove(*list.fingerprint(), proven_at));
    let proven = sealing(target).with(&[], &lists).existing(&proofs).proven_at(proven_at);
    assert_eq!(asked(withdrawn, proven).0, Indication::Passed);
}

#[test]
fn outside_of_its_validity_a_certificate_is_out_of_bounds_unless_older_proof_helps() {
    let over = |draft: &mut Draft| draft.validity.not_after = noon() - days(1);
    let world = World::with(Suite::International, |_| (), over);
    assert_eq!(
        verdict(&world),
        (indeterminate(SubIndication::OutOfBoundsNoPoe), "certificate-expired")
    );
    let lists = vec![
        crl(&world.root, noon() - days(3), &[]),
        crl(&world.issuing, noon() - days(3), &[]),
    ];
    let snapshot = world.snapshot_with(lists);
    let target = &world.signer.certificate;
    assert!(validate(&sealing(target).proven_at(noon() - days(2)), &snapshot).is_passed());
    let late = validate(&sealing(target).created_after(noon() - days(1) + days(1)), &snapshot);
    assert_eq!(late.indication, Indication::Failed(SubIndication::Expired));

    let young = |draft: &mut Draft| draft.validity.not_before = noon() + days(1);
    let world = World::with(Suite::International, |_| (), young);
    assert_eq!(
        verdict(&world),
        (
            indeterminate(SubIndication::OutOfBoundsNoPoe),
            "certificate-not-yet-valid"
        )
    );
    let early = sealing(&world.signer.certificate).proven_at(noon());
    let failed = validate(&early, &world.snapshot()).indication;
    assert_eq!(failed, Indication::Failed(SubIndication::NotYetValid));
}

/// The verdict on a signer revoked as `entry` says, for a proof of existence at `proven`.
fn revoked_signer(since: i64, reason: RevocationReason, invalid_since: Option<i64>, proven: Option<i64>) -> Validation {
    let world = World::new(Suite::International);
    let mut entry = revoked(&world.signer, noon() + days(since), reason);
    entry.invalidity_date = invalid_since.map(|count| noon() + days(count));
    let lists = vec![
        crl(&world.root, noon() - days(1), &[]),
        crl(&world.issuing, noon() - days(1), &[entry]),
    ];
    let mut query = sealing(&world.signer.certificate);
    query.proven_at = proven.map(|count| noon() + days(count));
    validate(&query, &world.snapshot_with(lists))
}

#[test]
fn a_revoked_certificate_fails_with_date_and_reason() {
    let validation = revoked_signer(-5, RevocationReason::KeyCompromise, None, None);
    assert_eq!(
        outcome(&validation),
        (indeterminate(SubIndication::RevokedNoPoe), "certificate-revoked")
    );
    let text = validation.reasons[0].to_string();
    assert!(
        text.contains("2026-05-23 12:00:00 UTC") && text.contains("keyCompromise"),
        "{text}"
    );
    assert_eq!(validation.reasons[0].problem().params["reason"], "keyCompromise");
}

#[test]
fn a_signature_proved_older_than_the_revocation_stays_good_and_says_so() {
    let validation = revoked_signer(-5, RevocationReason::Superseded, None, Some(-6));
    assert!(validation.is_passed());
    assert_eq!(validation.notes[0].code(), "certificate-revoked-later");
    let younger = revoked_signer(-5, RevocationReason::Superseded, None, Some(-4));
    assert_eq!(
        outcome(&younger),
        (indeterminate(SubIndication::RevokedNoPoe), "certificate-revoked-before")
    );
    let text = younger.reasons[0].to_string();
    assert!(
        text.ends_with("for superseded; the signature is later, proved to exist since 2026-05-24 12:00:00 UTC"),
        "{text}"
    );
}

#[test]
fn a_compromise_dates_back_to_when_it_happened_and_another_reason_does_not() {
    let compromised = revoked_signer(-5, RevocationReason::KeyCompromise, Some(-8), Some(-6));
    assert_eq!(compromised.indication, indeterminate(SubIndication::RevokedNoPoe));
    let ceased = revoked_signer(-5, RevocationReason::CessationOfOperation, Some(-8), Some(-6));
    assert!(ceased.is_passed());
}

#[test]
fn proof_that_it_was_made_after_the_revocation_is_a_failure() {
    let world = World::new(Suite::International);
    let entry = revoked(&world.signer, noon() - days(5), RevocationReason::KeyCompromise);
    let lists = vec![
        crl(&world.root, noon() - days(1), &[]),
        crl(&world.issuing, noon() - days(1), &[entry]),
    ];
    let query = sealing(&world.signer.certificate).created_after(noon() - days(4));
    let validation = validate(&query, &world.snapshot_with(lists));
    assert_eq!(validation.indication, Indication::Failed(SubIndication::Revoked));
}

#[test]
fn a_suspended_certificate_is_asked_about_later() {
    let validation = revoked_signer(-5, RevocationReason::CertificateHold, None, None);
    assert_eq!(
        outcome(&validation),
        (indeterminate(SubIndication::TryLater), "certificate-on-hold")
    );
}

#[test]
fn a_revoked_authority_takes_its_certificates_along() {
    let world = World::new(Suite::International);
    let entry = revoked(&world.issuing, noon() - days(5), RevocationReason::CaCompromise);
    let lists = vec![
        crl(&world.root, noon() - days(1), &[entry]),
        crl(&world.issuing, noon() - days(1), &[]),
    ];
    let validation = validate(&sealing(&world.signer.certificate), &world.snapshot_with(lists));
    assert_eq!(
        outcome(&validation),
        (indeterminate(SubIndication::RevokedCaNoPoe), "certificate-revoked")
    );
}

#[test]
fn without_lists_the_strict_reader_waits_and_the_lenient_one_notes() {
    let world = World::new(Suite::International);
    let snapshot = world.snapshot_with(Vec::new());
    let target = &world.signer.certificate;
    let strict = validate(&sealing(target), &snapshot);
    assert_eq!(
        outcome(&strict),
        (indeterminate(SubIndication::TryLater), "no-revocation-data")
    );
    let lenient = validate(&sealing(target).revocation(Revocation::SoftFail), &snapshot);
    assert!(lenient.is_passed());
    assert_eq!(lenient.notes.len(), 2);
    let off = validate(&sealing(target).revocation(Revocation::Off), &snapshot);
    assert!(off.is_passed() && off.notes.is_empty());
}

#[test]
fn a_stale_list_serves_for_the_time_it_was_in_force_only() {
    let world = World::new(Suite::International);
    let lists = vec![
        crl(&world.root, noon() - days(30), &[]),
        crl(&world.issuing, noon() - days(30), &[]),
    ];
    let mut proofs = Existence::default();
    for list in &lists {
        proofs.prove(*list.fingerprint(), noon() - days(25));
    }
    let snapshot = world.snapshot_with(lists);
    let target = &world.signer.certificate;
    let now = validate(&sealing(target), &snapshot);
    assert_eq!(
        outcome(&now),
        (indeterminate(SubIndication::TryLater), "stale-revocation-data")
    );
    let proven = |count| sealing(target).proven_at(noon() - days(count)).existing(&proofs);
    assert!(validate(&proven(29), &snapshot).is_passed());
    assert!(validate(&proven(31), &snapshot).is_passed(), "the list is later");
    assert!(!validate(&proven(20), &snapshot).is_passed());
}

#[test]
fn lists_that_cannot_answer_are_passed_over_with_the_reason() {
    let world = World::new(Suite::International);
    let yesterday = noon() - days(1);
    let forger = Party {
        certificate: world.issuing.certificate.clone(),
        key: world.signer.key_copy(),
    };
    let number = present(false, vec![1]);
    let point = |change: fn(&mut IssuingDistributionPoint)| {
        let mut value = IssuingDistributionPoint::default();
        change(&mut value);
        Extensions {
            issuing_distribution_point: present(true, value),
            crl_number: number.clone(),
            ..Default::default()
        }
    };
    let attributes_only = point(|value| value.only_attribute_certificates = true);
    let delta = Extensions {
        delta_crl_indicator: present(true, vec![1]),
        ..Default::default()
    };
    let unknown = UnknownExtension {
        oid: oid::TSA_POLICY.to_string(),
        critical: true,
        value: vec![5, 0],
    };
    let unknown = Extensions {
        unknown: vec![unknown],
        ..Default::default()
    };
    let other_key = AuthorityKeyIdentifier {
        key_identifier: Some(vec![1; 20]),
        ..Default::default()
    };
    let other_key = Extensions {
        authority_key_identifier: present(false, other_key),
        ..Default::default()
    };
    let cases = [
        ("signature", crl(&forger, yesterday, &[])),
        ("future", crl(&world.issuing, noon() + days(1), &[])),
        ("delta", crl_with(&world.issuing, yesterday, &[], delta)),
        ("critical extension", crl_with(&world.issuing, yesterday, &[], unknown)),
        (
            "does not cover",
            crl_with(&world.issuing, yesterday, &[], attributes_only),
        ),
        (
            "does not cover",
            crl_with(
                &world.issuing,
                yesterday,
                &[],
                point(|value| value.only_ca_certificates = true),
            ),
        ),
    ];
    for (expected, list) in cases {
        let snapshot = world.snapshot_with(vec![crl(&world.root, yesterday, &[]), list]);
        let validation = validate(&sealing(&world.signer.certificate), &snapshot);
        let text = validation.reasons[0].to_string();
        assert!(text.contains(expected), "{expected}: {text}");
        assert_eq!(validation.indication, indeterminate(SubIndication::TryLater));
    }
    // The issuing certificate has no key identifier here, so another one in the list decides nothing.
    let list = crl_with(&world.issuing, yesterday, &[], other_key);
    let snapshot = world.snapshot_with(vec![crl(&world.root, yesterday, &[]), list]);
    assert!(validate(&sealing(&world.signer.certificate), &snapshot).is_passed());
}

#[test]
fn a_better_path_is_found_beside_a_broken_one() {
    let world = World::new(Suite::International);
    // The same authority, once expired, once not: the key is the same.
    let mut expired = Draft::authority("签发", Suite::International);
    expired.key = world.issuing.key_copy();
    expired.validity.not_after = noon() - days(100);
    let expired = expired.issued_by(&world.root);
    let intermediates = vec![expired.certificate, world.issuing.certificate.clone()];
    let snapshot = Snapshot::new(vec![world.anchor()], intermediates, world.lists());
    let validation = validate(&sealing(&world.signer.certificate), &snapshot);
    assert!(validation.is_passed());
    assert_eq!(validation.path[1], world.issuing.certificate);
}

#[test]
fn the_anchor_itself_is_no_signer() {
    let world = World::new(Suite::International);
    let validation = validate(&sealing(&world.root.certificate), &world.snapshot());
    assert_eq!(
        outcome(&validation),
        (indeterminate(SubIndication::ChainConstraintsFailure), "wrong-key-usage")
    );
}

#[test]
fn a_path_of_the_greatest_length_passes_and_a_longer_one_is_given_up() {
    for (length, passes) in [(MAX_PATH_LENGTH, true), (MAX_PATH_LENGTH + 1, false)] {
        let root = Draft::authority("根", Suite::International).self_signed();
        let mut chain = vec![root];
        for number in 2..length {
            let next = Draft::authority(&format!("第 {number} 级"), Suite::International);
            let next = next.issued_by(&chain[chain.len() - 1]);
            chain.push(next);
        }
        let signer = Draft::signer("机构", Suite::International).issued_by(&chain[chain.len() - 1]);
        let anchor = Anchor::new("根", chain[0].certificate.clone(), &[Service::GovernmentSeals]);
        let intermediates = chain[1..].iter().map(|party| party.certificate.clone()).collect();
        let snapshot = Snapshot::new(vec![anchor], intermediates, Vec::new());
        let validation = validate(&sealing(&signer.certificate).revocation(Revocation::Off), &snapshot);
        assert_eq!(validation.is_passed(), passes, "{length}: {:?}", validation.reasons);
    }
}

#[test]
fn the_more_a_reason_tells_the_higher_it_ranks() {
    let (subject, at) = (String::new(), noon());
    let reasons = [
        Reason::NoPath {
            subject: subject.clone(),
            issuer: String::new(),
        },
        Reason::SignatureMismatch {
            subject: subject.clone(),
            issuer: String::new(),
        },
        Reason::NotAuthority {
            subject: subject.clone(),
        },
        Reason::Expired {
            subject: subject.clone(),
            not_after: at,
            at,
        },
        Reason::CertificateNotProven {
            subject: subject.clone(),
            at,
            status: SubIndication::RevokedCaNoPoe,
        },
        Reason::RevocationDataNotProven {
            subject: subject.clone(),
            at,
            status: SubIndication::RevokedCaNoPoe,
        },
        Reason::Revoked {
            subject,
            authority: false,
            since: at,
            reason: RevocationReason::Unspecified,
            proven_at: Some(at),
        },
        Reason::WithdrawnLater {
            anchor: String::new(),
            until: at,
            proven_at: at,
        },
    ];
    assert!(reasons.is_sorted_by(|one, other| one.rank() < other.rank()));
}
