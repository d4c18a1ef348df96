//! What pages are is said twice in a page tree (ISO 32000-2, 7.7.3): from above by `Kids` and `Count`, from below by
//! `Parent`. Readers go by either, so that the two have to say the same; and what draws a page stands in its `Contents`
//! in one of two ways alone (7.7.3.3, table 31).

use std::collections::HashMap;

use super::Disagreement;
use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::file::PdfFile;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::page_tree::{BrokenTree, PageNode};
use crate::pdf::view::View;

/// A node of the tree as far as it was walked.
struct Node {
    object: Reference,
    /// Place of the node above among those walked.
    above: Option<usize>,
    /// What it says of the pages below; `None` of a page.
    count: Option<Object>,
}

impl PdfFile<'_> {
    /// The first node, or page, of which readers see several.
    ///
    /// # Errors
    /// When the tree is none, a budget is used up, or the source fails.
    pub(super) fn told_in_two_ways(&self) -> Result<Option<Disagreement>, PdfError> {
        let view = self.latest();
        let mut nodes: Vec<Node> = Vec::new();
        let mut places: HashMap<Reference, usize> = HashMap::new();
        let mut found = None;
        view.walk_pages(BrokenTree::Refused, |node| {
            let (object, dictionary) = (node.reference, node.dictionary);
            let is_page = node.page.is_some();
            let parent = node.parent.map(Object::Reference);
            if dictionary.get("Parent") != parent.as_ref() || is_page != may_be_page(dictionary) {
                found.get_or_insert(Disagreement::Tree(object.number));
            }
            let mut count = None;
            if !is_page {
                count = Some(view.get(dictionary, "Count")?);
            } else if !is_drawn_plainly(&view, dictionary)? {
                found.get_or_insert(Disagreement::Contents(object.number));
            }
            if is_page && shows_nothing(&view, node)? {
                found.get_or_insert(Disagreement::Type(object.number));
            }
            places.insert(object, nodes.len());
            nodes.push(Node {
                object,
                above: node.parent.and_then(|parent| places.get(&parent).copied()),
                count,
            });
            Ok::<_, PdfError>(())
        })?;
        Ok(found.or_else(|| miscounted(&nodes)))
    }
}

/// Whether a page's boxes have nothing in common: readers show one of them, or neither.
fn shows_nothing(view: &View<'_, '_>, page: &PageNode<'_>) -> Result<bool, PdfError> {
    let boxes = unless_stopped(page.boxes(view))?;
    let cropped = boxes.and_then(|(_, cropped)| cropped);
    Ok(cropped.is_some_and(|cropped| !cropped.has_area()))
}

/// A page has no others below it, whatever type it has; and nothing else is without.
fn may_be_page(dictionary: &Dictionary) -> bool {
    dictionary.get("Kids").is_none() && !dictionary.is("Type", "Pages")
}

/// The first node that says not how many pages are below it: readers that look for a page by its number pass over as
/// many as it says, and where it says nothing some see no page at all.
fn miscounted(nodes: &[Node]) -> Option<Disagreement> {
    let mut below = vec![0_i64; nodes.len()];
    // Each stands behind the one above it.
    for (place, node) in nodes.iter().enumerate().rev() {
        below[place] += i64::from(node.count.is_none());
        if let Some(above) = node.above {
            below[above] += below[place];
        }
    }
    let said = nodes.iter().zip(below);
    let mut wrong = said.filter(|(node, below)| {
        node.count
            .as_ref()
            .is_some_and(|count| count.as_number() != Some(*below as f64))
    });
    wrong.next().map(|(node, _)| Disagreement::Tree(node.object.number))
}

/// Whether a page's content is a stream, or an array of nothing but references to streams: of arrays in it some readers
/// draw the elements, others nothing, and where one is not there some draw nothing of the others.
fn is_drawn_plainly(view: &View<'_, '_>, page: &Dictionary) -> Result<bool, PdfError> {
    let Some(contents) = page.get("Contents") else {
        return Ok(true);
    };
    let Some(contents) = unless_stopped(view.resolve(contents))? else {
        return Ok(true);
    };
    let Object::Array(parts) = contents else {
        return Ok(contents.as_stream().is_some() || contents.is_null());
    };
    for part in &parts {
        view.file().count_step()?;
        let Some(part) = part.as_reference() else {
            return Ok(false);
        };
        let read = unless_stopped(view.passing(part))?;
        if read.is_some_and(|read| read.value.as_stream().is_none()) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, open, stream};

    /// A tree with a node below its root, and two pages.
    const NODES: [&str; 5] = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>",
        "<</Type/Pages/Parent 2 0 R/Kids[4 0 R]/Count 1>>",
        "<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]/Contents 6 0 R>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[6 0 R 6 0 R]>>",
    ];

    /// What is found where one thing is written otherwise.
    fn with(from: &str, to: &str) -> Option<Disagreement> {
        let content = stream("", "BT ET");
        let bodies = NODES.map(|node| node.replacen(from, to, 1));
        assert!(from.is_empty() || bodies != NODES, "{from}");
        let bodies: Vec<&str> = bodies
            .iter()
            .map(String::as_str)
            .chain([&*content, "[6 0 R]"])
            .collect();
        open(&document(SectionKind::Table, &bodies)).told_in_two_ways().unwrap()
    }

    #[test]
    fn a_tree_that_says_the_same_from_above_and_below_is_one() {
        assert_eq!(with("", ""), None);
        assert_eq!(
            with("/Type/Page/Parent 3 0 R", "/Parent 3 0 R"),
            None,
            "a page without a type"
        );
        assert_eq!(
            with("/Contents[6 0 R 6 0 R]", "/Contents 7 0 R"),
            None,
            "an array that is an object"
        );
        assert_eq!(with("/Contents 6 0 R", "/Contents null"), None);
        assert_eq!(with("/Contents[6 0 R 6 0 R]", "/Contents[]"), None);
    }

    #[test]
    fn a_node_that_names_another_above_it_is_placed() {
        assert_eq!(
            with("/Page/Parent 3 0 R", "/Page/Parent 2 0 R"),
            Some(Disagreement::Tree(4))
        );
        assert_eq!(with("/Page/Parent 3 0 R", "/Page"), Some(Disagreement::Tree(4)));
        assert_eq!(
            with("[3 0 R 5 0 R]", "[3 0 R 5 0 R]/Parent 7 0 R"),
            Some(Disagreement::Tree(2))
        );
    }

    #[test]
    fn a_wrong_number_of_pages_is_placed() {
        assert_eq!(with("/Count 1", "/Count 2"), Some(Disagreement::Tree(3)));
        assert_eq!(with("/Count 2", "/Count 1"), Some(Disagreement::Tree(2)));
        assert_eq!(with("/Count 2", "/Count(2)"), Some(Disagreement::Tree(2)));
        assert_eq!(with("/Count 2", ""), Some(Disagreement::Tree(2)));
        assert_eq!(with("/Count 1", "/Count null"), Some(Disagreement::Tree(3)));
        assert_eq!(
            with("/Count 2", "/Count 9 0 R"),
            Some(Disagreement::Tree(2)),
            "nothing is there"
        );
        assert_eq!(with("/Count 2", "/Count 2.0"), None, "as readers have it");
    }

    #[test]
    fn a_page_whose_boxes_have_nothing_in_common_is_placed() {
        let cropped = |to: &str| with("/MediaBox[0 0 9 9]", &format!("/MediaBox[0 0 9 9]/CropBox{to}"));
        assert_eq!(cropped("[-9 -9 0 0]"), Some(Disagreement::Type(4)));
        assert_eq!(cropped("[9 9 8 8]"), None, "with its corners in another order");
    }

    #[test]
    fn what_is_a_page_to_some_and_holds_pages_to_others_is_placed() {
        assert_eq!(
            with("/Page/Parent 3 0 R", "/Page/Parent 3 0 R/Kids[]"),
            Some(Disagreement::Tree(4))
        );
        assert_eq!(
            with("/Page/Parent 3 0 R", "/Pages/Parent 3 0 R"),
            Some(Disagreement::Tree(4))
        );
    }

    #[test]
    fn content_that_is_not_there_is_placed() {
        assert_eq!(with("[6 0 R 6 0 R]", "[6 0 R 9 0 R]"), Some(Disagreement::Contents(5)));
        assert_eq!(
            with("[6 0 R 6 0 R]", "[6 0 R 1 0 R]"),
            Some(Disagreement::Contents(5)),
            "no stream"
        );
    }

    #[test]
    fn content_that_is_nested_is_placed() {
        assert_eq!(with("[6 0 R 6 0 R]", "[6 0 R[6 0 R]]"), Some(Disagreement::Contents(5)));
        assert_eq!(with("[6 0 R 6 0 R]", "[7 0 R]"), Some(Disagreement::Contents(5)));
        assert_eq!(with("/Contents 6 0 R", "/Contents(a)"), Some(Disagreement::Contents(4)));
    }
}
