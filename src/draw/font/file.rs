//! One font file.

use std::sync::Arc;

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::{FontError, Outline};
use crate::draw::{Path, Point};

/// A font file that was opened once, so that it opens again.
pub(super) struct FontFile {
    name: String,
    bytes: Arc<[u8]>,
    units_per_em: f64,
}

impl FontFile {
    pub(super) fn open(name: String, bytes: Arc<[u8]>) -> Result<Self, FontError> {
        let problem = |problem| FontError::Unusable {
            file: name.clone(),
            problem,
        };
        let font = FontRef::new(&bytes).map_err(|_| problem("not a font file"))?;
        let units_per_em = font.head().map_err(|_| problem("no head table"))?.units_per_em();
        if units_per_em == 0 || !font.charmap().has_map() {
            return Err(problem("no unicode character map"));
        }
        Ok(Self {
            units_per_em: f64::from(units_per_em),
            name,
            bytes,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The font; reading its directory again costs less than a microsecond and saves a self-reference.
    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::new(&self.bytes).ok()
    }

    pub(super) fn glyph(&self, character: char) -> Option<GlyphId> {
        self.font()?
            .charmap()
            .map(character)
            .filter(|glyph| *glyph != GlyphId::NOTDEF)
    }

    pub(super) fn outline(&self, glyph: GlyphId) -> Option<Outline> {
        let font = self.font()?;
        let mut pen = EmPen {
            path: Path::new(),
            unit: 1.0 / self.units_per_em,
        };
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        font.outline_glyphs().get(glyph)?.draw(settings, &mut pen).ok()?;
        let advance = font
            .glyph_metrics(Size::unscaled(), LocationRef::default())
            .advance_width(glyph)?;
        Some(Outline {
            path: pen.path,
            advance: f64::from(advance) / self.units_per_em,
        })
    }
}

/// Collects an outline in units of the em, turned so that `y` points down.
pub(super) struct EmPen {
    pub(super) path: Path,
    pub(super) unit: f64,
}

impl EmPen {
    fn point(&self, x: f32, y: f32) -> Point {
        Point::new(f64::from(x) * self.unit, -f64::from(y) * self.unit)
    }
}

impl OutlinePen for EmPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.point(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.point(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.point(cx, cy), self.point(x, y));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path
            .cubic_to(self.point(ax, ay), self.point(bx, by), self.point(x, y));
    }

    fn close(&mut self) {
        self.path.close();
    }
}
