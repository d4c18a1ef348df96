//! `yinxin seal`: electronic seals of organisations.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliError, CliResult, line};
use crate::draw::svg;
use crate::licence::credit_code::CreditCode;
use crate::seal::picture::StandardDesign;
use crate::service::actor::Actor;
use crate::service::seals::NewSeal;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a seal for an authority that has its seal certificate
    Make {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Credit code of its owner
        owner: CreditCode,
        /// Code of 13 digits
        #[arg(long)]
        code: String,
        /// Design: round-45-star, round-42-star, round-40-purpose, ellipse-45x30, ellipse-40x30, name-20
        #[arg(long, default_value = "round-42-star")]
        design: String,
        /// What it is for, where the design has a place for it
        #[arg(long)]
        purpose: Option<String>,
    },
    /// Show a seal, or the seals of an authority
    Show {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Identifier of the seal, or credit code of the owner
        seal: String,
        /// Write its picture to a file, SVG
        #[arg(long)]
        picture: Option<PathBuf>,
    },
    /// Revoke a seal, for good
    Revoke {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Identifier of the seal
        seal: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::Make {
            instance,
            owner,
            code,
            design,
            purpose,
        } => {
            let standard = StandardDesign::from_name(&design);
            let design = standard.ok_or_else(|| CliError::value("design", &design, "is not known"))?;
            let (_, service) = instance.open().await?;
            let new = NewSeal {
                code: &code,
                design,
                purpose: purpose.as_deref(),
            };
            line(&service.make_seal(&Actor::Operator, &owner, &new).await?);
            service.close().await;
        }
        Command::Show {
            instance,
            seal,
            picture,
        } => {
            let (_, service) = instance.open().await?;
            let rows = match seal.parse::<CreditCode>() {
                Ok(owner) => service.seals_of(&owner).await?,
                Err(_) => vec![service.seal(&seal).await?.1],
            };
            for row in rows {
                let days = (row.valid_from.date_naive(), row.valid_until.date_naive());
                line(&format!(
                    "{}  {}  {}  {} to {}",
                    row.es_id, row.state, row.name, days.0, days.1
                ));
                if let Some(path) = &picture {
                    let (object, _) = service.seal(&row.es_id).await?;
                    let image = &object.info.image.data;
                    let plain = svg::unpack(image).map_or_else(|_| image.clone(), String::into_bytes);
                    std::fs::write(path, plain).map_err(CliError::file(path))?;
                }
            }
        }
        Command::Revoke { instance, seal, reason } => {
            let (_, service) = instance.open().await?;
            service.revoke_seal(&Actor::Operator, &seal, &reason).await?;
            service.close().await;
        }
    }
    Ok(ExitCode::SUCCESS)
}
