//! The texts that people read, Chinese and English, both complete: from `templates/locales`, embedded in the program.
//!
//! The files are Fluent (`key = text { $parameter }`). A text that has a meaning and an advice beside its title keeps them as
//! attributes: `file-valid`, `file-valid.meaning`, `file-valid.action`. What is wrong with somebody's input is a
//! [`Problem`], whose text is `problem-CODE`. Messages of logs and of errors in code are English and not here.

mod bundles;
mod language;

pub use language::Language;

use chrono::DateTime;

use crate::clock::beijing;
use crate::problem::Problem;

/// The text of `key` in that language, with the parameters that it quotes; the key itself where no text has it, which a
/// test excludes for all keys that the program knows.
pub fn text(language: Language, key: &str, params: &[(&str, &str)]) -> String {
    bundles::format(language, key, params.iter().copied()).unwrap_or_else(|| key.to_owned())
}

/// Parameters whose values are names in the program: they have texts of their own, as `state-issued`, which may quote the
/// parameter `value`.
const NAMED_VALUES: [&str; 5] = ["reason", "role", "rule", "state", "transition"];

/// What to tell somebody about a problem: one or two sentences, naming the value and the rule.
pub fn problem(language: Language, problem: &Problem) -> String {
    let quoted = problem.params.get("value").map(|value| ("value", value.as_str()));
    let in_words = |name: &str, value: &String| match NAMED_VALUES.contains(&name) {
        true => bundles::format(language, &format!("{name}-{value}"), quoted).unwrap_or_else(|| value.clone()),
        false => instant(language, value).unwrap_or_else(|| value.clone()),
    };
    let params: Vec<_> = problem
        .params
        .iter()
        .map(|(name, value)| (*name, in_words(name, value)))
        .collect();
    let params = params.iter().map(|(name, value)| (*name, value.as_str()));
    bundles::format(language, &format!("problem-{}", problem.code), params)
        .unwrap_or_else(|| text(language, "problem-without-text", &[("code", problem.code)]))
}

/// An instant in Beijing time; `None` where the value is none.
fn instant(language: Language, value: &str) -> Option<String> {
    let time = beijing(DateTime::parse_from_rfc3339(value).ok()?.to_utc());
    let form = match language {
        Language::Zh => "%Y-%m-%d %H:%M:%S",
        Language::En => "%Y-%m-%d %H:%M:%S %:z",
    };
    Some(time.format(form).to_string())
}

#[cfg(test)]
mod tests;
