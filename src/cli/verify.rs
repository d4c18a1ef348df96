//! `yinxin verify`: the verdict on PDF files.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use crate::cli::batch::BatchArguments;
use crate::cli::brought;
use crate::cli::error::CliError;
use crate::cli::files::expand;
use crate::cli::instance::InstanceArguments;
use crate::cli::interrupts::Interrupts;
use crate::cli::layout::aligned;
use crate::cli::new_file::NewFile;
use crate::cli::output::{CliResult, json, line, remark, say, sentence};
use crate::cli::pictures::{Drawn, Pictures};
use crate::cli::replay::{Difference, Earlier, Replayed};
use crate::cli::report_words::{signer_words, state, title, words};
use crate::cli::trust_folder::{self, Good, Trust};
use crate::clock::{Clock, SystemClock, instant};
use crate::i18n::{self, ReportWords};
use crate::legible::legible;
use crate::pdf::FileSource;
use crate::problem::{Explain, Problem};
use crate::service::Service;
use crate::service::error::ServiceError;
use crate::service::receipts::ReceiptOrder;
use crate::trust::list::StalePolicy;
use crate::verify::{Report, document};

#[derive(Debug, Args)]
#[command(
    after_help = "Exit code: 0 where every file is good, with a licence in it in force, 1 where one is not, or is no \
                        PDF that can be read, 2 where a file could not be opened or the command could not run; with \
                        --replay, 0 where the file is good, whatever the state of a licence in it, and the same \
                        report comes out"
)]
pub(super) struct Arguments {
    /// PDF files, folders of them, or patterns with * and ? in the last part of their path
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Certificate file, or folder of certificates, revocation lists (.crl), status responses (.ors) and status lists
    /// of seals (.p7m), with a recognition list (trust.jws and trust.pin) or without; without a folder the instance's
    /// own are trusted
    #[arg(long)]
    trust: Option<PathBuf>,
    /// The time as of which to judge, RFC 3339, in place of now; the register, which knows the present alone, is not
    /// asked
    #[arg(long, value_parser = instant)]
    time: Option<DateTime<Utc>>,
    /// Judge one file as of the time of this earlier report, JSON or a receipt, and say whether the same comes out; its
    /// words and what it says of the licence and of the file's name are not held against it: where they differ, they
    /// are told apart
    #[arg(long, value_name = "REPORT", conflicts_with = "time")]
    replay: Option<PathBuf>,
    /// Write a signed receipt of the verification of one file here, by the instance's service; a file that is there
    /// stays
    #[arg(long, value_name = "PDF", conflicts_with_all = ["trust", "time", "replay", "offline"])]
    receipt: Option<PathBuf>,
    /// Show the pages that changed since they were signed on the receipt, before and after; it then shows what stands
    /// there to whoever has it
    #[arg(long, requires = "receipt")]
    receipt_pictures: bool,
    /// Write pictures of the pages that changed since they were signed, before and after, into this folder; files that
    /// are there stay
    #[arg(long, value_name = "FOLDER", conflicts_with = "replay")]
    pictures: Option<PathBuf>,
    /// Do not ask the register either: judge the file by itself
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    batch: BatchArguments,
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

/// The verdict on a file.
#[derive(Serialize)]
struct Judged {
    #[serde(flatten)]
    report: Report,
    /// The same in words, Chinese and English.
    words: ReportWords,
    /// Where pictures of it were written, where they were asked for and something that shows was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pictures: Option<Drawn>,
}

impl Judged {
    fn new(report: Report, pictures: Option<Drawn>) -> Self {
        let words = i18n::words(&report);
        Self {
            report,
            words,
            pictures,
        }
    }
}

/// The report on a file with what was judged, or why there is none.
type Verdict = Result<(Report, Arc<FileSource>), Vec<Problem>>;

/// What came of a file, as it is printed.
#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Judged(Box<Judged>),
    /// There is no verdict: it could not be read, or the register did not answer.
    Failed {
        file: String,
        problems: Vec<Problem>,
    },
}

pub(super) async fn run(mut arguments: Arguments) -> CliResult {
    let files = expand(&arguments.files)?;
    if arguments.replay.is_some() || arguments.receipt.is_some() {
        one_file(&files)?;
    }
    let earlier = arguments.replay.as_deref().map(Earlier::read).transpose()?;
    let batch = arguments.batch;
    if let Some(earlier) = &earlier {
        arguments.time = Some(earlier.time);
        arguments.batch = batch.silent();
        // As of then the register is not asked.
        arguments.allow_unknown_state = true;
    }
    let done = match &arguments.trust {
        Some(folder) => {
            let time = arguments.time.unwrap_or_else(|| SystemClock.now());
            let good = match (&earlier, arguments.allow_stale_list) {
                (Some(_), _) => Good::Then,
                (None, true) => Good::Now(StalePolicy::Warn),
                (None, false) => Good::Now(StalePolicy::Refuse),
            };
            by_trust(&arguments, files, trust_folder::read(folder, time, good)?, time).await?
        }
        None => by_instance(&arguments, files).await?,
    };
    if let (Some(earlier), [Told::Judged(judged)]) = (&earlier, done.as_slice()) {
        let replayed = earlier.compare(&judged.report);
        tell_replayed(earlier, &replayed, batch);
        // To come to the same is not to be good.
        let is_good = replayed.same && is_good(&judged.report, &arguments);
        return Ok(ExitCode::from(u8::from(!is_good)));
    }
    let code = |told: &Told| match told {
        Told::Judged(judged) if is_good(&judged.report, &arguments) => 0,
        Told::Judged(_) => 1,
        Told::Failed { .. } => 2,
    };
    if !arguments.batch.json {
        print(&done, |told| code(told) == 0);
        if let (Some(out), [Told::Judged(_)]) = (&arguments.receipt, done.as_slice()) {
            line(&say("cli-receipt-written", &[("file", &out.display().to_string())]));
        }
    }
    Ok(ExitCode::from(done.iter().map(code).max().unwrap_or_default()))
}

/// A report, and so a receipt, is of one file.
fn one_file(files: &[PathBuf]) -> Result<(), CliError> {
    match files {
        [_, second, ..] => Err(CliError::wrong(
            "file",
            Problem::new("report-of-one-file").param("value", second.display()),
        )),
        _ => Ok(()),
    }
}

/// Judges the files by what the instance trusts; asks its register too unless that is excluded.
async fn by_instance(arguments: &Arguments, files: Vec<PathBuf>) -> Result<Vec<Told>, CliError> {
    let (_, service) = arguments.instance.open().await?;
    let done = match arguments.offline || arguments.time.is_some() {
        true => by_trust_of(&service, arguments, files).await,
        false => by_register(&service, arguments, files).await,
    };
    service.close().await;
    done
}

/// Judges the files by what an instance trusts, as of the time that is asked for.
async fn by_trust_of(service: &Service, arguments: &Arguments, files: Vec<PathBuf>) -> Result<Vec<Told>, CliError> {
    let time = arguments.time.unwrap_or_else(|| service.now());
    by_trust(arguments, files, Trust::of_instance(service, time).await?, time).await
}

/// Judges the files by an instance and its register.
async fn by_register(
    service: &Arc<Service>,
    arguments: &Arguments,
    files: Vec<PathBuf>,
) -> Result<Vec<Told>, CliError> {
    let pictures = pictures(arguments, &files)?;
    let interrupts = match arguments.receipt {
        Some(_) => Interrupts::heard(),
        None => Interrupts::unheard(),
    };
    let judge = |file: PathBuf| {
        let service = Arc::clone(service);
        let pictures = pictures.clone();
        let (receipt, with_pictures) = (arguments.receipt.clone(), arguments.receipt_pictures);
        async move {
            let judged = match receipt {
                Some(out) => receipt_by(&service, &file, (&out, with_pictures)).await,
                None => judge_by(&service, &file).await,
            };
            Told::of(&file, judged, pictures.as_deref()).await
        }
    };
    arguments.batch.each(files, interrupts, judge).await.all()
}

/// Judges a file by an instance.
async fn judge_by(service: &Service, file: &Path) -> Verdict {
    let name = file.display().to_string();
    let source = opened(file)?;
    let judged = service.verify_document(Arc::clone(&source), Some(name)).await;
    let report = judged.map_err(|error| error.problems())?;
    Ok((report, source))
}

/// Judges a file by an instance, and writes a receipt of that where no file is yet, with pictures or without.
async fn receipt_by(service: &Service, file: &Path, (out, pictures): (&Path, bool)) -> Verdict {
    let source = opened(file)?;
    // What is there is not written over; found out before a key is used.
    let written = NewFile::begin(out).map_err(|error| vec![Problem::of_written(out, &error)])?;
    // Where it lies here is nobody else's business.
    let name = file.file_name().unwrap_or_default().display().to_string();
    let receipt = service
        .receipt(Arc::clone(&source), ReceiptOrder { name, pictures }, i18n::receipt)
        .await;
    let receipt = receipt.map_err(|error: ServiceError| error.problems())?;
    let kept = written.end(&receipt.document);
    kept.map_err(|error| vec![Problem::of_file(out.display(), &error)])?;
    Ok((receipt.verified.report, source))
}

/// A file, to be read in pieces by all that look at it: what has its name later may be another.
fn opened(file: &Path) -> Result<Arc<FileSource>, Vec<Problem>> {
    let opened = brought::open(file).map_err(|problem| vec![problem])?;
    let source = FileSource::new(opened).map_err(|error| vec![Problem::of_file(file.display(), &error)])?;
    Ok(Arc::new(source))
}

/// Judges the files as of a time by what is trusted, and asks nobody.
async fn by_trust(
    arguments: &Arguments,
    files: Vec<PathBuf>,
    trust: Trust,
    time: DateTime<Utc>,
) -> Result<Vec<Told>, CliError> {
    let trust = Arc::new(trust);
    let pictures = pictures(arguments, &files)?;
    let judge = |file: PathBuf| {
        let trust = Arc::clone(&trust);
        let pictures = pictures.clone();
        async move {
            let path = file.clone();
            let judged = tokio::task::spawn_blocking(move || judge(&path, &trust, time)).await;
            let judged = judged.unwrap_or_else(|error| Err(unread(&file, error)));
            Told::of(&file, judged, pictures.as_deref()).await
        }
    };
    arguments.batch.each(files, Interrupts::unheard(), judge).await.all()
}

fn judge(path: &Path, trust: &Trust, time: DateTime<Utc>) -> Verdict {
    let source = opened(path)?;
    let name = path.display().to_string();
    let mut report = document(&*source, Some(&name), &trust.context(time)).with_own_dates();
    report.reasons.extend(trust.warnings());
    Ok((report, source))
}

impl Told {
    async fn of(file: &Path, judged: Verdict, pictures: Option<&Pictures>) -> Self {
        match judged {
            Ok((report, source)) => {
                let drawn = match pictures {
                    Some(pictures) => pictures.draw(file, &source, &report).await,
                    None => None,
                };
                Self::Judged(Box::new(Judged::new(report, drawn)))
            }
            Err(problems) => Self::Failed {
                file: file.display().to_string(),
                problems,
            },
        }
    }

    fn report(&self) -> Option<&Report> {
        match self {
            Self::Judged(judged) => Some(&judged.report),
            Self::Failed { .. } => None,
        }
    }
}

/// Who draws pages of these files, where pictures are asked for.
fn pictures(arguments: &Arguments, files: &[PathBuf]) -> Result<Option<Arc<Pictures>>, CliError> {
    let Some(folder) = &arguments.pictures else {
        return Ok(None);
    };
    let pictures = Pictures::into(folder, files, &arguments.instance.config()?)?;
    Ok(Some(Arc::new(pictures)))
}

/// A file that could not be read.
fn unread(file: &Path, reason: impl Display) -> Vec<Problem> {
    let file = file.display();
    vec![Problem::new("file-failed").param("file", file).param("reason", reason)]
}

/// Whether a file counts as good for the exit code; of a receipt, whether the file does that it is of.
fn is_good(report: &Report, arguments: &Arguments) -> bool {
    let is_good = |conclusion: &str, licence: Option<&str>, is_of_others: bool| {
        let file = match conclusion {
            "valid" => true,
            "valid-with-permitted-changes" => arguments.allow_permitted,
            _ => false,
        };
        let licence = match licence {
            None | Some("current") => true,
            // Only a register that is not ours knows more.
            Some("unknown") => is_of_others || arguments.allow_unknown_state,
            Some(_) => false,
        };
        file && licence
    };
    let licence = report.licence.as_ref().map(|licence| licence.state.name());
    is_good(report.conclusion.code(), licence, report.is_of_others())
        && report.receipt.as_ref().is_none_or(|receipt| {
            let is_of_others = receipt.state_source.as_deref() == Some("foreign");
            is_good(&receipt.conclusion, receipt.licence_state.as_deref(), is_of_others)
        })
}

/// Says what came of the files: of one in a few lines; of more in a table, with what is to be known of each that is
/// good below it, and a few lines on each that is not.
fn print(done: &[Told], is_good: impl Fn(&Told) -> bool) {
    if done.len() > 1 {
        let head = [
            "cli-verify-head-file",
            "cli-verify-head-verdict",
            "cli-verify-head-licence",
            "cli-verify-head-signer",
        ];
        let rows: Vec<_> = std::iter::once(head.map(|key| say(key, &[])))
            .chain(done.iter().map(row))
            .collect();
        aligned(&rows).iter().for_each(|told| line(told));
        let good = done.iter().filter(|told| is_good(told)).filter_map(Told::report);
        good.flat_map(noted).for_each(|told| line(&told));
    }
    for told in done.iter().filter(|told| done.len() == 1 || !is_good(told)) {
        match told {
            Told::Judged(judged) => {
                line(&words(&judged.report));
                let drawn = judged.pictures.iter().flat_map(Drawn::words);
                drawn.for_each(|said| line(&format!("  {said}")));
            }
            Told::Failed { problems, .. } => problems.iter().for_each(|problem| remark(&sentence(problem))),
        }
    }
}

/// What is to be known of a file beside its verdict, a line each.
fn noted(report: &Report) -> impl Iterator<Item = String> {
    let file = report.file.as_deref().unwrap_or_default();
    let notes = report.signatures.iter().flat_map(|signature| &signature.notes);
    notes.map(move |note| format!("{}: {}", legible(file), sentence(note)))
}

/// A file in a row: what it is, the verdict, the state of the licence in it, who signed.
fn row(told: &Told) -> [String; 4] {
    let report = match told {
        Told::Judged(judged) => &judged.report,
        Told::Failed { file, .. } => {
            let verdict = format!("! {}", say("cli-verify-failed", &[]));
            return [file.clone(), verdict, String::new(), String::new()];
        }
    };
    let receipt = report.receipt.as_ref();
    let mark = match receipt.map_or(report.conclusion.code(), |receipt| &receipt.conclusion) {
        "valid" | "valid-with-permitted-changes" => '✓',
        "indeterminate" => '?',
        _ => '✗',
    };
    let main = report.main_signature();
    let signer = main.map(signer_words);
    // What is good may still be younger than it says.
    let is_unproven = mark == '✓' && main.is_some_and(|main| !main.time_is_proven);
    let verdict = match is_unproven {
        true => say("cli-verify-time-unproven", &[("verdict", &title(report))]),
        false => title(report),
    };
    [
        report.file.clone().unwrap_or_default(),
        format!("{mark} {verdict}"),
        report
            .licence
            .as_ref()
            .map(|licence| state(report, licence))
            .unwrap_or_default(),
        signer.unwrap_or_default(),
    ]
}

/// Says whether a report is the earlier one again.
fn tell_replayed(earlier: &Earlier, replayed: &Replayed<'_>, batch: BatchArguments) {
    match batch.json {
        true => json(replayed),
        false => line(&replayed_words(earlier, replayed)),
    }
}

/// A report with whether it is the earlier one again, and where it is not.
fn replayed_words(earlier: &Earlier, replayed: &Replayed<'_>) -> String {
    let told = |key: &str, differences: &[Difference]| -> Vec<String> {
        let told = differences.iter().map(Difference::told);
        told.map(|[place, before, now]| say(key, &[("place", &place), ("before", &before), ("now", &now)]))
            .collect()
    };
    let Some(report) = replayed.report else {
        return told("cli-replay-other-file", &replayed.differences).concat();
    };
    let named = |conclusion: &str| say(&format!("file-{conclusion}"), &[]);
    let (before, now) = (named(earlier.conclusion()), named(report.conclusion.code()));
    let said = match (replayed.same, replayed.same_conclusion) {
        (true, _) => say("cli-replay-same", &[]),
        (false, true) => say("cli-replay-differs-same-conclusion", &[("now", &now)]),
        (false, false) => say("cli-replay-differs", &[("before", &before), ("now", &now)]),
    };
    let mut lines = vec![words(report), said];
    let listed = |differences| {
        told("cli-replay-difference", differences)
            .into_iter()
            .map(|line| format!("  {line}"))
    };
    lines.extend(listed(&replayed.differences));
    if !replayed.of_its_moment.is_empty() {
        lines.push(say("cli-replay-of-its-moment", &[]));
        lines.extend(listed(&replayed.of_its_moment));
    }
    lines.join("\n")
}
