//! Unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters with two check characters.
//!
//! Position 1 is the registering department, 2 the kind of body, 3 to 8 the region, 9 to 17 the organisation code of
//! GB 11714 (whose last character checks the eight before it), and 18 checks the first seventeen.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::licence::holder::HolderCategory;
use crate::problem::{Explain, Problem};

/// The code of one organisation; both check characters are right.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode([u8; LENGTH]);

/// Why a text is not a unified social credit code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not 18 characters (GB 32100 clause 4).
    #[error("credit code \"{value}\" has {count} characters, not 18")]
    Length {
        /// The text.
        value: String,
        /// Its length in characters.
        count: usize,
    },
    /// A character that the code does not use: only digits and capital letters without I, O, S, V, Z.
    #[error("credit code \"{value}\" holds '{character}', which the code does not use")]
    Character {
        /// The text.
        value: String,
        /// The first wrong character.
        character: char,
    },
    /// The check character of the organisation code, position 17, is wrong (GB 11714).
    #[error("organisation code in credit code \"{value}\" must end in '{expected}' at position 17")]
    OrganisationCheck {
        /// The text.
        value: String,
        /// The right character.
        expected: char,
    },
    /// The last check character is wrong (GB 32100 clause 5).
    #[error("credit code \"{value}\" must end in '{expected}'")]
    Check {
        /// The text.
        value: String,
        /// The right character.
        expected: char,
    },
}

impl CreditCode {
    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The six digits of the region of registration (GB/T 2260 form), positions 3 to 8.
    pub fn region(&self) -> &str {
        self.as_str().get(2..8).unwrap_or_default()
    }

    /// What kind of holder the first two characters say: individual businesses (92) and bodies without legal
    /// personality count as unincorporated, all else as legal persons.
    pub fn holder_category(&self) -> HolderCategory {
        match self.as_str().get(..2) {
            Some("92" | "19" | "59" | "99") => HolderCategory::UnincorporatedOrganisation,
            _ => HolderCategory::LegalPerson,
        }
    }
}

impl FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<Self, CreditCodeError> {
        let value = || text.to_owned();
        let Ok(code) = <[u8; LENGTH]>::try_from(text.as_bytes()) else {
            return Err(match text.chars().find(|character| index(*character).is_none()) {
                Some(character) if text.chars().count() == LENGTH => CreditCodeError::Character {
                    value: value(),
                    character,
                },
                _ => CreditCodeError::Length {
                    value: value(),
                    count: text.chars().count(),
                },
            });
        };
        if let Some(character) = text.chars().find(|character| index(*character).is_none()) {
            return Err(CreditCodeError::Character {
                value: value(),
                character,
            });
        }
        let (_, organisation) = code.split_at(ORGANISATION_START);
        let expected = organisation_check(organisation);
        // The character set has no check 'X'-lookalikes to confuse: X is in both alphabets.
        if organisation.get(8).copied() != u8::try_from(expected).ok() {
            return Err(CreditCodeError::OrganisationCheck {
                value: value(),
                expected,
            });
        }
        let expected = check(&code);
        if code.last().copied() != u8::try_from(expected).ok() {
            return Err(CreditCodeError::Check {
                value: value(),
                expected,
            });
        }
        Ok(Self(code))
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, CreditCodeError> {
        text.parse()
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({self})")
    }
}

impl Explain for CreditCodeError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Length { value, count } => Problem::new("credit-code-length")
                .param("value", value)
                .param("count", count),
            Self::Character { value, character } => Problem::new("credit-code-character")
                .param("value", value)
                .param("character", character),
            Self::OrganisationCheck { value, expected } => Problem::new("organisation-code-check-character")
                .param("value", value)
                .param("expected", expected),
            Self::Check { value, expected } => Problem::new("credit-code-check-character")
                .param("value", value)
                .param("expected", expected),
        }]
    }
}

/// Check character of position 18: weights 3^(i-1) mod 31 over values 0 to 30 (GB 32100 clause 5).
fn check(code: &[u8; LENGTH]) -> char {
    let sum: usize = code
        .iter()
        .zip(WEIGHTS)
        .map(|(byte, weight)| weight * index(char::from(*byte)).unwrap_or(0))
        .sum();
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

/// Check character of the organisation code over its first eight characters, A being 10 (GB 11714 clause 4).
fn organisation_check(organisation: &[u8]) -> char {
    let digit = |byte: u8| char::from(byte).to_digit(36).unwrap_or(0);
    let sum: u32 = organisation
        .iter()
        .zip(ORGANISATION_WEIGHTS)
        .map(|(byte, weight)| weight * digit(*byte))
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        value => char::from_digit(value, 10).unwrap_or('0'),
    }
}

/// The value of a character, 0 to 30.
fn index(character: char) -> Option<usize> {
    ALPHABET.iter().position(|known| char::from(*known) == character)
}

/// Characters of the code; the index is the value (GB 32100 table 1).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Characters in a code.
const LENGTH: usize = 18;
/// Where the organisation code begins, counted from 0.
const ORGANISATION_START: usize = 8;
/// Weights of positions 9 to 16 in the organisation code (GB 11714).
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// Weights of positions 1 to 17 (GB 32100 clause 5).
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PUBLISHED: [&str; 14] = [
        "11220000013544541J",
        "11330105002500287C",
        "11430000006122244L",
        "11110000000021135M",
        "91610800064834709T",
        "91110000600037341L",
        "91350100M000100Y43",
        "11100000000013338W",
        "11100000MB03271699",
        "11100000MB0341032Y",
        "12330110470391229P",
        "113700000045046442",
        "113700000045030270",
        "11100000000013661B",
    ];

    #[test]
    fn published_codes_are_accepted() {
        for code in PUBLISHED {
            assert_eq!(code.parse::<CreditCode>().unwrap().to_string(), code);
        }
    }

    #[test]
    fn a_wrong_last_character_names_the_right_one() {
        let error = "91500106MA2CE71F65".parse::<CreditCode>().unwrap_err();
        assert_eq!(
            error,
            CreditCodeError::Check {
                value: "91500106MA2CE71F65".into(),
                expected: '6'
            }
        );
        assert_eq!(error.problems()[0].code, "credit-code-check-character");
    }

    #[test]
    fn a_wrong_organisation_code_is_told_apart() {
        let error = "91610800064834700T".parse::<CreditCode>().unwrap_err();
        assert!(
            matches!(error, CreditCodeError::OrganisationCheck { expected: '9', .. }),
            "{error}"
        );
    }

    #[test]
    fn lengths_and_letters_outside_the_code_are_refused() {
        assert!(matches!(
            "9161080006483470".parse::<CreditCode>(),
            Err(CreditCodeError::Length { count: 16, .. })
        ));
        assert!(matches!(
            "9161080006483470IT".parse::<CreditCode>(),
            Err(CreditCodeError::Character { character: 'I', .. })
        ));
        assert!(matches!(
            "91610800064834709Ｔ".parse::<CreditCode>(),
            Err(CreditCodeError::Character { character: 'Ｔ', .. })
        ));
        assert!(matches!(
            "".parse::<CreditCode>(),
            Err(CreditCodeError::Length { count: 0, .. })
        ));
    }

    #[test]
    fn an_individual_business_is_not_a_legal_person() {
        let category = |code: &str| code.parse::<CreditCode>().unwrap().holder_category();
        assert_eq!(
            category("92159901MA0QY34H9B"),
            HolderCategory::UnincorporatedOrganisation
        );
        assert_eq!(category("91159900MA0QX12G77"), HolderCategory::LegalPerson);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_single_wrong_character_is_found(which in 0usize..14, at in 0usize..18, to in 0usize..31) {
            let mut code = PUBLISHED[which].to_owned();
            code.replace_range(at..=at, &char::from(ALPHABET[to]).to_string());
            prop_assume!(code != PUBLISHED[which]);
            prop_assert!(code.parse::<CreditCode>().is_err());
        }

        #[test]
        fn any_exchange_of_neighbours_is_found(which in 0usize..14, at in 0usize..16) {
            let mut code = PUBLISHED[which].to_owned().into_bytes();
            prop_assume!(code[at] != code[at + 1]);
            code.swap(at, at + 1);
            prop_assert!(String::from_utf8(code).unwrap().parse::<CreditCode>().is_err());
        }
    }
}
