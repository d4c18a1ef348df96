//! Why a path does not hold, or what is to be known of one that does.

use chrono::{DateTime, Utc};

use super::list::Status;
use super::{Doubt, Silence, SubIndication};
use crate::clock::rfc3339;
use crate::problem::Problem;
use crate::x509::RevocationReason;

/// One thing about one certificate on a path. The order of the variants is their rank: the further down, the more of
/// the path was in order, and the more the reason tells.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nothing that is recognised, and nothing that leads there, issued it.
    #[error("no path leads from {subject} to a recognised authority; it was issued by {issuer}")]
    NoPath {
        /// Subject of the last certificate reached.
        subject: String,
        /// Its issuer.
        issuer: String,
    },
    /// Its signature is not the issuer's.
    #[error("the signature on the certificate of {subject} is not that of {issuer}")]
    SignatureMismatch {
        /// Subject of the certificate.
        subject: String,
        /// Who should have signed.
        issuer: String,
    },
    /// Its algorithm or key is not supported: nothing is known of the signature.
    #[error("the signature on the certificate of {subject} cannot be checked: {cause}")]
    Unsupported {
        /// Subject of the certificate.
        subject: String,
        /// What is not supported.
        cause: String,
    },
    /// The work that one validation may cost is used up.
    #[error("validation was given up after {limit} {what}")]
    BudgetExhausted {
        /// The kind of work, such as `signature checks` or `certificates on the path`.
        what: &'static str,
        /// How many were allowed.
        limit: u32,
    },
    /// The issuer's certificate is not of version 3 or does not say that it is an authority (RFC 5280 section 6.1.4
    /// (k)).
    #[error("{subject} is not a certification authority")]
    NotAuthority {
        /// Subject of the issuer's certificate.
        subject: String,
    },
    /// The issuer's key may not sign certificates (RFC 5280 section 6.1.4 (n)).
    #[error("the key of {subject} may not sign certificates")]
    MayNotSignCertificates {
        /// Subject of the issuer's certificate.
        subject: String,
    },
    /// More authorities below than it allows (RFC 5280 section 6.1.4 (l)).
    #[error("more authorities follow {subject} than the {limit} it allows")]
    PathLength {
        /// Subject of the authority.
        subject: String,
        /// `pathLenConstraint`.
        limit: u32,
    },
    /// A critical extension that is not processed (RFC 5280 section 4.2).
    #[error("the certificate of {subject} has the critical extension {extension}, which is not processed here")]
    CriticalExtension {
        /// Subject of the certificate.
        subject: String,
        /// The extension, by name where it has one.
        extension: String,
    },
    /// Name constraints that cannot be held against the names below (RFC 5280 section 4.2.1.10).
    #[error("the name constraints of {authority} cannot be applied: {cause}")]
    NameConstraintsUnusable {
        /// Whose constraints.
        authority: String,
        /// Why not.
        cause: String,
    },
    /// A name lies in a subtree that an authority above may not certify (RFC 5280 section 6.1.3 (c)).
    #[error("the name {name} in the certificate of {subject} is excluded for {authority}")]
    NameExcluded {
        /// Subject of the certificate.
        subject: String,
        /// The name with its form.
        name: String,
        /// Who may not certify it.
        authority: String,
    },
    /// A name lies in none of the subtrees to which an authority above is bound (RFC 5280 section 6.1.3 (b)).
    #[error("the name {name} in the certificate of {subject} is outside of what {authority} may certify")]
    NameNotPermitted {
        /// Subject of the certificate.
        subject: String,
        /// The name with its form.
        name: String,
        /// Who may not certify it.
        authority: String,
    },
    /// A body of a region, by its credit code (GB 32100), that an authority above may not certify.
    #[error("the credit code \"{code}\" in the certificate of {subject} is of no region that {authority} may certify")]
    BodyNotPermitted {
        /// Subject of the certificate.
        subject: String,
        /// Its credit code; empty where it has none.
        code: String,
        /// Whose regions they are.
        authority: String,
    },
    /// A body of a region that another recognised authority certifies, which does not stand on the path.
    #[error("the credit code {code} in the certificate of {subject} is of a region that {authority} certifies")]
    BodyOfOthers {
        /// Subject of the certificate.
        subject: String,
        /// Its credit code.
        code: String,
        /// Who certifies there.
        authority: String,
    },
    /// anyPolicy in a policy mapping (RFC 5280 section 6.1.4 (a)).
    #[error("the certificate of {subject} maps anyPolicy")]
    AnyPolicyMapped {
        /// Subject of the authority.
        subject: String,
    },
    /// A policy must hold and none of those that are acceptable does (RFC 5280 sections 6.1.3 (f) and 6.1.5).
    #[error("no acceptable certificate policy leads to the certificate of {subject}")]
    NoValidPolicy {
        /// Subject of the certificate at which the last one was lost.
        subject: String,
    },
    /// It is not as a conforming authority makes it (RFC 5280 section 4).
    #[error("the certificate of {subject} does not conform to RFC 5280 section {clause}: {rule}")]
    NotConforming {
        /// Subject of the certificate.
        subject: String,
        /// The clause.
        clause: &'static str,
        /// What it asks.
        rule: &'static str,
    },
    /// It has another code of its body beside the first, or one that is not written in capital letters and digits (GB
    /// 32100 section 4).
    #[error("the certificate of {subject} does not have one credit code of capital letters and digits")]
    CreditCodes {
        /// Subject of the certificate.
        subject: String,
    },
    /// An algorithm on which no signature may rest any more.
    #[error("the certificate of {subject} rests on {algorithm}, which is not trusted since {ended}")]
    WeakAlgorithm {
        /// Subject of the certificate.
        subject: String,
        /// Algorithm or kind of key.
        algorithm: String,
        /// Its last moment.
        ended: DateTime<Utc>,
    },
    /// It has another name than the one asked for (RFC 9525 section 6).
    #[error("the certificate of {subject} is not that of {expected}")]
    WrongName {
        /// Subject of the certificate.
        subject: String,
        /// The name that was asked for, with its form.
        expected: String,
    },
    /// The authority is not recognised for this at the time in question.
    #[error("{anchor} was not recognised for {service} at {at}{}", ended_at(.ended))]
    NotRecognised {
        /// Name of the anchor.
        anchor: String,
        /// Stable name of the service.
        service: &'static str,
        /// The time in question.
        at: DateTime<Utc>,
        /// When its recognition had ended; `None` where it was never recognised for this before.
        ended: Option<DateTime<Utc>>,
        /// Whether the time in question is proved, or stated by the authority; the present otherwise.
        proven: bool,
    },
    /// The authority of a time stamp lost its recognition for what touches its honesty, and nothing proves that the
    /// stamp is older.
    #[error("{anchor} is {} since {} ({}); nothing else proves that its time stamp is older", .doubt.status.name(), .doubt.since, .doubt.reason.name())]
    Doubted {
        /// Name of the anchor.
        anchor: String,
        /// What is said of it.
        doubt: Doubt,
    },
    /// The key is for something else (RFC 5280 section 4.2.1.3).
    #[error("the key of {subject} is for {usage}, not for signing")]
    KeyUsage {
        /// Subject of the certificate.
        subject: String,
        /// What it may be used for.
        usage: String,
    },
    /// The certificate is for another purpose (RFC 5280 section 4.2.1.12).
    #[error("the certificate of {subject} is not for {purpose}")]
    Purpose {
        /// Subject of the certificate.
        subject: String,
        /// The purpose asked for.
        purpose: String,
    },
    /// It had not begun.
    #[error("the certificate of {subject} is valid from {not_before} on, after {at}")]
    NotYetValid {
        /// Subject of the certificate.
        subject: String,
        /// Its beginning.
        not_before: DateTime<Utc>,
        /// The time in question.
        at: DateTime<Utc>,
    },
    /// It had ended.
    #[error("the certificate of {subject} was valid until {not_after}, before {at}")]
    Expired {
        /// Subject of the certificate.
        subject: String,
        /// Its end.
        not_after: DateTime<Utc>,
        /// The time in question.
        at: DateTime<Utc>,
    },
    /// Something above it counts up to the control time only, and nothing proves that it existed by then (ETSI EN 319
    /// 102-1 section 5.6.2.2).
    #[error("nothing proves that the certificate of {subject} existed at {at}")]
    CertificateNotProven {
        /// Subject of the certificate.
        subject: String,
        /// The control time.
        at: DateTime<Utc>,
        /// What the certificate comes to at the present.
        status: SubIndication,
    },
    /// The same for the lists and responses that would say that it was not revoked.
    #[error("nothing proves that the revocation data for the certificate of {subject} existed at {at}")]
    RevocationDataNotProven {
        /// Subject of the certificate.
        subject: String,
        /// The control time.
        at: DateTime<Utc>,
        /// What the certificate comes to at the present.
        status: SubIndication,
    },
    /// No usable list says anything about it.
    #[error("nothing is known about the revocation of the certificate of {subject}: {why}")]
    NoRevocationData {
        /// Subject of the certificate.
        subject: String,
        /// What was wrong with what is at hand.
        why: Silence,
    },
    /// The newest list is too old.
    #[error("the newest revocation list for the certificate of {subject} was due to be replaced at {next_update}")]
    StaleRevocationData {
        /// Subject of the certificate.
        subject: String,
        /// When the next list was due.
        next_update: DateTime<Utc>,
    },
    /// It is suspended.
    #[error("the certificate of {subject} is on hold since {since}")]
    OnHold {
        /// Subject of the certificate.
        subject: String,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// It was revoked at or before the time in question.
    #[error("the certificate of {subject} was revoked on {since} for {}; {}", .reason.name(), later(.proven_at))]
    Revoked {
        /// Subject of the certificate.
        subject: String,
        /// Whether it is that of an authority, not the target.
        authority: bool,
        /// Since when: the revocation, or the compromise behind it where that is earlier.
        since: DateTime<Utc>,
        /// Why.
        reason: RevocationReason,
        /// The time at which the signature is proved to have existed; `None` where nothing proves it.
        proven_at: Option<DateTime<Utc>>,
    },
    /// A note: it was revoked, but only after the proven time.
    #[error("the certificate of {subject} was revoked at {since} ({}), after the proven time {proven_at}", .reason.name())]
    RevokedLater {
        /// Subject of the certificate.
        subject: String,
        /// Since when.
        since: DateTime<Utc>,
        /// Why.
        reason: RevocationReason,
        /// The time at which the signature is proved to have existed.
        proven_at: DateTime<Utc>,
    },
    /// A note: a time-stamping authority gave up its key for a harmless reason, after it had stamped.
    #[error("the certificate of {subject} was revoked at {since} ({}), after it had stamped at {stamped_at}", .reason.name())]
    GivenUpLater {
        /// Subject of the certificate.
        subject: String,
        /// Since when.
        since: DateTime<Utc>,
        /// Why.
        reason: RevocationReason,
        /// The time in the stamp.
        stamped_at: DateTime<Utc>,
    },
    /// A note: the authority is no longer recognised, but was at the proven time.
    #[error("{anchor} was recognised until {until}, after the proven time {proven_at}")]
    WithdrawnLater {
        /// Name of the anchor.
        anchor: String,
        /// The end of its recognition.
        until: DateTime<Utc>,
        /// The time at which the signature is proved to have existed.
        proven_at: DateTime<Utc>,
    },
}

impl Reason {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPath { .. } => "no-path",
            Self::SignatureMismatch { .. } => "certificate-signature-mismatch",
            Self::Unsupported { .. } => "certificate-algorithm-unsupported",
            Self::BudgetExhausted { .. } => "validation-budget-exhausted",
            Self::NotAuthority { .. } => "not-an-authority",
            Self::MayNotSignCertificates { .. } => "may-not-sign-certificates",
            Self::PathLength { .. } => "path-too-long",
            Self::CriticalExtension { .. } => "critical-extension",
            Self::NameExcluded { .. } => "name-excluded",
            Self::NameNotPermitted { .. } => "name-not-permitted",
            Self::BodyNotPermitted { .. } => "body-not-permitted",
            Self::BodyOfOthers { .. } => "body-of-others",
            Self::NameConstraintsUnusable { .. } => "name-constraints-unusable",
            Self::AnyPolicyMapped { .. } => "any-policy-mapped",
            Self::NoValidPolicy { .. } => "no-valid-policy",
            Self::NotConforming { .. } => "certificate-not-conforming",
            Self::CreditCodes { .. } => "certificate-credit-codes",
            Self::WeakAlgorithm { .. } => "weak-algorithm",
            Self::WrongName { .. } => "wrong-name",
            Self::NotRecognised { .. } => "authority-not-recognised",
            Self::Doubted { doubt, .. } if doubt.status == Status::Suspended => "time-stamping-suspended",
            Self::Doubted { .. } => "time-stamping-withdrawn",
            Self::KeyUsage { .. } => "wrong-key-usage",
            Self::Purpose { .. } => "wrong-purpose",
            Self::NotYetValid { .. } => "certificate-not-yet-valid",
            Self::Expired { .. } => "certificate-expired",
            Self::CertificateNotProven { .. } => "certificate-not-proven",
            Self::RevocationDataNotProven { .. } => "revocation-data-not-proven",
            Self::NoRevocationData { .. } => "no-revocation-data",
            Self::StaleRevocationData { .. } => "stale-revocation-data",
            Self::OnHold { .. } => "certificate-on-hold",
            Self::Revoked { proven_at: None, .. } => "certificate-revoked",
            Self::Revoked { proven_at: Some(_), .. } => "certificate-revoked-before",
            Self::RevokedLater { .. } => "certificate-revoked-later",
            Self::GivenUpLater { .. } => "time-stamping-given-up-later",
            Self::WithdrawnLater { .. } => "authority-withdrawn-later",
        }
    }

    /// Code and values, for a text in any language.
    pub fn problem(&self) -> Problem {
        let problem = Problem::new(self.code());
        match self {
            Self::NoPath { subject, issuer } | Self::SignatureMismatch { subject, issuer } => {
                problem.param("subject", subject).param("issuer", issuer)
            }
            Self::Unsupported { subject, cause } => problem.param("subject", subject).param("cause", cause),
            Self::BudgetExhausted { what, limit } => problem.param("what", what).param("limit", limit),
            Self::NotAuthority { subject }
            | Self::MayNotSignCertificates { subject }
            | Self::CreditCodes { subject }
            | Self::AnyPolicyMapped { subject }
            | Self::NoValidPolicy { subject } => problem.param("subject", subject),
            Self::NameExcluded { .. }
            | Self::NameNotPermitted { .. }
            | Self::BodyNotPermitted { .. }
            | Self::BodyOfOthers { .. }
            | Self::NameConstraintsUnusable { .. } => self.about_names(problem),
            Self::NotConforming { subject, clause, rule } => problem
                .param("subject", subject)
                .param("clause", clause)
                .param("rule", rule),
            Self::WrongName { subject, expected } => problem.param("subject", subject).param("expected", expected),
            Self::PathLength { subject, limit } => problem.param("subject", subject).param("limit", limit),
            Self::CriticalExtension { subject, extension } => {
                problem.param("subject", subject).param("extension", extension)
            }
            Self::WeakAlgorithm {
                subject,
                algorithm,
                ended,
            } => problem
                .param("subject", subject)
                .param("algorithm", algorithm)
                .param("ended", rfc3339(*ended)),
            Self::CertificateNotProven { subject, at, .. } | Self::RevocationDataNotProven { subject, at, .. } => {
                problem.param("subject", subject).param("at", rfc3339(*at))
            }
            Self::NotRecognised {
                anchor,
                service,
                at,
                ended,
                proven,
            } => recognition(problem, (anchor, service), *at, (*ended, *proven)),
            Self::Doubted { anchor, doubt } => doubted(problem, anchor, doubt),
            Self::KeyUsage { subject, usage } => problem.param("subject", subject).param("usage", usage),
            Self::Purpose { subject, purpose } => problem.param("subject", subject).param("purpose", purpose),
            Self::NotYetValid {
                subject,
                not_before,
                at,
            } => problem
                .param("subject", subject)
                .param("not_before", rfc3339(*not_before))
                .param("at", rfc3339(*at)),
            Self::Expired { subject, not_after, at } => problem
                .param("subject", subject)
                .param("not_after", rfc3339(*not_after))
                .param("at", rfc3339(*at)),
            Self::NoRevocationData { subject, why } => why.tell(problem.param("subject", subject)),
            Self::StaleRevocationData { subject, next_update } => problem
                .param("subject", subject)
                .param("next_update", rfc3339(*next_update)),
            Self::OnHold { subject, since } => problem.param("subject", subject).param("since", rfc3339(*since)),
            Self::Revoked {
                subject,
                since,
                reason,
                proven_at,
                ..
            } => revocation(problem, subject, (*since, *reason), *proven_at),
            Self::WithdrawnLater {
                anchor,
                until,
                proven_at,
            } => problem
                .param("anchor", anchor)
                .param("until", rfc3339(*until))
                .param("proven_at", rfc3339(*proven_at)),
            Self::RevokedLater {
                subject,
                since,
                reason,
                proven_at,
            } => revocation(problem, subject, (*since, *reason), Some(*proven_at)),
            Self::GivenUpLater {
                subject,
                since,
                reason,
                stamped_at,
            } => revocation(problem, subject, (*since, *reason), None).param("stamped_at", rfc3339(*stamped_at)),
        }
    }

    /// The values of what is said about names that are not an authority's to certify.
    fn about_names(&self, problem: Problem) -> Problem {
        match self {
            Self::NameExcluded {
                subject,
                name,
                authority,
            }
            | Self::NameNotPermitted {
                subject,
                name,
                authority,
            } => problem
                .param("subject", subject)
                .param("name", name)
                .param("authority", authority),
            Self::BodyNotPermitted {
                subject,
                code,
                authority,
            }
            | Self::BodyOfOthers {
                subject,
                code,
                authority,
            } => problem
                .param("subject", subject)
                .param("code", code)
                .param("authority", authority),
            Self::NameConstraintsUnusable { authority, cause } => {
                problem.param("authority", authority).param("cause", cause)
            }
            _ => problem,
        }
    }

    /// Its place in the order of variants.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::NoPath { .. } => 0,
            Self::SignatureMismatch { .. } => 1,
            Self::Unsupported { .. } => 2,
            Self::BudgetExhausted { .. } => 3,
            Self::NotAuthority { .. } => 4,
            Self::MayNotSignCertificates { .. } => 5,
            Self::PathLength { .. } => 6,
            Self::CriticalExtension { .. } => 7,
            Self::NameConstraintsUnusable { .. } => 8,
            Self::NameExcluded { .. } => 9,
            Self::NameNotPermitted { .. } | Self::BodyNotPermitted { .. } | Self::BodyOfOthers { .. } => 10,
            Self::AnyPolicyMapped { .. } => 11,
            Self::NoValidPolicy { .. } => 12,
            Self::NotConforming { .. } | Self::CreditCodes { .. } => 13,
            Self::WeakAlgorithm { .. } => 14,
            Self::WrongName { .. } => 15,
            Self::NotRecognised { .. } => 16,
            Self::Doubted { .. } => 17,
            Self::KeyUsage { .. } => 18,
            Self::Purpose { .. } => 19,
            Self::NotYetValid { .. } => 20,
            Self::Expired { .. } => 21,
            Self::CertificateNotProven { .. } => 22,
            Self::RevocationDataNotProven { .. } => 23,
            Self::NoRevocationData { .. } => 24,
            Self::StaleRevocationData { .. } => 25,
            Self::OnHold { .. } => 26,
            Self::Revoked { .. } => 27,
            Self::RevokedLater { .. } => 28,
            Self::WithdrawnLater { .. } => 29,
            Self::GivenUpLater { .. } => 30,
        }
    }

    /// The sub-indication that it leads to (ETSI EN 319 102-1 section 5.2.6). `proven` says whether the signature is
    /// proved to have existed at the time in question.
    pub(super) fn sub_indication(&self, proven: bool) -> SubIndication {
        match self {
            Self::NoPath { .. } | Self::SignatureMismatch { .. } => SubIndication::NoCertificateChainFound,
            Self::Unsupported { .. }
            | Self::BudgetExhausted { .. }
            | Self::NotAuthority { .. }
            | Self::MayNotSignCertificates { .. }
            | Self::PathLength { .. }
            | Self::CriticalExtension { .. }
            | Self::NameConstraintsUnusable { .. }
            | Self::NameExcluded { .. }
            | Self::NameNotPermitted { .. }
            | Self::BodyNotPermitted { .. }
            | Self::BodyOfOthers { .. }
            | Self::AnyPolicyMapped { .. }
            | Self::NoValidPolicy { .. }
            | Self::NotConforming { .. }
            | Self::CreditCodes { .. } => SubIndication::CertificateChainGeneralFailure,
            Self::WeakAlgorithm { .. } if proven => SubIndication::CryptoConstraintsFailure,
            Self::WeakAlgorithm { .. } => SubIndication::CryptoConstraintsFailureNoPoe,
            Self::WrongName { .. }
            | Self::NotRecognised { .. }
            | Self::Doubted { .. }
            | Self::WithdrawnLater { .. }
            | Self::KeyUsage { .. }
            | Self::Purpose { .. } => SubIndication::ChainConstraintsFailure,
            Self::NotYetValid { .. } | Self::Expired { .. } => SubIndication::OutOfBoundsNoPoe,
            Self::CertificateNotProven { status, .. } | Self::RevocationDataNotProven { status, .. } => *status,
            Self::NoRevocationData { .. } | Self::StaleRevocationData { .. } | Self::OnHold { .. } => {
                SubIndication::TryLater
            }
            Self::Revoked { authority: true, .. } => SubIndication::RevokedCaNoPoe,
            Self::Revoked { .. } | Self::RevokedLater { .. } | Self::GivenUpLater { .. } => SubIndication::RevokedNoPoe,
        }
    }
}

/// That there had been a recognition, which had ended.
fn ended_at(ended: &Option<DateTime<Utc>>) -> String {
    ended.map_or_else(String::new, |ended| format!("; it had been until {ended}"))
}

/// Who was not recognised for what and when, and when that had ended.
fn recognition(
    problem: Problem,
    (anchor, service): (&str, &str),
    at: DateTime<Utc>,
    (ended, proven): (Option<DateTime<Utc>>, bool),
) -> Problem {
    let problem = problem.param("anchor", anchor).param("service", service);
    let problem = problem.param("at", rfc3339(at));
    match ended {
        Some(ended) if proven => problem.param("ended", rfc3339(ended)),
        Some(ended) => problem.param("ended_unproven", rfc3339(ended)),
        None => problem,
    }
}

/// Since when and why an authority is not believed.
fn doubted(problem: Problem, anchor: &str, doubt: &Doubt) -> Problem {
    problem
        .param("anchor", anchor)
        .param("since", rfc3339(doubt.since))
        .param("status_reason", doubt.reason.name())
}

/// How a revocation stands to the signature.
fn later(proven_at: &Option<DateTime<Utc>>) -> String {
    match proven_at {
        Some(proven_at) => format!("the signature is later, proved to exist since {proven_at}"),
        None => "nothing proves that the signature is older".to_owned(),
    }
}

/// The values of a revocation, beside the time since which the signature is proved to exist.
fn revocation(
    problem: Problem,
    subject: &str,
    (since, reason): (DateTime<Utc>, RevocationReason),
    proven_at: Option<DateTime<Utc>>,
) -> Problem {
    let problem = problem
        .param("subject", subject)
        .param("since", rfc3339(since))
        .param("reason", reason.name());
    match proven_at {
        Some(proven_at) => problem.param("proven_at", rfc3339(proven_at)),
        None => problem,
    }
}
