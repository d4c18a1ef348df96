//! Shaping: scripts whose letters change form with their neighbours, as outlines.
//!
//! Traditional Mongolian runs in columns from the top, and columns from left to right. It is shaped along a line and
//! turned by a quarter, clockwise. What comes out is drawn into templates as static art by `tools/mongolian.rs`; no
//! text that a licence brings with it needs this.

use std::sync::Arc;

use harfrust::font::{Font, Source};
use harfrust::{Buffer, ShapeOptions, ShaperFont, shape};
use skrifa::GlyphId;

use super::FontError;
use super::file::FontFile;
use crate::draw::{Affine, Path};

/// A column of text, shaped: in units of the em, its centre line at `x` 0 and its beginning at `y` 0.
pub fn column(name: &str, font: &Arc<[u8]>, text: &str) -> Result<Path, FontError> {
    let line = line(name, font, text)?;
    let Some((low, high)) = line.bounds() else {
        return Ok(line);
    };
    let middle = Affine::translate(0.0, -f64::midpoint(low.y, high.y));
    Ok(line.transform(middle.then(Affine::rotate(90.0))))
}

/// A line of text, shaped: in units of the em, its beginning at the origin.
fn line(name: &str, bytes: &Arc<[u8]>, text: &str) -> Result<Path, FontError> {
    let unusable = |problem| FontError::Unusable {
        file: name.to_owned(),
        problem,
    };
    let file = FontFile::open(name.to_owned(), Arc::clone(bytes))?;
    let font = Font::new(Source::from(bytes.to_vec()), 0).ok_or(unusable("not a font file"))?;
    let mut buffer = Buffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    shape(&ShaperFont::new(&font), &mut buffer, ShapeOptions::new())
        .map_err(|_| unusable("its tables cannot shape the text"))?;
    let unit = 1.0 / f64::from(font.units_per_em());
    let mut path = Path::new();
    let mut pen = 0.0;
    for (glyph, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
        if glyph.glyph_id == GlyphId::NOTDEF.to_u32() {
            return Err(unusable("it lacks a character of the text"));
        }
        let (x, y) = (
            pen + f64::from(position.x_offset) * unit,
            -f64::from(position.y_offset) * unit,
        );
        if let Some(outline) = file.outline(GlyphId::new(glyph.glyph_id)) {
            path.extend(&outline.path.transform(Affine::translate(x, y)));
        }
        pen += f64::from(position.x_advance) * unit;
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::font::tests::read;

    #[test]
    fn letters_join_and_run_down() {
        let font: Arc<[u8]> = read("NotoSansMongolian-Regular.ttf");
        let letter = |text: &str| column("mongolian", &font, text).unwrap();
        let (low, high) = letter("ᠮᠣᠩᠭᠣᠯ").bounds().unwrap();
        assert!(high.y - low.y > 2.0 * (high.x - low.x), "a column: {low:?} {high:?}");
        let apart: f64 = ["ᠮ", "ᠣ"].map(|one| letter(one).bounds().unwrap().1.y).iter().sum();
        assert!(
            letter("ᠮᠣ").bounds().unwrap().1.y < apart,
            "joined forms are shorter than two letters on their own"
        );
    }

    #[test]
    fn a_character_that_the_font_lacks_is_refused() {
        let font = read("NotoSansMongolian-Regular.ttf");
        assert!(matches!(
            column("mongolian", &font, "证"),
            Err(FontError::Unusable { .. })
        ));
    }
}
