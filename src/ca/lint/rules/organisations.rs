//! What GM/T 0015 and our own licences add about organisations.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Rule, Scope, Severity, broken, misflagged};
use crate::asn1::oid;
#[cfg(test)]
use crate::asn1::write;
use crate::licence::credit_code::CreditCode;
use crate::licence::type_code::TypeCode;
use crate::x509::CREDIT_CODE_PREFIX;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "credit-code-twice-the-same",
        severity: Severity::Error,
        clause: "GM/T 0015; ETSI EN 319 412-1 section 5.1.4",
        scope: Scope::HouseSubjects,
        check: |examined| {
            let certificate = examined.certificate;
            let extension = certificate
                .extensions()
                .credit_code
                .as_ref()
                .map(|code| code.value.as_str());
            let identifier = certificate.subject().text(&oid::ORGANIZATION_IDENTIFIER);
            let named = identifier.map(|text| text.strip_prefix(CREDIT_CODE_PREFIX).unwrap_or(text));
            (extension != named).then(|| identifier.unwrap_or_default().to_owned())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.credit_code = present(false, "11100000000013338W".to_owned()),
        },
    },
    Rule {
        name: "credit-code-form",
        severity: Severity::Error,
        clause: "GB 32100; GM/T 0015",
        scope: Scope::House,
        check: |examined| {
            let code = &examined.certificate.extensions().credit_code.as_ref()?.value;
            code.parse::<CreditCode>().is_err().then(|| code.clone())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| {
                draft.subject = sample::organisation_name("11159900MB0000211A");
                draft.extensions.credit_code = present(false, "11159900MB0000211A".to_owned());
            },
        },
    },
    Rule {
        name: "credit-code-criticality",
        severity: Severity::Error,
        clause: "GM/T 0015",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().credit_code, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.credit_code = present(false, "11159900MB0000211R".to_owned()),
            bad: |draft| draft.extensions.credit_code = present(true, "11159900MB0000211R".to_owned()),
        },
    },
    Rule {
        name: "credit-code-of-seal-signers",
        severity: Severity::Error,
        clause: "GB/T 38540; GM/T 0015",
        scope: Scope::House,
        check: |examined| {
            let policies = &examined.certificate.extensions().certificate_policies.as_ref()?.value;
            let signs = !examined.certificate.is_ca() && !examined.serves(&oid::KP_SEAL_MAKING);
            let seals = signs && policies.contains(&oid::GOVERNMENT_SEAL_POLICY);
            broken(seals && examined.certificate.credit_code().is_none())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.credit_code = None;
                draft.subject = sample::name(&[
                    (oid::COUNTRY_NAME, write::PRINTABLE_STRING, "CN"),
                    (oid::COMMON_NAME, write::UTF8_STRING, "某单位"),
                ]);
            },
        },
    },
    Rule {
        name: "licence-types-form",
        severity: Severity::Error,
        clause: "GB/T 36904",
        scope: Scope::Every,
        check: |examined| {
            let mut codes = examined.certificate.licence_types().iter();
            codes.find(|code| code.parse::<TypeCode>().is_err()).cloned()
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: |draft| draft.extensions.licence_types = present(false, vec!["11100000000013338W011".to_owned()]),
            bad: |draft| draft.extensions.licence_types = present(false, vec!["licence".to_owned()]),
        },
    },
    Rule {
        name: "licence-types-of-organisations",
        severity: Severity::Error,
        clause: "GM/T 0015",
        scope: Scope::Every,
        check: |examined| {
            let some = !examined.certificate.licence_types().is_empty();
            broken(some && examined.certificate.credit_code().is_none())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::client,
            good: |draft| {
                draft.extensions.credit_code = present(false, "11159900MB0000211R".to_owned());
                draft.extensions.licence_types = present(false, vec!["11100000000013338W011".to_owned()]);
            },
            bad: |draft| draft.extensions.licence_types = present(false, vec!["11100000000013338W011".to_owned()]),
        },
    },
    Rule {
        name: "licence-types-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().licence_types, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: |draft| draft.extensions.licence_types = present(false, vec!["11100000000013338W011".to_owned()]),
            bad: |draft| draft.extensions.licence_types = present(true, vec!["11100000000013338W011".to_owned()]),
        },
    },
];
