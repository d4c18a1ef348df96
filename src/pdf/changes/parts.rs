//! Which part an object has in a document, for people: the content of page 3, a font of page 1, the field "Name".

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::pdf::error::PdfError;
use crate::pdf::field_name::FieldNames;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::page_tree::BrokenTree;
use crate::pdf::view::View;

use super::audit::describe;
use super::change::Part;
use super::form::Inherited;
use super::references::collect_references;

/// How many revisions of a file are gone through for the parts of objects; in later ones they are told by their type
/// alone. Each costs a walk through the whole document, and a report is read from its beginning.
pub(super) const REVISIONS: usize = 4;

/// The parts of a document's objects as of one revision.
#[derive(Debug, Clone, Default)]
pub(in crate::pdf) struct Parts {
    known: Rc<BTreeMap<u32, Rc<Part>>>,
}

impl Parts {
    /// Goes through a document. Where it cannot be followed, parts stay unknown.
    pub(in crate::pdf) fn read(view: &View<'_, '_>) -> Result<Self, PdfError> {
        let mut walk = Walk {
            view,
            known: BTreeMap::new(),
            names: FieldNames::new(&view.file().reader.limits),
        };
        match walk.document() {
            Ok(()) => {}
            Err(error @ (PdfError::Limit(_) | PdfError::Source(_))) => return Err(error),
            Err(_) => {}
        }
        Ok(Self {
            known: Rc::new(walk.known),
        })
    }

    /// The part of an object.
    pub(super) fn of(&self, view: &View<'_, '_>, object: Reference) -> Result<Part, PdfError> {
        match self.known.get(&object.number) {
            Some(part) => {
                if let Part::Field(name) = &**part {
                    view.file().count_told(name)?;
                }
                Ok((**part).clone())
            }
            None => describe(view, object),
        }
    }
}

struct Walk<'v, 'f, 's> {
    view: &'v View<'f, 's>,
    known: BTreeMap<u32, Rc<Part>>,
    names: FieldNames,
}

impl Walk<'_, '_, '_> {
    fn document(&mut self) -> Result<(), PdfError> {
        let catalog = self.view.catalog()?;
        let trailer = &self.view.revision().trailer;
        if let Some(root) = trailer.get("Root").and_then(Object::as_reference) {
            self.known.insert(root.number, Rc::new(Part::Catalog));
        }
        if let Some(information) = trailer.get("Info").and_then(Object::as_reference) {
            let part = || Rc::new(Part::Information);
            self.known.entry(information.number).or_insert_with(part);
        }
        let pages = self.pages()?;
        if let Object::Dictionary(form) = self.view.get(&catalog, "AcroForm")? {
            let fields = self.view.get(&form, "Fields")?;
            self.fields(&fields, &Inherited::default())?;
        }
        for (index, page) in pages.iter().enumerate() {
            self.page(index + 1, page)?;
        }
        for (key, value) in catalog.iter().filter(|(key, _)| **key != *"Pages") {
            self.below(value, &Rc::new(Part::CatalogEntry(key.to_text())))?;
        }
        Ok(())
    }

    /// Marks the nodes of the page tree, and gives the pages in their order.
    fn pages(&mut self) -> Result<Vec<Dictionary>, PdfError> {
        let mut pages = Vec::new();
        let known = &mut self.known;
        self.view.walk_pages(BrokenTree::LeftOut, |node| {
            let part = node.page.map_or(Part::PageTree, Part::Page);
            known.entry(node.reference.number).or_insert_with(|| Rc::new(part));
            pages.extend(node.page.map(|_| node.dictionary.clone()));
            Ok::<_, PdfError>(())
        })?;
        Ok(pages)
    }

    fn page(&mut self, number: usize, page: &Dictionary) -> Result<(), PdfError> {
        let entries = [
            ("Contents", Part::PageContent(number)),
            ("Annots", Part::PageAnnotation(number)),
            ("Resources", Part::PageResource(number)),
        ];
        for (key, part) in entries {
            if let Some(value) = page.get(key) {
                self.below(value, &Rc::new(part))?;
            }
        }
        Ok(())
    }

    fn fields(&mut self, fields: &Object, above: &Inherited) -> Result<(), PdfError> {
        let fields = fields.as_array().unwrap_or_default();
        if above.depth > self.view.file().reader.limits.tree_depth {
            return Ok(());
        }
        for field in fields.iter().filter_map(Object::as_reference) {
            self.view.file().count_step()?;
            let object = self.view.object(field)?;
            let Some(dictionary) = object
                .value
                .as_dictionary()
                .filter(|_| !self.known.contains_key(&field.number))
            else {
                continue;
            };
            let here = above.below(dictionary, &self.names)?;
            self.names.count(here.name.len())?;
            let part = Rc::new(Part::Field(here.name.to_string()));
            self.known.insert(field.number, Rc::clone(&part));
            self.fields(&self.view.get(dictionary, "Kids")?, &here)?;
            for key in ["AP", "V"] {
                if let Some(value) = dictionary.get(key) {
                    self.below(value, &part)?;
                }
            }
        }
        Ok(())
    }

    /// Marks all that a value leads to and that has no part yet.
    fn below(&mut self, value: &Object, part: &Rc<Part>) -> Result<(), PdfError> {
        let mut open = Vec::new();
        collect_references(value, &mut open);
        while let Some(reference) = open.pop() {
            if self.known.contains_key(&reference.number) {
                continue;
            }
            self.view.file().count_step()?;
            self.known.insert(reference.number, Rc::clone(part));
            collect_references(&self.view.object(reference)?.value, &mut open);
        }
        Ok(())
    }
}
