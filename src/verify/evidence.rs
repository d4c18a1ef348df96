//! What a document brings along for its own validation: the certificates, revocation lists and status responses of its document
//! security store (ETSI EN 319 142-1 clause 5.4.2.2), those under `VRI` too. Nothing is believed of them; they only help to find
//! and judge paths.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::pdf::{Dictionary, Object, View};
use crate::trust::{Allowance, Existence};
use crate::x509::{Certificate, Crl, OcspResponse};

/// Most objects of one kind that are read from one document: ten signers with chains of ten.
pub(super) const MAX_OBJECTS: usize = 100;

/// Certificates, lists and responses that came with a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    pub(super) certificates: Vec<Certificate>,
    pub(super) crls: Vec<Crl>,
    pub(super) ocsp_responses: Vec<OcspResponse>,
    /// What is left of the work that the document may cost.
    pub(super) allowance: Arc<Allowance>,
}

impl Evidence {
    /// What the security store of a document holds. What cannot be read there is left out: it proves nothing.
    pub(super) fn of(view: &View<'_, '_>) -> Self {
        let Some(store) = Store::of(view) else {
            return Self::default();
        };
        let certificates = store.streams("Certs", "Cert");
        let crls = store.streams("CRLs", "CRL");
        let responses = store.streams("OCSPs", "OCSP");
        Self {
            certificates: read(&certificates, |der| Certificate::from_der(der).ok()),
            crls: read(&crls, |der| Crl::from_der(der).ok()),
            ocsp_responses: read(&responses, |der| OcspResponse::from_der(der).ok()),
            allowance: Arc::default(),
        }
    }

    /// With certificates of a message added.
    pub(super) fn with_certificates(&self, ders: &[Vec<u8>]) -> Self {
        let mut all = self.clone();
        all.certificates.extend(
            ders.iter()
                .take(MAX_OBJECTS)
                .filter_map(|der| Certificate::from_der(der).ok()),
        );
        all
    }

    /// Whether there is anything from which revocation can be judged.
    pub(super) fn has_revocation_data(&self) -> bool {
        !self.crls.is_empty() || !self.ocsp_responses.is_empty()
    }

    /// The certificates in DER.
    pub(super) fn certificates_der(&self) -> Vec<Vec<u8>> {
        self.certificates
            .iter()
            .map(|certificate| certificate.der().to_vec())
            .collect()
    }

    /// Adds the proof that all of it existed at `time`.
    pub(super) fn prove(&self, proofs: &mut Existence, time: DateTime<Utc>) {
        let certificates = self.certificates.iter().map(Certificate::fingerprint);
        let crls = self.crls.iter().map(Crl::fingerprint);
        let responses = self.ocsp_responses.iter().map(OcspResponse::fingerprint);
        for fingerprint in certificates.chain(crls).chain(responses) {
            proofs.prove(*fingerprint, time);
        }
    }
}

fn read<T>(ders: &[Vec<u8>], read: impl Fn(&[u8]) -> Option<T>) -> Vec<T> {
    ders.iter().filter_map(|der| read(der)).collect()
}

/// A document security store (ISO 32000-2 clause 12.8.4.3).
struct Store<'v> {
    view: &'v View<'v, 'v>,
    dictionary: Dictionary,
    /// What it has for single signatures.
    by_signature: Vec<Dictionary>,
}

impl<'v> Store<'v> {
    fn of(view: &'v View<'v, 'v>) -> Option<Self> {
        let catalog = view.catalog().ok()?;
        let Object::Dictionary(dictionary) = view.get(&catalog, "DSS").ok()? else {
            return None;
        };
        let by_signature = match view.get(&dictionary, "VRI") {
            Ok(Object::Dictionary(entries)) => {
                let entries = entries
                    .iter()
                    .take(MAX_OBJECTS)
                    .filter_map(|(_, entry)| view.resolve(entry).ok());
                entries
                    .filter_map(|entry| match entry {
                        Object::Dictionary(entry) => Some(entry),
                        _ => None,
                    })
                    .collect()
            }
            _ => Vec::new(),
        };
        Some(Self {
            view,
            dictionary,
            by_signature,
        })
    }

    /// The streams in the list of that name, and in those of single signatures, each once.
    fn streams(&self, key: &str, key_by_signature: &str) -> Vec<Vec<u8>> {
        let lists = [(&self.dictionary, key)].into_iter();
        let lists = lists.chain(self.by_signature.iter().map(|entry| (entry, key_by_signature)));
        let entries = lists.filter_map(|(dictionary, key)| match self.view.get(dictionary, key) {
            Ok(Object::Array(entries)) => Some(entries),
            _ => None,
        });
        let mut seen = HashSet::new();
        let mut streams = Vec::new();
        for entry in entries.flatten() {
            let known = entry.as_reference().is_some_and(|reference| !seen.insert(reference));
            if known || streams.len() == MAX_OBJECTS {
                continue;
            }
            if let Ok(Object::Stream(stream)) = self.view.resolve(&entry) {
                streams.extend(self.view.decoded(&stream).ok());
            }
        }
        streams
    }
}
