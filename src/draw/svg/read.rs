//! From a document to a picture.

use std::collections::HashMap;

use super::element::Element;
use super::value::{fill_rule, millimetres, number, paint, transform, view_box};
use super::xml::{Attribute, Reader, Token};
use super::{MAX_BYTES, MAX_DEPTH, MAX_SEGMENTS, SvgError, SvgErrorKind};
use crate::draw::{Affine, Color, FillRule, Path, Picture, Point, Shape, Stroke};

/// Reads a picture. The first error stops, with its line.
pub fn parse(text: &str) -> Result<Picture, SvgError> {
    let mut reader = Reader::new(text);
    if text.len() > MAX_BYTES {
        return Err(SvgError {
            line: 1,
            kind: SvgErrorKind::TooLarge {
                what: "bytes",
                limit: MAX_BYTES,
            },
        });
    }
    let Some(Token::Start {
        name: "svg",
        attributes,
        empty,
        line,
    }) = reader.token()?
    else {
        return Err(SvgError::at(
            reader.line(),
            SvgErrorKind::Malformed("the root is not <svg>"),
        ));
    };
    let mut builder = Builder::sheet(&attributes, line)?;
    if !empty {
        builder.children(&mut reader)?;
    }
    match reader.token()? {
        None => Ok(builder.picture),
        Some(_) => Err(SvgError::at(
            reader.line(),
            SvgErrorKind::Malformed("something after the end of <svg>"),
        )),
    }
}

/// What an element hands down to its children.
#[derive(Clone, Copy)]
struct Style {
    map: Affine,
    fill: Option<Color>,
    rule: FillRule,
    stroke: Option<Color>,
    stroke_width: f64,
}

/// An open element.
struct Level<'a> {
    name: &'a str,
    style: Style,
    /// In `defs`: kept for `use`, not painted.
    hidden: bool,
    /// Its `id`, and where its shapes begin.
    id: Option<(&'a str, usize)>,
}

struct Builder<'a> {
    picture: Picture,
    /// Shapes of `defs`, in millimetres like the others.
    kept: Vec<Shape>,
    /// For each `id`: the map it was drawn under and its shapes.
    named: HashMap<&'a str, (Affine, Vec<Shape>)>,
    levels: Vec<Level<'a>>,
    segments: usize,
}

impl<'a> Builder<'a> {
    fn sheet(attributes: &[Attribute<'a>], line: usize) -> Result<Self, SvgError> {
        let missing = |attribute| {
            SvgError::at(
                line,
                SvgErrorKind::AttributeMissing {
                    element: "svg".to_owned(),
                    attribute,
                },
            )
        };
        let (mut width, mut height, mut view) = (None, None, None);
        for attribute in attributes {
            match attribute.name {
                "width" => width = Some(millimetres(attribute)?),
                "height" => height = Some(millimetres(attribute)?),
                "viewBox" => view = Some(view_box(attribute)?),
                "xmlns" | "version" => {}
                other => {
                    return Err(SvgError::at(
                        attribute.line,
                        SvgErrorKind::AttributeUnsupported(other.to_owned()),
                    ));
                }
            }
        }
        let width_mm = width.ok_or_else(|| missing("width"))?;
        let height_mm = height.ok_or_else(|| missing("height"))?;
        let [x, y, w, h] = view.unwrap_or([0.0, 0.0, width_mm, height_mm]);
        let map = Affine::translate(-x, -y).then(Affine::scale(width_mm / w, height_mm / h));
        let style = Style {
            map,
            fill: Some(Color::BLACK),
            rule: FillRule::NonZero,
            stroke: None,
            stroke_width: 1.0,
        };
        Ok(Self {
            picture: Picture::new(width_mm, height_mm),
            kept: Vec::new(),
            named: HashMap::new(),
            levels: vec![Level {
                name: "svg",
                style,
                hidden: false,
                id: None,
            }],
            segments: 0,
        })
    }

    fn children(&mut self, reader: &mut Reader<'a>) -> Result<(), SvgError> {
        while let Some(token) = reader.token()? {
            match token {
                Token::Start {
                    name,
                    attributes,
                    empty,
                    line,
                } => self.open(name, &attributes, empty, line)?,
                Token::End { name, line } => {
                    let level = self.levels.pop().filter(|level| level.name == name);
                    let level = level
                        .ok_or_else(|| SvgError::at(line, SvgErrorKind::Malformed("an end tag that closes nothing")))?;
                    self.close(&level);
                    if self.levels.is_empty() {
                        return Ok(());
                    }
                }
            }
        }
        Err(SvgError::at(
            reader.line(),
            SvgErrorKind::Malformed("an element without end"),
        ))
    }

    fn open(&mut self, name: &'a str, attributes: &[Attribute<'a>], empty: bool, line: usize) -> Result<(), SvgError> {
        if self.levels.len() >= MAX_DEPTH {
            return Err(SvgError::at(
                line,
                SvgErrorKind::TooLarge {
                    what: "levels",
                    limit: MAX_DEPTH,
                },
            ));
        }
        let (mut style, mut hidden) = self
            .levels
            .last()
            .map_or_else(|| unreachable_style(line), |l| Ok((l.style, l.hidden)))?;
        let mut element = Element {
            name,
            line,
            own: Vec::new(),
        };
        let mut id = None;
        for attribute in attributes {
            match attribute.name {
                "id" => id = Some(attribute.value),
                "transform" => style.map = transform(attribute)?.then(style.map),
                "fill" => style.fill = paint("fill", attribute)?,
                "stroke" => style.stroke = paint("stroke", attribute)?,
                "stroke-width" => style.stroke_width = number("stroke-width", attribute)?,
                "fill-rule" => style.rule = fill_rule(attribute)?,
                _ => element.own.push(attribute.clone()),
            }
        }
        hidden |= name == "defs";
        let begin = if hidden {
            self.kept.len()
        } else {
            self.picture.shapes.len()
        };
        let level = Level {
            name,
            style,
            hidden,
            id: id.map(|id| (id, begin)),
        };
        match name {
            "g" | "defs" | "title" | "desc" => element.nothing_else()?,
            "use" => self.reuse(&element, &level)?,
            _ => {
                let path = element.path()?;
                element.nothing_else()?;
                self.paint(path, &level)?;
            }
        }
        if empty {
            self.close(&level);
        } else {
            self.levels.push(level);
        }
        Ok(())
    }

    fn close(&mut self, level: &Level<'a>) {
        let Some((id, begin)) = level.id else { return };
        let shapes = if level.hidden {
            &self.kept[begin..]
        } else {
            &self.picture.shapes[begin..]
        };
        self.named.insert(id, (level.style.map, shapes.to_vec()));
    }

    fn paint(&mut self, path: Path, level: &Level<'a>) -> Result<(), SvgError> {
        let style = level.style;
        let stroke = style.stroke.map(|color| Stroke {
            color,
            width: style.stroke_width * style.map.mean_scale(),
        });
        let path = path.transform(style.map);
        self.push(
            Shape {
                path,
                fill: style.fill,
                rule: style.rule,
                stroke,
            },
            level.hidden,
        )
    }

    fn push(&mut self, shape: Shape, hidden: bool) -> Result<(), SvgError> {
        self.segments += shape.path.segments.len();
        if self.segments > MAX_SEGMENTS {
            return Err(SvgError::at(
                0,
                SvgErrorKind::TooLarge {
                    what: "segments",
                    limit: MAX_SEGMENTS,
                },
            ));
        }
        if hidden {
            self.kept.push(shape)
        } else {
            self.picture.shapes.push(shape)
        }
        Ok(())
    }

    /// Repeats a named element: its shapes lie in millimetres, so its old map is undone before the new one is applied.
    fn reuse(&mut self, element: &Element<'a>, level: &Level<'a>) -> Result<(), SvgError> {
        let mut offset = Point::default();
        let mut target = None;
        for attribute in &element.own {
            match attribute.name {
                "href" | "xlink:href" => target = Some(attribute),
                "x" => offset.x = number("x", attribute)?,
                "y" => offset.y = number("y", attribute)?,
                other => {
                    return Err(SvgError::at(
                        attribute.line,
                        SvgErrorKind::AttributeUnsupported(other.to_owned()),
                    ));
                }
            }
        }
        let target = target.ok_or_else(|| element.missing("href"))?;
        let name = target.value.strip_prefix('#').unwrap_or(target.value);
        let unknown = || SvgError::at(target.line, SvgErrorKind::UnknownReference(name.to_owned()));
        let (old, shapes) = self.named.get(name).cloned().ok_or_else(unknown)?;
        let undo = inverse(old).ok_or_else(unknown)?;
        let map = undo.then(Affine::translate(offset.x, offset.y)).then(level.style.map);
        for mut shape in shapes {
            shape.path = shape.path.transform(map);
            shape.stroke = shape.stroke.map(|stroke| Stroke {
                width: stroke.width * map.mean_scale(),
                ..stroke
            });
            self.push(shape, level.hidden)
                .map_err(|error| SvgError::at(element.line, error.kind))?;
        }
        Ok(())
    }
}

fn unreachable_style<T>(line: usize) -> Result<T, SvgError> {
    Err(SvgError::at(line, SvgErrorKind::Malformed("an element outside <svg>")))
}

fn inverse(map: Affine) -> Option<Affine> {
    let [a, b, c, d, e, f] = map.0;
    let det = a * d - b * c;
    (det.abs() > 1e-12).then(|| {
        let [ia, ib, ic, id] = [d / det, -b / det, -c / det, a / det];
        Affine([ia, ib, ic, id, -(e * ia + f * ic), -(e * ib + f * id)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20mm\" height=\"10mm\" viewBox=\"0 0 200 100\">";

    fn document(body: &str) -> String {
        format!("{HEAD}\n{body}\n</svg>")
    }

    #[test]
    fn units_of_the_view_box_become_millimetres() {
        let picture = parse(&document("<rect x='10' y='20' width='100' height='50' fill='#c00'/>")).unwrap();
        assert_eq!((picture.width_mm, picture.height_mm), (20.0, 10.0));
        let (low, high) = picture.shapes[0].path.bounds().unwrap();
        assert_eq!((low, high), (Point::new(1.0, 2.0), Point::new(11.0, 7.0)));
        assert_eq!(picture.shapes[0].fill, Some(Color::rgb(0xcc, 0, 0)));
    }

    #[test]
    fn a_used_element_is_drawn_where_it_is_used_and_not_where_it_is_defined() {
        let body =
            "<defs><g transform='scale(2)'><path id='p' d='M0 0h5v5z'/></g></defs>\n<use href='#p' x='50' y='10'/>";
        let picture = parse(&document(body)).unwrap();
        assert_eq!(picture.shapes.len(), 1);
        assert_eq!(
            picture.shapes[0].path.bounds().unwrap(),
            (Point::new(5.0, 1.0), Point::new(5.5, 1.5))
        );
    }

    #[test]
    fn a_written_picture_is_read_back() {
        let mut picture = Picture::new(42.0, 42.0);
        picture.shapes.push(Shape::stroked(
            Path::circle(Point::new(21.0, 21.0), 20.0),
            Color::SEAL_RED,
            1.2,
        ));
        picture.shapes.push(Shape::filled(
            Path::star(Point::new(21.0, 21.0), 5, 7.0, 2.68),
            Color::SEAL_RED,
        ));
        let text = picture.to_svg();
        let again = parse(&text).unwrap();
        assert_eq!(again.to_svg(), text);
        assert_eq!(again.shapes.len(), 2);
        assert_eq!(again.shapes[0].stroke.unwrap().width, 1.2);
    }

    #[test]
    fn what_the_subset_lacks_is_refused_with_its_line() {
        let refused = |body: &str| parse(&document(body)).unwrap_err();
        assert_eq!(refused("\n<image/>").line, 3);
        assert_eq!(
            refused("<text>x</text>").kind,
            SvgErrorKind::ElementUnsupported("text".to_owned())
        );
        assert_eq!(refused("<path d='M0 0h1'\n opacity='.5'/>").line, 3);
        assert_eq!(
            refused("<use href='#none'/>").kind,
            SvgErrorKind::UnknownReference("none".to_owned())
        );
        assert_eq!(
            refused("<g>").kind,
            SvgErrorKind::Malformed("an end tag that closes nothing")
        );
        assert_eq!(
            refused("<rect width='-1' height='1'/>").kind.to_string(),
            "width cannot be \"-1\""
        );
        assert_eq!(
            refused("<!DOCTYPE x>").kind,
            SvgErrorKind::Malformed("a document type or CDATA section")
        );
    }

    #[test]
    fn a_picture_has_counted_budgets() {
        let deep = "<g>".repeat(MAX_DEPTH) + &"</g>".repeat(MAX_DEPTH);
        assert_eq!(
            parse(&document(&deep)).unwrap_err().kind,
            SvgErrorKind::TooLarge {
                what: "levels",
                limit: MAX_DEPTH
            }
        );
        let mut bomb = String::from("<path id='a0' d='M0 0h1h1h1h1h1h1h1h1h1'/>");
        for level in 0..5 {
            let uses = format!("<use href='#a{level}'/>").repeat(10);
            bomb += &format!("<g id='a{}'>{uses}</g>", level + 1);
        }
        let kind = SvgErrorKind::TooLarge {
            what: "segments",
            limit: MAX_SEGMENTS,
        };
        assert_eq!(parse(&document(&bomb)).unwrap_err().kind, kind);
        let long = document(&" ".repeat(MAX_BYTES));
        assert_eq!(
            parse(&long).unwrap_err().kind,
            SvgErrorKind::TooLarge {
                what: "bytes",
                limit: MAX_BYTES
            }
        );
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_makes_the_reader_panic(text in "[<>/a-z\"'= #0-9.,()-]{0,80}") {
            let _ = parse(&document(&text));
            let _ = parse(&text);
        }
    }
}
