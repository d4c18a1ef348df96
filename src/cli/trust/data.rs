//! `yinxin trust data`: certificates and revocation lists of others.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{OutputArguments, say};
use crate::cli::structures::{self, Kind, Unread};
use crate::service::actor::Actor;
use crate::service::validation_data::KnownValidationData;

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Certificates, or bundles of them (.p7c)
    certificates: Vec<PathBuf>,
    /// Revocation lists
    #[arg(long, num_args = 1.., value_name = "FILE", required_unless_present = "certificates")]
    crl: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
}

/// What was kept, and what could not be read.
#[derive(Debug, Serialize)]
struct Kept {
    certificates: usize,
    crls: usize,
    unread: Vec<Unread>,
}

pub(super) async fn run(arguments: &Arguments) -> Result<(), CliError> {
    let certificates = structures::read(&arguments.certificates, Kind::Certificates)?;
    let lists = structures::read(&arguments.crl, Kind::Lists)?;
    let unread: Vec<Unread> = certificates.unread.into_iter().chain(lists.unread).collect();
    let found = KnownValidationData {
        certificates: certificates.certificates,
        crls: lists.crls,
    };
    let (_, service) = arguments.instance.open().await?;
    service.keep_validation_data(&Actor::Operator, &found).await?;
    service.close().await;
    let kept = Kept {
        certificates: found.certificates.len(),
        crls: found.crls.len(),
        unread,
    };
    arguments.output.print(&kept, || words(&kept));
    Ok(())
}

fn words(kept: &Kept) -> String {
    let (certificates, crls) = (kept.certificates.to_string(), kept.crls.to_string());
    let told = say("cli-trust-data", &[("certificates", &certificates), ("lists", &crls)]);
    let unread = kept
        .unread
        .iter()
        .map(|unread| say("cli-path-unread", &[("file", &unread.file), ("reason", &unread.cause)]));
    std::iter::once(told).chain(unread).collect::<Vec<_>>().join("\n")
}
