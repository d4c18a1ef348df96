//! The three steps of a signature, each a type: room is reserved, the signature made, its time stamped.

use chrono::{DateTime, Utc};

use super::document::Remark;
use super::{SignError, SignatureForm};
use crate::asn1::oid;
use crate::cms::Attribute;
use crate::cms::build::{Content, SigningIdentity, Unstamped};
use crate::cms::timestamp::{Imprint, TimeStampToken};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::pdf::append::Update;
use crate::pdf::signature::{Reserved, reserve};
use crate::pdf::{Dictionary, PdfError, ReadAt, Reference, in_pieces};
use crate::seal::SealHolder;
use crate::seal::signature::byte_range_property;

/// A document with room for its signature, and the keys that will fill it.
pub struct Prepared<'k> {
    base: &'k dyn ReadAt,
    reserved: Reserved,
    form: SignatureForm,
    document: &'k SigningIdentity,
    seal: Option<&'k SealHolder>,
    time: DateTime<Utc>,
    remarks: Vec<Remark>,
}

/// A document whose signature is made and still lacks its time stamp.
pub struct Signed {
    reserved: Reserved,
    message: Unstamped,
}

/// A revision whose signature is complete, to be appended to the document that it was prepared for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    revision: Vec<u8>,
}

/// What is signed, before room is reserved.
pub(super) struct Plan<'k> {
    /// The document up to the appended revision.
    pub(super) base: &'k dyn ReadAt,
    /// The appended revision, to which the signature dictionary comes last.
    pub(super) update: Update,
    /// The signature dictionary's object.
    pub(super) signature: Reference,
    /// Its entries.
    pub(super) entries: Dictionary,
    /// Its form, that of `entries`.
    pub(super) form: SignatureForm,
    /// The key that signs.
    pub(super) document: &'k SigningIdentity,
    /// The seal, where there is one.
    pub(super) seal: Option<&'k SealHolder>,
    /// When.
    pub(super) time: DateTime<Utc>,
    /// Room for a time stamp in bytes; zero for none.
    pub(super) stamp_room: usize,
    /// What whoever ordered the signature would not expect.
    pub(super) remarks: Vec<Remark>,
}

/// How much an appended revision may be longer than what was written of it, in bytes: signature, cross-references and
/// trailer. Only the number of digits of the numbers in `ByteRange` follows from it, and filling refuses what does not
/// fit.
const REVISION_ALLOWANCE: u64 = 64 << 10;

impl<'k> Prepared<'k> {
    /// Measures the signature and reserves room for it.
    pub(super) fn new(plan: Plan<'k>) -> Result<Self, SignError> {
        let Plan {
            base,
            update,
            signature,
            entries,
            form,
            document,
            seal,
            time,
            stamp_room,
            remarks,
        } = plan;
        let length = update.length();
        let extra = seal.map(|seal| seal_attribute(vec![0; max_seal_len(seal, length)]));
        let digest = document.digest().digest(b"");
        let room = document.max_len(form.message(), Content::Detached(&digest), extra.as_slice(), stamp_room);
        let reserved = reserve(update, signature, &entries, room, &changing_id(length, time))?;
        Ok(Self {
            base,
            reserved,
            form,
            document,
            seal,
            time,
            remarks,
        })
    }

    /// What whoever ordered the signature would not expect.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }

    /// Digests the document, reading it once, seals and signs it.
    ///
    /// # Errors
    /// When the document cannot be read, or a key does not sign.
    pub fn sign(self) -> Result<Signed, SignError> {
        let own = self.document.digest();
        let mut digests = digests(self.base, &self.reserved, own, self.seal.is_some())?;
        let mut extra = Vec::new();
        if let (Some(seal), Some(sm3)) = (self.seal, digests.sm3.take()) {
            let property = byte_range_property(self.byte_range());
            extra.push(seal_attribute(seal.sign(&sm3, &property, self.time)?));
        }
        let message = self
            .document
            .sign(self.form.message(), Content::Detached(&digests.own), &extra)?;
        Ok(Signed {
            reserved: self.reserved,
            message,
        })
    }

    /// The revision as it will be but for its signature.
    ///
    /// # Errors
    /// None where room was reserved for any signature at all.
    pub(super) fn preview(&self) -> Result<Vec<u8>, SignError> {
        Ok(self.reserved.preview()?)
    }

    /// The four numbers of `ByteRange`.
    fn byte_range(&self) -> [u64; 4] {
        let [first, second] = self.reserved.signed_ranges();
        [
            first.start,
            first.end - first.start,
            second.start,
            second.end - second.start,
        ]
    }
}

impl Signed {
    /// What a time-stamping authority is asked to stamp: the signature value (RFC 3161 appendix A).
    pub fn imprint(&self, algorithm: DigestAlgorithm) -> Imprint {
        Imprint::of(algorithm, self.message.signature())
    }

    /// Adds the time stamp, a token over [`Self::imprint`], and completes the document.
    ///
    /// # Errors
    /// When the token is not of this signature, or does not fit the room that was reserved for it.
    pub fn stamp(self, token: Vec<u8>) -> Result<Stamped, SignError> {
        let imprint = TimeStampToken::parse(&token)?.info.imprint;
        if !imprint
            .known_algorithm()
            .is_some_and(|algorithm| imprint.matches(&self.imprint(algorithm)))
        {
            return Err(SignError::TimeStampOfAnother);
        }
        self.complete(&[Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, token)])
    }

    /// Completes the document without a time stamp: level B-B.
    ///
    /// # Errors
    /// When the signature does not fit, which the measure of its key excludes.
    pub fn leave_unstamped(self) -> Result<Stamped, SignError> {
        self.complete(&[])
    }

    fn complete(self, unsigned: &[Attribute]) -> Result<Stamped, SignError> {
        let revision = self.reserved.fill(&self.message.finish(unsigned))?;
        Ok(Stamped { revision })
    }
}

impl Stamped {
    /// The bytes to append.
    pub fn into_revision(self) -> Vec<u8> {
        self.revision
    }

    /// A revision that was filled elsewhere: with a document time stamp.
    pub(super) fn of(revision: Vec<u8>) -> Self {
        Self { revision }
    }
}

/// Digests of what a signature covers.
pub(super) struct Digests {
    /// By the signer's own algorithm.
    pub(super) own: Digest,
    /// By SM3, where it was asked for.
    sm3: Option<Digest>,
}

/// Digests what the reserved signature covers, by one algorithm and, where a seal needs it, by SM3 too.
pub(super) fn digests(
    base: &dyn ReadAt,
    reserved: &Reserved,
    own: DigestAlgorithm,
    with_sm3: bool,
) -> Result<Digests, SignError> {
    let mut hasher = own.hasher();
    let mut sm3 = (with_sm3 && own != DigestAlgorithm::Sm3).then(|| DigestAlgorithm::Sm3.hasher());
    let mut update = |part: &[u8]| {
        hasher.update(part);
        if let Some(sm3) = &mut sm3 {
            sm3.update(part);
        }
    };
    in_pieces(base, 0..base.len(), &mut update).map_err(PdfError::from)?;
    reserved.signed_bytes().iter().for_each(|part| update(part));
    let own_digest = hasher.finish();
    let sm3 = match sm3 {
        Some(sm3) => Some(sm3.finish()),
        None => with_sm3.then_some(own_digest),
    };
    Ok(Digests { own: own_digest, sm3 })
}

/// The signed attribute that holds an `SES_Signature`, DER.
fn seal_attribute(signature: Vec<u8>) -> Vec<u8> {
    Attribute::single(oid::SES_SIGNATURE, signature).to_der()
}

/// Most bytes of the `SES_Signature` over a document that is `length` bytes long before its signature.
fn max_seal_len(seal: &SealHolder, length: u64) -> usize {
    let largest = length + REVISION_ALLOWANCE;
    seal.max_len(byte_range_property([0, largest, largest, largest]).len())
}

/// The second half of the file identifier, which has to differ from that of the revision before (ISO 32000-2 section
/// 14.4).
pub(super) fn changing_id(length: u64, time: DateTime<Utc>) -> [u8; 16] {
    let text = format!("{length} {}", time.timestamp_micros());
    let mut id = [0; 16];
    id.copy_from_slice(&DigestAlgorithm::Sha256.digest(text.as_bytes()).first_32()[..16]);
    id
}
