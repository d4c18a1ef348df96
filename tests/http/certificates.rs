//! The life of certificates: what requests are refused for, renewal, new keys, suspension, and the lists that tell of
//! it.

use axum::http::StatusCode;
use chrono::TimeDelta;
use yinxin::ca::{Subject, request as certification_request};
use yinxin::crypto::key::{KeyAlgorithm, Signer, SoftwareKey, Suite};
use yinxin::problem::Explain as _;
use yinxin::service::actor::Actor;
use yinxin::service::certificates::NewSubjectKey;
use yinxin::service::error::ServiceResult;
use yinxin::service::proposals::Act;
use yinxin::x509::{
    BasicConstraints, Certificate, Crl, Extension, Extensions, GeneralName, KeyUsage, Name, RevocationReason,
    RevokedEntry, build,
};

use crate::support::TempFolder;
use crate::support::acts::{self, id};
use crate::support::app::{TestApp, app, request};
use crate::support::judges::run;

const CA: &str = "issuing-international";
const PROFILE: &str = "credential-signer";

fn subject(name: &str) -> Subject {
    Subject::service("青岚市政务服务局", name).unwrap()
}

fn key() -> SoftwareKey {
    SoftwareKey::generate(KeyAlgorithm::P256).unwrap()
}

/// A request of this key for a name with these extensions.
fn asked(key: &SoftwareKey, name: &Name, extensions: &Extensions) -> Vec<u8> {
    let info = build::request(name, key.public_key().spki(), extensions).unwrap();
    build::signed(&info, key.algorithm(), &key.sign(&info).unwrap())
}

fn issue(app: &TestApp, request: &[u8]) -> ServiceResult<Certificate> {
    app.wait(acts::issue(&app.service, CA, PROFILE, request))
}

fn code(refused: ServiceResult<Certificate>) -> &'static str {
    refused.unwrap_err().problems()[0].code
}

fn issued(app: &TestApp, name: &str) -> (Certificate, SoftwareKey) {
    let key = key();
    let request = certification_request(&subject(name), &key).unwrap();
    (issue(app, request.der()).unwrap(), key)
}

fn list(app: &TestApp, path: &str) -> Crl {
    let answer = app.ask(request("GET", path, None, ""));
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    Crl::from_der(&answer.body).unwrap()
}

fn entry(app: &TestApp, path: &str, certificate: &Certificate) -> Option<RevokedEntry> {
    list(app, path).entry(certificate.issuer(), certificate.serial())
}

#[test]
fn each_fault_of_a_request_is_its_own_refusal() {
    let (name, none) = (subject("requested").name().clone(), Extensions::default());
    let good = asked(&key(), &name, &none);
    assert!(issue(app(), &good).is_ok());
    assert_eq!(code(issue(app(), b"no request")), "request-unreadable");
    let mut forged = good.clone();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    assert_eq!(code(issue(app(), &forged)), "request-possession");
    // The same request again is no other subject; the same key under another name is.
    assert!(issue(app(), &good).is_ok());
    let reused = key();
    assert!(issue(app(), &asked(&reused, &name, &none)).is_ok());
    let other = subject("another").name().clone();
    assert_eq!(code(issue(app(), &asked(&reused, &other, &none))), "request-key-reused");
    let der = app().ask(request("GET", "/ca/root-national.crt", None, "")).body;
    let authority = Certificate::from_der(&der).unwrap().subject().clone();
    assert_eq!(
        code(issue(app(), &asked(&key(), &authority, &none))),
        "request-authority-name"
    );
    let more = |extensions: Extensions| code(issue(app(), &asked(&key(), &name, &extensions)));
    let signs_certificates = Extensions {
        key_usage: present(KeyUsage::KEY_CERT_SIGN),
        ..Extensions::default()
    };
    let is_authority = Extensions {
        basic_constraints: present(BasicConstraints {
            ca: true,
            path_length: None,
        }),
        ..Extensions::default()
    };
    let has_host = Extensions {
        subject_alt_name: present(vec![GeneralName::Dns("example.com".to_owned())]),
        ..Extensions::default()
    };
    for extensions in [signs_certificates, is_authority, has_host] {
        assert_eq!(more(extensions), "request-extension");
    }
}

fn present<T>(value: T) -> Option<Extension<T>> {
    Some(Extension { critical: true, value })
}

#[test]
fn openssl_requests_with_weak_keys_are_refused() {
    let folder = TempFolder::new("weak-requests");
    let openssl = |arguments: &[&str]| {
        let verdict = run(folder.path(), "openssl", arguments);
        assert!(verdict.accepted, "{}", verdict.said);
    };
    let refused = |make: &[&str]| {
        openssl(make);
        let ask = [
            "req",
            "-new",
            "-key",
            "key",
            "-subj",
            "/C=CN/O=o/CN=n",
            "-outform",
            "DER",
            "-out",
            "request",
        ];
        openssl(&ask);
        code(issue(app(), &folder.read("request")))
    };
    let rsa = |bits: &'static str, exponent: &'static str| ["genrsa", exponent, "-out", "key", bits];
    assert_eq!(refused(&rsa("1024", "-f4")), "request-key-weak");
    assert_eq!(refused(&rsa("2048", "-3")), "request-key-weak");
    // A curve that is not certified: nobody here could check the signature.
    let curve = ["ecparam", "-name", "secp256k1", "-genkey", "-noout", "-out", "key"];
    assert_eq!(refused(&curve), "request-possession");
}

#[test]
fn a_renewed_certificate_has_the_old_key_and_a_new_one_the_old_subject() {
    let (old, key) = issued(app(), "renewed");
    let service = &app().service;
    let renewed = app()
        .wait(acts::make(service, Act::RenewCertificate(id(CA, old.serial()))))
        .unwrap();
    assert_ne!(renewed.serial(), old.serial());
    assert_eq!(
        (renewed.subject(), renewed.public_key_info()),
        (old.subject(), old.public_key_info())
    );
    let rekey = |key: &SoftwareKey, name: &str| {
        let request = certification_request(&subject(name), key).unwrap();
        let new = NewSubjectKey {
            ca: CA.to_owned(),
            serial: old.serial().clone(),
            request: request.der().to_vec(),
        };
        app().wait(acts::make(service, Act::RekeyCertificate(new)))
    };
    assert_eq!(code(rekey(&key, "renewed")), "request-same-key");
    let fresh = self::key();
    assert_eq!(code(rekey(&fresh, "somebody else")), "request-other-subject");
    let rekeyed = rekey(&fresh, "renewed").unwrap();
    assert_eq!(rekeyed.public_key(), Ok(fresh.public_key()));
    assert_eq!(rekeyed.subject(), old.subject());
    app()
        .wait(acts::revoke(service, CA, old.serial(), RevocationReason::Superseded))
        .unwrap();
    let renewed = app().wait(acts::make(service, Act::RenewCertificate(id(CA, old.serial()))));
    assert_eq!(code(renewed), "certificate-not-renewed-revoked");
}

#[test]
fn a_hold_stands_in_the_lists_until_it_is_released_or_becomes_a_revocation() {
    let (held, _) = issued(app(), "held");
    let service = &app().service;
    let part = held.extensions().crl_distribution_points.as_ref().unwrap().value[0]
        .name
        .as_ref()
        .unwrap();
    let part = part.url().unwrap().strip_prefix("https://licences.example").unwrap();
    assert_eq!(part, "/crl/issuing-international/0.crl");
    let reasons =
        || ["/crl/issuing-international.crl", part].map(|path| entry(app(), path, &held).map(|entry| entry.reason));
    assert_eq!(reasons(), [None, None]);
    app()
        .wait(acts::act(service, Act::HoldCertificate(id(CA, held.serial()))))
        .unwrap();
    assert_eq!(reasons(), [Some(RevocationReason::CertificateHold); 2]);
    app()
        .wait(acts::act(service, Act::ReleaseCertificate(id(CA, held.serial()))))
        .unwrap();
    assert_eq!(reasons(), [None, None]);
    let again = app().wait(acts::act(service, Act::ReleaseCertificate(id(CA, held.serial()))));
    assert_eq!(again.unwrap_err().problems()[0].code, "state-changed");
    app()
        .wait(acts::act(service, Act::HoldCertificate(id(CA, held.serial()))))
        .unwrap();
    let reason = RevocationReason::KeyCompromise;
    app().wait(acts::revoke(service, CA, held.serial(), reason)).unwrap();
    assert_eq!(reasons(), [Some(reason); 2]);
    assert!(
        app()
            .wait(acts::act(service, Act::ReleaseCertificate(id(CA, held.serial()))))
            .is_err()
    );
    let hold = Act::HoldCertificate(id(CA, held.serial()));
    let stranger = app().wait(service.mandate_for(&Actor::Anonymous, hold));
    assert_eq!(stranger.unwrap_err().problems()[0].code, "not-authenticated");
}

#[test]
fn a_part_names_itself_critically_and_openssl_checks_its_certificate_by_it() {
    let (certificate, _) = issued(app(), "checked by its part");
    let path = "/crl/issuing-international/0.crl";
    let crl = list(app(), path);
    let point = crl.extensions().issuing_distribution_point.as_ref().unwrap();
    assert!(point.critical);
    let url = point.value.name.as_ref().unwrap().url();
    assert_eq!(url, Some("https://licences.example/crl/issuing-international/0.crl"));
    let folder = TempFolder::new("parts");
    let pem = |name: &str, kind: &str, der: &[u8]| {
        std::fs::write(folder.path().join("der"), der).unwrap();
        let made = run(
            folder.path(),
            "openssl",
            &[kind, "-inform", "DER", "-in", "der", "-out", name],
        );
        assert!(made.accepted, "{}", made.said);
    };
    let get = |path: &str| app().ask(request("GET", path, None, "")).body;
    pem("root.pem", "x509", &get("/ca/root-international.crt"));
    pem("issuing.pem", "x509", &get("/ca/issuing-international.crt"));
    pem("certificate.pem", "x509", certificate.der());
    let time = app().service.now().timestamp().to_string();
    let check = || {
        pem("part.pem", "crl", &get(path));
        let verify = [
            "verify",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "-crl_check",
            "-extended_crl",
            "-CRLfile",
            "part.pem",
            "-attime",
            &time,
            "certificate.pem",
        ];
        run(folder.path(), "openssl", &verify)
    };
    let good = check();
    assert!(good.accepted, "{}", good.said);
    app()
        .wait(acts::revoke(
            &app().service,
            CA,
            certificate.serial(),
            RevocationReason::Superseded,
        ))
        .unwrap();
    assert!(check().said.contains("certificate revoked"));
}

#[test]
fn a_long_list_has_a_delta_list_that_takes_released_certificates_off() {
    let app = TestApp::new(Suite::International);
    let service = &app.service;
    let issue = |number: usize| {
        let subject = subject(&format!("number {number}"));
        app.wait(acts::certify(service, (CA, PROFILE), &subject, &key()))
    };
    let revoke = |certificate: &Certificate, reason| {
        app.wait(acts::revoke(service, CA, certificate.serial(), reason))
            .unwrap();
    };
    let delta = "/crl/issuing-international/delta.crl";
    assert_eq!(app.ask(request("GET", delta, None, "")).status, StatusCode::NOT_FOUND);
    let held = issue(0);
    revoke(&held, RevocationReason::CertificateHold);
    (1..=64).for_each(|number| revoke(&issue(number), RevocationReason::Superseded));
    app.clock.set(service.now() + TimeDelta::hours(40));
    let complete = list(&app, "/crl/issuing-international.crl");
    let freshest = complete.extensions().freshest_crl.as_ref().unwrap();
    let url = freshest.value[0].name.as_ref().unwrap().url().unwrap();
    assert_eq!(url, format!("https://licences.example{delta}"));
    app.clock.set(service.now() + TimeDelta::hours(10));
    app.wait(acts::act(service, Act::ReleaseCertificate(id(CA, held.serial()))))
        .unwrap();
    let last = issue(65);
    revoke(&last, RevocationReason::KeyCompromise);
    let changes = list(&app, delta);
    let base = changes.extensions().delta_crl_indicator.as_ref().unwrap();
    assert!(base.critical && Some(&base.value[..]) == complete.number());
    let reason = |certificate: &Certificate| {
        let found = changes.entry(certificate.issuer(), certificate.serial());
        found.map(|entry| entry.reason)
    };
    assert_eq!(reason(&held), Some(RevocationReason::RemoveFromCrl));
    assert_eq!(reason(&last), Some(RevocationReason::KeyCompromise));
    assert_eq!(changes.len(), 2);
    let newest = list(&app, "/crl/issuing-international.crl");
    assert_eq!(newest.number(), changes.number());
}

#[test]
fn a_list_that_knows_nothing_of_a_revocation_is_never_given_out() {
    let app = TestApp::new(Suite::International);
    let (certificate, _) = issued(&app, "revoked while the key was away");
    assert_eq!(entry(&app, "/crl/issuing-international.crl", &certificate), None);
    // Another program without the authority's key records the revocation, and cannot sign a list.
    let keys = app.folder.path().join("keys");
    let (key, away) = (keys.join(format!("{CA}.key")), keys.join("away"));
    std::fs::rename(&key, &away).unwrap();
    let other = app.another_program();
    let reason = RevocationReason::KeyCompromise;
    // What is recorded is done, whether a list can be signed at once or not.
    app.wait(acts::revoke(&other, CA, certificate.serial(), reason))
        .unwrap();
    std::fs::rename(&away, &key).unwrap();
    let told = entry(&app, "/crl/issuing-international.crl", &certificate).unwrap();
    assert_eq!(told.reason, RevocationReason::KeyCompromise);
}
