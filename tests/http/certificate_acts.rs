//! The daily work on certificates over HTTP: an officer signs exactly what is to be done, lists show what came of it.

use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use yinxin::service::certificates::{CertificateId, FormerCertificate, NewSubjectKey, RequestedCertificate};
use yinxin::service::proposals::Act;
use yinxin::x509::{Certificate, RevocationReason};

use super::proposals::Asked;
use crate::proposals::house::{Person, found};
use crate::subordinates::{openssl_request, tiers, under};
use crate::support::TempFolder;

pub(super) const LIST: &str = "/api/v1/ca/city/certificates";

impl Asked {
    /// A house with an authority for end entities, and its officers.
    pub(super) async fn with_city() -> (Self, Person, Person) {
        let (asked, first, second) = Self::with_two().await;
        asked.house.agree(found("root"), &first, &second).await.unwrap();
        let city = Act::FoundCa(under("root", "city", tiers(0)));
        asked.house.agree(city, &first, &second).await.unwrap();
        (asked, first, second)
    }

    /// Has one officer do an act: status and what came of it, or the code of the refusal.
    pub(super) async fn act(&self, act: Act, officer: &Person) -> (StatusCode, Value) {
        let content = self.house.content(act, officer).await;
        let signed = self.house.sign_proposal(&content, officer);
        let post = ("POST", "/api/v1/proposals");
        let (status, answer) = self.ask(post, &signed, None, content.canonical()).await;
        if status != StatusCode::CREATED {
            return (status, answer["fields"][0]["code"].clone());
        }
        let record = self.house.record(content.id).await;
        (status, serde_json::to_value(record).unwrap()["outcome"].clone())
    }

    pub(super) async fn get(&self, path: &str, officer: &Person) -> (StatusCode, Value) {
        let reading = self.reading(officer).await;
        self.ask(("GET", path), &reading, None, String::new()).await
    }

    async fn serials(&self, query: &str, officer: &Person) -> Vec<String> {
        // The responder that tells the status has a certificate of this authority, too.
        let (status, listed) = self.get(&format!("{LIST}?profile=tls-server{query}"), officer).await;
        assert_eq!(status, StatusCode::OK, "{listed}");
        let listed = listed["certificates"].as_array().unwrap().iter();
        listed.map(|one| one["serial"].as_str().unwrap().to_owned()).collect()
    }
}

pub(super) fn requested(names: &str) -> RequestedCertificate {
    let folder = TempFolder::new("act-request");
    RequestedCertificate {
        ca: "city".to_owned(),
        profile: "tls-server".to_owned(),
        request: openssl_request(folder.path(), "云州报社", names),
        organisation: None,
        credit_code: None,
    }
}

pub(super) fn named(serial: &str) -> CertificateId {
    CertificateId {
        ca: "city".to_owned(),
        serial: serial.parse().unwrap(),
    }
}

pub(super) fn former(ca: &str, serial: &str) -> FormerCertificate {
    FormerCertificate {
        ca: ca.to_owned(),
        serial: serial.parse().unwrap(),
        reason: RevocationReason::CessationOfOperation,
        invalid_since: None,
    }
}

pub(super) fn serial(outcome: &Value) -> String {
    outcome["serial"]
        .as_str()
        .unwrap_or_else(|| panic!("{outcome}"))
        .to_owned()
}

#[tokio::test]
async fn one_officer_issues_suspends_releases_renews_and_revokes_and_the_list_tells() {
    let (asked, first, second) = Asked::with_city().await;
    let (status, outcome) = asked
        .act(Act::IssueCertificate(requested("DNS:www.example.org")), &first)
        .await;
    assert_eq!(status, StatusCode::CREATED, "{outcome}");
    let one = serial(&outcome);
    let (_, shown) = asked.get(&format!("{LIST}/{one}"), &second).await;
    assert_eq!(shown["status"], "good");
    assert_eq!(shown["profile"], "tls-server");
    assert_eq!(shown["certificateSha256"], outcome["certificateSha256"]);
    let der = BASE64_STANDARD.decode(shown["certificate"].as_str().unwrap()).unwrap();
    assert_eq!(Certificate::from_der(&der).unwrap().serial().to_string(), one);

    // Suspension takes one officer, another one releases.
    let hold = asked.act(Act::HoldCertificate(named(&one)), &second).await;
    assert_eq!(hold.0, StatusCode::CREATED, "{hold:?}");
    assert_eq!(asked.serials("&status=on-hold", &first).await, [one.as_str()]);
    let (_, held) = asked.get(&format!("{LIST}/{one}"), &first).await;
    assert_eq!(held["reason"], "certificateHold");
    assert!(held["revokedAt"].is_string());
    let twice = asked.act(Act::HoldCertificate(named(&one)), &second).await;
    assert_eq!(twice.0, StatusCode::CONFLICT, "{twice:?}");
    let released = asked.act(Act::ReleaseCertificate(named(&one)), &first).await;
    assert_eq!(released.0, StatusCode::CREATED, "{released:?}");
    assert_eq!(asked.serials("&status=good", &first).await, [one.as_str()]);

    asked.house.clock.set(asked.house.now() + chrono::TimeDelta::minutes(1));
    let (_, renewed) = asked.act(Act::RenewCertificate(named(&one)), &first).await;
    let two = serial(&renewed);
    asked.house.clock.set(asked.house.now() + chrono::TimeDelta::minutes(1));
    let new_key = NewSubjectKey {
        ca: "city".to_owned(),
        serial: one.parse().unwrap(),
        request: requested("DNS:www.example.org").request,
    };
    let (_, rekeyed) = asked.act(Act::RekeyCertificate(new_key), &first).await;
    let three = serial(&rekeyed);
    let (_, page) = asked.get(&format!("{LIST}?profile=tls-server&limit=2"), &first).await;
    let next = page["next"].as_str().unwrap();
    assert_eq!(asked.serials("&limit=2", &first).await, [three.clone(), two.clone()]);
    let rest = asked.serials(&format!("&limit=2&after={next}"), &first).await;
    assert_eq!(rest, [one.as_str()], "newest first, and each once");

    let revoked = asked.act(Act::RevokeCertificate(former("city", &one)), &second).await;
    assert_eq!(revoked.0, StatusCode::CREATED, "{revoked:?}");
    assert_eq!(asked.serials("&status=revoked", &first).await, [one.as_str()]);
    let (_, responder) = asked.get(&format!("{LIST}?profile=ocsp-responder"), &first).await;
    assert_eq!(responder["certificates"][0]["profile"], "ocsp-responder");
    let events = asked.house.events(&one).await;
    let actors: Vec<_> = events
        .iter()
        .map(|event| (event.action.as_str(), event.actor.split(':').next().unwrap()))
        .collect();
    let by_proposal = |action| (action, "proposal");
    assert_eq!(
        actors,
        [
            by_proposal("certificate.issue"),
            by_proposal("certificate.hold"),
            by_proposal("certificate.release"),
            by_proposal("certificate.revoke"),
        ]
    );
}

#[tokio::test]
async fn what_is_not_to_be_done_is_refused_with_its_code_and_leaves_no_proposal_behind() {
    let (asked, first, second) = Asked::with_city().await;
    let stranger = Person::new("生人", yinxin::crypto::key::Suite::National);
    let mut request = requested("DNS:www.example.org");
    let refused = asked.act(Act::IssueCertificate(request.clone()), &stranger).await;
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED, "{refused:?}");
    for (ca, profile, organisation, status, code) in [
        ("city", "issuing", None, 422, "profile-of-authorities"),
        ("city", "nothing", None, 404, "not-found"),
        ("nobody", "tls-server", None, 404, "not-found"),
        ("city", "tls-server", Some("示例局"), 422, "organisation-without-code"),
    ] {
        request.ca = ca.to_owned();
        request.profile = profile.to_owned();
        request.organisation = organisation.map(str::to_owned);
        let refused = asked.act(Act::IssueCertificate(request.clone()), &first).await;
        assert_eq!(
            (refused.0.as_u16(), refused.1.as_str()),
            (status, Some(code)),
            "{ca} {profile}"
        );
    }
    let odd = RequestedCertificate {
        request: b"no request".to_vec(),
        ..requested("DNS:www.example.org")
    };
    assert_eq!(
        asked.act(Act::IssueCertificate(odd), &first).await.1,
        "request-unreadable"
    );
    assert_eq!(
        asked.act(Act::HoldCertificate(named("01")), &first).await.1,
        "not-found"
    );
    assert_eq!(
        asked.act(Act::ReleaseCertificate(named("01")), &first).await.1,
        "not-found"
    );
    let (_, listed) = asked.get("/api/v1/proposals?state=open", &first).await;
    assert_eq!(listed["proposals"], serde_json::json!([]));
    for (query, status) in [("?status=lost", 422), ("?after=x", 422), ("?colour=red", 400)] {
        let (found, _) = asked.get(&format!("{LIST}{query}"), &first).await;
        assert_eq!(found.as_u16(), status, "{query}");
    }
    let (unknown, _) = asked.get("/api/v1/ca/nobody/certificates", &first).await;
    assert_eq!(unknown, StatusCode::NOT_FOUND);

    // The certificate of an authority takes two.
    let of_city = asked.house.service.certificate_authorities().await.unwrap();
    let of_city = of_city.into_iter().find(|row| row.name == "city").unwrap();
    let city = Certificate::from_der(&of_city.certificate)
        .unwrap()
        .serial()
        .to_string();
    let alone = asked.act(Act::RevokeCertificate(former("root", &city)), &first).await;
    assert_eq!(alone, (StatusCode::CONFLICT, "certificate-of-authority".into()));
    let proposed = asked.act(Act::RevokeCa(former("root", &city)), &first).await;
    assert_eq!(proposed, (StatusCode::CREATED, Value::Null), "it waits for another");
    let agreed = Act::RevokeCa(former("root", &city));
    asked.house.agree(agreed, &first, &second).await.unwrap();
    let (_, shown) = asked.get(&format!("/api/v1/ca/root/certificates/{city}"), &first).await;
    assert_eq!(shown["status"], "revoked");
    // Below it nothing is founded any more.
    let below = Act::FoundCa(under("city", "district", tiers(0)));
    let refused = asked.house.agree(below, &first, &second).await;
    assert_eq!(crate::proposals::house::code(refused), "signer-revoked");
}
