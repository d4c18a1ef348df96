//! One signature of a document: its form, its bytes, its signer, its time, its seal.
//!
//! The order is that of ETSI EN 319 102-1 clause 5.3: format, cryptography, the certificate, and only then whom to trust.
//! What fails earlier is not looked at further.

use super::context::Context;
use super::difference::{self, Weight};
use super::evidence::Evidence;
use super::existence::{Proof, Proofs};
use super::ground::Ground;
use super::judgement::Judgement;
use super::report::{
    ChangesAfter, Conclusion, Indication, PathRole, PathStep, ProofKind, RecognitionReport, SignatureKind,
    SignatureReport, SignerReport, SubIndication,
};
use super::seal::{SealQuestion, judge as judge_seal};
use super::time_stamp::signature_time_stamps;
use crate::asn1::oid;
use crate::cms::verify::{Profile, SignerFault, SignerNote};
use crate::cms::{SignedData, SignerInfo};
use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm, VerificationError};
use crate::pdf::signature::{ByteRange, DictionaryHistory, SignatureCoverage, SignatureKind as PdfKind};
use crate::pdf::{PdfFile, SignatureField};
use crate::problem::Problem;
use crate::seal::signature::byte_range_property;
use crate::trust::{Purpose, Reason, Snapshot, Validation};
use crate::x509::Certificate;

/// Bytes that are digested at a time.
const CHUNK: u64 = 1 << 20;

/// A signature that was judged, with what further questions need.
pub(super) struct Judged {
    pub(super) report: SignatureReport,
    /// Certificate of the signer, where the signature fits it.
    pub(super) signer: Option<Certificate>,
    /// Whether its encoding departs from the standard, or it carries what nothing covers.
    pub(super) departures: bool,
    /// Whether it certifies with DocMDP P = 1 and the catalog says so.
    pub(super) certifies_all: bool,
    /// What later changes mean beside their class.
    pub(super) weight: Weight,
}

/// Judges one signature; `purpose` says what its signer must be recognised for, `proofs` what document time stamps prove.
pub(super) fn judge(
    file: &PdfFile<'_>,
    field: &SignatureField,
    purpose: Purpose,
    evidence: &Evidence,
    proofs: &Proofs,
    context: &Context<'_>,
) -> Judged {
    let mut judged = begun(file, field);
    let judgement = match format_of(field) {
        Err(judgement) => judgement,
        Ok((message, range)) => sound(
            &Asked {
                file,
                field,
                range,
                purpose,
                proofs,
                context,
            },
            message,
            evidence,
            &mut judged,
        ),
    };
    concluded(file, field, judged, judgement)
}

/// The report on a document time stamp that was judged.
pub(super) fn of_document_time_stamp(
    file: &PdfFile<'_>,
    field: &SignatureField,
    stamp: &Result<Proof, Judgement>,
) -> Judged {
    let mut judged = begun(file, field);
    let judgement = match stamp {
        Ok(proof) => {
            judged.report.best_signature_time = Some(proof.time);
            judged.report.time_is_proven = true;
            judged.report.time_proof = Some(proof.report.clone());
            Judgement::passed()
        }
        Err(judgement) => judgement.clone(),
    };
    concluded(file, field, judged, judgement)
}

fn begun(file: &PdfFile<'_>, field: &SignatureField) -> Judged {
    Judged {
        report: blank(file, field),
        signer: None,
        departures: false,
        certifies_all: field
            .certification
            .is_some_and(|made| made.permission == 1 && made.named_by_catalog),
        weight: Weight::AsClassed,
    }
}

fn concluded(file: &PdfFile<'_>, field: &SignatureField, mut judged: Judged, judgement: Judgement) -> Judged {
    let report = &mut judged.report;
    report.indication = judgement.indication;
    report.sub_indication = judgement.sub_indication;
    // Why the signer is not relied on says more than what is wrong with its stamps.
    report.reasons.splice(0..0, judgement.reasons);
    if field.coverage != SignatureCoverage::Unclear {
        let found = difference::after(file, field);
        report.changes_after = found.class;
        report.change_list = found.list;
        judged.weight = found.weight;
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
        conclusion: Conclusion::Indeterminate,
        indication: Indication::Indeterminate,
        sub_indication: None,
        level: None,
        algorithm: None,
        signer: None,
        signing_time: field.claimed_time(),
        best_signature_time: None,
        time_is_proven: false,
        time_proof: None,
        revision: field.revision,
        revisions: file.revisions().len(),
        covers_whole_document: field.coverage == SignatureCoverage::WholeFile,
        changes_after: ChangesAfter::None,
        change_list: Vec::new(),
        path: Vec::new(),
        recognition: None,
        seal: None,
        authorised: None,
        reasons: Vec::new(),
        notes: Vec::new(),
    }
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

/// What is asked of one signature.
struct Asked<'a> {
    file: &'a PdfFile<'a>,
    field: &'a SignatureField,
    range: &'a ByteRange,
    /// What its signer must be recognised for.
    purpose: Purpose,
    proofs: &'a Proofs,
    context: &'a Context<'a>,
}

fn sound(asked: &Asked<'_>, message: &[u8], evidence: &Evidence, judged: &mut Judged) -> Judgement {
    let Some((profile, pades)) = profile(asked.field) else {
        let form = asked.field.sub_filter().unwrap_or_default();
        return unsupported(Problem::new("signature-form-unsupported").param("form", form));
    };
    let message = match SignedData::parse(message) {
        Ok(message) => message,
        Err(error) => {
            let problem = Problem::new("signature-message").param("reason", error);
            return Judgement::failed(SubIndication::FormatFailure, problem);
        }
    };
    if pades && message.content.is_some() {
        let problem = Problem::new("signature-message").param("reason", "content is attached");
        return Judgement::failed(SubIndication::FormatFailure, problem);
    }
    let crypto = match cryptography(asked.file, &message, asked.range, profile) {
        Ok(crypto) => crypto,
        Err(judgement) => return judgement,
    };
    judged.report.algorithm = Some(crypto.algorithm.name());
    judged.report.signer = Some(signer_report(&crypto.certificate));
    judged.departures = !crypto.notes.is_empty();

    let with_message = evidence.with_certificates(&message.certificates);
    let proof = proof(asked, &crypto, &with_message, &mut judged.report);
    judged.report.level = pades.then(|| level(asked, &judged.report, &with_message));
    let mut existence = asked
        .proofs
        .with_signed(asked.file, asked.field, evidence, proof.as_ref());
    if let Some(proof) = &proof {
        for named in crypto.signer.named(&with_message.certificates) {
            existence.prove(*named.fingerprint(), proof.time);
        }
    }
    let ground = Ground {
        context: asked.context,
        evidence: &with_message,
        existence: &existence,
        proven_at: proof.map(|proof| proof.time),
    };
    let (trusted, path) = trusted_signer(&crypto, asked.purpose, &ground, &mut judged.report);
    // What is carried beside the path is covered by nothing.
    let on_path = |der: &Vec<u8>| path.iter().any(|certificate| certificate.der() == der);
    judged.departures |= !message.certificates.iter().all(on_path);
    judged.departures |= message.of_other_kinds > 0 || !message.crls.is_empty();
    let sealed = sealed(asked, &crypto, &ground, &mut judged.report);
    judged.signer = Some(crypto.certificate);
    trusted.and(sealed)
}

/// The earliest proof that the signature existed, by its own time stamps and by those of the document that cover it.
fn proof(asked: &Asked<'_>, crypto: &Crypto<'_>, evidence: &Evidence, report: &mut SignatureReport) -> Option<Proof> {
    let covering = asked.proofs.of_revision(asked.field.revision);
    let ground = Ground {
        context: asked.context,
        evidence,
        existence: &asked.proofs.objects,
        proven_at: covering.map(|proof| proof.time),
    };
    let stamps = signature_time_stamps(crypto.signer, &ground);
    let own = stamps
        .earliest
        .map(|stamp| Proof::of(ProofKind::SignatureTimeStamp, stamp, None));
    if let (None, Some(failure)) = (&own, stamps.failure) {
        report.reasons.extend(failure.reasons);
    }
    let now = asked.context.time;
    let proofs = own.into_iter().chain(covering.cloned());
    let proof = proofs.min_by_key(|proof| proof.time);
    report.best_signature_time = Some(proof.as_ref().map_or(now, |proof| proof.time));
    report.time_is_proven = proof.is_some();
    report.time_proof = proof.as_ref().map(|proof| proof.report.clone());
    proof
}

fn unsupported(problem: Problem) -> Judgement {
    Judgement::indeterminate(SubIndication::CryptoConstraintsFailureNoPoe, problem)
}

/// What is asked of the message by its `SubFilter`, and whether it is PAdES; `None` for a form that is not judged here.
fn profile(field: &SignatureField) -> Option<(Profile, bool)> {
    match field.sub_filter()?.as_str() {
        "ETSI.CAdES.detached" => Some((Profile::Cades, true)),
        "adbe.pkcs7.detached" => Some((Profile::Basic, false)),
        _ => None,
    }
}

/// A message whose signature fits its signer's certificate and the bytes of the document.
struct Crypto<'m> {
    signer: &'m SignerInfo,
    certificate: Certificate,
    algorithm: SignatureAlgorithm,
    digest: DigestAlgorithm,
    notes: Vec<SignerNote>,
}

fn cryptography<'m>(
    file: &PdfFile<'_>,
    message: &'m SignedData,
    range: &ByteRange,
    profile: Profile,
) -> Result<Crypto<'m>, Judgement> {
    let signer = message.only_signer().map_err(judgement_of)?;
    let certificate = message.signer_certificate(signer, profile).map_err(judgement_of)?;
    let certificate = Certificate::from_der(certificate).map_err(|error| {
        let problem = Problem::new("signer-certificate-unreadable").param("reason", error);
        Judgement::indeterminate(SubIndication::NoSigningCertificateFound, problem)
    })?;
    let digest = digest(file, range, signer.digest().map_err(judgement_of)?)?;
    let verified = message.verify(&certificate, digest, profile).map_err(judgement_of)?;
    Ok(Crypto {
        signer,
        certificate,
        algorithm: verified.algorithm,
        digest: verified.digest,
        notes: verified.notes,
    })
}

/// The digest of the signed ranges, read a piece at a time.
fn digest(file: &PdfFile<'_>, range: &ByteRange, algorithm: DigestAlgorithm) -> Result<Digest, Judgement> {
    let mut hasher = algorithm.hasher();
    for part in [&range.first, &range.second] {
        let mut start = part.start;
        while start < part.end {
            let end = part.end.min(start + CHUNK);
            let bytes = file.bytes(start..end).map_err(|error| {
                let problem = Problem::new("document-unreadable").param("reason", error);
                Judgement::indeterminate(SubIndication::FormatFailure, problem)
            })?;
            hasher.update(&bytes);
            start = end;
        }
    }
    Ok(hasher.finish())
}

/// What a fault of the message means (ETSI EN 319 102-1 clauses 5.2.2, 5.2.3 and 5.2.7).
fn judgement_of(fault: SignerFault) -> Judgement {
    let reason = Problem::new("signature-fault").param("reason", &fault);
    match fault {
        SignerFault::MessageDigest => {
            Judgement::failed(SubIndication::HashFailure, Problem::new("document-digest-differs"))
        }
        SignerFault::Signature(VerificationError::Mismatch) => {
            Judgement::failed(SubIndication::SigCryptoFailure, Problem::new("signature-mismatch"))
        }
        SignerFault::CertificateMissing | SignerFault::CertificateDiffers => {
            Judgement::indeterminate(SubIndication::NoSigningCertificateFound, reason)
        }
        SignerFault::UnknownDigest(_)
        | SignerFault::UnknownAlgorithm(_)
        | SignerFault::Key(_)
        | SignerFault::Signature(VerificationError::Unsupported(_)) => {
            unsupported(Problem::new("algorithm-unsupported").param("reason", fault))
        }
        _ => Judgement::failed(SubIndication::FormatFailure, reason),
    }
}

fn signer_report(certificate: &Certificate) -> SignerReport {
    let subject = certificate.subject();
    let name = subject.organization().or(subject.common_name()).unwrap_or_default();
    SignerReport {
        name: name.to_owned(),
        subject: subject.to_string(),
        credit_code: certificate.credit_code().map(str::to_owned),
        serial: certificate.serial().to_string(),
    }
}

/// Baseline level (ETSI EN 319 142-1 clause 6.3), as far as the document bears it out.
fn level(asked: &Asked<'_>, report: &SignatureReport, evidence: &Evidence) -> &'static str {
    let archived = asked.proofs.of_revision(asked.field.revision).is_some();
    match (report.time_is_proven, evidence.has_revocation_data()) {
        (true, true) if archived => "PAdES-B-LTA",
        (true, true) => "PAdES-B-LT",
        (true, false) => "PAdES-B-T",
        (false, _) => "PAdES-B-B",
    }
}

fn trusted_signer(
    crypto: &Crypto<'_>,
    purpose: Purpose,
    ground: &Ground<'_>,
    report: &mut SignatureReport,
) -> (Judgement, Vec<Certificate>) {
    let validation = ground.judge(&crypto.certificate, purpose);
    report.path = validation
        .path
        .iter()
        .map(|certificate| certificate.subject().to_string())
        .collect();
    report.recognition = recognition(&validation, ground.context.snapshot);
    report.notes = validation.notes.iter().map(Reason::problem).collect();
    let trusted = ground
        .algorithms(crypto.algorithm, Some(crypto.digest))
        .and(Judgement::from(&validation));
    (trusted, validation.path)
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
        let organisation = subject.organization().map(str::to_owned);
        let name = subject.common_name().map(str::to_owned);
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

/// The seal in the signed attributes, where there is one.
fn sealed(asked: &Asked<'_>, crypto: &Crypto<'_>, ground: &Ground<'_>, report: &mut SignatureReport) -> Judgement {
    let range = asked.range;
    let mut values = crypto
        .signer
        .signed(oid::SES_SIGNATURE)
        .flat_map(|attribute| attribute.values.iter());
    let (first, second) = (values.next(), values.next());
    let Some(value) = first else { return Judgement::passed() };
    if second.is_some() {
        let problem = Problem::new("seal-unreadable").param("reason", "there are several");
        return Judgement::failed(SubIndication::FormatFailure, problem);
    }
    let digest = match digest(asked.file, range, DigestAlgorithm::Sm3) {
        Ok(digest) => digest,
        Err(judgement) => return judgement,
    };
    let (first, second) = (&range.first, &range.second);
    let numbers = [
        first.start,
        first.end - first.start,
        second.start,
        second.end - second.start,
    ];
    let property = byte_range_property(numbers);
    let question = SealQuestion {
        digest,
        property: &property,
    };
    let (judgement, seal) = judge_seal(value, &question, ground);
    report.seal = seal;
    judgement
}

/// The one word, the first that applies: invalid, changed, indeterminate, permitted, valid.
pub(super) fn conclusion(report: &SignatureReport) -> Conclusion {
    match (report.indication, report.changes_after) {
        (Indication::TotalFailed, _) => Conclusion::Invalid,
        (_, ChangesAfter::NotPermitted | ChangesAfter::Unparsable) => Conclusion::Changed,
        (Indication::Indeterminate, _) => Conclusion::Indeterminate,
        (Indication::TotalPassed, ChangesAfter::Permitted) => Conclusion::ValidWithPermittedChanges,
        (Indication::TotalPassed, ChangesAfter::None | ChangesAfter::ValidationData) => Conclusion::Valid,
    }
}

impl Judged {
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
