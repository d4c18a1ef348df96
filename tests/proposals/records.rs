//! What an auditor finds: the record of a proposal and its events prove themselves, and a changed one does not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use yinxin::crypto::PublicKey;
use yinxin::crypto::key::{Signer as _, Suite};
use yinxin::id::OfficerId;
use yinxin::service::certificates::CertificateId;
use yinxin::service::proposals::{
    Act, Content, Decision, ProposalRecord, Quorum, RecordError, RecordedStatement, SignedStatement, Standing, Step,
    Verdict, key_digest,
};
use yinxin::x509::SerialNumber;

use super::house::{House, Person, found, target};

async fn carried_out() -> (House, Person, Person, ProposalRecord) {
    let (house, first, second) = House::with_two().await;
    let decided = house.agree(found("root-2"), &first, &second).await.unwrap();
    let record = house.record(decided.id).await;
    (house, first, second, record)
}

#[tokio::test]
async fn a_record_is_checked_by_the_keys_that_the_auditor_relies_on() {
    let (_, first, second, record) = carried_out().await;
    let [first, second] = [first, second].map(|person| key_digest(person.key.public_key()));
    record.check(&[first, second]).unwrap();
    assert!(matches!(record.check(&[first]), Err(RecordError::StrangeKey(_))));
    let travelled: ProposalRecord = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
    travelled.check(&[first, second]).unwrap();
}

/// The record of a release, which a certificate decides how many officers it takes, with what they stated.
fn release(officers: Quorum, steps: &[(&Person, Step)]) -> ProposalRecord {
    let now = "2026-11-01T02:00:00Z".parse().unwrap();
    let act = Act::ReleaseCertificate(CertificateId {
        ca: "issuing".to_owned(),
        serial: SerialNumber::from_content(&[1]),
    });
    let proposer = key_digest(steps[0].0.key.public_key());
    let content = Content::new(
        "instance",
        &proposer,
        (act, officers),
        "为测试",
        now,
        TimeDelta::days(7),
    );
    let stated = |(person, step): &(&Person, Step)| {
        let decision = Decision::About(*step, target(content.id, &content.hash(), None));
        let signed = SignedStatement::sign("instance", decision, now, &person.key).unwrap();
        RecordedStatement {
            decision: *step,
            officer: OfficerId::new(now),
            name: person.name.to_owned(),
            organisation: "云州市".to_owned(),
            public_key: STANDARD.encode(person.key.public_key().spki()),
            statement: signed.text,
            signature: STANDARD.encode(signed.signature),
        }
    };
    ProposalRecord {
        id: content.id,
        state: Standing::CarriedOut,
        act: content.act.name().to_owned(),
        hash: content.hash(),
        content: content.canonical(),
        expires: content.expires,
        decided: Some(now),
        outcome: None,
        statements: steps.iter().map(stated).collect(),
    }
}

#[test]
fn how_many_officers_an_act_waited_for_is_signed_so_that_no_approval_is_left_out() {
    let [first, second] = ["王一", "李二"].map(|name| Person::new(name, Suite::International));
    let proposed = (&first, Step::Propose);
    release(Quorum::One, &[proposed]).check(&[]).unwrap();
    let approved = release(Quorum::Two, &[proposed, (&second, Step::Approve)]);
    approved.check(&[]).unwrap();
    let unfounded = Err(RecordError::Unfounded(Standing::CarriedOut));
    assert_eq!(release(Quorum::Two, &[proposed]).check(&[]), unfounded);
    let by_oneself = release(Quorum::Two, &[proposed, (&first, Step::Approve)]);
    assert_eq!(by_oneself.check(&[]), unfounded);
}

#[tokio::test]
async fn a_record_that_was_changed_does_not_hold() {
    let (_, _, _, record) = carried_out().await;
    let changed = |change: fn(&mut ProposalRecord)| {
        let mut record = record.clone();
        change(&mut record);
        record.check(&[]).unwrap_err()
    };
    assert_eq!(
        changed(|record| record.content = record.content.replace("root-2", "root-9")),
        RecordError::Hash
    );
    let rehashed = changed(|record| {
        record.content = record.content.replace("root-2", "root-9");
        record.hash = Content::parse(&record.content).unwrap().hash();
    });
    assert_eq!(rehashed, RecordError::OtherTarget(Step::Propose));
    let unapproved = changed(|record| {
        record.statements.pop();
    });
    assert_eq!(unapproved, RecordError::Unfounded(Standing::CarriedOut));
    let unproposed = changed(|record| {
        record.statements.remove(0);
    });
    assert_eq!(unproposed, RecordError::Unfounded(Standing::CarriedOut));
    assert!(matches!(
        changed(|record| record.statements[1].statement = record.statements[1].statement.replace("approve", "reject")),
        RecordError::Statement { .. }
    ));
    let swapped = changed(|record| record.statements[1].public_key = record.statements[0].public_key.clone());
    assert!(matches!(swapped, RecordError::Statement { .. }));
    let encoding = changed(|record| record.statements[0].signature = "?".to_owned());
    assert_eq!(encoding, RecordError::Encoding);
    let state = changed(|record| record.state = Standing::Withdrawn);
    assert_eq!(state, RecordError::Unfounded(Standing::Withdrawn));
}

#[tokio::test]
async fn an_approval_by_the_proposer_does_not_found_the_record() {
    let (house, first, _, mut record) = carried_out().await;
    let own = house
        .sign(Verdict::Approve, target(record.id, &record.hash, None), &first)
        .await;
    record.statements[1].public_key = STANDARD.encode(first.key.public_key().spki());
    record.statements[1].statement = own.text;
    record.statements[1].signature = STANDARD.encode(own.signature);
    assert_eq!(record.check(&[]), Err(RecordError::Unfounded(Standing::CarriedOut)));
}

#[tokio::test]
async fn an_approval_signed_after_the_end_does_not_found_the_record() {
    let (house, _, second, mut record) = carried_out().await;
    house.clock.set(record.expires);
    let late = house
        .sign(Verdict::Approve, target(record.id, &record.hash, None), &second)
        .await;
    record.statements[1].statement = late.text;
    record.statements[1].signature = STANDARD.encode(late.signature);
    assert_eq!(record.check(&[]), Err(RecordError::Late));
}

#[tokio::test]
async fn the_events_alone_prove_who_decided_what() {
    let (house, first, second, record) = carried_out().await;
    let events = house.events(&record.id.to_string()).await;
    let detail = |action: &str| -> serde_json::Value {
        let event = events.iter().find(|event| event.action == action).unwrap();
        assert!(event.is_intact());
        serde_json::from_slice(&event.detail.as_ref().unwrap().0).unwrap()
    };
    let content = Content::parse(detail("proposal.propose")["content"].as_str().unwrap()).unwrap();
    for (action, person) in [("proposal.propose", &first), ("proposal.approve", &second)] {
        let detail = detail(action);
        let decode = |name: &str| STANDARD.decode(detail[name].as_str().unwrap()).unwrap();
        let key = PublicKey::from_spki(&decode("publicKey")).unwrap();
        assert_eq!(key.spki(), person.key.public_key().spki());
        let signed = SignedStatement {
            text: detail["statement"].as_str().unwrap().to_owned(),
            signature: decode("signature"),
        };
        let statement = signed.verify(&key).unwrap();
        let Decision::About(step, about) = statement.decision else {
            panic!("{action}: {statement:?}");
        };
        assert_eq!(
            (format!("proposal.{step}").as_str(), about.hash),
            (action, content.hash())
        );
    }
}
