//! The text of a page with its places (ISO 32000-2 sections 9 and 14.8.2): what a reader can select and search for.
//!
//! Text is found in the order in which it is painted. Codes become characters by ToUnicode maps, by the Unicode and GBK
//! maps of East Asian fonts, by the common Latin encodings, and by the text that stands beside marked content; what has
//! none of these is text that nobody can search. Left out: annotations, right-to-left order, and fonts whose glyph
//! names alone say what they are beyond Latin.

mod cmap;
mod font;
mod interpret;
mod marked;
mod ranges;

use std::cell::RefCell;
use std::collections::VecDeque;

use unicode_normalization::char::decompose_compatible;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::error::PdfError;
use super::limits::LimitReached;
use super::object::{Dictionary, Reference, Stream};
use super::view::View;
use crate::ideograph::unified;
use interpret::Fonts;

/// What was painted for one code.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// The characters that it stands for; empty where that is not said.
    pub text: String,
    /// Where, in default user space: left, bottom, right, top.
    pub bounds: [f64; 4],
}

/// Characters that are counted at a time, where a text may have many more than it has bytes.
const COUNTED_AT_ONCE: u64 = 4096;

/// The text of the pages of a document, each read when it is asked for.
pub struct PageTexts<'v, 'f, 's> {
    view: &'v View<'f, 's>,
    fonts: RefCell<Fonts>,
}

impl<'v, 'f, 's> PageTexts<'v, 'f, 's> {
    /// The pages as they are in that view.
    pub fn new(view: &'v View<'f, 's>) -> Self {
        Self {
            view,
            fonts: RefCell::default(),
        }
    }

    /// The glyphs of a page, in the order in which they are painted.
    ///
    /// # Errors
    /// When its content cannot be decoded, or a budget is used up.
    pub fn glyphs(&self, page: Reference) -> Result<Vec<Glyph>, PdfError> {
        interpret::page(self.view, page, &mut self.fonts.borrow_mut())
    }

    /// The glyphs of a form that is painted by itself, as the appearance of an annotation is; `resources` where it has
    /// none.
    pub(super) fn glyphs_of_form(&self, form: &Stream, resources: &Dictionary) -> Result<Vec<Glyph>, PdfError> {
        interpret::form(self.view, form, resources, &mut self.fonts.borrow_mut())
    }
}

/// Where a text stands among glyphs: the box around each hit, in their order. White space does not count, nor whether a
/// character is written in a compatible form (Unicode annex 15, NFKC): full width, or as the radical that looks the
/// same.
///
/// Each character is looked at once (Knuth, Morris and Pratt), and none is kept that is too far back to belong to a
/// hit.
pub fn find(glyphs: &[Glyph], text: &str) -> Vec<[f64; 4]> {
    let wanted: Vec<char> = compatible(text).filter(|c| !c.is_whitespace()).collect();
    let Some(longest) = wanted.len().checked_sub(1) else {
        return Vec::new();
    };
    let borders = borders(&wanted);
    let mut hits = Vec::new();
    // How much of what is wanted ends here, and the glyphs of that.
    let (mut agreed, mut here) = (0, VecDeque::new());
    for glyph in glyphs {
        for found in compatible(&glyph.text).filter(|c| !c.is_whitespace()) {
            while agreed > 0 && wanted[agreed] != found {
                agreed = borders[agreed - 1];
            }
            agreed += usize::from(wanted[agreed] == found);
            here.push_back(glyph.bounds);
            here.drain(..here.len() - agreed);
            if agreed > longest {
                hits.extend(here.drain(..).reduce(around));
                agreed = 0;
            }
        }
    }
    hits
}

/// For each beginning of a text, how long the longest shorter one is that it ends with.
fn borders(text: &[char]) -> Vec<usize> {
    let mut borders = vec![0; text.len()];
    for end in 1..text.len() {
        let mut border = borders[end - 1];
        while border > 0 && text[border] != text[end] {
            border = borders[border - 1];
        }
        borders[end] = border + usize::from(text[border] == text[end]);
    }
    borders
}

/// The characters of a text in their compatible forms.
pub(super) fn compatible(text: &str) -> impl Iterator<Item = char> {
    let characters = text.chars().map(unified);
    let is_same = text.chars().all(is_compatible) || is_nfkc_quick(characters.clone()) == IsNormalized::Yes;
    let (same, other) = match is_same {
        true => (Some(characters), None),
        false => (None, Some(characters.nfkc())),
    };
    same.into_iter().flatten().chain(other.into_iter().flatten())
}

/// Whether a character is one of those that most texts are of, and that are in their compatible form by themselves and
/// beside one another: ASCII, and the ideographs of two blocks.
fn is_compatible(character: char) -> bool {
    matches!(character, '\0'..='\u{7f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Counts the characters of a text in their compatible forms, taken apart, as long as there is a budget for more.
pub(super) fn count_compatible(view: &View<'_, '_>, text: &str) -> Result<(), LimitReached> {
    let reader = &view.file().reader;
    let mut count = 0;
    for character in text.chars() {
        match is_compatible(character) {
            true => count += 1,
            false => decompose_compatible(unified(character), |_| count += 1),
        }
        if count >= COUNTED_AT_ONCE {
            reader.usage.characters(&reader.limits, count)?;
            count = 0;
        }
    }
    reader.usage.characters(&reader.limits, count)
}

/// The box around two.
fn around(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::PdfFile;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::testing::{document, id, stream};
    use proptest::prelude::*;

    /// The glyphs of a page with this content, whose fonts `F`, `G` and `T` are objects 5, 6 and 7.
    fn page(content: &str, fonts: [&str; 3], further: &[&str]) -> Vec<Glyph> {
        page_within(&Limits::UPLOAD, content, fonts, further).unwrap()
    }

    fn page_within(limits: &Limits, content: &str, fonts: [&str; 3], further: &[&str]) -> Result<Vec<Glyph>, PdfError> {
        let content = stream("", content);
        let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R/T 7 0 R>>/XObject<</X 8 0 R>>>>>>";
        let tree = "<</Type/Pages/Count 1/Kids[3 0 R]>>";
        let bodies = [
            &["<</Type/Catalog/Pages 2 0 R>>", tree, page, &content],
            &fonts[..],
            further,
        ]
        .concat();
        let bytes = document(SectionKind::Table, &bodies);
        let file = PdfFile::open(&bytes, limits)?;
        PageTexts::new(&file.latest()).glyphs(id(3))
    }

    /// The unit of the budget that ended it.
    fn ended_by<T>(read: Result<T, PdfError>) -> Option<&'static str> {
        match read {
            Err(PdfError::Limit(reached)) => Some(reached.unit),
            _ => None,
        }
    }

    const PLAIN: &str =
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 65/Widths[500 600 700]/Encoding/WinAnsiEncoding>>";

    #[test]
    fn a_text_is_found_where_it_is_painted_whatever_moves_it() {
        let content = "q 2 0 0 2 10 20 cm BT /F 10 Tf 100 Tz 5 7 Td (AB) Tj 0 -12 TD [(C) -1000 (A)] TJ T* (B) Tj ET Q";
        let glyphs = page(content, [PLAIN; 3], &[]);
        let text: String = glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        assert_eq!(text, "ABCAB");
        // A is 5 wide at (5, 7), scaled by two and moved by (10, 20).
        assert_eq!(glyphs[0].bounds, [20.0, 30.0, 30.0, 52.0]);
        assert_eq!(glyphs[1].bounds[0], 30.0);
        // C is 7 wide, and the number moves by a whole em more.
        assert_eq!(glyphs[3].bounds[0], 20.0 + 2.0 * 17.0);
        assert_eq!(glyphs[4].bounds[1], 30.0 - 2.0 * 24.0);
        assert_eq!(find(&glyphs, "A B").len(), 2);
        assert_eq!(find(&glyphs, "BC"), [[20.0, 6.0, 42.0, 52.0]]);
        assert_eq!(find(&glyphs, "CC"), [[0.0; 4]; 0]);
        assert_eq!(find(&glyphs, "Ａ").len(), 2);
    }

    #[test]
    fn codes_become_characters_by_each_kind_of_map() {
        let map = "1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0001> <5370> endbfchar \
            2 beginbfrange <0002> <0003> <7ae0> <0004> <0005> [<76d6> <7ae0>] endbfrange";
        let map = stream("", map);
        let composite = "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 9 0 R/DescendantFonts[<</Subtype/CIDFontType2/DW 1000/W[1[500]]>>]>>";
        let gbk = "<</Type/Font/Subtype/Type0/Encoding/GBK-EUC-H/DescendantFonts[<</DW 1000>>]>>";
        let unicode = "<</Type/Font/Subtype/Type0/Encoding/UniGB-UCS2-H/DescendantFonts[<</DW 1000>>]>>";
        let content = "BT /F 10 Tf <0001000200030005> Tj /G 10 Tf <b8c741> Tj /T 10 Tf <76d67ae0> Tj ET";
        let glyphs = page(content, [composite, gbk, unicode], &["null", &map]);
        let text: Vec<&str> = glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        assert_eq!(text, ["印", "章", "竡", "章", "盖", "A", "盖", "章"]);
        assert_eq!(glyphs[1].bounds[0], 5.0);
        assert_eq!(find(&glyphs, "盖 章").len(), 1);
    }

    #[test]
    fn a_code_stands_for_a_ligature_and_for_nothing_that_is_longer_than_any() {
        let of = |units: usize| format!("<{}>", "0066".repeat(units));
        let map = format!("2 beginbfchar <01> {} <02> {} endbfchar", of(18), of(33));
        let map = stream("", &map);
        let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>";
        let glyphs = page("BT /F 10 Tf <0102> Tj ET", [font; 3], &["null", &map]);
        let length = |glyph: &Glyph| glyph.text.chars().filter(|c| *c == 'f').count();
        assert_eq!(glyphs.iter().map(length).collect::<Vec<_>>(), [18, 0]);
    }

    #[test]
    fn widths_are_those_of_ranges_and_runs_however_many_glyphs_a_range_names() {
        let font = |widths: &str| {
            format!("<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</DW 900/W[{widths}]>>]>>")
        };
        let fonts = [font("1 2 500 4[600 700]"), font("0 65535 400 8[300]"), font("")];
        let fonts = [0, 1, 2].map(|place| fonts[place].as_str());
        let content = "BT /F 1 Tf <000100020003000400050006> Tj /G 1 Tf <000700080009> Tj ET";
        let glyphs = page(content, fonts, &[]);
        let width = |glyph: &Glyph| ((glyph.bounds[2] - glyph.bounds[0]) * 1000.0).round() as i64;
        let widths: Vec<i64> = glyphs.iter().map(width).collect();
        assert_eq!(widths, [500, 500, 900, 600, 700, 900, 400, 300, 400]);
    }

    #[test]
    fn text_in_forms_is_found_and_images_in_the_content_are_passed_over() {
        let form = stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Matrix[1 0 0 1 50 0]",
            "BT /F 10 Tf (C) Tj ET",
        );
        let content = "BI /W 4 /H 1 /BPC 8 /CS /G ID (EI) EI BT /F 10 Tf (A) Tj ET /X Do";
        let glyphs = page(content, [PLAIN; 3], &[&form]);
        assert_eq!(glyphs.len(), 2);
        assert_eq!((glyphs[1].text.as_str(), glyphs[1].bounds[0]), ("C", 50.0));
    }

    #[test]
    fn a_radical_is_found_as_the_ideograph_that_it_looks_like() {
        let map = stream("", "3 beginbfchar <01> <4eba> <02> <2ea0> <03> <5e01> endbfchar");
        let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>";
        let glyphs = page("BT /F 10 Tf <010203> Tj ET", [font; 3], &["null", &map]);
        assert_eq!(find(&glyphs, "人民币").len(), 1);
    }

    #[test]
    fn text_beside_marked_content_stands_for_its_glyphs() {
        // Glyph for glyph; several for one text, inside what is marked without a text; by name; and never ended.
        let content = "BT /F 10 Tf /Span<</ActualText(xy)>>BDC (AB) Tj EMC \
            /P BMC /Span<</ActualText<FEFF5370>>>BDC (AA) Tj EMC EMC \
            /Span/N BDC (C) Tj EMC /Span<</ActualText(z)>>BDC (B) Tj ET";
        let glyphs = page(content, [PLAIN; 3], &[]);
        let texts: Vec<&str> = glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        assert_eq!(texts, ["x", "y", "印", "C", "z"]);
        assert_eq!((glyphs[2].bounds[0], glyphs[2].bounds[2]), (11.0, 21.0));
    }

    #[test]
    fn however_deep_content_is_marked_each_end_is_that_of_its_beginning() {
        let deep = 2_000;
        let content = format!(
            "BT /F 10 Tf /Span<</ActualText(x)>>BDC {}(A) Tj {}EMC (B) Tj ET",
            "/P BMC ".repeat(deep),
            "EMC ".repeat(deep)
        );
        let glyphs = page(&content, [PLAIN; 3], &[]);
        let texts: Vec<&str> = glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
        assert_eq!(texts, ["x", "B"]);
    }

    #[test]
    fn a_form_that_paints_itself_ends() {
        let form = stream("/Type/XObject/Subtype/Form/Resources<</XObject<</X 8 0 R>>>>", "/X Do");
        assert_eq!(page("/X Do", [PLAIN; 3], &[&form]), []);
    }

    #[test]
    fn forms_inside_one_another_are_run_up_to_a_number() {
        let form = stream(
            "/Type/XObject/Subtype/Form/Resources<</XObject<</X 8 0 R>>/Font<</F 5 0 R>>>>",
            "BT /F 10 Tf (A) Tj ET /X Do",
        );
        assert_eq!(page("/X Do", [PLAIN; 3], &[&form]).len(), interpret::MAX_FORMS);
    }

    #[test]
    fn states_saved_inside_one_another_are_kept_up_to_a_number() {
        let at = |saved: usize| {
            let content = format!("{} 1 0 0 1 50 0 cm q Q BT /F 10 Tf (A) Tj ET", "q ".repeat(saved));
            page(&content, [PLAIN; 3], &[])[0].bounds[0]
        };
        assert_eq!(at(interpret::MAX_SAVED - 1), 50.0);
        assert_eq!(at(interpret::MAX_SAVED), 0.0, "the state that was kept last came back");
    }

    #[test]
    fn text_counts_by_its_bytes_and_by_the_characters_of_its_compatible_form() {
        // A code of 32 ligatures, each of three bytes and 18 characters.
        let map = stream("", &format!("1 beginbfchar <41> <{}> endbfchar", "fdfa".repeat(32)));
        let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>";
        let read = |limits| page_within(&limits, "BT /F 1 Tf (AAA) Tj ET", [font; 3], &["null", &map]);
        let within = |text_bytes, text_characters| {
            read(Limits {
                text_bytes,
                text_characters,
                ..Limits::UPLOAD
            })
        };
        let (bytes, characters) = (3 * 32 * 3, 3 * 32 * 18);
        assert_eq!(within(bytes, characters).map(|glyphs| glyphs.len()), Ok(3));
        assert_eq!(ended_by(within(bytes - 1, characters)), Some("bytes of text on pages"));
        assert_eq!(
            ended_by(within(bytes, characters - 1)),
            Some("characters of text compared")
        );
        // Marked content says its text each time.
        let content = "/Span<</ActualText(abcdef)>>BDC BT /F 1 Tf (B) Tj ET EMC ".repeat(3);
        let within = |text_bytes| {
            let limits = Limits {
                text_bytes,
                ..Limits::UPLOAD
            };
            page_within(&limits, &content, [PLAIN; 3], &[])
        };
        assert!(within(3 * (6 + 1)).is_ok());
        assert_eq!(ended_by(within(3 * (6 + 1) - 1)), Some("bytes of text on pages"));
    }

    #[test]
    fn of_a_text_of_many_characters_no_more_are_looked_at_than_are_counted() {
        let bytes = document(SectionKind::Table, &["<</Type/Catalog>>"]);
        let limits = Limits {
            text_characters: 1,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        assert!(count_compatible(&file.latest(), &"\u{fdfa}".repeat(100_000)).is_err());
        let left = Limits {
            text_characters: 2 * COUNTED_AT_ONCE,
            ..limits
        };
        let further = file.reader.usage.characters(&left, COUNTED_AT_ONCE / 2);
        assert_eq!(further, Ok(()));
    }

    #[test]
    fn glyphs_of_a_page_and_of_all_pages_are_painted_up_to_a_number() {
        let within = |page_glyphs, glyphs| {
            let limits = Limits {
                page_glyphs,
                glyphs,
                ..Limits::UPLOAD
            };
            page_within(&limits, "BT /F 1 Tf (ABC) Tj ET", [PLAIN; 3], &[])
        };
        assert!(within(3, 3).is_ok());
        assert_eq!(ended_by(within(2, 3)), Some("glyphs of one page"));
        assert_eq!(ended_by(within(3, 2)), Some("glyphs of all pages"));
    }

    #[test]
    fn the_parts_of_a_page_are_together_no_longer_than_one_stream() {
        let part = stream("", "BT /F 1 Tf (A) Tj ET");
        let page = "<</Type/Page/Parent 2 0 R/Contents[4 0 R 4 0 R]/Resources<</Font<</F 5 0 R>>>>>>";
        let tree = "<</Type/Pages/Count 1/Kids[3 0 R]>>";
        let bytes = document(
            SectionKind::Table,
            &["<</Type/Catalog/Pages 2 0 R>>", tree, page, &part, PLAIN],
        );
        let within = |decoded_stream_bytes| {
            let limits = Limits {
                decoded_stream_bytes,
                ..Limits::UPLOAD
            };
            let file = PdfFile::open(&bytes, &limits).unwrap();
            PageTexts::new(&file.latest()).glyphs(id(3)).map(|glyphs| glyphs.len())
        };
        assert_eq!(within(20 + 1 + 20), Ok(2));
        assert_eq!(ended_by(within(20 + 1 + 19)), Some("bytes in a stream"));
    }

    /// What reading comes to with a budget of two thousand values.
    fn within_values(content: &str, font: &str, further: &[&str]) -> Result<Vec<Glyph>, PdfError> {
        let limits = Limits {
            parsed_values: 2_000,
            ..Limits::UPLOAD
        };
        page_within(&limits, content, [font; 3], further)
    }

    #[test]
    fn a_font_that_is_no_object_by_itself_is_read_once_in_each_content_and_counts() {
        let resources = "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
        let content = format!("BT {}ET", "/F 1 Tf (A) Tj ".repeat(100));
        let form = stream(&format!("/Subtype/Form/Resources{resources}"), &content);
        assert_eq!(
            within_values("/X Do", PLAIN, &[&form]).map(|glyphs| glyphs.len()),
            Ok(100)
        );
        let form = stream(&format!("/Subtype/Form/Resources{resources}"), "BT /F 1 Tf (A) Tj ET");
        let painted = within_values(&"/X Do ".repeat(100), PLAIN, &[&form]);
        assert_eq!(ended_by(painted), Some("parsed values"));
    }

    #[test]
    fn a_form_counts_each_time_it_is_painted() {
        let form = stream("/Subtype/Form", "");
        let painted = |times: usize| within_values(&"/X Do ".repeat(times), PLAIN, &[&form]);
        assert_eq!(painted(200), Ok(Vec::new()));
        assert_eq!(ended_by(painted(500)), Some("parsed values"));
    }

    #[test]
    fn a_run_of_widths_counts_each_time_it_is_named() {
        let runs = "0 9 0 R ".repeat(50);
        let font = format!("<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</W[{runs}]>>]>>");
        let widths = format!("[{}]", "500 ".repeat(100));
        let read = within_values("BT /F 1 Tf <0001> Tj ET", &font, &["null", &widths]);
        assert_eq!(ended_by(read), Some("parsed values"));
    }

    #[test]
    fn the_codes_of_a_map_count_as_the_objects_do_that_are_kept() {
        let codes: String = (0..1_000).map(|code| format!("<{code:04x}> <0041> ")).collect();
        let map = stream("", &format!("1000 beginbfchar {codes}endbfchar"));
        let font = "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 9 0 R>>";
        let within = |held_bytes| {
            let limits = Limits {
                held_bytes,
                ..Limits::UPLOAD
            };
            page_within(&limits, "BT /F 1 Tf <0001> Tj ET", [font; 3], &["null", &map])
        };
        assert!(within(80_000).is_ok());
        assert_eq!(ended_by(within(60_000)), Some("bytes of memory for objects"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_text_is_found_wherever_it_stands_from_left_to_right(all in "[ab]{0,40}", wanted in "[ab]{1,5}") {
            let glyph = |(place, text): (usize, char)| Glyph {
                text: text.to_string(),
                bounds: [place as f64, 0.0, place as f64 + 1.0, 1.0],
            };
            let glyphs: Vec<Glyph> = all.chars().enumerate().map(glyph).collect();
            let hits: Vec<usize> = all.match_indices(&wanted).map(|(place, _)| place).collect();
            let boxes = hits.iter().map(|place| [*place as f64, 0.0, (place + wanted.len()) as f64, 1.0]);
            prop_assert_eq!(find(&glyphs, &wanted), boxes.collect::<Vec<_>>());
        }
    }
}
