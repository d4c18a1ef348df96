//! The acts of recognition, as data: what two people agree on, and with suspension what one may do.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::crypto::key::Suite;
use crate::licence::region::RegionCode;
use crate::service::cross_certificates::CrossCertificateId;
use crate::trust;
use crate::trust::list::{Bounds, Names, StatusReason};

/// Recognising an authority, or one more certificate or service of one that is in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRecognition {
    /// Its identifier in the list: `chifeng-ca`.
    pub entity: String,
    /// What it is called; needed where it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Names>,
    /// Its certificate, DER in base64.
    pub certificate: String,
    /// What it is recognised for.
    pub services: Vec<trust::Service>,
    /// From when on; from now on where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// What its certificates are held to; as before where none are given, which for a new one is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Withdrawing, suspending or resuming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusChange {
    /// The entity.
    pub entity: String,
    /// Its services; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<trust::Service>,
    /// From when on; from now on where none is given. Only a compromise dates back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Why.
    pub reason: StatusReason,
    /// The same for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Exactly the cross-certificates to the entity's authorities whose state changes with it: revoked with a
    /// withdrawal, put on hold with a suspension, taken off it with a resumption.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cross_certificates: Vec<CrossCertificateId>,
}

/// The whole table of assurance levels of an authority, in place of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssuranceTable {
    /// The entity.
    pub entity: String,
    /// Its rows; none where levels are to count as they stand.
    pub rows: Vec<AssuranceRow>,
}

/// One row: which policy of theirs counts as which of ours, in dotted form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssuranceRow {
    /// Theirs.
    pub from: String,
    /// Ours.
    pub to: String,
}

/// Publishing the next list, with what is said of the list itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListPublication {
    /// Who makes it; as before where it is left out, as is all that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Names>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Names>,
    /// Regions whose authorities are ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<RegionCode>>,
    /// A step of the change of the signer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<SignerStep>,
}

/// A step of the change of the signer. Between the two everybody who follows has seen a list that names both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignerStep {
    /// A new signer of this suite is made and named; the present one goes on signing.
    Begin(Suite),
    /// The one that was named takes over.
    Complete,
}
