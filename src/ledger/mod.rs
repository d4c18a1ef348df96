//! The ledger (存证): the append-only, provable record of every event.
//!
//! This part makes the record of one event and its leaf hash. Leaves are salted commitments: whoever holds the leaves
//! alone learns nothing, whoever is shown an event with its salts can check that it is the one that was recorded, and
//! the detail of an event, which may hold personal data, can be erased while the rest of the event stays provable. The
//! leaf hash is the one of RFC 6962 section 2.1, so that events fold into a Merkle log later. Pure: salts and times are
//! arguments. Left out: the log itself, its proofs and checkpoints.

mod event;
mod leaf;

pub use event::{Event, LedgerEntry, Salts, leaf};
pub use leaf::{COMMITMENT_LENGTH, Commitment, LeafHash, SALT_LENGTH, Salt, commit_detail, commit_event};
