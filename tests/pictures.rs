//! Pages of changed documents before and after: drawn by the program in processes of their own, whatever the documents
//! are.

use std::collections::BTreeSet;
use std::io::Cursor;

use axum::http::Request;
use hayro::vello_cpu::Pixmap;
use yinxin::draw::font::SONG;
use yinxin::pdf::{Dictionary, Object, Reference, Stream, StreamData};
use yinxin::preview::{PagePictures, Png};
use yinxin::service::previews::{MAX_DOCUMENT, Pictures, Previews};
use yinxin::verify::{Conclusion, Report};

use crate::attacks::forge::{self, Kind};
use crate::attacks::tool::target::Target;
use crate::attacks::tool::{self, Attack};
use crate::attacks::{Office, upload};
use crate::support::app::{app, font_folder, form, previews};
use crate::support::documents::of_objects;
use crate::support::{TempFolder, program};

fn draw_by(previews: &Previews, document: &Vec<u8>, report: &Report) -> Option<Pictures> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(previews.of(document, report))
}

fn draw(document: &Vec<u8>, report: &Report) -> Option<Pictures> {
    draw_by(&previews(), document, report)
}

/// A signed upload whose page has other content now.
fn with_content(office: &Office, content: Stream) -> Vec<u8> {
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let target = Target::read(&signed).unwrap();
    let changed = target.updated(|update| Ok(update.put(target.content, &Object::Stream(content))?));
    changed.unwrap()
}

fn of_bytes(data: impl Into<Vec<u8>>, entries: Dictionary) -> Stream {
    Stream {
        dictionary: entries,
        data: StreamData::Held(data.into()),
    }
}

fn named(signed: &[u8], name: &str) -> Vec<u8> {
    let attacks = tool::on(signed).unwrap();
    let found = attacks.into_iter().find(|attack| attack.name == name);
    found.unwrap_or_else(|| panic!("no attack {name}")).bytes
}

fn opened(picture: &Option<Png>) -> Pixmap {
    Pixmap::from_png(Cursor::new(&picture.as_ref().unwrap().0)).unwrap()
}

/// The colour of a point, in points from the lower left corner of an A4 page.
fn colour(picture: &Pixmap, x: f32, y: f32) -> [u8; 3] {
    let scale = f32::from(picture.height()) / 842.0;
    let dot = picture.sample((x * scale) as u16, ((842.0 - y) * scale) as u16);
    [dot.r, dot.g, dot.b]
}

fn remarks(pictures: &Pictures) -> Vec<&str> {
    pictures.remarks.iter().map(|remark| remark.code).collect()
}

#[test]
fn a_page_whose_content_was_replaced_is_shown_as_signed_and_as_it_is() {
    let office = Office::new();
    let changed = with_content(&office, of_bytes("0 0 1 rg 400 700 80 80 re f", Dictionary::new()));
    let report = office.judge(&changed);
    assert_eq!(report.conclusion, Conclusion::Changed);
    assert_eq!(report.signatures[0].change_list[0].pages, [1], "{report:?}");
    let pictures = draw(&changed, &report).unwrap();
    let [page] = pictures.pages.as_slice() else {
        panic!("{:?}", pictures.remarks)
    };
    let (before, after) = (opened(&page.before), opened(&page.after));
    let (white, red, blue) = ([255; 3], [255, 0, 0], [0, 0, 255]);
    assert_eq!(
        (colour(&before, 60.0, 60.0), colour(&before, 440.0, 740.0)),
        (red, white)
    );
    assert_eq!(
        (colour(&after, 60.0, 60.0), colour(&after, 440.0, 740.0)),
        (white, blue)
    );
    assert_eq!((page.page, page.areas.len(), remarks(&pictures)), (1, 2, vec![]));
}

#[test]
fn what_shows_nothing_new_gives_no_pictures() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    assert_eq!(draw(&signed, &office.judge(&signed)), None);
    // A further signature that shows nothing.
    let again = forge::sign(&signed, &office.identity(), Kind::Approval);
    assert_eq!(draw(&again, &office.judge(&again)), None);
    // Bytes that were altered: nobody knows what was signed.
    let mut altered = signed.clone();
    altered[20] ^= 1;
    assert_eq!(draw(&altered, &office.judge(&altered)), None);
    // What nobody signed.
    assert_eq!(draw(&upload(), &office.judge(&upload())), None);
}

#[test]
fn of_another_document_than_the_one_that_was_judged_nothing_is_shown() {
    let office = Office::new();
    let judged = with_content(&office, of_bytes("0 0 1 rg 400 700 80 80 re f", Dictionary::new()));
    let put_in_its_place = with_content(&office, of_bytes("0 0 1 rg 300 600 80 80 re f", Dictionary::new()));
    let pictures = draw(&put_in_its_place, &office.judge(&judged)).unwrap();
    assert_eq!(
        (pictures.pages.len(), remarks(&pictures)),
        (0, vec!["pictures-of-other-bytes"])
    );
}

#[test]
fn a_page_that_is_there_but_once_is_shown_once() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let added = named(&signed, "incremental-saving-page-added");
    let pictures = draw(&added, &office.judge(&added)).unwrap();
    let shown = |page: &PagePictures| (page.page, page.before.is_some(), page.after.is_some());
    assert_eq!(pictures.pages.iter().map(shown).collect::<Vec<_>>(), [(2, false, true)]);
}

#[test]
fn every_attack_is_drawn_or_told_why_not() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let mut drawn = 0;
    for Attack { name, bytes } in tool::on(&signed).unwrap() {
        let report = office.judge(&bytes);
        match draw(&bytes, &report) {
            Some(pictures) => {
                assert!(!pictures.pages.is_empty() || !pictures.remarks.is_empty(), "{name}");
                assert!(!remarks(&pictures).contains(&"pictures-stopped"), "{name}");
                drawn += usize::from(!pictures.pages.is_empty());
            }
            None if report.conclusion == Conclusion::Changed => {
                let mut changes = report.signatures.iter().flat_map(|signature| &signature.change_list);
                let is_seen = changes.any(|change| change.other_pages || !change.pages.is_empty());
                assert!(!is_seen, "{name}: {report:?}");
            }
            None => {}
        }
    }
    assert!(drawn > 10, "{drawn}");
}

/// A form that draws another one ten times, and so on: a picture of 10^9 rectangles.
fn endless(office: &Office) -> Vec<u8> {
    with_endless_page(&forge::sign(&upload(), &office.identity(), Kind::Approval))
}

/// A signed document whose first page draws that now.
pub(crate) fn with_endless_page(signed: &[u8]) -> Vec<u8> {
    let target = Target::read(signed).unwrap();
    let changed = target.updated(|update| {
        let mut inner = None::<Reference>;
        for _ in 0..10 {
            let resources = match inner {
                Some(inner) => Dictionary::new().with(
                    "XObject",
                    Object::Dictionary(Dictionary::new().with("X", Object::Reference(inner))),
                ),
                None => Dictionary::new(),
            };
            let entries = Dictionary::new()
                .with("Type", Object::name("XObject"))
                .with("Subtype", Object::name("Form"))
                .with("BBox", Object::Array([0, 0, 595, 842].map(Object::Integer).to_vec()))
                .with("Resources", Object::Dictionary(resources));
            let data = if inner.is_some() {
                "/X Do ".repeat(10)
            } else {
                "0 0 99 99 re f".to_owned()
            };
            inner = Some(update.add(&Object::Stream(of_bytes(data, entries)))?);
        }
        let inner = Object::Reference(inner.unwrap());
        let resources = Dictionary::new().with("XObject", Object::Dictionary(Dictionary::new().with("X", inner)));
        let page = target
            .page_entries
            .clone()
            .with("Resources", Object::Dictionary(resources));
        update.put(target.page, &Object::Dictionary(page))?;
        Ok(update.put(target.content, &Object::Stream(of_bytes("/X Do", Dictionary::new())))?)
    });
    changed.unwrap()
}

/// A picture of two gigabytes in half a megabyte.
fn enormous(office: &Office) -> Vec<u8> {
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let target = Target::read(&signed).unwrap();
    let changed = target.updated(|update| {
        let side = || Object::Integer(26_000);
        let entries = Dictionary::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Image"))
            .with("Width", side())
            .with("Height", side())
            .with("BitsPerComponent", Object::Integer(8))
            .with("ColorSpace", Object::name("DeviceRGB"))
            .with("Filter", Object::Array(vec![Object::name("RunLengthDecode"); 2]));
        // 128 equal bytes in two, and of them 8,192; then the end of both.
        let data = [[129, 129].repeat(1 << 18), vec![0, 128, 128]].concat();
        let image = update.add(&Object::Stream(of_bytes(data, entries)))?;
        let image = Dictionary::new().with("X", Object::Reference(image));
        let resources = Dictionary::new().with("XObject", Object::Dictionary(image));
        let page = target
            .page_entries
            .clone()
            .with("Resources", Object::Dictionary(resources));
        update.put(target.page, &Object::Dictionary(page))?;
        let content = of_bytes("595 0 0 842 0 0 cm /X Do", Dictionary::new());
        Ok(update.put(target.content, &Object::Stream(content))?)
    });
    changed.unwrap()
}

#[test]
fn a_drawing_that_takes_too_much_is_ended_and_the_verdict_stands() {
    let office = Office::new();
    for (name, document) in [("endless", endless(&office)), ("enormous", enormous(&office))] {
        let report = office.judge(&document);
        assert_eq!(report.conclusion, Conclusion::Changed, "{name}");
        let pictures = draw(&document, &report).unwrap();
        assert_eq!(
            (pictures.pages.len(), remarks(&pictures)),
            (0, vec!["pictures-stopped"]),
            "{name}"
        );
    }
}

#[test]
fn a_program_that_dies_or_talks_nonsense_leaves_a_sentence() {
    let office = Office::new();
    let changed = with_content(&office, of_bytes("0 0 99 99 re f", Dictionary::new()));
    let report = office.judge(&changed);
    for program in ["/bin/false", "/bin/cat", "/nowhere/at/all"] {
        let pictures = draw_by(&Previews::by(program), &changed, &report).unwrap();
        assert_eq!(
            (pictures.pages.len(), remarks(&pictures)),
            (0, vec!["pictures-stopped"]),
            "{program}"
        );
    }
}

#[test]
fn a_document_that_is_too_large_is_not_drawn() {
    let office = Office::new();
    let mut changed = with_content(&office, of_bytes("0 0 99 99 re f", Dictionary::new()));
    let report = office.judge(&changed);
    changed.resize(MAX_DOCUMENT as usize + 1, b' ');
    let pictures = draw(&changed, &report).unwrap();
    assert_eq!(remarks(&pictures), ["pictures-too-large"]);
}

/// A licence, and the same with other content on its first page.
fn licence_and_changed(application: usize) -> [Vec<u8>; 2] {
    let licence = app().document(&app().issue(application));
    let changed = named(&licence, "incremental-saving-page-content");
    [licence, changed]
}

fn ask_api(document: &[u8], query: &str) -> serde_json::Value {
    let upload = Request::post(format!("/api/v1/verifications{query}")).header("content-type", "application/pdf");
    app().ask(upload.body(document.to_vec().into()).unwrap()).json()
}

#[test]
fn the_interface_gives_pictures_where_they_are_asked_for() {
    let [unchanged, changed] = licence_and_changed(61);
    let pages = &ask_api(&changed, "?pictures=true")["pictures"]["pages"];
    let page: PagePictures = serde_json::from_value(pages[0].clone()).unwrap();
    assert_eq!(page.page, 1);
    assert!(opened(&page.before).data() != opened(&page.after).data());
    for (document, query) in [(&changed, ""), (&unchanged, "?pictures=true")] {
        let answer = ask_api(document, query);
        assert!(
            answer.get("pictures").is_none() && answer.get("signatures").is_some(),
            "{query}"
        );
    }
    assert_eq!(ask_api(&changed, "?picture=true")["status"], 400);
}

#[test]
fn the_page_shows_what_was_signed_beside_what_is_there_now() {
    let [unchanged, changed] = licence_and_changed(62);
    for (language, moments) in [("zh-CN", ["签署时", "现在"]), ("en", ["As signed", "Now"])] {
        let page = app()
            .ask(form(&format!("/v?lang={language}"), &[], Some(&changed)))
            .text();
        assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 2, "{language}");
        assert!(
            moments
                .iter()
                .all(|moment| page.contains(&format!("<figcaption>{moment}<"))),
            "{language}"
        );
        assert!(!page.contains(" style="), "{language}");
    }
    let page = app().ask(form("/v", &[], Some(&unchanged))).text();
    assert!(!page.contains("data:image/png") && !page.contains("figcaption>签署时"));
}

#[test]
fn the_command_leaves_pictures_whose_names_say_what_they_are() {
    let office = Office::new();
    let folder = TempFolder::new("pictures");
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(place("trust")).unwrap();
    std::fs::write(place("trust/root.crt"), office.city.root.der()).unwrap();
    let changed = with_content(&office, of_bytes("0 0 99 99 re f", Dictionary::new()));
    std::fs::write(place("合同.pdf"), &changed).unwrap();
    std::fs::write(place("other.pdf"), upload()).unwrap();
    let (trust, out) = (place("trust"), place("out"));
    let files = |files: &[&str], out: &str| {
        let files = files.iter().map(|name| place(name));
        let options = ["--trust", &trust, "--pictures", out, "--json"].map(str::to_owned);
        let arguments: Vec<String> = std::iter::once("verify".to_owned())
            .chain(files)
            .chain(options)
            .collect();
        let run = program::run(&arguments);
        assert_eq!(run.code, Some(1), "{run:?}");
        let mut names: Vec<String> = std::fs::read_dir(out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        (run.json_lines(), names)
    };
    let (told, names) = files(&["合同.pdf"], &out);
    assert_eq!(names, ["合同-page-1-now.png", "合同-page-1-signed.png"]);
    assert_eq!(told[0]["conclusion"], "changed");
    assert_eq!(
        told[0]["pictures"]["pages"][0]["after"],
        place("out/合同-page-1-now.png")
    );
    // Of several files the names tell them apart by their folders, and only what changed has any.
    let (_, names) = files(&["合同.pdf", "other.pdf"], &place("both"));
    let begin = folder
        .path()
        .to_str()
        .unwrap()
        .trim_start_matches('/')
        .replace('/', "-");
    let expected = ["now", "signed"].map(|moment| format!("{begin}-合同-page-1-{moment}.png"));
    assert_eq!(names, expected);
}

#[test]
fn pictures_of_files_whose_names_meet_lie_apart_and_what_is_there_stays() {
    let office = Office::new();
    let folder = TempFolder::new("pictures-meet");
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["trust", "d", "d-x", "d-x/d"] {
        std::fs::create_dir(place(name)).unwrap();
    }
    std::fs::write(place("trust/root.crt"), office.city.root.der()).unwrap();
    let files = ["d/x-y.pdf", "d-x/y.pdf", "d-x/y.PDF", "d-x/y-2.pdf"];
    for (name, side) in files.iter().zip([20, 40, 60, 80]) {
        let drawn = of_bytes(format!("0 0 {side} {side} re f"), Dictionary::new());
        std::fs::write(place(name), with_content(&office, drawn)).unwrap();
    }
    let out = place("out");
    let verify = |files: &[&str]| {
        let files = files.iter().map(|name| place(name));
        let options = ["--trust", &place("trust"), "--pictures", &out, "--json"].map(str::to_owned);
        let arguments: Vec<String> = ["verify".to_owned()].into_iter().chain(files).chain(options).collect();
        let run = program::run(&arguments);
        assert_eq!(run.code, Some(1), "{run:?}");
        run.json_lines()
    };
    let pictures = |told: &[serde_json::Value]| {
        let pages = told.iter().map(|line| &line["pictures"]["pages"][0]);
        let names = pages.flat_map(|page| [&page["before"], &page["after"]]);
        let names: BTreeSet<_> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
        names
    };
    let told = verify(&files);
    let names = pictures(&told);
    assert_eq!(names.len(), 8, "{names:?}");
    let written: Vec<_> = names.iter().map(|name| std::fs::read(name).unwrap()).collect();
    // Each of the four was changed otherwise; all were signed alike.
    assert_eq!(written.iter().collect::<BTreeSet<_>>().len(), 5);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 8);

    // Another file under a name that has pictures already: its verdict stands, and theirs stay.
    std::fs::copy(place(files[3]), place(files[0])).unwrap();
    for line in verify(&files) {
        assert_eq!(line["conclusion"], "changed", "{line}");
        let remarks = line["pictures"]["remarks"].as_array().unwrap();
        assert_eq!(
            (remarks.len(), &remarks[0]["code"]),
            (2, &"file-there".into()),
            "{line}"
        );
        assert!(line["pictures"]["pages"][0]["after"].is_null(), "{line}");
    }
    let now: Vec<_> = names.iter().map(|name| std::fs::read(name).unwrap()).collect();
    assert_eq!(now, written);
}

/// A line of text in a font that the document names and does not hold (ISO 32000-2, 9.7.5).
fn line(text: &str) -> String {
    let digits: String = text.encode_utf16().map(|unit| format!("{unit:04x}")).collect();
    format!("BT /F 24 Tf 72 740 Td <{digits}> Tj ET")
}

#[test]
fn chinese_text_whose_font_is_not_in_the_document_is_drawn_by_ours() {
    let office = Office::new();
    let content = line("租金一千二百元");
    let document = of_objects(
        "1.7",
        &[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            &format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
            "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
            "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 7 0 R\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
            "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]/ItalicAngle 0\
             /Ascent 880/Descent -120/CapHeight 700/StemV 80>>",
        ],
    );
    let signed = forge::sign(&document, &office.identity(), Kind::Approval);
    let other = of_bytes(line("租金九千八百元"), Dictionary::new());
    let changed = Target::read(&signed)
        .unwrap()
        .updated(|update| Ok(update.put(Reference::new(4), &Object::Stream(other))?))
        .unwrap();
    let report = office.judge(&changed);
    let pictures = draw_by(&previews().with_font(font_folder().join(SONG)), &changed, &report).unwrap();
    // Two of the seven characters, of 24 points each, differ.
    let [page] = pictures.pages.as_slice() else {
        panic!("{:?}", pictures.remarks)
    };
    let width: u16 = page.areas.iter().map(|area| area.width).sum();
    assert!((40..160).contains(&width), "{:?}", page.areas);
    // Without, nothing is drawn of it, and that is told.
    assert_eq!(remarks(&draw(&changed, &report).unwrap()), ["pictures-alike"]);
}
