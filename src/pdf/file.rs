//! A document with its revisions. Objects are read when they are asked for, through the view of one revision: what a
//! reader saw when the file ended there.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::append::{Known, Update, WriteError};
use super::changes;
use super::error::PdfError;
use super::limits::{LimitReached, Limits};
use super::listings::Listings;
use super::object::{Object, Reference, Stream, StreamData};
use super::object_stream::ObjectStreams;
use super::places::Places;
use super::reader::Reader;
use super::revision::{self, Revision, Scan};
use super::signature::SignatureField;
use super::source::ReadAt;
use super::text::decode_text;
use super::view::{Scope, View};
use super::xref::Entry;

/// An opened document. It belongs to one thread; opening is cheap.
pub struct PdfFile<'s> {
    pub(super) reader: Reader<'s>,
    pub(super) revisions: Vec<Revision>,
    tail_fault: Option<PdfError>,
    /// Values in the trailers, and in the dictionaries of cross-reference streams.
    pub(super) values_of_sections: u64,
    pub(super) places: OnceCell<Places>,
    pub(super) objects: RefCell<HashMap<(Scope, Reference), Rc<IndirectObject>>>,
    pub(super) containers: RefCell<ObjectStreams<(Scope, u32)>>,
    /// How deep objects are being read.
    pub(super) reading: Cell<u32>,
    pub(super) signatures: OnceCell<Vec<SignatureField>>,
    pub(super) known: changes::Known,
    /// Those of the view of that number, which was the last that was asked.
    pub(super) listings: RefCell<Option<(usize, Rc<Listings>)>>,
}

/// An indirect object as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct IndirectObject {
    /// Its identity.
    pub reference: Reference,
    /// Its value; null if the object is free or undefined (ISO 32000-2, 7.3.10).
    pub value: Object,
    /// From its number to `endobj`, in bytes; `None` if it lies in an object stream or is undefined.
    pub extent: Option<Range<u64>>,
    /// Where the value of its entry `Contents` stands, delimiters included, in bytes; `None` as for the extent, or
    /// without one.
    pub contents: Option<Range<u64>>,
}

/// Where the header is looked for, in bytes, so that a document after other data is told from what is none: what other
/// readers allow (ISO 32000-1 annex H, note 13).
const HEADER_WINDOW: u64 = 1024;

impl<'s> PdfFile<'s> {
    /// Reads the revisions of a document; objects are read later. An encrypted document is an error of its own.
    pub fn open(source: &'s dyn ReadAt, limits: &Limits) -> Result<Self, PdfError> {
        Self::read_by(Reader::new(source, *limits))
    }

    /// The same document, as a reader of tables alone sees it.
    pub(super) fn of_tables_alone(&self) -> Result<Self, PdfError> {
        Self::read_by(self.reader.of_tables_alone())
    }

    fn read_by(reader: Reader<'s>) -> Result<Self, PdfError> {
        let begin = reader.bytes(0..reader.len().min(HEADER_WINDOW))?;
        match memchr::memmem::find(&begin, b"%PDF-") {
            Some(0) => {}
            Some(offset) => return Err(PdfError::NotFromStart { offset: offset as u64 }),
            None => return Err(PdfError::NotPdf),
        }
        let Scan { revisions, tail_fault } = revision::scan(&reader)?;
        let values_of_sections = reader.usage.values_so_far();
        let (objects, containers) = (RefCell::default(), RefCell::default());
        Ok(Self {
            reader,
            revisions,
            tail_fault,
            values_of_sections,
            places: OnceCell::new(),
            objects,
            containers,
            reading: Cell::new(0),
            signatures: OnceCell::new(),
            known: changes::Known::default(),
            listings: RefCell::default(),
        })
    }

    /// Length in bytes.
    pub fn length(&self) -> u64 {
        self.reader.len()
    }

    /// The revisions, oldest first; at least one. Revision 1 is the first of them.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Bytes after the last revision that no cross-reference section accounts for; empty in a whole file.
    pub fn tail(&self) -> Range<u64> {
        self.revisions.last().map_or(0, |last| last.range.end)..self.length()
    }

    /// Why the last `startxref` of the file could not be followed, where the tail has one.
    pub fn tail_fault(&self) -> Option<&PdfError> {
        self.tail_fault.as_ref()
    }

    /// The document as it was when revision `number` (from 1) was the last.
    pub fn at_revision(&self, number: usize) -> Option<View<'_, 's>> {
        let index = number.checked_sub(1).filter(|index| *index < self.revisions.len())?;
        Some(View { file: self, index })
    }

    /// The document as it is now.
    pub fn latest(&self) -> View<'_, 's> {
        View {
            file: self,
            index: self.revisions.len() - 1,
        }
    }

    /// The bytes of a range of the file, borrowed where the source lies in memory.
    pub fn bytes(&self, range: Range<u64>) -> Result<Cow<'s, [u8]>, PdfError> {
        self.reader.bytes(range)
    }

    /// Gives all bytes of a range to `take`, a piece after the other: the whole at once where the source lies in
    /// memory.
    pub fn in_pieces(&self, range: Range<u64>, mut take: impl FnMut(&[u8])) -> Result<(), PdfError> {
        self.reader.pieces(range, 0, |_, piece| take(piece))
    }

    /// The data of a stream, still encoded.
    pub fn encoded<'a>(&'a self, stream: &'a Stream) -> Result<Cow<'a, [u8]>, PdfError> {
        match &stream.data {
            StreamData::InFile(range) => self.bytes(range.clone()),
            StreamData::Held(data) => Ok(Cow::Borrowed(data)),
        }
    }

    /// Whether two streams have the same data as they are encoded.
    pub(super) fn is_same_data(&self, one: &StreamData, other: &StreamData) -> Result<bool, PdfError> {
        match (one, other) {
            (StreamData::InFile(one), StreamData::InFile(other)) => self.reader.is_same(one.clone(), other.clone()),
            _ => Ok(one == other),
        }
    }

    /// Counts one step of a walk through the document that may be repeated.
    pub(crate) fn count_step(&self) -> Result<(), LimitReached> {
        self.count_steps(1)
    }

    pub(super) fn count_steps(&self, steps: u64) -> Result<(), LimitReached> {
        self.reader.usage.values(&self.reader.limits, steps)
    }

    /// The text of a text string; however often it is decoded, its bytes count.
    pub(crate) fn text(&self, string: &[u8]) -> Result<String, LimitReached> {
        /// Bytes that are decoded in the time of a step.
        const BYTES: usize = 32;
        self.count_steps((string.len() / BYTES) as u64)?;
        Ok(decode_text(string))
    }

    /// Counts a name in a change that is told.
    pub(super) fn count_told(&self, name: &str) -> Result<(), LimitReached> {
        self.reader.usage.told(&self.reader.limits, name.len() as u64)
    }

    /// Begins a revision after this document. One with a tail is refused: what would the new revision follow?
    pub fn update(&self) -> Result<Update, WriteError> {
        let last = self
            .revisions
            .last()
            .filter(|_| self.tail().is_empty())
            .ok_or(WriteError::Tail)?;
        Update::known(Known {
            length: self.length(),
            startxref: last.startxref,
            section: last.section,
            is_line_ended: last.range.end > last.marker_end,
            trailer: last.trailer.clone(),
        })
    }

    /// Objects of earlier revisions that revision `number` (from 1) puts elsewhere: replaced or freed.
    pub fn overridden(&self, number: usize) -> Vec<u32> {
        let (Some(before), Some(revision)) = (
            number.checked_sub(1).and_then(|before| self.at_revision(before)),
            self.revisions.get(number.wrapping_sub(1)),
        ) else {
            return Vec::new();
        };
        let replaced = |(number, entry): &(u32, Entry)| match before.place(*number) {
            None | Some((_, Entry::Free)) => false,
            Some((_, earlier)) => earlier != *entry,
        };
        revision.entries().filter(replaced).map(|(number, _)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{append, document, id, numbered, open, revision, stream};
    use crate::pdf::view::REFERENCE_CHAIN;
    use proptest::prelude::*;

    const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
    const BOTH: [SectionKind; 2] = [SectionKind::Table, SectionKind::Stream];

    #[expect(clippy::ptr_arg, reason = "a vector coerces to a source, a slice does not")]
    fn error(bytes: &Vec<u8>) -> PdfError {
        PdfFile::open(bytes, &Limits::UPLOAD).map(|_| ()).unwrap_err()
    }

    #[test]
    fn each_revision_has_its_own_view() {
        for section in BOTH {
            let first = document(section, &[CATALOG, "(old)"]);
            let bytes = append(first.clone(), |update| update.put(id(2), &Object::Integer(7)).unwrap());
            let file = open(&bytes);
            assert_eq!(file.revisions().len(), 2);
            assert_eq!(file.revisions()[1].range, first.len() as u64..bytes.len() as u64);
            assert_eq!(file.revisions()[1].section, section);
            assert!(file.tail().is_empty());
            let before = file.at_revision(1).unwrap().object(id(2)).unwrap();
            assert_eq!(before.value, Object::String(b"old".to_vec()));
            assert_eq!(file.latest().object(id(2)).unwrap().value, Object::Integer(7));
            assert_eq!(file.overridden(2), [2]);
            assert!(file.latest().catalog().unwrap().is("Type", "Catalog"));
            assert!(file.latest().object(id(99)).unwrap().value.is_null());
        }
    }

    #[test]
    fn objects_in_an_object_stream_are_read() {
        let container = stream("/Type/ObjStm/N 2/First 8", "3 0 4 5 (abc)/Name");
        let mut bytes = b"%PDF-2.0\n".to_vec();
        let mut offsets = Vec::new();
        for (number, body) in [(1, CATALOG), (2, container.as_str())] {
            offsets.push(bytes.len());
            bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
        }
        let start = bytes.len();
        let rows = format!(
            "01{:08x}0001{:08x}0002{:08x}0002{:08x}0101{start:08x}00",
            offsets[0], offsets[1], 2, 2
        );
        let head = "/Type/XRef/W[1 4 1]/Index[1 5]/Size 6/Root 1 0 R/Filter/ASCIIHexDecode";
        let section = stream(head, &rows);
        bytes.extend_from_slice(format!("5 0 obj\n{section}\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
        let file = open(&bytes);
        assert_eq!(
            file.latest().object(id(3)).unwrap().value,
            Object::String(b"abc".to_vec())
        );
        assert_eq!(file.latest().object(id(4)).unwrap().value, Object::name("Name"));
        assert_eq!(file.latest().object(id(4)).unwrap().extent, None);
    }

    #[test]
    fn a_hybrid_file_shows_its_hidden_objects() {
        let mut bytes = b"%PDF-2.0\n".to_vec();
        let catalog = bytes.len();
        bytes.extend_from_slice(format!("1 0 obj\n{CATALOG}\nendobj\n").as_bytes());
        let hidden = bytes.len();
        bytes.extend_from_slice(b"2 0 obj\n(hidden)\nendobj\n");
        let section = bytes.len();
        let head = "/Type/XRef/W[1 4 0]/Index[2 1]/Size 4/Filter/ASCIIHexDecode";
        let object = stream(head, &format!("01{hidden:08x}"));
        bytes.extend_from_slice(format!("3 0 obj\n{object}\nendobj\n").as_bytes());
        let table = bytes.len();
        let entries = format!("0 3\n0000000000 65535 f \n{catalog:010} 00000 n \n0000000000 00000 f \n");
        let trailer = format!("<</Size 4/Root 1 0 R/XRefStm {section}>>");
        bytes.extend_from_slice(format!("xref\n{entries}trailer\n{trailer}\nstartxref\n{table}\n%%EOF\n").as_bytes());
        let file = open(&bytes);
        assert_eq!(
            file.latest().object(id(2)).unwrap().value,
            Object::String(b"hidden".to_vec())
        );
        let bytes = append(bytes.clone(), |update| update.put(id(4), &Object::Null).unwrap());
        assert!(open(&bytes).revisions()[1].trailer.get("XRefStm").is_none());
    }

    #[test]
    fn an_entry_that_is_free_may_have_any_generation() {
        let table = String::from_utf8(document(SectionKind::Table, &[CATALOG])).unwrap();
        let above = table.replace("0000000000 65535 f", "0000000000 65536 f");
        assert_ne!(above, table);
        assert_eq!(open(&above.into_bytes()).latest().place(0), Some((1, Entry::Free)));
        let in_use = table.replace(" 00000 n", " 65536 n").into_bytes();
        assert!(PdfFile::open(&in_use, &Limits::UPLOAD).is_err());
    }

    #[test]
    fn a_linearised_file_is_one_revision() {
        let mut bytes = b"%PDF-1.4\n".to_vec();
        let first = bytes.len();
        let patch = |table: &str, main: usize| {
            format!(
                "xref\n1 1\n{table} 00000 n \ntrailer\n<</Size 3/Root 1 0 R/Prev {main:010}>>\nstartxref\n0\n%%EOF\n"
            )
        };
        let head = patch("0000000000", 0).len();
        let catalog = first + head;
        let body = format!("1 0 obj\n{CATALOG}\nendobj\n");
        let second = catalog + body.len();
        let main = second + "2 0 obj\n(two)\nendobj\n".len();
        bytes.extend_from_slice(patch(&format!("{catalog:010}"), main).as_bytes());
        bytes.extend_from_slice(body.as_bytes());
        bytes.extend_from_slice(b"2 0 obj\n(two)\nendobj\n");
        let entries = format!("0 1\n0000000000 65535 f \n2 1\n{second:010} 00000 n \n");
        bytes.extend_from_slice(format!("xref\n{entries}trailer\n<</Size 3>>\nstartxref\n{first}\n%%EOF\n").as_bytes());
        let file = open(&bytes);
        assert_eq!(file.revisions().len(), 1);
        assert_eq!(file.revisions()[0].range, 0..bytes.len() as u64);
        assert_eq!(
            file.latest().object(id(2)).unwrap().value,
            Object::String(b"two".to_vec())
        );
        let updated = append(bytes.clone(), |update| update.put(id(2), &Object::Null).unwrap());
        assert_eq!(open(&updated).revisions().len(), 2);
        let text = String::from_utf8(bytes).unwrap();
        let trailer = |root: &str| {
            text.replace("<</Size 3>>", &format!("<</Size 3/Root {root}>>"))
                .into_bytes()
        };
        assert_eq!(open(&trailer("1 0 R")).revisions().len(), 1);
        let rule = "it names another Root than that of the first page";
        assert!(matches!(error(&trailer("2 0 R")), PdfError::Section { rule: found, .. } if found == rule));
    }

    #[test]
    fn an_encrypted_file_is_said_to_be_encrypted() {
        let objects = numbered(1, &[CATALOG, "<</Filter/Standard>>"]);
        for section in BOTH {
            let bytes = revision(
                b"%PDF-2.0\n".to_vec(),
                section,
                &objects,
                3,
                "/Root 1 0 R/Encrypt 2 0 R",
            );
            assert_eq!(error(&bytes), PdfError::Encrypted);
        }
    }

    #[test]
    fn what_no_section_accounts_for_is_the_tail() {
        let first = document(SectionKind::Table, &[CATALOG, "(old)"]);
        let body = b"2 0 obj\n(new)\nendobj\n";
        for tail in [
            body.to_vec(),
            [body.as_slice(), b"startxref\n9\n%%EOF\n"].concat(),
            vec![b' '; 5000],
        ] {
            let bytes = [first.clone(), tail].concat();
            let file = open(&bytes);
            assert_eq!(file.tail(), first.len() as u64..bytes.len() as u64);
            assert_eq!(
                file.latest().object(id(2)).unwrap().value,
                Object::String(b"old".to_vec())
            );
            assert_eq!(file.update().unwrap_err(), WriteError::Tail);
        }
    }

    #[test]
    fn a_chain_that_does_not_lead_back_is_refused() {
        let first = document(SectionKind::Table, &[CATALOG]);
        let own = first.len();
        let looped = revision(
            first.clone(),
            SectionKind::Table,
            &[],
            2,
            &format!("/Root 1 0 R/Prev {own}"),
        );
        // The tail that cannot be followed leaves the first revision.
        assert_eq!(open(&looped).revisions().len(), 1);
        assert!(!open(&looped).tail().is_empty());
        let only = revision(b"%PDF-2.0\n".to_vec(), SectionKind::Table, &[], 1, "/Root 1 0 R/Prev 9");
        assert_eq!(error(&only), PdfError::PreviousNotBefore { offset: 9, previous: 9 });
    }

    #[test]
    fn an_entry_that_leads_elsewhere_is_named() {
        let first = document(SectionKind::Table, &[CATALOG, "(old)"]);
        let text = String::from_utf8(first).unwrap();
        let swapped = text.replace("0000000009 00000 n", "0000000010 00000 n").into_bytes();
        assert!(matches!(
            open(&swapped).latest().object(id(1)),
            Err(PdfError::Syntax { .. })
        ));
        let second = text.find("2 0 obj").unwrap();
        let swapped = text
            .replace("0000000009 00000 n", &format!("{second:010} 00000 n"))
            .into_bytes();
        let expected = PdfError::OtherObject {
            expected: id(1),
            found: id(2),
            offset: second as u64,
        };
        assert_eq!(open(&swapped).latest().object(id(1)), Err(expected));
        let beyond = text.replace("0000000009 00000 n", "0000009999 00000 n").into_bytes();
        let expected = PdfError::BeyondRevision {
            reference: id(1),
            offset: 9999,
        };
        assert_eq!(open(&beyond).latest().object(id(1)), Err(expected));
    }

    #[test]
    fn a_section_that_lists_an_object_twice_is_refused() {
        let objects = [(1, CATALOG), (1, CATALOG)];
        let bytes = revision(b"%PDF-2.0\n".to_vec(), SectionKind::Table, &objects, 2, "/Root 1 0 R");
        assert!(matches!(error(&bytes), PdfError::EntryTwice { number: 1, .. }));
    }

    #[test]
    fn a_stream_must_end_where_its_length_says() {
        let bytes = document(SectionKind::Table, &[CATALOG, "<</Length 2>>\nstream\nabc\nendstream"]);
        assert!(matches!(
            open(&bytes).latest().object(id(2)),
            Err(PdfError::StreamLength { .. })
        ));
        let bytes = document(
            SectionKind::Table,
            &[CATALOG, "<</Length 3 0 R>>\nstream\nabc\nendstream", "3"],
        );
        let file = open(&bytes);
        let object = file.latest().object(id(2)).unwrap();
        assert_eq!(
            file.latest().decoded(object.value.as_stream().unwrap()).unwrap(),
            b"abc"
        );
    }

    #[test]
    fn objects_that_need_one_another_reach_the_budget() {
        let own = "<</Length 2 0 R>>\nstream\nabc\nendstream";
        let bytes = document(SectionKind::Table, &[CATALOG, own]);
        assert!(matches!(open(&bytes).latest().object(id(2)), Err(PdfError::Limit(_))));
        let bytes = document(SectionKind::Table, &[CATALOG, "3 0 R", "2 0 R"]);
        assert!(matches!(
            open(&bytes).latest().resolve(&Object::Reference(id(2))),
            Err(PdfError::Limit(_))
        ));
    }

    #[test]
    fn objects_that_are_kept_reach_the_budget_of_memory() {
        let bytes = document(SectionKind::Table, &[CATALOG, "(abc)", "(def)"]);
        let held_bytes = 2 * (size_of::<IndirectObject>() + size_of::<Object>() + 3) as u64;
        let read = |held_bytes| {
            let limits = Limits {
                held_bytes,
                ..Limits::UPLOAD
            };
            let reader = PdfFile::open(&bytes, &limits)?;
            [2, 2, 3]
                .map(|number| reader.latest().object(id(number)))
                .into_iter()
                .try_for_each(|read| read.map(drop))
        };
        let trailer = open(&bytes).revisions()[0].trailer.clone();
        let trailer = Object::Dictionary(trailer).held_bytes();
        assert_eq!(read(trailer + held_bytes), Ok(()));
        let reached = LimitReached {
            unit: "bytes of memory for objects",
            allowed: trailer + held_bytes - 1,
        };
        assert_eq!(read(trailer + held_bytes - 1), Err(reached.into()));
    }

    #[test]
    fn a_large_value_counts_each_time_it_is_copied() {
        let large = format!("[{}]", "1 ".repeat(1600));
        let bytes = document(SectionKind::Table, &[CATALOG, &large]);
        let limits = Limits {
            parsed_values: 2000,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        let copied = (0..9).take_while(|_| file.latest().resolve(&Object::Reference(id(2))).is_ok());
        assert_eq!(copied.count(), 3);
        let bytes = document(SectionKind::Table, &[CATALOG, &format!("<</Held{large}>>")]);
        let file = PdfFile::open(&bytes, &limits).unwrap();
        let Object::Dictionary(holder) = file.latest().resolve(&Object::Reference(id(2))).unwrap() else {
            panic!("a dictionary");
        };
        let copied = (0..9).take_while(|_| file.latest().get(&holder, "Held").is_ok());
        assert_eq!(copied.count(), 3, "where it stands inside another");
    }

    #[test]
    fn the_budgets_of_revisions_and_entries_are_reached() {
        let mut bytes = document(SectionKind::Table, &[CATALOG]);
        for _ in 0..2 {
            bytes = append(bytes, |update| update.put(id(1), &Object::Null).unwrap());
        }
        let unit = |limits: Limits| match PdfFile::open(&bytes, &limits).map(|_| ()) {
            Err(PdfError::Limit(reached)) => reached.unit,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            unit(Limits {
                revisions: 2,
                ..Limits::UPLOAD
            }),
            "revisions"
        );
        assert_eq!(
            unit(Limits {
                xref_entries: 3,
                ..Limits::UPLOAD
            }),
            "cross-reference entries"
        );
        let error = PdfFile::open(
            &bytes,
            &Limits {
                tail_bytes: 4,
                ..Limits::UPLOAD
            },
        )
        .map(|_| ())
        .unwrap_err();
        assert_eq!(error, PdfError::NoStartxref { searched: 4 });
    }

    #[test]
    fn what_is_not_a_pdf_is_said_to_be_none() {
        assert_eq!(error(&Vec::new()), PdfError::NotPdf);
        assert_eq!(error(&vec![0; 100_000]), PdfError::NotPdf);
        assert!(matches!(error(&b"%PDF-1.7\n".to_vec()), PdfError::NoStartxref { .. }));
        let after = |bytes: usize| error(&[vec![b' '; bytes], b"%PDF-1.7\n".to_vec()].concat());
        assert_eq!(after(1_019), PdfError::NotFromStart { offset: 1_019 });
        assert_eq!(after(1_020), PdfError::NotPdf);
    }

    /// Reads all that can be read.
    #[expect(clippy::ptr_arg, reason = "a vector coerces to a source, a slice does not")]
    fn read_all(bytes: &Vec<u8>) {
        let Ok(file) = PdfFile::open(bytes, &Limits::UPLOAD) else {
            return;
        };
        for (number, _) in file.revisions().iter().flat_map(Revision::entries) {
            let Ok(object) = file.latest().object(id(number)) else {
                continue;
            };
            if let Some(stream) = object.value.as_stream() {
                let _ = file.latest().decoded(stream);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_flip_or_cut_is_survived(stream_section: bool, at in 0_usize..900, flip in 1_u8..=255, cut: bool) {
            let section = if stream_section { SectionKind::Stream } else { SectionKind::Table };
            let first = document(section, &[CATALOG, &stream("/Filter/ASCIIHexDecode", "6162"), "<</A[1 (x) /N 2 0 R]>>"]);
            let mut bytes = append(first, |update| update.put(id(3), &Object::Integer(1)).unwrap());
            let at = at % bytes.len();
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= flip;
            }
            read_all(&bytes);
        }
    }

    #[test]
    fn references_one_after_another_are_followed_up_to_a_number() {
        let chained = |count: usize| {
            let links: Vec<String> = (0..count).map(|place| format!("{} 0 R", place + 3)).collect();
            let bodies: Vec<&str> = std::iter::once(CATALOG)
                .chain(links.iter().map(String::as_str))
                .chain(["(end)"])
                .collect();
            let bytes = document(SectionKind::Table, &bodies);
            let file = open(&bytes);
            file.latest().resolve(&Object::Reference(id(2)))
        };
        assert_eq!(chained(REFERENCE_CHAIN - 2), Ok(Object::String(b"end".to_vec())));
        let error = chained(REFERENCE_CHAIN - 1).unwrap_err();
        assert!(matches!(error, PdfError::Limit(reached) if reached.allowed == REFERENCE_CHAIN as u64));
    }
}
