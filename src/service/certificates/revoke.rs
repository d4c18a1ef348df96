//! Revoking a certificate, putting it on hold, taking it off the hold (RFC 5280 section 5.3.1). The lists and the
//! answer about its status follow at once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ca;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::certificates::CertificateId;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::{Act, Mandate};
use crate::store::{CertificateRevocation, Change, HeldRevocation, HoldRelease};
use crate::x509::{Certificate, RevocationReason, RevokedEntry, SerialNumber};

/// A certificate that is to be revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormerCertificate {
    /// Short name of the authority of ours that issued it.
    pub ca: String,
    /// Its serial number.
    pub serial: SerialNumber,
    /// Why, as RFC 5280 section 5.3.1 names it: `cessationOfOperation`.
    pub reason: RevocationReason,
    /// Since when its key is known or suspected not to be trusted (RFC 5280 section 5.3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_since: Option<DateTime<Utc>>,
}

impl Service {
    /// The act that revokes a certificate: that of an end entity, or that of an authority.
    ///
    /// # Errors
    /// Where the certificate is not known, or a cross-certificate.
    pub async fn act_of_revoking(&self, former: FormerCertificate) -> ServiceResult<Act> {
        let certificate = self.certificate_to_revoke(&former).await?;
        Ok(match certificate.is_ca() {
            true => Act::RevokeCa(former),
            false => Act::RevokeCertificate(former),
        })
    }

    /// Revokes the certificate of an end entity for good, also one that is on hold, and publishes the lists that say
    /// so.
    ///
    /// # Errors
    /// Where the reason is none for this certificate, or the certificate is not known, an authority's, or revoked
    /// already.
    pub(in crate::service) async fn revoke_certificate(
        &self,
        mandate: &Mandate,
        former: &FormerCertificate,
    ) -> ServiceResult<()> {
        let certificate = self.end_entity_to_revoke(former).await?;
        self.revoke_as_decided(mandate, former, &certificate).await
    }

    /// Revokes the certificate of an authority of ours.
    ///
    /// # Errors
    /// As [`Self::revoke_certificate`], and where the certificate is none of an authority.
    pub(in crate::service) async fn revoke_authority(
        &self,
        mandate: &Mandate,
        former: &FormerCertificate,
    ) -> ServiceResult<()> {
        let certificate = self.certificate_to_revoke(former).await?;
        if !certificate.is_ca() {
            let problem = Problem::new("certificate-of-no-authority").param("serial", &former.serial);
            return Err(ServiceError::Conflict(problem));
        }
        self.revoke_as_decided(mandate, former, &certificate).await
    }

    /// The certificate of an end entity that is to be revoked.
    ///
    /// # Errors
    /// Where it is not known, or an authority's.
    pub(in crate::service) async fn end_entity_to_revoke(
        &self,
        former: &FormerCertificate,
    ) -> ServiceResult<Certificate> {
        let certificate = self.certificate_to_revoke(former).await?;
        match certificate.is_ca() {
            true => Err(ServiceError::Conflict(
                Problem::new("certificate-of-authority").param("serial", &former.serial),
            )),
            false => Ok(certificate),
        }
    }

    async fn certificate_to_revoke(&self, former: &FormerCertificate) -> ServiceResult<Certificate> {
        self.refuse_cross_certificate(&former.ca, &former.serial).await?;
        Ok(self.issued(&former.ca, &former.serial).await?.certificate)
    }

    async fn revoke_as_decided(
        &self,
        mandate: &Mandate,
        former: &FormerCertificate,
        certificate: &Certificate,
    ) -> ServiceResult<()> {
        let (ca, serial, now) = (&former.ca, &former.serial, self.now());
        let entry = ca::revoke(certificate, former.reason, now, former.invalid_since);
        let entry = entry.map_err(ServiceError::explained)?;
        let revocation = self.store().revocation(ca, serial.as_bytes()).await?;
        let held_since = revocation.and_then(|revocation| revocation.held_since());
        let detail = serde_json::json!({ "ca": ca, "reason": former.reason.name() });
        let mut change = mandate.change(now, "certificate.revoke", &serial.to_string(), &detail)?;
        revoke_in(&mut change, ca, entry, held_since);
        self.change_status(mandate, ca, serial, change).await
    }

    /// Suspends a certificate for the time being.
    ///
    /// # Errors
    /// Where the certificate is not known, revoked or on hold already, or it is a cross-certificate to an authority
    /// that the recognition list relies on: suspending it there puts this on hold, too.
    pub(in crate::service) async fn hold_certificate(
        &self,
        mandate: &Mandate,
        id: &CertificateId,
    ) -> ServiceResult<()> {
        let (ca, serial) = (&id.ca, &id.serial);
        let certificate = self.issued(ca, serial).await?.certificate;
        if self.store().is_cross_certificate(ca, serial.as_bytes()).await? {
            self.refuse_recognised(&certificate).await?;
        }
        let now = self.now();
        let entry = ca::revoke(&certificate, RevocationReason::CertificateHold, now, None);
        let entry = entry.map_err(ServiceError::explained)?;
        let detail = serde_json::json!({ "ca": ca });
        let mut change = mandate.change(now, "certificate.hold", &serial.to_string(), &detail)?;
        revoke_in(&mut change, ca, entry, None);
        self.change_status(mandate, ca, serial, change).await
    }

    /// Takes a certificate off its hold: it counts again, as if it had never been suspended.
    ///
    /// # Errors
    /// Where the certificate is not known or not on hold.
    pub(in crate::service) async fn release_certificate(
        &self,
        mandate: &Mandate,
        id: &CertificateId,
    ) -> ServiceResult<()> {
        let (ca, serial) = (&id.ca, &id.serial);
        self.refuse_cross_certificate(ca, serial).await?;
        self.issued(ca, serial).await?;
        let now = self.now();
        let detail = serde_json::json!({ "ca": ca });
        let mut change = mandate.change(now, "certificate.release", &serial.to_string(), &detail)?;
        change.release_certificate(HoldRelease {
            ca: ca.clone(),
            serial: serial.as_bytes().to_vec(),
            released_at: now,
        });
        self.change_status(mandate, ca, serial, change).await
    }

    /// What becomes of a cross-certificate is an act of its own, but for its hold.
    async fn refuse_cross_certificate(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<()> {
        if self.store().is_cross_certificate(ca, serial.as_bytes()).await? {
            return Err(ServiceError::Conflict(
                Problem::new("cross-not-revoked-here").param("value", serial),
            ));
        }
        Ok(())
    }

    /// Commits a change of a certificate's status, and lets everybody know.
    pub(in crate::service) async fn change_status(
        &self,
        mandate: &Mandate,
        ca: &str,
        serial: &SerialNumber,
        change: Change,
    ) -> ServiceResult<()> {
        let shard = self.store().shard_of(ca, serial.as_bytes()).await?;
        self.store().commit(change).await?;
        self.renew_status(ca, serial).await;
        self.tell_lists(mandate.actor(), ca, shard).await;
        self.forget_issuers();
        Ok(())
    }
}

/// Adds to a change that a certificate is revoked or put on hold; what is on hold is revoked for good, and stays so
/// since it was held (RFC 5280 section 5.3.1). Gives the row as it will stand.
pub(in crate::service) fn revoke_in(
    change: &mut Change,
    ca: &str,
    entry: RevokedEntry,
    held_since: Option<DateTime<Utc>>,
) -> CertificateRevocation {
    let row = CertificateRevocation {
        ca: ca.to_owned(),
        serial: entry.serial.as_bytes().to_vec(),
        reason: entry.reason,
        revoked_at: held_since.unwrap_or(entry.revoked_at),
        invalid_since: entry.invalidity_date,
    };
    match held_since {
        None => change.revoke_certificate(row.clone()),
        Some(_) => change.revoke_held_certificate(HeldRevocation {
            ca: row.ca.clone(),
            serial: row.serial.clone(),
            reason: row.reason,
            decided_at: entry.revoked_at,
            invalid_since: row.invalid_since,
        }),
    };
    row
}
