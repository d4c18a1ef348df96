//! Usage, purposes and policies are those of the profile.

#[cfg(test)]
use super::sample::Fixtures;
#[cfg(test)]
use super::sample::present;
use super::{Examined, Rule, Severity};
use crate::x509::Extension;
use der::asn1::ObjectIdentifier;

pub(super) static RULE: Rule = Rule {
    name: "profile_conformance",
    clause: "certs/profiles",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.ext_key_usage = present(false, vec![crate::asn1::oid::KP_SEAL_MAKING]),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let (extensions, profile) = (examined.certificate.extensions(), examined.profile);
    let list = |found: &Option<Extension<Vec<ObjectIdentifier>>>| {
        found.as_ref().map(|found| found.value.clone()).unwrap_or_default()
    };
    let same = [
        (
            "keyUsage",
            extensions
                .key_usage
                .as_ref()
                .is_some_and(|usage| usage.value == profile.key_usage),
        ),
        ("extKeyUsage", list(&extensions.ext_key_usage) == profile.purposes),
        (
            "certificatePolicies",
            list(&extensions.certificate_policies) == profile.policies,
        ),
    ];
    let differs = same.into_iter().find(|(_, same)| !same);
    differs.map(|(name, _)| format!("{name} is not that of profile \"{}\"", profile.name))
}
