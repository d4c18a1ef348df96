//! Verification by anyone, by the interface: whatever is sent is judged, nothing is an error inside.

use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::support::app::{Answer, app, form, request};

fn verify(body: serde_json::Value) -> Answer {
    app().ask(request("POST", "/api/v1/verifications", None, &body.to_string()))
}

fn upload(bytes: impl Into<Vec<u8>>) -> Answer {
    let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
    app().ask(upload.body(bytes.into().into()).unwrap())
}

#[test]
fn an_issued_document_is_valid_and_a_changed_one_is_not() {
    let mut document = app().document(&app().issue(10));
    let report = upload(document.clone()).json();
    assert_eq!(report["conclusion"], "valid", "{report}");
    assert_eq!(report["licence"]["state"], "current");
    let by_form = app().ask(form("/api/v1/verifications", &[], Some(&document))).json();
    assert_eq!(by_form["conclusion"], "valid");
    let middle = document.len() / 3;
    document[middle] ^= 1;
    assert_ne!(upload(document).json()["conclusion"], "valid");
}

#[test]
fn whatever_is_uploaded_gets_a_report() {
    let whole = app().document(&app().issue(11));
    let cut = whole[..whole.len() / 2].to_vec();
    for bytes in [
        Vec::new(),
        b"no pdf".to_vec(),
        vec![0; 1 << 20],
        cut,
        b"%PDF-1.7\n%%EOF".to_vec(),
    ] {
        let answer = upload(bytes);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_ne!(answer.json()["conclusion"], "valid");
    }
}

#[test]
fn an_identifier_is_answered_to_whoever_knows_its_code() {
    let issued = app().issue(12);
    let (identifier, code) = (&issued["identifier"], &issued["verificationCode"]);
    let answer = verify(json!({"identifier": identifier, "verificationCode": code}));
    assert_eq!(answer.json()["licence"]["state"], "current", "{}", answer.text());
    let wrong = verify(json!({"identifier": identifier, "holderName": "某某"}));
    assert_eq!(
        (wrong.status, wrong.code()),
        (StatusCode::NOT_FOUND, "not-found".to_owned())
    );
    let neither = verify(json!({"identifier": identifier}));
    assert_eq!(neither.code(), "nothing-to-verify");
}

#[test]
fn a_printed_code_is_judged_and_held_against_the_number_beside_it() {
    let (issued, another) = (app().issue(13), app().issue(14));
    let code = issued["code"].as_str().unwrap();
    let genuine = verify(json!({"code": code})).json();
    assert_eq!(genuine["verdict"], "current", "{genuine}");
    assert_eq!(genuine["foreign_host"], json!(null));
    let misplaced = verify(json!({"code": code, "identifier": another["identifier"]})).json();
    assert_eq!(misplaced["verdict"], "another-licence");
    let foreign = verify(json!({"code": code.replace("licences.example", "evil.example")})).json();
    assert_eq!(foreign["foreign_host"], "evil.example");
    assert_eq!(
        verify(json!({"code": &code[..code.len() - 30]})).json()["verdict"],
        "unreadable"
    );
}

#[test]
fn lists_have_their_media_types() {
    for (path, media_type) in [
        ("/status/0", "application/statuslist+cwt"),
        ("/keys", "application/cose"),
        ("/seals/status", "application/pkcs7-mime"),
        ("/healthz", "text/plain; charset=utf-8"),
        ("/readyz", "text/plain; charset=utf-8"),
    ] {
        let answer = app().ask(request("GET", path, None, ""));
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, media_type),
            "{path}"
        );
        assert!(!answer.body.is_empty());
    }
}
