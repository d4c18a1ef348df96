//! A second reader beside our own: two that see different documents in the same bytes cannot both be right, and nobody
//! can say which of the two was signed.
//!
//! It is asked about every file that would pass or might where its signer is trusted, except a licence that is whole as
//! it was issued: there the certification of a body that may issue it covers every byte, all of them made by an issuing
//! program, and nobody added anything.

use super::report::{ChangesAfter, Conclusion, SecondReaderReport, SignatureKind};
use super::signature::Judged;
use crate::pdf::second_opinion::SIZE_LIMIT;
use crate::pdf::{PdfFile, SecondOpinion};
use crate::problem::{Explain, Problem};

/// Asks the second reader where its opinion counts, and takes it into the judgements; says whether it was asked.
pub(super) fn hear(file: &PdfFile<'_>, judged: &mut [Judged]) -> SecondReaderReport {
    let counts = |one: &Judged| {
        one.report.kind == SignatureKind::Signature
            && one.report.conclusion <= Conclusion::Indeterminate
            && one.report.changes_after != ChangesAfter::Unknown
            && !is_as_issued(one)
    };
    if !judged.iter().any(counts) {
        return match judged.iter().any(is_as_issued) {
            true => not_asked(Problem::new("note-second-reader-as-issued")),
            false => needless(),
        };
    }
    let (heard, objection) = opinion(file);
    for one in judged.iter_mut().filter(|one| counts(one)) {
        objection.iter().for_each(|objection| one.doubt(objection.clone()));
    }
    heard
}

/// It is not asked about a file that does not pass.
pub(super) fn needless() -> SecondReaderReport {
    not_asked(Problem::new("note-second-reader-needless"))
}

fn not_asked(note: Problem) -> SecondReaderReport {
    SecondReaderReport { asked: false, note }
}

/// Whether it certifies a whole licence for its issuer.
pub(super) fn is_as_issued(judged: &Judged) -> bool {
    let report = &judged.report;
    report.conclusion == Conclusion::Valid
        && report.authorised == Some(true)
        && report.covers_whole_document
        && judged.certifies_all
}

/// Whether the second reader was asked, and what it has against our reading; nothing where both see the same.
fn opinion(file: &PdfFile<'_>) -> (SecondReaderReport, Option<Problem>) {
    let asked = || SecondReaderReport {
        asked: true,
        note: Problem::new("note-second-reader-asked"),
    };
    match file.second_opinion() {
        Ok(SecondOpinion::Agree) => (asked(), None),
        Ok(SecondOpinion::Disagree { place }) if place.is_foreseen() => (needless(), Some(place.problem())),
        Ok(SecondOpinion::Disagree { place }) => (asked(), Some(place.problem())),
        Ok(SecondOpinion::NotAsked) => {
            let limit = SIZE_LIMIT >> 20;
            let note = match file.length() > SIZE_LIMIT {
                true => Problem::new("note-second-reader-size").param("limit", limit),
                false => Problem::new("note-second-reader-much"),
            };
            (not_asked(note), None)
        }
        Err(error) => {
            let problem = error.problems().into_iter().next();
            (not_asked(Problem::new("note-second-reader-unread")), problem)
        }
    }
}
