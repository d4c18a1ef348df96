//! The life of a recognition, seen on a licence that the partner sealed.

use chrono::TimeDelta;
use yinxin::service::proposals::{Act, Quorum};
use yinxin::service::recognition::{AssuranceRow, AssuranceTable, NewRecognition};
use yinxin::trust::Service;
use yinxin::trust::list::{OWN_ENTITY, Status, StatusReason};

use super::{change, city, code, partner, recognise, recognition};
use crate::support::acts::decide;
use crate::support::app::TestApp;

/// Indication of the first signature, its first reason, and the number of the list behind both.
fn judged(app: &TestApp, document: &[u8]) -> (String, String, u64) {
    let report = app.wait(app.service.verify_document(document.to_vec(), None)).unwrap();
    let report = serde_json::to_value(&report).unwrap();
    let signature = &report["signatures"][0];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    // Both cities are the same made-up one, so that theirs sign in the name of ours, too.
    let mut codes = signature["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| &reason["code"]);
    let reason = codes.find(|code| **code != "own-body-certified-elsewhere");
    (
        text(&signature["indication"]),
        reason.map(text).unwrap_or_default(),
        report["list_sequence"].as_u64().unwrap(),
    )
}

#[test]
fn a_licence_of_a_partner_is_relied_on_while_and_as_far_as_it_is_recognised() {
    let (app, partner) = (city(), partner());
    let document = partner.document(&partner.issue(0));
    assert_eq!(judged(&app, &document).0, "INDETERMINATE");

    let list = recognise(&app, &partner, "159903");
    assert_eq!((list.sequence, list.entity("partner").unwrap().services.len()), (4, 8));
    assert_eq!(judged(&app, &document), ("TOTAL-PASSED".into(), String::new(), 4));

    let investigated = change(StatusReason::Investigation, None);
    let list = app.wait(async { decide(&app.service, Act::Suspend(investigated.clone())).await });
    let list = list.unwrap();
    let history = &list.entity("partner").unwrap().services[0].history;
    assert_eq!(history.latest().unwrap().status, Status::Suspended);
    let cleared = change(StatusReason::Cleared, Some("2026-01-01T00:00:00Z"));
    app.wait(async { decide(&app.service, Act::Resume(cleared.clone())).await })
        .unwrap();
    assert_eq!(judged(&app, &document), ("TOTAL-PASSED".into(), String::new(), 6));

    // What is proved to exist keeps its value when recognition ends later, and loses it when a compromise dates back.
    let tomorrow = (app.service.now() + TimeDelta::days(1)).to_rfc3339();
    let ceased = change(StatusReason::Ceased, Some(&tomorrow));
    app.wait(async { decide(&app.service, Act::Withdraw(ceased.clone())).await })
        .unwrap();
    assert_eq!(judged(&app, &document).0, "TOTAL-PASSED");
    let again = app.wait(async { decide(&app.service, Act::Withdraw(ceased.clone())).await });
    assert_eq!(code(again), "recognition-unchanged");
}

#[test]
fn a_compromise_that_comes_out_after_a_withdrawal_is_recorded_and_one_announced_for_later_stops_no_suspension() {
    let (app, partner) = (city(), partner());
    let document = partner.document(&partner.issue(0));
    recognise(&app, &partner, "159903");
    let withdraw = |reason, since: Option<&str>| {
        let change = change(reason, since);
        app.wait(async { decide(&app.service, Act::Withdraw(change.clone())).await })
    };
    let suspend = |reason| {
        let change = change(reason, None);
        app.wait(async { decide(&app.service, Act::Suspend(change.clone())).await })
    };
    withdraw(StatusReason::Ceased, Some("2030-01-01T00:00:00Z")).unwrap();
    assert_eq!(code(suspend(StatusReason::Cleared)), "recognition-reason");
    suspend(StatusReason::Investigation).unwrap();
    assert_eq!(code(withdraw(StatusReason::Agreement, None)), "recognition-reason");
    let cleared = change(StatusReason::Cleared, None);
    app.wait(async { decide(&app.service, Act::Resume(cleared.clone())).await })
        .unwrap();
    app.clock.set(app.service.now() + TimeDelta::hours(1));
    withdraw(StatusReason::Ceased, None).unwrap();
    assert_eq!(judged(&app, &document).0, "TOTAL-PASSED");
    withdraw(StatusReason::Compromise, Some("2026-01-01T00:00:00Z")).unwrap();
    assert_eq!(judged(&app, &document).0, "INDETERMINATE");
    let again = withdraw(StatusReason::Compromise, Some("2026-02-01T00:00:00Z"));
    assert_eq!(code(again), "recognition-unchanged");
}

#[test]
fn a_compromise_takes_away_what_was_sealed_since() {
    let (app, partner) = (city(), partner());
    let document = partner.document(&partner.issue(1));
    recognise(&app, &partner, "159903");
    let mut lost = change(StatusReason::Compromise, Some("2026-06-01T00:00:00Z"));
    lost.services = vec![Service::GovernmentSeals];
    app.wait(async { decide(&app.service, Act::Withdraw(lost.clone())).await })
        .unwrap();
    let (indication, reason, sequence) = judged(&app, &document);
    assert_eq!(
        (indication.as_str(), reason.as_str(), sequence),
        ("INDETERMINATE", "authority-not-recognised", 5)
    );
    // It is the key that was lost: what its time stamping authorities stamped since proves nothing either.
    let trust = app.service.trust();
    let theirs = trust.anchors().iter().filter(|anchor| anchor.name == "邻市认证中心");
    let stamps_at = |time: &str| {
        theirs
            .clone()
            .any(|anchor| anchor.is_recognised(Some(Service::TimeStamping), time.parse().unwrap()))
    };
    assert!(stamps_at("2026-05-31T23:59:59Z") && !stamps_at("2026-06-01T00:00:00Z"));
}

#[test]
fn a_partner_that_broke_the_rules_cannot_turn_its_clock_back() {
    let (app, partner) = (city(), partner());
    recognise(&app, &partner, "159903");
    let before = partner.document(&partner.issue(0));
    assert_eq!(judged(&app, &before).0, "TOTAL-PASSED");
    app.clock.set(app.service.now() + TimeDelta::hours(2));
    let broken = change(StatusReason::RulesBroken, None);
    app.wait(async { decide(&app.service, Act::Withdraw(broken.clone())).await })
        .unwrap();
    app.clock.set(app.service.now() + TimeDelta::hours(2));
    // Its clock still says that it is early in the day.
    let document = partner.document(&partner.issue(1));
    assert!(partner.service.now() < app.service.now() - TimeDelta::hours(3));
    let report = app.wait(app.service.verify_document(document, None)).unwrap();
    let signature = &report.signatures[0];
    let reason = |code: &str| {
        let found = signature.reasons.iter().find(|reason| reason.code == code);
        found.unwrap_or_else(|| panic!("no {code}: {report:#?}"))
    };
    assert!(!signature.time_is_proven);
    let said = yinxin::i18n::problem(yinxin::i18n::Language::Zh, reason("time-stamping-withdrawn"));
    assert!(
        said.contains("邻市认证中心") && said.contains("违反规则") && said.contains("没有其他证据"),
        "{said}"
    );
    let said = yinxin::i18n::problem(yinxin::i18n::Language::En, reason("authority-not-recognised"));
    assert!(said.contains("nothing proves that the signature is older"), "{said}");
}

#[test]
fn a_partner_certifies_the_bodies_of_its_regions_alone() {
    let (app, partner) = (city(), partner());
    let document = partner.document(&partner.issue(2));
    recognise(&app, &partner, "159902");
    assert_eq!(judged(&app, &document).1, "body-not-permitted");
}

#[test]
fn levels_of_assurance_are_mapped_by_a_table_that_says_who_approved_it() {
    let (app, partner) = (city(), partner());
    let new = recognition(&app, &partner, "root-international");
    let row = |from: &str| AssuranceRow {
        from: from.to_owned(),
        to: "2.25.1785436243.3.2".to_owned(),
    };
    let table = |from| AssuranceTable {
        entity: "partner".to_owned(),
        rows: vec![row(from)],
    };
    app.wait(async {
        let service = &app.service;
        decide(service, Act::Recognise(new.clone())).await.unwrap();
        let list = decide(service, Act::MapAssurance(table("1.2.3"))).await.unwrap();
        let mapping = &list.entity("partner").unwrap().mappings[0];
        assert_eq!(mapping.approved_by, "operator");
        let any = decide(service, Act::MapAssurance(table("2.5.29.32.0"))).await;
        assert_eq!(code(any), "list-any-policy");
        let none = decide(service, Act::MapAssurance(table("x"))).await;
        assert_eq!(code(none), "value-unknown");
    });
}

#[test]
fn an_act_is_one_text_and_suspension_of_another_from_now_on_is_one_persons() {
    let (app, partner) = (city(), partner());
    let text = serde_json::to_string(&Act::Recognise(recognition(&app, &partner, "root-international"))).unwrap();
    let read: Act = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert!(
        serde_json::from_str::<NewRecognition>(r#"{"entity":"x","certificate":"","services":[],"more":1}"#).is_err()
    );
    let changed = change(StatusReason::Unspecified, None);
    let since = |time| Act::Suspend(change(StatusReason::Compromise, Some(time)));
    let mut own = changed.clone();
    own.entity = OWN_ENTITY.to_owned();
    let now = "2026-11-01T02:00:00Z".parse().unwrap();
    for (act, name, quorum) in [
        (read, "recognise", Quorum::Two),
        (Act::Withdraw(changed.clone()), "withdraw", Quorum::Two),
        (Act::Suspend(changed.clone()), "suspend", Quorum::One),
        (since("2026-11-01T01:55:00Z"), "suspend", Quorum::One),
        (since("2026-11-01T01:54:59Z"), "suspend", Quorum::Two),
        (Act::Suspend(own), "suspend", Quorum::Two),
        (Act::Resume(changed), "resume", Quorum::Two),
    ] {
        assert_eq!((act.name(), act.stated_quorum(now)), (name, Some(quorum)));
    }
}
