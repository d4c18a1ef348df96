//! Draws a sample of every licence type, or of the given ones: `cargo run --example faces -- FOLDER [TYPE...]`.
//!
//! The files are what the product makes before it signs them, with the made-up licences of the types. Fonts come from
//! `$YINXIN_FONTS`, by default `~/.local/share/yinxin/fonts`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use yinxin::draw::font::FONT_FILES;
use yinxin::draw::{FontSet, Picture};
use yinxin::face::{Face, FaceInput, SealAppearance, ValidationData};
use yinxin::licence::application::Application;
use yinxin::licence::authority::Authority;
use yinxin::licence::catalogue::{Catalogue, TypeFolder, embedded_folders};
use yinxin::licence::identifier::{Identifier, Serial};
use yinxin::licence::record::LicenceRecord;
use yinxin::seal::picture::{SealDesign, SealText, StandardDesign};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let wanted: Vec<String> = arguments.collect();
    std::fs::create_dir_all(&folder)?;
    let fonts = fonts()?;
    let catalogue = Catalogue::from_folders(embedded_folders())?;
    for type_folder in embedded_folders() {
        if wanted.is_empty() || wanted.iter().any(|name| name == type_folder.slug) {
            let file = sample(&catalogue, &type_folder, &fonts)?;
            println!("{}: {} bytes", type_folder.slug, file.len());
            std::fs::write(folder.join(type_folder.slug).with_extension("pdf"), file)?;
        }
    }
    Ok(())
}

fn fonts() -> Result<FontSet, Box<dyn Error>> {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/share/yinxin/fonts");
    let folder = std::env::var_os("YINXIN_FONTS").map_or_else(home, PathBuf::from);
    let read = |name: &str| std::fs::read(folder.join(name)).map(|bytes| (name.to_owned(), Arc::from(bytes)));
    Ok(FontSet::load(
        FONT_FILES.into_iter().map(read).collect::<Result<_, _>>()?,
    )?)
}

fn sample(catalogue: &Catalogue, folder: &TypeFolder<'_>, fonts: &FontSet) -> Result<Vec<u8>, Box<dyn Error>> {
    let licence_type = catalogue.by_slug(folder.slug).ok_or("no such type")?;
    // From the folder, not from inside the program: whoever draws a face sees a change without building.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let template = |name: &str| std::fs::read_to_string(here.join("templates/types").join(folder.slug).join(name));
    let face = Face::bake(licence_type, &template("face.toml")?, &template("art.svg")?, fonts)?;
    let portrait = std::fs::read(here.join("fixtures/licences/portraits/p01.jpg"))?;
    let today = NaiveDate::from_ymd_opt(2026, 3, 5).ok_or("a day")?;
    let application = Application::example(licence_type, Some(portrait.clone()));
    let licence = licence_type.validate(&application, today)?;
    let authority: Authority = serde_json::from_value(serde_json::json!({
        "code": "11159900MB0000211R", "name": {"zh": "青岚市市场监督管理局", "en": "Qinglan Market Supervision Bureau"},
        "region": "159900", "level": "city", "parent": null
    }))?;
    let identifier = Identifier::first(licence_type.code(), authority.code, Serial::of_year(2026, 1));
    let record = LicenceRecord::new(licence_type, &licence, &identifier, &authority, None);
    let json = record.canonical_json();
    let input = FaceInput {
        values: &face.texts(licence_type, &record),
        photo: licence_type.photo().map(|_| portrait.as_slice()),
        qr_text: &format!(
            "https://zz.qinglan.example/v#{}",
            "2718281828459045235".repeat(32).get(..595).unwrap_or_default()
        ),
        verify_address: "https://zz.qinglan.example/v",
        verification_code: "K7M4PX2Q",
        identifier: &identifier.to_string(),
        seal: &SealAppearance::new(&seal(fonts)?),
        validation: &ValidationData::default(),
        licence_json: json.as_bytes(),
        metadata: &record.metadata(),
        title: &format!("{} {}", licence_type.catalogue.name.zh, record.certificate_holder_name),
        created: DateTime::from_timestamp(1_772_700_000, 0).ok_or("a time")?,
        document_id: *b"a sample licence",
        sample: true,
    };
    Ok(face.fill(fonts, &input)?.document)
}

fn seal(fonts: &FontSet) -> Result<Picture, Box<dyn Error>> {
    let text = SealText {
        name: "青岚市市场监督管理局",
        code: Some("1599000000002"),
        ..SealText::default()
    };
    Ok(SealDesign::standard(StandardDesign::Round42Star)?.draw(&text, fonts)?)
}
