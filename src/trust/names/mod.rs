//! Names inside certificates as they are compared: with the subtrees of name constraints (RFC 5280 section 4.2.1.10),
//! and with the name that whoever asks expects (RFC 9525 section 6).
//!
//! Text is compared as ASCII without regard to case. A name or a constraint that does not have the syntax of its form
//! never passes for a match. Left out: internationalised names in their Unicode form (certificates hold A-labels, RFC
//! 9549).

mod constraints;
mod dns;
mod email;
mod expected;
mod ip;
mod uri;

pub(super) use constraints::check;
pub use constraints::{Fault, Misplaced, covers, is_comparable, is_constraint, misplaced};
pub use expected::ExpectedName;
