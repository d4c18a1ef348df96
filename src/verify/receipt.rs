//! Receipts of verifications: signed documents that say what was found about another file, and hold the whole report.
//! Whoever has one verified is told of which file it is and what it says, as that a receipt is genuine says nothing of
//! that file.

use serde::Deserialize;

use super::attached::attached;
use super::report::{Conclusion, ReceiptReport, SignatureKind};
use super::signature::Judged;
use crate::asn1::oid;
use crate::legible::clipped;
use crate::pdf::{Limits, PdfFile, ReadAt};
use crate::problem::Problem;

/// Name of the attached report.
pub const REPORT_FILE: &str = "report.json";

/// Most characters of the name of its file that the note on a receipt gives: whoever asks for a receipt chooses the
/// name, and what is found must not be lost behind it.
const MAX_NAME: usize = 60;

/// What is read of an attached report.
#[derive(Deserialize)]
struct Attached {
    file: Option<String>,
    sha256: Option<String>,
    conclusion: String,
    validation_time: String,
    licence: Option<Licence>,
}

/// What is read of the licence in it.
#[derive(Deserialize)]
struct Licence {
    state: String,
    state_source: Option<String>,
}

/// What a receipt says, which is noted with the signature of the verification service on it, where that is good.
pub(super) fn note(file: &PdfFile<'_>, judged: &mut [Judged]) -> Option<ReceiptReport> {
    let is_by_service = |one: &&mut Judged| {
        one.report.kind == SignatureKind::Signature
            && one.report.conclusion <= Conclusion::ValidWithPermittedChanges
            && one.signer.as_ref().is_some_and(|signer| {
                let policies = signer.extensions().certificate_policies.as_ref();
                policies.is_some_and(|policies| policies.value.contains(&oid::VERIFICATION_POLICY))
            })
    };
    let signed = judged.iter_mut().find(is_by_service)?;
    let report = report_in(file)?;
    let report = serde_json::from_slice::<Attached>(&report).ok()?;
    let named = Problem::new("note-verification-receipt")
        .param("file", clipped(report.file.as_deref().unwrap_or_default(), MAX_NAME))
        .param("sha256", report.sha256.as_deref().unwrap_or_default())
        .param("finding", &report.conclusion)
        .param("time", &report.validation_time);
    signed.report.notes.insert(0, named);
    let (licence_state, state_source) = match report.licence {
        Some(licence) => (Some(licence.state), licence.state_source),
        None => (None, None),
    };
    Some(ReceiptReport {
        file: report.file,
        sha256: report.sha256,
        conclusion: report.conclusion,
        licence_state,
        state_source,
        validation_time: report.validation_time,
    })
}

/// The report that is attached to a receipt, whoever signed it; `None` where the file is no document with such an
/// attachment.
pub fn report_of_receipt(source: &dyn ReadAt) -> Option<Vec<u8>> {
    report_in(&PdfFile::open(source, &Limits::UPLOAD).ok()?)
}

fn report_in(file: &PdfFile<'_>) -> Option<Vec<u8>> {
    attached(&file.latest(), REPORT_FILE).ok()??.ok()
}
