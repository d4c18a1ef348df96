//! Bounds as JSON: in a list, and in the act that sets them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use der::asn1::ObjectIdentifier;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MAX_BOUNDS;
use super::read::{count, text};
use crate::trust::PolicySettings;
use crate::trust::list::{Bounds, ListError};
use crate::x509::{GeneralName, Name, NameConstraints};

/// What an entity is held to.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct BoundsObject {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    regions: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    names: Option<Subtrees>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    require_explicit_policy: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    inhibit_policy_mapping: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    inhibit_any_policy: bool,
}

/// `NameConstraints` (RFC 5280 section 4.2.1.10).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subtrees {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    permitted: Vec<Subtree>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    excluded: Vec<Subtree>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Subtree {
    /// A `Name` in DER, in base64: its exact bytes count.
    Directory(String),
    Dns(String),
    Email(String),
    /// Address and mask, in base64.
    Ip(String),
    Uri(String),
}

fn is_false(value: &bool) -> bool {
    !value
}

impl TryFrom<&Bounds> for BoundsObject {
    type Error = ListError;

    fn try_from(bounds: &Bounds) -> Result<Self, ListError> {
        let names = bounds.names.as_ref().map(|names| {
            Ok::<_, ListError>(Subtrees {
                permitted: names.permitted.iter().map(write_subtree).collect::<Result<_, _>>()?,
                excluded: names.excluded.iter().map(write_subtree).collect::<Result<_, _>>()?,
            })
        });
        Ok(Self {
            regions: bounds.regions.iter().map(|region| region.as_str().to_owned()).collect(),
            names: names.transpose()?,
            path_length: bounds.path_length,
            policies: bounds.policies.acceptable.iter().map(ToString::to_string).collect(),
            require_explicit_policy: bounds.policies.require_explicit,
            inhibit_policy_mapping: bounds.policies.inhibit_mapping,
            inhibit_any_policy: bounds.policies.inhibit_any,
        })
    }
}

impl TryFrom<BoundsObject> for Bounds {
    type Error = ListError;

    fn try_from(object: BoundsObject) -> Result<Self, ListError> {
        count("regions", object.regions.len(), MAX_BOUNDS)?;
        count("policies", object.policies.len(), MAX_BOUNDS)?;
        let region = |text: &String| text.parse().map_err(|_| ListError::value("region", text));
        let acceptable = object.policies.iter().map(|text| oid(text)).collect::<Result<_, _>>()?;
        Ok(Self {
            regions: object.regions.iter().map(region).collect::<Result<_, _>>()?,
            names: object.names.map(constraints).transpose()?,
            path_length: object.path_length,
            policies: PolicySettings {
                acceptable,
                require_explicit: object.require_explicit_policy,
                inhibit_mapping: object.inhibit_policy_mapping,
                inhibit_any: object.inhibit_any_policy,
            },
        })
    }
}

impl Serialize for Bounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        BoundsObject::try_from(self)
            .map_err(S::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bounds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BoundsObject::deserialize(deserializer)?
            .try_into()
            .map_err(D::Error::custom)
    }
}

fn write_subtree(name: &GeneralName) -> Result<Subtree, ListError> {
    Ok(match name {
        GeneralName::Directory(name) => Subtree::Directory(BASE64_STANDARD.encode(name.der())),
        GeneralName::Dns(text) => Subtree::Dns(text.clone()),
        GeneralName::Rfc822(text) => Subtree::Email(text.clone()),
        GeneralName::Ip(octets) => Subtree::Ip(BASE64_STANDARD.encode(octets)),
        GeneralName::Uri(text) => Subtree::Uri(text.clone()),
        GeneralName::Other { .. } => return Err(ListError::value("name constraint", name)),
    })
}

fn constraints(subtrees: Subtrees) -> Result<NameConstraints, ListError> {
    let read = |list: Vec<Subtree>| {
        count("name constraints", list.len(), MAX_BOUNDS)?;
        list.into_iter().map(read_subtree).collect::<Result<Vec<_>, _>>()
    };
    Ok(NameConstraints {
        permitted: read(subtrees.permitted)?,
        excluded: read(subtrees.excluded)?,
    })
}

fn read_subtree(subtree: Subtree) -> Result<GeneralName, ListError> {
    let bytes = |base64: &str| {
        BASE64_STANDARD
            .decode(base64)
            .map_err(|_| ListError::value("name constraint", base64))
    };
    Ok(match subtree {
        Subtree::Directory(base64) => GeneralName::Directory(
            Name::from_der(&bytes(&base64)?).map_err(|error| ListError::value("name constraint", error))?,
        ),
        Subtree::Dns(name) => GeneralName::Dns(text("name constraint", &name)?),
        Subtree::Email(name) => GeneralName::Rfc822(text("name constraint", &name)?),
        Subtree::Ip(base64) => GeneralName::Ip(bytes(&base64)?),
        Subtree::Uri(name) => GeneralName::Uri(text("name constraint", &name)?),
    })
}

/// A policy in dotted form.
pub(super) fn oid(text: &str) -> Result<ObjectIdentifier, ListError> {
    ObjectIdentifier::new(text).map_err(|_| ListError::value("policy", text))
}
