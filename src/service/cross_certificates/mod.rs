//! Cross-certificates: certifying the authority of a partner, taking in what it issued in return, revoking.
//!
//! Issuing and revoking need two people. Whatever stands is published in the bundle of its authority and counts in the
//! snapshot at once; whether it was revoked is said by the authority's revocation list. Where the recognition list
//! names the partner's authority, what that list decides holds for the certificate, too, in one change.

mod issue;
mod list;
mod revoke;
mod standing;

pub use issue::NewCrossCertificate;
pub use list::{CrossCertificateView, CrossState};
pub(in crate::service) use standing::Consequence;
pub use standing::CrossCertificateId;
