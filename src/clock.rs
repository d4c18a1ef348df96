//! The clock: time is an argument everywhere; this is the only place that reads it.

use std::sync::Mutex;
use std::time::SystemTime;

use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat, SubsecRound, TimeDelta, Utc};

/// Where the present time comes from. Not required to be monotonic.
pub trait Clock: Send + Sync {
    /// The present time.
    fn now(&self) -> DateTime<Utc>;
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }
}

/// A clock that is set by hand: for tests, rehearsals, and judging as of another time.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime<Utc>>);

impl ManualClock {
    /// A clock that stands at `time` until it is set.
    pub fn at(time: DateTime<Utc>) -> Self {
        Self(Mutex::new(time))
    }

    /// Moves the clock, forwards or back.
    pub fn set(&self, time: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = time;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// An instant as messages and files write it: UTC, in whole seconds (RFC 3339).
pub fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The whole second in which an instant lies: signed lists know no fractions.
pub fn whole_second(time: DateTime<Utc>) -> DateTime<Utc> {
    time.trunc_subsecs(0)
}

/// Seconds that Beijing time is ahead of UTC; China has one zone and no daylight saving time.
const BEIJING_OFFSET_SECONDS: i32 = 8 * 3600;

/// A text is no instant that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the years 1 to 9999 such as 2026-03-05T16:00:00+08:00 (RFC 3339)")]
pub struct NotAnInstant;

/// Reads an instant as people and files write it (RFC 3339), of the years that certificates and lists can write
/// (X.680 clause 46): 1 to 9999.
///
/// # Errors
/// When it is none of these.
pub fn instant(text: &str) -> Result<DateTime<Utc>, NotAnInstant> {
    let time: DateTime<Utc> = text.parse().map_err(|_| NotAnInstant)?;
    (1..=9999).contains(&time.year()).then_some(time).ok_or(NotAnInstant)
}

/// The same instant as people in China read it; one at the end of what is counted is brought within it.
pub fn beijing(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    let day = TimeDelta::days(1);
    let time = time.clamp(DateTime::<Utc>::MIN_UTC + day, DateTime::<Utc>::MAX_UTC - day);
    match FixedOffset::east_opt(BEIJING_OFFSET_SECONDS) {
        Some(offset) => time.with_timezone(&offset),
        None => time.fixed_offset(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_that_nobody_can_write_is_refused_and_breaks_nothing() {
        assert!(instant("2026-11-23T08:00:00+08:00").is_ok());
        for wrong in ["+262142-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "2026-11-23", ""] {
            assert!(instant(wrong).is_err(), "{wrong}");
        }
        for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            assert!(!beijing(end).to_rfc3339().is_empty());
        }
    }
}
