//! Certificate policies, how they are mapped and how they are constrained.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Rule, Scope, Severity, broken, misflagged, twice};
use crate::asn1::oid;
use crate::x509::PolicyConstraints;
#[cfg(test)]
use crate::x509::PolicyMapping;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "policies-unique",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.4",
        scope: Scope::Every,
        check: |examined| twice(&examined.certificate.extensions().certificate_policies.as_ref()?.value),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.certificate_policies =
                    present(false, vec![oid::GOVERNMENT_SEAL_POLICY, oid::TSA_POLICY])
            },
            bad: |draft| {
                draft.extensions.certificate_policies =
                    present(false, vec![oid::GOVERNMENT_SEAL_POLICY, oid::GOVERNMENT_SEAL_POLICY])
            },
        },
    },
    Rule {
        name: "policies-not-empty",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.4",
        scope: Scope::Every,
        check: |examined| {
            broken(
                examined
                    .certificate
                    .extensions()
                    .certificate_policies
                    .as_ref()?
                    .value
                    .is_empty(),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.certificate_policies = present(false, Vec::new()),
        },
    },
    Rule {
        name: "any-policy-alone",
        severity: Severity::Notice,
        clause: "RFC 5280 section 4.2.1.4",
        scope: Scope::Every,
        check: |examined| {
            let policies = &examined.certificate.extensions().certificate_policies.as_ref()?.value;
            broken(policies.len() > 1 && policies.contains(&oid::ANY_POLICY))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.certificate_policies = present(false, vec![oid::ANY_POLICY]),
            bad: |draft| {
                draft.extensions.certificate_policies =
                    present(false, vec![oid::GOVERNMENT_SEAL_POLICY, oid::ANY_POLICY])
            },
        },
    },
    Rule {
        name: "any-policy-not-mapped",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.5",
        scope: Scope::Every,
        check: |examined| {
            let mappings = &examined.certificate.extensions().policy_mappings.as_ref()?.value;
            let any = |policy| policy == oid::ANY_POLICY;
            broken(
                mappings
                    .iter()
                    .any(|one| any(one.issuer_domain) || any(one.subject_domain)),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::mapper,
            good: |draft| {
                draft.extensions.policy_mappings = present(
                    true,
                    vec![PolicyMapping {
                        issuer_domain: oid::GOVERNMENT_SEAL_POLICY,
                        subject_domain: oid::TSA_POLICY,
                    }],
                )
            },
            bad: |draft| {
                draft.extensions.policy_mappings = present(
                    true,
                    vec![PolicyMapping {
                        issuer_domain: oid::GOVERNMENT_SEAL_POLICY,
                        subject_domain: oid::ANY_POLICY,
                    }],
                )
            },
        },
    },
    Rule {
        name: "mapped-policies-asserted",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.5",
        scope: Scope::Every,
        check: |examined| {
            let extensions = examined.certificate.extensions();
            let mappings = &extensions.policy_mappings.as_ref()?.value;
            let policies = extensions.certificate_policies.as_ref().map(|found| &found.value);
            let is_asserted =
                |policy| policies.is_some_and(|found| found.contains(policy) || found.contains(&oid::ANY_POLICY));
            let other = mappings.iter().find(|one| !is_asserted(&one.issuer_domain));
            other.map(|one| one.issuer_domain.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.certificate_policies = present(false, vec![oid::GOVERNMENT_SEAL_POLICY]);
                draft.extensions.policy_mappings = present(
                    true,
                    vec![PolicyMapping {
                        issuer_domain: oid::GOVERNMENT_SEAL_POLICY,
                        subject_domain: oid::TSA_POLICY,
                    }],
                );
            },
            bad: |draft| {
                draft.extensions.certificate_policies = present(false, vec![oid::TSA_POLICY]);
                draft.extensions.policy_mappings = present(
                    true,
                    vec![PolicyMapping {
                        issuer_domain: oid::GOVERNMENT_SEAL_POLICY,
                        subject_domain: oid::TSA_POLICY,
                    }],
                );
            },
        },
    },
    Rule {
        name: "policy-mappings-criticality",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.5",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().policy_mappings, true),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::mapper,
            good: |draft| {
                draft.extensions.policy_mappings = present(
                    true,
                    vec![PolicyMapping {
                        issuer_domain: oid::GOVERNMENT_SEAL_POLICY,
                        subject_domain: oid::TSA_POLICY,
                    }],
                )
            },
            bad: |draft| {
                draft.extensions.policy_mappings = present(
                    false,
                    vec![PolicyMapping {
                        issuer_domain: oid::GOVERNMENT_SEAL_POLICY,
                        subject_domain: oid::TSA_POLICY,
                    }],
                )
            },
        },
    },
    Rule {
        name: "policy-mappings-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.5",
        scope: Scope::EndEntities,
        check: |examined| broken(examined.certificate.extensions().policy_mappings.is_some()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.certificate_policies = present(false, vec![oid::GOVERNMENT_SEAL_POLICY]);
                draft.extensions.policy_mappings = present(
                    true,
                    vec![PolicyMapping {
                        issuer_domain: oid::GOVERNMENT_SEAL_POLICY,
                        subject_domain: oid::TSA_POLICY,
                    }],
                );
            },
        },
    },
    Rule {
        name: "policy-constraints-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.11",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().policy_constraints, true),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::mapper,
            good: |draft| {
                draft.extensions.policy_constraints = present(
                    true,
                    PolicyConstraints {
                        require_explicit_policy: Some(0),
                        inhibit_policy_mapping: None,
                    },
                )
            },
            bad: |draft| {
                draft.extensions.policy_constraints = present(
                    false,
                    PolicyConstraints {
                        require_explicit_policy: Some(0),
                        inhibit_policy_mapping: None,
                    },
                )
            },
        },
    },
    Rule {
        name: "policy-constraints-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.11",
        scope: Scope::EndEntities,
        check: |examined| broken(examined.certificate.extensions().policy_constraints.is_some()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.policy_constraints = present(
                    true,
                    PolicyConstraints {
                        require_explicit_policy: Some(0),
                        inhibit_policy_mapping: None,
                    },
                )
            },
        },
    },
    Rule {
        name: "policy-constraints-not-empty",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.11",
        scope: Scope::Every,
        check: |examined| {
            broken(examined.certificate.extensions().policy_constraints.as_ref()?.value == PolicyConstraints::default())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.policy_constraints = present(
                    true,
                    PolicyConstraints {
                        require_explicit_policy: Some(0),
                        inhibit_policy_mapping: None,
                    },
                )
            },
            bad: |draft| draft.extensions.policy_constraints = present(true, PolicyConstraints::default()),
        },
    },
    Rule {
        name: "inhibit-any-policy-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.14",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().inhibit_any_policy, true),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::mapper,
            good: |draft| draft.extensions.inhibit_any_policy = present(true, 0),
            bad: |draft| draft.extensions.inhibit_any_policy = present(false, 0),
        },
    },
    Rule {
        name: "inhibit-any-policy-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.14",
        scope: Scope::EndEntities,
        check: |examined| broken(examined.certificate.extensions().inhibit_any_policy.is_some()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.inhibit_any_policy = present(true, 0),
        },
    },
];
