//! Whether an update that follows a signature is written in the plain way which every reader reads alike. Others'
//! documents are read however they are written, as far as their meaning is clear; but readers give up, and search for
//! objects, at different faults, and what one of them passes over another one shows. No writer has a reason to leave
//! the plain way in what it appends.
//!
//! Looked at are the cross-reference section of an update, each object that it writes into the file, and each object
//! stream with all that lies in it. What is between the objects is told elsewhere: [`super::accounted`].

use std::collections::BTreeSet;
use std::ops::Range;

use crate::pdf::append::SectionKind;
use crate::pdf::error::PdfError;
use crate::pdf::limits::{LimitReached, Limits};
use crate::pdf::object::{Dictionary, Object, Reference, Stream, StreamData};
use crate::pdf::other_names;
use crate::pdf::view::View;
use crate::pdf::xref::Entry;

use super::accounted::is_blank as is_harmless;
use super::plain::{Odd, Plain};
use super::references::References;

/// Filters that a writer packs the structure with.
const PACKING: &str = "FlateDecode";
/// Entries of an object stream that holds objects of one update (table 16).
const OF_OBJECT_STREAMS: [&str; 6] = ["Type", "N", "First", "Length", "Filter", "DecodeParms"];
/// Bytes of white space between the data of a stream and its end.
const LINE_END: usize = 2;
/// Widths of the fields of a cross-reference stream (table 17): a type, an offset or a number, a generation or an
/// index.
const WIDTHS: [usize; 3] = [1, 8, 4];
/// Bytes that are gone through in the time of a step.
const BYTES_OF_STEP: u64 = 32;

/// Something that readers take in several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ambiguity {
    /// Where it is, or what it is in begins, in bytes.
    pub(super) at: u64,
    /// What is written otherwise than readers agree on.
    pub(super) odd: Odd,
}

/// Why no more is looked at.
enum Stop {
    Odd(Ambiguity),
    Fault(PdfError),
}

impl<E: Into<PdfError>> From<E> for Stop {
    fn from(fault: E) -> Self {
        Self::Fault(fault.into())
    }
}

type Checked<T = ()> = Result<T, Stop>;

fn odd<T>(at: u64, odd: Odd) -> Checked<T> {
    Err(Stop::Odd(Ambiguity { at, odd }))
}

fn must(holds: bool, at: u64, otherwise: Odd) -> Checked {
    if holds { Ok(()) } else { odd(at, otherwise) }
}

/// The first thing in an update that readers may take in several ways.
///
/// # Errors
/// When a budget is used up, the source fails, or an object cannot be read.
pub(super) fn ambiguity(
    before: &View<'_, '_>,
    after: &View<'_, '_>,
    references: &References,
) -> Result<Option<Ambiguity>, PdfError> {
    match (Update { before, after }).check(references) {
        Ok(()) => Ok(None),
        Err(Stop::Odd(found)) => Ok(Some(found)),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

struct Update<'v, 'f, 's> {
    before: &'v View<'f, 's>,
    after: &'v View<'f, 's>,
}

impl Update<'_, '_, '_> {
    fn check(&self, references: &References) -> Checked {
        let revision = self.after.revision();
        // Readers begin with the last.
        let is_last = self.after.number() == self.after.file().revisions().len();
        let is_whole = !is_last || revision.size() >= self.before.revision().size();
        must(is_whole, revision.startxref, "its Size is smaller than that of before")?;
        let listed = match revision.section {
            SectionKind::Table => self.table()?,
            SectionKind::Stream => self.section_stream(references)?,
        };
        self.ranges(&listed)?;
        for (number, entry) in revision.entries() {
            self.after.file().count_step()?;
            self.entry(number, entry)?;
        }
        Ok(())
    }

    /// Subsections, or the ranges of `Index`: the first number of each, and how many. Those of a table stand in any
    /// order with some writers, and no reader minds; those of a stream rise (7.5.8.2).
    fn ranges(&self, ranges: &[(u64, u64)]) -> Checked {
        let revision = self.after.revision();
        let size = revision.size();
        let mut next = 0;
        for &(first, count) in ranges.iter().filter(|range| **range != (0, 0)) {
            let end = first.saturating_add(count);
            let is_plain = count > 0 && first >= next && end <= size;
            must(
                is_plain,
                revision.startxref,
                "its numbers do not rise, are none, or lie beyond Size",
            )?;
            if revision.section == SectionKind::Stream {
                next = end;
            }
        }
        Ok(())
    }

    /// What one entry leads to.
    fn entry(&self, number: u32, entry: Entry) -> Checked {
        let revision = self.after.revision();
        let at = revision.startxref;
        let earlier = self.before.place(number).map(|(_, earlier)| earlier);
        if earlier == Some(entry) {
            return Ok(());
        }
        match entry {
            Entry::Free => Ok(()),
            Entry::InFile { offset, generation } => {
                let is_fresh = earlier.is_none();
                must(!is_fresh || generation == 0, at, "a new object has a generation")?;
                let is_here = revision.range.contains(&offset);
                must(is_here, at, "an entry leads to bytes of before")?;
                self.object(Reference { number, generation }, offset)
            }
            Entry::Compressed { container, .. } => {
                let is_here = revision.section == SectionKind::Stream
                    && matches!(revision.entry(container), Some(Entry::InFile { .. }));
                must(is_here, at, "an entry leads into an object stream of before")?;
                self.unique(&self.after.object(Reference::new(number))?.value, at)
            }
        }
    }

    /// `xref`, the subsections, the trailer and what closes the revision.
    fn table(&self) -> Checked<Vec<(u64, u64)>> {
        let revision = self.after.revision();
        let bytes = self.bytes(revision.startxref..revision.range.end)?;
        let mut plain = Plain::new(&bytes, self.after.file().length());
        let read = self.rows_of_table(&mut plain).and_then(|listed| {
            plain.blank();
            plain.value()?;
            Ok(listed)
        });
        let place = |plain: &Plain<'_>| revision.startxref + plain.position() as u64;
        let listed = read.or_else(|found| odd(place(&plain), found))?;
        self.unique(&Object::Dictionary(revision.trailer.clone()), place(&plain))?;
        self.closing(plain.rest(), place(&plain))?;
        Ok(listed)
    }

    fn rows_of_table(&self, plain: &mut Plain<'_>) -> Result<Vec<(u64, u64)>, Odd> {
        const SHAPE: Odd = "it is no table of subsections and entries alone";
        /// `nnnnnnnnnn ggggg n` and a line end of two bytes (7.5.4).
        const ROW: usize = 20;
        let mut ranges = Vec::new();
        plain.word(b"xref", SHAPE)?;
        let mut is_apart = plain.blank() > 0;
        while is_apart && !plain.rest().starts_with(b"trailer") {
            let first = plain.unsigned(SHAPE)?;
            let is_counted = plain.blank() > 0;
            let count = plain.unsigned(SHAPE)?;
            is_apart = is_counted && plain.blank() > 0;
            for _ in 0..count {
                let row = plain.rest().get(..ROW).ok_or(SHAPE)?;
                let next = std::str::from_utf8(&row[..10])
                    .ok()
                    .and_then(|digits| digits.parse().ok());
                if row[17] == b'f' && next.is_none_or(|next: u64| next > Limits::OBJECT_NUMBER.into()) {
                    return Err("a free entry leads to no object number");
                }
                plain.skip(ROW);
            }
            plain.blank();
            ranges.push((first, count));
        }
        plain.word(b"trailer", SHAPE)?;
        Ok(ranges)
    }

    /// What follows a section: harmless comments, `startxref`, the offset and the end mark.
    fn closing(&self, rest: &[u8], at: u64) -> Checked {
        let revision = self.after.revision();
        let start = memchr::memmem::rfind(rest, b"startxref").unwrap_or(0);
        let (between, closing) = rest.split_at(start);
        let mut plain = Plain::new(closing, self.after.file().length());
        let read = plain.word(b"startxref", "").and_then(|()| {
            plain.blank();
            let named = plain.unsigned("")?;
            plain.blank();
            plain.word(b"%%EOF", "")?;
            plain.blank();
            Ok(named)
        });
        let is_plain = read == Ok(revision.startxref) && plain.rest().is_empty() && is_harmless(between);
        must(is_plain, at, "it does not end with startxref, its own offset and %%EOF")
    }

    /// The cross-reference stream of the update. Its number is a new one, or that of an earlier such stream: a reader
    /// that searches for objects takes its data for what it has the number of.
    fn section_stream(&self, references: &References) -> Checked<Vec<(u64, u64)>> {
        let (file, revision) = (self.after.file(), self.after.revision());
        let at = revision.startxref;
        let reference = file.reader.parse(at..revision.range.end, |parser| parser.header())?;
        let number = reference.number;
        let listed = revision.entry(number);
        let own = Entry::InFile {
            offset: at,
            generation: 0,
        };
        let is_listed = listed.is_none_or(|listed| listed == own);
        must(
            is_listed && reference.generation == 0,
            at,
            "its stream has the number of another object",
        )?;
        let is_free = match self.before.place(number) {
            None | Some((_, Entry::Free)) => references.users(number, self.before.number()).next().is_none(),
            Some((_, Entry::InFile { offset, .. })) => self.is_section(offset),
            Some((_, Entry::Compressed { .. })) => false,
        };
        must(is_free, at, "its stream has the number of another object")?;
        let dictionary = &revision.trailer;
        let size = revision.size();
        must(u64::from(number) < size, at, "the number of its stream is beyond Size")?;
        let read = self.after.read_in_file(reference, at, revision.range.end)?;
        let (Object::Stream(stream), Some(extent)) = (&read.value, &read.extent) else {
            return odd(at, "it is no stream");
        };
        self.written(&read.value, extent)?;
        let after = extent.end..revision.range.end;
        self.closing(&self.bytes(after)?, extent.end)?;
        let numbers = |key: &str| -> Option<Vec<u64>> {
            dictionary
                .get(key)?
                .as_array()?
                .iter()
                .map(Object::as_unsigned)
                .collect()
        };
        let widths: Vec<usize> = numbers("W")
            .unwrap_or_default()
            .into_iter()
            .map(|width| width as usize)
            .collect();
        let [kind, second, third] = widths[..] else {
            return odd(at, "its W is no three widths");
        };
        let is_usual = kind == WIDTHS[0] && (1..=WIDTHS[1]).contains(&second) && third <= WIDTHS[2];
        must(is_usual, at, "its W has widths that are not usual")?;
        self.packed(stream, Some(kind + second + third), at)?;
        for row in self.after.decoded_whole(stream)?.chunks_exact(kind + second + third) {
            file.count_step()?;
            let (next, generation) = (big_endian(&row[kind..kind + second]), big_endian(&row[kind + second..]));
            let is_known = match row.first() {
                None => false,
                Some(0) => next <= Limits::OBJECT_NUMBER.into() && generation <= u16::MAX.into(),
                Some(kind) => matches!(kind, 1 | 2),
            };
            must(
                is_known,
                at,
                "an entry has a type that is not known, or is free and leads to no object number",
            )?;
        }
        let index = numbers("Index").unwrap_or_else(|| vec![0, size]);
        Ok(index.chunks_exact(2).map(|range| (range[0], range[1])).collect())
    }

    /// Whether an earlier revision has a cross-reference stream at an offset.
    fn is_section(&self, offset: u64) -> bool {
        let revisions = &self.after.file().revisions()[..self.before.number()];
        revisions.iter().any(|revision| {
            let named = ["Prev", "XRefStm"]
                .into_iter()
                .filter_map(|key| revision.trailer.get(key)?.as_unsigned());
            revision.startxref == offset || named.into_iter().any(|named| named == offset)
        })
    }

    /// An object of the update that stands in the file itself.
    fn object(&self, reference: Reference, offset: u64) -> Checked {
        if offset == self.after.revision().startxref {
            return Ok(());
        }
        let read = self.after.object(reference)?;
        let Some(extent) = &read.extent else {
            return odd(offset, "an entry leads to no object");
        };
        self.written(&read.value, extent)?;
        match &read.value {
            Object::Stream(stream) if stream.dictionary.is("Type", "ObjStm") => self.object_stream(stream, offset),
            _ => Ok(()),
        }
    }

    /// `N G obj`, a value and `endobj`, with the data of a stream behind it.
    fn written(&self, value: &Object, extent: &Range<u64>) -> Checked {
        const FRAME: Odd = "an object is not framed by its number, obj and endobj alone";
        let data = match value {
            Object::Stream(Stream {
                data: StreamData::InFile(data),
                ..
            }) => data.clone(),
            _ => extent.end..extent.end,
        };
        let (head, foot) = (self.bytes(extent.start..data.start)?, self.bytes(data.end..extent.end)?);
        let length = self.after.file().length();
        let (mut plain, mut end) = (Plain::new(&head, length), Plain::new(&foot, length));
        let mut frame = || {
            plain.blank();
            plain.unsigned(FRAME)?;
            let is_apart = plain.blank() > 0;
            plain.unsigned(FRAME)?;
            if !is_apart || plain.blank() == 0 {
                return Err(FRAME);
            }
            plain.word(b"obj", FRAME)?;
            plain.blank();
            plain.value()?;
            plain.blank();
            if let Object::Stream(_) = value {
                plain.word(b"stream", FRAME)?;
                plain.line_end(FRAME)?;
                if end.blank() > LINE_END {
                    return Err("the data of a stream do not end where its Length says");
                }
                end.word(b"endstream", FRAME)?;
                end.blank();
                end.word(b"endobj", FRAME)
            } else {
                plain.word(b"endobj", FRAME)
            }
        };
        let framed = frame();
        framed.or_else(|found| odd(extent.start, found))?;
        must(plain.rest().is_empty() && end.rest().is_empty(), extent.start, FRAME)?;
        self.unique(value, extent.start)?;
        match value {
            Object::Stream(stream) => plain_names(&stream.dictionary, extent.start),
            _ => Ok(()),
        }
    }

    /// 7.5.7, as writers write it: packed or not, a table of numbers, and one object behind the other.
    fn object_stream(&self, stream: &Stream, at: u64) -> Checked {
        const TABLE: Odd = "the table of an object stream does not say where its objects begin and end";
        let dictionary = &stream.dictionary;
        let is_known = |key: &[u8]| OF_OBJECT_STREAMS.iter().any(|known| known.as_bytes() == key);
        let is_plain = dictionary.iter().all(|(key, _)| is_known(&key.0));
        must(is_plain, at, "an object stream has entries beside its own")?;
        self.packed(stream, None, at)?;
        let count = |key: &str| dictionary.get(key).and_then(Object::as_unsigned);
        let (Some(objects), Some(first)) = (count("N"), count("First")) else {
            return odd(at, TABLE);
        };
        let data = self.after.decoded_whole(stream)?;
        self.count(data.len() as u64)?;
        let Some((table, objects_data)) = usize::try_from(first)
            .ok()
            .and_then(|first| data.split_at_checked(first))
        else {
            return odd(at, TABLE);
        };
        let mut plain = Plain::new(table, 0);
        let mut seen = BTreeSet::new();
        let mut offsets = Vec::new();
        for _ in 0..objects {
            self.after.file().count_step()?;
            plain.blank();
            let number = plain.unsigned(TABLE);
            let is_apart = plain.blank() > 0;
            let offset = plain
                .unsigned(TABLE)
                .ok()
                .and_then(|offset| usize::try_from(offset).ok());
            let (Ok(number), Some(offset), true) = (number, offset, is_apart) else {
                return odd(at, TABLE);
            };
            must(seen.insert(number), at, TABLE)?;
            offsets.push(offset);
        }
        plain.blank();
        let is_from_start = offsets.first().is_none_or(|offset| *offset == 0);
        must(plain.rest().is_empty() && is_from_start, at, TABLE)?;
        let ends = offsets.iter().skip(1).copied().chain([objects_data.len()]);
        for (start, end) in offsets.iter().zip(ends) {
            let Some(object) = objects_data.get(*start..end) else {
                return odd(at, TABLE);
            };
            let mut plain = Plain::new(object, self.after.file().length());
            plain.value().or_else(|found| odd(at, found))?;
            // What ends by no character of its own goes on with the next.
            let ends = object[..plain.position()].ends_with(b">") || object[..plain.position()].ends_with(b"]");
            let is_apart = plain.blank() > 0 || ends || end == objects_data.len();
            must(
                is_apart && plain.rest().is_empty(),
                at,
                "something stands between the objects of an object stream, or nothing",
            )?;
        }
        Ok(())
    }

    /// Whether a stream of the structure is packed as writers do it: not at all, or by one filter that every reader
    /// has; the rows of a cross-reference stream, of that width, with a predictor or not.
    fn packed(&self, stream: &Stream, row: Option<usize>, at: u64) -> Checked {
        let one = |key: &str| match stream.dictionary.get(key) {
            Some(Object::Array(elements)) if elements.len() <= 1 => elements.first().filter(|one| !one.is_null()),
            other => other,
        };
        let filter = one("Filter");
        let is_packed = filter.is_none_or(|filter| filter.as_name().is_some_and(|name| name == PACKING));
        must(is_packed, at, "its filter is not FlateDecode alone")?;
        let Some(parameters) = one("DecodeParms") else {
            return Ok(());
        };
        let is_usual = parameters.as_dictionary().is_some_and(|parameters| {
            parameters
                .iter()
                .all(|(key, value)| match (key.0.as_slice(), value.as_integer()) {
                    (b"Predictor", Some(predictor)) => matches!(predictor, 1 | 10..=15),
                    (b"Columns", Some(columns)) => row.and_then(|row| i64::try_from(row).ok()) == Some(columns),
                    (b"Colors", Some(colors)) => colors == 1,
                    (b"BitsPerComponent", Some(bits)) => bits == 8,
                    _ => false,
                })
        });
        must(
            filter.is_some() && is_usual && row.is_some(),
            at,
            "its DecodeParms are not usual",
        )
    }

    /// No key twice, however deep.
    fn unique(&self, value: &Object, at: u64) -> Checked {
        match value {
            Object::Array(elements) => elements.iter().try_for_each(|element| self.unique(element, at)),
            Object::Dictionary(dictionary) | Object::Stream(Stream { dictionary, .. }) => {
                must(dictionary.duplicates().is_empty(), at, "a dictionary has a key twice")?;
                dictionary.iter().try_for_each(|(_, value)| self.unique(value, at))
            }
            _ => Ok(()),
        }
    }

    fn bytes(&self, range: Range<u64>) -> Checked<std::borrow::Cow<'_, [u8]>> {
        self.count(range.end.saturating_sub(range.start))?;
        Ok(self.after.file().bytes(range)?)
    }

    fn count(&self, bytes: u64) -> Result<(), LimitReached> {
        self.after.file().count_steps(bytes / BYTES_OF_STEP)
    }
}

/// Whether a stream has no entry, and no filter, under a name that some readers do not know.
fn plain_names(dictionary: &Dictionary, at: u64) -> Checked {
    let is_elsewhere = dictionary.iter().any(|(key, _)| *key == *other_names::ELSEWHERE);
    must(
        !is_elsewhere && !other_names::are_in(dictionary),
        at,
        "a stream has an entry that some readers take for another",
    )?;
    must(
        !other_names::are_filters_of(dictionary),
        at,
        "a filter is not named where and as every reader knows it",
    )
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::testing::{append, document, id, open, revision, stream};

    const BODIES: [&str; 3] = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages>>", "(content)"];

    fn found(bytes: &Vec<u8>) -> Option<Odd> {
        let file = open(bytes);
        let references = References::read(&file).unwrap();
        let last = file.revisions().len();
        let (before, after) = (file.at_revision(last - 1).unwrap(), file.at_revision(last).unwrap());
        ambiguity(&before, &after, &references).unwrap().map(|found| found.odd)
    }

    /// What is found in an update of objects 1 to 3, and 4 that is the first cross-reference stream: objects with their
    /// bodies, further rows, and the number of its own cross-reference stream.
    fn found_in(objects: &[(u32, &str)], rows: &[(u32, [u64; 3])], own: u32) -> Option<Odd> {
        let mut bytes = document(SectionKind::Stream, &BODIES);
        let previous = open(&bytes).revisions()[0].startxref;
        let mut rows = rows.to_vec();
        for (number, body) in objects {
            rows.push((*number, [1, bytes.len() as u64, 0]));
            bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        }
        let start = bytes.len();
        if rows.iter().all(|(number, _)| *number != own) {
            rows.push((own, [1, start as u64, 0]));
        }
        rows.sort_unstable();
        let size = rows.last().map_or(5, |(last, _)| last + 1).max(own + 1).max(5);
        let index: String = rows.iter().map(|(number, _)| format!("{number} 1 ")).collect();
        let data: Vec<u8> = rows
            .iter()
            .flat_map(|(_, [kind, second, third])| {
                let fields = [
                    &kind.to_be_bytes()[7..],
                    &second.to_be_bytes(),
                    &third.to_be_bytes()[4..],
                ];
                fields.concat()
            })
            .collect();
        let entries = format!("/Type/XRef/W[1 8 4]/Index[{index}]/Size {size}/Root 1 0 R/Prev {previous}");
        bytes.extend(format!("{own} 0 obj\n<<{entries}/Length {}>>stream\n", data.len()).bytes());
        bytes.extend(data);
        bytes.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
        found(&bytes)
    }

    #[test]
    fn updates_as_writers_write_them_are_plain() {
        for section in [SectionKind::Table, SectionKind::Stream] {
            let bytes = append(document(section, &BODIES), |update| {
                update.put(id(2), &Object::Null).unwrap();
                update.add(&Object::Real(0.5.into())).unwrap();
            });
            assert_eq!(found(&bytes), None);
        }
        let objects = stream("/Type/ObjStm/N 2/First 8", "2 0 6 5 (a)\n <</B[1 0 R]>>");
        let held = [(2, [2, 5, 0]), (6, [2, 5, 1]), (9, [0, 0, 65_535])];
        assert_eq!(found_in(&[(5, &objects)], &held, 7), None);
    }

    #[test]
    fn a_cross_reference_stream_has_the_number_of_no_other_object() {
        const OTHER: Option<Odd> = Some("its stream has the number of another object");
        assert_eq!(found_in(&[(1, BODIES[0])], &[], 9), None);
        assert_eq!(found_in(&[(1, BODIES[0])], &[], 4), None, "as the one before");
        assert_eq!(found_in(&[(1, BODIES[0])], &[], 3), OTHER);
        assert_eq!(found_in(&[(1, BODIES[0])], &[(3, [0, 0, 0])], 3), OTHER);
        assert_eq!(
            found_in(&[(1, "<</Type/Catalog/Pages 2 0 R>>")], &[(8, [2, 5, 0])], 8),
            OTHER
        );
    }

    #[test]
    fn a_free_entry_has_no_room_for_content() {
        for row in [[0, 1 << 40, 0], [0, 0, 1 << 20], [0, u64::MAX, 0]] {
            assert!(found_in(&[], &[(6, row)], 7).is_some(), "{row:?}");
        }
    }

    #[test]
    fn a_table_has_subsections_with_entries_and_is_followed_by_nothing_else() {
        let tampered = |from: &str, to: &str| {
            let bytes = append(document(SectionKind::Table, &BODIES), |update| {
                update.put(id(2), &Object::Null).unwrap();
            });
            let at = memchr::memmem::rfind(&bytes, b"\nxref\n").unwrap();
            let (before, section) = (&bytes[..at], String::from_utf8_lossy(&bytes[at..]).into_owned());
            assert!(section.contains(from), "{section}");
            found(&[before, section.replacen(from, to, 1).as_bytes()].concat())
        };
        for (from, to) in [
            ("trailer", "0 0\ntrailer"),
            ("startxref", "%iText\nstartxref"),
            ("xref\n2", "xref\r\n2"),
            ("2 1\n", "2 1 \n"),
        ] {
            assert_eq!(tampered(from, to), None, "{to:?}");
        }
        for (from, to) in [
            ("trailer", "99999999999 0\ntrailer"),
            ("trailer", "3 0\ntrailer"),
            ("trailer", "9 1\n0000000000 00000 f \ntrailer"),
            ("trailer", "3 1\n9999999999 00000 f \ntrailer"),
            ("trailer", "% \ntrailer"),
            ("trailer\n", "trailer\0"),
            ("/Size 4", "/Size 2"),
            ("/Size 4", "/Size 3"),
            ("startxref", "%endobj\nstartxref"),
        ] {
            assert!(tampered(from, to).is_some(), "{to:?}");
        }
    }

    #[test]
    fn an_object_stream_is_its_objects_one_behind_the_other() {
        let found = |entries: &str, data: &str| {
            let held = [(2, [2, 5, 0]), (6, [2, 5, 1])];
            found_in(&[(5, &stream(entries, data))], &held, 7)
        };
        const HEAD: &str = "/Type/ObjStm/N 2/First 8";
        assert_eq!(found(HEAD, "2 0 6 4 (a) (b)"), None);
        for data in [
            "2 0 6 4 (a) (b) stream",
            "2 0 6 11 (a) stream (b)",
            "2 0 6 7 (a) % (b)",
            "2 0 6 5 (a)\x0c (b)",
            "2 1 6 5  (a) (b)",
            "2 4 6 0 (a) (b)",
            "2 0 6 0 (a) (b)",
            "2 0 6 2 1 2 (b)",
            "2 0 6 1 11",
            "2 0 6 4\t(a) <</A 1/A 2>>",
        ] {
            assert!(found(HEAD, data).is_some(), "{data}");
        }
        let digits = "/Filter/ASCIIHexDecode";
        for entries in [
            digits,
            "/DP null",
            "/F(a)",
            "/Extends 3 0 R",
            "/Filter/Fl",
            "/DecodeParms<</Predictor 1>>",
        ] {
            let data = if entries == digits {
                "32203020362034202861292028622920>"
            } else {
                "2 0 6 4 (a) (b)"
            };
            let found = std::panic::catch_unwind(|| found(&format!("{HEAD}{entries}"), data));
            assert!(found.is_err() || found.is_ok_and(|found| found.is_some()), "{entries}");
        }
    }

    #[test]
    fn an_update_nests_values_no_deeper_than_writers_do() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let in_object = |levels| found_in(&[(2, &nested(levels))], &[], 7);
        let in_stream = |levels| {
            let objects = stream("/Type/ObjStm/N 1/First 4", &format!("2 0 {}", nested(levels)));
            found_in(&[(5, &objects)], &[(2, [2, 5, 0])], 7)
        };
        let in_trailer = |levels: usize| {
            let bytes = document(SectionKind::Table, &BODIES);
            let previous = open(&bytes).revisions()[0].startxref;
            let trailer = format!("/Root 1 0 R/Prev {previous}/X{}", nested(levels - 1));
            let bytes = revision(bytes, SectionKind::Table, &[(2, "null")], 4, &trailer);
            found(&bytes)
        };
        let places: [&dyn Fn(usize) -> Option<Odd>; 3] = [&in_object, &in_stream, &in_trailer];
        for at in places {
            assert_eq!(at(20), None);
            assert_eq!(at(21), Some("it has too many levels"));
        }
    }

    #[test]
    fn an_object_is_written_as_every_reader_takes_it() {
        let found = |body: &str| found_in(&[(2, body)], &[], 7);
        for body in [
            "<</A[-1 .5 4. 007]/B#20C(a\\)(b))/D<41 42>/E true/F null/G 1 0 R>>",
            "<</A/\u{4e00}>>",
            "[]",
        ] {
            assert_eq!(found(body), None, "{body}");
        }
        for body in [
            "<</A 1/A 2>>",
            "[<</B<</A 1/#41 2>>>>]",
            "<</A % \n 1>>",
            "<</A\x0c1>>",
            "<</A\x0b 1>>",
            "4294967396",
            "[01 0 R]",
            "<</\u{4e00} 1>>",
        ] {
            assert!(found(body).is_some(), "{body}");
        }
        assert_eq!(found(&stream("/Filter/FlateDecode", "x")), None);
        for entries in [
            "/DP null",
            "/F(a)",
            "/FFilter/Fl",
            "/Filter/Fl",
            "/Filter[/A85]",
            "/Subtype/Image/W 1",
        ] {
            assert!(found(&stream(entries, "x")).is_some(), "{entries}");
        }
    }
}
