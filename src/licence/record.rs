//! The machine-readable licence: what `licence.json` in the document holds, in the names of GB/T 36903, in canonical
//! JSON.
//!
//! It says the same as the face, field by field, and is what digests, codes and ledgers commit to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::licence::authority::Authority;
use crate::licence::canonical_json::{self, CanonicalJsonError};
use crate::licence::credit_code::CreditCode;
use crate::licence::holder::{HolderCategory, HolderCodeType};
use crate::licence::identifier::Identifier;
use crate::licence::licence_type::{LicenceType, PHOTO};
use crate::licence::region::RegionCode;
use crate::licence::standing::Days;
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
    /// Canonical values of the fields of the face; the photograph is `sha256:` and the digest of the JPEG file in
    /// hexadecimal.
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
    format!("sha256:{}", hex::encode(digest.as_ref()))
}

/// Largest record that is read, in bytes: the longest licence type we have fills under 8 KiB.
pub const MAX_RECORD_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licence::application::Application;
    use crate::licence::authority::AuthorityLevel;
    use crate::licence::catalogue;
    use crate::licence::public_view::PublicView;
    use crate::licence::standing::Standing;
    use crate::licence::state::LicenceState;
    use crate::licence::text::Bilingual;

    const JPEG: [u8; 6] = [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9];

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()
    }

    fn authority() -> Authority {
        Authority {
            code: "11159900MB0000107M".parse().unwrap(),
            name: Bilingual {
                zh: "青岚市政务服务局".into(),
                en: "Qinglan Government Service Bureau".into(),
            },
            region: "159901003".parse().unwrap(),
            level: AuthorityLevel::City,
            parent: None,
        }
    }

    fn issued(slug: &str) -> (LicenceType, ValidLicence, LicenceRecord) {
        let licence_type = LicenceType::clone(catalogue::embedded().unwrap().by_slug(slug).unwrap());
        let application = Application::example(&licence_type, Some(JPEG.to_vec()));
        let licence = licence_type.validate(&application, today()).unwrap();
        let identifier = Identifier::first(licence_type.code(), authority().code, "2026000001".parse().unwrap());
        let record = LicenceRecord::new(&licence_type, &licence, &identifier, &authority(), None);
        (licence_type, licence, record)
    }

    #[test]
    fn a_record_is_read_back_as_it_was_written() {
        for licence_type in catalogue::embedded().unwrap().types() {
            let (_, _, record) = issued(&licence_type.slug);
            assert_eq!(
                LicenceRecord::parse(record.canonical_json().as_bytes()),
                Ok(record),
                "{}",
                licence_type.slug
            );
        }
    }

    #[test]
    fn its_text_has_the_names_of_the_standard() {
        let (_, _, record) = issued("residence-permit");
        insta::assert_snapshot!(record.canonical_json(), @r#"{"certificateAreaCode":"159901","certificateEffectiveDate":"2026-03-05","certificateHolderCategory":"natural-person","certificateHolderCode":"159901199003071013","certificateHolderName":"张一鸣","certificateHolderTypeCode":"111","certificateHolderTypeName":"公民身份号码","certificateIdentifier":"1.2.156.3005.2.11159900MB0000107M105.11159900MB0000107M.2026000001.001.4","certificateIssuedDate":"2026-03-05","certificateIssuingAuthorityCode":"11159900MB0000107M","certificateIssuingAuthorityName":"青岚市政务服务局","certificateName":"居住证","certificateNumber":"159901199003071013","certificateTypeCode":"11159900MB0000107M105","certificateTypeName":"居住证","certificateVersion":"001","fields":{"birthDate":"1990-03-07","endorsedUntil":"2027-03-04","ethnicGroup":"汉","photo":"sha256:a96021502fb4a8df642108f90ae9ffc50c75d2d925e8c6c391a66cb366f0ca83","registeredAddress":"青岚市东河县永安镇前进村3组15号","residenceAddress":"青岚市临河区新华街道育才社区12号楼3单元402室","sex":"男"}}"#);
    }

    #[test]
    fn its_digest_is_the_start_of_the_sha_256_of_its_text() {
        let (_, _, record) = issued("residence-permit");
        let whole = DigestAlgorithm::Sha256.digest(record.canonical_json().as_bytes());
        assert_eq!(record.digest16(), whole.as_ref()[..16]);
        let other = LicenceRecord {
            certificate_holder_name: "张二鸣".into(),
            ..record.clone()
        };
        assert_ne!(other.digest16(), record.digest16());
    }

    #[test]
    fn metadata_have_pinyin_names_and_days_of_eight_digits() {
        let (_, _, record) = issued("food-business-permit");
        let metadata = record.metadata();
        let value = |name: &str| {
            metadata
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(value("ZZBH"), Some("JY21599010001238"));
        assert_eq!(value("ZZBS"), Some(record.certificate_identifier.to_string().as_str()));
        assert_eq!(
            (value("ZZYXQQSRQ"), value("ZZYXQJZRQ")),
            (Some("20260305"), Some("20310304"))
        );
        assert_eq!(value("KZ_businessForm"), Some("餐饮服务经营者"));
        assert_eq!(metadata.len(), 14 + record.fields.len());
    }

    #[test]
    fn a_record_of_another_shape_is_refused() {
        let text = issued("food-business-permit").2.canonical_json();
        let parse = |text: &str| LicenceRecord::parse(text.as_bytes()).unwrap_err();
        assert!(matches!(parse(&format!("{text}\n")), RecordError::CanonicalJson(_)));
        assert!(matches!(
            parse(&text.replace("certificateHolderCode\"", "certificateHolderCodf\"")),
            RecordError::Member { .. }
        ));
        assert!(matches!(
            parse(&text.replace("2031-03-04", "2031-02-30")),
            RecordError::Member { .. }
        ));
        let version = text.replace("\"certificateVersion\":\"001\"", "\"certificateVersion\":\"002\"");
        assert!(matches!(
            parse(&version),
            RecordError::Contradiction {
                member: "certificateVersion",
                ..
            }
        ));
        let large = " ".repeat(MAX_RECORD_BYTES + 1);
        assert_eq!(
            parse(&large),
            RecordError::TooLarge {
                bytes: MAX_RECORD_BYTES + 1
            }
        );
    }

    #[test]
    fn a_stranger_sees_an_organisation_but_no_person() {
        let view = |slug| {
            let (licence_type, _, record) = issued(slug);
            PublicView::new(&licence_type, &record, LicenceState::Issued, today())
        };
        let school = view("private-school-permit");
        assert_eq!(school.holder_name.as_deref(), Some("青岚市育才高级中学"));
        assert_eq!(
            school
                .fields
                .iter()
                .find(|field| field.name == "principal")
                .unwrap()
                .value,
            "刘*敏"
        );
        assert_eq!((school.state, school.state_as_of), (Standing::Current, today()));
        let resident = view("residence-permit");
        assert_eq!(resident.holder_name.as_deref(), Some("张*鸣"));
        assert_eq!(
            (resident.holder_code, resident.licence_number, resident.fields.len()),
            (None, None, 0)
        );
        let title = view("real-estate-title");
        assert_eq!((title.holder_name, title.fields.len()), (None, 0));
        assert!(title.licence_number.is_some());
    }

    #[test]
    fn no_personal_value_is_anywhere_in_what_a_stranger_sees() {
        for slug in ["residence-permit", "disability-certificate", "real-estate-title"] {
            let (licence_type, _, record) = issued(slug);
            let view = PublicView::new(&licence_type, &record, LicenceState::Issued, today());
            let text = serde_json::to_string(&view).unwrap();
            let personal = record
                .fields
                .values()
                .chain([&record.certificate_holder_code, &record.certificate_holder_name]);
            for value in personal.filter(|value| value.chars().count() > 1) {
                assert!(!text.contains(value.as_str()), "{slug} shows {value}");
            }
        }
    }

    #[test]
    fn a_lapsed_endorsement_is_read_from_its_field() {
        let (licence_type, _, record) = issued("residence-permit");
        let later = NaiveDate::from_ymd_opt(2027, 3, 5).unwrap();
        assert_eq!(
            Standing::on(LicenceState::Issued, &record.days(&licence_type), later),
            Standing::Suspended
        );
    }
}
