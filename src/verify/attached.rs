//! Files that are attached to a document as a whole (ISO 32000-2 clause 7.11.4, `AF` of the catalog).

use crate::pdf::{Dictionary, Object, PdfError, View, unless_stopped};

/// The attached file of this name, or why it cannot be read; `None` where there is none.
///
/// # Errors
/// When a budget ends before that is known, or the source fails: it may be there.
pub(super) fn attached(view: &View<'_, '_>, searched: &str) -> Result<Option<Result<Vec<u8>, PdfError>>, PdfError> {
    let catalog = unless_stopped(view.catalog())?.unwrap_or_default();
    let Some(Object::Array(files)) = unless_stopped(view.get(&catalog, "AF"))? else {
        return Ok(None);
    };
    for entry in files.iter().take(super::evidence::MAX_OBJECTS) {
        if let Some(Object::Dictionary(specification)) = unless_stopped(view.resolve(entry))?
            && name(view, &specification)?.is_some_and(|name| name == searched)
        {
            return Ok(Some(embedded(view, &specification)));
        }
    }
    Ok(None)
}

/// The name of a file (7.11.3).
fn name(view: &View<'_, '_>, specification: &Dictionary) -> Result<Option<String>, PdfError> {
    for key in ["UF", "F"] {
        if let Some(Object::String(name)) = unless_stopped(view.get(specification, key))? {
            return Ok(Some(view.file().text(&name)?));
        }
    }
    Ok(None)
}

fn embedded(view: &View<'_, '_>, specification: &Dictionary) -> Result<Vec<u8>, PdfError> {
    let wrong = |what, expected| PdfError::Type { what, expected };
    let files = view.get(specification, "EF")?;
    let files = files.as_dictionary().ok_or(wrong("EF", "a dictionary"))?;
    match view.get(files, "F")? {
        Object::Stream(stream) => view.decoded(&stream),
        _ => Err(wrong("F of EF", "a stream")),
    }
}
