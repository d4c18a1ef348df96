//! What can be wrong with a template or with what is put into it.

use crate::draw::qr::QrCodeError;
use crate::draw::svg::SvgError;
use crate::problem::{Explain, Problem};

/// Why a face cannot be baked or filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaceError {
    /// `art.svg` is outside the subset.
    #[error("{file}, {error}")]
    Art {
        /// The file.
        file: String,
        /// Line and problem.
        error: SvgError,
    },
    /// A character that no font has.
    #[error("field {field}: no font has the character {character:?} (U+{:04X})", u32::from(*character))]
    CharacterMissing {
        /// The field.
        field: String,
        /// The character.
        character: char,
    },
    /// A metadata name that the type does not declare (ISO 19005-3, 6.6.2.3).
    #[error("metadata name {0} is not declared by the licence type")]
    MetadataUndeclared(String),
    /// No photo for a face that shows one.
    #[error("the face shows a photo and none is given")]
    PhotoMissing,
    /// A photo that is not a baseline or progressive JPEG in grey or RGB.
    #[error("the photo is not a grey or rgb jpeg of 8 bits: {0}")]
    PhotoUnusable(&'static str),
    /// The text of the code does not fit.
    #[error(transparent)]
    Qr(#[from] QrCodeError),
    /// `face.toml` is wrong.
    #[error("{file}, line {line}: {problem}")]
    Template {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        problem: TemplateProblem,
    },
    /// A text that does not fit its box at the smallest size.
    #[error("field {field}: {characters} characters do not fit {lines} lines of {width_mm} mm at {min_size_pt} points")]
    TextTooLong {
        /// The field.
        field: String,
        /// Length of the text.
        characters: usize,
        /// Lines of the box at the smallest size.
        lines: usize,
        /// Width of the box.
        width_mm: String,
        /// Smallest size that the template allows.
        min_size_pt: String,
    },
    /// A value that the face has no box for.
    #[error("the face has no box for {0}")]
    ValueUnplaced(String),
}

/// What can be wrong with a `face.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateProblem {
    /// A character of a static text that no font has.
    #[error("no font has the character {0:?}")]
    CharacterMissing(char),
    /// An item that the type has and the face does not show.
    #[error("no [[field]] shows {0}")]
    FieldMissing(String),
    /// A field that the type does not have.
    #[error("the licence type has no field {0}")]
    FieldUnknown(String),
    /// Something that reaches over the edge of the page.
    #[error("{0} reaches over the edge of the page")]
    OffPage(String),
    /// The type has a photo and the face no box for it, or the other way round.
    #[error("a photo box belongs to a type with a photo, and only there")]
    PhotoBox,
    /// A code too small to be read when printed.
    #[error("a qr code of {0} mm is smaller than 30 mm")]
    QrTooSmall(String),
    /// Not the TOML that a face is.
    #[error("{0}")]
    Syntax(String),
}

impl Explain for FaceError {
    fn problems(&self) -> Vec<Problem> {
        let problem = match self {
            Self::Art { .. } => Problem::new("template-art").param("detail", self),
            Self::CharacterMissing { field, character } => Problem::new("character-without-font")
                .field(field)
                .param("character", character)
                .param("code_point", format!("U+{:04X}", u32::from(*character))),
            Self::MetadataUndeclared(name) => Problem::new("metadata-undeclared").param("name", name),
            Self::PhotoMissing => Problem::new("photo-missing").field("photo"),
            Self::PhotoUnusable(detail) => Problem::new("photo-unusable").field("photo").param("detail", detail),
            Self::Qr(error) => Problem::new("qr-code").param("detail", error),
            Self::Template { .. } => Problem::new("template").param("detail", self),
            Self::TextTooLong {
                field,
                characters,
                lines,
                width_mm,
                ..
            } => Problem::new("text-too-long-for-face")
                .field(field)
                .param("characters", characters)
                .param("lines", lines)
                .param("width_mm", width_mm),
            Self::ValueUnplaced(name) => Problem::new("value-without-box").field(name),
        };
        vec![problem]
    }
}
