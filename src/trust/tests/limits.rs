//! What an attacker could inflate ends at its limit, and says which one that was.

use super::world::*;
use super::{outcome, sealing};
use crate::asn1::oid;
use crate::crypto::KeyKind;
use crate::crypto::key::Suite;
use crate::trust::budget::{
    MAX_ATTEMPTS_KEPT, MAX_CANDIDATES, MAX_NAME_COMPARISONS, MAX_OCTETS_AGAIN, MAX_PATHS, MAX_SIGNATURE_CHECKS,
    MAX_SIGNATURE_CHECKS_OF_DOCUMENT, OCTETS_OF_CANDIDATE,
};
use crate::trust::*;
use crate::x509::build;
use crate::x509::{GeneralName, NameConstraints, RevocationReason, Signed as _};

/// Authorities that all certify one another.
fn mesh(count: usize) -> (Vec<Party>, Vec<crate::x509::Certificate>) {
    let names: Vec<String> = (0..count).map(|number| format!("互认 {number}")).collect();
    let authority = |name: &String| Draft::authority(name, Suite::International);
    let parties: Vec<Party> = names.iter().map(|name| authority(name).self_signed()).collect();
    let mut certificates = Vec::new();
    for (subject, name) in parties.iter().zip(&names) {
        for issuer in &parties {
            let mut cross = authority(name);
            cross.key = subject.key_copy();
            certificates.push(cross.issued_by(issuer).certificate);
        }
    }
    (parties, certificates)
}

/// A certificate for the last authority of a mesh, issued by `issuer`.
fn entrance(party: &Party, number: usize, issuer: &Party) -> crate::x509::Certificate {
    let mut cross = Draft::authority(&format!("互认 {number}"), Suite::International);
    cross.key = party.key_copy();
    cross.issued_by(issuer).certificate
}

/// The limit that the first reason names.
fn exhausted(validation: &Validation) -> (&'static str, u32) {
    match validation.reasons.first() {
        Some(Reason::BudgetExhausted { what, limit }) => (what, *limit),
        other => panic!("{other:?}"),
    }
}

/// The world with more authorities of one name than are checked: names lead to the anchor, signatures do not.
fn among_strangers(world: &World) -> Snapshot {
    let stranger = World::new(Suite::International);
    let issued = |_| {
        Draft::authority("签发", Suite::International)
            .issued_by(&stranger.root)
            .certificate
    };
    let same_name = (0..MAX_SIGNATURE_CHECKS + 10).map(issued).collect();
    Snapshot::new(vec![world.anchor()], same_name, world.lists())
}

#[test]
fn many_authorities_of_one_name_end_by_the_signature_checks() {
    let world = World::new(Suite::International);
    let snapshot = among_strangers(&world);
    let validation = validate(&sealing(&world.signer.certificate), &snapshot);
    assert_eq!(exhausted(&validation), ("signature checks", MAX_SIGNATURE_CHECKS));
    assert_eq!(validation.effort.signature_checks, MAX_SIGNATURE_CHECKS);
}

#[test]
fn many_signatures_of_one_document_cost_no_more_than_a_few_and_remember_what_did_not_hold() {
    let world = World::new(Suite::International);
    let snapshot = among_strangers(&world);
    let document = Allowance::default();
    let checks = |signer: &crate::x509::Certificate| {
        let validation = validate(&sealing(signer).within(&document), &snapshot);
        assert_eq!(exhausted(&validation).0, "signature checks");
        validation.effort.signature_checks
    };
    assert_eq!(checks(&world.signer.certificate), MAX_SIGNATURE_CHECKS);
    let again = validate(&sealing(&world.signer.certificate).within(&document), &snapshot);
    assert!(
        again.effort.signature_checks < MAX_SIGNATURE_CHECKS,
        "what failed once is not tried again"
    );
    let others = MAX_SIGNATURE_CHECKS_OF_DOCUMENT / MAX_SIGNATURE_CHECKS;
    let others = (0..others + 3).map(|_| Draft::signer("机构", Suite::International).issued_by(&world.issuing));
    let others: u32 = others.map(|other| checks(&other.certificate)).sum();
    assert!(
        others < MAX_SIGNATURE_CHECKS_OF_DOCUMENT - MAX_SIGNATURE_CHECKS,
        "{others}"
    );
    assert!(!document.message(), "nothing is left for messages either");
}

/// What comes of a list of two megabytes and a score of authorities of its issuer's name, of which none signed it, and
/// the octets of the list that each of them would digest anew.
fn with_long_list(suite: Suite) -> (Validation, usize) {
    let (world, stranger) = (World::new(suite), World::new(suite));
    let entry = revoked(&stranger.signer, noon() - days(9), RevocationReason::Unspecified);
    let list = crl(&stranger.issuing, noon() - days(1), &vec![entry; 60_000]);
    assert!(list.signed_part().len() > 2 << 20);
    let issued = |_| Draft::authority("签发", suite).issued_by(&stranger.root).certificate;
    let same_name: Vec<_> = (0..20).map(issued).collect();
    let snapshot = Snapshot::new(
        vec![world.anchor()],
        vec![world.issuing.certificate.clone()],
        Vec::new(),
    );
    let octets = list.parts().octets_of_each_key();
    let query = sealing(&world.signer.certificate);
    (validate(&query.with(&same_name, &[list]), &snapshot), octets)
}

#[test]
fn a_long_list_is_digested_once_however_many_authorities_have_its_issuers_name() {
    let (validation, octets) = with_long_list(Suite::International);
    assert_eq!(outcome(&validation).1, "no-revocation-data");
    assert_eq!(octets, 0);
}

#[test]
fn a_long_list_that_each_key_digests_for_itself_ends_by_the_octets() {
    let (validation, octets) = with_long_list(Suite::National);
    assert!(octets > 2 << 20);
    assert_eq!(exhausted(&validation), ("octets digested again", MAX_OCTETS_AGAIN));
}

#[test]
fn messages_of_one_document_share_the_checks_of_its_validations_and_slow_keys_take_more() {
    let checked = |kind: KeyKind| {
        let document = Allowance::default();
        (0..)
            .take_while(|_| document.message() && document.signature_check(kind))
            .count()
    };
    let limit = MAX_SIGNATURE_CHECKS_OF_DOCUMENT as usize;
    assert_eq!([KeyKind::P256, KeyKind::Sm2].map(checked), [limit / 2; 2]);
    assert_eq!([KeyKind::P521, KeyKind::BrainpoolP384].map(checked), [limit / 5; 2]);
    // At level B-LTA, with a response of its own responder each.
    let document = Allowance::default();
    let (messages, others) = (3, 3);
    for _ in 0..100 {
        assert!((0..messages).all(|_| document.message()));
        assert!((0..messages + others).all(|_| document.signature_check(KeyKind::P521)));
    }
}

#[test]
fn authorities_from_which_no_names_lead_to_an_anchor_are_known_for_that() {
    let world = World::new(Suite::International);
    let (parties, certificates) = mesh(8);
    let signer = Draft::signer("机构", Suite::International).issued_by(&parties[0]);
    let snapshot = Snapshot::new(vec![world.anchor()], certificates, Vec::new());
    let validation = validate(&sealing(&signer.certificate), &snapshot);
    assert_eq!(outcome(&validation).1, "no-path");
    assert!(validation.attempts.len() <= MAX_ATTEMPTS_KEPT);
}

#[test]
fn a_mesh_that_only_seems_to_lead_to_an_anchor_ends_by_the_candidates() {
    // Fewer certificates than signature checks are allowed, but forty thousand paths.
    let (world, stranger) = (World::new(Suite::International), World::new(Suite::International));
    let (parties, mut certificates) = mesh(8);
    certificates.push(entrance(&parties[7], 7, &stranger.root));
    let signer = Draft::signer("机构", Suite::International).issued_by(&parties[0]);
    let snapshot = Snapshot::new(vec![world.anchor()], certificates, Vec::new());
    let validation = validate(&sealing(&signer.certificate), &snapshot);
    assert_eq!(exhausted(&validation), ("candidates", MAX_CANDIDATES));
}

#[test]
fn long_names_count_by_their_length() {
    let (world, stranger) = (World::new(Suite::International), World::new(Suite::International));
    let unit = "认".repeat(60);
    let long = |number: usize| {
        let own = number.to_string();
        let mut attributes = vec![(oid::COMMON_NAME, own.as_str())];
        attributes.resize(60, (oid::ORGANIZATIONAL_UNIT_NAME, unit.as_str()));
        build::name(&attributes).unwrap()
    };
    let authority = |number: usize| {
        Draft::authority("互认", Suite::International).change(|draft| {
            draft.subject = long(number);
            draft.issuer = long(number);
        })
    };
    let parties: Vec<Party> = (0..4).map(|number| authority(number).self_signed()).collect();
    let mut certificates = Vec::new();
    for (number, subject) in parties.iter().enumerate() {
        for issuer in parties.iter().chain([&stranger.root]) {
            let cross = authority(number).change(|draft| draft.key = subject.key_copy());
            certificates.push(cross.issued_by(issuer).certificate);
        }
    }
    let octets = parties[0].certificate.subject().der().len();
    let signer = Draft::signer("机构", Suite::International).issued_by(&parties[0]);
    let snapshot = Snapshot::new(vec![world.anchor()], certificates, Vec::new());
    let validation = validate(&sealing(&signer.certificate), &snapshot);
    let each = u32::try_from(octets / OCTETS_OF_CANDIDATE).unwrap();
    assert!(
        each > 40 && validation.effort.candidates > 20 * each,
        "{:?}",
        validation.effort
    );
}

#[test]
fn a_mesh_of_which_no_path_has_a_policy_ends_by_the_paths() {
    let world = World::new(Suite::International);
    let (parties, mut certificates) = mesh(8);
    certificates.extend((0..8).map(|number| entrance(&parties[number], number, &world.root)));
    let signer = Draft::signer("机构", Suite::International).issued_by(&parties[0]);
    let snapshot = Snapshot::new(vec![world.anchor()], certificates, Vec::new());
    let settings = PolicySettings {
        require_explicit: true,
        ..Default::default()
    };
    let validation = validate(&sealing(&signer.certificate).policies(settings), &snapshot);
    assert_eq!(exhausted(&validation), ("paths", MAX_PATHS));
}

#[test]
fn many_names_under_many_constraints_end_by_the_comparisons() {
    let names = |count: u32, domain: &str| -> Vec<GeneralName> {
        (0..count)
            .map(|number| GeneralName::Dns(format!("{number}.{domain}")))
            .collect()
    };
    let each = MAX_NAME_COMPARISONS.isqrt() + 1;
    let bound = |draft: &mut Draft| {
        let constraints = NameConstraints {
            permitted: names(each, "example.org"),
            excluded: Vec::new(),
        };
        draft.extensions.name_constraints = present(true, constraints);
    };
    let world = World::with(Suite::International, bound, |signer| {
        signer.extensions.subject_alt_name = present(false, names(each, &format!("{}.example.org", each - 1)));
    });
    let validation = validate(&sealing(&world.signer.certificate), &world.snapshot());
    assert_eq!(exhausted(&validation), ("name comparisons", MAX_NAME_COMPARISONS));
}
