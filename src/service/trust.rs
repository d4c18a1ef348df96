//! What this instance relies on: its own authorities with their newest revocation lists, as a snapshot that is swapped whole.
//!
//! Lists are also published by others: by a command on the same data, by another node. Before anything is judged the
//! numbers of the lists are compared with those of the snapshot, so that what they revoke counts here at once.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::trust::{self, Anchor, Snapshot};
use crate::x509::{Certificate, Crl};

/// The snapshot that was read last.
#[derive(Default)]
pub(super) struct Relied {
    read: ArcSwap<Read>,
    /// Held while it is read anew, so that an older one does not take the place of a newer one.
    reading: Mutex<()>,
}

/// A snapshot, and the authorities with the numbers of their lists that it was read from.
#[derive(Default)]
struct Read {
    snapshot: Arc<Snapshot>,
    lists: Vec<(String, u64)>,
}

impl Service {
    /// The snapshot that was read last.
    pub fn trust(&self) -> Arc<Snapshot> {
        Arc::clone(&self.trust.read.load().snapshot)
    }

    /// The present snapshot: read anew where an authority or a list came since.
    pub(super) async fn newest_trust(&self) -> ServiceResult<Arc<Snapshot>> {
        if self.store().crl_numbers().await? != self.trust.read.load().lists {
            self.reload_trust().await?;
        }
        Ok(self.trust())
    }

    /// Reads authorities and lists anew. Links that were verified before stay verified.
    ///
    /// # Errors
    /// Where the store does not answer, or holds what is no certificate or list.
    pub async fn reload_trust(&self) -> ServiceResult<()> {
        let _reading = self.trust.reading.lock().await;
        // Asked first: what comes while the rest is read is noticed the next time.
        let lists = self.store().crl_numbers().await?;
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
        let snapshot = Arc::new(Snapshot::new(anchors, intermediates, crls).with_cache(cache));
        self.trust.read.store(Arc::new(Read { snapshot, lists }));
        Ok(())
    }
}
