//! Responses about the status of certificates (RFC 6960 section 3.2), signed by the issuer or by a responder to which
//! it delegated.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{
    Asking, Data, Finding, ResponseFault, Revocation, RevocationEvidence, RevocationSource, RevocationStatus, Said,
    Silence, Subject, crl, heed, since, status_clears,
};
use crate::asn1::oid;
use crate::trust::budget::Exhausted;
use crate::trust::{Purpose, Query, chain};
use crate::x509::{Certificate, KeyUsage, OcspAnswer, OcspResponse, OcspStatus};

/// What the responses say about a certificate: one that it is revoked, for more than a hold, or else the newest that
/// counts. `None` where there is no response about it.
///
/// As with lists, a revocation is never taken back, however old the response is that tells of it.
pub(super) fn consult(subject: Subject<'_>, asking: &mut Asking<'_>) -> Result<Option<Finding>, Exhausted> {
    let mut why = None;
    let mut unproven = false;
    let mut found: Option<Said> = None;
    let mut signers = Signers::default();
    for (response, answer) in answers(subject, asking)? {
        let status = status(&answer);
        if found.is_some() && !status.is_some_and(is_for_good) {
            continue;
        }
        let usable = match usable(&response, &answer, asking) {
            Ok(()) => signers.check(&response, subject, asking)?,
            Err(why) => Err(why),
        };
        match (usable, status) {
            (Err(reason), _) => why = Some(Silence::Response(reason)),
            (Ok(()), None) => why = Some(Silence::Unknown),
            (Ok(()), Some(status))
                if status_clears(status, asking.control) && !asking.vouches(&data(&response, &answer)) =>
            {
                heed(subject, status, asking);
                unproven = true;
            }
            (Ok(()), Some(status)) => {
                let said = say(&response, &answer, status, subject, asking);
                let weight = said.weight(asking.control);
                if found.as_ref().is_none_or(|found| weight > found.weight(asking.control)) {
                    found = Some(said);
                }
            }
        }
    }
    Ok(match (found, unproven) {
        (Some(said), _) => Some(Finding::Known(said)),
        (None, true) => Some(Finding::Unproven),
        (None, false) => why.map(Finding::Unknown),
    })
}

fn is_for_good(status: RevocationStatus) -> bool {
    matches!(status, RevocationStatus::Revoked { reason, .. } if reason.is_for_good())
}

fn say(
    response: &OcspResponse,
    answer: &OcspAnswer,
    status: RevocationStatus,
    subject: Subject<'_>,
    asking: &Asking<'_>,
) -> Said {
    let data = data(response, answer);
    Said {
        is_fresh: asking.is_fresh(answer.next_update),
        is_vouched: asking.vouches(&data),
        ended: data.ended(asking.snapshot),
        evidence: RevocationEvidence {
            subject: subject.certificate.subject().to_string(),
            source: RevocationSource::Response,
            fingerprint: *response.fingerprint(),
            as_of: answer.this_update,
            next_update: answer.next_update,
            status,
        },
    }
}

/// What is said about the certificate anywhere, the newest first.
fn answers(subject: Subject<'_>, asking: &mut Asking<'_>) -> Result<Vec<(OcspResponse, OcspAnswer)>, Exhausted> {
    let known = (!asking.query.is_brought_alone).then(|| asking.snapshot.ocsp_responses());
    let mut answers = Vec::new();
    for response in known.into_iter().flatten().chain(asking.query.ocsp_responses) {
        for answer in response.answers() {
            asking.work.links.budget.candidate(subject.issuer.subject())?;
            if answer.id.names(subject.certificate, subject.issuer) {
                answers.push((response.clone(), answer.clone()));
            }
        }
    }
    answers.sort_by_key(|(_, answer)| Reverse(answer.this_update));
    Ok(answers)
}

/// Whether anything can be concluded from an answer at all.
fn usable(response: &OcspResponse, answer: &OcspAnswer, asking: &Asking<'_>) -> Result<(), ResponseFault> {
    if let Some(oid) = response.unknown_critical() {
        return Err(ResponseFault::Extension(oid.to_owned()));
    }
    if answer.this_update > asking.query.time {
        return Err(ResponseFault::Future(answer.this_update));
    }
    Ok(())
}

/// What came of the signer of each response about one certificate, by the response's fingerprint: however many answers
/// a response has, its signer is looked for once.
#[derive(Default)]
struct Signers(HashMap<[u8; 32], Result<(), ResponseFault>>);

impl Signers {
    fn check(
        &mut self,
        response: &OcspResponse,
        subject: Subject<'_>,
        asking: &mut Asking<'_>,
    ) -> Result<Result<(), ResponseFault>, Exhausted> {
        if let Some(known) = self.0.get(response.fingerprint()) {
            return Ok(known.clone());
        }
        let checked = check_signer(response, subject, asking)?;
        self.0.insert(*response.fingerprint(), checked.clone());
        Ok(checked)
    }
}

/// RFC 6960 section 4.2.2.2: the issuer itself signed, or a responder that it certified directly and for this.
fn check_signer(
    response: &OcspResponse,
    subject: Subject<'_>,
    asking: &mut Asking<'_>,
) -> Result<Result<(), ResponseFault>, Exhausted> {
    if response.responder().names(subject.issuer) && signed(response, subject.issuer, asking)? {
        return Ok(Ok(()));
    }
    let offered = response.certificates().iter().chain(asking.query.certificates);
    let mut why = ResponseFault::SignerMissing;
    for responder in offered {
        asking.work.links.budget.candidate(responder.subject())?;
        if !response.responder().names(responder) {
            continue;
        }
        match delegated(response, responder, subject, asking)? {
            Err(reason) => why = reason,
            Ok(()) if !signed(response, responder, asking)? => why = ResponseFault::Signature,
            Ok(()) => return Ok(Ok(())),
        }
    }
    Ok(Err(why))
}

/// Whether the issuer made a certificate a responder for what it issued.
fn delegated(
    response: &OcspResponse,
    responder: &Certificate,
    subject: Subject<'_>,
    asking: &mut Asking<'_>,
) -> Result<Result<(), ResponseFault>, Exhausted> {
    let purposes = responder.extensions().ext_key_usage.as_ref();
    if !purposes.is_some_and(|purposes| purposes.value.contains(&oid::KP_OCSP_SIGNING)) {
        return Ok(Err(ResponseFault::SignerPurpose));
    }
    if !responder.allows(KeyUsage::DIGITAL_SIGNATURE) {
        return Ok(Err(ResponseFault::SignerUsage));
    }
    // RFC 6960 section 4.2.2.2: the key that issued the certificate issued the responder's too.
    let Ok(key) = subject.issuer.public_key() else {
        return Ok(Err(ResponseFault::IssuerKey));
    };
    let issued = responder.issuer() == subject.issuer.subject() && asking.work.links.verify(key, responder)?.is_ok();
    if !issued {
        return Ok(Err(ResponseFault::SignerIssuer));
    }
    // A key whose certificate has ended is nobody's to watch: what it signed must be proved to be older (ETSI EN 319
    // 102-1 section 5.6.2.4), its own word for that counts as little as a time stamp's.
    let (validity, query) = (responder.validity(), asking.query);
    let is_older = query
        .proof_of(response.fingerprint())
        .is_some_and(|proof| !validity.ends_before(proof));
    if query.proven_at.is_some() && validity.ends_before(query.time) && !is_older {
        return Ok(Err(ResponseFault::SignerUnproven));
    }
    // It stands where the target does, under the issuer that the path leads to.
    let mut query = Query {
        purpose: Purpose::Any,
        expected_name: None,
        ..asking.query.clone()
    };
    // A response about the past was signed with what was in force when it was made.
    query.proven_at = query.proven_at.map(|_| response.produced_at());
    if let Some(fault) = chain::target(responder, &query, asking.snapshot.algorithms()).first() {
        return Ok(Err(ResponseFault::SignerUnfit(fault.to_string())));
    }
    check_not_revoked(responder, subject, asking)
}

/// RFC 6960 section 4.2.2.2.1: a responder that its issuer does not exempt is asked about itself, by lists.
fn check_not_revoked(
    responder: &Certificate,
    subject: Subject<'_>,
    asking: &mut Asking<'_>,
) -> Result<Result<(), ResponseFault>, Exhausted> {
    if responder.is_exempt_from_status() {
        return Ok(Ok(()));
    }
    let asked = Subject {
        certificate: responder,
        is_authority: false,
        ..subject
    };
    Ok(match (crl::consult(asked, asking)?, asking.query.revocation) {
        (Finding::Known(said), _) if said.is_good() && reaches(&said, asking) => Ok(()),
        (Finding::Known(said), Revocation::SoftFail) if said.is_good() => Ok(()),
        (Finding::Unknown(_) | Finding::Unproven, Revocation::SoftFail) => Ok(()),
        (Finding::Known(_), _) => Err(ResponseFault::SignerRevoked),
        (Finding::Unproven, _) => Err(ResponseFault::SignerUnproven),
        (Finding::Unknown(why), _) => Err(ResponseFault::SignerSilent(Box::new(why))),
    })
}

fn signed(response: &OcspResponse, by: &Certificate, asking: &mut Asking<'_>) -> Result<bool, Exhausted> {
    let Ok(key) = by.public_key() else { return Ok(false) };
    Ok(asking.work.links.verify(key, response)?.is_ok())
}

/// `None` where the responder does not know.
fn status(answer: &OcspAnswer) -> Option<RevocationStatus> {
    match answer.status {
        OcspStatus::Good => Some(RevocationStatus::Good),
        OcspStatus::Revoked { at, reason } => Some(RevocationStatus::Revoked {
            since: since(at, reason, answer.invalidity_date),
            reason,
        }),
        OcspStatus::Unknown => None,
    }
}

/// Whether what was said of a signer holds for the control time, or for a time to which that could move back.
fn reaches(said: &Said, asking: &Asking<'_>) -> bool {
    let limit = said.evidence.next_update.unwrap_or(said.evidence.as_of);
    said.is_fresh || asking.control.reaches(limit)
}

fn data<'r>(response: &'r OcspResponse, answer: &OcspAnswer) -> Data<'r> {
    Data {
        fingerprint: response.fingerprint(),
        made: answer.this_update,
        algorithm: response.signature_algorithm(),
    }
}
