//! What is known when a certificate is judged: recognised authorities, certificates and lists that may help, the
//! sequence number of the recognition list they come from. Made once, shared by every validation until the next list.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::list::{ListDigest, Status, StatusReason};
use super::{AlgorithmPolicy, LinkCache, PolicySettings, Service};
use crate::licence::region::RegionCode;
use crate::x509::{Certificate, Crl, Name, NameConstraints, OcspResponse, PolicyMapping};

/// An authority that is relied on.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Its name in the recognition list.
    pub name: String,
    /// Whether it is one of whoever judges, not one that is recognised.
    pub is_own: bool,
    /// Its certificate. Name, key and the constraints in it count (RFC 5280 section 6.1.1, RFC 5937 section 3).
    pub certificate: Certificate,
    /// What it is recognised for, and when.
    pub recognised: Vec<Recognition>,
    /// What it is expressly not relied on for, and when.
    pub lost: Vec<Loss>,
    /// What it is held to beside the constraints of its own certificate.
    pub constraints: AnchorConstraints,
}

/// Bounds set to an authority by who recognises it (RFC 5937, `CertPathControls` of RFC 5914).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnchorConstraints {
    /// Names below it.
    pub names: Option<NameConstraints>,
    /// Regions whose authorities it may certify, by their credit codes (GB 32100); all where none is named.
    pub regions: Vec<RegionCode>,
    /// How many authorities that are not self-issued may follow.
    pub path_length: Option<u32>,
    /// Policies, in its own terms.
    pub policies: PolicySettings,
    /// Its policies (`subject_domain`) in the terms of who recognises it (`issuer_domain`), as a cross-certificate
    /// would map them; none where both speak the same. A policy that no row names counts for nothing.
    pub mappings: Vec<PolicyMapping>,
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

/// A time over which an authority is expressly not relied on, be it after it was recognised or without that: no
/// certificate that another authority issued to it brings it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// For what; for whatever there is where its key is known or suspected to be in other hands.
    pub service: Option<Service>,
    /// From when on.
    pub since: DateTime<Utc>,
    /// Until when; still, when absent.
    pub until: Option<DateTime<Utc>>,
    /// What it says about its word for the past; `None` where it left in good standing.
    pub doubt: Option<Doubt>,
}

impl Loss {
    fn holds_at(&self, at: DateTime<Utc>) -> bool {
        self.since <= at && self.until.is_none_or(|until| at < until)
    }
}

/// That an authority lost its recognition for what touches its honesty. What was proved by others before keeps its
/// value; its own word that something is older is worth nothing, since its clock can be set to any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// Since when.
    pub since: DateTime<Utc>,
    /// What became of it.
    pub status: Status,
    /// Why.
    pub reason: StatusReason,
}

impl Anchor {
    /// An authority of one's own, relied on for these services from the beginning of its certificate on.
    pub fn new(name: &str, certificate: Certificate, services: &[Service]) -> Self {
        let since = certificate.validity().not_before;
        let recognised = services.iter().map(|service| Recognition {
            service: *service,
            since,
            until: None,
        });
        Self {
            name: name.to_owned(),
            is_own: true,
            recognised: recognised.collect(),
            lost: Vec::new(),
            constraints: AnchorConstraints::default(),
            certificate,
        }
    }

    /// Held to these bounds.
    #[must_use]
    pub fn within(mut self, constraints: AnchorConstraints) -> Self {
        self.constraints = constraints;
        self
    }

    /// Whether `region` is named as one of those whose bodies it certifies.
    pub fn certifies_in(&self, region: &RegionCode) -> bool {
        self.constraints.regions.iter().any(|named| named.contains(region))
    }

    /// Whether it was recognised for this service, or for any where none is named, at this time.
    pub fn is_recognised(&self, service: Option<Service>, at: DateTime<Utc>) -> bool {
        self.recognition_at(service, at).is_some()
    }

    /// Its recognition for this service, or for any where none is named, at this time.
    pub fn recognition_at(&self, service: Option<Service>, at: DateTime<Utc>) -> Option<Recognition> {
        let holds = |recognition: &&Recognition| {
            service.is_none_or(|service| recognition.service == service)
                && recognition.since <= at
                && recognition.until.is_none_or(|until| at < until)
        };
        self.recognised.iter().find(holds).copied()
    }

    /// Since when it is recognised for this service no more, or for any where none is named, at this time: the end of
    /// the last recognition, or the beginning of what takes it away without one.
    pub(super) fn ended_before(&self, service: Option<Service>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let concerns = |of: Option<Service>| service.is_none() || of.is_none() || of == service;
        let recognised = self.recognised.iter().filter(|one| concerns(Some(one.service)));
        let ended = recognised.filter_map(|one| one.until).filter(|until| *until <= at);
        let lost = self
            .lost
            .iter()
            .filter(|loss| concerns(loss.service) && loss.holds_at(at));
        ended.chain(lost.map(|loss| loss.since)).max()
    }

    /// Why it is not believed about the past for this service, at the `present`; `None` while it is recognised, or
    /// where it left in good standing. For a service of which the list does not speak, what it says of the others
    /// counts.
    pub(super) fn doubt(&self, service: Service, present: DateTime<Utc>) -> Option<Doubt> {
        if self.is_recognised(Some(service), present) {
            return None;
        }
        let is_listed = self.recognised.iter().any(|one| one.service == service)
            || self.lost.iter().any(|loss| loss.service == Some(service));
        let concerns = |loss: &&Loss| !is_listed || loss.service.is_none_or(|of| of == service);
        let lost = self.lost.iter().filter(|loss| loss.holds_at(present)).filter(concerns);
        let doubts = lost
            .filter_map(|loss| loss.doubt)
            .filter(|doubt| doubt.since <= present);
        doubts.min_by_key(|doubt| doubt.since)
    }

    /// Whether its key is known or suspected to be in other hands at this time.
    fn is_compromised(&self, at: DateTime<Utc>) -> bool {
        self.lost.iter().any(|loss| loss.service.is_none() && loss.holds_at(at))
    }

    /// When the recognition that holds at this time ended or will; `None` where it has no end, or has come back by the
    /// `present`.
    pub(super) fn recognised_until(
        &self,
        service: Option<Service>,
        at: DateTime<Utc>,
        present: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        if self.is_recognised(service, present) {
            return None;
        }
        let holds = |recognition: &&Recognition| {
            service.is_none_or(|service| recognition.service == service)
                && recognition.since <= at
                && recognition.until.is_none_or(|until| at < until)
        };
        self.recognised
            .iter()
            .filter(holds)
            .filter_map(|recognition| recognition.until)
            .max()
    }

    /// Whether it is expressly not relied on for this service, or for any where none is named: it was recognised and is
    /// no more, or lost that without having had it.
    pub(super) fn is_withdrawn(&self, service: Option<Service>, at: DateTime<Utc>) -> bool {
        !self.is_recognised(service, at) && self.ended_before(service, at).is_some()
    }
}

/// Everything known at one time. Cloning is cheap enough for a swap, not for a request.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    anchors: Vec<Anchor>,
    intermediates: Vec<Certificate>,
    crls: Vec<Crl>,
    ocsp_responses: Vec<OcspResponse>,
    list_sequence: Option<u64>,
    list_digest: Option<ListDigest>,
    /// All authorities of whoever judges, where they are known.
    own_authorities: Option<HashMap<Name, Vec<Certificate>>>,
    algorithms: AlgorithmPolicy,
    cache: Arc<LinkCache>,
    anchors_by_subject: HashMap<Name, Vec<usize>>,
    /// Those that lost recognition at some time, for one service or all.
    lost_anchors: Vec<usize>,
    intermediates_by_subject: HashMap<Name, Vec<usize>>,
    intermediates_by_issuer: HashMap<Name, Vec<usize>>,
    crls_by_issuer: HashMap<Name, Vec<usize>>,
}

impl Snapshot {
    /// A snapshot of these authorities, certificates under them and revocation lists.
    pub fn new(anchors: Vec<Anchor>, intermediates: Vec<Certificate>, crls: Vec<Crl>) -> Self {
        Self {
            anchors_by_subject: index(anchors.iter().map(|anchor| anchor.certificate.subject())),
            lost_anchors: lost(&anchors),
            intermediates_by_subject: index(intermediates.iter().map(Certificate::subject)),
            intermediates_by_issuer: index(intermediates.iter().map(Certificate::issuer)),
            crls_by_issuer: index(crls.iter().map(Crl::issuer)),
            anchors,
            intermediates,
            crls,
            ocsp_responses: Vec::new(),
            list_sequence: None,
            list_digest: None,
            own_authorities: None,
            algorithms: AlgorithmPolicy::default(),
            cache: Arc::default(),
        }
    }

    /// With the sequence number of the recognition list that it was made from.
    #[must_use]
    pub fn with_list_sequence(mut self, sequence: u64) -> Self {
        self.list_sequence = Some(sequence);
        self
    }

    /// With the digest of that list.
    #[must_use]
    pub fn with_list_digest(mut self, digest: ListDigest) -> Self {
        self.list_digest = Some(digest);
        self
    }

    /// With number and digest of the list that another was made from.
    #[must_use]
    pub fn with_list_of(mut self, other: &Self) -> Self {
        self.list_sequence = other.list_sequence;
        self.list_digest = other.list_digest;
        self
    }

    /// Knowing that these are all authorities of whoever judges, those below its anchors among them: by name and key,
    /// since a signature has more than one encoding and a certificate therefore more than one fingerprint.
    #[must_use]
    pub fn with_own_authorities(mut self, authorities: impl IntoIterator<Item = Certificate>) -> Self {
        let mut by_name: HashMap<Name, Vec<Certificate>> = HashMap::new();
        for authority in authorities {
            by_name.entry(authority.subject().clone()).or_default().push(authority);
        }
        self.own_authorities = Some(by_name);
        self
    }

    /// With the memory of another snapshot: what verified once need not be verified again.
    #[must_use]
    pub fn with_cache(mut self, cache: Arc<LinkCache>) -> Self {
        self.cache = cache;
        self
    }

    /// With other ends of algorithms.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: AlgorithmPolicy) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// With responses about the status of certificates.
    #[must_use]
    pub fn with_ocsp_responses(mut self, responses: Vec<OcspResponse>) -> Self {
        self.ocsp_responses = responses;
        self
    }

    /// The authorities.
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// Whether a credit code is that of a body of a region that is named as ours.
    pub fn is_of_own_region(&self, credit_code: &str) -> bool {
        let mut own = self.anchors.iter().filter(|anchor| anchor.is_own);
        RegionCode::of_credit_code(credit_code).is_some_and(|region| own.any(|anchor| anchor.certifies_in(&region)))
    }

    /// The certificates under them.
    pub fn intermediates(&self) -> &[Certificate] {
        &self.intermediates
    }

    /// The revocation lists.
    pub fn crls(&self) -> &[Crl] {
        &self.crls
    }

    /// The responses about the status of certificates.
    pub fn ocsp_responses(&self) -> &[OcspResponse] {
        &self.ocsp_responses
    }

    /// The sequence number of the recognition list.
    pub fn list_sequence(&self) -> Option<u64> {
        self.list_sequence
    }

    /// The digest of that list.
    pub fn list_digest(&self) -> Option<ListDigest> {
        self.list_digest
    }

    /// Whether a certificate on a path leads from the authorities of one organisation, of which is its `issuer`, to
    /// those of another: from ours to whichever is not known as ours, else by their names.
    pub fn crosses(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        match (self.is_own(certificate), self.is_own(issuer)) {
            (Some(is_own), Some(true)) => !is_own,
            _ => certificate.crosses_organisations(),
        }
    }

    /// Whether a path, target first, that ends in `anchor` stays among the authorities of whoever judges: each is known
    /// as one of them, or, where those are not known, none is certified by another organisation.
    pub(super) fn stays_own(&self, path: &[Certificate], anchor: &Anchor) -> bool {
        let below = path.len().saturating_sub(1);
        let mut authorities = path.iter().take(below).skip(1);
        let is_ours = |authority: &Certificate| {
            self.is_own(authority)
                .unwrap_or_else(|| !authority.crosses_organisations())
        };
        anchor.is_own && authorities.all(is_ours)
    }

    /// Whether an authority is one of whoever judges; `None` where those are not known.
    fn is_own(&self, authority: &Certificate) -> Option<bool> {
        let own = self.own_authorities.as_ref()?.get(authority.subject());
        Some(own.is_some_and(|own| own.iter().any(|one| one.is_of_same_authority(authority))))
    }

    /// Until when algorithms may be relied on.
    pub fn algorithms(&self) -> &AlgorithmPolicy {
        &self.algorithms
    }

    /// The memory of verified links.
    pub fn cache(&self) -> &Arc<LinkCache> {
        &self.cache
    }

    pub(super) fn anchors_named<'a>(&'a self, name: &Name) -> impl Iterator<Item = &'a Anchor> + use<'a> {
        picked(&self.anchors, self.anchors_by_subject.get(name))
    }

    /// The anchors that speak about an authority: those that it is, by name and key; those with its key that lost
    /// recognition, where it is listed under no name of its own; and those with a key of theirs that is not theirs
    /// alone at one of these times, whatever else the list says.
    pub(super) fn anchors_about<'a>(
        &'a self,
        authority: &'a Certificate,
        times: [DateTime<Utc>; 2],
    ) -> impl Iterator<Item = &'a Anchor> + use<'a> {
        let same = move |anchor: &&'a Anchor| anchor.certificate.is_of_same_authority(authority);
        let is_listed = self.anchors_named(authority.subject()).any(|anchor| same(&anchor));
        let lost = picked(&self.anchors, Some(&self.lost_anchors)).filter(move |anchor| {
            let has_its_key = anchor.certificate.key_identity() == authority.key_identity();
            has_its_key && (!is_listed || times.iter().any(|time| anchor.is_compromised(*time)))
        });
        self.anchors_named(authority.subject()).filter(same).chain(lost)
    }

    pub(super) fn intermediates_named<'a>(&'a self, name: &Name) -> impl Iterator<Item = &'a Certificate> + use<'a> {
        picked(&self.intermediates, self.intermediates_by_subject.get(name))
    }

    pub(super) fn intermediates_issued_by<'a>(
        &'a self,
        name: &Name,
    ) -> impl Iterator<Item = &'a Certificate> + use<'a> {
        picked(&self.intermediates, self.intermediates_by_issuer.get(name))
    }

    pub(super) fn crls_of<'a>(&'a self, issuer: &Name) -> impl Iterator<Item = &'a Crl> + use<'a> {
        picked(&self.crls, self.crls_by_issuer.get(issuer))
    }
}

fn lost(anchors: &[Anchor]) -> Vec<usize> {
    let ended = |anchor: &Anchor| anchor.recognised.iter().any(|recognition| recognition.until.is_some());
    let is_lost = |anchor: &Anchor| !anchor.lost.is_empty() || ended(anchor);
    let lost = anchors.iter().enumerate().filter(|(_, anchor)| is_lost(anchor));
    lost.map(|(position, _)| position).collect()
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
