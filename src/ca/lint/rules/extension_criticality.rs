//! Extensions that help only are never critical, and none is critical that we do not know.

#[cfg(test)]
use super::sample::Fixtures;
#[cfg(test)]
use super::sample::present;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "extension_criticality",
    clause: "RFC 5280 sections 4.2.1.1, 4.2.1.2, 4.2.1.13 and 4.2.2.1",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.subject_key_identifier = present(true, vec![1; 20]),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let extensions = examined.certificate.extensions();
    let flagged = [
        (
            "authorityKeyIdentifier",
            extensions
                .authority_key_identifier
                .as_ref()
                .is_some_and(|found| found.critical),
        ),
        (
            "subjectKeyIdentifier",
            extensions
                .subject_key_identifier
                .as_ref()
                .is_some_and(|found| found.critical),
        ),
        (
            "cRLDistributionPoints",
            extensions
                .crl_distribution_points
                .as_ref()
                .is_some_and(|found| found.critical),
        ),
        (
            "authorityInfoAccess",
            extensions
                .authority_info_access
                .as_ref()
                .is_some_and(|found| found.critical),
        ),
        (
            "credit code",
            extensions.credit_code.as_ref().is_some_and(|found| found.critical),
        ),
        (
            "licence types",
            extensions.licence_types.as_ref().is_some_and(|found| found.critical),
        ),
    ];
    if let Some((name, _)) = flagged.into_iter().find(|(_, critical)| *critical) {
        return Some(format!("{name} is critical"));
    }
    extensions
        .unknown_critical()
        .next()
        .map(|oid| format!("unknown extension {oid} is critical"))
}
