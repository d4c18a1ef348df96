//! The verdicts as a table: who, how recognised, what is said, and the path that proved it.

use std::path::Path;

use super::{Centre, Centres, Judged};
use crate::cli::layout::{COLUMNS, padded, paragraph, wrapped};
use crate::cli::output::{say, sentence};
use crate::clock::beijing;
use crate::trust::list::Status;
use crate::verify::{Conclusion, PathRole, RecognitionReport, Report};

/// Columns of place, algorithm, and how it is recognised.
const WIDTHS: [usize; 3] = [24, 10, 46];

/// The table, in the language of the terminal.
pub(in crate::cli::demo) fn table(centres: &Centres, judged: &[Judged<'_>]) -> String {
    let heads = ["cli-centres-place", "cli-centres-algorithm", "cli-centres-manner"].map(|key| say(key, &[]));
    let mut lines = vec![row(heads, &say("cli-centres-verdict", &[])), "─".repeat(COLUMNS)];
    for one in judged {
        let centre = one.centre;
        let cells = [place(centre), centre.algorithm.clone(), manner(centres, centre)];
        lines.push(row(cells, &verdict(&one.report)));
        lines.extend(below(&one.report));
    }
    lines.push("─".repeat(COLUMNS));
    lines.push(say("cli-centres-legend", &[]));
    lines.join("\n")
}

/// What stands below a row: the file with its time, the path, and why it is refused or what came since.
fn below(report: &Report) -> Vec<String> {
    let file = report.file.as_deref().map(Path::new).and_then(Path::file_name);
    let file = file.and_then(|name| name.to_str()).unwrap_or_default();
    let signature = report.main_signature();
    let proven = signature.filter(|signature| signature.time_is_proven);
    let time = proven.and_then(|signature| signature.best_signature_time);
    let time = time.map(|time| beijing(time).date_naive().to_string());
    let sealed = match &time {
        Some(time) => say("cli-centres-sealed", &[("file", file), ("time", time)]),
        None => file.to_owned(),
    };
    let mut lines = wrapped(&[sealed]);
    if let Some(recognition) = report.recognition() {
        lines.extend(wrapped(&steps(recognition)));
    }
    let reason = report.reasons.first().map(sentence);
    let note = signature.and_then(|signature| signature.notes.first()).map(sentence);
    let why = reason.or(note).into_iter();
    lines.extend(why.flat_map(|why| paragraph(&why)));
    lines
}

fn row([place, algorithm, manner]: [String; 3], verdict: &str) -> String {
    let cells = [place, algorithm, manner].into_iter().zip(WIDTHS);
    let cells: String = cells.map(|(cell, columns)| padded(&cell, columns)).collect();
    cells + verdict
}

fn place(centre: &Centre) -> String {
    say(
        "cli-centres-name",
        &[("place", &centre.place), ("english", &centre.english)],
    )
}

/// How a centre is recognised.
fn manner(centres: &Centres, centre: &Centre) -> String {
    let other = |slug: &String| centres.centre(slug).map_or_else(|| slug.clone(), place);
    match (&centre.lost, &centre.mutual, &centre.bridged) {
        (Some(lost), ..) => {
            let since = beijing(lost.since).date_naive().to_string();
            let key = match lost.status {
                Status::Suspended => "cli-centres-suspended",
                Status::Withdrawn | Status::Granted => "cli-centres-withdrawn",
            };
            say(key, &[("since", &since)])
        }
        (None, Some(partner), _) => say("cli-centres-mutual", &[("partner", &other(partner))]),
        (None, None, Some(partner)) => say("cli-centres-bridged", &[("partner", &other(partner))]),
        (None, None, None) => say("cli-centres-listed", &[]),
    }
}

fn verdict(report: &Report) -> String {
    match report.conclusion {
        Conclusion::Valid => format!("✓ {}", say("cli-centres-valid", &[])),
        _ => format!("✗ {}", say("cli-centres-refused", &[])),
    }
}

/// The path from the signer up, a piece for each certificate, with an arrow to the one that issued it.
fn steps(recognition: &RecognitionReport) -> Vec<String> {
    let mut organisation = None;
    let mut pieces = Vec::new();
    for step in &recognition.steps {
        let is_new = step.organisation != organisation && step.organisation.as_deref() != Some(&step.name);
        let name = match step.organisation.as_ref().filter(|_| is_new) {
            Some(organisation) => format!("{organisation} {}", step.name),
            None => step.name.clone(),
        };
        organisation.clone_from(&step.organisation);
        let arrow = match step.role {
            PathRole::Anchor => "",
            PathRole::CrossCertified => " ⇐ ",
            PathRole::Signer | PathRole::Authority => " ← ",
        };
        pieces.push(format!("{name}{arrow}"));
    }
    pieces
}
