//! A bare `SES_Signature` in the place of a message: `GM.sm2seal` of one vendor, and the same under a label of PKCS#7,
//! where only its bytes tell it apart. The seal is then the signature: who sealed is who signed, and its time stamp
//! proves when.

use super::evidence::Evidence;
use super::ground::Ground;
use super::judgement::Judgement;
use super::report::SubIndication;
use super::seal::{SealQuestion, judge_parsed, unreadable};
use super::signature::{Asked, Judged, settled, signer_report, trusted_signer};
use super::time_stamp::time_stamps;
use crate::cms::verify::SignerNote;
use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use crate::problem::Problem;
use crate::seal::{SealNote, SesSignature};
use crate::x509::Certificate;

/// Sub-filters under which it is met.
const SUB_FILTERS: [&str; 2] = ["GM.sm2seal", "adbe.pkcs7.detached"];

/// Judges a bare seal in the place of a signature.
pub(super) fn sound(asked: &Asked<'_>, der: &[u8], evidence: &Evidence, judged: &mut Judged) -> Judgement {
    let form = asked.field.sub_filter().unwrap_or_default();
    if !SUB_FILTERS.contains(&form.as_str()) {
        let problem = Problem::new("signature-message").param("reason", "it is a seal");
        return Judgement::failed(SubIndication::FormatFailure, problem);
    }
    if !evidence.may_read() {
        return Judgement::unchecked();
    }
    let signature = match SesSignature::parse(der) {
        Ok(signature) => signature,
        Err(error) => return unreadable(&error),
    };
    let signer = match asked
        .context
        .snapshot
        .cache()
        .certificate(&signature.signer_certificate)
    {
        Ok(signer) => signer,
        Err(error) => return unreadable(&error),
    };
    let digest = match asked.bytes().digest(DigestAlgorithm::Sm3) {
        Ok(digest) => digest,
        Err(judgement) => return judgement,
    };
    // Nothing of the message around a seal is signed, so that it is none of our licences.
    judged.departures = true;
    let report = &mut judged.report;
    report.algorithm = Some(SignatureAlgorithm::Sm2Sm3.name());
    report.signer = Some(signer_report(&signer));
    report.signing_time = report.signing_time.or(signature.time);

    let tokens = signature.time_stamp.iter().map(Vec::as_slice);
    let stamps = time_stamps(tokens, signature.stamped_bytes(), &asked.ground_of_stamps(evidence));
    let mut notes: Vec<Problem> = stamps.notes.iter().map(SignerNote::problem).collect();
    if signature.property != asked.property() {
        notes.insert(0, SealNote::Property(signature.property.clone()).problem());
    }
    let proof = settled(asked, stamps, report);
    report.encoding_notes.splice(0..0, notes);

    let mut existence = asked
        .proofs
        .with_signed(asked.examined.file, asked.field, evidence, proof.as_ref());
    if let Some(proof) = &proof {
        existence.prove(*signer.fingerprint(), proof.time);
    }
    let ground = Ground {
        context: asked.context,
        evidence,
        existence: &existence,
        proven_at: proof.map(|proof| proof.time),
        created_after: None,
    };
    // Producers state the range in ways of their own: that it is this document's, the digest says.
    let question = SealQuestion {
        digest,
        property: &signature.property,
    };
    let trusted = |signer: &Certificate| trusted_signer(signer, asked.purpose, &ground, report).0;
    let sealed = judge_parsed(&signature, &question, trusted, &ground);
    judged.report.encoding_notes.splice(0..0, sealed.encoding_notes);
    judged.report.notes.extend(sealed.notes);
    judged.report.cryptographic_verification = sealed.cryptography;
    judged.report.seal = Some(sealed.report);
    judged.signer = Some(signer);
    sealed.judgement
}
