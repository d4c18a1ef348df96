//! The report on a document as a whole.

use super::context::Context;
use super::difference;
use super::evidence::Evidence;
use super::existence::Proofs;
use super::licence::{self, Found};
use super::report::{Conclusion, LicenceReport, Report, SCHEMA_VERSION, SignatureKind, SignatureReport};
use super::second_reader;
use super::signature::{Judged, judge, of_document_time_stamp};
use crate::crypto::DigestAlgorithm;
use crate::licence::record::LicenceRecord;
use crate::pdf::{PdfError, PdfFile, ReadAt};
use crate::problem::{Explain, Problem};
use crate::trust::Purpose;

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 20;

/// Most signatures of one document that are judged: a contract of a dozen parties with a time stamp after each has fewer.
/// Each may cover the whole file, which is digested anew for it.
pub const MAX_SIGNATURES: usize = 32;

/// A document that was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedDocument {
    /// What is said of it.
    pub report: Report,
    /// The licence inside, where it is one. Believed only as far as the report goes.
    pub record: Option<LicenceRecord>,
}

impl VerifiedDocument {
    /// The report with the licence as its own data have it: for checking without the register, which alone knows its state.
    /// Data of a file that failed are not shown.
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
    verified.report.file = name.map(str::to_owned);
    verified.report.sha256 = sha256(source);
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
    let evidence = Evidence::of(&file.latest());
    let proofs = Proofs::of(file, fields, &evidence, context);
    let found = licence::find(file);
    let purpose = match found {
        Found::None => Purpose::EnterpriseSigning,
        Found::Record(_) | Found::Unreadable(_) => Purpose::GovernmentSealing,
    };
    let mut judged: Vec<Judged> = fields
        .iter()
        .enumerate()
        .map(|(place, field)| match proofs.judged.get(&place) {
            Some(stamp) => of_document_time_stamp(file, field, stamp),
            None => judge(file, field, purpose, &evidence, &proofs, context),
        })
        .collect();
    let mut report = blank(context, Conclusion::Unsigned);
    let record = match found {
        Found::Record(record) => {
            licence::bind(file, &record, &mut judged);
            Some(*record)
        }
        Found::Unreadable(problem) => {
            report.reasons.push(problem);
            None
        }
        Found::None => None,
    };
    second_reader::hear(file, &mut judged);
    difference::settle(&mut judged);
    report.signatures = judged.into_iter().map(|one| one.report).collect();
    report.signatures.sort_by_key(|signature| signature.revision);
    let unreadable_record = !report.reasons.is_empty();
    conclude(&mut report);
    report.refuse_bodies_of_ours(|body| body.codes.iter().any(|code| context.snapshot.is_of_own_region(code)));
    if report.conclusion == Conclusion::Unsigned
        && let Some(problem) = unread_tail(file)
    {
        report.conclusion = Conclusion::Unreadable;
        report.reasons.insert(0, problem);
    }
    if unreadable_record && report.conclusion < Conclusion::Indeterminate {
        report.conclusion = Conclusion::Indeterminate;
    }
    VerifiedDocument { report, record }
}

/// The conclusion on the file: the worst of its business signatures.
fn conclude(report: &mut Report) {
    let business = |signature: &&SignatureReport| signature.kind == SignatureKind::Signature;
    let worst = report
        .signatures
        .iter()
        .filter(business)
        .max_by_key(|signature| signature.conclusion);
    match worst {
        Some(worst) => {
            report.conclusion = worst.conclusion;
            let reasons = worst.reasons.clone();
            report.reasons.extend(reasons);
        }
        None => {
            let code = if report.signatures.is_empty() {
                "document-unsigned"
            } else {
                "document-time-stamped-only"
            };
            report.reasons.push(Problem::new(code));
        }
    }
}

/// What stands after the last revision that can be followed, where it is more than blanks: a signature may be in it, and then
/// the file is not unsigned but broken.
fn unread_tail(file: &PdfFile<'_>) -> Option<Problem> {
    let tail = file.tail();
    let is_blank = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0);
    let mut start = tail.start;
    while start < tail.end {
        let end = tail.end.min(start + CHUNK as u64);
        match file.bytes(start..end) {
            Ok(bytes) if is_blank(&bytes) => start = end,
            _ => return Some(Problem::new("document-tail-unreadable").param("from", tail.start)),
        }
    }
    None
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
    }
}

/// SHA-256 of the file; `None` where the source cannot be read to its end.
fn sha256(source: &dyn ReadAt) -> Option<String> {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    let (mut offset, length) = (0, source.len());
    let mut buffer = vec![0; CHUNK.min(usize::try_from(length).unwrap_or(CHUNK))];
    while offset < length {
        let count = buffer.len().min(usize::try_from(length - offset).unwrap_or(CHUNK));
        source.read_at(offset, &mut buffer[..count]).ok()?;
        hasher.update(&buffer[..count]);
        offset += count as u64;
    }
    Some(format!("{:?}", hasher.finish()))
}
