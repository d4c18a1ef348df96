//! `yinxin verify --replay`: a file judged again, as of the time of an earlier report, and held against that report.
//!
//! What may differ: where the file lies, what a register said of the licence at the time, whether the recognition list
//! was overdue for whoever asked, and the words, which later programs choose anew. Nobody can find these again, so the
//! report's word for them is all there is: they are not held against it, and told apart where they differ. Everything
//! else must come out the same from the same material; where it does not, the places are named as JSON pointers
//! (RFC 6901) with both values. Another file than the one that the report is of is told first, and not held against it.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::cli::error::CliError;
use crate::clock::instant;
use crate::i18n;
use crate::legible::clipped;
use crate::problem::Problem;
use crate::verify::{Report, report_of_receipt};

/// Where what is of the moment of a report stands in it: the name of the file, the register's answer, the words, and
/// the reason that is of the moment.
const OF_ITS_MOMENT: [&str; 4] = ["file", "licence", "words", "reasons"];
/// The time of the register's answer: never the same.
const ANSWERED: &str = "state_as_of";
/// The reason that says that the recognition list was overdue for whoever asked, whatever the report is as of.
const OVERDUE: &str = "list-stale";

/// Most places that are named.
const MAX_PLACES: usize = 20;

/// Most characters of a value that is told; the whole stands in the JSON form.
const MAX_TOLD: usize = 100;

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
    /// Whether the file is the one that the earlier report is of. Another is not held against it.
    pub(super) same_file: bool,
    /// Whether both come to the same conclusion.
    pub(super) same_conclusion: bool,
    /// Where they do not say the same.
    pub(super) differences: Vec<Difference>,
    /// Where they do not say the same of what is of the moment of a report, and not held against it.
    pub(super) of_its_moment: Vec<Difference>,
    /// The new one, where it is of the same file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) report: Option<&'r Report>,
}

/// A place at which two reports differ.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    /// JSON pointer.
    place: String,
    before: Value,
    now: Value,
}

impl Difference {
    /// Place, earlier and new value, as texts quote them.
    pub(super) fn told(&self) -> [String; 3] {
        let value = |value: &Value| match value {
            Value::String(text) => clipped(text, MAX_TOLD).into_owned(),
            other => clipped(&other.to_string(), MAX_TOLD).into_owned(),
        };
        [self.place.clone(), value(&self.before), value(&self.now)]
    }
}

impl Earlier {
    /// Reads a report of `yinxin verify --json` or of the API, or the one that a receipt carries.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let mut bytes = std::fs::read(path).map_err(CliError::file(path))?;
        if is_pdf(&bytes) {
            let missing = || Problem::new("report-not-in-receipt").param("value", path.display());
            bytes = report_of_receipt(&bytes).ok_or_else(|| CliError::wrong("--replay", missing()))?;
        }
        let unusable = |reason: &dyn std::fmt::Display| CliError::unreadable("--replay", path.display(), reason);
        let report: Value = serde_json::from_slice(&bytes).map_err(|error| unusable(&error))?;
        let text = |member: &str, code| {
            let missing = || CliError::wrong("--replay", Problem::new(code).param("value", path.display()));
            report[member].as_str().ok_or_else(missing)
        };
        let time = text("validation_time", "report-without-time")?;
        let time = instant(time).map_err(|error| unusable(&error))?;
        text("sha256", "report-without-digest")?;
        Ok(Self { report, time })
    }

    /// The conclusion of it, as texts are named by it.
    pub(super) fn conclusion(&self) -> &str {
        self.report["conclusion"].as_str().unwrap_or_default()
    }

    /// Holds a report against it.
    pub(super) fn compare<'r>(&self, report: &'r Report) -> Replayed<'r> {
        // A report always serialises: it is structs, lists and texts; so do its words.
        let mut now = serde_json::to_value(report).unwrap_or_default();
        let mut before = self.report.clone();
        let words = before["words"].is_object().then(|| i18n::words(report));
        now["words"] = words.map_or(Value::Null, |words| serde_json::to_value(words).unwrap_or_default());
        let moments = [&mut before, &mut now].map(take_moment);
        let same_file = before["sha256"] == now["sha256"];
        let same_conclusion = before["conclusion"] == now["conclusion"];
        let mut differences = Vec::new();
        match same_file {
            true => compare("", &before, &now, &mut differences),
            false => compare("/sha256", &before["sha256"], &now["sha256"], &mut differences),
        }
        let mut of_its_moment = Vec::new();
        if same_file {
            let [before, now] = &moments;
            for ((name, before), now) in OF_ITS_MOMENT.iter().zip(before).zip(now) {
                compare(&format!("/{name}"), before, now, &mut of_its_moment);
            }
        }
        Replayed {
            same: differences.is_empty(),
            same_file,
            same_conclusion: same_file && same_conclusion,
            differences,
            of_its_moment,
            report: same_file.then_some(report),
        }
    }
}

/// Takes out of a report what is of its moment, in the order of [`OF_ITS_MOMENT`].
fn take_moment(report: &mut Value) -> [Value; 4] {
    let Value::Object(members) = report else {
        return Default::default();
    };
    members.remove("pictures");
    OF_ITS_MOMENT.map(|name| match members.get_mut(name) {
        Some(Value::Array(reasons)) => reasons.extract_if(.., |reason| reason["code"] == OVERDUE).collect(),
        Some(taken) => {
            let mut taken = taken.take();
            if let Value::Object(licence) = &mut taken {
                licence.remove(ANSWERED);
            }
            taken
        }
        None => Value::Null,
    })
}

/// Whether a file begins like a PDF (ISO 32000-2 clause 7.5.2).
fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

/// Adds the places at which two values differ.
fn compare(place: &str, before: &Value, now: &Value, differences: &mut Vec<Difference>) {
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
        _ => differences.push(Difference {
            place: place.to_owned(),
            before: before.clone(),
            now: now.clone(),
        }),
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
        let told: Vec<_> = places.iter().map(Difference::told).collect();
        assert_eq!(
            told,
            [["/a/1/b", "2", "3"], ["/gone", "1", "null"], ["/new", "null", "1"]]
        );
        let mut escaped = Vec::new();
        compare("", &json!({"a/b": {"~1": 1}}), &json!({"a/b": {"~1": 2}}), &mut escaped);
        assert_eq!(escaped[0].told()[0], "/a~1b/~01");
        let (mut none, mut longer) = (Vec::new(), Vec::new());
        compare("", &before, &before.clone(), &mut none);
        compare("", &json!([1]), &json!([1, 2]), &mut longer);
        assert_eq!((none.len(), longer.len()), (0, 1));
        assert_eq!(longer[0].told(), ["", "[1]", "[1,2]"]);
    }
}
