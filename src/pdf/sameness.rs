//! Whether two values say the same.
//!
//! An integer may stand wherever a real may (ISO 32000-2, 7.3.3), and a writer that has one kind of number alone writes
//! a box of `0.0` as one of `0`. The other way round a reader may take `Rotate 90.0` for no rotation at all, so that
//! the kind counts everywhere but in the entries of which the standard says that they are numbers of either kind.

use super::object::{Name, Object};

/// Entries that are numbers, or arrays of them: boxes and rectangles (tables 31, 93 and 166), places on a page and on
/// the screen (12.3.2.2), matrices, margins, borders and colours.
const MEASURES: [&str; 20] = [
    "MediaBox",
    "CropBox",
    "BleedBox",
    "TrimBox",
    "ArtBox",
    "UserUnit",
    "Rect",
    "RD",
    "QuadPoints",
    "BBox",
    "Matrix",
    "Border",
    "C",
    "IC",
    "BC",
    "BG",
    "CA",
    "OpenAction",
    "Dest",
    "D",
];

/// Entries of pages that are inherited (ISO 32000-2, table 31). One that is null is none, and so the parent's; but some
/// readers take it for one that says nothing.
pub(super) const INHERITED_BY_PAGES: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];

/// Whether two values of an entry say the same.
pub(super) fn is_same_entry(key: &Name, one: &Object, other: &Object) -> bool {
    if !MEASURES.iter().any(|measure| *key == **measure) {
        return is_same(one, other);
    }
    match (one, other) {
        (Object::Array(one), Object::Array(other)) => are_same(one, other, is_same_number),
        _ => is_same_number(one, other),
    }
}

/// Whether two values say the same.
pub(super) fn is_same(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::Array(one), Object::Array(other)) => are_same(one, other, is_same),
        (Object::Dictionary(one), Object::Dictionary(other)) => {
            one.differing(other).is_empty() && one.duplicates() == other.duplicates()
        }
        _ => one == other,
    }
}

fn are_same(one: &[Object], other: &[Object], is_same: fn(&Object, &Object) -> bool) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
}

fn is_same_number(one: &Object, other: &Object) -> bool {
    match (one.as_number(), other.as_number()) {
        (Some(one), Some(other)) => one == other,
        _ => is_same(one, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::object::Dictionary;

    fn differing(key: &str, one: Object, other: Object) -> bool {
        let dictionary = |value| Dictionary::new().with("A", Object::Dictionary(Dictionary::new().with(key, value)));
        !dictionary(one).differing(&dictionary(other)).is_empty()
    }

    #[test]
    fn a_key_that_is_there_twice_says_the_same_by_both_its_values() {
        let read = |values: [i64; 2]| {
            let entries = values.map(|value| (Name::from("X"), Object::Integer(value)));
            Object::Dictionary(Dictionary::read(entries.to_vec()))
        };
        assert!(is_same(&read([1, 2]), &read([1, 2])));
        assert!(!is_same(&read([1, 2]), &read([3, 2])));
    }

    #[test]
    fn null_is_not_the_same_as_no_entry_however_the_standard_has_it() {
        let differing = |one: Dictionary, other: Dictionary| {
            let pair = [one.differing(&other), other.differing(&one)];
            pair.map(|keys| keys.len())
        };
        let null = |key: &str| Dictionary::new().with(key, Object::Null);
        for key in ["Resources", "V", "ca", "LW", "DW", "Thumb"] {
            assert_eq!(differing(null(key), Dictionary::new()), [1; 2], "{key}");
            assert_eq!(differing(null(key), null(key)), [0; 2], "{key}");
            let said = Dictionary::new().with(key, Object::Integer(0));
            assert_eq!(differing(null(key), said), [1; 2], "{key}");
        }
    }

    #[test]
    fn a_number_is_its_value_where_either_kind_may_stand() {
        let real = |value: f64| Object::Real(value.into());
        let (reals, integers) = ([0.0, 612.0].map(real), [0, 612].map(Object::Integer));
        let boxes = || (Object::Array(reals.to_vec()), Object::Array(integers.to_vec()));
        let (one, other) = boxes();
        assert!(!differing("MediaBox", one, other));
        let (one, other) = boxes();
        assert!(differing("ByteRange", one, other));
        assert!(!differing("UserUnit", Object::Integer(1), real(1.0)));
        assert!(differing("UserUnit", Object::Integer(1), real(1.5)));
        assert!(differing("Rotate", Object::Integer(90), real(90.0)));
    }

    #[test]
    fn an_array_of_another_length_is_another() {
        let array = |numbers: &[i64]| Object::Array(numbers.iter().copied().map(Object::Integer).collect());
        assert!(differing("Rect", array(&[0, 0, 9, 9]), array(&[0, 0, 9])));
    }
}
