//! Baseline levels (ETSI EN 319 142-1 clause 6 and table 1): which of them a signature fulfils, by what its file holds.
//!
//! From B-LT on the file alone has to tell of the revocation of the signer and of the time-stamping authority that
//! proves the time. That is judged by the rules by which signatures are, with nothing at hand but what is in the file:
//! a list that another key signed, or that had ended before the proven time, raises no level. At B-LTA a time stamp
//! over the document covers all of it. Whether those data are proved to be as old as they say decides on the verdict,
//! not on the level.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::evidence::Evidence;
use super::existence::Proof;
use super::ground::Ground;
use super::signature::Asked;
use crate::cms::SignedData;
use crate::trust::{Anchor, Existence, Purpose, Query, RevocationSource, Service, Snapshot, Validation, validate};
use crate::x509::Certificate;

/// A baseline level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A signature.
    B,
    /// With a time stamp.
    T,
    /// With everything in the document from which it is judged later.
    Lt,
    /// With a time stamp over all that, which can be renewed.
    Lta,
}

impl Level {
    /// All, lowest first.
    pub const ALL: [Self; 4] = [Self::B, Self::T, Self::Lt, Self::Lta];

    /// Its name: `b-b`, `b-t`, `b-lt` or `b-lta`.
    pub fn name(self) -> &'static str {
        match self {
            Self::B => "b-b",
            Self::T => "b-t",
            Self::Lt => "b-lt",
            Self::Lta => "b-lta",
        }
    }

    /// Its name for signatures of PAdES.
    pub(super) fn of_pades(self) -> &'static str {
        match self {
            Self::B => "PAdES-B-B",
            Self::T => "PAdES-B-T",
            Self::Lt => "PAdES-B-LT",
            Self::Lta => "PAdES-B-LTA",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// That of a signature of this signer, whose time has this proof.
    pub(super) fn of(asked: &Asked<'_>, signer: &Relied, proof: Option<&Proof>, evidence: &Evidence) -> Self {
        let Some(proof) = proof else { return Self::B };
        let is_told_by = |held: &Evidence| {
            let mut parties = [signer, &proof.authority].into_iter();
            parties.all(|party| party.is_told_by(held, asked.context))
        };
        match asked.proofs.archived_after(asked.field.revision) {
            Some(archived) if is_told_by(archived) => Self::Lta,
            _ if is_told_by(evidence) => Self::Lt,
            _ => Self::T,
        }
    }
}

/// Whoever signed or stamped, as it was relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relied {
    pub(super) certificate: Certificate,
    /// Since when what it made is proved to exist; of a time stamp, by itself.
    pub(super) at: DateTime<Utc>,
    /// What it made, with what that carries.
    pub(super) message: Arc<SignedData>,
    /// All that its judgement rests on, where it passed: the certificates below the anchor, and the lists about them.
    rests_on: Option<Vec<[u8; 32]>>,
}

impl Relied {
    /// As it was judged.
    pub(super) fn new(
        certificate: Certificate,
        at: DateTime<Utc>,
        message: Arc<SignedData>,
        validation: &Validation,
    ) -> Self {
        Self {
            certificate,
            at,
            message,
            rests_on: rests_on(validation),
        }
    }

    /// Whether these data, without any from elsewhere, tell of the revocation of everybody on its path.
    fn is_told_by(&self, held: &Evidence, context: &Context<'_>) -> bool {
        let held = held.with_message(&self.message);
        let is_held = |fingerprint: &[u8; 32]| *fingerprint == *self.certificate.fingerprint() || held.has(fingerprint);
        if self.rests_on.as_ref().is_some_and(|used| used.iter().all(is_held)) {
            return true;
        }
        let mut existence = Existence::default();
        held.prove(&mut existence, self.at);
        let ground = Ground {
            context,
            evidence: &held,
            existence: &existence,
            proven_at: Some(self.at),
            created_after: None,
        };
        let query = Query {
            is_brought_alone: true,
            ..ground.query(&self.certificate, Purpose::Any)
        };
        let is_known = |validation: &Validation| {
            let below_anchor = below_anchor(validation).unwrap_or_default();
            validation.is_revocation_known() && below_anchor.iter().all(|one| is_held(one.fingerprint()))
        };
        let snapshot = context.snapshot;
        let recognised = validate(&query, snapshot);
        if is_known(&recognised) {
            return true;
        }
        // That others certified an authority is their matter: they may do so after the file was made. Where nobody
        // here recognises it, the file leads to its root, or to one that was recognised at another time.
        let mut pairs = recognised.path.windows(2).skip(1);
        let crossing = pairs.find_map(|pair| match pair {
            [certificate, issuer] => snapshot.crosses(certificate, issuer).then_some(certificate),
            _ => None,
        });
        let roots = held.issuers_of(&self.certificate).into_iter();
        let known = recognised.path.last().cloned();
        let roots = roots.chain(known).filter(Certificate::is_self_issued);
        let tops: Vec<_> = roots
            .chain(crossing.cloned())
            .map(|top| Anchor::new("", top, &Service::ALL))
            .collect();
        if tops.is_empty() {
            return false;
        }
        let assumed = Snapshot::new(tops, Vec::new(), Vec::new())
            .with_algorithms(snapshot.algorithms().clone())
            .with_cache(Arc::clone(snapshot.cache()));
        let validation = validate(&query, &assumed);
        let top = validation.path.last();
        is_known(&validation) && top.is_some_and(|top| Some(top) == crossing || signed_itself(top, &assumed))
    }
}

/// Whether a root is one: anybody may write the name and the key of an authority into a certificate.
fn signed_itself(root: &Certificate, assumed: &Snapshot) -> bool {
    root.public_key().is_ok_and(|key| {
        let check = || root.verify_signed_by(key);
        assumed.cache().check(key, root.fingerprint(), check).is_ok()
    })
}

/// The certificates of a path but its anchor's.
fn below_anchor(validation: &Validation) -> Option<&[Certificate]> {
    validation.path.split_last().map(|(_, below)| below)
}

/// What a judgement that passed rests on. What an answer rests on beside its responder is not told of.
fn rests_on(validation: &Validation) -> Option<Vec<[u8; 32]>> {
    let mut lists = validation.revocation.iter();
    if !validation.is_passed() || lists.any(|one| one.source == RevocationSource::Response) {
        return None;
    }
    let mut used: Vec<_> = validation.revocation.iter().map(|one| one.fingerprint).collect();
    used.extend(below_anchor(validation)?.iter().map(|one| *one.fingerprint()));
    Some(used)
}
