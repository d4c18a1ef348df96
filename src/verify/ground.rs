//! The ground on which the certificates of one signature are judged: what came with it, since when that and the
//! signature itself are proved to exist, and what is recognised.

use chrono::{DateTime, Utc};

use super::context::Context;
use super::evidence::Evidence;
use super::judgement::Judgement;
use super::report::SubIndication;
use crate::clock::rfc3339;
use crate::crypto::{DigestAlgorithm, SignatureAlgorithm};
use crate::problem::Problem;
use crate::trust::{Existence, Purpose, Query, Validation, validate};
use crate::x509::Certificate;

/// What one signature is judged with.
#[derive(Clone, Copy)]
pub(super) struct Ground<'g> {
    pub(super) context: &'g Context<'g>,
    pub(super) evidence: &'g Evidence,
    /// Since when each certificate, list and response is proved to exist.
    pub(super) existence: &'g Existence,
    /// When the signature is proved to have existed; `None` where nothing proves it.
    pub(super) proven_at: Option<DateTime<Utc>>,
    /// The time before which the signature is proved not to have existed.
    pub(super) created_after: Option<DateTime<Utc>>,
}

impl Ground<'_> {
    /// The question whether a certificate can be relied on.
    pub(super) fn query<'q>(&'q self, certificate: &'q Certificate, purpose: Purpose) -> Query<'q> {
        let mut query = Query::new(certificate, purpose, self.context.time)
            .with(&self.evidence.certificates, &self.evidence.crls)
            .with_ocsp_responses(&self.evidence.ocsp_responses)
            .existing(self.existence)
            .within(&self.evidence.allowance);
        query.proven_at = self.proven_at;
        query.created_after = self.created_after;
        query
    }

    /// Whether it can.
    pub(super) fn judge(&self, certificate: &Certificate, purpose: Purpose) -> Validation {
        self.ask(&self.query(certificate, purpose))
    }

    /// Asks, and remembers what was consulted.
    pub(super) fn ask(&self, query: &Query<'_>) -> Validation {
        let validation = validate(query, self.context.snapshot);
        self.evidence.consulted.validation(&validation);
        validation
    }

    /// The time as of which the signature is judged: the proven one, else the present.
    pub(super) fn reference_time(&self) -> DateTime<Utc> {
        let present = self.context.time;
        self.proven_at.map_or(present, |proven| proven.min(present))
    }

    /// Whether a signature by `algorithm` over `digest` may still be relied on, as old as it is proved to be (ETSI EN
    /// 319 102-1 clauses 5.2.8 and 5.6.2.4).
    pub(super) fn algorithms(&self, algorithm: SignatureAlgorithm, digest: Option<DigestAlgorithm>) -> Judgement {
        let policy = self.context.snapshot.algorithms();
        let named = [
            (algorithm.name(), policy.end_of_algorithm(algorithm)),
            (
                digest.map_or("", DigestAlgorithm::name),
                digest.and_then(|digest| policy.end_of_digest(digest)),
            ),
        ];
        let at = self.reference_time();
        let ended = named.into_iter().filter_map(|(name, end)| Some((name, end?)));
        let Some((name, ended)) = ended.min_by_key(|(_, end)| *end).filter(|(_, end)| *end < at) else {
            return Judgement::passed();
        };
        let problem = Problem::new("algorithm-not-trusted")
            .param("algorithm", name)
            .param("ended", rfc3339(ended));
        let sub = match self.proven_at {
            Some(_) => SubIndication::CryptoConstraintsFailure,
            None => SubIndication::CryptoConstraintsFailureNoPoe,
        };
        Judgement::indeterminate(sub, problem)
    }
}
