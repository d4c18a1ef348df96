//! The report on a document as a whole.

use std::collections::HashSet;

use super::context::Context;
use super::difference;
use super::evidence::Evidence;
use super::examined::{Examined, sha256};
use super::existence::Proofs;
use super::licence::{self, Found};
use super::receipt;
use super::replay::{Consulted, Replay};
use super::report::{Conclusion, LicenceReport, Report, SCHEMA_VERSION, SignatureKind, SignatureReport};
use super::second_reader;
use super::shadow;
use super::signature::{Judged, judge, of_document_time_stamp};
use crate::licence::record::LicenceRecord;
use crate::pdf::{PdfError, PdfFile, ReadAt, SignatureField};
use crate::problem::{Explain, Problem};
use crate::trust::Purpose;

/// Most signatures of one document that are judged: a form that passes through a hundred hands has fewer, each with a
/// time stamp. What they cover together is bounded apart ([`MAX_DIGESTED_BYTES`](super::MAX_DIGESTED_BYTES)).
pub const MAX_SIGNATURES: usize = 256;

/// A document that was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedDocument {
    /// What is said of it.
    pub report: Report,
    /// The licence inside, where it is one. Believed only as far as the report goes.
    pub record: Option<LicenceRecord>,
}

impl VerifiedDocument {
    /// The report with the licence as its own data have it: for checking without the register, which alone knows its
    /// state. Data of a file that failed are not shown.
    pub fn with_own_dates(mut self) -> Report {
        if let Some(record) = self
            .record
            .filter(|_| self.report.conclusion <= Conclusion::Indeterminate)
        {
            let of_others = self.report.is_of_others();
            self.report.licence = Some(LicenceReport::of_document(
                &record,
                of_others,
                self.report.validation_time,
            ));
        }
        self.report
    }
}

/// Judges a document.
pub fn document(source: &dyn ReadAt, name: Option<&str>, context: &Context<'_>) -> VerifiedDocument {
    let mut verified = match PdfFile::open(source, &context.limits) {
        Ok(file) => read(&file, context),
        Err(error) => unreadable(&error, context),
    };
    verified.report.bound();
    verified.report.file = name.map(str::to_owned);
    if verified.report.sha256.is_none() {
        verified.report.sha256 = sha256(source);
    }
    verified
}

/// The report on a document that cannot be read.
pub fn unreadable(error: &PdfError, context: &Context<'_>) -> VerifiedDocument {
    let mut report = blank(context, Conclusion::Unreadable);
    report.reasons = error.problems();
    VerifiedDocument { report, record: None }
}

/// The report on a document with more signatures than are judged: none is, so that nothing can be said.
fn too_many_signatures(count: usize, context: &Context<'_>) -> VerifiedDocument {
    let mut report = blank(context, Conclusion::Indeterminate);
    let problem = Problem::new("too-many-signatures").param("count", count);
    report.reasons = vec![problem.param("limit", MAX_SIGNATURES)];
    VerifiedDocument { report, record: None }
}

fn read(file: &PdfFile<'_>, context: &Context<'_>) -> VerifiedDocument {
    let fields = match file.signatures() {
        Ok(fields) => fields,
        Err(error) => return unreadable(&error, context),
    };
    if fields.len() > MAX_SIGNATURES {
        return too_many_signatures(fields.len(), context);
    }
    let evidence = evidence(file, fields, context);
    let examined = Examined::new(file, fields);
    let proofs = Proofs::of(&examined, fields, &evidence, context);
    let found = licence::find(file);
    let purpose = match found {
        Found::None => Purpose::EnterpriseSigning,
        Found::Record(_) | Found::Unreadable(_) => Purpose::GovernmentSealing,
    };
    let mut judged: Vec<Judged> = Vec::with_capacity(fields.len());
    for (place, field) in fields.iter().enumerate() {
        let same = fields[..place].iter().position(|earlier| earlier.is_shared_with(field));
        judged.push(match (same, proofs.judged.get(&place)) {
            (Some(same), _) => judged[same].of_field(field),
            (None, Some(stamp)) => of_document_time_stamp(file, field, stamp),
            (None, None) => judge(&examined, field, purpose, &evidence, &proofs, context),
        });
    }
    let mut report = blank(context, Conclusion::Unsigned);
    report.sha256 = examined.sha256();
    let (record, is_unread) = match found {
        Found::Record(record) => {
            licence::bind(file, &record, &mut judged);
            (Some(*record), false)
        }
        Found::Unreadable(problems) => {
            report.reasons.extend(problems);
            (None, true)
        }
        Found::None => (None, false),
    };
    report.second_reader = second_reader::hear(file, &mut judged);
    difference::settle(&mut judged);
    shadow::warn(file, &mut judged);
    let receipt = receipt::note(file, &mut judged);
    report.signatures = judged.into_iter().map(|one| one.report).collect();
    report.signatures.sort_by_key(|signature| signature.revision);
    explain_changes(&mut report);
    explain_silence(&mut report, &evidence);
    conclude(&mut report, file);
    report.refuse_bodies_of_ours(|body| body.is_of_region(|code| context.snapshot.is_of_own_region(code)));
    if report.conclusion == Conclusion::Indeterminate && evidence.is_incomplete() {
        report.reasons.push(Problem::new("evidence-beyond-limit"));
    }
    report.replay = Replay::of(context.snapshot, &evidence.consulted);
    if is_unread && report.conclusion < Conclusion::Indeterminate {
        report.conclusion = Conclusion::Indeterminate;
    }
    report.receipt = receipt.filter(|_| report.conclusion <= Conclusion::ValidWithPermittedChanges);
    VerifiedDocument { report, record }
}

/// What came with the signatures of a file; what one without signatures carries is evidence of nothing.
fn evidence(file: &PdfFile<'_>, fields: &[SignatureField], context: &Context<'_>) -> Evidence {
    match fields {
        [] => Evidence::default(),
        _ => Evidence::of(&file.latest(), context.snapshot.cache()),
    }
}

/// Where what was changed later decides on a signature, that is the first of the reasons; that something hides what was
/// signed says it already.
fn explain_changes(report: &mut Report) {
    let is_unexplained = |signature: &&mut SignatureReport| {
        let mut reasons = signature.reasons.iter();
        signature.conclusion == Conclusion::Changed && reasons.all(|reason| !difference::HIDES.contains(&reason.code))
    };
    for signature in report.signatures.iter_mut().filter(is_unexplained) {
        let reason = signature.changes_after.refusal();
        signature.reasons.splice(0..0, reason);
    }
}

/// Where nothing is known of a certificate, and a list that the file carries was not read, that is why.
fn explain_silence(report: &mut Report, evidence: &Evidence) {
    for signature in &mut report.signatures {
        let of_certificate = signature.certificate_validation.iter_mut();
        let of_certificate = of_certificate.flat_map(|block| &mut block.reasons);
        let reasons = signature.reasons.iter_mut().chain(of_certificate);
        reasons.for_each(|reason| evidence.explain_silence(reason));
    }
}

/// The conclusion on the file: the worst of its business signatures, with the reasons of each that is as bad. Without
/// any it is unsigned, unless what cannot be read of it may be one.
fn conclude(report: &mut Report, file: &PdfFile<'_>) {
    let business = report.signatures.iter();
    let business = business.filter(|signature| signature.kind == SignatureKind::Signature);
    let Some(worst) = business.clone().map(|signature| signature.conclusion).max() else {
        match unread_tail(file) {
            Some(problem) => {
                report.conclusion = Conclusion::Unreadable;
                report.reasons.insert(0, problem);
            }
            None => {
                let code = match report.signatures.is_empty() {
                    true => "document-unsigned",
                    false => "document-time-stamped-only",
                };
                report.reasons.push(Problem::new(code));
            }
        }
        return;
    };
    report.conclusion = worst;
    let mut told: HashSet<Problem> = report.reasons.iter().cloned().collect();
    let deciding = business.filter(|signature| signature.conclusion == worst);
    let reasons = deciding.flat_map(|signature| &signature.reasons);
    let reasons = reasons.filter(|reason| told.insert((*reason).clone()));
    report.reasons.extend(reasons.cloned());
}

/// What stands after the last revision that can be followed, where it is more than blanks: a signature may be in it,
/// and then the file is not unsigned but broken.
fn unread_tail(file: &PdfFile<'_>) -> Option<Problem> {
    let tail = file.tail();
    let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
    let mut blank = true;
    let read = file.in_pieces(tail.clone(), |piece| blank &= is_blank(piece));
    let is_read = read.is_ok() && blank;
    (!is_read).then(|| Problem::new("document-tail-unreadable").param("from", tail.start))
}

fn blank(context: &Context<'_>, conclusion: Conclusion) -> Report {
    Report {
        schema_version: SCHEMA_VERSION,
        file: None,
        sha256: None,
        conclusion,
        validation_time: context.time,
        list_sequence: context.snapshot.list_sequence(),
        reasons: Vec::new(),
        signatures: Vec::new(),
        licence: None,
        receipt: None,
        second_reader: second_reader::needless(),
        replay: Replay::of(context.snapshot, &Consulted::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::Limits;
    use crate::trust::Snapshot;
    use crate::verify::MAX_LIST_BYTES;
    use chrono::DateTime;

    /// A page with a revocation list in its security store that is larger than any that is read, and these fields.
    fn page_with_list(fields: &str) -> Vec<u8> {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let catalog = format!("<</Type/Catalog/Pages 2 0 R/DSS<</CRLs[4 0 R]>>/AcroForm<</Fields[{fields}]>>>>");
        let pages = "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned();
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned();
        let length = MAX_LIST_BYTES + 1;
        let list = format!("<</Length {length}>>stream\n{}\nendstream", "x".repeat(length));
        let mut offsets = Vec::new();
        for (index, body) in [catalog, pages, page, list].iter().enumerate() {
            offsets.push(bytes.len());
            bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
        }
        let start = bytes.len();
        bytes.extend(b"xref\n0 5\n0000000000 65535 f \n");
        offsets
            .iter()
            .for_each(|offset| bytes.extend(format!("{offset:010} 00000 n \n").bytes()));
        bytes.extend(format!("trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
        bytes
    }

    #[test]
    fn what_a_document_carries_as_evidence_is_looked_at_only_where_it_is_signed() {
        let is_incomplete = |fields: &str| {
            let bytes = page_with_list(fields);
            let file = PdfFile::open(&bytes, &Limits::UPLOAD).unwrap();
            let (snapshot, time) = (Snapshot::default(), DateTime::UNIX_EPOCH);
            evidence(&file, file.signatures().unwrap(), &Context::new(&snapshot, time)).is_incomplete()
        };
        assert!(!is_incomplete(""), "not even looked at");
        assert!(is_incomplete(
            "<</FT/Sig/T(a)/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>>>"
        ));
    }
}
