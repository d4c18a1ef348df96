//! Which certificates may have issued another, the most promising first (RFC 4158 section 3.5).

use std::cell::OnceCell;
use std::collections::{HashMap, VecDeque};

use super::budget::{Budget, Exhausted, MAX_PATH_LENGTH};
use super::{Query, Snapshot};
use crate::x509::{Certificate, Name};

/// The certificates that came with a question, by name: looked through once, however many searches the question leads
/// to.
#[derive(Debug)]
pub(super) struct Bag {
    certificates: Vec<Certificate>,
    by_subject: OnceCell<HashMap<Name, Vec<usize>>>,
    /// Certificates between a name and the nearest anchor, by names alone; counted only once somewhere is a choice.
    distances: OnceCell<HashMap<Name, usize>>,
}

impl Bag {
    pub(super) fn new(certificates: &[Certificate]) -> Self {
        Self {
            certificates: certificates.to_vec(),
            by_subject: OnceCell::new(),
            distances: OnceCell::new(),
        }
    }

    /// Those about this subject.
    pub(super) fn named(&self, subject: &Name) -> impl Iterator<Item = &Certificate> {
        let by_subject = self.by_subject.get_or_init(|| {
            let mut by_subject: HashMap<Name, Vec<usize>> = HashMap::new();
            for (place, certificate) in self.certificates.iter().enumerate() {
                by_subject.entry(certificate.subject().clone()).or_default().push(place);
            }
            by_subject
        });
        let places = by_subject.get(subject).into_iter().flatten();
        places.filter_map(|place| self.certificates.get(*place))
    }

    /// Certificates with the name of the issuer of `current`: first those whose key identifier is the one that it
    /// names, those that are valid, and those near an anchor. Key identifiers help to choose and do not decide (RFC
    /// 5280 section 4.2.1.1).
    pub(super) fn issuers_of(
        &self,
        current: &Certificate,
        query: &Query<'_>,
        snapshot: &Snapshot,
        budget: &mut Budget,
    ) -> Result<Vec<Certificate>, Exhausted> {
        let issuer = current.issuer();
        let mut candidates = Vec::new();
        for candidate in self.named(issuer).chain(snapshot.intermediates_named(issuer)) {
            budget.candidate(issuer)?;
            candidates.push(candidate.clone());
        }
        // What came along is often what is known here.
        candidates.dedup();
        if candidates.len() > 1 {
            let at = query.reference_time();
            let named = current.extensions().authority_key_identifier.as_ref();
            let named = named.and_then(|found| found.value.key_identifier.as_deref());
            candidates.sort_by_cached_key(|candidate| {
                let is_other = named
                    .zip(candidate.key_identifier())
                    .is_some_and(|(named, own)| named != own);
                let distance = self.distance(candidate, snapshot).unwrap_or(usize::MAX);
                (is_other, !candidate.validity().contains(at), distance)
            });
            candidates.dedup();
        }
        Ok(candidates)
    }

    /// Whether names lead from a certificate to an anchor, over no more certificates than a path may have.
    pub(super) fn reaches_an_anchor(&self, candidate: &Certificate, snapshot: &Snapshot) -> bool {
        self.distance(candidate, snapshot).is_some()
    }

    fn distance(&self, candidate: &Certificate, snapshot: &Snapshot) -> Option<usize> {
        self.distances
            .get_or_init(|| self.measure(snapshot))
            .get(candidate.issuer())
            .copied()
    }

    /// Breadth first from the anchors down to whatever they and those below them issued.
    fn measure(&self, snapshot: &Snapshot) -> HashMap<Name, usize> {
        let mut distances: HashMap<Name, usize> = HashMap::new();
        let mut queue: VecDeque<&Name> = VecDeque::new();
        for anchor in snapshot.anchors() {
            distances.insert(anchor.certificate.subject().clone(), 0);
            queue.push_back(anchor.certificate.subject());
        }
        let mut offered: HashMap<&Name, Vec<&Certificate>> = HashMap::new();
        for certificate in &self.certificates {
            offered.entry(certificate.issuer()).or_default().push(certificate);
        }
        while let Some(name) = queue.pop_front() {
            let next = distances.get(name).map_or(0, |distance| distance + 1);
            let issued = offered.get(name).into_iter().flatten().copied();
            for certificate in issued.chain(snapshot.intermediates_issued_by(name)) {
                if next < MAX_PATH_LENGTH && !distances.contains_key(certificate.subject()) {
                    distances.insert(certificate.subject().clone(), next);
                    queue.push_back(certificate.subject());
                }
            }
        }
        distances
    }
}
