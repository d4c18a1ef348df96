//! CMS in the place of a signature, by the sub-filters of ISO 32000-2 table 260 and ETSI EN 319 142-1: the message, its
//! signer, its time, and the seal that our own licences carry inside.
//!
//! The order is that of ETSI EN 319 102-1 clause 5.3: format, cryptography, the certificate, and only then whom to
//! trust.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;

use super::block::BlockReport;
use super::bounds::Few;
use super::content::{self, Reference};
use super::evidence::Evidence;
use super::ground::Ground;
use super::judgement::Judgement;
use super::level::{Level, Relied};
use super::report::{PolicyReport, SignatureReport, SubIndication};
use super::seal::{SealQuestion, judge as judge_seal};
use super::signature::{Asked, Judged, settled, signer_report, trusted_signer};
use super::time_stamp::{time_stamps, token_over};
use crate::asn1::oid;
use crate::clock::rfc3339;
use crate::cms::verify::{Profile, SignerFault, SignerNote};
use crate::cms::{SignedData, SignerInfo};
use crate::crypto::{AlgorithmError, DigestAlgorithm, KeyError, SignatureAlgorithm, VerificationError, unverified};
use crate::hex;
use crate::pdf::SignatureField;
use crate::problem::Problem;
use crate::x509::Certificate;

/// Most time stamps on the content of one signature that are looked at. One is usual, and each digests the document
/// anew.
const MAX_CONTENT_STAMPS: usize = 4;

/// What is asked of a message by its `SubFilter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MessageForm {
    profile: Profile,
    reference: Reference,
}

impl MessageForm {
    const PADES: Self = Self {
        profile: Profile::Cades,
        reference: Reference::Outside,
    };
    /// That of PKCS#7 and GB/T 35275.
    const PLAIN: Self = Self {
        profile: Profile::Basic,
        reference: Reference::Any,
    };

    /// That of a field; `None` for a form that is not judged here.
    fn of(field: &SignatureField) -> Option<Self> {
        match field.sub_filter()?.as_str() {
            "ETSI.CAdES.detached" => Some(Self::PADES),
            // A message stands under the name of the seals of one vendor too.
            "adbe.pkcs7.detached" | "GM.sm2seal" => Some(Self::PLAIN),
            "adbe.pkcs7.sha1" => Some(Self {
                profile: Profile::Basic,
                reference: Reference::Sha1Inside,
            }),
            _ => None,
        }
    }
}

/// The signature fits its signer's certificate and the bytes of the document.
struct Crypto<'m> {
    signer: &'m SignerInfo,
    certificate: Certificate,
    algorithm: SignatureAlgorithm,
    /// Every digest that it rests on.
    digests: Vec<DigestAlgorithm>,
    algorithms_agree: bool,
    notes: Vec<SignerNote>,
}

fn cryptography<'m>(
    asked: &Asked<'_>,
    message: &'m SignedData,
    form: MessageForm,
    evidence: &Evidence,
) -> Result<Crypto<'m>, Judgement> {
    let signer = message.only_signer().map_err(|fault| judgement_of(fault, None))?;
    let judgement_of = |fault| judgement_of(fault, Some(signer));
    let others = evidence.possible_for(signer);
    let (certificate, elsewhere) = match message.signer_certificate(signer, form.profile) {
        Err(SignerFault::CertificateMissing) => (signer.choose_certificate(others, form.profile), true),
        inside => (inside, false),
    };
    let known = asked.context.snapshot.cache();
    let certificate = known.certificate(certificate.map_err(judgement_of)?).map_err(|error| {
        let problem = Problem::new("signer-certificate-unreadable").param("reason", error);
        Judgement::indeterminate(SubIndication::NoSigningCertificateFound, problem)
    })?;
    let judging = message
        .judging(&certificate, form.profile)
        .map_err(|fault| differing(asked, message, form, signer).unwrap_or_else(|| judgement_of(fault)))?;
    let content = content::digest(&asked.bytes(), message, form.reference, &judging)?;
    let verified = judging.finish(content.digest, &|kind| evidence.may_check(kind));
    let verified = verified.map_err(judgement_of)?;
    let mut notes = verified.notes;
    notes.extend(elsewhere.then_some(SignerNote::CertificateElsewhere));
    let is_carried = message.content.is_some() && form.reference == Reference::Any;
    notes.extend(is_carried.then_some(SignerNote::AttachedContent));
    Ok(Crypto {
        signer,
        certificate,
        algorithm: verified.algorithm,
        digests: [Some(verified.digest), content.carried_by]
            .into_iter()
            .flatten()
            .collect(),
        algorithms_agree: verified.algorithms_agree,
        notes,
    })
}

/// That the bytes are not those whose digest was signed, which can be said of a message that cannot be judged further:
/// no algorithm that is not known here makes up for it. `None` where they are, or the digest is not known either.
fn differing(asked: &Asked<'_>, message: &SignedData, form: MessageForm, signer: &SignerInfo) -> Option<Judgement> {
    if message.content.is_some() || form.reference == Reference::Sha1Inside {
        return None;
    }
    let (algorithm, signed) = (signer.digest().ok()?, signer.message_digest().ok()?);
    match asked.bytes().digest(algorithm) {
        Ok(digest) if digest.as_ref() == signed => None,
        Ok(_) => Some(Judgement::failed(
            SubIndication::HashFailure,
            Problem::new("document-digest-differs"),
        )),
        Err(ended) => Some(ended),
    }
}

impl Crypto<'_> {
    /// Whether the algorithms may still be relied on, and go together (ETSI EN 319 102-1 clause 5.2.8).
    fn algorithms(&self, ground: &Ground<'_>) -> Judgement {
        let mut digests = self.digests.iter();
        let ended = digests.find_map(|digest| {
            let judgement = ground.algorithms(self.algorithm, Some(*digest));
            (!judgement.is_passed()).then_some(judgement)
        });
        match ended {
            Some(ended) => ended,
            None if self.algorithms_agree => Judgement::passed(),
            None => Judgement::indeterminate(
                SubIndication::SigConstraintsFailure,
                Problem::new("algorithms-disagree").param("algorithm", self.algorithm.name()),
            ),
        }
    }
}

/// Judges a message in the place of a signature.
pub(super) fn sound(asked: &Asked<'_>, message: &[u8], evidence: &Evidence, judged: &mut Judged) -> Judgement {
    let Some(form) = MessageForm::of(asked.field) else {
        let form = asked.field.sub_filter().unwrap_or_default();
        return unsupported(Problem::new("signature-form-unsupported").param("form", form));
    };
    if !evidence.may_read() {
        return Judgement::unchecked();
    }
    let message = match SignedData::parse(message) {
        Ok(message) => Arc::new(message),
        Err(error) => {
            let problem = Problem::new("signature-message").param("reason", error);
            return Judgement::failed(SubIndication::FormatFailure, problem);
        }
    };
    // What a document has signed is data of no type (ISO 32000-2 clause 12.8.3.3.1): the messages of time stamps and
    // programs are not to be taken for it.
    if ![oid::ID_DATA, oid::GM_DATA].contains(&message.content_type) {
        let reason = format!("its content is of the type {}", oid::describe(&message.content_type));
        let problem = Problem::new("signature-message").param("reason", reason);
        return Judgement::failed(SubIndication::FormatFailure, problem);
    }
    let crypto = match cryptography(asked, &message, form, evidence) {
        Ok(crypto) => crypto,
        Err(judgement) => {
            let ended = BlockReport::of_cryptography(&judgement);
            judged.report.cryptographic_verification =
                ended.or_else(|| in_another_form(asked, &message, form, evidence));
            return judgement;
        }
    };
    judged.report.cryptographic_verification = Some(BlockReport::passed());
    judged.report.algorithm = Some(crypto.algorithm.name());
    judged.report.signer = Some(signer_report(&crypto.certificate));

    let with_message = evidence.with_message(&message);
    let mut notes = crypto.notes.clone();
    let tokens = crypto.signer.unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN);
    let tokens = tokens.flat_map(|attribute| &attribute.values).map(Vec::as_slice);
    let stamps = time_stamps(tokens, &crypto.signer.signature, &asked.ground_of_stamps(&with_message));
    judged.complete =
        form == MessageForm::PADES && stamps.any_fits && with_message.tells_revocation_of(&crypto.certificate);
    notes.extend(&stamps.notes);
    let proof = settled(asked, stamps, &mut judged.report);
    claim(crypto.signer, &mut judged.report);
    judged.report.signed_after = signed_after(asked, &crypto, &with_message);
    judged.departures = !notes.is_empty();
    let notes = notes.iter().map(SignerNote::problem);
    judged.report.encoding_notes.splice(0..0, notes);
    let mut existence = asked
        .proofs
        .with_signed(asked.examined.file, asked.field, evidence, proof.as_ref());
    if let Some(proof) = &proof {
        for named in crypto.signer.named(&with_message.certificates) {
            existence.prove(*named.fingerprint(), proof.time);
        }
        evidence.signed_along(crypto.signer).prove(&mut existence, proof.time);
    }
    let ground = Ground {
        context: asked.context,
        evidence: &with_message,
        existence: &existence,
        proven_at: proof.as_ref().map(|proof| proof.time),
        created_after: judged.report.signed_after,
    };
    let (trusted, validation) = trusted_signer(&crypto.certificate, asked.purpose, &ground, &mut judged.report);
    let trusted = crypto.algorithms(&ground).and(trusted);
    let signer = Relied::new(
        crypto.certificate.clone(),
        ground.reference_time(),
        Arc::clone(&message),
        &validation,
    );
    let level = Level::of(asked, &signer, proof.as_ref(), evidence);
    judged.report.fulfilled = Some(level);
    judged.report.level = (form == MessageForm::PADES).then(|| level.of_pades());
    // What is carried beside the path is covered by nothing. Where no path is known, who issued whom tells what belongs
    // to it.
    let path = match judged.report.recognition {
        Some(_) => validation.path,
        None => with_message.issuers_of(&crypto.certificate),
    };
    let on_path = |der: &Vec<u8>| path.iter().any(|certificate| certificate.der() == der);
    judged.departures |= !message.certificates.iter().all(on_path);
    judged.departures |= message.of_other_kinds > 0 || !(message.crls.is_empty() && message.ocsp_responses.is_empty());
    let sealed = sealed(asked, &crypto, &ground, &mut judged.report);
    judged.signer = Some(crypto.certificate);
    trusted.and(in_order(&ground)).and(sealed)
}

/// What the cryptographic verification comes to of a message that is not of the form that its name asks for, where it
/// can be read as one of another: it fails for its form, and still it is told whether it fits the bytes.
fn in_another_form(
    asked: &Asked<'_>,
    message: &SignedData,
    form: MessageForm,
    evidence: &Evidence,
) -> Option<BlockReport> {
    let other = Some(MessageForm::PLAIN).filter(|other| *other != form)?;
    match cryptography(asked, message, other, evidence) {
        Ok(_) => Some(BlockReport::passed()),
        Err(judgement) => BlockReport::of_cryptography(&judgement),
    }
}

/// What the signer signed along was there before the signature, and so before any proof of it (ETSI EN 319 102-1 clause
/// 5.5.4).
fn in_order(ground: &Ground<'_>) -> Judgement {
    match (ground.created_after, ground.proven_at) {
        (Some(after), Some(proven)) if after > proven => {
            let problem = Problem::new("time-stamps-out-of-order")
                .param("content", rfc3339(after))
                .param("signature", rfc3339(proven));
            Judgement::indeterminate(SubIndication::TimestampOrderFailure, problem)
        }
        _ => Judgement::passed(),
    }
}

/// What the signer claims: the policy, and what it commits itself to.
fn claim(signer: &SignerInfo, report: &mut SignatureReport) {
    report.policy = signer.signature_policy().map(|policy| PolicyReport {
        id: policy.id.map(|id| id.to_string()),
        hash: policy.hash.map(|(algorithm, hash)| {
            let name = DigestAlgorithm::from_oid(&algorithm).map(|algorithm| algorithm.name().to_owned());
            (name.unwrap_or_else(|| algorithm.to_string()), hex::encode(&hash))
        }),
        address: policy.address,
    });
    let name = |kind: ObjectIdentifier| {
        let known = COMMITMENTS.iter().find(|(known, _)| *known == kind);
        known.map_or_else(|| kind.to_string(), |(_, name)| (*name).to_owned())
    };
    let commitments: Few<ObjectIdentifier> = signer.commitments().collect();
    if commitments.more > 0 {
        let unlisted = Problem::new("note-commitments-unlisted").param("count", commitments.more);
        report.encoding_notes.push(unlisted);
    }
    report.commitments = commitments.first.into_iter().map(name).collect();
}

/// Commitment types by their names (ETSI EN 319 122-1 clause 5.2.3).
const COMMITMENTS: [(ObjectIdentifier, &str); 6] = [
    (oid::PROOF_OF_ORIGIN, "proof-of-origin"),
    (oid::PROOF_OF_RECEIPT, "proof-of-receipt"),
    (oid::PROOF_OF_DELIVERY, "proof-of-delivery"),
    (oid::PROOF_OF_SENDER, "proof-of-sender"),
    (oid::PROOF_OF_APPROVAL, "proof-of-approval"),
    (oid::PROOF_OF_CREATION, "proof-of-creation"),
];

/// The latest time that a time stamp on the content proves, which the signer signed along (ETSI EN 319 122-1 clause
/// 5.2.8): the signature came after it. One that does not hold proves nothing, and takes nothing away.
fn signed_after(asked: &Asked<'_>, crypto: &Crypto<'_>, evidence: &Evidence) -> Option<DateTime<Utc>> {
    let ground = asked.ground_of_stamps(evidence);
    let tokens = crypto.signer.signed(oid::CONTENT_TIME_STAMP);
    let tokens = tokens.flat_map(|attribute| &attribute.values).take(MAX_CONTENT_STAMPS);
    let stamped = |algorithm| asked.bytes().digest(algorithm);
    let times = tokens.filter_map(|token| Some(token_over(token, &stamped, &ground).ok()?.earliest));
    times.max()
}

fn unsupported(problem: Problem) -> Judgement {
    Judgement::indeterminate(SubIndication::CryptoConstraintsFailureNoPoe, problem)
}

/// What a fault of the message means (ETSI EN 319 102-1 clauses 5.2.2, 5.2.3 and 5.2.7).
fn judgement_of(fault: SignerFault, signer: Option<&SignerInfo>) -> Judgement {
    let reason = Problem::new("signature-fault").param("reason", &fault);
    match fault {
        SignerFault::MessageDigest => {
            Judgement::failed(SubIndication::HashFailure, Problem::new("document-digest-differs"))
        }
        SignerFault::Signature(VerificationError::Mismatch) => {
            Judgement::failed(SubIndication::SigCryptoFailure, Problem::new("signature-mismatch"))
        }
        SignerFault::Unchecked => Judgement::unchecked(),
        SignerFault::CertificateMissing | SignerFault::CertificateDiffers => {
            Judgement::indeterminate(SubIndication::NoSigningCertificateFound, reason)
        }
        SignerFault::UnknownDigest(_)
        | SignerFault::UnknownAlgorithm(_)
        | SignerFault::Key(_)
        | SignerFault::Signature(VerificationError::Unsupported(_)) => {
            let problem = Problem::new("algorithm-unsupported").param("algorithm", unsupported_in(&fault, signer));
            unsupported(problem.param("reason", fault))
        }
        _ => Judgement::failed(SubIndication::FormatFailure, reason),
    }
}

/// Which algorithm or curve it is that is not supported. Where even the digest is not known, the algorithm of the
/// signature says more.
fn unsupported_in(fault: &SignerFault, signer: Option<&SignerInfo>) -> String {
    let of_signature = signer.map(|signer| signer.signature_algorithm.oid);
    match fault {
        SignerFault::Key(KeyError::Unsupported(curve)) => unverified::describe(curve),
        SignerFault::UnknownAlgorithm(
            AlgorithmError::Unsupported(algorithm) | AlgorithmError::UnsupportedParameters(algorithm),
        ) => unverified::describe(algorithm),
        SignerFault::Signature(VerificationError::Unsupported(algorithm)) => algorithm.name().to_owned(),
        SignerFault::UnknownDigest(digest) => {
            let named = of_signature.filter(unverified::is_known_by_name);
            unverified::describe(named.as_ref().unwrap_or(digest))
        }
        _ => of_signature.as_ref().map_or_else(String::new, unverified::describe),
    }
}

/// The seal in the signed attributes, where there is one.
fn sealed(asked: &Asked<'_>, crypto: &Crypto<'_>, ground: &Ground<'_>, report: &mut SignatureReport) -> Judgement {
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
    let digest = match asked.bytes().digest(DigestAlgorithm::Sm3) {
        Ok(digest) => digest,
        Err(judgement) => return judgement,
    };
    let property = asked.property();
    let question = SealQuestion {
        digest,
        property: &property,
    };
    let sealed = match judge_seal(value, &question, &crypto.certificate, ground) {
        Ok(sealed) => sealed,
        Err(judgement) => return judgement,
    };
    report.seal = Some(sealed.report);
    report.encoding_notes.extend(sealed.encoding_notes);
    report.notes.extend(sealed.notes);
    sealed.judgement
}
