//! The page `/trust`: whom this city recognises, for what, and how that changed; every earlier list too.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::hex;
use crate::http::App;
use crate::http::language::Reader;
use crate::http::pages::frame::Frame;
use crate::http::pages::words::Words;
use crate::http::problem::Failure;
use crate::i18n::Language;
use crate::service::error::ServiceError;
use crate::trust::Service;
use crate::trust::list::OWN_ENTITY;
use crate::trust::list::{Decision, Entity, Names, RecognitionList, SignedList, Status};

/// Earlier lists that are linked.
const LINKED: u32 = 50;

/// What is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// Number of a list; the newest where it is left out.
    sequence: Option<u64>,
}

#[derive(Template)]
#[template(path = "pages/trust.html")]
struct TrustPage {
    frame: Frame,
    /// Nothing was published yet.
    list: Option<ListView>,
    /// Numbers and days of the lists, the newest first.
    lists: Vec<(String, String)>,
}

/// A list, for a reader.
struct ListView {
    number: String,
    /// Whether there is a newer one.
    is_earlier: bool,
    is_stale: bool,
    operator: String,
    issued: String,
    next_update: String,
    signer: String,
    digest: String,
    entities: Vec<EntityView>,
}

/// An authority, for a reader.
struct EntityView {
    name: String,
    elsewhere: String,
    is_own: bool,
    tone: Tone,
    services: Vec<ServiceView>,
    /// Regions, or nothing where it is bound to none.
    regions: String,
    /// How many levels of assurance are mapped.
    mappings: Vec<(String, String)>,
    certificates: Vec<(String, String)>,
    history: Vec<DecisionView>,
}

struct ServiceView {
    name: String,
    status: String,
    tone: Tone,
}

struct DecisionView {
    service: String,
    status: String,
    tone: Tone,
    since: String,
    decided: String,
    reason: String,
    note: String,
}

/// How something is drawn: its colour and its shape.
#[derive(Clone, Copy)]
struct Tone {
    class: &'static str,
    icon: &'static str,
}

impl Tone {
    fn of(status: Option<Status>) -> Self {
        let (class, icon) = match status {
            Some(Status::Granted) => ("good", "check"),
            Some(Status::Suspended) => ("wait", "pause"),
            Some(Status::Withdrawn) => ("stop", "octagon"),
            None => ("neutral", "clock"),
        };
        Self { class, icon }
    }
}

/// The newest list, or the one that is asked for.
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let words = Words(reader.0);
    let lists = app.service.recognition_list_times(LINKED).await?;
    let newest = lists.first().map(|(sequence, _)| *sequence);
    let list = match (asked.sequence, newest) {
        (None, None) => None,
        (sequence, _) => {
            let (signed, list) = app.service.numbered_recognition_list(sequence).await?;
            let is_earlier = newest.is_some_and(|newest| list.sequence < newest);
            Some(ListView::new(words, &app, &signed, &list, is_earlier))
        }
    };
    let day = |(sequence, issued): (u64, _)| (sequence.to_string(), words.time(issued));
    let page = TrustPage {
        frame: Frame {
            t: words,
            address: Some(format!("{}/trust", app.service.public_url())),
        },
        list,
        lists: lists.into_iter().map(day).collect(),
    };
    let page = page.render().map_err(ServiceError::internal)?;
    Ok(Html(page).into_response())
}

impl ListView {
    fn new(words: Words, app: &App, signed: &SignedList, list: &RecognitionList, is_earlier: bool) -> Self {
        let now = app.service.now();
        let mut entities: Vec<_> = list
            .entities
            .iter()
            .map(|entity| EntityView::new(words, entity, now))
            .collect();
        entities.sort_by_key(|entity| !entity.is_own);
        Self {
            number: list.sequence.to_string(),
            is_earlier,
            is_stale: !is_earlier && list.is_stale(now),
            operator: called(words, &list.operator).0,
            issued: words.time(list.issued),
            next_update: words.time(list.next_update),
            signer: signed
                .signer(&list.signers)
                .map(|signer| signer.subject().to_string())
                .unwrap_or_default(),
            digest: signed.digest().to_string(),
            entities,
        }
    }
}

impl EntityView {
    fn new(words: Words, entity: &Entity, now: chrono::DateTime<chrono::Utc>) -> Self {
        let (name, elsewhere) = called(words, &entity.names);
        // A service stands as well as the best of its certificates, the authority as ill as the worst of its services.
        let mut stands: Vec<(Service, Option<Status>)> = Vec::new();
        for one in &entity.services {
            let status = one.history.at(now).map(|decision| decision.status);
            match stands.iter_mut().find(|(known, _)| *known == one.service) {
                Some((_, best)) if gravity(status) < gravity(*best) => *best = status,
                Some(_) => {}
                None => stands.push((one.service, status)),
            }
        }
        let worst = stands
            .iter()
            .map(|(_, status)| *status)
            .max_by_key(|status| gravity(*status));
        let view = |(service, status): &(Service, Option<Status>)| ServiceView {
            name: word(words, "recognised-service", service.name()),
            status: word(words, "recognised-status", status.map_or("later", Status::name)),
            tone: Tone::of(*status),
        };
        let services = stands.iter().map(view).collect();
        let mut certificates: Vec<(String, String)> = Vec::new();
        for service in &entity.services {
            let subject = service.certificate.subject().to_string();
            let digest = hex::encode(service.certificate.fingerprint());
            if !certificates.iter().any(|(_, known)| *known == digest) {
                certificates.push((subject, digest));
            }
        }
        let regions: Vec<_> = entity.bounds.regions.iter().map(|region| region.as_str()).collect();
        Self {
            name,
            elsewhere,
            is_own: entity.id == OWN_ENTITY,
            tone: Tone::of(worst.flatten()),
            services,
            regions: regions.join("、"),
            mappings: entity
                .mappings
                .iter()
                .map(|row| (row.from.to_string(), row.to.to_string()))
                .collect(),
            certificates,
            history: history(words, entity),
        }
    }
}

/// How ill a service stands; one that is not recognised yet, less than any that lost it.
fn gravity(status: Option<Status>) -> u8 {
    match status {
        Some(Status::Granted) => 0,
        None => 1,
        Some(Status::Suspended) => 2,
        Some(Status::Withdrawn) => 3,
    }
}

/// Every decision, the newest first; what was decided at once for several services stands once.
fn history(words: Words, entity: &Entity) -> Vec<DecisionView> {
    let mut decisions: Vec<(&Decision, Vec<String>)> = Vec::new();
    for service in &entity.services {
        let name = word(words, "recognised-service", service.service.name());
        for decision in service.history.decisions() {
            match decisions.iter_mut().find(|(known, _)| *known == decision) {
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name.clone()),
                None => decisions.push((decision, vec![name.clone()])),
            }
        }
    }
    decisions.sort_by_key(|(decision, _)| std::cmp::Reverse(decision.decided));
    let separator = words.get("recognised-separator");
    let view = |(decision, names): (&Decision, Vec<String>)| DecisionView {
        service: names.join(&separator),
        status: word(words, "recognised-status", decision.status.name()),
        tone: Tone::of(Some(decision.status)),
        since: words.time(decision.since),
        decided: words.time(decision.decided),
        reason: word(words, "recognised-reason", decision.reason.name()),
        note: decision.note.clone(),
    };
    decisions.into_iter().map(view).collect()
}

fn word(words: Words, kind: &str, name: &str) -> String {
    words.get(&format!("{kind}-{name}"))
}

/// Its name in the reader's language, and in the other one where it has one.
fn called(words: Words, names: &Names) -> (String, String) {
    match words.0 {
        Language::En if !names.en.is_empty() => (names.en.clone(), names.zh.clone()),
        Language::En => (names.zh.clone(), String::new()),
        Language::Zh => (names.zh.clone(), names.en.clone()),
    }
}
