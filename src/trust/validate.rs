//! Validation of one certificate: the question, and the verdict that follows from the best path.

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::path::{Search, Stop};
use super::work::Work;
use super::{
    Allowance, Conformance, Effort, Existence, ExpectedName, Indication, PolicySettings, Purpose, Reason, Revocation,
    Snapshot, SubIndication, Validation,
};
use crate::x509::{Certificate, Crl, OcspResponse, RevocationReason};

/// What is asked about a certificate.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// The certificate.
    pub target: &'a Certificate,
    /// What it is to be relied on for.
    pub purpose: Purpose,
    /// The present.
    pub time: DateTime<Utc>,
    /// The earliest time at which what it signed is proved to have existed (a time stamp, a ledger entry). A claimed
    /// signing time proves nothing. It proves the target too, which the signature names (RFC 5035).
    pub proven_at: Option<DateTime<Utc>>,
    /// Since when certificates and revocation data are proved to exist; what is not in it, at the present only.
    pub existence: Option<&'a Existence>,
    /// The time at which the authority must have been recognised, where that is not the proven one: for time stamps,
    /// the stamped time, since the status of a service on a list is that of when it acted (ETSI TS 119 612 section
    /// 5.5.5). An authority that lost its status for what touches its honesty is not believed about that time: the
    /// proven one must be older than the loss.
    pub recognised_at: Option<DateTime<Utc>>,
    /// A time before which what it signed is proved not to have existed (a content time stamp).
    pub created_after: Option<DateTime<Utc>>,
    /// How much a missing answer about revocation weighs.
    pub revocation: Revocation,
    /// What is asked of the policies of the path.
    pub policies: PolicySettings,
    /// A name that the target must have.
    pub expected_name: Option<&'a ExpectedName>,
    /// How strictly certificates are read.
    pub conformance: Conformance,
    /// Certificates that came with the document; nothing is believed of them.
    pub certificates: &'a [Certificate],
    /// Lists that came with the document; nothing is believed of them.
    pub crls: &'a [Crl],
    /// Status responses that came with the document; nothing is believed of them.
    pub ocsp_responses: &'a [OcspResponse],
    /// Whether of lists and responses only those count that came with the document, and none that is at hand besides.
    pub is_brought_alone: bool,
    /// Work that it shares with other validations for the same document.
    pub allowance: Option<&'a Allowance>,
}

impl<'a> Query<'a> {
    /// Whether `target` can be relied on for `purpose` at `time`, the present, with revocation asked strictly.
    pub fn new(target: &'a Certificate, purpose: Purpose, time: DateTime<Utc>) -> Self {
        Self {
            target,
            purpose,
            time,
            proven_at: None,
            existence: None,
            recognised_at: None,
            created_after: None,
            revocation: Revocation::HardFail,
            policies: PolicySettings::default(),
            expected_name: None,
            conformance: Conformance::PathOnly,
            certificates: &[],
            crls: &[],
            ocsp_responses: &[],
            is_brought_alone: false,
            allowance: None,
        }
    }

    /// With a proof that what it signed existed at `time`.
    #[must_use]
    pub fn proven_at(mut self, time: DateTime<Utc>) -> Self {
        self.proven_at = Some(time);
        self
    }

    /// With proofs that certificates and revocation data existed.
    #[must_use]
    pub fn existing(mut self, proofs: &'a Existence) -> Self {
        self.existence = Some(proofs);
        self
    }

    /// Asking whether the authority was recognised at `time`, not at the proven time.
    #[must_use]
    pub fn recognised_at(mut self, time: DateTime<Utc>) -> Self {
        self.recognised_at = Some(time);
        self
    }

    /// With a proof that what it signed did not exist before `time`.
    #[must_use]
    pub fn created_after(mut self, time: DateTime<Utc>) -> Self {
        self.created_after = Some(time);
        self
    }

    /// With another weight of missing answers about revocation.
    #[must_use]
    pub fn revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
        self
    }

    /// With policies that must hold.
    #[must_use]
    pub fn policies(mut self, policies: PolicySettings) -> Self {
        self.policies = policies;
        self
    }

    /// With a name that the target must have.
    #[must_use]
    pub fn expecting(mut self, name: &'a ExpectedName) -> Self {
        self.expected_name = Some(name);
        self
    }

    /// Read as strictly as this.
    #[must_use]
    pub fn conformance(mut self, conformance: Conformance) -> Self {
        self.conformance = conformance;
        self
    }

    /// With certificates and lists that came with the document.
    #[must_use]
    pub fn with(mut self, certificates: &'a [Certificate], crls: &'a [Crl]) -> Self {
        self.certificates = certificates;
        self.crls = crls;
        self
    }

    /// With status responses that came with the document.
    #[must_use]
    pub fn with_ocsp_responses(mut self, responses: &'a [OcspResponse]) -> Self {
        self.ocsp_responses = responses;
        self
    }

    /// Out of the work that is left for a document.
    #[must_use]
    pub fn within(self, allowance: &'a Allowance) -> Self {
        Self {
            allowance: Some(allowance),
            ..self
        }
    }

    /// The time in question: the proven one, else the present. A proof from the future proves nothing more.
    pub(super) fn reference_time(&self) -> DateTime<Utc> {
        self.proven_at.map_or(self.time, |proven| proven.min(self.time))
    }

    /// The time at which the status of the authority counts.
    pub(super) fn recognition_time(&self) -> DateTime<Utc> {
        self.recognised_at.unwrap_or_else(|| self.reference_time())
    }

    /// When the target stamped, where that was before it was revoked for a reason that touches no earlier stamp (RFC
    /// 3161 section 4).
    pub(super) fn stamped_before(&self, since: DateTime<Utc>, reason: RevocationReason) -> Option<DateTime<Utc>> {
        let is_harmless = self.purpose == Purpose::TimeStamping && reason.is_harmless();
        self.recognised_at.filter(|stamped| is_harmless && *stamped < since)
    }

    /// Since when an object is proved to exist; the present where nothing is proved.
    pub(super) fn proof_of(&self, fingerprint: &[u8; 32]) -> Option<DateTime<Utc>> {
        self.existence.and_then(|proofs| proofs.since(fingerprint))
    }
}

/// Judges a certificate (ETSI EN 319 102-1 sections 5.2.6, 5.6.2.1 and 5.6.2.4). Never fails: the verdict says what is
/// wrong.
pub fn validate(query: &Query<'_>, snapshot: &Snapshot) -> Validation {
    let mut work = Work::new(query, snapshot);
    if let Some(allowance) = query.allowance {
        allowance.lend(&mut work.links);
    }
    let mut search = Search::new(query, snapshot, &mut work);
    let outcome = search.run();
    let (best, mut attempts) = (search.best.take(), std::mem::take(&mut search.attempts));
    let effort = Effort {
        signature_checks: work.links.budget.signature_checks_used(),
        candidates: work.links.budget.candidates_used(),
    };
    if let Some(allowance) = query.allowance {
        allowance.settle(&mut work.links);
    }
    let mut validation = Validation {
        indication: Indication::Indeterminate(SubIndication::NoCertificateChainFound),
        path: vec![query.target.clone()],
        anchor: None,
        recognition: None,
        is_own: false,
        reasons: Vec::new(),
        notes: Vec::new(),
        revocation: Vec::new(),
        policies: Vec::new(),
        attempts: Vec::new(),
        time: query.time,
        proven_at: query.proven_at,
        control_time: query.time,
        list_sequence: snapshot.list_sequence(),
        effort,
    };
    match best {
        Some(best) => {
            validation.path = best.path;
            validation.anchor = Some(best.anchor);
            validation.recognition = best.recognition;
            validation.is_own = best.is_own;
            validation.reasons = best.reasons;
            validation.notes = best.notes;
            validation.revocation = best.revocation;
            validation.policies = best.policies;
            validation.control_time = best.control_time;
        }
        None => validation
            .reasons
            .push(furthest(&mut attempts).unwrap_or_else(|| no_path(query.target))),
    }
    // Work used up before any path passed: whatever was found is not the last word.
    if let ControlFlow::Break(Stop::Exhausted(exhausted)) = outcome {
        let reason = Reason::BudgetExhausted {
            what: exhausted.what,
            limit: exhausted.limit,
        };
        validation.reasons.insert(0, reason);
    }
    validation.attempts = attempts;
    validation.indication = match validation.reasons.first() {
        Some(reason) => indication(reason, query),
        // Nothing passes but a path up to an anchor in which nothing was found.
        None if validation.anchor.is_some() => Indication::Passed,
        None => validation.indication,
    };
    validation
}

fn no_path(target: &Certificate) -> Reason {
    Reason::NoPath {
        subject: target.subject().to_string(),
        issuer: target.issuer().to_string(),
    }
}

/// The reason of the attempt that came furthest, taken out of the list.
fn furthest(attempts: &mut Vec<super::Attempt>) -> Option<Reason> {
    let (position, _) = attempts
        .iter()
        .enumerate()
        .max_by_key(|(_, attempt)| (attempt.reason.rank(), attempt.subjects.len()))?;
    Some(attempts.remove(position).reason)
}

/// INDETERMINATE, unless it is proved that the signature was made when the certificate could not be used
/// (ETSI EN 319 102-1 section 5.5.4).
fn indication(reason: &Reason, query: &Query<'_>) -> Indication {
    let created_after = |limit: DateTime<Utc>| query.created_after.is_some_and(|created| created > limit);
    let validity = query.target.validity();
    match reason {
        Reason::Revoked {
            authority: false,
            since,
            ..
        } if created_after(*since) => Indication::Failed(SubIndication::Revoked),
        Reason::Expired { .. } if created_after(validity.not_after) => Indication::Failed(SubIndication::Expired),
        Reason::NotYetValid { .. } if query.proven_at.is_some_and(|proven| proven < validity.not_before) => {
            Indication::Failed(SubIndication::NotYetValid)
        }
        _ => Indication::Indeterminate(reason.sub_indication(query.proven_at.is_some())),
    }
}
