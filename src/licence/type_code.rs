//! Type code (证照类型代码, GB/T 36904): the credit code of the body that defines the type, and its three-digit number
//! there.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::licence::credit_code::{CreditCode, CreditCodeError};

/// The 21 characters that name a licence type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TypeCode {
    authority: CreditCode,
    number: u16,
}

/// Why a text is not a type code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeCodeError {
    /// Not 18 characters and three digits, 001 to 999.
    #[error("type code \"{value}\" is not a credit code and three digits from 001")]
    Form {
        /// The text.
        value: String,
    },
    /// The defining body's credit code is wrong.
    #[error("type code \"{value}\" names no body")]
    Authority {
        /// The text.
        value: String,
        /// What is wrong with the credit code.
        #[source]
        source: CreditCodeError,
    },
}

impl TypeCode {
    /// The body that defines the type.
    pub fn authority(&self) -> CreditCode {
        self.authority
    }

    /// The number of the type at that body, 1 to 999.
    pub fn number(&self) -> u16 {
        self.number
    }
}

impl FromStr for TypeCode {
    type Err = TypeCodeError;

    fn from_str(text: &str) -> Result<Self, TypeCodeError> {
        let form = || TypeCodeError::Form { value: text.to_owned() };
        let (authority, number) = text.split_at_checked(18).ok_or_else(form)?;
        if number.len() != 3 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(form());
        }
        let number = number.parse().ok().filter(|number| *number > 0).ok_or_else(form)?;
        let authority = authority.parse().map_err(|source| TypeCodeError::Authority {
            value: text.to_owned(),
            source,
        })?;
        Ok(Self { authority, number })
    }
}

impl TryFrom<String> for TypeCode {
    type Error = TypeCodeError;

    fn try_from(text: String) -> Result<Self, TypeCodeError> {
        text.parse()
    }
}

impl From<TypeCode> for String {
    fn from(code: TypeCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for TypeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.authority, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_codes_are_read() {
        let code: TypeCode = "11100000MB03271699022".parse().unwrap();
        assert_eq!((code.authority().as_str(), code.number()), ("11100000MB03271699", 22));
        for text in [
            "11100000MB0143028R001",
            "11100000000019713D008",
            "11100000000013338W011",
        ] {
            assert_eq!(text.parse::<TypeCode>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn forms_and_bodies_are_checked() {
        for text in [
            "",
            "11100000MB0143028R",
            "11100000MB0143028R00A",
            "11100000MB0143028R000",
            "11100000MB0143028R0011",
        ] {
            assert!(
                matches!(text.parse::<TypeCode>(), Err(TypeCodeError::Form { .. })),
                "{text}"
            );
        }
        assert!(matches!(
            "11100000MB0143029R001".parse::<TypeCode>(),
            Err(TypeCodeError::Authority { .. })
        ));
    }
}
