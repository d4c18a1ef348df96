//! What the second reader would go through, counted before it is asked: it reads all that a file lists, and bounds
//! neither how many values it makes of it nor how often it goes through the same bytes. Each object is read here once
//! and not kept, and none is given to it that was not.
//!
//! Of an object stream it takes whatever the table leads to, each pair by itself and however many there are. A table
//! that is anything but a list of the objects one after the other is one that readers take in several ways; so is a
//! section that not every reader knows of.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashSet;

use super::{Disagreement, SIZE_LIMIT};
use crate::pdf::append::SectionKind;
use crate::pdf::characters::is_white;
use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::file::PdfFile;
use crate::pdf::limits::{LimitReached, Limits};
use crate::pdf::object::{Object, Reference, Stream};
use crate::pdf::parser::{Fault, Parser};
use crate::pdf::xref::Entry;

/// Values that it is given: numbers, names, strings and containers, as often as it makes them. It takes up to 840 bytes
/// of memory for one, an empty array at the worst, so that this is a quarter of a gigabyte.
pub(super) const VALUES: u64 = 300_000;
/// Bytes that it goes through, each as often as it does: objects with the space behind them, and decoded object
/// streams.
pub(super) const BYTES: u64 = 4 * SIZE_LIMIT;
/// First bytes of a file, in which it looks for an object that says whether the file is linearised, listed or not.
const FIRST_OBJECT: usize = 1024;

/// Why it is not asked.
#[derive(Debug)]
pub(super) enum Withheld {
    /// There is more than it is given.
    TooMuch,
    /// Readers part there, whatever it would say.
    Disagreement(Disagreement),
    /// A budget of our own reading is used up, or the source failed.
    Stopped(PdfError),
}

impl From<PdfError> for Withheld {
    fn from(error: PdfError) -> Self {
        Self::Stopped(error)
    }
}

impl From<LimitReached> for Withheld {
    fn from(reached: LimitReached) -> Self {
        Self::Stopped(reached.into())
    }
}

impl PdfFile<'_> {
    /// Counts what the second reader would go through of these bytes, which are all of the file. A head of an object in
    /// its first bytes where none is listed is made white for it.
    pub(super) fn count_given(&self, bytes: &mut Cow<'_, [u8]>) -> Result<(), Withheld> {
        if !self.has_one_order_of_sections(bytes) {
            return Err(Withheld::Disagreement(Disagreement::Sections));
        }
        self.reader.usage.with_values_apart(|| self.count_objects(bytes))
    }

    /// Whether every reader begins with the section that this one begins with, and knows of no other. Most look for the
    /// last `%%EOF`; and some follow `XRefStm` where it has no meaning, in a cross-reference stream.
    fn has_one_order_of_sections(&self, bytes: &[u8]) -> bool {
        let end = self.revisions.last().map_or(0, |last| last.marker_end);
        let tail = usize::try_from(end).ok().and_then(|end| bytes.get(end..));
        tail.is_none_or(|tail| memchr::memmem::find(tail, b"%%EOF").is_none())
            && !self
                .revisions
                .iter()
                .any(|revision| revision.section == SectionKind::Stream && revision.trailer.get("XRefStm").is_some())
    }

    fn count_objects(&self, bytes: &mut Cow<'_, [u8]>) -> Result<(), Withheld> {
        let (latest, usage) = (self.latest(), &self.reader.usage);
        let mut given = Given::default();
        given.values(self.values_of_sections)?;
        let mut containers = Vec::new();
        let mut read_for_length = HashSet::new();
        let mut first_heads = Vec::new();
        // They lie beside one another in a sound file.
        let (mut measured, allowed) = (0_u64, 2 * self.length());
        for (reference, offset, end) in self.listed_in_file() {
            let before = usage.values_so_far();
            let read = latest.read_in_file(reference, offset, end);
            let values = usage.values_so_far() - before;
            given.values(values)?;
            let Some(read) = unless_stopped(read)? else {
                // Where it would end nobody knows, and each byte may be a value. What it makes of it, it says itself.
                let rest = (bytes.len() as u64).saturating_sub(offset);
                given.values(rest)?;
                given.bytes(rest)?;
                continue;
            };
            measured += read.extent.as_ref().map_or(0, |extent| extent.end - extent.start);
            if measured > allowed {
                let unit = "bytes of objects inside one another";
                return Err(LimitReached { unit, allowed }.into());
            }
            given.bytes(with_space(bytes, read.extent))?;
            let head = offset as usize + white(bytes, offset as usize);
            if head < FIRST_OBJECT {
                first_heads.push((head, values));
            }
            let Object::Stream(stream) = read.value else { continue };
            if let Some(length) = stream.dictionary.get("Length").and_then(Object::as_reference) {
                match latest.place(length.number) {
                    Some((_, Entry::Compressed { container, .. })) => {
                        read_for_length.insert(container);
                    }
                    _ => given.bytes(with_space(bytes, latest.object(length)?.extent.clone()))?,
                }
            }
            if stream.dictionary.is("Type", "ObjStm") {
                containers.push((reference.number, stream));
            }
        }
        for (number, stream) in containers {
            // It holds apart from all others those that it took a length from.
            let times = if read_for_length.contains(&number) { 2 } else { 1 };
            self.count_contained(number, &stream, times, &mut given)?;
        }
        let heads: Vec<usize> = first_heads.iter().map(|(head, _)| *head).collect();
        let first = whiten_unlisted(bytes, &heads);
        // That one it reads twice.
        let again = first_heads.iter().find(|(head, _)| Some(*head) == first);
        again.map_or(Ok(()), |(_, values)| given.values(*values))
    }

    /// Where objects of the file itself stand, in the order of the file, with the end of their revisions: of each
    /// number the last place that it has. Where that was freed later, it is there all the same: not every reader takes
    /// an entry of an unknown type for a free one.
    fn listed_in_file(&self) -> Vec<(Reference, u64, u64)> {
        let mut places = Vec::new();
        for (index, revision) in self.revisions.iter().enumerate() {
            let listed = revision.entries().filter(|(_, entry)| *entry != Entry::Free);
            places.extend(listed.map(|(number, entry)| (number, Reverse(index), entry)));
        }
        places.sort_unstable_by_key(|(number, index, _)| (*number, *index));
        places.dedup_by_key(|(number, ..)| *number);
        let in_file = places
            .into_iter()
            .filter_map(|(number, Reverse(index), entry)| match entry {
                Entry::InFile { offset, generation } => Some((
                    Reference { number, generation },
                    offset,
                    self.revisions[index].range.end,
                )),
                _ => None,
            });
        let mut in_file: Vec<_> = in_file.collect();
        in_file.sort_unstable_by_key(|(_, offset, _)| *offset);
        in_file
    }

    /// Counts what an object stream holds, which is read so many times.
    fn count_contained(&self, number: u32, stream: &Stream, times: u64, given: &mut Given) -> Result<(), Withheld> {
        let unlike = || Withheld::Disagreement(Disagreement::ObjectStream(number));
        let dictionary = &stream.dictionary;
        // A reference there is followed by some readers, and passed over by others as if nothing stood there.
        let is_direct = |key: &str| dictionary.get(key).is_none_or(|value| value.highest_reference() == 0);
        let count = |key: &str| usize::try_from(dictionary.get(key)?.as_integer()?).ok();
        let (Some(count), Some(first), true) = (
            count("N"),
            count("First"),
            is_direct("Filter") && is_direct("DecodeParms"),
        ) else {
            return Err(unlike());
        };
        if count as u64 > VALUES {
            return Err(Withheld::TooMuch);
        }
        let data = unless_stopped(self.latest().decoded(stream))?.ok_or_else(unlike)?;
        given.bytes(times * data.len() as u64)?;
        let usage = &self.reader.usage;
        let limits = Limits {
            parsed_values: VALUES,
            ..self.reader.limits
        };
        let mut end = first;
        for start in starts(&data, count, first).ok_or_else(unlike)? {
            let rest = data.get(start..).filter(|_| start >= end).ok_or_else(unlike)?;
            let before = usage.values_so_far();
            let mut parser = Parser::new(rest, 0, true, &limits, usage);
            let read = parser.object();
            given.values(times * (usage.values_so_far() - before))?;
            match read {
                Ok(_) => end = start + parser.offset() as usize,
                Err(Fault::Limit(_)) if usage.values_so_far() > VALUES => return Err(Withheld::TooMuch),
                Err(Fault::Limit(reached)) => return Err(reached.into()),
                Err(_) => return Err(unlike()),
            }
            given.bytes(times * (parser.offset() + space(&data, end)))?;
        }
        Ok(())
    }
}

/// What was counted.
#[derive(Default)]
struct Given {
    values: u64,
    bytes: u64,
}

impl Given {
    fn values(&mut self, count: u64) -> Result<(), Withheld> {
        add(&mut self.values, count, VALUES)
    }

    fn bytes(&mut self, count: u64) -> Result<(), Withheld> {
        add(&mut self.bytes, count, BYTES)
    }
}

fn add(counted: &mut u64, count: u64, allowed: u64) -> Result<(), Withheld> {
    *counted = counted.saturating_add(count);
    match *counted > allowed {
        true => Err(Withheld::TooMuch),
        false => Ok(()),
    }
}

/// Where the objects begin that a table before `first` names (ISO 32000-2, 7.5.7): if it has `count` pairs of digits,
/// and beside them nothing but comments and white space that every reader knows.
fn starts(data: &[u8], count: usize, first: usize) -> Option<Vec<usize>> {
    let lines = data.get(..first)?.split(|byte| matches!(byte, b'\r' | b'\n'));
    let words = lines
        .filter_map(|line| line.split(|byte| *byte == b'%').next())
        .flat_map(|line| line.split(u8::is_ascii_whitespace))
        .filter(|word| !word.is_empty());
    let mut starts = Vec::with_capacity(count.min(first / 4));
    let mut read = 0;
    for word in words {
        let digits = word.iter().all(u8::is_ascii_digit);
        let number: u32 = std::str::from_utf8(word).ok().filter(|_| digits)?.parse().ok()?;
        read += 1;
        if read % 2 == 0 {
            starts.push(first.checked_add(number as usize)?);
        }
        if read > count.checked_mul(2)? {
            return None;
        }
    }
    (read == 2 * count).then_some(starts)
}

/// Bytes of an object and of the space behind it.
fn with_space(bytes: &[u8], extent: Option<std::ops::Range<u64>>) -> u64 {
    extent.map_or(0, |extent| {
        extent.end - extent.start + space(bytes, extent.end as usize)
    })
}

/// Bytes of white space and comments at a place.
fn space(bytes: &[u8], place: usize) -> u64 {
    let mut passed = 0;
    loop {
        passed += white(bytes, place + passed);
        match bytes.get(place + passed..) {
            Some(comment @ [b'%', ..]) => passed += memchr::memchr2(b'\r', b'\n', comment).unwrap_or(comment.len()),
            _ => return passed as u64,
        }
    }
}

/// Bytes of white space at a place.
fn white(bytes: &[u8], place: usize) -> usize {
    let rest = bytes.get(place..).unwrap_or_default();
    rest.iter().take_while(|byte| is_white(**byte)).count()
}

/// Makes white what looks like the head of an object in the first bytes of a file, where it stands before the first of
/// these heads: the second reader would read there what nobody lists. Gives that head.
fn whiten_unlisted(bytes: &mut Cow<'_, [u8]>, heads: &[usize]) -> Option<usize> {
    for place in 1..bytes.len().min(FIRST_OBJECT) {
        if !HEAD_SPACE.contains(&bytes[place - 1]) || !is_head(&bytes[place..]) {
            continue;
        }
        if heads.contains(&place) {
            return Some(place);
        }
        let digits = digits(&bytes[place..]);
        bytes.to_mut()[place..place + digits].fill(b' ');
    }
    None
}

/// White space before and in what the second reader takes for the head of an object.
const HEAD_SPACE: &[u8] = b" \t\r\n";

/// Whether it takes what stands there for the head of an object, `N G obj`.
fn is_head(text: &[u8]) -> bool {
    let number = |text: &[u8], longest: usize, highest: u64| -> Option<usize> {
        let digits = digits(text);
        let number: u64 = std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()?;
        let white = text[digits..]
            .iter()
            .take_while(|byte| HEAD_SPACE.contains(byte))
            .count();
        (digits <= longest && number <= highest && white > 0).then_some(digits + white)
    };
    let after_number = number(text, 10, u32::MAX.into());
    let after = after_number.and_then(|first| Some(first + number(&text[first..], 5, u16::MAX.into())?));
    let rest = after.and_then(|after| text[after..].strip_prefix(b"obj"));
    rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphanumeric))
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::SecondOpinion;
    use crate::pdf::testing::{document, id, numbered, open, revision, stream};

    const BODIES: [&str; 3] = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ];

    fn document_with(bodies: &[&str]) -> Vec<u8> {
        document(SectionKind::Table, &[&BODIES, bodies].concat())
    }

    fn opinion_of(bodies: &[&str]) -> SecondOpinion {
        open(&document_with(bodies)).second_opinion().unwrap()
    }

    fn disagreement(place: Disagreement) -> SecondOpinion {
        SecondOpinion::Disagree { place }
    }

    /// What is thought of an object stream, object 4, with this table and these objects.
    fn opinion_of_contained(entries: &str, table: &str, objects: &str) -> SecondOpinion {
        let entries = format!("/Type/ObjStm/First {}{entries}", table.len());
        opinion_of(&[&stream(&entries, &format!("{table}{objects}"))])
    }

    #[test]
    fn an_object_stream_is_given_where_its_table_lists_the_objects_one_after_the_other() {
        for (count, table, objects) in [
            (0, "", " "),
            (2, "9 0 10 5 ", "null (a)"),
            (
                2,
                "9 0\r\n 10\t25 % of two",
                "% first\nnull % the second\n(a) % no more",
            ),
            (2, "9 0 10 13 ", "null % second (a)"),
        ] {
            let opinion = opinion_of_contained(&format!("/N {count}"), table, objects);
            assert_eq!(opinion, SecondOpinion::Agree, "{table}{objects}");
        }
    }

    #[test]
    fn an_object_stream_is_not_given_where_its_table_leads_to_anything_else() {
        let unlike = disagreement(Disagreement::ObjectStream(4));
        for (entries, table, objects) in [
            // More pairs than it says, all leading to one list without an end; and fewer.
            ("/N 1", "9 0 9 0 9 0 ", "[0 0 0"),
            ("/N 1", "9 0 10 5 ", "null (a)"),
            ("/N 2", "9 0 ", "null"),
            ("/N 1", "9 0 10 ", "null"),
            // Objects twice, inside one another, in another order, beyond the end and without one.
            ("/N 2", "9 0 10 0 ", "null"),
            ("/N 2", "9 0 10 1 ", "[[]]"),
            ("/N 2", "9 5 10 0 ", "null (a)"),
            ("/N 2", "9 0 10 99 ", "null"),
            ("/N 1", "9 0 ", "[0 0 0"),
            // White space that some know, and numbers that some read.
            ("/N 2", "9\x0b0 10 5 ", "null (a)"),
            ("/N 2", "9\x000 10 5 ", "null (a)"),
            ("/N 2", "9 +0 10 5 ", "null (a)"),
            ("/N 2", "9 0 10 4294967296 ", "null (a)"),
            // Filters that some do not find.
            ("/N 1/Filter 5 0 R", "9 0 ", "null"),
            ("/N 1/Filter[5 0 R]", "9 0 ", "null"),
            ("/N 1/Filter/LZWDecode", "9 0 ", "null"),
            ("/N 5 0 R", "9 0 ", "null"),
            ("", "9 0 ", "null"),
        ] {
            assert_eq!(
                opinion_of_contained(entries, table, objects),
                unlike,
                "{entries} {table}{objects}"
            );
        }
    }

    /// A list of so many values, itself among them.
    fn list(values: u64) -> String {
        format!("[{}]", "0 ".repeat(values as usize - 1))
    }

    /// Values of those documents beside what they are made with.
    const OF_DOCUMENT: u64 = 40;

    #[test]
    fn no_more_values_are_given_than_are_allowed_however_they_are_stored() {
        let (few, many) = (VALUES - OF_DOCUMENT, VALUES);
        for (values, expected) in [(few, SecondOpinion::Agree), (many, SecondOpinion::NotAsked)] {
            assert_eq!(opinion_of(&[&list(values)]), expected, "in one object");
            assert_eq!(opinion_of(&[&list(values / 2), &list(values / 2)]), expected, "in two");
            assert_eq!(
                opinion_of_contained("/N 1", "9 0 ", &list(values)),
                expected,
                "in an object stream"
            );
            // What a later value of the same key takes the place of is made all the same.
            assert_eq!(
                opinion_of(&[&format!("<</A {0}/A {0}>>", list(values / 2 - 2))]),
                expected,
                "under one key"
            );
        }
    }

    #[test]
    fn values_of_trailers_are_counted() {
        let opinion = |values| {
            let trailer = format!("/Root 1 0 R/A {}", list(values));
            let bytes = revision(
                b"%PDF-2.0\n".to_vec(),
                SectionKind::Table,
                &numbered(1, &BODIES),
                4,
                &trailer,
            );
            open(&bytes).second_opinion()
        };
        assert_eq!(opinion(VALUES - OF_DOCUMENT), Ok(SecondOpinion::Agree));
        assert_eq!(opinion(VALUES), Ok(SecondOpinion::NotAsked));
    }

    /// A document with objects from number 4 on at these places of a text that stands behind its pages.
    fn overlapping(text: &str, places: &[usize]) -> Vec<u8> {
        let mut bytes = b"%PDF-2.0\n".to_vec();
        let mut offsets = Vec::new();
        for (number, body) in numbered(1, &BODIES) {
            offsets.push(bytes.len());
            bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        }
        offsets.extend(places.iter().map(|place| bytes.len() + place));
        bytes.extend(text.bytes());
        let (start, size) = (bytes.len(), offsets.len() + 1);
        let entries: String = offsets
            .iter()
            .map(|offset| format!("{offset:010} 00000 n \n"))
            .collect();
        let table = format!("xref\n0 {size}\n0000000000 65535 f \n{entries}trailer\n<</Size {size}/Root 1 0 R>>\n");
        bytes.extend(format!("{table}startxref\n{start}\n%%EOF\n").bytes());
        bytes
    }

    #[test]
    fn objects_inside_one_another_and_the_space_behind_them_are_given_up_to_a_measure() {
        // Each begins in a comment of the one before it, and all have one end.
        let heads: Vec<String> = (4..19).map(|number| format!("{number} 0 obj %")).collect();
        let places: Vec<usize> = (0..heads.len()).map(|count| heads[..count].concat().len()).collect();
        let ending_in = |ending: &str| overlapping(&format!("{}\n{ending}", heads.concat()), &places);
        let opinion = |ending: &str| open(&ending_in(ending)).second_opinion();
        assert_eq!(opinion("null endobj\n"), Ok(SecondOpinion::Agree));
        let tangled = opinion(&format!("{} endobj\n", list(VALUES / 15)));
        assert!(
            matches!(&tangled, Err(PdfError::Limit(reached)) if reached.unit.contains("inside")),
            "{tangled:?}"
        );
        // White space behind them is gone through for each of them; comments are, too.
        let long = BYTES as usize / 14;
        for space in [" ".repeat(long), format!("%{}\n", "-".repeat(long))] {
            assert_eq!(opinion(&format!("null endobj\n{space}")), Ok(SecondOpinion::NotAsked));
        }
    }

    #[test]
    fn bytes_are_given_as_often_as_they_are_gone_through() {
        // A length is read for each stream that has it, and stands behind a comment; the last object of an object
        // stream is that of a comment which all before it have behind them.
        let comment = "-".repeat(BYTES as usize / 40);
        let length = format!("%{comment}\n9");
        let of_length = "<</Length 4 0 R>>stream\nendstream\nendstream";
        assert_eq!(
            opinion_of(&[&[length.as_str()][..], &[of_length; 9]].concat()),
            SecondOpinion::Agree
        );
        assert_eq!(
            opinion_of(&[&[length.as_str()][..], &[of_length; 40]].concat()),
            SecondOpinion::NotAsked
        );
        let opinion = |count: usize| {
            let table: String = (0..count)
                .map(|place| format!("{} {} ", 9 + place, 6 * place))
                .collect();
            let objects = format!("{}{comment}", "null %".repeat(count));
            opinion_of_contained(&format!("/N {count}"), &table, &objects)
        };
        assert_eq!(opinion(9), SecondOpinion::Agree);
        assert_eq!(opinion(40), SecondOpinion::NotAsked);
    }

    #[test]
    fn an_object_that_cannot_be_read_counts_as_all_that_follows_it() {
        let long = format!("({})", "a".repeat(VALUES as usize));
        for body in [
            "[0 0",
            "<</Length 9>>stream\n",
            "<</Length 5 0 R>>stream\nendstream",
            "nul",
        ] {
            assert_ne!(opinion_of(&[body, "(a)"]), SecondOpinion::NotAsked, "{body}");
            assert_eq!(opinion_of(&[body, &long]), SecondOpinion::NotAsked, "{body}");
            assert_eq!(opinion_of(&["(a)", &long]), SecondOpinion::Agree);
        }
        // It is that of the latest revision alone that counts, as long as one has it.
        let replaced = revision(
            document_with(&["[0 0"]),
            SectionKind::Table,
            &[(4, "0")],
            5,
            "/Root 1 0 R",
        );
        let start = open(&document_with(&["[0 0"])).revisions()[0].startxref;
        let replaced = String::from_utf8(replaced).unwrap();
        let place = replaced.rfind("/Root").unwrap();
        let replaced = format!("{}/Prev {start}{}", &replaced[..place], &replaced[place..]).into_bytes();
        assert_eq!(open(&replaced).second_opinion(), Ok(SecondOpinion::Agree));
        assert!(open(&replaced).latest().object(id(4)).is_ok());
    }

    #[test]
    fn an_object_that_an_entry_of_an_unknown_type_follows_is_counted() {
        let first = document_with(&[&list(VALUES)]);
        let (prev, start) = (open(&first).revisions()[0].startxref, first.len());
        let of_type = |kind: &str| {
            let rows = format!("{kind}{:08x}01{start:08x}", 0);
            let head = format!("/Type/XRef/W[1 4 0]/Index[4 2]/Size 6/Root 1 0 R/Prev {prev}/Filter/ASCIIHexDecode");
            let section = format!("5 0 obj\n{}\nendobj\nstartxref\n{start}\n%%EOF\n", stream(&head, &rows));
            [first.as_slice(), section.as_bytes()].concat()
        };
        for kind in ["00", "03"] {
            let bytes = of_type(kind);
            let file = open(&bytes);
            assert!(file.latest().object(id(4)).unwrap().value.is_null());
            let withheld = file.count_given(&mut Cow::Borrowed(&bytes));
            assert!(matches!(withheld, Err(Withheld::TooMuch)), "{kind}");
        }
    }

    #[test]
    fn sections_that_some_readers_alone_follow_are_disagreed_on() {
        let expected = Ok(disagreement(Disagreement::Sections));
        let whole = document_with(&[]);
        for (tail, is_followed) in [
            ("\n \0", false),
            ("startxref\n9\n", false),
            ("startxref\n9\n%%EOF\n", true),
        ] {
            let bytes = [&whole, tail.as_bytes()].concat();
            let opinion = open(&bytes).second_opinion();
            assert_eq!(opinion == expected, is_followed, "{tail}: {opinion:?}");
        }
        let with = |trailer: &str| {
            let trailer = format!("/Root 1 0 R{trailer}");
            revision(
                b"%PDF-2.0\n".to_vec(),
                SectionKind::Stream,
                &numbered(1, &BODIES),
                4,
                &trailer,
            )
        };
        assert_eq!(open(&with("")).second_opinion(), Ok(SecondOpinion::Agree));
        assert_eq!(open(&with("/XRefStm 9")).second_opinion(), expected);
    }

    #[test]
    fn the_head_of_an_object_in_a_comment_is_made_white() {
        let text = b"%PDF-2.0\n% 77 0 obj [0 0\n8 0 objx\n1 0 obj null endobj 2 0 obj".to_vec();
        let one = text.windows(7).position(|seven| seven == b"1 0 obj").unwrap();
        let mut bytes = Cow::Borrowed(text.as_slice());
        assert_eq!(whiten_unlisted(&mut bytes, &[one]), Some(one));
        let expected = String::from_utf8(text.clone()).unwrap().replace("% 77 ", "%    ");
        assert_eq!(bytes, expected.as_bytes());
        for listed in [b"%PDF-2.0\n1 0 obj", b"%PDF-2.0\r1\t0 obj"] {
            let mut bytes = Cow::Borrowed(listed.as_slice());
            assert_eq!(whiten_unlisted(&mut bytes, &[9]), Some(9));
            assert!(matches!(bytes, Cow::Borrowed(_)));
        }
    }

    #[test]
    fn what_is_counted_for_another_reader_is_not_counted_among_what_is_read() {
        let bytes = document_with(&[&list(1000)]);
        let limits = Limits {
            parsed_values: 1100,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        assert_eq!(
            [(); 3].map(|()| file.second_opinion()),
            [(); 3].map(|()| Ok(SecondOpinion::Agree))
        );
        assert!(file.reader.usage.values_so_far() < 1000);
    }
}
