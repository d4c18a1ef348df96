//! Each refusal of a list, and what a client that follows lists accepts.

use super::testing::{authority, decision, entity, first, granted, list_signer, next, sign};
use super::*;
use crate::asn1::oid::ANY_POLICY;
use crate::crypto::key::Suite;
use crate::trust::Service;
use crate::trust::tests::world::{Party, days, named, noon};
use crate::x509::{GeneralName, NameConstraints};

fn oid(text: &str) -> der::asn1::ObjectIdentifier {
    der::asn1::ObjectIdentifier::new(text).unwrap()
}

/// A follower that has seen the first list, with the list.
fn following(signer: &Party) -> (Follower, RecognitionList, SignedList) {
    let list = first(signer);
    let signed = sign(&list, signer);
    (Follower::trusting_first(&signed).unwrap(), list, signed)
}

/// What a follower of the first list says to a second one that `change` made of it.
fn second(change: impl FnOnce(&mut RecognitionList)) -> Result<(), ListError> {
    let signer = list_signer(Suite::International);
    let (mut follower, list, signed) = following(&signer);
    let mut list = next(&list, &signed);
    change(&mut list);
    let before = follower.pin();
    let result = follower.follow(&sign(&list, &signer)).map(|_| ());
    assert_eq!(
        result.is_err(),
        follower.pin() == before,
        "a refusal leaves all as it was"
    );
    result
}

fn checked(change: impl FnOnce(&mut RecognitionList)) -> Result<(), ListError> {
    let mut list = first(&list_signer(Suite::International));
    change(&mut list);
    let checked = list.check();
    let signer = list_signer(Suite::International);
    let signed = SignedList::sign(&list, &[], &signer.key);
    assert_eq!(signed.err(), checked.clone().err().map(SignListError::List));
    checked
}

#[test]
fn a_list_of_either_suite_is_followed_by_its_successor() {
    for suite in Suite::ALL {
        let signer = list_signer(suite);
        let (mut follower, list, signed) = following(&signer);
        let later = next(&list, &signed);
        assert_eq!(follower.follow(&sign(&later, &signer)), Ok(&later));
        assert_eq!(follower.last(), Some(&later));
        // Once more, signed anew: the same content is the same list.
        assert_eq!(follower.follow(&sign(&later, &signer)), Ok(&later));
    }
}

#[test]
fn a_client_goes_on_where_it_stopped() {
    let signer = list_signer(Suite::National);
    let (follower, list, signed) = following(&signer);
    let kept = serde_json::to_string(&follower.pin()).unwrap();
    let mut again = Follower::from_pin(&serde_json::from_str(&kept).unwrap()).unwrap();
    assert_eq!(again.last(), Some(&list));
    assert!(again.follow(&sign(&next(&list, &signed), &signer)).is_ok());
    let mut pin = follower.pin();
    pin.sequence = Some(2);
    assert!(matches!(
        Follower::from_pin(&pin),
        Err(ListError::Value { field: "pin", .. })
    ));
}

#[test]
fn a_list_by_a_stranger_is_refused() {
    let signer = list_signer(Suite::International);
    let (mut follower, list, signed) = following(&signer);
    let stranger = list_signer(Suite::International);
    let mut forged = next(&list, &signed);
    forged.signers = vec![stranger.certificate.clone()];
    let id = SignerId::of(&stranger.certificate).to_string();
    assert_eq!(
        follower.follow(&sign(&forged, &stranger)),
        Err(ListError::UnknownSigner { signer: id })
    );
    // In the name of the signer, with another's key.
    let disguised = SignedList::sign(&forged, std::slice::from_ref(&signer.certificate), &stranger.key).unwrap();
    assert_eq!(follower.follow(&disguised), Err(ListError::Signature));
    let unnamed = SignedList::sign(&forged, &[], &stranger.key).unwrap();
    assert!(matches!(
        follower.follow(&unnamed),
        Err(ListError::UnknownSigner { .. })
    ));
}

#[test]
fn a_pinned_signer_is_the_only_one_who_is_believed_first() {
    let (signer, stranger) = (list_signer(Suite::International), list_signer(Suite::International));
    let mut follower = Follower::of_signers(vec![SignerId::of(&signer.certificate)]);
    let refused = follower.follow(&sign(&first(&stranger), &stranger));
    assert!(matches!(refused, Err(ListError::UnknownSigner { .. })));
    assert!(follower.follow(&sign(&first(&signer), &signer)).is_ok());
}

#[test]
fn another_signer_takes_over_where_a_list_says_so() {
    let (old, new) = (list_signer(Suite::International), list_signer(Suite::National));
    let (mut follower, list, signed) = following(&old);
    let mut both = next(&list, &signed);
    both.signers.push(new.certificate.clone());
    let both_signed = sign(&both, &old);
    follower.follow(&both_signed).unwrap();
    let mut alone = next(&both, &both_signed);
    alone.signers = vec![new.certificate.clone()];
    let alone_signed = sign(&alone, &new);
    follower.follow(&alone_signed).unwrap();
    let by_old = sign(&next(&alone, &alone_signed), &old);
    assert!(matches!(follower.follow(&by_old), Err(ListError::UnknownSigner { .. })));
    let by_new = sign(&next(&alone, &alone_signed), &new);
    assert!(follower.follow(&by_new).is_ok());
}

#[test]
fn a_signer_is_found_by_the_name_of_its_key_among_those_of_the_last_list() {
    let signer = list_signer(Suite::International);
    let (mut follower, list, signed) = following(&signer);
    let bare = SignedList::sign(&next(&list, &signed), &[], &signer.key).unwrap();
    assert!(follower.follow(&bare).is_ok());
}

#[test]
fn an_older_list_is_a_rollback() {
    let signer = list_signer(Suite::International);
    let (mut follower, list, signed) = following(&signer);
    follower.follow(&sign(&next(&list, &signed), &signer)).unwrap();
    assert_eq!(
        follower.follow(&signed),
        Err(ListError::FallingSequence { found: 1, seen: 2 })
    );
}

#[test]
fn two_lists_of_one_number_are_refused() {
    let other = second(|list| {
        list.sequence = 1;
        list.previous = None;
    });
    assert_eq!(other, Err(ListError::OtherContent { sequence: 1 }));
}

#[test]
fn a_list_that_follows_another_one_breaks_the_chain() {
    let broken = second(|list| list.previous = Some(ListDigest([7; 32])));
    assert!(matches!(broken, Err(ListError::BrokenChain { sequence: 2, .. })));
}

#[test]
fn lists_that_were_not_seen_may_lie_between() {
    let later = |list: &mut RecognitionList| {
        list.sequence = 9;
        list.previous = Some(ListDigest([7; 32]));
    };
    assert_eq!(second(later), Ok(()));
    let forgetful = second(|list| {
        later(list);
        list.entities.pop();
    });
    assert!(matches!(forgetful, Err(ListError::EntityRemoved { .. })));
}

#[test]
fn time_does_not_run_backwards_along_the_chain() {
    let early = second(|list| list.issued = noon() - days(1));
    assert_eq!(early, Err(ListError::FallingTime { sequence: 2 }));
}

#[test]
fn what_a_list_said_stays_in_the_next() {
    let removed = second(|list| list.entities.truncate(1));
    let entity = "chifeng".to_owned();
    assert_eq!(removed, Err(ListError::EntityRemoved { entity }));
    let moved = second(|list| list.entities[0].services[0].certificate = authority("x"));
    assert!(matches!(moved, Err(ListError::ServiceRemoved { .. })));
    let other = second(|list| list.entities[0].services[0].service = Service::TimeStamping);
    assert!(matches!(other, Err(ListError::ServiceRemoved { .. })));
    let rewritten = second(|list| list.entities[0].services[0].history = granted(noon() - days(300)));
    assert!(matches!(rewritten, Err(ListError::HistoryRemoved { .. })));
    let withdrawn = second(|list| {
        let history = &mut list.entities[0].services[0].history;
        let decision = decision(Status::Withdrawn, noon() + days(1), StatusReason::Ceased);
        *history = history.with(decision).unwrap();
    });
    assert_eq!(withdrawn, Ok(()));
}

#[test]
fn a_stale_list_is_refused_or_told_of() {
    let signer = list_signer(Suite::International);
    let (follower, list, _) = following(&signer);
    let (before, due) = (noon() + days(6), noon() + days(7));
    assert_eq!(follower.current(before, StalePolicy::Refuse), Ok((&list, false)));
    let next_update = list.next_update;
    assert_eq!(
        follower.current(due, StalePolicy::Refuse),
        Err(ListError::Stale { next_update })
    );
    assert_eq!(follower.current(due, StalePolicy::Warn), Ok((&list, true)));
    let nothing = Follower::of_signers(Vec::new());
    assert_eq!(nothing.current(before, StalePolicy::Warn), Err(ListError::Empty));
}

#[test]
fn a_signer_whose_certificate_had_ended_is_refused() {
    let signer = list_signer(Suite::International);
    let (mut follower, list, signed) = following(&signer);
    let late = RecognitionList {
        issued: noon() + days(366),
        next_update: noon() + days(370),
        ..next(&list, &signed)
    };
    let ours = SignedList::sign(&late, std::slice::from_ref(&signer.certificate), &signer.key);
    let refused = Err(SignListError::List(ListError::SignerNotValid { issued: late.issued }));
    assert_eq!(ours.map(drop), refused, "nor is it signed here");
    let theirs = SignedList::sign(&late, &[], &signer.key).unwrap();
    assert!(matches!(
        follower.follow(&theirs),
        Err(ListError::SignerNotValid { .. })
    ));
}

#[test]
fn an_empty_list_is_refused() {
    assert_eq!(checked(|list| list.entities.clear()), Err(ListError::Empty));
}

#[test]
fn the_first_list_alone_has_none_before_it() {
    let missing = |sequence| Err(ListError::ChainMissing { sequence });
    assert_eq!(checked(|list| list.sequence = 0), missing(0));
    assert_eq!(checked(|list| list.sequence = 2), missing(2));
    assert_eq!(checked(|list| list.previous = Some(ListDigest([0; 32]))), missing(1));
}

#[test]
fn the_next_list_is_due_after_this_one() {
    let dates = checked(|list| list.next_update = list.issued);
    assert!(matches!(dates, Err(ListError::Dates { .. })));
}

#[test]
fn nobody_but_the_list_itself_says_at_its_address_who_signs_the_next() {
    let pointer = |location: &str| Pointer {
        location: location.to_owned(),
        operator: Names::new("邻市数据局", ""),
        signers: vec![authority("partner")],
    };
    let (own, other) = ("https://city.example/api/v1/trust-list", "https://partner.example/list");
    let twice = |location: &str| {
        let location = location.to_owned();
        Err(ListError::DuplicatePointer { location })
    };
    assert_eq!(checked(|list| list.pointers = vec![pointer(other)]), Ok(()));
    assert_eq!(checked(|list| list.pointers = vec![pointer(own)]), twice(own));
    assert_eq!(
        checked(|list| list.pointers = vec![pointer(other), pointer(other)]),
        twice(other)
    );
}

#[test]
fn what_nobody_could_read_is_not_signed() {
    let signer = list_signer(Suite::International);
    let mut list = first(&signer);
    list.signers = vec![signer.certificate.clone(); 9];
    let signed = SignedList::sign(&list, std::slice::from_ref(&signer.certificate), &signer.key);
    assert!(matches!(
        signed,
        Err(SignListError::List(ListError::Count { what: "signers", .. }))
    ));
    list.signers.truncate(1);
    list.issued += chrono::TimeDelta::milliseconds(1);
    let signed = SignedList::sign(&list, std::slice::from_ref(&signer.certificate), &signer.key);
    assert!(matches!(signed, Err(SignListError::List(ListError::ReadsOtherwise))));
}

#[test]
fn an_entity_and_a_certificate_stand_in_the_list_once() {
    let twice = checked(|list| list.entities[1].id = "baotou".into());
    let baotou = "baotou".to_owned();
    assert_eq!(twice, Err(ListError::DuplicateEntity { entity: baotou }));
    let shared =
        checked(|list| list.entities[1].services[0].certificate = list.entities[0].services[0].certificate.clone());
    assert!(matches!(shared, Err(ListError::DuplicateCertificate { .. })));
    let repeated = checked(|list| {
        let service = list.entities[0].services[0].clone();
        list.entities[0].services.push(service);
    });
    assert!(matches!(repeated, Err(ListError::DuplicateCertificate { .. })));
    let nameless = checked(|list| list.entities[0].id.clear());
    assert!(matches!(nameless, Err(ListError::Value { field: "entity", .. })));
}

#[test]
fn only_an_authority_is_recognised_as_one() {
    let signer = list_signer(Suite::International).certificate;
    let refused = checked(|list| list.entities[0].services[0].certificate = signer);
    assert!(matches!(refused, Err(ListError::NotAuthority { .. })));
}

#[test]
fn any_policy_is_never_mapped() {
    for (from, to) in [(ANY_POLICY, oid("1.2.3")), (oid("1.2.3"), ANY_POLICY)] {
        let row = AssuranceMapping {
            from,
            to,
            approved_by: "两名官员".into(),
            approved_at: noon(),
        };
        let entity = "baotou".to_owned();
        let mapped = checked(|list| list.entities[0].mappings.push(row));
        assert_eq!(mapped, Err(ListError::AnyPolicyMapped { entity }));
    }
}

#[test]
fn two_authorities_do_not_claim_the_same_bodies() {
    let claiming = |region: Option<&str>| {
        let regions = region.map(|text| text.parse().unwrap());
        checked(|list| list.entities[1].bounds.regions = regions.into_iter().collect())
    };
    for region in [Some("150200"), Some("150203"), Some("150000"), None] {
        let overlap = claiming(region);
        assert!(
            matches!(overlap, Err(ListError::OverlappingRegions { .. })),
            "{region:?}"
        );
    }
    assert_eq!(claiming(Some("150400")), Ok(()));
}

#[test]
fn subtrees_of_names_keep_no_claims_apart() {
    let bound = checked(|list| {
        list.entities[1].bounds.regions = list.entities[0].bounds.regions.clone();
        for (entity, name) in list.entities.iter_mut().zip(["包头", "赤峰"]) {
            entity.bounds.names = Some(NameConstraints {
                permitted: vec![GeneralName::Directory(named(name))],
                excluded: Vec::new(),
            });
        }
    });
    assert!(matches!(bound, Err(ListError::OverlappingRegions { .. })));
}

#[test]
fn enterprises_may_be_certified_by_several_and_a_withdrawn_claim_is_free() {
    let everywhere = |list: &mut RecognitionList| list.entities[1].bounds.regions.clear();
    let enterprises = checked(|list| {
        everywhere(list);
        list.entities[1].services[0].service = Service::EnterpriseSigning;
    });
    assert_eq!(enterprises, Ok(()));
    let after = |status| {
        checked(|list| {
            everywhere(list);
            let history = &mut list.entities[1].services[0].history;
            *history = history
                .with(decision(status, noon(), StatusReason::Unspecified))
                .unwrap();
        })
    };
    assert_eq!(after(Status::Withdrawn), Ok(()));
    assert!(matches!(
        after(Status::Suspended),
        Err(ListError::OverlappingRegions { .. })
    ));
}

#[test]
fn every_refusal_has_a_text_of_its_own() {
    let mut list = first(&list_signer(Suite::International));
    list.entities.push(entity("baotou", "150500"));
    assert_eq!(
        list.check().unwrap_err().to_string(),
        "entity baotou is in the list twice"
    );
    let error = ListError::Backdated {
        status: Status::Withdrawn,
        since: noon(),
        decided: noon() + days(1),
    };
    assert_eq!(
        error.to_string(),
        "withdrawn since 2026-05-28 12:00:00 UTC was decided on 2026-05-29 12:00:00 UTC, and only a compromise dates back"
    );
}
