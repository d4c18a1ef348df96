//! Sealed documents of every producer, judged from the file alone: B-LT with hard-fail revocation, B-LTA by AdES LTA validation.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::Value;
use yinxin::crypto::key::Suite;
use yinxin::service::actor::Actor;
use yinxin::service::sealings::{Level, SealingTask};
use yinxin::verify::Conclusion;

use super::judged::NOT_FOR_PYHANKO;
use super::service::sealing;
use super::{corpus, pyhanko};
use crate::support::TempFolder;
use crate::support::app::{TestApp, request};

/// An hour after the clock of the service.
const THEN: &str = "2026-11-01T03:00:00+00:00";

/// pyHanko on files of a folder, by the service's root; with the present lists about time stamping, as any verifier has them that
/// judges an archive.
fn judged(app: &TestApp, folder: &Path, (level, time): (&str, &str), files: &[String]) -> Vec<Value> {
    let fetched = |path: &str, name: &str| {
        let answer = app.ask(request("GET", path, None, ""));
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        fs::write(folder.join(name), answer.body).unwrap();
        name.to_owned()
    };
    let roots = [fetched("/ca/root-international.crt", "root.der")];
    let lists = match level {
        "lta" => ["root-international.crl", "timestamping-ca-international.crl"]
            .map(|name| fetched(&format!("/crl/{name}"), name))
            .to_vec(),
        _ => Vec::new(),
    };
    pyhanko(folder, (&roots, &lists), (level, Some(time)), files)
}

/// What we say about a file at the service's present time.
fn own_verdict(app: &TestApp, document: &[u8]) -> Conclusion {
    let report = app.wait(app.service.verify_document(document.to_vec(), None)).unwrap();
    report.conclusion
}

/// Does with a document what is to be done.
fn treated(app: &TestApp, task: &SealingTask, document: &[u8]) -> Vec<u8> {
    let treated = app
        .service
        .treat_document(&Actor::Operator, task, Arc::new(document.to_vec()), None);
    app.wait(treated).unwrap().to_bytes().unwrap()
}

fn all_pass(verdict: &Value) -> bool {
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
            if name != NOT_FOR_PYHANKO {
                files.push(file);
            }
        }
    }
    let [lt, lta] = files;
    for verdict in judged(&app, folder.path(), ("lt", THEN), &lt) {
        assert!(all_pass(&verdict), "{verdict}");
    }
    for verdict in judged(&app, folder.path(), ("lta", THEN), &lta) {
        assert!(all_pass(&verdict), "{verdict}");
    }
}
