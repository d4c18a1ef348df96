//! What a document brings along for its own validation: the certificates, revocation lists and status responses of its
//! document security store (ETSI EN 319 142-1 clause 5.4.2.2), those under `VRI` too, and those inside its messages.
//! Nothing is believed of them; they only help to find and judge paths.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::intake::{Intake, MAX_CERTIFICATE_BYTES, MAX_LIST_BYTES};
use super::replay::Consulted;
use super::report::ValidationInformation;
use crate::cms::timestamp::TimeStampToken;
use crate::cms::{SignedData, SignerInfo};
use crate::crypto::KeyKind;
use crate::pdf::text::decode_date;
use crate::pdf::{Dictionary, Limits, Object, PdfError, PdfFile, ReadAt, SignatureField, View};
use crate::problem::Problem;
use crate::trust::{Allowance, Existence, LinkCache};
use crate::x509::{Certificate, Crl, MAX_OCSP_RESPONSE_BYTES, OcspAnswer, OcspResponse};

/// Most objects of one kind that are read of the security store of a document, and of one message: ten signers with
/// chains of ten.
pub(super) const MAX_OBJECTS: usize = 100;
/// Largest time stamp of a store, in bytes: one with a chain of ten certificates has twenty thousand.
const MAX_STAMP_BYTES: usize = 64 << 10;
/// Most certificates of one path that are followed among those of a document.
const MAX_CHAIN: usize = 16;

/// Certificates, lists and responses that came with a document. What strangers send is read through the [`Intake`]
/// alone.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    pub(super) certificates: Vec<Certificate>,
    pub(super) crls: Vec<Crl>,
    pub(super) ocsp_responses: Vec<OcspResponse>,
    /// What is left of the work that the document may cost.
    pub(super) allowance: Arc<Allowance>,
    /// What was consulted so far, for whoever judges it again.
    pub(super) consulted: Arc<Consulted>,
    intake: Arc<Intake>,
}

impl Evidence {
    /// What the security store of a document holds. What cannot be read there is left out: it proves nothing.
    pub(super) fn of(view: &View<'_, '_>, known: &Arc<LinkCache>) -> Self {
        let empty = Self {
            intake: Arc::new(Intake::new(Arc::clone(known))),
            ..Self::default()
        };
        empty.in_store_of(view)
    }

    /// What the security store of another revision of the same document holds.
    pub(super) fn in_store_of(&self, view: &View<'_, '_>) -> Self {
        let mut read = self.emptied();
        if let Some(store) = Store::of(view, &self.intake) {
            let intake = &self.intake;
            let leave_out = || intake.leave_out();
            let certificates = (["Certs", "Cert"], MAX_CERTIFICATE_BYTES);
            read.certificates = store.read(certificates, |der| intake.certificate(der), leave_out);
            let lists = (["CRLs", "CRL"], MAX_LIST_BYTES);
            read.crls = store.read(lists, |der| intake.list(der), || intake.leave_out_list());
            let responses = (["OCSPs", "OCSP"], MAX_OCSP_RESPONSE_BYTES);
            read.ocsp_responses = store.read(responses, |der| intake.response(der), leave_out);
        }
        read
    }

    /// Whether the document carries more than is read of one.
    pub(super) fn is_incomplete(&self) -> bool {
        self.intake.has_left_out()
    }

    /// Why the state of a certificate is not known, where the list that tells it may be one that was not read.
    pub(super) fn explain_silence(&self, reason: &mut Problem) {
        let has_no_list =
            reason.code == "no-revocation-data" && reason.params.get("why").is_some_and(|why| why == "no-list");
        if has_no_list && self.intake.has_left_out_list() {
            reason.code = "revocation-list-left-out";
            reason.params.remove("why");
            reason.params.insert("limit", MAX_LIST_BYTES.to_string());
        }
    }

    /// Nothing yet, of the same document.
    fn emptied(&self) -> Self {
        Self {
            allowance: Arc::clone(&self.allowance),
            consulted: Arc::clone(&self.consulted),
            intake: Arc::clone(&self.intake),
            ..Self::default()
        }
    }

    /// With all that a message carries: certificates, revocation lists and status responses beside its signer (RFC 5652
    /// section 10.2, RFC 5940), and those that the signer signed along; each once.
    pub(super) fn with_message(&self, message: &SignedData) -> Self {
        let mut all = self.clone();
        all.add(self.in_message(message));
        all
    }

    /// The fingerprints of all that a message carries.
    pub(super) fn fingerprints_in(&self, message: &SignedData) -> Vec<[u8; 32]> {
        self.in_message(message).fingerprints().copied().collect()
    }

    /// What a message carries, alone.
    fn in_message(&self, message: &SignedData) -> Self {
        let mut carried = self.emptied();
        let read = first_of(message.certificates.iter(), || self.intake.leave_out());
        carried
            .certificates
            .extend(read.filter_map(|der| self.intake.certificate(der)));
        carried.add_revocation_data(&message.crls, &message.ocsp_responses);
        for signer in &message.signers {
            let signed = signer.revocation_values();
            carried.add_revocation_data(&signed.crls, &signed.responses);
        }
        carried
    }

    /// Adds what is not there yet.
    fn add(&mut self, other: Self) {
        let mut known: HashSet<[u8; 32]> = self.fingerprints().copied().collect();
        let certificates = other.certificates.into_iter();
        self.certificates
            .extend(certificates.filter(|certificate| known.insert(*certificate.fingerprint())));
        let crls = other.crls.into_iter();
        self.crls.extend(crls.filter(|list| known.insert(*list.fingerprint())));
        let responses = other.ocsp_responses.into_iter();
        self.ocsp_responses
            .extend(responses.filter(|response| known.insert(*response.fingerprint())));
    }

    /// What a signer signed along, alone.
    pub(super) fn signed_along(&self, signer: &SignerInfo) -> Self {
        let mut signed = self.emptied();
        let values = signer.revocation_values();
        signed.add_revocation_data(&values.crls, &values.responses);
        signed
    }

    fn add_revocation_data(&mut self, crls: &[Vec<u8>], responses: &[Vec<u8>]) {
        let crls = first_of(crls.iter(), || self.intake.leave_out_list());
        self.crls.extend(crls.filter_map(|der| self.intake.list(der)));
        let responses = first_of(responses.iter(), || self.intake.leave_out());
        self.ocsp_responses
            .extend(responses.filter_map(|der| self.intake.response(der)));
    }

    /// A certificate with all that came along and may have issued it, by their names, one above the other.
    pub(super) fn issuers_of(&self, certificate: &Certificate) -> Vec<Certificate> {
        let mut chain = vec![certificate.clone()];
        let mut place = 0;
        while let Some(issuer) = chain.get(place).map(|lower| lower.issuer().clone()) {
            let above = self.certificates.iter().filter(|other| *other.subject() == issuer);
            for other in above {
                if chain.len() < MAX_CHAIN && !chain.contains(other) {
                    chain.push(other.clone());
                }
            }
            place += 1;
        }
        chain
    }

    /// Whether there is something from which revocation may be judged for `certificate` and for every authority above
    /// it that came along, up to one that issued itself, as in each licence that we issue. That is about the form
    /// alone: whether it is signed by whom it names, says anything good, and of when, is not asked, and no level
    /// follows from it.
    pub(super) fn tells_revocation_of(&self, certificate: &Certificate) -> bool {
        let mut current = certificate;
        for _ in 0..MAX_CHAIN {
            if current.is_self_issued() {
                return true;
            }
            let issuer = self
                .certificates
                .iter()
                .find(|other| other.subject() == current.issuer());
            let by_list = self.crls.iter().any(|list| list.issuer() == current.issuer());
            let of_it = |answer: &OcspAnswer| match issuer {
                Some(issuer) => answer.id.names(current, issuer),
                None => answer.id.serial == *current.serial(),
            };
            let by_response = || {
                let mut responses = self.ocsp_responses.iter().map(OcspResponse::answers);
                responses.any(|answers| self.allowance.comparisons(answers.len()) && answers.iter().any(of_it))
            };
            if !by_list && !by_response() {
                return false;
            }
            match issuer {
                Some(issuer) => current = issuer,
                None => return true,
            }
        }
        false
    }

    /// The certificates among which that of a signer can be, in DER.
    pub(super) fn possible_for(&self, signer: &SignerInfo) -> Vec<&[u8]> {
        let named = signer.possible(&self.certificates).into_iter();
        named.map(Certificate::der).collect()
    }

    /// Whether one more message, time stamp or seal of the document may be looked at.
    pub(super) fn may_read(&self) -> bool {
        self.allowance.message()
    }

    /// Whether one more of their signatures may be checked with a key of this kind.
    pub(super) fn may_check(&self, kind: KeyKind) -> bool {
        self.allowance.signature_check(kind)
    }

    /// Adds the proof that all of it existed at `time`.
    pub(super) fn prove(&self, proofs: &mut Existence, time: DateTime<Utc>) {
        for fingerprint in self.fingerprints() {
            proofs.prove(*fingerprint, time);
        }
    }

    /// Whether it has the certificate, list or response with this fingerprint.
    pub(super) fn has(&self, fingerprint: &[u8; 32]) -> bool {
        self.fingerprints().any(|one| one == fingerprint)
    }

    fn fingerprints(&self) -> impl Iterator<Item = &[u8; 32]> {
        let certificates = self.certificates.iter().map(Certificate::fingerprint);
        let crls = self.crls.iter().map(Crl::fingerprint);
        let responses = self.ocsp_responses.iter().map(OcspResponse::fingerprint);
        certificates.chain(crls).chain(responses)
    }
}

/// As many of these as are read; where there are more, that is told.
fn first_of<T>(objects: impl ExactSizeIterator<Item = T>, leave_out: impl FnOnce()) -> impl Iterator<Item = T> {
    if objects.len() > MAX_OBJECTS {
        leave_out();
    }
    objects.take(MAX_OBJECTS)
}

/// The validation data in the security store of a document that are read to judge it, by SHA-256.
///
/// # Errors
/// Where the document cannot be read.
pub fn read_of_store(document: &dyn ReadAt) -> Result<HashSet<[u8; 32]>, PdfError> {
    let file = PdfFile::open(document, &Limits::UPLOAD)?;
    let evidence = Evidence::of(&file.latest(), &Arc::default());
    Ok(evidence.fingerprints().copied().collect())
}

/// What the security store has for one signature alone (ISO 32000-2 clause 12.8.4.4).
pub(super) fn of_signature(view: &View<'_, '_>, signature: &SignatureField) -> Option<ValidationInformation> {
    let catalog = view.catalog().ok()?;
    let entry = |dictionary: &Dictionary, key: &str| match view.get(dictionary, key) {
        Ok(Object::Dictionary(entry)) => Some(entry),
        _ => None,
    };
    let by_signature = entry(&entry(&catalog, "DSS")?, "VRI")?;
    let keys = signature.validation_keys();
    let entry = keys.iter().find_map(|key| entry(&by_signature, key))?;
    let count = |key: &str| match view.get(&entry, key) {
        Ok(Object::Array(entries)) => entries.len(),
        _ => 0,
    };
    let stamp = match view.get(&entry, "TS") {
        Ok(Object::Stream(stream)) => view.decoded_within(&stream, MAX_STAMP_BYTES).ok(),
        _ => None,
    };
    let stamp = stamp.and_then(|der| TimeStampToken::parse(&der).ok());
    let made = view.get(&entry, "TU").ok();
    Some(ValidationInformation {
        certificates: count("Cert"),
        crls: count("CRL"),
        ocsp_responses: count("OCSP"),
        made: made.as_ref().and_then(Object::as_string).and_then(decode_date),
        stamped: stamp.map(|token| token.info.time),
    })
}

/// A document security store (ISO 32000-2 clause 12.8.4.3).
struct Store<'v> {
    view: &'v View<'v, 'v>,
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
            Ok(Object::Dictionary(entries)) => first_of(entries.iter(), || intake.leave_out_list())
                .filter_map(|(_, entry)| view.resolve(entry).ok())
                .filter_map(|entry| match entry {
                    Object::Dictionary(entry) => Some(entry),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        Some(Self {
            view,
            dictionary,
            by_signature,
        })
    }

    /// What is in the list of the first name, and in those of the second of single signatures, each once; a stream that
    /// decodes to more than `limit` bytes is left out.
    fn read<T>(
        &self,
        ([key, key_by_signature], limit): ([&str; 2], usize),
        read: impl Fn(&[u8]) -> Option<T>,
        leave_out: impl Fn(),
    ) -> Vec<T> {
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
            if known {
                continue;
            }
            if streams == MAX_OBJECTS {
                leave_out();
                break;
            }
            if let Ok(Object::Stream(stream)) = self.view.resolve(&entry) {
                streams += 1;
                match self.view.decoded_within(&stream, limit) {
                    Ok(der) => objects.extend(read(&der)),
                    Err(PdfError::Limit(_)) => leave_out(),
                    Err(_) => {}
                }
            }
        }
        objects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_carries_beyond_what_is_read_of_one_is_told() {
        let carried = vec![vec![0]; MAX_OBJECTS + 1];
        let read = |lists: &[Vec<u8>], responses: &[Vec<u8>]| {
            let mut evidence = Evidence::default();
            evidence.add_revocation_data(lists, responses);
            (evidence.is_incomplete(), evidence.intake.has_left_out_list())
        };
        assert_eq!(read(&carried[1..], &carried[1..]), (false, false));
        assert_eq!(read(&carried, &[]), (true, true));
        assert_eq!(read(&[], &carried), (true, false));
    }
}
