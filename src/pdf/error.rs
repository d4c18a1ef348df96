//! Why a document cannot be read. Every variant names the place or the value and the rule of ISO 32000-2 that it
//! breaks.

use std::io;

use thiserror::Error;

use crate::problem::{Explain, Problem};

use super::limits::LimitReached;
use super::object::Reference;

/// Why a document, or a part of it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PdfError {
    /// The source failed, or ended before the length that it stated.
    #[error("the document cannot be read from its source: {0}")]
    Source(io::ErrorKind),
    /// The file does not begin with `%PDF-` (7.5.2).
    #[error("the file does not begin with %PDF-")]
    NotPdf,
    /// It begins so only later, where other readers look for it too.
    #[error("the document begins only at byte {offset} of the file")]
    NotFromStart {
        /// Where it begins, in bytes.
        offset: u64,
    },
    /// There is no `startxref … %%EOF` near the end (7.5.5).
    #[error("there is no startxref with %%EOF in the last {searched} bytes")]
    NoStartxref {
        /// How many bytes were searched.
        searched: u64,
    },
    /// The document is encrypted (7.6) and is not opened.
    #[error("the document is encrypted")]
    Encrypted,
    /// A budget is used up.
    #[error("the document is too complex: {0}")]
    Limit(#[from] LimitReached),
    /// What stands at an offset is not what the syntax asks for (7.2 and 7.3).
    #[error("expected {expected} at byte {offset}")]
    Syntax {
        /// Offset in bytes.
        offset: u64,
        /// What should stand there.
        expected: &'static str,
    },
    /// A cross-reference section breaks a rule (7.5.4 and 7.5.8).
    #[error("the cross-reference section at byte {offset} is wrong: {rule}")]
    Section {
        /// Offset of the section in bytes.
        offset: u64,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// A cross-reference section lists an object twice, or the two sections of a hybrid file disagree about it.
    #[error("the cross-reference section at byte {offset} lists object {number} more than once")]
    EntryTwice {
        /// Offset of the section in bytes.
        offset: u64,
        /// The object's number.
        number: u32,
    },
    /// `Prev` does not lead backwards (7.5.6).
    #[error("the cross-reference section at byte {offset} names one at byte {previous} as the one before it")]
    PreviousNotBefore {
        /// Offset of the section in bytes.
        offset: u64,
        /// Value of its `Prev`.
        previous: u64,
    },
    /// An entry leads out of the revision that lists it.
    #[error("object {reference} is said to be at byte {offset}, beyond the revision that lists it")]
    BeyondRevision {
        /// The object.
        reference: Reference,
        /// The offset in bytes.
        offset: u64,
    },
    /// Another object stands where the cross-reference entry leads.
    #[error("expected object {expected} at byte {offset}, found {found}")]
    OtherObject {
        /// The object that the entry is for.
        expected: Reference,
        /// The object that stands there.
        found: Reference,
        /// The offset in bytes.
        offset: u64,
    },
    /// The data of a stream do not end where its `Length` says (7.3.8.2).
    #[error("the stream at byte {offset} does not end where its Length says")]
    StreamLength {
        /// Offset of the stream's object in bytes.
        offset: u64,
    },
    /// A stream that the structure needs cannot be decoded (7.4).
    #[error("a stream cannot be decoded: {rule}")]
    Filter {
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// An object stream breaks a rule (7.5.7).
    #[error("object stream {container} is wrong: {rule}")]
    ObjectStream {
        /// Its object number.
        container: u32,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// An entry has another type than the standard asks for, or is missing.
    #[error("{what} is not {expected}")]
    Type {
        /// What was looked at.
        what: &'static str,
        /// The type that it should have.
        expected: &'static str,
    },
}

/// What was read, or nothing where it cannot be; a budget that is used up or a source that fails ends it.
pub(crate) fn unless_stopped<T>(read: Result<T, PdfError>) -> Result<Option<T>, PdfError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => Err(error),
        Err(_) => Ok(None),
    }
}

impl From<io::Error> for PdfError {
    fn from(error: io::Error) -> Self {
        Self::Source(error.kind())
    }
}

impl Explain for PdfError {
    fn problems(&self) -> Vec<Problem> {
        let problem = match self {
            Self::Source(_) => Problem::new("pdf-source-failed"),
            Self::NotPdf => Problem::new("pdf-not-a-pdf"),
            Self::NotFromStart { offset } => Problem::new("pdf-not-from-start").param("offset", offset),
            Self::Encrypted => Problem::new("pdf-encrypted"),
            Self::NoStartxref { searched } => Problem::new("pdf-cut-short").param("searched", searched),
            Self::Limit(reached) => Problem::new("pdf-too-complex")
                .param("limit", reached.allowed)
                .param("unit", reached.unit),
            damaged => Problem::new("pdf-damaged").param("detail", damaged),
        };
        vec![problem]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_document_one_cut_short_and_a_damaged_one_have_their_own_codes() {
        assert_eq!(PdfError::Encrypted.problems()[0].code, "pdf-encrypted");
        let cut = PdfError::NoStartxref { searched: 615 };
        assert_eq!(cut.problems()[0].code, "pdf-cut-short");
        let damaged = PdfError::PreviousNotBefore { offset: 7, previous: 9 };
        assert_eq!(damaged.problems()[0].code, "pdf-damaged");
        assert_eq!(
            damaged.problems()[0].params["detail"],
            "the cross-reference section at byte 7 names one at byte 9 as the one before it"
        );
    }
}
