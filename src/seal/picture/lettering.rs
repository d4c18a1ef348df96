//! Characters of a seal: Song, condensed, a little emboldened, on as few points as their size needs.

use super::PictureError;
use crate::draw::font::Typeface;
use crate::draw::simplify::simplify;
use crate::draw::{Affine, Color, FontSet, Path, Point, Stroke};

/// How far a simplified outline may be from the font's, in millimetres.
const TOLERANCE_MM: f64 = 0.12;
/// What is left free between two characters, in millimetres.
const SPACING_MM: f64 = 0.4;
/// The narrowest character, in parts of its height: below that Song is hard to read.
const NARROWEST: f64 = 0.5;
/// The lowest character that is legible in print, in millimetres.
const LOWEST_MM: f64 = 2.4;
/// Height of the ink of a Chinese character in parts of the em, and the middle of it above the baseline.
const INK: f64 = 0.92;
const INK_MIDDLE: f64 = 0.38;

/// Engraved strokes are stronger than printed ones: a line along the outlines.
pub(super) const EMBOLDENING: Stroke = Stroke {
    color: Color::SEAL_RED,
    width: 0.12,
};

/// The size of characters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lettering {
    pub(super) height_mm: f64,
    pub(super) width_mm: f64,
}

/// Where the middle of a character goes, and how far it turns, clockwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub(super) at: Point,
    pub(super) degrees: f64,
}

impl Lettering {
    /// Characters of this height and ratio, narrower where they stand `pitch` apart, lower where they would be too
    /// narrow; nothing where they would be too low.
    pub(super) fn fitting(height_mm: f64, ratio: f64, pitch: f64) -> Option<Self> {
        let width_mm = (height_mm * ratio).min(pitch - SPACING_MM);
        let height_mm = height_mm.min(width_mm / NARROWEST);
        (height_mm >= LOWEST_MM).then_some(Self { height_mm, width_mm })
    }

    /// The outline of a character, with the middle of its ink at a place.
    pub(super) fn place(self, character: char, placed: &Placed, fonts: &FontSet) -> Result<Path, PictureError> {
        let outline = fonts
            .outline(Typeface::Song, character)
            .ok_or(PictureError::MissingCharacter(character))?;
        let map = Affine::translate(-outline.advance / 2.0, INK_MIDDLE)
            .then(Affine::scale(self.width_mm / INK, self.height_mm / INK))
            .then(Affine::rotate(placed.degrees))
            .then(Affine::translate(placed.at.x, placed.at.y));
        Ok(simplify(&outline.path.transform(map), TOLERANCE_MM))
    }
}

/// Most characters of a name seal.
const MAX_CELLS: usize = 6;

/// The characters of a name seal in a square of a side: columns from right to left, each filled from the top.
pub(super) fn cells(name: &str, side_mm: f64, fonts: &FontSet) -> Result<Path, PictureError> {
    let characters: Vec<char> = name.chars().collect();
    let count = characters.len();
    if count > MAX_CELLS {
        return Err(PictureError::TooLong { place: "cells", count });
    }
    // A surname stands alone before two characters; otherwise the right column is the shorter one.
    let columns = if count < 3 {
        vec![characters.as_slice()]
    } else {
        let (right, left) = characters.split_at(count / 2);
        vec![left, right]
    };
    #[expect(clippy::cast_precision_loss, reason = "at most six cells")]
    let share = |parts: usize| side_mm / parts as f64;
    let width = share(columns.len());
    let mut path = Path::new();
    for (column, characters) in columns.iter().enumerate() {
        let height = share(characters.len());
        let lettering = Lettering {
            height_mm: height - SPACING_MM,
            width_mm: width - SPACING_MM,
        };
        for (row, character) in characters.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "at most six cells")]
            let at = Point::new((column as f64 + 0.5) * width, (row as f64 + 0.5) * height);
            path.extend(&lettering.place(*character, &Placed { at, degrees: 0.0 }, fonts)?);
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_grow_narrower_first_and_lower_then() {
        let free = Lettering::fitting(6.0, 0.7, 9.0).unwrap();
        assert!((free.width_mm - 4.2).abs() < 1e-9 && free.height_mm == 6.0);
        let narrow = Lettering::fitting(6.0, 0.7, 3.9).unwrap();
        assert_eq!((narrow.height_mm, narrow.width_mm), (6.0, 3.5));
        let low = Lettering::fitting(6.0, 0.7, 2.4).unwrap();
        assert_eq!((low.height_mm, low.width_mm), (4.0, 2.0));
        assert_eq!(Lettering::fitting(6.0, 0.7, 1.5), None);
    }
}
