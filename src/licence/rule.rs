//! The rules that an application can break, each with its stable code, and [`Invalid`]: all that is wrong with one.

use chrono::NaiveDate;

use crate::licence::credit_code::CreditCodeError;
use crate::licence::date::{self, DateError};
use crate::licence::holder::HolderCodeError;
use crate::licence::number::NumberError;
use crate::licence::resident_id::ResidentIdError;
use crate::problem::{Explain, Problem};

/// One rule that a value broke.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// No licence type has this name or code.
    #[error("no licence type has this name")]
    UnknownType,
    /// The application is for another licence type than the one it is held against.
    #[error("the licence type is {expected}")]
    OtherType {
        /// The type that validates.
        expected: String,
    },
    /// The type has no such field.
    #[error("the licence type has no such field")]
    UnknownField,
    /// A value must be given.
    #[error("a value is required")]
    Required,
    /// More characters than the field holds.
    #[error("{chars} characters are more than {max_chars}")]
    TooLong {
        /// Most characters.
        max_chars: usize,
        /// Characters given.
        chars: usize,
    },
    /// A control character, or one that is not seen or changes how others are read.
    #[error("the character U+{code_point:04X} has no place in a licence")]
    ForbiddenCharacter {
        /// Which.
        code_point: u32,
    },
    /// The value matches none of the patterns.
    #[error("the value does not match {}", patterns.join(" or "))]
    Pattern {
        /// The patterns, as in `type.toml`.
        patterns: Vec<String>,
    },
    /// Not one of the list.
    #[error("the value is not one of {}", allowed.join(", "))]
    NotListed {
        /// The list.
        allowed: Vec<String>,
    },
    /// Not a date, or no day of the calendar.
    #[error(transparent)]
    Date(DateError),
    /// Not a whole number.
    #[error("the value is not a whole number of at most 18 digits")]
    Integer,
    /// Not a decimal number with so many digits after the point.
    #[error("the value is not a number with at most {decimals} digits after the point")]
    Decimal {
        /// Most digits after the point.
        decimals: usize,
    },
    /// Not an amount of money.
    #[error("the value is not an amount with its currency")]
    Money,
    /// Not a telephone number.
    #[error("the value is not a telephone number")]
    Phone,
    /// Not a region code.
    #[error("the value is not a region code of 6, 9 or 12 digits")]
    Region,
    /// Not a unified social credit code.
    #[error(transparent)]
    CreditCode(CreditCodeError),
    /// Not a citizen identity number.
    #[error(transparent)]
    ResidentId(ResidentIdError),
    /// Not a number of such a document.
    #[error("the value is not 1 to 40 letters, digits, Chinese characters, brackets or hyphens")]
    DocumentNumber,
    /// The type is not for holders of this category.
    #[error("the licence type is only for holders of category {}", allowed.join(", "))]
    HolderCategory {
        /// The allowed ones.
        allowed: Vec<&'static str>,
    },
    /// The category is not the one that the holder's code says.
    #[error("the holder's code says category {expected}")]
    HolderCategoryContradicts {
        /// The one of the code.
        expected: &'static str,
    },
    /// The type does not name holders by this kind of code.
    #[error("holders are named by a code of type {}", allowed.join(", "))]
    HolderCodeType {
        /// The allowed ones.
        allowed: Vec<&'static str>,
    },
    /// A check of the licence number failed.
    #[error("the licence number is wrong: {0}")]
    Number(NumberError),
    /// A character of the licence number says another thing than a field.
    #[error("character {position} of the licence number must be {expected}, as field {field} says")]
    NumberContradicts {
        /// Position, counted from 1.
        position: usize,
        /// The code of the field's value.
        expected: String,
        /// The field.
        field: String,
    },
    /// The value is not what the holder's identity number says.
    #[error("the holder's identity number says {expected}")]
    ContradictsHolderCode {
        /// What it says.
        expected: String,
    },
    /// The licence ends before it begins.
    #[error("the licence ends before it begins on {effective}")]
    DatesReversed {
        /// The first day.
        effective: NaiveDate,
    },
    /// The licence ends before the day of its issue.
    #[error("the licence ends before its issue on {issued}")]
    ExpiredBeforeIssue {
        /// The day of issue.
        issued: NaiveDate,
    },
    /// The day of issue lies in the future.
    #[error("the day of issue lies after today, {today}")]
    IssuedInFuture {
        /// Today.
        today: NaiveDate,
    },
    /// Licences of this type have no end date.
    #[error("licences of this type have no end")]
    EndNotAllowed,
    /// Licences of this type end on a certain day.
    #[error("licences of this type end on {expected}")]
    EndNotByRule {
        /// That day.
        expected: NaiveDate,
    },
    /// Licences of this type end earlier.
    #[error("licences of this type end on {latest} at the latest")]
    EndTooLate {
        /// The last possible day.
        latest: NaiveDate,
    },
    /// The issuer's serial is not one of GB/T 36904.
    #[error("the serial is not 1 to 40 digits and capital letters")]
    Serial,
    /// A photograph came as text among the fields.
    #[error("a photograph is sent beside the fields")]
    PhotoAsText,
    /// Not base64.
    #[error("the photograph is not base64")]
    PhotoEncoding,
    /// Not a JPEG picture.
    #[error("the photograph is not a JPEG picture")]
    PhotoFormat,
    /// Too many bytes.
    #[error("the photograph has {bytes} bytes, more than {max_bytes}")]
    PhotoTooLarge {
        /// Most bytes.
        max_bytes: usize,
        /// Bytes given.
        bytes: usize,
    },
}

impl Rule {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownType => "type-unknown",
            Self::OtherType { .. } => "type-other",
            Self::UnknownField => "field-unknown",
            Self::Required => "field-required",
            Self::TooLong { .. } => "text-too-long",
            Self::ForbiddenCharacter { .. } => "text-forbidden-character",
            Self::Pattern { .. } => "pattern-mismatch",
            Self::NotListed { .. } => "value-not-listed",
            Self::Date(DateError::Form { .. }) => "date-form",
            Self::Date(DateError::Impossible { .. }) => "date-impossible",
            Self::Integer => "integer-form",
            Self::Decimal { .. } => "decimal-form",
            Self::Money => "money-form",
            Self::Phone => "phone-form",
            Self::Region => "region-form",
            Self::CreditCode(error) => first_code(error),
            Self::ResidentId(error) => first_code(error),
            Self::DocumentNumber => "document-number-form",
            Self::HolderCategory { .. } => "holder-category-not-allowed",
            Self::HolderCategoryContradicts { .. } => "holder-category-contradicts-code",
            Self::HolderCodeType { .. } => "holder-code-type-not-allowed",
            Self::Number(NumberError::CheckCharacter { .. }) => "number-check-character",
            Self::Number(NumberError::NotHolderCode) => "number-not-holder-code",
            Self::Number(NumberError::Region { .. }) => "number-region",
            Self::Number(NumberError::Date { .. }) => "number-date",
            Self::NumberContradicts { .. } => "number-contradicts-field",
            Self::ContradictsHolderCode { .. } => "field-contradicts-holder-code",
            Self::DatesReversed { .. } => "dates-reversed",
            Self::ExpiredBeforeIssue { .. } => "expired-before-issue",
            Self::IssuedInFuture { .. } => "issued-in-future",
            Self::EndNotAllowed => "end-not-allowed",
            Self::EndNotByRule { .. } => "end-not-by-rule",
            Self::EndTooLate { .. } => "end-too-late",
            Self::Serial => "serial-form",
            Self::PhotoAsText => "photo-as-text",
            Self::PhotoEncoding => "photo-encoding",
            Self::PhotoFormat => "photo-format",
            Self::PhotoTooLarge { .. } => "photo-too-large",
        }
    }

    /// The values that its text quotes beside field and value.
    fn describe(&self, problem: Problem) -> Problem {
        match self {
            Self::OtherType { expected }
            | Self::ContradictsHolderCode { expected }
            | Self::NumberContradicts { expected, .. } => problem.param("expected", expected),
            Self::TooLong { max_chars, chars } => problem.param("limit", max_chars).param("count", chars),
            Self::ForbiddenCharacter { code_point } => problem.param("character", format!("U+{code_point:04X}")),
            Self::Pattern { patterns } => problem.param("pattern", patterns.join(" | ")),
            Self::NotListed { allowed } => problem.param("allowed", allowed.join("、")),
            Self::Decimal { decimals } => problem.param("limit", decimals),
            Self::CreditCode(error) => with_params(problem, error),
            Self::ResidentId(error) => with_params(problem, error),
            Self::HolderCategory { allowed } | Self::HolderCodeType { allowed } => {
                problem.param("allowed", allowed.join(", "))
            }
            Self::HolderCategoryContradicts { expected } => problem.param("expected", expected),
            Self::Number(NumberError::CheckCharacter { expected }) => problem.param("expected", expected),
            Self::Number(NumberError::Region { region }) => problem.param("digits", region),
            Self::Number(NumberError::Date { date }) => problem.param("digits", date),
            Self::DatesReversed { effective: day }
            | Self::ExpiredBeforeIssue { issued: day }
            | Self::IssuedInFuture { today: day }
            | Self::EndNotByRule { expected: day }
            | Self::EndTooLate { latest: day } => problem.param("expected", date::canonical(*day)),
            Self::PhotoTooLarge { max_bytes, bytes } => problem.param("limit", max_bytes).param("count", bytes),
            _ => problem,
        }
    }
}

impl From<HolderCodeError> for Rule {
    fn from(error: HolderCodeError) -> Self {
        match error {
            HolderCodeError::CreditCode(error) => Self::CreditCode(error),
            HolderCodeError::ResidentId(error) => Self::ResidentId(error),
            HolderCodeError::Document { .. } => Self::DocumentNumber,
        }
    }
}

/// One value that broke one rule. Its text quotes the value, which may be personal: it goes to whoever sent it, not to
/// a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} \"{value}\": {rule}")]
pub struct FieldProblem {
    /// The field, by its name in the interface.
    pub field: String,
    /// The value as it was sent; empty when none was.
    pub value: String,
    /// The rule.
    pub rule: Rule,
}

/// All that is wrong with an application, in the order in which a form is read; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the application breaks {} rules, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
pub struct Invalid(pub Vec<FieldProblem>);

impl Explain for Invalid {
    fn problems(&self) -> Vec<Problem> {
        let explain = |broken: &FieldProblem| {
            let problem = Problem::new(broken.rule.code())
                .field(broken.field.clone())
                .param("value", &broken.value);
            broken.rule.describe(problem)
        };
        self.0.iter().map(explain).collect()
    }
}

fn first_code(error: &impl Explain) -> &'static str {
    error.problems().first().map_or("value-wrong", |problem| problem.code)
}

fn with_params(mut problem: Problem, error: &impl Explain) -> Problem {
    problem
        .params
        .extend(error.problems().into_iter().flat_map(|inner| inner.params));
    problem
}
