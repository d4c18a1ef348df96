//! Officers, proposals and statements.

use yinxin::id::{OfficerId, ProposalId};
use yinxin::store::{
    Conflict, Officer, OfficerRemoval, Proposal, ProposalDecision, ProposalFilter, ProposalOutcome, ProposalState,
    ProposalStatement,
};

use super::place::Place;
use super::samples::time;

stories![
    a_person_and_a_key_are_one_officer,
    two_officers_are_left,
    a_proposal_is_decided_once,
    a_removed_officer_states_nothing,
    what_a_removed_officer_proposed_is_not_carried_out,
];

fn officer(number: u8) -> Officer {
    Officer {
        id: OfficerId::new(time(number.into())),
        name: format!("officer {number}"),
        organisation: "云州市".to_owned(),
        public_key: vec![number; 91],
        key_sha256: [number; 32],
        enrolled_at: time(number.into()),
        removed_at: None,
    }
}

async fn enrol(place: &Place, count: u8) -> Vec<Officer> {
    let officers: Vec<_> = (1..=count).map(officer).collect();
    for officer in officers.clone() {
        place.commit(|change| _ = change.enrol_officer(officer)).await.unwrap();
    }
    officers
}

async fn a_person_and_a_key_are_one_officer(place: Place) {
    let officers = enrol(&place, 3).await;
    assert_eq!(place.store.officers().await.unwrap(), officers);
    assert_eq!(place.store.officer_count().await.unwrap(), 3);
    assert_eq!(
        place.store.officer(officers[1].id).await.unwrap().as_ref(),
        Some(&officers[1])
    );
    assert_eq!(
        place.store.officer_by_key(&[2; 32]).await.unwrap().as_ref(),
        Some(&officers[1])
    );
    let same_name = Officer {
        name: officers[0].name.clone(),
        ..officer(4)
    };
    let same_key = Officer {
        key_sha256: [1; 32],
        ..officer(4)
    };
    for twice in [same_name, same_key] {
        let refusal = place
            .commit(|change| _ = change.enrol_officer(twice))
            .await
            .unwrap_err();
        assert!(
            matches!(refusal.conflict(), Some(Conflict::Exists { what: "officer", .. })),
            "{refusal}"
        );
    }
}

async fn remove(place: &Place, officer: &Officer) -> Option<String> {
    let removal = OfficerRemoval {
        id: officer.id,
        removed_at: time(100),
        keep: 2,
    };
    let refusal = place.commit(|change| _ = change.remove_officer(removal)).await.err()?;
    match refusal.conflict() {
        Some(Conflict::StateChanged { found, .. }) => Some(found.clone()),
        _ => panic!("{refusal}"),
    }
}

async fn two_officers_are_left(place: Place) {
    let officers = enrol(&place, 3).await;
    assert_eq!(remove(&place, &officers[0]).await, None);
    assert_eq!(remove(&place, &officers[0]).await.as_deref(), Some("removed"));
    assert_eq!(remove(&place, &officers[1]).await.as_deref(), Some("needed"));
    assert_eq!(place.store.officer_count().await.unwrap(), 2);
}

fn proposal(proposer: &Officer) -> Proposal {
    Proposal {
        id: ProposalId::new(time(10)),
        act: "found-ca".to_owned(),
        content: "{}".to_owned(),
        sha256: [9; 32],
        proposer: proposer.id,
        state: ProposalState::Open,
        proposed_at: time(10),
        expires_at: time(1000),
        decided_at: None,
        outcome: None,
    }
}

async fn a_proposal_is_decided_once(place: Place) {
    let officers = enrol(&place, 2).await;
    let open = proposal(&officers[0]);
    place
        .commit(|change| _ = change.add_proposal(open.clone()))
        .await
        .unwrap();
    assert_eq!(place.store.proposal(open.id).await.unwrap(), Some(open.clone()));
    let decision = ProposalDecision {
        id: open.id,
        state: ProposalState::CarriedOut,
        at: time(20),
        outcome: None,
    };
    place
        .commit(|change| _ = change.decide_proposal(decision.clone()))
        .await
        .unwrap();
    let refusal = place
        .commit(|change| _ = change.decide_proposal(decision))
        .await
        .unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::StateChanged { .. })),
        "{refusal}"
    );
    let outcome = ProposalOutcome {
        id: open.id,
        outcome: "{\"ca\":\"x\"}".to_owned(),
    };
    place.commit(|change| _ = change.put_outcome(outcome)).await.unwrap();
    let filter = ProposalFilter::default();
    let decided = &place.store.proposal_page(filter, None, 10).await.unwrap().proposals[0];
    assert_eq!(
        (decided.state, decided.decided_at),
        (ProposalState::CarriedOut, Some(time(20)))
    );
    assert_eq!(decided.outcome.as_deref(), Some("{\"ca\":\"x\"}"));
}

async fn a_removed_officer_states_nothing(place: Place) {
    let officers = enrol(&place, 3).await;
    let open = proposal(&officers[0]);
    place
        .commit(|change| _ = change.add_proposal(open.clone()))
        .await
        .unwrap();
    let statement = |officer: &Officer, decision: &str| ProposalStatement {
        proposal: open.id,
        decision: decision.to_owned(),
        officer: officer.id,
        statement: "{}".to_owned(),
        signature: vec![1, 2, 3],
        received_at: time(11),
    };
    let proposed = statement(&officers[0], "propose");
    place
        .commit(|change| _ = change.add_statement(proposed.clone()))
        .await
        .unwrap();
    let twice = place
        .commit(|change| _ = change.add_statement(proposed.clone()))
        .await
        .unwrap_err();
    assert!(matches!(twice.conflict(), Some(Conflict::Exists { .. })), "{twice}");
    assert_eq!(remove(&place, &officers[1]).await, None);
    let late = statement(&officers[1], "approve");
    let refusal = place.commit(|change| _ = change.add_statement(late)).await.unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::StateChanged { .. })),
        "{refusal}"
    );
    assert_eq!(place.store.statements_of(&[open.id]).await.unwrap(), [proposed]);
}

async fn what_a_removed_officer_proposed_is_not_carried_out(place: Place) {
    let officers = enrol(&place, 3).await;
    let open = proposal(&officers[0]);
    place
        .commit(|change| _ = change.add_proposal(open.clone()))
        .await
        .unwrap();
    assert_eq!(remove(&place, &officers[0]).await, None);
    let decision = |state| ProposalDecision {
        id: open.id,
        state,
        at: time(200),
        outcome: None,
    };
    let refusal = place
        .commit(|change| _ = change.decide_proposal(decision(ProposalState::CarriedOut)))
        .await
        .unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::StateChanged { what: "officer", .. })),
        "{refusal}"
    );
    assert_eq!(place.store.proposal(open.id).await.unwrap(), Some(open.clone()));
    place
        .commit(|change| _ = change.decide_proposal(decision(ProposalState::Rejected)))
        .await
        .unwrap();
}
