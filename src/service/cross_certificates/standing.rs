//! How cross-certificates follow the recognition list: what the list decides about a partner's authority holds for the
//! certificates that we issued to that authority, and becomes durable in the same change.
//!
//! The authority is known by its name or its key. While any of its services is granted the certificates count; while
//! none is and one is suspended they are on hold; once all are withdrawn they are revoked. A compromise is one of the
//! key, so that the service for which it was found decides for all. An authority that the list does not name is not
//! touched.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ca;
use crate::ca::cross::Partner;
use crate::crypto::KeyIdentity;
use crate::problem::Problem;
use crate::service::certificates::revoke_in;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::service::revocation_lists::ComingRevocation;
use crate::service::{Service, events};
use crate::store::{self, Change, HoldRelease};
use crate::trust::list::{Decision, Entity, RecognitionList, Status, StatusReason};
use crate::x509::{Certificate, Name, RevocationReason, RevokedEntry, SerialNumber};

/// A cross-certificate, as a proposal names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CrossCertificateId {
    /// The authority of ours that issued it.
    pub ca: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
}

impl std::fmt::Display for CrossCertificateId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.ca, self.serial)
    }
}

/// A cross-certificate whose state changes with the list.
#[derive(Debug, Clone)]
pub(in crate::service) struct Consequence {
    row: store::CrossCertificate,
    decision: Decision,
}

impl Consequence {
    /// As a proposal names it.
    pub(in crate::service) fn id(&self) -> CrossCertificateId {
        CrossCertificateId {
            ca: self.row.ca.clone(),
            serial: SerialNumber::from_content(&self.row.serial).to_string(),
        }
    }

    /// What it is revoked or held for; nothing where it counts again.
    fn reason(&self) -> Option<RevocationReason> {
        match (self.decision.status, self.decision.reason) {
            (Status::Granted, _) => None,
            (Status::Suspended, _) => Some(RevocationReason::CertificateHold),
            (Status::Withdrawn, StatusReason::Compromise) => Some(RevocationReason::CaCompromise),
            (Status::Withdrawn, StatusReason::RulesBroken | StatusReason::Investigation) => {
                Some(RevocationReason::PrivilegeWithdrawn)
            }
            (Status::Withdrawn, StatusReason::Agreement | StatusReason::Ceased | StatusReason::Cleared) => {
                Some(RevocationReason::CessationOfOperation)
            }
            (Status::Withdrawn, StatusReason::Unspecified) => Some(RevocationReason::Unspecified),
        }
    }

    /// What its revocation list will say; nothing where it counts again.
    fn entry(&self, now: DateTime<Utc>) -> ServiceResult<Option<RevokedEntry>> {
        let Some(reason) = self.reason() else {
            return Ok(None);
        };
        let dates_back = self.decision.reason == StatusReason::Compromise && self.decision.since < now;
        let invalid_since = dates_back.then_some(self.decision.since);
        let certificate = Certificate::from_der(&self.row.der).map_err(ServiceError::internal)?;
        let entry = ca::revoke(&certificate, reason, now, invalid_since);
        Ok(Some(entry.map_err(ServiceError::explained)?))
    }

    /// The action of the event that records it.
    fn action(&self) -> &'static str {
        match self.decision.status {
            Status::Granted => "cross.release",
            Status::Suspended => "cross.hold",
            Status::Withdrawn => "cross.revoke",
        }
    }
}

impl Service {
    /// The cross-certificates whose state does not agree with what a list says at `time` about an entity's authorities.
    pub(in crate::service) async fn consequences_of(
        &self,
        list: &RecognitionList,
        entity: &str,
        time: DateTime<Utc>,
    ) -> ServiceResult<Vec<Consequence>> {
        let mut consequences = Vec::new();
        for row in self.store().cross_certificates().await? {
            let certificate = Certificate::from_der(&row.der).map_err(ServiceError::internal)?;
            let authority = Authority::of(&certificate);
            let is_meant = list.entity(entity).is_some_and(|entity| authority.is_of(entity));
            if !is_meant || row.is_revoked() || certificate.validity().ends_before(self.now()) {
                continue;
            }
            let Some((_, decision)) = authority.stands(list, time) else {
                continue;
            };
            let agrees = match decision.status {
                Status::Granted => row.revocation.is_none(),
                Status::Suspended => row.is_held(),
                Status::Withdrawn => false,
            };
            if !agrees {
                let decision = decision.clone();
                consequences.push(Consequence { row, decision });
            }
        }
        Ok(consequences)
    }

    /// Adds to a change what becomes of cross-certificates, with an event each and the revocation lists that say so.
    pub(in crate::service) async fn follow_list(
        &self,
        change: &mut Change,
        mandate: &Mandate,
        consequences: &[Consequence],
    ) -> ServiceResult<Vec<store::Crl>> {
        let now = self.now();
        let mut coming = Vec::new();
        for consequence in consequences {
            let (ca, serial) = (consequence.row.ca.clone(), consequence.row.serial.clone());
            let revocation = match consequence.entry(now)? {
                Some(entry) => Some(revoke_in(change, &ca, entry, consequence.row.held_since())),
                None => {
                    change.release_certificate(HoldRelease {
                        ca: ca.clone(),
                        serial: serial.clone(),
                        released_at: now,
                    });
                    None
                }
            };
            let reason = consequence.reason().map(RevocationReason::name);
            let detail = serde_json::json!({ "ca": ca, "serial": consequence.id().serial, "reason": reason });
            let event = events::entry(
                now,
                mandate.actor(),
                consequence.action(),
                &consequence.row.partner,
                &detail,
            )?;
            change.record(event);
            coming.push((ca, ComingRevocation { serial, revocation }));
        }
        let mut authorities: Vec<String> = coming.iter().map(|(ca, _)| ca.clone()).collect();
        authorities.sort_unstable();
        authorities.dedup();
        let mut lists = Vec::new();
        for ca in authorities {
            let of_ca = coming.iter().filter(|(other, _)| *other == ca);
            let of_ca: Vec<ComingRevocation> = of_ca.map(|(_, one)| one.clone()).collect();
            lists.push(self.publish_crl_in(change, mandate.actor(), &ca, &of_ca).await?);
        }
        Ok(lists)
    }

    /// Lets everybody know of what [`Self::follow_list`] made durable. Whatever fails here is made up for by whoever
    /// asks next.
    pub(in crate::service) async fn tell_consequences(&self, consequences: &[Consequence], lists: &[store::Crl]) {
        for list in lists {
            if let Err(error) = self.publish_delta(list).await {
                tracing::warn!(%error, ca = list.ca, "the delta list is not renewed yet");
            }
        }
        for consequence in consequences {
            let serial = SerialNumber::from_content(&consequence.row.serial);
            self.renew_status(&consequence.row.ca, &serial).await;
        }
        self.forget_issuers();
    }

    /// Refuses what would part a cross-certificate from the list: its authority is recognised there, and what the list
    /// decides holds for the certificate, too.
    pub(in crate::service) async fn refuse_recognised(&self, certificate: &Certificate) -> ServiceResult<()> {
        let list = self.recognition_list().await?;
        let authority = Authority::of(certificate);
        match list.as_ref().and_then(|list| authority.stands(list, self.now())) {
            Some((entity, decision)) if decision.status != Status::Withdrawn => {
                let problem = Problem::new("cross-recognised").param("value", certificate.serial());
                Err(ServiceError::Conflict(problem.param("entity", entity)))
            }
            _ => Ok(()),
        }
    }

    /// Refuses to certify an authority that the list has withdrawn or suspended.
    pub(super) async fn refuse_withdrawn(&self, partner: &Partner) -> ServiceResult<()> {
        let list = self.recognition_list().await?;
        let authority = Authority {
            subject: partner.subject(),
            key: partner.key().identity(),
        };
        match list.as_ref().and_then(|list| authority.stands(list, self.now())) {
            Some((entity, decision)) if decision.status != Status::Granted => {
                let problem = Problem::new("cross-not-granted").param("status", decision.status.name());
                Err(ServiceError::Conflict(problem.param("entity", entity)))
            }
            _ => Ok(()),
        }
    }
}

/// An authority, known by its name or its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Authority<'a> {
    subject: &'a Name,
    key: KeyIdentity,
}

impl<'a> Authority<'a> {
    pub(super) fn of(certificate: &'a Certificate) -> Self {
        Self {
            subject: certificate.subject(),
            key: certificate.key_identity(),
        }
    }

    /// Whether a certificate is one of its.
    fn holds(self, certificate: &Certificate) -> bool {
        self.subject == certificate.subject() || self.key == certificate.key_identity()
    }

    /// Whether an entity of the list is or includes it.
    pub(super) fn is_of(self, entity: &Entity) -> bool {
        let mut services = entity.services.iter();
        services.any(|service| self.holds(&service.certificate))
    }

    /// The decision that counts for it at `time`, and the entity: a compromise before all, else the one that leaves it
    /// most.
    fn stands(self, list: &RecognitionList, time: DateTime<Utc>) -> Option<(&str, &Decision)> {
        let services = list
            .entities
            .iter()
            .flat_map(|entity| entity.services.iter().map(move |service| (entity, service)));
        let decisions = services
            .filter(|(_, service)| self.holds(&service.certificate))
            .filter_map(|(entity, service)| Some((entity.id.as_str(), service.history.at(time)?)));
        decisions.min_by_key(|(_, decision)| {
            let is_compromise = decision.reason == StatusReason::Compromise;
            match decision.status {
                Status::Withdrawn if is_compromise => 0,
                Status::Suspended if is_compromise => 1,
                Status::Granted => 2,
                Status::Suspended => 3,
                Status::Withdrawn => 4,
            }
        })
    }
}
