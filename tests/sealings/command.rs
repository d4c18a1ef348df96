//! `yinxin sign` over files, folders and patterns.

use std::fs;

use serde_json::Value;

use crate::sealings::corpus;
use crate::support::judges::run;
use crate::support::program::{self, Program};
use crate::support::project;

/// A body of the demonstration that has a seal.
const AUTHORITY: &str = "11159900MB0000211R";

/// A city with one licence.
pub(super) fn city(name: &str) -> Program {
    let all = fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let of_issuer = |line: &&str| line.contains(AUTHORITY) && line.contains("business-licence");
    Program::new(name, all.lines().find(of_issuer).unwrap())
}

/// Sealing what is named, at a point of the first page.
pub(super) fn sealing(named: &str) -> [&str; 6] {
    ["sign", named, "--authority", AUTHORITY, "--at", "1:60,70"]
}

#[test]
fn a_folder_of_documents_is_sealed_with_a_result_for_each() {
    let program = city("sign");
    let folder = program.path("brought");
    fs::create_dir_all(folder.join("deeper")).unwrap();
    for (name, bytes) in [
        ("a.pdf", corpus::pages(3)),
        ("deeper/b.pdf", corpus::form(true, "")),
        ("broken.pdf", b"%PDF-1.7\nnothing".to_vec()),
        ("note.txt", b"no document".to_vec()),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let folder = folder.to_str().unwrap();
    let arguments = [&sealing(folder)[..], &["--across", "right", "--json"]].concat();
    let first = program.run(&arguments);
    assert_eq!(first.code, Some(1), "{first:?}");
    let mut lines = first.json_lines();
    lines.sort_by_key(|line| line["file"].as_str().unwrap().to_owned());
    let sealed: Vec<_> = lines.iter().map(|line| line["sealed"].as_bool().unwrap()).collect();
    assert_eq!(sealed, [true, false, true], "{lines:?}");
    assert_eq!(lines[1]["problems"][0]["code"], "pdf-cut-short");
    for line in [&lines[0], &lines[2]] {
        assert_eq!(line["level"], "PAdES-B-LT");
        let out = line["out"].as_str().unwrap();
        assert!(out.ends_with(".sealed.pdf"));
        let check = run(&program.path("."), "qpdf", &["--check", out]);
        assert!(check.accepted, "{}", check.said);
        let verdict = program.run(&["verify", out, "--json"]);
        assert_eq!(verdict.json_lines()[0]["conclusion"], "valid", "{verdict:?}");
    }
    assert!(!program.path("brought/broken.sealed.pdf").exists());
    // What was made is neither sealed again nor written over.
    let again = program.run(&arguments).json_lines();
    assert_eq!(again.len(), 5, "{again:?}");
    assert!(again.iter().all(|line| line["sealed"] == false));
    let left_alone = again.iter().filter(|line| !line["left_alone"].is_null());
    assert_eq!(left_alone.count(), 2, "{again:?}");

    for level in ["b-b", "b-t"] {
        let out = program.path(&format!("{level}.pdf"));
        let [brought, out] = [program.path("brought/a.pdf"), out].map(|path| path.display().to_string());
        let at_level = [&sealing(&brought)[..], &["--level", level, "--out", &out, "--json"]].concat();
        let line = program.run(&at_level).json_lines().remove(0);
        assert_eq!(line["level"], format!("PAdES-{}", level.to_uppercase()), "{line}");
    }
    let sealed = program.path("brought/a.sealed.pdf");
    let archived = program.path("archived.pdf");
    let [sealed, archived] = [&sealed, &archived].map(|path| path.to_str().unwrap());
    let extended = program.run(&[
        "sign",
        sealed,
        "--authority",
        AUTHORITY,
        "--extend",
        "--level",
        "b-lta",
        "--out",
        archived,
        "--lang",
        "en",
    ]);
    assert_eq!(extended.code, Some(0), "{extended:?}");
    assert!(extended.out.contains("raised to PAdES-B-LTA"), "{extended:?}");
    let verdict = program.run(&["verify", archived, "--json"]);
    assert_eq!(
        verdict.json_lines()[0]["signatures"][0]["level"],
        "PAdES-B-LTA",
        "{verdict:?}"
    );
}

#[test]
fn a_name_of_several_lines_is_told_in_one_whatever_is_said_of_the_file() {
    let program = city("sign-name-of-lines");
    fs::create_dir_all(program.path("brought")).unwrap();
    program.file("brought/a\n✓ b.pdf", corpus::pages(1));
    let folder = program.path("brought").display().to_string();
    let told = program.run(&[&sealing(&folder)[..], &["--level", "b-b"]].concat());
    assert_eq!(told.code, Some(0), "{told:?}");
    let verdicts = program.run(&["verify", &folder]);
    for run in [told, verdicts] {
        assert!(run.out.contains("a\\u{a}✓ b.pdf"), "{run:?}");
        assert!(!run.out.contains("\n✓ b"), "{run:?}");
    }
}

#[test]
fn a_result_that_is_to_be_a_folder_is_told_to_be_one() {
    let program = city("sign-to-folder");
    let letter = program.file("letter.pdf", corpus::pages(1));
    fs::create_dir_all(program.path("results")).unwrap();
    let results = program.path("results").display().to_string();
    let told = program.run(&[&sealing(&letter)[..], &["--out", &results, "--json"]].concat());
    assert_eq!(
        told.json_lines()[0]["problems"][0]["code"],
        "file-is-folder",
        "{told:?}"
    );
}

#[test]
fn results_in_a_folder_inside_the_one_that_is_read_are_not_sealed_again() {
    let program = city("sign-inside");
    fs::create_dir_all(program.path("brought")).unwrap();
    fs::write(program.path("brought/a.pdf"), corpus::pages(1)).unwrap();
    let [folder, results] = ["brought", "brought/sealed"].map(|name| program.path(name).display().to_string());
    let arguments = [
        &sealing(&folder)[..],
        &["--level", "b-b", "--out-dir", &results, "--json"],
    ]
    .concat();
    let first = program.run(&arguments);
    assert_eq!((first.code, first.json_lines().len()), (Some(0), 1), "{first:?}");
    let again = program.run(&arguments).json_lines();
    assert_eq!(again.len(), 2, "{again:?}");
    let [first, result] = ["brought/a.pdf", "sealed/a.pdf"].map(|name| {
        let is_it = |line: &&Value| line["file"].as_str().unwrap().ends_with(name);
        again.iter().find(is_it).unwrap()
    });
    assert_eq!(first["problems"][0]["code"], "file-there");
    assert_eq!(result["left_alone"]["code"], "result-of-sealing", "{again:?}");

    // What a run made beside the file that it read is a result for a later one too, wherever that one puts its own.
    let beside = program.run(
        &[
            &sealing(&program.path("brought/a.pdf").display().to_string())[..],
            &["--json"],
        ]
        .concat(),
    );
    assert_eq!(beside.code, Some(0), "{beside:?}");
    let others = program.path("others").display().to_string();
    let later = [&sealing(&folder)[..], &["--out-dir", &others, "--json"]].concat();
    let later = program.run(&later).json_lines();
    let sealed = later
        .iter()
        .find(|line| line["file"].as_str().unwrap().ends_with("brought/a.sealed.pdf"));
    assert_eq!(sealed.unwrap()["left_alone"]["code"], "result-of-sealing", "{later:?}");
}

#[test]
fn what_another_body_sealed_is_sealed_and_raised_like_any_document_that_is_brought() {
    let program = city("sign-sealed");
    fs::create_dir_all(program.path("inbox")).unwrap();
    let letter = program.file("contract.pdf", corpus::pages(1));
    program.file("inbox/b.pdf", corpus::pages(1));
    let path = |name: &str| program.path(name).display().to_string();
    let (folder, sealed) = (path("inbox"), path("inbox/contract.sealed.pdf"));
    let run = |named: &str, arguments: &[&str]| program.run(&[&["sign", named], arguments].concat());
    let at = ["--authority", AUTHORITY, "--at", "1:60,70", "--level", "b-b"];
    let first = run(&letter, &[&at[..], &["--out", &sealed]].concat());
    assert_eq!(first.code, Some(0), "{first:?}");

    let second = [
        "--authority",
        "11159901MB0100212X",
        "--at",
        "1:130,70",
        "--level",
        "b-b",
        "--json",
    ];
    let by_second = run(&folder, &[&second[..], &["--out-dir", &path("o")]].concat());
    let lines = by_second.json_lines();
    assert_eq!((by_second.code, lines.len()), (Some(0), 2), "{by_second:?}");
    assert!(lines.iter().all(|line| line["sealed"] == true), "{by_second:?}");

    let table = program.run(&["verify", &path("o"), "--lang", "en"]);
    let unproven = "Genuine and unchanged; when it was signed is not proved";
    assert!(table.out.contains(unproven), "{table:?}");

    let extend = ["--authority", AUTHORITY, "--extend", "--level", "b-t"];
    let raised = run(
        &path("inbox/*.sealed.pdf"),
        &[&extend[..], &["--out-dir", &path("e")]].concat(),
    );
    assert_eq!(raised.code, Some(0), "{raised:?}");

    // Beside what it was made from it is a result, and told to be one; asked for by itself it is sealed.
    fs::rename(&letter, program.path("inbox/contract.pdf")).unwrap();
    let beside = run(&folder, &[&at[..], &["--lang", "en"]].concat());
    for told in ["contract.sealed.pdf  – left alone", "it is the result of sealing"] {
        assert!(beside.out.contains(told), "{beside:?}");
    }
    assert!(!program.path("inbox/contract.sealed.sealed.pdf").exists());
    let alone = run(&path("inbox/contract.*.pdf"), &at);
    assert_eq!(alone.code, Some(0), "{alone:?}");
    assert!(program.path("inbox/contract.sealed.sealed.pdf").exists());
}

#[test]
fn a_file_that_is_named_in_several_ways_is_sealed_once_and_no_two_get_one_place() {
    let program = city("sign-twice");
    fs::create_dir_all(program.path("brought")).unwrap();
    for name in ["a.pdf", "b.pdf", "b.PDF"] {
        fs::write(program.path(&format!("brought/{name}")), corpus::pages(1)).unwrap();
    }
    std::os::unix::fs::symlink(program.path("brought"), program.path("link")).unwrap();
    let seal = |files: [&str; 3]| {
        let files = files.map(|name| program.path(name).to_str().unwrap().to_owned());
        let files: Vec<_> = files.iter().map(String::as_str).collect();
        let rest = ["--authority", AUTHORITY, "--level", "b-b", "--json"];
        program.run(&[&["sign"], files.as_slice(), &rest].concat()).json_lines()
    };
    let sealed = seal(["brought/a.pdf", "brought/../brought/a.pdf", "link/a.pdf"]);
    assert_eq!(sealed.len(), 1, "{sealed:?}");
    assert_eq!(sealed[0]["sealed"], true, "{sealed:?}");

    let mut sealed = seal(["brought/b.pdf", "brought/../brought/b.PDF", "link/b.PDF"]);
    sealed.sort_by_key(|line| line["sealed"] == true);
    assert_eq!(sealed.len(), 2, "{sealed:?}");
    assert_eq!(sealed[0]["problems"][0]["code"], "file-there", "{sealed:?}");
    assert_eq!(sealed[1]["problems"].as_array().unwrap().len(), 0, "{sealed:?}");
    let left = fs::read_dir(program.path("brought")).unwrap();
    let names = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["a.pdf", "a.sealed.pdf", "b.PDF", "b.pdf", "b.sealed.pdf"]);
}

#[test]
fn raising_a_level_takes_nothing_that_says_how_to_seal() {
    for (flag, value) in [
        ("--reason", "同意"),
        ("--location", "赤峰"),
        ("--certify", "1"),
        ("--at", "1:60,60"),
    ] {
        let arguments = [
            "sign",
            "a.pdf",
            "--authority",
            AUTHORITY,
            "--extend",
            flag,
            value,
            "--lang",
            "en",
        ];
        let told = program::run(&arguments.map(str::to_owned));
        assert_eq!(told.code, Some(2), "{flag}: {told:?}");
        assert!(told.error.contains(flag), "{told:?}");
    }
}

#[test]
fn a_refusal_names_the_field_that_is_meant() {
    let program = city("sign-field");
    let brought = program.path("a.pdf").display().to_string();
    fs::write(&brought, corpus::pages(1)).unwrap();
    let told = program.run(&[
        "sign",
        &brought,
        "--authority",
        AUTHORITY,
        "--keyword",
        "",
        "--lang",
        "en",
    ]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.out.contains("keyword: This field is required"), "{told:?}");
}

#[test]
fn what_was_done_to_a_document_is_told_as_it_is() {
    let program = city("sign-told");
    let brought = program.file("brought.pdf", corpus::pages(3));
    let run = |act: &str, arguments: &[&str]| {
        let run = program.run(&[&[act], arguments, &["--lang", "en"]].concat());
        assert!(run.code < Some(2), "{run:?}");
        run.out
    };
    let sign = |file: &str, authority: &str, arguments: &[&str]| {
        run("sign", &[&[file, "--authority", authority], arguments].concat())
    };
    let path = |name: &str| program.path(name).to_str().unwrap().to_owned();

    // Seals go to the last page as the help says, into a folder that was not there.
    let folder = path("sealed/today");
    let told = sign(
        &brought,
        AUTHORITY,
        &["--at", "-1:60,70", "--out-dir", &folder, "--level", "b-b"],
    );
    assert!(told.contains("brought.pdf: sealed (PAdES-B-B)"), "{told}");
    let sealed = path("sealed/today/brought.pdf");

    // Of several there is a table, and below it why one was refused.
    fs::create_dir(program.path("scans")).unwrap();
    program.file("scans/good.pdf", corpus::pages(1));
    program.file("scans/bad.pdf", b"no document");
    let table = sign(&path("scans"), AUTHORITY, &["--at", "1:60,70", "--level", "b-b"]);
    let rows: Vec<&str> = table.lines().collect();
    let columns = ["File", "Outcome", "Level", "Written to"].map(|column| rows[0].find(column).unwrap());
    let row = |name: &str| *rows.iter().find(|row| row.contains(name) && row.contains(' ')).unwrap();
    let (good, bad) = (row("good.pdf"), row("bad.pdf"));
    assert!(
        good.contains("✓ sealed") && good.contains("PAdES-B-B") && bad.contains("✗ not sealed"),
        "{table}"
    );
    assert!(good[columns[3]..].contains("good.sealed.pdf"), "{table}");
    assert!(rows.last().unwrap().contains("→"), "{table}");
    let unseen = sign(&brought, AUTHORITY, &[]);
    assert!(
        unseen.contains("signed (PAdES-B-LT) with no seal") && unseen.contains("--at"),
        "{unseen}"
    );
    // A field that is meant to be invisible shows none either, and that is said of the file.
    let hidden = program.file("hidden.pdf", corpus::invisible_field());
    let told = sign(&hidden, AUTHORITY, &["--field", "Clerk", "--level", "b-b"]);
    assert!(
        told.contains("signed (PAdES-B-B) with no seal") && told.contains("\"Clerk\" is meant to be invisible"),
        "{told}"
    );
    let astray = sign(&brought, AUTHORITY, &["--out", &path("none/a.pdf")]);
    assert!(
        astray.contains("There is no folder") && astray.contains("none"),
        "{astray}"
    );
    let refused = sign(&brought, AUTHORITY, &["--extend", "--out", &path("b.pdf")]);
    assert!(refused.contains("not raised") && refused.contains("→"), "{refused}");

    // The time that a signer claims is not told as one that is proved.
    let claimed = run("verify", &[&sealed]);
    assert!(
        claimed.contains("as the signer says") && !claimed.contains("proved"),
        "{claimed}"
    );
    let archived = path("archived.pdf");
    sign(
        &sealed,
        AUTHORITY,
        &["--extend", "--level", "b-lta", "--out", &archived],
    );
    let proved = run("verify", &[&archived]);
    assert!(
        proved.contains("proved to be signed by") && proved.contains("Document time stamp \"TimeStamp1\""),
        "{proved}"
    );

    // What a second signer added is listed.
    let both = path("both.pdf");
    sign(&sealed, "11159901MB0100212X", &["--at", "1:60,70", "--out", &both]);
    let changed = run("verify", &[&both]);
    assert!(
        changed.contains("nly permitted changes") && changed.contains("Revision 3 of 3 adds the signature field"),
        "{changed}"
    );
}

#[test]
fn neither_sealing_nor_verifying_takes_in_the_fonts_which_are_larger_than_all_else() {
    let program = city("no-fonts");
    let [brought, sealed] = ["brought.pdf", "sealed.pdf"].map(|name| program.path(name).display().to_string());
    fs::write(&brought, corpus::pages(1)).unwrap();
    let seal = [&sealing(&brought)[..], &["--out", &sealed]].concat();
    for arguments in [seal.as_slice(), &["verify", &sealed]] {
        let run = program
            .command(arguments)
            .env("YINXIN_FONTS", "nowhere")
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
    }
}

#[test]
fn a_wrong_place_is_told_before_anything_is_opened() {
    for (flag, value) in [
        ("--at", "1:60"),
        ("--at", "0:1,1"),
        ("--at", "5-2:60,60"),
        ("--across", "middle"),
        ("--certify", "4"),
    ] {
        let told = program::run(&["sign", "a.pdf", "--authority", AUTHORITY, flag, value].map(str::to_owned));
        assert_eq!(told.code, Some(2), "{flag} {value}: {told:?}");
    }
}

#[test]
fn a_value_that_breaks_a_rule_is_told_by_the_name_of_its_option() {
    let program = city("options");
    let document = program.file("a.pdf", corpus::pages(1));
    let many = ["--keyword", "a"].repeat(201);
    for (options, option, code) in [
        (&["--keyword", " "][..], "--keyword", "field-required"),
        (&["--at", "1:60,70", "--reason", ""], "--reason", "reason-empty"),
        (&["--across", "right", "--every", "0"], "--every", "seal-every-zero"),
        (&many, "--at, --keyword, --across", "seal-places-listed"),
    ] {
        let arguments = [&["sign", &document, "--authority", AUTHORITY, "--json"], options].concat();
        let line = program.run(&arguments).json_lines().remove(0);
        let problem = &line["problems"][0];
        assert_eq!(
            (&problem["field"], &problem["code"]),
            (&option.into(), &code.into()),
            "{line}"
        );
    }
    let nowhere = program.run(&["sign", &document, "--authority", AUTHORITY, "--tsa", "nonsense"]);
    assert_eq!(nowhere.code, Some(2), "{nowhere:?}");
    assert!(
        nowhere.error.contains("--tsa") && nowhere.error.contains("nonsense"),
        "{nowhere:?}"
    );
}
