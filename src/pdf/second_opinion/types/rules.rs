//! The entries by which pages, what they are made of, and layers are drawn, with the types that ISO 32000-2 gives them.
//! An entry that may be null is one of which readers agree that it is then as if it were not there.

use super::shape::Shape::{
    Area, Each, Either, Entries, Every, Integer, Name, Numbers, Of, OneOf, Positive, Rectangle, Whole,
};
use super::shape::{ARRAY, BOOLEAN, DICTIONARY, NAME, NULL, NUMBER, Rule, STREAM, STRING, Shape, may, must};

/// Highest number that a reader with 32 bits holds.
const HIGHEST: i64 = i32::MAX as i64;

/// 8.9.5.1 and 7.4.4.3: bits of one component of a colour.
const BITS: Shape = OneOf(&[1, 2, 4, 8, 16]);
const NUMBERS: Shape = Numbers(&[]);
const NUMBERS_OR_NONE: Shape = Either(&[NUMBERS, Of(NULL)]);
const MATRIX: Shape = Either(&[Numbers(&[6]), Of(NULL)]);
const COLOUR_SPACE: Shape = Of(NAME | ARRAY);
const COLOUR_SPACE_OR_NONE: Shape = Of(NAME | ARRAY | NULL);
const NAMES: Shape = Either(&[Of(NAME), Each(0, &Of(NAME))]);
const NAMES_OR_NONE: Shape = Either(&[Of(NAME | NULL), Each(0, &Of(NAME))]);
const FUNCTIONS: Shape = Of(DICTIONARY | STREAM | ARRAY | NAME | NULL);

/// Of any dictionary: what the standard has as names, some readers take of strings too.
pub(super) static OF_LAYERS_ANYWHERE: [Rule; 4] = [
    may("BaseState", Name(&["ON", "OFF", "Unchanged"])),
    may("ViewState", Name(&["ON", "OFF"])),
    may("PrintState", Name(&["ON", "OFF"])),
    may("ExportState", Name(&["ON", "OFF"])),
];

/// 7.7.2, table 29.
pub(super) static OF_CATALOGS: [Rule; 3] = [
    may("Pages", Of(DICTIONARY)),
    may("OCProperties", LAYERS),
    may("AcroForm", Of(DICTIONARY | NULL)),
];

/// 8.11.4, tables 98 and 99.
const LAYERS: Shape = Either(&[
    Entries(&[
        may("OCGs", Each(0, &Of(DICTIONARY | NULL))),
        may("D", CONFIGURATION),
        may("Configs", Of(ARRAY | NULL)),
    ]),
    Of(NULL),
]);
const CONFIGURATION: Shape = Entries(&[
    may("ON", LAYERS_OR_NONE),
    may("OFF", LAYERS_OR_NONE),
    may("Intent", NAMES_OR_NONE),
    may("AS", Of(ARRAY | NULL)),
]);
const LAYERS_OR_NONE: Shape = Either(&[Each(0, &Of(DICTIONARY | NULL)), Of(NULL)]);

/// 8.11.2.1, table 96.
pub(super) static OF_LAYERS: [Rule; 2] = [may("Intent", NAMES_OR_NONE), may("Usage", Of(DICTIONARY | NULL))];

/// 8.11.2.2, table 97: of no layers, or of one that is not there, readers make what they will.
pub(super) static OF_MEMBERSHIPS: [Rule; 2] = [
    may("OCGs", Either(&[Of(DICTIONARY), Each(1, &Of(DICTIONARY))])),
    may("P", Name(&["AllOn", "AnyOn", "AnyOff", "AllOff"])),
];

/// 7.7.3, tables 30 and 31. What is null keeps that of the nodes above away for some, and is told by itself.
pub(super) static OF_PAGES: [Rule; 8] = [
    may("Type", Of(NAME)),
    may("Resources", Either(&[RESOURCES, Of(NULL)])),
    may("MediaBox", Either(&[Area, Of(NULL)])),
    may("CropBox", Either(&[Area, Of(NULL)])),
    may("Rotate", Either(&[Whole(-HIGHEST, HIGHEST, 90), Of(NULL)])),
    may("UserUnit", Either(&[Positive, Of(NULL)])),
    may("Annots", Either(&[Each(0, &Of(DICTIONARY | NULL)), Of(NULL)])),
    may("Group", GROUP),
];

/// 11.6.6, table 145.
const GROUP: Shape = Either(&[
    Entries(&[
        may("S", Of(NAME)),
        may("CS", COLOUR_SPACE_OR_NONE),
        may("I", Of(BOOLEAN | NULL)),
        may("K", Of(BOOLEAN | NULL)),
    ]),
    Of(NULL),
]);

/// 7.8.3, table 34.
const RESOURCES: Shape = Entries(&[
    may(
        "ExtGState",
        Either(&[Every(&Either(&[GRAPHICS_STATE, Of(NULL)])), Of(NULL)]),
    ),
    may("ColorSpace", NAMED_COLOUR_SPACES),
    may("Pattern", NAMED_PATTERNS),
    may("Shading", NAMED_PATTERNS),
    may("XObject", Either(&[Every(&Of(STREAM | NULL)), Of(NULL)])),
    // Without a font some readers take another, and some write nothing.
    may("Font", Every(&Of(DICTIONARY))),
    may("Properties", Either(&[Every(&Of(DICTIONARY | NULL)), Of(NULL)])),
]);
const NAMED_COLOUR_SPACES: Shape = Either(&[Every(&Of(NAME | ARRAY | DICTIONARY | STREAM | NULL)), Of(NULL)]);
const NAMED_PATTERNS: Shape = Either(&[Every(&Of(DICTIONARY | STREAM | NULL)), Of(NULL)]);

/// 8.4.5, table 57.
const GRAPHICS_STATE: Shape = Entries(&[
    may("LW", Of(NUMBER)),
    may("Font", Of(ARRAY | NULL)),
    may("BM", NAMES),
    may("SMask", Of(DICTIONARY | NAME)),
    may("CA", Of(NUMBER)),
    may("ca", Of(NUMBER)),
    may("AIS", Of(BOOLEAN)),
]);

/// 7.3.8.2, table 5.
pub(super) static OF_STREAMS: [Rule; 2] = [
    may(
        "DecodeParms",
        Either(&[PARAMETERS, Each(0, &Either(&[PARAMETERS, Of(NULL)])), Of(NULL)]),
    ),
    may("F", Of(STRING | DICTIONARY)),
];

/// 7.4.4.3, table 8.
const PARAMETERS: Shape = Entries(&[
    may("Predictor", Integer(1, 15)),
    may("Colors", Integer(1, HIGHEST)),
    may("BitsPerComponent", BITS),
    may("Columns", Integer(1, HIGHEST)),
]);

/// 8.10.2, table 93.
pub(super) static OF_FORMS: [Rule; 6] = [
    may("Subtype", Of(NAME)),
    must("BBox", Rectangle),
    may("Matrix", MATRIX),
    may("Resources", Either(&[RESOURCES, Of(NULL)])),
    may("Group", GROUP),
    may("OC", Of(DICTIONARY | NULL)),
];

/// 8.9.5.1, table 87.
pub(super) static OF_IMAGES: [Rule; 11] = [
    may("Subtype", Of(NAME)),
    may("Filter", Of(NAME | ARRAY)),
    may("Width", Whole(1, HIGHEST, 1)),
    may("Height", Whole(1, HIGHEST, 1)),
    may("BitsPerComponent", BITS),
    may("ColorSpace", COLOUR_SPACE),
    may("ImageMask", Of(BOOLEAN)),
    may("Decode", NUMBERS_OR_NONE),
    may("Mask", Of(STREAM | ARRAY | NULL)),
    may("SMask", Of(STREAM | NULL)),
    may("OC", Of(DICTIONARY | NULL)),
];
/// Of an image that is no mask, and whose data do not say themselves what their colours are.
pub(super) static OF_PLAIN_IMAGES: [Rule; 2] = [must("BitsPerComponent", BITS), must("ColorSpace", COLOUR_SPACE)];

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

/// 8.7.3 and 8.7.4, tables 74 and 75.
pub(super) static OF_PATTERNS: [Rule; 9] = [
    may("PatternType", Whole(1, 2, 1)),
    may("PaintType", Whole(1, 2, 1)),
    may("TilingType", Whole(1, 3, 1)),
    may("BBox", Rectangle),
    may("XStep", Of(NUMBER)),
    may("YStep", Of(NUMBER)),
    may("Matrix", MATRIX),
    may("Resources", Either(&[RESOURCES, Of(NULL)])),
    may("Shading", Of(DICTIONARY | STREAM)),
];

/// 8.7.4.3, tables 77 to 83.
pub(super) static OF_SHADINGS: [Rule; 7] = [
    may("ShadingType", Whole(1, 7, 1)),
    may("ColorSpace", COLOUR_SPACE),
    may("BBox", Either(&[Rectangle, Of(NULL)])),
    may("Coords", NUMBERS),
    may("Domain", NUMBERS_OR_NONE),
    may("Function", FUNCTIONS),
    may("Extend", Either(&[Each(2, &Of(BOOLEAN)), Of(NULL)])),
];

/// 7.10, tables 38 to 41.
pub(super) static OF_FUNCTIONS: [Rule; 8] = [
    may("FunctionType", Whole(0, 4, 1)),
    may("Domain", NUMBERS),
    may("Range", NUMBERS_OR_NONE),
    may("C0", NUMBERS_OR_NONE),
    may("C1", NUMBERS_OR_NONE),
    may("Bounds", NUMBERS),
    may("Encode", NUMBERS_OR_NONE),
    may("Decode", NUMBERS_OR_NONE),
];
