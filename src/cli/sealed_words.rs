//! What is said of documents that were sealed, or given a higher level: of one in a line, of more in a table, with why
//! of each that was not, and what else is to be known.

use serde::Serialize;

use crate::cli::layout::aligned;
use crate::cli::output::{advice, line, say, sentence, sentence_of_field};
use crate::legible::legible;
use crate::problem::Problem;
use crate::service::sealings::SealingTask;

/// What became of a file, as it is printed.
#[derive(Serialize)]
pub(super) struct FileLine {
    pub(super) file: String,
    pub(super) sealed: bool,
    pub(super) out: Option<String>,
    pub(super) id: Option<String>,
    pub(super) level: Option<String>,
    pub(super) sha256: Option<String>,
    /// Whether it had the level before, and what it rests on was renewed.
    pub(super) renewed: bool,
    /// Why it was left alone, where it is a result of sealing itself; that is no failure.
    pub(super) left_alone: Option<Problem>,
    pub(super) problems: Vec<Problem>,
    /// What is to be known of what was sealed: that its time stamps prove nothing here, or that no seal shows. That is
    /// no failure.
    pub(super) warnings: Vec<Problem>,
}

/// Keys of the texts on a file that was treated, and on one that was not: as a line, and as a cell of the table.
#[derive(Clone, Copy)]
pub(super) struct Told {
    done: [&'static str; 2],
    not_done: [&'static str; 2],
    /// What can be done next time.
    advice: Option<&'static str>,
}

/// Of a file whose signature shows no seal.
const UNSEEN: [&str; 2] = ["cli-signed-unseen", "cli-sign-unseen"];

impl Told {
    /// The keys of a file that was treated.
    fn done_with(self, file: &FileLine) -> [&'static str; 2] {
        let is_unseen = file.warnings.iter().any(|warning| warning.code == "seal-unseen");
        if is_unseen { UNSEEN } else { self.done }
    }

    pub(super) fn of(task: &SealingTask) -> Self {
        let not_sealed = ["cli-not-sealed", "cli-sign-not-sealed"];
        match task {
            SealingTask::Extend { .. } => Self {
                done: ["cli-extended", "cli-sign-extended"],
                not_done: ["cli-not-extended", "cli-sign-not-extended"],
                advice: None,
            },
            SealingTask::Seal(order) if order.places.is_empty() && order.field.is_none() => Self {
                done: UNSEEN,
                not_done: not_sealed,
                advice: Some("cli-signed-unseen.action"),
            },
            SealingTask::Seal(_) => Self {
                done: ["cli-sealed", "cli-sign-sealed"],
                not_done: not_sealed,
                advice: None,
            },
        }
    }
}

/// Says what became of each file.
pub(super) fn tell(done: &[FileLine], told: Told) {
    match done {
        [] => {}
        [file] => {
            line(&whole(file, told));
            beside(file);
        }
        files => {
            let head = [
                "cli-sign-head-file",
                "cli-sign-head-outcome",
                "cli-sign-head-level",
                "cli-sign-head-out",
            ];
            let rows: Vec<_> = std::iter::once(head.map(|key| say(key, &[])))
                .chain(files.iter().map(|file| row(file, told)))
                .collect();
            aligned(&rows).iter().for_each(|told| line(told));
            for file in files.iter().filter(|file| is_more_to_say(file)) {
                line(&format!("{}:", legible(&file.file)));
                file.left_alone
                    .iter()
                    .for_each(|why| line(&format!("  {}", sentence(why))));
                beside(file);
            }
        }
    }
    if done.iter().any(|file| file.sealed) {
        let advice = told.advice.map(|key| say(key, &[]));
        advice.iter().for_each(|advice| line(&format!("  → {advice}")));
    }
}

/// A file in a line.
fn whole(file: &FileLine, told: Told) -> String {
    let name = ("file", file.file.as_str());
    match (&file.out, &file.left_alone) {
        (Some(out), _) => {
            let key = if file.renewed {
                "cli-renewed"
            } else {
                told.done_with(file)[0]
            };
            say(key, &[name, ("out", out), ("level", level(file))])
        }
        (None, Some(why)) => say("cli-left-alone", &[name, ("why", &sentence(why))]),
        (None, None) => say(told.not_done[0], &[name]),
    }
}

/// A file in a row: what it is, what was done, to which level, and where that lies.
fn row(file: &FileLine, told: Told) -> [String; 4] {
    let (mark, key) = match (&file.out, &file.left_alone) {
        (Some(_), _) if file.renewed => ('✓', "cli-sign-renewed"),
        (Some(_), _) => ('✓', told.done_with(file)[1]),
        (None, Some(_)) => ('–', "cli-sign-left-alone"),
        (None, None) => ('✗', told.not_done[1]),
    };
    [
        file.file.clone(),
        format!("{mark} {}", say(key, &[])),
        level(file).to_owned(),
        file.out.clone().unwrap_or_default(),
    ]
}

fn level(file: &FileLine) -> &str {
    file.level.as_deref().unwrap_or("-")
}

fn is_more_to_say(file: &FileLine) -> bool {
    file.left_alone.is_some() || !file.problems.is_empty() || !file.warnings.is_empty()
}

/// Why a file was refused, and what is to be known of it, with what to do.
fn beside(file: &FileLine) {
    for problem in file.problems.iter().chain(&file.warnings) {
        line(&format!("  {}", sentence_of_field(problem)));
        let advice = advice(problem);
        advice.iter().for_each(|advice| line(&format!("    → {advice}")));
    }
}
