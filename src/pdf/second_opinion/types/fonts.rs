//! The entries of fonts, with the types that ISO 32000-2 gives them.

use super::rules::NUMBERS_OR_NONE;
use super::shape::Shape::{Each, Every, Numbers, Of};
use super::shape::{DICTIONARY, NAME, NULL, Rule, STREAM, may, must};

/// 9.6.2, 9.6.4, 9.7.4 and 9.7.6.
pub(super) static OF_FONTS: [Rule; 8] = [
    may("Subtype", Of(NAME)),
    may("BaseFont", Of(NAME)),
    may("Encoding", Of(NAME | DICTIONARY | STREAM | NULL)),
    may("Widths", NUMBERS_OR_NONE),
    may("FontDescriptor", Of(DICTIONARY | NULL)),
    may("DescendantFonts", Each(1, &Of(DICTIONARY))),
    may("CharProcs", Every(&Of(STREAM | NULL))),
    may("FontMatrix", Numbers(&[6])),
];
pub(super) static OF_NAMED_FONTS: [Rule; 1] = [must("BaseFont", Of(NAME))];
