//! What a document brings along for its own validation: the certificates and revocation lists of its document security store
//! (ETSI EN 319 142-1 clause 5.4.2.2). Nothing is believed of them; they only help to find and judge paths.

use crate::pdf::{Dictionary, Object, PdfFile, View};
use crate::x509::{Certificate, Crl};

/// Most certificates, and most lists, that are read from one document: ten signers with chains of ten.
pub(super) const MAX_OBJECTS: usize = 100;

/// Certificates and lists that came with a document.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) certificates: Vec<Certificate>,
    pub(super) crls: Vec<Crl>,
}

impl Evidence {
    /// What the latest security store of the document holds. What cannot be read there is left out: it proves nothing.
    pub(super) fn of(file: &PdfFile<'_>) -> Self {
        let view = file.latest();
        let store = view.catalog().ok().and_then(|catalog| view.get(&catalog, "DSS").ok());
        let Some(Object::Dictionary(store)) = store else {
            return Self::default();
        };
        let certificates = streams(&view, &store, "Certs");
        let crls = streams(&view, &store, "CRLs");
        Self {
            certificates: certificates
                .iter()
                .filter_map(|der| Certificate::from_der(der).ok())
                .collect(),
            crls: crls.iter().filter_map(|der| Crl::from_der(der).ok()).collect(),
        }
    }

    /// With certificates of a message added.
    pub(super) fn with_certificates(&self, ders: &[Vec<u8>]) -> Self {
        let others = ders
            .iter()
            .take(MAX_OBJECTS)
            .filter_map(|der| Certificate::from_der(der).ok());
        Self {
            certificates: self.certificates.iter().cloned().chain(others).collect(),
            crls: self.crls.clone(),
        }
    }

    /// Whether there is anything from which revocation can be judged.
    pub(super) fn has_revocation_data(&self) -> bool {
        !self.crls.is_empty()
    }

    /// The certificates in DER.
    pub(super) fn certificates_der(&self) -> Vec<Vec<u8>> {
        self.certificates
            .iter()
            .map(|certificate| certificate.der().to_vec())
            .collect()
    }
}

fn streams(view: &View<'_, '_>, store: &Dictionary, key: &str) -> Vec<Vec<u8>> {
    let Ok(Object::Array(entries)) = view.get(store, key) else {
        return Vec::new();
    };
    let stream = |entry: &Object| match view.resolve(entry) {
        Ok(Object::Stream(stream)) => view.decoded(&stream).ok(),
        _ => None,
    };
    entries.iter().take(MAX_OBJECTS).filter_map(stream).collect()
}
