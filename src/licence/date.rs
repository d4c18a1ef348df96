//! Calendar days as departments write them, as records keep them and as faces show them.
//!
//! Records and interfaces hold `2026-03-05` (RFC 3339 full-date), the file metadata of GB/T 36903 hold `20260305`,
//! faces show `2026年3月5日`. On reading, all three and `2026/3/5` are understood.

use chrono::{Datelike, NaiveDate};

/// Why a text is not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not in one of the accepted forms.
    #[error("\"{value}\" is not a date such as 2026-03-05")]
    Form {
        /// The text.
        value: String,
    },
    /// In form, but no such day, or outside the years 1900 to 2999.
    #[error("\"{value}\" is no day of the calendar")]
    Impossible {
        /// The text.
        value: String,
    },
}

/// Reads `2026-03-05`, `20260305`, `2026/3/5` or `2026年3月5日`.
pub fn parse(text: &str) -> Result<NaiveDate, DateError> {
    let form = || DateError::Form { value: text.to_owned() };
    let parts = match text.len() {
        8 if text.bytes().all(|byte| byte.is_ascii_digit()) => text
            .split_at_checked(4)
            .and_then(|(year, rest)| Some([year, rest.get(..2)?, rest.get(2..)?])),
        _ => split(text),
    };
    let [year, month, day] = parts.ok_or_else(form)?;
    let number = |part: &str, most: usize| match part.len() {
        length if length >= 1 && length <= most && part.bytes().all(|byte| byte.is_ascii_digit()) => {
            part.parse::<u32>().map_err(|_| form())
        }
        _ => Err(form()),
    };
    if year.len() != 4 {
        return Err(form());
    }
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    i32::try_from(year)
        .ok()
        .filter(|year| YEARS.contains(year))
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or_else(|| DateError::Impossible { value: text.to_owned() })
}

/// `2026-03-05`.
pub fn canonical(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// `20260305`, as in the file metadata of GB/T 36903.
pub fn basic(date: NaiveDate) -> String {
    date.format("%Y%m%d").to_string()
}

/// `2026年3月5日`.
pub fn chinese(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

fn split(text: &str) -> Option<[&str; 3]> {
    let chinese = || {
        let (year, rest) = text.split_once('年')?;
        let (month, rest) = rest.split_once('月')?;
        Some([year, month, rest.strip_suffix('日')?])
    };
    let separated = |separator: char| {
        let (year, rest) = text.split_once(separator)?;
        let (month, day) = rest.split_once(separator)?;
        Some([year, month, day])
    };
    chinese().or_else(|| separated('-')).or_else(|| separated('/'))
}

/// Years that a licence can speak of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_accepted_form_is_the_same_day() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        for text in [
            "2026-03-05",
            "20260305",
            "2026/3/5",
            "2026年3月5日",
            "2026年03月05日",
            "2026-3-5",
        ] {
            assert_eq!(parse(text), Ok(day), "{text}");
        }
        assert_eq!(
            (canonical(day), basic(day), chinese(day)),
            ("2026-03-05".into(), "20260305".into(), "2026年3月5日".into())
        );
    }

    #[test]
    fn impossible_days_and_wrong_forms_are_told_apart() {
        for text in ["2026-02-29", "20261301", "2026年4月31日", "1026-03-05", "2026-00-10"] {
            assert_eq!(parse(text), Err(DateError::Impossible { value: text.into() }));
        }
        for text in [
            "",
            "2026",
            "2026-03",
            "26-03-05",
            "2026-03-05x",
            "2026.03.05",
            "+026-03-05",
            "2026-+3-05",
            "２０２６-03-05",
        ] {
            assert_eq!(parse(text), Err(DateError::Form { value: text.into() }));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_written_is_read_back(days in 693_596i32..1_000_000) {
            let day = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            for text in [canonical(day), basic(day), chinese(day)] {
                prop_assert_eq!(parse(&text), Ok(day));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,20}") {
            let _ = parse(&text);
        }
    }
}
