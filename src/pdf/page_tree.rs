//! The page tree (ISO 32000-2, 7.7.3): its nodes, each before those below it, and so the pages in their order; within
//! the budgets of the file, and each once. What a page has from the nodes above it (7.7.3.4) comes with it.

use std::collections::HashSet;
use std::rc::Rc;

use super::error::PdfError;
use super::limits::LimitReached;
use super::object::{Dictionary, Object, Reference};
use super::view::View;

/// What a page has from the nodes above it where it does not say itself (table 31).
const INHERITABLE: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];

/// What becomes of a tree that is none: of a node that is no dictionary, or is reached twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenTree {
    /// It is an error: the pages have to be known.
    Refused,
    /// It is left out: where something stands is told as far as it can be.
    LeftOut,
}

/// A node of the page tree.
#[derive(Debug, Clone, Copy)]
pub struct PageNode<'n> {
    /// Its object.
    pub reference: Reference,
    /// Its dictionary.
    pub dictionary: &'n Dictionary,
    /// The node that lists it; `None` for the root.
    pub parent: Option<Reference>,
    /// The page's number, from 1; `None` for a node with others below it.
    pub page: Option<usize>,
    above: &'n Inherited,
}

/// Values of [`INHERITABLE`] of the nodes above, in its order.
type Inherited = [Option<Object>; INHERITABLE.len()];

impl PageNode<'_> {
    /// Its own value of a key, or that of the nearest node above where pages have it from there.
    pub fn attribute(&self, key: &str) -> Option<&Object> {
        let place = INHERITABLE.iter().position(|known| *known == key);
        let above = || self.above[place?].as_ref();
        self.dictionary.get(key).or_else(above)
    }

    fn inherited_below(&self) -> Inherited {
        INHERITABLE.map(|key| self.attribute(key).cloned())
    }
}

impl View<'_, '_> {
    /// Shows each node of the page tree.
    ///
    /// # Errors
    /// Those of `visit`; where a node cannot be read, a budget is used up, or the tree is none and that is refused.
    pub fn walk_pages<E: From<PdfError>>(
        &self,
        broken: BrokenTree,
        mut visit: impl FnMut(&PageNode<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let refuse = |what, expected| match broken {
            BrokenTree::Refused => Err(PdfError::Type { what, expected }),
            BrokenTree::LeftOut => Ok(()),
        };
        let no_node = || refuse("a node of the page tree", "a reference to a dictionary");
        let limits = &self.file().reader.limits;
        let (mut seen, mut pages, mut open) = (HashSet::new(), 0, Vec::new());
        match self.catalog()?.get("Pages").and_then(Object::as_reference) {
            Some(root) => open.push((root, None, Rc::<Inherited>::default(), 0)),
            None => no_node()?,
        }
        while let Some((reference, parent, above, depth)) = open.pop() {
            self.file().count_step().map_err(PdfError::from)?;
            within("levels of the page tree", depth, limits.tree_depth)?;
            if !seen.insert(reference) {
                refuse("the page tree", "a tree")?;
                continue;
            }
            within("nodes of the page tree", seen.len(), limits.tree_nodes)?;
            let object = self.object(reference)?;
            let is_bare = object.value.as_stream().is_none() || broken == BrokenTree::LeftOut;
            let Some(dictionary) = object.value.as_dictionary().filter(|_| is_bare) else {
                no_node()?;
                continue;
            };
            let kids = match self.get(dictionary, "Kids")? {
                Object::Array(kids) if !dictionary.is("Type", "Page") => Some(kids),
                _ => None,
            };
            pages += usize::from(kids.is_none());
            let node = PageNode {
                reference,
                dictionary,
                parent,
                page: kids.is_none().then_some(pages),
                above: &above,
            };
            visit(&node)?;
            let below = Rc::new(node.inherited_below());
            for kid in kids.iter().flatten().rev() {
                match kid.as_reference() {
                    Some(kid) => open.push((kid, Some(reference), Rc::clone(&below), depth + 1)),
                    None => no_node()?,
                }
            }
        }
        Ok(())
    }
}

fn within(unit: &'static str, count: usize, allowed: usize) -> Result<(), PdfError> {
    let reached = || LimitReached {
        unit,
        allowed: allowed as u64,
    };
    (count <= allowed).then_some(()).ok_or_else(|| reached().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::PdfFile;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::testing::document;

    const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";

    /// Number and rotation of each page, by its object number.
    fn walked(nodes: &[&str], broken: BrokenTree, limits: &Limits) -> Result<Vec<(u32, usize, Option<i64>)>, PdfError> {
        let bodies: Vec<&str> = [CATALOG].iter().chain(nodes).copied().collect();
        let bytes = document(SectionKind::Table, &bodies);
        let file = PdfFile::open(&bytes, limits)?;
        let mut pages = Vec::new();
        file.latest().walk_pages(broken, |node| {
            let rotation = node.attribute("Rotate").and_then(Object::as_integer);
            pages.extend(node.page.map(|page| (node.reference.number, page, rotation)));
            Ok::<_, PdfError>(())
        })?;
        Ok(pages)
    }

    const NESTED: [&str; 5] = [
        "<</Type/Pages/Kids[5 0 R 3 0 R]/Rotate 90/Count 3>>",
        "<</Type/Page/Kids[]/Rotate 180>>",
        "<</Type/Page>>",
        "<</Type/Pages/Kids[4 0 R 6 0 R]/Rotate 270>>",
        "<</Type/Page/Rotate null/MediaBox[0 0 9 9]>>",
    ];

    #[test]
    fn pages_come_in_their_order_with_what_they_have_from_above() {
        let pages = [(4, 1, Some(270)), (6, 2, Some(270)), (3, 3, Some(180))];
        for broken in [BrokenTree::Refused, BrokenTree::LeftOut] {
            assert_eq!(walked(&NESTED, broken, &Limits::UPLOAD).unwrap(), pages);
        }
    }

    #[test]
    fn a_tree_that_is_none_is_refused_or_what_is_wrong_with_it_left_out() {
        let page = "<</Type/Page>>";
        for (root, what) in [
            ("<</Kids[2 0 R 3 0 R]>>", "the page tree"),
            ("<</Kids[3 0 R 3 0 R]>>", "the page tree"),
            ("<</Kids[3 0 R 4 0 R]>>", "a node of the page tree"),
            ("<</Kids[3 0 R(no)]>>", "a node of the page tree"),
            ("<</Kids[3 0 R 9 0 R]>>", "a node of the page tree"),
        ] {
            let walk = |broken| walked(&[root, page, "(no)"], broken, &Limits::UPLOAD);
            let refused = walk(BrokenTree::Refused).unwrap_err();
            assert!(
                matches!(refused, PdfError::Type { what: said, .. } if said == what),
                "{root}: {refused}"
            );
            assert_eq!(walk(BrokenTree::LeftOut).unwrap(), [(3, 1, None)], "{root}");
        }
    }

    #[test]
    fn the_budgets_of_the_tree_are_reached() {
        let limits = |tree_depth, tree_nodes| Limits {
            tree_depth,
            tree_nodes,
            ..Limits::UPLOAD
        };
        let walk = |limits| walked(&NESTED, BrokenTree::LeftOut, &limits);
        assert!(walk(limits(2, 5)).is_ok());
        for (limits, said) in [
            (limits(1, 5), "levels of the page tree"),
            (limits(2, 4), "nodes of the page tree"),
        ] {
            let reached = walk(limits).unwrap_err();
            assert!(matches!(reached, PdfError::Limit(reached) if reached.unit == said));
        }
    }
}
