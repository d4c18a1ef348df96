//! The keys of authorities and services: made, imported, recorded. Their private halves stay in the keystore.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey, Suite};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::actor::Actor;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::hex;
use crate::store::{Change, KeyPlace, KeyRecord};

/// The key of what is being founded, which goes by the same name: `{"make":"p-384"}`, `{"kept":"5b0c…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewKey {
    /// It is made in the act.
    Make(KeyAlgorithm),
    /// It was made or imported before. SHA-256 of its `SubjectPublicKeyInfo` in hexadecimal, so that who agrees to the act
    /// agrees to this key.
    Kept(String),
}

impl Service {
    /// Takes in a key that was made elsewhere; gives what an act names it by. The same key again is no error.
    ///
    /// # Errors
    /// Where the actor is no operator, or another key has the name.
    pub async fn import_key(&self, actor: &Actor, name: &str, key: &Arc<SoftwareKey>) -> ServiceResult<NewKey> {
        actor.must_be_operator()?;
        self.keys().import(name, key)?;
        self.record_key(name, key).await?;
        Ok(NewKey::Kept(digest(&**key)))
    }

    /// The family that a new key belongs to.
    ///
    /// # Errors
    /// Where it should be kept and is not, or is another.
    pub(super) fn suite_of_new_key(&self, name: &str, new: &NewKey) -> ServiceResult<Suite> {
        match new {
            NewKey::Make(algorithm) => Ok(Suite::of(algorithm.kind())),
            NewKey::Kept(sha256) => Ok(Suite::of(self.kept_key(name, sha256)?.kind())),
        }
    }

    /// The key of something new, made where it is to be made and is not there yet.
    ///
    /// # Errors
    /// Where it cannot be made; where it should be kept and is not, or is another.
    pub(super) async fn new_key(&self, name: &str, new: &NewKey) -> ServiceResult<Arc<SoftwareKey>> {
        match new {
            NewKey::Make(algorithm) => {
                let key = self.keys().key_or_create(name, *algorithm)?;
                self.record_key(name, &key).await?;
                Ok(key)
            }
            NewKey::Kept(sha256) => self.kept_key(name, sha256),
        }
    }

    fn kept_key(&self, name: &str, sha256: &str) -> ServiceResult<Arc<SoftwareKey>> {
        let key = self.keys().key(name)?;
        if digest(&*key) == *sha256 {
            Ok(key)
        } else {
            Err(ServiceError::Conflict(Problem::new("key-other").param("name", name)))
        }
    }

    async fn record_key(&self, name: &str, key: &SoftwareKey) -> ServiceResult<()> {
        if self.store().key(name).await?.is_none() {
            let mut change = Change::new();
            change.add_key(KeyRecord {
                name: name.to_owned(),
                suite: Suite::of(key.kind()).name().to_owned(),
                place: KeyPlace::File(format!("{name}.key")),
                public_key: key.public_key().spki().to_vec(),
                created_at: self.now(),
            });
            self.store().commit(change).await?;
        }
        Ok(())
    }
}

fn digest(key: &dyn Signer) -> String {
    hex(DigestAlgorithm::Sha256.digest(key.public_key().spki()).as_ref())
}
