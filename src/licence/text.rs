//! Words in both languages of the interface, as types and authorities carry them.

use serde::{Deserialize, Serialize};

/// One text in Chinese and in English; both complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese, as it stands on documents.
    pub zh: String,
    /// English.
    pub en: String,
}
