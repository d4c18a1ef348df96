//! Which pages list each annotation (ISO 32000-2, 12.5.2): the lists of all pages of a view, gone through once however
//! many annotations are asked about.

use std::rc::Rc;

use super::error::{PdfError, unless_stopped};
use super::object::{Object, Reference};
use super::page_box::Rectangle;
use super::page_tree::BrokenTree;
use super::view::View;

/// Every annotation with the pages that list it.
#[derive(Debug, Default)]
pub(super) struct Listings {
    /// The annotations, each with the number of a page, from 1; sorted, each pair once.
    listed: Vec<(Reference, u32)>,
    pages: Vec<Sheet>,
}

/// What of a page is shown, and how large.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    /// In units of its user space.
    pub(super) shown: Rectangle,
    /// The points in such a unit.
    pub(super) unit: f64,
}

impl Listings {
    fn read(view: &View<'_, '_>) -> Result<Self, PdfError> {
        let (mut listed, mut pages) = (Vec::new(), Vec::new());
        view.walk_pages(BrokenTree::LeftOut, |node| {
            if node.page.is_none() {
                return Ok::<_, PdfError>(());
            }
            pages.push(Sheet {
                shown: unless_stopped(node.shown(view))?.unwrap_or(Rectangle::LETTER),
                unit: unless_stopped(node.unit(view))?.unwrap_or(1.0),
            });
            let page = u32::try_from(pages.len()).unwrap_or(u32::MAX);
            if let Object::Array(annotations) = view.get(node.dictionary, "Annots")? {
                for annotation in &annotations {
                    view.file().count_step()?;
                    listed.extend(annotation.as_reference().map(|annotation| (annotation, page)));
                }
            }
            Ok(())
        })?;
        listed.sort_unstable();
        listed.dedup();
        Ok(Self { listed, pages })
    }

    /// The pages that list an annotation, in their order, each with its number, from 1.
    pub(super) fn of(&self, annotation: Reference) -> impl Iterator<Item = (usize, Sheet)> {
        let first = self.listed.partition_point(|(listed, _)| *listed < annotation);
        let here = self.listed[first..]
            .iter()
            .take_while(move |(listed, _)| *listed == annotation);
        here.filter_map(|(_, page)| {
            let page = *page as usize;
            Some((page, *self.pages.get(page.checked_sub(1)?)?))
        })
    }
}

impl View<'_, '_> {
    /// Those of this view. They are held until another view is asked.
    pub(super) fn listings(&self) -> Result<Rc<Listings>, PdfError> {
        let held = &self.file().listings;
        if let Some((number, listings)) = held.borrow().as_ref()
            && *number == self.number()
        {
            return Ok(Rc::clone(listings));
        }
        let listings = Rc::new(Listings::read(self)?);
        held.replace(Some((self.number(), Rc::clone(&listings))));
        Ok(listings)
    }

    /// The numbers of the pages, from 1, that list an annotation.
    ///
    /// # Errors
    /// When a page cannot be read, or a budget is used up.
    pub fn pages_that_list(&self, annotation: Reference) -> Result<Vec<usize>, PdfError> {
        Ok(self.listings()?.of(annotation).map(|(page, _)| page).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::PdfFile;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::testing::{append, document, id, open};

    /// So many pages, from object 3 on, that share the list of annotations of object 2, and the limits with so much for
    /// the walks.
    fn pages_of_one_list(pages: u32, annotations: &str, steps: u64) -> (Vec<u8>, Limits) {
        let kids: String = (0..pages).map(|page| format!("{} 0 R ", 4 + page)).collect();
        let tree = format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>");
        let list = format!("[{annotations}]");
        let mut bodies = vec!["<</Type/Catalog/Pages 3 0 R>>", &list, &tree];
        bodies.resize(3 + pages as usize, "<</Type/Page/Parent 3 0 R/Annots 2 0 R>>");
        let bytes = document(SectionKind::Table, &bodies);
        // No page has more than nine values, nor has what is written once more than fifty beside its references.
        let parsed_values = u64::from(pages) * 10 + annotations.len() as u64 + 50 + steps;
        let limits = Limits {
            parsed_values,
            ..Limits::UPLOAD
        };
        (bytes, limits)
    }

    #[test]
    fn the_pages_are_gone_through_once_however_many_annotations_are_asked_about() {
        let (bytes, limits) = pages_of_one_list(50, "60 0 R", 200);
        let file = PdfFile::open(&bytes, &limits).unwrap();
        for _ in 0..50 {
            assert_eq!(file.latest().pages_that_list(id(60)).unwrap(), Vec::from_iter(1..=50));
        }
        assert!(file.latest().pages_that_list(id(61)).unwrap().is_empty());
    }

    #[test]
    fn a_list_that_many_pages_share_is_counted_for_each() {
        let annotations = "60 0 R ".repeat(100);
        let ask = |steps| {
            let (bytes, limits) = pages_of_one_list(50, &annotations, steps);
            PdfFile::open(&bytes, &limits).unwrap().latest().pages_that_list(id(60))
        };
        assert!(matches!(ask(2_000), Err(PdfError::Limit(_))));
        assert_eq!(ask(6_000).unwrap().len(), 50, "and it is listed once by each");
    }

    #[test]
    fn each_view_has_its_own() {
        let (bytes, _) = pages_of_one_list(2, "60 0 R", 0);
        let bytes = append(bytes, |update| update.put(id(2), &Object::Array(Vec::new())).unwrap());
        let file = open(&bytes);
        for _ in 0..2 {
            let listed = |revision| file.at_revision(revision).unwrap().pages_that_list(id(60)).unwrap();
            assert_eq!(listed(1), [1, 2]);
            assert!(listed(2).is_empty());
        }
    }
}
