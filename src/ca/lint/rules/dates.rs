//! When a certificate is valid.

#[cfg(test)]
use chrono::TimeDelta;
use chrono::{DateTime, Datelike, Utc};

#[cfg(test)]
use super::sample::{self, Fixtures};
use super::{Rule, Scope, Severity, broken};
use crate::asn1::{oid, walk};
use crate::clock::rfc3339;
use crate::x509::Certificate;
#[cfg(test)]
use crate::x509::Validity;

/// The rules of this family.
pub(super) static RULES: &[Rule] = &[
    Rule {
        name: "validity-order",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.5",
        scope: Scope::Every,
        check: |examined| {
            let validity = examined.certificate.validity();
            broken(validity.not_before >= validity.not_after)
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: sample::as_it_is,
            bad: |draft| draft.validity.not_after = draft.validity.not_before,
        },
    },
    Rule {
        name: "validity-within-issuer",
        severity: Severity::Error,
        clause: "GB/T 20518; the shell model of validity",
        scope: Scope::House,
        check: |examined| {
            let issuer = examined.issuer?.validity();
            let validity = examined.certificate.validity();
            let exceeds = !issuer.contains(validity.not_before) || !issuer.contains(validity.not_after);
            exceeds.then(|| rfc3339(issuer.not_after))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::own,
            good: sample::as_it_is,
            bad: |draft| draft.validity.not_after += TimeDelta::days(4000),
        },
    },
    Rule {
        name: "validity-length",
        severity: Severity::Warning,
        clause: "GB/T 20518",
        scope: Scope::Every,
        check: |examined| {
            let validity = examined.certificate.validity();
            let days = (validity.not_after - validity.not_before).num_days();
            (days > LONGEST_DAYS).then(|| days.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::authority,
            good: sample::as_it_is,
            bad: |draft| draft.validity.not_after = draft.validity.not_before + TimeDelta::days(LONGEST_DAYS + 1),
        },
    },
    Rule {
        name: "validity-of-tls-servers",
        severity: Severity::Warning,
        clause: "CA/Browser Forum BR section 6.3.2",
        scope: Scope::EndEntities,
        check: |examined| {
            let validity = examined.certificate.validity();
            let days = (validity.not_after - validity.not_before).num_days();
            let longest = longest_server_days(validity.not_before);
            (examined.serves(&oid::KP_SERVER_AUTH) && days > longest).then(|| days.to_string())
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::server,
            good: |draft| {
                draft.validity = Validity {
                    not_before: "2026-03-14T00:00:00Z".parse().unwrap(),
                    not_after: "2027-04-16T00:00:00Z".parse().unwrap(),
                }
            },
            bad: |draft| {
                draft.validity = Validity {
                    not_before: "2026-03-15T00:00:00Z".parse().unwrap(),
                    not_after: "2026-10-02T00:00:00Z".parse().unwrap(),
                }
            },
        },
    },
    Rule {
        name: "validity-encoding",
        severity: Severity::Error,
        clause: "RFC 5280 section 4.1.2.5",
        scope: Scope::Every,
        check: |examined| {
            let written = dates(examined.certificate)?;
            let validity = examined.certificate.validity();
            let years = [validity.not_before.year(), validity.not_after.year()];
            let wrong = |(tag, year): (u8, i32)| (tag == UTC_TIME) != (1950..2050).contains(&year);
            broken(written.into_iter().zip(years).any(wrong))
        },
        #[cfg(test)]
        fixtures: Fixtures {
            of: sample::organisation,
            good: |draft| {
                draft.validity = Validity {
                    not_before: "2049-12-31T23:59:59Z".parse().unwrap(),
                    not_after: "2050-01-01T00:00:00Z".parse().unwrap(),
                }
            },
            bad: |draft| {
                draft.validity = Validity {
                    not_before: "2049-01-01T00:00:00Z".parse().unwrap(),
                    not_after: "2050-01-01T00:00:00Z".parse().unwrap(),
                };
                draft.octets.push((b"20500101".to_vec(), b"20490102".to_vec()));
            },
        },
    },
];

/// Longest validity of any certificate, in days: thirty years and their leap days.
const LONGEST_DAYS: i64 = 30 * 365 + 8;

/// Longest validity of a server's certificate, in days, by the last day on which it was certified (CA/Browser Forum BR
/// section 6.3.2, as of ballot SC-081v3).
const LONGEST_SERVER_DAYS: [((i32, u32, u32), i64); 3] =
    [((2026, 3, 14), 398), ((2027, 3, 14), 200), ((2029, 3, 14), 100)];

/// The same for those certified later than all of these days.
const LONGEST_SERVER_DAYS_AT_LAST: i64 = 47;

/// Longest validity of a server's certificate, in days, that begins at that moment.
fn longest_server_days(not_before: DateTime<Utc>) -> i64 {
    let day = (not_before.year(), not_before.month(), not_before.day());
    let until = LONGEST_SERVER_DAYS.iter().find(|(last, _)| day <= *last);
    until.map_or(LONGEST_SERVER_DAYS_AT_LAST, |(_, days)| *days)
}

/// Identifier octet of `UTCTime`.
const UTC_TIME: u8 = 0x17;

/// Identifier octets of the two dates, as they are written.
fn dates(certificate: &Certificate) -> Option<[u8; 2]> {
    let signed = certificate.signed_part();
    let root = walk::element(signed, 0, signed.len()).ok()?;
    // version is tagged and DEFAULT v1; serial number, algorithm and issuer stand between.
    let place = if certificate.version() == 1 { 3 } else { 4 };
    let validity = walk::children(signed, root).nth(place)?;
    let mut dates = walk::children(signed, validity).map(|date| date.tag);
    Some([dates.next()?, dates.next()?])
}
