//! Breaking text into lines, and shrinking it to a box.

use crate::draw::FontSet;
use crate::draw::font::Typeface;

/// Millimetres in a point of text.
pub(super) const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Steps in which text shrinks, in points.
const SHRINK_STEP: f64 = 0.5;
/// Characters that may not begin a line (GB/T 15834, 5.1).
const NOT_FIRST: &str = "，。、；：？！）〕】》〉」』”’％‰℃…—·,.;:?!)]}%／/";
/// Characters that may not end a line.
const NOT_LAST: &str = "（〔【《〈「『“‘([{￥$";

/// Text of one size in one face.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) fonts: &'a FontSet,
    pub(super) face: Typeface,
    /// Points.
    pub(super) size: f64,
    /// Extra space after each character in millimetres.
    pub(super) tracking: f64,
}

impl Measure<'_> {
    fn character(&self, character: char) -> f64 {
        self.fonts.advance(self.face, character).unwrap_or(1.0) * self.size * MM_PER_POINT + self.tracking
    }

    /// Width of a line in millimetres, without the space after its last character.
    pub(super) fn width(&self, text: &str) -> f64 {
        text.chars().map(|character| self.character(character)).sum::<f64>() - self.tracking
    }

    /// The lines of a text, none wider than the given width unless a single character is.
    pub(super) fn lines<'t>(&self, text: &'t str, width_mm: f64) -> Vec<&'t str> {
        text.split('\n')
            .flat_map(|paragraph| self.paragraph(paragraph, width_mm))
            .collect()
    }

    fn paragraph<'t>(&self, text: &'t str, width_mm: f64) -> Vec<&'t str> {
        let mut lines = Vec::new();
        let (mut start, mut used) = (0, 0.0);
        // The last place where the line may end, and the width up to there.
        let mut chance: Option<(usize, f64)> = None;
        let mut before = None;
        for (at, character) in text.char_indices() {
            if at > start && may_break(before, character) {
                chance = Some((at, used));
            }
            let width = self.character(character);
            if used + width - self.tracking > width_mm && at > start {
                let (end, width_there) = chance.take().unwrap_or((at, used));
                lines.push(text[start..end].trim_end());
                (start, used) = (end, used - width_there);
                if character == ' ' && end == at {
                    start = at + 1;
                    before = None;
                    continue;
                }
            }
            used += width;
            before = Some(character);
        }
        lines.push(&text[start..]);
        lines
    }
}

fn may_break(before: Option<char>, after: char) -> bool {
    let Some(before) = before else { return false };
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) || after == ' ' {
        return false;
    }
    before == ' ' || is_ideographic(before) || is_ideographic(after) || before == '-'
}

/// Whether lines may break on both sides: everything from the CJK blocks on.
fn is_ideographic(character: char) -> bool {
    u32::from(character) >= 0x2E80
}

/// A box for text.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextBox {
    pub(super) width_mm: f64,
    /// Lines at full size.
    pub(super) lines: u32,
    /// Distance of baselines in sizes.
    pub(super) leading: f64,
    /// Points.
    pub(super) size: f64,
    pub(super) min_size: f64,
}

/// Text that fits its box.
#[derive(Debug, PartialEq)]
pub(super) struct Fitted<'t> {
    /// Points.
    pub(super) size: f64,
    pub(super) lines: Vec<&'t str>,
}

impl TextBox {
    /// Lines that fit the height at a size.
    pub(super) fn room(&self, size: f64) -> usize {
        let height = self.size * (1.0 + f64::from(self.lines.max(1) - 1) * self.leading);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least one line, a few hundred at most"
        )]
        let room = ((height / size - 1.0) / self.leading + 1e-9).floor() as usize;
        room + 1
    }

    /// Wraps a text, in smaller steps of size until it fits; nothing if it does not at the smallest.
    pub(super) fn fit<'t>(&self, measure: Measure<'_>, text: &'t str) -> Option<Fitted<'t>> {
        let mut size = self.size;
        loop {
            let lines = Measure { size, ..measure }.lines(text, self.width_mm);
            if lines.len() <= self.room(size) {
                return Some(Fitted { size, lines });
            }
            if size <= self.min_size {
                return None;
            }
            size = (size - SHRINK_STEP).max(self.min_size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::font::tests::fonts;

    fn measure(size: f64) -> Measure<'static> {
        Measure {
            fonts: fonts(),
            face: Typeface::Hei,
            size,
            tracking: 0.0,
        }
    }

    /// Ten characters of ten points.
    const TEN: f64 = 100.0 * MM_PER_POINT + 0.01;

    #[test]
    fn a_line_neither_begins_with_a_comma_nor_ends_with_an_opening_bracket() {
        let lines = measure(10.0).lines("一二三四五六七八九十，二二三四五六七八（十）一", TEN);
        assert_eq!(lines, ["一二三四五六七八九", "十，二二三四五六七八", "（十）一"]);
    }

    #[test]
    fn words_and_numbers_stay_whole() {
        let lines = measure(10.0).lines("编号为AB123456789012345号", 82.0 * MM_PER_POINT);
        assert_eq!(lines, ["编号为", "AB123456789012", "345号"]);
        assert_eq!(
            measure(10.0).lines("Room 1 of building two", 60.0 * MM_PER_POINT),
            ["Room 1 of", "building two"]
        );
    }

    #[test]
    fn text_shrinks_before_it_is_refused() {
        let text = "一".repeat(24);
        let narrow = TextBox {
            width_mm: TEN,
            lines: 2,
            leading: 1.4,
            size: 10.0,
            min_size: 8.0,
        };
        let fitted = narrow.fit(measure(10.0), &text).unwrap();
        assert_eq!((fitted.size, fitted.lines.len()), (8.0, 2), "two lines of 12");
        assert_eq!(narrow.fit(measure(10.0), &"一".repeat(25)), None);
        assert_eq!(narrow.fit(measure(10.0), "一").unwrap().size, 10.0);
    }

    #[test]
    fn given_line_ends_are_kept() {
        assert_eq!(measure(10.0).lines("甲\n乙", TEN), ["甲", "乙"]);
        assert_eq!(measure(10.0).lines("", TEN), [""]);
    }
}
