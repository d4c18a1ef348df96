//! Key usage: present, critical, and in keeping with authority and purpose.

use super::{Examined, Rule, Scope, Severity, broken};
use der::asn1::ObjectIdentifier;

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use crate::asn1::oid;
use crate::x509::KeyUsage;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "key-usage-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.3",
        scope: Scope::Authorities,
        check: |examined| broken(examined.certificate.extensions().key_usage.is_none()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = None,
        },
    },
    Rule {
        name: "key-usage-criticality",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.3",
        scope: Scope::Every,
        check: |examined| super::misflagged(&examined.certificate.extensions().key_usage, true),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage.as_mut().unwrap().critical = false,
        },
    },
    Rule {
        name: "key-usage-not-empty",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.3",
        scope: Scope::Every,
        check: |examined| broken(examined.certificate.extensions().key_usage.as_ref()?.value.is_empty()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::default()),
        },
    },
    Rule {
        name: "key-cert-sign-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.9",
        scope: Scope::Authorities,
        check: |examined| {
            let usage = examined.certificate.extensions().key_usage.as_ref()?.value;
            broken(!usage.contains(KeyUsage::KEY_CERT_SIGN))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::CRL_SIGN),
        },
    },
    Rule {
        name: "key-cert-sign-of-end-entities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.9",
        scope: Scope::EndEntities,
        check: |examined| {
            let usage = examined.certificate.extensions().key_usage.as_ref()?.value;
            broken(usage.contains(KeyUsage::KEY_CERT_SIGN))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_CERT_SIGN)
            },
        },
    },
    Rule {
        name: "crl-sign-of-authorities",
        severity: Severity::Notice,
        clause: "RFC 5280 section 4.2.1.3; GB/T 20518",
        scope: Scope::Authorities,
        check: |examined| broken(!examined.certificate.allows(KeyUsage::CRL_SIGN)),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::KEY_CERT_SIGN),
        },
    },
    Rule {
        name: "key-usage-agreement-direction",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.3",
        scope: Scope::Every,
        check: |examined| {
            let usage = examined.certificate.extensions().key_usage.as_ref()?.value;
            let directed = usage.intersects(KeyUsage::ENCIPHER_ONLY | KeyUsage::DECIPHER_ONLY);
            broken(directed && !usage.contains(KeyUsage::KEY_AGREEMENT))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.key_usage = present(true, KeyUsage::KEY_AGREEMENT | KeyUsage::ENCIPHER_ONLY),
            bad: |draft| {
                draft.extensions.key_usage = present(true, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::ENCIPHER_ONLY)
            },
        },
    },
    Rule {
        name: "key-usage-of-tls-servers",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::EndEntities,
        check: |examined| {
            unfit(
                examined,
                &oid::KP_SERVER_AUTH,
                KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT | KeyUsage::KEY_AGREEMENT,
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::server,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::NON_REPUDIATION),
        },
    },
    Rule {
        name: "key-usage-of-tls-clients",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::EndEntities,
        check: |examined| {
            unfit(
                examined,
                &oid::KP_CLIENT_AUTH,
                KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_AGREEMENT,
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::client,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::NON_REPUDIATION),
        },
    },
    Rule {
        name: "key-usage-of-time-stamping",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::EndEntities,
        check: |examined| {
            unfit(
                examined,
                &oid::KP_TIME_STAMPING,
                KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION,
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::stamper,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::KEY_AGREEMENT),
        },
    },
    Rule {
        name: "key-usage-of-responders",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.12",
        scope: Scope::EndEntities,
        check: |examined| {
            unfit(
                examined,
                &oid::KP_OCSP_SIGNING,
                KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION,
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::responder,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::KEY_AGREEMENT),
        },
    },
    Rule {
        name: "key-usage-of-document-signing",
        severity: Severity::Error,
        clause: "RFC 9336 section 3.1",
        scope: Scope::EndEntities,
        check: |examined| {
            unfit(
                examined,
                &oid::KP_DOCUMENT_SIGNING,
                KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION,
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::document_signer,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::KEY_AGREEMENT),
        },
    },
];

/// The usage of a key that serves a purpose with none of the usages that the purpose asks for.
fn unfit(examined: &Examined<'_>, purpose: &ObjectIdentifier, usages: KeyUsage) -> Option<String> {
    let usage = examined.certificate.extensions().key_usage.as_ref()?.value;
    (examined.serves(purpose) && !usage.intersects(usages)).then(|| usage.to_string())
}
