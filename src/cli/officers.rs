//! `yinxin officer`: people with keys of their own.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::agreement::{Done, Proposing, print_decided, public_key};
use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::crypto::key::{KeyAlgorithm, Signer as _};
use crate::hex;
use crate::id::OfficerId;
use crate::keystore::{Keystore, Passphrase};
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::officers::{FormerOfficer, NewOfficer};
use crate::service::proposals::Act;
use crate::store::Officer;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an officer's own key file, and its public key beside it as NAME.pub.pem
    ///
    /// To be done by the officer, on the officer's own machine: the key file never goes anywhere.
    Key {
        /// The file, whose name ends in .key
        file: PathBuf,
        /// p-256, p-384, ed25519 or sm2
        #[arg(long, default_value = "sm2")]
        algorithm: String,
        /// File with the passphrase of the key, mode 600; made with a random one where it is not there
        #[arg(long)]
        passphrase_file: PathBuf,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Enrol an officer: the operator does so for the first two, then it takes two officers
    Enrol {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The person's name
        name: String,
        /// The organisation that the person belongs to
        #[arg(long)]
        organisation: String,
        /// The person's public key or certificate, PEM or DER
        #[arg(long)]
        public_key: PathBuf,
        #[command(flatten)]
        proposing: Proposing,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// List the officers, present and former
    List {
        #[command(flatten)]
        instance: InstanceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Remove an officer; two are always left
    Remove {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The officer, as `officer list` shows it
        officer: OfficerId,
        #[command(flatten)]
        proposing: Proposing,
        #[command(flatten)]
        output: OutputArguments,
    },
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::Key {
            file,
            algorithm,
            passphrase_file,
            output,
        } => make_key(&file, &algorithm, &passphrase_file, output)?,
        Command::Enrol {
            instance,
            name,
            organisation,
            public_key: key,
            proposing,
            output,
        } => {
            let act = Act::EnrolOfficer(NewOfficer::new(&name, &organisation, &public_key(&key)?));
            act_on(&instance, &proposing, act, output).await?;
        }
        Command::List { instance, output } => {
            let (_, service) = instance.open().await?;
            for officer in service.officers(&Actor::Operator).await? {
                output.print(&printed(&officer), || words(&officer));
            }
            service.close().await;
        }
        Command::Remove {
            instance,
            officer,
            proposing,
            output,
        } => {
            let act = Act::RemoveOfficer(FormerOfficer { officer });
            act_on(&instance, &proposing, act, output).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn act_on(
    instance: &InstanceArguments,
    proposing: &Proposing,
    act: Act,
    output: OutputArguments,
) -> Result<(), CliError> {
    let (_, service) = instance.open().await?;
    match proposing.act(&service, act).await? {
        Done::Act(outcome) => output.print(&outcome, || outcome["officer"].as_str().unwrap_or_default().to_owned()),
        Done::Proposed(decided) => print_decided(&decided, output),
    }
    service.close().await;
    Ok(())
}

fn make_key(
    file: &std::path::Path,
    algorithm: &str,
    passphrase_file: &std::path::Path,
    output: OutputArguments,
) -> Result<(), CliError> {
    let algorithm = KeyAlgorithm::from_name(algorithm)
        .ok_or_else(|| CliError::unknown("--algorithm", algorithm, KeyAlgorithm::ALL.map(KeyAlgorithm::name)))?;
    let name = file.file_name().and_then(|name| name.to_str()?.strip_suffix(".key"));
    let name =
        name.ok_or_else(|| CliError::wrong("file", Problem::new("key-file-name").param("value", file.display())))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(std::path::Path::new(".")).to_owned();
    let passphrase = Passphrase::from_file_or_new(passphrase_file)?;
    let key = Keystore::open(folder, passphrase)?.create(name, algorithm)?;
    let public = file.with_extension("pub.pem");
    let spki = key.public_key().spki();
    let pem = der::pem::encode_string("PUBLIC KEY", der::pem::LineEnding::LF, spki).map_err(CliError::failed)?;
    std::fs::write(&public, pem).map_err(CliError::file(&public))?;
    let (key_file, public) = (file.display().to_string(), public.display().to_string());
    let printed = serde_json::json!({ "key": key_file, "public_key": public });
    output.print(&printed, || {
        say("cli-officer-key", &[("key", &key_file), ("public", &public)])
    });
    Ok(())
}

fn printed(officer: &Officer) -> serde_json::Value {
    serde_json::json!({
        "id": officer.id,
        "name": officer.name,
        "organisation": officer.organisation,
        "key_sha256": hex::encode(&officer.key_sha256),
        "enrolled_at": officer.enrolled_at,
        "removed_at": officer.removed_at,
    })
}

fn words(officer: &Officer) -> String {
    let (id, since) = (officer.id.to_string(), officer.enrolled_at.date_naive().to_string());
    let params = [
        ("id", id.as_str()),
        ("name", &officer.name),
        ("organisation", &officer.organisation),
        ("since", &since),
    ];
    match officer.removed_at {
        None => say("cli-officer", &params),
        Some(removed) => {
            let until = removed.date_naive().to_string();
            say(
                "cli-officer-former",
                &[params.as_slice(), &[("until", &until)]].concat(),
            )
        }
    }
}
