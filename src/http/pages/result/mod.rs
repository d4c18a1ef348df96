//! What the result page says: two facts, the file and the licence, and the worse one leads.
//!
//! Nothing of a file that failed is shown as data; what the register says is shown as the register's. "Cannot be
//! decided" is never told as "false".

mod facts;
mod pictures;
mod verdict;

use askama::Template;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};

use crate::http::pages::frame::Frame;
use crate::http::pages::result::facts::{
    Check, Fact, Group, Reason, changes, checks, file_group, licence_facts, replay_group, signature_groups,
    signer_facts,
};
use crate::http::pages::result::pictures::PicturesView;
use crate::http::pages::result::verdict::{
    Tone, Verdict, code_verdict, file_verdict, headline, receipt_verdict, state_verdict, verdict,
};
use crate::http::pages::words::Words;
use crate::i18n;
use crate::problem::Problem;
use crate::service::previews::Pictures;
use crate::service::verify::{CodeReport, VerifiedFile, own_seal};
use crate::verify::{Conclusion, Indication, LicenceReport, Report, SignatureKind, SignatureReport, SubIndication};

/// The page.
#[derive(Template)]
#[template(path = "pages/result.html")]
pub(super) struct ResultPage {
    pub(super) frame: Frame,
    pub(super) view: ResultView,
}

/// Everything that the page shows, in its order.
#[derive(Debug, Clone)]
pub(super) struct ResultView {
    headline: Verdict,
    /// Title of the headline in the other language.
    headline_elsewhere: String,
    /// Whether it may be accepted, in a word or two.
    accept: String,
    warning: Option<String>,
    licence: Vec<Fact>,
    /// Key of where the licence's data come from.
    source: &'static str,
    /// Whether something of the licence is masked.
    masked: bool,
    /// Whether data of a file that failed are kept back.
    hidden: bool,
    /// On the file; here and below only where there is more than the headline says.
    file: Option<Verdict>,
    code: Option<Verdict>,
    /// On the licence, by the register.
    state: Option<Verdict>,
    checked_at: String,
    reasons: Vec<Reason>,
    /// What decides nothing and is to be known.
    notes: Vec<String>,
    signers: Vec<Signer>,
    /// On whose recognition the file rests, where it is another's than ours.
    recognition: Option<String>,
    /// Who stands on the paths of its signers, each signer first.
    paths: Vec<Vec<String>>,
    changes: Vec<String>,
    /// The version that was signed, where it was changed since.
    as_signed: Option<AsSigned>,
    /// The pages that changed, before and after.
    pictures: Option<PicturesView>,
    checks: Vec<Check>,
    superseded_by: Option<String>,
    /// Key of the note on other readers.
    other_readers: Option<&'static str>,
    technical: Vec<Group>,
}

/// Who signed, and the seal of that signature.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    facts: Vec<Fact>,
    /// The seal's picture as the register has it, as an address that holds it.
    seal: Option<String>,
}

impl Signer {
    fn of(words: Words, signature: &SignatureReport, verified: &VerifiedFile) -> Self {
        let shown = own_seal(signature).filter(|_| signature.conclusion <= Conclusion::ValidWithPermittedChanges);
        let seal = shown.and_then(|id| verified.seals.iter().find(|seal| seal.id == id));
        Self {
            facts: signer_facts(words, signature),
            seal: seal.map(|seal| data_address(seal.picture.media_type, &seal.picture.bytes)),
        }
    }
}

/// The version that was signed of a document that was changed.
#[derive(Debug, Clone)]
pub(super) struct AsSigned {
    title: String,
    /// Name to be kept under.
    name: String,
    /// The bytes as an address that holds them; `None` where they are too many.
    address: Option<String>,
    /// How to get it where they are.
    large: String,
}

impl ResultView {
    fn new(words: Words, headline: Verdict, now: DateTime<Utc>) -> Self {
        Self {
            accept: words.get(headline.accept()),
            headline_elsewhere: headline.title_in(words.other()),
            headline,
            warning: None,
            licence: Vec::new(),
            source: "register",
            masked: false,
            hidden: false,
            file: None,
            code: None,
            state: None,
            checked_at: words.time(now),
            reasons: Vec::new(),
            notes: Vec::new(),
            signers: Vec::new(),
            recognition: None,
            paths: Vec::new(),
            changes: Vec::new(),
            as_signed: None,
            pictures: None,
            checks: Vec::new(),
            superseded_by: None,
            other_readers: None,
            technical: Vec::new(),
        }
    }

    /// The result for a document.
    pub(super) fn of_document(words: Words, verified: &VerifiedFile, now: DateTime<Utc>) -> Self {
        let report = &verified.report;
        let main = report.main_signature();
        let file = match &report.receipt {
            Some(receipt) => receipt_verdict(words, receipt),
            None => file_verdict(words, report.conclusion, main),
        };
        let may_show = report.conclusion <= Conclusion::Indeterminate
            || report.conclusion == Conclusion::Changed && main.and_then(|main| main.authorised) == Some(true);
        let licence = report.licence.as_ref().filter(|_| may_show);
        let state = licence.map(|licence| state_verdict(words, licence, now));
        let headline = headline(words, report.conclusion, main, &file, state.as_ref());
        let signatures = || report.signatures.iter();
        // Where no reason says more.
        let unexplained = signatures().filter(|signature| signature.reasons.is_empty());
        let sub_reasons = unexplained.filter_map(|signature| sub_reason(words, signature.sub_indication?));
        let problems = report
            .reasons
            .iter()
            .chain(signatures().flat_map(|signature| &signature.reasons));
        let mut reasons: Vec<Reason> = Vec::new();
        for reason in in_words(words, problems).chain(sub_reasons.map(Reason::plain)) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        // Of a document that was changed, who signed what it was before.
        let may_name = |signature: &&SignatureReport| {
            let is_theirs = signature.conclusion <= Conclusion::Changed && signature.is_intact() == Some(true);
            signature.kind == SignatureKind::Signature
                && (may_show || report.conclusion == Conclusion::Changed && is_theirs)
        };
        let named: Vec<&SignatureReport> = signatures().filter(may_name).collect();
        let signers = named.iter().map(|signature| Signer::of(words, signature, verified));
        let mut paths: Vec<Vec<String>> = Vec::new();
        for found in named.iter().filter_map(|signature| signature.recognition.as_ref()) {
            let path = i18n::path(words.0, found);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let view = Self {
            source: if report.is_of_others() { "foreign" } else { "register" },
            hidden: !may_show && named.is_empty() && !report.signatures.is_empty(),
            file: state.is_some().then_some(file),
            state,
            reasons,
            notes: signatures()
                .flat_map(|signature| &signature.notes)
                .map(|note| i18n::problem(words.0, note))
                .collect(),
            signers: signers.collect(),
            recognition: i18n::recognition(words.0, report).filter(|_| may_show),
            paths,
            changes: main.map(|main| changes(words, main)).unwrap_or_default(),
            checks: main.map(|main| checks(words, main, licence)).unwrap_or_default(),
            other_readers: other_readers(report),
            technical: std::iter::once(file_group(words, verified))
                .chain(signatures().flat_map(|signature| signature_groups(words, signature)))
                .chain([replay_group(words, report)])
                .collect(),
            ..Self::new(words, headline, now)
        };
        view.with_licence(words, licence)
    }

    /// Adds pictures of the pages that changed.
    pub(super) fn with_pictures(self, words: Words, pictures: Option<&Pictures>) -> Self {
        Self {
            pictures: pictures.map(|pictures| PicturesView::of(words, pictures)),
            ..self
        }
    }

    /// Adds the version that was signed, where it is at hand, or how to get it.
    pub(super) fn with_as_signed(self, words: Words, verified: &VerifiedFile, bytes: Option<&[u8]>) -> Self {
        let as_signed = verified.report.signed_length().map(|length| AsSigned {
            title: words.with("result-as-signed", "bytes", &length.to_string()),
            name: as_signed_name(verified.report.file.as_deref()),
            address: bytes.map(|bytes| data_address("application/pdf", bytes)),
            large: words.with("result-as-signed-large", "bytes", &length.to_string()),
        });
        Self { as_signed, ..self }
    }

    /// Adds the licence.
    fn with_licence(self, words: Words, licence: Option<&LicenceReport>) -> Self {
        let Some(licence) = licence else { return self };
        let masked = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains('*'));
        Self {
            licence: licence_facts(words, licence),
            source: licence.state_source,
            masked: masked(&licence.holder) || masked(&licence.number),
            superseded_by: licence.superseded_by.clone(),
            ..self
        }
    }

    /// The result for an identifier: the register's answer alone.
    pub(super) fn of_licence(words: Words, licence: &LicenceReport, now: DateTime<Utc>) -> Self {
        let state = state_verdict(words, licence, now);
        Self::new(words, state, now).with_licence(words, Some(licence))
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
        let view = Self {
            warning,
            code: state.is_some().then_some(code),
            state,
            reasons: in_words(words, report.reasons.iter()).collect(),
            ..Self::new(words, headline, now)
        };
        view.with_licence(words, report.licence.as_ref())
    }
}

/// Key of the note on readers that do not know what a good signature rests on, on one of SM2 before others; whatever
/// else they say may be true.
fn other_readers(report: &Report) -> Option<&'static str> {
    let signatures = report.signatures.iter();
    let good: Vec<&SignatureReport> = signatures
        .filter(|signature| signature.kind == SignatureKind::Signature)
        .filter(|signature| signature.indication == Indication::TotalPassed && signature.recognition.is_some())
        .collect();
    let is_national = |signature: &&SignatureReport| signature.algorithm.is_some_and(|name| name.contains("SM2"));
    let is_own = |signature: &&SignatureReport| signature.recognition.as_ref().is_some_and(|found| found.own);
    if good.iter().any(is_national) {
        return Some("result-other-readers");
    }
    good.iter().any(is_own).then_some("result-other-readers-international")
}

fn sub_reason(words: Words, sub: SubIndication) -> Option<String> {
    let name = serde_json::to_value(sub).ok()?;
    let name = name.as_str()?.to_ascii_lowercase().replace('_', "-");
    Some(words.get(&format!("sub-{name}")))
}

fn in_words<'p>(words: Words, problems: impl Iterator<Item = &'p Problem>) -> impl Iterator<Item = Reason> {
    problems.map(move |problem| Reason::of(words, problem))
}

/// Bytes as an address that holds them, so that nothing more is asked for (RFC 2397).
fn data_address(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes))
}

/// Name under which the version that was signed is kept: that of the file, with what it is.
fn as_signed_name(file: Option<&str>) -> String {
    let name = file.unwrap_or_default();
    let stem = name.strip_suffix(".pdf").unwrap_or(name);
    match stem {
        "" => "signed.pdf".to_owned(),
        stem => format!("{stem}-signed.pdf"),
    }
}
