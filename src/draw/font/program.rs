//! The font that a page carries: a TrueType program with just its glyphs (OpenType 1.9; ISO 32000-1, 9.9).
//!
//! Written here and not by a subsetting crate for two reasons. Size: glyphs on a grid of 64 units, without the points
//! that say nothing there, take half the bytes, and with 40 KiB for a whole signed licence the font is the largest
//! part. Speed: encoded glyphs are kept, and those of a template's own texts are compressed once; a page adds only its
//! new ones. Glyphs of all faces stand in the same program, so that a page has one font whatever its characters.

use std::collections::HashMap;
use std::sync::Arc;

use super::glyph::{BOUNDS, EncodedGlyph, UNITS_PER_EM};
use super::{FontSet, Typeface};
use crate::draw::deflate::Shared;

/// Highest and lowest extent of text in units of the grid, for the baselines of all faces.
pub const ASCENT: i16 = 56;
/// See [`ASCENT`].
pub const DESCENT: i16 = -8;
/// Glyphs of a subset: two-byte codes would allow 65,535, no page of a licence needs more.
pub const MAX_GLYPHS: usize = 4096;
/// The date that programs bear (1904-01-01 plus this many seconds is 2026-01-01): the same glyphs make the same bytes.
const CREATED: u64 = 3_850_070_400;
/// A character in one of the faces.
pub type Key = (Typeface, char);

/// The glyphs of a page, numbered in the order in which they were first needed; number 0 stands for none.
#[derive(Clone, Default)]
pub struct Subset {
    glyphs: Vec<(char, Arc<EncodedGlyph>)>,
    numbers: HashMap<Key, u16>,
}

/// A compressed program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The zlib stream.
    pub zlib: Vec<u8>,
    /// Bytes of the program before compression.
    pub length: usize,
}

impl Subset {
    /// The number of a character's glyph, which joins the subset if it is new; nothing if no font has it.
    pub fn number(&mut self, fonts: &FontSet, face: Typeface, character: char) -> Option<u16> {
        if let Some(&number) = self.numbers.get(&(face, character)) {
            return Some(number);
        }
        let glyph = fonts.encoded(face, character)?;
        if self.glyphs.len() + 1 >= MAX_GLYPHS {
            return None;
        }
        self.glyphs.push((character, glyph));
        let number = self.count() - 1;
        self.numbers.insert((face, character), number);
        Some(number)
    }

    /// The characters in order of their numbers, from 1, with their advances in thousandths of the em.
    pub fn characters(&self) -> impl ExactSizeIterator<Item = (char, f32)> + '_ {
        let thousandths = |advance| f32::from(advance) * 1000.0 / f32::from(UNITS_PER_EM);
        self.glyphs
            .iter()
            .map(move |(character, glyph)| (*character, thousandths(glyph.advance)))
    }

    /// The descriptions of all glyphs, which pages that begin with this subset share.
    pub fn shared(&self) -> Shared {
        Shared::new(self.descriptions(0))
    }

    /// The program with all glyphs. `shared` comes from the subset that this one began as, `level` is 1 to 9.
    pub fn program(&self, shared: &Shared, level: u32) -> Program {
        let mut skipped = 0;
        let mut length = 0;
        while length < shared.raw().len() && skipped < self.glyphs.len() {
            length += self.glyphs[skipped].1.data.len();
            skipped += 1;
        }
        let rest = self.descriptions(skipped);
        let front = self.front(shared.raw(), &rest);
        let length = front.len() + shared.raw().len() + rest.len();
        Program {
            zlib: shared.join(&front, &rest, level),
            length,
        }
    }

    fn descriptions(&self, skipped: usize) -> Vec<u8> {
        let mut data = Vec::with_capacity(160 * (self.glyphs.len() - skipped));
        self.glyphs[skipped..]
            .iter()
            .for_each(|(_, glyph)| data.extend_from_slice(&glyph.data));
        data
    }

    /// Table directory and all tables but `glyf`, which comes last.
    fn front(&self, shared: &[u8], rest: &[u8]) -> Vec<u8> {
        let glyf_length = shared.len() + rest.len();
        let long = glyf_length / 2 > usize::from(u16::MAX);
        let tables = [
            (*b"head", head(long)),
            (*b"hhea", self.hhea()),
            (*b"hmtx", self.hmtx()),
            (*b"loca", self.loca(long)),
            (*b"maxp", self.maxp()),
        ];
        let glyf_sum = word_sum(0, 0, shared);
        let glyf_sum = word_sum(glyf_sum, shared.len(), rest);
        let mut offset = 12 + 16 * (tables.len() + 1);
        let mut records = Vec::with_capacity(tables.len() + 1);
        for (tag, table) in &tables {
            records.push((*tag, word_sum(0, 0, table), offset, table.len()));
            offset += table.len().next_multiple_of(4);
        }
        records.push((*b"glyf", glyf_sum, offset, glyf_length));
        records.sort_by_key(|record| record.0);
        let mut front = vec![0, 1, 0, 0, 0, 6, 0, 64, 0, 2, 0, 32];
        for (tag, sum, offset, length) in records {
            front.extend_from_slice(&tag);
            for value in [sum as usize, offset, length] {
                #[expect(clippy::cast_possible_truncation, reason = "a program of a few hundred kilobytes")]
                front.extend_from_slice(&(value as u32).to_be_bytes());
            }
        }
        let adjustment = front.len() + 8;
        for (_, table) in tables {
            front.extend_from_slice(&table);
            front.resize(front.len().next_multiple_of(4), 0);
        }
        let whole = word_sum(glyf_sum, 0, &front);
        front[adjustment..adjustment + 4].copy_from_slice(&0xB1B0_AFBA_u32.wrapping_sub(whole).to_be_bytes());
        front
    }

    fn hhea(&self) -> Vec<u8> {
        let widest = self
            .glyphs
            .iter()
            .map(|(_, glyph)| glyph.advance)
            .max()
            .unwrap_or(UNITS_PER_EM);
        let mut table = vec![0, 1, 0, 0];
        table.extend([ASCENT, DESCENT, 0].map(i16::to_be_bytes).concat());
        table.extend(widest.to_be_bytes());
        let [low, _, high, _] = BOUNDS;
        table.extend([low, 0, high, 1, 0, 0, 0, 0, 0, 0, 0].map(i16::to_be_bytes).concat());
        table.extend(self.count().to_be_bytes());
        table
    }

    fn hmtx(&self) -> Vec<u8> {
        let left_bearing = BOUNDS[0].to_be_bytes();
        let mut table = UNITS_PER_EM.to_be_bytes().to_vec();
        table.extend(left_bearing);
        for (_, glyph) in &self.glyphs {
            table.extend(glyph.advance.to_be_bytes());
            table.extend(left_bearing);
        }
        table
    }

    fn loca(&self, long: bool) -> Vec<u8> {
        let mut table = Vec::with_capacity(4 * self.glyphs.len() + 8);
        let mut push = |offset: usize| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "MAX_GLYPHS of 64 KiB stay below 2^32; short only if they fit"
            )]
            let (half, whole) = ((offset / 2) as u16, offset as u32);
            if long {
                table.extend(whole.to_be_bytes())
            } else {
                table.extend(half.to_be_bytes())
            }
        };
        push(0);
        push(0);
        let mut offset = 0;
        for (_, glyph) in &self.glyphs {
            offset += glyph.data.len();
            push(offset);
        }
        table
    }

    fn maxp(&self) -> Vec<u8> {
        let most =
            |count: fn(&EncodedGlyph) -> u16| self.glyphs.iter().map(|(_, glyph)| count(glyph)).max().unwrap_or(0);
        let mut table = vec![0, 1, 0, 0];
        table.extend(self.count().to_be_bytes());
        table.extend(most(|glyph| glyph.points).to_be_bytes());
        table.extend(most(|glyph| glyph.contours).to_be_bytes());
        table.extend([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        table
    }

    /// Glyphs with the one for none.
    fn count(&self) -> u16 {
        #[expect(clippy::cast_possible_truncation, reason = "at most MAX_GLYPHS")]
        let count = self.glyphs.len() as u16 + 1;
        count
    }
}

fn head(long: bool) -> Vec<u8> {
    let mut table = vec![0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x5F, 0x0F, 0x3C, 0xF5, 0, 3];
    table.extend(UNITS_PER_EM.to_be_bytes());
    table.extend(CREATED.to_be_bytes());
    table.extend(CREATED.to_be_bytes());
    table.extend(BOUNDS.map(i16::to_be_bytes).concat());
    table.extend([0, 0, 0, 8, 0, 2, 0, u8::from(long), 0, 0]);
    table
}

/// Adds bytes that begin at an even place to a sum of big-endian 32-bit words, the last one filled with zeros.
fn word_sum(sum: u32, place: usize, data: &[u8]) -> u32 {
    let (data, sum) = match (place % 4, data.split_first_chunk::<2>()) {
        (2, Some((half, rest))) => (rest, sum.wrapping_add(u32::from(u16::from_be_bytes(*half)))),
        _ => (data, sum),
    };
    let (words, rest) = data.as_chunks::<4>();
    let sum = words
        .iter()
        .fold(sum, |sum, word| sum.wrapping_add(u32::from_be_bytes(*word)));
    rest.iter().enumerate().fold(sum, |sum, (index, byte)| {
        sum.wrapping_add(u32::from(*byte) << (24 - 8 * index))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use skrifa::raw::TableProvider;
    use skrifa::{FontRef, GlyphId};

    use super::*;
    use crate::draw::font::tests::fonts;

    const STATIC: &str = "统一社会信用代码名称类型住所经营范围注册资本成立日期登记机关";
    const DYNAMIC: &str = "91110000MA01ABCD2X有限责任公司𠮷犇骉𣲗";

    fn subset() -> (Subset, Shared) {
        let mut subset = Subset::default();
        for character in STATIC.chars() {
            subset.number(fonts(), Typeface::Hei, character).unwrap();
        }
        let shared = subset.shared();
        for character in DYNAMIC.chars() {
            subset.number(fonts(), Typeface::Hei, character).unwrap();
        }
        (subset, shared)
    }

    fn inflate(program: &Program) -> Vec<u8> {
        let mut out = Vec::new();
        flate2::read::ZlibDecoder::new(program.zlib.as_slice())
            .read_to_end(&mut out)
            .unwrap();
        out
    }

    #[test]
    fn a_program_with_a_shared_part_is_a_sound_font() {
        let (subset, shared) = subset();
        let program = subset.program(&shared, 6);
        let bytes = inflate(&program);
        assert_eq!(bytes.len(), program.length);
        assert_eq!(word_sum(0, 0, &bytes), 0xB1B0_AFBA, "the checksum of the whole font");
        let font = FontRef::new(&bytes).unwrap();
        for record in font.table_directory().table_records() {
            let mut table = font.table_data(record.tag()).unwrap().as_bytes().to_vec();
            if record.tag() == skrifa::Tag::new(b"head") {
                table[8..12].fill(0);
            }
            assert_eq!(record.checksum(), word_sum(0, 0, &table), "{}", record.tag());
        }
    }

    #[test]
    fn every_glyph_has_the_outline_of_its_character() {
        let (mut subset, shared) = subset();
        let bytes = inflate(&subset.program(&shared, 6));
        let font = FontRef::new(&bytes).unwrap();
        let (loca, glyf) = (font.loca(None).unwrap(), font.glyf().unwrap());
        for character in STATIC.chars().chain(DYNAMIC.chars()) {
            let number = subset.number(fonts(), Typeface::Hei, character).unwrap();
            let Some(skrifa::raw::tables::glyf::Glyph::Simple(glyph)) =
                loca.get_glyf(GlyphId::from(number), &glyf).unwrap()
            else {
                panic!("{character} has no outline")
            };
            let original = fonts()
                .outline(Typeface::Hei, character)
                .unwrap()
                .path
                .bounds()
                .unwrap();
            // Controls of merged curves lie outside the outline that both have.
            let near =
                |units: Option<i16>, em: f64| (f64::from(units.unwrap()) / f64::from(UNITS_PER_EM) - em).abs() < 0.08;
            assert!(near(glyph.points().map(|p| p.x).min(), original.0.x), "{character}");
            assert!(near(glyph.points().map(|p| p.y).max(), -original.0.y), "{character}");
        }
    }

    #[test]
    fn the_same_texts_make_the_same_bytes() {
        let ((one, shared), (two, _)) = (subset(), subset());
        assert_eq!(one.program(&shared, 6), two.program(&shared, 6));
    }
}
