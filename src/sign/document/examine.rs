//! What a document must not have in it when it is sealed: what an update of the cross-references or of optional content
//! alone could raise, what draws by itself, and what looks otherwise on paper, in use or elsewhere. Other objects that
//! nothing refers to, as any document that was saved incrementally has, are no fault.

use super::DocumentFault;
use crate::pdf::cover::{Patch, covered_together, larger_than_a_seal};
use crate::pdf::{
    Latent, LatentSearch, Object, PdfError, PdfFile, Raisable, Reference, has_hidden_layers, has_undrawn_values,
};
use crate::sign::SignError;

/// Says of a document that begins later in the file what can be done before it is sealed.
pub(super) fn explain_unreadable(error: PdfError) -> SignError {
    match error {
        PdfError::NotFromStart { offset } => DocumentFault::NotFromStart(offset).into(),
        error => error.into(),
    }
}

/// Refuses a document for what is in it; gives the highest number of an object that anything in it refers to, there or
/// not.
///
/// # Errors
/// The first fault that is found, or an object that cannot be read.
pub(super) fn examine(file: &PdfFile<'_>) -> Result<u32, SignError> {
    if !file.tail().is_empty() {
        return Err(DocumentFault::Tail.into());
    }
    let view = file.latest();
    // What lies beyond Size is missing (ISO 32000-2 table 15), and an update that raises it brings it back.
    if let Some((number, _)) = view.objects().next_back()
        && u64::from(number) >= view.revision().size()
    {
        return Err(DocumentFault::BeyondSize(number).into());
    }
    let catalog = view.catalog()?;
    if has_hidden_layers(&view, &catalog)? {
        return Err(DocumentFault::HiddenLayers.into());
    }
    if let Object::Dictionary(form) = view.get(&catalog, "AcroForm")? {
        if form.get("XFA").is_some() {
            return Err(DocumentFault::Xfa.into());
        }
        if has_undrawn_values(&view, &form)? {
            return Err(DocumentFault::UndrawnValues.into());
        }
    }
    let mut latent = LatentSearch::new(&view, &catalog);
    let trailer = view.revision().trailer.iter();
    let mut highest = trailer.map(|(_, value)| value.highest_reference()).max().unwrap_or(0);
    let fault = view.find_object(|reference, object| {
        highest = highest.max(object.highest_reference());
        let found = latent.look(&view, reference, object).transpose()?;
        Some(found.map(|latent| fault_of(latent, reference)))
    })?;
    let fault = fault.transpose()?;
    match fault {
        Some(fault) => Err(fault.into()),
        None => {
            let raisable = latent.raisable(&view)?.into_iter();
            let fault = raisable.filter_map(|raisable| match raisable {
                Raisable::Second(number) => Some(DocumentFault::SecondBody(number)),
                Raisable::Freed(number) => Some(DocumentFault::FreedBody(number)),
                Raisable::Linearised(number) => Some(DocumentFault::Linearised(number)),
                // Files that are attached have objects of their own; a verifier tells of them.
                Raisable::Inside(_) => None,
            });
            fault.map(SignError::from).map(Err).next().unwrap_or(Ok(highest))
        }
    }
}

/// Refuses a document with empty signature fields, beside the one that is about to be signed, in which whoever signs
/// later would hide what this signature is for.
///
/// # Errors
/// The first field that is too large, the first page of which several take too much, or a page that cannot be read.
pub(super) fn refuse_large_fields(file: &PdfFile<'_>, chosen: Option<&str>) -> Result<(), SignError> {
    let view = file.latest();
    let fields = file.signature_fields()?.into_iter();
    let mut waiting = Vec::new();
    for field in fields.filter(|field| field.value.is_none() && chosen != Some(field.name.as_str())) {
        let places = field.places(&view)?;
        if let Some(place) = larger_than_a_seal(&places) {
            return Err(DocumentFault::EmptyFieldTooLarge {
                field: field.name,
                page: place.page,
                size_mm: (place.width_mm, place.height_mm),
            }
            .into());
        }
        waiting.push(places.iter().map(|place| place.patch).collect::<Vec<Patch>>());
    }
    let covered = covered_together(file, waiting.iter().map(Vec::as_slice)).map_err(PdfError::from)?;
    match covered.first() {
        Some(page) => Err(DocumentFault::EmptyFieldsTooLarge(*page).into()),
        None => Ok(()),
    }
}

fn fault_of(latent: Latent, reference: Reference) -> DocumentFault {
    match latent {
        Latent::Unsteady(unsteady) => DocumentFault::Unsteady(unsteady, reference),
        Latent::SecondCatalog => DocumentFault::SecondCatalog(reference),
        Latent::SecondPageTree => DocumentFault::SecondPageTree(reference),
    }
}
