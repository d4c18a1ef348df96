//! Messages (CMS) and certificates: each signed by the genuine key or one like it, on the genuine document.

use chrono::TimeDelta;
use yinxin::asn1::oid;
use yinxin::ca::ProfileKind;
use yinxin::cms::attribute::{content_type, message_digest, signing_certificate_v2};
use yinxin::crypto::key::Suite;
use yinxin::crypto::{Digest, DigestAlgorithm};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, Conclusion, Context, Report};

use super::forge::{self, Kind, Message, attribute};
use super::keyed::on_a_licence;
use super::{Office, upload};
use crate::support::app::TestApp;
use crate::support::city::{City, now, service};

/// What is done to a message before it is signed.
type Alteration = Box<dyn Fn(&mut Message<'_>)>;

/// A signed upload, and what its message has to say.
fn signed(office: &Office) -> (Vec<u8>, Digest) {
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let digest = forge::digest_of(&signed, office.identity().digest());
    (signed, digest)
}

#[test]
fn a_message_made_by_hand_is_accepted_where_it_is_right() {
    let office = Office::new();
    let (document, digest) = signed(&office);
    let mut message = Message::of(&office.signer, &digest);
    message.carried.extend_from_slice(office.city.issuing.der());
    let report = office.judge(&forge::with_message(&document, &message.der()));
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
}

/// What may be done to a message, with the verdict on an upload that has it.
fn alterations(digest: Digest, algorithm: DigestAlgorithm) -> Vec<(&'static str, Conclusion, Alteration)> {
    let other = algorithm.digest(b"another document");
    let named = move |certificate: &[u8]| signing_certificate_v2(algorithm, [certificate].into_iter()).to_der();
    let (invalid, undecided) = (Conclusion::Invalid, Conclusion::Indeterminate);
    let remove = |place: usize| -> Alteration { Box::new(move |message| drop(message.attributes.remove(place))) };
    vec![
        ("two signers", invalid, Box::new(|message| message.signers = 2)),
        ("no signer", invalid, Box::new(|message| message.signers = 0)),
        ("no attributes", invalid, Box::new(|message| message.attributes.clear())),
        ("no content type", invalid, remove(0)),
        ("no digest", invalid, remove(1)),
        ("no certificate named", invalid, remove(2)),
        (
            "two content types",
            invalid,
            Box::new(|message| message.attributes.push(content_type(oid::ID_DATA).to_der())),
        ),
        (
            "two digests",
            invalid,
            Box::new(move |message| message.attributes.push(message_digest(&other).to_der())),
        ),
        (
            "a digest of two values",
            invalid,
            Box::new(move |message| message.attributes[1] = attribute(message_digest(&digest), 2)),
        ),
        (
            "a content type of two values",
            invalid,
            Box::new(|message| message.attributes[0] = attribute(content_type(oid::ID_DATA), 2)),
        ),
        (
            "another digest",
            invalid,
            Box::new(move |message| message.attributes[1] = message_digest(&other).to_der()),
        ),
        (
            "another certificate named",
            undecided,
            Box::new(move |message| message.attributes[2] = named(b"other")),
        ),
        (
            "content attached",
            invalid,
            Box::new(|message| message.content = Some(b"another document".to_vec())),
        ),
        (
            "another digest algorithm",
            invalid,
            Box::new(|message| message.digest = DigestAlgorithm::Sha512),
        ),
    ]
}

#[test]
fn each_message_with_other_signers_attributes_or_content_has_its_verdict() {
    let office = Office::new();
    let (document, digest) = signed(&office);
    for (name, expected, alter) in alterations(digest, office.identity().digest()) {
        let mut message = Message::of(&office.signer, &digest);
        message.carried.extend_from_slice(office.city.issuing.der());
        alter(&mut message);
        let report = office.judge(&forge::with_message(&document, &message.der()));
        assert_eq!(report.conclusion, expected, "{name}: {report:?}");
    }
}

#[test]
fn no_such_message_by_the_department_itself_makes_a_licence() {
    let app = TestApp::new(Suite::International);
    let licence = on_a_licence(&app);
    let believed = |report: &Report| report.conclusion < Conclusion::Indeterminate || report.licence.is_some();
    assert!(believed(&(licence.judge)(licence.document.clone())));
    let algorithm = DigestAlgorithm::Sha256;
    let digest = forge::digest_of(&licence.document, algorithm);
    for (name, _, alter) in alterations(digest, algorithm) {
        let report = licence.message(alter);
        assert!(!believed(&report), "{name}: {report:?}");
    }
    // The message of another licence; and an authority, and a certificate, of the same names.
    let taken = forge::message_of(&app.document(&app.issue(1)));
    assert!(!believed(&(licence.judge)(forge::with_message(
        &licence.document,
        &taken
    ))));
    let double = Office::new();
    let above = [double.city.issuing.clone()];
    assert!(!believed(&licence.message_by(
        &double.signer,
        algorithm,
        &above,
        |_| {}
    )));
    let altered = licence.message(|message| {
        let key = licence.signer.certificate.public_key_info();
        let at = message.carried.windows(key.len()).position(|window| window == key);
        message.carried[at.unwrap() + key.len() - 1] ^= 1;
    });
    assert!(!believed(&altered), "{altered:?}");
    // Long before it was signed nobody can have seen it.
    app.clock.set(now() - TimeDelta::days(400));
    let early = (licence.judge)(licence.document.clone());
    assert!(early.conclusion >= Conclusion::Indeterminate, "{early:?}");
}

#[test]
fn another_key_under_the_same_name_and_number_is_not_the_signers() {
    let office = Office::new();
    let (document, digest) = signed(&office);
    let der = office.signer.certificate.der();
    let mut message = Message::of(&office.signer, &digest);
    let key = office.signer.certificate.public_key_info().to_vec();
    let at = der.windows(key.len()).position(|window| window == key).unwrap();
    message.carried[at + key.len() - 1] ^= 1;
    let report = office.judge(&forge::with_message(&document, &message.der()));
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
}

#[test]
fn a_signature_taken_from_another_document_is_refused() {
    let office = Office::new();
    let (document, _) = signed(&office);
    let text = String::from_utf8_lossy(&upload())
        .replace("1 0 0 rg", "0 1 0 rg")
        .into_bytes();
    let other = forge::sign(&text, &office.identity(), Kind::Approval);
    let taken = forge::with_message(&document, &forge::message_of(&other));
    assert_eq!(office.judge(&taken).conclusion, Conclusion::Invalid);
}

#[test]
fn an_authority_that_looks_like_ours_is_not_ours() {
    let (office, double) = (Office::new(), Office::new());
    assert_eq!(office.city.root.subject(), double.city.root.subject());
    let report = office.judge(&forge::sign(&upload(), &double.identity(), Kind::Approval));
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
}

#[test]
fn a_certificate_of_another_time_or_use_decides_nothing() {
    let office = Office::new();
    let (document, digest) = signed(&office);
    let anchor = || Anchor::new("root", office.city.root.clone(), &Service::ALL);
    for days in [-30, 20_000] {
        let snapshot = Snapshot::new(vec![anchor()], Vec::new(), Vec::new());
        let time = now() + TimeDelta::days(days);
        let report = verify::document(&document, None, &Context::new(&snapshot, time)).report;
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{days}: {report:?}");
    }
    for kind in [ProfileKind::Tsa, ProfileKind::SealMaker, ProfileKind::CredentialSigner] {
        let holder = office.city.issue(kind, &service("另一用途"));
        let mut message = Message::of(&holder, &digest);
        message.carried.extend_from_slice(office.city.issuing.der());
        let report = office.judge(&forge::with_message(&document, &message.der()));
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{kind:?}: {report:?}");
    }
}

#[test]
fn whoever_is_certified_by_nobody_is_not_known() {
    let office = Office::new();
    let (document, digest) = signed(&office);
    let nobody = City::new(Suite::International).organisation();
    let message = Message::of(&nobody, &digest);
    let report = office.judge(&forge::with_message(&document, &message.der()));
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
}
