//! The attributes of the subject, and how they are written.

use super::{Examined, Rule, Scope, Severity, broken};
use der::asn1::ObjectIdentifier;

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use crate::asn1::{oid, walk, write};
#[cfg(test)]
use crate::x509::GeneralName;
use crate::x509::build::upper_bound;
use crate::x509::{AttributeValue, Name};

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "subject-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.6",
        scope: Scope::Authorities,
        check: |examined| broken(examined.certificate.subject().is_empty()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.subject = sample::name(&[]),
        },
    },
    Rule {
        name: "subject-or-critical-alternative",
        severity: Severity::Error,
        clause: "RFC 5280 sections 4.1.2.6 and 4.2.1.6",
        scope: Scope::EndEntities,
        check: |examined| {
            let alternatives = examined.certificate.extensions().subject_alt_name.as_ref();
            let nameless = examined.certificate.subject().is_empty();
            broken(nameless && !alternatives.is_some_and(|names| names.critical))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[]);
                draft.extensions.subject_alt_name = present(true, vec![GeneralName::Dns("www.example.org".into())]);
            },
            bad: |draft| draft.subject = sample::name(&[]),
        },
    },
    Rule {
        name: "subject-of-ours",
        severity: Severity::Error,
        clause: "GB/T 20518",
        scope: Scope::HouseSubjects,
        check: |examined| {
            let subject = examined.certificate.subject();
            let has_country = subject.text(&oid::COUNTRY_NAME).is_some();
            (!has_country || subject.common_name().is_none()).then(|| subject.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own_client,
            good: sample::as_it_is,
            bad: |draft| draft.subject = sample::name(&[(oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN")]),
        },
    },
    Rule {
        name: "country-code",
        severity: Severity::Error,
        clause: "RFC 5280 appendix A.1; GB/T 2659",
        scope: Scope::Every,
        check: |examined| {
            let country = examined.certificate.subject().text(&oid::COUNTRY_NAME)?;
            let sound = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
            (!sound).then(|| country.to_owned())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "cn"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
        },
    },
    Rule {
        name: "country-string",
        severity: Severity::Warning,
        clause: "RFC 5280 appendix A.1; GB/T 20518",
        scope: Scope::Every,
        check: |examined| {
            let mut strings = strings(examined.certificate.subject());
            broken(strings.any(|string| string.is_of(&oid::COUNTRY_NAME) && string.tag != write::PRINTABLE_STRING))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::UTF8_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
        },
    },
    Rule {
        name: "subject-strings",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.1.2.4",
        scope: Scope::Every,
        check: |examined| {
            let directory = |string: &WrittenString| DIRECTORY_STRINGS.iter().any(|oid| string.is_of(oid));
            let modern = |string: &WrittenString| matches!(string.tag, write::PRINTABLE_STRING | write::UTF8_STRING);
            let mut strings = strings(examined.certificate.subject());
            broken(strings.any(|string| directory(&string) && !modern(&string)))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, TELETEX_STRING, "x"),
                ])
            },
        },
    },
    Rule {
        name: "printable-characters",
        severity: Severity::Error,
        clause: "X.680 clause 41.4; RFC 5280 appendix B",
        scope: Scope::Every,
        check: |examined| {
            let odd = |string: &WrittenString| {
                string.tag == write::PRINTABLE_STRING && !string.content.iter().all(is_printable)
            };
            let mut strings = strings(examined.certificate.subject());
            let found = strings.find(odd)?;
            Some(String::from_utf8_lossy(found.content).into_owned())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::PRINTABLE_STRING, "a (b)"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::PRINTABLE_STRING, "a_b"),
                ])
            },
        },
    },
    Rule {
        name: "subject-text-length",
        severity: Severity::Error,
        clause: "RFC 5280 appendix A.1",
        scope: Scope::Every,
        check: |examined| {
            attribute(examined, |oid, text| {
                let characters = text.chars().count();
                BOUNDED.contains(&oid) && characters > upper_bound(&oid)
            })
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, &"长".repeat(64)),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, &"长".repeat(65)),
                ])
            },
        },
    },
    Rule {
        name: "subject-text-not-empty",
        severity: Severity::Error,
        clause: "RFC 5280 appendix A.1",
        scope: Scope::Every,
        check: |examined| attribute(examined, |_, text| text.is_empty()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, ""),
                ])
            },
        },
    },
    Rule {
        name: "subject-text-trimmed",
        severity: Severity::Warning,
        clause: "RFC 5280 section 7.1",
        scope: Scope::Every,
        check: |examined| attribute(examined, |_, text| text.trim_matches(' ') != text),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某 单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位 "),
                ])
            },
        },
    },
    Rule {
        name: "subject-text-controls",
        severity: Severity::Error,
        clause: "RFC 5280 section 7.1; RFC 4518 section 2.4",
        scope: Scope::Every,
        check: |examined| attribute(examined, |_, text| text.chars().any(char::is_control)),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某\u{7}单位"),
                ])
            },
        },
    },
    Rule {
        name: "subject-attributes-once",
        severity: Severity::Warning,
        clause: "X.520; RFC 5280 section 4.1.2.6",
        scope: Scope::Every,
        check: |examined| {
            let subject = examined.certificate.subject();
            let count = |oid| subject.attributes().filter(|one| one.oid == oid).count();
            SINGLE
                .into_iter()
                .find(|oid| count(*oid) > 1)
                .map(|oid| oid.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某局"),
                ])
            },
        },
    },
    Rule {
        name: "subject-without-mailbox",
        severity: Severity::Notice,
        clause: "RFC 5280 section 4.1.2.6",
        scope: Scope::Every,
        check: |examined| {
            examined
                .certificate
                .subject()
                .text(&oid::EMAIL_ADDRESS)
                .map(str::to_owned)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ])
            },
            bad: |draft| {
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                    (oid::EMAIL_ADDRESS, write::IA5_STRING, "a@example.org"),
                ])
            },
        },
    },
];

/// Attributes that are a choice of string types.
const DIRECTORY_STRINGS: [ObjectIdentifier; 5] = [
    oid::COMMON_NAME,
    oid::LOCALITY_NAME,
    oid::ORGANIZATION_NAME,
    oid::ORGANIZATIONAL_UNIT_NAME,
    oid::STATE_OR_PROVINCE_NAME,
];

/// Attributes that the standard bounds; the length of a country is its code's.
const BOUNDED: [ObjectIdentifier; 6] = [
    oid::COMMON_NAME,
    oid::LOCALITY_NAME,
    oid::ORGANIZATION_NAME,
    oid::ORGANIZATIONAL_UNIT_NAME,
    oid::SERIAL_NUMBER,
    oid::STATE_OR_PROVINCE_NAME,
];

/// Attributes of which a subject has one.
const SINGLE: [ObjectIdentifier; 3] = [oid::COMMON_NAME, oid::COUNTRY_NAME, oid::ORGANIZATION_IDENTIFIER];

/// Identifier octet of `TeletexString`.
#[cfg(test)]
const TELETEX_STRING: u8 = 0x14;

/// The first attribute of the subject whose text is wrong.
fn attribute(examined: &Examined<'_>, is_broken: impl Fn(ObjectIdentifier, &str) -> bool) -> Option<String> {
    let mut attributes = examined.certificate.subject().attributes();
    let text = attributes.find_map(|one| match &one.value {
        AttributeValue::Text(text) if is_broken(one.oid, text) => Some(text),
        _ => None,
    });
    text.cloned()
}

/// The value of an attribute as it is written.
struct WrittenString<'a> {
    oid: &'a [u8],
    tag: u8,
    content: &'a [u8],
}

impl WrittenString<'_> {
    fn is_of(&self, oid: &ObjectIdentifier) -> bool {
        self.oid == oid.as_bytes()
    }
}

/// The values of a name as they are written.
fn strings(name: &Name) -> impl Iterator<Item = WrittenString<'_>> {
    let der = name.der();
    let root = walk::element(der, 0, der.len()).ok();
    let sets = root.into_iter().flat_map(move |root| walk::children(der, root));
    let pairs = sets.flat_map(move |set| walk::children(der, set));
    pairs.filter_map(move |pair| {
        let mut parts = walk::children(der, pair);
        let (oid, value) = (parts.next()?, parts.next()?);
        Some(WrittenString {
            oid: oid.value(der),
            tag: value.tag,
            content: value.value(der),
        })
    })
}

/// Whether `PrintableString` has the character.
fn is_printable(octet: &u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(octet)
}
