//! What a document brings along for its own validation: the certificates, revocation lists and status responses of its document
//! security store (ETSI EN 319 142-1 clause 5.4.2.2), those under `VRI` too. Nothing is believed of them; they only help to find
//! and judge paths.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::intake::{Intake, MAX_CERTIFICATE_BYTES, MAX_LIST_BYTES};
use crate::cms::SignerInfo;
use crate::pdf::{Dictionary, Object, PdfError, View};
use crate::trust::{Allowance, Existence};
use crate::x509::{Certificate, Crl, MAX_OCSP_RESPONSE_BYTES, OcspResponse};

/// Most objects of one kind that are read from one document: ten signers with chains of ten.
pub(super) const MAX_OBJECTS: usize = 100;

/// Certificates, lists and responses that came with a document. What strangers send is read through the [`Intake`] alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    pub(super) certificates: Vec<Certificate>,
    pub(super) crls: Vec<Crl>,
    pub(super) ocsp_responses: Vec<OcspResponse>,
    /// What is left of the work that the document may cost.
    pub(super) allowance: Arc<Allowance>,
    intake: Arc<Intake>,
}

impl Evidence {
    /// What the security store of a document holds. What cannot be read there is left out: it proves nothing.
    pub(super) fn of(view: &View<'_, '_>) -> Self {
        Self::default().in_store_of(view)
    }

    /// What the security store of another revision of the same document holds.
    pub(super) fn in_store_of(&self, view: &View<'_, '_>) -> Self {
        let mut read = Self {
            allowance: Arc::clone(&self.allowance),
            intake: Arc::clone(&self.intake),
            ..Self::default()
        };
        if let Some(store) = Store::of(view, &self.intake) {
            let intake = &self.intake;
            read.certificates = store.read(["Certs", "Cert"], MAX_CERTIFICATE_BYTES, |der| intake.certificate(der));
            read.crls = store.read(["CRLs", "CRL"], MAX_LIST_BYTES, |der| intake.list(der));
            read.ocsp_responses = store.read(["OCSPs", "OCSP"], MAX_OCSP_RESPONSE_BYTES, |der| intake.response(der));
        }
        read
    }

    /// Whether the document carries more than is read of one.
    pub(super) fn is_incomplete(&self) -> bool {
        self.intake.has_left_out()
    }

    /// With certificates of a message added.
    pub(super) fn with_certificates(&self, ders: &[Vec<u8>]) -> Self {
        let mut all = self.clone();
        let read = ders.iter().take(MAX_OBJECTS);
        all.certificates
            .extend(read.filter_map(|der| self.intake.certificate(der)));
        all
    }

    /// Whether there is anything from which revocation can be judged.
    pub(super) fn has_revocation_data(&self) -> bool {
        !self.crls.is_empty() || !self.ocsp_responses.is_empty()
    }

    /// The certificates among which that of a signer can be, in DER.
    pub(super) fn possible_for(&self, signer: &SignerInfo) -> Vec<Vec<u8>> {
        let named = signer.possible(&self.certificates).into_iter();
        named.map(|certificate| certificate.der().to_vec()).collect()
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

/// A document security store (ISO 32000-2 clause 12.8.4.3).
struct Store<'v> {
    view: &'v View<'v, 'v>,
    intake: &'v Intake,
    dictionary: Dictionary,
    /// What it has for single signatures.
    by_signature: Vec<Dictionary>,
}

impl<'v> Store<'v> {
    fn of(view: &'v View<'v, 'v>, intake: &'v Intake) -> Option<Self> {
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
            intake,
            dictionary,
            by_signature,
        })
    }

    /// What is in the list of the first name, and in those of the second of single signatures, each once; a stream that decodes to
    /// more than `limit` bytes is not read.
    fn read<T>(&self, [key, key_by_signature]: [&str; 2], limit: usize, read: impl Fn(&[u8]) -> Option<T>) -> Vec<T> {
        let lists = [(&self.dictionary, key)].into_iter();
        let lists = lists.chain(self.by_signature.iter().map(|entry| (entry, key_by_signature)));
        let entries = lists.filter_map(|(dictionary, key)| match self.view.get(dictionary, key) {
            Ok(Object::Array(entries)) => Some(entries),
            _ => None,
        });
        let mut seen = HashSet::new();
        let mut objects = Vec::new();
        let mut streams = 0;
        for entry in entries.flatten() {
            let known = entry.as_reference().is_some_and(|reference| !seen.insert(reference));
            if known || streams == MAX_OBJECTS {
                continue;
            }
            if let Ok(Object::Stream(stream)) = self.view.resolve(&entry) {
                streams += 1;
                match self.view.decoded_within(&stream, limit) {
                    Ok(der) => objects.extend(read(&der)),
                    Err(PdfError::Limit(_)) => self.intake.leave_out(),
                    Err(_) => {}
                }
            }
        }
        objects
    }
}
