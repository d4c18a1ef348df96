//! Strings, literal and hexadecimal (ISO 32000-2, 7.3.4).

use super::{Fault, Parser};
use crate::pdf::characters::{hex_value, hexadecimal_pairs, is_white};
use crate::pdf::limits::LimitReached;

impl Parser<'_> {
    /// A literal string (7.3.4.2): balanced parentheses, escapes, any line end read as a line feed.
    pub(super) fn literal_string(&mut self) -> Result<Vec<u8>, Fault> {
        self.position += 1;
        let mut open = 1_usize;
        let mut string = Vec::new();
        loop {
            let byte = self.string_byte()?;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        string.shrink_to_fit();
                        return Ok(string);
                    }
                }
                b'\\' => {
                    self.escape(&mut string)?;
                    continue;
                }
                b'\r' => {
                    self.skip_line_feed()?;
                    string.push(b'\n');
                    continue;
                }
                _ => {}
            }
            string.push(byte);
            self.check_string(&string)?;
        }
    }

    fn escape(&mut self, string: &mut Vec<u8>) -> Result<(), Fault> {
        let byte = match self.string_byte()? {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\n' => return Ok(()),
            b'\r' => return self.skip_line_feed(),
            digit @ b'0'..=b'7' => {
                let mut code = u16::from(digit - b'0');
                for _ in 0..2 {
                    match self.rest() {
                        [digit @ b'0'..=b'7', ..] => code = code * 8 + u16::from(digit - b'0'),
                        [] if !self.complete => return Err(Fault::End),
                        _ => break,
                    }
                    self.position += 1;
                }
                // High-order overflow is ignored (7.3.4.2).
                (code & 0xff) as u8
            }
            other => other,
        };
        string.push(byte);
        self.check_string(string)
    }

    fn skip_line_feed(&mut self) -> Result<(), Fault> {
        match self.rest() {
            [b'\n', ..] => self.position += 1,
            [] if !self.complete => return Err(Fault::End),
            _ => {}
        }
        Ok(())
    }

    fn string_byte(&mut self) -> Result<u8, Fault> {
        self.take(1, "the end of a string").map(|byte| byte[0])
    }

    fn check_string(&self, string: &[u8]) -> Result<(), Fault> {
        if string.len() > self.limits.string_bytes {
            let allowed = self.limits.string_bytes as u64;
            return Err(LimitReached {
                unit: "bytes in a string",
                allowed,
            }
            .into());
        }
        Ok(())
    }

    /// A hexadecimal string (7.3.4.3); a missing last digit is 0. The bulk of a signed file is one of these.
    pub(super) fn hexadecimal_string(&mut self) -> Result<Vec<u8>, Fault> {
        let start = self.position + 1;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let Some(length) = memchr::memchr(b'>', rest) else {
            self.position = self.bytes.len();
            return if self.complete {
                self.expected("the end of a string")
            } else {
                Err(Fault::End)
            };
        };
        let digits = &rest[..length];
        self.examined = self.examined.max(start + length);
        let may_be_pairs = length / 2 <= self.limits.string_bytes;
        let string = match may_be_pairs.then(|| hexadecimal_pairs(digits)).flatten() {
            Some(string) => string,
            None => self.hexadecimal_digits(digits, start)?,
        };
        self.position = start + length + 1;
        Ok(string)
    }

    /// Digits with white space between them, or with one too few; `start` is their place in the window.
    fn hexadecimal_digits(&mut self, digits: &[u8], start: usize) -> Result<Vec<u8>, Fault> {
        let mut string = Vec::new();
        let mut half = None;
        for (index, byte) in digits.iter().enumerate() {
            match (hex_value(*byte), half) {
                (Some(low), Some(high)) => {
                    string.push(high << 4 | low);
                    half = None;
                    self.check_string(&string)?;
                }
                (Some(high), None) => half = Some(high),
                (None, _) if is_white(*byte) => {}
                (None, _) => {
                    self.position = start + index;
                    return self.expected("a hexadecimal digit");
                }
            }
        }
        string.extend(half.map(|high| high << 4));
        self.check_string(&string)?;
        Ok(string)
    }
}
