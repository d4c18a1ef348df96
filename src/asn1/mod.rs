//! The one table of object identifiers, and small helpers around DER (X.690).
//!
//! Writing goes through the `der` crate, reading through `x509-parser` and `der`; nothing else in the program spells an
//! object identifier in numbers.

pub mod oid;
