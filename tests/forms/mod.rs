//! Signatures of every form that other producers put into a PDF, written here field by field: what is accepted, what is
//! noted without deciding anything, and what is refused.

mod levels;
mod messages;
mod pyhanko;
mod seals;
mod validation_information;

pub(crate) use levels::stamped;

use chrono::{DateTime, Utc};
use yinxin::problem::Problem;
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, Context, SignatureReport};

use crate::support::city::{City, now};

/// The report on the only signature of a document, judged by what the city trusts and its lists.
fn judged(city: &City, document: Vec<u8>) -> SignatureReport {
    judged_at(city, document, now())
}

/// The same as of another time, by the lists of that time.
fn judged_at(city: &City, document: Vec<u8>, time: DateTime<Utc>) -> SignatureReport {
    let anchor = Anchor::new("root", city.root.clone(), &Service::ALL);
    let snapshot = Snapshot::new(vec![anchor], vec![city.issuing.clone()], city.lists(time, &[]).to_vec());
    let mut report = verify::document(&document, None, &Context::new(&snapshot, time)).report;
    assert_eq!(report.signatures.len(), 1, "{report:?}");
    report.signatures.remove(0)
}

/// The first reason that a signature is not valid, with what it names as the cause.
fn refusal(report: &SignatureReport) -> String {
    let reason = &report.reasons[0];
    match reason.params.get("reason") {
        Some(cause) => format!("{}: {cause}", reason.code),
        None => reason.code.to_owned(),
    }
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code).collect()
}
