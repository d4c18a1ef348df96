//! The seven centres of the fixtures, in a city that recognises them as the demo does: what is said of each licence, by
//! which path.

use std::path::PathBuf;
use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::Value;
use yinxin::crypto::key::Suite;
use yinxin::service::actor::Actor;
use yinxin::service::proposals::Act;
use yinxin::service::recognition::{ListPublication, NewRecognition, StatusChange};
use yinxin::service::validation_data::KnownValidationData;
use yinxin::trust::Service;
use yinxin::trust::list::{Bounds, Names, Status, StatusReason};
use yinxin::x509::{Certificate, Crl};

use crate::support::acts::decide;
use crate::support::app::{TestApp, form};
use crate::support::judges::run;
use crate::support::{TempFolder, program, project, python};

/// What is expected of each licence: its file, the conclusion, the code of the first reason, and who is on the path,
/// the body first, the listed root last; `=` marks one that is cross-certified by the next.
const EXPECTED: [(&str, &str, &str, &str); 8] = [
    (
        "baotou/licence.pdf",
        "valid",
        "",
        "包头市市场监督管理局 < Issuing CA P-256 < =Root CA P-256 < Root CA P-384",
    ),
    (
        "chifeng/licence.pdf",
        "valid",
        "",
        "赤峰市市场监督管理局 < Issuing CA P-384 < Root CA P-384",
    ),
    (
        "hinggan/licence.pdf",
        "valid",
        "",
        "兴安盟市场监督管理局 < Issuing CA SM2 < =Root CA SM2 < Root CA SM2",
    ),
    (
        "hohhot/licence.pdf",
        "valid",
        "",
        "呼和浩特市市场监督管理局 < Issuing CA SM2 < Root CA SM2",
    ),
    (
        "ordos/licence.pdf",
        "valid",
        "",
        "鄂尔多斯市市场监督管理局 < Issuing CA Ed25519 < =Root CA Ed25519 < =Bridge CA < Root CA SM2",
    ),
    (
        "tongliao/licence.pdf",
        "indeterminate",
        "authority-not-recognised",
        "通辽市市场监督管理局 < Issuing CA P-256 < Root CA RSA-3072",
    ),
    (
        "ulanqab/licence-later.pdf",
        "indeterminate",
        "authority-not-recognised",
        "乌兰察布市市场监督管理局 < Issuing CA P-256 < Root CA P-256",
    ),
    (
        "ulanqab/licence.pdf",
        "valid",
        "",
        "乌兰察布市市场监督管理局 < Issuing CA P-256 < Root CA P-256",
    ),
];

#[derive(Deserialize)]
struct Table {
    agreed: String,
    bridge: String,
    centre: Vec<Centre>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Centre {
    slug: String,
    place: String,
    #[serde(default)]
    roots: Vec<String>,
    #[serde(default)]
    speaks_for: Vec<String>,
    stamping: Option<String>,
    lost: Option<Lost>,
}

#[derive(Deserialize)]
struct Lost {
    status: String,
    since: String,
}

/// What the key of a root is lost for: everything but the time stamping, whose key is another.
const LOST: [Service; 3] = [
    Service::Credentials,
    Service::EnterpriseSigning,
    Service::GovernmentSeals,
];

fn folder_of_centres() -> PathBuf {
    project::root().join("fixtures/centres")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(folder_of_centres().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn table() -> Table {
    toml::from_str(&String::from_utf8(read("centres.toml")).unwrap()).unwrap()
}

fn recognition(table: &Table, centre: &Centre, ca: &str, services: &[Service]) -> NewRecognition {
    NewRecognition {
        entity: centre.slug.clone(),
        names: Some(Names::new(&centre.place, &centre.slug)),
        certificate: BASE64_STANDARD.encode(read(&format!("{}/{ca}.crt", centre.slug))),
        services: services.to_vec(),
        since: Some(table.agreed.parse().unwrap()),
        bounds: Some(Bounds {
            regions: centre.speaks_for.iter().map(|region| region.parse().unwrap()).collect(),
            ..Bounds::default()
        }),
        note: String::new(),
    }
}

/// A city that has what the centres published and says where its own bodies are.
fn city(table: &Table) -> TestApp {
    let app = TestApp::new(Suite::International);
    let publication = ListPublication {
        regions: Some(vec!["159900".parse().unwrap()]),
        ..ListPublication::default()
    };
    let mut known = KnownValidationData::default();
    for slug in table.centre.iter().map(|centre| &centre.slug).chain([&table.bridge]) {
        for entry in std::fs::read_dir(folder_of_centres().join(slug)).unwrap() {
            let (path, bytes) = entry
                .map(|entry| (entry.path(), std::fs::read(entry.path()).unwrap()))
                .unwrap();
            match path.extension().unwrap().to_str().unwrap() {
                "crt" => known.certificates.push(Certificate::from_der(&bytes).unwrap()),
                "crl" => known.crls.push(Crl::from_der(&bytes).unwrap()),
                _ => {}
            }
        }
    }
    app.wait(async {
        decide(&app.service, Act::PublishList(publication.clone()))
            .await
            .unwrap();
        app.service
            .keep_validation_data(&Actor::Operator, &known)
            .await
            .unwrap();
    });
    app
}

fn recognise(app: &TestApp, table: &Table, centre: &Centre) {
    app.wait(async {
        let of_roots = if centre.stamping.is_some() {
            &LOST[..]
        } else {
            &Service::ALL
        };
        let roots = centre
            .roots
            .iter()
            .map(|root| recognition(table, centre, root, of_roots));
        let stamping = centre.stamping.iter();
        let stamping = stamping.map(|ca| recognition(table, centre, ca, &[Service::TimeStamping]));
        for new in roots.chain(stamping) {
            decide(&app.service, Act::Recognise(new.clone())).await.unwrap();
        }
        let Some(lost) = &centre.lost else { return };
        let change = StatusChange {
            entity: centre.slug.clone(),
            services: LOST.to_vec(),
            since: Some(lost.since.parse().unwrap()),
            reason: StatusReason::Compromise,
            note: String::new(),
            cross_certificates: Vec::new(),
        };
        let changed = match lost.status.as_str() {
            "suspended" => decide(&app.service, Act::Suspend(change.clone())).await,
            _ => decide(&app.service, Act::Withdraw(change.clone())).await,
        };
        changed.unwrap();
    });
}

/// The city that recognises all of them.
fn recognising() -> &'static TestApp {
    static APP: OnceLock<TestApp> = OnceLock::new();
    APP.get_or_init(|| {
        let table = table();
        let app = city(&table);
        table.centre.iter().for_each(|centre| recognise(&app, &table, centre));
        app
    })
}

fn report(app: &TestApp, file: &str) -> Value {
    let report = app
        .wait(app.service.verify_document(read(file), Some(file.to_owned())))
        .unwrap();
    serde_json::to_value(&report).unwrap()
}

fn first_reason(report: &Value) -> &str {
    report["reasons"][0]["code"].as_str().unwrap_or_default()
}

fn path(report: &Value) -> String {
    let steps = report["signatures"][0]["recognition"]["steps"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let step = |step: &Value| {
        let mark = if step["role"] == "cross-certified" { "=" } else { "" };
        format!("{mark}{}", step["name"].as_str().unwrap())
    };
    steps.iter().map(step).collect::<Vec<_>>().join(" < ")
}

#[test]
fn each_licence_has_its_verdict_and_the_path_that_proves_it() {
    let app = recognising();
    for (file, conclusion, reason, steps) in EXPECTED {
        let report = report(app, file);
        assert_eq!(report["conclusion"], conclusion, "{file}: {report}");
        assert_eq!(
            (first_reason(&report), path(&report).as_str()),
            (reason, steps),
            "{file}: {report}"
        );
        // What it fulfils hangs on nobody's recognition.
        assert_eq!(report["signatures"][0]["level"], "PAdES-B-LT", "{file}");
        if conclusion == "valid" {
            assert_eq!(report["licence"]["state_source"], "foreign", "{file}: {report}");
        }
    }
}

#[test]
fn what_was_sealed_before_a_withdrawal_says_so_and_stands() {
    let report = report(recognising(), "ulanqab/licence.pdf");
    let note = &report["signatures"][0]["notes"][0];
    assert_eq!(note["code"], "authority-withdrawn-later", "{report}");
    assert!(note["params"]["until"].as_str().unwrap().starts_with("2026-06-01"));
    assert!(report["signatures"][0]["best_signature_time"].as_str().unwrap() < "2026-06-01");
}

#[test]
fn without_its_recognition_none_of_them_passes() {
    let table = table();
    let app = city(&table);
    for (file, ..) in EXPECTED {
        let report = report(&app, file);
        assert_eq!(
            (&report["conclusion"], first_reason(&report)),
            (&"indeterminate".into(), "no-path"),
            "{file}: {report}"
        );
        assert_eq!(report["licence"], Value::Null);
    }
    // Chifeng brings Baotou with it, and nobody else.
    let chifeng = table.centre.iter().find(|centre| centre.slug == "chifeng").unwrap();
    recognise(&app, &table, chifeng);
    let valid = EXPECTED
        .iter()
        .filter(|(file, ..)| report(&app, file)["conclusion"] == "valid");
    assert_eq!(
        valid.map(|(file, ..)| *file).collect::<Vec<_>>(),
        ["baotou/licence.pdf", "chifeng/licence.pdf"]
    );
}

#[test]
fn what_they_published_proves_them_for_years() {
    let table = table();
    let app = city(&table);
    table.centre.iter().for_each(|centre| recognise(&app, &table, centre));
    app.clock.set("2030-11-01T02:00:00Z".parse().unwrap());
    for (file, conclusion, reason, _) in EXPECTED {
        let report = report(&app, file);
        assert_eq!(
            (&report["conclusion"], first_reason(&report)),
            (&conclusion.into(), reason),
            "{file}: {report}"
        );
    }
    // Then the lists of roots and time stamping are to be replaced, and nothing newer is at hand.
    app.clock.set("2031-03-05T02:00:00Z".parse().unwrap());
    let later = report(&app, "chifeng/licence.pdf");
    assert_eq!(later["conclusion"], "indeterminate");
    assert!(
        later["reasons"].to_string().contains("stale-revocation-data"),
        "{later}"
    );
}

#[test]
fn one_that_was_suspended_is_relied_on_again_when_it_is_cleared() {
    let table = table();
    let app = city(&table);
    let tongliao = table.centre.iter().find(|centre| centre.slug == "tongliao").unwrap();
    recognise(&app, &table, tongliao);
    assert_eq!(report(&app, "tongliao/licence.pdf")["conclusion"], "indeterminate");
    let cleared = StatusChange {
        entity: "tongliao".to_owned(),
        services: Vec::new(),
        since: Some(tongliao.lost.as_ref().unwrap().since.parse().unwrap()),
        reason: StatusReason::Cleared,
        note: String::new(),
        cross_certificates: Vec::new(),
    };
    let list = app.wait(async { decide(&app.service, Act::Resume(cleared.clone())).await });
    let list = list.unwrap();
    let latest = |service: &yinxin::trust::list::EntityService| service.history.latest().unwrap().status;
    assert!(
        list.entity("tongliao")
            .unwrap()
            .services
            .iter()
            .all(|service| latest(service) == Status::Granted)
    );
    assert_eq!(report(&app, "tongliao/licence.pdf")["conclusion"], "valid");
}

#[test]
fn the_page_shows_the_path_of_a_valid_one_and_why_another_is_not() {
    let app = recognising();
    let page = |language: &str, file: &str| {
        app.ask(form(&format!("/v?lang={language}"), &[], Some(&read(file))))
            .text()
    };
    let ordos = page("zh-CN", "ordos/licence.pdf");
    assert!(
        ordos.contains("内蒙古互认桥 · Bridge CA（由下一机构交叉认证）"),
        "{ordos}"
    );
    let before = page("zh-CN", "ulanqab/licence.pdf");
    assert!(before.contains("至 2026-06-01 终止"), "{before}");
    let later = page("en", "ulanqab/licence-later.pdf");
    assert!(
        later.contains("since 2026-06-01 08:00:00 +08:00, and the signature is later"),
        "{later}"
    );
}

#[test]
fn programs_that_are_not_ours_accept_them_and_their_codes_can_be_read() {
    let folder = TempFolder::new("centres");
    let drawn = |name: &str| folder.path().join(name).display().to_string();
    for (file, ..) in EXPECTED {
        let licence = folder_of_centres().join(file).display().to_string();
        let checked = run(folder.path(), "qpdf", &["--check", &licence]);
        assert!(checked.accepted, "{}", checked.said);
        let slug = file.split('/').next().unwrap();
        let page = ["-r", "150", "-png", "-singlefile", &licence, &drawn("page")];
        assert!(run(folder.path(), "pdftoppm", &page).accepted);
        let code = run(
            folder.path(),
            "zbarimg",
            &["-q", "--raw", "-Sdisable", "-Sqrcode.enable", &drawn("page.png")],
        );
        assert!(
            code.said.contains(&format!("https://{slug}.centres.example/v#")),
            "{}",
            code.said
        );
        // pyHanko knows no SM2.
        let root = format!("{}/root-international.crt", slug);
        if !folder_of_centres().join(&root).exists() {
            continue;
        }
        std::fs::write(folder.path().join("root.crt"), read(&root)).unwrap();
        let to_pem = ["x509", "-inform", "DER", "-in", "root.crt", "-out", "root.pem"];
        assert!(run(folder.path(), "openssl", &to_pem).accepted);
        let time = if file.contains("later") {
            "2026-09-10T11:00:00+08:00"
        } else {
            "2026-03-10T11:00:00+08:00"
        };
        let arguments = ["--root", &drawn("root.pem"), "--time", time, &licence];
        let judged = python::judge("pyhanko_judge.py", &arguments.map(std::ffi::OsStr::new));
        let said = String::from_utf8_lossy(&judged.stdout).into_owned();
        assert!(said.contains("\"accepted\": true"), "{file}: {said}");
    }
}

#[test]
fn the_demo_shows_all_of_them_with_their_paths() {
    let folder = TempFolder::new("demo");
    let (fixtures, data) = (
        folder.path().join("fixtures"),
        folder.path().join("data").display().to_string(),
    );
    std::fs::create_dir_all(fixtures.join("licences")).unwrap();
    let of_project = project::root().join("fixtures");
    // Two bodies and a licence in place of the whole city.
    let bodies = std::fs::read_to_string(of_project.join("authorities.csv")).unwrap();
    let bodies: Vec<&str> = bodies.lines().take(3).collect();
    std::fs::write(fixtures.join("authorities.csv"), bodies.join("\n")).unwrap();
    let licences = std::fs::read_to_string(of_project.join("licences/all.jsonl")).unwrap();
    let issuer = bodies[2].split(',').next().unwrap();
    let one = licences
        .lines()
        .find(|line| line.contains(&format!("\"authority\":\"{issuer}\"")))
        .unwrap();
    std::fs::write(fixtures.join("licences/all.jsonl"), one).unwrap();
    std::os::unix::fs::symlink(of_project.join("centres"), fixtures.join("centres")).unwrap();
    let fixtures = fixtures.display().to_string();
    for language in ["en", "zh"] {
        let demo = [
            "demo",
            "--data",
            &data,
            "--fixtures",
            &fixtures,
            "--no-serve",
            "--lang",
            language,
        ];
        let said = program::run(&demo.map(str::to_owned)).out;
        let lines: Vec<&str> = said.lines().collect();
        let (good, bad) = if language == "en" {
            ("✓ genuine", "✗ not relied on")
        } else {
            ("✓ 真实可信", "✗ 不予采信")
        };
        let verdicts: Vec<bool> = lines
            .iter()
            .filter(|line| line.ends_with(good) || line.ends_with(bad))
            .map(|line| line.ends_with(good))
            .collect();
        // As the file of the centres has them: Tongliao is suspended, Ulanqab sealed one licence too late.
        assert_eq!(verdicts, [true, true, true, false, true, true, false, true], "{said}");
        let bridged = lines
            .iter()
            .position(|line| line.contains("内蒙古互认桥 Bridge CA ⇐ 呼和浩特市公共资源交易中心"));
        assert!(bridged.is_some(), "{said}");
    }
    // What it wrote for whoever judges without it says the same.
    let trust = format!("{data}/trust");
    let verify = |file: &str| {
        let file = folder_of_centres().join(file).display().to_string();
        program::run(&["verify", "--trust", &trust, &file].map(str::to_owned)).code == Some(0)
    };
    assert_eq!(
        EXPECTED.map(|(file, ..)| verify(file)),
        EXPECTED.map(|(_, conclusion, ..)| conclusion == "valid")
    );
}
