//! Whether a certificate was revoked, by the complete lists of its own issuer (RFC 5280 section 6.3).
//!
//! A list counts when it is signed by the issuer's key, covers the certificate, and is fresh: at the present, or for the
//! proven time. Its issuer's other keys, delta and indirect lists, and lists for some reasons only are passed over.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::budget::Exhausted;
use super::cache::Links;
use super::{Query, Reason, Snapshot};
use crate::x509::{Certificate, Crl, DistributionPointName, KeyUsage, RevocationReason, RevokedEntry};

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

/// What a list said about one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationStatus {
    /// It is not on the list.
    Good,
    /// It is, from this time on.
    Revoked {
        /// The revocation, or the compromise behind it where that is earlier.
        since: DateTime<Utc>,
        /// Why.
        reason: RevocationReason,
    },
}

/// The list that answered, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationEvidence {
    /// Subject of the certificate.
    pub subject: String,
    /// SHA-256 of the list.
    pub list: [u8; 32],
    /// When the list was made: the status is as of then.
    pub as_of: DateTime<Utc>,
    /// When the next one was or is due.
    pub next_update: Option<DateTime<Utc>>,
    /// What it said.
    pub status: RevocationStatus,
}

/// What came of asking.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The list that answered.
    pub(super) evidence: Option<RevocationEvidence>,
    /// Why the certificate cannot be relied on.
    pub(super) reason: Option<Reason>,
    /// What is to be known all the same.
    pub(super) note: Option<Reason>,
}

/// Asks the lists at hand about a certificate.
pub(super) fn ask(
    certificate: &Certificate,
    is_authority: bool,
    issuer: &Certificate,
    query: &Query<'_>,
    snapshot: &Snapshot,
    links: &mut Links,
) -> Result<Answer, Exhausted> {
    let offered = query.crls.iter().filter(|crl| crl.issuer() == certificate.issuer());
    let mut lists: Vec<&Crl> = snapshot.crls_of(certificate.issuer()).chain(offered).collect();
    lists.sort_by_key(|crl| Reverse(crl.this_update()));
    let mut why = "there is no list of its issuer".to_owned();
    for crl in lists {
        if let Some(unusable) = unusable(crl, certificate, issuer, query.time) {
            why = unusable;
            continue;
        }
        let entry = crl.entry(certificate.issuer(), certificate.serial());
        // RFC 5280 section 5: entries may be taken off after expiry, so a later list proves nothing by silence.
        if entry.is_none() && crl.this_update() > certificate.validity().not_after {
            why = "the list was made after the certificate had expired".to_owned();
            continue;
        }
        let Ok(key) = issuer.public_key() else { continue };
        match links.verify(key, crl.fingerprint(), || crl.verify_signed_by(key))? {
            Ok(()) => return Ok(answer(certificate, is_authority, crl, entry, query)),
            Err(error) => why = format!("the signature of the list does not hold: {error}"),
        }
    }
    let reason = Reason::NoRevocationData {
        subject: certificate.subject().to_string(),
        why,
    };
    Ok(weigh(reason, None, query))
}

/// Why a list cannot answer; `None` when it can.
fn unusable(crl: &Crl, certificate: &Certificate, issuer: &Certificate, now: DateTime<Utc>) -> Option<String> {
    if !issuer.allows(KeyUsage::CRL_SIGN) {
        return Some("the issuer's key may not sign lists".to_owned());
    }
    if crl.this_update() > now {
        return Some(format!("the list is of {}, in the future", crl.this_update()));
    }
    // RFC 5280 section 5.2: nothing can be concluded from a list with a critical extension that is not processed.
    if let Some(oid) = crl.unknown_critical() {
        return Some(format!(
            "the list has the critical extension {oid}, which is not processed here"
        ));
    }
    let extensions = crl.extensions();
    if extensions.delta_crl_indicator.is_some() {
        return Some("the list is a delta list".to_owned());
    }
    let named = extensions
        .authority_key_identifier
        .as_ref()
        .and_then(|found| found.value.key_identifier.as_deref());
    if let (Some(named), Some(identifier)) = (named, issuer.key_identifier())
        && named != identifier
    {
        return Some("the list is signed by another key of the issuer".to_owned());
    }
    let point = &extensions.issuing_distribution_point.as_ref()?.value;
    let other_kind = if certificate.is_ca() {
        point.only_user_certificates
    } else {
        point.only_ca_certificates
    };
    let out_of_scope = other_kind
        || point.indirect
        || point.only_some_reasons.is_some()
        || point.only_attribute_certificates
        || point.name.as_ref().is_some_and(|name| !serves(name, certificate));
    out_of_scope.then(|| "the list does not cover this certificate".to_owned())
}

/// RFC 5280 section 6.3.3 (b) (2) (i): a name of the list's distribution point is one of the certificate's.
fn serves(name: &DistributionPointName, certificate: &Certificate) -> bool {
    let points = certificate.extensions().crl_distribution_points.as_ref();
    let mut names = points
        .iter()
        .flat_map(|points| &points.value)
        .filter_map(|point| point.name.as_ref());
    names.any(|other| match (name, other) {
        (DistributionPointName::Full(list), DistributionPointName::Full(certificate)) => {
            list.iter().any(|name| certificate.contains(name))
        }
        _ => name == other,
    })
}

/// What a list that counts says.
fn answer(
    certificate: &Certificate,
    is_authority: bool,
    crl: &Crl,
    entry: Option<RevokedEntry>,
    query: &Query<'_>,
) -> Answer {
    let subject = certificate.subject().to_string();
    let at = query.reference_time();
    let status = match &entry {
        Some(entry) => RevocationStatus::Revoked {
            since: effective_since(entry),
            reason: entry.reason,
        },
        None => RevocationStatus::Good,
    };
    let evidence = RevocationEvidence {
        subject: subject.clone(),
        list: *crl.fingerprint(),
        as_of: crl.this_update(),
        next_update: crl.next_update(),
        status,
    };
    let evidence = Some(evidence);
    match status {
        RevocationStatus::Revoked { since, reason } if since > at => {
            let note = Reason::RevokedLater {
                subject,
                since,
                reason,
                proven_at: at,
            };
            Answer {
                evidence,
                reason: None,
                note: Some(note),
            }
        }
        RevocationStatus::Revoked {
            since,
            reason: RevocationReason::CertificateHold,
        } => Answer {
            evidence,
            reason: Some(Reason::OnHold { subject, since }),
            note: None,
        },
        RevocationStatus::Revoked { since, reason } => {
            let reason = Reason::Revoked {
                subject,
                authority: is_authority,
                since,
                reason,
            };
            Answer {
                evidence,
                reason: Some(reason),
                note: None,
            }
        }
        RevocationStatus::Good if is_fresh(crl, query) => Answer {
            evidence,
            ..Answer::default()
        },
        RevocationStatus::Good => {
            let next_update = crl.next_update().unwrap_or_else(|| crl.this_update());
            weigh(Reason::StaleRevocationData { subject, next_update }, evidence, query)
        }
    }
}

/// A compromise counts from when it happened, as far as that is known (RFC 5280 section 5.3.2).
fn effective_since(entry: &RevokedEntry) -> DateTime<Utc> {
    match entry.invalidity_date {
        Some(date) if entry.reason.is_compromise() => date.min(entry.revoked_at),
        _ => entry.revoked_at,
    }
}

/// Fresh at the present, or made after the proven time, or in force at it (ETSI EN 319 102-1 section 5.2.5).
fn is_fresh(crl: &Crl, query: &Query<'_>) -> bool {
    let covers = |time| crl.next_update().is_some_and(|next| time <= next);
    covers(query.time)
        || query
            .proven_at
            .is_some_and(|proven| crl.this_update() >= proven || covers(proven))
}

fn weigh(reason: Reason, evidence: Option<RevocationEvidence>, query: &Query<'_>) -> Answer {
    match query.revocation {
        Revocation::HardFail => Answer {
            evidence,
            reason: Some(reason),
            note: None,
        },
        Revocation::SoftFail => Answer {
            evidence,
            reason: None,
            note: Some(reason),
        },
        Revocation::Off => Answer {
            evidence,
            ..Answer::default()
        },
    }
}
