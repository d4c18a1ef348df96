//! Licences of bodies that are not ours: whom the register is asked about, and who may not pass for one of ours.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use yinxin::ca::Subject;
use yinxin::ca::cross::Terms;
use yinxin::cms::build::SigningIdentity;
use yinxin::crypto::key::{SoftwareKey, Suite};
use yinxin::licence::authority::{Authority, AuthorityLevel};
use yinxin::licence::text::Bilingual;
use yinxin::service::actor::{Actor, Scope};
use yinxin::service::cross_certificates::NewCrossCertificate;
use yinxin::service::organisations::Equipment;
use yinxin::service::proposals::Act;
use yinxin::sign::Claims;
use yinxin::trust::list::Bounds;
use yinxin::x509::Certificate;

use super::{city, recognise, recognition};
use crate::sealings::service::{order, sealed};
use crate::support::acts::{self, decide};
use crate::support::app::{TestApp, application, form, request};
use crate::support::documents;

/// Our policies of time stamps and of seals.
const POLICIES: [&str; 2] = ["2.25.1785436243.3.1", "2.25.1785436243.3.2"];

/// A body of the partner, by code, name and region.
const BODY: (&str, &str, &str) = ("11150400MB9000103P", "赤峰市市场监督管理局", "150400");

/// Another city, with an organisation of its own.
fn partner() -> TestApp {
    TestApp::of("邻市政务服务局", "https://partner.example")
}

/// Registers a body with the partner and has it issue a licence.
fn sealed_by(partner: &TestApp, (code, name, region): (&str, &str, &str)) -> Vec<u8> {
    let token = equipped(partner, (code, name, region));
    issued(partner, &token)
}

/// A body with its seal, and its token.
fn equipped(partner: &TestApp, (code, name, region): (&str, &str, &str)) -> String {
    let service = &partner.service;
    let body = Authority {
        code: code.parse().unwrap(),
        name: Bilingual {
            zh: name.to_owned(),
            en: format!("Body {code}"),
        },
        region: region.parse().unwrap(),
        level: AuthorityLevel::City,
        parent: None,
    };
    let food = service.types().by_slug("food-business-permit").unwrap().code();
    let equipment = Equipment {
        suite: Suite::International,
        licence_types: &[food],
        seal_code: &format!("{region}0000099"),
        ca: None,
    };
    partner.wait(async {
        let operator = Actor::Operator;
        service.register_authority(&operator, &body).await.unwrap();
        service
            .equip_authority(&operator, &body.code, &equipment)
            .await
            .unwrap();
        let token = service
            .give_token(&operator, &body.code, "test", &Scope::ALL, None)
            .await;
        token.unwrap().secret
    })
}

fn issued(partner: &TestApp, token: &str) -> Vec<u8> {
    let answer = partner.ask(request("POST", "/api/v1/licences", Some(token), &application(0)));
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let path = answer.json()["document"].as_str().unwrap().to_owned();
    partner.ask(request("GET", &path, Some(token), "")).body
}

fn report(app: &TestApp, document: &[u8]) -> Value {
    let report = app.wait(app.service.verify_document(document.to_vec(), None)).unwrap();
    serde_json::to_value(&report).unwrap()
}

fn codes(report: &Value) -> Vec<&str> {
    let reasons = report["reasons"].as_array().unwrap();
    reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

#[test]
fn a_licence_of_a_recognised_place_is_valid_and_only_its_own_register_knows_its_state() {
    let (app, partner) = (city(), partner());
    let document = sealed_by(&partner, BODY);
    let before = report(&app, &document);
    assert_eq!(before["conclusion"], "indeterminate", "{before}");
    assert!(codes(&before).contains(&"no-path"), "{before}");
    assert!(!codes(&before).contains(&"not-in-register"), "{before}");
    assert_eq!(before["licence"], json!(null));

    recognise(&app, &partner, "150400");
    let after = report(&app, &document);
    assert_eq!(
        (&after["conclusion"], codes(&after)),
        (&json!("valid"), vec![]),
        "{after}"
    );
    assert_eq!(after["licence"]["state"], "unknown");
    assert_eq!(after["licence"]["state_source"], "foreign");
    assert_eq!(after["licence"]["issuer"], BODY.1);
    let found = &after["signatures"][0]["recognition"];
    assert_eq!(
        (&found["own"], &found["authority"]),
        (&json!(false), &json!("邻市认证中心"))
    );
    assert_eq!(found["since"], "2020-01-01T00:00:00Z");
    let roles: Vec<_> = found["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["role"])
        .collect();
    assert_eq!(roles, ["signer", "authority", "anchor"]);
}

#[test]
fn the_page_says_who_vouches_for_it_and_that_its_register_was_not_asked() {
    let (app, partner) = (city(), partner());
    let document = sealed_by(&partner, BODY);
    recognise(&app, &partner, "150400");
    for (language, said) in [
        (
            "zh-CN",
            "邻市认证中心自 2020-01-01 起获得互认（名录第 4 期）；未向其登记系统查询。",
        ),
        (
            "en",
            "邻市认证中心 is recognised since 2020-01-01 by list no. 4; its own register was not asked.",
        ),
    ] {
        let page = app
            .ask(form(&format!("/v?lang={language}"), &[], Some(&document)))
            .text();
        assert!(page.contains(said), "{page}");
        assert!(page.contains("data-verdict=\"valid\""), "{page}");
        assert_eq!(page.matches("class=\"path\"").count(), 1);
    }
}

#[test]
fn no_recognised_authority_speaks_for_a_body_of_ours() {
    let (app, partner) = (city(), partner());
    let own = app.wait(app.service.authorities()).unwrap().remove(0).name.zh;
    let spaced = format!("{} {}", &own[..3], &own[3..]);
    let documents = [
        // Its code, certified by others for their own body of that code.
        partner.document(&partner.issue(0)),
        // Its name, as it stands and with a blank in it.
        sealed_by(&partner, ("11150402MB9000103L", &own, "150400")),
        sealed_by(&partner, ("11150100MB90001038", &spaced, "150100")),
    ];
    let mut new = [
        recognition(&app, &partner, "root-international"),
        recognition(&app, &partner, "root-national"),
    ];
    for new in &mut new {
        new.bounds = Some(Bounds {
            regions: ["159903", "150400", "150100"]
                .map(|region| region.parse().unwrap())
                .to_vec(),
            ..Bounds::default()
        });
        app.wait(async { decide(&app.service, Act::Recognise(new.clone())).await })
            .unwrap();
    }
    for document in &documents {
        let report = report(&app, document);
        assert_eq!(report["signatures"][0]["indication"], "TOTAL-PASSED", "{report}");
        assert_eq!(report["conclusion"], "invalid", "{report}");
        assert_eq!(codes(&report), ["own-body-certified-elsewhere"], "{report}");
        assert_eq!(report["licence"], json!(null));
    }
}

/// A page that whoever is certified so by the partner signed; no licence.
fn signed_by(partner: &TestApp, body: (&str, &str)) -> Vec<u8> {
    signed_after(PAGE, partner, body)
}

/// The document with such a signature at its end.
fn signed_after(document: &[u8], partner: &TestApp, (code, name): (&str, &str)) -> Vec<u8> {
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let subject = Subject::organisation(name, code).unwrap();
    let ca = "issuing-international";
    let (certificate, issuing) = partner.wait(async {
        let place = (ca, "organisation-signer");
        let certificate = acts::certify(&partner.service, place, &subject, &key).await;
        let issuing = partner.service.ca_certificate(ca).await.unwrap();
        (certificate, Certificate::from_der(&issuing.bytes).unwrap())
    });
    let chain = [issuing];
    let identity = SigningIdentity::new(Arc::new(key), certificate, &chain).unwrap();
    let claims = Claims {
        name: Some(name),
        reason: "签署",
        location: None,
        time: partner.service.now(),
    };
    documents::signed(document.to_vec(), &identity, &claims).unwrap()
}

/// A document of one empty page.
const PAGE: &[u8] = b"%PDF-1.7
1 0 obj
<</Type/Catalog/Pages 2 0 R>>
endobj
2 0 obj
<</Type/Pages/Count 1/Kids[3 0 R]>>
endobj
3 0 obj
<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>
endobj
xref
0 4
0000000000 65535 f\x20
0000000009 00000 n\x20
0000000054 00000 n\x20
0000000105 00000 n\x20
trailer
<</Size 4/Root 1 0 R>>
startxref
184
%%EOF
";

#[test]
fn nor_does_anybody_sign_in_its_name_where_no_licence_is_in_the_file() {
    let (app, partner) = (city(), partner());
    recognise(&app, &partner, "150400");
    let own = app.wait(app.service.authorities()).unwrap().remove(0).name;
    let filled = format!("{}\u{3164}{}", &own.zh[..3], &own.zh[3..]);
    let wide = own.en.replacen('B', "Ｂ", 1);
    assert_ne!(wide, own.en);
    for name in [&own.zh, &filled, &wide] {
        let found = report(&app, &signed_by(&partner, (BODY.0, name)));
        assert_eq!(found["conclusion"], "invalid", "{found}");
        assert_eq!(codes(&found)[0], "own-body-certified-elsewhere", "{found}");
    }
    let theirs = report(&app, &signed_by(&partner, (BODY.0, BODY.1)));
    assert_ne!(theirs["conclusion"], "invalid", "{theirs}");
}

#[test]
fn whoever_signs_in_its_name_by_a_certificate_of_nobody_is_told_to_have_no_right_to_it() {
    let (app, partner) = (city(), partner());
    let own = app.wait(app.service.authorities()).unwrap().remove(0);
    let alike = own.name.zh.replacen('市', "巿", 1);
    let bodies = [
        (own.code.as_str(), BODY.1),
        (BODY.0, own.name.zh.as_str()),
        (BODY.0, alike.as_str()),
    ];
    for body in bodies {
        let document = signed_by(&partner, body);
        let found = report(&app, &document);
        assert_eq!(found["conclusion"], "invalid", "{found}");
        assert_eq!(codes(&found), ["own-body-certified-by-nobody"], "{found}");
        let page = app.ask(form("/v?lang=en", &[], Some(&document))).text();
        assert!(
            page.contains("without right") && page.contains("Not to be accepted"),
            "{page}"
        );
        for said in ["Signing body", "propose it for the recognition list"] {
            assert!(!page.contains(said), "{said}: {page}");
        }
    }
    // Whom nobody here knows is named as what its certificate claims, and not accused.
    let document = signed_by(&partner, (BODY.0, BODY.1));
    let theirs = report(&app, &document);
    assert_eq!(theirs["conclusion"], "indeterminate", "{theirs}");
    let page = app.ask(form("/v?lang=en", &[], Some(&document))).text();
    assert!(
        page.contains("Name that the certificate claims") && !page.contains("Signing body"),
        "{page}"
    );
}

#[test]
fn of_several_who_sign_in_our_name_in_one_file_each_is_refused() {
    let (app, partner) = (city(), partner());
    let own = app.wait(app.service.authorities()).unwrap().remove(0).name.zh;
    let spaced = format!("{} {}", &own[..3], &own[3..]);
    let first = signed_by(&partner, (BODY.0, &own));
    let document = signed_after(&first, &partner, (BODY.0, &spaced));
    let each_is_refused = |code: &str| {
        let found = report(&app, &document);
        assert_eq!(found["conclusion"], "invalid", "{found}");
        assert_eq!(codes(&found)[..2], [code; 2], "{found}");
        for signature in found["signatures"].as_array().unwrap() {
            assert_eq!(signature["conclusion"], "invalid", "{found}");
            assert_eq!(codes(signature)[0], code, "{found}");
        }
    };
    each_is_refused("own-body-certified-by-nobody");
    let page = app.ask(form("/v?lang=en", &[], Some(&document))).text();
    assert!(!page.contains("propose it for the recognition list"), "{page}");
    recognise(&app, &partner, "150400");
    each_is_refused("own-body-certified-elsewhere");
}

#[test]
fn a_seal_of_ours_stands_with_the_signature_that_it_belongs_to() {
    let (app, partner) = (TestApp::new(Suite::International), partner());
    let document = signed_by(&partner, (BODY.0, BODY.1));
    let (_, document) = sealed(&app, &order("b-t"), &document);
    let found = report(&app, &document);
    assert_eq!(found["signatures"][1]["seal"]["valid"], true, "{found}");
    let page = app.ask(form("/v?lang=en", &[], Some(&document))).text();
    let (stranger, picture, ours) = (
        page.find("Name that the certificate claims"),
        page.find("alt=\"Picture of the seal in the register\""),
        page.find("<dt>Signing body</dt>"),
    );
    assert!(stranger.is_some() && stranger < picture && picture < ours, "{page}");
    // Both under seals of ours: each has its own.
    let (_, document) = sealed(&app, &order("b-t"), PAGE);
    let (_, document) = sealed(&app, &order("b-t"), &document);
    let page = app.ask(form("/v?lang=en", &[], Some(&document))).text();
    assert_eq!(
        page.matches("alt=\"Picture of the seal in the register\"").count(),
        2,
        "{page}"
    );
}

#[test]
fn a_report_on_what_rests_on_others_names_no_list_of_our_seals() {
    let (app, partner) = (city(), partner());
    let document = sealed_by(&partner, BODY);
    recognise(&app, &partner, "150400");
    let found = report(&app, &document);
    assert_eq!(found["conclusion"], "valid", "{found}");
    let material = found["replay"]["material"].as_array().unwrap();
    assert!(material.iter().all(|one| one["kind"] != "seal-status-list"), "{found}");
}

#[test]
fn through_a_cross_certificate_of_ours_others_speak_for_their_own_bodies_alone() {
    let (app, partner) = (city(), partner());
    for root in ["root-international", "root-national"] {
        let new = NewCrossCertificate {
            ca: root.to_owned(),
            partner: "邻市".to_owned(),
            authority: recognition(&app, &partner, root).certificate,
            terms: Terms {
                inhibit_any_policy: Some(1),
                ..Terms::direct(&POLICIES, 365)
            },
        };
        app.wait(async { acts::make(&app.service, Act::IssueCross(new)).await })
            .unwrap();
    }
    let theirs = report(&app, &sealed_by(&partner, BODY));
    assert_eq!(
        (&theirs["conclusion"], codes(&theirs)),
        (&json!("valid"), vec![]),
        "{theirs}"
    );
    let found = &theirs["signatures"][0]["recognition"];
    assert_eq!(found["own"], json!(false));
    assert_eq!(found["steps"][2]["role"], "cross-certified", "{found}");
    // A body that we do not have, where all bodies are ours.
    let ours = sealed_by(&partner, ("11159901MB9000103F", "青岚市第二市场监督管理局", "159901"));
    let report = report(&app, &ours);
    assert_eq!(
        (&report["conclusion"], codes(&report)),
        (&json!("invalid"), vec!["own-body-certified-elsewhere"])
    );
}

#[test]
fn a_licence_names_its_issuer_as_the_certificate_does() {
    let (app, partner) = (city(), partner());
    let token = equipped(&partner, BODY);
    // Its certificate is that of the body; its register has been made to call it something else.
    let path = partner.folder.path().join("yinxin.sqlite");
    partner.wait(async {
        let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
        let renamed = "UPDATE authority SET name_zh = '北京市市场监督管理局' WHERE code = '11150400MB9000103P'";
        sqlx::query(renamed).execute(&mut connection).await.unwrap();
    });
    let document = issued(&partner, &token);
    recognise(&app, &partner, "150400");
    let report = report(&app, &document);
    assert_eq!(
        (&report["conclusion"], codes(&report)),
        (&json!("invalid"), vec!["signer-has-another-name"]),
        "{report}"
    );
}
