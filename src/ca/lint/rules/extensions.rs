//! Extensions that do not belong, or that nobody here understands.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Rule, Scope, Severity, broken};
#[cfg(test)]
use crate::asn1::oid;
#[cfg(test)]
use crate::x509::UnknownExtension;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "unknown-critical-extension",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2",
        scope: Scope::Every,
        check: |examined| {
            examined
                .certificate
                .extensions()
                .unknown_critical()
                .next()
                .map(str::to_owned)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.unknown.push(UnknownExtension {
                    oid: oid::CERTIFICATE_ISSUER.to_string(),
                    critical: true,
                    value: vec![0x05, 0x00],
                })
            },
        },
    },
    Rule {
        name: "list-extensions-absent",
        severity: Severity::Warning,
        clause: "RFC 5280 section 5.2",
        scope: Scope::Every,
        check: |examined| {
            let extensions = examined.certificate.extensions();
            let of_lists = extensions.crl_number.is_some()
                || extensions.delta_crl_indicator.is_some()
                || extensions.issuing_distribution_point.is_some();
            broken(of_lists)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.crl_number = present(false, vec![1]),
        },
    },
];
