//! Commitments and leaf hashes.
//!
//! Two salted commitments, one inside the other: the inner one over the detail of an event, the outer one over
//! everything else of it and the inner commitment. Erasing a detail with its salt leaves the inner commitment, and with
//! it the outer one and the leaf. Every part is preceded by its length, so that no two events have the same encoding.

use std::fmt;

use crate::crypto::DigestAlgorithm;
use crate::hex;

/// Length of a salt in bytes: 128 bits, so that no commitment can be opened by guessing.
pub const SALT_LENGTH: usize = 16;

/// Length of a commitment and of a leaf hash in bytes: SHA-256.
pub const COMMITMENT_LENGTH: usize = 32;

/// Random bytes that keep a commitment from being opened by guessing its content.
pub type Salt = [u8; SALT_LENGTH];

/// What binds to a content without telling it.
pub type Commitment = [u8; COMMITMENT_LENGTH];

/// Names the kind of commitment, so that one over a detail never passes for one over an event.
const DETAIL_CONTEXT: &[u8] = b"yinxin ledger detail v1";

/// Names the kind of commitment; see [`DETAIL_CONTEXT`].
const EVENT_CONTEXT: &[u8] = b"yinxin ledger event v1";

/// Prefix of a leaf in the Merkle tree, as against an inner node (RFC 6962 section 2.1).
const LEAF_PREFIX: u8 = 0x00;

/// The leaf of one event in the Merkle log: SHA-256 of the prefix 0x00 and the event's commitment (RFC 6962 section
/// 2.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeafHash(Commitment);

impl LeafHash {
    /// The leaf whose content is this commitment.
    pub fn of(commitment: &Commitment) -> Self {
        let mut hasher = DigestAlgorithm::Sha256.hasher();
        hasher.update(&[LEAF_PREFIX]);
        hasher.update(commitment);
        Self(hasher.finish().first_32())
    }

    /// A leaf hash read back from where it was kept.
    pub fn from_bytes(bytes: Commitment) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &Commitment {
        &self.0
    }
}

impl fmt::Debug for LeafHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for LeafHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, &self.0)
    }
}

/// Commits to the detail of an event.
pub fn commit_detail(salt: &Salt, detail: &[u8]) -> Commitment {
    commit(DETAIL_CONTEXT, salt, [detail])
}

/// Commits to the parts of an event in their order.
pub fn commit_event<'a>(salt: &Salt, parts: impl IntoIterator<Item = &'a [u8]>) -> Commitment {
    commit(EVENT_CONTEXT, salt, parts)
}

fn commit<'a>(context: &[u8], salt: &Salt, parts: impl IntoIterator<Item = &'a [u8]>) -> Commitment {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    hasher.update(context);
    hasher.update(salt);
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finish().first_32()
}
