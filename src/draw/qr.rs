//! QR codes (ISO/IEC 18004): text to modules, and modules to bits.
//!
//! Level M; the mask is fixed, since scoring all eight costs more than the rest of a page and readers do not need it.
//! Runs of [`NUMERIC_RUN`] digits and more become a numeric segment, 3.33 bits a digit.

use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::types::QrError;
use qrcode::{EcLevel, Version};

/// The largest version: above 13 phones begin to fail on a printed code of 30 mm.
pub const MAX_VERSION: i16 = 13;
/// Light modules that must surround a code (ISO/IEC 18004, 6.3.8).
pub const QUIET_ZONE: usize = 4;
/// From this length on a run of digits is cheaper as a segment of its own: two changes of mode cost 32 bits at most.
const NUMERIC_RUN: usize = 8;

/// Why a text does not become a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrCodeError {
    /// It does not fit.
    #[error("a text of {0} bytes does not fit a qr code of version 13, level M")]
    TooLong(usize),
    /// The encoder refused.
    #[error("the qr encoder refused the text: {0}")]
    Refused(&'static str),
}

/// The modules of a code, without quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrMatrix {
    width: usize,
    dark: Vec<bool>,
}

/// Encodes a text in the smallest version that holds it.
pub fn encode(text: &str) -> Result<QrMatrix, QrCodeError> {
    let refused = |_: QrError| QrCodeError::Refused("no codewords for version and level");
    let bits = smallest(text)?;
    let version = bits.version();
    let (data, correction) =
        qrcode::ec::construct_codewords(&bits.into_bytes(), version, EcLevel::M).map_err(refused)?;
    let mut canvas = Canvas::new(version, EcLevel::M);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    canvas.apply_mask(MaskPattern::DiagonalLines);
    let dark: Vec<bool> = canvas
        .into_colors()
        .into_iter()
        .map(|color| color == qrcode::Color::Dark)
        .collect();
    Ok(QrMatrix {
        width: dark.len().isqrt(),
        dark,
    })
}

/// The bits of a text in the smallest version that holds them; the size of the segments is known before any is made.
fn smallest(text: &str) -> Result<Bits, QrCodeError> {
    let segments = segments(text.as_bytes());
    for version in (1..=MAX_VERSION).map(Version::Normal) {
        let mut bits = Bits::new(version);
        let room = bits
            .max_len(EcLevel::M)
            .map_err(|_| QrCodeError::Refused("no such version"))?;
        let length_bits = |numeric: bool| match (numeric, version) {
            (true, Version::Normal(..=9)) => 10,
            (true, _) => 12,
            (false, Version::Normal(..=9)) => 8,
            (false, _) => 16,
        };
        let needed: usize = segments
            .iter()
            .map(|&(numeric, bytes)| 4 + length_bits(numeric) + payload(numeric, bytes.len()))
            .sum();
        if needed > room {
            continue;
        }
        let pushed = segments.iter().try_for_each(|&(numeric, bytes)| {
            if numeric {
                bits.push_numeric_data(bytes)
            } else {
                bits.push_byte_data(bytes)
            }
        });
        if pushed.and_then(|()| bits.push_terminator(EcLevel::M)).is_ok() {
            return Ok(bits);
        }
    }
    Err(QrCodeError::TooLong(text.len()))
}

/// Bits of a segment's characters.
fn payload(numeric: bool, length: usize) -> usize {
    if numeric {
        length / 3 * 10 + [0, 4, 7][length % 3]
    } else {
        length * 8
    }
}

/// Splits a text into long runs of digits and the rest.
fn segments(text: &[u8]) -> Vec<(bool, &[u8])> {
    let mut segments: Vec<(bool, &[u8])> = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < text.len() {
        let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits >= NUMERIC_RUN {
            if start < at {
                segments.push((false, &text[start..at]));
            }
            segments.push((true, &text[at..at + digits]));
            start = at + digits;
        }
        at += digits.max(1);
    }
    if start < text.len() {
        segments.push((false, &text[start..]));
    }
    segments
}

impl QrMatrix {
    /// Modules along a side, quiet zone not counted.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The version, 1 to 13.
    pub fn version(&self) -> usize {
        (self.width - 17) / 4
    }

    /// Whether a module is dark; everything outside is light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x) == Some(&true)
    }

    /// One bit a module, rows from the top, each filled up to whole octets, dark is 0: an image mask of PDF paints
    /// where a bit is 0 (ISO 32000-2, 8.9.6.2).
    pub fn mask(&self) -> Vec<u8> {
        let octet = |modules: &[bool]| {
            let bits = modules.iter().enumerate();
            bits.fold(0xFF, |octet, (place, dark)| octet & !(u8::from(*dark) << (7 - place)))
        };
        self.dark
            .chunks(self.width)
            .flat_map(|row| row.chunks(8).map(octet))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_after_an_address_take_a_numeric_segment() {
        let text = format!("https://zz.example.gov.cn/v#{}", "3141592653".repeat(59));
        assert_eq!(
            segments(text.as_bytes())
                .iter()
                .map(|s| (s.0, s.1.len()))
                .collect::<Vec<_>>(),
            [(false, 28), (true, 590)]
        );
        assert_eq!(encode(&text).unwrap().version(), 12);
    }

    #[test]
    fn short_numbers_inside_words_do_not_change_the_mode() {
        assert_eq!(
            segments(b"room 1234567 of 12345678"),
            [(false, &b"room 1234567 of "[..]), (true, b"12345678")]
        );
    }

    #[test]
    fn a_mask_has_a_cleared_bit_for_each_dark_module_and_no_other() {
        let code = encode("https://example.cn/v#0123456789").unwrap();
        let mask = code.mask();
        let stride = code.width().div_ceil(8);
        assert_eq!(mask.len(), stride * code.width());
        for y in 0..code.width() {
            for x in 0..8 * stride {
                let painted = mask[y * stride + x / 8] >> (7 - x % 8) & 1 == 0;
                assert_eq!(painted, code.is_dark(x, y), "{x}, {y}");
            }
        }
    }

    #[test]
    fn a_text_beyond_version_13_is_refused() {
        assert_eq!(encode(&"x".repeat(332)), Err(QrCodeError::TooLong(332)));
        assert_eq!(encode(&"x".repeat(331)).unwrap().version(), 13);
    }
}
