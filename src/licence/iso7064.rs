//! Check-character systems of ISO/IEC 7064 (GB/T 17710) that licence numbers use.
//!
//! The hybrid systems MOD 11,10 and MOD 37,36 find every single wrong character and every exchange of two neighbours
//! whose values do not follow one another; the pure system MOD 11-2 finds all of both.

/// The alphabet of MOD 37,36; its first ten characters are that of MOD 11,10.
const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Check character of `text` in the hybrid system MOD 37,36; `None` for a character outside `0-9A-Z`.
pub(super) fn mod_37_36(text: &str) -> Option<char> {
    hybrid(text, 36)
}

/// Check digit of `digits` in the hybrid system MOD 11,10; `None` for a character outside `0-9`.
pub(super) fn mod_11_10(digits: &str) -> Option<char> {
    hybrid(digits, 10)
}

/// Check character of `digits` in the pure system MOD 11-2 (values 0 to 9 and X); `None` for a character outside `0-9`.
pub(super) fn mod_11_2(digits: &str) -> Option<char> {
    let mut product = 0;
    for character in digits.chars() {
        product = (product + character.to_digit(10)?) * 2 % 11;
    }
    match (12 - product) % 11 {
        10 => Some('X'),
        value => char::from_digit(value, 10),
    }
}

/// The hybrid system MOD m+1,m: clause 8 of the standard. The check value is reduced modulo m once more at the end,
/// which matters when the last product is 1.
fn hybrid(text: &str, m: usize) -> Option<char> {
    let mut product = m;
    for byte in text.bytes() {
        let value = ALPHABET.iter().take(m).position(|known| *known == byte)?;
        let sum = match (product + value) % m {
            0 => m,
            sum => sum,
        };
        product = sum * 2 % (m + 1);
    }
    ALPHABET.get((m + 1 - product) % m).map(|byte| char::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_standard_s_own_examples_come_out() {
        // ISO/IEC 7064: MOD 11,10 of 0794 is 5 and MOD 11-2 of 0794 is 0; MOD 37,36 of A12425GABC1234002 is M.
        assert_eq!(mod_11_10("0794"), Some('5'));
        assert_eq!(mod_11_2("0794"), Some('0'));
        assert_eq!(mod_37_36("A12425GABC1234002"), Some('M'));
    }

    #[test]
    fn a_foreign_character_has_no_check_character() {
        assert_eq!(mod_11_10("12A"), None);
        assert_eq!(mod_37_36("a1"), None);
        assert_eq!(mod_11_2("1X"), None);
    }

    /// The hybrid system misses an exchange only of two values that follow one another in the circle of the alphabet.
    fn exchange_is_promised(left: u8, right: u8) -> bool {
        let value = |byte| ALPHABET.iter().position(|known| *known == byte).unwrap();
        !matches!((value(left) + 36 - value(right)) % 36, 0 | 1 | 35)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_single_change_is_seen(text in "[0-9A-Z]{2,40}", at in 0usize..40, to in "[0-9A-Z]") {
            let at = at % text.len();
            let mut changed = text.clone();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != text);
            prop_assert_ne!(mod_37_36(&text), mod_37_36(&changed));
        }

        #[test]
        fn any_single_digit_change_is_seen(text in "[0-9]{2,20}", at in 0usize..20, to in "[0-9]") {
            let at = at % text.len();
            let mut changed = text.clone();
            changed.replace_range(at..=at, &to);
            prop_assume!(changed != text);
            prop_assert_ne!(mod_11_10(&text), mod_11_10(&changed));
            prop_assert_ne!(mod_11_2(&text), mod_11_2(&changed));
        }

        #[test]
        fn any_exchange_of_neighbours_is_seen(text in "[0-9A-Z]{2,40}", at in 0usize..40) {
            let at = at % (text.len() - 1);
            let mut bytes = text.clone().into_bytes();
            prop_assume!(exchange_is_promised(bytes[at], bytes[at + 1]));
            bytes.swap(at, at + 1);
            prop_assert_ne!(mod_37_36(&text), mod_37_36(&String::from_utf8(bytes).unwrap()));
        }

        #[test]
        fn mod_11_2_sees_every_exchange_of_neighbours(text in "[0-9]{2,20}", at in 0usize..20) {
            let at = at % (text.len() - 1);
            let mut bytes = text.clone().into_bytes();
            prop_assume!(bytes[at] != bytes[at + 1]);
            bytes.swap(at, at + 1);
            prop_assert_ne!(mod_11_2(&text), mod_11_2(&String::from_utf8(bytes).unwrap()));
        }
    }
}
