//! `yinxin bench`: what a unit of work costs on this machine, as one JSON object.

mod issue;
mod measure;
mod qr;
mod sample;
mod sign;
mod verify;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::bench::measure::Measurement;
use crate::cli::output::{CliResult, json, line};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Work {
    /// Issuing a licence whole, durable.
    Issue,
    /// Signing a one-page PDF, PAdES B-B, P-256.
    Sign,
    /// Verifying one of our licences, with warm caches.
    Verify,
    /// Verifying the text of a printed code.
    Qr,
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which work
    #[arg(value_enum)]
    work: Work,
    /// Units; as many as fit into the seconds where it is left out
    #[arg(long)]
    count: Option<usize>,
    /// Seconds
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Suite: international or national
    #[arg(long, default_value = "international")]
    suite: String,
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// For `sign`: a PDF to sign in place of the built-in page; for `verify`: keep the file that is verified
    #[arg(long)]
    file: Option<std::path::PathBuf>,
}

/// When a benchmark ends.
#[derive(Debug, Clone, Copy)]
struct Extent {
    count: Option<usize>,
    time: Duration,
}

impl Extent {
    /// Whether another unit is due.
    fn goes_on(self, done: usize, elapsed: Duration) -> bool {
        self.count.map_or(elapsed < self.time, |count| done < count)
    }
}

pub(super) async fn run(arguments: Arguments) -> CliResult {
    let extent = Extent {
        count: arguments.count,
        time: Duration::from_secs(arguments.seconds),
    };
    let suite = sample::suite(&arguments.suite)?;
    let measurement = match arguments.work {
        Work::Issue => issue::run(extent, suite).await?,
        Work::Sign => sign::run(extent, suite, arguments.file.as_deref())?,
        Work::Verify => verify::run(extent, suite, arguments.file.as_deref()).await?,
        Work::Qr => qr::run(extent, suite).await?,
    };
    match arguments.json {
        true => json(&measurement),
        false => describe(&measurement),
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(measurement: &Measurement) {
    let Measurement {
        work,
        count,
        per_second,
        cpu_ms_each,
        p50_ms,
        p99_ms,
        peak_rss_mib,
        ..
    } = measurement;
    line(&format!(
        "{work}: {count} units, {per_second:.0} a second, {cpu_ms_each:.3} ms processor time each"
    ));
    line(&format!(
        "  half within {p50_ms:.3} ms, 99 % within {p99_ms:.3} ms; {peak_rss_mib:.0} MiB"
    ));
    for (part, time) in &measurement.parts_ms {
        line(&format!("  {part:<24} {time:.3} ms"));
    }
}
