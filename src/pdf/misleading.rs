//! Text fields that show one thing and hold another (ISO 32000-2, 12.7.4.3): a reader that draws the field anew, as
//! many do when it is clicked, shows its value and not the appearance that was signed; and an update that moves what
//! covers a field shows what is below.
//!
//! Left out: fields whose value is formatted by a script, which is told by itself; choices, which show other words than
//! they hold; and what content of the page covers.

use std::collections::HashMap;
use std::rc::Rc;

use super::annotation_flags::{HIDDEN, NO_VIEW};
use super::error::{PdfError, unless_stopped};
use super::object::{Dictionary, Object, Reference};
use super::page_text::{PageTexts, compatible, count_compatible};
use super::page_tree::BrokenTree;
use super::text::decode_text;
use super::view::View;

/// Flags of a text field (table 231) whose appearance is not its value: Password and FileSelect.
const OTHERWISE_SHOWN: i64 = 1 << 13 | 1 << 20;
/// How far a field may stand out from under another that covers it, in units of user space.
const MARGIN: f64 = 1.0;

/// How a field misleads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misleading {
    /// Its appearance shows another text than its value.
    OtherValue,
    /// Another text field with another value stands on it.
    Covered,
}

/// A text field that is shown.
struct Shown {
    reference: Reference,
    /// Its place among the values that were met.
    value: usize,
    /// Left, bottom, right, top.
    rectangle: [f64; 4],
}

impl Shown {
    fn is_under(&self, other: &Self) -> bool {
        let [left, bottom, right, top] = self.rectangle;
        let over = other.rectangle;
        left >= over[0] - MARGIN && bottom >= over[1] - MARGIN && right <= over[2] + MARGIN && top <= over[3] + MARGIN
    }
}

/// What an appearance shows.
struct Drawn {
    text: String,
    characters: u64,
    /// Whether each of its glyphs is known to stand for something.
    is_known: bool,
}

/// What was read for earlier fields: many may have one value, or one appearance.
struct Known<'v, 'f, 's> {
    texts: PageTexts<'v, 'f, 's>,
    /// Values and their places among them.
    values: HashMap<String, usize>,
    /// `None` for an appearance that cannot be read.
    drawn: HashMap<Reference, Option<Rc<Drawn>>>,
}

impl View<'_, '_> {
    /// The text fields that mislead, in the order of the pages. What cannot be read is passed over.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub fn misleading_fields(&self) -> Result<Vec<(Reference, Misleading)>, PdfError> {
        let mut known = Known {
            texts: PageTexts::new(self),
            values: HashMap::new(),
            drawn: HashMap::new(),
        };
        let mut found = Vec::new();
        self.walk_pages(BrokenTree::LeftOut, |node| {
            if node.page.is_none() {
                return Ok::<_, PdfError>(());
            }
            let annotations = unless_stopped(self.get(node.dictionary, "Annots"))?;
            let Some(Object::Array(annotations)) = annotations else {
                return Ok(());
            };
            let mut shown: Vec<Shown> = Vec::new();
            for annotation in annotations.iter().filter_map(Object::as_reference) {
                self.file().count_step()?;
                let Some((field, misleads)) = unless_stopped(self.shown_field(annotation, &mut known))?.flatten()
                else {
                    continue;
                };
                found.extend(misleads.then_some((annotation, Misleading::OtherValue)));
                for below in &shown {
                    self.file().count_step()?;
                    let is_covered = below.is_under(&field) && below.value != field.value;
                    found.extend(is_covered.then_some((below.reference, Misleading::Covered)));
                }
                shown.push(field);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// A text field with a value and an appearance, and whether they differ.
    fn shown_field(
        &self,
        annotation: Reference,
        known: &mut Known<'_, '_, '_>,
    ) -> Result<Option<(Shown, bool)>, PdfError> {
        let object = self.object(annotation)?;
        let Some(widget) = object
            .value
            .as_dictionary()
            .filter(|widget| widget.is("Subtype", "Widget"))
        else {
            return Ok(None);
        };
        let flags = |value: Object| value.as_integer().unwrap_or(0);
        if flags(self.get(widget, "F")?) & (HIDDEN | NO_VIEW) != 0
            || self.inherited(widget, "FT")?.as_name().is_none_or(|kind| kind != "Tx")
        {
            return Ok(None);
        }
        let (Object::String(value), Object::Dictionary(states), Object::Array(corners)) = (
            self.inherited(widget, "V")?,
            self.get(widget, "AP")?,
            self.get(widget, "Rect")?,
        ) else {
            return Ok(None);
        };
        let corners: Vec<f64> = corners.iter().filter_map(Object::as_number).collect();
        let (Some(appearance), [a, b, c, d]) = (states.get("N").and_then(Object::as_reference), corners.as_slice())
        else {
            return Ok(None);
        };
        let value = decode_text(&value);
        count_compatible(self, &value)?;
        let value = plain(&value);
        if value.is_empty() {
            return Ok(None);
        }
        let is_plain =
            flags(self.inherited(widget, "Ff")?) & OTHERWISE_SHOWN == 0 && self.inherited(widget, "AA")?.is_null();
        let Some(drawn) = self.drawn(appearance, known)? else {
            return Ok(None);
        };
        // It is gone through for each field that has it.
        let reader = &self.file().reader;
        reader.usage.characters(&reader.limits, drawn.characters)?;
        let differs = !drawn.text.is_empty() && !drawn.text.contains(&value) && !value.contains(&drawn.text);
        let place = known.values.len();
        let field = Shown {
            reference: annotation,
            value: *known.values.entry(value).or_insert(place),
            rectangle: [a.min(*c), b.min(*d), a.max(*c), b.max(*d)],
        };
        Ok(Some((field, is_plain && drawn.is_known && differs)))
    }

    /// What an appearance shows, read once for all fields; `None` where it cannot be read or is none.
    fn drawn(&self, appearance: Reference, known: &mut Known<'_, '_, '_>) -> Result<Option<Rc<Drawn>>, PdfError> {
        if let Some(drawn) = known.drawn.get(&appearance) {
            return Ok(drawn.clone());
        }
        let read = || match self.resolve(&Object::Reference(appearance))? {
            Object::Stream(form) => known.texts.glyphs_of_form(&form, &Dictionary::new()).map(Some),
            _ => Ok(None),
        };
        let drawn = unless_stopped(read())?.flatten().map(|glyphs| {
            let text = plain(&glyphs.iter().map(|glyph| glyph.text.as_str()).collect::<String>());
            Rc::new(Drawn {
                characters: text.chars().count() as u64,
                text,
                is_known: !glyphs.is_empty() && glyphs.iter().all(|glyph| !glyph.text.is_empty()),
            })
        });
        known.drawn.insert(appearance, drawn.clone());
        Ok(drawn)
    }

    /// The value of a key of a field, its own or that of a node above it (12.7.4.1).
    fn inherited(&self, field: &Dictionary, key: &str) -> Result<Object, PdfError> {
        let mut node = field.clone();
        for _ in 0..self.file().reader.limits.tree_depth {
            let value = self.get(&node, key)?;
            if !value.is_null() {
                return Ok(value);
            }
            match self.get(&node, "Parent")? {
                Object::Dictionary(parent) => node = parent,
                _ => break,
            }
        }
        Ok(Object::Null)
    }
}

/// A text without white space, compatible characters alike.
fn plain(text: &str) -> String {
    compatible(text)
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::PdfFile;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::{LimitReached, Limits};
    use crate::pdf::testing::{document, open, stream};

    const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

    /// What of two fields misleads: each its entries and what its appearance shows.
    fn of(fields: [(&str, &str); 2]) -> Vec<(u32, Misleading)> {
        let field =
            |entries: &str, number: u32| format!("<</Subtype/Widget/FT/Tx/F 4{entries}/AP<</N {number} 0 R>>>>");
        let drawn = |text: &str| {
            let entries = "/Subtype/Form/BBox[0 0 90 20]/Resources<</Font<</F 8 0 R>>>>";
            stream(entries, &format!("BT /F 12 Tf ({text}) Tj ET"))
        };
        let bytes = document(
            SectionKind::Table,
            &[
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                "<</Type/Page/Parent 2 0 R/Annots[4 0 R 5 0 R]>>",
                &field(fields[0].0, 6),
                &field(fields[1].0, 7),
                &drawn(fields[0].1),
                &drawn(fields[1].1),
                FONT,
            ],
        );
        let found = open(&bytes).latest().misleading_fields().unwrap();
        found.into_iter().map(|(field, how)| (field.number, how)).collect()
    }

    #[test]
    fn a_field_that_shows_another_text_than_its_value_misleads() {
        let other = ("/V(b)/Rect[0 50 90 70]", "b");
        let with = |entries: &str, shown: &str| of([(&format!("/Rect[0 0 90 20]{entries}"), shown), other]);
        assert_eq!(with("/V(Attacker)", "World Health"), [(4, Misleading::OtherValue)]);
        assert_eq!(with("/V(World Health)", "World  Health"), []);
        assert_eq!(
            with("/V(World Health Organisation)", "World Health"),
            [],
            "cut off by its edge"
        );
        assert_eq!(with("/V(secret)/Ff 8192", "******"), []);
        assert_eq!(with("/V(1000)/AA<</F 9 0 R>>", "1,000"), [], "formatted");
        assert_eq!(with("/V(Attacker)/F 2", "World Health"), [], "hidden");
        assert_eq!(with("", "World Health"), []);
    }

    #[test]
    fn a_field_that_another_with_another_value_stands_on_misleads() {
        let on = |over: &str| of([("/V(a)/Rect[0 0 90 20]", "a"), (over, "b")]);
        assert_eq!(on("/V(b)/Rect[0 0 90 20]"), [(4, Misleading::Covered)]);
        assert_eq!(on("/V(b)/Rect[95 25 -5 -5]"), [(4, Misleading::Covered)]);
        assert_eq!(on("/V(b)/Rect[0 30 90 50]"), []);
        assert_eq!(of([("/V(a)/Rect[0 0 90 20]", "a"), ("/V(a)/Rect[0 0 90 20]", "a")]), []);
    }

    /// What of two fields with one value and one appearance of five glyphs misleads.
    fn of_shared(limits: &Limits) -> Result<usize, PdfError> {
        let field = "<</Subtype/Widget/FT/Tx/F 4/V(World Health)/Rect[0 0 90 20]/AP<</N 6 0 R>>>>";
        let appearance = stream(
            "/Subtype/Form/BBox[0 0 90 20]/Resources<</Font<</F 7 0 R>>>>",
            "BT /F 12 Tf (World) Tj ET",
        );
        let bytes = document(
            SectionKind::Table,
            &[
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Count 1/Kids[3 0 R]>>",
                "<</Type/Page/Parent 2 0 R/Annots[4 0 R 5 0 R]>>",
                field,
                field,
                &appearance,
                FONT,
            ],
        );
        let file = PdfFile::open(&bytes, limits)?;
        file.latest().misleading_fields().map(|found| found.len())
    }

    #[test]
    fn an_appearance_is_read_once_for_all_fields_that_have_it() {
        let within = |glyphs, field_glyphs| {
            of_shared(&Limits {
                glyphs,
                field_glyphs,
                ..Limits::UPLOAD
            })
        };
        assert_eq!(within(5, 5), Ok(0));
        let ended = |unit| Err(LimitReached { unit, allowed: 4 }.into());
        assert_eq!(within(4, 5), ended("glyphs of all pages"));
        assert_eq!(within(5, 4), ended("glyphs of one form field"));
    }

    #[test]
    fn what_a_field_holds_and_what_it_shows_count_for_each_field() {
        let within = |text_characters| {
            of_shared(&Limits {
                text_characters,
                ..Limits::UPLOAD
            })
        };
        // The glyphs count once by themselves.
        let characters = 5 + 2 * ("World Health".len() + "World".len()) as u64;
        assert_eq!(within(characters), Ok(0));
        let reached = LimitReached {
            unit: "characters of text compared",
            allowed: characters - 1,
        };
        assert_eq!(within(characters - 1), Err(reached.into()));
    }
}
