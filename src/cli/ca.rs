//! `yinxin ca`: the certificate authority.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::ca::{Profile, ProfileKind, SubordinateTerms};
use crate::cli::agreement::{Done, Proposing, print_decided};
use crate::cli::ceremony::{self, Ceremony};
use crate::cli::certificates::{self, Issue, Listed, Rekey, Renew, Revoke, Suspend};
use crate::cli::cross;
use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::keys;
use crate::cli::lint::{self, Lint};
use crate::cli::offline_roots::{ImportCertificate, ImportCrl, Request};
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::clock::rfc3339;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::certificate_authorities::NewCertificateAuthority;
use crate::service::error::ServiceError;
use crate::service::keys::NewKey;
use crate::service::proposals::Act;
use crate::store::{CertificateAuthority, Crl};
use crate::x509::Certificate;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Found all that a city needs, in both suites: root, issuing, time stamping, seal maker, signer of QR codes
    ///
    /// What is there already is left alone.
    City {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The organisation that runs it
        #[arg(long)]
        organisation: String,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Found a root
    Root(Found),
    /// Found an authority under another
    Sub {
        #[command(flatten)]
        found: Found,
        /// The authority above it
        #[arg(long)]
        parent: String,
        #[command(flatten)]
        terms: TermsArguments,
    },
    /// Issue a certificate for a PKCS#10 request
    Issue(Issue),
    /// List the profiles: those delivered, then those of the folder of the configuration
    Profiles {
        #[command(flatten)]
        instance: InstanceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// List the certificates that an authority issued, newest first
    Certificates(Listed),
    /// Issue a certificate that takes up where another ends, for the same key
    Renew(Renew),
    /// Issue a certificate for a new key of the same subject
    Rekey(Rekey),
    /// Suspend a certificate for the time being
    Hold(Suspend),
    /// Take a certificate off its hold
    Release(Suspend),
    /// Hold certificates of anybody, in files, against the rules of RFC 5280, GB/T 20518 and GM/T 0015
    Lint(Lint),
    /// Revoke a certificate and publish the list
    Revoke(Revoke),
    /// Keep a root offline: run a script with two people and write a transcript; `ceremony check` checks one
    Ceremony(Ceremony),
    /// Write a PKCS#10 request for a key that is here (`keys create`), for a root that is kept offline
    Request(Request),
    /// Take an authority into service that a root offline certified, and the root with it
    ImportCertificate(ImportCertificate),
    /// Take in a later revocation list of a root offline
    ImportCrl(ImportCrl),
    /// Publish a new revocation list and write it
    Crl {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The authority
        ca: String,
        /// Days for which it may be relied on, for whoever cannot ask again: up to 10, and 1826 where it speaks of
        /// authorities and their services alone; 8 where none are given
        #[arg(long)]
        days: Option<u32>,
        /// File to write, DER
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Cross-certificates: new, accept, list, show, revoke
    #[command(subcommand)]
    Cross(cross::Command),
    /// Show the authorities, or one of them
    Show {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The authority
        ca: Option<String>,
        /// Write its certificate to a file, DER
        #[arg(long, requires = "ca")]
        out: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
}

#[derive(Debug, Args)]
pub(super) struct Found {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Its short name, as in addresses
    name: String,
    /// Algorithm of its new key: p-256, p-384, ed25519 or sm2; with --hardware also rsa-2048, rsa-3072 and rsa-4096
    #[arg(long, default_value = "p-256", conflicts_with = "key")]
    algorithm: String,
    /// Make its key on the token of the configuration, which it never leaves
    #[arg(long, conflicts_with = "key")]
    hardware: bool,
    /// Import its key from this file (PKCS#8, PEM or DER, mode 600): P-256, P-384, RSA of 2048 to 4096 bits, Ed25519 or
    /// SM2
    #[arg(long)]
    key: Option<PathBuf>,
    /// File with the passphrase of that file, mode 600
    #[arg(long, requires = "key")]
    key_passphrase_file: Option<PathBuf>,
    /// The organisation that runs it
    #[arg(long)]
    organisation: String,
    /// Its own name
    #[arg(long)]
    common_name: String,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
}

/// What an authority is given by the one above it; what is left out is as narrow as usual.
#[derive(Debug, Args)]
#[command(next_help_heading = "Terms")]
pub(super) struct TermsArguments {
    /// Tiers of authorities that may follow it; none where it is left out
    #[arg(long, value_name = "TIERS")]
    path_length: Option<u32>,
    /// Policies for which it certifies, by object identifier; those of the authority above where it is left out
    #[arg(long, num_args = 1.., value_name = "OID")]
    policy: Vec<String>,
    /// Names that it may certify: O=…,C=CN, dns:example.org, email:example.org, uri:.example.org or ip:192.0.2.0/24
    #[arg(long, num_args = 1.., value_name = "NAME")]
    permitted: Vec<String>,
    /// Names that it may not certify
    #[arg(long, num_args = 1.., value_name = "NAME")]
    excluded: Vec<String>,
}

impl From<TermsArguments> for SubordinateTerms {
    fn from(arguments: TermsArguments) -> Self {
        Self {
            path_length: arguments.path_length,
            policies: arguments.policy,
            permitted: arguments.permitted,
            excluded: arguments.excluded,
        }
    }
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::City {
            instance,
            organisation,
            output,
        } => {
            let (_, service) = instance.open().await?;
            service.found_city(&Actor::Operator, &organisation).await?;
            for authority in service.certificate_authorities().await? {
                output.print(&authority_line(&authority), || authority_words(&authority));
            }
            service.close().await;
        }
        Command::Root(found) => run_found(&found, None).await?,
        Command::Sub { found, parent, terms } => run_found(&found, Some((parent, terms.into()))).await?,
        Command::Issue(issue) => certificates::issue(&issue).await?,
        Command::Ceremony(ceremony) => return ceremony::run(&ceremony),
        Command::Request(request) => request.run().await?,
        Command::ImportCertificate(import) => import.run().await?,
        Command::ImportCrl(import) => import.run().await?,
        Command::Certificates(listed) => certificates::list(&listed).await?,
        Command::Renew(renew) => certificates::renew(&renew).await?,
        Command::Rekey(rekey) => certificates::rekey(&rekey).await?,
        Command::Hold(named) => certificates::hold(&named).await?,
        Command::Release(named) => certificates::release(&named).await?,
        Command::Lint(arguments) => return lint::run(&arguments),
        Command::Revoke(revoke) => certificates::revoke(&revoke).await?,
        Command::Crl {
            instance,
            ca,
            days,
            out,
            output,
        } => {
            let (_, service) = instance.open().await?;
            let list = match days {
                Some(days) => service.publish_lasting_crl(&Actor::Operator, &ca, days).await?,
                None => service.publish_crl(&Actor::Operator, &ca).await?,
            };
            write(out.as_ref(), &list.der)?;
            print_crl(&list, output);
            service.close().await;
        }
        Command::Profiles { instance, output } => {
            let (_, service) = instance.open().await?;
            for profile in service.profiles() {
                print_profile(profile, output);
            }
            service.close().await;
        }
        Command::Cross(command) => cross::run(command).await?,
        Command::Show {
            instance,
            ca,
            out,
            output,
        } => {
            let (_, service) = instance.open().await?;
            let mut authorities = service.certificate_authorities().await?;
            if let Some(ca) = &ca {
                authorities.retain(|authority| authority.name == *ca);
                let found = authorities.first();
                let found = found.ok_or_else(|| ServiceError::not_found("certificate authority", ca))?;
                write(out.as_ref(), &found.certificate)?;
            }
            for authority in &authorities {
                output.print(&authority_line(authority), || authority_words(authority));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Found {
    /// The key that is asked for; an imported one, or one on the token, is kept from here on.
    async fn new_key(&self, service: &Service) -> Result<NewKey, CliError> {
        match &self.key {
            Some(file) => keys::import(service, &self.name, file, self.key_passphrase_file.as_deref()).await,
            None if self.hardware => keys::create(service, &self.name, &self.algorithm, true).await,
            None => Ok(NewKey::Make(keys::software(&self.algorithm)?)),
        }
    }
}

async fn run_found(found: &Found, under: Option<(String, SubordinateTerms)>) -> Result<(), CliError> {
    let (parent, terms) = under.unzip();
    let (_, service) = found.instance.open().await?;
    let new = NewCertificateAuthority {
        name: found.name.clone(),
        key: found.new_key(&service).await?,
        parent,
        organisation: found.organisation.clone(),
        common_name: found.common_name.clone(),
        terms: terms.unwrap_or_default(),
    };
    match found.proposing.act(&service, Act::FoundCa(new)).await? {
        Done::Act(_) => {
            let row = service.certificate_authorities().await?;
            let row = row.into_iter().find(|row| row.name == found.name);
            let row = row.ok_or_else(|| ServiceError::not_found("certificate authority", &found.name))?;
            let certificate = Certificate::from_der(&row.certificate).map_err(ServiceError::internal)?;
            describe(&certificate, found.output);
        }
        Done::Proposed(decided) => print_decided(&decided, found.output),
    }
    service.close().await;
    Ok(())
}

pub(super) fn describe(certificate: &Certificate, output: OutputArguments) {
    let validity = certificate.validity();
    let (serial, subject) = (certificate.serial().to_string(), certificate.subject().to_string());
    let printed = serde_json::json!({
        "serial": serial,
        "subject": subject,
        "not_before": validity.not_before,
        "not_after": validity.not_after,
    });
    let until = validity.not_after.date_naive().to_string();
    let params = [("serial", serial.as_str()), ("subject", &subject), ("until", &until)];
    output.print(&printed, || say("cli-certificate", &params));
}

fn print_profile(profile: &Profile, output: OutputArguments) {
    let delivered = ProfileKind::from_name(&profile.name).is_some();
    let days = profile.validity.num_days();
    let printed = serde_json::json!({
        "name": profile.name,
        "description": profile.description,
        "delivered": delivered,
        "certification_authority": profile.certification_authority,
        "validity_days": days,
    });
    let days = days.to_string();
    let params = [
        ("name", profile.name.as_str()),
        ("days", &days),
        ("description", &profile.description),
    ];
    output.print(&printed, || say("cli-profile", &params));
}

/// The kind of its key, as people write it.
fn algorithm(authority: &CertificateAuthority) -> String {
    let certificate = Certificate::from_der(&authority.certificate).ok();
    let key = certificate
        .as_ref()
        .and_then(|certificate| certificate.public_key().ok());
    key.map(|key| key.kind().to_string()).unwrap_or_default()
}

fn authority_line(authority: &CertificateAuthority) -> serde_json::Value {
    serde_json::json!({
        "name": authority.name,
        "suite": authority.suite,
        "algorithm": algorithm(authority),
        "subject": authority.subject,
        "parent": authority.parent,
    })
}

fn authority_words(authority: &CertificateAuthority) -> String {
    let algorithm = algorithm(authority);
    let params = [
        ("name", authority.name.as_str()),
        ("algorithm", &algorithm),
        ("subject", &authority.subject),
        ("parent", authority.parent.as_deref().unwrap_or_default()),
    ];
    match authority.parent {
        Some(_) => say("cli-ca", &params),
        None => say("cli-ca-root", &params),
    }
}

pub(super) fn write(path: Option<&PathBuf>, bytes: &[u8]) -> Result<(), CliError> {
    match path {
        Some(path) => std::fs::write(path, bytes).map_err(CliError::file(path)),
        None => Ok(()),
    }
}

pub(super) fn print_crl(list: &Crl, output: OutputArguments) {
    let (number, until) = (list.number.to_string(), rfc3339(list.next_update));
    let printed = serde_json::json!({ "ca": list.ca, "number": list.number, "next_update": until });
    let params = [("ca", list.ca.as_str()), ("number", &number), ("until", &until)];
    output.print(&printed, || say("cli-crl", &params));
}
