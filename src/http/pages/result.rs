//! What the result page says: two facts, the file and the licence, and the worse one leads.
//!
//! Nothing of a file that failed is shown as data; what the register says is shown as the register's. "Cannot be decided" is
//! never told as "false".

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::beijing;
use crate::http::pages::words::Words;
use crate::i18n;
use crate::licence::standing::Standing;
use crate::problem::Problem;
use crate::service::verify::CodeReport;
use crate::verify::{
    ChangesAfter, Conclusion, Indication, LicenceReport, Report, SignatureKind, SignatureReport, SubIndication,
};

/// Days before its end from which a licence is said to end soon.
const ENDS_SOON_DAYS: i64 = 30;

/// How an answer looks: each has a colour, and its icons are of other shapes than the others'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// May be relied on.
    Good,
    /// Proves nothing.
    Neutral,
    /// Not certain, or not now.
    Wait,
    /// Not to be relied on.
    Stop,
}

impl Tone {
    /// Its class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Neutral => "neutral",
            Self::Wait => "wait",
            Self::Stop => "stop",
        }
    }

    /// Key of what it means for whoever is asked to accept it.
    fn accept(self) -> &'static str {
        match self {
            Self::Good => "accept-yes",
            Self::Neutral => "accept-no-proof",
            Self::Wait => "accept-not-now",
            Self::Stop => "accept-no",
        }
    }
}

/// One judgement in words.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) tone: Tone,
    /// Symbol of the icon.
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) meaning: String,
    pub(super) action: String,
}

/// A label and what stands beside it.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

/// One check as a question.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) question: String,
    /// `yes`, `no` or `skipped`.
    pub(super) class: &'static str,
    pub(super) answer: String,
}

/// Everything that the page shows, in its order.
#[derive(Debug, Clone)]
pub(super) struct ResultView {
    pub(super) headline: Verdict,
    pub(super) accept: String,
    pub(super) warning: Option<String>,
    pub(super) licence: Vec<Fact>,
    /// Whether data of a file that failed are kept back.
    pub(super) hidden: bool,
    pub(super) file: Option<Verdict>,
    pub(super) code: Option<Verdict>,
    pub(super) state: Option<Verdict>,
    pub(super) checked_at: String,
    pub(super) reasons: Vec<String>,
    pub(super) signers: Vec<Vec<Fact>>,
    pub(super) changes: Vec<String>,
    pub(super) checks: Vec<Check>,
    pub(super) superseded_by: Option<String>,
    pub(super) sha256: Option<String>,
    /// Key of the note on other readers.
    pub(super) other_readers: Option<&'static str>,
    pub(super) technical: Vec<Fact>,
}

impl ResultView {
    fn new(words: Words, headline: Verdict, now: DateTime<Utc>) -> Self {
        Self {
            accept: words.get(headline.tone.accept()),
            headline,
            warning: None,
            licence: Vec::new(),
            hidden: false,
            file: None,
            code: None,
            state: None,
            checked_at: words.time(now),
            reasons: Vec::new(),
            signers: Vec::new(),
            changes: Vec::new(),
            checks: Vec::new(),
            superseded_by: None,
            sha256: None,
            other_readers: None,
            technical: Vec::new(),
        }
    }

    /// The result for a document.
    pub(super) fn of_document(words: Words, report: &Report, now: DateTime<Utc>) -> Self {
        let main = main_signature(report);
        let file = file_verdict(words, report.conclusion, main);
        let may_show = report.conclusion <= Conclusion::Indeterminate
            || report.conclusion == Conclusion::Changed && main.and_then(|main| main.authorised) == Some(true);
        let licence = report.licence.as_ref().filter(|_| may_show);
        let state = licence.map(|licence| state_verdict(words, licence, now));
        let headline = headline(words, report.conclusion, main, &file, state.as_ref());
        let signatures = || report.signatures.iter();
        let sub_reasons = signatures().filter_map(|signature| sub_reason(words, signature.sub_indication?));
        let problems = report
            .reasons
            .iter()
            .chain(signatures().flat_map(|signature| &signature.reasons));
        let mut reasons: Vec<String> = sub_reasons.collect();
        reasons.extend(in_words(words, problems));
        reasons.dedup();
        Self {
            licence: licence.map(|licence| licence_facts(words, licence)).unwrap_or_default(),
            hidden: !may_show && !report.signatures.is_empty(),
            file: Some(file),
            state,
            reasons,
            signers: signatures()
                .filter(|signature| signature.kind == SignatureKind::Signature)
                .map(|signature| signer_facts(words, signature))
                .collect(),
            changes: main.map(|main| changes(words, main)).unwrap_or_default(),
            checks: main.map(|main| checks(words, main, licence)).unwrap_or_default(),
            superseded_by: licence.and_then(|licence| licence.superseded_by.clone()),
            sha256: report.sha256.clone(),
            other_readers: main.map(|main| match main.algorithm {
                Some(algorithm) if algorithm.contains("SM2") => "result-other-readers",
                _ => "result-other-readers-international",
            }),
            technical: signatures().flat_map(|signature| technical(words, signature)).collect(),
            ..Self::new(words, headline, now)
        }
    }

    /// The result for an identifier: the register's answer alone.
    pub(super) fn of_licence(words: Words, licence: &LicenceReport, now: DateTime<Utc>) -> Self {
        let state = state_verdict(words, licence, now);
        Self {
            licence: licence_facts(words, licence),
            superseded_by: licence.superseded_by.clone(),
            state: Some(state.clone()),
            ..Self::new(words, state, now)
        }
    }

    /// The result for an identifier that the register does not have, or with a code that is not its own.
    pub(super) fn of_unknown(words: Words, now: DateTime<Utc>) -> Self {
        let verdict = verdict(words, Tone::Stop, "question", "licence-not-found", &[]);
        Self::new(words, verdict, now)
    }

    /// The result for a printed code.
    pub(super) fn of_code(words: Words, report: &CodeReport, public_url: &str, now: DateTime<Utc>) -> Self {
        let code = code_verdict(words, report, now);
        let state = report
            .licence
            .as_ref()
            .map(|licence| state_verdict(words, licence, now));
        // The register is asked now; the status list is its copy.
        let headline = match &state {
            Some(state) if state.tone > code.tone => state.clone(),
            _ => code.clone(),
        };
        let warning = report
            .foreign_host
            .as_deref()
            .map(|host| i18n::text(words.0, "qr-foreign-host", &[("host", host), ("official", public_url)]));
        Self {
            warning,
            licence: report
                .licence
                .as_ref()
                .map(|licence| licence_facts(words, licence))
                .unwrap_or_default(),
            superseded_by: report
                .licence
                .as_ref()
                .and_then(|licence| licence.superseded_by.clone()),
            code: Some(code),
            state,
            reasons: in_words(words, report.reasons.iter()).collect(),
            ..Self::new(words, headline, now)
        }
    }
}

/// The worse of both leads; where both are good, one sentence says so.
fn headline(
    words: Words,
    conclusion: Conclusion,
    main: Option<&SignatureReport>,
    file: &Verdict,
    state: Option<&Verdict>,
) -> Verdict {
    match state {
        Some(state) if state.tone > file.tone => state.clone(),
        Some(state) if state.tone == Tone::Good && conclusion == Conclusion::Valid => {
            let (signer, time) = signed(words, main);
            verdict(
                words,
                Tone::Good,
                "check",
                "both-good",
                &[("signer", &signer), ("time", &time)],
            )
        }
        _ => file.clone(),
    }
}

fn verdict(words: Words, tone: Tone, icon: &'static str, key: &str, params: &[(&str, &str)]) -> Verdict {
    let text = |key: &str| i18n::text(words.0, key, params);
    Verdict {
        tone,
        icon,
        title: text(key),
        meaning: text(&format!("{key}.meaning")),
        action: text(&format!("{key}.action")),
    }
}

/// The signature that the file is judged by: the first worst one of its business signatures.
fn main_signature(report: &Report) -> Option<&SignatureReport> {
    let business = || {
        report
            .signatures
            .iter()
            .filter(|signature| signature.kind == SignatureKind::Signature)
    };
    let worst = business().map(|signature| signature.conclusion).max()?;
    business().find(|signature| signature.conclusion == worst)
}

fn signed(words: Words, main: Option<&SignatureReport>) -> (String, String) {
    let signer = main
        .and_then(|main| main.signer.as_ref())
        .map(|signer| signer.name.clone());
    let time = main.and_then(|main| {
        main.best_signature_time
            .filter(|_| main.time_is_proven)
            .or(main.signing_time)
    });
    let day = time.map(|time| words.day(beijing(time).date_naive()));
    (signer.unwrap_or_default(), day.unwrap_or_default())
}

fn file_verdict(words: Words, conclusion: Conclusion, main: Option<&SignatureReport>) -> Verdict {
    let (tone, icon) = match conclusion {
        Conclusion::Valid => (Tone::Good, "check"),
        Conclusion::ValidWithPermittedChanges => (Tone::Good, "check-plus"),
        Conclusion::Indeterminate => (Tone::Wait, "triangle"),
        Conclusion::Changed | Conclusion::Invalid => (Tone::Stop, "octagon"),
        Conclusion::Unsigned => (Tone::Neutral, "dash"),
        Conclusion::Unreadable => (Tone::Neutral, "question"),
    };
    let (signer, time) = signed(words, main);
    let key = format!("file-{}", conclusion.code());
    verdict(words, tone, icon, &key, &[("signer", &signer), ("time", &time)])
}

fn state_verdict(words: Words, licence: &LicenceReport, now: DateTime<Utc>) -> Verdict {
    let today = beijing(now).date_naive();
    let until = licence.valid_until.as_deref();
    let days = until.and_then(|until| until.parse::<NaiveDate>().ok());
    let days = days.map(|until| (until - today).num_days());
    let name = licence.state.name();
    let (tone, icon) = match name {
        "current" => (Tone::Good, "check"),
        "suspended" => (Tone::Wait, "pause"),
        "superseded" => (Tone::Wait, "arrow"),
        "not-yet-valid" => (Tone::Wait, "clock"),
        "expired" => (Tone::Stop, "clock"),
        "revoked" | "withdrawn" | "cancelled" => (Tone::Stop, "octagon"),
        _ => (Tone::Wait, "triangle"),
    };
    let key = match (licence.state, days) {
        (Standing::Current, None) => "licence-current-open-ended".to_owned(),
        (Standing::Current, Some(days)) if days < ENDS_SOON_DAYS => "licence-ending-soon".to_owned(),
        _ => format!("licence-{name}"),
    };
    let day = |text: Option<&str>| text.map(|text| words.day_of(text)).unwrap_or_default();
    let days = days.unwrap_or_default().abs().to_string();
    let (until, from, since) = (
        day(until),
        day(licence.valid_from.as_deref()),
        day(licence.state_since.as_deref()),
    );
    let params = [
        ("until", until.as_str()),
        ("from", &from),
        ("since", &since),
        ("days", &days),
    ];
    verdict(words, tone, icon, &key, &params)
}

fn code_verdict(words: Words, report: &CodeReport, now: DateTime<Utc>) -> Verdict {
    let (tone, icon) = match report.verdict {
        "current" => (Tone::Good, "check"),
        "expired" => (Tone::Stop, "clock"),
        "revoked" | "bad-signature" | "another-licence" => (Tone::Stop, "octagon"),
        "suspended" => (Tone::Wait, "pause"),
        "unreadable" => (Tone::Neutral, "question"),
        _ => (Tone::Wait, "triangle"),
    };
    let licence = report.licence.as_ref();
    let issuer = licence
        .and_then(|licence| licence.issuer.as_deref())
        .unwrap_or_default();
    let until = licence.and_then(|licence| licence.valid_until.as_deref());
    let until = until.map(|until| words.day_of(until)).unwrap_or_default();
    let as_of = words.time(now);
    let params = [("issuer", issuer), ("until", &until), ("as_of", &as_of)];
    let found = verdict(words, tone, icon, &format!("qr-{}", report.verdict), &params);
    // A genuine code whose licence the register does not have proves nothing yet.
    if tone == Tone::Good && licence.is_none() {
        return verdict(words, Tone::Wait, "triangle", "licence-unknown", &[]);
    }
    found
}

fn fact(words: Words, key: &str, value: Option<String>) -> Option<Fact> {
    value.map(|value| Fact {
        label: words.get(key),
        value,
    })
}

fn licence_facts(words: Words, licence: &LicenceReport) -> Vec<Fact> {
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

fn signer_facts(words: Words, signature: &SignatureReport) -> Vec<Fact> {
    let signer = signature.signer.as_ref();
    let (time, proof) = match (signature.best_signature_time, signature.time_is_proven) {
        (Some(time), true) => (Some(time), "result-time-proven"),
        _ => (signature.signing_time, "result-time-claimed"),
    };
    let seal = signature.seal.as_ref();
    [
        ("result-signer-name", signer.map(|signer| signer.name.clone())),
        (
            "result-signer-code",
            signer.and_then(|signer| signer.credit_code.clone()),
        ),
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

fn changes(words: Words, main: &SignatureReport) -> Vec<String> {
    let key = match main.changes_after {
        ChangesAfter::None => return Vec::new(),
        ChangesAfter::ValidationData => "changes-validation-data",
        ChangesAfter::Permitted => "changes-permitted",
        ChangesAfter::NotPermitted => "changes-not-permitted",
        ChangesAfter::Unparsable => "changes-unparsable",
    };
    let mut lines = vec![words.get(key)];
    lines.extend(main.change_list.iter().cloned());
    lines
}

/// The checks as questions. Where the signature itself fails, nothing else is asked: all of it may be forged.
fn checks(words: Words, main: &SignatureReport, licence: Option<&LicenceReport>) -> Vec<Check> {
    use SubIndication::{FormatFailure, HashFailure, Revoked, RevokedCaNoPoe, RevokedNoPoe, SigCryptoFailure};
    let sub = main.sub_indication;
    let intact = !matches!(sub, Some(FormatFailure | HashFailure | SigCryptoFailure));
    let passed = main.indication == Indication::TotalPassed;
    let revoked = matches!(sub, Some(Revoked | RevokedNoPoe | RevokedCaNoPoe));
    let only_permitted = !matches!(
        main.changes_after,
        ChangesAfter::NotPermitted | ChangesAfter::Unparsable
    );
    let trusted = (passed || sub.is_some()).then_some(passed);
    let all = [
        ("check-integrity", Some(intact)),
        ("check-coverage", Some(main.covers_whole_document || only_permitted)),
        ("check-certificate", trusted),
        ("check-revocation", (passed || revoked).then_some(!revoked)),
        ("check-time", Some(main.time_is_proven)),
        ("check-authority", main.authorised),
        ("check-seal", main.seal.as_ref().map(|seal| seal.valid)),
        ("check-state", licence.map(|licence| licence.state == Standing::Current)),
    ];
    let asked = if intact { all.len() } else { 1 };
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

fn technical(words: Words, signature: &SignatureReport) -> Vec<Fact> {
    let word =
        |value: serde_json::Result<serde_json::Value>| value.ok().and_then(|value| Some(value.as_str()?.to_owned()));
    let sub = signature.sub_indication.and_then(|sub| word(serde_json::to_value(sub)));
    let indication = word(serde_json::to_value(signature.indication));
    let indication = indication.map(|main| sub.map_or_else(|| main.clone(), |sub| format!("{main} · {sub}")));
    let path = (!signature.path.is_empty()).then(|| signature.path.join(" ← "));
    [
        ("result-technical-indication", indication),
        ("result-algorithm", signature.algorithm.map(str::to_owned)),
        ("result-level", signature.level.map(str::to_owned)),
        ("result-chain", path),
    ]
    .into_iter()
    .filter_map(|(key, value)| fact(words, key, value))
    .collect()
}

fn sub_reason(words: Words, sub: SubIndication) -> Option<String> {
    let name = serde_json::to_value(sub).ok()?;
    let name = name.as_str()?.to_ascii_lowercase().replace('_', "-");
    Some(words.get(&format!("sub-{name}")))
}

fn in_words<'p>(words: Words, problems: impl Iterator<Item = &'p Problem>) -> impl Iterator<Item = String> {
    problems.map(move |problem| i18n::problem(words.0, problem))
}
