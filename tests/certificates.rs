//! Certificates and revocation lists of both suites, judged by OpenSSL and Bouncy Castle.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use yinxin::ca::{self, Issuer, Order, Profile, ProfileKind, Publication, Subject, SubjectKey};
use yinxin::crypto::key::{Signer, SoftwareKey, Suite};
use yinxin::x509::{Certificate, Crl, RevocationReason, RevokedEntry};

use crate::support::TempFolder;
use crate::support::judges::{Verdict, bouncy_castle, run};

/// The ID without which OpenSSL takes an empty one (GB/T 35276 clause 10).
const SM2_ID: &str = "distid:1234567812345678";

struct Authority {
    certificate: Certificate,
    key: SoftwareKey,
}

impl Authority {
    fn crl(&self, entries: &[RevokedEntry]) -> Crl {
        let this_update = now() - TimeDelta::hours(1);
        let lifetime = TimeDelta::days(7) + TimeDelta::hours(1);
        let order = ca::CrlOrder::complete(1, this_update, lifetime, entries);
        ca::crl::build(&self.certificate, &self.key, &order).unwrap()
    }
}

/// The day on which the judges look.
fn now() -> DateTime<Utc> {
    "2026-11-01T04:00:00Z".parse().unwrap()
}

fn issue(kind: ProfileKind, subject: &Subject, by: Option<&Authority>, suite: Suite) -> Authority {
    let key = SoftwareKey::generate(suite).unwrap();
    let publication = Publication::under("http://pki.example.org/", "seal");
    let issuer = match by {
        Some(authority) => Issuer::Authority {
            certificate: &authority.certificate,
            algorithm: authority.key.algorithm(),
            publication: &publication,
        },
        None => Issuer::Itself {
            algorithm: key.algorithm(),
        },
    };
    let order = Order {
        profile: &Profile::standard(kind).unwrap(),
        subject,
        key: &SubjectKey::of(&key),
        issuer,
        not_before: now() - TimeDelta::days(30),
        serial: ca::new_serial().unwrap(),
    };
    let signer = by.map_or(&key, |authority| &authority.key);
    let certificate = ca::prepare(&order).unwrap().issue(signer).unwrap().into_certificate();
    Authority { certificate, key }
}

fn pem(label: &str, der: &[u8]) -> String {
    let lines: Vec<String> = BASE64_STANDARD
        .encode(der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Root, issuing authority and an organisation's signer with their lists, as files of PEM: `root.cer`, `issuing.crl`
/// and so on; in `revoked.crl` the signer is revoked.
fn chain(suite: Suite) -> TempFolder {
    let root = issue(
        ProfileKind::Root,
        &Subject::service("青岚市", "根 CA").unwrap(),
        None,
        suite,
    );
    let issuing = issue(
        ProfileKind::Issuing,
        &Subject::service("青岚市", "签章 CA").unwrap(),
        Some(&root),
        suite,
    );
    let bureau = Subject::organisation("青岚市市场监督管理局", "11159900MB0000211R").unwrap();
    let signer = issue(ProfileKind::OrganisationSigner, &bureau, Some(&issuing), suite);
    let revoked_at = now() - TimeDelta::days(2);
    let entry = ca::revoke(&signer.certificate, RevocationReason::KeyCompromise, revoked_at, None).unwrap();

    let folder = TempFolder::new("chain");
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    for (name, authority) in [("root.cer", &root), ("issuing.cer", &issuing), ("signer.cer", &signer)] {
        write(name, pem("CERTIFICATE", authority.certificate.der()));
    }
    for (name, list) in [
        ("root.crl", root.crl(&[])),
        ("issuing.crl", issuing.crl(&[])),
        ("revoked.crl", issuing.crl(&[entry])),
    ] {
        write(name, pem("X509 CRL", list.der()));
    }
    folder
}

fn openssl_verify(folder: &TempFolder, more: &[&str]) -> Verdict {
    let time = now().timestamp().to_string();
    let chain = [
        "verify",
        "-x509_strict",
        "-attime",
        &time,
        "-CAfile",
        "root.cer",
        "-untrusted",
        "issuing.cer",
    ];
    run(folder.path(), "openssl", &[&chain, more, &["signer.cer"]].concat())
}

fn bouncy_castle_path(folder: &TempFolder, crl: &str) -> Verdict {
    let time = now().format("%FT%TZ").to_string();
    let authorities = [
        "--time",
        &time,
        "--anchor",
        "root.cer",
        "--cert",
        "issuing.cer",
        "--crl",
        "root.crl",
    ];
    bouncy_castle(
        folder.path(),
        &[&authorities, &["--crl", crl, "signer.cer"][..]].concat(),
    )
}

#[test]
fn openssl_verifies_the_certificates_of_both_suites() {
    let verdict = openssl_verify(&chain(Suite::International), &[]);
    assert!(verdict.accepted, "{}", verdict.said);
    // OpenSSL 3.0 hands the ID to the last certificate alone, so SM2 goes link by link.
    let folder = chain(Suite::National);
    let time = now().timestamp().to_string();
    for (issuer, certificate) in [("root.cer", "issuing.cer"), ("issuing.cer", "signer.cer")] {
        let options = [
            "verify",
            "-x509_strict",
            "-attime",
            &time,
            "-vfyopt",
            SM2_ID,
            "-partial_chain",
        ];
        let link = run(
            folder.path(),
            "openssl",
            &[&options[..], &["-trusted", issuer, certificate]].concat(),
        );
        assert!(link.accepted, "{}", link.said);
    }
}

#[test]
fn openssl_reads_the_p256_lists_and_finds_the_revoked_certificate() {
    let folder = chain(Suite::International);
    let with_list = |crl| openssl_verify(&folder, &["-crl_check_all", "-CRLfile", "root.crl", "-CRLfile", crl]);
    let good = with_list("issuing.crl");
    assert!(good.accepted, "{}", good.said);
    let revoked = with_list("revoked.crl");
    assert!(
        !revoked.accepted && revoked.said.contains("certificate revoked"),
        "{}",
        revoked.said
    );
}

#[test]
fn bouncy_castle_builds_the_path_and_reads_the_lists_of_both_suites() {
    for suite in Suite::ALL {
        let folder = chain(suite);
        let good = bouncy_castle_path(&folder, "issuing.crl");
        assert!(good.accepted, "{suite:?}: {}", good.said);
        let revoked = bouncy_castle_path(&folder, "revoked.crl");
        assert!(
            !revoked.accepted && revoked.said.contains("revo"),
            "{suite:?}: {}",
            revoked.said
        );
    }
}

#[test]
fn bouncy_castle_refuses_a_list_that_another_authority_signed() {
    let folder = chain(Suite::National);
    let verdict = bouncy_castle(folder.path(), &["--crl-issuer", "root.cer", "--crl", "issuing.crl"]);
    assert!(
        !verdict.accepted && verdict.said.contains("does not verify"),
        "{}",
        verdict.said
    );
}
