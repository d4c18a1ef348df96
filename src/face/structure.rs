//! The objects of a filled face, and how they hang together (ISO 32000-1, 7.7; ISO 19005-3).

use chrono::{DateTime, Utc};
use pdf_writer::types::AnnotationFlags;
use pdf_writer::{Date, Dict, Filter, Finish, Name, Obj, Rect, Ref, Str, TextStr};

use super::appearance::{SealAppearance, ValidationData};
use super::bake::Face;
use super::container::Container;
use super::fill::{CODE, FaceInput, GLYPHS_LEVEL, LEVEL, PHOTO};
use super::jpeg::JpegInfo;
use super::page::FONT;
use super::{FirstRevision, RECORD_FILE, SIGNATURE_FIELD, cmap};
use crate::draw::deflate::{Shared, zlib};
use crate::draw::font::program::Subset;
use crate::draw::pdf::points;
use crate::draw::qr::QrMatrix;

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
const FONTS: FontObjects = FontObjects {
    dictionary: Ref::new(12),
    descendant: Ref::new(13),
    descriptor: Ref::new(14),
    program: Ref::new(15),
    to_unicode: Ref::new(16),
};
const DSS: Ref = Ref::new(17);
const CODE_IMAGE: Ref = Ref::new(18);
/// Room for a whole licence, so that the buffer need not grow.
const CAPACITY: usize = 40 * 1024;
/// First object whose presence depends on the licence: photo, certificates, CRLs, object stream, cross-references.
const FIRST_FREE: i32 = 19;

/// What is written into the objects of one licence.
pub(super) struct Parts<'a> {
    /// Content stream of the values.
    pub(super) content: &'a [u8],
    /// Compressed XMP packet.
    pub(super) metadata: &'a [u8],
    pub(super) photo: Option<(&'a [u8], JpegInfo)>,
    pub(super) code: &'a QrMatrix,
    pub(super) subset: &'a Subset,
}

impl Face {
    /// The whole file.
    pub(super) fn assemble(&self, input: &FaceInput<'_>, parts: &Parts<'_>) -> FirstRevision {
        let numbers = Numbers::of(parts.photo.is_some(), input.validation);
        let mut file = Container::new(CAPACITY);
        self.write_streams(&mut file, input, parts);
        write_code(&mut file, parts.code);
        if let (Some(id), Some((jpeg, info))) = (numbers.photo, parts.photo) {
            write_photo(&mut file, id, jpeg, info);
        }
        write_font(&mut file, &FONTS, parts.subset, &self.glyphs, input.document_id);
        write_validation(&mut file, &numbers, input.validation);
        self.write_structure(&mut file, &numbers, input);
        file.finish(numbers.objects, CATALOG, input.document_id)
    }

    fn write_streams(&self, file: &mut Container, input: &FaceInput<'_>, parts: &Parts<'_>) {
        file.deflated(STATIC_CONTENT, &self.content, |_| {});
        file.deflated(CONTENT, &zlib(parts.content, LEVEL), |_| {});
        file.deflated(METADATA, parts.metadata, |stream| {
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
            resources.insert(Name(b"Font")).dict().pair(FONT, FONTS.dictionary);
            let mut images = resources.insert(Name(b"XObject")).dict();
            images.pair(CODE, CODE_IMAGE);
            if let Some(photo) = numbers.photo {
                images.pair(PHOTO, photo);
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

/// The code as an image mask, painted in the colour of the moment. Its bits look random: compressed they would be
/// longer.
fn write_code(file: &mut Container, code: &QrMatrix) {
    let side = i32::try_from(code.width()).unwrap_or(0);
    file.stream(CODE_IMAGE, &code.mask(), |stream| {
        stream
            .pair(Name(b"Type"), Name(b"XObject"))
            .pair(Name(b"Subtype"), Name(b"Image"));
        stream.pair(Name(b"Width"), side).pair(Name(b"Height"), side);
        stream.pair(Name(b"ImageMask"), true).pair(Name(b"BitsPerComponent"), 1);
    });
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

/// The objects of the one font of a file.
pub(super) struct FontObjects {
    pub(super) dictionary: Ref,
    pub(super) descendant: Ref,
    pub(super) descriptor: Ref,
    pub(super) program: Ref,
    pub(super) to_unicode: Ref,
}

/// The font with the glyphs of a subset; `shared` are those that it began with, compressed already.
pub(super) fn write_font(
    file: &mut Container,
    objects: &FontObjects,
    subset: &Subset,
    shared: &Shared,
    document_id: [u8; 16],
) {
    let program = subset.program(shared, GLYPHS_LEVEL);
    file.deflated(objects.program, &program.zlib, |stream| {
        stream.pair(Name(b"Length1"), i32::try_from(program.length).unwrap_or(i32::MAX));
    });
    let map = cmap::to_unicode(subset.characters().map(|(character, _)| character));
    file.deflated(objects.to_unicode, &zlib(map.as_bytes(), LEVEL), |_| {});
    // A subset is tagged with six letters of its own (ISO 32000-1, 9.6.4).
    let tag: String = document_id
        .iter()
        .take(6)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect();
    let name = format!("{tag}+YinxinText");
    let name = Name(name.as_bytes());
    file.object(objects.dictionary, |object| {
        let mut font = object.dict();
        font.pair(Name(b"Type"), Name(b"Font"))
            .pair(Name(b"Subtype"), Name(b"Type0"))
            .pair(Name(b"BaseFont"), name);
        font.pair(Name(b"Encoding"), Name(b"Identity-H"))
            .pair(Name(b"ToUnicode"), objects.to_unicode);
        font.insert(Name(b"DescendantFonts")).array().item(objects.descendant);
    });
    file.object(objects.descendant, |object| {
        write_cid_font(object, name, objects.descriptor, subset);
    });
    file.object(objects.descriptor, |object| {
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
            .pair(Name(b"FontFile2"), objects.program);
    });
}

fn write_cid_font(object: Obj<'_>, name: Name<'_>, descriptor: Ref, subset: &Subset) {
    let mut font = object.dict();
    font.pair(Name(b"Type"), Name(b"Font"))
        .pair(Name(b"Subtype"), Name(b"CIDFontType2"))
        .pair(Name(b"BaseFont"), name);
    font.pair(Name(b"CIDToGIDMap"), Name(b"Identity"))
        .pair(Name(b"FontDescriptor"), descriptor);
    let mut info = font.insert(Name(b"CIDSystemInfo")).dict();
    info.pair(Name(b"Registry"), Str(b"Adobe"))
        .pair(Name(b"Ordering"), Str(b"Identity"));
    info.pair(Name(b"Supplement"), 0);
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
    write_output_intent(&mut catalog, PROFILE);
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

/// What its colours mean (ISO 19005-3, 6.2.3): sRGB.
pub(super) fn write_output_intent(catalog: &mut Dict<'_>, profile: Ref) {
    let mut intents = catalog.insert(Name(b"OutputIntents")).array();
    let mut intent = intents.push().dict();
    intent
        .pair(Name(b"Type"), Name(b"OutputIntent"))
        .pair(Name(b"S"), Name(b"GTS_PDFA1"));
    intent.pair(Name(b"OutputConditionIdentifier"), TextStr("sRGB IEC61966-2.1"));
    intent.pair(Name(b"DestOutputProfile"), profile);
}

pub(super) fn date(time: DateTime<Utc>) -> Date {
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
