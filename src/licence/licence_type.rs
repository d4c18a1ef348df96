//! Licence types (证照类型): the GB/T 36902 catalogue record of a type and its rules, read from its `type.toml`.
//!
//! Whatever the text allows is checked on reading, so that a [`LicenceType`] in hand makes sense; an error names file,
//! line, key and rule. What a face looks like is not said here but in the `face.toml` beside it.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use serde::Deserialize;

use crate::licence::authority::AuthorityLevel;
use crate::licence::credit_code::CreditCode;
use crate::licence::field::{FieldKind, FieldSpec, Secrecy};
use crate::licence::holder::{HolderCategory, HolderCodeType};
use crate::licence::number::NumberRule;
use crate::licence::text::Bilingual;
use crate::licence::type_code::TypeCode;

/// One licence type. Made by [`LicenceType::from_toml`] only.
#[derive(Debug, Clone)]
pub struct LicenceType {
    /// Name of its folder: lower-case ASCII words with hyphens; names it in the interface.
    pub slug: String,
    /// GB/T 36902 record.
    pub catalogue: CatalogueRecord,
    /// Whom it is for.
    pub holder: HolderRule,
    /// How its licences are numbered.
    pub number: NumberRule,
    /// How long its licences last.
    pub validity: Validity,
    /// Who issues it.
    pub issuing: Issuing,
    /// What its face says beside the items that every licence has.
    pub fields: Vec<FieldSpec>,
    /// A made-up licence that is valid; the values of its fields are the fields' examples.
    pub example: Example,
}

/// What the catalogue says of the type (GB/T 36902); holder categories, validity range and levels stand with their
/// rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueRecord {
    /// 证照类型名称, CertificateTypeName.
    pub name: Bilingual,
    /// 证照类型代码, CertificateTypeCode.
    pub type_code: TypeCode,
    /// Whether the code is the nation's or ours until that is known.
    pub code_source: CodeSource,
    /// 证照定义机构.
    pub defining_authority: DefiningAuthority,
    /// 关联事项.
    pub related_items: Vec<RelatedItem>,
    /// 证照颁发机构, CertificateIssuingAuthority: in words, such as 县级以上卫生健康主管部门.
    pub issuing_authority: String,
}

/// Where a type code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeSource {
    /// Given by the national body that defines the type.
    National,
    /// Given by us; to be replaced when a national one is published.
    Ours,
}

/// The body that defines a type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefiningAuthority {
    /// 证照定义机构名称, CertificateDefineAuthorityName.
    pub name: String,
    /// 证照定义机构代码, CertificateDefineAuthorityCode; the first 18 characters of the type code.
    pub code: CreditCode,
    /// 证照定义机构级别, CertificateDefineAuthorityLevel.
    pub level: AuthorityLevel,
}

/// A service item that ends in a licence of this type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelatedItem {
    /// 关联事项名称, ItemName.
    pub name: String,
    /// 关联事项代码, ItemCode.
    pub code: Option<String>,
}

/// Whom a type is for, and how the holder stands on the face.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderRule {
    /// 持证主体类别, CertificateHolderCategory.
    pub categories: Vec<HolderCategory>,
    /// Kinds of codes that may name the holder.
    pub code_types: Vec<HolderCodeType>,
    /// The holder's name on the face.
    pub name: HolderName,
    /// The holder's code on the face.
    pub code: Item,
}

/// The item of the holder's name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderName {
    /// What the face calls it.
    pub label: Bilingual,
    /// Most characters.
    pub max_chars: usize,
    /// Who may see it.
    pub secrecy: Secrecy,
}

/// An item that every licence has, as it stands on the face.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What the face calls it.
    pub label: Bilingual,
    /// Who may see it.
    pub secrecy: Secrecy,
}

/// How long licences last.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawValidity")]
pub struct Validity {
    /// The rule.
    pub rule: ValidityRule,
    /// 有效期限范围, ValidityRange: in words, such as 5年.
    pub range: String,
    /// What the face calls the term, when it shows one.
    pub label: Option<Bilingual>,
    /// The date field until which the licence was last endorsed; its function rests when that day has passed.
    pub endorsed_until: Option<String>,
}

/// How the last day of a licence is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidityRule {
    /// No end.
    LongTerm,
    /// As the issuer states; no end when none is stated.
    AsStated,
    /// So many months from the first day.
    Exactly {
        /// Months.
        months: u32,
    },
    /// As the issuer states, within so many months from the first day.
    AtMost {
        /// Months.
        months: u32,
    },
    /// The day that a date field says.
    UntilField {
        /// Name of the field.
        field: String,
    },
}

impl ValidityRule {
    /// The day before the same day so many months later: a licence of five years from 5 March 2026 ends on 4 March
    /// 2031. Where the later month has no such day, its last day.
    pub fn last_day(first: NaiveDate, months: u32) -> Option<NaiveDate> {
        let same_day = first.checked_add_months(Months::new(months))?;
        if same_day.day() == first.day() {
            same_day.pred_opt()
        } else {
            Some(same_day)
        }
    }
}

/// Who issues licences of a type, and how that stands on the face.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuing {
    /// 证照颁发机构级别, CertificateIssuingAuthorityLevel.
    pub levels: Vec<AuthorityLevel>,
    /// What the face calls the issuer.
    pub authority_label: Bilingual,
    /// What the face calls the day of issue.
    pub date_label: Bilingual,
}

/// The items of the made-up licence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The holder.
    pub holder: ExampleHolder,
    /// The licence number.
    pub number: String,
    /// First day.
    pub effective_date: String,
    /// Last day, if any.
    pub expiring_date: Option<String>,
}

/// The holder of the made-up licence.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleHolder {
    /// Name.
    pub name: String,
    /// Category.
    pub category: HolderCategory,
    /// Kind of the code.
    pub code_type: HolderCodeType,
    /// Code.
    pub code: String,
}

/// Why a `type.toml` is no licence type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LicenceTypeError {
    /// The folder's name is not lower-case ASCII words with hyphens.
    #[error("{file}: the folder's name is not lower-case words joined by hyphens")]
    Slug {
        /// The file.
        file: String,
    },
    /// Not TOML, a key missing or unknown, or a value that breaks its own rule.
    #[error("{file} line {line}, \"{text}\": {reason}")]
    Text {
        /// The file.
        file: String,
        /// Line, counted from 1; 0 when the whole file is meant.
        line: usize,
        /// The line's text, at most 60 characters.
        text: String,
        /// What is wrong, in English.
        reason: String,
    },
    /// Two keys that do not go together, or a list that says nothing.
    #[error("{file} {key}: {rule}")]
    Rule {
        /// The file.
        file: String,
        /// The key, with its tables: `number.parts`.
        key: String,
        /// The rule.
        rule: TypeRule,
    },
}

/// A rule between the keys of a `type.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeRule {
    /// The list is empty.
    #[error("the list is empty")]
    Empty,
    /// A name comes twice, or is one of the items that every licence has.
    #[error("the name \"{name}\" is taken")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The type code does not begin with the defining body's code.
    #[error("the type code does not begin with the defining authority's code {expected}")]
    DefiningAuthority {
        /// The body's code.
        expected: CreditCode,
    },
    /// A field is named that does not exist or is of another kind.
    #[error("there is no {kind} field \"{name}\"")]
    NoSuchField {
        /// The name.
        name: String,
        /// The kind that is needed.
        kind: &'static str,
    },
    /// More than one photo field, or one under another name than `photo`.
    #[error("the one photo field is named photo")]
    Photo,
}

impl LicenceType {
    /// Reads the `type.toml` of the folder `slug`.
    pub fn from_toml(slug: &str, text: &str) -> Result<Self, LicenceTypeError> {
        let file = format!("{slug}/type.toml");
        let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !slug.split('-').all(word) {
            return Err(LicenceTypeError::Slug { file });
        }
        let raw: RawType = toml::from_str(text).map_err(|error| located(&file, text, &error))?;
        let licence_type = Self {
            slug: slug.to_owned(),
            catalogue: raw.catalogue,
            holder: raw.holder,
            number: raw.number,
            validity: raw.validity,
            issuing: raw.issuing,
            fields: raw.fields,
            example: raw.example,
        };
        match licence_type.contradiction() {
            Some((key, rule)) => Err(LicenceTypeError::Rule {
                file,
                key: key.to_owned(),
                rule,
            }),
            None => Ok(licence_type),
        }
    }

    /// The type code.
    pub fn code(&self) -> TypeCode {
        self.catalogue.type_code
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of the holder's photograph, if the face has one.
    pub fn photo(&self) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.kind == FieldKind::Photo)
    }

    /// Whether an authority of this tier may issue it.
    pub fn may_be_issued_by(&self, level: AuthorityLevel) -> bool {
        self.issuing.levels.contains(&level)
    }

    /// The first two keys that do not go together.
    fn contradiction(&self) -> Option<(&'static str, TypeRule)> {
        let lists = [
            ("holder.categories", self.holder.categories.is_empty()),
            ("holder.code_types", self.holder.code_types.is_empty()),
            ("number.patterns", self.number.patterns.is_empty()),
            ("issuing.levels", self.issuing.levels.is_empty()),
            ("fields", self.fields.is_empty()),
        ];
        if let Some((key, _)) = lists.iter().find(|(_, empty)| *empty) {
            return Some((key, TypeRule::Empty));
        }
        // GB/T 36904: the type code is the credit code of the defining body and a number.
        let expected = self.catalogue.defining_authority.code;
        if self.code().authority() != expected {
            return Some(("catalogue.type_code", TypeRule::DefiningAuthority { expected }));
        }
        let mut names = BTreeSet::from(ITEMS);
        if let Some(field) = self.fields.iter().find(|field| !names.insert(&field.name)) {
            return Some((
                "fields.name",
                TypeRule::NameTaken {
                    name: field.name.clone(),
                },
            ));
        }
        let photos = self.fields.iter().filter(|field| field.kind == FieldKind::Photo);
        if photos.enumerate().any(|(at, field)| at > 0 || field.name != PHOTO) {
            return Some(("fields.kind", TypeRule::Photo));
        }
        self.dangling_name()
    }

    /// The first key that names a field which does not exist or is of another kind.
    fn dangling_name(&self) -> Option<(&'static str, TypeRule)> {
        let is_date = |name: &String| self.field(name).is_some_and(|field| field.kind == FieldKind::Date);
        let is_listed = |name: &String| {
            self.field(name)
                .is_some_and(|field| matches!(field.kind, FieldKind::Enumeration(_)))
        };
        let missing = |name: &String, kind| TypeRule::NoSuchField {
            name: name.clone(),
            kind,
        };
        if let Some(part) = self.number.parts.iter().find(|part| !is_listed(&part.field)) {
            return Some(("number.parts", missing(&part.field, "enumeration")));
        }
        if let ValidityRule::UntilField { field } = &self.validity.rule
            && !is_date(field)
        {
            return Some(("validity.field", missing(field, "date")));
        }
        let endorsed = self.validity.endorsed_until.as_ref().filter(|name| !is_date(name))?;
        Some(("validity.endorsed_until", missing(endorsed, "date")))
    }
}

/// Names of the items that every licence has, in the interface, in face templates and in this order; no field may take
/// one.
pub const ITEMS: [&str; 16] = [
    "licenceType",
    "holderName",
    "holderCategory",
    "holderCodeType",
    "holderCode",
    "licenceNumber",
    "issuerName",
    "issuerCode",
    "issuedDate",
    "effectiveDate",
    "expiringDate",
    "validity",
    "identifier",
    "version",
    "serial",
    "verificationCode",
];
/// Name of the photo field.
pub const PHOTO: &str = "photo";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawType {
    catalogue: CatalogueRecord,
    holder: HolderRule,
    number: NumberRule,
    validity: Validity,
    issuing: Issuing,
    fields: Vec<FieldSpec>,
    example: Example,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawValidity {
    rule: String,
    months: Option<u32>,
    field: Option<String>,
    range: String,
    label: Option<Bilingual>,
    endorsed_until: Option<String>,
}

/// Why a `[validity]` table makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the rule \"{rule}\" {reason}")]
struct ValidityError {
    rule: String,
    reason: &'static str,
}

impl TryFrom<RawValidity> for Validity {
    type Error = ValidityError;

    fn try_from(raw: RawValidity) -> Result<Self, ValidityError> {
        let rule = match (raw.rule.as_str(), raw.months, raw.field) {
            ("long-term", None, None) => ValidityRule::LongTerm,
            ("as-stated", None, None) => ValidityRule::AsStated,
            ("exactly", Some(months @ 1..=MAX_MONTHS), None) => ValidityRule::Exactly { months },
            ("at-most", Some(months @ 1..=MAX_MONTHS), None) => ValidityRule::AtMost { months },
            ("until-field", None, Some(field)) => ValidityRule::UntilField { field },
            (rule, ..) => {
                let reason = match rule {
                    "long-term" | "as-stated" => "takes neither months nor field",
                    "exactly" | "at-most" => "takes months, 1 to 1200, and no field",
                    "until-field" => "takes field and no months",
                    _ => "is not one of long-term, as-stated, exactly, at-most, until-field",
                };
                return Err(ValidityError { rule: raw.rule, reason });
            }
        };
        Ok(Self {
            rule,
            range: raw.range,
            label: raw.label,
            endorsed_until: raw.endorsed_until,
        })
    }
}

fn located(file: &str, text: &str, error: &toml::de::Error) -> LicenceTypeError {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let quoted = text.lines().nth(line - 1).unwrap_or_default();
    LicenceTypeError::Text {
        file: file.to_owned(),
        line,
        text: quoted.chars().take(MAX_QUOTED_CHARS).collect(),
        reason: error.message().to_owned(),
    }
}

/// A hundred years: longer terms are written as no end.
const MAX_MONTHS: u32 = 1200;
/// Characters of a wrong line that an error quotes.
const MAX_QUOTED_CHARS: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    const FOOD: &str = include_str!("../../templates/types/food-business-permit/type.toml");

    fn refusal(from: &str, to: &str) -> String {
        assert!(FOOD.contains(from), "the template no longer says {from}");
        LicenceType::from_toml("food", &FOOD.replacen(from, to, 1))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_type_is_read_with_all_its_rules() {
        let food = LicenceType::from_toml("food-business-permit", FOOD).unwrap();
        assert_eq!(food.catalogue.name.zh, "食品经营许可证");
        assert_eq!(food.catalogue.code_source, CodeSource::Ours);
        assert_eq!(food.validity.rule, ValidityRule::AtMost { months: 60 });
        assert!(food.may_be_issued_by(AuthorityLevel::County) && !food.may_be_issued_by(AuthorityLevel::Village));
        assert!(food.photo().is_none() && food.field("businessForm").is_some());
    }

    #[test]
    fn an_error_names_file_line_and_rule() {
        assert_eq!(
            refusal("11159900MB0000107M101", "11159900MB0000107N101"),
            "food/type.toml line 5, \"type_code = \"11159900MB0000107N101\"\": type code \"11159900MB0000107N101\" names no body",
        );
        assert!(refusal("code_source = \"ours\"", "code_source = \"mine\"").starts_with("food/type.toml line 6"));
        assert!(refusal("range =", "rang =").contains("unknown field `rang`"));
        assert!(refusal("[number]", "[numbers]").contains("unknown field `numbers`"));
        assert!(refusal("JY[1-3]", "JY(1-3").contains("unclosed group"));
    }

    #[test]
    fn keys_that_do_not_go_together_are_refused() {
        let rule = |from, to| refusal(from, to).replacen("food/type.toml ", "", 1);
        assert_eq!(
            rule("code = \"11159900MB0000107M\"", "code = \"11100000000013338W\""),
            "catalogue.type_code: the type code does not begin with the defining authority's code 11100000000013338W",
        );
        assert_eq!(
            rule("levels = [\"city\", \"county\"]", "levels = []"),
            "issuing.levels: the list is empty"
        );
        assert_eq!(
            rule("name = \"domicile\"", "name = \"legalRepresentative\""),
            "fields.name: the name \"legalRepresentative\" is taken"
        );
        assert_eq!(
            rule("name = \"domicile\"", "name = \"holderName\""),
            "fields.name: the name \"holderName\" is taken"
        );
        assert_eq!(
            rule("field = \"businessForm\"", "field = \"domicile\""),
            "number.parts: there is no enumeration field \"domicile\""
        );
        assert_eq!(
            rule("range = \"5年\"", "range = \"5年\"\nendorsed_until = \"domicile\""),
            "validity.endorsed_until: there is no date field \"domicile\""
        );
        let photo = "kind = \"photo\"\nsecrecy = \"public\"\n\n[[fields]]\nname = \"x\"\nlabel = { zh = \"\", en = \"\" }\nkind = \"phone\"\n";
        assert_eq!(
            rule("kind = \"phone\"\n", photo),
            "fields.kind: the one photo field is named photo"
        );
    }

    #[test]
    fn a_validity_rule_takes_its_own_keys_only() {
        let reason = |to| refusal("rule = \"at-most\"\nmonths = 60", to);
        assert!(reason("rule = \"at-most\"").ends_with("the rule \"at-most\" takes months, 1 to 1200, and no field"));
        assert!(reason("rule = \"exactly\"\nmonths = 0").ends_with("takes months, 1 to 1200, and no field"));
        assert!(reason("rule = \"long-term\"\nmonths = 3").ends_with("takes neither months nor field"));
        assert!(reason("rule = \"until-field\"").ends_with("takes field and no months"));
        assert!(reason("rule = \"for-ever\"").contains("is not one of long-term"));
        assert!(
            reason("rule = \"until-field\"\nfield = \"domicile\"").ends_with("there is no date field \"domicile\"")
        );
    }

    #[test]
    fn a_folder_s_name_is_checked() {
        for slug in ["", "Food", "food_business", "-food", "食品"] {
            assert!(
                matches!(LicenceType::from_toml(slug, FOOD), Err(LicenceTypeError::Slug { .. })),
                "{slug}"
            );
        }
    }

    #[test]
    fn five_years_end_the_day_before() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(ValidityRule::last_day(day(2026, 3, 5), 60), Some(day(2031, 3, 4)));
        assert_eq!(ValidityRule::last_day(day(2024, 2, 29), 12), Some(day(2025, 2, 28)));
    }
}
