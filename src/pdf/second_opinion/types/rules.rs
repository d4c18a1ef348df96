//! The entries by which pages, what they are made of, and layers are drawn, with the types that ISO 32000-2 gives them.
//! An entry that may be null is one of which readers agree that it is then as if it were not there.

use super::colours::{ANY_COLOURS, BASIC, OF_ONE, OPAQUE, PICTURED};
use super::shape::Shape::{
    All, Area, Each, Either, Entries, Every, Integer, Name, Number, Numbers, Of, OneOf, Rectangle, Row, Stream, Whole,
};
use super::shape::{ARRAY, BOOLEAN, DICTIONARY, NAME, NULL, NUMBER, NUMBERS, Rule, STREAM, STRING, Shape, may, must};

/// Highest number that a reader with 32 bits holds.
pub(super) const HIGHEST: i64 = i32::MAX as i64;

/// 8.9.5.1 and 7.4.4.3: bits of one component of a colour.
const BITS: Shape = OneOf(&[1, 2, 4, 8, 16]);
pub(super) const NUMBERS_OR_NONE: Shape = Either(&[NUMBERS, Of(NULL)]);
pub(super) const MATRIX: Shape = Either(&[Numbers(&[6]), Of(NULL)]);
const NAMES_OR_NONE: Shape = Either(&[Of(NAME | NULL), Each(0, &Of(NAME))]);

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
    may("UserUnit", Either(&[Number(|unit| unit > 0.0), Of(NULL)])),
    may("Annots", Either(&[Each(0, &Of(DICTIONARY | NULL)), Of(NULL)])),
    may("Group", GROUP_OR_NONE),
];

/// 11.6.6, table 145.
const GROUP_OR_NONE: Shape = Either(&[GROUP, Of(NULL)]);
const GROUP: Shape = Entries(&[
    must("S", Name(&["Transparency"])),
    may("CS", Either(&[BASIC, Of(NULL)])),
    may("I", Of(BOOLEAN | NULL)),
    may("K", Of(BOOLEAN | NULL)),
]);

/// 7.8.3, table 34.
pub(super) const RESOURCES: Shape = Entries(&[
    may(
        "ExtGState",
        Either(&[Every(&Either(&[GRAPHICS_STATE, Of(NULL)])), Of(NULL)]),
    ),
    may("ColorSpace", Either(&[NAMED_COLOUR_SPACES, Of(NULL)])),
    may("Pattern", NAMED_PATTERNS),
    may("Shading", NAMED_PATTERNS),
    may("XObject", Either(&[Every(&Of(STREAM | NULL)), Of(NULL)])),
    // Without a font some readers take another, and some write nothing.
    may("Font", Every(&Of(DICTIONARY))),
    may("Properties", Either(&[Every(&Of(DICTIONARY | NULL)), Of(NULL)])),
]);
/// 8.6.5.6: some readers take the first three for those of a device.
const NAMED_COLOUR_SPACES: Shape = All(&[
    Entries(&[
        may("DefaultGray", Either(&[OPAQUE, Of(NULL)])),
        may("DefaultRGB", Either(&[OPAQUE, Of(NULL)])),
        may("DefaultCMYK", Either(&[OPAQUE, Of(NULL)])),
    ]),
    Every(&Either(&[ANY_COLOURS, Of(NULL)])),
]);
const NAMED_PATTERNS: Shape = Either(&[Every(&Of(DICTIONARY | STREAM | NULL)), Of(NULL)]);

/// 8.4.5, table 57.
pub(super) const GRAPHICS_STATE: Shape = Entries(&[
    may("LW", Number(|width| width >= 0.0)),
    may("LC", Whole(0, 2, 1)),
    may("LJ", Whole(0, 2, 1)),
    may("ML", Of(NUMBER)),
    may("D", Row(2, &[NUMBERS, Of(NUMBER)])),
    may("RI", Of(NAME)),
    may("OP", Of(BOOLEAN)),
    may("op", Of(BOOLEAN)),
    may("OPM", Whole(0, 1, 1)),
    may("Font", Either(&[Row(2, &[Of(DICTIONARY), Of(NUMBER)]), Of(NULL)])),
    may("BG", OF_ONE),
    may("BG2", FUNCTION_OR_DEFAULT),
    may("UCR", OF_ONE),
    may("UCR2", FUNCTION_OR_DEFAULT),
    may("TR", TRANSFER),
    may("TR2", TRANSFER),
    may("HT", Either(&[Of(DICTIONARY | STREAM), Name(&["Default"])])),
    may("FL", Of(NUMBER)),
    may("SM", Of(NUMBER)),
    may("SA", Of(BOOLEAN)),
    may("BM", Either(&[BLENDING, Each(1, &BLENDING)])),
    may("SMask", Either(&[SOFT_MASK, Name(&["None"])])),
    may("CA", SHARE),
    may("ca", SHARE),
    may("AIS", Of(BOOLEAN)),
    may("TK", Of(BOOLEAN)),
]);
const SHARE: Shape = Number(|share| (0.0..=1.0).contains(&share));
const FUNCTION_OR_DEFAULT: Shape = Either(&[OF_ONE, Name(&["Default"])]);
/// 10.5: one function, or one for each of four colours.
const TRANSFER: Shape = Either(&[ONE_TRANSFER, Row(4, &[ONE_TRANSFER; 4])]);
const ONE_TRANSFER: Shape = Either(&[OF_ONE, Name(&["Identity", "Default"])]);

/// 11.3.5, tables 134 and 135; the first was written for the second of old.
const BLENDING: Shape = Name(&[
    "Compatible",
    "Normal",
    "Multiply",
    "Screen",
    "Overlay",
    "Darken",
    "Lighten",
    "ColorDodge",
    "ColorBurn",
    "HardLight",
    "SoftLight",
    "Difference",
    "Exclusion",
    "Hue",
    "Saturation",
    "Color",
    "Luminosity",
]);

/// 11.6.5.2, table 142.
const SOFT_MASK: Shape = Either(&[
    Entries(&[
        must("S", Name(&["Alpha"])),
        must("G", Stream(&[must("Group", GROUP)])),
        BACKDROP,
        MASKED_BY,
    ]),
    Entries(&[
        must("S", Name(&["Luminosity"])),
        must(
            "G",
            Stream(&[must("Group", All(&[GROUP, Entries(&[must("CS", BASIC)])]))]),
        ),
        BACKDROP,
        MASKED_BY,
    ]),
]);
const BACKDROP: Rule = may("BC", NUMBERS);
const MASKED_BY: Rule = may("TR", Either(&[OF_ONE, Name(&["Identity"])]));

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
    may("Group", GROUP_OR_NONE),
    may("OC", Of(DICTIONARY | NULL)),
];

/// 8.9.5.1, table 87.
pub(super) static OF_IMAGES: [Rule; 11] = [
    may("Subtype", Of(NAME)),
    may("Filter", Of(NAME | ARRAY)),
    may("Width", Whole(1, HIGHEST, 1)),
    may("Height", Whole(1, HIGHEST, 1)),
    may("BitsPerComponent", BITS),
    may("ColorSpace", PICTURED),
    may("ImageMask", Of(BOOLEAN)),
    may("Decode", NUMBERS_OR_NONE),
    may("Mask", Of(STREAM | ARRAY | NULL)),
    may("SMask", Of(STREAM | NULL)),
    may("OC", Of(DICTIONARY | NULL)),
];
/// Of an image that is no mask, and whose data do not say themselves what their colours are.
pub(super) static OF_PLAIN_IMAGES: [Rule; 2] = [must("BitsPerComponent", BITS), must("ColorSpace", PICTURED)];
