//! The credit code of an organisation stands in its extension and, the same, in organizationIdentifier.

#[cfg(test)]
use super::sample::Fixtures;
#[cfg(test)]
use super::sample::present;
use super::{Examined, Rule, Severity};
use crate::asn1::oid;
use crate::x509::CREDIT_CODE_PREFIX;

pub(super) static RULE: Rule = Rule {
    name: "credit_code",
    clause: "GM/T 0015; ETSI EN 319 412-1 section 5.1.4",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.credit_code = present(false, "11350100M000100Y44".to_owned()),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let certificate = examined.certificate;
    let extension = certificate
        .extensions()
        .credit_code
        .as_ref()
        .map(|code| code.value.as_str());
    let identifier = certificate.subject().text(&oid::ORGANIZATION_IDENTIFIER);
    let named = identifier.map(|text| text.strip_prefix(CREDIT_CODE_PREFIX).unwrap_or(text));
    (extension != named).then(|| {
        let shown = |code: Option<&str>| code.unwrap_or("absent").to_owned();
        format!(
            "the extension is {}, organizationIdentifier is {}",
            shown(extension),
            shown(named)
        )
    })
}
