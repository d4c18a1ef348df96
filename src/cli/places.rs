//! Places of a seal as they are typed: `1:150,240`, `right:2-5`, `first`; and the levels of certification.

use crate::cli::misuse::Rule;
use crate::problem::Problem;
use crate::service::fetch::Address;
use crate::sign::Permission;
use crate::sign::document::{Edge, Hits, PageList, Place};

/// What a certification permits.
pub(super) fn permission(text: &str) -> Result<Permission, Rule> {
    let number = text.parse().ok().and_then(Permission::from_number);
    number.ok_or_else(|| one_of("1, 2, 3"))
}

/// Which places of a text are meant.
pub(super) fn which(text: &str) -> Result<Hits, Rule> {
    text.parse().map_err(|()| Rule(Problem::new("form-hits")))
}

/// A list of pages.
pub(super) fn page_list(text: &str) -> Result<PageList, Rule> {
    text.parse().map_err(|_| Rule(Problem::new("form-pages")))
}

/// A point of pages.
pub(super) fn place_at(text: &str) -> Result<Place, Rule> {
    let form = || Rule(Problem::new("form-place"));
    let (pages, point) = text.split_once(':').ok_or_else(form)?;
    let (x, y) = point.split_once(',').ok_or_else(form)?;
    let millimetres = |text: &str| text.trim().parse().ok().filter(|value: &f64| value.is_finite());
    Ok(Place::At {
        pages: page_list(pages)?,
        x_mm: millimetres(x).ok_or_else(form)?,
        y_mm: millimetres(y).ok_or_else(form)?,
    })
}

/// An edge of pages.
pub(super) fn edge_and_pages(text: &str) -> Result<(Edge, PageList), Rule> {
    let (edge, pages) = text.split_once(':').unwrap_or((text, "all"));
    let edge = Edge::from_name(edge).ok_or_else(|| one_of("right, left, top, bottom"))?;
    Ok((edge, page_list(pages)?))
}

/// The address of an authority, as it is written.
pub(super) fn address(text: &str) -> Result<String, Rule> {
    let known = Address::parse(text).map(|_| text.to_owned());
    known.map_err(|_| Rule(Problem::new("form-address")))
}

fn one_of(known: &str) -> Rule {
    Rule(Problem::new("form-one-of").param("known", known))
}
