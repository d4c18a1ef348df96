//! `yinxin keys`: the keys of authorities and services, in files and on a token.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::crypto::key::KeyAlgorithm;
use crate::crypto::{DigestAlgorithm, PublicKey};
use crate::hex;
use crate::keystore::token::TokenKeyAlgorithm;
use crate::keystore::{ForeignKeyFile, Passphrase};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::ServiceError;
use crate::service::keys::NewKey;
use crate::store::{KeyPlace, KeyRecord};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the keys: name, algorithm, where each is
    List {
        #[command(flatten)]
        instance: InstanceArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Make a key
    Create {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Its name: that of the authority it is for
        name: String,
        /// p-256, p-384, ed25519 or sm2; with --hardware p-256, p-384, rsa-2048, rsa-3072 or rsa-4096
        #[arg(long, default_value = "p-256")]
        algorithm: String,
        /// On the token of the configuration, which it never leaves
        #[arg(long)]
        hardware: bool,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Import a key that was made elsewhere
    Import {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Its name: that of the authority it is for
        name: String,
        /// PKCS#8, PEM or DER, mode 600: P-256, P-384, RSA of 2048 to 4096 bits, Ed25519 or SM2
        file: PathBuf,
        /// File with the passphrase of that file, mode 600
        #[arg(long)]
        key_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Use a key that is on the token already
    Adopt {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Its name: that of the authority it is for
        name: String,
        /// Its label on the token; the name where it is left out
        #[arg(long)]
        label: Option<String>,
        /// Its CKA_ID in hexadecimal, where several have the label
        #[arg(long)]
        id: Option<String>,
        #[command(flatten)]
        output: OutputArguments,
    },
}

/// Runs `yinxin keys`.
pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::List { instance, output } => {
            let (_, service) = instance.open().await?;
            for record in service.key_records(&Actor::Operator).await? {
                print(&record, output);
            }
            service.close().await;
        }
        Command::Create {
            instance,
            name,
            algorithm,
            hardware,
            output,
        } => {
            let (_, service) = instance.open().await?;
            create(&service, &name, &algorithm, hardware).await?;
            print_one(&service, &name, output).await?;
        }
        Command::Import {
            instance,
            name,
            file,
            key_passphrase_file,
            output,
        } => {
            let (_, service) = instance.open().await?;
            import(&service, &name, &file, key_passphrase_file.as_deref()).await?;
            print_one(&service, &name, output).await?;
        }
        Command::Adopt {
            instance,
            name,
            label,
            id,
            output,
        } => {
            let unread = |text: &String| CliError::wrong("--id", Problem::new("not-hexadecimal").param("value", text));
            let octets = |text: String| hex::decode(&text).ok_or_else(|| unread(&text));
            let id = id.map(octets).transpose()?;
            let (_, service) = instance.open().await?;
            let label = label.as_ref().unwrap_or(&name);
            service.adopt_key(&Actor::Operator, &name, label, id).await?;
            print_one(&service, &name, output).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a key of that algorithm, on the token or in a file.
pub(super) async fn create(service: &Service, name: &str, algorithm: &str, hardware: bool) -> Result<NewKey, CliError> {
    if hardware {
        let known = TokenKeyAlgorithm::from_name(algorithm);
        let algorithm = known.map_err(|_| CliError::unknown("--algorithm", algorithm, TokenKeyAlgorithm::NAMES))?;
        return Ok(service.create_key_on_token(&Actor::Operator, name, algorithm).await?);
    }
    Ok(service.create_key(&Actor::Operator, name, software(algorithm)?).await?)
}

/// The algorithm of that name, of a key in a file.
pub(super) fn software(algorithm: &str) -> Result<KeyAlgorithm, CliError> {
    let unknown = || CliError::unknown("--algorithm", algorithm, KeyAlgorithm::ALL.map(KeyAlgorithm::name));
    KeyAlgorithm::from_name(algorithm).ok_or_else(unknown)
}

/// Takes a key file of another program in.
pub(super) async fn import(
    service: &Service,
    name: &str,
    file: &Path,
    passphrase_file: Option<&Path>,
) -> Result<NewKey, CliError> {
    let foreign = ForeignKeyFile {
        path: file.to_owned(),
        passphrase: passphrase_file.map(Passphrase::from_file).transpose()?,
    };
    let key = Arc::new(foreign.read()?);
    Ok(service.import_key(&Actor::Operator, name, &key).await?)
}

async fn print_one(service: &Service, name: &str, output: OutputArguments) -> Result<(), CliError> {
    let records = service.key_records(&Actor::Operator).await?;
    let record = records.into_iter().find(|record| record.name == name);
    print(&record.ok_or_else(|| ServiceError::not_found("key", name))?, output);
    service.close().await;
    Ok(())
}

fn print(record: &KeyRecord, output: OutputArguments) {
    let kind = PublicKey::from_spki(&record.public_key).map(|key| key.kind().to_string());
    let algorithm = kind.unwrap_or_default();
    let (place, address) = match &record.place {
        KeyPlace::File(path) => ("file", path.as_str()),
        KeyPlace::Sealed(_) => ("store", ""),
        KeyPlace::Token(address) => ("token", address.as_str()),
    };
    let sha256 = format!("{:?}", DigestAlgorithm::Sha256.digest(&record.public_key));
    let printed = serde_json::json!({
        "name": record.name,
        "suite": record.suite,
        "algorithm": algorithm,
        "place": place,
        "address": address,
        "sha256": sha256,
        "created_at": record.created_at,
    });
    let params = [
        ("name", record.name.as_str()),
        ("algorithm", &algorithm),
        ("address", address),
        ("sha256", &sha256),
    ];
    output.print(&printed, || say("cli-key", &params));
}
