//! What one object says that readers take in several ways without being wrong by their own lights.

use super::Disagreement;
use crate::pdf::changes::collect_references;
use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::other_names;
use crate::pdf::sameness::INHERITED_BY_PAGES;
use crate::pdf::view::View;
use crate::pdf::xref::Entry;

/// Objects of a structure, which draw nothing (14.7.2, tables 355 and 358): what they name may be gone.
const OF_STRUCTURE: [&str; 3] = ["StructElem", "OBJR", "StructTreeRoot"];

/// Values inside one another, the innermost counted, which every reader follows: honest files have seven. PDFium breaks
/// off at 64, reads what follows as entries of what is around, and counts what it reads to read an object.
const NESTING: u32 = 32;

/// The first way in which readers part over the object of a number.
///
/// # Errors
/// When a budget is used up, or the source fails.
pub(super) fn parting(view: &View<'_, '_>, number: u32, value: &Object) -> Result<Option<Disagreement>, PdfError> {
    let references = led_to(value);
    Ok(if value.as_reference().is_some() {
        Some(Disagreement::Chain(number))
    } else if decodes_otherwise(value) {
        Some(Disagreement::Filters(number))
    } else if is_nested_deeper(value, NESTING) {
        Some(Disagreement::Nested(number))
    } else if repeats_key(value) {
        Some(Disagreement::Repeated(number))
    } else if asks_for_another_generation(view, &references) {
        Some(Disagreement::Generation(number))
    } else if asks_for_freed(view, value, &references)? {
        Some(Disagreement::Freed(number))
    } else if hides_inherited(view, value)? {
        Some(Disagreement::Inherited(number))
    } else {
        None
    })
}

/// Whether a trailer is nested deeper than every reader follows.
pub(super) fn is_nested_trailer(trailer: &Dictionary) -> bool {
    is_dictionary_nested_deeper(trailer, NESTING)
}

fn is_nested_deeper(value: &Object, levels: u32) -> bool {
    match value {
        Object::Array(elements) => {
            let below = levels.saturating_sub(1);
            levels == 0 || elements.iter().any(|element| is_nested_deeper(element, below))
        }
        _ => match value.as_dictionary() {
            Some(dictionary) => is_dictionary_nested_deeper(dictionary, levels),
            None => levels == 0,
        },
    }
}

fn is_dictionary_nested_deeper(dictionary: &Dictionary, levels: u32) -> bool {
    let below = levels.saturating_sub(1);
    let replaced = dictionary.duplicates().iter().map(|(_, value)| value);
    let mut values = dictionary.iter().map(|(_, value)| value).chain(replaced);
    levels == 0 || values.any(|value| is_nested_deeper(value, below))
}

/// The references of an object; that of a catalogue to the structure tree, which draws nothing, is left out: there are
/// writers that put the number of a free entry there.
fn led_to(value: &Object) -> Vec<Reference> {
    let mut references = Vec::new();
    match value
        .as_dictionary()
        .filter(|dictionary| dictionary.is("Type", "Catalog"))
    {
        Some(catalog) => {
            let drawn = catalog.iter().filter(|(key, _)| **key != *"StructTreeRoot");
            drawn.for_each(|(_, value)| collect_references(value, &mut references));
        }
        None => collect_references(value, &mut references),
    }
    references
}

/// 7.3.8.2: a stream is decoded by `Filter` and `DecodeParms`, and a picture by entries with long names (8.9.5).
fn decodes_otherwise(value: &Object) -> bool {
    let stream = value.as_stream();
    stream.is_some_and(|stream| other_names::are_in(&stream.dictionary))
}

/// 7.3.7: no key twice in a dictionary. The last value holds for most readers, for some any of them.
fn repeats_key(value: &Object) -> bool {
    match value {
        Object::Array(elements) => elements.iter().any(repeats_key),
        _ => value.as_dictionary().is_some_and(|dictionary| {
            says_otherwise(dictionary) || dictionary.iter().any(|(_, value)| repeats_key(value))
        }),
    }
}

fn says_otherwise(dictionary: &Dictionary) -> bool {
    let mut replaced = dictionary.duplicates().iter();
    replaced.any(|(key, value)| dictionary.get(&key.to_text()).unwrap_or(&Object::Null) != value)
}

/// 7.3.10: such a reference is to the null object.
fn asks_for_another_generation(view: &View<'_, '_>, references: &[Reference]) -> bool {
    references.iter().any(|reference| match view.place(reference.number) {
        Some((_, Entry::InFile { generation, .. })) => generation != reference.generation,
        Some((_, Entry::Compressed { .. })) => reference.generation != 0,
        Some((_, Entry::Free)) | None => false,
    })
}

/// 7.5.4: an object that was freed is the null object; some readers show it all the same.
fn asks_for_freed(view: &View<'_, '_>, value: &Object, references: &[Reference]) -> Result<bool, PdfError> {
    let is_of_structure = |dictionary: &Dictionary| OF_STRUCTURE.iter().any(|kind| dictionary.is("Type", kind));
    if value.as_dictionary().is_some_and(is_of_structure) {
        return Ok(false);
    }
    let revisions = view.file().revisions();
    for reference in references {
        if !matches!(view.place(reference.number), Some((_, Entry::Free))) {
            continue;
        }
        view.file().count_steps(revisions.len() as u64)?;
        let mut entries = revisions.iter().filter_map(|revision| revision.entry(reference.number));
        if entries.any(|entry| entry != Entry::Free) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a page, or what holds pages, has an entry that is null where it would have that of its parent without: by
/// itself, or by a reference that leads to nothing (7.3.9, 7.7.3.4). Some readers look no further, whatever type it
/// says it has.
fn hides_inherited(view: &View<'_, '_>, value: &Object) -> Result<bool, PdfError> {
    let Some(dictionary) = value
        .as_dictionary()
        .filter(|dictionary| dictionary.get("Parent").is_some())
    else {
        return Ok(false);
    };
    for (key, value) in dictionary.iter() {
        let is_of_page = INHERITED_BY_PAGES.iter().any(|inherited| *key == **inherited);
        if is_of_page && unless_stopped(view.resolve(value))?.is_none_or(|value| value.is_null()) {
            return Ok(true);
        }
    }
    Ok(false)
}
