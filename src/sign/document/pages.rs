//! The pages of a document and what is visible of each (ISO 32000-2 sections 7.7.3 and 14.11.2).

use super::DocumentFault;
use crate::draw::Point;
use crate::draw::pdf::POINTS_PER_MM;
use crate::pdf::{BrokenTree, Object, PageNode, PdfError, Rectangle, Reference, View};
use crate::sign::SignError;

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    /// Its object.
    pub(super) reference: Reference,
    /// What is shown of it: the crop box inside the media box.
    pub(super) visible: Rectangle,
    /// Degrees by which it is turned clockwise when it is shown: 0, 90, 180 or 270.
    pub(super) rotation: u16,
    /// Default user space units in a millimetre.
    pub(super) units_per_mm: f64,
}

impl Page {
    /// Its size as it is shown, in millimetres.
    pub(super) fn size_mm(&self) -> (f64, f64) {
        self.shown(self.visible)
    }

    /// Width and height of a rectangle as it is shown, in millimetres.
    pub(super) fn shown(&self, rectangle: Rectangle) -> (f64, f64) {
        let (width, height) = (
            rectangle.width() / self.units_per_mm,
            rectangle.height() / self.units_per_mm,
        );
        if self.is_sideways() {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// The rectangle in user space of what is shown from one corner to the other, in millimetres from the upper left
    /// corner of the visible page.
    pub(super) fn rectangle(&self, from: Point, to: Point) -> Rectangle {
        let (a, b) = (self.to_user_space(from), self.to_user_space(to));
        Rectangle([a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)])
    }

    /// Where a point of user space is shown, in millimetres from the upper left corner of the visible page.
    pub(super) fn shown_at(&self, point: Point) -> Point {
        let [left, bottom, right, top] = self.visible.0;
        let (along, down) = match self.rotation {
            90 => (point.y - bottom, point.x - left),
            180 => (right - point.x, point.y - bottom),
            270 => (top - point.y, right - point.x),
            _ => (point.x - left, top - point.y),
        };
        Point::new(along / self.units_per_mm, down / self.units_per_mm)
    }

    /// Whether all is shown from one corner to the other, in millimetres from the upper left corner of the visible
    /// page.
    pub(super) fn shows(&self, from: Point, to: Point) -> bool {
        /// What rounding may put beyond an edge, in millimetres.
        const TOLERANCE: f64 = 0.01;
        let (width, height) = self.size_mm();
        from.x >= -TOLERANCE && from.y >= -TOLERANCE && to.x <= width + TOLERANCE && to.y <= height + TOLERANCE
    }

    /// The centre nearest to a point at which something of that size lies wholly on the page; the middle where it is
    /// too small.
    pub(super) fn inside(&self, center: Point, (width, height): (f64, f64)) -> Point {
        let within = |value: f64, size: f64, room: f64| match size <= room {
            true => value.clamp(size / 2.0, room - size / 2.0),
            false => room / 2.0,
        };
        let (room_along, room_down) = self.size_mm();
        Point::new(within(center.x, width, room_along), within(center.y, height, room_down))
    }

    fn is_sideways(&self) -> bool {
        matches!(self.rotation, 90 | 270)
    }

    /// A point of the shown page in user space.
    fn to_user_space(&self, point: Point) -> Point {
        let [left, bottom, right, top] = self.visible.0;
        let (along, down) = (point.x * self.units_per_mm, point.y * self.units_per_mm);
        match self.rotation {
            90 => Point::new(left + down, bottom + along),
            180 => Point::new(right - along, bottom + down),
            270 => Point::new(right - down, top - along),
            _ => Point::new(left + along, top - down),
        }
    }
}

/// The pages in order.
///
/// # Errors
/// When the page tree is broken, or a budget is used up.
pub(super) fn pages(view: &View<'_, '_>) -> Result<Vec<Page>, SignError> {
    let mut pages = Vec::new();
    let walked = view.walk_pages(BrokenTree::Refused, |node| {
        if node.page.is_some() {
            let number = pages.len() + 1;
            pages.push(page(view, node, number)?);
        }
        Ok(())
    });
    walked.map_err(|error| match error {
        SignError::Unreadable(PdfError::Type { .. }) => DocumentFault::PageTree.into(),
        other => other,
    })?;
    if pages.is_empty() {
        return Err(DocumentFault::NoPages.into());
    }
    Ok(pages)
}

fn page(view: &View<'_, '_>, node: &PageNode<'_>, number: usize) -> Result<Page, SignError> {
    let (media_box, cropped) = node.boxes(view)?;
    let visible = cropped.unwrap_or(media_box);
    if !visible.has_area() {
        return Err(DocumentFault::PageShowsNothing(number).into());
    }
    let degrees = match node.attribute("Rotate") {
        Some(rotate) => match view.resolve(rotate)? {
            Object::Null => Some(0),
            degrees => degrees.as_integer(),
        },
        None => Some(0),
    };
    let rotation = degrees
        .map(|degrees| degrees.rem_euclid(360))
        .filter(|degrees| degrees % 90 == 0);
    let rotation = rotation.and_then(|degrees| u16::try_from(degrees).ok());
    Ok(Page {
        reference: node.reference,
        visible,
        rotation: rotation.ok_or(DocumentFault::PageTurnedAskew(number))?,
        units_per_mm: POINTS_PER_MM / node.unit(view)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rotation: u16) -> Page {
        Page {
            reference: Reference::new(1),
            visible: Rectangle([10.0, 20.0, 110.0, 220.0]),
            rotation,
            units_per_mm: 2.0,
        }
    }

    #[test]
    fn a_place_is_counted_from_the_corner_that_is_shown_upper_left() {
        let at = |rotation| {
            page(rotation)
                .rectangle(Point::new(5.0, 10.0), Point::new(10.0, 30.0))
                .0
        };
        assert_eq!(at(0), [20.0, 160.0, 30.0, 200.0]);
        assert_eq!(at(90), [30.0, 30.0, 70.0, 40.0]);
        assert_eq!(at(180), [90.0, 40.0, 100.0, 80.0]);
        assert_eq!(at(270), [50.0, 200.0, 90.0, 210.0]);
    }

    #[test]
    fn what_is_shown_somewhere_is_found_there_again() {
        for rotation in [0, 90, 180, 270] {
            let page = page(rotation);
            let there = Point::new(7.0, 11.0);
            let [left, bottom, ..] = page.rectangle(there, there).0;
            assert_eq!(page.shown_at(Point::new(left, bottom)), there, "{rotation}");
        }
        let moved = page(0).inside(Point::new(1.0, 99.0), (10.0, 20.0));
        assert_eq!(moved, Point::new(5.0, 90.0));
        assert_eq!(page(0).inside(moved, (60.0, 20.0)).x, 25.0);
    }

    #[test]
    fn a_page_that_is_turned_is_as_wide_as_it_was_high() {
        assert_eq!(page(0).size_mm(), (50.0, 100.0));
        assert_eq!(page(270).size_mm(), (100.0, 50.0));
    }
}
