//! A licence identifier in binary: three characters in two bytes.
//!
//! The parts of an identifier (GB/T 36904) are digits and capital letters; with the dot between them that is 37
//! characters, and 38 with a filler for the last group: 38^3 is below 2^16. Root and check character are left out: the
//! root is the same for all, and the check character follows from the rest. 60 characters become 40 bytes.

/// Characters by value; the value after the last one fills up the last group.
const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.";

/// Stands where the last group has no character.
const FILLER: u16 = ALPHABET.len() as u16;

/// Values of a character.
const RADIX: u16 = FILLER + 1;

/// Characters of a group, and its bytes.
const GROUP: (usize, usize) = (3, 2);

/// The bytes of `text`, or the first character that has no place in them.
pub(super) fn pack(text: &str) -> Result<Vec<u8>, char> {
    let value_of = |character: char| {
        let place = ALPHABET
            .iter()
            .position(|known| char::from(*known) == character)
            .ok_or(character)?;
        Ok(place as u16)
    };
    let values = text.chars().map(value_of).collect::<Result<Vec<u16>, char>>()?;
    let fold = |group: &[u16]| (0..GROUP.0).fold(0, |sum, place| sum * RADIX + group.get(place).unwrap_or(&FILLER));
    Ok(values
        .chunks(GROUP.0)
        .flat_map(|group| fold(group).to_be_bytes())
        .collect())
}

/// The text of `bytes`; none unless they are exactly what [`pack`] makes of it.
pub(super) fn unpack(bytes: &[u8]) -> Option<String> {
    let mut values = Vec::with_capacity(bytes.len() / GROUP.1 * GROUP.0);
    for group in bytes.chunks(GROUP.1) {
        let sum = u16::from_be_bytes(group.try_into().ok()?);
        values.extend([sum / RADIX / RADIX, sum / RADIX % RADIX, sum % RADIX]);
    }
    let filled = values.iter().rev().take_while(|value| **value == FILLER).count();
    values.truncate(values.len() - filled);
    let character = |value: &u16| ALPHABET.get(usize::from(*value)).map(|byte| char::from(*byte));
    (filled < GROUP.0).then(|| values.iter().map(character).collect())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_identifier_takes_forty_bytes() {
        let text = "11150100MB1234562R001.11150100MB1234562R.20260000010001.001";
        let bytes = pack(text).unwrap();
        assert_eq!(bytes.len(), 40);
        assert_eq!(unpack(&bytes).as_deref(), Some(text));
    }

    #[test]
    fn a_character_without_a_place_is_named() {
        assert_eq!(pack("0624_001"), Err('_'));
        assert_eq!(pack("001a"), Err('a'));
    }

    #[test]
    fn bytes_that_no_text_has_are_refused() {
        assert_eq!(unpack(&[0]), None, "half a group");
        assert_eq!(unpack(&[0xff, 0xff]), None, "above the largest group");
        let filler = (FILLER * RADIX + FILLER) * RADIX + FILLER;
        assert_eq!(unpack(&filler.to_be_bytes()), None, "a group of fillers");
        assert_eq!(
            unpack(&[filler.to_be_bytes(), [0, 0]].concat()),
            None,
            "fillers in the middle"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn text_comes_back(text in "[0-9A-Z.]{0,70}") {
            prop_assert_eq!(unpack(&pack(&text).unwrap()), Some(text));
        }

        #[test]
        fn bytes_have_one_text(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            if let Some(text) = unpack(&bytes) {
                prop_assert_eq!(pack(&text), Ok(bytes));
            }
        }
    }
}
