//! Judgements in words: of a file, of a licence's state, of a printed code, and which of them leads.

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::beijing;
use crate::http::pages::words::Words;
use crate::i18n::{self, Dating, Language};
use crate::licence::standing::Standing;
use crate::service::verify::CodeReport;
use crate::verify::{Conclusion, LicenceReport, ReceiptReport, SignatureReport};

/// Days before its end from which a licence is said to end soon.
const ENDS_SOON_DAYS: i64 = 30;

/// Key of what is said of the state of a licence that is in the register of another place.
const ELSEWHERE: &str = "licence-elsewhere";

/// Key of what is said of a verification receipt: that it is genuine says nothing of the file that it is of.
const RECEIPT: &str = "file-receipt";

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
    /// Key of its texts.
    key: String,
    pub(super) tone: Tone,
    /// Symbol of the icon.
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) meaning: String,
    pub(super) action: String,
}

impl Verdict {
    /// One word for programs: `valid` where it may be relied on, else what is wrong: `revoked`, `changed`.
    pub(super) fn code(&self) -> &str {
        match self.tone {
            Tone::Good => "valid",
            _ => self.key.split_once('-').map_or(&self.key, |(_, code)| code),
        }
    }

    /// Key of what it means for whoever is asked to accept the file.
    pub(super) fn accept(&self) -> &'static str {
        match self.key.as_str() {
            RECEIPT => "accept-receipt",
            _ => self.tone.accept(),
        }
    }

    /// Its title in another language.
    pub(super) fn title_in(&self, language: Language) -> String {
        i18n::text(language, &self.key, &[])
    }
}

/// The worse of both leads; where both are good, one sentence says so.
pub(super) fn headline(
    words: Words,
    conclusion: Conclusion,
    main: Option<&SignatureReport>,
    file: &Verdict,
    state: Option<&Verdict>,
) -> Verdict {
    match state {
        Some(state) if state.tone > file.tone => state.clone(),
        Some(state) if state.tone == Tone::Good && conclusion == Conclusion::Valid => {
            let key = if state.key == ELSEWHERE {
                "both-good-elsewhere"
            } else {
                "both-good"
            };
            signed_verdict(words, (Tone::Good, "check"), key, main)
        }
        _ => file.clone(),
    }
}

pub(super) fn verdict(words: Words, tone: Tone, icon: &'static str, key: &str, params: &[(&str, &str)]) -> Verdict {
    let text = |key: &str| i18n::text(words.0, key, params);
    Verdict {
        key: key.to_owned(),
        tone,
        icon,
        title: text(key),
        meaning: text(&format!("{key}.meaning")),
        action: text(&format!("{key}.action")),
    }
}

/// A verdict that says who signed and when, as far as that is known.
fn signed_verdict(
    words: Words,
    (tone, icon): (Tone, &'static str),
    key: &str,
    main: Option<&SignatureReport>,
) -> Verdict {
    let signer = main.and_then(|main| main.signer.as_ref());
    let signer = signer.map(|signer| signer.name.as_str()).unwrap_or_default();
    let dating = Dating::of(main);
    let day = |time| words.day(beijing(time).date_naive());
    let params = [
        ("signer", signer),
        ("time", &dating.time().map(day).unwrap_or_default()),
    ];
    Verdict {
        meaning: dating.meaning(words.0, key, &params),
        ..verdict(words, tone, icon, key, &params)
    }
}

pub(super) fn file_verdict(words: Words, conclusion: Conclusion, main: Option<&SignatureReport>) -> Verdict {
    let look = match conclusion {
        Conclusion::Valid => (Tone::Good, "check"),
        Conclusion::ValidWithPermittedChanges => (Tone::Good, "check-plus"),
        Conclusion::Indeterminate => (Tone::Wait, "triangle"),
        Conclusion::Changed | Conclusion::Invalid => (Tone::Stop, "octagon"),
        Conclusion::Unsigned => (Tone::Neutral, "dash"),
        Conclusion::Unreadable => (Tone::Neutral, "question"),
    };
    signed_verdict(words, look, &format!("file-{}", conclusion.code()), main)
}

/// What a verification receipt says of its file.
pub(super) fn receipt_verdict(words: Words, receipt: &ReceiptReport) -> Verdict {
    let time = receipt.validation_time.parse().map(|time| words.time(time));
    let finding = words.get(&format!("file-{}", receipt.conclusion));
    let params = [
        ("sha256", receipt.sha256.clone().unwrap_or_default()),
        ("finding", finding),
        ("time", time.unwrap_or_default()),
    ];
    let params = params.each_ref().map(|(name, value)| (*name, value.as_str()));
    verdict(words, Tone::Neutral, "dash", RECEIPT, &params)
}

pub(super) fn state_verdict(words: Words, licence: &LicenceReport, now: DateTime<Utc>) -> Verdict {
    let today = beijing(now).date_naive();
    let until = licence.valid_until.as_deref();
    let days = until.and_then(|until| until.parse::<NaiveDate>().ok());
    let days = days.map(|until| (until - today).num_days());
    let name = licence.state.name();
    let is_foreign = licence.state == Standing::Unknown && licence.state_source == "foreign";
    let (tone, icon) = match name {
        // What its own register says is not known here, and is no reason to refuse it.
        _ if is_foreign => (Tone::Good, "dash"),
        "current" => (Tone::Good, "check"),
        "suspended" => (Tone::Wait, "pause"),
        "superseded" => (Tone::Wait, "arrow"),
        "not-yet-valid" => (Tone::Wait, "clock"),
        "expired" => (Tone::Stop, "clock"),
        "revoked" | "withdrawn" | "cancelled" => (Tone::Stop, "octagon"),
        _ => (Tone::Wait, "triangle"),
    };
    let key = match (licence.state, days) {
        _ if is_foreign => ELSEWHERE.to_owned(),
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

pub(super) fn code_verdict(words: Words, report: &CodeReport, now: DateTime<Utc>) -> Verdict {
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
    verdict(words, tone, icon, &format!("qr-{}", report.verdict), &params)
}
