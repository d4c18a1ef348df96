//! Citizen identity number (公民身份号码, GB 11643-1999): region, date of birth, sequence with sex, check character.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::licence::iso7064;
use crate::problem::{Explain, Problem};

/// An identity number whose date exists and whose check character is right. Its `Debug` text is masked: it is personal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResidentId {
    characters: [u8; LENGTH],
    birth_date: NaiveDate,
}

/// Sex as the sequence number says it: odd for men, even for women (GB 11643 clause 4.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// 男, code 1 of GB/T 2261.1.
    Male,
    /// 女, code 2 of GB/T 2261.1.
    Female,
}

/// Why a text is not an identity number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResidentIdError {
    /// Not 17 digits and a digit or X.
    #[error("identity number \"{value}\" is not 17 digits followed by a digit or X")]
    Form {
        /// The text.
        value: String,
    },
    /// The first two digits are no province of GB/T 2260, nor 81, 82 or 83 (Hong Kong, Macao, Taiwan residents).
    #[error("identity number \"{value}\" begins with {province}, which is no province")]
    Region {
        /// The text.
        value: String,
        /// Its first two digits.
        province: String,
    },
    /// Digits 7 to 14 are no day of the calendar.
    #[error("identity number \"{value}\" holds the date {date}, which does not exist")]
    BirthDate {
        /// The text.
        value: String,
        /// The eight digits.
        date: String,
    },
    /// The check character is wrong (ISO/IEC 7064 MOD 11-2).
    #[error("identity number \"{value}\" must end in '{expected}'")]
    Check {
        /// The text.
        value: String,
        /// The right character.
        expected: char,
    },
}

impl ResidentId {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.characters).unwrap_or_default()
    }

    /// Date of birth.
    pub fn birth_date(&self) -> NaiveDate {
        self.birth_date
    }

    /// Sex.
    pub fn sex(&self) -> Sex {
        if self.characters[16] % 2 == 1 {
            Sex::Male
        } else {
            Sex::Female
        }
    }
}

impl Sex {
    /// Code of GB/T 2261.1: 1 or 2.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "1",
            Self::Female => "2",
        }
    }
}

impl FromStr for ResidentId {
    type Err = ResidentIdError;

    fn from_str(text: &str) -> Result<Self, ResidentIdError> {
        let value = || text.to_owned();
        let form = || ResidentIdError::Form { value: value() };
        let characters = <[u8; LENGTH]>::try_from(text.as_bytes()).map_err(|_| form())?;
        let (body, last) = text.split_at_checked(LENGTH - 1).ok_or_else(form)?;
        if !body.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(last.as_bytes(), [b'0'..=b'9' | b'X']) {
            return Err(form());
        }
        let province = body.get(..2).unwrap_or_default();
        if !PROVINCES.contains(&province) {
            return Err(ResidentIdError::Region {
                value: value(),
                province: province.to_owned(),
            });
        }
        let date = body.get(6..14).unwrap_or_default();
        let birth_date = NaiveDate::parse_from_str(date, "%Y%m%d").map_err(|_| ResidentIdError::BirthDate {
            value: value(),
            date: date.to_owned(),
        })?;
        let expected = iso7064::mod_11_2(body).ok_or_else(form)?;
        if !last.starts_with(expected) {
            return Err(ResidentIdError::Check {
                value: value(),
                expected,
            });
        }
        Ok(Self { characters, birth_date })
    }
}

impl TryFrom<String> for ResidentId {
    type Error = ResidentIdError;

    fn try_from(text: String) -> Result<Self, ResidentIdError> {
        text.parse()
    }
}

impl From<ResidentId> for String {
    fn from(id: ResidentId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", crate::licence::mask::mask_code(self.as_str()))
    }
}

impl Explain for ResidentIdError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Form { value } => Problem::new("resident-id-form").param("value", value),
            Self::Region { value, province } => Problem::new("resident-id-region")
                .param("value", value)
                .param("province", province),
            Self::BirthDate { value, date } => Problem::new("resident-id-birth-date")
                .param("value", value)
                .param("date", date),
            Self::Check { value, expected } => Problem::new("resident-id-check-character")
                .param("value", value)
                .param("expected", expected),
        }]
    }
}

/// Characters in a number.
const LENGTH: usize = 18;
/// First two digits in use: provinces of GB/T 2260, and the residence permits of Hong Kong, Macao and Taiwan residents.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The example of GB 11643 itself.
    const STANDARD: &str = "11010519491231002X";

    #[test]
    fn the_standard_s_own_number_is_read() {
        let id: ResidentId = STANDARD.parse().unwrap();
        assert_eq!(id.birth_date(), NaiveDate::from_ymd_opt(1949, 12, 31).unwrap());
        assert_eq!(id.sex(), Sex::Female);
        assert_eq!(id.to_string(), STANDARD);
    }

    #[test]
    fn the_second_vector_ends_in_four() {
        assert_eq!(iso7064::mod_11_2("44052418800101001"), Some('4'));
        assert!("440524188001010014".parse::<ResidentId>().is_ok());
    }

    #[test]
    fn a_wrong_check_character_names_the_right_one() {
        let error = "110105194912310021".parse::<ResidentId>().unwrap_err();
        assert!(matches!(error, ResidentIdError::Check { expected: 'X', .. }));
    }

    #[test]
    fn a_day_that_never_was_is_refused() {
        let error = "159901199002301017".parse::<ResidentId>().unwrap_err();
        assert!(
            matches!(error, ResidentIdError::BirthDate { ref date, .. } if date == "19900230"),
            "{error}"
        );
    }

    #[test]
    fn forms_and_provinces_are_checked() {
        for text in ["", "11010519491231002x", "1101051949123100２X", "11010519491231002XX"] {
            assert!(
                matches!(text.parse::<ResidentId>(), Err(ResidentIdError::Form { .. })),
                "{text}"
            );
        }
        assert!(matches!(
            "991105194912310021".parse::<ResidentId>(),
            Err(ResidentIdError::Region { .. })
        ));
    }

    #[test]
    fn its_debug_text_hides_the_middle() {
        let id: ResidentId = STANDARD.parse().unwrap();
        assert_eq!(format!("{id:?}"), "ResidentId(1101**********002X)");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_single_wrong_digit_is_found(at in 0usize..17, to in 0u8..10) {
            let mut text = STANDARD.to_owned();
            text.replace_range(at..=at, &to.to_string());
            prop_assume!(text != STANDARD);
            prop_assert!(text.parse::<ResidentId>().is_err());
        }

        #[test]
        fn any_exchange_of_neighbours_is_found(at in 0usize..16) {
            let mut bytes = STANDARD.as_bytes().to_vec();
            prop_assume!(bytes[at] != bytes[at + 1]);
            bytes.swap(at, at + 1);
            prop_assert!(String::from_utf8(bytes).unwrap().parse::<ResidentId>().is_err());
        }
    }
}
