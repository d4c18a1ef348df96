//! Whether a certificate can be relied on: path building and validation against a list of recognised authorities
//! (RFC 5280 section 6, ETSI EN 319 102-1 section 5.2.6).
//!
//! Pure: certificates, a [`Snapshot`] and times go in, a [`Validation`] comes out. It is a verdict in the standard's
//! words, never an error, and carries what is needed to explain it: path, reasons, revocation data used. Work that an
//! attacker could inflate is counted ([`budget`]); links once verified are remembered ([`LinkCache`]).
//!
//! Processed: all of RFC 5280 section 6.1, with the policy graph of RFC 9618 and constraints of anchors (RFC 5937);
//! revocation lists by all of section 6.3, status responses (RFC 6960); what has come since a signature is proved to
//! have existed, by validation time sliding ([`past`], ETSI EN 319 102-1 section 5.6.2). Rules for issuers that
//! validation does not ask count on demand ([`Conformance`]).

mod algorithms;
mod allowance;
pub mod budget;
mod cache;
mod candidates;
mod chain;
mod conformance;
mod existence;
pub mod list;
pub mod names;
mod past;
mod path;
mod policy;
mod purpose;
mod reason;
mod revocation;
mod snapshot;
mod validate;
mod validation;
mod work;

pub use algorithms::{AlgorithmPolicy, Primitive};
pub use allowance::Allowance;
pub use cache::LinkCache;
pub use conformance::Conformance;
pub use existence::Existence;
pub use names::ExpectedName;
pub use policy::PolicySettings;
pub use purpose::{Purpose, Service};
pub use reason::Reason;
pub use revocation::{
    ListFault, ResponseFault, Revocation, RevocationEvidence, RevocationSource, RevocationStatus, Silence,
};
pub use snapshot::{Anchor, AnchorConstraints, Doubt, Loss, Recognition, Snapshot};
pub use validate::{Query, validate};
pub use validation::{Attempt, Effort, Indication, SubIndication, Validation};

#[cfg(test)]
mod tests;
