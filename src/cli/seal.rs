//! `yinxin seal`: electronic seals of organisations.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Subcommand;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::clock::beijing;
use crate::draw::svg;
use crate::licence::credit_code::CreditCode;
use crate::seal::picture::StandardDesign;
use crate::service::actor::Actor;
use crate::service::seals::NewSeal;
use crate::store;

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
        #[command(flatten)]
        output: OutputArguments,
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
        #[command(flatten)]
        output: OutputArguments,
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
    /// Publish a new status list of the seals and write it, for who verifies without the service
    Status {
        #[command(flatten)]
        instance: InstanceArguments,
        /// File to write, signed (.p7m)
        #[arg(long)]
        out: PathBuf,
    },
}

/// A seal, as it is printed.
#[derive(Serialize)]
struct SealLine<'s> {
    id: &'s str,
    owner: &'s str,
    name: &'s str,
    state: &'static str,
    valid_from: NaiveDate,
    valid_until: NaiveDate,
}

impl<'s> SealLine<'s> {
    fn of(row: &'s store::Seal) -> Self {
        Self {
            id: &row.es_id,
            owner: &row.owner,
            name: &row.name,
            state: row.state.as_str(),
            valid_from: beijing(row.valid_from).date_naive(),
            valid_until: beijing(row.valid_until).date_naive(),
        }
    }

    fn words(&self) -> String {
        let params = [
            ("id", self.id),
            ("name", self.name),
            ("state", &say(&format!("state-{}", self.state), &[])),
            ("from", &self.valid_from.to_string()),
            ("until", &self.valid_until.to_string()),
        ];
        say("cli-seal", &params)
    }
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::Make {
            instance,
            owner,
            code,
            design,
            purpose,
            output,
        } => {
            let standard = StandardDesign::from_name(&design);
            let design = standard
                .ok_or_else(|| CliError::unknown("--design", &design, StandardDesign::ALL.map(StandardDesign::name)))?;
            let (_, service) = instance.open().await?;
            let new = NewSeal {
                code: &code,
                design,
                purpose: purpose.as_deref(),
            };
            let id = service.make_seal(&Actor::Operator, &owner, &new).await?;
            let (_, row) = service.seal(&id).await?;
            let made = SealLine::of(&row);
            output.print(&made, || made.words());
            service.close().await;
        }
        Command::Show {
            instance,
            seal,
            picture,
            output,
        } => {
            let (_, service) = instance.open().await?;
            let rows = match seal.parse::<CreditCode>() {
                Ok(owner) => service.seals_of(&owner).await?,
                Err(_) => vec![service.seal(&seal).await?.1],
            };
            for row in rows {
                let shown = SealLine::of(&row);
                output.print(&shown, || shown.words());
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
        Command::Status { instance, out } => {
            let (_, service) = instance.open().await?;
            let list = service.signed_seal_status().await?;
            std::fs::write(&out, list).map_err(CliError::file(&out))?;
            service.close().await;
        }
    }
    Ok(ExitCode::SUCCESS)
}
