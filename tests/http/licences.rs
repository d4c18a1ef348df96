//! A department's day: issue, send again, list, look, revoke.

use axum::http::StatusCode;
use yinxin::crypto::key::Suite;
use yinxin::service::actor::Actor;
use yinxin::service::idempotency::Begun;

use crate::support::app::{TestApp, app, application, request};

#[test]
fn an_issued_licence_is_seen_by_its_authority_alone() {
    let issued = app().issue(0);
    let path = format!("/api/v1/licences/{}", issued["identifier"].as_str().unwrap());
    let own = app().ask(request("GET", &path, Some(&app().reader), ""));
    assert_eq!(own.status, StatusCode::OK);
    assert_eq!(own.json()["state"], "issued");
    let foreign = app().ask(request("GET", &path, Some(&app().other), ""));
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert!(app().document(&issued).starts_with(b"%PDF-"));
}

#[test]
fn a_request_sent_again_is_answered_again() {
    let send = |key: &str, body: &str| {
        let mut asked = request("POST", "/api/v1/licences", Some(&app().token), body);
        asked.headers_mut().insert("idempotency-key", key.parse().unwrap());
        app().ask(asked)
    };
    let first = send("one", &application(1));
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let second = send("one", &application(1));
    assert_eq!((second.status, &second.body), (first.status, &first.body));
    let other = send("one", &application(2));
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.code(), "idempotency-key-other-body");
    let taken = send("two", &application(1));
    assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.text());
    assert_eq!(send("with space", &application(2)).code(), "idempotency-key-form");
}

#[test]
fn a_request_whose_first_is_still_running_is_told_so() {
    let actor = app().wait(app().service.authenticate(&app().token)).unwrap();
    let Actor::Department { authority, .. } = &actor else {
        panic!("{actor:?}");
    };
    let (route, body) = (format!("POST /api/v1/licences {authority}"), application(7));
    let begun = app().wait(app().service.begin_request(&actor, &route, "running", body.as_bytes()));
    let Begun::Fresh(attempt) = begun.unwrap() else {
        panic!("the key is in use");
    };
    let send = || {
        let mut asked = request("POST", "/api/v1/licences", Some(&app().token), &body);
        asked
            .headers_mut()
            .insert("idempotency-key", "running".parse().unwrap());
        app().ask(asked)
    };
    let second = send();
    assert_eq!(
        (second.status, second.code()),
        (StatusCode::CONFLICT, "idempotency-key-running".to_owned())
    );
    app().wait(app().service.release_request(attempt)).unwrap();
    assert_eq!(send().status, StatusCode::CREATED);
}

#[test]
fn what_is_told_once_is_not_read_from_the_store() {
    let app = TestApp::new(Suite::International);
    let send = || {
        let mut asked = request("POST", "/api/v1/licences", Some(&app.token), &application(0));
        asked.headers_mut().insert("idempotency-key", "once".parse().unwrap());
        app.ask(asked)
    };
    let first = send();
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(app.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            kept.extend(std::fs::read(path).unwrap());
        }
    }
    let keeps = |text: &str| kept.windows(text.len()).any(|window| window == text.as_bytes());
    let number: serde_json::Value = serde_json::from_str(&application(0)).unwrap();
    assert!(
        keeps(number["licenceNumber"].as_str().unwrap()),
        "the search finds nothing at all"
    );
    assert!(!keeps(first.json()["verificationCode"].as_str().unwrap()));
    assert_eq!(send().body, first.body);
}

#[test]
fn a_refused_application_leaves_its_key_free_and_names_each_field() {
    let send = |body: &str| {
        let mut asked = request("POST", "/api/v1/licences", Some(&app().token), body);
        asked
            .headers_mut()
            .insert("idempotency-key", "corrected".parse().unwrap());
        app().ask(asked)
    };
    let wrong = r#"{"licenceType":"food-business-permit","holderName":"","effectiveDate":"2026-13-01"}"#;
    let refused = send(wrong);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problems = refused.json();
    let problems = problems["fields"].as_array().unwrap();
    assert!(problems.len() >= 2 && problems.iter().all(|problem| problem["message"].is_string()));
    assert_eq!(send(&application(3)).status, StatusCode::CREATED);
    assert_eq!(send("no json").code(), "body-unreadable");
}

#[test]
fn pages_of_a_list_follow_one_another_without_a_gap() {
    let (first, second) = (app().issue(4), app().issue(5));
    let mut found = Vec::new();
    let mut path = "/api/v1/licences?limit=1&licenceType=food-business-permit&state=issued".to_owned();
    loop {
        let page = app().ask(request("GET", &path, Some(&app().reader), "")).json();
        found.extend(
            page["licences"]
                .as_array()
                .unwrap()
                .iter()
                .map(|licence| licence["identifier"].clone()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/licences?limit=1&licenceType=food-business-permit&state=issued&after={next}");
    }
    let place = |issued: &serde_json::Value| found.iter().position(|one| *one == issued["identifier"]).unwrap();
    assert!(place(&second) < place(&first));
    let wrong = app().ask(request("GET", "/api/v1/licences?state=lost", Some(&app().reader), ""));
    assert_eq!(wrong.code(), "value-unknown");
}

#[test]
fn a_revoked_licence_is_revoked_for_everybody() {
    let issued = app().issue(6);
    let path = format!("/api/v1/licences/{}/revocation", issued["identifier"].as_str().unwrap());
    let change = |body: &str| app().ask(request("POST", &path, Some(&app().token), body));
    assert_eq!(change("{}").code(), "reason-required");
    assert_eq!(change(r#"{"transition":"issue"}"#).code(), "value-unknown");
    let revoked = change(r#"{"reason":"处罚决定书 2026-118"}"#);
    assert_eq!(revoked.json()["state"], "revoked", "{}", revoked.text());
    let mut upload = request("POST", "/api/v1/verifications", None, "");
    upload
        .headers_mut()
        .insert("content-type", "application/pdf".parse().unwrap());
    *upload.body_mut() = app().document(&issued).into();
    let report = app().ask(upload).json();
    assert_eq!(
        (&report["conclusion"], &report["licence"]["state"]),
        (&"valid".into(), &"revoked".into())
    );
}

#[test]
fn the_example_of_the_interface_is_accepted() {
    let document = app().ask(request("GET", "/api/openapi.json", None, "")).json();
    let body = &document["paths"]["/api/v1/licences"]["post"]["requestBody"]["content"]["application/json"];
    let app = TestApp::new(Suite::International);
    let issued = app.ask(request(
        "POST",
        "/api/v1/licences",
        Some(&app.token),
        &body["example"].to_string(),
    ));
    assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.text());
}
