//! A picture: shapes on a sheet of a size in millimetres. Seals and ornaments are pictures.

use super::{Color, Path};

/// Which points lie inside a path that crosses itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FillRule {
    /// Inside by the number of crossings.
    EvenOdd,
    /// Inside by the winding number; the rule of glyphs, and SVG's default.
    #[default]
    NonZero,
}

/// A line drawn along a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub color: Color,
    /// Width in millimetres.
    pub width: f64,
}

/// A path, and how it is painted: filled first, then stroked.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The outline, in millimetres from the upper left corner of the picture.
    pub path: Path,
    /// Colour inside.
    pub fill: Option<Color>,
    /// What counts as inside.
    pub rule: FillRule,
    /// Line along the path.
    pub stroke: Option<Stroke>,
}

impl Shape {
    /// A filled shape by the winding rule.
    pub fn filled(path: Path, color: Color) -> Self {
        Self {
            path,
            fill: Some(color),
            rule: FillRule::NonZero,
            stroke: None,
        }
    }

    /// An outline.
    pub fn stroked(path: Path, color: Color, width: f64) -> Self {
        Self {
            path,
            fill: None,
            rule: FillRule::NonZero,
            stroke: Some(Stroke { color, width }),
        }
    }
}

/// Shapes on a sheet, painted in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Width in millimetres.
    pub width_mm: f64,
    /// Height in millimetres.
    pub height_mm: f64,
    /// What is painted.
    pub shapes: Vec<Shape>,
}

impl Picture {
    /// An empty sheet.
    pub fn new(width_mm: f64, height_mm: f64) -> Self {
        Self {
            width_mm,
            height_mm,
            shapes: Vec::new(),
        }
    }

    /// The picture as a compact SVG document in steps of 0.02 mm, one dot at 1,270 dpi. [`super::svg::parse`] reads it
    /// back.
    pub fn to_svg(&self) -> String {
        self.to_svg_on(50.0)
    }

    /// The same on a grid of so many steps a millimetre: the coarser, the shorter.
    pub fn to_svg_on(&self, steps_per_mm: f64) -> String {
        super::svg::write(self, steps_per_mm)
    }

    /// PDF operators that draw the picture in a box of its size, lower left corner at the origin, on a grid of so many
    /// steps a millimetre.
    pub fn to_pdf_content(&self, steps_per_mm: f64) -> Vec<u8> {
        let mut page = super::pdf::Painter::on_grid(self.height_mm, steps_per_mm);
        page.picture(self, super::Affine::IDENTITY);
        page.finish()
    }
}
