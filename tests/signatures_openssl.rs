//! Signatures of every algorithm, made by OpenSSL and verified here; and ours, verified by OpenSSL.

use std::path::Path;
use std::process::Command;

use yinxin::crypto::key::{Signer, SoftwareKey, Suite};
use yinxin::crypto::{PublicKey, SignatureAlgorithm, VerificationError};

use crate::support::TempFolder;

const SM2_ID: &str = "distid:1234567812345678";

fn openssl(folder: &Path, arguments: &[&str]) -> bool {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("openssl runs");
    if !output.status.success() {
        eprintln!("openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.success()
}

/// How OpenSSL makes the key, and how it signs a file with it.
const CASES: &[(SignatureAlgorithm, &[&str], &[&str])] = &[
    (
        SignatureAlgorithm::EcdsaSha256,
        &["EC", "ec_paramgen_curve:P-256"],
        &["-rawin", "-digest", "sha256"],
    ),
    (
        SignatureAlgorithm::EcdsaSha384,
        &["EC", "ec_paramgen_curve:P-384"],
        &["-rawin", "-digest", "sha384"],
    ),
    (
        SignatureAlgorithm::RsaPkcs1Sha256,
        &["RSA", "rsa_keygen_bits:2048"],
        &["-rawin", "-digest", "sha256"],
    ),
    (
        SignatureAlgorithm::RsaPkcs1Sha512,
        &["RSA", "rsa_keygen_bits:3072"],
        &["-rawin", "-digest", "sha512"],
    ),
    (
        SignatureAlgorithm::RsaPssSha256,
        &["RSA", "rsa_keygen_bits:2048"],
        &[
            "-rawin",
            "-digest",
            "sha256",
            "-pkeyopt",
            "rsa_padding_mode:pss",
            "-pkeyopt",
            "rsa_pss_saltlen:32",
        ],
    ),
    (SignatureAlgorithm::Ed25519, &["ED25519"], &["-rawin"]),
    (
        SignatureAlgorithm::Sm2Sm3,
        &["SM2"],
        &["-rawin", "-digest", "sm3", "-pkeyopt", SM2_ID],
    ),
];

#[test]
fn what_openssl_signs_verifies_here_with_every_algorithm() {
    let folder = TempFolder::new("openssl-signs");
    std::fs::write(folder.path().join("message"), b"the message").expect("written");
    for (algorithm, key, sign) in CASES {
        let mut make = vec!["genpkey", "-algorithm", key[0], "-out", "key.pem"];
        key[1..].iter().for_each(|option| make.extend(["-pkeyopt", option]));
        assert!(openssl(folder.path(), &make));
        assert!(openssl(
            folder.path(),
            &[
                "pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "key.der"
            ]
        ));
        let mut command = vec![
            "pkeyutl",
            "-sign",
            "-inkey",
            "key.pem",
            "-in",
            "message",
            "-out",
            "signature",
        ];
        command.extend(*sign);
        assert!(openssl(folder.path(), &command), "{}", algorithm.name());

        let public_key = PublicKey::from_spki(&folder.read("key.der")).expect("a key");
        let signature = folder.read("signature");
        assert_eq!(
            public_key.verify(*algorithm, b"the message", &signature),
            Ok(()),
            "{}",
            algorithm.name()
        );
        assert_eq!(
            public_key.verify(*algorithm, b"The message", &signature),
            Err(VerificationError::Mismatch),
            "{}",
            algorithm.name()
        );
    }
}

#[test]
fn what_is_signed_here_verifies_in_openssl() {
    let folder = TempFolder::new("openssl-verifies");
    std::fs::write(folder.path().join("message"), b"the message").expect("written");
    for (suite, options) in [
        (Suite::International, &["-digest", "sha256"][..]),
        (Suite::National, &["-digest", "sm3", "-pkeyopt", SM2_ID][..]),
    ] {
        let key = SoftwareKey::generate(suite).expect("a key");
        std::fs::write(folder.path().join("key.der"), key.public_key().spki()).expect("written");
        std::fs::write(
            folder.path().join("signature"),
            key.sign(b"the message").expect("signed"),
        )
        .expect("written");
        let mut command = vec![
            "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin",
        ];
        command.extend(["-in", "message", "-sigfile", "signature"]);
        command.extend(options);
        assert!(openssl(folder.path(), &command), "{}", suite.name());
        std::fs::write(folder.path().join("message"), b"the message!").expect("written");
        assert!(!openssl(folder.path(), &command), "{}", suite.name());
        std::fs::write(folder.path().join("message"), b"the message").expect("written");
    }
}
