//! The signature time stamp (RFC 3161 appendix A): when the signature is proved to have existed.

use chrono::{DateTime, Utc};

use super::context::Context;
use super::evidence::Evidence;
use super::judgement::Judgement;
use super::report::SubIndication;
use crate::asn1::oid;
use crate::cms::SignerInfo;
use crate::cms::timestamp::{TimeStampFault, TimeStampToken};
use crate::problem::Problem;
use crate::trust::{Purpose, Query, validate};
use crate::x509::Certificate;

/// Most time stamps on one signature that are looked at; what is beyond proves nothing. One is usual (ETSI EN 319 142-1
/// clause 6.3), and each costs a path of its own.
const MAX_TIME_STAMPS: usize = 8;

/// What the time stamps of a signature prove.
pub(super) enum Stamp {
    /// There is none.
    Absent,
    /// The earliest time that is proved.
    Proven(DateTime<Utc>),
    /// There is one, and none that holds.
    Failed(Judgement),
}

/// Judges the time stamps on a signature value.
pub(super) fn signature_time_stamp(signer: &SignerInfo, evidence: &Evidence, context: &Context<'_>) -> Stamp {
    let tokens: Vec<_> = signer
        .unsigned(oid::SIGNATURE_TIME_STAMP_TOKEN)
        .flat_map(|attribute| attribute.values.iter())
        .take(MAX_TIME_STAMPS)
        .collect();
    let mut failure = None;
    let mut proven: Option<DateTime<Utc>> = None;
    for token in tokens {
        match token_over(token, &signer.signature, evidence, context) {
            Ok(time) => proven = Some(proven.map_or(time, |earlier| earlier.min(time))),
            Err(judgement) => failure = Some(judgement),
        }
    }
    match (proven, failure) {
        (Some(time), _) => Stamp::Proven(time),
        (None, Some(judgement)) => Stamp::Failed(judgement),
        (None, None) => Stamp::Absent,
    }
}

/// Judges one token over `stamped`; gives the latest moment that it can mean.
pub(super) fn token_over(
    token: &[u8],
    stamped: &[u8],
    evidence: &Evidence,
    context: &Context<'_>,
) -> Result<DateTime<Utc>, Judgement> {
    let unusable = |reason: &dyn std::fmt::Display| {
        let problem = Problem::new("time-stamp-unusable").param("reason", reason);
        Judgement::indeterminate(SubIndication::FormatFailure, problem)
    };
    let token = TimeStampToken::parse(token).map_err(|error| unusable(&error))?;
    let others = evidence.certificates_der();
    let certificate = token.certificate(&others).map_err(|fault| unusable(&fault))?;
    let certificate = Certificate::from_der(certificate).map_err(|error| unusable(&error))?;
    let stamp = token
        .verify(&certificate, stamped)
        .map_err(|fault: TimeStampFault| unusable(&fault))?;
    if !stamp.signer.notes.is_empty() {
        return Err(unusable(&"its message departs from the standard"));
    }
    let time = stamp.info.latest();
    let evidence = evidence.with_certificates(&token.signed_data.certificates);
    let query = Query::new(&certificate, Purpose::TimeStamping, context.time);
    let validation = validate(&query.with(&evidence.certificates, &evidence.crls), context.snapshot);
    match validation.is_passed() {
        true if certificate.validity().contains(stamp.info.time) => Ok(time),
        true => Err(unusable(
            &"the authority's certificate was not valid at the stamped time",
        )),
        false => {
            let mut judgement = Judgement::from(&validation);
            judgement.reasons.insert(0, Problem::new("time-stamp-not-trusted"));
            Err(judgement)
        }
    }
}
