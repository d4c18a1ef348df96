//! Revoking a certificate, putting it on hold, taking it off the hold (RFC 5280 section 5.3.1). The lists and the answer
//! about its status follow at once.

use chrono::{DateTime, Utc};

use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Warrant;
use crate::service::{Service, events};
use crate::store::{CertificateRevocation, CertificateState, Change, HoldRelease};
use crate::x509::{Certificate, RevocationReason, SerialNumber};

impl Service {
    /// Revokes a certificate for good, also one that is on hold, and publishes the lists that say so.
    ///
    /// # Errors
    /// Where the actor is no operator, the reason is none for this certificate, or the certificate is not known or revoked
    /// already.
    pub async fn revoke_certificate(
        &self,
        warrant: impl Into<Warrant<'_>>,
        ca: &str,
        serial: &SerialNumber,
        reason: RevocationReason,
        invalid_since: Option<DateTime<Utc>>,
    ) -> ServiceResult<()> {
        let warrant = warrant.into();
        let actor = warrant.actor();
        actor.must_be_operator()?;
        self.check_decided_by_one(ca, serial).await?;
        let now = self.now();
        let certificate = self.issued_certificate(ca, serial).await?;
        if certificate.is_ca() && !matches!(actor, Actor::Officers(_)) {
            // As making an authority: for two people, once there are any.
            self.founding_mandate(actor).await?;
        }
        crate::ca::revoke(&certificate, reason, now, invalid_since).map_err(ServiceError::explained)?;
        let held = self.store().revocation(ca, serial.as_bytes()).await?;
        let row = CertificateRevocation {
            ca: ca.to_owned(),
            serial: serial.as_bytes().to_vec(),
            reason: reason.code(),
            revoked_at: now,
            invalid_since,
        };
        let mut change = warrant.change();
        change.revoke(row, held.is_some_and(|held| held.is_hold()), now);
        let detail = serde_json::json!({ "ca": ca, "reason": reason.name() });
        self.change_status(actor, ca, serial, "certificate.revoke", &detail, change)
            .await
    }

    /// Suspends a certificate for the time being. One officer may do this, or whoever runs the program.
    ///
    /// # Errors
    /// Where the actor is neither, the certificate is not known, revoked or on hold already, or it is a cross-certificate to an
    /// authority that the recognition list relies on: suspending it there puts this on hold, too.
    pub async fn hold_certificate(
        &self,
        warrant: impl Into<Warrant<'_>>,
        ca: &str,
        serial: &SerialNumber,
    ) -> ServiceResult<()> {
        let warrant = warrant.into();
        must_be_officer(warrant.actor())?;
        let certificate = self.issued_certificate(ca, serial).await?;
        if self.store().is_cross_certificate(ca, serial.as_bytes()).await? {
            self.refuse_recognised(&certificate).await?;
        }
        let mut change = warrant.change();
        change.revoke_certificate(CertificateRevocation {
            ca: ca.to_owned(),
            serial: serial.as_bytes().to_vec(),
            reason: RevocationReason::CertificateHold.code(),
            revoked_at: self.now(),
            invalid_since: None,
        });
        let detail = serde_json::json!({ "ca": ca });
        self.change_status(warrant.actor(), ca, serial, "certificate.hold", &detail, change)
            .await
    }

    /// Takes a certificate off its hold: it counts again, as if it had never been suspended.
    ///
    /// # Errors
    /// Where the actor may not, or the certificate is not on hold.
    pub async fn release_certificate(
        &self,
        warrant: impl Into<Warrant<'_>>,
        ca: &str,
        serial: &SerialNumber,
    ) -> ServiceResult<()> {
        let warrant = warrant.into();
        must_be_officer(warrant.actor())?;
        self.check_decided_by_one(ca, serial).await?;
        self.issued_certificate(ca, serial).await?;
        let mut change = warrant.change();
        change.release_certificate(HoldRelease {
            ca: ca.to_owned(),
            serial: serial.as_bytes().to_vec(),
            released_at: self.now(),
        });
        let detail = serde_json::json!({ "ca": ca });
        self.change_status(warrant.actor(), ca, serial, "certificate.release", &detail, change)
            .await
    }

    /// What becomes of a cross-certificate is decided by two, but for its hold.
    async fn check_decided_by_one(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<()> {
        if self.store().is_cross_certificate(ca, serial.as_bytes()).await? {
            return Err(ServiceError::Conflict(
                Problem::new("cross-not-revoked-here").param("value", serial),
            ));
        }
        Ok(())
    }

    /// A certificate that was issued.
    pub(super) async fn issued_certificate(&self, ca: &str, serial: &SerialNumber) -> ServiceResult<Certificate> {
        let row = self.store().certificate(ca, serial.as_bytes()).await?;
        match row.map(|row| row.state) {
            Some(CertificateState::Issued { der, .. }) => Certificate::from_der(&der).map_err(ServiceError::internal),
            _ => Err(ServiceError::not_found("certificate", serial)),
        }
    }

    /// Commits a change of a certificate's status with its event, and lets everybody know.
    async fn change_status(
        &self,
        actor: &Actor,
        ca: &str,
        serial: &SerialNumber,
        action: &str,
        detail: &serde_json::Value,
        mut change: Change,
    ) -> ServiceResult<()> {
        change.record(events::entry(self.now(), actor, action, &serial.to_string(), detail)?);
        self.store().commit(change).await?;
        self.renew_status(ca, serial).await;
        // From here on it is revoked, whether or not the lists can be signed now: a list that is out of date is made anew
        // by whoever asks for it.
        let shard = self.store().shard_of(ca, serial.as_bytes()).await?;
        let published = self.publish_change(&Actor::Operator, ca, shard).await;
        self.forget_issuers();
        published
    }
}

fn must_be_officer(actor: &Actor) -> ServiceResult<()> {
    match actor {
        Actor::Officer(_) => Ok(()),
        other => Ok(other.must_be_operator()?),
    }
}
