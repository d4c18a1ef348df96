//! Attacks on signed documents, by the classes of the literature: each takes a document that is genuine and gives one
//! that no verifier may call so.
//!
//! None needs a key: bytes are altered, cut and appended, the signature dictionary is forged, updates are written by
//! the rules of PDF, and documents are prepared before somebody signs them. What needs a key is made where the keys
//! are.

pub(crate) mod boundless;
pub(crate) mod bytes;
pub(crate) mod dictionary;
mod drawn;
mod nobody;
pub(crate) mod readers;
pub(crate) mod shadow;
pub(crate) mod target;
pub(crate) mod updates;
mod uses;
pub(crate) mod vanished;

/// Why an attack cannot be made of a document.
pub(crate) type Error = Box<dyn std::error::Error>;

/// A document that has to be refused.
pub(crate) struct Attack {
    /// What was done, with its class first: `incremental-saving-page-content`.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Attack {
    pub(crate) fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let name = name.into();
        Self { name, bytes }
    }
}

/// Every attack on a signed document that needs no key.
pub(crate) fn on(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    let mut attacks = bytes::all(signed)?;
    attacks.extend(dictionary::all(signed)?);
    attacks.extend(updates::all(signed)?);
    attacks.extend(nobody::all(signed)?);
    attacks.extend(boundless::all(signed)?);
    attacks.extend(readers::all(signed)?);
    attacks.extend(vanished::unsigned(signed)?);
    Ok(attacks)
}
