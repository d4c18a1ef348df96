//! Signs any PDF that is not signed yet with an invisible approval signature, PAdES level B-B (ETSI EN 319 142-1).
//!
//! The field is new, without appearance, on the first page; what the document has of form fields and annotations stays.
//! Left out: filling existing fields, visible seals, and second signers, which must respect what the first one allows.

use super::keys::{check_certificate, check_usage};
use super::steps::Plan;
use super::{Claims, Prepared, SignError};
use crate::cms::build::SigningIdentity;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Limits, Object, PdfFile, Reference, View};

/// The name of the new field. A document with a field of that name is refused as signed.
const FIELD_NAME: &[u8] = b"Signature1";
/// SignaturesExist and AppendOnly (ISO 32000-2 table 225).
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;
/// Print and Locked (ISO 32000-2 table 167).
const PRINT_LOCKED: i64 = 132;
/// Most levels of the page tree that are followed to the first page. Producers make fewer than ten.
pub const MAX_PAGE_DEPTH: usize = 64;

/// Signs a document.
///
/// # Errors
/// When the document cannot be read, is signed, or the certificate may not sign at the claimed time.
pub fn sign(document: Vec<u8>, identity: &SigningIdentity, claims: &Claims<'_>) -> Result<Vec<u8>, SignError> {
    check_usage(identity.certificate())?;
    check_certificate(identity.certificate(), claims.time)?;
    let (update, signature) = {
        let source = document.as_slice();
        let file = PdfFile::open(&source, &Limits::UPLOAD)?;
        add_field(&file)?
    };
    let prepared = Prepared::new(Plan {
        base: document,
        update,
        signature,
        entries: claims.dictionary(),
        document: identity,
        seal: None,
        time: claims.time,
        stamp_room: 0,
    })?;
    Ok(prepared.sign()?.leave_unstamped()?.into_bytes())
}

/// Begins a revision with a signature field whose value is the object that is returned.
fn add_field(file: &PdfFile<'_>) -> Result<(Update, Reference), SignError> {
    let view = file.latest();
    let mut update = file.update()?;
    let signature = update.allocate();
    let root = view.revision().root().ok_or(SignError::Structure("catalog"))?;
    let mut catalog = view.catalog()?;
    let (page_reference, mut page) = first_page(&view, &catalog)?;

    let field = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(FIELD_NAME.to_vec()))
        .with("F", Object::Integer(PRINT_LOCKED))
        .with("Rect", Object::Array(vec![Object::Integer(0); 4]))
        .with("P", Object::Reference(page_reference))
        .with("V", Object::Reference(signature));
    let field = update.add(&Object::Dictionary(field))?;

    let annotations = joined(&view, &page, "Annots", field)?;
    page.set("Annots", annotations);
    update.put(page_reference, &Object::Dictionary(page))?;

    let form = add_to_form(&view, &catalog, field)?;
    match catalog.get("AcroForm").and_then(Object::as_reference) {
        Some(reference) => update.put(reference, &form)?,
        None => {
            catalog.set("AcroForm", form);
            update.put(root, &Object::Dictionary(catalog))?;
        }
    }
    Ok((update, signature))
}

/// The interactive form with the field added (ISO 32000-2 section 12.7.3).
fn add_to_form(view: &View<'_, '_>, catalog: &Dictionary, field: Reference) -> Result<Object, SignError> {
    let mut form = match view.get(catalog, "AcroForm")? {
        Object::Null => Dictionary::new(),
        Object::Dictionary(form) => form,
        _ => return Err(SignError::Structure("AcroForm")),
    };
    let flags = view.get(&form, "SigFlags")?.as_integer().unwrap_or(0);
    if flags & 1 != 0 || form.get("XFA").is_some() {
        return Err(SignError::AlreadySigned);
    }
    let fields = joined(view, &form, "Fields", field)?;
    form.set("Fields", fields);
    form.set("SigFlags", Object::Integer(flags | SIGNATURES_EXIST_APPEND_ONLY));
    Ok(Object::Dictionary(form))
}

/// The array under `key`, direct or not, with one more reference.
fn joined(
    view: &View<'_, '_>,
    dictionary: &Dictionary,
    key: &'static str,
    added: Reference,
) -> Result<Object, SignError> {
    let mut members = match view.get(dictionary, key)? {
        Object::Null => Vec::new(),
        Object::Array(members) => members,
        _ => return Err(SignError::Structure(key)),
    };
    members.push(Object::Reference(added));
    Ok(Object::Array(members))
}

/// The first page of the page tree (ISO 32000-2 section 7.7.3).
fn first_page(view: &View<'_, '_>, catalog: &Dictionary) -> Result<(Reference, Dictionary), SignError> {
    let missing = || SignError::Structure("page");
    let mut reference = catalog
        .get("Pages")
        .and_then(Object::as_reference)
        .ok_or_else(missing)?;
    for _ in 0..MAX_PAGE_DEPTH {
        let node = view.resolve(&Object::Reference(reference))?;
        let node = node.as_dictionary().ok_or_else(missing)?.clone();
        let kids = view.get(&node, "Kids")?;
        match kids.as_array() {
            None => return Ok((reference, node)),
            Some(kids) => {
                reference = kids.first().and_then(Object::as_reference).ok_or_else(missing)?;
            }
        }
    }
    Err(missing())
}
