//! The file around the objects: streams as they come, all other objects in one object stream, a cross-reference stream.
//!
//! ISO 32000-1, 7.5.7 and 7.5.8. Some twenty small dictionaries compress to a third together; one by one they do not at
//! all.

use pdf_writer::{Chunk, Filter, Finish, Name, Obj, Ref, Settings, Str, Stream};

use crate::draw::deflate::zlib;
use crate::pdf::Reference;
use crate::pdf::append::{Known, SectionKind};

/// Level of the object stream: about two kilobytes.
const LEVEL: u32 = 9;
/// Version and the comment that marks a binary file (ISO 19005-3, 6.1.2).
const HEADER: &[u8] = b"%PDF-1.7\n%\xE5\x8D\xB0\xE4\xBF\xA1\n";

/// A filled face: the first revision of a licence, to which the signature is appended.
#[derive(Debug, Clone)]
pub struct FirstRevision {
    /// The file.
    pub document: Vec<u8>,
    /// Its layout.
    pub known: Known,
    /// The object that field and catalog already point at, and that the signature becomes.
    pub signature: Reference,
}

/// Where an object stands.
enum Place {
    /// At an offset of the file.
    Offset(usize),
    /// In the object stream, as its n-th.
    Packed(usize),
}

/// A file being written.
pub(super) struct Container {
    file: Vec<u8>,
    places: Vec<(i32, Place)>,
    /// Numbers and offsets of the packed objects, and their bytes.
    index: Vec<(i32, usize)>,
    packed: Vec<u8>,
}

impl Container {
    pub(super) fn new(capacity: usize) -> Self {
        let mut file = Vec::with_capacity(capacity);
        file.extend_from_slice(HEADER);
        Self {
            file,
            places: Vec::new(),
            index: Vec::new(),
            packed: Vec::new(),
        }
    }

    /// Adds a stream that is compressed already; `more` adds to its dictionary.
    pub(super) fn deflated(&mut self, id: Ref, data: &[u8], more: impl FnOnce(&mut Stream<'_>)) {
        self.stream(id, data, |stream| {
            stream.filter(Filter::FlateDecode);
            more(stream);
        });
    }

    /// Adds a stream.
    pub(super) fn stream(&mut self, id: Ref, data: &[u8], more: impl FnOnce(&mut Stream<'_>)) {
        let mut chunk = Chunk::with_settings_and_capacity(Settings { pretty: false }, data.len() + 256);
        let mut stream = chunk.stream(id, data);
        more(&mut stream);
        stream.finish();
        self.places.push((id.get(), Place::Offset(self.file.len())));
        self.file.extend_from_slice(chunk.as_bytes());
    }

    /// Adds an object that is no stream.
    pub(super) fn object(&mut self, id: Ref, write: impl FnOnce(Obj<'_>)) {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        write(chunk.indirect(id));
        let bytes = chunk.as_bytes();
        // In an object stream an object stands without its frame `1 0 obj … endobj`.
        let start = bytes
            .windows(3)
            .position(|window| window == b"obj")
            .map_or(0, |at| at + 3);
        let end = bytes
            .windows(6)
            .rposition(|window| window == b"endobj")
            .unwrap_or(bytes.len());
        self.places.push((id.get(), Place::Packed(self.index.len())));
        self.index.push((id.get(), self.packed.len()));
        self.packed.extend_from_slice(bytes[start..end].trim_ascii());
        self.packed.push(b'\n');
    }

    /// Adds the object stream and the cross-reference stream, the last two objects of the file.
    pub(super) fn finish(mut self, objects: Ref, catalog: Ref, document_id: [u8; 16]) -> FirstRevision {
        let mut head = String::new();
        for (number, offset) in &self.index {
            head.push_str(&format!("{number} {offset} "));
        }
        let first = head.len();
        let data = zlib(&[head.as_bytes(), &self.packed].concat(), LEVEL);
        let count = number(self.index.len());
        self.deflated(objects, &data, |stream| {
            stream
                .pair(Name(b"Type"), Name(b"ObjStm"))
                .pair(Name(b"N"), count)
                .pair(Name(b"First"), number(first));
        });
        let table = Ref::new(objects.get() + 1);
        let start = self.file.len();
        self.places.push((table.get(), Place::Offset(start)));
        // Files of less than 64 KiB, as all licences are, need two bytes for a place and one for an index.
        let widths = if start < 1 << 16 && self.index.len() < 1 << 8 {
            [1, 2, 1]
        } else {
            [1, 4, 2]
        };
        let rows = zlib(&self.rows(objects, widths), LEVEL);
        let size = table.get() + 1;
        self.deflated(table, &rows, |stream| {
            stream
                .pair(Name(b"Type"), Name(b"XRef"))
                .pair(Name(b"Size"), size)
                .pair(Name(b"Root"), catalog);
            stream.insert(Name(b"W")).array().items(widths.map(number));
            stream
                .insert(Name(b"ID"))
                .array()
                .items([Str(&document_id), Str(&document_id)]);
        });
        self.file
            .extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        let signature = Reference::new(size.unsigned_abs());
        let root = Reference::new(catalog.get().unsigned_abs());
        let (length, start) = (self.file.len() as u64, start as u64);
        FirstRevision {
            known: Known::new(length, start, SectionKind::Stream, signature.number, root).id(&document_id),
            document: self.file,
            signature,
        }
    }

    /// Rows of fields of these widths in bytes for objects 0, 1, 2 … (ISO 32000-1, table 18).
    fn rows(&mut self, objects: Ref, widths: [usize; 3]) -> Vec<u8> {
        self.places.sort_by_key(|(number, _)| *number);
        let objects = usize::try_from(objects.get()).unwrap_or(0);
        let places = self.places.iter().map(|(_, place)| match *place {
            Place::Offset(offset) => [1, offset, 0],
            Place::Packed(index) => [2, objects, index],
        });
        let mut rows = Vec::with_capacity((self.places.len() + 1) * widths.iter().sum::<usize>());
        for row in [[0, 0, 0xFF]].into_iter().chain(places) {
            for (value, width) in row.into_iter().zip(widths) {
                rows.extend_from_slice(&value.to_be_bytes()[size_of::<usize>() - width..]);
            }
        }
        rows
    }
}

fn number(value: usize) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
