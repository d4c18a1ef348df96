//! Licence identifier (证照标识, GB/T 36904): `1.2.156.3005.2.TYPE.ISSUER.SERIAL.VERSION.CHECK`.
//!
//! An [`Identifier`] is whole and right: what we issue, and what we look up. [`read`] takes what others wrote: it keeps
//! the parts and notes what is wrong with them, since published identifiers fail their own rules often enough.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::asn1::oid;
use crate::licence::credit_code::CreditCode;
use crate::licence::iso7064;
use crate::licence::region::RegionCode;
use crate::licence::type_code::TypeCode;
use crate::problem::{Explain, Problem};

/// One version of one licence.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Identifier {
    /// What kind of licence.
    pub type_code: TypeCode,
    /// Who issued it.
    pub issuer: IssuerCode,
    /// Which one of that issuer.
    pub serial: Serial,
    /// Which version of it.
    pub version: Version,
}

/// The issuer in an identifier: the credit code of a body, or in some places the code of its region.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IssuerCode {
    /// A body; ours are always this.
    Authority(CreditCode),
    /// A region of six digits.
    Region(RegionCode),
}

/// The issuer's serial: 1 to 40 digits and capital letters (GB/T 36904; the longest met has 32).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Serial(String);

/// Version of a licence, 1 to 999: 001 on first issue, one more on each change of the same licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(u16);

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Does not begin with the root 1.2.156.3005.2.
    #[error("identifier \"{value}\" does not begin with {ROOT}.")]
    Root {
        /// The text.
        value: String,
    },
    /// Not five parts after the root.
    #[error("identifier \"{value}\" has {count} parts after the root, not 5")]
    Parts {
        /// The text.
        value: String,
        /// How many there are.
        count: usize,
    },
    /// The type code is wrong.
    #[error("type code \"{value}\" in the identifier is wrong")]
    TypeCode {
        /// The part.
        value: String,
    },
    /// The issuer is neither a credit code nor a region code.
    #[error("issuer \"{value}\" in the identifier is neither a credit code nor a region code")]
    Issuer {
        /// The part.
        value: String,
    },
    /// The serial is empty, too long, or holds something else than digits and capital letters.
    #[error("serial \"{value}\" is not 1 to 40 digits and capital letters")]
    Serial {
        /// The part.
        value: String,
    },
    /// The version is not three digits from 001.
    #[error("version \"{value}\" in the identifier is not three digits from 001")]
    Version {
        /// The part.
        value: String,
    },
    /// The check character is wrong (ISO/IEC 7064 MOD 37,36).
    #[error("check character \"{value}\" of the identifier must be '{expected}'")]
    Check {
        /// The part.
        value: String,
        /// The right character.
        expected: char,
    },
    /// Version 999 has no next.
    #[error("version 999 is the last")]
    VersionsExhausted,
}

impl Identifier {
    /// The first version of a licence.
    pub fn first(type_code: TypeCode, issuer: CreditCode, serial: Serial) -> Self {
        Self {
            type_code,
            issuer: IssuerCode::Authority(issuer),
            serial,
            version: Version::FIRST,
        }
    }

    /// The same licence, one version later.
    pub fn next_version(&self) -> Result<Self, IdentifierError> {
        Ok(Self {
            version: self.version.next()?,
            ..self.clone()
        })
    }

    /// Whether the two are versions of one licence.
    pub fn same_licence(&self, other: &Self) -> bool {
        (&self.type_code, &self.issuer, &self.serial) == (&other.type_code, &other.issuer, &other.serial)
    }

    /// The check character over type, issuer, serial and version, without root and dots.
    pub fn check_character(&self) -> char {
        // Each part holds only characters of the alphabet, so there always is one.
        iso7064::mod_37_36(&self.body()).unwrap_or('0')
    }

    fn body(&self) -> String {
        format!("{}{}{}{}", self.type_code, self.issuer, self.serial, self.version)
    }
}

/// Prints the whole identifier with root and check character.
impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            type_code,
            issuer,
            serial,
            version,
        } = self;
        write!(
            f,
            "{ROOT}.{type_code}.{issuer}.{serial}.{version}.{}",
            self.check_character()
        )
    }
}

/// Strict: every part is right, the check character too, and nothing stands around it.
impl FromStr for Identifier {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let parts = split(text)?;
        let identifier = parts.to_identifier()?;
        let expected = identifier.check_character();
        if parts.check.chars().eq([expected]) {
            Ok(identifier)
        } else {
            Err(IdentifierError::Check {
                value: parts.check.to_owned(),
                expected,
            })
        }
    }
}

impl TryFrom<String> for Identifier {
    type Error = IdentifierError;

    fn try_from(text: String) -> Result<Self, IdentifierError> {
        text.parse()
    }
}

impl From<Identifier> for String {
    fn from(identifier: Identifier) -> Self {
        identifier.to_string()
    }
}

/// What somebody else's identifier says, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Type code, as written.
    pub type_code: String,
    /// Issuer, as written.
    pub issuer: String,
    /// Serial, as written.
    pub serial: String,
    /// Version, as written.
    pub version: String,
    /// Check character, as written.
    pub check: String,
    /// The identifier, when its parts are right; its check character may still be wrong, which a note says.
    pub identifier: Option<Identifier>,
    /// Warnings, for people: parts that break the standard.
    pub notes: Vec<IdentifierError>,
}

/// Reads an identifier as people and other systems write it: blanks around it are dropped, small letters and full-width
/// characters understood, and wrong parts noted. Refused is only what has not the form of an identifier at all.
pub fn read(text: &str) -> Result<Reading, IdentifierError> {
    let tidy: String = text
        .trim()
        .chars()
        .take(MAX_IDENTIFIER_CHARS + 1)
        .map(half_width)
        .collect();
    let parts = split(&tidy)?;
    let mut notes = Vec::new();
    let identifier = parts.to_identifier().map_err(|note| notes.push(note)).ok();
    let body = [parts.type_code, parts.issuer, parts.serial, parts.version].concat();
    match iso7064::mod_37_36(&body) {
        Some(expected) if !parts.check.chars().eq([expected]) => {
            notes.push(IdentifierError::Check {
                value: parts.check.to_owned(),
                expected,
            });
        }
        _ => {}
    }
    let [type_code, issuer, serial, version, check] =
        [parts.type_code, parts.issuer, parts.serial, parts.version, parts.check].map(str::to_owned);
    Ok(Reading {
        type_code,
        issuer,
        serial,
        version,
        check,
        identifier,
        notes,
    })
}

struct Parts<'a> {
    type_code: &'a str,
    issuer: &'a str,
    serial: &'a str,
    version: &'a str,
    check: &'a str,
}

impl Parts<'_> {
    fn to_identifier(&self) -> Result<Identifier, IdentifierError> {
        Ok(Identifier {
            type_code: self.type_code.parse().map_err(|_| IdentifierError::TypeCode {
                value: self.type_code.to_owned(),
            })?,
            issuer: self.issuer.parse()?,
            serial: self.serial.parse()?,
            version: self.version.parse()?,
        })
    }
}

fn split(text: &str) -> Result<Parts<'_>, IdentifierError> {
    let clipped = || text.chars().take(MAX_IDENTIFIER_CHARS).collect();
    let rest = text
        .strip_prefix(ROOT)
        .and_then(|rest| rest.strip_prefix('.'))
        .ok_or_else(|| IdentifierError::Root { value: clipped() })?;
    let mut parts = rest.split('.');
    match (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) {
        (Some(type_code), Some(issuer), Some(serial), Some(version), Some(check), None) => Ok(Parts {
            type_code,
            issuer,
            serial,
            version,
            check,
        }),
        _ => Err(IdentifierError::Parts {
            value: clipped(),
            count: rest.split('.').count(),
        }),
    }
}

/// Full-width forms (U+FF01 to U+FF5E) become ASCII, small letters capital.
fn half_width(character: char) -> char {
    let ascii = match character {
        '。' => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    };
    ascii.to_ascii_uppercase()
}

impl FromStr for IssuerCode {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let region = || {
            text.parse()
                .ok()
                .filter(|region: &RegionCode| region.as_str().len() == 6)
                .map(Self::Region)
        };
        text.parse()
            .ok()
            .map(Self::Authority)
            .or_else(region)
            .ok_or_else(|| IdentifierError::Issuer { value: text.to_owned() })
    }
}

impl fmt::Display for IssuerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authority(code) => code.fmt(f),
            Self::Region(region) => region.fmt(f),
        }
    }
}

impl Serial {
    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The `number`th serial of `year`: four digits of the year and at least six of the number, `2026000001`.
    pub fn of_year(year: u16, number: u64) -> Self {
        Self(format!("{year:04}{number:06}"))
    }
}

impl FromStr for Serial {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let allowed = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        if allowed && (1..=MAX_SERIAL_CHARS).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdentifierError::Serial { value: text.to_owned() })
        }
    }
}

impl TryFrom<String> for Serial {
    type Error = IdentifierError;

    fn try_from(text: String) -> Result<Self, IdentifierError> {
        text.parse()
    }
}

impl From<Serial> for String {
    fn from(serial: Serial) -> Self {
        serial.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Version {
    /// Version 001.
    pub const FIRST: Self = Self(1);

    /// The number, 1 to 999.
    pub fn number(self) -> u16 {
        self.0
    }

    /// One more.
    pub fn next(self) -> Result<Self, IdentifierError> {
        if self.0 < LAST_VERSION {
            Ok(Self(self.0 + 1))
        } else {
            Err(IdentifierError::VersionsExhausted)
        }
    }
}

impl FromStr for Version {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, IdentifierError> {
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number @ 1..) if digits => Ok(Self(number)),
            _ => Err(IdentifierError::Version { value: text.to_owned() }),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl Explain for IdentifierError {
    fn problems(&self) -> Vec<Problem> {
        vec![
            match self {
                Self::Root { value } => Problem::new("identifier-root").param("value", value),
                Self::Parts { value, count } => Problem::new("identifier-parts")
                    .param("value", value)
                    .param("count", count),
                Self::TypeCode { value } => Problem::new("identifier-type-code").param("value", value),
                Self::Issuer { value } => Problem::new("identifier-issuer").param("value", value),
                Self::Serial { value } => Problem::new("identifier-serial").param("value", value),
                Self::Version { value } => Problem::new("identifier-version").param("value", value),
                Self::Check { value, expected } => Problem::new("identifier-check-character")
                    .param("value", value)
                    .param("expected", expected),
                Self::VersionsExhausted => Problem::new("identifier-versions-exhausted"),
            }
            .field("identifier"),
        ]
    }
}

/// Object identifier under which GB/T 36904 numbers licences.
pub const ROOT: &str = oid::LICENCE_IDENTIFIERS;
/// The last version that three digits can say.
const LAST_VERSION: u16 = 999;
/// Characters that are read and quoted of an identifier; the longest legal one has 103.
const MAX_IDENTIFIER_CHARS: usize = 160;
/// Characters in a serial; the standard sets no end, the longest met has 32.
const MAX_SERIAL_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PUBLISHED: [&str; 6] = [
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.002.S",
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
        "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        "1.2.156.3005.2.11100000000013338W011.11110000000021135M.20230329701.003.Y",
        "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    ];

    fn published() -> impl Iterator<Item = (&'static str, Identifier)> {
        PUBLISHED.iter().map(|text| (*text, text.parse().unwrap()))
    }

    #[test]
    fn published_identifiers_are_right_and_come_back_as_written() {
        for (text, identifier) in published() {
            assert_eq!(identifier.to_string(), text);
            assert_eq!(read(text).unwrap().notes, []);
        }
    }

    #[test]
    fn the_next_version_has_its_own_check_character() {
        let first: Identifier = PUBLISHED[0].parse().unwrap();
        let second = first.next_version().unwrap();
        assert_eq!(second.to_string(), PUBLISHED[1]);
        assert!(second.same_licence(&first));
    }

    #[test]
    fn version_999_is_the_last() {
        let last = Identifier {
            version: "999".parse().unwrap(),
            ..PUBLISHED[0].parse().unwrap()
        };
        assert_eq!(last.next_version(), Err(IdentifierError::VersionsExhausted));
    }

    #[test]
    fn a_wrong_check_character_is_refused_in_ours_and_noted_in_others() {
        let text = "1.2.156.3005.2.11100000000013338W050.91610800064834709T.2023000001.001.X";
        let wrong = IdentifierError::Check {
            value: "X".into(),
            expected: '2',
        };
        assert_eq!(text.parse::<Identifier>(), Err(wrong.clone()));
        let reading = read(text).unwrap();
        assert_eq!(reading.notes, [wrong]);
        assert_eq!(reading.identifier.unwrap().check_character(), '2');
    }

    #[test]
    fn a_long_published_serial_is_read_though_its_check_character_is_another() {
        let text = "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M";
        assert_eq!(
            read(text).unwrap().notes,
            [IdentifierError::Check {
                value: "M".into(),
                expected: 'D'
            }]
        );
    }

    #[test]
    fn a_body_whose_code_is_wrong_is_noted_and_its_check_character_still_judged() {
        // The generated vector of the standards sheet: its check character is right, its bodies do not exist.
        let reading = read("1.2.156.3005.2.11150100MB1234567A001.11150100MB1234567A.2026000001.001.K").unwrap();
        assert_eq!(
            reading.notes,
            [IdentifierError::TypeCode {
                value: "11150100MB1234567A001".into()
            }]
        );
        assert_eq!(reading.identifier, None);
    }

    #[test]
    fn an_underscore_is_no_serial() {
        let reading = read("1.2.156.3005.2.062301.1101101102.0624_001.001.U").unwrap();
        assert!(reading.identifier.is_none() && !reading.notes.is_empty());
        assert_eq!(
            "0624_001".parse::<Serial>(),
            Err(IdentifierError::Serial {
                value: "0624_001".into()
            })
        );
    }

    #[test]
    fn a_known_input_of_another_system_has_check_character_1() {
        assert_eq!(iso7064::mod_37_36("12330110470391229PA11601010003456001"), Some('1'));
    }

    #[test]
    fn what_people_type_is_understood() {
        let reading = read("  1.2.156.3005.2.11100000000013338w032．11220000013544541j.２430599。001.f ").unwrap();
        assert_eq!(
            (reading.identifier, reading.notes.len()),
            (Some(PUBLISHED[3].parse().unwrap()), 0)
        );
    }

    #[test]
    fn each_broken_part_is_named() {
        let parse = |text: &str| text.parse::<Identifier>().unwrap_err();
        let of = |parts: &str| parse(&format!("{ROOT}.{parts}"));
        assert!(matches!(parse("1.2.156.3005.3.x"), IdentifierError::Root { .. }));
        assert!(matches!(of("a.b.c"), IdentifierError::Parts { count: 3, .. }));
        assert!(matches!(of("a.b.c.d.e.f"), IdentifierError::Parts { count: 6, .. }));
        assert!(matches!(
            of("11100000000013338W.340100.1.001.1"),
            IdentifierError::TypeCode { .. }
        ));
        assert!(matches!(
            of("11100000000013338W011.34010.1.001.1"),
            IdentifierError::Issuer { .. }
        ));
        assert!(matches!(
            of("11100000000013338W011.340100..001.1"),
            IdentifierError::Serial { .. }
        ));
        assert!(matches!(
            of("11100000000013338W011.340100.1.000.1"),
            IdentifierError::Version { .. }
        ));
        assert!(matches!(
            of("11100000000013338W011.340100.1.+01.1"),
            IdentifierError::Version { .. }
        ));
        let long = "1".repeat(MAX_SERIAL_CHARS + 1);
        assert!(matches!(
            of(&format!("11100000000013338W011.340100.{long}.001.1")),
            IdentifierError::Serial { .. }
        ));
    }

    #[test]
    fn an_endless_text_is_quoted_only_in_part() {
        let IdentifierError::Root { value } = read(&"9".repeat(1_000_000)).unwrap_err() else {
            panic!("not the root")
        };
        assert_eq!(value.len(), MAX_IDENTIFIER_CHARS);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_single_wrong_character_is_found(which in 0usize..6, at in 15usize..100, to in "[0-9A-Z]") {
            let mut text = PUBLISHED[which].to_owned();
            let at = 15 + (at - 15) % (text.len() - 15);
            prop_assume!(!text[at..].starts_with('.') && !text[at..].starts_with(&to));
            text.replace_range(at..=at, &to);
            prop_assert!(text.parse::<Identifier>().is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in "(1\\.2\\.156\\.3005\\.2\\.)?\\PC{0,80}") {
            let _ = (read(&text), text.parse::<Identifier>());
        }
    }
}
