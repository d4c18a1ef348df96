//! Octets in hexadecimal: two lower-case digits each, as digests, serial numbers and key identifiers are shown.

use std::fmt;

/// The digits of these octets.
pub fn encode(octets: &[u8]) -> String {
    octets.iter().copied().flat_map(digits).collect()
}

/// Writes the digits of these octets.
///
/// # Errors
/// Where `f` takes nothing more.
pub fn write(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    f.write_str(&encode(octets))
}

/// The two digits of an octet.
fn digits(octet: u8) -> [char; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [octet >> 4, octet & 0xf].map(|half| char::from(DIGITS[usize::from(half)]))
}

/// The octets of these digits of either case; `None` where there is anything else, or half an octet.
pub fn decode(digits: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = digits.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks() else { return None };
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(high << 4 | low).ok())
        .collect()
}

/// So many octets of these digits, as [`decode`] reads them.
pub fn decode_array<const LENGTH: usize>(digits: &str) -> Option<[u8; LENGTH]> {
    decode(digits)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_come_back_from_digits_of_either_case() {
        let octets = [0x00, 0x0a, 0xff];
        assert_eq!(encode(&octets), "000aff");
        assert_eq!(decode("000aff").unwrap(), octets);
        assert_eq!(decode_array("000AFF"), Some(octets));
        assert_eq!(decode("").unwrap(), Vec::<u8>::new());
    }

    #[test]
    fn what_is_no_digit_or_half_an_octet_is_refused() {
        for text in ["f", "+f", "0x", " 0", "é0", "００"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode_array::<2>("00"), None);
    }
}
