//! Text along a circle or an ellipse: characters at even distances, each upright on the curve's normal.

use super::PictureError;
use super::design::RingStyle;
use super::lettering::{Lettering, Placed};
use crate::draw::{FontSet, Path, Point};

/// Pieces in which an ellipse is measured; one is under 0.2 mm long.
const PIECES: u32 = 720;

/// An ellipse with axes along those of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ring {
    pub(super) center: Point,
    pub(super) rx: f64,
    pub(super) ry: f64,
}

impl Ring {
    /// The curve at this distance inside.
    pub(super) fn inside(self, distance: f64) -> Self {
        Self {
            rx: self.rx - distance,
            ry: self.ry - distance,
            ..self
        }
    }

    /// Lays a text along the upper part, its middle at the top, characters outwards up.
    pub(super) fn lay(self, text: &str, style: &RingStyle, fonts: &FontSet) -> Result<Path, PictureError> {
        let count = text.chars().count();
        let too_long = || PictureError::TooLong { place: "ring", count };
        let steps = count.saturating_sub(1).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a ring has few characters")]
        let share = (style.arc_degrees / steps as f64).min(style.step_degrees) / 360.0;
        let outer = self.inside(style.gap_mm);
        // Characters stand closest at their feet; the lower they are, the wider that circle.
        let fit = |height: f64| {
            let feet = outer.inside(height).length() * share;
            Lettering::fitting(height, style.ratio, feet)
        };
        let first = fit(style.height_mm).ok_or_else(too_long)?;
        let lettering = fit(first.height_mm).ok_or_else(too_long)?;
        let middle = outer.inside(lettering.height_mm / 2.0);
        let places = middle.places((0..count).map(|index| {
            #[expect(clippy::cast_precision_loss, reason = "a ring has few characters")]
            let place = index as f64 - (count - 1) as f64 / 2.0;
            place * share
        }));
        let mut path = Path::new();
        for (character, placed) in text.chars().zip(places) {
            path.extend(&lettering.place(character, &placed, fonts)?);
        }
        Ok(path)
    }

    /// Points at parts of the circumference from the top, clockwise, with the turn of the outward normal from upright.
    pub(super) fn places(self, parts: impl Iterator<Item = f64>) -> Vec<Placed> {
        let lengths = self.lengths();
        let total = lengths.last().copied().unwrap_or_default();
        parts
            .map(|part| {
                let wanted = part.rem_euclid(1.0) * total;
                let piece = lengths.partition_point(|length| *length < wanted);
                let (from, to) = (lengths[piece.saturating_sub(1)], lengths[piece.min(lengths.len() - 1)]);
                let within = if to > from { (wanted - from) / (to - from) } else { 0.0 };
                #[expect(clippy::cast_precision_loss, reason = "720 pieces")]
                let angle = ((piece.max(1) - 1) as f64 + within) / f64::from(PIECES) * std::f64::consts::TAU;
                self.at(angle)
            })
            .collect()
    }

    /// The circumference in millimetres.
    pub(super) fn length(self) -> f64 {
        self.lengths().last().copied().unwrap_or_default()
    }

    /// Distances from the top along the curve, after each piece.
    fn lengths(self) -> Vec<f64> {
        let at = |piece: u32| self.at(f64::from(piece) / f64::from(PIECES) * std::f64::consts::TAU).at;
        let mut lengths = vec![0.0];
        let mut sum = 0.0;
        for piece in 0..PIECES {
            sum += at(piece + 1).from(at(piece)).length();
            lengths.push(sum);
        }
        lengths
    }

    /// The point at a parameter, clockwise from the top.
    fn at(self, angle: f64) -> Placed {
        let (sin, cos) = angle.sin_cos();
        let at = Point::new(self.center.x + self.rx * sin, self.center.y - self.ry * cos);
        let degrees = (self.ry * sin).atan2(self.rx * cos).to_degrees();
        Placed { at, degrees }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_even_along_the_curve_and_upright_at_the_top() {
        let ring = Ring {
            center: Point::new(22.5, 15.0),
            rx: 20.0,
            ry: 12.0,
        };
        let places = ring.places((0..8).map(|index| f64::from(index) / 8.0));
        assert!(places[0].degrees.abs() < 1e-6 && (places[0].at.y - 3.0).abs() < 1e-6);
        assert!((places[2].degrees - 90.0).abs() < 1e-6, "{:?}", places[2]);
        let distances: Vec<f64> = (0..8)
            .map(|index| {
                let part = f64::from(index) / 8.0;
                let along = ring.places((0..=50).map(|step| part + f64::from(step) / 400.0));
                along.windows(2).map(|pair| pair[1].at.from(pair[0].at).length()).sum()
            })
            .collect();
        assert!(
            distances.iter().all(|distance| (distance - distances[0]).abs() < 0.02),
            "{distances:?}"
        );
    }
}
