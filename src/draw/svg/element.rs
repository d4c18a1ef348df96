//! Elements that draw: from attributes to a path.

use super::scan::Scanner;
use super::value::{number, value};
use super::xml::Attribute;
use super::{SvgError, SvgErrorKind, path_data};
use crate::draw::{Path, Point};

/// An element and the attributes that are its own.
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    pub(super) line: usize,
    pub(super) own: Vec<Attribute<'a>>,
}

impl<'a> Element<'a> {
    pub(super) fn path(&mut self) -> Result<Path, SvgError> {
        match self.name {
            "path" => {
                let data = self.text("d")?;
                path_data::parse(data.value).ok_or_else(|| value("d", &data))
            }
            "rect" => {
                let [x, y] = [self.optional("x")?, self.optional("y")?];
                Ok(Path::rect(x, y, self.required("width")?, self.required("height")?))
            }
            "circle" => {
                let center = Point::new(self.optional("cx")?, self.optional("cy")?);
                Ok(Path::circle(center, self.required("r")?))
            }
            "ellipse" => {
                let center = Point::new(self.optional("cx")?, self.optional("cy")?);
                Ok(Path::ellipse(center, self.required("rx")?, self.required("ry")?))
            }
            "line" => {
                let mut path = Path::new();
                path.move_to(Point::new(self.optional("x1")?, self.optional("y1")?));
                path.line_to(Point::new(self.optional("x2")?, self.optional("y2")?));
                Ok(path)
            }
            "polygon" | "polyline" => self.points(),
            other => Err(SvgError::at(
                self.line,
                SvgErrorKind::ElementUnsupported(other.to_owned()),
            )),
        }
    }

    fn points(&mut self) -> Result<Path, SvgError> {
        let list = self.text("points")?;
        let mut scanner = Scanner::new(list.value);
        let mut points = Vec::new();
        while !scanner.is_at_end() {
            let [x, y] = scanner.numbers().ok_or_else(|| value("points", &list))?;
            points.push(Point::new(x, y));
        }
        let mut path = Path::polygon(&points);
        if self.name == "polyline" {
            path.segments.pop();
        }
        Ok(path)
    }

    fn take(&mut self, name: &str) -> Option<Attribute<'a>> {
        let index = self.own.iter().position(|attribute| attribute.name == name)?;
        Some(self.own.remove(index))
    }

    fn text(&mut self, name: &'static str) -> Result<Attribute<'a>, SvgError> {
        self.take(name).ok_or_else(|| self.missing(name))
    }

    fn required(&mut self, name: &'static str) -> Result<f64, SvgError> {
        let attribute = self.text(name)?;
        number(name, &attribute).and_then(|size| {
            if size >= 0.0 {
                Ok(size)
            } else {
                Err(value(name, &attribute))
            }
        })
    }

    fn optional(&mut self, name: &'static str) -> Result<f64, SvgError> {
        self.take(name).map_or(Ok(0.0), |attribute| number(name, &attribute))
    }

    pub(super) fn missing(&self, attribute: &'static str) -> SvgError {
        SvgError::at(
            self.line,
            SvgErrorKind::AttributeMissing {
                element: self.name.to_owned(),
                attribute,
            },
        )
    }

    pub(super) fn nothing_else(&self) -> Result<(), SvgError> {
        self.own.first().map_or(Ok(()), |attribute| {
            Err(SvgError::at(
                attribute.line,
                SvgErrorKind::AttributeUnsupported(attribute.name.to_owned()),
            ))
        })
    }
}
