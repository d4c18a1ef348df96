//! Values of attributes: numbers, sizes, colours, transforms.

use super::scan::Scanner;
use super::xml::Attribute;
use super::{SvgError, SvgErrorKind};
use crate::draw::{Affine, Color, FillRule};

pub(super) fn value(name: &'static str, attribute: &Attribute<'_>) -> SvgError {
    SvgError::at(
        attribute.line,
        SvgErrorKind::Value {
            attribute: name,
            value: attribute.value.to_owned(),
        },
    )
}

pub(super) fn number(name: &'static str, attribute: &Attribute<'_>) -> Result<f64, SvgError> {
    let mut scanner = Scanner::new(attribute.value);
    scanner
        .number()
        .filter(|_| scanner.is_at_end())
        .ok_or_else(|| value(name, attribute))
}

pub(super) fn millimetres(attribute: &Attribute<'_>) -> Result<f64, SvgError> {
    let size = attribute
        .value
        .strip_suffix("mm")
        .and_then(|digits| digits.parse::<f64>().ok());
    let error = || {
        SvgError::at(
            attribute.line,
            SvgErrorKind::SizeNotMillimetres(attribute.value.to_owned()),
        )
    };
    size.filter(|size| size.is_finite() && *size > 0.0).ok_or_else(error)
}

pub(super) fn view_box(attribute: &Attribute<'_>) -> Result<[f64; 4], SvgError> {
    let mut scanner = Scanner::new(attribute.value);
    let view = scanner
        .numbers()
        .filter(|&[_, _, width, height]| width > 0.0 && height > 0.0 && scanner.is_at_end());
    view.ok_or_else(|| value("viewBox", attribute))
}

pub(super) fn paint(name: &'static str, attribute: &Attribute<'_>) -> Result<Option<Color>, SvgError> {
    match attribute.value {
        "none" => Ok(None),
        color => Color::parse(color).map(Some).ok_or_else(|| value(name, attribute)),
    }
}

pub(super) fn fill_rule(attribute: &Attribute<'_>) -> Result<FillRule, SvgError> {
    match attribute.value {
        "evenodd" => Ok(FillRule::EvenOdd),
        "nonzero" => Ok(FillRule::NonZero),
        _ => Err(value("fill-rule", attribute)),
    }
}

/// A list of transforms; the last one is applied to the shape first.
pub(super) fn transform(attribute: &Attribute<'_>) -> Result<Affine, SvgError> {
    let mut scanner = Scanner::new(attribute.value);
    let mut map = Affine::IDENTITY;
    while !scanner.is_at_end() {
        let next = one_transform(&mut scanner).ok_or_else(|| value("transform", attribute))?;
        map = next.then(map);
    }
    Ok(map)
}

fn one_transform(scanner: &mut Scanner<'_>) -> Option<Affine> {
    let word = scanner.word()?;
    let mut values = Vec::with_capacity(6);
    if !scanner.take('(') {
        return None;
    }
    while !scanner.take(')') {
        values.push(scanner.number()?);
    }
    scanner.take(',');
    match (word, values.as_slice()) {
        ("translate", &[x]) => Some(Affine::translate(x, 0.0)),
        ("translate", &[x, y]) => Some(Affine::translate(x, y)),
        ("scale", &[s]) => Some(Affine::scale(s, s)),
        ("scale", &[x, y]) => Some(Affine::scale(x, y)),
        ("rotate", &[degrees]) => Some(Affine::rotate(degrees)),
        ("rotate", &[degrees, x, y]) => Some(
            Affine::translate(-x, -y)
                .then(Affine::rotate(degrees))
                .then(Affine::translate(x, y)),
        ),
        ("matrix", &[a, b, c, d, e, f]) => Some(Affine([a, b, c, d, e, f])),
        _ => None,
    }
}
