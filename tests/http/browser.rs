//! The verify page in a real browser, as strangers see it: on a desktop and a phone, with script and without.
//!
//! The pictures of the visits stay in `target/screenshots`, to be looked at.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::{Value, json};
use yinxin::crypto::key::Suite;

use crate::support::app::TestApp;
use crate::support::{TempFolder, judges, project};

/// Visits of one run: two sizes, each with upload, identifier and code by script, and the first two without.
const VISITS: usize = 10;

/// A served instance with a licence, and what a stranger has of it.
struct Stand {
    app: TestApp,
    base: String,
    issued: Value,
    folder: TempFolder,
}

impl Stand {
    fn new(suite: Suite) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = TestApp::at(&base, suite);
        app.listen(listener);
        let issued = app.issue(0);
        Self {
            app,
            base,
            issued,
            folder: TempFolder::new("browser"),
        }
    }

    /// Where the QR code leads; this instance stands without the TLS that codes are printed for.
    fn link(&self) -> String {
        self.issued["code"].as_str().unwrap().replace("https://", "http://")
    }

    /// Sends a browser, which puts pictures into a folder of this name; gives what it saw on each visit.
    fn visits(&self, name: &str, document: &[u8], changes: &Value) -> Vec<Value> {
        let pictures: PathBuf = project::root().join("target/screenshots").join(name);
        fs::write(self.folder.path().join("licence.pdf"), document).unwrap();
        let mut config = json!({
            "base": self.base,
            "pdf": self.folder.path().join("licence.pdf"),
            "identifier": self.issued["identifier"],
            "code": self.issued["verificationCode"],
            "qr": self.link(),
            "screenshots": pictures,
            "locale": "zh-CN",
        });
        let changes = changes.as_object().unwrap().clone();
        config.as_object_mut().unwrap().extend(changes);
        fs::write(self.folder.path().join("config.json"), config.to_string()).unwrap();
        let verdict = judges::node(self.folder.path(), "verify_page.mjs", &["config.json"]);
        let seen: Vec<Value> = verdict
            .said
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", verdict.said)))
            .collect();
        assert!(verdict.accepted && seen.len() == VISITS, "{}", verdict.said);
        seen
    }
}

#[test]
fn every_way_to_a_genuine_licence_ends_at_a_good_verdict() {
    for (suite, locale) in [(Suite::International, "zh-CN"), (Suite::National, "en")] {
        let stand = Stand::new(suite);
        let document = stand.app.document(&stand.issued);
        for visit in stand.visits(suite.name(), &document, &json!({ "locale": locale })) {
            assert_eq!(visit["verdict"], "valid", "{visit}");
        }
    }
}

#[test]
fn a_changed_copy_a_wrong_code_and_an_altered_qr_code_end_at_a_bad_one() {
    let stand = Stand::new(Suite::International);
    let mut document = stand.app.document(&stand.issued);
    let middle = document.len() / 3;
    document[middle] ^= 1;
    let mut link = stand.link().into_bytes();
    let place = link.len() - 40;
    link[place] = b'0' + (link[place] - b'0' + 1) % 10;
    let changes = json!({ "code": "AAAAAAAA", "qr": String::from_utf8(link).unwrap() });
    for visit in stand.visits("tampered", &document, &changes) {
        let expected: &[&str] = match visit["way"].as_str().unwrap() {
            "upload" => &["invalid"],
            "identifier" => &["not-found"],
            _ => &["bad-signature", "unreadable"],
        };
        assert!(expected.contains(&visit["verdict"].as_str().unwrap()), "{visit}");
    }
}
