//! Region codes: six digits in the form of GB/T 2260 (province, city, county), with three more each for a township
//! (GB/T 10114) and a village or community.
//!
//! The form and the tree are checked, not whether a code is in force: the table changes every year and belongs to data.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::licence::authority::AuthorityLevel;

/// A region of six, nine or twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

/// A text that is no region code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("region code \"{value}\" is not 6, 9 or 12 digits of the form of GB/T 2260")]
pub struct RegionCodeError {
    /// The text.
    pub value: String,
}

impl RegionCode {
    /// The region that stands in a credit code, behind the two characters of the registering body (GB 32100 section
    /// 4.3); `None` where there is none.
    pub fn of_credit_code(code: &str) -> Option<Self> {
        code.get(2..8)?.parse().ok()
    }

    /// All its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The county, city or province of six digits, as GB/T 36903 wants an area code (所属属地编码).
    #[must_use]
    pub fn to_area(&self) -> Self {
        Self(self.0.chars().take(6).collect())
    }

    /// Which tier of government it names.
    pub fn level(&self) -> AuthorityLevel {
        match (self.0.len(), self.0.get(2..4), self.0.get(4..6)) {
            (12, ..) => AuthorityLevel::Village,
            (9, ..) => AuthorityLevel::Township,
            (_, Some("00"), _) => AuthorityLevel::Province,
            (_, _, Some("00")) => AuthorityLevel::City,
            _ => AuthorityLevel::County,
        }
    }

    /// Whether `other` is this region or lies in it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(self.stem())
    }

    /// The digits that every region inside shares.
    fn stem(&self) -> &str {
        let length = match self.level() {
            AuthorityLevel::Province => 2,
            AuthorityLevel::City => 4,
            _ => self.0.len(),
        };
        self.0.get(..length).unwrap_or(&self.0)
    }
}

impl FromStr for RegionCode {
    type Err = RegionCodeError;

    fn from_str(text: &str) -> Result<Self, RegionCodeError> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let province = text.bytes().next().is_some_and(|byte| (b'1'..=b'8').contains(&byte));
        // A province has no county under it without a city: 150001 is no code (GB/T 2260 clause 3).
        let gap =
            text.get(2..4) == Some("00") && text.get(4..).is_some_and(|rest| rest.bytes().any(|byte| byte != b'0'));
        // Townships and villages lie in a county (GB/T 10114).
        let homeless = text.len() > 6 && text.get(4..6) == Some("00");
        let unnumbered = (text.len() > 6 && text.get(6..9) == Some("000")) || text.get(9..12) == Some("000");
        if matches!(text.len(), 6 | 9 | 12) && digits && province && !gap && !homeless && !unnumbered {
            Ok(Self(text.to_owned()))
        } else {
            Err(RegionCodeError { value: text.to_owned() })
        }
    }
}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;

    fn try_from(text: String) -> Result<Self, RegionCodeError> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(text: &str) -> RegionCode {
        text.parse().unwrap()
    }

    #[test]
    fn each_tier_is_told_by_its_form() {
        let levels = ["150000", "159900", "159901", "159901003", "159901003201"].map(|text| region(text).level());
        use AuthorityLevel::{City, County, Province, Township, Village};
        assert_eq!(levels, [Province, City, County, Township, Village]);
    }

    #[test]
    fn a_region_contains_what_lies_in_it() {
        assert!(region("159900").contains(&region("159901003201")));
        assert!(region("150000").contains(&region("159900")));
        assert!(region("159901").contains(&region("159901")));
        assert!(!region("159901").contains(&region("159900")));
        assert!(!region("159901003").contains(&region("159901004001")));
    }

    #[test]
    fn broken_forms_are_refused() {
        for text in [
            "",
            "15990",
            "1599011",
            "950000",
            "15000A",
            "150001",
            "159900001",
            "159901000",
            "159901003000",
            "１59901",
        ] {
            assert_eq!(text.parse::<RegionCode>(), Err(RegionCodeError { value: text.into() }));
        }
    }
}
