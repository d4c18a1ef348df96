//! What we seal is accepted by pyHanko, pdfsig and qpdf, whoever made the document, and the seal sits where it was
//! asked.

use std::fs;

use serde_json::Value;
use yinxin::sign::Permission;
use yinxin::sign::document::{Act, Edge, Hits, PageList, Place, ValidationData};
use yinxin::trust::Snapshot;
use yinxin::verify::{self, Context};

use super::{Office, Wish, at, corpus};
use crate::support::TempFolder;
use crate::support::city::now;
use crate::support::documents::of_objects;
use crate::support::judges::run;

/// A hybrid file, in which pyHanko judges no signature, as two readers may see two documents.
pub(super) const NOT_FOR_PYHANKO: &str = "hybrid";

/// Every signature passed, and each but the last was followed by what it permits.
pub(super) fn all_pass(verdict: &Value, count: usize) -> bool {
    let signatures = verdict["signatures"].as_array().unwrap();
    signatures.len() == count
        && signatures
            .iter()
            .all(|one| one["passed"] == true && one["docmdp_ok"] != false)
}

#[test]
fn documents_of_all_producers_are_sealed_so_that_three_judges_accept_them() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-corpus");
    let mut files = Vec::new();
    let sources = corpus::write_all(folder.path());
    assert!(sources.len() >= 40, "{sources:?}");
    for name in sources {
        let document = folder.read(&format!("{name}.pdf"));
        for (kind, act) in [
            ("approved", Act::Approve),
            ("certified", Act::Certify(Permission::Forms)),
        ] {
            let wish = Wish {
                act,
                places: at(50.0, 60.0),
                ..Wish::default()
            };
            let sealed = office
                .seal(&document, &wish)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(sealed.starts_with(&document), "{name}");
            assert_eq!(warnings(&sealed), [""; 0], "{name}");
            let file = format!("{name}-{kind}.pdf");
            fs::write(folder.path().join(&file), sealed).unwrap();
            let check = run(folder.path(), "qpdf", &["--check", &file]);
            assert!(check.accepted, "{file}: {}", check.said);
            // Two have red frames, or words, of their own.
            if kind == "approved" && !["pdftex", "ours"].contains(&name.as_str()) {
                // poppler draws a page with large units as if they were points.
                let scale = if name == "large-units" { 0.5 } else { 1.0 };
                must_stand(red_box(&folder, &file), (50.0, 60.0), scale, &file);
            }
            files.push(file);
        }
    }
    let (hybrid, judged): (Vec<_>, Vec<_>) = files
        .iter()
        .cloned()
        .partition(|file| file.starts_with(NOT_FOR_PYHANKO));
    assert_eq!(hybrid.len(), 2);
    for verdict in office.pyhanko(folder.path(), "bb", &judged) {
        assert!(all_pass(&verdict, 1), "{verdict}");
        assert_eq!(verdict["signatures"][0]["coverage"], "ENTIRE_FILE", "{verdict}");
    }
    for file in &files {
        let said = run(folder.path(), "pdfsig", &["-nocert", file]).said;
        assert!(
            said.contains("Signature is Valid.") && said.contains("Total document signed"),
            "{file}: {said}"
        );
    }
}

/// What a verifier warns of in a document as it was signed, whoever trusts its signer.
fn warnings(sealed: &[u8]) -> Vec<&'static str> {
    let snapshot = Snapshot::default();
    let report = verify::document(&sealed.to_vec(), None, &Context::new(&snapshot, now())).report;
    let [signature] = report.signatures.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!(signature.is_intact(), Some(true), "{report:?}");
    let notes = signature.notes.iter().map(|note| note.code);
    notes.filter(|code| code.starts_with("shadow-")).collect()
}

#[test]
fn a_seal_stands_upright_where_it_was_asked_on_turned_and_cropped_pages() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-places");
    for (name, entries) in [
        ("0", "/MediaBox[0 0 595 842]"),
        ("90", "/MediaBox[0 0 595 842]/Rotate 90"),
        ("180", "/MediaBox[0 0 595 842]/Rotate 180"),
        ("270", "/MediaBox[0 0 595 842]/Rotate 270"),
        (
            "cropped",
            "/MediaBox[-100 -50 700 900]/CropBox[20 30 560 800]/Rotate 90",
        ),
        ("units", "/MediaBox[0 0 300 400]/UserUnit 2"),
    ] {
        let wish = Wish {
            places: at(40.0, 50.0),
            ..Wish::default()
        };
        let sealed = office.seal(&corpus::page("1.7", entries, &[]), &wish).unwrap();
        let file = format!("page-{name}.pdf");
        fs::write(folder.path().join(&file), sealed).unwrap();
        let scale = if name == "units" { 0.5 } else { 1.0 };
        must_stand(red_box(&folder, &file), (40.0, 50.0), scale, name);
    }
}

#[test]
fn a_seal_shows_on_no_other_page_that_has_the_same_list_of_annotations() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-shared-list");
    let page =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots 7 0 R>>";
    let of_pages = |form: &str, list: &str| {
        of_objects(
            "1.7",
            &[
                &format!("<</Type/Catalog/Pages 2 0 R{form}>>"),
                "<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]>>",
                page,
                corpus::CONTENT,
                corpus::FONT,
                page,
                list,
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(Name)/Rect[9 9 99 29]/F 4>>",
            ],
        )
    };
    let mut files = Vec::new();
    for (name, document) in [
        ("empty", of_pages("", "[]")),
        ("fields", of_pages("/AcroForm<</Fields 7 0 R>>", "[8 0 R]")),
    ] {
        // The second seal is one after an earlier signature.
        let first = office.seal(&document, &placed(50.0, 60.0)).unwrap();
        let second = office.seal(&first, &placed(50.0, 160.0)).unwrap();
        for (times, sealed) in [("once", &first), ("twice", &second)] {
            let file = format!("{name}-{times}.pdf");
            fs::write(folder.path().join(&file), sealed).unwrap();
            let check = run(folder.path(), "qpdf", &["--check", &file]);
            assert!(check.accepted, "{file}: {}", check.said);
            let other = Drawn::of(&folder, &file, 2).red_box();
            assert_eq!(other, [f64::MAX, f64::MAX, 0.0, 0.0], "{file}: nothing red on page 2");
            files.push(file);
        }
        must_stand(red_box(&folder, &format!("{name}-once.pdf")), (50.0, 60.0), 1.0, name);
    }
    for (verdict, count) in office.pyhanko(folder.path(), "bb", &files).iter().zip([1, 2, 1, 2]) {
        assert!(all_pass(verdict, count), "{verdict}");
    }
}

#[test]
fn a_seal_in_a_field_that_waited_is_printed_as_it_is_shown() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-printed");
    let in_field = |field| Wish {
        field: Some(field),
        ..Wish::default()
    };
    let mut files = Vec::new();
    // Nothing, invisible where its kind is not known, not turned or made larger with its page, not shown under a mouse.
    for flags in ["", "/F 0", "/F 1", "/F 28", "/F 260"] {
        let text = String::from_utf8(corpus::form(true, "")).unwrap();
        let text = text.replace("/T(Clerk)/F 4", &format!("/T(Clerk){flags}"));
        // One that leaves its place could cover too much while it waits.
        let other = flags.replace("28", "0");
        let text = text.replace("/T(Head)/F 4", &format!("/T(Head){other}"));
        let document = relisted(&folder, text.as_bytes());
        let first = office.seal(&document, &in_field("Clerk")).unwrap();
        assert_eq!(warnings(&first), [""; 0], "{flags}");
        // The other is filled after an earlier signature.
        let second = office.seal(&first, &in_field("office.Head")).unwrap();
        let file = format!("{}.pdf", files.len());
        fs::write(folder.path().join(&file), second).unwrap();
        files.push(file);
    }
    for verdict in office.pyhanko(folder.path(), "bb", &files) {
        assert!(all_pass(&verdict, 2), "{verdict}");
    }
}

#[test]
fn what_is_null_is_as_if_it_were_not_there() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-nulls");
    let mut files = Vec::new();
    for (catalog, page) in [
        ("", "/Annots null"),
        ("", "/Annots 98 0 R"),
        ("/AcroForm null/DSS null/Perms null", ""),
        ("/AcroForm<</Fields null/SigFlags null>>", ""),
        ("/DSS<</VRI null/Certs null/CRLs 98 0 R>>", ""),
    ] {
        let document = of_objects(
            "1.7",
            &[
                &format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
                "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{page}>>"),
            ],
        );
        let wish = Wish {
            act: Act::Certify(Permission::Forms),
            validation: ValidationData {
                certificates: vec![office.city.root.der().to_vec()],
                crls: office
                    .city
                    .lists(now(), &[])
                    .iter()
                    .map(|list| list.der().to_vec())
                    .collect(),
                ocsp_responses: Vec::new(),
            },
            ..placed(50.0, 60.0)
        };
        let sealed = office
            .seal(&document, &wish)
            .unwrap_or_else(|error| panic!("{catalog} {page}: {error}"));
        let file = format!("{}.pdf", files.len());
        fs::write(folder.path().join(&file), sealed).unwrap();
        let check = run(folder.path(), "qpdf", &["--check", &file]);
        assert!(check.accepted, "{file}: {}", check.said);
        files.push(file);
    }
    for verdict in office.pyhanko(folder.path(), "bb", &files) {
        assert!(all_pass(&verdict, 1), "{verdict}");
    }
}

/// The document with cross-references that fit it, by qpdf.
fn relisted(folder: &TempFolder, document: &[u8]) -> Vec<u8> {
    fs::write(folder.path().join("altered.pdf"), document).unwrap();
    run(folder.path(), "qpdf", &["altered.pdf", "relisted.pdf"]);
    folder.read("relisted.pdf")
}

fn placed(x_mm: f64, y_mm: f64) -> Wish<'static> {
    Wish {
        places: at(x_mm, y_mm),
        ..Wish::default()
    }
}

/// The seal is 42 mm wide, and its rim reaches its edge; all is drawn on this scale.
fn must_stand(found: [f64; 4], (x, y): (f64, f64), scale: f64, what: &str) {
    let wanted = [x - 21.0, y - 21.0, x + 21.0, y + 21.0];
    let near = |(found, wanted): (&f64, &f64)| (found - wanted * scale).abs() < 0.6;
    assert!(found.iter().zip(&wanted).all(near), "{what}: {found:?} for {wanted:?}");
}

const DOTS_PER_MM: f64 = 127.0 / 25.4;

/// A page as poppler draws it.
struct Drawn {
    width: usize,
    height: usize,
    /// Red, green and blue of each dot, row by row from the upper left corner.
    dots: Vec<u8>,
}

impl Drawn {
    fn of(folder: &TempFolder, file: &str, page: usize) -> Self {
        let page = page.to_string();
        let drawn = run(
            folder.path(),
            "pdftoppm",
            &[
                "-r",
                "127",
                "-cropbox",
                "-f",
                &page,
                "-l",
                &page,
                "-singlefile",
                file,
                file,
            ],
        );
        assert!(drawn.accepted, "{}", drawn.said);
        let picture = folder.read(&format!("{file}.ppm"));
        let mut fields = picture.splitn(4, |byte| byte.is_ascii_whitespace());
        let mut number = || String::from_utf8(fields.next().unwrap().to_vec()).unwrap();
        assert_eq!(number(), "P6");
        let width: usize = number().parse().unwrap();
        let height: usize = number().parse().unwrap();
        let dots = picture[picture.len() - width * height * 3..].to_vec();
        Self { width, height, dots }
    }

    fn size_mm(&self) -> (f64, f64) {
        (self.width as f64 / DOTS_PER_MM, self.height as f64 / DOTS_PER_MM)
    }

    /// What is red: left, top, right and bottom in millimetres.
    fn red_box(&self) -> [f64; 4] {
        let mut red = [f64::MAX, f64::MAX, 0.0, 0.0];
        for (index, dot) in self.dots.chunks(3).enumerate() {
            if dot[0] > 150 && dot[1] < 100 && dot[2] < 100 {
                let (x, y) = (
                    (index % self.width) as f64 / DOTS_PER_MM,
                    (index / self.width) as f64 / DOTS_PER_MM,
                );
                red = [red[0].min(x), red[1].min(y), red[2].max(x), red[3].max(y)];
            }
        }
        red
    }
}

fn red_box(folder: &TempFolder, file: &str) -> [f64; 4] {
    Drawn::of(folder, file, 1).red_box()
}

/// The box around words that follow one another on a page: left, top, right and bottom in millimetres from its upper
/// left corner, by poppler.
fn shown_at(folder: &TempFolder, file: &str, page: usize, wanted: &[&str]) -> [f64; 4] {
    let page = page.to_string();
    let arguments = ["-f", &page, "-l", &page, "-bbox", "-cropbox", file, "-"];
    let said = run(folder.path(), "pdftotext", &arguments).said;
    let lines = said.lines().filter(|line| line.trim_start().starts_with("<word "));
    let lines: Vec<_> = lines.collect();
    let is_of = |(line, word): (&&str, &&str)| line.contains(&format!(">{word}<"));
    let mut found = lines.windows(wanted.len());
    let found = found
        .find(|lines| lines.iter().zip(wanted).all(is_of))
        .unwrap_or_else(|| panic!("{wanted:?}: {said}"));
    let number = |line: &&str, name: &str| -> f64 {
        let rest = line.split_once(&format!("{name}=\"")).unwrap().1;
        let points: f64 = rest.split_once('"').unwrap().0.parse().unwrap();
        points / 72.0 * 25.4
    };
    let least = |name| found.iter().map(|line| number(line, name)).fold(f64::MAX, f64::min);
    let most = |name| found.iter().map(|line| number(line, name)).fold(0.0, f64::max);
    [least("xMin"), least("yMin"), most("xMax"), most("yMax")]
}

#[test]
fn a_seal_stands_on_the_keyword_that_poppler_finds_there_too() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-keyword");
    corpus::write_all(folder.path());
    // Of the words that poppler sees, the keyword is the first part.
    for (name, page, keyword, words, part) in [
        ("upright", 1, "Application for", &["Application", "for"][..], 1.0),
        ("turned-90", 1, "for", &["for"], 1.0),
        ("streams", 1, "permit", &["permit"], 1.0),
        ("cairo", 1, "permit", &["permit"], 1.0),
        ("chromium", 2, "单位盖章", &["单位盖章："], 4.0 / 5.0),
    ] {
        let document = folder.read(&format!("{name}.pdf"));
        let wish = Wish {
            places: vec![Place::Keyword {
                text: keyword.to_owned(),
                hits: Hits::First,
                pages: PageList::all(),
            }],
            ..Wish::default()
        };
        let sealed = office
            .seal(&document, &wish)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        fs::write(folder.path().join("keyword.pdf"), sealed).unwrap();
        let [left, top, right, bottom] = shown_at(&folder, &format!("{name}.pdf"), page, words);
        let drawn = Drawn::of(&folder, "keyword.pdf", page);
        // A seal near an edge is moved inward until it lies wholly on the page.
        let (width, height) = drawn.size_mm();
        let x = (left + (right - left) * part / 2.0).clamp(21.0, width - 21.0);
        let y = ((top + bottom) / 2.0).clamp(21.0, height - 21.0);
        let (found, wanted) = (drawn.red_box(), [x - 21.0, y - 21.0, x + 21.0, y + 21.0]);
        // Poppler has a line reach further down than its letters do.
        let near = |(found, wanted): (&f64, &f64)| (found - wanted).abs() < 1.0;
        assert!(found.iter().zip(&wanted).all(near), "{name}: {found:?} for {wanted:?}");
    }
}

#[test]
fn one_signature_shows_its_seal_on_many_pages_and_across_their_edges() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-across");
    let across = |edge, every| Place::Across {
        pages: PageList::all(),
        edge,
        along_mm: None,
        every,
    };
    let mut places = at(150.0, 240.0);
    places.push(across(Edge::Right, None));
    places.push(across(Edge::Bottom, Some(3)));
    let wish = Wish {
        places,
        ..Wish::default()
    };
    let sealed = office.seal(&corpus::pages(6), &wish).unwrap();
    fs::write(folder.path().join("sealed.pdf"), sealed).unwrap();
    let check = run(folder.path(), "qpdf", &["--check", "sealed.pdf"]);
    assert!(check.accepted, "{}", check.said);
    let verdicts = office.pyhanko(folder.path(), "bb", &["sealed.pdf".to_owned()]);
    assert!(all_pass(&verdicts[0], 1), "{}", verdicts[0]);
    let said = run(folder.path(), "pdfsig", &["-nocert", "sealed.pdf"]).said;
    assert!(
        said.contains("Total document signed") && !said.contains("not signed"),
        "{said}"
    );
    assert_eq!(said.matches("Signature is Valid.").count(), 1, "{said}");
}

#[test]
fn a_field_whose_widget_is_an_object_of_its_own_is_signed_to_all() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-apart");
    let wish = Wish {
        field: Some("office"),
        ..Wish::default()
    };
    let sealed = office.seal(&corpus::form_apart(), &wish).unwrap();
    assert_eq!(warnings(&sealed), [""; 0]);
    fs::write(folder.path().join("sealed.pdf"), sealed).unwrap();
    let verdicts = office.pyhanko(folder.path(), "bb", &["sealed.pdf".to_owned()]);
    assert!(all_pass(&verdicts[0], 1), "{}", verdicts[0]);
    let said = run(folder.path(), "pdfsig", &["-nocert", "sealed.pdf"]).said;
    assert!(
        said.contains("Signature Field Name: office") && said.contains("Signature is Valid."),
        "{said}"
    );
}

#[test]
fn waiting_fields_are_filled_one_after_the_other_and_no_signature_breaks_another() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-fields");
    let mut files = Vec::new();
    for inline in [true, false] {
        for act in [Act::Approve, Act::Certify(Permission::Forms)] {
            let wish = |act, field| Wish {
                act,
                field: Some(field),
                ..Wish::default()
            };
            let first = office.seal(&corpus::form(inline, ""), &wish(act, "Clerk")).unwrap();
            let second = office.seal(&first, &wish(Act::Approve, "office.Head")).unwrap();
            let file = format!("filled-{}.pdf", files.len());
            fs::write(folder.path().join(&file), second).unwrap();
            files.push(file);
        }
    }
    // Without a certification, later signers may add fields too.
    let mut document = corpus::pages(3);
    for y in [60.0, 120.0, 180.0] {
        let wish = Wish {
            places: at(100.0, y),
            ..Wish::default()
        };
        document = office.seal(&document, &wish).unwrap();
    }
    fs::write(folder.path().join("three.pdf"), document).unwrap();
    files.push("three.pdf".to_owned());
    for (verdict, count) in office.pyhanko(folder.path(), "bb", &files).iter().zip([2, 2, 2, 2, 3]) {
        assert!(all_pass(verdict, count), "{verdict}");
    }
}

#[test]
fn the_lock_of_a_field_becomes_what_its_signature_says() {
    let office = Office::new();
    let folder = TempFolder::new("sealed-lock");
    let wish = Wish {
        field: Some("Clerk"),
        ..Wish::default()
    };
    let lock = "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Name)]/P 2>>";
    let sealed = office.seal(&corpus::form(true, lock), &wish).unwrap();
    fs::write(folder.path().join("locked.pdf"), &sealed).unwrap();
    let verdicts = office.pyhanko(folder.path(), "bb", &["locked.pdf".to_owned()]);
    assert!(all_pass(&verdicts[0], 1), "{}", verdicts[0]);
    let text = String::from_utf8_lossy(&sealed);
    assert!(text.contains("/TransformMethod /FieldMDP") && text.contains("/Fields [(Name)]"));
}
