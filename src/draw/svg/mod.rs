//! A small subset of SVG 1.1: what ornaments and seal pictures need, and nothing that could hide something.
//!
//! Elements: `svg` (with `viewBox`, and `width` and `height` in `mm`), `g`, `defs`, `use`, `path`, `rect`, `circle`,
//! `ellipse`, `line`, `polyline`, `polygon`; `title` and `desc` are skipped. Attributes: `fill`, `stroke`,
//! `stroke-width`, `fill-rule`, `transform`, `id`, `href`. Anything else is refused with its line, so that a picture
//! never shows less here than it does elsewhere: no style sheets, scripts, text, images, gradients, arcs, dashes or
//! opacity.

mod element;
mod packed;
mod path_data;
mod read;
mod scan;
mod value;
mod write;
mod xml;

pub use packed::{pack, unpack};
pub use read::parse;
pub(super) use write::write;

/// Bytes of a document: the largest of our own ornaments has 60 KiB.
pub const MAX_BYTES: usize = 256 * 1024;
/// Elements inside each other, and `use` inside what it uses.
pub const MAX_DEPTH: usize = 16;
/// Segments of all shapes after `use` is resolved: more cannot fit the page of a 40 KiB licence.
pub const MAX_SEGMENTS: usize = 100_000;

/// What is wrong with a picture, and on which line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct SvgError {
    /// Line of the element or attribute, from 1.
    pub line: usize,
    /// What is wrong.
    pub kind: SvgErrorKind,
}

impl SvgError {
    fn at(line: usize, kind: SvgErrorKind) -> Self {
        Self { line, kind }
    }
}

/// What can be wrong with a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SvgErrorKind {
    /// An attribute that is missing.
    #[error("<{element}> needs {attribute}")]
    AttributeMissing {
        /// Name of the element.
        element: String,
        /// Name of the attribute.
        attribute: &'static str,
    },
    /// An attribute outside the subset.
    #[error("attribute {0} is not supported")]
    AttributeUnsupported(String),
    /// An element outside the subset.
    #[error("element <{0}> is not supported")]
    ElementUnsupported(String),
    /// Not well-formed XML.
    #[error("not well-formed: {0}")]
    Malformed(&'static str),
    /// A size of the sheet that is not positive millimetres.
    #[error("{0:?} is not a size in mm")]
    SizeNotMillimetres(String),
    /// More bytes, levels or segments than a picture may have.
    #[error("more than {limit} {what}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        limit: usize,
    },
    /// `use` names an element that no line before it defines.
    #[error("no element with id {0:?} stands before this line")]
    UnknownReference(String),
    /// A value that cannot be read.
    #[error("{attribute} cannot be {value:?}")]
    Value {
        /// Name of the attribute.
        attribute: &'static str,
        /// What stands there.
        value: String,
    },
}
