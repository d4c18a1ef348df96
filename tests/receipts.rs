//! Receipts of verifications: what they say is what was found, others verify them, and whoever sends no file gets none.

use std::ffi::OsStr;
use std::fs;
use std::io::Cursor;

use axum::http::{Request, StatusCode, header};
use hayro::vello_cpu::Pixmap;
use serde_json::Value;
use yinxin::ca::{Profile, ProfileKind};
use yinxin::clock::Clock;
use yinxin::crypto::key::Suite;
use yinxin::preview::PagePictures;
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{Conclusion, Context, SubIndication, document};
use yinxin::x509::{Certificate, Crl};

use crate::attacks::tool;
use crate::sealings::{corpus, service};
use crate::support::TempFolder;
use crate::support::app::{Answer, TestApp, app, files_form, form, request};
use crate::support::judges::run;
use crate::support::program::{self, Program};
use crate::support::{project, python};

fn send(path: &str, document: &[u8]) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/pdf");
    app().ask(request.body(document.to_vec().into()).unwrap())
}

fn report_on(document: &[u8]) -> Value {
    send("/api/v1/verifications", document).json()
}

/// The receipt for a document, in a folder.
fn receipt(document: &[u8]) -> (TempFolder, Vec<u8>) {
    receipt_by("/api/v1/verifications/receipt", document)
}

fn receipt_by(path: &str, document: &[u8]) -> (TempFolder, Vec<u8>) {
    let answer = send(path, document);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/pdf");
    let folder = TempFolder::new("receipt");
    fs::write(folder.path().join("receipt.pdf"), &answer.body).unwrap();
    (folder, answer.body)
}

/// The words on a receipt without blanks.
fn words(folder: &TempFolder) -> String {
    let said = run(folder.path(), "pdftotext", &["-layout", "receipt.pdf", "-"]).said;
    said.split_whitespace().collect()
}

/// The report that is attached to a receipt.
fn attached(folder: &TempFolder) -> Value {
    let detached = run(
        folder.path(),
        "pdfdetach",
        &["-save", "1", "-o", "report.json", "receipt.pdf"],
    );
    assert!(detached.accepted, "{}", detached.said);
    serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap()
}

/// The receipt in a folder is whole and signed as a whole, as three other programs see it.
fn assert_accepted_by_others(folder: &TempFolder) {
    let check = run(folder.path(), "qpdf", &["--check", "receipt.pdf"]);
    assert!(check.accepted, "{}", check.said);
    let said = run(folder.path(), "pdfsig", &["-nocert", "receipt.pdf"]).said;
    assert!(
        said.contains("Signature is Valid.") && said.contains("Total document signed"),
        "{said}"
    );
    assert_accepted_by_pyhanko(folder);
}

/// That pyHanko accepts the receipt in a folder from itself alone, with our root.
fn assert_accepted_by_pyhanko(folder: &TempFolder) {
    let root = app().ask(request("GET", "/ca/root-international.crt", None, ""));
    let root_path = folder.path().join("root.crt");
    fs::write(&root_path, &root.body).unwrap();
    let path = folder.path().join("receipt.pdf");
    let arguments = ["--level", "lt", "--time", "2026-11-01T03:00:00Z", "--root"].map(OsStr::new);
    let output = python::judge(
        "pyhanko_sealed.py",
        &[&arguments, [root_path.as_os_str(), path.as_os_str()].as_slice()].concat(),
    );
    let said = String::from_utf8(output.stdout).unwrap();
    let verdict: Value = serde_json::from_str(said.trim())
        .unwrap_or_else(|error| panic!("{error}: {said} {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(verdict["signatures"][0]["passed"], true, "{verdict}");
}

#[test]
fn a_receipt_says_what_was_found_and_names_the_file_by_its_digest() {
    let document = app().document(&app().issue(30));
    let (folder, _) = receipt(&document);
    let (report, attached, words) = (report_on(&document), attached(&folder), words(&folder));
    for member in [
        "conclusion",
        "sha256",
        "signatures",
        "replay",
        "validation_time",
        "licence",
    ] {
        assert_eq!(attached[member], report[member], "{member}");
    }
    let signer = report["signatures"][0]["signer"]["name"].as_str().unwrap();
    let material = report["replay"]["material"].as_array().unwrap();
    let digests = material.iter().map(|one| one["sha256"].as_str().unwrap());
    let named = [report["sha256"].as_str().unwrap(), signer, "青岚市政务服务局"];
    for text in digests
        .chain(named)
        .chain(["文件真实，未被改动", "Genuineandunchanged", "证照有效"])
    {
        assert!(words.contains(text), "{text}: {words}");
    }
}

#[test]
fn a_receipt_of_a_forged_or_broken_file_says_so_and_shows_nothing_of_it() {
    let mut document = app().document(&app().issue(31));
    let genuine = report_on(&document);
    let middle = document.len() / 3;
    document[middle] ^= 1;
    let conclusion = report_on(&document)["conclusion"].clone();
    assert_ne!(conclusion, "valid");
    let (folder, _) = receipt(&document);
    assert_eq!(attached(&folder)["conclusion"], conclusion);
    let words_of_forged = words(&folder);
    assert!(!words_of_forged.contains("Genuineandunchanged"));
    assert!(!words_of_forged.contains(genuine["licence"]["identifier"].as_str().unwrap()));
    let (folder, _) = receipt(b"no pdf");
    assert!(words(&folder).contains("无法读取此文件"), "{}", words(&folder));
}

#[test]
fn a_receipt_that_is_verified_is_told_to_be_one_with_what_it_says_of_which_file() {
    let mut document = app().document(&app().issue(54));
    let middle = document.len() / 3;
    document[middle] ^= 1;
    let finding = report_on(&document);
    let (folder, receipt) = receipt(&document);
    let report = report_on(&receipt);
    assert_eq!(report["conclusion"], "valid", "{report}");
    let note = &report["signatures"][0]["notes"][0];
    assert_eq!(note["code"], "note-verification-receipt", "{report}");
    assert_eq!(note["params"]["sha256"], finding["sha256"]);
    assert_eq!(note["params"]["finding"], finding["conclusion"]);
    let page = app().ask(form("/v?lang=en", &[], Some(&receipt))).text();
    let sha256 = finding["sha256"].as_str().unwrap();
    for said in ["data-verdict=\"receipt\"", "A receipt, not the document", sha256] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("May be accepted"), "{page}");
    let words = attached(&folder)["words"].clone();
    assert_eq!(words, finding["words"], "the report as the interface gives it");
}

#[test]
fn a_time_that_only_the_signer_states_is_told_as_stated_on_the_page_and_on_a_receipt() {
    let (_, stated) = service::sealed(app(), &service::order("b-b"), &corpus::pages(1));
    let (_, proved) = service::sealed(app(), &service::order("b-t"), &corpus::pages(1));
    let said = |document: &[u8], language: &str| {
        let page = app().ask(form(&format!("/v?lang={language}"), &[], Some(document)));
        assert!(page.text().contains("data-verdict=\"valid\""), "{}", page.text());
        page.text()
    };
    let claims = [
        ("en", "which nothing proves; nothing has changed"),
        ("zh-CN", "没有证据证明"),
    ];
    for (language, claim) in claims {
        let (stated, proved) = (said(&stated, language), said(&proved, language));
        assert!(stated.contains(claim), "{stated}");
        assert!(!proved.contains(claim), "{proved}");
    }
    let [stated, proved] = [stated, proved].map(|document| words(&receipt(&document).0));
    for claim in ["whichnothingproves", "没有证据证明"] {
        assert!(stated.contains(claim), "{stated}");
        assert!(!proved.contains(claim), "{proved}");
    }
}

#[test]
fn a_name_that_quotes_another_verdict_stays_one_name_in_what_is_said_of_a_receipt() {
    let name =
        "a.pdf”（SHA-256：00），结论：文件真实，未被改动。另附“b.pdf\\\" with the SHA-256 00, and says of it: Genuine";
    let asked = files_form("/v/receipt?lang=en", &[], &[(name, b"no pdf")]);
    let receipt = app().ask(asked).body;
    let report = report_on(&receipt);
    let file = report["receipt"]["file"].as_str().unwrap();
    assert!(file.starts_with("a.pdf”") && file.contains('"'), "{file}");
    for (language, [begin, end]) in [("en", ["\"", "\""]), ("zh-CN", ["“", "”"])] {
        let note = report["words"][language]["notes"][0].as_str().unwrap();
        let (told, quoted) = note.split_once(begin).unwrap();
        assert!(told.contains(report["receipt"]["sha256"].as_str().unwrap()), "{note}");
        let (_, after) = quoted.split_once(end).unwrap();
        assert!(
            !after.contains([begin, end].map(|mark| mark.chars().next().unwrap())),
            "{note}"
        );
        assert!(!note.contains("says of it: Genuine"), "shortened: {note}");
    }
}

#[test]
fn a_receipt_of_a_changed_file_says_why_and_what_to_do_and_which_changes_are_not_permitted() {
    let changed = changed(55);
    let report = report_on(&changed);
    assert_eq!(report["reasons"][0]["code"], "changes-not-permitted", "{report}");
    let said = &report["words"]["zh-CN"];
    assert_eq!(said["reasons"][0]["said"], "签署之后有不允许的改动", "{said}");
    let (folder, _) = receipt(&changed);
    let words = words(&folder);
    for text in [
        "现在怎么办",
        "签署之后有不允许的改动",
        "不允许：",
        "Notpermitted:",
        "字节",
        "证书链",
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    assert_eq!(words.matches("签署之后有不允许的改动").count(), 1, "told once");
}

#[test]
fn our_verifier_and_those_of_others_accept_a_receipt_and_it_is_no_licence() {
    let document = app().document(&app().issue(32));
    let (folder, mut receipt) = receipt(&document);
    let report = report_on(&receipt);
    let signature = &report["signatures"][0];
    assert_eq!(
        (&report["conclusion"], &signature["level"], &report["licence"]),
        (&"valid".into(), &"PAdES-B-LT".into(), &Value::Null),
        "{report}"
    );
    assert_eq!(signature["signer"]["name"], "青岚市政务服务局");
    assert_accepted_by_others(&folder);
    receipt.push(b'\n');
    receipt.extend_from_slice(b"1 0 obj\n<<>>\nendobj\n");
    assert_ne!(
        report_on(&receipt)["conclusion"],
        "valid",
        "a receipt that was added to"
    );
}

#[test]
fn a_receipt_is_verified_from_itself_after_its_signer_expired_and_no_longer_than_its_time_stamp_can_be() {
    let app = TestApp::new(Suite::International);
    let licence = app.document(&app.issue(34));
    let asked = Request::post("/api/v1/verifications/receipt").header(header::CONTENT_TYPE, "application/pdf");
    let receipt = app.ask(asked.body(licence.into()).unwrap()).body;
    let root = app.ask(request("GET", "/ca/root-international.crt", None, "")).body;
    let root = Certificate::from_der(&root).unwrap();
    // Whoever filed it has the root, and the lists of that day that speak of time stamping; of the signer only what is
    // in the receipt.
    let judged = |day: &str| {
        app.clock.set(format!("{day}T02:00:00Z").parse().unwrap());
        app.wait(app.service.publish_due_lists()).unwrap();
        let list =
            |name: &str| Crl::from_der(&app.ask(request("GET", &format!("/crl/{name}.crl"), None, "")).body).unwrap();
        let lists = ["root-international", "timestamping-ca-international"]
            .map(list)
            .to_vec();
        let known = Snapshot::new(
            vec![Anchor::new("root", root.clone(), &Service::ALL)],
            Vec::new(),
            lists,
        );
        document(&receipt, None, &Context::new(&known, app.clock.now())).report
    };
    let fresh = judged("2026-11-02");
    assert_eq!(fresh.conclusion, Conclusion::Valid, "{fresh:#?}");
    let filed = judged("2030-06-01");
    assert_eq!(filed.conclusion, Conclusion::Valid, "{filed:#?}");
    assert_eq!(filed.signatures[0].level, Some("PAdES-B-LT"));
    let late = judged("2032-06-01");
    assert_eq!(
        late.signatures[0].sub_indication,
        Some(SubIndication::OutOfBoundsNoPoe),
        "{late:#?}"
    );
}

#[test]
fn its_signer_stands_for_no_body_and_seals_nothing() {
    let profile = Profile::standard(ProfileKind::Verifier).unwrap();
    assert!(!profile.subject.contains(&yinxin::ca::SubjectPart::CreditCode) && !profile.certification_authority);
    let others = ProfileKind::ALL
        .into_iter()
        .filter(|kind| *kind != ProfileKind::Verifier);
    for other in others {
        let other = Profile::standard(other).unwrap();
        assert!(
            !other.policies.iter().any(|policy| profile.policies.contains(policy)),
            "{}",
            other.name
        );
    }
}

#[test]
fn the_page_gives_a_receipt_for_a_file_and_the_form_again_for_none() {
    let document = app().document(&app().issue(33));
    let page = app().ask(request("GET", "/v?lang=en", None, ""));
    assert!(
        page.text().contains("formaction=\"/v/receipt?lang=en\""),
        "{}",
        page.text()
    );
    let given = app().ask(form("/v/receipt?lang=en", &[], Some(&document)));
    assert_eq!(
        (given.status, given.header("content-type")),
        (StatusCode::OK, "application/pdf")
    );
    let disposition = given.header("content-disposition");
    assert_eq!(
        disposition,
        "attachment; filename=\"receipt.pdf\"; filename*=UTF-8''a-receipt.pdf"
    );
    let none = app().ask(form("/v/receipt?lang=en", &[], None));
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        send("/api/v1/verifications/receipt", b"").status,
        StatusCode::OK,
        "an empty file is unreadable"
    );
    let text = request("POST", "/api/v1/verifications/receipt", None, "{}");
    assert_eq!(app().ask(text).status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[test]
fn the_command_writes_a_receipt_of_one_file_by_the_instance() {
    let all = fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let row = all.lines().find(|line| line.contains("\"business-licence\"")).unwrap();
    let program = Program::new("receipt", &format!("{row}\n"));
    let licence = program.data().join("licences/business-licence.pdf");
    let out = program.data().join("receipt.pdf");
    let [licence, out] = [&licence, &out].map(|path| path.to_str().unwrap());
    let run = program.run(&["verify", licence, "--receipt", out, "--json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let receipt = program.run(&["verify", out, "--json"]);
    assert_eq!(
        (receipt.code, &receipt.json_lines()[0]["conclusion"]),
        (Some(0), &"valid".into()),
        "{receipt:?}"
    );
    let genuine = program.run(&["verify", out, "--lang", "en"]);
    assert!(
        genuine.out.contains("says of its file: Genuine and unchanged\n"),
        "{genuine:?}"
    );
    let two = program.run(&["verify", licence, licence, "--receipt", out]);
    assert_eq!(two.code, Some(2), "{two:?}");
    let written = fs::read(out).unwrap();
    let again = program.run(&["verify", licence, "--receipt", out]);
    assert_eq!(again.code, Some(2), "{again:?}");
    assert_eq!(fs::read(out).unwrap(), written, "a receipt that is there stays");
    let missing = program.run(&["verify", "missing.pdf", "--receipt", &format!("{out}.new")]);
    assert_eq!(missing.code, Some(2), "{missing:?}");
    assert!(!fs::exists(format!("{out}.new")).unwrap(), "no receipt of nothing");
}

#[test]
fn a_receipt_among_files_is_told_to_be_one_and_counts_as_what_it_says_of_its_file() {
    let all = fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let row = all.lines().find(|line| line.contains("\"business-licence\"")).unwrap();
    let program = Program::new("receipt-among", &format!("{row}\n"));
    let mut forged = fs::read(program.data().join("licences/business-licence.pdf")).unwrap();
    let middle = forged.len() / 3;
    forged[middle] ^= 1;
    let forged = program.file("forged.pdf", forged);
    fs::create_dir(program.path("filed")).unwrap();
    let [out, folder] = ["filed/receipt.pdf", "filed"].map(|name| program.path(name).display().to_string());
    let made = program.run(&["verify", &forged, "--receipt", &out]);
    assert_eq!(made.code, Some(1), "{made:?}");
    let licence = program.data().join("licences/business-licence.pdf");
    let both = program.run(&["verify", &folder, licence.to_str().unwrap(), "--lang", "en"]);
    assert_eq!(both.code, Some(1), "{both:?}");
    let row = both.out.lines().find(|line| line.contains("receipt.pdf")).unwrap();
    assert!(row.contains("✗ Receipt, genuine; it says of its file: "), "{both:?}");
    let told = program.run(&["verify", &out, "--json"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    let report = told.json_lines().remove(0);
    assert_eq!(report["conclusion"], "valid", "{report}");
    let finding = program.run(&["verify", &forged, "--json"]).json_lines().remove(0);
    for member in ["sha256", "conclusion"] {
        assert_eq!(report["receipt"][member], finding[member], "{report}");
    }
}

/// A licence whose first page has other content now.
fn changed(application: usize) -> Vec<u8> {
    let licence = app().document(&app().issue(application));
    let attacks = tool::on(&licence).unwrap();
    let found = attacks
        .into_iter()
        .find(|attack| attack.name == "incremental-saving-page-content");
    found.unwrap().bytes
}

/// A receipt with pictures of changed pages, in a folder.
fn pictured(document: &[u8]) -> (TempFolder, Vec<u8>) {
    receipt_by("/api/v1/verifications/receipt?pictures=true", document)
}

/// The width and height of the pictures in a receipt, in dots.
fn images(folder: &TempFolder) -> Vec<[u32; 2]> {
    let said = run(folder.path(), "pdfimages", &["-list", "receipt.pdf"]);
    assert!(said.accepted, "{}", said.said);
    let rows = said.said.lines().skip(2);
    let size = |row: &str| {
        let columns: Vec<&str> = row.split_whitespace().collect();
        assert_eq!(columns[5..8], ["rgb", "3", "8"], "{row}");
        [columns[3], columns[4]].map(|side| side.parse().unwrap())
    };
    rows.map(size).collect()
}

#[test]
fn pictures_of_what_changed_stand_on_a_receipt_that_is_valid_where_they_are_asked_for() {
    let changed = changed(35);
    let (plain, _) = receipt(&changed);
    assert_eq!(images(&plain), Vec::<[u32; 2]>::new());
    let (folder, receipt) = pictured(&changed);
    let sizes = images(&folder);
    assert!(
        sizes.len() == 2 && sizes[0] == sizes[1] && sizes[0][0] > 900,
        "{sizes:?}"
    );
    let words = words(&folder);
    for text in ["改动前后对照", "第1页签署时", "Page1now"] {
        assert!(words.contains(text), "{text}: {words}");
    }
    assert_accepted_by_others(&folder);
    assert_eq!(report_on(&receipt)["conclusion"], "valid");
    // The pictures are those that the interface gives, and both differ.
    run(folder.path(), "pdfimages", &["-png", "receipt.pdf", "shown"]);
    let shown = ["shown-000.png", "shown-001.png"].map(|name| fs::read(folder.path().join(name)).unwrap());
    let dots = shown.map(|png| Pixmap::from_png(Cursor::new(png)).unwrap());
    assert!(dots[0].data() != dots[1].data());
    let answer = send("/api/v1/verifications?pictures=true", &changed).json();
    let page: PagePictures = serde_json::from_value(answer["pictures"]["pages"][0].clone()).unwrap();
    for (png, shown) in [page.before, page.after].into_iter().zip(&dots) {
        let drawn = Pixmap::from_png(Cursor::new(png.unwrap().0)).unwrap();
        assert!(drawn.data() == shown.data());
    }
}

#[test]
fn a_receipt_says_why_it_has_no_pictures() {
    // Nothing was changed, and nobody knows what was signed.
    let mut altered = app().document(&app().issue(36));
    let (folder, _) = pictured(&altered);
    assert!(words(&folder).contains("没有可以对照的页面"));
    altered[12] ^= 1;
    let (folder, _) = pictured(&altered);
    assert!(words(&folder).contains("没有可以对照的页面") && images(&folder).is_empty());
    // A page that takes too long to draw.
    let endless = crate::pictures::with_endless_page(&app().document(&app().issue(37)));
    let (folder, receipt) = pictured(&endless);
    let words = words(&folder);
    assert!(words.contains("已经停止") && images(&folder).is_empty(), "{words}");
    assert_eq!(report_on(&receipt)["conclusion"], "valid");
}

#[test]
fn the_page_and_the_command_give_pictures_where_they_are_asked_for() {
    let changed = changed(38);
    for (texts, count) in [(&[("pictures", "true")][..], 2), (&[], 0)] {
        let given = app().ask(form("/v/receipt?lang=en", texts, Some(&changed)));
        assert_eq!(given.status, StatusCode::OK, "{}", given.text());
        let folder = TempFolder::new("receipt-page");
        fs::write(folder.path().join("receipt.pdf"), &given.body).unwrap();
        assert_eq!(images(&folder).len(), count);
    }
    let page = app().ask(request("GET", "/v?lang=en", None, "")).text();
    assert!(page.contains("name=\"pictures\""), "{page}");
    let wrong = send("/api/v1/verifications/receipt?picture=true", &changed);
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let alone = program::run(&["verify", "x.pdf", "--receipt-pictures"].map(str::to_owned));
    assert_eq!(alone.code, Some(2), "{alone:?}");
}
