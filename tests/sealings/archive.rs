//! Sealed documents of every producer, judged from the file alone: B-LT with hard-fail revocation, B-LTA by AdES LTA
//! validation while its certificates live, after the signer's have expired, and, once renewed, after those of the time
//! stamping.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::Value;
use yinxin::cms::timestamp::TimeStampToken;
use yinxin::crypto::key::Suite;
use yinxin::pdf::signature::SignatureKind;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile};
use yinxin::problem::Explain;
use yinxin::service::actor::Actor;
use yinxin::service::sealings::{Level, SealingTask};
use yinxin::verify::Conclusion;
use yinxin::x509::Certificate;

use super::judged::NOT_FOR_PYHANKO;
use super::service::{AUTHORITY, sealing};
use super::{corpus, pyhanko};
use crate::support::TempFolder;
use crate::support::app::{TestApp, request};
use crate::support::judges::run;

/// An hour after the clock of the service.
pub(super) const THEN: &str = "2026-11-01T03:00:00+00:00";
/// After the certificates of signers, which are good for three years, and before those of time stamping, which are for
/// five.
const AFTER_SIGNERS: &str = "2030-11-01T03:00:00+00:00";

/// pyHanko on files of a folder, by the service's root; with the root's present list, as any verifier has it that
/// judges an archive.
pub(super) fn judged(app: &TestApp, folder: &Path, (level, time): (&str, &str), files: &[String]) -> Vec<Value> {
    let fetched = |path: &str, name: &str| {
        let answer = app.ask(request("GET", path, None, ""));
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        fs::write(folder.join(name), answer.body).unwrap();
        name.to_owned()
    };
    let roots = [fetched("/ca/root-international.crt", "root.der")];
    let lists = match level {
        "lta" => vec![fetched("/crl/root-international.crl", "root.crl")],
        _ => Vec::new(),
    };
    pyhanko(folder, (&roots, &lists), (level, Some(time)), files)
}

/// Some years later; the lists are published that were due meanwhile.
fn go_to(app: &TestApp, time: &str) {
    app.clock.set(time.parse().unwrap());
    app.wait(app.service.publish_due_lists()).unwrap();
}

/// What we say about a file at the service's present time.
fn own_verdict(app: &TestApp, document: &[u8]) -> Conclusion {
    let report = app.wait(app.service.verify_document(document.to_vec(), None)).unwrap();
    report.conclusion
}

/// Does with a document what is to be done.
pub(super) fn treated(app: &TestApp, task: &SealingTask, document: &[u8]) -> Vec<u8> {
    let treated = app
        .service
        .treat_document(&Actor::Operator, task, Arc::new(document.to_vec()), None);
    app.wait(treated).unwrap().to_bytes().unwrap()
}

pub(super) fn all_pass(verdict: &Value) -> bool {
    let signatures = verdict["signatures"].as_array().unwrap();
    !signatures.is_empty() && signatures.iter().all(|one| one["passed"] == true)
}

#[test]
fn documents_of_all_producers_are_judged_from_the_file_alone() {
    let app = TestApp::new(Suite::International);
    let folder = TempFolder::new("sealed-levels");
    let names = corpus::write_all(folder.path());
    let mut files = [Vec::new(), Vec::new()];
    for name in &names {
        let document = folder.read(&format!("{name}.pdf"));
        for (level, files) in [Level::Lt, Level::Lta].into_iter().zip(&mut files) {
            let made = treated(&app, &SealingTask::Seal(sealing(level)), &document);
            assert_eq!(own_verdict(&app, &made), Conclusion::Valid, "{name}");
            let file = format!("{name}-{}.pdf", level.name());
            fs::write(folder.path().join(&file), made).unwrap();
            let check = run(folder.path(), "qpdf", &["--check", &file]);
            assert!(check.accepted, "{file}: {}", check.said);
            let said = run(folder.path(), "pdfsig", &["-nocert", &file]).said;
            assert!(said.contains("Signature is Valid."), "{file}: {said}");
            if name != NOT_FOR_PYHANKO {
                files.push(file);
            }
        }
    }
    let [lt, lta] = files;
    let must_pass = |(level, time), files: &[String]| {
        for verdict in judged(&app, folder.path(), (level, time), files) {
            assert!(all_pass(&verdict), "{level} {time}: {verdict}");
        }
    };
    must_pass(("lt", THEN), &lt);
    go_to(&app, AFTER_SIGNERS);
    must_pass(("lta", AFTER_SIGNERS), &lta);
    for file in &lta {
        assert_eq!(own_verdict(&app, &folder.read(file)), Conclusion::Valid, "{file}");
    }
}

/// The last document time stamp's certificate, which is that of the service's time stamping.
pub(super) fn stamped_by(document: &[u8]) -> Certificate {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let mut stamps = file.signatures().unwrap().iter();
    let last = stamps
        .rfind(|one| one.kind == SignatureKind::DocumentTimeStamp)
        .unwrap();
    let token = TimeStampToken::parse(last.signature.as_ref().unwrap()).unwrap();
    Certificate::from_der(token.certificate(&[]).unwrap()).unwrap()
}

#[test]
fn archive_time_stamps_that_were_renewed_outlive_the_authorities_of_those_before() {
    let app = TestApp::new(Suite::International);
    let folder = TempFolder::new("sealed-archive");
    let renewal = SealingTask::Extend {
        authority: AUTHORITY.parse().unwrap(),
        level: Level::Lta,
    };
    let mut made = Vec::new();
    let mut keep = |name: &str, document: Vec<u8>| {
        fs::write(folder.path().join(format!("{name}.pdf")), &document).unwrap();
        made.push((format!("{name}.pdf"), document));
        made.clone()
    };
    let first = treated(&app, &SealingTask::Seal(sealing(Level::Lta)), &corpus::pages(2));
    keep("first", first.clone());
    // Time stamping has another certificate a year before the end of the one that it had: in November 2031, in June
    // 2036.
    go_to(&app, "2031-06-01T00:00:00+00:00");
    let once = treated(&app, &renewal, &first);
    assert_ne!(stamped_by(&once), stamped_by(&first));
    let made_once = keep("once", once.clone());
    must_agree(&app, &folder, "2031-07-01T00:00:00+00:00", &made_once, &[true, true]);
    must_agree(&app, &folder, "2032-11-01T00:00:00+00:00", &made_once, &[false, true]);
    go_to(&app, "2035-09-01T00:00:00+00:00");
    let twice = treated(&app, &renewal, &once);
    assert_ne!(stamped_by(&twice), stamped_by(&once));
    let made_twice = keep("twice", twice);
    must_agree(
        &app,
        &folder,
        "2035-10-01T00:00:00+00:00",
        &made_twice,
        &[false, true, true],
    );
    must_agree(
        &app,
        &folder,
        "2036-08-01T00:00:00+00:00",
        &made_twice,
        &[false, false, true],
    );
}

/// pyHanko and we both say at a time of each of these files whether it still holds.
#[track_caller]
fn must_agree(app: &TestApp, folder: &TempFolder, time: &str, made: &[(String, Vec<u8>)], expected: &[bool]) {
    go_to(app, time);
    let files: Vec<_> = made.iter().map(|(file, _)| file.clone()).collect();
    let verdicts = judged(app, folder.path(), ("lta", time), &files);
    assert_eq!(verdicts.len(), expected.len());
    for ((verdict, (_, document)), &expected) in verdicts.iter().zip(made).zip(expected) {
        let own = own_verdict(app, document);
        let found = (all_pass(verdict), own == Conclusion::Valid);
        assert_eq!(found, (expected, expected), "{time}: {verdict} {own:?}");
    }
}

/// The document with an empty security store in a further revision.
fn with_empty_store(document: &[u8]) -> Vec<u8> {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let mut update = file.update().unwrap();
    let catalog = file.latest().catalog().unwrap();
    let catalog = catalog.with("DSS", Object::Dictionary(Dictionary::new()));
    let root = file.latest().revision().root().unwrap();
    update.put(root, &Object::Dictionary(catalog)).unwrap();
    [document, &update.finish(&[7; 16]).unwrap()].concat()
}

#[test]
fn what_is_said_of_an_expired_certificate_raises_no_level() {
    let app = TestApp::new(Suite::International);
    let [stamped, complete] =
        [Level::T, Level::Lt].map(|level| treated(&app, &SealingTask::Seal(sealing(level)), &corpus::pages(1)));
    go_to(&app, AFTER_SIGNERS);
    let extension = |level| SealingTask::Extend {
        authority: AUTHORITY.parse().unwrap(),
        level,
    };
    for document in [with_empty_store(&stamped), stamped] {
        for level in [Level::Lt, Level::Lta] {
            let (task, document) = (extension(level), Arc::new(document.clone()));
            let refused = app.service.treat_document(&Actor::Operator, &task, document, None);
            let refused = app.wait(refused).unwrap_err();
            assert_eq!(refused.problems()[0].code, "validation-data-missing");
        }
    }
    // What was said of it in time does.
    let archived = treated(&app, &extension(Level::Lta), &complete);
    let report = app.wait(app.service.verify_document(archived, None)).unwrap();
    assert_eq!(
        (report.conclusion, report.signatures[0].level),
        (Conclusion::Valid, Some("PAdES-B-LTA"))
    );
}
