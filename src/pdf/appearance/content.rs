//! The content of a form, as far as what it may draw on is concerned (ISO 32000-2, 7.8.2 and 8.4.2).
//!
//! A reader clips a form to its bounds and runs the content. Some let a `Q` that answers no `q` of the content take the
//! clipping away. So the content is read strictly: only what all readers split into the same words is clear, and inline
//! images, in whose data each finds the end in a way of its own, are not.

use crate::pdf::characters::{is_regular, is_white};

/// The operators of content (annex A), but those of inline images, in the order of their bytes.
const OPERATORS: [&str; 70] = [
    "\"", "'", "B", "B*", "BDC", "BMC", "BT", "BX", "CS", "DP", "Do", "EMC", "ET", "EX", "F", "G", "J", "K", "M", "MP",
    "Q", "RG", "S", "SC", "SCN", "T*", "TD", "TJ", "TL", "Tc", "Td", "Tf", "Tj", "Tm", "Tr", "Ts", "Tw", "Tz", "W",
    "W*", "b", "b*", "c", "cm", "cs", "d", "d0", "d1", "f", "f*", "g", "gs", "h", "i", "j", "k", "l", "m", "n", "q",
    "re", "rg", "ri", "s", "sc", "scn", "sh", "v", "w", "y",
];
/// Those of them that draw nothing whatever stands beside them.
const DRAW_NOTHING: [&str; 9] = ["BDC", "BMC", "BT", "EMC", "ET", "Q", "cm", "n", "q"];

/// What a content draws.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content<'a> {
    /// Nothing but the forms of these names, which may be none.
    Forms(Vec<&'a [u8]>),
    /// Anything.
    Anything,
}

/// Reads a content; `None` where it is not clear, or takes back what it has not saved.
pub(super) fn read(data: &[u8]) -> Option<Content<'_>> {
    let mut words = Words { rest: data };
    let (mut saved, mut operands) = (0_usize, Operands::None);
    let mut forms = Some(Vec::new());
    loop {
        match words.next()? {
            Word::End => break,
            Word::Name(name) if operands == Operands::None => operands = Operands::Name(name),
            Word::Name(_) | Word::Operand => operands = Operands::Others,
            Word::Operator(operator) => {
                match operator {
                    "q" => saved += 1,
                    "Q" => saved = saved.checked_sub(1)?,
                    _ => {}
                }
                match (operator, std::mem::replace(&mut operands, Operands::None)) {
                    // A name that is written in signs is another to whoever looks it up as it stands.
                    ("Do", Operands::Name(name)) if name.contains(&b'#') => return None,
                    ("Do", Operands::Name(name)) => {
                        if let Some(forms) = &mut forms {
                            forms.push(name);
                        }
                    }
                    // Some take the last of them, some the first, and a string for a name.
                    ("Do", Operands::Others) => return None,
                    (operator, _) if DRAW_NOTHING.contains(&operator) => {}
                    _ => forms = None,
                }
            }
        }
    }
    Some(forms.map_or(Content::Anything, Content::Forms))
}

/// What stands before an operator.
#[derive(PartialEq, Eq)]
enum Operands<'a> {
    None,
    /// One name alone.
    Name(&'a [u8]),
    Others,
}

enum Word<'a> {
    End,
    /// As it is written.
    Name(&'a [u8]),
    /// A number, a string or a part of an array or a dictionary.
    Operand,
    Operator(&'static str),
}

struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Words<'a> {
    /// The next one; `None` where it is not clear.
    fn next(&mut self) -> Option<Word<'a>> {
        loop {
            let [first, after @ ..] = self.rest else {
                return Some(Word::End);
            };
            match first {
                b'%' => {
                    let line = memchr::memchr2(b'\r', b'\n', after);
                    self.rest = &after[line.unwrap_or(after.len())..];
                }
                byte if is_white(*byte) => self.rest = after,
                _ => break,
            }
        }
        let (operand, length) = match self.rest {
            [b'<', b'<', ..] | [b'>', b'>', ..] => (Word::Operand, 2),
            [b'[' | b']', ..] => (Word::Operand, 1),
            [b'<', digits @ ..] => {
                let end = memchr::memchr(b'>', digits)?;
                let is_hexadecimal = |byte: &u8| byte.is_ascii_hexdigit() || is_white(*byte);
                (
                    Word::Operand,
                    digits[..end].iter().all(is_hexadecimal).then_some(end + 2)?,
                )
            }
            [b'(', ..] => (Word::Operand, string(self.rest)?),
            [b'/', name @ ..] => {
                let length = regular(name);
                // Some readers take these for white space.
                if memchr::memchr2(0x80, 0xff, &name[..length]).is_some() {
                    return None;
                }
                (Word::Name(&name[..length]), length + 1)
            }
            other => {
                let word = &other[..regular(other)];
                (operator_or_number(word)?, word.len())
            }
        };
        self.rest = &self.rest[length..];
        Some(operand)
    }
}

/// How many regular characters stand here.
fn regular(data: &[u8]) -> usize {
    data.iter().take_while(|byte| is_regular(**byte)).count()
}

/// The length of a literal string (7.3.4.2) with its parentheses.
fn string(data: &[u8]) -> Option<usize> {
    let (mut open, mut at) = (0_usize, 0);
    loop {
        at += memchr::memchr3(b'(', b')', b'\\', data.get(at..)?)?;
        match data[at] {
            b'(' => open += 1,
            b')' => open -= 1,
            _ => at += 1,
        }
        at += 1;
        if open == 0 {
            return Some(at);
        }
    }
}

fn operator_or_number(word: &[u8]) -> Option<Word<'static>> {
    if let Ok(place) = OPERATORS.binary_search_by(|operator| operator.as_bytes().cmp(word)) {
        return Some(Word::Operator(OPERATORS[place]));
    }
    let unsigned = word.strip_prefix(b"+").or(word.strip_prefix(b"-")).unwrap_or(word);
    let points = unsigned.iter().filter(|byte| **byte == b'.').count();
    let digits = unsigned.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_number = digits > 0 && points <= 1 && points + digits == unsigned.len();
    (is_number || matches!(word, b"true" | b"false" | b"null")).then_some(Word::Operand)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_by_a_name_that_readers_take_otherwise_is_not_clear() {
        assert_eq!(read(b"/n0 Do"), Some(Content::Forms(vec![b"n0"])));
        for name in [b"/n#30 Do".as_slice(), b"/n0\xc2\x80 Do", b"/n0\xff Do"] {
            assert_eq!(read(name), None, "{name:?}");
        }
        assert_eq!(read(b"/#E5 12 Tf"), Some(Content::Anything));
    }

    #[test]
    fn a_form_is_named_by_one_name_and_nothing_else() {
        for content in [
            "/n0 (n1) Do",
            "/n0 <6e31> Do",
            "(n1) Do",
            "/n0 /n1 Do",
            "/n0 0 Do",
            "[/n1] Do",
            "<</A/n1>> Do",
            "0 /n0 Do",
        ] {
            assert_eq!(read(content.as_bytes()), None, "{content}");
        }
        assert_eq!(read(b"1 0 0 1 0 0 cm /n0 Do"), Some(Content::Forms(vec![b"n0"])));
    }

    #[test]
    fn every_operator_is_known() {
        for operator in OPERATORS {
            assert!(
                matches!(operator_or_number(operator.as_bytes()), Some(Word::Operator(found)) if found == operator)
            );
        }
    }

    #[test]
    fn what_takes_back_more_than_it_saved_is_not_clear() {
        for content in [
            "Q",
            "q Q Q",
            "q Q\nQ q",
            "(q) Tj Q",
            "% q\rQ",
            "/q Do Q",
            "[(\\)q)] TJ Q",
            "<</A(q)>> Q",
        ] {
            assert_eq!(read(content.as_bytes()), None, "{content}");
        }
        for content in [
            "q q Q",
            "q 0 0 9 9 re f Q",
            "q (Q) Tj Q",
            "q % Q\n /Q gs Q",
            "q (\\)Q\\\\) Tj Q",
        ] {
            assert!(read(content.as_bytes()).is_some(), "{content}");
        }
    }

    #[test]
    fn what_readers_split_differently_is_not_clear() {
        for content in [
            "fQ",
            "q 1Q",
            "XQ",
            "q BI /W 1 ID Q EI Q",
            "(a",
            "<41",
            "<4g>",
            "{}",
            ")",
            ">",
            "1e5 w",
            "--5 w",
        ] {
            assert_eq!(read(content.as_bytes()), None, "{content}");
        }
    }

    #[test]
    fn what_draws_nothing_or_forms_alone_is_told_apart() {
        for content in ["", "% DSBlank\n", "q\nQ\n", "/Tx BMC q BT ET Q EMC", "1 0 0 1 0 0 cm q"] {
            assert_eq!(read(content.as_bytes()), Some(Content::Forms(Vec::new())), "{content}");
        }
        let forms = vec![b"n0".as_slice(), b"n2"];
        assert_eq!(
            read(b"q 1 0 0 1 0 0 cm /n0 Do Q q /n2 Do Q"),
            Some(Content::Forms(forms))
        );
        for content in ["0 0 9 9 re f", "/n0 Do (a) Tj", "Do", "/S sh", "/G gs"] {
            assert_eq!(read(content.as_bytes()), Some(Content::Anything), "{content}");
        }
    }
}
