//! Who signed a list: the issuer itself, another key of it, or whom it names (RFC 5280 section 6.3.3 (f) and (g)).
//!
//! That another authority below the same anchor certified the name of the issuer makes nobody the issuer: another key
//! of it is certified by the issuer itself or by who certified the issuer.

use std::ops::ControlFlow;

use super::crl::Signers;
use super::{Asking, ListFault, Subject};
use crate::crypto::PublicKey;
use crate::trust::budget::{Exhausted, MAX_SIGNER_DEPTH};
use crate::trust::path::{Search, Stop};
use crate::trust::{Purpose, Query};
use crate::x509::{Certificate, Crl, KeyUsage};

/// The certificate whose key signed the list and may, if it is that of the certificate's issuer or has a path of its
/// own to the same anchor. Why there is none otherwise.
pub(super) fn of_list(
    list: &Crl,
    signers: Signers,
    subject: Subject<'_>,
    asking: &mut Asking<'_>,
) -> Result<Result<Certificate, ListFault>, Exhausted> {
    // That a stranger of the same name did not sign it tells the least.
    let mut why = None;
    let mut mismatch = None;
    for candidate in candidates(list, subject, asking) {
        asking.work.links.budget.candidate(candidate.subject())?;
        let has_same_key = candidate.key_identity() == subject.certificate.key_identity();
        if has_same_key && signers == Signers::Others && candidate != subject.anchor.certificate {
            continue;
        }
        let Ok(key) = candidate.public_key() else { continue };
        match asking.work.links.verify(key, list)? {
            Err(error) => mismatch = Some(ListFault::Signature(error)),
            // RFC 5280 section 6.3.3 (f): keyUsage, where present, must say cRLSign.
            Ok(()) if !candidate.allows(KeyUsage::CRL_SIGN) => why = Some(ListFault::SignerUsage),
            Ok(())
                if candidate == *subject.certificate
                    || is_on_path(&candidate, subject)
                    || (may_be_of_issuer(&candidate, list, subject, asking)?
                        && is_trusted(&candidate, subject, asking)?) =>
            {
                return Ok(Ok(candidate));
            }
            Ok(()) => why = Some(ListFault::SignerPath(candidate.subject().to_string())),
        }
    }
    Ok(Err(why.or(mismatch).unwrap_or(ListFault::SignerMissing)))
}

/// Whether `key` signed a list.
pub(super) fn signed(key: &PublicKey, list: &Crl, asking: &mut Asking<'_>) -> Result<bool, Exhausted> {
    Ok(asking.work.links.verify(key, list)?.is_ok())
}

/// Certificates with the name of the list's issuer: the one on the path first, then those with the key that the list
/// names.
fn candidates(list: &Crl, subject: Subject<'_>, asking: &Asking<'_>) -> Vec<Certificate> {
    let name = list.issuer();
    let on_path = [subject.issuer, &subject.anchor.certificate];
    let on_path = on_path.into_iter().filter(|candidate| candidate.subject() == name);
    let offered = asking.work.bag.named(name);
    let mut candidates: Vec<Certificate> = on_path
        .chain(offered)
        .chain(asking.snapshot.intermediates_named(name))
        .cloned()
        .collect();
    let named = list.extensions().authority_key_identifier.as_ref();
    let named = named.and_then(|found| found.value.key_identifier.as_deref());
    candidates.sort_by_key(|candidate| {
        named
            .zip(candidate.key_identifier())
            .is_some_and(|(named, own)| named != own)
    });
    candidates.dedup();
    candidates
}

/// Whether a certificate under the name of the list's issuer can be one of its own.
fn may_be_of_issuer(
    candidate: &Certificate,
    list: &Crl,
    subject: Subject<'_>,
    asking: &mut Asking<'_>,
) -> Result<bool, Exhausted> {
    let issuer = subject.issuer;
    // Whom the certificate names as the issuer of its list has a name of its own.
    if list.issuer() != subject.certificate.issuer()
        || candidate.key_identity() == issuer.key_identity()
        || [issuer.issuer(), issuer.subject()].contains(&candidate.issuer())
    {
        return Ok(true);
    }
    // An authority that certified another key of its own (RFC 4210 section 4.4) may sign with the one that it had.
    let (true, Ok(key)) = (issuer.issuer() == issuer.subject(), candidate.public_key()) else {
        return Ok(false);
    };
    Ok(asking.work.links.verify(key, issuer)?.is_ok())
}

/// Whether the certificate is the issuer's, which the path at hand leads to, or the anchor's.
fn is_on_path(candidate: &Certificate, subject: Subject<'_>) -> bool {
    candidate == subject.issuer || *candidate == subject.anchor.certificate
}

/// Whether a path of its own leads from the anchor to a signer of lists or responses, which is not itself being asked
/// about.
pub(super) fn is_trusted(
    signer: &Certificate,
    subject: Subject<'_>,
    asking: &mut Asking<'_>,
) -> Result<bool, Exhausted> {
    let name = (*subject.anchor.certificate.fingerprint(), *signer.fingerprint());
    if asking.work.trusted_signers.contains(&name) {
        return Ok(true);
    }
    if asking.work.signers_in_question.contains(&name) || asking.work.signers_in_question.len() >= MAX_SIGNER_DEPTH {
        return Ok(false);
    }
    asking.work.signers_in_question.push(name);
    let query = Query {
        target: signer,
        purpose: Purpose::Any,
        created_after: None,
        policies: Default::default(),
        expected_name: None,
        ..asking.query.clone()
    };
    let outcome = Search::new(&query, asking.snapshot, asking.work)
        .to(subject.anchor)
        .find();
    asking.work.signers_in_question.pop();
    match outcome {
        ControlFlow::Break(Stop::Exhausted(exhausted)) => Err(exhausted),
        ControlFlow::Break(Stop::Found) => {
            asking.work.trusted_signers.push(name);
            Ok(true)
        }
        ControlFlow::Break(Stop::Explained) | ControlFlow::Continue(()) => Ok(false),
    }
}
