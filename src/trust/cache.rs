//! What holds for ever once it was found out: a signature that held under a key, and what a certificate says. So only
//! the work is saved, and nothing is believed for it: whom to trust is asked anew each time.
//!
//! Only successes are remembered, so that nobody can fill the cache with forgeries. Two generations bound it: when the
//! young one is full it becomes the old one, and what was in the old one and not asked for since is forgotten.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use super::budget::{Budget, Exhausted};
use crate::crypto::PublicKey;
use crate::x509::{Certificate, ReadError, SignatureError, Signed};

/// Links in one generation: 64 bytes each, so that both together stay near four mebibytes.
const LINKS: usize = 16_384;

/// Certificates in one generation: each takes a few thousand bytes, or thirty thousand with the multiples of an SM2 key
/// that was asked often, so that both together stay below sixteen mebibytes.
const CERTIFICATES: usize = 256;

/// Largest certificate that is remembered, in bytes. Those in use have one or two thousand.
const MAX_REMEMBERED_BYTES: usize = 4 << 10;

/// SHA-256 of the issuer's key and of the whole signed structure.
type Link = ([u8; 32], [u8; 32]);

/// Remembers which signatures held, and how certificates read; shared by threads and by snapshots.
#[derive(Debug)]
pub struct LinkCache {
    links: Remembered<Link, ()>,
    /// By their encodings, so that no two can be taken for one another.
    certificates: Remembered<Vec<u8>, Certificate>,
}

impl Default for LinkCache {
    fn default() -> Self {
        Self {
            links: Remembered::of(LINKS),
            certificates: Remembered::of(CERTIFICATES),
        }
    }
}

impl LinkCache {
    /// Checks a signature of `key` over the structure with this fingerprint by `check`, unless it is known to have
    /// held. The fingerprint is SHA-256 of the whole structure, the signature included.
    ///
    /// # Errors
    /// What `check` says.
    pub fn check<E>(
        &self,
        key: &PublicKey,
        fingerprint: &[u8; 32],
        check: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let link = (key.id(), *fingerprint);
        if self.contains(&link) {
            return Ok(());
        }
        check()?;
        self.insert(link);
        Ok(())
    }

    /// Reads a certificate, or gives it as it was read before.
    ///
    /// # Errors
    /// As [`Certificate::from_der`].
    pub fn certificate(&self, der: &[u8]) -> Result<Certificate, ReadError> {
        if der.len() > MAX_REMEMBERED_BYTES {
            return Certificate::from_der(der);
        }
        if let Some(known) = self.certificates.of_key(der) {
            return Ok(known);
        }
        let read = Certificate::from_der(der)?;
        self.certificates.insert(der.to_vec(), read.clone());
        Ok(read)
    }

    /// Whether the signature of the structure with this hash held under the key with this hash.
    pub(super) fn contains(&self, link: &Link) -> bool {
        self.links.of_key(link).is_some()
    }

    /// Remembers that it held.
    pub(super) fn insert(&self, link: Link) {
        self.links.insert(link, ());
    }

    /// How many links are remembered.
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Values by keys, in two generations.
#[derive(Debug)]
struct Remembered<K, V> {
    /// How many make one full.
    generation: usize,
    kept: RwLock<Generations<K, V>>,
}

#[derive(Debug)]
struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Clone + Eq + Hash, V: Clone> Remembered<K, V> {
    fn of(generation: usize) -> Self {
        Self {
            generation,
            kept: RwLock::new(Generations {
                young: HashMap::new(),
                old: HashMap::new(),
            }),
        }
    }

    /// The value of a key; one of the old generation is young again.
    fn of_key<Q: ?Sized + Eq + Hash + ToOwned<Owned = K>>(&self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        let old = {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(value) = kept.young.get(key) {
                return Some(value.clone());
            }
            kept.old.get(key)?.clone()
        };
        self.insert(key.to_owned(), old.clone());
        Some(old)
    }

    fn insert(&self, key: K, value: V) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.young.len() >= self.generation {
            kept.old = std::mem::take(&mut kept.young);
        }
        kept.young.insert(key, value);
    }

    fn len(&self) -> usize {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let only_old = kept.old.keys().filter(|key| !kept.young.contains_key(*key));
        kept.young.len() + only_old.count()
    }
}

/// Checks signatures within the budget, and those already known for nothing.
#[derive(Debug)]
pub(super) struct Links {
    cache: Arc<LinkCache>,
    /// Those that did not hold in this validation: by the structure, then by the key.
    pub(super) failed: HashMap<[u8; 32], HashMap<[u8; 32], SignatureError>>,
    /// What is left of the work.
    pub(super) budget: Budget,
}

impl Links {
    /// With this memory and a whole budget.
    pub(super) fn new(cache: Arc<LinkCache>) -> Self {
        Self {
            cache,
            failed: HashMap::new(),
            budget: Budget::default(),
        }
    }

    /// With no memory but its own.
    pub(super) fn with_budget(budget: Budget) -> Self {
        Self {
            budget,
            ..Self::new(Arc::default())
        }
    }

    /// Whether `key` signed a structure, which is verified where that is not known.
    pub(super) fn verify(
        &mut self,
        key: &PublicKey,
        structure: &impl Signed,
    ) -> Result<Result<(), SignatureError>, Exhausted> {
        let signed = structure.parts();
        let link = (key.id(), *signed.fingerprint());
        let failed = self.failed.get(signed.fingerprint());
        if let Some(error) = failed.and_then(|failed| failed.get(&key.id())) {
            return Ok(Err(error.clone()));
        }
        if self.cache.contains(&link) {
            return Ok(Ok(()));
        }
        // What is digested for the first key is no more than was read.
        if failed.is_some() {
            self.budget.digested_again(signed.octets_of_each_key())?;
        }
        self.budget.signature_check(key.kind())?;
        let result = signed.verify(key);
        match &result {
            Ok(()) => self.cache.insert(link),
            Err(error) => {
                let failed = self.failed.entry(*signed.fingerprint()).or_default();
                failed.insert(key.id(), error.clone());
            }
        }
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(number: usize) -> Link {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        (hash, [0; 32])
    }

    #[test]
    fn links_are_remembered_up_to_the_bound_and_those_in_use_longest() {
        let cache = LinkCache::default();
        (0..=LINKS).for_each(|number| cache.insert(link(number)));
        assert!(
            cache.contains(&link(0)),
            "the old generation answers, and the link is young again"
        );
        (LINKS + 1..2 * LINKS).for_each(|number| cache.insert(link(number)));
        assert!(cache.contains(&link(0)));
        assert!(!cache.contains(&link(1)), "not asked for since");
        assert!(cache.len() <= 2 * LINKS);
    }

    #[test]
    fn a_certificate_is_read_once_and_forgotten_with_its_generation() {
        let remembered = Remembered::of(2);
        (0..2).for_each(|key| remembered.insert(vec![key], key));
        assert_eq!(remembered.of_key([0].as_slice()), Some(0));
        remembered.insert(vec![2], 2);
        assert_eq!(remembered.of_key([0].as_slice()), Some(0), "old, and young again");
        remembered.insert(vec![3], 3);
        assert_eq!(remembered.of_key([1].as_slice()), None, "not asked for since");
        assert!(remembered.len() <= 4);
    }

    #[test]
    fn what_is_no_certificate_is_not_remembered() {
        let cache = LinkCache::default();
        assert!(cache.certificate(b"no certificate").is_err());
        assert_eq!(cache.certificates.len(), 0);
    }
}
