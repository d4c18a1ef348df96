//! A list, for people or as JSON.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{OutputArguments, say};
use crate::clock::rfc3339;
use crate::service::recognition::ImportedList;
use crate::trust::Service;
use crate::trust::list::{Names, RecognitionList, SignedList, Status, StatusReason};

/// A list, as it is printed.
#[derive(Serialize)]
pub(super) struct ListLine<'l> {
    sequence: u64,
    operator: &'l Names,
    location: &'l str,
    issued: DateTime<Utc>,
    next_update: DateTime<Utc>,
    stale: bool,
    entities: Vec<EntityLine<'l>>,
}

#[derive(Serialize)]
struct EntityLine<'l> {
    entity: &'l str,
    names: &'l Names,
    regions: Vec<&'l str>,
    mappings: Vec<[String; 2]>,
    services: Vec<ServiceLine<'l>>,
}

#[derive(Serialize)]
struct ServiceLine<'l> {
    service: Service,
    certificate: String,
    history: Vec<DecisionLine<'l>>,
}

#[derive(Serialize)]
struct DecisionLine<'l> {
    status: Status,
    since: DateTime<Utc>,
    decided: DateTime<Utc>,
    reason: StatusReason,
    note: &'l str,
}

impl<'l> ListLine<'l> {
    pub(super) fn of(list: &'l RecognitionList, now: DateTime<Utc>) -> Self {
        let entities = list.entities.iter().map(|entity| EntityLine {
            entity: &entity.id,
            names: &entity.names,
            regions: entity.bounds.regions.iter().map(|region| region.as_str()).collect(),
            mappings: entity
                .mappings
                .iter()
                .map(|row| [row.from.to_string(), row.to.to_string()])
                .collect(),
            services: entity
                .services
                .iter()
                .map(|service| ServiceLine {
                    service: service.service,
                    certificate: service.certificate.subject().to_string(),
                    history: service
                        .history
                        .decisions()
                        .iter()
                        .map(|decision| DecisionLine {
                            status: decision.status,
                            since: decision.since,
                            decided: decision.decided,
                            reason: decision.reason,
                            note: &decision.note,
                        })
                        .collect(),
                })
                .collect(),
        });
        Self {
            sequence: list.sequence,
            operator: &list.operator,
            location: &list.location,
            issued: list.issued,
            next_update: list.next_update,
            stale: list.is_stale(now),
            entities: entities.collect(),
        }
    }

    pub(super) fn words(&self) -> String {
        let (number, issued, next) = (
            self.sequence.to_string(),
            rfc3339(self.issued),
            rfc3339(self.next_update),
        );
        let params = [
            ("number", number.as_str()),
            ("operator", &self.operator.zh),
            ("issued", &issued),
            ("next", &next),
        ];
        let mut lines = vec![say("cli-trust-list", &params)];
        for entity in &self.entities {
            for service in &entity.services {
                let Some(latest) = service.history.last() else { continue };
                let params = [
                    ("entity", entity.entity),
                    ("name", &entity.names.zh),
                    (
                        "service",
                        &say(&format!("recognised-service-{}", service.service.name()), &[]),
                    ),
                    (
                        "status",
                        &say(&format!("recognised-status-{}", latest.status.name()), &[]),
                    ),
                    ("since", &rfc3339(latest.since)),
                    ("certificate", &service.certificate),
                ];
                lines.push(say("cli-trust-service", &params));
            }
        }
        lines.join("\n")
    }
}

pub(super) async fn run(
    instance: &InstanceArguments,
    sequence: Option<u64>,
    partners: bool,
    output: OutputArguments,
) -> Result<(), CliError> {
    let (_, service) = instance.open().await?;
    let now = service.now();
    if partners {
        for partner in service.partner_lists().await? {
            let shown = ListLine::of(&partner.list, now);
            let printed = serde_json::json!({
                "name": partner.name, "list": shown, "withdrawn_there": partner.withdrawn_there,
                "address": partner.address, "checked_at": partner.checked_at, "fault": partner.fault,
            });
            output.print(&printed, || imported_words(&partner, &shown));
        }
    } else {
        let (_, list): (SignedList, _) = service.numbered_recognition_list(sequence).await?;
        let shown = ListLine::of(&list, now);
        output.print(&shown, || shown.words());
    }
    service.close().await;
    Ok(())
}

/// The list of a partner, and whom it relies on no longer though we do.
pub(super) fn imported_words(imported: &ImportedList, shown: &ListLine<'_>) -> String {
    let mut lines = vec![format!("{}: {}", imported.name, shown.words())];
    if let Some(address) = &imported.address {
        let checked = imported.checked_at.map(rfc3339).unwrap_or_default();
        let params = [("address", address.as_str()), ("checked", &checked)];
        lines.push(say("cli-trust-followed", &params));
    }
    lines.extend(
        imported
            .fault
            .iter()
            .map(|code| say("cli-trust-fault", &[("code", code)])),
    );
    let withdrawn_there = imported.withdrawn_there.iter();
    lines.extend(withdrawn_there.map(|entity| say("cli-trust-withdrawn-there", &[("entity", entity)])));
    lines.join("\n")
}
