//! `yinxin path`, as people and programs run it: cases of the public suites, forms of files, languages, exit codes.

use std::fs;
use std::path::Path;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde_json::Value;

use super::exceptions;
use crate::support::program::{Run, run};
use crate::support::suites::suite;
use crate::support::{TempFolder, judges};

/// Judges many cases, on as many threads as there are cores, and gives those that differ: the case and how.
fn different(cases: &[Value], judge: impl Fn(&Value) -> Option<String> + Sync) -> Vec<(&str, String)> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let each = cases.len().div_ceil(threads).max(1);
    let judge = |case| judge(case).map(|how| (id(case), how));
    thread::scope(|scope| {
        let judge = &judge;
        let parts = cases.chunks(each);
        let parts: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().filter_map(judge).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

fn id(case: &Value) -> &str {
    case["id"].as_str().unwrap_or_default()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// What the command says, which must fit its exit code.
fn verdict(run: &Run) -> Value {
    let said = run.json_lines().remove(0);
    let valid = said["valid"].as_bool().unwrap();
    assert_eq!(run.code, Some(if valid { 0 } else { 1 }), "{run:?}");
    assert_eq!(said["reason"].is_null(), valid, "{run:?}");
    said
}

#[test]
fn pkits_is_answered_by_the_command_as_by_the_library() {
    let Some(folder) = suite("pkits") else { return };
    let suite: Value = serde_json::from_slice(&fs::read(folder.join("pkits.json")).unwrap()).unwrap();
    let file = |kind: &str, name: &str| folder.join(kind).join(name).display().to_string();
    let judge = |case: &Value| {
        let mut arguments = vec!["path".to_owned(), file("certs", case["target"].as_str().unwrap())];
        let mut add = |option: &str, values: Vec<String>| {
            if !values.is_empty() {
                arguments.push(format!("--{option}"));
                arguments.extend(values);
            }
        };
        add("anchor", vec![file("certs", case["trust_anchor"].as_str().unwrap())]);
        add(
            "untrusted",
            texts(&case["intermediates"]).map(|name| file("certs", name)).collect(),
        );
        add("crl", texts(&case["crls"]).map(|name| file("crls", name)).collect());
        add("time", vec![suite["validation_time"].as_str().unwrap().to_owned()]);
        let initial = &case["initial"];
        add("policy", texts(&initial["policy_set"]).map(str::to_owned).collect());
        let flags = [
            ("explicit_policy", "--explicit-policy"),
            ("inhibit_policy_mapping", "--inhibit-mapping"),
            ("inhibit_any_policy", "--inhibit-any-policy"),
        ];
        arguments.extend(
            flags
                .iter()
                .filter(|(name, _)| initial[name] == true)
                .map(|(_, flag)| (*flag).to_owned()),
        );
        arguments.extend(["--revocation", "hard", "--json"].map(str::to_owned));
        let said = verdict(&run(&arguments));
        let expected = &case["expect_valid"];
        let sorted = |list: &Value| {
            let mut list: Vec<String> = texts(list).map(str::to_owned).collect();
            list.sort();
            list
        };
        let policies = sorted(&said["policies"]) == sorted(&case["user_constrained_policy_set"]);
        let agrees = said["valid"] == *expected && (policies || *expected == false);
        (!agrees).then(|| said.to_string())
    };
    let cases = suite["cases"].as_array().unwrap();
    exceptions::assert_exactly(include_str!("pkits_exceptions.txt"), &different(cases, judge));
}

#[test]
fn limbo_is_answered_by_the_command_as_by_the_library() {
    let Some(folder) = suite("limbo") else { return };
    let suite: Value = serde_json::from_slice(&fs::read(folder.join("limbo.json")).unwrap()).unwrap();
    let temp = TempFolder::new("path-limbo");
    let judge = |case: &Value| {
        let arguments = limbo_arguments(case, &temp.path().join(id(case).replace(['/', ':'], "-")));
        let said = verdict(&run(&arguments));
        let expected = case["expected_result"] == "SUCCESS";
        (said["valid"] != expected).then(|| said.to_string())
    };
    // Each is a process of its own; every third tells whether the command asks what the library is asked.
    let cases: Vec<Value> = suite["testcases"]
        .as_array()
        .unwrap()
        .iter()
        .step_by(3)
        .cloned()
        .collect();
    let different = different(&cases, judge);
    assert!(different.is_empty(), "{different:#?}");
}

fn limbo_arguments(case: &Value, folder: &Path) -> Vec<String> {
    fs::create_dir_all(folder).unwrap();
    let file = |name: &str, contents: &str| {
        let path = folder.join(name);
        fs::write(&path, contents).unwrap();
        path.display().to_string()
    };
    let bundle = |list: &Value| texts(list).collect::<Vec<_>>().join("\n");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut arguments = vec!["path".to_owned(), file("target.pem", &text(&case["peer_certificate"]))];
    let mut add = |option: &str, value: String| arguments.extend([format!("--{option}"), value]);
    add("anchor", file("anchors.pem", &bundle(&case["trusted_certs"])));
    add(
        "untrusted",
        file("untrusted.pem", &bundle(&case["untrusted_intermediates"])),
    );
    if texts(&case["crls"]).next().is_some() {
        add("crl", file("lists.pem", &bundle(&case["crls"])));
    }
    add(
        "time",
        case["validation_time"]
            .as_str()
            .unwrap_or("2026-06-01T00:00:00Z")
            .to_owned(),
    );
    if let Some(depth) = case["max_chain_depth"].as_u64() {
        add("path-length", depth.to_string());
    }
    let named = texts(&case["extended_key_usage"]).next();
    let side = if case["validation_kind"] == "CLIENT" {
        "clientAuth"
    } else {
        "serverAuth"
    };
    add("eku", named.unwrap_or(side).to_owned());
    let name = &case["expected_peer_name"];
    match name["kind"].as_str() {
        Some("DNS") => add("dns", text(&name["value"])),
        Some("RFC822") => add("email", text(&name["value"])),
        Some("IP") => add("ip", text(&name["value"])),
        _ => {}
    }
    add("conformance", "profile".to_owned());
    arguments.push("--json".to_owned());
    arguments
}

/// A root, an authority under it, and a host under that.
struct Chain {
    folder: TempFolder,
}

impl Chain {
    fn new(name: &str) -> Self {
        let folder = TempFolder::new(name);
        let params = |name: &str, ca: bool| {
            let hosts = if ca {
                vec![]
            } else {
                vec!["host.example.org".to_owned()]
            };
            let mut params = CertificateParams::new(hosts).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            params.not_before = rcgen::date_time_ymd(1965, 1, 1);
            params.not_after = rcgen::date_time_ymd(2049, 1, 1);
            params.use_authority_key_identifier_extension = true;
            if ca {
                params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
                params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            }
            params
        };
        let keys = [(); 3].map(|()| KeyPair::generate().unwrap());
        let root = params("根", true).self_signed(&keys[0]).unwrap();
        let issuer = Issuer::new(params("根", true), &keys[0]);
        let authority = params("签发机构", true).signed_by(&keys[1], &issuer).unwrap();
        let issuer = Issuer::new(params("签发机构", true), &keys[1]);
        let host = params("host", false).signed_by(&keys[2], &issuer).unwrap();
        let this = Self { folder };
        this.write("root.pem", root.pem());
        this.write("authority.der", authority.der());
        this.write("host.der", host.der());
        this.write(
            "chain.pem",
            format!("host\n{}authority\n{}", host.pem(), authority.pem()),
        );
        this.write("damaged.der", [host.der().as_ref(), b"more"].concat());
        this
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.folder.path().join(name), contents).unwrap();
    }

    /// The command; whatever ends like a file is one of the folder.
    fn run(&self, arguments: &[&str]) -> Run {
        let file = |text: &&str| match text.contains(".pem") || text.contains(".der") {
            true => self.folder.path().join(text).display().to_string(),
            false => (*text).to_owned(),
        };
        let arguments: Vec<String> = arguments.iter().map(file).collect();
        run(&[&["path".to_owned()], &arguments[..]].concat())
    }
}

#[test]
fn a_path_is_told_in_a_table_and_a_failure_with_what_to_do_in_both_languages() {
    let chain = Chain::new("path-words");
    let asked = ["host.der", "--anchor", "root.pem", "--time", "2026-06-01T00:00:00Z"];
    let with = |more: &[&str]| chain.run(&[&asked[..], more].concat());
    let good = with(&["--untrusted", "authority.der", "--lang", "en"]);
    assert_eq!(good.code, Some(0), "{good:?}");
    let lines: Vec<&str> = good.out.lines().collect();
    assert!(lines[0].starts_with("Valid"), "{lines:?}");
    let rows = lines.iter().filter(|line| line.contains("1965-01-01"));
    let subjects: Vec<_> = rows.map(|row| row.rsplit_once("CN=").unwrap().1).collect();
    assert_eq!(subjects, ["host", "签发机构", "根"]);
    for (language, reason, action) in [("zh", "无效：", "怎么办："), ("en", "Not valid: ", "What to do: ")] {
        let bad = with(&["--lang", language]);
        assert_eq!(bad.code, Some(1), "{bad:?}");
        assert!(bad.out.starts_with(reason) && bad.out.contains("签发机构"), "{bad:?}");
        assert!(
            bad.out.lines().nth(1).is_some_and(|line| line.starts_with(action)),
            "{bad:?}"
        );
    }
}

#[test]
fn a_file_with_the_chain_needs_no_other_and_a_time_before_1970_counts() {
    let chain = Chain::new("path-chain");
    let at = |time: &str| chain.run(&["chain.pem", "--anchor", "root.pem", "--time", time, "--json"]);
    let said = verdict(&at("1969-12-31T23:59:59Z"));
    assert_eq!(
        (&said["valid"], &said["path"][2]["not_before"]),
        (&true.into(), &"1965-01-01T00:00:00Z".into())
    );
    let said = verdict(&at("1964-12-31T23:59:59Z"));
    assert_eq!(said["reasons"][0]["code"], "certificate-not-yet-valid");
}

#[test]
fn the_name_and_the_purpose_are_asked_about_where_they_are_given() {
    let chain = Chain::new("path-names");
    let with = |more: &[&str]| {
        let arguments = ["chain.pem", "--anchor", "root.pem", "--conformance", "path", "--json"];
        verdict(&chain.run(&[&arguments[..], more].concat()))
    };
    assert_eq!(
        with(&["--dns", "host.example.org", "--eku", "serverAuth"])["valid"],
        true
    );
    assert_eq!(
        with(&["--dns", "other.example.org"])["reasons"][0]["code"],
        "wrong-name"
    );
    assert_eq!(with(&["--ip", "192.0.2.1"])["reasons"][0]["code"], "wrong-name");
    assert_eq!(
        with(&["--revocation", "hard"])["reasons"][0]["code"],
        "no-revocation-data"
    );
    assert_eq!(with(&["--path-length", "0"])["reasons"][0]["code"], "path-too-long");
}

#[test]
fn a_certificate_that_cannot_be_read_is_a_verdict_and_a_command_that_cannot_run_is_none() {
    let chain = Chain::new("path-exit");
    let unreadable = verdict(&chain.run(&["damaged.der", "--anchor", "root.pem", "--json"]));
    assert_eq!(unreadable["reasons"][0]["code"], "target-unreadable");
    assert!(
        unreadable["action"]
            .as_str()
            .is_some_and(|action| !action.contains("problem-"))
    );
    // An anchor that cannot be read is none, and is named.
    let said = verdict(&chain.run(&["chain.pem", "--anchor", "damaged.der", "--json"]));
    assert_eq!(said["reasons"][0]["code"], "no-path");
    assert!(
        said["unread"][0]["file"]
            .as_str()
            .is_some_and(|file| file.ends_with("damaged.der"))
    );
    for cannot_run in [
        &["nowhere.der", "--anchor", "root.pem"][..],
        &["host.der"],
        &["host.der", "--anchor", "root.pem", "--eku", "anything"],
        &["host.der", "--anchor", "root.pem", "--dns", "a", "--ip", "192.0.2.1"],
        &["host.der", "--anchor", "root.pem", "--time", "yesterday"],
    ] {
        let run = chain.run(cannot_run);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{cannot_run:?}: {run:?}");
    }
}

#[test]
fn an_algorithm_that_is_not_supported_is_named() {
    let folder = TempFolder::new("path-unsupported");
    let openssl = |arguments: &[&str]| {
        let done = judges::run(folder.path(), "openssl", arguments);
        assert!(done.accepted, "{}", done.said);
    };
    // A root on a curve of others; and one on P-256 that signs with SHA-224.
    for (curve, digest, named) in [
        ("brainpoolP512r1", "-sha256", "brainpoolP512r1 (1.3.36.3.3.2.8.1.1.13)"),
        ("P-256", "-sha224", "1.2.840.10045.4.3.1"),
    ] {
        let curve = format!("ec_paramgen_curve:{curve}");
        let root = [
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            &curve,
            digest,
            "-nodes",
            "-subj",
            "/C=CN/CN=root",
        ];
        openssl(&[&root[..], &["-keyout", "root.key", "-out", "root.pem", "-days", "30"]].concat());
        let request = [
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/C=CN/CN=leaf",
        ];
        openssl(&[&request[..], &["-keyout", "leaf.key", "-out", "leaf.csr"]].concat());
        let sign = [
            "x509",
            "-req",
            "-in",
            "leaf.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
        ];
        openssl(&[&sign[..], &[digest, "-out", "leaf.pem", "-days", "20"]].concat());
        let file = |name: &str| folder.path().join(name).display().to_string();
        let arguments = [
            "path".to_owned(),
            file("leaf.pem"),
            "--anchor".to_owned(),
            file("root.pem"),
            "--json".to_owned(),
        ];
        let said = verdict(&run(&arguments));
        assert_eq!(
            said["reasons"][0]["code"], "certificate-algorithm-unsupported",
            "{said}"
        );
        assert!(
            said["reason"].as_str().is_some_and(|reason| reason.contains(named)),
            "{said}"
        );
    }
}
