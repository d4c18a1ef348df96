//! Turns bytes into objects (ISO 32000-2, 7.2 and 7.3). Safe on anything: depth, values and sizes are counted.
//!
//! A parser works on a window of the file. A token that touches the end of a window which is not the end of what may be
//! read is [`Fault::End`]: the caller comes again with a larger window.

mod string;

use std::ops::Range;

use super::characters::{hex_value, is_regular, is_white};
use super::limits::{LimitReached, Limits, Usage};
use super::object::{Dictionary, Name, Object, Real, Reference};
use super::written;

/// Longest number or word that is looked at whole, in bytes. The largest single-precision number has 39 digits before
/// its point and is written with seven behind it; readers hold no more than 128 or 256 bytes of a word, and take what
/// they have cut off for the number.
const WORD_BYTES: usize = 64;

/// Why parsing stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The window ended; a larger one may do.
    End,
    /// Something else was expected at an offset of the file.
    Syntax { offset: u64, expected: &'static str },
    /// A budget is used up.
    Limit(LimitReached),
}

impl From<LimitReached> for Fault {
    fn from(reached: LimitReached) -> Self {
        Self::Limit(reached)
    }
}

/// An indirect object up to the end of its value.
pub(super) struct Indirect {
    pub(super) reference: Reference,
    pub(super) value: Object,
    /// Offset of the first byte of stream data, if the keyword `stream` follows the value.
    pub(super) data: Option<u64>,
}

pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    /// Offset of the window in the file.
    base: u64,
    position: usize,
    /// How many bytes of the window were looked at, those that were not passed among them.
    examined: usize,
    /// Whether nothing may be read beyond the window.
    complete: bool,
    limits: &'a Limits,
    usage: &'a Usage,
    /// Bytes of memory of what was parsed so far.
    held: u64,
    /// Where the last value of `Contents` in an outermost dictionary stands.
    contents: Option<Range<u64>>,
    /// The last name as it is written.
    name: &'a [u8],
}

impl<'a> Parser<'a> {
    pub(super) fn new(bytes: &'a [u8], base: u64, complete: bool, limits: &'a Limits, usage: &'a Usage) -> Self {
        Self {
            bytes,
            base,
            position: 0,
            examined: 0,
            complete,
            limits,
            usage,
            held: 0,
            contents: None,
            name: &[],
        }
    }

    /// Offset in the file of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.position as u64
    }

    /// How many bytes of the window were looked at, and one at least.
    pub(super) fn examined(&self) -> u64 {
        self.examined.max(self.position).max(1) as u64
    }

    /// Where the last value of `Contents` in an outermost dictionary stood in the file.
    pub(super) fn take_contents(&mut self) -> Option<Range<u64>> {
        self.contents.take()
    }

    /// `N G obj`, a value, and `endobj` or `stream` with its line end (7.3.8.1 and 7.3.10). White space may stand
    /// before: some writers give the offset of the line end, and every reader passes it alike.
    pub(super) fn indirect(&mut self) -> Result<Indirect, Fault> {
        self.skip_white();
        let reference = self.header()?;
        let value = self.object()?;
        self.skip_space()?;
        if matches!(value, Object::Dictionary(_)) && self.try_keyword(b"stream")? {
            match self.rest() {
                [b'\n', ..] => self.position += 1,
                [b'\r', b'\n', ..] => self.position += 2,
                [] | [b'\r'] if !self.complete => return Err(Fault::End),
                _ => return self.expected("a line end after stream"),
            }
            return Ok(Indirect {
                reference,
                value,
                data: Some(self.offset()),
            });
        }
        self.keyword(b"endobj", "endobj")?;
        Ok(Indirect {
            reference,
            value,
            data: None,
        })
    }

    /// `N G obj`.
    pub(super) fn header(&mut self) -> Result<Reference, Fault> {
        let number = self.unsigned("an object number")?;
        self.skip_space()?;
        let generation = self.unsigned("a generation number")?;
        self.skip_space()?;
        self.keyword(b"obj", "obj")?;
        match (u32::try_from(number), u16::try_from(generation)) {
            (Ok(number), Ok(generation)) if number <= Limits::OBJECT_NUMBER => Ok(Reference { number, generation }),
            _ => self.expected("an object number below 8388608 and a generation below 65536"),
        }
    }

    /// One direct object or reference, after any white space.
    pub(super) fn object(&mut self) -> Result<Object, Fault> {
        self.object_at(self.limits.nesting_depth)
    }

    /// White space and comments (7.2.3 and 7.2.4).
    pub(super) fn skip_space(&mut self) -> Result<(), Fault> {
        loop {
            self.skip_white();
            match self.rest() {
                [b'%', ..] => {
                    let line = self
                        .rest()
                        .iter()
                        .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
                        .count();
                    self.position += line;
                }
                [] if !self.complete => return Err(Fault::End),
                _ => return Ok(()),
            }
        }
    }

    /// White space alone (7.2.3, table 1).
    pub(super) fn skip_white(&mut self) {
        self.position += self.rest().iter().take_while(|byte| is_white(**byte)).count();
    }

    /// White space that must stand here, of what every reader takes for one (7.2.3 names the zero byte too).
    pub(super) fn blank(&mut self, expected: &'static str) -> Result<(), Fault> {
        let count = self
            .rest()
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
        match (count, self.rest()) {
            (0, []) if !self.complete => Err(Fault::End),
            (0, _) => self.expected(expected),
            _ => {
                self.position += count;
                Ok(())
            }
        }
    }

    /// Bytes that must stand here exactly.
    pub(super) fn literal(&mut self, bytes: &[u8], expected: &'static str) -> Result<(), Fault> {
        if self.rest().starts_with(bytes) {
            self.position += bytes.len();
            return Ok(());
        }
        if !self.complete && bytes.starts_with(self.rest()) {
            return Err(Fault::End);
        }
        self.expected(expected)
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize, expected: &'static str) -> Result<&'a [u8], Fault> {
        let bytes = self.bytes;
        match self
            .position
            .checked_add(count)
            .and_then(|end| bytes.get(self.position..end))
        {
            Some(taken) => {
                self.position += count;
                Ok(taken)
            }
            None if self.complete => self.expected(expected),
            None => Err(Fault::End),
        }
    }

    /// A word of regular characters that must stand here.
    pub(super) fn keyword(&mut self, word: &[u8], expected: &'static str) -> Result<(), Fault> {
        if self.try_keyword(word)? {
            Ok(())
        } else {
            self.expected(expected)
        }
    }

    /// Passes a word of regular characters if it stands here.
    pub(super) fn try_keyword(&mut self, word: &[u8]) -> Result<bool, Fault> {
        let found = self.regular(WORD_BYTES)? == word;
        if found {
            self.position += word.len();
        }
        Ok(found)
    }

    /// A word of regular characters, or the beginning of a longer one; empty where none stands here.
    pub(super) fn operator(&mut self) -> Result<&'a [u8], Fault> {
        let word = self.regular(WORD_BYTES)?;
        self.position += word.len();
        Ok(word)
    }

    /// What has not been read yet.
    pub(super) fn remaining(&self) -> &'a [u8] {
        self.rest()
    }

    /// Passes over so many bytes.
    pub(super) fn skip(&mut self, count: usize) {
        self.position = self.position.saturating_add(count).min(self.bytes.len());
    }

    /// A number without sign.
    pub(super) fn unsigned(&mut self, expected: &'static str) -> Result<u64, Fault> {
        let run = self.regular(WORD_BYTES)?;
        let digits = (1..=WORD_BYTES).contains(&run.len()) && run.iter().all(u8::is_ascii_digit);
        match std::str::from_utf8(run)
            .ok()
            .filter(|_| digits)
            .and_then(|text| text.parse().ok())
        {
            Some(number) => {
                self.position += run.len();
                Ok(number)
            }
            None => self.expected(expected),
        }
    }

    /// A fault at this place.
    pub(super) fn expected<T>(&self, expected: &'static str) -> Result<T, Fault> {
        Err(Fault::Syntax {
            offset: self.offset(),
            expected,
        })
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// The run of regular characters that begins here; may be empty. Of one that has more than `longest`, no more than
    /// one more.
    fn regular(&mut self, longest: usize) -> Result<&'a [u8], Fault> {
        let rest = self.rest();
        let looked_at = &rest[..rest.len().min(longest.saturating_add(1))];
        let length = looked_at.iter().take_while(|byte| is_regular(**byte)).count();
        self.examined = self.examined.max(self.position + length);
        if length == rest.len() && length <= longest && !self.complete {
            Err(Fault::End)
        } else {
            Ok(&rest[..length])
        }
    }

    fn object_at(&mut self, depth: u32) -> Result<Object, Fault> {
        self.skip_space()?;
        self.usage.values(self.limits, 1)?;
        match self.rest() {
            [b'/', ..] => {
                let name = self.name()?;
                self.note_name(written::is_cut_to_a_word(self.name));
                Ok(Object::Name(name))
            }
            [b'(', ..] => self.literal_string().map(Object::String),
            [b'<', b'<', ..] => self.dictionary(depth).map(Object::Dictionary),
            [b'<'] if !self.complete => Err(Fault::End),
            [b'<', ..] => self.hexadecimal_string().map(Object::String),
            [b'[', ..] => self.array(depth).map(Object::Array),
            [b'+' | b'-' | b'.' | b'0'..=b'9', ..] => self.number_or_reference(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Object, Fault> {
        let run = self.regular(WORD_BYTES)?;
        let object = match run {
            b"true" => Object::Boolean(true),
            b"false" => Object::Boolean(false),
            b"null" => Object::Null,
            _ => return self.expected("an object"),
        };
        self.position += run.len();
        Ok(object)
    }

    fn number_or_reference(&mut self) -> Result<Object, Fault> {
        let number = self.number()?;
        let Object::Integer(first) = number else {
            return Ok(number);
        };
        let Some(number_of_object) = u32::try_from(first)
            .ok()
            .filter(|number| *number <= Limits::OBJECT_NUMBER)
        else {
            return Ok(number);
        };
        let after = self.position;
        match self.reference_tail()? {
            Some(generation) => Ok(Object::Reference(Reference {
                number: number_of_object,
                generation,
            })),
            None => {
                self.position = after;
                Ok(number)
            }
        }
    }

    /// `G R` after an object number, if it stands here. A window that ends within it is asked for again; where nothing
    /// more may be read there is no reference.
    fn reference_tail(&mut self) -> Result<Option<u16>, Fault> {
        self.skip_space()?;
        let run = self.regular(WORD_BYTES)?;
        if run.is_empty() || run.len() > 5 || !run.iter().all(u8::is_ascii_digit) {
            return Ok(None);
        }
        let generation = std::str::from_utf8(run).ok().and_then(|text| text.parse().ok());
        self.position += run.len();
        self.skip_space()?;
        Ok(if self.try_keyword(b"R")? { generation } else { None })
    }

    /// An integer or a real (7.3.3).
    fn number(&mut self) -> Result<Object, Fault> {
        let run = self.regular(WORD_BYTES)?;
        let unsigned = run.strip_prefix(b"+").or(run.strip_prefix(b"-")).unwrap_or(run);
        let points = unsigned.iter().filter(|byte| **byte == b'.').count();
        let digits = unsigned.iter().filter(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(run)
            .ok()
            .filter(|_| digits > 0 && points <= 1 && points + digits == unsigned.len() && run.len() <= WORD_BYTES);
        let number = match points {
            0 => text.and_then(|text| text.parse().ok()).map(Object::Integer),
            _ => text.and_then(Real::read).map(Object::Real),
        };
        match number {
            Some(number) => {
                self.position += run.len();
                Ok(number)
            }
            None => self.expected("a number"),
        }
    }

    /// A name (7.3.5); `#00` and a number sign without two digits have no meaning.
    fn name(&mut self) -> Result<Name, Fault> {
        self.position += 1;
        // Three characters for a byte at most, so that what is longer has more bytes than a name may.
        let longest = self.limits.name_bytes.saturating_mul(3);
        let run = self.regular(longest)?;
        if run.len() > longest {
            return Err(self.name_too_long());
        }
        let mut name = Vec::with_capacity(run.len());
        let mut rest = run;
        loop {
            let plain = memchr::memchr(b'#', rest).unwrap_or(rest.len());
            let (before, escaped) = rest.split_at(plain);
            name.extend_from_slice(before);
            let [_, after @ ..] = escaped else { break };
            let code = match after {
                [high, low, ..] => hex_value(*high).zip(hex_value(*low)).map(|(high, low)| high << 4 | low),
                _ => None,
            };
            match code {
                Some(code) if code != 0 => name.push(code),
                _ => return self.expected("two hexadecimal digits after # in a name"),
            }
            rest = &after[2..];
        }
        if name.len() > self.limits.name_bytes {
            return Err(self.name_too_long());
        }
        self.position += run.len();
        self.name = run;
        Ok(Name(name))
    }

    fn note_name(&self, is_read_otherwise: bool) {
        if is_read_otherwise {
            self.usage.note_name();
        }
    }

    fn name_too_long(&self) -> Fault {
        let allowed = self.limits.name_bytes as u64;
        let unit = "bytes in a name";
        LimitReached { unit, allowed }.into()
    }

    fn deeper(&self, depth: u32) -> Result<u32, Fault> {
        let allowed = u64::from(self.limits.nesting_depth);
        depth.checked_sub(1).ok_or(Fault::Limit(LimitReached {
            unit: "levels of nesting",
            allowed,
        }))
    }

    fn array(&mut self, depth: u32) -> Result<Vec<Object>, Fault> {
        let depth = self.deeper(depth)?;
        self.position += 1;
        let mut elements = Vec::new();
        loop {
            self.skip_space()?;
            if let [b']', ..] = self.rest() {
                self.position += 1;
                elements.shrink_to_fit();
                return Ok(elements);
            }
            let element = self.object_at(depth)?;
            self.note_name(matches!(element, Object::Name(_)) && written::is_broken(self.name));
            self.hold(element.own_bytes())?;
            elements.push(element);
        }
    }

    fn dictionary(&mut self, depth: u32) -> Result<Dictionary, Fault> {
        let outermost = depth == self.limits.nesting_depth;
        let depth = self.deeper(depth)?;
        self.position += 2;
        let mut entries = Vec::new();
        loop {
            self.skip_space()?;
            match self.rest() {
                [b'/', ..] => {}
                [b'>', b'>', ..] => {
                    self.position += 2;
                    return Ok(Dictionary::read(entries));
                }
                [b'>'] if !self.complete => return Err(Fault::End),
                _ => return self.expected("a name or >> in a dictionary"),
            }
            let key = self.name()?;
            self.note_name(written::is_another_key(self.name));
            self.skip_space()?;
            let start = self.offset();
            let value = self.object_at(depth)?;
            let end = self.offset();
            if outermost && key == *"Contents" {
                self.contents = Some(start..end);
            }
            self.hold(key.held_bytes() + value.own_bytes())?;
            entries.push((key, value));
        }
    }

    fn hold(&mut self, bytes: u64) -> Result<(), LimitReached> {
        self.held += bytes;
        self.usage.may_hold(self.limits, self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &[u8]) -> Result<Object, Fault> {
        parse_within(text, &Limits::UPLOAD)
    }

    fn parse_within(text: &[u8], limits: &Limits) -> Result<Object, Fault> {
        let usage = Usage::default();
        let mut parser = Parser::new(text, 0, true, limits, &usage);
        parser.object()
    }

    fn limit(result: Result<Object, Fault>) -> &'static str {
        match result {
            Err(Fault::Limit(reached)) => reached.unit,
            other => panic!("no limit: {other:?}"),
        }
    }

    #[test]
    fn every_kind_of_object_is_read() {
        let text =
            b"<</A[1 -2 +3 4.5 .5 -0.]/B(a\\(b\\)\\n\\101(c)\\\r\n)/C<4 14>/D#20E true/F null/G 7 0 R%x\n/H[1 2 3]>>";
        let Ok(Object::Dictionary(dictionary)) = parse(text) else {
            panic!()
        };
        let numbers = [
            Object::Integer(1),
            Object::Integer(-2),
            Object::Integer(3),
            Object::Real(4.5.into()),
            Object::Real(0.5.into()),
        ];
        assert_eq!(dictionary.get("A").unwrap().as_array().unwrap()[..5], numbers);
        assert_eq!(dictionary.get("B").unwrap().as_string(), Some(&b"a(b)\nA(c)"[..]));
        assert_eq!(dictionary.get("C").unwrap().as_string(), Some(&b"A\x40"[..]));
        assert_eq!(dictionary.get("D E"), Some(&Object::Boolean(true)));
        assert_eq!(dictionary.get("G"), Some(&Object::Reference(Reference::new(7))));
        assert_eq!(dictionary.get("H").unwrap().as_array().unwrap().len(), 3);
    }

    #[test]
    fn what_is_no_object_is_named_with_its_place() {
        for (text, offset) in [
            (&b"--5"[..], 0),
            (b"1.2.3", 0),
            (b"[1 }", 3),
            (b"<</A 1 2>>", 7),
            (b"(a", 2),
            (b"<4x>", 2),
            (b"/A#0", 1),
            (b"/A#00", 1),
            (b"trueish", 0),
            (b"99999999999999999999", 0),
        ] {
            let result = parse(text);
            assert!(
                matches!(result, Err(Fault::Syntax { offset: at, .. }) if at == offset),
                "{text:?} {result:?}"
            );
        }
    }

    #[test]
    fn a_doubled_key_is_remembered() {
        let Ok(Object::Dictionary(dictionary)) = parse(b"<</V 1/#56 2>>") else {
            panic!()
        };
        assert_eq!(dictionary.duplicates(), [(Name::from("V"), Object::Integer(1))]);
    }

    #[test]
    fn the_nesting_budget_is_reached() {
        let depth = Limits::UPLOAD.nesting_depth as usize;
        let nested = |depth: usize| [b"[".repeat(depth), b"]".repeat(depth)].concat();
        assert!(parse(&nested(depth)).is_ok());
        assert_eq!(limit(parse(&nested(depth + 1))), "levels of nesting");
    }

    #[test]
    fn the_budgets_of_strings_names_and_values_are_reached() {
        let limits = Limits {
            string_bytes: 3,
            name_bytes: 3,
            parsed_values: 4,
            ..Limits::UPLOAD
        };
        assert!(parse_within(b"(abc)", &limits).is_ok());
        assert_eq!(limit(parse_within(b"(abcd)", &limits)), "bytes in a string");
        assert_eq!(limit(parse_within(b"<61626364>", &limits)), "bytes in a string");
        assert_eq!(limit(parse_within(b"/abcd", &limits)), "bytes in a name");
        assert!(parse_within(b"[1 2 3]", &limits).is_ok());
        assert_eq!(limit(parse_within(b"[1 2 3 4]", &limits)), "parsed values");
    }

    #[test]
    fn the_budget_of_memory_is_reached_before_all_is_parsed() {
        let limits = Limits {
            held_bytes: 10_000,
            ..Limits::UPLOAD
        };
        let many = |value: &str, count: usize| format!("[{}]", value.repeat(count));
        for (value, few, more) in [
            ("0 ", 300, 320),
            ("<</A 0>>", 50, 70),
            ("(abcdefgh)", 200, 300),
            ("[[]]", 150, 160),
        ] {
            assert!(parse_within(many(value, few).as_bytes(), &limits).is_ok(), "{value}");
            let unit = limit(parse_within(many(value, more).as_bytes(), &limits));
            assert_eq!(unit, "bytes of memory for objects", "{value}");
        }
    }

    #[test]
    fn what_is_no_number_is_looked_at_no_further_than_the_longest_word() {
        let usage = Usage::default();
        let limits = Limits::UPLOAD;
        for (text, complete) in [(&[b'a'; 9 * WORD_BYTES][..], true), (&[b'0'; 9 * WORD_BYTES], false)] {
            let mut parser = Parser::new(text, 0, complete, &limits, &usage);
            assert!(matches!(parser.unsigned("a number"), Err(Fault::Syntax { .. })));
            assert!(matches!(parser.object(), Err(Fault::Syntax { .. })));
            assert!(matches!(parser.try_keyword(b"obj"), Ok(false)));
            assert_eq!((parser.position, parser.examined()), (0, WORD_BYTES as u64 + 1));
        }
        let longest = [&[b'0'; WORD_BYTES - 1][..], b"7 "].concat();
        assert_eq!(parse(&longest), Ok(Object::Integer(7)));
    }

    #[test]
    fn a_number_of_which_readers_hold_a_part_is_none() {
        let is_number = |text: String| parse(text.as_bytes()).is_ok();
        assert!(is_number(format!("-{:.7}", f32::MAX)));
        assert!(is_number(format!("{:064}", 45)));
        for width in [65, 129, 257] {
            assert!(!is_number(format!("{:0width$}", 45)));
            assert!(!is_number(format!("{:0width$} 0 R", 45)));
            assert!(!is_number(format!("[4.{:0width$}]", 45)));
        }
    }

    #[test]
    fn strings_and_names_are_too_long_before_they_are_decoded_or_their_end_is_seen() {
        let limits = Limits {
            string_bytes: 3,
            name_bytes: 3,
            ..Limits::UPLOAD
        };
        assert_eq!(limit(parse_within(b"<616263646z>", &limits)), "bytes in a string");
        assert_eq!(
            parse_within(b"<61 62 63>", &limits),
            Ok(Object::String(b"abc".to_vec()))
        );
        let usage = Usage::default();
        let name = Parser::new(b"/aaaaaaaaaa#", 0, false, &limits, &usage).object();
        assert_eq!(limit(name), "bytes in a name");
    }

    #[test]
    fn a_string_of_no_digits_was_looked_at_whole() {
        let usage = Usage::default();
        let text = [b"<", &[b'z'; 1000][..], b">"].concat();
        let mut parser = Parser::new(&text, 0, true, &Limits::UPLOAD, &usage);
        assert!(matches!(parser.object(), Err(Fault::Syntax { .. })));
        assert_eq!(parser.examined(), 1001);
    }

    #[test]
    fn contents_of_the_outermost_dictionary_have_a_place() {
        let usage = Usage::default();
        let text = b"7 0 obj <</Contents  <00>/X<</Contents(x)>>>> endobj";
        let mut parser = Parser::new(text, 100, true, &Limits::UPLOAD, &usage);
        parser.indirect().map(|_| ()).unwrap();
        assert_eq!(parser.take_contents(), Some(121..125));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// A window that is too small asks for more, and never gives another object than the whole.
        #[test]
        fn a_short_window_never_changes_the_object(cut in 0_usize..60) {
            let text = b"<</A[1 0 R (x\\12)<4142>/N#41 -1.5 true]/L 12 /M 3>> endobj ".as_slice();
            let usage = Usage::default();
            let limits = Limits::UPLOAD;
            let whole = Parser::new(text, 0, true, &limits, &usage).object().unwrap();
            match Parser::new(&text[..cut.min(text.len())], 0, false, &limits, &usage).object() {
                Ok(object) => prop_assert_eq!(object, whole),
                Err(fault) => prop_assert_eq!(fault, Fault::End),
            }
        }

        #[test]
        fn any_bytes_are_survived(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&text);
        }

        #[test]
        fn any_punctuation_is_survived(text in "[<>\\[\\]()/#%0-9R. a\\\\-]{0,80}") {
            let _ = parse(text.as_bytes());
        }
    }
}
