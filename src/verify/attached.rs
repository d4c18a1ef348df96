//! Files that are attached to a document as a whole (ISO 32000-2 clause 7.11.4, `AF` of the catalog).

use crate::pdf::{Dictionary, Object, PdfError, View, unless_stopped};

/// The attached file of this name, or why it cannot be read; `None` where there is none, however many others there are.
///
/// # Errors
/// When a budget ends before that is known, or the source fails: it may be there.
pub(super) fn attached(view: &View<'_, '_>, searched: &str) -> Result<Option<Result<Vec<u8>, PdfError>>, PdfError> {
    let catalog = unless_stopped(view.catalog())?.unwrap_or_default();
    let Some(Object::Array(files)) = unless_stopped(view.get(&catalog, "AF"))? else {
        return Ok(None);
    };
    for entry in &files {
        view.file().count_step()?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, stream};
    use crate::pdf::{Limits, PdfFile};

    /// A document with so many other files attached before the one of that name.
    fn behind(others: usize) -> Vec<u8> {
        let catalog = format!("<</Type/Catalog/AF[{}3 0 R]>>", "2 0 R ".repeat(others));
        let bodies = [
            &catalog,
            "<</Type/Filespec/UF(other)>>",
            "<</Type/Filespec/UF(searched)/EF<</F 4 0 R>>>>",
            &stream("", "data"),
        ];
        document(SectionKind::Table, &bodies)
    }

    #[test]
    fn a_file_is_found_behind_however_many_others() {
        for others in [0, 99, 100, 5000] {
            let bytes = behind(others);
            let file = PdfFile::open(&bytes, &Limits::UPLOAD).unwrap();
            let found = attached(&file.latest(), "searched").unwrap();
            assert_eq!(found, Some(Ok(b"data".to_vec())), "{others}");
            assert_eq!(attached(&file.latest(), "another").unwrap(), None);
        }
    }

    #[test]
    fn a_file_that_may_be_behind_more_than_are_gone_through_is_not_said_to_be_absent() {
        let bytes = behind(5000);
        let limits = Limits {
            parsed_values: 10_000,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        assert!(matches!(attached(&file.latest(), "searched"), Err(PdfError::Limit(_))));
    }
}
