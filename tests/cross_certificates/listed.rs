//! A partner that is recognised by the list and certified, too: what is decided about it in the list becomes of the
//! cross-certificate in the same change.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use yinxin::crypto::key::KeyAlgorithm;
use yinxin::problem::Explain;
use yinxin::service::cross_certificates::{CrossCertificateId, CrossState};
use yinxin::service::error::ServiceError;
use yinxin::service::proposals::{Act, Content, Quorum};
use yinxin::service::recognition::{ListPublication, NewRecognition, StatusChange};
use yinxin::trust::Service;
use yinxin::trust::list::{Bounds, Names, RecognitionList, Status, StatusReason};
use yinxin::x509::{Certificate, Crl, RevocationReason, RevokedEntry};

use super::{City, Published, SEALS, clock, code, terms};
use crate::support::acts;
use crate::support::app;

/// A city that relies on another by its list and by a cross-certificate.
struct Listed {
    own: City,
    partner: City,
    cross: Certificate,
}

impl Listed {
    fn new() -> Self {
        let (own, partner) = (
            City::new("甲市", KeyAlgorithm::P256),
            City::new("乙市", KeyAlgorithm::P256),
        );
        // Certifies the signer of the list.
        own.found("issuing-international", Some("root"));
        let publication = ListPublication {
            regions: Some(vec!["159901".parse().unwrap()]),
            ..ListPublication::default()
        };
        let new = NewRecognition {
            entity: "partner".to_owned(),
            names: Some(Names::new("乙市认证中心", "")),
            certificate: BASE64_STANDARD.encode(partner.certificate("root")),
            services: vec![Service::GovernmentSeals, Service::TimeStamping],
            since: None,
            bounds: Some(Bounds {
                regions: vec!["159903".parse().unwrap()],
                ..Bounds::default()
            }),
            note: String::new(),
        };
        own.runtime.block_on(async {
            for act in [Act::PublishList(publication), Act::Recognise(new)] {
                acts::act(&own.service, act).await.unwrap();
            }
        });
        let cross = own.certify("乙市", &partner.certificate("root"), terms()).unwrap();
        Self { own, partner, cross }
    }

    fn id(&self) -> CrossCertificateId {
        CrossCertificateId {
            ca: "root".to_owned(),
            serial: self.cross.serial().to_string(),
        }
    }

    /// A change that names the cross-certificate.
    fn change(&self, reason: StatusReason) -> StatusChange {
        StatusChange {
            entity: "partner".to_owned(),
            services: Vec::new(),
            since: None,
            reason,
            note: String::new(),
            cross_certificates: vec![self.id()],
        }
    }

    fn decide(&self, status: Status, change: &StatusChange) -> Result<RecognitionList, ServiceError> {
        let act = match status {
            Status::Granted => Act::Resume(change.clone()),
            Status::Suspended => Act::Suspend(change.clone()),
            Status::Withdrawn => Act::Withdraw(change.clone()),
        };
        self.own.runtime.block_on(acts::decide(&self.own.service, act))
    }

    fn sequence(&self) -> u64 {
        let list = self.own.runtime.block_on(self.own.service.recognition_list());
        list.unwrap().unwrap().sequence
    }

    fn state(&self) -> CrossState {
        let views = self.own.service.cross_certificates("root");
        self.own.runtime.block_on(views).unwrap()[0].state
    }

    /// The list of the root as it was published last, without making another.
    fn entry(&self) -> Option<RevokedEntry> {
        let crl = Crl::from_der(&self.own.crl("root")).unwrap();
        crl.entry(self.cross.issuer(), self.cross.serial())
    }

    fn published(&self) -> Published {
        Published::new(&self.own, &[&self.partner], &self.partner.signer("乙市"))
    }
}

#[test]
fn withdrawing_a_partner_revokes_its_cross_certificate_in_the_same_change() {
    let city = Listed::new();
    let before = city.sequence();
    assert!(city.published().openssl(SEALS).accepted);

    // Whoever proposes it names the certificate; otherwise nothing is done.
    let mut unnamed = city.change(StatusReason::Ceased);
    unnamed.cross_certificates.clear();
    let refused = city.decide(Status::Withdrawn, &unnamed).unwrap_err();
    assert_eq!(code(&refused), "recognition-cross-certificates");
    assert_eq!(refused.problems()[0].params["due"], city.id().to_string());
    assert_eq!((city.sequence(), city.state()), (before, CrossState::InForce));
    let concerned = city
        .own
        .service
        .cross_certificates_concerned(&unnamed, Status::Withdrawn);
    assert_eq!(city.own.runtime.block_on(concerned).unwrap(), [city.id()]);

    let ceased = city.change(StatusReason::Ceased);
    let list = city.decide(Status::Withdrawn, &ceased).unwrap();
    // A program that starts now finds both, without anybody having asked for a new revocation list.
    let again = city
        .own
        .runtime
        .block_on(app::open(&city.own.folder, "http://p-256.example", &clock()));
    let trust = again.trust();
    assert_eq!(trust.list_sequence(), Some(before + 1));
    let revokes = |crl: &Crl| crl.entry(city.cross.issuer(), city.cross.serial()).is_some();
    assert!(trust.crls().iter().any(revokes));
    assert_eq!((list.sequence, city.state()), (before + 1, CrossState::Revoked));
    let entry = city.entry().unwrap();
    assert_eq!(
        (entry.reason, entry.invalidity_date),
        (RevocationReason::CessationOfOperation, None)
    );
    let published = city.published();
    assert_eq!(published.path(&[])["reasons"][0]["code"], "certificate-revoked");
    let said = published.openssl(SEALS);
    assert!(
        !said.accepted && said.said.contains("certificate revoked"),
        "{}",
        said.said
    );
}

#[test]
fn what_two_officers_sign_names_the_certificate_that_is_revoked() {
    let city = Listed::new();
    let act = Act::Withdraw(city.change(StatusReason::RulesBroken));
    let now = city.own.service.now();
    let content = Content::new(
        "instance",
        &[7; 32],
        (act, Quorum::Two),
        "违规",
        now,
        chrono::TimeDelta::days(1),
    );
    let text = content.canonical();
    assert!(text.contains(&city.id().serial), "{text}");
    let Act::Withdraw(read) = Content::parse(&text).unwrap().act else {
        panic!("{text}");
    };
    city.decide(Status::Withdrawn, &read).unwrap();
    assert_eq!(city.entry().unwrap().reason, RevocationReason::PrivilegeWithdrawn);
}

#[test]
fn a_compromise_dates_back_in_the_list_and_in_the_certificate() {
    let city = Listed::new();
    let since = "2026-10-01T00:00:00Z".parse().unwrap();
    let lost = StatusChange {
        since: Some(since),
        // The key was found compromised in one service; it is the same key for all.
        services: vec![Service::TimeStamping],
        ..city.change(StatusReason::Compromise)
    };
    city.decide(Status::Withdrawn, &lost).unwrap();
    let entry = city.entry().unwrap();
    assert_eq!(entry.reason, RevocationReason::CaCompromise);
    assert_eq!(
        (entry.invalidity_date, entry.revoked_at),
        (Some(since), city.own.service.now())
    );
}

#[test]
fn a_suspension_is_a_hold_that_ends_with_it_or_becomes_a_revocation() {
    let city = Listed::new();
    let investigated = city.change(StatusReason::Investigation);
    city.decide(Status::Suspended, &investigated).unwrap();
    assert_eq!(city.state(), CrossState::OnHold);
    assert_eq!(city.entry().unwrap().reason, RevocationReason::CertificateHold);
    assert!(!city.published().openssl(SEALS).accepted);
    // Meanwhile nothing new is certified for it.
    let another = city.own.certify("乙市", &city.partner.certificate("root"), terms());
    assert_eq!(code(&another.unwrap_err()), "cross-not-granted");

    city.decide(Status::Granted, &city.change(StatusReason::Cleared))
        .unwrap();
    assert_eq!((city.state(), city.entry()), (CrossState::InForce, None));
    assert!(city.published().openssl(SEALS).accepted);

    city.decide(Status::Suspended, &investigated).unwrap();
    city.decide(Status::Withdrawn, &city.change(StatusReason::Ceased))
        .unwrap();
    assert_eq!(city.state(), CrossState::Revoked);
    assert_eq!(city.entry().unwrap().reason, RevocationReason::CessationOfOperation);
}

#[test]
fn what_is_left_of_a_recognition_keeps_the_certificate() {
    let city = Listed::new();
    let partly = StatusChange {
        services: vec![Service::TimeStamping],
        cross_certificates: Vec::new(),
        ..city.change(StatusReason::Ceased)
    };
    city.decide(Status::Withdrawn, &partly).unwrap();
    assert_eq!((city.state(), city.entry()), (CrossState::InForce, None));
    city.decide(Status::Withdrawn, &city.change(StatusReason::Ceased))
        .unwrap();
    assert_eq!(city.state(), CrossState::Revoked);
}

#[test]
fn a_certificate_of_a_listed_partner_is_not_parted_from_the_list() {
    let city = Listed::new();
    let serial = city.cross.serial();
    let refused = city.own.revoke(serial).unwrap_err();
    assert_eq!(code(&refused), "cross-recognised");
    assert_eq!(refused.problems()[0].params["entity"], "partner");
    let hold = Act::HoldCertificate(acts::id("root", serial));
    let held = acts::act(&city.own.service, hold);
    assert_eq!(code(&city.own.runtime.block_on(held).unwrap_err()), "cross-recognised");
    let later = StatusChange {
        since: Some("2027-01-01T00:00:00Z".parse().unwrap()),
        ..city.change(StatusReason::Ceased)
    };
    assert_eq!(
        code(&city.decide(Status::Withdrawn, &later).unwrap_err()),
        "recognition-cross-later"
    );
    assert_eq!((city.state(), city.entry()), (CrossState::InForce, None));
    // Another certificate in its place says nothing about the partner.
    city.own.revoke_because(serial, RevocationReason::Superseded).unwrap();
    assert_eq!(city.state(), CrossState::Revoked);
    let views = city.own.service.cross_certificates("root");
    assert_eq!(city.own.runtime.block_on(views).unwrap()[0].entities, ["partner"]);
}

#[test]
fn of_two_decisions_at_once_one_is_made_whole_and_the_other_not_at_all() {
    let city = Listed::new();
    let before = city.sequence();
    let (ceased, held) = (
        city.change(StatusReason::Ceased),
        city.change(StatusReason::Investigation),
    );
    let service = &city.own.service;
    let (withdrawn, suspended) = city.own.runtime.block_on(async {
        let (one, other) = (
            acts::act(service, Act::Withdraw(ceased)),
            acts::act(service, Act::Suspend(held)),
        );
        tokio::join!(one, other)
    });
    assert_ne!(withdrawn.is_ok(), suspended.is_ok(), "{withdrawn:?} {suspended:?}");
    assert_eq!(city.sequence(), before + 1);
    let expected = match withdrawn.is_ok() {
        true => RevocationReason::CessationOfOperation,
        false => RevocationReason::CertificateHold,
    };
    assert_eq!(city.entry().unwrap().reason, expected);
}
