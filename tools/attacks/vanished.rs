//! Signatures made to vanish: an update alters the page and makes of an earlier signature something that no reader
//! takes for one, or leads past it. Whoever is recognised then signs what is left, and the file looks as if it had that
//! signature alone.

use yinxin::pdf::{Dictionary, Object, Reference, Update};

use super::dictionary::stream;
use super::target::Target;
use super::updates::put_form;
use super::{Attack, Error};

/// What is to be seen instead.
const OTHER: &[u8] = b"0 0 0 rg 0 0 999 999 re f";

/// A document whose earlier signature was hidden, waiting for another signer.
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the program that writes attacks signs nothing")
)]
pub(crate) struct Vanished {
    pub(crate) attack: Attack,
    /// The number that the other signature takes; a fresh one where it is left out.
    pub(crate) signature: Option<Reference>,
    /// The field that it fills; a fresh one where it is left out.
    pub(crate) field: Option<Reference>,
}

/// Every way to hide the first signature.
pub(crate) fn all(signed: &[u8]) -> Result<Vec<Vanished>, Error> {
    let target = Target::read(signed)?;
    let mut all = retyped(&target)?;
    all.extend(led_past(&target)?);
    all.extend(by_sections(&target)?);
    all.extend(reused(&target)?);
    Ok(all)
}

/// The same, signed by nobody.
pub(crate) fn unsigned(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    Ok(all(signed)?.into_iter().map(|vanished| vanished.attack).collect())
}

fn vanished(name: &str, bytes: Vec<u8>) -> Vanished {
    Vanished {
        attack: Attack::new(format!("vanished-{name}"), bytes),
        signature: None,
        field: None,
    }
}

/// Another page, and what `write` makes of the signature.
fn saved(target: &Target, name: &str, write: impl FnOnce(&mut Update) -> Result<(), Error>) -> Result<Vanished, Error> {
    let bytes = target.updated(|update| {
        update.put(target.content, &stream(OTHER))?;
        write(update)
    })?;
    Ok(vanished(name, bytes))
}

/// What passes for a document time stamp.
fn time_stamp() -> Dictionary {
    Dictionary::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("SubFilter", Object::name("ETSI.RFC3161"))
}

/// The dictionary becomes another under its number.
fn retyped(target: &Target) -> Result<Vec<Vanished>, Error> {
    let entries = || target.signature_entries.clone();
    let typed = Object::name("DocTimeStamp");
    let stamp = Object::name("ETSI.RFC3161");
    let others = [
        ("type", Object::Dictionary(entries().with("Type", typed.clone()))),
        (
            "sub-filter",
            Object::Dictionary(entries().with("SubFilter", stamp.clone())),
        ),
        (
            "type-and-sub-filter",
            Object::Dictionary(entries().with("Type", typed).with("SubFilter", stamp)),
        ),
        ("time-stamp-without-range", Object::Dictionary(time_stamp())),
        ("nothing-inside", Object::Dictionary(Dictionary::new())),
        ("null", Object::Null),
    ];
    let others = others.into_iter();
    others
        .map(|(name, other)| saved(target, name, |update| Ok(update.put(target.signature, &other)?)))
        .collect()
}

/// No field leads to the dictionary any more.
fn led_past(target: &Target) -> Result<Vec<Vanished>, Error> {
    let field = || target.field_entries.clone();
    let without = |key: &str| {
        let mut field = field();
        field.remove(key);
        field
    };
    let put = |update: &mut Update, field: Dictionary| -> Result<(), Error> {
        Ok(update.put(target.field, &Object::Dictionary(field))?)
    };
    Ok(vec![
        saved(target, "value-removed", |update| put(update, without("V")))?,
        saved(target, "value-redirected", |update| {
            let other = update.add(&Object::Dictionary(time_stamp()))?;
            put(update, field().with("V", Object::Reference(other)))
        })?,
        saved(target, "field-of-text", |update| {
            put(update, field().with("FT", Object::name("Tx")))
        })?,
        saved(target, "field-null", |update| {
            Ok(update.put(target.field, &Object::Null)?)
        })?,
        saved(target, "form-emptied", |update| {
            let fields = Object::Array(Vec::new());
            put_form(update, target, target.form.clone().with("Fields", fields))
        })?,
        saved(target, "form-removed", |update| {
            let mut catalog = target.catalog.clone();
            catalog.remove("AcroForm");
            Ok(update.put(target.root, &Object::Dictionary(catalog))?)
        })?,
    ])
}

/// What a section written by hand says of an object.
enum Row {
    /// It stands here, of this generation.
    Written(u32, u16, String),
    /// It stands at an offset where something else stands.
    At(u32, usize),
    Freed(u32),
}

/// The number is freed, of another generation or another object's; or the section leads past the revision that signed.
fn by_sections(target: &Target) -> Result<Vec<Vanished>, Error> {
    let (number, fresh) = (target.signature.number, target.next_number());
    let before = &target.bytes[..target.gap.0];
    let last = |text: &str| before.windows(text.len()).rposition(|window| window == text.as_bytes());
    let own = last(&format!("\n{number} 0 obj")).ok_or("no such object")? + 1;
    let inside = last("/ByteRange").ok_or("no range")? - 1;
    let stamp = "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161>>".to_owned();
    let following = target.following();
    let skipping = match target.trailer.get("Prev").and_then(Object::as_integer) {
        Some(before) => following.replace(&format!("/Prev {}", target.startxref), &format!("/Prev {before}")),
        None => return Err("a document signed in its first revision".into()),
    };
    let cases: [(&str, Vec<Row>, &str); 6] = [
        ("freed", vec![Row::Freed(number)], &following),
        (
            "of-another-generation",
            vec![Row::Written(number, 1, stamp.clone())],
            &following,
        ),
        (
            "behind-another-number",
            vec![Row::Freed(number), Row::At(fresh, own)],
            &following,
        ),
        (
            "behind-an-object-inside-it",
            vec![Row::Freed(number), Row::At(fresh, inside)],
            &following,
        ),
        ("in-an-object-stream", Vec::new(), &following),
        ("revision-skipped", Vec::new(), &skipping),
    ];
    let made = cases.into_iter().map(|(name, rows, trailer)| {
        let bytes = match name {
            "in-an-object-stream" => compressed(target, &stamp),
            _ => section(target, rows, trailer),
        };
        vanished(name, bytes)
    });
    Ok(made.collect())
}

/// A revision with another page and these rows.
fn section(target: &Target, mut rows: Vec<Row>, trailer: &str) -> Vec<u8> {
    rows.push(Row::Written(target.content.number, 0, page()));
    let mut bytes = target.bytes.clone();
    let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
    for row in rows {
        match row {
            Row::Written(number, generation, body) => {
                table += &format!("{number} 1\n{:010} {generation:05} n \n", bytes.len());
                bytes.extend(format!("{number} {generation} obj\n{body}\nendobj\n").bytes());
            }
            Row::At(number, offset) => table += &format!("{number} 1\n{offset:010} 00000 n \n"),
            Row::Freed(number) => table += &format!("{number} 1\n0000000000 00001 f \n"),
        }
    }
    let (start, size) = (bytes.len(), target.next_number() + 1);
    bytes.extend(format!("{table}trailer\n<</Size {size} {trailer}>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

fn page() -> String {
    let content = String::from_utf8_lossy(OTHER);
    format!("<</Length {}>>\nstream\n{content}\nendstream", content.len())
}

/// A revision whose object stream holds another dictionary in the place of the signed one.
fn compressed(target: &Target, dictionary: &str) -> Vec<u8> {
    let mut bytes = target.bytes.clone();
    let (content, holder) = (bytes.len(), target.next_number());
    bytes.extend(format!("{} 0 obj\n{}\nendobj\n", target.content.number, page()).bytes());
    let inside = format!("{} 0 {dictionary}", target.signature.number);
    let first = inside.len() - dictionary.len();
    let entries = format!("<</Type/ObjStm/N 1/First {first}/Length {}>>", inside.len());
    let stream = bytes.len();
    bytes.extend(format!("{holder} 0 obj\n{entries}\nstream\n{inside}\nendstream\nendobj\n").bytes());
    let start = bytes.len();
    let row = |kind: u8, second: usize, third: u8| format!("{kind:02x}{second:08x}{third:02x}");
    let rows = [
        row(1, content, 0),
        row(2, holder as usize, 0),
        row(1, stream, 0),
        row(1, start, 0),
    ];
    let (rows, numbers) = (rows.concat(), [target.content.number, target.signature.number]);
    let index = format!("[{} 1 {} 1 {holder} 2]", numbers[0], numbers[1]);
    let entries = format!("/Type/XRef/W[1 4 1]/Index{index}/Size {}", holder + 2);
    let entries = format!(
        "<<{entries} {}/Filter/ASCIIHexDecode/Length {}>>",
        target.following(),
        rows.len()
    );
    bytes.extend(format!("{} 0 obj\n{entries}\nstream\n{rows}\nendstream\nendobj\n", holder + 1).bytes());
    bytes.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
    bytes
}

/// The other signature takes the number of the first, its field, or both.
fn reused(target: &Target) -> Result<Vec<Vanished>, Error> {
    let emptied = |name: &str| {
        saved(target, name, |update| {
            let fields = Object::Array(Vec::new());
            put_form(update, target, target.form.clone().with("Fields", fields))
        })
    };
    let (signature, field) = (Some(target.signature), Some(target.field));
    Ok(vec![
        Vanished {
            signature,
            ..emptied("number-reused")?
        },
        Vanished {
            signature,
            field,
            ..saved(target, "number-reused-in-its-field", |_| Ok(()))?
        },
        Vanished {
            field,
            ..saved(target, "field-refilled", |_| Ok(()))?
        },
    ])
}
