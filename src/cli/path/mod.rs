//! `yinxin path`: whether a certificate can be relied on, by the anchors, certificates, revocation lists and status
//! responses that are handed to it (RFC 5280 section 6). It asks no instance, no store and no network.
//!
//! Exit code 0 where the certificate is valid, 1 where it is not or cannot be read, 2 where the command could not run.

mod report;

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{ArgGroup, Args, ValueEnum};
use der::asn1::ObjectIdentifier;

use crate::asn1::oid;
use crate::cli::error::CliError;
use crate::cli::output::{CliResult, OutputArguments};
use crate::cli::structures::{self, Found, Kind};
use crate::clock::{Clock, SystemClock, instant};
use crate::problem::Problem;
use crate::trust::{
    Anchor, AnchorConstraints, Conformance, ExpectedName, PolicySettings, Purpose, Query, Recognition, Revocation,
    Service, Snapshot, validate,
};
use crate::x509::Certificate;
use report::Verdict;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("name").args(["dns", "ip", "email"]))]
pub(super) struct Arguments {
    /// Certificate, PEM or DER; further certificates in the file help to find a path
    target: PathBuf,
    /// Certificates that are trusted
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    anchor: Vec<PathBuf>,
    /// Certificates, or bundles of them (.p7c), that help to find a path
    #[arg(long, num_args = 1.., value_name = "FILE")]
    untrusted: Vec<PathBuf>,
    /// Revocation lists
    #[arg(long, num_args = 1.., value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Responses about the status of certificates (OCSP)
    #[arg(long, num_args = 1.., value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// Weight of missing data about revocation; where it is left out, hard with lists or responses and off without
    #[arg(long, value_enum)]
    revocation: Option<Weight>,
    /// The time as of which to judge, RFC 3339, in place of now
    #[arg(long, value_parser = instant)]
    time: Option<DateTime<Utc>>,
    /// Policies that are acceptable, by object identifier; any where it is left out
    #[arg(long, num_args = 1.., value_name = "OID")]
    policy: Vec<ObjectIdentifier>,
    /// A policy must hold along the path
    #[arg(long)]
    explicit_policy: bool,
    /// Policy mappings do not count
    #[arg(long)]
    inhibit_mapping: bool,
    /// anyPolicy in certificates does not count
    #[arg(long)]
    inhibit_any_policy: bool,
    /// Extended key usage that the certificate must be for: object identifier, or name such as serverAuth
    #[arg(long, value_name = "OID", value_parser = purpose)]
    eku: Option<ObjectIdentifier>,
    /// Host name that the certificate must have
    #[arg(long)]
    dns: Option<String>,
    /// Address of a host that the certificate must have
    #[arg(long)]
    ip: Option<IpAddr>,
    /// E-mail address that the certificate must have
    #[arg(long)]
    email: Option<String>,
    /// How many authorities may stand between anchor and certificate, those that issued themselves not counted
    #[arg(long, value_name = "COUNT")]
    path_length: Option<u32>,
    /// By which rules certificates are read; where it is left out, profile for the name of a host or mailbox and path
    /// otherwise
    #[arg(long, value_enum)]
    conformance: Option<Rules>,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Weight {
    /// Without fresh data the certificate is not valid.
    Hard,
    /// What is missing is noted.
    Soft,
    /// Nothing is asked.
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rules {
    /// Path validation alone (RFC 5280 section 6).
    Path,
    /// The profile for certificates and lists too (RFC 5280 sections 4 and 5).
    Profile,
}

/// Names of purposes in RFC 5280 section 4.2.1.12 and RFC 9336.
const PURPOSES: [(&str, ObjectIdentifier); 6] = [
    ("anyExtendedKeyUsage", oid::ANY_EXTENDED_KEY_USAGE),
    ("clientAuth", oid::KP_CLIENT_AUTH),
    ("documentSigning", oid::KP_DOCUMENT_SIGNING),
    ("OCSPSigning", oid::KP_OCSP_SIGNING),
    ("serverAuth", oid::KP_SERVER_AUTH),
    ("timeStamping", oid::KP_TIME_STAMPING),
];

fn purpose(text: &str) -> Result<ObjectIdentifier, String> {
    let named = PURPOSES.iter().find(|(name, _)| *name == text);
    match named {
        Some((_, oid)) => Ok(*oid),
        None => ObjectIdentifier::new(text).map_err(|error| error.to_string()),
    }
}

pub(super) async fn run(arguments: Arguments) -> CliResult {
    let verdict = judge(&arguments)?;
    arguments.output.print(&verdict, || verdict.words());
    Ok(match verdict.valid {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    })
}

/// Reads the files and judges the certificate. What cannot be read is not there; where that is the certificate itself,
/// that is the verdict.
fn judge(arguments: &Arguments) -> Result<Verdict, CliError> {
    let time = arguments.time.unwrap_or_else(|| SystemClock.now());
    let Found {
        certificates: mut offered,
        unread: unread_target,
        ..
    } = structures::read(std::slice::from_ref(&arguments.target), Kind::Certificates)?;
    let anchors = structures::read(&arguments.anchor, Kind::Certificates)?;
    let untrusted = structures::read(&arguments.untrusted, Kind::Certificates)?;
    let lists = structures::read(&arguments.crl, Kind::Lists)?;
    let responses = structures::read(&arguments.ocsp, Kind::Responses)?;
    let unreadable = unread_target.into_iter().next().map(|unread| {
        Problem::new("target-unreadable")
            .param("file", unread.file)
            .param("reason", unread.cause)
    });
    let others = [&anchors, &untrusted, &lists, &responses];
    let unread = others.into_iter().flat_map(|found| &found.unread).cloned().collect();
    if let Some(problem) = unreadable {
        return Ok(Verdict::unreadable(problem, time, unread));
    }
    let target = offered.remove(0);
    offered.extend(untrusted.certificates);
    let path_length = arguments.path_length;
    let anchors = anchors.certificates.into_iter();
    let snapshot = Snapshot::new(
        anchors.map(|certificate| anchor(certificate, path_length)).collect(),
        offered,
        lists.crls,
    )
    .with_ocsp_responses(responses.ocsp_responses);
    let name = arguments.expected_name();
    let mut query = Query::new(&target, arguments.purpose(), time)
        .revocation(arguments.revocation())
        .conformance(arguments.conformance(name.as_ref()))
        .policies(arguments.policies());
    if let Some(name) = &name {
        query = query.expecting(name);
    }
    Ok(Verdict::new(&validate(&query, &snapshot), unread))
}

/// A certificate that is trusted as it is, without beginning or end (RFC 5280 section 6.1.1 (d)).
fn anchor(certificate: Certificate, path_length: Option<u32>) -> Anchor {
    let mut anchor = Anchor::new(&certificate.subject().to_string(), certificate, &[]);
    anchor.recognised.push(Recognition {
        service: Service::GovernmentSeals,
        since: DateTime::<Utc>::MIN_UTC,
        until: None,
    });
    anchor.within(AnchorConstraints {
        path_length,
        ..AnchorConstraints::default()
    })
}

impl Arguments {
    fn expected_name(&self) -> Option<ExpectedName> {
        let dns = self.dns.clone().map(ExpectedName::Dns);
        let ip = || self.ip.map(ExpectedName::Ip);
        dns.or_else(ip).or_else(|| self.email.clone().map(ExpectedName::Email))
    }

    fn purpose(&self) -> Purpose {
        self.eku.map_or(Purpose::Any, Purpose::ExtendedKeyUsage)
    }

    fn revocation(&self) -> Revocation {
        match self.revocation {
            Some(Weight::Hard) => Revocation::HardFail,
            Some(Weight::Soft) => Revocation::SoftFail,
            Some(Weight::Off) => Revocation::Off,
            None if self.crl.is_empty() && self.ocsp.is_empty() => Revocation::Off,
            None => Revocation::HardFail,
        }
    }

    /// Certificates of hosts and mailboxes follow the profile of RFC 5280 sections 4 and 5; others are judged by their
    /// path.
    fn conformance(&self, name: Option<&ExpectedName>) -> Conformance {
        match (self.conformance, name) {
            (Some(Rules::Profile), _) | (None, Some(_)) => Conformance::Profile,
            (Some(Rules::Path), _) | (None, None) => Conformance::PathOnly,
        }
    }

    fn policies(&self) -> PolicySettings {
        PolicySettings {
            acceptable: self.policy.clone(),
            require_explicit: self.explicit_policy,
            inhibit_mapping: self.inhibit_mapping,
            inhibit_any: self.inhibit_any_policy,
        }
    }
}
