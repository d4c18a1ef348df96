//! Revocation lists, complete and delta, direct and indirect, for all reasons or some (RFC 5280 section 6.3.3).
//!
//! For each distribution point of the certificate, and the one to be assumed beside them, the lists issued for it are
//! asked, the newest first, until together they speak for every reason. One that has the certificate, for more than a
//! hold, is asked however many newer ones do not: a revocation is never taken back.

use std::cmp::Reverse;

use super::scope::{Point, Reasons};
use super::{
    Asking, Data, Finding, ListFault, RevocationEvidence, RevocationSource, RevocationStatus, Said, Silence, Subject,
    delta, heed, revoked, scope, signer,
};
use crate::trust::budget::Exhausted;
use crate::trust::{Conformance, Query};
use crate::x509::{Certificate, Crl, Name, RevocationReason};

/// State variables of RFC 5280 section 6.3.2, and the word that the verdict rests on.
struct State {
    signers: Signers,
    reasons: Reasons,
    /// The oldest of the fresh lists by which it is not revoked.
    good: Option<Said>,
    /// The newest of the lists that are too old.
    stale: Option<Said>,
    /// Whether a list would have done, were it proved to have existed at the control time.
    unproven: bool,
    why: Silence,
}

/// What the lists say about a certificate.
///
/// A list that is signed with the very key of the certificate counts only where no other speaks of it, and only while
/// its path is looked into because it signs lists: an authority may leave a signer of lists to speak for itself, and a
/// stolen key must not gainsay what the authority says.
pub(super) fn consult(subject: Subject<'_>, asking: &mut Asking<'_>) -> Result<Finding, Exhausted> {
    let others = consult_signed_by(Signers::Others, subject, asking)?;
    match others {
        Finding::Unknown(_) if asking.work.is_in_question(subject.certificate) => {
            consult_signed_by(Signers::All, subject, asking)
        }
        _ => Ok(others),
    }
}

/// Whose lists count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signers {
    /// All.
    All,
    /// Not those that the certificate asked about signed itself.
    Others,
}

fn consult_signed_by(signers: Signers, subject: Subject<'_>, asking: &mut Asking<'_>) -> Result<Finding, Exhausted> {
    let certificate = subject.certificate;
    let mut state = State {
        signers,
        reasons: Reasons::NONE,
        good: None,
        stale: None,
        unproven: false,
        why: Silence::NoList,
    };
    for point in Point::all_of(certificate) {
        for issuer in point.list_issuers(certificate) {
            let lists = lists_of(issuer, asking)?;
            for list in lists.iter().filter(|list| delta::base(list).is_none()) {
                if state.reasons == Reasons::ALL && !has_for_good(list, certificate) {
                    continue;
                }
                if let Some(said) = state.ask(list, &lists, point, subject, asking)? {
                    return Ok(Finding::Known(said));
                }
            }
            if !lists.is_empty() && lists.iter().all(|list| delta::base(list).is_some()) {
                state.why = ListFault::DeltaAlone.into();
            }
        }
    }
    Ok(state.conclude())
}

impl State {
    /// Asks one complete list, with the newest delta that continues it. Gives a revocation; adds to the state
    /// otherwise.
    fn ask(
        &mut self,
        list: &Crl,
        lists: &[Crl],
        point: Point<'_>,
        subject: Subject<'_>,
        asking: &mut Asking<'_>,
    ) -> Result<Option<Said>, Exhausted> {
        asking
            .work
            .links
            .budget
            .name_comparisons(scope::comparisons(list, point))?;
        let usable = usable(list, asking.query).and_then(|()| scope::reasons(list, point, subject.certificate));
        let reasons = match usable {
            Ok(reasons) => reasons,
            Err(why) => {
                self.why = why.into();
                return Ok(None);
            }
        };
        // (e).
        if !reasons.adds_to(self.reasons) && !has_for_good(list, subject.certificate) {
            return Ok(None);
        }
        let signer = match signer::of_list(list, self.signers, subject, asking)? {
            Ok(signer) => signer,
            Err(why) => {
                self.why = why.into();
                return Ok(None);
            }
        };
        let delta = newest_delta(list, lists, &signer, asking)?;
        let mut said = say(list, delta, subject.certificate, asking);
        // That it was revoked before the signature counts, whoever tells of it; that it was not by then, only from what
        // is proved.
        if said.clears(asking.control) && delta.is_some_and(|delta| !asking.vouches(&data(delta))) {
            heed(subject, said.evidence.status, asking);
            said = say(list, None, subject.certificate, asking);
        }
        if said.clears(asking.control) && !asking.vouches(&data(list)) {
            heed(subject, said.evidence.status, asking);
            self.unproven = true;
            return Ok(None);
        }
        // RFC 5280 section 5: entries may be taken off after expiry, so a later list proves nothing by silence.
        let is_good = said.is_good();
        if is_good && said.evidence.as_of > subject.certificate.validity().not_after {
            self.why = ListFault::AfterExpiry.into();
            return Ok(None);
        }
        match is_good {
            false => return Ok(Some(said)),
            true if !said.is_fresh => self.stale = self.stale.take().or(Some(said)),
            true => {
                self.reasons = self.reasons.or(reasons);
                self.good = self.good.take().or(Some(said));
            }
        }
        Ok(None)
    }

    /// RFC 5280 section 6.3.3, last paragraph: without an answer for every reason the status is not known.
    fn conclude(self) -> Finding {
        match (self.good, self.stale) {
            (Some(said), _) if self.reasons == Reasons::ALL => Finding::Known(said),
            (_, Some(said)) => Finding::Known(said),
            (Some(_), None) => Finding::Unknown(ListFault::SomeReasons.into()),
            (None, None) if self.unproven => Finding::Unproven,
            (None, None) => Finding::Unknown(self.why),
        }
    }
}

/// Whether a list has the certificate for a reason that nobody takes back.
fn has_for_good(list: &Crl, certificate: &Certificate) -> bool {
    let entry = list.entry(certificate.issuer(), certificate.serial());
    entry.is_some_and(|entry| entry.reason.is_for_good())
}

/// Lists issued under a name, the newest first.
fn lists_of(issuer: &Name, asking: &mut Asking<'_>) -> Result<Vec<Crl>, Exhausted> {
    let mut lists = Vec::new();
    let known = (!asking.query.is_brought_alone).then(|| asking.snapshot.crls_of(issuer));
    for list in known.into_iter().flatten().chain(asking.query.crls) {
        asking.work.links.budget.candidate(list.issuer())?;
        if list.issuer() == issuer {
            lists.push(list.clone());
        }
    }
    lists.sort_by_key(|list| Reverse(list.this_update()));
    lists.dedup();
    Ok(lists)
}

/// Whether anything can be concluded from a list at all.
fn usable(list: &Crl, query: &Query<'_>) -> Result<(), ListFault> {
    if list.this_update() > query.time {
        return Err(ListFault::Future(list.this_update()));
    }
    // RFC 5280 section 5.2: not from one with a critical extension that is not processed.
    if let Some(oid) = list.unknown_critical() {
        return Err(ListFault::Extension(oid.to_owned()));
    }
    match query.conformance {
        Conformance::PathOnly => Ok(()),
        Conformance::Profile => conforms(list),
    }
}

/// What RFC 5280 section 5 asks of those who issue lists.
fn conforms(list: &Crl) -> Result<(), ListFault> {
    let extensions = list.extensions();
    let require = |is_met: bool, clause, rule| is_met.then_some(()).ok_or(ListFault::Form { clause, rule });
    let number = extensions.crl_number.as_ref();
    require(
        number.is_some_and(|number| !number.critical),
        "5.2.3",
        "cRLNumber is present and not critical",
    )?;
    require(list.next_update().is_some(), "5.1.2.5", "nextUpdate is present")?;
    let delta = extensions.delta_crl_indicator.as_ref();
    require(
        delta.is_none_or(|delta| delta.critical),
        "5.2.4",
        "deltaCRLIndicator is critical",
    )?;
    let point = extensions.issuing_distribution_point.as_ref();
    require(
        point.is_none_or(|point| point.critical),
        "5.2.5",
        "issuingDistributionPoint is critical",
    )
}

/// The newest usable delta list that continues `complete` and was signed by the same key (RFC 5280 section 6.3.3 (c)
/// and (h)).
fn newest_delta<'l>(
    complete: &Crl,
    lists: &'l [Crl],
    signer: &Certificate,
    asking: &mut Asking<'_>,
) -> Result<Option<&'l Crl>, Exhausted> {
    let Ok(key) = signer.public_key() else { return Ok(None) };
    for delta in lists.iter().filter(|list| delta::continues(list, complete)) {
        asking.work.links.budget.candidate(delta.issuer())?;
        if usable(delta, asking.query).is_ok() && signer::signed(key, delta, asking)? {
            return Ok(Some(delta));
        }
    }
    Ok(None)
}

/// What a complete list and its delta say (RFC 5280 section 6.3.3 (i) to (k)).
fn say(complete: &Crl, delta: Option<&Crl>, certificate: &Certificate, asking: &Asking<'_>) -> Said {
    let entry = |list: &Crl| list.entry(certificate.issuer(), certificate.serial());
    let listed = entry(complete);
    // A delta takes a hold off, and what has expired, on which lists prove nothing any more.
    let stands = listed.as_ref().is_some_and(|entry| entry.reason.is_for_good());
    let changed = delta
        .and_then(entry)
        .filter(|entry| !stands || entry.reason != RevocationReason::RemoveFromCrl);
    let decided_by_delta = changed.is_some();
    let status = match changed.or(listed) {
        Some(entry) if entry.reason != RevocationReason::RemoveFromCrl => revoked(&entry),
        _ => RevocationStatus::Good,
    };
    let newest = delta.unwrap_or(complete);
    let decisive = match status {
        RevocationStatus::Revoked { .. } if !decided_by_delta => complete,
        _ => newest,
    };
    let ended = [complete, newest]
        .into_iter()
        .filter_map(|list| data(list).ended(asking.snapshot));
    Said {
        is_fresh: asking.is_fresh(newest.next_update()) || asking.is_fresh(complete.next_update()),
        is_vouched: asking.vouches(&data(decisive)),
        ended: ended.min(),
        evidence: RevocationEvidence {
            subject: certificate.subject().to_string(),
            source: RevocationSource::List,
            fingerprint: *decisive.fingerprint(),
            as_of: decisive.this_update(),
            next_update: decisive.next_update(),
            status,
        },
    }
}

fn data(list: &Crl) -> Data<'_> {
    Data {
        fingerprint: list.fingerprint(),
        made: list.this_update(),
        algorithm: list.signature_algorithm(),
    }
}
