//! The command line as people meet it: what it refuses and in which words, what it finds out about a file, how it
//! prints.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use yinxin::clock::{Clock, ManualClock, SystemClock};
use yinxin::cms::build::SigningIdentity;
use yinxin::keystore::{Keystore, Passphrase};
use yinxin::problem::Explain;
use yinxin::seal::SealState;
use yinxin::seal::status::{SealStatus, SealStatusList};
use yinxin::service::actor::Actor;
use yinxin::service::issue_licence::Together;
use yinxin::store::CertificateState;
use yinxin::x509::Certificate;

use crate::attacks::Office;
use crate::support::TempFolder;
use crate::support::keys::openssl_key;
use crate::support::program::{Program, Run, run};
use crate::support::project;

/// Issues business licences.
const ISSUER: &str = "11159900MB0000211R";

/// Issues construction permits and nothing else.
const BUILDERS: &str = "11159900MB00003260";

/// Three applications of the fixtures to [`ISSUER`], all right and without an end.
fn applications() -> [Value; 3] {
    let all = std::fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let rows = all.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let fit = |row: &Value| {
        row["authority"] == ISSUER && row["licenceType"] == "business-licence" && row["expiringDate"].is_null()
    };
    let rows: Vec<_> = rows.filter(fit).take(3).collect();
    rows.try_into().unwrap()
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// The application alone, as `licence issue` takes it.
fn application(mut row: Value) -> Value {
    let members = row.as_object_mut().unwrap();
    members.retain(|name, _| name != "reference" && name != "authority");
    row
}

#[test]
fn each_mistake_in_an_application_has_its_code_and_names_field_and_value_in_both_languages() {
    let [first, second, good] = applications();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut row = good.clone();
        change(&mut row);
        row
    };
    let mut twice = second.clone();
    let mut earlier = first.clone();
    earlier["serial"] = json!("2026009001");
    twice["serial"] = json!("2026009001");
    // The row, its code and field, and what the message quotes.
    let cases = [
        (
            changed(&|row| row["licenceType"] = json!("fishing-licence")),
            "type-unknown",
            "licenceType",
            "fishing-licence",
        ),
        (
            changed(&|row| row["fields"]["colour"] = json!("红")),
            "field-unknown",
            "colour",
            "colour",
        ),
        (
            changed(&|row| row["fields"]["domicile"] = json!("")),
            "field-required",
            "domicile",
            "domicile",
        ),
        (
            changed(&|row| row["holderCode"] = json!("91159901MA0000031A")),
            "credit-code-check-character",
            "holderCode",
            "91159901MA0000031A",
        ),
        (
            changed(&|row| row["expiringDate"] = json!("2020-01-01")),
            "dates-reversed",
            "expiringDate",
            "2020-01-01",
        ),
        (
            changed(&|row| row["holderCategory"] = json!("natural-person")),
            "holder-category-not-allowed",
            "holderCategory",
            "natural-person",
        ),
        (
            changed(&|row| row["authority"] = json!(BUILDERS)),
            "authority-not-entitled",
            "licenceType",
            "营业执照",
        ),
        (
            changed(&|row| row["authority"] = json!("11159900MB00003261")),
            "authority-malformed",
            "authority",
            "11159900MB00003261",
        ),
        (twice, "identifier-already-issued", "identifier", "2026009001"),
    ];
    let program = Program::new("mistakes", &lines(&[earlier]));
    let rows: Vec<_> = cases.iter().map(|(row, ..)| row.clone()).collect();
    let file = program.file("rows.jsonl", lines(&rows));
    let mut messages = Vec::new();
    for language in ["zh", "en"] {
        let run = program.run(&["licence", "import", &file, "--json", "--lang", language]);
        assert_eq!(run.code, Some(1), "{run:?}");
        let mut told = run.json_lines();
        told.sort_by_key(|line| line["row"].as_u64());
        for (line, (_, code, field, _)) in told.iter().zip(&cases) {
            let problems = line["problems"].as_array().unwrap();
            let is_told =
                |problem: &Value| problem["code"] == *code && problem["field"].as_str().unwrap_or_default() == *field;
            assert!(problems.iter().any(is_told), "{code}: {problems:?}");
        }
        let results = csv::Reader::from_path(program.path("rows.result.csv")).unwrap();
        let records: Vec<csv::StringRecord> = results.into_records().map(Result::unwrap).collect();
        messages.push(cases.each_ref().map(|(_, code, _, value)| {
            let record = records.iter().find(|record| &record[3] == *code).unwrap();
            let told = format!("{}: {}", &record[4], &record[5]);
            assert!(told.contains(value), "{language} {code}: {told}");
            record[5].to_owned()
        }));
    }
    for (chinese, english) in messages[0].iter().zip(&messages[1]) {
        assert!(chinese.chars().any(|character| character >= '\u{4e00}'), "{chinese}");
        assert_ne!(chinese, english);
    }
}

/// The report on a file, judged by the trust folder of the city.
fn verify(program: &Program, file: &str, code: i32) -> Value {
    let trust = program.data().join("trust");
    let arguments = [
        "verify",
        file,
        "--json",
        "--allow-unknown-state",
        "--trust",
        trust.to_str().unwrap(),
    ];
    let run = program.run(&arguments);
    assert_eq!(run.code, Some(code), "{run:?}");
    run.json_lines().remove(0)
}

fn first_reason(report: &Value) -> &str {
    report["reasons"][0]["code"].as_str().unwrap_or_default()
}

#[test]
fn a_file_that_is_no_licence_or_a_broken_one_is_told_so() {
    let [first, ..] = applications();
    let program = Program::new("files", &lines(&[first]));
    let licence = program.data().join("licences/business-licence.pdf");
    let bytes = std::fs::read(&licence).unwrap();
    assert_eq!(verify(&program, licence.to_str().unwrap(), 0)["conclusion"], "valid");

    let zeros = program.path("zeros.pdf");
    std::fs::File::create(&zeros).unwrap().set_len(200 << 20).unwrap();
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 0xff;
    let unsigned = "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n\
        xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\n\
        startxref\n100\n%%EOF\n";
    let cases = [
        (program.file("empty.pdf", b""), "unreadable", "pdf-not-a-pdf"),
        (zeros.to_str().unwrap().to_owned(), "unreadable", "pdf-not-a-pdf"),
        (
            program.file("cut.pdf", &bytes[..bytes.len() / 2]),
            "unreadable",
            "pdf-cut-short",
        ),
        (
            program.file("damaged.pdf", &damaged),
            "invalid",
            "document-digest-differs",
        ),
        (program.file("unsigned.pdf", unsigned), "unsigned", "document-unsigned"),
        (
            program.file(
                "appended.pdf",
                [unsigned.as_bytes(), b"5 0 obj <</ByteRange[0 1 2 3]>>"].concat(),
            ),
            "unreadable",
            "document-tail-unreadable",
        ),
    ];
    for (file, conclusion, code) in cases {
        let report = verify(&program, &file, 1);
        assert_eq!(
            (&report["conclusion"], first_reason(&report)),
            (&json!(conclusion), code),
            "{report}"
        );
    }
    let missing = program.run(&["verify", "no-such-file.pdf", "--offline"]);
    assert_eq!(missing.code, Some(2));
    assert!(missing.error.contains("no-such-file.pdf"), "{missing:?}");
}

#[test]
fn files_of_a_folder_are_judged_each_by_itself_and_the_worst_decides() {
    let [first, ..] = applications();
    let program = Program::new("folder", &lines(&[first]));
    let bytes = std::fs::read(program.data().join("licences/business-licence.pdf")).unwrap();
    let trust = program.data().join("trust");
    std::fs::create_dir_all(program.path("received/more")).unwrap();
    program.file("received/a.pdf", &bytes);
    program.file("received/notes.txt", "no PDF, and not asked about");
    let folder = program.path("received");
    let judge = |named: &[&str], options: &[&str]| {
        let trusting = ["--allow-unknown-state", "--trust", trust.to_str().unwrap()];
        program.run(&[&["verify"], named, options, &trusting].concat())
    };
    let folder = folder.to_str().unwrap();
    assert_eq!(judge(&[folder], &[]).code, Some(0), "all are good");

    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 0xff;
    program.file("received/more/改动.pdf", &damaged);
    let told = judge(&[folder], &["--json"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    let mut conclusions: Vec<(String, Value)> = told
        .json_lines()
        .into_iter()
        .map(|report| {
            (
                report["file"].as_str().unwrap().to_owned(),
                report["conclusion"].clone(),
            )
        })
        .collect();
    conclusions.sort_by(|one, other| one.0.cmp(&other.0));
    let [good, bad] = [format!("{folder}/a.pdf"), format!("{folder}/more/改动.pdf")];
    assert_eq!(conclusions, [(good, json!("valid")), (bad, json!("invalid"))]);

    // A file that is not there is told, and the others are judged all the same.
    let absent = format!("{folder}/absent.pdf");
    let told = judge(&[&absent, folder], &["--json"]);
    assert_eq!((told.code, told.json_lines().len()), (Some(2), 3), "{told:?}");
    let told = judge(&[&absent, folder], &["--lang", "zh"]);
    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(told.error.contains(&absent), "{told:?}");
    let table: Vec<&str> = told.out.lines().take(4).collect();
    assert!(table[0].starts_with("文件") && table[0].contains("结论"), "{table:?}");
    assert!(
        table[1].contains("absent.pdf") && table[1].contains("! 未能读取"),
        "{table:?}"
    );
    assert!(table[2].contains("✓ 文件真实"), "{table:?}");
    assert!(table[3].contains("改动.pdf") && table[3].contains('✗'), "{table:?}");
    assert!(
        !told.out.lines().skip(4).any(|line| line.contains("a.pdf")),
        "what is good needs no words"
    );

    let astray = judge(&[&format!("{folder}/nowhere/*.pdf"), folder], &["--json"]);
    assert_eq!((astray.code, astray.json_lines().len()), (Some(2), 3), "{astray:?}");

    let pattern = judge(&[&format!("{folder}/?.pdf")], &["--json"]);
    assert_eq!((pattern.code, pattern.json_lines().len()), (Some(0), 1), "{pattern:?}");
    std::fs::create_dir(program.path("empty")).unwrap();
    for nothing in [program.path("empty"), program.path("received/*.PDF2")] {
        let told = judge(&[nothing.to_str().unwrap()], &[]);
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(told.error.contains(nothing.to_str().unwrap()), "{told:?}");
    }
}

#[test]
fn what_is_to_be_known_of_files_in_a_table_is_told_a_line_each() {
    let [first, ..] = applications();
    let (program, office) = (Program::new("table-notes", &lines(&[first])), Office::new());
    for name in ["received", "trust"] {
        std::fs::create_dir(program.path(name)).unwrap();
    }
    for name in ["a.pdf", "b.pdf"] {
        program.file(&format!("received/{name}"), office.signed_with_script());
    }
    program.file("trust/root.der", office.city.root.der());
    for (place, list) in office.city.lists(SystemClock.now(), &[]).iter().enumerate() {
        program.file(&format!("trust/{place}.crl"), list.der());
    }
    let [folder, trust] = ["received", "trust"].map(|name| program.path(name).display().to_string());
    let told = program.run(&["verify", &folder, "--trust", &trust, "--lang", "en"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 5, "{told:?}");
    for (line, name) in lines[3..].iter().zip(["a.pdf", "b.pdf"]) {
        assert!(
            line.contains(name) && line.contains("holds a script in object 5"),
            "{line}"
        );
    }
}

#[test]
fn a_report_or_receipt_of_a_folder_with_several_files_is_refused_before_any_is_looked_at() {
    let [first, ..] = applications();
    let program = Program::new("one-report", &lines(&[first]));
    std::fs::create_dir(program.path("received")).unwrap();
    program.file("received/a.pdf", "no PDF");
    program.file("received/b.pdf", "no PDF");
    let [folder, receipt] = ["received", "receipt.pdf"].map(|name| program.path(name).display().to_string());
    for option in ["--receipt", "--replay"] {
        let told = program.run(&["verify", &folder, option, &receipt, "--lang", "en"]);
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(told.error.contains("A report is of one file"), "{told:?}");
    }
    assert!(!program.path("receipt.pdf").exists());
}

#[test]
fn a_body_that_was_not_equipped_to_the_end_is_taken_up_again() {
    let [first, ..] = applications();
    let program = Program::new("body", &lines(&[first]));
    let add = |kind: &str, name: &str| {
        program.run(&[
            "authority",
            "add",
            "11159900MB0009996A",
            "--name",
            name,
            "--english-name",
            "Bureau",
            "--region",
            "159900",
            "--level",
            "city",
            "--seal-code",
            "1599000000001",
            "--type",
            kind,
        ])
    };
    let mistyped = add("fishing", "示例市渔业局");
    assert_eq!(mistyped.code, Some(2), "{mistyped:?}");
    assert!(mistyped.error.contains("fishing"), "{mistyped:?}");
    let listed = program.run(&["authority", "list"]);
    assert!(!listed.out.contains("示例市渔业局"), "nothing was begun: {listed:?}");

    let done = add("business-licence", "示例市渔业局");
    assert_eq!(done.code, Some(0), "{done:?}");
    let again = add("business-licence", "示例市渔业局");
    assert_eq!(again.code, Some(1), "{again:?}");
}

#[test]
fn a_revoked_seal_issues_nothing_and_is_found_without_the_service() {
    let [first, second, _] = applications();
    let program = Program::new("seal", &lines(&[first]));
    let licence = program.data().join("licences/business-licence.pdf");
    let licence = licence.to_str().unwrap();
    let seal = program.run(&["seal", "show", ISSUER, "--json"]).json_lines().remove(0);
    assert_eq!(seal["state"], "active");
    let id = seal["id"].as_str().unwrap();

    // A list says since when to the second: a stamp within that second would not be older.
    std::thread::sleep(Duration::from_secs(1));
    let revoked = program.run(&["seal", "revoke", id, "--reason", "遗失"]);
    assert_eq!(revoked.code, Some(0), "{revoked:?}");
    let file = program.file("application.json", application(second).to_string());
    for (language, words) in [("zh", "已吊销"), ("en", "revoked")] {
        let shown = program.run(&["seal", "show", ISSUER, "--lang", language]);
        assert!(shown.out.contains(words), "{shown:?}");
        let refused = program.run(&["licence", "issue", &file, "--authority", ISSUER, "--lang", language]);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.error.contains(id), "{refused:?}");
    }

    // What was sealed before stays good; what a list says was sealed after does not.
    let list = program.data().join("trust/seals.p7m");
    let written = program.run(&["seal", "status", "--out", list.to_str().unwrap()]);
    assert_eq!(written.code, Some(0), "{written:?}");
    assert_eq!(verify(&program, licence, 0)["conclusion"], "valid");
    let runtime = Runtime::new().unwrap();
    let maker = runtime.block_on(identity(&program, "seal-maker-national", "issuing-national"));
    let overdue = SealStatusList {
        number: 999_999,
        issued: SystemClock.now() - TimeDelta::days(2),
        next_update: SystemClock.now() - TimeDelta::days(1),
        seals: Default::default(),
    };
    let newer = program.data().join("trust/seals-2.p7m");
    std::fs::write(&newer, overdue.sign(&maker).unwrap()).unwrap();
    let report = verify(&program, licence, 0);
    assert_eq!(report["conclusion"], "valid");
    assert!(report.to_string().contains("note-seal-list-overdue"), "{report}");
    let earlier = SealStatusList {
        number: 1_000_000,
        issued: SystemClock.now(),
        next_update: SystemClock.now() + TimeDelta::days(1),
        seals: [(
            id.to_owned(),
            SealStatus {
                state: SealState::Revoked,
                since: SystemClock.now() - TimeDelta::days(30),
                earlier: Vec::new(),
            },
        )]
        .into(),
    };
    std::fs::write(&newer, earlier.sign(&maker).unwrap()).unwrap();
    let report = verify(&program, licence, 1);
    assert!(!report.to_string().contains("note-seal-list-overdue"), "{report}");
    assert_eq!(
        (&report["conclusion"], first_reason(&report)),
        (&json!("invalid"), "seal-not-in-use"),
        "{report}"
    );

    // A list that somebody else signed is no list.
    let stranger = runtime.block_on(identity(&program, "credential-national", "issuing-national"));
    std::fs::write(&list, earlier.sign(&stranger).unwrap()).unwrap();
    let trust = program.data().join("trust");
    let run = program.run(&["verify", licence, "--trust", trust.to_str().unwrap()]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.error.contains("seals.p7m"), "{run:?}");
}

/// A key of the city with its certificate.
async fn identity(program: &Program, name: &str, ca: &str) -> SigningIdentity {
    let passphrase = Passphrase::from_file(&program.data().join("passphrase")).unwrap();
    let key = Keystore::open(program.data().join("keys"), passphrase)
        .unwrap()
        .key(name)
        .unwrap();
    let store = program.store().await;
    let setting = store.setting(&format!("certificate/{name}")).await.unwrap().unwrap();
    let sha256 = (0..32).map(|at| u8::from_str_radix(&setting[2 * at..2 * at + 2], 16).unwrap());
    let sha256: Vec<u8> = sha256.collect();
    let row = store
        .certificate_by_sha256(&sha256.try_into().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.ca, ca);
    let CertificateState::Issued { der, .. } = row.state else {
        panic!("{name} has no certificate")
    };
    SigningIdentity::new(key, Certificate::from_der(&der).unwrap(), &[]).unwrap()
}

#[test]
fn an_expired_signer_issues_nothing() {
    let [first, second, _] = applications();
    let program = Program::new("expired", &lines(&[first]));
    let runtime = Runtime::new().unwrap();
    let refused = runtime.block_on(async {
        let later = SystemClock.now() + TimeDelta::days(1_100);
        let service = program.service_by(Arc::new(ManualClock::at(later))).await;
        let application = serde_json::from_value(application(second)).unwrap();
        let issuer = ISSUER.parse().unwrap();
        service
            .issue_licence(&Actor::Operator, &issuer, &application, Together::Alone)
            .await
    });
    let problems = refused.unwrap_err().problems();
    assert_eq!(problems[0].code, "signer-certificate-not-valid", "{problems:?}");
    assert!(
        problems[0]
            .params
            .values()
            .any(|value| value.contains("青岚市市场监督管理局")),
        "{problems:?}"
    );
}

fn good(run: Run) -> Run {
    assert_eq!(run.code, Some(0), "{run:?}");
    run
}

#[test]
fn what_cannot_be_worked_on_is_told_in_the_language_of_the_reader() {
    let folder = TempFolder::new("wrong-arguments");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let text = path("text.txt");
    std::fs::write(&text, "no certificate").unwrap();
    let (nowhere, no_certificate) = (path("nowhere.pem"), path("root.crt"));
    std::fs::write(&no_certificate, "no certificate").unwrap();
    let no_report = path("report.json");
    std::fs::write(&no_report, "{}").unwrap();
    for (arguments, chinese, english) in [
        (
            &["bench", "qr", "--suite", "imperial"][..],
            "“imperial”不可用；可选：international, national",
            "\"imperial\" cannot be used; choose from: international, national",
        ),
        (&["path", &text, "--anchor", &nowhere], "没有文件", "There is no file"),
        (
            &["verify", "--trust", &no_certificate, &text],
            "既不是 DER，也不是 PEM",
            "is neither DER nor PEM",
        ),
        (
            &["verify", "--replay", &no_report, &text],
            "没有写明 validation_time",
            "names no validation_time",
        ),
        (
            &["verify", "--database", "oracle:x", &text],
            "数据库位置“oracle:x”",
            "The database location \"oracle:x\"",
        ),
        (
            &["path", &text],
            "还缺参数：--anchor <FILE>...\n\n用法：yinxin path",
            "Arguments are missing: --anchor <FILE>...\n\nUsage: yinxin path",
        ),
        (
            &["verify", "--trusted", &text],
            "没有参数“--trusted”",
            "There is no argument \"--trusted\"",
        ),
        (&["ca", "fond"], "没有命令“fond”", "There is no command \"fond\""),
        (
            &["verify", "--time", "noon", &text],
            "“noon”不可用：应为 2026",
            "\"noon\" of",
        ),
        (&["verify", "--trust", &nowhere, &text], "没有文件", "There is no file"),
        (&["sign", "--at", "1:50", &text], "应为“页:横,纵”", "PAGES:X,Y such as"),
        (
            &["sign", "--at", "-0:5,5", &text],
            "-1（最后一页）",
            "-1 for the last page",
        ),
        (&["sign", "--hit", "last", &text], "应为 every", "to be every"),
        (
            &["sign", "--across", "up", &text],
            "应为 right",
            "is to be one of right",
        ),
        (
            &["sign", "--certify", "4", &text],
            "应为 1, 2, 3 之一",
            "is to be one of 1, 2, 3",
        ),
        (&["sign", "--authority", "123", &text], "应为 18 位", "not 18"),
        (
            &["bench", "walk"],
            "“walk”不可用；可选：issue",
            "\"walk\" of the argument \"<WORK>\" cannot be used; choose from: issue",
        ),
        (
            &[
                "sign",
                &path("*.pdf"),
                "--authority",
                ISSUER,
                "--database",
                "sqlite::memory:",
            ],
            "没有文件名符合",
            "No file has a name like",
        ),
    ] {
        for (language, words) in [("zh", chinese), ("en", english)] {
            let run = run(&[arguments, &["--lang", language]]
                .concat()
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>());
            assert_eq!(run.code, Some(2), "{run:?}");
            assert!(run.error.contains(words), "{arguments:?}: {run:?}");
            let chinese = run.error.chars().any(|character| ('一'..='鿿').contains(&character));
            assert_eq!(chinese, language == "zh", "{run:?}");
        }
    }
}

#[test]
fn every_listing_speaks_both_languages_and_json() {
    let [first, second, _] = applications();
    let program = Program::new("listings", &lines(&[first]));
    let file = program.file("application.json", application(second).to_string());
    let issued = good(program.run(&["licence", "issue", &file, "--authority", ISSUER, "--json"])).json_lines();
    let identifier = issued[0]["identifier"].as_str().unwrap();
    for (arguments, member, chinese, english) in [
        (&["seal", "show", ISSUER][..], "id", "使用中", "in use"),
        (&["ca", "show"], "subject", "签发", "issued by"),
        (&["authority", "list"], "code", "市级", "city"),
        (&["licence", "show", identifier], "identifier", "有效", "in force"),
        (
            &["ca", "crl", "issuing-national"],
            "number",
            "吊销列表",
            "revocation list",
        ),
    ] {
        for (language, words) in [("zh", chinese), ("en", english)] {
            let run = good(program.run(&[arguments, &["--lang", language]].concat()));
            assert!(run.out.contains(words), "{run:?}");
        }
        let lines = good(program.run(&[arguments, &["--json"]].concat())).json_lines();
        assert!(
            !lines.is_empty() && lines.iter().all(|line| !line[member].is_null()),
            "{lines:?}"
        );
    }
    let unknown = program.run(&["ca", "show", "nobody"]);
    assert_eq!(unknown.code, Some(1), "{unknown:?}");
    let language = program.run(&["authority", "list", "--lang", "mn"]);
    assert_eq!(language.code, Some(2), "{language:?}");
}

#[test]
fn an_authority_has_the_algorithm_or_the_key_that_it_is_given() {
    let [first, ..] = applications();
    let program = Program::new("keys", &lines(&[first]));
    let [rsa, short] = [("rsa.pem", "3072"), ("short.pem", "1024")].map(|(name, bits)| {
        let folder = program.path("");
        let key = openssl_key(&folder, name, "RSA", &[&format!("rsa_keygen_bits:{bits}")]);
        key.to_str().unwrap().to_owned()
    });
    let found = |arguments: &[&str]| {
        let names = ["--organisation", "示例市", "--common-name", "CA", "--lang", "en"];
        program.run(&[&["ca"], arguments, &names].concat())
    };
    good(found(&["root", "root-rsa", "--key", &rsa]));
    good(found(&[
        "sub",
        "issuing-p384",
        "--parent",
        "root-rsa",
        "--algorithm",
        "p-384",
    ]));
    good(found(&["root", "root-ed25519", "--algorithm", "ed25519"]));
    for (ca, algorithm) in [
        ("root-rsa", "RSA-3072"),
        ("issuing-p384", "P-384"),
        ("root-ed25519", "Ed25519"),
    ] {
        let shown = good(program.run(&["ca", "show", ca, "--json"])).json_lines();
        assert_eq!(shown[0]["algorithm"], algorithm, "{shown:?}");
    }
    for (arguments, why) in [
        (&["root", "other", "--key", &short][..], "1024 bits"),
        (&["root", "other", "--algorithm", "rsa"], "p-384"),
        (&["root", "other", "--key", &rsa, "--algorithm", "p-384"], "--key"),
        (
            &["sub", "other", "--parent", "root-rsa", "--algorithm", "sm2"],
            "root-rsa",
        ),
    ] {
        let refused = found(arguments);
        assert!(refused.code != Some(0) && refused.error.contains(why), "{refused:?}");
    }
}
