//! Paths of lines, quadratic and cubic curves.

use super::geometry::{Affine, Point};

/// How far, times the radius, the control points of a quarter circle lie from its ends.
const QUARTER_CIRCLE: f64 = 0.552_284_749_8;

/// One step of a path, absolute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    /// Starts a new contour.
    Move(Point),
    /// A straight line.
    Line(Point),
    /// A quadratic curve: control point, end.
    Quad(Point, Point),
    /// A cubic curve: two control points, end.
    Cubic(Point, Point, Point),
    /// A straight line back to the start of the contour.
    Close,
}

/// Contours, one after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path {
    /// The steps, in order.
    pub segments: Vec<Segment>,
}

impl Path {
    /// A path without a step.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Starts a contour.
    pub fn move_to(&mut self, to: Point) {
        self.segments.push(Segment::Move(to));
    }

    /// Adds a straight line.
    pub fn line_to(&mut self, to: Point) {
        self.segments.push(Segment::Line(to));
    }

    /// Adds a quadratic curve.
    pub fn quad_to(&mut self, control: Point, to: Point) {
        self.segments.push(Segment::Quad(control, to));
    }

    /// Adds a cubic curve.
    pub fn cubic_to(&mut self, first: Point, second: Point, to: Point) {
        self.segments.push(Segment::Cubic(first, second, to));
    }

    /// Closes the contour.
    pub fn close(&mut self) {
        self.segments.push(Segment::Close);
    }

    /// Adds all contours of another path.
    pub fn extend(&mut self, other: &Path) {
        self.segments.extend_from_slice(&other.segments);
    }

    /// A closed polygon.
    pub fn polygon(points: &[Point]) -> Self {
        let mut path = Self::new();
        for (index, &point) in points.iter().enumerate() {
            if index == 0 {
                path.move_to(point)
            } else {
                path.line_to(point)
            }
        }
        path.close();
        path
    }

    /// An axis-parallel rectangle from its upper left corner.
    pub fn rect(x: f64, y: f64, width: f64, height: f64) -> Self {
        let at = |dx, dy| Point::new(x + dx, y + dy);
        Self::polygon(&[at(0.0, 0.0), at(width, 0.0), at(width, height), at(0.0, height)])
    }

    /// An ellipse of four cubic curves; its radial error is under 0.03 %.
    pub fn ellipse(center: Point, rx: f64, ry: f64) -> Self {
        let at = |x: f64, y: f64| Point::new(center.x + x * rx, center.y + y * ry);
        let k = QUARTER_CIRCLE;
        let mut path = Self::new();
        path.move_to(at(1.0, 0.0));
        path.cubic_to(at(1.0, k), at(k, 1.0), at(0.0, 1.0));
        path.cubic_to(at(-k, 1.0), at(-1.0, k), at(-1.0, 0.0));
        path.cubic_to(at(-1.0, -k), at(-k, -1.0), at(0.0, -1.0));
        path.cubic_to(at(k, -1.0), at(1.0, -k), at(1.0, 0.0));
        path.close();
        path
    }

    /// A circle.
    pub fn circle(center: Point, radius: f64) -> Self {
        Self::ellipse(center, radius, radius)
    }

    /// A regular star with `points` tips, one of them at the top.
    pub fn star(center: Point, points: u32, outer: f64, inner: f64) -> Self {
        let corners: Vec<Point> = (0..2 * points)
            .map(|index| {
                let angle = std::f64::consts::PI * f64::from(index) / f64::from(points);
                let radius = if index % 2 == 0 { outer } else { inner };
                Point::new(center.x + radius * angle.sin(), center.y - radius * angle.cos())
            })
            .collect();
        Self::polygon(&corners)
    }

    /// The path under a map.
    #[must_use]
    pub fn transform(&self, map: Affine) -> Self {
        let at = |point| map.apply(point);
        let segments = self.segments.iter().map(|segment| match *segment {
            Segment::Move(to) => Segment::Move(at(to)),
            Segment::Line(to) => Segment::Line(at(to)),
            Segment::Quad(control, to) => Segment::Quad(at(control), at(to)),
            Segment::Cubic(first, second, to) => Segment::Cubic(at(first), at(second), at(to)),
            Segment::Close => Segment::Close,
        });
        Self {
            segments: segments.collect(),
        }
    }

    /// The box around all points, control points included: upper left and lower right corner.
    pub fn bounds(&self) -> Option<(Point, Point)> {
        let mut corners: Option<(Point, Point)> = None;
        for point in self
            .segments
            .iter()
            .flat_map(|segment| segment.points().into_iter().flatten())
        {
            let (low, high) = corners.get_or_insert((point, point));
            (low.x, low.y) = (low.x.min(point.x), low.y.min(point.y));
            (high.x, high.y) = (high.x.max(point.x), high.y.max(point.y));
        }
        corners
    }
}

impl Segment {
    /// Where the segment ends; nothing for [`Segment::Close`].
    pub fn end(&self) -> Option<Point> {
        match *self {
            Self::Move(to) | Self::Line(to) | Self::Quad(_, to) | Self::Cubic(_, _, to) => Some(to),
            Self::Close => None,
        }
    }

    fn points(&self) -> [Option<Point>; 3] {
        match *self {
            Self::Move(to) | Self::Line(to) => [Some(to), None, None],
            Self::Quad(control, to) => [Some(control), Some(to), None],
            Self::Cubic(first, second, to) => [Some(first), Some(second), Some(to)],
            Self::Close => [None; 3],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_has_its_first_tip_at_the_top() {
        let (low, high) = Path::star(Point::new(5.0, 5.0), 5, 4.0, 1.5).bounds().unwrap();
        assert!((low.y - 1.0).abs() < 1e-9);
        assert!((low.x + high.x - 10.0).abs() < 1e-9, "symmetric about its axis");
    }

    #[test]
    fn an_empty_path_has_no_bounds() {
        assert_eq!(Path::new().bounds(), None);
    }
}
