//! Revocation lists: the complete list of an authority, its parts, and what changed lately (RFC 5280 section 5).
//!
//! A certificate names its part when it is issued, so that a part never grows beyond the certificates that name it. The
//! complete list stands beside the parts for whoever wants all. Where it is long, a delta list goes with it. Every list
//! notes how often what is revoked had changed: one made at another count is out of date, whatever its age.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::ca::CrlError;
use crate::ca::Publication;
use crate::ca::crl::{self, Certified, CrlOrder};
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::certificate_authorities::OpenAuthority;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::{Service, events};
use crate::store::{
    self, CertificateAuthority, CertificateRevocation, Change, Counter, CrlPart, PartOfCrl, StoreError,
};
use crate::x509::{Crl, RevocationReason, RevokedEntry, SerialNumber};

/// How long a revocation list may be relied on: a day more than a week, so that a missed day of publishing does no
/// harm.
const CRL_LIFETIME: TimeDelta = TimeDelta::days(8);

/// A list younger than this is published again only when something was revoked since.
const CRL_RENEWAL: TimeDelta = TimeDelta::days(1);

/// Certificates that name one part. A part with one in thirty of them revoked has about a kilobyte.
pub(super) const CERTIFICATES_OF_A_PART: u64 = 1024;

/// Entries from which on a delta list goes with the complete one: below, it saves nothing.
const DELTA_FROM: usize = 64;

/// How old a complete list may be that the delta list continues.
const DELTA_SPAN: TimeDelta = TimeDelta::days(2);

/// What a change makes of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ComingRevocation {
    /// Its serial: the content bytes of its DER INTEGER.
    pub(super) serial: Vec<u8>,
    /// Its revocation as it will stand; none where it is taken off a hold.
    pub(super) revocation: Option<CertificateRevocation>,
}

impl Service {
    /// Publishes a new complete list of an authority, and the delta list that goes with it.
    ///
    /// # Errors
    /// Where the actor is no operator or the authority is not known.
    pub async fn publish_crl(&self, actor: &Actor, ca: &str) -> ServiceResult<store::Crl> {
        self.publish_crl_for(actor, ca, CRL_LIFETIME).await
    }

    /// The same, to be relied on for that many days: for whoever judges without asking here again.
    ///
    /// # Errors
    /// As [`Self::publish_crl`]; where that is longer than is good for whom the authority certifies.
    pub async fn publish_lasting_crl(&self, actor: &Actor, ca: &str, days: u32) -> ServiceResult<store::Crl> {
        let profiles = self.store().certificate_profiles(ca).await?;
        let certified = Certified::by_profiles(profiles.iter().map(String::as_str));
        let lifetime = certified.lifetime(days).map_err(|error| match error {
            CrlError::Lifetime { days, limit } => ServiceError::refused(
                Problem::new("crl-lifetime")
                    .field("days")
                    .param("days", days)
                    .param("limit", limit),
            ),
            other => ServiceError::internal(other),
        })?;
        self.publish_crl_for(actor, ca, lifetime).await
    }

    async fn publish_crl_for(&self, actor: &Actor, ca: &str, lifetime: TimeDelta) -> ServiceResult<store::Crl> {
        actor.must_be_operator()?;
        let mut change = Change::new();
        let list = self.add_complete_list(&mut change, actor, ca, &[], lifetime).await?;
        self.store().commit(change).await?;
        self.publish_delta(&list).await?;
        self.reload_trust().await?;
        Ok(list)
    }

    /// Adds a new complete list of an authority to a change that makes these revocations durable, so that neither is
    /// there without the other; the delta list is published after it.
    pub(super) async fn publish_crl_in(
        &self,
        change: &mut Change,
        actor: &Actor,
        ca: &str,
        coming: &[ComingRevocation],
    ) -> ServiceResult<store::Crl> {
        self.add_complete_list(change, actor, ca, coming, CRL_LIFETIME).await
    }

    async fn add_complete_list(
        &self,
        change: &mut Change,
        actor: &Actor,
        ca: &str,
        coming: &[ComingRevocation],
        lifetime: TimeDelta,
    ) -> ServiceResult<store::Crl> {
        let authority = self.open_authority(ca).await?;
        let number = self.next_crl_number(ca).await?;
        // Counted before the rows are read: what changes between makes the list out of date, not wrong.
        let changes = self.store().revocation_changes(ca).await?;
        let mut revoked = self.store().revocations(ca).await?;
        revoked.retain(|row| coming.iter().all(|coming| coming.serial != row.serial));
        revoked.extend(coming.iter().filter_map(|coming| coming.revocation.clone()));
        revoked.sort_by(|one, other| one.serial.cmp(&other.serial));
        let entries = entries(revoked);
        let publication = Publication::under(self.public_url(), ca);
        let is_long = entries.len() >= DELTA_FROM;
        let (count, now) = (entries.len(), self.now());
        let order = CrlOrder {
            freshest: is_long.then(|| publication.delta_point()),
            ..CrlOrder::complete(number, now, lifetime, &entries)
        };
        let list = build(&authority, &order)?;
        let list = store::Crl {
            ca: ca.to_owned(),
            number,
            der: list.der().to_vec(),
            this_update: now,
            next_update: order.next_update,
            changes: Some(changes + coming.len() as u64),
        };
        change.publish_crl(list.clone());
        let detail = serde_json::json!({ "number": number, "entries": count });
        change.record(events::entry(now, actor, "crl.publish", ca, &detail)?);
        Ok(list)
    }

    /// Publishes the delta list that goes with a complete one, where that is long.
    pub(super) async fn publish_delta(&self, complete: &store::Crl) -> ServiceResult<()> {
        let list = Crl::from_der(&complete.der).map_err(ServiceError::internal)?;
        if list.len() < DELTA_FROM {
            return Ok(());
        }
        let authority = self.open_authority(&complete.ca).await?;
        let changes = complete.changes.unwrap_or_default();
        match self.delta_list(&authority, complete.number, changes).await? {
            Some(delta) => self.keep_newest(delta).await,
            None => Ok(()),
        }
    }

    /// The newest complete list of an authority; a new one is published first where it is a day old, or anything was
    /// revoked or released since it was made. That of a root offline comes from its last ceremony.
    ///
    /// # Errors
    /// Where the authority is not known.
    pub async fn fresh_crl(&self, ca: &str) -> ServiceResult<store::Crl> {
        if let Some(list) = self.store().latest_crl(ca).await? {
            let is_young = list.this_update + CRL_RENEWAL > self.now();
            let is_whole = list.changes == Some(self.store().revocation_changes(ca).await?);
            if is_young && is_whole || self.is_offline(ca).await? {
                return Ok(list);
            }
        }
        self.publish_crl(&Actor::Program, ca).await
    }

    /// The newest list of a part, published first where that is due.
    ///
    /// # Errors
    /// Where no certificate of the authority names the part.
    pub async fn fresh_crl_part(&self, ca: &str, shard: u64) -> ServiceResult<CrlPart> {
        let unknown = || ServiceError::not_found("revocation list", format!("{ca}/{shard}"));
        let last = self.store().last_shard(ca).await?.ok_or_else(unknown)?;
        if shard > last {
            return Err(unknown());
        }
        if let Some(list) = self.store().crl_part(ca, PartOfCrl::Shard(shard)).await?
            && list.this_update + CRL_RENEWAL > self.now()
            && list.changes == self.store().shard_changes(ca, shard).await?
        {
            return Ok(list);
        }
        let authority = self.open_authority(ca).await?;
        self.publish_crl_part(&authority, shard).await
    }

    /// The newest delta list, which continues a complete list of the last two days.
    ///
    /// # Errors
    /// Where the complete list is so short that none goes with it.
    pub async fn fresh_delta_crl(&self, ca: &str) -> ServiceResult<CrlPart> {
        let complete = self.fresh_crl(ca).await?;
        let delta = self.store().crl_part(ca, PartOfCrl::Delta).await?;
        delta
            .filter(|delta| delta.number == complete.number)
            .ok_or_else(|| ServiceError::not_found("revocation list", format!("{ca}/delta")))
    }

    /// Publishes the revocation lists that are due, parts included, and the recognition list. An authority whose key is
    /// away keeps no other waiting; it is named in the log.
    ///
    /// # Errors
    /// Where the store fails, or a key of the recognition list.
    pub async fn publish_due_lists(&self) -> ServiceResult<()> {
        for authority in self.store().certificate_authorities().await? {
            if let Err(error) = self.publish_due_lists_of(&authority).await {
                tracing::error!(%error, ca = authority.name, "revocation lists that are due could not be published");
            }
        }
        self.renew_recognition_list().await
    }

    async fn publish_due_lists_of(&self, authority: &CertificateAuthority) -> ServiceResult<()> {
        let ca = &authority.name;
        self.fresh_crl(ca).await?;
        if authority.is_offline() {
            return Ok(());
        }
        let Some(last) = self.store().last_shard(ca).await? else {
            return Ok(());
        };
        let parts: HashMap<_, _> = self.store().crl_part_states(ca).await?.into_iter().collect();
        let counts: HashMap<_, _> = self.store().shard_counts(ca).await?.into_iter().collect();
        let due = |shard: &u64| {
            parts.get(shard).is_none_or(|(this_update, changes)| {
                *this_update + CRL_RENEWAL <= self.now() || *changes != counts.get(shard).copied().unwrap_or(0)
            })
        };
        let due: Vec<u64> = (0..=last).filter(due).collect();
        if due.is_empty() {
            return Ok(());
        }
        let authority = self.open_authority(ca).await?;
        for shard in due {
            self.publish_crl_part(&authority, shard).await?;
        }
        Ok(())
    }

    /// Publishes what tells of a change of one certificate that is durable already: the complete list, and the part
    /// that it names. A failure is logged only, as what was done is done: a list that is out of date is made anew by
    /// whoever asks for it.
    pub(super) async fn tell_lists(&self, actor: &Actor, ca: &str, shard: Option<u64>) {
        let published = async {
            self.publish_crl(actor, ca).await?;
            if let Some(shard) = shard {
                self.fresh_crl_part(ca, shard).await?;
            }
            Ok::<_, ServiceError>(())
        };
        if let Err(error) = published.await {
            tracing::warn!(%error, ca, "the revocation list is not renewed yet");
            self.rely_anew().await;
        }
    }

    async fn publish_crl_part(&self, authority: &OpenAuthority, shard: u64) -> ServiceResult<CrlPart> {
        let ca = &authority.name;
        let number = self.next_crl_number(ca).await?;
        let changes = self.store().shard_changes(ca, shard).await?;
        let entries = entries(self.store().revocations_of_shard(ca, shard).await?);
        let publication = Publication::under(self.public_url(), ca).of_part(shard);
        let now = self.now();
        let point = publication.issuing_distribution_point();
        let order = CrlOrder {
            distribution_point: Some(&point),
            ..CrlOrder::complete(number, now, CRL_LIFETIME, &entries)
        };
        let list = CrlPart {
            ca: ca.clone(),
            part: PartOfCrl::Shard(shard),
            number,
            base: None,
            der: build(authority, &order)?.der().to_vec(),
            this_update: now,
            next_update: order.next_update,
            changes,
        };
        self.keep_newest(list.clone()).await?;
        Ok(list)
    }

    /// Stores a list beside the complete one; one that another program made later stays.
    async fn keep_newest(&self, list: CrlPart) -> ServiceResult<()> {
        let mut change = Change::new();
        change.publish_crl_part(list);
        match self.store().commit(change).await {
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What changed since the oldest complete list of the last two days; `None` where there is none older than this
    /// one.
    async fn delta_list(&self, authority: &OpenAuthority, number: u64, changes: u64) -> ServiceResult<Option<CrlPart>> {
        let (ca, now) = (&authority.name, self.now());
        let Some((base, since)) = self.store().crl_base(ca, now - DELTA_SPAN).await? else {
            return Ok(None);
        };
        let mut entries = entries(self.store().revocations_since(ca, since).await?);
        let released = self.store().releases_since(ca, since).await?.into_iter();
        // RFC 5280 section 5.2.4: what the base says is on hold, and is so no longer.
        let released: Vec<_> = released
            .map(|row| RevokedEntry {
                serial: SerialNumber::from_content(&row.serial),
                revoked_at: row.released_at,
                reason: RevocationReason::RemoveFromCrl,
                invalidity_date: None,
            })
            .filter(|released| entries.iter().all(|entry| entry.serial != released.serial))
            .collect();
        entries.extend(released);
        let order = CrlOrder {
            base_number: Some(base),
            ..CrlOrder::complete(number, now, CRL_LIFETIME, &entries)
        };
        Ok(Some(CrlPart {
            ca: ca.clone(),
            part: PartOfCrl::Delta,
            number,
            base: Some(base),
            der: build(authority, &order)?.der().to_vec(),
            this_update: now,
            next_update: order.next_update,
            changes,
        }))
    }

    async fn next_crl_number(&self, ca: &str) -> ServiceResult<u64> {
        let counter = Counter::CrlNumber { ca: ca.to_owned() };
        Ok(self.store().lease(&counter, 1).await?.start)
    }
}

fn build(authority: &OpenAuthority, order: &CrlOrder<'_>) -> ServiceResult<Crl> {
    crl::build(&authority.certificate, &*authority.key, order).map_err(|error| match error {
        CrlError::Signing(error) => error.into(),
        other => ServiceError::internal(other),
    })
}

fn entries(revoked: Vec<CertificateRevocation>) -> Vec<RevokedEntry> {
    let entry = |row: CertificateRevocation| RevokedEntry {
        serial: SerialNumber::from_content(&row.serial),
        revoked_at: row.revoked_at,
        reason: row.reason,
        invalidity_date: row.invalid_since,
    };
    revoked.into_iter().map(entry).collect()
}
