//! The filters of the standard by their names, and what each gives (ISO 32000-2, 7.4, tables 6 and 92).

use super::object::{Name, Object};

/// What a filter gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// Bytes of any kind.
    Bytes,
    /// A picture, whose data say themselves what its colours are (7.4.6 to 7.4.9).
    Picture,
    /// Bytes by what the document is encrypted with.
    Decrypted,
}

/// Filters, with the short form that those of pictures inside content may have, which some readers take in every
/// stream.
const FILTERS: [(&str, Option<&str>, Gives); 10] = [
    ("FlateDecode", Some("Fl"), Gives::Bytes),
    ("LZWDecode", Some("LZW"), Gives::Bytes),
    ("ASCII85Decode", Some("A85"), Gives::Bytes),
    ("ASCIIHexDecode", Some("AHx"), Gives::Bytes),
    ("RunLengthDecode", Some("RL"), Gives::Bytes),
    ("DCTDecode", Some("DCT"), Gives::Picture),
    ("CCITTFaxDecode", Some("CCF"), Gives::Picture),
    ("JPXDecode", None, Gives::Picture),
    ("JBIG2Decode", None, Gives::Picture),
    ("Crypt", None, Gives::Decrypted),
];

/// What the filter that is named gives, by its long name or its short one; `None` where the standard has none of that
/// name, or it is no name.
pub(super) fn gives(filter: &Object) -> Option<Gives> {
    let name = filter.as_name()?;
    let named =
        |(long, short, _): &&(&str, Option<&str>, Gives)| *name == **long || short.is_some_and(|short| *name == *short);
    FILTERS.iter().find(named).map(|(_, _, gives)| *gives)
}

/// Whether a name is the short form of a filter's.
pub(super) fn is_short(name: &Name) -> bool {
    FILTERS
        .iter()
        .any(|(_, short, _)| short.is_some_and(|short| *name == *short))
}
