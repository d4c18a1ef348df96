//! What is shown of a page, and how large (ISO 32000-2, 7.7.3.3, 7.9.5 and 14.11.2).

use super::error::PdfError;
use super::object::Object;
use super::page_tree::PageNode;
use super::view::View;

/// A rectangle in default user space units: left, bottom, right, top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle(pub [f64; 4]);

impl Rectangle {
    /// The page of a document that does not say (one without MediaBox is shown on US Letter by common readers).
    pub(super) const LETTER: Self = Self([0.0, 0.0, 612.0, 792.0]);

    /// From an array of four numbers, with its corners in any order (7.9.5).
    ///
    /// # Errors
    /// When one of them cannot be read, or a budget is used up.
    pub fn read(view: &View<'_, '_>, value: &Object) -> Result<Option<Self>, PdfError> {
        let resolved;
        let array = match value {
            // Not copied: many pages may have one that is long.
            Object::Array(_) => value,
            other => {
                resolved = view.resolve(other)?;
                &resolved
            }
        };
        let mut corners = [0.0; 4];
        let Some(numbers) = array.as_array().filter(|numbers| numbers.len() == corners.len()) else {
            return Ok(None);
        };
        for (corner, number) in corners.iter_mut().zip(numbers) {
            let Some(number) = view.resolve(number)?.as_number().filter(|number| number.is_finite()) else {
                return Ok(None);
            };
            *corner = number;
        }
        let [x1, y1, x2, y2] = corners;
        Ok(Some(Self([x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)])))
    }

    /// What of it lies in another; without width or height where nothing does.
    pub fn inside(self, other: Self) -> Self {
        let ([x1, y1, x2, y2], [left, bottom, right, top]) = (self.0, other.0);
        Self([x1.max(left), y1.max(bottom), x2.min(right), y2.min(top)])
    }

    /// From left to right.
    pub fn width(self) -> f64 {
        self.0[2] - self.0[0]
    }

    /// From the bottom to the top.
    pub fn height(self) -> f64 {
        self.0[3] - self.0[1]
    }

    /// Whether it has a width and a height.
    pub fn has_area(self) -> bool {
        self.width() > 0.0 && self.height() > 0.0
    }

    /// As PDF writes it, in steps that are finer than a printer's.
    pub fn to_object(self) -> Object {
        let numbers = self.0.map(|value| Object::number((value * 1000.0).round() / 1000.0));
        Object::Array(numbers.to_vec())
    }
}

impl PageNode<'_> {
    /// Its media box, and what its crop box leaves of it.
    ///
    /// # Errors
    /// When one cannot be read, or a budget is used up.
    pub fn boxes(&self, view: &View<'_, '_>) -> Result<(Rectangle, Option<Rectangle>), PdfError> {
        let read = |key: &str| match self.attribute(key) {
            Some(value) => Rectangle::read(view, value),
            None => Ok(None),
        };
        let media_box = read("MediaBox")?.unwrap_or(Rectangle::LETTER);
        Ok((media_box, read("CropBox")?.map(|crop_box| crop_box.inside(media_box))))
    }

    /// What readers show of it: a box that leaves nothing is passed over.
    ///
    /// # Errors
    /// As for [`boxes`](Self::boxes).
    pub(super) fn shown(&self, view: &View<'_, '_>) -> Result<Rectangle, PdfError> {
        let (media_box, cropped) = self.boxes(view)?;
        let mut boxes = [cropped, Some(media_box)].into_iter().flatten();
        Ok(boxes.find(|shown| shown.has_area()).unwrap_or(Rectangle::LETTER))
    }

    /// The points in a unit of its user space (table 31, UserUnit): at least one. Readers show a page of smaller units
    /// as large as any other.
    ///
    /// # Errors
    /// When it cannot be read, or a budget is used up.
    pub fn unit(&self, view: &View<'_, '_>) -> Result<f64, PdfError> {
        let unit = view.get(self.dictionary, "UserUnit")?.as_number();
        Ok(unit.filter(|unit| unit.is_finite()).unwrap_or(1.0).max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::page_tree::BrokenTree;
    use crate::pdf::testing::{document, open};

    /// What is shown of a page with these entries, and its unit.
    fn page(entries: &str) -> ([f64; 4], f64) {
        let page = format!("<</Type/Page{entries}>>");
        let tree = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 100 200]>>";
        let bytes = document(SectionKind::Table, &["<</Type/Catalog/Pages 2 0 R>>", tree, &page]);
        let (file, mut found) = (open(&bytes), Vec::new());
        let view = file.latest();
        let walked = view.walk_pages(BrokenTree::Refused, |node| {
            if node.page.is_some() {
                found.push((node.shown(&view)?.0, node.unit(&view)?));
            }
            Ok::<_, PdfError>(())
        });
        walked.unwrap();
        found[0]
    }

    #[test]
    fn a_page_is_shown_by_the_first_box_that_leaves_something_of_it() {
        for (entries, shown) in [
            ("", [0.0, 0.0, 100.0, 200.0]),
            ("/CropBox[90 20 10 -5]", [10.0, 0.0, 90.0, 20.0]),
            ("/CropBox[300 300 400 400]", [0.0, 0.0, 100.0, 200.0]),
            ("/MediaBox[0 0 0 0]", Rectangle::LETTER.0),
            ("/MediaBox[0 0 9 9 9]", Rectangle::LETTER.0),
        ] {
            assert_eq!(page(entries).0, shown, "{entries}");
        }
    }

    #[test]
    fn no_unit_is_smaller_than_a_point() {
        for (unit, points) in [("2.5", 2.5), ("0.2", 1.0), ("-3", 1.0), ("(no)", 1.0)] {
            assert_eq!(page(&format!("/UserUnit {unit}")).1, points, "{unit}");
        }
    }
}
