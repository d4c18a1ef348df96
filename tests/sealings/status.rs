//! What a document is given when its level is raised: lists, the answers of authorities about single certificates, and
//! by what of it each signature is judged.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::post;
use chrono::TimeDelta;
use yinxin::ca::{ProfileKind, Subject};
use yinxin::cms::build::SigningIdentity;
use yinxin::cms::timestamp::{TimeStampRequest, TimeStampResponse};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::{KeyAlgorithm, SoftwareKey, Suite};
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Reference, Stream, StreamData};
use yinxin::problem::Explain;
use yinxin::service::actor::Actor;
use yinxin::service::error::ServiceError;
use yinxin::service::sealings::{Level, SealingTask};
use yinxin::service::validation_data::KnownValidationData;
use yinxin::sign::document::{Act, Hand, Order, ValidationData, prepare};
use yinxin::sign::{Claims, SignatureForm};
use yinxin::verify::{Conclusion, MAX_LIST_BYTES};
use yinxin::x509::{CertId, Certificate, OcspResponse, RevocationReason, RevokedEntry, SerialNumber, build};

use super::archive::{THEN, all_pass, judged, treated};
use super::corpus;
use super::service::AUTHORITY;
use crate::support::TempFolder;
use crate::support::acts;
use crate::support::app::{TestApp, request};
use crate::support::city::City;
use crate::support::documents::claims;
use crate::support::judges::pdfbox_validation_information;

const CA: &str = "issuing-international";

/// A person whom this city certified, with the certificate of the authority that did.
fn person_of(app: &TestApp) -> (SigningIdentity, Certificate) {
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let person = Subject::person("王一").unwrap();
    let certificate = app.wait(acts::certify(&app.service, (CA, "person"), &person, &key));
    let answer = app.ask(request("GET", &format!("/ca/{CA}.crt"), None, ""));
    assert_eq!(answer.status, StatusCode::OK);
    let issuer = Certificate::from_der(&answer.body).unwrap();
    let identity = SigningIdentity::new(Arc::new(key), certificate, std::slice::from_ref(&issuer)).unwrap();
    (identity, issuer)
}

/// A document signed by such a person, with a time stamp of the city.
fn signed_by(identity: &SigningIdentity, app: &TestApp) -> Vec<u8> {
    let document = corpus::pages(1);
    let order = Order {
        act: Act::Approve,
        form: SignatureForm::Pades,
        field: None,
        places: &[],
        claims: Claims {
            time: app.service.now(),
            ..claims()
        },
        validation: &ValidationData::default(),
        stamp_room: 8192,
    };
    let signed = prepare(&document, Hand::Key(identity), &order).unwrap().sign().unwrap();
    let request = TimeStampRequest::new(signed.imprint(identity.digest()), Some([7; 8])).to_der();
    let answer = app.wait(app.service.time_stamp(&request)).unwrap();
    let TimeStampResponse::Granted(token) = TimeStampResponse::parse(&answer).unwrap() else {
        panic!("no stamp")
    };
    let revision = signed.stamp(token).unwrap().into_revision();
    [document, revision].concat()
}

fn raised(app: &TestApp, document: &[u8]) -> Vec<u8> {
    let task = SealingTask::Extend {
        authority: AUTHORITY.parse().unwrap(),
        level: Level::Lta,
    };
    treated(app, &task, document)
}

/// How many lists and answers a raised document has for its signature.
fn lists_and_answers(app: &TestApp, made: Vec<u8>) -> (usize, usize) {
    let report = app.wait(app.service.verify_document(made, None)).unwrap();
    let information = report.signatures[0].validation_information.as_ref().unwrap();
    (information.crls, information.ocsp_responses)
}

/// What the security store says of single signatures.
fn entries(document: &[u8]) -> Dictionary {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let view = file.latest();
    let dictionary = |outer: &Dictionary, key: &str| match view.get(outer, key).unwrap() {
        Object::Dictionary(inner) => inner,
        other => panic!("{key}: {other:?}"),
    };
    dictionary(&dictionary(&view.catalog().unwrap(), "DSS"), "VRI")
}

#[test]
fn each_signature_is_told_what_it_is_judged_by_and_nothing_told_before_changes() {
    let app = TestApp::new(Suite::International);
    let document = signed_by(&person_of(&app).0, &app);
    let first = raised(&app, &document);
    let told = entries(&first);
    assert_eq!(told.iter().count(), 1);
    let report = app.wait(app.service.verify_document(first.clone(), None)).unwrap();
    assert_eq!(report.conclusion, Conclusion::Valid, "{:?}", report.reasons);
    let information = report.signatures[0].validation_information.as_ref().unwrap();
    // Signer and time stamping, each with its authority and who answers for that, and their root; a list of each
    // authority.
    assert_eq!(
        (information.certificates, information.crls, information.ocsp_responses),
        (7, 3, 2)
    );
    let folder = TempFolder::new("sealing-status");
    std::fs::write(folder.path().join("first.pdf"), &first).unwrap();
    let by_the_answer = judged(&app, folder.path(), ("lt-answers", THEN), &["first.pdf".to_owned()]);
    assert!(all_pass(&by_the_answer[0]), "{}", by_the_answer[0]);
    let second = raised(&app, &first);
    let more = entries(&second);
    assert_eq!(more.iter().count(), 2, "the time stamp is a signature, too");
    for (key, entry) in told.iter() {
        assert_eq!(more.get(&key.to_text()), Some(entry));
    }
    std::fs::write(folder.path().join("second.pdf"), &second).unwrap();
    let verdicts = judged(&app, folder.path(), ("lta", THEN), &["second.pdf".to_owned()]);
    assert!(all_pass(&verdicts[0]), "{}", verdicts[0]);
    // Of the last time stamp the file tells nothing: it came with the last revision.
    let found = pdfbox_validation_information(folder.path(), "second.pdf").said;
    let signatures = ["ETSI.CAdES.detached 7 3 2", "ETSI.RFC3161 4 2 1", "ETSI.RFC3161 none"];
    assert_eq!(found.lines().collect::<Vec<_>>(), signatures, "{found}");
}

#[test]
fn an_authority_elsewhere_is_asked_about_the_certificates_that_name_it() {
    let app = TestApp::new(Suite::International);
    let (elsewhere, _) = TestApp::reachable("别处政务服务局");
    let made = raised(&app, &signed_by(&person_of(&elsewhere).0, &elsewhere));
    assert_eq!(lists_and_answers(&app, made), (3, 1));
}

/// What an authority answers about a certificate.
fn answer_about(app: &TestApp, certificate: &Certificate, issuer: &Certificate) -> Vec<u8> {
    let question = build::ocsp_request(&CertId::new(DigestAlgorithm::Sha1, certificate, issuer)).unwrap();
    let asked = Request::post(format!("/ocsp/{CA}")).header("content-type", "application/ocsp-request");
    app.ask(asked.body(Body::from(question)).unwrap()).body
}

#[test]
fn an_answer_that_nobody_could_rely_on_is_left_out_and_the_lists_speak_alone() {
    let app = TestApp::new(Suite::International);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let elsewhere = TestApp::of("别处政务服务局", &address);
    let told = Arc::new(Mutex::new(Vec::new()));
    let tells = Arc::clone(&told);
    let tell = async move || {
        let answer = tells.lock().unwrap().clone();
        ([("content-type", "application/ocsp-response")], answer)
    };
    elsewhere.listen_behind(listener, Router::new().route(&format!("/ocsp/{CA}"), post(tell)));

    let (signer, issuer) = person_of(&elsewhere);
    let document = signed_by(&signer, &elsewhere);
    let good = answer_about(&elsewhere, signer.certificate(), &issuer);
    let flipped = |place: usize| {
        let mut answer = good.clone();
        answer[place] ^= 1;
        answer
    };
    let responder = OcspResponse::from_der(&good).unwrap().certificates()[0].der().to_vec();
    let before_responder = good.len() - responder.len();
    for (what, answer, answers) in [
        ("good", good.clone(), 1),
        ("a failure", build::ocsp_failure(3), 0),
        ("nothing readable", b"no answer".to_vec(), 0),
        (
            "about another",
            answer_about(&elsewhere, person_of(&elsewhere).0.certificate(), &issuer),
            0,
        ),
        // The two headers of the list of certificates stand between the signature and the responder's certificate.
        ("its signature", flipped(before_responder - 9), 0),
        (
            "the signature of its responder's certificate",
            flipped(good.len() - 1),
            0,
        ),
    ] {
        *told.lock().unwrap() = answer;
        assert_eq!(lists_and_answers(&app, raised(&app, &document)), (3, answers), "{what}");
    }
    // An answer is good for a day, a list for a week.
    let later = app.service.now() + TimeDelta::days(2);
    app.clock.set(later);
    elsewhere.clock.set(later);
    *told.lock().unwrap() = good;
    assert_eq!(lists_and_answers(&app, raised(&app, &document)), (3, 0), "old");
}

/// A document signed by a person of another city, all of whose certificates and lists are kept here; that of the
/// authority that certified the person has so many entries, of 35 bytes each.
fn signed_elsewhere(app: &TestApp, entries: usize) -> Vec<u8> {
    let city = City::founded_at(Suite::International, app.service.now());
    let person = city.issue(ProfileKind::Person, &Subject::person("王一").unwrap());
    let entry = |number: usize| RevokedEntry {
        serial: SerialNumber::from_content(&((1 << 120) + number as u128).to_be_bytes()),
        revoked_at: app.service.now(),
        reason: RevocationReason::Unspecified,
        invalidity_date: None,
    };
    let entries: Vec<_> = (0..entries).map(entry).collect();
    let known = KnownValidationData {
        certificates: vec![city.root.clone(), city.issuing.clone()],
        crls: city.lists(app.service.now(), &entries).to_vec(),
    };
    app.wait(app.service.keep_validation_data(&Actor::Operator, &known))
        .unwrap();
    let identity = SigningIdentity::new(person.key, person.certificate, &[city.issuing]).unwrap();
    signed_by(&identity, app)
}

#[test]
fn a_list_that_no_verifier_would_read_in_a_document_raises_no_level() {
    let app = TestApp::new(Suite::International);
    let task = SealingTask::Extend {
        authority: AUTHORITY.parse().unwrap(),
        level: Level::Lt,
    };
    let level = |entries: usize| {
        let document = Arc::new(signed_elsewhere(&app, entries));
        let treated = app.service.treat_document(&Actor::Operator, &task, document, None);
        let made = app.wait(treated)?.to_bytes().unwrap();
        let report = app.wait(app.service.verify_document(made, None)).unwrap();
        Ok::<_, ServiceError>(report.signatures[0].level)
    };
    assert_eq!(level(MAX_LIST_BYTES / 40).unwrap(), Some("PAdES-B-LT"));
    let refused = level(MAX_LIST_BYTES / 35 + 1).unwrap_err().problems();
    assert_eq!(refused[0].code, "revocation-list-too-large");
    assert_eq!(refused[0].params["issuer"], "签发 CA");
    assert_eq!(refused[0].params["limit"], MAX_LIST_BYTES.to_string());
}

#[test]
fn a_document_that_carries_all_that_is_read_of_one_is_raised_no_further() {
    let app = TestApp::new(Suite::International);
    let signed = signed_by(&person_of(&app).0, &app);
    let carrying = |lists: usize| {
        let file = PdfFile::open(&signed, &Limits::UPLOAD).unwrap();
        let mut update = file.update().unwrap();
        let mut list = || {
            let stream = Stream {
                dictionary: Dictionary::new(),
                // Of the form of a list, and none.
                data: StreamData::Held(b"\x30\x07\x30\x00\x30\x00\x03\x01\x00".to_vec()),
            };
            Object::Reference(update.add(&Object::Stream(stream)).unwrap())
        };
        let lists: Vec<_> = (0..lists).map(|_| list()).collect();
        let store = Dictionary::new().with("CRLs", Object::Array(lists));
        let catalog = file.latest().catalog().unwrap().with("DSS", Object::Dictionary(store));
        update.put(Reference::new(1), &Object::Dictionary(catalog)).unwrap();
        [signed.as_slice(), &update.finish(&[7; 16]).unwrap()].concat()
    };
    let task = SealingTask::Extend {
        authority: AUTHORITY.parse().unwrap(),
        level: Level::Lt,
    };
    let treated = |lists: usize| {
        let document = Arc::new(carrying(lists));
        app.wait(app.service.treat_document(&Actor::Operator, &task, document, None))
    };
    assert!(treated(90).is_ok());
    let refused = treated(100).unwrap_err().problems();
    assert_eq!(refused[0].code, "validation-data-beyond-limit");
}
