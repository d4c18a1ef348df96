//! Finds paths from the target to an anchor, depth first (RFC 4158).
//!
//! A candidate is compared by name and key identifier before its signature is checked, links are verified as the path
//! grows, and each complete path is judged at once: the first that passes ends the search, the best of the others is kept.

use std::ops::ControlFlow;

use super::budget::{Exhausted, MAX_ATTEMPTS_KEPT, MAX_PATH_LENGTH};
use super::cache::Links;
use super::{Anchor, Attempt, Query, Reason, Revocation, RevocationEvidence, Snapshot, chain, revocation};
use crate::x509::Certificate;

/// A complete path and what is wrong with it.
#[derive(Debug)]
pub(super) struct Judged {
    /// Target first, anchor last.
    pub(super) path: Vec<Certificate>,
    /// Name of the anchor.
    pub(super) anchor: String,
    /// Most fundamental first; empty when it passes.
    pub(super) reasons: Vec<Reason>,
    pub(super) notes: Vec<Reason>,
    pub(super) revocation: Vec<RevocationEvidence>,
}

/// Why the search ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A path passes.
    Found,
    /// The work is used up.
    Exhausted(Exhausted),
}

impl From<Exhausted> for Stop {
    fn from(exhausted: Exhausted) -> Self {
        Self::Exhausted(exhausted)
    }
}

/// One search.
#[derive(Debug)]
pub(super) struct Search<'a> {
    query: &'a Query<'a>,
    snapshot: &'a Snapshot,
    pub(super) links: Links<'a>,
    /// The complete path that came furthest.
    pub(super) best: Option<Judged>,
    /// Paths that ended before an anchor, or failed at it.
    pub(super) attempts: Vec<Attempt>,
}

impl<'a> Search<'a> {
    pub(super) fn new(query: &'a Query<'a>, snapshot: &'a Snapshot) -> Self {
        let links = Links::new(snapshot.cache());
        Self {
            query,
            snapshot,
            links,
            best: None,
            attempts: Vec::new(),
        }
    }

    /// Searches until a path passes, nothing is left to try, or the work is used up.
    pub(super) fn run(&mut self) -> ControlFlow<Stop> {
        let target = self.query.target;
        let mut path = vec![target.clone()];
        for anchor in self.snapshot.anchors_named(target.subject()) {
            if anchor.certificate.public_key_info() == target.public_key_info() {
                self.judge(&path, anchor)?;
            }
        }
        self.extend(&mut path)
    }

    fn extend(&mut self, path: &mut Vec<Certificate>) -> ControlFlow<Stop> {
        let Some(current) = path.last().cloned() else {
            return ControlFlow::Continue(());
        };
        let mut led_somewhere = false;
        for anchor in self.snapshot.anchors_named(current.issuer()) {
            if self.is_issuer(&current, &anchor.certificate, path)? {
                led_somewhere = true;
                path.push(anchor.certificate.clone());
                let judged = self.judge(path, anchor);
                path.pop();
                judged?;
            }
        }
        if path.len() + 1 >= MAX_PATH_LENGTH {
            let limit = u32::try_from(MAX_PATH_LENGTH).unwrap_or(u32::MAX);
            self.note(
                path,
                Reason::BudgetExhausted {
                    what: "certificates on the path",
                    limit,
                },
            );
            return ControlFlow::Continue(());
        }
        for candidate in self.candidates(&current) {
            if self.is_on_path(&candidate, path) || !self.is_issuer(&current, &candidate, path)? {
                continue;
            }
            led_somewhere = true;
            path.push(candidate);
            let extended = self.extend(path);
            path.pop();
            extended?;
        }
        if !led_somewhere {
            let (subject, issuer) = (current.subject().to_string(), current.issuer().to_string());
            self.note(path, Reason::NoPath { subject, issuer });
        }
        ControlFlow::Continue(())
    }

    /// Certificates with the right name, those valid at the time in question first.
    fn candidates(&self, current: &Certificate) -> Vec<Certificate> {
        let offered = self
            .query
            .certificates
            .iter()
            .filter(|offered| offered.subject() == current.issuer());
        let known = self.snapshot.intermediates_named(current.issuer());
        let mut candidates: Vec<Certificate> = offered.chain(known).cloned().collect();
        let at = self.query.reference_time();
        candidates.sort_by_key(|candidate| !candidate.validity().contains(at));
        candidates
    }

    /// No name with its key comes twice on a path (RFC 4158 section 2.4.2), an anchor's neither.
    fn is_on_path(&self, candidate: &Certificate, path: &[Certificate]) -> bool {
        let same = |other: &Certificate| {
            other.public_key_info() == candidate.public_key_info() && other.subject() == candidate.subject()
        };
        path.iter().any(same)
            || self
                .snapshot
                .anchors_named(candidate.subject())
                .any(|anchor| same(&anchor.certificate))
    }

    /// Whether `issuer` issued `current`: key identifiers agree and the signature holds.
    fn is_issuer(
        &mut self,
        current: &Certificate,
        issuer: &Certificate,
        path: &[Certificate],
    ) -> ControlFlow<Stop, bool> {
        stop(self.links.budget.candidate())?;
        let named = current.extensions().authority_key_identifier.as_ref();
        let named = named.and_then(|found| found.value.key_identifier.as_deref());
        if named
            .zip(issuer.key_identifier())
            .is_some_and(|(named, identifier)| named != identifier)
        {
            return ControlFlow::Continue(false);
        }
        let subject = current.subject().to_string();
        let key = match issuer.public_key() {
            Ok(key) => key,
            Err(error) => {
                self.note(
                    path,
                    Reason::Unsupported {
                        subject,
                        cause: error.to_string(),
                    },
                );
                return ControlFlow::Continue(false);
            }
        };
        let verified = self
            .links
            .verify(key, current.fingerprint(), || current.verify_signed_by(key));
        let Err(error) = stop(verified)? else {
            return ControlFlow::Continue(true);
        };
        let reason = if error.is_mismatch() {
            Reason::SignatureMismatch {
                subject,
                issuer: issuer.subject().to_string(),
            }
        } else {
            Reason::Unsupported {
                subject,
                cause: error.to_string(),
            }
        };
        self.note(path, reason);
        ControlFlow::Continue(false)
    }

    fn judge(&mut self, path: &[Certificate], anchor: &Anchor) -> ControlFlow<Stop> {
        let mut judged = Judged {
            path: path.to_vec(),
            anchor: anchor.name.clone(),
            reasons: chain::check(path, anchor, self.query),
            notes: Vec::new(),
            revocation: Vec::new(),
        };
        if self.query.revocation != Revocation::Off {
            for (depth, pair) in path.windows(2).enumerate().rev() {
                let [certificate, issuer] = pair else { continue };
                let asked = revocation::ask(
                    certificate,
                    depth > 0,
                    issuer,
                    self.query,
                    self.snapshot,
                    &mut self.links,
                );
                let answer = stop(asked)?;
                judged.revocation.extend(answer.evidence);
                judged.reasons.extend(answer.reason);
                judged.notes.extend(answer.note);
            }
            judged.revocation.reverse();
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
            self.note(&path, reason);
        }
    }

    fn note(&mut self, path: &[Certificate], reason: Reason) {
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
