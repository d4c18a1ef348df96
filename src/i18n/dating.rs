//! When a signature was made, as a verdict may say it: what a time stamp proves is a fact, what the signer states is
//! not.

use chrono::{DateTime, Utc};

use super::{Language, bundles, text};
use crate::verify::SignatureReport;

/// What is known of the time of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dating {
    /// It is proved to have been there by then.
    Proved(DateTime<Utc>),
    /// The signer states so, which nothing proves.
    Stated(DateTime<Utc>),
    /// Nothing.
    Unknown,
}

impl Dating {
    /// That of the signature that a verdict speaks of.
    pub fn of(signature: Option<&SignatureReport>) -> Self {
        let Some(signature) = signature else {
            return Self::Unknown;
        };
        let proved = signature.best_signature_time.filter(|_| signature.time_is_proven);
        match (proved, signature.signing_time) {
            (Some(time), _) => Self::Proved(time),
            (None, Some(time)) => Self::Stated(time),
            (None, None) => Self::Unknown,
        }
    }

    /// The time.
    pub fn time(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Proved(time) | Self::Stated(time) => Some(time),
            Self::Unknown => None,
        }
    }

    /// What a verdict means: `.meaning` of its text, or `.meaning_stated` and `.meaning_undated` where it tells a time.
    pub fn meaning(self, language: Language, key: &str, params: &[(&str, &str)]) -> String {
        let attribute = match self {
            Self::Proved(_) => None,
            Self::Stated(_) => Some("meaning_stated"),
            Self::Unknown => Some("meaning_undated"),
        };
        attribute
            .and_then(|attribute| bundles::format(language, &format!("{key}.{attribute}"), params.iter().copied()))
            .unwrap_or_else(|| text(language, &format!("{key}.meaning"), params))
    }
}
