//! What can be proposed, and the way from each kind of act to its use case.

use serde::{Deserialize, Serialize};

use crate::hex;
use crate::service::Service;
use crate::service::certificate_acts::{FormerCertificate, NamedCertificate, NewSubjectKey, RequestedCertificate};
use crate::service::certificate_authorities::NewCertificateAuthority;
use crate::service::cross_certificates::{FormerCrossCertificate, NewCrossCertificate};
use crate::service::error::ServiceResult;
use crate::service::officers::{FormerOfficer, NewOfficer};
use crate::service::offline_roots::AdmittedAuthority;
use crate::service::proposals::Mandate;
use crate::service::recognition::{AssuranceTable, ListPublication, NewRecognition, StatusChange};
use crate::trust::list::RecognitionList;
use crate::x509::Certificate;

/// An act of officers, as data: `{"act":"found-ca", …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Act {
    /// Found a certificate authority.
    FoundCa(NewCertificateAuthority),
    /// Certify the authority of a partner.
    IssueCross(NewCrossCertificate),
    /// Revoke a cross-certificate.
    RevokeCross(FormerCrossCertificate),
    /// Take an authority into service that a root offline certified.
    AdmitCa(AdmittedAuthority),
    /// Enrol an officer.
    EnrolOfficer(NewOfficer),
    /// Remove an officer.
    RemoveOfficer(FormerOfficer),
    /// Recognise an authority.
    Recognise(NewRecognition),
    /// Withdraw recognition.
    Withdraw(StatusChange),
    /// Suspend recognition.
    Suspend(StatusChange),
    /// Resume recognition.
    Resume(StatusChange),
    /// Set the table of assurance levels of an authority.
    MapAssurance(AssuranceTable),
    /// Publish the next recognition list.
    PublishList(ListPublication),
    /// Issue a certificate to an end entity, on request.
    IssueCertificate(RequestedCertificate),
    /// Issue a certificate that takes up where another ends.
    RenewCertificate(NamedCertificate),
    /// Certify a new key of the same subject.
    RekeyCertificate(NewSubjectKey),
    /// Suspend a certificate.
    HoldCertificate(NamedCertificate),
    /// Take a certificate off its hold.
    ReleaseCertificate(NamedCertificate),
    /// Revoke the certificate of an end entity.
    RevokeCertificate(FormerCertificate),
    /// Revoke the certificate of an authority of ours.
    RevokeCa(FormerCertificate),
}

/// What came of an act, for whoever asked: names and digests of what was made.
pub type Outcome = serde_json::Value;

impl Act {
    /// Its name: `found-ca`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FoundCa(_) => "found-ca",
            Self::IssueCross(_) => "issue-cross",
            Self::RevokeCross(_) => "revoke-cross",
            Self::AdmitCa(_) => "admit-ca",
            Self::EnrolOfficer(_) => "enrol-officer",
            Self::RemoveOfficer(_) => "remove-officer",
            Self::Recognise(_) => "recognise",
            Self::Withdraw(_) => "withdraw",
            Self::Suspend(_) => "suspend",
            Self::Resume(_) => "resume",
            Self::MapAssurance(_) => "map-assurance",
            Self::PublishList(_) => "publish-list",
            Self::IssueCertificate(_) => "issue-certificate",
            Self::RenewCertificate(_) => "renew-certificate",
            Self::RekeyCertificate(_) => "rekey-certificate",
            Self::HoldCertificate(_) => "hold-certificate",
            Self::ReleaseCertificate(_) => "release-certificate",
            Self::RevokeCertificate(_) => "revoke-certificate",
            Self::RevokeCa(_) => "revoke-ca",
        }
    }
}

impl Service {
    /// Does what was agreed on.
    ///
    /// # Errors
    /// What the use case of the act refuses.
    pub async fn carry_out(&self, act: &Act, mandate: &Mandate) -> ServiceResult<Outcome> {
        match act {
            Act::FoundCa(new) => {
                let certificate = self.found_certificate_authority(mandate, new).await?;
                Ok(serde_json::json!({ "ca": new.name, "certificateSha256": hex::encode(certificate.fingerprint()) }))
            }
            Act::IssueCross(new) => {
                let certificate = self.issue_cross_certificate(mandate, new).await?;
                let (serial, sha256) = (certificate.serial().to_string(), hex::encode(certificate.fingerprint()));
                Ok(serde_json::json!({ "ca": new.ca, "serial": serial, "certificateSha256": sha256 }))
            }
            Act::RevokeCross(former) => {
                self.revoke_cross_certificate(mandate, former).await?;
                Ok(serde_json::json!({ "ca": former.ca, "serial": former.serial }))
            }
            Act::AdmitCa(new) => {
                let certificate = self.admit_authority(mandate, new).await?;
                Ok(serde_json::json!({ "ca": new.name, "certificateSha256": hex::encode(certificate.fingerprint()) }))
            }
            Act::EnrolOfficer(new) => {
                let officer = self.enrol_officer(mandate, new).await?;
                Ok(serde_json::json!({ "officer": officer.id }))
            }
            Act::RemoveOfficer(former) => {
                self.remove_officer(mandate, former).await?;
                Ok(serde_json::json!({ "officer": former.officer }))
            }
            Act::Recognise(new) => Ok(published(&self.recognise(mandate, new).await?)),
            Act::Withdraw(change) => Ok(published(&self.withdraw_recognition(mandate, change).await?)),
            Act::Suspend(change) => Ok(published(&self.suspend_recognition(mandate, change).await?)),
            Act::Resume(change) => Ok(published(&self.resume_recognition(mandate, change).await?)),
            Act::MapAssurance(table) => Ok(published(&self.map_assurance(mandate, table).await?)),
            Act::PublishList(publication) => Ok(published(&self.publish_recognition_list(mandate, publication).await?)),
            Act::IssueCertificate(new) => Ok(issued(&new.ca, &self.issue_by_mandate(mandate, new).await?)),
            Act::RenewCertificate(named) => Ok(issued(&named.ca, &self.renew_by_mandate(mandate, named).await?)),
            Act::RekeyCertificate(new) => Ok(issued(&new.ca, &self.rekey_by_mandate(mandate, new).await?)),
            Act::HoldCertificate(named) => {
                self.hold_by_mandate(mandate, named).await?;
                Ok(serde_json::json!({ "ca": named.ca, "serial": named.serial }))
            }
            Act::ReleaseCertificate(named) => {
                self.release_by_mandate(mandate, named).await?;
                Ok(serde_json::json!({ "ca": named.ca, "serial": named.serial }))
            }
            Act::RevokeCertificate(former) | Act::RevokeCa(former) => {
                let of_authority = matches!(act, Act::RevokeCa(_));
                self.revoke_by_mandate(mandate, former, of_authority).await?;
                Ok(serde_json::json!({ "ca": former.ca, "serial": former.serial }))
            }
        }
    }
}

/// The certificate that came of an act.
fn issued(ca: &str, certificate: &Certificate) -> Outcome {
    let (serial, sha256) = (certificate.serial().to_string(), hex::encode(certificate.fingerprint()));
    serde_json::json!({ "ca": ca, "serial": serial, "certificateSha256": sha256 })
}

/// The list that came of an act.
fn published(list: &RecognitionList) -> Outcome {
    serde_json::json!({ "sequence": list.sequence, "nextUpdate": list.next_update })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    use crate::ca::SubordinateTerms;
    use crate::ca::cross::Terms;
    use crate::crypto::key::KeyAlgorithm;
    use crate::id::OfficerId;
    use crate::service::keys::NewKey;

    fn found(name: &str) -> Act {
        Act::FoundCa(NewCertificateAuthority {
            name: name.to_owned(),
            key: NewKey::Make(KeyAlgorithm::Sm2),
            parent: None,
            organisation: "云州市".to_owned(),
            common_name: "Root".to_owned(),
            terms: SubordinateTerms::default(),
        })
    }

    #[test]
    fn the_name_of_an_act_is_the_one_that_it_is_written_with() {
        let officer = NewOfficer {
            name: "n".to_owned(),
            organisation: "o".to_owned(),
            public_key: String::new(),
        };
        let former = FormerOfficer {
            officer: OfficerId::new(DateTime::UNIX_EPOCH),
        };
        let cross = Act::IssueCross(NewCrossCertificate {
            ca: "root".to_owned(),
            partner: "p".to_owned(),
            authority: String::new(),
            terms: Terms::direct(&["1.2.3"], 1),
        });
        let former_cross = Act::RevokeCross(FormerCrossCertificate {
            ca: "root".to_owned(),
            serial: "01".to_owned(),
            reason: "superseded".to_owned(),
            invalid_since: None,
        });
        for act in [
            found("root-2"),
            cross,
            former_cross,
            Act::EnrolOfficer(officer),
            Act::RemoveOfficer(former),
        ] {
            let value = serde_json::to_value(&act).unwrap();
            assert_eq!(value["act"], act.name());
            assert_eq!(serde_json::from_value::<Act>(value).unwrap(), act);
        }
    }

    #[test]
    fn a_field_that_no_act_has_is_not_passed_over() {
        let text = r#"{"act":"found-ca","commonName":"R","key":{"make":"sm2"},"name":"r","organisation":"o","terms":{"pathLenght":9}}"#;
        assert!(serde_json::from_str::<Act>(text).is_err());
    }
}
