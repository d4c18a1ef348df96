//! Texts and dates in the reader's language, as templates ask for them.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use crate::clock::beijing;
use crate::i18n::{self, Language};

/// The texts of one language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Language);

impl Words {
    /// The text of a key.
    pub(super) fn get(&self, key: &str) -> String {
        i18n::text(self.0, key, &[])
    }

    /// The text of a key that quotes one value.
    pub(super) fn with(&self, key: &str, name: &str, value: &str) -> String {
        i18n::text(self.0, key, &[(name, value)])
    }

    /// Tag of the language.
    pub(super) fn tag(&self) -> &'static str {
        self.0.tag()
    }

    /// The other language.
    pub(super) fn other(&self) -> Language {
        match self.0 {
            Language::Zh => Language::En,
            Language::En => Language::Zh,
        }
    }

    /// Tag of the other language.
    pub(super) fn other_tag(&self) -> &'static str {
        self.other().tag()
    }

    /// A day: 2026年3月5日.
    pub(super) fn day(&self, day: NaiveDate) -> String {
        let month = self.get(&format!("month-{}", day.month()));
        let (year, day) = (day.year().to_string(), day.day().to_string());
        i18n::text(self.0, "date-day", &[("year", &year), ("month", &month), ("day", &day)])
    }

    /// A day in the form `YYYY-MM-DD`; as it stands where it is none.
    pub(super) fn day_of(&self, text: &str) -> String {
        text.parse().map_or_else(|_| text.to_owned(), |day| self.day(day))
    }

    /// An instant in Beijing time, to the second.
    pub(super) fn time(&self, time: DateTime<Utc>) -> String {
        let time = beijing(time);
        let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
        format!("{} {clock}", self.day(time.date_naive()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_in_beijing_time() {
        let time = "2026-03-05T16:00:09Z".parse().unwrap();
        assert_eq!(Words(Language::Zh).time(time), "2026年3月6日 00:00:09");
        assert_eq!(Words(Language::En).time(time), "6 March 2026 00:00:09");
    }
}
