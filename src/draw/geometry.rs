//! Points, affine maps and colours.

/// A point or a vector, in the unit of its path (millimetres on a page, 1/em in a glyph); `y` grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// A point from its coordinates.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point half way to `other`.
    #[must_use]
    pub fn middle(self, other: Self) -> Self {
        self.toward(other, 0.5)
    }

    /// The point at share `t` of the way to `other`.
    #[must_use]
    pub fn toward(self, other: Self, t: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }

    /// The vector from `origin` to this point.
    #[must_use]
    pub fn from(self, origin: Self) -> Self {
        Self::new(self.x - origin.x, self.y - origin.y)
    }

    /// The length of this vector.
    pub fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    /// The third coordinate of the cross product: twice the area that two vectors span, signed.
    pub fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    /// The scalar product.
    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }
}

/// An affine map `x' = a x + c y + e`, `y' = b x + d y + f`, in the order of SVG's `matrix(a b c d e f)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine(pub [f64; 6]);

impl Affine {
    /// The map that changes nothing.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Moves by a vector.
    pub const fn translate(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Scales about the origin.
    pub const fn scale(x: f64, y: f64) -> Self {
        Self([x, 0.0, 0.0, y, 0.0, 0.0])
    }

    /// Turns about the origin, clockwise on the page, by degrees.
    pub fn rotate(degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self([cos, sin, -sin, cos, 0.0, 0.0])
    }

    /// The map that applies `self` first and `next` second.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [na, nb, nc, nd, ne, nf]) = (self.0, next.0);
        Self([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }

    /// Where a point goes.
    pub fn apply(self, point: Point) -> Point {
        let [a, b, c, d, e, f] = self.0;
        Point::new(a * point.x + c * point.y + e, b * point.x + d * point.y + f)
    }

    /// The factor by which lengths grow on average: the square root of the factor of areas.
    pub fn mean_scale(self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }
}

/// A colour in sRGB, eight bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Color {
    /// Black.
    pub const BLACK: Self = Self::rgb(0, 0, 0);
    /// The red of seals, RGB 255, 0, 0.
    pub const SEAL_RED: Self = Self::rgb(255, 0, 0);

    /// A colour from its channels.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// Reads `#rgb` or `#rrggbb`, in either case of letter.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = value.to_be_bytes();
        match digits.len() {
            6 => Some(Self::rgb(r, g, b)),
            3 => Some(Self::rgb(g % 16 * 17, b / 16 * 17, b % 16 * 17)),
            _ => None,
        }
    }

    /// The shortest of `#rgb` and `#rrggbb`.
    pub fn to_hex(self) -> String {
        let Self { r, g, b } = self;
        if [r, g, b].iter().all(|channel| channel / 16 == channel % 16) {
            return format!("#{:x}{:x}{:x}", r % 16, g % 16, b % 16);
        }
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_hex_colour_repeats_each_digit() {
        assert_eq!(Color::parse("#a3f"), Some(Color::rgb(0xaa, 0x33, 0xff)));
        assert_eq!(Color::parse("#c8102e").map(Color::to_hex).as_deref(), Some("#c8102e"));
        assert_eq!(Color::SEAL_RED.to_hex(), "#f00");
        assert_eq!(Color::parse("#+12345"), None);
    }

    #[test]
    fn maps_are_applied_in_the_order_in_which_they_are_chained() {
        let map = Affine::translate(1.0, 0.0).then(Affine::rotate(90.0));
        let there = map.apply(Point::new(1.0, 0.0));
        assert!(there.from(Point::new(0.0, 2.0)).length() < 1e-12, "{there:?}");
    }
}
