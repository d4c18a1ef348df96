//! An outside time-stamping authority that does wrong: each wrong is a refusal of its own, and ours stamps where that
//! is not excluded.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use yinxin::ca::ProfileKind;
use yinxin::ca::timestamp::{StampSerial, TimeStampAuthority};
use yinxin::cms::timestamp::{Accuracy, FailureInfo, Imprint, TimeStampRequest, TimeStampResponse};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::pdf::{Limits, PdfFile};
use yinxin::problem::Explain;
use yinxin::service::actor::Actor;
use yinxin::service::sealings::{Level, SealingTask};
use yinxin::service::time_stamp_sources::TimeStampConfig;
use yinxin::x509::RevocationReason;

use super::archive::{stamped_by, treated};
use super::corpus;
use super::service::{AUTHORITY, seal_with, sealing};
use crate::support::acts;
use crate::support::app::TestApp;
use crate::support::city::{City, now, service};

/// How it answers a request: the head of the answer after its version, and the body.
type Manner = fn(&TimeStampAuthority, &[u8], usize) -> (&'static str, Vec<u8>);

const GRANTED: &str = "200 OK\r\nContent-Type: application/timestamp-reply";

/// An authority on this machine, which answers in the manner of the moment; counts what it is asked.
pub(super) struct Outside {
    pub(super) address: String,
    manner: Arc<Mutex<Manner>>,
    pub(super) asked: Arc<AtomicUsize>,
}

impl Outside {
    pub(super) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/tsa", listener.local_addr().unwrap());
        let manner: Arc<Mutex<Manner>> = Arc::new(Mutex::new(sound));
        let asked = Arc::new(AtomicUsize::new(0));
        let authority = City::new(Suite::International).time_stamping();
        let (kept, count) = (Arc::clone(&manner), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some(question) = question(&mut stream) else {
                    continue;
                };
                let number = count.fetch_add(1, Ordering::SeqCst);
                let manner = *kept.lock().unwrap();
                let (head, body) = manner(&authority, &question, number);
                let head = format!(
                    "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                // Whoever asked may be gone.
                let _ = stream.write_all(&[head.as_bytes(), &body].concat());
            }
        });
        Self { address, manner, asked }
    }

    pub(super) fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
        self.asked.store(0, Ordering::SeqCst);
    }
}

/// The body of a request.
fn question(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut read, mut byte) = (Vec::new(), [0]);
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        read.push(byte[0]);
    }
    let head = String::from_utf8(read).unwrap().to_ascii_lowercase();
    let length = head.split_once("content-length: ").unwrap().1;
    let mut body = vec![0; length.split_once('\r').unwrap().0.parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    Some(body)
}

fn stamped(authority: &TimeStampAuthority, request: &[u8]) -> Vec<u8> {
    let response = authority.respond(request, Some(now()), StampSerial::random().unwrap());
    response.to_der()
}

pub(super) fn sound(authority: &TimeStampAuthority, request: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    (GRANTED, stamped(authority, request))
}

fn other_nonce(authority: &TimeStampAuthority, request: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    let imprint = TimeStampRequest::parse(request).unwrap().imprint;
    let other = TimeStampRequest::new(imprint, Some([7; 8])).to_der();
    (GRANTED, stamped(authority, &other))
}

fn other_digest(authority: &TimeStampAuthority, request: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    let mut other = TimeStampRequest::parse(request).unwrap();
    other.imprint = Imprint::of(DigestAlgorithm::Sha256, b"something else");
    (GRANTED, stamped(authority, &other.to_der()))
}

fn forged(authority: &TimeStampAuthority, request: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    let mut response = stamped(authority, request);
    // The signature stands last.
    *response.last_mut().unwrap() ^= 1;
    (GRANTED, response)
}

fn refusing(_: &TimeStampAuthority, _: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    (
        GRANTED,
        TimeStampResponse::refused(FailureInfo::SystemFailure, "busy").to_der(),
    )
}

fn babbling(_: &TimeStampAuthority, _: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    (GRANTED, b"stamped, trust me".to_vec())
}

fn elsewhere(_: &TimeStampAuthority, _: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    ("302 Found\r\nLocation: http://127.0.0.1:9/tsa", Vec::new())
}

fn slow(authority: &TimeStampAuthority, request: &[u8], number: usize) -> (&'static str, Vec<u8>) {
    // Longer than anybody waits for one answer here.
    std::thread::sleep(std::time::Duration::from_secs(6));
    sound(authority, request, number)
}

fn failing_twice(authority: &TimeStampAuthority, request: &[u8], number: usize) -> (&'static str, Vec<u8>) {
    match number {
        0 | 1 => ("503 Service Unavailable", Vec::new()),
        _ => sound(authority, request, number),
    }
}

/// Its tokens bring one certificate more with each that was asked for since it behaves so.
fn ever_longer(_: &TimeStampAuthority, request: &[u8], number: usize) -> (&'static str, Vec<u8>) {
    let city = City::new(Suite::International);
    let holder = city.issue(ProfileKind::Tsa, &service("时间戳"));
    let others = (0..=number).map(|_| City::new(Suite::International).root);
    let chain: Vec<_> = [city.issuing].into_iter().chain(others).collect();
    let accuracy = Accuracy { micros: 500_000 };
    let authority = TimeStampAuthority::new(holder.key, holder.certificate, &chain, accuracy).unwrap();
    sound(&authority, request, number)
}

/// The same, but that it stays with the first of these.
fn longer(authority: &TimeStampAuthority, request: &[u8], _: usize) -> (&'static str, Vec<u8>) {
    ever_longer(authority, request, 0)
}

#[test]
fn an_authority_whose_tokens_are_longer_from_some_day_on_is_measured_anew() {
    let app = TestApp::new(Suite::International);
    let outside = Outside::new();
    let alone = app.another_program_stamped_by(&TimeStampConfig {
        addresses: vec![outside.address.clone()],
        no_fallback: true,
    });
    let seal = || seal_with(&app, &alone, Level::T).map(|made| made.record.level);
    let asked = || outside.asked.swap(0, Ordering::SeqCst);
    assert_eq!((seal().unwrap().as_str(), asked()), ("PAdES-B-T", 2));
    outside.behaves(longer);
    // In vain once, by which it is measured.
    assert_eq!((seal().unwrap().as_str(), asked()), ("PAdES-B-T", 2));
    assert_eq!((seal().unwrap().as_str(), asked()), ("PAdES-B-T", 1));
    let task = SealingTask::Extend {
        authority: AUTHORITY.parse().unwrap(),
        level: Level::T,
    };
    let plain = treated(&app, &SealingTask::Seal(sealing(Level::B)), &corpus::pages(1));
    outside.behaves(|authority, request, _| ever_longer(authority, request, 1));
    let raised = app.wait(alone.treat_document(&Actor::Operator, &task, Arc::new(plain), None));
    assert_eq!((raised.is_ok(), asked()), (true, 2));

    outside.behaves(|authority, request, number| ever_longer(authority, request, number + 2));
    let refused = seal().unwrap_err();
    assert_eq!((refused.problems()[0].code, asked()), ("time-stamp-source-longer", 2));
    let with_ours = app.another_program_stamped_by(&TimeStampConfig {
        addresses: vec![outside.address.clone()],
        no_fallback: false,
    });
    assert!(seal_with(&app, &with_ours, Level::T).is_ok());
}

/// The certificates in the security store of a document.
fn stored(document: &[u8]) -> Vec<Vec<u8>> {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let view = file.latest();
    let store = view.get(&view.catalog().unwrap(), "DSS").unwrap();
    let certificates = view.get(store.as_dictionary().unwrap(), "Certs").unwrap();
    let certificates = certificates.as_array().unwrap().iter();
    let decoded = certificates.map(|one| view.decoded(view.resolve(one).unwrap().as_stream().unwrap()).unwrap());
    decoded.collect()
}

#[test]
fn a_document_tells_of_the_certificate_that_stamped_it_though_its_authority_had_another_before() {
    let app = TestApp::new(Suite::International);
    let (outside, address) = TestApp::reachable("别处时间戳中心");
    let alone = app.another_program_stamped_by(&TimeStampConfig {
        addresses: vec![format!("{address}/tsa")],
        no_fallback: true,
    });
    let task = SealingTask::Extend {
        authority: AUTHORITY.parse().unwrap(),
        level: Level::Lta,
    };
    let renewed = |document: Vec<u8>| {
        let treated = alone.treat_document(&Actor::Operator, &task, Arc::new(document), None);
        app.wait(treated).unwrap().to_bytes().unwrap()
    };
    let first = renewed(treated(&app, &SealingTask::Seal(sealing(Level::Lt)), &corpus::pages(1)));
    for city in [&app, &outside] {
        city.clock.set("2031-06-01T00:00:00Z".parse().unwrap());
        city.wait(city.service.publish_due_lists()).unwrap();
    }
    let second = renewed(first.clone());
    let [before, after] = [&first, &second].map(|document| stamped_by(document));
    assert_ne!(before, after);
    for (document, stamping) in [(first, before), (second, after)] {
        assert!(stored(&document).iter().any(|der| der == stamping.der()));
    }
}

#[test]
fn each_wrong_of_an_outside_authority_is_told_and_ours_stamps_in_its_place() {
    let app = TestApp::new(Suite::International);
    let outside = Outside::new();
    let stamped_by = |no_fallback| {
        app.another_program_stamped_by(&TimeStampConfig {
            addresses: vec![outside.address.clone()],
            no_fallback,
        })
    };
    let (alone, with_ours) = (stamped_by(true), stamped_by(false));
    for (manner, codes) in [
        (other_nonce as Manner, &["time-stamp-source-other-nonce"][..]),
        (other_digest, &["time-stamp-source-other-digest"]),
        (forged, &["time-stamp-source-unverified"]),
        (refusing, &["time-stamp-source-refused"]),
        (babbling, &["time-stamp-source-unreadable"]),
        (elsewhere, &["time-stamp-source", "fetch-redirect"]),
    ] {
        outside.behaves(manner);
        let refused = seal_with(&app, &alone, Level::T).unwrap_err();
        let problems = refused.problems();
        let told: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(told, codes);
        // What was answered is not asked again, and another authority may do better.
        assert_eq!(outside.asked.load(Ordering::SeqCst), 1, "{told:?}");
        assert!(seal_with(&app, &with_ours, Level::T).is_ok(), "{told:?}");
    }
    outside.behaves(failing_twice);
    let made = seal_with(&app, &alone, Level::T).unwrap();
    // Once to learn how long its tokens are, after two failures, and once for the stamp.
    assert_eq!(
        (outside.asked.load(Ordering::SeqCst), made.record.level.as_str()),
        (4, "PAdES-B-T")
    );
    outside.behaves(slow);
    let refused = seal_with(&app, &alone, Level::T).unwrap_err();
    let told: Vec<_> = refused.problems().iter().map(|problem| problem.code).collect();
    assert_eq!(told, ["time-stamp-source", "fetch-slow"]);
}

#[test]
fn ours_is_not_asked_where_an_outside_authority_stamps() {
    let app = TestApp::new(Suite::International);
    let outside = Outside::new();
    outside.behaves(sound);
    let plain = treated(&app, &SealingTask::Seal(sealing(Level::B)), &corpus::pages(1));
    let archived = treated(&app, &SealingTask::Seal(sealing(Level::Lta)), &corpus::pages(1));
    let ours = stamped_by(&archived);
    let revoked = acts::revoke(
        &app.service,
        "timestamping-ca-international",
        ours.serial(),
        RevocationReason::CessationOfOperation,
    );
    app.wait(revoked).unwrap();
    let raised = |addresses: Vec<String>| {
        let stamping = TimeStampConfig {
            addresses,
            no_fallback: false,
        };
        let task = SealingTask::Extend {
            authority: AUTHORITY.parse().unwrap(),
            level: Level::T,
        };
        let program = app.another_program_stamped_by(&stamping);
        app.wait(program.treat_document(&Actor::Operator, &task, Arc::new(plain.clone()), None))
    };
    assert!(raised(Vec::new()).is_err(), "ours stamps nothing any more");
    let made = raised(vec![outside.address.clone()]).unwrap().to_bytes().unwrap();
    assert_ne!(stamped_by(&made).issuer(), ours.issuer());
}
