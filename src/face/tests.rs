//! The nine faces that travel inside the program, baked and filled.

use chrono::{DateTime, NaiveDate};

use super::*;
use crate::draw::font::tests::fonts;
use crate::draw::{Color, Path, Picture, Point, Shape};
use crate::licence::application::Application;
use crate::licence::authority::Authority;
use crate::licence::catalogue::{self, TypeFolder, embedded_folders};
use crate::licence::identifier::{Identifier, Serial};
use crate::licence::licence_type::LicenceType;
use crate::licence::record::LicenceRecord;
use crate::pdf::{Dictionary, Limits, Object, PdfFile};

/// The smallest JPEG header that says 5 by 7 pixels in grey.
const PHOTO: [u8; 24] = [
    0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 7, 0, 5, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2, 0, 0, 0, 0xFF, 0xD9,
];

fn baked(folder: &TypeFolder<'_>) -> (std::sync::Arc<LicenceType>, Face) {
    let catalogue = catalogue::embedded().unwrap();
    let licence_type = catalogue.by_slug(folder.slug).unwrap().clone();
    let face = Face::bake(
        &licence_type,
        folder.face_toml.unwrap(),
        folder.art_svg.unwrap(),
        fonts(),
    );
    (licence_type, face.unwrap())
}

fn record(licence_type: &LicenceType) -> LicenceRecord {
    let authority: Authority = serde_json::from_value(serde_json::json!({
        "code": "11159900MB0000211R", "name": {"zh": "青岚市市场监督管理局", "en": "Bureau"}, "region": "159900", "level": "city"
    }))
    .unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
    let licence = licence_type
        .validate(&Application::example(licence_type, Some(PHOTO.to_vec())), today)
        .unwrap();
    let identifier = Identifier::first(licence_type.code(), authority.code, Serial::of_year(2026, 1));
    LicenceRecord::new(licence_type, &licence, &identifier, &authority, None)
}

#[test]
fn a_face_says_what_the_record_says() {
    for folder in embedded_folders() {
        let (licence_type, face) = baked(&folder);
        let record = record(&licence_type);
        let texts = face.texts(&licence_type, &record);
        let value = |name: &str| {
            texts
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, text)| text.as_str())
        };
        assert_eq!(value(NUMBER), Some(record.certificate_number.as_str()));
        assert_eq!(value(HOLDER_NAME), Some(record.certificate_holder_name.as_str()));
        assert_eq!(value(AUTHORITY), Some("青岚市市场监督管理局"));
        assert_eq!(value(ISSUED_DATE), Some("2026年3月5日"));
        if let (Some(shown), Some(_)) = (value(VALIDITY), record.certificate_expiring_date) {
            assert!(shown.contains("年") && shown.contains("至"), "{shown}");
        }
        for (name, canonical) in &record.fields {
            let field = licence_type.field(name).unwrap();
            assert!(
                value(name).is_none_or(|shown| shown == field.display(canonical)),
                "{}: {name}",
                folder.slug
            );
        }
        assert_eq!(value(VERIFICATION_CODE), None, "it is made later");
    }
}

/// Fills a face with its type's own example, changed as a test wants.
fn filled(
    face: &Face,
    licence_type: &LicenceType,
    change: impl FnOnce(&mut FaceInput<'_>),
) -> Result<Vec<u8>, FaceError> {
    let record = record(licence_type);
    let (values, metadata) = (face.texts(licence_type, &record), record.metadata());
    let (json, identifier) = (record.canonical_json(), record.certificate_identifier.to_string());
    let mut picture = Picture::new(42.0, 42.0);
    let ring = Path::circle(Point::new(21.0, 21.0), 20.0);
    picture.shapes.push(Shape::stroked(ring, Color::SEAL_RED, 1.2));
    let mut input = FaceInput {
        values: &values,
        photo: licence_type.photo().map(|_| PHOTO.as_slice()),
        qr_text: "https://zz.example/v#0123456789012345678901234567890123456789",
        verify_address: "https://zz.example/v",
        verification_code: "K7M4PX2Q",
        identifier: &identifier,
        seal: &SealAppearance::new(&picture),
        validation: &ValidationData::new(
            [b"certificate one", b"certificate two", b"certificate one"],
            [b"revocation list"],
        ),
        licence_json: json.as_bytes(),
        metadata: &metadata,
        title: "营业执照",
        created: DateTime::UNIX_EPOCH,
        document_id: *b"sixteen bytes id",
        sample: false,
    };
    change(&mut input);
    Ok(face.fill(fonts(), &input)?.document)
}

fn dictionary(object: Object) -> Dictionary {
    object
        .as_dictionary()
        .or(object.as_stream().map(|stream| &stream.dictionary))
        .unwrap()
        .clone()
}

#[test]
fn every_face_fills_and_the_strict_reader_accepts_it() {
    for folder in embedded_folders() {
        let (licence_type, face) = baked(&folder);
        let bytes = filled(&face, &licence_type, |_| {}).unwrap();
        let file = PdfFile::open(&bytes, &Limits::UPLOAD).unwrap_or_else(|error| panic!("{}: {error}", folder.slug));
        assert_eq!(file.revisions().len(), 1);
        let view = file.latest();
        let catalog = view.catalog().unwrap();
        let perms = dictionary(view.get(&catalog, "Perms").unwrap());
        let signature = perms.get("DocMDP").unwrap().as_reference().unwrap();
        assert_eq!(view.place(signature.number), None, "the next revision brings it");
        assert!(
            view.place(signature.number - 1).is_some(),
            "and it is the next free number"
        );
        let form = dictionary(view.get(&catalog, "AcroForm").unwrap());
        let fields = view.get(&form, "Fields").unwrap();
        let [field] = fields.as_array().unwrap() else {
            panic!("one field")
        };
        let field = dictionary(view.resolve(field).unwrap());
        assert_eq!(field.get("V").unwrap().as_reference(), Some(signature));
        assert_eq!(field.get("F").unwrap().as_integer(), Some(132), "print and locked");
    }
}

#[test]
fn the_record_is_attached_as_data() {
    let folder = embedded_folders().remove(0);
    let (licence_type, face) = baked(&folder);
    let bytes = filled(&face, &licence_type, |_| {}).unwrap();
    let file = PdfFile::open(&bytes, &Limits::UPLOAD).unwrap();
    let view = file.latest();
    let attached = view.get(&view.catalog().unwrap(), "AF").unwrap();
    let spec = dictionary(view.resolve(&attached.as_array().unwrap()[0]).unwrap());
    assert!(spec.is("AFRelationship", "Data"));
    let embedded = view.get(&dictionary(view.get(&spec, "EF").unwrap()), "F").unwrap();
    let json = view.decoded(embedded.as_stream().unwrap()).unwrap();
    assert_eq!(String::from_utf8(json).unwrap(), record(&licence_type).canonical_json());
}

#[test]
fn equal_validation_data_are_written_once() {
    let folder = embedded_folders().remove(0);
    let (licence_type, face) = baked(&folder);
    let bytes = filled(&face, &licence_type, |_| {}).unwrap();
    let file = PdfFile::open(&bytes, &Limits::UPLOAD).unwrap();
    let view = file.latest();
    let store = dictionary(view.get(&view.catalog().unwrap(), "DSS").unwrap());
    let count = |key: &str| store.get(key).unwrap().as_array().unwrap().len();
    assert_eq!((count("Certs"), count("CRLs")), (2, 1));
}

#[test]
fn the_same_licence_is_the_same_file() {
    let folder = embedded_folders().remove(0);
    let (licence_type, face) = baked(&folder);
    let fill = || filled(&face, &licence_type, |_| {}).unwrap();
    assert_eq!(fill(), fill());
}

#[test]
fn a_character_without_font_is_refused_with_its_field_before_anything_is_issued() {
    let (_, face) = baked(&embedded_folders()[0]);
    let values = [
        (HOLDER_NAME.to_owned(), "公司\u{E123}".to_owned()),
        (NUMBER.to_owned(), "\u{F0000}".to_owned()),
    ];
    let problems = face.check(fonts(), &values).unwrap_err();
    let wanted = |field: &str, character| FaceError::CharacterMissing {
        field: field.to_owned(),
        character,
    };
    assert_eq!(problems, [wanted(HOLDER_NAME, '\u{E123}'), wanted(NUMBER, '\u{F0000}')]);
    assert_eq!(
        face.check(fonts(), &[(HOLDER_NAME.to_owned(), "𠮷野家".to_owned())]),
        Ok(())
    );
}

#[test]
fn a_text_too_long_for_its_box_is_refused_with_its_field() {
    let (_, face) = baked(&embedded_folders()[0]);
    let long = |count: usize| [(HOLDER_NAME.to_owned(), "长".repeat(count))];
    assert_eq!(face.check(fonts(), &long(70)), Ok(()));
    let problems = face.check(fonts(), &long(300)).unwrap_err();
    assert!(matches!(&problems[..], [FaceError::TextTooLong { field, characters: 300, .. }] if field == HOLDER_NAME));
}

#[test]
fn a_face_with_a_photo_box_needs_a_photo() {
    let folder = embedded_folders()
        .into_iter()
        .find(|folder| folder.slug == "residence-permit")
        .unwrap();
    let (licence_type, face) = baked(&folder);
    assert_eq!(
        filled(&face, &licence_type, |input| input.photo = None),
        Err(FaceError::PhotoMissing)
    );
    let broken = filled(&face, &licence_type, |input| input.photo = Some(b"GIF89a"));
    assert_eq!(broken, Err(FaceError::PhotoUnusable("no frame header")));
}

#[test]
fn what_is_wrong_with_a_template_is_named_with_file_and_line() {
    let folder = embedded_folders().remove(0);
    let (licence_type, _) = baked(&folder);
    let template = folder.face_toml.unwrap();
    let bake = |toml: &str, svg: &str| Face::bake(&licence_type, toml, svg, fonts()).err().unwrap().to_string();
    let art = folder.art_svg.unwrap();
    let line = template[..template.find("name = \"domicile\"").unwrap()]
        .matches('\n')
        .count();
    let unknown = bake(&template.replace("\"domicile\"", "\"domicil\""), art);
    assert_eq!(
        unknown,
        format!("business-licence/face.toml, line {line}: the licence type has no field domicil")
    );
    assert!(
        bake(&template.replace("size = 32", "size = 20"), art).ends_with("a qr code of 20 mm is smaller than 30 mm")
    );
    let start = template.find("[[field]]\nname = \"domicile\"").unwrap();
    let end = start + template[start + 1..].find("[[").unwrap() + 1;
    let without = bake(&format!("{}{}", &template[..start], &template[end..]), art);
    assert_eq!(
        without,
        "business-licence/face.toml, line 1: no [[field]] shows domicile"
    );
    assert!(bake(template, "<svg/>").starts_with("business-licence/art.svg, line 1: <svg> needs width"));
    assert!(bake(&format!("{template}\ncolour = 1"), art).contains("unknown field `colour`"));
}
