//! Every certificate that is not self-signed names its issuer's key.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "authority_key_identifier",
    clause: "RFC 5280 section 4.2.1.1",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.authority_key_identifier = None,
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let issuer = examined.issuer?;
    let Some(identifier) = &examined.certificate.extensions().authority_key_identifier else {
        return Some("authorityKeyIdentifier is absent".into());
    };
    let named = identifier.value.key_identifier.as_deref();
    (named != issuer.key_identifier()).then(|| "keyIdentifier is not the subjectKeyIdentifier of the issuer".into())
}
