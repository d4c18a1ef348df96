//! The document security store (ISO 32000-2 section 12.8.4.3; ETSI EN 319 142-1 section 5.4.2): what is there stays,
//! what is new is added. Where data are added for several signatures that are there, the store says which belong to
//! which (VRI, ISO 32000-2 section 12.8.4.4). A signature with which its data come cannot be told of: its name in the
//! store is a digest of it.

use std::collections::{BTreeMap, HashMap};

use super::appearance::stream;
use super::draft::{Draft, Home};
use crate::draw::deflate::zlib;
use crate::pdf::{Dictionary, Object, Reference};
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
    /// Answers about the status of certificates (RFC 6960 section 4.2.1).
    pub ocsp_responses: Vec<Vec<u8>>,
}

/// Validation data for a document that is signed, and by what of it single signatures are judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentValidation {
    /// What is told of no signature alone.
    pub data: ValidationData,
    /// By the key of a signature in the store
    /// ([`SignatureField::validation_key`](crate::pdf::SignatureField::validation_key)).
    pub of_signatures: BTreeMap<String, ValidationData>,
}

impl DocumentValidation {
    /// All data, those for the whole document first.
    pub fn parts(&self) -> impl Iterator<Item = &ValidationData> {
        std::iter::once(&self.data).chain(self.of_signatures.values())
    }
}

impl From<ValidationData> for DocumentValidation {
    /// Data that are told of no signature alone.
    fn from(data: ValidationData) -> Self {
        Self {
            data,
            of_signatures: BTreeMap::new(),
        }
    }
}

/// The streams of the store, by what they hold.
type Places = HashMap<Vec<u8>, Reference>;

impl ValidationData {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, _, list)| list.is_empty())
    }

    /// Takes in what another has.
    pub fn extend(&mut self, other: Self) {
        for (own, others) in [
            (&mut self.certificates, other.certificates),
            (&mut self.crls, other.crls),
            (&mut self.ocsp_responses, other.ocsp_responses),
        ] {
            for der in others {
                if !own.contains(&der) {
                    own.push(der);
                }
            }
        }
    }

    /// Everything, DER.
    pub fn all(&self) -> impl Iterator<Item = &[u8]> {
        let lists = [&self.certificates, &self.crls, &self.ocsp_responses];
        lists.into_iter().flatten().map(Vec::as_slice)
    }

    /// What it has, with the keys in the store and in the entry of a signature.
    fn lists(&self) -> [(&'static str, &'static str, &[Vec<u8>]); 3] {
        [
            ("Certs", "Cert", &self.certificates),
            ("CRLs", "CRL", &self.crls),
            ("OCSPs", "OCSP", &self.ocsp_responses),
        ]
    }
}

/// Adds validation data to the store of a document.
pub(super) fn add(draft: &mut Draft<'_, '_>, data: &ValidationData) -> Result<(), SignError> {
    put(draft, data).map(drop)
}

/// The same, and says what belongs to which signature.
pub(super) fn add_by_signature(draft: &mut Draft<'_, '_>, validation: &DocumentValidation) -> Result<(), SignError> {
    let mut all = validation.data.clone();
    for data in validation.of_signatures.values() {
        all.extend(data.clone());
    }
    let places = put(draft, &all)?;
    let of_signatures = validation.of_signatures.iter();
    let entries = of_signatures.map(|(key, data)| (key, entry(data, &places)));
    let entries: Vec<_> = entries.filter(|(_, entry)| !entry.is_empty()).collect();
    match entries.is_empty() {
        true => Ok(()),
        false => tell(draft, entries),
    }
}

/// Puts in what is not there, and says where all of it is.
fn put(draft: &mut Draft<'_, '_>, data: &ValidationData) -> Result<Places, SignError> {
    let mut places = Places::new();
    if data.is_empty() {
        return Ok(places);
    }
    let store = draft.home_in_catalog("DSS")?;
    for (key, _, ders) in data.lists() {
        let known = held(draft, store, key)?;
        for der in ders {
            let place = match known.get(der) {
                Some(place) => *place,
                None => {
                    let dictionary = Dictionary::new().with("Filter", Object::name("FlateDecode"));
                    let object = draft.add(&stream(dictionary, zlib(der, LEVEL)))?;
                    draft.push(store, key, object)?;
                    object
                }
            };
            places.insert(der.clone(), place);
        }
    }
    Ok(places)
}

/// What the store has under a key already.
fn held(draft: &mut Draft<'_, '_>, store: Home, key: &'static str) -> Result<Places, SignError> {
    let view = draft.view();
    let value = draft.dictionary(store, "DSS")?.get(key).cloned();
    let mut held = Places::new();
    if let Object::Array(streams) = view.resolve(&value.unwrap_or(Object::Null))? {
        for stream in &streams {
            if let (Some(place), Object::Stream(stream)) = (stream.as_reference(), view.resolve(stream)?) {
                held.insert(view.decoded(&stream)?, place);
            }
        }
    }
    Ok(held)
}

/// The entry of a signature (ISO 32000-2 table 262): a choice of what the store has.
fn entry(data: &ValidationData, places: &Places) -> Dictionary {
    let mut entry = Dictionary::new();
    for (_, key, ders) in data.lists() {
        let chosen: Vec<_> = ders
            .iter()
            .filter_map(|der| places.get(der))
            .copied()
            .map(Object::Reference)
            .collect();
        if !chosen.is_empty() {
            entry.set(key, Object::Array(chosen));
        }
    }
    entry
}

/// Enters signatures that the store does not tell of yet; what it says of others stays.
fn tell(draft: &mut Draft<'_, '_>, entries: Vec<(&String, Dictionary)>) -> Result<(), SignError> {
    let store = draft.home_in_catalog("DSS")?;
    let view = draft.view();
    let present = draft
        .dictionary(store, "DSS")?
        .get("VRI")
        .cloned()
        .unwrap_or(Object::Null);
    let (mut told, own_object) = match view.resolve(&present)? {
        Object::Null => (Dictionary::new(), None),
        Object::Dictionary(told) => (told, present.as_reference()),
        _ => return Err(SignError::Structure("VRI")),
    };
    for (key, entry) in entries {
        if told.get(key).is_none() {
            told.set(key, Object::Dictionary(entry));
        }
    }
    match own_object {
        Some(reference) => *draft.dictionary(Home::Object(reference), "VRI")? = told,
        None => draft.dictionary(store, "DSS")?.set("VRI", Object::Dictionary(told)),
    }
    Ok(())
}
