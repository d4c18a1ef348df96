//! The three steps of a signature, each a type: room is reserved, the signature made, its time stamped.

use chrono::{DateTime, Utc};

use super::SignError;
use crate::asn1::oid;
use crate::cms::build::{Content, SigningIdentity, Unstamped};
use crate::cms::timestamp::{Imprint, TimeStampToken};
use crate::cms::{Attribute, Form};
use crate::crypto::{Digest, DigestAlgorithm};
use crate::pdf::append::Update;
use crate::pdf::signature::{Reserved, reserve};
use crate::pdf::{Dictionary, Reference};
use crate::seal::SealHolder;
use crate::seal::signature::byte_range_property;

/// A document with room for its signature, and the keys that will fill it.
pub struct Prepared<'k> {
    base: Vec<u8>,
    reserved: Reserved,
    document: &'k SigningIdentity,
    seal: Option<&'k SealHolder>,
    time: DateTime<Utc>,
}

/// A document whose signature is made and still lacks its time stamp.
pub struct Signed {
    base: Vec<u8>,
    reserved: Reserved,
    message: Unstamped,
}

/// A document whose signature is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    document: Vec<u8>,
}

/// What is signed, before room is reserved.
pub(super) struct Plan<'k> {
    /// The document up to the appended revision.
    pub(super) base: Vec<u8>,
    /// The appended revision, to which the signature dictionary comes last.
    pub(super) update: Update,
    /// The signature dictionary's object.
    pub(super) signature: Reference,
    /// Its entries.
    pub(super) entries: Dictionary,
    /// The key that signs.
    pub(super) document: &'k SigningIdentity,
    /// The seal, on a licence.
    pub(super) seal: Option<&'k SealHolder>,
    /// When.
    pub(super) time: DateTime<Utc>,
    /// Room for a time stamp in bytes; zero for none.
    pub(super) stamp_room: usize,
}

/// How much an appended revision may be longer than its signature, in bytes. Only the number of digits of the numbers in
/// `ByteRange` follows from it, and filling refuses what does not fit.
const REVISION_ALLOWANCE: usize = 64 << 10;

impl<'k> Prepared<'k> {
    /// Measures the signature and reserves room for it.
    pub(super) fn new(plan: Plan<'k>) -> Result<Self, SignError> {
        let Plan {
            base,
            update,
            signature,
            entries,
            document,
            seal,
            time,
            stamp_room,
        } = plan;
        let extra = seal.map(|seal| seal_attribute(vec![0; max_seal_len(seal, base.len())]));
        let digest = document.digest().digest(b"");
        let room = document.max_len(Form::Pkcs7, Content::Detached(&digest), extra.as_slice(), stamp_room);
        let reserved = reserve(update, signature, &entries, room, &changing_id(base.len(), time))?;
        Ok(Self {
            base,
            reserved,
            document,
            seal,
            time,
        })
    }

    /// Digests the document once by each algorithm that is needed, seals and signs it.
    ///
    /// # Errors
    /// When a key does not sign.
    pub fn sign(self) -> Result<Signed, SignError> {
        let digest = self.digest(self.document.digest());
        let mut extra = Vec::new();
        if let Some(seal) = self.seal {
            let sm3 = match self.document.digest() {
                DigestAlgorithm::Sm3 => digest,
                _ => self.digest(DigestAlgorithm::Sm3),
            };
            let property = byte_range_property(self.byte_range());
            extra.push(seal_attribute(seal.sign(&sm3, &property, self.time)?));
        }
        let message = self.document.sign(Form::Pkcs7, Content::Detached(&digest), &extra)?;
        Ok(Signed {
            base: self.base,
            reserved: self.reserved,
            message,
        })
    }

    fn digest(&self, algorithm: DigestAlgorithm) -> Digest {
        let mut hasher = algorithm.hasher();
        self.reserved
            .signed_bytes(&self.base)
            .iter()
            .for_each(|part| hasher.update(part));
        hasher.finish()
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
    pub(super) fn leave_unstamped(self) -> Result<Stamped, SignError> {
        self.complete(&[])
    }

    fn complete(self, unsigned: &[Attribute]) -> Result<Stamped, SignError> {
        let revision = self.reserved.fill(&self.message.finish(unsigned))?;
        let mut document = self.base;
        document.extend_from_slice(&revision);
        Ok(Stamped { document })
    }
}

impl Stamped {
    /// The document.
    pub fn into_bytes(self) -> Vec<u8> {
        self.document
    }
}

/// The signed attribute that holds an `SES_Signature`, DER.
fn seal_attribute(signature: Vec<u8>) -> Vec<u8> {
    Attribute::single(oid::SES_SIGNATURE, signature).to_der()
}

/// Most bytes of the `SES_Signature` over a document that was `base` bytes long.
fn max_seal_len(seal: &SealHolder, base: usize) -> usize {
    let largest = (base + REVISION_ALLOWANCE) as u64;
    seal.max_len(byte_range_property([0, largest, largest, largest]).len())
}

/// The second half of the file identifier, which has to differ from that of the revision before (ISO 32000-2 section 14.4).
fn changing_id(length: usize, time: DateTime<Utc>) -> [u8; 16] {
    let text = format!("{length} {}", time.timestamp_micros());
    let mut id = [0; 16];
    id.copy_from_slice(&DigestAlgorithm::Sha256.digest(text.as_bytes()).first_32()[..16]);
    id
}
