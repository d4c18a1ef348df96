//! The recognition list: which authorities are relied on, for what, within what bounds, and how that changed.
//!
//! The model and the JSON are those of ETSI TS 119 602 ([`RecognitionList`]); what is added stands in its extension
//! points. A list is a signed message ([`SignedList`], RFC 7515) and is made once: lists are numbered, each names the
//! digest of the one before, and what one said stays readable in all that follow. Who relies on a list follows it
//! ([`Follower`]): the first signer is pinned, another one takes over only where a list says so, and neither an older
//! list nor one that forgot something is accepted. From a list follow the anchors of a [`Snapshot`](super::Snapshot),
//! with constraints (RFC 5937) and times of recognition.
//!
//! Left out: fetching lists; unsigned lists; services that this program does not know.

mod anchors;
mod check;
mod error;
mod follow;
mod jws;
mod lote;
mod model;
mod place;
mod signed;
mod status;

pub use error::ListError;
pub use follow::{Follower, Pin, StalePolicy};
pub use jws::{JWS_SM2_SM3, MAX_LIST_BYTES};
pub use lote::MAX_POINTERS;
pub use model::{
    AssuranceMapping, Bounds, Entity, EntityService, ListDigest, Names, OWN_ENTITY, Pointer, RecognitionList, SignerId,
};
pub use place::place_of;
pub use signed::{SignListError, SignedList};
pub use status::{Decision, History, Status, StatusReason};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
