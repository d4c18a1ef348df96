//! Bytes as decimal digits, for the numeric mode of a QR code (ISO/IEC 18004 7.4.3): 7 bytes become 17 digits.
//!
//! A QR encoder packs three digits into ten bits, so that a byte costs 8.1 bits; base64url in byte mode costs 10.7. The
//! last group may be shorter than 7 bytes: it takes the fewest digits that hold its largest value, a number of its own
//! for each length, so that the length of the text alone says how many bytes it holds. Every byte string has exactly
//! one text, and a text that no byte string has is refused.

/// Bytes of a whole group: the most for which the digits are well used (2^56 < 10^17).
pub(super) const GROUP_BYTES: usize = 7;

/// Digits of a group of as many bytes as the index: the length of `256^n - 1` in decimal.
const GROUP_DIGITS: [usize; GROUP_BYTES + 1] = [0, 3, 5, 8, 10, 13, 15, 17];

/// Why a text is not bytes written as digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DigitsError {
    /// A character that is not one of `0` to `9`.
    #[error("character {position} is not a decimal digit")]
    NotADigit {
        /// Its place, counted from 1.
        position: usize,
    },
    /// No number of whole bytes has so many digits: the text was cut or something was added.
    #[error("{digits} digits hold no whole number of bytes")]
    Length {
        /// Digits found.
        digits: usize,
    },
    /// A whole group above 2^56 - 1.
    #[error("group {group} is above the largest value of its {GROUP_BYTES} bytes")]
    OutOfRange {
        /// Its place, counted from 1.
        group: usize,
    },
    /// The shorter group at the end is above the largest value of its bytes: the usual look of a text cut inside a
    /// group.
    #[error("last group is above the largest value of its {bytes} bytes")]
    LastOutOfRange {
        /// Bytes that a group of its length holds.
        bytes: usize,
    },
}

/// The digits of `bytes`; the leading zeros of a group are kept.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(encoded_len(bytes.len()));
    for group in bytes.chunks(GROUP_BYTES) {
        let value = group.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
        let width = GROUP_DIGITS[group.len()];
        text.push_str(&format!("{value:0width$}"));
    }
    text
}

/// How many digits `bytes` bytes take.
pub const fn encoded_len(bytes: usize) -> usize {
    bytes / GROUP_BYTES * GROUP_DIGITS[GROUP_BYTES] + GROUP_DIGITS[bytes % GROUP_BYTES]
}

/// The bytes of `text`, of which only the canonical digits are accepted.
pub fn decode(text: &str) -> Result<Vec<u8>, DigitsError> {
    if let Some(index) = text.bytes().position(|character| !character.is_ascii_digit()) {
        return Err(DigitsError::NotADigit { position: index + 1 });
    }
    let last_digits = text.len() % GROUP_DIGITS[GROUP_BYTES];
    let Some(last_bytes) = GROUP_DIGITS[..GROUP_BYTES]
        .iter()
        .position(|digits| *digits == last_digits)
    else {
        return Err(DigitsError::Length { digits: text.len() });
    };
    let mut bytes = Vec::with_capacity(text.len() / GROUP_DIGITS[GROUP_BYTES] * GROUP_BYTES + last_bytes);
    for (index, group) in text.as_bytes().chunks(GROUP_DIGITS[GROUP_BYTES]).enumerate() {
        let whole = group.len() == GROUP_DIGITS[GROUP_BYTES];
        let size = if whole { GROUP_BYTES } else { last_bytes };
        let value = group
            .iter()
            .fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
        if value >> (8 * size) != 0 {
            return Err(match whole {
                true => DigitsError::OutOfRange { group: index + 1 },
                false => DigitsError::LastOutOfRange { bytes: size },
            });
        }
        bytes.extend_from_slice(&value.to_be_bytes()[8 - size..]);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_value_of_every_group_length_just_fits_its_digits() {
        for (bytes, digits) in GROUP_DIGITS.into_iter().enumerate().skip(1) {
            let text = encode(&vec![0xff; bytes]);
            assert_eq!(text.len(), digits);
            assert_ne!(text.as_bytes()[0], b'0', "fewer digits would do for {bytes} bytes");
            assert_eq!(decode(&text), Ok(vec![0xff; bytes]));
        }
    }

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(encode(&[0, 0, 1]), "00000001");
        assert_eq!(decode("00000001"), Ok(vec![0, 0, 1]));
    }

    #[test]
    fn the_budget_of_a_printed_code_is_595_digits() {
        assert_eq!(encoded_len(245), 595);
    }

    #[test]
    fn a_value_above_its_bytes_is_refused() {
        assert_eq!(decode("256"), Err(DigitsError::LastOutOfRange { bytes: 1 }));
        assert_eq!(decode("72057594037927935"), Ok(vec![0xff; 7]));
        assert_eq!(decode("72057594037927936"), Err(DigitsError::OutOfRange { group: 1 }));
        assert_eq!(decode("99999999999999999"), Err(DigitsError::OutOfRange { group: 1 }));
    }

    #[test]
    fn a_length_of_no_byte_string_is_refused() {
        for length in [1, 2, 4, 6, 7, 9, 11, 12, 14, 16, 18] {
            assert_eq!(decode(&"0".repeat(length)), Err(DigitsError::Length { digits: length }));
        }
    }

    #[test]
    fn a_sign_or_a_full_width_digit_is_refused() {
        assert_eq!(decode("+12"), Err(DigitsError::NotADigit { position: 1 }));
        assert_eq!(decode("00１"), Err(DigitsError::NotADigit { position: 3 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), encoded_len(bytes.len()));
            prop_assert_eq!(decode(&text), Ok(bytes));
        }

        #[test]
        fn a_text_that_is_accepted_is_the_only_one_of_its_bytes(text in "[0-9]{0,60}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
