//! Which certificates may have issued another, the most promising first (RFC 4158 section 3.5).

use std::cell::OnceCell;
use std::collections::{HashMap, VecDeque};

use super::budget::MAX_PATH_LENGTH;
use super::{Query, Snapshot};
use crate::x509::{Certificate, Name};

/// The bag of a question: certificates of the snapshot and those that came with the document.
#[derive(Debug)]
pub(super) struct Candidates<'s> {
    query: &'s Query<'s>,
    snapshot: &'s Snapshot,
    /// Certificates between a name and the nearest anchor, by names alone; counted only once somewhere is a choice.
    distances: OnceCell<HashMap<Name, usize>>,
}

impl<'s> Candidates<'s> {
    pub(super) fn new(query: &'s Query<'s>, snapshot: &'s Snapshot) -> Self {
        Self {
            query,
            snapshot,
            distances: OnceCell::new(),
        }
    }

    /// Certificates with the name of the issuer of `current`: first those whose key identifier is the one that it names, those
    /// that are valid, and those near an anchor. Key identifiers help to choose and do not decide (RFC 5280 section 4.2.1.1).
    pub(super) fn of(&self, current: &Certificate) -> Vec<Certificate> {
        let issuer = current.issuer();
        let offered = self
            .query
            .certificates
            .iter()
            .filter(|offered| offered.subject() == issuer);
        let mut candidates: Vec<Certificate> = offered
            .chain(self.snapshot.intermediates_named(issuer))
            .cloned()
            .collect();
        if candidates.len() > 1 {
            let at = self.query.reference_time();
            let named = current.extensions().authority_key_identifier.as_ref();
            let named = named.and_then(|found| found.value.key_identifier.as_deref());
            candidates.sort_by_cached_key(|candidate| {
                let is_other = named
                    .zip(candidate.key_identifier())
                    .is_some_and(|(named, own)| named != own);
                let distance = self.distance(candidate).unwrap_or(usize::MAX);
                (is_other, !candidate.validity().contains(at), distance)
            });
            candidates.dedup();
        }
        candidates
    }

    /// Whether names lead from a certificate to an anchor, over no more certificates than a path may have.
    pub(super) fn reach_an_anchor(&self, candidate: &Certificate) -> bool {
        self.distance(candidate).is_some()
    }

    fn distance(&self, candidate: &Certificate) -> Option<usize> {
        self.distances
            .get_or_init(|| self.measure())
            .get(candidate.issuer())
            .copied()
    }

    /// Breadth first from the anchors down to whatever they and those below them issued.
    fn measure(&self) -> HashMap<Name, usize> {
        let mut distances: HashMap<Name, usize> = HashMap::new();
        let mut queue: VecDeque<&Name> = VecDeque::new();
        for anchor in self.snapshot.anchors() {
            distances.insert(anchor.certificate.subject().clone(), 0);
            queue.push_back(anchor.certificate.subject());
        }
        let mut offered: HashMap<&Name, Vec<&Certificate>> = HashMap::new();
        for certificate in self.query.certificates {
            offered.entry(certificate.issuer()).or_default().push(certificate);
        }
        while let Some(name) = queue.pop_front() {
            let next = distances.get(name).map_or(0, |distance| distance + 1);
            let issued = offered.get(name).into_iter().flatten().copied();
            for certificate in issued.chain(self.snapshot.intermediates_issued_by(name)) {
                if next < MAX_PATH_LENGTH && !distances.contains_key(certificate.subject()) {
                    distances.insert(certificate.subject().clone(), next);
                    queue.push_back(certificate.subject());
                }
            }
        }
        distances
    }
}
