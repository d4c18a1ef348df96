//! Lists of others: followed, kept, and compared with our own. Importing one recognises nobody: that stays an act of
//! two people.
//!
//! One that came from an address is looked for there again every hour. What does not come, or is not accepted, leaves
//! what was accepted before as it is, and is told.

use chrono::{DateTime, TimeDelta, Utc};

use crate::problem::{Explain, Problem};
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::fetch::{Address, Fetcher, Wanted};
use crate::service::{Service, events};
use crate::store::{Change, FormerPartnerList, PartnerList, PartnerListCheck};
use crate::trust::list::{Follower, MAX_LIST_BYTES, RecognitionList, SignedList, SignerId, StalePolicy, place_of};

/// How often a list is looked for at its address.
const LOOKED_FOR: TimeDelta = TimeDelta::hours(1);

/// A signed list at an address: compact or flattened JWS (RFC 7515 section 9.2).
const SIGNED_LIST: Wanted = Wanted {
    types: &["application/jose", "application/jose+json"],
    bytes: MAX_LIST_BYTES,
};

/// Whose list is believed the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartnerSigner {
    /// Nobody's: the list must have been imported before.
    Known,
    /// Who holds this key; told by the partner on another way.
    Key(SignerId),
    /// Whoever signed the list that is imported now.
    First,
}

/// A list of somebody else.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedList {
    /// What it is called here.
    pub name: String,
    /// What it says.
    pub list: RecognitionList,
    /// Certificates of authorities that we rely on and that it does no longer, by the entity of ours.
    pub withdrawn_there: Vec<String>,
    /// Where it is looked for.
    pub address: Option<String>,
    /// When it was looked for last.
    pub checked_at: Option<DateTime<Utc>>,
    /// Code of the problem for which it was not taken in then.
    pub fault: Option<String>,
}

impl Service {
    /// Takes in the list of a partner, signed: the first, or the next one of those imported before under this name.
    /// From now on it is looked for nowhere.
    ///
    /// # Errors
    /// Where the actor is no operator, no signer is known, or the list is not accepted: forged, rolled back, stale,
    /// inconsistent.
    pub async fn import_partner_list(
        &self,
        actor: &Actor,
        name: &str,
        signed: &[u8],
        signer: &PartnerSigner,
    ) -> ServiceResult<ImportedList> {
        actor.must_be_operator()?;
        self.take_in(actor, name, signed, signer, None).await
    }

    /// The same from an address, where it is looked for from now on.
    ///
    /// # Errors
    /// As [`Self::import_partner_list`], and where the address may not be asked or gives no list.
    pub async fn import_partner_list_from(
        &self,
        actor: &Actor,
        name: &str,
        address: &Address,
        fetcher: &Fetcher,
        signer: &PartnerSigner,
    ) -> ServiceResult<ImportedList> {
        actor.must_be_operator()?;
        let signed = fetcher
            .get(address, SIGNED_LIST)
            .await
            .map_err(ServiceError::explained)?;
        self.take_in(actor, name, &signed, signer, Some(address)).await
    }

    /// Looks for the lists of partners that came from an address and were not looked for within the hour.
    ///
    /// # Errors
    /// Where the store does not answer. What an address gives, or does not, is noted with its list.
    pub async fn follow_partner_lists(&self, fetcher: &Fetcher) -> ServiceResult<()> {
        for row in self.store().partner_lists().await? {
            let Some(text) = row.address else { continue };
            if row.checked_at.is_some_and(|checked| self.now() - checked < LOOKED_FOR) {
                continue;
            }
            let taken = match Address::parse(&text) {
                Ok(address) => {
                    let (actor, signer) = (Actor::Program, PartnerSigner::Known);
                    self.import_partner_list_from(&actor, &row.name, &address, fetcher, &signer)
                        .await
                }
                Err(error) => Err(ServiceError::explained(error)),
            };
            let Err(error) = taken else { continue };
            tracing::warn!(%error, partner = row.name, address = text, "the list of a partner was not taken in");
            let mut change = Change::new();
            change.check_partner_list(PartnerListCheck {
                name: row.name,
                checked_at: self.now(),
                fault: error.problems().first().map(|problem| problem.code.to_owned()),
            });
            self.store().commit(change).await?;
        }
        Ok(())
    }

    /// The lists of others, as they were imported last.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn partner_lists(&self) -> ServiceResult<Vec<ImportedList>> {
        let mut lists = Vec::new();
        for row in self.store().partner_lists().await? {
            if let Some(list) = follower_of(&row)?.last() {
                lists.push(self.compared(&row, list.clone()).await?);
            }
        }
        Ok(lists)
    }

    /// Forgets the list of a partner: it is looked for no more, and our next list does not point to it.
    ///
    /// # Errors
    /// Where the actor is no operator, or none is followed under this name.
    pub async fn forget_partner_list(&self, actor: &Actor, name: &str) -> ServiceResult<()> {
        actor.must_be_operator()?;
        let mut change = Change::new();
        change.forget_partner_list(FormerPartnerList { name: name.to_owned() });
        let detail = serde_json::json!({});
        change.record(events::entry(self.now(), actor, "recognition.forget", name, &detail)?);
        Ok(self.store().commit(change).await?)
    }

    async fn take_in(
        &self,
        actor: &Actor,
        name: &str,
        signed: &[u8],
        signer: &PartnerSigner,
        address: Option<&Address>,
    ) -> ServiceResult<ImportedList> {
        let signed = SignedList::parse(signed).map_err(ServiceError::explained)?;
        let before = self.store().partner_list(name).await?;
        let mut follower = match (&before, signer) {
            (Some(row), PartnerSigner::Known) => follower_of(row)?,
            (Some(_), _) => {
                let problem = Problem::new("already-exists").param("what", "partner list");
                return Err(ServiceError::Conflict(problem.param("key", name)));
            }
            (None, PartnerSigner::Known) => return Err(ServiceError::not_found("partner list", name)),
            (None, PartnerSigner::Key(key)) => Follower::of_signers(vec![*key]),
            (None, PartnerSigner::First) => Follower::trusting_first(&signed).map_err(ServiceError::explained)?,
        };
        follower.follow(&signed).map_err(ServiceError::explained)?;
        let now = self.now();
        let (list, _) = follower
            .current(now, StalePolicy::Refuse)
            .map_err(ServiceError::explained)?;
        if place_of(&list.location) == place_of(&self.list_address().await?) {
            let problem = Problem::new("list-at-our-address").param("location", &list.location);
            return Err(ServiceError::refused(problem));
        }
        let pin = serde_json::to_string(&follower.pin()).map_err(ServiceError::internal)?;
        let row = PartnerList {
            name: name.to_owned(),
            pin,
            imported_at: now,
            address: address.map(ToString::to_string),
            checked_at: address.map(|_| now),
            fault: None,
        };
        let mut change = Change::new();
        let is_same = |before: &PartnerList| before.pin == row.pin && before.address == row.address;
        if before.as_ref().is_some_and(is_same) {
            // Nothing new was found: nothing happened that anybody wants to read of.
            change.check_partner_list(PartnerListCheck {
                name: name.to_owned(),
                checked_at: now,
                fault: None,
            });
        } else {
            change.put_partner_list(row.clone());
            let detail = serde_json::json!({
                "sequence": list.sequence, "sha256": signed.digest().to_string(), "address": row.address,
            });
            change.record(events::entry(now, actor, "recognition.import", name, &detail)?);
        }
        self.store().commit(change).await?;
        self.compared(&row, list.clone()).await
    }

    async fn compared(&self, row: &PartnerList, list: RecognitionList) -> ServiceResult<ImportedList> {
        let now = self.now();
        let relied = |entities: &RecognitionList| {
            let services = entities.entities.iter().flat_map(|entity| {
                let services = entity.services.iter();
                services.map(move |service| (entity.id.clone(), service.clone()))
            });
            services.collect::<Vec<_>>()
        };
        let theirs = relied(&list);
        let ours = self
            .recognition_list()
            .await?
            .map(|own| relied(&own))
            .unwrap_or_default();
        let granted = |history: &crate::trust::list::History| {
            let status = history.at(now).map(|decision| decision.status);
            status == Some(crate::trust::list::Status::Granted)
        };
        let mut withdrawn_there: Vec<String> = ours
            .into_iter()
            .filter(|(_, own)| granted(&own.history))
            .filter(|(_, own)| {
                theirs.iter().any(|(_, their)| {
                    their.certificate == own.certificate && their.service == own.service && !granted(&their.history)
                })
            })
            .map(|(entity, _)| entity)
            .collect();
        withdrawn_there.dedup();
        Ok(ImportedList {
            name: row.name.clone(),
            list,
            withdrawn_there,
            address: row.address.clone(),
            checked_at: row.checked_at,
            fault: row.fault.clone(),
        })
    }
}

pub(super) fn follower_of(row: &PartnerList) -> ServiceResult<Follower> {
    let pin = serde_json::from_str(&row.pin).map_err(ServiceError::internal)?;
    Follower::from_pin(&pin).map_err(ServiceError::internal)
}
