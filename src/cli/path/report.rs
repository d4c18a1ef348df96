//! The verdict of `yinxin path`: as JSON for programs, as a table for people.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::asn1::oid;
use crate::cli::layout::aligned;
use crate::cli::output::{advice, say, sentence};
use crate::cli::structures::Unread;
use crate::clock::rfc3339;
use crate::hex;
use crate::problem::Problem;
use crate::trust::{Indication, Reason, RevocationEvidence, RevocationStatus, Validation};
use crate::x509::Certificate;

/// Version of the JSON form; rises when a reader of the form would have to change.
const SCHEMA_VERSION: u32 = 1;

/// What is said of a certificate.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    schema_version: u32,
    /// Whether it can be relied on.
    pub(super) valid: bool,
    /// `PASSED`, `INDETERMINATE` or `FAILED` (ETSI EN 319 102-1 section 5.1.3).
    indication: &'static str,
    sub_indication: Option<&'static str>,
    /// The most useful reason in words; none where it is valid.
    reason: Option<String>,
    /// What to do about it.
    action: Option<String>,
    /// All reasons by code, the most fundamental first.
    reasons: Vec<Problem>,
    /// What does not decide and is good to know.
    notes: Vec<Problem>,
    /// Target first, anchor last; the target alone where no path was found.
    path: Vec<Step>,
    /// Name of the anchor.
    anchor: Option<String>,
    /// User-constrained policy set (RFC 5280 section 6.1.6), by object identifier.
    policies: Vec<String>,
    /// Paths that were tried too.
    attempts: Vec<Tried>,
    /// The time as of which it was judged.
    time: String,
    signature_checks: u32,
    /// Structures that could not be read and were left out.
    unread: Vec<Unread>,
}

/// A certificate on the path.
#[derive(Debug, Serialize)]
struct Step {
    role: &'static str,
    subject: String,
    issuer: String,
    serial: String,
    /// SHA-256 of the certificate in lower-case hexadecimal.
    sha256: String,
    not_before: String,
    not_after: String,
    /// What was heard of its revocation.
    status: Option<Status>,
}

/// What was heard of a certificate's revocation.
#[derive(Debug, Serialize)]
struct Status {
    revoked: bool,
    /// When it was said.
    as_of: String,
    since: Option<String>,
    reason: Option<&'static str>,
}

/// A path that failed.
#[derive(Debug, Serialize)]
struct Tried {
    subjects: Vec<String>,
    reason: Problem,
}

impl Verdict {
    pub(super) fn new(validation: &Validation, unread: Vec<Unread>) -> Self {
        let reasons: Vec<Problem> = validation.reasons.iter().map(Reason::problem).collect();
        let attempts = validation.attempts.iter().map(|attempt| Tried {
            subjects: attempt.subjects.clone(),
            reason: attempt.reason.problem(),
        });
        let (path, evidence) = (&validation.path, &validation.revocation);
        let step = |(place, certificate)| Step::new(certificate, place, path.len(), status_of(certificate, evidence));
        Self {
            valid: validation.is_passed(),
            indication: match validation.indication {
                Indication::Passed => "PASSED",
                Indication::Indeterminate(_) => "INDETERMINATE",
                Indication::Failed(_) => "FAILED",
            },
            sub_indication: validation.indication.sub_indication().map(|sub| sub.name()),
            notes: validation.notes.iter().map(Reason::problem).collect(),
            path: path.iter().enumerate().map(step).collect(),
            anchor: validation.anchor.clone(),
            policies: validation.policies.iter().map(ToString::to_string).collect(),
            attempts: attempts.collect(),
            signature_checks: validation.effort.signature_checks,
            ..Self::of(reasons, validation.time, unread)
        }
    }

    /// That the certificate itself cannot be read.
    pub(super) fn unreadable(problem: Problem, time: DateTime<Utc>, unread: Vec<Unread>) -> Self {
        Self {
            indication: "FAILED",
            ..Self::of(vec![problem], time, unread)
        }
    }

    fn of(reasons: Vec<Problem>, time: DateTime<Utc>, unread: Vec<Unread>) -> Self {
        let first = reasons.first();
        Self {
            schema_version: SCHEMA_VERSION,
            valid: false,
            indication: "INDETERMINATE",
            sub_indication: None,
            reason: first.map(sentence),
            action: first.and_then(advice),
            notes: Vec::new(),
            path: Vec::new(),
            anchor: None,
            policies: Vec::new(),
            attempts: Vec::new(),
            time: rfc3339(time),
            signature_checks: 0,
            reasons,
            unread,
        }
    }

    /// The verdict, what to do, the path as a table, policies, and what else is to be known.
    pub(super) fn words(&self) -> String {
        let mut lines = vec![match &self.reason {
            None => say("cli-path-valid", &[("time", &self.time)]),
            Some(reason) => say("cli-path-not-valid", &[("reason", reason)]),
        }];
        lines.extend(
            self.action
                .iter()
                .map(|action| say("cli-path-action", &[("action", action)])),
        );
        if !self.path.is_empty() {
            lines.push(String::new());
            lines.extend(table(&self.path));
            lines.push(String::new());
            lines.push(self.policies_in_words());
        }
        let more = self.reasons.iter().skip(1);
        lines.extend(more.map(|reason| say("cli-path-also", &[("reason", &sentence(reason))])));
        let notes = self.notes.iter();
        lines.extend(notes.map(|note| say("cli-path-note", &[("note", &sentence(note))])));
        let shown: Vec<&str> = self.path.iter().map(|step| step.subject.as_str()).collect();
        let others = self.attempts.iter().filter(|tried| tried.subjects != shown);
        lines.extend(others.map(|tried| {
            let (path, reason) = (tried.subjects.join(" ← "), sentence(&tried.reason));
            say("cli-path-tried", &[("path", &path), ("reason", &reason)])
        }));
        let unread = self.unread.iter();
        lines.extend(unread.map(|unread| say("cli-path-unread", &[("file", &unread.file), ("reason", &unread.cause)])));
        lines.join("\n")
    }

    fn policies_in_words(&self) -> String {
        if self.policies.is_empty() {
            return say("cli-path-no-policy", &[]);
        }
        let named = self.policies.iter().map(|policy| {
            let known = policy.parse().ok().and_then(|oid| oid::name(&oid));
            known.map_or_else(|| policy.clone(), |name| format!("{name} ({policy})"))
        });
        say(
            "cli-path-policies",
            &[("policies", &named.collect::<Vec<_>>().join(", "))],
        )
    }
}

impl Step {
    fn new(certificate: &Certificate, place: usize, length: usize, status: Option<Status>) -> Self {
        let validity = certificate.validity();
        Self {
            role: match place {
                0 => "target",
                _ if place + 1 == length => "anchor",
                _ => "authority",
            },
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial: certificate.serial().to_string(),
            sha256: hex::encode(certificate.fingerprint()),
            not_before: rfc3339(validity.not_before),
            not_after: rfc3339(validity.not_after),
            status,
        }
    }

    /// Role, period, revocation and subject.
    fn cells(&self) -> [String; 4] {
        let day = |time: &str| time.split_once('T').map_or(time, |(day, _)| day).to_owned();
        let status = match &self.status {
            None => "-".to_owned(),
            Some(Status { since: Some(since), .. }) => say("cli-path-revoked", &[("since", &day(since))]),
            Some(status) => say("cli-path-good", &[("at", &day(&status.as_of))]),
        };
        let role = match self.role {
            "target" => say("cli-path-target", &[]),
            "anchor" => say("cli-path-anchor", &[]),
            _ => say("cli-path-authority", &[]),
        };
        let period = format!("{} – {}", day(&self.not_before), day(&self.not_after));
        [role, period, status, self.subject.clone()]
    }
}

fn status_of(certificate: &Certificate, evidence: &[RevocationEvidence]) -> Option<Status> {
    let subject = certificate.subject().to_string();
    let said = evidence.iter().find(|evidence| evidence.subject == subject)?;
    let (revoked, since, reason) = match said.status {
        RevocationStatus::Good => (false, None, None),
        RevocationStatus::Revoked { since, reason } => (true, Some(rfc3339(since)), Some(reason.name())),
    };
    Some(Status {
        revoked,
        as_of: rfc3339(said.as_of),
        since,
        reason,
    })
}

/// A head and a row for each certificate, in columns.
fn table(path: &[Step]) -> Vec<String> {
    let head = [
        say("cli-path-head-role", &[]),
        say("cli-path-head-period", &[]),
        say("cli-path-head-status", &[]),
        say("cli-path-head-subject", &[]),
    ];
    let rows: Vec<[String; 4]> = std::iter::once(head).chain(path.iter().map(Step::cells)).collect();
    let lines = aligned(&rows).into_iter();
    lines.map(|line| format!("  {line}")).collect()
}
