//! The subject’s key: its kind, its strength, and what a key of its kind may do.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Examined, Rule, Scope, Severity};
use crate::asn1::{oid, walk};
use crate::crypto::{KeyKind, SignatureAlgorithm};
use crate::x509::KeyUsage;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "key-strength",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.7; GB/T 20518",
        scope: Scope::Every,
        check: |examined| match examined.certificate.public_key() {
            Err(error) => Some(error.to_string()),
            Ok(key) => (!key.kind().is_trusted()).then(|| key.kind().to_string()),
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                // The last octet of the curve's identifier: P-256 becomes a curve that nobody knows.
                draft.public_key_info[22] ^= 0x40;
            },
        },
    },
    Rule {
        name: "key-without-known-weakness",
        severity: Severity::Error,
        clause: "NIST SP 800-89 section 5.3; CVE-2017-15361",
        scope: Scope::Every,
        check: |examined| {
            let key = examined
                .certificate
                .public_key()
                .ok()
                .filter(|key| key.kind().is_trusted())?;
            key.weakness().map(|weakness| weakness.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                // The generator of P-256, whose private key is 1 (FIPS 186-4 appendix D.1.2.3).
                let generator = b"\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\
                    \x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\
                    \x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\
                    \x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
                let at = draft.public_key_info.len() - generator.len();
                draft.public_key_info[at..].copy_from_slice(generator);
            },
        },
    },
    Rule {
        name: "key-usage-of-elliptic-keys",
        severity: Severity::Error,
        clause: "RFC 8813 section 3",
        scope: Scope::Every,
        check: |examined| {
            let enciphering = KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT;
            unusable(examined, KeyKind::is_elliptic, enciphering)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_AGREEMENT)
            },
            bad: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT)
            },
        },
    },
    Rule {
        name: "key-usage-of-edwards-keys",
        severity: Severity::Error,
        clause: "RFC 9295 section 3",
        scope: Scope::Every,
        check: |examined| {
            let other = KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT | KeyUsage::KEY_AGREEMENT;
            unusable(examined, |kind| kind == KeyKind::Ed25519, other)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::edwards,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_AGREEMENT)
            },
        },
    },
    Rule {
        name: "key-usage-of-rsa-keys",
        severity: Severity::Warning,
        clause: "RFC 3279 section 2.3.1",
        scope: Scope::Every,
        check: |examined| {
            let other = KeyUsage::KEY_AGREEMENT | KeyUsage::ENCIPHER_ONLY | KeyUsage::DECIPHER_ONLY;
            unusable(examined, |kind| matches!(kind, KeyKind::Rsa { .. }), other)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::rsa,
            good: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT)
            },
            bad: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_AGREEMENT)
            },
        },
    },
    Rule {
        name: "national-key-usage",
        severity: Severity::Error,
        clause: "GM/T 0015; GB/T 25056",
        scope: Scope::National,
        check: |examined| {
            let usage = examined.certificate.extensions().key_usage.as_ref()?.value;
            let signing =
                KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION | KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN;
            let enciphering = KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT | KeyUsage::KEY_AGREEMENT;
            (usage.intersects(signing) && usage.intersects(enciphering)).then(|| usage.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::national,
            good: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT)
            },
            bad: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT)
            },
        },
    },
    Rule {
        name: "national-key-algorithm",
        severity: Severity::Warning,
        clause: "GM/T 0015; RFC 5480 section 2.1.1",
        scope: Scope::National,
        check: |examined| {
            let info = examined.certificate.public_key_info();
            let root = walk::element(info, 0, info.len()).ok()?;
            let algorithm = walk::children(info, root).next()?;
            let named = walk::children(info, algorithm).next()?.value(info);
            (named != oid::ID_EC_PUBLIC_KEY.as_bytes()).then(String::new)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::national,
            good: sample::as_it_is,
            bad: |draft| draft.public_key_info = sample::sm2_key_named_by_its_curve(&draft.public_key_info),
        },
    },
    Rule {
        name: "national-signature",
        severity: Severity::Warning,
        clause: "GM/T 0015; GB/T 20518",
        scope: Scope::National,
        check: |examined| {
            let algorithm = SignatureAlgorithm::from_identifier(examined.certificate.signature_algorithm()).ok()?;
            (algorithm != SignatureAlgorithm::Sm2Sm3).then(|| algorithm.name().to_owned())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::national,
            good: sample::as_it_is,
            bad: |draft| draft.algorithm = SignatureAlgorithm::EcdsaSha256,
        },
    },
];

/// The usage of a key of such a kind, where it is one of those that such a key is no good for.
fn unusable(examined: &Examined<'_>, is_of_kind: fn(KeyKind) -> bool, usages: KeyUsage) -> Option<String> {
    let usage = examined.certificate.extensions().key_usage.as_ref()?.value;
    let key = examined.certificate.public_key().ok()?;
    (is_of_kind(key.kind()) && usage.intersects(usages)).then(|| usage.to_string())
}
