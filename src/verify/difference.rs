//! What comes after the revision that a signature covers, as the report says it, and what it means for the conclusion.
//!
//! Further signatures alone leave a signature valid, as long as they are valid themselves: whoever signs later stands for what
//! was added. Where a budget was used up nothing can be said, which is less than that something was changed.

use super::report::{ChangeReport, ChangesAfter, Conclusion, Permission, SignatureKind};
use super::signature::Judged;
use crate::pdf::changes::{self, Change, ChangeClass};
use crate::pdf::{PdfFile, SignatureField};
use crate::problem::{Explain, Problem};

/// What was found after a signature.
pub(super) struct Difference {
    pub(super) class: ChangesAfter,
    pub(super) list: Vec<ChangeReport>,
    /// What it means for the conclusion, beside its class.
    pub(super) weight: Weight,
}

/// What changes mean beside their class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Weight {
    /// What their class says.
    AsClassed,
    /// They are further signatures and validation data alone.
    SignaturesOnly,
    /// They could not be gone through: a budget was used up, or the source failed.
    Unknown(Problem),
}

/// What comes after a signature of sound coverage.
pub(super) fn after(file: &PdfFile<'_>, field: &SignatureField) -> Difference {
    let found = match file.changes_after(field) {
        Ok(found) => found,
        Err(error) => {
            let problem = error.problems().into_iter().next();
            return Difference {
                class: ChangesAfter::Unparsable,
                list: Vec::new(),
                weight: problem.map_or(Weight::AsClassed, Weight::Unknown),
            };
        }
    };
    let mut weight = Weight::AsClassed;
    let (class, list) = match found {
        changes::ChangesAfter::None => (ChangesAfter::None, Vec::new()),
        changes::ChangesAfter::ValidationData(list) => (ChangesAfter::ValidationData, told(&list)),
        changes::ChangesAfter::Permitted(list) => {
            if list.iter().all(|change| change.kind.class() <= ChangeClass::Signing) {
                weight = Weight::SignaturesOnly;
            }
            (ChangesAfter::Permitted, told(&list))
        }
        changes::ChangesAfter::NotPermitted { refused, permitted } => {
            let refused = refused.iter().map(|change| tell(change, Permission::NotPermitted));
            let mut list: Vec<ChangeReport> = refused.chain(told(&permitted)).collect();
            list.sort_by(|one, other| (one.revision, &one.text).cmp(&(other.revision, &other.text)));
            (ChangesAfter::NotPermitted, list)
        }
        changes::ChangesAfter::Unparsable { from, fault } => {
            let revisions = file.revisions().len();
            (
                ChangesAfter::Unparsable,
                vec![unparsable(from, fault.as_ref(), revisions)],
            )
        }
    };
    let mut list = list;
    list.dedup_by(|one, other| one.text == other.text && one.permission == other.permission);
    Difference { class, list, weight }
}

/// Takes what the changes weigh into the conclusions, last signature first: it decides what the ones before it may rest on.
pub(super) fn settle(judged: &mut [Judged]) {
    let mut order: Vec<usize> = (0..judged.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(judged[*place].report.revision));
    for place in order {
        match judged[place].weight.clone() {
            Weight::AsClassed => {}
            Weight::SignaturesOnly => {
                let revision = judged[place].report.revision;
                let is_valid = |other: &Judged| {
                    other.report.kind == SignatureKind::DocumentTimestamp
                        || other.report.revision <= revision
                        || other.report.conclusion == Conclusion::Valid
                };
                let all_valid = judged.iter().all(is_valid);
                let report = &mut judged[place].report;
                if all_valid && report.conclusion == Conclusion::ValidWithPermittedChanges {
                    report.conclusion = Conclusion::Valid;
                }
            }
            Weight::Unknown(problem) => {
                let report = &mut judged[place].report;
                if report.conclusion == Conclusion::Changed {
                    report.conclusion = Conclusion::Indeterminate;
                    report.reasons.insert(0, problem);
                }
            }
        }
    }
}

fn told(list: &[Change]) -> Vec<ChangeReport> {
    let permission = |change: &Change| match change.kind.class() {
        ChangeClass::ValidationData => Permission::ValidationData,
        _ => Permission::Permitted,
    };
    list.iter().map(|change| tell(change, permission(change))).collect()
}

fn tell(change: &Change, permission: Permission) -> ChangeReport {
    ChangeReport {
        revision: Some(change.revision),
        permission,
        text: change.to_string(),
        problem: change.problem(),
    }
}

fn unparsable(from: u64, fault: Option<&crate::pdf::PdfError>, revisions: usize) -> ChangeReport {
    let problem = Problem::new("change-unparsable")
        .param("from", from)
        .param("revisions", revisions);
    let text = match fault {
        Some(fault) => format!("the bytes from {from} on are no revision of the document: {fault}"),
        None => format!("the bytes from {from} on are no revision of the document"),
    };
    ChangeReport {
        revision: None,
        permission: Permission::Unparsable,
        text,
        problem,
    }
}
