//! Writes DER (X.690) straight into one buffer, for messages that are made millions of times.
//!
//! A constructed value is written by a closure; its length is put in afterwards, by moving the contents when they turn
//! out to need the long form. SET OF is sorted by its encodings (X.690 section 11.6). Length is limited by memory only:
//! what is written is our own. Reading is in [`super::read`].

use chrono::{DateTime, SubsecRound, Timelike, Utc};
use der::asn1::ObjectIdentifier;

/// Tag of BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// Tag of INTEGER.
pub const INTEGER: u8 = 0x02;
/// Tag of BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// Tag of OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of NULL.
pub const NULL: u8 = 0x05;
/// Tag of OBJECT IDENTIFIER.
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of ENUMERATED.
pub const ENUMERATED: u8 = 0x0a;
/// Tag of UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// Tag of PrintableString.
pub const PRINTABLE_STRING: u8 = 0x13;
/// Tag of IA5String.
pub const IA5_STRING: u8 = 0x16;
/// Tag of GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of SEQUENCE and SEQUENCE OF.
pub const SEQUENCE: u8 = 0x30;
/// Tag of SET and SET OF.
pub const SET: u8 = 0x31;

/// Tag of a constructed context-specific value: EXPLICIT, or IMPLICIT over a constructed type. `number` below 31.
pub const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// Tag of a primitive context-specific value: IMPLICIT over a primitive type. `number` below 31.
pub const fn context_primitive(number: u8) -> u8 {
    0x80 | number
}

/// A buffer to which values are appended.
#[derive(Debug, Default, Clone)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty buffer with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A constructed value whose contents `body` writes.
    pub fn constructed(&mut self, tag: u8, body: impl FnOnce(&mut Self)) {
        self.0.push(tag);
        self.0.push(0);
        let start = self.0.len();
        body(self);
        let length = self.0.len() - start;
        let (octets, count) = length_octets(length);
        // The first length octet is already there; the long form needs room for the others.
        self.0.splice(start - 1..start, octets[..count].iter().copied());
    }

    /// SEQUENCE.
    pub fn sequence(&mut self, body: impl FnOnce(&mut Self)) {
        self.constructed(SEQUENCE, body);
    }

    /// SET OF values that are already encoded, in the order that DER asks for (X.690 section 11.6), under `tag`.
    pub fn set_of<T: AsRef<[u8]>>(&mut self, tag: u8, values: &[T]) {
        let mut sorted: Vec<&[u8]> = values.iter().map(AsRef::as_ref).collect();
        sorted.sort_unstable();
        self.constructed(tag, |w| sorted.iter().for_each(|value| w.raw(value)));
    }

    /// A primitive value.
    pub fn primitive(&mut self, tag: u8, contents: &[u8]) {
        let (octets, count) = length_octets(contents.len());
        self.0.push(tag);
        self.0.extend_from_slice(&octets[..count]);
        self.0.extend_from_slice(contents);
    }

    /// A value that is already encoded.
    pub fn raw(&mut self, encoded: &[u8]) {
        self.0.extend_from_slice(encoded);
    }

    /// OBJECT IDENTIFIER.
    pub fn oid(&mut self, oid: ObjectIdentifier) {
        self.primitive(OBJECT_IDENTIFIER, oid.as_bytes());
    }

    /// INTEGER, not negative.
    pub fn unsigned(&mut self, value: u64) {
        self.unsigned_bytes(&value.to_be_bytes());
    }

    /// INTEGER, not negative, from its magnitude in big-endian order.
    pub fn unsigned_bytes(&mut self, magnitude: &[u8]) {
        let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
        let significant = &magnitude[zeros..];
        let pad = significant.first().is_none_or(|first| first & 0x80 != 0);
        let contents: Vec<u8> = pad
            .then_some(0)
            .into_iter()
            .chain(significant.iter().copied())
            .collect();
        self.primitive(INTEGER, &contents);
    }

    /// OCTET STRING.
    pub fn octet_string(&mut self, contents: &[u8]) {
        self.primitive(OCTET_STRING, contents);
    }

    /// BIT STRING of whole octets.
    pub fn bit_string(&mut self, contents: &[u8]) {
        let (octets, count) = length_octets(contents.len() + 1);
        self.0.push(BIT_STRING);
        self.0.extend_from_slice(&octets[..count]);
        self.0.push(0);
        self.0.extend_from_slice(contents);
    }

    /// BOOLEAN TRUE. FALSE is never written: it is the default wherever we write a BOOLEAN.
    pub fn boolean_true(&mut self) {
        self.primitive(BOOLEAN, &[0xff]);
    }

    /// GeneralizedTime in UTC to the second, `YYYYMMDDHHMMSSZ`.
    pub fn generalized_time(&mut self, time: DateTime<Utc>) {
        self.primitive(GENERALIZED_TIME, time.format("%Y%m%d%H%M%SZ").to_string().as_bytes());
    }

    /// GeneralizedTime in UTC to the microsecond, without trailing zeros (RFC 3161 section 2.4.2).
    pub fn generalized_time_micros(&mut self, time: DateTime<Utc>) {
        let micros = time.trunc_subsecs(6).nanosecond() % 1_000_000_000 / 1000;
        if micros == 0 {
            return self.generalized_time(time);
        }
        let text = format!("{}.{micros:06}", time.format("%Y%m%d%H%M%S"));
        self.primitive(GENERALIZED_TIME, format!("{}Z", text.trim_end_matches('0')).as_bytes());
    }
}

/// One value, written by `body`, as bytes.
pub fn encode(body: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::default();
    body(&mut writer);
    writer.into_bytes()
}

/// Octets that the header and contents of a value take together, for contents of `length` octets.
pub const fn encoded_len(length: usize) -> usize {
    1 + length_octets(length).1 + length
}

/// The length octets (X.690 section 10.1: the shortest form) and how many of them count.
const fn length_octets(length: usize) -> ([u8; 5], usize) {
    let [.., a, b, c, d] = length.to_be_bytes();
    match length {
        0..0x80 => ([d, 0, 0, 0, 0], 1),
        0x80..0x100 => ([0x81, d, 0, 0, 0], 2),
        0x100..0x1_0000 => ([0x82, c, d, 0, 0], 3),
        0x1_0000..0x100_0000 => ([0x83, b, c, d, 0], 4),
        _ => ([0x84, a, b, c, d], 5),
    }
}

#[cfg(test)]
mod tests {
    use der::{Decode, Encode};

    use super::*;

    #[test]
    fn lengths_take_the_shortest_form() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let contents = vec![7; length];
            let expected = der::asn1::OctetString::new(contents.as_slice())
                .unwrap()
                .to_der()
                .unwrap();
            assert_eq!(encode(|w| w.octet_string(&contents)), expected);
            assert_eq!(encoded_len(length), expected.len());
            let nested = encode(|w| w.sequence(|w| w.raw(&contents)));
            assert_eq!(nested[1..nested.len() - length], expected[1..expected.len() - length]);
        }
    }

    #[test]
    fn integers_are_minimal_and_never_negative() {
        for value in [0, 1, 0x7f, 0x80, 0xff, 0x100, u64::MAX] {
            assert_eq!(u64::from_der(&encode(|w| w.unsigned(value))).unwrap(), value);
        }
    }

    #[test]
    fn a_set_is_sorted_by_its_encodings() {
        let members = [
            encode(|w| w.octet_string(b"b")),
            encode(|w| w.unsigned(9)),
            encode(|w| w.octet_string(b"a")),
        ];
        assert_eq!(
            encode(|w| w.set_of(SET, &members)),
            b"\x31\x09\x02\x01\x09\x04\x01a\x04\x01b"
        );
    }

    #[test]
    fn fractions_of_a_second_lose_their_trailing_zeros() {
        let time = |micros: i64| DateTime::from_timestamp_micros(1_780_000_000_000_000 + micros).unwrap();
        let text =
            |micros| String::from_utf8(encode(|w| w.generalized_time_micros(time(micros)))[2..].to_vec()).unwrap();
        assert_eq!(text(0), "20260528202640Z");
        assert_eq!(text(120), "20260528202640.00012Z");
        assert_eq!(text(500_000), "20260528202640.5Z");
    }
}
