//! The acts: recognising, withdrawing, suspending, resuming, mapping, publishing.
//!
//! Officers propose what takes two of them; until there are officers the operator does it.

use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use clap::Args;

use crate::cli::agreement::{Done, Proposing, print_decided};
use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{OutputArguments, json, remark, say};
use crate::cli::structures;
use crate::cli::suite::suite;
use crate::cli::trust::show::ListLine;
use crate::clock::instant;
use crate::licence::region::RegionCode;
use crate::service::Service as Instance;
use crate::service::error::ServiceError;
use crate::service::proposals::Act;
use crate::service::recognition::{
    AssuranceRow, AssuranceTable, ListPublication, NewRecognition, SignerStep, StatusChange,
};
use crate::trust::Service;
use crate::trust::list::{Bounds, Names, Status, StatusReason};

/// How an act is done.
#[derive(Debug, Args)]
pub(in crate::cli) struct Doing {
    #[command(flatten)]
    instance: InstanceArguments,
    /// Print the act as `proposal new` takes it, and do nothing
    #[arg(long, conflicts_with = "by")]
    act: bool,
    #[command(flatten)]
    proposing: Proposing,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Add {
    /// Its identifier in the list, as in chifeng-ca
    entity: String,
    /// Its certificate, DER or PEM
    #[arg(long, required_unless_present = "from", conflicts_with = "from")]
    certificate: Option<PathBuf>,
    /// The partner's list that it is taken from, with certificate, names and bounds
    #[arg(long)]
    from: Option<String>,
    /// Its identifier in the partner's list, where it is another
    #[arg(long, requires = "from")]
    there: Option<String>,
    /// Its name in Chinese
    #[arg(long)]
    name: Option<String>,
    /// Its name in English
    #[arg(long, requires = "name")]
    english_name: Option<String>,
    /// What for: credentials, enterprise-signing, government-seals, time-stamping
    #[arg(long = "service", required = true, value_parser = service)]
    services: Vec<Service>,
    /// From when on, RFC 3339; from now on where it is left out
    #[arg(long, value_parser = instant)]
    since: Option<DateTime<Utc>>,
    /// A region whose bodies it certifies, six digits; all where none is given
    #[arg(long = "region")]
    regions: Vec<RegionCode>,
    /// All its bounds, JSON, in place of regions alone
    #[arg(long, conflicts_with = "regions")]
    bounds: Option<PathBuf>,
    /// Why, for people
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    doing: Doing,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Change {
    /// The entity
    entity: String,
    /// A service that is meant; all where none is given
    #[arg(long = "service", value_parser = service)]
    services: Vec<Service>,
    /// From when on, RFC 3339; only a compromise dates back
    #[arg(long, value_parser = instant)]
    since: Option<DateTime<Utc>>,
    /// What the list gives as its reason: agreement, ceased, cleared, compromise, investigation, rules-broken,
    /// unspecified
    #[arg(long, value_parser = reason)]
    grounds: StatusReason,
    /// The same for people
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    doing: Doing,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Map {
    /// The entity
    entity: String,
    /// One row, THEIRS=OURS, policies in dotted form; without any the table is emptied
    #[arg(long = "row", value_parser = row)]
    rows: Vec<AssuranceRow>,
    #[command(flatten)]
    doing: Doing,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Publish {
    /// Who makes the list, in Chinese
    #[arg(long)]
    operator: Option<String>,
    /// The same in English
    #[arg(long, requires = "operator")]
    english_operator: Option<String>,
    /// A region whose bodies are our own, six digits
    #[arg(long = "region")]
    regions: Vec<RegionCode>,
    /// Name a new signer, of this suite, beside the present one: international or national
    #[arg(long, conflicts_with = "complete_signer")]
    new_signer: Option<String>,
    /// Let the new signer take over
    #[arg(long)]
    complete_signer: bool,
    #[command(flatten)]
    doing: Doing,
}

/// Which change of status.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Withdraw,
    Suspend,
    Resume,
}

pub(super) async fn add(add: Add) -> Result<(), CliError> {
    let (_, service) = add.doing.instance.open().await?;
    let mut new = NewRecognition {
        entity: add.entity.clone(),
        names: add
            .name
            .map(|name| Names::new(&name, add.english_name.as_deref().unwrap_or_default())),
        certificate: String::new(),
        services: add.services,
        since: add.since,
        bounds: (!add.regions.is_empty()).then(|| Bounds {
            regions: add.regions.clone(),
            ..Bounds::default()
        }),
        note: add.note,
    };
    if let Some(path) = &add.bounds {
        let text = std::fs::read(path).map_err(CliError::file(path))?;
        let bounds = serde_json::from_slice(&text);
        new.bounds = Some(bounds.map_err(|error| CliError::unreadable("--bounds", path.display(), error))?);
    }
    match (&add.certificate, &add.from) {
        (Some(path), _) => {
            new.certificate = BASE64_STANDARD.encode(structures::one(path, "certificate")?);
        }
        (None, Some(partner)) => {
            let there = add.there.as_ref().unwrap_or(&add.entity);
            take_from(&service, partner, there, &mut new).await?;
        }
        (None, None) => return Err(CliError::needed("certificate")),
    }
    carry_out(&service, Act::Recognise(new), &add.doing).await
}

/// Fills in what the partner's list says of an entity.
async fn take_from(service: &Instance, partner: &str, there: &str, new: &mut NewRecognition) -> Result<(), CliError> {
    let lists = service.partner_lists().await?;
    let imported = lists.iter().find(|list| list.name == partner);
    let imported = imported.ok_or_else(|| ServiceError::not_found("partner list", partner))?;
    let entity = imported.list.entity(there);
    let entity = entity.ok_or_else(|| ServiceError::not_found("recognised authority", there))?;
    let stands = entity
        .services
        .iter()
        .rev()
        .find(|one| new.services.contains(&one.service));
    let stands = stands.ok_or_else(|| ServiceError::not_found("service of the authority", there))?;
    new.certificate = BASE64_STANDARD.encode(stands.certificate.der());
    new.names.get_or_insert_with(|| entity.names.clone());
    new.bounds.get_or_insert_with(|| entity.bounds.clone());
    Ok(())
}

pub(super) async fn change(change: Change, kind: Kind) -> Result<(), CliError> {
    let mut wanted = StatusChange {
        entity: change.entity,
        services: change.services,
        since: change.since,
        reason: change.grounds,
        note: change.note,
        cross_certificates: Vec::new(),
    };
    let (_, service) = change.doing.instance.open().await?;
    let status = match kind {
        Kind::Withdraw => Status::Withdrawn,
        Kind::Suspend => Status::Suspended,
        Kind::Resume => Status::Granted,
    };
    wanted.cross_certificates = service.cross_certificates_concerned(&wanted, status).await?;
    let told = match status {
        Status::Granted => "cli-trust-cross-granted",
        Status::Suspended => "cli-trust-cross-suspended",
        Status::Withdrawn => "cli-trust-cross-withdrawn",
    };
    for cross in &wanted.cross_certificates {
        let params = [("ca", cross.ca.as_str()), ("serial", cross.serial.as_str())];
        remark(&say(told, &params));
    }
    let act = match kind {
        Kind::Withdraw => Act::Withdraw(wanted),
        Kind::Suspend => Act::Suspend(wanted),
        Kind::Resume => Act::Resume(wanted),
    };
    carry_out(&service, act, &change.doing).await
}

pub(super) async fn map(map: Map) -> Result<(), CliError> {
    let (_, service) = map.doing.instance.open().await?;
    let table = AssuranceTable {
        entity: map.entity,
        rows: map.rows,
    };
    carry_out(&service, Act::MapAssurance(table), &map.doing).await
}

pub(super) async fn publish(publish: Publish) -> Result<(), CliError> {
    let signer = match (&publish.new_signer, publish.complete_signer) {
        (Some(name), _) => Some(SignerStep::Begin(suite(name)?)),
        (None, true) => Some(SignerStep::Complete),
        (None, false) => None,
    };
    let publication = ListPublication {
        operator: publish
            .operator
            .map(|name| Names::new(&name, publish.english_operator.as_deref().unwrap_or_default())),
        name: None,
        regions: (!publish.regions.is_empty()).then_some(publish.regions),
        signer,
    };
    let (_, service) = publish.doing.instance.open().await?;
    carry_out(&service, Act::PublishList(publication), &publish.doing).await
}

async fn carry_out(service: &Instance, act: Act, doing: &Doing) -> Result<(), CliError> {
    if doing.act {
        json(&act);
        return Ok(());
    }
    let done = doing.proposing.act(service, act).await;
    let list = service.recognition_list().await;
    service.close().await;
    match (done?, list?) {
        (Done::Proposed(decided), _) => print_decided(&decided, doing.output),
        (Done::Act(_), Some(list)) => {
            let shown = ListLine::of(&list, service.now());
            doing.output.print(&shown, || shown.words());
        }
        (Done::Act(_), None) => {}
    }
    Ok(())
}

fn service(name: &str) -> Result<Service, String> {
    let known = Service::ALL.map(Service::name).join(", ");
    Service::from_name(name).ok_or_else(|| format!("is none of {known}"))
}

fn reason(name: &str) -> Result<StatusReason, String> {
    let known = StatusReason::ALL.map(StatusReason::name).join(", ");
    StatusReason::from_name(name).ok_or_else(|| format!("is none of {known}"))
}

fn row(text: &str) -> Result<AssuranceRow, String> {
    let (from, to) = text.split_once('=').ok_or("is not THEIRS=OURS")?;
    Ok(AssuranceRow {
        from: from.to_owned(),
        to: to.to_owned(),
    })
}
