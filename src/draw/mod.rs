//! Drawing on paper: millimetres, paths, fonts, a small SVG subset and pictures, written as PDF operators or as SVG.
//!
//! Lengths are millimetres and `y` grows downwards, as in SVG; [`pdf`] turns that into PDF's points with `y` upwards.
//! Fonts come as bytes ([`font::FontSet`]); only the glyphs that a page shows leave again, as a small TrueType program.
//! Nothing here knows what a licence or a seal is. Left out on purpose: gradients, transparency, bitmaps, CSS.

pub mod deflate;
pub mod font;
pub mod geometry;
pub mod number;
pub mod path;
pub mod pdf;
pub mod picture;
pub mod qr;
pub mod simplify;
pub mod svg;

pub use font::FontSet;
pub use geometry::{Affine, Color, Point};
pub use path::{Path, Segment};
pub use picture::{FillRule, Picture, Shape, Stroke};
