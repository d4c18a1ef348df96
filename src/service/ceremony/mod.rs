//! The ceremony of a root that is kept offline: what is to be done stands in a script, two named people confirm its
//! hash with their own keys, then it is done step by step, and the transcript is signed by the root and both people.
//!
//! A transcript holds the script, every input and every public output, each entry with the hash of the one before, so
//! that a third can check it without the machine, the keys or us ([`Transcript::check`]). Nothing is kept but the
//! root's key: what a later ceremony needs (number of the list, what is revoked) stands in its script. Left out: roots
//! in RSA, which are made elsewhere, and the destruction of keys.

mod check;
mod error;
mod perform;
mod rehearsal;
mod script;
mod transcript;

pub use error::CeremonyError;
pub use perform::{Made, Participants, perform};
pub use script::{Agenda, Person, Script, Step};
pub use transcript::{Closing, Entry, Happening, Header, Item, Transcript};
