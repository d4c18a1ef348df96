//! The objects of a paper (ISO 32000-1, 7.7; ISO 19005-3).

use pdf_writer::{Name, Rect, Ref, Str, TextStr};

use super::flow::{HEIGHT, Sheet, WIDTH};
use super::{Image, Paper};
use crate::draw::deflate::{Shared, zlib};
use crate::draw::font::program::Subset;
use crate::draw::pdf::{points, units};
use crate::draw::{Affine, FontSet};
use crate::face::container::Container;
use crate::face::page::{FONT, Page};
use crate::face::structure::{FontObjects, date, write_font, write_output_intent};
use crate::face::xmp;
use crate::face::{FaceError, colour};

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const METADATA: Ref = Ref::new(3);
const PROFILE: Ref = Ref::new(4);
const FONTS: FontObjects = FontObjects {
    dictionary: Ref::new(5),
    descendant: Ref::new(6),
    descriptor: Ref::new(7),
    program: Ref::new(8),
    to_unicode: Ref::new(9),
};
/// The first of those whose number depends on the paper: two for each page, one for each picture, two for each
/// attachment.
const FIRST_FREE: i32 = 10;
/// Level of compression.
const LEVEL: u32 = 9;
/// Room for a usual paper.
const CAPACITY: usize = 96 * 1024;

/// Writes the file.
pub(super) fn write(paper: &Paper<'_>, fonts: &FontSet, sheets: &[Sheet]) -> Result<Vec<u8>, FaceError> {
    let mut file = Container::new(CAPACITY);
    let mut subset = Subset::default();
    let mut next = FIRST_FREE;
    let mut pages = Vec::with_capacity(sheets.len());
    for sheet in sheets {
        let (content, used) = draw(sheet, fonts, subset)?;
        subset = used;
        let (page, stream) = pair(&mut next);
        file.deflated(stream, &zlib(&content, LEVEL), |_| {});
        let images = sheet
            .images
            .iter()
            .map(|placed| write_image(&mut file, &placed.image, &mut next));
        pages.push(PageObjects {
            page,
            content: stream,
            images: images.collect(),
        });
    }
    let attachments: Vec<(Ref, Ref)> = paper.attachments.iter().map(|_| pair(&mut next)).collect();
    write_attachments(&mut file, paper, &attachments);
    write_font(&mut file, &FONTS, &subset, &Shared::new(Vec::new()), paper.document_id);
    file.deflated(
        METADATA,
        &zlib(xmp::plain(paper.title, paper.created).as_bytes(), LEVEL),
        |stream| {
            stream
                .pair(Name(b"Type"), Name(b"Metadata"))
                .pair(Name(b"Subtype"), Name(b"XML"));
        },
    );
    file.deflated(PROFILE, &zlib(&colour::srgb(), LEVEL), |stream| {
        stream.pair(Name(b"N"), 3);
    });
    write_pages(&mut file, &pages);
    write_catalog(&mut file, paper, &attachments);
    Ok(file.finish(Ref::new(next), CATALOG, paper.document_id).document)
}

/// The objects of a page.
struct PageObjects {
    page: Ref,
    content: Ref,
    /// Its pictures, by the place among them.
    images: Vec<Ref>,
}

/// The number of an object.
fn one(next: &mut i32) -> Ref {
    let number = Ref::new(*next);
    *next += 1;
    number
}

/// The numbers of two objects.
fn pair(next: &mut i32) -> (Ref, Ref) {
    (one(next), one(next))
}

/// Resource name of a picture by its place on the page.
fn image_name(place: usize) -> String {
    format!("I{place}")
}

/// A picture as its rows stand in the PNG file (ISO 32000-1, 7.4.4.4 and 8.9.5).
fn write_image(file: &mut Container, image: &Image, next: &mut i32) -> Ref {
    let id = one(next);
    // No more than MAX_IMAGE_DOTS, so that both fit.
    let [width, height] = [image.width, image.height].map(|side| i32::try_from(side).unwrap_or(i32::MAX));
    file.deflated(id, &image.rows, |stream| {
        stream
            .pair(Name(b"Type"), Name(b"XObject"))
            .pair(Name(b"Subtype"), Name(b"Image"));
        stream.pair(Name(b"Width"), width).pair(Name(b"Height"), height);
        stream
            .pair(Name(b"ColorSpace"), Name(b"DeviceRGB"))
            .pair(Name(b"BitsPerComponent"), 8);
        stream
            .insert(Name(b"DecodeParms"))
            .dict()
            .pair(Name(b"Predictor"), 15)
            .pair(Name(b"Colors"), 3)
            .pair(Name(b"Columns"), width);
    });
    id
}

/// The content of one page, and the glyphs that were used up to its end.
fn draw(sheet: &Sheet, fonts: &FontSet, subset: Subset) -> Result<(Vec<u8>, Subset), FaceError> {
    let mut page = Page::new(fonts, subset, HEIGHT);
    for (place, placed) in sheet.images.iter().enumerate() {
        let [x, y] = [placed.corner.x, placed.corner.y].map(units);
        let [width, height] = [placed.width, placed.height].map(units);
        let content = page.painter.content();
        content.save_state();
        // An image is one unit wide and high, its first row at the top; here `y` runs downwards.
        content.transform([width, 0.0, 0.0, -height, x, y + height]);
        content.x_object(Name(image_name(place).as_bytes()));
        content.restore_state();
    }
    // Frames stand above the pictures, which renderers widen to whole dots.
    page.painter.picture(&sheet.picture, Affine::IDENTITY);
    page.painter.content().begin_text();
    for run in &sheet.runs {
        let missing = |character| FaceError::CharacterMissing {
            field: "paper".to_owned(),
            character,
        };
        page.line(&run.text, run.at, run.align, run.ink).map_err(missing)?;
    }
    page.painter.content().end_text();
    let Page { painter, subset, .. } = page;
    Ok((painter.finish(), subset))
}

fn write_pages(file: &mut Container, pages: &[PageObjects]) {
    file.object(PAGES, |object| {
        let mut tree = object.dict();
        tree.pair(Name(b"Type"), Name(b"Pages"));
        tree.pair(Name(b"Count"), i32::try_from(pages.len()).unwrap_or(i32::MAX));
        tree.insert(Name(b"Kids"))
            .array()
            .items(pages.iter().map(|page| page.page));
    });
    for objects in pages {
        file.object(objects.page, |object| {
            let mut page = object.dict();
            page.pair(Name(b"Type"), Name(b"Page")).pair(Name(b"Parent"), PAGES);
            page.pair(Name(b"MediaBox"), Rect::new(0.0, 0.0, points(WIDTH), points(HEIGHT)));
            page.pair(Name(b"Contents"), objects.content);
            let mut resources = page.insert(Name(b"Resources")).dict();
            resources.insert(Name(b"Font")).dict().pair(FONT, FONTS.dictionary);
            if !objects.images.is_empty() {
                let mut images = resources.insert(Name(b"XObject")).dict();
                for (place, image) in objects.images.iter().enumerate() {
                    images.pair(Name(image_name(place).as_bytes()), *image);
                }
            }
        });
    }
}

fn write_attachments(file: &mut Container, paper: &Paper<'_>, numbers: &[(Ref, Ref)]) {
    for (attachment, (specification, data)) in paper.attachments.iter().zip(numbers) {
        file.deflated(*data, &zlib(attachment.data, LEVEL), |stream| {
            stream
                .pair(Name(b"Type"), Name(b"EmbeddedFile"))
                .pair(Name(b"Subtype"), Name(attachment.media_type.as_bytes()));
            let size = i32::try_from(attachment.data.len()).unwrap_or(i32::MAX);
            stream
                .insert(Name(b"Params"))
                .dict()
                .pair(Name(b"Size"), size)
                .pair(Name(b"ModDate"), date(paper.created));
        });
        file.object(*specification, |object| {
            let mut entry = object.dict();
            entry
                .pair(Name(b"Type"), Name(b"Filespec"))
                .pair(Name(b"AFRelationship"), Name(b"Data"));
            entry
                .pair(Name(b"F"), Str(attachment.name.as_bytes()))
                .pair(Name(b"UF"), TextStr(attachment.name));
            entry
                .insert(Name(b"EF"))
                .dict()
                .pair(Name(b"F"), *data)
                .pair(Name(b"UF"), *data);
        });
    }
}

fn write_catalog(file: &mut Container, paper: &Paper<'_>, attachments: &[(Ref, Ref)]) {
    file.object(CATALOG, |object| {
        let mut catalog = object.dict();
        catalog
            .pair(Name(b"Type"), Name(b"Catalog"))
            .pair(Name(b"Pages"), PAGES)
            .pair(Name(b"Metadata"), METADATA)
            .pair(Name(b"Lang"), TextStr("zh-CN"));
        catalog
            .insert(Name(b"ViewerPreferences"))
            .dict()
            .pair(Name(b"DisplayDocTitle"), true);
        write_output_intent(&mut catalog, PROFILE);
        catalog
            .insert(Name(b"AF"))
            .array()
            .items(attachments.iter().map(|entry| entry.0));
        let mut names = catalog.insert(Name(b"Names")).dict();
        let mut files = names.insert(Name(b"EmbeddedFiles")).dict();
        let mut list = files.insert(Name(b"Names")).array();
        for (attachment, (specification, _)) in paper.attachments.iter().zip(attachments) {
            list.item(Str(attachment.name.as_bytes())).item(*specification);
        }
    });
}
