//! Licences of both suites, judged years after they were issued: authorities withdrawn, certificates revoked and
//! expired, time stamping ended, an algorithm given up (ETSI EN 319 102-1 clause 5.6). The clock moves, the files do
//! not.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use yinxin::asn1::oid;
use yinxin::ca::timestamp::TimeStampAuthority;
use yinxin::clock::rfc3339;
use yinxin::cms::SignedData;
use yinxin::cms::build::SigningIdentity;
use yinxin::cms::timestamp::{Imprint, TimeStampRequest};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Limits, PdfFile};
use yinxin::problem::Problem;
use yinxin::seal::SesSignature;
use yinxin::service::certificates::FormerCertificate;
use yinxin::sign::Claims;
use yinxin::trust::list::{Status, StatusReason};
use yinxin::trust::{AlgorithmPolicy, Anchor, Doubt, Loss, Primitive, Service, Snapshot};
use yinxin::verify::{Conclusion, Context, Indication, ProofKind, Report, SubIndication, document};
use yinxin::x509::{Certificate, Crl, RevocationReason};

use crate::support::acts;
use crate::support::app::{TestApp, application, request};
use crate::support::archive::{Added, archive};
use crate::support::city::{City, ORGANISATION, now};

fn date(text: &str) -> DateTime<Utc> {
    format!("{text}T02:00:00Z").parse().unwrap()
}

/// A city that issues licences, and another whose time stamps preserve them.
struct Story {
    app: TestApp,
    archivist: City,
    time_stamping: TimeStampAuthority,
    archivist_suite: Suite,
    issued: usize,
}

/// Certificates of a licence: of its signer, its issuing authority, its time stamping.
struct Parties {
    signer: Certificate,
    issuing: Certificate,
    time_stamping: Certificate,
    seal_maker: Certificate,
}

impl Story {
    /// The archivist stamps with the other suite, from 2027 to 2032.
    fn new(suite: Suite) -> Self {
        let other = match suite {
            Suite::International => Suite::National,
            Suite::National => Suite::International,
        };
        Self::archived_by(suite, other)
    }

    fn archived_by(suite: Suite, archivist_suite: Suite) -> Self {
        let archivist = City::founded_at(archivist_suite, date("2027-06-01"));
        Self {
            app: TestApp::new(suite),
            time_stamping: archivist.time_stamping(),
            archivist,
            archivist_suite,
            issued: 0,
        }
    }

    /// The clock moves on, and every list is made anew.
    fn now(&self, day: &str) {
        self.app.clock.set(date(day));
        self.app.wait(self.app.service.publish_due_lists()).unwrap();
    }

    fn issue(&mut self) -> Vec<u8> {
        let issued = self.app.issue(self.issued);
        self.issued += 1;
        self.app.document(&issued)
    }

    fn revoke(&self, certificate: &Certificate, reason: RevocationReason, since: Option<&str>) {
        let service = &self.app.service;
        let authorities = self.app.wait(service.certificate_authorities()).unwrap();
        let is_issuer = |der: &[u8]| {
            let issuer = Certificate::from_der(der).unwrap();
            issuer
                .public_key()
                .is_ok_and(|key| certificate.verify_signed_by(key).is_ok())
        };
        let issuer = authorities
            .iter()
            .find(|authority| is_issuer(&authority.certificate))
            .unwrap();
        let former = FormerCertificate {
            ca: issuer.name.clone(),
            serial: certificate.serial().clone(),
            reason,
            invalid_since: since.map(date),
        };
        let act = self.app.wait(service.act_of_revoking(former)).unwrap();
        self.app.wait(acts::act(service, act)).unwrap();
    }

    /// What is known on that day, with a change to the city's own authorities.
    fn known(&self, day: &str, change: impl Fn(&mut Anchor)) -> Snapshot {
        self.now(day);
        let own = self.app.service.trust();
        let mut anchors = own.anchors().to_vec();
        anchors.iter_mut().for_each(change);
        anchors.push(Anchor::new(
            "archivist",
            self.archivist.root.clone(),
            &[Service::TimeStamping],
        ));
        let intermediates = [own.intermediates(), std::slice::from_ref(&self.archivist.issuing)].concat();
        let crls = [own.crls(), &self.archivist.lists(date(day), &[])].concat();
        Snapshot::new(anchors, intermediates, crls).with_cache(Arc::clone(own.cache()))
    }

    fn judged(&self, bytes: &[u8], day: &str) -> Report {
        report(bytes, &self.known(day, |_| ()), day)
    }

    /// Preserves a document on that day, with the lists of that day.
    fn archived(&self, bytes: Vec<u8>, day: &str) -> Vec<u8> {
        let known = self.known(day, |_| ());
        let crls: Vec<_> = known.crls().iter().map(Crl::der).collect();
        let certificates: Vec<_> = known.intermediates().iter().map(Certificate::der).collect();
        let stamping = (&self.time_stamping, digest_of(self.archivist_suite));
        let added = Added {
            certificates,
            crls,
            ..Added::default()
        };
        archive(bytes, stamping, date(day), &added)
    }
}

/// The digest that the usual algorithm of a suite signs.
fn digest_of(suite: Suite) -> DigestAlgorithm {
    match suite {
        Suite::International => DigestAlgorithm::Sha256,
        Suite::National => DigestAlgorithm::Sm3,
    }
}

fn report(bytes: &[u8], snapshot: &Snapshot, day: &str) -> Report {
    document(&bytes.to_vec(), None, &Context::new(snapshot, date(day))).report
}

fn parties(bytes: &[u8]) -> Parties {
    let source = bytes.to_vec();
    let file = PdfFile::open(&source, &Limits::UPLOAD).unwrap();
    let message = SignedData::parse(file.signatures().unwrap()[0].signature.as_ref().unwrap()).unwrap();
    let stamp = message.signers[0]
        .unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN)
        .next()
        .unwrap();
    let seal = message.signers[0].signed(oid::SES_SIGNATURE).next().unwrap();
    let seal = SesSignature::parse(&seal.values[0]).unwrap();
    let token = SignedData::parse(&stamp.values[0]).unwrap();
    let read = |der: &Vec<u8>| Certificate::from_der(der).unwrap();
    let is_signer = |certificate: &&Certificate| !certificate.is_ca();
    let certificates: Vec<Certificate> = message.certificates.iter().map(read).collect();
    Parties {
        signer: certificates.iter().find(is_signer).unwrap().clone(),
        issuing: certificates.iter().find(|one| one.is_ca()).unwrap().clone(),
        time_stamping: read(&token.certificates[0]),
        seal_maker: read(&seal.seal.maker_certificate),
    }
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code).collect()
}

/// That the signature of the licence holds, proved by this since the day it was issued.
fn assert_proved(report: &Report, kind: ProofKind) {
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:#?}");
    let signature = &report.signatures[0];
    assert!(signature.time_is_proven);
    assert_eq!(signature.time_proof.as_ref().map(|proof| proof.kind), Some(kind));
}

#[track_caller]
fn assert_undecided(report: &Report, sub: SubIndication, code: &str) {
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:#?}");
    let signature = &report.signatures[0];
    assert_eq!(signature.indication, Indication::Indeterminate);
    assert_eq!(signature.sub_indication, Some(sub), "{:#?}", signature.reasons);
    assert!(codes(&signature.reasons).contains(&code), "{:#?}", signature.reasons);
}

#[test]
fn a_licence_sealed_before_its_authority_was_withdrawn_stays_valid_and_one_sealed_later_is_not() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        let before = story.issue();
        story.now("2027-09-01");
        let after = story.issue();
        let withdrawn = story.known("2028-03-01", |anchor| {
            for recognition in &mut anchor.recognised {
                recognition.until = Some(date("2027-06-01"));
            }
        });
        let kept = report(&before, &withdrawn, "2028-03-01");
        assert_proved(&kept, ProofKind::SignatureTimeStamp);
        assert_eq!(codes(&kept.signatures[0].notes), ["authority-withdrawn-later"]);
        let proof = kept.signatures[0].time_proof.as_ref().unwrap();
        assert!(proof.authority.contains("Time") || !proof.authority.is_empty());
        let later = report(&after, &withdrawn, "2028-03-01");
        assert_undecided(
            &later,
            SubIndication::ChainConstraintsFailure,
            "authority-not-recognised",
        );
    }
}

/// All that the city was recognised for ends on 1 August 2027; for `doubted`, in a way that touches its honesty.
fn ends(anchor: &mut Anchor, status: Status, reason: StatusReason, doubted: &[Service]) {
    let since = date("2027-08-01");
    for recognition in &mut anchor.recognised {
        recognition.until = Some(since);
        let is_doubted = doubted.contains(&recognition.service);
        anchor.lost.push(Loss {
            service: Some(recognition.service),
            since,
            until: None,
            doubt: is_doubted.then_some(Doubt { since, status, reason }),
        });
    }
}

#[test]
fn a_city_that_broke_the_rules_does_not_prove_with_its_own_stamps_that_it_sealed_before() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        // Sealed and stamped by a clock that says 2026, whenever that was.
        let licence = story.issue();
        let in_time = story.archived(licence.clone(), "2027-07-01");
        let too_late = story.archived(licence.clone(), "2027-09-01");
        let day = "2028-03-01";
        let broken = |services: &'static [Service]| {
            let change =
                move |anchor: &mut Anchor| ends(anchor, Status::Withdrawn, StatusReason::RulesBroken, services);
            story.known(day, change)
        };
        let withdrawn = broken(&Service::ALL);
        let bare = report(&licence, &withdrawn, day);
        assert_undecided(&bare, SubIndication::ChainConstraintsFailure, "time-stamping-withdrawn");
        let reasons = &bare.signatures[0].reasons;
        assert!(reasons[0].params.contains_key("ended_unproven"), "{reasons:#?}");
        assert!(!bare.signatures[0].time_is_proven);
        // Another authority proves it, if it stamped before the end.
        assert_proved(&report(&in_time, &withdrawn, day), ProofKind::SignatureTimeStamp);
        let late = report(&too_late, &withdrawn, day);
        assert_undecided(
            &late,
            SubIndication::ChainConstraintsFailure,
            "authority-not-recognised",
        );
        // Where its time stamping is not what it broke the rules with, its stamps are believed.
        let seals = broken(&[Service::GovernmentSeals]);
        assert_proved(&report(&licence, &seals, day), ProofKind::SignatureTimeStamp);
    }
}

#[test]
fn while_a_city_is_suspended_its_stamps_decide_nothing_and_when_it_is_cleared_they_do() {
    let mut story = Story::new(Suite::International);
    let licence = story.issue();
    let investigated = |anchor: &mut Anchor| {
        ends(anchor, Status::Suspended, StatusReason::Investigation, &Service::ALL);
    };
    let suspended = story.known("2027-09-01", investigated);
    assert_undecided(
        &report(&licence, &suspended, "2027-09-01"),
        SubIndication::ChainConstraintsFailure,
        "time-stamping-suspended",
    );
    let cleared = story.known("2027-11-01", |anchor| {
        investigated(anchor);
        let again = date("2027-10-01");
        anchor.lost.iter_mut().for_each(|loss| loss.until = Some(again));
        let resumed = anchor.recognised.clone().into_iter().map(|mut recognition| {
            (recognition.since, recognition.until) = (again, None);
            recognition
        });
        anchor.recognised.extend(resumed.collect::<Vec<_>>());
    });
    assert_proved(&report(&licence, &cleared, "2027-11-01"), ProofKind::SignatureTimeStamp);
}

#[test]
fn a_licence_outlives_the_revocation_of_its_issuing_authority_and_none_is_believed_from_then_on() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        let before = story.issue();
        story.now("2027-03-01");
        let after = story.issue();
        story.now("2027-09-01");
        let issuing = parties(&before).issuing;
        story.revoke(&issuing, RevocationReason::CaCompromise, Some("2027-02-01"));
        let kept = story.judged(&before, "2028-03-01");
        assert_proved(&kept, ProofKind::SignatureTimeStamp);
        assert_eq!(codes(&kept.signatures[0].notes), ["certificate-revoked-later"]);
        let refused = story.judged(&after, "2028-03-01");
        assert_undecided(&refused, SubIndication::RevokedCaNoPoe, "certificate-revoked-before");
    }
}

#[test]
fn a_compromise_of_the_signer_reaches_back_to_its_date_and_no_further() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        let before = story.issue();
        story.now("2027-03-01");
        let after = story.issue();
        story.now("2027-09-01");
        story.revoke(
            &parties(&before).signer,
            RevocationReason::KeyCompromise,
            Some("2027-02-01"),
        );
        assert_proved(&story.judged(&before, "2028-03-01"), ProofKind::SignatureTimeStamp);
        let refused = story.judged(&after, "2028-03-01");
        assert_undecided(&refused, SubIndication::RevokedNoPoe, "certificate-revoked-before");
        assert_eq!(refused.reasons[0].params["since"], rfc3339(date("2027-02-01")));
    }
}

#[test]
fn an_expired_signer_is_rescued_by_the_time_stamp_as_long_as_its_authority_lives() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        let licence = story.issue();
        assert_proved(&story.judged(&licence, "2030-06-01"), ProofKind::SignatureTimeStamp);
        // The time-stamping certificate has expired since, and nothing newer proves the stamp.
        let late = story.judged(&licence, "2032-03-01");
        assert_undecided(&late, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
        assert!(codes(&late.signatures[0].reasons).contains(&"time-stamp-not-trusted"));
        assert!(!late.signatures[0].time_is_proven);
    }
}

#[test]
fn an_expired_time_stamp_is_rescued_by_a_later_one_that_came_in_time() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        let licence = story.issue();
        let archived = story.archived(licence.clone(), "2029-06-01");
        let kept = story.judged(&archived, "2032-03-01");
        assert_proved(&kept, ProofKind::SignatureTimeStamp);
        assert_eq!(kept.signatures[0].level, Some("PAdES-B-LTA"));
        assert_eq!(kept.signatures.len(), 2);
        // After the time-stamping certificate had expired it is too late.
        let too_late = story.archived(licence, "2032-01-01");
        let late = story.judged(&too_late, "2032-03-01");
        assert_undecided(&late, SubIndication::OutOfBoundsNoPoe, "certificate-expired");
        let proof = late.signatures[0].time_proof.as_ref().unwrap();
        assert_eq!(proof.kind, ProofKind::DocumentTimeStamp);
    }
}

#[test]
fn stamps_of_a_compromised_authority_prove_nothing_unless_others_prove_them_to_be_older() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        let licence = story.issue();
        let in_time = story.archived(licence.clone(), "2027-07-01");
        let too_late = story.archived(licence.clone(), "2028-02-01");
        story.now("2028-06-01");
        let stamping = parties(&licence).time_stamping;
        story.revoke(&stamping, RevocationReason::KeyCompromise, Some("2028-01-01"));
        let day = "2028-09-01";
        let bare = story.judged(&licence, day);
        assert_eq!(bare.conclusion, Conclusion::Indeterminate, "{bare:#?}");
        assert!(!bare.signatures[0].time_is_proven);
        assert!(codes(&bare.signatures[0].reasons).contains(&"certificate-revoked"));
        assert_proved(&story.judged(&in_time, day), ProofKind::SignatureTimeStamp);
        // The later stamp proves the licence since its own day, the compromised one nothing.
        let late = story.judged(&too_late, day);
        let proof = late.signatures[0].time_proof.as_ref().unwrap();
        assert_eq!(proof.kind, ProofKind::DocumentTimeStamp);
        assert!(late.signatures[0].best_signature_time >= Some(date("2028-02-01")));
    }
}

#[test]
fn a_licence_outlives_its_algorithm_if_a_stamp_by_another_came_before_the_end() {
    for suite in Suite::ALL {
        let mut story = Story::new(suite);
        let licence = story.issue();
        // Lists and stamp of the archive are of the other suite, whose algorithm goes on.
        let archived = story.archived(licence.clone(), "2027-07-01");
        let ended = |day, at| {
            let algorithms = AlgorithmPolicy::default().ending(Primitive::Digest(digest_of(suite)), date(at));
            story.known(day, |_| ()).with_algorithms(algorithms)
        };
        let day = "2027-09-01";
        let given_up = ended(day, "2027-08-01");
        let bare = report(&licence, &given_up, day);
        assert_undecided(
            &bare,
            SubIndication::CryptoConstraintsFailureNoPoe,
            "algorithm-not-trusted",
        );
        assert_proved(&report(&archived, &given_up, day), ProofKind::SignatureTimeStamp);
        let too_early = ended(day, "2027-06-30");
        assert_eq!(report(&archived, &too_early, day).conclusion, Conclusion::Indeterminate);
    }
}

#[test]
fn judged_as_of_a_time_before_it_was_stamped_a_licence_is_not_proved() {
    let mut story = Story::new(Suite::International);
    let known = story.known("2026-11-01", |_| ());
    story.now("2026-11-03");
    let licence = story.issue();
    let early = report(&licence, &known, "2026-11-02");
    assert!(!early.signatures[0].time_is_proven);
    assert_ne!(early.conclusion, Conclusion::Valid);
}

#[test]
fn nothing_is_issued_with_time_stamping_or_codes_or_a_seal_maker_that_was_revoked() {
    let suite = Suite::International;
    let refused = |certificate: fn(&Parties) -> &Certificate| {
        let mut story = Story::new(suite);
        let licence = story.issue();
        story.revoke(
            certificate(&parties(&licence)),
            RevocationReason::CessationOfOperation,
            None,
        );
        let answer = story.app.ask(request(
            "POST",
            "/api/v1/licences",
            Some(&story.app.token),
            &application(1),
        ));
        assert!(!answer.status.is_success(), "{}", answer.text());
        answer.code()
    };
    assert_eq!(refused(|parties| &parties.time_stamping), "signer-revoked");
    assert_eq!(refused(|parties| &parties.issuing), "signer-revoked");
    assert_eq!(refused(|parties| &parties.seal_maker), "signer-revoked");
}

#[test]
fn a_revoked_time_stamping_authority_stamps_no_more() {
    let mut story = Story::new(Suite::International);
    let licence = story.issue();
    let imprint = Imprint::of(DigestAlgorithm::Sha256, b"anything");
    let request = TimeStampRequest::new(imprint, None).to_der();
    let service = &story.app.service;
    assert!(story.app.wait(service.time_stamp(&request)).is_ok());
    story.revoke(&parties(&licence).time_stamping, RevocationReason::KeyCompromise, None);
    let refused = story.app.wait(service.time_stamp(&request)).unwrap_err();
    assert!(refused.to_string().contains("signer-revoked"), "{refused}");
}

/// An ordinary document without any time stamp of its own, preserved with status responses in place of lists.
#[test]
fn a_document_is_proved_by_its_archive_alone_with_a_response_for_all_or_for_one_signature() {
    let (city, archivist) = (
        City::new(Suite::International),
        City::founded_at(Suite::National, date("2027-06-01")),
    );
    let signer = city.organisation();
    let identity = SigningIdentity::new(
        signer.key,
        signer.certificate.clone(),
        std::slice::from_ref(&city.issuing),
    )
    .unwrap();
    let claims = Claims {
        name: Some(ORGANISATION.0),
        reason: "签发",
        location: None,
        time: now(),
    };
    let signed = crate::support::documents::signed(page(), &identity, &claims).unwrap();

    let (archived, day) = (date("2027-07-01"), "2030-03-01");
    let status = city.status(&signer.certificate, archived);
    let lists = [city.lists(archived, &[])[0].clone()]
        .into_iter()
        .chain(archivist.lists(archived, &[]));
    let lists: Vec<Crl> = lists.collect();
    let preserved = |responses: Vec<&[u8]>, responses_of_one: Vec<&[u8]>| {
        let added = Added {
            certificates: vec![city.issuing.der(), archivist.issuing.der()],
            crls: lists.iter().map(Crl::der).collect(),
            responses,
            responses_of_one,
        };
        let stamping = (&archivist.time_stamping(), DigestAlgorithm::Sm3);
        archive(signed.clone(), stamping, archived, &added)
    };
    let anchors = vec![
        Anchor::new("city", city.root.clone(), &[Service::EnterpriseSigning]),
        Anchor::new("archivist", archivist.root.clone(), &[Service::TimeStamping]),
    ];
    let crls = [city.lists(date(day), &[]), archivist.lists(date(day), &[])].concat();
    let snapshot = Snapshot::new(anchors, Vec::new(), crls);
    for (of_all, of_one) in [(vec![status.der()], vec![]), (vec![], vec![status.der()])] {
        let kept = report(&preserved(of_all, of_one), &snapshot, day);
        assert_proved(&kept, ProofKind::DocumentTimeStamp);
        assert_eq!(kept.signatures[0].level, Some("PAdES-B-LTA"));
    }
    let without = report(&preserved(vec![], vec![]), &snapshot, day);
    assert_undecided(&without, SubIndication::TryLater, "no-revocation-data");
    assert_undecided(
        &report(&signed, &snapshot, day),
        SubIndication::OutOfBoundsNoPoe,
        "certificate-expired",
    );
}

/// A document of one empty page.
fn page() -> Vec<u8> {
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
    ];
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", bodies.len() + 1);
    for (number, body) in (1..).zip(bodies) {
        table += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    let start = bytes.len();
    let trailer = format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
        bodies.len() + 1
    );
    bytes.extend((table + &trailer).bytes());
    bytes
}
