//! Every object of a document, one after the other; what was not read before is not kept.

use std::collections::BTreeMap;

use super::error::PdfError;
use super::object::{Object, Reference};
use super::view::View;
use super::xref::Entry;

impl View<'_, '_> {
    /// The objects that are in use as this view sees them, by rising number.
    pub fn objects(&self) -> impl DoubleEndedIterator<Item = (u32, Entry)> {
        let mut entries = BTreeMap::new();
        for revision in &self.file().revisions()[..self.number()] {
            entries.extend(revision.entries());
        }
        entries.into_iter().filter(|(_, entry)| *entry != Entry::Free)
    }

    /// Shows each object that is in use as this view sees it, by rising number, until `visit` gives something.
    ///
    /// # Errors
    /// When an object cannot be read, or a budget is used up.
    pub fn find_object<T>(
        &self,
        mut visit: impl FnMut(Reference, &Object) -> Option<T>,
    ) -> Result<Option<T>, PdfError> {
        let mut found = None;
        self.each_object(|reference, read| {
            found = match read {
                Ok(object) => visit(reference, object).map(Ok),
                Err(error) => Some(Err(error)),
            };
            found.is_some()
        })?;
        found.transpose()
    }

    /// Shows each object that is in use, by rising number, or why it cannot be read, until `visit` has seen enough.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub fn each_object(
        &self,
        mut visit: impl FnMut(Reference, Result<&Object, PdfError>) -> bool,
    ) -> Result<(), PdfError> {
        for (number, entry) in self.objects() {
            let generation = entry.generation();
            let reference = Reference { number, generation };
            let is_enough = match self.known(reference) {
                Some(known) => visit(reference, Ok(&known.value)),
                None => match self.read(reference) {
                    Ok(read) => visit(reference, Ok(&read.value)),
                    Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
                    Err(error) => visit(reference, Err(error)),
                },
            };
            if is_enough {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::pdf::append::SectionKind;
    use crate::pdf::object::Object;
    use crate::pdf::testing::{append, document, id, open};

    #[test]
    fn each_object_in_use_is_shown_as_the_latest_revision_has_it() {
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 0/Kids[]>>",
            "(old)",
        ];
        let bytes = append(document(SectionKind::Table, &bodies), |update| {
            update.put(id(3), &Object::Boolean(true)).unwrap();
        });
        let mut kinds = Vec::new();
        let found = open(&bytes).latest().find_object(|reference, object| {
            kinds.push((reference.number, object.kind()));
            (reference.number == 3).then_some("seen")
        });
        assert_eq!(found, Ok(Some("seen")));
        assert_eq!(kinds, [(1, "dictionary"), (2, "dictionary"), (3, "boolean")]);
    }
}
