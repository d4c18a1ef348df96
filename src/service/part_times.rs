//! Where the time of issuing goes: nanoseconds spent in each part, summed over all licences of this process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The parts of issuing a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Checking the application and that it fits the face.
    Validate,
    /// Record, verification code, printed code.
    Credential,
    /// Filling the face.
    Face,
    /// Seal, signature, time stamp.
    Sign,
    /// Encrypting what is personal, the event.
    Record,
    /// Waiting until the transaction is durable.
    Store,
}

impl Part {
    /// All, in their order.
    pub const ALL: [Self; 6] = [
        Self::Validate,
        Self::Credential,
        Self::Face,
        Self::Sign,
        Self::Record,
        Self::Store,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Credential => "credential",
            Self::Face => "face",
            Self::Sign => "sign",
            Self::Record => "record",
            Self::Store => "store-wait",
        }
    }
}

/// The sums.
#[derive(Debug, Default)]
pub struct PartTimes([AtomicU64; Part::ALL.len()]);

impl PartTimes {
    /// Runs a part and adds its time.
    pub(super) fn time<T>(&self, part: Part, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        self.add(part, started);
        result
    }

    /// Adds the time since `started`.
    pub(super) fn add(&self, part: Part, started: Instant) {
        let nanoseconds = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.0[part as usize].fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Milliseconds spent in a part so far.
    pub fn milliseconds(&self, part: Part) -> f64 {
        self.0[part as usize].load(Ordering::Relaxed) as f64 / 1e6
    }
}
