//! A report judged again by somebody else: what it names is what was used, and from the same material the same comes out.

use serde_json::Value;
use yinxin::crypto::DigestAlgorithm;
use yinxin::hex;

use crate::support::program::{Program, Run};
use crate::support::project;

/// A city with one licence.
fn city() -> Program {
    let all = std::fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let row = all.lines().find(|line| line.contains("\"business-licence\"")).unwrap();
    Program::new("replay", &format!("{row}\n"))
}

/// Verifies a file by the city's trust folder.
fn verify(program: &Program, file: &str, more: &[&str]) -> Run {
    let trust = program.data().join("trust");
    let first = [
        "verify",
        file,
        "--trust",
        trust.to_str().unwrap(),
        "--allow-unknown-state",
    ];
    program.run(&[&first, more, &["--json"]].concat())
}

/// Names and digests of what a report consulted of one kind.
fn consulted(report: &Value, kind: &str) -> Vec<(String, String)> {
    let material = report["replay"]["material"].as_array().unwrap();
    let of_kind = material.iter().filter(|one| one["kind"] == kind);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    of_kind.map(|one| (text(&one["name"]), text(&one["sha256"]))).collect()
}

#[test]
fn what_a_report_names_is_what_was_used_and_from_it_the_same_comes_out_later() {
    let program = city();
    let licence = program.data().join("licences/business-licence.pdf");
    let licence = licence.to_str().unwrap();
    let run = verify(&program, licence, &[]);
    let report = &run.json_lines()[0];
    assert_eq!(report["conclusion"], "valid", "{run:?}");

    let digest = |name: &str| {
        let bytes = std::fs::read(program.data().join("trust").join(name)).unwrap();
        hex::encode(DigestAlgorithm::Sha256.digest(&bytes).as_ref())
    };
    let certificates = consulted(report, "certificate");
    for name in ["root-international.crt", "timestamping-ca-international.crt"] {
        let digest = digest(name);
        assert!(
            certificates.iter().any(|one| one.1 == digest),
            "{name}: {certificates:?}"
        );
    }
    assert!(!consulted(report, "crl").is_empty());
    assert_eq!(consulted(report, "time-stamp").len(), 1);
    let pin: Value = serde_json::from_slice(&std::fs::read(program.data().join("trust/trust.pin")).unwrap()).unwrap();
    assert_eq!(report["replay"]["list_sha256"], pin["digest"]);
    assert!(report["signatures"][0]["control_time"].is_string());

    let kept = program.data().join("report.json");
    std::fs::write(&kept, report.to_string()).unwrap();
    let kept = kept.to_str().unwrap();
    let again = verify(&program, licence, &["--replay", kept]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(
        again.json_lines()[0]["report"]["replay"],
        report["replay"],
        "the very same material"
    );

    // Another file, and another list, are told apart by their places.
    let changed = program.data().join("changed.pdf");
    let mut bytes = std::fs::read(licence).unwrap();
    bytes.push(b'\n');
    std::fs::write(&changed, bytes).unwrap();
    let other = verify(&program, changed.to_str().unwrap(), &["--replay", kept]);
    let differences = &other.json_lines()[0]["differences"];
    assert_eq!(other.code, Some(1));
    assert!(
        differences.as_array().unwrap().contains(&"/sha256".into()),
        "{differences}"
    );

    let mut of_other_list = report.clone();
    of_other_list["replay"]["list_sha256"] = "00".into();
    std::fs::write(kept, of_other_list.to_string()).unwrap();
    let other = verify(&program, licence, &["--replay", kept]);
    assert_eq!(
        (other.code, &other.json_lines()[0]["differences"]),
        (Some(1), &serde_json::json!(["/replay/list_sha256"]))
    );
}

#[test]
fn a_report_is_of_one_file_and_has_a_time() {
    let program = city();
    let licence = program.data().join("licences/business-licence.pdf");
    let licence = licence.to_str().unwrap();
    let kept = program.data().join("report.json");
    for (report, files) in [
        ("{}", vec![licence]),
        ("no report", vec![licence]),
        (r#"{"validation_time":"2026-01-01T00:00:00Z"}"#, vec![licence, licence]),
    ] {
        std::fs::write(&kept, report).unwrap();
        let run = program.run(&[&["verify", "--replay", kept.to_str().unwrap()], files.as_slice()].concat());
        assert_eq!(run.code, Some(2), "{report}: {run:?}");
    }
}
