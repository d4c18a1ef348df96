//! Applies signatures and seals to documents: `Prepared → Signed → Stamped`, without network and without a clock.
//!
//! A licence is certified (ISO 32000-2 section 12.8.2.2, DocMDP with P = 1): one signature of PAdES form (ETSI EN 319
//! 142-1) whose signed attributes hold a whole `SES_Signature` (GB/T 38540) over the same bytes, and whose unsigned
//! attributes hold a signature time stamp. With the validation data that its first revision already carries it is of
//! level B-LT at birth. [`document`] signs any other PDF, at the levels B-B to B-LTA. Room for a signature is measured
//! before anything is written.

mod dictionary;
pub mod document;
mod error;
mod form;
mod keys;
pub mod licence;
mod steps;

pub use dictionary::{Claims, Permission};
pub use document::DocumentFault;
pub use error::SignError;
pub use form::SignatureForm;
pub use keys::SealingKeys;
pub use steps::{Prepared, Signed, Stamped};
