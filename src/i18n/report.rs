//! What a report says, in both languages: for whoever gets it as JSON and shows it to people.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Language, advice, problem, text};
use crate::problem::Problem;
use crate::verify::{ChangeReport, Report};

/// A report in words, Chinese and English.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportWords {
    /// In Chinese.
    #[serde(rename = "zh-CN")]
    pub zh: WordsOf,
    /// In English.
    pub en: WordsOf,
}

/// A report in the words of one language.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordsOf {
    /// The conclusion.
    #[schema(example = "文件签发后被改动过")]
    pub conclusion: String,
    /// What to do now.
    pub next: String,
    /// Why: the reasons for the file, then those for each signature that are not among them.
    pub reasons: Vec<ReasonWords>,
    /// What was changed after each signature, as in their `change_list`, and how much more.
    pub changes: Vec<String>,
    /// What does not decide, as in `notes` and `encoding_notes` of the signatures.
    pub notes: Vec<String>,
}

/// A reason.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonWords {
    /// Its code, as in `reasons`.
    pub code: &'static str,
    /// What it says.
    pub said: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a report says.
pub fn words(report: &Report) -> ReportWords {
    ReportWords {
        zh: words_of(Language::Zh, report),
        en: words_of(Language::En, report),
    }
}

fn words_of(language: Language, report: &Report) -> WordsOf {
    let conclusion = format!("file-{}", report.conclusion.code());
    let signatures = || report.signatures.iter();
    let reasons = report.reasons.iter();
    let reasons = once(reasons.chain(signatures().flat_map(|signature| &signature.reasons)));
    let mut changes: Vec<String> = Vec::new();
    for made in signatures().flat_map(|signature| &signature.change_list) {
        let told = change(language, made);
        if !changes.contains(&told) {
            changes.push(told);
        }
    }
    let notes = signatures().flat_map(|signature| signature.notes.iter().chain(&signature.encoding_notes));
    let said = |problems: Vec<&Problem>| -> Vec<String> {
        let told = problems.into_iter().map(|told| problem(language, told));
        told.collect()
    };
    // What follows one signature follows those before it, too.
    let unlisted = signatures()
        .map(|signature| signature.unlisted_changes)
        .max()
        .unwrap_or_default();
    let more = (unlisted > 0).then(|| text(language, "result-unlisted-changes", &[("count", &unlisted.to_string())]));
    WordsOf {
        next: text(language, &format!("{conclusion}.action"), &[]),
        conclusion: text(language, &conclusion, &[]),
        reasons: reasons.into_iter().map(|reason| reason_of(language, reason)).collect(),
        changes: changes.into_iter().chain(more).collect(),
        notes: said(once(notes)),
    }
}

/// A later change, with whether it is permitted.
pub fn change(language: Language, change: &ChangeReport) -> String {
    let permission = text(language, &format!("permission-{}", change.permission.code()), &[]);
    let said = problem(language, &change.problem);
    let params = [("permission", permission.as_str()), ("change", &said)];
    text(language, "change-marked", &params)
}

fn reason_of(language: Language, reason: &Problem) -> ReasonWords {
    ReasonWords {
        code: reason.code,
        said: problem(language, reason),
        next: advice(language, reason),
    }
}

/// Each of them, where several say the same.
fn once<'p>(problems: impl Iterator<Item = &'p Problem>) -> Vec<&'p Problem> {
    let mut told = HashSet::new();
    problems.filter(|problem| told.insert(*problem)).collect()
}
