//! The bit field of a status list (draft-ietf-oauth-status-list section 4): values of 1, 2, 4 or 8 bits, packed from
//! the least significant bit on, compressed with zlib (RFC 1950), in CBOR or in JSON.

use std::io::{Read, Write};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ciborium::Value;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::credential::CborError;
use crate::credential::cbor::{self, Fields};

/// Bytes that a list may have uncompressed: 2^20 values of 8 bits, the longest list of the draft's test vectors.
const MAX_LIST_BYTES: usize = 1 << 20;

/// Why something is not a status list, or a place is not in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusListError {
    /// Not the CBOR of a list.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Not the JSON of a list.
    #[error("status list is not a JSON object with bits and lst")]
    Json,
    /// Values of another number of bits.
    #[error("status values of {bits} bits are not of 1, 2, 4 or 8 bits")]
    Bits {
        /// Bits named by the list.
        bits: u64,
    },
    /// The compressed bytes are damaged, or others follow them.
    #[error("status list is not exactly one zlib stream")]
    Compression,
    /// The list is longer than any of ours or of the draft.
    #[error("status list exceeds the limit of {MAX_LIST_BYTES} bytes")]
    TooLong,
    /// The list is shorter than the place asked for.
    #[error("place {index} is outside the status list of {entries} places")]
    Outside {
        /// The place.
        index: u32,
        /// Places that the list has.
        entries: usize,
    },
    /// The value does not fit the bits of the list.
    #[error("status value {value} does not fit {bits} bits")]
    Value {
        /// The value.
        value: u8,
        /// Bits of each value.
        bits: u32,
    },
}

/// Bits of each value of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryBits {
    /// Valid or not.
    One = 1,
    /// Valid, revoked, suspended and one more: what we publish.
    Two = 2,
    /// 16 values.
    Four = 4,
    /// 256 values.
    Eight = 8,
}

impl EntryBits {
    fn from_number(bits: u64) -> Result<Self, StatusListError> {
        [Self::One, Self::Two, Self::Four, Self::Eight]
            .into_iter()
            .find(|known| *known as u64 == bits)
            .ok_or(StatusListError::Bits { bits })
    }
}

/// A status for each of many licences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    bits: EntryBits,
    bytes: Vec<u8>,
}

impl StatusList {
    /// A list of at least `entries` places, all valid.
    pub fn new(bits: EntryBits, entries: u32) -> Self {
        let per_byte = 8 / bits as usize;
        Self {
            bits,
            bytes: vec![0; (entries as usize).div_ceil(per_byte)],
        }
    }

    /// Places that it has.
    pub fn entries(&self) -> usize {
        self.bytes.len() * (8 / self.bits as usize)
    }

    /// The value at `index`.
    ///
    /// # Errors
    /// [`StatusListError::Outside`].
    pub fn value(&self, index: u32) -> Result<u8, StatusListError> {
        let (byte, shift) = self.place(index);
        let byte = self.bytes.get(byte).ok_or(StatusListError::Outside {
            index,
            entries: self.entries(),
        })?;
        Ok((byte >> shift) & self.mask())
    }

    /// Sets the value at `index`.
    ///
    /// # Errors
    /// [`StatusListError::Outside`], [`StatusListError::Value`].
    pub fn set(&mut self, index: u32, value: u8) -> Result<(), StatusListError> {
        let (entries, mask) = (self.entries(), self.mask());
        if value > mask {
            return Err(StatusListError::Value {
                value,
                bits: self.bits as u32,
            });
        }
        let (byte, shift) = self.place(index);
        let byte = self
            .bytes
            .get_mut(byte)
            .ok_or(StatusListError::Outside { index, entries })?;
        *byte = (*byte & !(mask << shift)) | (value << shift);
        Ok(())
    }

    /// Its CBOR map (section 4.3).
    pub(super) fn to_cbor(&self) -> Value {
        cbor::map([
            ("bits", (self.bits as u64).into()),
            ("lst", Value::Bytes(self.compressed())),
        ])
    }

    /// Reads its CBOR map.
    ///
    /// # Errors
    /// No such map, damaged or too long.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, StatusListError> {
        Self::from_cbor_value(cbor::decode(bytes)?)
    }

    pub(super) fn from_cbor_value(value: Value) -> Result<Self, StatusListError> {
        let mut fields = Fields::of("status list", value)?;
        let bits = cbor::unsigned(fields.required("bits", "bits")?, "bits")?;
        let compressed = cbor::bytes(fields.required("lst", "lst")?, "lst")?;
        // An aggregation address or another field may stand beside them (section 4.3): it says nothing of the states.
        Self::from_compressed(bits, &compressed)
    }

    /// Its JSON object (section 4.2).
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "bits": self.bits as u64, "lst": BASE64_URL_SAFE_NO_PAD.encode(self.compressed()) })
    }

    /// Reads its JSON object.
    ///
    /// # Errors
    /// No such object, damaged or too long.
    pub fn from_json(json: &serde_json::Value) -> Result<Self, StatusListError> {
        let bits = json
            .get("bits")
            .and_then(serde_json::Value::as_u64)
            .ok_or(StatusListError::Json)?;
        let text = json
            .get("lst")
            .and_then(serde_json::Value::as_str)
            .ok_or(StatusListError::Json)?;
        let compressed = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| StatusListError::Json)?;
        Self::from_compressed(bits, &compressed)
    }

    fn from_compressed(bits: u64, compressed: &[u8]) -> Result<Self, StatusListError> {
        let bits = EntryBits::from_number(bits)?;
        let mut bytes = Vec::new();
        let mut decoder = ZlibDecoder::new(compressed);
        let read = decoder.by_ref().take(MAX_LIST_BYTES as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|_| StatusListError::Compression)?;
        if bytes.len() > MAX_LIST_BYTES {
            return Err(StatusListError::TooLong);
        }
        if decoder.total_in() != compressed.len() as u64 {
            return Err(StatusListError::Compression);
        }
        Ok(Self { bits, bytes })
    }

    /// At the highest level, as the draft advises: made once, fetched often.
    fn compressed(&self) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        #[expect(
            clippy::expect_used,
            reason = "the only error is the writer's, and a vector has none"
        )]
        encoder
            .write_all(&self.bytes)
            .and_then(|()| encoder.finish())
            .expect("a vector takes all bytes")
    }

    /// The byte of a place, and how far its value is shifted in it (section 4.1).
    fn place(&self, index: u32) -> (usize, usize) {
        let bit = index as usize * self.bits as usize;
        (bit / 8, bit % 8)
    }

    fn mask(&self) -> u8 {
        u8::MAX >> (8 - self.bits as u32)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_stand_from_the_least_significant_bit_on() {
        // Section 4.1: the values 1,0,0,1,1,1,0,1 and 1,1,0,0,0,1,0,1 of one bit each.
        let mut list = StatusList::new(EntryBits::One, 16);
        for (index, value) in [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1].into_iter().enumerate() {
            list.set(index as u32, value).unwrap();
        }
        assert_eq!(list.bytes, [0xb9, 0xa3]);
    }

    #[test]
    fn a_changed_value_leaves_its_neighbours() {
        let mut list = StatusList::new(EntryBits::Two, 4);
        (0..4).for_each(|index| list.set(index, 3).unwrap());
        list.set(1, 0).unwrap();
        assert_eq!(
            (0..4).map(|index| list.value(index).unwrap()).collect::<Vec<_>>(),
            [3, 0, 3, 3]
        );
    }

    #[test]
    fn a_place_outside_and_a_value_too_large_are_refused() {
        let mut list = StatusList::new(EntryBits::Two, 4);
        assert_eq!(list.value(4), Err(StatusListError::Outside { index: 4, entries: 4 }));
        assert_eq!(list.set(4, 0), Err(StatusListError::Outside { index: 4, entries: 4 }));
        assert_eq!(list.set(0, 4), Err(StatusListError::Value { value: 4, bits: 2 }));
    }

    #[test]
    fn a_stream_that_grows_beyond_its_budget_is_refused() {
        let size = |bytes: usize| {
            StatusList {
                bits: EntryBits::Eight,
                bytes: vec![0; bytes],
            }
            .compressed()
        };
        assert!(StatusList::from_compressed(8, &size(MAX_LIST_BYTES)).is_ok());
        assert_eq!(
            StatusList::from_compressed(8, &size(MAX_LIST_BYTES + 1)),
            Err(StatusListError::TooLong)
        );
    }

    #[test]
    fn a_damaged_or_longer_stream_is_refused() {
        let good = StatusList::new(EntryBits::Two, 400).compressed();
        assert!(StatusList::from_compressed(2, &good).is_ok());
        for cut in 0..good.len() {
            assert_eq!(
                StatusList::from_compressed(2, &good[..cut]),
                Err(StatusListError::Compression),
                "{cut}"
            );
        }
        let longer = [good.as_slice(), &[0]].concat();
        assert_eq!(
            StatusList::from_compressed(2, &longer),
            Err(StatusListError::Compression)
        );
        assert_eq!(
            StatusList::from_compressed(3, &good),
            Err(StatusListError::Bits { bits: 3 })
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_list_comes_back_in_both_forms(values in prop::collection::vec(0..4_u8, 1..50)) {
            let mut list = StatusList::new(EntryBits::Two, values.len() as u32);
            for (index, value) in values.iter().enumerate() {
                list.set(index as u32, *value).unwrap();
            }
            prop_assert_eq!(StatusList::from_cbor(&cbor::encode(&list.to_cbor())), Ok(list.clone()));
            prop_assert_eq!(StatusList::from_json(&list.to_json()), Ok(list.clone()));
            for (index, value) in values.iter().enumerate() {
                prop_assert_eq!(list.value(index as u32), Ok(*value));
            }
        }
    }
}
