//! A revision in the making: each object that changes is read once, changed in memory and written once.

use std::collections::{BTreeMap, BTreeSet};

use super::Opened;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, Reference, View};
use crate::sign::SignError;

/// The objects that a new revision changes and adds.
pub(super) struct Draft<'f, 's> {
    view: View<'f, 's>,
    root: Reference,
    update: Update,
    changed: BTreeMap<Reference, Object>,
    /// Lists that were copied to be added to, among those.
    copies: BTreeSet<Reference>,
}

/// Where a dictionary is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// As an object of its own.
    Object(Reference),
    /// Inside the dictionary of that object, under that key.
    Inside(Reference, &'static str),
}

impl<'f, 's> Draft<'f, 's> {
    /// Begins a revision after a document.
    pub(super) fn new(opened: &'f Opened<'s>) -> Result<Self, SignError> {
        let view = opened.file.latest();
        let mut update = opened.file.update()?;
        update.number_beyond(opened.highest_reference);
        Ok(Self {
            view,
            root: view.revision().root().ok_or(SignError::Structure("Root"))?,
            update,
            changed: BTreeMap::new(),
            copies: BTreeSet::new(),
        })
    }

    /// The document before the revision.
    pub(super) fn view(&self) -> View<'f, 's> {
        self.view
    }

    /// The document catalogue.
    pub(super) fn root(&self) -> Reference {
        self.root
    }

    /// A fresh object that is written later.
    pub(super) fn allocate(&mut self) -> Reference {
        self.update.allocate()
    }

    /// Writes a fresh object.
    pub(super) fn add(&mut self, value: &Object) -> Result<Reference, SignError> {
        Ok(self.update.add(value)?)
    }

    /// A dictionary that is about to change.
    pub(super) fn dictionary(&mut self, home: Home, what: &'static str) -> Result<&mut Dictionary, SignError> {
        let wrong = || SignError::Structure(what);
        let (reference, key) = match home {
            Home::Object(reference) => (reference, None),
            Home::Inside(reference, key) => (reference, Some(key)),
        };
        let Object::Dictionary(outer) = self.object(reference)? else {
            return Err(wrong());
        };
        let Some(key) = key else { return Ok(outer) };
        if outer.get(key).is_none() {
            outer.set(key, Object::Dictionary(Dictionary::new()));
        }
        match outer.get_mut(key) {
            Some(Object::Dictionary(inner)) => Ok(inner),
            _ => Err(wrong()),
        }
    }

    /// Where the dictionary under a key of the catalogue is written, or will be.
    pub(super) fn home_in_catalog(&mut self, key: &'static str) -> Result<Home, SignError> {
        let root = self.root;
        let value = self.dictionary(Home::Object(root), "Root")?.get(key).cloned();
        Ok(match value.as_ref().and_then(Object::as_reference) {
            Some(reference) if !self.object(reference)?.is_null() => Home::Object(reference),
            Some(_) => {
                self.dictionary(Home::Object(root), "Root")?.remove(key);
                Home::Inside(root, key)
            }
            None => Home::Inside(root, key),
        })
    }

    /// Adds a reference to the array under a key. One that is an object of its own stays as it is, since it may be a
    /// list of another page, or another list of the document, too: the holder has a copy of its own from then on.
    pub(super) fn push(&mut self, home: Home, key: &'static str, added: Reference) -> Result<(), SignError> {
        let list = match self.dictionary(home, key)?.get_mut(key) {
            // The list may be long and is added to often: it grows where it stands.
            Some(Object::Array(members)) => {
                members.push(Object::Reference(added));
                return Ok(());
            }
            Some(Object::Reference(list)) => *list,
            None | Some(Object::Null) => {
                let list = Object::Array(vec![Object::Reference(added)]);
                self.dictionary(home, key)?.set(key, list);
                return Ok(());
            }
            Some(_) => return Err(SignError::Structure(key)),
        };
        if let Some(Object::Array(members)) = self.changed.get_mut(&list).filter(|_| self.copies.contains(&list)) {
            members.push(Object::Reference(added));
            return Ok(());
        }
        let mut members = match self.view.resolve(&Object::Reference(list))? {
            Object::Array(members) => members,
            Object::Null => Vec::new(),
            _ => return Err(SignError::Structure(key)),
        };
        members.push(Object::Reference(added));
        let copy = self.allocate();
        self.copies.insert(copy);
        self.changed.insert(copy, Object::Array(members));
        self.dictionary(home, key)?.set(key, Object::Reference(copy));
        Ok(())
    }

    /// Writes what has changed; the update can then be ended.
    pub(super) fn finish(mut self) -> Result<Update, SignError> {
        for (reference, value) in &self.changed {
            // What was only looked at stays as it is.
            if self.view.object(*reference)?.value != *value {
                self.update.put(*reference, value)?;
            }
        }
        Ok(self.update)
    }

    fn object(&mut self, reference: Reference) -> Result<&mut Object, SignError> {
        use std::collections::btree_map::Entry;
        match self.changed.entry(reference) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(self.view.object(reference)?.value.clone())),
        }
    }
}
