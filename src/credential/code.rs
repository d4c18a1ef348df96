//! The verification code (核验码) that a face prints: eight characters that open the record of its identifier.
//!
//! Identifiers can be guessed in series; with this code beside it only who has the licence in hand can look it up. It
//! is random, unrelated to the licence, and kept as a hash. The alphabet has no characters that look alike.

use crate::crypto::{self, DigestAlgorithm, RandomError};

/// Digits and capital letters without `0` `O`, `1` `I` `L`.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Random bytes at or above the largest multiple of the alphabet's size are thrown away, so that all characters are
/// equally likely.
const FAIR_BELOW: u8 = (u8::MAX / ALPHABET.len() as u8) * ALPHABET.len() as u8;

/// Separates these hashes from others over the same text.
const HASH_DOMAIN: &[u8] = b"yinxin verification code 1\0";

/// A text that is no verification code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerificationCodeError {
    /// Too few or too many characters.
    #[error(
        "verification code of {found} characters has not {} characters",
        VerificationCode::LEN
    )]
    Length {
        /// Characters found, spaces and hyphens left out.
        found: usize,
    },
    /// A character that no code has.
    #[error("verification code has the character \"{character}\", which no code has")]
    Character {
        /// The character as it was given.
        character: char,
    },
}

/// Eight characters of an alphabet of 31: 39.6 bits. Guessing has to be limited by rate as well.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerificationCode([u8; Self::LEN]);

impl VerificationCode {
    /// Characters of a code.
    pub const LEN: usize = 8;

    /// A new code from the operating system's random source.
    ///
    /// # Errors
    /// Where the random source fails.
    pub fn generate() -> Result<Self, RandomError> {
        let mut code = [0; Self::LEN];
        let mut filled = 0;
        while filled < Self::LEN {
            let mut random = [0; 2 * Self::LEN];
            crypto::random(&mut random)?;
            for byte in random
                .into_iter()
                .filter(|byte| *byte < FAIR_BELOW)
                .take(Self::LEN - filled)
            {
                code[filled] = ALPHABET[usize::from(byte) % ALPHABET.len()];
                filled += 1;
            }
        }
        Ok(Self(code))
    }

    /// Reads what somebody typed: either case, full-width letters, and spaces or hyphens anywhere.
    ///
    /// # Errors
    /// Another number of characters, or a character that no code has.
    pub fn parse(text: &str) -> Result<Self, VerificationCodeError> {
        let typed = text
            .chars()
            .filter(|character| !character.is_whitespace() && !matches!(character, '-' | '－' | '—'));
        let mut code = [0; Self::LEN];
        let mut found = 0;
        for character in typed {
            let narrow = half_width(character).to_ascii_uppercase();
            let known = ALPHABET.iter().find(|known| char::from(**known) == narrow);
            let known = known.ok_or(VerificationCodeError::Character { character })?;
            if let Some(place) = code.get_mut(found) {
                *place = *known;
            }
            found += 1;
        }
        if found == Self::LEN {
            Ok(Self(code))
        } else {
            Err(VerificationCodeError::Length { found })
        }
    }

    /// SHA-256 of the code with the licence's identifier: what is stored. Equal codes of two licences have different
    /// hashes.
    pub fn hash(&self, identifier: &str) -> [u8; 32] {
        let mut hasher = DigestAlgorithm::Sha256.hasher();
        hasher.update(HASH_DOMAIN);
        hasher.update(&self.0);
        hasher.update(identifier.as_bytes());
        hasher.finish().first_32()
    }

    /// Whether this is the code of that identifier, compared in constant time with its stored hash.
    pub fn matches(&self, identifier: &str, stored: &[u8]) -> bool {
        crypto::equal_in_constant_time(&self.hash(identifier), stored)
    }
}

impl std::fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl std::fmt::Debug for VerificationCode {
    /// Without the code: it is a secret of the holder and has no place in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VerificationCode(..)")
    }
}

/// The ASCII character of a full-width one (U+FF01 to U+FF5E), as Chinese input methods give them.
fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_code_has_eight_characters_of_the_alphabet_and_reads_back() {
        for _ in 0..200 {
            let code = VerificationCode::generate().unwrap();
            let text = code.to_string();
            assert_eq!(text.len(), VerificationCode::LEN);
            assert!(!text.contains(['0', 'O', '1', 'I', 'L']));
            assert_eq!(VerificationCode::parse(&text), Ok(code));
        }
    }

    #[test]
    fn every_character_of_the_alphabet_comes_up() {
        let many: String = (0..200)
            .map(|_| VerificationCode::generate().unwrap().to_string())
            .collect();
        for character in ALPHABET {
            assert!(many.contains(char::from(*character)), "{}", char::from(*character));
        }
    }

    #[test]
    fn what_people_type_is_read_as_the_same_code() {
        let code = VerificationCode::parse("ABCD2345").unwrap();
        for typed in [
            "abcd2345",
            " ABCD 2345\n",
            "abcd-2345",
            "ＡＢＣＤ　２３４５",
            "a b c d 2 3 4 5",
        ] {
            assert_eq!(VerificationCode::parse(typed), Ok(code), "{typed}");
        }
    }

    #[test]
    fn a_wrong_length_and_a_character_of_no_code_are_told_apart() {
        assert_eq!(
            VerificationCode::parse("ABCD234"),
            Err(VerificationCodeError::Length { found: 7 })
        );
        assert_eq!(
            VerificationCode::parse("ABCD23456"),
            Err(VerificationCodeError::Length { found: 9 })
        );
        assert_eq!(
            VerificationCode::parse(""),
            Err(VerificationCodeError::Length { found: 0 })
        );
        assert_eq!(
            VerificationCode::parse("ABCD234O"),
            Err(VerificationCodeError::Character { character: 'O' })
        );
    }

    #[test]
    fn the_hash_belongs_to_one_code_of_one_identifier() {
        let code = VerificationCode::parse("ABCD2345").unwrap();
        let stored = code.hash("one");
        assert!(code.matches("one", &stored));
        assert!(!code.matches("two", &stored));
        assert!(!VerificationCode::parse("ABCD2346").unwrap().matches("one", &stored));
        assert!(!code.matches("one", &stored[..31]));
    }

    #[test]
    fn debug_output_keeps_the_code_to_itself() {
        assert!(!format!("{:?}", VerificationCode::parse("ABCD2345").unwrap()).contains("ABCD"));
    }
}
