//! Signed lists that are given out many times. Each is signed once for its content and for a time; asked again it is
//! given again, until the content is another or half of the time is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::OwnedMutexGuard;

use crate::crypto::{Digest, DigestAlgorithm};
use crate::hex;

/// A list as it is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The signed list.
    pub bytes: Arc<[u8]>,
    /// SHA-256 of the bytes in lower-case hexadecimal: another list has another.
    pub sha256: String,
}

impl Published {
    /// What is given out as it is kept: a certificate, a revocation list.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self {
            sha256: hex::encode(DigestAlgorithm::Sha256.digest(&bytes).as_ref()),
            bytes: bytes.into(),
        }
    }
}

impl AsRef<[u8]> for Published {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// A list that was signed, and until when it is given again.
#[derive(Debug)]
struct Signed {
    content: Digest,
    renewed_at: DateTime<Utc>,
    list: Published,
}

impl Signed {
    /// Whether it says this content, and is to be given at `now`.
    fn stands(&self, content: &Digest, now: DateTime<Utc>) -> bool {
        self.content == *content && now < self.renewed_at
    }
}

/// The lists of one instance, by name.
#[derive(Default)]
pub(super) struct Publications(Mutex<HashMap<String, Arc<tokio::sync::Mutex<Option<Signed>>>>>);

impl Publications {
    /// The place of a list. Whoever holds it reads the content and signs it alone, so that no older content takes the
    /// place of a newer one, and many who ask at once cost one signature.
    pub(super) async fn place(&self, name: &str) -> Place {
        let place = {
            let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(places.entry(name.to_owned()).or_default())
        };
        Place(place.lock_owned().await)
    }
}

/// The place of one list.
pub(super) struct Place(OwnedMutexGuard<Option<Signed>>);

impl Place {
    /// The list that was signed, if it may be given again.
    pub(super) fn list(&self, content: &Digest, now: DateTime<Utc>) -> Option<Published> {
        let signed = self.0.as_ref().filter(|signed| signed.stands(content, now));
        signed.map(|signed| signed.list.clone())
    }

    /// Puts a list here that was signed at `now` and is current for `lifetime`.
    pub(super) fn put(mut self, content: Digest, bytes: Vec<u8>, now: DateTime<Utc>, lifetime: TimeDelta) -> Published {
        let list = Published::new(bytes);
        *self.0 = Some(Signed {
            content,
            renewed_at: now + lifetime / 2,
            list: list.clone(),
        });
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[tokio::test]
    async fn a_list_is_given_again_until_its_content_changes_or_half_of_its_time_is_over() {
        let publications = Publications::default();
        let [one, other] = [b"one", b"two"].map(|content| DigestAlgorithm::Sha256.digest(content));
        let place = publications.place("seals").await;
        assert_eq!(place.list(&one, at(0)), None);
        let list = place.put(one, b"signed".to_vec(), at(0), TimeDelta::minutes(60));
        let place = publications.place("seals").await;
        assert_eq!(place.list(&one, at(29)), Some(list));
        assert_eq!(place.list(&one, at(30)), None);
        assert_eq!(place.list(&other, at(1)), None);
        assert_eq!(publications.place("another").await.list(&one, at(1)), None);
    }
}
