//! Revoking a cross-certificate.

use crate::ca;
use crate::service::Service;
use crate::service::certificates::{FormerCertificate, revoke_in};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::proposals::Mandate;
use crate::x509::{Certificate, RevocationReason};

impl Service {
    /// Revokes a cross-certificate and publishes the list that says so.
    ///
    /// # Errors
    /// Where it is not known or revoked already, the reason does not fit an authority, or the recognition list relies
    /// on the partner's authority: then withdrawing it there revokes this, too, and only `superseded` is for this
    /// certificate alone.
    pub(in crate::service) async fn revoke_cross_certificate(
        &self,
        mandate: &Mandate,
        former: &FormerCertificate,
    ) -> ServiceResult<()> {
        let row = self.cross_certificate_row(&former.ca, &former.serial).await?;
        let reason = former.reason;
        let now = self.now();
        let certificate = Certificate::from_der(&row.der).map_err(ServiceError::internal)?;
        let entry = ca::revoke(&certificate, reason, now, former.invalid_since).map_err(ServiceError::explained)?;
        // That another certificate takes its place says nothing about the partner; every other reason does.
        if reason != RevocationReason::Superseded {
            self.refuse_recognised(&certificate).await?;
        }
        let detail = serde_json::json!({ "ca": former.ca, "serial": former.serial, "reason": reason.name() });
        let mut change = mandate.change(now, "cross.revoke", &row.partner, &detail)?;
        revoke_in(&mut change, &former.ca, entry, row.held_since());
        self.change_status(mandate, &former.ca, &former.serial, change).await
    }
}
