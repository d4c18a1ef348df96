//! Filling: one licence onto a baked face.

use chrono::{DateTime, Utc};
use pdf_writer::types::{AnnotationFlags, SystemInfo};
use pdf_writer::{Date, Filter, Finish, Name, Obj, Rect, Ref, Str, TextStr};

use super::appearance::{SealAppearance, ValidationData};
use super::bake::{Face, ItemBox};
use super::container::{Container, FirstRevision};
use super::items::{IDENTIFIER, VERIFICATION_CODE, VERIFY_ADDRESS};
use super::jpeg::{self, JpegInfo};
use super::layout::Fitted;
use super::page::{FONT, Ink, Page};
use super::xmp::Entries;
use super::{FaceError, RECORD_FILE, SIGNATURE_FIELD, cmap};
use crate::draw::deflate::zlib;
use crate::draw::font::Typeface;
use crate::draw::pdf::{points, units};
use crate::draw::qr::{self, QUIET_ZONE, QrMatrix};
use crate::draw::{Color, FontSet, Point};

/// Level of what is compressed for each licence.
const LEVEL: u32 = 6;
/// Resource name of the photo.
const PHOTO: Name<'static> = Name(b"P");
/// How much of the page's diagonal the mark on samples takes, and how many ems its text is wide.
const SAMPLE_SHARE: f64 = 0.55;
/// See [`SAMPLE_SHARE`].
const SAMPLE_EMS: f64 = 6.0;
/// Colour of the mark on samples.
const SAMPLE_COLOR: Color = Color::rgb(0xE8, 0xA0, 0xA0);

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const FIELD: Ref = Ref::new(4);
const APPEARANCE: Ref = Ref::new(5);
const STATIC_CONTENT: Ref = Ref::new(6);
const CONTENT: Ref = Ref::new(7);
const METADATA: Ref = Ref::new(8);
const PROFILE: Ref = Ref::new(9);
const FILE_SPEC: Ref = Ref::new(10);
const FILE: Ref = Ref::new(11);
const FONT_DICT: Ref = Ref::new(12);
const CID_FONT: Ref = Ref::new(13);
const DESCRIPTOR: Ref = Ref::new(14);
const FONT_FILE: Ref = Ref::new(15);
const TO_UNICODE: Ref = Ref::new(16);
const DSS: Ref = Ref::new(17);
/// First object whose presence depends on the licence: photo, certificates, CRLs, object stream, cross-references.
const FIRST_FREE: i32 = 18;

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
                document_id: input.document_id,
                metadata: input.metadata,
            },
            LEVEL,
        )?;
        let Page { painter, subset, .. } = page;
        let numbers = Numbers::of(photo.is_some(), input.validation);
        let mut file = Container::new(40 * 1024);
        self.write_streams(&mut file, input, &painter.finish(), &metadata);
        if let (Some(id), Some((jpeg, info))) = (numbers.photo, photo) {
            write_photo(&mut file, id, jpeg, info);
        }
        self.write_font(&mut file, &subset, input.document_id);
        write_validation(&mut file, &numbers, input.validation);
        self.write_structure(&mut file, &numbers, input);
        Ok(file.finish(numbers.objects, CATALOG, input.document_id))
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
        let measure = super::layout::Measure {
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
        if let (Some(place), Some(info)) = (self.photo, photo) {
            let scale = (place.size[0] / f64::from(info.width)).min(place.size[1] / f64::from(info.height));
            let (width, height) = (f64::from(info.width) * scale, f64::from(info.height) * scale);
            let (x, y) = (
                place.at[0] + (place.size[0] - width) / 2.0,
                place.at[1] + (place.size[1] + height) / 2.0,
            );
            let content = page.painter.content();
            content.save_state();
            content.transform([units(width), 0.0, 0.0, -units(height), units(x), units(y)]);
            content.x_object(PHOTO).restore_state();
        }
        self.draw_code(page, code);
        page.painter.content().begin_text();
        if input.sample {
            self.draw_sample(page)
                .map_err(|character| FaceError::CharacterMissing {
                    field: "sample".to_owned(),
                    character,
                })?;
        }
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
        let step = fitted.size * place.text.leading * super::layout::MM_PER_POINT;
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
        code.draw(content);
        content.restore_state();
    }

    /// 样张 SAMPLE across the page, as outlines of letters, so that it hides nothing.
    fn draw_sample(&self, page: &mut Page<'_>) -> Result<(), char> {
        let (width, height) = (self.size.width, self.size.height);
        let size = (width.hypot(height) * SAMPLE_SHARE / SAMPLE_EMS / super::layout::MM_PER_POINT).round();
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

    fn write_streams(&self, file: &mut Container, input: &FaceInput<'_>, content: &[u8], metadata: &[u8]) {
        file.deflated(STATIC_CONTENT, &self.content, |_| {});
        file.deflated(CONTENT, &zlib(content, LEVEL), |_| {});
        file.deflated(METADATA, metadata, |stream| {
            stream
                .pair(Name(b"Type"), Name(b"Metadata"))
                .pair(Name(b"Subtype"), Name(b"XML"));
        });
        file.deflated(PROFILE, &self.profile, |stream| {
            stream.pair(Name(b"N"), 3);
        });
        file.deflated(FILE, &zlib(input.licence_json, LEVEL), |stream| {
            stream
                .pair(Name(b"Type"), Name(b"EmbeddedFile"))
                .pair(Name(b"Subtype"), Name(b"application/json"));
            let size = i32::try_from(input.licence_json.len()).unwrap_or(i32::MAX);
            stream
                .insert(Name(b"Params"))
                .dict()
                .pair(Name(b"Size"), size)
                .pair(Name(b"ModDate"), date(input.created));
        });
        file.deflated(APPEARANCE, &input.seal.content, |stream| {
            stream
                .pair(Name(b"Type"), Name(b"XObject"))
                .pair(Name(b"Subtype"), Name(b"Form"));
            let size = Rect::new(0.0, 0.0, points(input.seal.width_mm), points(input.seal.height_mm));
            stream.pair(Name(b"BBox"), size);
            stream.insert(Name(b"Resources")).dict();
        });
    }

    fn write_font(&self, file: &mut Container, subset: &crate::draw::font::program::Subset, document_id: [u8; 16]) {
        let program = subset.program(&self.glyphs, LEVEL);
        file.deflated(FONT_FILE, &program.zlib, |stream| {
            stream.pair(Name(b"Length1"), i32::try_from(program.length).unwrap_or(i32::MAX));
        });
        let map = cmap::to_unicode(subset.characters().map(|(character, _)| character));
        file.deflated(TO_UNICODE, &zlib(map.as_bytes(), LEVEL), |_| {});
        // A subset is tagged with six letters of its own (ISO 32000-1, 9.6.4).
        let tag: String = document_id
            .iter()
            .take(6)
            .map(|byte| char::from(b'A' + byte % 26))
            .collect();
        let name = format!("{tag}+YinxinText");
        let name = Name(name.as_bytes());
        file.object(FONT_DICT, |object| {
            let mut font = object.dict();
            font.pair(Name(b"Type"), Name(b"Font"))
                .pair(Name(b"Subtype"), Name(b"Type0"))
                .pair(Name(b"BaseFont"), name);
            font.pair(Name(b"Encoding"), Name(b"Identity-H"))
                .pair(Name(b"ToUnicode"), TO_UNICODE);
            font.insert(Name(b"DescendantFonts")).array().item(CID_FONT);
        });
        file.object(CID_FONT, |object| write_cid_font(object, name, subset));
        file.object(DESCRIPTOR, |object| {
            let mut descriptor = object.dict();
            descriptor
                .pair(Name(b"Type"), Name(b"FontDescriptor"))
                .pair(Name(b"FontName"), name);
            descriptor
                .pair(Name(b"Flags"), 4)
                .pair(Name(b"FontBBox"), Rect::new(0.0, -250.0, 1000.0, 1000.0));
            descriptor
                .pair(Name(b"ItalicAngle"), 0)
                .pair(Name(b"Ascent"), 880)
                .pair(Name(b"Descent"), -120);
            descriptor
                .pair(Name(b"CapHeight"), 733)
                .pair(Name(b"StemV"), 80)
                .pair(Name(b"FontFile2"), FONT_FILE);
        });
    }

    fn write_structure(&self, file: &mut Container, numbers: &Numbers, input: &FaceInput<'_>) {
        file.object(CATALOG, |object| write_catalog(object, numbers.signature));
        file.object(PAGES, |object| {
            let mut pages = object.dict();
            pages.pair(Name(b"Type"), Name(b"Pages")).pair(Name(b"Count"), 1);
            pages.insert(Name(b"Kids")).array().item(PAGE);
        });
        file.object(PAGE, |object| {
            let mut page = object.dict();
            page.pair(Name(b"Type"), Name(b"Page")).pair(Name(b"Parent"), PAGES);
            page.pair(
                Name(b"MediaBox"),
                Rect::new(0.0, 0.0, points(self.size.width), points(self.size.height)),
            );
            page.insert(Name(b"Contents")).array().items([STATIC_CONTENT, CONTENT]);
            page.insert(Name(b"Annots")).array().item(FIELD);
            let mut resources = page.insert(Name(b"Resources")).dict();
            resources.insert(Name(b"Font")).dict().pair(FONT, FONT_DICT);
            if let Some(photo) = numbers.photo {
                resources.insert(Name(b"XObject")).dict().pair(PHOTO, photo);
            }
        });
        file.object(FIELD, |object| self.write_field(object, numbers.signature, input.seal));
        file.object(FILE_SPEC, |object| {
            let mut spec = object.dict();
            spec.pair(Name(b"Type"), Name(b"Filespec"))
                .pair(Name(b"AFRelationship"), Name(b"Data"));
            spec.pair(Name(b"F"), Str(RECORD_FILE.as_bytes()))
                .pair(Name(b"UF"), TextStr(RECORD_FILE));
            spec.insert(Name(b"EF"))
                .dict()
                .pair(Name(b"F"), FILE)
                .pair(Name(b"UF"), FILE);
        });
    }

    /// The signature field, which is its own widget (ISO 32000-1, 12.7.4.5).
    fn write_field(&self, object: Obj<'_>, signature: Ref, seal: &SealAppearance) {
        let [x, y] = self.seal.center;
        let (half_width, half_height) = (seal.width_mm / 2.0, seal.height_mm / 2.0);
        let up = self.size.height - y;
        let mut field = object.dict();
        field
            .pair(Name(b"Type"), Name(b"Annot"))
            .pair(Name(b"Subtype"), Name(b"Widget"))
            .pair(Name(b"FT"), Name(b"Sig"));
        field
            .pair(Name(b"T"), TextStr(SIGNATURE_FIELD))
            .pair(Name(b"V"), signature)
            .pair(Name(b"P"), PAGE);
        let flags = AnnotationFlags::PRINT | AnnotationFlags::LOCKED;
        field.pair(Name(b"F"), i32::try_from(flags.bits()).unwrap_or(0));
        let corner = |sign: f64| (points(x + sign * half_width), points(up + sign * half_height));
        let ((x1, y1), (x2, y2)) = (corner(-1.0), corner(1.0));
        field.pair(Name(b"Rect"), Rect::new(x1, y1, x2, y2));
        field.insert(Name(b"AP")).dict().pair(Name(b"N"), APPEARANCE);
    }
}

/// Object numbers that depend on the licence.
struct Numbers {
    photo: Option<Ref>,
    first_certificate: i32,
    first_crl: i32,
    objects: Ref,
    /// The object that the next revision brings.
    signature: Ref,
}

impl Numbers {
    fn of(photo: bool, validation: &ValidationData) -> Self {
        let count = |streams: &[Vec<u8>]| i32::try_from(streams.len()).unwrap_or(0);
        let first_certificate = FIRST_FREE + i32::from(photo);
        let first_crl = first_certificate + count(&validation.certificates);
        let objects = first_crl + count(&validation.crls);
        Self {
            photo: photo.then_some(Ref::new(FIRST_FREE)),
            first_certificate,
            first_crl,
            objects: Ref::new(objects),
            signature: Ref::new(objects + 2),
        }
    }
}

fn write_photo(file: &mut Container, id: Ref, jpeg: &[u8], info: JpegInfo) {
    file.stream(id, jpeg, |stream| {
        stream.filter(Filter::DctDecode);
        stream
            .pair(Name(b"Type"), Name(b"XObject"))
            .pair(Name(b"Subtype"), Name(b"Image"));
        stream
            .pair(Name(b"Width"), i32::from(info.width))
            .pair(Name(b"Height"), i32::from(info.height));
        let space = if info.grey {
            Name(b"DeviceGray")
        } else {
            Name(b"DeviceRGB")
        };
        stream
            .pair(Name(b"ColorSpace"), space)
            .pair(Name(b"BitsPerComponent"), 8);
    });
}

fn write_validation(file: &mut Container, numbers: &Numbers, validation: &ValidationData) {
    let kinds = [
        (&validation.certificates, numbers.first_certificate),
        (&validation.crls, numbers.first_crl),
    ];
    for (streams, first) in kinds {
        for (id, stream) in (first..).zip(streams) {
            file.deflated(Ref::new(id), stream, |_| {});
        }
    }
    file.object(DSS, |object| {
        let mut store = object.dict();
        store.pair(Name(b"Type"), Name(b"DSS"));
        let (certificates, crls) = (numbers.first_certificate, numbers.first_crl);
        store
            .insert(Name(b"Certs"))
            .array()
            .items((certificates..crls).map(Ref::new));
        store
            .insert(Name(b"CRLs"))
            .array()
            .items((crls..numbers.objects.get()).map(Ref::new));
    });
}

fn write_cid_font(object: Obj<'_>, name: Name<'_>, subset: &crate::draw::font::program::Subset) {
    let mut font = object.dict();
    font.pair(Name(b"Type"), Name(b"Font"))
        .pair(Name(b"Subtype"), Name(b"CIDFontType2"))
        .pair(Name(b"BaseFont"), name);
    font.pair(Name(b"CIDToGIDMap"), Name(b"Identity"))
        .pair(Name(b"FontDescriptor"), DESCRIPTOR);
    let system = SystemInfo {
        registry: Str(b"Adobe"),
        ordering: Str(b"Identity"),
        supplement: 0,
    };
    let mut info = font.insert(Name(b"CIDSystemInfo")).dict();
    info.pair(Name(b"Registry"), system.registry)
        .pair(Name(b"Ordering"), system.ordering);
    info.pair(Name(b"Supplement"), system.supplement);
    info.finish();
    let mut widths = font.insert(Name(b"W")).array();
    let glyphs: Vec<(i32, f32)> = (1..).zip(subset.characters().map(|(_, width)| width)).collect();
    for run in glyphs
        .chunk_by(|a, b| (a.1 == 1000.0) == (b.1 == 1000.0))
        .filter(|run| run.iter().any(|glyph| glyph.1 != 1000.0))
    {
        widths.item(run.first().map_or(0, |glyph| glyph.0));
        widths.push().array().items(run.iter().map(|glyph| glyph.1.round()));
    }
}

fn write_catalog(object: Obj<'_>, signature: Ref) {
    let mut catalog = object.dict();
    catalog
        .pair(Name(b"Type"), Name(b"Catalog"))
        .pair(Name(b"Pages"), PAGES)
        .pair(Name(b"Metadata"), METADATA);
    catalog.pair(Name(b"Lang"), TextStr("zh-CN")).pair(Name(b"DSS"), DSS);
    catalog
        .insert(Name(b"ViewerPreferences"))
        .dict()
        .pair(Name(b"DisplayDocTitle"), true);
    let mut intents = catalog.insert(Name(b"OutputIntents")).array();
    let mut intent = intents.push().dict();
    intent
        .pair(Name(b"Type"), Name(b"OutputIntent"))
        .pair(Name(b"S"), Name(b"GTS_PDFA1"));
    intent.pair(Name(b"OutputConditionIdentifier"), TextStr("sRGB IEC61966-2.1"));
    intent.pair(Name(b"DestOutputProfile"), PROFILE);
    intent.finish();
    intents.finish();
    catalog.insert(Name(b"AF")).array().item(FILE_SPEC);
    let mut names = catalog.insert(Name(b"Names")).dict();
    let mut files = names.insert(Name(b"EmbeddedFiles")).dict();
    files
        .insert(Name(b"Names"))
        .array()
        .item(Str(RECORD_FILE.as_bytes()))
        .item(FILE_SPEC);
    files.finish();
    names.finish();
    let mut form = catalog.insert(Name(b"AcroForm")).dict();
    form.pair(Name(b"SigFlags"), 3);
    form.insert(Name(b"Fields")).array().item(FIELD);
    form.finish();
    catalog.insert(Name(b"Perms")).dict().pair(Name(b"DocMDP"), signature);
    let mut extensions = catalog.insert(Name(b"Extensions")).dict();
    let mut etsi = extensions.insert(Name(b"ESIC")).dict();
    etsi.pair(Name(b"BaseVersion"), Name(b"1.7"))
        .pair(Name(b"ExtensionLevel"), 1);
}

fn date(time: DateTime<Utc>) -> Date {
    use chrono::{Datelike, Timelike};
    let small = |value: u32| u8::try_from(value).unwrap_or(0);
    Date::new(u16::try_from(time.year()).unwrap_or(0))
        .month(small(time.month()))
        .day(small(time.day()))
        .hour(small(time.hour()))
        .minute(small(time.minute()))
        .second(small(time.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
