//! `yinxin ca cross`: cross-certificates with the authorities of partners.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

use crate::ca::cross::{CertificatePair, Mode, Terms};
use crate::cli::agreement::{Done, Proposing, print_decided, serial_of};
use crate::cli::ca::write;
use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{OutputArguments, say};
use crate::cli::structures;
use crate::clock::instant;
use crate::service::actor::Actor;
use crate::service::certificates::FormerCertificate;
use crate::service::cross_certificates::{CrossCertificateView, NewCrossCertificate};
use crate::service::proposals::Act;
use crate::x509::{RevocationReason, SerialNumber};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Certify the authority of a partner, by its certificate or request
    New(Box<New>),
    /// Take in the certificate that the partner issued to our authority in return
    Accept {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The authority of ours
        ca: String,
        /// Serial number of our cross-certificate, in hexadecimal
        serial: SerialNumber,
        /// What the partner issued, DER or PEM
        file: PathBuf,
    },
    /// List the cross-certificates of an authority
    List {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The authority of ours
        ca: String,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Show one cross-certificate and write its pair
    Show {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The authority of ours
        ca: String,
        /// Serial number in hexadecimal
        serial: SerialNumber,
        /// File to write the pair to (crossCertificatePair, RFC 4523), DER
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Revoke a cross-certificate and publish the list
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(super) struct New {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The authority of ours that issues
    ca: String,
    /// Certificate or request of the partner's authority, DER or PEM
    file: PathBuf,
    /// Short name of the partner
    #[arg(long)]
    partner: String,
    /// direct; member, where we are the hub of a bridge; or bridge, where the partner is
    #[arg(long, default_value = "direct")]
    mode: String,
    /// Policies of ours that its certificates can stand for, by object identifier
    #[arg(long, required = true, num_args = 1.., value_name = "OID")]
    policy: Vec<String>,
    /// Which policy of the partner stands for which of ours
    #[arg(long, num_args = 1.., value_name = "OURS=THEIRS", value_parser = mapping)]
    map: Vec<(String, String)>,
    /// Names that it may certify: O=某市,C=CN, dns:example.org, email:example.org
    #[arg(long, num_args = 1.., value_name = "NAME")]
    permit: Vec<String>,
    /// Names that it may not certify, beside our own
    #[arg(long, num_args = 1.., value_name = "NAME")]
    exclude: Vec<String>,
    /// How many authorities may follow it
    #[arg(long)]
    path_length: Option<u32>,
    /// After how many certificates anyPolicy no longer counts
    #[arg(long, value_name = "COUNT")]
    inhibit_any_policy: Option<u32>,
    /// After how many certificates a policy must hold
    #[arg(long, value_name = "COUNT")]
    require_explicit_policy: Option<u32>,
    /// How many days it is valid at the most
    #[arg(long, default_value_t = 1095, value_name = "DAYS")]
    validity: u32,
    /// Where the partner publishes its certificates
    #[arg(long, value_name = "ADDRESS")]
    repository: Option<String>,
    /// File to write, DER
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The authority of ours
    ca: String,
    /// Serial number in hexadecimal
    serial: SerialNumber,
    /// Reason for the revocation list, as RFC 5280 names it
    #[arg(long, default_value = "cessationOfOperation")]
    because: RevocationReason,
    /// Since when its key is known or suspected not to be trusted, RFC 3339
    #[arg(long, value_parser = instant)]
    invalid_since: Option<DateTime<Utc>>,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
}

fn mapping(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or("not of the form OURS=THEIRS")?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

pub(super) async fn run(command: Command) -> Result<(), CliError> {
    match command {
        Command::New(new) => run_new(&new).await,
        Command::Accept {
            instance,
            ca,
            serial,
            file,
        } => {
            let certificate = structures::one(&file, "file")?;
            let (_, service) = instance.open().await?;
            service
                .accept_cross_certificate(&Actor::Operator, &ca, &serial, &certificate)
                .await?;
            service.close().await;
            Ok(())
        }
        Command::List { instance, ca, output } => {
            let (_, service) = instance.open().await?;
            for cross in service.cross_certificates(&ca).await? {
                output.print(&cross, || words(&cross));
            }
            Ok(())
        }
        Command::Show {
            instance,
            ca,
            serial,
            out,
            output,
        } => {
            let (_, service) = instance.open().await?;
            let cross = service.cross_certificate(&ca, &serial).await?;
            write(out.as_ref(), &pair(&cross)?.to_der())?;
            output.print(&cross, || words(&cross));
            Ok(())
        }
        Command::Revoke(revoke) => run_revoke(revoke).await,
    }
}

async fn run_new(new: &New) -> Result<(), CliError> {
    let mode = Mode::from_name(&new.mode);
    let mode = mode.ok_or_else(|| CliError::unknown("--mode", &new.mode, Mode::ALL.map(Mode::name)))?;
    let asked = NewCrossCertificate {
        ca: new.ca.clone(),
        partner: new.partner.clone(),
        authority: STANDARD.encode(structures::one(&new.file, "file")?),
        terms: Terms {
            mode,
            policies: new.policy.clone(),
            mappings: new.map.clone(),
            permitted: new.permit.clone(),
            excluded: new.exclude.clone(),
            path_length: new.path_length,
            inhibit_any_policy: new.inhibit_any_policy,
            require_explicit_policy: new.require_explicit_policy,
            validity_days: new.validity,
            repository: new.repository.clone(),
        },
    };
    let (_, service) = new.instance.open().await?;
    match new.proposing.act(&service, Act::IssueCross(asked)).await? {
        Done::Act(outcome) => {
            let cross = service.cross_certificate(&new.ca, &serial_of(&outcome)?).await?;
            if let Some(certificate) = pair(&cross)?.issued_by() {
                write(new.out.as_ref(), certificate.der())?;
            }
            new.output.print(&cross, || words(&cross));
        }
        Done::Proposed(decided) => print_decided(&decided, new.output),
    }
    service.close().await;
    Ok(())
}

async fn run_revoke(revoke: Revoke) -> Result<(), CliError> {
    let former = FormerCertificate {
        ca: revoke.ca,
        serial: revoke.serial,
        reason: revoke.because,
        invalid_since: revoke.invalid_since,
    };
    let (_, service) = revoke.instance.open().await?;
    if let Done::Proposed(decided) = revoke.proposing.act(&service, Act::RevokeCross(former)).await? {
        print_decided(&decided, revoke.output);
    }
    service.close().await;
    Ok(())
}

fn pair(cross: &CrossCertificateView) -> Result<CertificatePair, CliError> {
    let der = STANDARD.decode(&cross.pair).map_err(CliError::failed)?;
    CertificatePair::from_der(&der).map_err(CliError::failed)
}

fn words(cross: &CrossCertificateView) -> String {
    let until = cross.not_after.date_naive().to_string();
    let state = say(&format!("cross-{}", cross.state.name()), &[]);
    let way = say(if cross.mutual { "cross-mutual" } else { "cross-one-way" }, &[]);
    say(
        "cli-cross",
        &[
            ("serial", &cross.serial),
            ("partner", &cross.partner),
            ("subject", &cross.subject),
            ("until", &until),
            ("state", &state),
            ("way", &way),
        ],
    )
}
