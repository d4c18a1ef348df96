//! Acts that need two people: who may propose and decide, what is refused, and what anyone can check afterwards.

pub(crate) mod house;
mod officers;
mod once;
mod records;
mod refusals;

use chrono::TimeDelta;
use yinxin::service::actor::Actor;
use yinxin::service::proposals::{Standing, Verdict};
use yinxin::store::ProposalCursor;

use house::{House, Person, code, found, is_conflict, target};

#[tokio::test]
async fn an_act_is_done_when_another_officer_approves_it_and_never_before() {
    let (house, first, second) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    assert_eq!(proposed.state, "open");
    assert!(!house.has("root-2").await);
    let decided = house.decide(Verdict::Approve, &proposed, &second).await.unwrap();
    assert_eq!(decided.state, "carried-out");
    assert!(house.has("root-2").await);
    let record = house.record(proposed.id).await;
    assert_eq!(record.state, Standing::CarriedOut);
    assert_eq!(record.outcome.as_ref().unwrap()["ca"], "root-2");
    record.check(&[]).unwrap();
}

#[tokio::test]
async fn the_event_of_the_act_names_the_proposal() {
    let (house, first, second) = House::with_two().await;
    let decided = house.agree(found("root-2"), &first, &second).await.unwrap();
    let events = house.events("root-2").await;
    let founded = events.iter().find(|event| event.action == "ca.found").unwrap();
    assert_eq!(founded.actor, format!("proposal:{}", decided.id));
}

#[tokio::test]
async fn a_proposal_is_carried_out_once() {
    let (house, first, second) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    house.decide(Verdict::Approve, &proposed, &second).await.unwrap();
    let again = house.decide(Verdict::Approve, &proposed, &second).await;
    assert!(is_conflict(&again));
    assert_eq!(code(again), "proposal-not-open");
    let founded = house.events("root-2").await;
    assert_eq!(founded.iter().filter(|event| event.action == "ca.found").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_approvals_at_the_same_time_one_counts() {
    let (house, first, second) = House::with_two().await;
    let third = Person::new("张三", yinxin::crypto::key::Suite::National);
    let enrol = yinxin::service::proposals::Act::EnrolOfficer(third.as_new_officer());
    house.agree(enrol, &first, &second).await.unwrap();
    let fourth = Person::new("赵四", yinxin::crypto::key::Suite::National);
    let enrol = yinxin::service::proposals::Act::EnrolOfficer(fourth.as_new_officer());
    let proposed = house.propose(enrol, &first).await.unwrap();
    house.approve_at_once(&proposed, [&second, &third]).await;
    let record = house.record(proposed.id).await;
    assert_eq!((record.state, record.statements.len()), (Standing::CarriedOut, 2));
    record.check(&[]).unwrap();
}

#[tokio::test]
async fn an_act_that_is_refused_ends_its_proposal_with_the_reason() {
    let (house, first, second) = House::with_two().await;
    house.agree(found("root-2"), &first, &second).await.unwrap();
    let proposed = house.propose(found("root-2"), &second).await.unwrap();
    let refused = house.decide(Verdict::Approve, &proposed, &first).await;
    assert_eq!(code(refused), "already-exists");
    let record = house.record(proposed.id).await;
    assert_eq!(record.state, Standing::Failed);
    assert_eq!(
        record.outcome.as_ref().unwrap()["problems"][0]["code"],
        "already-exists"
    );
    record.check(&[]).unwrap();
    let again = house.decide(Verdict::Approve, &proposed, &first).await;
    assert_eq!(code(again), "proposal-not-open");
}

#[tokio::test]
async fn another_officer_rejects_with_a_reason_and_the_proposer_takes_back() {
    let (house, first, second) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    let silent = house
        .sign(Verdict::Reject, target(proposed.id, &proposed.hash, Some(" ")), &second)
        .await;
    let silent = house
        .service
        .decide_proposal(proposed.id, Verdict::Reject, &silent, None)
        .await;
    assert_eq!(code(silent), "rejection-without-reason");
    let rejected = house.decide(Verdict::Reject, &proposed, &second).await.unwrap();
    assert_eq!(rejected.state, "rejected");
    let late = house.decide(Verdict::Approve, &proposed, &second).await;
    assert_eq!(code(late), "proposal-not-open");

    let proposed = house.propose(found("root-3"), &first).await.unwrap();
    let strange = house.decide(Verdict::Withdraw, &proposed, &second).await;
    assert_eq!(code(strange), "proposal-not-proposer");
    let withdrawn = house.decide(Verdict::Withdraw, &proposed, &first).await.unwrap();
    assert_eq!(withdrawn.state, "withdrawn");
    for id in [rejected.id, withdrawn.id] {
        house.record(id).await.check(&[]).unwrap();
    }
    assert!(!house.has("root-2").await && !house.has("root-3").await);
}

#[tokio::test]
async fn an_operator_sees_proposals_and_a_department_does_not() {
    let (house, first, _) = House::with_two().await;
    house.propose(found("root-2"), &first).await.unwrap();
    let listed = async |standing| {
        let page = house.service.proposals(&Actor::Operator, Some(standing), None, 50);
        page.await.unwrap().proposals.len()
    };
    assert_eq!((listed(Standing::Open).await, listed(Standing::Failed).await), (1, 0));
    assert_eq!(
        code(house.service.proposals(&Actor::Anonymous, None, None, 50).await),
        "officer-statement-missing"
    );
}

#[tokio::test]
async fn what_waits_is_found_behind_any_number_of_acts_that_were_done_at_once() {
    let (house, first, second) = House::with_two().await;
    let expired = house.propose(found("root-2"), &first).await.unwrap();
    house.clock.set(house.now() + TimeDelta::days(8));
    let open = house.propose(found("root-3"), &first).await.unwrap();
    for _ in 0..5 {
        house.clock.set(house.now() + TimeDelta::minutes(1));
        let done = house.propose(found("root-4"), &first).await.unwrap();
        house.decide(Verdict::Withdraw, &done, &first).await.unwrap();
    }
    house.decide(Verdict::Approve, &expired, &second).await.unwrap_err();
    let page = async |standing, after: Option<&ProposalCursor>| {
        let page = house
            .service
            .proposals(&Actor::Operator, standing, after, 3)
            .await
            .unwrap();
        let ids: Vec<_> = page.proposals.iter().map(|record| record.id).collect();
        assert!(page.proposals.iter().all(|record| record.check(&[]).is_ok()));
        (ids, page.next)
    };
    assert_eq!(page(Some(Standing::Open), None).await, (vec![open.id], None));
    assert_eq!(page(Some(Standing::Expired), None).await, (vec![expired.id], None));
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (ids, next) = page(None, after.as_ref()).await;
        all.extend(ids);
        let Some(next) = next else { break };
        after = Some(next);
    }
    assert_eq!(all.len(), 7);
    assert_eq!(all[5..], [open.id, expired.id]);
}
