//! What this instance relies on: its own authorities with their newest revocation lists, as a snapshot that is swapped whole.

use std::sync::Arc;

use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::trust::{self, Anchor, Snapshot};
use crate::x509::{Certificate, Crl};

impl Service {
    /// The present snapshot.
    pub fn trust(&self) -> Arc<Snapshot> {
        self.trust.load_full()
    }

    /// Reads authorities and lists anew. Links that were verified before stay verified.
    ///
    /// # Errors
    /// Where the store does not answer, or holds what is no certificate or list.
    pub async fn reload_trust(&self) -> ServiceResult<()> {
        let (mut anchors, mut intermediates, mut crls) = (Vec::new(), Vec::new(), Vec::new());
        for ca in self.store().certificate_authorities().await? {
            let certificate = Certificate::from_der(&ca.certificate).map_err(ServiceError::internal)?;
            match ca.parent {
                None => anchors.push(Anchor::new(&ca.name, certificate, &trust::Service::ALL)),
                Some(_) => intermediates.push(certificate),
            }
            if let Some(list) = self.store().latest_crl(&ca.name).await? {
                crls.push(Crl::from_der(&list.der).map_err(ServiceError::internal)?);
            }
        }
        let cache = Arc::clone(self.trust().cache());
        self.trust
            .store(Arc::new(Snapshot::new(anchors, intermediates, crls).with_cache(cache)));
        Ok(())
    }
}
