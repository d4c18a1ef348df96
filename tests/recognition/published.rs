//! The list as anyone gets it: signed, as JSON, as a page; and as a program that is not ours judges it.

use axum::http::StatusCode;
use yinxin::crypto::key::Suite;
use yinxin::service::proposals::Act;
use yinxin::service::recognition::{ListPublication, SignerStep};
use yinxin::trust::list::{Follower, SignedList};

use super::{change, city, partner, recognition};
use crate::support::acts::decide;
use crate::support::app::{Answer, TestApp, app, request};
use crate::support::python;
use yinxin::trust::list::StatusReason;

fn get(app: &TestApp, path: &str, accept: &str) -> Answer {
    let mut asked = request("GET", path, None, "");
    asked.headers_mut().insert("accept", accept.parse().unwrap());
    app.ask(asked)
}

#[test]
fn every_list_is_given_out_signed_and_as_json() {
    let app = city();
    let newest = get(&app, "/api/v1/trust-list", "*/*");
    assert_eq!(
        (newest.status, newest.header("content-type")),
        (StatusCode::OK, "application/jose")
    );
    assert_eq!(newest.header("vary"), "accept");
    let first = get(&app, "/api/v1/trust-list/1", "application/jose");
    let mut follower = Follower::trusting_first(&SignedList::parse(&first.body).unwrap()).unwrap();
    let list = follower.follow(&SignedList::parse(&newest.body).unwrap()).unwrap();
    assert_eq!((list.sequence, list.entities[0].id.as_str()), (2, "own"));
    let json = get(&app, "/api/v1/trust-list/2", "application/json").json();
    assert_eq!(json["LoTE"]["ListAndSchemeInformation"]["LoTESequenceNumber"], 2);
    let mut known = request("GET", "/api/v1/trust-list", None, "");
    known
        .headers_mut()
        .insert("if-none-match", newest.header("etag").parse().unwrap());
    assert_eq!(app.ask(known).status, StatusCode::NOT_MODIFIED);
    for unknown in ["0", "9", "99999999999999999999", "x"] {
        let answer = get(&app, &format!("/api/v1/trust-list/{unknown}"), "*/*");
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "not-found".to_owned())
        );
    }
}

#[test]
fn a_program_that_is_not_ours_verifies_a_list_of_either_suite() {
    let (app, partner) = (city(), partner());
    let new = recognition(&app, &partner, "root-international");
    app.wait(async {
        decide(&app.service, Act::Recognise(new.clone())).await.unwrap();
        let suspended = change(StatusReason::Investigation, None);
        decide(&app.service, Act::Suspend(suspended.clone())).await.unwrap();
    });
    let international = judged(&app, None).unwrap();
    assert_eq!(
        (international["alg"].as_str(), international["sequence"].as_u64()),
        (Some("ES256"), Some(4))
    );
    let theirs = &international["entities"]["邻市认证中心"];
    assert_eq!(theirs["government-seals"], serde_json::json!([["suspended", 1]]));
    for step in [SignerStep::Begin(Suite::National), SignerStep::Complete] {
        let publication = ListPublication {
            signer: Some(step),
            ..ListPublication::default()
        };
        app.wait(async {
            decide(&app.service, Act::PublishList(publication.clone()))
                .await
                .unwrap();
        });
    }
    assert_eq!(judged(&app, None).unwrap()["alg"], "urn:yinxin:jws:SM2-SM3");
    for sequence in [4, 6] {
        assert_eq!(judged(&app, Some(sequence)), None, "a changed list passes");
    }
}

/// What the judge found in the newest list; in the list of that number with one character of its content changed.
fn judged(app: &TestApp, changed: Option<u64>) -> Option<serde_json::Value> {
    let list = app.wait(app.service.published_recognition_list(changed)).unwrap();
    let mut text = String::from_utf8(list.bytes.to_vec()).unwrap();
    if changed.is_some() {
        let at = text.find('.').unwrap() + 101;
        let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
        text.replace_range(at..=at, other);
    }
    let file = app.folder.path().join("list.jws");
    std::fs::write(&file, text).unwrap();
    let judged = python::judge("trust_list.py", &[file.as_os_str()]);
    match judged.status.code() {
        Some(0) => Some(serde_json::from_slice(&judged.stdout).unwrap()),
        Some(3) => None,
        _ => panic!("{}", String::from_utf8_lossy(&judged.stderr)),
    }
}

#[test]
fn the_page_shows_who_is_recognised_and_every_earlier_list() {
    let (app, partner) = (city(), partner());
    let mut new = recognition(&app, &partner, "root-international");
    new.note = "<b>互认</b>".to_owned();
    app.wait(async { decide(&app.service, Act::Recognise(new.clone())).await })
        .unwrap();
    let page = get(&app, "/trust?lang=zh-CN", "text/html");
    assert_eq!(
        (page.status, page.header("content-type")),
        (StatusCode::OK, "text/html; charset=utf-8")
    );
    let text = page.text();
    for said in [
        "互认名录",
        "第 3 期",
        "邻市认证中心",
        "机关印章",
        "承认",
        "159903",
        "/trust?sequence=1",
        "lang=en",
        "id=\"missing\"",
        "yinxin trust add ENTITY --certificate ROOT.crt",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("<b>互认</b>"), "what officers write is text");
    let earlier = get(&app, "/trust?sequence=1&lang=en", "text/html").text();
    assert!(
        earlier.contains("This is an earlier list") && !earlier.contains("Partner CA"),
        "{earlier}"
    );
    for key in ["trust-", "recognised-", "{$"] {
        let shown: String = earlier
            .split('<')
            .filter_map(|piece| piece.split_once('>'))
            .map(|(_, shown)| shown)
            .collect();
        assert!(!shown.contains(key), "{key}");
    }
    assert_eq!(
        get(&app, "/trust?sequence=9", "text/html").status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        get(&app, "/trust?sequence=x", "text/html").status,
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn an_authority_is_shown_as_ill_as_the_worst_of_its_services() {
    let (app, partner) = (city(), partner());
    let new = recognition(&app, &partner, "root-international");
    let mut suspended = change(StatusReason::Investigation, None);
    suspended.services = vec![yinxin::trust::Service::GovernmentSeals];
    app.wait(async {
        decide(&app.service, Act::Recognise(new.clone())).await.unwrap();
        decide(&app.service, Act::Suspend(suspended.clone())).await.unwrap();
    });
    let page = get(&app, "/trust?lang=en", "text/html").text();
    let drawn: Vec<_> = page.split("<section class=\"card verdict ").skip(1).collect();
    let of_partner = drawn.iter().find(|card| card.contains("Partner CA")).unwrap();
    assert!(of_partner.starts_with("wait\""), "{of_partner}");
    assert!(of_partner.contains("<li class=\"good\">") && of_partner.contains("<li class=\"wait\">"));
    assert!(drawn.iter().any(|card| card.starts_with("good\"")), "our own");
}

#[test]
fn the_verify_page_leads_to_the_list() {
    assert!(
        get(app(), "/v", "text/html")
            .text()
            .contains("href=\"/trust?lang=zh-CN\"")
    );
}
