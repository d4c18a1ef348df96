//! The JSON objects, member by member as the standard names them (ETSI TS 119 602 clause 6 and its JSON schema).

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    #[serde(rename = "LoTE")]
    pub(super) list: List,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    pub(super) list_and_scheme_information: Scheme,
    #[serde(default)]
    pub(super) trusted_entities_list: Vec<Entity>,
}

/// `ListAndSchemeInformation` (clause 6.3).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Scheme {
    #[serde(rename = "LoTEVersionIdentifier")]
    pub(super) version: u64,
    #[serde(rename = "LoTESequenceNumber")]
    pub(super) sequence: u64,
    #[serde(rename = "LoTEType", default)]
    pub(super) list_type: String,
    pub(super) scheme_operator_name: Vec<Text>,
    #[serde(default)]
    pub(super) scheme_name: Vec<Text>,
    #[serde(default)]
    pub(super) status_determination_approach: String,
    #[serde(default)]
    pub(super) scheme_territory: String,
    #[serde(rename = "PointersToOtherLoTE", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) pointers: Vec<Pointer>,
    pub(super) list_issue_date_time: String,
    pub(super) next_update: String,
    #[serde(default)]
    pub(super) distribution_points: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) scheme_extensions: Vec<Value>,
}

/// `MultiLangString`.
#[derive(Serialize, Deserialize)]
pub(super) struct Text {
    pub(super) lang: String,
    pub(super) value: String,
}

/// A pointer (clause 6.3.13). The one to the list itself names who may sign the next.
#[derive(Serialize, Deserialize)]
pub(super) struct Pointer {
    #[serde(rename = "LoTELocation")]
    pub(super) location: String,
    #[serde(rename = "ServiceDigitalIdentities")]
    pub(super) identities: Vec<Identity>,
    #[serde(rename = "LoTEQualifiers", default)]
    pub(super) qualifiers: Vec<Qualifier>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Qualifier {
    #[serde(rename = "LoTEType", default)]
    pub(super) list_type: String,
    #[serde(rename = "SchemeOperatorName", default)]
    pub(super) operator: Vec<Text>,
    #[serde(rename = "MimeType", default)]
    pub(super) media_type: String,
}

/// `ServiceDigitalIdentity`.
#[derive(Serialize, Deserialize)]
pub(super) struct Identity {
    #[serde(rename = "X509Certificates", default)]
    pub(super) certificates: Vec<Object>,
}

/// A certificate in base64.
#[derive(Serialize, Deserialize)]
pub(super) struct Object {
    pub(super) val: String,
}

/// `TrustedEntity` (clause 6.4).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entity {
    pub(super) trusted_entity_information: EntityInformation,
    pub(super) trusted_entity_services: Vec<Service>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntityInformation {
    #[serde(rename = "TEName")]
    pub(super) name: Vec<Text>,
    #[serde(rename = "TEInformationExtensions", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) extensions: Vec<Value>,
}

/// `TrustedEntityService` (clause 6.5).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Service {
    pub(super) service_information: ServiceInformation,
    /// The newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) service_history: Vec<HistoryInstance>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ServiceInformation {
    pub(super) service_type_identifier: String,
    pub(super) service_name: Vec<Text>,
    pub(super) service_digital_identity: Identity,
    pub(super) service_status: String,
    pub(super) status_starting_time: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) service_information_extensions: Vec<Value>,
}

/// `ServiceHistoryInstance` (clause 6.6).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HistoryInstance {
    #[serde(default)]
    pub(super) service_type_identifier: String,
    #[serde(default)]
    pub(super) service_name: Vec<Text>,
    pub(super) service_status: String,
    pub(super) status_starting_time: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) service_information_extensions: Vec<Value>,
}
