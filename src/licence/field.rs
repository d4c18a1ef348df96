//! Fields of a licence's face: what `type.toml` says of each, how a value is read, kept and shown.
//!
//! A value travels as text. Reading it gives its canonical form, which the machine-readable licence holds and the
//! signature covers; the form on the face is computed from the canonical one, so the two never differ in content.

use serde::Deserialize;

use crate::licence::credit_code::CreditCode;
use crate::licence::date;
use crate::licence::mask::Mask;
use crate::licence::number::Pattern;
use crate::licence::region::RegionCode;
use crate::licence::resident_id::ResidentId;
use crate::licence::rule::Rule;
use crate::licence::skeleton::is_filler;
use crate::licence::text::Bilingual;

/// Who may see a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secrecy {
    /// Anybody.
    Public,
    /// Anybody, masked; whole by consent of the holder.
    Masked,
    /// The holder, and others by the holder's consent.
    Personal,
}

/// One field of a licence type: `[[fields]]` of `type.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawField")]
pub struct FieldSpec {
    /// ASCII camelCase, unique in the type; the name in the interface, in the record and in the face template.
    pub name: String,
    /// What the face calls it.
    pub label: Bilingual,
    /// What values it takes.
    pub kind: FieldKind,
    /// Whether a licence must have it.
    pub required: bool,
    /// A pattern that the whole value matches; of texts only.
    pub pattern: Option<Pattern>,
    /// Most characters; of texts only.
    pub max_chars: Option<usize>,
    /// What of the holder's code it repeats and must agree with.
    pub repeats: Option<Repeats>,
    /// Who may see it.
    pub secrecy: Secrecy,
    /// How it is masked when it is.
    pub mask: Option<Mask>,
    /// A made-up value that is valid.
    pub example: Option<String>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines, line feeds allowed.
    LongText,
    /// A day.
    Date,
    /// A whole number from 0, and what it counts.
    Integer {
        /// Unit after the number on the face.
        unit: Option<Bilingual>,
    },
    /// A number from 0 with at most so many digits after the point, and what it measures.
    Decimal {
        /// Unit after the number on the face.
        unit: Option<Bilingual>,
        /// Most digits after the point.
        decimals: usize,
    },
    /// An amount of money in words as the register has it, such as 500万元人民币; kept and shown as given.
    Money,
    /// A unified social credit code.
    CreditCode,
    /// A citizen identity number.
    ResidentId,
    /// One of a list.
    Enumeration(Vec<Choice>),
    /// A telephone number.
    Phone,
    /// A region code.
    Region,
    /// The holder's photograph, a JPEG picture that travels beside the values.
    Photo,
}

/// One value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Code in the standard or the number.
    pub code: String,
    /// Chinese; stands on the face and in the record.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What of the holder's identity number a field repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeats {
    /// The date of birth; of dates only.
    HolderBirthDate,
    /// The sex, by code 1 or 2; of enumerations only.
    HolderSex,
}

impl FieldSpec {
    /// Reads `value`: its canonical form, or the rule that it breaks. Blanks around it are dropped.
    pub fn read(&self, value: &str) -> Result<String, Rule> {
        let value = value.trim();
        if let Some(character) = value.chars().find(|character| self.forbids(*character)) {
            return Err(Rule::ForbiddenCharacter {
                code_point: u32::from(character),
            });
        }
        if let Some(max_chars) = self.max_chars.filter(|max| value.chars().count() > *max) {
            return Err(Rule::TooLong {
                max_chars,
                chars: value.chars().count(),
            });
        }
        if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.matches(value)) {
            return Err(Rule::Pattern {
                patterns: vec![pattern.as_str().to_owned()],
            });
        }
        match &self.kind {
            FieldKind::Text | FieldKind::LongText => Ok(value.to_owned()),
            FieldKind::Date => date::parse(value).map(date::canonical).map_err(Rule::Date),
            FieldKind::Integer { .. } => integer(value).ok_or(Rule::Integer),
            FieldKind::Decimal { decimals, .. } => {
                decimal(value, *decimals).ok_or(Rule::Decimal { decimals: *decimals })
            }
            FieldKind::Money if is_money(value) => Ok(value.to_owned()),
            FieldKind::Money => Err(Rule::Money),
            FieldKind::CreditCode => value
                .parse()
                .map(|code: CreditCode| code.to_string())
                .map_err(Rule::CreditCode),
            FieldKind::ResidentId => value
                .parse()
                .map(|id: ResidentId| id.to_string())
                .map_err(Rule::ResidentId),
            FieldKind::Enumeration(choices) => choices
                .iter()
                .find(|choice| {
                    [&choice.code, &choice.zh, &choice.en]
                        .iter()
                        .any(|known| *known == value)
                })
                .map(|choice| choice.zh.clone())
                .ok_or_else(|| Rule::NotListed {
                    allowed: choices.iter().map(|choice| choice.zh.clone()).collect(),
                }),
            FieldKind::Phone if is_phone(value) => Ok(value.to_owned()),
            FieldKind::Phone => Err(Rule::Phone),
            FieldKind::Region => value
                .parse()
                .map(|code: RegionCode| code.to_string())
                .map_err(|_| Rule::Region),
            FieldKind::Photo => Err(Rule::PhotoAsText),
        }
    }

    /// The form of a canonical value on the face.
    pub fn display(&self, canonical: &str) -> String {
        match &self.kind {
            FieldKind::Date => date::parse(canonical).map_or_else(|_| canonical.to_owned(), date::chinese),
            FieldKind::Integer { unit: Some(unit) } | FieldKind::Decimal { unit: Some(unit), .. } => {
                format!("{canonical}{}", unit.zh)
            }
            _ => canonical.to_owned(),
        }
    }

    /// The form of a canonical value for a stranger; `None` when it is personal.
    pub fn public_display(&self, canonical: &str) -> Option<String> {
        let text = self.display(canonical);
        match self.secrecy {
            Secrecy::Public => Some(text),
            Secrecy::Masked => Some(self.mask.unwrap_or(Mask::Code).apply(&text)),
            Secrecy::Personal => None,
        }
    }

    /// The code of an enumeration's canonical value.
    pub fn choice_code(&self, canonical: &str) -> Option<&str> {
        match &self.kind {
            FieldKind::Enumeration(choices) => choices
                .iter()
                .find(|choice| choice.zh == canonical)
                .map(|choice| choice.code.as_str()),
            _ => None,
        }
    }

    fn forbids(&self, character: char) -> bool {
        match character {
            '\n' => self.kind != FieldKind::LongText,
            _ => is_forbidden(character),
        }
    }
}

/// Whether no text of a licence may hold `character`: controls, and characters that are not seen or change how others
/// are read (fillers, byte order mark, zero-width space, line separators, bidirectional controls; Unicode 9.9 and UAX
/// 9).
pub fn is_forbidden(character: char) -> bool {
    character.is_control() || is_filler(character) || matches!(character, '\u{fff9}'..='\u{fffd}')
}

/// A whole number without leading zeros, of at most 18 digits.
fn integer(value: &str) -> Option<String> {
    let digits = (1..=18).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| value.parse::<u64>().ok())
        .flatten()
        .map(|number| number.to_string())
}

/// Digits, and after a point at most `decimals` more; kept as given but for leading zeros.
fn decimal(value: &str, decimals: usize) -> Option<String> {
    let Some((whole, fraction)) = value.split_once('.') else {
        return integer(value);
    };
    let digits = (1..=decimals).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| integer(whole))
        .flatten()
        .map(|whole| format!("{whole}.{fraction}"))
}

/// Digits or Chinese numerals and a currency: 500万元人民币, 伍佰万元整, 20.5万美元.
fn is_money(value: &str) -> bool {
    let amount = |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾佰仟百千".contains(c);
    let currency = ["元", "圆", "港币", "英镑"].iter().any(|unit| value.contains(unit));
    value.starts_with(|c| amount(c) || matches!(c, '人' | '￥' | '¥')) && value.contains(amount) && currency
}

/// 3 to 20 digits, with hyphens, blanks, brackets and one leading plus between them.
fn is_phone(value: &str) -> bool {
    let rest = value.strip_prefix('+').unwrap_or(value);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    (3..=20).contains(&digits)
        && rest.chars().count() <= 24
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '(' | ')' | '（' | '）'))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    name: String,
    label: Bilingual,
    kind: String,
    #[serde(default)]
    required: bool,
    pattern: Option<Pattern>,
    max_chars: Option<usize>,
    values: Option<Vec<Choice>>,
    unit: Option<Bilingual>,
    decimals: Option<usize>,
    repeats: Option<Repeats>,
    secrecy: Secrecy,
    mask: Option<Mask>,
    example: Option<String>,
}

/// Why a field of `type.toml` makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldSpecError {
    /// Not ASCII camelCase.
    #[error("field name \"{name}\" is not ASCII camelCase")]
    Name {
        /// The name.
        name: String,
    },
    /// An unknown kind.
    #[error("field \"{name}\" has the unknown kind \"{kind}\"")]
    Kind {
        /// The field.
        name: String,
        /// Its kind.
        kind: String,
    },
    /// A key that its kind needs is missing.
    #[error("field \"{name}\" needs the key {key}")]
    Missing {
        /// The field.
        name: String,
        /// The key.
        key: &'static str,
    },
    /// A key that its kind does not take.
    #[error("field \"{name}\" of kind {kind} takes no key {key}")]
    Unexpected {
        /// The field.
        name: String,
        /// Its kind.
        kind: String,
        /// The key.
        key: &'static str,
    },
    /// An enumeration with no value, or with a code or word twice.
    #[error("the values of field \"{name}\" are empty or hold \"{value}\" twice")]
    Values {
        /// The field.
        name: String,
        /// The first one that comes twice, or nothing.
        value: String,
    },
}

impl TryFrom<RawField> for FieldSpec {
    type Error = FieldSpecError;

    fn try_from(raw: RawField) -> Result<Self, FieldSpecError> {
        let name = raw.name.clone();
        let camel =
            name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !camel {
            return Err(FieldSpecError::Name { name });
        }
        refuse_unexpected(&raw)?;
        let missing = |key| FieldSpecError::Missing {
            name: name.clone(),
            key,
        };
        if matches!(raw.kind.as_str(), "text" | "long-text" | "money") && raw.max_chars.is_none() {
            return Err(missing("max_chars"));
        }
        if raw.kind == "text" && raw.secrecy == Secrecy::Masked && raw.mask.is_none() {
            return Err(missing("mask"));
        }
        if raw.kind != "photo" && raw.example.is_none() {
            return Err(missing("example"));
        }
        let kind = match raw.kind.as_str() {
            "text" => FieldKind::Text,
            "long-text" => FieldKind::LongText,
            "date" => FieldKind::Date,
            "integer" => FieldKind::Integer { unit: raw.unit },
            "decimal" => FieldKind::Decimal {
                unit: raw.unit,
                decimals: raw.decimals.ok_or_else(|| missing("decimals"))?,
            },
            "money" => FieldKind::Money,
            "credit-code" => FieldKind::CreditCode,
            "resident-id" => FieldKind::ResidentId,
            "enumeration" => FieldKind::Enumeration(choices(&name, raw.values.ok_or_else(|| missing("values"))?)?),
            "phone" => FieldKind::Phone,
            "region" => FieldKind::Region,
            "photo" => FieldKind::Photo,
            _ => return Err(FieldSpecError::Kind { name, kind: raw.kind }),
        };
        Ok(Self {
            name,
            label: raw.label,
            kind,
            required: raw.required,
            pattern: raw.pattern,
            max_chars: raw.max_chars,
            repeats: raw.repeats,
            secrecy: raw.secrecy,
            mask: raw.mask,
            example: raw.example,
        })
    }
}

/// Each key belongs to some kinds only: a key that would do nothing is a mistake of whoever wrote it.
fn refuse_unexpected(raw: &RawField) -> Result<(), FieldSpecError> {
    let is = |kinds: &[&str]| kinds.contains(&raw.kind.as_str());
    let repeats = match raw.repeats {
        None => true,
        Some(Repeats::HolderBirthDate) => is(&["date"]),
        Some(Repeats::HolderSex) => is(&["enumeration"]),
    };
    let rules = [
        ("pattern", raw.pattern.is_none() || is(&["text"])),
        (
            "max_chars",
            raw.max_chars.is_none() || is(&["text", "long-text", "money"]),
        ),
        ("values", raw.values.is_none() || is(&["enumeration"])),
        ("unit", raw.unit.is_none() || is(&["integer", "decimal"])),
        ("decimals", raw.decimals.is_none() || is(&["decimal"])),
        ("repeats", repeats),
        ("mask", raw.mask.is_none() || raw.secrecy == Secrecy::Masked),
        ("example", raw.example.is_none() || !is(&["photo"])),
    ];
    match rules.iter().find(|(_, fine)| !fine) {
        Some((key, _)) => Err(FieldSpecError::Unexpected {
            name: raw.name.clone(),
            kind: raw.kind.clone(),
            key,
        }),
        None => Ok(()),
    }
}

fn choices(name: &str, values: Vec<Choice>) -> Result<Vec<Choice>, FieldSpecError> {
    let mut seen = std::collections::BTreeSet::new();
    let words = values.iter().flat_map(|choice| {
        let mut own = vec![&choice.code, &choice.zh, &choice.en];
        own.dedup();
        own
    });
    let twice = words.into_iter().find(|word| !seen.insert(word.as_str())).cloned();
    match twice {
        None if !values.is_empty() => Ok(values),
        twice => Err(FieldSpecError::Values {
            name: name.to_owned(),
            value: twice.unwrap_or_default(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(rest: &str) -> FieldSpec {
        try_field(rest).unwrap()
    }

    fn try_field(rest: &str) -> Result<FieldSpec, toml::de::Error> {
        toml::from_str(&format!(
            "name = \"probe\"\nlabel = {{ zh = \"项\", en = \"Item\" }}\nsecrecy = \"public\"\n{rest}"
        ))
    }

    #[test]
    fn text_is_trimmed_measured_and_matched() {
        let spec = field("kind = \"text\"\nmax_chars = 3\npattern = \"[^x]+\"\nexample = \"甲\"");
        assert_eq!(spec.read("  甲乙丙 "), Ok("甲乙丙".into()));
        assert_eq!(spec.read("甲乙丙丁"), Err(Rule::TooLong { max_chars: 3, chars: 4 }));
        assert_eq!(
            spec.read("甲x"),
            Err(Rule::Pattern {
                patterns: vec!["[^x]+".into()]
            })
        );
        assert_eq!(spec.read("甲\n乙"), Err(Rule::ForbiddenCharacter { code_point: 10 }));
        assert_eq!(
            spec.read("甲\u{202e}"),
            Err(Rule::ForbiddenCharacter { code_point: 0x202e })
        );
        for filler in ['\u{3164}', '\u{115f}', '\u{1160}', '\u{ffa0}', '\u{2060}', '\u{ad}'] {
            let code_point = u32::from(filler);
            let read = spec.read(&format!("甲{filler}"));
            assert_eq!(read, Err(Rule::ForbiddenCharacter { code_point }));
        }
    }

    #[test]
    fn long_text_may_have_lines() {
        assert_eq!(
            field("kind = \"long-text\"\nmax_chars = 9\nexample = \"甲\"").read("甲\n乙"),
            Ok("甲\n乙".into())
        );
    }

    #[test]
    fn numbers_keep_their_digits_and_show_their_unit() {
        let spec = field("kind = \"decimal\"\ndecimals = 2\nunit = { zh = \"平方米\", en = \"m²\" }\nexample = \"1\"");
        assert_eq!(spec.read("0120.50"), Ok("120.50".into()));
        assert_eq!(spec.display("120.50"), "120.50平方米");
        for wrong in ["1.234", "-1", "1.", ".5", "1e3", "", "1,000"] {
            assert_eq!(spec.read(wrong), Err(Rule::Decimal { decimals: 2 }), "{wrong}");
        }
        let whole = field("kind = \"integer\"\nexample = \"1\"");
        assert_eq!(whole.read("007"), Ok("7".into()));
        assert_eq!(whole.read("1.0"), Err(Rule::Integer));
    }

    #[test]
    fn enumerations_take_code_or_word_and_keep_the_chinese_one() {
        let spec =
            field("kind = \"enumeration\"\nvalues = [{ code = \"1\", zh = \"男\", en = \"Male\" }]\nexample = \"1\"");
        for given in ["1", "男", "Male"] {
            assert_eq!(spec.read(given), Ok("男".into()));
        }
        assert_eq!(spec.choice_code("男"), Some("1"));
        assert_eq!(
            spec.read("2"),
            Err(Rule::NotListed {
                allowed: vec!["男".into()]
            })
        );
    }

    #[test]
    fn money_is_kept_as_given() {
        let spec = field("kind = \"money\"\nmax_chars = 30\nexample = \"1元\"");
        for given in [
            "500万元人民币",
            "伍佰万元整",
            "20.5万美元",
            "人民币伍佰万圆整",
            "¥1200元",
        ] {
            assert_eq!(spec.read(given), Ok(given.into()));
        }
        for wrong in ["500", "很多元", "元", "约500万元"] {
            assert_eq!(spec.read(wrong), Err(Rule::Money), "{wrong}");
        }
    }

    #[test]
    fn telephones_and_regions_have_their_forms() {
        let phone = field("kind = \"phone\"\nexample = \"12315\"");
        assert!(
            ["12315", "0470-5550123", "+86 470 5550123", "13800001234"]
                .iter()
                .all(|given| phone.read(given).is_ok())
        );
        assert!(
            ["12", "call me", "1380000123456789012345"]
                .iter()
                .all(|given| phone.read(given) == Err(Rule::Phone))
        );
        assert_eq!(
            field("kind = \"region\"\nexample = \"159901\"").read("15990"),
            Err(Rule::Region)
        );
    }

    #[test]
    fn keys_that_do_nothing_or_are_missing_are_refused_by_name() {
        let message = |rest| try_field(rest).unwrap_err().message().to_owned();
        assert_eq!(
            message("kind = \"date\"\nmax_chars = 3\nexample = \"\""),
            "field \"probe\" of kind date takes no key max_chars"
        );
        assert_eq!(
            message("kind = \"text\"\nexample = \"\""),
            "field \"probe\" needs the key max_chars"
        );
        assert_eq!(
            message("kind = \"decimal\"\nexample = \"1\""),
            "field \"probe\" needs the key decimals"
        );
        assert_eq!(
            message("kind = \"colour\"\nexample = \"1\""),
            "field \"probe\" has the unknown kind \"colour\""
        );
        assert_eq!(
            message("kind = \"enumeration\"\nvalues = []\nexample = \"1\""),
            "the values of field \"probe\" are empty or hold \"\" twice"
        );
    }
}
