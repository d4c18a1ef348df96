//! A list, read.

use chrono::{DateTime, Timelike, Utc};

use super::bounds::oid;
use super::extension::{self, Assurance, Chain, DecisionDetail, EntityBounds};
use super::write::wire_pointer;
use super::{
    MAX_BOUNDS, MAX_ENTITIES, MAX_POINTERS, MAX_SERVICES, MAX_SIGNER_BYTES, MAX_SIGNERS, MAX_TEXT, SERVICE_TYPE,
    STATUSES, VERSION, wire,
};
use crate::trust::Service;
use crate::trust::list::status::MAX_DECISIONS;
use crate::trust::list::{
    AssuranceMapping, Bounds, Decision, Entity, EntityService, History, ListDigest, ListError, Names, Pointer,
    RecognitionList, Status, StatusReason, jws, place_of,
};
use crate::x509::Certificate;

impl RecognitionList {
    /// Reads the content of a list, which must be the whole of `bytes`. Whether it is consistent is asked by
    /// [`check`](Self::check).
    ///
    /// # Errors
    /// No JSON of a list, a value that cannot be read, or more of something than a list may have.
    pub fn decode(bytes: &[u8]) -> Result<Self, ListError> {
        let wire::Payload { list } = serde_json::from_slice(bytes).map_err(extension::content)?;
        let scheme = list.list_and_scheme_information;
        if scheme.version != VERSION {
            return Err(ListError::Version {
                version: scheme.version,
            });
        }
        count("entities", list.trusted_entities_list.len(), MAX_ENTITIES)?;
        count("pointers", scheme.pointers.len(), MAX_POINTERS)?;
        let chain: Option<Chain> = extension::read(scheme.scheme_extensions)?;
        let previous = chain.map(|chain| {
            ListDigest::from_hex(&chain.previous).ok_or_else(|| ListError::value("previous", chain.previous))
        });
        let location = scheme.distribution_points.first().map_or("", String::as_str);
        let location = text("location", location)?;
        // The pointer to the list itself, of which there is one, names who may sign the next.
        let (mut signers, mut pointers) = (None, Vec::new());
        for one in scheme.pointers {
            let one = pointer(one)?;
            if place_of(&one.location) != place_of(&location) {
                pointers.push(one);
            } else if signers.replace(one.signers).is_some() {
                return Err(ListError::DuplicatePointer { location });
            }
        }
        Ok(Self {
            operator: names("operator", &scheme.scheme_operator_name)?,
            name: names("name", &scheme.scheme_name)?,
            territory: text("territory", &scheme.scheme_territory)?,
            location,
            sequence: scheme.sequence,
            previous: previous.transpose()?,
            issued: time("issue time", &scheme.list_issue_date_time)?,
            next_update: time("next update", &scheme.next_update)?,
            signers: signers.unwrap_or_default(),
            pointers,
            entities: list
                .trusted_entities_list
                .into_iter()
                .map(entity)
                .collect::<Result<_, _>>()?,
        })
    }
}

impl Pointer {
    /// Whether a list that has it can be read, and says the same then: what others say of themselves is not always of a
    /// form that we write.
    pub fn reads_back(&self) -> bool {
        let written = wire_pointer(&self.location, &self.operator, &self.signers);
        pointer(written).is_ok_and(|read| read == *self)
    }
}

fn pointer(pointer: wire::Pointer) -> Result<Pointer, ListError> {
    count("signers", pointer.identities.len(), MAX_SIGNERS)?;
    let operator = pointer.qualifiers.first().map_or(&[][..], |first| &first.operator);
    let signers = pointer.identities.iter().map(identity).collect::<Result<Vec<_>, _>>()?;
    let signers: Vec<_> = signers.into_iter().flatten().collect();
    // As they are written again: one identity each.
    count("signers", signers.len(), MAX_SIGNERS)?;
    let bytes = signers.iter().map(|signer| signer.der().len()).sum();
    count("bytes of signers", bytes, MAX_SIGNER_BYTES)?;
    Ok(Pointer {
        location: text("location", &pointer.location)?,
        operator: names("operator", operator)?,
        signers,
    })
}

fn entity(entity: wire::Entity) -> Result<Entity, ListError> {
    let information = entity.trusted_entity_information;
    let called = names("entity", &information.name)?;
    let ours: Option<EntityBounds> = extension::read(information.extensions)?;
    let (id, bounds, mappings) = match ours {
        Some(ours) => {
            let (id, mappings) = (text("entity", &ours.id)?, table(&ours.assurance)?);
            (id, ours.bounds.try_into()?, mappings)
        }
        // A list of another program knows its entities by name alone.
        None => (called.zh.clone(), Bounds::default(), Vec::new()),
    };
    count(
        "services of an entity",
        entity.trusted_entity_services.len(),
        MAX_SERVICES,
    )?;
    let mut services = Vec::new();
    for one in entity.trusted_entity_services {
        services.extend(service(one)?);
    }
    Ok(Entity {
        id,
        names: called,
        bounds,
        mappings,
        services,
    })
}

fn table(rows: &[Assurance]) -> Result<Vec<AssuranceMapping>, ListError> {
    count("assurance levels", rows.len(), MAX_BOUNDS)?;
    let row = |row: &Assurance| {
        Ok(AssuranceMapping {
            from: oid(&row.from)?,
            to: oid(&row.to)?,
            approved_by: text("approved by", &row.approved_by)?,
            approved_at: time("approved at", &row.approved_at)?,
        })
    };
    rows.iter().map(row).collect()
}

/// One service for each of its certificates.
fn service(service: wire::Service) -> Result<Vec<EntityService>, ListError> {
    let information = service.service_information;
    let kind = information.service_type_identifier.strip_prefix(SERVICE_TYPE);
    let kind = kind
        .and_then(Service::from_name)
        .ok_or_else(|| ListError::value("service type", &information.service_type_identifier))?;
    count(
        "decisions about a service",
        service.service_history.len(),
        MAX_DECISIONS,
    )?;
    // The newest stands first in the list, and last in a history.
    let earlier = service.service_history.into_iter().rev().map(|one| {
        decision(
            &one.service_status,
            &one.status_starting_time,
            one.service_information_extensions,
        )
    });
    let mut decisions = earlier.collect::<Result<Vec<_>, _>>()?;
    decisions.push(decision(
        &information.service_status,
        &information.status_starting_time,
        information.service_information_extensions,
    )?);
    let history = History::from_decisions(decisions)?;
    let certificates = identity(&information.service_digital_identity)?;
    let of_certificate = |certificate| EntityService {
        service: kind,
        certificate,
        history: history.clone(),
    };
    Ok(certificates.into_iter().map(of_certificate).collect())
}

fn decision(status: &str, since: &str, extensions: Vec<serde_json::Value>) -> Result<Decision, ListError> {
    let since = time("status starting time", since)?;
    let detail: Option<DecisionDetail> = extension::read(extensions)?;
    let (decided, reason, note) = match detail {
        Some(detail) => (
            time("decided", &detail.decided)?,
            detail.reason,
            text("note", &detail.note)?,
        ),
        None => (since, StatusReason::Unspecified, String::new()),
    };
    Ok(Decision {
        status: status_of(status)?,
        since,
        decided,
        reason,
        note,
    })
}

fn identity(identity: &wire::Identity) -> Result<Vec<Certificate>, ListError> {
    let found = identity.certificates.len();
    if found == 0 {
        return Err(ListError::Count {
            what: "certificates of an identity",
            found,
            limit: MAX_SIGNERS,
        });
    }
    count("certificates of an identity", found, MAX_SIGNERS)?;
    identity
        .certificates
        .iter()
        .map(|one| jws::certificate(&one.val))
        .collect()
}

fn names(field: &'static str, texts: &[wire::Text]) -> Result<Names, ListError> {
    let of = |language: &str| texts.iter().find(|text| text.lang.starts_with(language));
    let first = of("zh").or_else(|| texts.first());
    let english = of("en").map_or("", |text| &text.value);
    Ok(Names {
        zh: text(field, first.map_or("", |text| &text.value))?,
        en: text(field, english)?,
    })
}

pub(super) fn text(field: &'static str, text: &str) -> Result<String, ListError> {
    if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        return Err(ListError::value(field, text));
    }
    Ok(text.to_owned())
}

fn status_of(uri: &str) -> Result<Status, ListError> {
    let found = STATUSES.iter().find(|(_, known)| *known == uri);
    found
        .map(|(status, _)| *status)
        .ok_or_else(|| ListError::value("status", uri))
}

/// RFC 3339, in whole seconds.
fn time(field: &'static str, text: &str) -> Result<DateTime<Utc>, ListError> {
    let time: Result<DateTime<Utc>, _> = text.parse();
    time.ok()
        .filter(|time| time.nanosecond() == 0)
        .ok_or_else(|| ListError::value(field, text))
}

pub(super) fn count(what: &'static str, found: usize, limit: usize) -> Result<(), ListError> {
    match found <= limit {
        true => Ok(()),
        false => Err(ListError::Count { what, found, limit }),
    }
}
