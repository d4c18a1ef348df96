//! What follows a signed revision.
//!
//! Nothing, or validation data alone: a document security store (ISO 32000-2, 12.8.4.3) and document time stamps (12.8.5).
//! Whatever else an update holds, even an object that nothing refers to, is told in words and not permitted here; which form
//! and annotation changes a certification permits is not judged.
//!
//! An update passes as validation data only if every byte of it is accounted for: each object has a role in the store or in a
//! time stamp's field, replaces nothing but the dictionaries that lead there, each of them equal in all other entries, and fills
//! no number that the signed document already referred to in vain.

mod accounted;
mod audit;
mod time_stamp;
mod validation_data;

use std::fmt;
use std::ops::Range;

use super::error::PdfError;
use super::file::PdfFile;
use super::object::Reference;
use super::signature::{SignatureCoverage, SignatureField};

/// What follows a signed revision.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangesAfter {
    /// Nothing: the signature covers the whole file.
    None,
    /// Updates that hold validation data alone.
    ValidationData {
        /// Their numbers, from 1.
        revisions: Vec<usize>,
    },
    /// Updates that the certification permits, in words.
    Permitted(Vec<Change>),
    /// Updates that are not permitted, or were not judged to be; what they change, in words.
    NotPermitted(Vec<Change>),
    /// Bytes that are no revision of the document.
    Unparsable {
        /// Where they begin, in bytes.
        from: u64,
        /// Why they cannot be read, where a reason is known.
        fault: Option<PdfError>,
    },
}

/// One change of a later revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Number of the revision that makes it, from 1.
    pub revision: usize,
    /// What it does.
    pub kind: ChangeKind,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// Another object takes the place of one that was signed.
    Replaced {
        /// The object.
        object: Reference,
        /// What it is, by its type.
        what: String,
    },
    /// An object is added that is no validation data.
    Added {
        /// The object.
        object: Reference,
        /// What it is, by its type.
        what: String,
    },
    /// An object that was signed is taken away.
    Freed {
        /// Its number.
        number: u32,
    },
    /// An object is added whose number the signed document already refers to.
    ReferenceFilled {
        /// Its number.
        number: u32,
    },
    /// An entry of the document catalogue changes.
    CatalogEntry {
        /// Its key, without the solidus.
        key: String,
    },
    /// An entry of the trailer changes.
    TrailerEntry {
        /// Its key, without the solidus.
        key: String,
    },
    /// The form changes other than by a document time stamp.
    Form,
    /// The document security store holds what is no validation data.
    StoreForm,
    /// Validation data that were there before are gone from the store.
    StoreShrunk,
    /// Bytes that are part of no object.
    Bytes(Range<u64>),
    /// An object of the signed document that cannot be read, so that nothing can be said of what it refers to.
    Unreadable {
        /// The object.
        object: Reference,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revision {} ", self.revision)?;
        match &self.kind {
            ChangeKind::Replaced { object, what } => write!(f, "replaces object {} ({what})", object.number),
            ChangeKind::Added { object, what } => write!(f, "adds object {} ({what})", object.number),
            ChangeKind::Freed { number } => write!(f, "removes object {number}"),
            ChangeKind::ReferenceFilled { number } => {
                write!(f, "adds object {number}, to which the signed document already refers")
            }
            ChangeKind::CatalogEntry { key } => write!(f, "changes /{key} of the document catalogue"),
            ChangeKind::TrailerEntry { key } => write!(f, "changes /{key} of the trailer"),
            ChangeKind::Form => f.write_str("changes the form"),
            ChangeKind::StoreForm => f.write_str("puts into the security store what is no validation data"),
            ChangeKind::StoreShrunk => f.write_str("removes validation data"),
            ChangeKind::Bytes(range) => write!(
                f,
                "has bytes {} to {} that are part of no object",
                range.start, range.end
            ),
            ChangeKind::Unreadable { object } => {
                write!(f, "follows a document whose object {} cannot be read", object.number)
            }
        }
    }
}

impl PdfFile<'_> {
    /// What follows the revision that a signature covers. An error is a budget used up or a source that failed: then nothing can
    /// be said.
    pub fn changes_after(&self, signature: &SignatureField) -> Result<ChangesAfter, PdfError> {
        let tail = self.tail();
        if !tail.is_empty() {
            return Ok(ChangesAfter::Unparsable {
                from: tail.start,
                fault: self.tail_fault().cloned(),
            });
        }
        let last = self.revisions().len();
        let (signed, end) = match (signature.coverage, &signature.byte_range) {
            (SignatureCoverage::WholeFile, _) => return Ok(ChangesAfter::None),
            (SignatureCoverage::WholeRevision(number), Some(byte_range)) => (number, byte_range.second.end),
            (SignatureCoverage::Partial { end }, _) => return Ok(ChangesAfter::Unparsable { from: end, fault: None }),
            _ => return Ok(ChangesAfter::Unparsable { from: 0, fault: None }),
        };
        if signed == last {
            let kind = ChangeKind::Bytes(end..self.length());
            return Ok(ChangesAfter::NotPermitted(vec![Change { revision: last, kind }]));
        }
        match audit::updates(self, signed) {
            Ok(changes) if changes.is_empty() => Ok(ChangesAfter::ValidationData {
                revisions: (signed + 1..=last).collect(),
            }),
            Ok(changes) => Ok(ChangesAfter::NotPermitted(changes)),
            Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => Err(error),
            Err(fault) => {
                let from = self.revisions()[signed - 1].range.end;
                Ok(ChangesAfter::Unparsable {
                    from,
                    fault: Some(fault),
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
