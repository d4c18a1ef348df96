//! What stands on a receipt, in Chinese and English.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::{Dating, Language, advice, change, problem as told_in, receipt_pictures, text as text_in, words};
use crate::clock::beijing;
use crate::face::paper::{Block, Sign};
use crate::hex;
use crate::legible;
use crate::licence::standing::Standing;
use crate::licence::text::Bilingual;
use crate::problem::Problem;
use crate::service::receipt_pictures::ReceiptPictures;
use crate::service::receipts::{Heading, Wording};
use crate::service::verify::VerifiedFile;
use crate::verify::{BlockReport, Conclusion, LicenceReport, Replay, Report, SignatureKind, SignatureReport};

/// Most characters of one value: strangers write them, and the whole stands in the attached report.
const MAX_CHARACTERS: usize = 300;
/// Most changes of one signature that are told one by one.
const MAX_CHANGES: usize = 20;

/// What stands on the receipt of what was found about a file.
pub fn receipt(verified: &VerifiedFile, pictures: Option<&ReceiptPictures>, heading: &Heading<'_>) -> Wording {
    let words = serde_json::to_value(words(&verified.report));
    Wording {
        // Structs of lists and texts always serialise.
        words: words.unwrap_or_default(),
        title: text_in(Language::Zh, "receipt-title", &[]),
        reason: text_in(Language::Zh, "receipt-reason", &[]),
        cut: both("receipt-cut", &[]),
        blocks: blocks(verified, pictures, heading),
    }
}

/// A text in both languages.
pub(super) fn both(key: &str, params: &[(&str, &str)]) -> Bilingual {
    Bilingual {
        zh: text_in(Language::Zh, key, params),
        en: text_in(Language::En, key, params),
    }
}

/// Everything on it.
fn blocks(verified: &VerifiedFile, pictures: Option<&ReceiptPictures>, heading: &Heading<'_>) -> Vec<Block> {
    let report = &verified.report;
    let mut blocks = vec![Block::Title(both("receipt-title", &[])), file_verdict(report)];
    blocks.extend(report.licence.as_ref().map(licence_verdict));
    let text = |key: &str| Block::Text(both(key, &[]));
    let next = format!("file-{}.action", report.conclusion.code());
    blocks.push(Block::Fact(both("result-next", &[]), lines(&both(&next, &[]))));
    blocks.push(fact("receipt-number", &hex::encode(&heading.number)));
    blocks.push(fact("receipt-made", &instant(heading.made)));
    blocks.push(fact("receipt-made-by", heading.organisation));
    blocks.push(heading_of("receipt-file", &[]));
    blocks.extend(file(verified));
    if let Some(licence) = &report.licence {
        blocks.push(heading_of("receipt-licence", &[]));
        blocks.extend(licence_facts(licence));
    }
    if !report.reasons.is_empty() {
        blocks.push(heading_of("result-reason", &[]));
        blocks.extend(report.reasons.iter().map(told));
    }
    let mut told_before: HashSet<&Problem> = report.reasons.iter().collect();
    for (index, signature) in report.signatures.iter().enumerate() {
        blocks.extend(signature_blocks(index + 1, signature, &mut told_before));
    }
    blocks.extend(pictures.into_iter().flat_map(receipt_pictures::blocks));
    blocks.push(heading_of("receipt-replay", &[]));
    blocks.extend(replay(report));
    blocks.push(heading_of("receipt-how", &[]));
    blocks.push(text("receipt-how-file"));
    blocks.push(Block::Text(both(
        "receipt-how-receipt",
        &[("address", heading.address)],
    )));
    blocks.push(text("receipt-how-again"));
    blocks.push(text("receipt-what-it-is"));
    blocks
}

fn file_verdict(report: &Report) -> Block {
    let sign = match report.conclusion {
        Conclusion::Valid | Conclusion::ValidWithPermittedChanges => Sign::Check,
        Conclusion::Indeterminate => Sign::Exclamation,
        Conclusion::Changed | Conclusion::Invalid => Sign::Cross,
        Conclusion::Unsigned | Conclusion::Unreadable => Sign::Dash,
    };
    let main = report.main_signature();
    let signer = main.and_then(|main| main.signer.as_ref());
    let signer = signer.map(|signer| clipped(&signer.name)).unwrap_or_default();
    let dating = Dating::of(main);
    let day = dating.time().map(|time| beijing(time).date_naive().to_string());
    let params = [("signer", signer.as_str()), ("time", &day.unwrap_or_default())];
    let key = format!("file-{}", report.conclusion.code());
    let [zh, en] = [Language::Zh, Language::En].map(|language| dating.meaning(language, &key, &params));
    Block::Verdict(sign, both(&key, &[]), Bilingual { zh, en })
}

/// The licence as the register has it, which is another question than whether the file is genuine.
fn licence_verdict(licence: &LicenceReport) -> Block {
    let is_elsewhere = licence.state == Standing::Unknown && licence.state_source == "foreign";
    let sign = match licence.state {
        _ if is_elsewhere => Sign::Dash,
        Standing::Current => Sign::Check,
        Standing::Revoked | Standing::Withdrawn | Standing::Cancelled | Standing::Expired => Sign::Cross,
        _ => Sign::Exclamation,
    };
    let key = if is_elsewhere {
        "licence-elsewhere".to_owned()
    } else {
        format!("licence-{}", licence.state.name())
    };
    let as_of = instant(licence.state_as_of);
    Block::Verdict(sign, both(&key, &[]), both("receipt-state-as-of", &[("time", &as_of)]))
}

fn file(verified: &VerifiedFile) -> Vec<Block> {
    let report = &verified.report;
    let name = report.file.as_deref().filter(|name| !name.is_empty());
    let size = both("result-file-bytes", &[("bytes", &verified.size.to_string())]);
    [
        name.map(|name| fact("receipt-file-name", name)),
        Some(fact("result-file-size", &joined(&size))),
        report
            .sha256
            .as_deref()
            .map(|digest| detail("result-hash-sha256", digest)),
        Some(detail("result-hash-sm3", &verified.sm3)),
        Some(fact("result-replay-time", &instant(report.validation_time))),
        Some(fact("result-second-reader", &second_reader(report))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn second_reader(report: &Report) -> String {
    let [zh, en] = [Language::Zh, Language::En].map(|language| told_in(language, &report.second_reader.note));
    joined(&Bilingual { zh, en })
}

fn licence_facts(licence: &LicenceReport) -> Vec<Block> {
    let open = both("receipt-open-ended", &[]);
    let until = licence.valid_until.clone();
    let until = until.unwrap_or_else(|| joined(&open));
    let valid = licence.valid_from.as_ref().map(|from| format!("{from} – {until}"));
    let facts = [
        ("result-type", Some(licence.type_name.join("  "))),
        ("result-holder", licence.holder.clone()),
        ("result-number", licence.number.clone()),
        ("result-issuer", licence.issuer.clone()),
        ("result-valid", valid),
    ];
    let mut blocks = present(facts);
    blocks.push(detail("result-identifier", &licence.identifier));
    blocks
}

/// One signature; reasons that were told before, of the whole file or of another signature, are not told again.
fn signature_blocks<'r>(
    number: usize,
    signature: &'r SignatureReport,
    told_before: &mut HashSet<&'r Problem>,
) -> Vec<Block> {
    let title = match signature.kind {
        SignatureKind::Signature => "receipt-signature",
        SignatureKind::DocumentTimestamp => "receipt-document-time-stamp",
    };
    let mut blocks = vec![heading_of(title, &[("number", &number.to_string())])];
    let word = both(&format!("file-{}", signature.conclusion.code()), &[]);
    blocks.push(fact("receipt-conclusion", &joined(&word)));
    blocks.push(fact("result-technical-indication", &signature.terms()));
    let by_itself = |block: &Option<BlockReport>| match block {
        Some(block) => block.terms(),
        None => joined(&both("result-technical-not-reached", &[])),
    };
    let cryptography = by_itself(&signature.cryptographic_verification);
    blocks.push(fact("result-technical-cryptography", &cryptography));
    let certificate = by_itself(&signature.certificate_validation);
    blocks.push(fact("result-technical-certificate", &certificate));
    // Who signed is told only where the signature is theirs.
    let signer = signature.signer.as_ref();
    let signer = signer.filter(|_| signature.conclusion != Conclusion::Invalid);
    let [name, code] = match signature.is_signer_proven() {
        true => ["result-signer-name", "result-signer-code"],
        false => ["result-signer-claimed", "result-code-claimed"],
    };
    let path = (signer.is_some() && !signature.path.is_empty()).then(|| signature.path.join(" ← "));
    let proven = signature.best_signature_time.filter(|_| signature.time_is_proven);
    let seal = signature.seal.as_ref().filter(|seal| seal.valid);
    blocks.extend(present([
        (name, signer.map(|signer| signer.name.clone())),
        (code, signer.and_then(|signer| signer.credit_code.clone())),
        ("result-serial", signer.map(|signer| signer.serial.clone())),
        ("result-chain", path),
        ("result-time-stamp", proven.map(instant)),
        ("result-time-claimed-at", signature.signing_time.map(instant)),
        ("result-control-time", signature.control_time.map(instant)),
        ("result-level", signature.level.map(str::to_owned)),
        ("result-algorithm", signature.algorithm.map(str::to_owned)),
        (
            "result-seal-name",
            seal.map(|seal| format!("{} ({})", seal.name, seal.id)),
        ),
        (
            "result-revision",
            signature
                .revision
                .map(|revision| format!("{revision} / {}", signature.revisions)),
        ),
    ]));
    let reasons = signature.reasons.iter().chain(&signature.notes);
    blocks.extend(reasons.filter(|reason| told_before.insert(reason)).map(told));
    let changes = signature.change_list.iter();
    blocks.extend(changes.take(MAX_CHANGES).map(|made| {
        let told = Bilingual {
            zh: clipped(&change(Language::Zh, made)),
            en: clipped(&change(Language::En, made)),
        };
        Block::Fact(both("result-changes", &[]), lines(&told))
    }));
    if signature.change_list.len() > MAX_CHANGES {
        let more = (signature.change_list.len() - MAX_CHANGES).to_string();
        blocks.push(Block::Text(both("receipt-more-changes", &[("count", &more)])));
    }
    if signature.unlisted_changes > 0 {
        let unlisted = signature.unlisted_changes.to_string();
        blocks.push(Block::Text(both("result-unlisted-changes", &[("count", &unlisted)])));
    }
    blocks
}

fn replay(report: &Report) -> Vec<Block> {
    let Replay {
        program,
        constraints,
        list_sha256,
        material,
    } = &report.replay;
    let list = report.list_sequence.map(|sequence| match list_sha256 {
        Some(digest) => format!("{sequence} · {digest}"),
        None => sequence.to_string(),
    });
    let ended = constraints
        .iter()
        .map(|ended| format!("{} → {}", ended.name, beijing(ended.until).date_naive()));
    let mut blocks = vec![detail("result-replay-program", program)];
    blocks.extend(list.map(|list| detail("result-replay-list", &list)));
    blocks.push(detail(
        "result-replay-constraints",
        &ended.collect::<Vec<_>>().join(", "),
    ));
    blocks.extend(material.iter().map(|one| {
        let made = one.made.map(|made| format!(" · {}", instant(made))).unwrap_or_default();
        let value = format!("{}{made}\n{}", clipped(&one.name), hex::encode(&one.sha256));
        detail(&format!("material-{}", one.kind.code()), &value)
    }));
    blocks
}

pub(super) fn heading_of(key: &str, params: &[(&str, &str)]) -> Block {
    Block::Heading(both(key, params))
}

fn fact(key: &str, value: &str) -> Block {
    Block::Fact(both(key, &[]), clipped(value))
}

fn detail(key: &str, value: &str) -> Block {
    Block::Detail(both(key, &[]), clipped(value))
}

fn present<const N: usize>(facts: [(&str, Option<String>); N]) -> Vec<Block> {
    let facts = facts.into_iter();
    facts.filter_map(|(key, value)| Some(fact(key, &value?))).collect()
}

/// A problem in both languages.
fn told(problem: &Problem) -> Block {
    told_as("result-reason", problem)
}

pub(super) fn told_as(label: &str, problem: &Problem) -> Block {
    let lines = [Language::Zh, Language::En].map(|language| {
        let said = clipped(&told_in(language, problem));
        match advice(language, problem) {
            Some(advice) => format!("{said}\n→ {advice}"),
            None => said,
        }
    });
    Block::Fact(both(label, &[]), lines.join("\n"))
}

/// Both languages in one line.
fn joined(text: &Bilingual) -> String {
    format!("{}  {}", text.zh, text.en)
}

/// Both languages, each in a line of its own.
fn lines(text: &Bilingual) -> String {
    format!("{}\n{}", text.zh, text.en)
}

/// An instant as both languages read it: in Beijing time, with its distance from UTC.
fn instant(time: DateTime<Utc>) -> String {
    beijing(time).format("%Y-%m-%d %H:%M:%S +08:00").to_string()
}

/// A text of at most [`MAX_CHARACTERS`].
fn clipped(text: &str) -> String {
    legible::clipped(text, MAX_CHARACTERS).into_owned()
}
