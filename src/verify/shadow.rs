//! What in a signed document could be brought forward later by an update that looks harmless: a second document beside
//! the one that is shown, bodies that no cross-reference section lists, fields under others, layers that are off or
//! switched, scripts; or what looks otherwise on paper, in use or from elsewhere. It was signed with all of that, so
//! that nothing is changed and nothing fails; but whoever relies on the signature should know that its signer perhaps
//! did not see everything.
//!
//! Left out: what content of a page covers other content, as the picture of a scanned page covers its text in honest
//! files too; and fonts that could be put in the place of others.

use super::report::{Conclusion, SignatureKind};
use super::second_reader::is_as_issued;
use super::signature::Judged;
use crate::pdf::{
    Latent, LatentSearch, Misleading, Object, PdfError, PdfFile, Raisable, Unsteady, View, has_hidden_layers,
    has_undrawn_values, unless_stopped,
};
use crate::problem::Problem;

/// Most warnings of one kind of thing that are told; one is enough to be warned.
const TOLD: usize = 4;

/// What of an object is told, in this order.
const CODES: [&str; 12] = [
    "shadow-unreadable",
    "shadow-second-body",
    "shadow-freed-body",
    "shadow-covered-field",
    "shadow-other-value",
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
    if let Some(view) = first.report.revision.and_then(|revision| file.at_revision(revision)) {
        first.report.notes.extend(prepared(&view));
    }
}

/// What a view holds that could be raised. Where a budget ends the search, that is a warning too.
fn prepared(view: &View<'_, '_>) -> Vec<Problem> {
    let (mut found, mut objects) = (Vec::new(), Vec::new());
    let is_ended = search(view, &mut found, &mut objects).is_err();
    for code in CODES {
        let of_code = objects.iter().filter(|(of, _)| *of == code).take(TOLD);
        found.extend(of_code.map(|(code, number)| Problem::new(code).param("object", number)));
    }
    found.extend(is_ended.then(|| Problem::new("shadow-unexamined")));
    found
}

/// Searches a view for what it has as a whole, and its objects: what cannot be read is told and hides nothing else.
fn search(
    view: &View<'_, '_>,
    found: &mut Vec<Problem>,
    objects: &mut Vec<(&'static str, u32)>,
) -> Result<(), PdfError> {
    let catalog = unless_stopped(view.catalog())?.unwrap_or_default();
    if unless_stopped(has_hidden_layers(view, &catalog))? == Some(true) {
        found.push(Problem::new("shadow-hidden-layer"));
    }
    let mut latent = LatentSearch::new(view, &catalog);
    view.each_object(|reference, read| {
        let code = match read {
            Ok(object) => latent.look(reference, object).map(code_of),
            Err(_) => Some("shadow-unreadable"),
        };
        objects.extend(code.map(|code| (code, reference.number)));
        false
    })?;
    objects.extend(latent.raisable(view)?.into_iter().map(|raisable| match raisable {
        Raisable::Second(number) => ("shadow-second-body", number),
        Raisable::Freed(number) => ("shadow-freed-body", number),
        Raisable::Inside(holder) => ("shadow-body-inside", holder),
    }));
    let misleading = unless_stopped(view.misleading_fields())?
        .unwrap_or_default()
        .into_iter();
    objects.extend(misleading.map(|(field, misleading)| match misleading {
        Misleading::OtherValue => ("shadow-other-value", field.number),
        Misleading::Covered => ("shadow-covered-field", field.number),
    }));
    if let Some(Object::Dictionary(form)) = unless_stopped(view.get(&catalog, "AcroForm"))?
        && unless_stopped(has_undrawn_values(view, &form))? == Some(true)
    {
        found.push(Problem::new("shadow-values"));
    }
    Ok(())
}

fn code_of(latent: Latent) -> &'static str {
    match latent {
        Latent::SecondCatalog => "shadow-second-catalog",
        Latent::SecondPageTree => "shadow-second-page-tree",
        Latent::Unsteady(Unsteady::Script) => "shadow-script",
        Latent::Unsteady(Unsteady::OnPaper) => "shadow-on-paper",
        Latent::Unsteady(Unsteady::InUse) => "shadow-in-use",
        Latent::Unsteady(Unsteady::Layer) => "shadow-conditional-layer",
        Latent::Unsteady(Unsteady::Outside) => "shadow-outside",
    }
}
