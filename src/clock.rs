//! The clock: time is an argument everywhere; this is the only place that reads it.

use std::sync::Mutex;
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset, SecondsFormat, SubsecRound, Utc};

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

/// The same instant as people in China read it.
pub fn beijing(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    match FixedOffset::east_opt(BEIJING_OFFSET_SECONDS) {
        Some(offset) => time.with_timezone(&offset),
        None => time.fixed_offset(),
    }
}
