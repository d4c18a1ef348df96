//! Whether a certificate was revoked, by revocation lists (RFC 5280 section 6.3).
//!
//! That it was not counts only from data that are fresh: at the present, or for the proven time. What is not known weighs as much
//! as the asker wants.

mod crl;
mod delta;
mod scope;
mod signer;

use chrono::{DateTime, Utc};

use super::budget::Exhausted;
use super::work::Work;
use super::{Anchor, Query, Reason, Snapshot};
use crate::x509::{Certificate, RevocationReason, RevokedEntry};

/// How much a missing answer about revocation weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Revocation {
    /// Without fresh data the verdict is indeterminate.
    #[default]
    HardFail,
    /// Missing or stale data is a note.
    SoftFail,
    /// Not asked at all: for rehearsals and for lists that vouch for their own signers.
    Off,
}

/// What was said about one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationStatus {
    /// It is not revoked.
    Good,
    /// It is, from this time on.
    Revoked {
        /// The revocation, or the compromise behind it where that is earlier.
        since: DateTime<Utc>,
        /// Why.
        reason: RevocationReason,
    },
}

/// What kind of data answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationSource {
    /// A revocation list, complete or delta.
    List,
}

/// The list or response that answered, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationEvidence {
    /// Subject of the certificate.
    pub subject: String,
    /// What answered.
    pub source: RevocationSource,
    /// SHA-256 of the list or response.
    pub fingerprint: [u8; 32],
    /// When it was made: the status is as of then.
    pub as_of: DateTime<Utc>,
    /// When the next one was or is due.
    pub next_update: Option<DateTime<Utc>>,
    /// What it said.
    pub status: RevocationStatus,
}

/// What came of asking.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// What answered.
    pub(super) evidence: Option<RevocationEvidence>,
    /// Why the certificate cannot be relied on.
    pub(super) reason: Option<Reason>,
    /// What is to be known all the same.
    pub(super) note: Option<Reason>,
}

/// The certificate that is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'s> {
    pub(super) certificate: &'s Certificate,
    /// The one above it on the path.
    pub(super) issuer: &'s Certificate,
    /// The anchor of the path.
    pub(super) anchor: &'s Anchor,
    /// Whether it is that of an authority, not the target.
    pub(super) is_authority: bool,
}

/// With what is asked.
pub(super) struct Asking<'s> {
    pub(super) query: &'s Query<'s>,
    pub(super) snapshot: &'s Snapshot,
    pub(super) work: &'s mut Work,
}

/// What one kind of data knows.
#[derive(Debug)]
enum Finding {
    /// It says something.
    Known(Said),
    /// It says nothing, for this reason.
    Unknown(String),
}

/// Something said about the certificate.
#[derive(Debug, Clone)]
struct Said {
    evidence: RevocationEvidence,
    /// Whether it is recent enough to conclude that a certificate is not revoked.
    is_fresh: bool,
}

/// Asks everything at hand about a certificate.
pub(super) fn ask(subject: Subject<'_>, asking: &mut Asking<'_>) -> Result<Answer, Exhausted> {
    let said = match crl::consult(subject, asking)? {
        Finding::Known(said) => said,
        Finding::Unknown(why) => {
            let reason = Reason::NoRevocationData {
                subject: subject.certificate.subject().to_string(),
                why,
            };
            return Ok(weigh(reason, None, asking.query));
        }
    };
    Ok(answer(subject, said, asking.query))
}

/// What follows from what was said.
fn answer(asked: Subject<'_>, said: Said, query: &Query<'_>) -> Answer {
    let subject = asked.certificate.subject().to_string();
    let at = query.reference_time();
    let Said { evidence, is_fresh } = said;
    let reason = match evidence.status {
        RevocationStatus::Good if is_fresh => None,
        RevocationStatus::Good => {
            let next_update = evidence.next_update.unwrap_or(evidence.as_of);
            let stale = Reason::StaleRevocationData { subject, next_update };
            return weigh(stale, Some(evidence), query);
        }
        RevocationStatus::Revoked { since, reason } if since > at => {
            let note = Reason::RevokedLater {
                subject,
                since,
                reason,
                proven_at: at,
            };
            return Answer {
                evidence: Some(evidence),
                reason: None,
                note: Some(note),
            };
        }
        RevocationStatus::Revoked {
            since,
            reason: RevocationReason::CertificateHold,
        } => Some(Reason::OnHold { subject, since }),
        RevocationStatus::Revoked { since, reason } => Some(Reason::Revoked {
            subject,
            authority: asked.is_authority,
            since,
            reason,
        }),
    };
    Answer {
        evidence: Some(evidence),
        reason,
        note: None,
    }
}

/// A compromise counts from when it happened, as far as that is known (RFC 5280 section 5.3.2).
fn revoked(entry: &RevokedEntry) -> RevocationStatus {
    let since = match entry.invalidity_date {
        Some(date) if entry.reason.is_compromise() => date.min(entry.revoked_at),
        _ => entry.revoked_at,
    };
    RevocationStatus::Revoked {
        since,
        reason: entry.reason,
    }
}

/// Fresh at the present, or made after the proven time, or in force at it (ETSI EN 319 102-1 section 5.2.5).
fn is_fresh(this_update: DateTime<Utc>, next_update: Option<DateTime<Utc>>, query: &Query<'_>) -> bool {
    let covers = |time| next_update.is_some_and(|next| time <= next);
    covers(query.time)
        || query
            .proven_at
            .is_some_and(|proven| this_update >= proven || covers(proven))
}

fn weigh(reason: Reason, evidence: Option<RevocationEvidence>, query: &Query<'_>) -> Answer {
    let (reason, note) = match query.revocation {
        Revocation::HardFail => (Some(reason), None),
        Revocation::SoftFail => (None, Some(reason)),
        Revocation::Off => (None, None),
    };
    Answer { evidence, reason, note }
}
