//! Where the widgets of a field stand on the pages (ISO 32000-2, 12.5.2 and 12.5.5): the appearance of an annotation is
//! fitted into its rectangle and clipped to it, so that the rectangle is all that it can cover. Whether readers do so
//! with one is asked of the appearance.
//!
//! Left out: what lies under it. Text, pictures and fills would all have to be painted to know, and two readers differ
//! in them; a place on a signed page counts as signed whether anything is drawn there or not.

use std::collections::BTreeMap;

use crate::draw::pdf::POINTS_PER_MM;

use super::annotation_flags::{NO_ROTATE, NO_ZOOM};
use super::cover::Patch;
use super::error::PdfError;
use super::object::Reference;
use super::page_box::Rectangle;
use super::view::View;

/// Such an annotation leaves its rectangle where the page is turned or made smaller.
const LEAVES_ITS_PLACE: i64 = NO_ZOOM | NO_ROTATE;

/// One widget on one page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WidgetPlace {
    /// The widget.
    pub widget: Reference,
    /// Number of the page, from 1.
    pub page: usize,
    /// Width in millimetres.
    pub width_mm: f64,
    /// Height in millimetres.
    pub height_mm: f64,
    /// What it stands on.
    pub patch: Patch,
    /// The area of what is shown of the page, in square millimetres.
    pub page_area_mm2: f64,
    /// Whether it may be shown beyond its rectangle.
    pub leaves_its_place: bool,
}

impl WidgetPlace {
    /// In square millimetres.
    pub fn area_mm2(&self) -> f64 {
        self.width_mm * self.height_mm
    }

    /// The largest of these.
    pub fn largest(places: &[Self]) -> Option<&Self> {
        places
            .iter()
            .max_by(|one, other| one.area_mm2().total_cmp(&other.area_mm2()))
    }
}

/// The places of those of the widgets that have a size, by page; one that several pages list has several. One whose
/// rectangle is none takes all of its page: readers differ in what they make of it.
///
/// # Errors
/// When a page cannot be read, or a budget is used up.
pub(super) fn places(view: &View<'_, '_>, widgets: &[Reference]) -> Result<Vec<WidgetPlace>, PdfError> {
    let mut rectangles = BTreeMap::new();
    for widget in widgets {
        view.file().count_step()?;
        let object = view.object(*widget)?;
        let Some(dictionary) = object.value.as_dictionary() else {
            continue;
        };
        let rectangle = match dictionary.get("Rect") {
            Some(rectangle) => Rectangle::read(view, rectangle)?,
            None => continue,
        };
        if rectangle.is_none_or(Rectangle::has_area) {
            let flags = view.get(dictionary, "F")?.as_integer().unwrap_or(0);
            rectangles.insert(*widget, (rectangle, flags & LEAVES_ITS_PLACE != 0));
        }
    }
    let mut places = Vec::new();
    if rectangles.is_empty() {
        return Ok(places);
    }
    let listings = view.listings()?;
    for (widget, (rectangle, leaves_its_place)) in rectangles {
        places.extend(listings.of(widget).map(|(page, sheet)| {
            let rectangle = rectangle.unwrap_or(sheet.shown);
            let mm = |units: f64| units * sheet.unit / POINTS_PER_MM;
            WidgetPlace {
                widget,
                page,
                width_mm: mm(rectangle.width()),
                height_mm: mm(rectangle.height()),
                patch: Patch::new(page, rectangle, sheet.shown),
                page_area_mm2: mm(sheet.shown.width()) * mm(sheet.shown.height()),
                leaves_its_place,
            }
        }));
    }
    places.sort_by_key(|place| (place.page, place.widget));
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{document, id, open};

    fn of(page: &str, widget: &str) -> Vec<WidgetPlace> {
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>",
            &format!("<</Type/Page/Parent 2 0 R{page}>>"),
            &format!("<</Type/Annot/Subtype/Widget{widget}>>"),
            "<</Type/Page/Parent 2 0 R/Annots[4 0 R]>>",
        ];
        let bytes = document(SectionKind::Table, &bodies);
        places(&open(&bytes).latest(), &[id(4)]).unwrap()
    }

    #[test]
    fn a_widget_is_measured_on_every_page_that_lists_it() {
        let found = of("/Annots[4 0 R]/UserUnit 2", "/Rect[72 144 0 0]");
        let pages: Vec<usize> = found.iter().map(|place| place.page).collect();
        assert_eq!(pages, [1, 2]);
        assert!((found[0].width_mm - 50.8).abs() < 0.01 && (found[0].height_mm - 101.6).abs() < 0.01);
        assert!((found[1].width_mm - 25.4).abs() < 0.01);
        assert!(of("", "/Rect[9 9 9 90]").is_empty(), "no width");
    }

    #[test]
    fn units_smaller_than_a_point_make_no_widget_smaller() {
        let [found, _] = of("/Annots[4 0 R]/UserUnit 0.2", "/Rect[0 0 72 144]")[..] else {
            panic!("two pages list it");
        };
        assert!((found.width_mm - 25.4).abs() < 0.01 && (found.height_mm - 50.8).abs() < 0.01);
    }

    #[test]
    fn a_widget_whose_rectangle_is_none_takes_all_of_its_page() {
        for rectangle in ["[0 0 9 9 9]", "[0 0 9(9)]", "(no)"] {
            let found = of("/MediaBox[0 0 720 720]", &format!("/Rect{rectangle}"));
            assert!(
                (found[0].area_mm2() - found[0].page_area_mm2).abs() < 0.01,
                "{rectangle}"
            );
        }
        assert!(of("", "").is_empty());
    }
}
