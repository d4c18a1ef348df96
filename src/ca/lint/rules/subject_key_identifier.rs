//! The certificate identifies its subject's key.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "subject_key_identifier",
    clause: "RFC 5280 section 4.2.1.2",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.subject_key_identifier = None,
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    examined
        .certificate
        .key_identifier()
        .is_none_or(|identifier| identifier.is_empty() || identifier.len() > 20)
        .then(|| "subjectKeyIdentifier is absent or longer than 20 octets".into())
}
