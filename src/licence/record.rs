//! The machine-readable licence: what `licence.json` in the document holds, in the names of GB/T 36903, in canonical JSON.
//!
//! It says the same as the face, field by field, and is what digests, codes and ledgers commit to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::crypto::DigestAlgorithm;
use crate::licence::authority::Authority;
use crate::licence::canonical_json::{self, CanonicalJsonError};
use crate::licence::credit_code::CreditCode;
use crate::licence::holder::{HolderCategory, HolderCodeType};
use crate::licence::identifier::Identifier;
use crate::licence::licence_type::{LicenceType, PHOTO};
use crate::licence::region::RegionCode;
use crate::licence::state::Days;
use crate::licence::type_code::TypeCode;
use crate::licence::validate::ValidLicence;
use crate::problem::{Explain, Problem};

/// One version of one licence (GB/T 36903), with the values of its face.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LicenceRecord {
    /// 证照名称.
    pub certificate_name: String,
    /// 证照类型名称.
    pub certificate_type_name: String,
    /// 证照类型代码.
    pub certificate_type_code: TypeCode,
    /// 证照编号.
    pub certificate_number: String,
    /// 证照标识.
    pub certificate_identifier: Identifier,
    /// 版本号, three digits; the same as in the identifier.
    pub certificate_version: String,
    /// 证照颁发机构.
    pub certificate_issuing_authority_name: String,
    /// 证照颁发机构代码.
    pub certificate_issuing_authority_code: CreditCode,
    /// 证照颁发日期, `2026-03-05`.
    pub certificate_issued_date: NaiveDate,
    /// 持证主体.
    pub certificate_holder_name: String,
    /// 持证主体类别.
    pub certificate_holder_category: HolderCategory,
    /// 持证主体代码.
    pub certificate_holder_code: String,
    /// 持证主体代码类型.
    pub certificate_holder_type_name: String,
    /// 持证主体代码类型代码.
    pub certificate_holder_type_code: HolderCodeType,
    /// 证照有效期起始日期.
    pub certificate_effective_date: NaiveDate,
    /// 证照有效期截止日期; left out when there is no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_expiring_date: Option<NaiveDate>,
    /// 所属属地编码, six digits.
    pub certificate_area_code: RegionCode,
    /// 关联证照标识: the version or licence that this one follows.
    #[serde(rename = "associatedZzeCertID", default, skip_serializing_if = "Option::is_none")]
    pub associated_identifier: Option<Identifier>,
    /// Canonical values of the fields of the face; the photograph is `sha256:` and the digest of the JPEG file in hexadecimal.
    pub fields: BTreeMap<String, String>,
}

/// Why bytes are not a machine-readable licence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// More bytes than a record has.
    #[error("{bytes} bytes are more than the {MAX_RECORD_BYTES} of a licence record")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// Not canonical JSON.
    #[error("licence record: {0}")]
    CanonicalJson(#[from] CanonicalJsonError),
    /// JSON of something else: a member missing, unknown, or with a value that breaks its own rule.
    #[error("licence record: {reason}")]
    Member {
        /// What is wrong, in English.
        reason: String,
    },
    /// Two members that must say the same and do not.
    #[error("licence record: {member} is \"{value}\", but the identifier says \"{expected}\"")]
    Contradiction {
        /// The member.
        member: &'static str,
        /// What it says.
        value: String,
        /// What the identifier says.
        expected: String,
    },
}

impl LicenceRecord {
    /// The record of `licence`, issued by `authority` as `identifier`; `follows` is the version before it, if any.
    pub fn new(
        licence_type: &LicenceType,
        licence: &ValidLicence,
        identifier: &Identifier,
        authority: &Authority,
        follows: Option<&Identifier>,
    ) -> Self {
        let name = &licence_type.catalogue.name.zh;
        let mut fields: BTreeMap<_, _> = licence
            .fields()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        fields.extend(licence.photo().map(|photo| (PHOTO.to_owned(), photo_digest(photo))));
        let kind = licence.holder_code().kind();
        Self {
            certificate_name: name.clone(),
            certificate_type_name: name.clone(),
            certificate_type_code: licence_type.code(),
            certificate_number: licence.number().to_owned(),
            certificate_identifier: identifier.clone(),
            certificate_version: identifier.version.to_string(),
            certificate_issuing_authority_name: authority.name.zh.clone(),
            certificate_issuing_authority_code: authority.code,
            certificate_issued_date: licence.issued(),
            certificate_holder_name: licence.holder_name().to_owned(),
            certificate_holder_category: licence.holder_category(),
            certificate_holder_code: licence.holder_code().as_str().to_owned(),
            certificate_holder_type_name: kind.name().to_owned(),
            certificate_holder_type_code: kind,
            certificate_effective_date: licence.effective(),
            certificate_expiring_date: licence.expiring(),
            certificate_area_code: authority.region.to_area(),
            associated_identifier: follows.cloned(),
            fields,
        }
    }

    /// The text of `licence.json` (RFC 8785).
    pub fn canonical_json(&self) -> String {
        // Every member is a text or an object of texts, which always has a JSON value.
        canonical_json::write(&serde_json::to_value(self).unwrap_or_default())
    }

    /// Reads the text of a `licence.json`: canonical, complete, nothing unknown, and in agreement with its identifier.
    pub fn parse(text: &[u8]) -> Result<Self, RecordError> {
        if text.len() > MAX_RECORD_BYTES {
            return Err(RecordError::TooLarge { bytes: text.len() });
        }
        let value = canonical_json::parse(text)?;
        let record: Self = serde_json::from_value(value).map_err(|error| RecordError::Member {
            reason: error.to_string(),
        })?;
        let identifier = &record.certificate_identifier;
        let pairs = [
            (
                "certificateTypeCode",
                record.certificate_type_code.to_string(),
                identifier.type_code.to_string(),
            ),
            (
                "certificateVersion",
                record.certificate_version.clone(),
                identifier.version.to_string(),
            ),
            (
                "certificateIssuingAuthorityCode",
                record.certificate_issuing_authority_code.to_string(),
                identifier.issuer.to_string(),
            ),
        ];
        match pairs.into_iter().find(|(_, value, expected)| value != expected) {
            Some((member, value, expected)) => Err(RecordError::Contradiction {
                member,
                value,
                expected,
            }),
            None => Ok(record),
        }
    }

    /// The first 16 bytes of the SHA-256 of [`Self::canonical_json`]: what a printed code commits to.
    pub fn digest16(&self) -> [u8; 16] {
        let digest = DigestAlgorithm::Sha256.digest(self.canonical_json().as_bytes());
        let mut first = [0; 16];
        first.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        first
    }

    /// The days that decide how it stands; `licence_type` says which field holds its endorsement.
    pub fn days(&self, licence_type: &LicenceType) -> Days {
        let endorsed = licence_type
            .validity
            .endorsed_until
            .as_ref()
            .and_then(|name| self.fields.get(name));
        Days {
            effective: self.certificate_effective_date,
            expiring: self.certificate_expiring_date,
            endorsed_until: endorsed.and_then(|text| text.parse().ok()),
        }
    }
}

impl Explain for RecordError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::TooLarge { bytes } => Problem::new("record-too-large")
                .param("count", bytes)
                .param("limit", MAX_RECORD_BYTES),
            Self::CanonicalJson(error) => Problem::new("record-not-canonical").param("reason", error),
            Self::Member { reason } => Problem::new("record-member").param("reason", reason),
            Self::Contradiction {
                member,
                value,
                expected,
            } => Problem::new("record-contradiction")
                .field(*member)
                .param("value", value)
                .param("expected", expected),
        }]
    }
}

/// `sha256:` and the digest of the JPEG file in hexadecimal.
fn photo_digest(photo: &[u8]) -> String {
    let digest = DigestAlgorithm::Sha256.digest(photo);
    let hexadecimal: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hexadecimal}")
}

/// Largest record that is read, in bytes: the longest licence type we have fills under 8 KiB.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;
