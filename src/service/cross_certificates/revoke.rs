//! Revoking a cross-certificate.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ca;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::store::CertificateRevocation;
use crate::x509::{Certificate, RevocationReason, SerialNumber};

/// A cross-certificate that is to be revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormerCrossCertificate {
    /// The authority of ours that issued it.
    pub ca: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
    /// Why, as RFC 5280 names it: `cessationOfOperation`, `cACompromise`.
    pub reason: String,
    /// Since when the partner's key is known or suspected not to be trusted (RFC 5280 section 5.3.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid_since: Option<DateTime<Utc>>,
}

impl Service {
    /// Revokes a cross-certificate and publishes the list that says so.
    ///
    /// # Errors
    /// Where it is not known or revoked already, the reason does not fit an authority, or the recognition list relies on the
    /// partner's authority: then withdrawing it there revokes this, too, and only `superseded` is for this certificate alone.
    pub async fn revoke_cross_certificate(
        &self,
        mandate: &Mandate,
        former: &FormerCrossCertificate,
    ) -> ServiceResult<()> {
        let number = SerialNumber::from_hex(&former.serial);
        let number = number.ok_or_else(|| ServiceError::not_found("cross-certificate", &former.serial))?;
        let row = self.cross_certificate_row(&former.ca, &number).await?;
        let reason = RevocationReason::from_name(&former.reason).ok_or_else(|| {
            ServiceError::refused(
                Problem::new("revocation-reason")
                    .field("reason")
                    .param("value", &former.reason),
            )
        })?;
        let now = self.now();
        let certificate = Certificate::from_der(&row.der).map_err(ServiceError::internal)?;
        let entry = ca::revoke(&certificate, reason, now, former.invalid_since).map_err(ServiceError::explained)?;
        // That another certificate takes its place says nothing about the partner; every other reason does.
        if reason != RevocationReason::Superseded {
            self.refuse_recognised(&certificate).await?;
        }
        let detail = serde_json::json!({ "ca": former.ca, "serial": former.serial, "reason": reason.name() });
        let mut change = mandate.change(now, "cross.revoke", &row.partner, &detail)?;
        let is_held = row.is_held();
        let revocation = CertificateRevocation {
            ca: former.ca.clone(),
            serial: row.serial,
            reason: entry.reason.code(),
            revoked_at: entry.revoked_at,
            invalid_since: entry.invalidity_date,
        };
        change.revoke(revocation, is_held, now);
        self.store().commit(change).await?;
        self.publish_crl(mandate.actor(), &former.ca).await?;
        Ok(())
    }
}
