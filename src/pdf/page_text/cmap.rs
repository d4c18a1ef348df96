//! ToUnicode maps (ISO 32000-2 section 9.10.3): codes and the characters that they stand for.

use std::collections::HashMap;

use crate::pdf::error::PdfError;
use crate::pdf::object::{Object, Stream};
use crate::pdf::view::View;

use super::interpret::{Token, Tokens};
use super::ranges::Ranges;

/// UTF-16 units that one code may stand for. The longest ligatures have 18; a code that stands for more has no text.
const MAX_UNITS: usize = 32;
/// Bytes of memory that a code or a range takes beside its text.
const ENTRY_BYTES: u64 = 64;

/// A map from codes to text.
#[derive(Debug, Clone, Default)]
pub(super) struct ToUnicode {
    single: HashMap<u32, String>,
    /// The first code of a range, and its UTF-16; the last unit counts up.
    ranges: Ranges<(u32, Vec<u16>)>,
}

impl ToUnicode {
    pub(super) fn read(view: &View<'_, '_>, stream: &Stream) -> Result<Self, PdfError> {
        let data = view.decoded(stream)?;
        let mut map = Self::default();
        // How many operands an entry has where the map is.
        let (mut operands, mut wanted) = (Vec::new(), 0);
        let mut tokens = Tokens::new(view, &data);
        while let Some(token) = tokens.next()? {
            match token {
                Token::Operand(operand) if wanted > 0 => operands.push(operand),
                Token::Operand(_) => {}
                Token::Operator(word) => {
                    wanted = match word {
                        b"beginbfchar" => 2,
                        b"beginbfrange" => 3,
                        _ => 0,
                    };
                    operands.clear();
                }
            }
            if wanted > 0 && operands.len() == wanted {
                map.add(view, &operands)?;
                operands.clear();
            }
        }
        Ok(map)
    }

    pub(super) fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.single.get(&code) {
            return Some(text.clone());
        }
        let (first, units) = self.ranges.get(code)?;
        let mut units = units.clone();
        let last = units.last_mut()?;
        *last = last.wrapping_add(u16::try_from(code - first).ok()?);
        Some(String::from_utf16_lossy(&units))
    }

    /// Adds a code with its text, or a range with the text of its first code or those of all. They are kept as long as
    /// the font is, and count as the objects of the file do.
    fn add(&mut self, view: &View<'_, '_>, operands: &[Object]) -> Result<(), PdfError> {
        match operands {
            [one, target] => self.add_text(view, code(one), target),
            [first, last, Object::Array(targets)] => {
                let (Some(first), Some(last)) = (code(first), code(last)) else {
                    return Ok(());
                };
                (first..=last)
                    .zip(targets)
                    .try_for_each(|(code, target)| self.add_text(view, Some(code), target))
            }
            [first, last, target] => {
                let (Some(first), Some(last), Some(units)) = (code(first), code(last), units(target)) else {
                    return Ok(());
                };
                hold(view, 2 * units.len())?;
                self.ranges.insert(first, last, (first, units));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn add_text(&mut self, view: &View<'_, '_>, code: Option<u32>, target: &Object) -> Result<(), PdfError> {
        if let (Some(code), Some(units)) = (code, units(target)) {
            let text = String::from_utf16_lossy(&units);
            hold(view, text.len())?;
            self.single.insert(code, text);
        }
        Ok(())
    }
}

/// Counts an entry with so many bytes of text.
fn hold(view: &View<'_, '_>, bytes: usize) -> Result<(), PdfError> {
    let reader = &view.file().reader;
    Ok(reader.usage.hold(&reader.limits, ENTRY_BYTES + bytes as u64)?)
}

fn code(object: &Object) -> Option<u32> {
    let bytes = object.as_string().filter(|bytes| bytes.len() <= 4)?;
    Some(bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)))
}

fn units(object: &Object) -> Option<Vec<u16>> {
    let bytes = object.as_string().filter(|bytes| bytes.len() <= 2 * MAX_UNITS)?;
    Some(
        bytes
            .chunks_exact(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect(),
    )
}
