//! What a signature covers: the rules of `ByteRange` (ISO 32000-2, 12.8.1, table 255), each with a fault of its own.

use std::ops::Range;

use thiserror::Error;

use crate::pdf::error::PdfError;
use crate::pdf::file::PdfFile;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::view::View;
use crate::pdf::xref::Entry;

/// The two ranges that a signature covers, in bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByteRange {
    /// Before the gap.
    pub first: Range<u64>,
    /// After the gap.
    pub second: Range<u64>,
}

impl ByteRange {
    /// The bytes between the two ranges.
    pub fn gap(&self) -> Range<u64> {
        self.first.end..self.second.start
    }
}

/// What a signature covers, in terms of the file's revisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureCoverage {
    /// The whole file but its own `Contents`.
    WholeFile,
    /// The file as it was at the end of the revision of that number (from 1); other bytes follow.
    WholeRevision(usize),
    /// From the first byte on, but the end is not that of a revision.
    Partial {
        /// Offset at which it ends, in bytes.
        end: u64,
    },
    /// `ByteRange` breaks a rule, so that what is covered means nothing.
    Unclear,
}

/// A rule that `ByteRange`, or the place of the signature in the file, breaks.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ByteRangeFault {
    /// There is none.
    #[error("ByteRange is missing")]
    Missing,
    /// It is not an array.
    #[error("ByteRange is not an array")]
    NotAnArray,
    /// It has another number of elements than four.
    #[error("ByteRange has {count} elements instead of four")]
    NotFour {
        /// How many it has.
        count: usize,
    },
    /// An element is no integer written in the array itself.
    #[error("ByteRange has an element that is not an integer")]
    NotIntegers,
    /// An element is below zero.
    #[error("ByteRange has the negative number {value}")]
    Negative {
        /// The element.
        value: i64,
    },
    /// The first range does not begin at the first byte.
    #[error("ByteRange begins at byte {start} instead of 0")]
    NotFromStart {
        /// Where it begins.
        start: u64,
    },
    /// The second range begins before the first ends.
    #[error("the second range begins at byte {second_start}, before the first ends at {first_end}")]
    Overlap {
        /// End of the first range in bytes.
        first_end: u64,
        /// Start of the second range in bytes.
        second_start: u64,
    },
    /// It leads out of the file.
    #[error("ByteRange ends at byte {end} of a file of {length} bytes")]
    OutsideFile {
        /// Where it ends.
        end: u64,
        /// Length of the file in bytes.
        length: u64,
    },
    /// What is left out is not exactly the `Contents` string with its brackets.
    #[error("bytes {} to {} are left out, but Contents stands at {} to {}", gap.start, gap.end, contents.start, contents.end)]
    GapNotContents {
        /// What is left out, in bytes.
        gap: Range<u64>,
        /// Where `Contents` stands, brackets included.
        contents: Range<u64>,
    },
    /// `Contents` has no place in the file, as it is missing or the dictionary is not an object of the file itself.
    #[error("Contents has no place of its own in the file")]
    ContentsNotInFile,
    /// The numbers lead to its own `Contents`, but none of the revisions leads to the dictionary.
    #[error("no revision of the document lists the signature dictionary")]
    Unlisted,
    /// `Contents` is not a plain hexadecimal string: pairs of digits in one case between angle brackets. Anything else
    /// can be altered without altering the signature.
    #[error("Contents is not a hexadecimal string of digit pairs in one case")]
    ContentsNotPlain,
    /// The signature dictionary gives a key twice.
    #[error("the signature dictionary has the key /{key} twice")]
    DuplicateKey {
        /// The key, without its solidus.
        key: String,
    },
}

/// Reads `ByteRange` from a signature dictionary; every rule that it breaks alone.
pub(super) fn byte_range(dictionary: &Dictionary, length: u64) -> (Option<ByteRange>, Vec<ByteRangeFault>) {
    match numbers(dictionary) {
        Ok([start, first, second_start, second]) => {
            let (first_end, end) = (start.saturating_add(first), second_start.saturating_add(second));
            let mut faults = Vec::new();
            if start != 0 {
                faults.push(ByteRangeFault::NotFromStart { start });
            }
            if second_start < first_end {
                faults.push(ByteRangeFault::Overlap {
                    first_end,
                    second_start,
                });
            }
            if end.max(first_end) > length {
                faults.push(ByteRangeFault::OutsideFile {
                    end: end.max(first_end),
                    length,
                });
            }
            (
                Some(ByteRange {
                    first: start..first_end,
                    second: second_start..end,
                }),
                faults,
            )
        }
        Err(fault) => (None, vec![fault]),
    }
}

fn numbers(dictionary: &Dictionary) -> Result<[u64; 4], ByteRangeFault> {
    let value = dictionary.get("ByteRange").ok_or(ByteRangeFault::Missing)?;
    let elements = value.as_array().ok_or(ByteRangeFault::NotAnArray)?;
    let four: &[Object; 4] = elements
        .try_into()
        .map_err(|_| ByteRangeFault::NotFour { count: elements.len() })?;
    let mut numbers = [0; 4];
    for (number, element) in numbers.iter_mut().zip(four) {
        let value = element.as_integer().ok_or(ByteRangeFault::NotIntegers)?;
        *number = u64::try_from(value).map_err(|_| ByteRangeFault::Negative { value })?;
    }
    Ok(numbers)
}

/// Checks that what is left out is `Contents`, where it stands in the file.
pub(super) fn gap_faults(
    view: &View<'_, '_>,
    object: Option<Reference>,
    byte_range: &ByteRange,
) -> Result<Vec<ByteRangeFault>, PdfError> {
    let in_file = object.filter(|object| matches!(view.place(object.number), Some((_, Entry::InFile { .. }))));
    let Some(object) = in_file else {
        return Ok(vec![ByteRangeFault::ContentsNotInFile]);
    };
    let Some(contents) = view.object(object)?.contents.clone() else {
        return Ok(vec![ByteRangeFault::ContentsNotInFile]);
    };
    let mut faults = Vec::new();
    if !is_plain_hexadecimal(&view.file().bytes(contents.clone())?) {
        faults.push(ByteRangeFault::ContentsNotPlain);
    }
    if byte_range.gap() != contents {
        faults.push(ByteRangeFault::GapNotContents {
            gap: byte_range.gap(),
            contents,
        });
    }
    Ok(faults)
}

/// `<`, pairs of hexadecimal digits in one case, `>`.
fn is_plain_hexadecimal(bytes: &[u8]) -> bool {
    let [b'<', digits @ .., b'>'] = bytes else { return false };
    let (mut other, mut upper, mut lower) = (false, false, false);
    for digit in digits {
        upper |= digit.is_ascii_uppercase();
        lower |= digit.is_ascii_lowercase();
        other |= !digit.is_ascii_hexdigit();
    }
    digits.len() % 2 == 0 && !other && !(upper && lower)
}

/// Matches the end of a faultless `ByteRange` with the revisions of the file.
pub(super) fn coverage(file: &PdfFile<'_>, byte_range: &ByteRange) -> SignatureCoverage {
    let end = byte_range.second.end;
    let ends_here = |place: usize| {
        let revision = &file.revisions()[place];
        end == revision.range.end || end == revision.marker_end
    };
    match (0..file.revisions().len()).rev().find(|place| ends_here(*place)) {
        Some(place) if end == file.length() && place + 1 == file.revisions().len() => SignatureCoverage::WholeFile,
        Some(place) => SignatureCoverage::WholeRevision(place + 1),
        None => SignatureCoverage::Partial { end },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(elements: &[i64]) -> Vec<ByteRangeFault> {
        let array = Object::Array(elements.iter().copied().map(Object::Integer).collect());
        byte_range(&Dictionary::new().with("ByteRange", array), 100).1
    }

    #[test]
    fn each_rule_has_its_own_fault() {
        assert_eq!(faults(&[0, 10, 20, 80]), []);
        assert_eq!(faults(&[0, 10, 20]), [ByteRangeFault::NotFour { count: 3 }]);
        assert_eq!(faults(&[0, 10, 20, 30, 40, 50]), [ByteRangeFault::NotFour { count: 6 }]);
        assert_eq!(faults(&[0, -1, 20, 80]), [ByteRangeFault::Negative { value: -1 }]);
        assert_eq!(faults(&[1, 9, 20, 80]), [ByteRangeFault::NotFromStart { start: 1 }]);
        assert_eq!(
            faults(&[0, 10, 9, 80]),
            [ByteRangeFault::Overlap {
                first_end: 10,
                second_start: 9
            }]
        );
        assert_eq!(
            faults(&[0, 10, 20, 81]),
            [ByteRangeFault::OutsideFile { end: 101, length: 100 }]
        );
        let huge = ByteRangeFault::OutsideFile {
            end: i64::MAX as u64 * 2,
            length: 100,
        };
        assert_eq!(faults(&[0, 10, i64::MAX, i64::MAX]), [huge]);
        let none = byte_range(&Dictionary::new(), 100).1;
        assert_eq!(none, [ByteRangeFault::Missing]);
        let real = Dictionary::new().with("ByteRange", Object::Array(vec![Object::Real(0.0.into()); 4]));
        assert_eq!(byte_range(&real, 100).1, [ByteRangeFault::NotIntegers]);
        let number = Dictionary::new().with("ByteRange", Object::Integer(4));
        assert_eq!(byte_range(&number, 100).1, [ByteRangeFault::NotAnArray]);
    }

    #[test]
    fn only_pairs_of_one_case_are_plain() {
        assert!(is_plain_hexadecimal(b"<00ab>") && is_plain_hexadecimal(b"<00AB>") && is_plain_hexadecimal(b"<>"));
        for other in [&b"<00aB>"[..], b"<0 0b>", b"<00a>", b"(00)", b"<00ag>", b""] {
            assert!(!is_plain_hexadecimal(other), "{other:?}");
        }
    }
}
