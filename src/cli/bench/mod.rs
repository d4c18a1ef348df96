//! `yinxin bench`: what a unit of work costs on this machine, as one JSON object.

mod authority;
mod issue;
mod measure;
mod office;
mod path;
mod qr;
mod sample;
mod sign;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::bench::measure::Measurement;
use crate::cli::error::CliError;
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::cli::suite::suite;
use crate::problem::Problem;
use crate::service::sealings::Level;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Work {
    /// Issuing a licence whole, durable.
    Issue,
    /// Signing a one-page PDF, PAdES B-B or B-LT, P-256.
    Sign,
    /// Verifying one of our licences or a signed page, with warm caches.
    Verify,
    /// Judging a path of four certificates.
    Path,
    /// Verifying the text of a printed code.
    Qr,
    /// Issuing certificates, durable.
    Certificates,
    /// Answers about the status of certificates, without the network.
    Ocsp,
    /// A revocation list of 100,000 entries.
    Crl,
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which work
    #[arg(value_enum)]
    work: Work,
    /// How many units; as many as fit into the seconds where it is left out
    #[arg(long)]
    count: Option<usize>,
    /// How long it goes on, in seconds, where no count is given
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Suite: international or national
    #[arg(long, default_value = "international")]
    suite: String,
    /// For `sign`, and `verify` of a page: level of the signature; b-lt for `verify` where it is left out
    #[arg(long, value_parser = ["b-b", "b-lt"], default_value = "b-b", default_value_if("work", "verify", "b-lt"))]
    level: String,
    /// For `sign`: a PDF to sign in place of the built-in page
    #[arg(long)]
    file: Option<PathBuf>,
    /// For `verify`: what is verified
    #[arg(long, value_enum, default_value = "licence")]
    document: verify::Kind,
    /// For `verify` of a page: how often it is signed
    #[arg(long, default_value_t = 1)]
    signatures: usize,
    /// For `verify` of a page: mebibytes of a picture on it; it is then read from a file, and beside it hashed once
    #[arg(long, default_value_t = 0)]
    mebibytes: u64,
    /// For `path`, `sign` and `verify`: folder in which to leave what was worked on: certificates and lists, page.pdf,
    /// or licence.pdf or signed.pdf with roots.pem
    #[arg(long)]
    keep: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
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

fn of_works(works: &str) -> Problem {
    Problem::new("bench-option").param("works", works)
}

pub(super) async fn run(arguments: Arguments) -> CliResult {
    let extent = Extent {
        count: arguments.count,
        time: Duration::from_secs(arguments.seconds),
    };
    let suite = suite(&arguments.suite)?;
    let level = Level::from_name(&arguments.level).unwrap_or(Level::B);
    let (file, keep) = (arguments.file.as_deref(), arguments.keep.as_deref());
    match (arguments.work, file, keep) {
        (work, Some(_), _) if work != Work::Sign => {
            return Err(CliError::wrong("--file", of_works("sign")));
        }
        (work, _, Some(_)) if !matches!(work, Work::Sign | Work::Verify | Work::Path) => {
            return Err(CliError::wrong("--keep", of_works("path, sign, verify")));
        }
        _ => {}
    }
    let measurement = match arguments.work {
        Work::Issue => issue::run(extent, suite).await?,
        Work::Path => path::run(extent, suite, keep)?,
        Work::Sign => sign::run(extent, suite, level, file, keep)?,
        Work::Verify => {
            let subject = verify::Subject {
                kind: arguments.document,
                level,
                signatures: arguments.signatures,
                mebibytes: arguments.mebibytes,
            };
            verify::run(extent, suite, subject, keep).await?
        }
        Work::Qr => qr::run(extent, suite).await?,
        Work::Certificates => authority::certificates(extent, suite).await?,
        Work::Ocsp => authority::ocsp(extent, suite).await?,
        Work::Crl => authority::crl(extent, suite)?,
    };
    arguments.output.print(&measurement, || words(&measurement));
    Ok(ExitCode::SUCCESS)
}

/// Leaves a file in the folder of `--keep`.
fn leave(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), CliError> {
    std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(CliError::file(&path))
}

/// A measurement in a few lines; its parts by their names in the program.
fn words(measurement: &Measurement) -> String {
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
    let params = [
        ("work", (*work).to_owned()),
        ("count", count.to_string()),
        ("rate", format!("{per_second:.0}")),
        ("cpu", format!("{cpu_ms_each:.3}")),
        ("half", format!("{p50_ms:.3}")),
        ("most", format!("{p99_ms:.3}")),
        ("memory", format!("{peak_rss_mib:.0}")),
    ];
    let params = params.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut lines = vec![
        say("cli-bench-rate", &params),
        format!("  {}", say("cli-bench-latency", &params)),
    ];
    let parts = measurement.parts_ms.iter();
    lines.extend(parts.map(|(part, time)| format!("  {part:<24} {time:.3} ms")));
    lines.join("\n")
}
