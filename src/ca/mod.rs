//! The certification authority: issues certificates by profile, records what is revoked, makes revocation lists
//! (RFC 5280, GB/T 20518, GM/T 0015).
//!
//! A certificate comes into being in a fixed order that the types keep: a [`Profile`] and an [`Order`] make the part to
//! be signed; a copy of it, under a placeholder for the signature, is read back by the other parser, compared and
//! linted ([`prepare`]); the caller records serial number and hash of the [`Prepared`] certificate; [`Prepared::issue`]
//! consumes it, signs once and verifies its own signature. Time stamps are made in [`timestamp`], answers about a
//! status in [`ocsp`]. Keys, storage and the network are somebody else's.

mod constraint;
pub mod crl;
pub mod cross;
mod error;
mod issue;
pub mod lint;
pub mod ocsp;
mod profile;
mod publication;
mod request;
mod space;
mod subject;
mod subordinate;
pub mod timestamp;

pub use constraint::ConstraintError;
pub use crl::{CrlError, CrlOrder, revoke};
pub use error::{IssueError, ProfileError, RevokeError};
pub use issue::{IssuedCertificate, Issuer, Order, Prepared, SubjectKey, key_identifier, new_serial, prepare};
pub use profile::{NameForm, Profile, ProfileKind, SubjectPart};
pub use publication::Publication;
pub use request::{AcceptedRequest, RequestError, request};
pub use space::{SpaceError, check_space};
pub use subject::Subject;
pub use subordinate::{SubordinateError, SubordinateTerms, subordinate_profile};

#[cfg(test)]
mod tests;
