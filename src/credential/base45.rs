//! Base45 (RFC 9285): bytes as the 45 characters of the alphanumeric mode of a QR code, two bytes to three characters.
//!
//! Our own printed codes use [`super::digits`], which packs closer; health certificates and other schemes with the same
//! layers (COSE in zlib in text) use this one. Reading is strict: a group above its largest value or a single character
//! left over is refused (RFC 9285 section 6).

/// The alphabet, in the order of the values (RFC 9285 table 1).
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Why a text is not Base45.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Base45Error {
    /// A character outside the alphabet.
    #[error("character {position} is not in the Base45 alphabet")]
    Character {
        /// Its place, counted from 1.
        position: usize,
    },
    /// A single character is left at the end.
    #[error("{length} characters are no whole number of Base45 groups")]
    Length {
        /// Characters found.
        length: usize,
    },
    /// Three characters above 65,535 or two above 255.
    #[error("group {group} is above the largest value of its bytes")]
    OutOfRange {
        /// Its place, counted from 1.
        group: usize,
    },
}

/// The characters of `bytes`.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for group in bytes.chunks(2) {
        let mut value = group
            .iter()
            .fold(0_usize, |value, byte| (value << 8) | usize::from(*byte));
        for _ in 0..=group.len() {
            text.push(char::from(ALPHABET[value % 45]));
            value /= 45;
        }
    }
    text
}

/// The bytes of `text`.
pub fn decode(text: &str) -> Result<Vec<u8>, Base45Error> {
    let mut bytes = Vec::with_capacity(text.len().div_ceil(3) * 2);
    for (index, group) in text.as_bytes().chunks(3).enumerate() {
        let mut value = 0;
        for (offset, character) in group.iter().enumerate().rev() {
            let Some(digit) = ALPHABET.iter().position(|known| known == character) else {
                return Err(Base45Error::Character {
                    position: index * 3 + offset + 1,
                });
            };
            value = value * 45 + digit;
        }
        let group_bytes = match (group.len(), value) {
            (1, _) => return Err(Base45Error::Length { length: text.len() }),
            (2, 0..=0xff) => 1,
            (3, 0..=0xffff) => 2,
            _ => return Err(Base45Error::OutOfRange { group: index + 1 }),
        };
        bytes.extend_from_slice(&value.to_be_bytes()[size_of::<usize>() - group_bytes..]);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_standard_hold() {
        // RFC 9285 section 4.3 and 4.4.
        for (plain, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
        ] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text), Ok(plain.as_bytes().to_vec()));
        }
    }

    #[test]
    fn a_group_above_its_bytes_is_refused() {
        assert_eq!(decode("FGW"), Ok(vec![0xff, 0xff]));
        assert_eq!(decode("GGW"), Err(Base45Error::OutOfRange { group: 1 }));
        assert_eq!(decode(":::"), Err(Base45Error::OutOfRange { group: 1 }));
        assert_eq!(decode("BB8U5"), Ok(vec![0x41, 0x42, 0xff]));
        assert_eq!(decode("BB8V5"), Err(Base45Error::OutOfRange { group: 2 }));
    }

    #[test]
    fn a_stray_character_is_refused() {
        assert_eq!(decode("BB8a5"), Err(Base45Error::Character { position: 4 }));
        assert_eq!(decode("BB8B"), Err(Base45Error::Length { length: 4 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }
    }
}
