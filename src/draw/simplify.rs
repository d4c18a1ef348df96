//! Fewer points for the same outline, within a tolerance.
//!
//! Neighbouring lines and quadratic curves of a contour are replaced by one line or one quadratic curve as long as no
//! point of the original lies further than the tolerance from it. Corners survive because a curve keeps the tangents of
//! its ends.

use super::{Path, Point, Segment};

/// How many neighbours one segment may replace.
const MAX_MERGED: usize = 12;
/// Pieces in which a curve is compared.
const PIECES: u32 = 8;

/// A line or quadratic curve with its start.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: Point,
    control: Option<Point>,
    to: Point,
}

/// The path with fewer segments, nowhere further than `tolerance` from the original. Contours with cubic curves stay as
/// they are.
#[must_use]
pub fn simplify(path: &Path, tolerance: f64) -> Path {
    let mut simple = Path::new();
    for contour in path.segments.chunk_by(|_, next| !matches!(next, Segment::Move(_))) {
        match pieces(contour) {
            Some((pieces, closed)) => write(&mut simple, &merge(&rotate(pieces, closed), tolerance), closed),
            None => simple.segments.extend_from_slice(contour),
        }
    }
    simple
}

/// The pieces of a contour without those of no length, and whether it is closed.
fn pieces(contour: &[Segment]) -> Option<(Vec<Piece>, bool)> {
    let (Segment::Move(start), rest) = contour.split_first()? else {
        return None;
    };
    let mut pieces = Vec::with_capacity(rest.len() + 1);
    let mut from = *start;
    let mut closed = false;
    for segment in rest {
        let (control, to) = match *segment {
            Segment::Line(to) => (None, to),
            Segment::Quad(control, to) => (Some(control), to),
            Segment::Close => {
                closed = true;
                (None, *start)
            }
            Segment::Move(_) | Segment::Cubic(..) => return None,
        };
        if from != to || control.is_some_and(|control| control != from) {
            pieces.push(Piece { from, control, to });
        }
        from = to;
    }
    Some((pieces, closed))
}

/// Starts a closed contour at its sharpest corner, so that the seam falls where a point is needed anyway.
fn rotate(mut pieces: Vec<Piece>, closed: bool) -> Vec<Piece> {
    if closed && pieces.len() > 1 {
        let turn = |index: usize| {
            let before = unit(pieces[(index + pieces.len() - 1) % pieces.len()].leaving());
            before.dot(unit(pieces[index].entering()))
        };
        let sharpest = (0..pieces.len())
            .min_by(|&a, &b| turn(a).total_cmp(&turn(b)))
            .unwrap_or(0);
        pieces.rotate_left(sharpest);
    }
    pieces
}

fn merge(pieces: &[Piece], tolerance: f64) -> Vec<Piece> {
    let mut merged = Vec::with_capacity(pieces.len());
    let mut start = 0;
    while start < pieces.len() {
        let (mut best, mut length) = (pieces[start], 1);
        if best.control.is_some() && fits(&pieces[start..=start], None, tolerance) {
            best.control = None;
        }
        for end in start + 2..=pieces.len().min(start + MAX_MERGED) {
            let run = &pieces[start..end];
            let Some(control) = fit(run, tolerance) else { break };
            (best, length) = (
                Piece {
                    from: run[0].from,
                    control,
                    to: run[run.len() - 1].to,
                },
                end - start,
            );
        }
        merged.push(best);
        start += length;
    }
    merged
}

/// One piece that replaces a run: the control point of a curve, or none for a line.
fn fit(run: &[Piece], tolerance: f64) -> Option<Option<Point>> {
    if fits(run, None, tolerance) {
        return Some(None);
    }
    let (first, last) = (run.first()?, run.last()?);
    let (out, into) = (first.entering(), last.leaving());
    let (out, into) = (unit(out), unit(into));
    let chord = last.to.from(first.from);
    let cross = out.cross(into);
    if cross.abs() < 0.02 {
        return None;
    }
    // The end tangents meet ahead of the start and behind the end.
    let (ahead, behind) = (chord.cross(into) / cross, out.cross(chord) / cross);
    if ahead <= 0.0 || behind <= 0.0 || out.dot(into) < -0.2 {
        return None;
    }
    let control = Point::new(first.from.x + out.x * ahead, first.from.y + out.y * ahead);
    fits(run, Some(control), tolerance).then_some(Some(control))
}

/// Whether all points of a run lie within the tolerance of the line or curve between its ends.
fn fits(run: &[Piece], control: Option<Point>, tolerance: f64) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return false;
    };
    let whole = Piece {
        from: first.from,
        control,
        to: last.to,
    };
    if whole.from == whole.to {
        return false;
    }
    let steps = if control.is_some() { PIECES } else { 1 };
    let polyline: Vec<Point> = (0..=steps)
        .map(|step| whole.at(f64::from(step) / f64::from(steps)))
        .collect();
    run.iter().all(|piece| {
        let samples = if piece.control.is_some() { 4 } else { 2 };
        (1..=samples).all(|step| distance(piece.at(f64::from(step) / f64::from(samples)), &polyline) <= tolerance)
    })
}

fn distance(point: Point, polyline: &[Point]) -> f64 {
    let to_side = |side: &[Point]| {
        let (along, offset) = (side[1].from(side[0]), point.from(side[0]));
        let share = (offset.dot(along) / along.dot(along).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
        point.from(side[0].toward(side[1], share)).length()
    };
    polyline.windows(2).map(to_side).fold(f64::INFINITY, f64::min)
}

fn unit(vector: Point) -> Point {
    let length = vector.length().max(f64::MIN_POSITIVE);
    Point::new(vector.x / length, vector.y / length)
}

fn write(path: &mut Path, pieces: &[Piece], closed: bool) {
    let Some(first) = pieces.first() else { return };
    path.move_to(first.from);
    let last = pieces.len() - 1;
    for (index, piece) in pieces.iter().enumerate() {
        match piece.control {
            Some(control) => path.quad_to(control, piece.to),
            None if closed && index == last => {}
            None => path.line_to(piece.to),
        }
    }
    if closed {
        path.close();
    }
}

impl Piece {
    fn at(&self, t: f64) -> Point {
        match self.control {
            Some(control) => self.from.toward(control, t).toward(control.toward(self.to, t), t),
            None => self.from.toward(self.to, t),
        }
    }

    /// Direction at the start.
    fn entering(&self) -> Point {
        match self.control.filter(|control| *control != self.from) {
            Some(control) => control.from(self.from),
            None => self.to.from(self.from),
        }
    }

    /// Direction at the end.
    fn leaving(&self) -> Point {
        match self.control.filter(|control| *control != self.to) {
            Some(control) => self.to.from(control),
            None => self.to.from(self.from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_on_a_straight_side_disappear_and_corners_stay() {
        let corner = [(0.0, 0.0), (1.0, 0.001), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 1.0)];
        let path = Path::polygon(&corner.map(|(x, y)| Point::new(x, y)));
        let simple = simplify(&path, 0.01);
        let ends: Vec<_> = simple.segments.iter().filter_map(Segment::end).collect();
        assert_eq!(ends.len(), 4, "{ends:?}");
        assert_eq!(simple.bounds().unwrap().1, Point::new(2.0, 2.0));
    }

    #[test]
    fn a_split_curve_becomes_one_curve_again() {
        let (from, control, to) = (Point::new(0.0, 0.0), Point::new(1.0, 0.0), Point::new(1.0, 1.0));
        let whole = Piece {
            from,
            control: Some(control),
            to,
        };
        let mut path = Path::new();
        path.move_to(from);
        path.quad_to(from.middle(control), whole.at(0.5));
        path.quad_to(control.middle(to), to);
        let simple = simplify(&path, 1e-6);
        assert_eq!(simple.segments, [Segment::Move(from), Segment::Quad(control, to)]);
    }

    #[test]
    fn without_tolerance_for_it_a_bend_is_kept() {
        let path = Path::polygon(&[
            Point::new(0.0, 0.0),
            Point::new(1.0, 0.1),
            Point::new(2.0, 0.0),
            Point::new(1.0, 3.0),
        ]);
        assert_eq!(simplify(&path, 0.01).segments.len(), path.segments.len());
        assert_eq!(simplify(&path, 0.15).segments.len(), path.segments.len() - 1);
    }
}
