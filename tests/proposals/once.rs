//! An act, the approval that it rests on and what makes it known are one change: all of it comes, or none.

use chrono::TimeDelta;
use yinxin::crypto::key::{KeyAlgorithm, SoftwareKey, Suite};
use yinxin::keystore::token::TokenKeyAlgorithm;
use yinxin::service::actor::Actor;
use yinxin::service::certificates::FormerCertificate;
use yinxin::service::idempotency::{Begun, RequestEnd};
use yinxin::service::keys::NewKey;
use yinxin::service::proposals::{Act, Standing, Verdict};
use yinxin::service::recognition::{ListPublication, SignerStep};
use yinxin::store::IdempotentAnswer;
use yinxin::trust::list::EntityService;
use yinxin::x509::{Certificate, RevocationReason, SerialNumber};

use super::house::{House, Person, code, found, found_under};
use crate::support::soft_hsm::with_token;

/// An authority under a root, on P-256.
fn sub(name: &str) -> Act {
    found_under(Some("root-2"), name, NewKey::Make(KeyAlgorithm::P256))
}

/// The end of a request that somebody else took over, so that whatever goes with it is refused.
async fn taken_over(house: &House) -> RequestEnd {
    let begun = house
        .service
        .begin_request(&Actor::Operator, "POST /", "key", b"")
        .await;
    let Ok(Begun::Fresh(attempt)) = begun else {
        panic!("the key was used before");
    };
    house.service.release_request(attempt.clone()).await.unwrap();
    RequestEnd {
        attempt,
        answer: IdempotentAnswer {
            status: 200,
            body: Vec::new(),
        },
    }
}

/// Serial numbers of the authorities that the root certified.
async fn certified(house: &House) -> Vec<SerialNumber> {
    let certificates = house.store().await.authority_certificates("root-2").await.unwrap();
    let serial = |der: &Vec<u8>| Certificate::from_der(der).unwrap().serial().clone();
    // Its own is among them.
    let mut serials: Vec<_> = certificates.iter().map(serial).collect();
    let root = house
        .store()
        .await
        .certificate_authority("root-2")
        .await
        .unwrap()
        .unwrap();
    serials.retain(|serial| serial != Certificate::from_der(&root.certificate).unwrap().serial());
    serials
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_approvals_of_a_founding_one_counts_and_one_certificate_is_issued() {
    let (house, first, second) = House::with_two().await;
    house.agree(found("root-2"), &first, &second).await.unwrap();
    let third = Person::new("张三", Suite::National);
    let enrol = Act::EnrolOfficer(third.as_new_officer());
    house.agree(enrol, &first, &second).await.unwrap();
    let proposed = house.propose(sub("issuing-2"), &first).await.unwrap();
    house.approve_at_once(&proposed, [&second, &third]).await;
    assert_eq!(house.record(proposed.id).await.state, Standing::CarriedOut);
    assert_eq!(certified(&house).await.len(), 1);
}

#[tokio::test]
async fn an_approval_that_is_refused_leaves_no_certificate_behind() {
    let (house, first, second) = House::with_two().await;
    house.agree(found("root-2"), &first, &second).await.unwrap();
    let proposed = house.propose(sub("issuing-2"), &first).await.unwrap();
    let refused = house.approve_within(taken_over(&house).await, &proposed, &second);
    assert_eq!(code(refused.await), "idempotency-key-taken-over");
    assert_eq!(certified(&house).await, []);
    assert!(!house.has("issuing-2").await);
    // Nothing is wrong with the act: whoever took the request over approves it.
    house.decide(Verdict::Approve, &proposed, &second).await.unwrap();
    assert_eq!(certified(&house).await.len(), 1);
}

#[tokio::test]
async fn a_signer_of_lists_is_certified_with_the_list_that_names_it_or_not_at_all() {
    let house = House::new().await;
    house.service.found_city(&Actor::Operator, "云州市").await.unwrap();
    let (house, first, second) = house.and_two().await;
    let begin = Act::PublishList(ListPublication {
        signer: Some(SignerStep::Begin(Suite::International)),
        ..ListPublication::default()
    });
    let proposed = house.propose(begin, &first).await.unwrap();
    let refused = house.approve_within(taken_over(&house).await, &proposed, &second);
    assert_eq!(code(refused.await), "idempotency-key-taken-over");
    let store = house.store().await;
    let issued = store.certificates("issuing-international", None, 100).await.unwrap();
    let signers = issued.iter().filter(|row| row.profile == "list-signer");
    let known = signers.filter(|row| row.state != yinxin::store::CertificateState::Reserved);
    assert_eq!(known.count(), 1, "the first signer alone");
}

#[tokio::test]
async fn what_is_done_is_told_as_done_where_no_list_can_be_signed_after_it() {
    let (house, first, second) = House::with_two().await;
    house.agree(found("root-2"), &first, &second).await.unwrap();
    house.agree(sub("issuing-2"), &first, &second).await.unwrap();
    let serial = certified(&house).await.remove(0);
    std::fs::remove_file(house.folder.path().join("keys/root-2.key")).unwrap();
    let house = house.restarted().await;
    let revoke = Act::RevokeCa(FormerCertificate {
        ca: "root-2".to_owned(),
        serial: serial.clone(),
        reason: RevocationReason::CessationOfOperation,
        invalid_since: None,
    });
    let decided = house.agree(revoke, &first, &second).await.unwrap();
    let record = house.record(decided.id).await;
    assert_eq!(record.state, Standing::CarriedOut);
    assert_eq!(record.outcome.unwrap()["serial"], serial.to_string());
    let revoked = house.store().await.revocation("root-2", serial.as_bytes()).await;
    assert!(revoked.unwrap().is_some());
}

#[tokio::test]
async fn a_root_that_no_list_could_name_yet_comes_with_the_lists_that_are_due() {
    let house = House::new().await;
    house.service.found_city(&Actor::Operator, "云州市").await.unwrap();
    let (house, first, second) = house.and_two().await;
    let key = house.folder.path().join("keys/list-signer.key");
    let away = house.folder.path().join("list-signer.key");
    std::fs::rename(&key, &away).unwrap();
    let house = house.restarted().await;
    house.agree(found("root-2"), &first, &second).await.unwrap();
    let sequence = async |house: &House| house.service.recognition_list().await.unwrap().unwrap().sequence;
    assert!(house.has("root-2").await);
    assert_eq!(sequence(&house).await, 1);
    std::fs::rename(&away, &key).unwrap();
    for _ in 0..2 {
        house.service.renew_recognition_list().await.unwrap();
        assert_eq!(sequence(&house).await, 2, "once is enough");
    }
    let list = house.service.recognition_list().await.unwrap().unwrap();
    let own = list.entity(yinxin::trust::list::OWN_ENTITY).unwrap();
    let names_it = |service: &EntityService| service.certificate.subject().common_name() == Some("root-2");
    assert!(own.services.iter().any(names_it));
}

#[tokio::test]
async fn an_event_names_the_proposal_or_the_program_whoever_did_it() {
    let (house, first, second) = House::with_two().await;
    let decided = house.agree(found("root-2"), &first, &second).await.unwrap();
    house.clock.set(house.now() + TimeDelta::days(2));
    house.service.fresh_crl("root-2").await.unwrap();
    let events = house.events("root-2").await;
    let lists = events.iter().filter(|event| event.action == "crl.publish");
    let actors: Vec<_> = lists.map(|event| event.actor.clone()).collect();
    assert_eq!(actors, [format!("proposal:{}", decided.id), "program".to_owned()]);
}

#[tokio::test]
async fn where_a_key_comes_from_is_an_event() {
    let (house, first, second) = House::with_two().await;
    let decided = house.agree(found("root-2"), &first, &second).await.unwrap();
    let made = house.events("root-2").await;
    let made = made.iter().find(|event| event.action == "key.create").unwrap();
    assert_eq!(made.actor, format!("proposal:{}", decided.id));
    let (operator, key) = (Actor::Operator, SoftwareKey::generate(Suite::International).unwrap());
    let service = &house.service;
    let create = service.create_key(&operator, "made", KeyAlgorithm::P256);
    create.await.unwrap();
    let key = std::sync::Arc::new(key);
    for _ in 0..2 {
        service.import_key(&operator, "brought", &key).await.unwrap();
    }
    for (name, action) in [("made", "key.create"), ("brought", "key.import")] {
        let events = house.events(name).await;
        let actions: Vec<_> = events.iter().map(|event| event.action.as_str()).collect();
        assert_eq!(actions, [action]);
    }
}

#[test]
fn a_token_that_is_away_leaves_a_proposal_open_until_it_is_back() {
    with_token(
        "proposals::once::a_token_that_is_away_leaves_a_proposal_open_until_it_is_back",
        |hsm| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let house = House::with_token(Some(hsm.token())).await;
                let (house, first, second) = house.and_two().await;
                let algorithm = TokenKeyAlgorithm::P256;
                let key = house.service.create_key_on_token(&Actor::Operator, "root-2", algorithm);
                let root = found_under(None, "root-2", key.await.unwrap());
                house.agree(root, &first, &second).await.unwrap();
                let proposed = house.propose(sub("issuing-2"), &first).await.unwrap();
                hsm.remove();
                let away = house.decide(Verdict::Approve, &proposed, &second).await;
                assert_eq!(code(away), "token-absent");
                assert_eq!(house.record(proposed.id).await.state, Standing::Open);
                hsm.put_back();
                std::thread::sleep(std::time::Duration::from_millis(700));
                house.decide(Verdict::Approve, &proposed, &second).await.unwrap();
                assert_eq!(certified(&house).await.len(), 1);
            });
        },
    );
}
