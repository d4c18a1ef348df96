//! What ties a certificate to its issuer and its key: names and key identifiers.

#[cfg(test)]
use super::sample::{self, Fixtures, present};
use super::{Rule, Scope, Severity, broken, misflagged};
use crate::x509::KeyUsage;
#[cfg(test)]
use crate::x509::{AuthorityKeyIdentifier, GeneralName};

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "issuer-name",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.4",
        scope: Scope::Every,
        check: |examined| broken(examined.certificate.issuer().is_empty()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::orphan,
            good: sample::as_it_is,
            bad: |draft| draft.issuer = sample::name(&[]),
        },
    },
    Rule {
        name: "issuer-name-of-issuer",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.6",
        scope: Scope::Issued,
        check: |examined| {
            let expected = examined.issuer?.subject();
            (examined.certificate.issuer().der() != expected.der()).then(|| expected.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.issuer = draft.subject.clone(),
        },
    },
    Rule {
        name: "issuer-is-authority",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.9",
        scope: Scope::Issued,
        check: |examined| {
            let issuer = examined.issuer?;
            let may_sign = issuer.is_ca() && issuer.allows(KeyUsage::KEY_CERT_SIGN);
            (!may_sign).then(|| issuer.subject().to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.issued_by = Some(sample::server_certificate()),
        },
    },
    Rule {
        name: "authority-key-identifier",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.1",
        scope: Scope::Every,
        check: |examined| {
            let absent = examined.certificate.extensions().authority_key_identifier.is_none();
            broken(absent && !examined.certificate.is_self_issued())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.authority_key_identifier = None,
        },
    },
    Rule {
        name: "authority-key-identifier-of-issuer",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.1",
        scope: Scope::Issued,
        check: |examined| {
            let named = examined.certificate.extensions().authority_key_identifier.as_ref()?;
            let (named, issuer) = (named.value.key_identifier.as_ref()?, examined.issuer?.key_identifier()?);
            broken(named != issuer)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                draft.extensions.authority_key_identifier = present(
                    false,
                    AuthorityKeyIdentifier {
                        key_identifier: Some(vec![1; 20]),
                        ..Default::default()
                    },
                )
            },
        },
    },
    Rule {
        name: "authority-key-identifier-names-a-key",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.1",
        scope: Scope::Every,
        check: |examined| {
            let found = examined.certificate.extensions().authority_key_identifier.as_ref()?;
            broken(found.value.key_identifier.is_none() && !examined.certificate.is_self_issued())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.authority_key_identifier = present(false, AuthorityKeyIdentifier::default()),
        },
    },
    Rule {
        name: "authority-key-identifier-pair",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.1",
        scope: Scope::Every,
        check: |examined| {
            let found = &examined
                .certificate
                .extensions()
                .authority_key_identifier
                .as_ref()?
                .value;
            broken(found.issuer.is_empty() != found.serial.is_none())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                let issuer = GeneralName::Directory(sample::root().subject().clone());
                let identifier = &mut draft.extensions.authority_key_identifier.as_mut().unwrap().value;
                identifier.issuer = vec![issuer];
                identifier.serial = Some(sample::root().serial().clone());
            },
            bad: |draft| {
                let issuer = GeneralName::Directory(sample::root().subject().clone());
                draft.extensions.authority_key_identifier.as_mut().unwrap().value.issuer = vec![issuer];
            },
        },
    },
    Rule {
        name: "authority-key-identifier-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.1",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().authority_key_identifier, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.authority_key_identifier.as_mut().unwrap().critical = true,
        },
    },
    Rule {
        name: "subject-key-identifier-of-authorities",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.2",
        scope: Scope::Authorities,
        check: |examined| broken(examined.certificate.key_identifier().is_none()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.subject_key_identifier = None,
        },
    },
    Rule {
        name: "subject-key-identifier-of-end-entities",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.2",
        scope: Scope::EndEntities,
        check: |examined| broken(examined.certificate.key_identifier().is_none()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.subject_key_identifier = None,
        },
    },
    Rule {
        name: "subject-key-identifier-length",
        severity: Severity::Warning,
        clause: "RFC 5280 section 4.2.1.2; RFC 7093 section 2",
        scope: Scope::Every,
        check: |examined| {
            let octets = examined.certificate.key_identifier()?.len();
            (!KEY_IDENTIFIER_OCTETS.contains(&octets)).then(|| octets.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.extensions.subject_key_identifier = present(false, vec![1; 8]),
            bad: |draft| draft.extensions.subject_key_identifier = present(false, vec![1; 7]),
        },
    },
    Rule {
        name: "subject-key-identifier-criticality",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.2.1.2",
        scope: Scope::Every,
        check: |examined| misflagged(&examined.certificate.extensions().subject_key_identifier, false),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.extensions.subject_key_identifier.as_mut().unwrap().critical = true,
        },
    },
];

/// Lengths of a key identifier: from half of a truncated digest (RFC 5280 section 4.2.1.2 method 2) to the longest
/// digest.
const KEY_IDENTIFIER_OCTETS: std::ops::RangeInclusive<usize> = 8..=64;
