//! Filling: one licence onto a baked face.

use chrono::{DateTime, Utc};
use pdf_writer::Name;

use super::appearance::{SealAppearance, ValidationData};
use super::bake::{Face, ItemBox};
use super::items::{IDENTIFIER, VERIFICATION_CODE, VERIFY_ADDRESS};
use super::jpeg::{self, JpegInfo};
use super::layout::{Fitted, MM_PER_POINT, Measure};
use super::page::{Ink, Page};
use super::structure::Parts;
use super::template::PhotoBox;
use super::xmp::Entries;
use super::{FaceError, FirstRevision};
use crate::draw::font::Typeface;
use crate::draw::pdf::units;
use crate::draw::qr::{self, QUIET_ZONE, QrMatrix};
use crate::draw::{Color, FontSet, Point};

/// Level of what is compressed for each licence: some kilobytes of text, for which the best costs little more than the
/// usual.
pub(super) const LEVEL: u32 = 9;
/// Level of its glyphs, of which the best would cost much and save nothing.
pub(super) const GLYPHS_LEVEL: u32 = 6;
/// Resource name of the photo.
pub(super) const PHOTO: Name<'static> = Name(b"P");
/// Name of the QR code among the page's resources.
pub(super) const CODE: Name<'static> = Name(b"Q");
/// How much of the page's diagonal the mark on samples takes, and how many ems its text is wide.
const SAMPLE_SHARE: f64 = 0.48;
/// See [`SAMPLE_SHARE`].
const SAMPLE_EMS: f64 = 6.0;
/// Colour of the mark on samples.
const SAMPLE_COLOR: Color = Color::rgb(0xE8, 0xA0, 0xA0);

/// One licence.
pub struct FaceInput<'a> {
    /// Name and text of each item, as [`Face::texts`] gives them.
    pub values: &'a [(String, String)],
    /// JPEG, grey or RGB.
    pub photo: Option<&'a [u8]>,
    /// What the code says.
    pub qr_text: &'a str,
    /// The official address to type.
    pub verify_address: &'a str,
    /// Eight characters.
    pub verification_code: &'a str,
    /// GB/T 36904 identifier in full.
    pub identifier: &'a str,
    /// What the seal looks like.
    pub seal: &'a SealAppearance,
    /// Chain and revocation lists of signer and time stamp.
    pub validation: &'a ValidationData,
    /// The canonical record, which is attached.
    pub licence_json: &'a [u8],
    /// The record under its pinyin names.
    pub metadata: &'a [(String, String)],
    /// Title of the document.
    pub title: &'a str,
    /// When the file is made.
    pub created: DateTime<Utc>,
    /// Random; names the document for good.
    pub document_id: [u8; 16],
    /// Whether the face bears the mark 样张 SAMPLE.
    pub sample: bool,
}

/// A value in its box.
struct Placed<'a> {
    place: &'a ItemBox,
    fitted: Fitted<'a>,
}

impl Face {
    /// Whether values fit the face: to be asked before anything is issued. All problems are given, not only the first.
    pub fn check(&self, fonts: &FontSet, values: &[(String, String)]) -> Result<(), Vec<FaceError>> {
        let problems: Vec<FaceError> = values
            .iter()
            .filter_map(|(name, text)| self.place(fonts, name, &self.whole(name, text)).err())
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The first revision of a licence.
    pub fn fill(&self, fonts: &FontSet, input: &FaceInput<'_>) -> Result<FirstRevision, FaceError> {
        let photo = match (self.photo, input.photo) {
            (Some(_), Some(jpeg)) => Some((jpeg, jpeg::info(jpeg)?)),
            (Some(_), None) => return Err(FaceError::PhotoMissing),
            (None, _) => None,
        };
        let code = qr::encode(input.qr_text)?;
        let mut page = Page::new(fonts, self.subset.clone(), self.size.height);
        self.draw(&mut page, input, &code, photo.map(|photo| photo.1))?;
        let metadata = self.schema.packet(
            &Entries {
                title: input.title,
                created: input.created,
                metadata: input.metadata,
            },
            LEVEL,
        )?;
        let Page { painter, subset, .. } = page;
        let parts = Parts {
            content: &painter.finish(),
            metadata: &metadata,
            photo,
            code: &code,
            subset: &subset,
        };
        Ok(self.assemble(input, &parts))
    }

    fn whole(&self, name: &str, text: &str) -> String {
        let place = self.boxes.iter().find(|place| place.name == name);
        place.map_or_else(
            || text.to_owned(),
            |place| format!("{}{text}{}", place.prefix, place.suffix),
        )
    }

    fn place<'a>(&'a self, fonts: &FontSet, name: &str, text: &'a str) -> Result<Placed<'a>, FaceError> {
        let place = self.boxes.iter().find(|place| place.name == name);
        let place = place.ok_or_else(|| FaceError::ValueUnplaced(name.to_owned()))?;
        if let Some(&character) = fonts.missing(&text.replace('\n', "")).first() {
            return Err(FaceError::CharacterMissing {
                field: name.to_owned(),
                character,
            });
        }
        let measure = Measure {
            fonts,
            face: place.ink.face,
            size: place.ink.size,
            tracking: place.ink.tracking,
        };
        let fitted = place.text.fit(measure, text).ok_or_else(|| FaceError::TextTooLong {
            field: name.to_owned(),
            characters: text.chars().count(),
            lines: place.text.room(place.text.min_size),
            width_mm: place.text.width_mm.to_string(),
            min_size_pt: place.text.min_size.to_string(),
        })?;
        Ok(Placed { place, fitted })
    }

    /// The content that differs from licence to licence.
    fn draw(
        &self,
        page: &mut Page<'_>,
        input: &FaceInput<'_>,
        code: &QrMatrix,
        photo: Option<JpegInfo>,
    ) -> Result<(), FaceError> {
        if input.sample {
            // First, so that it lies below code, photo and values.
            page.painter.content().begin_text();
            let missing = |character| FaceError::CharacterMissing {
                field: "sample".to_owned(),
                character,
            };
            self.draw_sample(page).map_err(missing)?;
            page.painter.content().end_text();
        }
        if let (Some(place), Some(info)) = (self.photo, photo) {
            draw_photo(page, place, info);
        }
        self.draw_code(page, code);
        page.painter.content().begin_text();
        let own = [
            (IDENTIFIER, input.identifier),
            (VERIFICATION_CODE, input.verification_code),
            (VERIFY_ADDRESS, input.verify_address),
        ];
        let values = input.values.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in values.chain(own) {
            self.draw_value(page, name, text)?;
        }
        page.painter.content().end_text();
        Ok(())
    }

    fn draw_value(&self, page: &mut Page<'_>, name: &str, text: &str) -> Result<(), FaceError> {
        let whole = self.whole(name, text);
        let Placed { place, fitted } = self.place(page.fonts(), name, &whole)?;
        let ink = Ink {
            size: fitted.size,
            ..place.ink
        };
        let step = fitted.size * place.text.leading * MM_PER_POINT;
        let mut at = place.at;
        for line in &fitted.lines {
            let missing = |character| FaceError::CharacterMissing {
                field: name.to_owned(),
                character,
            };
            page.line(line, at, place.align, ink).map_err(missing)?;
            at.y += step;
        }
        Ok(())
    }

    /// The code on white, quiet zone included, whatever ornament lies below.
    fn draw_code(&self, page: &mut Page<'_>, code: &QrMatrix) {
        #[expect(clippy::cast_precision_loss, reason = "at most 69 modules a side")]
        let (modules, quiet) = (code.width() as f32, QUIET_ZONE as f32);
        let module = units(self.qr.size) / modules;
        let painter = &mut page.painter;
        let content = painter.content();
        content.save_state();
        content.transform([module, 0.0, 0.0, module, units(self.qr.at[0]), units(self.qr.at[1])]);
        content.set_fill_gray(1.0);
        content.rect(-quiet, -quiet, modules + 2.0 * quiet, modules + 2.0 * quiet);
        content.fill_nonzero();
        content.set_fill_gray(0.0);
        // An image is one unit wide and high, its first row at the top; here `y` runs downwards.
        content.transform([modules, 0.0, 0.0, -modules, 0.0, modules]);
        content.x_object(CODE);
        content.restore_state();
    }

    /// 样张 SAMPLE across the page, as outlines of letters, so that it hides nothing.
    fn draw_sample(&self, page: &mut Page<'_>) -> Result<(), char> {
        let (width, height) = (self.size.width, self.size.height);
        let size = (width.hypot(height) * SAMPLE_SHARE / SAMPLE_EMS / MM_PER_POINT).round();
        let ink = Ink {
            face: Typeface::Hei,
            size,
            color: SAMPLE_COLOR,
            tracking: 0.0,
            bold: 0.5,
        };
        page.outlined(
            "样张 SAMPLE",
            Point::new(width / 2.0, height / 2.0),
            height.atan2(width),
            ink,
        )
    }
}

/// The photo as large as its box allows, in the middle.
fn draw_photo(page: &mut Page<'_>, place: PhotoBox, info: JpegInfo) {
    let (width, height) = (f64::from(info.width), f64::from(info.height));
    let scale = (place.size[0] / width).min(place.size[1] / height);
    let (width, height) = (width * scale, height * scale);
    let (x, y) = (
        place.at[0] + (place.size[0] - width) / 2.0,
        place.at[1] + (place.size[1] + height) / 2.0,
    );
    let content = page.painter.content();
    content.save_state();
    content.transform([units(width), 0.0, 0.0, -units(height), units(x), units(y)]);
    content.x_object(PHOTO).restore_state();
}
