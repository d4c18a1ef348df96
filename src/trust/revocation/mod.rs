//! Whether a certificate was revoked: by revocation lists (RFC 5280 section 6.3) and by responses about its status (RFC
//! 6960).
//!
//! Everything at hand is asked. A revocation that is not a hold stands, whoever tells of it; else the newest word
//! counts. That it is not revoked, or was only after the signature, counts only from data that are proved to have
//! existed at the control time ([`Control`]): a stolen key could say either. It moves the control time to the last
//! moment for which they are fresh. What is not known weighs as much as the asker wants.

mod crl;
mod delta;
mod ocsp;
mod scope;
mod signer;
mod silence;

use chrono::{DateTime, Utc};

pub use silence::{ListFault, ResponseFault, Silence};

use super::budget::Exhausted;
use super::past::Control;
use super::work::Work;
use super::{Anchor, Query, Reason, Snapshot, SubIndication};
use crate::crypto::SignatureAlgorithm;
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
    /// Where the control time is when this certificate is asked about.
    pub(super) control: &'s mut Control,
}

impl Asking<'_> {
    /// Whether data can say at the control time that a certificate is not revoked: they were made before, and are
    /// proved to have existed (ETSI EN 319 102-1 section 5.6.2.2 step 2 (a)), even by then if what they are signed with
    /// has ended since.
    fn vouches(&self, data: &Data<'_>) -> bool {
        let mut control = *self.control;
        if let Some(ended) = data.ended(self.snapshot)
            && !control.slide(ended, SubIndication::CryptoConstraintsFailureNoPoe)
        {
            return false;
        }
        data.made <= control.at() && control.admits(self.query.proof_of(data.fingerprint))
    }

    /// Whether data that are due to be replaced at `next_update` are fresh at the control time (section 5.2.5).
    fn is_fresh(&self, next_update: Option<DateTime<Utc>>) -> bool {
        next_update.is_some_and(|next| self.control.at() <= next)
    }
}

/// A list or a response, as a thing that has to exist.
struct Data<'d> {
    fingerprint: &'d [u8; 32],
    /// When it was made.
    made: DateTime<Utc>,
    /// The `AlgorithmIdentifier` of its signature.
    algorithm: &'d [u8],
}

impl Data<'_> {
    /// When that with which it is signed ended.
    fn ended(&self, snapshot: &Snapshot) -> Option<DateTime<Utc>> {
        let algorithm = SignatureAlgorithm::from_identifier(self.algorithm).ok()?;
        snapshot.algorithms().end_of_algorithm(algorithm)
    }
}

/// What one kind of data knows.
#[derive(Debug)]
enum Finding {
    /// It says something.
    Known(Said),
    /// It would clear the signature, and nothing proves that it existed at the control time.
    Unproven,
    /// It says nothing, for this reason.
    Unknown(Silence),
}

/// Something said about the certificate.
#[derive(Debug, Clone)]
struct Said {
    evidence: RevocationEvidence,
    /// Whether it is recent enough to conclude that a certificate is not revoked.
    is_fresh: bool,
    /// Whether what it says in favour of a signature counts ([`Asking::vouches`]).
    is_vouched: bool,
    /// When the algorithm of its signature ended.
    ended: Option<DateTime<Utc>>,
}

impl Said {
    fn is_good(&self) -> bool {
        self.evidence.status == RevocationStatus::Good
    }

    /// Whether the signature can be relied on by it: the certificate is not revoked, or was when the signature existed
    /// already.
    fn clears(&self, control: &Control) -> bool {
        status_clears(self.evidence.status, control)
    }

    /// How much it counts beside what others say: a revocation that nobody takes back, first one that is older than the
    /// signature, then what is fresh, then what is new.
    fn weight(&self, control: &Control) -> (bool, bool, bool, DateTime<Utc>) {
        let is_hold = matches!(
            self.evidence.status,
            RevocationStatus::Revoked {
                reason: RevocationReason::CertificateHold,
                ..
            }
        );
        let stands = !self.is_good() && !is_hold;
        (
            stands && !self.clears(control),
            stands,
            self.is_fresh,
            self.evidence.as_of,
        )
    }
}

/// Asks everything at hand about a certificate, and moves the control time accordingly.
pub(super) fn ask(subject: Subject<'_>, asking: &mut Asking<'_>) -> Result<Answer, Exhausted> {
    let by_response = ocsp::consult(subject, asking)?;
    let by_list = crl::consult(subject, asking)?;
    let name = || subject.certificate.subject().to_string();
    let reason = match (by_list, by_response) {
        (Finding::Known(list), Some(Finding::Known(response)))
            if response.weight(asking.control) > list.weight(asking.control) =>
        {
            return Ok(answer(subject, response, asking));
        }
        (Finding::Known(said), _) | (_, Some(Finding::Known(said))) => return Ok(answer(subject, said, asking)),
        (Finding::Unproven, _) | (_, Some(Finding::Unproven)) => Reason::RevocationDataNotProven {
            subject: name(),
            at: asking.control.at(),
            status: asking.control.status(),
        },
        // That there is no list says the least where there is a response.
        (Finding::Unknown(Silence::NoList), Some(Finding::Unknown(why))) | (Finding::Unknown(why), _) => {
            Reason::NoRevocationData { subject: name(), why }
        }
    };
    Ok(weigh(reason, None, asking.query))
}

/// What follows from what was said (ETSI EN 319 102-1 section 5.6.2.2 step 2 (b)).
fn answer(asked: Subject<'_>, said: Said, asking: &mut Asking<'_>) -> Answer {
    let subject = asked.certificate.subject().to_string();
    let Said {
        evidence,
        is_fresh,
        is_vouched,
        ended,
    } = said;
    match evidence.status {
        RevocationStatus::Good => {
            if let Some(ended) = ended {
                asking
                    .control
                    .slide(ended, SubIndication::CryptoConstraintsFailureNoPoe);
            }
            let limit = evidence.next_update.unwrap_or(evidence.as_of);
            if is_fresh || asking.control.slide(limit, SubIndication::TryLater) {
                return Answer {
                    evidence: Some(evidence),
                    ..Answer::default()
                };
            }
            let stale = Reason::StaleRevocationData {
                subject,
                next_update: limit,
            };
            weigh(stale, Some(evidence), asking.query)
        }
        RevocationStatus::Revoked { since, reason } => {
            let stamped = asking.query.stamped_before(since, reason);
            // What is old, or made by a stolen key, may not know of a worse reason.
            let stamped = stamped.filter(|_| is_fresh && is_vouched && !asked.is_authority);
            if let Some(stamped_at) = stamped {
                return Answer {
                    evidence: Some(evidence),
                    reason: None,
                    note: Some(Reason::GivenUpLater {
                        subject,
                        since,
                        reason,
                        stamped_at,
                    }),
                };
            }
            let (reason, note) = revocation(subject, asked.is_authority, (since, reason), asking);
            Answer {
                evidence: Some(evidence),
                reason,
                note,
            }
        }
    }
}

/// A revocation: a note where the signature is proved to be older, why the path fails otherwise.
fn revocation(
    subject: String,
    authority: bool,
    (since, reason): (DateTime<Utc>, RevocationReason),
    asking: &mut Asking<'_>,
) -> (Option<Reason>, Option<Reason>) {
    let revoked = match reason {
        RevocationReason::CertificateHold => Reason::OnHold {
            subject: subject.clone(),
            since,
        },
        _ => Reason::Revoked {
            subject: subject.clone(),
            authority,
            since,
            reason,
            proven_at: asking.query.proven_at.map(|_| asking.query.reference_time()),
        },
    };
    if !asking.control.slide_before(since, revoked.sub_indication(true)) {
        return (Some(revoked), None);
    }
    let note = Reason::RevokedLater {
        subject,
        since,
        reason,
        proven_at: asking.query.reference_time(),
    };
    (None, Some(note))
}

/// What data that prove nothing say of a later revocation: it counts against what else is asked, as it would if they
/// did.
fn heed(subject: Subject<'_>, status: RevocationStatus, asking: &mut Asking<'_>) {
    if let RevocationStatus::Revoked { since, reason } = status {
        let name = subject.certificate.subject().to_string();
        // It cannot refuse: what is revoked before the signature exists was not passed over.
        let _ = revocation(name, subject.is_authority, (since, reason), asking);
    }
}

/// As [`Said::clears`].
fn status_clears(status: RevocationStatus, control: &Control) -> bool {
    match status {
        RevocationStatus::Good => true,
        RevocationStatus::Revoked { since, .. } => control.reaches_before(since),
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

fn weigh(reason: Reason, evidence: Option<RevocationEvidence>, query: &Query<'_>) -> Answer {
    let (reason, note) = match query.revocation {
        Revocation::HardFail => (Some(reason), None),
        Revocation::SoftFail => (None, Some(reason)),
        Revocation::Off => (None, None),
    };
    Answer { evidence, reason, note }
}
