//! A report judged again by somebody else: what it names is what was used, and from the same material the same comes
//! out.

use std::time::Duration;

use chrono::{SubsecRound, TimeDelta};
use serde_json::{Value, json};
use yinxin::clock::{Clock, SystemClock};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::hex;
use yinxin::seal::status::SealStatusList;
use yinxin::trust::list::{Follower, RecognitionList, SignedList};

use crate::support::app::{TestApp, request};
use crate::support::city::City;
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
    let again = &again.json_lines()[0];
    assert_eq!(again["report"]["replay"], report["replay"], "the very same material");
    assert_eq!(again["of_its_moment"], json!([]));

    // What nobody can find again is not held against it, and said where it is another.
    let mut told_otherwise = report.clone();
    told_otherwise["licence"]["state"] = "revoked".into();
    told_otherwise["words"]["en"]["conclusion"] = "Forged".into();
    std::fs::write(kept, told_otherwise.to_string()).unwrap();
    let again = verify(&program, licence, &["--replay", kept]);
    let told = &again.json_lines()[0];
    assert_eq!((again.code, &told["same"]), (Some(0), &true.into()), "{told}");
    let state = json!({"place": "/licence/state", "before": "revoked", "now": report["licence"]["state"]});
    let words =
        json!({"place": "/words/en/conclusion", "before": "Forged", "now": report["words"]["en"]["conclusion"]});
    assert_eq!(told["of_its_moment"], json!([state, words]));

    // Another file is told to be another, and not judged; another list is told by its place.
    let changed = program.data().join("changed.pdf");
    let mut bytes = std::fs::read(licence).unwrap();
    bytes.push(b'\n');
    std::fs::write(&changed, bytes).unwrap();
    let other = verify(&program, changed.to_str().unwrap(), &["--replay", kept]);
    let told = &other.json_lines()[0];
    assert_eq!((other.code, &told["same_file"]), (Some(1), &false.into()), "{told}");
    assert_eq!(told["differences"][0]["place"], "/sha256", "{told}");
    assert_eq!(told["report"], Value::Null, "no verdict on another file");

    let mut of_other_list = report.clone();
    of_other_list["replay"]["list_sha256"] = "00".into();
    std::fs::write(kept, of_other_list.to_string()).unwrap();
    let other = verify(&program, licence, &["--replay", kept]);
    let told = &other.json_lines()[0];
    assert_eq!(
        (other.code, &told["same_conclusion"]),
        (Some(1), &true.into()),
        "{told}"
    );
    let list = json!({"place": "/replay/list_sha256", "before": "00", "now": report["replay"]["list_sha256"]});
    assert_eq!(told["differences"], json!([list]));
}

#[test]
fn what_an_instance_reported_comes_out_again_there_and_from_what_it_publishes() {
    let program = city();
    let licence = program.data().join("licences/business-licence.pdf");
    let licence = licence.to_str().unwrap();
    let first = program.run(&["verify", licence, "--json"]);
    let report = &first.json_lines()[0];
    assert_eq!(report["conclusion"], "valid", "{first:?}");
    assert_eq!(consulted(report, "seal-status-list").len(), 1, "{report}");
    let kept = program.file("report.json", report.to_string());
    let receipt = program.path("receipt.pdf");
    let receipt = receipt.to_str().unwrap();
    let made = program.run(&["verify", licence, "--receipt", receipt]);
    assert_eq!(made.code, Some(0), "{made:?}");

    for earlier in [kept.as_str(), receipt] {
        let there = program.run(&["verify", licence, "--replay", earlier, "--json"]);
        assert_eq!(there.code, Some(0), "{there:?}");
        let elsewhere = verify(&program, licence, &["--replay", earlier]);
        assert_eq!(elsewhere.code, Some(0), "{elsewhere:?}");
    }
    // The same again is told, and still is not good.
    let broken = program.file("broken.pdf", "no pdf");
    let of_broken = program.path("of-broken.pdf");
    let of_broken = of_broken.to_str().unwrap();
    program.run(&["verify", &broken, "--receipt", of_broken]);
    let again = program.run(&["verify", &broken, "--replay", of_broken, "--json"]);
    assert_eq!(
        (again.code, &again.json_lines()[0]["same"]),
        (Some(1), &true.into()),
        "{again:?}"
    );
    let none = program.run(&["verify", licence, "--replay", licence]);
    assert_eq!(none.code, Some(2), "{none:?}");
    assert!(none.error.contains("report.json"), "{none:?}");
}

#[test]
fn a_report_rests_on_the_list_of_seals_that_was_published_then_which_can_be_had_later() {
    let app = TestApp::new(Suite::International);
    let document = app.document(&app.issue(0));
    let judged = || {
        let report = app.wait(app.service.verify_document(document.clone(), None)).unwrap();
        serde_json::to_value(&report).unwrap()
    };
    let published = || {
        let signed = app.ask(request("GET", "/seals/status", None, "")).body;
        SealStatusList::read_own(&signed).unwrap()
    };
    let digest = |list: &SealStatusList| hex::encode(DigestAlgorithm::Sha256.digest(&list.to_json()).as_ref());
    let (report, list) = (judged(), published());
    let named = vec![(list.number.to_string(), digest(&list))];
    assert_eq!(consulted(&report, "seal-status-list"), named);
    let then = app.clock.now();
    app.clock.set(then + TimeDelta::hours(1));
    assert_eq!(
        consulted(&judged(), "seal-status-list"),
        named,
        "the same list for half a day"
    );
    // Another program on the same data gives the same list.
    let other = app.another_program();
    let given = app.wait(other.signed_seal_status()).unwrap();
    assert_eq!(SealStatusList::read_own(&given.bytes).unwrap(), list);
    app.clock.set(then + TimeDelta::days(2));
    assert!(published().number > list.number);
    let again = app.wait(app.service.seal_states_at(then)).unwrap();
    assert_eq!(again, list);
}

#[test]
fn a_report_comes_out_again_when_the_list_that_it_rests_on_is_long_overdue() {
    let program = city();
    let licence = program.data().join("licences/business-licence.pdf");
    let licence = licence.to_str().unwrap();
    let list = program.data().join("trust/trust.jws");
    let signed = SignedList::parse(&std::fs::read(&list).unwrap()).unwrap();
    let time = SystemClock.now();
    let due = time.trunc_subsecs(0) + TimeDelta::seconds(1);
    let due_soon = RecognitionList {
        next_update: due,
        signers: Vec::new(),
        ..RecognitionList::decode(signed.content()).unwrap()
    };
    let signer = City::founded_at(Suite::International, time).organisation();
    let signed = SignedList::sign(&due_soon, &[signer.certificate], signer.key.as_ref()).unwrap();
    let pin = Follower::trusting_first(&signed).unwrap().pin();
    std::fs::write(&list, signed.to_compact()).unwrap();
    std::fs::write(
        program.data().join("trust/trust.pin"),
        serde_json::to_vec(&pin).unwrap(),
    )
    .unwrap();
    while SystemClock.now() <= due {
        std::thread::sleep(Duration::from_millis(20));
    }
    let time = time.to_rfc3339();
    let refused = verify(&program, licence, &["--time", &time, "--lang", "en"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.error.contains("was to be replaced"), "{refused:?}");
    let warned = verify(&program, licence, &["--time", &time, "--allow-stale-list"]);
    let warned = warned.json_lines().remove(0);
    assert_eq!(warned["reasons"][0]["code"], "list-stale", "{warned}");
    // The same as it was reported before the list was due.
    let mut fresh = warned.clone();
    fresh["reasons"] = json!([]);
    for earlier in [warned, fresh] {
        let kept = program.file("report.json", earlier.to_string());
        for more in [&["--replay", &kept][..], &["--replay", &kept, "--allow-stale-list"]] {
            let again = verify(&program, licence, more);
            assert_eq!(again.code, Some(0), "{again:?}");
        }
    }
}

#[test]
fn a_report_is_of_one_file_and_has_a_time() {
    let program = city();
    let licence = program.data().join("licences/business-licence.pdf");
    let licence = licence.to_str().unwrap();
    let other = program.data().join("tampered.pdf");
    let other = other.to_str().unwrap();
    let kept = program.data().join("report.json");
    for (report, files) in [
        ("{}", vec![licence]),
        ("no report", vec![licence]),
        (r#"{"validation_time":"2026-01-01T00:00:00Z"}"#, vec![licence]),
        (r#"{"sha256":"00"}"#, vec![licence]),
        (
            r#"{"sha256":"00","validation_time":"2026-01-01T00:00:00Z"}"#,
            vec![licence, other],
        ),
    ] {
        std::fs::write(&kept, report).unwrap();
        let run = program.run(&[&["verify", "--replay", kept.to_str().unwrap()], files.as_slice()].concat());
        assert_eq!(run.code, Some(2), "{report}: {run:?}");
    }
}
