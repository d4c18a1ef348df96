//! The text of a printed code: `https://HOST/v#DIGITS`.
//!
//! Any phone camera opens it, and what follows `#` stays out of every server's log. Whoever prints a false code can
//! print a false host with it: the host is reported, never trusted, and the digits alone decide.

use std::fmt;
use std::str::FromStr;

use super::digits::{self, DigitsError};

/// Characters that a text may have before it is read at all: twice the longest code with the longest host.
const MAX_TEXT_CHARS: usize = 2_048;

/// Digits that a code may have: what version 13 at error correction level M holds in numeric mode (ISO/IEC 18004 table
/// 7).
pub(super) const MAX_DIGITS: usize = 796;

/// Characters of a host with its port, so that the address leaves room for the digits.
const MAX_HOST_CHARS: usize = 60;

/// Largest version that a code may have: above it, printed codes are read less and less reliably.
const MAX_QR_VERSION: u8 = 13;

/// Data bits of the versions 10 to 13 at level M: 8 times the data codewords of ISO/IEC 18004 table 7.
const QR_DATA_BITS: [(u8, usize); 4] = [(10, 8 * 216), (11, 8 * 254), (12, 8 * 290), (13, 8 * 334)];

/// Bits before the characters of a segment in the versions 10 to 26: mode and count (ISO/IEC 18004 table 2 and 3).
const BYTE_SEGMENT_BITS: usize = 4 + 16;
const NUMERIC_SEGMENT_BITS: usize = 4 + 12;

/// Why a text is not a printed code, or none can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Longer than any code.
    #[error("text exceeds the limit of {MAX_TEXT_CHARS} characters or {MAX_DIGITS} digits")]
    TooLong,
    /// Neither an address with digits after `#` nor digits alone.
    #[error("text is not the address of a printed code")]
    NotOurs,
    /// The digits end too early.
    #[error("digits of the code are cut short")]
    CutShort,
    /// The digits are damaged.
    #[error(transparent)]
    Digits(DigitsError),
    /// The host is not one that can be printed.
    #[error("host \"{value}\" is not a host name of at most {MAX_HOST_CHARS} characters")]
    Host {
        /// The host as given.
        value: String,
    },
    /// The code would need a larger version than is read reliably.
    #[error("code of {bits} bits exceeds the limit of version {MAX_QR_VERSION}")]
    TooLarge {
        /// Data bits that it needs.
        bits: usize,
    },
}

/// The host that printed codes lead to, with a port where it needs one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host(String);

impl FromStr for Host {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
        let fits = (1..=MAX_HOST_CHARS).contains(&text.len()) && text.bytes().all(allowed);
        if fits {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(LinkError::Host { value: text.to_owned() })
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text that is printed.
///
/// # Errors
/// [`LinkError::TooLarge`] above version 13.
pub(super) fn write(host: &Host, message: &[u8]) -> Result<String, LinkError> {
    let text = format!("https://{host}/v#{}", digits::encode(message));
    match qr_version(&text) {
        Ok(_) => Ok(text),
        Err(bits) => Err(LinkError::TooLarge { bits }),
    }
}

/// Version of the QR code at level M that holds the text as one byte segment and one numeric segment, from 10 on; or
/// the bits that it needs where no version up to 13 does.
pub(super) fn qr_version(text: &str) -> Result<u8, usize> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let numeric = digits / 3 * 10 + [0, 4, 7][digits % 3];
    let bits = BYTE_SEGMENT_BITS + 8 * (text.len() - digits) + NUMERIC_SEGMENT_BITS + numeric;
    QR_DATA_BITS
        .iter()
        .find(|(_, capacity)| bits <= *capacity)
        .map(|(version, _)| *version)
        .ok_or(bits)
}

/// The host that the text leads to, where it names one, and the bytes of its digits.
///
/// # Errors
/// Too long, not ours, cut short, or damaged digits.
pub(super) fn read(text: &str) -> Result<(Option<String>, Vec<u8>), LinkError> {
    if text.len() > MAX_TEXT_CHARS {
        return Err(LinkError::TooLong);
    }
    let text = text.trim();
    let (host, digits) = match text.split_once('#') {
        Some(("", digits)) => (None, digits),
        Some((address, digits)) => (Some(host_of(address).ok_or(LinkError::NotOurs)?), digits),
        None if text.starts_with(|first: char| first.is_ascii_digit()) => (None, text),
        // An address without its fragment is the beginning of a code; other text never was one.
        None => return Err(host_of(text).map_or(LinkError::NotOurs, |_| LinkError::CutShort)),
    };
    // People who copy digits by hand, and mail programs, break them into groups.
    let digits: String = digits
        .chars()
        .filter(|character| !character.is_ascii_whitespace())
        .collect();
    match digits::decode(&digits) {
        _ if digits.is_empty() => Err(LinkError::CutShort),
        _ if digits.len() > MAX_DIGITS => Err(LinkError::TooLong),
        Ok(bytes) => Ok((host, bytes)),
        Err(DigitsError::NotADigit { .. }) => Err(LinkError::NotOurs),
        Err(DigitsError::Length { .. } | DigitsError::LastOutOfRange { .. }) => Err(LinkError::CutShort),
        Err(damaged @ DigitsError::OutOfRange { .. }) => Err(LinkError::Digits(damaged)),
    }
}

/// The host of an `https` or `http` address, in small letters, without user name, path and query.
fn host_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?;
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    (web && !host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> Host {
        "city.example".parse().unwrap()
    }

    #[test]
    fn a_code_is_read_from_its_address_from_digits_or_from_digits_in_groups() {
        let text = write(&host(), &[1, 2, 3]).unwrap();
        assert_eq!(text, "https://city.example/v#00066051");
        assert_eq!(read(&text), Ok((Some("city.example".into()), vec![1, 2, 3])));
        for other in ["00066051", "#00066051", " 000 660\n51 "] {
            assert_eq!(read(other), Ok((None, vec![1, 2, 3])), "{other}");
        }
    }

    #[test]
    fn a_foreign_host_is_reported_as_it_is() {
        for (address, host) in [
            ("http://City.Example:8443/v", "city.example:8443"),
            ("HTTPS://city.example.evil.test", "city.example.evil.test"),
            ("https://city.example@evil.test/v?x=1", "evil.test"),
        ] {
            assert_eq!(
                read(&format!("{address}#001")),
                Ok((Some(host.into()), vec![1])),
                "{address}"
            );
        }
    }

    #[test]
    fn a_text_that_was_never_a_code_is_not_ours() {
        for text in [
            "",
            "hello",
            "mailto:a@b#001",
            "https://#001",
            "https://city.example/v#HC1",
            "#12a",
        ] {
            assert_eq!(read(text), Err(LinkError::NotOurs), "{text}");
        }
    }

    #[test]
    fn a_code_that_ends_early_is_cut_short() {
        for text in [
            "https://city.example/v",
            "https://city.example/v#",
            "https://city.example/v#1",
            "99999",
        ] {
            assert_eq!(read(text), Err(LinkError::CutShort), "{text}");
        }
    }

    #[test]
    fn a_text_above_its_budgets_is_refused() {
        assert_eq!(read(&"0".repeat(MAX_TEXT_CHARS + 1)), Err(LinkError::TooLong));
        assert!(read(&"0".repeat(MAX_DIGITS / 17 * 17)).is_ok());
        assert_eq!(read(&"0".repeat((MAX_DIGITS / 17 + 1) * 17)), Err(LinkError::TooLong));
    }

    #[test]
    fn a_group_out_of_range_is_damage() {
        let damaged = LinkError::Digits(DigitsError::OutOfRange { group: 1 });
        assert_eq!(read(&"9".repeat(34)), Err(damaged));
    }

    #[test]
    fn versions_end_where_their_capacity_does() {
        // ISO/IEC 18004 table 7: 12-M holds 691 digits, 13-M 796; the byte segment takes 20 bits of it even when empty.
        assert_eq!(qr_version(&"0".repeat(691 - 6)), Ok(12));
        assert_eq!(qr_version(&"0".repeat(691)), Ok(13));
        assert_eq!(qr_version(&"0".repeat(MAX_DIGITS - 6)), Ok(13));
        assert!(qr_version(&"0".repeat(MAX_DIGITS)).is_err());
        assert_eq!(write(&host(), &[0; 245]).as_deref().map(qr_version), Ok(Ok(12)));
        assert!(matches!(write(&host(), &[0; 320]), Err(LinkError::TooLarge { .. })));
    }

    #[test]
    fn a_host_that_cannot_be_printed_is_refused() {
        for value in [
            "",
            "city example",
            "城市.example",
            "city.example/v",
            &"a".repeat(MAX_HOST_CHARS + 1),
        ] {
            assert_eq!(value.parse::<Host>(), Err(LinkError::Host { value: value.into() }));
        }
    }
}
