//! The issuer is the subject of its certificate, byte for byte.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "issuer_name",
    clause: "RFC 5280 section 4.1.2.4",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.issuer = draft.subject.clone(),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let expected = examined.issuer.unwrap_or(examined.certificate).subject();
    (examined.certificate.issuer().der() != expected.der())
        .then(|| format!("the issuer is {}, not {expected}", examined.certificate.issuer()))
}
