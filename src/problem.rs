//! What a refusal says: a stable code, the field, the value and the rule, ready for any language.
//!
//! Every error that a user can cause implements [`Explain`]. The code selects the text in `templates/locales`, the
//! parameters fill it. English text for logs and tests is the error's own `Display`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::legible::clipped;

/// Longest value that a text quotes, in characters: a long name with its address. What is longer was made to fill the
/// answer.
const MAX_QUOTED: usize = 500;

/// A value as it is quoted: of one over 500 characters the beginning.
pub fn quoted(value: &str) -> Cow<'_, str> {
    clipped(value, MAX_QUOTED)
}

/// One thing that is wrong with what somebody sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub struct Problem {
    /// Stable, lower case, hyphenated: `field-required`, `identifier-check-character`.
    pub code: &'static str,
    /// The field that broke the rule, by its name in the interface; `None` when the whole input is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Values that the text quotes, by name: `value`, `expected`, `limit`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    pub params: BTreeMap<&'static str, String>,
}

impl Problem {
    /// A problem of the whole input.
    pub fn new(code: &'static str) -> Self {
        Self {
            code,
            field: None,
            params: BTreeMap::new(),
        }
    }

    /// A file that could not be read or written.
    pub fn of_file(file: impl ToString, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let code = match error.kind() {
            ErrorKind::NotFound => "file-missing",
            ErrorKind::PermissionDenied => "file-denied",
            ErrorKind::AlreadyExists => "file-there",
            ErrorKind::IsADirectory => "file-is-folder",
            ErrorKind::StorageFull => "file-without-room",
            _ => return Self::new("file-failed").param("file", file).param("reason", error),
        };
        Self::new(code).param("file", file)
    }

    /// A new file that could not be written; where something is missing, it is its folder.
    pub fn of_written(file: &std::path::Path, error: &std::io::Error) -> Self {
        match (error.kind(), file.parent()) {
            (std::io::ErrorKind::NotFound, Some(folder)) => {
                Self::new("folder-missing").param("folder", folder.display())
            }
            _ => Self::of_file(file.display(), error),
        }
    }

    /// Names the field that is meant.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.field = Some(name.into());
        self
    }

    /// Adds a value that the text quotes; of one over 500 characters the beginning.
    #[must_use]
    pub fn param(mut self, name: &'static str, value: impl ToString) -> Self {
        let mut value = value.to_string();
        if let Cow::Owned(beginning) = quoted(&value) {
            value = beginning;
        }
        self.params.insert(name, value);
        self
    }
}

/// A problem as it was kept, to be told later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptProblem {
    /// As in [`Problem::code`].
    pub code: String,
    /// As in [`Problem::field`].
    pub field: Option<String>,
    /// As in [`Problem::params`].
    pub params: BTreeMap<String, String>,
}

impl From<&Problem> for KeptProblem {
    fn from(problem: &Problem) -> Self {
        let params = problem.params.iter();
        Self {
            code: problem.code.to_owned(),
            field: problem.field.clone(),
            params: params
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        }
    }
}

/// An error that can be told to its causer in any language.
pub trait Explain: std::error::Error {
    /// All that is wrong, most useful first; never empty.
    fn problems(&self) -> Vec<Problem>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_value_made_to_fill_the_answer_the_beginning_is_quoted() {
        let quoted = |length: usize| Problem::new("x").param("value", "印".repeat(length)).params["value"].clone();
        assert_eq!(quoted(MAX_QUOTED), "印".repeat(MAX_QUOTED));
        assert_eq!(quoted(100_000), "印".repeat(MAX_QUOTED) + "…");
    }
}
