//! Batches over the API: progress, a result for each document, and what they outlive.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};
use yinxin::crypto::key::Suite;
use yinxin::service::Service;
use yinxin::service::actor::{Actor, Scope};
use yinxin::service::time_stamp_sources::TimeStampConfig;

use super::corpus;
use super::service::AUTHORITY;
use crate::support::app::{Answer, TestApp, app, files_form, request};
use crate::support::endless::endless_form;

/// Brings documents by name.
pub(super) fn bring(
    app: &TestApp,
    token: &str,
    order: &Value,
    documents: &[(&str, &[u8])],
    key: Option<&str>,
) -> Answer {
    let mut asked: Request<Body> = files_form("/api/v1/sealing-batches", &[("order", &order.to_string())], documents);
    let headers = asked.headers_mut();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    headers.remove("accept");
    if let Some(key) = key {
        headers.insert("idempotency-key", key.parse().unwrap());
    }
    app.ask(asked)
}

/// How a batch stands, in English.
pub(super) fn progress(app: &TestApp, batch: &Value) -> Value {
    let path = format!("{}?lang=en", batch["batch"].as_str().unwrap());
    let answer = app.ask(request("GET", &path, Some(&app.token), ""));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

pub(super) fn states(progress: &Value) -> Vec<&str> {
    let results = progress["results"].as_array().unwrap();
    results.iter().map(|result| result["state"].as_str().unwrap()).collect()
}

pub(super) fn order(level: &str) -> Value {
    json!({ "level": level, "places": [{ "pages": "1", "x": 60, "y": 70 }] })
}

/// A batch of so many documents, each of other pages.
fn brought(app: &TestApp, level: &str, count: usize) -> Value {
    let documents: Vec<_> = (1..=count).map(corpus::pages).collect();
    let documents: Vec<_> = documents
        .iter()
        .map(|document| ("a.pdf", document.as_slice()))
        .collect();
    let answer = bring(app, &app.token, &order(level), &documents, None);
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json()
}

#[test]
fn each_document_has_a_result_of_its_own_and_a_bad_one_stops_no_other() {
    let app = TestApp::new(Suite::International);
    let (one, three) = (corpus::pages(1), corpus::pages(3));
    let documents = [
        ("合同.pdf", one.as_slice()),
        ("notes.pdf", b"nothing"),
        ("b.pdf", &three),
    ];
    let answer = bring(&app, &app.token, &order("b-lt"), &documents, Some("once"));
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    let batch = answer.json();
    assert_eq!(
        (&batch["documents"], &batch["authority"]),
        (&json!(3), &json!(AUTHORITY))
    );
    assert_eq!(states(&progress(&app, &batch)), ["waiting"; 3]);

    app.wait(app.service.seal_waiting()).unwrap();
    let done = progress(&app, &batch);
    assert_eq!(states(&done), ["sealed", "refused", "sealed"]);
    assert_eq!(
        (&done["sealed"], &done["refused"], &done["waiting"]),
        (&json!(2), &json!(1), &json!(0))
    );
    let results = &done["results"];
    assert_eq!(
        (&results[0]["name"], &results[2]["name"]),
        (&json!("合同.pdf"), &json!("b.pdf"))
    );
    assert_eq!(results[1]["problems"][0]["code"], "pdf-not-a-pdf");
    assert!(results[1]["problems"][0]["message"].as_str().unwrap().is_ascii());
    for (result, document) in [(&results[0], &one), (&results[2], &three)] {
        assert_eq!(result["sealing"]["level"], "PAdES-B-LT");
        let path = result["sealing"]["document"].as_str().unwrap();
        let made = app.ask(request("GET", path, Some(&app.token), ""));
        assert!(made.body.len() > document.len() && made.body.starts_with(document));
    }

    // Sent again it is answered again, and nothing is sealed again.
    let again = bring(&app, &app.token, &order("b-lt"), &documents, Some("once"));
    assert_eq!(again.json(), batch);
    let renamed = bring(&app, &app.token, &order("b-lt"), &[("c.pdf", &one)], Some("once"));
    assert_eq!(renamed.code(), "idempotency-key-other-body");
    app.wait(app.service.seal_waiting()).unwrap();
    assert_eq!(progress(&app, &batch), done);
}

#[test]
fn a_batch_is_refused_whole_for_what_no_document_would_be_sealed_with() {
    let app = TestApp::new(Suite::International);
    let document = corpus::pages(1);
    let documents = [("a.pdf", document.as_slice())];
    let refused = |token: &str, order: &Value, documents: &[(&str, &[u8])]| {
        let answer = bring(&app, token, order, documents, None);
        (answer.status.as_u16(), answer.code())
    };
    let of = |status: u16, code: &str| (status, code.to_owned());
    let good = order("b-t");
    assert_eq!(refused(&app.token, &good, &[]), of(422, "field-required"));
    let many = vec![documents[0]; 1_001];
    assert_eq!(refused(&app.token, &good, &many), of(422, "batch-too-large"));
    let reasonless = json!({ "reason": " " });
    assert_eq!(refused(&app.token, &reasonless, &documents), of(422, "reason-empty"));
    let low = json!({ "extend": true, "level": "b-b" });
    assert_eq!(refused(&app.token, &low, &documents), of(422, "extension-level"));
    assert_eq!(
        refused(&app.other, &good, &documents),
        of(422, "authority-without-seal")
    );
    let mut of_another = good.clone();
    of_another["authority"] = json!(AUTHORITY);
    assert_eq!(
        refused(&app.other, &of_another, &documents),
        of(403, "denied-authority")
    );
    assert_eq!(refused(&app.issuer, &good, &documents), of(403, "denied-scope"));

    let batch = brought(&app, "b-b", 1);
    let path = batch["batch"].as_str().unwrap();
    let hidden = app.ask(request("GET", path, Some(&app.other), ""));
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);

    let two = files_form("/api/v1/sealings", &[("order", "{}")], &[documents[0]; 2]);
    let (mut parts, body) = two.into_parts();
    parts
        .headers
        .insert("authorization", format!("Bearer {}", app.token).parse().unwrap());
    assert_eq!(app.ask(Request::from_parts(parts, body)).code(), "document-not-alone");
}

#[test]
fn a_form_with_two_orders_is_refused_as_an_order_with_a_member_twice_is() {
    let document = corpus::pages(1);
    let files = [("a.pdf", document.as_slice())];
    let one = ("order", r#"{"level":"b-b","level":"b-b"}"#);
    let two = [("order", r#"{"certify":1}"#), ("order", r#"{"level":"b-b"}"#)];
    for path in ["/api/v1/sealings", "/api/v1/sealing-batches"] {
        for (orders, told) in [
            (&[one][..], "duplicate field `level`"),
            (&two[..], "duplicate part `order`"),
        ] {
            let mut asked = files_form(path, orders, &files);
            let bearer = format!("Bearer {}", app().token);
            asked.headers_mut().insert("authorization", bearer.parse().unwrap());
            asked.headers_mut().remove("accept");
            let refused = app().ask(asked);
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text());
            assert!(refused.text().contains(told), "{}", refused.text());
        }
    }
}

#[test]
fn documents_without_an_end_are_refused_at_the_first_that_is_too_many() {
    let part = "--never\r\ncontent-disposition: form-data; name=\"document\"\r\n\r\n\r\n";
    let order = "--never\r\ncontent-disposition: form-data; name=\"order\"\r\n\r\n{}\r\n";
    for (path, code, most) in [
        ("/api/v1/sealings", "document-not-alone", 3),
        ("/api/v1/sealing-batches", "batch-too-large", 6),
    ] {
        let (mut asked, given) = endless_form(path, order, &part.repeat(300));
        let bearer = format!("Bearer {}", app().token);
        asked.headers_mut().insert("authorization", bearer.parse().unwrap());
        let refused = app().ask(asked);
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, code.to_owned())
        );
        assert!(given.load(Ordering::Relaxed) <= most, "{given:?}");
    }
}

/// Seals what waits, and is broken off after a while.
fn broken_off(app: &TestApp, service: &Arc<Service>, milliseconds: u64) {
    let time = Duration::from_millis(milliseconds);
    app.wait(async { _ = tokio::time::timeout(time, service.seal_waiting()).await });
}

/// Lets so many seconds pass.
fn later(app: &TestApp, seconds: i64) {
    app.clock.set(app.service.now() + TimeDelta::seconds(seconds));
}

#[test]
fn a_batch_outlives_the_programs_that_work_on_it() {
    let app = TestApp::new(Suite::International);
    let batch = brought(&app, "b-t", 12);
    for milliseconds in [1, 20, 40, 80] {
        broken_off(&app, &app.another_program(), milliseconds);
        // What it held is free again.
        later(&app, 181);
    }
    let service = app.another_program();
    app.wait(service.seal_waiting()).unwrap();
    // On a busy machine one that was broken off may have held a document once more before it ended.
    later(&app, 181);
    app.wait(service.seal_waiting()).unwrap();
    let done = progress(&app, &batch);
    assert_eq!(states(&done), ["sealed"; 12], "{done}");
    let results = done["results"].as_array().unwrap().iter();
    let sealings: BTreeSet<_> = results
        .map(|result| result["sealing"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(sealings.len(), 12);
}

#[test]
fn a_document_waits_for_what_is_away_and_is_given_up_in_the_end() {
    let app = TestApp::new(Suite::International);
    let batch = brought(&app, "b-t", 1);
    let nobody = TimeStampConfig {
        addresses: vec!["http://127.0.0.1:9/tsa".to_owned()],
        no_fallback: true,
    };
    let without_stamps = app.another_program_stamped_by(&nobody);
    app.wait(without_stamps.seal_waiting()).unwrap();
    assert_eq!(states(&progress(&app, &batch)), ["waiting"]);
    app.wait(app.service.seal_waiting()).unwrap();
    assert_eq!(
        states(&progress(&app, &batch)),
        ["waiting"],
        "it is not tried again at once"
    );
    later(&app, 61);
    app.wait(app.service.seal_waiting()).unwrap();
    assert_eq!(states(&progress(&app, &batch)), ["sealed"]);

    let batch = brought(&app, "b-t", 1);
    for _ in 0..5 {
        assert_eq!(states(&progress(&app, &batch)), ["waiting"]);
        app.wait(without_stamps.seal_waiting()).unwrap();
        later(&app, 61);
    }
    let done = progress(&app, &batch);
    assert_eq!(states(&done), ["refused"]);
    assert_eq!(done["results"][0]["problems"][0]["code"], "time-stamp-source");
}

#[test]
fn nothing_is_sealed_any_more_for_a_token_that_was_revoked() {
    let app = TestApp::new(Suite::International);
    let authority = AUTHORITY.parse().unwrap();
    let operator = Actor::Operator;
    let token = app.wait(
        app.service
            .give_token(&operator, &authority, "short", &[Scope::Seal], None),
    );
    let token = token.unwrap();
    let document = corpus::pages(1);
    let answer = bring(&app, &token.secret, &order("b-b"), &[("a.pdf", &document)], None);
    let batch = answer.json();
    app.wait(app.service.revoke_token(&operator, token.id)).unwrap();
    app.wait(app.service.seal_waiting()).unwrap();
    let done = progress(&app, &batch);
    assert_eq!(states(&done), ["refused"]);
    assert_eq!(done["results"][0]["problems"][0]["code"], "not-authenticated");
}
