//! Only an authority that may sign certificates issues one.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};
use crate::x509::KeyUsage;

pub(super) static RULE: Rule = Rule {
    name: "issuer_is_authority",
    clause: "RFC 5280 section 4.2.1.9",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.issued_by_end_entity = true,
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let issuer = examined.issuer?;
    let may_sign = issuer.is_ca() && issuer.allows(KeyUsage::KEY_CERT_SIGN);
    (!may_sign).then(|| format!("the issuer {} may not sign certificates", issuer.subject()))
}
