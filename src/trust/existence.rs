//! Proofs of existence: since when each object is proved to be (ETSI EN 319 102-1 section 5.6.2.3).
//!
//! An object is a certificate, a revocation list or a status response, by the SHA-256 of its DER. Who judges a document
//! fills the set: from time stamps, archive time stamps, or other proofs such as a ledger. What is not in it is proved
//! for the present only.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

/// For every object the earliest time at which it is proved to have existed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Existence {
    since: HashMap<[u8; 32], DateTime<Utc>>,
}

impl Existence {
    /// Adds a proof that the object with this fingerprint existed at `time`; the earliest counts.
    pub fn prove(&mut self, fingerprint: [u8; 32], time: DateTime<Utc>) {
        let known = self.since.entry(fingerprint).or_insert(time);
        *known = (*known).min(time);
    }

    /// With the proofs of another set.
    pub fn extend(&mut self, other: &Self) {
        for (fingerprint, time) in &other.since {
            self.prove(*fingerprint, *time);
        }
    }

    /// The earliest time at which the object is proved to have existed.
    pub fn since(&self, fingerprint: &[u8; 32]) -> Option<DateTime<Utc>> {
        self.since.get(fingerprint).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_proofs_the_earliest_counts_whichever_comes_first() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let mut proofs = Existence::default();
        proofs.prove([1; 32], at(20));
        proofs.prove([1; 32], at(30));
        let mut other = Existence::default();
        other.prove([1; 32], at(10));
        other.prove([2; 32], at(40));
        proofs.extend(&other);
        assert_eq!(proofs.since(&[1; 32]), Some(at(10)));
        assert_eq!(proofs.since(&[2; 32]), Some(at(40)));
        assert_eq!(proofs.since(&[3; 32]), None);
    }
}
