//! A signed document with the places that attacks aim at.

use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Reference, Update};

use super::Error;

/// What an attacker finds in a signed document.
pub(crate) struct Target {
    pub(crate) bytes: Vec<u8>,
    pub(crate) root: Reference,
    pub(crate) catalog: Dictionary,
    pub(crate) pages: Reference,
    /// The first page.
    pub(crate) page: Reference,
    pub(crate) page_entries: Dictionary,
    /// A content stream of the first page.
    pub(crate) content: Reference,
    /// The first signature's dictionary.
    pub(crate) signature: Reference,
    pub(crate) signature_entries: Dictionary,
    /// End of the first signed range and start of the second, in bytes.
    pub(crate) gap: (usize, usize),
    /// The field of the first signature.
    pub(crate) field: Reference,
    pub(crate) field_entries: Dictionary,
    /// The form, as it stands in the catalogue, with its entries.
    pub(crate) form: Dictionary,
    pub(crate) trailer: Dictionary,
    pub(crate) startxref: u64,
}

impl Target {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let file = PdfFile::open(&bytes, &Limits::UPLOAD)?;
        let view = file.latest();
        let catalog = view.catalog()?;
        let pages = reference(&catalog, "Pages")?;
        let mut page = pages;
        let page_entries = loop {
            let object = view.object(page)?;
            let node = object.value.as_dictionary().ok_or("a page that is no dictionary")?;
            match view.get(node, "Kids")? {
                Object::Array(kids) => page = kids.first().and_then(Object::as_reference).ok_or("no page")?,
                _ => break node.clone(),
            }
        };
        let content = match view.get(&page_entries, "Contents")? {
            Object::Array(parts) => parts.first().and_then(Object::as_reference),
            _ => page_entries.get("Contents").and_then(Object::as_reference),
        };
        let signature = file.signatures()?.first().ok_or("no signature")?;
        let field = signature.field.as_ref().ok_or("a signature without field")?;
        let range = signature.byte_range.as_ref().ok_or("a signature without range")?;
        let form = match view.get(&catalog, "AcroForm")? {
            Object::Dictionary(form) => form,
            _ => return Err("no form".into()),
        };
        let revision = view.revision();
        Ok(Self {
            root: revision.root().ok_or("no root")?,
            pages,
            page,
            page_entries,
            content: content.ok_or("a page without content")?,
            signature: signature.object.ok_or("a signature inside its field")?,
            signature_entries: signature.dictionary.clone(),
            gap: (usize::try_from(range.first.end)?, usize::try_from(range.second.start)?),
            field: field.object.ok_or("a field inside its parent")?,
            field_entries: field.dictionary.clone(),
            form,
            trailer: revision.trailer.clone(),
            startxref: revision.startxref,
            catalog,
            bytes: bytes.to_vec(),
        })
    }

    /// The document with one more revision.
    pub(crate) fn updated(&self, write: impl FnOnce(&mut Update) -> Result<(), Error>) -> Result<Vec<u8>, Error> {
        let bytes = self.bytes.as_slice();
        let mut update = PdfFile::open(&bytes, &Limits::UPLOAD)?.update()?;
        write(&mut update)?;
        let mut updated = self.bytes.clone();
        updated.extend(update.finish(&[0xa5; 16])?);
        Ok(updated)
    }

    /// The entries of the object of that number.
    pub(crate) fn entries_of(&self, number: u32) -> Result<Dictionary, Error> {
        let bytes = self.bytes.as_slice();
        let file = PdfFile::open(&bytes, &Limits::UPLOAD)?;
        let object = file.latest().object(Reference::new(number))?;
        let entries = object.value.as_dictionary().cloned();
        entries.ok_or_else(|| format!("object {number} is no dictionary").into())
    }

    /// A number that no object has.
    pub(crate) fn next_number(&self) -> u32 {
        let size = self.trailer.get("Size").and_then(Object::as_integer).unwrap_or(0);
        u32::try_from(size).unwrap_or(0)
    }

    /// The document with a revision written by hand: bodies of objects, and what the trailer has beside `Size`.
    pub(crate) fn appended(&self, objects: &[(u32, &str)], trailer: &str) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, body) in objects {
            table += &format!("{number} 1\n{:010} 00000 n \n", bytes.len());
            bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        }
        let (start, size) = (bytes.len(), self.next_number() + 50);
        bytes.extend(format!("{table}trailer\n<</Size {size} {trailer}>>\nstartxref\n{start}\n%%EOF\n").bytes());
        bytes
    }

    /// `Root`, `Prev` and `ID` as an honest update has them.
    pub(crate) fn following(&self) -> String {
        let halves = self.trailer.get("ID").and_then(Object::as_array).unwrap_or_default();
        let halves = halves.iter().filter_map(Object::as_string);
        let digits = |half: &[u8]| half.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let halves: String = halves.map(|half| format!("<{}>", digits(half))).collect();
        format!("/Root {} /Prev {} /ID[{halves}]", self.root, self.startxref)
    }
}

/// The reference that is the value of a key.
pub(crate) fn reference(dictionary: &Dictionary, key: &str) -> Result<Reference, Error> {
    let found = dictionary.get(key).and_then(Object::as_reference);
    found.ok_or_else(|| format!("no reference under /{key}").into())
}
