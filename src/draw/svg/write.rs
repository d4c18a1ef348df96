//! A picture as a compact SVG document.

use crate::draw::number::write_scaled;
use crate::draw::{FillRule, Path, Picture, Point, Segment, Shape};

/// Writes the document, its coordinates in so many steps a millimetre.
pub(in crate::draw) fn write(picture: &Picture, steps_per_mm: f64) -> String {
    let mut out = Vec::with_capacity(4096);
    let (width, height) = (hundredths(picture.width_mm), hundredths(picture.height_mm));
    out.extend_from_slice(b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    write_scaled(&mut out, width, 2);
    out.extend_from_slice(b"mm\" height=\"");
    write_scaled(&mut out, height, 2);
    out.extend_from_slice(b"mm\" viewBox=\"0 0 ");
    write_scaled(&mut out, whole(picture.width_mm * steps_per_mm), 0);
    out.push(b' ');
    write_scaled(&mut out, whole(picture.height_mm * steps_per_mm), 0);
    out.extend_from_slice(b"\">");
    for shape in &picture.shapes {
        write_shape(&mut out, shape, steps_per_mm);
    }
    out.extend_from_slice(b"</svg>");
    String::from_utf8_lossy(&out).into_owned()
}

fn write_shape(out: &mut Vec<u8>, shape: &Shape, steps_per_mm: f64) {
    out.extend_from_slice(b"<path");
    let fill = shape.fill.map_or_else(|| "none".to_owned(), |color| color.to_hex());
    attribute(out, "fill", &fill);
    if shape.rule == FillRule::EvenOdd {
        attribute(out, "fill-rule", "evenodd");
    }
    if let Some(stroke) = shape.stroke {
        attribute(out, "stroke", &stroke.color.to_hex());
        let mut width = Vec::new();
        crate::draw::number::write(&mut width, stroke.width * steps_per_mm, 1);
        attribute(out, "stroke-width", &String::from_utf8_lossy(&width));
    }
    out.extend_from_slice(b" d=\"");
    write_path(out, &shape.path, steps_per_mm);
    out.extend_from_slice(b"\"/>");
}

fn attribute(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(format!(" {name}=\"{value}\"").as_bytes());
}

fn hundredths(mm: f64) -> i64 {
    whole(mm * 100.0)
}

fn whole(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "rounded; no picture is 10^15 mm wide")]
    let whole = value.round() as i64;
    whole
}

/// Path data in relative steps; the command letter is left out where it repeats, separators where a sign stands.
fn write_path(out: &mut Vec<u8>, path: &Path, steps_per_mm: f64) {
    let mut writer = PathWriter {
        out,
        steps_per_mm,
        at: (0, 0),
        start: (0, 0),
        last: ' ',
    };
    for segment in &path.segments {
        writer.segment(segment);
    }
}

struct PathWriter<'a> {
    out: &'a mut Vec<u8>,
    steps_per_mm: f64,
    at: (i64, i64),
    start: (i64, i64),
    last: char,
}

impl PathWriter<'_> {
    fn segment(&mut self, segment: &Segment) {
        match *segment {
            Segment::Move(to) => {
                let to = self.grid(to);
                self.command('m', &[to]);
                self.start = to;
            }
            Segment::Line(to) => self.line(self.grid(to)),
            Segment::Quad(control, to) => self.command('q', &[self.grid(control), self.grid(to)]),
            Segment::Cubic(first, second, to) => {
                self.command('c', &[self.grid(first), self.grid(second), self.grid(to)])
            }
            Segment::Close => {
                self.out.push(b'z');
                self.last = 'z';
                self.at = self.start;
            }
        }
    }

    fn grid(&self, point: Point) -> (i64, i64) {
        (whole(point.x * self.steps_per_mm), whole(point.y * self.steps_per_mm))
    }

    fn line(&mut self, to: (i64, i64)) {
        let (dx, dy) = (to.0 - self.at.0, to.1 - self.at.1);
        match (dx, dy) {
            (0, 0) => {}
            (_, 0) => self.numbers('h', &[dx]),
            (0, _) => self.numbers('v', &[dy]),
            _ => self.numbers('l', &[dx, dy]),
        }
        self.at = to;
    }

    fn command(&mut self, letter: char, points: &[(i64, i64)]) {
        let mut values = [0; 6];
        for (pair, point) in values.chunks_exact_mut(2).zip(points) {
            (pair[0], pair[1]) = (point.0 - self.at.0, point.1 - self.at.1);
        }
        self.numbers(letter, &values[..2 * points.len()]);
        self.at = points.last().copied().unwrap_or(self.at);
    }

    fn numbers(&mut self, letter: char, values: &[i64]) {
        // After `m` a bare pair means `l`, so `m` and `l` may never leave out each other's letter by accident.
        let repeated = letter == self.last && letter != 'm';
        if !repeated {
            self.out.push(letter as u8);
        }
        for (index, &value) in values.iter().enumerate() {
            if value >= 0 && (index > 0 || repeated) {
                self.out.push(b' ');
            }
            write_scaled(self.out, value, 0);
        }
        self.last = letter;
    }
}
