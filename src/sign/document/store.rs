//! The document security store (ISO 32000-2 section 12.8.4.3; ETSI EN 319 142-1 section 5.4.2.2): what is there stays, what is
//! new is added.

use std::collections::HashSet;

use super::appearance::stream;
use super::draft::{Draft, Home};
use crate::draw::deflate::zlib;
use crate::pdf::{Dictionary, Object};
use crate::sign::SignError;

/// Level of compression: certificates and lists hardly give in to more.
const LEVEL: u32 = 6;

/// Certificates and revocation data from which the signatures of a document are judged without asking anybody, DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationData {
    /// Certificates.
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists (RFC 5280 section 5).
    pub crls: Vec<Vec<u8>>,
}

impl ValidationData {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.crls.is_empty()
    }

    /// Takes in what another has.
    pub fn extend(&mut self, other: Self) {
        for (own, others) in [
            (&mut self.certificates, other.certificates),
            (&mut self.crls, other.crls),
        ] {
            for der in others {
                if !own.contains(&der) {
                    own.push(der);
                }
            }
        }
    }
}

/// Adds validation data to the store of a document.
pub(super) fn add(draft: &mut Draft<'_, '_>, data: &ValidationData) -> Result<(), SignError> {
    if data.is_empty() {
        return Ok(());
    }
    let store = draft.home_in_catalog("DSS")?;
    for (key, ders) in [("Certs", &data.certificates), ("CRLs", &data.crls)] {
        let known = held(draft, store, key)?;
        for der in ders.iter().filter(|der| !known.contains(*der)) {
            let dictionary = Dictionary::new().with("Filter", Object::name("FlateDecode"));
            let object = draft.add(&stream(dictionary, zlib(der, LEVEL)))?;
            draft.push(store, key, object)?;
        }
    }
    Ok(())
}

/// What the store has under a key already.
fn held(draft: &mut Draft<'_, '_>, store: Home, key: &'static str) -> Result<HashSet<Vec<u8>>, SignError> {
    let view = draft.view();
    let value = draft.dictionary(store, "DSS")?.get(key).cloned();
    let mut held = HashSet::new();
    if let Object::Array(streams) = view.resolve(&value.unwrap_or(Object::Null))? {
        for stream in &streams {
            if let Object::Stream(stream) = view.resolve(stream)? {
                held.insert(view.decoded(&stream)?);
            }
        }
    }
    Ok(held)
}
