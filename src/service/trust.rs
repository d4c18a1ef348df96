//! What this instance relies on: the authorities of its recognition list with the newest revocation lists of its own,
//! as a snapshot that is swapped whole; what is kept of others helps to find paths. Before the first recognition list
//! its own roots are relied on.
//!
//! Lists are also published by others: by a command on the same data, by another node. Before anything is judged the
//! numbers of the lists are compared with those of the snapshot, so that what they revoke counts here at once; before
//! anything is issued they are compared once a second, and what was put together to issue with is forgotten with the
//! snapshot. A recognition list that cannot be read never widens what is relied on: the one before stays, and without
//! one nobody is; the fault is told to whoever watches.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use crate::clock::rfc3339;
use crate::problem::{Explain, Problem};
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::own_bodies::OwnBodies;
use crate::store::TrustVersion;
use crate::trust::{self, Anchor, LinkCache, Snapshot};
use crate::x509::{Certificate, Crl};

/// Microseconds that a node may go on issuing with what was revoked at another: the query is too dear for each licence.
const NOTICE_MICROS: u64 = 1_000_000;

/// The snapshot that was read last.
#[derive(Default)]
pub(super) struct Relied {
    read: ArcSwap<Read>,
    /// When it was last compared for those who issue, in microseconds since 1970.
    compared_at: AtomicI64,
    /// Held while it is read anew, so that an older one does not take the place of a newer one.
    reading: Mutex<()>,
}

/// A snapshot, and what it was read from.
#[derive(Default)]
struct Read {
    snapshot: Arc<Snapshot>,
    /// The bodies that are ours by it and by the register.
    bodies: Arc<OwnBodies>,
    version: TrustVersion,
    /// When the recognition list is due to be replaced.
    next_update: Option<DateTime<Utc>>,
    /// Why the newest recognition list is not relied on.
    fault: Option<Problem>,
}

impl Relied {
    /// Whether it is time to compare; one asks, and the others go on meanwhile. A clock that was set back is no reason
    /// to wait.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let (now, last) = (now.timestamp_micros(), self.compared_at.load(Ordering::Acquire));
        let is_new = now.abs_diff(last) < NOTICE_MICROS;
        !is_new
            && self
                .compared_at
                .compare_exchange(last, now, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
    }
}

impl Service {
    /// The snapshot that was read last.
    pub fn trust(&self) -> Arc<Snapshot> {
        Arc::clone(&self.trust.read.load().snapshot)
    }

    /// The bodies that are ours, as of the snapshot that was read last.
    pub(super) fn own_bodies(&self) -> Arc<OwnBodies> {
        Arc::clone(&self.trust.read.load().bodies)
    }

    /// The present snapshot: read anew where an authority or a list came since.
    pub(super) async fn newest_trust(&self) -> ServiceResult<Arc<Snapshot>> {
        if self.store().trust_version().await? != self.trust.read.load().version {
            self.reload_trust().await?;
        }
        Ok(self.trust())
    }

    /// Notices what was changed elsewhere, a second after it at the latest: then nothing that was put together is
    /// issued with.
    pub(super) async fn notice_changes(&self) -> ServiceResult<()> {
        if self.trust.is_due(self.now()) {
            self.newest_trust().await?;
        }
        Ok(())
    }

    /// Reads authorities and lists anew, and forgets what is issued with where any changed. Links that were verified
    /// before stay verified.
    ///
    /// # Errors
    /// Where the store does not answer, or holds what is no certificate or list.
    pub async fn reload_trust(&self) -> ServiceResult<()> {
        let _reading = self.trust.reading.lock().await;
        // Asked first: what comes while the rest is read is noticed the next time.
        let version = self.store().trust_version().await?;
        let (mut roots, mut intermediates, mut crls, mut own) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for ca in self.store().certificate_authorities().await? {
            let certificate = Certificate::from_der(&ca.certificate).map_err(ServiceError::internal)?;
            own.push(certificate.clone());
            match ca.parent {
                None => roots.push(Anchor::new(&ca.name, certificate, &trust::Service::ALL)),
                Some(_) => intermediates.push(certificate),
            }
            if let Some(list) = self.store().latest_crl(&ca.name).await? {
                crls.push(Crl::from_der(&list.der).map_err(ServiceError::internal)?);
            }
        }
        for cross in self.store().cross_certificates().await? {
            intermediates.push(Certificate::from_der(&cross.der).map_err(ServiceError::internal)?);
        }
        let others = self.known_validation_data().await?;
        intermediates.extend(others.certificates);
        crls.extend(others.crls);
        let before = self.trust.read.load_full();
        let cache: Arc<LinkCache> = Arc::clone(before.snapshot.cache());
        let mut read = Read {
            version,
            ..Read::default()
        };
        let snapshot = match self.newest_recognition_list().await {
            Ok(Some((signed, list))) => {
                read.next_update = Some(list.next_update);
                list.snapshot(intermediates, crls).with_list_digest(signed.digest())
            }
            Ok(None) => Snapshot::new(roots, intermediates, crls),
            Err(error) if is_unreadable(&error) => {
                tracing::error!(%error, "the newest recognition list is not relied on");
                read.fault = error.problems().into_iter().next();
                read.next_update = before.next_update;
                Snapshot::new(before.snapshot.anchors().to_vec(), intermediates, crls).with_list_of(&before.snapshot)
            }
            Err(error) => return Err(error),
        };
        let registered = self.authorities().await?;
        read.snapshot = Arc::new(snapshot.with_own_authorities(own.clone()).with_cache(cache));
        read.bodies = Arc::new(OwnBodies::new(&registered, &own, Arc::clone(&read.snapshot)));
        let has_changed = read.version != before.version;
        self.trust.read.store(Arc::new(read));
        if has_changed {
            self.forget_issuers();
        }
        Ok(())
    }

    /// The same after a change of ours that is durable already: a failure is logged only, as whoever judges next asks
    /// whether anything came, this included.
    pub(super) async fn rely_anew(&self) {
        if let Err(error) = self.reload_trust().await {
            tracing::warn!(%error, "what is relied on is not read anew yet");
        }
    }

    /// What is wrong with what is relied on at `now`.
    pub(super) fn relied_faults(&self, now: DateTime<Utc>) -> Vec<Problem> {
        let read = self.trust.read.load();
        let overdue = read.next_update.filter(|next_update| *next_update <= now);
        let stale = overdue.map(|next| Problem::new("list-stale").param("next", rfc3339(next)));
        read.fault.iter().cloned().chain(stale).collect()
    }
}

/// Whether the list itself is at fault: a store that does not answer says nothing about it.
fn is_unreadable(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Refused(_))
}
