//! The signed payload of a QR code, the issuer key set, the status list.

pub mod base45;
mod cbor;
mod code;
mod cose;
pub mod digits;
mod key_set;
pub mod status;

pub use cbor::CborError;
pub use code::{VerificationCode, VerificationCodeError};
pub use cose::{COSE_SM2_SM3, CoseError, KeyId, Labels, Sign1, sign};
pub use key_set::{IssuerKey, KEY_SET_MEDIA_TYPE, KeySet, KeySetError, SignedKeySet};
pub use status::{STATUS_LIST_ENTRIES, Status, StatusIndex};
