//! The signature field: a new one, beside the stamps that show its seal at further places, or one that is there and
//! waits, filled where it stands (ISO 32000-2 sections 12.7.5.5 and 12.5.6.19).

use std::collections::HashSet;

use super::DocumentFault;
use super::appearance::{Appearances, SealPicture};
use super::draft::{Draft, Home};
use super::pages::Page;
use super::place::{Spot, Window};
use crate::draw::Point;
use crate::pdf::annotation_flags::{
    HIDDEN, INVISIBLE, LOCKED, LOCKED_CONTENTS, NO_ROTATE, NO_VIEW, NO_ZOOM, PRINT, READ_ONLY, TOGGLE_NO_VIEW,
};
use crate::pdf::signature::FormField;
use crate::pdf::text::encode_text;
use crate::pdf::{Dictionary, Object, PdfError, Rectangle, Reference, View};
use crate::sign::SignError;

/// SignaturesExist and AppendOnly (ISO 32000-2 table 225).
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;
/// With these a widget does not show.
const UNSEEN: i64 = HIDDEN | NO_VIEW;
/// With these it shows otherwise under the mouse, on a turned page or on one that is made larger, or to some alone.
const UNSTEADY: i64 = INVISIBLE | TOGGLE_NO_VIEW | NO_ZOOM | NO_ROTATE;

/// The names of the root fields of the form.
pub(super) fn root_names(view: &View<'_, '_>) -> Result<HashSet<String>, PdfError> {
    let mut names = HashSet::new();
    if let Object::Dictionary(form) = view.get(&view.catalog()?, "AcroForm")?
        && let Object::Array(fields) = view.get(&form, "Fields")?
    {
        for field in &fields {
            if let Object::Dictionary(field) = view.resolve(field)?
                && let Object::String(name) = view.get(&field, "T")?
            {
                names.insert(view.file().text(&name)?);
            }
        }
    }
    Ok(names)
}

/// The first name of the form `stem1`, `stem2`… that no field has.
pub(super) fn free_name(taken: &HashSet<String>, stem: &str) -> String {
    let names = (1..=taken.len() + 1).map(|number| format!("{stem}{number}"));
    names.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}

/// Adds a field of that name with `value` to the form. It is shown at the first spot, for a signature field never has
/// more than one annotation (ISO 32000-2 section 12.7.5.5); without any spot it is invisible on the first page. At the
/// others the seal is a stamp that nobody is to move, signed like the rest of the page.
pub(super) fn add(
    draft: &mut Draft<'_, '_>,
    name: &str,
    value: Reference,
    pages: &[Page],
    (spots, picture): (&[Spot], Option<&SealPicture>),
) -> Result<(), SignError> {
    let mut appearances = picture.map(Appearances::new);
    let mut shown = Vec::new();
    for spot in spots {
        let page = pages.get(spot.page).ok_or(DocumentFault::NoPages)?;
        let mut annotation = annotation(page, spot.rectangle);
        if let Some(appearances) = &mut appearances {
            set_appearance(&mut annotation, appearances.of(draft, page.rotation, spot.window)?);
        }
        shown.push((page.reference, annotation));
    }
    let mut shown = shown.into_iter();
    let (page, widget) = match shown.next() {
        Some(first) => first,
        None => {
            let first = pages.first().ok_or(DocumentFault::NoPages)?;
            (first.reference, annotation(first, Rectangle([0.0; 4])))
        }
    };
    let field = widget
        .with("Subtype", Object::name("Widget"))
        .with("F", Object::Integer(PRINT | LOCKED))
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(encode_text(name)))
        .with("V", Object::Reference(value));
    let field = draft.add(&Object::Dictionary(field))?;
    draft.push(Home::Object(page), "Annots", field)?;
    for (page, stamp) in shown {
        let stamp = stamp
            .with("Subtype", Object::name("Stamp"))
            .with("F", Object::Integer(PRINT | LOCKED | READ_ONLY | LOCKED_CONTENTS));
        let stamp = draft.add(&Object::Dictionary(stamp))?;
        draft.push(Home::Object(page), "Annots", stamp)?;
    }
    let form = mark_form(draft)?;
    draft.push(form, "Fields", field)
}

/// Fills a field that is there with `value`; the seal stands in the middle of each of its widgets that has a size.
/// Gives whether it has such a one.
///
/// # Errors
/// Where the seal would not show in such a widget, or the field has none at all.
pub(super) fn fill(
    draft: &mut Draft<'_, '_>,
    field: &FormField,
    value: Reference,
    pages: &[Page],
    picture: Option<&SealPicture>,
) -> Result<bool, SignError> {
    let object = field.object.ok_or(SignError::Structure("Fields"))?;
    let widgets = widgets_of(&draft.view(), field, object)?;
    // Some readers look for the value in a widget that is an object of its own.
    for holder in std::iter::once(object).chain(widgets.iter().copied().filter(|widget| *widget != object)) {
        draft
            .dictionary(Home::Object(holder), "Fields")?
            .set("V", Object::Reference(value));
    }
    let mut is_shown = false;
    if let Some(picture) = picture {
        let mut appearances = Appearances::new(picture);
        if widgets.is_empty() {
            return Err(DocumentFault::FieldNowhere(field.name.clone()).into());
        }
        for widget in widgets {
            is_shown |= fill_widget(draft, &mut appearances, (field, widget), pages, picture)?;
        }
    }
    mark_form(draft)?;
    Ok(is_shown)
}

/// Gives a widget the seal as its appearance; false for one without a size, which is meant to show nothing.
fn fill_widget(
    draft: &mut Draft<'_, '_>,
    appearances: &mut Appearances<'_>,
    (field, widget): (&FormField, Reference),
    pages: &[Page],
    picture: &SealPicture,
) -> Result<bool, SignError> {
    let view = draft.view();
    let nowhere = || DocumentFault::FieldNowhere(field.name.clone());
    let Object::Dictionary(dictionary) = view.resolve(&Object::Reference(widget))? else {
        return Err(nowhere().into());
    };
    let rectangle = match dictionary.get("Rect") {
        Some(rectangle) => Rectangle::read(&view, rectangle)?,
        None => None,
    };
    let rectangle = rectangle.ok_or_else(nowhere)?;
    if !rectangle.has_area() {
        return Ok(false);
    }
    let flags = view.get(&dictionary, "F")?.as_integer().unwrap_or(0);
    if flags & UNSEEN != 0 {
        return Err(DocumentFault::FieldHidden(field.name.clone()).into());
    }
    let (number, page) = page_of(&view, pages, widget)?.ok_or_else(nowhere)?;
    let size_mm = page.shown(rectangle);
    let (seal_width, seal_height) = picture.size_mm();
    // Half the thinnest stroke of a seal may be lost to rounding.
    if size_mm.0 < seal_width - 0.1 || size_mm.1 < seal_height - 0.1 {
        return Err(DocumentFault::FieldTooSmall {
            field: field.name.clone(),
            size_mm,
        }
        .into());
    }
    let [left, bottom, right, top] = rectangle.0;
    let center = page.shown_at(Point::new((left + right) / 2.0, (bottom + top) / 2.0));
    let corner = |sign: f64| Point::new(center.x + sign * seal_width / 2.0, center.y + sign * seal_height / 2.0);
    if !page.shows(corner(-1.0), corner(1.0)) {
        return Err(DocumentFault::FieldOutsidePage {
            field: field.name.clone(),
            page: number,
            size_mm: page.size_mm(),
        }
        .into());
    }
    let (beside, above) = ((size_mm.0 - seal_width) / 2.0, (size_mm.1 - seal_height) / 2.0);
    let window = Window([-beside, -above, seal_width + beside, seal_height + above]);
    let appearance = appearances.of(draft, page.rotation, window)?;
    let dictionary = draft.dictionary(Home::Object(widget), "Fields")?;
    set_appearance(dictionary, appearance);
    // What shows on a screen alone, or otherwise in use, would not be sealed if it were there before.
    dictionary.set("F", Object::Integer((flags | PRINT) & !UNSTEADY));
    Ok(true)
}

/// The widgets of a field: itself, or its children.
fn widgets_of(view: &View<'_, '_>, field: &FormField, object: Reference) -> Result<Vec<Reference>, PdfError> {
    let Object::Array(kids) = view.get(&field.dictionary, "Kids")? else {
        return Ok(vec![object]);
    };
    Ok(kids.iter().filter_map(Object::as_reference).collect())
}

/// The first page whose annotations an object is among, with its number, from 1.
fn page_of<'p>(
    view: &View<'_, '_>,
    pages: &'p [Page],
    widget: Reference,
) -> Result<Option<(usize, &'p Page)>, PdfError> {
    let first = view.pages_that_list(widget)?.first().copied();
    Ok(first.and_then(|number| Some((number, pages.get(number.checked_sub(1)?)?))))
}

/// Says in the form that there are signatures; gives where the form is written.
fn mark_form(draft: &mut Draft<'_, '_>) -> Result<Home, SignError> {
    let form = draft.home_in_catalog("AcroForm")?;
    let dictionary = draft.dictionary(form, "AcroForm")?;
    let flags = dictionary.get("SigFlags").and_then(Object::as_integer).unwrap_or(0);
    dictionary.set("SigFlags", Object::Integer(flags | SIGNATURES_EXIST_APPEND_ONLY));
    if dictionary.get("Fields").is_none() {
        dictionary.set("Fields", Object::Array(Vec::new()));
    }
    Ok(form)
}

fn annotation(page: &Page, rectangle: Rectangle) -> Dictionary {
    Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Rect", rectangle.to_object())
        .with("P", Object::Reference(page.reference))
}

fn set_appearance(widget: &mut Dictionary, normal: Object) {
    widget.set("AP", Object::Dictionary(Dictionary::new().with("N", normal)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_field_takes_the_first_free_name() {
        let taken = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(free_name(&taken(&[]), "Signature"), "Signature1");
        assert_eq!(
            free_name(&taken(&["Signature2", "Signature1", "x"]), "Signature"),
            "Signature3"
        );
    }
}
