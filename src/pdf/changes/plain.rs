//! The syntax of objects (ISO 32000-2, 7.2 and 7.3) as far as every reader takes it alike, and as writers write it. The
//! parser of documents takes more, since others' documents have more; what follows a signature has no need of it.

use crate::pdf::characters::{hex_value, is_regular};
use crate::pdf::limits::Limits;
use crate::pdf::written;

/// What is not written so.
pub(super) type Odd = &'static str;

/// Digits of a number that every reader holds, those before and behind the point together.
const DIGITS: usize = 40;

/// The largest integer that every reader holds.
const HELD_INTEGERS: u64 = i32::MAX as u64;

/// Arrays and dictionaries inside one another. Updates of honest writers have six; readers break off at their own
/// depths, the first known at 64 with the innermost value counted, and take what follows for entries of what is around.
const NESTING: u32 = 20;

/// Bytes that are gone through from their beginning.
pub(super) struct Plain<'a> {
    bytes: &'a [u8],
    position: usize,
    /// The largest integer that may be written.
    largest: u64,
}

impl<'a> Plain<'a> {
    /// Of a file of that length, in bytes: where it is longer than the integers that every reader holds, its offsets
    /// are larger as well.
    pub(super) fn new(bytes: &'a [u8], file: u64) -> Self {
        Self {
            bytes,
            position: 0,
            largest: file.max(HELD_INTEGERS),
        }
    }

    pub(super) fn position(&self) -> usize {
        self.position
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.position += count;
    }

    /// White space that every reader takes for one; says how much.
    pub(super) fn blank(&mut self) -> usize {
        let count = self.rest().iter().take_while(|byte| is_blank(**byte)).count();
        self.position += count;
        count
    }

    /// A word that must stand here.
    pub(super) fn word(&mut self, word: &[u8], odd: Odd) -> Result<(), Odd> {
        match self.rest().starts_with(word) {
            true => self.skip(word.len()),
            false => return Err(odd),
        }
        Ok(())
    }

    /// The line end behind the word `stream` (7.3.8.1).
    pub(super) fn line_end(&mut self, odd: Odd) -> Result<(), Odd> {
        match self.rest() {
            [b'\n', ..] => self.skip(1),
            [b'\r', b'\n', ..] => self.skip(2),
            _ => return Err(odd),
        }
        Ok(())
    }

    /// A number of digits alone, and none too many.
    pub(super) fn unsigned(&mut self, odd: Odd) -> Result<u64, Odd> {
        let digits = self.digits();
        let is_plain = digits == b"0" || !digits.starts_with(b"0");
        let number = std::str::from_utf8(digits).ok().filter(|_| is_plain);
        number.and_then(|digits| digits.parse().ok()).ok_or(odd)
    }

    /// One value other than a stream.
    pub(super) fn value(&mut self) -> Result<(), Odd> {
        self.value_within(NESTING)
    }

    /// The same with no more than so many others around one inside it.
    fn value_within(&mut self, depth: u32) -> Result<(), Odd> {
        let deeper = || depth.checked_sub(1).ok_or("it has too many levels");
        match self.rest() {
            [b'/', ..] => self.name(|name| !written::is_cut_to_a_word(name)),
            [b'<', b'<', ..] => self.dictionary(deeper()?),
            [b'<', ..] => self.hexadecimal(),
            [b'(', ..] => self.literal(),
            [b'[', ..] => self.array(deeper()?),
            [b'0'..=b'9', ..] => self.number_or_reference(),
            [b'+' | b'-' | b'.', ..] => self.number(),
            rest => {
                let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
                if !matches!(&rest[..length], b"true" | b"false" | b"null") {
                    return Err("a value is no object");
                }
                self.skip(length);
                Ok(())
            }
        }
    }

    fn dictionary(&mut self, depth: u32) -> Result<(), Odd> {
        self.skip(2);
        loop {
            self.blank();
            match self.rest() {
                [b'>', b'>', ..] => {
                    self.skip(2);
                    return Ok(());
                }
                [b'/', ..] => self.name(|name| !written::is_another_key(name))?,
                _ => return Err("a dictionary holds something beside keys and their values"),
            }
            self.blank();
            self.value_within(depth)?;
        }
    }

    fn array(&mut self, depth: u32) -> Result<(), Odd> {
        self.skip(1);
        loop {
            self.blank();
            match self.rest() {
                [b']', ..] => {
                    self.skip(1);
                    return Ok(());
                }
                [b'/', ..] => self.name(|name| !written::is_broken(name) && !written::is_cut_to_a_word(name))?,
                _ => self.value_within(depth)?,
            }
        }
    }

    /// A name of characters that show; bytes beyond ASCII where readers take them alike.
    fn name(&mut self, is_read_alike: impl FnOnce(&[u8]) -> bool) -> Result<(), Odd> {
        self.skip(1);
        let rest = self.rest();
        let name = &rest[..rest.iter().take_while(|byte| is_regular(**byte)).count()];
        let is_shown = name.iter().all(|byte| *byte > b' ' && *byte != 0x7f);
        let mut parts = name.split(|byte| *byte == b'#').skip(1);
        let is_escaped =
            parts.all(|part| matches!(part, [high, low, ..] if hex_value(*high).and(hex_value(*low)).is_some()));
        if !is_shown || !is_escaped || !is_read_alike(name) {
            return Err("a name has characters that some readers do not take for part of it");
        }
        self.skip(name.len());
        Ok(())
    }

    fn literal(&mut self) -> Result<(), Odd> {
        let (mut open, mut escaped) = (0_usize, false);
        for (place, byte) in self.rest().iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'(' => open += 1,
                b')' if open == 1 => {
                    self.skip(place + 1);
                    return Ok(());
                }
                b')' => open -= 1,
                _ => {}
            }
        }
        Err("a string has no end")
    }

    fn hexadecimal(&mut self) -> Result<(), Odd> {
        let rest = &self.rest()[1..];
        let length = memchr::memchr(b'>', rest).ok_or("a string has no end")?;
        let is_plain = |byte: &u8| hex_value(*byte).is_some() || is_blank(*byte);
        if !rest[..length].iter().all(is_plain) {
            return Err("a string of digits holds something else");
        }
        self.skip(length + 2);
        Ok(())
    }

    fn number_or_reference(&mut self) -> Result<(), Odd> {
        let start = self.position;
        if let Ok(number) = self.unsigned("")
            && self.blank() > 0
        {
            let generation = self.unsigned("");
            if generation.is_ok() && self.blank() > 0 && self.rest().starts_with(b"R") {
                self.skip(1);
                let ends = self.rest().first().is_none_or(|byte| !is_regular(*byte));
                let is_object = number > 0 && number <= Limits::OBJECT_NUMBER.into() && ends;
                return is_object.then_some(()).ok_or("a reference leads to no object");
            }
        }
        self.position = start;
        self.number()
    }

    fn number(&mut self) -> Result<(), Odd> {
        const ODD: Odd = "a number has a form or a size that not every reader takes";
        if matches!(self.rest(), [b'+' | b'-', ..]) {
            self.skip(1);
        }
        let whole = self.digits();
        let is_real = self.rest().starts_with(b".");
        let mut digits = whole.len();
        if is_real {
            self.skip(1);
            digits += self.digits().len();
        }
        let value = std::str::from_utf8(whole)
            .ok()
            .and_then(|whole| whole.parse::<u64>().ok());
        let is_held = is_real || value.is_some_and(|value| value <= self.largest);
        let ends = self.rest().first().is_none_or(|byte| !is_regular(*byte));
        ((1..=DIGITS).contains(&digits) && is_held && ends)
            .then_some(())
            .ok_or(ODD)
    }

    fn digits(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let digits = &rest[..rest.iter().take_while(|byte| byte.is_ascii_digit()).count()];
        self.skip(digits.len());
        digits
    }
}

/// White space of which no reader thinks otherwise.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
