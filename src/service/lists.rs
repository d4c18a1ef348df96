//! What the city publishes for whoever checks without asking: its key set, its status lists, the status of its seals,
//! the certificates and revocation lists of its authorities.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::whole_second;
use crate::cms::build::SigningIdentity;
use crate::cms::certificates_only;
use crate::credential::status::{STATUS_LIST_TTL, Status};
use crate::credential::{IssuerKey, KeySet, SignedKeySet, StatusListToken};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::Suite;
use crate::hex;
use crate::seal::SealState;
use crate::seal::status::{SealChange, SealStatus, SealStatusList};
use crate::service::Service;
use crate::service::city::Role;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::publications::Published;
use crate::store::{self, Change, Counter, SignedSealList};

/// How long a key set is believed.
const KEY_SET_LIFETIME: TimeDelta = TimeDelta::days(30);

/// How long a seal status list is current.
const SEAL_STATUS_LIFETIME: TimeDelta = TimeDelta::days(1);

/// A status list of seals as it is given out.
struct PublishedSealList {
    list: SealStatusList,
    /// With its signature, DER.
    signed: Vec<u8>,
}

impl Service {
    /// The keys that sign codes and status lists.
    ///
    /// # Errors
    /// Where the city is not founded.
    pub async fn key_set(&self) -> ServiceResult<KeySet> {
        let mut keys = Vec::new();
        for suite in Suite::ALL {
            let certificate = self.identity(&Role::Credential.name(suite)).await?.certificate;
            keys.push(IssuerKey {
                authority: certificate.subject().organization().unwrap_or_default().to_owned(),
                authority_code: certificate.credit_code().unwrap_or_default().to_owned(),
                public_key: certificate.public_key().map_err(ServiceError::internal)?.clone(),
                not_before: certificate.validity().not_before,
                not_after: certificate.validity().not_after,
                compromised: None,
            });
        }
        let issued = whole_second(self.now());
        let sequence = u64::try_from(issued.timestamp()).map_err(ServiceError::internal)?;
        KeySet::new(
            sequence,
            (issued, issued + KEY_SET_LIFETIME),
            self.status_lists_address(),
            keys,
        )
        .map_err(ServiceError::internal)
    }

    /// The key set, signed by the credential signer with its chain.
    ///
    /// # Errors
    /// As [`Self::key_set`].
    pub async fn signed_key_set(&self) -> ServiceResult<Published> {
        let place = self.publications.place("keys").await;
        let (keys, now) = (self.key_set().await?, self.now());
        let content = keys.keys().map(|key| {
            let (from, until) = (key.not_before.timestamp(), key.not_after.timestamp());
            let spki = hex::encode(key.public_key.spki());
            format!("{} {spki} {from} {until} {:?}\n", key.authority_code, key.compromised)
        });
        let content = DigestAlgorithm::Sha256.digest(content.collect::<String>().as_bytes());
        if let Some(list) = place.list(&content, now) {
            return Ok(list);
        }
        let identity = self.identity(&Role::Credential.name(Suite::International)).await?;
        let issuing = self
            .authority_certificate(&Role::Issuing.name(Suite::International))
            .await?;
        let chain = [identity.certificate.der().to_vec(), issuing.der().to_vec()];
        let signed = keys.sign(&*identity.key, &chain).map_err(ServiceError::internal)?;
        Ok(place.put(content, signed, now, KEY_SET_LIFETIME))
    }

    /// The key set that is signed, for people to read.
    ///
    /// # Errors
    /// As [`Self::key_set`].
    pub async fn readable_key_set(&self) -> ServiceResult<Published> {
        let signed = self.signed_key_set().await?;
        let identity = self.identity(&Role::Credential.name(Suite::International)).await?;
        let key = identity.certificate.public_key().map_err(ServiceError::internal)?;
        let keys = SignedKeySet::parse(&signed.bytes).and_then(|signed| signed.verify(key));
        let keys = keys.map_err(ServiceError::internal)?;
        Ok(Published::new(keys.to_json().to_string().into_bytes()))
    }

    /// A status list, not signed yet.
    ///
    /// # Errors
    /// Where no place of that list was ever given out.
    pub async fn status_list(&self, list: u32) -> ServiceResult<StatusListToken> {
        self.check_list(list).await?;
        let changed = self.store().status_list(list).await?;
        self.status_list_of(list, changed)
    }

    /// A status list, signed.
    ///
    /// # Errors
    /// As [`Self::status_list`].
    pub async fn signed_status_list(&self, list: u32) -> ServiceResult<Published> {
        // A name that is no list takes no place.
        self.check_list(list).await?;
        let place = self.publications.place(&format!("status/{list}")).await;
        let (changed, now) = (self.store().status_list(list).await?, self.now());
        let content = changed
            .iter()
            .flat_map(|(index, value)| [index.to_be_bytes().as_slice(), &[*value]].concat());
        let content = DigestAlgorithm::Sha256.digest(&content.collect::<Vec<_>>());
        if let Some(list) = place.list(&content, now) {
            return Ok(list);
        }
        let identity = self.identity(&Role::Credential.name(Suite::International)).await?;
        let token = self.status_list_of(list, changed)?;
        let signed = self.work(move || token.sign(&*identity.key).map_err(ServiceError::internal));
        // Readers ask again after its `ttl`: they are never given one that is older than half of it.
        Ok(place.put(content, signed.await?, now, STATUS_LIST_TTL))
    }

    async fn check_list(&self, list: u32) -> ServiceResult<()> {
        let lists = self.store().status_list_count().await?.max(1);
        (list < lists)
            .then_some(())
            .ok_or_else(|| ServiceError::not_found("status list", list))
    }

    fn status_list_of(&self, list: u32, changed: Vec<(u32, u8)>) -> ServiceResult<StatusListToken> {
        let changed = changed
            .into_iter()
            .map(|(index, value)| (index, Status::from_value(value)));
        let address = format!("{}{list}", self.status_lists_address());
        StatusListToken::publish(address, changed, self.now()).map_err(ServiceError::internal)
    }

    /// The states of all seals, signed by the seal maker; the number rises with each that is signed. It is kept, so
    /// that every program on the same data gives the same list, and what was judged by it can be judged again.
    ///
    /// # Errors
    /// Where the city is not founded.
    pub async fn signed_seal_status(&self) -> ServiceResult<Published> {
        Ok(Published::new(self.published_seal_list().await?.signed))
    }

    /// The states of all seals by which files are judged now: those that are published, as whoever verifies elsewhere
    /// has them. Where none can be signed, those that the register has.
    pub(super) async fn seal_states(&self) -> ServiceResult<SealStatusList> {
        match self.published_seal_list().await {
            Ok(list) => Ok(list.list),
            // There are no seals yet.
            Err(ServiceError::NotFound { .. }) => self.unsigned_seal_states().await,
            Err(error) => {
                tracing::warn!(%error, "files are judged by a status list of seals that nobody else has");
                self.unsigned_seal_states().await
            }
        }
    }

    /// Those by which files were judged at a time: of the lists that are kept the newest one of then. Before the first,
    /// those of now.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn seal_states_at(&self, time: DateTime<Utc>) -> ServiceResult<SealStatusList> {
        match self.store().seal_list_at(time).await? {
            Some(kept) => SealStatusList::read_own(&kept.signed).map_err(ServiceError::internal),
            None => self.seal_states().await,
        }
    }

    /// The list that is given out now; where the states are others, or half of its time is over, a new one is signed.
    async fn published_seal_list(&self) -> ServiceResult<PublishedSealList> {
        if let Some(standing) = self.standing_seal_list().await? {
            return Ok(standing);
        }
        // Many who ask at once cost one signature.
        let _alone = self.publications.place("seals").await;
        match self.standing_seal_list().await? {
            Some(standing) => Ok(standing),
            None => self.sign_seal_list().await,
        }
    }

    /// The newest list, where it says what the register says, and is to be given out still.
    async fn standing_seal_list(&self) -> ServiceResult<Option<PublishedSealList>> {
        let now = self.now();
        let newest = self.store().seal_list_at(now).await?;
        let Some(kept) = newest.filter(|kept| now < kept.issued_at + SEAL_STATUS_LIFETIME / 2) else {
            return Ok(None);
        };
        let list = SealStatusList::read_own(&kept.signed).map_err(ServiceError::internal)?;
        let stands = list.seals == self.unsigned_seal_states().await?.seals;
        let signed = kept.signed;
        Ok(stands.then_some(PublishedSealList { list, signed }))
    }

    async fn sign_seal_list(&self) -> ServiceResult<PublishedSealList> {
        let status = self.unsigned_seal_states().await?;
        let maker = self.identity(&Role::SealMaker.name(Suite::National)).await?;
        let maker = SigningIdentity::new(maker.key, maker.certificate, &[]).map_err(ServiceError::internal)?;
        let number = self.store().lease(&Counter::SealStatusList, 1).await?.start;
        let list = SealStatusList { number, ..status };
        let signed = list.sign(&maker).map_err(ServiceError::internal)?;
        let mut change = Change::new();
        change.keep_seal_list(SignedSealList {
            number,
            signed: signed.clone(),
            issued_at: list.issued,
        });
        self.store().commit(change).await?;
        Ok(PublishedSealList { list, signed })
    }

    /// The states of all seals as the register has them, with dates. Their number is no number of a list.
    async fn unsigned_seal_states(&self) -> ServiceResult<SealStatusList> {
        let now = whole_second(self.now());
        let mut changes: BTreeMap<String, Vec<SealChange>> = BTreeMap::new();
        for seal in self.store().seals().await? {
            let made = SealChange {
                state: SealState::Active,
                since: seal.valid_from,
            };
            changes.insert(seal.es_id, vec![made]);
        }
        for change in self.store().seal_changes().await? {
            let state = match change.state {
                store::SealState::Active => SealState::Active,
                store::SealState::Suspended => SealState::Frozen,
                store::SealState::Revoked => SealState::Revoked,
            };
            changes.entry(change.es_id).or_default().push(SealChange {
                state,
                since: change.since,
            });
        }
        let seals = changes.into_iter();
        let seals = seals.filter_map(|(seal, changes)| Some((seal, SealStatus::of(changes)?)));
        Ok(SealStatusList {
            number: u64::try_from(now.timestamp()).map_err(ServiceError::internal)?,
            issued: now,
            next_update: now + SEAL_STATUS_LIFETIME,
            seals: seals.collect(),
        })
    }

    /// The newest revocation list of an authority, DER.
    ///
    /// # Errors
    /// Where the authority is not known.
    pub async fn crl(&self, ca: &str) -> ServiceResult<Published> {
        Ok(Published::new(self.fresh_crl(ca).await?.der))
    }

    /// One part of the revocation list of an authority by its number, or its `delta` list, DER.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn partial_crl(&self, ca: &str, part: &str) -> ServiceResult<Published> {
        let list = match part {
            "delta" => self.fresh_delta_crl(ca).await?,
            number => {
                let unknown = |_| ServiceError::not_found("revocation list", format!("{ca}/{number}"));
                self.fresh_crl_part(ca, number.parse().map_err(unknown)?).await?
            }
        };
        Ok(Published::new(list.der))
    }

    /// The certificate of an authority, DER.
    ///
    /// # Errors
    /// Where the authority is not known.
    pub async fn ca_certificate(&self, ca: &str) -> ServiceResult<Published> {
        let row = self.store().certificate_authority(ca).await?;
        let row = row.ok_or_else(|| ServiceError::not_found("certificate authority", ca))?;
        Ok(Published::new(row.certificate))
    }

    /// The certificates that were issued to an authority, and by it to authorities, as a bundle without signature (RFC
    /// 5280 sections 4.2.2.1 and 4.2.2.2).
    ///
    /// # Errors
    /// Where the authority is not known.
    pub async fn ca_bundle(&self, ca: &str) -> ServiceResult<Published> {
        let row = self.store().certificate_authority(ca).await?;
        let row = row.ok_or_else(|| ServiceError::not_found("certificate authority", ca))?;
        let mut certificates = vec![row.certificate];
        for authority in self.store().certificate_authorities().await? {
            if authority.parent.as_deref() == Some(ca) {
                certificates.push(authority.certificate);
            }
        }
        certificates.extend(self.store().authority_certificates(ca).await?);
        let crosses = self.store().cross_certificates().await?;
        let crosses = crosses.into_iter().filter(|cross| cross.ca == ca);
        certificates.extend(crosses.filter_map(|cross| cross.issued_to));
        certificates.sort();
        certificates.dedup();
        Ok(Published::new(certificates_only(&certificates)))
    }

    fn status_lists_address(&self) -> String {
        format!("{}/status/", self.public_url())
    }
}
