//! Status responses: who may sign them, what they say, and how they stand beside lists.

use chrono::{DateTime, Utc};

use super::world::*;
use super::{indeterminate, outcome, sealing};
use crate::asn1::oid;
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{Signer, Suite};
use crate::trust::*;
use crate::x509::*;

/// A response of `responder` about the signer of a world, good for a day, with the responder's certificate in it.
fn response(world: &World, responder: &Party, status: OcspStatus, this_update: DateTime<Utc>) -> OcspResponse {
    let id = CertId::new(
        DigestAlgorithm::Sha1,
        &world.signer.certificate,
        &world.issuing.certificate,
    );
    about(id, responder, status, this_update)
}

fn about(id: CertId, responder: &Party, status: OcspStatus, this_update: DateTime<Utc>) -> OcspResponse {
    let answer = OcspAnswer {
        id,
        status,
        this_update,
        next_update: Some(this_update + days(1)),
        invalidity_date: None,
    };
    let fields = build::OcspFields {
        responder: &ResponderId::Name(responder.certificate.subject().clone()),
        produced_at: this_update,
        answers: &[answer],
        nonce: Some(b"nonce"),
    };
    let data = build::ocsp_data(&fields).unwrap();
    let signature = responder.key.sign(&data).unwrap();
    let der = build::ocsp_response(&data, responder.key.algorithm(), &signature, &[&responder.certificate]);
    OcspResponse::from_der(&der).unwrap()
}

/// A response about the signer of a world with so many answers, of a responder that is named by a key which nobody has.
fn by_nobody(world: &World, number: usize, answers: usize) -> OcspResponse {
    let answer = OcspAnswer {
        id: CertId::new(
            DigestAlgorithm::Sha1,
            &world.signer.certificate,
            &world.issuing.certificate,
        ),
        status: OcspStatus::Good,
        this_update: noon(),
        next_update: None,
        invalidity_date: None,
    };
    let fields = build::OcspFields {
        responder: &ResponderId::KeyHash(DigestAlgorithm::Sha1.digest(&number.to_be_bytes()).as_ref().to_vec()),
        produced_at: noon(),
        answers: &vec![answer; answers],
        nonce: None,
    };
    let data = build::ocsp_data(&fields).unwrap();
    let der = build::ocsp_response(&data, world.issuing.key.algorithm(), &[0; 8], &[]);
    OcspResponse::from_der(&der).unwrap()
}

/// A responder of `issuer`, exempt from being asked about itself.
fn delegate(issuer: &Party, change: impl FnOnce(&mut Draft)) -> Party {
    let responder = |draft: &mut Draft| {
        draft.extensions.ext_key_usage = present(false, vec![oid::KP_OCSP_SIGNING]);
        draft.extensions.unknown.push(UnknownExtension {
            oid: oid::OCSP_NOCHECK.to_string(),
            critical: false,
            value: vec![5, 0],
        });
    };
    Draft::signer("状态", Suite::International)
        .change(responder)
        .change(change)
        .issued_by(issuer)
}

/// The verdict on the signer with a list for its authority alone, and these responses.
fn asked(world: &World, lists: Vec<Crl>, responses: Vec<OcspResponse>) -> Validation {
    let lists = lists
        .into_iter()
        .chain([crl(&world.root, noon() - days(1), &[])])
        .collect();
    let snapshot = world.snapshot_with(lists).with_ocsp_responses(responses);
    validate(&sealing(&world.signer.certificate), &snapshot)
}

fn code(validation: &Validation) -> &'static str {
    outcome(validation).1
}

fn lost() -> OcspStatus {
    OcspStatus::Revoked {
        at: noon() - days(2),
        reason: RevocationReason::KeyCompromise,
    }
}

#[test]
fn a_response_is_read_as_it_was_written() {
    let world = World::new(Suite::National);
    let read = response(&world, &world.issuing, lost(), noon());
    assert_eq!(read.produced_at(), noon());
    assert_eq!(read.certificates(), std::slice::from_ref(&world.issuing.certificate));
    assert_eq!(read.unknown_critical(), None);
    let answer = &read.answers()[0];
    assert!(answer.id.names(&world.signer.certificate, &world.issuing.certificate));
    assert!(!answer.id.names(&world.issuing.certificate, &world.root.certificate));
    assert_eq!((answer.status, answer.next_update), (lost(), Some(noon() + days(1))));
}

#[test]
fn the_issuer_answers_for_its_certificates_in_both_suites() {
    for suite in Suite::ALL {
        let world = World::new(suite);
        let good = asked(
            &world,
            Vec::new(),
            vec![response(&world, &world.issuing, OcspStatus::Good, noon())],
        );
        assert!(good.is_passed(), "{:?}", good.reasons);
        assert_eq!(good.revocation[0].source, RevocationSource::Response);
        let lost = asked(
            &world,
            Vec::new(),
            vec![response(&world, &world.issuing, lost(), noon())],
        );
        assert_eq!(
            outcome(&lost),
            (indeterminate(SubIndication::RevokedNoPoe), "certificate-revoked")
        );
    }
}

#[test]
fn a_delegate_answers_only_if_the_issuer_itself_made_it_one() {
    let world = World::new(Suite::International);
    let by = |responder: &Party| {
        let responses = vec![response(&world, responder, OcspStatus::Good, noon())];
        let verdict = asked(&world, Vec::new(), responses);
        verdict.reasons.first().map(ToString::to_string).unwrap_or_default()
    };
    assert_eq!(by(&delegate(&world.issuing, |_| ())), "");
    let cases = [
        (delegate(&world.root, |_| ()), "not certified by the issuer"),
        (
            delegate(&world.issuing, |draft| draft.extensions.ext_key_usage = None),
            "not certified for status responses",
        ),
        (
            delegate(&world.issuing, |draft| draft.validity.not_after = noon() - days(1)),
            "was valid until",
        ),
        // Not exempt, and no list speaks of it.
        (
            delegate(&world.issuing, |draft| draft.extensions.unknown.clear()),
            "nothing is known about the revocation of its signer",
        ),
    ];
    for (responder, expected) in cases {
        let reason = by(&responder);
        assert!(reason.contains(expected), "{expected}: {reason}");
    }
    let forger = Party {
        certificate: world.issuing.certificate.clone(),
        key: world.signer.key_copy(),
    };
    assert_ne!(by(&forger), "");
}

#[test]
fn a_response_that_is_old_early_or_about_another_certificate_does_not_answer() {
    let world = World::new(Suite::International);
    let at = |time| {
        code(&asked(
            &world,
            Vec::new(),
            vec![response(&world, &world.issuing, OcspStatus::Good, time)],
        ))
    };
    assert_eq!(at(noon() - days(2)), "stale-revocation-data");
    assert_eq!(at(noon() + days(1)), "no-revocation-data");
    let unknown = response(&world, &world.issuing, OcspStatus::Unknown, noon());
    let unknown = asked(&world, Vec::new(), vec![unknown]);
    assert!(
        unknown.reasons[0].to_string().contains("does not know"),
        "{}",
        unknown.reasons[0]
    );
    let other = CertId::new(
        DigestAlgorithm::Sha256,
        &world.issuing.certificate,
        &world.root.certificate,
    );
    let other = about(other, &world.issuing, OcspStatus::Good, noon());
    assert_eq!(code(&asked(&world, Vec::new(), vec![other])), "no-revocation-data");
}

#[test]
fn a_revocation_stands_whoever_tells_of_it_and_a_hold_until_newer_word() {
    let world = World::new(Suite::International);
    let list = |reason| {
        let entry = revoked(&world.signer, noon() - days(2), reason);
        vec![crl(&world.issuing, noon() - days(1), &[entry])]
    };
    let clean = vec![crl(&world.issuing, noon() - days(1), &[])];
    let good = |time| vec![response(&world, &world.issuing, OcspStatus::Good, time)];
    let bad = vec![response(&world, &world.issuing, lost(), noon() - days(3))];
    assert_eq!(code(&asked(&world, clean, bad)), "certificate-revoked");
    assert_eq!(
        code(&asked(&world, list(RevocationReason::KeyCompromise), good(noon()))),
        "certificate-revoked"
    );
    let hold = RevocationReason::CertificateHold;
    assert_eq!(code(&asked(&world, list(hold), good(noon()))), "");
    assert_eq!(
        code(&asked(&world, list(hold), good(noon() - days(2)))),
        "certificate-on-hold"
    );
}

#[test]
fn a_response_that_revokes_for_good_stands_whatever_newer_response_is_good() {
    let world = World::new(Suite::International);
    let is = |status, age| response(&world, &world.issuing, status, noon() - age);
    let good_after = |response: OcspResponse| {
        let responses = vec![is(OcspStatus::Good, days(0)), response];
        code(&asked(&world, Vec::new(), responses))
    };
    assert_eq!(good_after(is(lost(), days(1) / 2)), "certificate-revoked");
    // However old it is, as a list.
    assert_eq!(good_after(is(lost(), days(20))), "certificate-revoked");
    let by_delegate = response(&world, &delegate(&world.issuing, |_| ()), lost(), noon() - days(1));
    assert_eq!(good_after(by_delegate), "certificate-revoked");
    // What is not believed revokes nothing.
    let by_stranger = response(&world, &delegate(&world.root, |_| ()), lost(), noon() - days(1));
    assert_eq!(good_after(by_stranger), "");
    let held = OcspStatus::Revoked {
        at: noon() - days(2),
        reason: RevocationReason::CertificateHold,
    };
    assert_eq!(good_after(is(held, days(1) / 2)), "");
    let lost_then_held = vec![is(held, days(0)), is(lost(), days(1))];
    assert_eq!(code(&asked(&world, Vec::new(), lost_then_held)), "certificate-revoked");
}

#[test]
fn a_response_by_an_algorithm_that_has_ended_answers_only_if_it_is_proved_to_be_older() {
    let world = World::new(Suite::National);
    let responder = delegate(&world.issuing, |_| ());
    let made = noon() - days(1);
    let answer = response(&world, &responder, OcspStatus::Good, made);
    let algorithms = AlgorithmPolicy::default().ending(Primitive::Digest(DigestAlgorithm::Sha256), made + days(1) / 2);
    let snapshot = world
        .snapshot_with(vec![crl(&world.root, made, &[])])
        .with_ocsp_responses(vec![answer.clone()])
        .with_algorithms(algorithms);
    let target = &world.signer.certificate;
    let query = sealing(target).proven_at(made);
    assert_eq!(code(&validate(&query, &snapshot)), "revocation-data-not-proven");
    let mut proofs = Existence::default();
    proofs.prove(*answer.fingerprint(), made);
    assert_eq!(code(&validate(&query.existing(&proofs), &snapshot)), "");
}

#[test]
fn a_response_by_a_responder_that_has_ended_answers_only_if_it_is_proved_to_be_older() {
    let world = World::new(Suite::International);
    let responder = delegate(&world.issuing, |draft| draft.validity.not_after = noon() - days(1));
    let made = noon() - days(2);
    let answer = response(&world, &responder, OcspStatus::Good, made);
    let snapshot = world
        .snapshot_with(vec![crl(&world.root, made, &[])])
        .with_ocsp_responses(vec![answer.clone()]);
    let judged = |proof: Option<_>| {
        let mut proofs = Existence::default();
        proof.into_iter().for_each(|at| proofs.prove(*answer.fingerprint(), at));
        let query = sealing(&world.signer.certificate).proven_at(made).existing(&proofs);
        code(&validate(&query, &snapshot))
    };
    assert_eq!(judged(Some(made)), "");
    for proof in [None, Some(noon() - days(1) / 2)] {
        assert_eq!(judged(proof), "no-revocation-data", "{proof:?}");
    }
}

#[test]
fn the_signer_of_a_response_is_looked_for_once_however_many_answers_it_has() {
    let world = World::new(Suite::International);
    let strangers: Vec<_> = (0..40)
        .map(|_| Draft::signer("他人", Suite::International).self_signed().certificate)
        .collect();
    let snapshot = world.snapshot_with(vec![crl(&world.root, noon() - days(1), &[])]);
    let responses = [by_nobody(&world, 0, 64)];
    let query = sealing(&world.signer.certificate);
    let validation = validate(&query.with(&strangers, &[]).with_ocsp_responses(&responses), &snapshot);
    assert_eq!(code(&validation), "no-revocation-data");
    // Of 64 times 40 comparisons for each question, each is made once.
    assert!(validation.effort.candidates < 500, "{:?}", validation.effort);
}

#[test]
fn many_answers_by_responders_that_nobody_knows_end_by_the_candidates() {
    let world = World::new(Suite::International);
    let strangers: Vec<_> = (0..100)
        .map(|_| Draft::signer("他人", Suite::International).self_signed().certificate)
        .collect();
    let responses: Vec<_> = (0..200).map(|number| by_nobody(&world, number, 64)).collect();
    let snapshot = world.snapshot_with(vec![crl(&world.root, noon() - days(1), &[])]);
    let query = sealing(&world.signer.certificate);
    let validation = validate(&query.with(&strangers, &[]).with_ocsp_responses(&responses), &snapshot);
    assert_eq!(validation.effort.candidates, budget::MAX_CANDIDATES);
    assert_eq!(code(&validation), "validation-budget-exhausted");
}
