//! What is read of a document to judge it by: certificates, revocation lists and status responses, wherever they stand
//! in it. Each is read once, however often it is carried, and all of them together within bounds: a few thousand bytes
//! of a file may decode to hundreds of millions of a list.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::crypto::DigestAlgorithm;
use crate::trust::LinkCache;
use crate::x509::{Certificate, Crl, MAX_OCSP_RESPONSE_BYTES, OcspResponse};

/// Largest certificate that is read of a document, in bytes. Those in use have one or two thousand, those with
/// post-quantum keys and signatures up to twenty.
pub const MAX_CERTIFICATE_BYTES: usize = 32 << 10;

/// Largest revocation list that is read of a document, in bytes: a hundred thousand entries of about 40.
pub const MAX_LIST_BYTES: usize = 4 << 20;

/// Bytes of everything that is read of one document: two lists at their limit, or ten signers with chains of ten and
/// the lists of all. They take half a second.
pub const MAX_EVIDENCE_BYTES: usize = 8 << 20;

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
    /// Whether lists are among what was left out.
    lists_left_out: bool,
    certificates: Known<Certificate>,
    lists: Known<Crl>,
    responses: Known<OcspResponse>,
}

/// Something is beyond what is read of a document.
struct LeftOut;

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
        let read = |der: &[u8]| Crl::from_der(der).ok();
        match self.may_take(der, MAX_LIST_BYTES, |taken| &mut taken.lists, read) {
            Ok(list) => list,
            Err(LeftOut) => {
                self.leave_out_list();
                None
            }
        }
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

    /// Remembers that a list was not.
    pub(super) fn leave_out_list(&self) {
        let mut taken = self.taken();
        taken.left_out = true;
        taken.lists_left_out = true;
    }

    /// Whether something was not read for its size, or for that of what was read before.
    pub(super) fn has_left_out(&self) -> bool {
        self.taken().left_out
    }

    /// Whether a list was not.
    pub(super) fn has_left_out_list(&self) -> bool {
        self.taken().lists_left_out
    }

    fn take<T: Clone>(
        &self,
        der: &[u8],
        limit: usize,
        known: impl Fn(&mut Taken) -> &mut Known<T>,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        self.may_take(der, limit, known, read).unwrap_or_else(|LeftOut| {
            self.leave_out();
            None
        })
    }

    fn may_take<T: Clone>(
        &self,
        der: &[u8],
        limit: usize,
        known: impl Fn(&mut Taken) -> &mut Known<T>,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, LeftOut> {
        if der.len() > limit {
            return Err(LeftOut);
        }
        let mut taken = self.taken();
        let fingerprint = DigestAlgorithm::Sha256.digest(der).first_32();
        if let Some(known) = known(&mut taken).get(&fingerprint) {
            return Ok(known.clone());
        }
        if taken.bytes + der.len() > MAX_EVIDENCE_BYTES || taken.objects == MAX_OBJECTS_READ {
            return Err(LeftOut);
        }
        taken.bytes += der.len();
        taken.objects += 1;
        let object = read(der);
        known(&mut taken).insert(fingerprint, object.clone());
        Ok(object)
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
        assert_eq!(counted(&heavy), (2, MAX_EVIDENCE_BYTES, true));

        let many = Intake::default();
        (0..=MAX_OBJECTS_READ).for_each(|number| assert!(many.response(&number.to_be_bytes()).is_none()));
        assert_eq!(
            counted(&many),
            (MAX_OBJECTS_READ, MAX_OBJECTS_READ * size_of::<usize>(), true)
        );
    }
}
