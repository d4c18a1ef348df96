//! What is read of a document to judge it by: certificates, revocation lists and status responses, wherever they stand
//! in it. Each is read once, however often it is carried, and all of them together within bounds: a few thousand bytes
//! of a file may decode to hundreds of millions of a list.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::crypto::DigestAlgorithm;
use crate::trust::LinkCache;
use crate::x509::{Certificate, Crl, MAX_OCSP_RESPONSE_BYTES, OcspResponse};

/// Largest certificate, in bytes. Those in use have one or two thousand, those with post-quantum keys and signatures up
/// to twenty.
pub(super) const MAX_CERTIFICATE_BYTES: usize = 32 << 10;

/// Largest list, in bytes: a hundred thousand entries of about 40.
pub(super) const MAX_LIST_BYTES: usize = 4 << 20;

/// Bytes of everything that is read of one document: two lists at their limit, or ten signers with chains of ten and
/// the lists of all. They take half a second.
pub(super) const MAX_BYTES: usize = 8 << 20;

/// Objects of all kinds that are read of one document: thirty signatures with a time stamp each and chains of ten.
pub(super) const MAX_OBJECTS_READ: usize = 600;

/// Reads what a document carries; what cannot be read, or would go beyond the bounds, is left out.
#[derive(Debug, Default)]
pub(super) struct Intake {
    taken: Mutex<Taken>,
    /// Certificates that were read for other documents.
    known: Arc<LinkCache>,
}

/// What was read so far, by SHA-256 of the encoding.
#[derive(Debug, Default)]
struct Taken {
    bytes: usize,
    objects: usize,
    left_out: bool,
    certificates: Known<Certificate>,
    lists: Known<Crl>,
    responses: Known<OcspResponse>,
}

/// `None` for what cannot be read.
type Known<T> = HashMap<[u8; 32], Option<T>>;

impl Intake {
    /// Nothing read yet.
    pub(super) fn new(known: Arc<LinkCache>) -> Self {
        Self {
            taken: Mutex::default(),
            known,
        }
    }

    /// A certificate.
    pub(super) fn certificate(&self, der: &[u8]) -> Option<Certificate> {
        let read = |der: &[u8]| self.known.certificate(der).ok();
        self.take(der, MAX_CERTIFICATE_BYTES, |taken| &mut taken.certificates, read)
    }

    /// A revocation list.
    pub(super) fn list(&self, der: &[u8]) -> Option<Crl> {
        self.take(
            der,
            MAX_LIST_BYTES,
            |taken| &mut taken.lists,
            |der| Crl::from_der(der).ok(),
        )
    }

    /// A status response.
    pub(super) fn response(&self, der: &[u8]) -> Option<OcspResponse> {
        let read = |der: &[u8]| OcspResponse::from_der(der).ok();
        self.take(der, MAX_OCSP_RESPONSE_BYTES, |taken| &mut taken.responses, read)
    }

    /// Remembers that something was not read for its size.
    pub(super) fn leave_out(&self) {
        self.taken().left_out = true;
    }

    /// Whether something was not read for its size, or for that of what was read before.
    pub(super) fn has_left_out(&self) -> bool {
        self.taken().left_out
    }

    fn take<T: Clone>(
        &self,
        der: &[u8],
        limit: usize,
        known: impl Fn(&mut Taken) -> &mut Known<T>,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let mut taken = self.taken();
        if der.len() > limit {
            taken.left_out = true;
            return None;
        }
        let fingerprint = DigestAlgorithm::Sha256.digest(der).first_32();
        if let Some(known) = known(&mut taken).get(&fingerprint) {
            return known.clone();
        }
        if taken.bytes + der.len() > MAX_BYTES || taken.objects == MAX_OBJECTS_READ {
            taken.left_out = true;
            return None;
        }
        taken.bytes += der.len();
        taken.objects += 1;
        let object = read(der);
        known(&mut taken).insert(fingerprint, object.clone());
        object
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Objects and bytes that were read, and whether something was not.
    fn counted(intake: &Intake) -> (usize, usize, bool) {
        let taken = intake.taken();
        (taken.objects, taken.bytes, taken.left_out)
    }

    #[test]
    fn what_is_carried_again_is_neither_read_nor_counted_again() {
        let intake = Intake::default();
        (0..3).for_each(|_| assert_eq!(intake.certificate(b"no certificate"), None));
        assert_eq!(counted(&intake), (1, 14, false));
    }

    #[test]
    fn nothing_is_read_beyond_the_bytes_and_objects_of_a_document_nor_above_its_own_size() {
        let large = Intake::default();
        assert!(large.certificate(&vec![0; MAX_CERTIFICATE_BYTES + 1]).is_none());
        assert_eq!(counted(&large), (0, 0, true));

        let heavy = Intake::default();
        let list = |number: u8| heavy.list(&[vec![0; MAX_LIST_BYTES - 1], vec![number]].concat());
        (0..4).for_each(|number| assert!(list(number).is_none()));
        assert_eq!(counted(&heavy), (2, MAX_BYTES, true));

        let many = Intake::default();
        (0..=MAX_OBJECTS_READ).for_each(|number| assert!(many.response(&number.to_be_bytes()).is_none()));
        assert_eq!(
            counted(&many),
            (MAX_OBJECTS_READ, MAX_OBJECTS_READ * size_of::<usize>(), true)
        );
    }
}
