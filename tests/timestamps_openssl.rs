//! Time stamps of ours, judged by `openssl ts -verify`; requests of OpenSSL's, answered here.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use yinxin::ca::timestamp::{StampSerial, TimeStampAuthority};
use yinxin::cms::timestamp::{Accuracy, TimeStampResponse};
use yinxin::crypto::key::SoftwareKey;
use yinxin::x509::Certificate;

use crate::support::TempFolder;

/// `extKeyUsage` and `id-kp-timeStamping`, which must be critical (RFC 3161 section 2.3).
const EXT_KEY_USAGE: [u64; 4] = [2, 5, 29, 37];
const TIME_STAMPING: [u8; 12] = [0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 8];

fn openssl(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("openssl runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// An authority whose certificate another program issued; its root lies in `root.pem`.
fn authority(folder: &Path) -> TimeStampAuthority {
    let mut root = CertificateParams::default();
    root.distinguished_name.push(DnType::CommonName, "root");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let root_key = KeyPair::generate().unwrap();
    std::fs::write(folder.join("root.pem"), root.self_signed(&root_key).unwrap().pem()).unwrap();

    let key = KeyPair::generate().unwrap();
    let mut tsa = CertificateParams::default();
    tsa.distinguished_name.push(DnType::CommonName, "tsa");
    tsa.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let mut purpose = CustomExtension::from_oid_content(&EXT_KEY_USAGE, TIME_STAMPING.to_vec());
    purpose.set_criticality(true);
    tsa.custom_extensions.push(purpose);
    let certificate = tsa.signed_by(&key, &Issuer::new(root, root_key)).unwrap();
    let certificate = Certificate::from_der(certificate.der()).unwrap();
    let key = SoftwareKey::from_pkcs8(&key.serialize_der()).unwrap();
    TimeStampAuthority::new(Arc::new(key), certificate, &[], Accuracy { micros: 250_000 }).unwrap()
}

#[test]
fn openssl_accepts_our_answer_to_its_request_and_rejects_it_for_other_data() {
    let folder = TempFolder::new("openssl-ts");
    let authority = authority(folder.path());
    let now: DateTime<Utc> = "2026-05-28T08:30:15.123456Z".parse().unwrap();
    std::fs::write(folder.path().join("data"), b"the data").unwrap();
    std::fs::write(folder.path().join("other"), b"other data").unwrap();
    for (digest, options) in [
        ("-sha256", &["-cert"][..]),
        ("-sha512", &["-cert", "-no_nonce"]),
        ("-sm3", &["-cert"]),
    ] {
        let query = [
            &["ts", "-query", "-data", "data", digest, "-out", "request.tsq"],
            options,
        ]
        .concat();
        assert!(openssl(folder.path(), &query).0);
        let answer = authority.respond(&folder.read("request.tsq"), Some(now), StampSerial::random().unwrap());
        assert!(matches!(answer, TimeStampResponse::Granted(_)), "{answer:?}");
        std::fs::write(folder.path().join("answer.tsr"), answer.to_der()).unwrap();

        let (_, text) = openssl(folder.path(), &["ts", "-reply", "-in", "answer.tsr", "-text"]);
        assert!(
            text.contains("May 28 08:30:15.123456 2026 GMT") && text.contains("0xFA millis"),
            "{text}"
        );
        let verify = [
            "ts",
            "-verify",
            "-in",
            "answer.tsr",
            "-CAfile",
            "root.pem",
            "-attime",
            "1779957015",
        ];
        let (accepted, text) = openssl(folder.path(), &[&verify[..], &["-queryfile", "request.tsq"]].concat());
        assert!(accepted, "{digest}: {text}");
        assert!(openssl(folder.path(), &[&verify[..], &["-data", "data"]].concat()).0);
        assert!(!openssl(folder.path(), &[&verify[..], &["-data", "other"]].concat()).0);
    }
}

#[test]
fn openssl_reads_why_we_refuse() {
    let folder = TempFolder::new("openssl-ts-refused");
    let authority = authority(folder.path());
    std::fs::write(folder.path().join("data"), b"the data").unwrap();
    assert!(
        openssl(
            folder.path(),
            &["ts", "-query", "-data", "data", "-sha1", "-out", "request.tsq"]
        )
        .0
    );
    let answer = authority.respond(&folder.read("request.tsq"), None, StampSerial::random().unwrap());
    std::fs::write(folder.path().join("answer.tsr"), answer.to_der()).unwrap();
    let (_, text) = openssl(folder.path(), &["ts", "-reply", "-in", "answer.tsr", "-text"]);
    assert!(text.contains("Rejected") && text.contains("time source"), "{text}");
}
