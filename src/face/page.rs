//! Text onto a page: glyph numbers, lines, alignment.

use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Name, Str};

use super::layout::{MM_PER_POINT, Measure};
use super::template::Align;
use crate::draw::font::Typeface;
use crate::draw::font::program::Subset;
use crate::draw::pdf::{Painter, UNITS_PER_MM, units};
use crate::draw::{Color, FontSet, Point};

/// Resource name of the page's one font.
pub(super) const FONT: Name<'static> = Name(b"F");

/// How a run of text looks.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    pub(super) face: Typeface,
    /// Points.
    pub(super) size: f64,
    pub(super) color: Color,
    /// Extra space after each character in millimetres.
    pub(super) tracking: f64,
    /// Width in millimetres of a line along the outlines; 0 for none.
    pub(super) bold: f64,
}

/// A content stream being written, and the glyphs that it uses.
pub(super) struct Page<'a> {
    pub(super) painter: Painter,
    pub(super) subset: Subset,
    fonts: &'a FontSet,
    state: State,
}

/// Text state that stands until it is set again.
#[derive(Clone, Copy, PartialEq, Default)]
struct State {
    size: f32,
    tracking: f32,
    bold: f32,
}

impl<'a> Page<'a> {
    pub(super) fn new(fonts: &'a FontSet, subset: Subset, height_mm: f64) -> Self {
        Self {
            painter: Painter::new(height_mm),
            subset,
            fonts,
            state: State::default(),
        }
    }

    pub(super) fn measure(&self, ink: Ink) -> Measure<'a> {
        Measure {
            fonts: self.fonts,
            face: ink.face,
            size: ink.size,
            tracking: ink.tracking,
        }
    }

    /// One line at a baseline; `at` is its left end, middle or right end. The error is the character that no font has.
    pub(super) fn line(&mut self, text: &str, at: Point, align: Align, ink: Ink) -> Result<(), char> {
        let shift = match align {
            Align::Left => 0.0,
            Align::Center => self.measure(ink).width(text) / 2.0,
            Align::Right => self.measure(ink).width(text),
        };
        let codes = self.codes(text, ink.face)?;
        self.set(ink);
        let content = self.painter.content();
        content.set_text_matrix([1.0, 0.0, 0.0, -1.0, units(at.x - shift), units(at.y)]);
        content.show(Str(&codes));
        Ok(())
    }

    /// One line around a point, turned by an angle against the clock, as bare outlines.
    pub(super) fn outlined(&mut self, text: &str, center: Point, angle: f64, ink: Ink) -> Result<(), char> {
        let left = self.measure(ink).width(text) / -2.0;
        let down = ink.size * MM_PER_POINT * 0.35;
        let (sin, cos) = angle.sin_cos();
        // Along the baseline and across it, with `y` downwards.
        let at = Point::new(center.x + left * cos + down * sin, center.y - left * sin + down * cos);
        let codes = self.codes(text, ink.face)?;
        self.set(ink);
        let content = self.painter.content();
        content.set_text_rendering_mode(TextRenderingMode::Stroke);
        #[expect(clippy::cast_possible_truncation, reason = "PDF numbers are single precision")]
        let (sin, cos) = (sin as f32, cos as f32);
        content.set_text_matrix([cos, -sin, -sin, -cos, units(at.x), units(at.y)]);
        content
            .show(Str(&codes))
            .set_text_rendering_mode(TextRenderingMode::FillStroke);
        Ok(())
    }

    fn codes(&mut self, text: &str, face: Typeface) -> Result<Vec<u8>, char> {
        let mut codes = Vec::with_capacity(2 * text.len());
        for character in text.chars() {
            let number = self.subset.number(self.fonts, face, character).ok_or(character)?;
            codes.extend_from_slice(&number.to_be_bytes());
        }
        Ok(codes)
    }

    pub(super) fn fonts(&self) -> &'a FontSet {
        self.fonts
    }

    fn set(&mut self, ink: Ink) {
        let size = units(ink.size * MM_PER_POINT);
        #[expect(clippy::cast_possible_truncation, reason = "PDF numbers are single precision")]
        let wanted = State {
            size,
            tracking: units(ink.tracking),
            bold: (ink.bold * UNITS_PER_MM) as f32,
        };
        self.painter.set_fill(ink.color);
        if wanted.bold > 0.0 {
            self.painter.set_stroke(ink.color, ink.bold);
        }
        let content = self.painter.content();
        if wanted.size != self.state.size {
            content.set_font(FONT, wanted.size);
        }
        if wanted.tracking != self.state.tracking {
            content.set_char_spacing(wanted.tracking);
        }
        if (wanted.bold > 0.0) != (self.state.bold > 0.0) {
            let bold = wanted.bold > 0.0;
            content.set_text_rendering_mode(if bold {
                TextRenderingMode::FillStroke
            } else {
                TextRenderingMode::Fill
            });
        }
        self.state = wanted;
    }
}
