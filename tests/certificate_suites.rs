//! Certificates and lists of the public suites through our readers: each is read or refused, none is a panic.

use std::fs;

use yinxin::x509::{Certificate, Crl};

use crate::support::suites::suite;

/// What came of reading many.
#[derive(Debug, Default)]
struct Tally {
    read: usize,
    refused: Vec<String>,
}

impl Tally {
    fn count<T, E: std::fmt::Display>(&mut self, name: &str, result: Result<T, E>) {
        match result {
            Ok(_) => self.read += 1,
            Err(error) => self.refused.push(format!("{name}: {error}")),
        }
    }

    fn names_refused(&self) -> Vec<&str> {
        let names = self.refused.iter().filter_map(|line| line.split(':').next());
        names.collect()
    }
}

fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(&path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

#[test]
fn pkits_is_read_whole() {
    let Some(folder) = suite("pkits") else { return };
    let (mut certificates, mut lists) = (Tally::default(), Tally::default());
    for (name, bytes) in files(&folder.join("certs")) {
        certificates.count(&name, Certificate::from_der(&bytes));
    }
    for (name, bytes) in files(&folder.join("crls")) {
        lists.count(&name, Crl::from_der(&bytes));
    }
    // The signatures of these were spoilt in their count of unused bits, which no reader has to bear.
    let spoilt = ["BadSignedCACert.crt", "InvalidDSASignatureTest6EE.crt"];
    assert_eq!(certificates.names_refused(), spoilt);
    assert_eq!(lists.names_refused(), ["BadCRLSignatureCACRL.crl"]);
    assert!(
        certificates.read == 403 && lists.read == 172,
        "{} and {}",
        certificates.read,
        lists.read
    );
}

#[test]
fn limbo_is_read_or_refused_with_a_reason() {
    let Some(folder) = suite("limbo") else { return };
    let text = fs::read(folder.join("limbo.json")).expect("limbo.json");
    let limbo: serde_json::Value = serde_json::from_slice(&text).expect("limbo.json is JSON");
    let mut tally = Tally::default();
    for case in limbo["testcases"].as_array().expect("testcases") {
        let id = case["id"].as_str().unwrap_or_default();
        let lists = ["trusted_certs", "untrusted_intermediates"].map(|key| case[key].as_array().cloned());
        let leaf = Some(vec![case["peer_certificate"].clone()]);
        for pem in lists.into_iter().chain([leaf]).flatten().flatten() {
            tally.count(id, Certificate::from_der(&pem_bytes(&pem)));
        }
        for pem in case["crls"].as_array().into_iter().flatten() {
            tally.count(id, Crl::from_der(&pem_bytes(pem)));
        }
    }
    assert!(tally.read > 1000, "{} read", tally.read);
    // What is refused is what is malformed on purpose; well-formed certificates are never among it.
    assert!(tally.refused.len() * 50 < tally.read, "{:#?}", tally.refused);
}

fn pem_bytes(pem: &serde_json::Value) -> Vec<u8> {
    let text = pem.as_str().unwrap_or_default();
    der::pem::decode_vec(text.as_bytes())
        .map(|(_, bytes)| bytes)
        .unwrap_or_default()
}
