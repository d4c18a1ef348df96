//! Fonts, as far as searching needs them: how long a code is, what it stands for, how far it moves (ISO 32000-2
//! sections 9.5 to 9.7).

use std::collections::HashMap;

use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::view::View;

use super::cmap::ToUnicode;
use super::ranges::Ranges;

/// Width of a glyph where nothing says it, in thousandths of an em: that of a figure in common Latin fonts.
const LATIN_WIDTH: f64 = 556.0;
/// Widths of the characters from the space on in the sans-serif of the standard fonts, which need not say theirs (ISO
/// 32000-1 section 9.6.2.2); those of the others are near.
const STANDARD_WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];
/// Width of every glyph of the standard fonts of typewriters.
const TYPEWRITER_WIDTH: f64 = 600.0;
/// Codes of a font whose codes have one byte.
const SIMPLE_CODES: usize = 256;
/// The default of DW (ISO 32000-2 table 115).
const FULL_WIDTH: f64 = 1000.0;

/// A font of a page.
#[derive(Debug, Clone)]
pub(super) struct Font {
    codes: Codes,
    to_unicode: Option<ToUnicode>,
    widths: Widths,
    default_width: f64,
    /// Whether lines run down the page.
    pub(super) is_vertical: bool,
}

/// Widths of codes in thousandths of an em.
type Widths = Ranges<f64>;

/// How bytes are codes, and what codes stand for where no ToUnicode map says it.
#[derive(Debug, Clone)]
enum Codes {
    /// One byte, by WinAnsiEncoding with differences.
    Simple(HashMap<u32, String>),
    /// Two bytes without a meaning of their own.
    Double,
    /// UTF-16 with the high byte first.
    Utf16,
    /// GBK: one byte below 0x80, else two.
    Gbk,
}

/// A code, its length in bytes, and its width.
pub(super) struct Code {
    pub(super) text: String,
    /// In ems.
    pub(super) width: f64,
    /// Whether word spacing applies: the one-byte code 32 (section 9.3.3).
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn read(view: &View<'_, '_>, font: &Dictionary) -> Result<Self, PdfError> {
        let to_unicode = match view.get(font, "ToUnicode")? {
            Object::Stream(stream) => Some(ToUnicode::read(view, &stream)?),
            _ => None,
        };
        let mut read = match font.is("Subtype", "Type0") {
            true => Self::composite(view, font)?,
            false => Self::simple(view, font)?,
        };
        read.to_unicode = to_unicode;
        Ok(read)
    }

    /// The codes in the bytes of a string.
    pub(super) fn codes(&self, bytes: &[u8]) -> impl Iterator<Item = Code> {
        let mut rest = bytes;
        std::iter::from_fn(move || {
            let first = rest.first()?;
            let wanted = match &self.codes {
                Codes::Simple(_) => 1,
                Codes::Double => 2,
                Codes::Gbk => 1 + usize::from(*first >= 0x80),
                Codes::Utf16 => 2 + 2 * usize::from((0xd8..0xdc).contains(first)),
            };
            let (code, after) = rest.split_at(wanted.min(rest.len()));
            rest = after;
            let number = code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
            let text = self.to_unicode.as_ref().and_then(|map| map.text(number));
            Some(Code {
                text: text.unwrap_or_else(|| self.codes.text(number, code)),
                width: self.width(number) / 1000.0,
                is_space: code == b" ",
            })
        })
    }

    fn width(&self, code: u32) -> f64 {
        self.widths.get(code).copied().unwrap_or(self.default_width)
    }

    fn simple(view: &View<'_, '_>, font: &Dictionary) -> Result<Self, PdfError> {
        // Glyph space of Type 3 fonts is the font's own (section 9.6.4).
        let scale = match view.get(font, "FontMatrix")? {
            Object::Array(matrix) => matrix.first().and_then(number).map_or(1.0, |scale| scale * 1000.0),
            _ => 1.0,
        };
        let first = view
            .get(font, "FirstChar")?
            .as_integer()
            .and_then(|first| u32::try_from(first).ok());
        let mut widths = Widths::default();
        if let Object::Array(listed) = view.get(font, "Widths")? {
            for (code, width) in (first.unwrap_or(0)..).zip(listed.iter().take(SIMPLE_CODES)) {
                view.file().count_step()?;
                if let Some(width) = number(&view.resolve(width)?) {
                    widths.insert(code, code, width * scale);
                }
            }
        }
        let mut missing = None;
        let base = view.get(font, "BaseFont")?.as_name().map(|name| name.to_text());
        if !widths.is_empty() {
            if let Object::Dictionary(descriptor) = view.get(font, "FontDescriptor")? {
                missing = number(&view.get(&descriptor, "MissingWidth")?);
            }
        } else if base.is_some_and(|base| base.contains("Courier")) {
            missing = Some(TYPEWRITER_WIDTH);
        } else {
            view.file().count_steps(STANDARD_WIDTHS.len() as u64)?;
            for (code, width) in (32..).zip(STANDARD_WIDTHS) {
                widths.insert(code, code, f64::from(width));
            }
        }
        let mut differences = HashMap::new();
        if let Object::Dictionary(encoding) = view.get(font, "Encoding")?
            && let Object::Array(listed) = view.get(&encoding, "Differences")?
        {
            let mut code = 0;
            // A name for each code, and a number before each.
            for entry in listed.iter().take(2 * SIMPLE_CODES) {
                view.file().count_step()?;
                match entry {
                    Object::Integer(start) => code = u32::try_from(*start).unwrap_or(0),
                    Object::Name(name) => {
                        differences.insert(code, named(&name.to_text()));
                        code = code.saturating_add(1);
                    }
                    _ => {}
                }
            }
        }
        Ok(Self {
            codes: Codes::Simple(differences),
            to_unicode: None,
            widths,
            default_width: missing.unwrap_or(LATIN_WIDTH),
            is_vertical: false,
        })
    }

    fn composite(view: &View<'_, '_>, font: &Dictionary) -> Result<Self, PdfError> {
        let encoding = match view.get(font, "Encoding")? {
            Object::Name(name) => name.to_text(),
            _ => String::new(),
        };
        let codes = match encoding.as_str() {
            name if name.starts_with("Uni") && (name.contains("UCS2") || name.contains("UTF16")) => Codes::Utf16,
            name if name.starts_with("GB") => Codes::Gbk,
            _ => Codes::Double,
        };
        let descendant = match view.get(font, "DescendantFonts")? {
            Object::Array(fonts) => match fonts.first() {
                Some(font) => view.resolve(font)?,
                None => Object::Null,
            },
            _ => Object::Null,
        };
        let mut widths = Widths::default();
        let mut default_width = FULL_WIDTH;
        if let Object::Dictionary(descendant) = descendant {
            default_width = number(&view.get(&descendant, "DW")?).unwrap_or(FULL_WIDTH);
            // W speaks of glyphs; only where codes are their numbers does it speak of codes.
            if let (Codes::Double, Object::Array(listed)) = (&codes, view.get(&descendant, "W")?) {
                widths = glyph_widths(view, &listed)?;
            }
        }
        Ok(Self {
            codes,
            to_unicode: None,
            widths,
            default_width,
            is_vertical: encoding.ends_with("-V"),
        })
    }
}

impl Codes {
    fn text(&self, number: u32, code: &[u8]) -> String {
        match self {
            Self::Simple(differences) => differences.get(&number).cloned().unwrap_or_else(|| {
                // WinAnsiEncoding, of which the other Latin encodings differ beyond ASCII alone (annex D).
                encoding_rs::WINDOWS_1252.decode(code).0.into_owned()
            }),
            Self::Double => String::new(),
            Self::Utf16 => encoding_rs::UTF_16BE.decode(code).0.into_owned(),
            Self::Gbk => encoding_rs::GB18030.decode(code).0.into_owned(),
        }
    }
}

/// `W`: runs of widths from a glyph on, and ranges of one width (ISO 32000-2 section 9.7.4.3).
fn glyph_widths(view: &View<'_, '_>, listed: &[Object]) -> Result<Widths, PdfError> {
    /// Glyphs of one font: their numbers have two bytes.
    const MOST: u32 = 0xffff;
    let mut widths = Widths::default();
    let mut rest = listed;
    while let [first, second, after @ ..] = rest {
        view.file().count_step()?;
        let first = first.as_integer().and_then(|first| u32::try_from(first).ok());
        let first = first.filter(|first| *first <= MOST);
        match (first, view.resolve(second)?) {
            (Some(first), Object::Array(run)) => {
                view.file().count_steps(run.len() as u64)?;
                for (glyph, width) in (first..=MOST).zip(run.iter().filter_map(number)) {
                    widths.insert(glyph, glyph, width);
                }
                rest = after;
            }
            (Some(first), Object::Integer(last)) => {
                let [width, after @ ..] = after else { break };
                let last = u32::try_from(last).unwrap_or(0).min(MOST);
                if let Some(width) = number(width) {
                    widths.insert(first, last, width);
                }
                rest = after;
            }
            _ => break,
        }
    }
    Ok(widths)
}

/// What a glyph name of an encoding stands for: one character, `uniXXXX`, or a name of the common ones.
fn named(name: &str) -> String {
    const NAMES: [(&str, &str); 26] = [
        ("space", " "),
        ("zero", "0"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("period", "."),
        ("comma", ","),
        ("colon", ":"),
        ("semicolon", ";"),
        ("hyphen", "-"),
        ("underscore", "_"),
        ("slash", "/"),
        ("parenleft", "("),
        ("parenright", ")"),
        ("bracketleft", "["),
        ("bracketright", "]"),
        ("numbersign", "#"),
        ("at", "@"),
        ("ampersand", "&"),
        ("quotesingle", "'"),
    ];
    let mut characters = name.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return only.to_string();
    }
    if let Some((_, text)) = NAMES.iter().find(|(known, _)| *known == name) {
        return (*text).to_owned();
    }
    let digits = name.strip_prefix("uni").or(name.strip_prefix('u')).unwrap_or_default();
    let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    code.map(String::from).unwrap_or_default()
}

pub(super) fn number(object: &Object) -> Option<f64> {
    object.as_number().filter(|number| number.is_finite())
}
