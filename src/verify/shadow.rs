//! What in a signed document could be brought forward later by an update that looks harmless: a second document beside the one
//! that is shown, layers that are off, scripts; or what looks otherwise on paper, in use or from elsewhere. It was signed with all of that, so that nothing is changed and nothing fails; but
//! whoever relies on the signature should know that its signer perhaps did not see everything.

use super::report::{Conclusion, SignatureKind};
use super::second_reader::is_as_issued;
use super::signature::Judged;
use crate::pdf::{Dictionary, Object, PdfError, PdfFile, Reference, Unsteady, View};
use crate::problem::Problem;

/// Most warnings of one kind of thing that are told; one is enough to be warned.
const TOLD: usize = 4;

/// What of an object is told, in this order.
const CODES: [&str; 7] = [
    "shadow-second-catalog",
    "shadow-second-page-tree",
    "shadow-script",
    "shadow-on-paper",
    "shadow-in-use",
    "shadow-conditional-layer",
    "shadow-outside",
];

/// Adds warnings to the first business signature that covers a revision, which is the one that all later ones rest on.
pub(super) fn warn(file: &PdfFile<'_>, judged: &mut [Judged]) {
    let counts = |one: &&mut Judged| {
        one.report.kind == SignatureKind::Signature
            && one.report.revision.is_some()
            && one.report.conclusion <= Conclusion::Changed
            && !is_as_issued(one)
    };
    let Some(first) = judged.iter_mut().filter(counts).min_by_key(|one| one.report.revision) else {
        return;
    };
    let view = first.report.revision.and_then(|revision| file.at_revision(revision));
    // What cannot be read is told elsewhere.
    if let Some(Ok(found)) = view.map(|view| prepared(&view)) {
        first.report.notes.extend(found);
    }
}

/// What a view holds that could be raised.
fn prepared(view: &View<'_, '_>) -> Result<Vec<Problem>, PdfError> {
    let catalog = view.catalog()?;
    let mut found = Vec::new();
    if has_hidden_layer(view, &catalog)? {
        found.push(Problem::new("shadow-hidden-layer"));
    }
    let root = view.revision().root();
    let pages = catalog.get("Pages").and_then(Object::as_reference);
    let mut objects = Vec::new();
    view.find_object(|reference, object| {
        objects.extend(code_of(reference, object, root, pages).map(|code| (code, reference.number)));
        None::<()>
    })?;
    if let Object::Dictionary(form) = view.get(&catalog, "AcroForm")?
        && let Some(unsteady) = Unsteady::of_form(view, &form)?
    {
        found.push(Problem::new(code_of_unsteady(unsteady)));
    }
    for code in CODES {
        let of_code = objects.iter().filter(|(of, _)| *of == code).take(TOLD);
        found.extend(of_code.map(|(code, number)| Problem::new(code).param("object", number)));
    }
    Ok(found)
}

fn code_of(
    reference: Reference,
    object: &Object,
    root: Option<Reference>,
    pages: Option<Reference>,
) -> Option<&'static str> {
    if let Some(unsteady) = Unsteady::of(object) {
        return Some(code_of_unsteady(unsteady));
    }
    let dictionary = object.as_dictionary()?;
    let is_tree = dictionary.is("Type", "Pages") && dictionary.get("Parent").is_none();
    if dictionary.is("Type", "Catalog") && Some(reference) != root {
        Some("shadow-second-catalog")
    } else if is_tree && Some(reference) != pages {
        Some("shadow-second-page-tree")
    } else {
        None
    }
}

fn code_of_unsteady(unsteady: Unsteady) -> &'static str {
    match unsteady {
        Unsteady::Script => "shadow-script",
        Unsteady::OnPaper => "shadow-on-paper",
        Unsteady::InUse => "shadow-in-use",
        Unsteady::Layer => "shadow-conditional-layer",
        Unsteady::Outside => "shadow-outside",
        Unsteady::Values => "shadow-values",
    }
}

/// Whether a layer is off when the document opens (ISO 32000-2, table 99).
fn has_hidden_layer(view: &View<'_, '_>, catalog: &Dictionary) -> Result<bool, PdfError> {
    let Object::Dictionary(properties) = view.get(catalog, "OCProperties")? else {
        return Ok(false);
    };
    let Object::Dictionary(state) = view.get(&properties, "D")? else {
        return Ok(false);
    };
    let off = view.get(&state, "OFF")?;
    let base = view.get(&state, "BaseState")?;
    let is_off = off.as_array().is_some_and(|layers| !layers.is_empty());
    Ok(is_off || base.as_name().is_some_and(|base| base == "OFF"))
}
