//! What one officer may not do to certificates: whatever reaches beyond daily work waits for another.

use axum::http::StatusCode;
use serde_json::Value;
use yinxin::licence::authority::{Authority, AuthorityLevel};
use yinxin::licence::text::Bilingual;
use yinxin::service::actor::Actor;
use yinxin::service::certificates::{FormerCertificate, NewSubjectKey, RequestedCertificate};
use yinxin::service::proposals::{Act, RecordError, Standing};
use yinxin::x509::RevocationReason;

use super::certificate_acts::{LIST, former, named, requested, serial};
use super::proposals::Asked;
use crate::proposals::house::Person;
use crate::subordinates::openssl_request_saying;
use crate::support::TempFolder;

impl Asked {
    /// What an officer proposes alone waits for another, and is not done.
    async fn waits(&self, act: Act, officer: &Person) {
        let name = act.name();
        assert_eq!(
            self.act(act, officer).await,
            (StatusCode::CREATED, Value::Null),
            "{name}"
        );
        let (_, open) = self.get("/api/v1/proposals?state=open", officer).await;
        let open = open["proposals"].as_array().unwrap();
        assert!(open.iter().any(|one| one["act"] == name), "{name}: {open:?}");
    }

    /// Has two officers do an act; gives what came of it.
    async fn by_two(&self, act: Act, (first, second): (&Person, &Person)) -> Value {
        let decided = self.house.agree(act, first, second).await.unwrap();
        let record = self.house.record(decided.id).await;
        record.check(&[]).unwrap();
        record.outcome.unwrap()
    }

    async fn status(&self, serial: &str, officer: &Person) -> Value {
        self.get(&format!("{LIST}/{serial}"), officer).await.1["status"].clone()
    }

    /// How many certificates of a profile there are.
    async fn count(&self, profile: &str, officer: &Person) -> usize {
        let (_, listed) = self.get(&format!("{LIST}?profile={profile}"), officer).await;
        listed["certificates"].as_array().unwrap().len()
    }
}

const BODY: &str = "云州市市场监督管理局";
const CODE: &str = "11159903MB030010XW";
/// The code of an enterprise.
const ENTERPRISE: &str = "91159901MA0000031L";

/// A request in the name of a body.
fn in_the_name_of_a_body(profile: &str) -> RequestedCertificate {
    in_the_name_of(BODY, CODE, profile)
}

fn in_the_name_of(name: &str, code: &str, profile: &str) -> RequestedCertificate {
    let folder = TempFolder::new("quorum-request");
    let request = openssl_request_saying(folder.path(), "云州市", "keyUsage=digitalSignature");
    RequestedCertificate {
        ca: "city".to_owned(),
        profile: profile.to_owned(),
        request,
        organisation: Some(name.to_owned()),
        credit_code: Some(code.to_owned()),
    }
}

#[tokio::test]
async fn one_officer_makes_no_signer_of_licences_nor_anything_that_serves_the_instance() {
    let (asked, first, _) = Asked::with_city().await;
    for profile in [
        "organisation-signer",
        "seal-maker",
        "credential-signer",
        "tsa",
        "ocsp-responder",
        "list-signer",
    ] {
        let before = asked.count(profile, &first).await;
        let new = in_the_name_of_a_body(profile);
        asked.waits(Act::IssueCertificate(new), &first).await;
        assert_eq!(asked.count(profile, &first).await, before, "{profile}");
    }
    // An enterprise signs its own documents, and no licences.
    let enterprise = Act::IssueCertificate(in_the_name_of("云州报社有限公司", ENTERPRISE, "enterprise"));
    let (status, outcome) = asked.act(enterprise, &first).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(asked.status(&serial(&outcome), &first).await, "good");
}

#[tokio::test]
async fn one_officer_certifies_nobody_in_the_name_of_a_body_of_ours() {
    let (asked, first, second) = Asked::with_city().await;
    let service = &asked.house.service;
    let before = Act::IssueCertificate(in_the_name_of(BODY, ENTERPRISE, "enterprise"));
    let (_, outcome) = asked.act(before, &first).await;
    let early = serial(&outcome);
    let bureau = Authority {
        code: CODE.parse().unwrap(),
        name: Bilingual {
            zh: BODY.to_owned(),
            en: "Market Regulation".to_owned(),
        },
        region: "159903".parse().unwrap(),
        level: AuthorityLevel::County,
        parent: None,
    };
    service.register_authority(&Actor::Operator, &bureau).await.unwrap();
    for (name, code) in [
        ("云州报社有限公司", CODE),
        (BODY, ENTERPRISE),
        ("云州市 市场监督管理局", ENTERPRISE),
        // Who runs our authorities.
        ("云州市", ENTERPRISE),
    ] {
        let new = in_the_name_of(name, code, "enterprise");
        asked.waits(Act::IssueCertificate(new), &first).await;
    }
    // The subject of the request itself, whatever the profile: by the organisation, by a code in another place.
    let folder = TempFolder::new("quorum-subject");
    for organisation in [
        BODY,
        &format!("x/organizationIdentifier=NTRCN-{CODE}"),
        &format!("x/OU={CODE}"),
    ] {
        for profile in ["person", "tls-client"] {
            let request = openssl_request_saying(folder.path(), organisation, "keyUsage=digitalSignature");
            let new = RequestedCertificate {
                ca: "city".to_owned(),
                profile: profile.to_owned(),
                request,
                organisation: None,
                credit_code: None,
            };
            asked.waits(Act::IssueCertificate(new), &first).await;
        }
    }
    assert_eq!(asked.count("enterprise", &first).await, 1);
    // What was certified before the body was registered goes on by two.
    asked.waits(Act::RenewCertificate(named(&early)), &first).await;
    asked
        .by_two(Act::RenewCertificate(named(&early)), (&first, &second))
        .await;
    assert_eq!(asked.count("enterprise", &first).await, 2);
}

#[tokio::test]
async fn what_becomes_of_a_signer_takes_two_but_for_its_suspension() {
    let (asked, first, second) = Asked::with_city().await;
    let both = (&first, &second);
    let new = in_the_name_of_a_body("organisation-signer");
    let signer = serial(&asked.by_two(Act::IssueCertificate(new.clone()), both).await);
    let new_key = NewSubjectKey {
        ca: "city".to_owned(),
        serial: signer.parse().unwrap(),
        request: in_the_name_of_a_body("organisation-signer").request,
    };
    asked.waits(Act::RekeyCertificate(new_key), &first).await;
    asked.waits(Act::RenewCertificate(named(&signer)), &first).await;
    asked
        .waits(Act::RevokeCertificate(former("city", &signer)), &first)
        .await;
    assert_eq!(asked.count("organisation-signer", &first).await, 1);
    assert_eq!(asked.status(&signer, &first).await, "good");

    let held = asked.act(Act::HoldCertificate(named(&signer)), &first).await;
    assert_eq!(held.0, StatusCode::CREATED, "{held:?}");
    asked.waits(Act::ReleaseCertificate(named(&signer)), &first).await;
    assert_eq!(asked.status(&signer, &first).await, "on-hold");
    asked.by_two(Act::ReleaseCertificate(named(&signer)), both).await;
    assert_eq!(asked.status(&signer, &first).await, "good");

    asked.house.clock.set(asked.house.now() + chrono::TimeDelta::minutes(1));
    let renewed = asked.by_two(Act::RenewCertificate(named(&signer)), both).await;
    assert_eq!(asked.status(&serial(&renewed), &first).await, "good");
    asked
        .by_two(Act::RevokeCertificate(former("city", &signer)), both)
        .await;
    assert_eq!(asked.status(&signer, &first).await, "revoked");
}

#[tokio::test]
async fn an_authority_or_a_role_of_the_instance_is_neither_released_nor_renewed_by_one() {
    let (asked, first, second) = Asked::with_city().await;
    // The responder has its certificate as soon as there is a status to tell.
    let (_, issued) = asked
        .act(Act::IssueCertificate(requested("DNS:www.example.org")), &first)
        .await;
    asked.act(Act::HoldCertificate(named(&serial(&issued))), &first).await;
    let (_, responders) = asked.get(&format!("{LIST}?profile=ocsp-responder"), &first).await;
    let responder = serial(&responders["certificates"][0]);
    asked.waits(Act::RenewCertificate(named(&responder)), &first).await;
    asked
        .waits(Act::RevokeCertificate(former("city", &responder)), &first)
        .await;
    assert_eq!(asked.status(&responder, &first).await, "good");

    let authorities = asked.house.service.certificate_authorities().await.unwrap();
    let city = authorities.iter().find(|row| row.name == "city").unwrap();
    let city = yinxin::x509::Certificate::from_der(&city.certificate).unwrap();
    let mut of_city = named(&city.serial().to_string());
    of_city.ca = "root".to_owned();
    let held = asked.act(Act::HoldCertificate(of_city.clone()), &second).await;
    assert_eq!(held.0, StatusCode::CREATED, "{held:?}");
    let path = format!("/api/v1/ca/root/certificates/{}", of_city.serial);
    asked.waits(Act::ReleaseCertificate(of_city.clone()), &first).await;
    assert_eq!(asked.get(&path, &first).await.1["status"], "on-hold");
    asked.by_two(Act::ReleaseCertificate(of_city), (&first, &second)).await;
    assert_eq!(asked.get(&path, &first).await.1["status"], "good");
}

#[tokio::test]
async fn one_officer_revokes_from_now_on_and_two_from_an_earlier_time() {
    let (asked, first, second) = Asked::with_city().await;
    let (_, issued) = asked
        .act(Act::IssueCertificate(requested("DNS:www.example.org")), &first)
        .await;
    let host = serial(&issued);
    let lost = FormerCertificate {
        reason: RevocationReason::KeyCompromise,
        invalid_since: Some(asked.house.now()),
        ..former("city", &host)
    };
    asked.house.clock.set(asked.house.now() + chrono::TimeDelta::minutes(1));
    asked.waits(Act::RevokeCertificate(lost.clone()), &first).await;
    assert_eq!(asked.status(&host, &first).await, "good");
    asked
        .by_two(Act::RevokeCertificate(lost.clone()), (&first, &second))
        .await;
    assert_eq!(asked.status(&host, &first).await, "revoked");

    // A record that shows one of the two proves nothing.
    let (_, done) = asked.get("/api/v1/proposals?state=carried-out", &first).await;
    let mut record = done["proposals"].as_array().unwrap().iter();
    let mut record = record.find(|one| one["act"] == "revoke-certificate").cloned().unwrap();
    record["statements"].as_array_mut().unwrap().truncate(1);
    let record: yinxin::service::proposals::ProposalRecord = serde_json::from_value(record).unwrap();
    assert_eq!(record.check(&[]), Err(RecordError::Unfounded(Standing::CarriedOut)));
}
