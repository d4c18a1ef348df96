//! Usage, purposes, policies and constraints are those of the profile.

#[cfg(test)]
use super::sample::Fixtures;
#[cfg(test)]
use super::sample::present;
use super::{Examined, Rule, Severity};
use crate::asn1::oid;
use crate::ca::NameForm;
use crate::x509::Extension;

pub(super) static RULE: Rule = Rule {
    name: "profile_conformance",
    clause: "certs/profiles",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.ext_key_usage = present(false, vec![oid::KP_SEAL_MAKING]),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let (extensions, profile) = (examined.certificate.extensions(), examined.profile);
    let no_check = oid::OCSP_NOCHECK.to_string();
    let usage = value(&extensions.key_usage);
    let same = [
        ("keyUsage", usage == Some(profile.key_usage)),
        ("extKeyUsage", listed(&extensions.ext_key_usage) == profile.purposes),
        (
            "certificatePolicies",
            listed(&extensions.certificate_policies) == profile.policies,
        ),
        (
            "policyMappings",
            listed(&extensions.policy_mappings) == profile.policy_mappings,
        ),
        (
            "policyConstraints",
            value(&extensions.policy_constraints).unwrap_or_default() == profile.policy_constraints,
        ),
        (
            "inhibitAnyPolicy",
            value(&extensions.inhibit_any_policy) == profile.inhibit_any_policy,
        ),
        (
            "nameConstraints",
            value(&extensions.name_constraints).unwrap_or_default() == profile.name_constraints,
        ),
        (
            "subjectAltName",
            listed(&extensions.subject_alt_name)
                .iter()
                .all(|name| NameForm::of(name).is_some_and(|form| profile.alternative_names.contains(&form))),
        ),
        (
            "id-pkix-ocsp-nocheck",
            extensions.unknown.iter().any(|extension| extension.oid == no_check) == profile.ocsp_no_check,
        ),
    ];
    let differs = same.into_iter().find(|(_, same)| !same);
    differs.map(|(name, _)| format!("{name} is not that of profile \"{}\"", profile.name))
}

fn value<T: Clone>(found: &Option<Extension<T>>) -> Option<T> {
    found.as_ref().map(|found| found.value.clone())
}

fn listed<T: Clone>(found: &Option<Extension<Vec<T>>>) -> Vec<T> {
    value(found).unwrap_or_default()
}
