//! What an auditor finds: the record of a proposal and its events prove themselves, and a changed one does not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin::crypto::PublicKey;
use yinxin::crypto::key::Signer as _;
use yinxin::service::proposals::{Content, ProposalRecord, RecordError, SignedStatement, Verdict, key_digest};

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
    assert_eq!(rehashed, RecordError::OtherTarget("propose".to_owned()));
    let unapproved = changed(|record| {
        record.statements.pop();
    });
    assert_eq!(unapproved, RecordError::Unfounded("carried-out".to_owned()));
    let unproposed = changed(|record| {
        record.statements.remove(0);
    });
    assert_eq!(unproposed, RecordError::Unfounded("carried-out".to_owned()));
    assert!(matches!(
        changed(|record| record.statements[1].statement = record.statements[1].statement.replace("approve", "reject")),
        RecordError::Statement { .. }
    ));
    let swapped = changed(|record| record.statements[1].public_key = record.statements[0].public_key.clone());
    assert!(matches!(swapped, RecordError::Statement { .. }));
    let encoding = changed(|record| record.statements[0].signature = "?".to_owned());
    assert_eq!(encoding, RecordError::Encoding);
    let state = changed(|record| record.state = "withdrawn".to_owned());
    assert_eq!(state, RecordError::Unfounded("withdrawn".to_owned()));
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
    assert_eq!(record.check(&[]), Err(RecordError::Unfounded("carried-out".to_owned())));
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
        assert_eq!(statement.decision.target().unwrap().hash, content.hash());
    }
}
