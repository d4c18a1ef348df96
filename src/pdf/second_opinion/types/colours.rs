//! The entries of colour spaces, functions, patterns and shadings, with the types that ISO 32000-2 gives them.

use super::rules::{GRAPHICS_STATE, HIGHEST, MATRIX, NUMBERS_OR_NONE, RESOURCES};
use super::shape::Shape::{
    Area, Colours, Each, Either, Entries, Integer, Number, Numbers, Of, OneOf, Pairs, Rectangle, Row, Stream, Whole,
};
use super::shape::{
    BOOLEAN, DICTIONARY, Family, NAME, NULL, NUMBER, NUMBERS, Rule, STREAM, STRING, Shape, Variant, family, may, must,
};

/// Of any family.
pub(super) const ANY_COLOURS: Shape = Colours(&[DEVICE, CIE_BASED, TINTED, INDEXED, PATTERNED]);
/// 8.9.5.1: of a picture.
pub(super) const PICTURED: Shape = Colours(&[DEVICE, CIE_BASED, TINTED, INDEXED]);
/// 8.6.5.6 and 8.7.4.3: by numbers that may lie anywhere between two others.
pub(super) const OPAQUE: Shape = Colours(&[DEVICE, CIE_BASED, TINTED]);
/// 8.6.6: what the special families are made of, and groups (11.6.6).
pub(super) const BASIC: Shape = Colours(&[DEVICE, CIE_BASED]);

/// 8.6.4.
const DEVICE: &[Family] = &[
    family("DeviceGray", &[]),
    family("DeviceRGB", &[]),
    family("DeviceCMYK", &[]),
];

/// 8.6.5, tables 62 to 65.
const CIE_BASED: &[Family] = &[
    family(
        "CalGray",
        &[Entries(&[WHITE, BLACK, may("Gamma", Number(|gamma| gamma > 0.0))])],
    ),
    family(
        "CalRGB",
        &[Entries(&[
            WHITE,
            BLACK,
            may("Gamma", THREE),
            may("Matrix", Numbers(&[9])),
        ])],
    ),
    family("Lab", &[Entries(&[WHITE, BLACK, may("Range", Numbers(&[4]))])]),
    family(
        "ICCBased",
        &[Stream(&[must("N", OneOf(&[1, 3, 4])), may("Range", NUMBERS_OR_NONE)])],
    ),
];
const WHITE: Rule = must("WhitePoint", THREE);
const BLACK: Rule = may("BlackPoint", THREE);
const THREE: Shape = Numbers(&[3]);

/// 8.6.6.4 and 8.6.6.5.
const TINTED: &[Family] = &[
    family("Separation", &[Of(NAME), BASIC, OF_ONE]),
    Family {
        name: "DeviceN",
        needed: 3,
        further: &[Each(1, &Of(NAME)), BASIC, FUNCTION, Of(DICTIONARY | NULL)],
    },
];

/// 8.6.6.3.
const INDEXED: &[Family] = &[family("Indexed", &[OPAQUE, Integer(0, 255), Of(STRING | STREAM)])];

/// 8.7.3.3.
const PATTERNED: &[Family] = &[Family {
    name: "Pattern",
    needed: 0,
    further: &[PICTURED],
}];

/// 7.10.2, table 38.
pub(super) const FUNCTION: Shape = Either(&[Entries(&[A_FUNCTION]), Stream(&[A_FUNCTION])]);
const A_FUNCTION: Rule = must("FunctionType", OneOf(&[0, 2, 3, 4]));
/// Of one number, and of two.
pub(super) const OF_ONE: Shape = Either(&[Entries(&[A_FUNCTION, IN_ONE]), Stream(&[A_FUNCTION, IN_ONE])]);
const OF_TWO: Shape = Stream(&[must("FunctionType", OneOf(&[0, 4])), must("Domain", Numbers(&[4]))]);
const IN_ONE: Rule = must("Domain", Numbers(&[2]));
pub(super) static OF_FUNCTIONS: [Rule; 3] = [A_FUNCTION, must("Domain", Pairs), may("Range", PAIRS_OR_NONE)];
const PAIRS_OR_NONE: Shape = Either(&[Pairs, Of(NULL)]);

/// 7.10.2 to 7.10.5, tables 39 to 41.
pub(super) static FUNCTIONS: [Variant; 4] = [
    (
        OneOf(&[0]),
        &[
            must("Range", Pairs),
            must("Size", Each(1, &Whole(1, HIGHEST, 1))),
            must("BitsPerSample", OneOf(&[1, 2, 4, 8, 12, 16, 24, 32])),
            may("Encode", PAIRS_OR_NONE),
            may("Decode", PAIRS_OR_NONE),
        ],
    ),
    (
        OneOf(&[2]),
        &[
            must("N", Of(NUMBER)),
            may("C0", NUMBERS_OR_NONE),
            may("C1", NUMBERS_OR_NONE),
        ],
    ),
    (
        OneOf(&[3]),
        &[
            must("Functions", Each(1, &OF_ONE)),
            must("Bounds", NUMBERS),
            must("Encode", Pairs),
        ],
    ),
    (OneOf(&[4]), &[must("Range", Pairs)]),
];

/// 8.7.3 and 8.7.4, tables 74 and 75.
pub(super) static OF_PATTERNS: [Rule; 2] = [must("PatternType", OneOf(&[1, 2])), may("Matrix", MATRIX)];
pub(super) static PATTERNS: [Variant; 2] = [
    (
        OneOf(&[1]),
        &[
            must("PaintType", OneOf(&[1, 2])),
            must("TilingType", OneOf(&[1, 2, 3])),
            must("BBox", Area),
            must("XStep", STEP),
            must("YStep", STEP),
            must("Resources", Either(&[RESOURCES, Of(NULL)])),
        ],
    ),
    (
        OneOf(&[2]),
        &[
            must("Shading", Either(&[Entries(&[A_SHADING]), Stream(&[A_SHADING])])),
            may("ExtGState", Either(&[GRAPHICS_STATE, Of(NULL)])),
        ],
    ),
];
const STEP: Shape = Number(|step| step != 0.0);

/// 8.7.4.3, table 77.
pub(super) static OF_SHADINGS: [Rule; 4] = [
    A_SHADING,
    may("BBox", Either(&[Rectangle, Of(NULL)])),
    may("Background", NUMBERS_OR_NONE),
    may("AntiAlias", Of(BOOLEAN | NULL)),
];
const A_SHADING: Rule = must("ShadingType", OneOf(&[1, 2, 3, 4, 5, 6, 7]));

/// 8.7.4.5, tables 78 to 83. What a function gives is no number of an entry of a table (8.7.4.4).
pub(super) static SHADINGS: [Variant; 7] = [
    (OneOf(&[1, 2, 3]), &[must("ColorSpace", OPAQUE)]),
    (
        OneOf(&[1]),
        &[
            must("Function", Either(&[OF_TWO, Each(1, &OF_TWO)])),
            may("Domain", Either(&[Numbers(&[4]), Of(NULL)])),
            may("Matrix", MATRIX),
        ],
    ),
    (
        OneOf(&[2, 3]),
        &[
            must("Function", ONE_OR_SEVERAL),
            may("Domain", Either(&[Numbers(&[2]), Of(NULL)])),
            may("Extend", Either(&[Row(2, &[Of(BOOLEAN), Of(BOOLEAN)]), Of(NULL)])),
        ],
    ),
    (OneOf(&[2]), &[must("Coords", Numbers(&[4]))]),
    (OneOf(&[3]), &[must("Coords", Numbers(&[6]))]),
    (OneOf(&[4, 6, 7]), &[must("BitsPerFlag", OneOf(&[2, 4, 8]))]),
    (
        OneOf(&[4, 5, 6, 7]),
        &[
            must("ColorSpace", PICTURED),
            may("Function", ONE_OR_SEVERAL),
            must("BitsPerCoordinate", OneOf(&[1, 2, 4, 8, 12, 16, 24, 32])),
            must("BitsPerComponent", OneOf(&[1, 2, 4, 8, 12, 16])),
            must("Decode", Pairs),
        ],
    ),
];
const ONE_OR_SEVERAL: Shape = Either(&[OF_ONE, Each(1, &OF_ONE)]);
