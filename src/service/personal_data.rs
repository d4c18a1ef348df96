//! Personal data at rest: records are encrypted, and found by keyed digests, so that the database alone tells nothing.

use zeroize::Zeroizing;

use crate::crypto::{hmac_sha256, secrecy};
use crate::keystore::Keystore;
use crate::service::error::{ServiceError, ServiceResult};
use crate::store::LookupHash;

/// Name of the key from which the secrets come.
const KEY: &str = "personal-data";

/// The secrets for personal data.
pub(super) struct PersonalData {
    sealing: Zeroizing<[u8; 32]>,
    lookup: Zeroizing<[u8; 32]>,
}

impl PersonalData {
    pub(super) fn new(keys: &Keystore) -> ServiceResult<Self> {
        Ok(Self {
            sealing: keys.secret(KEY, "records")?,
            lookup: keys.secret(KEY, "lookup")?,
        })
    }

    /// Encrypts a record that belongs to the licence version `key`.
    pub(super) fn seal(&self, key: &str, record: &[u8]) -> ServiceResult<Vec<u8>> {
        Ok(secrecy::encrypt(&self.sealing, key.as_bytes(), record)?)
    }

    /// Opens what [`Self::seal`] made.
    pub(super) fn open(&self, key: &str, sealed: &[u8]) -> ServiceResult<Vec<u8>> {
        secrecy::decrypt(&self.sealing, key.as_bytes(), sealed).map_err(ServiceError::internal)
    }

    /// The digest by which a name or code is found. `kind` keeps names and codes apart.
    pub(super) fn lookup(&self, kind: &str, value: &str) -> LookupHash {
        hmac_sha256(&*self.lookup, format!("{kind}\u{0}{}", value.trim()).as_bytes())
    }
}
