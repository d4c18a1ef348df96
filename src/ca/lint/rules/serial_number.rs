//! The serial number is positive and has 16 to 20 octets.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};
#[cfg(test)]
use crate::x509::SerialNumber;

pub(super) static RULE: Rule = Rule {
    name: "serial_number",
    clause: "RFC 5280 section 4.1.2.2",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.serial = SerialNumber::from_content(&[1; 15]),
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    let serial = examined.certificate.serial();
    // At least 16 octets leave room for 64 bits and more of randomness; the standard allows 20 at most.
    let octets = serial.as_bytes().len();
    (!serial.is_positive() || !(16..=20).contains(&octets))
        .then(|| format!("serial number {serial} is not positive with 16 to 20 octets"))
}
