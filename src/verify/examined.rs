//! The bytes of a document that is judged, and their digests. What signatures cover begins with the first byte of the
//! file, one further than the other: what a digest took for one it need not take again for the next, nor for the file
//! as a whole.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::judgement::Judgement;
use super::report::SubIndication;
use crate::crypto::{Digest, DigestAlgorithm, Hasher};
use crate::hex;
use crate::pdf::signature::ByteRange;
use crate::pdf::{PdfError, PdfFile, ReadAt, SignatureField, in_pieces};
use crate::problem::Problem;

/// Bytes that are digested for the signatures of one document, beside its length and what each algorithm takes once:
/// those behind the gap of each, and all that a key begins a digest of its own over. Bytes that a slower algorithm
/// takes count by its [`weight`], so that they take a third of a second by any.
pub const MAX_DIGESTED_BYTES: u64 = 256 << 20;

/// How much longer an algorithm takes than SHA-256.
fn weight(algorithm: DigestAlgorithm) -> u64 {
    use DigestAlgorithm as A;
    match algorithm {
        A::Sha256 => 1,
        A::Md5 | A::Sha1 | A::Sha384 | A::Sha512 => 2,
        A::Sha3_256 | A::Sha3_384 | A::Sha3_512 | A::Sm3 => MAX_WEIGHT,
    }
}

/// That of the slowest.
const MAX_WEIGHT: u64 = 4;

/// Algorithms that take the whole of a document once: that of the report, of a signature, and of a seal.
const ALGORITHMS: usize = 3;

/// A document that is judged.
pub(super) struct Examined<'a> {
    pub(super) file: &'a PdfFile<'a>,
    /// Where the first ranges of its signatures end, rising: there running digests are kept.
    ends: Vec<u64>,
    kept: RefCell<HashMap<DigestAlgorithm, BTreeMap<u64, Hasher>>>,
    /// What is left to digest.
    left: Cell<u64>,
}

impl<'a> Examined<'a> {
    /// A document with its signatures.
    pub(super) fn new(file: &'a PdfFile<'a>, fields: &[SignatureField]) -> Self {
        let sound = fields.iter().filter(|field| field.faults.is_empty());
        let mut ends: Vec<u64> = sound
            .filter_map(|field| Some(field.byte_range.as_ref()?.first.end))
            .collect();
        ends.sort_unstable();
        ends.dedup();
        Self {
            file,
            ends,
            kept: RefCell::default(),
            left: Cell::new(MAX_DIGESTED_BYTES.saturating_add(file.length().saturating_mul(MAX_WEIGHT))),
        }
    }

    /// The bytes that a signature without faults covers.
    pub(super) fn signed(&'a self, range: &'a ByteRange) -> SignedBytes<'a> {
        SignedBytes { examined: self, range }
    }

    /// SHA-256 of the file in hexadecimal; `None` where the source cannot be read to its end.
    pub(super) fn sha256(&self) -> Option<String> {
        let hasher = self.first(DigestAlgorithm::Sha256, self.file.length()).ok()?;
        Some(hex::encode(hasher.finish().as_ref()))
    }

    /// A running digest that took the first `end` bytes of the file.
    fn first(&self, algorithm: DigestAlgorithm, end: u64) -> Result<Hasher, Judgement> {
        let mut kept = self.kept.borrow_mut();
        if !kept.contains_key(&algorithm) && kept.len() == ALGORITHMS {
            let mut hasher = algorithm.hasher();
            self.take(&mut hasher, 0..end, weight(algorithm))?;
            return Ok(hasher);
        }
        let kept = kept.entry(algorithm).or_default();
        let known = kept.range(..=end).next_back();
        let (mut position, mut hasher) =
            known.map_or_else(|| (0, algorithm.hasher()), |(at, hasher)| (*at, hasher.clone()));
        let next = self.ends.partition_point(|cut| *cut <= position);
        for cut in self.ends[next..].iter().copied().take_while(|cut| *cut <= end) {
            self.feed(&mut hasher, position..cut)?;
            kept.insert(cut, hasher.clone());
            position = cut;
        }
        self.feed(&mut hasher, position..end)?;
        Ok(hasher)
    }

    /// Lets a digest take bytes that count against the budget.
    fn take(&self, hasher: &mut Hasher, range: Range<u64>, weight: u64) -> Result<(), Judgement> {
        let counted = (range.end - range.start).saturating_mul(weight);
        let Some(left) = self.left.get().checked_sub(counted) else {
            let problem = Problem::new("digests-beyond-limit").param("limit", MAX_DIGESTED_BYTES);
            return Err(Judgement::indeterminate(SubIndication::FormatFailure, problem));
        };
        self.left.set(left);
        self.feed(hasher, range)
    }

    fn feed(&self, hasher: &mut Hasher, range: Range<u64>) -> Result<(), Judgement> {
        let read = self.file.in_pieces(range, |piece| hasher.update(piece));
        read.map_err(|error: PdfError| {
            let problem = Problem::new("document-unreadable").param("reason", error);
            Judgement::indeterminate(SubIndication::FormatFailure, problem)
        })
    }
}

/// The signed bytes of a document: two ranges, one after the other, the first from the first byte on.
#[derive(Clone, Copy)]
pub(super) struct SignedBytes<'a> {
    examined: &'a Examined<'a>,
    range: &'a ByteRange,
}

impl SignedBytes<'_> {
    /// Their digest by `algorithm`.
    pub(super) fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, Judgement> {
        let mut hasher = self.examined.first(algorithm, self.range.first.end)?;
        self.examined
            .take(&mut hasher, self.range.second.clone(), weight(algorithm))?;
        Ok(hasher.finish())
    }

    /// What `hasher`, which may have begun with something else and be of any algorithm, gives when it takes them.
    pub(super) fn fed_to(&self, mut hasher: Hasher) -> Result<Digest, Judgement> {
        for part in [&self.range.first, &self.range.second] {
            self.examined.take(&mut hasher, part.clone(), MAX_WEIGHT)?;
        }
        Ok(hasher.finish())
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        let [first, second] = [&self.range.first, &self.range.second].map(|part| part.end - part.start);
        first + second
    }
}

/// SHA-256 of a source that is no document, in hexadecimal; `None` where it cannot be read to its end.
pub(super) fn sha256(source: &dyn ReadAt) -> Option<String> {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    in_pieces(source, 0..source.len(), |piece| hasher.update(piece)).ok()?;
    Some(hex::encode(hasher.finish().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, open};

    #[test]
    fn what_signatures_have_digested_is_counted_together() {
        let bytes = document(
            SectionKind::Table,
            &["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>"],
        );
        let file = open(&bytes);
        let examined = Examined::new(&file, &[]);
        let length = file.length();
        let (first, second) = (0..10, 20..length);
        let range = ByteRange { first, second };
        let signed = examined.signed(&range);
        let digest = |algorithm| signed.digest(algorithm);

        // The start of the file is free, as often as it is asked for; what lies behind the gap is not.
        examined.left.set(2 * (length - 20));
        assert_eq!(
            digest(DigestAlgorithm::Sha256).unwrap(),
            digest(DigestAlgorithm::Sha256).unwrap()
        );
        let refused = digest(DigestAlgorithm::Sha256).unwrap_err();
        assert_eq!(refused.sub_indication, Some(SubIndication::FormatFailure));
        assert_eq!(refused.reasons[0].code, "digests-beyond-limit");

        // A slow algorithm counts for more.
        for (algorithm, weight) in [(DigestAlgorithm::Sha512, 2), (DigestAlgorithm::Sha3_512, MAX_WEIGHT)] {
            examined.left.set(weight * (length - 20) - 1);
            assert!(digest(algorithm).is_err());
            examined.left.set(weight * (length - 20));
            assert!(digest(algorithm).is_ok());
        }

        // A digest that has begun with a key takes both ranges anew.
        examined.left.set(MAX_WEIGHT * signed.len() - 1);
        assert!(signed.fed_to(DigestAlgorithm::Sha256.hasher()).is_err());
        examined.left.set(MAX_WEIGHT * signed.len());
        assert!(signed.fed_to(DigestAlgorithm::Sha256.hasher()).is_ok());
    }
}
