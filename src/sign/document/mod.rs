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
mod lock;
mod pages;
mod place;
mod remark;
mod restriction;
mod seed;
mod store;

pub use appearance::SealPicture;
pub use archive::{TimeStamped, add_validation_data, prepare_time_stamp};
pub use fault::DocumentFault;
pub use place::{Edge, Hits, PageList, PageListError, Place};
pub use remark::Remark;
pub use store::{DocumentValidation, ValidationData};

use serde::{Deserialize, Serialize};

use super::dictionary::certification;
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
use lock::Lock;
use restriction::Restrictions;

/// The beginning of the name of a new field.
const FIELD_STEM: &str = "Signature";
/// Most fields that a refusal names.
const MAX_NAMED: usize = 20;

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
    let restrictions = Restrictions::read(&opened.file)?;
    let laid_out = lay_out(&opened, &restrictions, hand, order)?;
    let mut entries = order.claims.dictionary(order.form);
    if !laid_out.references.is_empty() {
        entries.set("Reference", Object::Array(laid_out.references));
    }
    let prepared = Prepared::new(Plan {
        base: document,
        update: laid_out.update,
        signature: laid_out.signature,
        entries,
        form: order.form,
        document: hand.identity(),
        seal: hand.seal(),
        time: order.claims.time,
        stamp_room: order.stamp_room,
        remarks: laid_out.remarks,
    })?;
    earlier::must_stay(&opened.file, document, || prepared.preview())?;
    Ok(prepared)
}

/// What is signed.
struct LaidOut {
    /// The revision up to the signature dictionary.
    update: Update,
    /// That dictionary's object.
    signature: Reference,
    /// Its signature references.
    references: Vec<Object>,
    /// What whoever ordered it would not expect.
    remarks: Vec<Remark>,
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
    let file = opened.map_err(examine::explain_unreadable)?;
    let highest_reference = examine::examine(&file)?;
    Ok(Opened {
        file,
        highest_reference,
    })
}

fn lay_out(
    opened: &Opened<'_>,
    restrictions: &Restrictions,
    hand: Hand<'_>,
    order: &Order<'_>,
) -> Result<LaidOut, SignError> {
    let mut draft = Draft::new(opened)?;
    let pages = pages::pages(&draft.view())?;
    let signature = draft.allocate();
    let field = chosen_field(&opened.file, order)?;
    let lock = match &field {
        Some(field) => Lock::of(&draft.view(), field)?,
        None => None,
    };
    let act = lock.as_ref().map_or(order.act, |lock| lock.narrow(order.act));
    let closes = act == Act::Certify(Permission::NoChanges) || lock.as_ref().is_some_and(Lock::closes);
    // Where nothing may follow, nobody signs in the others.
    if !closes {
        examine::refuse_large_fields(&opened.file, order.field)?;
    }
    let (mut references, mut remarks) = (Vec::new(), Vec::new());
    if let Act::Certify(permission) = act {
        restrictions.check_certification()?;
        references.push(certification(permission));
        let permissions = draft.home_in_catalog("Perms")?;
        draft
            .dictionary(permissions, "Perms")?
            .set("DocMDP", Object::Reference(signature));
    }
    match field {
        Some(field) => {
            restrictions.check_field(&field.name, false)?;
            seed::check(&draft.view(), &field, (order, act), hand.identity())?;
            references.extend(lock.iter().flat_map(|lock| lock.references(draft.root(), act)));
            restrictions.check_widgets(&field)?;
            let picture = hand.picture();
            let is_shown = field::fill(&mut draft, &field, signature, &pages, picture)?;
            if let (Act::Certify(permission), true) = (act, act != order.act) {
                let field = field.name.clone();
                remarks.push(Remark::CertificationNarrowed { field, permission });
            }
            if picture.is_some() && !is_shown {
                remarks.push(Remark::SealUnseen { field: field.name });
            }
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
    Ok(LaidOut {
        update: draft.finish()?,
        signature,
        references,
        remarks,
    })
}

/// The existing field that the order names; `None` where a new one is to be made.
fn chosen_field(file: &PdfFile<'_>, order: &Order<'_>) -> Result<Option<FormField>, SignError> {
    let Some(name) = order.field else {
        return Ok(None);
    };
    let fields = file.signature_fields()?;
    let waiting = || {
        let waiting = fields.iter().filter(|field| field.value.is_none());
        waiting.map(|field| field.name.clone()).take(MAX_NAMED).collect()
    };
    let known = fields.iter().find(|field| field.name == name).cloned();
    let fault = match known {
        Some(field) if field.value.is_some() => DocumentFault::FieldFilled(field.name),
        Some(field) if !order.places.is_empty() => DocumentFault::FieldHasPlace(field.name),
        Some(field) => return Ok(Some(field)),
        None if order.places.is_empty() => DocumentFault::FieldNotFound {
            field: name.to_owned(),
            waiting: waiting(),
        },
        // Only a field at the root of the form can be new.
        None if name.is_empty() || name.contains('.') || field::root_names(&file.latest())?.contains(name) => {
            DocumentFault::FieldNotNew(name.to_owned())
        }
        None => return Ok(None),
    };
    Err(fault.into())
}
