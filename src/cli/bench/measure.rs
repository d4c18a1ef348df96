//! What a benchmark counts: units, wall time, processor time of the whole process, each unit's latency, where the time
//! of a unit goes, and the largest memory.
//!
//! Processor time and memory come from the kernel's own account (`/proc`), so that work on any thread is counted.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

/// Clock ticks a second of `/proc/self/stat`: fixed at 100 for programs on Linux (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// The result of a benchmark, as it is printed.
#[derive(Debug, Serialize)]
pub(super) struct Measurement {
    /// Which work.
    pub(super) work: &'static str,
    /// Units done.
    pub(super) count: usize,
    /// Wall time in seconds.
    pub(super) wall_s: f64,
    /// Processor time of the process in seconds.
    pub(super) cpu_s: f64,
    /// Units a second of wall time.
    pub(super) per_second: f64,
    /// Processor time a unit in milliseconds.
    pub(super) cpu_ms_each: f64,
    /// Half of the units took no longer, in milliseconds.
    pub(super) p50_ms: f64,
    /// 99 of 100 units took no longer, in milliseconds.
    pub(super) p99_ms: f64,
    /// Largest resident memory of the process in MiB.
    pub(super) peak_rss_mib: f64,
    /// Time of one unit in milliseconds, by part.
    pub(super) parts_ms: BTreeMap<&'static str, f64>,
    /// Bytes of one unit's result, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bytes_each: Option<usize>,
}

/// A running benchmark.
pub(super) struct Stopwatch {
    started: Instant,
    cpu: f64,
    latencies: Vec<Duration>,
}

impl Stopwatch {
    /// Starts counting now.
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
            cpu: cpu_seconds(),
            latencies: Vec::new(),
        }
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Counts one unit that took this long.
    pub(super) fn unit(&mut self, latency: Duration) {
        self.latencies.push(latency);
    }

    /// The result.
    pub(super) fn finish(mut self, work: &'static str, parts_ms: BTreeMap<&'static str, f64>) -> Measurement {
        let wall_s = self.started.elapsed().as_secs_f64();
        let cpu_s = cpu_seconds() - self.cpu;
        self.latencies.sort_unstable();
        let count = self.latencies.len();
        let each = count.max(1) as f64;
        let quantile = |share: f64| {
            let index = ((count as f64 * share) as usize).min(count.saturating_sub(1));
            self.latencies
                .get(index)
                .map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
        };
        Measurement {
            work,
            count,
            wall_s,
            cpu_s,
            per_second: count as f64 / wall_s,
            cpu_ms_each: cpu_s * 1e3 / each,
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
            peak_rss_mib: peak_rss_mib(),
            parts_ms,
            bytes_each: None,
        }
    }
}

/// Runs each part alone many times and says what one run takes in milliseconds of this thread's processor time.
pub(super) fn parts_of<const N: usize>(
    rounds: usize,
    parts: [(&'static str, &mut dyn FnMut()); N],
) -> BTreeMap<&'static str, f64> {
    let time = |part: &mut dyn FnMut()| {
        let started = (Instant::now(), thread_cpu());
        (0..rounds).for_each(|_| part());
        let time = match started.1.zip(thread_cpu()) {
            Some((from, to)) => to.saturating_sub(from),
            None => started.0.elapsed(),
        };
        time.as_secs_f64() * 1e3 / rounds as f64
    };
    parts.into_iter().map(|(name, part)| (name, time(part))).collect()
}

/// Processor time of all threads of this process so far, in seconds (`proc_pid_stat(5)`: utime and stime).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, in parentheses, may hold spaces: count the fields behind it.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_PER_SECOND
}

/// Processor time of this thread so far (`/proc/thread-self/schedstat`, first field, nanoseconds); none where the
/// kernel does not count it.
fn thread_cpu() -> Option<Duration> {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = counted.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Largest resident memory of this process so far, in MiB (`proc_pid_status(5)`: VmHWM, in KiB).
fn peak_rss_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .next()
        .and_then(|kib| kib.parse::<f64>().ok())
        .unwrap_or_default()
        / 1024.0
}
