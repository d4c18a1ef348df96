//! The keys of authorities and services, by name: made, imported, recorded. Where a key is, in a file or on a token, is
//! known here and below alone; their private halves stay in the keystore.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey, Suite};
use crate::hex;
use crate::keystore::token::{TokenAddress, TokenKey, TokenKeyAlgorithm};
use crate::problem::Problem;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::{Service, events};
use crate::store::{Change, KeyPlace, KeyRecord, StoreError};

/// The event of a key that was made here.
const CREATED: &str = "key.create";

/// The event of a key that was made elsewhere, and whose file was taken in.
const IMPORTED: &str = "key.import";

/// The event of a key that was on the token already.
const ADOPTED: &str = "key.adopt";

/// The key of what is being founded, which goes by the same name: `{"make":"p-384"}`, `{"kept":"5b0c…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewKey {
    /// It is made in the act, in a file.
    Make(KeyAlgorithm),
    /// It was made, imported or adopted before. SHA-256 of its `SubjectPublicKeyInfo` in hexadecimal, so that who
    /// agrees to the act agrees to this key.
    Kept(String),
}

impl NewKey {
    fn kept(key: &dyn Signer) -> Self {
        Self::Kept(digest(key))
    }
}

impl Service {
    /// The keys, by name.
    ///
    /// # Errors
    /// Where the actor is no operator, or the store does not answer.
    pub async fn key_records(&self, actor: &Actor) -> ServiceResult<Vec<KeyRecord>> {
        actor.must_be_operator()?;
        Ok(self.store().keys().await?)
    }

    /// Makes a key in a file; gives what an act names it by.
    ///
    /// # Errors
    /// Where the actor is no operator, or the name is taken.
    pub async fn create_key(&self, actor: &Actor, name: &str, algorithm: KeyAlgorithm) -> ServiceResult<NewKey> {
        actor.must_be_operator()?;
        self.must_be_free(name).await?;
        let key = self.keys().create(name, algorithm)?;
        self.record_in_file(actor, CREATED, name, &key).await?;
        Ok(NewKey::kept(&*key))
    }

    /// Makes a key on the token; gives what an act names it by.
    ///
    /// # Errors
    /// Where the actor is no operator, the name is taken, or the token is absent or refuses.
    pub async fn create_key_on_token(
        &self,
        actor: &Actor,
        name: &str,
        algorithm: TokenKeyAlgorithm,
    ) -> ServiceResult<NewKey> {
        actor.must_be_operator()?;
        self.must_be_free(name).await?;
        let key = self.keys().create_on_token(name, algorithm)?;
        self.record_on_token(actor, CREATED, name, &key).await
    }

    /// Takes a key that is on the token already under a name of ours; gives what an act names it by.
    ///
    /// # Errors
    /// Where the actor is no operator, the name is taken, or the token has no such key or several.
    pub async fn adopt_key(
        &self,
        actor: &Actor,
        name: &str,
        label: &str,
        id: Option<Vec<u8>>,
    ) -> ServiceResult<NewKey> {
        actor.must_be_operator()?;
        self.must_be_free(name).await?;
        let key = self.keys().labelled_on_token(label, id)?;
        self.record_on_token(actor, ADOPTED, name, &key).await
    }

    /// Takes in a key that was made elsewhere; gives what an act names it by. The same key again is no error.
    ///
    /// # Errors
    /// Where the actor is no operator, or another key has the name.
    pub async fn import_key(&self, actor: &Actor, name: &str, key: &Arc<SoftwareKey>) -> ServiceResult<NewKey> {
        actor.must_be_operator()?;
        let record = self.store().key(name).await?;
        if record.is_some_and(|record| record.public_key != key.public_key().spki()) {
            return Err(ServiceError::Conflict(Problem::new("key-exists").param("name", name)));
        }
        self.keys().import(name, key)?;
        self.record_in_file(actor, IMPORTED, name, key).await?;
        Ok(NewKey::kept(&**key))
    }

    /// The key of a name, wherever it is.
    ///
    /// # Errors
    /// Where there is none, it cannot be opened, or the token that it is on is absent.
    pub(super) async fn key(&self, name: &str) -> ServiceResult<Arc<dyn Signer>> {
        let record = self.store().key(name).await?;
        let Some((KeyPlace::Token(address), public_key)) = record.map(|record| (record.place, record.public_key))
        else {
            return Ok(self.keys().key(name)?);
        };
        let address: TokenAddress = address.parse().map_err(ServiceError::internal)?;
        let key = self.keys().on_token(&address)?;
        if key.public_key().spki() == public_key {
            Ok(key)
        } else {
            Err(other_key(name))
        }
    }

    /// The family that a new key belongs to.
    ///
    /// # Errors
    /// Where it should be kept and is not, or is another.
    pub(super) async fn suite_of_new_key(&self, name: &str, new: &NewKey) -> ServiceResult<Suite> {
        match new {
            NewKey::Make(algorithm) => Ok(Suite::of(algorithm.kind())),
            NewKey::Kept(sha256) => Ok(Suite::of(self.kept_key(name, sha256).await?.kind())),
        }
    }

    /// The key of something new, made where it is to be made and is not there yet.
    ///
    /// # Errors
    /// Where it cannot be made; where it should be kept and is not, or is another.
    pub(super) async fn new_key(&self, actor: &Actor, name: &str, new: &NewKey) -> ServiceResult<Arc<dyn Signer>> {
        match new {
            NewKey::Make(algorithm) => {
                let key = self.keys().key_or_create(name, *algorithm)?;
                self.record_in_file(actor, CREATED, name, &key).await?;
                Ok(key)
            }
            NewKey::Kept(sha256) => self.kept_key(name, sha256).await,
        }
    }

    async fn kept_key(&self, name: &str, sha256: &str) -> ServiceResult<Arc<dyn Signer>> {
        let key = self.key(name).await?;
        if digest(&*key) == *sha256 {
            Ok(key)
        } else {
            Err(other_key(name))
        }
    }

    async fn must_be_free(&self, name: &str) -> ServiceResult<()> {
        match self.store().key(name).await? {
            None => Ok(()),
            Some(_) => Err(ServiceError::Conflict(Problem::new("key-exists").param("name", name))),
        }
    }

    async fn record_in_file(&self, actor: &Actor, action: &str, name: &str, key: &SoftwareKey) -> ServiceResult<()> {
        let place = KeyPlace::File(format!("{name}.key"));
        self.record_key(actor, action, name, key, place).await
    }

    async fn record_on_token(&self, actor: &Actor, action: &str, name: &str, key: &TokenKey) -> ServiceResult<NewKey> {
        let place = KeyPlace::Token(key.address().to_string());
        self.record_key(actor, action, name, key, place).await?;
        Ok(NewKey::kept(key))
    }

    /// Records a key that is not yet known by this name, with the event that says where it comes from.
    async fn record_key(
        &self,
        actor: &Actor,
        action: &str,
        name: &str,
        key: &dyn Signer,
        place: KeyPlace,
    ) -> ServiceResult<()> {
        if self.store().key(name).await?.is_some() {
            return Ok(());
        }
        let (now, public_key) = (self.now(), key.public_key().spki());
        let detail = serde_json::json!({
            "algorithm": key.kind().to_string(), "place": place.kind(), "publicKeySha256": digest(key),
        });
        let mut change = Change::new();
        change.record(events::entry(now, actor, action, name, &detail)?);
        change.add_key(KeyRecord {
            name: name.to_owned(),
            suite: Suite::of(key.kind()).name().to_owned(),
            place,
            public_key: public_key.to_vec(),
            created_at: now,
        });
        match self.store().commit(change).await {
            // Of two who make the key of one name at the same time both go on with the one that there is.
            Err(StoreError::Conflict(conflict)) => match self.store().key(name).await? {
                Some(record) if record.public_key == public_key => Ok(()),
                _ => Err(StoreError::Conflict(conflict).into()),
            },
            committed => Ok(committed?),
        }
    }
}

fn digest(key: &dyn Signer) -> String {
    hex::encode(DigestAlgorithm::Sha256.digest(key.public_key().spki()).as_ref())
}

fn other_key(name: &str) -> ServiceError {
    ServiceError::Conflict(Problem::new("key-other").param("name", name))
}
