//! A document as the renderer reads it, and its pages as dots.

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_interpret::hayro_cmap::CidFamily;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

/// How fine a page of common size is drawn: a character of 9 points is then 15 dots high, enough to be read on a phone.
pub const DOTS_PER_INCH: f32 = 120.0;
/// Longest side of a picture in dots; a larger page is drawn smaller. An A3 page at the common fineness has 1,985.
pub const MAX_SIDE: f32 = 2000.0;
/// Most dots of a picture: those of an A3 page.
pub const MAX_PIXELS: f32 = 1404.0 * 1985.0;

/// A font file for Chinese text whose own font is not in the document.
pub type ChineseFont = Arc<Vec<u8>>;

/// The first bytes of a document.
struct Prefix {
    bytes: Arc<Vec<u8>>,
    length: usize,
}

impl AsRef<[u8]> for Prefix {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// A document that the renderer has read.
pub(super) struct Document {
    pdf: Pdf,
}

impl Document {
    /// The document that the first bytes are; `None` where the renderer makes nothing of them.
    pub(super) fn of_prefix(bytes: &Arc<Vec<u8>>, length: usize) -> Option<Self> {
        let prefix = Prefix {
            bytes: Arc::clone(bytes),
            length,
        };
        Pdf::new(Arc::new(prefix)).ok().map(|pdf| Self { pdf })
    }

    /// How many pages it has.
    pub(super) fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }
}

/// Draws pages of a document, keeping what they share.
pub(super) struct Drawing<'d> {
    document: &'d Document,
    cache: RenderCache<'d>,
    settings: InterpreterSettings,
}

impl<'d> Drawing<'d> {
    pub(super) fn of(document: &'d Document, chinese: Option<ChineseFont>) -> Self {
        Self {
            document,
            cache: RenderCache::new(),
            settings: InterpreterSettings {
                font_resolver: Arc::new(move |query| font(query, chinese.as_ref())),
                ..InterpreterSettings::default()
            },
        }
    }

    /// Draws the page of that number, from 1, on white; `None` where there is no such page.
    pub(super) fn page(&self, number: usize) -> Option<Pixmap> {
        let page = self.document.pdf.pages().get(number.checked_sub(1)?)?;
        let (width, height) = page.render_dimensions();
        let scale = scale(width, height);
        let settings = PixmapSettings {
            // A page is a dot wide at least, however narrow.
            x_scale: scale.max(1.0 / width),
            y_scale: scale.max(1.0 / height),
            bg_color: WHITE,
        };
        let pixmap = render(page, &self.cache, &self.settings, &RenderSettings::default(), &settings);
        Some(pixmap)
    }
}

/// The font for text whose own is not in the document: ours where it is of a Chinese, Japanese or Korean character
/// collection (ISO 32000-2, 9.7.5.2), else the standard font that is nearest.
fn font(query: &FontQuery, chinese: Option<&ChineseFont>) -> Option<(FontData, u32)> {
    match query {
        FontQuery::Standard(standard) => Some(standard.get_font_data()),
        FontQuery::Fallback(wanted) => {
            let is_of_ours = |collection: &CidFamily| {
                matches!(
                    collection,
                    CidFamily::AdobeGB1 | CidFamily::AdobeCNS1 | CidFamily::AdobeJapan1 | CidFamily::AdobeKorea1
                )
            };
            let family = wanted
                .character_collection
                .as_ref()
                .map(|collection| &collection.family);
            match chinese.filter(|_| family.is_some_and(is_of_ours)) {
                Some(ours) => Some((Arc::<Vec<u8>>::clone(ours), 0)),
                None => Some(wanted.pick_standard_font().get_font_data()),
            }
        }
    }
}

/// Dots for each point, for a page of so many points.
fn scale(width: f32, height: f32) -> f32 {
    let longest = MAX_SIDE / width.max(height);
    let most = (MAX_PIXELS / (width * height)).sqrt();
    (DOTS_PER_INCH / 72.0).min(longest).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_any_size_has_no_more_dots_than_are_allowed() {
        for (width, height) in [
            (595.0, 842.0),
            (842.0, 1191.0),
            (14400.0, 14400.0),
            (1.0, 1e9),
            (1e-3, 1e-3),
        ] {
            let scale = scale(width, height);
            let (width, height) = (width * scale, height * scale);
            assert!(width.max(height) <= MAX_SIDE + 0.5, "{width} by {height}");
            assert!(width * height <= MAX_PIXELS * 1.001, "{width} by {height}");
        }
        assert_eq!((595.0 * scale(595.0, 842.0)) as u32, 991);
    }
}
