//! The signature field: a new one, beside the stamps that show its seal at further places, or one that is there and
//! waits, filled where it stands (ISO 32000-2 sections 12.7.5.5 and 12.5.6.19).

use std::collections::HashSet;

use super::DocumentFault;
use super::appearance::{Appearances, SealPicture};
use super::draft::{Draft, Home};
use super::pages::Page;
use super::place::{Spot, Window};
use crate::pdf::signature::FormField;
use crate::pdf::text::encode_text;
use crate::pdf::{Dictionary, Object, PdfError, Rectangle, Reference, View};
use crate::sign::{SignError, SignatureForm};

/// SignaturesExist and AppendOnly (ISO 32000-2 table 225).
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;
/// Print and Locked (ISO 32000-2 table 167).
const PRINT_LOCKED: i64 = 132;
/// ReadOnly and LockedContents.
const READ_ONLY_LOCKED_CONTENTS: i64 = 576;
/// The flags of a seed value dictionary that ask for what is made here anyway: Filter, SubFilter and V (ISO 32000-2
/// table 237).
const SEED_KEPT: i64 = 0b111;

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
        let page = pages.get(spot.page).ok_or(SignError::Structure("page"))?;
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
            let first = pages.first().ok_or(SignError::Structure("page"))?;
            (first.reference, annotation(first, Rectangle([0.0; 4])))
        }
    };
    let field = widget
        .with("Subtype", Object::name("Widget"))
        .with("F", Object::Integer(PRINT_LOCKED))
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(encode_text(name)))
        .with("V", Object::Reference(value));
    let field = draft.add(&Object::Dictionary(field))?;
    draft.push(Home::Object(page), "Annots", field)?;
    for (page, stamp) in shown {
        let stamp = stamp
            .with("Subtype", Object::name("Stamp"))
            .with("F", Object::Integer(PRINT_LOCKED | READ_ONLY_LOCKED_CONTENTS));
        let stamp = draft.add(&Object::Dictionary(stamp))?;
        draft.push(Home::Object(page), "Annots", stamp)?;
    }
    let form = mark_form(draft)?;
    draft.push(form, "Fields", field)
}

/// Fills a field that is there with `value`; the seal stands in the middle of each of its widgets that has a size.
pub(super) fn fill(
    draft: &mut Draft<'_, '_>,
    field: &FormField,
    value: Reference,
    pages: &[Page],
    picture: Option<&SealPicture>,
) -> Result<(), SignError> {
    let object = field.object.ok_or(SignError::Structure("signature field"))?;
    draft
        .dictionary(Home::Object(object), "signature field")?
        .set("V", Object::Reference(value));
    if let Some(picture) = picture {
        let mut appearances = Appearances::new(picture);
        for widget in widgets_of(&draft.view(), field, object)? {
            fill_widget(draft, &mut appearances, (field, widget), pages, picture)?;
        }
    }
    mark_form(draft).map(drop)
}

fn fill_widget(
    draft: &mut Draft<'_, '_>,
    appearances: &mut Appearances<'_>,
    (field, widget): (&FormField, Reference),
    pages: &[Page],
    picture: &SealPicture,
) -> Result<(), SignError> {
    let view = draft.view();
    let Object::Dictionary(dictionary) = view.resolve(&Object::Reference(widget))? else {
        return Err(SignError::Structure("signature field"));
    };
    let rectangle = match dictionary.get("Rect") {
        Some(rectangle) => Rectangle::read(&view, rectangle)?,
        None => None,
    };
    let Some(rectangle) = rectangle.filter(|rectangle| rectangle.has_area()) else {
        return Ok(());
    };
    let page = page_of(&view, pages, widget)?.ok_or(SignError::Structure("signature field"))?;
    let (width_mm, height_mm) = page.shown(rectangle);
    let (seal_width, seal_height) = picture.size_mm();
    // Half the thinnest stroke of a seal may be lost to rounding.
    if width_mm < seal_width - 0.1 || height_mm < seal_height - 0.1 {
        return Err(DocumentFault::FieldTooSmall {
            field: field.name.clone(),
            width_mm,
            height_mm,
        }
        .into());
    }
    let (beside, above) = ((width_mm - seal_width) / 2.0, (height_mm - seal_height) / 2.0);
    let window = Window([-beside, -above, seal_width + beside, seal_height + above]);
    let appearance = appearances.of(draft, page.rotation, window)?;
    set_appearance(draft.dictionary(Home::Object(widget), "signature field")?, appearance);
    Ok(())
}

/// The widgets of a field: itself, or its children.
fn widgets_of(view: &View<'_, '_>, field: &FormField, object: Reference) -> Result<Vec<Reference>, PdfError> {
    let Object::Array(kids) = view.get(&field.dictionary, "Kids")? else {
        return Ok(vec![object]);
    };
    Ok(kids.iter().filter_map(Object::as_reference).collect())
}

/// The first page whose annotations an object is among.
fn page_of<'p>(view: &View<'_, '_>, pages: &'p [Page], widget: Reference) -> Result<Option<&'p Page>, PdfError> {
    let first = view.pages_that_list(widget)?.first().copied();
    Ok(first.and_then(|number| pages.get(number.checked_sub(1)?)))
}

/// Refuses a field that demands what is not made here (ISO 32000-2 table 237).
pub(super) fn check_seed(view: &View<'_, '_>, field: &FormField, form: SignatureForm) -> Result<(), SignError> {
    let Object::Dictionary(seed) = view.get(&field.dictionary, "SV")? else {
        return Ok(());
    };
    let refused = |entry| DocumentFault::SeedValue {
        field: field.name.clone(),
        entry,
    };
    let demands = |dictionary: &Dictionary| -> Result<i64, PdfError> {
        Ok(view.get(dictionary, "Ff")?.as_integer().unwrap_or(0))
    };
    let required = demands(&seed)?;
    if required & 1 != 0 && seed.get("Filter").is_some() && !seed.is("Filter", "Adobe.PPKLite") {
        return Err(refused("Filter").into());
    }
    if required & 2 != 0
        && let Object::Array(kinds) = view.get(&seed, "SubFilter")?
        && !kinds.contains(&Object::name(form.sub_filter()))
    {
        return Err(refused("SubFilter").into());
    }
    if required & !SEED_KEPT != 0 {
        return Err(refused("Ff").into());
    }
    if let Object::Dictionary(certificate) = view.get(&seed, "Cert")?
        && demands(&certificate)? != 0
    {
        return Err(refused("Cert").into());
    }
    Ok(())
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
