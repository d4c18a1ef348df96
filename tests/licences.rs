//! Issued licences, whole: judged by ourselves, by pyHanko, pdfsig, qpdf and a reader of QR codes, in both suites; and
//! single bytes of one altered in turn.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use yinxin::crypto::key::Suite;
use yinxin::licence::standing::Standing;
use yinxin::trust::Snapshot;
use yinxin::verify::{Conclusion, Context, document};

use crate::support::app::TestApp;
use crate::support::keys::{foreign, openssl_key};
use crate::support::{TempFolder, project, python};

/// Most bytes that a licence may have.
const MAX_LICENCE_BYTES: usize = 40 * 1024;

fn issued(suite: Suite) -> (TestApp, serde_json::Value, Vec<u8>) {
    let app = TestApp::new(suite);
    let issued = app.issue(0);
    let bytes = app.document(&issued);
    (app, issued, bytes)
}

#[test]
fn a_licence_of_either_suite_is_valid_and_current_until_it_is_revoked() {
    for suite in Suite::ALL {
        let (app, issued, bytes) = issued(suite);
        assert!(bytes.len() <= MAX_LICENCE_BYTES, "{} bytes", bytes.len());
        let report = app.wait(app.service.verify_document(bytes.clone(), None)).unwrap();
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        let signature = &report.signatures[0];
        assert_eq!(signature.level, Some("PAdES-B-LT"));
        assert_eq!(
            (signature.authorised, signature.covers_whole_document),
            (Some(true), true)
        );
        assert!(signature.seal.as_ref().unwrap().valid);
        assert_eq!(report.licence.unwrap().state, Standing::Current);

        let identifier = issued["identifier"].as_str().unwrap().parse().unwrap();
        let actor = yinxin::service::actor::Actor::Operator;
        let revoke = yinxin::licence::state::Transition::Revoke;
        app.wait(
            app.service
                .change_licence_state(&actor, &identifier, revoke, Some("a reason")),
        )
        .unwrap();
        let report = app.wait(app.service.verify_document(bytes, None)).unwrap();
        assert_eq!(report.conclusion, Conclusion::Valid);
        assert_eq!(report.licence.unwrap().state, Standing::Revoked);
    }
}

#[test]
fn a_licence_is_in_the_form_in_which_it_was_issued_whomever_its_verifier_relies_on() {
    for suite in Suite::ALL {
        let (app, _, bytes) = issued(suite);
        let time = app.service.now();
        let report = document(&bytes, None, &Context::new(&Snapshot::default(), time)).report;
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
        let codes: Vec<_> = report.reasons.iter().map(|reason| reason.code).collect();
        assert!(
            codes.contains(&"no-path") && !codes.contains(&"licence-not-as-issued"),
            "{codes:?}"
        );
    }
}

/// Every so many bytes one is altered; every single one where `YINXIN_EVERY_BYTE` is set, which takes minutes.
fn stride() -> usize {
    const STRIDE: usize = 23;
    let every_byte = std::env::var_os("YINXIN_EVERY_BYTE").is_some_and(|value| !value.is_empty());
    if every_byte { 1 } else { STRIDE }
}

#[test]
fn no_single_altered_byte_leaves_a_licence_of_the_international_suite_valid() {
    alter_each_byte(Suite::International, 0);
}

#[test]
fn no_single_altered_byte_leaves_a_licence_of_the_national_suite_valid() {
    alter_each_byte(Suite::National, 1);
}

fn alter_each_byte(suite: Suite, first: usize) {
    let (app, _, bytes) = issued(suite);
    let (snapshot, time) = (app.service.trust(), app.service.now());
    let next = AtomicUsize::new(first % stride());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let mut altered = bytes.clone();
                loop {
                    let place = next.fetch_add(stride(), Ordering::Relaxed);
                    let Some(byte) = bytes.get(place) else { break };
                    // A bit that turns a digit into another digit and a letter into its other case, in turn.
                    altered[place] = byte ^ if place.is_multiple_of(2) { 0x01 } else { 0x20 };
                    let report = document(&altered, None, &Context::new(&snapshot, time)).report;
                    assert!(
                        report.conclusion > Conclusion::ValidWithPermittedChanges,
                        "byte {place}: {report:?}"
                    );
                    altered[place] = *byte;
                }
            });
        }
    });
}

#[test]
fn a_licence_of_the_international_suite_satisfies_programs_that_are_not_ours() {
    let app = TestApp::new(Suite::International);
    judge(&app, &[Judge::Pdfsig, Judge::Pyhanko]);
}

#[test]
fn a_licence_under_a_root_of_another_algorithm_is_as_good() {
    let folder = TempFolder::new("licence-roots");
    for (algorithm, option, judges) in [
        ("EC", "ec_paramgen_curve:P-384", &[Judge::Pdfsig, Judge::Pyhanko][..]),
        ("RSA", "rsa_keygen_bits:3072", &[Judge::Pdfsig, Judge::Pyhanko]),
        // NSS, on which pdfsig is built, has no Ed25519 in messages.
        ("ED25519", "", &[Judge::Pyhanko]),
    ] {
        let options: Vec<&str> = Some(option).filter(|option| !option.is_empty()).into_iter().collect();
        let path = openssl_key(folder.path(), "root.key", algorithm, &options);
        let key = foreign(&path, None).read().unwrap();
        let app = TestApp::under(key);
        let bytes = judge(&app, judges);
        let report = app.wait(app.service.verify_document(bytes, None)).unwrap();
        assert_eq!(report.conclusion, Conclusion::Valid, "{algorithm}: {report:?}");
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Judge {
    Pdfsig,
    Pyhanko,
}

/// Issues a licence and has it judged by these programs, qpdf and pdftotext, with the root alone.
fn judge(app: &TestApp, judges: &[Judge]) -> Vec<u8> {
    let bytes = app.document(&app.issue(0));
    let folder = TempFolder::new("licence-judges");
    let (licence, root) = (folder.path().join("licence.pdf"), folder.path().join("root.pem"));
    std::fs::write(&licence, &bytes).unwrap();
    let der = app.wait(app.service.ca_certificate("root-international")).unwrap();
    std::fs::write(folder.path().join("root.crt"), der).unwrap();
    run(
        folder.path(),
        "openssl",
        &["x509", "-inform", "DER", "-in", "root.crt", "-out", "root.pem"],
    );

    run(folder.path(), "qpdf", &["--check", "licence.pdf"]);
    let pdfsig = project::root().join("tools/judges/pdfsig");
    if judges.contains(&Judge::Pdfsig) {
        run(folder.path(), pdfsig.to_str().unwrap(), &["root.pem", "licence.pdf"]);
    }
    let time = app.service.now().to_rfc3339();
    let arguments = [
        "--root".as_ref(),
        root.as_os_str(),
        "--time".as_ref(),
        time.as_ref(),
        licence.as_os_str(),
    ];
    if judges.contains(&Judge::Pyhanko) {
        let judged = python::judge("pyhanko_judge.py", &arguments);
        let said = String::from_utf8_lossy(&judged.stdout);
        assert!(
            said.contains("\"accepted\": true"),
            "{said}{}",
            String::from_utf8_lossy(&judged.stderr)
        );
    }

    let text = run(folder.path(), "pdftotext", &["licence.pdf", "-"]);
    assert!(text.contains("食品经营许可证"), "{text}");
    bytes
}

#[test]
fn the_code_on_the_page_is_read_from_a_picture_and_is_genuine() {
    for suite in Suite::ALL {
        let (app, issued, bytes) = issued(suite);
        let folder = TempFolder::new("licence-code");
        std::fs::write(folder.path().join("licence.pdf"), &bytes).unwrap();
        run(
            folder.path(),
            "pdftoppm",
            &["-r", "150", "-png", "-singlefile", "licence.pdf", "page"],
        );
        let text = run(
            folder.path(),
            "zbarimg",
            &["-q", "--raw", "-Sdisable", "-Sqrcode.enable", "page.png"],
        );
        let report = app.wait(app.service.verify_code(text.trim(), None)).unwrap();
        assert_eq!(
            (report.verdict, report.foreign_host),
            ("current", None),
            "{:?}",
            report.reasons
        );
        assert_eq!(
            report.licence.unwrap().identifier,
            issued["identifier"].as_str().unwrap()
        );

        let other = app.issue(1);
        let other = other["identifier"].as_str();
        let report = app.wait(app.service.verify_code(text.trim(), other)).unwrap();
        assert_eq!(report.verdict, "another-licence");
        assert!(report.licence.is_none());
        let cut = &text.trim()[..text.trim().len() - 20];
        assert_eq!(
            app.wait(app.service.verify_code(cut, None)).unwrap().verdict,
            "unreadable"
        );
    }
}

#[test]
fn whatever_is_no_licence_gets_a_calm_answer() {
    let (app, _, bytes) = issued(Suite::International);
    let conclusion = |bytes: Vec<u8>| app.wait(app.service.verify_document(bytes, None)).unwrap().conclusion;
    assert_eq!(conclusion(Vec::new()), Conclusion::Unreadable);
    assert_eq!(conclusion(b"no PDF".to_vec()), Conclusion::Unreadable);
    assert_eq!(conclusion(vec![0; 20 << 20]), Conclusion::Unreadable);
    assert!(conclusion(bytes[..bytes.len() / 2].to_vec()) >= Conclusion::Changed);
    let appended = [bytes.as_slice(), b"\n% more\n"].concat();
    assert!(conclusion(appended) > Conclusion::Valid);
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}{errors}");
    said
}
