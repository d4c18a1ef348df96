//! The subject's key is of a kind that a signature may rest on.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "key_strength",
    clause: "RFC 5280 section 4.1.2.7; GB/T 20518",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| {
            // The last octet of the curve's identifier: P-256 becomes a curve that nobody knows.
            draft.public_key_info[22] ^= 0x40;
        },
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    match examined.certificate.public_key() {
        Err(error) => Some(error.to_string()),
        Ok(key) => (!key.kind().is_trusted()).then(|| format!("a key of kind {} is too weak", key.kind())),
    }
}
