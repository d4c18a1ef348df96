//! Names that some readers take for others. A picture inside content has short forms of its entries and filters
//! (ISO 32000-2, 8.9.7, tables 91 and 92), and data in another file have filters of their own (7.3.8.2, table 5): some
//! readers go by them in every stream, others nowhere else.

use super::filter_names::is_short;
use super::object::{Dictionary, Object};

/// The entry of a stream whose data stand elsewhere (table 5); to some, `Filter`.
pub(super) const ELSEWHERE: &str = "F";
/// Entries that stand for `DecodeParms`, or for the filters of data in another file.
pub(super) const OF_DECODING: [&str; 3] = ["DP", "FFilter", "FDecodeParms"];
/// Entries of a picture in the short form.
const OF_IMAGES: [&str; 7] = ["BPC", "CS", "D", "H", "I", "IM", "W"];

/// Whether a stream has an entry that some readers take for another of its entries.
pub(super) fn are_in(stream: &Dictionary) -> bool {
    let has = |names: &[&str]| {
        let mut keys = stream.iter().map(|(key, _)| key);
        keys.any(|key| names.iter().any(|name| *key == **name))
    };
    has(&OF_DECODING) || (may_be_image(stream) && has(&OF_IMAGES))
}

/// Whether a stream is a picture, or may be one to a reader that asks no further what a mask or a thumbnail is.
fn may_be_image(stream: &Dictionary) -> bool {
    let is_unnamed = stream.get("Subtype").is_none() && !stream.is("Type", "XRef");
    let has_width = ["Width", "W"].iter().any(|key| stream.get(key).is_some());
    stream.is("Subtype", "Image") || (is_unnamed && has_width)
}

/// Whether a stream names a filter in the short form, or one by something that is no name.
pub(super) fn are_filters_of(stream: &Dictionary) -> bool {
    let is_other = |filter: &Object| filter.as_name().is_none_or(is_short);
    match stream.get("Filter") {
        None => false,
        Some(Object::Array(filters)) => filters.iter().any(is_other),
        Some(filter) => is_other(filter),
    }
}
