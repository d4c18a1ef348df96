//! Documents of different producers, versions and shapes: made when the tests run, by hand, by our own program and
//! by those on the machine, and those of `fixtures/documents`.

use std::fs;
use std::path::Path;

use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use yinxin::pdf::{Limits, PdfFile};

use crate::support::app::{app, font_folder};
use crate::support::documents::of_objects;
use crate::support::judges::run;
use crate::support::project;

/// A page of text with a form: a text field, and two signature fields that wait.
const FORM_PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R 7 0 R 8 0 R 9 0 R]>>";

/// A content stream and a font, objects 4 and 5.
pub(super) const CONTENT: &str =
    "<</Length 61>>stream\nBT /F 18 Tf 72 700 Td (Application for a permit) Tj ET       \nendstream";
pub(super) const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

/// One page with further entries, in a document of that version; `[]` stands for its own objects after the fifth.
pub(super) fn page(version: &str, entries: &str, further: &[&str]) -> Vec<u8> {
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>{entries}>>");
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        &page,
        CONTENT,
        FONT,
    ];
    of_objects(version, &[&bodies, further].concat())
}

/// A document of several pages, whose boxes are inherited.
pub(crate) fn pages(count: usize) -> Vec<u8> {
    let kids: String = (0..count).map(|index| format!("{} 0 R ", index + 6)).collect();
    let tree = format!("<</Type/Pages/Count {count}/Kids[3 0 R]>>");
    let inner = format!("<</Type/Pages/Parent 2 0 R/Count {count}/Kids[{kids}]/MediaBox[0 0 595 842]>>");
    let page = "<</Type/Page/Parent 3 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>";
    let bodies = ["<</Type/Catalog/Pages 2 0 R>>", tree.as_str(), &inner, CONTENT, FONT];
    of_objects("1.6", &[bodies.as_slice(), &vec![page; count]].concat())
}

/// A form whose numbers are reals, as some programs write all of them, and whose page is shown first at a place of
/// reals.
pub(super) fn form_of_reals() -> Vec<u8> {
    let field = |name: &str, bottom: u32| {
        let rectangle = format!("[300.0 {bottom}.00 470.1000000000000057 {}.1]", bottom + 170);
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/F 4/P 3 0 R/Rect{rectangle}>>")
    };
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/XYZ 0.0 842.0 1.0]/AcroForm<</Fields[6 0 R 7 0 R]>>>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0.0 0.0 595.2799999999999727 842.0]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/Annots[6 0 R 7 0 R]>>",
        CONTENT,
        FONT,
        &field("First", 100),
        &field("Second", 400),
    ];
    of_objects("1.7", &bodies)
}

/// A form with two empty signature fields, `Clerk` (60 mm by 60 mm) and `office.Head`; the catalogue's form is written
/// inline or as an object, and `further` are entries of the field `Clerk`.
pub(super) fn form(inline: bool, further: &str) -> Vec<u8> {
    let form = "<</Fields[6 0 R 7 0 R 10 0 R]/DA(/F 0 Tf)/DR<</Font<</F 5 0 R>>>>>>";
    let catalog = match inline {
        true => format!("<</Type/Catalog/Pages 2 0 R/AcroForm {form}>>"),
        false => "<</Type/Catalog/Pages 2 0 R/AcroForm 11 0 R>>".to_owned(),
    };
    let clerk =
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Clerk)/F 4/P 3 0 R/Rect[300 100 470.1 270.1]{further}>>");
    let bodies = [
        &catalog,
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        FORM_PAGE,
        CONTENT,
        FONT,
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Name)/F 4/P 3 0 R/Rect[72 600 300 620]/V(Li)/DA(/F 12 Tf)>>",
        &clerk,
        "<</Type/Annot/Subtype/Widget/Parent 10 0 R/T(Head)/F 4/P 3 0 R/Rect[72 100 242.1 270.1]>>",
        "<</Type/Annot/Subtype/Square/Rect[400 700 450 750]/F 4/P 3 0 R>>",
        "<</FT/Sig/T(office)/Kids[8 0 R]>>",
        form,
    ];
    of_objects("1.7", &bodies)
}

/// The same form, with a field `office` whose widget is an object of its own, where a field of that was.
pub(super) fn form_apart() -> Vec<u8> {
    let form = String::from_utf8(form(true, "")).unwrap();
    form.replace("/T(Head)", "        ").into_bytes()
}

/// A document with an empty signature field, `Clerk`, that is meant to be invisible.
pub(super) fn invisible_field() -> Vec<u8> {
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[4 0 R]>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Clerk)/F 132/P 3 0 R/Rect[0 0 0 0]>>",
    ];
    of_objects("1.7", &bodies)
}

/// A hybrid document (ISO 32000-2 section 7.5.8.4): what a program notes about its page lies in an object stream, which
/// the table hides and a cross-reference stream beside it shows.
fn hybrid() -> Vec<u8> {
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/PieceInfo 6 0 R>>",
        CONTENT,
        FONT,
        "null",
        "<</Type/ObjStm/N 1/First 4/Length 61>>stream\n6 0 <</App<</LastModified(D:20260101000000Z)/Private true>>>>\nendstream",
    ];
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    for (number, body) in (1..).zip(bodies) {
        offsets.push(bytes.len());
        if number != 6 {
            bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        }
    }
    let stream = bytes.len();
    let entry =
        |kind: u8, place: usize| [&[kind], u32::try_from(place).unwrap().to_be_bytes().as_slice(), &[0]].concat();
    let entries = [entry(2, 7), entry(1, offsets[6]), entry(1, stream)].concat();
    let dictionary = format!(
        "<</Type/XRef/Size 9/Index[6 3]/W[1 4 1]/Root 1 0 R/Length {}>>",
        entries.len()
    );
    bytes.extend(format!("8 0 obj\n{dictionary}stream\n").bytes());
    bytes.extend(entries);
    bytes.extend(b"\nendstream\nendobj\n");
    let table = bytes.len();
    bytes.extend(b"xref\n0 9\n0000000006 65535 f \n");
    for offset in &offsets[..5] {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(b"0000000007 00000 f \n0000000008 00000 f \n0000000000 00000 f \n");
    bytes.extend(format!("trailer\n<</Size 9/Root 1 0 R/XRefStm {stream}>>\nstartxref\n{table}\n%%EOF\n").bytes());
    bytes
}

/// A tagged document (section 14.7) whose structure elements have identifiers.
fn tagged() -> Vec<u8> {
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/Lang(en)/StructTreeRoot 6 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>/StructParents 0/Tabs/S>>",
        "<</Length 65>>stream\n/P<</MCID 0>>BDC BT /F 18 Tf 72 700 Td (Application) Tj ET EMC   \nendstream",
        FONT,
        "<</Type/StructTreeRoot/K[7 0 R]/ParentTree 8 0 R/ParentTreeNextKey 1/IDTree 9 0 R>>",
        "<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K 0/ID(first)>>",
        "<</Nums[0[7 0 R]]>>",
        "<</Names[(first)7 0 R]/Limits[(first)(first)]>>",
    ];
    of_objects("1.7", &bodies)
}

/// What our own program writes: the receipt of a verification before it is signed.
fn ours() -> Vec<u8> {
    let asked = Request::post("/api/v1/verifications/receipt").header(CONTENT_TYPE, "application/pdf");
    let mut receipt = app().ask(asked.body(pages(1).into()).unwrap()).body;
    let revisions = |file: PdfFile<'_>| file.revisions()[0].range.end;
    let unsigned = PdfFile::open(&receipt, &Limits::UPLOAD).map(revisions).unwrap();
    receipt.truncate(usize::try_from(unsigned).unwrap());
    receipt
}

/// All of them by name, written to a folder as `NAME.pdf`.
pub(super) fn write_all(folder: &Path) -> Vec<String> {
    let boxes = [
        ("upright", "/MediaBox[0 0 595 842]"),
        ("turned-90", "/MediaBox[0 0 595 842]/Rotate 90"),
        ("turned-180", "/MediaBox[0 0 595 842]/Rotate 180"),
        ("turned-270", "/MediaBox[0 0 595 842]/Rotate 270"),
        ("turned-back", "/MediaBox[0 0 595 842]/Rotate -90"),
        ("cropped", "/MediaBox[-100 -50 700 900]/CropBox[20 30 560 800]"),
        (
            "cropped-turned",
            "/MediaBox[-100 -50 700 900]/CropBox[20 30 560 800]/Rotate 90",
        ),
        (
            "boxes-of-reals",
            "/MediaBox[0.0 0.0 612.0 792.0]/CropBox[0.0 0.0 612.0000000000000001 791.9]",
        ),
        ("corners-swapped", "/MediaBox[595 842 0 0]"),
        ("large-units", "/MediaBox[0 0 300 400]/UserUnit 2"),
        (
            "annotated",
            "/MediaBox[0 0 595 842]/Annots[<</Type/Annot/Subtype/Square/Rect[9 9 20 20]/F 4>>]",
        ),
        ("annots-apart", "/MediaBox[0 0 595 842]/Annots 6 0 R"),
    ];
    let mut made: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, entries) in boxes {
        let apart = ["[7 0 R]", "<</Type/Annot/Subtype/Square/Rect[9 9 20 20]/F 4>>"];
        let further = if name == "annots-apart" { &apart[..] } else { &[] };
        made.push((name.to_owned(), page("1.7", entries, further)));
    }
    for version in ["1.3", "1.4", "1.5", "2.0"] {
        made.push((
            format!("version-{version}"),
            page(version, "/MediaBox[0 0 595 842]", &[]),
        ));
    }
    made.push(("many-pages".to_owned(), pages(30)));
    made.push(("form-inline".to_owned(), form(true, "")));
    made.push(("form-apart".to_owned(), form(false, "")));
    made.push(("form-of-reals".to_owned(), form_of_reals()));
    made.push(("hybrid".to_owned(), hybrid()));
    made.push(("tagged".to_owned(), tagged()));
    made.push(("ours".to_owned(), ours()));
    for file in fs::read_dir(project::root().join("fixtures/documents")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        made.push((name.to_owned(), fs::read(&path).unwrap()));
    }
    for (name, bytes) in &made {
        fs::write(folder.join(format!("{name}.pdf")), bytes).unwrap();
    }
    let mut names: Vec<String> = made.into_iter().map(|(name, _)| name).collect();
    names.extend(rewritten(folder));
    names.extend(printed(folder));
    names
}

/// What qpdf and poppler make of some of them.
fn rewritten(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for (name, arguments) in [
        ("streams", &["--object-streams=generate", "many-pages.pdf"][..]),
        (
            "linearised",
            &["--linearize", "--object-streams=disable", "many-pages.pdf"],
        ),
        (
            "linearised-streams",
            &["--linearize", "--object-streams=generate", "form-apart.pdf"],
        ),
        (
            "streams-1.5",
            &["--object-streams=generate", "--force-version=1.5", "version-1.3.pdf"],
        ),
        ("qdf", &["--qdf", "form-inline.pdf"]),
        (
            "merged",
            &[
                "--empty",
                "--pages",
                "upright.pdf",
                "turned-90.pdf",
                "cropped.pdf",
                "--",
            ],
        ),
    ] {
        let written = format!("{name}.pdf");
        let done = run(folder, "qpdf", &[arguments, &[&written]].concat());
        assert!(done.accepted, "{name}: {}", done.said);
        names.push(name.to_owned());
    }
    let done = run(folder, "pdftocairo", &["-pdf", "merged.pdf", "cairo.pdf"]);
    assert!(done.accepted, "cairo: {}", done.said);
    names.push("cairo".to_owned());
    names
}

/// What Chromium prints, in a font of the installation: the system may have none for Chinese.
fn printed(folder: &Path) -> Vec<String> {
    let font = font_folder().join("NotoSansSC-Regular.ttf");
    let text = format!(
        "<!doctype html><meta charset=utf-8><title>通知</title>\
        <style>@font-face{{font-family:face;src:url('file://{}')}}*{{font-family:face}}</style>\
        <h1>关于办理许可的通知</h1><p style='break-after:page'>请于本月内办理。</p><p>单位盖章：</p><input value=姓名>",
        font.display()
    );
    fs::write(folder.join("notice.html"), text).unwrap();
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let address = format!("file://{}", folder.join("notice.html").display());
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        &profile,
        "--print-to-pdf=chromium.pdf",
        &address,
    ];
    let done = run(folder, "chromium", &arguments);
    assert!(folder.join("chromium.pdf").exists(), "{}", done.said);
    vec!["chromium".to_owned()]
}
