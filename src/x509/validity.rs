//! The period for which a certificate is issued (RFC 5280 section 4.1.2.5).

use chrono::{DateTime, SubsecRound, Utc};
use x509_parser::time::ASN1Time;

/// First and last moment at which a certificate is valid, both included. Dates before 1970 and after 2050 are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// `notBefore`.
    pub not_before: DateTime<Utc>,
    /// `notAfter`.
    pub not_after: DateTime<Utc>,
}

impl Validity {
    /// Whether `time` lies in the period, its ends included.
    pub fn contains(&self, time: DateTime<Utc>) -> bool {
        !self.begins_after(time) && !self.ends_before(time)
    }

    /// Whether it has not begun at `time`.
    pub fn begins_after(&self, time: DateTime<Utc>) -> bool {
        time < self.not_before
    }

    /// Whether it is over at `time`. The last second counts to its end: certificates know no fractions.
    pub fn ends_before(&self, time: DateTime<Utc>) -> bool {
        time.trunc_subsecs(0) > self.not_after
    }
}

/// A date as read, in whole seconds.
pub(super) fn from_asn1(time: ASN1Time) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.timestamp(), 0)
}
