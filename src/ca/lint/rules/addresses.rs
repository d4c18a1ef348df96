//! Where things are found: revocation lists, responders, issuers, repositories.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Examined, Rule, Scope, Severity, broken, misflagged};
use crate::asn1::oid;
use crate::x509::{AccessDescription, DistributionPoint, Extension, GeneralName};
#[cfg(test)]
use crate::x509::{DistributionPointName, ReasonFlags};

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "revocation-address-of-ours",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.13",
        scope: Scope::House,
        check: |examined| {
            examined.issuer?;
            broken(
                !points(examined)
                    .iter()
                    .any(|point| point.name.as_ref().is_some_and(|name| name.url().is_some())),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.crl_distribution_points = None,
        },
    },
    Rule {
        name: "revocation-address",
        severity: Severity::Notice,
        clause: "RFC 5280 section 4.2.1.13; GB/T 20518",
        scope: Scope::EndEntities,
        check: |examined| {
            let extensions = examined.certificate.extensions();
            let asked = access(&extensions.authority_info_access)
                .iter()
                .any(|one| one.method == oid::AD_OCSP);
            let listed = extensions.crl_distribution_points.is_some();
            let is_asked_for = examined.profile().is_none() && !examined.certificate.is_self_issued();
            broken(is_asked_for && !asked && !listed && extensions.unknown.is_empty())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.crl_distribution_points = None,
        },
    },
    Rule {
        name: "distribution-point-names-a-place",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.13",
        scope: Scope::Every,
        check: |examined| {
            broken(
                points(examined)
                    .iter()
                    .any(|point| point.name.is_none() && point.crl_issuer.is_empty()),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                let mut points = vec![DistributionPoint {
                    name: None,
                    reasons: None,
                    crl_issuer: Vec::new(),
                }];
                points.extend(vec![DistributionPoint {
                    name: Some(DistributionPointName::Full(vec![GeneralName::Uri(
                        "http://pki.example.org/a.crl".into(),
                    )])),
                    reasons: None,
                    crl_issuer: Vec::new(),
                }]);
                draft.extensions.crl_distribution_points = present(false, points)
            },
        },
    },
    Rule {
        name: "distribution-points-for-all-reasons",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.13",
        scope: Scope::Every,
        check: |examined| {
            let points = points(examined);
            broken(!points.is_empty() && points.iter().all(|point| point.reasons.is_some()))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.crl_distribution_points = present(
                    false,
                    vec![DistributionPoint {
                        name: Some(DistributionPointName::Full(vec![GeneralName::Uri(
                            "http://pki.example.org/a.crl".into(),
                        )])),
                        reasons: Some(ReasonFlags(2)),
                        crl_issuer: Vec::new(),
                    }],
                )
            },
        },
    },
    Rule {
        name: "distribution-point-without-tls",
        severity: Severity::Warning,
        clause: "RFC 5280 section 8",
        scope: Scope::Every,
        check: |examined| {
            let mut urls = points(examined).iter().filter_map(|point| point.name.as_ref()?.url());
            urls.find(|url| url.starts_with("https:")).map(str::to_owned)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.crl_distribution_points = present(
                    false,
                    vec![DistributionPoint {
                        name: Some(DistributionPointName::Full(vec![GeneralName::Uri(
                            "https://pki.example.org/a.crl".into(),
                        )])),
                        reasons: None,
                        crl_issuer: Vec::new(),
                    }],
                )
            },
        },
    },
    Rule {
        name: "distribution-points-criticality",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.13",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().crl_distribution_points, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.crl_distribution_points.as_mut().unwrap().critical = true,
        },
    },
    Rule {
        name: "freshest-crl-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.15",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().freshest_crl, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.freshest_crl = present(
                    false,
                    vec![DistributionPoint {
                        name: Some(DistributionPointName::Full(vec![GeneralName::Uri(
                            "http://pki.example.org/a.crl".into(),
                        )])),
                        reasons: None,
                        crl_issuer: Vec::new(),
                    }],
                )
            },
            bad: |draft| {
                draft.extensions.freshest_crl = present(
                    true,
                    vec![DistributionPoint {
                        name: Some(DistributionPointName::Full(vec![GeneralName::Uri(
                            "http://pki.example.org/a.crl".into(),
                        )])),
                        reasons: None,
                        crl_issuer: Vec::new(),
                    }],
                )
            },
        },
    },
    Rule {
        name: "authority-info-access-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.2.1",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().authority_info_access, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.authority_info_access = present(
                    false,
                    vec![AccessDescription {
                        method: oid::AD_OCSP,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
            bad: |draft| {
                draft.extensions.authority_info_access = present(
                    true,
                    vec![AccessDescription {
                        method: oid::AD_OCSP,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
        },
    },
    Rule {
        name: "authority-info-access-methods",
        severity: Severity::Notice,
        clause: "RFC 5280 section 4.2.2.1",
        scope: Scope::Every,
        check: |examined| {
            let mut found = access(&examined.certificate.extensions().authority_info_access).iter();
            let other = found.find(|one| ![oid::AD_CA_ISSUERS, oid::AD_OCSP].contains(&one.method));
            other.map(|one| one.method.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.authority_info_access = present(
                    false,
                    vec![AccessDescription {
                        method: oid::AD_CA_ISSUERS,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
            bad: |draft| {
                draft.extensions.authority_info_access = present(
                    false,
                    vec![AccessDescription {
                        method: oid::AD_CA_REPOSITORY,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
        },
    },
    Rule {
        name: "authority-info-access-address",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.2.1",
        scope: Scope::Every,
        check: |examined| {
            let mut found = access(&examined.certificate.extensions().authority_info_access).iter();
            found
                .find(|one| !is_address(&one.location))
                .map(|one| one.location.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.authority_info_access = present(
                    false,
                    vec![AccessDescription {
                        method: oid::AD_OCSP,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
            bad: |draft| {
                draft.extensions.authority_info_access = present(
                    false,
                    vec![AccessDescription {
                        method: oid::AD_OCSP,
                        location: GeneralName::Dns("example.org".into()),
                    }],
                )
            },
        },
    },
    Rule {
        name: "subject-info-access-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.2.2",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().subject_info_access, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: |draft| {
                draft.extensions.subject_info_access = present(
                    false,
                    vec![AccessDescription {
                        method: oid::AD_CA_REPOSITORY,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
            bad: |draft| {
                draft.extensions.subject_info_access = present(
                    true,
                    vec![AccessDescription {
                        method: oid::AD_CA_REPOSITORY,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
        },
    },
    Rule {
        name: "repository-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.2.2",
        scope: Scope::EndEntities,
        check: |examined| {
            let mut found = access(&examined.certificate.extensions().subject_info_access).iter();
            broken(found.any(|one| one.method == oid::AD_CA_REPOSITORY))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.subject_info_access = present(
                    false,
                    vec![AccessDescription {
                        method: oid::AD_CA_REPOSITORY,
                        location: GeneralName::Uri("http://pki.example.org/a".into()),
                    }],
                )
            },
        },
    },
];

fn points<'a>(examined: &Examined<'a>) -> &'a [DistributionPoint] {
    let points = examined.certificate.extensions().crl_distribution_points.as_ref();
    points.map_or(&[], |points| &points.value)
}

fn access(found: &Option<Extension<Vec<AccessDescription>>>) -> &[AccessDescription] {
    found.as_ref().map_or(&[], |found| &found.value)
}

fn is_address(location: &GeneralName) -> bool {
    let schemes = ["http://", "https://", "ldap://"];
    matches!(location, GeneralName::Uri(uri) if schemes.iter().any(|scheme| uri.starts_with(scheme)))
}
