//! What the city publishes: each list signed once for its content, and not sent to whoever has it.

use std::path::Path;

use axum::http::StatusCode;
use yinxin::asn1::oid;
use yinxin::crypto::key::Suite;
use yinxin::problem::Explain;
use yinxin::service::actor::Actor;
use yinxin::x509::{Certificate, GeneralName};

use crate::support::TempFolder;
use crate::support::app::{Answer, TestApp, app, request};
use crate::support::judges::{bouncy_castle, run};

/// Lists that are signed anew where nothing else keeps them.
const SIGNED: [&str; 3] = ["/status/0", "/seals/status", "/keys"];

fn get(app: &TestApp, path: &str) -> Answer {
    let answer = app.ask(request("GET", path, None, ""));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer
}

#[test]
fn a_list_is_signed_once_and_not_sent_again_to_whoever_has_it() {
    for path in SIGNED.into_iter().chain([
        "/crl/issuing-national.crl",
        "/ca/root-international.crt",
        "/ca/root-international.p7c",
    ]) {
        let (first, second) = (get(app(), path), get(app(), path));
        // ECDSA signs with a new random number each time: equal bytes are one signature.
        assert!(first.body == second.body, "{path} is signed again");
        let tag = first.header("etag").to_owned();
        assert!(
            tag.len() > 20 && first.header("cache-control").starts_with("public"),
            "{path}"
        );
        let ask = |known: &str| {
            let mut asked = request("GET", path, None, "");
            asked.headers_mut().insert("if-none-match", known.parse().unwrap());
            app().ask(asked)
        };
        for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
            let answer = ask(&known);
            assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{path} {known}");
            assert!(answer.body.is_empty() && answer.header("etag") == tag);
        }
        assert_eq!(ask("\"other\"").status, StatusCode::OK);
    }
}

#[test]
fn a_list_whose_content_changed_is_signed_anew_at_once() {
    let app = TestApp::new(Suite::International);
    let issued = app.issue(0);
    let before = SIGNED.map(|path| get(&app, path).body);
    let path = format!("/api/v1/licences/{}/revocation", issued["identifier"].as_str().unwrap());
    let revoked = app.ask(request("POST", &path, Some(&app.token), r#"{"reason":"a reason"}"#));
    assert_eq!(revoked.status, StatusCode::OK, "{}", revoked.text());
    let after = SIGNED.map(|path| get(&app, path).body);
    assert!(before[0] != after[0], "the status list does not tell of the revocation");
    assert_eq!(before[1..], after[1..]);
}

#[test]
fn the_key_set_for_people_is_the_one_that_is_signed() {
    let mut asked = request("GET", "/keys", None, "");
    asked
        .headers_mut()
        .insert("accept", "application/json".parse().unwrap());
    let answer = app().ask(asked);
    assert_eq!(answer.header("content-type"), "application/json");
    let keys = answer.json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2, "{keys}");
    assert_eq!(keys["status_lists"], "https://licences.example/status/");
    assert_eq!(keys["issued"], "2026-11-01T02:00:00Z");
    assert_ne!(answer.header("etag"), get(app(), "/keys").header("etag"));
}

/// Whether the signature of `list.crl` is that of `ca.crt`; OpenSSL does not know SM2 there.
fn signed_by(folder: &Path, suite: &str) -> bool {
    if suite == "national" {
        return bouncy_castle(folder, &["--crl-issuer", "ca.crt", "--crl", "list.crl"]).accepted;
    }
    let pem = ["x509", "-inform", "DER", "-in", "ca.crt", "-out", "ca.pem"];
    assert!(run(folder, "openssl", &pem).accepted);
    let verify = [
        "crl", "-inform", "DER", "-in", "list.crl", "-CAfile", "ca.pem", "-noout",
    ];
    run(folder, "openssl", &verify).said.contains("verify OK")
}

#[test]
fn others_accept_the_published_revocation_lists_by_the_published_certificates() {
    for suite in ["international", "national"] {
        let folder = TempFolder::new("published-lists");
        for (certificate, list) in [("root", "root"), ("root", "timestamping-ca"), ("issuing", "issuing")] {
            let der = get(app(), &format!("/ca/{certificate}-{suite}.crt")).body;
            std::fs::write(folder.path().join("ca.crt"), der).unwrap();
            let der = get(app(), &format!("/crl/{list}-{suite}.crl")).body;
            std::fs::write(folder.path().join("list.crl"), der).unwrap();
            // The list of time stamping is its own authority's, not the root's.
            assert_eq!(signed_by(folder.path(), suite), certificate == list, "{suite} {list}");
        }
    }
    for path in [
        "/ca/nobody.crt",
        "/ca/root-international",
        "/ca/nobody.p7c",
        "/crl/nobody.crl",
        "/status/9",
        "/status/x",
    ] {
        let answer = app().ask(request("GET", path, None, ""));
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "not-found".to_owned()),
            "{path}"
        );
    }
}

/// Every address that a certificate names: its issuer's certificate, lists, responder, and where its subject publishes.
fn addresses(certificate: &Certificate) -> Vec<String> {
    let extensions = certificate.extensions();
    let access = [&extensions.authority_info_access, &extensions.subject_info_access];
    let access = access.into_iter().flatten().flat_map(|found| &found.value);
    let mut found: Vec<_> = access
        .filter(|access| access.method != oid::AD_OCSP)
        .map(|access| match &access.location {
            GeneralName::Uri(uri) => uri.clone(),
            other => panic!("{other}"),
        })
        .collect();
    let points = [&extensions.crl_distribution_points, &extensions.freshest_crl];
    let points = points.into_iter().flatten().flat_map(|found| &found.value);
    found.extend(points.map(|point| point.name.as_ref().unwrap().url().unwrap().to_owned()));
    found
}

#[test]
fn every_address_in_a_certificate_leads_somewhere() {
    for suite in ["international", "national"] {
        for name in ["root", "issuing", "timestamping-ca"] {
            let der = get(app(), &format!("/ca/{name}-{suite}.crt")).body;
            let certificate = Certificate::from_der(&der).unwrap();
            let found = addresses(&certificate);
            assert!(found.len() >= if name == "root" { 1 } else { 2 }, "{name}: {found:?}");
            for address in found {
                let answer = get(app(), address.strip_prefix("https://licences.example").unwrap());
                let media_type = answer.header("content-type");
                let expected = match address.rsplit_once('.').unwrap().1 {
                    "crt" => "application/pkix-cert",
                    "crl" => "application/pkix-crl",
                    "p7c" => "application/pkcs7-mime; smime-type=certs-only",
                    other => panic!("{other}"),
                };
                assert_eq!(media_type, expected, "{address}");
            }
        }
    }
}

#[test]
fn openssl_reads_the_bundle_of_an_authority() {
    let folder = TempFolder::new("bundle");
    std::fs::write(
        folder.path().join("bundle.p7c"),
        get(app(), "/ca/root-international.p7c").body,
    )
    .unwrap();
    let print = ["pkcs7", "-inform", "DER", "-in", "bundle.p7c", "-print_certs", "-noout"];
    let said = run(folder.path(), "openssl", &print).said;
    let subjects = said.lines().filter(|line| line.starts_with("subject=")).count();
    // The root's own, the issuing authority's and that of time stamping.
    assert_eq!(subjects, 3, "{said}");
}

#[test]
fn the_examples_of_the_interface_are_lists_that_there_are() {
    let document = app().ask(request("GET", "/api/openapi.json", None, "")).json();
    for path in ["/crl/{file}", "/ca/{file}"] {
        let example = &document["paths"][path]["get"]["parameters"][0]["example"];
        get(app(), &path.replace("{file}", example.as_str().unwrap()));
    }
}

#[test]
fn a_list_lasts_for_years_only_where_it_speaks_of_authorities_alone() {
    let app = TestApp::new(Suite::International);
    let publish = |ca: &str, days| app.wait(app.service.publish_lasting_crl(&Actor::Operator, ca, days));
    assert!(publish("timestamping-ca-national", 1826).is_ok());
    let list = publish("root-international", 1826).unwrap();
    assert_eq!((list.next_update - list.this_update).num_days(), 1826);
    assert_eq!(get(&app, "/crl/root-international.crl").body, list.der);
    for (ca, days) in [
        ("root-international", 1827),
        ("root-international", 0),
        ("issuing-international", 11),
    ] {
        let problems = publish(ca, days).unwrap_err().problems();
        assert_eq!(
            (problems[0].code, problems[0].field.as_deref()),
            ("crl-lifetime", Some("days")),
            "{ca} {days}"
        );
    }
    // It takes nothing from the next one, which a revocation brings at once.
    assert!(publish("issuing-international", 10).is_ok());
    assert!(publish("root-international", 1).unwrap().number > list.number);
}
