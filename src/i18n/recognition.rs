//! On whose recognition a file rests, in words: one sentence, and the path from the signer up.

use super::{Language, text};
use chrono::DateTime;

use crate::clock::beijing;
use crate::verify::{PathRole, PathStep, RecognitionReport, Report};

/// The note that the authority is no longer recognised, and was at the proven time.
const ENDED: &str = "authority-withdrawn-later";

/// The sentence on a file that rests on the recognition of others; `None` where it rests on our own authorities, or on
/// nobody.
pub fn recognition(language: Language, report: &Report) -> Option<String> {
    let signature = report.main_signature()?;
    let recognition = signature.recognition.as_ref().filter(|recognition| !recognition.own)?;
    let since = beijing(recognition.since?).date_naive().to_string();
    let issuer = signature.signer.as_ref().map(|signer| signer.name.as_str());
    let sequence = report.list_sequence.unwrap_or_default().to_string();
    let ended = signature.notes.iter().find(|note| note.code == ENDED);
    let until = ended.and_then(|note| DateTime::parse_from_rfc3339(note.params.get("until")?).ok());
    let until = until.map(|until| beijing(until.to_utc()).date_naive().to_string());
    let key = match (report.list_sequence, is_crossed(recognition)) {
        (None, _) => "recognition-without-list",
        (Some(_), _) if until.is_some() => "recognition-ended",
        (Some(_), false) => "recognition-listed",
        (Some(_), true) => "recognition-crossed",
    };
    let params = [
        ("until", until.as_deref().unwrap_or_default()),
        ("issuer", issuer.unwrap_or_default()),
        ("authority", &recognition.authority),
        ("since", &since),
        ("sequence", &sequence),
    ];
    Some(text(language, key, &params))
}

/// Who stands on a path, one line each, the signer first.
pub fn path(language: Language, recognition: &RecognitionReport) -> Vec<String> {
    let line = |step: &PathStep| {
        let organisation = step.organisation.as_ref().filter(|name| **name != step.name);
        let name = match organisation {
            Some(organisation) => format!("{organisation} · {}", step.name),
            None => step.name.clone(),
        };
        let key = match (step.role, recognition.since) {
            (PathRole::Anchor, None) => "path-anchor-not-recognised".to_owned(),
            (role, _) => format!("path-{}", role.code()),
        };
        let params = [("name", name.as_str()), ("authority", &recognition.authority)];
        text(language, &key, &params)
    };
    recognition.steps.iter().map(line).collect()
}

/// Whether a cross-certificate is on the path.
fn is_crossed(recognition: &RecognitionReport) -> bool {
    recognition
        .steps
        .iter()
        .any(|step| step.role == PathRole::CrossCertified)
}
