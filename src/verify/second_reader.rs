//! A second reader beside our own: two that see different documents in the same bytes cannot both be right, and nobody can say
//! which of the two was signed.
//!
//! It is asked about every file that would pass, except a licence that is whole as it was issued: there the certification of a
//! body that may issue it covers every byte, all of them made by an issuing program, and nobody added anything.

use super::report::{Conclusion, SignatureKind};
use super::signature::Judged;
use crate::pdf::{PdfFile, SecondOpinion};
use crate::problem::{Explain, Problem};

/// Asks the second reader where its opinion counts, and takes it into the judgements.
pub(super) fn hear(file: &PdfFile<'_>, judged: &mut [Judged]) {
    let counts = |one: &Judged| {
        one.report.kind == SignatureKind::Signature
            && one.report.conclusion <= Conclusion::Indeterminate
            && !is_as_issued(one)
    };
    if !judged.iter().any(counts) {
        return;
    }
    let Some(problem) = objection(file) else { return };
    for one in judged.iter_mut().filter(|one| counts(one)) {
        one.doubt(problem.clone());
    }
}

/// Whether it certifies a whole licence for its issuer.
pub(super) fn is_as_issued(judged: &Judged) -> bool {
    let report = &judged.report;
    report.conclusion == Conclusion::Valid
        && report.authorised == Some(true)
        && report.covers_whole_document
        && judged.certifies_all
}

/// What the second reader has against ours; `None` where both see the same, or the file is too large for it.
fn objection(file: &PdfFile<'_>) -> Option<Problem> {
    match file.second_opinion() {
        Ok(SecondOpinion::Agree | SecondOpinion::NotAsked) => None,
        Ok(SecondOpinion::Disagree { place }) => Some(place.problem()),
        Err(error) => error.problems().into_iter().next(),
    }
}
