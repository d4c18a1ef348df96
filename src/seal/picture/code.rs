//! The code of a seal along its lower rim, in engraved digits: single lines on a grid of four by six.

use super::design::CodeStyle;
use super::ring::Ring;
use crate::draw::{Affine, Color, Path, Point, Shape};

/// Width of a digit in parts of its height, and from one digit to the next.
const WIDTH: f64 = 0.6;
const PITCH: f64 = 1.05;
/// Width of the engraved line in parts of the height.
const LINE: f64 = 0.16;

/// The lines of the digits 0 to 9: x from 0 to 4 to the right, y from 0 to 6 downwards.
const DIGITS: [&[(i8, i8)]; 10] = [
    &[(1, 0), (3, 0), (4, 1), (4, 5), (3, 6), (1, 6), (0, 5), (0, 1), (1, 0)],
    &[(1, 1), (2, 0), (2, 6)],
    &[(0, 1), (1, 0), (3, 0), (4, 1), (4, 2), (0, 6), (4, 6)],
    &[(0, 0), (4, 0), (2, 2), (3, 2), (4, 3), (4, 5), (3, 6), (1, 6), (0, 5)],
    &[(3, 6), (3, 0), (0, 4), (4, 4)],
    &[(4, 0), (0, 0), (0, 3), (3, 2), (4, 3), (4, 5), (3, 6), (1, 6), (0, 5)],
    &[
        (3, 0),
        (1, 1),
        (0, 3),
        (0, 5),
        (1, 6),
        (3, 6),
        (4, 5),
        (4, 4),
        (3, 3),
        (0, 4),
    ],
    &[(0, 0), (4, 0), (1, 6)],
    &[
        (1, 3),
        (0, 2),
        (0, 1),
        (1, 0),
        (3, 0),
        (4, 1),
        (4, 2),
        (3, 3),
        (1, 3),
        (0, 4),
        (0, 5),
        (1, 6),
        (3, 6),
        (4, 5),
        (4, 4),
        (3, 3),
    ],
    &[
        (1, 6),
        (3, 5),
        (4, 3),
        (4, 1),
        (3, 0),
        (1, 0),
        (0, 1),
        (0, 2),
        (1, 3),
        (4, 2),
    ],
];

/// The digits along the lower rim, read from left to right, upright at the lowest point.
pub(super) fn code(digits: &str, style: &CodeStyle, rim: &Ring) -> Shape {
    let height = style.height_mm;
    let middle = rim.inside(style.gap_mm + height / 2.0);
    let step = height * PITCH / middle.length();
    let count = digits.len();
    // Half way round is the lowest point; from there the parts run to the left.
    let places = middle.places((0..count).map(|index| {
        #[expect(clippy::cast_precision_loss, reason = "a code has 13 digits")]
        let place = (count - 1) as f64 / 2.0 - index as f64;
        0.5 + place * step
    }));
    let mut path = Path::new();
    for (digit, placed) in digits.bytes().zip(places) {
        let map = Affine::translate(-2.0, -3.0)
            .then(Affine::scale(height * WIDTH / 4.0, height / 6.0))
            .then(Affine::rotate(placed.degrees + 180.0))
            .then(Affine::translate(placed.at.x, placed.at.y));
        let points = DIGITS[usize::from(digit.wrapping_sub(b'0') % 10)];
        for (index, &(x, y)) in points.iter().enumerate() {
            let point = map.apply(Point::new(x.into(), y.into()));
            if index == 0 {
                path.move_to(point)
            } else {
                path.line_to(point)
            }
        }
    }
    Shape::stroked(path, Color::SEAL_RED, height * LINE)
}
