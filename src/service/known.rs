//! What was put together to issue with, kept until something that it rests on changes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// What was put together by its name, until something that it rests on changes.
pub(super) struct Known<K, T> {
    pub(super) by_name: HashMap<K, Arc<T>>,
    /// Rises whenever all are forgotten.
    pub(super) generation: u64,
}

impl<K, T> Default for Known<K, T> {
    fn default() -> Self {
        Self {
            by_name: HashMap::new(),
            generation: 0,
        }
    }
}

impl<K: Eq + Hash, T> Known<K, T> {
    /// Keeps what was begun in a generation; gives `false` where all were forgotten meanwhile, and it may be out of
    /// date.
    pub(super) fn keep(&mut self, name: K, made: &Arc<T>, begun_in: u64) -> bool {
        if self.generation == begun_in {
            self.by_name.insert(name, Arc::clone(made));
        }
        self.generation == begun_in
    }

    pub(super) fn forget(&mut self) {
        self.by_name.clear();
        self.generation += 1;
    }
}
