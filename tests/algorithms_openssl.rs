//! Certificates, revocation lists, signed messages and time stamps of ours, by each algorithm, judged by OpenSSL.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use yinxin::ca::crl::{self, CrlOrder};
use yinxin::ca::timestamp::{StampSerial, TimeStampAuthority};
use yinxin::ca::{Issuer, Order, Profile, ProfileKind, Publication, Subject, SubjectKey, new_serial, prepare, revoke};
use yinxin::clock::{Clock, SystemClock};
use yinxin::cms::build::{Content, SigningIdentity};
use yinxin::cms::timestamp::{Accuracy, TimeStampResponse};
use yinxin::cms::{Form, SignedData};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::{Signer, SoftwareKey};
use yinxin::keystore::KeystoreError;
use yinxin::x509::{Certificate, RevocationReason};

use crate::support::TempFolder;
use crate::support::judges::run;
use crate::support::keys::{foreign, openssl_key};

/// What `openssl genpkey` makes for each algorithm, and what the key is then called here.
const ALGORITHMS: [(&str, &[&str], &str); 6] = [
    ("EC", &["ec_paramgen_curve:P-256"], "P-256"),
    ("EC", &["ec_paramgen_curve:P-384"], "P-384"),
    ("RSA", &["rsa_keygen_bits:2048"], "RSA-2048"),
    ("RSA", &["rsa_keygen_bits:3072"], "RSA-3072"),
    ("RSA", &["rsa_keygen_bits:4096"], "RSA-4096"),
    ("ED25519", &[], "Ed25519"),
];

/// A key with its certificate.
struct Party {
    key: Arc<SoftwareKey>,
    certificate: Certificate,
}

/// Issues by a profile to a key; by itself where there is no issuer.
fn issue(kind: ProfileKind, key: Arc<SoftwareKey>, by: Option<&Party>, now: DateTime<Utc>) -> Party {
    let publication = Publication::under("http://pki.example.org/", "ca");
    let subject = match kind {
        ProfileKind::OrganisationSigner => Subject::organisation("示例市市场监督管理局", "11159900MB0000211R"),
        _ => Subject::service("示例市", kind.name()),
    };
    let prepared = prepare(&Order {
        profile: &Profile::standard(kind).unwrap(),
        subject: &subject.unwrap(),
        key: &SubjectKey::of(&*key),
        issuer: match by {
            None => Issuer::Itself {
                algorithm: key.algorithm(),
            },
            Some(by) => Issuer::Authority {
                certificate: &by.certificate,
                algorithm: by.key.algorithm(),
                publication: &publication,
            },
        },
        not_before: now,
        serial: new_serial().unwrap(),
    });
    let signer = by.map_or(&key, |by| &by.key);
    let certificate = prepared.unwrap().issue(&**signer).unwrap().into_certificate();
    Party { key, certificate }
}

/// Converts DER that lies in a file to PEM in another.
fn to_pem(folder: &Path, kind: &str, name: &str, der: &[u8]) {
    std::fs::write(folder.join("der"), der).unwrap();
    let converted = run(folder, "openssl", &[kind, "-inform", "DER", "-in", "der", "-out", name]);
    assert!(converted.accepted, "{}", converted.said);
}

fn judged(folder: &Path, arguments: &[&str]) -> bool {
    run(folder, "openssl", arguments).accepted
}

/// Root, authority, signer and time stamping, each with a key of one algorithm that OpenSSL made.
struct City {
    folder: TempFolder,
    authority: Party,
    signer: Party,
    tsa: Party,
    now: DateTime<Utc>,
}

impl City {
    fn found(algorithm: &str, options: &[&str], called: &str) -> Self {
        let folder = TempFolder::new("openssl-algorithms");
        let now = SystemClock.now() - TimeDelta::minutes(1);
        let key = |name: &str| {
            let key = foreign(&openssl_key(folder.path(), name, algorithm, options), None)
                .read()
                .unwrap();
            assert_eq!(key.kind().to_string(), called);
            Arc::new(key)
        };
        let root = issue(ProfileKind::Root, key("root.key"), None, now);
        let authority = issue(ProfileKind::Issuing, key("authority.key"), Some(&root), now);
        let signer = issue(
            ProfileKind::OrganisationSigner,
            key("signer.key"),
            Some(&authority),
            now,
        );
        let tsa = issue(ProfileKind::Tsa, key("tsa.key"), Some(&authority), now);
        for (name, party) in [
            ("root.pem", &root),
            ("authority.pem", &authority),
            ("signer.pem", &signer),
        ] {
            to_pem(folder.path(), "x509", name, party.certificate.der());
        }
        Self {
            folder,
            authority,
            signer,
            tsa,
            now,
        }
    }

    /// Publishes a list of the authority that names the given certificates.
    fn publish(&self, revoked: &[&Certificate], number: u64) {
        let entry = |certificate: &&Certificate| {
            let reason = RevocationReason::KeyCompromise;
            revoke(certificate, reason, self.now, None).unwrap()
        };
        let entries: Vec<_> = revoked.iter().map(entry).collect();
        let order = CrlOrder::complete(number, self.now, TimeDelta::days(7), &entries);
        let list = crl::build(&self.authority.certificate, &*self.authority.key, &order).unwrap();
        to_pem(self.folder.path(), "crl", "list.pem", list.der());
    }

    fn judge_certificates(&self) {
        let verify = [
            "verify",
            "-x509_strict",
            "-crl_check",
            "-CRLfile",
            "list.pem",
            "-CAfile",
            "root.pem",
        ];
        let verify = [&verify[..], &["-untrusted", "authority.pem", "signer.pem"]].concat();
        self.publish(&[&self.tsa.certificate], 1);
        let verdict = run(self.folder.path(), "openssl", &verify);
        assert!(verdict.accepted, "{}", verdict.said);
        self.publish(&[&self.signer.certificate], 2);
        let verdict = run(self.folder.path(), "openssl", &verify);
        assert!(
            !verdict.accepted && verdict.said.contains("certificate revoked"),
            "{}",
            verdict.said
        );
    }

    fn judge_message(&self) {
        let (folder, chain) = (self.folder.path(), [self.authority.certificate.clone()]);
        let key: Arc<dyn Signer> = self.signer.key.clone();
        let identity = SigningIdentity::new(key, self.signer.certificate.clone(), &chain).unwrap();
        let message = identity.sign(
            Form::Pkcs7,
            Content::Detached(&identity.digest().digest(b"the data")),
            &[],
        );
        std::fs::write(folder.join("message"), message.unwrap().finish(&[])).unwrap();
        std::fs::write(folder.join("data"), b"the data").unwrap();
        std::fs::write(folder.join("other"), b"other data").unwrap();
        let verify = [
            "cms", "-verify", "-binary", "-inform", "DER", "-in", "message", "-CAfile", "root.pem",
        ];
        let verify = [&verify[..], &["-purpose", "any", "-out", "out", "-content"]].concat();
        let verdict = run(folder, "openssl", &[&verify[..], &["data"]].concat());
        assert!(verdict.accepted, "{}", verdict.said);
        assert!(!judged(folder, &[&verify[..], &["other"]].concat()));
    }

    /// OpenSSL 3.0 knows no Ed25519 in signed messages (RFC 8419): it judges the signature over the signed attributes.
    fn judge_signature_value(&self) {
        let folder = self.folder.path();
        let key: Arc<dyn Signer> = self.signer.key.clone();
        let identity = SigningIdentity::new(key, self.signer.certificate.clone(), &[]).unwrap();
        assert_eq!(identity.digest(), DigestAlgorithm::Sha512);
        let message = identity.sign(
            Form::Pkcs7,
            Content::Detached(&identity.digest().digest(b"the data")),
            &[],
        );
        let message = SignedData::parse(&message.unwrap().finish(&[])).unwrap();
        let signer = message.only_signer().unwrap();
        let signed = &signer.signed_attributes.as_ref().unwrap().signed;
        std::fs::write(folder.join("signature"), &signer.signature).unwrap();
        let verify = [
            "pkeyutl",
            "-verify",
            "-rawin",
            "-certin",
            "-inkey",
            "signer.pem",
            "-sigfile",
            "signature",
        ];
        for (bytes, accepted) in [(signed.as_slice(), true), (b"others", false)] {
            std::fs::write(folder.join("signed"), bytes).unwrap();
            let verdict = run(folder, "openssl", &[&verify[..], &["-in", "signed"]].concat());
            assert_eq!(verdict.accepted, accepted, "{}", verdict.said);
        }
    }

    fn judge_time_stamp(&self) {
        let (folder, chain) = (self.folder.path(), [self.authority.certificate.clone()]);
        let accuracy = Accuracy { micros: 500_000 };
        let key: Arc<dyn Signer> = self.tsa.key.clone();
        let authority = TimeStampAuthority::new(key, self.tsa.certificate.clone(), &chain, accuracy).unwrap();
        let query = ["ts", "-query", "-data", "data", "-sha384", "-cert", "-out", "request"];
        assert!(judged(folder, &query));
        let answer = authority.respond(
            &self.folder.read("request"),
            Some(self.now),
            StampSerial::random().unwrap(),
        );
        assert!(matches!(answer, TimeStampResponse::Granted(_)), "{answer:?}");
        std::fs::write(folder.join("answer"), answer.to_der()).unwrap();
        let verify = ["ts", "-verify", "-in", "answer", "-CAfile", "root.pem", "-data"];
        let verdict = run(folder, "openssl", &[&verify[..], &["data"]].concat());
        assert!(verdict.accepted, "{}", verdict.said);
        assert!(!judged(folder, &[&verify[..], &["other"]].concat()));
    }
}

#[test]
fn openssl_accepts_what_is_signed_by_each_algorithm_and_rejects_what_is_not() {
    for (algorithm, options, called) in ALGORITHMS {
        let city = City::found(algorithm, options, called);
        city.judge_certificates();
        if algorithm == "ED25519" {
            city.judge_signature_value();
        } else {
            city.judge_message();
            city.judge_time_stamp();
        }
    }
}

#[test]
fn a_foreign_key_that_is_of_no_use_says_why() {
    let folder = TempFolder::new("foreign-keys");
    let said = |path: &Path, passphrase| match foreign(path, passphrase).read() {
        Err(KeystoreError::Foreign { source, .. }) => source.to_string(),
        other => panic!("{other:?}"),
    };
    let key = |name: &str, algorithm, options: &[&str]| openssl_key(folder.path(), name, algorithm, options);
    let short = key("short", "RSA", &["rsa_keygen_bits:1024"]);
    assert_eq!(said(&short, None), "the RSA modulus has 1024 bits, not 2048 to 4096");
    let curve = key("curve", "EC", &["ec_paramgen_curve:secp521r1"]);
    assert_eq!(
        said(&curve, None),
        "private key algorithm 1.3.132.0.35 is not supported"
    );
    let other = key("other", "X25519", &[]);
    assert_eq!(said(&other, None), "private key algorithm 1.3.101.110 is not supported");

    let good = key("good", "EC", &["ec_paramgen_curve:P-384"]);
    let convert = |name: &str, arguments: &[&str]| {
        let path = folder.path().join(name);
        let convert = [&["pkcs8", "-topk8", "-in", "good", "-out", name], arguments].concat();
        let converted = run(folder.path(), "openssl", &convert);
        assert!(converted.accepted, "{}", converted.said);
        path
    };
    let sealed = convert("sealed", &["-v2", "aes-256-cbc", "-passout", "pass:secret"]);
    assert!(foreign(&sealed, Some("secret")).read().is_ok());
    assert_eq!(said(&sealed, Some("wrong")), "the passphrase does not open it");
    assert_eq!(
        said(&sealed, None),
        "it is encrypted, and no passphrase was given for it"
    );
    let old = convert("old", &["-v1", "PBE-SHA1-3DES", "-passout", "pass:secret"]);
    assert_eq!(
        said(&old, Some("secret")),
        "its encryption 1.2.840.113549.1.12.1.3 is not supported"
    );
    let der = convert("der", &["-nocrypt", "-outform", "DER"]);
    assert!(foreign(&der, None).read().is_ok());
    assert!(judged(folder.path(), &["ec", "-in", "good", "-out", "named"]));
    assert_eq!(
        said(&folder.path().join("named"), None),
        "it holds \"EC PRIVATE KEY\", where \"PRIVATE KEY\" or \"ENCRYPTED PRIVATE KEY\" (PKCS#8) was expected"
    );
    let text = folder.path().join("text");
    std::fs::write(&text, "no key").unwrap();
    std::fs::set_permissions(&text, std::fs::metadata(&good).unwrap().permissions()).unwrap();
    assert_eq!(said(&text, None), "it is neither PEM nor DER of PKCS#8");
}
