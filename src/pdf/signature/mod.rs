//! Signatures of a document (ISO 32000-2, 12.8): those that it has ([`SignatureField`]), and room for a new one
//! ([`reserve`]).
//!
//! What is read here are facts about bytes: where a signature stands, what it covers, whether its dictionary was
//! touched later. The signature itself is an opaque string of DER; judging it is not the container's work.

mod contents;
mod coverage;
mod form;
mod orphan;
mod read;
mod reserve;
mod validation_key;

pub use contents::ContentsFault;
pub use coverage::{ByteRange, ByteRangeFault, SignatureCoverage};
pub use form::FormField;
pub use read::{Certification, DictionaryHistory, SignatureField, SignatureKind};
pub(crate) use read::{permitted, transforms};
pub use reserve::{Reserved, reserve};
