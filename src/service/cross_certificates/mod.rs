//! Cross-certificates: certifying the authority of a partner, taking in what it issued in return, revoking.
//!
//! Issuing and revoking need two people. Whatever stands is published in the bundle of its authority and counts in the snapshot
//! at once; whether it was revoked is said by the authority's revocation list.

mod issue;
mod list;
mod revoke;

pub use issue::NewCrossCertificate;
pub use list::{CrossCertificateView, CrossState};
pub use revoke::FormerCrossCertificate;
