//! Requests of ours read by OpenSSL, requests of OpenSSL's and certificates of another issuer read and judged here.

use yinxin::ca::{self, Subject, SubjectKey};
use yinxin::clock::{Clock, SystemClock};
use yinxin::crypto::key::{SoftwareKey, Suite};
use yinxin::trust::{Anchor, Purpose, Query, Revocation, Service, Snapshot, validate};
use yinxin::x509::{Certificate, CertificationRequest};

use crate::support::TempFolder;
use crate::support::judges::run;

/// The ID without which OpenSSL takes an empty one (GB/T 35276 clause 10).
const SM2_ID: &str = "distid:1234567812345678";

#[test]
fn openssl_reads_a_request_of_each_suite_and_we_read_openssls() {
    let folder = TempFolder::new("openssl-request");
    for (suite, options) in [(Suite::International, &[][..]), (Suite::National, &["-vfyopt", SM2_ID])] {
        let key = SoftwareKey::generate(suite).unwrap();
        let request = ca::request(&Subject::service("示例市", "申请人").unwrap(), &key).unwrap();
        std::fs::write(folder.path().join("request"), request.der()).unwrap();
        let verify = ["req", "-inform", "DER", "-in", "request", "-verify", "-noout"];
        let verdict = run(folder.path(), "openssl", &[&verify, options].concat());
        assert!(verdict.accepted, "{}", verdict.said);
    }
    let curves = [("prime256v1", &["-sha256"][..]), ("SM2", &["-sm3", "-sigopt", SM2_ID])];
    for (curve, options) in curves {
        let generate = ["ecparam", "-name", curve, "-genkey", "-noout", "-out", "key.pem"];
        assert!(run(folder.path(), "openssl", &generate).accepted);
        let make = [
            "req",
            "-new",
            "-key",
            "key.pem",
            "-subj",
            "/C=CN/O=Test/CN=leaf",
            "-outform",
            "DER",
            "-out",
            "own",
        ];
        let made = run(folder.path(), "openssl", &[&make, options].concat());
        assert!(made.accepted, "{}", made.said);
        let request = CertificationRequest::from_der(&folder.read("own")).unwrap();
        assert_eq!(request.subject().to_string(), "CN=leaf,O=Test,C=CN");
        assert!(SubjectKey::from_request(&request).is_ok(), "{curve}");
    }
}

#[test]
fn a_chain_by_another_issuer_is_judged_here() {
    let now = SystemClock.now();
    let mut root = rcgen::CertificateParams::default();
    root.distinguished_name.push(rcgen::DnType::CommonName, "外地根 CA");
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    root.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    let root_key = rcgen::KeyPair::generate().unwrap();
    let root_certificate = Certificate::from_der(root.self_signed(&root_key).unwrap().der()).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let mut leaf = rcgen::CertificateParams::default();
    leaf.distinguished_name.push(rcgen::DnType::CommonName, "外地机构");
    leaf.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    leaf.use_authority_key_identifier_extension = true;
    let issuer = rcgen::Issuer::new(root, root_key);
    let leaf = Certificate::from_der(leaf.signed_by(&key, &issuer).unwrap().der()).unwrap();

    let anchor = Anchor::new("外地", root_certificate, &[Service::EnterpriseSigning]);
    let snapshot = Snapshot::new(vec![anchor], Vec::new(), Vec::new());
    let asked = |purpose| validate(&Query::new(&leaf, purpose, now).revocation(Revocation::Off), &snapshot);
    let passed = asked(Purpose::EnterpriseSigning);
    assert!(passed.is_passed(), "{:?}", passed.reasons);
    assert!(
        !asked(Purpose::GovernmentSealing).is_passed(),
        "not recognised for seals"
    );
}
