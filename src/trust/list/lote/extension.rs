//! What we add to the standard, as objects in its extension points.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bounds::BoundsObject;
use crate::trust::list::{ListError, StatusReason};

/// An object of ours.
pub(super) trait Ours: Serialize + DeserializeOwned {
    /// Its name, in the member `extension`.
    const NAME: &'static str;
}

/// The list before, in `SchemeExtensions`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chain {
    /// SHA-256 of its signed content, in hexadecimal.
    pub(super) previous: String,
}

/// Identifier, bounds and table of assurance levels, in `TEInformationExtensions`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct EntityBounds {
    pub(super) id: String,
    pub(super) bounds: BoundsObject,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) assurance: Vec<Assurance>,
}

/// One row of the table of assurance levels.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Assurance {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) approved_by: String,
    pub(super) approved_at: String,
}

/// When and why a status was given, in `ServiceInformationExtensions`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionDetail {
    pub(super) decided: String,
    pub(super) reason: StatusReason,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) note: String,
}

impl Ours for Chain {
    const NAME: &'static str = "urn:yinxin:lote:chain";
}

impl Ours for EntityBounds {
    const NAME: &'static str = "urn:yinxin:lote:entity";
}

impl Ours for DecisionDetail {
    const NAME: &'static str = "urn:yinxin:lote:decision";
}

/// An object as it stands in an extension point.
#[derive(Serialize, Deserialize)]
struct Named<T> {
    extension: String,
    critical: bool,
    value: T,
}

/// Writes an object.
pub(super) fn write<T: Ours>(value: T) -> Result<Value, ListError> {
    let named = Named {
        extension: T::NAME.to_owned(),
        critical: true,
        value,
    };
    serde_json::to_value(named).map_err(content)
}

/// Finds the object of this kind. Another one that is critical is refused, and so is a second of this kind.
pub(super) fn read<T: Ours>(extensions: Vec<Value>) -> Result<Option<T>, ListError> {
    let mut found = None;
    for extension in extensions {
        let name = extension.get("extension").and_then(Value::as_str);
        if name == Some(T::NAME) {
            let named: Named<T> = serde_json::from_value(extension).map_err(content)?;
            if found.replace(named.value).is_some() {
                return Err(content(format!("extension {} stands twice", T::NAME)));
            }
        } else if extension.get("critical").and_then(Value::as_bool) == Some(true) {
            let name = name.unwrap_or("without a name");
            return Err(content(format!("the critical extension {name} is not known")));
        }
    }
    Ok(found)
}

pub(super) fn content(reason: impl ToString) -> ListError {
    ListError::Content {
        reason: reason.to_string(),
    }
}
