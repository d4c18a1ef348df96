//! Where two pictures of a page differ.

use hayro::vello_cpu::Pixmap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most areas of one page; where more would be, one is around all of them.
pub const MAX_AREAS: usize = 12;
/// Side of the squares that are compared, in dots.
const SQUARE: u16 = 16;
/// How much of the page around is taken along, in dots; what is nearer to each other than twice that is one area.
const MARGIN: u16 = 8;
/// Largest difference of a colour, of 255, that counts as none.
const TOLERANCE: u8 = 8;

/// A part of a picture, in dots from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Area {
    /// Of its left side.
    pub x: u16,
    /// Of its upper side.
    pub y: u16,
    /// From left to right.
    pub width: u16,
    /// From top to bottom.
    pub height: u16,
}

impl Area {
    fn touches(&self, other: &Self) -> bool {
        let apart = |start: u16, length: u16, other: u16| u32::from(start) + u32::from(length) < u32::from(other);
        !(apart(self.x, self.width, other.x)
            || apart(other.x, other.width, self.x)
            || apart(self.y, self.height, other.y)
            || apart(other.y, other.height, self.y))
    }

    fn around(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Self {
            x,
            y,
            width: right - x,
            height: bottom - y,
        }
    }
}

/// The areas in which two pictures of one size differ; `None` where they are not of one size.
pub(super) fn differing(before: &Pixmap, after: &Pixmap) -> Option<Vec<Area>> {
    let size = (before.width(), before.height());
    if size != (after.width(), after.height()) {
        return None;
    }
    let mut areas: Vec<Area> = Vec::new();
    for y in (0..size.1).step_by(usize::from(SQUARE)) {
        for x in (0..size.0).step_by(usize::from(SQUARE)) {
            let square = Area {
                x,
                y,
                width: SQUARE.min(size.0 - x),
                height: SQUARE.min(size.1 - y),
            };
            if let Some(found) = differing_within(before, after, square) {
                join(&mut areas, with_margin(found, size));
            }
        }
    }
    if areas.len() > MAX_AREAS {
        areas = areas
            .into_iter()
            .reduce(|one, other| one.around(&other))
            .into_iter()
            .collect();
    }
    Some(areas)
}

/// The part of a square that differs.
fn differing_within(before: &Pixmap, after: &Pixmap, square: Area) -> Option<Area> {
    let mut found: Option<Area> = None;
    for y in square.y..square.y + square.height {
        let row = |picture: &Pixmap| {
            let start = (usize::from(y) * usize::from(picture.width()) + usize::from(square.x)) * 4;
            start..start + usize::from(square.width) * 4
        };
        let rows = [before, after].map(|picture| picture.data_as_u8_slice().get(row(picture)).unwrap_or_default());
        if rows[0] == rows[1] {
            continue;
        }
        for (x, (one, other)) in (square.x..).zip(rows[0].chunks(4).zip(rows[1].chunks(4))) {
            let is_other = one
                .iter()
                .zip(other)
                .any(|(one, other)| one.abs_diff(*other) > TOLERANCE);
            if is_other {
                let dot = Area {
                    x,
                    y,
                    width: 1,
                    height: 1,
                };
                found = Some(found.map_or(dot, |found| found.around(&dot)));
            }
        }
    }
    found
}

fn with_margin(area: Area, (width, height): (u16, u16)) -> Area {
    let (x, y) = (area.x.saturating_sub(MARGIN), area.y.saturating_sub(MARGIN));
    let right = area.x.saturating_add(area.width).saturating_add(MARGIN).min(width);
    let bottom = area.y.saturating_add(area.height).saturating_add(MARGIN).min(height);
    Area {
        x,
        y,
        width: right - x,
        height: bottom - y,
    }
}

/// Adds an area, joined with all that it touches.
fn join(areas: &mut Vec<Area>, mut area: Area) {
    while let Some(place) = areas.iter().position(|known| known.touches(&area)) {
        area = areas.swap_remove(place).around(&area);
    }
    areas.push(area);
}

#[cfg(test)]
mod tests {
    use hayro::vello_cpu::color::PremulRgba8;

    use super::*;

    fn picture(dots: &[(u16, u16)]) -> Pixmap {
        let mut picture = Pixmap::new(200, 300);
        let ink = PremulRgba8 {
            r: 0,
            g: 0,
            b: 0,
            a: 255,
        };
        dots.iter().for_each(|(x, y)| picture.set_pixel(*x, *y, ink));
        picture
    }

    #[test]
    fn pictures_that_are_alike_differ_nowhere() {
        assert_eq!(differing(&picture(&[(9, 9)]), &picture(&[(9, 9)])), Some(Vec::new()));
        let mut faint = picture(&[]);
        faint.set_pixel(9, 9, PremulRgba8 { r: 0, g: 0, b: 0, a: 8 });
        assert_eq!(differing(&picture(&[]), &faint), Some(Vec::new()));
        assert_eq!(differing(&picture(&[]), &Pixmap::new(200, 301)), None);
    }

    #[test]
    fn what_differs_nearby_is_one_area_and_what_is_far_is_another() {
        let changed = picture(&[(50, 50), (60, 60), (199, 299), (0, 0)]);
        let mut areas = differing(&picture(&[]), &changed).unwrap();
        areas.sort_by_key(|area| area.y);
        let of = |x, y, width, height| Area { x, y, width, height };
        assert_eq!(areas, [of(0, 0, 9, 9), of(42, 42, 27, 27), of(191, 291, 9, 9)]);
    }

    #[test]
    fn more_areas_than_anybody_looks_at_are_one() {
        let dots: Vec<(u16, u16)> = (0..=MAX_AREAS as u16)
            .map(|place| (10 + place % 4 * 50, 10 + place / 4 * 60))
            .collect();
        let areas = differing(&picture(&[]), &picture(&dots)).unwrap();
        assert_eq!(areas.len(), 1, "{areas:?}");
        assert_eq!(differing(&picture(&[]), &picture(&dots[1..])).unwrap().len(), MAX_AREAS);
    }
}
