//! `face.toml`: what a face is made of, in millimetres from the upper left corner and points of text.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{FaceError, TemplateProblem};
use crate::draw::font::Typeface;
use crate::draw::{Color, Point};

/// Smallest code that phones read from paper.
const MIN_QR_MM: f64 = 30.0;

/// A whole template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    pub(super) page: PageSize,
    pub(super) style: Style,
    #[serde(default, rename = "text")]
    pub(super) texts: Vec<StaticText>,
    #[serde(default, rename = "field")]
    pub(super) fields: Vec<Spanned<FieldBox>>,
    pub(super) qr: Spanned<Square>,
    pub(super) seal: Spanned<SealPlace>,
    pub(super) photo: Option<Spanned<PhotoBox>>,
}

/// Size of the page in millimetres.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageSize {
    pub(super) width: f64,
    pub(super) height: f64,
}

/// What fields look like unless they say otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Style {
    /// Size of values in points.
    pub(super) size: f64,
    /// Size below which a value is refused instead of shrunk further.
    pub(super) min_size: f64,
    /// Distance of baselines in sizes.
    #[serde(default = "leading")]
    pub(super) leading: f64,
    /// Size of Chinese labels in points.
    pub(super) label_size: f64,
    /// Size of English labels in points; without it all labels are Chinese alone.
    pub(super) small_size: Option<f64>,
    /// From the label's left edge to the value's.
    pub(super) label_width: f64,
    pub(super) ink: Colour,
    pub(super) label: Colour,
    pub(super) small: Colour,
}

fn leading() -> f64 {
    1.45
}

/// A colour as `#rrggbb`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Colour(pub(super) Color);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Color::parse(&text)
            .map(Self)
            .ok_or_else(|| format!("{text:?} is not a colour such as #8c1c13"))
    }
}

/// Where a line stands relative to its point or box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Align {
    #[default]
    Left,
    Center,
    Right,
}

/// Which face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Face {
    #[default]
    Hei,
    Song,
}

impl From<Face> for Typeface {
    fn from(face: Face) -> Self {
        match face {
            Face::Hei => Self::Hei,
            Face::Song => Self::Song,
        }
    }
}

/// Words that every licence of the type bears.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StaticText {
    pub(super) text: Spanned<String>,
    /// Baseline: left end, middle or right end, as `align` says.
    pub(super) at: [f64; 2],
    /// Points.
    pub(super) size: f64,
    #[serde(default)]
    pub(super) align: Align,
    #[serde(default)]
    pub(super) face: Face,
    pub(super) color: Option<Colour>,
    /// Extra space after each character in millimetres.
    #[serde(default)]
    pub(super) tracking: f64,
    /// Width in millimetres of a line along the outlines, which makes them bolder.
    #[serde(default)]
    pub(super) bold: f64,
    /// Wraps at this width in millimetres.
    pub(super) width: Option<f64>,
}

/// The box of one item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldBox {
    pub(super) name: String,
    /// Left edge of the label, baseline of the first line.
    pub(super) at: [f64; 2],
    /// Width of the value's lines in millimetres.
    pub(super) width: f64,
    /// Lines at full size; a smaller size has more of them in the same height.
    #[serde(default = "one")]
    pub(super) lines: u32,
    pub(super) size: Option<f64>,
    pub(super) min_size: Option<f64>,
    pub(super) leading: Option<f64>,
    #[serde(default)]
    pub(super) align: Align,
    #[serde(default)]
    pub(super) face: Face,
    pub(super) color: Option<Colour>,
    #[serde(default)]
    pub(super) bold: f64,
    #[serde(default)]
    pub(super) tracking: f64,
    #[serde(default)]
    pub(super) label: Label,
    pub(super) label_width: Option<f64>,
    /// Chinese label other than the type's.
    pub(super) zh: Option<String>,
    /// English label other than the type's.
    pub(super) en: Option<String>,
    /// Words before and after the value, part of it.
    #[serde(default)]
    pub(super) prefix: String,
    /// See `prefix`.
    #[serde(default)]
    pub(super) suffix: String,
}

fn one() -> u32 {
    1
}

/// Which labels a field bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Label {
    /// Chinese, and English small below it.
    #[default]
    Both,
    /// Chinese, and English small after it on the same line.
    Inline,
    /// Chinese and English small on one line, the value on the next.
    Above,
    /// None.
    None,
}

/// A square by its upper left corner.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Square {
    pub(super) at: [f64; 2],
    pub(super) size: f64,
}

/// Where the middle of the seal stands.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealPlace {
    pub(super) center: [f64; 2],
}

/// The box of the photo.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhotoBox {
    pub(super) at: [f64; 2],
    pub(super) size: [f64; 2],
}

/// A pair of lengths as a point.
pub(super) fn point([x, y]: [f64; 2]) -> Point {
    Point::new(x, y)
}

/// The template with its text, so that problems can name lines.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl Source<'_> {
    pub(super) fn read(&self) -> Result<Template, FaceError> {
        let syntax = |error: toml::de::Error| {
            let problem = TemplateProblem::Syntax(error.message().to_owned());
            self.problem(error.span().unwrap_or(0..0), problem)
        };
        let template: Template = toml::from_str(self.text).map_err(syntax)?;
        let qr = template.qr.get_ref();
        if qr.size < MIN_QR_MM {
            return Err(self.problem(template.qr.span(), TemplateProblem::QrTooSmall(qr.size.to_string())));
        }
        let boxes = [("the qr code", template.qr.span(), qr.at, [qr.size; 2])];
        let photo = template
            .photo
            .as_ref()
            .map(|photo| ("the photo", photo.span(), photo.get_ref().at, photo.get_ref().size));
        for (name, span, at, size) in boxes.into_iter().chain(photo) {
            let inside = |axis: usize, limit: f64| at[axis] >= 0.0 && at[axis] + size[axis] <= limit;
            if !inside(0, template.page.width) || !inside(1, template.page.height) {
                return Err(self.problem(span, TemplateProblem::OffPage(name.to_owned())));
            }
        }
        Ok(template)
    }

    /// An error at a place in the text.
    pub(super) fn problem(&self, span: Range<usize>, problem: TemplateProblem) -> FaceError {
        let line = self
            .text
            .get(..span.start)
            .map_or(1, |before| before.matches('\n').count() + 1);
        FaceError::Template {
            file: self.file.to_owned(),
            line,
            problem,
        }
    }
}
