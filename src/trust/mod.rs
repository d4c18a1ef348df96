//! Whether a certificate can be relied on: path building and validation against a list of recognised authorities
//! (RFC 5280 section 6, ETSI EN 319 102-1 section 5.2.6).
//!
//! Pure: certificates, a [`Snapshot`] and times go in, a [`Validation`] comes out. It is a verdict in the standard's words,
//! never an error, and carries what is needed to explain it: path, reasons, revocation data used. Work that an attacker
//! could inflate is counted ([`budget`]); links once verified are remembered ([`LinkCache`]).
//!
//! Processed: signatures, validity, basic constraints, path length, key usage, purposes, complete CRLs of the issuer itself.
//! A critical extension that is not processed (name constraints and the policy extensions among them) refuses the path.
//! Left out: policies, name constraints, delta and indirect CRLs, OCSP.

pub mod budget;
mod cache;
mod chain;
mod path;
mod purpose;
mod reason;
mod revocation;
mod snapshot;
mod validate;
mod validation;

pub use cache::LinkCache;
pub use purpose::{Purpose, Service};
pub use reason::Reason;
pub use revocation::{Revocation, RevocationEvidence, RevocationStatus};
pub use snapshot::{Anchor, Recognition, Snapshot};
pub use validate::{Query, validate};
pub use validation::{Attempt, Effort, Indication, SubIndication, Validation};

#[cfg(test)]
mod tests;
