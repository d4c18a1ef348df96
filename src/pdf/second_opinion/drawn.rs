//! What the streams are decoded by that draw, or by which text is drawn (ISO 32000-2, 7.4, 7.8.2, 8.7.3, 8.10, 9.6.4,
//! 9.9 and 12.5.5): where a filter is unknown, or one of images, some readers take the bytes as they stand for the
//! content, and others take nothing.
//!
//! Pictures are left out, which are drawn by any filter that the standard knows.

use std::collections::BTreeSet;

use super::Disagreement;
use crate::pdf::changes::collect_references;
use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::filter::parts;
use crate::pdf::filter_names::{Gives, gives};
use crate::pdf::object::{Dictionary, Object, Reference, Stream};
use crate::pdf::view::View;

/// Entries that lead to what is drawn, or to what text is drawn by, however it calls itself.
const DRAWN_UNDER: [&str; 8] = [
    "AP",
    "CharProcs",
    "CIDToGIDMap",
    "Contents",
    "FontFile",
    "FontFile2",
    "FontFile3",
    "ToUnicode",
];
/// Dictionaries and arrays of their own between such an entry and a stream: the appearance and its states.
const BETWEEN: usize = 2;

/// What a stream is decoded by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decoded {
    Plainly,
    /// By a filter that gives a picture, or by what the document is encrypted with.
    Otherwise,
    /// By what is no filter.
    Unknown,
}

/// What was met on the way through the objects of a file.
#[derive(Default)]
pub(super) struct DrawnStreams {
    streams: BTreeSet<u32>,
    /// Those of them that are not decoded plainly.
    otherwise: BTreeSet<u32>,
    /// What stands under [`DRAWN_UNDER`].
    named: BTreeSet<Reference>,
}

impl DrawnStreams {
    /// Looks at one object; what is wrong with it by itself.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn look(
        &mut self,
        view: &View<'_, '_>,
        number: u32,
        value: &Object,
    ) -> Result<Option<Disagreement>, PdfError> {
        if let Some(stream) = value.as_stream() {
            self.streams.insert(number);
            let decoded = decoded(view, stream)?;
            if !may_be(decoded, &stream.dictionary) {
                return Ok(Some(Disagreement::Undecoded(number)));
            }
            if decoded != Decoded::Plainly {
                self.otherwise.insert(number);
            }
        }
        self.collect(value);
        Ok(None)
    }

    fn collect(&mut self, value: &Object) {
        if let Some(elements) = value.as_array() {
            elements.iter().for_each(|element| self.collect(element));
        }
        let Some(dictionary) = value.as_dictionary() else {
            return;
        };
        for (key, value) in dictionary.iter() {
            // 11.6.5.1: the group that a soft mask is made of.
            let is_group = *key == *"G" && dictionary.get("S").is_some();
            if is_group || DRAWN_UNDER.iter().any(|drawn| *key == **drawn) {
                let mut references = Vec::new();
                collect_references(value, &mut references);
                self.named.extend(references);
            }
            self.collect(value);
        }
    }

    /// The first stream that is led to as one that draws, and is not decoded plainly.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn led_to(self, view: &View<'_, '_>) -> Result<Option<Disagreement>, PdfError> {
        if self.otherwise.is_empty() {
            return Ok(None);
        }
        let (mut seen, mut named) = (BTreeSet::new(), self.named);
        for between in 0..=BETWEEN {
            let mut below = Vec::new();
            for reference in named {
                view.file().count_step()?;
                if self.otherwise.contains(&reference.number) {
                    return Ok(Some(Disagreement::Undecoded(reference.number)));
                }
                let is_read = between < BETWEEN && !self.streams.contains(&reference.number) && seen.insert(reference);
                if is_read && let Some(read) = unless_stopped(view.passing(reference))? {
                    collect_references(&read.value, &mut below);
                }
            }
            named = below.into_iter().collect();
        }
        Ok(None)
    }
}

/// Whether a stream that is decoded so may be so for what it is, as long as nothing draws by it: one of the structure
/// is judged with what lies in it.
fn may_be(decoded: Decoded, dictionary: &Dictionary) -> bool {
    let is_of_structure = ["ObjStm", "XRef"].iter().any(|kind| dictionary.is("Type", kind));
    match decoded {
        Decoded::Plainly => true,
        Decoded::Otherwise => is_of_structure || !draws(dictionary),
        Decoded::Unknown => is_of_structure,
    }
}

/// Whether a stream says of itself that it draws by its bytes: a form or a pattern, or an object that readers take for
/// one whose type is not written as the standard has it.
fn draws(dictionary: &Dictionary) -> bool {
    let may_be_form = dictionary
        .get("Subtype")
        .is_some_and(|subtype| subtype.as_name().is_none_or(|subtype| subtype == "Form"));
    may_be_form || dictionary.get("PatternType").is_some()
}

/// 7.3.8.2, table 5: Filter is a name or an array of names. A longer one than is allowed of a stream is unknown.
fn decoded(view: &View<'_, '_>, stream: &Stream) -> Result<Decoded, PdfError> {
    let Some(filter) = stream.dictionary.get("Filter") else {
        return Ok(Decoded::Plainly);
    };
    let limits = &view.file().reader.limits;
    let Some(filters) = unless_stopped(view.look(filter, |value| parts(value, limits).ok()))?.flatten() else {
        return Ok(Decoded::Unknown);
    };
    let mut found = Decoded::Plainly;
    for filter in &filters {
        match unless_stopped(view.look(filter, gives))?.flatten() {
            Some(Gives::Bytes) => {}
            Some(Gives::Picture | Gives::Decrypted) => found = Decoded::Otherwise,
            None => return Ok(Decoded::Unknown),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::PdfFile;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::second_opinion::SecondOpinion;
    use crate::pdf::testing::{document, open, stream};

    /// What is found in a page with these entries, where object 5 has these entries and raw bytes, and object 6 is
    /// another one.
    fn found(page: &str, entries: &str, other: &str) -> Option<Disagreement> {
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]{page}>>");
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            &page,
            &stream("", "BT ET"),
            &stream(entries, "0 0 9 9 re f"),
            other,
        ];
        match open(&document(SectionKind::Table, &bodies)).second_opinion().unwrap() {
            SecondOpinion::Disagree { place } => Some(place),
            SecondOpinion::Agree | SecondOpinion::NotAsked => None,
        }
    }

    const UNDECODED: Option<Disagreement> = Some(Disagreement::Undecoded(5));

    #[test]
    fn content_behind_a_filter_that_gives_none_is_placed() {
        let drawn = |filter: &str| found("/Contents[4 0 R 5 0 R]", &format!("/Filter{filter}"), "null");
        for filter in [
            "/Foo",
            "/DCTDecode",
            "/JPXDecode",
            "/CCITTFaxDecode",
            "/JBIG2Decode",
            "/Crypt",
            "[null]",
            "[/FlateDecode/DCTDecode]",
            "[[/FlateDecode]]",
            "()",
            "[6 0 R]",
        ] {
            assert_eq!(drawn(filter), UNDECODED, "{filter}");
        }
        for filter in [
            "/FlateDecode",
            "/RunLengthDecode",
            "/LZWDecode",
            "[/ASCII85Decode/Fl]",
            "[]",
            " null",
        ] {
            assert_eq!(drawn(filter), None, "{filter}");
        }
    }

    #[test]
    fn whatever_draws_by_its_bytes_is_placed_behind_a_filter_of_images() {
        for (entries, other) in [
            ("/Subtype/Form", "null"),
            ("/Subtype(Form)", "null"),
            ("/PatternType 1", "null"),
            ("/Subtype/Image", "<</AP<</N 5 0 R>>>>"),
            ("/Subtype/Image", "<</AP<</N<</On 5 0 R>>>>>>"),
            ("/Subtype/Image", "<</Type/Font/Subtype/Type3/CharProcs<</a 5 0 R>>>>"),
            ("/Subtype/Image", "<</Type/Mask/S/Luminosity/G 5 0 R>>"),
            ("/Subtype/Image", "<</Type/FontDescriptor/FontFile2 5 0 R>>"),
        ] {
            let entries = format!("{entries}/Filter/JPXDecode");
            assert_eq!(
                found("/Contents 4 0 R", &entries, other),
                UNDECODED,
                "{entries} {other}"
            );
        }
        let by_states = "/Contents 4 0 R/A<</AP 6 0 R>>";
        assert_eq!(found(by_states, "/Filter/JPXDecode", "<</N<</On 5 0 R>>>>"), UNDECODED);
    }

    #[test]
    fn a_picture_may_have_any_filter_that_is_known() {
        let picture = |filter: &str| {
            let entries = format!("/Type/XObject/Subtype/Image/Width 1/Height 1/Filter{filter}");
            found(
                "/Contents 4 0 R/Resources<</XObject<</a 5 0 R>>>>",
                &entries,
                "<</Thumb 5 0 R>>",
            )
        };
        for filter in ["/DCTDecode", "[/FlateDecode/DCTDecode]", "/JBIG2Decode"] {
            assert_eq!(picture(filter), None, "{filter}");
        }
        assert_eq!(picture("/Foo"), UNDECODED);
    }

    #[test]
    fn a_list_of_filters_that_many_streams_share_is_not_gone_through_for_each() {
        let list = format!("[{}]", "/Fl ".repeat(1600));
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
        for filter in ["4 0 R", "[4 0 R]"] {
            let in_structure = stream(&format!("/Type/ObjStm/N 0/First 0/Filter {filter}"), "");
            let mut bodies = vec![
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                page,
                &list,
            ];
            bodies.extend([in_structure.as_str(); 200]);
            let bytes = document(SectionKind::Table, &bodies);
            let limits = Limits {
                parsed_values: 12_000,
                ..Limits::UPLOAD
            };
            let file = PdfFile::open(&bytes, &limits).unwrap();
            let view = file.latest();
            for number in 5..=204 {
                let object = view.object(Reference::new(number)).unwrap();
                let found = decoded(&view, object.value.as_stream().unwrap()).unwrap();
                assert!(found == Decoded::Unknown, "{filter}");
            }
        }
    }
}
