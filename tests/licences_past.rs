//! Licences of both suites, judged years after they were issued: authorities withdrawn, certificates revoked and expired, time
//! stamping ended, an algorithm given up (ETSI EN 319 102-1 clause 5.6). The clock moves, the files do not.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use yinxin::asn1::oid;
use yinxin::ca::timestamp::TimeStampAuthority;
use yinxin::cms::SignedData;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Limits, PdfFile};
use yinxin::problem::Problem;
use yinxin::service::actor::Actor;
use yinxin::trust::{AlgorithmPolicy, Anchor, Primitive, Service, Snapshot};
use yinxin::verify::{Conclusion, Context, Indication, ProofKind, Report, SubIndication, document};
use yinxin::x509::{Certificate, Crl, RevocationReason};

use crate::support::app::TestApp;
use crate::support::archive::archive;
use crate::support::city::City;

fn date(text: &str) -> DateTime<Utc> {
    format!("{text}T02:00:00Z").parse().unwrap()
}

/// A city that issues licences, and another whose time stamps preserve them.
struct Story {
    app: TestApp,
    archivist: City,
    time_stamping: TimeStampAuthority,
    suite: Suite,
    issued: usize,
}

/// Certificates of a licence: of its signer, its issuing authority, its time stamping.
struct Parties {
    signer: Certificate,
    issuing: Certificate,
    time_stamping: Certificate,
}

impl Story {
    /// The archivist stamps with the other suite, from 2027 to 2032.
    fn new(suite: Suite) -> Self {
        let other = match suite {
            Suite::International => Suite::National,
            Suite::National => Suite::International,
        };
        let archivist = City::founded_at(other, date("2027-06-01"));
        Self {
            app: TestApp::new(suite),
            time_stamping: archivist.time_stamping(),
            archivist,
            suite,
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
        let revoked = service.revoke_certificate(
            &Actor::Operator,
            &issuer.name,
            certificate.serial(),
            reason,
            since.map(date),
        );
        self.app.wait(revoked).unwrap();
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
        let stamping = (&self.time_stamping, digest_of(self.archivist_suite()));
        archive(bytes, stamping, date(day), &certificates, &crls)
    }

    fn archivist_suite(&self) -> Suite {
        match self.suite {
            Suite::International => Suite::National,
            Suite::National => Suite::International,
        }
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
    let token = SignedData::parse(&stamp.values[0]).unwrap();
    let read = |der: &Vec<u8>| Certificate::from_der(der).unwrap();
    let is_signer = |certificate: &&Certificate| !certificate.is_ca();
    let certificates: Vec<Certificate> = message.certificates.iter().map(read).collect();
    Parties {
        signer: certificates.iter().find(is_signer).unwrap().clone(),
        issuing: certificates.iter().find(|one| one.is_ca()).unwrap().clone(),
        time_stamping: read(&token.certificates[0]),
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
        assert_eq!(refused.reasons[0].params["since"], date("2027-02-01").to_rfc3339());
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
