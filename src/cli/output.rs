//! What commands say: errors in one shape, results as lines for people or as JSON for programs.

use std::borrow::Cow;
use std::io::Write;
use std::process::ExitCode;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::i18n::{self, Language};
use crate::legible::{legible, legible_lines};
use crate::problem::{Explain, Problem};
use crate::verify::{ChangeReport, Report};

/// What commands return: 0, or 1 where something did not pass.
pub(super) type CliResult = Result<ExitCode, CliError>;

/// Says what went wrong and gives the exit code.
pub(super) fn fail(error: &CliError) -> ExitCode {
    for problem in error.problems() {
        remark(&sentence_of_field(&problem));
    }
    if error.is_refusal() {
        ExitCode::from(1)
    } else {
        ExitCode::from(2)
    }
}

/// The language of all that is said, from the first word on.
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Chooses the language, before anything is said.
pub(super) fn speak(language: Language) {
    // Whoever comes second changes nothing.
    let _ = LANGUAGE.set(language);
}

/// The language that was chosen, else the terminal's.
fn language() -> Language {
    *LANGUAGE.get_or_init(Language::of_environment)
}

/// Whose recognition a file rests on, and the path, in the reader's language.
pub(super) fn path_words(report: &Report) -> Vec<String> {
    let sentence = i18n::recognition(language(), report).into_iter();
    let path = report.recognition().map(|found| i18n::path(language(), found));
    let path = path.into_iter().flatten().enumerate().map(|(place, step)| match place {
        0 => step,
        _ => format!("← {step}"),
    });
    sentence.chain(path).collect()
}

/// A text in the reader's language. The name of a file that it quotes begins no line of its own.
pub(super) fn say(key: &str, params: &[(&str, &str)]) -> String {
    let shown = params.iter().map(|(name, value)| match *name {
        "file" | "out" => (*name, legible(value)),
        name => (name, Cow::Borrowed(*value)),
    });
    let shown: Vec<_> = shown.collect();
    let params: Vec<_> = shown.iter().map(|(name, value)| (*name, value.as_ref())).collect();
    i18n::text(language(), key, &params)
}

/// An instant in Beijing time, in the reader's language.
pub(super) fn moment(time: DateTime<Utc>) -> String {
    i18n::moment(language(), time)
}

/// Says something beside what the command prints, where scripts do not read it.
pub(super) fn remark(text: &str) {
    eprintln!("yinxin: {}", legible_lines(text));
}

/// A problem in the reader's language.
pub(super) fn sentence(problem: &Problem) -> String {
    i18n::problem(language(), problem)
}

/// The same after the name of the field that is meant, where one is.
pub(super) fn sentence_of_field(problem: &Problem) -> String {
    let field = problem.field.as_ref().map(|field| format!("{field}: "));
    format!("{}{}", field.unwrap_or_default(), sentence(problem))
}

/// A later change with whether it is permitted, in the reader's language.
pub(super) fn change_words(change: &ChangeReport) -> String {
    i18n::change(language(), change)
}

/// What to do about a problem, in the reader's language.
pub(super) fn advice(problem: &Problem) -> Option<String> {
    i18n::advice(language(), problem)
}

/// How a command prints its data.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct OutputArguments {
    /// Print JSON, one object a line
    #[arg(long, help_heading = "Output")]
    json: bool,
}

impl OutputArguments {
    /// Prints one thing: as JSON where that was asked for, else in words.
    pub(super) fn print(self, value: &impl Serialize, words: impl FnOnce() -> String) {
        match self.json {
            true => json(value),
            false => line(&words()),
        }
    }
}

/// Prints text in lines, legible whatever strangers wrote in it; a closed pipe ends the command quietly, as it does for
/// other programs.
pub(super) fn line(text: &str) {
    print(&legible_lines(text));
}

fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Prints a value as one line of JSON.
pub(super) fn json(value: &impl Serialize) {
    // The values that commands print are structs, maps with text keys, numbers and texts: they always serialise.
    print(&serde_json::to_string(value).unwrap_or_default());
}
