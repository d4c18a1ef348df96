//! The subject has a country and a common name.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};
use crate::asn1::oid;

pub(super) static RULE: Rule = Rule {
    name: "subject_name",
    clause: "RFC 5280 section 4.1.2.6; GB/T 20518",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.subject = crate::x509::build::name(&[(oid::COMMON_NAME, "x")]).unwrap(),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let subject = examined.certificate.subject();
    let country = subject.text(&oid::COUNTRY_NAME).is_some();
    (!country || subject.common_name().is_none())
        .then(|| format!("subject \"{subject}\" lacks countryName or commonName"))
}
