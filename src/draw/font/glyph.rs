//! Glyphs as they are embedded: simple TrueType outlines on a grid of 64 units per em.
//!
//! A licence has room for some 150 characters in about 16 KiB. The grid is 0.055 mm for text of 3.5 mm, a dot at
//! 464 dpi; on it, points that say nothing are dropped ([`simplify`]), and steps fit one byte.
//! Format: OpenType 1.9, `glyf`, simple glyph description.

use super::{Outline, Typeface};
use crate::draw::simplify::simplify;
use crate::draw::{Path, Point, Segment};

/// Grid of embedded glyphs.
pub(super) const UNITS_PER_EM: u16 = 64;
/// How far an embedded outline may lie from the original, in units of the em, before it is rounded to the grid: running
/// text is small, titles are large.
fn tolerance(face: Typeface) -> f64 {
    match face {
        Typeface::Hei => 0.012,
        Typeface::Song => 0.006,
    }
}

/// The box that every glyph states: `xMin`, `yMin`, `xMax`, `yMax`. It is that of the font (`head`), around all glyphs,
/// and not each one's own, which would take seven bytes a character; the left bearings agree with it, so nothing is
/// shifted.
pub(super) const BOUNDS: [i16; 4] = [0, -16, 64, 64];
const ON_CURVE: u8 = 0x01;
const X_SHORT: u8 = 0x02;
const Y_SHORT: u8 = 0x04;
const REPEAT: u8 = 0x08;
const X_SAME_OR_POSITIVE: u8 = 0x10;
const Y_SAME_OR_POSITIVE: u8 = 0x20;

/// A glyph ready to be embedded.
#[derive(Debug)]
pub struct EncodedGlyph {
    /// Advance in units of the grid.
    pub advance: u16,
    pub(super) points: u16,
    pub(super) contours: u16,
    /// The glyph description, of an even length; empty for a space.
    pub(super) data: Vec<u8>,
}

impl EncodedGlyph {
    pub(super) fn new(outline: &Outline, face: Typeface) -> Self {
        let (data, points, contours) = simple_glyph(&outline.path, tolerance(face));
        Self {
            advance: grid(outline.advance).max(0).cast_unsigned(),
            points,
            contours,
            data,
        }
    }
}

fn grid(em: f64) -> i16 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "rounded; the cast saturates, and no glyph is 500 em wide"
    )]
    let units = (em * f64::from(UNITS_PER_EM)).round() as i16;
    units
}

/// A point of a contour.
#[derive(Debug, Clone, Copy, PartialEq)]
struct GridPoint {
    x: i16,
    y: i16,
    on: bool,
}

/// The glyph description of an outline, padded to an even length, with its numbers of points and contours.
fn simple_glyph(path: &Path, tolerance: f64) -> (Vec<u8>, u16, u16) {
    let contours = contours(&simplify(path, tolerance));
    let points: Vec<GridPoint> = contours.concat();
    let (Ok(contour_count), Ok(point_count)) = (i16::try_from(contours.len()), u16::try_from(points.len())) else {
        return (Vec::new(), 0, 0);
    };
    if points.is_empty() {
        return (Vec::new(), 0, 0);
    }
    let mut data = Vec::with_capacity(16 + 4 * points.len());
    data.extend_from_slice(&contour_count.to_be_bytes());
    data.extend(BOUNDS.map(i16::to_be_bytes).concat());
    let mut end = 0_u16;
    for contour in &contours {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the sum of all lengths fits, as checked above"
        )]
        let length = contour.len() as u16;
        end += length;
        data.extend_from_slice(&(end - 1).to_be_bytes());
    }
    data.extend_from_slice(&[0, 0]);
    write_points(&mut data, &points);
    if data.len() % 2 == 1 {
        data.push(0);
    }
    (data, point_count, contour_count.cast_unsigned())
}

/// Flags with repeats, then the steps in x, then those in y.
fn write_points(data: &mut Vec<u8>, points: &[GridPoint]) {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    let mut flags: Vec<(u8, u8)> = Vec::new();
    let mut last = GridPoint { x: 0, y: 0, on: true };
    for point in points {
        let flag = (u8::from(point.on) * ON_CURVE)
            | step(&mut xs, point.x.wrapping_sub(last.x), X_SHORT, X_SAME_OR_POSITIVE)
            | step(&mut ys, point.y.wrapping_sub(last.y), Y_SHORT, Y_SAME_OR_POSITIVE);
        match flags.last_mut() {
            Some((same, more)) if *same == flag && *more < u8::MAX => *more += 1,
            _ => flags.push((flag, 0)),
        }
        last = *point;
    }
    for (flag, more) in flags {
        match more {
            0 => data.push(flag),
            1 => data.extend_from_slice(&[flag, flag]),
            _ => data.extend_from_slice(&[flag | REPEAT, more]),
        }
    }
    data.extend(xs);
    data.extend(ys);
}

/// Writes a step in one direction and says with which flags.
fn step(out: &mut Vec<u8>, delta: i16, short: u8, same_or_positive: u8) -> u8 {
    match (delta, u8::try_from(delta.unsigned_abs())) {
        (0, _) => same_or_positive,
        (_, Ok(size)) => {
            out.push(size);
            if delta > 0 { short | same_or_positive } else { short }
        }
        (_, Err(_)) => {
            out.extend_from_slice(&delta.to_be_bytes());
            0
        }
    }
}

/// The contours of a path on the grid, without points that say nothing there.
fn contours(path: &Path) -> Vec<Vec<GridPoint>> {
    let mut contours: Vec<Vec<GridPoint>> = Vec::new();
    let mut at = Point::default();
    for segment in &path.segments {
        match *segment {
            Segment::Move(to) => contours.push(vec![on_grid(to, true)]),
            Segment::Line(to) => add(&mut contours, &[on_grid(to, true)]),
            Segment::Quad(control, to) => add(&mut contours, &[on_grid(control, false), on_grid(to, true)]),
            Segment::Cubic(first, second, to) => add(&mut contours, &as_quads(at, first, second, to)),
            Segment::Close => {}
        }
        at = segment.end().unwrap_or(at);
    }
    let thin = contours.into_iter().map(thin_out);
    thin.filter(|contour| contour.len() > 2).collect()
}

fn on_grid(point: Point, on: bool) -> GridPoint {
    GridPoint {
        x: grid(point.x),
        y: grid(-point.y),
        on,
    }
}

fn add(contours: &mut [Vec<GridPoint>], points: &[GridPoint]) {
    if let Some(contour) = contours.last_mut() {
        contour.extend_from_slice(points);
    }
}

/// A cubic curve as two quadratic ones.
fn as_quads(from: Point, first: Point, second: Point, to: Point) -> [GridPoint; 4] {
    let (start, middle, end) = (from.middle(first), first.middle(second), second.middle(to));
    let (left, right) = (start.middle(middle), middle.middle(end));
    let half = left.middle(right);
    let control = |p0: Point, c1: Point, c2: Point, p3: Point| {
        Point::new(
            (3.0 * (c1.x + c2.x) - p0.x - p3.x) / 4.0,
            (3.0 * (c1.y + c2.y) - p0.y - p3.y) / 4.0,
        )
    };
    [
        on_grid(control(from, start, left, half), false),
        on_grid(half, true),
        on_grid(control(half, right, end, to), false),
        on_grid(to, true),
    ]
}

/// Drops points in turn until none is superfluous.
fn thin_out(mut contour: Vec<GridPoint>) -> Vec<GridPoint> {
    let mut index = 0;
    let mut kept_since_drop = 0;
    while contour.len() > 2 && kept_since_drop < contour.len() {
        let count = contour.len();
        index %= count;
        let (before, after) = (contour[(index + count - 1) % count], contour[(index + 1) % count]);
        if superfluous(before, contour[index], after) {
            contour.remove(index);
            kept_since_drop = 0;
        } else {
            index += 1;
            kept_since_drop += 1;
        }
    }
    contour
}

/// Whether the outline stays the same, to half a unit, without the middle one of three neighbours.
fn superfluous(before: GridPoint, point: GridPoint, after: GridPoint) -> bool {
    let at = |p: GridPoint| (i32::from(p.x), i32::from(p.y));
    let ((bx, by), (px, py), (ax, ay)) = (at(before), at(point), at(after));
    let (along, offset) = ((ax - bx, ay - by), (px - bx, py - by));
    let cross = along.0 * offset.1 - along.1 * offset.0;
    let within = along.0 * offset.0 + along.1 * offset.1;
    let between = within >= 0 && within <= along.0 * along.0 + along.1 * along.1;
    match (before.on, point.on, after.on) {
        // An on-curve point half way between two controls is implied (OpenType `glyf`).
        (false, true, false) => (2 * px - bx - ax).abs() <= 1 && (2 * py - by - ay).abs() <= 1,
        (true, true, true) | (true, false, true) => cross == 0 && between,
        (_, true, _) => point.x == before.x && point.y == before.y && before.on,
        (_, false, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i16, y: i16, on: bool) -> GridPoint {
        GridPoint { x, y, on }
    }

    #[test]
    fn a_square_is_four_points_with_repeated_steps() {
        let (data, points, contours) = simple_glyph(&Path::rect(0.0, -1.0, 1.0, 1.0), 0.005);
        assert_eq!((points, contours), (4, 1));
        assert_eq!(&data[..14], [0, 1, 0, 0, 0xFF, 0xF0, 0, 64, 0, 64, 0, 3, 0, 0]);
        assert_eq!(data.len() % 2, 0);
    }

    #[test]
    fn implied_and_collinear_points_are_dropped() {
        let round = vec![
            at(0, 10, true),
            at(0, 0, false),
            at(10, 0, true),
            at(20, 0, false),
            at(20, 10, true),
            at(10, 10, true),
        ];
        assert_eq!(
            thin_out(round),
            [at(0, 10, true), at(0, 0, false), at(20, 0, false), at(20, 10, true)]
        );
    }

    #[test]
    fn a_spike_is_not_taken_for_a_straight_line() {
        let spike = vec![at(0, 0, true), at(30, 0, true), at(10, 0, true), at(10, 10, true)];
        assert!(thin_out(spike).contains(&at(30, 0, true)));
    }
}
