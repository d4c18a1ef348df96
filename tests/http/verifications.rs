//! Verification by anyone, by the interface: whatever is sent is judged, nothing is an error inside.

use std::sync::atomic::Ordering;

use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use serde_json::json;
use yinxin::credential::{Payload, PrintedCode, print};
use yinxin::crypto::key::Suite;
use yinxin::licence::identifier::Serial;
use yinxin::service::actor::Actor;
use yinxin::verify::Conclusion;
use yinxin::x509::RevocationReason;

use crate::support::acts;
use crate::support::app::{Answer, TestApp, app, application, files_form, form, request};
use crate::support::endless::endless_form;

fn verify(body: serde_json::Value) -> Answer {
    app().ask(request("POST", "/api/v1/verifications", None, &body.to_string()))
}

fn upload(bytes: impl Into<Vec<u8>>) -> Answer {
    upload_to(app(), bytes.into())
}

fn upload_to(app: &TestApp, document: Vec<u8>) -> Answer {
    let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
    app.ask(upload.body(document.into()).unwrap())
}

#[test]
fn an_issued_document_is_valid_and_one_with_another_byte_invalid() {
    let mut document = app().document(&app().issue(10));
    let report = upload(document.clone()).json();
    assert_eq!(report["conclusion"], "valid", "{report}");
    assert_eq!(report["licence"]["state"], "current");
    let by_form = app().ask(form("/api/v1/verifications", &[], Some(&document))).json();
    assert_eq!(by_form["conclusion"], "valid");
    let middle = document.len() / 3;
    document[middle] ^= 1;
    let report = upload(document).json();
    assert_eq!(report["conclusion"], "invalid", "{report}");
    assert_eq!(report["signatures"][0]["sub_indication"], "HASH_FAILURE", "{report}");
}

#[test]
fn two_documents_in_one_form_are_not_judged_as_one() {
    let document = app().document(&app().issue(47));
    let two = [("document", document.as_slice()), ("document", b"another".as_slice())];
    let answer = app().ask(files_form("/api/v1/verifications", &[], &two));
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "verification-of-one".to_owned())
    );
    let page = app().ask(files_form("/v", &[], &two));
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_form_that_never_comes_to_a_part_is_given_up_before_much_of_it_is_held() {
    for begin in [
        "",
        "--never\r\ncontent-disposition: form-data; name=\"document\"\r\nx-long: ",
    ] {
        let (request, given) = endless_form("/api/v1/verifications", begin, &"x".repeat(16 << 10));
        assert_eq!(app().ask(request).status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(given.load(Ordering::Relaxed) < 10, "{given:?}");
    }
}

#[test]
fn a_form_of_parts_without_an_end_is_given_up_after_as_many_as_one_may_have() {
    for (path, part) in [
        ("/api/v1/verifications", "other"),
        ("/api/v1/verifications/receipt", "other"),
        ("/v", "other"),
    ] {
        let parts = format!("--never\r\ncontent-disposition: form-data; name=\"{part}\"\r\n\r\n\r\n").repeat(300);
        let (request, given) = endless_form(path, "", &parts);
        let refused = app().ask(request);
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::PAYLOAD_TOO_LARGE, "form-parts-too-many".to_owned()),
            "{path}"
        );
        assert!(given.load(Ordering::Relaxed) < 12, "{given:?}");
    }
}

#[test]
fn a_document_under_a_wrong_name_is_told_of_that_name() {
    for (path, token, known) in [
        ("/api/v1/verifications", None, "document"),
        ("/api/v1/verifications/receipt", None, "document"),
        ("/api/v1/sealings", Some(&app().token), "order, document"),
        ("/api/v1/sealing-batches", Some(&app().token), "order, document"),
    ] {
        // As large as the first page of a scan, and as small as a button.
        for (length, code) in [(150 << 10, Some("form-part-unknown")), (100, None)] {
            let file = "x".repeat(length);
            let mut request = files_form(path, &[("file", &file)], &[]);
            request
                .headers_mut()
                .insert("accept", "application/json".parse().unwrap());
            if let Some(token) = token {
                let value = format!("Bearer {token}").parse().unwrap();
                request.headers_mut().insert("authorization", value);
            }
            let answer = app().ask(request);
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{path}: {}",
                answer.text()
            );
            if let Some(code) = code {
                assert_eq!(answer.code(), code, "{path}");
                assert!(answer.text().contains(known), "{path}: {}", answer.text());
            }
        }
    }
}

#[test]
fn the_interface_describes_the_parts_of_its_forms() {
    let document = app().ask(request("GET", "/api/openapi.json", None, "")).json();
    let schema = |reference: &serde_json::Value| {
        let name = reference["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        document["components"]["schemas"][name].clone()
    };
    for (path, parts) in [
        ("/api/v1/verifications", &["document"][..]),
        ("/api/v1/verifications/receipt", &["document"]),
        ("/api/v1/sealings", &["document", "order"]),
        ("/api/v1/sealing-batches", &["document", "order"]),
    ] {
        let operation = &document["paths"][path]["post"];
        let form = schema(&operation["requestBody"]["content"]["multipart/form-data"]["schema"]);
        let described: Vec<_> = form["properties"].as_object().unwrap().keys().collect();
        assert_eq!(described, parts, "{path}");
        let file = &form["properties"]["document"];
        let file = match file["type"] == "array" {
            true => &file["items"],
            false => file,
        };
        let file = match file.get("oneOf").or(file.get("allOf")) {
            Some(only) => schema(&only[0]),
            None => schema(file),
        };
        assert_eq!(
            (&file["type"], &file["format"]),
            (&"string".into(), &"binary".into()),
            "{path}"
        );
        let content = &operation["requestBody"]["content"]["application/pdf"];
        assert!(
            content.is_null() || schema(&content["schema"])["format"] == "binary",
            "{path}"
        );
        for status in ["400", "408", "413", "422", "503"] {
            let schema = &operation["responses"][status]["content"]["application/problem+json"]["schema"];
            assert_eq!(
                schema["$ref"], "#/components/schemas/ProblemDetails",
                "{path}: {status}"
            );
        }
    }
}

#[test]
fn the_data_of_a_licence_on_another_document_than_was_issued_are_no_licence() {
    let app = TestApp::new(Suite::International);
    let licence = app.document(&app.issue(1));
    let conclusion = || {
        let report = app.wait(app.service.verify_document(licence.clone(), None)).unwrap();
        let codes: Vec<_> = report.reasons.iter().map(|reason| reason.code).collect();
        (report.conclusion, codes)
    };
    assert_eq!(conclusion(), (Conclusion::Valid, vec![]));
    app.change_rows("UPDATE licence SET document_sha256 = zeroblob(32)");
    assert_eq!(conclusion(), (Conclusion::Invalid, vec!["register-disagrees"]));
}

#[test]
fn a_report_says_why_and_what_to_do_next_in_both_languages() {
    let words = upload(b"no pdf").json()["words"].clone();
    for (language, conclusion, next) in [
        ("zh-CN", "无法读取此文件", "请提交 PDF 原文件。"),
        ("en", "This file cannot be read", "Send the PDF itself."),
    ] {
        let said = &words[language];
        assert_eq!(said["conclusion"], conclusion, "{words}");
        assert_eq!(said["reasons"][0]["code"], "pdf-not-a-pdf", "{words}");
        assert_eq!(said["reasons"][0]["next"], next, "{words}");
    }
    let mut document = app().document(&app().issue(46));
    document.extend(b"% more\n");
    let added = upload(document).json()["words"].clone();
    for (language, said) in [("zh-CN", "字节起"), ("en", "no revision of the document")] {
        let change = added[language]["changes"][0].as_str().unwrap();
        assert!(change.contains(said), "{added}");
    }
}

#[test]
fn a_report_has_the_members_that_the_interface_describes() {
    let mut report = upload(app().document(&app().issue(18))).json();
    let words = report.as_object_mut().unwrap().remove("words").unwrap();
    let document = app().ask(request("GET", "/api/openapi.json", None, "")).json();
    let signature = &report["signatures"][0];
    for (name, value) in [
        ("Report", &report),
        ("ReportWords", &words),
        ("WordsOf", &words["en"]),
        ("SignatureReport", signature),
        ("SealReport", &signature["seal"]),
        ("LicenceReport", &report["licence"]),
        ("Replay", &report["replay"]),
        ("Material", &report["replay"]["material"][0]),
    ] {
        let members = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let schema = &document["components"]["schemas"][name]["properties"];
        assert_eq!(members(value), members(schema), "{name}");
    }
}

#[test]
fn an_answer_fits_one_of_the_described_kinds_alone() {
    let document = app().ask(request("GET", "/api/openapi.json", None, "")).json();
    let schemas = &document["components"]["schemas"];
    // A report on a licence has all that the register's answer has.
    assert_eq!(schemas["LicenceAnswer"]["additionalProperties"], false, "{schemas}");
    assert_eq!(schemas["LicenceAnswer"]["required"], json!(["licence"]));
    assert!(
        schemas["CodeAnswer"]["required"]
            .as_array()
            .unwrap()
            .contains(&json!("verdict"))
    );
    let tags = document["tags"].as_array().unwrap();
    let paths = document["paths"].to_string();
    for tag in tags {
        assert!(
            paths.contains(&format!("\"tags\":[{}]", tag["name"])),
            "nothing is of {tag}"
        );
    }
}

#[test]
fn whatever_is_uploaded_gets_a_report() {
    let whole = app().document(&app().issue(11));
    let cut = whole[..whole.len() / 2].to_vec();
    for (bytes, code) in [
        (Vec::new(), "pdf-not-a-pdf"),
        (b"no pdf".to_vec(), "pdf-not-a-pdf"),
        (vec![0; 1 << 20], "pdf-not-a-pdf"),
        (cut, "pdf-cut-short"),
        (b"%PDF-1.7\n%%EOF".to_vec(), "pdf-cut-short"),
        ([b"\xef\xbb\xbf", whole.as_slice()].concat(), "pdf-not-from-start"),
        ([vec![b' '; 2_000], whole.clone()].concat(), "pdf-not-a-pdf"),
    ] {
        let answer = upload(bytes);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let report = answer.json();
        assert_eq!(report["conclusion"], "unreadable", "{report}");
        assert_eq!(report["reasons"][0]["code"], code, "{report}");
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

#[test]
fn what_another_program_revokes_counts_at_once() {
    let app = TestApp::new(Suite::International);
    let document = app.document(&app.issue(0));
    let before = upload_to(&app, document.clone()).json();
    assert_eq!(before["conclusion"], "valid", "{before}");
    let serial = before["signatures"][0]["signer"]["serial"].as_str().unwrap();
    let (command, serial) = (app.another_program(), serial.parse().unwrap());
    let reason = RevocationReason::KeyCompromise;
    app.wait(acts::revoke(&command, "issuing-international", &serial, reason))
        .unwrap();
    let after = upload_to(&app, document).json();
    assert_eq!(after["conclusion"], "indeterminate", "{after}");
    assert_eq!(after["reasons"][0]["code"], "certificate-revoked-before", "{after}");
}

#[test]
fn what_another_program_revokes_is_not_issued_with_a_second_later() {
    let app = TestApp::new(Suite::International);
    let document = app.document(&app.issue(0));
    let command = app.another_program();
    let refusal = |number: usize| {
        app.clock.set(app.service.now() + TimeDelta::seconds(1));
        app.ask(request(
            "POST",
            "/api/v1/licences",
            Some(&app.token),
            &application(number),
        ))
        .code()
    };
    let report = upload_to(&app, document).json();
    let signature = &report["signatures"][0];
    let (seal, serial) = (&signature["seal"]["id"], &signature["signer"]["serial"]);
    let (seal, serial) = (seal.as_str().unwrap(), serial.as_str().unwrap());
    app.wait(command.revoke_seal(&Actor::Operator, seal, "lost")).unwrap();
    assert_eq!(refusal(1), "seal-revoked");
    let (serial, reason) = (serial.parse().unwrap(), RevocationReason::KeyCompromise);
    app.wait(acts::revoke(&command, "issuing-international", &serial, reason))
        .unwrap();
    assert_eq!(refusal(2), "signer-revoked");
}

#[test]
fn whoever_makes_a_licence_of_his_own_learns_nothing_of_the_one_with_that_number() {
    let (city, forger) = (TestApp::new(Suite::International), TestApp::new(Suite::International));
    let issued = city.issue(0);
    let forged = [1, 2].map(|place| forger.issue(place));
    assert_eq!(issued["identifier"], forged[0]["identifier"]);
    let reports = forged
        .each_ref()
        .map(|forged| upload_to(&city, forger.document(forged)).json());
    for report in &reports {
        assert_eq!(report["conclusion"], "invalid", "{report}");
        assert_eq!(report["licence"], json!(null), "{report}");
    }
    let [one, other] = reports.each_ref().map(|report| report["reasons"].to_string());
    assert!(
        one == other && one.contains("own-body-certified-by-nobody"),
        "{one} {other}"
    );
    let asked = |licence: &serde_json::Value| {
        let body = json!({"identifier": licence["identifier"], "verificationCode": "?"}).to_string();
        city.ask(request("POST", "/api/v1/verifications", None, &body)).code()
    };
    assert_eq!(forged.each_ref().map(asked), ["verification-code-malformed"; 2]);
}

#[test]
fn a_genuine_code_is_in_force_only_with_its_licence_in_the_register() {
    let issued = app().issue(15);
    let keys = app().wait(app().service.key_set()).unwrap();
    let code = PrintedCode::parse(issued["code"].as_str().unwrap()).unwrap();
    let payload = code.verify(&keys).unwrap().payload;
    let key = app().keys().key("credential-international").unwrap();
    let host = "licences.example".parse().unwrap();
    let verdict = |payload: &Payload| {
        let code = print(payload, &*key, &host).unwrap();
        verify(json!({ "code": code })).json()
    };
    assert_eq!(verdict(&payload)["verdict"], "current");
    let mut another = payload.clone();
    another.identifier.serial = Serial::of_year(2026, 999_999);
    let changed = Payload {
        record: [0; 16],
        ..payload
    };
    for forged in [another, changed] {
        let answer = verdict(&forged);
        assert_eq!(answer["verdict"], "not-in-register", "{answer}");
        assert_eq!(answer["licence"], json!(null));
    }
}
