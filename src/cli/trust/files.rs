//! Lists in files: checked, imported, exported.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::OutputArguments;
use crate::cli::trust::show::{ListLine, imported_words};
use crate::clock::{Clock, SystemClock};
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::ServiceError;
use crate::service::fetch::{Address, Fetcher};
use crate::service::recognition::PartnerSigner;
use crate::trust::list::{Follower, ListError, MAX_LIST_BYTES, Pin, SignedList, SignerId, StalePolicy};

#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// Signed list, or - for standard input
    file: PathBuf,
    /// What the list is followed with; written anew when it is accepted
    #[arg(long)]
    pin: PathBuf,
    /// SHA-256 of the key of its first signer, where there is no pin yet
    #[arg(long, value_parser = signer, conflicts_with = "trust_first")]
    signer: Option<SignerId>,
    /// Believe whoever signed it, where there is no pin yet
    #[arg(long)]
    trust_first: bool,
    /// Accept a list whose successor is due
    #[arg(long)]
    allow_stale: bool,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    #[command(flatten)]
    instance: InstanceArguments,
    /// What the partner is called here
    name: String,
    /// Its signed list: a file, - for standard input, or an http or https address, where the service then looks for the
    /// next ones
    #[arg(value_name = "FILE|ADDRESS")]
    from: String,
    /// SHA-256 of the key of its signer, told by the partner on another way; for the first list
    #[arg(long, value_parser = signer, conflicts_with = "trust_first")]
    signer: Option<SignerId>,
    /// Believe whoever signed the first list
    #[arg(long)]
    trust_first: bool,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn check(check: &Check) -> Result<(), CliError> {
    let signed = SignedList::parse(&read(&check.file)?).map_err(refused)?;
    let mut follower = match (read_pin(&check.pin)?, check.signer, check.trust_first) {
        (Some(follower), None, false) => follower,
        (Some(_), ..) => {
            return Err(CliError::wrong(
                "--pin",
                Problem::new("pin-there").param("value", check.pin.display()),
            ));
        }
        (None, Some(signer), _) => Follower::of_signers(vec![signer]),
        (None, None, true) => Follower::trusting_first(&signed).map_err(refused)?,
        (None, None, false) => {
            let problem = Problem::new("pin-missing").param("value", check.pin.display());
            return Err(CliError::wrong("--pin", problem));
        }
    };
    follower.follow(&signed).map_err(refused)?;
    let policy = if check.allow_stale {
        StalePolicy::Warn
    } else {
        StalePolicy::Refuse
    };
    let now = SystemClock.now();
    let (list, _) = follower.current(now, policy).map_err(refused)?;
    let shown = ListLine::of(list, now);
    check.output.print(&shown, || shown.words());
    write_pin(&check.pin, &follower)
}

pub(super) async fn import(import: &Import) -> Result<(), CliError> {
    let signer = match (import.signer, import.trust_first) {
        (Some(key), _) => PartnerSigner::Key(key),
        (None, true) => PartnerSigner::First,
        (None, false) => PartnerSigner::Known,
    };
    let (config, service) = import.instance.open().await?;
    let (actor, name) = (Actor::Operator, import.name.as_str());
    let imported = if Address::is_meant(&import.from) {
        let fetcher = Fetcher::new(&config.fetch).map_err(ServiceError::explained)?;
        let address = Address::parse(&import.from).map_err(ServiceError::explained)?;
        service
            .import_partner_list_from(&actor, name, &address, &fetcher, &signer)
            .await?
    } else {
        let bytes = read(Path::new(&import.from))?;
        service.import_partner_list(&actor, name, &bytes, &signer).await?
    };
    let shown = ListLine::of(&imported.list, service.now());
    let printed = serde_json::json!({
        "name": imported.name, "list": shown, "withdrawn_there": imported.withdrawn_there, "address": imported.address,
    });
    import.output.print(&printed, || imported_words(&imported, &shown));
    service.close().await;
    Ok(())
}

pub(super) async fn forget(instance: &InstanceArguments, name: &str) -> Result<(), CliError> {
    let (_, service) = instance.open().await?;
    service.forget_partner_list(&Actor::Operator, name).await?;
    service.close().await;
    Ok(())
}

pub(super) async fn export(
    instance: &InstanceArguments,
    sequence: Option<u64>,
    out: &Path,
    content: bool,
    pin: Option<&Path>,
) -> Result<(), CliError> {
    let (_, service) = instance.open().await?;
    let (signed, _) = service.numbered_recognition_list(sequence).await?;
    let bytes = match content {
        true => signed.content().to_vec(),
        false => signed.to_compact().into_bytes(),
    };
    std::fs::write(out, bytes).map_err(CliError::file(out))?;
    if let Some(pin) = pin {
        write_pin(pin, &Follower::trusting_first(&signed).map_err(refused)?)?;
    }
    service.close().await;
    Ok(())
}

/// What a list is followed with; `None` where there is no such file.
pub(in crate::cli) fn read_pin(path: &Path) -> Result<Option<Follower>, CliError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CliError::file(path)(error)),
    };
    let pin: Pin = serde_json::from_slice(&text).map_err(|error| CliError::unreadable("pin", path.display(), error))?;
    Follower::from_pin(&pin).map(Some).map_err(refused)
}

/// Writes a pin, whole or not at all: half a pin would forget what was seen.
pub(in crate::cli) fn write_pin(path: &Path, follower: &Follower) -> Result<(), CliError> {
    let text = serde_json::to_vec(&follower.pin()).map_err(CliError::failed)?;
    let new = path.with_extension("pin.new");
    std::fs::write(&new, text).map_err(CliError::file(&new))?;
    std::fs::rename(&new, path).map_err(CliError::file(path))
}

/// A list that is not accepted is a refusal like any other.
pub(in crate::cli) fn refused(error: ListError) -> CliError {
    CliError::Service(ServiceError::explained(error))
}

/// A file, no longer than a list.
fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_LIST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    if path.as_os_str() == "-" {
        let input = std::io::stdin().lock();
        input
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(CliError::file(path))?;
    } else {
        let file = std::fs::File::open(path).map_err(CliError::file(path))?;
        file.take(limit).read_to_end(&mut bytes).map_err(CliError::file(path))?;
    }
    Ok(bytes)
}

fn signer(text: &str) -> Result<SignerId, String> {
    SignerId::from_hex(text).ok_or_else(|| "is not 64 hexadecimal digits".to_owned())
}
