//! What a face can show, by name: the items that every licence has, and the fields of its type.

use super::Face;
use crate::licence::date::chinese;
use crate::licence::field::FieldKind;
use crate::licence::licence_type::LicenceType;
use crate::licence::record::LicenceRecord;
use crate::licence::text::Bilingual;

/// The licence number (证照编号).
pub const NUMBER: &str = "number";
/// Name of the holder (持证主体).
pub const HOLDER_NAME: &str = "holderName";
/// Code of the holder.
pub const HOLDER_CODE: &str = "holderCode";
/// From when to when.
pub const VALIDITY: &str = "validity";
/// The issuing authority.
pub const AUTHORITY: &str = "authority";
/// The day of issue.
pub const ISSUED_DATE: &str = "issuedDate";
/// The identifier of GB/T 36904 (证照标识).
pub const IDENTIFIER: &str = "identifier";
/// The eight-character code that a checker types (核验码).
pub const VERIFICATION_CODE: &str = "verificationCode";
/// The official address that a checker types instead of trusting a code.
pub const VERIFY_ADDRESS: &str = "verifyAddress";

/// Items that a face must show whatever its type; the others that every licence has it may leave out.
pub(super) const REQUIRED: [&str; 7] = [
    NUMBER,
    HOLDER_NAME,
    AUTHORITY,
    ISSUED_DATE,
    IDENTIFIER,
    VERIFICATION_CODE,
    VERIFY_ADDRESS,
];

/// An item and what the face calls it.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) label: Bilingual,
    pub(super) kind: ItemKind,
}

/// Where an item comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
    /// Every licence has it.
    Common,
    /// A field of the type.
    Field,
    /// The photo, which has a box of its own.
    Photo,
}

/// All items of a licence type.
pub(super) fn of(licence_type: &LicenceType) -> Vec<Item> {
    let common = |name: &str, label: &Bilingual| Item {
        name: name.to_owned(),
        label: label.clone(),
        kind: ItemKind::Common,
    };
    let own = |name: &str, zh: &str, en: &str| {
        common(
            name,
            &Bilingual {
                zh: zh.to_owned(),
                en: en.to_owned(),
            },
        )
    };
    let mut items = vec![
        common(NUMBER, &licence_type.number.label),
        common(HOLDER_NAME, &licence_type.holder.name.label),
        common(HOLDER_CODE, &licence_type.holder.code.label),
        common(AUTHORITY, &licence_type.issuing.authority_label),
        common(ISSUED_DATE, &licence_type.issuing.date_label),
        own(IDENTIFIER, "证照标识", "Identifier"),
        own(VERIFICATION_CODE, "核验码", "Verification code"),
        own(VERIFY_ADDRESS, "核验网址", "Verify at"),
    ];
    items.extend(licence_type.validity.label.iter().map(|label| common(VALIDITY, label)));
    items.extend(licence_type.fields.iter().map(|field| {
        let kind = if field.kind == FieldKind::Photo {
            ItemKind::Photo
        } else {
            ItemKind::Field
        };
        Item {
            name: field.name.clone(),
            label: field.label.clone(),
            kind,
        }
    }));
    items
}

impl Face {
    /// The texts of a record for the boxes of this face: dates and amounts in words, in no particular order.
    pub fn texts(&self, licence_type: &LicenceType, record: &LicenceRecord) -> Vec<(String, String)> {
        let first = chinese(record.certificate_effective_date);
        let validity = record
            .certificate_expiring_date
            .map_or_else(|| "长期".to_owned(), |last| format!("{first}至{}", chinese(last)));
        let common = [
            (NUMBER, record.certificate_number.clone()),
            (HOLDER_NAME, record.certificate_holder_name.clone()),
            (HOLDER_CODE, record.certificate_holder_code.clone()),
            (VALIDITY, validity),
            (AUTHORITY, record.certificate_issuing_authority_name.clone()),
            (ISSUED_DATE, chinese(record.certificate_issued_date)),
        ];
        let fields = licence_type
            .fields
            .iter()
            .filter(|field| field.kind != FieldKind::Photo);
        let fields =
            fields.filter_map(|field| Some((field.name.as_str(), field.display(record.fields.get(&field.name)?))));
        let all = common.into_iter().chain(fields);
        all.filter(|(name, _)| self.boxes.iter().any(|place| place.name == *name))
            .map(|(name, text)| (name.to_owned(), text))
            .collect()
    }
}
