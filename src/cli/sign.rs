//! `yinxin sign`: documents that are brought are sealed, or their signatures given a higher level.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clap::{Args, ValueEnum};

use crate::cli::batch::BatchArguments;
use crate::cli::brought;
use crate::cli::error::CliError;
use crate::cli::files::{expand, place};
use crate::cli::instance::InstanceArguments;
use crate::cli::interrupts::Interrupts;
use crate::cli::new_file::NewFile;
use crate::cli::output::CliResult;
use crate::cli::places::{address, edge_and_pages, page_list, permission, place_at, which};
use crate::cli::sealed_words::{FileLine, Told, tell};
use crate::hex;
use crate::licence::credit_code::CreditCode;
use crate::pdf::FileSource;
use crate::problem::{Explain, Problem};
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::ServiceError;
use crate::service::sealings::{Keep, Kept, Level, REASON, SealedDocument, SealingOrder, SealingTask};
use crate::sign::document::{Act, Edge, Hits, PageList, Place};
use crate::sign::{Permission, SignatureForm};
use crate::store::Sealing;

/// What the name of a sealed file ends in.
const SEALED: &str = ".sealed.pdf";

#[derive(Debug, Args)]
#[command(
    after_help = "Exit code: 0 where every file was sealed, raised or left alone, 1 where one was not, \
                        2 where the command could not run"
)]
pub(super) struct Arguments {
    /// PDF files, folders of them, or patterns with * and ? in the last part of their path; of these, what this command
    /// writes for another of them (NAME.sealed.pdf beside NAME.pdf, what lies in the folder of --out-dir) is left
    /// alone, and told
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Credit code of the organisation whose seal is applied
    #[arg(long)]
    authority: CreditCode,
    /// Level of the signature (PAdES)
    #[arg(long, value_enum, default_value = "b-lt")]
    level: LevelName,
    /// Certify instead of approve: 1 permits nothing after, 2 forms and signatures, 3 notes and marks on text too, that
    /// cover nothing
    #[arg(long, value_name = "P", value_parser = permission)]
    certify: Option<Permission>,
    /// Form of the signature: gm is SignedData of GB/T 35275, for readers that know SM2 in this form alone
    #[arg(long, value_enum, default_value = "pades")]
    form: FormName,
    /// Give the signatures that are there the level, or renew the archive time stamp; seal nothing
    #[arg(
        long,
        conflicts_with_all = ["certify", "form", "field", "at", "across", "keyword", "reason", "location"]
    )]
    extend: bool,
    /// Why, in the signature; 签章 where it is left out
    #[arg(long)]
    reason: Option<String>,
    /// Where, in the signature
    #[arg(long)]
    location: Option<String>,
    /// Address of an outside time-stamping authority (RFC 3161), before those of the configuration; may be given more
    /// than once
    #[arg(long, value_name = "URL", value_parser = address)]
    tsa: Vec<String>,
    /// File for the sealed document, where there is one; by default NAME.sealed.pdf beside it
    #[arg(long, conflicts_with = "out_dir")]
    out: Option<PathBuf>,
    /// Folder for the sealed documents, under their own names; made where it is not there
    #[arg(long)]
    out_dir: Option<PathBuf>,
    #[command(flatten)]
    placing: Placing,
    #[command(flatten)]
    batch: BatchArguments,
    #[command(flatten)]
    instance: InstanceArguments,
}

/// Where the seal is shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "Place of the seal")]
struct Placing {
    /// Signature field that waits and has its place; with a place the name of a new one
    #[arg(long)]
    field: Option<String>,
    /// PAGES:X,Y: the seal's centre in millimetres from the upper left corner of these pages as they are shown
    /// (1:150,240; -1:60,60; all:30,30)
    #[arg(long, value_name = "PAGES:X,Y", value_parser = place_at, allow_hyphen_values = true)]
    at: Vec<Place>,
    /// A text of the pages whose place the seal is centred on; may be given more than once
    #[arg(long, value_name = "TEXT")]
    keyword: Vec<String>,
    /// Which places of it: every, first, or a number from 1
    #[arg(long, value_name = "WHICH", default_value = "every", value_parser = which, requires = "keyword")]
    hit: Hits,
    /// The pages that are searched for it
    #[arg(long, default_value = "all", requires = "keyword", value_parser = page_list, allow_hyphen_values = true)]
    pages: PageList,
    /// EDGE[:PAGES]: across the right, left, top or bottom edges of these pages (骑缝章)
    #[arg(long, value_name = "EDGE[:PAGES]", value_parser = edge_and_pages)]
    across: Vec<(Edge, PageList)>,
    /// Millimetres of the seal's centre along that edge; by default the middle
    #[arg(long, value_name = "MM", requires = "across")]
    along: Option<f64>,
    /// Begin another seal across the edges after so many pages
    #[arg(long, value_name = "PAGES", requires = "across")]
    every: Option<usize>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelName {
    #[value(name = "b-b")]
    BB,
    #[value(name = "b-t")]
    BT,
    BLt,
    BLta,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormName {
    Pades,
    Gm,
}

/// What is to be done.
struct Work {
    task: SealingTask,
    arguments: Arguments,
    /// The files that are left alone, with why.
    left_alone: HashMap<PathBuf, Problem>,
    /// Where sealed documents stand, or are to: two files may have one name for theirs.
    taken: Mutex<HashSet<PathBuf>>,
}

impl Work {
    fn taken(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was made of a file.
struct Made {
    record: Sealing,
    renewed: bool,
    out: PathBuf,
    /// Why it does not lie where it should.
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::BB => Self::B,
            LevelName::BT => Self::T,
            LevelName::BLt => Self::Lt,
            LevelName::BLta => Self::Lta,
        }
    }
}

impl From<FormName> for SignatureForm {
    fn from(name: FormName) -> Self {
        match name {
            FormName::Pades => Self::Pades,
            FormName::Gm => Self::Gm,
        }
    }
}

pub(super) async fn run(mut arguments: Arguments) -> CliResult {
    let files = expand(&arguments.files)?;
    let left_alone = left_alone(&arguments, &files);
    let treated = files.len() - left_alone.len();
    if arguments.out.is_some() && treated != 1 {
        let problem = Problem::new("out-of-one-file").param("count", treated);
        return Err(CliError::wrong("--out", problem));
    }
    if let Some(folder) = &arguments.out_dir {
        std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
    }
    let mut config = arguments.instance.config()?;
    config.time_stamping.addresses.splice(0..0, arguments.tsa.drain(..));
    let service = crate::cli::instance::open(&config).await?;
    let batch = arguments.batch;
    let work = Arc::new(Work {
        task: task(&arguments),
        arguments,
        left_alone,
        taken: Mutex::default(),
    });
    let told = Told::of(&work.task);
    let done = batch.each(files, Interrupts::heard(), |file| {
        let (service, work) = (Arc::clone(&service), Arc::clone(&work));
        async move { treat(&service, &work, &file).await }
    });
    let done = done.await;
    if !batch.json {
        tell(&done.told, told);
    }
    service.close().await;
    let done = done.all()?;
    let is_all_well = done
        .iter()
        .all(|told| (told.sealed || told.left_alone.is_some()) && told.problems.is_empty());
    Ok(if is_all_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// The files that are results themselves: of another one of `files`, by this run or an earlier one, or in the folder of
/// results, where that lies inside a folder that is read. A sealed document that stands there without what it was made
/// from was brought like any other: a second body seals it, its level is raised.
fn left_alone(arguments: &Arguments, files: &[PathBuf]) -> HashMap<PathBuf, Problem> {
    let results = results_inside(arguments);
    let is_inside = |file: &Path| {
        let folder = results.as_ref();
        folder.is_some_and(|folder| file.canonicalize().is_ok_and(|file| file.starts_with(folder)))
    };
    // Results of this run, and of one that was given no place for them; but raised is what was sealed, whatever it
    // stands beside.
    let of_run = files.iter().map(|file| (out_of(arguments, file), file));
    let of_others = files.iter().map(|file| (beside(file), file));
    let made_of: HashMap<PathBuf, &PathBuf> = of_run
        .chain(of_others)
        .filter(|(out, file)| !(arguments.extend && *out == beside(file)))
        .map(|(out, file)| (place(&out), file))
        .filter(|(out, file)| *out != place(file))
        .collect();
    let why = |file: &PathBuf| match made_of.get(&place(file)) {
        Some(of) => Some(Problem::new("result-of-sealing").param("file", of.display())),
        _ if is_inside(file) => Some(Problem::new("in-folder-of-results")),
        _ => None,
    };
    let files = files.iter();
    files.filter_map(|file| Some((file.clone(), why(file)?))).collect()
}

/// The folder of results, where it lies inside a folder that is read: what it has was sealed by an earlier run. `None`
/// where it is that folder itself, lies elsewhere, or is not there yet.
fn results_inside(arguments: &Arguments) -> Option<PathBuf> {
    let folder = arguments.out_dir.as_ref()?.canonicalize().ok()?;
    let read: Vec<_> = arguments.files.iter().flat_map(|named| named.canonicalize()).collect();
    let is_inside = read.iter().any(|named| folder.starts_with(named)) && !read.contains(&folder);
    is_inside.then_some(folder)
}

/// What is to be done with each file.
fn task(arguments: &Arguments) -> SealingTask {
    if arguments.extend {
        return SealingTask::Extend {
            authority: arguments.authority,
            level: arguments.level.into(),
        };
    }
    let placing = &arguments.placing;
    let across = placing.across.iter().map(|(edge, pages)| Place::Across {
        pages: pages.clone(),
        edge: *edge,
        along_mm: placing.along,
        every: placing.every,
    });
    let keywords = placing.keyword.iter().map(|text| Place::Keyword {
        text: text.clone(),
        hits: placing.hit,
        pages: placing.pages.clone(),
    });
    SealingTask::Seal(SealingOrder {
        authority: arguments.authority,
        level: arguments.level.into(),
        act: arguments.certify.map_or(Act::Approve, Act::Certify),
        form: arguments.form.into(),
        field: placing.field.clone(),
        places: placing.at.iter().cloned().chain(keywords).chain(across).collect(),
        reason: arguments.reason.clone().unwrap_or_else(|| REASON.to_owned()),
        location: arguments.location.clone(),
    })
}

/// Seals one file and writes the result.
async fn treat(service: &Arc<Service>, work: &Work, file: &Path) -> FileLine {
    let told = FileLine {
        file: file.display().to_string(),
        sealed: false,
        out: None,
        id: None,
        level: None,
        sha256: None,
        renewed: false,
        left_alone: work.left_alone.get(file).cloned(),
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    if told.left_alone.is_some() {
        return told;
    }
    let out = out_of(&work.arguments, file);
    let taken = place(&out);
    if !work.taken().insert(taken.clone()) {
        let problems = vec![Problem::new("file-there").param("file", out.display())];
        return FileLine { problems, ..told };
    }
    match seal(service, &work.task, file, &out).await {
        Ok(made) => FileLine {
            sealed: true,
            renewed: made.renewed,
            out: Some(made.out.display().to_string()),
            id: Some(made.record.id.to_string()),
            level: Some(made.record.level),
            sha256: Some(hex::encode(&made.record.document_sha256)),
            problems: made.problems,
            warnings: made.warnings,
            ..told
        },
        Err(problems) => {
            work.taken().remove(&taken);
            let problems = problems.into_iter().map(of_option).collect();
            FileLine { problems, ..told }
        }
    }
}

/// A refusal that names the option in place of the member of an order, `--keyword` for `places[0].keyword`.
fn of_option(problem: Problem) -> Problem {
    let member = problem.field.as_ref().and_then(|field| field.rsplit('.').next());
    match member.map(str::to_owned) {
        Some(places) if places == "places" => problem.field("--at, --keyword, --across"),
        Some(member) => problem.field(format!("--{member}")),
        None => problem,
    }
}

/// Seals a copy of one file, which then gets its place: the file may be replaced or written over meanwhile, the copy
/// not.
///
/// All that can fail for want of room or rights comes before the sealing is recorded, so that the register never holds
/// one that nobody has: the copy before a key is used, what is appended to it before the record. After it the copy is
/// renamed, and where not even that can be done, it stays.
async fn seal(service: &Arc<Service>, task: &SealingTask, file: &Path, out: &Path) -> Result<Made, Vec<Problem>> {
    let copied = {
        let (file, out) = (file.to_owned(), out.to_owned());
        tokio::task::spawn_blocking(move || copy(&file, &out))
    };
    let copied = copied.await;
    let (copy, source) = copied.unwrap_or_else(|error| {
        let problem = Problem::new("file-failed").param("file", file.display());
        Err(vec![problem.param("reason", error)])
    })?;
    let keep = keep(&copy, out).map_err(failed(out))?;
    let (actor, kept) = (Actor::Operator, Kept::ByCaller(keep));
    let sealed = service.treat_document(&actor, task, Arc::new(source), Some(kept));
    let sealed = sealed.await.map_err(|error| error.problems())?;
    let SealedDocument {
        record,
        renewed,
        warnings,
        ..
    } = sealed;
    // Nothing is waited for from here on: a command that is broken off breaks off before it.
    let mut problems = Vec::new();
    let out = match copy.put() {
        Ok(()) => out.to_owned(),
        Err(unplaced) => {
            let problem = Problem::new("sealed-elsewhere").param("id", record.id);
            let problem = problem.param("file", out.display()).param("reason", &unplaced.reason);
            let left = unplaced.leave();
            problems.push(problem.param("left", left.display()));
            left
        }
    };
    Ok(Made {
        record,
        renewed,
        out,
        problems,
        warnings,
    })
}

/// A new file for `out` with what a file holds, and that to be read.
fn copy(file: &Path, out: &Path) -> Result<(NewFile, FileSource), Vec<Problem>> {
    let copy = NewFile::begin(out).map_err(|error| vec![Problem::of_written(out, &error)])?;
    let mut original = brought::open(file).map_err(|problem| vec![problem])?;
    std::io::copy(&mut original, &mut copy.file()).map_err(failed(out))?;
    let source = copy.file().try_clone().and_then(FileSource::new).map_err(failed(out))?;
    Ok((copy, source))
}

/// Writes what is to be appended to a copy.
fn keep(copy: &NewFile, out: &Path) -> std::io::Result<Keep> {
    let (mut end, out) = (copy.file().try_clone()?, out.display().to_string());
    Ok(Box::new(move |appended| {
        let kept = end.write_all(appended).and_then(|()| end.sync_all());
        kept.map_err(|error| ServiceError::refused(Problem::of_file(out, &error)))
    }))
}

/// A file that could not be read or written.
fn failed(file: &Path) -> impl FnOnce(std::io::Error) -> Vec<Problem> {
    move |error| vec![Problem::of_file(file.display(), &error)]
}

fn out_of(arguments: &Arguments, file: &Path) -> PathBuf {
    match (&arguments.out, &arguments.out_dir) {
        (Some(out), _) => out.clone(),
        (None, Some(folder)) => folder.join(file.file_name().unwrap_or_default()),
        (None, None) => beside(file),
    }
}

/// Where the sealed document lies that nobody gave a place: NAME.sealed.pdf beside NAME.pdf.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    name.push(SEALED);
    file.with_file_name(name)
}
