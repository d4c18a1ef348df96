//! What the building blocks of validation came to, each in its own right, and the checks of the page, which are
//! answered by them: a change takes nothing from the certificate, and a certificate nothing from the bytes.

use axum::http::Request;
use chrono::TimeDelta;
use serde_json::Value;
use yinxin::crypto::key::Suite;
use yinxin::x509::RevocationReason;

use crate::attacks::tool;
use crate::sealings::corpus;
use crate::sealings::service::{order, sealed};
use crate::support::acts;
use crate::support::app::{TestApp, app, form};

/// What was found of a file: the conclusion, both blocks of its first signature in the terms of the standard, and the
/// answers of the page.
#[derive(Debug, PartialEq)]
struct Found {
    conclusion: String,
    cryptography: Option<String>,
    certificate: Option<String>,
    answers: Vec<&'static str>,
}

impl Found {
    fn of(app: &TestApp, document: &[u8]) -> Self {
        let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
        let report = app.ask(upload.body(document.to_vec().into()).unwrap()).json();
        let signature = &report["signatures"][0];
        let page = app.ask(form("/v?lang=en", &[], Some(document))).text();
        Self {
            conclusion: report["conclusion"].as_str().unwrap().to_owned(),
            cryptography: terms(&signature["cryptographic_verification"]),
            certificate: terms(&signature["certificate_validation"]),
            answers: answers(&page),
        }
    }

    fn new(conclusion: &str, blocks: [Option<&str>; 2], answers: &str) -> Self {
        let [cryptography, certificate] = blocks.map(|block| block.map(str::to_owned));
        let answers = answers.chars().map(|answer| match answer {
            '+' => "yes",
            '-' => "no",
            '?' => "skipped",
            other => panic!("{other}"),
        });
        Self {
            conclusion: conclusion.to_owned(),
            cryptography,
            certificate,
            answers: answers.collect(),
        }
    }
}

/// Both indications of a block; why it is not passed stands beside them.
fn terms(block: &Value) -> Option<String> {
    let indication = block["indication"].as_str()?;
    let reasons = block["reasons"].as_array().unwrap();
    assert_eq!(reasons.is_empty(), indication == "PASSED", "{block}");
    let names = [Some(indication), block["sub_indication"].as_str()];
    Some(names.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// The answers of the page in their order: integrity, changes, certificate, revocation, time, authority, seal, state.
fn answers(page: &str) -> Vec<&'static str> {
    let (_, list) = page.split_once("<ul class=\"checks\">").unwrap();
    let (list, _) = list.split_once("</ul>").unwrap();
    let classes = list.split("<li class=\"").skip(1);
    let known = ["yes", "no", "skipped"];
    let class = |item: &str| *known.iter().find(|class| item.starts_with(*class)).unwrap();
    classes.map(class).collect()
}

fn attacked(document: &[u8], name: &str) -> Vec<u8> {
    let attacks = tool::on(document).unwrap();
    attacks.into_iter().find(|attack| attack.name == name).unwrap().bytes
}

const PASSED: Option<&str> = Some("PASSED");

#[test]
fn an_intact_licence_passes_in_all() {
    let licence = app().document(&app().issue(70));
    let expected = Found::new("valid", [PASSED, PASSED], "++++++++");
    assert_eq!(Found::of(app(), &licence), expected);
}

#[test]
fn a_change_takes_nothing_from_the_path_of_the_certificate() {
    let licence = app().document(&app().issue(71));
    let changed = attacked(&licence, "incremental-saving-page-content");
    let expected = Found::new("changed", [PASSED, PASSED], "+-+++++?");
    assert_eq!(Found::of(app(), &changed), expected);
}

#[test]
fn of_altered_bytes_and_of_a_message_that_cannot_be_read_nothing_else_is_asked() {
    let licence = app().document(&app().issue(72));
    let mut altered = licence.clone();
    // In the comment behind the header, which every reader passes over.
    altered[12] ^= 1;
    let failed = [Some("FAILED HASH_FAILURE"), None];
    assert_eq!(Found::of(app(), &altered), Found::new("invalid", failed, "-"));
    let mut unread = licence.clone();
    // The message begins as a SEQUENCE with a length of two octets; now it is a NULL.
    let message = unread.windows(5).position(|window| window == b"<3082").unwrap();
    unread[message + 1..][..2].copy_from_slice(b"05");
    assert_eq!(Found::of(app(), &unread), Found::new("invalid", [None, None], "?"));
}

#[test]
fn what_was_changed_after_a_signature_that_covers_nobody_knows_what_nobody_can_say() {
    let mut unclear = app().document(&app().issue(73));
    let range = b"/ByteRange [0 ";
    let at = unclear.windows(range.len()).position(|window| window == range).unwrap();
    unclear[at + range.len() - 2] = b'1';
    assert_eq!(Found::of(app(), &unclear), Found::new("invalid", [None, None], "?"));
    let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
    let report = app().ask(upload.body(unclear.clone().into()).unwrap()).json();
    assert_eq!(report["signatures"][0]["changes_after"], "unknown", "{report}");
    let page = app().ask(form("/v?lang=en", &[], Some(&unclear))).text();
    assert!(page.contains("changed since it was signed, nobody can say"), "{page}");
}

#[test]
fn a_revoked_certificate_takes_nothing_from_the_bytes_and_a_change_hides_no_revocation() {
    let app = TestApp::new(Suite::International);
    let licence = app.document(&app.issue(0));
    let changed = attacked(&licence, "incremental-saving-page-content");
    let upload = Request::post("/api/v1/verifications").header("content-type", "application/pdf");
    let before = app.ask(upload.body(licence.clone().into()).unwrap()).json();
    let serial = before["signatures"][0]["signer"]["serial"].as_str().unwrap();
    let (serial, reason) = (serial.parse().unwrap(), RevocationReason::KeyCompromise);
    let revoked = acts::revoke(&app.service, "issuing-international", &serial, reason);
    app.wait(revoked).unwrap();
    let blocks = [PASSED, Some("INDETERMINATE REVOKED_NO_POE")];
    let found = Found::of(&app, &licence);
    assert_eq!(found, Found::new("indeterminate", blocks, "++--+?++"));
    // Both are told: that it was changed, and that its certificate is revoked.
    let found = Found::of(&app, &changed);
    assert_eq!(found, Found::new("changed", blocks, "+---+?+?"));
}

#[test]
fn whether_an_expired_certificate_was_revoked_is_not_answered() {
    let app = TestApp::new(Suite::International);
    let (_, signed) = sealed(&app, &order("b-b"), &corpus::pages(1));
    let blocks = [PASSED, PASSED];
    assert_eq!(Found::of(&app, &signed), Found::new("valid", blocks, "++++-?+?"));
    app.clock.set(app.service.now() + TimeDelta::days(5 * 365));
    app.wait(app.service.publish_due_lists()).unwrap();
    let blocks = [PASSED, Some("INDETERMINATE OUT_OF_BOUNDS_NO_POE")];
    assert_eq!(
        Found::of(&app, &signed),
        Found::new("indeterminate", blocks, "++-?-?-?")
    );
}

#[test]
fn who_is_the_issuer_is_not_known_by_a_certificate_of_strangers() {
    let stranger = TestApp::of("另一市政务服务局", "https://stranger.example");
    let licence = stranger.document(&stranger.issue(0));
    let blocks = [PASSED, Some("INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND")];
    let found = Found::of(app(), &licence);
    assert_eq!(found.answers[..3], ["yes", "yes", "no"]);
    assert_eq!(found, Found::new("invalid", blocks, "++-?-?-?"));
}

#[test]
fn the_technical_details_name_the_certificate_by_itself() {
    let licence = app().document(&app().issue(73));
    let changed = attacked(&licence, "incremental-saving-page-content");
    for (language, label) in [
        ("zh-CN", "签名证书本身（X.509 验证）"),
        ("en", "Certificate by itself (X.509 validation)"),
    ] {
        let page = app()
            .ask(form(&format!("/v?lang={language}"), &[], Some(&changed)))
            .text();
        let (_, after) = page.split_once(label).unwrap_or_else(|| panic!("{page}"));
        let said: String = after.chars().take(60).collect();
        assert!(said.contains("PASSED"), "{said}");
    }
}
