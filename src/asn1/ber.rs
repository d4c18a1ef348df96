//! Brings BER (X.690 section 8) to the definite, minimal form that the readers of this program take: what other
//! producers write with indefinite lengths, lengths in more octets than needed, and strings in pieces.
//!
//! Contents of primitive values stay as they are, so that a certificate inside, which is DER, comes out byte for byte.
//! The order of a SET OF is not changed. Left out: tag numbers above 30, which no structure read here has.

/// Levels of nesting that are followed. A time stamp inside an archive time stamp inside a signature has about forty.
pub const MAX_DEPTH: usize = 64;

/// Tags of strings that may come in pieces (X.690 sections 8.6.4 and 8.7.3): BIT STRING and OCTET STRING, and what
/// stands for the latter under a context tag is read by its own rule.
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

/// Why bytes are not one value of BER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BerError {
    /// A value ends after what holds it, or its end is missing.
    #[error("a value does not end within what holds it")]
    Truncated,
    /// Bytes follow the value.
    #[error("{count} bytes trail the value")]
    TrailingData {
        /// How many bytes.
        count: usize,
    },
    /// A tag number above 30, a reserved length, or a primitive value of indefinite length (X.690 section 8.1.3).
    #[error("the header of a value is not one of BER")]
    Header,
    /// A string in pieces that are no strings of its kind.
    #[error("a string in pieces has a piece of another kind")]
    Pieces,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// The value in definite form with the shortest lengths and whole strings; the same bytes where it has that form
/// already.
///
/// # Errors
/// When the bytes are not exactly one value of BER.
pub fn to_definite(ber: &[u8]) -> Result<Vec<u8>, BerError> {
    let mut out = Vec::with_capacity(ber.len());
    let rest = value(ber, 0, &mut out)?;
    match rest.len() {
        0 => Ok(out),
        count => Err(BerError::TrailingData { count }),
    }
}

/// Writes the value that `input` begins with, and returns what follows it.
fn value<'a>(input: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8], BerError> {
    if depth == MAX_DEPTH {
        return Err(BerError::TooDeep);
    }
    let Header { tag, length, rest } = header(input)?;
    let (content, after) = match length {
        Some(length) => {
            let (content, after) = rest.split_at_checked(length).ok_or(BerError::Truncated)?;
            (Some(content), after)
        }
        None => (None, rest),
    };
    if tag & CONSTRUCTED == 0 {
        let content = content.ok_or(BerError::Header)?;
        put(out, tag, content);
        return Ok(after);
    }
    let mut inner = Vec::new();
    let after = match content {
        Some(mut content) => {
            while !content.is_empty() {
                content = value(content, depth + 1, &mut inner)?;
            }
            after
        }
        None => {
            let mut rest = after;
            loop {
                match rest {
                    [0, 0, after @ ..] => break after,
                    _ => rest = value(rest, depth + 1, &mut inner)?,
                }
            }
        }
    };
    match tag & !CONSTRUCTED {
        string @ (BIT_STRING | OCTET_STRING) => put(out, string, &joined(string, &inner)?),
        _ => put(out, tag, &inner),
    }
    Ok(after)
}

/// The contents of a string whose pieces, already whole, stand one after another.
fn joined(tag: u8, mut pieces: &[u8]) -> Result<Vec<u8>, BerError> {
    let mut contents = Vec::with_capacity(pieces.len());
    if tag == BIT_STRING {
        contents.push(0);
    }
    while !pieces.is_empty() {
        let Header {
            tag: of_piece,
            length,
            rest,
        } = header(pieces)?;
        let (piece, after) = rest
            .split_at_checked(length.ok_or(BerError::Header)?)
            .ok_or(BerError::Truncated)?;
        match (of_piece == tag, tag, piece) {
            (true, OCTET_STRING, piece) => contents.extend_from_slice(piece),
            // Only the last piece may have unused bits (section 8.6.4): whole octets are all that is read here.
            (true, BIT_STRING, [0, octets @ ..]) => contents.extend_from_slice(octets),
            _ => return Err(BerError::Pieces),
        }
        pieces = after;
    }
    Ok(contents)
}

/// The header of a value and what follows it.
struct Header<'a> {
    tag: u8,
    /// `None` for an indefinite length.
    length: Option<usize>,
    rest: &'a [u8],
}

fn header(input: &[u8]) -> Result<Header<'_>, BerError> {
    let [tag, first, rest @ ..] = input else {
        return Err(BerError::Truncated);
    };
    if tag & 0x1f == 0x1f {
        return Err(BerError::Header);
    }
    let (length, rest) = match first {
        0x80 => (None, rest),
        0xff => return Err(BerError::Header),
        short if short & 0x80 == 0 => (Some(usize::from(*short)), rest),
        long => {
            let (octets, rest) = rest
                .split_at_checked(usize::from(long & 0x7f))
                .ok_or(BerError::Truncated)?;
            let length = octets.iter().try_fold(0_usize, |length, octet| {
                length.checked_mul(256).map(|length| length | usize::from(*octet))
            });
            (Some(length.ok_or(BerError::Truncated)?), rest)
        }
    };
    Ok(Header {
        tag: *tag,
        length,
        rest,
    })
}

fn put(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    let mut writer = super::write::Writer::with_capacity(content.len() + 6);
    writer.primitive(tag, content);
    out.extend_from_slice(&writer.into_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::asn1::write::encode;

    #[test]
    fn what_is_definite_stays_byte_for_byte() {
        let der = encode(|w| {
            w.sequence(|w| {
                w.unsigned(300);
                w.octet_string(&[7; 200]);
                w.constructed(crate::asn1::write::SET, |w| w.bit_string(b"bits"));
            });
        });
        assert_eq!(to_definite(&der), Ok(der));
    }

    #[test]
    fn indefinite_lengths_and_strings_in_pieces_become_whole() {
        let ber = b"\x30\x80\x24\x80\x04\x02ab\x04\x81\x01c\x00\x00\x23\x07\x03\x02\x00d\x03\x01\x00\x02\x82\x00\x01\x05\x00\x00";
        let der = encode(|w| {
            w.sequence(|w| {
                w.octet_string(b"abc");
                w.bit_string(b"d");
                w.unsigned(5);
            });
        });
        assert_eq!(to_definite(ber), Ok(der));
    }

    #[test]
    fn what_is_no_value_says_why() {
        let of = |ber: &[u8]| to_definite(ber).unwrap_err();
        assert_eq!(of(b"\x30\x80\x05\x00"), BerError::Truncated);
        assert_eq!(of(b"\x30\x02\x05"), BerError::Truncated);
        assert_eq!(of(b"\x05\x00\x00"), BerError::TrailingData { count: 1 });
        assert_eq!(of(b"\x04\x80\x00\x00"), BerError::Header);
        assert_eq!(of(b"\x3f\x21\x00"), BerError::Header);
        assert_eq!(of(b"\x24\x03\x02\x01\x05"), BerError::Pieces);
        assert_eq!(of(b"\x23\x04\x03\x02\x03\xf8"), BerError::Pieces);
    }

    #[test]
    fn the_budget_of_depth_is_reached() {
        let nested = |levels: usize| [&[0x30, 0x80].repeat(levels)[..], &[0, 0].repeat(levels)].concat();
        assert!(to_definite(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(to_definite(&nested(MAX_DEPTH + 1)), Err(BerError::TooDeep));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_bytes_are_survived_and_what_comes_out_stays(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(der) = to_definite(&bytes) {
                prop_assert_eq!(to_definite(&der), Ok(der.clone()));
            }
        }
    }
}
