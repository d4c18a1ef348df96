//! Designs of seals, and drawing a seal by one.

use serde::Deserialize;

use super::code::code;
use super::lettering::{self, Lettering, Placed};
use super::ring::Ring;
use crate::draw::{Color, FontSet, Path, Picture, Point, Shape, svg};
use crate::problem::{Explain, Problem};
use crate::seal::SealImage;

/// Largest and smallest side of a seal in millimetres: 国发〔1999〕25号 for organisations, practice for name seals.
const SIDES_MM: std::ops::RangeInclusive<f64> = 18.0..=45.0;
/// Digits of the code under a seal: six of the region, seven of the serial number (GA 241.1).
const CODE_DIGITS: usize = 13;
/// Ratio of the inner to the outer radius of a regular five-pointed star: the tips' sides run on in straight lines.
const STAR_INNER: f64 = 0.381_966;
/// Steps of the coordinates in a seal's picture in a millimetre: 0.1 mm is one dot at 254 dpi.
const STEPS_PER_MM: f64 = 10.0;

/// The outline of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Round,
    Ellipse,
    Square,
}

/// Text along the rim.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RingStyle {
    /// From the inner edge of the rim to the characters.
    pub(super) gap_mm: f64,
    /// Height of the characters, along the radius.
    pub(super) height_mm: f64,
    /// Width of a character, in parts of its height.
    pub(super) ratio: f64,
    /// Most degrees from one character to the next.
    pub(super) step_degrees: f64,
    /// Most degrees from the first character to the last.
    pub(super) arc_degrees: f64,
}

/// A straight line of text.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineStyle {
    below_center_mm: f64,
    width_mm: f64,
    height_mm: f64,
    ratio: f64,
}

/// The code along the lower rim.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeStyle {
    /// From the inner edge of the rim to the digits.
    pub(super) gap_mm: f64,
    /// Height of the digits.
    pub(super) height_mm: f64,
}

/// Characters in cells.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct CellStyle {
    gap_mm: f64,
}

/// What a seal looks like, but for its texts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealDesign {
    shape: Form,
    width_mm: f64,
    height_mm: f64,
    rim_mm: f64,
    /// Distance of opposite tips' circle: the star's circumscribed diameter.
    star_mm: Option<f64>,
    ring: Option<RingStyle>,
    line: Option<LineStyle>,
    code: Option<CodeStyle>,
    cells: Option<CellStyle>,
}

/// The texts of one seal.
#[derive(Debug, Clone, Copy, Default)]
pub struct SealText<'a> {
    /// Along the rim, or in the cells of a name seal.
    pub name: &'a str,
    /// In a straight line: what the seal is for.
    pub purpose: Option<&'a str>,
    /// Thirteen digits along the lower rim.
    pub code: Option<&'a str>,
}

/// The delivered designs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StandardDesign {
    /// Round, 45 mm, with a star.
    Round45Star,
    /// Round, 42 mm, with a star.
    Round42Star,
    /// Round, 40 mm, for one purpose.
    Round40Purpose,
    /// Oval, 45 by 30 mm.
    Ellipse45x30,
    /// Oval, 40 by 30 mm.
    Ellipse40x30,
    /// Square name seal, 20 mm.
    Name20,
}

/// A seal that cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PictureError {
    /// The design is no design.
    #[error("seal design {name}: {problem}")]
    Design {
        /// Its name.
        name: String,
        /// What is wrong, and where.
        problem: String,
    },
    /// A side is too long or too short.
    #[error("a side of a seal is {0} mm, not between 18 and 45")]
    Size(f64),
    /// The design has no place for a text.
    #[error("the design has no place for {0}")]
    NoPlace(&'static str),
    /// A text is missing.
    #[error("the seal has no name")]
    NoName,
    /// No font has a character.
    #[error("no font has the character '{0}'")]
    MissingCharacter(char),
    /// A text would need characters too small to read.
    #[error("{count} characters do not fit the seal's {place}")]
    TooLong {
        /// Where.
        place: &'static str,
        /// How many.
        count: usize,
    },
    /// The code is not thirteen digits.
    #[error("seal code \"{0}\" is not 13 digits")]
    Code(String),
}

impl StandardDesign {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Round45Star,
        Self::Round42Star,
        Self::Round40Purpose,
        Self::Ellipse45x30,
        Self::Ellipse40x30,
        Self::Name20,
    ];

    /// Its name: that of its file without `.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Round45Star => "round-45-star",
            Self::Round42Star => "round-42-star",
            Self::Round40Purpose => "round-40-purpose",
            Self::Ellipse45x30 => "ellipse-45x30",
            Self::Ellipse40x30 => "ellipse-40x30",
            Self::Name20 => "name-20",
        }
    }

    /// The design of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|design| design.name() == name)
    }

    fn text(self) -> &'static str {
        match self {
            Self::Round45Star => include_str!("../../../templates/seals/round-45-star.toml"),
            Self::Round42Star => include_str!("../../../templates/seals/round-42-star.toml"),
            Self::Round40Purpose => include_str!("../../../templates/seals/round-40-purpose.toml"),
            Self::Ellipse45x30 => include_str!("../../../templates/seals/ellipse-45x30.toml"),
            Self::Ellipse40x30 => include_str!("../../../templates/seals/ellipse-40x30.toml"),
            Self::Name20 => include_str!("../../../templates/seals/name-20.toml"),
        }
    }
}

impl SealDesign {
    /// A delivered design.
    ///
    /// # Errors
    /// None in a tested build: every delivered design is drawn by a test.
    pub fn standard(design: StandardDesign) -> Result<Self, PictureError> {
        Self::from_toml(design.name(), design.text())
    }

    /// Reads a design.
    ///
    /// # Errors
    /// When the text is no design, or a side is out of bounds.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, PictureError> {
        let design: Self = toml::from_str(text).map_err(|error| PictureError::Design {
            name: name.to_owned(),
            problem: error.to_string(),
        })?;
        match [design.width_mm, design.height_mm]
            .into_iter()
            .find(|side| !SIDES_MM.contains(side))
        {
            Some(side) => Err(PictureError::Size(side)),
            None => Ok(design),
        }
    }

    /// Draws a seal.
    ///
    /// # Errors
    /// When a text has no place or does not fit, or a character is in no font.
    pub fn draw(&self, text: &SealText<'_>, fonts: &FontSet) -> Result<Picture, PictureError> {
        if text.name.is_empty() {
            return Err(PictureError::NoName);
        }
        let mut picture = Picture::new(self.width_mm, self.height_mm);
        picture
            .shapes
            .push(Shape::stroked(self.rim(), Color::SEAL_RED, self.rim_mm));
        let mut letters = match (&self.ring, &self.cells) {
            (Some(style), _) => self.rim_curve().lay(text.name, style, fonts)?,
            (None, Some(style)) => {
                let inset = self.rim_mm + style.gap_mm;
                lettering::cells(text.name, self.width_mm - 2.0 * inset, fonts)?
                    .transform(crate::draw::Affine::translate(inset, inset))
            }
            (None, None) => return Err(PictureError::NoPlace("the name")),
        };
        if let Some(purpose) = text.purpose {
            letters.extend(&self.purpose(purpose, fonts)?);
        }
        let mut solid = Shape::filled(letters, Color::SEAL_RED);
        solid.stroke = Some(lettering::EMBOLDENING);
        picture.shapes.push(solid);
        if let Some(star_mm) = self.star_mm {
            let star = Path::star(self.center(), 5, star_mm / 2.0, star_mm / 2.0 * STAR_INNER);
            picture.shapes.push(Shape::filled(star, Color::SEAL_RED));
        }
        if let Some(digits) = text.code {
            if digits.len() != CODE_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(PictureError::Code(digits.to_owned()));
            }
            let style = self.code.as_ref().ok_or(PictureError::NoPlace("a code"))?;
            picture.shapes.push(code(digits, style, &self.rim_curve()));
        }
        Ok(picture)
    }

    /// A drawn seal as the picture of a seal object: compressed SVG on a grid of 0.1 mm.
    pub fn image(picture: &Picture) -> SealImage {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sides are 18 to 45 mm"
        )]
        let whole = |mm: f64| mm.round() as u32;
        SealImage {
            format: "SVGZ".to_owned(),
            data: svg::pack(&picture.to_svg_on(STEPS_PER_MM)),
            width_mm: whole(picture.width_mm),
            height_mm: whole(picture.height_mm),
        }
    }

    fn center(&self) -> Point {
        Point::new(self.width_mm / 2.0, self.height_mm / 2.0)
    }

    /// The middle of the rim's line.
    fn rim(&self) -> Path {
        let half = self.rim_mm / 2.0;
        match self.shape {
            Form::Round | Form::Ellipse => {
                let center = self.center();
                Path::ellipse(center, center.x - half, center.y - half)
            }
            Form::Square => Path::rect(half, half, self.width_mm - self.rim_mm, self.height_mm - self.rim_mm),
        }
    }

    /// The inner edge of the rim, along which text runs.
    fn rim_curve(&self) -> Ring {
        let center = self.center();
        Ring {
            center,
            rx: center.x - self.rim_mm,
            ry: center.y - self.rim_mm,
        }
    }

    fn purpose(&self, text: &str, fonts: &FontSet) -> Result<Path, PictureError> {
        let style = self.line.as_ref().ok_or(PictureError::NoPlace("a purpose"))?;
        let count = text.chars().count().max(1);
        #[expect(clippy::cast_precision_loss, reason = "a line has few characters")]
        let pitch = (style.width_mm / count as f64).min(style.height_mm * style.ratio * 1.3);
        let lettering = Lettering::fitting(style.height_mm, style.ratio, pitch)
            .ok_or(PictureError::TooLong { place: "line", count })?;
        let center = self.center();
        let mut line = Path::new();
        for (index, character) in text.chars().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a line has few characters")]
            let offset = (index as f64 - (count - 1) as f64 / 2.0) * pitch;
            let at = Point::new(center.x + offset, center.y + style.below_center_mm);
            line.extend(&lettering.place(character, &Placed { at, degrees: 0.0 }, fonts)?);
        }
        Ok(line)
    }
}

impl Explain for PictureError {
    fn problems(&self) -> Vec<Problem> {
        let problem = match self {
            Self::Design { name, problem } => Problem::new("seal-design")
                .param("name", name)
                .param("problem", problem),
            Self::Size(side) => Problem::new("seal-size").param("value", side),
            Self::NoPlace(what) => Problem::new("seal-text-without-place").param("what", what),
            Self::NoName => Problem::new("field-required").field("name"),
            Self::MissingCharacter(character) => Problem::new("character-without-font").param("character", character),
            Self::TooLong { place, count } => Problem::new("seal-text-too-long")
                .param("place", place)
                .param("count", count),
            Self::Code(code) => Problem::new("seal-code").field("code").param("value", code),
        };
        vec![problem]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::font::tests::fonts;

    const CODE: &str = "4501000012345";

    fn draw(design: StandardDesign, text: &SealText<'_>) -> Result<Picture, PictureError> {
        SealDesign::standard(design).unwrap().draw(text, fonts())
    }

    fn name(name: &str) -> SealText<'_> {
        SealText {
            name,
            ..SealText::default()
        }
    }

    #[test]
    fn every_delivered_design_draws_and_its_picture_reads_back() {
        for design in StandardDesign::ALL {
            let picture = draw(design, &name("云岭市政务")).unwrap();
            let image = SealDesign::image(&picture);
            let read = svg::parse(&svg::unpack(&image.data).unwrap()).unwrap();
            assert_eq!((read.width_mm, read.height_mm), (picture.width_mm, picture.height_mm));
            assert_eq!(read.shapes.len(), picture.shapes.len(), "{}", design.name());
            let inside = |at: f64, side: f64| (-0.01..=side + 0.01).contains(&at);
            for shape in &picture.shapes {
                let (low, high) = shape.path.bounds().unwrap();
                assert!(
                    inside(low.x, picture.width_mm) && inside(high.x, picture.width_mm),
                    "{}",
                    design.name()
                );
                assert!(
                    inside(low.y, picture.height_mm) && inside(high.y, picture.height_mm),
                    "{}",
                    design.name()
                );
            }
        }
    }

    #[test]
    fn a_seal_of_twelve_characters_stays_small() {
        let text = SealText {
            code: Some(CODE),
            ..name("云岭市青山区市场监督管理局")
        };
        let size = SealDesign::image(&draw(StandardDesign::Round42Star, &text).unwrap())
            .data
            .len();
        assert!(size <= 2200, "{size} bytes");
    }

    #[test]
    fn a_long_name_makes_smaller_characters_until_it_is_refused() {
        let letters = |count: usize| {
            let text = "市".repeat(count);
            draw(StandardDesign::Round42Star, &name(&text)).map(|picture| {
                let (low, _) = picture.shapes[1].path.bounds().unwrap();
                low.y
            })
        };
        assert!(letters(12).is_ok() && letters(24).is_ok());
        assert_eq!(
            letters(60),
            Err(PictureError::TooLong {
                place: "ring",
                count: 60
            })
        );
    }

    #[test]
    fn the_ring_is_symmetric_about_the_axis() {
        let picture = draw(StandardDesign::Round45Star, &name("中中中中中中中中")).unwrap();
        let (low, high) = picture.shapes[1].path.bounds().unwrap();
        assert!((low.x + high.x - 45.0).abs() < 0.3, "{low:?} {high:?}");
    }

    #[test]
    fn what_a_design_has_no_place_for_is_refused() {
        let purpose = SealText {
            purpose: Some("专用章"),
            ..name("云岭市")
        };
        assert_eq!(
            draw(StandardDesign::Round42Star, &purpose),
            Err(PictureError::NoPlace("a purpose"))
        );
        let code = SealText {
            code: Some(CODE),
            ..name("张三印")
        };
        assert_eq!(
            draw(StandardDesign::Name20, &code),
            Err(PictureError::NoPlace("a code"))
        );
        assert_eq!(draw(StandardDesign::Name20, &name("")), Err(PictureError::NoName));
        let seven = draw(StandardDesign::Name20, &name("一二三四五六七"));
        assert_eq!(
            seven,
            Err(PictureError::TooLong {
                place: "cells",
                count: 7
            })
        );
    }

    #[test]
    fn a_character_without_font_is_named_and_a_code_has_thirteen_digits() {
        let missing = draw(StandardDesign::Round42Star, &name("云\u{f8ff}市"));
        assert_eq!(missing, Err(PictureError::MissingCharacter('\u{f8ff}')));
        for code in ["450100001234", "45010000123456", "450100001234x"] {
            let text = SealText {
                code: Some(code),
                ..name("云岭市")
            };
            assert_eq!(
                draw(StandardDesign::Round42Star, &text),
                Err(PictureError::Code(code.to_owned()))
            );
        }
    }

    #[test]
    fn a_design_out_of_bounds_or_with_unknown_words_is_refused_with_its_line() {
        let text = StandardDesign::Name20.text();
        let large = SealDesign::from_toml("large", &text.replace("width_mm = 20", "width_mm = 60"));
        assert_eq!(large, Err(PictureError::Size(60.0)));
        let unknown = SealDesign::from_toml("unknown", &text.replace("rim_mm", "rim_cm")).unwrap_err();
        assert!(unknown.to_string().contains("line 5"), "{unknown}");
    }
}
