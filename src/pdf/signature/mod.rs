//! Signatures of a document (ISO 32000-2, 12.8): room for a new one ([`reserve`]).

mod reserve;

pub use reserve::{Reserved, reserve};
