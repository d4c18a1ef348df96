//! What readers take in several ways: an update that says the same to whoever follows its section and something else to
//! whoever gives it up, and documents that show one thing to their signer and another elsewhere from the first.

use super::shadow::{OTHER, document, form_stream, page};
use super::target::Target;
use super::{Attack, Error};

/// Width of a number of which readers hold no more than its first digits.
const WIDE: usize = 257;

/// Updates by which some readers search for objects, or take the number of one for another, on a signed document.
pub(super) fn all(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    let target = Target::read(signed)?;
    let (start, following, next) = (signed.len(), target.following(), target.next_number());
    let closed = |body: String, section: usize| {
        let end = format!("{body}startxref\n{section}\n%%EOF\n");
        [signed, end.as_bytes()].concat()
    };
    let table = |rows: &str| {
        let trailer = format!("trailer\n<</Size {} {following}>>\n", next + 50);
        closed(format!("xref\n{rows}{trailer}"), start)
    };
    let content = target.content.number;
    let body = format!("{:0WIDE$}5 0 obj\nnull\nendobj\n", content);
    let cut = {
        let rows = format!("xref\n{:0WIDE$}5 1\n{start:010} 00000 n \n", content);
        let trailer = format!("trailer\n<</Size 9999 {following}>>\n");
        closed(format!("{body}{rows}{trailer}"), start + body.len())
    };
    let of_type = {
        let rows = format!("03{:08x}01{start:08x}", 0);
        let entries = format!("/Type/XRef/W[1 4 0]/Index[{next} 2]/Size {} {following}", next + 2);
        let head = format!("<<{entries}/Filter/ASCIIHexDecode/Length {}>>", rows.len());
        closed(
            format!("{} 0 obj\n{head}stream\n{rows}\nendstream\nendobj\n", next + 1),
            start,
        )
    };
    let zero = {
        let body = "0 0 obj\nnull\nendobj\n";
        let trailer = format!("trailer\n<</Size {} {following}>>\n", next);
        closed(
            format!("{body}xref\n0 1\n{start:010} 00000 n \n{trailer}"),
            start + body.len(),
        )
    };
    let cases = [
        ("number-cut-off", cut),
        ("entry-of-no-type", of_type),
        ("table-from-one", table("1 1\n0000000000 65535 f \n")),
        ("object-zero", zero),
    ];
    Ok(cases
        .map(|(name, bytes)| Attack::new(format!("misread-{name}"), bytes))
        .into())
}

/// Documents to be signed that readers take in two ways, each with the same without that, by the code of what is to be
/// said of them.
pub(crate) fn prepared() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let with = |resources: &str, entries: &[u8]| {
        let mut bodies = page(resources, "/X Do").to_vec();
        bodies[1] = bodies[1].replace("/Kids", "?/Kids");
        bodies[7] = form_stream(OTHER);
        in_place_of_mark(&document(&bodies), entries)
    };
    let plain = with("", b" ");
    let text = String::from_utf8_lossy(&plain).into_owned();
    let of_length = |length: usize| {
        let mut bodies = page("", "9 9 9 9 re f").to_vec();
        bodies[8] = "null".to_owned();
        let text = String::from_utf8_lossy(&document(&bodies)).into_owned();
        let first = format!("%PDF-1.7\n10 0 obj<</Linearized 1/L {length:08}>>endobj\n");
        shifted(&text.replacen("%PDF-1.7\n", &first, 1))
    };
    vec![
        (
            "readers-disagree-generation",
            with("/XObject<</X 8 5 R>>", b" "),
            with("/XObject<</X 8 0 R>>", b" "),
        ),
        (
            "readers-disagree-name",
            with("", b"/Rotate\xff 180"),
            with("", b"/Rotate#ff 180"),
        ),
        (
            "readers-disagree-entry",
            text.replacen("65535 f", "65535 n", 1).into_bytes(),
            plain,
        ),
        ("shadow-linearised", of_length(99_999_999), of_length(9)),
    ]
}

/// A document with other bytes in the place of its one question mark, and its offsets anew.
fn in_place_of_mark(document: &[u8], entries: &[u8]) -> Vec<u8> {
    let at = document.iter().position(|byte| *byte == b'?').unwrap_or(0);
    let text: String = [&document[..at], entries, &document[at + 1..]]
        .concat()
        .iter()
        .map(|byte| char::from(*byte))
        .collect();
    shifted(&text)
}

/// A document of one table whose bytes, each a character, have moved, with the offsets where they are now.
fn shifted(text: &str) -> Vec<u8> {
    let place = |word: &str| text.find(word).map_or(0, |at| text[..at].chars().count());
    let (table, rest) = text.split_at(text.find("xref\n0 ").unwrap_or(0));
    let count = rest.lines().take_while(|line| !line.starts_with("trailer")).count() - 2;
    let mut bytes: Vec<u8> = table.chars().map(|character| character as u8).collect();
    let start = bytes.len();
    let rows = (1..count).map(|number| format!("{:010} 00000 n \n", place(&format!("\n{number} 0 obj")) + 1));
    let rows: String = rows.collect();
    bytes.extend(format!("xref\n0 {count}\n0000000000 65535 f \n{rows}").bytes());
    bytes.extend(format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}
