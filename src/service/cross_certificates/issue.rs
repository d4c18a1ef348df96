//! Certifying the authority of a partner, and taking in what it issued in return.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::ca::cross::{self, CrossOrder, Neighbour, OwnSpace, Partner, Terms};
use crate::ca::{Publication, new_serial};
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issuance::Issuance;
use crate::service::proposals::Mandate;
use crate::service::{Service, events};
use crate::store::{self, Change};
use crate::x509::{Certificate, SerialNumber};

/// Longest short name of a partner, in characters.
const MAX_PARTNER_CHARACTERS: usize = 64;

/// A cross-certificate that is to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCrossCertificate {
    /// The authority of ours that issues it.
    pub ca: String,
    /// Short name of the partner: its authorities may share names, those of different partners may not.
    pub partner: String,
    /// The certificate or request of the partner's authority, DER in base64.
    pub authority: String,
    /// What was agreed on.
    pub terms: Terms,
}

impl Service {
    /// Certifies the authority of a partner, publishes the certificate and a new revocation list.
    ///
    /// # Errors
    /// Where our authority is not known, what was handed over cannot be certified, the recognition list has withdrawn
    /// or suspended the partner's authority, or the terms say what they must not.
    pub(in crate::service) async fn issue_cross_certificate(
        &self,
        mandate: &Mandate,
        new: &NewCrossCertificate,
    ) -> ServiceResult<Certificate> {
        let name = new.partner.trim();
        if name.is_empty() || name != new.partner || name.chars().count() > MAX_PARTNER_CHARACTERS {
            return Err(ServiceError::refused(
                Problem::new("cross-partner-name")
                    .field("partner")
                    .param("value", &new.partner)
                    .param("limit", MAX_PARTNER_CHARACTERS),
            ));
        }
        let handed_over = STANDARD.decode(&new.authority);
        let handed_over = handed_over.map_err(|error| ServiceError::refused_because("cross-unreadable", error))?;
        let now = self.now();
        let partner = Partner::from_der(&handed_over, now).map_err(ServiceError::explained)?;
        self.refuse_withdrawn(&partner).await?;
        let authority = self.open_authority(&new.ca).await?;
        let prepared = cross::prepare(&CrossOrder {
            issuer: &authority.certificate,
            algorithm: authority.key.algorithm(),
            publication: &Publication::under(self.public_url(), &authority.name),
            partner: &partner,
            partner_name: name,
            terms: &new.terms,
            own: &self.own_space().await?,
            neighbours: &self.neighbours().await?,
            now,
            serial: &new_serial()?,
        })?;
        self.refuse_body_of_ours(&partner)?;
        let terms = serde_json::to_value(&new.terms).map_err(ServiceError::internal)?;
        let subject = partner.subject().to_string();
        let detail = serde_json::json!({ "ca": new.ca, "partner": name, "subject": subject, "terms": terms });
        let mut change = mandate.change(now, "cross.issue", name, &detail)?;
        change.add_cross_certificate(store::NewCrossCertificate {
            ca: new.ca.clone(),
            serial: prepared.serial().as_bytes().to_vec(),
            partner: name.to_owned(),
            terms: terms.to_string(),
            handed_over,
            created_at: now,
        });
        let issuance = Issuance {
            ca: authority.name,
            profile: new.terms.mode.profile().name().to_owned(),
            shard: None,
            prepared,
            key: authority.key,
        };
        let certificate = self.issue_in(&mut change, mandate.actor(), issuance).await?;
        self.store().commit(change).await?;
        self.tell_lists(mandate.actor(), &new.ca, None).await;
        Ok(certificate)
    }

    /// Takes in the certificate that a partner issued to an authority of ours in return for a cross-certificate: the
    /// other half of the pair, which is published with it.
    ///
    /// # Errors
    /// Where the actor is no operator, the cross-certificate is not known, or what was handed over is no such
    /// certificate.
    pub async fn accept_cross_certificate(
        &self,
        actor: &Actor,
        ca: &str,
        serial: &SerialNumber,
        der: &[u8],
    ) -> ServiceResult<()> {
        actor.must_be_operator()?;
        let row = self.cross_certificate_row(ca, serial).await?;
        let returned =
            Certificate::from_der(der).map_err(|error| ServiceError::refused_because("cross-unreadable", error))?;
        let own = self.authority_certificate(ca).await?;
        // Its key was looked into when it was certified; only that counts here, not whether it ended since.
        let partner = Partner::from_der(&row.handed_over, row.created_at).map_err(ServiceError::internal)?;
        cross::accept(&returned, &own, &partner).map_err(ServiceError::explained)?;
        let mut change = Change::new();
        change.return_cross_certificate(store::CrossCertificateReturned {
            ca: ca.to_owned(),
            serial: serial.as_bytes().to_vec(),
            issued_to: der.to_vec(),
        });
        let detail =
            serde_json::json!({ "ca": ca, "serial": serial.to_string(), "issuer": returned.issuer().to_string() });
        change.record(events::entry(self.now(), actor, "cross.accept", &row.partner, &detail)?);
        Ok(self.store().commit(change).await?)
    }

    /// Refuses a partner whose name can be taken for that of a body of ours: what its authority certifies would read as
    /// ours.
    fn refuse_body_of_ours(&self, partner: &Partner) -> ServiceResult<()> {
        match self.own_bodies().are_in(partner.subject()) {
            true => Err(ServiceError::refused(
                Problem::new("cross-own-body").param("name", partner.subject()),
            )),
            false => Ok(()),
        }
    }

    async fn own_space(&self) -> ServiceResult<OwnSpace> {
        let mut certificates = Vec::new();
        for row in self.store().certificate_authorities().await? {
            certificates.push(Certificate::from_der(&row.certificate).map_err(ServiceError::internal)?);
        }
        Ok(OwnSpace::of(certificates))
    }

    /// The authorities that are certified at present.
    async fn neighbours(&self) -> ServiceResult<Vec<Neighbour>> {
        let mut neighbours = Vec::new();
        for row in self.store().cross_certificates().await? {
            let certificate = Certificate::from_der(&row.der).map_err(ServiceError::internal)?;
            if !row.is_revoked() && !certificate.validity().ends_before(self.now()) {
                neighbours.push(Neighbour {
                    partner: row.partner,
                    subject: certificate.subject().clone(),
                });
            }
        }
        Ok(neighbours)
    }
}
