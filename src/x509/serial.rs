//! Serial numbers of certificates (RFC 5280 section 4.1.2.2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::hex;

/// A certificate's serial number: the content octets of its INTEGER.
///
/// Foreign ones may be zero, negative or longer than 20 octets: they are kept as found. Octets before the number, which
/// DER forbids (X.690 section 8.3.2), are left out, so that a list that writes them revokes the certificate that does
/// not. As text it is hexadecimal digits in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SerialNumber(Box<[u8]>);

/// A text that is no serial number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("serial number \"{0}\" is not an even number of hexadecimal digits")]
pub struct NoSerialNumber(String);

impl SerialNumber {
    /// From the content octets of an INTEGER.
    pub fn from_content(octets: &[u8]) -> Self {
        Self(number(octets).into())
    }

    /// A positive serial number made of 16 random octets (RFC 5280 section 4.1.2.2 allows 20): the highest bit is
    /// cleared, which makes it positive, and the next one set, so that it never starts with a zero octet.
    pub fn from_random(mut octets: [u8; 16]) -> Self {
        octets[0] = octets[0] & 0x7f | 0x40;
        Self(Box::new(octets))
    }

    /// The content octets: big endian, two's complement.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is greater than zero, as every conforming CA makes it.
    pub fn is_positive(&self) -> bool {
        self.0.first().is_some_and(|first| first & 0x80 == 0) && self.0.iter().any(|octet| *octet != 0)
    }
}

/// The octets of an INTEGER without those that only repeat its sign.
pub(super) fn number(octets: &[u8]) -> &[u8] {
    let mut rest = octets;
    while let [sign @ (0x00 | 0xff), next, ..] = rest
        && (sign ^ next) & 0x80 == 0
    {
        rest = &rest[1..];
    }
    rest
}

impl fmt::Display for SerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, &self.0)
    }
}

impl FromStr for SerialNumber {
    type Err = NoSerialNumber;

    /// Reads the digits that [`fmt::Display`] writes, of either case.
    fn from_str(text: &str) -> Result<Self, NoSerialNumber> {
        let octets = hex::decode(text).filter(|octets| !octets.is_empty());
        octets.map_or_else(
            || Err(NoSerialNumber(text.to_owned())),
            |octets| Ok(Self::from_content(&octets)),
        )
    }
}

impl TryFrom<String> for SerialNumber {
    type Error = NoSerialNumber;

    fn try_from(text: String) -> Result<Self, NoSerialNumber> {
        text.parse()
    }
}

impl From<SerialNumber> for String {
    fn from(serial: SerialNumber) -> Self {
        serial.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_serial_is_positive_and_has_no_leading_zero_octet() {
        for byte in [0x00, 0x7f, 0x80, 0xff] {
            let serial = SerialNumber::from_random([byte; 16]);
            assert!(serial.is_positive());
            assert_eq!(serial.as_bytes().len(), 16);
            assert!(serial.as_bytes()[0] >= 0x40 && serial.as_bytes()[0] < 0x80);
        }
    }

    #[test]
    fn zero_and_negative_serials_are_not_positive() {
        assert!(!SerialNumber::from_content(&[0]).is_positive());
        assert!(!SerialNumber::from_content(&[0x80]).is_positive());
        assert!(SerialNumber::from_content(&[0x00, 0x80]).is_positive());
    }

    #[test]
    fn octets_that_only_repeat_the_sign_make_no_other_number() {
        let same = |padded: &[u8], plain: &[u8]| {
            assert_eq!(SerialNumber::from_content(padded), SerialNumber::from_content(plain));
        };
        same(&[0, 0, 0x12], &[0x12]);
        same(&[0, 0], &[0]);
        same(&[0xff, 0xff, 0x80], &[0x80]);
        let with_sign = SerialNumber::from_content(&[0, 0x80]);
        assert_eq!(with_sign.as_bytes(), [0, 0x80]);
        assert_ne!(with_sign, SerialNumber::from_content(&[0x80]));
    }

    #[test]
    fn hexadecimal_text_comes_back_as_it_was() {
        let serial = SerialNumber::from_content(&[0x0a, 0xff]);
        assert_eq!(serial.to_string(), "0aff");
        assert_eq!("0aff".parse(), Ok(serial.clone()));
        assert_eq!("0AFF".parse(), Ok(serial.clone()));
        assert_eq!(serde_json::to_value(&serial).unwrap(), "0aff");
        assert_eq!(serde_json::from_str::<SerialNumber>("\"0aff\"").unwrap(), serial);
        for odd in ["+f", "abc", ""] {
            assert_eq!(odd.parse::<SerialNumber>(), Err(NoSerialNumber(odd.to_owned())));
        }
    }
}
