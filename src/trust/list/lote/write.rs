//! A list, written.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::extension::{self, Assurance, Chain, DecisionDetail, EntityBounds};
use super::{LIST_TYPE, SERVICE_TYPE, STATUS_DETERMINATION, STATUSES, VERSION, wire};
use crate::clock::rfc3339;
use crate::trust::list::{
    AssuranceMapping, Decision, Entity, EntityService, ListError, Names, RecognitionList, Status,
};
use crate::x509::Certificate;

impl RecognitionList {
    /// The content that is signed: JSON, the same bytes for the same list.
    ///
    /// # Errors
    /// A name constraint of a form that has no place in a list.
    pub fn encode(&self) -> Result<Vec<u8>, ListError> {
        let own = wire_pointer(&self.location, &self.operator, &self.signers);
        let others = self
            .pointers
            .iter()
            .map(|pointer| wire_pointer(&pointer.location, &pointer.operator, &pointer.signers));
        let chain = self.previous.map(|previous| {
            let previous = previous.to_string();
            extension::write(Chain { previous })
        });
        let scheme = wire::Scheme {
            version: VERSION,
            sequence: self.sequence,
            list_type: LIST_TYPE.to_owned(),
            scheme_operator_name: texts(&self.operator),
            scheme_name: texts(&self.name),
            status_determination_approach: STATUS_DETERMINATION.to_owned(),
            scheme_territory: self.territory.clone(),
            pointers: std::iter::once(own).chain(others).collect(),
            list_issue_date_time: rfc3339(self.issued),
            next_update: rfc3339(self.next_update),
            distribution_points: vec![self.location.clone()],
            scheme_extensions: chain.into_iter().collect::<Result<_, _>>()?,
        };
        let list = wire::List {
            list_and_scheme_information: scheme,
            trusted_entities_list: self.entities.iter().map(entity).collect::<Result<_, _>>()?,
        };
        serde_json::to_vec(&wire::Payload { list }).map_err(extension::content)
    }
}

pub(super) fn wire_pointer(location: &str, operator: &Names, signers: &[Certificate]) -> wire::Pointer {
    wire::Pointer {
        location: location.to_owned(),
        // One identity each: several are several signers, not several certificates of one.
        identities: signers.iter().map(identity).collect(),
        qualifiers: vec![wire::Qualifier {
            list_type: LIST_TYPE.to_owned(),
            operator: texts(operator),
            media_type: "application/jose".to_owned(),
        }],
    }
}

fn entity(entity: &Entity) -> Result<wire::Entity, ListError> {
    let bounds = EntityBounds {
        id: entity.id.clone(),
        bounds: (&entity.bounds).try_into()?,
        assurance: entity.mappings.iter().map(assurance).collect(),
    };
    Ok(wire::Entity {
        trusted_entity_information: wire::EntityInformation {
            name: texts(&entity.names),
            extensions: vec![extension::write(bounds)?],
        },
        trusted_entity_services: entity.services.iter().map(service).collect::<Result<_, _>>()?,
    })
}

fn assurance(mapping: &AssuranceMapping) -> Assurance {
    Assurance {
        from: mapping.from.to_string(),
        to: mapping.to.to_string(),
        approved_by: mapping.approved_by.clone(),
        approved_at: rfc3339(mapping.approved_at),
    }
}

fn service(service: &EntityService) -> Result<wire::Service, ListError> {
    let kind = format!("{SERVICE_TYPE}{}", service.service.name());
    let name = || {
        vec![wire::Text {
            lang: "en".to_owned(),
            value: service.service.name().to_owned(),
        }]
    };
    let mut newest_first = service.history.decisions().iter().rev();
    let latest = newest_first
        .next()
        .ok_or_else(|| extension::content("a service without a status"))?;
    let information = wire::ServiceInformation {
        service_type_identifier: kind.clone(),
        service_name: name(),
        service_digital_identity: identity(&service.certificate),
        service_status: status(latest.status),
        status_starting_time: rfc3339(latest.since),
        service_information_extensions: vec![detail(latest)?],
    };
    let instance = |decision: &Decision| {
        Ok::<_, ListError>(wire::HistoryInstance {
            service_type_identifier: kind.clone(),
            service_name: name(),
            service_status: status(decision.status),
            status_starting_time: rfc3339(decision.since),
            service_information_extensions: vec![detail(decision)?],
        })
    };
    Ok(wire::Service {
        service_information: information,
        service_history: newest_first.map(instance).collect::<Result<_, _>>()?,
    })
}

fn detail(decision: &Decision) -> Result<Value, ListError> {
    extension::write(DecisionDetail {
        decided: rfc3339(decision.decided),
        reason: decision.reason,
        note: decision.note.clone(),
    })
}

fn identity(certificate: &Certificate) -> wire::Identity {
    wire::Identity {
        certificates: vec![wire::Object {
            val: BASE64_STANDARD.encode(certificate.der()),
        }],
    }
}

fn texts(names: &Names) -> Vec<wire::Text> {
    let text = |lang: &str, value: &String| wire::Text {
        lang: lang.to_owned(),
        value: value.clone(),
    };
    let english = (!names.en.is_empty()).then(|| text("en", &names.en));
    std::iter::once(text("zh", &names.zh)).chain(english).collect()
}

fn status(status: Status) -> String {
    STATUSES[status as usize].1.to_owned()
}
