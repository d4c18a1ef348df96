//! Fonts: which glyph a character has, how wide it is, what it looks like.
//!
//! A [`FontSet`] holds font files as bytes, one copy each; a [`Typeface`] says in which order they are asked for a
//! character, the ones for rare characters last. Characters become glyphs one by one, which is right for Chinese and
//! Latin; traditional Mongolian needs [`shape`] and goes onto a page as outlines.

mod file;
mod glyph;
pub mod program;
pub mod shape;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Path;
use file::FontFile;
pub use glyph::EncodedGlyph;

/// The two faces that pages and seals are set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Typeface {
    /// 黑体, even strokes: all running text. Its outlines have a third fewer points than those of Song.
    Hei,
    /// 宋体: titles, and the ring of a seal (国发〔1999〕25号).
    Song,
}

/// The file of the even face.
const HEI: &str = "NotoSansSC-Regular.ttf";
/// The file of the Song face.
pub const SONG: &str = "NotoSerifSC-Regular.ttf";
/// Hanazono: 60,000 characters of Extensions B to F that names use and the text faces lack.
const RARE: &str = "HanaMinB.ttf";
/// The files of a set, by their names in the font folder.
pub const FONT_FILES: [&str; 3] = [HEI, SONG, RARE];

impl Typeface {
    /// Where a character of this face is looked for, in order.
    fn files(self) -> [&'static str; 3] {
        match self {
            Self::Hei => [HEI, SONG, RARE],
            Self::Song => [SONG, HEI, RARE],
        }
    }
}

/// Why a font cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// A required file is not among the given ones.
    #[error("font file {0} is missing")]
    Missing(&'static str),
    /// The bytes are no usable font.
    #[error("{file} is not a usable font: {problem}")]
    Unusable {
        /// Name of the file.
        file: String,
        /// What it lacks.
        problem: &'static str,
    },
}

/// A glyph as an outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The outline in units of the em, origin on the baseline, `y` downwards; filled by the winding rule.
    pub path: Path,
    /// How far the next glyph lies to the right, in units of the em.
    pub advance: f64,
}

/// What is known of a character in a face: its glyph, or that no font has it.
type Known = HashMap<(Typeface, char), Option<Arc<EncodedGlyph>>>;

/// Fonts, and the glyphs that were needed so far, ready to be embedded.
pub struct FontSet {
    files: Vec<FontFile>,
    known: RwLock<Known>,
}

impl FontSet {
    /// A set of the files of [`FONT_FILES`], each with its name. One copy of the bytes is kept, the given one.
    pub fn load(named: Vec<(String, Arc<[u8]>)>) -> Result<Self, FontError> {
        for wanted in FONT_FILES {
            if !named.iter().any(|(name, _)| name == wanted) {
                return Err(FontError::Missing(wanted));
            }
        }
        let files = named.into_iter().map(|(name, bytes)| FontFile::open(name, bytes));
        Ok(Self {
            files: files.collect::<Result<_, _>>()?,
            known: RwLock::default(),
        })
    }

    /// The characters of a text that no font has, each once, in order.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing = Vec::new();
        for character in text.chars() {
            if !missing.contains(&character) && self.encoded(Typeface::Hei, character).is_none() {
                missing.push(character);
            }
        }
        missing
    }

    /// The outline of a character, exact, from the first font that has it.
    pub fn outline(&self, face: Typeface, character: char) -> Option<Outline> {
        face.files().into_iter().find_map(|name| {
            let file = self.files.iter().find(|file| file.name() == name)?;
            file.outline(file.glyph(character)?)
        })
    }

    /// The width of a character in units of the em.
    pub fn advance(&self, face: Typeface, character: char) -> Option<f64> {
        self.encoded(face, character)
            .map(|glyph| f64::from(glyph.advance) / f64::from(glyph::UNITS_PER_EM))
    }

    /// The glyph of a character as it is embedded; made once and kept.
    pub fn encoded(&self, face: Typeface, character: char) -> Option<Arc<EncodedGlyph>> {
        // A panic elsewhere cannot leave half an entry: every insertion is one call.
        if let Some(known) = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(face, character))
        {
            return known.clone();
        }
        let made = self
            .outline(face, character)
            .map(|outline| Arc::new(EncodedGlyph::new(&outline, face)));
        self.known
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((face, character), made.clone());
        made
    }
}

impl std::fmt::Debug for FontSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.files.iter().map(FontFile::name)).finish()
    }
}

#[cfg(test)]
pub(crate) mod tests;
