//! Compressed SVG: a document in gzip (RFC 1952), which every conforming viewer of SVG 1.1 reads (SVG 1.1, G.7).
//!
//! A seal's picture lies in every licence, in hexadecimal digits: half the picture is a tenth of the file.

use std::io::Read;

use flate2::read::GzDecoder;

use super::{MAX_BYTES, SvgError, SvgErrorKind};
use crate::draw::deflate::smallest_gzip;

/// Compresses a document as small as can be; the same text gives the same bytes.
pub fn pack(text: &str) -> Vec<u8> {
    smallest_gzip(text.as_bytes())
}

/// The text of a document, compressed or not.
pub fn unpack(data: &[u8]) -> Result<String, SvgError> {
    let malformed = |what| SvgError::at(1, SvgErrorKind::Malformed(what));
    let mut text = data.to_vec();
    if data.starts_with(&[0x1F, 0x8B]) {
        text.clear();
        // One byte more than a document may have shows that there are too many.
        let mut decoder = GzDecoder::new(data).take(MAX_BYTES as u64 + 1);
        decoder
            .read_to_end(&mut text)
            .map_err(|_| malformed("its gzip form is damaged"))?;
    }
    if text.len() > MAX_BYTES {
        return Err(SvgError::at(
            1,
            SvgErrorKind::TooLarge {
                what: "bytes",
                limit: MAX_BYTES,
            },
        ));
    }
    String::from_utf8(text).map_err(|_| malformed("not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_the_same_after_packing_and_both_forms_are_read() {
        let text = "<svg>".repeat(100);
        assert!(pack(&text).len() < 60);
        assert_eq!(unpack(&pack(&text)).as_deref(), Ok(text.as_str()));
        assert_eq!(unpack(text.as_bytes()).as_deref(), Ok(text.as_str()));
    }

    #[test]
    fn a_bomb_and_a_cut_file_are_refused() {
        let bomb = pack(&" ".repeat(MAX_BYTES + 1));
        assert_eq!(
            unpack(&bomb).unwrap_err().kind,
            SvgErrorKind::TooLarge {
                what: "bytes",
                limit: MAX_BYTES
            }
        );
        let cut = &pack("<svg/>")[..20];
        assert_eq!(
            unpack(cut).unwrap_err().kind,
            SvgErrorKind::Malformed("its gzip form is damaged")
        );
    }
}
