//! Marks on text (ISO 32000-2, 12.5.6.10), as readers draw them that have no appearance: whether what they stand on can
//! still be read.
//!
//! A highlight multiplies what lies under it with its colour: a dark one blots it out, one without a colour is black to
//! some readers, and light ones darken where they lie on one another. The others draw a line of a point in any colour:
//! one beside the other, they paint.

use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::page_box::Rectangle;

use super::audit::Audit;

/// Brightness of the darkest highlight, from 0 to 1: yellow has 0.93, green 0.72, orange 0.6, red 0.2.
const BRIGHT: f64 = 0.5;
/// The same of several that lie on one another: their product.
const BRIGHT_TOGETHER: f64 = 0.25;
/// The part of the smaller of two places from which on one lies on the other; lines of text touch.
const OVERLAP: f64 = 0.2;
/// The least height of a place that is underlined or struck out, in points: smaller text is not read.
const LEAST_HEIGHT: f64 = 4.0;
/// The part of such a height that lines of a point may take.
const LINES: f64 = 0.5;
/// Such lines on one place, however high it is: the text on it may be smaller.
const MAX_LINES: usize = 4;
/// Numbers of one quadrilateral.
const NUMBERS_OF_ONE: usize = 8;
/// Comparisons of places that count as one step.
const COMPARED_IN_A_STEP: usize = 16;

/// How a mark is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ink {
    /// In a colour of that brightness.
    Highlight(f64),
    Line,
}

/// The marks of a page.
pub(super) struct Marks(Vec<(Ink, Rectangle)>);

impl Marks {
    /// Those of a list of annotations.
    pub(super) fn of(audit: &Audit<'_, '_, '_>, annotations: &[Object]) -> Result<Self, PdfError> {
        let mut marks = Vec::new();
        for annotation in annotations {
            audit.count()?;
            let Some(reference) = annotation.as_reference() else {
                continue;
            };
            let object = audit.after.object(reference)?;
            let Some(dictionary) = object.value.as_dictionary() else {
                continue;
            };
            if let Some(ink) = ink(audit, dictionary)? {
                for place in places(audit, dictionary)?.unwrap_or_default() {
                    audit.count()?;
                    marks.push((ink, place));
                }
            }
        }
        Ok(Self(marks))
    }

    /// Whether what an annotation stands on cannot be read any more for it, where it is a mark.
    pub(super) fn blot(&self, audit: &Audit<'_, '_, '_>, annotation: Reference) -> Result<bool, PdfError> {
        let object = audit.after.object(annotation)?;
        let Some(dictionary) = object.value.as_dictionary() else {
            return Ok(false);
        };
        let Some(ink) = ink(audit, dictionary)? else {
            return Ok(false);
        };
        let Some(places) = places(audit, dictionary)? else {
            return Ok(true);
        };
        for place in places {
            audit
                .after
                .file()
                .count_steps(1 + (self.0.len() / COMPARED_IN_A_STEP) as u64)?;
            let here = self.0.iter().filter(|(_, other)| lies_on(place, *other));
            let inks = here.map(|(ink, _)| *ink);
            let is_read = match ink {
                Ink::Highlight(bright) if bright < BRIGHT => false,
                Ink::Highlight(_) => {
                    let brightness = inks.map(|ink| match ink {
                        Ink::Highlight(bright) => bright,
                        Ink::Line => 1.0,
                    });
                    brightness.product::<f64>() >= BRIGHT_TOGETHER
                }
                Ink::Line => {
                    let height = place.height().min(place.width());
                    let lines = inks.filter(|ink| *ink == Ink::Line).count();
                    height >= LEAST_HEIGHT && lines <= MAX_LINES && lines as f64 <= height * LINES
                }
            };
            if !is_read {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How a mark is drawn; `None` of what is none.
fn ink(audit: &Audit<'_, '_, '_>, annotation: &Dictionary) -> Result<Option<Ink>, PdfError> {
    if annotation.is("Subtype", "Highlight") {
        let colour = audit.after.get(annotation, "C")?;
        let colour = colour.as_array().unwrap_or_default();
        let components: Option<Vec<f64>> = colour.iter().map(Object::as_number).collect();
        let bright = components.and_then(|components| brightness(&components));
        return Ok(Some(Ink::Highlight(bright.unwrap_or(0.0))));
    }
    let is_line = ["Underline", "Squiggly", "StrikeOut"]
        .iter()
        .any(|line| annotation.is("Subtype", line));
    Ok(is_line.then_some(Ink::Line))
}

/// The brightness of a colour by its number of components (table 166); `None` where it is none, or no colour.
fn brightness(components: &[f64]) -> Option<f64> {
    let [red, green, blue] = match *components {
        [grey] => [grey; 3],
        [red, green, blue] => [red, green, blue],
        [cyan, magenta, yellow, black] => [cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black)),
        _ => return None,
    };
    let is_colour = components.iter().all(|component| (0.0..=1.0).contains(component));
    // ITU-R BT.709: how much of what is seen as bright comes from each.
    is_colour.then_some(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}

/// What a mark stands on: its QuadPoints, or, where they are none, its rectangle. `None` where there is neither.
fn places(audit: &Audit<'_, '_, '_>, annotation: &Dictionary) -> Result<Option<Vec<Rectangle>>, PdfError> {
    let points = audit.after.get(annotation, "QuadPoints")?;
    let points: Option<Vec<f64>> = points
        .as_array()
        .unwrap_or_default()
        .iter()
        .map(Object::as_number)
        .collect();
    let points = points.unwrap_or_default();
    if !points.is_empty() && points.len().is_multiple_of(NUMBERS_OF_ONE) {
        let around = |corners: &[f64]| {
            let along = |first: usize| corners.iter().skip(first).step_by(2).copied();
            let least = |first| along(first).fold(f64::INFINITY, f64::min);
            let most = |first| along(first).fold(f64::NEG_INFINITY, f64::max);
            Rectangle([least(0), least(1), most(0), most(1)])
        };
        return Ok(Some(points.chunks_exact(NUMBERS_OF_ONE).map(around).collect()));
    }
    let rectangle = match annotation.get("Rect") {
        Some(rectangle) => Rectangle::read(&audit.after, rectangle)?,
        None => None,
    };
    Ok(rectangle.map(|rectangle| vec![rectangle]))
}

fn lies_on(one: Rectangle, other: Rectangle) -> bool {
    let area = |place: Rectangle| place.width() * place.height();
    let shared = one.inside(other);
    shared.has_area() && area(shared) > OVERLAP * area(one).min(area(other))
}

#[cfg(test)]
mod tests {
    use crate::pdf::append::SectionKind;
    use crate::pdf::changes::ChangeKind;
    use crate::pdf::testing::{document, numbered, open, revision, stream};

    /// What is found where marks with these entries are added to a page that has one with others.
    fn found(known: &str, added: &[String]) -> Vec<ChangeKind> {
        let page = |marks: &str| format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[5 0 R{marks}]>>");
        let known = format!("<</Type/Annot{known}>>");
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            &page(""),
            &stream("", "BT ET"),
            &known,
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let section = open(&bytes).revisions()[0].startxref;
        let marks: String = (6..).take(added.len()).map(|number| format!(" {number} 0 R")).collect();
        let added: Vec<String> = added.iter().map(|mark| format!("<</Type/Annot{mark}>>")).collect();
        let mut objects = numbered(6, &added.iter().map(String::as_str).collect::<Vec<_>>());
        let page = page(&marks);
        objects.push((3, &page));
        let trailer = format!("/Root 1 0 R/Prev {section}");
        let bytes = revision(bytes, SectionKind::Table, &objects, 6 + added.len(), &trailer);
        open(&bytes).changes_of(2).unwrap()
    }

    fn mark(kind: &str, colour: &str, [left, bottom, right, top]: [f64; 4]) -> String {
        let points = format!("{left} {top} {right} {top} {left} {bottom} {right} {bottom}");
        format!("/Subtype/{kind}/Rect[{left} {bottom} {right} {top}]/QuadPoints[{points}]{colour}")
    }

    fn line(bottom: f64) -> [f64; 4] {
        [9.0, bottom, 90.0, bottom + 12.0]
    }

    fn is_read(known: &str, added: &[String]) -> bool {
        match found(known, added).as_slice() {
            [ChangeKind::Annotation { .. }] => true,
            [.., ChangeKind::Blot { .. }] => false,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_dark_highlight_blots_out_what_it_stands_on() {
        let is_read = |colour: &str| is_read("/Subtype/Link", &[mark("Highlight", colour, line(9.0))]);
        for light in ["/C[1 1 0]", "/C[1 .82 0]", "/C[0 1 0]", "/C[0 0 1 0]", "/C[.8]"] {
            assert!(is_read(light), "{light}");
        }
        for dark in [
            "/C[0 0 0]",
            "/C[1 0 0]",
            "",
            "/C[]",
            "/C[5 5 5]",
            "/C[0 0 0 1]",
            "/C[(1)1 1]",
            "/C[1 1]",
        ] {
            assert!(!is_read(dark), "{dark}");
        }
        let nowhere = "/Subtype/Highlight/C[1 1 0]".to_owned();
        assert!(!super::tests::is_read("/Subtype/Link", &[nowhere]));
    }

    #[test]
    fn light_highlights_on_one_another_grow_dark() {
        let light = |bottom| mark("Highlight", "/C[.7 .7 .7]", line(bottom));
        assert!(is_read(&light(9.0), &[light(9.0), light(20.0), light(31.0)]));
        assert!(!is_read(&light(9.0), &[light(9.0), light(10.0), light(9.0)]));
    }

    #[test]
    fn lines_beside_lines_paint() {
        let under = |bottom| mark("Underline", "/C[1 1 1]", line(bottom));
        let struck = mark("StrikeOut", "/C[1 0 0]", line(9.0));
        assert!(is_read(&struck, &[under(9.0), under(20.0)]));
        let many: Vec<String> = (0..8).map(|step| under(9.0 + f64::from(step))).collect();
        assert!(!is_read(&struck, &many));
        let thin = mark("Squiggly", "", [9.0, 9.0, 90.0, 10.0]);
        assert!(!is_read(&struck, &[thin]));
    }
}
