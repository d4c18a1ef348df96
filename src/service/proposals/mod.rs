//! Acts that need two people: one officer proposes, another approves the exact hash, and only then is it done.
//!
//! An [`Act`] is what is to be done, as data; the data of each kind lives with its use case. The use case takes a
//! [`Mandate`], which nothing but an approved proposal gives; an operator has one only as long as no officer is enrolled,
//! to found the house. What is hashed and signed is canonical JSON (RFC 8785).

mod act;
mod mandate;

pub use act::{Act, Outcome};
pub use mandate::{Approved, Mandate};
