//! Electronic seals (电子印章): the seal object, signatures made with it, its life, its status and its picture.
//!
//! A seal (`SESeal`, GB/T 38540) is made by a seal maker for an owner: it binds a picture, a validity and the
//! certificates that may sign with it. A signature (`SES_Signature`) binds the digest of a document to the whole seal.
//! Version 4, of GB/T 38540-2020, is made and read; versions 1 and 5 of GM/T 0031 (of 2014 and 2025) are read.
//! Certificate paths are the caller's, through `trust`.

mod error;
mod fault;
mod info;
mod object;
pub mod picture;
mod read;
pub mod signature;
mod state;
#[cfg(test)]
pub(crate) mod testing;
pub mod status;

pub use error::SealError;
pub use fault::SealFault;
pub use info::{MAX_EXTENSIONS, MAX_SIGNERS, SealExtension, SealImage, SealInfo, SealKind, SealVersion, SignerList};
pub use object::{MAX_SEAL_BYTES, Seal, SealMaker, VerifiedSeal};
pub use read::SealNote;
pub use signature::{CLOCKS_DIFFER, SealHolder, SesSignature};
pub use state::{SealAction, SealState, StateError};
