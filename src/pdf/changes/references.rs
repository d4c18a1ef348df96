//! Who refers to whom, in every revision: read once for a file, since permission often hangs on an object having no
//! other use.
//!
//! A change of a field's appearance is harmless only while that appearance is nothing else, and a new object only while
//! nothing signed pointed at its number. Both are questions about the document before the update. An object that lies
//! in an object stream uses that stream: it is another as soon as the stream is.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::pdf::error::PdfError;
use crate::pdf::file::PdfFile;
use crate::pdf::limits::LimitReached;
use crate::pdf::object::{Dictionary, Name, Object, Reference};
use crate::pdf::view::View;
use crate::pdf::xref::Entry;

use super::drawn_by_form::may_be_drawn;
use super::spans::{Span, settle, shown};

/// Keys under which fields, widgets and other annotations are named for being that (ISO 32000-2, tables 31, 168, 224,
/// 226, 240 and 368): elsewhere an object is something else.
const ANNOTATION_KEYS: [&str; 9] = ["Fields", "Kids", "Parent", "CO", "Annots", "Popup", "IRT", "T", "Obj"];

/// Objects of a file that are kept for whoever asks for them next, where there are no more.
const KEPT: usize = 1_000;

/// One reference to an object, or several that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    target: u32,
    user: User,
    link: Link,
}

/// Who refers to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::pdf) enum User {
    /// The trailer.
    Trailer,
    /// The object of that number.
    Object(u32),
    /// The object of that number, which lies in it.
    Held(u32),
}

/// How a value names an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    /// As a field or an annotation.
    Annotation,
    /// In an array that is an object of its own: as what its users say.
    Element,
    /// Otherwise.
    Other,
}

/// All references of a file.
#[derive(Debug, Default)]
pub(in crate::pdf) struct References {
    /// Sorted by target and first revision, none twice; those of each target are settled.
    uses: Vec<Span<Use>>,
    /// Objects that cannot be read, settled.
    unreadable: Vec<Span<Reference>>,
    /// Objects in which something may be drawn by the entries of the form, settled.
    drawn_by_form: Vec<Span<Reference>>,
}

impl References {
    /// Reads every object of every revision.
    pub(in crate::pdf) fn read(file: &PdfFile<'_>) -> Result<Self, PdfError> {
        let last = file.revisions().len();
        let entries: usize = file.revisions().iter().map(|revision| revision.entries().len()).sum();
        let is_kept = entries <= KEPT;
        let mut index = Self::default();
        // The revision in which the next version of each object begins.
        let mut ends: BTreeMap<u32, usize> = BTreeMap::new();
        for number in (1..=last).rev() {
            let Some(view) = file.at_revision(number) else { continue };
            let trailer = Object::Dictionary(view.revision().trailer.clone());
            index.collect(User::Trailer, &trailer, number..number + 1);
            for (object, entry) in view.revision().entries() {
                // Listed again as it was: one version, seen from here on.
                let is_repeated = number > 1
                    && file
                        .at_revision(number - 1)
                        .and_then(|before| before.place(object))
                        .is_some_and(|(_, earlier)| earlier == entry);
                if is_repeated {
                    continue;
                }
                let until = ends.insert(object, number).unwrap_or(last + 1);
                let generation = match entry {
                    Entry::Free => continue,
                    Entry::InFile { generation, .. } => generation,
                    Entry::Compressed { container, .. } => {
                        index.add(container, User::Held(object), Link::Other, number..until);
                        0
                    }
                };
                let reference = Reference {
                    number: object,
                    generation,
                };
                let read = match is_kept {
                    true => view.object(reference),
                    false => view.passing(reference),
                };
                match read {
                    Ok(read) => {
                        index.collect(User::Object(object), &read.value, number..until);
                        if may_be_drawn(&read.value) {
                            index.drawn_by_form.push(Span::new(reference, &(number..until)));
                        }
                    }
                    Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
                    Err(_) => index.unreadable.push(Span::new(reference, &(number..until))),
                }
            }
        }
        index.uses.sort_unstable_by_key(|span| (span.value.target, *span));
        index.uses.dedup();
        for uses in index
            .uses
            .chunk_by_mut(|one, next| one.value.target == next.value.target)
        {
            settle(uses);
        }
        for listed in [&mut index.unreadable, &mut index.drawn_by_form] {
            listed.sort_unstable();
            settle(listed);
        }
        Ok(index)
    }

    /// Who refers to an object in the view of a revision, by rising revision.
    pub(in crate::pdf) fn users(&self, target: u32, revision: usize) -> impl Iterator<Item = User> {
        self.uses_of(target, revision).map(|one| one.user)
    }

    /// Whether an object has no other part in a view than that of a field or an annotation. Each use that is looked at
    /// counts.
    pub(super) fn is_annotation_alone(&self, target: u32, view: &View<'_, '_>) -> Result<bool, LimitReached> {
        for one in self.uses_of(target, view.number()) {
            view.file().count_step()?;
            match (one.link, one.user) {
                (Link::Annotation, _) => {}
                (Link::Element, User::Object(list)) => {
                    for one in self.uses_of(list, view.number()) {
                        view.file().count_step()?;
                        if one.link != Link::Annotation {
                            return Ok(false);
                        }
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The uses of an object that a revision shows.
    fn uses_of(&self, target: u32, revision: usize) -> impl Iterator<Item = &Use> {
        let first = self.uses.partition_point(|span| span.value.target < target);
        let uses = &self.uses[first..];
        let count = uses.partition_point(|span| span.value.target == target);
        shown(&uses[..count], revision).map(|span| &span.value)
    }

    /// Objects in the view of a revision that cannot be read.
    pub(super) fn unreadable(&self, revision: usize) -> impl Iterator<Item = Reference> {
        shown(&self.unreadable, revision).map(|span| span.value)
    }

    /// Objects in the view of a revision in which something may be drawn by the entries of the form.
    pub(super) fn drawn_by_form(&self, revision: usize) -> impl Iterator<Item = Reference> {
        shown(&self.drawn_by_form, revision).map(|span| span.value)
    }

    fn collect(&mut self, user: User, value: &Object, shown: Range<usize>) {
        self.collect_linked(user, value, Link::Element, &shown);
    }

    fn collect_linked(&mut self, user: User, value: &Object, link: Link, shown: &Range<usize>) {
        let below = |key: &Name| match ANNOTATION_KEYS.iter().any(|known| *key == **known) {
            true => Link::Annotation,
            false => Link::Other,
        };
        match value {
            Object::Reference(reference) => self.add(reference.number, user, link, shown.clone()),
            Object::Array(elements) => elements
                .iter()
                .for_each(|element| self.collect_linked(user, element, link, shown)),
            _ => value.as_dictionary().into_iter().for_each(|dictionary| {
                let entries = every_entry(dictionary);
                entries.for_each(|(key, value)| self.collect_linked(user, value, below(key), shown));
            }),
        }
    }

    fn add(&mut self, target: u32, user: User, link: Link, shown: Range<usize>) {
        self.uses.push(Span::new(Use { target, user, link }, &shown));
    }
}

/// All references inside a value.
pub(in crate::pdf) fn collect_references(value: &Object, references: &mut Vec<Reference>) {
    match value {
        Object::Reference(reference) => references.push(*reference),
        Object::Array(elements) => elements
            .iter()
            .for_each(|element| collect_references(element, references)),
        _ => value.as_dictionary().into_iter().for_each(|dictionary| {
            every_entry(dictionary).for_each(|(_, value)| collect_references(value, references));
        }),
    }
}

/// The entries of a dictionary, those among them that a later one of the same key replaces: a reader may go by the
/// first.
pub(super) fn every_entry(dictionary: &Dictionary) -> impl Iterator<Item = (&Name, &Object)> {
    let replaced = dictionary.duplicates().iter().map(|(key, value)| (key, value));
    dictionary.iter().chain(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{append, document, id, open};

    #[test]
    fn a_reference_counts_in_the_revisions_that_show_it() {
        let bytes = document(SectionKind::Table, &["<</Type/Catalog/A 2 0 R>>", "[3 0 R]", "(c)"]);
        let bytes = append(bytes, |update| {
            update
                .put(id(2), &Object::Array(vec![Object::Reference(id(1))]))
                .unwrap();
        });
        let file = open(&bytes);
        let references = References::read(&file).unwrap();
        let users = |target, revision| references.users(target, revision).collect::<Vec<_>>();
        assert_eq!(users(3, 1), [User::Object(2)]);
        assert_eq!(users(3, 2), []);
        assert_eq!(users(1, 1), [User::Trailer]);
        assert_eq!(users(1, 2), [User::Trailer, User::Object(2)]);
        assert_eq!(references.unreadable(2).count(), 0);
    }

    #[test]
    fn an_object_is_an_annotation_alone_until_a_key_of_another_meaning_leads_to_it() {
        let objects = [
            "<</Type/Catalog/AcroForm<</Fields[2 0 R 3 0 R]>>/Open 3 0 R>>",
            "<</T(named by the form)>>",
            "<</T(named by the catalogue too)>>",
            "<</Annots 5 0 R>>",
            "[6 0 R]",
            "<</T(in a list of annotations that is an object)>>",
            "<</Annots 8 0 R/Else 8 0 R>>",
            "[9 0 R]",
            "<</T(in a list that is something else too)>>",
            "<</Kids[11 0 R]/Below<</Deep[12 0 R]>>>>",
            "<</T(a kid)>>",
            "<</T(named deep inside)>>",
        ];
        let bytes = document(SectionKind::Table, &objects);
        let file = open(&bytes);
        let references = References::read(&file).unwrap();
        let view = file.latest();
        let alone = (1..=12).filter(|number| references.is_annotation_alone(*number, &view).unwrap());
        // What nothing names is nothing else either.
        assert_eq!(alone.collect::<Vec<_>>(), [2, 4, 5, 6, 7, 10, 11]);
    }

    #[test]
    fn references_that_are_alike_are_one() {
        let many = format!("[{}]", "3 0 R ".repeat(1000));
        let bytes = document(SectionKind::Table, &["<</Type/Catalog/A 2 0 R>>", &many, "(c)"]);
        let file = open(&bytes);
        let references = References::read(&file).unwrap();
        assert_eq!(references.users(3, 1).collect::<Vec<_>>(), [User::Object(2)]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let bytes = document(SectionKind::Table, &["<</Type/Catalog>>", "<</A"]);
        let references = References::read(&open(&bytes)).unwrap();
        assert_eq!(references.unreadable(1).collect::<Vec<_>>(), [id(2)]);
    }
}
