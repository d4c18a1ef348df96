//! The certificate itself: version, serial number, signature.

#[cfg(test)]
use super::sample::{self, Fixtures};
use super::{Rule, Scope, Severity, broken};
use crate::crypto::SignatureAlgorithm;
#[cfg(test)]
use crate::x509::SerialNumber;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "version-three",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.1",
        scope: Scope::Every,
        check: |examined| (examined.certificate.version() != 3).then(|| examined.certificate.version().to_string()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.octets.push((vec![0xa0, 3, 2, 1, 2], vec![0xa0, 3, 2, 1, 1])),
        },
    },
    Rule {
        name: "serial-number-positive",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.2",
        scope: Scope::Every,
        check: |examined| broken(!examined.certificate.serial().is_positive()),
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.octets.push((vec![0x02, 0x10, 0x42], vec![0x02, 0x10, 0xc2])),
        },
    },
    Rule {
        name: "serial-number-length",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.2",
        scope: Scope::Every,
        check: |examined| {
            let octets = examined.certificate.serial().as_bytes().len();
            (octets > LONGEST_SERIAL).then(|| octets.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| draft.serial = SerialNumber::from_content(&[1; 20]),
            bad: |draft| draft.serial = SerialNumber::from_content(&[1; 21]),
        },
    },
    Rule {
        name: "serial-number-unguessable",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.2; CA/Browser Forum BR section 7.1",
        scope: Scope::House,
        check: |examined| {
            let octets = examined.certificate.serial().as_bytes().len();
            (octets < SHORTEST_OWN_SERIAL).then(|| octets.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| draft.serial = SerialNumber::from_content(&[1; 15]),
        },
    },
    Rule {
        name: "signature-algorithm-trusted",
        severity: Severity::Error,
        clause: "RFC 9155 section 2; GB/T 20518",
        scope: Scope::Every,
        check: |examined| match SignatureAlgorithm::from_identifier(examined.certificate.signature_algorithm()) {
            Ok(algorithm) => (!algorithm.is_trusted()).then(|| algorithm.name().to_owned()),
            Err(error) => Some(error.to_string()),
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| {
                // ecdsa-with-SHA224 (RFC 5758 section 3.2).
                let with = |last| vec![0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, last];
                draft.octets.push((with(2), with(1)));
            },
        },
    },
];

/// Most octets of a serial number (RFC 5280 section 4.1.2.2).
const LONGEST_SERIAL: usize = 20;

/// Fewest octets of a serial number of ours, all random.
const SHORTEST_OWN_SERIAL: usize = 16;
