//! The electronic seal inside a signature (GB/T 38540): the maker's signature, both certificates, the dates, the list
//! of signers, the digest of the document, and whether the seal was revoked.

use super::block::BlockReport;
use super::ground::Ground;
use super::judgement::Judgement;
use super::report::{SealReport, SubIndication};
use super::seal_lists::SealAuthority;
use super::time_stamp::{Fit, token_over};
use crate::asn1::oid;
use crate::clock;
use crate::crypto::{Digest, DigestAlgorithm, KeyKind, VerificationError};
use crate::problem::Problem;
use crate::seal::signature::SealedDocument;
use crate::seal::{CLOCKS_DIFFER, SealFault, SealNote, SealState, SesSignature};
use crate::trust::{Purpose, Validation};
use crate::x509::Certificate;

/// What the seal is judged with.
pub(super) struct SealQuestion<'a> {
    /// SM3 of the signed bytes.
    pub(super) digest: Digest,
    /// How the signed range must be stated.
    pub(super) property: &'a str,
}

/// Judges an `SES_Signature` in the message of `message_signer`.
pub(super) fn judge(
    der: &[u8],
    question: &SealQuestion<'_>,
    message_signer: &Certificate,
    ground: &Ground<'_>,
) -> Result<JudgedSeal, Judgement> {
    let signature = SesSignature::parse(der).map_err(|error| unreadable(&error))?;
    let trusted = |signer: &Certificate| {
        let owner = signature.seal.info.owner();
        is_of(message_signer, signer, owner.as_deref()).and(trusted(signer, Purpose::GovernmentSealing, ground))
    };
    Ok(judge_parsed(&signature, question, trusted, ground))
}

/// The seal has to be of whoever signed the message: anybody can put the seal of another, over the same bytes, among
/// attributes of its own. The certificates may be two, as long as they are of one organisation: by its credit code, and
/// where one has none by its name.
fn is_of(message_signer: &Certificate, sealer: &Certificate, owner: Option<&str>) -> Judgement {
    let (signer_code, sealer_code) = (message_signer.credit_code(), sealer.credit_code());
    let is_one = match (signer_code, sealer_code) {
        (Some(one), Some(other)) => one == other,
        _ => organisation(message_signer) == organisation(sealer),
    };
    let owned = match (owner, signer_code.or(sealer_code)) {
        (Some(owner), Some(code)) => owner == code,
        _ => true,
    };
    if is_one && owned {
        return Judgement::passed();
    }
    let problem = Problem::new("seal-of-another")
        .param("signer", organisation(message_signer))
        .param("owner", organisation(sealer));
    Judgement::failed(SubIndication::SigConstraintsFailure, problem)
}

/// The name of an organisation without its blanks, which programs set as they please.
fn organisation(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    let name = subject.organization().or(subject.common_name()).unwrap_or_default();
    name.split_whitespace().collect()
}

/// What came of a seal.
pub(super) struct JudgedSeal {
    pub(super) judgement: Judgement,
    pub(super) report: SealReport,
    /// Whether it fits its signer and the bytes of the document, by itself; `None` where that was not reached.
    pub(super) cryptography: Option<BlockReport>,
    /// What is odd about how it is written, or about what comes with it.
    pub(super) encoding_notes: Vec<Problem>,
    /// What else is to be known of it.
    pub(super) notes: Vec<Problem>,
}

/// Judges one that was read; `signer_trusted` says whether its signer can be relied on.
pub(super) fn judge_parsed(
    signature: &SesSignature,
    question: &SealQuestion<'_>,
    signer_trusted: impl FnOnce(&Certificate) -> Judgement,
    ground: &Ground<'_>,
) -> JudgedSeal {
    let known = ground.context.snapshot.cache();
    let mut cryptography = None;
    // That of the maker and that of the signer.
    if !(0..2).all(|_| ground.evidence.may_check(KeyKind::Sm2)) {
        return JudgedSeal {
            judgement: Judgement::unchecked(),
            report: report(signature, false),
            cryptography,
            encoding_notes: Vec::new(),
            notes: Vec::new(),
        };
    }
    let (judgement, overdue) = match (
        known.certificate(&signature.signer_certificate),
        known.certificate(&signature.seal.maker_certificate),
    ) {
        (Ok(signer), Ok(maker)) => {
            let held = conditions(signature, &signer, &maker, question, ground);
            cryptography = cryptography_of(signature, &held, question);
            let (made, overdue) = made_and_in_use(signature, &maker, ground);
            let signed = judgement_of(signature, held).and(signer_trusted(&signer));
            (signed.and(made), overdue)
        }
        (Err(error), _) | (_, Err(error)) => (unreadable(&error), None),
    };
    let report = report(signature, judgement.is_passed());
    JudgedSeal {
        judgement,
        report,
        cryptography,
        encoding_notes: encoding_notes(signature, ground),
        notes: stated_ahead(signature, ground).into_iter().chain(overdue).collect(),
    }
}

/// What is odd about a seal and decides nothing.
fn encoding_notes(signature: &SesSignature, ground: &Ground<'_>) -> Vec<Problem> {
    let weak = signature
        .seal
        .info
        .signers
        .weak_listing(&signature.signer_certificate)
        .map(SealNote::WeakList);
    let notes = signature.notes.iter().chain(&weak).map(SealNote::problem);
    notes.chain(time_stamp_of_maker(signature, ground)).collect()
}

/// What is wrong with the time stamp of the seal's maker (GM/T 0031-2025), by which nothing is judged; `None` where it
/// holds, or there is none.
fn time_stamp_of_maker(signature: &SesSignature, ground: &Ground<'_>) -> Option<Problem> {
    let token = signature.seal.time_stamp.as_deref()?;
    let stamped = |algorithm: DigestAlgorithm| Ok(algorithm.digest(signature.seal.stamped_bytes()));
    let refusal = token_over(token, &stamped, ground).err()?;
    let code = match refusal.fit {
        Fit::Fails => "note-seal-time-stamp-false",
        Fit::Fits | Fit::Unknown => "note-seal-time-stamp-unproven",
    };
    Some(Problem::new(code))
}

/// That the signer states a time that is later than the signature is proved to be, or than the present. It can have
/// been used no later than either, so that this decides nothing.
fn stated_ahead(signature: &SesSignature, ground: &Ground<'_>) -> Option<Problem> {
    let (used, at) = (signature.time?, ground.reference_time());
    let problem = Problem::new("note-seal-time-ahead")
        .param("used", clock::rfc3339(used))
        .param("at", clock::rfc3339(at));
    (used - at > CLOCKS_DIFFER).then_some(problem)
}

/// That a seal cannot be read.
pub(super) fn unreadable(reason: &dyn std::fmt::Display) -> Judgement {
    let problem = Problem::new("seal-unreadable").param("reason", reason);
    Judgement::failed(SubIndication::FormatFailure, problem)
}

fn report(signature: &SesSignature, valid: bool) -> SealReport {
    let info = &signature.seal.info;
    SealReport {
        id: info.id.clone(),
        name: info.name.clone(),
        owner: info.owner(),
        valid_from: info.valid_from,
        valid_until: info.valid_until,
        version: signature.version.number(),
        valid,
    }
}

/// The conditions of the standard, in its order; the paths of the certificates apart.
fn conditions(
    signature: &SesSignature,
    signer: &Certificate,
    maker: &Certificate,
    question: &SealQuestion<'_>,
    ground: &Ground<'_>,
) -> Result<(), SealFault> {
    let document = SealedDocument {
        digest: question.digest,
        property: question.property,
    };
    // The time that the seal itself states proves nothing; that it lies in the validity is asked all the same.
    let at = ground.reference_time();
    let verified = signature.seal.verify_once(maker, ground.context.snapshot.cache());
    match signature.verify(signer, &verified?, &document, at) {
        // Which leaves undecided what the digest decides.
        Err(SealFault::Expired { .. }) if signature.data_hash != question.digest.as_ref() => Err(SealFault::DataHash),
        held => held,
    }
}

/// What the conditions mean for the whole.
fn judgement_of(signature: &SesSignature, held: Result<(), SealFault>) -> Judgement {
    match held {
        Ok(()) => Judgement::passed(),
        Err(fault) => {
            // That it is proved late does not prove that it was made late, unless it says so itself.
            if matches!(fault, SealFault::Expired { .. })
                && signature
                    .time
                    .is_none_or(|time| time <= signature.seal.info.valid_until)
            {
                return Judgement::indeterminate(SubIndication::OutOfBoundsNoPoe, told(signature, &fault));
            }
            if matches!(fault, SealFault::CriticalExtension(_) | SealFault::Owners) {
                return Judgement::indeterminate(SubIndication::SigConstraintsFailure, told(signature, &fault));
            }
            let sub = match fault {
                SealFault::DataHash | SealFault::Property { .. } => SubIndication::HashFailure,
                SealFault::NotYetValid { .. } => SubIndication::NotYetValid,
                SealFault::Expired { .. } => SubIndication::Expired,
                _ => SubIndication::SigCryptoFailure,
            };
            Judgement::failed(sub, told(signature, &fault))
        }
    }
}

/// A condition that does not hold, as it is told: a seal outside its dates is another matter than one that was forged.
fn told(signature: &SesSignature, fault: &SealFault) -> Problem {
    match fault {
        SealFault::NotYetValid { valid_from, at } => Problem::new("seal-used-before-start")
            .param("from", clock::rfc3339(*valid_from))
            .param("at", clock::rfc3339(*at)),
        SealFault::Expired { valid_until, .. } => {
            let until = clock::rfc3339(*valid_until);
            match signature.time.filter(|time| time > valid_until) {
                Some(used) => Problem::new("seal-used-after-end").param("used", clock::rfc3339(used)),
                None => Problem::new("seal-ended-unproven"),
            }
            .param("until", until)
        }
        SealFault::SignerNotListed => Problem::new("seal-signer-unlisted"),
        SealFault::CriticalExtension(extension) => {
            Problem::new("seal-critical-extension").param("extension", oid::describe(extension))
        }
        SealFault::Owners => Problem::new("seal-credit-codes"),
        fault => Problem::new("seal-not-valid").param("reason", fault),
    }
}

/// Whether the seal fits its signer and the bytes, whatever is wrong with the seal otherwise (ETSI EN 319 102-1 clause
/// 5.2.7). What comes before its signature in the order of the conditions leaves that open.
fn cryptography_of(
    signature: &SesSignature,
    held: &Result<(), SealFault>,
    question: &SealQuestion<'_>,
) -> Option<BlockReport> {
    let failed = |sub, fault: &SealFault| BlockReport::failed(sub, told(signature, fault));
    match held {
        Err(fault @ SealFault::Signature(VerificationError::Mismatch)) => {
            Some(failed(SubIndication::SigCryptoFailure, fault))
        }
        Err(
            SealFault::Signature(_)
            | SealFault::SignerKey(_)
            | SealFault::OtherSigner
            | SealFault::OtherMaker
            | SealFault::MakerKey(_)
            | SealFault::MakerSignature(_),
        ) => None,
        _ if signature.data_hash != question.digest.as_ref() => {
            Some(failed(SubIndication::HashFailure, &SealFault::DataHash))
        }
        _ => Some(BlockReport::passed()),
    }
}

/// Whether the maker may make seals, and by the list of its authority the seal was in use; and that this list is
/// overdue, where it is.
fn made_and_in_use(signature: &SesSignature, maker: &Certificate, ground: &Ground<'_>) -> (Judgement, Option<Problem>) {
    let validation = ground.judge(maker, Purpose::SealMaking);
    let judgement = relied_on(&validation);
    // Of the seals of somebody who leads to nobody, no list speaks.
    if validation.anchor.is_none() {
        return (judgement, None);
    }
    let authority = SealAuthority::of(maker, &validation);
    let overdue = ground.context.seal_list_overdue_since(&authority);
    let overdue = overdue.map(|next| Problem::new("note-seal-list-overdue").param("next", clock::rfc3339(next)));
    (judgement.and(in_use(signature, &authority, ground)), overdue)
}

fn trusted(certificate: &Certificate, purpose: Purpose, ground: &Ground<'_>) -> Judgement {
    relied_on(&ground.judge(certificate, purpose))
}

fn relied_on(validation: &Validation) -> Judgement {
    let mut judgement = Judgement::from(validation);
    if !judgement.is_passed() {
        judgement
            .reasons
            .insert(0, Problem::new("seal-certificate-not-trusted"));
    }
    judgement
}

/// A seal that was revoked or frozen when it was used does not count (GB/T 38540, verifying a seal).
fn in_use(signature: &SesSignature, authority: &SealAuthority, ground: &Ground<'_>) -> Judgement {
    let Some(list) = ground.context.seal_list(authority) else {
        return Judgement::passed();
    };
    ground.evidence.consulted.seal_list(list);
    let id = &signature.seal.info.id;
    let state = list.state_at(id, ground.reference_time());
    let problem = Problem::new("seal-not-in-use")
        .param("seal", id)
        .param("state", state.name());
    match (
        state,
        list.state_at(id, signature.time.unwrap_or_else(|| ground.reference_time())),
    ) {
        (SealState::Active, _) => Judgement::passed(),
        // As above: by its own word it is older, which nothing proves.
        (_, SealState::Active) => Judgement::indeterminate(SubIndication::RevokedNoPoe, problem),
        _ => Judgement::failed(SubIndication::Revoked, problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::identities;

    #[test]
    fn a_seal_is_of_the_signer_where_both_certificates_are_of_one_organisation() {
        let of = |name: &str| identities(name).map(|identity| identity.certificate().clone());
        let [signer, _] = of("Honest Ltd");
        let [_, own] = of("Honest  Ltd");
        assert!(is_of(&signer, &own, None).is_passed());
        let [_, other] = of("Another Ltd");
        let judged = is_of(&signer, &other, None);
        assert_eq!(judged.sub_indication, Some(SubIndication::SigConstraintsFailure));
        assert_eq!(judged.reasons[0].code, "seal-of-another");
    }
}
