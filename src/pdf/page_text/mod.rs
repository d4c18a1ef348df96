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

use std::cell::{Cell, RefCell};

use unicode_normalization::UnicodeNormalization;

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

/// Glyphs of all pages that are read: a book of five thousand dense pages.
const MAX_GLYPHS: usize = 20_000_000;

/// The text of the pages of a document, each read when it is asked for.
pub struct PageTexts<'v, 'f, 's> {
    view: &'v View<'f, 's>,
    fonts: RefCell<Fonts>,
    glyphs: Cell<usize>,
}

impl<'v, 'f, 's> PageTexts<'v, 'f, 's> {
    /// The pages as they are in that view.
    pub fn new(view: &'v View<'f, 's>) -> Self {
        Self {
            view,
            fonts: RefCell::default(),
            glyphs: Cell::new(0),
        }
    }

    /// The glyphs of a page, in the order in which they are painted.
    ///
    /// # Errors
    /// When its content cannot be decoded, or a budget is used up.
    pub fn glyphs(&self, page: Reference) -> Result<Vec<Glyph>, PdfError> {
        let glyphs = interpret::page(self.view, page, &mut self.fonts.borrow_mut())?;
        self.counted(glyphs)
    }

    /// The glyphs of a form that is painted by itself, as the appearance of an annotation is; `resources` where it has
    /// none.
    pub(super) fn glyphs_of_form(&self, form: &Stream, resources: &Dictionary) -> Result<Vec<Glyph>, PdfError> {
        let glyphs = interpret::form(self.view, form, resources, &mut self.fonts.borrow_mut())?;
        self.counted(glyphs)
    }

    fn counted(&self, glyphs: Vec<Glyph>) -> Result<Vec<Glyph>, PdfError> {
        self.glyphs.set(self.glyphs.get() + glyphs.len());
        if self.glyphs.get() > MAX_GLYPHS {
            let (unit, allowed) = ("glyphs of all pages", MAX_GLYPHS as u64);
            return Err(LimitReached { unit, allowed }.into());
        }
        Ok(glyphs)
    }
}

/// Where a text stands among glyphs: the box around each hit, in their order. White space does not count, nor whether a
/// character is written in a compatible form (Unicode annex 15, NFKC): full width, or as the radical that looks the
/// same.
pub fn find(glyphs: &[Glyph], text: &str) -> Vec<[f64; 4]> {
    let wanted: Vec<char> = compatible(text).filter(|c| !c.is_whitespace()).collect();
    let all = glyphs.iter().enumerate();
    let all = all.flat_map(|(index, glyph)| compatible(&glyph.text).map(move |c| (c, index)));
    let all: Vec<(char, usize)> = all.filter(|(c, _)| !c.is_whitespace()).collect();
    let mut hits = Vec::new();
    let mut start = 0;
    while !wanted.is_empty() && start + wanted.len() <= all.len() {
        let here = &all[start..start + wanted.len()];
        if here.iter().zip(&wanted).any(|((found, _), wanted)| found != wanted) {
            start += 1;
            continue;
        }
        let boxes = here.iter().map(|(_, index)| glyphs[*index].bounds);
        hits.extend(boxes.reduce(around));
        start += wanted.len();
    }
    hits
}

pub(super) fn compatible(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(unified).nfkc()
}

/// The box around two.
fn around(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, id, open, stream};

    /// The glyphs of a page with this content, whose fonts `F`, `G` and `T` are objects 5, 6 and 7.
    fn page(content: &str, fonts: [&str; 3], further: &[&str]) -> Vec<Glyph> {
        with_page(content, fonts, further, |texts| texts.glyphs(id(3)).unwrap())
    }

    /// What `ask` gets of a document with such a page, object 3.
    fn with_page<T>(content: &str, fonts: [&str; 3], further: &[&str], ask: impl Fn(&PageTexts<'_, '_, '_>) -> T) -> T {
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
        ask(&PageTexts::new(&open(&bytes).latest()))
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
    fn a_page_is_read_up_to_a_number_of_glyphs() {
        let read = |glyphs: usize| {
            let content = format!("BT /F 10 Tf ({}) Tj ET", "A".repeat(glyphs));
            with_page(&content, [PLAIN; 3], &[], |texts| {
                texts.glyphs(id(3)).map(|glyphs| glyphs.len())
            })
        };
        assert_eq!(read(interpret::MAX_GLYPHS).unwrap(), interpret::MAX_GLYPHS);
        let refused = read(interpret::MAX_GLYPHS + 1).unwrap_err().to_string();
        assert!(refused.contains("glyphs of one page"), "{refused}");
    }

    #[test]
    fn pages_are_read_up_to_a_number_of_glyphs_in_all() {
        with_page("BT /F 10 Tf (ABC) Tj ET", [PLAIN; 3], &[], |texts| {
            texts.glyphs.set(MAX_GLYPHS - 3);
            assert_eq!(texts.glyphs(id(3)).unwrap().len(), 3);
            let refused = texts.glyphs(id(3)).unwrap_err().to_string();
            assert!(refused.contains("glyphs of all pages"), "{refused}");
        });
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
}
