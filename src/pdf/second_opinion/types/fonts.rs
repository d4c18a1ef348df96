//! The entries of fonts, with the types that ISO 32000-2 gives them.

use super::rules::{NUMBERS_OR_NONE, RESOURCES};
use super::shape::Shape::{Each, Either, Entries, Every, Name, Number, Numbers, Of, Row, Stream};
use super::shape::{DICTIONARY, INTEGER, NAME, NOTHING, NULL, Rule, STREAM, Shape, Variant, may, must};

/// 9.6.2, 9.6.4, 9.7.4 and 9.7.6.
pub(super) static OF_FONTS: [Rule; 7] = [
    may("Subtype", Of(NAME)),
    may("BaseFont", Of(NAME)),
    may("Encoding", Of(NAME | DICTIONARY | STREAM | NULL)),
    may("Widths", NUMBERS_OR_NONE),
    may("FontDescriptor", Of(DICTIONARY | NULL)),
    may("CharProcs", Every(&Of(STREAM | NULL))),
    may("FontMatrix", Numbers(&[6])),
];
pub(super) static OF_NAMED_FONTS: [Rule; 1] = [must("BaseFont", Of(NAME))];

/// What a font of each type is encoded by, and which programs draw it (9.9, table 124).
pub(super) static FONTS: [Variant; 6] = [
    (
        Name(&["Type0"]),
        &[
            must("Encoding", Either(&[Name(&PREDEFINED_CMAPS), Of(STREAM)])),
            must("DescendantFonts", Row(1, &[Of(DICTIONARY)])),
        ],
    ),
    (
        Name(&["Type1", "MMType1"]),
        &[
            ENCODED,
            may(
                "FontDescriptor",
                Either(&[
                    Entries(&[may("FontFile2", NOTHING), may("FontFile3", TYPE_1_C)]),
                    Of(NULL),
                ]),
            ),
        ],
    ),
    (
        Name(&["TrueType"]),
        &[
            ENCODED,
            may(
                "FontDescriptor",
                Either(&[
                    Entries(&[
                        must("Flags", SYMBOLIC_OR_NOT),
                        may("FontFile", NOTHING),
                        may("FontFile3", OPEN_TYPE),
                    ]),
                    Of(NULL),
                ]),
            ),
        ],
    ),
    (
        Name(&["Type3"]),
        &[ENCODED, may("Resources", Either(&[RESOURCES, Of(NULL)]))],
    ),
    (
        Name(&["CIDFontType0"]),
        &[may(
            "FontDescriptor",
            Either(&[
                Entries(&[
                    may("FontFile", NOTHING),
                    may("FontFile2", NOTHING),
                    may("FontFile3", CID_TYPE_0_C),
                ]),
                Of(NULL),
            ]),
        )],
    ),
    (
        Name(&["CIDFontType2"]),
        &[
            may("CIDToGIDMap", Either(&[Name(&["Identity"]), Of(STREAM | NULL)])),
            may(
                "FontDescriptor",
                Either(&[
                    Entries(&[may("FontFile", NOTHING), may("FontFile3", OPEN_TYPE)]),
                    Of(NULL),
                ]),
            ),
        ],
    ),
];

/// 9.8.2, table 121: by these a reader chooses among the maps of the program (9.6.5.4).
const SYMBOLIC_OR_NOT: Shape = Number(|flags| (flags as i64 >> 2 ^ flags as i64 >> 5) & 1 == 1);
const OPEN_TYPE: Shape = Stream(&[must("Subtype", Name(&["OpenType"]))]);
const TYPE_1_C: Shape = Stream(&[must("Subtype", Name(&["Type1C", "OpenType"]))]);
const CID_TYPE_0_C: Shape = Stream(&[must("Subtype", Name(&["CIDFontType0C", "OpenType"]))]);

/// 9.6.5, table 112, and two more of annex D that programs write and readers know.
const ENCODED: Rule = may(
    "Encoding",
    Either(&[
        BASE_ENCODING,
        Entries(&[
            may("BaseEncoding", BASE_ENCODING),
            may("Differences", Each(0, &Of(INTEGER | NAME))),
        ]),
        Of(NULL),
    ]),
);
const BASE_ENCODING: Shape = Name(&[
    "MacRomanEncoding",
    "MacExpertEncoding",
    "WinAnsiEncoding",
    "StandardEncoding",
    "PDFDocEncoding",
]);

/// 9.8.1, table 120.
pub(super) static OF_DESCRIPTORS: [Rule; 1] = [may("Flags", Of(INTEGER))];
/// 9.9, table 124: a font has one program.
pub(super) static WITH_FONT_FILE: [Rule; 2] = [may("FontFile2", NOTHING), may("FontFile3", NOTHING)];
pub(super) static WITH_FONT_FILE_2: [Rule; 1] = [may("FontFile3", NOTHING)];

/// 9.7.5.2, table 116.
#[rustfmt::skip]
const PREDEFINED_CMAPS: [&str; 61] = [
    "GB-EUC-H", "GB-EUC-V", "GBpc-EUC-H", "GBpc-EUC-V", "GBK-EUC-H", "GBK-EUC-V", "GBKp-EUC-H", "GBKp-EUC-V",
    "GBK2K-H", "GBK2K-V", "UniGB-UCS2-H", "UniGB-UCS2-V", "UniGB-UTF16-H", "UniGB-UTF16-V",
    "B5pc-H", "B5pc-V", "HKscs-B5-H", "HKscs-B5-V", "ETen-B5-H", "ETen-B5-V", "ETenms-B5-H", "ETenms-B5-V",
    "CNS-EUC-H", "CNS-EUC-V", "UniCNS-UCS2-H", "UniCNS-UCS2-V", "UniCNS-UTF16-H", "UniCNS-UTF16-V",
    "83pv-RKSJ-H", "90ms-RKSJ-H", "90ms-RKSJ-V", "90msp-RKSJ-H", "90msp-RKSJ-V", "90pv-RKSJ-H",
    "Add-RKSJ-H", "Add-RKSJ-V", "EUC-H", "EUC-V", "Ext-RKSJ-H", "Ext-RKSJ-V", "H", "V",
    "UniJIS-UCS2-H", "UniJIS-UCS2-V", "UniJIS-UCS2-HW-H", "UniJIS-UCS2-HW-V", "UniJIS-UTF16-H", "UniJIS-UTF16-V",
    "KSC-EUC-H", "KSC-EUC-V", "KSCms-UHC-H", "KSCms-UHC-V", "KSCms-UHC-HW-H", "KSCms-UHC-HW-V", "KSCpc-EUC-H",
    "UniKS-UCS2-H", "UniKS-UCS2-V", "UniKS-UTF16-H", "UniKS-UTF16-V",
    "Identity-H", "Identity-V",
];
