//! What is known when a certificate is judged: recognised authorities, certificates and lists that may help, the sequence
//! number of the recognition list they come from. Made once, shared by every validation until the next list.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{LinkCache, Service};
use crate::x509::{Certificate, Crl, Name};

/// An authority that is relied on.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Its name in the recognition list.
    pub name: String,
    /// Its certificate: only name, key and key identifier count (RFC 5280 section 6.1.1).
    pub certificate: Certificate,
    /// What it is recognised for, and when.
    pub recognised: Vec<Recognition>,
}

/// Recognition for one service over some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognition {
    /// For what.
    pub service: Service,
    /// From when on.
    pub since: DateTime<Utc>,
    /// Until when; still, when absent. A signature proved to exist before keeps its value.
    pub until: Option<DateTime<Utc>>,
}

impl Anchor {
    /// An authority recognised for these services from the beginning of its certificate on.
    pub fn new(name: &str, certificate: Certificate, services: &[Service]) -> Self {
        let since = certificate.validity().not_before;
        let recognised = services.iter().map(|service| Recognition {
            service: *service,
            since,
            until: None,
        });
        Self {
            name: name.to_owned(),
            recognised: recognised.collect(),
            certificate,
        }
    }

    /// Whether it was recognised for this service at this time.
    pub fn is_recognised(&self, service: Service, at: DateTime<Utc>) -> bool {
        self.recognised.iter().any(|recognition| {
            recognition.service == service
                && recognition.since <= at
                && recognition.until.is_none_or(|until| at < until)
        })
    }
}

/// Everything known at one time. Cloning is cheap enough for a swap, not for a request.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    anchors: Vec<Anchor>,
    intermediates: Vec<Certificate>,
    crls: Vec<Crl>,
    list_sequence: Option<u64>,
    cache: Arc<LinkCache>,
    anchors_by_subject: HashMap<Name, Vec<usize>>,
    intermediates_by_subject: HashMap<Name, Vec<usize>>,
    crls_by_issuer: HashMap<Name, Vec<usize>>,
}

impl Snapshot {
    /// A snapshot of these authorities, certificates under them and revocation lists.
    pub fn new(anchors: Vec<Anchor>, intermediates: Vec<Certificate>, crls: Vec<Crl>) -> Self {
        Self {
            anchors_by_subject: index(anchors.iter().map(|anchor| anchor.certificate.subject())),
            intermediates_by_subject: index(intermediates.iter().map(Certificate::subject)),
            crls_by_issuer: index(crls.iter().map(Crl::issuer)),
            anchors,
            intermediates,
            crls,
            list_sequence: None,
            cache: Arc::default(),
        }
    }

    /// With the sequence number of the recognition list that it was made from.
    #[must_use]
    pub fn with_list_sequence(mut self, sequence: u64) -> Self {
        self.list_sequence = Some(sequence);
        self
    }

    /// With the memory of another snapshot: what verified once need not be verified again.
    #[must_use]
    pub fn with_cache(mut self, cache: Arc<LinkCache>) -> Self {
        self.cache = cache;
        self
    }

    /// The authorities.
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// The certificates under them.
    pub fn intermediates(&self) -> &[Certificate] {
        &self.intermediates
    }

    /// The revocation lists.
    pub fn crls(&self) -> &[Crl] {
        &self.crls
    }

    /// The sequence number of the recognition list.
    pub fn list_sequence(&self) -> Option<u64> {
        self.list_sequence
    }

    /// The memory of verified links.
    pub fn cache(&self) -> &Arc<LinkCache> {
        &self.cache
    }

    pub(super) fn anchors_named<'a>(&'a self, name: &Name) -> impl Iterator<Item = &'a Anchor> + use<'a> {
        picked(&self.anchors, self.anchors_by_subject.get(name))
    }

    pub(super) fn intermediates_named<'a>(&'a self, name: &Name) -> impl Iterator<Item = &'a Certificate> + use<'a> {
        picked(&self.intermediates, self.intermediates_by_subject.get(name))
    }

    pub(super) fn crls_of<'a>(&'a self, issuer: &Name) -> impl Iterator<Item = &'a Crl> + use<'a> {
        picked(&self.crls, self.crls_by_issuer.get(issuer))
    }
}

fn index<'a>(names: impl Iterator<Item = &'a Name>) -> HashMap<Name, Vec<usize>> {
    let mut by_name: HashMap<Name, Vec<usize>> = HashMap::new();
    for (position, name) in names.enumerate() {
        by_name.entry(name.clone()).or_default().push(position);
    }
    by_name
}

fn picked<'a, T>(all: &'a [T], positions: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a T> + use<'a, T> {
    positions
        .into_iter()
        .flatten()
        .filter_map(|position| all.get(*position))
}
