//! Sealing as departments do it, over the API: every level, the levels of what is signed raised, archive time stamps
//! renewed, time stamps of others; judged by pyHanko from the file alone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Limits, PdfFile};
use yinxin::problem::Explain;
use yinxin::service::actor::Actor;
use yinxin::service::sealings::{Level, SealedDocument, SealingOrder, SealingTask};
use yinxin::service::time_stamp_sources::TimeStampConfig;
use yinxin::service::{Service, error::ServiceResult};
use yinxin::sign::SignatureForm;
use yinxin::sign::document::Act;

use super::{at, corpus, pyhanko};
use crate::attacks::Office;
use crate::support::TempFolder;
use crate::support::app::{Answer, ISSUER, TestApp, form, request};
use crate::support::documents::of_objects;

/// The department whose token the tests have.
pub(super) const AUTHORITY: &str = "11159903MB030010XW";

/// Asks for a sealing.
pub(super) fn seal(app: &TestApp, token: &str, order: &Value, document: &[u8], key: Option<&str>) -> Answer {
    let mut asked: Request<Body> = form("/api/v1/sealings", &[("order", &order.to_string())], Some(document));
    let headers = asked.headers_mut();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    headers.remove("accept");
    if let Some(key) = key {
        headers.insert("idempotency-key", key.parse().unwrap());
    }
    app.ask(asked)
}

/// A sealing that is done, and its document.
pub(crate) fn sealed(app: &TestApp, order: &Value, document: &[u8]) -> (Value, Vec<u8>) {
    let answer = seal(app, &app.token, order, document, None);
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let sealing = answer.json();
    let path = sealing["document"].as_str().unwrap();
    let document = app.ask(request("GET", path, Some(&app.token), ""));
    assert_eq!(document.status, StatusCode::OK);
    (sealing, document.body)
}

pub(crate) fn order(level: &str) -> Value {
    json!({ "level": level, "places": [{ "pages": "1", "x": 60, "y": 70 }], "reason": "同意" })
}

/// An hour after the clock of the services, when their lists are fresh.
const THEN: Option<&str> = Some("2026-11-01T03:00:00+00:00");

/// pyHanko on one document with the roots of these services.
fn judged(apps: &[&TestApp], folder: &Path, (level, time): (&str, Option<&str>), document: &[u8]) -> Value {
    fs::write(folder.join("judged.pdf"), document).unwrap();
    let roots: Vec<String> = (0..apps.len()).map(|place| format!("root-{place}.der")).collect();
    for (app, root) in apps.iter().zip(&roots) {
        let answer = app.ask(request("GET", "/ca/root-international.crt", None, ""));
        fs::write(folder.join(root), answer.body).unwrap();
    }
    pyhanko(folder, (&roots, &[]), (level, time), &["judged.pdf".to_owned()]).remove(0)
}

fn passes(verdict: &Value, signatures: usize, stamps: usize) -> bool {
    let all = |key: &str, count: usize| {
        let found = verdict[key].as_array().unwrap();
        found.len() == count && found.iter().all(|one| one["passed"] == true)
    };
    all("signatures", signatures) && all("time_stamps", stamps)
}

#[test]
fn each_level_is_reached_and_is_judged_from_the_file_alone() {
    let app = TestApp::new(Suite::International);
    let folder = TempFolder::new("sealing-levels");
    let document = corpus::pages(2);
    for (name, judge, stamps) in [
        ("b-b", "bb", 0),
        ("b-t", "bb", 0),
        ("b-lt", "lt", 0),
        ("b-lta", "lta", 1),
    ] {
        let (sealing, made) = sealed(&app, &order(name), &document);
        assert_eq!(sealing["level"], format!("PAdES-{}", name.to_uppercase()));
        assert!(made.starts_with(&document));
        let verdict = judged(&[&app], folder.path(), (judge, THEN), &made);
        assert!(passes(&verdict, 1, stamps), "{name}: {verdict}");
    }
}

#[test]
fn a_signature_in_a_field_that_shows_nothing_is_answered_with_a_warning() {
    let app = TestApp::new(Suite::International);
    for level in ["b-b", "b-t"] {
        let order = json!({ "level": level, "field": "Clerk" });
        let (sealing, _) = sealed(&app, &order, &corpus::invisible_field());
        let [warning] = sealing["warnings"].as_array().unwrap().as_slice() else {
            panic!("{sealing}")
        };
        assert_eq!(warning["code"], "seal-unseen");
        assert!(
            warning["en"].as_str().unwrap().contains("no page shows a seal"),
            "{warning}"
        );
    }
    let (sealing, _) = sealed(&app, &order("b-b"), &corpus::pages(1));
    assert_eq!(sealing["warnings"], Value::Null, "{sealing}");
}

#[test]
fn a_level_is_raised_and_an_archive_time_stamp_renewed() {
    let app = TestApp::new(Suite::International);
    let folder = TempFolder::new("sealing-extended");
    // Of a signature without a time stamp of its own pyHanko says no more than that it is good.
    let (_, plain) = sealed(&app, &order("b-b"), &corpus::pages(1));
    let (_, stamped) = sealed(&app, &json!({ "extend": true, "level": "b-t" }), &plain);
    let verdict = judged(&[&app], folder.path(), ("bb", THEN), &stamped);
    assert!(stamped.starts_with(&plain) && passes(&verdict, 1, 1), "{verdict}");
    let (_, mut document) = sealed(&app, &order("b-t"), &corpus::pages(1));
    for (level, judge, stamps) in [("b-lt", "lt", 0), ("b-lta", "lta", 1), ("b-lta", "lta", 2)] {
        let before = document.clone();
        (_, document) = sealed(&app, &json!({ "extend": true, "level": level }), &before);
        assert!(document.starts_with(&before), "{level}");
        let verdict = judged(&[&app], folder.path(), (judge, THEN), &document);
        assert!(passes(&verdict, 1, stamps), "{level}: {verdict}");
    }
    // Nothing changes while the clock stands.
    let (_, raised) = sealed(&app, &json!({ "extend": true, "level": "b-lt" }), &plain);
    let again = seal(
        &app,
        &app.token,
        &json!({ "extend": true, "level": "b-lt" }),
        &raised,
        None,
    );
    assert_eq!(again.code(), "extension-at-level");
    let needless = seal(
        &app,
        &app.token,
        &json!({ "extend": true, "level": "b-t" }),
        &document,
        None,
    );
    assert_eq!(needless.code(), "extension-needless");
    let unsigned = seal(
        &app,
        &app.token,
        &json!({ "extend": true, "level": "b-lt" }),
        &corpus::pages(1),
        None,
    );
    assert_eq!(unsigned.code(), "document-unsigned");
    let low = seal(
        &app,
        &app.token,
        &json!({ "extend": true, "level": "b-b" }),
        &document,
        None,
    );
    assert_eq!(low.code(), "extension-level");
}

#[test]
fn what_was_sealed_at_a_level_is_not_raised_to_it() {
    let app = TestApp::new(Suite::International);
    let extend = |level: &str| json!({ "extend": true, "level": level });
    for (sealed_at, asked) in [("b-lt", "b-lt"), ("b-lta", "b-lt")] {
        let (_, document) = sealed(&app, &order(sealed_at), &corpus::pages(1));
        let refused = seal(&app, &app.token, &extend(asked), &document, None);
        assert_eq!(refused.code(), "extension-at-level", "{sealed_at}");
    }
    let (_, document) = sealed(&app, &order("b-lta"), &corpus::pages(1));
    let (actor, document) = (Actor::Operator, Arc::new(document));
    let renewed = app.wait(
        app.service
            .extend_document(&actor, (&ISSUER.parse().unwrap(), Level::Lta), document, None),
    );
    assert!(renewed.unwrap().renewed);
}

#[test]
fn a_level_is_named_after_the_form_of_the_signatures() {
    let app = TestApp::new(Suite::National);
    let extend = json!({ "extend": true, "level": "b-lta" });
    let of_form = |form: &str, document: &[u8]| {
        let mut order = order("b-t");
        order["form"] = json!(form);
        sealed(&app, &order, document).1
    };
    let gm = of_form("gm", &corpus::pages(1));
    let both = of_form("pades", &gm);
    for (document, level) in [(gm, "GM-B-LTA"), (both, "B-LTA")] {
        assert_eq!(sealed(&app, &extend, &document).0["level"], level);
    }
}

#[test]
fn nothing_is_raised_for_an_organisation_that_is_not_registered() {
    let app = TestApp::new(Suite::International);
    let (_, stamped) = sealed(&app, &order("b-t"), &corpus::pages(1));
    let before = app.count_rows("sealing");
    let (unknown, level) = ("91110000600037341L".parse().unwrap(), Level::Lt);
    let raised = app.wait(
        app.service
            .extend_document(&Actor::Operator, (&unknown, level), Arc::new(stamped), None),
    );
    let task = SealingTask::Extend {
        authority: unknown,
        level,
    };
    let brought = app.wait(app.service.bring_documents(&Actor::Operator, &task, Vec::new(), None));
    for refused in [raised.unwrap_err(), brought.unwrap_err()] {
        assert_eq!(refused.problems()[0].code, "not-found", "{refused:?}");
    }
    assert_eq!(app.count_rows("sealing"), before);
}

/// The proofs of time and the level of each business signature, in the order in which they were made.
fn times_and_levels(app: &TestApp, document: &[u8]) -> Vec<(bool, &'static str)> {
    let report = app.wait(app.service.verify_document(document.to_vec(), None)).unwrap();
    let mut signatures: Vec<_> = report.signatures.iter().filter(|one| one.level.is_some()).collect();
    signatures.sort_by_key(|one| one.revision);
    let told = signatures.iter();
    told.map(|one| (one.time_is_proven, one.level.unwrap())).collect()
}

#[test]
fn a_time_stamp_speaks_for_no_signature_that_was_made_after_it() {
    let app = TestApp::new(Suite::International);
    let extended = |level: &str, document: &[u8]| {
        let order = json!({ "extend": true, "level": level });
        let answer = seal(&app, &app.token, &order, document, None);
        (answer.status, answer.code())
    };
    let clerk = json!({ "level": "b-b", "field": "Clerk", "reason": "同意" });
    let (_, by_clerk) = sealed(&app, &clerk, &corpus::form(true, ""));
    let raise = |level: &str| json!({ "extend": true, "level": level });
    let (_, stamped) = sealed(&app, &raise("b-t"), &by_clerk);
    // The field of the head waited before the time stamp's, and stands before it in the form.
    let head = json!({ "level": "b-b", "field": "office.Head", "reason": "同意" });
    let (_, by_both) = sealed(&app, &head, &stamped);
    assert_eq!(
        times_and_levels(&app, &by_both),
        [(true, "PAdES-B-T"), (false, "PAdES-B-B")]
    );
    for (level, reached) in [("b-t", "PAdES-B-T"), ("b-lt", "PAdES-B-LT"), ("b-lta", "PAdES-B-LTA")] {
        let (sealing, made) = sealed(&app, &raise(level), &by_both);
        assert_eq!(sealing["level"], reached);
        for (is_proven, found) in times_and_levels(&app, &made) {
            assert!(is_proven && found >= reached, "{level}: {found}");
        }
        if level == "b-t" {
            let needless = (StatusCode::UNPROCESSABLE_ENTITY, "extension-needless".to_owned());
            assert_eq!(extended("b-t", &made), needless);
        }
    }
}

#[test]
fn a_signature_of_another_form_than_pades_is_extended_without_naming_its_certificate() {
    let app = TestApp::new(Suite::International);
    let document = Office::new().signed_as_pkcs7();
    let (_, stamped) = sealed(&app, &json!({ "extend": true, "level": "b-t" }), &document);
    assert!(stamped.starts_with(&document) && stamped.len() > document.len());
}

#[test]
fn a_request_that_is_sent_again_is_answered_again_and_not_done_again() {
    let app = TestApp::new(Suite::International);
    let document = corpus::pages(1);
    let first = seal(&app, &app.token, &order("b-t"), &document, Some("once"));
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = seal(&app, &app.token, &order("b-t"), &document, Some("once"));
    assert_eq!(again.json(), first.json());
    let other = seal(&app, &app.token, &order("b-t"), &corpus::pages(2), Some("once"));
    assert_eq!(other.code(), "idempotency-key-other-body");
}

#[test]
fn what_was_refused_may_be_sent_again_under_the_same_key() {
    let app = TestApp::new(Suite::International);
    let ask = |document: &[u8]| seal(&app, &app.token, &order("b-t"), document, Some("twice"));
    assert_eq!(ask(b"no document").code(), "pdf-not-a-pdf");
    assert_eq!(ask(b"no document").code(), "pdf-not-a-pdf");
    let mended = ask(&corpus::pages(1));
    assert_eq!(mended.status, StatusCode::CREATED, "{}", mended.text());
}

#[test]
fn a_token_seals_with_its_own_seal_and_sees_its_own_documents_alone() {
    let app = TestApp::new(Suite::International);
    let document = corpus::pages(1);
    let mut of_another = order("b-t");
    of_another["authority"] = json!(AUTHORITY);
    let denied = seal(&app, &app.other, &of_another, &document, None);
    assert_eq!(
        (denied.status, denied.code()),
        (StatusCode::FORBIDDEN, "denied-authority".to_owned())
    );
    let without_seal = seal(&app, &app.other, &order("b-t"), &document, None);
    assert_eq!(without_seal.code(), "authority-without-seal");
    let scope = seal(&app, &app.issuer, &order("b-t"), &document, None);
    assert_eq!(scope.code(), "denied-scope");
    let (sealing, _) = sealed(&app, &order("b-t"), &document);
    let path = sealing["document"].as_str().unwrap();
    let hidden = app.ask(request("GET", path, Some(&app.other), ""));
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let without_reason = seal(&app, &app.token, &json!({ "reason": " " }), &document, None);
    assert_eq!(without_reason.code(), "reason-empty");
}

#[test]
fn a_wrong_value_is_told_with_its_field_and_the_rule() {
    let app = TestApp::new(Suite::International);
    for (wrong, field, said) in [
        (
            json!({ "level": "b-x" }),
            "level",
            "“b-x”不可用：应为 b-b、b-t、b-lt、b-lta 之一",
        ),
        (json!({ "certify": 4 }), "certify", "“4”不可用：应为 1（之后不得更改）"),
        (json!({ "form": "ofd" }), "form", "“ofd”不可用：应为 pades 或 gm"),
    ] {
        let refused = seal(&app, &app.token, &wrong, &corpus::pages(1), None);
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, "value-breaks-rule".to_owned()),
            "{wrong}"
        );
        let told = &refused.json()["fields"][0];
        assert_eq!(told["field"], field, "{told}");
        assert!(told["message"].as_str().unwrap().starts_with(said), "{told}");
    }
}

#[test]
fn a_wrong_place_is_told_with_its_number_its_member_and_the_rule() {
    let app = TestApp::new(Suite::International);
    let document = corpus::pages(1);
    let good = json!({ "pages": -1, "x": 60, "y": 70 });
    let sealed_so = seal(&app, &app.token, &json!({ "places": [good] }), &document, None);
    assert_eq!(sealed_so.status, StatusCode::CREATED, "a number stands without quotes");
    for (wrong, code, field, said) in [
        (
            json!({ "x": 1, "y": 1 }),
            "place-form",
            "places[1]",
            "missing field `pages`",
        ),
        (
            json!({ "pages": "1", "x": "1", "y": 1 }),
            "place-form",
            "places[1]",
            "expected f64",
        ),
        (
            json!({ "keyword": "x", "hits": "first" }),
            "place-form",
            "places[1]",
            "unknown field `hits`",
        ),
        (
            json!({ "across": "right", "x": 1 }),
            "place-form",
            "places[1]",
            "unknown field `x`",
        ),
        (json!("right"), "place-form", "places[1]", "盖章位置要么写 pages、x、y"),
        (
            json!({ "across": "middle" }),
            "value-breaks-rule",
            "places[1].across",
            "“middle”不可用：应为 right（右）",
        ),
        (
            json!({ "pages": "0", "x": 1, "y": 1 }),
            "value-breaks-rule",
            "places[1].pages",
            "“0”不可用：应为 1、2-5",
        ),
        (
            json!({ "pages": "5-2", "x": 1, "y": 1 }),
            "value-breaks-rule",
            "places[1].pages",
            "“5-2”不可用：应为 1、2-5（起始页在前）",
        ),
        (
            json!({ "keyword": "x", "hit": "last" }),
            "value-breaks-rule",
            "places[1].hit",
            "“last”不可用：应为 every",
        ),
        (
            json!({ "keyword": "x", "hit": 0 }),
            "value-breaks-rule",
            "places[1].hit",
            "“0”不可用：应为 every",
        ),
        (
            json!({ "keyword": " " }),
            "field-required",
            "places[1].keyword",
            "此项必填",
        ),
        (
            json!({ "across": "right", "every": 0 }),
            "seal-every-zero",
            "places[1].every",
            "",
        ),
    ] {
        let refused = seal(&app, &app.token, &json!({ "places": [good, wrong] }), &document, None);
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, code.to_owned()),
            "{wrong}"
        );
        let told = &refused.json()["fields"][0];
        assert_eq!(told["field"], field, "{told}");
        assert!(told["message"].as_str().unwrap().contains(said), "{told}");
    }
}

#[test]
fn an_extension_that_says_how_to_seal_is_refused_with_all_that_says_so() {
    let app = TestApp::new(Suite::International);
    let (_, sealed) = sealed(&app, &order("b-t"), &corpus::pages(1));
    let mut asked = order("b-lt");
    asked["extend"] = json!(true);
    let refused = seal(&app, &app.token, &asked, &sealed, None);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = refused.json()["fields"].clone();
    let fields: Vec<_> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].clone())
        .collect();
    assert_eq!(fields, ["places", "reason"]);
}

#[test]
fn nobody_makes_a_licence_by_sealing_what_says_that_it_is_one() {
    let app = TestApp::new(Suite::International);
    let licence = app.document(&app.issue(1));
    let unsigned = {
        let file = PdfFile::open(&licence, &Limits::UPLOAD).unwrap();
        let end = usize::try_from(file.revisions()[0].range.end).unwrap();
        licence[..end].to_vec()
    };
    for order in [
        json!({ "certify": 1, "field": "IssuerSeal" }),
        json!({ "places": [{ "pages": "1", "x": 60, "y": 70 }] }),
    ] {
        let refused = seal(&app, &app.token, &order, &unsigned, None);
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, "document-is-licence".to_owned())
        );
    }
}

#[test]
fn a_licence_is_not_sealed_behind_attachments_whose_names_use_the_budget_up() {
    let app = TestApp::new(Suite::International);
    let refusal = |before: usize| {
        let catalog = format!("<</Type/Catalog/Pages 2 0 R/AF[{}7 0 R]>>", "6 0 R ".repeat(before));
        let long = format!("<</Type/Filespec/UF({})>>", "a".repeat(1 << 20));
        let document = of_objects(
            "1.7",
            &[
                &catalog,
                "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>",
                "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
                corpus::CONTENT,
                corpus::FONT,
                &long,
                "<</Type/Filespec/UF(licence.json)/EF<</F 8 0 R>>>>",
                "<</Length 2>>stream\n{}\nendstream",
            ],
        );
        let refused = seal(&app, &app.token, &order("b-b"), &document, None);
        (refused.status, refused.code())
    };
    let refused_as = |code: &str| (StatusCode::UNPROCESSABLE_ENTITY, code.to_owned());
    assert_eq!(refusal(1), refused_as("document-is-licence"));
    // Each takes 32,768 of 2,000,000 steps.
    assert_eq!(refusal(70), refused_as("pdf-too-complex"));
}

/// The department's seal on the first page.
pub(super) fn sealing(level: Level) -> SealingOrder {
    SealingOrder {
        authority: AUTHORITY.parse().unwrap(),
        level,
        act: Act::Approve,
        form: SignatureForm::Pades,
        field: None,
        places: at(60.0, 70.0),
        reason: "同意".to_owned(),
        location: None,
    }
}

/// Seals as an operator, with the stamps of others.
pub(super) fn seal_with(app: &TestApp, service: &Arc<Service>, level: Level) -> ServiceResult<SealedDocument> {
    let order = sealing(level);
    app.wait(service.seal_document(&Actor::Operator, &order, Arc::new(corpus::pages(1)), None))
}

#[test]
fn another_authority_stamps_and_ours_where_it_does_not_answer() {
    let app = TestApp::new(Suite::International);
    let (outside, address) = TestApp::reachable("别处时间戳中心");
    let folder = TempFolder::new("sealing-outside");
    let stamping = |addresses: &[&str], no_fallback| TimeStampConfig {
        addresses: addresses.iter().map(|&address| address.to_owned()).collect(),
        no_fallback,
    };
    let tsa = format!("{address}/tsa");

    let service = app.another_program_stamped_by(&stamping(&[&tsa], true));
    let made = seal_with(&app, &service, Level::Lta).unwrap();
    let verdict = judged(
        &[&app, &outside],
        folder.path(),
        ("lta", THEN),
        &made.to_bytes().unwrap(),
    );
    assert!(passes(&verdict, 1, 1), "{verdict}");
    // Without the other's root nobody believes the stamp, so it is the other's.
    let verdict = judged(&[&app], folder.path(), ("lt", THEN), &made.to_bytes().unwrap());
    assert!(!passes(&verdict, 1, 1), "{verdict}");

    // We do not either, and say so.
    let report = app
        .wait(service.verify_document(made.to_bytes().unwrap(), None))
        .unwrap();
    assert!(!report.signatures[0].time_is_proven, "{report:?}");
    let warned = |made: &SealedDocument| made.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>();
    assert_eq!(warned(&made), ["time-stamps-not-recognised"]);

    let nobody = "http://127.0.0.1:9/tsa";
    let service = app.another_program_stamped_by(&stamping(&[nobody], false));
    let made = seal_with(&app, &service, Level::Lt).unwrap();
    assert_eq!(warned(&made), [""; 0], "ours are recognised");
    let verdict = judged(&[&app], folder.path(), ("lt", THEN), &made.to_bytes().unwrap());
    assert!(passes(&verdict, 1, 0), "{verdict}");

    let service = app.another_program_stamped_by(&stamping(&[nobody], true));
    let refused = seal_with(&app, &service, Level::Lt).unwrap_err();
    assert_eq!(refused.problems()[0].code, "time-stamp-source");
    let wrong = format!("{address}/v");
    let service = app.another_program_stamped_by(&stamping(&[&wrong], true));
    let refused = seal_with(&app, &service, Level::T).unwrap_err();
    assert_eq!(refused.problems()[0].code, "time-stamp-source");
}
