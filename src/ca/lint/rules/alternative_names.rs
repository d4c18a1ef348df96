//! The names beside the subject: the forms of RFC 5280 section 4.2.1.6.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Examined, Rule, Scope, Severity, broken, twice};
use crate::asn1::oid;
#[cfg(test)]
use crate::asn1::write;
use crate::trust::names::is_comparable;
use crate::x509::GeneralName;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "alternative-names-not-empty",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.6",
        scope: Scope::Every,
        check: |examined| {
            broken(
                examined
                    .certificate
                    .extensions()
                    .subject_alt_name
                    .as_ref()?
                    .value
                    .is_empty(),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("www.example.org".into())])
            },
            bad: |draft| draft.extensions.subject_alt_name = present(false, Vec::new()),
        },
    },
    Rule {
        name: "alternative-names-unique",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.6",
        scope: Scope::Every,
        check: |examined| twice(names(examined)),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.subject_alt_name = present(
                    false,
                    vec![
                        GeneralName::Dns("a.example.org".into()),
                        GeneralName::Dns("b.example.org".into()),
                    ],
                )
            },
            bad: |draft| {
                draft.extensions.subject_alt_name = present(
                    false,
                    vec![
                        GeneralName::Dns("a.example.org".into()),
                        GeneralName::Dns("a.example.org".into()),
                    ],
                )
            },
        },
    },
    Rule {
        name: "alternative-names-criticality",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.6",
        scope: Scope::Every,
        check: |examined| {
            let found = examined.certificate.extensions().subject_alt_name.as_ref()?;
            broken(found.critical && !examined.certificate.subject().is_empty())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("www.example.org".into())])
            },
            bad: |draft| {
                draft.extensions.subject_alt_name = present(true, vec![GeneralName::Dns("www.example.org".into())])
            },
        },
    },
    Rule {
        name: "dns-name-length",
        severity: Severity::Error,
        clause: "RFC 1034 section 3.1",
        scope: Scope::Every,
        check: |examined| dns(examined, is_long),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("a".repeat(63))]),
            bad: |draft| draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("a".repeat(64))]),
        },
    },
    Rule {
        name: "dns-name-wildcard",
        severity: Severity::Error,
        clause: "RFC 9525 section 6.3",
        scope: Scope::Every,
        check: |examined| dns(examined, has_odd_wildcard),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("*.example.org".into())])
            },
            bad: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("a*.example.org".into())])
            },
        },
    },
    Rule {
        name: "dns-name-syntax",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.6; RFC 1034 section 3.5",
        scope: Scope::Every,
        check: |examined| {
            let is_odd = |name: &str| {
                !is_long(name) && !has_odd_wildcard(name) && !is_comparable(&GeneralName::Dns(name.to_owned()))
            };
            dns(examined, is_odd)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("www.example.org".into())])
            },
            bad: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("-www..example.org".into())])
            },
        },
    },
    Rule {
        name: "dns-name-reserved-label",
        severity: Severity::Warning,
        clause: "RFC 5890 section 2.3.1; RFC 9549 section 2",
        scope: Scope::Every,
        check: |examined| {
            let is_reserved = |label: &str| {
                label.get(2..4) == Some("--") && !label.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("xn"))
            };
            dns(examined, |name| name.split('.').any(is_reserved))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("xn--fiq228c.cn".into())])
            },
            bad: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Dns("zz--fiq228c.cn".into())])
            },
        },
    },
    Rule {
        name: "email-syntax",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.6; RFC 9598 section 3",
        scope: Scope::Every,
        check: |examined| {
            any(examined, |name| {
                matches!(name, GeneralName::Rfc822(_)) && !is_comparable(name)
            })
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.extensions.subject_alt_name = present(false, vec![GeneralName::Rfc822("a@example.org".into())])
            },
            bad: |draft| {
                draft.extensions.subject_alt_name =
                    present(false, vec![GeneralName::Rfc822("Name <a@example.org>".into())])
            },
        },
    },
    Rule {
        name: "ip-address-length",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.6",
        scope: Scope::Every,
        check: |examined| {
            any(examined, |name| {
                matches!(name, GeneralName::Ip(_)) && !is_comparable(name)
            })
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.subject_alt_name = present(false, vec![GeneralName::Ip(vec![192, 0, 2, 1])]),
            bad: |draft| {
                draft.extensions.subject_alt_name =
                    present(false, vec![GeneralName::Ip(vec![192, 0, 2, 1, 255, 255, 255, 0])])
            },
        },
    },
    Rule {
        name: "uri-absolute",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.6; RFC 3986 section 4.3",
        scope: Scope::Every,
        check: |examined| {
            any(
                examined,
                |name| matches!(name, GeneralName::Uri(text) if !is_absolute(text)),
            )
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.subject_alt_name = present(false, vec![GeneralName::Uri("urn:a:b".into())]),
            bad: |draft| draft.extensions.subject_alt_name = present(false, vec![GeneralName::Uri("/a".into())]),
        },
    },
    Rule {
        name: "names-of-tls-servers",
        severity: Severity::Error,
        clause: "RFC 9525 section 3",
        scope: Scope::EndEntities,
        check: |examined| {
            let is_host = |name: &GeneralName| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
            broken(examined.serves(&oid::KP_SERVER_AUTH) && !names(examined).iter().any(is_host))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::server,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.subject_alt_name = None,
        },
    },
    Rule {
        name: "common-name-of-tls-servers",
        severity: Severity::Notice,
        clause: "CA/Browser Forum BR section 7.1.4.3",
        scope: Scope::EndEntities,
        check: |examined| {
            let common_name = examined.certificate.subject().common_name()?;
            let is_it =
                |name: &GeneralName| matches!(name, GeneralName::Dns(host) if host.eq_ignore_ascii_case(common_name));
            let looks_like_host = common_name.contains('.') && is_comparable(&GeneralName::Dns(common_name.to_owned()));
            let is_other =
                examined.serves(&oid::KP_SERVER_AUTH) && looks_like_host && !names(examined).iter().any(is_it);
            is_other.then(|| common_name.to_owned())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::server,
            good: |draft| draft.subject = sample::name(&[(oid::COMMON_NAME, write::UTF8_STRING, "www.example.org")]),
            bad: |draft| draft.subject = sample::name(&[(oid::COMMON_NAME, write::UTF8_STRING, "www.example.com")]),
        },
    },
];

/// Longest host name and longest label, in octets (RFC 1034 section 3.1).
const LONGEST_HOST: (usize, usize) = (253, 63);

fn names<'a>(examined: &Examined<'a>) -> &'a [GeneralName] {
    let names = examined.certificate.extensions().subject_alt_name.as_ref();
    names.map_or(&[], |names| &names.value)
}

fn any(examined: &Examined<'_>, is_broken: impl Fn(&GeneralName) -> bool) -> Option<String> {
    let found = names(examined).iter().find(|name| is_broken(name));
    found.map(ToString::to_string)
}

fn dns(examined: &Examined<'_>, is_broken: impl Fn(&str) -> bool) -> Option<String> {
    any(
        examined,
        |name| matches!(name, GeneralName::Dns(text) if is_broken(text)),
    )
}

fn is_long(host: &str) -> bool {
    let (longest, longest_label) = LONGEST_HOST;
    host.len() > longest || host.split('.').any(|label| label.len() > longest_label)
}

fn has_odd_wildcard(host: &str) -> bool {
    host.strip_prefix("*.").unwrap_or(host).contains('*')
}

/// Whether a URI begins with a scheme and says something in it.
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, rest)| {
        let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(is_sound)
            && !rest.is_empty()
    })
}
