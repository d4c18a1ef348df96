//! What one validation keeps while it works: verified links, the budget, certificates by name, and signers of lists
//! that were looked into.

use std::sync::Arc;

use super::cache::Links;
use super::candidates::Bag;
use super::{Query, Snapshot};
use crate::x509::Certificate;

/// SHA-256 of an anchor's and of a signer's certificate.
type Signer = ([u8; 32], [u8; 32]);

/// State of one validation, handed down to whatever it asks on its way.
#[derive(Debug)]
pub(super) struct Work {
    /// Checks signatures, and holds the budget.
    pub(super) links: Links,
    /// The certificates that came with the question.
    pub(super) bag: Bag,
    /// Signers of lists and responses to which a path was found.
    pub(super) trusted_signers: Vec<Signer>,
    /// Those being looked into, outermost first: none vouches for itself.
    pub(super) signers_in_question: Vec<Signer>,
}

impl Work {
    /// For this question, with the memory of the snapshot and a whole budget.
    pub(super) fn new(query: &Query<'_>, snapshot: &Snapshot) -> Self {
        Self {
            bag: Bag::new(query.certificates),
            links: Links::new(Arc::clone(snapshot.cache())),
            trusted_signers: Vec::new(),
            signers_in_question: Vec::new(),
        }
    }

    /// Whether a path to this certificate is looked for because it signs lists or responses.
    pub(super) fn is_in_question(&self, certificate: &Certificate) -> bool {
        self.signers_in_question
            .iter()
            .any(|(_, signer)| signer == certificate.fingerprint())
    }
}
