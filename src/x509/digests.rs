//! Digests of one certificate, each computed when it is first asked for and kept: responses, lists and messages name
//! certificates by digests, and however many of them do, none makes a part be digested twice by one algorithm.

use std::sync::OnceLock;

use crate::crypto::{Digest, DigestAlgorithm};

/// Digests of one part.
#[derive(Debug, Default)]
pub(super) struct Digests([OnceLock<Box<Digest>>; DigestAlgorithm::ALL.len()]);

impl Digests {
    /// The digest of `part`, which is the same in every call.
    pub(super) fn of(&self, part: &[u8], algorithm: DigestAlgorithm) -> &Digest {
        self.0[algorithm as usize].get_or_init(|| Box::new(algorithm.digest(part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_digested_once_by_each_algorithm() {
        let digests = Digests::default();
        for algorithm in DigestAlgorithm::ALL {
            let first = digests.of(b"part", algorithm);
            assert_eq!(first.as_ref(), algorithm.digest(b"part").as_ref());
            assert!(
                std::ptr::eq(first, digests.of(b"another", algorithm)),
                "kept, not computed"
            );
        }
    }
}
