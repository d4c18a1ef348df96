//! What is wrong with the arguments themselves, in the reader's language: the parser of arguments knows, and says it in
//! English.

use std::num::{ParseFloatError, ParseIntError};

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::output::{self, say};
use crate::clock::NotAnInstant;
use crate::i18n::Language;
use crate::licence::credit_code::CreditCodeError;
use crate::problem::{Explain, Problem};

/// The rule that the value of an argument breaks.
#[derive(Debug, thiserror::Error)]
#[error("breaks the rule {}", .0.code)]
pub(super) struct Rule(pub(super) Problem);

/// What begins the parser's line about the usage.
const USAGE: &str = "Usage: ";

/// The language that is asked for in arguments that could not be parsed.
pub(super) fn language(arguments: impl Iterator<Item = String>) -> Option<Language> {
    let mut last = String::new();
    for argument in arguments {
        if let Some(tag) = argument.strip_prefix("--lang=") {
            return Language::from_tag(tag);
        }
        if last == "--lang" {
            return Language::from_tag(&argument);
        }
        last = argument;
    }
    std::env::var("YINXIN_LANG")
        .ok()
        .and_then(|tag| Language::from_tag(&tag))
}

/// What is wrong, and how the command is used; `None` where help was asked for, or it is nothing of the usual.
pub(super) fn words(error: &Error) -> Option<String> {
    let problem = problem(error)?;
    let mut words = format!("yinxin: {}", output::sentence(&problem));
    if let Some(usage) = told(error, ContextKind::Usage) {
        let usage = usage.trim();
        words.push_str("\n\n");
        words.push_str(&say(
            "cli-usage",
            &[("usage", usage.strip_prefix(USAGE).unwrap_or(usage))],
        ));
    }
    words.push_str("\n\n");
    words.push_str(&say("cli-more-help", &[]));
    Some(words)
}

fn problem(error: &Error) -> Option<Problem> {
    let argument = || told(error, ContextKind::InvalidArg);
    let value = || told(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::MissingRequiredArgument => Problem::new("argument-missing").param("arguments", argument()?),
        ErrorKind::UnknownArgument => Problem::new("argument-not-known").param("argument", argument()?),
        ErrorKind::InvalidSubcommand => {
            Problem::new("command-not-known").param("command", told(error, ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::ArgumentConflict => Problem::new("argument-conflict")
            .param("argument", argument()?)
            .param("other", told(error, ContextKind::PriorArg)?),
        ErrorKind::InvalidValue if value()?.is_empty() => {
            Problem::new("argument-value-missing").param("argument", argument()?)
        }
        ErrorKind::InvalidValue => Problem::new("argument-value-unknown")
            .param("argument", argument()?)
            .param("value", value()?)
            .param("known", told(error, ContextKind::ValidValue)?),
        ErrorKind::ValueValidation => Problem::new("argument-value-wrong")
            .param("argument", argument()?)
            .param("value", value()?)
            .param("reason", rule(std::error::Error::source(error)?)),
        _ => return None,
    })
}

/// The rule that a value breaks, in the reader's language where it has one.
fn rule(error: &(dyn std::error::Error + 'static)) -> String {
    if let Some(Rule(problem)) = error.downcast_ref() {
        return output::sentence(problem);
    }
    if let Some(error) = error.downcast_ref::<CreditCodeError>() {
        let problems = error.problems();
        return problems.iter().map(output::sentence).collect::<Vec<_>>().join(" ");
    }
    if error.is::<NotAnInstant>() {
        return output::sentence(&Problem::new("form-time"));
    }
    if error.is::<ParseIntError>() {
        return output::sentence(&Problem::new("form-whole-number"));
    }
    if error.is::<ParseFloatError>() {
        return output::sentence(&Problem::new("form-number"));
    }
    error.to_string()
}

/// What the parser knows of an error, as text.
fn told(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}
