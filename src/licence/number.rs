//! Licence numbers (证照编号): each kind has its own form, said in `type.toml` by patterns, by the names of the checks
//! here, and by the parts of a number that repeat a field.

use regex::Regex;
use serde::Deserialize;

use crate::licence::field::Secrecy;
use crate::licence::holder::HolderCode;
use crate::licence::iso7064;
use crate::licence::region::RegionCode;
use crate::licence::text::Bilingual;

/// How the numbers of a licence type are formed: `[number]` of `type.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberRule {
    /// What the face calls it.
    pub label: Bilingual,
    /// Who may see it.
    pub secrecy: Secrecy,
    /// Whole-text patterns; a number matches one of them.
    pub patterns: Vec<Pattern>,
    /// Checks that a pattern cannot say; all must pass.
    pub checks: Vec<NumberCheck>,
    /// Characters that repeat the code of an enumeration field.
    #[serde(default)]
    pub parts: Vec<NumberPart>,
}

/// One character of a number that says the same as a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberPart {
    /// Which character, counted from 0.
    pub at: usize,
    /// The enumeration field whose code stands there.
    pub field: String,
}

/// A regular expression that matches a whole text.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    text: String,
    whole: Regex,
}

impl Pattern {
    /// The expression as it stands in `type.toml`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether all of `value` matches.
    pub fn matches(&self, value: &str) -> bool {
        self.whole.is_match(value)
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, regex::Error> {
        Ok(Self {
            whole: Regex::new(&format!(r"\A(?:{text})\z"))?,
            text,
        })
    }
}

/// A check of a number beyond its pattern, named in `type.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberCheck {
    /// The number is the code of the holder.
    EqualsHolderCode,
    /// The number begins with the code of the holder.
    BeginsWithHolderCode,
    /// 食品经营许可证: the 14 digits after JY are 1 form, 6 region, 6 serial and 1 check digit by MOD 11,10 (GB/T
    /// 17710), as in the numbering of food production permits.
    FoodPermit,
    /// 建筑工程施工许可证: 6 region, 8 date, 2 serial of the day, 2 kind of project.
    ConstructionPermit,
    /// 道路运输经营许可证: of the 12 digits the first 6 are a region.
    RoadTransportPermit,
}

/// Why a number fails one of its checks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The check character is another one.
    #[error("its check character must be '{expected}'")]
    CheckCharacter {
        /// The right one.
        expected: char,
    },
    /// Not the code of the holder, or not beginning with it.
    #[error("it does not repeat the code of the holder")]
    NotHolderCode,
    /// The digits of the region are no region code.
    #[error("its digits {region} are no region code")]
    Region {
        /// The six digits.
        region: String,
    },
    /// The digits of the date are no day.
    #[error("its digits {date} are no day of the calendar")]
    Date {
        /// The eight digits.
        date: String,
    },
}

impl NumberCheck {
    /// Checks `number`, which matches its pattern, for the holder named by `holder` when that is known.
    pub fn check(self, number: &str, holder: Option<&HolderCode>) -> Result<(), NumberError> {
        let digits = || number.chars().filter(char::is_ascii_digit).collect::<String>();
        match self {
            Self::EqualsHolderCode => holder_code(holder, |code| number == code),
            Self::BeginsWithHolderCode => holder_code(holder, |code| number.starts_with(code)),
            Self::FoodPermit => food_permit(&digits()),
            Self::ConstructionPermit => region(&digits(), 0).and_then(|()| date(&digits(), 6)),
            Self::RoadTransportPermit => region(&digits(), 0),
        }
    }
}

fn holder_code(holder: Option<&HolderCode>, repeats: impl Fn(&str) -> bool) -> Result<(), NumberError> {
    // A holder whose code is itself wrong is told so; the number is not blamed as well.
    if holder.is_none_or(|code| repeats(code.as_str())) {
        Ok(())
    } else {
        Err(NumberError::NotHolderCode)
    }
}

fn food_permit(digits: &str) -> Result<(), NumberError> {
    region(digits, 1)?;
    let (body, last) = digits
        .split_at_checked(digits.len().saturating_sub(1))
        .unwrap_or_default();
    match iso7064::mod_11_10(body) {
        Some(expected) if !last.starts_with(expected) => Err(NumberError::CheckCharacter { expected }),
        _ => Ok(()),
    }
}

fn region(digits: &str, at: usize) -> Result<(), NumberError> {
    let region = digits.get(at..at + 6).unwrap_or_default();
    match region.parse::<RegionCode>() {
        Ok(_) => Ok(()),
        Err(_) => Err(NumberError::Region {
            region: region.to_owned(),
        }),
    }
}

fn date(digits: &str, at: usize) -> Result<(), NumberError> {
    let date = digits.get(at..at + 8).unwrap_or_default();
    match crate::licence::date::parse(date) {
        Ok(_) => Ok(()),
        Err(_) => Err(NumberError::Date { date: date.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licence::holder::HolderCodeType;

    #[test]
    fn a_pattern_matches_the_whole_text_or_nothing() {
        let pattern = Pattern::try_from("a|b[0-9]".to_owned()).unwrap();
        assert!(pattern.matches("a") && pattern.matches("b7"));
        assert!(!pattern.matches("ab7") && !pattern.matches("a\n") && !pattern.matches("xa"));
        assert!(Pattern::try_from("(".to_owned()).is_err());
    }

    #[test]
    fn a_food_permit_has_a_region_and_a_check_digit() {
        let check = |number| NumberCheck::FoodPermit.check(number, None);
        assert_eq!(check("JY21599010001238"), Ok(()));
        assert_eq!(
            check("JY21599010001237"),
            Err(NumberError::CheckCharacter { expected: '8' })
        );
        assert_eq!(
            check("JY29599010001238"),
            Err(NumberError::Region {
                region: "959901".into()
            })
        );
    }

    #[test]
    fn a_construction_permit_has_a_region_and_a_day() {
        let check = |number| NumberCheck::ConstructionPermit.check(number, None);
        assert_eq!(check("159901202603050101"), Ok(()));
        assert_eq!(
            check("159901202602300101"),
            Err(NumberError::Date {
                date: "20260230".into()
            })
        );
        assert_eq!(
            check("959901202603050101"),
            Err(NumberError::Region {
                region: "959901".into()
            })
        );
    }

    #[test]
    fn a_road_transport_permit_has_a_region() {
        let check = |number| NumberCheck::RoadTransportPermit.check(number, None);
        assert_eq!(check("蒙交运管许可青字159901000123号"), Ok(()));
        assert!(check("蒙交运管许可青字959901000123号").is_err());
    }

    #[test]
    fn a_number_that_repeats_the_holder_s_code_must_be_that_code() {
        let holder = HolderCode::parse(HolderCodeType::RESIDENT_ID, "11010519491231002X").unwrap();
        let check = |check: NumberCheck, number| check.check(number, Some(&holder));
        assert_eq!(check(NumberCheck::EqualsHolderCode, "11010519491231002X"), Ok(()));
        assert_eq!(
            check(NumberCheck::EqualsHolderCode, "159901199003071013"),
            Err(NumberError::NotHolderCode)
        );
        assert_eq!(check(NumberCheck::BeginsWithHolderCode, "11010519491231002X44"), Ok(()));
        assert_eq!(
            check(NumberCheck::BeginsWithHolderCode, "15990119900307101344"),
            Err(NumberError::NotHolderCode)
        );
    }
}
