//! The list on the command line, and the folder that somebody without the service verifies with.

use std::path::Path;

use serde_json::Value;

use crate::support::program::{Program, run};
use crate::support::project;

/// A city with one licence.
fn city() -> Program {
    Program::new("recognition", &one_row())
}

/// Another one, at an address of its own.
fn neighbour() -> Program {
    Program::at("127.0.0.2:8080", "neighbour", &one_row())
}

fn one_row() -> String {
    let all = std::fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let row = all.lines().find(|line| line.contains("\"business-licence\"")).unwrap();
    format!("{row}\n")
}

/// Judges the city's licence by its trust folder: exit code, conclusion, number of the list, what was said.
fn judged(program: &Program) -> (Option<i32>, String, Option<u64>, String) {
    let licence = program.data().join("licences/business-licence.pdf");
    let trust = program.data().join("trust");
    let run = program.run(&[
        "verify",
        licence.to_str().unwrap(),
        "--trust",
        trust.to_str().unwrap(),
        "--allow-unknown-state",
        "--json",
        "--lang",
        "en",
    ]);
    let report: Value = run
        .out
        .lines()
        .next()
        .map_or(Value::Null, |line| serde_json::from_str(line).unwrap());
    let conclusion = report["conclusion"].as_str().unwrap_or_default().to_owned();
    (run.code, conclusion, report["list_sequence"].as_u64(), run.error)
}

fn export(program: &Program, out: &Path, sequence: u64) {
    let (out, sequence) = (out.to_str().unwrap(), sequence.to_string());
    let run = program.run(&["trust", "export", "--out", out, "--sequence", &sequence]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn what_others_published_is_taken_in_and_what_is_none_of_it_is_named() {
    let program = city();
    let trust = program.data().join("trust");
    let [certificate, list, neither] = ["issuing-national.crt", "issuing-national.crl", "trust.jws"]
        .map(|name| trust.join(name).to_str().unwrap().to_owned());
    let run = program.run(&["trust", "data", &certificate, &neither, "--crl", &list, "--json"]);
    let kept = &run.json_lines()[0];
    assert_eq!(
        (&kept["certificates"], &kept["crls"]),
        (&1.into(), &1.into()),
        "{run:?}"
    );
    assert_eq!(kept["unread"][0]["file"], neither);
    assert_eq!(program.run(&["trust", "data"]).code, Some(2));
}

#[test]
fn a_folder_with_a_list_follows_it_and_refuses_what_does_not_follow() {
    let program = city();
    let list = program.data().join("trust/trust.jws");
    let (code, conclusion, sequence, error) = judged(&program);
    assert_eq!(
        (code, conclusion.as_str(), sequence),
        (Some(0), "valid", Some(1)),
        "{error}"
    );

    let published = program.run(&["trust", "publish", "--region", "159900", "--json"]);
    assert_eq!(published.json_lines()[0]["entities"][0]["regions"][0], "159900");
    let suspended = program.run(&[
        "trust",
        "suspend",
        "own",
        "--service",
        "government-seals",
        "--grounds",
        "investigation",
        "--since",
        "2100-01-01T00:00:00Z",
    ]);
    assert_eq!(suspended.code, Some(0), "{suspended:?}");
    export(&program, &list, 2);
    assert_eq!(judged(&program).2, Some(2));
    export(&program, &list, 1);
    let rollback = judged(&program);
    assert!(
        rollback.0 == Some(1) && rollback.3.contains("older than list 2"),
        "{rollback:?}"
    );
    let mut forged = std::fs::read_to_string(&list).unwrap();
    let at = forged.find('.').unwrap() + 201;
    let other = if forged.as_bytes()[at] == b'A' { "B" } else { "A" };
    forged.replace_range(at..=at, other);
    std::fs::write(&list, forged).unwrap();
    assert!(judged(&program).3.contains("signature of the list does not match"));
    export(&program, &list, 3);
    assert_eq!(judged(&program).2, Some(3));
    std::fs::remove_file(program.data().join("trust/trust.pin")).unwrap();
    let unpinned = judged(&program);
    assert!(
        unpinned.0 == Some(2) && unpinned.3.contains("yinxin trust check"),
        "{unpinned:?}"
    );
    let (file, pin) = (list.to_str().unwrap(), program.data().join("trust/trust.pin"));
    let check = [
        "trust",
        "check",
        file,
        "--pin",
        pin.to_str().unwrap(),
        "--trust-first",
        "--json",
    ];
    let checked = run(&check.map(str::to_owned));
    assert_eq!(checked.json_lines()[0]["sequence"], 3, "{checked:?}");
    assert_eq!(judged(&program).2, Some(3));
}

#[test]
fn an_act_is_printed_for_two_officers_and_a_partner_imported_by_its_signer() {
    let (program, partner) = (city(), neighbour());
    let certificate = partner.data().join("trust/root-international.crt");
    let add = [
        "trust",
        "add",
        "partner",
        "--certificate",
        certificate.to_str().unwrap(),
        "--name",
        "邻市",
        "--service",
        "enterprise-signing",
    ];
    let printed = program.run(&[&add[..], &["--act"]].concat());
    assert_eq!(printed.json_lines()[0]["act"], "recognise", "{printed:?}");
    let done = program.run(&[&add[..], &["--json"]].concat());
    assert_eq!(done.json_lines()[0]["sequence"], 2, "{done:?}");

    let list = partner.path("list.jws");
    export(&partner, &list, 1);
    let list = list.to_str().unwrap();
    let import = |arguments: &[&str]| {
        program.run(&[&["trust", "import", "neighbour", list, "--lang", "en"], arguments].concat())
    };
    assert_eq!(import(&[]).code, Some(1));
    let stranger = import(&["--signer", &"07".repeat(32)]);
    assert!(stranger.error.contains("neither pinned nor named"), "{stranger:?}");
    let taken = import(&["--trust-first", "--json"]);
    assert_eq!(taken.json_lines()[0]["list"]["sequence"], 1, "{taken:?}");
    let from = [
        "trust",
        "add",
        "neighbour",
        "--from",
        "neighbour",
        "--there",
        "own",
        "--service",
        "time-stamping",
        "--json",
    ];
    // The national root of the neighbour; the other one stands in the list already.
    let added = program.run(&from);
    assert_eq!(added.json_lines()[0]["sequence"], 3, "{added:?}");
    for mistake in [
        &["trust", "suspend", "own", "--grounds", "x"][..],
        &["trust", "map", "own", "--row", "1.2"],
    ] {
        assert_eq!(program.run(mistake).code, Some(2));
    }
}
