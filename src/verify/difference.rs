//! What comes after the revision that a signature covers, as the report says it, and what it means for the conclusion.
//!
//! Further signatures alone leave a signature valid, as long as they are valid themselves and show nothing: whoever
//! signs later stands for what was added. One that shows lies on a page that was signed before it, and the reader is
//! told whose it is and on which page. Where a budget was used up nobody knows what comes after, which is less than
//! that something was changed.

use std::collections::BTreeMap;

use super::bounds::Few;
use super::report::{ChangeReport, ChangesAfter, Conclusion, Permission, SignatureKind, SignatureReport};
use super::signature::{Judged, conclusion};
use super::time_stamp::Fit;
use crate::pdf::changes::{self, Change, ChangeClass, ChangeKind, Hiding};
use crate::pdf::{PdfFile, SignatureField};
use crate::problem::{Explain, Problem};

/// The reasons where later signature fields hide what was signed: one alone, several together, and one in which nobody
/// signed.
pub(super) const HIDES: [&str; 3] = [
    "signature-hides-content",
    "signatures-hide-content",
    "unsigned-field-over-content",
];
/// How many changes the lists of all signatures of a file have room for together.
const LISTED: usize = 5_000;
/// How many the list of one signature has room for, where there are few.
const LISTED_AT_MOST: usize = 200;

/// What was found after a signature.
pub(super) struct Difference {
    pub(super) class: ChangesAfter,
    pub(super) list: Vec<ChangeReport>,
    /// How many changes the list has no room for.
    pub(super) unlisted: usize,
    /// The signature fields that newly show on signed pages.
    pub(super) shown: Drawn,
    /// Whether it is further signatures that show nothing, and validation data alone.
    pub(super) signatures_only: bool,
    /// Why nobody knows, where the class says so.
    pub(super) unknown_for: Option<Problem>,
}

/// The signature fields that newly show on signed pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    /// Those that hide what was signed.
    hiding: Few<Shown>,
    /// Those that cover no more than a seal does.
    beside: Few<Shown>,
}

/// A signature field that newly shows, by the part of it that is told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    /// Its full name.
    field: String,
    page: usize,
    width_mm: u64,
    height_mm: u64,
    hides: Option<Hiding>,
}

impl Shown {
    /// The code of what is said of it.
    fn code(&self) -> &'static str {
        match self.hides {
            None => "signature-over-content",
            Some(Hiding::Large) => HIDES[0],
            Some(Hiding::Together) => HIDES[1],
            Some(Hiding::Unsigned) => HIDES[2],
        }
    }
}

/// What comes after a signature of sound coverage.
pub(super) fn after(file: &PdfFile<'_>, field: &SignatureField) -> Difference {
    let found = match file.changes_after(field) {
        Ok(found) => found,
        // A budget was used up, or the source failed.
        Err(error) => {
            return Difference {
                class: ChangesAfter::Unknown,
                list: Vec::new(),
                unlisted: 0,
                shown: Drawn::default(),
                signatures_only: false,
                unknown_for: error.problems().into_iter().next(),
            };
        }
    };
    let mut signatures_only = false;
    let shown = drawn(&found);
    let (class, changes) = match &found {
        changes::ChangesAfter::None => (ChangesAfter::None, Vec::new()),
        changes::ChangesAfter::ValidationData(list) => (ChangesAfter::ValidationData, permitted(list).collect()),
        changes::ChangesAfter::Permitted(list) => {
            let is_signing = |change: &Change| change.kind.class() <= ChangeClass::Signing;
            signatures_only = shown == Drawn::default() && list.iter().all(is_signing);
            (ChangesAfter::Permitted, permitted(list).collect())
        }
        changes::ChangesAfter::NotPermitted {
            refused,
            permitted: list,
        } => {
            let refused = refused.iter().map(|change| (Permission::NotPermitted, change));
            (ChangesAfter::NotPermitted, refused.chain(permitted(list)).collect())
        }
        changes::ChangesAfter::Unparsable { from, fault } => {
            let list = vec![unparsable(*from, fault.as_ref(), file.revisions().len())];
            return Difference {
                class: ChangesAfter::Unparsable,
                list,
                unlisted: 0,
                shown,
                signatures_only,
                unknown_for: None,
            };
        }
    };
    let room = file.signatures().map_or(LISTED, |all| LISTED / all.len().max(1));
    let (list, unlisted) = listed(changes, room.min(LISTED_AT_MOST));
    Difference {
        class,
        list,
        unlisted,
        shown,
        signatures_only,
        unknown_for: None,
    }
}

/// The weightiest changes, as many as there is room for, by revision; and how many there are beside them.
fn listed(mut changes: Vec<(Permission, &Change)>, room: usize) -> (Vec<ChangeReport>, usize) {
    changes.sort_by_key(|(permission, change)| std::cmp::Reverse((*permission, change.kind.class())));
    let unlisted = changes.len().saturating_sub(room);
    changes.truncate(room);
    let mut list: Vec<ChangeReport> = changes
        .into_iter()
        .map(|(permission, change)| tell(change, permission))
        .collect();
    list.sort_by(|one, other| (one.revision, &one.text).cmp(&(other.revision, &other.text)));
    (list, unlisted)
}

/// Takes what the changes weigh into the conclusions, last signature first: it decides what the ones before it may rest
/// on.
pub(super) fn settle(judged: &mut [Judged]) {
    tell_drawn(judged);
    hold_to_stamps(judged);
    let mut order: Vec<usize> = (0..judged.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(judged[*place].report.revision));
    for place in order {
        if !judged[place].signatures_only {
            continue;
        }
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
}

/// What calls itself a document time stamp is validation data as long as it is a time stamp of the document as it then
/// was. Where it is by an authority that is not trusted here, all that it loses is its proof of existence: it proves
/// nothing, and changed nothing. Where it is of something else, or no time stamp, a revision was added for what nobody
/// permits.
fn hold_to_stamps(judged: &mut [Judged]) {
    let stamps: Vec<(SignatureReport, Fit)> = judged
        .iter()
        .filter(|one| one.report.kind == SignatureKind::DocumentTimestamp && one.fit != Fit::Fits)
        .map(|one| (one.report.clone(), one.fit))
        .collect();
    for (stamp, fit) in &stamps {
        let rests = |one: &&mut Judged| {
            one.report.kind == SignatureKind::Signature
                && one.report.revision.is_some()
                && one.report.revision < stamp.revision
        };
        for one in judged.iter_mut().filter(rests) {
            match fit {
                Fit::Fits => {}
                Fit::Unknown => {
                    let unchecked = of_stamp("document-time-stamp-unchecked", stamp);
                    one.doubt(unchecked);
                }
                Fit::Fails => one.take_for_changed(stamp),
            }
        }
    }
}

fn of_stamp(code: &'static str, stamp: &SignatureReport) -> Problem {
    let (name, revision) = (stamp.field.as_deref().unwrap_or("-"), stamp.revision.unwrap_or(0));
    Problem::new(code)
        .param("name", name)
        .param("revision", revision)
        .param("revisions", stamp.revisions)
}

impl Judged {
    /// Takes what a revision added as a document time stamp, and is none, for a change that nobody permitted.
    fn take_for_changed(&mut self, stamp: &SignatureReport) {
        let report = &mut self.report;
        // Whatever else comes after it that nobody knows of, this does.
        if report.changes_after != ChangesAfter::Unparsable {
            report.changes_after = ChangesAfter::NotPermitted;
        }
        let added = |change: &&mut ChangeReport| {
            let Some(ChangeKind::TimeStamp { field }) = &change.kind else {
                return false;
            };
            change.revision == stamp.revision && Some(field) == stamp.field.as_ref()
        };
        for change in report.change_list.iter_mut().filter(added) {
            change.permission = Permission::NotPermitted;
        }
        report.reasons.push(of_stamp("document-time-stamp-is-none", stamp));
        report.conclusion = conclusion(report);
    }
}

/// The signature fields among changes that newly show, each once.
fn drawn(found: &changes::ChangesAfter) -> Drawn {
    let mut drawn = Drawn::default();
    let (refused, permitted) = match found {
        changes::ChangesAfter::Permitted(permitted) => (&[][..], permitted.as_slice()),
        changes::ChangesAfter::NotPermitted { refused, permitted } => (refused.as_slice(), permitted.as_slice()),
        _ => return drawn,
    };
    for change in refused.iter().chain(permitted) {
        if let (Some(field), Some(shown)) = (change.kind.field(), change.kind.shown()) {
            let kind = match shown.hides {
                Some(_) => &mut drawn.hiding,
                None => &mut drawn.beside,
            };
            kind.add(Shown {
                field: field.to_owned(),
                page: shown.page,
                width_mm: shown.width_mm,
                height_mm: shown.height_mm,
                hides: shown.hides,
            });
        }
    }
    drawn
}

/// Says of each signature who drew over the pages that it signed.
fn tell_drawn(judged: &mut [Judged]) {
    let signers: BTreeMap<String, String> = judged
        .iter()
        .filter_map(|one| Some((one.report.field.clone()?, one.report.signer.as_ref()?.name.clone())))
        .collect();
    let tell = |shown: &Shown| {
        Problem::new(shown.code())
            .param("signer", signers.get(&shown.field).map_or("-", String::as_str))
            .param("name", &shown.field)
            .param("page", shown.page)
            .param("width", shown.width_mm)
            .param("height", shown.height_mm)
    };
    for one in judged.iter_mut() {
        let Drawn { hiding, beside } = &one.drawn;
        let reasons = &mut one.report.reasons;
        reasons.extend(hiding.tell(tell));
        reasons.extend(beside.tell(tell));
    }
}

fn permitted(list: &[Change]) -> impl Iterator<Item = (Permission, &Change)> {
    list.iter().map(|change| match change.kind.class() {
        ChangeClass::ValidationData => (Permission::ValidationData, change),
        _ => (Permission::Permitted, change),
    })
}

fn tell(change: &Change, permission: Permission) -> ChangeReport {
    ChangeReport {
        revision: Some(change.revision),
        permission,
        pages: change.reach.pages.iter().copied().collect(),
        other_pages: change.reach.elsewhere,
        text: change.to_string(),
        problem: change.problem(),
        kind: Some(change.kind.clone()),
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
        pages: Vec::new(),
        other_pages: true,
        text,
        problem,
        kind: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::changes::Reach;

    #[test]
    fn where_there_is_room_for_few_changes_the_weightiest_are_listed_and_the_others_counted() {
        let change = |revision, kind| Change {
            revision,
            revisions: 9,
            kind,
            reach: Reach::default(),
        };
        let filled = (2..8).map(|revision| {
            let field = "Name".into();
            change(revision, ChangeKind::FieldFilled { field })
        });
        let data = change(2, ChangeKind::ValidationData);
        let moved = change(9, ChangeKind::CatalogEntry { key: "Pages".into() });
        let all: Vec<Change> = std::iter::once(data).chain(filled).collect();
        let told = permitted(&all).chain([(Permission::NotPermitted, &moved)]);
        let (list, unlisted) = listed(told.collect(), 3);
        let told = list.iter().map(|change| (change.permission, change.revision.unwrap()));
        let expected = [
            (Permission::Permitted, 2),
            (Permission::Permitted, 3),
            (Permission::NotPermitted, 9),
        ];
        assert_eq!(told.collect::<Vec<_>>(), expected);
        assert_eq!(unlisted, 5);
    }
}
