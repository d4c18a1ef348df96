//! Where the widgets of a field stand on the pages (ISO 32000-2, 12.5.2 and 12.5.5): the appearance of an annotation is
//! fitted into its rectangle and clipped to it, so that the rectangle is all that it can cover.
//!
//! Left out: what lies under it. Text, pictures and fills would all have to be painted to know, and two readers differ
//! in them; a place on a signed page counts as signed whether anything is drawn there or not.

use std::collections::BTreeMap;

use crate::draw::pdf::POINTS_PER_MM;

use super::error::PdfError;
use super::object::{Dictionary, Object, Reference};
use super::view::View;

/// Largest area of a seal in square millimetres, 60 by 60 with a millimetre of rounding on each side: the largest seals
/// in use are 45 mm wide, and pictures of them have a margin.
const SEAL_AREA_MM2: f64 = 62.0 * 62.0;
/// Longest side of a seal in millimetres: signature lines of wide text beside a name stay below it.
const SEAL_LENGTH_MM: f64 = 120.0;
/// NoZoom and NoRotate (table 167): such an annotation leaves its rectangle where the page is turned or made smaller.
const LEAVES_ITS_PLACE: i64 = 1 << 3 | 1 << 4;

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
    /// Whether it may be shown beyond its rectangle.
    pub leaves_its_place: bool,
}

impl WidgetPlace {
    /// In square millimetres.
    pub fn area_mm2(&self) -> f64 {
        self.width_mm * self.height_mm
    }

    /// Whether all of them together are larger than a seal, or any is where nobody can say how large it is.
    pub fn exceed_a_seal(places: &[Self]) -> bool {
        let area: f64 = places.iter().map(Self::area_mm2).sum();
        let is_long = |place: &Self| place.width_mm.max(place.height_mm) > SEAL_LENGTH_MM || place.leaves_its_place;
        area > SEAL_AREA_MM2 || places.iter().any(is_long)
    }
}

/// The places of those of the widgets that have a size, by page; one that several pages list has several.
///
/// # Errors
/// When a page cannot be read, or a budget is used up.
pub(super) fn places(view: &View<'_, '_>, widgets: &[Reference]) -> Result<Vec<WidgetPlace>, PdfError> {
    let mut sizes = BTreeMap::new();
    for widget in widgets {
        view.file().count_step()?;
        let object = view.object(*widget)?;
        if let Some(dictionary) = object.value.as_dictionary()
            && let Some((width, height)) =
                size(view, dictionary)?.filter(|(width, height)| *width > 0.0 && *height > 0.0)
        {
            let flags = view.get(dictionary, "F")?.as_integer().unwrap_or(0);
            sizes.insert(*widget, (width, height, flags & LEAVES_ITS_PLACE != 0));
        }
    }
    let mut places = Vec::new();
    if sizes.is_empty() {
        return Ok(places);
    }
    let listings = view.listings()?;
    for (widget, (width, height, leaves_its_place)) in sizes {
        places.extend(listings.of(widget).map(|(page, unit)| WidgetPlace {
            widget,
            page,
            width_mm: width * unit / POINTS_PER_MM,
            height_mm: height * unit / POINTS_PER_MM,
            leaves_its_place,
        }));
    }
    places.sort_by_key(|place| (place.page, place.widget));
    Ok(places)
}

/// Width and height of an annotation's rectangle in user space, whatever the order of its corners (7.9.5).
fn size(view: &View<'_, '_>, annotation: &Dictionary) -> Result<Option<(f64, f64)>, PdfError> {
    let Object::Array(corners) = view.get(annotation, "Rect")? else {
        return Ok(None);
    };
    let mut numbers = Vec::new();
    for corner in &corners {
        numbers.extend(view.resolve(corner)?.as_number());
    }
    Ok(match numbers.as_slice() {
        [left, bottom, right, top] => Some(((right - left).abs(), (top - bottom).abs())),
        _ => None,
    })
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
    fn only_what_is_no_larger_than_a_seal_is_as_large_as_one() {
        let seal = WidgetPlace {
            widget: id(4),
            page: 1,
            width_mm: 42.0,
            height_mm: 42.0,
            leaves_its_place: false,
        };
        let exceed = |places: &[WidgetPlace]| WidgetPlace::exceed_a_seal(places);
        assert!(!exceed(&[seal]) && !exceed(&[seal, seal]));
        assert!(exceed(&[seal; 3]), "tiles cover together");
        let strip = WidgetPlace {
            width_mm: 150.0,
            height_mm: 5.0,
            ..seal
        };
        assert!(exceed(&[strip]));
        let leaving = WidgetPlace {
            leaves_its_place: true,
            ..seal
        };
        assert!(exceed(&[leaving]));
    }
}
