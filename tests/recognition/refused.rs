//! What is refused, and that a list which cannot be relied on is told of and widens nothing.

use std::sync::Arc;

use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::TimeDelta;
use yinxin::clock::{Clock, ManualClock};
use yinxin::crypto::key::Suite;
use yinxin::service::Parts;
use yinxin::service::actor::Actor;
use yinxin::service::proposals::Act;
use yinxin::service::recognition::{ListPublication, PartnerSigner, SignerStep};
use yinxin::service::spool::Spool;
use yinxin::store::{Change, RecognitionList, Store, StoreSettings};
use yinxin::trust::list::{Follower, SignedList, SignerId, StatusReason};

use super::{change, city, code, partner, recognition};
use crate::support::acts::decide;
use crate::support::app::{TestApp, fonts, own_stamping, previews, request};

fn store(app: &TestApp) -> Store {
    let settings = StoreSettings::at(format!("sqlite:{}", app.folder.path().join("yinxin.sqlite").display()));
    app.wait(Store::open(&settings)).unwrap()
}

#[test]
fn a_partner_does_not_claim_bodies_of_ours() {
    let (app, partner) = (city(), partner());
    for regions in [&["159901"][..], &["159900"], &[]] {
        let mut new = recognition(&app, &partner, "root-international");
        new.bounds.as_mut().unwrap().regions = regions.iter().map(|region| region.parse().unwrap()).collect();
        let refused = app.wait(async { decide(&app.service, Act::Recognise(new.clone())).await });
        assert_eq!(code(refused), "list-overlapping-regions", "{regions:?}");
    }
}

#[test]
fn what_is_no_authority_or_known_already_is_not_recognised() {
    let (app, partner) = (city(), partner());
    let new = recognition(&app, &partner, "root-international");
    app.wait(async {
        let service = &app.service;
        let mut broken = new.clone();
        broken.certificate = BASE64_STANDARD.encode([0x30, 0]);
        assert_eq!(
            code(decide(service, Act::Recognise(broken.clone())).await),
            "certificate-unusable"
        );
        let mut nothing = new.clone();
        nothing.services.clear();
        assert_eq!(
            code(decide(service, Act::Recognise(nothing.clone())).await),
            "list-no-service"
        );
        let mut unnamed = new.clone();
        unnamed.names = None;
        assert_eq!(
            code(decide(service, Act::Recognise(unnamed.clone())).await),
            "field-required"
        );
        decide(service, Act::Recognise(new.clone())).await.unwrap();
        let twice = decide(service, Act::Recognise(new.clone())).await;
        assert_eq!(code(twice), "list-duplicate-certificate");
        let backdated = change(StatusReason::Ceased, Some("2026-01-01T00:00:00Z"));
        let backdated = decide(service, Act::Withdraw(backdated.clone())).await;
        assert_eq!(code(backdated), "list-backdated");
        let mut stranger = change(StatusReason::Investigation, None);
        stranger.entity = "nobody".to_owned();
        assert_eq!(code(decide(service, Act::Suspend(stranger.clone())).await), "not-found");
        let resumed = change(StatusReason::Cleared, None);
        let resumed = decide(service, Act::Resume(resumed.clone())).await;
        assert_eq!(code(resumed), "recognition-unchanged");
    });
    let list = app.wait(app.service.recognition_list()).unwrap().unwrap();
    assert_eq!(list.sequence, 3, "a refusal publishes nothing");
}

#[test]
fn a_list_of_a_stranger_in_the_store_widens_nothing_and_is_told_of() {
    let (app, partner) = (city(), partner());
    assert_eq!(app.ask(request("GET", "/readyz", None, "")).status, StatusCode::OK);
    let before = app.service.trust().anchors().len();
    let forged = app.wait(partner.service.published_recognition_list(None)).unwrap();
    let mut planted = Change::new();
    planted.publish_recognition_list(RecognitionList {
        sequence: 9,
        sha256: [0; 32],
        signed: forged.bytes.to_vec(),
        issued_at: app.service.now(),
        next_update: app.service.now(),
    });
    app.wait(store(&app).commit(planted)).unwrap();
    app.wait(app.service.reload_trust()).unwrap();
    assert_eq!(app.service.trust().anchors().len(), before);
    assert_eq!(app.service.trust().list_sequence(), Some(2));
    let ready = app.ask(request("GET", "/readyz", None, ""));
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.code(), "list-unknown-signer");
    // A program that starts now relies on nobody.
    let started = app.another_program();
    assert_eq!(started.trust().anchors().len(), 0);
    assert_eq!(started.trust_faults()[0].code, "list-unknown-signer");
}

#[test]
fn a_list_is_renewed_in_time_and_one_that_was_not_is_told_of() {
    let app = city();
    let clock = Arc::new(ManualClock::at(app.service.now()));
    let parts = Parts {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        store: store(&app),
        keys: app.keys(),
        fonts: Box::new(|| Ok(fonts())),
        licence_types: None,
        profiles: Vec::new(),
        public_url: "https://licences.example".to_owned(),
        stamping: own_stamping(),
        spool: Spool::default(),
        previews: previews(),
    };
    let service = app.wait(yinxin::service::Service::start(parts)).unwrap();
    let start = app.service.now();
    let sequence = || app.wait(service.recognition_list()).unwrap().unwrap().sequence;
    clock.set(start + TimeDelta::days(14));
    app.wait(service.renew_recognition_list()).unwrap();
    assert_eq!(sequence(), 2);
    clock.set(start + TimeDelta::days(31));
    assert_eq!(service.trust_faults()[0].code, "list-stale");
    app.wait(service.publish_due_lists()).unwrap();
    assert_eq!((sequence(), service.trust_faults()), (3, Vec::new()));
}

#[test]
fn the_signer_of_the_list_is_certified_anew_before_its_certificate_ends_and_keeps_its_key() {
    let app = TestApp::new(Suite::International);
    let published = || app.wait(app.service.published_recognition_list(None)).unwrap();
    let first = SignedList::parse(&published().bytes).unwrap();
    let known = app.wait(app.service.recognition_list()).unwrap().unwrap().signers;
    let ends = known[0].validity().not_after;
    let mut follower = Follower::trusting_first(&first).unwrap();
    // Nobody looked after it for a while: the certificate has ended already.
    app.clock.set(ends + TimeDelta::days(40));
    app.wait(app.service.publish_due_lists()).unwrap();
    follower
        .follow(&SignedList::parse(&published().bytes).unwrap())
        .unwrap();
    let signer = app
        .wait(app.service.recognition_list())
        .unwrap()
        .unwrap()
        .signers
        .remove(0);
    assert!(signer.validity().not_after > ends);
    assert_eq!(signer.key_identity(), known[0].key_identity());
    assert_eq!(app.service.trust_faults(), Vec::new());
}

#[test]
fn a_list_that_says_to_be_where_ours_is_does_not_name_who_signs_ours() {
    let (app, impostor) = (city(), TestApp::new(Suite::International));
    let theirs = app.wait(impostor.service.published_recognition_list(None)).unwrap();
    let import = app
        .service
        .import_partner_list(&Actor::Operator, "impostor", &theirs.bytes, &PartnerSigner::First);
    assert_eq!(code_of(app.wait(import)), "list-at-our-address");
    let list = app.wait(app.service.recognition_list()).unwrap().unwrap();
    assert_eq!((list.signers.len(), list.pointers.len()), (1, 0));
}

#[test]
fn whatever_partners_say_of_themselves_our_own_list_is_published() {
    let (app, partner) = (city(), partner());
    let theirs = app.wait(partner.service.published_recognition_list(None)).unwrap();
    let import = |name: &'static str, bytes: Vec<u8>| {
        app.wait(async {
            let signer = PartnerSigner::First;
            app.service
                .import_partner_list(&Actor::Operator, name, &bytes, &signer)
                .await
        })
    };
    // Our address, written otherwise.
    let impostor = TestApp::at("http://licences.example", Suite::International);
    let ours = app.wait(impostor.service.published_recognition_list(None)).unwrap();
    assert_eq!(code_of(import("impostor", ours.bytes.to_vec())), "list-at-our-address");
    // Two say to be at one place: the list points to the first that was taken in.
    let double = TestApp::at("http://partner.example", Suite::International);
    let second = app.wait(double.service.published_recognition_list(None)).unwrap();
    import("b", theirs.bytes.to_vec()).unwrap();
    import("c", second.bytes.to_vec()).unwrap();
    let published = || {
        app.wait(async {
            let publication = ListPublication::default();
            decide(&app.service, Act::PublishList(publication.clone()))
                .await
                .unwrap()
        })
    };
    let list = published();
    let locations: Vec<_> = list.pointers.iter().map(|pointer| pointer.location.as_str()).collect();
    assert_eq!(locations, ["https://partner.example/api/v1/trust-list"]);
    for name in ["b", "c"] {
        app.wait(app.service.forget_partner_list(&Actor::Operator, name))
            .unwrap();
    }
    assert!(published().pointers.is_empty());
    let again = app.wait(app.service.forget_partner_list(&Actor::Operator, "b"));
    assert_eq!(code_of(again), "not-found");
    let stranger = app.wait(app.service.forget_partner_list(&Actor::Anonymous, "b"));
    assert!(matches!(stranger, Err(yinxin::service::error::ServiceError::Denied(_))));
}

#[test]
fn a_partners_list_is_followed_from_a_signer_that_is_pinned() {
    let (app, partner) = (city(), partner());
    let service = &app.service;
    let published = |sequence| {
        app.wait(partner.service.published_recognition_list(sequence))
            .unwrap()
            .bytes
    };
    let import = |bytes: &[u8], signer: &PartnerSigner| {
        app.wait(service.import_partner_list(&Actor::Operator, "partner", bytes, signer))
    };
    let first = published(None);
    assert_eq!(code_of(import(&first, &PartnerSigner::Known)), "not-found");
    let stranger = PartnerSigner::Key(SignerId([7; 32]));
    assert_eq!(code_of(import(&first, &stranger)), "list-unknown-signer");
    let list = app.wait(partner.service.recognition_list()).unwrap().unwrap();
    let signer = PartnerSigner::Key(SignerId::of(&list.signers[0]));
    let imported = import(&first, &signer).unwrap();
    assert_eq!((imported.list.sequence, imported.withdrawn_there.len()), (1, 0));
    assert_eq!(code_of(import(&first, &signer)), "already-exists");

    // The signer changes: the old one names the new one, which takes over.
    for step in [SignerStep::Begin(Suite::National), SignerStep::Complete] {
        let publication = ListPublication {
            signer: Some(step),
            ..ListPublication::default()
        };
        app.wait(async {
            let service = &partner.service;
            decide(service, Act::PublishList(publication.clone())).await.unwrap();
            let again = decide(service, Act::PublishList(publication.clone())).await;
            let expected = match step {
                SignerStep::Begin(_) => "list-signer-changing",
                SignerStep::Complete => "list-signer-unchanged",
            };
            assert_eq!(code(again), expected);
        });
    }
    assert_eq!(
        code_of(import(&published(Some(3)), &PartnerSigner::Known)),
        "list-unknown-signer"
    );
    for sequence in [2, 3] {
        let imported = import(&published(Some(sequence)), &PartnerSigner::Known).unwrap();
        assert_eq!(imported.list.sequence, sequence);
    }
    assert_eq!(code_of(import(&first, &PartnerSigner::Known)), "list-unknown-signer");
    assert_eq!(
        code_of(import(&published(Some(2)), &PartnerSigner::Known)),
        "list-unknown-signer"
    );
    let next = app.wait(async {
        let publication = ListPublication::default();
        decide(service, Act::PublishList(publication.clone())).await
    });
    assert_eq!(
        next.unwrap().pointers[0].location,
        "https://partner.example/api/v1/trust-list"
    );
}

fn code_of<T: std::fmt::Debug>(result: Result<T, yinxin::service::error::ServiceError>) -> String {
    use yinxin::problem::Explain;
    result.unwrap_err().problems()[0].code.to_owned()
}
