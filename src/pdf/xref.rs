//! Reads one cross-reference section: a table with its trailer (ISO 32000-2, 7.5.4 and 7.5.5), a cross-reference stream
//! (7.5.8), or both in a hybrid file (7.5.8.4); and what closes it, `startxref … %%EOF`.

use std::collections::BTreeMap;

use super::append::SectionKind;
use super::error::PdfError;
use super::filter::{self, Step};
use super::limits::{LimitReached, Limits};
use super::object::{Dictionary, Object};
use super::other_names;
use super::parser::{Fault, Parser};
use super::reader::Reader;

/// Where an object is, as a cross-reference entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Nowhere: the number is free, or of a type that is to be read as null (7.5.8.3).
    Free,
    /// At a byte offset of the file.
    InFile {
        /// Offset in bytes.
        offset: u64,
        /// Generation number.
        generation: u16,
    },
    /// In an object stream, where every generation is 0.
    Compressed {
        /// Object number of the stream.
        container: u32,
        /// Position among the objects of the stream, from 0.
        index: u32,
    },
}

impl Entry {
    /// The generation of what stands there: 0 of what is in an object stream, and where nothing is.
    pub(super) fn generation(self) -> u16 {
        match self {
            Self::InFile { generation, .. } => generation,
            Self::Free | Self::Compressed { .. } => 0,
        }
    }
}

/// What of a section readers take each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parting {
    /// Whether the object of that number is in use, or where.
    Entry(u32),
    /// How the section is decoded, which is the stream of that number.
    Decoding(u32),
}

/// Most bytes from `startxref` to `%%EOF`, both included.
const LONGEST_CLOSING: u64 = 128;
/// Widest fields of a cross-reference stream that every reader takes, in bytes (table 17, W).
const WIDEST: [u64; 3] = [4, 8, 4];
/// Highest type of an entry of a cross-reference stream (7.5.8.3, table 18).
const KNOWN_TYPES: u64 = 2;

/// One section as it stands in the file.
pub(super) struct Section {
    pub(super) offset: u64,
    pub(super) kind: SectionKind,
    pub(super) trailer: Dictionary,
    /// Sorted by object number, each number once.
    pub(super) entries: Vec<(u32, Entry)>,
    /// As [`Entries::parting`].
    pub(super) parting: Option<Parting>,
    /// What follows it. The first section of a linearised file may lack it where it is a stream, since its offset leads
    /// nowhere (Annex F.3.4).
    pub(super) closing: Option<Closing>,
}

/// `startxref N %%EOF`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closing {
    /// The offset that it names.
    pub(super) startxref: u64,
    /// Offset after the end-of-file marker.
    pub(super) marker_end: u64,
    /// Offset after the line end that follows the marker; the same if none does.
    pub(super) end: u64,
}

/// Reads the section at `offset` with what belongs to it. `entries_left` is the budget of entries still allowed.
pub(super) fn read(reader: &Reader<'_>, offset: u64, entries_left: usize) -> Result<Section, PdfError> {
    let is_table = reader
        .bytes(offset..offset.saturating_add(4).min(reader.len()))
        .is_ok_and(|bytes| bytes.as_ref() == b"xref");
    if !is_table {
        let (trailer, entries, after) = read_stream(reader, offset, entries_left)?;
        let closing = match read_closing(reader, offset, after) {
            Ok(closing) => Some(closing),
            Err(PdfError::Section { .. }) => None,
            Err(other) => return Err(other),
        };
        return Ok(Section {
            offset,
            kind: SectionKind::Stream,
            trailer,
            entries: entries.listed,
            parting: entries.parting,
            closing,
        });
    }
    let (table, trailer, after) = reader.parse(offset..reader.len(), |parser| {
        parse_table(parser, &reader.limits, entries_left)
    })?;
    let wrong = |rule| PdfError::Section { offset, rule };
    check_trailer(&trailer, offset)?;
    let mut entries = sorted(table, offset)?;
    if let Some(hidden) = trailer.get("XRefStm").filter(|_| reader.knows_hidden) {
        let at = hidden.as_unsigned().filter(|at| *at < offset);
        let at = at.ok_or_else(|| wrong("its XRefStm is not an offset before it"))?;
        let (_, hidden, _) = read_stream(reader, at, entries_left.saturating_sub(entries.listed.len()))?;
        let previous = trailer.get("Prev").and_then(Object::as_unsigned);
        entries = hybrid(entries, hidden, offset, previous.is_some_and(|previous| at < previous))?;
    }
    let closing = Some(read_closing(reader, offset, after)?);
    Ok(Section {
        offset,
        kind: SectionKind::Table,
        trailer,
        entries: entries.listed,
        parting: entries.parting,
        closing,
    })
}

/// Reads `startxref N %%EOF` at an offset, after any white space and comments. Readers look for it in the last bytes of
/// a file, a thousand or four thousand, and not all take every white space for one: where they do not find it, they
/// search for objects instead.
pub(super) fn parse_closing(parser: &mut Parser<'_>) -> Result<Closing, Fault> {
    parser.skip_space()?;
    let start = parser.offset();
    parser.literal(b"startxref", "startxref")?;
    parser.blank("white space after startxref")?;
    let startxref = parser.unsigned("an offset")?;
    parser.blank("white space after the offset")?;
    parser.literal(b"%%EOF", "%%EOF")?;
    if parser.offset() - start > LONGEST_CLOSING {
        return parser.expected("no more than 128 bytes from startxref to %%EOF");
    }
    let marker_end = parser.offset();
    match parser.literal(b"\r\n", "a line end") {
        Err(Fault::Syntax { .. }) => {
            let _no_line_end = parser
                .literal(b"\n", "a line end")
                .or_else(|_| parser.literal(b"\r", "a line end"));
        }
        other => other?,
    }
    Ok(Closing {
        startxref,
        marker_end,
        end: parser.offset(),
    })
}

fn read_closing(reader: &Reader<'_>, offset: u64, after: u64) -> Result<Closing, PdfError> {
    reader
        .parse(after..reader.len(), parse_closing)
        .map_err(|error| match error {
            PdfError::Syntax { .. } => PdfError::Section {
                offset,
                rule: "startxref and %%EOF do not follow it",
            },
            other => other,
        })
}

/// What a section lists.
#[derive(Default)]
struct Entries {
    listed: Vec<(u32, Entry)>,
    /// Entries of a type that the standard does not have (7.5.8.3) make some readers give up the section and search for
    /// objects instead; of a table from 1 that begins with a free entry some count the numbers from 0; and object 0 is
    /// not to be in use (7.5.4).
    parting: Option<Parting>,
}

impl Entries {
    fn add(&mut self, number: u32, entry: Entry) {
        if number == 0 && entry != Entry::Free {
            self.parting.get_or_insert(Parting::Entry(number));
        }
        self.listed.push((number, entry));
    }
}

/// `xref`, subsections with entries of twenty bytes, `trailer` and its dictionary; also gives the offset after it.
fn parse_table(parser: &mut Parser<'_>, limits: &Limits, left: usize) -> Result<(Entries, Dictionary, u64), Fault> {
    parser.keyword(b"xref", "xref")?;
    let mut entries = Entries::default();
    loop {
        parser.skip_space()?;
        if parser.try_keyword(b"trailer")? {
            break;
        }
        let first = parser.unsigned("a first object number")?;
        parser.skip_white();
        let count = parser.unsigned("a count of entries")?;
        parser.skip_white();
        if (entries.listed.len() as u64).saturating_add(count) > left as u64 {
            return Err(too_many_entries(limits));
        }
        for number in first..first.saturating_add(count) {
            let number = u32::try_from(number)
                .ok()
                .filter(|number| *number <= Limits::OBJECT_NUMBER);
            let Some(number) = number else {
                return parser.expected("object numbers below 8388608");
            };
            let entry = parse_entry(parser)?;
            if number == 1 && first == 1 && entry == Entry::Free {
                entries.parting.get_or_insert(Parting::Entry(number));
            }
            entries.add(number, entry);
        }
    }
    match parser.object()? {
        Object::Dictionary(trailer) => Ok((entries, trailer, parser.offset())),
        _ => parser.expected("a trailer dictionary"),
    }
}

/// `nnnnnnnnnn ggggg n` or `f` and a line end of two bytes (7.5.4).
fn parse_entry(parser: &mut Parser<'_>) -> Result<Entry, Fault> {
    const SHAPE: &str = "a cross-reference entry of twenty bytes";
    let entry = parser.take(20, SHAPE)?;
    let decimal = |digits: &[u8]| -> Option<u64> {
        let all = digits.iter().all(u8::is_ascii_digit);
        std::str::from_utf8(digits)
            .ok()
            .filter(|_| all)
            .and_then(|text| text.parse().ok())
    };
    let (Some(offset), Some(generation)) = (decimal(&entry[..10]), decimal(&entry[11..16])) else {
        return parser.expected(SHAPE);
    };
    if entry[10] != b' ' || entry[16] != b' ' || !matches!(&entry[18..], b" \r" | b" \n" | b"\r\n") {
        return parser.expected(SHAPE);
    }
    match (entry[17], u16::try_from(generation)) {
        (b'n', Ok(generation)) => Ok(Entry::InFile { offset, generation }),
        // There are writers that put one above the highest generation to object 0. Nobody asks for one that is free.
        (b'f', _) => Ok(Entry::Free),
        _ => parser.expected(SHAPE),
    }
}

/// The dictionary of a cross-reference stream, its entries, and the offset after its object.
fn read_stream(reader: &Reader<'_>, offset: u64, left: usize) -> Result<(Dictionary, Entries, u64), PdfError> {
    let wrong = |rule| PdfError::Section { offset, rule };
    let indirect = reader.parse(offset..reader.len(), |parser| parser.indirect())?;
    let (Object::Dictionary(dictionary), Some(data)) = (indirect.value, indirect.data) else {
        return Err(wrong("it is neither a table nor a stream"));
    };
    if indirect.reference.number == 0 {
        return Err(wrong("its stream has the object number 0"));
    }
    if dictionary.get("F").is_some() {
        return Err(wrong("its data stand in another file"));
    }
    if !dictionary.is("Type", "XRef") {
        return Err(wrong("its Type is not XRef"));
    }
    check_trailer(&dictionary, offset)?;
    // 7.5.8.2: the entries of this dictionary are direct objects.
    let length = dictionary.get("Length").and_then(Object::as_unsigned);
    let length = length.ok_or_else(|| wrong("its Length is not an integer"))?;
    let end = data.checked_add(length).filter(|end| *end <= reader.len());
    let end = end.ok_or_else(|| wrong("its Length leads out of the file"))?;
    let after = reader.parse(end..reader.len(), parse_stream_end)?;
    reader.limits.of_stream(length, usize::MAX)?;
    let steps = steps(&dictionary, |value| filter::parts(value, &reader.limits))?;
    let decoded = filter::decode(&reader.bytes(data..end)?, &steps, &reader.limits, &reader.usage)?;
    let mut entries = stream_entries(&dictionary, &decoded, left, reader, offset)?;
    if other_names::are_in(&dictionary) {
        entries.parting = Some(Parting::Decoding(indirect.reference.number));
    }
    Ok((dictionary, sorted(entries, offset)?, after))
}

/// `endstream endobj` after stream data; gives the offset after it.
pub(super) fn parse_stream_end(parser: &mut Parser<'_>) -> Result<u64, Fault> {
    parser.skip_white();
    parser.keyword(b"endstream", "endstream")?;
    parser.skip_space()?;
    parser.keyword(b"endobj", "endobj")?;
    Ok(parser.offset())
}

fn stream_entries(
    dictionary: &Dictionary,
    data: &[u8],
    left: usize,
    reader: &Reader<'_>,
    offset: u64,
) -> Result<Entries, PdfError> {
    let wrong = |rule| PdfError::Section { offset, rule };
    let numbers = |key: &str| -> Option<Vec<u64>> {
        let elements = dictionary.get(key)?.as_array()?.iter();
        elements.map(Object::as_unsigned).collect()
    };
    let is_narrow = |widths: &Vec<u64>| widths.iter().zip(WIDEST).all(|(width, widest)| *width <= widest);
    let widths = numbers("W").filter(|widths| widths.len() == 3 && is_narrow(widths));
    let widths = widths.ok_or_else(|| wrong("its W is not three widths of at most 4, 8 and 4 bytes"))?;
    let [kind_width, second_width, third_width] = [widths[0] as usize, widths[1] as usize, widths[2] as usize];
    let size = dictionary.get("Size").and_then(Object::as_unsigned);
    let index = match dictionary.get("Index") {
        Some(_) => numbers("Index").filter(|index| index.len() % 2 == 0),
        None => size.map(|size| vec![0, size]),
    };
    let index = index.ok_or_else(|| wrong("its Index or Size is not a list of ranges"))?;
    let row = kind_width + second_width + third_width;
    let count = index
        .iter()
        .skip(1)
        .step_by(2)
        .fold(0_u64, |sum, count| sum.saturating_add(*count));
    if count > left as u64 {
        return Err(match too_many_entries(&reader.limits) {
            Fault::Limit(reached) => reached.into(),
            _ => wrong("it has too many entries"),
        });
    }
    if row == 0 || Some(data.len() as u64) != count.checked_mul(row as u64) {
        return Err(wrong("its data are not as long as W and Index say"));
    }
    let ranges = index
        .chunks_exact(2)
        .flat_map(|range| range[0]..range[0].saturating_add(range[1]));
    let mut entries = Entries {
        listed: Vec::with_capacity(count as usize),
        parting: None,
    };
    for (number, row) in ranges.zip(data.chunks_exact(row)) {
        let number = u32::try_from(number)
            .ok()
            .filter(|number| *number <= Limits::OBJECT_NUMBER);
        let number = number.ok_or_else(|| wrong("an object number is above 8388607"))?;
        let (kind, rest) = row.split_at(kind_width);
        let (second, third) = rest.split_at(second_width);
        let kind = if kind_width == 0 { 1 } else { big_endian(kind) };
        if kind > KNOWN_TYPES {
            entries.parting.get_or_insert(Parting::Entry(number));
        }
        let entry = stream_entry(kind, big_endian(second), big_endian(third)).map_err(wrong)?;
        entries.add(number, entry);
    }
    Ok(entries)
}

/// 7.5.8.3, table 18; an unknown type is a reference to the null object.
fn stream_entry(kind: u64, second: u64, third: u64) -> Result<Entry, &'static str> {
    match kind {
        1 => {
            let generation = u16::try_from(third).map_err(|_| "a generation number is above 65535")?;
            Ok(Entry::InFile {
                offset: second,
                generation,
            })
        }
        2 => {
            let container = u32::try_from(second).map_err(|_| "an object stream's number is above 4294967295")?;
            let index = u32::try_from(third).map_err(|_| "an index in an object stream is above 4294967295")?;
            Ok(Entry::Compressed { container, index })
        }
        // Readers that hold fewer digits would take it for another.
        _ if kind > u32::MAX.into() => Err("a type is above 4294967295"),
        _ => Ok(Entry::Free),
    }
}

/// The filters of a stream with their parameters (7.3.8.2, table 5); `parts` gives what either of them lists.
pub(super) fn steps(
    dictionary: &Dictionary,
    parts: impl Fn(&Object) -> Result<Vec<Object>, PdfError>,
) -> Result<Vec<Step>, PdfError> {
    let list = |key: &str| dictionary.get(key).map_or(Ok(Vec::new()), &parts);
    let filters = list("Filter")?;
    let mut parameters = list("DecodeParms")?;
    // One dictionary for several filters is that of the first to some readers, and that of each to others.
    let is_list = dictionary
        .get("DecodeParms")
        .is_some_and(|value| value.as_array().is_some());
    let is_of_many = filters.len() > 1 && parameters.len() == 1 && !is_list;
    if parameters.len() > filters.len() || is_of_many {
        return Err(filter::NOT_TOGETHER);
    }
    parameters.resize(filters.len(), Object::Null);
    let pairs = filters.into_iter().zip(parameters);
    pairs
        .map(|(filter, parameters)| match (filter, parameters) {
            (Object::Name(filter), Object::Null) => Ok(Step {
                filter,
                parameters: None,
            }),
            (Object::Name(filter), Object::Dictionary(parameters)) => Ok(Step {
                filter,
                parameters: Some(parameters),
            }),
            _ => Err(filter::NOT_TOGETHER),
        })
        .collect()
}

/// A trailer that two readers could take in two ways, that some do not take, or that belongs to an encrypted document,
/// is refused.
fn check_trailer(trailer: &Dictionary, offset: u64) -> Result<(), PdfError> {
    if trailer.get("Encrypt").is_some() {
        return Err(PdfError::Encrypted);
    }
    if !trailer.duplicates().is_empty() {
        return Err(PdfError::Section {
            offset,
            rule: "its trailer has a key twice",
        });
    }
    let size = trailer.get("Size").and_then(Object::as_unsigned);
    match size.is_some_and(|size| (1..=u64::from(Limits::OBJECT_NUMBER) + 1).contains(&size)) {
        true => Ok(()),
        false => Err(PdfError::Section {
            offset,
            rule: "its Size is not a number from 1 to 8388608",
        }),
    }
}

fn sorted(mut entries: Entries, offset: u64) -> Result<Entries, PdfError> {
    entries.listed.sort_unstable_by_key(|(number, _)| *number);
    match entries.listed.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(PdfError::EntryTwice {
            offset,
            number: pair[0].0,
        }),
        None => Ok(entries),
    }
}

/// Joins a table and the stream of its hidden objects (7.5.8.4). Where both say where an object is, they must agree:
/// readers differ in which they ask first. Many writers carry the `XRefStm` of an earlier section along, though; of
/// such a stale one the standard's order holds, and the table speaks first.
fn hybrid(table: Entries, hidden: Entries, offset: u64, stale: bool) -> Result<Entries, PdfError> {
    let mut joined: BTreeMap<u32, Entry> = table.listed.into_iter().collect();
    for (number, entry) in hidden.listed {
        match joined.get(&number) {
            None | Some(Entry::Free) => {
                joined.insert(number, entry);
            }
            Some(other) if *other == entry || entry == Entry::Free || stale => {}
            Some(_) => return Err(PdfError::EntryTwice { offset, number }),
        }
    }
    Ok(Entries {
        listed: joined.into_iter().collect(),
        parting: table.parting.or(hidden.parting),
    })
}

fn too_many_entries(limits: &Limits) -> Fault {
    Fault::Limit(LimitReached {
        unit: "cross-reference entries",
        allowed: limits.xref_entries as u64,
    })
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::file::PdfFile;
    use crate::pdf::testing::document;

    /// Why a document is refused whose bytes have something else in one place.
    fn refused(section: SectionKind, from: &str, to: &str) -> Option<PdfError> {
        let bytes = document(section, &["<</Type/Catalog>>"]);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(from), "{from}: {text}");
        let bytes = text.replacen(from, to, 1).into_bytes();
        PdfFile::open(&bytes, &Limits::UPLOAD).err()
    }

    #[test]
    fn sections_that_some_readers_do_not_take_are_refused() {
        for size in ["-3", "0", "3.0", "8388609", "(3)"] {
            for section in [SectionKind::Table, SectionKind::Stream] {
                let own = if section == SectionKind::Table {
                    "/Size 2"
                } else {
                    "/Size 3"
                };
                assert_eq!(refused(section, own, own), None);
                assert!(refused(section, own, &format!("/Size {size}")).is_some(), "{size}");
                assert!(refused(section, own, "").is_some());
            }
        }
        for (from, to) in [
            ("/W[1 4 0]", "/W[1 4 0.0]"),
            ("/Type/XRef", "/Type/XRef/F(x)"),
            ("2 0 obj", "0 0 obj"),
        ] {
            assert!(refused(SectionKind::Stream, from, to).is_some(), "{to}");
        }
    }

    #[test]
    fn a_section_beyond_the_end_is_refused_however_far_it_is() {
        let bytes = document(SectionKind::Table, &["<</Type/Catalog>>"]);
        let at = memchr::memmem::rfind(&bytes, b"startxref\n").unwrap() + b"startxref\n".len();
        for offset in [bytes.len() as u64, u64::MAX - 3, u64::MAX] {
            let closed = [&bytes[..at], format!("{offset}\n%%EOF\n").as_bytes()].concat();
            assert!(PdfFile::open(&closed, &Limits::UPLOAD).is_err(), "{offset}");
        }
    }

    #[test]
    fn the_end_of_a_revision_stands_where_every_reader_finds_it() {
        let blanks = |count: usize| {
            let end = format!("{}%%EOF", " ".repeat(count));
            refused(SectionKind::Table, "%%EOF", &end)
        };
        assert_eq!(blanks(64), None);
        assert!(blanks(128).is_some());
        for unknown in ["\0", "\x0c"] {
            assert!(refused(SectionKind::Table, "startxref\n", &format!("startxref{unknown}")).is_some());
        }
    }
}
