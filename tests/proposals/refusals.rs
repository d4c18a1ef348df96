//! Each way in which one person, a former officer or a stranger might get something approved, with its refusal.

use chrono::TimeDelta;
use yinxin::crypto::key::Signer as _;
use yinxin::crypto::key::Suite;
use yinxin::service::certificates::CertificateId;
use yinxin::service::officers::FormerOfficer;
use yinxin::service::proposals::{Act, Decision, Quorum, SignedStatement, Standing, Statement, Step, Verdict};
use yinxin::x509::SerialNumber;

use super::house::{House, Person, code, found, target};

#[tokio::test]
async fn nobody_approves_or_rejects_an_own_proposal() {
    let (house, first, _) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    for verdict in [Verdict::Approve, Verdict::Reject] {
        assert_eq!(code(house.decide(verdict, &proposed, &first).await), "proposal-own");
    }
    assert!(!house.has("root-2").await);
}

#[tokio::test]
async fn a_statement_over_another_hash_is_refused() {
    let (house, first, second) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    let shown = house.content(found("root-9"), &first).await.hash();
    let signed = house
        .sign(Verdict::Approve, target(proposed.id, &shown, None), &second)
        .await;
    let refused = house
        .service
        .decide_proposal(proposed.id, Verdict::Approve, &signed, None)
        .await;
    assert_eq!(code(refused), "statement-other-hash");
}

#[tokio::test]
async fn a_statement_is_good_for_its_own_proposal_and_decision_alone() {
    let (house, first, second) = House::with_two().await;
    let harmless = house.propose(found("root-2"), &first).await.unwrap();
    let other = house.propose(found("root-3"), &first).await.unwrap();
    let signed = house
        .sign(Verdict::Approve, target(harmless.id, &harmless.hash, None), &second)
        .await;
    let elsewhere = house
        .service
        .decide_proposal(other.id, Verdict::Approve, &signed, None)
        .await;
    assert_eq!(code(elsewhere), "statement-other-proposal");
    let as_rejection = house
        .service
        .decide_proposal(harmless.id, Verdict::Reject, &signed, None)
        .await;
    assert_eq!(code(as_rejection), "statement-other-decision");
    let rejection = target(harmless.id, &harmless.hash, Some("r"));
    let rejection = house.sign(Verdict::Reject, rejection, &second).await;
    let as_approval = house
        .service
        .decide_proposal(harmless.id, Verdict::Approve, &rejection, None)
        .await;
    assert_eq!(code(as_approval), "statement-other-decision");
}

#[tokio::test]
async fn a_proposal_of_tomorrow_is_told_from_one_that_expired() {
    let (house, first, _) = House::with_two().await;
    let mut content = house.content(found("root-2"), &first).await;
    content.proposed += TimeDelta::days(1);
    let signed = house.sign_proposal(&content, &first);
    let ahead = house.service.propose(&content.canonical(), &signed, None).await;
    assert_eq!(code(ahead), "proposal-dated-ahead");
}

#[tokio::test]
async fn a_proposal_waits_for_as_many_officers_as_its_act_takes_or_more() {
    let (house, first, second) = House::with_two().await;
    let mut alone = house.content(found("root-2"), &first).await;
    alone.officers = Quorum::One;
    let signed = house.sign_proposal(&alone, &first);
    let refused = house.service.propose(&alone.canonical(), &signed, None).await;
    assert_eq!(code(refused), "proposal-officers");
    assert!(!house.has("root-2").await);
    let hold = Act::HoldCertificate(CertificateId {
        ca: "root-2".to_owned(),
        serial: SerialNumber::from_content(&[1]),
    });
    let mut careful = house.content(hold, &first).await;
    assert_eq!(careful.officers, Quorum::One);
    careful.officers = Quorum::Two;
    let signed = house.sign_proposal(&careful, &first);
    let waits = house
        .service
        .propose(&careful.canonical(), &signed, None)
        .await
        .unwrap();
    assert_eq!(waits.state, "open");
    house.decide(Verdict::Reject, &waits, &second).await.unwrap();
}

#[tokio::test]
async fn an_expired_proposal_is_not_approved() {
    let (house, first, second) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    house.clock.set(house.now() + TimeDelta::days(7));
    let late = house.decide(Verdict::Approve, &proposed, &second).await;
    assert_eq!(code(late), "proposal-expired");
    assert_eq!(house.record(proposed.id).await.state, Standing::Expired);
    let content = house.content(found("root-3"), &first).await;
    let signed = house.sign_proposal(&content, &first);
    house.clock.set(house.now() + TimeDelta::days(8));
    let fresh = SignedStatement::sign(
        &content.instance,
        Decision::About(Step::Propose, target(content.id, &content.hash(), None)),
        house.now(),
        &first.key,
    );
    let stale = house.service.propose(&content.canonical(), &fresh.unwrap(), None).await;
    assert_eq!(code(stale), "proposal-expired");
    let old = house.service.propose(&content.canonical(), &signed, None).await;
    assert_eq!(code(old), "statement-time");
}

#[tokio::test]
async fn a_removed_officer_decides_nothing_and_takes_along_what_was_proposed() {
    let (house, first, second) = House::with_two().await;
    let third = Person::new("张三", Suite::International);
    house
        .agree(Act::EnrolOfficer(third.as_new_officer()), &first, &second)
        .await
        .unwrap();
    let by_third = house.propose(found("root-2"), &third).await.unwrap();
    let by_first = house.propose(found("root-3"), &first).await.unwrap();
    let former = FormerOfficer {
        officer: house.officer(&third).await.id,
    };
    house.agree(Act::RemoveOfficer(former), &first, &second).await.unwrap();
    assert_eq!(
        code(house.decide(Verdict::Approve, &by_first, &third).await),
        "officer-removed"
    );
    assert_eq!(code(house.propose(found("root-4"), &third).await), "officer-removed");
    assert_eq!(
        code(house.decide(Verdict::Approve, &by_third, &first).await),
        "proposal-proposer-removed"
    );
    house.decide(Verdict::Reject, &by_third, &first).await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_not_the_enrolled_one_is_refused_with_and_without_its_name() {
    let (house, first, second) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    let impostor = Person::new("李二", Suite::International);
    assert_eq!(
        code(house.decide(Verdict::Approve, &proposed, &impostor).await),
        "officer-unknown"
    );
    let good = house
        .sign(Verdict::Approve, target(proposed.id, &proposed.hash, None), &second)
        .await;
    let forged = SignedStatement {
        signature: impostor.key.sign(good.text.as_bytes()).unwrap(),
        text: good.text,
    };
    let refused = house
        .service
        .decide_proposal(proposed.id, Verdict::Approve, &forged, None)
        .await;
    assert_eq!(code(refused), "officer-signature");
}

#[tokio::test]
async fn a_statement_for_another_instance_or_another_time_is_refused() {
    let (house, first, second) = House::with_two().await;
    let proposed = house.propose(found("root-2"), &first).await.unwrap();
    let instance = house.service.instance().await.unwrap();
    let ages = [
        (instance.as_str(), TimeDelta::hours(25), "statement-time"),
        (&instance, TimeDelta::minutes(-6), "statement-time"),
        ("another", TimeDelta::zero(), "statement-other-instance"),
    ];
    for (instance, age, expected) in ages {
        let decision = Verdict::Approve.of(target(proposed.id, &proposed.hash, None));
        let signed = SignedStatement::sign(instance, decision, house.now() - age, &second.key).unwrap();
        let refused = house
            .service
            .decide_proposal(proposed.id, Verdict::Approve, &signed, None)
            .await;
        assert_eq!(code(refused), expected, "{age}");
    }
}

#[tokio::test]
async fn a_proposal_in_the_name_of_another_is_refused() {
    let (house, first, second) = House::with_two().await;
    let content = house.content(found("root-2"), &first).await;
    let signed = house.sign_proposal(&content, &second);
    let refused = house.service.propose(&content.canonical(), &signed, None).await;
    assert_eq!(code(refused), "proposal-of-another");
    let own = house.sign_proposal(&content, &first);
    let changed = content.canonical().replace("root-2", "root-9");
    assert_eq!(
        code(house.service.propose(&changed, &own, None).await),
        "statement-other-hash"
    );
}

#[tokio::test]
async fn a_statement_that_asks_to_see_is_good_for_nothing_else_and_not_for_long() {
    let (house, first, second) = House::with_two().await;
    let instance = house.service.instance().await.unwrap();
    let read = |age| {
        let text = Statement::new(&instance, first.key.public_key(), Decision::Read, house.now() - age).text();
        let signature = first.key.sign(text.as_bytes()).unwrap();
        SignedStatement { text, signature }
    };
    house.service.officer_reading(&read(TimeDelta::zero())).await.unwrap();
    let old = house.service.officer_reading(&read(TimeDelta::minutes(6))).await;
    assert_eq!(code(old), "statement-time");
    let proposed = house.propose(found("root-2"), &second).await.unwrap();
    let as_approval = read(TimeDelta::zero());
    let refused = house
        .service
        .decide_proposal(proposed.id, Verdict::Approve, &as_approval, None)
        .await;
    assert_eq!(code(refused), "statement-other-decision");
    let as_proposal = house.content(found("root-3"), &first).await.canonical();
    let refused = house
        .service
        .propose(&as_proposal, &read(TimeDelta::zero()), None)
        .await;
    assert_eq!(code(refused), "statement-other-decision");
}
