//! Key usage is stated, critical, and only an authority signs certificates and lists.

#[cfg(test)]
use super::sample::Fixtures;
#[cfg(test)]
use super::sample::present;
use super::{Examined, Rule, Severity};
use crate::x509::KeyUsage;

pub(super) static RULE: Rule = Rule {
    name: "key_usage",
    clause: "RFC 5280 section 4.2.1.3",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.key_usage = present(true, KeyUsage::KEY_CERT_SIGN),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let Some(usage) = &examined.certificate.extensions().key_usage else {
        return Some("keyUsage is absent".into());
    };
    if !usage.critical {
        return Some("keyUsage is not critical".into());
    }
    let fits = if examined.certificate.is_ca() {
        usage.value.contains(KeyUsage::KEY_CERT_SIGN)
    } else {
        !usage.value.is_empty() && !usage.value.intersects(KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN)
    };
    (!fits).then(|| {
        format!(
            "keyUsage is \"{}\", cA is {}",
            usage.value,
            examined.certificate.is_ca()
        )
    })
}
