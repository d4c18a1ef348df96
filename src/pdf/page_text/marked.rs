//! Marked content whose text is given beside it: ActualText (ISO 32000-2 section 14.9.4).

use super::Glyph;

/// Marked content inside one another. Tagged documents stay below a hundred.
const MAX_MARKED: usize = 512;

/// The marked content that a place of a content stream lies in.
#[derive(Debug, Default)]
pub(super) struct MarkedContent {
    open: Vec<Marked>,
    /// How many more were begun than are kept.
    beyond: usize,
}

#[derive(Debug)]
struct Marked {
    /// The text that stands for everything in it, where that is said.
    text: Option<String>,
    /// How many glyphs there were before it.
    first: usize,
}

impl MarkedContent {
    /// How deep it is.
    pub(super) fn depth(&self) -> usize {
        self.open.len() + self.beyond
    }

    /// Begins at the end of `glyphs` (BMC, BDC).
    pub(super) fn begin(&mut self, text: Option<String>, glyphs: &[Glyph]) {
        match self.open.len() < MAX_MARKED {
            true => self.open.push(Marked {
                text,
                first: glyphs.len(),
            }),
            false => self.beyond += 1,
        }
    }

    /// Ends the innermost (EMC): its text takes the place of that of its glyphs.
    pub(super) fn end(&mut self, glyphs: &mut Vec<Glyph>) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(Marked {
            text: Some(text),
            first,
        }) = self.open.pop()
        {
            replace(glyphs, first, text);
        }
    }

    /// Ends whatever was begun beyond a depth and not ended.
    pub(super) fn end_to(&mut self, depth: usize, glyphs: &mut Vec<Glyph>) {
        while self.depth() > depth {
            self.end(glyphs);
        }
    }
}

/// Gives the glyphs from `first` on that text: each its character where there are as many, else all together.
fn replace(glyphs: &mut Vec<Glyph>, first: usize, text: String) {
    let Some(painted) = glyphs.get_mut(first..).filter(|painted| !painted.is_empty()) else {
        return;
    };
    if text.chars().count() == painted.len() {
        for (glyph, character) in painted.iter_mut().zip(text.chars()) {
            glyph.text = character.to_string();
        }
        return;
    }
    let whole = painted[1..]
        .iter()
        .fold(painted[0].bounds, |all, glyph| super::around(all, glyph.bounds));
    glyphs.truncate(first);
    glyphs.push(Glyph { text, bounds: whole });
}
