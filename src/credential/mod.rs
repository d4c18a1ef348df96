//! What lets a stranger check a licence without asking anybody: the signed payload of its QR code, the set of keys that
//! signs such payloads, and the list that says which licences are still in force.
//!
//! A printed code is `https://HOST/v#DIGITS` ([`printed`], [`payload`], [`digits`]): a CBOR Web Token (RFC 8392) in a
//! COSE_Sign1 message (RFC 9052, [`cose`]). The key set ([`key_set`]) turns the name of a key into the key, the Token
//! Status List ([`status`]) tells the state, and [`answer`] makes one verdict of all three and says how old it is. The
//! verification code ([`code`]) opens a record by hand. Drawing the QR code is `draw`'s; whom the key set's signer may
//! speak for is `trust`'s; codes that a holder shows for a minute are left out.

pub mod answer;
pub mod base45;
mod cbor;
pub mod code;
pub mod cose;
pub mod digits;
pub mod key_set;
pub mod link;
mod packed;
pub mod payload;
pub mod printed;
pub mod status;

pub use answer::{Answer, CheckedCode, Doubt, Verdict};
pub use cbor::CborError;
pub use code::{VerificationCode, VerificationCodeError};
pub use cose::KeyId;
pub use key_set::{IssuerKey, KeySet, KeySetError, SignedKeySet};
pub use link::Host;
pub use payload::{Payload, record_digest, shortened_holder};
pub use printed::{CodeError, Genuine, PrintedCode, print};
pub use status::{SignedStatusList, StatusIndex, StatusListToken};
