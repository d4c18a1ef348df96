//! What a document holds beside what it shows, for an update that looks harmless to bring forward: a second catalogue
//! or page tree, layers that are off or switched, and what is unsteady by itself ([`Unsteady`]). One search for whoever
//! refuses such a document before it is sealed, and whoever warns of it where it was signed.

use super::error::PdfError;
use super::object::{Dictionary, Object, Reference};
use super::raisable::Raisable;
use super::unsteady::Unsteady;
use super::view::View;

/// What an object is that the document does not show as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Latent {
    /// It looks one way or another.
    Unsteady(Unsteady),
    /// A catalogue that is not the document's.
    SecondCatalog,
    /// The root of a page tree that is not the document's.
    SecondPageTree,
}

/// Looks at the objects of a view, one after the other.
#[derive(Debug)]
pub struct LatentSearch {
    catalog: Option<Reference>,
    pages: Option<Reference>,
    /// The object streams that were met.
    containers: Vec<u32>,
}

impl LatentSearch {
    /// A search in a view with this catalogue.
    pub fn new(view: &View<'_, '_>, catalog: &Dictionary) -> Self {
        Self {
            catalog: view.revision().root(),
            pages: catalog.get("Pages").and_then(Object::as_reference),
            containers: Vec::new(),
        }
    }

    /// What an object of the view is.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub fn look(
        &mut self,
        view: &View<'_, '_>,
        reference: Reference,
        object: &Object,
    ) -> Result<Option<Latent>, PdfError> {
        let stream = object.as_stream();
        let container = stream.filter(|stream| stream.dictionary.is("Type", "ObjStm"));
        self.containers.extend(container.map(|_| reference.number));
        if let Some(unsteady) = Unsteady::of(view, reference, object)? {
            return Ok(Some(Latent::Unsteady(unsteady)));
        }
        let Some(dictionary) = object.as_dictionary() else {
            return Ok(None);
        };
        let is_tree = dictionary.is("Type", "Pages") && dictionary.get("Parent").is_none();
        Ok(if dictionary.is("Type", "Catalog") && Some(reference) != self.catalog {
            Some(Latent::SecondCatalog)
        } else if is_tree && Some(reference) != self.pages {
            Some(Latent::SecondPageTree)
        } else {
            None
        })
    }

    /// The bodies that could be raised, once every object was looked at.
    ///
    /// # Errors
    /// As [`View::raisable`].
    pub fn raisable(&self, view: &View<'_, '_>) -> Result<Vec<Raisable>, PdfError> {
        view.raisable(&self.containers)
    }
}

/// Whether a layer is off, or may be switched by the purpose of the moment or by another configuration (ISO 32000-2
/// tables 98 and 99).
///
/// # Errors
/// When what says so cannot be read, or a budget is used up.
pub fn has_hidden_layers(view: &View<'_, '_>, catalog: &Dictionary) -> Result<bool, PdfError> {
    let Object::Dictionary(properties) = view.get(catalog, "OCProperties")? else {
        return Ok(false);
    };
    if hides_layers(view, &view.get(&properties, "D")?)? {
        return Ok(true);
    }
    let Object::Array(configurations) = view.get(&properties, "Configs")? else {
        return Ok(false);
    };
    for configuration in &configurations {
        if hides_layers(view, &view.resolve(configuration)?)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn hides_layers(view: &View<'_, '_>, configuration: &Object) -> Result<bool, PdfError> {
    let Object::Dictionary(configuration) = configuration else {
        return Ok(false);
    };
    let is_filled = |key: &str| -> Result<bool, PdfError> {
        let value = view.get(configuration, key)?;
        Ok(value.as_array().is_some_and(|array| !array.is_empty()))
    };
    let base = view.get(configuration, "BaseState")?;
    let begins_on = base.as_name().is_none_or(|base| base == "ON");
    Ok(!begins_on || is_filled("OFF")? || is_filled("AS")?)
}
