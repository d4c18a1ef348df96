//! CBOR (RFC 8949) as our signed objects use it: one item, nothing after it, maps read field by field.
//!
//! What we write is in the core deterministic encoding (RFC 8949 section 4.2.1), and of our own objects no other
//! encoding is accepted: a value has one form, so that a signature covers one form. Objects of other standards are read
//! leniently.

use std::collections::BTreeMap;

use ciborium::Value;
use ciborium::de::Error;

/// Levels of nesting that are followed. Our deepest object, the key set, has six.
const MAX_DEPTH: usize = 16;

/// Why bytes are not the expected CBOR item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// The bytes end inside the item.
    #[error("CBOR item ends before its last byte")]
    Truncated,
    /// No CBOR, or nested deeper than 16 levels.
    #[error("bytes are not well-formed CBOR of at most {MAX_DEPTH} levels")]
    Malformed,
    /// Bytes follow the item.
    #[error("{bytes} bytes follow the CBOR item")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// The same value has a shorter or sorted encoding (RFC 8949 section 4.2.1).
    #[error("CBOR item is not in the deterministic encoding")]
    NotCanonical,
    /// A map names one key twice (RFC 8949 section 5.6).
    #[error("CBOR map names a key twice")]
    DuplicateKey,
    /// A field that has to be there is missing.
    #[error("field {field} is missing")]
    Missing {
        /// Its name.
        field: &'static str,
    },
    /// A field is of another type, or its value is outside its range.
    #[error("field {field} is not {expected}")]
    Unexpected {
        /// Its name.
        field: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// A map has a field that is not defined for it.
    #[error("{count} fields of {object} are unknown")]
    UnknownFields {
        /// The object that the map describes.
        object: &'static str,
        /// How many fields are too many.
        count: usize,
    },
}

/// Reads exactly one item.
pub(super) fn decode(bytes: &[u8]) -> Result<Value, CborError> {
    let mut rest = bytes;
    let value = ciborium::de::from_reader_with_recursion_limit(&mut rest, MAX_DEPTH).map_err(|error| match error {
        Error::Io(_) => CborError::Truncated,
        Error::Syntax(_) | Error::Semantic(..) | Error::RecursionLimitExceeded => CborError::Malformed,
    })?;
    match rest.len() {
        0 => Ok(value),
        bytes => Err(CborError::Trailing { bytes }),
    }
}

/// Reads exactly one item and accepts it in its deterministic encoding only.
pub(super) fn decode_canonical(bytes: &[u8]) -> Result<Value, CborError> {
    let value = sorted(decode(bytes)?);
    if encode(&value) == bytes {
        Ok(value)
    } else {
        Err(CborError::NotCanonical)
    }
}

/// Writes an item; maps have to be in order already, as [`map`] makes them.
pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    #[expect(
        clippy::expect_used,
        reason = "the only error is the writer's, and a vector has none"
    )]
    ciborium::into_writer(value, &mut bytes).expect("a vector takes all bytes");
    bytes
}

/// A map in the order of the deterministic encoding: by the bytes of the encoded keys.
pub(super) fn map<K: Into<Value>>(entries: impl IntoIterator<Item = (K, Value)>) -> Value {
    let by_key: BTreeMap<Vec<u8>, (Value, Value)> = entries
        .into_iter()
        .map(|(key, value)| {
            let key = key.into();
            (encode(&key), (key, value))
        })
        .collect();
    Value::Map(by_key.into_values().collect())
}

/// The same value with every map in order; a key named twice is left once, which shortens the encoding.
fn sorted(value: Value) -> Value {
    match value {
        Value::Map(entries) => map(entries.into_iter().map(|(key, value)| (sorted(key), sorted(value)))),
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Tag(tag, item) => Value::Tag(tag, Box::new(sorted(*item))),
        leaf => leaf,
    }
}

/// The fields of a map, taken out one by one; what is left at the end is unknown.
pub(super) struct Fields {
    object: &'static str,
    entries: Vec<(Value, Value)>,
}

impl Fields {
    /// The fields of `value`, the map that describes `object`.
    pub(super) fn of(object: &'static str, value: Value) -> Result<Self, CborError> {
        let Value::Map(entries) = value else {
            return Err(CborError::Unexpected {
                field: object,
                expected: "a map",
            });
        };
        let repeated = |index: usize| entries[..index].iter().any(|(key, _)| *key == entries[index].0);
        if (1..entries.len()).any(repeated) {
            return Err(CborError::DuplicateKey);
        }
        Ok(Self { object, entries })
    }

    /// Takes the field of that key, where it is there.
    pub(super) fn optional(&mut self, key: impl Into<Value>) -> Option<Value> {
        let key = key.into();
        let index = self.entries.iter().position(|(known, _)| *known == key)?;
        Some(self.entries.remove(index).1)
    }

    /// Takes the field of that key, called `name` in the error.
    pub(super) fn required(&mut self, key: impl Into<Value>, name: &'static str) -> Result<Value, CborError> {
        self.optional(key).ok_or(CborError::Missing { field: name })
    }

    /// Refuses fields that were not taken.
    pub(super) fn finish(self) -> Result<(), CborError> {
        match self.entries.len() {
            0 => Ok(()),
            count => Err(CborError::UnknownFields {
                object: self.object,
                count,
            }),
        }
    }
}

/// The unsigned number of a field.
pub(super) fn unsigned<N: TryFrom<i128>>(value: Value, field: &'static str) -> Result<N, CborError> {
    let number = value.into_integer().ok().map(i128::from);
    let number = number
        .filter(|number| *number >= 0)
        .and_then(|number| N::try_from(number).ok());
    number.ok_or(CborError::Unexpected {
        field,
        expected: "an unsigned number in its range",
    })
}

/// The text of a field.
pub(super) fn text(value: Value, field: &'static str) -> Result<String, CborError> {
    value.into_text().map_err(|_| CborError::Unexpected {
        field,
        expected: "a text",
    })
}

/// The bytes of a field.
pub(super) fn bytes(value: Value, field: &'static str) -> Result<Vec<u8>, CborError> {
    value.into_bytes().map_err(|_| CborError::Unexpected {
        field,
        expected: "a byte string",
    })
}

/// The bytes of a field of fixed length.
pub(super) fn byte_array<const N: usize>(value: Value, field: &'static str) -> Result<[u8; N], CborError> {
    let expected = "a byte string of its fixed length";
    bytes(value, field)?
        .try_into()
        .map_err(|_| CborError::Unexpected { field, expected })
}

/// The items of a field.
pub(super) fn array(value: Value, field: &'static str) -> Result<Vec<Value>, CborError> {
    value.into_array().map_err(|_| CborError::Unexpected {
        field,
        expected: "an array",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_or_unsorted_encoding_of_the_same_value_is_not_canonical() {
        assert!(decode_canonical(&[0x17]).is_ok());
        assert_eq!(decode_canonical(&[0x18, 0x17]), Err(CborError::NotCanonical));
        assert!(decode_canonical(&[0xa2, 1, 2, 3, 4]).is_ok());
        assert_eq!(decode_canonical(&[0xa2, 3, 4, 1, 2]), Err(CborError::NotCanonical));
        assert_eq!(decode_canonical(&[0xa2, 1, 2, 1, 2]), Err(CborError::NotCanonical));
        assert_eq!(
            decode_canonical(&[0x5f, 0x41, 1, 0xff]),
            Err(CborError::NotCanonical),
            "indefinite length"
        );
    }

    #[test]
    fn bytes_before_the_end_and_after_it_have_their_own_errors() {
        assert_eq!(decode(&[0x42, 1]), Err(CborError::Truncated));
        assert_eq!(decode(&[0x41, 1, 0, 0]), Err(CborError::Trailing { bytes: 2 }));
        assert_eq!(decode(&[0xff]), Err(CborError::Malformed));
    }

    #[test]
    fn nesting_stops_at_its_budget() {
        let nested = |levels: usize| [vec![0x81; levels], vec![0]].concat();
        assert!(decode(&nested(MAX_DEPTH - 1)).is_ok());
        assert_eq!(decode(&nested(MAX_DEPTH + 1)), Err(CborError::Malformed));
        assert_eq!(decode(&nested(100_000)), Err(CborError::Malformed));
    }

    #[test]
    fn a_field_named_twice_and_a_field_not_asked_for_are_refused() {
        let twice = Value::Map(vec![(1.into(), 2.into()), (1.into(), 3.into())]);
        assert_eq!(Fields::of("thing", twice).err(), Some(CborError::DuplicateKey));
        let mut fields = Fields::of("thing", map([(1, 2.into()), (5, 6.into())])).unwrap();
        assert_eq!(
            fields.required(1, "one").and_then(|value| unsigned::<u8>(value, "one")),
            Ok(2)
        );
        assert_eq!(
            fields.finish(),
            Err(CborError::UnknownFields {
                object: "thing",
                count: 1
            })
        );
    }

    #[test]
    fn a_number_outside_its_range_names_its_field() {
        let expected = "an unsigned number in its range";
        assert_eq!(
            unsigned::<u8>(256.into(), "index"),
            Err(CborError::Unexpected {
                field: "index",
                expected
            })
        );
        assert_eq!(
            unsigned::<u8>((-1).into(), "index"),
            Err(CborError::Unexpected {
                field: "index",
                expected
            })
        );
    }
}
