//! Whether what was signed before still stands: nobody seals over a forgery, nor raises one to a level that lasts.

use chrono::{DateTime, Utc};

use crate::pdf::{Limits, PdfFile, ReadAt};
use crate::problem::Problem;
use crate::service::error::{ServiceError, ServiceResult};
use crate::trust::Snapshot;
use crate::verify::{self, ChangesAfter, Context, Permission, SignatureReport, SubIndication};

/// Refuses a document with a signature that does not fit its bytes, or does not permit what was done after it. That nobody here trusts
/// its signer is no reason: nobody is trusted here. Without signatures nothing is read.
///
/// # Errors
/// The first such signature, and what was done.
pub(super) fn must_be_intact(document: &dyn ReadAt, now: DateTime<Utc>) -> ServiceResult<()> {
    // What cannot be read is refused later, with its own reason.
    let is_signed = PdfFile::open(document, &Limits::UPLOAD)
        .and_then(|file| Ok(!file.signatures()?.is_empty()))
        .unwrap_or(false);
    if !is_signed {
        return Ok(());
    }
    let snapshot = Snapshot::default();
    let report = verify::document(document, None, &Context::new(&snapshot, now)).report;
    match report
        .signatures
        .iter()
        .map(broken)
        .find(|problems| !problems.is_empty())
    {
        Some(problems) => Err(ServiceError::Refused(problems)),
        None => Ok(()),
    }
}

/// How a signature is broken; nothing where it is not, or nobody can say.
fn broken(signature: &SignatureReport) -> Vec<Problem> {
    let told = |code| {
        let revision = signature
            .revision
            .map_or_else(|| "?".to_owned(), |revision| revision.to_string());
        Problem::new(code)
            .param("name", signature.field.as_deref().unwrap_or_default())
            .param("revision", revision)
            .param("revisions", signature.revisions)
    };
    if let Some(SubIndication::HashFailure | SubIndication::SigCryptoFailure) = signature.sub_indication {
        return vec![told("earlier-signature-altered")];
    }
    if !matches!(
        signature.changes_after,
        ChangesAfter::NotPermitted | ChangesAfter::Unparsable
    ) {
        return Vec::new();
    }
    let refused = |permission| matches!(permission, Permission::NotPermitted | Permission::Unparsable);
    let change = signature.change_list.iter().find(|change| refused(change.permission));
    let change = change.map(|change| change.problem.clone());
    [told("earlier-signature-changed")].into_iter().chain(change).collect()
}
