//! Verification: what is said of a document, in the words of ETSI EN 319 102-1, and of our own licences in full.
//!
//! Bytes, a snapshot of what is trusted and a time go in, a [`Report`] comes out; whatever the bytes are, it is never
//! an error. One file for each question: is the signature sound ([`signature`]), since when is it proved to exist
//! ([`time_stamp`], [`existence`]), what came after it ([`difference`]), is the seal good ([`seal`]), may this signer
//! issue this licence ([`licence`]), does another's authority speak for a body of ours ([`others`]), do two readers see
//! the same document ([`second_reader`]). A verdict never goes beyond what was checked.

mod attached;
mod block;
mod bounds;
mod content;
mod context;
mod difference;
mod document;
mod evidence;
mod examined;
mod existence;
mod ground;
mod intake;
mod judgement;
mod level;
mod licence;
mod message;
mod others;
mod receipt;
pub mod report;
mod replay;
mod seal;
mod seal_lists;
mod sealing;
mod second_reader;
mod shadow;
mod signature;
mod time_stamp;

pub use block::{BlockIndication, BlockReport};
pub use context::Context;
pub use document::{MAX_SIGNATURES, VerifiedDocument, document, unreadable};
pub use evidence::read_of_store;
pub use examined::MAX_DIGESTED_BYTES;
pub use intake::{MAX_CERTIFICATE_BYTES, MAX_EVIDENCE_BYTES, MAX_LIST_BYTES};
pub use level::Level;
pub use licence::is_licence;
pub use others::{NamedBody, ORGANS};
pub use receipt::{REPORT_FILE, report_of_receipt};
pub use replay::{Constraint, Material, MaterialKind, Replay};
pub use report::{
    ChangeReport, ChangesAfter, Conclusion, Indication, LicenceReport, PathRole, PathStep, Permission, ProofKind,
    ProofReport, ReceiptReport, RecognitionReport, Report, SealReport, SecondReaderReport, SignatureKind,
    SignatureReport, SignerReport, SubIndication, ValidationInformation,
};
pub use seal_lists::{SealAuthority, SealLists};
