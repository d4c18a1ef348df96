//! The purpose of time stamping stands alone and critical.

#[cfg(test)]
use super::sample::Fixtures;
#[cfg(test)]
use super::sample::present;
use super::{Examined, Rule, Severity};
use crate::asn1::oid;

pub(super) static RULE: Rule = Rule {
    name: "time_stamping_purpose",
    clause: "RFC 3161 section 2.3",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |draft| draft.extensions.ext_key_usage = present(true, vec![oid::KP_TIME_STAMPING]),
        bad: |draft| draft.extensions.ext_key_usage = present(false, vec![oid::KP_TIME_STAMPING]),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let purposes = examined.certificate.extensions().ext_key_usage.as_ref()?;
    let stamps = purposes.value.contains(&oid::KP_TIME_STAMPING);
    (stamps && (purposes.value.len() > 1 || !purposes.critical))
        .then(|| "id-kp-timeStamping stands beside other purposes or is not critical".into())
}
