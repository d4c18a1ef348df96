//! The `d` attribute: `M L H V C S Q T Z` and their relative forms. Arcs are outside the subset.

use super::scan::Scanner;
use crate::draw::{Path, Point};

/// Reads path data; nothing when it is malformed.
pub(super) fn parse(text: &str) -> Option<Path> {
    let mut reader = Reader {
        path: Path::new(),
        at: Point::default(),
        start: Point::default(),
        reflect: Reflect::None,
    };
    let mut scanner = Scanner::new(text);
    let mut command = scanner.letter().filter(|letter| letter.eq_ignore_ascii_case(&'m'))?;
    loop {
        reader.step(command, &mut scanner)?;
        if scanner.is_at_end() {
            return Some(reader.path);
        }
        command = match (scanner.letter(), command) {
            (Some(letter), _) => letter,
            (None, 'M') => 'L',
            (None, 'm') => 'l',
            (None, 'Z' | 'z') => return None,
            (None, same) => same,
        };
    }
}

/// The control point that a smooth command mirrors.
enum Reflect {
    None,
    Quad(Point),
    Cubic(Point),
}

struct Reader {
    path: Path,
    at: Point,
    start: Point,
    reflect: Reflect,
}

impl Reader {
    fn step(&mut self, command: char, scanner: &mut Scanner<'_>) -> Option<()> {
        let base = if command.is_ascii_lowercase() {
            self.at
        } else {
            Point::default()
        };
        let point = |x: f64, y: f64| Point::new(base.x + x, base.y + y);
        let reflect = std::mem::replace(&mut self.reflect, Reflect::None);
        match command.to_ascii_uppercase() {
            'M' => {
                let [x, y] = scanner.numbers()?;
                self.start = point(x, y);
                self.path.move_to(self.start);
                self.at = self.start;
            }
            'L' => {
                let [x, y] = scanner.numbers()?;
                self.line(point(x, y));
            }
            'H' => {
                let [x] = scanner.numbers()?;
                self.line(Point::new(base.x + x, self.at.y));
            }
            'V' => {
                let [y] = scanner.numbers()?;
                self.line(Point::new(self.at.x, base.y + y));
            }
            'C' => {
                let [x1, y1, x2, y2, x, y] = scanner.numbers()?;
                self.cubic(point(x1, y1), point(x2, y2), point(x, y));
            }
            'S' => {
                let [x2, y2, x, y] = scanner.numbers()?;
                let first = if let Reflect::Cubic(control) = reflect {
                    self.mirror(control)
                } else {
                    self.at
                };
                self.cubic(first, point(x2, y2), point(x, y));
            }
            'Q' => {
                let [x1, y1, x, y] = scanner.numbers()?;
                self.quad(point(x1, y1), point(x, y));
            }
            'T' => {
                let [x, y] = scanner.numbers()?;
                let control = if let Reflect::Quad(control) = reflect {
                    self.mirror(control)
                } else {
                    self.at
                };
                self.quad(control, point(x, y));
            }
            'Z' => {
                self.path.close();
                self.at = self.start;
            }
            _ => return None,
        }
        Some(())
    }

    fn mirror(&self, control: Point) -> Point {
        Point::new(2.0 * self.at.x - control.x, 2.0 * self.at.y - control.y)
    }

    fn line(&mut self, to: Point) {
        self.path.line_to(to);
        self.at = to;
    }

    fn quad(&mut self, control: Point, to: Point) {
        self.path.quad_to(control, to);
        self.at = to;
        self.reflect = Reflect::Quad(control);
    }

    fn cubic(&mut self, first: Point, second: Point, to: Point) {
        self.path.cubic_to(first, second, to);
        self.at = to;
        self.reflect = Reflect::Cubic(second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_and_smooth_commands_give_the_same_path_as_absolute_ones() {
        let short = parse("m1 1h2v2t2 0q1-1 2 0s1 1 2 0z").unwrap();
        let long = parse("M1,1 L3,1 L3,3 Q3,3 5,3 Q6,2 7,3 C7,3 8,4 9,3 Z").unwrap();
        assert_eq!(short, long);
    }

    #[test]
    fn arcs_and_cut_numbers_are_refused() {
        for text in [
            "M0 0A1 1 0 0 0 2 2",
            "M0",
            "L1 1",
            "M0 0 L1",
            "M0 0Z1 1",
            "M1e999 0",
            "",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
