//! What the page says beside its judgements: the licence, who signed, each check as a question, and the folded details.

use crate::clock::beijing;
use crate::hex;
use crate::http::pages::words::Words;
use crate::i18n;
use crate::licence::standing::Standing;
use crate::problem::Problem;
use crate::service::verify::VerifiedFile;
use crate::verify::{BlockReport, ChangesAfter, Constraint, LicenceReport, Report, SignatureKind, SignatureReport};

/// A label and what stands beside it.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

/// Why, and what to do about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reason {
    pub(super) said: String,
    pub(super) advice: Option<String>,
    /// Whether an officer can change it by the recognition list.
    pub(super) by_list: bool,
}

/// Reasons that end where an authority is recognised.
const BY_LIST: [&str; 3] = ["authority-not-recognised", "no-path", "seal-certificate-not-trusted"];

impl Reason {
    pub(super) fn of(words: Words, problem: &Problem) -> Self {
        Self {
            said: i18n::problem(words.0, problem),
            advice: i18n::advice(words.0, problem),
            by_list: BY_LIST.contains(&problem.code),
        }
    }

    /// One that says what to do itself.
    pub(super) fn plain(said: String) -> Self {
        Self {
            said,
            advice: None,
            by_list: false,
        }
    }
}

/// One check as a question.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) question: String,
    /// `yes`, `no` or `skipped`.
    pub(super) class: &'static str,
    pub(super) answer: String,
}

fn fact(words: Words, key: &str, value: Option<String>) -> Option<Fact> {
    value.map(|value| Fact {
        label: words.get(key),
        value,
    })
}

pub(super) fn licence_facts(words: Words, licence: &LicenceReport) -> Vec<Fact> {
    let [chinese, english] = &licence.type_name;
    let name = if words.0 == i18n::Language::Zh {
        chinese
    } else {
        english
    };
    let from = licence
        .valid_from
        .as_deref()
        .map(|day| words.day_of(day))
        .unwrap_or_default();
    let valid = match licence.valid_until.as_deref().map(|day| words.day_of(day)) {
        Some(until) => i18n::text(words.0, "result-valid-range", &[("from", &from), ("until", &until)]),
        None => words.with("result-valid-open-ended", "from", &from),
    };
    [
        ("result-type", Some(name.clone())),
        ("result-holder", licence.holder.clone()),
        ("result-number", licence.number.clone()),
        ("result-issuer", licence.issuer.clone()),
        ("result-valid", Some(valid)),
        ("result-identifier", Some(licence.identifier.clone())),
    ]
    .into_iter()
    .filter_map(|(key, value)| fact(words, key, value))
    .collect()
}

pub(super) fn signer_facts(words: Words, signature: &SignatureReport) -> Vec<Fact> {
    let signer = signature.signer.as_ref();
    let (time, proof) = match (signature.best_signature_time, signature.time_is_proven) {
        (Some(time), true) => (Some(time), "result-time-proven"),
        _ => (signature.signing_time, "result-time-claimed"),
    };
    let seal = signature.seal.as_ref();
    let [name, code] = match signature.is_signer_proven() {
        true => ["result-signer-name", "result-signer-code"],
        false => ["result-signer-claimed", "result-code-claimed"],
    };
    [
        (name, signer.map(|signer| signer.name.clone())),
        (code, signer.and_then(|signer| signer.credit_code.clone())),
        (
            "result-signed-at",
            time.map(|time| format!("{} · {}", words.time(time), words.get(proof))),
        ),
        ("result-seal", seal.map(|seal| seal.name.clone())),
        ("result-seal-holder", seal.and_then(|seal| seal.owner.clone())),
    ]
    .into_iter()
    .filter_map(|(key, value)| fact(words, key, value))
    .collect()
}

pub(super) fn changes(words: Words, main: &SignatureReport) -> Vec<String> {
    let mut lines = match main.changes_after {
        ChangesAfter::None => return Vec::new(),
        ChangesAfter::ValidationData => vec![words.get("changes-validation-data")],
        ChangesAfter::Permitted => vec![words.get("changes-permitted")],
        // The reason says so.
        ChangesAfter::NotPermitted | ChangesAfter::Unparsable => Vec::new(),
        ChangesAfter::Unknown => vec![words.get("changes-unknown")],
    };
    lines.extend(main.change_list.iter().map(|change| i18n::change(words.0, change)));
    if main.unlisted_changes > 0 {
        lines.push(words.with("result-unlisted-changes", "count", &main.unlisted_changes.to_string()));
    }
    lines
}

/// The checks as questions, each answered by what was found of it alone. Where it is not known that the signature fits,
/// nothing else is asked: all of it may be forged.
pub(super) fn checks(words: Words, main: &SignatureReport, licence: Option<&LicenceReport>) -> Vec<Check> {
    let certificate = main.certificate_validation.as_ref();
    let trusted = main.is_certificate_trusted();
    let all = [
        ("check-integrity", main.is_intact()),
        ("check-changes", main.changes_after.are_permitted()),
        ("check-certificate", trusted),
        (
            "check-revocation",
            certificate.and_then(BlockReport::is_revoked).map(|revoked| !revoked),
        ),
        ("check-time", Some(main.time_is_proven)),
        // Who signed is known by a certificate that is relied on alone; that it names somebody else is seen in any.
        (
            "check-authority",
            main.authorised.filter(|is_issuer| trusted == Some(true) || !is_issuer),
        ),
        ("check-seal", main.seal.as_ref().map(|seal| seal.valid)),
        ("check-state", licence.and_then(in_force)),
    ];
    let asked = match main.is_intact() {
        Some(true) => all.len(),
        Some(false) | None => 1,
    };
    let check = |(key, answer): &(&str, Option<bool>)| {
        let class = match answer {
            Some(true) => "yes",
            Some(false) => "no",
            None => "skipped",
        };
        Check {
            question: words.get(key),
            class,
            answer: words.get(&format!("check-{class}")),
        }
    };
    all.iter().take(asked).map(check).collect()
}

/// Whether a licence is in force; `None` where only a register that was not asked knows.
fn in_force(licence: &LicenceReport) -> Option<bool> {
    let is_unknown = licence.state == Standing::Unknown && licence.state_source == "foreign";
    (!is_unknown).then_some(licence.state == Standing::Current)
}

/// A heading and what is folded away below it, for experts.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) title: String,
    pub(super) facts: Vec<Fact>,
}

/// What the file is, to be held against what somebody else has.
pub(super) fn file_group(words: Words, file: &VerifiedFile) -> Group {
    let report = &file.report;
    let facts = [
        ("result-file-name", report.file.clone().filter(|name| !name.is_empty())),
        (
            "result-file-size",
            Some(words.with("result-file-bytes", "bytes", &grouped(file.size))),
        ),
        ("result-hash-sm3", Some(file.sm3.clone())),
        ("result-hash-sha256", report.sha256.clone()),
        (
            "result-second-reader",
            Some(i18n::problem(words.0, &report.second_reader.note)),
        ),
    ];
    group(words, "result-file", facts)
}

/// A signature, its time stamp and its seal in the words of the standards.
pub(super) fn signature_groups(words: Words, signature: &SignatureReport) -> Vec<Group> {
    let block = |block: &Option<BlockReport>| match block {
        Some(block) => block.terms(),
        None => words.get("result-technical-not-reached"),
    };
    let signer = signature.signer.as_ref();
    let revision = signature
        .revision
        .map(|revision| format!("{revision} / {}", signature.revisions));
    let path = (!signature.path.is_empty()).then(|| signature.path.join(" ← "));
    let policy = signature.policy.as_ref().and_then(|policy| policy.id.clone());
    let commitments = (!signature.commitments.is_empty()).then(|| signature.commitments.join(", "));
    let facts = [
        ("result-technical-indication", Some(signature.terms())),
        (
            "result-technical-cryptography",
            Some(block(&signature.cryptographic_verification)),
        ),
        (
            "result-technical-certificate",
            Some(block(&signature.certificate_validation)),
        ),
        ("result-form", signature.form.clone()),
        ("result-level", signature.level.map(str::to_owned)),
        ("result-algorithm", signature.algorithm.map(str::to_owned)),
        ("result-subject", signer.map(|signer| signer.subject.clone())),
        ("result-serial", signer.map(|signer| signer.serial.clone())),
        ("result-chain", path),
        ("result-field", signature.field.clone()),
        ("result-revision", revision),
        ("result-policy", policy),
        ("result-commitments", commitments),
    ];
    let (title, stamped) = match signature.kind {
        SignatureKind::Signature => ("result-signature", "result-time-stamp"),
        SignatureKind::DocumentTimestamp => ("result-document-time-stamp", "result-signed-at"),
    };
    let mut groups = vec![group(words, title, facts)];
    let proven = signature.best_signature_time.filter(|_| signature.time_is_proven);
    let claimed = signature.signing_time;
    let times = [
        (stamped, proven.map(|time| words.time(time))),
        (
            "result-control-time",
            signature.control_time.map(|time| words.time(time)),
        ),
        ("result-time-claimed-at", claimed.map(|time| words.time(time))),
    ];
    groups.push(group(words, "result-times", times));
    if let Some(seal) = &signature.seal {
        let days = [seal.valid_from, seal.valid_until].map(|time| words.day(beijing(time).date_naive()));
        let valid = i18n::text(
            words.0,
            "result-valid-range",
            &[("from", &days[0]), ("until", &days[1])],
        );
        let facts = [
            ("result-seal-name", Some(seal.name.clone())),
            ("result-seal-id", Some(seal.id.clone())),
            ("result-seal-holder", seal.owner.clone()),
            ("result-valid", Some(valid)),
        ];
        groups.push(group(words, "result-seal", facts));
    }
    let notes = signature.encoding_notes.iter();
    let notes = notes.filter_map(|note| fact(words, "result-encoding-note", Some(i18n::problem(words.0, note))));
    groups.push(Group {
        title: words.get("result-encoding"),
        facts: notes.collect(),
    });
    groups.retain(|group| !group.facts.is_empty());
    groups
}

/// What the report rests on beside the file, by which anybody can judge it again.
pub(super) fn replay_group(words: Words, report: &Report) -> Group {
    let replay = &report.replay;
    let list = report.list_sequence.map(|sequence| match replay.list_sha256 {
        Some(digest) => format!("{sequence} · {digest}"),
        None => sequence.to_string(),
    });
    let until = |ended: &Constraint| format!("{} → {}", ended.name, words.day(beijing(ended.until).date_naive()));
    let constraints: Vec<String> = replay.constraints.iter().map(until).collect();
    let mut group = group(
        words,
        "result-replay",
        [
            ("result-replay-program", Some(replay.program.to_owned())),
            ("result-replay-time", Some(words.time(report.validation_time))),
            ("result-replay-list", list),
            ("result-replay-constraints", Some(constraints.join(", "))),
        ],
    );
    group.facts.extend(replay.material.iter().map(|material| {
        let made = material.made.map(|made| format!(" · {}", words.time(made)));
        Fact {
            label: words.get(&format!("material-{}", material.kind.code())),
            value: format!(
                "{}{} · {}",
                material.name,
                made.unwrap_or_default(),
                hex::encode(&material.sha256)
            ),
        }
    }));
    group
}

fn group<const N: usize>(words: Words, title: &str, facts: [(&str, Option<String>); N]) -> Group {
    Group {
        title: words.get(title),
        facts: facts
            .into_iter()
            .filter_map(|(key, value)| fact(words, key, value))
            .collect(),
    }
}

/// A number with a thin space after each third digit from the right.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_a_size_stand_in_threes() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{2009}234\u{2009}567");
    }
}
