//! Where readers are known to part, whoever is asked and however large the file is: what they take in several ways
//! without being wrong by their own lights. A file with such a place is none that everybody sees alike.

use std::collections::BTreeMap;

use super::drawn::DrawnStreams;
use super::types::Types;
use super::{Disagreement, object};
use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::file::PdfFile;
use crate::pdf::object::Reference;
use crate::pdf::revision::largest_size;
use crate::pdf::xref::{Entry, Parting};

impl PdfFile<'_> {
    /// The first such place.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn foreseen(&self) -> Result<Option<Disagreement>, PdfError> {
        let of_sections = self.revisions.iter().find_map(|revision| revision.parting);
        let parting = of_sections.or_else(|| self.listed_younger().map(Parting::Entry));
        match parting {
            Some(Parting::Entry(number)) => return Ok(Some(Disagreement::Entry(number))),
            Some(Parting::Decoding(number)) => return Ok(Some(Disagreement::Filters(number))),
            None => {}
        }
        let mut revisions = self.revisions.iter();
        if let Some(nested) = revisions.find(|revision| object::is_nested_trailer(&revision.trailer)) {
            return Ok(Some(Disagreement::NestedTrailer(nested.startxref)));
        }
        if self.is_cut_by_its_size() {
            return Ok(Some(Disagreement::Sections));
        }
        if self.is_linearised_otherwise()? {
            return Ok(Some(Disagreement::Linearised));
        }
        let mut types = Types::default();
        self.reader.usage.with_values_apart(|| {
            if let Some(found) = self.written_otherwise(&mut types)? {
                return Ok(Some(found));
            }
            match self.told_in_two_ways()? {
                None => types.of_references(&self.latest()),
                found => Ok(found),
            }
        })
    }

    /// The first object of which a later revision lists a lower generation (7.5.4): some readers keep to the higher.
    fn listed_younger(&self) -> Option<u32> {
        let mut highest = BTreeMap::new();
        for revision in &self.revisions {
            for (number, entry) in revision.entries().filter(|(_, entry)| *entry != Entry::Free) {
                let generation = entry.generation();
                if highest.get(&number).is_some_and(|highest| *highest > generation) {
                    return Some(number);
                }
                if generation > 0 {
                    highest.insert(number, generation);
                }
            }
        }
        None
    }

    /// Whether the last revision, with which readers begin, states a smaller Size than one before it: to some, what
    /// lies beyond is missing, others leave the sections then and search the bytes for objects (7.5.5).
    fn is_cut_by_its_size(&self) -> bool {
        let last = self.revisions.last();
        last.is_some_and(|last| last.size() < largest_size(&self.revisions))
    }

    /// Annex F: a reader takes a file for a linearised one whose first object says that it is, and how long it is, and
    /// begins with the section behind that object. A file that was made longer is none any more.
    fn is_linearised_otherwise(&self) -> Result<bool, PdfError> {
        for first in self.linearisations()? {
            let Some(lengths) = &first.lengths else { return Ok(true) };
            if lengths.contains(&self.length()) {
                let [revision] = self.revisions() else { return Ok(true) };
                if !self.leads_on(first.end, revision.startxref)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether nothing stands between the end of an object's value and a section but the end of the object.
    fn leads_on(&self, end: u64, section: u64) -> Result<bool, PdfError> {
        let read = self.reader.parse(end..self.length(), |parser| {
            parser.skip_space()?;
            parser.keyword(b"endobj", "endobj")?;
            parser.skip_space()?;
            Ok(parser.offset())
        });
        Ok(unless_stopped(read)? == Some(section))
    }

    /// The first object that is written in a way that readers part over.
    fn written_otherwise(&self, types: &mut Types) -> Result<Option<Disagreement>, PdfError> {
        let (view, usage) = (self.latest(), &self.reader.usage);
        let mut drawn = DrawnStreams::default();
        for (number, entry) in view.objects() {
            let generation = entry.generation();
            let names = usage.names_so_far();
            // What was read before is read again: how its names were written nobody has kept.
            let read = unless_stopped(view.read(Reference { number, generation }))?;
            let of_type = types.of_object(number, read.as_ref().map(|read| &read.value));
            let Some(read) = read else { continue };
            if usage.names_so_far() > names {
                return Ok(Some(Disagreement::Name(number)));
            }
            let parting = match object::parting(&view, number, &read.value)? {
                None => drawn.look(&view, number, &read.value)?.or(of_type),
                found => found,
            };
            if parting.is_some() {
                return Ok(parting);
            }
        }
        drawn.led_to(&view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::object::Object;
    use crate::pdf::second_opinion::SecondOpinion;
    use crate::pdf::testing::{append, document, id, open, revision, stream};

    const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
    /// What every picture says of itself.
    const PICTURE: &str = "/ColorSpace/DeviceGray/BitsPerComponent 8";

    fn with(page: &str, further: &str) -> Vec<u8> {
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R{page}>>");
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R>>",
            PAGES,
            &page,
            &stream("", "BT ET"),
            further,
        ];
        document(SectionKind::Table, &bodies)
    }

    fn place(bytes: &Vec<u8>) -> Option<Disagreement> {
        match open(bytes).second_opinion().unwrap() {
            SecondOpinion::Disagree { place } => Some(place),
            SecondOpinion::Agree | SecondOpinion::NotAsked => None,
        }
    }

    /// A page with a name in these bytes in the place of a question mark.
    fn named(page: &str, name: &[u8]) -> Option<Disagreement> {
        let bytes = with(page, "null");
        let at = memchr::memchr(b'?', &bytes).unwrap();
        let shift = name.len() - 1;
        let text = [&bytes[..at], name, &bytes[at + 1..]].concat();
        let old = memchr::memmem::rfind(&text, b"startxref\n").unwrap() + 10;
        let table = memchr::memmem::rfind(&text, b"xref\n0 1").unwrap();
        let row = |text: Vec<u8>, number: u32| {
            let head = memchr::memmem::find(&text, format!("\n{number} 0 obj").as_bytes()).unwrap() + 1;
            let place = memchr::memmem::rfind(&text, format!("\n{number} 1\n").as_bytes()).unwrap() + 5;
            [&text[..place], format!("{head:010}").as_bytes(), &text[place + 10..]].concat()
        };
        let text = (4..=5).fold(text, row);
        assert!(shift < 400);
        place(&[&text[..old], format!("{table}\n%%EOF\n").as_bytes()].concat())
    }

    #[test]
    fn a_name_that_ends_early_for_some_readers_is_placed() {
        let cut = Some(Disagreement::Name(3));
        assert_eq!(named("/Contents? 5 0 R", b"\xff"), cut);
        assert_eq!(named("/Contents? 5 0 R", b"\x80"), cut);
        assert_eq!(named("/? 5 0 R", "一二".as_bytes()), cut, "a key");
        assert_eq!(named("/A/?", b"Form\x80a"), cut);
        assert_eq!(named("/A/?", b"\xce\xff"), cut, "no character of UTF-8 or GBK");
        assert_eq!(
            named("/A[/? 5 0 R]", "一二".as_bytes()),
            cut,
            "what follows ends the array"
        );
        assert_eq!(named("/? 5 0 R", &[b'a'; 256]), cut);
    }

    #[test]
    fn names_of_fonts_and_colours_are_as_their_writers_have_them() {
        for name in ["宋体", "一二", "黑体一"] {
            assert_eq!(named("/A/?", name.as_bytes()), None, "{name}");
        }
        assert_eq!(named("/A/?", b"\xcb\xce\xcc\xe5"), None, "in GBK");
        assert_eq!(named("/A/?", b"\x81\x80a"), None, "in GBK");
        assert_eq!(named("/A[/? 5 0 R]", "专一".as_bytes()), None, "a colour");
        assert_eq!(named("/A/?", b"Form#80#FF"), None);
        assert_eq!(named("/? 5 0 R", &[b'a'; 255]), None);
    }

    #[test]
    fn a_reference_to_another_generation_is_placed() {
        let of = |page: &str| place(&with(page, "null"));
        assert_eq!(of("/A 5 5 R"), Some(Disagreement::Generation(3)));
        let catalog = |entry: &str| {
            let bodies = [
                &format!("<</Type/Catalog/Pages 2 0 R{entry}>>"),
                PAGES,
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
                "null",
            ];
            place(&document(SectionKind::Table, &bodies))
        };
        assert_eq!(catalog("/StructTreeRoot 4 65535 R"), None, "as some writers have it");
        assert_eq!(catalog("/Names 4 65535 R"), Some(Disagreement::Generation(1)));
        assert_eq!(of("/A[<</B 5 1 R>>]"), Some(Disagreement::Generation(3)));
        assert_eq!(
            of("/A 5 0 R/B 9 5 R/C 0 0 R"),
            None,
            "nothing is there in any generation"
        );
    }

    #[test]
    fn an_entry_that_hides_its_parents_and_says_nothing_is_placed() {
        let of = |page: &str| place(&with(page, "null"));
        let hidden = Some(Disagreement::Inherited(3));
        assert_eq!(of("/Resources null"), hidden);
        assert_eq!(of("/CropBox 9 0 R"), hidden, "nothing is there");
        assert_eq!(of("/CropBox 5 0 R"), hidden, "and it is null");
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R>>",
            PAGES,
            "<</Parent 2 0 R/MediaBox[0 0 9 9]/Resources null>>",
        ];
        assert_eq!(
            place(&document(SectionKind::Table, &bodies)),
            hidden,
            "a page without a type"
        );
        assert_eq!(of("/Thumb null/Resources<<>>"), None);
    }

    #[test]
    fn a_size_in_the_last_section_below_one_before_is_placed() {
        let of = |sizes: &[u32]| {
            let mut bytes = with("", "null");
            for size in sizes {
                let (start, previous) = (bytes.len(), open(&bytes).revisions().last().unwrap().startxref);
                let trailer = format!("trailer<</Size {size}/Root 1 0 R/Prev {previous}>>startxref\n{start}\n%%EOF\n");
                bytes.extend(format!("xref\n0 1\n0000000000 65535 f \n{trailer}").bytes());
            }
            place(&bytes)
        };
        assert_eq!(of(&[6]), None);
        assert_eq!(of(&[9]), None);
        assert_eq!(of(&[5]), Some(Disagreement::Sections));
        assert_eq!(of(&[1]), Some(Disagreement::Sections));
        assert_eq!(of(&[1, 6]), None, "readers begin with the last");
    }

    #[test]
    fn a_reference_to_what_was_freed_is_placed() {
        let freed = |page: &str, offset: &str| {
            let whole = with(page, "null");
            let (start, previous) = (whole.len(), open(&whole).revisions()[0].startxref);
            let trailer = format!("trailer<</Size 6/Root 1 0 R/Prev {previous}>>startxref\n{start}\n%%EOF\n");
            place(&[&whole[..], format!("xref\n5 1\n{offset} \n{trailer}").as_bytes()].concat())
        };
        assert_eq!(freed("/A 5 0 R", "0000000000 00001 f"), Some(Disagreement::Freed(3)));
        assert_eq!(freed("", "0000000000 00001 f"), None, "nothing asks for it");
        assert_eq!(freed("/A<</Type/OBJR/Obj 9 0 R>>", "0000000000 00001 f"), None);
    }

    #[test]
    fn an_object_of_a_lower_generation_than_before_is_placed() {
        let again = |first: u16, then: u16| {
            let whole = with("", "null");
            let written = |bytes: &[u8], generation: u16, previous: u64| {
                let body = format!("5 {generation} obj\n()\nendobj\n");
                let start = bytes.len() + body.len();
                let table = format!("xref\n5 1\n{:010} {generation:05} n \n", bytes.len());
                let trailer = format!("trailer<</Size 6/Root 1 0 R/Prev {previous}>>startxref\n{start}\n%%EOF\n");
                [bytes, body.as_bytes(), table.as_bytes(), trailer.as_bytes()].concat()
            };
            let one = written(&whole, first, open(&whole).revisions()[0].startxref);
            place(&written(&one, then, open(&one).revisions()[1].startxref))
        };
        assert_eq!(again(1, 0), Some(Disagreement::Entry(5)));
        assert_ne!(again(0, 1), Some(Disagreement::Entry(5)));
        assert_eq!(again(0, 0), None);
    }

    #[test]
    fn a_key_with_two_values_is_placed() {
        let of = |page: &str| place(&with(page, "null"));
        assert_eq!(of("/A 1/A 2"), Some(Disagreement::Repeated(3)));
        assert_eq!(of("/A[<</B<</C 1/C null>>>>]"), Some(Disagreement::Repeated(3)));
        assert_eq!(of("/A 1/A 1"), None, "said twice");
    }

    #[test]
    fn filters_under_a_name_of_their_own_are_placed() {
        let of = |entries: &str| place(&with("", &stream(entries, "a")));
        assert_eq!(of("/DP<</Columns 1>>"), Some(Disagreement::Filters(5)));
        assert_eq!(of("/DP null"), Some(Disagreement::Filters(5)));
        assert_eq!(of("/FFilter/FlateDecode"), Some(Disagreement::Filters(5)));
        assert_eq!(of("/DecodeParms null"), None);
        assert_eq!(place(&with("/DP 1", "null")), None, "no stream");
    }

    #[test]
    fn a_picture_with_entries_in_the_short_form_is_placed() {
        let of = |entries: &str| place(&with("", &stream(&format!("{entries}/Width 1/Height 1"), "a")));
        for short in [
            "/D[1 0]",
            "/BPC 8",
            "/CS/DeviceGray",
            "/W 1",
            "/H 1",
            "/IM true",
            "/I true",
        ] {
            let found = of(&format!("/Type/XObject/Subtype/Image{PICTURE}{short}"));
            assert_eq!(found, Some(Disagreement::Filters(5)), "{short}");
            let unnamed = of(&format!("{PICTURE}{short}"));
            assert_eq!(unnamed, Some(Disagreement::Filters(5)), "{short} of a mask");
        }
        assert_eq!(of(&format!("/Type/XObject/Subtype/Image{PICTURE}")), None);
        assert_eq!(place(&with("", &stream("/Type/Metadata/Subtype/XML/D 1", "a"))), None);
    }

    #[test]
    fn a_section_that_is_decoded_by_other_names_is_placed_listed_or_not() {
        let of = |entries: &str| {
            let bytes = document(SectionKind::Stream, &["<</Type/Catalog/Pages 2 0 R>>", PAGES]);
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains("/Type/XRef"));
            let unlisted = text.replace("/Index[1 1 2 1 3 1 ]", "/Index[1 1 2 1 ]");
            let row = text.find("\nendstream").unwrap();
            assert!(unlisted != text && row > 0);
            let last = &text[row - 10..row];
            let unlisted = unlisted.replace(last, "").replace("/Length 30", "/Length 20");
            [text, unlisted].map(|text| {
                let bytes = text.replace("/Type/XRef", &format!("/Type/XRef{entries}")).into_bytes();
                place(&bytes).filter(Disagreement::is_foreseen)
            })
        };
        for entries in [
            "/DP<</Predictor 2/Colors 1/Columns 5>>",
            "/FFilter/FlateDecode",
            "/FDecodeParms null",
        ] {
            let found = of(entries);
            assert!(
                found.iter().all(|found| *found == Some(Disagreement::Filters(3))),
                "{found:?}"
            );
        }
    }

    #[test]
    fn values_inside_one_another_beyond_what_every_reader_follows_are_placed() {
        let nested = |levels: usize| format!("/X{}1{}", "[".repeat(levels), "]".repeat(levels));
        let hides = |levels: usize| format!("/X[{}/Contents 4 0 R]", &nested(levels - 1)[2..]);
        // The dictionary and the number count as well.
        assert_eq!(place(&with(&nested(30), "null")), None);
        assert_eq!(place(&with(&nested(31), "null")), Some(Disagreement::Nested(3)));
        assert_eq!(place(&with(&hides(31), "null")), Some(Disagreement::Nested(3)));
        assert_eq!(
            place(&with("", &stream(&nested(62), ""))),
            Some(Disagreement::Nested(5))
        );
        let trailing = |levels: usize| {
            let whole = with("", "null");
            let previous = open(&whole).revisions()[0].startxref;
            let trailer = format!("/Root 1 0 R/Prev {previous}{}", nested(levels));
            let at = whole.len() as u64 + "5 0 obj\nnull\nendobj\n".len() as u64;
            (
                place(&revision(whole, SectionKind::Table, &[(5, "null")], 6, &trailer)),
                at,
            )
        };
        assert_eq!(trailing(30).0, None);
        let (found, at) = trailing(31);
        assert_eq!(found, Some(Disagreement::NestedTrailer(at)));
    }

    #[test]
    fn an_object_that_is_a_reference_is_placed() {
        assert_eq!(place(&with("", "4 0 R")), Some(Disagreement::Chain(5)));
    }

    #[test]
    fn entries_that_readers_take_in_several_ways_are_placed() {
        let whole = with("", "null");
        let table = String::from_utf8(whole.clone()).unwrap();
        let of = |from: &str, to: &str| {
            assert!(table.contains(from));
            place(&table.replacen(from, to, 1).into_bytes())
        };
        assert_eq!(place(&whole), None);
        let zero = of("0000000000 65535 f", "0000000000 65535 n");
        assert_eq!(zero, Some(Disagreement::Entry(0)));
        let freed = |number: u32| {
            let (start, previous) = (whole.len(), open(&whole).revisions()[0].startxref);
            let trailer = format!("trailer<</Size 6/Root 1 0 R/Prev {previous}>>startxref\n{start}\n%%EOF\n");
            let table = format!("xref\n{number} 1\n0000000000 00001 f \n{trailer}");
            place(&[&whole[..], table.as_bytes()].concat())
        };
        assert_eq!(freed(1), Some(Disagreement::Entry(1)), "some count it as object 0");
        assert_eq!(freed(5), None);
        for (kind, expected) in [
            ("02", None),
            ("03", Some(Disagreement::Entry(9))),
            ("ff", Some(Disagreement::Entry(9))),
        ] {
            let rows = format!("{kind}{:08x}01{:08x}", 0, whole.len());
            let previous = open(&whole).revisions()[0].startxref;
            let head =
                format!("/Type/XRef/W[1 4 0]/Index[9 2]/Size 11/Root 1 0 R/Prev {previous}/Filter/ASCIIHexDecode");
            let section = format!(
                "10 0 obj\n{}\nendobj\nstartxref\n{}\n%%EOF\n",
                stream(&head, &rows),
                whole.len()
            );
            let bytes = [&whole[..], section.as_bytes()].concat();
            let found = place(&bytes).filter(|place| place.is_foreseen());
            assert_eq!(found, expected, "{kind}");
        }
    }

    #[test]
    fn what_begins_a_file_and_cannot_be_read_may_call_it_linearised() {
        let zeros = "0".repeat(70);
        for (first, expected) in [
            (format!("{zeros}9 0 obj\n<</Linearized 1/L 9>>\nendobj\n"), true),
            ("9 0 obj\n<</Linearized 1/L 9/X/a#zz>>\nendobj\n".to_owned(), true),
            ("9 0 obj\n<</L#69nearized 1/L 9/X/a#zz>>\nendobj\n".to_owned(), true),
            ("9 0 obj\n<<nothing>>\nendobj\n".to_owned(), false),
        ] {
            let begun = format!("%PDF-2.0\n{first}").into_bytes();
            assert_eq!(calls_itself_linearised(begun), expected, "{first}");
        }
    }

    #[test]
    fn what_follows_nothing_but_space_to_some_reader_begins_the_file() {
        let first = b"9 0 obj\n<</Linearized 1/L 9/X/a#zz>>\nendobj\n".as_slice();
        for (before, expected) in [
            ([b"%PDF-2.0\n".as_slice(), &[0xff; 1100]].concat(), true),
            ([b"%PDF-2.0\n".as_slice(), &[0x80; 200_000]].concat(), true),
            ([b"%PDF-2.0".as_slice(), &[b' '; 200_000]].concat(), true),
            ([b"%PDF-2.0\n%".as_slice(), &[b'a'; 200_000], b"\n"].concat(), true),
            ([b"%PDF-2.0\n".as_slice(), &[b'a'; 1100], b" "].concat(), false),
        ] {
            let begun = [&before[..], first].concat();
            assert_eq!(calls_itself_linearised(begun), expected, "{:?}", &before[..12]);
        }
    }

    /// Whether a file that begins so is one that some readers take for a linearised one.
    fn calls_itself_linearised(begun: Vec<u8>) -> bool {
        let catalog = "<</Type/Catalog/Pages 2 0 R>>";
        let objects = [(1, catalog), (2, "<</Type/Pages/Kids[]/Count 0>>")];
        let bytes = revision(begun, SectionKind::Table, &objects, 3, "/Root 1 0 R");
        let found = open(&bytes).foreseen().unwrap();
        found == Some(Disagreement::Linearised)
    }

    /// A document that begins with an object that states a length for it.
    fn linearised(length: usize) -> Vec<u8> {
        let first = format!("<</Linearized 1/L {length:010}>>");
        let bodies = [
            &first,
            PAGES,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            "<</Type/Catalog/Pages 2 0 R>>",
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let text = String::from_utf8(bytes).unwrap().replace("/Root 1 0 R", "/Root 4 0 R");
        text.into_bytes()
    }

    #[test]
    fn a_length_that_makes_a_file_linearised_to_some_readers_is_placed() {
        let length = linearised(0).len();
        assert_eq!(
            place(&linearised(length)),
            Some(Disagreement::Linearised),
            "another section is the last"
        );
        assert_eq!(place(&linearised(length - 1)), None);
        let grown = |length| {
            append(linearised(length), |update| {
                update.put(id(9), &Object::Null).unwrap();
            })
        };
        let length = grown(0).len();
        assert_eq!(place(&grown(length)), Some(Disagreement::Linearised));
        assert_eq!(
            place(&grown(linearised(0).len())),
            None,
            "as an honest one that was updated"
        );
    }
}
