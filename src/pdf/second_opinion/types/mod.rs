//! Entries that decide what is drawn, and are of a type that the standard does not have for them: one reader takes a
//! string for a name, another a stream for a dictionary, a third what it would take if nothing stood there.
//!
//! Every dictionary is asked for the entries of what it is by its own words, or of what a reader could take it for that
//! asks for no such word, with all that is written inside it. What an entry refers to is asked when all objects were
//! gone through. Left out: which resources content names, filters (`drawn`), and annotations
//! (`annotation_form`).

mod rules;
mod shape;

use self::shape::{Asked, Rule};
use super::Disagreement;
use crate::pdf::error::PdfError;
use crate::pdf::filter_names::{Gives, gives};
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::view::View;

/// Entries of a page by which it is one, whatever its type, where it has a parent and no place on a page itself.
const OF_A_PAGE: [&str; 5] = ["Contents", "Resources", "MediaBox", "CropBox", "Annots"];

/// The types of all entries of a file, asked object by object.
#[derive(Default)]
pub(super) struct Types {
    asked: Asked,
}

impl Types {
    /// Takes note of the next object, by rising number, or that it cannot be read; and gives a disagreement over what
    /// is written in it.
    pub(super) fn of_object(&mut self, number: u32, value: Option<&Object>) -> Option<Disagreement> {
        self.asked.note(number, value);
        let is_drawn_alike = value.is_none_or(|value| self.are_in(number, value));
        (!is_drawn_alike).then_some(Disagreement::Type(number))
    }

    /// A disagreement over what an entry refers to.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn of_references(self, view: &View<'_, '_>) -> Result<Option<Disagreement>, PdfError> {
        Ok(self.asked.settle(view)?.map(Disagreement::Type))
    }

    fn are_in(&mut self, number: u32, value: &Object) -> bool {
        match value {
            Object::Array(elements) => elements.iter().all(|element| self.are_in(number, element)),
            _ => value.as_dictionary().is_none_or(|dictionary| {
                let stream = value.as_stream().map(|stream| &stream.dictionary);
                let mut rules = of_any(dictionary).chain(of_stream(stream));
                rules.all(|rules| self.asked.has(number, dictionary, rules))
                    && dictionary.iter().all(|(_, value)| self.are_in(number, value))
            }),
        }
    }
}

type Rules = &'static [Rule];

/// Rules of a dictionary, a stream's own or not.
fn of_any(dictionary: &Dictionary) -> impl Iterator<Item = Rules> {
    let has = |key: &str| dictionary.get(key).is_some();
    let is = |kind: &str| dictionary.is("Type", kind);
    let is_page = has("Parent") && !has("Rect") && OF_A_PAGE.iter().any(|key| has(key));
    let is_named_font = is("Font") && !dictionary.is("Subtype", "Type3");
    let known: [(bool, Rules); 10] = [
        (true, &rules::OF_LAYERS_ANYWHERE),
        (is("Catalog") || has("OCProperties"), &rules::OF_CATALOGS),
        (is("OCG"), &rules::OF_LAYERS),
        (is("OCMD"), &rules::OF_MEMBERSHIPS),
        (is_page || is("Page") || is("Pages"), &rules::OF_PAGES),
        (is("Font"), &rules::OF_FONTS),
        (is_named_font, &rules::OF_NAMED_FONTS),
        (has("PatternType"), &rules::OF_PATTERNS),
        (has("ShadingType"), &rules::OF_SHADINGS),
        (has("FunctionType"), &rules::OF_FUNCTIONS),
    ];
    asked(known)
}

/// Rules of a stream.
fn of_stream(stream: Option<&Dictionary>) -> impl Iterator<Item = Rules> {
    let has = |key: &str| stream.is_some_and(|stream| stream.get(key).is_some());
    let is = |kind: &str| stream.is_some_and(|stream| stream.is("Subtype", kind));
    let is_image = is("Image") || has("Width");
    let is_boxed = has("BBox") && !has("PatternType") && !has("ShadingType");
    let known: [(bool, Rules); 4] = [
        (stream.is_some(), &rules::OF_STREAMS),
        (is("Form") || (is_boxed && !is_image), &rules::OF_FORMS),
        (is_image, &rules::OF_IMAGES),
        (
            is("Image") && stream.is_some_and(says_its_colours),
            &rules::OF_PLAIN_IMAGES,
        ),
    ];
    asked(known)
}

fn asked<const COUNT: usize>(known: [(bool, Rules); COUNT]) -> impl Iterator<Item = Rules> {
    let known = known.into_iter();
    known.filter(|(is_asked, _)| *is_asked).map(|(_, rules)| rules)
}

/// Whether an image has to say in its own entries what its colours are.
fn says_its_colours(image: &Dictionary) -> bool {
    let may_say = |filter: &Object| gives(filter) == Some(Gives::Picture) || filter.as_reference().is_some();
    let is_elsewhere = match image.get("Filter") {
        Some(Object::Array(filters)) => filters.iter().any(may_say),
        Some(filter) => may_say(filter),
        None => false,
    };
    !is_elsewhere
        && image
            .get("ImageMask")
            .is_none_or(|mask| *mask == Object::Boolean(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::second_opinion::SecondOpinion;
    use crate::pdf::testing::{document, open, stream};

    /// A page with a form, a picture, a state and a font, two layers and a stamp.
    const BODIES: [&str; 10] = [
        "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[9 0 R]/D<</BaseState/ON/OFF[]>>>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 9 9.5]/Rotate 90.0>>",
        "<</Type/Page/Parent 2 0 R/Contents[4 0 R]/Resources 5 0 R/Annots[8 0 R null]/CropBox[0 0 9 12 0 R]>>",
        "<<>>",
        "<</XObject<</X 6 0 R/I 7 0 R>>/ExtGState<</G<</ca 1>>>>/Font<</F 11 0 R>>/Properties<</M 10 0 R>>>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0 1 0 0]>>",
        "<</Subtype/Image/Width 1/Height 1.0/ColorSpace/DeviceGray/BitsPerComponent 8/DecodeParms null>>",
        "<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]/F 4>>",
        "<</Type/OCG/Name(L)/Usage<</View<</ViewState/ON>>>>>>",
        "<</Type/OCMD/OCGs[9 0 R]/P/AnyOn>>",
    ];
    /// What some of it refers to.
    const FURTHER: [&str; 6] = [
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "9.0",
        "(1)",
        "[0 0 9 9]",
        "<</A 1>>",
        "[0 0 (9) 9]",
    ];
    /// Those of the first that are streams.
    const STREAMS: [usize; 3] = [3, 5, 6];

    fn with(from: &str, to: &str) -> Option<Disagreement> {
        let replaced = BODIES.map(|body| body.replacen(from, to, 1));
        assert!(from.is_empty() || replaced != BODIES, "{from}");
        let written = replaced
            .iter()
            .enumerate()
            .map(|(place, body)| match STREAMS.contains(&place) {
                true => stream(body.trim_start_matches("<<").trim_end_matches(">>"), "n"),
                false => body.clone(),
            });
        let further = FURTHER.iter().map(|body| (*body).to_owned());
        let resources = stream("/Font<<>>", "n");
        let bodies: Vec<String> = written.chain(further).chain([resources]).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        match open(&document(SectionKind::Table, &bodies)).second_opinion().unwrap() {
            SecondOpinion::Disagree { place } => Some(place),
            SecondOpinion::Agree | SecondOpinion::NotAsked => None,
        }
    }

    fn assert_told(cases: &[(&str, &str)], object: u32) {
        for (from, to) in cases {
            assert_eq!(with(from, to), Some(Disagreement::Type(object)), "{to}");
        }
    }

    #[test]
    fn entries_of_the_types_that_the_standard_has_are_read_alike() {
        assert_eq!(with("", ""), None);
        for (from, to) in [
            ("/CropBox[0 0 9 12 0 R]", "/CropBox 14 0 R"),
            ("/ca 1", "/ca 12 0 R"),
            ("/ca 1", "/ca 0.5/SMask/None/BM[/Multiply]"),
            ("/Annots[8 0 R null]", "/Annots null"),
            ("/Matrix[1 0 0 1 0 0]", "/Matrix null"),
            ("/BitsPerComponent 8", "/ImageMask false/BitsPerComponent 8"),
            (
                "/ColorSpace/DeviceGray/BitsPerComponent 8/DecodeParms null",
                "/ImageMask true",
            ),
            (
                "/ColorSpace/DeviceGray/BitsPerComponent 8/DecodeParms null",
                "/Filter[/JPXDecode]",
            ),
            ("/DecodeParms null", "/Filter[/ASCIIHexDecode/DCTDecode]"),
            ("<</G<<", "<</Missing 99 0 R/Type/ExtGState/G<<"),
            ("/XObject<</X 6 0 R", "/XObject<</Missing 99 0 R/X 6 0 R"),
        ] {
            assert_eq!(with(from, to), None, "{to}");
        }
    }

    #[test]
    fn a_string_for_a_name_is_placed() {
        assert_told(
            &[
                ("/Subtype/Form", "/Subtype(Form)"),
                ("/Subtype/Form", "/Subtype 13 0 R"),
            ],
            6,
        );
        assert_told(&[("/Subtype/Image", "/Subtype(Image)")], 7);
        assert_told(&[("/Type/Page/", "/Type(Page)/"), ("/Type/Page/", "/Type null/")], 3);
    }

    #[test]
    fn boxes_and_matrices_that_are_none_are_placed() {
        for to in [
            "[0 0 9]",
            "[0 0 9 9 null]",
            "[0 0 (9) 9]",
            "[0 0 9 4294967296]",
            "16 0 R",
            "15 0 R",
            "null",
        ] {
            assert_told(
                &[("/BBox[0 0 9 9]", &format!("/BBox {to}"))],
                if to == "16 0 R" { 16 } else { 6 },
            );
        }
        assert_told(
            &[
                ("/BBox[0 0 9 9]", ""),
                ("[1 0 0 1 0 0]", "[]"),
                ("[1 0 0 1 0 0]", "[[1 0 0 1 0 0]]"),
            ],
            6,
        );
        assert_told(
            &[
                ("[0 0 9 12 0 R]", "[0 0 9]"),
                ("[0 0 9 12 0 R]", "[0 0 0 9]"),
                ("[0 0 9 12 0 R]", "[0 0 9 13 0 R]"),
            ],
            3,
        );
        assert_told(
            &[("[0 0 9 9.5]", "[0 0 9 9.5 0 0 9 9.5]"), ("/Rotate 90.0", "/Rotate 9")],
            2,
        );
    }

    #[test]
    fn resources_that_are_none_are_placed() {
        assert_told(&[("/Resources 5 0 R", "/Resources 17 0 R")], 3);
        for to in ["/ca(1)", "/ca null", "/ca 4294967296", "/ca 99 0 R"] {
            assert_told(&[("/ca 1", to)], 5);
        }
        for to in ["/F null", "/F[11 0 R]", "/F 6 0 R", "/F 99 0 R"] {
            assert_told(&[("/F 11 0 R", to)], 5);
        }
    }

    #[test]
    fn pictures_that_say_not_what_they_are_are_placed() {
        for to in [
            "",
            "/BitsPerComponent 8.0",
            "/BitsPerComponent null",
            "/BitsPerComponent 99 0 R",
        ] {
            assert_told(&[("/BitsPerComponent 8", to)], 7);
        }
        assert_told(
            &[
                ("/Width 1", "/Width true"),
                ("/ColorSpace/DeviceGray", ""),
                ("/DecodeParms null", "/Filter null"),
                ("/BitsPerComponent 8", "/BitsPerComponent 9"),
            ],
            7,
        );
    }

    #[test]
    fn layers_that_some_readers_hide_are_placed() {
        assert_told(&[("/BaseState/ON", "/BaseState(OFF)"), ("/OFF[]", "/OFF 9 0 R")], 1);
        assert_told(&[("/ViewState/ON", "/ViewState(OFF)")], 9);
        for to in ["/OCGs[]", "/OCGs[null]", "/OCGs[99 0 R]", "/OCGs null"] {
            assert_told(&[("/OCGs[9 0 R]/P", &format!("{to}/P"))], 10);
        }
        assert_told(&[("/P/AnyOn", "/P(AllOff)"), ("/P/AnyOn", "/P/Foo")], 10);
    }
}
