//! Paths and pictures as PDF operators.
//!
//! A [`Painter`] sets one matrix at the start, so that all that follows is written in whole hundredths of a millimetre
//! with `y` downwards: short integers, no points. Each shape is moved to its own first point, so that a repeated
//! ornament is the same text again and costs the compressor a few bytes.

use pdf_writer::Content;

use super::{Affine, Color, FillRule, Path, Picture, Point, Segment, Shape};

/// Points of PDF in a millimetre.
pub const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// Units of a painter's coordinates in a millimetre.
pub const UNITS_PER_MM: f64 = 100.0;

/// How far lines may lie from a curve that they stand for: a dot at 1,270 dpi, or this part of the grid where that is
/// coarser.
const FLATNESS_MM: f64 = 0.02;
const FLATNESS_STEPS: f64 = 0.6;

/// Millimetres as PDF points.
pub fn points(mm: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "PDF numbers are single precision")]
    let points = (mm * POINTS_PER_MM) as f32;
    points
}

/// Millimetres in a painter's coordinates.
pub fn units(mm: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers below 2^24 are exact")]
    let units = (mm * UNITS_PER_MM).round() as f32;
    units
}

/// A content stream whose unit is 1/100 mm unless told otherwise, origin at the upper left corner, `y` downwards.
pub struct Painter {
    content: Content,
    units_per_mm: f64,
    fill: Option<Color>,
    stroke: Option<(Color, f64)>,
}

impl Painter {
    /// A stream for a sheet or box of this height.
    pub fn new(height_mm: f64) -> Self {
        Self::on_grid(height_mm, UNITS_PER_MM)
    }

    /// The same with another unit: the coarser, the shorter.
    pub fn on_grid(height_mm: f64, units_per_mm: f64) -> Self {
        let mut content = Content::with_settings(pdf_writer::Settings { pretty: false });
        let unit = points(1.0 / units_per_mm);
        content.save_state();
        content.transform([unit, 0.0, 0.0, -unit, 0.0, points(height_mm)]);
        Self {
            content,
            units_per_mm,
            fill: None,
            stroke: None,
        }
    }

    /// The operators; what follows them on the page finds the state as it was before them.
    pub fn finish(mut self) -> Vec<u8> {
        self.content.restore_state();
        self.content.finish().into_vec()
    }

    /// Writes an operator that has no method here.
    pub fn content(&mut self) -> &mut Content {
        &mut self.content
    }

    /// Sets the colour inside, unless it is set already.
    pub fn set_fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.fill = Some(color);
            let [r, g, b] = channels(color);
            if r == g && g == b {
                // 8-bit grey and equal RGB channels are the same colour under the sRGB output intent (ISO 19005-3,
                // 6.2.4.3).
                self.content.set_fill_gray(r);
            } else {
                self.content.set_fill_rgb(r, g, b);
            }
        }
    }

    /// Sets colour and width in millimetres of lines, unless they are set already.
    pub fn set_stroke(&mut self, color: Color, width_mm: f64) {
        if self.stroke.map(|stroke| stroke.0) != Some(color) {
            let [r, g, b] = channels(color);
            self.content.set_stroke_rgb(r, g, b);
        }
        if self.stroke.map(|stroke| stroke.1) != Some(width_mm) {
            self.content
                .set_line_width(narrow((width_mm * self.units_per_mm * 10.0).round().max(1.0) / 10.0));
        }
        self.stroke = Some((color, width_mm));
    }

    /// Draws all shapes of a picture under a map in millimetres.
    pub fn picture(&mut self, picture: &Picture, map: Affine) {
        self.content.save_state();
        let saved = (self.fill, self.stroke);
        let mut origin = Point::default();
        for shape in &picture.shapes {
            self.shape(shape, map, &mut origin);
        }
        (self.fill, self.stroke) = saved;
        self.content.restore_state();
    }

    fn shape(&mut self, shape: &Shape, map: Affine, origin: &mut Point) {
        if let Some(color) = shape.fill {
            self.set_fill(color);
        }
        if let Some(stroke) = shape.stroke {
            self.set_stroke(stroke.color, stroke.width * map.mean_scale());
        }
        for path in apart(&shape.path) {
            self.place(&path, map, origin);
            match (shape.fill, shape.stroke, shape.rule) {
                (Some(_), None, FillRule::NonZero) => self.content.fill_nonzero(),
                (Some(_), None, FillRule::EvenOdd) => self.content.fill_even_odd(),
                (Some(_), Some(_), FillRule::NonZero) => self.content.fill_nonzero_and_stroke(),
                (Some(_), Some(_), FillRule::EvenOdd) => self.content.fill_even_odd_and_stroke(),
                (None, Some(_), _) => self.content.stroke(),
                (None, None, _) => self.content.end_path(),
            };
        }
    }

    /// Moves the origin to a path's first point and writes the path from there.
    fn place(&mut self, path: &Path, map: Affine, origin: &mut Point) {
        let in_units = map.then(Affine::scale(self.units_per_mm, self.units_per_mm));
        let Some(first) = path.segments.first().and_then(Segment::end) else {
            return;
        };
        let there = in_units.apply(first);
        let there = Point::new(there.x.round(), there.y.round());
        let step = there.from(*origin);
        if step != Point::default() {
            self.content
                .transform([1.0, 0.0, 0.0, 1.0, narrow(step.x), narrow(step.y)]);
        }
        *origin = there;
        self.outline(path, in_units.then(Affine::translate(-there.x, -there.y)));
    }

    fn outline(&mut self, path: &Path, map: Affine) {
        let at = |point: Point| {
            let point = map.apply(point);
            (narrow(point.x.round()), narrow(point.y.round()))
        };
        let mut last = Point::default();
        for segment in &path.segments {
            match *segment {
                Segment::Move(to) => {
                    let (x, y) = at(to);
                    self.content.move_to(x, y);
                }
                Segment::Line(to) => {
                    let (x, y) = at(to);
                    self.content.line_to(x, y);
                }
                Segment::Quad(control, to) => self.quad(map.apply(last), map.apply(control), map.apply(to)),
                Segment::Cubic(first, second, to) => self.cubic(at(first), at(second), at(to)),
                Segment::Close => {
                    self.content.close_path();
                }
            }
            last = segment.end().unwrap_or(last);
        }
    }

    /// PDF has no quadratic curves; flat ones become one or two lines, the others a cubic curve.
    fn quad(&mut self, from: Point, control: Point, to: Point) {
        let at = |point: Point| (narrow(point.x.round()), narrow(point.y.round()));
        let middle = from.middle(control).middle(control.middle(to));
        let bulge = middle.from(from.middle(to)).length() / self.units_per_mm;
        let flatness = FLATNESS_MM.max(FLATNESS_STEPS / self.units_per_mm);
        if bulge > 4.0 * flatness {
            let (first, second) = (from.toward(control, 2.0 / 3.0), to.toward(control, 2.0 / 3.0));
            return self.cubic(at(first), at(second), at(to));
        }
        // Halving a quadratic curve leaves a quarter of its distance from its chord.
        let halves = (bulge > flatness).then_some(middle);
        for (x, y) in halves.into_iter().chain([to]).map(at) {
            self.content.line_to(x, y);
        }
    }

    fn cubic(&mut self, first: (f32, f32), second: (f32, f32), to: (f32, f32)) {
        self.content.cubic_to(first.0, first.1, second.0, second.1, to.0, to.1);
    }
}

/// Parts of a path that lie apart from each other, painted alike one by one: coordinates within a part are short.
/// Contours whose boxes touch stay together, since one may be a hole of the other.
fn apart(path: &Path) -> Vec<Path> {
    let mut parts: Vec<(Path, Vec<[Point; 2]>)> = Vec::new();
    for contour in path.segments.chunk_by(|_, next| !matches!(next, Segment::Move(_))) {
        let contour = Path {
            segments: contour.to_vec(),
        };
        let Some((low, high)) = contour.bounds() else { continue };
        let (mut whole, mut boxes) = (Path::new(), vec![[low, high]]);
        let touched = parts.extract_if(.., |part| part.1.iter().any(|other| touch(other, &[low, high])));
        for (part, others) in touched {
            whole.extend(&part);
            boxes.extend(others);
        }
        whole.extend(&contour);
        parts.push((whole, boxes));
    }
    parts.into_iter().map(|(part, _)| part).collect()
}

/// Whether two boxes, each from its upper left to its lower right corner, share a point.
fn touch(a: &[Point; 2], b: &[Point; 2]) -> bool {
    a[0].x <= b[1].x && b[0].x <= a[1].x && a[0].y <= b[1].y && b[0].y <= a[1].y
}

fn narrow(value: f64) -> f32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole hundredths of a millimetre, far below 2^24"
    )]
    let narrow = value as f32;
    narrow
}

/// Channels from 0 to 1, to three decimals: finer than eight bits can tell.
fn channels(color: Color) -> [f32; 3] {
    [color.r, color.g, color.b].map(|channel| (f32::from(channel) / 255.0 * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_shape_is_written_with_the_same_operators() {
        let mut picture = Picture::new(20.0, 10.0);
        for x in [1.0, 7.5] {
            picture
                .shapes
                .push(Shape::filled(Path::rect(x, 2.0, 3.0, 1.0), Color::SEAL_RED));
        }
        let content = String::from_utf8(picture.to_pdf_content(UNITS_PER_MM)).unwrap();
        assert_eq!(
            content.matches("0 0 m 300 0 l 300 100 l 0 100 l\nh\nf").count(),
            2,
            "{content}"
        );
        assert!(content.contains("1 0 0 1 650 0 cm"), "{content}");
        assert_eq!(content.matches("rg").count(), 1, "the colour is set once: {content}");
    }

    #[test]
    fn a_flat_curve_becomes_lines_and_a_round_one_stays_a_curve() {
        let operators = |bulge: f64| {
            let mut path = Path::new();
            path.move_to(Point::new(0.0, 0.0));
            path.quad_to(Point::new(1.0, 2.0 * bulge), Point::new(2.0, 0.0));
            let mut picture = Picture::new(2.0, 2.0);
            picture.shapes.push(Shape::filled(path, Color::BLACK));
            let content = String::from_utf8(picture.to_pdf_content(UNITS_PER_MM)).unwrap();
            let count = |operator: &str| content.split_whitespace().filter(|word| *word == operator).count();
            (count("l"), count("c"))
        };
        assert_eq!(
            [operators(0.01), operators(0.07), operators(0.3)],
            [(1, 0), (2, 0), (0, 1)]
        );
    }

    #[test]
    fn contours_apart_are_painted_one_by_one_and_a_hole_stays_with_its_rim() {
        let mut path = Path::rect(0.0, 0.0, 4.0, 4.0);
        path.extend(&Path::rect(10.0, 0.0, 4.0, 4.0));
        path.extend(&Path::rect(1.0, 1.0, 2.0, 2.0));
        let parts = apart(&path);
        let contours = |part: &Path| {
            part.segments
                .iter()
                .filter(|step| matches!(step, Segment::Move(_)))
                .count()
        };
        assert_eq!(parts.iter().map(contours).collect::<Vec<_>>(), [1, 2]);
        path.extend(&Path::rect(2.0, 0.0, 9.0, 1.0));
        assert_eq!(apart(&path).len(), 1, "a bridge joins what it touches");
    }
}
