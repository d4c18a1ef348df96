//! Multiples of the point of a public key, made beforehand: with them a product takes a fifth of the time, and to make
//! them takes as long as two products without. So they are made for the third signature of a key: one that signed a
//! certificate and a list, as on a path that is seen for the first time, never pays for them, and a few organisations
//! sign most of what is verified. Nothing here is secret, so that the time may vary.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use primeorder::{LookupTable, Radix16Decomposition, Radix16Digits};
use sm2::elliptic_curve::Group as _;
use sm2::elliptic_curve::ops::MulByGeneratorVartime as _;
use sm2::{ProjectivePoint, Scalar, Sm2};

/// Tables of one point, one for every eight bits of a scalar and one for the carry.
const TABLES: usize = 33;

/// Products without tables, after which the tables have paid for themselves.
const WITHOUT_TABLES: u8 = 2;

/// The point of a key, and what was made of it.
#[derive(Debug)]
pub(super) struct Multiples {
    point: ProjectivePoint,
    /// Products made, up to [`WITHOUT_TABLES`].
    made: AtomicU8,
    /// 2⁸ⁱ times the point, once to eight times each: 26 KB.
    tables: OnceLock<Box<[LookupTable<ProjectivePoint>; TABLES]>>,
}

impl Multiples {
    /// Those of a point; nothing is made yet.
    pub(super) fn of(point: ProjectivePoint) -> Self {
        Self {
            point,
            made: AtomicU8::new(0),
            tables: OnceLock::new(),
        }
    }

    /// `s` times the base point and `t` times the point, together.
    pub(super) fn combined(&self, s: &Scalar, t: &Scalar) -> ProjectivePoint {
        if self.made.load(Ordering::Relaxed) < WITHOUT_TABLES {
            self.made.fetch_add(1, Ordering::Relaxed);
            return ProjectivePoint::mul_by_generator_and_mul_add_vartime(s, t, &self.point);
        }
        ProjectivePoint::mul_by_generator_vartime(s) + self.times(t)
    }

    /// The point times a scalar, of whose signed hexadecimal digits the even ones and the odd ones are summed apart.
    fn times(&self, scalar: &Scalar) -> ProjectivePoint {
        let digits = Radix16Decomposition::<Radix16Digits<Sm2>>::new(scalar);
        let tables = self.tables.get_or_init(|| tables(self.point));
        let mut even = ProjectivePoint::IDENTITY;
        let mut odd = ProjectivePoint::IDENTITY;
        for (place, table) in tables.iter().enumerate() {
            even += table.select_vartime(digits[2 * place]);
            // The last table is for the carry alone.
            if place + 1 < TABLES {
                odd += table.select_vartime(digits[2 * place + 1]);
            }
        }
        even + (0..4).fold(odd, |sum, _| sum.double())
    }
}

fn tables(point: ProjectivePoint) -> Box<[LookupTable<ProjectivePoint>; TABLES]> {
    let mut base = point;
    Box::new(std::array::from_fn(|_| {
        let table = LookupTable::new(base);
        base = (0..8).fold(base, |point, _| point.double());
        table
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sm2::elliptic_curve::PrimeField as _;

    #[test]
    fn products_by_tables_are_those_of_the_library() {
        let point = ProjectivePoint::GENERATOR * Scalar::from(7_u64);
        let multiples = Multiples::of(point);
        let half = Scalar::from(2_u64).invert().unwrap();
        let mut scalar = Scalar::from(3_u64);
        for _ in 0..20 {
            scalar = scalar * scalar + half;
            assert_eq!(multiples.times(&scalar), point * scalar);
        }
        let below = -Scalar::ONE;
        for scalar in [
            Scalar::ZERO,
            Scalar::ONE,
            below,
            below - Scalar::from(7_u64),
            Scalar::from(u64::MAX),
        ] {
            assert_eq!(multiples.times(&scalar), point * scalar);
            for _ in 0..=WITHOUT_TABLES {
                let expected = ProjectivePoint::GENERATOR * half + point * scalar;
                assert_eq!(multiples.combined(&half, &scalar), expected);
            }
        }
        assert_eq!(Scalar::from_repr(below.to_repr()).unwrap(), below);
    }
}
