//! A certificate begins before it ends.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "validity_order",
    clause: "RFC 5280 section 4.1.2.5",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.validity.not_after = draft.validity.not_before,
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let validity = examined.certificate.validity();
    (validity.not_before >= validity.not_after).then(|| {
        format!(
            "notBefore {} is not before notAfter {}",
            validity.not_before, validity.not_after
        )
    })
}
