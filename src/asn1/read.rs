//! Reads DER (X.690) value by value, over the `der` crate's reader: a strict reader for our own messages' structures.
//!
//! Every length must be definite and minimal, and data after the end of a structure is an error. Depth is bounded by
//! the callers, none of which recurse. What is kept of a message borrows from it, so that signatures are checked over
//! the received bytes and never over a second encoding.

use chrono::{DateTime, NaiveDate, Utc};
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, ErrorKind, Reader as _, SliceReader, Tag, TagNumber};

/// Reads the values of one structure in their order.
#[derive(Debug, Clone)]
pub struct Reader<'a>(SliceReader<'a>);

/// The tag of a context-specific value.
pub const fn context(number: u32, constructed: bool) -> Tag {
    Tag::ContextSpecific {
        number: TagNumber(number),
        constructed,
    }
}

/// Reads `der` as exactly one SEQUENCE.
pub fn sequence<'a, T, E: From<der::Error>>(
    der: &'a [u8],
    body: impl FnOnce(&mut Reader<'a>) -> Result<T, E>,
) -> Result<T, E> {
    let mut reader = Reader::new(der)?;
    let value = reader.nested(Tag::Sequence, body)?;
    reader.finish()?;
    Ok(value)
}

impl<'a> Reader<'a> {
    /// Reads the values in `der`.
    pub fn new(der: &'a [u8]) -> der::Result<Self> {
        SliceReader::new(der).map(Self)
    }

    /// Whether a value follows and has this tag.
    pub fn next_is(&self, tag: Tag) -> bool {
        Tag::peek(&self.0).is_ok_and(|next| next == tag)
    }

    /// Whether nothing follows.
    pub fn is_empty(&self) -> bool {
        self.0.is_finished()
    }

    /// The next value whole, with its header.
    pub fn raw(&mut self) -> der::Result<&'a [u8]> {
        self.0.tlv_bytes()
    }

    /// The next value whole, with its header, which must have this tag.
    pub fn raw_of(&mut self, tag: Tag) -> der::Result<&'a [u8]> {
        Tag::peek(&self.0)?.assert_eq(tag)?;
        self.raw()
    }

    /// The contents of the next value, which must have this tag.
    pub fn contents(&mut self, tag: Tag) -> der::Result<&'a [u8]> {
        let any = AnyRef::decode(&mut self.0)?;
        der::Tagged::tag(&any).assert_eq(tag)?;
        Ok(any.value())
    }

    /// The next value, constructed and of this tag, read by `body` to its end.
    pub fn nested<T, E: From<der::Error>>(
        &mut self,
        tag: Tag,
        body: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut inner = Self::new(self.contents(tag)?)?;
        let value = body(&mut inner)?;
        inner.finish()?;
        Ok(value)
    }

    /// The next value, a SEQUENCE, read by `body` to its end.
    pub fn sequence<T, E: From<der::Error>>(&mut self, body: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.nested(Tag::Sequence, body)
    }

    /// OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> der::Result<ObjectIdentifier> {
        ObjectIdentifier::decode(&mut self.0)
    }

    /// INTEGER that fits 32 bits and is not negative.
    pub fn small_unsigned(&mut self) -> der::Result<u32> {
        u32::decode(&mut self.0)
    }

    /// Content octets of an INTEGER of any size, minimal two's complement.
    pub fn integer_bytes(&mut self) -> der::Result<&'a [u8]> {
        let bytes = self.contents(Tag::Integer)?;
        match bytes {
            [] => Err(Tag::Integer.length_error().into()),
            [0, second, ..] if second & 0x80 == 0 => Err(Tag::Integer.non_canonical_error().into()),
            [0xff, second, ..] if second & 0x80 != 0 => Err(Tag::Integer.non_canonical_error().into()),
            _ => Ok(bytes),
        }
    }

    /// BOOLEAN.
    pub fn boolean(&mut self) -> der::Result<bool> {
        bool::decode(&mut self.0)
    }

    /// Contents of an OCTET STRING.
    pub fn octet_string(&mut self) -> der::Result<&'a [u8]> {
        self.contents(Tag::OctetString)
    }

    /// Contents of a BIT STRING of whole octets.
    pub fn bit_string(&mut self) -> der::Result<&'a [u8]> {
        match self.contents(Tag::BitString)?.split_first() {
            Some((0, octets)) => Ok(octets),
            _ => Err(Tag::BitString.value_error().into()),
        }
    }

    /// A string of this tag, which must be UTF-8 (ASCII for IA5String and PrintableString).
    pub fn string(&mut self, tag: Tag) -> der::Result<&'a str> {
        let text = std::str::from_utf8(self.contents(tag)?)?;
        if tag != Tag::Utf8String && !text.is_ascii() {
            return Err(tag.value_error().into());
        }
        Ok(text)
    }

    /// GeneralizedTime in UTC, with a fraction of a second or without.
    pub fn generalized_time(&mut self) -> der::Result<DateTime<Utc>> {
        let text = self.contents(Tag::GeneralizedTime)?;
        parse_generalized_time(text).ok_or_else(|| Tag::GeneralizedTime.value_error().into())
    }

    /// Refuses whatever follows.
    pub fn finish(self) -> der::Result<()> {
        self.0.finish()
    }

    /// An error at the present place, for a structure that this reader cannot express.
    pub fn error(&mut self, kind: ErrorKind) -> der::Error {
        self.0.error(kind)
    }
}

/// Content octets of a GeneralizedTime `YYYYMMDDHHMMSS[.f+]Z` (X.690 section 11.7), to the nanosecond.
fn parse_generalized_time(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = text.strip_suffix(b"Z")?;
    let (whole, fraction) = text.split_at_checked(14)?;
    let number = |range: std::ops::Range<usize>| {
        whole.get(range)?.iter().try_fold(0u32, |sum, byte| {
            byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
        })
    };
    let nanos = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) && !digits.ends_with(b"0") => digits
            .iter()
            .chain([b'0'; 9].iter())
            .take(9)
            .try_fold(0u32, |sum, byte| {
                byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
            })?,
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(number(0..4)?.try_into().ok()?, number(4..6)?, number(6..8)?)?;
    let time = date.and_hms_nano_opt(number(8..10)?, number(10..12)?, number(12..14)?, nanos)?;
    Some(time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_after_the_structure_is_an_error() {
        let body = |r: &mut Reader<'_>| r.small_unsigned();
        assert_eq!(sequence::<_, der::Error>(b"\x30\x03\x02\x01\x05", body).unwrap(), 5);
        assert!(sequence::<_, der::Error>(b"\x30\x03\x02\x01\x05\x00", body).is_err());
        assert!(sequence::<_, der::Error>(b"\x30\x04\x02\x01\x05\x00", body).is_err());
    }

    #[test]
    fn a_length_that_could_be_shorter_is_refused() {
        assert!(Reader::new(b"\x04\x81\x01x").unwrap().octet_string().is_err());
        assert!(Reader::new(b"\x24\x80\x04\x01x\x00\x00").unwrap().raw().is_err());
    }

    #[test]
    fn generalized_times_are_read_to_the_fraction() {
        let read = |text: &str| parse_generalized_time(text.as_bytes()).map(|time| time.to_rfc3339());
        assert_eq!(read("20260528202640Z").as_deref(), Some("2026-05-28T20:26:40+00:00"));
        assert_eq!(
            read("20260528202640.00012Z").as_deref(),
            Some("2026-05-28T20:26:40.000120+00:00")
        );
        for bad in [
            "20260528202640",
            "20260528202640.Z",
            "20260528202640.50Z",
            "20261328202640Z",
            "2026052820264Z",
            "é",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
