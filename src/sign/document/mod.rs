//! Signs and seals any PDF that is brought: an approval or a certification, in a new field or one that waits, with the
//! seal at its places, validation data inside the signed revision and room for a time stamp (ETSI EN 319 142-1, levels
//! B-B to B-LT); or a document time stamp over all that is there (B-LTA).
//!
//! The document is read where it lies and never held whole: what is made is the revision to append. Whatever keeps it
//! from being signed (a script, hidden layers, what an earlier signature does not permit) is found before a key is
//! used. Left out: documents that need a password, and rewriting those that are refused.

mod appearance;
mod archive;
mod draft;
mod earlier;
mod examine;
mod fault;
mod field;
mod pages;
mod place;
mod restriction;
mod store;

pub use appearance::SealPicture;
pub use archive::{TimeStamped, add_validation_data, prepare_time_stamp};
pub use fault::DocumentFault;
pub use place::{Edge, Hits, PageList, PageListError, Place};
pub use store::{DocumentValidation, ValidationData};

use serde::{Deserialize, Serialize};

use super::dictionary::{certification, field_lock};
use super::keys::{check_certificate, check_usage};
use super::steps::Plan;
use super::{Claims, Permission, Prepared, SealingKeys, SignError, SignatureForm};
use crate::cms::build::SigningIdentity;
use crate::pdf::append::Update;
use crate::pdf::page_text::PageTexts;
use crate::pdf::signature::FormField;
use crate::pdf::{Limits, Object, PdfFile, ReadAt, Reference};
use crate::seal::SealHolder;
use draft::Draft;
use restriction::Restrictions;

/// The beginning of the name of a new field.
const FIELD_STEM: &str = "Signature";

/// Who signs.
#[derive(Clone, Copy)]
pub enum Hand<'k> {
    /// A key alone: the signature shows nothing.
    Key(&'k SigningIdentity),
    /// An organisation with its seal, whose picture is shown.
    Seal(&'k SealingKeys, &'k SealPicture),
}

/// What a signature means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Approves what is there (ISO 32000-2 section 12.8.1).
    Approve,
    /// Certifies, and says what may follow (section 12.8.2.2).
    Certify(Permission),
}

/// How a document is to be signed.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// What the signature means.
    pub act: Act,
    /// The form of the signature.
    pub form: SignatureForm,
    /// Full name of the field: one that waits for a signature, or, with places, a new one.
    pub field: Option<&'a str>,
    /// Where the seal is shown; nowhere in a field that is there, which has its own place.
    pub places: &'a [Place],
    /// What the signature dictionary says.
    pub claims: Claims<'a>,
    /// What goes into the document security store before it is signed.
    pub validation: &'a ValidationData,
    /// Room for a signature time stamp in bytes; zero for none.
    pub stamp_room: usize,
}

impl<'k> Hand<'k> {
    fn identity(self) -> &'k SigningIdentity {
        match self {
            Self::Key(identity) => identity,
            Self::Seal(keys, _) => keys.document(),
        }
    }

    fn seal(self) -> Option<&'k SealHolder> {
        match self {
            Self::Key(_) => None,
            Self::Seal(keys, _) => Some(keys.seal()),
        }
    }

    fn picture(self) -> Option<&'k SealPicture> {
        match self {
            Self::Key(_) => None,
            Self::Seal(_, picture) => Some(picture),
        }
    }

    fn check(self, claims: &Claims<'_>) -> Result<(), SignError> {
        match self {
            Self::Key(identity) => {
                check_usage(identity.certificate())?;
                check_certificate(identity.certificate(), claims.time)
            }
            Self::Seal(keys, _) => keys.check(claims.time),
        }
    }
}

/// Signs a document at level B-B with an invisible approval signature; gives the revision to append.
///
/// # Errors
/// When the document cannot be read or may not be signed, or the certificate may not sign at the claimed time.
pub fn sign(document: &dyn ReadAt, identity: &SigningIdentity, claims: &Claims<'_>) -> Result<Vec<u8>, SignError> {
    let order = Order {
        act: Act::Approve,
        form: SignatureForm::Pades,
        field: None,
        places: &[],
        claims: claims.clone(),
        validation: &ValidationData::default(),
        stamp_room: 0,
    };
    let prepared = prepare(document, Hand::Key(identity), &order)?;
    Ok(prepared.sign()?.leave_unstamped()?.into_revision())
}

/// Reserves room for a signature at the end of a document.
///
/// # Errors
/// When the document cannot be read or may not be signed as ordered, or a certificate or the seal may not be used at
/// the claimed time. Nothing was signed then.
pub fn prepare<'k>(document: &'k dyn ReadAt, hand: Hand<'k>, order: &Order<'_>) -> Result<Prepared<'k>, SignError> {
    hand.check(&order.claims)?;
    order.form.check(hand.identity())?;
    let opened = open(document)?;
    examine::refuse_large_fields(&opened.file, order.field)?;
    let restrictions = Restrictions::read(&opened.file)?;
    let (update, signature, references) = lay_out(&opened, &restrictions, hand, order)?;
    let mut entries = order.claims.dictionary(order.form);
    if !references.is_empty() {
        entries.set("Reference", Object::Array(references));
    }
    let prepared = Prepared::new(Plan {
        base: document,
        update,
        signature,
        entries,
        form: order.form,
        document: hand.identity(),
        seal: hand.seal(),
        time: order.claims.time,
        stamp_room: order.stamp_room,
    })?;
    earlier::must_stay(&opened.file, document, || prepared.preview())?;
    Ok(prepared)
}

/// A document that may be signed for what is in it.
struct Opened<'s> {
    file: PdfFile<'s>,
    /// The highest number of an object that anything in it refers to.
    highest_reference: u32,
}

/// Opens a document that may be signed for what is in it.
fn open(document: &dyn ReadAt) -> Result<Opened<'_>, SignError> {
    let opened = PdfFile::open(document, &Limits::UPLOAD);
    let file = opened.map_err(|error| examine::explain_unreadable(document, error))?;
    let highest_reference = examine::examine(&file)?;
    Ok(Opened {
        file,
        highest_reference,
    })
}

/// The revision up to the signature dictionary, that dictionary's object, and its signature references.
fn lay_out(
    opened: &Opened<'_>,
    restrictions: &Restrictions,
    hand: Hand<'_>,
    order: &Order<'_>,
) -> Result<(Update, Reference, Vec<Object>), SignError> {
    let mut draft = Draft::new(opened)?;
    let pages = pages::pages(&draft.view())?;
    let signature = draft.allocate();
    let mut references = Vec::new();
    if let Act::Certify(permission) = order.act {
        restrictions.check_certification()?;
        references.push(certification(permission));
        let permissions = draft.home_in_catalog("Perms")?;
        draft
            .dictionary(permissions, "Perms")?
            .set("DocMDP", Object::Reference(signature));
    }
    match chosen_field(&opened.file, order)? {
        Some(field) => {
            restrictions.check_field(&field.name, false)?;
            field::check_seed(&draft.view(), &field, order.form)?;
            references.extend(lock_references(&draft, &field, order.act)?);
            let picture = hand.picture();
            restrictions.check_widgets(&field, picture.is_some())?;
            field::fill(&mut draft, &field, signature, &pages, picture)?;
        }
        None => {
            let name = match order.field {
                Some(name) => name.to_owned(),
                None => field::free_name(&field::root_names(&draft.view())?, FIELD_STEM),
            };
            restrictions.check_field(&name, true)?;
            let size = hand.picture().map(SealPicture::size_mm);
            let spots = match size {
                Some(size) => {
                    let view = draft.view();
                    let texts = PageTexts::new(&view);
                    let read = |page: &pages::Page| texts.glyphs(page.reference);
                    place::resolve(&read, order.places, &pages, size)?
                }
                None => Vec::new(),
            };
            restrictions.check_places(spots.len())?;
            field::add(&mut draft, &name, signature, &pages, (&spots, hand.picture()))?;
        }
    }
    store::add(&mut draft, order.validation)?;
    Ok((draft.finish()?, signature, references))
}

/// The existing field that the order names; `None` where a new one is to be made.
fn chosen_field(file: &PdfFile<'_>, order: &Order<'_>) -> Result<Option<FormField>, SignError> {
    let Some(name) = order.field else {
        return Ok(None);
    };
    let known = file.signature_fields()?.into_iter().find(|field| field.name == name);
    let fault = match known {
        Some(field) if field.value.is_some() => DocumentFault::FieldFilled(field.name),
        Some(field) if !order.places.is_empty() => DocumentFault::FieldHasPlace(field.name),
        Some(field) => return Ok(Some(field)),
        None if order.places.is_empty() => DocumentFault::FieldNotFound(name.to_owned()),
        // Only a field at the root of the form can be new.
        None if name.is_empty() || name.contains('.') || field::root_names(&file.latest())?.contains(name) => {
            DocumentFault::FieldNotNew(name.to_owned())
        }
        None => return Ok(None),
    };
    Err(fault.into())
}

/// What the lock of a field makes its signature say (ISO 32000-2 table 236): the fields that it locks, and what may
/// follow it.
fn lock_references(draft: &Draft<'_, '_>, field: &FormField, act: Act) -> Result<Vec<Object>, SignError> {
    let view = draft.view();
    let Object::Dictionary(lock) = view.get(&field.dictionary, "Lock")? else {
        return Ok(Vec::new());
    };
    let mut references = vec![field_lock(&lock, draft.root())];
    if let (Act::Approve, Some(number)) = (act, view.get(&lock, "P")?.as_integer()) {
        let permission = Permission::from_number(number).ok_or(SignError::Structure("lock"))?;
        references.push(certification(permission));
    }
    Ok(references)
}
