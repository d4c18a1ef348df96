//! A picture of a page as a file (PNG, ISO/IEC 15948), and the frames in it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::PremulRgba8;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::area::Area;

/// Colour of the frames: neither that of text nor of seals.
const FRAME: PremulRgba8 = PremulRgba8 {
    r: 0xe0,
    g: 0x6c,
    b: 0x00,
    a: 0xff,
};
/// Width of their lines in dots.
const LINE: u16 = 3;

/// A picture in a PNG file. Among other data it stands as base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Png(pub Vec<u8>);

impl Png {
    /// The picture of a page, which is drawn on white: three channels, since nothing shines through.
    /// `None` where it cannot be written.
    pub(super) fn of(mut picture: Pixmap) -> Option<Self> {
        picture.recompute_may_have_transparency();
        picture.into_png().ok().map(Self)
    }

    /// As base64 (RFC 4648 section 4).
    pub fn base64(&self) -> String {
        BASE64_STANDARD.encode(&self.0)
    }
}

impl Serialize for Png {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.base64())
    }
}

impl<'de> Deserialize<'de> for Png {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64_STANDARD.decode(text);
        bytes.map(Self).map_err(serde::de::Error::custom)
    }
}

/// Draws a frame around each of the areas.
pub(super) fn frame(picture: &mut Pixmap, areas: &[Area]) {
    let (width, height) = (picture.width(), picture.height());
    for area in areas {
        let (right, bottom) = (
            area.x.saturating_add(area.width).min(width),
            area.y.saturating_add(area.height).min(height),
        );
        for y in area.y..bottom {
            for x in area.x..right {
                let to_side = (x - area.x).min(right - 1 - x);
                let to_end = (y - area.y).min(bottom - 1 - y);
                if to_side.min(to_end) < LINE {
                    picture.set_pixel(x, y, FRAME);
                }
            }
        }
    }
}
