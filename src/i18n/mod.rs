//! The texts that people read, Chinese and English, both complete: from `templates/locales`, embedded in the program.
//!
//! The files are Fluent (`key = text { $parameter }`). A text that has a meaning and an advice beside its title keeps
//! them as attributes: `file-valid`, `file-valid.meaning`, `file-valid.action`. What is wrong with somebody's input is
//! a [`Problem`], whose text is `problem-CODE`. Messages of logs and of errors in code are English and not here.

mod bundles;
mod dating;
mod language;
mod receipt;
mod receipt_pictures;
mod recognition;
mod report;

pub use dating::Dating;
pub use language::Language;
pub use receipt::receipt;
pub use recognition::{path, recognition};
pub use report::{ReportWords, change, words};

use chrono::{DateTime, Utc};

use crate::clock::beijing;
use crate::legible::legible;
use crate::problem::{KeptProblem, Problem};

/// The text of `key` in that language, with the parameters that it quotes; the key itself where no text has it, which a
/// test excludes for all keys that the program knows.
pub fn text(language: Language, key: &str, params: &[(&str, &str)]) -> String {
    bundles::format(language, key, params.iter().copied()).unwrap_or_else(|| key.to_owned())
}

/// Parameters whose values are names in the program, with how the keys of their texts begin: `state-issued`. Those
/// may quote the parameter `value`.
const NAMED_VALUES: [(&str, &str); 13] = [
    ("finding", "file-"),
    ("part", "part-"),
    ("reason", "reason-"),
    ("role", "role-"),
    ("rule", "rule-"),
    ("service", "recognised-service-"),
    ("shape", "shape-"),
    ("state", "state-"),
    ("status_reason", "recognised-reason-"),
    ("transition", "transition-"),
    ("unit", "unit-"),
    ("what", "what-"),
    ("why", "why-"),
];

/// What to tell somebody about a problem: one or two sentences, naming the value and the rule. Where something had been
/// and has `ended` (`ended_unproven`, where nothing proves what came first), a text may say so in an attribute of that
/// name.
pub fn problem(language: Language, problem: &Problem) -> String {
    told(language, problem.code, &quoted(problem))
}

/// The same of a problem that was kept.
pub fn kept_problem(language: Language, problem: &KeptProblem) -> String {
    let params = problem
        .params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    told(language, &problem.code, &params.collect::<Vec<_>>())
}

/// What whoever is told of a problem can do next; `None` where that is in the text of the problem itself. Whatever a
/// verification gives as a reason has such a text.
pub fn advice(language: Language, problem: &Problem) -> Option<String> {
    let params = in_words(language, &quoted(problem));
    let params = params.iter().map(|(name, value)| (*name, value.as_str()));
    bundles::format(language, &format!("problem-{}.action", problem.code), params)
}

/// An instant in Beijing time, to the second.
pub fn moment(language: Language, time: DateTime<Utc>) -> String {
    let form = match language {
        Language::Zh => "%Y-%m-%d %H:%M:%S",
        Language::En => "%Y-%m-%d %H:%M:%S %:z",
    };
    beijing(time).format(form).to_string()
}

fn quoted(problem: &Problem) -> Vec<(&str, &str)> {
    let params = problem.params.iter();
    params.map(|(name, value)| (*name, value.as_str())).collect()
}

fn told(language: Language, code: &str, params: &[(&str, &str)]) -> String {
    let worded = in_words(language, params);
    let worded = worded.iter().map(|(name, value)| (*name, value.as_str()));
    let key = format!("problem-{code}");
    let ended = ["ended", "ended_unproven"];
    let ended = ended
        .into_iter()
        .find(|name| params.iter().any(|(known, _)| known == name));
    let ended = ended.map(|name| format!("{key}.{name}"));
    ended
        .and_then(|key| bundles::format(language, &key, worded.clone()))
        .or_else(|| bundles::format(language, &key, worded))
        .unwrap_or_else(|| text(language, "problem-without-text", &[("code", code)]))
}

/// Parameters as texts quote them.
fn in_words<'p>(language: Language, params: &[(&'p str, &str)]) -> Vec<(&'p str, String)> {
    let quoted = params.iter().find(|(name, _)| *name == "value").copied();
    let in_words = |name: &str, value: &str| {
        let named = NAMED_VALUES.iter().find(|(known, _)| *known == name);
        let told = match named {
            Some((_, start)) => bundles::format(language, &format!("{start}{}", value.replace(' ', "-")), quoted),
            None => instant(language, value),
        };
        told.unwrap_or_else(|| match name {
            // A sentence of our own, which no text quotes.
            "reason" => legible(value).into_owned(),
            _ => within_quotes(value),
        })
    };
    let params = params.iter();
    params.map(|(name, value)| (*name, in_words(name, value))).collect()
}

/// A value as it may stand between the quotation marks of a text: legible, and with single marks in place of double
/// ones, so that no name ends the quotation and goes on as if the text did.
fn within_quotes(value: &str) -> String {
    let single = |character| match character {
        '"' | '＂' | '″' | '〃' | '„' | '‟' | '〝' | '〞' | '〟' => '\'',
        '“' => '‘',
        '”' => '’',
        other => other,
    };
    legible(value).chars().map(single).collect()
}

/// An instant in Beijing time; `None` where the value is none.
fn instant(language: Language, value: &str) -> Option<String> {
    Some(moment(language, DateTime::parse_from_rfc3339(value).ok()?.to_utc()))
}

#[cfg(test)]
mod tests;
