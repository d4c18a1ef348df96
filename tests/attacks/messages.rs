//! Messages (CMS) and certificates: each signed by the genuine key or one like it, on the genuine document.

use chrono::TimeDelta;
use yinxin::ca::{ProfileKind, Subject};
use yinxin::clock::Clock;
use yinxin::cms::build::SigningIdentity;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::{Signer, SoftwareKey, Suite};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, Conclusion, Context, SubIndication};

use super::alterations::{self, Altered};
use super::forge::{self, Kind, Message};
use super::signed::{Signed, Verdict, judged_at, on_a_licence, on_an_upload, valid, verdict};
use super::{Office, upload};
use crate::support::app::TestApp;
use crate::support::city::{ORGANISATION, now};

/// What such a message comes to: what cannot be judged is no licence either, for nobody knows whose it would be.
fn expected(altered: &Altered, is_licence: bool) -> Verdict {
    match (altered.sub, is_licence) {
        (SubIndication::NoSigningCertificateFound, true) => signer_unknown(),
        (sub @ SubIndication::NoSigningCertificateFound, false) => {
            (Conclusion::Indeterminate, Some(sub), altered.reason.clone())
        }
        (sub, _) => invalid(sub, &altered.reason),
    }
}

fn invalid(sub: SubIndication, reason: &str) -> Verdict {
    (Conclusion::Invalid, Some(sub), reason.to_owned())
}

fn signer_unknown() -> Verdict {
    invalid(SubIndication::SigConstraintsFailure, "signer-unknown")
}

/// Judges each altered message, having made sure that the unaltered one is accepted.
fn judged(signed: &Signed<'_>, is_licence: bool) {
    assert_eq!(verdict(&signed.message(|_| {})), valid());
    let algorithm = DigestAlgorithm::Sha256;
    let digest = forge::digest_of(&signed.document, algorithm);
    for altered in alterations::all(digest, algorithm) {
        let report = signed.message(&altered.alter);
        assert_eq!(verdict(&report), expected(&altered, is_licence), "{}", altered.name);
    }
}

#[test]
fn each_message_with_other_signers_attributes_or_content_has_its_verdict() {
    judged(&on_an_upload(&Office::new()), false);
}

#[test]
fn no_such_message_by_the_department_itself_makes_a_licence() {
    let app = TestApp::new(Suite::International);
    let licence = on_a_licence(&app);
    judged(&licence, true);
    let taken = forge::message_of(&app.document(&app.issue(1)));
    let report = (licence.judge)(forge::with_message(&licence.document, &taken));
    let expected = invalid(SubIndication::HashFailure, "document-digest-differs");
    assert_eq!(verdict(&report), expected, "the message of another licence");
}

#[test]
fn a_licence_that_the_department_itself_signs_anew_is_not_the_one_that_was_issued() {
    let app = TestApp::new(Suite::International);
    let licence = on_a_licence(&app);
    assert_eq!(verdict(&(licence.judge)(licence.document.clone())), valid());
    let report = app
        .wait(app.service.verify_document(licence.document.clone(), None))
        .unwrap();
    assert_eq!(report.conclusion, Conclusion::Invalid, "{report:?}");
    assert_eq!(report.reasons[0].code, "register-disagrees");
    assert!(report.licence.is_none(), "{report:?}");
}

#[test]
fn before_it_was_stamped_nobody_can_have_seen_a_licence() {
    let app = TestApp::new(Suite::International);
    // Whoever signs, seals and stamps, and the lists that say so, are older.
    app.clock.set(app.clock.now() + TimeDelta::days(1));
    app.issue(1);
    app.clock.set(app.clock.now() + TimeDelta::hours(2));
    let licence = on_a_licence(&app);
    let signed = app.clock.now();
    assert_eq!(verdict(&judged_at(&app, &licence.document, signed)), valid());
    let before = judged_at(&app, &licence.document, signed - TimeDelta::hours(1));
    let expected = (Conclusion::Indeterminate, Some(SubIndication::SigConstraintsFailure));
    assert_eq!((before.conclusion, before.signatures[0].sub_indication), expected);
    let reasons: Vec<_> = before.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(reasons, ["licence-time-not-proven", "time-stamp-in-future"]);
}

#[test]
fn another_key_under_the_same_name_and_number_is_not_the_signers() {
    let (app, office) = (TestApp::new(Suite::International), Office::new());
    let named = "signature-fault: the signer's certificate is not in the message";
    let open = (
        Conclusion::Indeterminate,
        Some(SubIndication::NoSigningCertificateFound),
        named.to_owned(),
    );
    for (signed, expected) in [(on_a_licence(&app), signer_unknown()), (on_an_upload(&office), open)] {
        // All of the certificate but its key.
        let own = SoftwareKey::generate(Suite::International).unwrap();
        let with_other_key = |message: &mut Message<'_>| {
            let key = signed.signer.certificate.public_key_info();
            let at = message.carried.windows(key.len()).position(|window| window == key);
            let other = own.public_key().spki();
            message.carried[at.unwrap()..][..key.len()].copy_from_slice(other);
        };
        assert_eq!(verdict(&signed.message(with_other_key)), expected);
    }
}

#[test]
fn a_signature_taken_from_another_document_is_refused() {
    let office = Office::new();
    let text = String::from_utf8_lossy(&upload())
        .replace("1 0 0 rg", "0 1 0 rg")
        .into_bytes();
    let other = forge::sign(&text, &office.identity(), Kind::Approval);
    assert_eq!(verdict(&office.judge(&other)), valid());
    let signed = on_an_upload(&office);
    let taken = forge::with_message(&signed.document, &forge::message_of(&other));
    let expected = invalid(SubIndication::HashFailure, "document-digest-differs");
    assert_eq!(verdict(&office.judge(&taken)), expected);
}

#[test]
fn a_certificate_of_another_time_decides_nothing() {
    let office = Office::new();
    let (name, code) = ORGANISATION;
    let organisation = Subject::organisation(name, code).unwrap();
    // Its authorities were there a year before it, and outlive it.
    let begun = now() + TimeDelta::days(365);
    let holder = office
        .city
        .issue_from(ProfileKind::OrganisationSigner, &organisation, begun);
    let chain = [office.city.issuing.clone()];
    let identity = SigningIdentity::new(holder.key, holder.certificate.clone(), &chain).unwrap();
    let signed = forge::sign(&upload(), &identity, Kind::Approval);
    // Judged by lists of that very time.
    let at = |time| {
        let anchor = Anchor::new("root", office.city.root.clone(), &Service::ALL);
        let lists = office.city.lists(time, &[]).to_vec();
        let snapshot = Snapshot::new(vec![anchor], Vec::new(), lists);
        verdict(&verify::document(&signed, None, &Context::new(&snapshot, time)).report)
    };
    let validity = holder.certificate.validity();
    let (first, last, minute) = (validity.not_before, validity.not_after, TimeDelta::minutes(1));
    for time in [first, begun, last] {
        assert_eq!(at(time), valid(), "{time}");
    }
    let out_of_bounds = |reason: &str| {
        let sub = Some(SubIndication::OutOfBoundsNoPoe);
        (Conclusion::Indeterminate, sub, reason.to_owned())
    };
    assert_eq!(at(first - minute), out_of_bounds("certificate-not-yet-valid"));
    assert_eq!(at(last + minute), out_of_bounds("certificate-expired"));
}

#[test]
fn a_certificate_for_another_use_decides_nothing() {
    let office = Office::new();
    let (name, code) = ORGANISATION;
    let organisation = Subject::organisation(name, code).unwrap();
    let judged = |kind| {
        let holder = office.city.issue(kind, &organisation);
        let signed = on_an_upload(&office);
        verdict(&signed.message_by(&holder, DigestAlgorithm::Sha256, &signed.above, |_| {}))
    };
    for kind in [ProfileKind::OrganisationSigner, ProfileKind::Enterprise] {
        assert_eq!(judged(kind), valid(), "{kind:?}");
    }
    let of_other_use = (
        Conclusion::Indeterminate,
        Some(SubIndication::ChainConstraintsFailure),
        "wrong-purpose".to_owned(),
    );
    for kind in [ProfileKind::Tsa, ProfileKind::SealMaker, ProfileKind::CredentialSigner] {
        assert_eq!(judged(kind), of_other_use, "{kind:?}");
    }
}
