//! `yinxin verify --replay`: a file judged again, as of the time of an earlier report, and held against that report.
//!
//! What may differ: where the file lies, what a register said of the licence at the time, and what is told beside the report, its
//! words and pictures. Everything else must come out the same
//! from the same material; where it does not, the places are named as JSON pointers (RFC 6901).

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::cli::error::CliError;
use crate::problem::Problem;
use crate::verify::Report;

/// What an earlier report is not held to: the name of the file, the register's answer, and what is told beside the report.
const OF_ITS_MOMENT: [&str; 4] = ["file", "licence", "words", "pictures"];
/// Most places that are named.
const MAX_PLACES: usize = 20;

/// A report that was made before.
pub(super) struct Earlier {
    report: Value,
    /// As of when it judged.
    pub(super) time: DateTime<Utc>,
}

/// A report held against an earlier one.
#[derive(Debug, Serialize)]
pub(super) struct Replayed<'r> {
    /// Whether both say the same.
    pub(super) same: bool,
    /// Where they do not.
    pub(super) differences: Vec<String>,
    /// The new one.
    pub(super) report: &'r Report,
}

impl Earlier {
    /// Reads a report of `yinxin verify --json` or of the API.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let bytes = std::fs::read(path).map_err(CliError::file(path))?;
        let unusable = |reason: &dyn std::fmt::Display| CliError::unreadable("--replay", path.display(), reason);
        let report: Value = serde_json::from_slice(&bytes).map_err(|error| unusable(&error))?;
        let time = report["validation_time"].as_str();
        let time = time.ok_or_else(|| {
            CliError::wrong(
                "--replay",
                Problem::new("report-without-time").param("value", path.display()),
            )
        })?;
        let time = time.parse().map_err(|error| unusable(&error))?;
        Ok(Self { report, time })
    }

    /// Holds a report against it.
    pub(super) fn compare<'r>(&self, report: &'r Report) -> Replayed<'r> {
        // A report always serialises: it is structs, lists and texts.
        let mut now = serde_json::to_value(report).unwrap_or_default();
        let mut before = self.report.clone();
        for report in [&mut before, &mut now] {
            if let Value::Object(members) = report {
                OF_ITS_MOMENT.iter().for_each(|name| drop(members.remove(*name)));
            }
        }
        let mut differences = Vec::new();
        compare("", &before, &now, &mut differences);
        Replayed {
            same: differences.is_empty(),
            differences,
            report,
        }
    }
}

/// Adds the places at which two values differ.
fn compare(place: &str, before: &Value, now: &Value, differences: &mut Vec<String>) {
    if before == now || differences.len() == MAX_PLACES {
        return;
    }
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => {
            let added = now.keys().filter(|name| !before.contains_key(*name));
            for name in before.keys().chain(added) {
                let [before, now] = [before, now].map(|members| members.get(name).unwrap_or(&Value::Null));
                // RFC 6901 section 3: `~` and `/` of a name are escaped.
                let name = name.replace('~', "~0").replace('/', "~1");
                compare(&format!("{place}/{name}"), before, now, differences);
            }
        }
        (Value::Array(before), Value::Array(now)) if before.len() == now.len() => {
            for (index, (before, now)) in before.iter().zip(now).enumerate() {
                compare(&format!("{place}/{index}"), before, now, differences);
            }
        }
        _ => differences.push(place.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_named_by_its_place() {
        let before = json!({"a": [1, {"b": 2}], "c": "x", "gone": 1});
        let now = json!({"a": [1, {"b": 3}], "c": "x", "new": 1});
        let mut places = Vec::new();
        compare("", &before, &now, &mut places);
        assert_eq!(places, ["/a/1/b", "/gone", "/new"]);
        let mut escaped = Vec::new();
        compare("", &json!({"a/b": {"~1": 1}}), &json!({"a/b": {"~1": 2}}), &mut escaped);
        assert_eq!(escaped, ["/a~1b/~01"]);
        let (mut none, mut longer) = (Vec::new(), Vec::new());
        compare("", &before, &before.clone(), &mut none);
        compare("", &json!([1]), &json!([1, 2]), &mut longer);
        assert_eq!((none.len(), longer), (0, vec![String::new()]));
    }
}
