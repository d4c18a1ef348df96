//! Links that were verified once: a signature that held under a key holds for ever, so only the check is saved.
//!
//! Only successes are remembered, so that nobody can fill the cache with forgeries. Two generations bound it: when the
//! young one is full it becomes the old one, and what was in the old one and not asked for since is forgotten.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::budget::{Budget, Exhausted};
use crate::crypto::PublicKey;
use crate::x509::SignatureError;

/// Links in one generation: 64 bytes each, so that both together stay near four mebibytes.
const GENERATION: usize = 16_384;

/// SHA-256 of the issuer's key and of the whole signed structure.
type Link = ([u8; 32], [u8; 32]);

/// Remembers which signatures held; shared by threads and by snapshots.
#[derive(Debug, Default)]
pub struct LinkCache(RwLock<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashSet<Link>,
    old: HashSet<Link>,
}

impl LinkCache {
    /// Whether the signature of the structure with this hash held under the key with this hash.
    pub(super) fn contains(&self, link: &Link) -> bool {
        let in_old = {
            let generations = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if generations.young.contains(link) {
                return true;
            }
            generations.old.contains(link)
        };
        if in_old {
            self.insert(*link);
        }
        in_old
    }

    /// Remembers that it held.
    pub(super) fn insert(&self, link: Link) {
        let mut generations = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if generations.young.len() >= GENERATION {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(link);
    }

    /// How many links are remembered.
    pub fn len(&self) -> usize {
        let generations = self.0.read().unwrap_or_else(PoisonError::into_inner);
        generations.young.union(&generations.old).count()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Checks signatures within the budget, and those already known for nothing.
#[derive(Debug)]
pub(super) struct Links {
    cache: Arc<LinkCache>,
    /// Those that did not hold in this validation.
    pub(super) failed: HashMap<Link, SignatureError>,
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

    /// Whether `key` signed the structure with this fingerprint; `check` verifies it where that is not known.
    pub(super) fn verify(
        &mut self,
        key: &PublicKey,
        fingerprint: &[u8; 32],
        check: impl FnOnce() -> Result<(), SignatureError>,
    ) -> Result<Result<(), SignatureError>, Exhausted> {
        let link = (key.id(), *fingerprint);
        if let Some(error) = self.failed.get(&link) {
            return Ok(Err(error.clone()));
        }
        if self.cache.contains(&link) {
            return Ok(Ok(()));
        }
        self.budget.signature_check()?;
        let result = check();
        match &result {
            Ok(()) => self.cache.insert(link),
            Err(error) => {
                self.failed.insert(link, error.clone());
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
        (0..=GENERATION).for_each(|number| cache.insert(link(number)));
        assert!(
            cache.contains(&link(0)),
            "the old generation answers, and the link is young again"
        );
        (GENERATION + 1..2 * GENERATION).for_each(|number| cache.insert(link(number)));
        assert!(cache.contains(&link(0)));
        assert!(!cache.contains(&link(1)), "not asked for since");
        assert!(cache.len() <= 2 * GENERATION);
    }
}
