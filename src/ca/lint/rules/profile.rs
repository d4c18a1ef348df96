//! A certificate of ours is what its profile says.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Rule, Scope, Severity, broken};
use crate::asn1::oid;
use crate::ca::NameForm;
use crate::x509::Extension;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "authority-as-profile",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.9; certs/profiles",
        scope: Scope::House,
        check: |examined| broken(examined.certificate.is_ca() != examined.profile()?.certification_authority),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| draft.profile_mut().certification_authority = true,
        },
    },
    Rule {
        name: "extensions-as-profile",
        severity: Severity::Error,
        clause: "certs/profiles",
        scope: Scope::House,
        check: |examined| {
            let (extensions, profile) = (examined.certificate.extensions(), examined.profile()?);
            let no_check = oid::OCSP_NOCHECK.to_string();
            let same = [
                ("keyUsage", value(&extensions.key_usage) == Some(&profile.key_usage)),
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
                    value(&extensions.policy_constraints).copied().unwrap_or_default() == profile.policy_constraints,
                ),
                (
                    "inhibitAnyPolicy",
                    value(&extensions.inhibit_any_policy) == profile.inhibit_any_policy.as_ref(),
                ),
                (
                    "nameConstraints",
                    value(&extensions.name_constraints)
                        .map_or(!profile.constrains_names(), |found| *found == profile.name_constraints),
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
            differs.map(|(name, _)| name.to_owned())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.ext_key_usage = present(false, vec![oid::KP_SEAL_MAKING]),
        },
    },
];

fn value<T>(found: &Option<Extension<T>>) -> Option<&T> {
    found.as_ref().map(|found| &found.value)
}

fn listed<T>(found: &Option<Extension<Vec<T>>>) -> &[T] {
    found.as_ref().map_or(&[], |found| &found.value)
}
