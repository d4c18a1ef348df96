//! What others sign with and we never do, made by OpenSSL: every curve with every digest, RSA of any length with any
//! digest and any salt.

use std::path::Path;

use yinxin::crypto::{DigestAlgorithm, PssParameters, PublicKey, SignatureAlgorithm, VerificationError};

use crate::support::TempFolder;
use crate::support::judges::run;

const MESSAGE: &[u8] = b"what is signed";

/// How OpenSSL names the digests.
const DIGESTS: [(&str, DigestAlgorithm); 7] = [
    ("-sha1", DigestAlgorithm::Sha1),
    ("-sha256", DigestAlgorithm::Sha256),
    ("-sha384", DigestAlgorithm::Sha384),
    ("-sha512", DigestAlgorithm::Sha512),
    ("-sha3-256", DigestAlgorithm::Sha3_256),
    ("-sha3-384", DigestAlgorithm::Sha3_384),
    ("-sha3-512", DigestAlgorithm::Sha3_512),
];

fn openssl(folder: &Path, arguments: &[&str]) {
    let ran = run(folder, "openssl", arguments);
    assert!(ran.accepted, "{arguments:?}: {}", ran.said);
}

/// A new key in the folder, read as a public key of ours.
fn key(folder: &TempFolder, algorithm: &str, option: &str) -> PublicKey {
    let path = folder.path();
    openssl(
        path,
        &["genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", "key"],
    );
    openssl(
        path,
        &["pkey", "-in", "key", "-pubout", "-outform", "DER", "-out", "spki"],
    );
    PublicKey::from_spki(&folder.read("spki")).unwrap()
}

fn signed(folder: &TempFolder, digest: &str, options: &[&str]) -> Vec<u8> {
    std::fs::write(folder.path().join("message"), MESSAGE).unwrap();
    let sign = ["dgst", digest, "-sign", "key", "-out", "signature"];
    let options = options.iter().flat_map(|option| ["-sigopt", option]);
    let arguments: Vec<&str> = sign.into_iter().chain(options).chain(["message"]).collect();
    openssl(folder.path(), &arguments);
    folder.read("signature")
}

/// That the key made the signature over the message and over nothing else, whole or in pieces.
fn judge(key: &PublicKey, algorithm: SignatureAlgorithm, signature: &[u8]) {
    let name = format!("{} by {algorithm:?}", key.kind());
    assert_eq!(key.verify(algorithm, MESSAGE, signature), Ok(()), "{name}");
    let mismatch = Err(VerificationError::Mismatch);
    assert_eq!(key.verify(algorithm, b"another", signature), mismatch, "{name}");
    for at in [0, signature.len() / 2, signature.len() - 1] {
        let mut damaged = signature.to_vec();
        damaged[at] ^= 1;
        assert_eq!(key.verify(algorithm, MESSAGE, &damaged), mismatch, "{name} at {at}");
    }
    assert_eq!(key.verify(algorithm, MESSAGE, &signature[1..]), mismatch, "{name}");
    let mut hasher = key.hasher(algorithm).unwrap();
    let (first, second) = MESSAGE.split_at(5);
    hasher.update(first);
    hasher.update(second);
    let digest = hasher.finish();
    assert_eq!(key.verify_digest(algorithm, &digest, signature), Ok(()), "{name}");
}

#[test]
fn each_curve_is_verified_with_each_digest() {
    let folder = TempFolder::new("foreign-curves");
    for curve in ["P-256", "P-384", "P-521", "brainpoolP256r1", "brainpoolP384r1"] {
        let key = key(&folder, "EC", &format!("ec_paramgen_curve:{curve}"));
        assert_eq!(key.kind().to_string(), curve);
        let by_digest = [
            SignatureAlgorithm::EcdsaSha1,
            SignatureAlgorithm::EcdsaSha256,
            SignatureAlgorithm::EcdsaSha384,
            SignatureAlgorithm::EcdsaSha512,
            SignatureAlgorithm::EcdsaSha3_256,
            SignatureAlgorithm::EcdsaSha3_384,
            SignatureAlgorithm::EcdsaSha3_512,
        ];
        for ((option, digest), algorithm) in DIGESTS.into_iter().zip(by_digest) {
            assert_eq!(algorithm.digest(), Some(digest));
            judge(&key, algorithm, &signed(&folder, option, &[]));
        }
        let rsa = SignatureAlgorithm::RsaPkcs1Sha3_256;
        assert_eq!(key.verify(rsa, MESSAGE, b""), Err(VerificationError::Unsupported(rsa)));
        assert!(signature_fits(key.kind().max_signature_len(), &folder));
    }
}

/// Whether the last signature has the foretold length or a few octets less.
fn signature_fits(foretold: usize, folder: &TempFolder) -> bool {
    let length = folder.read("signature").len();
    length <= foretold && length + 6 > foretold
}

#[test]
fn rsa_of_each_length_is_verified_with_each_digest() {
    let folder = TempFolder::new("foreign-rsa");
    for bits in ["1024", "2048", "2049", "3072"] {
        let key = key(&folder, "RSA", &format!("rsa_keygen_bits:{bits}"));
        let by_digest = [
            SignatureAlgorithm::RsaPkcs1Sha1,
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureAlgorithm::RsaPkcs1Sha384,
            SignatureAlgorithm::RsaPkcs1Sha512,
            SignatureAlgorithm::RsaPkcs1Sha3_256,
            SignatureAlgorithm::RsaPkcs1Sha3_384,
            SignatureAlgorithm::RsaPkcs1Sha3_512,
        ];
        for ((option, digest), algorithm) in DIGESTS.into_iter().zip(by_digest) {
            assert_eq!(algorithm.digest(), Some(digest));
            judge(&key, algorithm, &signed(&folder, option, &[]));
        }
        judge(&key, SignatureAlgorithm::RsaPkcs1Md5, &signed(&folder, "-md5", &[]));
        let ecdsa = SignatureAlgorithm::EcdsaSha3_256;
        assert_eq!(
            key.verify(ecdsa, MESSAGE, b""),
            Err(VerificationError::Unsupported(ecdsa))
        );
    }
}

#[test]
fn rsa_pss_is_verified_with_any_digest_mask_and_salt_and_with_no_other_than_stated() {
    let folder = TempFolder::new("foreign-pss");
    // With 2049 bits the encoded message is an octet shorter than the modulus.
    for bits in ["1024", "2048", "2049"] {
        let key = key(&folder, "RSA", &format!("rsa_keygen_bits:{bits}"));
        for (option, digest, mask, salt) in [
            ("-sha256", DigestAlgorithm::Sha256, DigestAlgorithm::Sha256, 32),
            ("-sha256", DigestAlgorithm::Sha256, DigestAlgorithm::Sha256, 0),
            ("-sha256", DigestAlgorithm::Sha256, DigestAlgorithm::Sha1, 20),
            ("-sha384", DigestAlgorithm::Sha384, DigestAlgorithm::Sha512, 17),
            ("-sha3-256", DigestAlgorithm::Sha3_256, DigestAlgorithm::Sha3_256, 32),
            ("-sha1", DigestAlgorithm::Sha1, DigestAlgorithm::Sha1, 20),
        ] {
            let (_, mask_option) = DIGESTS
                .map(|(option, digest)| (digest, option))
                .into_iter()
                .find(|(of, _)| *of == mask)
                .unwrap();
            let options = [
                "rsa_padding_mode:pss".to_owned(),
                format!("rsa_pss_saltlen:{salt}"),
                format!("rsa_mgf1_md:{}", &mask_option[1..]),
            ];
            let signature = signed(&folder, option, &options.each_ref().map(String::as_str));
            let stated = PssParameters { digest, mask, salt };
            judge(&key, SignatureAlgorithm::RsaPss(stated), &signature);
            let other = SignatureAlgorithm::RsaPss(PssParameters {
                salt: salt + 1,
                ..stated
            });
            let judged = key.verify(other, MESSAGE, &signature);
            assert_eq!(judged, Err(VerificationError::Mismatch), "{stated:?}");
        }
    }
}
