//! Small documents for the tests of this module, made by hand.

use std::io;

use super::append::SectionKind;
use super::limits::Limits;
use super::object::Reference;
use super::source::ReadAt;
use super::{PdfFile, Update};

/// A source that must be read, as a file must.
pub(crate) struct Slow(pub(crate) Vec<u8>);

impl ReadAt for Slow {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.as_slice().read_at(offset, buffer)
    }
}

/// Opens bytes that must be readable.
#[expect(clippy::ptr_arg, reason = "a vector coerces to a source, a slice does not")]
pub(crate) fn open(bytes: &Vec<u8>) -> PdfFile<'_> {
    PdfFile::open(bytes, &Limits::UPLOAD).unwrap()
}

/// A document of one revision whose objects, from number 1 on, have these bodies; object 1 is the catalogue.
pub(crate) fn document(section: SectionKind, bodies: &[&str]) -> Vec<u8> {
    revision(
        b"%PDF-2.0\n".to_vec(),
        section,
        &numbered(1, bodies),
        bodies.len() + 1,
        "/Root 1 0 R",
    )
}

/// Numbers bodies from `first` on.
pub(crate) fn numbered<'a>(first: u32, bodies: &[&'a str]) -> Vec<(u32, &'a str)> {
    (first..).zip(bodies.iter().copied()).collect()
}

/// Appends a revision by hand, right or wrong as the test wants it: `trailer` are the entries beside `Size`.
pub(crate) fn revision(
    mut bytes: Vec<u8>,
    section: SectionKind,
    objects: &[(u32, &str)],
    size: usize,
    trailer: &str,
) -> Vec<u8> {
    let mut offsets = Vec::new();
    for (number, body) in objects {
        offsets.push((*number, bytes.len()));
        bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let start = bytes.len();
    match section {
        SectionKind::Table => {
            bytes.extend_from_slice(b"xref\n0 1\n0000000000 65535 f \n");
            for (number, offset) in offsets {
                bytes.extend_from_slice(format!("{number} 1\n{offset:010} 00000 n \n").as_bytes());
            }
            bytes.extend_from_slice(format!("trailer\n<</Size {size} {trailer}>>\n").as_bytes());
        }
        SectionKind::Stream => {
            offsets.push((size as u32, start));
            let index: String = offsets.iter().map(|(number, _)| format!("{number} 1 ")).collect();
            let rows: String = offsets.iter().map(|(_, offset)| format!("01{offset:08x}")).collect();
            let head = format!(
                "/Type/XRef/W[1 4 0]/Index[{index}]/Filter/ASCIIHexDecode/Length {}",
                rows.len()
            );
            let object = format!(
                "{size} 0 obj\n<<{head}/Size {} {trailer}>>stream\n{rows}\nendstream\nendobj\n",
                size + 1
            );
            bytes.extend_from_slice(object.as_bytes());
        }
    }
    bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    bytes
}

/// Appends what an update wrote.
pub(crate) fn append(mut bytes: Vec<u8>, write: impl FnOnce(&mut Update)) -> Vec<u8> {
    let mut update = open(&bytes).update().unwrap();
    write(&mut update);
    let appended = update.finish(&[9; 16]).unwrap();
    bytes.extend_from_slice(&appended);
    bytes
}

/// A stream object's body.
pub(crate) fn stream(entries: &str, data: &str) -> String {
    format!("<<{entries}/Length {}>>\nstream\n{data}\nendstream", data.len())
}

/// Object `number` in generation 0.
pub(crate) fn id(number: u32) -> Reference {
    Reference::new(number)
}
