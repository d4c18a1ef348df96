//! `yinxin verify`: the verdict on PDF files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;

use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliError, CliResult, OutputArguments, path_words, say, sentence};
use crate::cli::replay::{Earlier, Replayed};
use crate::cli::trust_folder::{self, Trust};
use crate::clock::rfc3339;
use crate::clock::{Clock, SystemClock};
use crate::licence::standing::Standing;
use crate::pdf::FileSource;
use crate::trust::list::StalePolicy;
use crate::verify::{Conclusion, Context, Report, document};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// PDF files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Certificate file, or folder of certificates, revocation lists (.crl), status responses (.ors) and status
    /// lists of seals (.p7m), with a recognition
    /// list (trust.jws and trust.pin) or without; without a folder the instance's own are trusted
    #[arg(long)]
    trust: Option<PathBuf>,
    /// The time as of which to judge, RFC 3339, in place of now; the register, which knows the present alone, is not asked
    #[arg(long)]
    time: Option<DateTime<Utc>>,
    /// Judge one file as of the time of this earlier report (JSON), and say whether the same comes out
    #[arg(long, value_name = "REPORT", conflicts_with = "time")]
    replay: Option<PathBuf>,
    /// Do not ask the register either: judge the file by itself
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    output: OutputArguments,
    /// Count files with permitted later changes as good
    #[arg(long)]
    allow_permitted: bool,
    /// Count licences whose present state is not known as good
    #[arg(long)]
    allow_unknown_state: bool,
    /// Rely on a recognition list that was to be replaced already, and say so
    #[arg(long)]
    allow_stale_list: bool,
    #[command(flatten)]
    instance: InstanceArguments,
}

pub(super) async fn run(mut arguments: Arguments) -> CliResult {
    let earlier = arguments.replay.as_deref().map(Earlier::read).transpose()?;
    if let Some(earlier) = &earlier {
        arguments.time = Some(earlier.time);
        if let [_, second, ..] = arguments.files.as_slice() {
            return Err(CliError::value("file", second.display(), "a report is of one file"));
        }
    }
    let reports = match &arguments.trust {
        Some(trust) => {
            let time = arguments.time.unwrap_or_else(|| SystemClock.now());
            let stale = match arguments.allow_stale_list {
                true => StalePolicy::Warn,
                false => StalePolicy::Refuse,
            };
            let trust = trust_folder::read(trust, time, stale)?;
            let mut reports = judge_all(&arguments.files, &trust.context(time))?;
            for report in &mut reports {
                report.reasons.extend(trust.warning());
            }
            reports
        }
        None => by_instance(&arguments).await?,
    };
    if let (Some(earlier), Some(report)) = (&earlier, reports.first()) {
        let replayed = earlier.compare(report);
        arguments.output.print(&replayed, || replayed_words(&replayed));
        return Ok(ExitCode::from(u8::from(!replayed.same)));
    }
    let mut all_good = true;
    for report in &reports {
        arguments.output.print(report, || words(report));
        all_good &= is_good(report, &arguments);
    }
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Judges the files by what the instance trusts; asks its register too unless that is excluded.
async fn by_instance(arguments: &Arguments) -> Result<Vec<Report>, CliError> {
    let (_, service) = arguments.instance.open().await?;
    if arguments.offline || arguments.time.is_some() {
        let time = arguments.time.unwrap_or_else(|| service.now());
        return judge_all(&arguments.files, &Trust::of_instance(&service).await?.context(time));
    }
    let mut reports = Vec::new();
    for file in &arguments.files {
        let bytes = std::fs::read(file).map_err(CliError::file(file))?;
        reports.push(service.verify_document(bytes, Some(file.display().to_string())).await?);
    }
    Ok(reports)
}

fn judge_all(files: &[PathBuf], context: &Context<'_>) -> Result<Vec<Report>, CliError> {
    files.iter().map(|file| judge(file, context)).collect()
}

fn judge(path: &Path, context: &Context<'_>) -> Result<Report, CliError> {
    let file = std::fs::File::open(path).map_err(CliError::file(path))?;
    let source = FileSource::new(file).map_err(CliError::file(path))?;
    let name = path.display().to_string();
    Ok(document(&source, Some(&name), context).with_own_dates())
}

/// Whether a file counts as good for the exit code.
fn is_good(report: &Report, arguments: &Arguments) -> bool {
    let file = match report.conclusion {
        Conclusion::Valid => true,
        Conclusion::ValidWithPermittedChanges => arguments.allow_permitted,
        _ => false,
    };
    let licence = match report.licence.as_ref().map(|licence| licence.state) {
        None | Some(Standing::Current) => true,
        // Only a register that is not ours knows more.
        Some(Standing::Unknown) if report.is_of_others() => true,
        Some(Standing::Unknown) => arguments.allow_unknown_state,
        Some(_) => false,
    };
    file && licence
}

/// A report with whether it is the earlier one again, and where it is not.
fn replayed_words(replayed: &Replayed<'_>) -> String {
    let said = if replayed.same {
        "cli-replay-same"
    } else {
        "cli-replay-differs"
    };
    let mut lines = vec![words(replayed.report), say(said, &[])];
    lines.extend(replayed.differences.iter().map(|place| format!("  {place}")));
    lines.join("\n")
}

/// A report in a few lines: the verdict, the licence, each signature, each reason.
fn words(report: &Report) -> String {
    let name = report.file.as_deref().unwrap_or_default();
    let title = say(&format!("file-{}", report.conclusion.code()), &[]);
    let mut lines = vec![format!("{name}: {title}")];
    if let Some(licence) = &report.licence {
        let state = match licence.state {
            Standing::Unknown if report.is_of_others() => "licence-elsewhere".to_owned(),
            state => format!("licence-{}", state.name()),
        };
        let state = say(&state, &[]);
        lines.push(format!("  {}  {state}", licence.identifier));
    }
    for signature in &report.signatures {
        let signer = signature.signer.as_ref().map_or("?", |signer| signer.name.as_str());
        let time = signature.best_signature_time.map(rfc3339);
        let level = signature.level.unwrap_or("-");
        lines.push(format!("  {signer}  {level}  {}", time.unwrap_or_default()));
        let notes = signature.notes.iter().chain(&signature.encoding_notes);
        lines.extend(notes.map(|note| format!("  {}", sentence(note))));
    }
    lines.extend(path_words(report).into_iter().map(|line| format!("  {line}")));
    for reason in report.reasons.iter().map(|reason| format!("  {}", sentence(reason))) {
        if !lines.contains(&reason) {
            lines.push(reason);
        }
    }
    lines.join("\n")
}
