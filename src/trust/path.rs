//! Finds paths from the target to an anchor, depth first, the nearest anchor first (RFC 4158).
//!
//! Twice, at most. The first search drops a certificate as soon as something is wrong with it, and ends with the first
//! path that passes. Only where there is none, the second follows what is wrong too, to say of the path that came
//! furthest why it fails. A candidate is compared by name and key identifier before its signature is checked.

use std::ops::ControlFlow;

use super::budget::{Exhausted, MAX_ATTEMPTS_KEPT, MAX_PATH_LENGTH, MAX_PATHS_EXPLAINED};
use super::past::Control;
use super::work::Work;
use super::{
    Anchor, Attempt, Query, Reason, Recognition, Revocation, RevocationEvidence, Snapshot, SubIndication, chain,
    policy, revocation,
};
use crate::x509::Certificate;
use chrono::{DateTime, Utc};

/// A complete path and what is wrong with it.
#[derive(Debug)]
pub(super) struct Judged {
    /// Target first, anchor last.
    pub(super) path: Vec<Certificate>,
    /// Name of the anchor.
    pub(super) anchor: String,
    /// The anchor's recognition at the time that counts.
    pub(super) recognition: Option<Recognition>,
    /// Whether it stays among the authorities of whoever judges.
    pub(super) is_own: bool,
    /// Most fundamental first; empty when it passes.
    pub(super) reasons: Vec<Reason>,
    pub(super) notes: Vec<Reason>,
    pub(super) revocation: Vec<RevocationEvidence>,
    /// The last moment at which all of it could be relied on.
    pub(super) control_time: DateTime<Utc>,
    /// The user-constrained policy set.
    pub(super) policies: Vec<der::asn1::ObjectIdentifier>,
}

/// Why the search ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A path passes.
    Found,
    /// Enough is known about why none does.
    Explained,
    /// The work is used up.
    Exhausted(Exhausted),
}

impl From<Exhausted> for Stop {
    fn from(exhausted: Exhausted) -> Self {
        Self::Exhausted(exhausted)
    }
}

/// What is done with a certificate with which something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It is dropped.
    Find,
    /// It is followed, to say what is wrong with the whole path.
    Explain,
}

/// One search.
pub(super) struct Search<'s> {
    query: &'s Query<'s>,
    snapshot: &'s Snapshot,
    work: &'s mut Work,
    /// The only anchor that counts, where that is given.
    only: Option<&'s Anchor>,
    mode: Mode,
    /// Target first, as far as it goes.
    path: Vec<Certificate>,
    /// What is wrong with each of `path`, in their order.
    faults: Vec<Vec<Reason>>,
    explained: u32,
    /// The complete path that came furthest.
    pub(super) best: Option<Judged>,
    /// Paths that ended before an anchor, or failed at it.
    pub(super) attempts: Vec<Attempt>,
}

impl<'s> Search<'s> {
    pub(super) fn new(query: &'s Query<'s>, snapshot: &'s Snapshot, work: &'s mut Work) -> Self {
        Self {
            query,
            snapshot,
            work,
            only: None,
            mode: Mode::Find,
            path: Vec::new(),
            faults: Vec::new(),
            explained: 0,
            best: None,
            attempts: Vec::new(),
        }
    }

    /// To this anchor alone.
    pub(super) fn to(mut self, anchor: &'s Anchor) -> Self {
        self.only = Some(anchor);
        self
    }

    /// Searches until a path passes or nothing is left to try, and does not ask why.
    pub(super) fn find(mut self) -> ControlFlow<Stop> {
        self.pass(Mode::Find)
    }

    /// Searches until a path passes, nothing is left to try, or the work is used up.
    pub(super) fn run(&mut self) -> ControlFlow<Stop> {
        self.pass(Mode::Find)?;
        match self.pass(Mode::Explain) {
            ControlFlow::Break(Stop::Found) => ControlFlow::Break(Stop::Found),
            // That none passes is known already: what could be explained within the work that was left is.
            _ => ControlFlow::Continue(()),
        }
    }

    fn pass(&mut self, mode: Mode) -> ControlFlow<Stop> {
        self.mode = mode;
        self.attempts.clear();
        let target = self.query.target;
        self.path = vec![target.clone()];
        self.faults = vec![chain::target(target, self.query, self.snapshot.algorithms())];
        if mode == Mode::Find && !self.faults[0].is_empty() {
            return ControlFlow::Continue(());
        }
        // A target that is an anchor needs no other: the very certificate that was recognised, not one with its name
        // and key, which says of itself what nobody signed.
        for anchor in self.snapshot.anchors_named(target.subject()) {
            if self.counts(anchor) && anchor.certificate == *target {
                self.judge(anchor)?;
            }
        }
        self.extend()
    }

    /// Goes on from the last certificate of the path.
    fn extend(&mut self) -> ControlFlow<Stop> {
        let Some(current) = self.path.last().cloned() else {
            return ControlFlow::Continue(());
        };
        let mut led_somewhere = false;
        for anchor in self.snapshot.anchors_named(current.issuer()) {
            stop(self.work.links.budget.candidate(current.issuer()))?;
            if self.counts(anchor)
                && (!self.is_on_path(&anchor.certificate) || self.is_issued_to_itself(&current, anchor))
                && self.is_issuer(&current, &anchor.certificate)?
            {
                led_somewhere = true;
                self.path.push(anchor.certificate.clone());
                let judged = self.judge(anchor);
                self.path.pop();
                judged?;
            }
        }
        if self.path.len() + 1 >= MAX_PATH_LENGTH {
            self.note(Reason::BudgetExhausted {
                what: "certificates on the path",
                limit: u32::try_from(MAX_PATH_LENGTH).unwrap_or(u32::MAX),
            });
            return ControlFlow::Continue(());
        }
        let (bag, budget) = (&self.work.bag, &mut self.work.links.budget);
        let mut candidates = stop(bag.issuers_of(&current, self.query, self.snapshot, budget))?;
        if self.mode == Mode::Find && candidates.len() > 1 {
            candidates.retain(|candidate| bag.reaches_an_anchor(candidate, self.snapshot));
        }
        for candidate in candidates {
            if self.is_on_path(&candidate) || self.is_withdrawn(&candidate) || !self.is_issuer(&current, &candidate)? {
                continue;
            }
            led_somewhere = true;
            self.follow(candidate)?;
        }
        if !led_somewhere {
            let (subject, issuer) = (current.subject().to_string(), current.issuer().to_string());
            self.note(Reason::NoPath { subject, issuer });
        }
        ControlFlow::Continue(())
    }

    /// Goes on through an authority, unless something is wrong with it and that is not to be followed.
    fn follow(&mut self, candidate: Certificate) -> ControlFlow<Stop> {
        let mut faults = chain::authority(&candidate, self.query, self.snapshot.algorithms());
        faults.extend(stop(chain::below(&candidate, &self.path, &mut self.work.links.budget))?);
        self.path.push(candidate);
        let followed = match faults.iter().min_by_key(|reason| reason.rank()) {
            Some(reason) if self.mode == Mode::Find => {
                self.note(reason.clone());
                ControlFlow::Continue(())
            }
            _ => {
                self.faults.push(faults);
                let extended = self.extend();
                self.faults.pop();
                extended
            }
        };
        self.path.pop();
        followed
    }

    fn counts(&self, anchor: &Anchor) -> bool {
        self.only.is_none_or(|only| only.certificate == anchor.certificate)
    }

    /// No name with its key comes twice on a path (RFC 4158 section 2.4.2), be it an anchor's: a round through other
    /// domains would bring policies that nobody mapped for those below.
    fn is_on_path(&self, candidate: &Certificate) -> bool {
        self.path.iter().any(|other| other.is_of_same_authority(candidate))
    }

    /// Whether the authority is an anchor that is expressly not relied on for what is asked, or not believed, or has
    /// the compromised key of one: then no other anchor's certificate brings it back.
    fn is_withdrawn(&mut self, candidate: &Certificate) -> bool {
        let (service, at) = (self.query.purpose.service(), self.query.recognition_time());
        let withdrawn = self
            .snapshot
            .anchors_about(candidate, [at, self.query.time])
            .find_map(|anchor| {
                let withdrawn = anchor.is_withdrawn(service, at);
                let reason = withdrawn.then(|| chain::not_recognised(anchor, self.query));
                reason.or_else(|| chain::doubted(anchor, self.query))
            });
        let is_withdrawn = withdrawn.is_some();
        if let Some(reason) = withdrawn {
            self.note(reason);
        }
        is_withdrawn
    }

    /// Whether the target is another certificate of an anchor's own name and key: issued by the anchor like any other,
    /// if it signed it.
    fn is_issued_to_itself(&self, current: &Certificate, anchor: &Anchor) -> bool {
        self.path.len() == 1 && anchor.certificate != *current && anchor.certificate.is_of_same_authority(current)
    }

    /// Whether `issuer` made the signature on `current`.
    fn is_issuer(&mut self, current: &Certificate, issuer: &Certificate) -> ControlFlow<Stop, bool> {
        let subject = || current.subject().to_string();
        let key = match issuer.public_key() {
            Ok(key) => key,
            Err(error) => {
                self.note(Reason::Unsupported {
                    subject: subject(),
                    cause: error.to_string(),
                });
                return ControlFlow::Continue(false);
            }
        };
        let verified = self.work.links.verify(key, current);
        let Err(error) = stop(verified)? else {
            return ControlFlow::Continue(true);
        };
        let reason = if error.is_mismatch() {
            Reason::SignatureMismatch {
                subject: subject(),
                issuer: issuer.subject().to_string(),
            }
        } else {
            Reason::Unsupported {
                subject: subject(),
                cause: error.to_string(),
            }
        };
        self.note(reason);
        ControlFlow::Continue(false)
    }

    /// Judges the path, which is complete: its last certificate is the anchor's, or the target is the anchor.
    fn judge(&mut self, anchor: &Anchor) -> ControlFlow<Stop> {
        let budget = &mut self.work.links.budget;
        match self.mode {
            Mode::Find => stop(budget.path())?,
            Mode::Explain if self.explained == MAX_PATHS_EXPLAINED => return ControlFlow::Break(Stop::Explained),
            Mode::Explain => self.explained += 1,
        }
        let below = &self.path[..self.path.len().saturating_sub(1).max(1)];
        let mut reasons: Vec<Reason> = self.faults.iter().flatten().cloned().collect();
        reasons.extend(chain::anchor(anchor, self.query, self.snapshot.algorithms()));
        let is_own = self.snapshot.stays_own(&self.path, anchor);
        // Which bodies are ours says nothing of those to whose authorities a cross-certificate of ours leads: its terms
        // do.
        reasons.extend(if is_own || !anchor.is_own {
            chain::region(anchor, self.query)
        } else {
            chain::claimed(self.snapshot, &self.path, self.query)
        });
        if self.path.len() > 1 {
            reasons.extend(stop(chain::below(&anchor.certificate, below, budget))?);
            reasons.extend(stop(chain::below_anchor(anchor, below, budget))?);
        }
        let initial = policy::Initial::new(&self.query.policies, anchor);
        let policies = match stop(policy::process(below.iter().rev(), &initial, budget))? {
            Ok(policies) => policies,
            Err(reason) => {
                reasons.push(reason);
                Vec::new()
            }
        };
        let mut judged = Judged {
            path: self.path.clone(),
            anchor: anchor.name.clone(),
            recognition: anchor.recognition_at(self.query.purpose.service(), self.query.recognition_time()),
            is_own,
            reasons,
            notes: Vec::new(),
            revocation: Vec::new(),
            control_time: self.query.time,
            policies,
        };
        if self.mode == Mode::Explain || judged.reasons.is_empty() {
            self.slide(anchor, &mut judged)?;
        }
        judged.reasons.sort_by_key(Reason::rank);
        let passes = judged.reasons.is_empty();
        self.keep(judged);
        if passes {
            ControlFlow::Break(Stop::Found)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Follows the control time down the path (ETSI EN 319 102-1 section 5.6.2.2): what has come since the proven time
    /// is a note, what had come before it is why the path fails.
    fn slide(&mut self, anchor: &Anchor, judged: &mut Judged) -> ControlFlow<Stop> {
        let mut control = self.control(anchor, judged);
        for (depth, pair) in self.path.windows(2).enumerate().rev() {
            let [certificate, issuer] = pair else { continue };
            self.rely(certificate, depth, &mut control, judged);
            if self.query.revocation == Revocation::Off {
                continue;
            }
            let subject = revocation::Subject {
                certificate,
                issuer,
                anchor,
                is_authority: depth > 0,
            };
            let mut asking = revocation::Asking {
                query: self.query,
                snapshot: self.snapshot,
                work: self.work,
                control: &mut control,
            };
            let asked = revocation::ask(subject, &mut asking);
            let answer = stop(asked)?;
            judged.revocation.extend(answer.evidence);
            judged.reasons.extend(answer.reason);
            judged.notes.extend(answer.note);
        }
        judged.revocation.reverse();
        judged.control_time = control.at();
        ControlFlow::Continue(())
    }

    /// The control time at the anchor: the present, or the end of its recognition. For what asks for its status at
    /// another time, it is the beginning of a doubt about that.
    fn control(&self, anchor: &Anchor, judged: &mut Judged) -> Control {
        let query = self.query;
        let service = query.purpose.service();
        let mut control = Control::new(query.time, query.reference_time());
        if query.recognised_at.is_some() {
            if let Some(doubt) = service.and_then(|service| anchor.doubt(service, query.time)) {
                control.slide_before(doubt.since, SubIndication::ChainConstraintsFailure);
            }
            return control;
        }
        let proven_at = query.reference_time();
        if let Some(until) = anchor.recognised_until(service, proven_at, query.time)
            && control.slide_before(until, SubIndication::ChainConstraintsFailure)
        {
            judged.notes.push(Reason::WithdrawnLater {
                anchor: anchor.name.clone(),
                until,
                proven_at,
            });
        }
        control
    }

    /// Whether a certificate rests on what could be relied on at the control time, and existed then. That algorithms
    /// had not ended at the proven time was asked on the way up.
    fn rely(&self, certificate: &Certificate, depth: usize, control: &mut Control, judged: &mut Judged) {
        for (_, ended) in chain::ended(certificate, self.snapshot.algorithms()) {
            control.slide(ended, SubIndication::CryptoConstraintsFailureNoPoe);
        }
        let proof = self.query.proof_of(certificate.fingerprint());
        // The signature in question names the certificate of its signer. It names none for signers of lists and
        // responses.
        let named = self.query.proven_at.filter(|_| depth == 0 && self.only.is_none());
        let proof = proof.into_iter().chain(named).min();
        if !control.admits(proof) {
            judged.reasons.push(Reason::CertificateNotProven {
                subject: certificate.subject().to_string(),
                at: control.at(),
                status: control.status(),
            });
        }
    }

    /// Keeps the path that came furthest; the other becomes an attempt.
    fn keep(&mut self, judged: Judged) {
        let rank = |judged: &Judged| judged.reasons.first().map_or(u8::MAX, Reason::rank);
        let beaten = match self.best.take() {
            Some(best) if rank(&best) >= rank(&judged) => {
                self.best = Some(best);
                Some(judged)
            }
            best => {
                self.best = Some(judged);
                best
            }
        };
        if let Some(Judged { path, reasons, .. }) = beaten
            && let Some(reason) = reasons.into_iter().next()
        {
            self.note_of(&path, reason);
        }
    }

    fn note(&mut self, reason: Reason) {
        let path = std::mem::take(&mut self.path);
        self.note_of(&path, reason);
        self.path = path;
    }

    fn note_of(&mut self, path: &[Certificate], reason: Reason) {
        if self.attempts.len() < MAX_ATTEMPTS_KEPT {
            let subjects = path
                .iter()
                .map(|certificate| certificate.subject().to_string())
                .collect();
            self.attempts.push(Attempt { subjects, reason });
        }
    }
}

fn stop<T>(result: Result<T, Exhausted>) -> ControlFlow<Stop, T> {
    match result {
        Ok(value) => ControlFlow::Continue(value),
        Err(exhausted) => ControlFlow::Break(exhausted.into()),
    }
}
