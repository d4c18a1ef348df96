//! ToUnicode maps (ISO 32000-2 section 9.10.3): codes and the characters that they stand for.

use std::collections::HashMap;

use crate::pdf::error::PdfError;
use crate::pdf::object::{Object, Stream};
use crate::pdf::view::View;

use super::interpret::{Token, Tokens};
use super::ranges::Ranges;

/// UTF-16 units that one code may stand for. The longest ligatures have 18; a code that stands for more has no text.
const MAX_UNITS: usize = 32;

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
        let mut operands = Vec::new();
        let mut tokens = Tokens::new(view, &data);
        while let Some(token) = tokens.next()? {
            match token {
                Token::Operand(operand) => operands.push(operand),
                Token::Operator(word) => {
                    match word {
                        b"endbfchar" => map.characters(&operands),
                        b"endbfrange" => map.add_ranges(&operands),
                        _ => {}
                    }
                    operands.clear();
                }
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

    fn characters(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let (Some(code), Some(units)) = (code(&pair[0]), units(&pair[1])) {
                self.single.insert(code, String::from_utf16_lossy(&units));
            }
        }
    }

    fn add_ranges(&mut self, operands: &[Object]) {
        for triple in operands.chunks_exact(3) {
            let (Some(first), Some(last)) = (code(&triple[0]), code(&triple[1])) else {
                continue;
            };
            match &triple[2] {
                Object::Array(targets) => {
                    for (code, target) in (first..=last).zip(targets) {
                        if let Some(units) = units(target) {
                            self.single.insert(code, String::from_utf16_lossy(&units));
                        }
                    }
                }
                target => {
                    if let Some(units) = units(target) {
                        self.ranges.insert(first, last, (first, units));
                    }
                }
            }
        }
    }
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
