//! The one table of object identifiers, and small helpers around DER (X.690).
//!
//! Certificates are written through the `der` crate and read through `x509-parser`, after a [`walk`] over the bytes;
//! message syntax that is made by the million is written by [`write`] and read by [`read`], after [`ber`] where others
//! wrote it. Nothing else in the program spells an object identifier in numbers.

pub mod ber;
pub mod oid;
pub mod read;
pub mod walk;
pub mod write;
