//! Rules that RFC 5280 section 4 sets for those who issue certificates, and that path validation (section 6) does not
//! ask.
//!
//! Most authorities break one or the other, so they count only where the asker wants them to: for certificates that
//! claim to follow the profile of the public web, and in the public suite that tests it.

use der::asn1::ObjectIdentifier;

use super::Reason;
use crate::asn1::oid;
use crate::x509::{Certificate, Extension, Extensions, KeyUsage};

/// How strictly certificates are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Conformance {
    /// By path validation alone (RFC 5280 section 6): what an authority should have done otherwise is not asked.
    #[default]
    PathOnly,
    /// By the profile of RFC 5280 sections 4 and 5 too, of every certificate on the path with its anchor and of every
    /// list.
    Profile,
}

/// The place of a certificate on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Target,
    Authority,
    Anchor,
}

/// One rule: its clause, what it asks, and whether a certificate in that place breaks it.
type Rule = (&'static str, &'static str, fn(&Certificate, Role) -> bool);

/// Adds a reason for every rule that is broken.
pub(super) fn check(certificate: &Certificate, role: Role, reasons: &mut Vec<Reason>) {
    let broken = RULES.iter().filter(|(_, _, breaks)| breaks(certificate, role));
    reasons.extend(broken.map(|(clause, rule, _)| Reason::NotConforming {
        subject: certificate.subject().to_string(),
        clause,
        rule,
    }));
}

/// Most octets of a serial number (RFC 5280 section 4.1.2.2).
const MAX_SERIAL_OCTETS: usize = 20;

/// An extension that this program does not read and that must not be critical (RFC 5280 section 4.2.1.8).
const NEVER_CRITICAL: ObjectIdentifier = oid::SUBJECT_DIRECTORY_ATTRIBUTES;

const RULES: &[Rule] = &[
    ("4.1.2.1", "extensions are of version 3", |c, _| {
        c.version() != 3 && *c.extensions() != Extensions::default()
    }),
    (
        "4.1.2.2",
        "the serial number is positive and has at most 20 octets",
        |c, _| !c.serial().is_positive() || c.serial().as_bytes().len() > MAX_SERIAL_OCTETS,
    ),
    ("4.1.2.4", "the issuer has a name", |c, _| c.issuer().is_empty()),
    ("4.1.2.6", "an authority has a name", |c, role| {
        c.subject().is_empty() && (c.is_ca() || role != Role::Target)
    }),
    (
        "4.2.1.1",
        "authorityKeyIdentifier is present unless self-signed",
        |c, _| {
            let found = c.extensions().authority_key_identifier.as_ref();
            let is_self_signed = || c.public_key().is_ok_and(|key| c.verify_signed_by(key).is_ok());
            found.is_none_or(|found| found.value.key_identifier.is_none()) && !is_self_signed()
        },
    ),
    ("4.2.1.1", "authorityKeyIdentifier is not critical", |c, _| {
        is_critical(&c.extensions().authority_key_identifier)
    }),
    (
        "4.2.1.2",
        "subjectKeyIdentifier is present in authorities",
        |c, role| (c.is_ca() || role != Role::Target) && c.extensions().subject_key_identifier.is_none(),
    ),
    ("4.2.1.2", "subjectKeyIdentifier is not critical", |c, _| {
        is_critical(&c.extensions().subject_key_identifier)
    }),
    ("4.2.1.3", "a set of key usages is not empty", |c, _| {
        c.extensions()
            .key_usage
            .as_ref()
            .is_some_and(|usage| usage.value.is_empty())
    }),
    ("4.2.1.5", "policies are mapped by authorities only", |c, _| {
        c.extensions().policy_mappings.is_some() && !c.is_ca()
    }),
    ("4.2.1.6", "subjectAltName names something", |c, _| {
        c.extensions()
            .subject_alt_name
            .as_ref()
            .is_some_and(|names| names.value.is_empty())
    }),
    (
        "4.2.1.6",
        "subjectAltName is present and critical where there is no subject",
        |c, _| c.subject().is_empty() && !is_critical(&c.extensions().subject_alt_name),
    ),
    ("4.2.1.9", "basicConstraints is critical in authorities", |c, _| {
        c.is_ca() && !is_critical(&c.extensions().basic_constraints)
    }),
    ("4.2.1.9", "only an authority's key signs certificates", |c, _| {
        let usage = c.extensions().key_usage.as_ref();
        !c.is_ca() && usage.is_some_and(|usage| usage.value.contains(KeyUsage::KEY_CERT_SIGN))
    }),
    (
        "4.2.1.9",
        "pathLenConstraint is for keys that sign certificates",
        |c, _| {
            let limit = c
                .extensions()
                .basic_constraints
                .as_ref()
                .and_then(|found| found.value.path_length);
            limit.is_some() && !(c.is_ca() && c.allows(KeyUsage::KEY_CERT_SIGN))
        },
    ),
    (
        "4.2.1.10",
        "nameConstraints is critical, in authorities only",
        |c, _| breaks_in_authorities(c, &c.extensions().name_constraints),
    ),
    ("4.2.1.11", "policyConstraints is critical", |c, _| {
        is_not_critical(&c.extensions().policy_constraints)
    }),
    ("4.2.1.12", "extKeyUsage names a purpose", |c, _| {
        c.extensions()
            .ext_key_usage
            .as_ref()
            .is_some_and(|purposes| purposes.value.is_empty())
    }),
    ("4.2.1.14", "inhibitAnyPolicy is critical", |c, _| {
        is_not_critical(&c.extensions().inhibit_any_policy)
    }),
    ("4.2.2.1", "authorityInfoAccess is not critical", |c, _| {
        is_critical(&c.extensions().authority_info_access)
    }),
    ("4.2", "extensions for information are not critical", |c, _| {
        let mut critical = c.extensions().unknown_critical();
        critical.any(|found| NEVER_CRITICAL.to_string() == found)
            || is_critical(&c.extensions().freshest_crl)
            || is_critical(&c.extensions().subject_info_access)
    }),
];

fn is_critical<T>(found: &Option<Extension<T>>) -> bool {
    found.as_ref().is_some_and(|extension| extension.critical)
}

fn is_not_critical<T>(found: &Option<Extension<T>>) -> bool {
    found.as_ref().is_some_and(|extension| !extension.critical)
}

fn breaks_in_authorities<T>(certificate: &Certificate, found: &Option<Extension<T>>) -> bool {
    is_not_critical(found) || found.is_some() && !certificate.is_ca()
}
