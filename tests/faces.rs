//! The faces on the whole data set, and in the hands of programs that are not ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use yinxin::draw::font::FONT_FILES;
use yinxin::draw::{Color, FontSet, Path, Picture, Point, Shape};
use yinxin::face::{Face, FaceInput, SealAppearance, ValidationData};
use yinxin::licence::application::{Application, Photo};
use yinxin::licence::authority::Authority;
use yinxin::licence::catalogue::{self, Catalogue, embedded_folders};
use yinxin::licence::identifier::{Identifier, Serial};
use yinxin::licence::record::LicenceRecord;
use yinxin::problem::Explain;

use crate::support::{TempFolder, judges, project};

/// What a first revision may take at most, seal picture and validation data not counted: the rest of the 40 KiB of a
/// licence is theirs and the signature's, whose hexadecimal form doubles it.
const MOST_BYTES: usize = 23 * 1024;
/// As long as the longest printed code: version 12.
const CODE_DIGITS: usize = 595;

struct City {
    fonts: FontSet,
    catalogue: Catalogue,
    faces: BTreeMap<String, Face>,
}

impl City {
    fn new() -> Self {
        let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".local/share/yinxin/fonts");
        let folder = std::env::var_os("YINXIN_FONTS").map_or_else(home, PathBuf::from);
        let read = |name: &str| {
            let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}; run tools/setup"));
            (name.to_owned(), Arc::from(bytes))
        };
        let fonts = FontSet::load(FONT_FILES.into_iter().map(read).collect()).unwrap();
        let catalogue = catalogue::embedded().unwrap();
        let bake = |folder: catalogue::TypeFolder<'_>| {
            let licence_type = catalogue.by_slug(folder.slug).unwrap();
            let face = Face::bake(licence_type, folder.face_toml.unwrap(), folder.art_svg.unwrap(), &fonts);
            (folder.slug.to_owned(), face.unwrap())
        };
        Self {
            faces: embedded_folders().into_iter().map(bake).collect(),
            fonts,
            catalogue,
        }
    }

    /// The record of an application, if it is valid.
    fn record(&self, application: &Application) -> Option<LicenceRecord> {
        let licence_type = self.catalogue.of(application).unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let licence = licence_type.validate(application, today).ok()?;
        let authority: Authority = serde_json::from_value(serde_json::json!({
            "code": "11159900MB0000211R", "name": {"zh": "青岚市东河县永安镇市场监督管理所", "en": "Office"},
            "region": "159900", "level": "city"
        }))
        .unwrap();
        let identifier = Identifier::first(licence_type.code(), authority.code, Serial::of_year(2026, 1));
        Some(LicenceRecord::new(
            licence_type,
            &licence,
            &identifier,
            &authority,
            None,
        ))
    }

    fn fill(&self, application: &Application, record: &LicenceRecord) -> Vec<u8> {
        let licence_type = self.catalogue.of(application).unwrap();
        let face = &self.faces[&licence_type.slug];
        let mut picture = Picture::new(42.0, 42.0);
        let ring = Path::circle(Point::new(21.0, 21.0), 20.4);
        picture.shapes.push(Shape::stroked(ring, Color::SEAL_RED, 1.2));
        let photo = application.photo.as_ref().map(|photo| photo.to_jpeg().unwrap());
        let json = record.canonical_json();
        let input = FaceInput {
            values: &face.texts(licence_type, record),
            photo: photo.as_deref(),
            qr_text: &code(),
            verify_address: "https://zz.qinglan.example/v",
            verification_code: "K7M4PX2Q",
            identifier: &record.certificate_identifier.to_string(),
            seal: &SealAppearance::new(&picture),
            validation: &ValidationData::default(),
            licence_json: json.as_bytes(),
            metadata: &record.metadata(),
            title: "样张",
            created: DateTime::UNIX_EPOCH,
            document_id: *b"sixteen bytes id",
            sample: false,
        };
        face.fill(&self.fonts, &input).unwrap().document
    }
}

fn code() -> String {
    let digits: String = (0..CODE_DIGITS)
        .map(|index| char::from(b'0' + (index * index % 97 % 10) as u8))
        .collect();
    format!("https://zz.qinglan.example/v#{digits}")
}

/// The rows of the data set with their references.
fn applications() -> Vec<(String, Application)> {
    let text = fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let row = |line: &str| {
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        let object = value.as_object_mut().unwrap();
        let reference = object.remove("reference").unwrap().as_str().unwrap().to_owned();
        object.remove("authority").unwrap();
        let photo = object.remove("photoFile").map(|file| {
            let path = project::root().join("fixtures/licences").join(file.as_str().unwrap());
            Photo::Bytes(fs::read(path).unwrap())
        });
        (
            reference,
            Application {
                photo,
                ..serde_json::from_value(value).unwrap()
            },
        )
    };
    text.lines().map(row).collect()
}

#[test]
fn every_row_fits_its_face_but_the_one_with_a_character_that_no_font_has() {
    let city = City::new();
    let mut refused = Vec::new();
    for (reference, application) in applications() {
        let Some(record) = city.record(&application) else {
            continue;
        };
        let licence_type = city.catalogue.of(&application).unwrap();
        let face = &city.faces[&licence_type.slug];
        if let Err(errors) = face.check(&city.fonts, &face.texts(licence_type, &record)) {
            refused.push((reference, errors[0].problems()[0].code));
        }
    }
    assert_eq!(refused, [("QL2026100454".to_owned(), "character-without-font")]);
}

#[test]
fn the_licence_of_each_type_with_the_most_characters_leaves_room_for_its_signature() {
    let city = City::new();
    let mut fattest: BTreeMap<String, (usize, Application, LicenceRecord)> = BTreeMap::new();
    for (reference, application) in applications() {
        let Some(record) = city.record(&application).filter(|_| reference != "QL2026100454") else {
            continue;
        };
        let characters = record.canonical_json().chars().collect::<BTreeSet<_>>().len();
        let slug = city.catalogue.of(&application).unwrap().slug.clone();
        if fattest.get(&slug).is_none_or(|known| known.0 < characters) {
            fattest.insert(slug, (characters, application, record));
        }
    }
    assert_eq!(fattest.len(), 9);
    for (slug, (characters, application, record)) in fattest {
        let bytes = city.fill(&application, &record).len();
        println!("{slug}: {characters} characters, {bytes} bytes");
        assert!(bytes <= MOST_BYTES, "{slug}: {bytes} bytes for {characters} characters");
    }
}

#[test]
fn other_programs_read_page_text_and_code_of_every_type() {
    let city = City::new();
    let folder = TempFolder::new("faces");
    let portrait = fs::read(project::root().join("fixtures/licences/portraits/p01.jpg")).unwrap();
    for licence_type in city.catalogue.types() {
        let application = Application::example(licence_type, Some(portrait.clone()));
        let record = city.record(&application).unwrap();
        let name = format!("{}.pdf", licence_type.slug);
        fs::write(folder.path().join(&name), city.fill(&application, &record)).unwrap();

        let checked = judges::run(folder.path(), "qpdf", &["--check", &name]);
        assert!(checked.accepted, "{name}: {}", checked.said);
        let text = judges::run(folder.path(), "pdftotext", &["-raw", &name, "-"]).said;
        let squeezed: String = text.split_whitespace().collect();
        for value in [
            &licence_type.catalogue.name.zh,
            &record.certificate_number,
            &record.certificate_holder_name,
        ] {
            assert!(squeezed.contains(value.as_str()), "{name} lacks {value}: {text}");
        }
        judges::run(
            folder.path(),
            "pdftoppm",
            &["-r", "150", "-gray", "-singlefile", &name, "page"],
        );
        let read = judges::run(
            folder.path(),
            "zbarimg",
            &["-q", "--raw", "-Sdisable", "-Sqrcode.enable", "page.pgm"],
        );
        assert!(read.said.contains(&code()), "{name}: {}", read.said);
    }
}
