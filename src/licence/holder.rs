//! Who a licence is about: categories of holders (GB/T 36902) and the kinds of codes that name them (GB/T 36903 annex
//! A).

use serde::{Deserialize, Serialize};

use crate::licence::credit_code::{CreditCode, CreditCodeError};
use crate::licence::resident_id::{ResidentId, ResidentIdError};

/// Category of a holder (持证主体类别).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderCategory {
    /// 自然人.
    NaturalPerson,
    /// 法人.
    LegalPerson,
    /// 非法人组织; individual businesses stand here too, since they are named by a credit code.
    UnincorporatedOrganisation,
    /// 其他.
    Other,
}

impl HolderCategory {
    /// The word of the interface, as in `type.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NaturalPerson => "natural-person",
            Self::LegalPerson => "legal-person",
            Self::UnincorporatedOrganisation => "unincorporated-organisation",
            Self::Other => "other",
        }
    }

    /// The word of GB/T 36902.
    pub fn catalogue_name(self) -> &'static str {
        match self {
            Self::NaturalPerson => "自然人",
            Self::LegalPerson => "法人",
            Self::UnincorporatedOrganisation => "非法人组织",
            Self::Other => "其他",
        }
    }
}

/// Kind of the code that names a holder: a row of [`HOLDER_CODE_TYPES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HolderCodeType(&'static Row);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Row {
    code: &'static str,
    zh: &'static str,
    person: bool,
}

/// A text that is no kind of holder code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("holder code type \"{value}\" is not one of GB/T 36903 annex A")]
pub struct HolderCodeTypeError {
    /// The text.
    pub value: String,
}

impl HolderCodeType {
    /// 统一社会信用代码, 001.
    pub const CREDIT_CODE: Self = Self(&CREDIT_CODE);
    /// 公民身份号码, 111.
    pub const RESIDENT_ID: Self = Self(&RESIDENT_ID);

    /// Three digits (持证主体代码类型代码).
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// Chinese name (持证主体代码类型).
    pub fn name(self) -> &'static str {
        self.0.zh
    }
}

impl TryFrom<String> for HolderCodeType {
    type Error = HolderCodeTypeError;

    fn try_from(value: String) -> Result<Self, HolderCodeTypeError> {
        match HOLDER_CODE_TYPES.iter().find(|row| row.code == value) {
            Some(row) => Ok(Self(row)),
            None => Err(HolderCodeTypeError { value }),
        }
    }
}

impl From<HolderCodeType> for String {
    fn from(kind: HolderCodeType) -> Self {
        kind.code().to_owned()
    }
}

/// The code of a holder, checked by the rules of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderCode {
    /// An organisation.
    Organisation(CreditCode),
    /// A citizen.
    Resident(ResidentId),
    /// Another document: its kind, and its number as it stands there.
    Document(HolderCodeType, String),
}

/// Why a code is not one of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HolderCodeError {
    /// Not a credit code.
    #[error(transparent)]
    CreditCode(#[from] CreditCodeError),
    /// Not an identity number.
    #[error(transparent)]
    ResidentId(#[from] ResidentIdError),
    /// The number of another document is empty, longer than 40 characters, or holds anything but letters, digits,
    /// Chinese characters, brackets and hyphens.
    #[error("document number \"{value}\" is not 1 to 40 letters, digits, Chinese characters, brackets or hyphens")]
    Document {
        /// The text.
        value: String,
    },
}

impl HolderCode {
    /// Reads `text` as a code of `kind`.
    pub fn parse(kind: HolderCodeType, text: &str) -> Result<Self, HolderCodeError> {
        match kind {
            HolderCodeType::CREDIT_CODE => Ok(Self::Organisation(text.parse()?)),
            HolderCodeType::RESIDENT_ID => Ok(Self::Resident(text.parse()?)),
            _ => {
                let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '(' | ')' | '（' | '）');
                if (1..=MAX_DOCUMENT_CHARS).contains(&text.chars().count()) && text.chars().all(allowed) {
                    Ok(Self::Document(kind, text.to_owned()))
                } else {
                    Err(HolderCodeError::Document { value: text.to_owned() })
                }
            }
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> HolderCodeType {
        match self {
            Self::Organisation(_) => HolderCodeType::CREDIT_CODE,
            Self::Resident(_) => HolderCodeType::RESIDENT_ID,
            Self::Document(kind, _) => *kind,
        }
    }

    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Organisation(code) => code.as_str(),
            Self::Resident(id) => id.as_str(),
            Self::Document(_, number) => number,
        }
    }

    /// The category that the code itself says: for documents, that their kind is a person's.
    pub fn category(&self) -> HolderCategory {
        match self {
            Self::Organisation(code) => code.holder_category(),
            Self::Resident(_) => HolderCategory::NaturalPerson,
            Self::Document(kind, _) if kind.0.person => HolderCategory::NaturalPerson,
            Self::Document(..) => HolderCategory::Other,
        }
    }
}

const fn person(code: &'static str, zh: &'static str) -> Row {
    Row { code, zh, person: true }
}

static CREDIT_CODE: Row = Row {
    code: "001",
    zh: "统一社会信用代码",
    person: false,
};
static RESIDENT_ID: Row = person("111", "公民身份号码");

/// GB/T 36903 annex A, and for persons' documents the common codes of GA/T 517.
static HOLDER_CODE_TYPES: [Row; 11] = [
    Row {
        code: "001",
        zh: "统一社会信用代码",
        person: false,
    },
    Row {
        code: "099",
        zh: "其他组织证件",
        person: false,
    },
    person("111", "公民身份号码"),
    person("112", "临时居民身份证"),
    person("113", "户口簿"),
    person("114", "军官证"),
    person("414", "普通护照"),
    person("511", "台湾居民来往大陆通行证"),
    person("516", "港澳居民来往内地通行证"),
    person("553", "外国人永久居留身份证"),
    person("999", "其他个人证件"),
];
/// Characters in the number of a document; the longest in the table have 18, local ones with words up to about 30.
const MAX_DOCUMENT_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str) -> HolderCodeType {
        HolderCodeType::try_from(code.to_owned()).unwrap()
    }

    #[test]
    fn the_table_is_found_by_code() {
        assert_eq!(kind("001"), HolderCodeType::CREDIT_CODE);
        assert_eq!(kind("111").name(), "公民身份号码");
        assert_eq!(kind("414").code(), "414");
        assert!(HolderCodeType::try_from("1".to_owned()).is_err());
    }

    #[test]
    fn codes_are_checked_by_their_kind() {
        assert!(matches!(
            HolderCode::parse(kind("001"), "11010519491231002X"),
            Err(HolderCodeError::CreditCode(_))
        ));
        assert!(matches!(
            HolderCode::parse(kind("111"), "110105194912310020"),
            Err(HolderCodeError::ResidentId(_))
        ));
        assert_eq!(
            HolderCode::parse(kind("114"), "南字第12345678号").unwrap().category(),
            HolderCategory::NaturalPerson
        );
        assert_eq!(
            HolderCode::parse(kind("099"), "A-17").unwrap().category(),
            HolderCategory::Other
        );
    }

    #[test]
    fn a_document_number_is_bounded() {
        let long = "1".repeat(MAX_DOCUMENT_CHARS + 1);
        for text in ["", "E12 345", long.as_str()] {
            assert!(
                matches!(
                    HolderCode::parse(kind("414"), text),
                    Err(HolderCodeError::Document { .. })
                ),
                "{text}"
            );
        }
    }
}
