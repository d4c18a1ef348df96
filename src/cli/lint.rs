//! `yinxin ca lint`: certificates of anybody, in files, against the rules that ours are held against before they are
//! signed.
//!
//! It asks no instance. The issuer of each is looked for among all certificates handed over; rules that look at both
//! are passed over where it is not there. Exit code 0 where no rule of severity error is broken, 1 where one is or a
//! certificate cannot be read, 2 where the command could not run.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::ca::lint::{self, Examined, Finding, Severity, Standing};
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::cli::structures::{self, Kind, Unread};
use crate::x509::Certificate;

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Certificates, PEM or DER, or bundles of them (.p7c)
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Certificates of issuers that are looked at and not judged
    #[arg(long, num_args = 1.., value_name = "FILE")]
    issuer: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
}

/// What is said of one certificate.
#[derive(Debug, Serialize)]
struct Judged {
    file: String,
    subject: String,
    serial: String,
    /// Whether the rules that look at the issuer's certificate were asked too.
    issuer_known: bool,
    passed: bool,
    findings: Vec<Told>,
}

#[derive(Debug, Serialize)]
struct Told {
    rule: &'static str,
    severity: &'static str,
    clause: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
    message: String,
}

pub(super) fn run(arguments: &Lint) -> CliResult {
    let mut certificates = Vec::new();
    let mut unread = Vec::new();
    for file in &arguments.files {
        let found = structures::read(std::slice::from_ref(file), Kind::Certificates)?;
        certificates.extend(
            found
                .certificates
                .into_iter()
                .map(|one| (file.display().to_string(), one)),
        );
        unread.extend(found.unread);
    }
    let issuers = structures::read(&arguments.issuer, Kind::Certificates)?;
    unread.extend(issuers.unread);
    let at_hand: Vec<_> = certificates
        .iter()
        .map(|(_, one)| one)
        .chain(&issuers.certificates)
        .collect();
    let mut all_passed = unread.is_empty();
    for (file, certificate) in &certificates {
        let judged = judge(file, certificate, &at_hand);
        all_passed &= judged.passed;
        arguments.output.print(&judged, || words(&judged));
    }
    for fault in &unread {
        arguments.output.print(fault, || words_of_unread(fault));
    }
    Ok(if all_passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn judge(file: &str, certificate: &Certificate, at_hand: &[&Certificate]) -> Judged {
    let issuers = issuers(certificate, at_hand);
    let judged_under = |issuer| {
        lint::run(&Examined {
            certificate,
            issuer,
            standing: Standing::Foreign,
        })
    };
    let breaches = |findings: &Vec<Finding>| {
        let errors = findings.iter().filter(|finding| finding.severity >= Severity::Error);
        (errors.count(), findings.len())
    };
    // An authority has several certificates where others certified it, too: what it issued need only keep within one of
    // them.
    let under_each = issuers.iter().map(|issuer| judged_under(Some(*issuer)));
    let findings = under_each.min_by_key(breaches).unwrap_or_else(|| judged_under(None));
    Judged {
        file: file.to_owned(),
        subject: certificate.subject().to_string(),
        serial: certificate.serial().to_string(),
        issuer_known: !issuers.is_empty(),
        passed: findings.iter().all(|finding| finding.severity < Severity::Error),
        findings: findings.into_iter().map(told).collect(),
    }
}

/// Signature checks that looking for issuers may cost: certificates of the same name are few where nobody makes them
/// up.
const MAX_CANDIDATES: usize = 8;

/// The certificates at hand whose key signed this one; none where it signed itself.
fn issuers<'a>(certificate: &Certificate, at_hand: &[&'a Certificate]) -> Vec<&'a Certificate> {
    let is_named = |other: &&&Certificate| **other != certificate && other.subject() == certificate.issuer();
    let signed = |other: &&&Certificate| {
        let key = other.public_key();
        key.is_ok_and(|key| certificate.verify_signed_by(key).is_ok())
    };
    let candidates = at_hand.iter().filter(is_named).take(MAX_CANDIDATES);
    candidates.filter(signed).copied().collect()
}

fn told(finding: Finding) -> Told {
    let message = say(&format!("rule-{}", finding.rule), &[("value", &finding.value)]);
    Told {
        rule: finding.rule,
        severity: finding.severity.name(),
        clause: finding.clause,
        value: finding.value,
        message,
    }
}

fn words(judged: &Judged) -> String {
    let key = match (judged.findings.is_empty(), judged.passed) {
        (true, _) => "cli-lint-clean",
        (false, true) => "cli-lint-passed",
        (false, false) => "cli-lint-failed",
    };
    let head = [
        ("file", judged.file.as_str()),
        ("subject", &judged.subject),
        ("serial", &judged.serial),
    ];
    let mut lines = vec![say(key, &head)];
    lines.extend(judged.findings.iter().map(|told| {
        let severity = say(&format!("severity-{}", told.severity), &[]);
        let params = [
            ("severity", severity.as_str()),
            ("message", &told.message),
            ("clause", told.clause),
            ("rule", told.rule),
        ];
        say("cli-lint-finding", &params)
    }));
    lines.join("\n")
}

fn words_of_unread(fault: &Unread) -> String {
    say("cli-lint-unread", &[("file", &fault.file), ("cause", &fault.cause)])
}
