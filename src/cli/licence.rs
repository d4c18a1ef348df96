//! `yinxin licence`: issue one, import many, show, revoke.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliResult, OutputArguments, json, line, say, sentence};
use crate::licence::application::Application;
use crate::licence::credit_code::CreditCode;
use crate::licence::identifier::Identifier;
use crate::licence::state::Transition;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::import_licences::{Format, ImportFile, RowResult};
use crate::service::issue_licence::Together;
use crate::service::licences::LicenceDetail;

/// The ways in which a licence is taken away for good.
const ENDS: [Transition; 3] = [Transition::Revoke, Transition::Withdraw, Transition::Cancel];

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Issue one licence from an application in JSON
    Issue {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The application
        application: PathBuf,
        /// Credit code of the issuing authority
        #[arg(long)]
        authority: CreditCode,
        /// File to write the licence to, PDF
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Issue a licence for each row of a CSV or JSON lines file; resumes, and never issues a row twice
    Import(Import),
    /// Show a licence; with --out write its document
    Show {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Its identifier
        identifier: Identifier,
        /// File to write the document to, PDF
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Take a licence away: revoke (吊销), withdraw (撤销) or cancel (注销)
    Revoke {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Its identifier
        identifier: Identifier,
        /// revoke, withdraw or cancel
        #[arg(long = "as", default_value = "revoke")]
        transition: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        output: OutputArguments,
    },
}

#[derive(Debug, Args)]
pub(super) struct Import {
    #[command(flatten)]
    instance: InstanceArguments,
    /// FILE.csv or FILE.jsonl, in UTF-8 or GB 18030
    file: PathBuf,
    /// Credit code of the authority that issues rows that name none
    #[arg(long)]
    authority: Option<CreditCode>,
    /// File for the result of each row; by default FILE.result.csv
    #[arg(long)]
    result: Option<PathBuf>,
    /// One JSON object a row, as soon as the row is done; in place of the progress bar and the summary
    #[arg(long)]
    json: bool,
    /// No progress bar
    #[arg(long)]
    quiet: bool,
}

/// What became of a row, as it is printed: a line that was written is a row that is durable.
#[derive(Serialize)]
struct RowLine<'r> {
    row: u32,
    reference: Option<&'r str>,
    identifier: Option<&'r str>,
    before: bool,
    problems: &'r [Problem],
}

impl<'r> RowLine<'r> {
    fn of(result: &'r RowResult) -> Self {
        let (identifier, problems) = match &result.outcome {
            Ok(identifier) => (Some(identifier.as_str()), [].as_slice()),
            Err(problems) => (None, problems.as_slice()),
        };
        Self {
            row: result.row,
            reference: result.reference.as_deref(),
            identifier,
            before: result.before,
            problems,
        }
    }
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::Issue {
            instance,
            application,
            authority,
            out,
            output,
        } => {
            let text = std::fs::read(&application).map_err(CliError::file(&application))?;
            let application: Application = serde_json::from_slice(&text)
                .map_err(|error| CliError::unreadable("application", application.display(), error))?;
            let (_, service) = instance.open().await?;
            let licence = service
                .issue_licence(&Actor::Operator, &authority, &application, Together::Alone)
                .await?;
            let printed = serde_json::json!({
                "identifier": licence.identifier,
                "verificationCode": licence.verification_code,
                "code": licence.code,
                "bytes": licence.document_bytes,
            });
            let identifier = licence.identifier.to_string();
            let params = [
                ("identifier", identifier.as_str()),
                ("code", &licence.verification_code),
            ];
            // Issued it is, whether its document can be written there or not.
            output.print(&printed, || say("cli-licence-issued", &params));
            if let Some(out) = out {
                let document = service.licence_document(&Actor::Operator, &licence.identifier).await?;
                std::fs::write(&out, document).map_err(CliError::file(&out))?;
            }
            service.close().await;
        }
        Command::Import(import) => return run_import(&import).await,
        Command::Show {
            instance,
            identifier,
            out,
            output,
        } => {
            let (_, service) = instance.open().await?;
            let licence = service.licence(&Actor::Operator, &identifier).await?;
            output.print(&licence, || words(&licence));
            if let Some(out) = out {
                let document = service.licence_document(&Actor::Operator, &identifier).await?;
                std::fs::write(&out, document).map_err(CliError::file(&out))?;
            }
        }
        Command::Revoke {
            instance,
            identifier,
            transition,
            reason,
            output,
        } => {
            let kind = Transition::from_name(&transition).filter(|kind| ENDS.contains(kind));
            let kind = kind.ok_or_else(|| CliError::unknown("--as", &transition, ENDS.map(Transition::name)))?;
            let (_, service) = instance.open().await?;
            let licence = service
                .change_licence_state(&Actor::Operator, &identifier, kind, Some(&reason))
                .await?;
            output.print(&licence, || words(&licence));
            service.close().await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A licence in a few lines.
fn words(licence: &LicenceDetail) -> String {
    let record = &licence.record;
    let until = record.certificate_expiring_date.map(|date| date.to_string());
    let params = [
        ("identifier", licence.identifier.to_string()),
        ("state", say(&format!("state-{}", licence.state.name()), &[])),
        ("type", record.certificate_type_name.clone()),
        ("number", record.certificate_number.clone()),
        ("holder", record.certificate_holder_name.clone()),
        ("issuer", record.certificate_issuing_authority_name.clone()),
        ("from", record.certificate_effective_date.to_string()),
        ("until", until.unwrap_or_else(|| say("cli-no-end", &[]))),
    ];
    let params = params.each_ref().map(|(name, value)| (*name, value.as_str()));
    ["cli-licence", "cli-licence-content", "cli-licence-term"]
        .map(|key| say(key, &params))
        .join("\n")
}

async fn run_import(import: &Import) -> CliResult {
    let (_, service) = import.instance.open().await?;
    let told = match (import.json, import.quiet) {
        (true, _) => Told::Lines,
        (false, false) => Told::Bar,
        (false, true) => Told::Nothing,
    };
    let results = import_file(&service, &import.file, import.authority, told).await?;
    let path = import
        .result
        .clone()
        .unwrap_or_else(|| import.file.with_extension("result.csv"));
    write_results(&path, &results).map_err(CliError::file(&path))?;
    let refused = results.iter().filter(|result| result.outcome.is_err()).count();
    if !import.json {
        summarise(&results, refused, &path);
    }
    service.close().await;
    Ok(if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// How many rows came to what, in one line.
fn summarise(results: &[RowResult], refused: usize, path: &Path) {
    let before = results.iter().filter(|result| result.before).count();
    let issued = results.len() - refused - before;
    let counts = [issued, before, refused].map(|count| count.to_string());
    let [issued, before, told_refused] = counts.each_ref().map(String::as_str);
    let file = path.display().to_string();
    let params = [
        ("issued", issued),
        ("before", before),
        ("refused", told_refused),
        ("file", &file),
    ];
    line(&say("cli-import-summary", &params));
}

/// How an import says how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// A progress bar.
    Bar,
    /// A line of JSON a row.
    Lines,
    /// Not at all.
    Nothing,
}

/// Imports a file; photos are looked for beside it.
pub(super) async fn import_file(
    service: &Arc<Service>,
    path: &Path,
    authority: Option<CreditCode>,
    told: Told,
) -> Result<Vec<RowResult>, CliError> {
    let name = path.display().to_string();
    let format = Format::of_name(&name)
        .ok_or_else(|| CliError::wrong("file", Problem::new("import-format").param("value", &name)))?;
    let bytes = std::fs::read(path).map_err(CliError::file(path))?;
    let file = ImportFile::read(&bytes, format)?;
    let bar = match told {
        Told::Bar => progress(file.rows.len()),
        Told::Lines | Told::Nothing => ProgressBar::hidden(),
    };
    let done = |result: &RowResult| match told {
        Told::Lines => json(&RowLine::of(result)),
        Told::Bar | Told::Nothing => bar.inc(1),
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let photo = |name: &str| photo(folder, name);
    let results = service
        .import_licences(&Actor::Operator, file, authority, photo, done)
        .await?;
    bar.finish_and_clear();
    Ok(results)
}

/// A photo beside the import file; a name that leads out of its folder names none.
fn photo(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let inside = Path::new(name)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    if inside {
        std::fs::read(folder.join(name)).ok()
    } else {
        None
    }
}

fn progress(rows: usize) -> ProgressBar {
    let bar = ProgressBar::new(rows as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}  {per_sec}  {eta}") {
        bar.set_style(style);
    }
    bar
}

/// One line a row: its number, the department's number, the identifier, what was wrong.
fn write_results(path: &Path, results: &[RowResult]) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["row", "reference", "identifier", "problem", "field", "message"])?;
    for result in results {
        let (row, reference) = (result.row.to_string(), result.reference.as_deref().unwrap_or_default());
        match &result.outcome {
            Ok(identifier) => writer.write_record([&row, reference, identifier, "", "", ""])?,
            Err(problems) => {
                for problem in problems {
                    let field = problem.field.as_deref().unwrap_or_default();
                    writer.write_record([&row, reference, "", problem.code, field, &sentence(problem)])?;
                }
            }
        }
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| std::io::Error::other(error.to_string()))?;
    std::fs::File::create(path)?.write_all(&bytes)
}
