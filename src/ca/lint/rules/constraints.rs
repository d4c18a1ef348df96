//! What an authority may certify: path length and name constraints.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Rule, Scope, Severity, broken, misflagged};
use crate::trust::names::{is_constraint, misplaced};
#[cfg(test)]
use crate::x509::BasicConstraints;
use crate::x509::{GeneralName, NameConstraints};

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "basic-constraints-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.9",
        scope: Scope::Authorities,
        check: |examined| misflagged(&examined.certificate.extensions().basic_constraints, true),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.basic_constraints.as_mut().unwrap().critical = false,
        },
    },
    Rule {
        name: "path-length-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.9",
        scope: Scope::EndEntities,
        check: |examined| {
            broken(
                examined
                    .certificate
                    .extensions()
                    .basic_constraints
                    .as_ref()?
                    .value
                    .path_length
                    .is_some(),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.basic_constraints = present(true, BasicConstraints::default()),
            bad: |draft| {
                draft.extensions.basic_constraints = present(
                    true,
                    BasicConstraints {
                        ca: false,
                        path_length: Some(0),
                    },
                )
            },
        },
    },
    Rule {
        name: "issuer-path-length-left",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.9",
        scope: Scope::Issued,
        check: |examined| {
            let issuer = examined
                .issuer?
                .extensions()
                .basic_constraints
                .as_ref()?
                .value
                .path_length?;
            let counts = examined.certificate.is_ca() && !examined.certificate.is_self_issued();
            broken(counts && issuer == 0)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.issued_by = Some(sample::root_with(Some(1)));
                draft.extensions.basic_constraints = present(
                    true,
                    BasicConstraints {
                        ca: true,
                        path_length: Some(0),
                    },
                );
            },
            bad: |draft| draft.issued_by = Some(sample::root_with(Some(0))),
        },
    },
    Rule {
        name: "path-length-below-issuer",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.9",
        scope: Scope::Issued,
        check: |examined| {
            let issuer = examined
                .issuer?
                .extensions()
                .basic_constraints
                .as_ref()?
                .value
                .path_length?;
            let own = examined.certificate.extensions().basic_constraints.as_ref()?.value;
            let counts = own.ca && issuer > 0 && !examined.certificate.is_self_issued();
            (counts && own.path_length.is_none_or(|own| own >= issuer)).then(|| issuer.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.issued_by = Some(sample::root_with(Some(1)));
                draft.extensions.basic_constraints = present(
                    true,
                    BasicConstraints {
                        ca: true,
                        path_length: Some(0),
                    },
                );
            },
            bad: |draft| {
                draft.issued_by = Some(sample::root_with(Some(1)));
                draft.extensions.basic_constraints = present(
                    true,
                    BasicConstraints {
                        ca: true,
                        path_length: Some(1),
                    },
                );
            },
        },
    },
    Rule {
        name: "name-constraints-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.10",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().name_constraints, true),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Dns("example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
            bad: |draft| {
                draft.extensions.name_constraints = present(
                    false,
                    NameConstraints {
                        permitted: vec![GeneralName::Dns("example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
        },
    },
    Rule {
        name: "name-constraints-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.10",
        scope: Scope::EndEntities,
        check: |examined| broken(examined.certificate.extensions().name_constraints.is_some()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Dns("example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
        },
    },
    Rule {
        name: "name-constraints-not-empty",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.10",
        scope: Scope::Every,
        check: |examined| {
            broken(examined.certificate.extensions().name_constraints.as_ref()?.value == NameConstraints::default())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Dns("example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
            bad: |draft| draft.extensions.name_constraints = present(true, NameConstraints::default()),
        },
    },
    Rule {
        name: "name-constraints-ip-network",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.10; RFC 4632 section 3.1",
        scope: Scope::Every,
        check: |examined| {
            let found = &examined.certificate.extensions().name_constraints.as_ref()?.value;
            let mut bases = found.permitted.iter().chain(&found.excluded);
            bases
                .find(|base| matches!(base, GeneralName::Ip(_)) && !is_constraint(base))
                .map(ToString::to_string)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0])],
                        excluded: Vec::new(),
                    },
                )
            },
            bad: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 255, 0])],
                        excluded: Vec::new(),
                    },
                )
            },
        },
    },
    Rule {
        name: "name-constraints-dns-form",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.10",
        scope: Scope::Every,
        check: |examined| {
            let found = &examined.certificate.extensions().name_constraints.as_ref()?.value;
            let mut bases = found.permitted.iter().chain(&found.excluded);
            bases
                .find(|base| matches!(base, GeneralName::Dns(_)) && !is_constraint(base))
                .map(ToString::to_string)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Dns("example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
            bad: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Dns(".example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
        },
    },
    Rule {
        name: "name-constraints-email-form",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.10; RFC 9598 section 6",
        scope: Scope::Every,
        check: |examined| {
            let found = &examined.certificate.extensions().name_constraints.as_ref()?.value;
            let mut bases = found.permitted.iter().chain(&found.excluded);
            bases
                .find(|base| matches!(base, GeneralName::Rfc822(_)) && !is_constraint(base))
                .map(ToString::to_string)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Rfc822(".example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
            bad: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Rfc822("@example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
        },
    },
    Rule {
        name: "name-constraints-uri-form",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.10",
        scope: Scope::Every,
        check: |examined| {
            let found = &examined.certificate.extensions().name_constraints.as_ref()?.value;
            let mut bases = found.permitted.iter().chain(&found.excluded);
            bases
                .find(|base| matches!(base, GeneralName::Uri(_)) && !is_constraint(base))
                .map(ToString::to_string)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Uri(".example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
            bad: |draft| {
                draft.extensions.name_constraints = present(
                    true,
                    NameConstraints {
                        permitted: vec![GeneralName::Uri("http://example.com".into())],
                        excluded: Vec::new(),
                    },
                )
            },
        },
    },
    Rule {
        name: "names-within-issuer-space",
        severity: Severity::Error,
        clause: "RFC 5280 sections 4.2.1.10 and 6.1.3",
        scope: Scope::Issued,
        check: |examined| {
            let constraints = &examined.issuer?.extensions().name_constraints.as_ref()?.value;
            // RFC 5280 section 6.1.3 (b): a self-issued certificate on the way is not held against them.
            if examined.certificate.is_ca() && examined.certificate.is_self_issued() {
                return None;
            }
            let extensions = examined.certificate.extensions();
            let alternatives = extensions
                .subject_alt_name
                .as_ref()
                .map_or(&[][..], |names| &names.value);
            misplaced(constraints, examined.certificate.subject(), alternatives).map(|found| found.name)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::server,
            good: |draft| draft.issued_by = Some(sample::root_for("example.org")),
            bad: |draft| draft.issued_by = Some(sample::root_for("example.com")),
        },
    },
];
