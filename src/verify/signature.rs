//! One signature of a document: its form, its bytes, its signer, its time, its seal.
//!
//! The order is that of ETSI EN 319 102-1 clause 5.3: format, cryptography, the certificate, and only then whom to
//! trust. What fails earlier is not looked at further.

use der::Tag;

use super::block::{BlockReport, Blocks};
use super::context::Context;
use super::difference::{self, Drawn};
use super::evidence::{Evidence, of_signature};
use super::examined::{Examined, SignedBytes};
use super::existence::{Proof, Proofs};
use super::ground::Ground;
use super::judgement::Judgement;
use super::report::{
    ChangesAfter, Conclusion, Indication, PathRole, PathStep, ProofKind, RecognitionReport, SignatureKind,
    SignatureReport, SignerReport, SubIndication,
};
use super::time_stamp::{Fit, RefusedStamp, Stamps};
use super::{message, sealing};
use crate::asn1::read::Reader;
use crate::cms::verify::SignerNote;
use crate::legible::legible;
use crate::licence::field::is_forbidden;
use crate::pdf::signature::{ByteRange, DictionaryHistory, SignatureCoverage, SignatureKind as PdfKind};
use crate::pdf::{PdfFile, SignatureField};
use crate::problem::Problem;
use crate::seal::signature::byte_range_property;
use crate::trust::{Purpose, Reason, Snapshot, Validation};
use crate::x509::{Attribute, Certificate};

/// A signature that was judged, with what further questions need.
#[derive(Clone)]
pub(super) struct Judged {
    pub(super) report: SignatureReport,
    /// Certificate of the signer, where the signature fits it.
    pub(super) signer: Option<Certificate>,
    /// Whether it carries a time stamp that fits it and what the status of its certificates is judged by, whoever is
    /// relied on.
    pub(super) complete: bool,
    /// Whether its encoding departs from the standard, or it carries what nothing covers.
    pub(super) departures: bool,
    /// Whether it certifies with DocMDP P = 1 and the catalog says so.
    pub(super) certifies_all: bool,
    /// The signature fields that newly show on the pages that it signed.
    pub(super) drawn: Drawn,
    /// Whether further signatures that show nothing, and validation data, are all that was added later.
    pub(super) signatures_only: bool,
    /// Of a document time stamp, whether it is one.
    pub(super) fit: Fit,
}

/// Judges one signature; `purpose` says what its signer must be recognised for, `proofs` what document time stamps
/// prove.
pub(super) fn judge(
    examined: &Examined<'_>,
    field: &SignatureField,
    purpose: Purpose,
    evidence: &Evidence,
    proofs: &Proofs,
    context: &Context<'_>,
) -> Judged {
    let file = examined.file;
    let mut judged = begun(file, field);
    let judgement = match format_of(field) {
        Err(judgement) => judgement,
        Ok((signature, range)) => {
            let asked = Asked {
                examined,
                field,
                range,
                purpose,
                proofs,
                context,
            };
            match is_seal(signature) {
                true => sealing::sound(&asked, signature, evidence, &mut judged),
                false => message::sound(&asked, signature, evidence, &mut judged),
            }
        }
    };
    concluded(file, field, judged, judgement)
}

/// The report on a document time stamp that was judged.
pub(super) fn of_document_time_stamp(
    file: &PdfFile<'_>,
    field: &SignatureField,
    stamp: &Result<Proof, RefusedStamp>,
) -> Judged {
    let mut judged = begun(file, field);
    let (judgement, blocks) = match stamp {
        Ok(proof) => {
            judged.report.encoding_notes = proof.notes.iter().map(SignerNote::problem).collect();
            judged.report.notes = proof.remarks.clone();
            judged.report.best_signature_time = Some(proof.time);
            judged.report.time_is_proven = true;
            judged.report.time_proof = Some(proof.report.clone());
            (Judgement::passed(), Blocks::passed())
        }
        Err(refusal) => {
            judged.fit = refusal.fit;
            (refusal.judgement.clone(), refusal.blocks.clone())
        }
    };
    judged.report.cryptographic_verification = blocks.cryptography;
    judged.report.certificate_validation = blocks.certificate;
    concluded(file, field, judged, judgement)
}

fn begun(file: &PdfFile<'_>, field: &SignatureField) -> Judged {
    Judged {
        report: blank(file, field),
        signer: None,
        complete: false,
        departures: false,
        certifies_all: field
            .certification
            .is_some_and(|made| made.permission == 1 && made.named_by_catalog),
        drawn: Drawn::default(),
        signatures_only: false,
        fit: Fit::Fits,
    }
}

fn concluded(file: &PdfFile<'_>, field: &SignatureField, mut judged: Judged, judgement: Judgement) -> Judged {
    let report = &mut judged.report;
    report.indication = judgement.indication;
    report.sub_indication = judgement.sub_indication;
    // Until here the reasons are those for which stamps fail, which decide nothing where the time is proved all the
    // same.
    if judgement.is_passed() && report.time_is_proven {
        report.encoding_notes.append(&mut report.reasons);
    }
    // Why the signer is not relied on says more than what is wrong with its stamps.
    report.reasons.splice(0..0, judgement.reasons);
    if field.coverage != SignatureCoverage::Unclear {
        let found = difference::after(file, field);
        report.changes_after = found.class;
        report.change_list = found.list;
        report.unlisted_changes = found.unlisted;
        // Why it fails says more than why nobody knows what came later.
        let place = match report.indication {
            Indication::TotalFailed => report.reasons.len(),
            Indication::TotalPassed | Indication::Indeterminate => 0,
        };
        report.reasons.splice(place..place, found.unknown_for.clone());
        report.changes_unknown_for = found.unknown_for;
        (judged.drawn, judged.signatures_only) = (found.shown, found.signatures_only);
    }
    report.conclusion = conclusion(report);
    judged
}

fn blank(file: &PdfFile<'_>, field: &SignatureField) -> SignatureReport {
    SignatureReport {
        kind: match field.kind {
            PdfKind::Signature => SignatureKind::Signature,
            PdfKind::DocumentTimeStamp => SignatureKind::DocumentTimestamp,
        },
        field: field.name().map(str::to_owned),
        form: field.sub_filter(),
        conclusion: Conclusion::Indeterminate,
        indication: Indication::Indeterminate,
        sub_indication: None,
        cryptographic_verification: None,
        certificate_validation: None,
        level: None,
        fulfilled: None,
        algorithm: None,
        signer: None,
        signing_time: field.claimed_time(),
        best_signature_time: None,
        control_time: None,
        time_is_proven: false,
        time_proof: None,
        signed_after: None,
        policy: None,
        commitments: Vec::new(),
        validation_information: of_signature(&file.latest(), field),
        revision: field.revision,
        revisions: file.revisions().len(),
        signed_length: signed_length(field),
        covers_whole_document: field.coverage == SignatureCoverage::WholeFile,
        changes_after: ChangesAfter::Unknown,
        changes_unknown_for: None,
        change_list: Vec::new(),
        unlisted_changes: 0,
        path: Vec::new(),
        recognition: None,
        seal: None,
        authorised: None,
        reasons: Vec::new(),
        notes: Vec::new(),
        encoding_notes: Vec::new(),
    }
}

/// Where the revision that a signature covers ends.
fn signed_length(field: &SignatureField) -> Option<u64> {
    let range = field.byte_range.as_ref();
    range
        .filter(|_| field.coverage != SignatureCoverage::Unclear)
        .map(|range| range.second.end)
}

/// The form of the dictionary: a sound byte range, its own place, its own revision (ISO 32000-2 clause 12.8.1).
pub(super) fn format_of(field: &SignatureField) -> Result<(&[u8], &ByteRange), Judgement> {
    let failed = |problem| Err(Judgement::failed(SubIndication::FormatFailure, problem));
    if let Some(fault) = field.faults.first() {
        return failed(Problem::new("signature-range").param("reason", fault));
    }
    match field.history {
        DictionaryHistory::Replaced | DictionaryHistory::NotInItsRevision => {
            return failed(Problem::new("signature-dictionary-replaced"));
        }
        DictionaryHistory::Same | DictionaryHistory::Unknown => {}
    }
    match (&field.signature, &field.byte_range) {
        (Ok(message), Some(range)) => Ok((message, range)),
        (Err(fault), _) => failed(Problem::new("signature-contents").param("reason", fault)),
        (_, None) => failed(Problem::new("signature-range").param("reason", "there is none")),
    }
}

/// Whether it is an `SES_Signature`, which begins with a SEQUENCE, and not a message, which begins with its type.
fn is_seal(signature: &[u8]) -> bool {
    let mut reader = Reader::new(signature).ok();
    let contents = reader.as_mut().and_then(|reader| reader.contents(Tag::Sequence).ok());
    contents.is_some_and(|contents| Reader::new(contents).is_ok_and(|inner| inner.next_is(Tag::Sequence)))
}

/// What is asked of one signature.
pub(super) struct Asked<'a> {
    pub(super) examined: &'a Examined<'a>,
    pub(super) field: &'a SignatureField,
    pub(super) range: &'a ByteRange,
    /// What its signer must be recognised for.
    pub(super) purpose: Purpose,
    pub(super) proofs: &'a Proofs,
    pub(super) context: &'a Context<'a>,
}

impl<'a> Asked<'a> {
    /// What it has to be of.
    pub(super) fn bytes(&self) -> SignedBytes<'a> {
        self.examined.signed(self.range)
    }

    /// What its own time stamps are judged with: they are proved by what proves the whole signature.
    pub(super) fn ground_of_stamps<'g>(&'g self, evidence: &'g Evidence) -> Ground<'g> {
        Ground {
            context: self.context,
            evidence,
            existence: &self.proofs.objects,
            created_after: None,
            proven_at: self.proofs.of_revision(self.field.revision).map(|proof| proof.time),
        }
    }

    /// How the range is stated where a seal is ours.
    pub(super) fn property(&self) -> String {
        let [first, second] = [&self.range.first, &self.range.second].map(|part| [part.start, part.end - part.start]);
        byte_range_property([first[0], first[1], second[0], second[1]])
    }
}

/// The signer, as the certificate names it.
pub(super) fn signer_report(certificate: &Certificate) -> SignerReport {
    let subject = certificate.subject();
    let name = subject.organization().or(subject.common_name()).unwrap_or_default();
    SignerReport {
        name: legible(name).into_owned(),
        subject: subject.to_string(),
        credit_code: certificate.credit_code().map(str::to_owned),
        serial: certificate.serial().to_string(),
    }
}

/// The earliest proof that the signature existed, by its own time stamps and by those of the document that cover it.
pub(super) fn settled(asked: &Asked<'_>, stamps: Stamps, report: &mut SignatureReport) -> Option<Proof> {
    let own = stamps
        .earliest
        .map(|stamp| Proof::of(ProofKind::SignatureTimeStamp, stamp, None));
    let failure = stamps.failure.into_iter().flat_map(|failure| failure.reasons);
    match own {
        None => report.reasons.extend(failure),
        // What fails beside one that holds decides nothing.
        Some(_) => report.encoding_notes.extend(failure),
    }
    let covering = asked.proofs.of_revision(asked.field.revision);
    let proofs = own.into_iter().chain(covering.cloned());
    let proof = proofs.min_by_key(|proof| proof.time);
    report.best_signature_time = Some(proof.as_ref().map_or(asked.context.time, |proof| proof.time));
    report.time_is_proven = proof.is_some();
    report.time_proof = proof.as_ref().map(|proof| proof.report.clone());
    report
        .notes
        .extend(proof.iter().flat_map(|proof| proof.remarks.clone()));
    proof
}

/// Judges the signer's certificate, and tells on what path it rests.
pub(super) fn trusted_signer(
    certificate: &Certificate,
    purpose: Purpose,
    ground: &Ground<'_>,
    report: &mut SignatureReport,
) -> (Judgement, Validation) {
    let validation = ground.judge(certificate, purpose);
    report.certificate_validation = Some(BlockReport::from(&validation));
    report.control_time = Some(validation.control_time);
    report.path = validation
        .path
        .iter()
        .map(|certificate| certificate.subject().to_string())
        .collect();
    report.recognition = recognition(&validation, ground.context.snapshot);
    report.notes.extend(validation.notes.iter().map(Reason::problem));
    let legible = legibly_named(certificate);
    (Judgement::from(&validation).and(legible), validation)
}

/// A certificate is not relied on where its subject has what nobody sees, or what makes another name of it on a screen:
/// who signed is told by name.
fn legibly_named(certificate: &Certificate) -> Judgement {
    let subject = certificate.subject();
    let mut texts = subject.attributes().filter_map(Attribute::text);
    match texts.find(|text| text.contains(is_forbidden)) {
        None => Judgement::passed(),
        Some(name) => {
            let problem = Problem::new("signer-name-illegible").param("name", legible(name));
            Judgement::indeterminate(SubIndication::ChainConstraintsFailure, problem)
        }
    }
}

/// On whose recognition a path rests; `None` where it reaches no anchor.
fn recognition(validation: &Validation, snapshot: &Snapshot) -> Option<RecognitionReport> {
    let last = validation.path.len().checked_sub(1)?;
    let crosses = |place: usize| match validation.path.get(place..place + 2) {
        Some([certificate, issuer]) => snapshot.crosses(certificate, issuer),
        _ => false,
    };
    let step = |(place, certificate): (usize, &Certificate)| {
        let role = match place {
            0 => PathRole::Signer,
            place if place == last => PathRole::Anchor,
            _ if crosses(place) => PathRole::CrossCertified,
            _ => PathRole::Authority,
        };
        let subject = certificate.subject();
        let organisation = subject.organization().map(|name| legible(name).into_owned());
        let name = subject.common_name().map(|name| legible(name).into_owned());
        PathStep {
            role,
            name: name.or_else(|| organisation.clone()).unwrap_or_default(),
            organisation,
        }
    };
    Some(RecognitionReport {
        authority: validation.anchor.clone()?,
        own: validation.is_own,
        since: validation.recognition.map(|recognition| recognition.since),
        steps: validation.path.iter().enumerate().map(step).collect(),
    })
}

/// The one word, the first that applies: invalid, changed, indeterminate, permitted, valid.
pub(super) fn conclusion(report: &SignatureReport) -> Conclusion {
    match (report.indication, report.changes_after) {
        (Indication::TotalFailed, _) => Conclusion::Invalid,
        (_, ChangesAfter::NotPermitted | ChangesAfter::Unparsable) => Conclusion::Changed,
        (Indication::Indeterminate, _) | (_, ChangesAfter::Unknown) => Conclusion::Indeterminate,
        (Indication::TotalPassed, ChangesAfter::Permitted) => Conclusion::ValidWithPermittedChanges,
        (Indication::TotalPassed, ChangesAfter::None | ChangesAfter::ValidationData) => Conclusion::Valid,
    }
}

impl Judged {
    /// The same of another field that shares the signature.
    pub(super) fn of_field(&self, field: &SignatureField) -> Self {
        let mut judged = self.clone();
        judged.report.field = field.name().map(str::to_owned);
        judged
    }

    /// What was found beside the signature makes it fail. Where it failed already, why it did says more.
    pub(super) fn fail(&mut self, reasons: Vec<Problem>) {
        let report = &mut self.report;
        if report.indication == Indication::TotalFailed {
            report.reasons.extend(reasons);
        } else {
            report.indication = Indication::TotalFailed;
            report.sub_indication = Some(SubIndication::SigConstraintsFailure);
            report.reasons.splice(0..0, reasons);
        }
        report.conclusion = Conclusion::Invalid;
    }

    /// What was found beside the signature leaves it undecided, unless it was so or worse before.
    pub(super) fn doubt(&mut self, reason: Problem) {
        let report = &mut self.report;
        if report.indication == Indication::TotalPassed {
            report.indication = Indication::Indeterminate;
            report.sub_indication = Some(SubIndication::SigConstraintsFailure);
            report.reasons.insert(0, reason);
        } else {
            report.reasons.push(reason);
        }
        report.conclusion = conclusion(report);
    }
}
