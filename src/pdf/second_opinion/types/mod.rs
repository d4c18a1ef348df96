//! Entries that decide what is drawn, and are of a type that the standard does not have for them: one reader takes a
//! string for a name, another a stream for a dictionary, a third what it would take if nothing stood there.
//!
//! Every dictionary is asked for the entries of what it is by its own words, or of what a reader could take it for that
//! asks for no such word, with all that is written inside it. What an entry refers to is asked when all objects were
//! gone through. Left out: which resources content names, what programs of fonts and functions say, how many components
//! a colour space gives to what it is used in, filters (`drawn`), and annotations (`annotation_form`).

mod colours;
mod fonts;
mod rules;
mod shape;

use self::shape::{Asked, Rule, Shape, Variant};
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
                let mut rules = of_any(dictionary)
                    .chain(of_stream(stream))
                    .chain(of_variants(dictionary));
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
        (is("Font"), &fonts::OF_FONTS),
        (is_named_font, &fonts::OF_NAMED_FONTS),
        (is("FontDescriptor"), &fonts::OF_DESCRIPTORS),
        (has("FontFile"), &fonts::WITH_FONT_FILE),
        (has("FontFile2"), &fonts::WITH_FONT_FILE_2),
    ];
    asked(known)
}

/// Entries that say which kind of its like a dictionary is, with the rules of all kinds and those of each.
static VARIANTS: [(&str, Rules, &[Variant]); 4] = [
    ("Subtype", &[], &fonts::FONTS),
    ("PatternType", &colours::OF_PATTERNS, &colours::PATTERNS),
    ("ShadingType", &colours::OF_SHADINGS, &colours::SHADINGS),
    ("FunctionType", &colours::OF_FUNCTIONS, &colours::FUNCTIONS),
];

/// Rules of a dictionary by such an entry. One that is a reference may be any.
fn of_variants(dictionary: &Dictionary) -> impl Iterator<Item = Rules> {
    VARIANTS
        .iter()
        .filter_map(|(key, of_all, variants)| Some((dictionary.get(key)?, *of_all, *variants)))
        .flat_map(|(value, of_all, variants)| {
            let may_be = |shape: &Shape| value.as_reference().is_some() || shape.is_plainly(value);
            let of_it = variants
                .iter()
                .filter(move |(shape, _)| may_be(shape))
                .map(|(_, rules)| *rules);
            std::iter::once(of_all).chain(of_it)
        })
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
        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0 1 0 0]/Group<</S/Transparency/CS/DeviceGray>>>>",
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
                true => stream(&body[2..body.len() - 2], "n"),
                false => body.clone(),
            });
        let further = FURTHER.iter().map(|body| (*body).to_owned());
        let resources = stream("/N 3/Font<<>>", "n");
        let bodies: Vec<String> = written.chain(further).chain([resources]).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        match open(&document(SectionKind::Table, &bodies)).second_opinion().unwrap() {
            SecondOpinion::Disagree { place } => Some(place),
            SecondOpinion::Agree | SecondOpinion::NotAsked => None,
        }
    }

    fn assert_alike(cases: &[(&str, &str)]) {
        for (from, to) in cases {
            assert_eq!(with(from, to), None, "{to}");
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
        assert_alike(&[
            ("/CropBox[0 0 9 12 0 R]", "/CropBox 14 0 R"),
            ("/ca 1", "/LW 12 0 R"),
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
        ]);
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

    #[test]
    fn soft_masks_that_some_readers_pass_over_are_placed() {
        const GOOD: &str = "/SMask<</S/Luminosity/G 6 0 R/BC[0]/TR/Identity>>";
        assert_alike(&[("/ca 1", GOOD), ("/ca 1", "/SMask<</S/Alpha/G 6 0 R>>")]);
        for (from, to) in [
            ("/Luminosity", "(Luminosity)"),
            ("/Luminosity", "/Light"),
            ("/S/Luminosity", ""),
            ("/G 6 0 R", ""),
            ("/G 6 0 R", "/G<<>>"),
            ("/G 6 0 R", "/G 99 0 R"),
            ("[0]", "(0)"),
            ("/TR/Identity", "/TR/Foo"),
            ("/TR/Identity", "/TR[<</FunctionType 2/Domain[0 1]/N 1>>]"),
            ("<</S/Luminosity/G 6 0 R/BC[0]/TR/Identity>>", "/Foo"),
        ] {
            assert_told(&[("/ca 1", &GOOD.replace(from, to))], 5);
        }
        assert_told(&[("/ca 1", &GOOD.replace("6 0 R", "4 0 R"))], 4);
    }

    #[test]
    fn parameters_of_the_graphics_state_that_are_none_are_placed() {
        assert_alike(&[(
            "/ca 1",
            "/TR[/Identity/Identity/Identity/Identity]/TR2/Default/BG2/Default/UCR2/Default/HT/Default/D[[3]0]\
             /Font[11 0 R 9]/LW 1/OP true/OPM 1/SM 0.02/SA true/RI/Perceptual/ca 0/CA 1.0/BM/Compatible",
        )]);
        for to in [
            "/TR/Foo",
            "/TR[/Identity]",
            "/TR2(Default)",
            "/BG 1",
            "/UCR<<>>",
            "/HT/Foo",
            "/D[3]",
            "/Font[11 0 R]",
            "/Font 11 0 R",
            "/BM/Foo",
            "/BM[]",
            "/ca 2",
            "/CA -1",
            "/OP 1",
        ] {
            assert_told(&[("/ca 1", to)], 5);
        }
    }

    #[test]
    fn tilings_without_a_size_are_placed() {
        const GOOD: &str = "<</PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep -9/Resources<<>>>>";
        assert_alike(&[("<<>>", GOOD)]);
        for (from, to) in [
            ("/PatternType 1", "/PatternType 3"),
            ("/PatternType 1", "/PatternType 12 0 R"),
            ("/PaintType 1", ""),
            ("/TilingType 1", "/TilingType 4"),
            ("[0 0 9 9]", "[0 0 0 9]"),
            ("/XStep 9", "/XStep 0"),
            ("/YStep -9", ""),
            ("/Resources<<>>", ""),
        ] {
            assert_told(&[("<<>>", &GOOD.replace(from, to))], 4);
        }
    }

    #[test]
    fn shadings_that_lack_what_their_type_asks_for_are_placed() {
        const GOOD: &str = "/Shading<</A<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Extend[true false]\
                            /Function<</FunctionType 2/Domain[0 1]/N 1>>>>>>/Properties<<";
        assert_alike(&[
            ("/Properties<<", GOOD),
            (
                "/Properties<<",
                &GOOD.replace("2/C", "3/C").replace("0 0 9 9", "0 0 9 9 9 9"),
            ),
        ]);
        for (from, to) in [
            ("ShadingType 2", "ShadingType 8"),
            ("ShadingType 2", "ShadingType 1"),
            ("ShadingType 2", "ShadingType 4"),
            ("/ColorSpace/DeviceGray", ""),
            ("/DeviceGray", "[/Pattern/DeviceGray]"),
            ("/DeviceGray", "[/Indexed/DeviceGray 1<0000>]"),
            ("[0 0 9 9]", "[0 0 9 9 9]"),
            ("[true false]", "[true]"),
            ("[true false]", " true"),
            ("/Function<<", "/Foo<<"),
            ("/Domain[0 1]", "/Domain[0 1 0 1]"),
        ] {
            assert_told(&[("/Properties<<", &GOOD.replace(from, to))], 5);
        }
        assert_told(
            &[(
                "/Properties<<",
                "/Pattern<</P<</PatternType 2/Shading 99 0 R>>>>/Properties<<",
            )],
            5,
        );
    }

    #[test]
    fn functions_that_lack_what_their_type_asks_for_are_placed() {
        const SAMPLED: &str = "<</FunctionType 0/Domain[0 1]/Range[0 1]/Size[2]/BitsPerSample 8>>";
        const EXPONENTIAL: &str = "<</FunctionType 2/Domain[0 1]/N 1/C0[0]/C1[1]>>";
        const STITCHED: &str = "<</FunctionType 3/Domain[0 1]/Bounds[]/Encode[0 1]/Functions[\
                                <</FunctionType 2/Domain[0 1]/N 1>>]>>";
        const CALCULATED: &str = "<</FunctionType 4/Domain[0 1]/Range[0 1]>>";
        for (good, cases) in [
            (
                SAMPLED,
                &[
                    ("[2]", " 2"),
                    ("Sample 8", "Sample 3"),
                    ("/Range[0 1]", ""),
                    ("Type 0", "Type 1"),
                    ("Type 0", "Type 12 0 R"),
                ][..],
            ),
            (EXPONENTIAL, &[("/N 1", ""), ("/N 1", "/N(1)"), ("/C0[0]", "/C0 0")]),
            (STITCHED, &[("/Encode[0 1]", ""), ("/Bounds[]", ""), ("/N 1", "")]),
            (
                CALCULATED,
                &[
                    ("/Range[0 1]", ""),
                    ("/Range[0 1]", "/Range[0]"),
                    ("/Domain[0 1]", "/Domain[]"),
                ],
            ),
        ] {
            assert_alike(&[("<<>>", good)]);
            for (from, to) in cases {
                assert_told(&[("<<>>", &good.replace(from, to))], 4);
            }
        }
    }

    #[test]
    fn colour_spaces_of_no_family_are_placed() {
        const TINT: &str = "/DeviceGray<</FunctionType 2/Domain[0 1]/N 1>>";
        let space = |space: &str| format!("/ColorSpace{}", space.replace("TINT", TINT));
        for good in [
            "[/DeviceRGB]",
            "[/CalGray<</WhitePoint[1 1 1]/Gamma 2.2>>]",
            "[/Lab<</WhitePoint[1 1 1]/Range[0 1 0 1]>>]",
            "[/ICCBased 17 0 R]",
            "[/Indexed[/ICCBased 17 0 R]1<0000>]",
            "[/Separation/All TINT]",
            "[/DeviceN[/A]TINT<<>>]",
        ] {
            assert_alike(&[("/ColorSpace/DeviceGray", &space(good))]);
        }
        for bad in [
            "/Foo",
            "/Pattern",
            "/ICCBased",
            "[]",
            "[/Foo]",
            "[(DeviceRGB)]",
            "[/DeviceRGB 1]",
            "[/CalGray<<>>]",
            "[/CalRGB<</WhitePoint[1 1 1]/Gamma 2.2>>]",
            "[/ICCBased<</N 3>>]",
            "[/Indexed/DeviceGray 256<00>]",
            "[/Indexed/DeviceGray 1]",
            "[/Indexed[/Indexed/DeviceGray 1<00>]1<00>]",
            "[/Separation(None)TINT]",
            "[/Separation/A/DeviceGray/Identity]",
            "[/DeviceN[]TINT]",
        ] {
            assert_told(&[("/ColorSpace/DeviceGray", &space(bad))], 7);
        }
        assert_told(&[("/ColorSpace/DeviceGray", "/ColorSpace[/ICCBased 4 0 R]")], 4);
    }

    #[test]
    fn colour_spaces_that_are_no_default_are_placed() {
        let named = |named: &str| format!("/ColorSpace<<{named}>>/Properties<<");
        for good in [
            "/A/Pattern",
            "/A[/Pattern/DeviceRGB]",
            "/DefaultRGB[/ICCBased 17 0 R]/A null",
        ] {
            assert_alike(&[("/Properties<<", &named(good))]);
        }
        for bad in [
            "/A/Foo",
            "/A[]",
            "/DefaultGray[/Indexed/DeviceGray 1<0000>]",
            "/DefaultRGB/Pattern",
        ] {
            assert_told(&[("/Properties<<", &named(bad))], 5);
        }
    }

    #[test]
    fn fonts_with_programs_or_encodings_of_other_fonts_are_placed() {
        let font = |font: &str| format!("/F<</Type/Font/BaseFont/A/Subtype/{font}>>");
        for good in [
            "Type1/Encoding/StandardEncoding/FontDescriptor<</FontFile 4 0 R/Flags 4>>",
            "Type1/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/A]>>",
            "TrueType/FontDescriptor<</FontFile2 4 0 R/Flags 32>>",
            "CIDFontType2/FontDescriptor<</FontFile2 4 0 R>>/CIDToGIDMap/Identity",
            "Type0/Encoding/UniGB-UCS2-H/DescendantFonts[11 0 R]",
            "Type0/Encoding 4 0 R/DescendantFonts[11 0 R]",
        ] {
            assert_alike(&[("/F 11 0 R", &font(good))]);
        }
        for bad in [
            "Type1/Encoding/Foo",
            "TrueType/Encoding/Identity-H",
            "Type1/Encoding<</BaseEncoding/Foo>>",
            "Type1/Encoding<</Differences[(1)/A]>>",
            "TrueType/FontDescriptor<</FontFile 4 0 R/FontFile2 4 0 R/Flags 32>>",
            "Type1/FontDescriptor<</FontFile 4 0 R/FontFile3 4 0 R>>",
            "CIDFontType2/FontDescriptor<</FontFile2 4 0 R/FontFile3 4 0 R>>",
            "Type1/FontDescriptor<</FontFile2 4 0 R>>",
            "TrueType/FontDescriptor<</FontFile 4 0 R/Flags 32>>",
            "TrueType/FontDescriptor<</FontFile2 4 0 R/Flags 36>>",
            "TrueType/FontDescriptor<</FontFile2 4 0 R/Flags(4)>>",
            "CIDFontType0/FontDescriptor<</FontFile2 4 0 R>>",
            "Type0/Encoding/Foo/DescendantFonts[11 0 R]",
            "Type0/Encoding/WinAnsiEncoding/DescendantFonts[11 0 R]",
            "Type0/DescendantFonts[11 0 R]",
            "Type0/Encoding/Identity-H/DescendantFonts[11 0 R 11 0 R]",
        ] {
            assert_told(&[("/F 11 0 R", &font(bad))], 5);
        }
        assert_told(&[("/F 11 0 R", &font("Type1/FontDescriptor<</FontFile3 4 0 R>>"))], 4);
    }
}
