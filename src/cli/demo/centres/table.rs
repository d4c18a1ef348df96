//! The verdicts as a table for a terminal of 100 columns: who, how recognised, what is said, and the path that proved it.

use std::path::Path;

use super::{Centre, Centres, Judged};
use crate::cli::output::{say, sentence};
use crate::clock::beijing;
use crate::trust::list::Status;
use crate::verify::{Conclusion, PathRole, RecognitionReport, Report};

/// Columns of the terminal.
const COLUMNS: usize = 100;

/// Columns of place, algorithm, and how it is recognised.
const WIDTHS: [usize; 3] = [24, 10, 46];

/// How far what stands below a row is set in.
const INDENT: usize = 4;

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
    let mut lines = vec![indented(&sealed)];
    if let Some(recognition) = report.recognition() {
        lines.extend(wrapped(&steps(recognition)));
    }
    let reason = report.reasons.first().map(sentence);
    let note = signature.and_then(|signature| signature.notes.first()).map(sentence);
    let why = reason.or(note).into_iter();
    lines.extend(why.flat_map(|why| wrapped(&pieces(&why))));
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

/// Words of a text, and each Chinese character by itself: where a line may end.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for character in text.chars() {
        let ends = |piece: &String| match piece.chars().last() {
            // No line ends with a mark that opens something.
            Some('（' | '“') => false,
            Some(last) => last == ' ' || columns_of(last) == 2,
            None => true,
        };
        match pieces.last_mut() {
            Some(piece) if piece.ends_with(['（', '“']) => piece.push(character),
            Some(piece) if !ends(piece) && columns_of(character) == 1 => piece.push(character),
            // No line begins with a mark that ends something.
            Some(piece) if "；，。）”".contains(character) => piece.push(character),
            _ => pieces.push(character.to_string()),
        }
    }
    pieces
}

/// Pieces on lines that end before the terminal does.
fn wrapped(pieces: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if INDENT + columns(line) + columns(piece.trim_end()) <= COLUMNS => line.push_str(piece),
            _ => lines.push(piece.clone()),
        }
    }
    lines.iter().map(|line| indented(line.trim_end())).collect()
}

fn indented(text: &str) -> String {
    format!("{}{text}", " ".repeat(INDENT))
}

/// Filled up with blanks to that many columns, one at least.
fn padded(text: &str, to: usize) -> String {
    let blanks = to.saturating_sub(columns(text)).max(1);
    format!("{text}{}", " ".repeat(blanks))
}

fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Columns of a terminal that a character takes: two where Unicode calls it wide (UAX 11), as far as these texts go.
fn columns_of(character: char) -> usize {
    match character {
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
        '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' => 2,
        '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(columns("赤峰 P-384，✓"), 4 + 1 + 5 + 2 + 1);
        assert_eq!(padded("包头", 6), "包头  ");
        assert_eq!(padded("呼和浩特", 6), "呼和浩特 ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_none_begins_with_a_mark() {
        let text = "赤峰市公共资源交易中心自 2026-03-05 起不再被认可；没有证据，表明签名在此之前。".repeat(6);
        let lines = wrapped(&pieces(&text));
        assert!(lines.len() > 1);
        for line in &lines {
            assert!(columns(line) <= COLUMNS + 2, "{line}");
            assert!(!line.trim_start().starts_with(['；', '，', '。']), "{line}");
        }
        assert_eq!(
            lines
                .iter()
                .map(|line| line.trim_start())
                .collect::<String>()
                .replace(' ', ""),
            text.replace(' ', "")
        );
    }
}
