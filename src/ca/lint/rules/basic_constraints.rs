//! An authority says so critically; a path length is kept; an end entity does without.

#[cfg(test)]
use super::sample::Fixtures;
#[cfg(test)]
use super::sample::present;
use super::{Examined, Rule, Severity};
#[cfg(test)]
use crate::x509::BasicConstraints;

pub(super) static RULE: Rule = Rule {
    name: "basic_constraints",
    clause: "RFC 5280 section 4.2.1.9",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |draft| draft.extensions.basic_constraints = present(true, BasicConstraints::default()),
        bad: |draft| {
            draft.profile.certification_authority = true;
            draft.extensions.basic_constraints = present(
                false,
                BasicConstraints {
                    ca: true,
                    path_length: None,
                },
            );
        },
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let constraints = examined.certificate.extensions().basic_constraints.as_ref();
    let ca = constraints.is_some_and(|constraints| constraints.value.ca);
    if ca != examined.profile.certification_authority {
        return Some(format!("cA is {ca}, the profile says {}", !ca));
    }
    let constraints = constraints?;
    if ca && !constraints.critical {
        return Some("basicConstraints of an authority is not critical".into());
    }
    if !ca && constraints.value.path_length.is_some() {
        return Some("pathLenConstraint stands in the certificate of an end entity".into());
    }
    let issuer = examined.issuer?.extensions().basic_constraints.as_ref()?;
    (ca && issuer.value.path_length == Some(0)).then(|| "the issuer may not certify authorities".into())
}
