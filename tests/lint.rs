//! `yinxin ca lint` on certificates that we did not make: those of another program, and of the public suites.

use std::fs;
use std::path::Path;

use serde_json::Value;
use yinxin::ca::lint::{self, Examined, Standing};
use yinxin::x509::Certificate;

use crate::support::TempFolder;
use crate::support::judges;
use crate::support::program::{self, Run};
use crate::support::suites::suite;

/// Names of the rules that a certificate of somebody else breaks.
fn broken(certificate: &Certificate) -> Vec<&'static str> {
    let examined = Examined {
        certificate,
        issuer: None,
        standing: Standing::Foreign,
    };
    lint::run(&examined).into_iter().map(|finding| finding.rule).collect()
}

/// A self-signed certificate by OpenSSL, PEM.
fn openssl(folder: &Path, name: &str, arguments: &[&str]) {
    let key = ["req", "-x509", "-nodes", "-keyout", "key.pem", "-out", name];
    let said = judges::run(folder, "openssl", &[&key[..], arguments].concat());
    assert!(said.accepted, "{}", said.said);
}

fn ca_lint(arguments: &[&str]) -> Run {
    let arguments: Vec<String> = ["ca", "lint"]
        .iter()
        .chain(arguments)
        .map(|text| (*text).to_owned())
        .collect();
    program::run(&arguments)
}

const P256: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

#[test]
fn what_openssl_makes_wrong_on_demand_is_named() {
    let folder = TempFolder::new("lint-openssl");
    let leaf = ["-config", "leaf.cnf", "-subj", "/C=CN/CN=www.example.org"];
    let config = "[req]\nprompt=no\ndistinguished_name=dn\n[dn]\n";
    fs::write(folder.path().join("leaf.cnf"), config).unwrap();
    let signs = ["-addext", "keyUsage=critical,digitalSignature"];
    // What OpenSSL is told, and the rules of severity error that this breaks.
    let cases: [(&[&str], &[&str]); 8] = [
        (&signs, &[]),
        (&["-sha1", signs[0], signs[1]], &["signature-algorithm-trusted"]),
        (
            &[signs[0], signs[1], "-addext", "subjectAltName=DNS:a*.example.org"],
            &["dns-name-wildcard"],
        ),
        (
            &[
                "-addext",
                "keyUsage=critical,keyCertSign",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ],
            &["key-cert-sign-of-end-entities"],
        ),
        (
            &["-addext", "keyUsage=critical,keyEncipherment"],
            &["key-usage-of-elliptic-keys"],
        ),
        (
            &[
                "-addext",
                "basicConstraints=CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign",
            ],
            &["basic-constraints-criticality"],
        ),
        (
            &["-addext", "basicConstraints=critical,CA:TRUE"],
            &["key-usage-of-authorities"],
        ),
        (
            &[signs[0], signs[1], "-addext", "1.2.3.4=critical,DER:05:00"],
            &["unknown-critical-extension"],
        ),
    ];
    for (number, (arguments, expected)) in cases.into_iter().enumerate() {
        let name = format!("{number}.pem");
        openssl(folder.path(), &name, &[&P256[..], &leaf, arguments].concat());
        let run = ca_lint(&[folder.path().join(&name).to_str().unwrap(), "--json"]);
        let [said] = &run.json_lines()[..] else {
            panic!("{run:?}")
        };
        let findings = said["findings"].as_array().unwrap();
        let errors = findings.iter().filter(|finding| finding["severity"] == "error");
        let errors: Vec<_> = errors.map(|finding| finding["rule"].as_str().unwrap()).collect();
        assert_eq!(errors, expected, "{arguments:?}: {said}");
        assert_eq!(run.code, Some(i32::from(!expected.is_empty())));
        assert_eq!(said["passed"], expected.is_empty());
    }
}

#[test]
fn several_files_are_judged_with_their_issuers_in_the_readers_language() {
    let folder = TempFolder::new("lint-several");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(
        folder.path().join("x.cnf"),
        "[req]\nprompt=no\ndistinguished_name=dn\n[dn]\n",
    )
    .unwrap();
    let root = [
        "-config",
        "x.cnf",
        "-subj",
        "/C=CN/CN=root",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-addext",
        "nameConstraints=critical,permitted;DNS:example.com",
    ];
    openssl(folder.path(), "root.pem", &[&P256[..], &root].concat());
    fs::rename(folder.path().join("key.pem"), folder.path().join("root.key")).unwrap();
    let leaf = [
        "-config",
        "x.cnf",
        "-subj",
        "/C=CN/CN=leaf",
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-addext",
        "subjectAltName=DNS:www.example.org",
        "-addext",
        "keyUsage=critical,digitalSignature",
    ];
    openssl(folder.path(), "leaf.pem", &[&P256[..], &leaf].concat());
    fs::write(folder.path().join("junk.der"), [0x30, 0x03, 0x02, 0x01, 0x01]).unwrap();

    let run = ca_lint(&[&path("leaf.pem"), &path("root.pem"), "--lang", "zh"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.out.contains("“DNS www.example.org”不在签发者可认证的名称之内"),
        "{}",
        run.out
    );
    // Another certificate of the same authority binds it less: what it issued need keep within one of them alone.
    openssl(
        folder.path(),
        "wide.pem",
        &[&["-key", "root.key"][..], &root[..8]].concat(),
    );
    let within_one = ca_lint(&[
        &path("leaf.pem"),
        "--issuer",
        &path("root.pem"),
        "--issuer",
        &path("wide.pem"),
    ]);
    assert_eq!(within_one.code, Some(0), "{within_one:?}");
    let alone = ca_lint(&[&path("leaf.pem"), "--lang", "en"]);
    assert_eq!(alone.code, Some(0), "{alone:?}");
    let handed_over = ca_lint(&[&path("leaf.pem"), "--issuer", &path("root.pem"), "--lang", "en"]);
    assert!(
        handed_over.out.contains("is no name that its issuer may certify"),
        "{}",
        handed_over.out
    );
    let junk = ca_lint(&[&path("root.pem"), &path("junk.der"), "--json"]);
    assert_eq!(junk.code, Some(1), "{junk:?}");
    assert!(junk.json_lines()[1]["cause"].is_string());
    assert_eq!(ca_lint(&[&path("none.pem")]).code, Some(2));
}

#[test]
fn the_faults_that_pkits_was_made_with_are_found() {
    let Some(folder) = suite("pkits") else { return };
    let certificates = fs::read_dir(folder.join("certs"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let read = certificates.filter_map(|path| {
        let name = path.file_stem()?.to_str()?.to_owned();
        Some((name, Certificate::from_der(&fs::read(&path).ok()?).ok()?))
    });
    let findings: std::collections::BTreeMap<_, _> = read.map(|(name, one)| (name, broken(&one))).collect();
    assert!(findings.len() > 390, "{}", findings.len());
    let expected = [
        ("GoodCACert", ""),
        ("DSACACert", "key-strength"),
        ("InvalidNegativeSerialNumberTest15EE", "serial-number-positive"),
        ("InvalidEEnotBeforeDateTest2EE", ""),
        ("keyUsageCriticalkeyCertSignFalseCACert", "key-cert-sign-of-authorities"),
        ("MissingbasicConstraintsCACert", "key-cert-sign-of-end-entities"),
        (
            "basicConstraintsNotCriticalcAFalseCACert",
            "key-cert-sign-of-end-entities",
        ),
        (
            "UnknownCriticalCertificateExtensionTest2EE",
            "unknown-critical-extension",
        ),
    ];
    for (name, rule) in expected {
        let (_, found) = findings.iter().find(|(file, _)| file.contains(name)).expect(name);
        let errors = found.contains(&rule) || rule.is_empty() && !found.iter().any(|rule| rule.starts_with("key-"));
        assert!(errors, "{name}: {found:?}");
    }
}

#[test]
fn every_certificate_of_limbo_is_judged() {
    let Some(folder) = suite("limbo") else { return };
    let suite: Value = serde_json::from_slice(&fs::read(folder.join("limbo.json")).unwrap()).unwrap();
    let cases = suite["testcases"].as_array().unwrap().iter();
    let of_case = cases.flat_map(|case| {
        let listed = ["trusted_certs", "untrusted_intermediates"].map(|list| case[list].as_array().unwrap());
        listed.into_iter().flatten().chain([&case["peer_certificate"]])
    });
    let mut found = std::collections::BTreeMap::new();
    let mut read = 0;
    for pem in of_case {
        let Ok((_, der)) = der::pem::decode_vec(pem.as_str().unwrap().as_bytes()) else {
            continue;
        };
        let Ok(certificate) = Certificate::from_der(&der) else {
            continue;
        };
        read += 1;
        for rule in broken(&certificate) {
            *found.entry(rule).or_insert(0) += 1;
        }
    }
    assert!(read > 2_500, "{read}");
    // Faults that cases are made with, of very different kinds.
    for rule in [
        "authority-key-identifier-criticality",
        "name-constraints-criticality",
        "name-constraints-of-authorities",
        "serial-number-length",
        "serial-number-positive",
        "subject-key-identifier-of-authorities",
        "names-of-tls-servers",
    ] {
        assert!(found.contains_key(rule), "{rule}: {found:?}");
    }
}
