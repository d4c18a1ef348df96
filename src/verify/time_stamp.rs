//! Time-stamp tokens (RFC 3161): what one token proves. A token is a signature itself, and is judged like one (ETSI EN
//! 319 102-1 clause 5.4): where its authority has expired or was revoked since, it counts only if another proof is
//! older than that. Its own time proves nothing about itself, and nothing at all where its authority lost its
//! recognition for what touches its honesty.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::block::{BlockReport, Blocks};
use super::ground::Ground;
use super::judgement::Judgement;
use super::level::Relied;
use super::report::{Indication, SubIndication};
use crate::clock::rfc3339;
use crate::cms::timestamp::{TimeStampFault, TimeStampToken};
use crate::cms::verify::{SignerFault, SignerNote};
use crate::crypto::{Digest, DigestAlgorithm, VerificationError};
use crate::problem::Problem;
use crate::trust::{Purpose, Reason};

/// Most time stamps on one signature that are looked at; what is beyond proves nothing. One is usual (ETSI EN 319 142-1
/// clause 6.3), and each costs a path of its own.
pub(super) const MAX_TIME_STAMPS: usize = 8;

/// What a token proves.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stamp {
    /// The latest moment that it can mean, by the present at most.
    pub(super) time: DateTime<Utc>,
    /// The earliest moment that it can mean.
    pub(super) earliest: DateTime<Utc>,
    /// Its authority.
    pub(super) authority: Relied,
    /// What is odd about how it is written.
    pub(super) notes: Vec<SignerNote>,
    /// What is to be known of its authority all the same.
    pub(super) remarks: Vec<Problem>,
}

/// Why a token proves nothing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RefusedStamp {
    pub(super) judgement: Judgement,
    /// What its building blocks came to, as far as they were reached.
    pub(super) blocks: Blocks,
    /// Whether it is a time stamp of what it has to be of, whoever made it.
    pub(super) fit: Fit,
}

/// Whether a token is one, and of what it has to be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is: signed by the key in its certificate over these bytes.
    Fits,
    /// It cannot be told: by an algorithm that is not known here, or without its certificate.
    Unknown,
    /// It is not.
    Fails,
}

impl From<Judgement> for RefusedStamp {
    /// Refused before its building blocks.
    fn from(judgement: Judgement) -> Self {
        Self {
            fit: match judgement.indication {
                Indication::TotalFailed => Fit::Fails,
                Indication::TotalPassed | Indication::Indeterminate => Fit::Unknown,
            },
            judgement,
            blocks: Blocks::default(),
        }
    }
}

/// What the time stamps of a signature prove: the earliest that holds, and why the others do not.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    pub(super) earliest: Option<Stamp>,
    pub(super) failure: Option<Judgement>,
    /// Whether one fits what it stamps, whether its authority is relied on or not.
    pub(super) any_fits: bool,
    /// What is odd about any that holds.
    pub(super) notes: Vec<SignerNote>,
}

/// Judges the time stamps on a signature value (RFC 3161 appendix A). The ground is that of the tokens: what proves
/// them is what proves the whole signature.
pub(super) fn time_stamps<'t>(tokens: impl Iterator<Item = &'t [u8]>, signature: &[u8], ground: &Ground<'_>) -> Stamps {
    let mut stamps = Stamps::default();
    for token in tokens.take(MAX_TIME_STAMPS) {
        match token_over(token, &|algorithm| Ok(algorithm.digest(signature)), ground) {
            Ok(stamp) => {
                stamps.any_fits = true;
                stamps.notes.extend(&stamp.notes);
                if stamps.earliest.as_ref().is_none_or(|earlier| stamp.time < earlier.time) {
                    stamps.earliest = Some(stamp);
                }
            }
            Err(refusal) => {
                stamps.any_fits |= refusal.blocks.cryptography.as_ref().is_some_and(BlockReport::is_passed);
                stamps.failure = Some(refusal.judgement);
            }
        }
    }
    stamps
}

/// The digest of what a token should be of, by the algorithm that it chose.
pub(super) type Stamped<'a> = &'a dyn Fn(DigestAlgorithm) -> Result<Digest, Judgement>;

/// Judges one token over `stamped`.
pub(super) fn token_over(der: &[u8], stamped: Stamped<'_>, ground: &Ground<'_>) -> Result<Stamp, RefusedStamp> {
    let unusable = |reason: &dyn std::fmt::Display| {
        let problem = Problem::new("time-stamp-unusable").param("reason", reason);
        Judgement::indeterminate(SubIndication::FormatFailure, problem)
    };
    if !ground.evidence.may_read() {
        return Err(Judgement::unchecked().into());
    }
    let token = TimeStampToken::parse(der).map_err(|error| no_token(unusable(&error)))?;
    let signer = token.signed_data.only_signer();
    let signer = signer.map_err(|fault| no_token(unusable(&fault)))?;
    let others = ground.evidence.possible_for(signer);
    let certificate = token.certificate(&others).map_err(|fault| unusable(&fault))?;
    let certificate = ground.context.snapshot.cache().certificate(certificate);
    let certificate = certificate.map_err(|error| unusable(&error))?;
    ground.evidence.consulted.time_stamp(der, &token, &certificate);
    let algorithm = token.imprint_algorithm().map_err(|fault| unusable(&fault))?;
    let stamp = token
        .verify_digest(&certificate, &stamped(algorithm)?, &|kind| {
            ground.evidence.may_check(kind)
        })
        .map_err(|fault| match fault {
            TimeStampFault::Signer(SignerFault::Unchecked) => Judgement::unchecked().into(),
            fault => faulty(unusable(&fault), &fault),
        })?;
    if !stamp.signer.algorithms_agree {
        let judgement = unusable(&"its digest and signature algorithms disagree");
        return Err(fitting(judgement, None));
    }
    if !certificate.validity().contains(stamp.info.time) {
        let judgement = unusable(&"the authority's certificate was not valid at the stamped time");
        return Err(fitting(judgement, None));
    }
    // A proof from the future proves nothing. Clocks may differ by the accuracy that the authority states.
    let (time, latest, now) = (stamp.info.time, stamp.info.latest(), ground.context.time);
    if time - (latest - time) > now {
        let problem = Problem::new("time-stamp-in-future").param("time", rfc3339(time));
        return Err(fitting(
            Judgement::indeterminate(SubIndication::FormatFailure, problem),
            None,
        ));
    }
    let evidence = ground.evidence.with_message(&token.signed_data);
    let ground = Ground {
        evidence: &evidence,
        created_after: None,
        ..*ground
    };
    // Recognition is that of the time at which the authority stamped, as long as it is believed about that; everything
    // else is as the token is proved to be old.
    let query = ground.query(&certificate, Purpose::TimeStamping);
    let validation = ground.ask(&query.recognised_at(time.min(now)));
    let imprint = stamp.info.imprint.known_algorithm();
    let judgement = Judgement::from(&validation).and(ground.algorithms(stamp.signer.algorithm, imprint));
    if judgement.is_passed() {
        let remarks = validation.notes.iter().map(Reason::problem).collect();
        let message = Arc::new(token.signed_data);
        return Ok(Stamp {
            time: latest.min(now),
            earliest: time - (latest - time),
            authority: Relied::new(certificate, time.min(now), message, &validation),
            notes: stamp.signer.notes,
            remarks,
        });
    }
    let mut judgement = judgement;
    judgement.reasons.insert(0, Problem::new("time-stamp-not-trusted"));
    Err(fitting(judgement, Some(BlockReport::from(&validation))))
}

/// A refusal of what is no token at all.
fn no_token(judgement: Judgement) -> RefusedStamp {
    RefusedStamp {
        judgement,
        blocks: Blocks::default(),
        fit: Fit::Fails,
    }
}

/// What a fault says of the token: what cannot be computed here may fit all the same.
fn fit_of(fault: &TimeStampFault) -> Fit {
    match fault {
        TimeStampFault::UnknownImprint(_)
        | TimeStampFault::Signer(
            SignerFault::UnknownDigest(_)
            | SignerFault::UnknownAlgorithm(_)
            | SignerFault::Key(_)
            | SignerFault::CertificateMissing
            | SignerFault::Unchecked
            | SignerFault::Signature(VerificationError::Unsupported(_)),
        ) => Fit::Unknown,
        TimeStampFault::CriticalExtension(_) => Fit::Fits,
        TimeStampFault::Imprint | TimeStampFault::Signer(_) => Fit::Fails,
    }
}

/// A refusal for a fault of the token by itself.
fn faulty(judgement: Judgement, fault: &TimeStampFault) -> RefusedStamp {
    let fit = match fit_of(fault) {
        Fit::Fits => return fitting(judgement, None),
        fit => fit,
    };
    let sub = match fault {
        TimeStampFault::Imprint | TimeStampFault::Signer(SignerFault::MessageDigest) => {
            Some(SubIndication::HashFailure)
        }
        TimeStampFault::Signer(SignerFault::Signature(VerificationError::Mismatch)) => {
            Some(SubIndication::SigCryptoFailure)
        }
        _ => None,
    };
    let reason = judgement.reasons.first().cloned();
    let cryptography = sub.zip(reason).map(|(sub, reason)| BlockReport::failed(sub, reason));
    let blocks = Blocks {
        cryptography,
        certificate: None,
    };
    RefusedStamp { judgement, blocks, fit }
}

/// A refusal of a token that fits what it stamps.
fn fitting(judgement: Judgement, certificate: Option<BlockReport>) -> RefusedStamp {
    let blocks = Blocks {
        certificate,
        ..Blocks::passed()
    };
    RefusedStamp {
        judgement,
        blocks,
        fit: Fit::Fits,
    }
}
