//! A certificate is valid only while its issuer's is.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "validity_within_issuer",
    clause: "GB/T 20518; the shell model of validity",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.validity.not_after = draft.validity.not_before + chrono::TimeDelta::days(4000),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let issuer = examined.issuer?.validity();
    let validity = examined.certificate.validity();
    (!issuer.contains(validity.not_before) || !issuer.contains(validity.not_after))
        .then(|| format!("validity exceeds the issuer's, which ends {}", issuer.not_after))
}
