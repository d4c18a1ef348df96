//! What a stranger sees of a licence: enough to know whether the paper in hand is good, and nothing that it does not
//! say.
//!
//! Public values are shown, masked ones masked, personal ones not at all, by the secrecy classes of the licence type.

use chrono::NaiveDate;
use serde::Serialize;

use crate::licence::field::{FieldSpec, Secrecy};
use crate::licence::holder::HolderCategory;
use crate::licence::identifier::Identifier;
use crate::licence::licence_type::LicenceType;
use crate::licence::mask::{mask_code, mask_name};
use crate::licence::record::LicenceRecord;
use crate::licence::standing::Standing;
use crate::licence::state::LicenceState;
use crate::licence::text::Bilingual;

/// The public part of one version of one licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicView {
    /// Identifier.
    pub identifier: Identifier,
    /// Name of the licence type.
    pub licence_type: Bilingual,
    /// Name of the issuer.
    pub issuer_name: String,
    /// How it stands.
    pub state: Standing,
    /// On which day.
    pub state_as_of: NaiveDate,
    /// Day of issue.
    pub issued_date: NaiveDate,
    /// First day.
    pub effective_date: NaiveDate,
    /// Last day, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiring_date: Option<NaiveDate>,
    /// Licence number, whole, masked or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence_number: Option<String>,
    /// Holder's name: a person's is never whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<String>,
    /// Holder's code: a person's is never whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_code: Option<String>,
    /// What else may be shown, in the order of the type.
    pub fields: Vec<PublicField>,
}

/// One shown field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicField {
    /// Its name.
    pub name: String,
    /// What the face calls it.
    pub label: Bilingual,
    /// Its value as on the face, masked where it must be.
    pub value: String,
}

impl PublicView {
    /// What of `record` may be seen on the day `today`, while the register has it in `state`.
    pub fn new(licence_type: &LicenceType, record: &LicenceRecord, state: LicenceState, today: NaiveDate) -> Self {
        let person = record.certificate_holder_category == HolderCategory::NaturalPerson;
        let holder = &licence_type.holder;
        let shown = |field: &FieldSpec| {
            let value = field.public_display(record.fields.get(&field.name)?)?;
            Some(PublicField {
                name: field.name.clone(),
                label: field.label.clone(),
                value,
            })
        };
        Self {
            identifier: record.certificate_identifier.clone(),
            licence_type: licence_type.catalogue.name.clone(),
            issuer_name: record.certificate_issuing_authority_name.clone(),
            state: Standing::on(state, &record.days(licence_type), today),
            state_as_of: today,
            issued_date: record.certificate_issued_date,
            effective_date: record.certificate_effective_date,
            expiring_date: record.certificate_expiring_date,
            licence_number: veil(
                licence_type.number.secrecy,
                false,
                &record.certificate_number,
                mask_code,
            ),
            holder_name: veil(holder.name.secrecy, person, &record.certificate_holder_name, mask_name),
            holder_code: veil(holder.code.secrecy, person, &record.certificate_holder_code, mask_code),
            fields: licence_type.fields.iter().filter_map(shown).collect(),
        }
    }
}

/// `text` as its secrecy allows; what names a person is masked even where the type makes it public.
fn veil(secrecy: Secrecy, person: bool, text: &str, mask: impl Fn(&str) -> String) -> Option<String> {
    match secrecy {
        Secrecy::Public if !person => Some(text.to_owned()),
        Secrecy::Public | Secrecy::Masked => Some(mask(text)),
        Secrecy::Personal => None,
    }
}
