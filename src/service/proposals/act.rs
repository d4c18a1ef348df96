//! What can be proposed, and the way from each kind of act to its use case.

use serde::{Deserialize, Serialize};

use crate::hex;
use crate::service::Service;
use crate::service::certificate_authorities::NewCertificateAuthority;
use crate::service::certificates::{CertificateId, FormerCertificate, NewSubjectKey, RequestedCertificate};
use crate::service::cross_certificates::NewCrossCertificate;
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
    RevokeCross(FormerCertificate),
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
    RenewCertificate(CertificateId),
    /// Certify a new key of the same subject.
    RekeyCertificate(NewSubjectKey),
    /// Suspend a certificate.
    HoldCertificate(CertificateId),
    /// Take a certificate off its hold.
    ReleaseCertificate(CertificateId),
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
    /// Does the act that a mandate is for: the only way to it.
    ///
    /// # Errors
    /// What the use case of the act refuses.
    pub async fn carry_out(&self, mandate: Mandate) -> ServiceResult<Outcome> {
        let mandate = &mandate;
        match mandate.act() {
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
                Ok(revoked(former))
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
            Act::IssueCertificate(new) => Ok(issued(&new.ca, &self.issue_requested_certificate(mandate, new).await?)),
            Act::RenewCertificate(id) => Ok(issued(&id.ca, &self.renew_certificate(mandate, id).await?)),
            Act::RekeyCertificate(new) => Ok(issued(&new.ca, &self.rekey_certificate(mandate, new).await?)),
            Act::HoldCertificate(id) => {
                self.hold_certificate(mandate, id).await?;
                Ok(serde_json::json!(id))
            }
            Act::ReleaseCertificate(id) => {
                self.release_certificate(mandate, id).await?;
                Ok(serde_json::json!(id))
            }
            Act::RevokeCertificate(former) => {
                self.revoke_certificate(mandate, former).await?;
                Ok(revoked(former))
            }
            Act::RevokeCa(former) => {
                self.revoke_authority(mandate, former).await?;
                Ok(revoked(former))
            }
        }
    }
}

/// The certificate that came of an act.
fn issued(ca: &str, certificate: &Certificate) -> Outcome {
    let (serial, sha256) = (certificate.serial().to_string(), hex::encode(certificate.fingerprint()));
    serde_json::json!({ "ca": ca, "serial": serial, "certificateSha256": sha256 })
}

/// What an act took away.
fn revoked(former: &FormerCertificate) -> Outcome {
    serde_json::json!({ "ca": former.ca, "serial": former.serial })
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
    use crate::x509::RevocationReason;

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
        let former_cross = Act::RevokeCross(FormerCertificate {
            ca: "root".to_owned(),
            serial: "01".parse().unwrap(),
            reason: RevocationReason::Superseded,
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
    fn what_is_no_serial_number_reason_or_base64_is_no_act() {
        let former = |serial: &str, reason: &str| serde_json::json!({ "act": "revoke-certificate", "ca": "c", "serial": serial, "reason": reason });
        let requested = |request: &str| serde_json::json!({ "act": "issue-certificate", "ca": "c", "profile": "person", "request": request });
        let read = serde_json::from_value::<Act>;
        assert!(read(former("0a", "superseded")).is_ok() && read(requested("MA==")).is_ok());
        for odd in [former("0", "superseded"), former("0a", "bored"), requested("no base64")] {
            assert!(read(odd.clone()).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_field_that_no_act_has_is_not_passed_over() {
        let text = r#"{"act":"found-ca","commonName":"R","key":{"make":"sm2"},"name":"r","organisation":"o","terms":{"pathLenght":9}}"#;
        assert!(serde_json::from_str::<Act>(text).is_err());
    }
}
