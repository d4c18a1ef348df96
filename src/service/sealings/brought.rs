//! What a document that is brought has to be before a key is used on it: read by everybody alike, no licence, and with
//! what was signed before still standing: nobody seals over a forgery, nor raises one to a level that lasts. It is
//! judged as by whoever verifies here.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::pdf::{Limits, PdfFile, ReadAt, SecondOpinion};
use crate::problem::Problem;
use crate::seal::status::SealStatusList;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::own_bodies::OwnBodies;
use crate::trust::Snapshot;
use crate::verify::{
    self, ChangesAfter, Conclusion, Context, Indication, Permission, Report, SignatureKind, SignatureReport,
    SubIndication, is_licence,
};

/// By what earlier signatures are judged.
pub(super) struct Judging {
    snapshot: Arc<Snapshot>,
    seals: SealStatusList,
    bodies: Arc<OwnBodies>,
    now: DateTime<Utc>,
}

impl Service {
    /// What is recognised at present.
    pub(super) async fn judging(&self) -> ServiceResult<Judging> {
        Ok(Judging {
            snapshot: self.newest_trust().await?,
            seals: self.seal_states().await?,
            bodies: self.own_bodies(),
            now: self.now(),
        })
    }
}

impl Judging {
    fn report(&self, document: &dyn ReadAt) -> Report {
        let context = Context::new(&self.snapshot, self.now).with_seal_status(&self.seals);
        let mut report = verify::document(document, None, &context).report;
        report.refuse_bodies_of_ours(|body| self.bodies.have(body));
        report
    }
}

/// What is to be known of a document that may be sealed.
#[derive(Default)]
pub(super) struct Sealable {
    /// Whether it is signed already.
    pub(super) is_signed: bool,
    /// Which earlier signatures are invalid all the same.
    pub(super) warnings: Vec<Problem>,
}

/// Refuses what may not be sealed. What cannot be read at all is refused where it is signed, with its own reason.
///
/// # Errors
/// What is wrong with the document.
pub(super) fn must_be_sealable(document: &dyn ReadAt, judging: &Judging) -> ServiceResult<Sealable> {
    let Ok(file) = PdfFile::open(document, &Limits::UPLOAD) else {
        return Ok(Sealable::default());
    };
    must_be_read_alike(&file, document, judging)?;
    must_be_no_licence(&file)?;
    let report = must_be_intact(&file, document, judging)?;
    let warnings = report
        .iter()
        .flat_map(|report| invalid(report, "earlier-signature-invalid"));
    Ok(Sealable {
        is_signed: report.is_some(),
        warnings: warnings.collect(),
    })
}

/// Refuses what may not be given a level; the report on its signatures, where it has any. What cannot be read at all is
/// refused where it is read for that, with its own reason.
///
/// # Errors
/// What is wrong with the document.
pub(super) fn must_be_raisable(document: &dyn ReadAt, judging: &Judging) -> ServiceResult<Option<Report>> {
    let Ok(file) = PdfFile::open(document, &Limits::UPLOAD) else {
        return Ok(None);
    };
    must_be_read_alike(&file, document, judging)?;
    let Some(report) = must_be_intact(&file, document, judging)? else {
        return Ok(None);
    };
    let problems = invalid(&report, "earlier-signature-fails");
    match problems.is_empty() {
        true => Ok(Some(report)),
        false => Err(ServiceError::Refused(problems)),
    }
}

/// The signatures that are invalid, by this code, each with the first reason.
fn invalid(report: &Report, code: &'static str) -> Vec<Problem> {
    let business = report.signatures.iter();
    let invalid = business.filter(|one| one.kind == SignatureKind::Signature && one.conclusion == Conclusion::Invalid);
    let told = |signature: &SignatureReport| {
        [told(signature, code)]
            .into_iter()
            .chain(signature.reasons.first().cloned())
    };
    invalid.flat_map(told).collect()
}

/// A document in which a second reader sees something else, or which it reads only by repair, is not sealed: its seal
/// would not be believed. One that is too large for the two to be compared is: a verifier does not compare them there
/// either, and says so.
fn must_be_read_alike(file: &PdfFile<'_>, document: &dyn ReadAt, judging: &Judging) -> ServiceResult<()> {
    match file.second_opinion() {
        Ok(SecondOpinion::Agree | SecondOpinion::NotAsked) => Ok(()),
        // A signature that cannot be judged for the same reason is named.
        Err(error) => must_be_intact(file, document, judging).and(Err(ServiceError::explained(error))),
        Ok(SecondOpinion::Disagree { place }) => Err(ServiceError::Refused(vec![
            Problem::new("document-read-otherwise"),
            place.problem(),
        ])),
    }
}

/// Refuses what a verifier would take for a licence of ours: licences are issued, from data that were checked, by
/// whoever may issue, and the seal of an issuer on a file that says it is one would make it one.
fn must_be_no_licence(file: &PdfFile<'_>) -> ServiceResult<()> {
    match is_licence(file).map_err(ServiceError::explained)? {
        true => Err(ServiceError::refused(Problem::new("document-is-licence"))),
        false => Ok(()),
    }
}

/// Refuses a document with a signature that does not hold, whoever made it, or does not permit what was done after it,
/// or where nobody can say what that was; gives the report on it. Without signatures nothing is judged.
/// That nobody here trusts its signer is no reason.
///
/// # Errors
/// The first such signature, and what is wrong with it or was done.
fn must_be_intact(file: &PdfFile<'_>, document: &dyn ReadAt, judging: &Judging) -> ServiceResult<Option<Report>> {
    if file.signatures().map_err(ServiceError::explained)?.is_empty() {
        return Ok(None);
    }
    must_be_unbroken(judging.report(document)).map(Some)
}

fn must_be_unbroken(report: Report) -> ServiceResult<Report> {
    let mut problems = report.signatures.iter().map(broken);
    match problems.find(|problems| !problems.is_empty()) {
        Some(problems) => Err(ServiceError::Refused(problems)),
        None => Ok(report),
    }
}

/// Refuses what was made of a document where a verifier does not take it for what it should be: what was asked before
/// was asked of the document as it came, and what was added counts against the same budgets.
///
/// # Errors
/// The first signature that does not stand, or why a verifier comes to none.
pub(super) fn must_stand(made: &dyn ReadAt, judging: &Judging) -> ServiceResult<()> {
    let report = must_be_unbroken(judging.report(made))?;
    match report.signatures.is_empty() {
        true => Err(ServiceError::Refused(report.reasons)),
        false => Ok(()),
    }
}

/// Refuses a sealed document that does not stand, or that a verifier would take for a licence.
///
/// # Errors
/// What is wrong with it.
pub(super) fn must_stand_sealed(made: &dyn ReadAt, judging: &Judging) -> ServiceResult<()> {
    must_stand(made, judging)?;
    must_be_no_licence(&PdfFile::open(made, &Limits::UPLOAD).map_err(ServiceError::explained)?)
}

/// How a signature is broken; nothing where it is not, or its algorithm or certificate leaves it open.
fn broken(signature: &SignatureReport) -> Vec<Problem> {
    let told = |code| told(signature, code);
    if is_altered(signature) {
        return vec![told("earlier-signature-altered")];
    }
    if fails(signature) {
        let reason = signature.reasons.first().cloned();
        return [told("earlier-signature-fails")].into_iter().chain(reason).collect();
    }
    if let Some(reason) = &signature.changes_unknown_for {
        return vec![told("earlier-signature-unknown"), reason.clone()];
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

/// What is to be said of a signature, with its field and its revision.
pub(super) fn told(signature: &SignatureReport, code: &'static str) -> Problem {
    let revision = signature
        .revision
        .map_or_else(|| "?".to_owned(), |revision| revision.to_string());
    Problem::new(code)
        .param("name", signature.field.as_deref().unwrap_or_default())
        .param("revision", revision)
        .param("revisions", signature.revisions)
}

/// Whether a signature, or the seal inside, does not fit the bytes, whatever else is wrong with it.
fn is_altered(signature: &SignatureReport) -> bool {
    let does_not_fit = signature.is_intact() == Some(false);
    let sub_indication = signature.sub_indication;
    matches!(
        sub_indication,
        Some(SubIndication::HashFailure | SubIndication::SigCryptoFailure)
    ) || (does_not_fit && signature.kind == SignatureKind::Signature)
}

/// Whether a signature does not hold for another reason than that its bytes were altered. Where its form is wrong, they
/// were not even compared, unless it can be read as one of another form: such a signature is odd and no forgery, and
/// may be sealed after, but not raised. Of who may sign something is said alone where they fit. A document time stamp
/// that fails proves nothing, and no more.
fn fails(signature: &SignatureReport) -> bool {
    let is_intact = signature.is_intact() == Some(true);
    signature.kind == SignatureKind::Signature
        && match signature.sub_indication {
            Some(SubIndication::FormatFailure) => !is_intact,
            Some(SubIndication::SigConstraintsFailure) => signature.indication == Indication::TotalFailed && is_intact,
            _ => false,
        }
}
