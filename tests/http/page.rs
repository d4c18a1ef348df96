//! The verify page without script: what a browser sends and is shown.

use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::attacks::{Office, tool, upload};
use crate::sealings::service::{order, sealed};
use crate::support::app::{app, form, request};
use crate::support::project;

#[test]
fn the_form_runs_nothing_inline_and_allows_nothing_else() {
    let page = app().ask(request("GET", "/v", None, ""));
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let text = page.text();
    assert!(text.contains("licences.example/v") && text.contains("lang=\"zh-CN\""));
    for inline in [" style=", "<style", " onclick", " onload", "javascript:"] {
        assert!(!text.contains(inline), "{inline}");
    }
    assert_eq!(
        text.matches("<script").count(),
        text.matches("<script src=\"/assets/").count()
    );
    for asset in ["/assets/verify.css", "/assets/verify.js"] {
        assert!(text.contains(asset));
        assert_eq!(app().ask(request("GET", asset, None, "")).status, StatusCode::OK);
    }
}

#[test]
fn a_page_says_no_key_in_place_of_a_text() {
    let document = app().document(&app().issue(20));
    for language in ["zh-CN", "en"] {
        let path = format!("/v?lang={language}");
        for page in [
            app().ask(request("GET", &path, None, "")),
            app().ask(form(&path, &[], Some(&document))),
        ] {
            let text = page.text();
            let shown: String = text
                .split('<')
                .filter_map(|piece| piece.split_once('>'))
                .map(|(_, shown)| shown)
                .collect();
            for key in [
                "page-",
                "result-",
                "check-",
                "file-valid",
                "licence-current",
                "{$",
                "month-",
            ] {
                assert!(!shown.contains(key), "{language}: {key} in {shown}");
            }
        }
    }
}

#[test]
fn what_a_signer_perhaps_did_not_see_stands_on_the_page() {
    let document = Office::new().signed_with_script();
    for (language, note) in [
        ("en", "The signed document holds a script in object 5"),
        ("zh-CN", "签名的文档在对象 5 中含有脚本"),
    ] {
        let path = format!("/v?lang={language}");
        let page = app().ask(form(&path, &[], Some(&document))).text();
        assert!(page.contains(note), "{page}");
    }
}

#[test]
fn a_reason_says_what_to_do_next() {
    for (language, advice) in [("en", "Send the PDF itself."), ("zh-CN", "请提交 PDF 原文件。")] {
        let page = app()
            .ask(form(&format!("/v?lang={language}"), &[], Some(b"no pdf")))
            .text();
        assert!(page.contains(advice), "{page}");
    }
}

#[test]
fn only_of_a_signature_that_rests_on_our_root_is_it_said_that_other_readers_lack_that_root() {
    let note = "does not have this city";
    let page = |document: &[u8]| app().ask(form("/v?lang=en", &[], Some(document))).text();
    let own = page(&app().document(&app().issue(45)));
    assert!(own.contains(note), "{own}");
    let stranger = std::fs::read(project::root().join("fixtures/centres/chifeng/licence.pdf")).unwrap();
    let unknown = page(&stranger);
    assert!(
        unknown.contains("Cannot be decided yet") && !unknown.contains(note),
        "{unknown}"
    );
}

#[test]
fn an_upload_shows_both_verdicts_and_a_changed_file_no_data() {
    let mut document = app().document(&app().issue(21));
    let good = app().ask(form("/v?lang=zh-CN", &[], Some(&document)));
    assert_eq!(
        (good.status, good.header("content-type")),
        (StatusCode::OK, "text/html; charset=utf-8")
    );
    let text = good.text();
    for said in [
        "文件真实，证照有效",
        "可以接受",
        "文件真实，未被改动",
        "证照有效",
        "登记信息",
        "食品经营许可证",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let middle = document.len() / 3;
    document[middle] ^= 1;
    let bad = app().ask(form("/v?lang=en", &[], Some(&document))).text();
    assert!(!bad.contains("May be accepted") && bad.contains("lang=\"en\""), "{bad}");
}

#[test]
fn a_contract_that_was_changed_says_who_signed_it_and_gives_what_was_signed() {
    let (_, sealed) = sealed(app(), &order("b-lt"), &upload());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let attacks = tool::on(&sealed).unwrap();
    let changed = attacks
        .iter()
        .find(|attack| attack.name == "incremental-saving-page-content");
    let changed = &changed.unwrap().bytes;
    assert!(changed.starts_with(&sealed));
    let page = app().ask(form("/v?lang=en", &[], Some(changed))).text();
    assert!(
        page.contains("data-verdict=\"changed\"") && page.contains("<dt>Signing body</dt>"),
        "{page}"
    );
    let kept = page.split("download=\"a-signed.pdf\"").next().unwrap();
    let kept = kept.rsplit("data:application/pdf;base64,").next().unwrap();
    let kept = BASE64_STANDARD.decode(kept.split('"').next().unwrap()).unwrap();
    assert!(kept == sealed, "{}", text(&kept));
}

#[test]
fn a_number_is_looked_up_and_a_wrong_one_is_told_so() {
    let issued = app().issue(22);
    let texts = [
        ("identifier", issued["identifier"].as_str().unwrap()),
        ("verificationCode", issued["verificationCode"].as_str().unwrap()),
    ];
    assert!(app().ask(form("/v?lang=en", &texts, None)).text().contains("In force"));
    let wrong = [texts[0], ("holderName", "某某")];
    assert!(
        app()
            .ask(form("/v?lang=en", &wrong, None))
            .text()
            .contains("Number not found")
    );
    let malformed = app().ask(form("/v?lang=en", &[("identifier", "<b>12"), texts[1]], None));
    assert_eq!(malformed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!malformed.text().contains("<b>12"));
}

#[test]
fn a_code_with_a_false_host_is_warned_about() {
    let issued = app().issue(23);
    let code = issued["code"]
        .as_str()
        .unwrap()
        .replace("licences.example", "evil.example");
    let page = app().ask(form("/v?lang=en", &[("code", &code)], None)).text();
    assert!(
        page.contains("evil.example") && page.contains("Trust only what the official address shows"),
        "{page}"
    );
}

#[test]
fn an_empty_form_and_a_broken_one_are_answered_as_pages() {
    let empty = app().ask(form("/v?lang=en", &[], None));
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Nothing to verify"));
    let mut broken = form("/v?lang=en", &[], None);
    *broken.body_mut() = "--".into();
    let broken = app().ask(broken);
    assert_eq!(
        (broken.status, broken.header("content-type")),
        (StatusCode::BAD_REQUEST, "text/html; charset=utf-8")
    );
    assert!(broken.text().contains("<h1"));
}
