//! A report in words, as `yinxin verify` prints it: the verdict, the licence, who signed when, what changed since, and
//! why.

use crate::cli::output::{advice, change_words, moment, path_words, say, sentence};
use crate::legible::legible;
use crate::licence::standing::Standing;
use crate::verify::{ChangesAfter, Conclusion, LicenceReport, Report, SignatureKind, SignatureReport};

/// The verdict on a file; on a receipt that, and what it says of its own file.
pub(super) fn title(report: &Report) -> String {
    let Some(receipt) = &report.receipt else {
        return say(&format!("file-{}", report.conclusion.code()), &[]);
    };
    let finding = say(&format!("file-{}", receipt.conclusion), &[]);
    let state = receipt
        .licence_state
        .as_deref()
        .filter(|state| *state != Standing::Current.name());
    let state = match (state, receipt.state_source.as_deref()) {
        (None, _) => None,
        (Some("unknown"), Some("foreign")) => Some(say("licence-elsewhere", &[])),
        (Some(state), _) => Some(say(&format!("licence-{state}"), &[])),
    };
    let said = [Some(finding), state]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("  ");
    say("cli-verify-receipt", &[("finding", &said)])
}

/// The state of the licence in a file.
pub(super) fn state(report: &Report, licence: &LicenceReport) -> String {
    match licence.state {
        Standing::Unknown if report.is_of_others() => say("licence-elsewhere", &[]),
        state => say(&format!("licence-{}", state.name()), &[]),
    }
}

/// A report in a few lines: the verdict, the licence, each signature, what changed since, each reason with what to do
/// about it.
pub(super) fn words(report: &Report) -> String {
    let name = report.file.as_deref().unwrap_or_default();
    let mut lines = vec![format!("{}: {}", legible(name), title(report))];
    if let Some(licence) = &report.licence {
        lines.push(format!("  {}  {}", licence.identifier, state(report, licence)));
    }
    for signature in &report.signatures {
        lines.push(format!("  {}", signed(signature)));
        // Where all is well, that of the certificate is part of it.
        let by_itself = signature.certificate_validation.as_ref();
        let by_itself = by_itself.filter(|_| signature.conclusion > Conclusion::ValidWithPermittedChanges);
        lines.extend(by_itself.map(|block| {
            let said = say("cli-verify-certificate", &[("verdict", &block.terms())]);
            format!("  {said}")
        }));
        let notes = signature.notes.iter().chain(&signature.encoding_notes);
        lines.extend(notes.map(|note| format!("  {}", sentence(note))));
    }
    lines.extend(path_words(report).into_iter().map(|line| format!("  {line}")));
    lines.extend(report.main_signature().into_iter().flat_map(changes));
    if report.conclusion == Conclusion::Changed {
        lines.push(format!("    → {}", say("file-changed.action", &[])));
    }
    for reason in &report.reasons {
        let said = format!("  {}", sentence(reason));
        if !lines.contains(&said) {
            lines.push(said);
            lines.extend(advice(reason).map(|advice| format!("    → {advice}")));
        }
    }
    lines.join("\n")
}

/// Who signed, with whether that is proven.
pub(super) fn signer_words(signature: &SignatureReport) -> String {
    let name = signature.signer.as_ref().map(|signer| signer.name.as_str());
    match name {
        Some(name) if !signature.is_signer_proven() => say("cli-verify-signer-claimed", &[("name", name)]),
        name => name.unwrap_or_default().to_owned(),
    }
}

/// Who signed or stamped at which level, and when: as a time stamp proves it, or as the signer says.
fn signed(signature: &SignatureReport) -> String {
    let proven = signature.best_signature_time.filter(|_| signature.time_is_proven);
    if signature.kind == SignatureKind::DocumentTimestamp {
        let field = signature.field.as_deref().unwrap_or_default();
        return match proven {
            Some(time) => say("cli-verify-time-stamp", &[("name", field), ("time", &moment(time))]),
            None => say("cli-verify-time-stamp-unproven", &[("name", field)]),
        };
    }
    let signer = match &signature.signer {
        Some(_) => signer_words(signature),
        None => say("cli-verify-no-signer", &[]),
    };
    let time = match (proven, signature.signing_time) {
        (Some(time), _) => say("cli-verify-time-proven", &[("time", &moment(time))]),
        (None, Some(time)) => say("cli-verify-time-claimed", &[("time", &moment(time))]),
        (None, None) => say("cli-verify-no-time", &[]),
    };
    let level = signature.level.or(signature.form.as_deref());
    [Some(signer.as_str()), level, Some(time.as_str())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("  ")
}

/// What was changed since that signature, where it is more than data by which it is judged.
fn changes(signature: &SignatureReport) -> Vec<String> {
    let told = match signature.changes_after {
        ChangesAfter::None | ChangesAfter::ValidationData => return Vec::new(),
        ChangesAfter::Unknown => say("changes-unknown", &[]),
        after => match after.refusal() {
            Some(reason) => sentence(&reason),
            None => say("changes-permitted", &[]),
        },
    };
    let changes = signature.change_list.iter();
    let more = match signature.unlisted_changes {
        0 => None,
        count => Some(say("result-unlisted-changes", &[("count", &count.to_string())])),
    };
    std::iter::once(format!("  {told}"))
        .chain(changes.map(|change| format!("    {}", change_words(change))))
        .chain(more.map(|more| format!("    {more}")))
        .collect()
}
