//! Whether a certificate was revoked: by revocation lists (RFC 5280 section 6.3) and by responses about its status (RFC 6960).
//!
//! Everything at hand is asked. A revocation that is not a hold stands, whoever tells of it; else the newest word counts. That it
//! is not revoked counts only from data that are fresh: at the present, or for the proven time. What is not known weighs as much
//! as the asker wants.

mod crl;
mod delta;
mod ocsp;
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
    /// A response of a status responder.
    Response,
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

impl Said {
    fn is_good(&self) -> bool {
        self.evidence.status == RevocationStatus::Good
    }

    /// How much it counts beside what others say: a revocation that nobody takes back, then what is fresh, then what is new.
    fn weight(&self) -> (bool, bool, DateTime<Utc>) {
        let is_hold = matches!(
            self.evidence.status,
            RevocationStatus::Revoked {
                reason: RevocationReason::CertificateHold,
                ..
            }
        );
        (!self.is_good() && !is_hold, self.is_fresh, self.evidence.as_of)
    }
}

/// Asks everything at hand about a certificate.
pub(super) fn ask(subject: Subject<'_>, asking: &mut Asking<'_>) -> Result<Answer, Exhausted> {
    let by_response = ocsp::consult(subject, asking)?;
    let by_list = crl::consult(subject, asking)?;
    let said = match (by_list, by_response) {
        (Finding::Known(list), Some(Finding::Known(response))) if response.weight() > list.weight() => Ok(response),
        (Finding::Known(list), _) => Ok(list),
        (Finding::Unknown(_), Some(Finding::Known(response))) => Ok(response),
        (Finding::Unknown(list), Some(Finding::Unknown(response))) => Err(format!("{response}; {list}")),
        (Finding::Unknown(list), None) => Err(list),
    };
    Ok(match said {
        Ok(said) => answer(subject, said, asking.query),
        Err(why) => {
            let reason = Reason::NoRevocationData {
                subject: subject.certificate.subject().to_string(),
                why,
            };
            weigh(reason, None, asking.query)
        }
    })
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

fn revoked(entry: &RevokedEntry) -> RevocationStatus {
    RevocationStatus::Revoked {
        since: since(entry.revoked_at, entry.reason, entry.invalidity_date),
        reason: entry.reason,
    }
}

/// A compromise counts from when it happened, as far as that is known (RFC 5280 section 5.3.2).
fn since(revoked_at: DateTime<Utc>, reason: RevocationReason, invalidity_date: Option<DateTime<Utc>>) -> DateTime<Utc> {
    match invalidity_date {
        Some(date) if reason.is_compromise() => date.min(revoked_at),
        _ => revoked_at,
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
