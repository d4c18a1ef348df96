//! Cross-certificates: one authority certifies another that it did not make (RFC 5280 section 3.2, X.509 section 7.3).
//!
//! A [`Partner`] is what the other side hands over; [`Terms`] are what the two agreed on; [`OwnSpace`] and
//! [`Neighbour`] are what it must not touch. [`prepare`] refuses what goes beyond, and makes the part to be signed.
//! From there on the order is that of every other certificate. The partner's name is repeated byte for byte and its key
//! identifier as it is, so that whatever it issued chains up. Left out: which partner to trust, which is for people to
//! say.

mod error;
mod pair;
mod partner;
mod prepare;
mod terms;

pub use error::CrossError;
pub use pair::CertificatePair;
pub use partner::Partner;
pub use prepare::{CrossOrder, Neighbour, OwnSpace, accept, prepare};
pub use terms::{Mode, Terms};

#[cfg(test)]
mod tests;
