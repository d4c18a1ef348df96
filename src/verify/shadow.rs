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

/// What is warned of in an object, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Warning {
    Unreadable,
    SecondBody,
    FreedBody,
    Linearised,
    BodyInside,
    CoveredField,
    OtherValue,
    SecondCatalog,
    SecondPageTree,
    Script,
    OnPaper,
    InUse,
    ConditionalLayer,
    Outside,
    ToSome,
}

impl Warning {
    fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "shadow-unreadable",
            Self::SecondBody => "shadow-second-body",
            Self::FreedBody => "shadow-freed-body",
            Self::Linearised => "shadow-linearised",
            Self::BodyInside => "shadow-body-inside",
            Self::CoveredField => "shadow-covered-field",
            Self::OtherValue => "shadow-other-value",
            Self::SecondCatalog => "shadow-second-catalog",
            Self::SecondPageTree => "shadow-second-page-tree",
            Self::Script => "shadow-script",
            Self::OnPaper => "shadow-on-paper",
            Self::InUse => "shadow-in-use",
            Self::ConditionalLayer => "shadow-conditional-layer",
            Self::Outside => "shadow-outside",
            Self::ToSome => "shadow-to-some",
        }
    }
}

impl From<Latent> for Warning {
    fn from(latent: Latent) -> Self {
        match latent {
            Latent::SecondCatalog => Self::SecondCatalog,
            Latent::SecondPageTree => Self::SecondPageTree,
            Latent::Unsteady(Unsteady::Script) => Self::Script,
            Latent::Unsteady(Unsteady::OnPaper) => Self::OnPaper,
            Latent::Unsteady(Unsteady::InUse) => Self::InUse,
            Latent::Unsteady(Unsteady::Layer) => Self::ConditionalLayer,
            Latent::Unsteady(Unsteady::Outside) => Self::Outside,
            Latent::Unsteady(Unsteady::ToSome) => Self::ToSome,
        }
    }
}

impl From<Misleading> for Warning {
    fn from(misleading: Misleading) -> Self {
        match misleading {
            Misleading::OtherValue => Self::OtherValue,
            Misleading::Covered => Self::CoveredField,
        }
    }
}

/// A warning with the number of the object that it is of.
type OfObject = (Warning, u32);

fn raised(raisable: Raisable) -> OfObject {
    match raisable {
        Raisable::Second(number) => (Warning::SecondBody, number),
        Raisable::Freed(number) => (Warning::FreedBody, number),
        Raisable::Linearised(number) => (Warning::Linearised, number),
        Raisable::Inside(holder) => (Warning::BodyInside, holder),
    }
}

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
    found.extend(told(objects));
    found.extend(is_ended.then(|| Problem::new("shadow-unexamined")));
    found
}

/// Everything that was found is told, but of one kind no more than a few.
fn told(mut objects: Vec<OfObject>) -> Vec<Problem> {
    objects.sort_by_key(|(warning, _)| *warning);
    let kinds = objects.chunk_by(|(one, _), (other, _)| one == other);
    let few = kinds.flat_map(|kind| kind.iter().take(TOLD));
    few.map(|(warning, number)| Problem::new(warning.code()).param("object", number))
        .collect()
}

/// Searches a view for what it has as a whole, and its objects: what cannot be read is told and hides nothing else.
fn search(view: &View<'_, '_>, found: &mut Vec<Problem>, objects: &mut Vec<OfObject>) -> Result<(), PdfError> {
    let catalog = unless_stopped(view.catalog())?.unwrap_or_default();
    if unless_stopped(has_hidden_layers(view, &catalog))? == Some(true) {
        found.push(Problem::new("shadow-hidden-layer"));
    }
    let mut latent = LatentSearch::new(view, &catalog);
    let mut stopped = None;
    view.each_object(|reference, read| {
        let warning = match read.map(|object| latent.look(view, reference, object)) {
            Ok(Ok(found)) => found.map(Warning::from),
            Ok(Err(error)) => {
                stopped = Some(error);
                None
            }
            Err(_) => Some(Warning::Unreadable),
        };
        objects.extend(warning.map(|warning| (warning, reference.number)));
        stopped.is_some()
    })?;
    if let Some(error) = stopped {
        return Err(error);
    }
    objects.extend(latent.raisable(view)?.into_iter().map(raised));
    let misleading = unless_stopped(view.misleading_fields())?
        .unwrap_or_default()
        .into_iter();
    objects.extend(misleading.map(|(field, misleading)| (Warning::from(misleading), field.number)));
    if let Some(Object::Dictionary(form)) = unless_stopped(view.get(&catalog, "AcroForm"))?
        && unless_stopped(has_undrawn_values(view, &form))? == Some(true)
    {
        found.push(Problem::new("shadow-values"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(objects: Vec<OfObject>) -> Vec<&'static str> {
        told(objects).iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn every_kind_of_what_can_be_raised_or_misleads_is_told() {
        let unsteady = [
            Unsteady::Script,
            Unsteady::OnPaper,
            Unsteady::InUse,
            Unsteady::Layer,
            Unsteady::Outside,
            Unsteady::ToSome,
        ];
        let latent = [Latent::SecondCatalog, Latent::SecondPageTree].into_iter();
        let latent = latent.chain(unsteady.map(Latent::Unsteady)).map(Warning::from);
        let misleading = [Misleading::OtherValue, Misleading::Covered].map(Warning::from);
        let raisable = [
            Raisable::Second(7),
            Raisable::Freed(7),
            Raisable::Linearised(7),
            Raisable::Inside(7),
        ];
        let raisable = raisable.map(raised);
        let found: Vec<OfObject> = latent
            .chain(misleading)
            .chain([Warning::Unreadable])
            .map(|warning| (warning, 7))
            .chain(raisable)
            .collect();
        for one in &found {
            assert_eq!(codes(vec![*one]), [one.0.code()]);
        }
        let expected = [
            "shadow-unreadable",
            "shadow-second-body",
            "shadow-freed-body",
            "shadow-linearised",
            "shadow-body-inside",
            "shadow-covered-field",
            "shadow-other-value",
            "shadow-second-catalog",
            "shadow-second-page-tree",
            "shadow-script",
            "shadow-on-paper",
            "shadow-in-use",
            "shadow-conditional-layer",
            "shadow-outside",
            "shadow-to-some",
        ];
        assert_eq!(codes(found), expected);
    }

    #[test]
    fn of_one_kind_a_few_are_told_and_hide_no_other() {
        let scripts = (1..=9).map(|number| (Warning::Script, number));
        let found = scripts.chain([(Warning::Outside, 3), (Warning::SecondBody, 9)]);
        let told = told(found.collect());
        let told: Vec<_> = told
            .iter()
            .map(|problem| (problem.code, problem.params["object"].as_str()))
            .collect();
        let expected = [
            ("shadow-second-body", "9"),
            ("shadow-script", "1"),
            ("shadow-script", "2"),
            ("shadow-script", "3"),
            ("shadow-script", "4"),
            ("shadow-outside", "3"),
        ];
        assert_eq!(told, expected);
    }
}
