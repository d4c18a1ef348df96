//! The status of certificates (RFC 6960), judged by `openssl ocsp` and, in the national suite, by Bouncy Castle.

use std::path::Path;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use sqlx::{Connection, SqliteConnection};
use yinxin::asn1::oid;
use yinxin::ca::Subject;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::{KeyAlgorithm, SoftwareKey, Suite};
use yinxin::service::actor::Actor;
use yinxin::service::error::ServiceError;
use yinxin::store::CertificateFilter;
use yinxin::x509::{Certificate, GeneralName, OcspResponse, OcspStatus, RevocationReason, SerialNumber};

use crate::support::TempFolder;
use crate::support::acts;
use crate::support::app::{Answer, TestApp, app, request};
use crate::support::judges::{Verdict, bouncy_castle_status, run};

fn post(app: &TestApp, ca: &str, query: &[u8]) -> Answer {
    let asked = Request::post(format!("/ocsp/{ca}")).header("content-type", "application/ocsp-request");
    app.ask(asked.body(Body::from(query.to_vec())).unwrap())
}

fn get(app: &TestApp, ca: &str, query: &[u8]) -> Answer {
    let text = STANDARD
        .encode(query)
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    app.ask(request("GET", &format!("/ocsp/{ca}/{text}"), None, ""))
}

/// A certificate of somebody under an authority of the city.
fn issue(app: &TestApp, ca: &str, algorithm: KeyAlgorithm) -> Certificate {
    let key = SoftwareKey::generate(algorithm).unwrap();
    let subject = Subject::service("青岚市政务服务局", "one of many").unwrap();
    app.wait(acts::certify(&app.service, (ca, "credential-signer"), &subject, &key))
}

fn revoke(app: &TestApp, ca: &str, certificate: &Certificate, reason: RevocationReason) {
    let revoked = acts::revoke(&app.service, ca, certificate.serial(), reason);
    app.wait(revoked).unwrap();
}

fn authority(app: &TestApp, name: &str) -> Certificate {
    let der = app.ask(request("GET", &format!("/ca/{name}.crt"), None, "")).body;
    Certificate::from_der(&der).unwrap()
}

/// An OCSPRequest about these serial numbers.
fn query(issuer: &Certificate, algorithm: DigestAlgorithm, serials: &[&SerialNumber]) -> Vec<u8> {
    use yinxin::asn1::write::{INTEGER, NULL, encode};
    encode(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.sequence(|w| {
                    for serial in serials {
                        w.sequence(|w| {
                            w.sequence(|w| {
                                w.sequence(|w| {
                                    w.oid(algorithm.oid());
                                    w.primitive(NULL, &[]);
                                });
                                w.octet_string(algorithm.digest(issuer.subject().der()).as_ref());
                                w.octet_string(algorithm.digest(issuer.public_key_bits()).as_ref());
                                w.primitive(INTEGER, serial.as_bytes());
                            });
                        });
                    }
                });
            });
        });
    })
}

fn status(app: &TestApp, ca: &str, certificate: &Certificate) -> OcspStatus {
    let query = query(&authority(app, ca), DigestAlgorithm::Sha256, &[certificate.serial()]);
    let answer = post(app, ca, &query);
    OcspResponse::from_der(&answer.body).unwrap().answers()[0].status
}

/// The folder with what `openssl ocsp` needs: issuer, root and a certificate in PEM.
fn folder(app: &TestApp, ca: &str, certificate: &Certificate) -> TempFolder {
    let folder = TempFolder::new("ocsp");
    let root = if ca.starts_with("issuing") {
        "root-international"
    } else {
        ca
    };
    for (name, der) in [
        ("issuer", authority(app, ca).der()),
        ("root", authority(app, root).der()),
        ("certificate", certificate.der()),
    ] {
        std::fs::write(folder.path().join("der"), der).unwrap();
        let pem = format!("{name}.pem");
        assert!(
            run(
                folder.path(),
                "openssl",
                &["x509", "-inform", "DER", "-in", "der", "-out", &pem]
            )
            .accepted
        );
    }
    folder
}

/// `openssl ocsp` asks by a digest with or without a nonce and judges the answer of the service.
fn openssl(app: &TestApp, folder: &Path, ca: &str, digest: &str, nonce: &str, by_get: bool) -> Verdict {
    let ask = [
        "ocsp",
        "-issuer",
        "issuer.pem",
        digest,
        "-cert",
        "certificate.pem",
        nonce,
        "-reqout",
        "query",
    ];
    assert!(run(folder, "openssl", &ask).accepted);
    let asked = std::fs::read(folder.join("query")).unwrap();
    let answer = if by_get {
        get(app, ca, &asked)
    } else {
        post(app, ca, &asked)
    };
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/ocsp-response")
    );
    std::fs::write(folder.join("reply"), &answer.body).unwrap();
    let time = app.service.now().timestamp().to_string();
    let judge = [
        "ocsp",
        "-issuer",
        "issuer.pem",
        digest,
        "-cert",
        "certificate.pem",
        "-no_nonce",
        "-reqin",
        "query",
        "-respin",
        "reply",
        "-CAfile",
        "root.pem",
        "-verify_other",
        "issuer.pem",
        "-attime",
        &time,
        "-validity_period",
        "999999999",
    ];
    run(folder, "openssl", &judge)
}

#[test]
fn openssl_accepts_answers_by_each_digest_with_and_without_nonce_by_get_and_post() {
    let ca = "issuing-international";
    let certificate = issue(app(), ca, KeyAlgorithm::P256);
    let folder = folder(app(), ca, &certificate);
    let everything = |expected: &str| {
        for digest in ["-sha1", "-sha256"] {
            for nonce in ["-no_nonce", "-nonce"] {
                for by_get in [false, true] {
                    let verdict = openssl(app(), folder.path(), ca, digest, nonce, by_get);
                    assert!(verdict.accepted, "{digest} {nonce}: {}", verdict.said);
                    assert!(verdict.said.contains("Response verify OK"), "{}", verdict.said);
                    assert!(verdict.said.contains(expected), "{digest} {nonce}: {}", verdict.said);
                    let warned = verdict.said.contains("WARNING: no nonce");
                    assert_eq!(
                        warned,
                        nonce == "-no_nonce" && verdict.said.contains("nonce"),
                        "{}",
                        verdict.said
                    );
                }
            }
        }
    };
    everything("certificate.pem: good");
    revoke(app(), ca, &certificate, RevocationReason::KeyCompromise);
    everything("certificate.pem: revoked");
}

#[test]
fn bouncy_castle_accepts_answers_of_the_national_suite_by_sm3() {
    let ca = "issuing-national";
    let folder = TempFolder::new("ocsp-national");
    std::fs::write(folder.path().join("issuer"), authority(app(), ca).der()).unwrap();
    let certificate = issue(app(), ca, KeyAlgorithm::Sm2);
    let (serial, never) = (certificate.serial().to_string(), "6abc");
    let judge = |serial: &str, digest: &str, nonce: &str| {
        let arguments =
            |what| ["", "issuer", serial, digest, nonce, "file"].map(|word| if word.is_empty() { what } else { word });
        let asked = bouncy_castle_status(folder.path(), &arguments("request"));
        assert!(asked.accepted, "{}", asked.said);
        let answer = post(app(), ca, &folder.read("file"));
        std::fs::write(folder.path().join("file"), answer.body).unwrap();
        bouncy_castle_status(folder.path(), &arguments("response"))
    };
    let (sm3, sha1) = (oid::SM3.to_string(), oid::SHA1.to_string());
    let nonce = "00112233445566778899aabbccddeeff";
    assert_eq!(judge(&serial, &sm3, "-").said.trim(), "good");
    assert_eq!(judge(&serial, &sha1, nonce).said.trim(), "good");
    assert_eq!(judge(never, &sm3, "-").said.trim(), "unknown");
    revoke(app(), ca, &certificate, RevocationReason::Superseded);
    assert_eq!(judge(&serial, &sm3, nonce).said.trim(), "revoked 4");
}

#[test]
fn several_certificates_are_answered_for_in_their_order_and_one_never_issued_is_unknown() {
    let ca = "issuing-international";
    let issuer = authority(app(), ca);
    let (good, revoked) = (
        issue(app(), ca, KeyAlgorithm::P256),
        issue(app(), ca, KeyAlgorithm::P256),
    );
    revoke(app(), ca, &revoked, RevocationReason::CessationOfOperation);
    let never = SerialNumber::from_content(&[0x55; 20]);
    for algorithm in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha384, DigestAlgorithm::Sm3] {
        let asked = query(&issuer, algorithm, &[good.serial(), &never, revoked.serial()]);
        let response = OcspResponse::from_der(&post(app(), ca, &asked).body).unwrap();
        let statuses: Vec<_> = response.answers().iter().map(|answer| answer.status).collect();
        let at = app().service.now();
        let reason = RevocationReason::CessationOfOperation;
        assert_eq!(
            statuses,
            [
                OcspStatus::Good,
                OcspStatus::Unknown,
                OcspStatus::Revoked { at, reason }
            ]
        );
        assert!(
            response
                .answers()
                .iter()
                .all(|answer| answer.id.algorithm == Some(algorithm))
        );
    }
}

/// `responseStatus` of a response without an answer.
fn failure(answer: &Answer) -> u8 {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let [0x30, 3, 0x0a, 1, status] = answer.body[..] else {
        panic!("{:?}", answer.body)
    };
    status
}

#[test]
fn what_is_no_request_and_what_is_about_another_authority_are_told_apart() {
    let ca = "issuing-international";
    let serial = SerialNumber::from_content(&[1]);
    let (own, other) = (authority(app(), ca), authority(app(), "root-international"));
    // malformedRequest.
    for asked in [&b"no request"[..], b"", b"\x30\x00"] {
        assert_eq!(failure(&post(app(), ca, asked)), 1);
    }
    assert_eq!(
        failure(&app().ask(request("GET", "/ocsp/issuing-international/no+base64!", None, ""))),
        1
    );
    // unauthorized, also where one of several is of another authority.
    assert_eq!(
        failure(&post(app(), ca, &query(&other, DigestAlgorithm::Sha1, &[&serial]))),
        6
    );
    let mixed = [
        query(&own, DigestAlgorithm::Sha1, &[&serial]),
        query(&other, DigestAlgorithm::Sha256, &[&serial]),
    ];
    assert_eq!(post(app(), ca, &mixed[0]).status, StatusCode::OK);
    assert_eq!(failure(&post(app(), ca, &mixed[1])), 6);
    // What is wrong with the call itself is said by HTTP.
    let nobody = post(app(), "nobody", &mixed[0]);
    assert_eq!(
        (nobody.status, nobody.code()),
        (StatusCode::NOT_FOUND, "not-found".to_owned())
    );
    let large = post(app(), ca, &[0; 20_000]);
    assert_eq!(
        (large.status, large.code()),
        (StatusCode::PAYLOAD_TOO_LARGE, "too-large".to_owned())
    );
    let text = app().ask(
        Request::post("/ocsp/issuing-international")
            .body(Body::from("x"))
            .unwrap(),
    );
    assert_eq!(text.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[test]
fn an_answer_without_nonce_is_signed_once_and_kept_by_caches_until_the_status_changes() {
    let ca = "issuing-international";
    let certificate = issue(app(), ca, KeyAlgorithm::P256);
    let asked = query(&authority(app(), ca), DigestAlgorithm::Sha1, &[certificate.serial()]);
    let (first, second) = (get(app(), ca, &asked), get(app(), ca, &asked));
    // ECDSA signs with a new random number each time: equal bytes are one signature.
    assert!(first.body == second.body);
    assert_eq!(
        first.header("cache-control"),
        "max-age=3600, public, no-transform, must-revalidate"
    );
    assert_eq!(first.header("last-modified"), "Sun, 01 Nov 2026 02:00:00 GMT");
    assert_eq!(first.header("expires"), "Sun, 01 Nov 2026 03:00:00 GMT");
    assert!(first.header("etag").len() > 10);
    revoke(app(), ca, &certificate, RevocationReason::KeyCompromise);
    let after = get(app(), ca, &asked);
    assert!(after.body != first.body && after.header("etag") != first.header("etag"));
    assert!(matches!(status(app(), ca, &certificate), OcspStatus::Revoked { .. }));
}

#[test]
fn what_another_program_revokes_is_told_a_second_later_and_an_old_answer_never_comes_back() {
    let app = TestApp::new(Suite::International);
    let ca = "issuing-international";
    let certificate = issue(&app, ca, KeyAlgorithm::P256);
    assert_eq!(status(&app, ca, &certificate), OcspStatus::Good);
    let other = app.another_program();
    let revoked = acts::revoke(&other, ca, certificate.serial(), RevocationReason::Superseded);
    app.wait(revoked).unwrap();
    app.clock.set(app.service.now() + TimeDelta::seconds(1));
    assert!(matches!(status(&app, ca, &certificate), OcspStatus::Revoked { .. }));
}

#[test]
fn answers_and_the_responder_are_renewed_on_schedule() {
    let app = TestApp::new(Suite::International);
    let ca = "issuing-international";
    app.wait(app.service.renew_due_statuses()).unwrap();
    let certificate = issue(&app, ca, KeyAlgorithm::P256);
    let asked = query(&authority(&app, ca), DigestAlgorithm::Sha1, &[certificate.serial()]);
    let ask = || OcspResponse::from_der(&post(&app, ca, &asked).body).unwrap();
    let first = ask();
    app.clock.set(app.service.now() + TimeDelta::hours(13));
    assert_eq!(ask().der(), first.der());
    app.wait(app.service.renew_due_statuses()).unwrap();
    // Kept in memory until it ends, renewed in the store: another program has the new one.
    let answer = app.wait(app.another_program().certificate_status(ca, &asked)).unwrap();
    let renewed = OcspResponse::from_der(&answer.der).unwrap();
    assert_eq!(renewed.produced_at(), app.service.now());
    assert_eq!(renewed.certificates(), first.certificates());
    app.clock.set(app.service.now() + TimeDelta::days(16));
    app.wait(app.service.renew_due_statuses()).unwrap();
    let later = ask();
    assert_ne!(later.certificates(), first.certificates());
    let responder = &later.certificates()[0];
    assert_eq!(responder.public_key_info(), first.certificates()[0].public_key_info());
    let issuer = authority(&app, ca);
    assert_eq!(responder.verify_signed_by(issuer.public_key().unwrap()), Ok(()));
    assert!(responder.validity().not_after - app.service.now() > TimeDelta::days(29));
}

#[test]
fn an_authority_whose_key_is_away_keeps_no_other_from_its_lists_and_answers() {
    let app = TestApp::new(Suite::International);
    let issued = ["issuing-international", "issuing-national"].map(|ca| {
        let algorithm = if ca.ends_with("national") && !ca.ends_with("international") {
            KeyAlgorithm::Sm2
        } else {
            KeyAlgorithm::P256
        };
        (ca, issue(&app, ca, algorithm))
    });
    for (ca, certificate) in &issued {
        assert_eq!(status(&app, ca, certificate), OcspStatus::Good);
    }
    std::fs::remove_file(app.folder.path().join("keys/issuing-international.key")).unwrap();
    let other = app.another_program();
    app.clock.set(app.service.now() + TimeDelta::days(6));
    app.wait(other.publish_due_lists()).unwrap();
    app.wait(other.renew_due_statuses()).unwrap();
    let store = app.store();
    let renewed = issued.map(|(ca, certificate)| {
        let list = app.wait(store.latest_crl(ca)).unwrap().unwrap();
        let answer = app
            .wait(store.ocsp_answer(ca, certificate.serial().as_bytes()))
            .unwrap()
            .unwrap();
        (
            list.this_update == app.service.now(),
            answer.this_update == app.service.now(),
        )
    });
    // Answers are signed by a responder with a key of its own.
    assert_eq!(renewed, [(false, true), (true, true)]);
}

#[test]
fn a_certificate_names_the_responder_that_answers_for_it() {
    let certificate = issue(app(), "issuing-national", KeyAlgorithm::Sm2);
    let access = &certificate.extensions().authority_info_access.as_ref().unwrap().value;
    let found = access.iter().find(|access| access.method == oid::AD_OCSP).unwrap();
    let GeneralName::Uri(address) = &found.location else {
        panic!()
    };
    assert_eq!(address, "https://licences.example/ocsp/issuing-national");
    assert_eq!(status(app(), "issuing-national", &certificate), OcspStatus::Good);
}

#[test]
fn a_revocation_that_cannot_be_read_makes_nothing_good() {
    let app = TestApp::new(Suite::International);
    let ca = "issuing-international";
    let certificate = issue(&app, ca, KeyAlgorithm::P256);
    revoke(&app, ca, &certificate, RevocationReason::KeyCompromise);
    let location = app.folder.path().join("yinxin.sqlite");
    let issuer = authority(&app, ca);
    // SHA-1 and two at once, so that the answer is made now.
    let asked = query(
        &issuer,
        DigestAlgorithm::Sha1,
        &[certificate.serial(), certificate.serial()],
    );
    for damage in [
        "UPDATE certificate_revocation SET reason = 7",
        "DELETE FROM certificate_revocation",
    ] {
        app.wait(async {
            let location = format!("sqlite:{}", location.display());
            let mut connection = SqliteConnection::connect(&location).await.unwrap();
            sqlx::query(damage).execute(&mut connection).await.unwrap();
        });
        let answer = OcspResponse::from_der(&post(&app, ca, &asked).body);
        assert!(answer.is_err(), "{damage}: {answer:?}");
        let (filter, service) = (CertificateFilter::default(), &app.service);
        let listed = app.wait(service.list_certificates(&Actor::Operator, ca, &filter, None, 10));
        assert!(listed.is_err(), "{damage}: {listed:?}");
        let shown = app.wait(service.certificate_view(&Actor::Operator, ca, certificate.serial()));
        // Asking again would not help.
        assert!(matches!(shown, Err(ServiceError::Internal(_))), "{damage}: {shown:?}");
    }
}
